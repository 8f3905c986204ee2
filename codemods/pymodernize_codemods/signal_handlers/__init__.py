"""SIGTERM → the script's own clean-up."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class SignalHandlers(Codemod):
    """Have SIGTERM run the clean-up of a script.

    Why:
        ``kill``, a shutdown and a service manager send SIGTERM, and Python
        dies of it where it stands: no ``finally``, no ``with`` block and no
        ``atexit`` function runs, and half-written files stay. A handler that
        raises ``SystemExit`` runs them, and ends with the code that shells
        give: 143. Ctrl-C runs them as it is.

    Assumptions:
        For every input in a script that nothing imports, where nothing else has a say. A
        run that no signal meets does the same as before; one that a signal
        ends was a failure and stays one.

        Needs ``changes-behaviour`` where an orderly end may be none: a handler without a type, or
        of BaseException or SystemExit, does not raise again; a ``finally``
        returns, waits or loops; an ``__exit__`` may suppress; threads that
        are no daemons, thread pools, and child processes would be waited for
        or killed; ``ctypes`` and ``__del__`` get in the way of handlers.
        So it is where a module that is not in sight may start threads:
        any but the library's and a few well-known packages.

        Left alone: scripts without clean-up that others would miss, since the
        system closes files and connections itself; that use :mod:`signal`;
        that run an event loop, a GUI, a server, a shell or a test runner of
        those that bring their own handlers; that fork or use processes of
        :mod:`multiprocessing`; WSGI files; and files without a guard that do
        nothing at their top which only a program does: print, read stdin or
        the command line, exit.

    Limits:
        Handlers run between two steps of Python's own: a long computation in
        C ends first, and a signal is lost that arrives in a callback of the
        garbage collector. A signal before the handler is set, while the
        script's imports run, ends it as before; a parent that has SIGTERM
        ignored is not obeyed any more. Windows sends no SIGTERM.

    References:
        https://docs.python.org/3/library/signal.html#execution-of-python-signal-handlers
        https://docs.python.org/3/library/exceptions.html#SystemExit
    """

    of_python_3 = True
    triggers = (b"finally", b"with ", b"atexit", b"main")
    rows = ("Q17", "F20", "F35")
    uses_project = True
    of_scripts = True

    def find(self, module: Module) -> Iterator[Finding]:
        """The place where a script's work begins, if it has no handlers."""
        from pymodernize_codemods.signal_handlers.finding import findings

        return findings(self, module)


__getattr__ = libcst_command(SignalHandlers)
