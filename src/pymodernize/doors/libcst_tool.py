"""A codemod as a command of LibCST's own runner.

``python -m libcst.tool codemod -x PACK.MODULE.Command FILE`` gives the bytes
that ``pymodernize --select NAME --apply FILE`` writes.
"""

from __future__ import annotations

import libcst as cst
from libcst.codemod import CodemodCommand, SkipFile

from pymodernize.codemod import Codemod
from pymodernize.engine import transform
from pymodernize.plan import Plan
from pymodernize.semantics.project import ProjectFacts


def command(codemod: type[Codemod]) -> type[CodemodCommand]:
    """Make the LibCST command of a codemod, with the codemod's default options."""

    class Command(CodemodCommand):
        DESCRIPTION = (codemod.__doc__ or "").strip().partition("\n")[0]

        def transform_module_impl(self, tree: cst.Module) -> cst.Module:
            result = transform(tree.bytes, Plan((codemod(),)), ProjectFacts(path=self.context.filename or "<string>"))
            if result.error is not None:
                raise SkipFile(result.error)
            for finding in result.findings:
                if finding.reason:
                    self.warn(f"line {finding.line}: {finding.message} - {finding.reason}")
            return tree if result.output is None else cst.parse_module(result.output)

    Command.__module__ = codemod.__module__
    Command.__qualname__ = "Command"
    return Command
