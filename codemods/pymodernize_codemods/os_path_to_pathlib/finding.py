"""The codemod that has paths handled by pathlib."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pymodernize.codemod import Codemod, Finding, Status
from pymodernize.reasons import WITHOUT_REWRITE
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken
from pymodernize_codemods._paths.classes import PATH, is_path
from pymodernize_codemods._paths.form import AS_TEXT, Form, Unfit
from pymodernize_codemods._paths.forms import Forms
from pymodernize_codemods._paths.operations import OPERATIONS, WITHOUT, Gives, reason_without
from pymodernize_codemods._paths.replacements import REASON, replaced_functions
from pymodernize_codemods._paths.search import Search, redundant
from pymodernize_codemods._paths.style import (
    AS_WELL,
    AT_EACH_USE,
    BESIDE,
    FOR_TEXTS,
    NAMES,
    ONLY_WRAPPING,
    OPENING,
    STRAY,
    Unsightly,
)
from pymodernize_codemods._paths.uses import Kind, use_of
from pymodernize_codemods._paths.variables import Web
from pymodernize_codemods.os_path_to_pathlib import files, folders, patterns, presence, typed_options
from pymodernize_codemods.os_path_to_pathlib.listings import is_counted, is_lone_argument, is_truth

_JOINING = frozenset({"os.path.join", "os.path.normpath"})
_TWO = frozenset({"os.path.splitext", "os.path.split"})
_PATHS = _JOINING | {name for name, row in OPERATIONS.items() if row.gives is Gives.PATH}
_TAKING_ITERABLES = frozenset(
    f"builtins.{name}" for name in ("sorted", "list", "set", "frozenset", "tuple", "max", "min")
)
# So many calls are worth an import, if no other of their kind stays.
_FEWEST = 3
_CALLS = frozenset({*_PATHS, *OPERATIONS, *WITHOUT})


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """Look through one module.

    Args:
        module: the model.

    Yields:
        One finding a variable that becomes a path, and one a call.
    """
    calls = module.calls(*_CALLS)
    has_paths = b"pathlib" in module.source.data
    if calls or has_paths:
        yield from _Calls(codemod, module, calls).findings()
    if has_paths:
        yield from redundant(codemod, module)
        yield from files.findings(codemod, module)
        yield from folders.findings(codemod, module)
        yield from patterns.findings(codemod, module)
        yield from typed_options.findings(codemod, module)


@dataclass(frozen=True)
class _Target:
    """What is replaced for a call: itself, or more around it."""

    expr: ast.expr
    call: ast.Call
    qualified: str


class _Calls(Search):
    """The calls of one module that pathlib has a counterpart for."""

    def __init__(self, codemod: Codemod, module: Module, calls: list[ast.Call]) -> None:
        super().__init__(codemod, module, Forms)
        self.plain = Forms(module, self.judge, "Path", bold=True)
        self.replaced = replaced_functions(module, _CALLS)
        self.targets = [self.target(call) for call in calls]
        self.by_operand: dict[ast.expr, _Target] = {}

    def target(self, call: ast.Call) -> _Target:
        """What changes with a call: the subscript and the suffix that are added to it, ``Path()`` around it."""
        expr: ast.expr = call
        qualified = self.module.qualified_name(call.func) or ""
        parent = self.module.parent(expr)
        if qualified in _TWO and isinstance(parent, ast.Subscript) and parent.value is expr:
            expr, parent = parent, self.module.parent(parent)
            if isinstance(parent, ast.BinOp) and parent.left is expr and self.makes_path(parent):
                expr, parent = parent, self.module.parent(parent)
        target = _Target(expr, call, qualified)
        if isinstance(parent, ast.Call) and self.plain.is_made_of_text(parent) and self.gives_path(target):
            return _Target(parent, call, qualified)
        return target

    def gives_path(self, target: _Target) -> bool:
        """Whether what changes gives a path where it gave a text."""
        if target.qualified not in _PATHS | _TWO or target.qualified in self.replaced:
            return False
        if target.expr is not target.call and is_path(self.module, target.expr):
            return False
        if target.qualified in _TWO:
            is_part = isinstance(target.expr, ast.Subscript) and self.plain.part(target.expr) is not None
            return not is_part and self.makes_path(target.expr)
        return True

    def makes_path(self, expr: ast.expr) -> bool:
        """Whether there is a path for what an expression gives: not for a part of bytes, say."""
        try:
            return self.plain.made(expr) is not None
        except Unfit:
            return False

    def operand(self, target: _Target) -> ast.expr | None:
        """The argument of a call that becomes the path whose method is called."""
        if target.qualified in self.replaced or self.is_later_part(target.call):
            return None
        row = OPERATIONS.get(target.qualified)
        if row is not None and row.too_new(self.module.target):
            return None
        place = row.parameters.index(row.path) if row is not None and row.path else 0
        has_path = row is None and target.qualified in _JOINING | _TWO or row is not None and bool(row.path)
        return target.call.args[place] if has_path and place < len(target.call.args) else None

    def is_later_part(self, call: ast.Call) -> bool:
        """Whether a join is joined to something itself: what it begins with is no beginning then."""
        around = self.module.parent(call)
        return (
            isinstance(around, ast.Call)
            and self.module.qualified_name(call.func) == "os.path.join"
            and self.module.qualified_name(around.func) == "os.path.join"
            and around.args[:1] != [call]
        )

    def findings(self) -> Iterator[Finding]:
        """The variables first: a call that is part of one is not dealt with by itself."""
        # In the order of the file: which variable a web is named after must not depend on chance.
        producing = dict.fromkeys(target.expr for target in self.targets if self.gives_path(target))
        operating = [target for target in self.targets if self.style is None or target.qualified not in OPENING]
        self.by_operand = {expr: target for target in operating if (expr := self.operand(target)) is not None}
        operated: dict[ast.expr, object] = dict(self.by_operand)
        for call in self.module.calls("builtins.str", PATH):
            if len(call.args) == 1 and not call.keywords:
                if self.module.qualified_name(call.func) == PATH:
                    operated[call.args[0]] = None
                elif is_path(self.module, call.args[0]):
                    producing[call] = None
        webs = self.webs([*producing, *operated], producing.__contains__, operated.__contains__)
        variables, found = self.written_with(webs)
        made = [item for item in webs if self.accepts(item.doubts)]
        stray = self.are_stray(found, made)
        if stray and made:
            # As texts again, with which the calls are judged anew.
            self.assumed, self.doubtful = {}, {}
            variables, found = self.written_with(())
        yield from variables
        mixed = self.mixed(found)
        for target, finding in found:
            reason = STRAY if stray else BESIDE if target in mixed else ""
            yield self.left(target.call, finding.message, Unsightly(reason)) if reason and finding.rewrite else finding
        if not stray:
            yield from presence.findings(self.codemod, self.module, self.judge, self.style)

    def written_with(self, webs: Iterable[Web]) -> tuple[list[Finding], list[tuple[_Target, Finding]]]:
        """The findings for variables that become paths, and those for the calls that are no part of one."""
        settled: set[ast.expr] = set()
        variables = list(self.variables(webs, settled))
        findings = {target.expr: self.call(target) for target in self.targets if target.expr not in settled}
        for target in self.targets:
            if self.style is None and target.qualified == "os.listdir" and target.expr in findings:
                findings[target.expr] = self.listing(target, findings, settled)
        whole = [item for item in self.targets if item.expr in findings and not self.is_part(item, findings, settled)]
        return variables, [(item, findings[item.expr]) for item in whole]

    def mixed(self, found: Sequence[tuple[_Target, Finding]]) -> Collection[_Target]:
        """The calls that write a ``Path`` of their own, in functions where others stay since they would."""
        if self.style is None:
            return ()
        asking = [
            (target, finding)
            for target, finding in found
            if target.qualified not in OPENING and not self.gives_path(target) and not self.is_of_path(target)
        ]
        staying = {self.module.function(target.call) for target, finding in asking if finding.reason == AT_EACH_USE}
        return [target for target, _ in asking if self.module.function(target.call) in staying]

    def is_of_path(self, target: _Target) -> bool:
        """Whether what a call gets is a path already."""
        operand = self.operand(target)
        return operand is not None and is_path(self.module, operand)

    def are_stray(self, found: Sequence[tuple[_Target, Finding]], webs: Sequence[Web]) -> bool:
        """Whether pathlib would come into a file to ask or do something once or twice, or beside others that stay."""
        if not self.would_bring_pathlib:
            return False
        made = [target for target, finding in found if finding.rewrite is not None]
        if any(self.gives_path(target) or target.qualified in patterns.GLOBS for target in made):
            return False
        if webs:
            gives = {target.expr for target in self.targets if self.gives_path(target)}
            mixed = self.mixed(found)
            made = [target for target, finding in found if self.is_made(finding) and target not in mixed]
            uses = sum(len(web.operated) for web in webs) + len(made)
            return uses < _FEWEST and not any(gives.intersection(web.sources) for web in webs)
        return len(made) < _FEWEST or len(made) < len(found)

    def does_more(self, read: ast.expr) -> bool:
        """Whether the use of a variable is written with a method of a path: not where a text comes of it."""
        target = self.by_operand.get(read)
        if target is None or not self.gives_path(target):
            return True
        use = use_of(self.module, target.expr)
        if use.kind is Kind.KEPT:
            return use.cell in self.assumed
        return use.kind not in {Kind.NEEDS_TEXT, Kind.UNUSED}

    def listing(self, target: _Target, findings: Mapping[ast.expr, Finding], settled: set[ast.expr]) -> Finding:
        """The finding for a listing: a loop over it follows what the names are joined to, or all of it stays."""
        finding = findings[target.expr]
        try:
            own, others = folders.joins(self.module, target.call) or ((), ())
        except Unfit as exc:
            return replace(finding, rewrite=None, code=WITHOUT_REWRITE, reason=str(exc))
        if finding.rewrite is None or not own and not others:
            return finding
        joins = [expr for call in own or others if (expr := self.target(call).expr) not in settled]
        kept = [found for expr in joins if not self.is_made(found := findings.get(expr))]
        if own and len(kept) < len(own) or not kept:
            return finding
        reason = "os.path.join() of its names stays"
        if any(found is None or found.rewrite is None for found in kept):
            return replace(finding, rewrite=None, code=WITHOUT_REWRITE, reason=reason)
        assumed = frozenset().union(*(found.assumptions for found in kept if found is not None))
        code = next((found.code for found in kept if found is not None), "")
        return replace(
            finding,
            assumptions=finding.assumptions | assumed,
            code=code if self.is_made(finding) else finding.code,
            reason=reason if self.is_made(finding) else finding.reason,
        )

    def is_made(self, finding: Finding | None) -> bool:
        """Whether a finding has a rewrite all of whose assumptions are accepted."""
        if finding is None or finding.rewrite is None:
            return False
        return all(map(self.module.accepts, finding.assumptions))

    def is_part(self, target: _Target, findings: Mapping[ast.expr, Finding], settled: set[ast.expr]) -> bool:
        """Whether a call is an argument of one that gives a path and is written with it: halves read badly."""
        for node in self.module.ancestors(target.expr):
            if isinstance(node, ast.stmt):
                break
            if isinstance(node, ast.Call) and self.module.qualified_name(node.func) in patterns.GLOBS:
                return True  # a pattern is no path: it is taken apart with the call, or stays a text
            if isinstance(node, ast.Call) and self.module.qualified_name(node.func) in _PATHS | _TWO:
                whole = self.target(node).expr
                around = findings.get(whole)
                if whole in settled or around is not None and around.rewrite is not None:
                    return True
                if around is not None and around.status is Status.KEPT:
                    return True  # what stands around it is in the old way
        return False

    def call(self, target: _Target) -> Finding:
        """The finding for a call."""
        message = f"{target.qualified.removeprefix('builtins.')}()"
        if target.qualified in self.replaced:
            return self.codemod.finding(self.module, target.call, message, reason=REASON)
        reason = reason_without(target.qualified, self.module.target)
        operand = self.operand(target)
        if operand is not None and self.is_for_texts(operand):
            return self.left(target.call, message, Unsightly(FOR_TEXTS))
        try:
            finding = self.written(
                target.expr, message, lambda forms: self.form(target, forms), only_wraps=self.only_wraps(target)
            )
            if finding is not None:
                return finding
        except Unsightly as exc:
            return self.left(target.call, message, exc)
        except (Unfit, NameTaken) as exc:
            reason = reason or str(exc)
        return self.left(target.call, message, reason)

    def only_wraps(self, target: _Target) -> bool:
        """Whether a call is worth a change only if there is a path already."""
        return self.style is not None and target.qualified in ONLY_WRAPPING

    def takes_any(self, target: _Target) -> bool:
        """Whether a list is the only argument of what takes a generator as well."""
        call = self.module.parent(target.expr)
        if not isinstance(call, ast.Call) or not is_lone_argument(self.module, target.expr):
            return False
        return self.module.qualified_name(call.func) in _TAKING_ITERABLES

    def form(self, target: _Target, forms: Forms) -> Form | None:
        """The new form of a call where it stands, None if it has none."""
        row = OPERATIONS.get(target.qualified)
        if row is not None and row.gives is not Gives.PATH:
            if row.gives is Gives.NOTHING and not isinstance(self.module.parent(target.expr), ast.Expr):
                raise Unfit("its result, None, is used")
            form = forms.operated(target.call, target.qualified, row)
            operand = target.call.args[0] if target.call.args else None
            is_plain = operand is None or isinstance(operand, (ast.Name, ast.Attribute))
            if target.qualified in OPENING and not is_plain:
                form = replace(form, blot=AS_WELL)
            if target.qualified != "os.listdir":
                return form
            listed = folders.listed(self.module, target.expr, form, generator=self.takes_any(target))
            return listed if is_truth(self.module, target.expr) else replace(listed, blot=NAMES)
        if target.qualified in patterns.GLOBS:
            found = patterns.matched(self.module, target.call, forms, generator=self.takes_any(target))
            counts = is_counted(self.module, target.expr) and not found.wraps
            ends_in_paths = counts or patterns.is_of_paths(self.module, target.call)
            return found if ends_in_paths else replace(found, blot=AS_TEXT)
        if isinstance(target.expr, ast.Subscript) and (part := forms.part(target.expr)) is not None:
            return part
        form = forms.made(target.expr)
        return forms.placed(target.expr, form) if form is not None else None
