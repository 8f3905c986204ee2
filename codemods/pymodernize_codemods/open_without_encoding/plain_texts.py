"""Whether a value is written with the characters of ASCII, which have the same bytes in every locale's encoding."""

from __future__ import annotations

import ast
import re

from pymodernize.semantics.module import Module
from pymodernize.semantics.types import NUMBERS, names_of
from pymodernize.semantics.values import Contents, Source, Way

_TIMES = frozenset({"datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta"})
_ALWAYS = frozenset({"builtins.ascii", "builtins.bin", "builtins.hex", "builtins.oct"})
_OF_TEXTS = frozenset(
    """capitalize center expandtabs ljust lower lstrip removeprefix removesuffix replace rjust rstrip strip swapcase
    title upper zfill""".split()
)
# n puts in the locale's separators, c makes a character of a number.
_SPEC = re.compile(r"[^nc{}]*", re.ASCII)
_FIELD = re.compile(r"\{\w*(![rsa])?(:[^{}nc]*)?\}|\{\{|\}\}", re.ASCII)
_CHARACTER = re.compile(r"%(\(\w*\))?[-#0 +*\d.]*c")
# Those that give names have the locale's words.
_PLAIN_TIME = re.compile(r"([^%]|%[YmdHMSjUWwyfGVu%])*")
_JSON_OPTIONS = frozenset({"allow_nan", "check_circular", "default", "skipkeys", "sort_keys"})


def is_plain(module: Module, expr: ast.expr) -> bool:
    """Whether the text of a value, as ``str()`` gives it, certainly has no characters but those of ASCII.

    Args:
        module: the module.
        expr: an expression of it.
    """
    return _Plain(module).of(expr)


def are_plain(module: Module, exprs: list[ast.expr]) -> bool:
    """Whether that holds for all of several expressions.

    Args:
        module: the module.
        exprs: expressions of it.
    """
    return all(is_plain(module, expr) for expr in exprs)


def is_plain_json(module: Module, keywords: list[ast.keyword]) -> bool:
    """Whether ``json.dump`` and ``json.dumps`` escape everything that is not ASCII.

    Args:
        module: the module.
        keywords: of a call.
    """
    for keyword in keywords:
        if keyword.arg == "ensure_ascii":
            if not isinstance(keyword.value, ast.Constant) or not keyword.value.value:
                return False
        elif keyword.arg == "separators":
            if not isinstance(keyword.value, ast.Tuple) or not are_plain(module, keyword.value.elts):
                return False
        elif keyword.arg == "indent":
            if not is_plain(module, keyword.value):
                return False
        elif keyword.arg not in _JSON_OPTIONS:
            return False
    return True


class _Plain:
    """Answers the question for one expression, through variables."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.seen: set[ast.expr] = set()

    def of(self, expr: ast.expr) -> bool:
        """Whether an expression is plain."""
        types = self.module.type_of(expr)
        if types and names_of(types) <= NUMBERS | _TIMES | {"NoneType"}:
            return True
        match expr:
            case ast.Constant(value=value):
                return not isinstance(value, str) or value.isascii()
            case ast.JoinedStr(values=values):
                return all(map(self.of, values))
            case ast.FormattedValue():
                return self._formatted(expr)
            case ast.BinOp(left=ast.Constant(value=str(template)), op=ast.Mod(), right=right):
                values = right.elts if isinstance(right, ast.Tuple) else [right]
                return template.isascii() and not _CHARACTER.search(template) and all(map(self.of, values))
            case ast.BinOp(left=left, op=ast.Add() | ast.Mult(), right=right):
                return self.of(left) and self.of(right)
            case ast.IfExp(body=body, orelse=orelse):
                return self.of(body) and self.of(orelse)
            case ast.BoolOp(values=values):
                return all(map(self.of, values))
            case ast.Call():
                return self._call(expr)
            case ast.Name():
                return self._name(expr)
        return False

    def _formatted(self, field: ast.FormattedValue) -> bool:
        if field.conversion == ord("a"):
            return field.format_spec is None
        if field.format_spec is None:
            return self.of(field.value)
        types = self.module.type_of(field.value)
        if types and names_of(types) & _TIMES:
            return False  # the specification is one of strftime()
        parts = field.format_spec.values if isinstance(field.format_spec, ast.JoinedStr) else [field.format_spec]
        texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
        is_known = len(texts) == len(parts) and all(text.isascii() and _SPEC.fullmatch(text) for text in texts)
        return is_known and self.of(field.value)

    def _call(self, call: ast.Call) -> bool:
        name = self.module.library_name(call.func)
        if name in _ALWAYS:
            return True
        if name in {"builtins.str", "builtins.repr"}:
            return len(call.args) == 1 and not call.keywords and self.of(call.args[0])
        if name == "json.dumps":
            return len(call.args) == 1 and is_plain_json(self.module, call.keywords)
        if name == "time.strftime":
            return _is_plain_time(call.args[:1])
        return isinstance(call.func, ast.Attribute) and self._method(call, call.func)

    def _method(self, call: ast.Call, func: ast.Attribute) -> bool:
        types = self.module.type_of(func.value)
        if types and names_of(types) <= _TIMES:
            return func.attr == "isoformat" or func.attr == "strftime" and _is_plain_time(call.args)
        match func, call.args:
            case ast.Attribute(value=ast.Constant(value=str(text)), attr="join"), [items]:
                return text.isascii() and self.items(items)
            case ast.Attribute(value=ast.Constant(value=str(text)), attr="format"), args:
                values = [*args, *(keyword.value for keyword in call.keywords)]
                rest = _FIELD.sub("", text)
                is_known = text.isascii() and "{" not in rest and "}" not in rest
                return is_known and all(self._is_formatted(text, value) for value in values)
            case ast.Attribute(value=value, attr=attr), args if attr in _OF_TEXTS and not call.keywords:
                return isinstance(value, ast.Constant | ast.Name) and self.of(value) and all(map(self.of, args))
        return False

    def _is_formatted(self, template: str, value: ast.expr) -> bool:
        types = self.module.type_of(value)
        is_time = bool(types and names_of(types) & _TIMES)
        return self.of(value) and not (is_time and ":" in template)

    def items(self, expr: ast.expr) -> bool:
        """Whether the items of a container are plain."""
        match expr:
            case ast.List(elts=elts) | ast.Tuple(elts=elts) | ast.Set(elts=elts):
                return all(map(self.of, elts))
            case ast.ListComp(elt=elt) | ast.GeneratorExp(elt=elt):
                return self.of(elt)
        return False

    def _name(self, name: ast.Name) -> bool:
        if name in self.seen:
            return True  # it depends on itself, and on what else is stored
        self.seen.add(name)
        cell = self.module.values.read_by(name)
        contents: Contents | None = self.module.values.contents(cell) if cell is not None else None
        return contents is not None and bool(contents.sources) and all(map(self._source, contents.sources))

    def _source(self, source: Source) -> bool:
        if source.way is Way.ELEMENT:
            return self.items(source.expr)
        if source.way is Way.UPDATE:
            parent = self.module.parent(source.expr)
            if not isinstance(parent, ast.AugAssign) or not isinstance(parent.op, ast.Add):
                return False
        return source.way in {Way.VALUE, Way.UPDATE} and self.of(source.expr)


def _is_plain_time(args: list[ast.expr]) -> bool:
    """Whether the format of ``strftime`` gives digits alone, and ASCII between them."""
    match args:
        case [ast.Constant(value=str(text))]:
            return text.isascii() and _PLAIN_TIME.fullmatch(text) is not None
    return False
