"""Tiny codemods, one for each thing that the engine must stand."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import libcst as cst

from pymodernize.assumptions import CHANGES_BEHAVIOUR, Assumption, Usual
from pymodernize.codemod import Codemod, Definition, Edit, Finding, Insertion, Rewrite, Status
from pymodernize.plan import Plan
from pymodernize.rewriting.fragments import apply_splices, make_splice
from pymodernize.semantics.module import Module
from pymodernize.semantics.project import ProjectFacts
from pymodernize.semantics.references import reference
from pymodernize.source import SourceFile
from pymodernize.transformation.engine import Result, transform


class Toy(Codemod):
    """A codemod that is called like its class."""

    @classmethod
    def name(cls) -> str:
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()


def model(source: str | bytes, facts: ProjectFacts | None = None) -> Module:
    """The model of a source."""
    return Module(SourceFile.decode(source.encode() if isinstance(source, str) else source), facts)


def run(source: str | bytes, *codemods: Codemod, facts: ProjectFacts | None = None, **plan: Any) -> Result:
    """Transform a source."""
    data = source.encode() if isinstance(source, str) else source
    return transform(data, Plan(codemods, **plan), facts)


def output(source: str, *codemods: Codemod, **plan: Any) -> str:
    """The text after a transformation that must have gone well."""
    result = run(source, *codemods, **plan)
    assert result.error is None
    assert not [item for item in result.findings if item.detail or item.status.value == "rejected"], result.findings
    return source if result.output is None else result.output.decode()


def edited(source: str, pick: Callable[[ast.AST], bool], change: Callable[[Any], Any] | cst.CSTNode) -> str:
    """The source after one edit of the first node that is picked."""
    module = model(source)
    node = next(item for item in ast.walk(module.tree) if pick(item))
    function = (lambda _: change) if isinstance(change, cst.CSTNode) else change
    return apply_splices(module.source.data, [make_splice(module, Edit(node, function))]).decode()


def called(name: str) -> Callable[[ast.AST], bool]:
    """Picks calls of a name."""
    return lambda node: isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name


def statement_of(name: str) -> Callable[[ast.AST], bool]:
    """Picks expression statements that call a name."""
    return lambda node: isinstance(node, ast.Expr) and called(name)(node.value)


def lines(*sources: str) -> Callable[[Any], Any]:
    """A change into several statements."""
    return lambda _: cst.FlattenSentinel([cst.parse_statement(source) for source in sources])


def renamed(call: cst.Call, name: str = "repr") -> cst.Call:
    return call.with_changes(func=cst.Name(name))


def removed(_: cst.CSTNode) -> cst.RemovalSentinel:
    return cst.RemoveFromParent()


def raw(code: str) -> cst.Name:
    """A node that renders any text; LibCST itself would look at it."""
    node = cst.Name("x")
    object.__setattr__(node, "value", code)
    return node


def _raise(_: cst.CSTNode) -> cst.CSTNode:
    raise LookupError("the change failed")


class OnCalls(Toy):
    """Does something about calls of ``old``."""

    wanted = "old"

    def find(self, module: Module) -> Iterator[Finding]:
        for call in module.nodes(ast.Call):
            if isinstance(call.func, ast.Name) and call.func.id == self.wanted:
                yield self.finding(module, call, "old is old", self.rewrite(module, call))

    def rewrite(self, module: Module, call: ast.Call) -> Rewrite | None:
        raise NotImplementedError


class Rename(OnCalls):
    """``old()`` becomes ``repr()``."""

    triggers = (b"old",)
    noqa = ("T201",)

    def rewrite(self, module: Module, call: ast.Call) -> Rewrite:
        return Rewrite((Edit(call, renamed),))


class RenameUnsafe(Rename):
    """The same, which may change behaviour."""

    def find(self, module: Module) -> Iterator[Finding]:
        for item in super().find(module):
            yield replace(item, assumptions=frozenset({CHANGES_BEHAVIOUR.name}), reason="who knows")


DRY = Assumption("dry", "It does not rain.", "Rain.", Usual.EVERYWHERE)
STILL = Assumption("still", "There is no wind.", "Wind.", Usual.IN_SCRIPTS)
WARM = Assumption("warm", "It does not freeze.", "Frost.")


class Assuming(Rename):
    """``old(DRY, ...)`` becomes ``repr(DRY, ...)`` under the assumptions that its arguments name."""

    assumptions = (DRY, STILL, WARM)

    def find(self, module: Module) -> Iterator[Finding]:
        for item in super().find(module):
            assert isinstance(item.node, ast.Call)
            names = {word.id.lower() for word in item.node.args if isinstance(word, ast.Name)}
            reason = f"it may be otherwise than {' and '.join(sorted(names))}" if names else ""
            yield self.finding(module, item.node, item.message, item.rewrite, assumptions=names, reason=reason)


class Only(OnCalls):
    """Finds, and has no rewrite."""

    def rewrite(self, module: Module, call: ast.Call) -> None:
        return None


class Remove(OnCalls):
    """Removes the statement."""

    def rewrite(self, module: Module, call: ast.Call) -> Rewrite:
        return Rewrite((Edit(module.statement(call), removed),), drops_comments=True)


class RemoveAll(Toy):
    """Removes all the statements in one rewrite."""

    def find(self, module: Module) -> Iterator[Finding]:
        calls = [call for call in module.nodes(ast.Call) if called("old")(call)]
        if calls:
            edits = tuple(Edit(module.statement(call), removed) for call in calls)
            yield self.finding(module, calls[0], "all of them", Rewrite(edits))


class DropsComment(OnCalls):
    """Removes the statement with its comment, and does not say so."""

    def rewrite(self, module: Module, call: ast.Call) -> Rewrite:
        return Rewrite((Edit(module.statement(call), removed),))


class AddsComment(OnCalls):
    """Adds a comment."""

    def rewrite(self, module: Module, call: ast.Call) -> Rewrite:
        return Rewrite((Edit(module.statement(call), lines("repr()  # here\n")),))


class InWith(OnCalls):
    """Wraps the statement in ``with``."""

    def rewrite(self, module: Module, call: ast.Call) -> Rewrite:
        def change(line: cst.SimpleStatementLine) -> cst.With:
            inner = line.with_deep_changes(line.body[0], value=renamed(line.body[0].value))
            item = cst.WithItem(cst.parse_expression("open(1)"))
            return cst.With([item], cst.IndentedBlock([inner]))

        return Rewrite((Edit(module.statement(call), change),))


class Whole(Toy):
    """Changes the module as a whole, and needs an import for it."""

    def find(self, module: Module) -> Iterator[Finding]:
        if b"whole" in module.source.data:
            first = module.tree.body[0]

            def change(tree: cst.Module) -> cst.Module:
                return tree.with_changes(body=[*tree.body, cst.parse_statement("partial(print)")]).deep_replace(
                    tree.body[-1], cst.parse_statement("pass")
                )

            needed = (reference(module, "functools.partial", first),)
            yield self.finding(module, first, "whole", Rewrite((Edit(module.tree, change),), references=needed))


class FindRaises(Toy):
    """Raises while it looks."""

    def find(self, module: Module) -> Iterator[Finding]:
        yield self.finding(module, module.tree.body[0], "seen")
        raise LookupError("the search failed")


class ChangeRaises(OnCalls):
    """Raises while it rewrites."""

    def rewrite(self, module: Module, call: ast.Call) -> Rewrite:
        return Rewrite((Edit(call, _raise),))


class NeverSettles(OnCalls):
    """Always finds one thing more."""

    def rewrite(self, module: Module, call: ast.Call) -> Rewrite:
        return Rewrite((Edit(call, lambda node: node),))


class Nested(OnCalls):
    """``old(x)`` becomes ``repr(x)``, one level in each round."""

    def rewrite(self, module: Module, call: ast.Call) -> Rewrite:
        return Rewrite((Edit(call, renamed),))


class BreaksSyntax(OnCalls):
    """Puts in what does not parse."""

    code = "$"

    def rewrite(self, module: Module, call: ast.Call) -> Rewrite:
        return Rewrite((Edit(call, lambda _: raw(self.code)),))


class BreaksCompiling(BreaksSyntax):
    """Puts in what parses and does not compile."""

    code = "(yield)"


class MakesReturn(BreaksSyntax):
    """Puts in a character that few encodings have."""

    code = "'\u4f60'"


class LoneReturn(BreaksSyntax):
    """Puts in a carriage return."""

    code = "'''\r'''"


class MixesNewlines(BreaksSyntax):
    """Puts in the other newline."""

    code = "'''\r\n'''"


class Undefined(BreaksSyntax):
    """Uses a name that nothing defines."""

    code = "nowhere"


class NewSyntax(BreaksSyntax):
    """Uses syntax of Python 3.8."""

    code = "(y := 1)"


class MovesCookie(Toy):
    """Pushes the first two lines down."""

    def find(self, module: Module) -> Iterator[Finding]:
        statement = module.tree.body[0]
        if b"moved" not in module.source.data:

            def change(tree: cst.Module) -> cst.Module:
                blank = cst.EmptyLine(indent=False)
                header = [blank, blank, *tree.header]
                return tree.with_changes(header=header, body=[*tree.body, cst.parse_statement("moved = 1")])

            yield self.finding(module, statement, "cookie", Rewrite((Edit(module.tree, change),)))


class Imports(OnCalls):
    """``old()`` becomes a call of something imported."""

    def __init__(self, *qualified: str) -> None:
        super().__init__()
        self.qualified = qualified or ("pathlib.Path",)

    def rewrite(self, module: Module, call: ast.Call) -> Rewrite:
        found = [reference(module, name, call) for name in self.qualified]
        new = "(" + ", ".join(item.expression for item in found) + ")"
        return Rewrite((Edit(call, lambda _: cst.parse_expression(new)),), references=tuple(found))


class ImportsDrops(Imports):
    """The same, and ``os.path`` loses a use."""

    def rewrite(self, module: Module, call: ast.Call) -> Rewrite:
        made = super().rewrite(module, call)
        return Rewrite(made.edits, made.references, drops=("os", "os.path", "sys", "json.dumps", "json.loads", "json"))


class Defines(OnCalls):
    """``old()`` becomes ``made()``, which is defined below the imports."""

    def __init__(self, source: str = "def made():\n    if 1:\n        return 1", *qualified: str) -> None:
        super().__init__()
        self.source = source
        self.qualified = qualified

    def rewrite(self, module: Module, call: ast.Call) -> Rewrite:
        found = tuple(reference(module, name, call) for name in self.qualified)
        change = Edit(call, lambda node: renamed(node, "made"))
        return Rewrite((change,), references=found, definitions=(Definition(self.source),))


class Inserts(OnCalls):
    """``old()`` becomes ``repr()`` with statements in front."""

    def __init__(self, *sources: str) -> None:
        super().__init__()
        self.sources = sources or ("print()",)

    def rewrite(self, module: Module, call: ast.Call) -> Rewrite:
        before = tuple(Insertion(module.statement(call), source) for source in self.sources)
        return Rewrite((Edit(call, renamed),), insertions=before)


class OtherName(Toy):
    """Says that its finding is of another codemod."""

    def find(self, module: Module) -> Iterator[Finding]:
        yield Finding("somebody-else", 1, 0, 1, 0, "mine?")


class WrongPlace(Toy):
    """Findings at places that are not there."""

    def find(self, module: Module) -> Iterator[Finding]:
        yield Finding(self.name(), 999, 7, 1000, -3, "far out")


class OwnOverlap(Toy):
    """A rewrite whose edits overlap each other."""

    def find(self, module: Module) -> Iterator[Finding]:
        for call in module.nodes(ast.Call):
            if called("old")(call):
                edits = (Edit(call, renamed), Edit(module.statement(call), removed))
                yield self.finding(module, call, "both", Rewrite(edits))


class AllOrNone(Toy):
    """Two edits, the second of which cannot be placed."""

    def find(self, module: Module) -> Iterator[Finding]:
        calls = [call for call in module.nodes(ast.Call) if called("old")(call)]
        if calls:
            bad = Edit(calls[-1], removed)
            yield self.finding(module, calls[0], "both or none", Rewrite((Edit(calls[0], renamed), bad)))


class Shares(Toy):
    """Several rewrites with one edit in common, which counts how often it is made."""

    made: list[int] = []

    def find(self, module: Module) -> Iterator[Finding]:
        calls = [call for call in module.nodes(ast.Call) if called("old")(call)]
        header = module.tree.body[0]

        def change(line: cst.SimpleStatementLine) -> cst.SimpleStatementLine:
            self.made.append(1)
            return cst.parse_statement("count = 1\n")

        common = Edit(header, change)
        for call in calls:
            yield self.finding(module, call, "shared", Rewrite((Edit(call, renamed), common)))


class StrangeEdits(Toy):
    """Edits nodes that are neither expressions, statements nor except clauses."""

    def find(self, module: Module) -> Iterator[Finding]:
        for node in ast.walk(module.tree):
            if isinstance(node, (ast.arguments, ast.arg, ast.alias, ast.keyword)):
                yield self.finding(module, module.tree.body[0], "?", Rewrite((Edit(node, lambda item: item),)))


class NoteTold(Rename):
    """Tells others how many calls it has renamed."""

    uses_project = True

    @classmethod
    def name(cls) -> str:
        return "note-told"

    def note(self, module: Module, findings: Any) -> int:
        return len([finding for finding in findings if finding.status is Status.APPLIED])


class NoteRaises(Rename):
    """Fails when it is asked for what others must know."""

    uses_project = True

    def note(self, module: Module, findings: Any) -> None:
        raise LookupError("no note")


@dataclass(frozen=True)
class ToyOptions:
    """Options of several types."""

    names: frozenset[str] = frozenset({"alpha", "beta", "gamma", "delta"})
    level: int = field(default=1, metadata={"help": "how much | how little"})
    words: tuple[str, ...] = field(default_factory=lambda: ("a", "b"))
    maybe: int | None = None


class WithOptions(Toy):
    """Has options.

    Why:
        For the tests.
    """

    Options = ToyOptions
    noqa = ("T201", "T203")

    def find(self, module: Module) -> Iterator[Finding]:
        return iter(())
