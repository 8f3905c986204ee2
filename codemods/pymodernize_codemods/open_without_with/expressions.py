"""Files that are opened, used up and forgotten in one expression."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize_codemods._paths.edits import is_inside_fstring
from pymodernize_codemods.open_without_with.following import Following, Left
from pymodernize_codemods.open_without_with.lifetimes import Lifetime, Region
from pymodernize_codemods.open_without_with.meanwhile import is_quiet, is_quiet_call
from pymodernize_codemods.open_without_with.openers import Opened

_SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Return, ast.Expr)
# What a method or function gives that uses a file up, in the words of a variable.
_RESULTS = {
    "read": "text",
    "readlines": "lines",
    "readline": "line",
    "load": "data",
    "safe_load": "data",
    "sorted": "lines",
    "list": "lines",
}


# What evaluates a part of itself before anything else.
_PLAIN = (
    *(ast.Attribute, ast.keyword, ast.Starred, ast.UnaryOp),
    *(ast.Assign, ast.AnnAssign, ast.Return, ast.Expr),
)


@dataclass(frozen=True)
class Taken:
    """An expression that becomes a statement of its own.

    Attributes:
        expr: the expression.
        name: what its value is to be called.
    """

    expr: ast.Call
    name: str


@dataclass(frozen=True, eq=False)
class Expression:
    """A file that an expression opens.

    Attributes:
        lifetime: how long it is needed, from the statement of the expression on.
        taken: what becomes a statement of its own.
    """

    lifetime: Lifetime
    taken: Taken | None


def of_expression(module: Module, opened: Opened, statement: ast.stmt) -> Expression:
    """The lifetime of a file that has no name.

    Args:
        module: the module.
        opened: the call that opens it.
        statement: the statement that the call is in.

    Raises:
        Left: it cannot be told.
    """
    region = Region(module, statement)
    following = Following(module, opened.opener, region.function, lambda further: region.reads(further, whole=False))
    following.follow(opened.call)
    used = [number for node in following.uses if (number := region.number(node)) is not None]
    lifetime = Lifetime(opened, region.block, region.first, max([region.first, *used]))
    return Expression(lifetime, _taken(module, opened, lifetime, following))


def _taken(module: Module, opened: Opened, lifetime: Lifetime, following: Following) -> Taken | None:
    """What of a statement has to become a statement of its own; None if the whole of it goes into the ``with``.

    Raises:
        Left: the call is not what the statement begins with.
    """
    statement = lifetime.block[lifetime.first]
    if is_inside_fstring(module, opened.call):
        raise Left("evaluated-earlier", "it is a part of a text")
    _check_first(module, opened.call, statement)
    if lifetime.last > lifetime.first or isinstance(statement, ast.For) and following.is_looped:
        return None
    if len(following.ends) != 1:
        raise Left("passed-on", "it is used in several ways")
    (end,) = following.ends
    if isinstance(statement, _SIMPLE) and _rest_is_quiet(module, statement, end):
        return None
    if not opened.is_read:
        if isinstance(statement, ast.Expr) and statement.value is end:
            return None
        raise Left("passed-on", "what follows in the statement may look at the file")
    name = _RESULTS.get(_last_name(end), "")
    if not isinstance(end, ast.Call) or not name:
        raise Left("passed-on", "what follows in the statement would be done before it is closed")
    return Taken(end, "data" if name == "text" and opened.is_binary else name)


def _last_name(end: ast.AST) -> str:
    func = end.func if isinstance(end, ast.Call) else None
    return getattr(func, "attr", getattr(func, "id", ""))


def _rest_is_quiet(module: Module, statement: ast.stmt, end: ast.AST) -> bool:
    """Whether what a statement does behind the use of the file looks at no files."""
    node = end
    while node is not statement:
        parent = module.parent(node)
        assert parent is not None  # noqa: S101 - the statement is around it
        if isinstance(parent, ast.Call) and not is_quiet_call(module, parent):
            return False
        called = parent.func if isinstance(parent, ast.Call) else None
        others = [part for part in ast.iter_child_nodes(parent) if part not in (node, called)]
        if not is_quiet(module, others):
            return False
        node = parent
    return True


def _check_first(module: Module, call: ast.Call, statement: ast.stmt) -> None:
    """See that nothing but names and constants is evaluated before a file is opened, and that it always is.

    Raises:
        Left: something is.
    """
    node: ast.AST = call
    while node is not statement:
        parent = module.parent(node)
        assert parent is not None  # noqa: S101 - the statement is around it
        if not _comes_first(module, node, parent):
            raise Left("evaluated-earlier", "other parts of the statement are worked out before it is opened")
        node = parent


def _comes_first(module: Module, node: ast.AST, parent: ast.AST) -> bool:
    """Whether a part of an expression or statement is always evaluated, and nothing before it that matters."""
    parts = _in_order(parent)
    if parts is not None:
        return all(_is_inert(module, part) for part in parts[: parts.index(node)])
    match parent:
        case ast.BoolOp(values=values):
            return node is values[0]
        case ast.IfExp(test=test):
            return node is test
        case ast.comprehension(iter=read):
            return node is read and getattr(module.parent(parent), "generators", [None])[0] is parent
        case ast.AugAssign(target=target):
            return isinstance(target, ast.Name)
        case ast.For(iter=read):
            return node is read
        case ast.If(test=test):
            return node is test and not module.source.data.startswith(b"elif", module.span(parent)[0])
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return isinstance(node, ast.comprehension)
    return isinstance(parent, _PLAIN)


def _in_order(parent: ast.AST) -> list[ast.AST] | None:
    """The parts of an expression in the order in which they are evaluated; None for expressions of other kinds."""
    match parent:
        case ast.Call(func=func, args=args, keywords=keywords):
            return [func, *args, *keywords]
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.Compare(left=left, comparators=others):
            return [left, *others]
        case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
            return [*elements]
        case ast.Dict(keys=keys, values=values):
            return [part for pair in zip(keys, values, strict=True) for part in pair if part is not None]
        case ast.Subscript(value=value, slice=index):
            return [value, index]
    return None


def _is_inert(module: Module, part: ast.AST) -> bool:
    """Whether the evaluation of an expression does nothing, and gives the same before and after a file is opened."""
    match part:
        case ast.keyword(value=value) | ast.Starred(value=value):
            return _is_inert(module, value)
        case ast.Attribute(value=value):
            return _is_inert(module, value)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return all(_is_inert(module, item) for item in parts)
    return isinstance(part, (ast.Name, ast.Constant, ast.Lambda))
