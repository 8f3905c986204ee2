"""What a print's arguments say, and how they become a lazy logging call with the same text.

The answer for each argument is a *part*, which :mod:`.rewrite` then carries
out on LibCST nodes:

* a part knows its literal text, for choosing the level and for telling a
  message from data;
* a part is lazy where ``%`` gives the same characters as what is written for
  every value that can get there, or for every plain one where that is
  assumed, else it stays an expression as it is.
"""

from __future__ import annotations

import ast
import re
import string
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize.semantics.types import Types, names_of
from pymodernize_codemods._assumptions import PLAIN_MESSAGES
from pymodernize_codemods._logging.specs import PERCENT_FIELD, SAME_AS_STR, percent_spec, plain_spec

_NUMBERS = frozenset({"int", "float", "bool"})
_TEXT_METHODS = frozenset(
    "capitalize center expandtabs format ljust lower rjust rstrip strip title upper zfill".split()
)


@dataclass(frozen=True)
class Part:
    """One argument of print, or one operand of a concatenation.

    Attributes:
        kind: what :mod:`.rewrite` has to do: ``text`` a plain literal;
            ``fields`` an f-string, ``percent`` and ``format`` an operation on
            a literal, all turned into a template; ``sum`` operands of ``+``;
            ``call`` the argument of ``str()`` or ``repr()``; ``constant`` a
            number, True, False or None; ``value`` any expression, as it is.
        text: the literal text in it, with ``%s`` and the like for values.
        specs: the ``%`` specification of each value, in order.
        parts: the operands of a sum.
        literal: whether there is literal text at all.
        values: the value for each specification; for ``value`` the expression
            itself.
        forms: how each value is passed on: as it is (empty), with a star, by
            ``str`` or ``repr``, as a ``field``, an f-string of its own, or as
            what is ``inside`` of a call of ``str``.
        order: for ``format``, the number of the argument for each value.
        plain: whether the text is the same for plain values only.
    """

    kind: str
    text: str
    specs: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    literal: bool = True
    values: tuple[ast.expr, ...] = ()
    forms: tuple[str, ...] = ()
    order: tuple[int, ...] = ()
    plain: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether the text is the same for plain values only, here or in an operand."""
        return self.plain or any(part.is_plain for part in self.parts)


@dataclass(frozen=True)
class _Field:
    """How a replacement field becomes a ``%`` specification."""

    spec: str
    form: str = ""
    plain: bool = False


def read(module: Module, expr: ast.expr) -> Part:
    """The part for one argument of print."""
    return _lazy(module, expr) or as_value(expr)


def as_value(expr: ast.expr) -> Part:
    """The part for an expression that is passed on as it is.

    Args:
        expr: the argument or operand.
    """
    if isinstance(expr, ast.Constant) and isinstance(expr.value, (int, float, type(None))):
        return Part("constant", str(expr.value), literal=False)
    text = _visible(expr)
    shown = text if text is not None else "%s"
    return Part("value", shown, ("%s",), literal=text is not None, values=(expr,), forms=("",))


def _lazy(module: Module, expr: ast.expr) -> Part | None:
    """The part for an expression whose text ``%`` can build, None if that is not certain."""
    match expr:
        case ast.Constant(value=str(text)):
            return Part("text", text)
        case ast.JoinedStr():
            return _fstring(module, expr)
        case ast.BinOp(left=left, op=ast.Mod(), right=right):
            return _percent(module, left, right)
        case ast.BinOp(op=ast.Add()):
            return _sum(module, expr)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr="format")):
            return _format(module, expr, text)
        case ast.Call(args=[arg], keywords=[]) if not isinstance(arg, ast.Starred):
            spec = {"builtins.str": "%s", "builtins.repr": "%r"}.get(module.qualified_name(expr.func) or "")
            if spec is None:
                return None
            shown = _shown(spec, module.type_of(arg))
            return Part("call", shown, (spec,), literal=False, values=(arg,), forms=("",))
    return None


def _assumes_plain(module: Module) -> bool:
    return module.accepts(PLAIN_MESSAGES.name)


# --- f-strings -------------------------------------------------------------------------------------------------


def _fstring(module: Module, expr: ast.JoinedStr) -> Part | None:
    text: list[str] = []
    values: list[ast.expr] = []
    fields: list[_Field] = []
    for value in expr.values:
        if isinstance(value, ast.Constant):
            text.append(str(value.value))
            continue
        if not isinstance(value, ast.FormattedValue):
            return None
        field = _field(module, value)
        if field is None:
            return None
        if field == _Field("%s") and value.conversion < 0 and (inside := _inside_of_str(module, value.value)):
            fields.append(_Field("%s", "inside"))
            values.append(inside)
            text.append("%s")
            continue
        fields.append(field)
        values.append(value if field.form == "field" else value.value)
        text.append(_shown(field.spec, module.type_of(value.value)))
    return Part(
        "fields",
        "".join(text),
        tuple(field.spec for field in fields),
        literal=_has_literal(expr),
        values=tuple(values),
        forms=tuple(field.form for field in fields),
        plain=any(field.plain for field in fields),
    )


def _inside_of_str(module: Module, expr: ast.expr) -> ast.expr | None:
    """The argument of a call of ``str``, which shows the same; None for any other expression."""
    match expr:
        case ast.Call(args=[arg], keywords=[]) if not isinstance(arg, ast.Starred):
            return arg if module.qualified_name(expr.func) == "builtins.str" else None
    return None


def _shown(spec: str, types: Types | None) -> str:
    """A value's place in the text by which the level is chosen: a number is told from other things."""
    return "%d" if types is not None and names_of(types) == {"int"} else spec


