"""Call binding: which argument of a call becomes the value of which parameter, and which default does."""

from __future__ import annotations

import ast
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef


def positional(function: Function | ast.Lambda) -> list[ast.arg]:
    """The parameters that can be passed by position, in order; those of a method include ``self``."""
    return [*function.args.posonlyargs, *function.args.args]


def parameters(function: Function | ast.Lambda) -> list[ast.arg]:
    """The parameters that take one argument each: all but ``*args`` and ``**kwargs``."""
    return [*positional(function), *function.args.kwonlyargs]


def parameter_at(function: Function, place: int | str) -> ast.arg | None:
    """The parameter that an argument is bound to; None if there is none, or only ``*args`` or ``**kwargs``.

    Args:
        function: the callee.
        place: the argument's number, with no starred one before it, or its name.
    """
    if isinstance(place, int):
        return next(iter(positional(function)[place : place + 1]), None)
    args = function.args
    return next((arg for arg in (*args.args, *args.kwonlyargs) if arg.arg == place), None)


def parameter_of(function: Function, call: ast.Call, value: ast.expr) -> ast.arg | None:
    """The parameter that an argument of a call is bound to; None if it is not known.

    Args:
        function: the callee.
        call: the call.
        value: one of its arguments; of a keyword the value.
    """
    return next((arg for arg in parameters(function) if given(function, call, arg) is value), None)


def given(function: Function, call: ast.Call, parameter: ast.AST) -> ast.expr | None:
    """The argument of a call that is bound to a parameter; None if there is none, or it is not known.

    Args:
        function: the callee.
        call: the call.
        parameter: one of the function's ``ast.arg`` nodes, no starred one.
    """
    place = next((number for number, arg in enumerate(positional(function)) if arg is parameter), None)
    if place is not None and place < len(call.args):
        return None if _starred(call.args[: place + 1]) else call.args[place]
    if parameter not in function.args.posonlyargs:
        for keyword in call.keywords:
            if keyword.arg == getattr(parameter, "arg", None):
                return keyword.value
    return None


def argument(function: Function, call: ast.Call, parameter: ast.AST) -> ast.expr | None:
    """The argument of a call that is bound to a parameter, or its default; None if it is not known.

    Args:
        function: the callee.
        call: the call.
        parameter: one of the function's ``ast.arg`` nodes, no starred one.
    """
    passed = given(function, call, parameter)
    if passed is not None or _starred(call.args) or any(keyword.arg is None for keyword in call.keywords):
        return passed
    return default_of(function.args, parameter)


def _starred(args: list[ast.expr]) -> bool:
    return any(isinstance(arg, ast.Starred) for arg in args)


def defaults(args: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr]]:
    """The parameters that have a default, each with its default.

    Args:
        args: the parameters of a function.
    """
    every = [*args.posonlyargs, *args.args]
    yield from zip(every[len(every) - len(args.defaults) :], args.defaults, strict=True)
    for arg, default in zip(args.kwonlyargs, args.kw_defaults, strict=True):
        if default is not None:
            yield arg, default


def default_of(args: ast.arguments, parameter: ast.AST) -> ast.expr | None:
    """The default of a parameter, None if it has none.

    Args:
        args: the parameters of a function.
        parameter: one of them.
    """
    return next((default for arg, default in defaults(args) if arg is parameter), None)
