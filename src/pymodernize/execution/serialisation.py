"""Values as bytes and back, of the types that the reader asks for: the bytes name none, and nothing of them is run.

They are MessagePack, read by msgspec, which checks every value against the type.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from msgspec import msgpack

Value = TypeVar("Value")
_ENCODER = msgpack.Encoder()


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
        """The value that bytes encode.

        Raises:
            ValueError: they stand for none of the type.
        """
        try:
            found = self._decode(data)
        except RecursionError as exc:
            raise ValueError(str(exc)) from None
        return found if self._made is None else self._made(found)
