"""The name that a LibCST node stands for."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import libcst as cst


def identifier(name: cst.Name) -> str:
    """A name as Python reads it, and as a syntax tree has it; the source may write it in other letters.

    Args:
        name: as it is written: full-width letters, ligatures.
    """
    return unicodedata.normalize("NFKC", name.value)
