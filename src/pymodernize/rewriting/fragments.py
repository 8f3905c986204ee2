"""Parse the smallest fragment that changes, rewrite it with LibCST, and splice it into the source.

What is outside the fragment keeps its bytes by construction. The engine's
duties of placing code live here: indentation, parentheses, shared lines.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.rewriting.except_headers import span_of_header, splice_header
from pymodernize.rewriting.fstrings import change_inside, outer_fstring, refuse_places, safe_inside
from pymodernize.rewriting.precedence import ATOM, TUPLE, WALRUS, level_of, needs_parentheses
from pymodernize.rewriting.source_context import is_bare_argument, is_parenthesised, spaced, stands_alone
from pymodernize.rewriting.splices import CannotPlace, Origins, Splice, apply_splices
from pymodernize.semantics.module import WIDEST_INDENT

if TYPE_CHECKING:
    import libcst as cst

    from pymodernize.codemod import Edit, Insertion
    from pymodernize.semantics.module import Module

__all__ = [
    "CannotPlace",
    "Origins",
    "Splice",
    "apply_splices",
    "is_too_large",
    "keep_blocks",
    "make_insertion",
    "make_insertions",
    "make_splice",
    "parse_module",
    "span_of_edit",
]


def span_of_edit(module: Module, edit: Edit) -> tuple[int, int]:
    """The bytes that an edit may change: to tell whether two edits meet."""
    node = edit.node
    if isinstance(node, ast.Module):
        return 0, len(module.source.data)
    if isinstance(node, ast.stmt):
        lines = _statement_lines(module, node, edit.until)
        if lines is None and edit.until is not None:
            raise CannotPlace("a statement shares its line with others")
        return _removed(module, edit, lines) if lines is not None else module.span(node)
    if isinstance(node, ast.ExceptHandler):
        return span_of_header(module, node)
    if not isinstance(node, ast.expr):
        raise CannotPlace(f"a {type(node).__name__} is neither an expression, a statement nor an except clause")
    return module.span(outer_fstring(module, node) or node)


def make_splice(module: Module, edit: Edit) -> Splice:
    """Carry out one edit.

    Raises:
        CannotPlace: the new code cannot stand there, or LibCST does not parse
            the fragment.
    """
    node = edit.node
    if isinstance(node, ast.Module):
        return _splice_module(module, edit)
    if isinstance(node, ast.stmt):
        return _splice_statement(module, node, edit)
    if isinstance(node, ast.ExceptHandler):
        return splice_header(module, node, edit)
    if not isinstance(node, ast.expr):
        raise CannotPlace(f"a {type(node).__name__} is neither an expression, a statement nor an except clause")
    return _splice_expression(module, node, edit)


def keep_blocks(module: Module, made: Mapping[Edit, Splice]) -> list[Splice]:
    """The splices of several edits; where they remove all that a block holds, the last leaves ``pass``."""
    splices = dict(made)
    removed = {edit.node: edit for edit, splice in made.items() if isinstance(edit.node, ast.stmt) and not splice.text}
    for node, edit in removed.items():
        assert isinstance(node, ast.stmt)  # noqa: S101 - only those were taken
        block = module.block(node)
        if block[-1] is node and not isinstance(module.parent(node), ast.Module):
            if all(item in removed for item in block):
                splices[edit] = _passing(module, splices[edit])
    return list(splices.values())


def _passing(module: Module, splice: Splice) -> Splice:
    """The removal of whole lines, with ``pass`` left in their place."""
    old = module.source.data[splice.start : splice.end]
    indent = old[: len(old) - len(old.lstrip(b" \t"))]
    newline = module.source.newline.encode() if old.endswith(b"\n") else b""
    return Splice(splice.start, splice.end, indent + b"pass" + newline)


# --- statements in front of others -----------------------------------------------------------------------------


def make_insertion(module: Module, insertion: Insertion) -> Splice:
    """Put a statement in front of another; a block on its header's line gets lines of its own.

    Raises:
        CannotPlace: no statement can stand there.
    """
    return _insert(module, insertion.before, [insertion])


def make_insertions(module: Module, insertions: Sequence[Insertion]) -> list[Splice]:
    """Carry out several insertions; those in front of the same statement go by their ``order``."""
    groups: dict[ast.stmt, list[Insertion]] = {}
    for item in sorted(insertions, key=lambda item: item.order):
        groups.setdefault(item.before, []).append(item)
    return [_insert(module, before, group) for before, group in groups.items()]


def _insert(module: Module, statement: ast.stmt, group: Sequence[Insertion]) -> Splice:
    source, newline = module.source, module.source.newline
    lines = [item.source for item in group]
    _refuse_elif(module, statement)
    start, _ = module.span(statement)
    number = source.position(start)[0]
    line_start, _ = source.line_span(number)
    indent = source.data[line_start:start]
    if _starts_its_line(module, start):
        text = b"".join(indent + f"{line}{newline}".encode() for line in lines)
        if all(item.opens for item in group) and (above := _above_paragraph(module, number)) is not None:
            blank = b"" if not source.line(above).strip() else newline.encode()
            offset = source.line_span(above)[0]
            return Splice(offset, offset, text + blank)
        offset = _above_comments(module, number, indent)
        return Splice(offset, offset, text)
    block = module.block(statement)
    parent = module.parent(statement)
    if block[0] is not statement or isinstance(parent, ast.Module):
        return Splice(start, start, "".join(f"{line}; " for line in lines).encode())
    header = _indent_of_line(module, getattr(parent, "lineno", block[0].lineno)) + module.indent
    text = "".join(f"{newline}{header}{line}" for line in (*lines, ""))
    bare = len(source.data[:start].rstrip(b" \t\\\r\n"))
    return Splice(bare, start, text.encode())


def _indent_of_line(module: Module, line: int) -> str:
    text = module.source.line(line).decode("utf-8")
    return text[: len(text) - len(text.lstrip(" \t"))]


def _above_paragraph(module: Module, line: int) -> int | None:
    """The first of the blank lines and comments above a line of a block; None if there is no comment among them."""
    first, found = line, False
    while first > 1:
        text = module.source.line(first - 1).strip()
        if text and not (first - 1 in module.comments_by_line and text.startswith(b"#")):
            break
        first -= 1
        found = found or bool(text)
    return first if found else None


def _above_comments(module: Module, line: int, indent: bytes) -> int:
    """The start of the comment lines directly above a line, indented like it; those that open the file are its own."""
    comments = module.comments_by_line
    first = line
    while (
        first > 1 and module.source.line(first - 1).rstrip(b"\r\n") == indent + comments.get(first - 1, "\n").encode()
    ):
        first -= 1
    return module.source.line_span(first if first > 1 else line)[0]


# --- the whole module ------------------------------------------------------------------------------------------


# To Python a form feed begins the line anew. To LibCST it is a part of the indentation, and others go in front of it.
_FORM_FEED = re.compile(rb"^[ \t]*\f[ \t\f]*[^\s#]", re.MULTILINE)


MOST_NODES = 50_000
"""A module with more is not laid out anew: LibCST takes four kilobytes for each node. Of the largest files of the
standard library none has more than 40,000."""
_LINES_PER_NODE = 8
"""Lines without code take LibCST some memory as well."""


def is_too_large(module: Module) -> bool:
    """Whether an edit of the whole module would take more memory than a file of any size is worth."""
    return len(module.index.parent) + len(module.source.line_starts) // _LINES_PER_NODE > MOST_NODES


def _splice_module(module: Module, edit: Edit) -> Splice:
    import libcst as cst

    if _FORM_FEED.search(module.source.data):
        raise CannotPlace("a form feed stands in an indentation")
    tree = parse_module(module.source.text, module)
    changed = edit.change(_with_unit(tree, module.indent) if len(tree.default_indent) > WIDEST_INDENT else tree)
    if not isinstance(changed, cst.Module):
        raise CannotPlace("a module can only become a module")
    try:
        code = changed.code
    except RecursionError:
        # Python 3.12 limits calls that go through C by themselves, and LibCST makes several for each level.
        raise CannotPlace("the code is nested more deeply than this Python can follow") from None
    return Splice(0, len(module.source.data), code.encode("utf-8"))


def _with_unit(tree: cst.Module, unit: str) -> cst.Module:
    """The same code, with another unit of indentation for new blocks than the parser has found."""
    import libcst as cst

    class Naming(cst.CSTTransformer):
        def leave_IndentedBlock(  # noqa: N802 - LibCST calls it by this name
            self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
        ) -> cst.IndentedBlock:
            return updated_node.with_changes(indent=updated_node.indent or tree.default_indent)

    return cst.ensure_type(tree.visit(Naming()), cst.Module).with_changes(default_indent=unit)


def _config(module: Module) -> cst.PartialParserConfig:
    import libcst as cst

    return cst.PartialParserConfig(default_indent=module.indent, default_newline=module.source.newline)


def parse_module(text: str, module: Module) -> cst.Module:
    """The tree of a text, with the indentation and the newlines of a file.

    Args:
        text: statements.
        module: the model of the file.

    Raises:
        CannotPlace: LibCST does not parse it.
    """
    import libcst as cst

    try:
        return cst.parse_module(text, _config(module))
    except cst.ParserSyntaxError as exc:
        raise CannotPlace(f"LibCST does not parse it: {exc.message}") from exc


# --- statements ------------------------------------------------------------------------------------------------


def _statement_lines(module: Module, node: ast.stmt, until: ast.stmt | None = None) -> tuple[int, int] | None:
    """The span of the lines of a statement, or of a run of them, that has them for itself, else None."""
    source = module.source
    last = until or node
    start, end = module.span(node)[0], module.span(last)[1]
    line_start, _ = source.line_span(source.position(start)[0])
    _, line_end = source.line_span(last.end_lineno or last.lineno)
    rest = source.data[end:line_end].strip()
    if not _starts_its_line(module, start) or rest and not rest.startswith(b"#"):
        return None
    return line_start, line_end


def _starts_its_line(module: Module, start: int) -> bool:
    """Whether a statement's first line is its own: only indentation before it, and no backslash above."""
    source = module.source
    line = source.position(start)[0]
    if source.data[source.line_span(line)[0] : start].strip(b" \t"):
        return False
    continued = line > 1 and source.line(line - 1).rstrip(b"\r\n").endswith(b"\\")
    return not continued or line - 1 in module.comments_by_line


