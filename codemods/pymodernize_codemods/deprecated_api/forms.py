"""Calls that become another expression or an assignment: the source of what a row's ``call`` says."""

from __future__ import annotations

import ast
import re
from functools import partial
from typing import TYPE_CHECKING, TypeGuard

from pymodernize.codemod import Edit, Rewrite
from pymodernize.semantics.references import Reference
from pymodernize.semantics.scopes import ScopeKind
from pymodernize_codemods.deprecated_api.judgement import NoForm
from pymodernize_codemods.deprecated_api.rows import table
from pymodernize_codemods.deprecated_api.successors import drops, named, needed

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module
    from pymodernize_codemods.deprecated_api.rows import Row

_PART = re.compile(r"\{([\w.]+)\}")
_CLOSED = (ast.Name, ast.Attribute, ast.Constant, ast.Call, ast.Subscript, ast.List, ast.Dict, ast.JoinedStr)
# What is read of a moment alike, whether it knows its time zone or not; formats may not show the zone.
_WITHOUT_ZONE = ".replace(tzinfo=None)"
_SAME_IN_A_ZONE = frozenset(
    """year month day hour minute second microsecond date time weekday isoweekday isocalendar toordinal timetuple
    utctimetuple""".split()
)
_SHOWS_ZONE = re.compile(r"%[^aAbBdHIjmMpSUwWyYfGuV%]")
_BINDING = (ast.NamedExpr, ast.Await, ast.Yield, ast.YieldFrom)


def rewritten(module: Module, row: Row, func: ast.Name | ast.Attribute) -> Rewrite:
    """The rewrite of one call.

    Args:
        module: the module.
        row: the row of what is called, which has a ``call``.
        func: the callee.

    Raises:
        NoForm, NameTaken: there is none.
    """
    call = module.parent(func)
    if not isinstance(call, ast.Call) or call.func is not func:
        raise NoForm("it is not called where it stands")
    _refuse(module, row, call)
    if "{self}" not in row.call and row in table().methods.get(row.owner, {}).values():
        assert isinstance(func, ast.Attribute)  # noqa: S101 - a method
        if isinstance(func.value, ast.Call) and module.library_name(func.value.func) is None:
            raise NoForm("what it is called on would not be made")
    references: list[Reference] = []

    def part(found: re.Match[str]) -> str:
        name = found[1]
        if name.isdigit():
            return _text(module, call.args[int(name)], alone=_is_bracketed(row.call, found))
        if name == "self":
            assert isinstance(func, ast.Attribute)  # noqa: S101 - a method
            return _text(module, func.value, alone=_is_bracketed(row.call, found))
        made = named(module, name, func)
        references.append(made)
        return made.expression

    template = row.call
    if template.endswith(_WITHOUT_ZONE) and _is_same_in_a_zone(module, call):
        template = template.removesuffix(_WITHOUT_ZONE)
    source = _PART.sub(part, template)
    from pymodernize_codemods.deprecated_api import rewriting

    node: ast.AST = call
    if " = " in row.call:
        node = _statement(module, call)
        change = partial(rewriting.statement, source=source)
    else:
        outer = module.parent(call)
        if " in " in row.call and _is_negation(outer):
            node, source = outer, source.replace(" in ", " not in ", 1)
        change = partial(rewriting.expression, source=source)
    return Rewrite((Edit(node, change),), needed(*references), drops=drops(module, func))


def _refuse(module: Module, row: Row, call: ast.Call) -> None:
    """Refuse a call with other arguments than the row's.

    Raises:
        NoForm: it has others, or holds a comment that would go.
    """
    wanted = len({name for name in _PART.findall(row.call) if name.isdigit()})
    more = [ast.unparse(arg) for arg in call.args[wanted:]]
    if (
        call.keywords
        or len(call.args) < wanted
        or more not in ([], [row.default])
        or any(isinstance(arg, ast.Starred) for arg in call.args)
    ):
        raise NoForm("it is called with other arguments")
    lines = range(call.lineno, call.end_lineno or call.lineno)
    if any(line in module.comments_by_line for line in lines):
        raise NoForm("a comment stands in the call")


def _statement(module: Module, call: ast.Call) -> ast.stmt:
    """The statement that is nothing but a call whose parts may change places.

    Raises:
        NoForm: it is more.
    """
    statement = module.parent(call)
    if not isinstance(statement, ast.Expr):
        raise NoForm("its result is used")
    assert isinstance(call.func, ast.Attribute)  # noqa: S101 - a method
    value = call.func.value
    is_sure = isinstance(value, ast.Name) and _is_of_function(module, value)
    if not is_sure and not all(map(_does_nothing, call.args)):
        raise NoForm("the argument would be evaluated before the object")
    if any(isinstance(node, _BINDING) for arg in call.args for node in ast.walk(arg)):
        raise NoForm("the argument would be evaluated before the object")
    return statement


def _does_nothing(expr: ast.expr) -> bool:
    """Whether to evaluate an expression runs no code: a constant, a variable, a plain attribute of one."""
    while isinstance(expr, ast.Attribute):
        expr = expr.value
    return isinstance(expr, (ast.Name, ast.Constant))


def _is_of_function(module: Module, name: ast.Name) -> bool:
    """Whether a variable is one of the function around, which nothing else binds."""
    found = module.scope(name).lookup(name.id)
    nested = any(name.id in scope.nonlocal_names for scope in module.index.scopes.values())
    return found is not None and found[0].kind is ScopeKind.FUNCTION and not nested


def _is_negation(outer: ast.AST | None) -> TypeGuard[ast.expr]:
    """Whether the truth value of an operand is turned round: ``not x``, ``x == False``."""
    match outer:
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Compare(ops=[ast.Eq() | ast.Is()], comparators=[ast.Constant(value=False)]):
            return True
    return False


def _is_same_in_a_zone(module: Module, call: ast.Call) -> bool:
    """Whether all that is read of a moment is the same whether it knows its time zone or not."""
    read = module.parent(call)
    if not isinstance(read, ast.Attribute):
        return False
    match read.attr, module.parent(read):
        case "strftime", ast.Call(args=[ast.Constant(value=str(text))], keywords=[]):
            return _SHOWS_ZONE.search(text) is None
        case "replace", ast.Call(func=func, keywords=keywords) if func is read:
            return any(item.arg == "tzinfo" for item in keywords)
    return read.attr in _SAME_IN_A_ZONE


def _is_bracketed(template: str, found: re.Match[str]) -> bool:
    """Whether any expression may stand in the place of a part: between the brackets of a call, or assigned."""
    before, after = template[: found.start()], template[found.end() :]
    return before.endswith("(") and after[:1] in {")", ","} or before.endswith(" = ")


def _text(module: Module, expr: ast.expr, *, alone: bool) -> str:
    """The source of an operand, in parentheses where it needs them."""
    text = module.text(expr)
    return text if alone or isinstance(expr, _CLOSED) and "\n" not in text else f"({text})"
