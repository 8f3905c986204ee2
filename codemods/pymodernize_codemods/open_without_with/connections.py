"""Connections that are closed at the end of the block in which they are made, if nothing goes wrong before."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Finding
from pymodernize.semantics.completion import JUMPS, Completion
from pymodernize.semantics.flow import TRIES, own_nodes
from pymodernize.semantics.library.file_objects import CONNECTIONS, OPENERS
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import ScopeKind
from pymodernize_codemods.open_without_with.following import Left
from pymodernize_codemods.open_without_with.lifetimes import Lifetime
from pymodernize_codemods.open_without_with.openers import Opened
from pymodernize_codemods.open_without_with.rewrites import around_unit
from pymodernize_codemods.open_without_with.units import Unit

_MESSAGE = "a connection is closed only if nothing goes wrong before"
_EARLIER = "where something goes wrong, it is closed earlier than before, which what handles that may see"
_LATER = ("contextlib.suppress", "atexit.register")


def connections(codemod: Codemod, module: Module, most: int) -> Iterator[Finding]:
    """Every connection that is closed by a statement of the block in which it is made.

    Args:
        codemod: in whose name.
        module: the module.
        most: the most lines that may move to the right for one.
    """
    for call in module.calls(*CONNECTIONS):
        opener = CONNECTIONS.get(module.library_name(call.func) or "")
        statement = module.parent(call)
        match statement:
            case ast.Assign(targets=[ast.Name() as target]) if opener is not None:
                closes = list(_closes(module, statement, target))
            case _:
                continue
        if not closes:
            continue
        try:
            lifetime = _lifetime(module, Opened(call, opener, None, True, True, False), target, closes)
            made = around_unit(module, Unit((lifetime,)), most)
        except Left as exc:
            yield codemod.finding(module, call, _MESSAGE, reason=exc.reason)
            continue
        seen = _may_be_seen(module, lifetime)
        yield codemod.finding(
            module,
            call,
            f"{_MESSAGE}; a comment about closing it goes" if made.rewrite.drops_comments else _MESSAGE,
            made.rewrite,
            assumptions={*made.assumptions, CHANGES_BEHAVIOUR.name} if seen else made.assumptions,
            reason=_EARLIER if seen else "",
        )


def _closes(module: Module, statement: ast.Assign, target: ast.Name) -> Iterator[ast.stmt]:
    """The statements of the block, below where a connection is made, that close it."""
    block, first = module.place(statement)
    for item in block[first + 1 :]:
        call = item.value if isinstance(item, ast.Expr) else None
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Name(id=target.id), attr="close"), args=[], keywords=[]):
                yield item


def _lifetime(module: Module, opened: Opened, target: ast.Name, closes: list[ast.stmt]) -> Lifetime:
    """The statements from where a connection is made to where it is closed.

    Raises:
        Left: the run may leave them otherwise, or something else uses the connection.
    """
    block, first = module.place(module.statement(target))
    last = block.index(closes[0]) - 1
    inside = block[first + 1 : last + 1]
    if not inside:
        raise Left("not-used", "nothing is done between")
    scope = module.scope(target)
    found = scope.lookup(target.id)
    if scope.kind is ScopeKind.CLASS or found is None or found[0] is not scope:
        raise Left("shared", f"{target.id} is not a variable of its own")
    if len(found[1]) > 1 or len(closes) > 1:
        raise Left("rebound", f"{target.id} is bound or closed more than once")
    if scope.kind is ScopeKind.MODULE and (not module.is_closed or module.reads_own_names):
        raise Left("shared", "other files may use it")
    for read in module.uses(found[1][0]):
        if not any(module.is_inside(read, item) for item in (*inside, closes[0])):
            raise Left("used-later", f"line {read.lineno} uses it as well")
        if module.function(read) is not module.function(target):
            raise Left("shared", f"a function uses it in line {read.lineno}, perhaps at another time")
    _check_ways_out(module, target, inside)
    return Lifetime(opened, block, first, last, target.id, [closes[0]], is_closed=True)


def _check_ways_out(module: Module, target: ast.Name, inside: list[ast.stmt]) -> None:
    """See that nothing but an exception that nobody handles here leaves some statements before their end.

    Raises:
        Left: something does.
    """
    if module.completions.of(inside) & (JUMPS | Completion.EXIT):
        raise Left("closed-elsewhere", "the run may leave the block before it is closed")
    for item in inside:
        for node in own_nodes(item):
            if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await)):
                raise Left("passed-on", f"line {node.lineno} waits while it is open")
            if isinstance(node, ast.Name) and node.id == target.id and isinstance(node.ctx, ast.Del):
                raise Left("rebound", f"line {node.lineno} deletes {target.id}")
    for around in module.ancestors(target):
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return
        if isinstance(around, ast.With) and all(_only_closes(module, item) for item in around.items):
            continue
        if isinstance(around, ast.stmt) and isinstance(around, (*TRIES, ast.With, ast.AsyncWith)):
            raise Left("handled", f"line {around.lineno} handles what goes wrong, when it is open still")


def _only_closes(module: Module, item: ast.withitem) -> bool:
    """Whether the end of a ``with`` statement does nothing but close what it opens."""
    call = item.context_expr
    name = module.library_name(call.func) if isinstance(call, ast.Call) else None
    if name == "sqlite3.connect":
        return False
    return name in OPENERS or name in CONNECTIONS or name == "contextlib.closing"


def _may_be_seen(module: Module, lifetime: Lifetime) -> bool:
    """Whether a run may go on after an exception has left the block, and see that the connection is closed."""
    if not module.is_closed or any(module.names.naming(*_LATER)) or _is_handed_on(module, lifetime):
        return True
    handlers = module.nodes(ast.ExceptHandler)
    return any(not any(module.is_inside(handler, item) for item in lifetime.inside) for handler in handlers)


def _is_handed_on(module: Module, lifetime: Lifetime) -> bool:
    """Whether the connection, or what it gives, may be kept by something that outlives the block."""
    for item in lifetime.inside:
        for node in own_nodes(item):
            if isinstance(node, (ast.Attribute, ast.Subscript)) and isinstance(node.ctx, ast.Store):
                return True
            if isinstance(node, ast.Name) and node.id == lifetime.name:
                if not isinstance(module.parent(node), (ast.Attribute, ast.withitem)):
                    return True
    return False
