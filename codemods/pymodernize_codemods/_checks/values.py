"""The expression that a name stands for, and the texts that an expression is made of."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module
    from pymodernize.semantics.scopes import Binding

_DEEPEST = 10


def calls_of_methods(module: Module, names: Iterable[str]) -> Iterator[tuple[ast.Call, ast.Attribute]]:
    """The calls of methods of some names, of whatever object, each with the attribute that is called.

    Args:
        module: the module.
        names: of the methods.
    """
    for name in names:
        for call in module.names.called(name):
            if isinstance(call.func, ast.Attribute):
                yield call, call.func


def binding_of(module: Module, name: ast.Name) -> Binding | None:
    """The only binding of a name; None if it has several, or none here.

    Args:
        module: the module.
        name: a read or a store.
    """
    found = module.scope(name).lookup(name.id)
    return found[1][0] if found is not None and len(found[1]) == 1 and not found[0].star_imports else None


def value_of(module: Module, expr: ast.expr) -> ast.expr:
    """The expression that a name was assigned, through further names; any other expression is itself.

    Args:
        module: the module.
        expr: an expression of it.
    """
    for _ in range(_DEEPEST):
        binding = binding_of(module, expr) if isinstance(expr, ast.Name) else None
        assign = module.parent(binding.node) if binding is not None else None
        if not isinstance(assign, (ast.Assign, ast.AnnAssign)) or assign.value is None:
            return expr
        if isinstance(assign, ast.Assign) and binding is not None and binding.node not in assign.targets:
            return expr
        expr = assign.value
    return expr


def text_of(module: Module, expr: ast.expr | None) -> str | None:
    """The text that an expression is, or that the name was assigned; None for any other value.

    Args:
        module: the module.
        expr: an expression of it.
    """
    value = value_of(module, expr) if expr is not None else None
    return value.value if isinstance(value, ast.Constant) and isinstance(value.value, str) else None


def keyword(call: ast.Call, name: str) -> ast.expr | None:
    """The argument of a call that is given by a name; None if it is not.

    Args:
        call: the call.
        name: of the parameter.
    """
    return next((item.value for item in call.keywords if item.arg == name), None)


def may_give(call: ast.Call, name: str) -> bool:
    """Whether a call gives an argument by a name, or may do so by ``**``.

    Args:
        call: the call.
        name: of the parameter.
    """
    return any(item.arg in (name, None) for item in call.keywords)


def given(call: ast.Call, place: int, name: str) -> ast.expr | None:
    """The argument of a call for a parameter; None if there is none.

    Args:
        call: the call.
        place: the number of the parameter.
        name: of it.
    """
    if place < len(call.args) and not any(isinstance(arg, ast.Starred) for arg in call.args[: place + 1]):
        return call.args[place]
    return keyword(call, name)


def is_docstring(module: Module, constant: ast.Constant) -> bool:
    """Whether a text stands by itself as a statement."""
    return isinstance(module.parent(constant), ast.Expr)


def texts(module: Module) -> Iterator[tuple[ast.Constant, str]]:
    """All texts of a module, without docstrings and parts of f-strings behind the first.

    Args:
        module: the module.
    """
    for constant in module.nodes(ast.Constant):
        if isinstance(constant.value, str) and not is_docstring(module, constant):
            parent = module.parent(constant)
            if not isinstance(parent, ast.JoinedStr) or parent.values[0] is constant:
                yield constant, constant.value
