"""The names that rewrites bring into a module: each means nothing there yet, and no two rewrites take the same."""

from __future__ import annotations

import ast
import builtins
import keyword
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from typing import TYPE_CHECKING

from pymodernize.semantics.scopes import Binding, Scope

if TYPE_CHECKING:
    from pymodernize.semantics.named import Named


class FreshNames:
    """Gives the rewrites of one round the names that they bring; a module has one, by :attr:`Module.fresh`.

    Who asks twice for the same thing gets the same name. Whoever asks for
    something else gets another one, unless the two can never be seen together.

    Args:
        module: the module before the round.
    """

    def __init__(self, module: Named) -> None:
        self.module = module
        self._given: dict[str, list[tuple[Hashable, ast.AST]]] = {}

    def name(self, wanted: Iterable[str], purpose: Hashable, *, taken: Collection[str] = ()) -> str | None:
        """A name for a variable, function or class of the module itself, which may be read anywhere.

        Args:
            wanted: the names to choose from, the best first.
            purpose: what it is for; those who name the same share one name.
            taken: further names that are not to be chosen.

        Returns:
            The first that nothing in the module has; None if there is none.
        """
        unused = (name for name in wanted if name not in taken and self._means_nothing(name))
        return self._first(unused, purpose, self.module.tree)

    def local_name(
        self,
        wanted: Iterable[str],
        purpose: Hashable,
        *,
        bound: ast.AST,
        inside: ast.AST,
        reads: Iterable[ast.AST],
        goes: Callable[[Binding], bool] = lambda _: False,
    ) -> str | None:
        """A name for a variable that one part of the module binds and reads: a loop, a function, the module's body.

        Args:
            wanted: the names to choose from, the best first.
            purpose: what it is for; those who name the same share one name.
            bound: a node where it is bound.
            inside: the part; each of its reads is in there, and follows a
                binding in there.
            reads: the nodes where it is read.
            goes: tells the bindings that the same rewrite takes away: what
                only they have bound is free.

        Returns:
            The first that no read would take for something else, and that no
            read of the module means so far; None if there is none.
        """
        scope = self.module.scope(bound)
        readers = [self.module.scope(read) for read in reads]
        free = (name for name in wanted if self._is_free(name, scope, readers, goes))
        return self._first(free, purpose, inside)

    def reserve(self, name: str, purpose: Hashable) -> bool:
        """Take a name for the module itself, as :meth:`name` does, of which it is known that it can be had.

        Args:
            name: the name.
            purpose: what it is for.

        Returns:
            False if somebody else has been given it.
        """
        return self._first((name,), purpose, self.module.tree) is not None

    def _first(self, names: Iterable[str], purpose: Hashable, inside: ast.AST) -> str | None:
        for name in names:
            given = self._given.setdefault(name, [])
            if all(other == purpose or self._apart(inside, part) for other, part in given):
                if (purpose, inside) not in given:
                    given.append((purpose, inside))
                return name
        return None

    def _apart(self, one: ast.AST, other: ast.AST) -> bool:
        """Whether no code is in both of two parts of the module."""
        if isinstance(one, ast.Module) or isinstance(other, ast.Module) or one is other:
            return False
        return one not in self.module.ancestors(other) and other not in self.module.ancestors(one)

    def _means_nothing(self, name: str) -> bool:
        return name not in self.module.identifiers and not hasattr(builtins, name) and not keyword.iskeyword(name)

    def _is_free(self, name: str, scope: Scope, readers: Iterable[Scope], goes: Callable[[Binding], bool]) -> bool:
        if hasattr(builtins, name) or keyword.iskeyword(name) or name in self.module.unresolved:
            return False
        if any(name in brought for _, brought in self.module.facts.star_names):
            return False

        def stays(where: Scope) -> bool:
            if name in where.global_names or name in where.nonlocal_names:
                return True
            return any(not goes(binding) for binding in where.bindings.get(name, ()))

        around = set(_outward(scope))
        for reader in readers:
            if any(stays(where) for where in _outward(reader) if where not in around):
                return False  # the read would mean that one
        # One that is bound further out may be read in here, where the new one would hide it.
        return not any(stays(where) for where in around)


def _outward(scope: Scope | None) -> Iterator[Scope]:
    while scope is not None:
        yield scope
        scope = scope.parent
