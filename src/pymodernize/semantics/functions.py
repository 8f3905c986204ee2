"""The types of parameters, results and caught exceptions of the module's own functions."""

from __future__ import annotations

import ast
import builtins
import sys
from typing import TYPE_CHECKING

from pymodernize.semantics.call_binding import argument
from pymodernize.semantics.flow import returns_of
from pymodernize.semantics.scopes import Binding
from pymodernize.semantics.types import NONE, NOTHING, Type, Types

if TYPE_CHECKING:
    from pymodernize.semantics.inference import Inference


def returned(inference: Inference, function: ast.FunctionDef) -> Types | None:
    """The types of a function's results; None for a generator, or if a result may be anything."""
    union = NONE
    if not inference.module.completions.completes(function.body):
        union = NOTHING
    for node in returns_of(function):
        if not isinstance(node, ast.Return):
            return None
        types = inference.of(node.value) if node.value is not None else NONE
        if types is None:
            return None
        union |= types
    return union


def parameter(inference: Inference, binding: Binding) -> Types | None:
    """The types of a parameter: the union over all calls; None unless all calls are in this module."""
    calls = inference.module.every_call(binding.scope.node)
    if calls is None or inference.module.values.is_reached_otherwise:
        return None
    function = binding.scope.node
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or function.args.vararg is not None:
        return None
    if binding.node is function.args.kwarg:
        return frozenset({Type("dict")})
    union: Types = NOTHING
    for call in calls:
        value = argument(function, call, binding.node)
        types = inference.of(value) if value is not None else None
        if types is None:
            return None
        union |= types
    # An empty set is an answer only during a fixpoint iteration, for mutually recursive functions.
    return union if union or inference.relies else None


def caught(inference: Inference, type_: ast.expr | None) -> Types | None:
    """The type of the exception that a handler binds; None if its class may define ``__format__``."""
    exprs = type_.elts if isinstance(type_, ast.Tuple) else [type_]
    plain = all(expr is not None and _is_plain_exception(inference, expr) for expr in exprs)
    return frozenset({Type("exception")}) if plain else None


def _is_plain_exception(inference: Inference, expr: ast.expr) -> bool:
    """Whether a class is the library's, or this module's with no ``__format__`` of its own."""
    qualified = inference.module.qualified_name(expr)
    if qualified is not None:
        root, _, rest = qualified.partition(".")
        if root == "builtins":
            return isinstance(getattr(builtins, rest, None), type)
        return root in sys.stdlib_module_names
    definition = inference.module.local_class(expr)
    if definition is None:
        return False
    formats = any(isinstance(item, ast.FunctionDef) and item.name == "__format__" for item in definition.body)
    return not formats and all(_is_plain_exception(inference, base) for base in definition.bases)
