"""The layout of a script: where in a module each kind of definition stands, whichever rewrite brings it.

From top to bottom: imports, constants, loggers, the set-up of logging, the
script's own functions and classes, new functions, the one that reads the
command line, ``main``, the guard.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from enum import IntEnum

from pymodernize.codemod import Definition
from pymodernize.semantics.layout import preamble
from pymodernize.semantics.module import Module
from pymodernize.semantics.scripts import acts


class Slot(IntEnum):
    """A kind of definition, in the order in which they stand."""

    CONSTANT = 0
    LOGGER = 1
    SET_UP = 2
    """Statements that run, such as a call of ``logging.basicConfig``."""
    FUNCTION = 3
    """Functions and classes."""
    PARSER = 4
    """The function that reads the command line."""


def slot_of(definition: Definition) -> Slot:
    """The kind of a definition, by its last statement.

    Args:
        definition: any.
    """
    last = ast.parse(definition.source).body[-1]
    match last:
        case ast.FunctionDef() if reads_command_line(last):
            return Slot.PARSER
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return Slot.FUNCTION
        case ast.Expr():
            return Slot.SET_UP
        case ast.Assign(value=ast.Call(func=func)) if ast.unparse(func).endswith("getLogger"):
            return Slot.LOGGER
    return Slot.CONSTANT


def number_of(source: str) -> int | None:
    """The number that a definition gives a name; None for any other definition.

    Args:
        source: of the definition.
    """
    match ast.parse(source).body:
        case [ast.Assign(value=ast.Constant(value=value))] if type(value) is int:
            return value
    return None


def place_among(definition: Definition) -> tuple[Slot, bool, int]:
    """The order of definitions that go to the same place: by kind, and numbers that get names as they ascend.

    Args:
        definition: any.
    """
    number = number_of(definition.source)
    return slot_of(definition), number is None, number or 0


def reads_command_line(function: ast.FunctionDef) -> bool:
    """Whether a function says that it reads the command line, and gives a namespace.

    Args:
        function: any.
    """
    returns = ast.unparse(function.returns) if function.returns is not None else ""
    said = ast.get_docstring(function) or ""
    return returns.endswith("Namespace") and said.startswith("Read the command line")


def logs_to_a_file(function: ast.FunctionDef) -> bool:
    """Whether a function says that it sets up logging to stdout and to a file, as the standard asks.

    Args:
        function: any.
    """
    return (ast.get_docstring(function) or "").startswith("Log to stdout and to a file")


def ends_on_signal(function: ast.AST) -> bool:
    """Whether a function does nothing but end the script, as the handler of a signal does; it may say so first.

    Args:
        function: any node.
    """
    match function:
        case ast.FunctionDef(
            body=[
                *above,
                ast.Raise(exc=ast.Call(func=ast.Name(id="SystemExit"), args=[ast.BinOp(left=ast.Constant(128))])),
            ]
        ):
            return all(isinstance(item, ast.Expr) for item in above)
    return False


def is_frame_function(source: str) -> int | None:
    """The place of a function among those that are there for ``main`` alone; None for one that is not.

    Args:
        source: of a function.

    Returns:
        Places in ascending order: what sets up logging, what ends the script
        on a signal, what reads the command line.
    """
    match ast.parse(source.lstrip()).body:
        case [ast.FunctionDef() as function] if reads_command_line(function):
            return 2
        case [ast.FunctionDef() as function] if ends_on_signal(function):
            return 1
        case [ast.FunctionDef() as function] if logs_to_a_file(function):
            return 0
    return None


def anchor(module: Module, slot: Slot, first_run: int | None) -> ast.stmt | None:
    """The statement of a module's body behind which a new definition goes; None for the file's top.

    Args:
        module: the module.
        slot: the kind of the definition.
        first_run: the offset of the first code outside of functions that may use it; None if there is none.
    """
    last = preamble(module).last
    constants, block = _top_block(module, last, first_run)
    if slot is Slot.CONSTANT:
        return constants
    if slot is Slot.LOGGER:
        return block
    block = _below_set_up(module, block, first_run)
    if slot is Slot.SET_UP:
        return block
    body = module.tree.body
    stop = next((number for number, item in enumerate(body) if _ends_definitions(module, item, first_run)), None)
    start = body.index(block) if block is not None else -1 if module.docstring is None else 0
    if stop is None or stop <= start + 1:
        return block
    above = stop - 1
    while above > start and begins_work(body[above]):
        above -= 1
    if slot is Slot.FUNCTION:
        while above > start and _is_parser(body[above]):
            above -= 1
    return body[above] if above > start else block


def _top_block(module: Module, last: ast.stmt | None, first_run: int | None) -> tuple[ast.stmt | None, ast.stmt | None]:
    """The last constant, and the last constant or logger, of those that directly follow the imports.

    What runs with the module itself and may use a new definition stays behind it.
    """
    constants = block = last
    body = module.tree.body
    for statement in body[body.index(last) + 1 :] if last is not None else ():
        if first_run is not None and first_run < module.span(statement)[1]:
            break
        if _is_logger(module, statement):
            block = statement
        elif block is constants and _is_constant(statement):
            constants = block = statement
        else:
            break
    return constants, block


def _below_set_up(module: Module, block: ast.stmt | None, first_run: int | None) -> ast.stmt | None:
    """The last of the statements that set up logging directly below a statement; itself if there is none.

    What runs with the module itself and may use a new definition stays behind it.
    """
    body = module.tree.body
    for statement in body[body.index(block) + 1 :] if block is not None else ():
        if not _is_set_up(statement) or first_run is not None and first_run < module.span(statement)[1]:
            break
        block = statement
    return block


def _is_set_up(statement: ast.stmt) -> bool:
    match statement:
        case ast.Assign(value=ast.Call(func=ast.Attribute(attr="StreamHandler"))):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(attr=attr))):
            return attr in {"addFilter", "addHandler", "basicConfig", "setLevel"}
    return False


def _is_constant(statement: ast.stmt) -> bool:
    """Whether a statement gives a literal to names in capitals."""
    match statement:
        case ast.Assign(targets=targets, value=ast.Constant()):
            return all(isinstance(item, ast.Name) and item.id.isupper() for item in targets)
    return False


def _is_logger(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement binds a name to a logger."""
    match statement:
        case ast.Assign(targets=[ast.Name()], value=ast.Call(func=func)):
            return module.qualified_name(func) == "logging.getLogger"
    return False


