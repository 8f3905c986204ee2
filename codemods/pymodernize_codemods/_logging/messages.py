"""What a print's arguments say, and how they become a lazy logging call with the same text.

The answer for each argument is a *part*, which :mod:`.rewrite` then carries
out on LibCST nodes:

* a part knows its literal text, for choosing the level and for telling a
  message from data;
* a part is lazy where ``%`` gives the same characters as what is written for
  every value that can get there, else it stays an expression as it is.
"""

from __future__ import annotations

import ast
import re
import string
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize.semantics.types import Types, names_of

# Exact classes whose format() without a specification is their str(): object.__format__ says so, and none of
# these overrides it with anything else. Enumerations with a mixed-in type and numpy's scalars are the ones that do.
SAME_AS_STR = frozenset(
    """str int float complex bool NoneType bytes list dict tuple set frozenset range generator exception
    datetime.date datetime.datetime datetime.timedelta uuid.UUID os.environ re.Match io.TextIOWrapper
    io.BufferedIOBase""".split()
)
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
            ``call`` the argument of ``str()`` or ``repr()``; ``value`` any
            expression, as it is.
        text: the literal text in it, with ``%s`` and the like for values.
        specs: the ``%`` specification of each value, in order.
        parts: the operands of a sum.
        literal: whether there is literal text at all.
    """

    kind: str
    text: str
    specs: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    literal: bool = True


def read(module: Module, expr: ast.expr) -> Part:
    """The part for one argument of print."""
    return _lazy(module, expr) or Part("value", *_eager_text(module, expr))


def _lazy(module: Module, expr: ast.expr) -> Part | None:
    """The part for an expression whose text ``%`` can build, None if that is not proven."""
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
            return Part("call", _shown(spec, module.type_of(arg)), (spec,), literal=False) if spec else None
    return None


# --- f-strings -------------------------------------------------------------------------------------------------


def _fstring(module: Module, expr: ast.JoinedStr) -> Part | None:
    text: list[str] = []
    specs: list[str] = []
    if _DEBUG_FIELD.search(module.text(expr)):
        return None  # f"{x=}" has text that no literal shows
    for value in expr.values:
        if isinstance(value, ast.Constant):
            text.append(str(value.value))
            continue
        if not isinstance(value, ast.FormattedValue):
            return None
        spec = _field_spec(module, value)
        if spec is None:
            return None
        specs.append(spec)
        text.append(_shown(spec, module.type_of(value.value)))
    return Part("fields", "".join(text), tuple(specs), literal=_has_literal(expr))


_DEBUG_FIELD = re.compile(r"=\s*[}!:]")


def _shown(spec: str, types: Types | None) -> str:
    """A value's place in the text by which the level is chosen: a number is told from other things."""
    return "%d" if types is not None and names_of(types) == {"int"} else spec


def _field_spec(module: Module, value: ast.FormattedValue) -> str | None:
    format_spec = _constant_spec(value.format_spec)
    if format_spec is None:
        return None
    conversion = chr(value.conversion) if value.conversion > 0 else ""
    return percent_spec(conversion, format_spec, module.type_of(value.value))


def _constant_spec(spec: ast.expr | None) -> str | None:
    """The text of a format specification, None if it has fields of its own."""
    if spec is None:
        return ""
    if not isinstance(spec, ast.JoinedStr) or not all(isinstance(part, ast.Constant) for part in spec.values):
        return None
    return "".join(str(part.value) for part in spec.values if isinstance(part, ast.Constant))


def _has_literal(expr: ast.JoinedStr) -> bool:
    return any(isinstance(value, ast.Constant) and value.value for value in expr.values)


_TEXT_SPEC = re.compile(r"(?P<align>[<>]?)(?P<width>[1-9]\d*)?(?P<precision>\.\d+)?s?")
_INT_SPEC = re.compile(r"(?P<align>[<>]?)(?P<sign>\+?)(?P<zero>0?)(?P<width>[1-9]\d*)?(?P<kind>[dxXo]?)")
_FLOAT_SPEC = re.compile(
    r"(?P<align>[<>]?)(?P<sign>\+?)(?P<zero>0?)(?P<width>[1-9]\d*)?(?P<precision>\.\d+)?(?P<kind>[eEfFgG])"
)


def percent_spec(conversion: str, format_spec: str, types: Types | None) -> str | None:
    """The ``%`` specification that gives the same text as a replacement field.

    Args:
        conversion: ``r``, ``s``, ``a`` or nothing.
        format_spec: what stands behind the colon.
        types: the classes that the value may have, None for any.

    Returns:
        None if no specification does for all of these values.
    """
    if conversion:
        return _text_spec(format_spec, conversion)
    if types is None:
        return None
    names = names_of(types)
    if not format_spec:
        return "%s" if names <= SAME_AS_STR else None
    if names == {"str"}:
        return _text_spec(format_spec, "s")
    if names == {"int"} and (found := _INT_SPEC.fullmatch(format_spec)):
        return _number_spec(found, found["kind"] or "d")
    if names and names <= {"int", "float"} and (found := _FLOAT_SPEC.fullmatch(format_spec)):
        # A float that is not a number has no sign-aware zero padding under %.
        return None if found["zero"] else _number_spec(found, (found["precision"] or "") + found["kind"])
    return None


def _text_spec(format_spec: str, conversion: str) -> str | None:
    found = _TEXT_SPEC.fullmatch(format_spec)
    if found is None:
        return None
    width = found["width"] or ""
    left = "-" if width and found["align"] != ">" else ""
    return f"%{left}{width}{found['precision'] or ''}{conversion}"


