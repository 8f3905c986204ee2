"""Requests to end, held back where they would come at a bad moment."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

_ENDING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Ended(BaseException):
    """A signal that would have ended the process at once; what is open is tidied up first."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextlib.contextmanager
def held() -> Iterator[list[int]]:
    """Hold back Ctrl-C and requests to end; they are raised again at the end.

    Yields:
        The signals that have come so far, for a long piece of work to stop early.
    """
    came: list[int] = []
    # Not a mask: where the process has other threads, one of those would take the signal in.
    with _handled(_ENDING, lambda number, _: came.append(number)):
        yield came
    for number in came:
        signal.raise_signal(number)


@contextlib.contextmanager
def tidy_end() -> Iterator[None]:
    """Let requests to end unwind like Ctrl-C does, and end the process in their own way after that."""
    number = None
    by_default = [item for item in _ENDING if signal.getsignal(item) is signal.SIG_DFL]
    try:
        with _handled(by_default, _raise_ended):
            yield
    except Ended as exc:
        number = exc.number
    if number is not None:
        signal.raise_signal(number)


def _raise_ended(number: int, _frame: object) -> None:
    raise Ended(number)


@contextlib.contextmanager
def _handled(numbers: tuple[int, ...] | list[int], handler: Callable[[int, Any], None]) -> Iterator[None]:
    """Handle signals in our way, save those that the process ignores."""
    if threading.current_thread() is not threading.main_thread():
        yield  # signals are not for this thread
        return
    before = {number: signal.getsignal(number) for number in numbers}
    ours = [number for number, known in before.items() if known is not signal.SIG_IGN]
    for number in ours:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in ours:
            known = before[number]
            signal.signal(number, signal.SIG_DFL if known is None else known)
