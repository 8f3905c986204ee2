"""Parse the smallest fragment that changes, rewrite it with LibCST, and splice it into the source.

What is outside the fragment keeps its bytes by construction. The engine's
duties of placing code live here: indentation, parentheses, shared lines.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from pymodernize.precedence import needs_parentheses
from pymodernize.splices import CannotPlace, Splice, apply_splices, original_offset

if TYPE_CHECKING:
    import libcst as cst

    from pymodernize.codemod import Edit
    from pymodernize.semantics.module import Module

__all__ = [
    "CannotPlace",
    "Splice",
    "apply_splices",
    "keep_blocks",
    "make_insertion",
    "make_insertions",
    "make_splice",
    "original_offset",
    "span_of_edit",
]


def span_of_edit(module: Module, edit: Edit) -> tuple[int, int]:
    """The bytes that an edit may change: to tell whether two edits meet."""
    node = edit.node
    if isinstance(node, ast.Module):
        return 0, len(module.source.data)
    if isinstance(node, ast.stmt):
        return _statement_lines(module, node) or module.span(node)
    return module.span(_outer_fstring(module, node) or node)


def make_splice(module: Module, edit: Edit) -> Splice:
    """Carry out one edit.

    Raises:
        CannotPlace: the new code cannot stand there.
        libcst.ParserSyntaxError: LibCST does not parse the fragment.
    """
    node = edit.node
    if isinstance(node, ast.Module):
        return _splice_module(module, edit)
    if isinstance(node, ast.stmt):
        return _splice_statement(module, node, edit)
    return _splice_expression(module, cast(ast.expr, node), edit)


# --- the whole module ------------------------------------------------------------------------------------------


def _splice_module(module: Module, edit: Edit) -> Splice:
    import libcst as cst

    tree = cst.parse_module(module.source.text, _config(module))
    changed = edit.change(tree)
    if not isinstance(changed, cst.Module):
        raise CannotPlace("a module can only become a module")
    return Splice(0, len(module.source.data), changed.code.encode("utf-8"))


def _config(module: Module) -> cst.PartialParserConfig:
    import libcst as cst

    return cst.PartialParserConfig(default_indent=module.indent, default_newline=module.source.newline)


# --- statements ------------------------------------------------------------------------------------------------


def _statement_lines(module: Module, node: ast.stmt) -> tuple[int, int] | None:
    """The span of the lines of a statement that has them for itself, else None."""
    source = module.source
    start, end = module.span(node)
    line_start, _ = source.line_span(source.position(start)[0])
    _, line_end = source.line_span(node.end_lineno or node.lineno)
    rest = source.data[end:line_end].strip()
    if source.data[line_start:start].strip() or rest and not rest.startswith(b"#"):
        return None
    return line_start, line_end


def _splice_statement(module: Module, node: ast.stmt, edit: Edit) -> Splice:
    import libcst as cst

    start, end = module.span(node)
    if isinstance(node, ast.If) and module.source.data.startswith(b"elif", start):
        raise CannotPlace("an elif is no statement of its own")
    lines = _statement_lines(module, node)
    if lines is None:
        return _splice_small_statement(module, node, edit)
    text = module.source.data[slice(*lines)].decode("utf-8")
    indented = text[:1] in {" ", "\t"}
    wrapper = "if 1:" + module.source.newline if indented else ""
    tree = cst.parse_module(wrapper + text, _config(module))
    block = cst.ensure_type(cst.ensure_type(tree.body[0], cst.If).body, cst.IndentedBlock) if indented else tree
    statement = block.body[0]
    body: Sequence[cst.BaseStatement] = _as_statements(edit.change(statement))
    if not body and len(module.block(node)) == 1:
        body = [cst.parse_statement("pass")]
    changed = block.with_changes(body=body)
    code = tree.with_deep_changes(tree.body[0], body=changed).code if indented else _code(tree, body)
    return Splice(*lines, code[len(wrapper) :].encode("utf-8"))


def _code(tree: cst.Module, body: Sequence[cst.BaseStatement]) -> str:
    return tree.with_changes(body=body).code


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
    line = cst.parse_statement(module.source.data[start:end].decode("utf-8"), _config(module))
    if not isinstance(line, cst.SimpleStatementLine):
        raise CannotPlace("a compound statement shares its line with others")
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

    change = edit.change
    outer = _outer_fstring(module, node)
    if outer is not None:
        change = partial(_change_inside, change, node, outer)
        node = outer
    start, end = module.span(node)
    text = module.source.data[start:end].decode("utf-8")
    alone = _stands_alone(text)
    changed = change(_parse_expression(text, alone, module))
    if not isinstance(changed, cst.BaseExpression):
        raise CannotPlace(f"an expression cannot become a {type(changed).__name__}")
    code = cst.Module([], default_newline=module.source.newline, default_indent=module.indent).code_for_node(changed)
    enclosed = _is_parenthesised(module.source.data, start, end)
    if needs_parentheses(module, node, changed) and not enclosed or alone and not _stands_alone(code) and not enclosed:
        code = f"({code})"
    if any(type(around).__name__ in {"JoinedStr", "TemplateStr"} for around in module.ancestors(node)):
        _refuse_quotes(code)
    return Splice(start, end, _spaced(module.source.data, start, end, code))


def _parse_expression(text: str, alone: bool, module: Module) -> cst.BaseExpression:
    import libcst as cst

    if alone:
        return cst.parse_expression(text, _config(module))
    # Several lines held together by brackets outside: parse within a pair that is taken off again.
    node = cst.parse_expression(f"({text}{module.source.newline})", _config(module))
    return node.with_changes(lpar=node.lpar[1:], rpar=node.rpar[:-1])


def _stands_alone(text: str) -> bool:
    """Whether the text is an expression without brackets around it."""
    if "\n" not in text:
        return True
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    return True


def _is_parenthesised(data: bytes, start: int, end: int) -> bool:
    before = data[:start].rstrip(b" \t\r\n")[-1:]
    after = data[end:].lstrip(b" \t\r\n")[:1]
    return before == b"(" and after == b")"


_WORD = re.compile(rb"[\w\"']")


def _spaced(data: bytes, start: int, end: int, code: str) -> bytes:
    """The code with a space where it would run into a word beside it."""
    text = code.encode("utf-8")
    if start and _WORD.match(text[:1]) and re.match(rb"\w", data[start - 1 : start]):
        text = b" " + text
    if re.match(rb"\w", text[-1:]) and _WORD.match(data[end : end + 1]):
        text += b" "
    return text


def _refuse_quotes(code: str) -> None:
    """Before Python 3.12 an f-string's expressions may hold neither its quotes nor a backslash."""
    if any(char in code for char in "'\"\\#\n"):
        raise CannotPlace("the new code has quotes, which not every Python allows inside an f-string")


