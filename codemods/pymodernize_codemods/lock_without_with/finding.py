"""Where locks are acquired and released by hand, and what is done about each place."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from functools import partial

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.reasons import Reason
from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind, ScopeKind
from pymodernize_codemods._assumptions import RUN_ONLY
from pymodernize_codemods.lock_without_with.rewriting import around_statements, around_try

_MESSAGE = "a lock is acquired without a with statement"
_LOCKS = frozenset(
    f"{module}.{name}"
    for module in ("threading", "multiprocessing")
    for name in ("Lock", "RLock", "Semaphore", "BoundedSemaphore", "Condition")
)
_LEAVING = (ast.Return, ast.Break, ast.Continue, ast.Yield, ast.YieldFrom, ast.Await)


class _Left(Exception):
    """The place stays as it is; the message is the reason."""


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """Every lock that is acquired and released by hand.

    Args:
        codemod: in whose name.
        module: the module.
    """
    for call in module.nodes(ast.Call):
        if isinstance(call.func, ast.Attribute) and call.func.attr == "acquire" and _is_name(call.func.value):
            if not isinstance(module.parent(call), ast.Await):
                yield _judged(codemod, module, call, call.func.value)


def _judged(codemod: Codemod, module: Module, call: ast.Call, lock: ast.expr) -> Finding:
    try:
        statement = module.parent(call)
        if not isinstance(statement, ast.Expr) or not _waits(call):
            raise _Left(Reason("answer-used", "it has arguments, or its answer is used"))
        between, edit = _block(module, statement, lock)
        _check(module, between, lock)
        assumed, reason = _doubt(module, lock)
    except _Left as exc:
        return codemod.finding(module, call, _MESSAGE, reason=exc.args[0])
    if not assumed and isinstance(edit.until, ast.Expr) and _may_raise(module, between):
        assumed, reason = CHANGES_BEHAVIOUR.name, "what stands between acquire() and release() may raise"
    return codemod.finding(
        module, call, _MESSAGE, Rewrite((edit,)), assumptions={assumed} if assumed else (), reason=reason
    )


def _is_name(expr: ast.expr) -> bool:
    while isinstance(expr, ast.Attribute):
        expr = expr.value
    return isinstance(expr, ast.Name)


def _waits(call: ast.Call) -> bool:
    """Whether ``acquire`` waits until it has the lock."""
    given = [*call.args, *(item.value for item in call.keywords if item.arg == "blocking")]
    known = len(given) == len(call.args) + len(call.keywords) <= 1
    return known and all(isinstance(item, ast.Constant) and item.value is True for item in given)


def _block(module: Module, statement: ast.Expr, lock: ast.expr) -> tuple[Sequence[ast.stmt], Edit]:
    """The statements during which a lock is held, and what makes a ``with`` statement of them.

    Raises:
        _Left: it is not released at the end of them.
    """
    block, number = module.place(statement)
    rest = block[number + 1 :]
    source = module.text(lock)
    first = rest[0] if rest else None
    if isinstance(first, ast.Try) and any(_releases(module, item, lock) for item in first.finalbody):
        if first.handlers or first.orelse or len(first.finalbody) > 1:
            raise _Left(Reason("handlers", f"the try of line {first.lineno} does more than release it"))
        _check_lines(module, [statement, first, *first.finalbody])
        lines = [*range(statement.lineno, first.lineno), first.lineno - 1]
        lines += range((first.body[-1].end_lineno or 0) + 1, (first.end_lineno or 0) + 1)
        _check_comments(module, lines)
        return first.body, Edit(statement, partial(around_try, lock=source), until=first)
    last = next((place for place, item in enumerate(rest) if _releases(module, item, lock)), None)
    if not last:
        raise _Left(Reason("released-elsewhere", "it is not released in the same block"))
    between = rest[:last]
    _check_lines(module, [statement, *between, rest[last]])
    _check_comments(module, [statement.lineno, *range((between[-1].end_lineno or 0) + 1, rest[last].lineno + 1)])
    if any(b"\\" in module.source.line(line) for line in range(between[0].lineno, between[-1].end_lineno or 0)):
        raise _Left(Reason("continued-line", "a line that would move is continued by a backslash"))
    unit = "\t" if module.source.line(between[0].lineno).startswith(b"\t") else module.indent
    return between, Edit(statement, partial(around_statements, lock=source, unit=unit), until=rest[last])


def _releases(module: Module, statement: ast.stmt, lock: ast.expr) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=released, attr="release"), args=[], keywords=[])):
            return ast.dump(released) == ast.dump(lock)
    return False


def _check(module: Module, between: Sequence[ast.stmt], lock: ast.expr) -> None:
    """See that a lock stays the same and that its end is reached.

    Raises:
        _Left: it may not be so.
    """
    names = {node.id for node in ast.walk(lock) if isinstance(node, ast.Name)}
    attributes = {node.attr for node in ast.walk(lock) if isinstance(node, ast.Attribute)}
    for node in (node for item in between for node in ast.walk(item)):
        if isinstance(node, (ast.Name, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
            if (node.id in names) if isinstance(node, ast.Name) else (node.attr in attributes):
                raise _Left(Reason("rebound", f"line {node.lineno} binds it anew"))
    if isinstance(module.parent(between[0]), ast.Try) and between is getattr(module.parent(between[0]), "body", None):
        return  # the finally releases it on every way out
    for item in between:
        for node in own_nodes(item):
            if isinstance(node, _LEAVING):
                raise _Left(Reason("left-between", f"line {node.lineno} leaves the block before it is released"))
            if isinstance(node, ast.Attribute) and node.attr in {"acquire", "release"}:
                if ast.dump(node.value) == ast.dump(lock):
                    raise _Left(Reason("released-elsewhere", f"line {node.lineno} acquires or releases it, too"))


def _check_lines(module: Module, statements: Sequence[ast.stmt]) -> None:
    """See that each of some statements begins a line of its own.

    Raises:
        _Left: one does not.
    """
    lines = [item.lineno for item in statements]
    ends = [item.end_lineno for item in statements if not isinstance(item, ast.Try)]
    starts = all(not module.source.line(item.lineno)[: item.col_offset].strip() for item in statements)
    whole = all(
        module.source.line(item.end_lineno or 0)[item.end_col_offset or 0 :].strip()[:1] != b";" for item in statements
    )
    if not starts or not whole or len(set(lines)) < len(lines) or len(set(ends)) < len(ends):
        raise _Left(Reason("shared-line", "a line has more than one statement"))


def _check_comments(module: Module, lines: Sequence[int]) -> None:
    """See that no comment would be lost.

    Raises:
        _Left: one would.
    """
    for line in lines:
        if line in module.comments_by_line:
            raise _Left(Reason("comment", f"the comment of line {line} would be lost"))


def _is_lock_here(module: Module, lock: ast.expr) -> bool:
    """Whether all that the module itself puts into a variable, or into attributes of a name, are locks."""
    if isinstance(lock, ast.Attribute):
        stored = [node for node in module.nodes(ast.Attribute) if node.attr == lock.attr]
        targets: list[ast.AST] = [node for node in stored if isinstance(node.ctx, ast.Store)]
    else:
        found = module.scope(lock).lookup(lock.id) if isinstance(lock, ast.Name) else None
        targets = [binding.node for binding in found[1]] if found is not None else []
    values = [getattr(module.parent(target), "value", None) for target in targets]
    made = (isinstance(value, ast.Call) and module.library_name(value.func) in _LOCKS for value in values)
    return bool(values) and all(made)


def _doubt(module: Module, lock: ast.expr) -> tuple[str, str]:
    """The assumption under which an expression is one lock, with the reason; empty if it is certain.

    Raises:
        _Left: it may be anything.
    """
    found = module.scope(lock).lookup(lock.id) if isinstance(lock, ast.Name) else None
    binding = found[1][0] if found is not None and len(found[1]) == 1 else None
    assign = module.parent(binding.node) if binding is not None and binding.kind is BindingKind.NAME else None
    call = assign.value if isinstance(assign, ast.Assign) and len(assign.targets) == 1 else None
    if found is None or not isinstance(call, ast.Call) or module.library_name(call.func) not in _LOCKS:
        if not _is_lock_here(module, lock):
            raise _Left(Reason("unknown-lock", "it is not certain that it is a lock"))
        return CHANGES_BEHAVIOUR.name, "it is not certain that it is the same lock when it is released"
    if found[0].kind is ScopeKind.MODULE and not module.is_closed:
        return RUN_ONLY.name, "other files may set the variable"
    if found[0].kind is ScopeKind.CLASS or module.values.is_reached_otherwise or found[0].star_imports:
        return CHANGES_BEHAVIOUR.name, "the variable may be reached in another way"
    return "", ""


def _may_raise(module: Module, between: Sequence[ast.stmt]) -> bool:
    """Whether anything may leave some statements before their end."""
    from pymodernize_codemods._exceptions.analysis import Analysis

    return any(
        item.types or item.unknown or item.ends or item.assumes or item.trusts
        for item in module.once(Analysis).block(between)
    )
