"""SIGINT and SIGTERM → an orderly end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding, libcst_command

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class SignalHandlers(Codemod):
    """Have SIGINT and SIGTERM end a script in an orderly way.

    Why:
        ``kill``, a shutdown and a service manager send SIGTERM, and Python
        dies of it where it stands: no ``finally``, no ``with`` block and no
        ``atexit`` function runs, and half-written files stay. Ctrl-C runs
        them, and then shows a traceback that says nothing. With handlers that
        raise ``SystemExit`` both clean up, say nothing, and end with the code
        that shells give: 130 and 143.

    Safety:
        SAFE in a script that nothing imports, where nothing else has a say:
        the set-up replaces the default handlers only. A signal that is
        ignored from the start, as under ``nohup``, stays ignored. A run that
        no signal meets does the same as before; one that a signal ends was a
        failure and stays one.

        UNSAFE where an orderly end may be none: a handler without a type, or
        of BaseException or SystemExit, does not raise again; a ``finally``
        returns, waits or loops; an ``__exit__`` may suppress; threads that
        are no daemons, thread pools, and child processes would be waited for
        or killed; ``ctypes`` and ``__del__`` get in the way of handlers.
        UNSAFE, too, where a module that is not in sight may take a Ctrl-C for
        the usual end of its work: any but the library's and a few well-known
        packages.

        Left alone: scripts that use :mod:`signal` or name KeyboardInterrupt;
        that run an event loop, a GUI, a server, a shell or a test runner of
        those that bring their own handlers; that fork or use processes of
        :mod:`multiprocessing`; WSGI files; files without a guard that do
        nothing at their top which only a program does: print, read stdin or
        the command line, exit; and scripts that neither repeat nor wait nor
        clean up anything.

    Limits:
        Handlers run between two steps of Python's own: a long computation in
        C ends first, and a signal is lost that arrives in a callback of the
        garbage collector, as Ctrl-C is without them. A signal before the set-up is called, while the script's
        imports run, ends it as before. Windows sends no SIGTERM; the set-up
        runs there, and Ctrl-C is what it is for. Where the parent process
        tells a death by SIGINT from the code 130, it sees the latter.

    References:
        https://docs.python.org/3/library/signal.html#execution-of-python-signal-handlers
        https://docs.python.org/3/library/exceptions.html#SystemExit
    """

    # Any script may lack them: these are in nearly all that have something to interrupt.
    triggers = (b"for ", b"while", b"with ", b"finally", b"sleep", b"input", b"atexit", b"subprocess", b"except")
    uses_project = True
    of_scripts = True

    def find(self, module: Module) -> Iterator[Finding]:
        """The place where a script's work begins, if it has no handlers."""
        from pymodernize_codemods.signal_handlers.finding import findings

        return findings(self, module)


__getattr__ = libcst_command(SignalHandlers)
