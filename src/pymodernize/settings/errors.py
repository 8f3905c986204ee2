"""Errors in settings."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class SettingsError(ValueError):
    """The settings are wrong; the message says where and what to do."""


def nearest(key: str, known: Iterable[str]) -> str:
    """The end of a message about an unknown word: what was meant perhaps; empty if nothing is like it.

    Args:
        key: the word.
        known: those that there are.
    """
    close = difflib.get_close_matches(key, sorted(known), 1, 0.5)
    return f"; did you mean {close[0]!r}?" if close else ""
