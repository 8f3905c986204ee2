"""What a file does with its own text, its own names and its own end: such files see what a rewrite adds."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module

_WATCHES = (
    *(f"inspect.{name}" for name in ("getsource", "getsourcelines", "findsource", "getlineno")),
    *(f"sys.{name}" for name in ("settrace", "setprofile")),
)
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


def lists_own_names(module: Module) -> bool:
    """Whether the file looks through its global names, beyond looking one up."""
    names = ("builtins.globals", "builtins.dir", "builtins.vars", "builtins.locals", "inspect.getmembers")
    for call in module.calls(*names):
        if call.args:
            if any(_is_this_module(module, node) for node in ast.walk(call.args[0])):
                return True
            continue
        at_module_level = module.function(call) is None
        if module.qualified_name(call.func) != "builtins.globals" and not at_module_level:
            continue
        parent = module.parent(call)
        looked_up = isinstance(parent, ast.Subscript) or isinstance(parent, ast.Attribute) and parent.attr == "get"
        formatted = isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod)
        if not looked_up and not formatted:
            return True
    return False


def _is_this_module(module: Module, node: ast.AST) -> bool:
    """``sys.modules[...]``, or ``__main__`` as a module."""
    if isinstance(node, ast.Subscript):
        return module.qualified_name(node.value) == "sys.modules"
    return isinstance(node, ast.Name) and module.qualified_name(node) == "__main__"
