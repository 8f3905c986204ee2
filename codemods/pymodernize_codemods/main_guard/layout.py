"""Put a module together anew: what stays, ``main``, the guard. Pure, on LibCST nodes."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pymodernize.semantics.layout import declares_encoding
from pymodernize_codemods.main_guard.arranging import in_order, set_off
from pymodernize_codemods.main_guard.edges import cut_footer, cut_header
from pymodernize_codemods.main_guard.ends import has_blank_end, without_blank_end
from pymodernize_codemods.main_guard.old_code import cut_old_code
from pymodernize_codemods.main_guard.parameters import with_parameters
from pymodernize_codemods.main_guard.parts import Parts, blank_lines
from pymodernize_codemods.main_guard.place import Place

if TYPE_CHECKING:
    import libcst as cst

    Statement = cst.SimpleStatementLine | cst.BaseCompoundStatement


@dataclass(frozen=True)
class Outline:
    """What the new module has, apart from the statements themselves.

    Attributes:
        places: where each statement of the old module goes, in order.
        openings: how many of the moved statements, from the first on, are what a main begins with.
        docstring: of ``main``; empty for none.
        sys: the expression for the module ``sys``; empty if ``main`` gives no status.
        ends: whether a run can come to the end of the moved statements.
        names: those that the moved statements bind.
        passed: for functions that stay the names that become parameters.
    """

    places: tuple[Place, ...]
    openings: int
    docstring: str = ""
    sys: str = ""
    ends: bool = True
    names: frozenset[str] = frozenset()
    passed: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def with_main(module: cst.Module, outline: Outline) -> cst.Module:
    """The module with its work in ``main``.

    Args:
        module: the whole file.
        outline: what is to be made of it.
    """
    module = with_parameters(module, outline.passed)
    parts = _taken_apart(module, outline)
    return _put_together(module, parts, [_main(module, outline, parts), set_off(_guard(parts, _status(outline)), 2)])


def with_guard(module: cst.Module, outline: Outline) -> cst.Module:
    """The module with its work under a guard.

    Args:
        module: the whole file.
        outline: what is to be made of it.
    """
    parts = _taken_apart(module, outline)
    return _put_together(module, parts, [_guard(parts, _tight_block(outline, parts))])


def _taken_apart(module: cst.Module, outline: Outline) -> Parts:
    """The statements of a module, and the lines around them."""
    parts = Parts(outline.names)
    header = _spread(module, outline, parts)
    if not parts.kept and all(line.comment is None for line in header):
        header = []  # blank lines that had nothing above them
    parts.header = header
    parts.footer = list(module.footer)
    if outline.places[-1] in {Place.MOVES, Place.OPENS}:
        own, parts.footer = cut_footer(parts.footer)
        parts.below += own
    old, parts.footer = cut_old_code(parts.footer, outline.names)
    parts.below += [*parts.carried, *old]
    return parts


def _put_together(module: cst.Module, parts: Parts, made: list[Statement]) -> cst.Module:
    """The module of what stays, and what was made of its work."""
    import libcst as cst

    kept = in_order(parts.kept)
    kept[-1:] = map(without_blank_end, kept[-1:])  # what comes below is new, and set off by itself
    if kept and not _says_something(parts.header):
        lines = kept[0].leading_lines
        kept[0] = kept[0].with_changes(leading_lines=lines[blank_lines(lines) :])  # nothing is above it any more
    footer = parts.footer
    if footer and footer[0].comment is not None:
        footer.insert(0, cst.EmptyLine(indent=False))
    if kept or _says_something(parts.header):
        # Sorters of imports want one line below these, unless a definition follows.
        below_imports = bool(kept) and _imports(kept[-1]) and isinstance(made[0], cst.If)
        made = [set_off(made[0], 1 if below_imports else 2), *made[1:]]
    if not any(line.comment for line in footer):
        footer = []  # blank lines at the end of the file: what comes last now is new
    body = [*kept, *made, *_apart(parts.ending)]
    return module.with_changes(header=parts.header, body=body, footer=footer)


def _imports(statement: Statement) -> bool:
    import libcst as cst

    lines = statement.body if isinstance(statement, cst.SimpleStatementLine) else ()
    return any(isinstance(item, (cst.Import, cst.ImportFrom)) for item in lines)


def _apart(statements: list[Statement]) -> list[Statement]:
    """Texts at the end of a file, with the blank lines that set them off from the guard."""
    return [set_off(statements[0], 2), *statements[1:]] if statements else []


def _spread(module: cst.Module, outline: Outline, parts: Parts) -> list[cst.EmptyLine]:
    """Hand out the statements to where they go; return what stays of the file's leading lines."""
    import libcst as cst

    places = iter(outline.places)
    header = list(module.header)
    for number, statement in enumerate(module.body):
        own: list[cst.EmptyLine] = []
        if isinstance(statement, cst.SimpleStatementLine):
            line = [next(places) for _ in statement.body]
            if line == [Place.RISES]:
                parts.leave_gap(statement)
                parts.stood_apart = parts.stood_apart or blank_lines(statement.leading_lines) > 0
                continue
            if line == [Place.ENDS]:
                parts.ending.append(statement)
                continue
            staying, moving = _split(statement, line)
            if staying is None and not number:
                header, own = cut_header(header)
            if staying is not None:
                parts.keep(staying)
            if moving is not None:
                parts.leave_gap(moving)
                parts.move(_deeper(moving, module).with_changes(leading_lines=[*own, *moving.leading_lines]))
            continue
        place = next(places)
        if place is Place.STAYS:
            parts.keep(statement)
            continue
        if not number:
            header, own = cut_header(header)
        leading = [*own, *statement.leading_lines]
        parts.leave_gap(statement)
        if place is Place.MOVES:
            parts.move(_deeper(statement, module).with_changes(leading_lines=leading))
        elif isinstance(statement, cst.If):
            _open(statement, leading, parts)
    return header


