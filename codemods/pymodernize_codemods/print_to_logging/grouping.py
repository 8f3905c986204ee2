"""All or none: the messages of one function become records together, or stay prints together."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass

from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize_codemods._logging.audience import (
    is_for_a_program,
    is_laid_out,
    is_message,
    names_a_value,
    shows_lines,
)
from pymodernize_codemods._logging.configuration import STDERR
from pymodernize_codemods._logging.messages import Part

_MOSTLY_DATA = Reason("data", "data: most prints of its function show values, with no literal text for a person")
_MOSTLY_LAYOUT = Reason("layout", "layout: most of what its function prints is empty lines, rulers, columns or values")
_FEW = Reason("few", "less than half of what the file prints could become records")
_FEW_FOR_SET_UP = Reason("few", "few: as many lines would set up logging as there are records to show")
_FEW_BESIDE = Reason("few", "few: other prints of the file stay, and the records would be hardly more than these")
_LINES = Reason("data", "data: it shows a value that may take many lines")
_WORDS = re.compile(r"[^\W\d_]{2}")


@dataclass(frozen=True)
class Print:
    """A call of print that can become a record.

    Attributes:
        call: the call.
        stream: the stream that it writes to.
        parts: for each argument, how it is taken apart.
        separator: what stands between the arguments.
        level: the name of the logging method, before streams are weighed.
    """

    call: ast.Call
    stream: str
    parts: tuple[Part, ...]
    separator: str
    level: str

    @property
    def says_something(self) -> bool:
        """Whether there are words for a person in it, or it goes where no data goes."""
        if self.stream == STDERR:
            return True
        text = self.separator.join(part.text for part in self.parts)
        return is_message(list(self.parts), self.separator) and bool(_WORDS.search(text))

    @property
    def is_plain(self) -> bool:
        """Whether it says something in one line of text, as a record does."""
        parts = list(self.parts)
        shown = names_a_value(parts, self.separator) or is_laid_out(parts, self.separator)
        return self.says_something and not shown


@dataclass(frozen=True)
class Kept:
    """A call of print that stays.

    Attributes:
        reason: why.
        stream: the stream that it writes to, None for another file.
        binds: whether what its function says otherwise stays with it.
    """

    reason: Reason
    stream: str | None
    binds: bool = True


def all_or_none(module: Module, found: Mapping[ast.Call, Print | Kept], *, data: bool) -> dict[ast.Call, Print | Kept]:
    """What becomes of each print once those of its function, and of what is defined in that, are seen together.

    Args:
        module: the module.
        found: what would become of each by itself.
        data: whether values without words become records, too.

    Returns:
        The same calls, in their order.
    """
    groups: dict[tuple[ast.AST | None, str], list[ast.Call]] = {}
    for call, item in found.items():
        if item.stream is not None:
            groups.setdefault((_whole_function(module, call), item.stream), []).append(call)
    result = dict(found)
    for calls in groups.values():
        blocking = next((call for call in calls if _blocks(module, found[call], data=data)), None)
        prints = [item for call in calls if isinstance(item := found[call], Print)]
        mostly = None if data else _mostly(prints)
        speaks = data or any(item.says_something for item in prints)
        for call in calls:
            item = found[call]
            if not isinstance(item, Print):
                continue
            if not speaks:
                result[call] = Kept(_without_words(item), item.stream)
            elif blocking is not None:
                result[call] = Kept(_with_another(found[blocking], item, blocking, call), item.stream)
            elif mostly is not None:
                result[call] = Kept(mostly, item.stream)
    return result


# What does not count where it is asked how much of a file becomes records: it is not what the file says of its work.
_APART = frozenset({"usage", "other-file", "handler"})


def most_or_none(found: Mapping[ast.Call, Print | Kept], least: int = 1) -> dict[ast.Call, Print | Kept]:
    """What becomes of each print once those of the file are seen together: few records among prints read worse.

    Args:
        found: what becomes of each by its function.
        least: how many records the file has to have for what sets up logging, if it is more than one; one more for
            each print that stays beside them.

    Returns:
        The same calls, in their order.
    """
    records = sum(isinstance(item, Print) for item in found.values())
    prints = sum(isinstance(item, Kept) and item.reason.code not in _APART for item in found.values())
    if records < prints:
        return kept_all(found, _FEW)
    if records >= (least if least == 1 else least + prints):
        return dict(found)
    return kept_all(found, _FEW_BESIDE if prints and records >= least else _FEW_FOR_SET_UP)


def kept_all(found: Mapping[ast.Call, Print | Kept], reason: Reason) -> dict[ast.Call, Print | Kept]:
    """The same calls, of which none becomes a record.

    Args:
        found: what would become of each.
        reason: why those stay that could become records.
    """
    return {call: Kept(reason, item.stream) if isinstance(item, Print) else item for call, item in found.items()}


def _whole_function(module: Module, call: ast.Call) -> ast.AST | None:
    """The function or method around a call, with all that is defined in it; None for the main body."""
    found = None
    for around in module.ancestors(call):
        if isinstance(around, ast.ClassDef):
            break
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found = around
    return found


def _mostly(prints: list[Print]) -> Reason | None:
    """What the prints of a function are, if at most half of them are plain messages."""
    plain = sum(item.is_plain for item in prints)
    if 2 * plain > len(prints):
        return None
    laid_out = sum(is_laid_out(list(item.parts), item.separator) for item in prints)
    return _MOSTLY_LAYOUT if laid_out > len(prints) - plain - laid_out else _MOSTLY_DATA


def _blocks(module: Module, item: Print | Kept, *, data: bool) -> bool:
    if isinstance(item, Kept):
        return item.binds
    return not data and _is_data(module, item)


def _is_data(module: Module, item: Print) -> bool:
    parts = list(item.parts)
    return item.stream != STDERR and is_for_a_program(parts, item.separator) or shows_lines(module, parts)


def _without_words(item: Print) -> Reason:
    if not item.separator.join(part.text for part in item.parts).strip():
        return Reason("data", "an empty line says nothing")
    return Reason("data", "data: there is no literal text for a person in it")


def _with_another(blocking: Print | Kept, item: Print, blocker: ast.Call, call: ast.Call) -> Reason:
    why = blocking.reason if isinstance(blocking, Kept) else _why_data(blocking)
    if blocker is call:
        return why
    sentence = f"the messages of a function stay together, and that of line {blocker.lineno} stays: {why}"
    return Reason("together", sentence)


def _why_data(item: Print) -> Reason:
    if is_for_a_program(list(item.parts), item.separator):
        return Reason("data", "it is data for another program")
    return _LINES
