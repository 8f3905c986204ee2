"""Reads and changes of a variable that holds the list of arguments."""

from __future__ import annotations

import ast

from pymodernize.semantics.call_binding import parameter_of
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Scope, ScopeKind
from pymodernize_codemods.argparse_skeleton.argv_uses import is_truth
from pymodernize_codemods.argparse_skeleton.loops import is_flag_loop
from pymodernize_codemods.argparse_skeleton.membership import read_membership
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain

CHANGES = frozenset("append clear extend insert pop remove reverse sort".split())


def is_len(module: Module, call: ast.Call) -> bool:
    """Whether a call is of the builtin ``len``."""
    return module.qualified_name(call.func) == "builtins.len"


def reads_of(module: Module, target: ast.Name, assign: ast.stmt) -> tuple[list[ast.Name], bool]:
    """The reads of a variable, and whether it may be changed: bound again, deleted, or seen elsewhere."""
    scope, bindings = module.scope(target).lookup(target.id) or (module.index.scope, [])
    if scope.kind is ScopeKind.CLASS or not bindings:
        raise NotPlain("the arguments are kept in a class", assign)
    reads = module.uses(bindings[0])
    changed = (
        len(bindings) > 1
        or not _is_private(module, scope, target.id)
        or any(module.function(read) is not module.function(target) for read in reads)
    )
    for read in reads:
        parent = module.parent(read)
        if isinstance(parent, ast.Attribute) and parent.attr in CHANGES - {"remove"}:
            changed = True
        if isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load):
            changed = True
        if isinstance(parent, ast.Attribute) and parent.attr == "remove" and read_membership(module, parent) is None:
            changed = True
    return reads, changed


def parameter_reads(module: Module, call: ast.Call, value: ast.expr) -> list[ast.Name] | None:
    """The reads of the parameter that an argument is for; None if a call is of no function of the file, or is unclear.

    Args:
        module: the module.
        call: the call.
        value: one of its arguments; of a keyword the value.
    """
    function = module.local_function(call.func)
    parameter = parameter_of(function, call, value) if isinstance(function, ast.FunctionDef) else None
    if function is None or parameter is None:
        return None
    return module.uses(module.index.scopes[function].bindings[parameter.arg][0])


def _is_private(module: Module, scope: Scope, name: str) -> bool:
    """Whether nothing but the code that names a variable can reach it."""
    if scope.kind is ScopeKind.MODULE and not module.is_closed:
        return False
    return module.own_names_read is not None and name not in module.own_names_read


def is_used_whole(module: Module, reads: list[ast.Name]) -> bool:
    """Whether any read uses the list as a whole, and not one argument, their number or whether there are any."""
    for read in reads:
        parent = module.parent(read)
        if isinstance(parent, ast.Subscript) or is_truth(module, read):
            continue
        if isinstance(parent, ast.Call) and is_len(module, parent):
            continue
        if isinstance(parent, ast.Compare) or isinstance(parent, ast.Attribute) and parent.attr == "remove":
            continue
        if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], (ast.Tuple, ast.List)):
            continue
        return True
    return False


def is_command_line(module: Module, read: ast.Name) -> bool:
    """Whether a use of a list shows that it is a command line: an option is looked for in it."""
    parent = module.parent(read)
    while isinstance(parent, ast.Subscript):
        parent = module.parent(parent)
    return isinstance(parent, (ast.For, ast.While)) and is_flag_loop(module, parent)


def may_change(module: Module, read: ast.Name) -> bool:
    """Whether a read may change the list, other than to take an option off it."""
    parent = module.parent(read)
    if isinstance(parent, ast.Attribute):
        return parent.attr in CHANGES and read_membership(module, parent) is None
    return isinstance(parent, ast.Subscript) and not isinstance(parent.ctx, ast.Load)
