"""Where a file declares what it needs to be run, in comments (PEP 723), and where such a declaration goes."""

from __future__ import annotations

from collections.abc import Sequence

from pymodernize.semantics.layout import declares_encoding
from pymodernize.semantics.module import Module

_OPENS = "# /// script"
_CLOSES = "# ///"


def lines_of(module: Module) -> list[str]:
    """The lines of a file, without their ends; a form feed ends none.

    Args:
        module: the file.
    """
    return [line.removesuffix("\r") for line in module.source.text.split("\n")]


def lines_above(lines: Sequence[str]) -> int:
    """How many lines of a file have to stay its first ones: the shebang and what declares the encoding.

    Args:
        lines: of the file, without their ends.
    """
    if len(lines) > 1 and lines[0].lstrip()[:1] in ("", "#") and declares_encoding(lines[1]):
        return 2
    return int(lines[0].startswith("#!") or declares_encoding(lines[0])) if lines else 0


def metadata_block(lines: Sequence[str]) -> range | None:
    """The lines of the block of inline script metadata, from 0; None without one.

    Args:
        lines: of a file, without their ends.

    Returns:
        As the reference implementation of PEP 723 finds it: the last line that can close a block does.
    """
    for start, line in enumerate(lines):
        if line == _OPENS:
            end = start + 1
            while end < len(lines) and (lines[end] == "#" or lines[end].startswith("# ")):
                end += 1
            closing = [number for number in range(start + 2, end) if lines[number] == _CLOSES]
            if closing:
                return range(start, closing[-1] + 1)
    return None
