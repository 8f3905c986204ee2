"""The ``with`` statement that holds a lock, as LibCST has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst


def around_try(statements: Sequence[cst.BaseStatement], *, lock: str) -> list[cst.BaseStatement]:
    """The ``with`` statement for ``acquire()`` and the ``try`` behind it, whose ``finally`` releases the lock.

    Args:
        statements: these two.
        lock: the source of the lock.
    """
    import libcst as cst

    first, second = statements
    body = cst.ensure_type(second, cst.Try).body
    return [cst.With([_item(lock)], body, leading_lines=_above(first))]


def around_statements(statements: Sequence[cst.BaseStatement], *, lock: str, unit: str) -> list[cst.BaseStatement]:
    """The ``with`` statement for ``acquire()``, some statements and ``release()``.

    Args:
        statements: all of these.
        lock: the source of the lock.
        unit: one level of indentation.
    """
    import libcst as cst

    first, second, *others = statements[:-1]
    lines = [*_above(second)]
    while lines and lines[0].comment is None:
        del lines[0]
    block = cst.IndentedBlock([second.with_changes(leading_lines=lines), *others], indent=unit)
    return [cst.With([_item(lock)], block, leading_lines=_above(first))]


def _item(lock: str) -> cst.WithItem:
    import libcst as cst

    return cst.WithItem(cst.parse_expression(lock))


def _above(statement: cst.BaseStatement) -> Sequence[cst.EmptyLine]:
    return getattr(statement, "leading_lines", ())
