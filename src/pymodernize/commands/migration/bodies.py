"""A text a commit, for whoever asks that it be merged: what, why, how it looks, what is left, how to check it."""

from __future__ import annotations

import os
import re
import shlex
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pymodernize.assumptions import Assumption
from pymodernize.codemod import Codemod, Finding, Status
from pymodernize.commands.documentation import summary
from pymodernize.commands.migration.evidence import tries_of
from pymodernize.commands.migration.hunks import Hunk, most_telling
from pymodernize.commands.migration.messages import shown, why_of
from pymodernize.commands.migration.moves import Draft, Limits
from pymodernize.commands.migration.record import Record
from pymodernize.commands.migration.states import States
from pymodernize.files.output_files import write
from pymodernize.report.closing import counted

_MOST_ROWS = 12
_MOST_FILES = 10
_MOST_RUNS = 6


@dataclass(frozen=True)
class Bodies:
    """Writes the texts.

    Attributes:
        folder: where they go.
        states: what files come to.
        record: what the migration has gone through.
        limits: what a commit may hold.
        codemods: the codemods by name.
        assumptions: the assumptions by name.
        checks: the commands that check each commit.
        receipts: where the receipts go, if there are any.
        top: the folder that paths begin at.
    """

    folder: Path
    states: States
    record: Record
    limits: Limits
    codemods: Mapping[str, type[Codemod]]
    assumptions: Mapping[str, Assumption]
    checks: Sequence[str]
    receipts: str | None
    top: Path

    def write(self, draft: Draft, title: str) -> None:
        """Write the text of the commit that comes next.

        Args:
            draft: what is in it.
            title: the first line of its message.

        Raises:
            NoOutput: it cannot be written.
        """
        number = len(self.record.commits) + 1
        slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-")
        write(self.folder / f"{number:03}-{slug}.md", self.text(draft, title).encode("utf-8", "backslashreplace"))

    def text(self, draft: Draft, title: str) -> str:
        """The text of a commit."""
        names = [self.states.steps[step - 1] for step in draft.steps]
        blocks = [f"# {_plain(title)}", *self._what(draft, names), "## Before and after", *self._looks(draft)]
        for heading, lines in (
            ("What it takes for granted", self._assumed(draft)),
            ("What is left, and why", self._left(draft, names)),
            ("How to check it", self._checked(draft, names)),
        ):
            if text := "\n".join(lines):
                blocks += [f"## {heading}", text]
        return "\n\n".join(blocks) + "\n"

    def _what(self, draft: Draft, names: Sequence[str]) -> Iterator[str]:
        for name in names:
            why = why_of(self.codemods[name])
            yield f"**{name}**: {_plain(summary(self.codemods[name]))}" + (f" {_plain(why)}" if why else "")
        files = [shown(path, self.top) for path in draft.new]
        listed = ", ".join(_code(name) for name in files[:_MOST_FILES])
        more = f" and {len(files) - _MOST_FILES} more" if len(files) > _MOST_FILES else ""
        size = f"{counted(len(draft.items), 'rewrite')}, {counted(draft.size, 'line')}"
        yield f"{size}, in {counted(len(files), 'file')}: {listed}{more}."

    def _looks(self, draft: Draft) -> Iterator[str]:
        places: dict[Path, list[int]] = defaultdict(list)
        for path, finding in draft.items:
            places[path].append(finding.line)
        indented = not _is_mostly_indentation(draft)
        if not indented:
            yield "Lines that are only indented anew are shown as unchanged."
        for hunk in most_telling(draft.old, draft.new, places, indented=indented):
            yield f"{_code(shown(hunk.path, self.top))}, line {hunk.line}:\n\n{_fenced(hunk)}"

    def _assumed(self, draft: Draft) -> Iterator[str]:
        assumed = Counter(name for _, finding in draft.items for name in finding.assumptions)
        for name, number in assumed.most_common():
            sentence = f": {_plain(self.assumptions[name].sentence)}" if name in self.assumptions else ""
            yield f"* {_code(name)} ({counted(number, 'rewrite')}){sentence}"

    def _left(self, draft: Draft, names: Sequence[str]) -> Iterator[str]:
        """The places that are left, by reason: those of its codemods, or of its files, whichever has a commit."""
        by_codemod = self.limits.by == "codemod"
        is_all = by_codemod and self.limits == Limits()
        rows: dict[tuple[str, str], list[str]] = defaultdict(list)
        for report in self.states.reports:
            if is_all or report.path in draft.new:
                for finding in report.result.findings:
                    if (finding.codemod in names or not by_codemod) and self._is_left(finding):
                        place = f"{shown(report.path, self.top)}:{finding.line}"
                        rows[finding.code, finding.reason or finding.message].append(place)
        taken_back = [
            item
            for item in self.record.withheld
            if (item[1] in names or not by_codemod) and (is_all or item[0] in _real(draft))
        ]
        for path, _, line, _, why in taken_back:
            rows["withheld", why].append(f"{shown(Path(path), self.top)}:{line}")
        if not rows:
            return
        yield "| places | reason | for example |\n|---|---|---|"
        ranked = sorted(rows.items(), key=lambda item: -len(item[1]))
        for (code, reason), places in ranked[:_MOST_ROWS]:
            text = reason if reason.startswith(f"{code}:") or not code else f"{code}: {reason}"
            yield f"| {len(places)} | {_plain(text)} | {_code(places[0])} |"
        if len(ranked) > _MOST_ROWS:
            yield f"| {sum(len(places) for _, places in ranked[_MOST_ROWS:])} | others | |"

    def _is_left(self, finding: Finding) -> bool:
        if finding.status is Status.FOUND:
            known = self.states.work.installed.get(finding.codemod)
            return known is None or finding.code not in known.load().on_purpose
        return finding.status is Status.WITHHELD

    def _checked(self, draft: Draft, names: Sequence[str]) -> Iterator[str]:
        for command in self.checks:
            yield f"* It has passed {_code(command)}; run that again on this branch."
        tried = [name for name in tries_of(self.record, draft.new) if name not in self.record.unsteady]
        for name in tried[:_MOST_RUNS]:
            yield f"* {_code(name)} has done the same as before, in a copy of the project."
        if len(tried) > _MOST_RUNS:
            yield f"* So have {counted(len(tried) - _MOST_RUNS, 'other run')}."
        if _is_mostly_indentation(draft):
            yield "* Most of its lines are only indented anew: `git show -w` passes over them."
        for name in names:
            yield f"* `pymodernize explain {name}` shows what the rule does and leaves, with examples."
        if self.receipts is not None:
            command = _code(shlex.join(["pymodernize", "verify", self.receipts]))
            yield f"* {command} makes the whole migration again from the texts before, and compares it byte for byte."
        yield "* `pymodernize undo COMMIT` gives its files their old texts back."


def _is_mostly_indentation(draft: Draft) -> bool:
    return draft.lines_read < draft.size / 2


def _real(draft: Draft) -> set[str]:
    return {os.path.realpath(path) for path in draft.new}


def _fenced(hunk: Hunk) -> str:
    """A hunk as a block of code that no line of it ends."""
    text = "\n".join(hunk.shown)
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return f"{fence}diff\n{text}\n{fence}"


def _code(text: str) -> str:
    """A text as code."""
    fence = "`" * (1 + max(map(len, re.findall("`+", text)), default=0))
    pad = " " if "`" in text else ""
    return f"{fence}{pad}{text}{pad}{fence}".replace("|", "\\|")


def _plain(text: str) -> str:
    """A text in which nothing is markup."""
    return re.sub(r"([\\`*_<>\[\]|#])", r"\\\1", text.replace("``", ""))
