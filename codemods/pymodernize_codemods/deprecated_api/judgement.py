"""What is said of a row at one place: the message, and what a rewrite there rests on or why there is none."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Rewrite
from pymodernize.reasons import Reason, code_of
from pymodernize.semantics.references import NameTaken

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module
    from pymodernize_codemods.deprecated_api.rows import Row, Version


class NoForm(ValueError):
    """A call cannot be written with the replacement; the message says why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(Reason("form", sentence))


@dataclass(frozen=True)
class Place:
    """A finding to be.

    Attributes:
        node: where it is.
        message: what was found.
        rewrite: the change, None if there is none.
        assumptions: the names of those that it rests on.
        code: the code of the reason.
        reason: what the rewrite rests on, or why there is none.
    """

    node: ast.AST
    message: str
    rewrite: Rewrite | None = None
    assumptions: frozenset[str] = frozenset()
    code: str = ""
    reason: str = ""


def judged(
    module: Module,
    row: Row,
    node: ast.AST,
    make: Callable[[], Rewrite] | None,
    *,
    assumed: frozenset[str] = frozenset(),
    equal: bool = False,
) -> Place:
    """The finding for one use of an old name.

    Args:
        module: the module.
        row: what is known of the name.
        node: where it is used.
        make: makes the rewrite; None if there is none. It may raise NameTaken or NoForm.
        assumed: what the rewrite rests on in any case.
        equal: whether this use is one for which the row's difference makes none.
    """
    message = said(row)
    if row.long and row.since is not None and module.target < row.since:
        reason = f"Python {_text(module.target)} does not deprecate it, and what replaces it is longer"
        return Place(node, message, code="not-deprecated", reason=reason)
    if make is None:
        return Place(node, message, code="python-2-name" if row.is_of_python_2 else "differs", reason=row.differs)
    try:
        rewrite = make()
    except (NameTaken, NoForm) as exc:
        return Place(node, message, code=code_of(exc.args[0]), reason=str(exc.args[0]))
    differs = "" if equal else row.differs
    if row.is_of_python_2:
        reason = "no run on Python 3 gets past it" + (f"; {differs}" if differs else "")
        return Place(node, message, rewrite, assumed | {CHANGES_BEHAVIOUR.name}, "python-2-name", reason)
    if row.is_gone(module.target):
        reason = f"Python {_text(module.target)} does not have it: what fails today would go on"
        reason += f"; {differs}" if differs else ""
        return Place(node, message, rewrite, assumed | {CHANGES_BEHAVIOUR.name}, "removed", reason)
    if differs:
        return Place(node, message, rewrite, assumed | {CHANGES_BEHAVIOUR.name}, "differs", differs)
    return Place(node, message, rewrite, assumed)


def said(row: Row) -> str:
    """What was found, for a person."""
    shown = row.name.removeprefix("builtins.")
    if row.is_of_python_2:
        return f"{shown} is a name of Python 2"
    if row.gone is not None:
        return f"{shown} is gone in Python {_text(row.gone)}"
    assert row.since is not None  # noqa: S101 - a row has one of the two
    return f"{shown} is deprecated since Python {_text(row.since)}"


def _text(version: Version) -> str:
    return ".".join(map(str, version))
