"""How a script ends: named exit codes, logged errors, one way out of ``main``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding, libcst_command

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class ExitCodes(Codemod):
    """Say how a script ends: by names for its exit codes, errors in the log, and returns from main.

    Why:
        Callers see one number, and a reader wants to know what it means.
        ``exit()`` and ``quit()`` are there for the interactive prompt, and
        are missing where the module :mod:`site` is. A ``main`` that returns
        can be called by others. A failure that nobody has thought of belongs
        in the log, with its traceback; Ctrl-C and a reader that has gone away
        (``script | head``) do not need one.

    Safety:
        The names have the values of the numbers, so that every code that a
        script gives stays the same: SAFE. So is ``sys.exit()`` for the
        functions of :mod:`site`, which close stdin, too; UNSAFE where the
        file may catch the exit and read on.

        ``sys.exit("text")`` becomes ``logger.error("text")`` and
        ``sys.exit(EXIT_FAILURE)`` where it is certain that errors are shown
        on stderr and nowhere else: logging that is not set up writes the bare
        text there, and so does a plain ``basicConfig``. The set-up of
        print-to-logging gets a logger for stderr if it has none. UNSAFE where
        a handler of the file may see the exit and its text. Only found where
        log records go elsewhere, and where messages are still printed.

        In the ``main`` of ``sys.exit(main())``, which nothing else calls,
        an exit becomes a return where nothing around it tells the one from
        the other: no handler that catches SystemExit, no ``with`` block but
        of files and other context managers that do not care.

        The guard of such a script calls a new function ``run()``, which calls
        ``main()``: what escapes from there is logged with its traceback and
        ends the script with 1, as it does without it. Ctrl-C ends it with
        130, where it was a death by SIGINT, and a closed stdout with 1 and no
        complaint, where it was 1 or 120. UNSAFE, or left, where the file
        handles any of these itself or sets ``sys.excepthook``.

        All of it is UNSAFE in a file that reads its own text or looks through
        its names.

    Limits:
        Of the numbers only those of the standard get a name: 0, 1, 2, 3 and
        130; 2 and 3 not where the file has further codes of its own, and 2
        only if the code around each speaks of usage, arguments or bad input. A file
        with names for its codes gets no others. An exit among the imports
        stays a number. ``os._exit()`` is found. A package that sets up
        logging for others when it is imported, or puts a hook in
        ``sys.excepthook``, is not seen unless it is a well-known one.

    References:
        https://docs.python.org/3/library/sys.html#sys.exit
        https://docs.python.org/3/library/constants.html#constants-added-by-the-site-module
        https://docs.python.org/3/library/signal.html#note-on-sigpipe
    """

    triggers = (b"exit", b"quit", b"SystemExit")
    noqa = ("PLR1722",)
    uses_project = True
    of_scripts = True

    def find(self, module: Module) -> Iterator[Finding]:
        """Every place where a script ends."""
        from pymodernize_codemods.exit_codes.finding import findings

        return findings(self, module)


__getattr__ = libcst_command(ExitCodes)
