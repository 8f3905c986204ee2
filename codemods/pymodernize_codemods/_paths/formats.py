"""Whether formatting a value uses only ``str`` of it, as is possible for paths, too."""

from __future__ import annotations

import ast
import re
from string import Formatter

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind
from pymodernize_codemods._paths.classes import types_of

_DIRECTIVE = re.compile(r"%((?:\([^)]*\))?[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?)(.)", re.DOTALL)
_LOGGING = frozenset({"debug", "info", "warning", "warn", "error", "critical", "exception", "fatal", "log"})


def is_plainly_formatted(module: Module, template: ast.expr, values: ast.expr, value: ast.expr) -> bool:
    """Whether one of the values of ``template % values`` is formatted by ``%s``, of any width."""
    if not isinstance(template, ast.Constant) or not isinstance(template.value, str):
        return False
    directives = [directive for directive in _DIRECTIVE.findall(template.value) if directive[1] != "%"]
    if isinstance(values, ast.Tuple):
        place = next(number for number, item in enumerate(values.elts) if item is value)
        before = values.elts[: place + 1]
    else:
        place, before = 0, [values]
        if types_of(module, values) is None:
            return False  # it may be a tuple, or a mapping
    if any(isinstance(item, ast.Starred) for item in before) or any(
        "*" in text or "(" in text for text, _ in directives
    ):
        return False
    return place < len(directives) and directives[place][1] == "s"


def is_formatted(call: ast.Call, place: int) -> bool:
    """Whether a call is ``"...{}...".format(...)``, with plain fields for the argument at a place."""
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr != "format":
        return False
    template = func.value
    if not isinstance(template, ast.Constant) or not isinstance(template.value, str):
        return False
    try:
        fields = [field for field in Formatter().parse(template.value) if field[1] is not None]
    except ValueError:
        return False
    for number, (_, name, spec, conversion) in enumerate(fields):
        if not (name or "").isdecimal() and name:
            continue  # a keyword's, unless it is an item or an attribute of an argument
        if (int(name) if name else number) == place and (spec or conversion not in {None, "s"}):
            return False
    return all((name or "0").isalnum() for _, name, _, _ in fields)


def is_logged_plainly(module: Module, call: ast.Call, place: int) -> bool:
    """Whether a logging call shows an argument by ``%s``, or as the message itself; any other call does."""
    if not is_logging(module, call):
        return True
    first = 1 if isinstance(call.func, ast.Attribute) and call.func.attr == "log" else 0
    if place <= first:
        return place == first
    template = call.args[first]
    values = ast.Tuple(call.args[first + 1 :], ast.Load())
    return is_plainly_formatted(module, template, values, call.args[place])


def is_logging(module: Module, call: ast.Call) -> bool:
    """Whether a call is one of a logger, or of :mod:`logging` itself."""
    func = call.func
    if not isinstance(func, ast.Attribute) or func.attr not in _LOGGING:
        return False
    if module.qualified_name(func.value) == "logging":
        return True
    if not isinstance(func.value, ast.Name):
        return False
    found = module.scope(func.value).lookup(func.value.id)
    if found is None or len(found[1]) != 1 or found[1][0].kind is not BindingKind.NAME:
        return False
    assign = module.parent(found[1][0].node)
    made = assign.value if isinstance(assign, ast.Assign) else None
    return isinstance(made, ast.Call) and module.qualified_name(made.func) == "logging.getLogger"