def _field(module: Module, value: ast.FormattedValue) -> _Field | None:
    """What a replacement field becomes; None if that is not certain."""
    format_spec = _constant_spec(value.format_spec)
    if format_spec is None:
        return _Field("%s", "field")
    conversion = chr(value.conversion) if value.conversion > 0 else ""
    types = module.type_of(value.value)
    spec = percent_spec(conversion, format_spec, types)
    if spec is not None:
        return _Field(spec)
    if types is None:
        if not _assumes_plain(module):
            return None
        spec = plain_spec(format_spec)
        if spec is not None:
            return _Field(spec, plain=True)
    return _Field("%s", "field") if format_spec else None


def _constant_spec(spec: ast.expr | None) -> str | None:
    """The text of a format specification, None if it has fields of its own."""
    if spec is None:
        return ""
    if not isinstance(spec, ast.JoinedStr) or not all(isinstance(part, ast.Constant) for part in spec.values):
        return None
    return "".join(str(part.value) for part in spec.values if isinstance(part, ast.Constant))


def _has_literal(expr: ast.JoinedStr) -> bool:
    return any(isinstance(value, ast.Constant) and value.value for value in expr.values)


# --- the % operator --------------------------------------------------------------------------------------------

_SPEC = re.compile(
    r"%(?:%|(?:\((?P<key>[^()]*)\))?[-#0 +]*(?P<width>\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?(?P<kind>[a-zA-Z]))"
)


def _percent(module: Module, left: ast.expr, right: ast.expr) -> Part | None:
    if not isinstance(left, ast.Constant) or not isinstance(left.value, str):
        return None
    template = left.value
    found = [match for match in _SPEC.finditer(template) if match["kind"]]
    specs = tuple(match.group() for match in found)
    if not specs or "*" in "".join(specs):
        return None
    literal = bool(PERCENT_FIELD.sub("", template))
    if any(match["key"] is not None for match in found):
        if isinstance(right, ast.Tuple) or not _assumes_plain(module):
            return None
        return Part("mapping", template, ("%s",), literal=literal, values=(right,), forms=("",), plain=True)
    if isinstance(right, ast.Tuple):
        if len(right.elts) != len(specs) or any(isinstance(item, ast.Starred) for item in right.elts):
            return None
        shown = [
            _inside_of_str(module, item) if spec == "%s" else None for spec, item in zip(specs, right.elts, strict=True)
        ]
        values = tuple(inside or item for inside, item in zip(shown, right.elts, strict=True))
        forms, plain = tuple("inside" if inside else "" for inside in shown), False
    else:
        form = _passed(module, right, len(specs))
        if form is None:
            return None
        values, forms, plain = (right,), (form,), form == "*" or module.type_of(right) is None
    plain = plain or not all(_takes(module, *pair) for pair in zip(specs, values, strict=False))
    if plain and not _assumes_plain(module):
        return None
    return Part("percent", template, specs, literal=literal, values=values, forms=forms, plain=plain)


def _passed(module: Module, right: ast.expr, count: int) -> str | None:
    """How a right side that is no tuple as it stands is passed on: as it is, or with a star; None if neither is right.

    A tuple would be unpacked by the operator but not by logging; a mapping is
    looked into by both, unless it is empty.
    """
    types = module.type_of(right)
    if types is None:
        return "" if count == 1 else "*"
    if count == 1:
        return "" if names_of(types) <= SAME_AS_STR - {"tuple", "dict", "os.environ"} else None
    return "*" if names_of(types) == {"tuple"} else None


