"""``lock.acquire()`` … ``lock.release()`` → ``with lock:``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command
from pymodernize_codemods._assumptions import RUN_ONLY

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class LockWithoutWith(Codemod):
    """Hold locks by a ``with`` statement, which releases them.

    Why:
        A lock that is released by hand stays locked when something raises before, and whoever waits for it
        waits for ever. A ``with`` statement releases it on every way out.

    Assumptions:
        For every input where a ``try`` directly behind the ``acquire()`` releases the lock in its ``finally``
        and does no more there, or where nothing between ``acquire()`` and ``release()`` can raise. The lock is
        one of ``threading`` or ``multiprocessing``, by the one assignment to its variable.

        Needs ``changes-behaviour`` where something between the two may raise: the lock stayed locked then, and
        is released now. So it does where an attribute holds the lock, which code that is not in sight may set
        anew.

        Needs ``run-only`` for a global variable of a file that others import: they may set it.

    Limits:
        Found only where ``acquire()`` has arguments or its answer is used, where the lock is released elsewhere or on
        several paths, where a ``return``, ``break``, ``continue`` or ``yield`` stands between the two, where the
        ``try`` handles exceptions, too, and for parameters and other objects that may be no locks.

    References:
        https://docs.python.org/3/library/threading.html#using-locks-conditions-and-semaphores-in-the-with-statement
    """

    triggers = (b"acquire",)
    rows = ("Q12",)
    assumptions = (RUN_ONLY,)
    reasons = {
        "unknown-lock": "The object may be no lock: by with, its class may do something else.",
        "answer-used": "The call has arguments, or what it answers is used.",
        "released-elsewhere": "The lock is not released in the same block, or on several paths.",
        "left-between": "The block may be left between acquire() and release().",
        "handlers": "The try that releases the lock also handles exceptions, or its finally does more.",
        "rebound": "The variable of the lock is bound again before it is released.",
        "shared-line": "A line has more than one statement.",
        "continued-line": "A line that would move is continued by a backslash.",
    }

    def find(self, module: Module) -> Iterator[Finding]:
        """Every lock that is acquired and released by hand."""
        from pymodernize_codemods.lock_without_with.finding import findings

        return findings(self, module)


__getattr__ = libcst_command(LockWithoutWith)
