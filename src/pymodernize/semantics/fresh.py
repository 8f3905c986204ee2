"""Fresh names for rewrites: unused in the module, and different for different rewrites of a round."""

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
    """Gives fresh names to the rewrites of one round; a module has one instance, :attr:`Module.fresh`.

    Requests for the same purpose get the same name, those for different
    purposes different names, unless the two are for disjoint parts of the
    module.

    Args:
        module: the module before the round.
    """

    def __init__(self, module: Named) -> None:
        self.module = module
        self._given: dict[str, list[tuple[Hashable, ast.AST]]] = {}

    def name(self, wanted: Iterable[str], purpose: Hashable, *, taken: Collection[str] = ()) -> str | None:
        """A fresh name for the module scope, which may be read anywhere.

        Args:
            wanted: the names to choose from, the best first.
            purpose: what it is for; those who name the same share one name.
            taken: further names that are not to be chosen.

        Returns:
            The first that is unused in the module; None if there is none.
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
        """A fresh name for a variable that is bound and read within one part of the module: a loop, a function.

        Args:
            wanted: the names to choose from, the best first.
            purpose: what it is for; those who name the same share one name.
            bound: a node where it is bound.
            inside: the part; each of its reads is in there, and follows a
                binding in there.
            reads: the nodes where it is read.
            goes: whether the same rewrite removes a binding, so that it
                does not count.

        Returns:
            The first that captures no read of the module, and that resolves
            to the new binding at each of ``reads``; None if there is none.
        """
        scope = self.module.scope(bound)
        readers = [self.module.scope(read) for read in reads]
        free = (name for name in wanted if self._is_free(name, scope, readers, goes))
        return self._first(free, purpose, inside)

    def reserve(self, name: str, purpose: Hashable) -> bool:
        """Reserve a name of the module scope that the caller knows to be unused.

        Args:
            name: the name.
            purpose: what it is for.

        Returns:
            False if it is given to another purpose.
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
        """Whether two parts of the module are disjoint."""
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
                return False  # the read would resolve to that one
        # A binding of an enclosing scope may be read in here, where the new one would shadow it.
        return not any(stays(where) for where in around)


def _outward(scope: Scope | None) -> Iterator[Scope]:
    while scope is not None:
        yield scope
        scope = scope.parent
