"""What a file does at its own end: such files see how long what a rewrite adds lives."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module

# Library objects that write the end of their file when they go away, if nobody has closed them before.
_CLOSED_LATE = ("zipfile.ZipFile", "zipfile.PyZipFile", "gzip.open", "gzip.GzipFile", "shelve.open", "shelve.Shelf")


def finishes_late(module: Module) -> bool:
    """Whether an object may do work when the interpreter shuts down, by a ``__del__`` of this file or a library's.

    A handler whose class stands in the script keeps the script's globals
    alive until after that: the work would be done too late or not at all.
    """
    data = module.source.data
    if b"__del__" in data and any(item.name == "__del__" for item in module.nodes(ast.FunctionDef)):
        return True
    return any(not _is_closed(module, call) for call in module.calls(*_CLOSED_LATE))


def _is_closed(module: Module, call: ast.Call) -> bool:
    """Whether an object is entered, closed by its name, or goes away with the function that it is local to."""
    parent = module.parent(call)
    if isinstance(parent, (ast.withitem, ast.Return)):
        return True
    if not isinstance(parent, ast.Assign) or not all(isinstance(target, ast.Name) for target in parent.targets):
        return False
    names = {target.id for target in parent.targets if isinstance(target, ast.Name)}
    if module.function(call) is not None and not names & module.scope(call).global_names:
        return True
    closed = {
        node.value.id
        for node in module.nodes(ast.Attribute)
        if node.attr == "close" and isinstance(node.value, ast.Name)
    }
    return names <= closed
