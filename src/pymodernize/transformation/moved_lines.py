"""A change of some lines as changes of single lines: what only moves to the right or left keeps its text."""

from __future__ import annotations

from pymodernize.rewriting.splices import Splice
from pymodernize.transformation.line_matching import Matcher


def by_lines(data: bytes, splice: Splice) -> list[Splice]:
    """The same change of a text, with a splice of its own for each run of new lines and each new indentation.

    Args:
        data: the text before.
        splice: the change of some whole lines.

    Returns:
        Splices in order, which do not overlap. Blank lines that were there stay as they are.
    """
    old = data[splice.start : splice.end].splitlines(keepends=True)
    new = splice.text.splitlines(keepends=True)
    starts = [splice.start]
    for line in old:
        starts.append(starts[-1] + len(line))
    found: list[Splice] = []
    for tag, low, high, start, end in Matcher(_bodies(old), _bodies(new)).get_opcodes():
        if tag != "equal":
            found.append(Splice(starts[low], starts[high], b"".join(map(_trimmed, new[start:end]))))
            continue
        for number, line in zip(range(low, high), new[start:end], strict=True):
            before, after = _margin(old[number]), _margin(line)
            if before != after and line.strip():
                found.append(Splice(starts[number], starts[number] + len(before), after))
    return found


def _trimmed(line: bytes) -> bytes:
    """A line; without spaces if there is nothing else on it."""
    return line if line.strip() else line.lstrip(b" \t")


def _margin(line: bytes) -> bytes:
    return line[: len(line) - len(line.lstrip(b" \t"))]


def _bodies(lines: list[bytes]) -> list[str]:
    return [line.lstrip(b" \t").decode("utf-8") for line in lines]
