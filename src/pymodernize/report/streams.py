"""Where reports go: bytes to stdout as they are, lines to stderr."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from pymodernize.source import SourceFile, UnreadableSource

if TYPE_CHECKING:
    from pymodernize.execute import FileReport


def write_stdout(data: bytes) -> None:
    """Write bytes to stdout, at once, without translating line ends or encodings."""
    if sys.stdout is None:  # closed by the caller
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()


def shows_colour() -> bool:
    """Whether stdout is a terminal that takes colours, and nobody objects (https://no-color.org)."""
    if sys.stdout is None or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return False
    return sys.stdout.isatty()


def shown_path(path: object) -> str:
    """A path for a line of text: control characters and undecodable bytes as escapes."""
    text = str(path)
    if text.isprintable():
        return text
    return "".join(
        item if item.isprintable() else item.encode("unicode_escape", "surrogatepass").decode("ascii") for item in text
    )


def column_of(report: FileReport, line: int, column: int) -> int:
    """A column for people, from 1 and in characters, of one of :class:`Finding`, from 0 and in bytes."""
    try:
        source = SourceFile.decode(report.source)
    except UnreadableSource:
        return column + 1
    return len(source.line(line)[:column].decode("utf-8", "replace")) + 1
