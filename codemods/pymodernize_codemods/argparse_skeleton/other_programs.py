"""Arguments that go whole to another program or to another parser: its options are theirs, not the script's."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.argv_variables import parameter_reads
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain

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
