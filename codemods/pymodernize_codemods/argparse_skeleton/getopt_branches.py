"""What the branches of a loop over getopt's options do with each."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from pymodernize.semantics.exit_status import ExitStatus
from pymodernize.semantics.module import Module
from pymodernize_codemods._script.failing import Failing
from pymodernize_codemods._script.saying import is_said
from pymodernize_codemods._script.variables import assigns_the_same
from pymodernize_codemods.argparse_skeleton.reasons import NotConvertible

_CLASSES = {"builtins.int": "int", "builtins.float": "float", "builtins.complex": "complex", "builtins.str": ""}
_TEXT_METHODS = frozenset("split strip lstrip rstrip lower upper replace rsplit splitlines title capitalize".split())
_PATHS = frozenset(f"os.path.{name}" for name in "abspath expanduser normpath basename dirname join".split())
_HELP = frozenset({"-h", "--help", "-?", "-H", "--usage"})
_VERSION = frozenset({"-V", "--version"})


@dataclass(frozen=True)
class OptionEffect:
    """What one branch does.

    Attributes:
        flags: the options that it is for.
    """

    flags: tuple[str, ...]

    @property
    def takes_value(self) -> bool:
        """Whether it needs the option's value."""
        return False


@dataclass(frozen=True)
class ShowsHelp(OptionEffect):
    """It ends the script; for an option for help that is taken to show the help."""


@dataclass(frozen=True)
class ShowsVersion(OptionEffect):
    """It prints a text, and ends the script."""

    text: ast.expr


@dataclass(frozen=True)
class SetsVariable(OptionEffect):
    """It sets a variable.

    Attributes:
        action: argparse's name for how.
        variable: the name that it sets.
        constant: what it sets that to, for ``store_const``.
        converts: the class that the value is given to; empty for none.
        made: what is made of the value, if that is more than a class does.
        value: the name that the value has in it.
    """

    action: str
    variable: ast.Name
    constant: ast.expr | None = None
    converts: str = ""
    made: ast.expr | None = None
    value: str = ""

    @property
    def takes_value(self) -> bool:
        """Whether it needs the option's value."""
        return self.action in {"store", "append"}


@dataclass(frozen=True)
class GetoptLoop:
    """The loop.

    Attributes:
        option: the name that holds the option.
        value: the name that holds its value.
        branches: the flags that each branch is for, with its statements.
        refuses: whether an option that has no branch ends the script with a failure.
    """

    option: str
    value: str
    branches: tuple[tuple[tuple[str, ...], Sequence[ast.stmt]], ...]
    refuses: bool


def read_getopt_loop(loop: ast.For, failing: Failing) -> GetoptLoop:
    """Take a loop apart.

    Args:
        loop: over the options.
        failing: tells what ends the script.

    Raises:
        NotConvertible: it is no plain series of tests for options.
    """
    target = loop.target
    if not isinstance(target, (ast.Tuple, ast.List)) or len(target.elts) != 2 or loop.orelse:
        raise NotConvertible("the loop over the options is not plain")
    option, value = target.elts
    if not isinstance(option, ast.Name) or not isinstance(value, ast.Name) or option.id == value.id:
        raise NotConvertible("the loop over the options is not plain")
    branches: list[tuple[tuple[str, ...], Sequence[ast.stmt]]] = []
    refuses = False
    for place, item in enumerate(loop.body):
        statement: ast.stmt | None = item
        while isinstance(statement, ast.If):
            branches.append((_flags(statement.test, option.id), statement.body))
            if len(statement.orelse) == 1 and isinstance(statement.orelse[0], ast.If):
                statement = statement.orelse[0]
                continue
            if statement.orelse:
                refuses = _refuses(statement.orelse, failing)
                if not refuses and not all(isinstance(other, ast.Pass) for other in statement.orelse):
                    raise NotConvertible(
                        f"line {statement.orelse[0].lineno}: options without a branch are dealt with, too"
                    )
                if refuses and (place or len(loop.body) > 1):
                    raise NotConvertible(
                        f"line {statement.orelse[0].lineno}: options without a branch are dealt with, too"
                    )
            statement = None
        if statement is not None and not isinstance(statement, ast.Pass):
            raise NotConvertible(f"line {statement.lineno}: the loop over the options does more than to test for them")
    seen: set[str] = set()
    for flags, body in branches:
        if seen & set(flags):
            raise NotConvertible(f"line {body[0].lineno}: an option has two branches")
        seen |= set(flags)
    return GetoptLoop(option.id, value.id, tuple(branches), refuses)


