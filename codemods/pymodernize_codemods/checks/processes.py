"""Checks of programs that are started, of waiting and of trying again."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.check import Check, calls

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


def _is_unchecked(module: Module, call: ast.Call) -> bool:
    from pymodernize_codemods._checks.outcomes import is_unchecked

    return is_unchecked(module, call)


class SubprocessWithoutCheck(Check):
    """Programs whose failure nobody sees.

    Why:
        ``subprocess.run`` and ``call`` go on whatever the program's exit status is.
        ``check=True`` raises, ``check=False`` says that it does not matter.

    Limits:
        A result that goes to a variable, an attribute or another function
        counts as looked at if its ``returncode`` may be.

    References:
        https://docs.python.org/3/library/subprocess.html#subprocess.run
    """

    sentence = "The script goes on if the program fails; check=True raises, check=False says that it may."
    triggers = (b"subprocess",)
    noqa = ("PLW1510",)
    rows = ("F5",)
    pattern = calls("subprocess.run", "subprocess.call", where=_is_unchecked)


def _may_wait_for_ever(module: Module, call: ast.Call) -> bool:
    from pymodernize_codemods._checks.outcomes import may_wait_for_ever

    return may_wait_for_ever(module, call)


class SubprocessWithoutTimeout(Check):
    """Programs that a script waits for without end.

    Why:
        A program that asks something or hangs takes the script with it; a job
        that runs at night is found in the morning, still running.

    Limits:
        Programs that only clear the screen are passed over.

    References:
        https://docs.python.org/3/library/subprocess.html#subprocess.run
    """

    sentence = "A program that hangs takes the script with it; timeout= ends the wait."
    triggers = (b"subprocess",)
    rows = ("F28",)
    pattern = calls(
        *("subprocess.run", "subprocess.call", "subprocess.check_call", "subprocess.check_output"),
        where=_may_wait_for_ever,
    )


_BLOCKING = (
    "time.sleep urllib.request.urlopen urllib.request.urlretrieve subprocess.run subprocess.call subprocess.check_call "
    "subprocess.check_output os.system builtins.input socket.create_connection"
).split()


def _is_in_coroutine(module: Module, call: ast.Call) -> bool:
    return isinstance(module.function(call), ast.AsyncFunctionDef)


class BlockingCallInAsync(Check):
    """Calls in coroutines that stop all others while they wait.

    Why:
        An event loop runs one coroutine at a time: what waits without ``await``
        keeps every other from its work.

    Limits:
        Looked at is the body of the coroutine itself, not what it calls. Files
        are passed over: they answer soon.

    References:
        https://docs.python.org/3/library/asyncio-dev.html#running-blocking-code
    """

    sentence = "It waits without await and keeps every other coroutine from running; asyncio.to_thread would not."
    triggers = (b"async",)
    noqa = ("ASYNC210", "ASYNC220", "ASYNC221", "ASYNC222", "ASYNC250", "ASYNC251")
    rows = ("Q18", "F21")
    pattern = calls(
        *_BLOCKING,
        *(f"requests.{name}" for name in "delete get head options patch post put request".split()),
        where=_is_in_coroutine,
    )


class RetryLoop(Check):
    """Loops that try again at once what has failed.

    Why:
        A service that is down or busy gets all the more requests, and the loop
        spends its attempts within a moment. A wait that grows from attempt to
        attempt gives it time.

    Limits:
        A loop counts if it ends when a request, a connection or a program has
        succeeded and goes on when that raises, with nothing in it that waits.

    References:
        https://docs.python.org/3/library/time.html#time.sleep
    """

    sentence = "It tries again at once; a wait that grows from attempt to attempt gives the other side time."
    triggers = (b"except",)
    rows = ("Q33",)

    def places(self, module: Module) -> Iterator[tuple[ast.AST, str]]:
        """The loops."""
        from pymodernize_codemods._checks.retrying import retry_loops

        return retry_loops(module)
