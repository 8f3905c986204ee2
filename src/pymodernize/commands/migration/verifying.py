"""``pymodernize verify``: make a run again from the texts before it, and compare it with its receipts."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import click

from pymodernize import __version__
from pymodernize.commands.migration.evidence import outcomes
from pymodernize.commands.migration.states import States
from pymodernize.commands.migration.texts_before import Before, NoText, digest_at
from pymodernize.commands.migration.work import look
from pymodernize.commands.run import CHANGES, DONE
from pymodernize.files.git_repository import GitFailed, Repository
from pymodernize.files.reading import FOR_EVIDENCE, Unreadable, read
from pymodernize.receipts.collecting import fingerprints
from pymodernize.receipts.form import Digest, Index, Receipt
from pymodernize.receipts.making import Evidence, digest_of, receipt_of, versions_of_codemods
from pymodernize.receipts.storing import NoReceipts, load_index, load_receipts, strangers
from pymodernize.report.closing import counted
from pymodernize.report.run_origin import name_of
from pymodernize.report.terminal import show, tell
from pymodernize.settings.planning import Request


def verify_receipts(folder: str, project: str) -> int:
    """Check the receipts in a folder, and say what is not as they say.

    Args:
        folder: where they are.
        project: a folder of the project that they are of.

    Returns:
        The exit code: 1 if anything differs.

    Raises:
        click.UsageError: there are no receipts, or not of this version, or
            the project lies elsewhere.
    """
    try:
        index = load_index(Path(folder))
    except NoReceipts as exc:
        raise click.UsageError(str(exc)) from None
    if index.tool != f"pymodernize {__version__}":
        raise click.UsageError(f"{folder}: was written by {index.tool}; install that to check it")
    top = _top(project)
    if index.receipts and not any(os.path.lexists(top / name) for name in index.receipts):
        raise click.UsageError(f"none of the files is in {top}; name a folder of the project with --project")
    check = _Check(Path(folder), top, index)
    problems = list(check.problems())
    for line in problems:
        show(line)
    files = counted(len(index.receipts), "file")
    if check.notes:
        more = f" and {len(check.notes) - 1} more" if len(check.notes) > 1 else ""
        tell(f"{check.notes[0]}{more}: looked at then, changed by others since")
    if problems:
        tell(f"{files}: {counted(len(problems), 'difference')}")
        return CHANGES
    tell(f"{files}: made again from the texts before, each the same byte for byte")
    return DONE


def _top(project: str) -> Path:
    """The folder that paths begin at: that of the repository, else the one that is named."""
    with contextlib.suppress(GitFailed):
        return Repository(Path(os.path.abspath(project))).top
    return Path(os.path.realpath(project))


@dataclass
class _Check:
    """Compares receipts with what is there and what comes out.

    Attributes:
        folder: where the receipts are.
        top: the folder that paths begin at.
        index: what was done.
        notes: files that were left, and have been edited since.
    """

    folder: Path
    top: Path
    index: Index
    notes: list[str] = field(default_factory=list)

    def problems(self) -> Iterator[str]:
        """What differs: receipts, texts before, texts after, and what comes out when it is made again."""
        yield from (f"{path}: is none of the receipts" for path in strangers(self.folder, self.index))
        known: dict[str, Receipt] = {}
        for name, item in load_receipts(self.folder, self.index):
            if isinstance(item, str):
                yield item
            else:
                known[name] = item
        for name, item in known.items():
            yield from self._now(name, item)
        for name, digest in self.index.files.items():
            if name not in self.index.receipts and digest_at(self.top / name) != digest:
                self.notes.append(name)
        try:
            with Before(self.top, self.index) as before:
                yield from (f"{name}: {why}" for name, why in before.missing.items() if name in known)
                yield from self._again(known, before)
        except NoText as exc:
            yield str(exc)

    def _now(self, name: str, item: Receipt) -> Iterator[str]:
        """Whether a file is what the receipt says came out."""
        try:
            text = read(self.top / name, FOR_EVIDENCE)
        except Unreadable as exc:
            yield f"{name}: {exc}"
            return
        wanted = item.after if item.hooked is None else item.hooked
        if digest_of(text) != wanted:
            yield f"{name}: is not what came out: {_compared(wanted, digest_of(text))}"

    def _again(self, known: dict[str, Receipt], before: Before) -> Iterator[str]:
        states = _states(self.index, before)
        if fingerprints(share.plan for share in states.work.shares) != self.index.plans:
            yield "codemods, options or settings are not those that it was done with"
        made: dict[str, Receipt] = {}
        for report in outcomes(states):
            if report.result.output not in (None, report.source):
                name = name_of(report.path, before.top)
                evidence = Evidence(withheld=self.index.withheld.get(name, ()))
                made[name] = receipt_of(name, report, evidence, versions_of_codemods())
        for name, item in known.items():
            if name not in before.missing:
                yield from (f"{name}: {line}" for line in _differences(item, made.get(name)))
        yield from (f"{name}: would change, and has no receipt" for name in sorted(made.keys() - self.index.receipts))


def _states(index: Index, before: Before) -> States:
    """What becomes of the texts before."""
    options = index.options
    request = Request(
        paths=[str(before.top / name) for name in index.paths],
        select=tuple(options.select),
        ignore=tuple(options.ignore),
        assume=tuple(options.assume),
        target_version=options.target_version,
        style=options.style,
        profile=options.profile,
        then_format=options.then_format,
        config=None if options.config is None else str(before.top / options.config),
        verbosity=-1,
        cache=False,
    )
    work = look(request)
    paths = {name_of(path, before.top): path for path in work.found.files}
    states = States(work, before.kept, [paths[name] for name in index.left if name in paths])
    for name, items in index.withheld.items():
        if name in paths:
            states.withhold(paths[name], [(item.codemod, item.line, item.column) for item in items])
    states.frozen.update({paths[name]: step for name, step in index.frozen.items() if name in paths})
    return states


def _differences(item: Receipt, again: Receipt | None) -> Iterator[str]:
    """How a receipt differs from the one that is made again; what only the run itself could know is passed over."""
    if again is None:
        yield "stays as it was when it is made again"
        return
    if again.before != item.before:
        yield f"had another text before: {_compared(item.before, again.before)}"
    if again.after != item.after:
        yield f"comes out differently when it is made again: {_compared(item.after, again.after)}"
    elif again.rewrites != item.rewrites:
        others = [two for one, two in zip(item.rewrites, again.rewrites, strict=False) if one != two]
        where = f" at line {others[0].before.line}" if others else ""
        yield f"has other rewrites than the receipt says{where}"
    elif (again.withheld, again.self_check) != (item.withheld, item.self_check):
        yield "was asked other questions than the receipt says"


def _compared(wanted: Digest, found: Digest) -> str:
    return f"{wanted.bytes} bytes {wanted.sha256[:12]} then, {found.bytes} bytes {found.sha256[:12]} now"
