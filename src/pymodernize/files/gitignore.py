"""Patterns as in ``.gitignore``, read and matched as git does (gitignore(5), and wildmatch.c in its sources).

Matching takes at most as many steps as the pattern's length times the path's: of several stars in a row of names only
the last ever has to be tried anew. Nothing is an error, as with git; what can match nothing does not.
"""

from __future__ import annotations

import codecs
import string
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

MOST_BYTES = 500_000
"""A larger file of patterns is not read."""
MOST_WILD_BYTES = 20_000
"""Patterns that are longer together do not count, those aside that are looked up: each would be tried on each path."""

Piece = tuple[frozenset[int], ...] | bytes
"""What stands between two stars: the bytes, or for each place those that it takes."""
Step = tuple[Piece, ...]
"""What one name of a path must look like: pieces with a star between each two."""

_ALL = frozenset(range(256))
_CLASSES = {
    "alnum": string.ascii_letters + string.digits,
    "alpha": string.ascii_letters,
    "blank": " \t",
    "cntrl": "".join(map(chr, (*range(32), 127))),
    "digit": string.digits,
    "graph": string.ascii_letters + string.digits + string.punctuation,
    "lower": string.ascii_lowercase,
    "print": string.ascii_letters + string.digits + string.punctuation + " ",
    "punct": string.punctuation,
    "space": " \t\n\r",
    "upper": string.ascii_uppercase,
    "xdigit": string.hexdigits,
}


class _MatchesNothing(Exception):
    """A bracket or a class has no end, or its name is none."""


@dataclass(frozen=True)
class Pattern:
    """One line.

    Attributes:
        groups: what stands between each two ``**``; each a row of names. At
            most the first or the last is empty.
        negative: whether it takes back what those before it leave out.
        only_folders: whether it is for folders alone.
        only_name: whether it is for a name in any folder; else for a path.
    """

    groups: tuple[tuple[Step, ...], ...]
    negative: bool
    only_folders: bool
    only_name: bool

    @property
    def plain(self) -> bytes | tuple[bytes, ...] | None:
        """The name that it is about, or the names of the path; None if it has wildcards."""
        steps = self.groups[0]
        names = tuple(step[0] for step in steps if len(step) == 1 and isinstance(step[0], bytes))
        if len(self.groups) > 1 or len(names) < len(steps):
            return None
        return names[0] if self.only_name else names

    def matches(self, path: Sequence[bytes], *, is_folder: bool) -> bool:
        """Whether it is about a path.

        Args:
            path: its names, from the folder that the pattern is written for.
            is_folder: what it is.
        """
        if self.only_folders and not is_folder:
            return False
        if self.only_name:
            return _is_like(path[-1], self.groups[0][0])
        return _are_like(path, self.groups)


class TooManyPatterns(ValueError):
    """There are more patterns than can be tried on each path; the message says so."""


class Patterns:
    """The lines of a file, or of a setting; the last one that is about a path decides.

    Raises:
        TooManyPatterns: to try them all on each path would take too much.
    """

    def __init__(self, lines: Iterable[str | bytes]) -> None:
        # Most are names or paths as they are. These are looked up: by whether they are for folders alone.
        self._plain: dict[tuple[bool, bytes | tuple[bytes, ...]], int] = {}
        self._others: list[tuple[int, Pattern]] = []
        self._all: list[Pattern] = []
        size = 0
        for line in lines:
            text = line.encode("utf-8", "surrogateescape") if isinstance(line, str) else line
            pattern = read(text)
            if pattern is None:
                continue
            plain = pattern.plain
            if plain is not None:
                self._plain[pattern.only_folders, plain] = len(self._all)
            else:
                self._others.append((len(self._all), pattern))
                size += len(text)
            self._all.append(pattern)
        if size > MOST_WILD_BYTES:
            raise TooManyPatterns(f"has more than {MOST_WILD_BYTES} bytes of patterns with wildcards")

    @classmethod
    def of_file(cls, text: bytes) -> Patterns:
        """The patterns of a file with this text."""
        lines = text.removeprefix(codecs.BOM_UTF8).split(b"\n")
        return cls(line.removesuffix(b"\r") for line in lines)

    def verdict(self, path: Sequence[bytes], *, is_folder: bool) -> bool | None:
        """Whether a path is left out; None if no pattern is about it. Those that are about its folders do not count.

        Args:
            path: its names, from the folder that the patterns are written for.
            is_folder: what it is.
        """
        kinds = (False, True) if is_folder else (False,)
        best = max(self._plain.get((kind, key), -1) for kind in kinds for key in (path[-1], tuple(path)))
        for number, pattern in reversed(self._others):
            if number < best:
                break
            if pattern.matches(path, is_folder=is_folder):
                best = number
                break
        return None if best < 0 else not self._all[best].negative

    def leaves_out(self, path: Sequence[bytes], *, is_folder: bool) -> bool:
        """Whether a path is left out, or one of the folders that it is in.

        Args:
            path: its names, from the folder that the patterns are written for.
            is_folder: what it is.
        """
        return any(
            self.verdict(path[:length], is_folder=is_folder or length < len(path)) for length in range(1, len(path) + 1)
        )


def read(line: bytes) -> Pattern | None:
    """The pattern of a line; None for a comment, an empty line, and what can match nothing."""
    if line.startswith(b"#"):
        return None
    text = _without_spaces(line)
    negative = text.startswith(b"!")
    text = text[negative:]
    only_folders = text.endswith(b"/")
    text = text.removesuffix(b"/")
    only_name = b"/" not in text
    if not text:
        return None
    try:
        steps = _steps(text.removeprefix(b"/"))
    except _MatchesNothing:
        return None
    if only_name:
        return Pattern((tuple(step or (b"", b"") for step in steps),), negative, only_folders, only_name)
    groups: list[tuple[Step, ...]] = [()]
    for step in steps:
        if step is not None:
            groups[-1] += (step,)
        elif groups[-1] or len(groups) == 1:
            groups.append(())
    return Pattern(tuple(groups), negative, only_folders, only_name)


