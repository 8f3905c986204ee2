"""Whether a 2 that a script ends with is the standard's: something is wrong with what it was given."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pymodernize.semantics.module import Module

_SPOKEN_OF = re.compile(
    r"usage|argument|option|parameter|invalid|illegal|unknown|unrecogni|missing|required|expected|must be|specify"
    r"|wrong number|too (?:many|few)|not enough|no such|not found|does not exist|not a |bad ",
    re.IGNORECASE,
)
_NAMES = re.compile(r"usage|help(?!er)|argv|args|opts|options|getopt|parser", re.IGNORECASE)


def is_about_input(module: Module, at: ast.AST) -> bool:
    """Whether the code around an exit speaks of usage, arguments, or input that is no good.

    Looked at are the statements above it in its block, the conditions and
    handlers around that block, and the name of its function.

    Args:
        module: the module.
        at: the number, or the exit.
    """
    statement: ast.AST = module.statement(at)
    for around in [statement, *module.ancestors(statement)]:
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return bool(_NAMES.search(around.name))
        if isinstance(around, ast.Module):
            return False
        if any(_speaks(node) for node in _near(module, around)):
            return True
    return False


def _near(module: Module, node: ast.AST) -> Iterator[ast.AST]:
    """What stands above a statement in its block, and the condition or the types of a compound one."""
    if isinstance(node, ast.stmt):
        block = module.block(node)
        place = next(number for number, item in enumerate(block) if item is node)
        for item in block[:place]:
            if isinstance(item, ast.Expr):
                yield from ast.walk(item)
    if isinstance(node, (ast.If, ast.While)):
        yield from ast.walk(node.test)
    if isinstance(node, ast.ExceptHandler) and node.type is not None:
        yield from ast.walk(node.type)


def _speaks(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(_SPOKEN_OF.search(node.value))
    name = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    return bool(_NAMES.search(name))
