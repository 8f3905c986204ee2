"""Writes a call of a function as the call of its counterpart in pathlib, by the table of operations."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize_codemods._assumptions import NO_SYMLINKS
from pymodernize_codemods._paths import hazards
from pymodernize_codemods._paths.classes import PATH, types_of
from pymodernize_codemods._paths.doubts import Doubt, of_type, shown
from pymodernize_codemods._paths.errors import names_error, shows_errors
from pymodernize_codemods._paths.form import Form, Unfit
from pymodernize_codemods._paths.hazards import Hazard
from pymodernize_codemods._paths.operations import FIXED, Gives, Operation, bound
from pymodernize_codemods._paths.taking import met
from pymodernize_codemods._paths.telling import told_by_errors, told_by_name

if TYPE_CHECKING:
    from pymodernize_codemods._paths.forms import Forms

_OF_FOLDERS = ("FileExistsError", "FileNotFoundError")


def counterpart(forms: Forms, call: ast.Call, qualified: str, operation: Operation) -> Form:
    """The form of a call's counterpart in pathlib.

    Args:
        forms: writes the parts of it.
        call: a call of a function that has one.
        qualified: the function.
        operation: its row.

    Raises:
        Unfit: an argument has no counterpart, or the path is none.
    """
    if reason := operation.too_new(forms.module.target):
        raise Unfit(reason)
    given = bound(operation, call)
    if given is None:
        raise Unfit("an argument of it has no counterpart, or cannot be told")
    if _turns_order(forms, call, operation, given):
        raise Unfit("its arguments would be worked out in another order")
    whole, found = _receiver(forms, call, qualified, operation, given)
    others = {
        name: _other(forms, operation, expr)
        for name, expr in given.items()
        if name != operation.path and name not in operation.rest
    }
    receiver = given.get(operation.path, call)
    as_text = bool(operation.seen & Hazard.UNTIDY or operation.gives is Gives.PATH or qualified == "os.path.basename")
    template, doubts = operation.template, forms.doubts(receiver, found, as_text=as_text, function=qualified)
    if operation.reason:
        doubts = (Doubt(CHANGES_BEHAVIOUR.name, operation.reason),)
    if operation.instead and found & operation.differs:
        template = operation.instead
        doubts = (Doubt(NO_SYMLINKS.name, operation.because.format(shown(forms.module, receiver))),)
    fields = {name: form.text for name, form in others.items()}
    fields |= {"Path": forms.name, "path": whole.base}
    fields["rest"] = ", ".join(_passed_on(forms, operation, given, FIXED.get(qualified)))
    made = whole.then(_filled(template, fields), *others.values()).doubted(*doubts)
    return made if receiver is not call else replace(made, bare=True)


def _turns_order(forms: Forms, call: ast.Call, operation: Operation, given: Mapping[str, ast.expr]) -> bool:
    """Whether the counterpart evaluates arguments that may have side effects in another order."""
    before = [name for name, expr in sorted(given.items(), key=lambda item: forms.module.span(item[1]))]
    after = sorted(given, key=lambda name: (name != operation.path, name in operation.rest, before.index(name)))
    acting = [name for name in before if not _is_at_rest(forms, given[name])]
    return [name for name in after if name in acting] != acting


def _is_at_rest(forms: Forms, expr: ast.expr) -> bool:
    """Whether evaluating an expression has no side effect."""
    if isinstance(expr, ast.Call):
        known = forms.module.qualified_name(expr.func) or ""
        at_rest = known.startswith("os.path.") or known in {PATH, "builtins.str"}
        return at_rest and not expr.keywords and all(_is_at_rest(forms, arg) for arg in expr.args)
    if isinstance(expr, ast.BinOp):
        return _is_at_rest(forms, expr.left) and _is_at_rest(forms, expr.right)
    if isinstance(expr, ast.Attribute):
        return _is_at_rest(forms, expr.value)
    if isinstance(expr, ast.JoinedStr):
        return all(_is_at_rest(forms, part.value) for part in expr.values if isinstance(part, ast.FormattedValue))
    return isinstance(expr, (ast.Name, ast.Constant))


def _receiver(
    forms: Forms, call: ast.Call, qualified: str, operation: Operation, given: Mapping[str, ast.expr]
) -> tuple[Form, Hazard]:
    """The form of the path whose method is called, and those of its hazards to which the call is sensitive."""
    receiver = given.get(operation.path)
    if receiver is None:
        return Form(f"{forms.name}()", names_path=True), Hazard(0)
    if operation.optional and "NoneType" in (types_of(forms.module, receiver) or ()):
        raise Unfit("it may be None, which is the current folder")
    seen = operation.seen | operation.differs
    told = told_by_errors(forms.module, call) | told_by_name(forms.module, call, qualified)
    if operation.seen & hazards.FILE:
        seen |= told
    if operation.errors and (shows_errors(forms.module, call) or names_error(forms.module, *_OF_FOLDERS)):
        seen |= operation.errors
    form = forms.path(receiver)
    if operation.seen & hazards.FILE and operation.gives is Gives.SAME and not operation.differs & Hazard.DOT | told:
        form = _without_absolute(forms, receiver, form)
    return form, met(qualified, seen, forms.hazards(receiver))


def _without_absolute(forms: Forms, receiver: ast.expr, form: Form) -> Form:
    """The form of a path of which only the file counts: which folder it starts from makes no difference to that."""
    if isinstance(receiver, ast.Call) and forms.module.qualified_name(receiver.func) == "os.path.abspath":
        if form.text.endswith(".absolute()") and len(receiver.args) == 1:
            return forms.path(receiver.args[0]).doubted(*form.doubts)
    return form


def _other(forms: Forms, operation: Operation, expr: ast.expr) -> Form:
    """The form of a call's second path: unchanged, but for a join, which is written with pathlib."""
    doubts = forms.doubts(expr, operation.others & forms.hazards(expr))
    if operation.gives is Gives.NOTHING:
        types = types_of(forms.module, expr)
        if types is not None and not types <= {"str", PATH}:
            raise Unfit("its second path may be none")
        doubts += of_type(forms.module, expr) if types is None else ()
    made = forms.made(expr)
    # The text of a link is kept in it.
    seen = hazards.TEXT if operation.path == "dst" else hazards.FILE
    if made is not None and forms.dares(made) and not seen & forms.hazards(expr):
        return made.doubted(*doubts)
    return forms.kept(expr).doubted(*doubts)


def _filled(template: str, fields: Mapping[str, str]) -> str:
    """A template with its fields filled in; a comma in front of an empty field is left out."""

    def value(match: re.Match[str]) -> str:
        text = fields[match.group(2)]
        return f"{match.group(1)}{text}" if text else ""

    return re.sub(r"\{((?:, )?)(\w+)\}", value, template)


def _passed_on(forms: Forms, operation: Operation, given: dict[str, ast.expr], fixed: str | None) -> list[str]:
    """The source of the arguments that are passed on to the method: leading ones by position, the others by name."""
    texts: list[str] = []
    by_place = True
    keywords: list[str] = []
    for number, name in enumerate(operation.rest):
        if name not in given:
            by_place = False
            continue
        text = forms.source(given[name])
        is_keyword = isinstance(forms.module.parent(given[name]), ast.keyword)
        if by_place and number < operation.by_place and not is_keyword:
            texts.append(text)
        else:
            by_place = False
            keywords.append(f"{name}={text}")
    return [*texts, *([fixed] if fixed else []), *keywords]
