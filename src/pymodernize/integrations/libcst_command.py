"""What offers a codemod to LibCST's own runner, without LibCST as long as nobody asks for it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymodernize.codemod import Codemod


def libcst_command(codemod: type[Codemod]) -> Callable[[str], object]:
    """A module's ``__getattr__`` that offers the codemod to LibCST's own runner as ``Command``.

    LibCST is imported when ``Command`` is asked for, not before.

    Args:
        codemod: the class that the module defines.

    Returns:
        The function, to be bound to ``__getattr__`` in the module.
    """

    def module_getattr(name: str) -> object:
        if name != "Command":
            raise AttributeError(f"module {codemod.__module__!r} has no attribute {name!r}")
        from pymodernize.integrations.libcst_tool import command

        made = command(codemod)
        setattr(sys.modules[codemod.__module__], name, made)
        return made

    return module_getattr
