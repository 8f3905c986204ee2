"""The literals that a script itself uses under a name: assigned, given as defaults, or passed to parameters.

Where data flow loses a value, its name still tells what it may be in some
runs: the default of an option of the attribute's name, or what is assigned to
any attribute of that name. The look-up is by name alone, so it may give too
many literals.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.call_binding import defaults, positional
from pymodernize.semantics.module import Module

_OPTIONS = frozenset({"add_argument", "add_option", "option", "argument"})
_DEEPEST = 8


class NamedValues:
    """By name of an attribute, option, item or parameter: the expressions that the module gives it as values."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.values: dict[str, list[ast.expr]] = {}
        for node in (*module.nodes(ast.Assign), *module.nodes(ast.AnnAssign)):
            for target, value in _pairs(node):
                match target:
                    case ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
                        self._put(name, value)
        for call in module.nodes(ast.Call):
            self._called(call)
        for function in (*module.nodes(ast.FunctionDef), *module.nodes(ast.AsyncFunctionDef)):
            self._defaults(function.args)
        for display in module.nodes(ast.Dict):
            for key, value in zip(display.keys, display.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    self._put(key.value, value)

    def of(self, expr: ast.expr) -> list[ast.expr]:
        """The expressions that give values to the name of a variable, an attribute, or an item.

        Args:
            expr: the expression that reads it.
        """
        match expr:
            case ast.Name():
                return list(self._of_variable(expr))
            case ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
                return self.values.get(name, [])
        return []

    def _of_variable(self, read: ast.Name) -> Iterator[ast.expr]:
        found = self.module.scope(read).lookup(read.id)
        for binding in found[1] if found is not None else ():
            if isinstance(binding.node, ast.arg):
                yield from self.values.get(read.id, [])
                continue
            statement = self.module.statement(binding.node)
            if isinstance(statement, (ast.Assign, ast.AnnAssign)):
                yield from (value for target, value in _pairs(statement) if target is binding.node)

    def _put(self, name: str, value: ast.expr) -> None:
        self.values.setdefault(name, []).append(value)

    def _called(self, call: ast.Call) -> None:
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if method in _OPTIONS:
            default = next((item.value for item in call.keywords if item.arg == "default"), None)
            names = [item.value for item in call.keywords if item.arg == "dest"]
            for text in (item.value for item in (*names, *call.args) if isinstance(item, ast.Constant)):
                if default is not None and isinstance(text, str):
                    self._put(text.lstrip("-").replace("-", "_"), default)
            return
        for keyword in call.keywords:
            if keyword.arg is not None:
                self._put(keyword.arg, keyword.value)
        function = self.module.local_function(call.func)
        if function is not None:
            for parameter, value in zip(positional(function), call.args, strict=False):
                self._put(parameter.arg, value)

    def _defaults(self, arguments: ast.arguments) -> None:
        for parameter, default in defaults(arguments):
            self._put(parameter.arg, default)


def _pairs(node: ast.Assign | ast.AnnAssign) -> Iterator[tuple[ast.expr, ast.expr]]:
    """The targets of an assignment, each with the expression that is assigned to it."""
    if node.value is None:
        return
    for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
        match target, node.value:
            case (ast.Tuple(elts=targets), ast.Tuple(elts=values)) if len(targets) == len(values):
                yield from zip(targets, values, strict=True)
            case _:
                yield target, node.value


def literals(module: Module, expr: ast.expr) -> Iterator[ast.Constant]:
    """The literals that a value may be, by its name, and by the names of the values that this is given.

    Args:
        module: the module.
        expr: an expression whose value data flow does not tell.

    Yields:
        The constants.
    """
    yield from _literals(module.once(NamedValues), expr, set())


def _literals(named: NamedValues, expr: ast.expr, seen: set[ast.expr]) -> Iterator[ast.Constant]:
    if expr in seen or len(seen) > _DEEPEST:
        return
    seen.add(expr)
    match expr:
        case ast.Constant():
            yield expr
        case ast.IfExp(body=body, orelse=orelse):
            yield from _literals(named, body, seen)
            yield from _literals(named, orelse, seen)
        case ast.BoolOp(values=values):
            for value in values:
                yield from _literals(named, value, seen)
        case ast.Call(func=ast.Attribute(attr="get" | "pop" | "setdefault" | "getenv"), args=[_, default]):
            yield from _literals(named, default, seen)
        case ast.Call(func=ast.Name(id="getattr" | "getenv"), args=[*_, default]):
            yield from _literals(named, default, seen)
        case _:
            for value in named.of(expr):
                yield from _literals(named, value, seen)
