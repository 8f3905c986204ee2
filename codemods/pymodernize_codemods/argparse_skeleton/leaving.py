"""Where a script ends early, and whether with success."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.module import Module
from pymodernize.semantics.values import argument
from pymodernize_codemods._script.entry import entry
from pymodernize_codemods._script.statuses import EXITS, Leave, by_call, by_raise, meaning


class Leaving:
    """The statements that end one script.

    Args:
        module: the module.
        frame: the function whose ``return`` is looked at, too; None for the
            module's own code.
        returned: whether what the frame returns becomes the exit status.
    """

    def __init__(self, module: Module, frame: ast.AST | None, *, returned: bool) -> None:
        self.module = module
        self.frame = frame
        self.returned = returned

    def of(self, statement: ast.stmt) -> Leave | None:
        """How a simple statement certainly ends the script or its frame; None if it does not.

        Args:
            statement: any statement; compound ones never count.
        """
        if isinstance(statement, ast.Return) and self.frame is not None:
            return meaning(self.module, statement.value) if self.returned else Leave.SUCCESS
        if isinstance(statement, ast.Raise):
            return by_raise(self.module, statement)
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            return self.of_call(statement.value)
        return None

    def of_call(self, call: ast.Call) -> Leave | None:
        """How a call ends the script, None if it returns or may return."""
        status = by_call(self.module, call)
        if status is not None:
            return status
        function = self.module.local_function(call.func)
        if isinstance(function, ast.FunctionDef):
            return self._of_function(function, call)
        return None

    def _of_function(self, function: ast.FunctionDef, call: ast.Call) -> Leave | None:
        """How a function that never returns ends the script: by its last statement, and all others that do."""
        inner = Leaving(self.module, None, returned=False)
        if not function.body or any(isinstance(node, (ast.Return, ast.Yield)) for node in own_nodes_of(function.body)):
            return None
        if _calls(self.module, function, function) or inner._last(function.body) is None:
            return None
        found = {self._seen_from(call, function, status) for status in inner.statuses(function.body)}
        return found.pop() if len(found) == 1 else Leave.UNKNOWN

    def _last(self, body: Sequence[ast.stmt]) -> Leave | None:
        last = body[-1]
        if isinstance(last, ast.If) and last.orelse:
            first, second = self._last(last.body), self._last(last.orelse)
            return None if first is None or second is None else Leave.UNKNOWN
        return self.of(last)

    def statuses(self, body: Sequence[ast.stmt]) -> Iterator[ast.expr | Leave | None]:
        """What each place of a block that ends the script ends it with: an expression, or what is known of it."""
        for node in own_nodes_of(body):
            if isinstance(node, ast.Call):
                if self.module.qualified_name(node.func) in EXITS:
                    yield node.args[0] if node.args else None
                elif (function := self.module.local_function(node.func)) is not None and function.body:
                    if isinstance(function, ast.FunctionDef) and (leave := self._of_function(function, node)):
                        yield leave
            elif isinstance(node, ast.Raise) and not isinstance(node.exc, ast.Call):
                yield by_raise(self.module, node)
            elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
                if self.module.qualified_name(node.exc.func) != "builtins.SystemExit":
                    yield Leave.FAILURE
            elif isinstance(node, ast.Return) and self.frame is not None:
                yield node.value if self.returned else Leave.SUCCESS

    def _seen_from(self, call: ast.Call, function: ast.FunctionDef, status: ast.expr | Leave | None) -> Leave:
        """A status inside a function, with what a call passes for its parameters."""
        if isinstance(status, Leave):
            return status
        if isinstance(status, ast.Name):
            parameters = [*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs]
            for parameter in parameters:
                if parameter.arg == status.id:
                    given = argument(function, call, parameter)
                    return meaning(self.module, given) if given is not None else Leave.UNKNOWN
        return meaning(self.module, status)

    def fails(self, body: Sequence[ast.stmt]) -> bool:
        """Whether a block certainly ends the script, and with a failure wherever it does."""
        return self.certainly(body) and all(self._known(status) is Leave.FAILURE for status in self.statuses(body))

    def certainly(self, body: Sequence[ast.stmt]) -> bool:
        """Whether a block never comes to its end."""
        for statement in body:
            if self.of(statement) is not None:
                return True
            if isinstance(statement, ast.If) and statement.orelse:
                if self.certainly(statement.body) and self.certainly(statement.orelse):
                    return True
        return False

    def may_succeed(self, nodes: Sequence[ast.stmt]) -> bool:
        """Whether code may end the script with success; code that is not in sight is taken not to."""
        if any(self._known(status) is not Leave.FAILURE for status in self.statuses(nodes)):
            return True
        return any(_calls(self.module, node, self.frame) for node in nodes)

    def _known(self, status: ast.expr | Leave | None) -> Leave:
        return status if isinstance(status, Leave) else meaning(self.module, status)


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
            if isinstance(node, ast.Call):
                name = module.qualified_name(node.func)
                if name in EXITS and meaning(module, node.args[0] if node.args else None) is not Leave.FAILURE:
                    found.add(function.name)
                called.add(getattr(node.func, "id", getattr(node.func, "attr", "")))
            elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Name) and node.exc.id == "SystemExit":
                found.add(function.name)
    grown = True
    while grown:
        grown = False
        for name, called in calls.items():
            if name not in found and called & found:
                found.add(name)
                grown = True
    return frozenset(found)


def leaving_for(module: Module, frame: ast.AST | None) -> Leaving:
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
    return Leaving(module, frame, returned=returned)


def _is_status(module: Module, call: ast.Call) -> bool:
    parent = module.parent(call)
    if isinstance(parent, ast.Call):
        return module.qualified_name(parent.func) in EXITS and parent.args == [call]
    if not isinstance(parent, ast.Assign) or len(parent.targets) != 1 or not isinstance(parent.targets[0], ast.Name):
        return False
    name = parent.targets[0].id
    found = module.scope(parent.targets[0]).lookup(name)
    last = module.block(parent)[-1]
    ends = [node for node in ast.walk(last) if isinstance(node, ast.Call) and module.qualified_name(node.func) in EXITS]
    given = [isinstance(end.args[0], ast.Name) and end.args[0].id == name for end in ends if end.args]
    return found is not None and len(found[1]) == 1 and given == [True] and not hasattr(last, "body")
