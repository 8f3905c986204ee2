"""What the author of an audit check imports: ``audit_check``, ``Shortfall``, ``NotApplicable``, ``Project``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from pymodernize.audit.project import CannotRead, NotApplicable, Project

__all__ = ["CannotRead", "AuditCheck", "Edit", "NotApplicable", "Project", "Shortfall", "audit_check"]

Edit: TypeAlias = "Callable[[str], str | None]"
"""Makes the new text of a file from its text, with ``\\n`` as its line ends, or from an empty one if there is no such
file; None if the text is not such that it can be done."""
Find: TypeAlias = "Callable[[Project], Iterator[Shortfall]]"
_ID = re.compile(r"[A-Z]+[0-9]+(-[a-z0-9]+)+")


@dataclass(frozen=True)
class Shortfall:
    """One place where a project falls short of the standard.

    Attributes:
        path: the file, or the file that is missing, from the project's folder on.
        message: what was found.
        advice: what to do about it.
        line: the line, from 1.
        fix: makes the file's new text; None if the project's own facts do not say what it would be.
    """

    path: str
    message: str
    advice: str
    line: int = 1
    fix: Edit | None = None


@dataclass(frozen=True)
class AuditCheck:
    """One question about a project.

    Attributes:
        id: its name: the row of the standard, and a word.
        sentence: what holds in a project that meets the standard.
        find: yields what falls short; raises :class:`NotApplicable` where the
            question does not arise, or cannot be answered.
        recommended: whether what is found is advice alone.
    """

    id: str
    sentence: str
    find: Find
    recommended: bool = False

    @property
    def row(self) -> str:
        """The row of the standard that it belongs to."""
        return self.id.partition("-")[0]


def audit_check(name: str, *, recommended: bool = False) -> Callable[[Find], AuditCheck]:
    """Make an audit check of a function; the first line of its docstring says what holds.

    Args:
        name: the check's id, such as ``P1-readme``.
        recommended: whether what it finds is advice alone.
    """
    if not _ID.fullmatch(name):
        raise ValueError(f"{name!r} is no id of a check; write one like P1-readme")

    def made(find: Find) -> AuditCheck:
        sentence = (find.__doc__ or "").partition("\n")[0].strip()
        return AuditCheck(name, sentence, find, recommended)

    return made
