"""Which distributions a script needs: what it imports, where that is certain."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from dataclasses import dataclass

from pymodernize.reasons import Reason
from pymodernize.semantics.completion import JUMPS, Completion
from pymodernize.semantics.flow import TRIES
from pymodernize.semantics.module import Module
from pymodernize.semantics.scripts import is_guard
from pymodernize_codemods.script_dependencies.distributions import distribution_of, table

_IMPORTS = (ast.Import, ast.ImportFrom)
_MISSING = frozenset({"builtins.ImportError", "builtins.ModuleNotFoundError"})
_BROAD = frozenset({"builtins.Exception", "builtins.BaseException"})
_COMPUTING = (
    *("importlib.import_module", "importlib.reload", "builtins.__import__", "runpy.run_path", "runpy.run_module"),
    *("builtins.exec", "importlib.util.spec_from_file_location", "importlib.util.module_from_spec"),
)
# Modules that the library has had for few versions.
_NEW = {"tomllib": (3, 11), "zoneinfo": (3, 9), "graphlib": (3, 9)}


class Unclear(Exception):
    """What the script needs is not certain; the argument is the reason."""


@dataclass(frozen=True)
class Needed:
    """What a script needs.

    Attributes:
        distributions: by name, in order.
        optional: modules that it imports and can do without.
    """

    distributions: tuple[str, ...]
    optional: tuple[str, ...]


def needed(module: Module) -> Needed:
    """The distributions that a script needs beside Python.

    Args:
        module: the script.

    Raises:
        Unclear: that cannot be told.
    """
    wanted: dict[str, ast.stmt] = {}
    optional: set[str] = set()
    for statement in module.nodes(*_IMPORTS):
        names = [name for name in _modules(statement) if name.partition(".")[0] not in sys.stdlib_module_names]
        if not names:
            continue
        if _is_certain(module, statement):
            wanted.update(dict.fromkeys(names, statement))
        else:
            optional.update(name.partition(".")[0] for name in names)
    if module.facts.imports_own:
        if any(distribution_of(name) is not None for name in wanted):
            raise Unclear(Reason("own-modules", "it imports other files of its project, which may need more"))
        return Needed((), ())
    found = {_distribution(name, statement) for name, statement in wanted.items()}
    if not found:
        return Needed((), ())
    if computing := module.calls(*_COMPUTING):
        raise Unclear(Reason("computed", f"what is imported in line {computing[0].lineno} is computed"))
    roots = {name.partition(".")[0] for name in wanted}
    found.update(_parsers(module, roots))
    _check_parts(module, roots, found)
    return Needed(tuple(sorted(found)), tuple(sorted(optional - roots)))


def _modules(statement: ast.Import | ast.ImportFrom) -> list[str]:
    """The names that an import may import modules by; what they begin with decides."""
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    home = "." * statement.level + (statement.module or "")
    return [f"{home}.{alias.name}" for alias in statement.names]


def _distribution(name: str, statement: ast.stmt) -> str:
    found = distribution_of(name)
    if found is None:
        shown = name.lstrip(".").partition(".")[0]
        raise Unclear(Reason("unknown-module", f"no table says what {shown} in line {statement.lineno} is part of"))
    return found


# --- whether an import has to succeed --------------------------------------------------------------------------


def _is_certain(module: Module, statement: ast.stmt) -> bool:
    """Whether the script cannot do without what a statement imports; False if it can.

    Raises:
        Unclear: it depends.
    """
    child: ast.AST = statement
    for around in module.ancestors(statement):
        match around:
            case ast.If() if child in around.body and _is_for_checkers(module, around.test):
                return False
            case ast.If() if not is_guard(around):
                raise _depends(statement, f"a condition in line {around.lineno}")
            case ast.IfExp() | ast.Match():
                raise _depends(statement, f"a condition in line {around.lineno}")
            case ast.ExceptHandler():
                tried = module.parent(around)
                assert isinstance(tried, TRIES)  # noqa: S101 - a handler is in one
                if not _is_always_there(module, tried):
                    raise _depends(statement, f"whether the import in line {tried.body[0].lineno} fails")
                return False
            case ast.Try() if child in around.body or child in around.orelse:
                if any(_goes_on(module, around, handler, statement) for handler in around.handlers):
                    return False
            case ast.With() if any(_suppresses(module, item) for item in around.items):
                return False
        child = around
    return True


def _depends(statement: ast.stmt, on: str) -> Unclear:
    return Unclear(Reason("may-import", f"whether line {statement.lineno} is executed depends on {on}"))


def _is_for_checkers(module: Module, test: ast.expr) -> bool:
    return module.qualified_name(test) == "typing.TYPE_CHECKING"


def _goes_on(module: Module, tried: ast.Try, handler: ast.ExceptHandler, statement: ast.stmt) -> bool:
    """Whether a handler takes the failure of an import, and the script goes on without what it imports.

    Raises:
        Unclear: it goes on without more than that.
    """
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {module.qualified_name(item) if item is not None else None for item in types}
    if not names & (_MISSING | _BROAD | {None}):
        return False
    leaves = module.completions.of(handler.body)
    is_narrow = names <= _MISSING or all(isinstance(item, (*_IMPORTS, ast.Assign)) for item in tried.body)
    if leaves & JUMPS or Completion.NORMAL in leaves and not is_narrow:
        raise _depends(statement, f"what the handler in line {handler.lineno} does")
    return Completion.NORMAL in leaves


def _is_always_there(module: Module, tried: ast.Try) -> bool:
    """Whether a ``try`` imports nothing but what Python's library has for all versions that the script is for."""
    if not all(isinstance(item, _IMPORTS) for item in tried.body):
        return False
    roots = {name.partition(".")[0] for item in tried.body if isinstance(item, _IMPORTS) for name in _modules(item)}
    return all(root in sys.stdlib_module_names and module.target >= _NEW.get(root, (3, 0)) for root in roots)


