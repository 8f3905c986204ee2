"""Whether a file runs on Python 2 only, by the names that it uses: that one parses says little."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pymodernize.semantics.library.exceptions import knowledge
from pymodernize.semantics.several_versions import is_for_some_versions

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

BUILTINS = frozenset(
    """apply basestring buffer cmp coerce execfile file intern long raw_input reduce reload unichr unicode
    xrange""".split()
)
"""The builtins that Python 3 has not."""
# What gives a list there, and an iterator or a view on Python 3.
_LISTING = frozenset({"items", "keys", "values"})
_LISTING_BUILTINS = frozenset({"builtins.filter", "builtins.map", "builtins.range", "builtins.zip"})
_METHODS = frozenset("has_key iteritems iterkeys itervalues".split())
# Packages whose classes have had such methods on Python 3, too.
_WITH_METHODS = frozenset({"h5py", "pandas", "werkzeug", "xarray"})


def is_of_python_2(module: Module) -> bool:
    """Whether a file has what Python 3 has not: modules, builtins, methods of dictionaries; not as a fallback.

    Sources: https://docs.python.org/3/whatsnew/3.0.html and PEP 3108.

    Args:
        module: the module.
    """
    return module.once(_is_of_python_2)


def _is_of_python_2(module: Module) -> bool:
    return _imports(module) or _reads(module) or _calls(module) or _sorts(module)


def _imports(module: Module) -> bool:
    gone = knowledge().vanished - module.facts.beside
    for node in module.nodes(ast.Import, ast.ImportFrom):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        relative = isinstance(node, ast.ImportFrom) and node.level > 0
        if not relative and any(name.partition(".")[0] in gone for name in names):
            if not is_for_some_versions(module, node):
                return True
    return False


def _reads(module: Module) -> bool:
    if module.index.scope.star_imports:
        return False
    for name, scope in module.index.loads.items():
        if name.id in BUILTINS and scope.lookup(name.id) is None and not is_for_some_versions(module, name):
            return True
    return False


def _calls(module: Module) -> bool:
    if any(name and name.partition(".")[0] in _WITH_METHODS for name in module.names.imported):
        return False
    own = {function.name for function in module.nodes(ast.FunctionDef)}
    for node in module.nodes(ast.Attribute):
        if node.attr in _METHODS - own and module.qualified_name(node) is None:
            if isinstance(module.parent(node), ast.Call) and not is_for_some_versions(module, node, {node.attr}):
                return True
    return False


def _sorts(module: Module) -> bool:
    """Whether a file sorts in place what only Python 2 gives as a list: ``names = table.keys()``, ``names.sort()``."""
    for node in module.nodes(ast.Attribute):
        if node.attr == "sort" and isinstance(node.value, ast.Name) and isinstance(module.parent(node), ast.Call):
            found = module.scope(node.value).lookup(node.value.id)
            bindings = [module.parent(binding.node) for binding in found[1]] if found is not None else []
            if bindings and all(isinstance(item, ast.Assign) and _is_listing(module, item.value) for item in bindings):
                return not is_for_some_versions(module, node)
    return False


def _is_listing(module: Module, expr: ast.expr) -> bool:
    if not isinstance(expr, ast.Call):
        return False
    is_method = isinstance(expr.func, ast.Attribute) and expr.func.attr in _LISTING and not expr.args
    return is_method or module.qualified_name(expr.func) in _LISTING_BUILTINS
