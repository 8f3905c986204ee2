"""Calls of loggers that show a secret."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pymodernize.semantics.module import Module
from pymodernize_codemods._checks.values import calls_of_methods
from pymodernize_codemods._secrets import is_secret, names_secret, shown

_METHODS = "debug info warning warn error exception critical fatal log".split()
# Of a parser, a page or a lock; and a whole object, of which something harmless may be shown.
_DOUBTFUL = re.compile(
    r"(?<!access)(?<!auth)(?<!api)(?<!refresh)(?<!bearer)(?<!bot)_token\b|credentials?\b", re.IGNORECASE
)
_LOGGER = re.compile(r"(^|_)log(ger|ging)?$", re.IGNORECASE)


def logged_secrets(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """The calls of loggers that are given a secret, each with the name of that.

    Args:
        module: the module.
    """
    for call, method in calls_of_methods(module, _METHODS):
        if not _is_logger(module, method.value):
            continue
        for value in (value for arg in call.args for value in shown(arg)):
            if _is_told(value) and is_secret(module, value):
                yield call, f"{ast.unparse(value)} is logged"
                break


def _is_told(value: ast.expr) -> bool:
    """Whether a value says by its own name that it is a secret, and is not likely to be something else."""
    if isinstance(value, ast.Name) and not names_secret(value.id):
        return False
    return _DOUBTFUL.search(ast.unparse(value)) is None


def _is_logger(module: Module, expr: ast.expr) -> bool:
    if isinstance(expr, ast.Call):
        return module.qualified_name(expr.func) == "logging.getLogger"
    return bool(_LOGGER.search(str(getattr(expr, "attr", getattr(expr, "id", "")))))
