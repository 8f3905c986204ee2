"""How a run leaves statements: it completes normally, returns, raises, breaks, continues, or ends the process.

The answer is worked out from the control flow that is written, over the
functions of the module that are called: by data flow over the call graph, up
to the least fixpoint. Any statement may raise besides; that is not told.
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
    """The ways in which a run may leave a piece of code; none, if it stays in it for ever."""

    NORMAL = auto()
    RETURN = auto()
    RAISE = auto()
    BREAK = auto()
    CONTINUE = auto()
    EXIT = auto()


NEVER = Completion(0)
NORMAL = Completion.NORMAL
# What leaves a block, and is no exception on its way.
JUMPS = Completion.RETURN | Completion.BREAK | Completion.CONTINUE
_OF_LOOP = Completion.BREAK | Completion.CONTINUE
_SIMPLE = {
    ast.Break: Completion.BREAK,
    ast.Continue: Completion.CONTINUE,
    ast.Assert: NORMAL | Completion.RAISE,
}
# What a call passes on of how its function is left.
_PASSED_ON = Completion.RAISE | Completion.EXIT


class Meanings(Protocol):
    """What the analysis asks of a module: what its names mean."""

    def library_name(self, expr: ast.AST) -> str | None:
        """The qualified name of what is not of this module, and is not given another meaning in it."""

    def local_function(self, func: ast.expr) -> Function | None:
        """The function of this module that a name certainly means."""

    def local_class(self, expr: ast.expr) -> ast.ClassDef | None:
        """The class of this module that a name certainly means."""


class Completions:
    """The completions of one module's statements and functions.

    Args:
        module: tells what names mean.
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
        """How a run may leave a suite.

        Args:
            block: statements, one after the other.

        Returns:
            The ways that are written; :attr:`Completion.NORMAL` is among them
            wherever it is not certain that the end is out of reach.
        """
        found = NORMAL
        for statement in block:
            found = found & ~NORMAL | self.of_statement(statement)
            if NORMAL not in found:
                break
        return found

    def of_statement(self, statement: ast.stmt) -> Completion:
        """How a run may leave a statement; see :meth:`of`."""
        if statement in self._known:
            return self._known[statement]
        found = self._of_statement(statement)
        if self._at is None:
            self._known[statement] = found
        return found

    def completes(self, block: Sequence[ast.stmt]) -> bool:
        """Whether a run can come to the end of a suite; True where that is not certain."""
        return NORMAL in self.of(block)

    def of_function(self, function: Function) -> Completion:
        """How a run may leave a function's body, when that runs."""
        if function in self._functions:
            return self._functions[function]
        if self._at is not None:  # the fixpoint that is being worked out has come upon it
            self._functions[function] = NEVER
            self._pending.append(function)
        else:
            self._solve(function)
        return self._functions[function]

    def of_call(self, expr: ast.expr | None) -> Completion:
        """How a run may leave an expression: by its value, or not where it is a call that does not come back.

        Args:
            expr: an expression; a call counts, and an awaited one, not what is
                inside of others.
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
        """Whether an expression may have a value: it is no call that never returns, as of ``sys.exit()``."""
        return NORMAL in self.of_call(expr)

    # --- functions ---------------------------------------------------------------------------------------------

    def _solve(self, function: Function) -> None:
        """Find the least fixpoint for a function and for those that it calls, in whatever circles."""
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
        """Whether a call of a function runs nothing of its body."""
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
        """The branches; a chain of ``elif`` is gone along, as it may be longer than calls may be deep."""
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
        """Its suites: a handler may run wherever there is one, and ``finally`` takes the place of what it cuts off."""
        found = _followed(self.of(statement.body), self.of(statement.orelse))
        found |= _union(self.of(handler.body) for handler in statement.handlers)
        return _followed_by_last(found, self.of(statement.finalbody))

    def _lets_out(self, item: ast.withitem) -> bool:
        """Whether a context manager lets every exception out."""
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
        module: tells what names mean.
        statement: any statement.
    """
    error = statement.exc if isinstance(statement, ast.Raise) else None
    named = error.func if isinstance(error, ast.Call) else error
    return named is not None and module.library_name(named) == SYSTEM_EXIT


def _followed(first: Completion, second: Completion) -> Completion:
    """How two pieces of code are left that run one after the other."""
    return first & ~NORMAL | second if NORMAL in first else first


def _followed_by_last(found: Completion, last: Completion) -> Completion:
    """How a ``try`` is left whose ``finally`` is left by ``last``."""
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
    """Whether a case of ``match`` is there for every value: ``case _:``, ``case name:``."""
    return case.guard is None and isinstance(case.pattern, ast.MatchAs) and case.pattern.pattern is None


def _exit_gives_nothing(definition: ast.ClassDef) -> bool:
    """Whether the ``__exit__`` of a class without bases returns nothing, or what is certainly false."""
    for item in definition.body:
        if isinstance(item, Function) and item.name in {"__exit__", "__aexit__"}:
            returns = [node for node in returns_of(item) if isinstance(node, ast.Return)]
            return all(node.value is None or _truth(node.value) is False for node in returns)
    return False
