"""Every use of an old name in a module."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.semantics.several_versions import is_compatibility_module
from pymodernize_codemods.deprecated_api import imports, methods, names
from pymodernize_codemods.deprecated_api.judgement import Place

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


def found(module: Module) -> Iterator[Place]:
    """Every place, with what becomes of it.

    Args:
        module: the module.
    """
    if is_compatibility_module(module.facts.name):
        return
    yield from imports.found(module)
    yield from names.found(module)
    yield from methods.found(module)