def _refuse_elif(module: Module, node: ast.stmt) -> None:
    if isinstance(node, ast.If) and module.source.data.startswith(b"elif", module.span(node)[0]):
        raise CannotPlace("an elif is no statement of its own")


def _splice_statement(module: Module, node: ast.stmt, edit: Edit) -> Splice:
    import libcst as cst

    _refuse_elif(module, node)
    lines = _statement_lines(module, node, edit.until)
    if lines is None:
        return _splice_small_statement(module, node, edit)
    text = module.source.data[slice(*lines)].decode("utf-8")
    indented = text[:1] in {" ", "\t"}
    wrapper = "if 1:" + module.source.newline if indented else ""
    tree = parse_module(wrapper + text, module)
    block = cst.ensure_type(cst.ensure_type(tree.body[0], cst.If).body, cst.IndentedBlock) if indented else tree
    body = _as_statements(edit.change(block.body[0] if edit.until is None else block.body))
    if not body:
        # LibCST would fill an empty block with a "pass", whether it is needed or not.
        removal = Splice(*_removed(module, edit, lines), b"")
        only = len(module.block(node)) == 1 and not isinstance(module.parent(node), ast.Module)
        return _passing(module, removal) if only else removal
    changed = block.with_changes(body=body)
    code = tree.with_deep_changes(tree.body[0], body=changed).code if indented else tree.with_changes(body=body).code
    return Splice(*lines, code[len(wrapper) :].encode("utf-8"))