def _without_spaces(line: bytes) -> bytes:
    """A line without the blanks at its end; one behind a backslash stays."""
    end = len(line.rstrip(b" "))
    before = line[:end]
    escaped = (len(before) - len(before.rstrip(b"\\"))) % 2
    return line[: end + (escaped and end < len(line))]


def _steps(text: bytes) -> list[Step | None]:
    """The names of a pattern's path; None for ``**``.

    Raises:
        _MatchesNothing: it is not whole.
    """
    steps: list[Step | None] = []
    pieces: list[list[int | frozenset[int]]] = [[]]
    position, only_stars = 0, 0
    while position <= len(text):
        byte = text[position : position + 1]
        position += 1
        if byte == b"\\" and text[position : position + 1] != b"/":
            if position == len(text):
                raise _MatchesNothing
            pieces[-1].append(text[position])
            position += 1
        elif byte == b"\\":
            continue  # in front of a slash, which is one all the same
        elif byte in (b"/", b""):
            steps.append(None if only_stars > 1 else tuple(map(_piece, pieces)))
            pieces, only_stars = [[]], 0
            continue
        elif byte == b"*":
            only_stars += only_stars >= 0
            if len(pieces) == 1 or pieces[-1]:
                pieces.append([])
            continue
        elif byte == b"?":
            pieces[-1].append(_ALL)
        elif byte == b"[":
            found, position = _bracket(text, position)
            pieces[-1].append(found)
        else:
            pieces[-1].append(byte[0])
        only_stars = -1
    return steps


def _piece(places: list[int | frozenset[int]]) -> Piece:
    if all(isinstance(place, int) for place in places):
        return bytes(place for place in places if isinstance(place, int))
    return tuple(frozenset((place,)) if isinstance(place, int) else place for place in places)


def _bracket(text: bytes, position: int) -> tuple[frozenset[int], int]:
    """The bytes that a bracket takes, and where the pattern goes on.

    Args:
        text: the pattern.
        position: where the bracket has begun.

    Raises:
        _MatchesNothing: it has no end, or a class in it no such name.
    """
    negated = text[position : position + 1] in (b"!", b"^")
    position += negated
    found: set[int] = set()
    previous, first = None, True
    while first or text[position : position + 1] != b"]":
        first = False
        byte, position = _at(text, position)
        if byte == b"-" and previous is not None and text[position : position + 1] not in (b"", b"]"):
            byte, position = _at(text, position)
            if byte == b"\\":
                byte, position = _at(text, position)
            found.update(range(previous, byte[0] + 1))
            previous = None
        elif byte == b"[" and text[position : position + 1] == b":":
            end = text.find(b"]", position + 1)
            if end < 0:
                raise _MatchesNothing
            if end == position + 1 or text[end - 1 : end] != b":":
                found.add(byte[0])
                previous = byte[0]
                continue
            name = text[position + 1 : end - 1].decode("latin-1")
            if name not in _CLASSES:
                raise _MatchesNothing
            found.update(map(ord, _CLASSES[name]))
            previous, position = None, end + 1
        else:
            if byte == b"\\":
                byte, position = _at(text, position)
            found.add(byte[0])
            previous = byte[0]
    return _ALL - found if negated else frozenset(found), position + 1


def _at(text: bytes, position: int) -> tuple[bytes, int]:
    if position >= len(text):
        raise _MatchesNothing
    return text[position : position + 1], position + 1


def _are_like(path: Sequence[bytes], groups: tuple[tuple[Step, ...], ...]) -> bool:
    """Whether a path has the names of the groups, those of the first at its start, those of the last at its end."""
    first, last = groups[0], groups[-1]
    if len(groups) == 1:
        return len(path) == len(first) and _has(path, 0, first)
    end = len(path) - (len(last) or 1)  # a "**" at the end stands for at least one name
    if end < len(first) or not _has(path, 0, first) or not _has(path, len(path) - len(last), last):
        return False
    start = len(first)
    for group in groups[1:-1]:
        # The first place that does leaves most room for the others.
        while start + len(group) <= end and not _has(path, start, group):
            start += 1
        start += len(group)
    return start <= end


def _has(path: Sequence[bytes], start: int, group: tuple[Step, ...]) -> bool:
    return all(_is_like(path[start + number], step) for number, step in enumerate(group))


def _is_like(name: bytes, step: Step) -> bool:
    """Whether a name has the pieces, the first at its start, the last at its end, the others between in order."""
    first, last = step[0], step[-1]
    if len(step) == 1:
        return len(name) == len(first) and _stands(name, 0, first)
    end = len(name) - len(last)
    if end < len(first) or not _stands(name, 0, first) or not _stands(name, end, last):
        return False
    start = len(first)
    for piece in step[1:-1]:
        start = _find(name, start, end, piece) + len(piece)
        if start < len(piece):
            return False
    return start <= end


def _stands(name: bytes, start: int, piece: Piece) -> bool:
    if isinstance(piece, bytes):
        return name.startswith(piece, start)
    return all(name[start + number] in place for number, place in enumerate(piece))


def _find(name: bytes, start: int, end: int, piece: Piece) -> int:
    """Where a piece stands first in a part of a name; -1 for nowhere."""
    if isinstance(piece, bytes):
        return name.find(piece, start, end)
    places = range(start, end - len(piece) + 1)
    return next((place for place in places if _stands(name, place, piece)), -1)