def _outer_fstring(module: Module, node: ast.AST) -> ast.expr | None:
    """The whole f-string around a node, where positions inside it are wrong (before Python 3.12)."""
    if sys.version_info >= (3, 12):
        return None
    outer = None
    for around in module.ancestors(node):
        if isinstance(around, ast.JoinedStr):
            outer = around
        elif isinstance(around, ast.stmt):
            break
    return outer


def _change_inside(change: object, node: ast.AST, outer: ast.AST, tree: cst.CSTNode) -> cst.CSTNode:
    """Make a change to the node of an f-string that has the same place among those of its type."""
    import libcst as cst

    name = _CST_NAMES.get(type(node))
    if name is None:
        raise CannotPlace(f"a {type(node).__name__} inside an f-string cannot be told from others on this Python")
    place = [item for item in _in_order(outer) if type(item) is type(node)].index(node)
    twins = _Collector(name)
    tree.visit(cast(cst.CSTVisitor, twins.visitor()))
    if place >= len(twins.found):
        raise CannotPlace("the expression inside the f-string was not found again")
    target = twins.found[place]
    new = change(target)  # type: ignore[operator]
    _refuse_quotes(cst.Module([]).code_for_node(new))
    return cast(cst.CSTNode, tree.deep_replace(target, new))


_CST_NAMES: dict[type[ast.AST], str] = {
    ast.Call: "Call",
    ast.Name: "Name",
    ast.Attribute: "Attribute",
    ast.Subscript: "Subscript",
    ast.BinOp: "BinaryOperation",
    ast.IfExp: "IfExp",
}


def _in_order(root: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = []
    stack = [root]
    while stack:
        node = stack.pop()
        found.append(node)
        stack += reversed(list(ast.iter_child_nodes(node)))
    return found


class _Collector:
    """Collects the nodes of one LibCST class in document order, leaving out names that are no expressions."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.found: list[cst.CSTNode] = []

    def visitor(self) -> object:
        import libcst as cst

        collector = self

        class Visitor(cst.CSTVisitor):
            def on_visit(self, node: cst.CSTNode) -> bool:
                if type(node).__name__ == collector.name:
                    collector.found.append(node)
                if isinstance(node, cst.Attribute):
                    node.value.visit(self)
                    return False
                if isinstance(node, cst.Arg):
                    node.value.visit(self)
                    return False
                return not isinstance(node, cst.Param)

        return Visitor()
