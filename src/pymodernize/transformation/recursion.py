"""Room for recursion: the same in every process, whoever calls, and enough for the deepest tree that is worked on."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

_FRAMES = 40_000
"""Calls within each other: eight for each node of the deepest syntax tree that is worked on."""
_STACK_BYTES = 256 * 1024 * 1024
"""Address space for so many calls; what is not used takes no memory."""

_here = threading.local()
_lock = threading.Lock()
_users = 0
_limit_before = 0


def deeply(function: Callable[[], T]) -> T:
    """Call a function with room for deep recursion, in a thread of its own unless the caller runs in such a one.

    How deep the caller stands in other calls makes no difference to what
    the function can do.

    Args:
        function: what to call.

    Returns:
        What it returns. What it raises is raised here.
    """
    if getattr(_here, "is_deep", False):
        return function()
    call = _Call(function)
    _raise_limit()
    try:
        before = threading.stack_size(_STACK_BYTES)
        try:
            thread = threading.Thread(target=call.run, name="pymodernize", daemon=True)
            thread.start()
        finally:
            threading.stack_size(before)
        thread.join()
    finally:
        _restore_limit()
    if call.error is not None:
        raise call.error
    return call.result


class _Call(Generic[T]):
    """A call in another thread, and what came of it."""

    result: T

    def __init__(self, function: Callable[[], T]) -> None:
        self.function = function
        self.error: BaseException | None = None

    def run(self) -> None:
        """Call the function."""
        _here.is_deep = True
        try:
            self.result = self.function()
        except BaseException as exc:  # it belongs to whoever asked
            self.error = exc


def _raise_limit() -> None:
    """The interpreter has one limit for all threads: it is raised as long as one of them needs it."""
    global _users, _limit_before  # pymodernize: ignore[global-statement] - the interpreter has one limit, too
    with _lock:
        if not _users:
            _limit_before = sys.getrecursionlimit()
            sys.setrecursionlimit(max(_FRAMES, _limit_before))
        _users += 1


def _restore_limit() -> None:
    global _users  # pymodernize: ignore[global-statement] - the same
    with _lock:
        _users -= 1
        if not _users:
            sys.setrecursionlimit(_limit_before)
