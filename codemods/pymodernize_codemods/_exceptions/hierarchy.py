"""The hierarchy of exception classes: of builtins, the library, packages, and the module itself."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable

from pymodernize.semantics.library.exceptions import knowledge
from pymodernize.semantics.module import Module
from pymodernize_codemods._exceptions.most import MOST

OWN = "<own>."
"""Prefix of the name of an exception class that the module itself defines at its top level."""


class Hierarchy:
    """The hierarchy of the exception classes that one module can name."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._own: dict[str, frozenset[str] | None] = {}

    def named(self, expr: ast.expr) -> str | None:
        """The name of the exception class that an expression refers to; None if it is not known to be one.

        Args:
            expr: a name or a chain of attributes.

        Returns:
            A builtin's plain name, the qualified name of another, or ``OWN``
            with the name of a class of the module.
        """
        qualified = self.module.qualified_name(expr)
        if qualified is not None:
            return canonical(qualified)
        definition = self.module.local_class(expr)
        if definition is None or not isinstance(self.module.parent(definition), ast.Module):
            return None
        name = OWN + definition.name
        return name if self.ancestors(name) is not None else None

    def definition(self, name: str) -> ast.ClassDef | None:
        """The definition of the module's class with a name that has the prefix ``OWN``."""
        found = self.module.index.scope.bindings.get(name.removeprefix(OWN), ())
        node = found[0].node if len(found) == 1 else None
        return node if isinstance(node, ast.ClassDef) else None

    def ancestors(self, name: str) -> frozenset[str] | None:
        """A class and all its base classes; None if they are not known."""
        if name.startswith(OWN):
            if name not in self._own:
                self._own[name] = None  # a class that is derived from itself is no exception
                self._own[name] = self._ancestors_of_own(name)
            return self._own[name]
        builtin = getattr(builtins, name, None)
        if isinstance(builtin, type) and issubclass(builtin, BaseException):
            return frozenset(item.__name__ for item in builtin.__mro__ if issubclass(item, BaseException))
        bases = knowledge().exceptions.get(name)
        if bases is None:
            return None
        above = [self.ancestors(base) or frozenset() for base in bases]
        return frozenset({name}).union(*above)

    def _ancestors_of_own(self, name: str) -> frozenset[str] | None:
        definition = self.definition(name)
        if definition is None or not definition.bases or definition.keywords or definition.decorator_list:
            return None
        found = frozenset({name})
        for base in definition.bases:
            parent = self.named(base)
            above = self.ancestors(parent) if parent is not None else None
            if above is None:
                return None
            found |= above
        return found if "BaseException" in found else None

    def is_caught(self, name: str, by: Iterable[str]) -> bool:
        """Whether handlers of some classes catch a class."""
        return not (self.ancestors(name) or frozenset({name})).isdisjoint(by)

    def reduced(self, names: Iterable[str]) -> list[str]:
        """The classes without subclasses of others among them, in the order of their names."""
        wanted = set(names)
        kept = {name for name in wanted if not self.is_caught(name, wanted - {name})}
        return sorted(kept, key=lambda name: ("." in name, name))

    def at_most(self, names: Iterable[str], most: int = MOST) -> list[str] | None:
        """The same, with classes replaced by common bases until they are few enough; None if they stay too many."""
        kept = self.reduced(names)
        for base in ("ValueError", "LookupError", "ArithmeticError"):
            below = [name for name in kept if self.is_caught(name, {base})]
            # Errors of decoding and of parsing are both wrong values, which handlers rarely distinguish.
            if len(below) > 1 and (len(kept) > most or base == "ValueError"):
                kept = self.reduced([*kept, base])
        return kept if len(kept) <= most else None


def canonical(qualified: str) -> str | None:
    """The canonical name of an exception class, without aliases; None if there is no such class in the tables."""
    name = qualified.removeprefix("builtins.")
    name = knowledge().aliases.get(name, name)
    if qualified.startswith("builtins.") or "." not in name:
        found = getattr(builtins, name, None)
        return found.__name__ if isinstance(found, type) and issubclass(found, BaseException) else None
    return name if name in knowledge().exceptions else None