def _number_spec(found: re.Match[str], tail: str) -> str | None:
    left = found["align"] == "<"
    if found["zero"] and (left or found["align"]):
        return None
    return f"%{'-' if left else ''}{found['sign']}{found['zero']}{found['width'] or ''}{tail}"


# --- the % operator --------------------------------------------------------------------------------------------


def _percent(module: Module, left: ast.expr, right: ast.expr) -> Part | None:
    if not isinstance(left, ast.Constant) or not isinstance(left.value, str):
        return None
    template = left.value
    if isinstance(right, ast.Tuple):
        if not right.elts or any(isinstance(item, ast.Starred) for item in right.elts):
            return None
        specs = tuple("%s" for _ in right.elts)
    else:
        types = module.type_of(right)
        # A tuple would be unpacked by the operator but not by logging; a mapping is looked into by both, unless empty.
        if not types or not names_of(types) <= SAME_AS_STR - {"tuple", "dict", "os.environ"}:
            return None
        specs = ("%s",)
    if "%(" in template:
        return None
    return Part("percent", template, specs, literal=bool(_PERCENT_FIELD.sub("", template)))


_PERCENT_FIELD = re.compile(r"%[-#0 +]*(?:\*|\d+)?(?:\.(?:\*|\d+))?[hlL]?[diouxXeEfFgGcrsa]")


# --- concatenation ---------------------------------------------------------------------------------------------


def operands(expr: ast.expr) -> list[ast.expr]:
    """The operands of a chain of ``+``, from left to right, also where the right one is a chain in parentheses."""
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Add):
        return [*operands(expr.left), *operands(expr.right)]
    return [expr]


def _sum(module: Module, expr: ast.BinOp) -> Part | None:
    parts: list[Part] = []
    for operand in operands(expr):
        part = _operand(module, operand)
        if part is None:
            return None
        parts.append(part)
    text = "".join(part.text for part in parts)
    return Part("sum", text, parts=tuple(parts), literal=any(part.literal for part in parts))


def _operand(module: Module, expr: ast.expr) -> Part | None:
    """A part for an operand that is certainly text: for any other, ``+`` would fail and logging would not."""
    if (part := _lazy(module, expr)) is not None:
        return part
    types = module.type_of(expr)
    if types is not None and names_of(types) == {"str"}:
        return Part("value", *_eager_text(module, expr))
    return None


# --- str.format ------------------------------------------------------------------------------------------------


def _format(module: Module, call: ast.Call, template: str) -> Part | None:
    """The part for ``"...".format(...)`` with each argument used once and in order."""
    if any(isinstance(arg, ast.Starred) for arg in call.args) or any(kw.arg is None for kw in call.keywords):
        return None
    given: list[tuple[str, ast.expr]] = [(str(number), arg) for number, arg in enumerate(call.args)]
    given += [(keyword.arg or "", keyword.value) for keyword in call.keywords]
    try:
        fields = list(string.Formatter().parse(template))
    except ValueError:
        return None
    text, specs, used = "", [], []
    for literal, name, format_spec, conversion in fields:
        text += literal
        if name is None:
            continue
        key = name or str(len(used))
        if len(used) >= len(given) or given[len(used)][0] != key or "{" in (format_spec or ""):
            return None
        spec = percent_spec(conversion or "", format_spec or "", module.type_of(given[len(used)][1]))
        if spec is None:
            return None
        types = module.type_of(given[len(used)][1])
        used.append(key)
        specs.append(spec)
        text += _shown(spec, types)
    if len(used) != len(given) or not used:
        return None
    return Part("format", text, tuple(specs), literal=any(literal for literal, *_ in fields))


# --- what stays an expression ----------------------------------------------------------------------------------


def _eager_text(module: Module, expr: ast.expr) -> tuple[str, tuple[str, ...], tuple[Part, ...], bool]:
    """The literal text that can be seen in an expression that stays as it is; the fields of a ``value`` part."""
    text = _visible(expr)
    return (text if text is not None else "%s"), ("%s",), (), text is not None


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
            return text if text is not None and _PERCENT_FIELD.sub("", text) else None
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


# --- message or data -------------------------------------------------------------------------------------------

# Separators of tables that other programs read.
_COLUMNS = frozenset({"\t", ",", ";", "|"})
_LETTERS = re.compile(r"[^\W\d_]{2,}|[^\W\d_]\w*\s")
_RULE = re.compile(r"\s*(\S)\1{2,}\s*|[\s\-=*#~_+.|]{3,}")
_CODE = re.compile(
    r"\s*(?:(?:def|class|if|for|while|try|with)\b.*:|import [\w., ]+|from \S+ import\b.*|return\b.*|#include\b.*|#!/.*"
    r"|(?:SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER)\s.*|</?\w+.*>)\s*$",
    re.DOTALL,
)
_BULLET = re.compile(r"\s*[-*+>!#]+ +%[sr]")
_MARKUP = re.compile(
    r"\s*(?:<[!/?\w].*>\s*$|content-type\s*:|[{\[]\s*[\"'].*[}\]]\s*,?\s*$|[{}\[\]()]\s*,?\s*$)", re.I | re.S
)


def is_message(parts: list[Part], separator: str) -> bool:
    """Whether a print carries words for a person, rather than data for a program.

    Words are letters in literal text beyond separators and units; a rule of
    dashes counts and so does a bullet; markup, code and single brackets do not.
    """
    if not any(part.literal for part in parts):
        return False
    text = separator.join(part.text for part in parts)
    if _MARKUP.match(text) or _CODE.match(text) or len(parts) > 1 and separator.strip(" ") in _COLUMNS:
        return False
    plain = _PERCENT_FIELD.sub("", text.replace("%%", ""))
    return bool(_LETTERS.search(plain) or _RULE.fullmatch(text) or _BULLET.match(text))
