"""A source file as text that can be written back byte for byte."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK = re.compile(rb"^[ \t\f]*(?:#.*)?$")
# Decoding the first takes the square of a text's length, and nobody writes Python in either.
_OF_HOST_NAMES = ("punycode", "idna")
_LONE_RETURN = re.compile(rb"\r(?!\n)")


class UnreadableSource(ValueError):
    """The file cannot be worked on; the message says why, for a person."""


@dataclass(frozen=True)
class SourceFile:
    """Decoded text with all that is needed to give back the same bytes.

    Positions are those of :mod:`ast`: lines from 1, columns in UTF-8 bytes.
    Offsets are into :attr:`data`, the text in UTF-8, whatever the encoding of
    the file is.
    """

    data: bytes
    encoding: str = "utf-8"
    bom: bool = False

    @classmethod
    def decode(cls, raw: bytes) -> SourceFile:
        """Read the bytes of a file.

        Args:
            raw: the bytes as they are on the disk.

        Returns:
            The file.

        Raises:
            UnreadableSource: no text that would round-trip: NUL bytes, an
                unknown or a wrong encoding, a carriage return on its own.
        """
        bom = raw.startswith(codecs.BOM_UTF8)
        body = raw[len(codecs.BOM_UTF8) :] if bom else raw
        if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise UnreadableSource("is UTF-16, which Python does not read")
        if (nul := body.find(b"\0")) >= 0:
            raise UnreadableSource(f"has a NUL byte in line {_line_of(body, nul)}")
        encoding = _declared_encoding(body, bom)
        data = body if encoding == "utf-8" else _to_utf8(body, encoding)
        if lone := _LONE_RETURN.search(data):
            raise UnreadableSource(f"has a carriage return without a line feed in line {_line_of(data, lone.start())}")
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as exc:
            line = _line_of(data, exc.start)
            raise UnreadableSource(f"is not UTF-8 in line {line} and declares no other encoding") from None
        return cls(data, encoding, bom)

    def with_data(self, data: bytes) -> SourceFile:
        """The same file with other text (UTF-8).

        Args:
            data: the whole new text.

        Returns:
            A file that is encoded as this one is.
        """
        return SourceFile(data, self.encoding, self.bom)

    def encode(self) -> bytes:
        """The bytes to write.

        Returns:
            The bytes, with the byte-order mark if there was one.

        Raises:
            UnicodeEncodeError: the text has a character that the file's
                encoding lacks.
        """
        body = self.data if self.encoding == "utf-8" else self.text.encode(self.encoding)
        return codecs.BOM_UTF8 + body if self.bom else body

    @cached_property
    def text(self) -> str:
        """The text, newlines as in the file."""
        return self.data.decode("utf-8")

    @cached_property
    def newline(self) -> str:
        r"""The newline of the first line: ``"\n"`` or ``"\r\n"``."""
        first = self.data.find(b"\n")
        return "\r\n" if first > 0 and self.data[first - 1 : first] == b"\r" else "\n"

    @cached_property
    def line_starts(self) -> list[int]:
        """Offset of the first byte of each line, as :mod:`ast` counts lines."""
        starts = [0]
        find = self.data.find
        position = find(b"\n")
        while position >= 0:
            starts.append(position + 1)
            position = find(b"\n", position + 1)
        return starts

    def offset(self, line: int, column: int) -> int:
        """The byte offset of a line and column as :mod:`ast` gives them.

        Args:
            line: from 1.
            column: in bytes, from 0.

        Returns:
            The offset into :attr:`data`.
        """
        return self.line_starts[line - 1] + column

    def position(self, offset: int) -> tuple[int, int]:
        """Line (from 1) and column (in bytes, from 0) of an offset.

        Args:
            offset: an offset into :attr:`data`.

        Returns:
            The line and the column.
        """
        line = bisect_right(self.line_starts, offset)
        return line, offset - self.line_starts[line - 1]

    def line_span(self, line: int) -> tuple[int, int]:
        """Offsets of a line's first byte and of the byte after its newline.

        Args:
            line: from 1.

        Returns:
            Start and end; the last line may have no newline.
        """
        start = self.line_starts[line - 1]
        end = self.line_starts[line] if line < len(self.line_starts) else len(self.data)
        return start, end

    def line(self, line: int) -> bytes:
        """One line, with its newline.

        Args:
            line: from 1.

        Returns:
            The bytes, in UTF-8.
        """
        start, end = self.line_span(line)
        return self.data[start:end]


def _declared_encoding(body: bytes, bom: bool) -> str:
    """The encoding by PEP 263: a comment in one of the first two lines, else UTF-8."""
    for line in body.split(b"\n", 2)[:2]:
        if found := _COOKIE.match(line):
            return _known_encoding(found.group(1).decode("ascii"), bom)
        if not _BLANK.match(line.rstrip(b"\r")):
            break
    return "utf-8"


def declares_encoding(line: bytes) -> bool:
    """Whether a line says in what encoding its file is, if it is one of the first two.

    Args:
        line: of a file.
    """
    return bool(_COOKIE.match(line))


def _known_encoding(name: str, bom: bool) -> str:
    try:
        codec = codecs.lookup(_plain_name(name))
    except (LookupError, ValueError):
        raise UnreadableSource(f"declares the unknown encoding {name!r}") from None
    if codec.name in _OF_HOST_NAMES:
        raise UnreadableSource(f"declares {name!r}, an encoding of host names")
    if not codec._is_text_encoding:
        raise UnreadableSource(f"declares {name!r}, which is no text encoding")
    if codec.name in ("utf-8", "utf-8-sig"):
        return "utf-8"
    if bom:
        raise UnreadableSource(f"has a UTF-8 byte-order mark but declares {name!r}")
    # A file that says ASCII may still hold UTF-8: Python reads it by its cookie and fails, and so do we.
    return codec.name


def _plain_name(name: str) -> str:
    """The name without what editors add to it: Python reads ``utf-8-unix`` as UTF-8, ``latin-1-dos`` as Latin-1."""
    lower = name[:12].lower().replace("_", "-")
    if lower == "utf-8" or lower.startswith("utf-8-"):
        return "utf-8"
    latin = ("latin-1", "iso-8859-1", "iso-latin-1")
    return "latin-1" if lower in latin or lower.startswith(tuple(f"{item}-" for item in latin)) else name


def _to_utf8(body: bytes, encoding: str) -> bytes:
    try:
        text = body.decode(encoding)
    except ValueError as exc:
        raise UnreadableSource(f"is not {encoding}, which it declares: {exc}") from None
    # The declaration was found as ASCII. An encoding that reads something else there has other newlines, too.
    if "coding" not in text:
        raise UnreadableSource(f"declares {encoding}, which no Python source can be written in")
    try:
        same = text.encode(encoding) == body
        data = text.encode("utf-8")
    except ValueError:
        same, data = False, b""
    if not same:
        raise UnreadableSource(f"does not survive decoding and encoding as {encoding}")
    return data


def _line_of(body: bytes, offset: int) -> int:
    return body.count(b"\n", 0, offset) + 1
