"""The texts that an expression can be, where all of them are written in the file."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pymodernize.semantics.values import Source, Way

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

# Beyond these the answer is None: the cost of variables that depend on each other multiplies.
_MOST_STEPS = 200
_MOST_TEXTS = 40

Texts = frozenset[str]


class _Unknown(Exception):
    """The expression may be something else."""


def known_texts(module: Module, expr: ast.expr) -> Texts | None:
    """The texts that an expression can be.

    Followed are literals, sums of them, both sides of a conditional
    expression, variables, parameters and results with all that is put into
    them, and loops over literals that are written out.

    Args:
        module: the module.
        expr: one of its expressions.

    Returns:
        All of them; None if it may be any other value.
    """
    try:
        return _Search(module).texts(expr)
    except _Unknown:
        return None


class _Search:
    """The search for the texts of one expression.

    Args:
        module: the module.
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self.steps = 0

    def texts(self, expr: ast.expr) -> Texts:
        """The texts of an expression.

        Raises:
            _Unknown: there may be others.
        """
        self.steps += 1
        if self.steps > _MOST_STEPS:
            raise _Unknown
        match expr:
            case ast.Constant(value=str(text)):
                return frozenset({text})
            case ast.IfExp(body=body, orelse=orelse):
                return self.texts(body) | self.texts(orelse)
            case ast.BinOp(op=ast.Add(), left=left, right=right):
                return self.few({head + tail for head in self.texts(left) for tail in self.texts(right)})
        return self.few({text for source in self.sources(expr) for text in self.put(source)})

    def put(self, source: Source) -> Texts:
        """The texts that come from one source of a variable."""
        if source.way is Way.VALUE:
            return self.texts(source.expr)
        if source.way is not Way.ELEMENT:
            raise _Unknown
        return self.few({text for item in self.items(source.expr) for text in self.texts(item)})

    def items(self, expr: ast.expr) -> list[ast.expr]:
        """The items of a list or tuple that is written out, and that nothing changes."""
        if isinstance(expr, ast.Name):
            (source,) = self.sources(expr, reads_only=True)
            expr = source.expr if source.way is Way.VALUE else expr
        if not isinstance(expr, (ast.List, ast.Tuple, ast.Set)):
            raise _Unknown
        return expr.elts

    def sources(self, expr: ast.expr, *, reads_only: bool = False) -> tuple[Source, ...]:
        """What is put into a variable: of a list that nothing changes, one."""
        cell = self.module.values.read_by(expr)
        contents = self.module.values.contents(cell) if cell is not None else None
        if contents is None:
            raise _Unknown
        if reads_only and not (len(contents.sources) == 1 and all(map(self.is_iterated, contents.reads))):
            raise _Unknown
        return contents.sources

    def is_iterated(self, read: ast.expr) -> bool:
        """Whether a read of a list only goes through it, or asks for its length."""
        parent = self.module.parent(read)
        if isinstance(parent, ast.Call):
            return self.module.qualified_name(parent.func) == "builtins.len"
        return isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is read

    @staticmethod
    def few(found: set[str]) -> Texts:
        """The texts, if there are not too many to go on with."""
        if len(found) > _MOST_TEXTS:
            raise _Unknown
        return frozenset(found)
