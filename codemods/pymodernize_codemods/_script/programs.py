"""What tells a program from a module that does something when it is imported: registers things, fills a table."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.module import Module
from pymodernize.semantics.scripts import acts, is_guard
from pymodernize_codemods._script.entry import sets_up

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
# What a module that is there to be imported does not do while it is: talk, ask, wait, end, change files.
_OF_PROGRAMS = (
    *(f"builtins.{name}" for name in ("print", "input", "exit", "quit")),
    *(f"sys.{name}" for name in ("argv", "stdin", "stdout", "stderr", "exit")),
    *(f"os.{name}" for name in "chmod popen remove removedirs rename renames replace rmdir system unlink".split()),
    *(f"shutil.{name}" for name in "copy copy2 copyfile copytree move rmtree".split()),
    *(f"subprocess.{name}" for name in "Popen call check_call run".split()),
    *("argparse.ArgumentParser", "optparse.OptionParser", "getopt.getopt", "fileinput.input"),
    *("logging.basicConfig", "smtplib.SMTP", "time.sleep", "urllib.request.urlopen", "urllib.request.urlretrieve"),
)
# What they do with methods of a Path instead of functions of os and shutil.
_CHANGES_OF_FILES = frozenset({"chmod", "rename", "replace", "rmdir", "unlink"})
_PATH = "pathlib.Path"


def is_program(module: Module) -> bool:
    """Whether a file is a program by what it does as it is loaded, its guard aside.

    Args:
        module: the module.

    Returns:
        False for a file that says what others import from it, or that takes
        its place in a package as given: it does not run by itself.
    """
    module = module.origin or module  # other rewrites may have turned its prints into something else
    if is_made_for_import(module):
        return False
    if module.source.data.startswith(b"#!") and module.guard is None:
        return True
    run = _reached(module)
    for node in (*module.names.naming(*_OF_PROGRAMS), *_changes_of_files(module)):
        statement = module.top_level(node)
        if statement in run or not isinstance(statement, _DEFINITIONS) and not is_guard(statement):
            return True
    return False


def _changes_of_files(module: Module) -> Iterator[ast.Attribute]:
    """The methods of paths that change files; also those that a rewrite has put where functions of os were."""
    for node in module.nodes(ast.Attribute) if b"Path" in module.source.data else ():
        if node.attr in _CHANGES_OF_FILES and {item.name for item in module.type_of(node.value) or ()} == {_PATH}:
            yield node


def is_made_for_import(module: Module) -> bool:
    """Whether a file says that it is a part of something: by ``__all__``, or by an import from its own package.

    Args:
        module: the module.
    """
    return "__all__" in module.index.scope.bindings or any(node.level for node in module.nodes(ast.ImportFrom))


def _reached(module: Module) -> set[ast.stmt]:
    """The statements at the top level that its work there names, and those that these name: functions, classes.

    What a set-up of logging or signals names runs later, or for others: a handler that prints makes no program.
    """
    own: dict[str, set[ast.stmt]] = {}
    for name, bindings in module.index.scope.bindings.items():
        own[name] = {module.top_level(binding.node) for binding in bindings}
    found: set[ast.stmt] = set()
    queue: list[ast.stmt] = [
        item
        for item in module.tree.body
        if not (isinstance(item, _DEFINITIONS) or is_guard(item) or sets_up(module, item)) and acts(module, item)
    ]
    seen: set[str] = set()
    while queue:
        named = {node.id for node in ast.walk(queue.pop()) if isinstance(node, ast.Name)} - seen
        seen |= named
        fresh = {item for name in named for item in own.get(name, ()) if not is_guard(item)} - found
        queue += fresh
        found |= fresh
    return found
