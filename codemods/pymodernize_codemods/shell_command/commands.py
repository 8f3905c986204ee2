"""The text of a command: the expression that builds it, and its pieces."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pymodernize.semantics.known_texts import known_texts
from pymodernize.semantics.types import names_of
from pymodernize_codemods._paths.texts import Field, is_plain_sum, pieces
from pymodernize_codemods.shell_command.programs import PYTHON
from pymodernize_codemods.shell_command.words import NeedsShell, Part, Value, is_plain

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module
    from pymodernize.semantics.values import Contents

_QUOTE = frozenset({"shlex.quote", "pipes.quote"})
_INTEGERS = frozenset({"int"})
_NUMBERS = frozenset({"int", "bool", "float"})
_TEXT = frozenset({"str"})


def built_by(module: Module, expr: ast.expr) -> ast.expr:
    """The expression that builds a command's text: that itself, or what its variable is assigned.

    Args:
        module: the module.
        expr: the argument of a call.

    Raises:
        NeedsShell: the variable may have another value, or is read for something else.
    """
    if not isinstance(expr, (ast.Name, ast.Attribute)):
        return expr
    cell = module.values.read_by(expr)
    contents = module.values.contents(cell) if cell is not None else None
    if contents is None:
        raise NeedsShell("unknown-text", "the text is not in sight")
    name = module.text(expr)
    only = contents.sources[0].expr if len(contents.sources) == 1 else None
    assign = module.parent(only) if only is not None else assigned_before(module, expr, contents)
    if not isinstance(assign, ast.Assign) or not _sets_one(assign):
        raise NeedsShell("unknown-text", f"{name} may have several texts")
    others = [read for read in contents.reads if read is not expr]
    if any(only is not None or not _is_another_command(module, read, contents, assign) for read in others):
        raise NeedsShell("used-otherwise", f"{name} is used elsewhere, too")
    return assign.value


def assigned_before(module: Module, read: ast.expr, contents: Contents) -> ast.Assign | None:
    """The assignment, in the block of a read of a local or global variable, whose value that read is certain to get.

    Args:
        module: the module.
        read: the read.
        contents: of the variable.

    Returns:
        None if the variable may have been set elsewhere meanwhile.
    """
    scope = module.scope(read)
    if not isinstance(read, ast.Name) or any(module.scope(target) is not scope for target in contents.targets):
        return None
    setting = {module.statement(target) for target in contents.targets}
    if any(isinstance(item, ast.AugAssign) for item in setting):
        return None
    block, place = module.place(module.statement(read))
    own = block[place]
    if own in setting or isinstance(own, ast.While) and any(module.is_inside(item, own) for item in setting):
        return None
    for statement in reversed(block[:place]):
        if statement in setting:
            return statement if isinstance(statement, ast.Assign) else None
        if any(module.is_inside(item, statement) for item in setting):
            return None
    return None


def _is_another_command(module: Module, read: ast.expr, contents: Contents, assign: ast.Assign) -> bool:
    """Whether a read gets what another assignment sets, for a command of its own."""
    around = module.parent(read)
    call = module.parent(around) if isinstance(around, ast.keyword) else around
    name = module.qualified_name(call.func) if isinstance(call, ast.Call) else None
    starts = name is not None and name.startswith(("subprocess.", "os."))
    return starts and assigned_before(module, read, contents) not in {assign, None}


def _sets_one(assign: ast.Assign) -> bool:
    return len(assign.targets) == 1 and isinstance(assign.targets[0], (ast.Name, ast.Attribute))


def pieces_of(module: Module, expr: ast.expr) -> list[Part]:
    """The literals and values that a command's text is put together of.

    Args:
        module: the module.
        expr: the expression that builds it.

    Raises:
        NeedsShell: it is built in a way that is not understood.
    """
    found = pieces(module, expr)
    if found is None:
        raise NeedsShell("unknown-text", "the text is not in sight")
    if "#" in module.text(expr) and expr.lineno != expr.end_lineno:
        raise NeedsShell("comment", "a comment may stand in it")
    is_sum = is_plain_sum(module, expr)
    return [item if isinstance(item, str) else _value(module, item, is_sum=is_sum) for item in found]


def _value(module: Module, item: ast.expr | Field, *, is_sum: bool) -> Value:
    if isinstance(item, Field):
        # "%d" takes other numbers, too, and other widths are filled up with blanks.
        is_integer = _is_among(module, item.expr, _INTEGERS)
        is_known = is_integer or not item.integer and _is_among(module, item.expr, _NUMBERS)
        is_one = item.spec[:1] == "0" or not item.spec[:1].isdigit()
        return Value(item.expr, "" if is_integer and item.spec == "d" else item.spec, is_plain=is_known and is_one)
    if module.qualified_name(item) == PYTHON and not module.names.is_replaced(PYTHON):
        return Value(item, is_text=True, is_plain=True, program=PYTHON)
    only = item.args[0] if isinstance(item, ast.Call) and len(item.args) == 1 and not item.keywords else None
    if isinstance(item, ast.Call) and only is not None and not isinstance(only, ast.Starred):
        name = module.qualified_name(item.func)
        if name in _QUOTE:
            # Of None, too, quote() makes a text: an empty one.
            is_text = module.type_of(only) is None or _is_among(module, only, _TEXT)
            return Value(only, is_text=True, is_plain=is_text, is_quoted=True)
        if name == "builtins.str" and _is_among(module, only, _NUMBERS):
            return Value(only, is_plain=True)
    texts = known_texts(module, item)
    if texts and all(map(is_plain, texts)):
        return Value(item, is_text=True, is_plain=True)
    return Value(item, is_text=is_sum or _is_among(module, item, _TEXT), is_plain=_is_among(module, item, _NUMBERS))


def _is_among(module: Module, expr: ast.expr, names: frozenset[str]) -> bool:
    """Whether a value is certain to be of one of some classes."""
    types = module.type_of(expr)
    return bool(types) and names_of(types) <= names
