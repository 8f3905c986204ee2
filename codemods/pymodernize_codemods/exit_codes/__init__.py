"""How a script ends: ``sys.exit``, returns from ``main``, names for its exit codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class ExitCodes(Codemod):
    """Have a script end by sys.exit and by returns from main.

    Why:
        ``exit()`` and ``quit()`` are there for the interactive prompt, and
        are missing where the module :mod:`site` is. A ``main`` that returns
        its exit code can be called and tested by others. Where a script tells
        wrong usage (2) from other failures (1), a name says which is which;
        0 and 1 alone need none.

    Assumptions:
        The names have the values of the numbers, so that every code that a
        script gives stays the same for every input. So it does with ``sys.exit()`` for the
        functions of :mod:`site`, which close stdin, too; needs ``changes-behaviour`` where the
        file may catch the exit and read on.

        In the ``main`` of ``sys.exit(main())``, which nothing else calls,
        an exit becomes a return where nothing around it tells the one from
        the other: no handler that catches SystemExit, no ``with`` block but
        of files and other context managers that do not care. In a ``main()``
        that says to return nothing, with nothing behind its guard, so does an
        exit with success.

        All of it needs ``changes-behaviour`` in a file that reads its own text or looks through
        its names.

    Limits:
        Failures are named if both 1 and 2 occur, each 2 is spoken of as wrong
        usage, and no other code has a meaning of the script's own; not where
        the command line is read by hand, since argparse takes such exits
        over. A file with names for its codes gets no others. With ``style =
        "standard"`` 0, 1, 2, 3 and 130 have names wherever they occur, and a
        ``main`` that sets up logging logs its start and its end, and what ends
        it early: Ctrl-C with 130, an error with its traceback and 1.
        ``os._exit()`` is found only.

    References:
        https://docs.python.org/3/library/sys.html#sys.exit
        https://docs.python.org/3/library/constants.html#constants-added-by-the-site-module
    """

    of_python_3 = True
    triggers = (b"exit", b"quit", b"SystemExit")
    reasons = {"no-clean-up": "The call os._exit() runs no clean-up, as a child process may want it."}
    noqa = ("PLR1722",)
    rows = ("F5",)
    uses_project = True
    of_scripts = True

    def find(self, module: Module) -> Iterator[Finding]:
        """Every place where a script ends."""
        from pymodernize_codemods.exit_codes.finding import findings

        return findings(self, module)


__getattr__ = libcst_command(ExitCodes)
