"""What all commands share: exit codes that click does not override, and the help options."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any


class PipeClosed(Exception):
    """Nobody reads our output any more."""


@contextlib.contextmanager
def own_verdict() -> Iterator[None]:
    """Keep click from ending the process over a broken pipe: it would exit with 1, which means something else here."""
    try:
        yield
    except BrokenPipeError as exc:
        raise PipeClosed from exc


SETTINGS: dict[str, Any] = {"help_option_names": ["-h", "--help"]}
