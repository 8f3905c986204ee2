"""Statements that only say what is wrong and end the script with a failure."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from pymodernize.semantics.call_binding import Function, parameters
from pymodernize.semantics.exit_status import ExitStatus, status_in_call, status_of_exit, status_of_value
from pymodernize.semantics.library.control_flow import EXITS
from pymodernize.semantics.module import Module
from pymodernize_codemods._script.entry import entry
from pymodernize_codemods._script.saying import is_logged

_SAYS = frozenset({"builtins.print", "sys.stderr.write", "sys.stdout.write", "sys.stderr.flush", "traceback.print_exc"})


def exit_status(module: Module, statement: ast.stmt) -> ExitStatus | None:
    """How a statement ends the script; None if it does not end it.

    Args:
        module: the module.
        statement: any statement.
    """
    if isinstance(statement, ast.Return):
        return _returned(module, statement)
    return status_of_exit(module, statement.value if isinstance(statement, ast.Expr) else statement)


def _returned(module: Module, statement: ast.Return) -> ExitStatus | None:
    start = module.once(entry)
    if start is None or not start.exits or module.function(statement) is not start.main:
        return None
    return status_of_value(module, statement.value)


class Failing:
    """Tell the blocks that end the script with a failure.

    Args:
        module: the module.
        is_error: whether a call says what is wrong and ends the script with a
            failure by itself, such as ``parser.error("...")``.
        is_said: whether a call only says something.
    """

    def __init__(
        self,
        module: Module,
        is_error: Callable[[ast.Call], bool] = lambda call: False,
        is_said: Callable[[ast.Call], bool] = lambda call: False,
    ) -> None:
        self.module = module
        self.is_error = is_error
        self.is_said = is_said

    def fails(self, block: Sequence[ast.stmt], depth: int = 0) -> bool:
        """Whether a block does nothing but say something and then end the script with a failure."""
        return self.ends(block, depth) is ExitStatus.FAILURE

    def ends(self, block: Sequence[ast.stmt], depth: int = 0) -> ExitStatus | None:
        """How a block that only says something ends the script; None for any other block, and if that is open."""
        for statement in block:
            status = self._ends(statement, depth)
            if status is not None:
                return None if status is ExitStatus.UNKNOWN else status
            if not self.says(statement, depth):
                return None
        return None

    def _ends(self, statement: ast.stmt, depth: int) -> ExitStatus | None:
        status = exit_status(self.module, statement)
        if status is not None or not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
            return status
        call = statement.value
        if self.is_error(call):
            return ExitStatus.FAILURE
        function = self.module.local_function(call.func)
        if function is None or depth > 2:
            return None
        status_passed = _status_passed(self.module, function)
        if status_passed is None:
            return self.ends(function.body, depth + 1)
        if not all(self.says(item, depth + 1) for item in function.body[:-1]):
            return None
        return status_in_call(self.module, function, call, status_passed)

    def says(self, statement: ast.stmt, depth: int = 0) -> bool:
        """Whether a statement only writes something for a person."""
        if isinstance(statement, ast.Pass):
            return True
        if isinstance(statement, ast.If):
            return all(self.says(item, depth) for item in (*statement.body, *statement.orelse))
        if isinstance(statement, ast.Assign):
            names = [self.module.qualified_name(item) for item in (*statement.targets, statement.value)]
            return names == ["sys.stdout", "sys.stderr"] or self._prepares(statement)
        if not isinstance(statement, ast.Expr):
            return False
        call = statement.value
        if isinstance(call, ast.Constant):
            return True
        if not isinstance(call, ast.Call):
            return False
        if self.module.qualified_name(call.func) in _SAYS or self.is_said(call) or is_logged(self.module, call):
            return True
        function = self.module.local_function(call.func)
        return function is not None and depth < 3 and all(self.says(item, depth + 1) for item in function.body)

    def _prepares(self, statement: ast.Assign) -> bool:
        """Whether a variable of a function gets what is said or where: nothing sees it that goes on."""
        function = self.module.function(statement)
        if not isinstance(function, ast.FunctionDef):
            return False
        own = self.module.index.scopes[function]
        for target in statement.targets:
            found = own.lookup(target.id) if isinstance(target, ast.Name) else None
            if found is None or found[0] is not own:
                return False
        calls = [node for node in ast.walk(statement.value) if isinstance(node, ast.Call)]
        return all((self.module.qualified_name(call.func) or "").startswith("os.path.") for call in calls)


def _status_passed(module: Module, function: Function) -> ast.Name | None:
    """The parameter that ``usage(status)`` hands to the ``sys.exit(status)`` at its end; None for another function."""
    match function.body[-1]:
        case ast.Expr(value=ast.Call(func=func, args=[ast.Name() as status, *_])) if module.library_name(func) in EXITS:
            return status if any(arg.arg == status.id for arg in parameters(function)) else None
    return None
