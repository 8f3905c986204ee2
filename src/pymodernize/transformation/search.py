"""Asks the codemods about a module, each within its limits of steps and findings."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import replace
from itertools import islice

from pymodernize.codemod import Codemod, Finding
from pymodernize.plan import Plan
from pymodernize.semantics.module import Module
from pymodernize.semantics.python_2 import is_of_python_2
from pymodernize.semantics.tree import TooLarge
from pymodernize.transformation import suppress
from pymodernize.transformation.rounds import CodemodFailed, CodemodGaveUp
from pymodernize.transformation.self_inspection import with_observers

STEPS_PER_NODE = 200
STEPS_AT_LEAST = 2_000_000
MOST_FINDINGS = 30_000
"""Of one codemod in one file: each takes kilobytes, with what is kept to make its rewrite."""


def found_in(module: Module, plan: Plan, counts: Callable[[Finding], bool] = lambda finding: True) -> list[Finding]:
    """The findings of all codemods, without suppressed ones, in the order in which their rewrites are taken.

    Args:
        module: the model of a file, or of what some rewrites have made of it.
        plan: whose codemods are asked.
        counts: whether a finding is one of those that the run is about.

    Raises:
        CodemodFailed: one has raised an exception, or what it found is not its own.
        CodemodGaveUp: one would take too many steps, or finds too much.
    """
    findings: list[Finding] = []
    # What one round leaves may have lost what the next one would be triggered by.
    texts = {item.source.data for item in (module, module.origin) if item is not None}
    triggered = {codemod for text in texts for codemod in plan.triggered(text)}
    for codemod in plan.codemods:
        if codemod in triggered:
            findings += found_by(module, codemod, counts)
    findings = with_observers(module, findings)
    first = {codemod.name() for codemod in plan.codemods if codemod.goes_first}
    findings.sort(key=lambda item: (item.codemod not in first, item.line, item.column))
    return findings


def found_by(
    module: Module, codemod: Codemod, wanted: Callable[[Finding], bool] = lambda finding: True
) -> list[Finding]:
    """The findings of one codemod or check, without suppressed ones.

    Args:
        module: the model of the file.
        codemod: who is asked.
        wanted: whether a finding is one of those that the run is about.

    Raises:
        CodemodFailed: it has raised an exception, or what it found is not its own.
        CodemodGaveUp: it would take too many steps, or finds too much.
    """
    module.allow(_steps(module))
    try:
        found = list(islice(codemod.find(module), MOST_FINDINGS + 1))
        if len(found) > MOST_FINDINGS:
            raise TooLarge
        counting = [finding for finding in found if _counts(module, finding, codemod) and wanted(finding)]
        if len(counting) < len(found):
            counting = _beside_suppressed(module, found, counting)
        if codemod.of_python_3 and any(item.rewrite is not None for item in counting) and is_of_python_2(module):
            return [_for_python_2(item) for item in counting]
        return [_unless_suppressed(module, finding, codemod) for finding in counting]
    except MemoryError:
        raise  # what is missing here may be what others have taken
    except TooLarge:
        raise CodemodGaveUp(codemod.name()) from None
    except Exception as exc:  # whatever a codemod raises costs the codemod, not the run
        raise CodemodFailed(codemod.name(), exc) from exc


def _steps(module: Module) -> int:
    """How many steps a codemod may take to find what it looks for in one round."""
    return STEPS_AT_LEAST + STEPS_PER_NODE * len(module.index.parent)


def _beside_suppressed(module: Module, found: list[Finding], counting: list[Finding]) -> list[Finding]:
    """The findings that count, without those inside of what a suppressed one would replace: that stays as it is."""
    quiet = [finding.rewrite for finding in found if finding not in counting and finding.rewrite is not None]
    kept = {edit.node for rewrite in quiet for edit in rewrite.edits if not isinstance(edit.node, ast.Module)}
    return [
        finding
        for finding in counting
        if finding.node is None or kept.isdisjoint((finding.node, *module.ancestors(finding.node)))
    ]


def _for_python_2(finding: Finding) -> Finding:
    """The finding without its rewrite, which Python 2 could not run."""
    if finding.rewrite is None:
        return finding
    reason = "the file is for Python 2, which has not what would be written"
    return replace(finding, rewrite=None, assumptions=frozenset(), code="python-2", reason=reason)


def _unless_suppressed(module: Module, finding: Finding, codemod: Codemod) -> Finding:
    """The finding, without its rewrite if a comment keeps the codemod away from one of the places it would change."""
    if finding.rewrite is None:
        return finding
    nodes = [edit.node for edit in finding.rewrite.edits if edit.node is not finding.node]
    if not any(suppress.is_suppressed(module, node, codemod) for node in nodes if not isinstance(node, ast.Module)):
        return finding
    reason = "a comment keeps one of the places that would change as it is"
    return replace(finding, rewrite=None, code="comment", reason=reason)


def _counts(module: Module, finding: Finding, codemod: Codemod) -> bool:
    """Whether a finding is to be dealt with: it is the codemod's own, and no comment keeps it quiet."""
    if finding.codemod != codemod.name():
        raise ValueError(f"a finding of {codemod.name()} says that it is of {finding.codemod!r}")
    codes = {finding.code, *finding.assumptions}
    return finding.node is None or not suppress.is_suppressed(module, finding.node, codemod, codes)