def _deeper(statement: Statement, module: cst.Module) -> Statement:
    """A statement for a block: lines that a backslash continues are indented by one more level, blank ones are not."""
    import libcst as cst

    indent = module.default_indent

    class Indenting(cst.CSTTransformer):
        def leave_SimpleWhitespace(
            self, original_node: cst.SimpleWhitespace, updated_node: cst.SimpleWhitespace
        ) -> cst.SimpleWhitespace:
            lines = updated_node.value.split("\n")
            return updated_node.with_changes(value=f"\n{indent}".join(lines)) if len(lines) > 1 else updated_node

        def leave_EmptyLine(self, original_node: cst.EmptyLine, updated_node: cst.EmptyLine) -> cst.EmptyLine:
            if updated_node.comment is not None and not updated_node.indent:
                return _beside_code(updated_node)
            if updated_node.comment is None and not updated_node.whitespace.value.strip(" \t"):
                return updated_node.with_changes(indent=False, whitespace=cst.SimpleWhitespace(""))
            return updated_node

    changed = statement.visit(Indenting())
    assert isinstance(changed, (cst.SimpleStatementLine, cst.BaseCompoundStatement))  # noqa: S101 - white space changes
    return changed


def _beside_code(line: cst.EmptyLine) -> cst.EmptyLine:
    """A comment that stood further left than the code around it: in a function it would look like the end of that."""
    import libcst as cst

    return line.with_changes(indent=True, whitespace=cst.SimpleWhitespace(""))


def _split(
    line: cst.SimpleStatementLine, places: Sequence[Place]
) -> tuple[cst.SimpleStatementLine | None, cst.SimpleStatementLine | None]:
    """What of a line with several statements stays, and what moves."""
    import libcst as cst

    staying = [small for small, place in zip(line.body, places, strict=True) if place is Place.STAYS]
    moving = [small for small, place in zip(line.body, places, strict=True) if place is not Place.STAYS]
    if not moving:
        return line, None
    if not staying:
        return None, line
    first, second = (
        [*part[:-1], part[-1].with_changes(semicolon=cst.MaybeSentinel.DEFAULT)] for part in (staying, moving)
    )
    plain = cst.TrailingWhitespace()
    return line.with_changes(body=first, trailing_whitespace=plain), line.with_changes(body=second, leading_lines=[])


def _says_something(header: list[cst.EmptyLine]) -> bool:
    """Whether a file's leading lines are more than one for the decoder."""
    return any(line.comment is None or not declares_encoding(line.comment.value) for line in header)


# What a comment on the line of a guard is about, unless it is about what is done there.
_OF_THE_GUARD = re.compile(
    r"pragma|noqa|nosec|\b(?:type|fmt|mypy|pyright|pylint|isort|yapf)\b"
    r"|\b(?:run|script|program|import|execut|invo[ck]|call|direct|standalone|command|guard|entry|module)|__",
    re.IGNORECASE,
)


def _open(guard: cst.If, leading: list[cst.EmptyLine], parts: Parts) -> None:
    """Take a guard apart: what is in it moves, and what is around it goes to the new one."""
    import libcst as cst

    parts.above_guard += leading
    if isinstance(guard.body, cst.SimpleStatementSuite):
        parts.moved.append(cst.SimpleStatementLine(guard.body.body, trailing_whitespace=guard.body.trailing_whitespace))
        parts.guard = guard.with_changes(body=cst.IndentedBlock([]))
        return
    assert isinstance(guard.body, cst.IndentedBlock)  # noqa: S101 - there is no other kind
    statements = [_with_comments_beside(item) for item in guard.body.body]
    if parts.below and statements:
        statements[0] = statements[0].with_changes(leading_lines=[*parts.below, *_lines_above(statements[0])])
    if parts.moved and statements and blank_lines(leading):
        lines = [cst.EmptyLine(indent=False), *_lines_above(statements[0])]
        statements[0] = statements[0].with_changes(leading_lines=lines)
    parts.moved += statements  # type: ignore[arg-type]
    parts.below = list(guard.body.footer)
    header = guard.body.header
    olds = [parts.guard.body.header] if parts.guard and isinstance(parts.guard.body, cst.IndentedBlock) else []
    olds += [parts.heading] if parts.heading is not None else []
    parts.above_guard += [cst.EmptyLine(comment=old.comment) for old in olds if old.comment is not None]
    parts.heading = None
    if header.comment is not None and not _OF_THE_GUARD.search(header.comment.value):
        parts.heading, header = header, cst.TrailingWhitespace(newline=header.newline)
    parts.guard = guard.with_changes(body=cst.IndentedBlock([], header=header))


