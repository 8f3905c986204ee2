"""One thing that a block does, with what it can raise."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Operation:
    """An operation and what it contributes to the set of its block.

    Attributes:
        node: where it is.
        what: it in a few words.
        types: the exception classes that it raises in operation.
        unknown: why these may not be all; empty if they are.
        ends: why it may end the script on purpose, other than by an exception
            of ``types``; empty if it does not.
        trusts: the callable of a third-party package whose documentation the
            types are from; empty if nothing has to be taken on trust.
        assumes: the assumptions, by name, under which it raises no more than ``types``.
    """

    node: ast.AST
    what: str
    types: frozenset[str] = frozenset()
    unknown: str = ""
    ends: str = ""
    trusts: str = ""
    assumes: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Summary:
    """What a function can raise when it is called: the operations of its body taken together."""

    types: frozenset[str] = frozenset()
    unknown: str = ""
    ends: str = ""
    trusts: str = ""
    assumes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, operations: Iterable[Operation]) -> Summary:
        """The operations as one.

        Of several reasons the first stays, so that a recursion comes to rest.
        """
        types: frozenset[str] = frozenset()
        assumes: frozenset[str] = frozenset()
        unknown = ends = trusts = ""
        for item in operations:
            types |= item.types
            assumes |= item.assumes
            unknown = unknown or item.unknown
            ends = ends or item.ends
            trusts = trusts or item.trusts
        return cls(types, unknown, ends, trusts, assumes)

    def at(self, node: ast.AST, what: str) -> Operation:
        """The call that has this summary."""
        return Operation(node, what, self.types, self.unknown, self.ends, self.trusts, self.assumes)


NOTHING = Summary()
