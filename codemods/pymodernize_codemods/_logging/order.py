"""When the values of a message are shown: some as they are worked out, and lazy ones when the record is written."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from pymodernize.semantics.module import Module
from pymodernize.semantics.types import Types
from pymodernize_codemods._logging.messages import Part, as_value

# What nothing can change once it is there.
_FIXED = frozenset(
    """str int float complex bool NoneType bytes range datetime.date datetime.datetime datetime.timedelta uuid.UUID
    pathlib.Path""".split()
)
# Functions that change nothing which others can see.
_CALM = frozenset(
    f"builtins.{name}"
    for name in """abs all any ascii bin bool bytes chr complex dict divmod enumerate float format frozenset hash hex id
    int isinstance issubclass len list max min oct ord pow range repr reversed round set sorted str sum tuple type
    zip""".split()
) | {"os.getcwd", "os.getpid", "os.getenv", "os.listdir", "json.dumps", "socket.gethostname", "sys.getsizeof"}
_CALM_HOMES = (
    "os.path.",
    "math.",
    "time.",
    "datetime.",
    "platform.",
    "statistics.",
    "textwrap.",
    "pathlib.",
    "string.",
)
# Methods that change nothing, whatever they are called on.
_CALM_METHODS = frozenset(
    """absolute as_posix capitalize center count date decode encode endswith exists format group groups index is_dir
    is_file isoformat items join keys ljust lower lstrip now replace resolve rjust rstrip split splitlines startswith
    stat strftime strip swapcase title today total_seconds upper utcnow values with_name with_suffix zfill""".split()
)
_DEEP = 4


class _TooLate(Exception):
    """A value cannot be shown in time by any argument of logging."""


def shown_in_time(module: Module, args: Sequence[ast.expr], parts: Sequence[Part]) -> tuple[Part, ...]:
    """The parts of a print, with ``str()`` around each value that might look different when the record is written.

    An argument of logging is turned into text when all arguments have been
    worked out; the field of an f-string, and ``str(x)`` in a sum, before what
    stands behind it. Behind ``%`` it depends on the version of Python.

    Args:
        module: the module.
        args: the arguments of print.
        parts: the part for each.
    """
    settled: list[Part] = []
    acts = False
    for arg, part in reversed(list(zip(args, parts, strict=True))):
        try:
            # What is given to print by itself is shown when all has been worked out, as in logging.
            settled.append(part if part.kind == "value" else _settled(module, part, acts))
        except _TooLate:
            settled.append(as_value(arg))
        acts = acts or acting(module, arg)
    return tuple(reversed(settled))


def _settled(module: Module, part: Part, acts: bool) -> Part:
    """A part whose values are shown in time.

    Args:
        module: the module.
        part: the part.
        acts: whether what is worked out after it may change anything.
    """
    if part.kind == "sum":
        inner: list[Part] = []
        for operand in reversed(part.parts):
            inner.append(_settled(module, operand, acts) if operand.kind != "value" else operand)
            acts = acts or _acts_in(module, operand)
        return replace(part, parts=tuple(reversed(inner)))
    if part.kind == "percent":
        _check_shown_together(module, part)
    found: list[tuple[str, str]] = []
    for spec, value, form in reversed(list(zip(part.specs, part.values, part.forms, strict=False))):
        found.append(_in_time(module, part.kind, spec, value, form) if acts else (spec, form))
        if part.kind == "fields":
            acts = acts or acting(module, value)
    if not any(form for _, form in found):
        return part
    specs = part.specs if part.kind == "percent" else tuple(spec for spec, _ in reversed(found))
    return replace(part, specs=specs, forms=tuple(form for _, form in reversed(found)))


def _check_shown_together(module: Module, part: Part) -> None:
    """See that nothing in the tuple behind a ``%`` changes a value in front of it.

    Python 3.11 and later show one value after the other, as those of an
    f-string, where all are given with ``%s``, ``%r`` or ``%a``; else, and
    before, all are worked out first.

    Raises:
        _TooLate: the message may look different by the version, and with logging.
    """
    acts = False
    for spec, value in reversed(list(zip(part.specs, part.values, strict=False))):
        if acts and spec[-1] in "sra" and not is_fixed(module, value):
            raise _TooLate
        acts = acts or acting(module, value)


def _in_time(module: Module, kind: str, spec: str, value: ast.expr, form: str) -> tuple[str, str]:
    """The specification and the form by which a value is shown before what stands behind it is worked out."""
    if form == "field" or spec[-1] not in "sra" or not form and is_fixed(module, value):
        return spec, form
    how = {"s": "str", "r": "repr", "a": "ascii"}[spec[-1]]
    if form or kind in {"percent", "mapping"} and how != "str" or how in module.index.scope.bindings:
        raise _TooLate
    return f"{spec[:-1]}s", how


def _acts_in(module: Module, part: Part) -> bool:
    return any(acting(module, value) for value in part.values) or any(_acts_in(module, item) for item in part.parts)


def is_fixed(module: Module, expr: ast.expr) -> bool:
    """Whether nothing can change what an expression's value looks like.

    Args:
        module: the module.
        expr: the expression.
    """
    return _are_fixed(module.type_of(expr))


def _are_fixed(types: Types | None) -> bool:
    """Whether nothing can change a value of these classes, nor what is in it."""
    return types is not None and all(
        type_.name in _FIXED or type_.items is not None and all(map(_are_fixed, type_.items)) for type_ in types
    )


def acting(module: Module, expr: ast.AST, deep: int = 0) -> bool:
    """Whether to work out an expression may change what another one looks like.

    Args:
        module: the module.
        expr: the expression, or a statement of a function that it calls.
        deep: how many calls of functions of this module it stands in.
    """
    for node in ast.walk(expr):
        if isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)):
            return True
        if isinstance(node, ast.Call) and not _is_calm(module, node, deep):
            return True
    return False


def _is_calm(module: Module, call: ast.Call, deep: int) -> bool:
    qualified = module.qualified_name(call.func) or ""
    if qualified in _CALM or qualified.startswith(_CALM_HOMES):
        return True
    if not qualified and isinstance(call.func, ast.Attribute) and call.func.attr in _CALM_METHODS:
        return True
    function = module.local_function(call.func)
    return isinstance(function, ast.FunctionDef) and deep < _DEEP and _only_looks(module, function, deep + 1)


def _only_looks(module: Module, function: ast.FunctionDef, deep: int) -> bool:
    """Whether a function changes nothing but its own variables."""
    stored = (ast.Attribute, ast.Subscript)
    for statement in function.body:
        for node in ast.walk(statement):
            if isinstance(node, stored) and not isinstance(node.ctx, ast.Load):
                return False
            if isinstance(node, (ast.Global, ast.Nonlocal, ast.AugAssign, ast.Delete, ast.With, ast.FunctionDef)):
                return False
        if acting(module, statement, deep):
            return False
    return True
