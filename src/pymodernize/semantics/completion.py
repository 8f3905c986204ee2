"""How a run leaves statements: it completes normally, returns, raises, breaks, continues, or ends the process.

The answer follows from the control flow of the statements, and from that of
the functions that they call: the least fixpoint over the call graph. Any
statement may raise in addition; only ``raise`` statements count.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from enum import Flag, auto
from typing import Protocol

from pymodernize.semantics.call_binding import Function
from pymodernize.semantics.flow import TRIES, returns_of
from pymodernize.semantics.library.control_flow import ENDS_PROCESS, LETS_OUT, SYSTEM_EXIT


class Completion(Flag):
    """The ways in which control flow may leave a piece of code; empty if it never does."""

    NORMAL = auto()
    RETURN = auto()
    RAISE = auto()
    BREAK = auto()
    CONTINUE = auto()
    EXIT = auto()


NEVER = Completion(0)
NORMAL = Completion.NORMAL
# The ways that leave a suite, except by an exception or the end of the process.
JUMPS = Completion.RETURN | Completion.BREAK | Completion.CONTINUE
_OF_LOOP = Completion.BREAK | Completion.CONTINUE
_SIMPLE = {
    ast.Break: Completion.BREAK,
    ast.Continue: Completion.CONTINUE,
    ast.Assert: NORMAL | Completion.RAISE,
}
# The completions of a function body that its calls have, too.
_PASSED_ON = Completion.RAISE | Completion.EXIT


class Meanings(Protocol):
    """The interface of name resolution that the analysis needs of a module."""

    def library_name(self, expr: ast.AST) -> str | None:
        """The qualified name of something of another module, unless this module assigns to it."""

    def local_function(self, func: ast.expr) -> Function | None:
        """The function of this module that a name certainly refers to; None if it is not certain."""

    def local_class(self, expr: ast.expr) -> ast.ClassDef | None:
        """The class of this module that a name certainly refers to; None if it is not certain."""


class Completions:
    """The completions of one module's statements and functions.

    Args:
        module: resolves names.
    """

    def __init__(self, module: Meanings) -> None:
        self.module = module
        self._functions: dict[Function, Completion] = {}
        self._callers: dict[Function, set[Function]] = {}
        self._pending: list[Function] = []
        self._at: Function | None = None
        self._generators: dict[Function, bool] = {}
        self._known: dict[ast.stmt, Completion] = {}

    # --- questions ---------------------------------------------------------------------------------------------

    def of(self, block: Sequence[ast.stmt]) -> Completion:
        """The completions of a suite.

        Args:
            block: statements, one after the other.

        Returns:
            An over-approximation: :attr:`Completion.NORMAL` is in it unless
            the end is certainly unreachable.
        """
        found = NORMAL
        for statement in block:
            found = found & ~NORMAL | self.of_statement(statement)
            if NORMAL not in found:
                break
        return found

    def of_statement(self, statement: ast.stmt) -> Completion:
        """The completions of a statement; see :meth:`of`."""
        if statement in self._known:
            return self._known[statement]
        found = self._of_statement(statement)
        if self._at is None:
            self._known[statement] = found
        return found

    def completes(self, block: Sequence[ast.stmt]) -> bool:
        """Whether a suite may complete normally."""
        return NORMAL in self.of(block)

    def of_function(self, function: Function) -> Completion:
        """The completions of a function's body."""
        if function in self._functions:
            return self._functions[function]
        if self._at is not None:  # found while a fixpoint is computed: it takes part in that
            self._functions[function] = NEVER
            self._pending.append(function)
        else:
            self._solve(function)
        return self._functions[function]

    def of_call(self, expr: ast.expr | None) -> Completion:
        """The completions of an expression: normal, unless it is a call that never returns.

        Args:
            expr: an expression; only a call, or an awaited one, is looked at,
                not its operands.
        """
        awaited = isinstance(expr, ast.Await)
        call = expr.value if isinstance(expr, ast.Await) else expr
        if not isinstance(call, ast.Call):
            return NORMAL
        if self.module.library_name(call.func) in ENDS_PROCESS:
            return Completion.EXIT
        function = self.module.local_function(call.func)
        if (
            function is None
            or awaited is not isinstance(function, ast.AsyncFunctionDef)
            or self._is_generator(function)
        ):
            return NORMAL
        found = self.of_function(function)
        if self._at is not None:
            self._callers.setdefault(function, set()).add(self._at)
        comes_back = found & (NORMAL | Completion.RETURN)
        return found & _PASSED_ON | (NORMAL if comes_back else NEVER)

    def comes_back(self, expr: ast.expr | None) -> bool:
        """Whether the evaluation of an expression may complete: it is no call that never returns, as ``sys.exit()``."""
        return NORMAL in self.of_call(expr)

    # --- functions ---------------------------------------------------------------------------------------------

    def _solve(self, function: Function) -> None:
        """Find the least fixpoint for a function and all that it calls, by a work list."""
        self._functions[function] = NEVER
        self._pending = [function]
        try:
            while self._pending:
                self._at = self._pending.pop()
                found = self.of(self._at.body)
                if found != self._functions[self._at]:
                    self._functions[self._at] = found
                    self._pending += self._callers.get(self._at, ())
        finally:
            self._at = None

    def _is_generator(self, function: Function) -> bool:
        """Whether a function is a generator, so that a call does not run its body."""
        if function not in self._generators:
            self._generators[function] = any(not isinstance(node, ast.Return) for node in returns_of(function))
        return self._generators[function]

    # --- statements --------------------------------------------------------------------------------------------

    def _of_statement(self, statement: ast.stmt) -> Completion:
        match statement:
            case ast.Expr() | ast.Assign() | ast.AnnAssign() | ast.AugAssign():
                return self.of_call(statement.value)
            case ast.Return(value=value):
                return _followed(self.of_call(value), Completion.RETURN)
            case ast.Raise():
                return Completion.EXIT if raises_exit(self.module, statement) else Completion.RAISE
        return _SIMPLE[type(statement)] if type(statement) in _SIMPLE else self._of_compound(statement)

    def _of_compound(self, statement: ast.stmt) -> Completion:
        if isinstance(statement, TRIES):
            return self._of_try(statement)
        match statement:
            case ast.If():
                return self._of_if(statement)
            case ast.While(test=test, body=body, orelse=orelse):
                return self._of_loop(body, orelse, endless=_truth(test) is True)
            case ast.For(body=body, orelse=orelse) | ast.AsyncFor(body=body, orelse=orelse):
                return self._of_loop(body, orelse, endless=False)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                found = self.of(body)
                return found if all(map(self._lets_out, items)) else found | NORMAL
            case ast.Match(cases=cases):
                found = _union(self.of(case.body) for case in cases)
                return found if any(map(_takes_all, cases)) else found | NORMAL
            case ast.ClassDef(body=body):
                return self.of(body)
        return NORMAL

    def _of_if(self, statement: ast.If) -> Completion:
        """The completions of an ``if``; iterative, since a chain of ``elif`` may exceed the recursion limit."""
        found = NEVER
        while True:
            value = _truth(statement.test)
            if value is not False:
                found |= self.of(statement.body)
            if value is True:
                return found
            if len(statement.orelse) == 1 and isinstance(statement.orelse[0], ast.If):
                statement = statement.orelse[0]
            else:
                return found | self.of(statement.orelse)

    def _of_loop(self, body: list[ast.stmt], orelse: list[ast.stmt], *, endless: bool) -> Completion:
        inner = self.of(body)
        found = inner & ~_OF_LOOP & ~NORMAL
        if Completion.BREAK in inner:
            found |= NORMAL
        return found if endless else found | self.of(orelse)

    def _of_try(self, statement: ast.Try) -> Completion:
        """The completions of a ``try``: any handler may run; a ``finally`` that jumps overrides the others."""
        found = _followed(self.of(statement.body), self.of(statement.orelse))
        found |= _union(self.of(handler.body) for handler in statement.handlers)
        return _followed_by_last(found, self.of(statement.finalbody))

    def _lets_out(self, item: ast.withitem) -> bool:
        """Whether a context manager certainly suppresses no exception."""
        manager = item.context_expr
        if not isinstance(manager, ast.Call):
            return False
        name = self.module.library_name(manager.func)
        if name is not None:
            return name in LETS_OUT
        definition = self.module.local_class(manager.func)
        return definition is not None and not definition.bases and _exit_gives_nothing(definition)


