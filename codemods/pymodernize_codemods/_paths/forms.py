"""Writes expressions with pathlib; each form says what it assumes."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Mapping
from dataclasses import replace

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.semantics.module import Module
from pymodernize.semantics.values import Cell
from pymodernize_codemods._paths import counterparts, hazards, parts
from pymodernize_codemods._paths.classes import PATH, is_path, types_of
from pymodernize_codemods._paths.doubts import Doubt, doubts_about, is_accepted, of_type, shown
from pymodernize_codemods._paths.edits import is_inside_fstring
from pymodernize_codemods._paths.form import AS_TEXT, ASKED_WHETHER_EMPTY, FOR_ITS_SLASH, Form, Unfit
from pymodernize_codemods._paths.hazards import Hazard
from pymodernize_codemods._paths.judgement import Judge
from pymodernize_codemods._paths.operations import OPERATIONS, Gives, Operation
from pymodernize_codemods._paths.taking import met
from pymodernize_codemods._paths.texts import literal, quote_of, quoted
from pymodernize_codemods._paths.uses import Kind, asked_whether_empty, use_of

_ATOMS = (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant, ast.JoinedStr, ast.List)


class Forms:
    """Writes expressions of one module with pathlib.

    Args:
        module: the module.
        judge: infers the hazards of its values.
        path: how the module names ``pathlib.Path``.
        bold: whether to rewrite parts whatever they assume; else parts whose
            assumptions are not accepted stay as they are, inside of
            ``Path(...)``.
        assumed: variables that are texts now and will be paths, each with the
            name under which that is provided.
        turned: reads of variables that will be paths, with what is written in
            their place where a text is needed.
    """

    def __init__(
        self,
        module: Module,
        judge: Judge,
        path: str,
        *,
        bold: bool = False,
        assumed: Mapping[Cell, Hashable] | None = None,
        turned: Mapping[ast.expr, Form] | None = None,
    ) -> None:
        self.module = module
        self.judge = judge
        self.name = path
        self.bold = bold
        self.assumed = assumed or {}
        self.turned = turned or {}

    def need(self, expr: ast.expr) -> Hashable | None:
        """The condition under which an expression becomes a path, as ``Rewrite.needs`` names it; None if it does not.

        Args:
            expr: any expression of the module.
        """
        cell = self.module.values.read_by(expr) if self.assumed else None
        return self.assumed.get(cell) if cell is not None else None

    def hazards(self, expr: ast.expr) -> Hazard:
        """The hazards of an expression's value once the assumed variables are paths.

        Args:
            expr: an expression that gives a text or a path.
        """
        found = self.judge.of(expr)
        return found if self.need(expr) is None else hazards.as_path(found)

    def path(self, expr: ast.expr, *, is_text: bool = False) -> Form:
        """The path that an expression stands for.

        Args:
            expr: an expression that gives a text or a path.
            is_text: whether it cannot be anything else where it stands.

        Raises:
            Unfit: it gives neither.
        """
        if is_path(self.module, expr) and not self.is_made_of_text(expr):
            return self.kept(expr)
        if (need := self.need(expr)) is not None:
            return replace(self.kept(expr), needs=frozenset({need}))
        made = self.made(expr)
        if made is not None and self.dares(made):
            return made
        return self._wrapped(expr, is_text=is_text)

    def dares(self, form: Form) -> bool:
        """Whether a form may be used: its assumptions are accepted, or all are.

        Args:
            form: the new form of a part.
        """
        return self.bold or is_accepted(self.module, form.doubts)

    def doubts(self, expr: ast.expr, found: Hazard, *, as_text: bool = False, function: str = "") -> tuple[Doubt, ...]:
        """The assumptions about a value that a rewrite needs.

        Args:
            expr: the expression that gives it.
            found: the hazards to which the rewrite is sensitive.
            as_text: whether its text is seen, and not only the file that it names.
            function: what takes it.
        """
        return doubts_about(self.module, expr, found, as_text=as_text, function=function)

    def placed(self, expr: ast.expr, form: Form) -> Form:
        """The form of a path that replaces a text: with ``str()`` around it where a text is needed.

        Args:
            expr: what stood there.
            form: the path.

        Raises:
            Unfit: it is asked whether the text is empty.
        """
        if is_path(self.module, expr):
            return form
        use = use_of(self.module, expr)
        found = self.hazards(expr)
        if use.kind is not Kind.TAKES_PATH and self.ends_in_slash(expr):
            raise Unfit(FOR_ITS_SLASH)
        if found & Hazard.EMPTY and asked_whether_empty(self.module, expr):
            raise Unfit(ASKED_WHETHER_EMPTY)
        if use.kind in {Kind.KEPT, Kind.NEEDS_TEXT}:
            if form.text.startswith(f"{self.name}(str("):
                raise Unfit("it would go from text to path and back")
            text = form.then(f"str({form.text})")
            text = replace(text, blot=AS_TEXT if form.wraps or form.bare else "")
            return text.doubted(*self.doubts(expr, hazards.TEXT & found, as_text=True))
        as_text = use.kind is not Kind.TAKES_PATH or bool(use.seen & Hazard.UNTIDY)
        return form.doubted(
            *self.doubts(expr, met(use.function, use.seen, found), as_text=as_text, function=use.function)
        )

    def ends_in_slash(self, expr: ast.expr) -> bool:
        """Whether an expression is an ``os.path.join`` with an empty last part, which appends a slash.

        Args:
            expr: any expression.
        """
        if not isinstance(expr, ast.Call) or self.module.qualified_name(expr.func) != "os.path.join":
            return False
        return bool(expr.args) and literal(self.module, expr.args[-1]) == ""

    def is_made_of_text(self, expr: ast.expr) -> bool:
        """Whether an expression is ``Path(text)``."""
        return (
            isinstance(expr, ast.Call)
            and self.module.qualified_name(expr.func) == PATH
            and len(expr.args) == 1
            and not expr.keywords
            and not isinstance(expr.args[0], ast.Starred)
        )

    def beginning(self, expr: ast.expr) -> ast.expr | None:
        """The expression that becomes the first part of a path, where one is split into parts; None if it is not split.

        Args:
            expr: an expression that is written as a path.
        """
        return None

    def made(self, expr: ast.expr) -> Form | None:
        """The form of an expression that pathlib has a counterpart for; None if it has none."""
        if isinstance(expr, ast.Call):
            qualified = self.module.qualified_name(expr.func)
            if self.is_made_of_text(expr):
                inner = self.path(expr.args[0])
                return inner.wrapped_before()
            if qualified == "builtins.str" and len(expr.args) == 1 and is_path(self.module, expr.args[0]):
                return self.kept(expr.args[0])
            if qualified == "os.path.join" and expr.args and not expr.keywords:
                return self.joined(expr.args)
            if qualified == "os.path.expanduser" and len(expr.args) == 1 and not expr.keywords:
                return self._home(expr.args[0]) or self.operated(expr, qualified, OPERATIONS[qualified])
            if qualified == "os.path.normpath" and len(expr.args) == 1:
                found = self.hazards(expr.args[0]) & Hazard.DOTDOT
                return self.path(expr.args[0]).doubted(*self.doubts(expr.args[0], found))
            operation = OPERATIONS.get(qualified or "")
            if operation is not None and operation.gives is Gives.PATH:
                return self.operated(expr, qualified or "", operation)
        if isinstance(expr, ast.Subscript):
            return parts.stemmed(self, expr, "") or parts.head(self, expr)
        if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add) and isinstance(expr.left, ast.Subscript):
            suffix = literal(self.module, expr.right)
            if suffix is not None and suffix.startswith(".") and suffix != "." and "/" not in suffix:
                return parts.stemmed(self, expr.left, suffix)
        if isinstance(expr, ast.IfExp):
            return self._chosen(expr)
        if self.module.qualified_name(expr) in {"os.curdir", "os.path.curdir"}:
            return self._here(expr)
        return None

    def _wrapped(self, expr: ast.expr, *, is_text: bool) -> Form:
        types = types_of(self.module, expr)
        if types is not None and not types & {"str", PATH}:
            raise Unfit("it is no path")
        if literal(self.module, expr) == ".":
            return self._here(expr)
        kept = self.kept(expr)
        if isinstance(expr, ast.Call) and self.module.qualified_name(expr.func) == "builtins.str":
            if len(expr.args) == 1 and types_of(self.module, expr.args[0]) is None:
                reason = f"{shown(self.module, expr.args[0])}, which is turned into a text, may be no path"
                whole = self._wrapped(expr.args[0], is_text=True).doubted(Doubt(CHANGES_BEHAVIOUR.name, reason))
                if self.dares(whole):
                    return whole
        is_unknown = not is_text and (types is None or types - {"str", PATH, "NoneType"})
        doubts = of_type(self.module, expr) if is_unknown else ()
        text = f"{self.name}({kept.text})"
        return replace(kept.doubted(*doubts), text=text, tight=True, names_path=True, wraps=(expr,), bare=True)

    def _here(self, expr: ast.expr) -> Form:
        """The form of an expression that names the current folder."""
        return Form(f"{self.name}()", names_path=True, wraps=(expr,), bare=True)

    def kept(self, expr: ast.expr) -> Form:
        """The source of an expression, with ``str()`` around the variables in it that become paths.

        Args:
            expr: any expression of the module.
        """
        return Form(self.source(expr), isinstance(expr, _ATOMS))

    def source(self, expr: ast.expr) -> str:
        """The source of an expression, with the counterparts of the reads in it.

        Args:
            expr: any expression of the module.
        """
        if is_inside_fstring(self.module, expr):
            return ast.unparse(expr)  # before Python 3.12, nodes in there have no usable positions
        if not self.turned:
            return self.module.text(expr)
        start, end = self.module.span(expr)
        data = self.module.source.data
        text, position = "", start
        for read, form in sorted(self.turned.items(), key=lambda item: self.module.span(item[0])):
            first, last = self.module.span(read)
            if position <= first and last <= end:
                text += data[position:first].decode("utf-8") + form.text
                position = last
        return text + data[position:end].decode("utf-8")

    # --- operations --------------------------------------------------------------------------------------------

    def joined(self, parts: list[ast.expr]) -> Form:
        """The form of ``os.path.join`` with several arguments.

        Args:
            parts: the arguments of ``os.path.join``.

        Raises:
            Unfit: a part is no path.
        """
        parts = self._flattened(parts)
        if isinstance(parts[0], ast.Starred):
            whole = Form(self.name, names_path=True)
            return whole.then(f"{self.name}({', '.join(self.source(part) for part in parts)})")
        texts = [part for part in parts if not isinstance(part, ast.Starred)]
        is_text = len(parts) > 1 and any((types_of(self.module, part) or {0}) <= {"str", PATH} for part in texts)
        first, *rest = parts
        if rest and literal(self.module, first) == "":
            first, *rest = rest
        whole = self.path(first, is_text=is_text)
        if any(isinstance(part, ast.Starred) for part in rest):
            return whole.then(f"{whole.base}.joinpath({', '.join(self.source(part) for part in rest)})")
        operands = [self.operand(part) for part in rest if literal(self.module, part) != ""]
        if not operands:
            return whole
        if whole.text == f"{self.name}()":
            # A path relative to the current folder does not name it.
            text = " / ".join([f"{self.name}({operands[0].text})", *(item.base for item in operands[1:])])
            return replace(whole.then(text, *operands, tight=len(operands) == 1), bare=True)
        text = " / ".join([self.left(whole), *(item.base for item in operands)])
        return replace(whole.then(text, *operands, tight=False), bare=whole.bare)

    def left(self, whole: Form) -> str:
        """The source of a path as the left operand of ``/``.

        Args:
            whole: the path.
        """
        return whole.text if whole.tight or " / " in whole.text else whole.base

    def _flattened(self, parts: list[ast.expr]) -> list[ast.expr]:
        """The arguments of ``os.path.join`` with those of nested calls of it in their place."""
        flat: list[ast.expr] = []
        for part in parts:
            nested = isinstance(part, ast.Call) and self.module.qualified_name(part.func) == "os.path.join"
            if nested and isinstance(part, ast.Call) and part.args and not part.keywords:
                flat += self._flattened(part.args)
            else:
                flat.append(part)
        return flat

    def operand(self, expr: ast.expr) -> Form:
        """The form of a right operand of ``/``: a text or another path.

        Args:
            expr: an expression.
        """
        text = literal(self.module, expr)
        if text is not None and not isinstance(expr, ast.Constant):
            return Form(f'"{text}"')
        if isinstance(expr, ast.Call) and self.module.qualified_name(expr.func) == "builtins.str":
            if len(expr.args) == 1 and is_path(self.module, expr.args[0]):
                return self.kept(expr.args[0])
        try:
            return self.value(expr) or self.kept(expr)
        except Unfit:
            return self.kept(expr)

    def operated(self, call: ast.Call, qualified: str, operation: Operation) -> Form:
        """The counterpart of a call; see :func:`pymodernize_codemods._paths.counterparts.counterpart`."""
        return counterparts.counterpart(self, call, qualified, operation)

    def _chosen(self, expr: ast.IfExp) -> Form | None:
        """The form of a conditional expression; None if pathlib has a counterpart for neither of its values."""
        if self.made(expr.body) is None and self.made(expr.orelse) is None:
            return None
        body, orelse = self.path(expr.body), self.path(expr.orelse)
        return body.then(f"{body.text} if {self.source(expr.test)} else {orelse.text}", orelse, tight=False)

    def _home(self, expr: ast.expr) -> Form | None:
        """The form of ``os.path.expanduser`` for a literal ``"~"`` or ``"~/..."``; None for any other argument."""
        text = literal(self.module, expr)
        if text is None or text != "~" and not text.startswith("~/"):
            return None
        whole = Form(f"{self.name}.home()", names_path=True)
        below = text[2:].strip("/")
        return (
            whole.then(f"{whole.text} / {quoted(below, quote_of(self.source(expr)))}", tight=False) if below else whole
        )

    def value(self, expr: ast.expr) -> Form | None:
        """The form of an expression that queries a path: its name, its size, whether it exists.

        Args:
            expr: any expression.

        Returns:
            Its form, None if there is no such counterpart.

        Raises:
            Unfit: its path is none.
        """
        if isinstance(expr, ast.Subscript):
            return self.part(expr)
        if not isinstance(expr, ast.Call):
            return None
        qualified = self.module.qualified_name(expr.func) or ""
        operation = OPERATIONS.get(qualified)
        if operation is None or operation.gives is Gives.PATH:
            return None
        made = self.operated(expr, qualified, operation)
        return made if self.dares(made) else None

    def part(self, expr: ast.Subscript) -> Form | None:
        """The name, stem or suffix of a path; see :func:`pymodernize_codemods._paths.parts.part`."""
        return parts.part(self, expr)
