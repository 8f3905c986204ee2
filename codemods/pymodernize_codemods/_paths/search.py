"""The findings of one module: the variables that become paths, and the expressions that are written with pathlib."""

from __future__ import annotations

import ast
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any

from pymodernize.codemod import Codemod, Finding, Rewrite
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, reference
from pymodernize.semantics.values import Cell
from pymodernize_codemods._paths.classes import PATH, is_path
from pymodernize_codemods._paths.doubts import Doubt, is_accepted
from pymodernize_codemods._paths.edits import is_inside_fstring, loses_comment, names_in, replaced
from pymodernize_codemods._paths.form import Form, Unfit
from pymodernize_codemods._paths.forms import Forms
from pymodernize_codemods._paths.judgement import Judge
from pymodernize_codemods._paths.options import STYLE, PathOptions
from pymodernize_codemods._paths.style import Style, Unsightly
from pymodernize_codemods._paths.variables import Produces, Variables, Web

Write = Callable[[Forms], Form | None]


class Search:
    """The search for findings that both codemods of paths share.

    Args:
        codemod: in whose name things are found.
        module: the module.
        forms: the class that writes expressions with pathlib.
    """

    def __init__(self, codemod: Codemod, module: Module, forms: type[Forms]) -> None:
        self.codemod = codemod
        self.module = module
        self.judge = module.once(Judge)
        self.style = style_of(codemod, module)
        self.forms = forms
        self.assumed: dict[Cell, Hashable] = {}
        self.doubtful: dict[Hashable, tuple[Doubt, ...]] = {}
        self.texts: frozenset[Cell] = frozenset()

    @property
    def would_bring_pathlib(self) -> bool:
        """Whether pathlib comes into the file with a rewrite, and the looks of it matter."""
        return self.style is not None and b"pathlib" not in self.module.source.data

    @cached_property
    def has_doctest(self) -> bool:
        """Whether a text in the module may be a doctest."""
        return b">>>" in self.module.source.data

    # --- variables ---------------------------------------------------------------------------------------------

    def webs(
        self,
        starts: Iterable[ast.expr],
        produces: Produces,
        operates: Produces,
        absorbed: Produces = lambda _: False,
    ) -> list[Web]:
        """The groups of variables that become paths; from then on, the search treats these as paths.

        Args:
            starts: expressions that are stored in variables, or that read them.
            produces: whether an expression gives a text and will be rewritten as a path.
            operates: whether an expression is the path argument of a call that becomes a method call.
            absorbed: whether an expression becomes a part of the path that the text around it becomes.
        """
        try:
            name = reference(self.module, PATH, self.module.tree.body[-1]).expression
        except NameTaken:
            return []
        forms = self.forms(self.module, self.judge, name)
        search = Variables(self.module, self.judge, forms, produces, operates, absorbed)
        webs = list(search.webs(starts))
        while True:
            self.assumed = {cell: web.key for web in webs for cell in web.cells}
            sightly = [web for web in webs if self._reads_well(web)]
            if len(sightly) == len(webs):
                break
            webs = sightly  # again, as those that depend on a dropped one may read worse without it
        if self.style is not None and all(web.joined for web in webs):
            # All of them are also joined by slashes in texts that stay, so the file would mix both styles.
            self.texts = frozenset().union(*(web.cells for web in webs))
            self.assumed, webs = {}, []
        self.doubtful = {web.key: web.doubts for web in webs if not self.accepts(web.doubts)}
        return webs

    def is_for_texts(self, expr: ast.expr) -> bool:
        """Whether an expression reads a variable that stays a text because texts with slashes are built from it.

        Args:
            expr: one of the module's expressions.
        """
        return self.module.values.read_by(expr) in self.texts

    def _reads_well(self, web: Web) -> bool:
        """Whether the code reads better with a group of variables as paths."""
        if self.style is None:
            return True
        made = [read for read in web.operated if self.does_more(read)]
        if not web.is_tidy(len(web.operated) - len(made)):
            return False
        bold = not self.accepts(web.doubts)
        try:
            forms = self.writer(self._first(web), turned=web.turned, bold=bold, assumed=self.assumed)
            written = {source: forms.path(source) for source in web.sources}
        except (Unfit, NameTaken):
            return False
        has_use = bool(made) or not all(form.bare for form in written.values())
        return has_use and self._is_sightly(web, written)

    def does_more(self, read: ast.expr) -> bool:
        """Whether a use of a variable becomes a method call once the variable is a path.

        Args:
            read: a read of it as the argument of a function that has a counterpart.
        """
        return True

    def _first(self, web: Web) -> ast.expr:
        return min((*web.sources, *web.turned), key=self.module.span)

    def variables(self, webs: Iterable[Web], settled: set[ast.expr]) -> Iterator[Finding]:
        """The findings for groups of variables that become paths.

        Args:
            webs: the variables.
            settled: is extended by the expressions that these findings rewrite.
        """
        for web in webs:
            try:
                finding = self._web(web)
            except (NameTaken, Unfit):
                continue
            settled |= set(web.sources) if self.accepts(web.doubts) else set()
            yield finding

    def _web(self, web: Web) -> Finding:
        """The finding for one group of variables.

        Raises:
            NameTaken, Unfit: they cannot.
        """
        first = self._first(web)
        bold = not self.accepts(web.doubts)
        places = web.places(self.module, self.writer(first, turned=web.turned, bold=bold))
        better = web.places(self.module, self.writer(first, turned=web.turned, bold=bold, assumed=self.assumed))
        needs = frozenset().union(*(form.needs for form in better.values())) - {web.key}
        otherwise = self.rewrite(places, provides=web.key) if needs and self._is_sightly(web, places) else None
        rewrite = self.rewrite(better, provides=web.key, needs=needs, otherwise=otherwise)
        found = (*web.doubts, *(doubt for form in places.values() for doubt in form.doubts))
        return self.finding(first, f"{web.name()} is a path", rewrite, tuple(dict.fromkeys(found)))

    def _is_sightly(self, web: Web, places: Mapping[ast.expr, Form]) -> bool:
        """Whether the new forms of the expressions that a group of variables gets read well."""
        if self.style is None:
            return True
        try:
            for source in web.sources:
                if source in places[source].wraps and not places[source].blot:
                    self.style.check_source(source)  # the one place where the text becomes a path
                else:
                    self.style.check(places[source])
        except Unsightly:
            return False
        return True

    def writer(self, expr: ast.expr, **more: Any) -> Forms:  # noqa: ANN401 - the parameters of Forms
        """The forms that write an expression with pathlib.

        Args:
            expr: the expression, in whose scope ``Path`` is named.
            more: further arguments of :class:`Forms`.

        Raises:
            NameTaken: the module leaves no name for ``Path``.
        """
        return self.forms(self.module, self.judge, reference(self.module, PATH, expr).expression, **more)

    # --- expressions -------------------------------------------------------------------------------------------

    def written(self, expr: ast.expr, message: str, write: Write, *, only_wraps: bool = False) -> Finding | None:
        """The finding for an expression, with a form whose assumptions are accepted if there is one, else with any.

        Args:
            expr: what is replaced.
            message: what is found.
            write: gives the new form; None where there is none.
            only_wraps: whether it calls a function that reads as well as its counterpart.

        Raises:
            NameTaken, Unfit: it cannot be written with pathlib.
        """
        name = reference(self.module, PATH, expr).expression
        unsightly: Unsightly | None = None
        for bold in (False, True):
            form = write(self.forms(self.module, self.judge, name, bold=bold, assumed=self.assumed))
            if form is None or not (bold or self.accepts(form.doubts)) or form.text == self.module.text(expr):
                continue
            try:
                self._check(form, only_wraps=only_wraps)
            except Unsightly as exc:
                unsightly = unsightly or exc
                continue
            plain = write(self.forms(self.module, self.judge, name, bold=bold)) if form.needs else None
            try:
                self._check(plain, only_wraps=only_wraps)
            except Unsightly:
                plain = None
            return self._either(expr, message, form, plain)
        if unsightly is not None:
            raise unsightly
        return None

    def _check(self, form: Form | None, *, only_wraps: bool) -> None:
        """Raise if a form does not read well.

        Raises:
            Unsightly: it does not.
        """
        if self.style is not None and form is not None:
            self.style.check_expression(form, only_wraps=only_wraps)

    def left(self, node: ast.AST, message: str, reason: str | Exception) -> Finding:
        """The finding for an expression that is not rewritten; if the reason is style, it is marked as kept.

        Args:
            node: the place.
            message: what was found.
            reason: why there is none.
        """
        kept = isinstance(reason, Unsightly)
        code = STYLE if kept else ""
        return self.codemod.finding(self.module, node, message, code=code, reason=str(reason), kept=kept)

    def _either(self, expr: ast.expr, message: str, form: Form, plain: Form | None) -> Finding:
        """The finding for a form that may need variables to be paths, with a fallback form that does not."""
        if not form.needs:
            return self.finding(expr, message, self.rewrite({expr: form}), form.doubts)
        doubts = form.doubts
        doubtful = [need for need in self.doubtful if need in form.needs]
        if plain is not None and doubtful:
            doubts = tuple(dict.fromkeys((*form.doubts, *plain.doubts)))
        elif doubtful:
            others = (doubt for need in doubtful for doubt in self.doubtful[need])
            doubts = tuple(dict.fromkeys((*form.doubts, *others)))
        changes = plain is not None and plain.text != self.module.text(expr)
        keeps = plain is not None and changes and not (self.accepts(doubts) and not self.accepts(plain.doubts))
        if plain is not None and keeps and self.accepts(plain.doubts):
            doubts = tuple(dict.fromkeys((*doubts, *plain.doubts)))
        otherwise = self.rewrite({expr: plain}) if plain is not None and keeps else None
        rewrite = self.rewrite({expr: form}, needs=form.needs, otherwise=otherwise)
        return self.finding(expr, message, rewrite, doubts)

    # --- findings ----------------------------------------------------------------------------------------------

    def finding(self, node: ast.AST, message: str, rewrite: Rewrite, doubts: tuple[Doubt, ...]) -> Finding:
        """A finding with the assumptions of its rewrite.

        Args:
            node: the place.
            message: what was found.
            rewrite: the change.
            doubts: the assumptions.
        """
        return found(self.codemod, self.module, node, message, rewrite, doubts)

    def accepts(self, doubts: tuple[Doubt, ...]) -> bool:
        """Whether the user accepts all that is in doubt.

        Args:
            doubts: the assumptions.
        """
        return is_accepted(self.module, doubts)

    def rewrite(self, places: Mapping[ast.expr, Form], **more: Any) -> Rewrite:  # noqa: ANN401 - its own fields
        """The rewrite that replaces expressions by new forms.

        Args:
            places: each expression with its new form.
            more: further fields of the rewrite.

        Raises:
            NameTaken: the module leaves no name for ``Path``.
            Unfit: a comment would be lost.
        """
        for expr, form in places.items():
            if loses_comment(self.module, expr, form.text):
                raise Unfit("a comment stands in the middle of it")
        # Keep all imports then: a doctest may use one that no code uses.
        used = set() if self.has_doctest else set(places)
        references = [reference(self.module, PATH, expr) for expr, form in places.items() if form.names_path]
        return Rewrite(
            edits=tuple(replaced(self.module, expr, form.text) for expr, form in places.items()),
            references=tuple(dict.fromkeys(references)),
            drops=tuple(sorted(set().union(*(names_in(self.module, expr) for expr in used)))),
            **more,
        )


