"""The end of a block, where a ``return`` is put: blank lines there belong below it. Pure, on LibCST nodes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    import libcst as cst

    Statement = TypeVar("Statement", bound=cst.BaseStatement)


def without_blank_end(statement: Statement) -> Statement:
    """A statement without the blank lines at the end of its last block.

    Args:
        statement: any.
    """
    import libcst as cst

    last = _last_blocks(statement)

    class Stripping(cst.CSTTransformer):
        def leave_IndentedBlock(  # noqa: N802 - LibCST calls it by this name
            self, original_node: cst.IndentedBlock, updated_node: cst.IndentedBlock
        ) -> cst.IndentedBlock:
            if original_node not in last:
                return updated_node
            return updated_node.with_changes(footer=without_blank_lines(updated_node.footer))

    if not any(block.footer for block in last):
        return statement
    return cst.ensure_type(statement.visit(Stripping()), type(statement))


def has_blank_end(statement: cst.BaseStatement) -> bool:
    """Whether blank lines stand at the end of the last block of a statement.

    Args:
        statement: any.
    """
    footer = next((block.footer for block in _last_blocks(statement) if block.footer), ())
    return bool(footer) and footer[-1].comment is None


def without_blank_lines(lines: Sequence[cst.EmptyLine]) -> list[cst.EmptyLine]:
    """The lines up to the last comment.

    Args:
        lines: at the end of a block.
    """
    found = list(lines)
    while found and found[-1].comment is None:
        found.pop()
    return found


def _last_blocks(statement: cst.CSTNode) -> list[cst.IndentedBlock]:
    """The blocks that end where a statement ends, the outermost first."""
    import libcst as cst

    kinds = (cst.BaseStatement, cst.IndentedBlock, cst.Else, cst.Finally, cst.ExceptHandler, cst.MatchCase)
    found: list[cst.IndentedBlock] = []
    node: cst.CSTNode | None = statement
    while node is not None:
        if isinstance(node, cst.IndentedBlock):
            found.append(node)
        node = next((child for child in reversed(node.children) if isinstance(child, kinds)), None)
    return found
