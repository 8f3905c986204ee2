"""Whether a script looks at its own text: then a rewrite that keeps what it does can still be seen."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module

_WATCHES = (
    *(f"inspect.{name}" for name in ("getsource", "getsourcelines", "findsource", "getlineno")),
    *(f"sys.{name}" for name in ("settrace", "setprofile")),
)


def watches_itself(module: Module) -> bool:
    """Whether the file reads its own text, or follows its own calls: both see the rewrite."""
    if module.calls(*_WATCHES):
        return True
    return any(
        isinstance(node, ast.Name) and node.id == "__file__" or module.qualified_name(node) == "sys.argv"
        for call in module.calls("builtins.open", "io.open", "codecs.open")
        for node in _path_given(call)
    )


def _path_given(call: ast.Call) -> list[ast.expr]:
    """The first argument, or what it is a subscript of if that is the place of the script's own name."""
    match call.args[:1]:
        case [ast.Subscript(value=value, slice=ast.Constant(value=0))]:
            return [value]
        case [ast.Name() as name]:
            return [name]
    return []
