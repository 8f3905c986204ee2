"""When a new expression needs parentheses where the old one stood.

The levels are the rows of the language reference, "Operator precedence",
counted from the loosest.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst

    from pymodernize.semantics.module import Module

WALRUS, TUPLE, LAMBDA, CONDITIONAL, OR, AND, NOT, COMPARISON = range(8)
BIT_OR, BIT_XOR, BIT_AND, SHIFT, SUM, PRODUCT, UNARY, POWER, AWAIT, ATOM = range(8, 18)

_AST_OPERATORS: dict[type[ast.operator], int] = {
    ast.BitOr: BIT_OR,
    ast.BitXor: BIT_XOR,
    ast.BitAnd: BIT_AND,
    ast.LShift: SHIFT,
    ast.RShift: SHIFT,
    ast.Add: SUM,
    ast.Sub: SUM,
    ast.Mult: PRODUCT,
    ast.MatMult: PRODUCT,
    ast.Div: PRODUCT,
    ast.FloorDiv: PRODUCT,
    ast.Mod: PRODUCT,
    ast.Pow: POWER,
}
_CST_OPERATORS = {
    "BitOr": BIT_OR,
    "BitXor": BIT_XOR,
    "BitAnd": BIT_AND,
    "LeftShift": SHIFT,
    "RightShift": SHIFT,
    "Add": SUM,
    "Subtract": SUM,
    "Power": POWER,
    "Or": OR,
    "And": AND,
    "Not": NOT,
}
_CST_NODES = {
    "NamedExpr": WALRUS,
    "Yield": WALRUS,
    "Tuple": TUPLE,
    "Lambda": LAMBDA,
    "IfExp": CONDITIONAL,
    "Comparison": COMPARISON,
    "Await": AWAIT,
}


def level_of(node: cst.BaseExpression) -> int:
    """How tightly a LibCST expression binds."""
    if node.lpar:
        return ATOM
    kind = type(node).__name__
    if kind in {"BinaryOperation", "BooleanOperation", "UnaryOperation"}:
        default = UNARY if kind == "UnaryOperation" else PRODUCT
        return _CST_OPERATORS.get(type(node.operator).__name__, default)  # type: ignore[attr-defined]
    return _CST_NODES.get(kind, ATOM)


def level_required(parent: ast.AST | None, child: ast.expr) -> int:
    """How tightly an expression must bind to stand as ``child`` of ``parent`` without parentheses."""
    if isinstance(parent, (ast.Attribute, ast.Await, ast.Subscript)) and parent.value is child:
        return ATOM
    match parent:
        case ast.Call(func=func):
            return ATOM if func is child else LAMBDA
        case ast.BinOp(op=ast.Pow(), left=left):
            return AWAIT if left is child else UNARY
        case ast.BinOp(op=op, left=left):
            return _AST_OPERATORS[type(op)] + (left is not child)
        case ast.UnaryOp(op=op):
            return NOT if isinstance(op, ast.Not) else UNARY
        case ast.BoolOp(op=op):
            return AND if isinstance(op, ast.Or) else NOT
        case ast.Compare() | ast.Starred():
            return BIT_OR
        case ast.Dict(keys=keys, values=values):
            unpacked = any(key is None and value is child for key, value in zip(keys, values, strict=True))
            return BIT_OR if unpacked else LAMBDA
        case ast.IfExp(orelse=orelse):
            return LAMBDA if orelse is child else OR
        case ast.comprehension():
            return OR
        case ast.FormattedValue():
            return CONDITIONAL
        case ast.Expr() | ast.Return() | ast.Assign():
            return TUPLE
        case _:
            return LAMBDA


def needs_parentheses(module: Module, old: ast.expr, new: cst.BaseExpression) -> bool:
    """Whether ``new`` binds looser than the place of ``old`` asks for."""
    parent = module.parent(old)
    required = level_required(parent, old)
    if isinstance(parent, ast.Attribute) and type(new).__name__ == "Integer":
        return not new.lpar
    return level_of(new) < required
