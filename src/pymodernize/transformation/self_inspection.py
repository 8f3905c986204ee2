"""Rewrites of a script that would see them: one that reads its own text, or looks through its own names."""

from __future__ import annotations

import ast
from dataclasses import replace

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Finding, Rewrite
from pymodernize.semantics.module import Module
from pymodernize.semantics.own_lines import shows_own_lines
from pymodernize.semantics.own_names import lists_own_names
from pymodernize.semantics.own_text import reads_own_text


def with_observers(module: Module, findings: list[Finding]) -> list[Finding]:
    """The findings; those whose rewrite the script itself would see may change what it does.

    Args:
        module: the model that the findings are of.
        findings: of all codemods.
    """
    return [_seen(module, item) for item in findings]


def _seen(module: Module, finding: Finding) -> Finding:
    """A finding, as it is or with what speaks against its rewrite."""
    rewrite = finding.rewrite
    if rewrite is None:
        return finding
    reason = reads_own_text(module, rewrite.removes)
    if not reason and not _is_in_headers(rewrite):
        reason = module.once(shows_own_lines)
    if not reason and _adds_names(rewrite):
        reason = module.once(lists_own_names)
    if not reason:
        return finding
    reason = "; ".join(filter(None, [finding.reason, reason]))
    assumed = finding.assumptions | {CHANGES_BEHAVIOUR.name}
    return replace(finding, assumptions=assumed, code=finding.code or CHANGES_BEHAVIOUR.name, reason=reason)


def _is_in_headers(rewrite: Rewrite) -> bool:
    """Whether it changes nothing but what handlers catch: no line moves, and no traceback shows that one."""
    edits = all(isinstance(edit.node, ast.ExceptHandler) for edit in rewrite.edits)
    return edits and not rewrite.insertions and not _adds_names(rewrite)


def _adds_names(rewrite: Rewrite) -> bool:
    return bool(rewrite.definitions) or any(item.statement is not None for item in rewrite.references)