def _takes(module: Module, spec: str, value: ast.expr) -> bool:
    """Whether a specification takes every value that can get there: one for numbers fails on others."""
    types = module.type_of(value)
    return spec[-1] in "sra" or types is not None and names_of(types) <= _NUMBERS


# --- concatenation ---------------------------------------------------------------------------------------------


def operands(expr: ast.expr) -> list[ast.expr]:
    """The operands of a chain of ``+``, from left to right, also where the right one is a chain in parentheses."""
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add):
        return [*operands(expr.left), *operands(expr.right)]
    return [expr]


def _sum(module: Module, expr: ast.BinOp) -> Part | None:
    parts = [_operand(module, operand) for operand in operands(expr)]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts) or all(part.plain and part.kind == "value" for part in known):
        return None
    text = "".join(part.text for part in known)
    return Part("sum", text, parts=tuple(known), literal=any(part.literal for part in known))


def _operand(module: Module, expr: ast.expr) -> Part | None:
    """A part for an operand that is text, None for any other: ``+`` would fail there and logging would not."""
    part = _lazy(module, expr)
    if part is not None and part.kind != "mapping":
        return part
    types = module.type_of(expr)
    value = as_value(expr)
    if types is None:
        return Part(**{**vars(value), "plain": True}) if _assumes_plain(module) else None
    return value if names_of(types) == {"str"} else None


# --- str.format ------------------------------------------------------------------------------------------------


def _format(module: Module, call: ast.Call, template: str) -> Part | None:
    """The part for ``"...".format(...)`` that uses each argument; in another order only where that changes nothing."""
    if any(isinstance(arg, ast.Starred) for arg in call.args) or any(kw.arg is None for kw in call.keywords):
        return None
    given: dict[str, ast.expr] = {str(number): arg for number, arg in enumerate(call.args)}
    given |= {keyword.arg or "": keyword.value for keyword in call.keywords}
    numbers = {key: number for number, key in enumerate(given)}
    try:
        fields = list(string.Formatter().parse(template))
    except ValueError:
        return None
    text, specs, order, plain, unnamed = "", [], [], False, 0
    for literal, name, format_spec, conversion in fields:
        text += literal
        if name is None:
            continue
        key = name or str(unnamed)
        unnamed += not name
        if key not in given or "{" in (format_spec or ""):
            return None
        types = module.type_of(given[key])
        spec = percent_spec(conversion or "", format_spec or "", types)
        if spec is None and types is None and _assumes_plain(module):
            spec, plain = plain_spec(format_spec or ""), True
        if spec is None:
            return None
        order.append(numbers[key])
        specs.append(spec)
        text += _shown(spec, types)
    values = list(given.values())
    in_order = order == list(range(len(given)))
    if not order or set(order) != set(range(len(given))) or not in_order and not all(map(_stands_still, values)):
        return None
    return Part(
        "format",
        text,
        tuple(specs),
        literal=any(literal for literal, *_ in fields),
        values=tuple(values[number] for number in order),
        forms=("",) * len(specs),
        order=tuple(order),
        plain=plain,
    )


def _stands_still(expr: ast.expr) -> bool:
    """Whether an expression may be worked out in another order, and more than once."""
    return isinstance(expr, (ast.Name, ast.Constant))


# --- the text that can be seen in what stays an expression ------------------------------------------------------


def _visible(expr: ast.expr) -> str | None:
    match expr:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            if not _has_literal(expr):
                return None
            return "".join(str(item.value) if isinstance(item, ast.Constant) else "%s" for item in values)
        case ast.BinOp(left=left, op=ast.Mod()):
            text = _visible(left)
            return text if text is not None and PERCENT_FIELD.sub("", text) else None
        case ast.BinOp(op=ast.Add()):
            found = [_visible(operand) for operand in operands(expr)]
            return "".join(text or "%s" for text in found) if any(found) else None
        case ast.BinOp(left=left, op=ast.Mult(), right=right):
            return _repeated(left) or _repeated(right)
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(text)), attr=attr)) if attr in _TEXT_METHODS:
            return text if attr != "format" or re.sub(r"\{[^{}]*\}", "", text) else None
        case ast.IfExp(body=body, orelse=orelse):
            one, other = _visible(body), _visible(orelse)
            return f"{one} {other}" if one is not None and other is not None else None
    return None


def _repeated(expr: ast.expr) -> str | None:
    """A rule such as ``"-" * 40``, long enough to be seen as one."""
    if isinstance(expr, ast.Constant) and isinstance(expr.value, str) and expr.value.strip():
        return expr.value * 3
    return None
