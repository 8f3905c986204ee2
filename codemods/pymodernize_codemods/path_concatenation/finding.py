"""The codemod that has paths joined instead of their texts."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from pymodernize.codemod import Codemod, Finding
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken
from pymodernize.semantics.values import Cell
from pymodernize_codemods._paths.classes import is_path
from pymodernize_codemods._paths.concatenations import Concatenations, beginning_of, concatenations
from pymodernize_codemods._paths.form import Form, Unfit
from pymodernize_codemods._paths.forms import Forms
from pymodernize_codemods._paths.search import Search, redundant
from pymodernize_codemods._paths.uses import Kind, use_of
from pymodernize_codemods._paths.variables import Web


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """Look through one module.

    Args:
        module: the model.

    Yields:
        One finding a text that is put together with slashes and used as a
        path.
    """
    if b"pathlib" in module.source.data:
        yield from redundant(codemod, module)
    found = concatenations(module)
    if found:
        yield from _Search(codemod, module, found).findings()


class _Search(Search):
    """The texts of one module that are put together with slashes."""

    def __init__(self, codemod: Codemod, module: Module, found: list[ast.expr]) -> None:
        super().__init__(codemod, module, Concatenations)
        self.found = found
        self.plain = Concatenations(module, self.judge, "Path")
        heads = {beginning_of(module, expr): expr for expr in found}
        self.heads = {head: expr for head, expr in heads.items() if head is not None}

    def findings(self) -> Iterator[Finding]:
        """Those that are used as a path, where they stand or by way of variables."""
        whole = set(self.found)
        if self.style is None:
            webs = self.webs(self.found, whole.__contains__, lambda _: False)
        else:
            starts = [*self.found, *self.heads]
            webs = self.webs(starts, whole.__contains__, self.style.is_operand, self.is_absorbed)
        webs = [web for web in webs if web.taken and not self._is_stray(web)]
        self.assumed = {cell: web.key for web in webs for cell in web.cells}
        yield from self.variables(webs, set())
        for expr in self.found:
            if use_of(self.module, expr).kind is Kind.TAKES_PATH:
                yield self.joined(expr)

    def _is_stray(self, web: Web) -> bool:
        """Whether pathlib would come into a file for variables that nothing is joined to: a slash at their end goes."""
        if not self.would_bring_pathlib:
            return False
        reads = {read for cell in web.cells for read in self._reads(cell)}
        joined = [expr for head, expr in self.heads.items() if head in reads or expr in web.sources]
        return bool(joined) and all(map(_ends_in_slash, joined))

    def _reads(self, cell: Cell) -> Iterable[ast.expr]:
        contents = self.module.values.contents(cell)
        return contents.reads if contents is not None else ()

    def is_absorbed(self, read: ast.expr) -> bool:
        """Whether a variable is what a text begins with that becomes a path."""
        expr = self.heads.get(read)
        if expr is None or not self._may_be_path(expr):
            return False
        try:
            made = self.plain.made(expr)
        except Unfit:
            return False
        return made is not None and not made.blot and self.accepts(made.doubts)

    def _may_be_path(self, expr: ast.expr) -> bool:
        """Whether a path will do where a text goes."""
        use = use_of(self.module, expr)
        if use.kind is Kind.KEPT and use.cell is not None:
            contents = self.module.values.contents(use.cell)
            kinds = {use_of(self.module, read).kind for read in contents.reads} if contents is not None else {None}
            return bool(kinds) and kinds <= {Kind.TAKES_PATH, Kind.SHOWN, Kind.IS_NONE}
        return use.kind is Kind.TAKES_PATH

    def joined(self, expr: ast.expr) -> Finding:
        """The finding for a text that is used as a path where it stands."""
        message = "a path is put together of texts"
        target = self.target(expr)
        try:
            finding = self.written(target, message, lambda forms: self.form(expr, target, forms))
            reason: str | Exception = ""
        except (Unfit, NameTaken) as exc:
            finding, reason = None, exc
        return finding or self.left(expr, message, reason)

    def target(self, expr: ast.expr) -> ast.expr:
        """What changes: the text, ``Path()`` around it, or the path that it is joined to."""
        parent = self.module.parent(expr)
        if isinstance(parent, ast.Call) and self.plain.is_made_of_text(parent) and parent.args[0] is expr:
            return parent
        if isinstance(parent, ast.BinOp) and parent.right is expr and is_path(self.module, parent.left):
            return parent
        return expr

    def form(self, expr: ast.expr, target: ast.expr, forms: Forms) -> Form | None:
        """The new form of a text, with what it is joined to."""
        form = forms.made(expr)
        if form is None or target is expr:
            return forms.placed(expr, form) if form is not None else None
        if isinstance(target, ast.BinOp) and isinstance(forms, Concatenations):
            return forms.joined_to(target.left, expr)
        return form.wrapped_before()


def _ends_in_slash(expr: ast.expr) -> bool:
    """Whether a text is a value and a slash behind it."""
    match expr:
        case ast.BinOp(op=ast.Add(), left=ast.Name() | ast.Attribute(), right=ast.Constant(value=str(text))):
            return not text.strip("/")
        case ast.JoinedStr(values=[ast.FormattedValue(), ast.Constant(value=str(text))]):
            return not text.strip("/")
    return False
