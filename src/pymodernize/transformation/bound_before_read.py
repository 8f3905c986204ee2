"""Whether a round of rewrites lets a name be read before it is bound, which was bound in time before."""

from __future__ import annotations

import ast

from pymodernize.semantics.import_time import unbound_reads
from pymodernize.semantics.module import Module
from pymodernize.transformation.changes import Changes
from pymodernize.transformation.same_bindings import Problem

EARLY = "a name may be read before it is bound"


def problem(old: Module, new: Module, changes: Changes) -> Problem | None:
    """Compare what a module may read too early before and after a round of rewrites.

    Args:
        old: the module before.
        new: the module after.
        changes: what the round did.

    Returns:
        The first read that may come too early now, None if there is none.
    """
    early = unbound_reads(new)
    if not early:
        return None
    before = unbound_reads(old)
    known = {_key(old, name): name in before for name in old.index.loads}
    names = {name.id for name in before}
    for name in sorted(early, key=lambda item: (item.lineno, item.col_offset)):
        offset, _ = _key(new, name)
        origin = changes.original(offset)
        was_early = known.get((origin, name.id)) if origin is not None else None
        if was_early is False or was_early is None and name.id not in names:
            piece = changes.makers(changes.new_piece(offset))
            return Problem(f"{EARLY}: {name.id}, line {name.lineno}", piece)
    return None


def _key(module: Module, name: ast.Name) -> tuple[int, str]:
    return module.source.offset(name.lineno, name.col_offset), name.id
