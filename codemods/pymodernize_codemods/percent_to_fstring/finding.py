"""Texts that are formatted by ``%`` where they stand, and what becomes of each."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import partial

from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize.semantics.types import NOTHING, Type, names_of
from pymodernize_codemods._assumptions import PLAIN_MESSAGES
from pymodernize_codemods._logging.order import acting
from pymodernize_codemods.percent_to_fstring.fields import Field, Shown, Unreadable, parts, reads_back, shown
from pymodernize_codemods.percent_to_fstring.places import becomes_record, is_tried, kept
from pymodernize_codemods.percent_to_fstring.values import Left, Value, has_own_format, values

_MESSAGE = "a text is formatted by %"
_TAB = 4
_OPENED = re.compile(rb"(?:return[ \t]+|[^#()\n]+=[ \t]*)\(\s*")


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """One finding for each text that ``%`` formats and that stands in front of it.

    Args:
        codemod: whose findings they are.
        module: the module.
    """
    by_function: defaultdict[ast.AST | None, list[tuple[ast.BinOp, Finding]]] = defaultdict(list)
    for node in module.nodes(ast.BinOp):
        if isinstance(node.op, ast.Mod) and isinstance(node.left, ast.Constant) and isinstance(node.left.value, str):
            by_function[module.function(node)].append((node, _found(codemod, module, node, node.left.value)))
    for found in by_function.values():
        yield from _all_or_none(codemod, module, found)


def _all_or_none(codemod: Codemod, module: Module, found: list[tuple[ast.BinOp, Finding]]) -> Iterator[Finding]:
    """The findings of one function, whose texts get one form: none is rewritten if another cannot be."""
    left = next((node for node, item in found if _stays(codemod, module, item)), None)
    for node, item in found:
        if left is None or item.rewrite is None or _stays(codemod, module, item):
            yield item
        else:
            reason = Reason("half", f"the text in line {left.lineno} stays formatted by %")
            yield codemod.finding(module, node, _MESSAGE, reason=reason, kept=True)


def _stays(codemod: Codemod, module: Module, item: Finding) -> bool:
    """Whether a text stays for what is not known of its values, and not for what it is."""
    if item.rewrite is None:
        return item.code not in codemod.on_purpose
    return not all(map(module.accepts, item.assumptions))


def _found(codemod: Codemod, module: Module, node: ast.BinOp, text: str) -> Finding:
    from pymodernize_codemods.percent_to_fstring.writing import Unwritable

    try:
        reason = kept(module, node, text)
        if reason is not None:
            raise Left(reason)
        source, plain = _fstring(module, node, text)
    except Left as exc:
        return codemod.finding(module, node, _MESSAGE, reason=exc.args[0])
    except Unreadable:
        return codemod.finding(module, node, _MESSAGE, reason=Reason("form", "its format has no counterpart"))
    except Unwritable:
        reason = Reason("expression", "the text or a value has no place in an f-string")
        return codemod.finding(module, node, _MESSAGE, reason=reason)
    edit = _edit(module, node, source)
    rewrite = Rewrite((edit,), waits=True)
    if not plain:
        return codemod.finding(module, node, _MESSAGE, rewrite)
    reason = "the classes of its values are not known"
    return codemod.finding(module, node, _MESSAGE, rewrite, assumptions={PLAIN_MESSAGES.name}, reason=reason)


def _edit(module: Module, node: ast.BinOp, source: str) -> Edit:
    from pymodernize_codemods.percent_to_fstring.writing import in_attribute, in_statement, written

    parent = module.parent(node)
    if isinstance(parent, ast.Attribute) and "\n" not in source:
        return Edit(parent, partial(in_attribute, source=source))
    if isinstance(parent, ast.stmt) and "\n" not in source and _is_in_parentheses(module, node, parent):
        return Edit(parent, partial(in_statement, source=source))
    return Edit(node, partial(written, source=source))


def _is_in_parentheses(module: Module, node: ast.BinOp, statement: ast.stmt) -> bool:
    """Whether a statement, on lines by itself, assigns or returns the text and has it in parentheses."""
    data = module.source.data
    (start, end), (first, last) = module.span(node), module.span(statement)
    begins_line = not data[data.rfind(b"\n", 0, first) + 1 : first].strip()
    line_end = data.find(b"\n", last)
    ends_line = data[last : len(data) if line_end < 0 else line_end].strip()[:1] in (b"", b"#")
    opened, closed = _OPENED.fullmatch(data[first:start]), data[end:last].strip()
    return begins_line and ends_line and opened is not None and closed == b")"


def _fstring(module: Module, node: ast.BinOp, text: str) -> tuple[str, bool]:
    """The source of the f-string, and whether it is the same for plain values only."""
    from pymodernize_codemods.percent_to_fstring.writing import fstring, is_short, says

    start, end = module.span(node)
    if module.source.data[start - 1 : start].isalnum():
        raise Left(Reason("form", "a keyword stands directly in front of it"))
    if b"#" in module.source.data[start:end] and any(start < item.offset < end for item in module.comments):
        raise Left(Reason("form", "there is a comment in it"))
    pieces = list(parts(text))
    fields = [piece for piece in pieces if isinstance(piece, Field)]
    if not fields:
        raise Left(Reason("form", "it has no fields"))
    given = values(module, node.right, fields)
    if text == "%s" and given[0].types is not None and names_of(given[0].types) == {"str"}:
        raise Left(Reason("form", "the value is a text already"))
    tails = [_tail(module, node, field, value) for field, value in zip(fields, given, strict=True)]
    if not all(is_short(value.expr) for value in given):
        raise Left(Reason("expression", "a value is no short expression"))
    coded = [(value.code, tail.tail) for value, tail in zip(given, tails, strict=True)]
    source = fstring(module.text(node.left), coded, [field.key for field in fields])
    if not says(source, pieces):
        raise Left(Reason("form", "the text has no counterpart"))
    read = all(map(_reads_back, [module] * len(fields), fields, tails, given))
    if not (read and all(value.code in source for value in given)) and becomes_record(module, node):
        raise Left(Reason("printed", "the log record that print-to-logging makes of it would read otherwise"))
    source = _in_parentheses(module, node, source)
    _check_length(module, node, source)
    return source, any(item.plain for item in (*given, *tails))


def _tail(module: Module, node: ast.BinOp, field: Field, value: Value) -> Shown:
    """How the f-string shows a value."""
    found = shown(field, value.types)
    if found is None:
        raise Left(Reason("class", f"{value.code} may be of a class that an f-string shows in another way"))
    vague = found.plain or Type("exception") in (value.types or ()) and not found.conversion
    if vague and has_own_format(module, value.expr):
        raise Left(Reason("class", f"{value.code} may have a format of its own"))
    if found.plain and found.spec and is_tried(module, node):
        raise Left(Reason("class", f"{value.code} may be of a class for which another exception is raised"))
    return found


def _reads_back(module: Module, field: Field, shown: Shown, value: Value) -> bool:
    """Whether a log record shows a value in the same way if it is made of the f-string."""
    mapping = value.alone and names_of(value.types or NOTHING) & {"dict", "os.environ"}
    if mapping or field.key is not None or acting(module, value.expr):
        return False
    return reads_back(field, shown, value.types)


def _in_parentheses(module: Module, node: ast.BinOp, source: str) -> str:
    """The source in parentheses where those of the literals are needed: it has lines, and nothing else encloses it."""
    if "\n" not in source or not module.text(node).startswith("("):
        return source
    return source if isinstance(module.parent(node), ast.Call) else f"({source})"


def _check_length(module: Module, node: ast.BinOp, source: str) -> None:
    """See that no line becomes too long that was not."""
    start, end = module.span(node)
    data = module.source.data
    head = data[data.rfind(b"\n", 0, start) + 1 : start].decode("utf-8")
    line_end = data.find(b"\n", end)
    tail = data[end : len(data) if line_end < 0 else line_end].decode("utf-8").rstrip("\r")
    old = _widest(head + module.text(node) + tail)
    if _widest(head + source + tail) > max(module.facts.line_length, old):
        raise Left(Reason("long", "the line would become too long"))


def _widest(lines: str) -> int:
    """The most columns of some lines, with tabs as formatters count them."""
    return max(len(line.expandtabs(_TAB)) for line in lines.split("\n"))
