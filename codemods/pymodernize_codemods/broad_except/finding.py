"""``except Exception`` → the exceptions that the body can raise."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Finding
from pymodernize.reasons import Reason
from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.module import Module
from pymodernize_codemods._exceptions.clauses import Clause, naming, said
from pymodernize_codemods._script.entry import entry

_TRACEBACKS = frozenset(f"traceback.{name}" for name in ("print_exc", "format_exc", "print_exception"))
_BROAD = frozenset({"Exception", "BaseException"})


def findings(codemod: Codemod, module: Module, most_types: int) -> Iterator[Finding]:
    """Every handler of all exceptions that names them as such, and hides them."""
    for statement in module.nodes(ast.Try):
        for handler in statement.handlers:
            named = handler.type is not None and module.qualified_name(handler.type)
            if named and named.removeprefix("builtins.") in _BROAD:
                clause = Clause(module, statement, handler)
                if not clause.raises_again and not _is_meant(module, statement, handler):
                    yield _narrowed(codemod, module, clause, most_types)


def _narrowed(codemod: Codemod, module: Module, clause: Clause, most_types: int) -> Finding:
    handler = clause.handler
    name = module.text(handler.type) if handler.type is not None else ""
    message = f"except {name}"
    reason = _obstacle(clause, name)
    types = clause.at_most(most_types) if not reason else None
    if types is None or handler.type is None:
        too_many = f"the types are too many, or cannot be named here: {said(clause.types)}"
        reason = reason or Reason("many-types", too_many)
        return codemod.finding(module, handler, message, reason=reason)
    from pymodernize_codemods._exceptions.rewriting import replaced

    rewrite = naming(handler.type, replaced, types)
    return codemod.finding(
        module,
        handler,
        f"{message}; the body raises {said(clause.types)}",
        rewrite,
        assumptions={CHANGES_BEHAVIOUR.name, *clause.assumptions},
        reason="it may be meant to catch what nobody foresees",
    )


def _obstacle(clause: Clause, name: str) -> str:
    """Why the types are not named; empty if they can be."""
    if not clause.is_closed:
        known = f"beside {said(clause.types)} " if clause.types else ""
        return Reason("open-set", f"{known}other types may come: {clause.summary.unknown}")
    if not clause.types:
        return Reason("open-set", "nothing in the body is known to raise")
    if clause.types in (["Exception"], [name]):
        return Reason("raised-itself", "the body raises Exception itself")
    if name.endswith("BaseException") and clause.leaves:
        return Reason("leaves", clause.leaves)
    return ""


def _is_meant(module: Module, statement: ast.Try, handler: ast.ExceptHandler) -> bool:
    """Whether a handler is plainly there for whatever may come: a last line of defence that says what it caught."""
    return _is_logged_whole(module, handler) or _is_outermost(module, statement) and _says_something(handler)


def _is_outermost(module: Module, statement: ast.Try) -> bool:
    """Whether a ``try`` is all that a loop, a main or a guard does."""
    around = module.parent(statement)
    if isinstance(around, (ast.For, ast.AsyncFor, ast.While)):
        return all(item is statement or isinstance(item, ast.Expr) for item in around.body)
    start = entry(module)
    if around is module.guard or start is not None and around is start.main:
        return module.block(statement)[-1] is statement
    return False


def _says_something(handler: ast.ExceptHandler) -> bool:
    """Whether a handler hands what it has caught on to anything: a print, a logger, a reply."""
    calls = (node for item in handler.body for node in own_nodes(item) if isinstance(node, ast.Call))
    named = (node for call in calls for node in ast.walk(call) if isinstance(node, ast.Name))
    return handler.name is not None and any(node.id == handler.name for node in named)


def _is_logged_whole(module: Module, handler: ast.ExceptHandler) -> bool:
    """Whether a handler writes what it has caught to a log, with the traceback."""
    calls = (node for item in handler.body for node in own_nodes(item) if isinstance(node, ast.Call))
    return any(_logs_traceback(module, call) for call in calls)


def _logs_traceback(module: Module, call: ast.Call) -> bool:
    if module.qualified_name(call.func) in _TRACEBACKS:
        return True
    if module.qualified_name(call.func) == "logging.exception":
        return True
    if not isinstance(call.func, ast.Attribute):
        return False
    if call.func.attr == "exception" and call.args:
        return True  # without a message it is not a logger's, but a future's
    given = [item.value for item in call.keywords if item.arg == "exc_info"]
    return any(not isinstance(value, ast.Constant) or bool(value.value) for value in given)
