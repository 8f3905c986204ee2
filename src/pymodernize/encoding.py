"""Answers as bytes and back, of the types that the reader asks for: the bytes name none, and nothing of them is run.

They are MessagePack, read by msgspec, which checks every value against the type.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Generic, TypedDict, TypeVar, get_type_hints

from msgspec import msgpack

from pymodernize.codemod import Codemod, Finding
from pymodernize.result import Result
from pymodernize.semantics.project import ProjectFile
from pymodernize.work import Notes

Value = TypeVar("Value")
_ENCODER = msgpack.Encoder()
# A finding with its outcome has nothing in the fields that follow.
_HINTS = get_type_hints(Finding)
_COLUMNS = [item.name for item in fields(Finding) if item.compare]


class Form(Generic[Value]):
    """How values of one type are written.

    Args:
        hint: the type of the plain value that is written, as msgspec knows it.
        plain: makes that of a value.
        made: makes the value of that.
    """

    def __init__(
        self, hint: object, plain: Callable[[Value], object] | None = None, made: Callable[[Any], Value] | None = None
    ) -> None:
        self._decode: Callable[[bytes], Any] = msgpack.Decoder(hint).decode
        self._plain = plain
        self._made = made

    def dumps(self, value: Value) -> bytes:
        """A value as bytes.

        Raises:
            ValueError: it cannot be written, or does not come back as it was.
        """
        try:
            data = _ENCODER.encode(value if self._plain is None else self._plain(value))
        except (TypeError, OverflowError, RecursionError) as exc:
            raise ValueError(str(exc)) from None
        if self.loads(data) != value:
            raise ValueError("it is of another type")
        return data

    def loads(self, data: bytes) -> Value:
        """The value that bytes stand for.

        Raises:
            ValueError: they stand for none of the type.
        """
        try:
            found = self._decode(data)
        except RecursionError as exc:
            raise ValueError(str(exc)) from None
        return found if self._made is None else self._made(found)


def _row(result: Result) -> object:
    rows = [[getattr(finding, name) for name in _COLUMNS] for finding in result.findings]
    return rows, result.output, result.error


def _result(row: Any) -> Result:  # noqa: ANN401 - as the form of results says
    return Result(tuple([Finding(*finding) for finding in row[0]]), row[1], row[2])


_FINDING = tuple.__class_getitem__(tuple(_HINTS[name] for name in _COLUMNS))
RESULT = Form[Result](
    tuple.__class_getitem__((tuple.__class_getitem__((_FINDING, ...)), bytes | None, str | None)), _row, _result
)
TRUTH = Form[bool](bool)
FILE = Form[ProjectFile](ProjectFile)
EXPORTS = Form[tuple[frozenset[str] | None]](tuple[frozenset[str] | None])
NAMES = Form[tuple[str, ...]](tuple[str, ...])


def form_of_notes(codemods: tuple[Codemod, ...]) -> Form[Notes]:
    """How the notes of some codemods are written: each is of the type that the codemod declares."""
    hint = TypedDict("hint", {item.name(): item.note_type for item in codemods}, total=False)  # type: ignore[misc]
    return Form(hint, dict, lambda found: tuple(found.items()))
