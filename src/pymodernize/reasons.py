"""Reasons: why a place is left as it is, as a sentence about it and the stable code of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Reason(str):
    """A sentence about one place that knows the code of its kind.

    It is a text, so that what has no code of its own to give can pass it on:
    as the message of an exception, ``str()`` of which is the reason again.

    Args:
        code: one of the codemod's :attr:`~pymodernize.codemod.Codemod.reasons`.
        sentence: for a person, without a full stop.
    """

    __slots__ = ("code",)
    code: str

    def __new__(cls, code: str, sentence: str) -> Reason:
        found = super().__new__(cls, sentence)
        found.code = code
        return found

    def __str__(self) -> str:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return Reason, (self.code, str.__str__(self))


def code_of(reason: object, default: str = "") -> str:
    """The code of a reason, or of an exception that has one as its message.

    Args:
        reason: a text or an exception.
        default: what is meant if it has none.
    """
    text = str(reason)
    return text.code if isinstance(text, Reason) else default


WITHOUT_REWRITE = "no-counterpart"
"""The code of what has no rewrite and says no code of its own."""
ENGINE: Mapping[str, str] = {
    "too-large": "The codemod would take more steps than a file of that size is worth.",
    "comment": "A comment keeps one of the places that would change as it is.",
    "python-2": "The file has what Python 3 has not, and runs on Python 2, which has not what would be written.",
    "in-the-way": "Another rewrite changes the same place, what it rests on is not made, or there is no room for it.",
    "no-name": "The file leaves no name for what the rewrite needs, or a file beside it hides a module.",
    "no-counterpart": "Nothing that the standard offers does the same here; the sentence says why.",
    "rejected": "The codemod failed, or the self-check turned its rewrite down.",
}
"""The reasons that every codemod may have, each with a sentence."""
