"""What is so short that nobody needs a frame around it."""

from __future__ import annotations

import ast
import keyword
from collections.abc import Iterable, Iterator

from pymodernize.rewriting.frame import ends_on_signal, reads_command_line
from pymodernize.semantics.exit_status import ExitStatus, is_number, status_of_exit
from pymodernize.semantics.module import Module
from pymodernize_codemods._logging.configuration import is_exact_handler
from pymodernize_codemods._script.entry import sets_up
from pymodernize_codemods._script.statements import DEFINITIONS, IMPORTS, inner_statements, is_text

_SHORT = 20
"""So many statements, nested ones included, are a script that one takes in at a glance."""
_COMMAND_LINES = (
    "sys.argv",
    "argparse.ArgumentParser",
    "optparse.OptionParser",
    "getopt.getopt",
    "getopt.gnu_getopt",
)


def is_flat(module: Module, work: Iterable[ast.stmt]) -> bool:
    """Whether a script defines nothing, and is no command.

    Args:
        module: a script without a guard.
        work: the statements that are its work.
    """
    defined = (item for kind in DEFINITIONS for item in module.nodes(kind))
    return is_no_command(module, work) and all(_is_of_frame(module, item) for item in defined)


def is_no_command(module: Module, work: Iterable[ast.stmt]) -> bool:
    """Whether a script takes no arguments, and does not end with a failure of its own.

    Args:
        module: a script.
        work: the statements that are its work.
    """
    if not is_lean(module) or any(module.names.naming(*_COMMAND_LINES)):
        return False
    statuses = (status_of_exit(module, exit_) for item in work for exit_ in exits(module, item))
    return all(status is ExitStatus.SUCCESS for status in statuses)


def has_importable_name(module: Module) -> bool:
    """Whether an import statement can name a file; one that is read from stdin has no name to say otherwise."""
    name = module.facts.name.removesuffix(".py")
    return name == "<stdin>" or name.isidentifier() and not keyword.iskeyword(name)


def is_short(module: Module, work: Iterable[ast.stmt]) -> bool:
    """Whether a flat script is so short that one takes it in at a glance.

    Args:
        module: a script without a guard.
        work: the statements that are its work.
    """
    work = list(without_openings(module, work))
    is_one_go = is_flat(module, work) and not any(exit_ for item in work for exit_ in exits(module, item))
    return is_one_go and sum(1 + sum(1 for _ in inner_statements(item)) for item in work) <= _SHORT


def is_lean(module: Module) -> bool:
    """Whether the script may do with less than the whole frame: argparse, which it is given, ends it with a status."""
    parsers = (item for item in module.nodes(ast.FunctionDef) if reads_command_line(item))
    return module.style == "plain" and next(parsers, None) is None


def without_openings(module: Module, statements: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements without set-ups, imports and texts: other rewrites may put those there."""
    for item in statements:
        if not sets_up(module, item) and not is_text(item) and not isinstance(item, IMPORTS):
            yield item


def exits(module: Module, root: ast.AST) -> Iterator[ast.Call | ast.Raise]:
    """What ends the script in a piece of code, or may do so."""
    for node in ast.walk(root):
        if isinstance(node, (ast.Call, ast.Raise)) and status_of_exit(module, node) is not None:
            yield node


def gives_number(module: Module, exit_: ast.Call | ast.Raise) -> bool:
    """Whether the script ends with a number other than 0, which main can return: no text, and nothing unknown."""
    call = exit_.exc if isinstance(exit_, ast.Raise) else exit_
    args = call.args if isinstance(call, ast.Call) else ()
    if len(args) == 1 and _is_text(args[0]):
        return False
    meaning = status_of_exit(module, exit_)
    if meaning is ExitStatus.UNKNOWN:
        return len(args) != 1 or is_number(module, args[0])
    return meaning is not ExitStatus.SUCCESS


def _is_text(expr: ast.expr) -> bool:
    match expr:
        case ast.Constant(value=value):
            return isinstance(value, str)
        case ast.BinOp(left=left, op=ast.Mod() | ast.Add(), right=right):
            return _is_text(left) or isinstance(expr.op, ast.Add) and _is_text(right)
        case ast.Call(func=ast.Attribute(value=value, attr="format")):
            return _is_text(value)
    return isinstance(expr, ast.JoinedStr)


def _is_of_frame(module: Module, definition: ast.AST) -> bool:
    """Whether a definition is there for the script's frame alone, not for those who import it."""
    around = module.parent(definition)
    return ends_on_signal(definition) or any(_is_handler(module, item) for item in (definition, around))


def _is_handler(module: Module, node: ast.AST | None) -> bool:
    few = isinstance(node, ast.ClassDef) and len(node.body) == len(["docstring", "emit"])
    return few and is_exact_handler(module, node)
