"""Operations of a block with what they can raise, and their union for a whole function."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Ending:
    """Why code may end the script on purpose, other than by an exception that is known of it.

    Attributes:
        why: the reason, for a person.
        by_package: whether nothing but code of an installed package can do so.
    """

    why: str
    by_package: bool = False


@dataclass(frozen=True)
class Operation:
    """One operation and the exceptions that it can raise.

    Attributes:
        node: where it is.
        what: a short description of it.
        types: the exception classes that it raises in operation.
        unknown: why these may not be all; empty if they are.
        ends: how it may end the script on purpose, other than by an exception
            of ``types``; None if it does not.
        trusts: the callable of a third-party package from whose documentation
            the types are; empty if they are verified by tests.
        assumes: the assumptions, by name, under which it raises no more than ``types``.
    """

    node: ast.AST
    what: str
    types: frozenset[str] = frozenset()
    unknown: str = ""
    ends: Ending | None = None
    trusts: str = ""
    assumes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Summary:
    """What a function can raise when it is called: the union over the operations of its body."""

    types: frozenset[str] = frozenset()
    unknown: str = ""
    ends: Ending | None = None
    trusts: str = ""
    assumes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, operations: Iterable[Operation]) -> Summary:
        """The union of operations.

        Of several reasons the first is kept, so that the fixpoint iteration
        ends; an ending that only a package can cause yields to another one.
        """
        types: frozenset[str] = frozenset()
        assumes: frozenset[str] = frozenset()
        unknown = trusts = ""
        ends: Ending | None = None
        for item in operations:
            types |= item.types
            assumes |= item.assumes
            unknown = unknown or item.unknown
            # Who accepts that packages do not end the script still has to know of other ways.
            ends = item.ends if ends is None or ends.by_package and item.ends is not None else ends
            trusts = trusts or item.trusts
        return cls(types, unknown, ends, trusts, assumes)

    def at(self, node: ast.AST, what: str) -> Operation:
        """The operation of a call that can raise what this summary has."""
        return Operation(node, what, self.types, self.unknown, self.ends, self.trusts, self.assumes)


NOTHING = Summary()
