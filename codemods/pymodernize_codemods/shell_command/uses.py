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


def is_status_tested(module: Module, status: ast.expr) -> bool:
    """Whether a script looks at whether a program has succeeded.

    Args:
        module: the module.
        status: an expression that is its exit status.

    Returns:
        False if nothing looks at it at all.

    Raises:
        NeedsShell: which status it is may be seen.
    """
    parent = module.parent(status)
    if isinstance(parent, ast.Expr):
        return False
    if is_only_tested(module, status) or _is_compared_with_zero(parent):
        return True
    reads = _reads(module, parent, status)
    if reads is None:
        raise NeedsShell("status", "which exit status it is may be seen")
    return any([is_status_tested(module, read) for read in reads])


def is_process_tested(module: Module, process: ast.expr) -> bool:
    """The same for an expression that is a process, running or completed.

    Args:
        module: the module.
        process: a ``Popen`` or ``CompletedProcess``.

    Raises:
        NeedsShell: more is done with it than to read the output and to test the status.
    """
    parent = module.parent(process)
    if isinstance(parent, ast.Expr) or isinstance(parent, ast.withitem) and parent.optional_vars is None:
        return False
    if isinstance(parent, ast.Attribute):
        return _is_attribute_tested(module, parent)
    reads = _reads(module, parent, process)
    if reads is None:
        raise NeedsShell("handle", "the process is used for something else, too")
    return any([is_process_tested(module, read) for read in reads])


def _is_attribute_tested(module: Module, attribute: ast.Attribute) -> bool:
    if not isinstance(attribute.ctx, ast.Load):
        raise NeedsShell("handle", f"{attribute.attr} of the process is set")
    if attribute.attr in _OUTPUT:
        return False
    if attribute.attr == "returncode":
        return is_status_tested(module, attribute)
    call = module.parent(attribute)
    if isinstance(call, ast.Call) and call.func is attribute:
        if attribute.attr in _OUTPUT_METHODS:
            return False
        if attribute.attr in {"wait", "poll"}:
            return not _is_compared_with_none(module.parent(call)) and is_status_tested(module, call)
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
