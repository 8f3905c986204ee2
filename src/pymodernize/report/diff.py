"""A unified diff that ``patch`` and ``git apply`` take."""

from __future__ import annotations

import difflib

from pymodernize.source import SourceFile


def unified_diff(name: str, old: bytes, new: bytes) -> str:
    """The difference between two versions of a file, line ends as they are.

    Args:
        name: the file's path, for the header.
        old: the bytes before.
        new: the bytes after.
    """
    shown = name.replace("\\", "/").lstrip("/")
    lines = difflib.unified_diff(_lines(old), _lines(new), f"a/{shown}", f"b/{shown}")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _lines(data: bytes) -> list[str]:
    text = SourceFile.decode(data).text
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
