"""Definite assignment: whether a name is certainly bound when it is read."""

from __future__ import annotations

import ast
import builtins

from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.library.exceptions import knowledge
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding, BindingKind, Scope, ScopeKind
from pymodernize_codemods._exceptions.kinds import Kinds

_ALWAYS_BIND = (
    ast.Assign,
    ast.AnnAssign,
    ast.AugAssign,
    ast.Import,
    ast.ImportFrom,
    ast.FunctionDef,
    ast.AsyncFunctionDef,
    ast.ClassDef,
    ast.With,
    ast.AsyncWith,
)
_GIVEN = frozenset("__name__ __file__ __doc__ __package__ __spec__ __loader__ __builtins__ __debug__ __class__".split())


class Bound:
    """Definite assignment for the names of one module.

    Args:
        module: the module.
        kinds: infers the kinds of its expressions.
    """

    def __init__(self, module: Module, kinds: Kinds) -> None:
        self.module = module
        self.kinds = kinds
        self._first_calls: int | None = None

    def is_certain(self, name: ast.Name) -> bool:
        """Whether reading a name cannot raise a NameError."""
        found = self.module.scope(name).lookup(name.id)
        if found is None:
            return hasattr(builtins, name.id) and name.id != "WindowsError" or name.id in _GIVEN
        owner, bindings = found
        if owner.kind is ScopeKind.MODULE and hasattr(builtins, name.id):
            return all(binding.kind is not BindingKind.DELETE for binding in bindings)
        if any(binding.kind is BindingKind.DELETE for binding in bindings):
            return False
        if self._is_unbound_by_handler(name, bindings):
            return False
        return any(self._binds_before(name, owner, binding) for binding in bindings)

    def _is_unbound_by_handler(self, name: ast.Name, bindings: list[Binding]) -> bool:
        """Whether the end of an ``except ... as name`` handler, which deletes its name, may have unbound a name."""
        around = list(self.module.ancestors(name))
        return any(binding.kind is BindingKind.EXCEPT and binding.node not in around for binding in bindings)

    def _binds_before(self, name: ast.Name, owner: Scope, binding: Binding) -> bool:
        if binding.kind in {BindingKind.PARAMETER, BindingKind.TYPE_PARAMETER}:
            return True
        if binding.kind is BindingKind.EXCEPT:
            return True  # the read is inside of the handler
        if owner.kind is ScopeKind.COMPREHENSION:
            return True
        here = self.module.scope(name)
        while here.kind is ScopeKind.COMPREHENSION and here.parent is not None:
            here = here.parent
        if here is owner:
            return self._precedes(binding.node, name)
        return self._is_set_up(owner, binding, name)

    def _precedes(self, node: ast.AST, name: ast.Name) -> bool:
        """Whether a statement of the same scope that precedes the read certainly binds the name."""
        statement = self._statement(node)
        if isinstance(self.module.parent(node), ast.NamedExpr):
            return False
        if isinstance(statement, (ast.For, ast.AsyncFor)):
            # The target is certainly bound within the loop only.
            return statement in self.module.ancestors(name) and not self._is_in(name, statement.iter)
        if isinstance(statement, (ast.With, ast.AsyncWith)) and statement in self.module.ancestors(name):
            return not any(self._is_in(name, item.context_expr) for item in statement.items)
        around: ast.AST | None = name
        parent = self.module.parent(name)
        while around is not None and parent is not None:
            if isinstance(around, ast.stmt):
                block, place = self.module.place(around)
                for number in range(place):
                    self.module.spend()
                    if self._always_binds(block[number], name.id):
                        return True
            if isinstance(parent, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                return False
            around, parent = parent, self.module.parent(parent)
        return False

    def _always_binds(self, statement: ast.stmt, name: str) -> bool:
        """Whether every path through a statement binds a name."""
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return statement.name == name
        if isinstance(statement, (ast.Import, ast.ImportFrom)):
            return any((alias.asname or alias.name.partition(".")[0]) == name for alias in statement.names)
        if isinstance(statement, (ast.Assign, ast.AnnAssign, ast.AugAssign)):
            if isinstance(statement, ast.AnnAssign) and statement.value is None:
                return False
            targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
            return any(_stores(target, name) for target in targets)
        if isinstance(statement, (ast.With, ast.AsyncWith)):
            if any(item.optional_vars is not None and _stores(item.optional_vars, name) for item in statement.items):
                return True
            return all(map(self._lets_errors_out, statement.items)) and self._bind(statement.body, name)
        if isinstance(statement, ast.If):
            return bool(statement.orelse) and all(
                self._bind(block, name) for block in (statement.body, statement.orelse)
            )
        if isinstance(statement, ast.Try):
            if self._bind(statement.finalbody, name):
                return True
            ways = [[*statement.body, *statement.orelse], *(handler.body for handler in statement.handlers)]
            return all(self._bind(block, name) for block in ways)
        return False

    def _lets_errors_out(self, item: ast.withitem) -> bool:
        """Whether a context manager certainly suppresses no exception, as those with a row for ``__exit__`` do."""
        types = self.kinds.of(item.context_expr)
        return bool(types) and all(knowledge().method(type_.name, "__exit__") for type_ in types)

    def _bind(self, block: list[ast.stmt], name: str) -> bool:
        """Whether every path to the end of a suite binds a name; True if there is no such path."""
        if not self.module.completions.completes(block):
            return True
        return any(self._always_binds(item, name) for item in block)

    def _statement(self, node: ast.AST) -> ast.stmt:
        return self.module.statement(node)

    def _is_in(self, node: ast.AST, expr: ast.AST) -> bool:
        return node is expr or any(item is expr for item in self.module.ancestors(node))

    def _is_set_up(self, owner: Scope, binding: Binding, name: ast.Name) -> bool:
        """Whether a name of an enclosing scope is bound before any function that reads it can be called."""
        statement = self._statement(binding.node)
        if self.module.parent(statement) is not owner.node or not isinstance(statement, _ALWAYS_BIND):
            return False
        if owner.kind is not ScopeKind.MODULE:
            function = self._child_of(owner, name)
            return function is not None and statement.lineno < function.lineno
        top = self.module.top_level(name)
        return statement.lineno < top.lineno or statement.lineno < self._first_call()

    def _child_of(self, owner: Scope, name: ast.Name) -> ast.stmt | None:
        """The statement of a function's body that contains a name of a nested function; None if none does."""
        node: ast.AST = name
        for parent in self.module.ancestors(name):
            if parent is owner.node:
                return node if isinstance(node, ast.stmt) else None
            node = parent
        return None

    def _first_call(self) -> int:
        """The line of the first statement at module level that may call a function of the module."""
        if self._first_calls is None:
            self._first_calls = next(
                (item.lineno for item in self.module.tree.body if self._may_call(item)),
                len(self.module.source.line_starts) + 1,
            )
        return self._first_calls

    def _may_call(self, statement: ast.stmt) -> bool:
        for node in own_nodes(statement):
            if isinstance(node, ast.Call) and not self._is_harmless(node):
                return True
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node.decorator_list:
                return True
        return False

    def _is_harmless(self, call: ast.Call) -> bool:
        """Whether a call is of a library function and no function or class of the module is passed to it."""
        if self.module.qualified_name(call.func) is None:
            return False
        names = [node for arg in (*call.args, *call.keywords) for node in ast.walk(arg) if isinstance(node, ast.Name)]
        own = (binding for name in names for binding in self.module.index.scope.bindings.get(name.id, ()))
        return all(binding.kind not in {BindingKind.FUNCTION, BindingKind.CLASS} for binding in own)


def _stores(target: ast.expr, name: str) -> bool:
    return any(
        isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store) for node in ast.walk(target)
    )
