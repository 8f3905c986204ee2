"""The files that a module opens, reads or writes by name, and whether two expressions name the same."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize_codemods._checks.values import binding_of, calls_of_methods, given, text_of

_OPENING = ("builtins.open", "io.open", "codecs.open")
_READING = frozenset({"read_text", "read_bytes"})
_WRITING = frozenset({"write_text", "write_bytes"})


@dataclass(frozen=True)
class Opened:
    """A call that opens, reads or writes a file.

    Attributes:
        call: the call.
        file: what names the file, the same for the same file.
        writes: whether its content is replaced.
        reads: whether it is read.
    """

    call: ast.Call
    file: Hashable
    writes: bool
    reads: bool


def opened_files(module: Module) -> list[Opened]:
    """The calls of a module that open a file whose name is told by a constant or a variable.

    Args:
        module: the module.
    """
    return module.once(_opened_files)


def _opened_files(module: Module) -> list[Opened]:
    return sorted(_all_opened(module), key=lambda item: (item.call.lineno, item.call.col_offset))


def _all_opened(module: Module) -> Iterator[Opened]:
    for call in module.calls(*_OPENING):
        name, mode = given(call, 0, "file"), given(call, 1, "mode")
        text = "r" if mode is None else text_of(module, mode)
        file = file_of(module, name) if name is not None else None
        if file is not None and text is not None:
            yield Opened(call, file, "w" in text, "r" in text and "+" not in text)
    for call, method in calls_of_methods(module, (*_READING, *_WRITING, "open")):
        if module.qualified_name(method) is not None:
            continue
        name = method.attr
        file = file_of(module, method.value)
        mode = text_of(module, given(call, 0, "mode")) if name == "open" and call.args else "r"
        if file is not None and mode is not None:
            writes = name in _WRITING or name == "open" and "w" in mode
            yield Opened(call, file, writes, name in _READING or name == "open" and "r" in mode)


def file_of(module: Module, expr: ast.expr) -> Hashable | None:
    """What an expression names, the same for expressions that name the same file; None if that is not told.

    Args:
        module: the module.
        expr: a path.
    """
    if isinstance(expr, ast.Call) and module.qualified_name(expr.func) == "pathlib.Path" and len(expr.args) == 1:
        expr = expr.args[0]
    text = text_of(module, expr)
    if text is not None:
        return text
    if isinstance(expr, ast.Name):
        return binding_of(module, expr)
    if isinstance(expr, ast.Attribute) and isinstance(expr.value, ast.Name):
        inner = binding_of(module, expr.value)
        # The self of each method is another binding: its class tells which it is.
        owner = module.nearest(expr, ast.ClassDef) if expr.value.id == "self" else inner
        return (owner, expr.attr) if owner is not None else None
    return None