def _with_comments_beside(statement: cst.BaseStatement) -> cst.BaseStatement:
    """A statement with the comments directly above it as far right as itself."""
    lines = _lines_above(statement)
    if not any(line.comment is not None and not line.indent for line in lines):
        return statement
    beside = [_beside_code(line) if line.comment is not None and not line.indent else line for line in lines]
    return statement.with_changes(leading_lines=beside)


def _lines_above(statement: cst.BaseStatement) -> Sequence[cst.EmptyLine]:
    return getattr(statement, "leading_lines", ())


# --- main ------------------------------------------------------------------------------------------------------


def _main(module: cst.Module, outline: Outline, parts: Parts) -> cst.FunctionDef:
    import libcst as cst

    returned = "int" if outline.sys else "None"
    head = cst.parse_statement(f"def main() -> {returned}:\n    pass\n", module.config_for_parsing)
    assert isinstance(head, cst.FunctionDef)  # noqa: S101 - it is what was written
    block = _tight_block(outline, parts)
    body = list(block.body)
    if outline.docstring:
        body.insert(0, cst.parse_statement(f'"""{outline.docstring}"""', module.config_for_parsing))
    body[-1:] = map(without_blank_end, body[-1:])
    if outline.sys and outline.ends:
        body.append(cst.SimpleStatementLine([cst.Return(cst.Integer("0"))], leading_lines=block.footer))
        block = block.with_changes(footer=[])
    return head.with_changes(body=block.with_changes(body=body, header=parts.heading or block.header))


def _tight_block(outline: Outline, parts: Parts) -> cst.IndentedBlock:
    """What moves as a block, with one blank line at a time."""
    import libcst as cst

    body: list[cst.BaseStatement] = []
    above: list[cst.EmptyLine] = []
    for number, statement in enumerate(parts.moved):
        lines = [*above, *statement.leading_lines]
        above = []
        if number < outline.openings:
            above, lines = _apart_from(lines)
        blank = bool(body) and has_blank_end(body[-1])
        if blank:
            body[-1] = without_blank_end(body[-1])
            lines.insert(0, cst.EmptyLine(indent=False))
        lines = tightened(lines, first=number <= outline.openings)
        if lines and 0 < number == outline.openings:
            lines.insert(0, cst.EmptyLine(indent=False))
        body.append(statement.with_changes(leading_lines=lines))
    below = tightened(parts.below, first=False)
    while below and below[-1].comment is None:
        below.pop()
    return cst.IndentedBlock(body, footer=below)


def _apart_from(lines: list[cst.EmptyLine]) -> tuple[list[cst.EmptyLine], list[cst.EmptyLine]]:
    """The comments that a blank line sets off from the statement below them, and those that are its own."""
    blank = max((number for number, line in enumerate(lines) if line.comment is None), default=-1)
    above = lines[: blank + 1]
    return (above if any(line.comment is not None for line in above) else []), lines[blank + 1 :]


def tightened(lines: Sequence[cst.EmptyLine], *, first: bool) -> list[cst.EmptyLine]:
    """The lines above a statement with one blank line at a time, and none at the top of a block."""
    import libcst as cst

    result: list[cst.EmptyLine] = []
    blank = first
    for line in lines:
        if line.comment is not None:
            result.append(line)
        elif not blank:
            result.append(cst.EmptyLine(indent=False, newline=line.newline))
        blank = line.comment is None
    return result


# --- the guard -------------------------------------------------------------------------------------------------


def _status(outline: Outline) -> cst.IndentedBlock:
    """The block that calls ``main`` and hands on what it returns."""
    import libcst as cst

    return cst.IndentedBlock([cst.parse_statement(f"{outline.sys}.exit(main())" if outline.sys else "main()")])


def _guard(parts: Parts, block: cst.IndentedBlock) -> cst.If:
    """The guard that was there, or a new one, around a block."""
    import libcst as cst

    if parts.guard is None:
        made = cst.parse_statement('if __name__ == "__main__":\n    pass\n')
        assert isinstance(made, cst.If)  # noqa: S101 - it is what was written
        guard = made.with_changes(body=block)
    else:
        header = cst.ensure_type(parts.guard.body, cst.IndentedBlock).header
        guard = parts.guard.with_changes(body=block.with_changes(header=header))
    return guard.with_changes(leading_lines=tightened(parts.above_guard, first=True))


def places_of(body: Sequence[ast.stmt], places: dict[ast.stmt, Place]) -> tuple[Place, ...]:
    """The places in the order of the module's statements."""
    return tuple(places[statement] for statement in body)
