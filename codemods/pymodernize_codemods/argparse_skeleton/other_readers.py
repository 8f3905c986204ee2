"""Other code that reads the command line of a script: libraries for that, and whole programs that it starts."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.argv_variables import parameter_reads
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain

PARSERS = frozenset({"argparse", "getopt", "optparse"})
"""Modules of the standard library; what they read is not read by hand."""
_LIBRARIES = frozenset(
    """absl baker begin cement cleo click cliff clize cmdln configargparse cyclopts defopt docopt fire gflags invoke
    jsonargparse kivy opster plac plumbum pyrallis simple_parsing tap tornado traitlets typer tyro wx""".split()
)
_RUNNERS = frozenset({"unittest.main", "pytest.main", "nose.main", "nose.run", "nose.runmodule", "pdb.main"})
_ENTRIES = frozenset("main cli run_main parse_args parse_command_line execute_from_command_line runmodule".split())


def uses_parser(module: Module) -> bool:
    """Whether the file has a command line of the standard library's parsers already."""
    return any(_root(alias, module) in PARSERS for alias in module.nodes(ast.alias))


def check_readers(module: Module) -> None:
    """Make sure that nothing but the script itself reads its command line.

    Raises:
        NotPlain: something else may.
    """
    for alias in module.nodes(ast.alias):
        if _root(alias, module) in _LIBRARIES:
            raise NotPlain("a library may read the command line, too", alias)
    for call in module.nodes(ast.Call):
        name = module.qualified_name(call.func) or ""
        last = call.func.attr if isinstance(call.func, ast.Attribute) else name.rpartition(".")[2]
        foreign = name.partition(".")[0] not in sys.stdlib_module_names and not name.startswith("builtins.")
        own = isinstance(call.func, ast.Name) and module.local_function(call.func) is not None
        if name in _RUNNERS or last in _ENTRIES and foreign and not own and not call.args and not call.keywords:
            raise NotPlain("another program that is started may read the command line, too", call)


def _root(alias: ast.alias, module: Module) -> str:
    """The package that an import is from."""
    parent = module.parent(alias)
    home = parent.module or "" if isinstance(parent, ast.ImportFrom) and not parent.level else alias.name
    return home.partition(".")[0]


_PROGRAMS = (
    *("os.system", "os.popen", "os.exec", "os.spawn", "os.posix_spawn", "os.startfile", "pty.spawn"),
    *("subprocess.", "asyncio.create_subprocess", "asyncio.subprocess.", "commands.", "popen2.", "pexpect."),
)
_PARSERS = frozenset(
    {"shlex.split", "shlex.shlex", "runpy.run_module", "runpy.run_path", "unittest.main", "pytest.main"}
)
_PARSING = frozenset("cmdloop dispatch execute_command_line main onecmd parse parse_args parse_known_args".split())


def check_not_handed_on(module: Module, arguments: ast.expr) -> None:
    """Make sure that a list of arguments, also as a part of a text, goes to no other program and no other parser.

    Args:
        module: the module.
        arguments: the expression for the list.

    Raises:
        NotPlain: it does.
    """
    seen: set[ast.AST] = set()
    pending: list[ast.AST] = [arguments]
    while pending:
        node = pending.pop()
        if node not in seen:
            seen.add(node)
            pending += _goes_to(module, node)


def _goes_to(module: Module, node: ast.AST) -> Iterator[ast.AST]:
    """Where a value, or what it is a part of, goes: the expressions around it, and the reads of its variables."""
    parent = module.parent(node)
    if isinstance(parent, ast.Call) and node is not parent.func:
        _check_call(module, parent, node)
        if isinstance(node, ast.expr):
            yield from parameter_reads(module, parent, node) or ()
        if module.qualified_name(parent.func) != "builtins.len":
            yield parent
    elif isinstance(parent, ast.Assign) and node is parent.value:
        for target in parent.targets:
            yield from _reads(module, target)
    elif isinstance(parent, ast.AugAssign) and node is parent.value:
        yield from _reads(module, parent.target)
    elif isinstance(parent, ast.Subscript) and not isinstance(parent.slice, ast.Slice):
        return  # one argument by itself
    elif isinstance(parent, (ast.expr, ast.keyword)) and not isinstance(parent, ast.Compare):
        yield parent


def _check_call(module: Module, call: ast.Call, node: ast.AST) -> None:
    name = module.qualified_name(call.func) or ""
    if name.startswith(_PROGRAMS):
        raise NotPlain("the arguments are handed on to another program", node)
    method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
    if name in _PARSERS or method in _PARSING and module.local_function(call.func) is None:
        raise NotPlain("the arguments are handed on to another parser", node)


def _reads(module: Module, target: ast.expr) -> Iterator[ast.AST]:
    for name in ast.walk(target):
        found = module.scope(name).lookup(name.id) if isinstance(name, ast.Name) else None
        for binding in found[1] if found is not None else ():
            yield from module.uses(binding)
