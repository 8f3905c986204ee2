"""Where a script ends early, and whether its exit status means success."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pymodernize.semantics.completion import Completion, raises_exit
from pymodernize.semantics.exit_status import (
    ExitStatus,
    status_in_call,
    status_of_call,
    status_of_exit,
    status_of_raise,
    status_of_value,
)
from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.library.control_flow import EXITS, SYSTEM_EXIT
from pymodernize.semantics.module import Module
from pymodernize_codemods._script.entry import entry

_TAKES_STATUS = EXITS | {SYSTEM_EXIT}


class EarlyExits:
    """The statements that end one script.

    Args:
        module: the module.
        frame: the function whose ``return`` is looked at, too; None for the
            module's own code.
        returned: whether what the frame returns becomes the exit status.
        within: functions that are looked at already: one that calls itself
            says nothing more.
    """

    def __init__(
        self, module: Module, frame: ast.AST | None, *, returned: bool, within: frozenset[ast.AST] = frozenset()
    ) -> None:
        self.module = module
        self.frame = frame
        self.returned = returned
        self.within = within

    def of(self, statement: ast.stmt) -> ExitStatus | None:
        """How a simple statement certainly ends the script or its frame; None if it does not.

        Args:
            statement: any statement; compound ones never count.
        """
        if isinstance(statement, ast.Return) and self.frame is not None:
            return status_of_value(self.module, statement.value) if self.returned else ExitStatus.SUCCESS
        if isinstance(statement, ast.Raise):
            return status_of_raise(self.module, statement)
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            return self.of_call(statement.value)
        return None

    def of_call(self, call: ast.Call) -> ExitStatus | None:
        """How a call ends the script, None if it returns or may return."""
        status = status_of_call(self.module, call)
        if status is not None:
            return status
        function = self.module.local_function(call.func)
        if isinstance(function, ast.FunctionDef):
            return self._of_function(function, call)
        return None

    def _of_function(self, function: ast.FunctionDef, call: ast.Call) -> ExitStatus | None:
        """How a function that never returns ends the script: by all its statements that do."""
        if self.module.completions.comes_back(call) or _calls(self.module, function, function):
            return None
        inner = EarlyExits(self.module, None, returned=False, within=self.within | {function})
        found = {self._seen_from(call, function, status) for status in inner.statuses(function.body)}
        return found.pop() if len(found) == 1 else ExitStatus.UNKNOWN

    def statuses(self, body: Sequence[ast.stmt]) -> Iterator[ast.expr | ExitStatus | None]:
        """What each place of a block that ends the script ends it with: an expression, or what is known of it."""
        for node in own_nodes_of(body):
            if isinstance(node, ast.Call):
                yield from self._statuses_of_call(node)
            elif isinstance(node, ast.Raise) and not (
                isinstance(node.exc, ast.Call) and raises_exit(self.module, node)
            ):
                yield status_of_raise(self.module, node)
            elif isinstance(node, ast.Return) and self.frame is not None:
                yield node.value if self.returned else ExitStatus.SUCCESS

    def _statuses_of_call(self, call: ast.Call) -> Iterator[ast.expr | ExitStatus | None]:
        """What a call ends the script with, also one of ``SystemExit``, which is raised."""
        if self.module.library_name(call.func) in _TAKES_STATUS:
            yield call.args[0] if call.args else None
        elif self.module.local_function(call.func) not in self.within and (status := self.of_call(call)) is not None:
            yield status

    def _seen_from(self, call: ast.Call, function: ast.FunctionDef, status: ast.expr | ExitStatus | None) -> ExitStatus:
        """A status inside a function, with what a call passes for its parameters."""
        return status if isinstance(status, ExitStatus) else status_in_call(self.module, function, call, status)

    def fails(self, body: Sequence[ast.stmt]) -> bool:
        """Whether a block certainly ends the script, and with a failure wherever it does."""
        return self.certainly(body) and all(self._known(status) is ExitStatus.FAILURE for status in self.statuses(body))

    def certainly(self, body: Sequence[ast.stmt]) -> bool:
        """Whether a block never comes to its end."""
        found = self.module.completions.of(body)
        ends = Completion.EXIT | Completion.RAISE | (Completion.RETURN if self.frame is not None else Completion(0))
        return bool(found) and not found & ~ends

    def may_succeed(self, nodes: Sequence[ast.stmt]) -> bool:
        """Whether code may end the script with success; code that is not in sight is taken not to."""
        if any(self._known(status) is not ExitStatus.FAILURE for status in self.statuses(nodes)):
            return True
        return any(_calls(self.module, node, self.frame) for node in nodes)

    def _known(self, status: ast.expr | ExitStatus | None) -> ExitStatus:
        return status if isinstance(status, ExitStatus) else status_of_value(self.module, status)


def own_nodes_of(body: Sequence[ast.stmt]) -> Iterator[ast.AST]:
    """The nodes that run when a block runs."""
    for statement in body:
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield from own_nodes(statement)


def _calls(module: Module, node: ast.AST, frame: ast.AST | None) -> bool:
    """Whether code calls something of this file that may end the script with success, however deep."""
    ending = module.once(_ending)
    if not ending:
        return False
    for item in own_nodes_of(node.body) if isinstance(node, ast.FunctionDef) else own_nodes(node):
        if isinstance(item, ast.Call):
            called = item.func
            name = (
                called.id if isinstance(called, ast.Name) else called.attr if isinstance(called, ast.Attribute) else ""
            )
            if name in ending and (frame is None or name != getattr(frame, "name", None)):
                return True
    return False


def _ending(module: Module) -> frozenset[str]:
    """The names of the functions and methods of a file in which the script may end with success."""
    functions = [*module.nodes(ast.FunctionDef), *module.nodes(ast.AsyncFunctionDef)]
    found: set[str] = set()
    calls: dict[str, set[str]] = {}
    for function in functions:
        called = calls.setdefault(function.name, set())
        for node in own_nodes_of(function.body):
            status = status_of_exit(module, node)
            if isinstance(node, ast.Call):
                if module.library_name(node.func) == SYSTEM_EXIT:  # raised here, or by way of a variable
                    status = status_of_value(module, node.args[0] if node.args else None)
                called.add(getattr(node.func, "id", getattr(node.func, "attr", "")))
            if status not in {None, ExitStatus.FAILURE}:
                found.add(function.name)
    grown = True
    while grown:
        grown = False
        for name, called in calls.items():
            if name not in found and called & found:
                found.add(name)
                grown = True
    return frozenset(found)


def early_exits_of(module: Module, frame: ast.AST | None) -> EarlyExits:
    """The endings of a function, or of the module's own code.

    Args:
        module: the module.
        frame: the function, None for the module's own code.

    Returns:
        Endings that count ``return 2`` as a failure if the one call of the
        function hands it to ``sys.exit``, at once or at the end of its block.
    """
    calls = module.every_call(frame) if frame is not None else None
    start = entry(module) if calls else None
    run = start is not None and start.exits and start.main is frame and calls == [start.call]
    returned = run or bool(calls) and all(_is_status(module, call) for call in calls or ())
    return EarlyExits(module, frame, returned=returned)


def _is_status(module: Module, call: ast.Call) -> bool:
    parent = module.parent(call)
    if isinstance(parent, ast.Call):
        return module.library_name(parent.func) in _TAKES_STATUS and parent.args == [call]
    if not isinstance(parent, ast.Assign) or len(parent.targets) != 1 or not isinstance(parent.targets[0], ast.Name):
        return False
    name = parent.targets[0].id
    found = module.scope(parent.targets[0]).lookup(name)
    last = module.block(parent)[-1]
    calls = (node for node in ast.walk(last) if isinstance(node, ast.Call))
    ends = [item for item in calls if module.library_name(item.func) in _TAKES_STATUS]
    given = [isinstance(end.args[0], ast.Name) and end.args[0].id == name for end in ends if end.args]
    return found is not None and len(found[1]) == 1 and given == [True] and not hasattr(last, "body")
