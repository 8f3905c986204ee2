"""The installed codemods as rules of Fixit.

With ``enable = ["pymodernize.integrations.fixit_rules"]`` in ``[tool.fixit]``,
``fixit lint`` reports what ``pymodernize`` would rewrite in a run over each
file by itself, with the codemods' default options and under the usual
assumptions. The rules only report; ``pymodernize --apply`` rewrites.
"""

from __future__ import annotations

from pathlib import Path

import libcst as cst
from fixit import LintRule
from libcst.metadata import CodePosition, CodeRange, FilePathProvider, ParentNodeProvider, PositionProvider

from pymodernize.codemod import Codemod, Finding, Status
from pymodernize.execution.projects import Neighbourhood
from pymodernize.plan import usual_plan
from pymodernize.registry import entries
from pymodernize.semantics.project import ProjectFacts
from pymodernize.source import SourceFile
from pymodernize.transformation.engine import transform


def rule(codemod: type[Codemod]) -> type[LintRule]:
    """Make the Fixit rule of a codemod, called like it in CamelCase."""
    plan = usual_plan([codemod()])
    # Kept from file to file: a process of Fixit reads each project once.
    neighbourhood = Neighbourhood((), plan)
    name = "".join(part.capitalize() for part in codemod.name().split("-"))

    # A class of this module would be taken for a rule itself, hence the function around it.
    class Rule(LintRule):
        MESSAGE = (codemod.__doc__ or "").strip().partition("\n")[0]
        METADATA_DEPENDENCIES = (PositionProvider, ParentNodeProvider, FilePathProvider)

        def leave_Module(self, original_node: cst.Module) -> None:
            source = original_node.bytes
            if not plan.is_triggered(source):
                return
            path = self.get_metadata(FilePathProvider, original_node)
            facts = neighbourhood.facts(path) if isinstance(path, Path) else ProjectFacts()
            result = transform(source, plan, facts)
            applied = [finding for finding in result.findings if finding.status is Status.APPLIED]
            if applied:
                file = SourceFile.decode(source)
                for finding in applied:
                    place = _range(file, finding)
                    self.report(self._node_at(original_node, place.start), finding.message, position=place)

        def _node_at(self, node: cst.CSTNode, place: CodePosition) -> cst.CSTNode:
            """The innermost node at a place: Fixit looks for its comments around that."""
            for child in node.children:
                found = self.get_metadata(PositionProvider, child)
                if isinstance(found, CodeRange) and _key(found.start) <= _key(place) < _key(found.end):
                    return self._node_at(child, place)
            return node

    Rule.__name__ = Rule.__qualname__ = name
    Rule.__module__ = __name__
    Rule.__doc__ = codemod.__doc__
    return Rule


def _key(place: CodePosition) -> tuple[int, int]:
    return place.line, place.column


def _range(file: SourceFile, finding: Finding) -> CodeRange:
    """A finding's place as LibCST counts: columns in characters."""
    return CodeRange(
        _position(file, finding.line, finding.column), _position(file, finding.end_line, finding.end_column)
    )


def _position(file: SourceFile, line: int, column: int) -> CodePosition:
    return CodePosition(line, len(file.line(line)[:column].decode("utf-8")))


globals().update((made.__name__, made) for made in [rule(entry.load()) for entry in entries().values()])
