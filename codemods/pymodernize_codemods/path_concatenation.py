"""The codemod that has paths joined instead of their texts."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.codemod import Codemod, Finding, libcst_command
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken
from pymodernize_codemods._paths.concatenations import Concatenations, concatenations
from pymodernize_codemods._paths.form import Form, Unfit
from pymodernize_codemods._paths.forms import Forms
from pymodernize_codemods._paths.judgement import is_path
from pymodernize_codemods._paths.operations import CALLING, TAKING_PATHS
from pymodernize_codemods._paths.search import Search, redundant
from pymodernize_codemods._paths.uses import Kind, use_of


class PathConcatenation(Codemod):
    """Join paths with ``pathlib`` instead of putting their texts together.

    Why:
        A path that is put together with ``+``, ``%``, ``format``, an f-string
        or ``"/".join`` has its separators counted by hand: one too few makes
        another name, one too many another text, and a part that is empty makes
        an absolute path of a relative one. ``folder / name`` cannot be wrong
        in these ways.

    Safety:
        Only a text that is used as a path is touched: opened, handed to a
        function for files, joined to another path, or kept in a variable that
        is. Addresses, dates, types, patterns and keys of stores are none of
        these and are not looked at.

        Each rewrite keeps one equation: the new path is ``Path(old text)``.
        SAFE where the first part cannot be empty (``"" + "/" + name`` is
        absolute), no later part can start with a slash (a path starts anew
        there), and nothing that receives the whole sees what a path drops: a
        slash at the end, doubled slashes, single dots. It is judged by where
        each part comes from: a literal, an entry of a folder, a number, a name
        without a slash.

        UNSAFE otherwise, as for parts from ``sys.argv``, ``input()`` or the
        environment, and for a formatted value whose type is not known, since
        formatting takes numbers and None as well.

    Limits:
        Formats with a width, a conversion or named fields are left alone,
        but for those of numbers, and so is a text that begins with two
        slashes, or has ``://`` or a ``?`` in it. Judged by the rules of POSIX.

    References:
        https://docs.python.org/3/library/pathlib.html#operators
    """

    triggers = (*CALLING, *TAKING_PATHS)
    noqa = ("PTH",)

    def find(self, module: Module) -> Iterator[Finding]:
        """Look through one module.

        Args:
            module: the model.

        Yields:
            One finding a text that is put together with slashes and used as a
            path.
        """
        if b"pathlib" in module.source.data:
            yield from redundant(self, module)
        found = concatenations(module)
        if found:
            yield from _Search(self, module, found).findings()


class _Search(Search):
    """The texts of one module that are put together with slashes."""

    def __init__(self, codemod: Codemod, module: Module, found: list[ast.expr]) -> None:
        super().__init__(codemod, module, Concatenations)
        self.found = found
        self.plain = Concatenations(module, self.judge, "Path")

    def findings(self) -> Iterator[Finding]:
        """Those that are used as a path, where they stand or by way of variables."""
        whole = set(self.found)
        webs = [web for web in self.webs(self.found, whole.__contains__, lambda _: False) if web.taken]
        self.assumed = {cell: web.key for web in webs for cell in web.cells}
        yield from self.variables(webs, set())
        for expr in self.found:
            if use_of(self.module, expr).kind is Kind.TAKES_PATH:
                yield self.joined(expr)

    def joined(self, expr: ast.expr) -> Finding:
        """The finding for a text that is used as a path where it stands."""
        message = "a path is put together of texts"
        target = self.target(expr)
        try:
            finding = self.written(target, message, lambda forms: self.form(expr, target, forms))
            reason = ""
        except (Unfit, NameTaken) as exc:
            finding, reason = None, str(exc)
        return finding or self.codemod.finding(self.module, expr, message, reason=reason)

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
        return form


__getattr__ = libcst_command(PathConcatenation)
