"""Assignments that stand together: they are one paragraph, and stay together."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from pymodernize.semantics.module import Module
from pymodernize_codemods._script.statements import ASSIGNMENTS, IMPORTS, Touches, is_text
from pymodernize_codemods.main_guard.place import Place

_TABLE = 5
"""So many lines of a literal are a table."""
_CHANGES = frozenset(
    """add append clear discard extend insert pop popitem remove reverse setdefault sort update""".split()
)
_LITERAL = (ast.Dict, ast.List, ast.Set, ast.Tuple, ast.Constant, ast.UnaryOp, ast.unaryop, ast.expr_context)


def paragraphs(
    module: Module, places: Mapping[ast.stmt, Place], touches: Touches, used: set[str]
) -> tuple[list[ast.stmt], list[ast.stmt]]:
    """The assignments that go another way than by themselves, since those beside them do.

    A setting that is a literal stays where another one, in capitals, does. What
    nothing reads goes where those around it go; and so does a constant that
    only the work reads, unless it stands among the first lines of the file.

    Args:
        module: the module.
        places: where each statement goes by itself.
        touches: the names of each.
        used: the names that functions and classes read.

    Returns:
        Those that stay, and those that move.
    """
    staying: list[ast.stmt] = []
    going: list[ast.stmt] = []
    top = True
    for paragraph in _paragraphs(module):
        if not isinstance(paragraph[0], ASSIGNMENTS):
            top = top and all(isinstance(item, IMPORTS) or is_text(item) for item in paragraph)
            continue
        moving = [item for item in paragraph if places[item] is not Place.STAYS]
        if moving and top and len(moving) < len(paragraph) and _has_constant(paragraph, places, touches):
            if all(_is_setting(module, item, touches[item].binds) for item in moving):
                staying += moving
                continue
        if moving:
            going += [item for item in paragraph if _follows(module, touches[item].binds, used, top=top)]
            top = top and all(isinstance(item.value, ast.Constant) for item in moving if isinstance(item, ASSIGNMENTS))
    return staying, going


def _paragraphs(module: Module) -> Iterator[list[ast.stmt]]:
    """Assignments without a blank line between them together, and each other statement by itself."""
    paragraph: list[ast.stmt] = []
    for statement in module.tree.body:
        together = isinstance(statement, ASSIGNMENTS)
        if paragraph and (not together or statement.lineno > (paragraph[-1].end_lineno or 0) + 1):
            yield paragraph
            paragraph = []
        if together:
            paragraph.append(statement)
        else:
            yield [statement]
    if paragraph:
        yield paragraph


def _has_constant(paragraph: list[ast.stmt], places: Mapping[ast.stmt, Place], touches: Touches) -> bool:
    return any(
        places[item] is Place.STAYS and touches[item].binds and all(name.isupper() for name in touches[item].binds)
        for item in paragraph
    )


def _is_setting(module: Module, statement: ast.stmt, names: set[str]) -> bool:
    """Whether a statement binds names, once, to a literal that nothing changes."""
    value = getattr(statement, "value", None)
    bindings = module.index.scope.bindings
    return (
        isinstance(value, ast.expr)
        and all(len(bindings[name]) == 1 for name in names)
        and _is_fixed(module, value, names)
    )


def _follows(module: Module, names: set[str], used: set[str], *, top: bool) -> bool:
    """Whether names are variables that nothing reads, or constants that only the work does."""
    if not names or any(name[:2] == "__" for name in names):
        return False
    if all(name.isupper() for name in names):
        once = all(len(module.index.scope.bindings[name]) == 1 for name in names)
        return not top and once and not names & used and not all(is_unread(module, name) for name in names)
    return all(is_unread(module, name) and not name.isupper() for name in names)


def is_unread(module: Module, name: str) -> bool:
    """Whether nothing in a file reads a name of its own.

    Args:
        module: the module.
        name: of a variable that it binds.
    """
    return not module.uses(module.index.scope.bindings[name][0])


def is_table(module: Module, value: ast.expr, names: set[str]) -> bool:
    """Whether a value is a long literal that nothing changes: it reads better where it is.

    Args:
        module: the module.
        value: what is assigned.
        names: what it is bound to.
    """
    return (value.end_lineno or 0) - value.lineno + 1 >= _TABLE and _is_fixed(module, value, names)


def _is_fixed(module: Module, value: ast.expr, names: set[str]) -> bool:
    """Whether a value is a literal that nothing changes by one of some names."""
    if not all(isinstance(node, _LITERAL) for node in ast.walk(value)):
        return False
    uses = (use for name in names for use in module.uses(module.index.scope.bindings[name][0]))
    return not any(_changes(module, use) for use in uses)


def _changes(module: Module, use: ast.Name) -> bool:
    """Whether a use of a name changes what it holds."""
    match module.parent(use):
        case ast.Subscript(ctx=ast.Store() | ast.Del()):
            return True
        case ast.Attribute(attr=attr):
            return attr in _CHANGES
    return False
