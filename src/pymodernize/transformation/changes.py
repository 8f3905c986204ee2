"""Maps offsets of the new text of a round to the old text, where a byte was not rewritten."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pymodernize.rewriting.splices import Splice, narrowed
from pymodernize.semantics.module import Module

Makers = frozenset[int]
"""The rewrites of a round, by number, that a change belongs to; none if it serves several, like an import."""


@dataclass(frozen=True)
class Made:
    """A splice, and the rewrites that asked for it."""

    splice: Splice
    makers: Makers = frozenset()


class Changes(Protocol):
    """How a text became another one. A *piece* is old text together with the new text that took its place."""

    def lines(self, old: Module, new: Module) -> tuple[set[int] | None, set[int] | None]:
        """The lines of both texts that have other bytes than before, None for all."""
        ...

    def original(self, offset: int) -> int | None:
        """Where a byte of the new text stood in the old one; None for new text."""

    def new_piece(self, offset: int) -> Hashable:
        """The piece that a byte of the new text is in, None if it is in none."""

    def old_piece(self, offset: int) -> Hashable:
        """The piece that a byte of the old text is in, None if it is in none."""

    def makers(self, piece: Hashable) -> Makers:
        """Whose piece it is."""
        ...


class Spliced:
    """A text with some splices made.

    Args:
        data: the text before.
        made: the splices; they do not overlap.
    """

    def __init__(self, data: bytes, made: Sequence[Made]) -> None:
        ordered = sorted(made, key=lambda item: (item.splice.start, item.splice.end))
        splices = [item.splice for item in ordered]
        self._makers = [item.makers for item in ordered]
        self._old = [(splice.start, splice.end) for splice in splices]
        self._new = _new_spans(splices)
        self._old_starts = [start for start, _ in self._old]
        self._new_starts = [start for start, _ in self._new]
        # What a splice leaves as it was at both of its ends is no new text.
        narrow = narrowed(data, splices)
        self._fresh = _new_spans(narrow)
        self._fresh_starts = [start for start, _ in self._fresh]
        self._ends = [splice.end for splice in narrow]

    def lines(self, old: Module, new: Module) -> tuple[set[int] | None, set[int] | None]:
        """See :class:`Changes`."""
        return _lines_of(old, self._old), _lines_of(new, self._new)

    def original(self, offset: int) -> int | None:
        """See :class:`Changes`."""
        place = bisect_right(self._fresh_starts, offset) - 1
        if place < 0:
            return offset
        end = self._fresh[place][1]
        return None if offset < end else self._ends[place] + offset - end

    def new_piece(self, offset: int) -> Hashable:
        """See :class:`Changes`."""
        return _inside(self._new, self._new_starts, offset)

    def old_piece(self, offset: int) -> Hashable:
        """See :class:`Changes`."""
        return _inside(self._old, self._old_starts, offset)

    def makers(self, piece: Hashable) -> Makers:
        """See :class:`Changes`."""
        return self._makers[piece] if isinstance(piece, int) else frozenset()


def _lines_of(module: Module, spans: Sequence[tuple[int, int]]) -> set[int]:
    """The lines that some stretches of a text are on."""
    starts = module.source.line_starts
    return {line for start, end in spans for line in range(bisect_right(starts, start), bisect_right(starts, end) + 1)}


def _new_spans(splices: Sequence[Splice]) -> list[tuple[int, int]]:
    """Where the texts of some splices, in order, stand in the new text."""
    spans, shift = [], 0
    for splice in splices:
        start = splice.start + shift
        spans.append((start, start + len(splice.text)))
        shift += len(splice.text) - (splice.end - splice.start)
    return spans


def _inside(spans: Sequence[tuple[int, int]], starts: Sequence[int], offset: int) -> int | None:
    place = bisect_right(starts, offset) - 1
    while place >= 0 and spans[place][0] == spans[place][1]:
        place -= 1  # nothing is in an empty one
    return place if place >= 0 and offset < spans[place][1] else None


# What stands between the statements of a line.
_BETWEEN = re.compile(rb";|:(?=\s)")


class Relaid:
    """A module that was laid out anew as a whole: its lines are found again, whatever their order and indentation.

    Lines that occur several times are taken in order, those of a function
    from the same function first, also if that is inside of another one now.
    All lines that are new or gone are one piece.

    Args:
        old: the module before.
        new: the module after.
        makers: the rewrite that did it.
        then: what was spliced into the new text after that.
    """

    def __init__(self, old: Module, new: Module, makers: Makers, then: Spliced | None = None) -> None:
        self._then = then
        self._makers = makers
        self._new_starts, self._old_starts = new.source.line_starts, old.source.line_starts
        self._lines: dict[int, tuple[int, int]] = {}
        """For each line of the new text that is found again, its first byte in both texts without indentation."""
        kept: set[int] = set()
        places: dict[tuple[str, bytes], deque[tuple[int, int]]] = defaultdict(deque)
        for number, path, start, body in _lines(old):
            places[path, body].append((number, start))
        missing = []
        for number, path, start, body in _lines(new):
            found = next(filter(None, (places.get((around, body)) for around in _tails(path))), None)
            if found is not None:
                line, origin = found.popleft()
                self._lines[number] = start, origin
                kept.add(line)
            else:
                missing.append((number, start, body))
        elsewhere: dict[bytes, deque[tuple[int, int]]] = defaultdict(deque)
        for (_, body), rest in sorted(places.items(), key=lambda item: tuple(item[1])):
            elsewhere[body].extend(rest)
        for number, start, body in missing:
            if elsewhere[body]:
                line, origin = elsewhere[body].popleft()
                self._lines[number] = start, origin
                kept.add(line)
        self._kept = kept
        self._parts = self._parts_of_lines(old, new)

    def _parts_of_lines(self, old: Module, new: Module) -> dict[int, tuple[int, int]]:
        """For each new line that was a part of one which is gone, such as one of two statements, its first bytes."""
        gone: dict[bytes, int] = {}
        for number, _, start, body in _lines(old):
            if number not in self._kept:
                for place, part in _statements(body):
                    gone.setdefault(part, start + place)
        return {
            number: (start, gone[body])
            for number, _, start, body in (_lines(new) if gone else ())
            if number not in self._lines and body in gone
        }

    def nearest(self, offset: int) -> int:
        """Where a byte of the text that was laid out stood in the old one.

        Args:
            offset: of a byte, from 0, before anything was spliced into that text.

        Returns:
            The offset; for a byte of a line that is new, that of the nearest
            line above which is not.
        """
        number = bisect_right(self._new_starts, offset)
        known = self._lines.get(number) or self._parts.get(number)
        if known is not None:
            return known[1] + max(0, offset - known[0])
        while number > 0 and number not in self._lines:
            number -= 1
        return self._lines[number][1] if number else 0

    def lines(self, old: Module, new: Module) -> tuple[set[int] | None, set[int] | None]:
        """See :class:`Changes`."""
        return None, None

    def original(self, offset: int) -> int | None:
        """See :class:`Changes`."""
        if self._then is not None:
            before = self._then.original(offset)
            if before is None:
                return None
            offset = before
        known = self._lines.get(bisect_right(self._new_starts, offset))
        return None if known is None else known[1] + offset - known[0]

    def new_piece(self, offset: int) -> Hashable:
        """See :class:`Changes`."""
        if self._then is not None and (piece := self._then.new_piece(offset)) is not None:
            return piece
        return None if self.original(offset) is not None else "whole"

    def old_piece(self, offset: int) -> Hashable:
        """See :class:`Changes`."""
        return None if bisect_right(self._old_starts, offset) in self._kept else "whole"

    def makers(self, piece: Hashable) -> Makers:
        """See :class:`Changes`."""
        return self._makers if piece == "whole" else frozenset()


def _lines(module: Module) -> list[tuple[int, str, int, bytes]]:
    """The lines that are not blank: number, the function or class around, the first byte of the text, the text."""
    paths: dict[int, str] = {}
    names: dict[ast.AST, str] = {module.tree: ""}
    definitions = [*module.nodes(ast.FunctionDef, ast.AsyncFunctionDef), *module.nodes(ast.ClassDef)]
    for node in sorted(definitions, key=lambda item: (item.lineno, item.col_offset)):
        around = next(item for item in module.ancestors(node) if item in names)
        names[node] = path = f"{names[around]}.{node.name}"
        for line in range(node.lineno, (node.end_lineno or node.lineno) + 1):
            paths[line] = path
    found = []
    for number, start in enumerate(module.source.line_starts, 1):
        line = module.source.line(number)
        body = line.strip()
        if body:
            found.append((number, paths.get(number, ""), start + len(line) - len(line.lstrip()), body))
    return found


def _tails(path: str) -> Iterator[str]:
    """The path of a function or class, and what it is without those around it, down to its own name."""
    while path:
        yield path
        path = path[path.find(".", 1) :] if "." in path[1:] else ""
    yield path


def _statements(body: bytes) -> Iterator[tuple[int, bytes]]:
    """The statements of a line, as far as signs between them tell, each with where it begins."""
    start = 0
    for end in (*(found.start() for found in _BETWEEN.finditer(body)), len(body)):
        part = body[start:end]
        yield start + len(part) - len(part.lstrip()), part.strip()
        start = end + 1
