"""Classifies the uses of a value: the receiving code accepts a path, shows its text, or needs a text."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import Enum

from pymodernize.semantics.call_binding import defaults, parameter_at
from pymodernize.semantics.module import Module
from pymodernize.semantics.values import Cell
from pymodernize_codemods._paths.classes import PATH, is_path
from pymodernize_codemods._paths.errors import shows_errors
from pymodernize_codemods._paths.formats import is_formatted, is_logged_plainly, is_logging, is_plainly_formatted
from pymodernize_codemods._paths.hazards import FILE, NONE, TEXT, Hazard
from pymodernize_codemods._paths.taking import HANDING_BACK, SHOWING, SHOWING_REPR, TAKING, TAKING_BY_KEYWORD, seen_by
from pymodernize_codemods._paths.telling import told_by_errors, told_by_name


class Kind(Enum):
    """What receives a value."""

    TAKES_PATH = "takes a path"
    SHOWN = "shows its text"
    TRUTH = "asks whether it is empty"
    IS_NONE = "asks whether it is None"
    KEPT = "keeps it in a cell of this module"
    NEEDS_TEXT = "needs a text"
    UNUSED = "does not use it"


@dataclass(frozen=True)
class Use:
    """One use of a value.

    Attributes:
        kind: what receives it.
        seen: the hazards of a text that it is sensitive to.
        cell: the cell that the value is stored in, if it is.
        function: the function that accepts the path, if one does.
    """

    kind: Kind
    seen: Hazard = NONE
    cell: Cell | None = None
    function: str = ""


_NEEDS_TEXT = Use(Kind.NEEDS_TEXT, TEXT)
_SHOWN = Use(Kind.SHOWN, TEXT)
_SAYING = frozenset({"builtins.print", "sys.exit", "builtins.exit", "builtins.quit", "sys.stderr.write"})
_HANDED_TO = frozenset({"onerror", "onexc", "copy_function", "ignore"})


def use_of(module: Module, expr: ast.expr) -> Use:
    """The use of an expression's value.

    Args:
        module: the module.
        expr: one of its expressions.

    Returns:
        Where the use is not known, one that needs a text, which is the conservative answer.
    """
    parent = module.parent(expr)
    match parent:
        case ast.Expr():
            return Use(Kind.UNUSED)
        case ast.Call(func=func) if func is not expr and not _is_test(module, expr):
            return _argument(module, parent, expr)
        case ast.keyword():
            call = module.parent(parent)
            return _keyword(module, call, parent) if isinstance(call, ast.Call) else _NEEDS_TEXT
        case ast.BinOp():
            return _operand(module, parent, expr, expr)
        case ast.Tuple():
            outer = module.parent(parent)
            if isinstance(outer, ast.BinOp) and outer.right is parent:
                return _operand(module, outer, parent, expr)
            return _NEEDS_TEXT
        case ast.FormattedValue(conversion=conversion, format_spec=spec):
            return _in_fstring(module, parent) if spec is None and conversion in {-1, ord("s")} else _NEEDS_TEXT
        case ast.Compare():
            return _compared(parent, expr)
        case ast.Assign(targets=[target], value=value) if value is expr:
            return _kept(module, target)
        case ast.AnnAssign(target=target, value=value) if value is expr:
            return _kept(module, target)
        case ast.NamedExpr(target=target):
            return _NEEDS_TEXT
        case ast.Return():
            function = module.function(parent)
            return _in_cell(module, Cell(function, "")) if isinstance(function, ast.FunctionDef) else _NEEDS_TEXT
        case ast.arguments():
            return _default(module, parent, expr)
    return Use(Kind.TRUTH, Hazard.EMPTY) if _is_test(module, expr) else _NEEDS_TEXT


def _compared(parent: ast.Compare, expr: ast.expr) -> Use:
    """The use of an operand of a comparison: with None, with the empty text, or with another value."""
    if len(parent.ops) != 1:
        return _NEEDS_TEXT
    other = parent.comparators[0] if parent.left is expr else parent.left
    if isinstance(parent.ops[0], (ast.Is, ast.IsNot)) and isinstance(other, ast.Constant) and other.value is None:
        return Use(Kind.IS_NONE)
    if isinstance(parent.ops[0], (ast.Eq, ast.NotEq)) and isinstance(other, ast.Constant) and other.value == "":
        return Use(Kind.TRUTH, Hazard.EMPTY)
    return _NEEDS_TEXT


def _is_test(module: Module, expr: ast.expr) -> bool:
    """Whether only the truth value of an expression is used."""
    parent = module.parent(expr)
    match parent:
        case ast.If(test=test) | ast.While(test=test) | ast.Assert(test=test) | ast.IfExp(test=test):
            return test is expr
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Call(func=func, args=[argument]):
            return argument is expr and module.qualified_name(func) == "builtins.bool"
        case ast.BoolOp():
            return _is_test(module, parent)
        case ast.comprehension(ifs=tests):
            return any(test is expr for test in tests)
    return False


# --- stored in this module -------------------------------------------------------------------------------------


def _in_cell(module: Module, cell: Cell) -> Use:
    return Use(Kind.KEPT, NONE, cell) if module.values.contents(cell) is not None else _NEEDS_TEXT


def _kept(module: Module, target: ast.expr) -> Use:
    cell = module.values.read_by(target)
    return Use(Kind.KEPT, NONE, cell) if cell is not None else _NEEDS_TEXT


def is_in_message(module: Module, expr: ast.expr) -> bool:
    """Whether a text is concatenated into a message: printed, logged, raised.

    Args:
        module: the module.
        expr: an expression that gives a text.
    """
    whole: ast.AST = expr
    parent = module.parent(expr)
    while isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Add):
        whole, parent = parent, module.parent(parent)
    if whole is expr or not isinstance(parent, ast.Call) or whole not in parent.args:
        return False
    said = module.qualified_name(parent.func) in _SAYING or is_logging(module, parent)
    return said or isinstance(module.parent(parent), ast.Raise)


def asked_whether_empty(module: Module, expr: ast.expr) -> bool:
    """Whether a value, or the variable that it is assigned to, is tested for being empty.

    Args:
        module: the module.
        expr: the expression that gives the value.
    """
    if use_of(module, expr).kind is Kind.TRUTH:
        return True
    parent = module.parent(expr)
    if not isinstance(parent, ast.Assign) or not isinstance(parent.targets[0], ast.Name):
        return False
    found = module.scope(parent.targets[0]).lookup(parent.targets[0].id)
    reads = module.uses(found[1][0]) if found is not None else []
    return any(use_of(module, read).kind is Kind.TRUTH or _is_length(module, read) for read in reads)


def _is_length(module: Module, read: ast.expr) -> bool:
    """Whether a value is passed to ``len``, or is an operand of ``and`` or ``or``."""
    parent = module.parent(read)
    if isinstance(parent, ast.BoolOp):
        return True
    return isinstance(parent, ast.Call) and module.qualified_name(parent.func) == "builtins.len"


def _default(module: Module, arguments: ast.arguments, expr: ast.expr) -> Use:
    """The use of a default value, which is stored in the parameter."""
    for parameter, default in defaults(arguments):
        if default is expr:
            return _parameter(module, module.parent(arguments), parameter)
    return _NEEDS_TEXT


def _parameter(module: Module, function: ast.AST | None, parameter: ast.arg) -> Use:
    scope = module.index.scopes.get(function) if function is not None else None
    return _in_cell(module, Cell(scope, parameter.arg)) if scope is not None else _NEEDS_TEXT


def _passed(module: Module, call: ast.Call, place: int | str) -> Use:
    """The use of an argument of a function of this module, which is stored in the parameter."""
    function = module.local_function(call.func)
    if function is None:
        return _NEEDS_TEXT
    parameter = parameter_at(function, place)
    return _parameter(module, function, parameter) if parameter is not None else _NEEDS_TEXT


# --- arguments -------------------------------------------------------------------------------------------------


def _argument(module: Module, call: ast.Call, expr: ast.expr) -> Use:
    place = next((number for number, arg in enumerate(call.args) if arg is expr), None)
    before = call.args[: place or 0]
    if place is None or any(isinstance(arg, ast.Starred) for arg in before):
        return _NEEDS_TEXT
    qualified = module.qualified_name(call.func)
    if qualified is None:
        if is_formatted(call, place) or is_logging(module, call):
            return _SHOWN if is_logged_plainly(module, call, place) else _NEEDS_TEXT
        if isinstance(call.func, ast.Attribute) and is_path(module, call.func.value):
            return _method(call.func.attr, place)
        return _passed(module, call, place)
    if qualified in {"builtins.print", "builtins.str"}:
        return _SHOWN
    if qualified.startswith("logging.") and is_logging(module, call):
        return _SHOWN if is_logged_plainly(module, call, place) else _NEEDS_TEXT
    if qualified == PATH:
        return Use(Kind.TAKES_PATH)
    if qualified in SHOWING:
        return Use(Kind.TAKES_PATH, TEXT, function=qualified)
    if qualified == "os.symlink" and place == 0:
        return Use(Kind.TAKES_PATH, TEXT)  # the link contains the text
    parameters = TAKING.get(qualified, ())
    if place < len(parameters):
        return _taken(module, call, qualified)
    return _NEEDS_TEXT


def _keyword(module: Module, call: ast.Call, keyword: ast.keyword) -> Use:
    qualified = module.qualified_name(call.func)
    if qualified is None:
        return _passed(module, call, keyword.arg or "")
    if qualified in SHOWING:
        return Use(Kind.TAKES_PATH, TEXT)
    if keyword.arg in TAKING.get(qualified, ()) or keyword.arg in TAKING_BY_KEYWORD.get(qualified, ()):
        return _taken(module, call, qualified)
    return _NEEDS_TEXT


def _taken(module: Module, call: ast.Call, qualified: str) -> Use:
    if qualified in HANDING_BACK and not isinstance(module.parent(call), ast.Expr):
        return _NEEDS_TEXT
    if (
        qualified in SHOWING_REPR
        and shows_errors(module, call)
        or _takes_address(qualified, call)
        or _hands_on(qualified, call)
    ):
        return _NEEDS_TEXT
    seen = seen_by(qualified)
    if seen:
        seen |= told_by_errors(module, call) | told_by_name(module, call, qualified)
    return Use(Kind.TAKES_PATH, seen, function=qualified)


def _takes_address(qualified: str, call: ast.Call) -> bool:
    return qualified == "sqlite3.connect" and any(keyword.arg in {"uri", None} for keyword in call.keywords)


def _hands_on(qualified: str, call: ast.Call) -> bool:
    """Whether a function passes its path on to a callback of the script."""
    handed = any(keyword.arg in _HANDED_TO or keyword.arg is None for keyword in call.keywords)
    return qualified.startswith("shutil.") and (handed or len(call.args) > len(TAKING.get(qualified, ())))


def compared_with(module: Module, expr: ast.expr) -> ast.expr | None:
    """The other operand of an equality test of a value.

    Args:
        module: the module.
        expr: an expression that gives the value.

    Returns:
        None if the expression is no operand of such a test.
    """
    match module.parent(expr):
        case ast.Compare(left=left, ops=[ast.Eq() | ast.NotEq()], comparators=[right]):
            return right if left is expr else left
    return None


def _method(name: str, place: int) -> Use:
    """The use of an argument of a method of a path."""
    if name in {"joinpath", "samefile", "rename", "replace", "symlink_to", "hardlink_to", "relative_to"}:
        return Use(Kind.TAKES_PATH, TEXT if name == "symlink_to" else FILE if name != "joinpath" else NONE)
    return _NEEDS_TEXT


# --- operators and formats -------------------------------------------------------------------------------------


def _operand(module: Module, parent: ast.BinOp, expr: ast.expr, value: ast.expr) -> Use:
    if isinstance(parent.op, ast.Div) and is_path(module, parent):
        return Use(Kind.TAKES_PATH, NONE)
    if isinstance(parent.op, ast.Mod) and parent.right is expr:
        return _SHOWN if is_plainly_formatted(module, parent.left, expr, value) else _NEEDS_TEXT
    return _NEEDS_TEXT


def _in_fstring(module: Module, field: ast.FormattedValue) -> Use:
    """The use of a field of an f-string: it is shown, or is the first part of a path that the f-string builds."""
    whole = module.parent(field)
    if isinstance(whole, ast.JoinedStr) and whole.values[0] is field and len(whole.values) > 1:
        after = whole.values[1]
        if isinstance(after, ast.Constant) and str(after.value).startswith("/"):
            use = use_of(module, whole)
            if use.kind is Kind.TAKES_PATH:
                return Use(Kind.SHOWN, use.seen & ~Hazard.TRAILING | Hazard.EMPTY | Hazard.ROOT)
    return _SHOWN
