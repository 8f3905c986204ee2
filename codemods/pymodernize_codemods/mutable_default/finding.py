"""Which mutable defaults there are, and what is done about each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.reasons import Reason
from pymodernize.semantics.call_binding import defaults, given
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, Reference, reference
from pymodernize_codemods._script.placing import insertion
from pymodernize_codemods.mutable_default.annotation import NoAnnotation, optional
from pymodernize_codemods.mutable_default.memory import is_compared_by_identity, remembers
from pymodernize_codemods.mutable_default.usage import Usage, usage

if TYPE_CHECKING:
    import libcst as cst

Function = ast.FunctionDef | ast.AsyncFunctionDef

_MADE_BY = frozenset(f"builtins.{name}" for name in ("list", "dict", "set", "bytearray")) | frozenset(
    f"collections.{name}" for name in ("deque", "defaultdict", "OrderedDict", "Counter")
)
# Decorators that pass arguments on as they are and do not look at the signature.
_PLAIN_DECORATORS = frozenset(
    """abc.abstractmethod builtins.classmethod builtins.staticmethod contextlib.asynccontextmanager
    contextlib.contextmanager functools.wraps typing.final typing.override""".split()
)
_ABOUT_SIGNATURES = (b"__defaults__", b"__kwdefaults__", b"signature(", b"argspec(", b"func_defaults")


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """Every default that is a mutable object."""
    functions = [*module.nodes(ast.FunctionDef, ast.AsyncFunctionDef), *module.nodes(ast.Lambda)]
    for function in functions:
        for parameter, default in defaults(function.args):
            if _is_mutable(module, default):
                yield _judged(codemod, module, function, parameter, default)


def _judged(
    codemod: Codemod, module: Module, function: Function | ast.Lambda, parameter: ast.arg, default: ast.expr
) -> Finding:
    message = f"calls without {parameter.arg} share one {' '.join(module.text(default).split())}"
    most = usage(module, parameter, is_empty=_is_empty(default), has_parts=_has_mutable_parts(module, default))
    if most is Usage.READ:
        reason = Reason("only-read", "it is never changed and gets into no other hands")
        return codemod.finding(module, default, message, reason=reason, kept=True)
    if most is Usage.CHANGED and remembers(module, parameter):
        reason = Reason("remembers", "it keeps something from one call to the next, on purpose as it seems")
        return codemod.finding(module, default, message, reason=reason, kept=True)
    if is_compared_by_identity(module, parameter):
        reason = Reason("identity", "it stands for an argument that is not given, and is compared by identity")
        return codemod.finding(module, default, message, reason=reason, kept=True)
    if isinstance(function, ast.Lambda):
        reason = Reason("no-place", "a lambda has no place for a statement")
        return codemod.finding(module, default, message, reason=reason)
    obstacle = _obstacle(module, function, parameter, default)
    if obstacle:
        return codemod.finding(module, default, message, reason=obstacle)
    try:
        rewrite = _rewrite(module, function, parameter, default)
    except (NameTaken, NoAnnotation) as exc:
        return codemod.finding(module, default, message, reason=exc.args[0])
    doubt = _doubt(module, function, parameter)
    return codemod.finding(
        module, default, message, rewrite, assumptions={CHANGES_BEHAVIOUR.name} if doubt else (), reason=doubt
    )


# --- what is a mutable default -------------------------------------------------------------------------------------


def _is_mutable(module: Module, default: ast.expr) -> bool:
    if isinstance(default, (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)):
        return True
    if isinstance(default, ast.BinOp):  # [0] * 3
        return any(isinstance(side, ast.List) for side in (default.left, default.right))
    return isinstance(default, ast.Call) and module.qualified_name(default.func) in _MADE_BY


def _is_empty(default: ast.expr) -> bool:
    if isinstance(default, ast.Call):
        return not default.keywords and all(isinstance(item, ast.Name) for item in default.args)  # defaultdict(list)
    parts = getattr(default, "elts", None) or getattr(default, "values", None)
    return isinstance(default, (ast.List, ast.Dict)) and not parts


def _has_mutable_parts(module: Module, default: ast.expr) -> bool:
    """Whether what is taken out of the object may be changed, too, or is put in by taking it out."""
    made_by = module.qualified_name(default.func) if isinstance(default, ast.Call) else None
    if made_by == "builtins.set" or isinstance(default, (ast.Set, ast.SetComp)):
        return False  # what has a hash is not to change
    if made_by == "collections.defaultdict":
        return True
    inner = (node for node in ast.walk(default) if isinstance(node, ast.expr) and node is not default)
    if isinstance(default, ast.BinOp):  # the lists themselves are copied
        inner = (part for part in inner if part not in (default.left, default.right))
    return not all(isinstance(node, (ast.Constant, ast.Tuple, ast.Load, ast.UnaryOp)) for node in inner)


def _is_constant(module: Module, expr: ast.expr) -> bool:
    """Whether an expression has an equal value whenever it is evaluated, and no side effect."""
    if isinstance(expr, (ast.List, ast.Set, ast.Tuple)):
        return all(_is_constant(module, item) for item in expr.elts)
    if isinstance(expr, ast.Dict):
        return all(item is not None and _is_constant(module, item) for item in (*expr.keys, *expr.values))
    if isinstance(expr, ast.BinOp):
        return _is_constant(module, expr.left) and _is_constant(module, expr.right)
    if isinstance(expr, ast.UnaryOp):
        return _is_constant(module, expr.operand)
    if isinstance(expr, ast.Call):
        parts = [*expr.args, *(item.value for item in expr.keywords)]
        return module.qualified_name(expr.func) in _MADE_BY and all(_is_constant(module, item) for item in parts)
    return isinstance(expr, ast.Constant) or (module.qualified_name(expr) or "").startswith("builtins.")


# --- why it is left ------------------------------------------------------------------------------------------------


def _obstacle(module: Module, function: Function, parameter: ast.arg, default: ast.expr) -> str:
    """Why the default cannot be None; empty if it can."""
    if not _is_constant(module, default):
        return Reason("made-of-more", "it is made of more than constants, which may mean something else in each call")
    if not _means_the_same_inside(module, function, default):
        return Reason("made-of-more", "a name in it means something else inside of the function")
    for decorator in function.decorator_list:
        named = decorator.func if isinstance(decorator, ast.Call) else decorator
        if module.qualified_name(named) not in _PLAIN_DECORATORS:
            return Reason("signature", f"@{module.text(named)} may read the function's signature")
    if module.has_text(*_ABOUT_SIGNATURES):
        return Reason("signature", "the file looks at signatures or defaults of functions")
    if _tells_none_apart(module, function, parameter.arg):
        return Reason("none-told-apart", f"the function tells None apart, as {parameter.arg}")
    if "#" in module.text(default):
        return Reason("no-place", "a comment stands inside of it")
    first = _first(function)
    if first is None or _shares_a_line(module, first):
        return Reason("no-place", "the function's body stands on one line with something else")
    return ""


def _means_the_same_inside(module: Module, function: Function, default: ast.expr) -> bool:
    """Whether the names in a default, ``list`` and its like, mean in the function's body what they mean in its head."""
    inside, outside = module.index.scopes[function], module.scope(default)
    names = (node.id for node in ast.walk(default) if isinstance(node, ast.Name))
    return all(inside.lookup(name) == outside.lookup(name) for name in names)


