"""New source text for an expression, with what is in doubt about it."""

from __future__ import annotations

import ast
from collections.abc import Hashable
from dataclasses import dataclass, replace

from pymodernize_codemods._paths.doubts import Doubt

FOR_ITS_SLASH = "the slash at its end is what it is for"
AS_TEXT = "a text is needed here anyway"
OF_PIECES = "its first part is put together of pieces itself"
NO_TEXT = "a part of it may be no text"
ASKED_WHETHER_EMPTY = "it is asked whether it is empty, which a path never is"


class Unfit(ValueError):
    """An expression cannot be written with pathlib; the message says why."""


@dataclass(frozen=True)
class Form:
    """New source text for an expression.

    Attributes:
        text: the expression.
        tight: whether an attribute can be taken of it as it is.
        doubts: what is taken for granted; empty if it gives the same for every input.
        names_path: whether the name ``Path`` is in it.
        needs: the variables that it takes for paths, which they will be.
        wraps: the texts that it puts ``Path()`` around, which had none.
        bare: whether it makes a path and does nothing with it: ``Path(text)``, ``Path(text) / name``.
        blot: what makes it read worse than the old, if anything does.
    """

    text: str
    tight: bool = True
    doubts: tuple[Doubt, ...] = ()
    names_path: bool = False
    needs: frozenset[Hashable] = frozenset()
    wraps: tuple[ast.expr, ...] = ()
    bare: bool = False
    blot: str = ""

    @property
    def base(self) -> str:
        """The text, to take an attribute of."""
        return self.text if self.tight else f"({self.text})"

    def then(self, text: str, *others: Form, tight: bool = True) -> Form:
        """Another text, made of this form and of others.

        Args:
            text: the whole.
            others: what else is in it.
            tight: whether an attribute can be taken of it.
        """
        whole = (self, *others)
        return Form(
            text,
            tight,
            tuple(dict.fromkeys(doubt for form in whole for doubt in form.doubts)),
            any(form.names_path for form in whole),
            frozenset().union(*(form.needs for form in whole)),
            tuple(dict.fromkeys(expr for form in whole for expr in form.wraps)),
            blot=next((form.blot for form in whole if form.blot), ""),
        )

    def doubted(self, *doubts: Doubt) -> Form:
        """The same with further doubts.

        Args:
            doubts: what else is taken for granted.
        """
        added = [doubt for doubt in dict.fromkeys(doubts) if doubt not in self.doubts]
        return replace(self, doubts=(*self.doubts, *added)) if added else self

    def wrapped_before(self) -> Form:
        """The same, made of what had ``Path()`` around it."""
        return replace(self, wraps=self.wraps[1:], bare=False)

    def naming_path(self) -> Form:
        """The same, with the name ``Path`` in it."""
        return replace(self, names_path=True)