def _refuses(block: Sequence[ast.stmt], failing: Failing) -> bool:
    first = block[0]
    if isinstance(first, (ast.Assert, ast.Raise)) and len(block) == 1:
        return isinstance(first, ast.Raise) or isinstance(first.test, ast.Constant) and not first.test.value
    return failing.fails(block)


def _flags(test: ast.expr, option: str) -> tuple[str, ...]:
    """The options that a condition tests for."""
    match test:
        case ast.Compare(left=ast.Name(id=name), ops=[ast.Eq()], comparators=[ast.Constant(value=str(flag))]):
            if name == option:
                return (flag,)
        case ast.Compare(left=ast.Constant(value=str(flag)), ops=[ast.Eq()], comparators=[ast.Name(id=name)]):
            if name == option:
                return (flag,)
        case ast.Compare(
            left=ast.Name(id=name), ops=[ast.In()], comparators=[ast.Tuple() | ast.List() | ast.Set() as few]
        ):
            flags = [item.value for item in few.elts if isinstance(item, ast.Constant) and isinstance(item.value, str)]
            if name == option and len(flags) == len(few.elts):
                return tuple(dict.fromkeys(flags))
        case ast.BoolOp(op=ast.Or(), values=values):
            return tuple(flag for value in values for flag in _flags(value, option))
    raise NotConvertible(f"line {test.lineno}: what is tested there is not plainly an option")


