"""Statements that only say what is wrong and end the script with a failure."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from pymodernize.semantics.module import Module
from pymodernize_codemods._script import statuses
from pymodernize_codemods._script.entry import entry
from pymodernize_codemods._script.saying import is_logged
from pymodernize_codemods._script.statuses import Leave

_SAYS = frozenset({"builtins.print", "sys.stderr.write", "sys.stdout.write", "sys.stderr.flush", "traceback.print_exc"})


def exit_status(module: Module, statement: ast.stmt) -> Leave | None:
    """How a statement ends the script; None if it does not end it.

    Args:
        module: the module.
        statement: any statement.
    """
    match statement:
        case ast.Expr(value=ast.Call() as call):
            return statuses.by_call(module, call)
        case ast.Raise(exc=error):
            named = error.func if isinstance(error, ast.Call) else error
            is_exit = named is not None and module.qualified_name(named) == "builtins.SystemExit"
            return statuses.by_raise(module, statement) if is_exit else None
        case ast.Return():
            return _returned(module, statement)
    return None


def _returned(module: Module, statement: ast.Return) -> Leave | None:
    start = module.once(entry)
    if start is None or not start.exits or module.function(statement) is not start.main:
        return None
    return statuses.meaning(module, statement.value)


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
        return self.ends(block, depth) is Leave.FAILURE

    def ends(self, block: Sequence[ast.stmt], depth: int = 0) -> Leave | None:
        """How a block that only says something ends the script; None for any other block, and if that is open."""
        for statement in block:
            status = self._ends(statement, depth)
            if status is not None:
                return None if status is Leave.UNKNOWN else status
            if not self.says(statement, depth):
                return None
        return None

    def _ends(self, statement: ast.stmt, depth: int) -> Leave | None:
        status = exit_status(self.module, statement)
        if status is not None or not isinstance(statement, ast.Expr) or not isinstance(statement.value, ast.Call):
            return status
        call = statement.value
        if self.is_error(call):
            return Leave.FAILURE
        function = self.module.local_function(call.func)
        if function is None or depth > 2:
            return None
        if function.args.args and len(function.body) and isinstance(function.body[-1], ast.Expr):
            return self._ends_with_parameter(function, call, depth)
        return self.ends(function.body, depth + 1)

    def _ends_with_parameter(self, function: ast.AST, call: ast.Call, depth: int) -> Leave | None:
        """A function ``usage(status)`` that ends with ``sys.exit(status)``."""
        assert isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef))  # noqa: S101 - the caller looked
        last = function.body[-1]
        inner = last.value if isinstance(last, ast.Expr) else None
        if (
            not isinstance(inner, ast.Call)
            or self.module.qualified_name(inner.func) not in statuses.EXITS
            or not inner.args
        ):
            return self.ends(function.body, depth + 1)
        status = inner.args[0]
        names = [arg.arg for arg in function.args.args]
        if not isinstance(status, ast.Name) or status.id not in names:
            return self.ends(function.body, depth + 1)
        place = names.index(status.id)
        if place >= len(call.args) or call.keywords:
            return None
        if not all(self.says(item, depth + 1) for item in function.body[:-1]):
            return None
        return statuses.meaning(self.module, call.args[place])

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