def _suppresses(module: Module, item: ast.withitem) -> bool:
    call = item.context_expr
    return isinstance(call, ast.Call) and module.qualified_name(call.func) == "contextlib.suppress"


# --- parts that need more --------------------------------------------------------------------------------------


def _parsers(module: Module, roots: set[str]) -> Iterator[str]:
    """What the parsers need that are named to Beautiful Soup."""
    if "bs4" not in roots:
        return
    for call in module.calls("bs4.BeautifulSoup"):
        given = [*call.args[1:2], *(item.value for item in call.keywords if item.arg == "features")]
        for item in given:
            if not isinstance(item, ast.Constant):
                raise Unclear(Reason("part", f"the parser in line {call.lineno} is not in sight"))
            if distribution := table().parsers.get(str(item.value)):
                yield distribution


def _check_parts(module: Module, roots: set[str], found: set[str]) -> None:
    """See that no part of a library is used that needs another one.

    Raises:
        Unclear: one is.
    """
    for part in table().parts:
        if part.module not in roots or part.takes in found:
            continue
        for name, node in _named(module, part.module):
            if name in part.names:
                more = part.takes or "another library"
                raise Unclear(Reason("part", f"{name} in line {node.lineno} may need {more}"))


def _named(module: Module, root: str) -> Iterator[tuple[str, ast.Attribute | ast.alias]]:
    """The attributes that may be a library's, by their names."""
    for alias in module.nodes(ast.alias):
        statement = module.parent(alias)
        if isinstance(statement, ast.ImportFrom) and (statement.module or "").partition(".")[0] == root:
            yield alias.name, alias
        elif isinstance(statement, ast.Import) and alias.name.partition(".")[0] == root:
            for name in alias.name.split(".")[1:]:
                yield name, alias
    for attribute in module.nodes(ast.Attribute):
        name = module.qualified_name(attribute)
        if name is None or name.partition(".")[0] == root:
            yield attribute.attr, attribute
