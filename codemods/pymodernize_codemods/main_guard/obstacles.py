"""What keeps a script from getting a ``main`` at all, and what makes that doubtful."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable

from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize.semantics.python_2 import BUILTINS
from pymodernize.semantics.scanning import starts_processes
from pymodernize.semantics.scripts import is_guard
from pymodernize_codemods._script.programs import is_made_for_import, is_program
from pymodernize_codemods._script.statements import is_text

_NOTEBOOK = re.compile(r"# (?:In ?\[[\d *]*\]|%%)|# <codecell>")
# Functions that find what they run by looking through the file's own names.
_RUNNERS = {
    "unittest.main": "unittest looks through the file for its tests and ends the script itself",
    "pytest.main": "pytest runs the file",
    "doctest.testmod": "doctest runs the file's examples with its names",
    "setuptools.setup": "it is a file for the packaging",
    "distutils.core.setup": "it is a file for the packaging",
    "code.interact": "an interactive prompt shows the file's names",
    "code.InteractiveConsole": "an interactive prompt shows the file's names",
    "IPython.embed": "an interactive prompt shows the file's names",
}
# What shows in which function code runs.
_FRAMES = frozenset(
    """inspect.currentframe inspect.getframeinfo inspect.getouterframes inspect.stack inspect.trace sys._getframe
    traceback.extract_stack traceback.extract_tb traceback.format_exc traceback.format_exception
    traceback.format_stack traceback.format_tb traceback.walk_tb""".split()
)


class Obstacle(ValueError):
    """The script cannot be rewritten; the message says why.

    Args:
        code: of the reasons of main-guard.
        sentence: about this script.
    """

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(Reason(code, sentence))


def names_in_texts(module: Module) -> dict[ast.Call, frozenset[str]]:
    """The calls of ``globals`` from which a known text takes its values, with the names that it takes.

    Args:
        module: the module.
    """
    found: dict[ast.Call, frozenset[str]] = {}
    for call in module.calls("builtins.globals"):
        match module.parent(call):
            case ast.BinOp(left=ast.Constant(value=str(text)), op=ast.Mod(), right=right) if right is call:
                found[call] = frozenset(re.findall(r"%\((\w*)\)", text))
            case ast.Subscript(value=value, slice=ast.Constant(value=str(text)), ctx=ast.Load()) if value is call:
                found[call] = frozenset({text})
    return found


def check_file(module: Module, moved: Iterable[ast.stmt], spoken: Collection[ast.Call]) -> None:
    """See that nothing in the file rests on its work being done at the top level.

    Args:
        module: a script.
        moved: the statements that would move, guards included.
        spoken: calls of ``globals`` that do no harm.

    Raises:
        Obstacle: something does.
    """
    if b"get_ipython" in module.source.data or any(_NOTEBOOK.match(item.text) for item in module.comments):
        raise Obstacle("notebook", "it is a notebook that was exported: its cells are the unit of its work")
    for qualified, reason in _RUNNERS.items():
        if any(module.names.naming(qualified)):
            raise Obstacle("runner", reason)
    if module.index.scope.star_imports:
        raise Obstacle("star-import", "an import of everything may bind any name")
    if module.index.scope.global_names:
        raise Obstacle("names", "it has a global statement at its top level")
    if _looks_through_names(module, spoken):
        raise Obstacle("names", "it may reach its own names by other ways than by naming them")
    if _imports_itself(module):
        raise Obstacle("imported", "it may import itself")
    unguarded = [item for item in moved if not is_guard(item)]
    if unguarded and module.facts.loaded_by:
        raise Obstacle("imported", f"{module.facts.loaded_by} may load it, and what it does then would be left out")
    if unguarded and (module.facts.is_command or is_made_for_import(module)):
        raise Obstacle("imported", "it may be loaded by others, and what it does then would be left out")
    if unguarded and (line := starts_processes(module.source.data)):
        sentence = f"processes that it starts (line {line}) may run the file again, without what would be in main"
        raise Obstacle("processes", sentence)
    foreign = sorted(module.unresolved - BUILTINS)
    if foreign and unguarded:
        raise Obstacle(
            "imported", f"nothing binds {foreign[0]}: a program that does may run the file under another name"
        )
    for statement in moved:
        _check_statement(module, statement)


def _looks_through_names(module: Module, spoken: Collection[ast.Call]) -> bool:
    if module.values.is_reached_besides(spoken):
        return True
    if any(name.id == "__annotations__" for name in module.nodes(ast.Name)):
        return True  # in a function annotations of variables are not kept
    # dir() and help() with nothing between the brackets are about the place where they are called.
    return any(not call.args and module.function(call) is None for call in module.calls("builtins.dir"))


def _imports_itself(module: Module) -> bool:
    stem = module.facts.name.partition(".")[0]
    named = [alias.name for alias in module.nodes(ast.alias) if isinstance(module.parent(alias), ast.Import)]
    named += [node.module or "" for node in module.nodes(ast.ImportFrom) if not node.level]
    return any(name.partition(".")[0] == stem for name in named)


def _check_statement(module: Module, statement: ast.stmt) -> None:
    if is_guard(statement):
        if isinstance(statement, ast.If) and statement.orelse:
            raise Obstacle("imported", "the guard has an else: the file expects to be imported")
    elif any(isinstance(node, ast.Name) and node.id == "__name__" for node in ast.walk(statement)) and any(
        isinstance(node, ast.Constant) and node.value == "__main__" for node in ast.walk(statement)
    ):
        raise Obstacle("imported", "it asks in another way whether it is run")


def doubt(module: Module, moved: Iterable[ast.stmt]) -> str:
    """Why the rewrite may change what a script does, empty if there is no reason to think so.

    Args:
        module: the module.
        moved: the statements that would move, guards included.
    """
    if not is_program(module) and any(not is_guard(item) and not is_text(item) for item in moved):
        return "nothing that it does by itself shows a program: it may do this for those that import it"
    if any(item.name == "__del__" for item in module.nodes(ast.FunctionDef)):
        return "objects with __del__ would end with main, not with Python"
    if any((alias.name or "").partition(".")[0] == "weakref" for alias in module.nodes(ast.alias)) or any(
        node.module == "weakref" for node in module.nodes(ast.ImportFrom)
    ):
        return "weak references may notice that objects end with main, not with Python"
    if any(module.names.naming(*_FRAMES)) or module.has_text(b"funcName"):
        return "it shows the names of the functions that it runs in"
    return ""
