"""Give a main function that is there an exit status, and a guard. Pure, on LibCST nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from pymodernize_codemods.main_guard.arranging import set_off
from pymodernize_codemods.main_guard.ends import has_blank_end, without_blank_end
from pymodernize_codemods.main_guard.identifiers import identifier
from pymodernize_codemods.main_guard.layout import tightened

if TYPE_CHECKING:
    from collections.abc import Iterator

    import libcst as cst


def with_status(
    module: cst.Module, name: str, sys: str, *, gives: bool, ends: bool, guarded: bool, set_up: frozenset[str]
) -> cst.Module:
    """The module whose own main function says how the script ended.

    Args:
        module: the whole file.
        name: the function's name.
        sys: the expression for the module ``sys``.
        gives: whether the function must be made to return a status.
        ends: whether a run can come to the function's end.
        guarded: whether its call is in a guard.
        set_up: the calls above it that go with it, as they are written.
    """
    import libcst as cst

    body = list(module.body)
    if gives:
        place = next(
            i for i, item in enumerate(body) if isinstance(item, cst.FunctionDef) and identifier(item.name) == name
        )
        function = cst.ensure_type(body[place], cst.FunctionDef)
        lost = ends and has_blank_end(function)
        body[place] = _with_returns(function, ends=ends)
        if lost and place + 1 < len(body):
            body[place + 1] = set_off(body[place + 1], 2)
    if guarded:
        place = next(i for i, item in enumerate(body) if _calls(item, name) and isinstance(item, cst.If))
        guard = cst.ensure_type(body[place], cst.If)
        body[place] = guard.with_changes(body=_exiting_block(guard.body, name, sys))
        return module.with_changes(body=body)
    place = max(i for i, item in enumerate(body) if isinstance(item, cst.SimpleStatementLine) and _calls(item, name))
    line = cst.ensure_type(body.pop(place), cst.SimpleStatementLine)
    above = tightened(line.leading_lines, first=True)
    made = cst.ensure_type(cst.parse_statement('if __name__ == "__main__":\n    pass\n'), cst.If)
    called = [item for item in body if _is_one_of(item, module, set_up)]
    body = [item for item in body if item not in called]
    moved = [item.with_changes(leading_lines=tightened(item.leading_lines, first=True)) for item in called]
    call = _exiting(line.with_changes(leading_lines=[]), name, sys)
    blank = [cst.EmptyLine(indent=False)] * 2
    body.append(made.with_changes(body=cst.IndentedBlock([*moved, call]), leading_lines=[*blank, *above]))
    return module.with_changes(body=body)


def _is_one_of(item: cst.CSTNode, module: cst.Module, calls: frozenset[str]) -> TypeGuard[cst.SimpleStatementLine]:
    """Whether a line consists of one of some calls."""
    import libcst as cst

    return isinstance(item, cst.SimpleStatementLine) and module.code_for_node(item.body[0]) in calls


def _exiting_block(block: cst.BaseSuite, name: str, sys: str) -> cst.IndentedBlock:
    """The block of a guard whose last statement hands the status on."""
    import libcst as cst

    *above, last = block.body
    if isinstance(last, cst.SimpleStatementLine):
        return cst.ensure_type(block, cst.IndentedBlock).with_changes(body=[*above, _exiting(last, name, sys)])
    assert isinstance(last, cst.BaseSmallStatement)  # noqa: S101 - the sorting has seen calls, one of main at the end
    whole = cst.MaybeSentinel.DEFAULT
    lines = [cst.SimpleStatementLine([cst.ensure_type(item, cst.Expr).with_changes(semicolon=whole)]) for item in above]
    line = cst.SimpleStatementLine([last.with_changes(semicolon=whole)])
    comment = cst.ensure_type(block, cst.SimpleStatementSuite).trailing_whitespace
    return cst.IndentedBlock([*lines, _exiting(line, name, sys).with_changes(trailing_whitespace=comment)])


def _calls(item: cst.CSTNode, name: str) -> bool:
    return not isinstance(item, _definitions()) and next(_found(item, name), None) is not None


def _found(item: cst.CSTNode, name: str) -> Iterator[cst.Call]:
    """The calls of a function; LibCST's matchers would do, and take longer to load than all else here."""
    import libcst as cst

    pending: list[cst.CSTNode] = [item]
    while pending:
        node = pending.pop()
        if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and identifier(node.func) == name:
            yield node
        pending += reversed(node.children)


def _definitions() -> tuple[type[cst.CSTNode], ...]:
    import libcst as cst

    return cst.FunctionDef, cst.ClassDef


def _exiting(line: cst.SimpleStatementLine, name: str, sys: str) -> cst.SimpleStatementLine:
    """The line with the call of main handed to ``sys.exit``."""
    import libcst as cst

    if isinstance(line.body[0], cst.Raise):
        return line
    call = next(_found(line, name))
    function = cst.parse_expression(f"{sys}.exit")
    return line.with_changes(body=[cst.Expr(cst.Call(function, [cst.Arg(call)]))])


def _with_returns(function: cst.FunctionDef, *, ends: bool) -> cst.FunctionDef:
    """A function that returned nothing, and returns 0."""
    import libcst as cst

    class Returning(cst.CSTTransformer):
        def visit_FunctionDef(self, node: cst.FunctionDef) -> bool:
            return False

        def visit_ClassDef(self, node: cst.ClassDef) -> bool:
            return False

        def visit_Lambda(self, node: cst.Lambda) -> bool:
            return False

        def leave_Return(self, original_node: cst.Return, updated_node: cst.Return) -> cst.Return:
            value = updated_node.value
            if value is None or isinstance(value, cst.Name) and value.value == "None":
                return cst.Return(cst.Integer("0"), semicolon=updated_node.semicolon)
            return updated_node

    block = cst.ensure_type(function.body.visit(Returning()), cst.IndentedBlock)
    if ends:
        *above, last = block.body
        block = block.with_changes(body=[*above, without_blank_end(last)])
        comments = [line for line in block.footer if line.comment is not None]
        status = cst.SimpleStatementLine([cst.Return(cst.Integer("0"))], leading_lines=comments)
        block = block.with_changes(body=[*block.body, status], footer=[])
    returns = cst.Annotation(cst.Name("int"))
    return function.with_changes(body=block, returns=returns)