def begins_work(statement: ast.stmt) -> bool:
    """Whether an assignment of a module's body is a step of its work: it binds no constant, and no logger.

    Args:
        statement: any.
    """
    match statement:
        case ast.Assign(value=ast.Call(func=func)) if ast.unparse(func).endswith("getLogger"):
            return False
        case ast.Assign(targets=targets):
            names = [node.id for item in targets for node in ast.walk(item) if isinstance(node, ast.Name)]
            return not all(name.isupper() or name.startswith("__") for name in names)
    return False


def _is_parser(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.FunctionDef) and reads_command_line(statement)


def _ends_definitions(module: Module, statement: ast.stmt, first_run: int | None) -> bool:
    """Whether a statement of a module's body is ``main``, the guard, or work that may use new functions."""
    if statement is module.guard or isinstance(statement, ast.FunctionDef) and statement.name == "main":
        return True
    if first_run is not None and first_run < module.span(statement)[1]:
        return True
    if isinstance(statement, ast.Assign) and not begins_work(statement):
        return False
    last = preamble(module).last
    return acts(module, statement) and (last is None or statement.lineno > last.lineno)


def names_of(definitions: Sequence[Definition]) -> frozenset[str]:
    """The names that definitions bind.

    Args:
        definitions: any.
    """
    return frozenset(name for item in definitions for name in _bound(ast.parse(item.source).body))


def _bound(body: Sequence[ast.stmt]) -> Iterator[str]:
    for statement in body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield statement.name
        elif isinstance(statement, ast.Assign):
            yield from (item.id for item in statement.targets if isinstance(item, ast.Name))


def mentions(source: str, names: frozenset[str]) -> bool:
    """Whether a text has one of some names in it.

    Args:
        source: new code.
        names: the names.
    """
    return any(re.search(rf"(?<![\w.]){re.escape(name)}\b", source) for name in names)
