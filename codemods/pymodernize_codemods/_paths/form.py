"""New source text for an expression, with the assumptions that it needs."""

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
        tight: whether an attribute can follow it without brackets.
        doubts: what it assumes; empty if it has the same value as the old expression for every input.
        names_path: whether the name ``Path`` is in it.
        needs: the variables that it uses as paths, which other rewrites make them.
        wraps: the texts that it newly puts ``Path()`` around.
        bare: whether it only constructs a path: ``Path(text)``, ``Path(text) / name``.
        blot: why it reads worse than the old expression; empty if it does not.
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
        """The text as the operand of an attribute access: in brackets if it needs them."""
        return self.text if self.tight else f"({self.text})"

    def then(self, text: str, *others: Form, tight: bool = True) -> Form:
        """A form whose text contains this form and others, and which has what they all assume and need.

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
        """This form with further doubts.

        Args:
            doubts: what it assumes in addition.
        """
        added = [doubt for doubt in dict.fromkeys(doubts) if doubt not in self.doubts]
        return replace(self, doubts=(*self.doubts, *added)) if added else self

    def wrapped_before(self) -> Form:
        """This form for an expression that had ``Path()`` around it before."""
        return replace(self, wraps=self.wraps[1:], bare=False)

    def naming_path(self) -> Form:
        """This form, marked as containing the name ``Path``."""
        return replace(self, names_path=True)
