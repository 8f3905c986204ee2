"""An audit for people: what falls short and the diff of its fix, file after file, and what the whole comes to."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Sequence

from pymodernize.audit.running import Audited, Outcome
from pymodernize.codemod import Status
from pymodernize.commands.apply import so_far
from pymodernize.execution.execute import FileReport
from pymodernize.report.closing import counted
from pymodernize.report.text import TextReport


class AuditText:
    """Shows an audit.

    Args:
        mode: ``dry-run``, ``apply`` or ``check``.
        verbosity: below 0 for errors alone, above 0 for what holds, too.
        show_diff: whether fixes are shown as a diff.
    """

    def __init__(self, mode: str, verbosity: int, *, show_diff: bool = False) -> None:
        self.mode = mode
        self.verbosity = verbosity
        self.show_diff = show_diff
        self.text = TextReport(mode=mode, verbosity=verbosity)

    def file(self, report: FileReport) -> None:
        """Show one file."""
        result = report.result
        if result.error is not None:
            self.text.say(f"{report.path}: {result.error}", style="red")
        for finding in result.findings:
            if self.verbosity < 0 and finding.status is not Status.REJECTED:
                continue
            place = f"{report.path}" if report.is_new or not report.source else f"{report.path}:{finding.line}"
            advised = "recommended: " if finding.code == "recommended" else ""
            self.text.say(f"{place}: {finding.codemod}: {advised}{finding.sentence}")
            if finding.detail and self.verbosity > 0:
                for line in finding.detail.splitlines():
                    self.text.say(line)
        if result.output is not None and self.show_diff and self.verbosity >= 0:
            self.text.diff(report, result.output)

    def finish(self, audited: Audited, written: int, undo: Callable[[], str], command: Sequence[str]) -> None:
        """Show what does not apply, the figures, and what can be done next.

        Args:
            audited: what the audit came to.
            written: how many files were written.
            undo: makes the command line that takes back what was written.
            command: the words of the one that audits the same.
        """
        holding = [outcome for outcome in audited.outcomes if outcome.holds]
        if self.verbosity > 0:
            for outcome in holding:
                self.text.say(f"holds: {outcome.check.id}: {outcome.check.sentence}")
        reasons: dict[str, list[str]] = {}
        for outcome in audited.outcomes:
            if outcome.not_applicable:
                reasons.setdefault(outcome.not_applicable, []).append(outcome.check.id)
        for reason, names in reasons.items():
            self.text.say(f"not applicable: {', '.join(names)}: {reason}")
        self.text.say(_outcome(audited, holding))
        if written:
            self.text.say(so_far(written))
            self.text.say(f"Take it back:  {undo()}")
        elif audited.changes and self.mode != "apply":
            self.text.say(f"Write the fixes:  {shlex.join([*command[:2], '--apply', *command[2:]])}")


def _outcome(audited: Audited, holding: Sequence[Outcome]) -> str:
    """An audit in one line."""
    parts = [f"{len(holding)} {'holds' if len(holding) == 1 else 'hold'}"]
    for is_advice, words in ((False, "fall short"), (True, "recommended")):
        found = [item for item in audited.outcomes if item.shortfalls and item.check.recommended == is_advice]
        if found:
            places = [item for outcome in found for item in outcome.shortfalls]
            fixed = sum(map(audited.is_fixed, places))
            verb = "falls short" if len(found) == 1 and not is_advice else words
            parts.append(f"{len(found)} {verb} in {counted(len(places), 'place')}, {fixed} with a fix")
    if number := sum(bool(item.not_applicable) for item in audited.outcomes):
        parts.append(f"{number} {'does' if number == 1 else 'do'} not apply")
    if number := sum(bool(item.failure) for item in audited.outcomes):
        parts.append(f"{number} failed")
    return f"{counted(len(audited.outcomes), 'check')}: {'; '.join(parts)}."
