"""Where a script sets up logging: as its main begins, or at once because records may come before that or without it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.module import Module
from pymodernize.semantics.scanning import starts_processes
from pymodernize.semantics.scripts import acts
from pymodernize_codemods._script.entry import MAINS, entry

# The name of what these load need not stand anywhere.
_IMPORTS_BY_VALUE = (b"import_module", b"__import__", b"runpy", b"spec_from_file_location", b"load_source")
# What gives a module's own functions without naming them.
_NAMESPACES = frozenset({"builtins.globals", "builtins.locals", "builtins.vars", "builtins.exec", "builtins.eval"})
# What holds a value without doing anything with it.
_HOLDERS = (ast.Dict, ast.List, ast.Set, ast.Tuple, ast.IfExp, ast.Attribute)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Start:
    """How a script starts.

    Attributes:
        statement: the guard, or the only statement of the module's own body
            that does work.
        main: the function that it calls, None if it does anything else.
        call: the call.
    """

    statement: ast.stmt
    main: ast.FunctionDef | None = None
    call: ast.Call | None = None


def start(module: Module) -> Start | None:
    """How a script starts; None if it does its work where it stands.

    Args:
        module: the module.
    """
    guard = module.guard
    if guard is not None:
        found = entry(module)
        # Above a call of any other function the guard itself has room for it.
        return Start(guard, found.main, found.call) if found and found.main.name in MAINS else Start(guard)
    work = [item for item in module.tree.body if not isinstance(item, _DEFINITIONS) and acts(module, item)]
    if len(work) != 1 or not isinstance(work[0], ast.Expr) or not isinstance(work[0].value, ast.Call):
        return None
    call = work[0].value
    if module.qualified_name(call.func) == "sys.exit" and len(call.args) == 1 and isinstance(call.args[0], ast.Call):
        call = call.args[0]
    main = module.local_function(call.func)
    # Another one is a step of a main that is still to come.
    return Start(work[0], main, call) if isinstance(main, ast.FunctionDef) and main.name in MAINS else None


def first_statement(module: Module, converted: frozenset[ast.Call], *, once: bool) -> ast.stmt | None:
    """The statement in front of which logging is set up; None if it is set up below the imports.

    Args:
        module: the module.
        converted: the prints that become records.
        once: whether the set-up must not run twice.
    """
    found = start(module)
    if found is None or _is_loaded_otherwise(module) or runs_own_code_early(module, converted, found.statement):
        return None
    if found.main is not None and found.call is not None and not _calls_before(found.call):
        if not once or module.every_call(found.main) == [found.call]:
            if first := _first_of(found.main):
                return first
    return found.statement.body[0] if isinstance(found.statement, ast.If) else None


def _first_of(function: ast.FunctionDef) -> ast.stmt | None:
    """The first statement of a function, behind its docstring."""
    start = 1 if ast.get_docstring(function, clean=False) is not None else 0
    return function.body[start] if start < len(function.body) else None


def _calls_before(call: ast.Call) -> bool:
    """Whether something is called for the arguments of a call."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return any(isinstance(node, ast.Call) for arg in given for node in ast.walk(arg))


def _is_loaded_otherwise(module: Module) -> bool:
    """Whether the module may be loaded, and its functions called, without what starts it as a script."""
    if module.facts.is_command or module.facts.is_loaded_by_value or starts_processes(module.source.data):
        return True
    # With an ``else`` the file expects to be imported, from wherever.
    return module.guard is not None and bool(module.guard.orelse) or imports_itself(module)


def imports_itself(module: Module) -> bool:
    """Whether the module may load itself a second time, under its file's name: then its guard is not run."""
    data = module.source.data
    if any(word in data for word in _IMPORTS_BY_VALUE):
        return True
    stem = re.escape(module.facts.name.partition(".")[0].encode("utf-8", "surrogateescape"))
    return re.search(rb"\b(?:import|from)[ \t]+" + stem + rb"\b", data) is not None


