"""The edits of a file for each finding alone."""

from __future__ import annotations

from dataclasses import replace

from pymodernize.codemod import Status
from pymodernize.finding_scope import FindingScope, place_of
from pymodernize.plan import Plan
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import transform
from pymodernize.transformation.result import Fix, Result, edits_between

MOST_RUNS = 40
MOST_BYTES = 2_000_000
"""Of source, in all runs over one file: each takes as long as the file itself, and a file has limits. Findings for
which no run is left are dealt with all together."""


def with_fixes(result: Result, source: bytes, plan: Plan, facts: ProjectFacts) -> Result:
    """A result with the edits that deal with each of its findings, as small as they can be.

    They are those of the finding alone, under the assumptions that it needs.
    Where its rewrite rests on others, or the file is large, they are those of
    its codemod, or all that the file needs. Each has passed the self-check by itself.

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
    runs = min(MOST_RUNS, MOST_BYTES // (len(source) + 1))
    for finding in result.findings:
        if finding.status not in (Status.APPLIED, Status.WITHHELD):
            fixes.append(None)
            continue
        needed = frozenset(finding.withheld_for)
        accepting = replace(plan.only(finding.codemod), accepted=plan.accepted | needed)
        edits: Fix = ()
        if runs > 0:
            runs -= 1
            edits = _edits(source, accepting, facts, FindingScope(only=frozenset([place_of(finding)])))
        key = finding.codemod, needed
        if not edits and key not in of_codemod and runs > 0:
            runs -= 1
            of_codemod[key] = _edits(source, accepting, facts, None)
        if not edits:
            edits = of_codemod.get(key) or (whole if finding.status is Status.APPLIED else ())
        fixes.append(edits or None)
    return replace(result, fixes=tuple(fixes))


def _edits(source: bytes, plan: Plan, facts: ProjectFacts, scope: FindingScope | None) -> Fix:
    output = transform(source, plan, facts, scope).output
    return edits_between(source, output) if output is not None else ()