class BranchReader:
    """Read what the branches do.

    Args:
        module: the module.
        loop: the loop.
        failing: tells what ends the script.
    """

    def __init__(self, module: Module, loop: GetoptLoop, failing: Failing) -> None:
        self.module = module
        self.loop = loop
        self.failing = failing

    def effect(self, flags: tuple[str, ...], body: Sequence[ast.stmt]) -> OptionEffect:
        """What a branch does.

        Raises:
            NotConvertible: it is nothing that argparse does.
        """
        ends = self.failing.ends(body)
        if ends is not None:
            return self.ending(flags, body, ends)
        statements = [item for item in body if not isinstance(item, (ast.Pass, ast.Continue))]
        if len(statements) != 1:
            raise NotConvertible(f"line {body[0].lineno}: {flags[0]} does several things")
        (statement,) = statements
        if isinstance(statement, ast.Try):
            statement = self.tried(statement)
        match statement:
            case ast.Assign(targets=[ast.Name() as target], value=value):
                return self.stored(flags, target, value)
            case ast.AugAssign(target=ast.Name() as target, op=ast.Add(), value=ast.Constant(value=1)):
                return SetsVariable(flags, "count", target)
            case ast.AugAssign(target=ast.Name() as target, op=ast.Add(), value=ast.List(elts=[item])):
                return SetsVariable(flags, "append", target, converts=self.value(item, flags))
            case ast.Expr(
                value=ast.Call(func=ast.Attribute(value=ast.Name() as target, attr="append"), args=[item], keywords=[])
            ):
                if not assigns_the_same(self.module, target):
                    raise NotConvertible(
                        f"line {statement.lineno}: {flags[0]} adds to {target.id}, a variable of the module"
                    )
                return SetsVariable(flags, "append", target, converts=self.value(item, flags))
        raise NotConvertible(f"line {statement.lineno}: what {flags[0]} does is nothing that argparse does")

    def ending(self, flags: tuple[str, ...], body: Sequence[ast.stmt], ends: ExitStatus) -> OptionEffect:
        """A branch that ends the script."""
        first = body[0]
        shown = first.value if isinstance(first, ast.Expr) and isinstance(first.value, ast.Call) else None
        if _VERSION & set(flags) and ends is ExitStatus.SUCCESS and shown is not None and len(body) == 2:
            if is_said(self.module, shown) and len(shown.args) == 1 and not shown.keywords:
                return ShowsVersion(flags, shown.args[0])
        if _HELP & set(flags):
            return ShowsHelp(flags)
        raise NotConvertible(f"line {first.lineno}: {flags[0]} ends the script")

    def tried(self, statement: ast.Try) -> ast.stmt:
        """The one statement of a ``try`` all of whose handlers end the script with a failure."""
        plain = len(statement.body) == 1 and not statement.orelse and not statement.finalbody
        if not plain or not all(self.failing.fails(handler.body) for handler in statement.handlers):
            raise NotConvertible(f"line {statement.lineno}: what happens to a bad value is nothing that argparse does")
        return statement.body[0]

    def stored(self, flags: tuple[str, ...], target: ast.Name, value: ast.expr) -> OptionEffect:
        """A branch that sets a variable."""
        if any(isinstance(node, ast.Name) and node.id == self.loop.value for node in ast.walk(value)):
            if self.is_pure(value):
                return SetsVariable(flags, "store", target, made=value, value=self.loop.value)
            return SetsVariable(flags, "store", target, converts=self.value(value, flags))
        match value:
            case ast.BinOp(left=ast.Name(id=name), op=ast.Add(), right=ast.Constant(value=1)) if name == target.id:
                return SetsVariable(flags, "count", target)
        if is_literal(value):
            return SetsVariable(flags, "store_const", target, value)
        raise NotConvertible(f"line {value.lineno}: what {flags[0]} sets is made by other code")

    def is_pure(self, expr: ast.expr) -> bool:
        """Whether a text is made from the value, so that to do it once for the last one is as good as each time."""
        match expr:
            case ast.Call(func=ast.Attribute(value=inner, attr=name), args=args, keywords=[]) if name in _TEXT_METHODS:
                return self.is_pure_part(inner) and all(map(self.is_pure_part, args))
            case ast.Call(func=func, args=args, keywords=[]) if self.module.qualified_name(func) in _PATHS:
                return all(map(self.is_pure_part, args))
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return self.is_pure_part(left) and self.is_pure_part(right)
        return False

    def is_pure_part(self, expr: ast.expr) -> bool:
        """Whether an expression is the value, a text, or made of both."""
        if isinstance(expr, ast.Name):
            return expr.id == self.loop.value
        return isinstance(expr, ast.Constant) and isinstance(expr.value, str) or self.is_pure(expr)

    def value(self, expr: ast.expr, flags: tuple[str, ...]) -> str:
        """The class by which a value is converted."""
        match expr:
            case ast.Name(id=name) if name == self.loop.value:
                return ""
            case ast.Call(func=func, args=[ast.Name(id=name)], keywords=[]) if name == self.loop.value:
                qualified = self.module.qualified_name(func)
                if qualified in _CLASSES:
                    return _CLASSES[qualified]
        raise NotConvertible(f"line {expr.lineno}: what {flags[0]} makes of its value is no plain conversion")


def is_literal(expr: ast.expr | None) -> bool:
    """Whether an expression is a constant, or an empty list."""
    if isinstance(expr, ast.UnaryOp):
        return isinstance(expr.op, ast.USub) and isinstance(expr.operand, ast.Constant)
    if isinstance(expr, ast.List):
        return not expr.elts
    return isinstance(expr, ast.Constant) and expr.value is not Ellipsis
