"""Which calls of ``readlines`` make a list that nothing needs, and what is done about each."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.reasons import Reason
from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.module import Module
from pymodernize.semantics.types import names_of
from pymodernize_codemods._assumptions import OPEN_STDOUT, UTF_8_LOCALE
from pymodernize_codemods.readlines_iteration.reading import Left, reading_of
from pymodernize_codemods.readlines_iteration.writing import Writing

if TYPE_CHECKING:
    import libcst as cst

_FILES = frozenset({"io.TextIOWrapper", "io.BufferedIOBase"})
# Builtins that take all lines at once.
_TAKING = frozenset(f"builtins.{name}" for name in "list sorted set frozenset tuple".split())
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp)
# Functions that take a generator's items while nothing else runs.
_CONSUMING = frozenset(
    f"builtins.{name}" for name in "all any dict frozenset list max min set sorted sum tuple".split()
)
_STOPPING = frozenset({"builtins.all", "builtins.any"})
# Methods of texts that cannot fail without arguments, or with texts.
_PLAIN = frozenset(
    "casefold endswith isdigit isspace lower lstrip replace rstrip startswith strip swapcase title upper".split()
)


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """Every call of ``readlines`` whose lines are gone through.

    Args:
        codemod: in whose name.
        module: the module.
    """
    for call in module.nodes(ast.Call):
        match call:
            case ast.Call(func=ast.Attribute(value=read, attr="readlines"), args=[], keywords=[]):
                found = _judged(codemod, module, call, read)
                if found is not None:
                    yield found


def _judged(codemod: Codemod, module: Module, call: ast.Call, read: ast.expr) -> Finding | None:
    message = "readlines() makes a list of all lines"
    try:
        assumptions = _assumed(module, call, read)
    except Left as exc:
        return codemod.finding(module, call, message, reason=exc.reason)
    if assumptions is None:
        return None
    if "#" in module.text(call):
        return codemod.finding(module, call, message, reason=Reason("comment", "a comment stands in the call"))
    reason = "the loop runs while the file is read" if assumptions else ""
    return codemod.finding(module, call, message, Rewrite((Edit(call, _file),)), assumptions=assumptions, reason=reason)


def _assumed(module: Module, call: ast.Call, read: ast.expr) -> set[str] | None:
    """The assumptions under which a file does instead of a list of its lines; None if the list is needed.

    Raises:
        Left: it cannot be told.
    """
    parent = module.parent(call)
    match parent:
        case ast.Call(args=[first, *_]) if first is call and module.library_name(parent.func) in _TAKING:
            types = module.type_of(read)
            if not types or not names_of(types) <= _FILES:
                raise Left("unknown-file", "it is not certain that it is a file")
            return set()
        case ast.Call(args=[first, *_]) if first is call and module.library_name(parent.func) == "builtins.enumerate":
            loop = module.parent(parent)
            return _of_loop(module, read, loop) if isinstance(loop, ast.For) and loop.iter is parent else None
        case ast.For(iter=iterated) if iterated is call:
            return _of_loop(module, read, parent)
        case ast.comprehension():
            return _of_comprehension(module, read, parent)
    return None


def _of_loop(module: Module, read: ast.expr, loop: ast.For) -> set[str]:
    reading = reading_of(module, read, loop, whole=not any(map(_leaves, loop.body)))
    writing = Writing(module, reading.path)
    writing.check_opened(loop)
    writing.check(loop.body)
    return {OPEN_STDOUT.name} | ({UTF_8_LOCALE.name} if reading.is_decoded else set())


def _leaves(statement: ast.AST) -> bool:
    """Whether a statement may end the loop that it is in."""
    return any(isinstance(node, (ast.Break, ast.Return)) for node in own_nodes(statement))


def _of_comprehension(module: Module, read: ast.expr, part: ast.comprehension) -> set[str] | None:
    made = module.parent(part)
    if not isinstance(made, (*_COMPREHENSIONS, ast.GeneratorExp)) or made.generators[0] is not part or part.is_async:
        return None
    if isinstance(made, ast.GeneratorExp) and not _is_consumed(module, made):
        return None
    call = module.parent(made)
    stops = isinstance(call, ast.Call) and module.library_name(call.func) in _STOPPING
    reading = reading_of(module, read, made, whole=not stops)
    if len(made.generators) == 1 and _cannot_fail(made, part):
        return set()
    writing = Writing(module, reading.path)
    writing.check_opened(made)
    writing.check([node for node in ast.iter_child_nodes(made) if node is not part])
    writing.check([*part.ifs])
    return {OPEN_STDOUT.name} | ({UTF_8_LOCALE.name} if reading.is_decoded else set())


def _is_consumed(module: Module, made: ast.GeneratorExp) -> bool:
    """Whether a function takes all items of a generator, one behind the other."""
    call = module.parent(made)
    if not isinstance(call, ast.Call) or call.args[:1] != [made]:
        return False
    is_join = isinstance(call.func, ast.Attribute) and call.func.attr == "join" and module.type_of(call.func.value)
    return bool(is_join) or module.library_name(call.func) in _CONSUMING


def _cannot_fail(made: ast.expr, part: ast.comprehension) -> bool:
    """Whether a comprehension only calls methods of each line that give a text or an answer whatever it is."""
    if not isinstance(part.target, ast.Name) or not isinstance(made, (ast.ListComp, ast.SetComp)):
        return False
    return all(_is_plain(expr, part.target.id) for expr in (made.elt, *part.ifs))


def _is_plain(expr: ast.expr, line: str) -> bool:
    match expr:
        case ast.Name(id=name):
            return name == line
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            return _is_plain(operand, line)
        case ast.BoolOp(values=values):
            return all(_is_plain(value, line) for value in values)
        case ast.Call(func=ast.Attribute(value=value, attr=attr), args=args, keywords=[]) if attr in _PLAIN:
            texts = all(isinstance(arg, ast.Constant) and isinstance(arg.value, str) for arg in args)
            return _is_plain(value, line) and texts
    return False


def _file(call: cst.Call) -> cst.BaseExpression:
    import libcst as cst

    read = cst.ensure_type(call.func, cst.Attribute).value
    return read.with_changes(lpar=call.lpar, rpar=call.rpar)
