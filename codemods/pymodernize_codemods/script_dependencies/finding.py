"""The libraries that a script imports → the block of metadata that installs them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize.semantics.script_metadata import lines_above, lines_of, metadata_block
from pymodernize_codemods.script_dependencies.needed import Unclear, needed

if TYPE_CHECKING:
    import libcst as cst


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """The script itself, if it imports libraries and does not say which."""
    if not module.is_script or not module.is_closed or module.facts.is_command:
        return
    lines = lines_of(module)
    if metadata_block(lines) is not None:
        return
    first = module.tree.body[0]
    message = "the script does not say which libraries it needs"
    try:
        found = needed(module)
    except Unclear as exc:
        yield codemod.finding(module, first, message, reason=exc.args[0])
        return
    if not found.distributions:
        return
    if declared := module.facts.declares_dependencies:
        reason = Reason("declared", f"{declared} has the dependencies")
        yield codemod.finding(module, first, message, reason=reason, kept=True)
        return
    if found.optional:
        message += f"; {', '.join(found.optional)} is optional and left out"
    block = (
        "# /// script",
        f'# requires-python = ">={module.target[0]}.{module.target[1]}"',
        "# dependencies = [",
        *(f'#     "{name}",' for name in found.distributions),
        "# ]",
        "# ///",
    )
    edit = Edit(module.tree, partial(_headed, at=lines_above(lines), block=block))
    # What others do may take an import away, or put a docstring in the place.
    yield codemod.finding(module, first, message, Rewrite((edit,), waits=True))


def _headed(node: cst.Module, *, at: int, block: tuple[str, ...]) -> cst.Module:
    """The module with a block of comments below its first lines, and a blank line behind it."""
    import libcst as cst

    newline = node.default_newline
    lines = list(io.StringIO(node.code, newline=""))
    new = [*(f"{line}{newline}" for line in block), *([newline] if at < len(lines) and lines[at].strip() else [])]
    return cst.parse_module("".join([*lines[:at], *new, *lines[at:]]), node.config_for_parsing)
