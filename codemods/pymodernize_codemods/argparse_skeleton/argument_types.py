"""Which arguments argparse converts, and the handlers of errors that are of no use then."""

from __future__ import annotations

import ast
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from pymodernize_codemods.argparse_skeleton.analysis import Analysis
from pymodernize_codemods.argparse_skeleton.argv_uses import ArgumentRead, ListRead, Unpacking
from pymodernize_codemods.argparse_skeleton.conversions import conversion, converted_type
from pymodernize_codemods.argparse_skeleton.interpreter import NOTHING


@dataclass(frozen=True)
class ArgumentTypes:
    """What argparse converts.

    Attributes:
        types: by the argument's number; empty for a text.
        needless: the ``try`` statements all of whose handlers are of no use then.
    """

    types: Mapping[int, str]
    needless: Sequence[ast.Try]

    @property
    def handlers(self) -> Collection[ast.AST]:
        """All nodes of the handlers that go."""
        return _handlers(self.needless)


def argument_types(analysis: Analysis) -> ArgumentTypes:
    """Decide which arguments argparse converts."""
    tries = [node for node in analysis.module.nodes(ast.Try) if _is_about_arguments(analysis, node)]
    while True:
        reads = analysis.reads(_handlers(tries))
        types = {place: _type(analysis, place, nodes) for place, nodes in reads.items()}
        kept = [node for node in tries if all(_is_settled(analysis, types, call) for call in _calls(analysis, node))]
        if len(kept) == len(tries):
            return ArgumentTypes(types, tries)
        tries = kept


def _handlers(tries: Sequence[ast.Try]) -> set[ast.AST]:
    return {item for node in tries for handler in node.handlers for item in ast.walk(handler)}


def _is_about_arguments(analysis: Analysis, statement: ast.Try) -> bool:
    """Whether a ``try`` holds nothing but reads of arguments, and each handler fails or cannot be reached."""
    in_frame = analysis.module.function(statement) is analysis.argv.frame
    if not in_frame or statement.finalbody or statement.orelse:
        return False
    reached = analysis.flow.reached
    if not reached.get(statement) or not all(_only_reads(analysis, item) for item in statement.body):
        return False
    return all(not reached.get(item.body[0]) or analysis.early_exits.fails(item.body) for item in statement.handlers)


def _only_reads(analysis: Analysis, statement: ast.stmt) -> bool:
    tests = analysis.flow.tests
    if isinstance(statement, ast.If):
        counted = analysis.verdict(statement.test, {}) is not None or statement.test in tests
        return counted and all(_only_reads(analysis, item) for item in (*statement.body, *statement.orelse))
    if not isinstance(statement, ast.Assign):
        return False
    for value in statement.value.elts if isinstance(statement.value, ast.Tuple) else [statement.value]:
        parts = [value]
        if isinstance(value, ast.IfExp):
            if value.test not in tests:
                return False
            parts = [item for item in (value.body, value.orelse) if not isinstance(item, ast.Constant)]
        if not all(_is_plain_read(analysis, part) for part in parts):
            return False
    return True


def _is_plain_read(analysis: Analysis, value: ast.expr) -> bool:
    """Whether an expression is an argument, or a conversion of one."""
    inner = value.args[0] if isinstance(value, ast.Call) and len(value.args) == 1 else value
    if not isinstance(analysis.argv.uses.get(inner), (ArgumentRead, Unpacking, ListRead)):
        return False
    return inner is value or conversion(analysis.module, inner) is not None


def _calls(analysis: Analysis, statement: ast.Try) -> list[ast.Call]:
    """The calls in a ``try`` that convert arguments."""
    calls = [node for item in statement.body for node in ast.walk(item) if isinstance(node, ast.Call)]
    return [call for call in calls if call.args and conversion(analysis.module, call.args[0]) is call]


def _is_settled(analysis: Analysis, types: Mapping[int, str], call: ast.Call) -> bool:
    use = analysis.argv.uses.get(call.args[0])
    return use is not None and bool(types.get(use.place))


def _type(analysis: Analysis, place: int, reads: list[ast.expr]) -> str:
    """The type by which argparse converts an argument, empty if the script goes on doing so itself."""
    rest, flow = analysis.arity.rest, analysis.flow
    if rest is not None and place >= rest:
        return ""
    calls = [conversion(analysis.module, read) for read in reads]
    types = {converted_type(analysis.module, call) for call in calls}
    found = types.pop() if len(types) == 1 else ""
    if found in {"", "pathlib.Path"}:
        return found
    given = frozenset(number for number in analysis.arity.states if number > place)
    certain = any(call in flow.certain and given <= flow.reads.get(call.args[0], NOTHING) for call in calls if call)
    return found if certain else ""
