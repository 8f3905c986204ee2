"""What the codemods of this pack share: no codemod by itself."""

from __future__ import annotations

import libcst as cst


def call_of(call: cst.Call, expression: str) -> cst.Call:
    """The same call of something else."""
    return call.with_changes(func=cst.parse_expression(expression))
