"""Which calls open a file, and whether it is only read."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from pymodernize.semantics.library.file_objects import OPENERS, PATH_OPEN, WRITING, Opener
from pymodernize.semantics.module import Module
from pymodernize_codemods._paths.classes import is_path, types_of


@dataclass(frozen=True, eq=False)
class Opened:
    """A call that opens a file.

    Attributes:
        call: the call.
        opener: what is known of the function.
        path: the expression that names the file, None if it is not in sight.
        is_read: whether the file is read and not written.
        is_named: whether it certainly has a path, and is not the number of an open file.
        is_binary: whether it certainly gives bytes.
    """

    call: ast.Call
    opener: Opener
    path: ast.expr | None
    is_read: bool
    is_named: bool
    is_binary: bool


def opened(module: Module) -> Iterator[Opened]:
    """The calls of a module that open files, in document order.

    Args:
        module: the module.
    """
    of_library = set(module.calls(*OPENERS))
    for call in module.nodes(ast.Call):
        if call in of_library:
            opener = OPENERS.get(module.library_name(call.func) or "")
            if opener is not None:
                yield _opened(module, call, opener)
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "open" and is_path(module, call.func.value):
            yield _opened(module, call, PATH_OPEN)


def _opened(module: Module, call: ast.Call, opener: Opener) -> Opened:
    mode = _given(call, opener.mode, "mode")
    text = mode.value if isinstance(mode, ast.Constant) and isinstance(mode.value, str) else None
    is_read = mode is None and not _is_hidden(call) or text is not None and not set(text) & WRITING
    path = _given(call, 0, opener.path) if opener.path else None
    if not opener.path and isinstance(call.func, ast.Attribute):
        path = call.func.value
    is_named = not opener.path or path is not None and types_of(module, path) in ({"str"}, {"bytes"}, {"pathlib.Path"})
    return Opened(call, opener, path, is_read, is_named, text is not None and "b" in text)


def _given(call: ast.Call, place: int, name: str) -> ast.expr | None:
    if place < len(call.args):
        return call.args[place]
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _is_hidden(call: ast.Call) -> bool:
    """Whether arguments are passed that are not in sight."""
    return any(isinstance(arg, ast.Starred) for arg in call.args) or any(item.arg is None for item in call.keywords)