def _tells_none_apart(module: Module, function: Function, name: str) -> bool:
    """Whether a comparison or a pattern in the function asks whether the parameter is None."""
    for node in module.nodes(ast.Compare, ast.Match):
        if module.is_inside(node, function):
            sides = [node.left, *node.comparators] if isinstance(node, ast.Compare) else [node.subject]
            named = any(isinstance(side, ast.Name) and side.id == name for side in sides)
            none = any(isinstance(side, ast.Constant) and side.value is None for side in sides)
            if named and (none or isinstance(node, ast.Match)):
                return True
    return False


def _first(function: Function) -> ast.stmt | None:
    """The first statement below the docstring."""
    body = function.body
    first = body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        return body[1] if len(body) > 1 else None
    return first


def _shares_a_line(module: Module, first: ast.stmt) -> bool:
    start = module.span(first)[0]
    data = module.source.data
    return bool(data[data.rfind(b"\n", 0, start) + 1 : start].strip())


# --- what becomes of it --------------------------------------------------------------------------------------------


def _rewrite(module: Module, function: Function, parameter: ast.arg, default: ast.expr) -> Rewrite:
    """None as the default, and the object made anew below the docstring.

    Raises:
        NoAnnotation, NameTaken: the annotation cannot say that None is allowed.
    """
    edits = [Edit(default, partial(_expression, source="None"))]
    references: tuple[Reference, ...] = ()
    if parameter.annotation is not None:
        new, wanted = optional(module, parameter.annotation)
        found = reference(module, wanted, parameter.annotation) if wanted else None
        references = (found,) if found is not None else ()
        if new:
            source = new.replace("{}", found.expression) if found is not None else new
            edits.append(Edit(parameter.annotation, partial(_expression, source=source)))
    first = _first(function)
    assert first is not None  # noqa: S101 - an obstacle otherwise
    value = _on_one_line(module.text(default), default)
    made = insertion(module, first, [f"if {parameter.arg} is None:", f"    {parameter.arg} = {value}"])
    # The order of the parameters.
    place = next(number for number, (arg, _) in enumerate(defaults(function.args)) if arg is parameter)
    return Rewrite(tuple(edits), references, insertions=(replace(made, order=place),), sets=frozenset({parameter.arg}))


