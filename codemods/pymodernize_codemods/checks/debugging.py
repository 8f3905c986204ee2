"""Checks of what is left of looking for faults."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.check import Check, called

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_DEBUGGERS = frozenset("pdb ipdb pudb pdbpp rpdb wdb epdb web_pdb remote_pdb".split())
_STOPS = ("builtins.breakpoint", "IPython.embed", "celery.contrib.rdb.set_trace", "pydevd.settrace")
_TESTS = (ast.If, ast.IfExp, ast.While, ast.BoolOp)


class DebugLeftovers(Check):
    """Calls that stop the script in a debugger, and debuggers that are imported and not used.

    Why:
        A script that nobody watches waits at such a call for input that never
        comes, or fails as there is none.

    Limits:
        What depends on a condition or on an option, such as ``if args.debug:``,
        is passed over, and so is what looks at an exception after the fact
        (``pdb.post_mortem``).

    References:
        https://docs.python.org/3/library/functions.html#breakpoint
        https://docs.python.org/3/library/pdb.html
    """

    sentence = "A script that nobody watches waits there for a person, or fails."
    triggers = (b"pdb", b"pudb", b"wdb", b"breakpoint", b"embed", b"rdb", b"settrace")
    noqa = ("T100",)
    rows = ("Q6",)

    def places(self, module: Module) -> Iterator[tuple[ast.AST, str]]:
        """The calls and imports."""
        for call in module.calls(*_STOPS, *(f"{name}.set_trace" for name in _DEBUGGERS)):
            if not any(isinstance(item, _TESTS) and item is not module.guard for item in module.ancestors(call)):
                yield call, called(module, call)
        for statement in module.nodes(ast.Import):
            for alias in statement.names:
                if alias.name in _DEBUGGERS and not _is_used(module, statement, alias):
                    yield statement, f"import {alias.name}"


def _is_used(module: Module, statement: ast.Import, alias: ast.alias) -> bool:
    """Whether a name of the scope of an import is read, or may be."""
    found = module.scope(statement).lookup(alias.asname or alias.name)
    return found is None or module.reads_own_names or any(module.uses(binding) for binding in found[1])
