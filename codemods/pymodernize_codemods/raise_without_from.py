"""``raise`` in a handler → ``raise … from …``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.integrations.libcst_command import libcst_command
from pymodernize.reasons import Reason

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_NAMES = ("exc", "error", "err", "exception", "cause")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
# What makes the words between two exceptions part of what the script says.
_PRINTS_CHAINS = (b"format_exc", b"format_exception", b"__cause__", b"__context__", b"TracebackException")


class RaiseWithoutFrom(Codemod):
    """Say what an exception that is raised in a handler comes from.

    Why:
        Without ``from`` the traceback says that a second exception occurred
        while the first was handled, as if the handler had a mistake. With it,
        the first is the cause.

    Assumptions:
        For every input: ``from`` sets ``__cause__``, which changes the words between two
        tracebacks on stderr. A handler without a name gets one that occurs
        nowhere in the file, and Python takes it away at its end. Where the
        new exception's ``__cause__`` or ``__suppress_context__`` has been set
        by hand to hide the old one, which is in its text, ``from None`` says
        the same.

        Needs ``changes-behaviour`` in a file that formats tracebacks or reads ``__cause__`` and
        ``__context__`` itself: what it shows changes.

        Found only where what is raised may be the caught exception itself or
        is no class that can be told, and where the name of the exception is
        bound again in the handler.

    Limits:
        A ``raise`` in a function that is defined in the handler is not looked
        at: it runs at another time. ``SystemExit`` is left alone, since its
        traceback is not shown.

    References:
        https://docs.python.org/3/reference/simple_stmts.html#the-raise-statement
    """

    of_expressions = True
    of_python_3 = True
    triggers = (b"raise",)
    reasons = {
        "not-new": "What is raised may be the exception that was caught.",
        "rebound": "The name of the exception is bound again in the handler.",
    }
    noqa = ("B904",)
    rows = ("Q27",)

    def find(self, module: Module) -> Iterator[Finding]:
        """Every raise of a new exception in a handler."""
        if b"except" not in module.source.data:
            return
        named: dict[ast.ExceptHandler, Edit] = {}
        for statement in module.nodes(ast.Raise):
            handler = _handler_of(module, statement)
            if handler is None or statement.exc is None or statement.cause is not None:
                continue
            found = self._chained(module, statement, handler, named)
            if found is not None:
                yield found

    def _chained(
        self, module: Module, statement: ast.Raise, handler: ast.ExceptHandler, named: dict[ast.ExceptHandler, Edit]
    ) -> Finding | None:
        exc = statement.exc
        if exc is None or _is_caught(exc, handler) or _is_exit(module, exc):
            return None
        message = "raise in a handler, without from"
        cause = self._hidden(statement, handler) or handler.name
        edits: list[Edit] = []
        if not _is_new(module, exc) and cause != "None":
            return self.finding(
                module, statement, message, reason=Reason("not-new", "it may be the exception that was caught")
            )
        if cause is None:
            cause = module.fresh.local_name(_NAMES, handler, bound=handler, inside=handler, reads=[statement])
            if cause is None or handler.type is None:
                reason = "the handler has no types" if cause else Reason("no-name", "no name is left for the exception")
                return self.finding(module, statement, message, reason=reason)
            edits.append(named.setdefault(handler, _naming(handler, cause)))
        elif cause != "None" and _is_bound_again(handler, cause):
            reason = Reason("rebound", f"{cause} is bound again in the handler")
            return self.finding(module, statement, message, reason=reason)
        from pymodernize_codemods._exceptions.rewriting import with_cause

        edits.append(Edit(statement, partial(with_cause, cause=cause)))
        shown = module.has_text(*_PRINTS_CHAINS) and cause != "None"
        reason = "the file formats tracebacks or looks at causes itself" if shown else ""
        return self.finding(
            module,
            statement,
            message,
            Rewrite(tuple(edits)),
            assumptions={CHANGES_BEHAVIOUR.name} if shown else (),
            reason=reason,
        )

    @staticmethod
    def _hidden(statement: ast.Raise, handler: ast.ExceptHandler) -> str | None:
        """``None`` as the cause where the handler hides the old exception by hand."""
        if not isinstance(statement.exc, ast.Name):
            return None
        for item in handler.body:
            if item is statement:
                break
            if isinstance(item, ast.Assign) and len(item.targets) == 1 and isinstance(item.value, ast.Constant):
                target = ast.unparse(item.targets[0])
                hidden = {f"{statement.exc.id}.__cause__": None, f"{statement.exc.id}.__suppress_context__": True}
                if target in hidden and hidden[target] is item.value.value:
                    return "None"
        return None


def _handler_of(module: Module, statement: ast.Raise) -> ast.ExceptHandler | None:
    """The innermost handler that a statement runs in, not through a function or class that is defined there."""
    child: ast.AST = statement
    for around in module.ancestors(statement):
        if isinstance(around, _FUNCTIONS):
            return None
        if isinstance(around, ast.ExceptHandler):
            return around if child is not around.type else None
        child = around
    return None


def _is_caught(exc: ast.expr, handler: ast.ExceptHandler) -> bool:
    """Whether what is raised is the exception that was caught, with another traceback perhaps."""
    if isinstance(exc, ast.Call) and isinstance(exc.func, ast.Attribute) and exc.func.attr == "with_traceback":
        exc = exc.func.value
    return isinstance(exc, ast.Name) and exc.id == handler.name


def _is_exit(module: Module, exc: ast.expr) -> bool:
    named = exc.func if isinstance(exc, ast.Call) else exc
    return module.qualified_name(named) in {"builtins.SystemExit", "builtins.KeyboardInterrupt"}


def _is_new(module: Module, exc: ast.expr) -> bool:
    """Whether an expression is certain to make an exception: a class, or the call of one."""
    named = exc.func if isinstance(exc, ast.Call) else exc
    if module.local_class(named) is not None:
        return True
    qualified = module.qualified_name(named)
    # A class by the usual spelling of classes; a variable of the module would have no qualified name.
    return qualified is not None and qualified.rpartition(".")[2][:1].isupper()


def _naming(handler: ast.ExceptHandler, name: str) -> Edit:
    from pymodernize_codemods._exceptions.rewriting import with_name

    return Edit(handler, partial(with_name, name=name))


def _is_bound_again(handler: ast.ExceptHandler, name: str) -> bool:
    """Whether a name may mean something else, or nothing, further down in its handler."""
    for item in handler.body:
        for node in ast.walk(item):
            stored = isinstance(node, ast.Name) and node.id == name and not isinstance(node.ctx, ast.Load)
            inner = isinstance(node, (ast.ExceptHandler, ast.FunctionDef, ast.ClassDef, ast.MatchAs)) and (
                node.name == name
            )
            imported = isinstance(node, ast.alias) and (node.asname or node.name.partition(".")[0]) == name
            if stored or inner or imported:
                return True
    return False


__getattr__ = libcst_command(RaiseWithoutFrom)
