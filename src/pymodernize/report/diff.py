"""A unified diff that ``patch`` and ``git apply`` take."""

from __future__ import annotations

import codecs
import os
from collections.abc import Iterator, Sequence

from pymodernize.source import SourceFile
from pymodernize.transformation.line_matching import Matcher

_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def unified_diff(name: str, old: bytes, new: bytes, *, is_new: bool = False) -> bytes:
    """The difference between two versions of a file, in the file's own bytes.

    Args:
        name: the file's path, for the header.
        old: the bytes before.
        new: the bytes after.
        is_new: whether there was no file before.
    """
    # Latin-1 maps each byte to one character and back, so that the bytes pass through difflib as they are.
    header = os.fsencode(name).decode("latin-1")
    return _diff(header, old.decode("latin-1"), new.decode("latin-1"), is_new=is_new).encode("latin-1")


def readable_diff(name: str, old: bytes, new: bytes, *, is_new: bool = False) -> str:
    """The same as text, decoded as the file says."""
    return _diff(name, _text(old), _text(new), is_new=is_new)


def _diff(name: str, old: str, new: str, *, is_new: bool) -> str:
    shown = (name.replace("\\", "/") if os.sep == "\\" else name).lstrip("/")
    hunks = "".join(_hunks(_lines(old), _lines(new)))
    before = "/dev/null" if is_new else _quoted(f"a/{shown}")
    return f"--- {before}\n+++ {_quoted(f'b/{shown}')}\n{hunks}" if hunks else ""


def _hunks(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """The lines of a unified diff below its header."""
    for group in Matcher(old, new).get_grouped_opcodes():
        (_, low, _, start, _), (_, _, high, _, end) = group[0], group[-1]
        yield f"@@ -{_range(low, high)} +{_range(start, end)} @@\n"
        for tag, low, high, start, end in group:
            if tag == "equal":
                yield from (_ended(f" {line}") for line in old[low:high])
                continue
            yield from (_ended(f"-{line}") for line in old[low:high])
            yield from (_ended(f"+{line}") for line in new[start:end])


def _ended(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _range(start: int, end: int) -> str:
    """Lines as the diff format of POSIX has them: counted from 1, and from the one before if there are none."""
    length = end - start
    if length == 1:
        return str(start + 1)
    return f"{start + 1 if length else start},{length}"


def _quoted(path: str) -> str:
    """A path as git writes it: in quotes if it would break the line, with a tab behind if it has a space."""
    if any(character in _ESCAPES or ord(character) < 32 for character in path):
        quoted = (_ESCAPES.get(item, f"\\{ord(item):03o}" if ord(item) < 32 else item) for item in path)
        return f'"{"".join(quoted)}"'
    return f"{path}\t" if " " in path else path


def _text(data: bytes) -> str:
    file = SourceFile.decode(data)
    return codecs.BOM_UTF8.decode("utf-8") + file.text if file.bom else file.text


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
