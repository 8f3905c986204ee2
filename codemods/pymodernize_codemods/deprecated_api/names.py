"""Uses of functions, classes and values by old names."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.codemod import Edit, Rewrite
from pymodernize_codemods.deprecated_api import forms
from pymodernize_codemods.deprecated_api.guards import is_imported, is_left
from pymodernize_codemods.deprecated_api.judgement import NoForm, Place, judged
from pymodernize_codemods.deprecated_api.rows import Row, table
from pymodernize_codemods.deprecated_api.successors import drops, has_unknown_star, named, renamed

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_BUILTINS = "builtins."
_ONE_SPECIFIER = re.compile(r"%[-#0-9 +.hlL]*[eEfFgGdiouxXrs]")


def found(module: Module) -> Iterator[Place]:
    """Every use, but for those whose import is all that changes."""
    rows = table().names
    for node in dict.fromkeys(module.names.naming(*rows)):
        row = rows[module.qualified_name(node) or ""]
        if not isinstance(node.ctx, ast.Load) or row.name.startswith(_BUILTINS):
            continue
        if isinstance(node, ast.Name) and (not is_imported(module, node) or is_imported_anew(module, node, row)):
            continue
        if not is_left(module, node, row) and (place := _place(module, row, node)) is not None:
            yield place
    yield from _unbound(module)


def is_imported_anew(module: Module, node: ast.Name, row: Row) -> bool:
    """Whether nothing is to be said of a name beside its import, since that changes alone or has no replacement."""
    found = module.scope(node).lookup(node.id)
    aliases = [binding.node for binding in found[1]] if found is not None else []
    return all(isinstance(alias, ast.alias) and is_the_import(alias, row) for alias in aliases)


def is_the_import(alias: ast.alias, row: Row) -> bool:
    """Whether all that is to be said of a name is said of the import that binds it.

    Args:
        alias: the name in the import.
        row: what is known of it.
    """
    if row.call or row.name in _IN_PARTS:
        return False
    if not row.new:
        return True
    return not row.new.startswith(_BUILTINS) and bool(alias.asname or row.last == row.new.rpartition(".")[2])


def _place(module: Module, row: Row, node: ast.Name | ast.Attribute) -> Place | None:
    if row.name == "inspect.getargspec":
        return judged(module, row, node, partial(_argument_names, module, row, node))
    if row.name == "asyncio.get_event_loop":
        return _loop(module, row, node)
    if row.call:
        return judged(module, row, node, partial(forms.rewritten, module, row, node))
    if not row.new:
        return judged(module, row, node, None)
    equal = row.only == "one-specifier" and _has_one_specifier(module, node)
    return judged(module, row, node, partial(_renamed, module, row, node), equal=equal)


def _renamed(module: Module, row: Row, node: ast.Name | ast.Attribute) -> Rewrite:
    """The rewrite of a name.

    Raises:
        NoForm: an argument is given by a name that the new function does not have.
        NameTaken: the file leaves no name for it.
    """
    call = module.parent(node)
    if row.positional and not (isinstance(call, ast.Call) and call.func is node and _is_positional(call)):
        raise NoForm("the new function has other names for its parameters")
    return renamed(module, row.new, node)


def _is_positional(call: ast.Call) -> bool:
    return all(item.arg in {"grouping", "monetary"} for item in call.keywords)


def _unbound(module: Module) -> Iterator[Place]:
    """Every builtin of Python 2: a name that nothing binds."""
    if has_unknown_star(module):
        return
    for row in table().names.values():
        if not row.name.startswith(_BUILTINS) or hasattr(builtins, row.last):
            continue
        for node in module.names.by_last_name.get(row.last, ()):
            if isinstance(node, ast.Name) and node in module.index.loads and module.scope(node).lookup(node.id) is None:
                if not is_left(module, node, row):
                    make = partial(_builtin, module, row, node) if row.new else None
                    yield judged(module, row, node, make)


def _builtin(module: Module, row: Row, node: ast.Name) -> Rewrite:
    """The rewrite of a builtin of Python 2.

    Raises:
        NoForm: it stands beside what takes its place: ``(int, long)``.
        NameTaken: the file leaves no name for it.
    """
    outer = module.parent(node)
    if isinstance(outer, ast.Tuple) and any(module.qualified_name(item) == row.new for item in outer.elts):
        raise NoForm(f"{row.new.removeprefix(_BUILTINS)} stands beside it")
    return renamed(module, row.new, node)


# --- what depends on the place -------------------------------------------------------------------------------------


def _has_one_specifier(module: Module, node: ast.AST) -> bool:
    """Whether ``locale.format`` is called with a text that is one specifier, and a number."""
    call = module.parent(node)
    if not isinstance(call, ast.Call) or call.func is not node or not 2 <= len(call.args) <= 4:
        return False
    text, value = call.args[:2]
    if any(isinstance(arg, ast.Starred) for arg in call.args):
        return False
    types = module.type_of(value)
    is_number = bool(types) and all(item.name in {"int", "float", "bool"} for item in types or ())
    match text:
        case ast.Constant(value=str(spelt)):
            return is_number and _ONE_SPECIFIER.fullmatch(spelt) is not None
    return False


_SAME_VALUES = {"args": "args", "varargs": "varargs", "keywords": "varkw", "defaults": "defaults"}


def _argument_names(module: Module, row: Row, node: ast.Name | ast.Attribute) -> Rewrite:
    """``inspect.getfullargspec``, of which the first four values are those of ``getargspec``.

    Raises:
        NoForm: the result is used in a way that tells the two apart, or out of sight.
    """
    from pymodernize_codemods.deprecated_api import rewriting

    call = module.parent(node)
    if not isinstance(call, ast.Call) or call.func is not node:
        raise NoForm("it is not called where it stands")
    outer = module.parent(call)
    new = named(module, "inspect.getfullargspec", node)
    edit = Edit(node, partial(rewriting.expression, source=new.expression))
    made = Rewrite((edit,), (new,), drops=drops(module, node))
    match outer:
        case ast.Attribute(attr=name) if name in _SAME_VALUES:
            if name == _SAME_VALUES[name]:
                return made
            source = f"{new.expression}{_arguments(module, node, call)}.{_SAME_VALUES[name]}"
            whole = Edit(outer, partial(rewriting.expression, source=source))
            return Rewrite((whole,), (new,), drops=made.drops)
        case ast.Subscript(slice=ast.Constant(value=0 | 1 | 2 | 3)):
            return made
        case ast.Assign(targets=[ast.Tuple(elts=targets)]) if len(targets) == 4:
            if not any(isinstance(item, ast.Starred) for item in targets):
                source = f"{new.expression}{_arguments(module, node, call)}[:4]"
                whole = Edit(call, partial(rewriting.expression, source=source))
                return Rewrite((whole,), (new,), drops=made.drops)
    raise NoForm(row.differs)


def _arguments(module: Module, func: ast.AST, call: ast.Call) -> str:
    """The source of a call's arguments, with their parentheses."""
    return module.source.data[module.span(func)[1] : module.span(call)[1]].decode("utf-8")


def _loop(module: Module, row: Row, node: ast.Name | ast.Attribute) -> Place | None:
    """The place of ``asyncio.get_event_loop``; None in a coroutine that may run without a loop, where nothing is said.

    A coroutine is run by a loop unless something calls its methods.
    """
    function = module.function(node)
    if not isinstance(function, ast.AsyncFunctionDef):
        return judged(module, row, node, None)
    if not module.is_closed or module.has_text(b".send(", b"__await__", b"__next__"):
        return None
    return judged(module, row, node, partial(renamed, module, "asyncio.get_running_loop", node), equal=True)


_IN_PARTS = frozenset({"inspect.getargspec", "asyncio.get_event_loop"})
