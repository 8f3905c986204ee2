"""``except …: pass`` → a record at debug level."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class SwallowedException(Codemod):
    """Leave a trace of an exception that is caught and forgotten.

    Why:
        ``except OSError: pass`` may be right, but when something is missing
        later on nobody can see that it was here. A record at debug level
        costs nothing until somebody asks for it.

    Assumptions:
        Needs ``changes-behaviour`` always: the record is a new effect, which a logging
        configuration at debug level shows. It goes to the module's logger; a
        module without one gets ``logger = logging.getLogger(__name__)``.
        Found only where no name is left for the logger or the import, inside
        ``__del__`` methods, where logging may be gone, and in handlers of
        ImportError and the like around imports, which choose between modules.

    Limits:
        Only handlers that consist of ``pass`` or ``...`` are looked at, not
        those that ``continue`` or return.

    References:
        https://docs.python.org/3/library/logging.html#logging.Logger.debug
    """

    triggers = (b"except",)
    noqa = ("S110", "SIM105")
    rows = ("F5",)
    uses_project = True

    def find(self, module: Module) -> Iterator[Finding]:
        """Every handler that does nothing."""
        from pymodernize_codemods.swallowed_exception.finding import findings

        return findings(self, module)


__getattr__ = libcst_command(SwallowedException)
