"""The names that templates read from a namespace dictionary: ``"%(x)s" % globals()``."""

from __future__ import annotations

import ast
import re
from string import Formatter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymodernize.semantics.tree import Tree

# One field of a template for ``%``, with its key in brackets or without one.
_FIELD = re.compile(r"%(?:%|(?:\((?P<key>[^()]*)\))?[-+ #0]*\d*(?:\.\d+)?[hlL]?(?P<type>.))", re.DOTALL)
_TEXTS = frozenset({"__doc__", "__file__", "__name__"})
_IDENTIFIER = re.compile(r"[^\W\d]\w*\Z")


def read_from(module: Tree, call: ast.Call) -> frozenset[str] | None:
    """The names that are read from the result of ``globals()``, ``locals()`` or ``vars()``.

    They are known for a literal template, to which alone the dictionary is
    passed; formatting does not mutate it.

    Args:
        module: the module.
        call: a call of one of the three, without arguments.

    Returns:
        The names; None if other code may use the dictionary.
    """
    parent = module.parent(call)
    match parent:
        case ast.BinOp(left=ast.Constant(value=str(template)), op=ast.Mod(), right=right) if right is call:
            return _by_percent(template)
        case ast.Subscript(value=value, slice=ast.Constant(value=str(name)), ctx=ast.Load()) if value is call:
            # The value of any other may be mutated or called.
            return frozenset({name}) if name in _TEXTS else None
        case ast.keyword(arg=None):
            outer = module.parent(parent)
            match outer:
                case ast.Call(func=ast.Attribute(value=ast.Constant(value=str(template)), attr="format"), args=[]):
                    return _by_format(template) if len(outer.keywords) == 1 else None
    return None


def _by_percent(template: str) -> frozenset[str] | None:
    """The keys of a template for ``%``, None where it has a field without one."""
    found: set[str] = set()
    for field in _FIELD.finditer(template):
        if field["type"] is not None and field["key"] is None:
            return None
        found |= {field["key"]} - {None}
    return frozenset(found) if all(map(_IDENTIFIER.match, found)) else None


def _by_format(template: str) -> frozenset[str] | None:
    """The names in a template for ``str.format``, None where a field has attributes, keys or fields in it."""
    try:
        fields = list(Formatter().parse(template))
    except ValueError:
        return None
    found = {name for _, name, _, _ in fields if name is not None}
    plain = all(map(_IDENTIFIER.match, found)) and not any("{" in (spec or "") for _, _, spec, _ in fields)
    return frozenset(found) if plain else None
