"""Which errors a script's handlers catch, also those of the functions that call one."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.early_exits import early_exits_of

LOOKUP_ERRORS = frozenset(
    {"builtins.IndexError", "builtins.LookupError", "builtins.Exception", "builtins.BaseException"}
)
VALUE_ERRORS = frozenset({"builtins.ValueError", "builtins.Exception", "builtins.BaseException"})
EXIT_ERRORS = frozenset({"builtins.SystemExit", "builtins.BaseException"})
_DEEPEST = 5


def is_rescued(
    module: Module, frame: ast.FunctionDef | None, errors: frozenset[str], depth: int = 0, *, failing: bool = True
) -> bool:
    """Whether an error that leaves a function may be caught by those that call it.

    Args:
        module: the module.
        frame: the function, None for the module's own code.
        errors: qualified names of what would catch it.
        depth: how many callers up this one is.
        failing: whether handlers count that end the script as a failure.
    """
    if frame is None:
        return False
    if depth > _DEEPEST:
        return True
    for call in module.nodes(ast.Call):
        if getattr(call.func, "id", getattr(call.func, "attr", "")) != frame.name:
            continue
        child: ast.AST = call
        for around in module.ancestors(call):
            if isinstance(around, ast.Try) and child in around.body and _is_caught(module, around, errors, failing):
                return True
            child = around
        caller = module.function(call)
        if (
            isinstance(caller, ast.FunctionDef)
            and caller is not frame
            and is_rescued(module, caller, errors, depth + 1, failing=failing)
        ):
            return True
    return False


def _is_caught(module: Module, statement: ast.Try, errors: frozenset[str], failing: bool) -> bool:
    around = module.function(statement)
    early_exits = early_exits_of(module, around if isinstance(around, ast.FunctionDef) else None)
    return any(
        catches(module, handler, errors) and (failing or not early_exits.fails(handler.body))
        for handler in statement.handlers
    )


def catches(module: Module, handler: ast.ExceptHandler, errors: frozenset[str]) -> bool:
    """Whether a handler catches any of some errors, by their own names.

    Args:
        module: the module.
        handler: one ``except``.
        errors: qualified names, those of base classes among them.
    """
    if handler.type is None:
        return True
    types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(module.qualified_name(item) in errors for item in types)
