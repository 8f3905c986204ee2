"""The reads of each binding, the suites of a statement, and the nodes that run with it."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from pymodernize.semantics.scopes import Binding, Index, Scope, ScopeKind

# Methods of containers that add no items: they may remove or reorder them.
_PUT_NOTHING_IN = frozenset("count get index items keys pop remove reverse sort values".split())
# Both kinds of ``try``, of which 3.10 has one.
TRIES = (ast.Try, *((ast.TryStar,) if sys.version_info >= (3, 11) else ()))
_BLOCK_FIELDS = ("body", "handlers", "orelse", "finalbody", "cases")


class Uses:
    """The reads of every name, by the scope that owns it."""

    def __init__(self, index: Index) -> None:
        self._reads: dict[tuple[Scope, str], list[ast.Name]] = {}
        known: dict[tuple[Scope, str], list[list[ast.Name]]] = {}
        for name, scope in index.loads.items():
            key = (scope, name.id)
            if key not in known:
                known[key] = [self._reads.setdefault((owner, name.id), []) for owner in _owners(index, *key)]
            for reads in known[key]:
                reads.append(name)

    def of(self, binding: Binding) -> list[ast.Name]:
        """Every read that may see the binding, in document order."""
        return self._reads.get((binding.scope, binding.name), [])

    def names(self) -> set[str]:
        """Every name that is read anywhere."""
        return {name for _, name in self._reads}


def _owners(index: Index, scope: Scope, name: str) -> Iterator[Scope]:
    """The scopes whose bindings a name may read."""
    found = scope.lookup(name)
    owner = found[0] if found else index.scope
    yield owner
    if owner.kind is ScopeKind.CLASS and owner.parent is not None:
        # Before a class body binds a name, as in ``name = name``, it reads that of the enclosing scopes.
        outer = owner.parent.lookup(name)
        yield outer[0] if outer else index.scope


def blocks(statement: ast.AST) -> Iterator[list[ast.stmt]]:
    """The suites of a compound statement, in document order."""
    for field in _BLOCK_FIELDS:
        value = getattr(statement, field, None)
        if not isinstance(value, list) or not value:
            continue
        if isinstance(value[0], ast.stmt):
            yield value
        else:
            for part in value:
                yield part.body


def own_nodes(root: ast.AST) -> Iterator[ast.AST]:
    """The nodes that are evaluated when ``root`` runs: all but the bodies of functions defined in it."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            stack += [*node.decorator_list, *_defaults(node.args)]
        elif isinstance(node, ast.Lambda):
            stack += _defaults(node.args)
        else:
            stack += ast.iter_child_nodes(node)


def returns_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[ast.Return | ast.Yield | ast.YieldFrom]:
    """The ``return`` and ``yield`` nodes of a function, without those of nested functions."""
    for statement in function.body:
        for node in own_nodes(statement):
            if isinstance(node, (ast.Return, ast.Yield, ast.YieldFrom)):
                yield node


def _defaults(args: ast.arguments) -> list[ast.expr]:
    return [default for default in (*args.defaults, *args.kw_defaults) if default is not None]


def reads_only(name: ast.expr, parent: ast.AST | None, field_owner: ast.AST | None) -> bool:
    """Whether a use of a container can neither add items nor create an alias of it.

    Args:
        name: the read.
        parent: the node around it.
        field_owner: the node around the parent, to tell a method call.
    """
    if isinstance(parent, (ast.For, ast.AsyncFor, ast.comprehension)):
        return parent.iter is name
    if isinstance(parent, ast.Subscript):
        return parent.value is name and isinstance(parent.ctx, ast.Load)
    if isinstance(parent, ast.Call):
        return isinstance(parent.func, ast.Name) and parent.func.id in {"len", "enumerate", "sorted", "print", "str"}
    if isinstance(parent, ast.Attribute):
        return isinstance(field_owner, ast.Call) and parent.attr in _PUT_NOTHING_IN
    if isinstance(parent, ast.BoolOp):
        return isinstance(field_owner, (ast.If, ast.While))  # else ``other = name or []`` hands it on
    return isinstance(parent, (ast.Compare, ast.If, ast.While, ast.FormattedValue, ast.UnaryOp))
