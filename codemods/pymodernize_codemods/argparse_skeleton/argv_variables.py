"""Where a module names ``sys.argv``, and the variables that hold it."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from pymodernize.semantics.call_binding import parameter_of
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind, Scope, ScopeKind
from pymodernize_codemods.argparse_skeleton.argv_uses import is_truth
from pymodernize_codemods.argparse_skeleton.loops import is_flag_loop
from pymodernize_codemods.argparse_skeleton.membership import read_membership
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain


def argv_expressions(module: Module) -> Sequence[ast.expr]:
    """Every ``sys.argv`` of a file, in the order of the text.

    Args:
        module: the module.

    Raises:
        NotPlain: there may be others.
    """
    roots = [node for node in module.names.naming("sys.argv") if not _is_alias(module, node)]
    roots += [node for node in module.nodes(ast.Attribute) if node not in roots and _is_behind_star(module, node)]
    roots.sort(key=lambda node: (node.lineno, node.col_offset))
    others = [node for node in module.nodes(ast.Attribute) if node.attr == "argv" and node not in roots]
    for node in others:
        if isinstance(node.value, ast.Name) and node.value.id in {"sys", "_sys"}:
            raise NotPlain("what sys.argv means here is not certain", node)
    if _mentions_untold(module):
        raise NotPlain("sys.argv may be reached by other ways", module.tree.body[0])
    return roots


def _is_behind_star(module: Module, node: ast.Attribute) -> bool:
    """Whether ``sys`` may come by an ``import *`` of this project, too: it is the library's there as well."""
    if node.attr != "argv" or not isinstance(node.value, ast.Name) or node.value.id != "sys":
        return False
    scope = module.index.scope
    bindings = scope.bindings.get("sys", [])
    found = module.scope(node).lookup("sys")
    imported = all(item.kind is BindingKind.IMPORT and item.target == "sys" for item in bindings)
    own = found is not None and found[0] is scope and "sys" not in module.facts.beside
    return own and imported and bool(bindings) and module.names.stars_are_known(scope)


def _mentions_untold(module: Module) -> bool:
    """Whether an attribute is asked for by the name ``argv``."""
    return any(
        isinstance(call.args[1], ast.Constant) and call.args[1].value == "argv"
        for call in module.calls("builtins.getattr", "builtins.setattr")
        if len(call.args) > 1
    )


def _is_alias(module: Module, node: ast.expr) -> bool:
    """Whether a name is not ``sys.argv`` by an import but by an assignment, which is followed from there."""
    if not isinstance(node, ast.Name):
        return False
    found = module.scope(node).lookup(node.id)
    return found is None or any(binding.kind is not BindingKind.IMPORT for binding in found[1])


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
