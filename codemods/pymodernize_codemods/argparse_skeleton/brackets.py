"""New source in the place of an expression, in brackets where it binds looser than what is around it."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module

# The levels of the language reference, "Operator precedence", from the loosest.
_CHOICE, _OR, _AND, _NOT, _COMPARISON, _BITS, _SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(11)
_OPERATORS: dict[type[ast.operator], int] = {
    ast.Add: _SUM,
    ast.Sub: _SUM,
    ast.Mult: _PRODUCT,
    ast.MatMult: _PRODUCT,
    ast.Div: _PRODUCT,
    ast.FloorDiv: _PRODUCT,
    ast.Mod: _PRODUCT,
    ast.Pow: _POWER,
}


def bracketed(module: Module, node: ast.expr, source: str) -> str:
    """Source that may stand where an expression of the module stands.

    Args:
        module: the module.
        node: the expression whose place it takes.
        source: of another expression.
    """
    if _level(ast.parse(source, mode="eval").body) >= _required(module.parent(node), node):
        return source
    return source if _is_enclosed(module, node) else f"({source})"


def _level(expr: ast.expr) -> int:
    """How tightly an expression holds together."""
    match expr:
        case ast.IfExp() | ast.Lambda() | ast.NamedExpr() | ast.Tuple():
            return _CHOICE
        case ast.BoolOp(op=op):
            return _OR if isinstance(op, ast.Or) else _AND
        case ast.UnaryOp(op=op):
            return _NOT if isinstance(op, ast.Not) else _SIGN
        case ast.Compare():
            return _COMPARISON
        case ast.BinOp(op=op):
            return _OPERATORS.get(type(op), _BITS)
    return _ATOM


def _required(parent: ast.AST | None, child: ast.expr) -> int:
    """How tightly what stands there must hold together."""
    match parent:
        case ast.BoolOp() | ast.UnaryOp():
            return _level(parent)
        case ast.Compare():
            return _BITS
        case ast.BinOp(op=ast.Pow()):
            return _ATOM
        case ast.BinOp(left=left, op=op):
            level = _OPERATORS.get(type(op), _SUM)
            return level if left is child else level + 1
        case ast.IfExp(orelse=orelse):
            return _CHOICE if orelse is child else _OR
        case ast.Attribute() | ast.Await() | ast.Starred():
            return _ATOM
        case ast.Subscript(value=value) | ast.Call(func=value) if value is child:
            return _ATOM
    return _CHOICE


def _is_enclosed(module: Module, node: ast.expr) -> bool:
    """Whether an expression has brackets of its own around it."""
    start, end = module.span(node)
    data = module.source.data
    return data[:start].rstrip().endswith(b"(") and data[end:].lstrip().startswith(b")")
