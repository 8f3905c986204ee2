"""The changes of LibCST nodes: statements get a ``with`` statement around them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

ABOUT_CLOSING = re.compile(r"\bclos(?:e|es|ed|ing)\b", re.IGNORECASE)
"""What a comment says that goes with the statement that closes a file."""


@dataclass(frozen=True)
class Shape:
    """How a ``with`` statement is laid out.

    Attributes:
        unit: one level of indentation.
        indent: the indentation of the block that it stands in.
        width: the most columns of a line.
        is_bracketed: whether several context managers may stand in brackets.
    """

    unit: str
    indent: str
    width: int
    is_bracketed: bool


def enclosed(
    statements: Sequence[cst.BaseStatement],
    *,
    shape: Shape,
    names: tuple[str, ...],
    before: int,
    is_final: bool,
    closing: str = "",
) -> list[cst.BaseStatement]:
    """Put the statements behind some assignments of opened files into a ``with`` statement.

    Args:
        statements: the assignments, and the statements that use the files.
        shape: the layout.
        names: of the variables that are assigned, in order.
        before: how many of the statements behind the assignments come before the ``with`` statement.
        is_final: whether the last statement is a ``try`` whose ``finally`` closes the file.
        closing: the source of a function that makes context managers of the files; empty if they are some.
    """
    import libcst as cst

    openings, inside = statements[: len(names)], list(statements[len(names) :])
    lifted, inside = inside[:before], inside[before:]
    items: list[cst.WithItem] = []
    above: list[cst.EmptyLine] = []
    header = cst.TrailingWhitespace()
    for number, (line, name) in enumerate(zip(openings, names, strict=True)):
        line = cst.ensure_type(line, cst.SimpleStatementLine)
        value = cst.ensure_type(line.body[0], cst.Assign).value
        if closing:
            value = cst.Call(cst.parse_expression(closing), [cst.Arg(value)])
        items.append(cst.WithItem(value, cst.AsName(cst.Name(name))))
        above += line.leading_lines if number == 0 else _comments(line.leading_lines)
        trailing = line.trailing_whitespace
        if len(names) > 1 and trailing.comment is not None:
            above.append(cst.EmptyLine(comment=trailing.comment))
        else:
            header = trailing if trailing.comment is not None else header
    stays: list[cst.BaseStatement] = []
    if is_final:
        stays, inside = _without_finally(inside.pop()), inside
    below: list[cst.EmptyLine] = []
    if inside:
        inside[-1], below = _cut_comments(inside[-1], names, shape.indent)
    used, comments = _without_closes(inside, names)
    moved = [_moved(item, shape) for item in used]
    if is_final and len(stays) == 1 and isinstance(stays[0], cst.Try):
        moved, stays = [*moved, _moved(stays[0], shape)], []
    if lifted:
        gap = [item for item in above if item.comment is None]
        first = cst.ensure_type(lifted[0], cst.SimpleStatementLine)
        lifted[0] = first.with_changes(leading_lines=[*gap, *_comments(first.leading_lines)])
        above = [item for item in above if item.comment is not None]
    return [*lifted, _with(items, [*moved, *stays], shape, above, header, [*comments, *below])]


def enclosed_expression(
    statements: Sequence[cst.BaseStatement], *, shape: Shape, opened: str, name: str, taken: str, variable: str
) -> list[cst.BaseStatement]:
    """Put statements into a ``with`` statement that opens the file which the first of them opens in an expression.

    Args:
        statements: the statements that need the file.
        shape: the layout.
        opened: the source of the call that opens it.
        name: the name that the file gets.
        taken: the source of the expression that has used it up, if that becomes a statement of its own.
        variable: the name of what that gives.
    """
    import libcst as cst

    first, *others = statements
    found: list[cst.Call] = []
    leading = getattr(first, "leading_lines", ())
    changed = first.with_changes(leading_lines=())
    outside: list[cst.BaseStatement] = []
    if taken:
        value: list[cst.Call] = []
        changed = _replaced(changed, taken, variable, value)
        outside = [changed, *others]
        others = []
        assign = cst.Assign([cst.AssignTarget(cst.Name(variable))], _bare(value[0]))
        changed = cst.SimpleStatementLine([assign])
    changed = _replaced(changed, opened, name, found)
    items = [cst.WithItem(_bare(found[0]), cst.AsName(cst.Name(name)))]
    moved = [_moved(item, shape) for item in (changed, *others)]
    return [_with(items, moved, shape, leading, cst.TrailingWhitespace()), *outside]


def _bare(call: cst.Call) -> cst.Call:
    return call.with_changes(lpar=(), rpar=())


def _replaced(statement: cst.BaseStatement, source: str, name: str, found: list[cst.Call]) -> cst.BaseStatement:
    """A statement with a name in the place of a call, which is put into a list."""
    import libcst as cst

    wanted = "".join(source.split())

    class Replacing(cst.CSTTransformer):
        def leave_Call(  # noqa: N802 - LibCST calls it by this name
            self, original_node: cst.Call, updated_node: cst.Call
        ) -> cst.BaseExpression:
            if not found and "".join(cst.Module([]).code_for_node(_bare(original_node)).split()) == wanted:
                found.append(original_node)
                return cst.Name(name)
            return updated_node

    return cst.ensure_type(statement.visit(Replacing()), cst.BaseStatement)  # type: ignore[type-abstract]


def _with(
    items: list[cst.WithItem],
    body: Sequence[cst.BaseStatement],
    shape: Shape,
    above: Sequence[cst.EmptyLine],
    header: cst.TrailingWhitespace,
    footer: Sequence[cst.EmptyLine] = (),
) -> cst.BaseStatement:
    import libcst as cst

    first = body[0]
    lines = list(getattr(first, "leading_lines", ()))
    while lines and lines[0].comment is None:
        del lines[0]
    body = [first.with_changes(leading_lines=lines), *body[1:]]
    block = cst.IndentedBlock(body, header=header, indent=shape.unit, footer=footer)
    made = cst.With([*items[:-1], items[-1].with_changes(comma=cst.MaybeSentinel.DEFAULT)], block, leading_lines=above)
    if len(items) == 1 or _fits(items, shape):
        return made
    if shape.is_bracketed:
        return _bracketed(made, shape)
    inner = _with(items[1:], body, shape, (), cst.TrailingWhitespace(), footer)
    outer = cst.IndentedBlock([inner], header=header, indent=shape.unit)
    return cst.With(items[:1], outer, leading_lines=above)


def _fits(items: Sequence[cst.WithItem], shape: Shape) -> bool:
    import libcst as cst

    line = cst.Module([]).code_for_node(cst.With(items, cst.SimpleStatementSuite([cst.Pass()])))
    header = line.rpartition(" pass")[0]
    return "\n" not in header and len((shape.indent + header).expandtabs(4)) <= shape.width


def _bracketed(made: cst.With, shape: Shape) -> cst.With:
    import libcst as cst

    def line(indent: str) -> cst.ParenthesizedWhitespace:
        return cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace(indent))

    inner = [item.with_changes(comma=cst.Comma(whitespace_after=line(shape.unit))) for item in made.items[:-1]]
    last = made.items[-1].with_changes(comma=cst.Comma(whitespace_after=line("")))
    return made.with_changes(
        lpar=cst.LeftParen(whitespace_after=line(shape.unit)), rpar=cst.RightParen(), items=[*inner, last]
    )


def _comments(lines: Sequence[cst.EmptyLine]) -> list[cst.EmptyLine]:
    return [line for line in lines if line.comment is not None]


def _kept(line: cst.EmptyLine) -> bool:
    return line.comment is not None and not ABOUT_CLOSING.search(line.comment.value)


# --- what goes -------------------------------------------------------------------------------------------------


def _without_finally(statement: cst.BaseStatement) -> list[cst.BaseStatement]:
    """The statements of a ``try`` without its ``finally``."""
    import libcst as cst

    found = cst.ensure_type(statement, cst.Try)
    if found.handlers or found.orelse is not None:
        return [found.with_changes(finalbody=None)]
    if isinstance(found.body, cst.SimpleStatementSuite):
        return [cst.SimpleStatementLine(found.body.body, found.leading_lines, found.body.trailing_whitespace)]
    body = cst.ensure_type(found.body, cst.IndentedBlock)
    first, *others = body.body
    above = [*found.leading_lines]
    if body.header.comment is not None:
        above.append(cst.EmptyLine(comment=body.header.comment))
    above += [*getattr(first, "leading_lines", ())]
    return [cst.ensure_type(first.with_changes(leading_lines=above), cst.BaseStatement), *others]  # type: ignore[type-abstract]


def _closes(line: cst.BaseStatement, names: tuple[str, ...]) -> bool:
    """Whether a statement does nothing but close one of some files, or name what would."""
    import libcst as cst

    if not isinstance(line, cst.SimpleStatementLine) or len(line.body) != 1:
        return False
    said = "".join(cst.Module([]).code_for_node(line.body[0]).split())
    return said in {f"{name}.close{brackets}" for name in names for brackets in ("()", "")}


def _cut_comments(
    last: cst.BaseStatement, names: tuple[str, ...], indent: str
) -> tuple[cst.BaseStatement, list[cst.EmptyLine]]:
    """A statement without the comments that a blank line sets apart from it, if it closes a file, and these.

    They do not speak of the closing, and come below the block: as far left as the statement that they were above.
    """
    import libcst as cst

    lines = cst.ensure_type(last, cst.SimpleStatementLine).leading_lines if _closes(last, names) else ()
    blank = max((number for number, line in enumerate(lines) if line.comment is None), default=0)
    found = [
        line.with_changes(indent=False, whitespace=cst.SimpleWhitespace(indent)) for line in _comments(lines[:blank])
    ]
    if not found:
        return last, []
    return last.with_changes(leading_lines=lines[blank:]), [cst.EmptyLine(indent=False), *found]


def _without_closes(
    statements: list[cst.BaseStatement], names: tuple[str, ...]
) -> tuple[list[cst.BaseStatement], list[cst.EmptyLine]]:
    """Statements without those that close the files, at any depth, and comments on other things at their end."""
    import libcst as cst

    def without(body: Sequence[cst.BaseStatement]) -> tuple[list[cst.BaseStatement], list[cst.EmptyLine]]:
        found: list[cst.BaseStatement] = []
        waiting: list[cst.EmptyLine] = []
        for line in body:
            if _closes(line, names):
                waiting += filter(_kept, cst.ensure_type(line, cst.SimpleStatementLine).leading_lines)
                comment = cst.ensure_type(line, cst.SimpleStatementLine).trailing_whitespace.comment
                waiting += filter(_kept, [cst.EmptyLine(comment=comment)])
            elif waiting:
                found.append(line.with_changes(leading_lines=[*waiting, *getattr(line, "leading_lines", ())]))
                waiting = []
            else:
                found.append(line)
        return found, waiting

    class Removing(cst.CSTTransformer):
        def leave_IndentedBlock(  # noqa: N802 - LibCST calls it by this name
            self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
        ) -> cst.IndentedBlock:
            body, rest = without(updated_node.body)
            return updated_node.with_changes(body=body, footer=[*rest, *updated_node.footer])

    inner = [cst.ensure_type(item.visit(Removing()), cst.BaseStatement) for item in statements]  # type: ignore[type-abstract]
    return without(inner)


def _moved(statement: cst.BaseStatement, shape: Shape) -> cst.BaseStatement:
    """A statement that moves one level to the right, with lines that a backslash continues and odd comments."""
    import libcst as cst

    class Moving(cst.CSTTransformer):
        def leave_SimpleWhitespace(  # noqa: N802 - LibCST calls it by this name
            self, original_node: cst.SimpleWhitespace, updated_node: cst.SimpleWhitespace
        ) -> cst.SimpleWhitespace:
            if "\\" not in updated_node.value:
                return updated_node
            return cst.SimpleWhitespace(re.sub(r"(\\\r?\n)", lambda found: found[0] + shape.unit, updated_node.value))

        def leave_EmptyLine(  # noqa: N802 - LibCST calls it by this name
            self, original_node: cst.EmptyLine, updated_node: cst.EmptyLine
        ) -> cst.EmptyLine:
            margin = updated_node.whitespace.value
            if updated_node.comment is None or updated_node.indent or not margin.startswith(shape.indent):
                return updated_node
            return updated_node.with_changes(whitespace=cst.SimpleWhitespace(shape.unit + margin))

    return cst.ensure_type(statement.visit(Moving()), cst.BaseStatement)  # type: ignore[type-abstract]
