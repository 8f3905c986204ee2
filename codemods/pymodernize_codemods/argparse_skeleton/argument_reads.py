"""Reads of the arguments: each becomes a read of the namespace."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from pymodernize_codemods.argparse_skeleton.analysis import Analysis
from pymodernize_codemods.argparse_skeleton.argv_uses import ArgumentRead, CountRead, ListRead, Unpacking
from pymodernize_codemods.argparse_skeleton.conversions import conversion
from pymodernize_codemods.argparse_skeleton.namespace import Namespace
from pymodernize_codemods.argparse_skeleton.patch import Patch
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain


def replace_reads(analysis: Analysis, types: Mapping[int, str], namespace: Namespace, patch: Patch) -> None:
    """Replace all reads that a run can come to.

    Args:
        analysis: what is known of the script.
        types: what argparse converts, by the argument's number.
        namespace: what argparse gives.
        patch: gets the changes.

    Raises:
        NotPlain: one has no counterpart.
    """
    for use in analysis.alive(ArgumentRead):
        if not use.kept:
            call = conversion(analysis.module, use.node)
            replaced = call if call is not None and types.get(use.place) else use.node
            patch.expressions.setdefault(replaced, namespace.argument(use.place))
    for use in analysis.alive(Unpacking):
        _replace_unpacking(analysis, use, namespace, patch)
    for use in analysis.alive(ListRead):
        if not use.kept:
            patch.expressions[use.node] = namespace.arguments(use.place)
    for use in analysis.alive(CountRead):
        if not use.kept and not _is_in_test(analysis, use.node):
            _replace_count(analysis, use, namespace, patch)


def check_all_read(analysis: Analysis, patch: Patch) -> None:
    """Make sure that every read of an argument was come to on the way through the script, or goes.

    Raises:
        NotPlain: one was not.
    """
    for use in analysis.argv.uses.values():
        is_read = isinstance(use, (ArgumentRead, Unpacking, ListRead)) and not use.kept
        if is_read and not analysis.flow.reads.get(use.node) and not patch.is_gone(use.node):
            raise NotPlain("an argument is read where the script is not followed, or never comes to", use.node)


def _replace_count(analysis: Analysis, use: CountRead, namespace: Namespace, patch: Patch) -> None:
    """A number of arguments that is used as a value: that of the list, and of those that are always there."""
    rest = namespace.rest
    if rest is None or analysis.arity.least < rest or use.raw and analysis.options:
        raise NotPlain("the number of arguments is used as a value", use.node)
    whole: ast.expr = use.node
    more = rest - use.place + use.added
    match analysis.module.parent(use.node):
        case ast.BinOp(left=left, op=ast.Sub(), right=ast.Constant(value=int(less))) as around if left is use.node:
            whole, more = around, more - less
    listed = f"len({namespace.arguments(rest)})"
    patch.expressions[whole] = f"{listed} {'+' if more > 0 else '-'} {abs(more)}" if more else listed


def _is_in_test(analysis: Analysis, node: ast.expr) -> bool:
    """Whether a number of arguments is only there to be compared."""
    for around in analysis.module.ancestors(node):
        if isinstance(around, ast.expr) and around in analysis.flow.tests:
            return True
        if isinstance(around, ast.stmt):
            return False
    return False


def _replace_unpacking(analysis: Analysis, use: Unpacking, namespace: Namespace, patch: Patch) -> None:
    module, count = analysis.module, len(use.targets)
    targets = [module.text(item) for item in use.targets]
    values = [namespace.argument(place) for place in range(max(use.place, 0), use.place + count)]
    if count == 1 and use.place >= 0:
        patch.statements[use.statement] = (f"{targets[0]} = {values[0]}",)
    elif use.place < 0 and _is_unused(analysis, use.targets[0]):
        if not values:
            raise NotPlain("the command line is unpacked to nothing", use.statement)
        patch.statements[use.statement] = (f"{', '.join(targets[1:])} = {', '.join(values)}",)
    else:
        whole = [namespace.argument(place) for place in range(use.place, use.end)]
        patch.expressions[use.node] = ", ".join(whole) if len(whole) > 1 else f"({whole[0]},)"


def _is_unused(analysis: Analysis, target: ast.expr) -> bool:
    if not isinstance(target, ast.Name):
        return False
    found = analysis.module.scope(target).lookup(target.id)
    return found is not None and not analysis.module.uses(found[1][0]) and analysis.module.is_closed
