"""Whether a script enumerates its global names or the loaded modules, so that added names change its behaviour."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_SIGNS = (
    *(b"globals", b"dir", b"vars", b"locals", b"getmembers", b"doctest", b"__dict__", b"f_globals", b"__globals__"),
    *(b"sys.modules", b"modules", b"Fire", b"pyclbr", b"help"),
)
_LISTING = tuple(f"builtins.{name}" for name in "dir globals locals vars".split())
_OF_A_MODULE = ("inspect.getmembers", "inspect.getmembers_static", "inspect.getclasstree", "pydoc.render_doc")
_NAMESPACES = frozenset("f_globals __globals__ func_globals".split())
_VIEWS = frozenset("copy items keys values".split())


def lists_own_names(module: Module) -> str:
    """Why added names may change the behaviour of a script, with the line of the code; empty if they cannot.

    Args:
        module: the module.
    """
    if not module.has_text(*_SIGNS):
        return ""
    node = next(_looks(module), None)
    if node is None:
        return ""
    return f"the file looks through its own global names (line {node.lineno}), and the rewrite adds some"


def _looks(module: Module) -> Iterator[ast.expr]:
    yield from _calls_of_namespaces(module)
    for call in (*module.calls(*_OF_A_MODULE), *module.calls("builtins.help")):
        if call.args and any(_is_this_module(module, node) for node in ast.walk(call.args[0])):
            yield call
    yield from _reports_of_doctest(module)
    for node in module.nodes(ast.Attribute):
        of_module = node.attr == "__dict__" and _is_this_module(module, node.value)
        if (node.attr in _NAMESPACES or of_module) and not _is_looked_up(module, node):
            yield node
        elif module.qualified_name(node) == "sys.modules" and _is_listed(module, node):
            yield node
    for call in module.calls("fire.Fire", "pyclbr.readmodule", "pyclbr.readmodule_ex"):
        if not call.args or module.qualified_name(call.func) != "fire.Fire":
            yield call


def _calls_of_namespaces(module: Module) -> Iterator[ast.Call]:
    """The calls of ``globals()`` and its like whose result is used for more than looking up single names."""
    for call in module.calls(*_LISTING):
        if call.args:
            if any(_is_this_module(module, node) for node in ast.walk(call.args[0])):
                yield call
        elif module.qualified_name(call.func) == "builtins.globals" or module.function(call) is None:
            if not _is_looked_up(module, call):
                yield call


def _is_looked_up(module: Module, node: ast.expr) -> bool:
    """Whether a namespace is only used to look up a name, or to format a text."""
    parent = module.parent(node)
    if isinstance(parent, ast.Compare):
        return parent.left is not node and all(isinstance(op, (ast.In, ast.NotIn)) for op in parent.ops)
    looked_up = isinstance(parent, ast.Subscript) or isinstance(parent, ast.Attribute) and parent.attr not in _VIEWS
    return looked_up or isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod)


def _is_listed(module: Module, node: ast.expr) -> bool:
    """Whether ``sys.modules`` is iterated over or passed on, not only used for look-ups."""
    parent = module.parent(node)
    if isinstance(parent, ast.Attribute):
        return parent.attr in _VIEWS
    if isinstance(parent, ast.Call):
        return node in parent.args
    return isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is node


def _reports_of_doctest(module: Module) -> Iterator[ast.Call]:
    """The verbose calls of doctest, whose output lists functions without examples, too."""
    for call in module.calls("doctest.testmod", "doctest.run_docstring_examples", "doctest.DocTestFinder"):
        verbose = [item.value for item in call.keywords if item.arg == "verbose"]
        place = {"testmod": 3, "run_docstring_examples": 2}.get((module.qualified_name(call.func) or "")[8:])
        if place is not None and len(call.args) > place:
            verbose.append(call.args[place])
        if any(not (isinstance(value, ast.Constant) and not value.value) for value in verbose):
            yield call
        elif (module.qualified_name(call.func) or "").endswith("DocTestFinder"):
            yield call


def _is_this_module(module: Module, node: ast.AST) -> bool:
    """Whether a node refers to this module: ``sys.modules[...]``, ``__main__``, or an import of ``__name__``."""
    if isinstance(node, ast.Subscript):
        return module.qualified_name(node.value) == "sys.modules"
    if isinstance(node, ast.Call):
        named = isinstance(node.args[0], ast.Name) and node.args[0].id == "__name__" if node.args else False
        return named and module.qualified_name(node.func) in {"builtins.__import__", "importlib.import_module"}
    if isinstance(node, ast.Name) and node.id == "__name__":
        return isinstance(module.parent(node), ast.Call) and module.parent(node) in module.calls("builtins.help")
    return isinstance(node, ast.Name) and module.qualified_name(node) == "__main__"
