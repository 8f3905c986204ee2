"""Resolution of a module's names to qualified names of other modules, where it is certain."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterator
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING

from pymodernize.semantics import replacing
from pymodernize.semantics.library.bindings import STAR_SHADOWS
from pymodernize.semantics.scopes import Binding, BindingKind, Scope, ScopeKind

if TYPE_CHECKING:
    from pymodernize.semantics.project import ProjectFacts
    from pymodernize.semantics.tree import Tree

_IMPORTS = (ast.Import, ast.ImportFrom)


class Names:
    """Resolves the names and attributes of one module, on demand."""

    def __init__(self, tree: Tree, facts: ProjectFacts) -> None:
        self.tree = tree
        self.facts = facts
        self._known: dict[ast.expr, str | None] = {}
        self._bound: dict[tuple[Scope, str], ast.expr | str | None] = {}

    def qualified(self, expr: ast.AST) -> str | None:
        """The dotted name of what an expression refers to; see :meth:`Module.qualified_name`."""
        if not isinstance(expr, (ast.Name, ast.Attribute)):
            return None
        if expr not in self._known:
            self._follow(expr)
        return self._known[expr]

    def _follow(self, expr: ast.Name | ast.Attribute) -> None:
        """Resolve an expression and all aliases on the way; iterative, as chains of aliases may be long."""
        passed: list[ast.Name | ast.Attribute] = []
        step: ast.expr | str | None = expr
        while isinstance(step, (ast.Name, ast.Attribute)) and step not in self._known:
            self._known[step] = None  # an alias of itself does not resolve
            passed.append(step)
            step = step.value if isinstance(step, ast.Attribute) else self._of_name(step)
        if isinstance(step, (ast.Name, ast.Attribute)):
            meaning = self._known[step]
        else:
            meaning = step if isinstance(step, str) else None
            if passed and isinstance(passed[-1], ast.Name):
                self._known[passed.pop()] = meaning
        for item in reversed(passed):
            if isinstance(item, ast.Attribute):
                meaning = f"{meaning}.{item.attr}" if meaning is not None else None
            elif meaning is not None and self.is_replaced(meaning):
                meaning = None  # sys.stdout may have another value when the alias is used
            self._known[item] = meaning

    def _of_name(self, expr: ast.Name) -> ast.expr | str | None:
        """What a plain name refers to: a qualified name, or the expression that it is an alias of; None if unknown."""
        scope = self.tree.scope(expr)
        found = scope.lookup(expr.id)
        if found is None:
            return self._builtin(expr.id, scope)
        owner, bindings = found
        if self._shows_through(expr.id, owner) and not self._bound_before(expr, owner, bindings):
            return None
        if (owner, expr.id) not in self._bound:
            self._bound[owner, expr.id] = self._of_bindings(owner, bindings)
        return self._bound[owner, expr.id]

    def _of_bindings(self, owner: Scope, bindings: list[Binding]) -> ast.expr | str | None:
        """What a name with some bindings refers to; the result is as for :meth:`_of_name`."""
        if any(binding.kind is not BindingKind.IMPORT for binding in bindings):
            return self._alias(owner, bindings)
        targets = {binding.target for binding in bindings}
        if len(targets) != 1 or self.has_star_import_after(owner, bindings):
            return None
        target = targets.pop() or ""
        root = target.partition(".")[0]
        # A file beside a script shadows the library's module of that name.
        return None if root in self.facts.beside and root in sys.stdlib_module_names else target

    def _shows_through(self, name: str, owner: Scope) -> bool:
        """Whether a read before the name's binding resolves elsewhere: to a builtin, a global, a star import."""
        if owner.kind is ScopeKind.CLASS:
            return True
        return owner.kind is ScopeKind.MODULE and (hasattr(builtins, name) or bool(owner.star_imports))

    def _bound_before(self, name: ast.Name, owner: Scope, bindings: list[Binding]) -> bool:
        """Whether a statement of a scope's own body certainly binds a name before a read of it."""
        read: ast.AST | None = name
        while read is not None and self.tree.index.parent.get(read) is not owner.node:
            read = self.tree.index.parent.get(read)
        for binding in bindings:
            statement = self.tree.statement(binding.node)
            if self.tree.index.parent.get(statement) is owner.node and isinstance(statement, (*_IMPORTS, ast.Assign)):
                return read is not None and statement.lineno < getattr(read, "lineno", 0)
        return False

    def _builtin(self, name: str, scope: Scope) -> str | None:
        if not hasattr(builtins, name):
            return None
        here: Scope | None = scope
        while here is not None:
            if not self.stars_are_known(here) or any(name in self._star_names(star) for star in here.star_imports):
                return None
            here = here.parent
        return f"builtins.{name}"

    def stars_are_known(self, scope: Scope) -> bool:
        """Whether it is known for every ``import *`` in a scope which builtins it shadows."""
        return all(
            self._is_public_library(star) or _dotted(star) in dict(self.facts.star_names) for star in scope.star_imports
        )

    def _is_public_library(self, star: ast.ImportFrom) -> bool:
        steps = _dotted(star).split(".")
        private = any(step.startswith("_") for step in steps)
        return steps[0] in sys.stdlib_module_names and steps[0] not in self.facts.beside and not private

    def _star_names(self, star: ast.ImportFrom) -> frozenset[str]:
        """The builtins that an ``import *`` shadows; all names that it binds if it is of a module of the project."""
        own = dict(self.facts.star_names).get(_dotted(star))
        return own if own is not None else STAR_SHADOWS.get(star.module or "", frozenset())

    def _alias(self, owner: Scope, bindings: list[Binding]) -> ast.expr | None:
        """The value of ``name = other.name`` if that is the only binding and always executed; else None."""
        if (
            len(bindings) != 1
            or bindings[0].kind is not BindingKind.NAME
            or self.has_star_import_after(owner, bindings)
        ):
            return None
        assign = self.tree.index.parent.get(bindings[0].node)
        if not isinstance(assign, ast.Assign) or self.tree.index.parent[assign] is not owner.node:
            return None
        return assign.value

    @cached_property
    def assigned_attributes(self) -> frozenset[str]:
        """The qualified names of attributes of other modules that this one assigns to: ``sys.stdout``."""
        return replacing.replaced(self.tree)

    def is_replaced(self, qualified: str) -> bool:
        """Whether this module assigns to a name of another module, or to the class or module that contains it."""
        assigned = self.assigned_attributes
        while assigned and qualified not in assigned:
            qualified, dot, _ = qualified.rpartition(".")
            if not dot:
                return False
        return bool(assigned)

    def has_star_import_after(self, scope: Scope, bindings: list[Binding]) -> bool:
        """Whether an ``import *`` may bind a name anew after all of its bindings."""
        if not scope.star_imports:
            return False
        last = max(getattr(binding.node, "lineno", 0) for binding in bindings)
        return any(star.lineno >= last for star in scope.star_imports)

    def calls(self, *qualified_names: str) -> list[ast.Call]:
        """The calls of any of these functions, in document order, also through aliases."""
        wanted = set(qualified_names)
        terminal = {name.rpartition(".")[2] for name in wanted}
        terminal |= self._other_names(terminal)
        by_name = self._calls_by_name
        calls = (item for name in terminal for item in by_name.get(name, ()))
        found = [item for item in calls if self.qualified(item[1].func) in wanted]
        return [call for _, call in sorted(found, key=itemgetter(0))]

    def naming(self, *qualified_names: str) -> Iterator[ast.Name | ast.Attribute]:
        """The names and attributes that refer to any of these, also through aliases; in no order."""
        wanted = set(qualified_names)
        terminal = {name.rpartition(".")[2] for name in wanted}
        terminal |= self._other_names(terminal)
        for name in sorted(terminal):
            for node in self.by_last_name.get(name, ()):
                if self.qualified(node) in wanted:
                    yield node

    @cached_property
    def by_last_name(self) -> dict[str, list[ast.Name | ast.Attribute]]:
        """All names and attributes by their last name, unresolved."""
        found: dict[str, list[ast.Name | ast.Attribute]] = {}
        for node in self.tree.nodes(ast.Name):
            found.setdefault(node.id, []).append(node)
        for node in self.tree.nodes(ast.Attribute):
            found.setdefault(node.attr, []).append(node)
        return found

    def called(self, name: str) -> list[ast.Call]:
        """The calls whose callee has this last name, unresolved: ``name()``, ``x.name()``."""
        return [call for _, call in self._calls_by_name.get(name, ())]

    @cached_property
    def _calls_by_name(self) -> dict[str, list[tuple[int, ast.Call]]]:
        """All calls by the last name of the callee, each with its number in document order."""
        found: dict[str, list[tuple[int, ast.Call]]] = {}
        for number, call in enumerate(self.tree.nodes(ast.Call)):
            func = call.func
            if isinstance(func, ast.Name):
                found.setdefault(func.id, []).append((number, call))
            elif isinstance(func, ast.Attribute):
                found.setdefault(func.attr, []).append((number, call))
        return found

    def _other_names(self, terminal: set[str]) -> set[str]:
        """The local aliases of anything whose last name is one of ``terminal``."""
        aliases = {asname for name in terminal for asname in self._renamed_imports.get(name, ())}
        pending = [*terminal, *aliases]
        while pending:  # an alias of an alias may be bound above it, in a function
            fresh = self._renamed_values.get(pending.pop(), set()) - aliases
            aliases |= fresh
            pending += fresh
        return aliases

    @cached_property
    def _renamed_imports(self) -> dict[str, set[str]]:
        """The local names of ``import ... as``, by the imported name."""
        found: dict[str, set[str]] = {}
        for alias in self.tree.nodes(ast.alias):
            if alias.asname:
                found.setdefault(alias.name, set()).add(alias.asname)
        return found

    @cached_property
    def _renamed_values(self) -> dict[str, set[str]]:
        """The local names that are assigned from a name or attribute, by its last name."""
        found: dict[str, set[str]] = {}
        for assign in self.tree.nodes(ast.Assign):
            value = assign.value
            if isinstance(value, (ast.Name, ast.Attribute)):
                targets = {target.id for target in assign.targets if isinstance(target, ast.Name)}
                found.setdefault(value.id if isinstance(value, ast.Name) else value.attr, set()).update(targets)
        return found

    @cached_property
    def imported(self) -> dict[str | None, list[tuple[str, list[Binding]]]]:
        """The names of the module scope that only imports of a single target bind, by this target."""
        scope = self.tree.index.scope
        found: dict[str | None, list[tuple[str, list[Binding]]]] = {}
        for local, bindings in scope.bindings.items():
            target = bindings[0].target
            if all(binding.kind is BindingKind.IMPORT and binding.target == target for binding in bindings):
                found.setdefault(target, []).append((local, bindings))
        return found


def _dotted(star: ast.ImportFrom) -> str:
    return "." * star.level + (star.module or "")
