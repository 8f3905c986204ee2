"""The "why" of a line: what the ``try`` around it does, and what each operation contributes."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.library.exceptions import knowledge
from pymodernize.semantics.module import Module
from pymodernize_codemods._exceptions.clauses import Clause, said


def lines_for(module: Module, line: int) -> Iterator[str]:
    """The explanation of the innermost ``try`` statement around a line.

    Args:
        module: the module.
        line: its number, from 1.

    Yields:
        Lines for a person; none if there is no ``try`` around.
    """
    around = [item for item in module.nodes(ast.Try) if item.lineno <= line <= (item.end_lineno or item.lineno)]
    statements = [item for item in around if item.handlers]
    if not statements:
        return
    statement = max(statements, key=lambda item: item.lineno)
    clause = Clause(module, statement, statement.handlers[-1])
    yield f"try at line {statement.lineno}, what its body raises:"
    seen: set[str] = set()
    for item in clause.operations:
        parts = [said(sorted(item.types))] if item.types else []
        parts += [f"open: {item.unknown}"] if item.unknown else []
        parts += [f"may end the script: {item.ends.why}"] if item.ends else []
        parts += [f"as {knowledge().version_of(item.trusts)} documents"] if item.trusts else []
        text = f"  line {getattr(item.node, 'lineno', 0)}: {item.what} -> {'; '.join(parts)}"
        if parts and text not in seen:
            seen.add(text)
            yield text
    if not seen:
        yield "  nothing that is known"
    kind = "closed" if clause.is_closed else "open"
    yield f"The set is {kind}: {said(clause.types) or 'no type is known'}"
