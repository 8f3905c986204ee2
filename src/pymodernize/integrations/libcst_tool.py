"""A codemod as a command of LibCST's own runner.

``python -m libcst.tool codemod --no-format -x PACK.MODULE.Command FILE``
gives the bytes that ``pymodernize --select NAME --apply FILE`` writes. Each
file is a run of its own, also where the runner is given a folder.
"""

from __future__ import annotations

from pathlib import Path

import libcst as cst
from libcst.codemod import CodemodCommand, SkipFile

from pymodernize.codemod import Codemod
from pymodernize.execution.projects import Neighbourhood
from pymodernize.plan import usual_plan
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import transform


def command(codemod: type[Codemod]) -> type[CodemodCommand]:
    """Make the LibCST command of a codemod, with the codemod's default options."""
    plan = usual_plan([codemod()])
    # Kept from file to file: a process of the runner reads each project once.
    neighbourhood = Neighbourhood((), plan)

    class Command(CodemodCommand):
        DESCRIPTION = (codemod.__doc__ or "").strip().partition("\n")[0]

        def transform_module_impl(self, tree: cst.Module) -> cst.Module:
            source = tree.bytes
            facts = ProjectFacts()
            if self.context.filename is not None and plan.is_triggered(source):
                facts = neighbourhood.facts(Path(self.context.filename))
            result = transform(source, plan, facts)
            if result.error is not None:
                raise SkipFile(result.error)
            for finding in result.findings:
                if finding.reason:
                    self.warn(f"line {finding.line}: {finding.message} - {finding.reason}")
            return tree if result.output is None else cst.parse_module(result.output)

    Command.__module__ = codemod.__module__
    Command.__qualname__ = "Command"
    return Command