def runs_own_code_early(module: Module, converted: frozenset[ast.Call], start: ast.stmt | None = None) -> bool:
    """Whether code outside of the statement that starts the script may emit a record when the file is run.

    A function of the module, or of one that it shares its set-up with, may
    run as soon as something is done with it, or with what holds it, beyond
    giving it a name.
    """
    early = [statement for statement in module.tree.body if statement is not (start or module.guard)]
    run = [node for statement in early for node in own_nodes(statement)]
    if any(node in converted or _is_opaque(module, node) for node in run):
        return True
    own = {item.name for kind in _DEFINITIONS for item in module.nodes(kind)} | _from_the_project(module)
    hooked = any(item.name == "__init_subclass__" for item in module.nodes(ast.FunctionDef))
    names = list(_names(run))
    while True:
        holders: set[str] = set()
        for name in names:
            if name.id not in own or _is_harmless(module, name, hooked=hooked):
                continue
            held = _held_by(module, name)
            if held is None:
                return True
            holders |= held
        if holders <= own:
            return False
        own |= holders


def _from_the_project(module: Module) -> set[str]:
    """The names by which modules are used here whose records may be shown by this one's set-up."""
    roots = {neighbour.module.partition(".")[0] for neighbour in module.facts.imported}
    names = {
        name
        for name, bindings in module.index.scope.bindings.items()
        if any((binding.target or "").lstrip(".").partition(".")[0] in roots for binding in bindings)
    }
    relative = module.facts.imported and any(item.level for item in module.nodes(ast.ImportFrom))
    if relative:
        names |= {
            alias.asname or alias.name for item in module.nodes(ast.ImportFrom) if item.level for alias in item.names
        }
    return names.union(*(brought for _, brought in module.facts.star_names if module.facts.imported))


def _names(run: list[ast.AST]) -> Iterator[ast.Name]:
    """The names that are read, those in lambdas included: whoever holds the lambda may call it."""
    for node in run:
        inner = ast.walk(node.body) if isinstance(node, ast.Lambda) else (node,)
        yield from (item for item in inner if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load))


def _is_opaque(module: Module, node: ast.AST) -> bool:
    """Whether a node calls what is not named, reaches for the module's own names, or decorates by project code."""
    if isinstance(node, ast.Call):
        named = isinstance(node.func, (ast.Name, ast.Attribute))
        return not named or module.qualified_name(node.func) in _NAMESPACES
    if isinstance(node, ast.Attribute) and module.qualified_name(node) == "sys.modules":
        return True
    decorators = node.decorator_list if isinstance(node, _DEFINITIONS) else ()
    roots = {(module.qualified_name(item) or "").partition(".")[0] for item in decorators}
    return not roots.isdisjoint(module.facts.beside)


def _is_harmless(module: Module, name: ast.Name, *, hooked: bool) -> bool:
    """Whether a function or class is only named as a base, as what to catch, or in an annotation."""
    whole: ast.AST = name
    parent = module.parent(whole)
    while isinstance(parent, ast.Attribute):
        whole, parent = parent, module.parent(parent)
    if isinstance(parent, ast.ClassDef):
        return whole in parent.bases and not hooked
    if isinstance(parent, ast.Tuple):
        parent = module.parent(parent)
    if isinstance(parent, ast.ExceptHandler):
        return True
    statement = module.statement(name)
    return isinstance(statement, ast.AnnAssign) and any(node is name for node in ast.walk(statement.annotation))


def _held_by(module: Module, name: ast.Name) -> set[str] | None:
    """The variables that an assignment gives a function to, None if it goes anywhere else."""
    path: list[ast.AST] = []
    for node in module.ancestors(name):
        if isinstance(node, ast.stmt):
            break
        # What stands in a lambda waits for its call.
        path = [] if isinstance(node, ast.Lambda) else [*path, node]
    statement = module.statement(name)
    if not isinstance(statement, (ast.Assign, ast.AnnAssign)) or not all(isinstance(node, _HOLDERS) for node in path):
        return None
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    stored = [node for target in targets for node in ast.walk(target) if not isinstance(node, ast.expr_context)]
    if not all(isinstance(node, (ast.Name, ast.Tuple, ast.List)) for node in stored):
        return None
    return {node.id for node in stored if isinstance(node, ast.Name)}