def _removed(module: Module, edit: Edit, lines: tuple[int, int]) -> tuple[int, int]:
    """The lines of a statement that is taken away, with the comments above that go, too."""
    text = module.source.data[slice(*lines)]
    indent = text[: len(text) - len(text.lstrip(b" \t"))]
    start = _above_comments(module, module.source.position(lines[0])[0], indent) if edit.above else lines[0]
    return start, lines[1]


def _as_statements(result: object) -> list[cst.BaseStatement]:
    import libcst as cst

    if isinstance(result, cst.RemovalSentinel):
        return []
    items = list(result) if isinstance(result, Sequence) else [result]
    statements: list[cst.BaseStatement] = []
    for item in items:
        if isinstance(item, cst.BaseSmallStatement):
            statements.append(cst.SimpleStatementLine([item]))
        elif isinstance(item, cst.BaseStatement):
            statements.append(item)
        else:
            raise CannotPlace(f"a statement cannot become a {type(item).__name__}")
    return statements


def _splice_small_statement(module: Module, node: ast.stmt, edit: Edit) -> Splice:
    """A statement that shares its line with others: ``a = 1; b = 2``, ``if x: y()``."""
    import libcst as cst

    start, end = module.span(node)
    if hasattr(node, "body") or hasattr(node, "cases"):
        raise CannotPlace("a compound statement shares its line with others")
    line = parse_module(module.source.data[start:end].decode("utf-8"), module).body[0]
    codes: list[str] = []
    for statement in _as_statements(edit.change(line)):
        if not isinstance(statement, cst.SimpleStatementLine):
            raise CannotPlace("a compound statement does not fit where the statement shares its line")
        codes += [
            cst.Module([]).code_for_node(small.with_changes(semicolon=cst.MaybeSentinel.DEFAULT))
            for small in statement.body
        ]
    return Splice(start, end, ("; ".join(codes) or "pass").encode("utf-8"))


