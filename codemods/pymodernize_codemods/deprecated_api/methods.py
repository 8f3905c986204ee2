"""Uses of methods by old names, on values of known classes."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.codemod import Edit, Rewrite
from pymodernize_codemods._assumptions import RUN_ONLY
from pymodernize_codemods.deprecated_api import forms
from pymodernize_codemods.deprecated_api.guards import is_left
from pymodernize_codemods.deprecated_api.judgement import NoForm, Place, judged
from pymodernize_codemods.deprecated_api.receivers import Receivers
from pymodernize_codemods.deprecated_api.rows import Row, table

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_CASES = "unittest.TestCase"


def found(module: Module) -> Iterator[Place]:
    """Every use of a method."""
    receivers = module.once(Receivers)
    for owner, rows in table().methods.items():
        for name, row in rows.items():
            for node in module.names.by_last_name.get(name, ()):
                if not isinstance(node, ast.Attribute) or not isinstance(node.ctx, ast.Load):
                    continue
                if receivers.class_of(node.value) != owner or receivers.is_defined(owner, row):
                    continue
                if not is_left(module, node, row):
                    yield _place(module, row, node, owner)


def _place(module: Module, row: Row, node: ast.Attribute, owner: str) -> Place:
    if not row.new and not row.call:
        return judged(module, row, node, None)
    make = partial(forms.rewritten, module, row, node) if row.call else partial(_renamed, module, row, node)
    is_sure = module.is_closed or owner == _CASES and module.is_test or not _is_read_from_self(node, owner)
    return judged(module, row, node, make, assumed=frozenset() if is_sure else frozenset({RUN_ONLY.name}))


def _renamed(module: Module, row: Row, node: ast.Attribute) -> Rewrite:
    """The rewrite of a method's name.

    Raises:
        NoForm: an argument is given by a name that the new method does not have.
    """
    from pymodernize_codemods.deprecated_api import rewriting

    call = module.parent(node)
    if row.positional and not (isinstance(call, ast.Call) and call.func is node and not call.keywords):
        raise NoForm("the new method has other names for its parameters")
    return Rewrite((Edit(node, partial(rewriting.attribute, name=row.new)),))


def _is_read_from_self(node: ast.Attribute, owner: str) -> bool:
    """Whether code elsewhere may give the attribute that a method is called on, or derive a class from the one here."""
    return owner == _CASES or isinstance(node.value, ast.Attribute)
