"""The expression by which a module can refer to something of another module, and the import that it needs."""

from __future__ import annotations

import ast
import builtins
import sys
from dataclasses import dataclass
from functools import cache
from importlib.machinery import PathFinder
from typing import TYPE_CHECKING

from pymodernize.reasons import Reason
from pymodernize.semantics.scopes import BindingKind, ScopeKind
from pymodernize.semantics.shadowing import hider

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


@dataclass(frozen=True)
class Reference:
    """An expression for a name of another module.

    Attributes:
        qualified: the qualified name: ``logging``, ``pathlib.Path``.
        expression: the source of the expression.
        statement: the import to add; None if there is one.
    """

    qualified: str
    expression: str
    statement: str | None = None


class NameTaken(ValueError):
    """The module leaves no name for an import; the message says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(Reason("no-name", reason))


def reference(module: Module, qualified: str, at: ast.AST) -> Reference:
    """Find or plan the import of ``qualified`` for a use at a node.

    An import that is certainly executed before the use is reused. A new one
    binds the plain name, or one with an underscore if the plain name is used
    in the module.

    Raises:
        NameTaken: the file stands beside a module that hides the one asked
            for, or every name is taken.
    """
    home, _, name = qualified.rpartition(".")
    root = (home or qualified).partition(".")[0]
    if root in module.facts.beside and root in sys.stdlib_module_names:
        raise NameTaken(f"{root}.py beside this file hides the library's {root}")
    present = _present(module, qualified, at)
    if present is not None:
        return Reference(qualified, present)
    if (hidden := hider(module, root)) is not None:
        raise NameTaken(f"{hidden}.py hides the library's {hidden}, which {root} needs")
    plain = name if home else qualified
    for local in (plain, f"_{plain}"):
        if _is_free(module, local, qualified) and module.fresh.reserve(local, ("import", qualified)):
            renamed = f" as {local}" if local != plain else ""
            statement = f"from {home} import {name}{renamed}" if home else f"import {qualified}{renamed}"
            return Reference(qualified, local, statement)
    raise NameTaken(f"the names {plain} and _{plain} are taken in this file")


def module_reference(module: Module, qualified: str, at: ast.AST) -> Reference:
    """Find or plan ``import a.b`` for uses of ``a.b``, whose names are then read as its attributes.

    Args:
        module: the module.
        qualified: the qualified name of a module of the library.
        at: the use.

    Raises:
        NameTaken: as :func:`reference`.
    """
    root = qualified.partition(".")[0]
    present = _present(module, qualified, at)
    hidden = hider(module, root)
    beside = root in module.facts.beside and root in sys.stdlib_module_names
    if present is None and hidden is None and not beside and root != qualified:
        if _is_free(module, root, root) and module.fresh.reserve(root, ("import", root)):
            return Reference(qualified, qualified, f"import {qualified}")
    return reference(module, qualified, at)


def _present(module: Module, qualified: str, at: ast.AST) -> str | None:
    """The expression by an existing import that is certainly executed before ``at``; None if there is none."""
    scope = module.scope(at)
    for prefix in _prefixes(qualified):
        for local, bindings in module.names.imported.get(prefix, ()):
            found = scope.lookup(local)
            if found is None or found[0] is not module.index.scope or not module.names.stars_are_known(found[0]):
                continue
            if module.names.has_star_import_after(found[0], bindings):
                continue
            if any(
                _loads(binding.node, prefix, qualified) and _has_run(module, binding.node, at) for binding in bindings
            ):
                return local + qualified[len(prefix) :]
    return None


def _prefixes(qualified: str) -> list[str]:
    """All prefixes of a dotted name, the longest first."""
    steps = qualified.split(".")
    return [".".join(steps[:length]) for length in range(len(steps), 0, -1)]


def _loads(alias: ast.AST, bound: str, qualified: str) -> bool:
    """Whether an import of a package or module also loads the submodule that contains a qualified name."""
    home = _home(qualified)
    loaded = alias.name if isinstance(alias, ast.alias) and bound.startswith(alias.name.partition(".")[0]) else bound
    return any(f"{name}.".startswith(f"{home}.") for name in (bound, loaded))


@cache
def _home(qualified: str) -> str:
    """The innermost module of a qualified name, by the files of the library; nothing is imported."""
    steps = qualified.split(".")
    if steps[0] not in sys.stdlib_module_names:
        return ".".join(steps[:-1]) or qualified
    places = None
    for length in range(1, len(steps) + 1):
        spec = PathFinder.find_spec(".".join(steps[:length]), places)
        if length > 1 and spec is None:
            return ".".join(steps[: length - 1])
        places = spec.submodule_search_locations if spec is not None else None
        if places is None:
            return ".".join(steps[:length])
    return qualified


def _has_run(module: Module, alias: ast.AST, at: ast.AST) -> bool:
    """Whether a module-level import is certainly executed before a node."""
    statement = module.parent(alias)
    if statement is None or not isinstance(module.parent(statement), ast.Module):
        return False
    # A function can be called by statements after its definition only.
    return getattr(statement, "lineno", 0) < module.top_level(at).lineno


def _is_free(module: Module, local: str, qualified: str) -> bool:
    """Whether a new module-level import may take the name ``local``."""
    if local in module.unresolved:
        return False  # a read that raises NameError must still raise it
    if hasattr(builtins, local):
        return False  # reads of the builtin must still resolve to it
    if local not in module.identifiers:
        return True
    scopes = [module.index.scope, *module.index.scopes.values()]
    for scope in scopes:
        for binding in scope.bindings.get(local, ()):
            same = binding.kind is BindingKind.IMPORT and binding.target == qualified
            if not same or scope.kind is ScopeKind.CLASS:
                return False
    return not any(local in scope.global_names for scope in scopes)
