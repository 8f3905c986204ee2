"""The header of an except clause as a fragment: ``except ValueError as exc:``, without the block below it."""

from __future__ import annotations

import ast
import io
import tokenize
from typing import TYPE_CHECKING

from pymodernize.rewriting.splices import CannotPlace, Splice

if TYPE_CHECKING:
    from pymodernize.codemod import Edit
    from pymodernize.semantics.module import Module

_OPENING, _CLOSING = {"(", "[", "{"}, {")", "]", "}"}


def span_of_header(module: Module, handler: ast.ExceptHandler) -> tuple[int, int]:
    """Offsets from the ``except`` to the byte after its colon.

    Raises:
        CannotPlace: the header has no end that can be told.
    """
    start, end = module.span(handler)
    text = module.source.data[start:end].decode("utf-8")
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
            if token.string in _OPENING:
                depth += 1
            elif token.string in _CLOSING:
                depth -= 1
            elif token.string == ":" and not depth:
                row, column = token.end
                lines = text.split("\n")
                before = "\n".join([*lines[: row - 1], lines[row - 1][:column]])
                return start, start + len(before.encode("utf-8"))
    except (tokenize.TokenError, SyntaxError, IndexError) as exc:
        raise CannotPlace("the header of the except clause cannot be read") from exc
    raise CannotPlace("the header of the except clause has no end")


def splice_header(module: Module, handler: ast.ExceptHandler, edit: Edit) -> Splice:
    """Carry out an edit of a handler: of its header, the block below keeps its bytes.

    The change gets the handler with an empty block, and gives a handler.

    Raises:
        CannotPlace: LibCST does not parse the header, or the change gives
            anything but a handler.
    """
    import libcst as cst

    start, end = span_of_header(module, handler)
    head = "try: pass\n"
    try:
        tree = cst.parse_module(head + module.source.data[start:end].decode("utf-8") + " pass\n")
    except cst.ParserSyntaxError as exc:
        raise CannotPlace(f"LibCST does not parse it: {exc.message}") from exc
    statement = tree.body[0]
    if not isinstance(statement, cst.Try):
        raise CannotPlace("an except* clause stays as it is")
    changed = edit.change(statement.handlers[0])
    if not isinstance(changed, cst.ExceptHandler):
        raise CannotPlace("the header of an except clause can only become one")
    code = tree.with_deep_changes(statement, handlers=[changed]).code
    return Splice(start, end, code[len(head) : -len(" pass\n")].encode("utf-8"))
