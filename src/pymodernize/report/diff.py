"""A unified diff that ``patch`` and ``git apply`` take."""

from __future__ import annotations

import codecs
import difflib
import os

from pymodernize.source import SourceFile

_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def unified_diff(name: str, old: bytes, new: bytes) -> bytes:
    """The difference between two versions of a file, in the file's own bytes.

    Args:
        name: the file's path, for the header.
        old: the bytes before.
        new: the bytes after.
    """
    # Latin-1 maps each byte to one character and back, so that the bytes pass through difflib as they are.
    header = os.fsencode(name).decode("latin-1")
    return _diff(header, old.decode("latin-1"), new.decode("latin-1")).encode("latin-1")


def readable_diff(name: str, old: bytes, new: bytes) -> str:
    """The same as text, decoded as the file says."""
    return _diff(name, _text(old), _text(new))


def _diff(name: str, old: str, new: str) -> str:
    shown = (name.replace("\\", "/") if os.sep == "\\" else name).lstrip("/")
    lines = difflib.unified_diff(_lines(old), _lines(new), _quoted(f"a/{shown}"), _quoted(f"b/{shown}"))
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


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