def style_of(codemod: Codemod, module: Module) -> Style | None:
    """The style that new forms have to meet; None if all are wanted.

    Args:
        codemod: one of paths.
        module: the module.
    """
    options: PathOptions = codemod.options
    return None if options.everywhere else module.once(Style)


def found(
    codemod: Codemod, module: Module, node: ast.AST, message: str, rewrite: Rewrite, doubts: Iterable[Doubt]
) -> Finding:
    """A finding with the assumptions of its rewrite; its reason names those that are not accepted.

    Args:
        codemod: in whose name.
        module: the module.
        node: the place.
        message: what was found.
        rewrite: the change.
        doubts: the assumptions.
    """
    doubts = tuple(doubts)
    withheld = [doubt for doubt in doubts if not module.accepts(doubt.assumption)]
    reasons = dict.fromkeys(doubt.reason for doubt in withheld or doubts)
    return codemod.finding(
        module,
        node,
        message,
        rewrite,
        assumptions={doubt.assumption for doubt in doubts},
        code=(withheld or doubts)[0].assumption if doubts else "",
        reason="; ".join(reasons),
    )


def redundant(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """The findings for ``Path(path)`` whose argument is a path already.

    Args:
        codemod: in whose name it is found.
        module: the module.
    """
    for call in module.calls(PATH):
        if len(call.args) == 1 and not call.keywords and is_path(module, call.args[0]):
            text = module.text(call.args[0])
            if not is_inside_fstring(module, call) and not loses_comment(module, call, text):
                yield codemod.finding(module, call, "Path() of a path", Rewrite((replaced(module, call, text),)))
