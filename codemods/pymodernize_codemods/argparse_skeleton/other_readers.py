"""Other code that reads the command line of a script: libraries for that, and whole programs that it starts."""

from __future__ import annotations

import ast
import sys

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain

PARSERS = frozenset({"argparse", "getopt", "optparse"})
"""Modules of the standard library; what they read is not read by hand."""
_LIBRARIES = frozenset(
    """absl baker begin cement cleo click cliff clize cmdln configargparse cyclopts defopt docopt fire gflags invoke
    jsonargparse kivy opster plac plumbum pyrallis simple_parsing tap tornado traitlets typer tyro wx""".split()
)
_PROGRAMS = frozenset({"unittest.main", "pytest.main", "nose.main", "nose.run", "nose.runmodule", "pdb.main"})
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
        if name in _PROGRAMS or last in _ENTRIES and foreign and not own and not call.args and not call.keywords:
            raise NotPlain("another program that is started may read the command line, too", call)


def _root(alias: ast.alias, module: Module) -> str:
    """The package that an import is from."""
    parent = module.parent(alias)
    home = parent.module or "" if isinstance(parent, ast.ImportFrom) and not parent.level else alias.name
    return home.partition(".")[0]
