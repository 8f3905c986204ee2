"""What becomes of the status of a program that is started, and of its process."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pymodernize.semantics.values import Cell
from pymodernize_codemods._script.truth_tests import is_only_tested
from pymodernize_codemods.shell_command.words import NeedsShell

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_OUTPUT = frozenset({"stdin", "stdout", "stderr"})
_OUTPUT_METHODS = frozenset({"communicate", "check_returncode"})


def refuse_status(module: Module, status: ast.expr) -> None:
    """Refuse an exit status of which more may be seen than whether it is 0.

    Args:
        module: the module.
        status: an expression that is its exit status.

    Raises:
        NeedsShell: which status it is may be seen.
    """
    parent = module.parent(status)
    if isinstance(parent, ast.Expr) or is_only_tested(module, status) or _is_compared_with_zero(parent):
        return
    reads = _reads(module, parent, status)
    if reads is None:
        raise NeedsShell("status", "which exit status it is may be seen")
    for read in reads:
        refuse_status(module, read)


def refuse_process(module: Module, process: ast.expr) -> None:
    """Refuse a process with which more is done than to read its output, to wait, and to test whether it failed.

    Args:
        module: the module.
        process: an expression that is a ``Popen`` or ``CompletedProcess``.

    Raises:
        NeedsShell: there is more.
    """
    parent = module.parent(process)
    if isinstance(parent, ast.Expr) or isinstance(parent, ast.withitem) and parent.optional_vars is None:
        return
    if isinstance(parent, ast.Attribute):
        _refuse_attribute(module, parent)
        return
    reads = _reads(module, parent, process)
    if reads is None:
        raise NeedsShell("handle", "the process is used for something else, too")
    for read in reads:
        refuse_process(module, read)


def _refuse_attribute(module: Module, attribute: ast.Attribute) -> None:
    call = module.parent(attribute)
    if not isinstance(attribute.ctx, ast.Load):
        raise NeedsShell("handle", f"{attribute.attr} of the process is set")
    if attribute.attr in _OUTPUT:
        return
    if attribute.attr == "returncode":
        refuse_status(module, attribute)
    elif isinstance(call, ast.Call) and call.func is attribute and attribute.attr in {"wait", "poll"}:
        if not _is_compared_with_none(module.parent(call)):
            refuse_status(module, call)
    elif not (isinstance(call, ast.Call) and call.func is attribute and attribute.attr in _OUTPUT_METHODS):
        raise NeedsShell("handle", f"{attribute.attr} of the process is used, too")


def _reads(module: Module, parent: ast.AST | None, value: ast.expr) -> tuple[ast.expr, ...] | None:
    """The reads of the variable that a call's value is put into; None if it goes anywhere else."""
    target: ast.expr | None = None
    match parent:
        case ast.Assign(targets=[target], value=put) if put is value:
            pass
        case ast.withitem(context_expr=put, optional_vars=target) if put is value:
            pass
    found = module.scope(target).lookup(target.id) if isinstance(target, ast.Name) else None
    if found is None or not isinstance(target, ast.Name) or isinstance(value, ast.Name):
        return None
    contents = module.values.contents(Cell(found[0], target.id))
    return contents.reads if contents is not None else None


def _is_compared_with_zero(parent: ast.AST | None) -> bool:
    match parent:
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
            return any(isinstance(side, ast.Constant) and side.value == 0 for side in (left, right))
    return False


def _is_compared_with_none(parent: ast.AST | None) -> bool:
    match parent:
        case ast.Compare(ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]):
            return True
    return False
