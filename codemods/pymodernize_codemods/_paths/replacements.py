"""Functions that a module monkey-patches, so that the callee behind their names is not known."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.module import Module

REASON = "the script puts another function in its place"


def replaced_functions(module: Module, candidates: frozenset[str]) -> frozenset[str]:
    """Those of some functions that a module assigns to, or names in a text as ``mock.patch`` takes it.

    Args:
        module: the module.
        candidates: qualified names.

    Returns:
        The functions whose names may be bound to others at a call.
    """
    found = {name for name in candidates if module.names.is_replaced(name)}
    data = module.source.data
    if b"patch" not in data and b"setattr" not in data:
        return frozenset(found)
    names = {name.removeprefix("builtins."): name for name in candidates}
    steps = {name.rpartition(".")[2] for name in candidates}
    for node in module.nodes(ast.Constant):
        text = node.value if isinstance(node.value, str) else ""
        if text.rpartition(".")[2] not in steps:
            continue
        found |= {names[tail] for tail in _tails(text) if tail in names}
        call = module.parent(node)
        if isinstance(call, ast.Call) and call.args[1:2] == [node]:
            found |= {f"{module.qualified_name(call.args[0])}.{text}"} & candidates
    return frozenset(found)


def _tails(text: str) -> Iterator[str]:
    """All suffixes of a dotted name, itself first: its first steps may be modules of the project."""
    while text:
        yield text
        text = text.partition(".")[2]
