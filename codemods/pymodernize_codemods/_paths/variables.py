"""Which variables become paths: groups of variables all of whose assignments and reads are known."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Scope
from pymodernize.semantics.values import Cell, Contents, Source, Way
from pymodernize_codemods._assumptions import RUN_ONLY
from pymodernize_codemods._paths.callers import is_for_importers
from pymodernize_codemods._paths.classes import PATH, is_path, types_of
from pymodernize_codemods._paths.concatenations import is_joined_for_text
from pymodernize_codemods._paths.doubts import Doubt
from pymodernize_codemods._paths.errors import names_error, shows_errors
from pymodernize_codemods._paths.form import ASKED_WHETHER_EMPTY, FOR_ITS_SLASH, Form, Unfit
from pymodernize_codemods._paths.forms import Forms
from pymodernize_codemods._paths.hazards import NONE, TEXT, Hazard
from pymodernize_codemods._paths.judgement import Judge
from pymodernize_codemods._paths.taking import TAKING_NONE, met
from pymodernize_codemods._paths.uses import Kind, Use, compared_with, is_in_message, use_of

# The weights, in uses as a path, of one ``str()`` around a read and of one use that stays a text.
_OF_A_BRIDGE = 3
_OF_A_TEXT = 2
_TYPE_COMMENT = re.compile(r"#\s*type:\s*(?!ignore)")
Produces = Callable[[ast.expr], bool]


@dataclass
class Web:
    """A group of variables connected by data flow: all of them become paths, or none.

    Attributes:
        cells: the variables, attributes and results of functions.
        turned: the reads that are converted back to a text, each with its new form.
        annotations: the annotations that change.
        beginnings: reads of its own variables as the first part of a source; they stay as they are.
        sources: the expressions that are stored in it and were no paths before.
        bridges: how many reads are converted back to a text.
        messages: how many of these are part of a message.
        wraps: how many sources get ``Path()`` around them.
        passed: how many of these are arguments of calls, or returned.
        gains: how many uses and sources would need a conversion if the variables stayed texts.
        joined: how many reads are the first part of a path that stays a text.
        taken: how many uses accept a path.
        operated: the reads for uses that become method calls.
        doubts: what the change assumes.
    """

    cells: set[Cell]
    turned: dict[ast.expr, Form] = field(default_factory=dict)
    annotations: list[ast.expr] = field(default_factory=list)
    beginnings: set[ast.expr] = field(default_factory=set)
    sources: list[ast.expr] = field(default_factory=list)
    bridges: int = 0
    messages: int = 0
    wraps: int = 0
    passed: int = 0
    gains: int = 0
    joined: int = 0
    taken: int = 0
    operated: list[ast.expr] = field(default_factory=list)
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_worth_it(self) -> bool:
        """Whether there are fewer conversions between text and path if the variables become paths."""
        cost = self.bridges + self.wraps
        if not self.sources or not self.gains or cost > self.gains:
            return False
        return cost < self.gains or self.taken > 0

    def is_tidy(self, texts: int) -> bool:
        """Whether they become paths at few places and are rarely converted back to texts.

        Args:
            texts: how many of the uses that become method calls are converted to a text again.
        """
        enters = self.passed <= 1 or 2 * self.passed <= self.gains
        cost = self.messages + _OF_A_BRIDGE * (self.bridges - self.messages) + _OF_A_TEXT * texts
        return enters and self.wraps <= self.gains and cost <= self.gains - texts

    def places(self, module: Module, forms: Forms) -> dict[ast.expr, Form]:
        """The expressions that change, each with its new form.

        Args:
            module: the module.
            forms: writes the sources, with the reads that are converted back.
        """
        found = {expr: forms.path(expr) for expr in self.sources}
        found |= {annotation: Form(forms.name, names_path=True) for annotation in self.annotations}
        spans = [module.span(expr) for expr in self.sources]
        for read, form in self.turned.items():
            start, end = module.span(read)
            if not any(first <= start and end <= last for first, last in spans):
                found[read] = form
        return found

    @property
    def key(self) -> Cell:
        """The key by which other rewrites depend on this change."""
        return min(self.cells, key=lambda cell: (cell.name, id(cell.owner)))

    def name(self) -> str:
        """The name of the group in messages: the first of its variables' names."""
        names = sorted((cell.name for cell in self.cells if cell.name), key=str)
        functions = [cell.owner.name for cell in self.cells if isinstance(cell.owner, ast.FunctionDef)]
        return (names or [f"{name}()" for name in functions])[0]


