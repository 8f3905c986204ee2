"""bare except → the exceptions that the body can raise."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Finding
from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize_codemods._assumptions import DOCUMENTED_EXCEPTIONS
from pymodernize_codemods._exceptions.clauses import Clause, Written, naming, said
from pymodernize_codemods._exceptions.interrupts import handled_by_hand
from pymodernize_codemods.bare_except import BareExcept
from pymodernize_codemods.bare_except.siblings import groups


def findings(codemod: BareExcept, module: Module) -> Iterator[Finding]:
    """Every bare except of the module."""
    clauses = [
        Clause(module, statement, handler)
        for statement in module.nodes(ast.Try)
        for handler in statement.handlers
        if handler.type is None
    ]
    alike = groups(module, clauses)
    staying = _staying(module, clauses)
    for clause in clauses:
        yield _narrowed(codemod, module, clause, alike.get(clause.handler, [clause]), staying)


def _staying(module: Module, clauses: Sequence[Clause]) -> dict[ast.AST | None, int]:
    """The functions (None: the module's body) in which a bare except is left for its doubt, with its line."""
    changes, believed = module.accepts(CHANGES_BEHAVIOUR.name), module.accepts(DOCUMENTED_EXCEPTIONS.name)
    return {
        module.function(clause.handler): clause.handler.lineno
        for clause in reversed(clauses)
        if not clause.raises_again
        if not changes and _doubt(module, clause) or not believed and clause.leaves_by_package
    }


def _doubt(module: Module, clause: Clause) -> str:
    """Why a handler may be the one for the end of the script; empty if it is not."""
    return clause.leaves or handled_by_hand(module, clause.statement, clause.handler)


def _narrowed(
    codemod: BareExcept,
    module: Module,
    clause: Clause,
    alike: Sequence[Clause],
    staying: Mapping[ast.AST | None, int],
) -> Finding:
    handler = clause.handler
    if clause.raises_again:
        if not clause.is_builtin("BaseException"):
            reason = Reason("rebound", "BaseException means something else here")
            return codemod.finding(module, handler, "bare except", reason=reason)
        message = "bare except that raises again: BaseException says so"
        return _rewritten(codemod, module, handler, [Written("BaseException")], message)
    types = _types(codemod, module, clause, alike)
    written = types or ([Written("Exception")] if clause.is_builtin("Exception") else None)
    message = f"bare except; {_about(clause)}"
    if written is None:
        return codemod.finding(
            module, handler, message, reason=Reason("rebound", "Exception means something else here")
        )
    doubt = _doubt(module, clause)
    line = staying.get(module.function(handler))
    if line and not types and not doubt and not clause.leaves_by_package:
        why = f"the bare except of line {line} stays, and two ways to catch everything are one too many"
        return codemod.finding(module, handler, message, reason=Reason("mixed", why))
    return _rewritten(
        codemod, module, handler, written, message, doubt, clause if types or clause.leaves_by_package else None
    )


def _types(codemod: BareExcept, module: Module, clause: Clause, alike: Sequence[Clause]) -> list[Written] | None:
    """The types that a handler can name; None if its set is open, or that of one like it is."""
    believed = module.accepts(DOCUMENTED_EXCEPTIONS.name)
    if not all(item.is_closed and item.types and (believed or not item.trusts) for item in alike):
        return None
    names = [*dict.fromkeys(name for item in alike for name in item.types)]
    reduced = clause.analysis.hierarchy.at_most(clause.analysis.hierarchy.reduced(names), codemod.options.most_types)
    return clause.written(reduced) if reduced else None


def _rewritten(
    codemod: BareExcept,
    module: Module,
    handler: ast.ExceptHandler,
    types: list[Written],
    message: str,
    doubt: str = "",
    clause: Clause | None = None,
) -> Finding:
    """The finding that writes types into a handler; what is known of a clause is relied on if one is given."""
    from pymodernize_codemods._exceptions.rewriting import with_types

    rewrite = naming(handler, with_types, types)
    assumed = {CHANGES_BEHAVIOUR.name} if doubt else set[str]()
    if clause is not None:
        assumed |= clause.assumptions
        doubt = doubt or clause.reason
    return codemod.finding(module, handler, message, rewrite, assumptions=assumed, reason=doubt)


def _about(clause: Clause) -> str:
    """What is known of the body, for a person."""
    known = said(clause.types)
    if clause.is_closed:
        return f"the body raises {known}" if known else "nothing in the body is known to raise"
    first = next(item for item in clause.operations if item.unknown)
    why = f"{first.what} (line {getattr(first.node, 'lineno', 0)}): {first.unknown}"
    return f"the body raises {known} and perhaps others; {why}" if known else f"what the body raises is open; {why}"