# --- expressions -----------------------------------------------------------------------------------------------


def _splice_expression(module: Module, node: ast.expr, edit: Edit) -> Splice:
    import libcst as cst

    if isinstance(module.parent(node), _PATTERNS):
        raise CannotPlace("it stands in a pattern, where code means something else")
    inside = refuse_places(module, node)
    change = edit.change
    outer = outer_fstring(module, node)
    if outer is not None:
        change = partial(change_inside, module, change, node, outer)
        node = outer
    start, end = module.span(node)
    text = module.source.data[start:end].decode("utf-8")
    parsed = _parse_expression(text, node, module)
    changed = change(parsed)
    if not isinstance(changed, cst.BaseExpression):
        raise CannotPlace(f"an expression cannot become a {type(changed).__name__}")
    if isinstance(changed, cst.Tuple) and isinstance(module.parent(node), ast.withitem):
        raise CannotPlace("a tuple is no context manager, and would be read as several")
    code = cst.Module([], default_newline=module.source.newline, default_indent=module.indent).code_for_node(changed)
    if is_bare_argument(module, node):
        # The call's own parentheses belong to the generator expression: bring them along.
        bare = level_of(changed) in {WALRUS, TUPLE}
        code = code if isinstance(changed, cst.GeneratorExp) else f"(({code}))" if bare else f"({code})"
    elif (
        needs_parentheses(module, node, changed)
        and not _replaces_its_like(parsed, changed)
        or stands_alone(text)
        and not stands_alone(code)
    ):
        code = code if is_parenthesised(module, node) else f"({code})"
    if inside and outer is None:
        code = safe_inside(code)
    return Splice(start, end, spaced(module.source.data, start, end, code))


def _replaces_its_like(old: cst.BaseExpression, new: cst.BaseExpression) -> bool:
    """Whether a loose expression takes the place of one of its kind, that needed no parentheses: ``x[a, b]``."""
    return type(old) is type(new) and level_of(old) <= level_of(new) and level_of(old) < ATOM


_PATTERNS = (ast.MatchValue, ast.MatchMapping, ast.MatchClass)


def _parse_expression(text: str, node: ast.expr, module: Module) -> cst.BaseExpression:
    import libcst as cst

    try:
        if isinstance(node, ast.Starred):
            return cst.parse_expression(text, _config(module))
        # Lines may be held together by brackets outside, and a yield parses in brackets only: parse within a
        # pair that is taken off again.
        parsed = cst.parse_expression(f"({text}{module.source.newline})", _config(module))
    except cst.ParserSyntaxError as exc:
        raise CannotPlace(f"LibCST does not parse it: {exc.message}") from exc
    return parsed.with_changes(lpar=parsed.lpar[1:], rpar=parsed.rpar[:-1])
