"""Which names a module may read before they are bound, while its body is executed.

An abstract interpretation: for each statement that is reachable from the
module's body, the variables of the module that are bound on every path to it.
A call of a function of the module runs its body; a function that is used as a
value may be called by any later call.
"""

from __future__ import annotations

import ast
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, TypeAlias

from pymodernize.semantics.flow import TRIES
from pymodernize.semantics.scopes import BindingKind, Scope

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"
_State: TypeAlias = "frozenset[str] | None"
"""The names that are bound on every path to a point; None for an unreachable one."""

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
# Statements that may not execute all of their suites.
_UNCERTAIN = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.Match, *TRIES)
_NOTHING: frozenset[str] = frozenset()
_NEVER_CERTAIN = frozenset({BindingKind.DELETE, BindingKind.ATTRIBUTE, BindingKind.EXCEPT})


def unbound_reads(module: Module) -> frozenset[ast.Name]:
    """The reads of the module's own variables that may be executed before these are bound.

    Args:
        module: the module.

    Returns:
        Reads in its body, and in functions that its body may call too early.
    """
    return module.once(_Interpretation).found


class _Interpretation:
    """The abstract interpretation of a module's body, with the calls of its own functions."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.scope = module.index.scope
        self.reads: dict[ast.stmt, list[ast.Name]] = defaultdict(list)
        """By statement, its own reads of those names that are in doubt."""
        self.names: dict[ast.stmt, list[ast.AST]] = defaultdict(list)
        """By statement, the functions and classes of this file that it refers to."""
        self.after: dict[tuple[ast.AST, frozenset[str]], _State] = {}
        self.returned: list[list[frozenset[str]]] = []
        self.kept: dict[ast.AST, None] = {}
        self.unbound: set[ast.Name] = set()
        self.bound = self.bindings()
        every = (binding for bindings in self.scope.bindings.values() for binding in bindings)
        self.handlers = {binding.node for binding in every if binding.kind is BindingKind.EXCEPT}
        reads = self.own_reads()
        doubtful = set(self.in_doubt(reads))
        for name in doubtful:
            for node in reads[name]:
                self.reads[module.statement(node)].append(node)
        if doubtful:
            self.note_functions()
            self.calls = self.calling()
            self.block(module.tree.body, frozenset())
        self.found = frozenset(self.unbound)

    # --- preparing ---------------------------------------------------------------------------------------------

    def own_reads(self) -> dict[str, list[ast.Name]]:
        """The reads of each of the module's variables, wherever they are."""
        names = self.scope.bindings
        found: dict[str, list[ast.Name]] = defaultdict(list)
        for node, where in self.module.index.loads.items():
            if node.id in names:
                known = where.lookup(node.id)
                if known is not None and known[0] is self.scope:
                    found[node.id].append(node)
        return found

    def in_doubt(self, reads: dict[str, list[ast.Name]]) -> Iterator[str]:
        """The names that no statement of the body certainly binds above all their reads."""
        first: dict[str, int] = {}
        body = self.module.tree.body
        for statement in body:
            if not isinstance(statement, _UNCERTAIN):
                for name in self.bound.get(statement, ()):
                    first.setdefault(name, statement.lineno)
        starts = [statement.lineno for statement in body]
        deleted = {node.id for node in self.module.nodes(ast.Name) if isinstance(node.ctx, ast.Del)}
        for name, nodes in reads.items():
            line = first.get(name)
            if line is None or name in deleted:
                yield name
            elif any(starts[max(0, bisect_right(starts, node.lineno) - 1)] <= line for node in nodes):
                yield name

    def note_functions(self) -> None:
        """Record which functions and classes of this file each statement refers to."""
        defined: dict[tuple[Scope, str], list[ast.AST]] = {}
        for node, where in self.module.index.loads.items():
            known = where.lookup(node.id)
            if known is None:
                continue
            owner, bindings = known
            if (owner, node.id) not in defined:
                found = [binding.node for binding in bindings]
                defined[owner, node.id] = [item for item in found if isinstance(item, (*_FUNCTIONS, ast.ClassDef))]
            if functions := defined[owner, node.id]:
                self.names[self.module.statement(node)] += functions

    def bindings(self) -> dict[ast.stmt, set[str]]:
        """By statement, the module's variables that it certainly binds, without its suites."""
        found: dict[ast.stmt, set[str]] = defaultdict(set)
        for name, bindings in self.scope.bindings.items():
            for binding in bindings:
                if binding.kind not in _NEVER_CERTAIN:
                    statement = self.module.statement(binding.node)
                    if not isinstance(statement, ast.AnnAssign) or statement.value is not None:
                        found[statement].add(name)
        return found

    def calling(self) -> set[ast.stmt]:
        """The statements that contain calls, without their suites; a decorated definition calls its decorators."""
        found = {self.module.statement(call) for call in self.module.nodes(ast.Call)}
        definitions = [*self.module.nodes(*_FUNCTIONS), *self.module.nodes(ast.ClassDef)]
        return found | {item for item in definitions if item.decorator_list}

    # --- running -----------------------------------------------------------------------------------------------

    def block(self, block: Iterable[ast.stmt], state: _State) -> _State:
        """The names that are bound after a suite."""
        for statement in block:
            if state is None:
                return None
            state = self.statement(statement, state)
        return state

    def statement(self, statement: ast.stmt, state: frozenset[str]) -> _State:
        """The names that are bound after a statement; reads of unbound names are recorded."""
        state = self.evaluated(statement, state)
        if isinstance(statement, TRIES):
            return self.tried(statement, state)
        match statement:
            case ast.If():
                return _joined([self.block(statement.body, state), self.block(statement.orelse, state)])
            case ast.For() | ast.AsyncFor() | ast.While():
                self.block(statement.body, state | self.bound.get(statement, _NOTHING))
                self.block(statement.orelse, state)
                return state  # there may be no iteration that binds anything
            case ast.With() | ast.AsyncWith():
                return self.block(statement.body, state | self.bound.get(statement, _NOTHING))
            case ast.Match():
                return _joined([state, *(self.block(case.body, state) for case in statement.cases)])
            case ast.ClassDef():
                self.block(statement.body, state)
            case ast.Return():
                if self.returned:
                    self.returned[-1].append(state)
                return None
            case ast.Raise() | ast.Break() | ast.Continue():
                return None
            case ast.Expr(value=value) if not self.module.completions.comes_back(value):
                return None
            case ast.Delete(targets=targets):
                return state - {item.id for item in targets if isinstance(item, ast.Name)}
        return state | self.bound.get(statement, _NOTHING)

    def tried(self, statement: ast.Try, state: frozenset[str]) -> _State:
        """The names that are bound after a ``try``; its handlers may start before the body has bound anything."""
        done = self.block(statement.body, state)
        if done is not None:
            done = self.block(statement.orelse, done)
        ends = [done]
        for handler in statement.handlers:
            own = {handler.name} if handler in self.handlers and handler.name else _NOTHING
            ends.append(self.block(handler.body, state | own))
        after = _joined(ends)
        last = self.block(statement.finalbody, state)
        return None if after is None or last is None else after | last

    def evaluated(self, statement: ast.stmt, state: frozenset[str]) -> frozenset[str]:
        """The names that are bound after a statement's own expressions; reads of unbound names are recorded."""
        self.unbound.update(name for name in self.reads.get(statement, ()) if name.id not in state)
        named = self.names.get(statement, ())
        if not named and not self.kept:
            return state
        if statement not in self.calls:
            self.kept.update(dict.fromkeys(named))  # in a table, perhaps
            return state
        for item in list(self.kept):
            self.called(item, state)
        for item in named:
            after = self.called(item, state)
            state = state if after is None else after
        return state

    def called(self, item: ast.AST, state: frozenset[str]) -> _State:
        """The names that are bound after a call of a function; a call of a class may run any of its methods."""
        if (item, state) in self.after:
            return self.after[item, state]
        self.after[item, state] = state  # a recursive call adds nothing to the outer one
        after: _State = state
        if isinstance(item, ast.ClassDef):
            for method in item.body:
                if isinstance(method, _FUNCTIONS):
                    self.called(method, state)
        elif isinstance(item, _FUNCTIONS):
            self.returned.append([])
            end = self.block(item.body, state)
            after = _joined([end, *self.returned.pop()])
        self.after[item, state] = after
        return after


def _joined(states: Iterable[_State]) -> _State:
    """The join of states: the names that are bound on all of the paths."""
    found: _State = None
    for state in states:
        if state is not None:
            found = state if found is None else found & state
    return found
