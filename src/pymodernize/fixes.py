"""What becomes of a file if one finding alone is dealt with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pymodernize.codemod import Finding, Status
from pymodernize.engine import transform
from pymodernize.plan import Plan
from pymodernize.result import Fix, Result, edits_between
from pymodernize.scope import Scope, place_of
from pymodernize.semantics.project import ProjectFacts

MOST_ALONE = 25
"""Of the findings of one file: each takes as long as the file itself. Those that follow are dealt with by codemod."""


def with_fixes(result: Result, source: bytes, plan: Plan, facts: ProjectFacts) -> Result:
    """A result with the edits that deal with each of its findings, as small as they can be.

    They are those of the finding alone, under the assumptions that it needs.
    Where its rewrite rests on others they are those of its codemod, or all
    that the file needs. Each has passed the self-check by itself.

    Args:
        result: of the file.
        source: its bytes.
        plan: what was done.
        facts: what is known of the project.
    """
    if result.error is not None:
        return result
    fixes: list[Fix | None] = []
    whole = edits_between(source, result.output) if result.output is not None else ()
    of_codemod: dict[tuple[str, frozenset[str]], Fix] = {}
    alone = 0
    for finding in result.findings:
        if finding.status not in (Status.APPLIED, Status.WITHHELD):
            fixes.append(None)
            continue
        needed = frozenset(finding.withheld_for)
        accepting = replace(plan.only(finding.codemod), accepted=plan.accepted | needed)
        edits: Fix = ()
        if alone < MOST_ALONE:
            alone += 1
            edits = _edits(source, accepting, facts, Scope(only=frozenset([place_of(finding)])))
        if not edits:
            key = finding.codemod, needed
            if key not in of_codemod:
                of_codemod[key] = _edits(source, accepting, facts, None)
            edits = of_codemod[key] or (whole if finding.status is Status.APPLIED else ())
        fixes.append(edits or None)
    return replace(result, fixes=tuple(fixes))


def _edits(source: bytes, plan: Plan, facts: ProjectFacts, scope: Scope | None) -> Fix:
    output = transform(source, plan, facts, scope).output
    return edits_between(source, output) if output is not None else ()


def fix_of(result: Result, finding: Finding) -> Fix | None:
    """The edits that deal with a finding, None if there are none or they were not asked for.

    Args:
        result: what the finding is of.
        finding: one of its findings.
    """
    fixes: Sequence[Fix | None] = result.fixes
    return next((fix for item, fix in zip(result.findings, fixes, strict=False) if item is finding), None)