class Variables:
    """Finds the groups of variables in one module that can become paths.

    Args:
        module: the module.
        judge: infers the hazards of its values.
        forms: writes the sources as paths.
        produces: whether an expression is a text that the codemod writes as a path.
        operates: whether an expression is the path of a call that the codemod writes as a method.
        absorbed: whether an expression becomes a part of the path that the text around it becomes.
    """

    def __init__(
        self,
        module: Module,
        judge: Judge,
        forms: Forms,
        produces: Produces,
        operates: Produces,
        absorbed: Produces = lambda _: False,
    ) -> None:
        self.module = module
        self.judge = judge
        self.forms = forms
        self.produces = produces
        self.operates = operates
        self.absorbed = absorbed
        self._seen: set[Cell] = set()

    def webs(self, starts: Iterable[ast.expr]) -> Iterator[Web]:
        """The groups of variables that some expressions belong to.

        Args:
            starts: expressions that give a path, or are used as one.

        Yields:
            Those that can become paths and are worth it.
        """
        for expr in starts:
            for cell in self._around(expr):
                if cell in self._seen:
                    continue
                web = self._web(cell)
                if web is not None and web.is_worth_it:
                    yield web

    def _around(self, expr: ast.expr) -> list[Cell]:
        """The cells that an expression reads, or whose value it becomes."""
        found = [self.module.values.read_by(expr), use_of(self.module, expr).cell]
        return [cell for cell in found if cell is not None]

    def _web(self, start: Cell) -> Web | None:
        """The group of a cell; None if its variables cannot become paths."""
        web = Web(set())
        pending = [start]
        parts: list[tuple[Cell, Contents]] = []
        while pending:
            cell = pending.pop()
            contents = self.module.values.contents(cell)
            if (
                cell in web.cells
                or contents is None
                or self._is_tested_in_text(cell, contents)
                or any(item.way is not Way.VALUE for item in contents.sources)
            ):
                continue  # a cell that has to hold texts is the border of the group: values are converted there
            web.cells.add(cell)
            parts.append((cell, contents))
            pending += self._linked(contents)
        self._seen |= web.cells | {start}
        if not parts:
            return None
        try:
            found = [self._fill(web, contents) for _, contents in parts]
            for (_, contents), hazard in zip(parts, found, strict=True):
                self._empty(web, contents, hazard)
        except Unfit:
            return None
        web.doubts = tuple(dict.fromkeys((*web.doubts, *self._of_importers(web))))
        return web

    def _of_importers(self, web: Web) -> Iterator[Doubt]:
        """The assumption that no importer assigns to or reads the variables; none if importers cannot access them."""
        if any(is_for_importers(self.module, cell) for cell in web.cells):
            yield Doubt(RUN_ONLY.name, f"{web.name()} may be a text to an importer")

    def _is_tested_in_text(self, cell: Cell, contents: Contents) -> bool:
        """Whether a doctest, which data flow does not see, may assign to a cell or read it."""
        if not self.module.has_text(b">>>"):
            return False
        is_local = isinstance(cell.owner, Scope) and cell.owner.parent is not None
        return not is_local or any(isinstance(target, ast.arg) for target in contents.targets)

    def _linked(self, contents: Contents) -> list[Cell]:
        """The cells that a cell's values are copied from or to, or compared with."""
        linked = [self.module.values.read_by(source.expr) for source in contents.sources if source.way is Way.VALUE]
        linked += [use_of(self.module, read).cell for read in contents.reads]
        others = [other for read in contents.reads if (other := compared_with(self.module, read)) is not None]
        linked += [self.module.values.read_by(other) for other in others]
        return [cell for cell in linked if cell is not None]

    # --- one cell ----------------------------------------------------------------------------------------------

    def _fill(self, web: Web, contents: Contents) -> Hazard:
        """Add the changes at the sources of a cell to its group; return the hazards of its values.

        Raises:
            Unfit: the cell cannot hold a path.
        """
        found = NONE
        for source in contents.sources:
            self._put(web, source)
            found |= self.judge.source(source)
        if any(self._has_type_comment(target) for target in contents.targets):
            raise Unfit("a comment says that it is something else")
        for annotation in contents.annotations:
            if not (isinstance(annotation, ast.Name) and self.module.qualified_name(annotation) == "builtins.str"):
                raise Unfit("its annotation says that it is something else")
            web.annotations.append(annotation)
        return found

    def _empty(self, web: Web, contents: Contents, found: Hazard) -> None:
        """Add the changes at the reads of a cell to its group.

        Raises:
            Unfit: a read cannot use a path.
        """
        holds_none = any(isinstance(item.expr, ast.Constant) and item.expr.value is None for item in contents.sources)
        for read in contents.reads:
            if isinstance(self.module.parent(read), ast.Delete) or read in web.beginnings:
                continue
            may_be_none = holds_none or "NoneType" in (types_of(self.module, read) or ())
            self._read(web, read, use_of(self.module, read), found, may_be_none=may_be_none)

    def _has_type_comment(self, target: ast.AST) -> bool:
        """Whether a type comment annotates a target."""
        lines = {getattr(target, "lineno", 0), getattr(target, "end_lineno", 0)}
        if isinstance(target, ast.arg) and (function := self.module.function(target)) is not None:
            body = getattr(function, "body", None)
            lines |= set(range(function.lineno, body[0].lineno + 1 if isinstance(body, list) else function.lineno + 1))
        found = self.module.comments_by_line if self.module.has_text(b"type:") else {}
        return any(_TYPE_COMMENT.match(found.get(line, "")) for line in lines)

    def _put(self, web: Web, source: Source) -> None:
        """Add the change of a source to a group."""
        expr = source.expr
        if isinstance(expr, ast.Constant) and expr.value is None:
            return
        types = types_of(self.module, expr)
        cell = self.module.values.read_by(expr)
        if cell is not None and cell in web.cells:
            return  # a copy within the group: handled at the sources of the other cell
        produced = self.produces(expr)
        if types is None and not produced or types is not None and not types <= {"str", PATH}:
            raise Unfit("it may be something else than a text")
        if is_path(self.module, expr):
            return
        if self.forms.ends_in_slash(expr):
            raise Unfit(FOR_ITS_SLASH)
        form = self.forms.path(expr)
        web.sources.append(expr)
        web.doubts = tuple(dict.fromkeys((*web.doubts, *form.doubts)))
        web.gains += produced
        web.wraps += not produced
        web.passed += not produced and isinstance(self.module.parent(expr), (ast.Call, ast.keyword, ast.Return))
        beginning = self.forms.beginning(expr) if produced else None
        if beginning is not None and self.module.values.read_by(beginning) in web.cells:
            web.beginnings.add(beginning)
            web.gains += 1

    def _is_compared_inside(self, web: Web, read: ast.expr) -> bool:
        """Whether a value is compared with one of the same group, or with a path."""
        other = compared_with(self.module, read)
        if other is None:
            return False
        return self.module.values.read_by(other) in web.cells or is_path(self.module, other)

    def _sees_none(self, read: ast.expr, use: Use) -> bool:
        """Whether None is a valid argument where a path is accepted, or a handler may see the error that it causes."""
        if use.kind is not Kind.TAKES_PATH:
            return False
        tells = names_error(self.module, "TypeError", "AttributeError") or shows_errors(self.module, read)
        return use.function in TAKING_NONE or tells

    def _read(self, web: Web, read: ast.expr, use: Use, found: Hazard, *, may_be_none: bool) -> None:
        """Add the change at one read of a cell to its group.

        Raises:
            Unfit: the read cannot use a path.
        """
        found &= ~self.judge.excluded(read)
        if use.kind is Kind.KEPT and use.cell in web.cells:
            return
        seen = use.seen
        if may_be_none and self._sees_none(read, use):
            raise Unfit("it may be None, which is told apart")
        if use.kind is Kind.TRUTH and found & seen:
            raise Unfit(ASKED_WHETHER_EMPTY)
        if self._is_compared_inside(web, read):
            seen = TEXT  # paths compare equal where their texts do, but for these hazards
        elif use.kind in {Kind.KEPT, Kind.NEEDS_TEXT}:
            if may_be_none:
                raise Unfit("it may be None where a text is needed")
            if PATH in (types_of(self.module, read) or {PATH}):
                raise Unfit("it is a path already in places")
            seen = TEXT
            if not self.absorbed(read):
                web.bridges += 1
                web.messages += is_in_message(self.module, read)
            kept = self.forms.kept(read)
            web.turned[read] = kept.then(f"str({kept.text})")
        elif use.kind is Kind.SHOWN and not self.absorbed(read):
            web.joined += is_joined_for_text(self.module, read)
        if self.absorbed(read):
            web.taken += 1
            web.gains += 1
            web.operated.append(read)
        if use.kind is Kind.TAKES_PATH:
            web.taken += 1
            if self.operates(read):
                web.gains += 1
                web.operated.append(read)
        as_text = use.kind is not Kind.TAKES_PATH or bool(seen & Hazard.UNTIDY)
        doubts = self.forms.doubts(read, met(use.function, seen, found), as_text=as_text, function=use.function)
        web.doubts = tuple(dict.fromkeys((*web.doubts, *doubts)))
