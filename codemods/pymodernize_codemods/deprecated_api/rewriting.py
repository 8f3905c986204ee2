"""The edits of LibCST nodes: names, calls and imports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst


def expression(_: cst.BaseExpression, source: str) -> cst.BaseExpression:
    """An expression that replaces another.

    Args:
        source: its source.
    """
    return cst.parse_expression(source)


def attribute(node: cst.Attribute, name: str) -> cst.Attribute:
    """The same value's attribute of another name.

    Args:
        node: the attribute as it is.
        name: the new name.
    """
    return node.with_changes(attr=cst.Name(name))


def statement(line: cst.SimpleStatementLine, source: str) -> cst.SimpleStatementLine:
    """A line with another statement; its comment stays.

    Args:
        line: the statement, on a line by itself.
        source: the source of the new one.
    """
    return line.with_changes(body=cst.ensure_type(cst.parse_statement(source), cst.SimpleStatementLine).body)


def modules(line: cst.SimpleStatementLine, names: Mapping[str, str]) -> cst.SimpleStatementLine:
    """``import`` of other modules.

    Args:
        line: the statement, on a line by itself.
        names: what is written for each of some modules, with ``as`` and another name where that is wanted.
    """
    node = cst.ensure_type(line.body[0], cst.Import)
    changed = [_renamed(item, names.get(_spelt(item))) for item in node.names]
    return line.with_changes(body=[node.with_changes(names=changed)])


def from_module(line: cst.SimpleStatementLine, module: str) -> cst.SimpleStatementLine:
    """``from`` with another module.

    Args:
        line: the statement, on a line by itself.
        module: the module.
    """
    node = cst.ensure_type(line.body[0], cst.ImportFrom)
    named = cst.ensure_type(cst.parse_expression(module), cst.Name if "." not in module else cst.Attribute)
    return line.with_changes(body=[node.with_changes(module=named)])


def from_modules(
    line: cst.SimpleStatementLine, gone: Sequence[str], sources: Sequence[str]
) -> cst.SimpleStatementLine | list[cst.SimpleStatementLine]:
    """An import from a module without some names, and those from elsewhere.

    Args:
        line: the statement, on a line by itself.
        gone: the names that go, as they are written.
        sources: the statements that import them instead.
    """
    node = cst.ensure_type(line.body[0], cst.ImportFrom)
    assert not isinstance(node.names, cst.ImportStar)  # noqa: S101 - it has names
    kept = [item for item in node.names if _spelt(item) not in gone]
    new = [cst.ensure_type(cst.parse_statement(source), cst.SimpleStatementLine) for source in sources]
    if not kept:
        first = line.with_changes(body=new[0].body)
        return [first, *new[1:]]
    kept[-1] = kept[-1].with_changes(comma=node.names[-1].comma)
    return [line.with_changes(body=[node.with_changes(names=kept)]), *new]


def _spelt(item: cst.ImportAlias) -> str:
    return cst.Module([]).code_for_node(item.with_changes(comma=cst.MaybeSentinel.DEFAULT)).strip()


def _renamed(item: cst.ImportAlias, source: str | None) -> cst.ImportAlias:
    if source is None:
        return item
    parsed = cst.ensure_type(cst.parse_statement(f"import {source}"), cst.SimpleStatementLine)
    return cst.ensure_type(parsed.body[0], cst.Import).names[0].with_changes(comma=item.comma)
