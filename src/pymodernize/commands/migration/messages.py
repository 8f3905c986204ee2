"""What a commit of a migration says: the rule and why, how much of it, what it takes for granted."""

from __future__ import annotations

import inspect
import os
import re
import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from pymodernize import __version__
from pymodernize.assumptions import Assumption
from pymodernize.codemod import Codemod
from pymodernize.commands.documentation import HEADINGS, summary
from pymodernize.commands.migration.moves import Draft, Limits
from pymodernize.report.closing import counted

MARK = "(pymodernize migrate)"
"""What the message of each commit of a migration has in it."""
WHOLE = "and made as a whole or not at all"
"""Why a commit is larger than it is to be."""
_WIDTH = 72
_MOST_FILES = 20


def message_of(
    draft: Draft,
    steps: Sequence[str],
    codemods: Mapping[str, type[Codemod]],
    assumptions: Mapping[str, Assumption],
    limits: Limits,
    folder: Path,
) -> str:
    """The message of a commit.

    Args:
        draft: what is in it.
        steps: the codemods of the steps.
        codemods: the codemods by name.
        assumptions: the assumptions by name.
        limits: what a commit may hold.
        folder: that paths begin at.
    """
    names = [steps[number - 1] for number in draft.steps]
    blocks = [_title(draft, names, codemods, limits, folder), *(_about(name, codemods[name], names) for name in names)]
    blocks.append(_counts(draft, folder))
    assumed = Counter(name for _, finding in draft.items for name in finding.assumptions)
    if assumed:
        lines = ["It takes for granted (pymodernize explain NAME has an example):"]
        for name, number in assumed.most_common():
            sentence = f": {assumptions[name].sentence}" if name in assumptions else ""
            lines.append(_filled(f"* {name} ({counted(number, 'rewrite')}){sentence}", "  "))
        blocks.append("\n".join(lines))
    lines, read = draft.size, draft.lines_read
    if not limits.hold(len(draft.items), lines):
        asked = f"--max-lines {limits.lines}" if limits.lines is not None else f"--max-changes {limits.changes}"
        size = f"{counted(len(draft.items), 'rewrite')} of {counted(lines, 'line')}"
        blocks.append(_filled(f"{size}: more than {asked} asks for, {WHOLE}."))
    if read < lines / 2:
        blocks.append(f"Most of its {lines} lines are indented and else the same: git show -w shows {read}.")
    blocks.append(f"Made by pymodernize {__version__} {MARK}.")
    return "\n\n".join(blocks) + "\n"


def _title(
    draft: Draft, names: Sequence[str], codemods: Mapping[str, type[Codemod]], limits: Limits, folder: Path
) -> str:
    files = [shown(path, folder) for path in draft.new]
    place = files[0] if len(files) == 1 else f"{len(files)} files"
    if len(files) > 1 and (common := os.path.commonpath([os.path.dirname(name) for name in files])):
        place += f" in {common}"
    if limits.by != "codemod":
        whole = f"{place}: {', '.join(names)}"
        return whole if len(whole) <= _WIDTH else f"{place}: {counted(len(names), 'codemod')}"
    if limits.changes is None and limits.lines is None:
        text = summary(codemods[names[0]]).rstrip(".")
        whole = f"{names[0]}: {text[:1].lower()}{text[1:]}"
        return whole if len(whole) <= _WIDTH else f"{names[0]}: {place}"
    return f"{names[0]}: {place}"


def _about(name: str, codemod: type[Codemod], names: Sequence[str]) -> str:
    """What a codemod does and why, in as much as its documentation says."""
    what = _filled(f"{name}: {summary(codemod)}" if len(names) > 1 else summary(codemod))
    why = why_of(codemod)
    return what if len(names) > 1 or not why else f"{what}\n\n{_filled(why)}"


def why_of(codemod: type[Codemod]) -> str:
    """The reason for a codemod, from its documentation; empty if that gives none."""
    lines = inspect.cleandoc(codemod.__doc__ or "").split("\n")
    if "Why:" not in lines:
        return ""
    found = []
    for line in lines[lines.index("Why:") + 1 :]:
        if line.endswith(":") and line[:-1] in HEADINGS:
            break
        found.append(line.strip())
    text = " ".join(" ".join(found).split()).replace("``", "")
    return re.sub(r":\w+:`~?([^`]*)`", r"\1", text)


def _counts(draft: Draft, folder: Path) -> str:
    counts = Counter(path for path, _ in draft.items)
    files = list(draft.new)
    lines = [f"{counted(len(draft.items), 'rewrite')} in {counted(len(files), 'file')}:"]
    lines += [f"* {shown(path, folder)}: {counts[path] or 'the layout alone'}" for path in files[:_MOST_FILES]]
    if len(files) > _MOST_FILES:
        lines.append(f"* and {len(files) - _MOST_FILES} more")
    return "\n".join(lines)


def shown(path: Path, folder: Path) -> str:
    """A file's path from a folder on, with slashes, in characters that a message may have."""
    name = Path(os.path.relpath(os.path.realpath(path), folder)).as_posix()
    return "".join(item if item.isprintable() else repr(item)[1:-1] for item in name)


def _filled(text: str, indent: str = "") -> str:
    return textwrap.fill(text, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
