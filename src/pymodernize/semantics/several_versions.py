"""Code that is there for several versions of Python, or for whether a library is there: fallbacks and their tests."""

from __future__ import annotations

import ast
import itertools
import operator
import re
from collections.abc import Collection, Iterator
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

GROUPED_WITH = (3, 10)
"""The first Python whose reference has brackets around the items of a ``with``: 8.5, The with statement."""
_IMPORTS = (ast.Import, ast.ImportFrom)
_OF_IMPORTS: frozenset[str | None] = frozenset({"builtins.ImportError", "builtins.ModuleNotFoundError"})
_OF_NAMES = frozenset({"builtins.AttributeError", "builtins.NameError"})
_BROAD = frozenset({"builtins.Exception", "builtins.BaseException"})
_VERSIONS = frozenset(
    """sys.version sys.version_info sys.hexversion platform.python_version platform.python_version_tuple six.PY2 six.PY3
    six.PY34""".split()
)
_TEXTS = frozenset({"builtins.str", "builtins.bytes"})
# Methods that Python 3 does not call.
_OF_PYTHON_2 = frozenset("__unicode__ __nonzero__ __cmp__ __long__ __coerce__ __getslice__ __setslice__".split())
# How projects call what they have found out of the version: PY2, IS_PY3, python3, py27.
_NAMED = re.compile(r"_*(is_?|on_?|not_?)?py(thon)?_?[23]\w*|py3k", re.IGNORECASE)
# How files begin that give the others what differs between versions.
_COMPATIBLE = re.compile(r"(?:six|future)\.py|compat|py2_?3|py3k")
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


def is_compatibility_module(name: str) -> bool:
    """Whether a file is there to give the others what differs between versions, by its name.

    Args:
        name: the file's, without folders.
    """
    plain = name.lower().lstrip("_")
    return _COMPATIBLE.match(plain) is not None or plain.startswith("py") and "compat" in plain


def is_for_some_versions(
    module: Module, node: ast.AST, names: Collection[str] = (), *, is_always_there: bool = False
) -> bool:
    """Whether code runs on some versions only, or has a fallback for those without what it uses.

    Args:
        module: the module.
        node: an expression, a statement, or an alias of an import.
        names: attributes that are missing elsewhere: a test of ``hasattr`` for one of them counts, too.
        is_always_there: whether every version has what it uses: then a handler for missing names is for another one.
    """
    statement = module.statement(node) if not isinstance(node, ast.stmt) else node
    child: ast.AST = node
    for around in module.ancestors(node):
        match around:
            case ast.Try() if not is_always_there and _falls_back(module, around, child, statement):
                return True
            case ast.With() | ast.AsyncWith() if not is_always_there and child in around.body:
                if _suppresses(module, around):
                    return True
            case ast.If() | ast.While() | ast.IfExp() if child is not around.test:
                if _tests_version(module, around.test, names):
                    return True
            case ast.BoolOp():
                earlier = itertools.takewhile(partial(operator.is_not, child), around.values)
                if any(_tests_version(module, item, names) for item in earlier):
                    return True
            case ast.FunctionDef(name=name) if name in _OF_PYTHON_2:
                return True
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() if child in around.body:
                if any(_tests_version(module, item, names) for item in around.decorator_list):
                    return True
        if isinstance(child, ast.stmt) and _is_behind_exit(module, child, names):
            return True
        child = around
    return False


def _falls_back(module: Module, around: ast.Try, child: ast.AST, statement: ast.stmt) -> bool:
    """Whether a ``try`` tries what some versions lack, or a handler of it does what they need instead."""
    of_imports = _OF_IMPORTS
    if all(isinstance(item, _IMPORTS) for item in around.body):
        of_imports |= _BROAD | {None}
    if child in around.handlers:
        assert isinstance(child, ast.ExceptHandler)  # noqa: S101 - they are
        return bool(set(_caught(module, child)) & (of_imports | _OF_NAMES))
    if child not in around.body:
        return False
    caught = {name for handler in around.handlers for name in _caught(module, handler)}
    return bool(caught & (of_imports if isinstance(statement, _IMPORTS) else _OF_NAMES))


def _caught(module: Module, handler: ast.ExceptHandler) -> Iterator[str | None]:
    """The qualified names of what a handler catches; None for a bare one and for what cannot be told."""
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    for item in types:
        yield module.qualified_name(item) if item is not None else None


def _suppresses(module: Module, around: ast.With | ast.AsyncWith) -> bool:
    """Whether a ``with`` suppresses the lack of a module or name."""
    for item in around.items:
        call = item.context_expr
        if isinstance(call, ast.Call) and module.qualified_name(call.func) == "contextlib.suppress":
            if any(module.qualified_name(arg) in _OF_IMPORTS | _OF_NAMES for arg in call.args):
                return True
    return False


def _tests_version(module: Module, test: ast.expr, names: Collection[str]) -> bool:
    """Whether an expression asks for the version, or for one of some names."""
    for node in ast.walk(test):
        if isinstance(node, (ast.Name, ast.Attribute)):
            last = node.id if isinstance(node, ast.Name) else node.attr
            if _NAMED.fullmatch(last) or module.qualified_name(node) in _VERSIONS or _holds_version(module, node):
                return True
        if isinstance(node, ast.Call) and module.qualified_name(node.func) in {"builtins.hasattr", "builtins.getattr"}:
            if any(isinstance(arg, ast.Constant) and arg.value in names for arg in node.args):
                return True
        if isinstance(node, ast.Compare):
            if isinstance(node.left, ast.Constant) and node.left.value in names:
                return True  # "name" in dir(module)
            if {module.qualified_name(item) for item in (node.left, *node.comparators)} == _TEXTS:
                return True  # they are one class in Python 2
    return False


def _holds_version(module: Module, node: ast.expr) -> bool:
    """Whether a variable is assigned what was found out of the version."""
    found = module.scope(node).lookup(node.id) if isinstance(node, ast.Name) else None
    for binding in found[1] if found is not None else ():
        assign = module.parent(binding.node)
        if isinstance(assign, ast.Assign):
            parts = (item for item in ast.walk(assign.value) if isinstance(item, (ast.Name, ast.Attribute)))
            if any(module.qualified_name(item) in _VERSIONS for item in parts):
                return True
    return False


def _is_behind_exit(module: Module, statement: ast.stmt, names: Collection[str]) -> bool:
    """Whether a test of the version above a statement, in its block, leaves on the other versions."""
    block, place = module.place(statement)
    return any(
        isinstance(item, ast.If) and isinstance(item.body[-1], _LEAVES) and _tests_version(module, item.test, names)
        for item in block[:place]
    )