def raises_exit(module: Meanings, statement: ast.stmt) -> bool:
    """Whether a statement raises SystemExit itself.

    Args:
        module: resolves names.
        statement: any statement.
    """
    error = statement.exc if isinstance(statement, ast.Raise) else None
    named = error.func if isinstance(error, ast.Call) else error
    return named is not None and module.library_name(named) == SYSTEM_EXIT


def _followed(first: Completion, second: Completion) -> Completion:
    """The completions of two pieces of code in sequence."""
    return first & ~NORMAL | second if NORMAL in first else first


def _followed_by_last(found: Completion, last: Completion) -> Completion:
    """The completions of a ``try`` whose ``finally`` has the completions ``last``."""
    return found | last & ~NORMAL if NORMAL in last else last


def _union(parts: Iterator[Completion]) -> Completion:
    whole = NEVER
    for part in parts:
        whole |= part
    return whole


def _truth(test: ast.expr) -> bool | None:
    """The value that a test always has; None if that is not certain."""
    return bool(test.value) if isinstance(test, ast.Constant) else None


def _takes_all(case: ast.match_case) -> bool:
    """Whether a case of ``match`` is irrefutable: ``case _:``, ``case name:``."""
    return case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def _exit_gives_nothing(definition: ast.ClassDef) -> bool:
    """Whether the ``__exit__`` of a class certainly returns a false value, so that it suppresses nothing."""
    for item in definition.body:
        if isinstance(item, Function) and item.name in {"__exit__", "__aexit__"}:
            returns = [node for node in returns_of(item) if isinstance(node, ast.Return)]
            return all(node.value is None or _truth(node.value) is False for node in returns)
    return False
