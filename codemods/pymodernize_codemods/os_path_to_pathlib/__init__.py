"""The codemod that has paths handled by pathlib."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pymodernize.codemod import Codemod, Finding, Safety, libcst_command
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken
from pymodernize_codemods._paths.form import Form, Unfit
from pymodernize_codemods._paths.forms import Forms
from pymodernize_codemods._paths.judgement import PATH, is_path
from pymodernize_codemods._paths.operations import CALLING, OPERATIONS, WITHOUT, Gives
from pymodernize_codemods._paths.replacements import REASON, replaced_functions
from pymodernize_codemods._paths.search import Search, redundant
from pymodernize_codemods.os_path_to_pathlib import files, folders, patterns, presence
from pymodernize_codemods.os_path_to_pathlib.listings import is_lone_argument

_JOINING = frozenset({"os.path.join", "os.path.normpath"})
_TWO = frozenset({"os.path.splitext", "os.path.split"})
_PATHS = _JOINING | {name for name, row in OPERATIONS.items() if row.gives is Gives.PATH}
_TAKING_ITERABLES = frozenset(
    f"builtins.{name}" for name in ("sorted", "list", "set", "frozenset", "tuple", "max", "min")
)
_CALLS = frozenset({*_PATHS, *OPERATIONS, *WITHOUT})


class OsPathToPathlib(Codemod):
    """Have paths handled by ``pathlib.Path`` instead of by functions on text.

    Why:
        A path that is a text is taken apart and put together by functions
        that take any text, and every part of a program decides for itself
        what the text means. A ``Path`` knows its name, its folder and its
        suffix, and what can be done with it is said in the same words for a
        file that is there and for one that is to be written.

    Safety:
        The codemod follows values. A variable becomes a path when everything
        that is put into it and everything that reads it is in sight: in one
        scope, in closures, parameters and results of functions whose every
        call is in the file, attributes of classes that only the file itself
        can reach. Where one place needs a text it gets ``str(...)``; where
        most do, the variable stays a text.

        Each rewrite keeps one equation: the new path is ``Path(old text)``.
        ``Path`` drops a slash at the end, doubled slashes and single dots, and
        makes the current folder of an empty text. SAFE is what cannot have
        these, by where it comes from (``__file__``, a literal, a join that
        ends in one, an entry of a folder), or goes where they are not seen.
        ``docs/paths.md`` has the whole table of differences.

        UNSAFE are, among others: whatever comes from ``sys.argv``, ``input()``
        or the environment and is used as it is; a value whose type is not
        known (bytes and file descriptors are no paths); ``exists()``,
        ``is_file()`` and ``is_dir()`` below a folder that may be closed to a
        search, where the methods raise PermissionError before Python 3.14;
        ``resolve()`` for ``os.path.abspath()`` of what may have ``..`` in it,
        as it follows links; ``glob()`` with a pattern that begins with a
        wildcard, as it finds hidden files, too; suffixes of names that begin
        with two dots or end in one; a message about a missing file that a
        handler shows. ``--unsafe`` rewrites these as a person would.

        Found only: ``os.walk``, ``os.path.relpath``, ``commonpath``,
        ``expandvars`` and what else has no counterpart in every version from
        Python 3.10 on, and functions that the file itself puts others in the
        place of, as tests do.

    Limits:
        Judged by the rules of POSIX: on Windows, the text of a path that was
        written with slashes shows backslashes. A NUL, a name over the system's
        limit, a working folder that may not be searched, and a home that the
        system does not know do not decide. What is added to a text is taken
        for a text. Elements of lists stay texts, but for the loops over
        ``os.listdir()`` and ``glob.glob()``.

    References:
        https://docs.python.org/3/library/pathlib.html#correspondence-to-tools-in-the-os-module
    """

    triggers = CALLING
    noqa = ("PTH",)

    def find(self, module: Module) -> Iterator[Finding]:
        """Look through one module.

        Args:
            module: the model.

        Yields:
            One finding a variable that becomes a path, and one a call.
        """
        calls = module.calls(*_CALLS)
        has_paths = b"pathlib" in module.source.data
        if calls or has_paths:
            yield from _Calls(self, module, calls).findings()
        if has_paths:
            yield from redundant(self, module)
            yield from files.findings(self, module)
            yield from folders.findings(self, module)
            yield from patterns.findings(self, module)


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
        operated = dict.fromkeys(expr for target in self.targets if (expr := self.operand(target)) is not None)
        for call in self.module.calls("builtins.str", PATH):
            if len(call.args) == 1 and not call.keywords:
                if self.module.qualified_name(call.func) == PATH:
                    operated[call.args[0]] = None
                elif is_path(self.module, call.args[0]):
                    producing[call] = None
        webs = self.webs([*producing, *operated], producing.__contains__, operated.__contains__)
        settled: set[ast.expr] = set()
        yield from self.variables(webs, settled)
        findings = {target.expr: self.call(target) for target in self.targets if target.expr not in settled}
        for target in self.targets:
            if target.qualified == "os.listdir" and target.expr in findings:
                findings[target.expr] = self.listing(target, findings, settled)
        for target in self.targets:
            if target.expr in findings and not self.is_part(target, findings, settled):
                yield findings[target.expr]
        yield from presence.findings(self.codemod, self.module, self.judge)

    def listing(self, target: _Target, findings: Mapping[ast.expr, Finding], settled: set[ast.expr]) -> Finding:
        """The finding for a listing: a loop over it follows what the names are joined to, or all of it stays."""
        finding = findings[target.expr]
        try:
            own, others = folders.joins(self.module, target.call) or ((), ())
        except Unfit as exc:
            return replace(finding, rewrite=None, reason=finding.reason or str(exc))
        if finding.rewrite is None or not own and not others:
            return finding
        joins = [expr for call in own or others if (expr := self.target(call).expr) not in settled]
        kept = [found for expr in joins if (found := findings.get(expr)) is None or found.reason]
        if own and len(kept) < len(own) or not kept:
            return finding
        reason = "os.path.join() of its names stays"
        if any(found is None or found.rewrite is None for found in kept):
            return replace(finding, rewrite=None, reason=finding.reason or reason)
        return replace(finding, safety=Safety.UNSAFE, reason=finding.reason or reason)

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
        return False

    def call(self, target: _Target) -> Finding:
        """The finding for a call."""
        message = f"{target.qualified.removeprefix('builtins.')}()"
        if target.qualified in self.replaced:
            return self.codemod.finding(self.module, target.call, message, reason=REASON)
        reason = WITHOUT.get(target.qualified, "")
        try:
            finding = self.written(target.expr, message, lambda forms: self.form(target, forms))
            if finding is not None:
                return finding
        except (Unfit, NameTaken) as exc:
            reason = reason or str(exc)
        return self.codemod.finding(self.module, target.call, message, reason=reason)

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
            if target.qualified != "os.listdir":
                return form
            return folders.listed(self.module, target.expr, form, generator=self.takes_any(target))
        if target.qualified in patterns.GLOBS:
            return patterns.matched(self.module, target.call, forms, generator=self.takes_any(target))
        if isinstance(target.expr, ast.Subscript) and (part := forms.part(target.expr)) is not None:
            return part
        form = forms.made(target.expr)
        return forms.placed(target.expr, form) if form is not None else None


__getattr__ = libcst_command(OsPathToPathlib)