def _on_one_line(text: str, default: ast.expr) -> str:
    """The source of a default on one line, in its own quotes where that can be told."""
    if "\n" not in text:
        return text
    plain = ast.unparse(default)
    return plain if {"'", "\\"} & set(text) or '"' in plain else plain.replace("'", '"')


def _expression(_: cst.BaseExpression, source: str) -> cst.BaseExpression:
    import libcst as cst

    return cst.parse_expression(source)


# --- who would see a difference ------------------------------------------------------------------------------------


def _doubt(module: Module, function: Function, parameter: ast.arg) -> str:
    """Why a call might see a difference; empty if none can."""
    calls = module.every_call(function)
    if calls is None or module.values.is_reached_otherwise:
        return "calls that are not in sight may share it, or pass None"
    without = []
    for call in calls:
        if any(isinstance(item, ast.Starred) for item in call.args) or any(item.arg is None for item in call.keywords):
            return f"line {call.lineno} does not say which arguments it passes"
        passed = given(function, call, parameter)
        if passed is None:
            without.append(call)
        elif not _is_something(module, passed):
            return f"line {call.lineno} may pass None for {parameter.arg}, which would stand for the default"
    if len(without) > 1 or without and not _runs_once(module, without[0], frozenset()):
        return "calls that shared it no longer do"
    return ""


def _is_something(module: Module, expr: ast.expr) -> bool:
    """Whether an argument is certain not to be None."""
    if isinstance(
        expr, (ast.List, ast.Dict, ast.Set, ast.Tuple, ast.ListComp, ast.DictComp, ast.SetComp, ast.JoinedStr)
    ):
        return True
    if isinstance(expr, ast.Constant):
        return expr.value is not None
    if isinstance(expr, ast.Call) and module.qualified_name(expr.func) in _MADE_BY:
        return True
    found = module.type_of(expr)
    return bool(found) and all(item.name != "NoneType" for item in found)


def _runs_once(module: Module, node: ast.AST, inside: frozenset[ast.AST]) -> bool:
    """Whether an expression is evaluated at most once in a run: in no loop, and in functions that are called once."""
    child = node
    for around in module.ancestors(node):
        if isinstance(around, (ast.For, ast.AsyncFor)) and child is not around.iter or isinstance(around, ast.While):
            return False
        if isinstance(
            around, (ast.comprehension, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp, ast.Lambda)
        ):
            return False
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if child in around.body:  # and no decorator or default
                calls = module.every_call(around)
                if around in inside or calls is None or len(calls) > 1:
                    return False
                return not calls or _runs_once(module, calls[0], inside | {around})
        child = around
    return True
