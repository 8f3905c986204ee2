"""Drafts with git's count of their lines, which pairs other lines than ours; a limit of lines holds by that."""

from __future__ import annotations

from dataclasses import replace

from pymodernize.commands.migration.committing import Writer
from pymodernize.commands.migration.messages import WHOLE
from pymodernize.commands.migration.moves import Draft, Limits, Moves
from pymodernize.files.git_repository import Repository
from pymodernize.report.closing import counted


def fitting(moves: Moves, writer: Writer, repository: Repository) -> Draft | None:
    """The next draft, written and counted; with a limit of lines one that fits, too, if it can be cut."""
    most = moves.limits.lines
    limit, last = most, None
    while (draft := moves.next(limit)) is not None:
        writer.write(draft.old, draft.new)
        draft = replace(draft, counted=repository.changed_lines(draft.new))
        if most is None or limit is None:
            return draft
        if draft.size <= most or last is not None and last.items == draft.items:
            return draft
        writer.write(draft.new, draft.old)
        limit, last = max(1, min(draft.lines - 1, limit * most // draft.size)), draft
    return None


def size_of(draft: Draft, lines: int, limits: Limits) -> str:
    """What is in a commit, and that it is more than it is to have."""
    text = f"{counted(len(draft.items), 'rewrite')}, {counted(lines, 'line')}"
    return text if limits.hold(len(draft.items), draft.size) else f"{text}: more than a commit is to have, {WHOLE}"
