"""Which file a variable holds where its lines are read, and what else is done with it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from pymodernize.reasons import Reason
from pymodernize.semantics.certain_bindings import last_binding
from pymodernize.semantics.flow import TRIES
from pymodernize.semantics.library.file_objects import WRITING
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import ScopeKind
from pymodernize_codemods._paths.classes import is_path

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_CATCHING = (*TRIES, ast.With, ast.AsyncWith)
_BEFORE = frozenset("read readable readline readlines seek seekable tell".split())
# Encodings and treatments of errors with which any bytes are a text.
_ANY_BYTES = frozenset("latin-1 latin1 latin_1 iso-8859-1 iso8859-1 iso8859_1 l1".split())
_LENIENT = frozenset("backslashreplace ignore replace surrogateescape".split())
_UTF_8 = frozenset("utf-8 utf8 utf_8 utf-8-sig".split())
_OPEN = frozenset({"builtins.open", "io.open"})


class Left(Exception):
    """The call stays as it is; the message is the reason."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(Reason(code, sentence))

    @property
    def reason(self) -> Reason:
        """Why it is left."""
        return self.args[0]


@dataclass(frozen=True, eq=False)
class Reading:
    """A file that is opened for reading, where a variable holds it.

    Attributes:
        call: what opens it.
        path: the expression that names it.
        is_decoded: whether its bytes may fail to be decoded.
    """

    call: ast.Call
    path: ast.expr
    is_decoded: bool


def reading_of(module: Module, read: ast.expr, loop: ast.AST, *, whole: bool) -> Reading:
    """The file that a loop goes through, if nothing else sees how far it was read.

    Args:
        module: the module.
        read: the variable, where its lines are read.
        loop: the loop or comprehension.
        whole: whether it goes to the end unless something raises.

    Raises:
        Left: it is not certain.
    """
    found = module.scope(read).lookup(read.id) if isinstance(read, ast.Name) else None
    if not isinstance(read, ast.Name) or found is None:
        raise Left("unknown-file", "it is not certain that it is a file which is opened there")
    owner, bindings = found
    function = module.function(read)
    if owner.kind is ScopeKind.MODULE and (function is not None or not module.is_closed) or module.reads_own_names:
        raise Left("shared", f"{read.id} is a global variable")
    nodes = [item.node for item in bindings]
    target = last_binding(module, read, owner, nodes)
    call, statement = _opening(module, target)
    if module.function(statement) is not function:
        raise Left("shared", f"a function uses {read.id}")
    _check_turns(module, statement, loop)
    ends = whole and not _is_caught(module, statement, loop)
    for use in module.uses(bindings[0]):
        if use is not read and last_binding(module, use, owner, nodes) in {None, target}:
            _check_use(module, use, loop, ends=ends)
    path, is_decoded = _opened(module, call)
    return Reading(call, path, is_decoded)


def _opening(module: Module, target: ast.AST | None) -> tuple[ast.Call, ast.stmt]:
    """The call whose result a target is bound to, and its statement."""
    parent = module.parent(target) if target is not None else None
    match parent:
        case ast.Assign(targets=[_], value=ast.Call() as call):
            return call, parent
        case ast.withitem(context_expr=ast.Call() as call):
            statement = module.parent(parent)
            if isinstance(statement, ast.With):
                return call, statement
    raise Left("unknown-file", "it is not certain that it is a file which is opened there")


def _opened(module: Module, call: ast.Call) -> tuple[ast.expr, bool]:
    """The path of a file that is opened for reading, and whether it may fail to be decoded.

    Raises:
        Left: it may be another object, or be written.
    """
    unknown = Left("unknown-file", "it is not certain that it is a file which is opened for reading")
    of_path = isinstance(call.func, ast.Attribute) and call.func.attr == "open" and is_path(module, call.func.value)
    if not of_path and module.library_name(call.func) not in _OPEN or any(item.arg is None for item in call.keywords):
        raise unknown
    given = {item.arg: item.value for item in call.keywords}
    names = (
        ("mode", "buffering", "encoding", "errors") if of_path else ("file", "mode", "buffering", "encoding", "errors")
    )
    given |= dict(zip(names, call.args, strict=False))
    path = call.func.value if of_path and isinstance(call.func, ast.Attribute) else given.get("file")
    mode = _text(given["mode"]) if "mode" in given else "r"
    if path is None or "opener" in given or any(isinstance(item, ast.Starred) for item in call.args):
        raise unknown
    if mode is None or set(mode) & WRITING:
        raise unknown
    if isinstance(path, ast.Constant) and (
        not isinstance(path.value, str) or path.value.startswith(("/dev/", "/proc/"))
    ):
        raise Left("unknown-file", "what is opened is no file on a disk")
    if "b" in mode:
        return path, False
    encoding = _text(given["encoding"]) if "encoding" in given else "utf-8"
    if "errors" in given and _text(given["errors"]) in _LENIENT or encoding in _ANY_BYTES:
        return path, False
    if encoding is None or encoding.lower() not in _UTF_8:
        raise Left("decoding", "the file may fail to be decoded in its middle")
    return path, True


def _text(expr: ast.expr) -> str | None:
    """A constant text; ``utf-8`` for None, which the locale's encoding stands for."""
    if not isinstance(expr, ast.Constant):
        return None
    return expr.value if isinstance(expr.value, str) else "utf-8" if expr.value is None else None


def _check_turns(module: Module, opening: ast.stmt, loop: ast.AST) -> None:
    """See that the file is opened anew for each time that the loop is reached.

    Raises:
        Left: a loop around this one may reach it twice.
    """
    home = opening if isinstance(opening, ast.With) else module.parent(opening)
    for around in module.ancestors(loop):
        if around is home:
            return
        if isinstance(around, _LOOPS):
            raise Left("next-turn", f"the loop of line {around.lineno} may go through the file again")
    raise Left("unknown-file", "it is opened in another block")


def _is_caught(module: Module, opening: ast.stmt, loop: ast.AST) -> bool:
    """Whether the function may go on when the loop has raised."""
    function = module.function(loop)
    for around in module.ancestors(loop):
        if around is function:
            return False
        if isinstance(around, _CATCHING) and around is not opening:
            return True
    return False


def _check_use(module: Module, use: ast.Name, loop: ast.AST, *, ends: bool) -> None:
    """See that a use of the file does not matter for the loop, which has read it all if it ends.

    Raises:
        Left: it may.
    """
    if module.function(use) is not module.function(loop):
        raise Left("shared", f"a function uses {use.id}")
    if module.is_inside(use, loop):
        raise Left("used-inside", f"line {use.lineno} uses {use.id} in the loop")
    attribute = module.parent(use)
    method, callee = (attribute.attr, attribute) if isinstance(attribute, ast.Attribute) else ("", use)
    call = module.parent(callee)
    is_called = isinstance(call, ast.Call) and (call.func is callee if method else _is_next(module, call))
    if module.span(use)[0] < module.span(loop)[0]:
        if not is_called or method not in _BEFORE | {""}:
            raise Left("passed-on", f"line {use.lineno} does something else with {use.id}")
    elif not ends and (not is_called or method != "close"):
        raise Left("used-later", f"line {use.lineno} uses {use.id} again")


def _is_next(module: Module, call: ast.Call) -> bool:
    return module.library_name(call.func) == "builtins.next"
