"""The values behind ``%``, one for each field, and what is known of their classes."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize.semantics.types import Types, names_of
from pymodernize_codemods._logging.order import acting, is_fixed
from pymodernize_codemods._logging.specs import SAME_AS_STR
from pymodernize_codemods.percent_to_fstring.fields import Field

# Where values come from that format() shows in another way than str(), or refuses.
_OWN_FORMAT = re.compile(
    rb"\b__format__\b|\bHTTPStatus\b|\bSignals\b|(?<!signal\(signal\.)(?<!signal\()\bSIG[A-Z]{2,}"
    rb"|^[ \t]*(?:import|from)[ \t]+[^\n#]*\b(?:numpy|pandas|scipy|torch|tensorflow|keras|sklearn|skimage|cv2|numba|jax"
    rb"|xarray|h5py|netCDF4|librosa|decimal|fractions|enum|aenum|sympy|astropy|pint|uncertainties)\b",
    re.MULTILINE,
)
# Calls that give tuples of one item, or rows of a table with one column.
_GIVING_TUPLES = """fetchone fetchall fetchmany execute executemany unpack unpack_from iter_unpack groups namedtuple
NamedTuple product permutations combinations""".split()
_TUPLES = frozenset("args row rows record tup tuple pair point coords shape".split())
# Methods of texts, which are hardly those of anything else that gives a tuple.
_TEXT_METHODS = frozenset(
    """capitalize center decode expandtabs format getvalue hexdigest isoformat join ljust lower lstrip read readline
    replace rjust rstrip strftime strip swapcase title upper zfill""".split()
)


@dataclass(frozen=True)
class Value:
    """A value for a field.

    Attributes:
        expr: the expression.
        code: its source, without parentheses around it.
        types: the classes that it may have, None for any.
        alone: whether it stands behind ``%`` without a tuple.
        plain: whether it is shown alike for plain values only.
    """

    expr: ast.expr
    code: str
    types: Types | None
    alone: bool = False
    plain: bool = False


class Left(Exception):
    """A text is left, for the reason that is its argument."""


def values(module: Module, right: ast.expr, fields: Sequence[Field]) -> list[Value]:
    """The value for each field, in order.

    Args:
        module: the module.
        right: what stands behind ``%``.
        fields: of the format.

    Raises:
        Left: they cannot be told, or may be shown in another way.
    """
    keyed = [field.key is not None for field in fields]
    if any(keyed):
        if not all(keyed):
            raise Left(Reason("form", "it mixes keys with places"))
        found = _of_mapping(module, right, fields)
    elif isinstance(right, ast.Tuple):
        if len(right.elts) != len(fields) or any(isinstance(item, ast.Starred) for item in right.elts):
            raise Left(Reason("form", "the values are not those of the fields, one by one"))
        found = [_value(module, item) for item in right.elts]
    else:
        found = [_alone(module, right, fields)]
    _check_order(module, found)
    found = [replace(value, plain=value.plain or _acts_early(found, number)) for number, value in enumerate(found)]
    return [_without_str(module, field, value) for field, value in zip(fields, found, strict=True)]


def has_own_format(module: Module, expr: ast.expr) -> bool:
    """Whether a value may have a ``__format__`` of its own, as far as the file's imports and classes say.

    Args:
        module: the module.
        expr: the value.
    """
    return module.once(_has_own_formats) or _is_member(module, expr)


def _has_own_formats(module: Module) -> bool:
    return _OWN_FORMAT.search(module.source.data) is not None


def _is_member(module: Module, expr: ast.expr) -> bool:
    """Whether a value may be a member of an enumeration of another file, by the way in which they are written."""
    if not isinstance(expr, ast.Attribute) or not expr.attr.isupper() or module.local_class(expr.value) is not None:
        return False
    owner = getattr(expr.value, "id", getattr(expr.value, "attr", ""))
    home = (module.qualified_name(expr) or "").partition(".")[0]
    return owner[:1].isupper() or home in sys.stdlib_module_names


def _value(module: Module, expr: ast.expr) -> Value:
    return Value(expr, module.text(expr), module.type_of(expr))


def _alone(module: Module, right: ast.expr, fields: Sequence[Field]) -> Value:
    """The value that stands behind ``%`` without a tuple."""
    types = module.type_of(right)
    if len(fields) != 1:
        raise Left(Reason("form", "the values are not those of the fields, one by one"))
    if types is not None:
        if not names_of(types) <= SAME_AS_STR - {"tuple"}:
            raise Left(Reason("one-tuple", "the value may be a tuple, which is taken apart"))
        return replace(_value(module, right), alone=True)
    if _may_be_tuple(module, right):
        raise Left(Reason("one-tuple", "the value may be a tuple, which is taken apart"))
    return Value(right, module.text(right), None, alone=True, plain=True)


def _may_be_tuple(module: Module, expr: ast.expr) -> bool:
    """Whether the file has anything in it that speaks for a tuple of one item."""
    if isinstance(expr, ast.Call) and isinstance(expr.func, ast.Attribute) and expr.func.attr in _TEXT_METHODS:
        return False
    if isinstance(expr, ast.Call) and module.qualified_name(expr.func) in {"builtins.str", "builtins.repr"}:
        return False
    if isinstance(expr, ast.UnaryOp) or isinstance(expr, ast.BinOp) and not isinstance(expr.op, (ast.Add, ast.Mult)):
        return False  # a tuple has no such operation
    name = getattr(expr, "id", getattr(expr, "attr", ""))
    if name.lower() in _TUPLES or module.once(_has_one_tuples):
        return True
    return isinstance(expr, ast.Name) and expr.id in module.once(_taken_apart)


def _has_one_tuples(module: Module) -> bool:
    """Whether a file makes tuples of one item, or may be given such, beside those behind ``%`` and for threads."""
    if any(name.id == "tuple" for name in module.nodes(ast.Name)):
        return True
    if any(module.names.called(name) for name in _GIVING_TUPLES):
        return True
    if any(node.attr == "shape" for node in module.nodes(ast.Attribute)):
        return True
    if any(len(node.elts) == 1 and _is_kept(module, node) for node in module.nodes(ast.Tuple)):
        return True
    functions = module.nodes(ast.FunctionDef)
    gathered = {function.args.vararg.arg for function in functions if function.args.vararg is not None}
    return any(name.id in gathered and _is_kept(module, name) for name in module.nodes(ast.Name))


def _is_kept(module: Module, node: ast.expr) -> bool:
    """Whether a tuple gets anywhere else than behind ``%``, in front of a star or to the arguments of a thread."""
    match module.parent(node):
        case ast.BinOp(op=ast.Mod()) | ast.Starred() | ast.keyword(arg="args") | ast.Subscript() | ast.Compare():
            return False
        case ast.For(iter=iterated) if iterated is node:
            return False
        case ast.For(target=target) | ast.comprehension(target=target) if target is node:
            return False
    return True


def _taken_apart(module: Module) -> frozenset[str]:
    """The names of variables that are unpacked somewhere, or asked for an item by its number."""
    return frozenset(name.id for name in module.nodes(ast.Name) if _is_taken_apart(module, name))


def _is_taken_apart(module: Module, name: ast.Name) -> bool:
    match module.parent(name):
        case ast.Subscript(value=value, slice=ast.Constant(value=int())) if value is name:
            return True
        case ast.Assign(targets=[ast.Tuple() | ast.List()], value=value) if value is name:
            return True
        case ast.Starred():
            return True
    return False


def _of_mapping(module: Module, right: ast.expr, fields: Sequence[Field]) -> list[Value]:
    """The items of a mapping, in the order of the fields."""
    keys = [field.key or "" for field in fields]
    if isinstance(right, ast.Dict):
        return _of_display(module, right, keys)
    types = module.type_of(right)
    if not isinstance(right, ast.Name) or types is not None and names_of(types) != {"dict"}:
        raise Left(Reason("form", "the mapping is no variable and is not written out"))
    if any(re.fullmatch(r"[\w .-]+", key) is None for key in keys):
        raise Left(Reason("form", "a key cannot be written as a text"))
    inside = [type_.value for type_ in types or ()]
    known = inside[0] if len(inside) == 1 else None
    item = ast.copy_location(ast.Subscript(right, ast.Constant(""), ast.Load()), right)
    return [Value(item, f'{right.id}["{key}"]', known or None) for key in keys]


def _of_display(module: Module, right: ast.Dict, keys: Sequence[str]) -> list[Value]:
    given = [key.value if isinstance(key, ast.Constant) else None for key in right.keys]
    items = dict(zip(given, right.values, strict=True))
    if None in items or len(items) < len(given) or any(key not in items for key in keys):
        raise Left(Reason("form", "the keys are not those of the fields, one by one"))
    in_order = given == list(keys)
    if not in_order and not all(isinstance(value, (ast.Name, ast.Constant)) for value in right.values):
        raise Left(Reason("order", "the values are worked out in another order"))
    return [_value(module, items[key]) for key in keys]


def _check_order(module: Module, found: Sequence[Value]) -> None:
    """See that nothing changes a value between the moment when it is worked out and that when it is shown."""
    acts = False
    for value in reversed(found):
        if acts and not is_fixed(module, value.expr):
            raise Left(Reason("order", f"what stands behind {value.code} may change it before it is shown"))
        acts = acts or acting(module, value.expr)


def _acts_early(found: Sequence[Value], number: int) -> bool:
    """Whether to show a value of an unknown class might change what is worked out behind it."""
    behind = found[number + 1 :]
    return found[number].types is None and not all(isinstance(item.expr, (ast.Name, ast.Constant)) for item in behind)


def _without_str(module: Module, field: Field, value: Value) -> Value:
    """The argument of a call of ``str``, which an f-string shows by itself."""
    match value.expr:
        case ast.Call(args=[arg], keywords=[]) if field.written == "%s" and not isinstance(arg, ast.Starred):
            if module.qualified_name(value.expr.func) == "builtins.str":
                types = module.type_of(arg)
                return Value(arg, module.text(arg), types, plain=types is None)
    return value
