"""Profiles: names for how much a run may change."""

from __future__ import annotations

from collections.abc import Collection

from pymodernize.registry import Entry

PROFILES = ("expressions", "plain", "standard")
"""What changes expressions alone; all codemods, in either style. Checks change nothing, and are in each."""


def names_of(profile: str | None, installed: dict[str, Entry]) -> Collection[str]:
    """The codemods and checks of a profile, by name; all of them for None.

    Args:
        profile: one of :data:`PROFILES`.
        installed: the codemods by name.

    Raises:
        RegistryError: a codemod does not load.
    """
    if profile != PROFILES[0]:
        return installed.keys()
    return {name for name, entry in installed.items() if entry.check or entry.load().of_expressions}


def style_of(profile: str | None) -> str | None:
    """The style of new code that a profile asks for; None for one that leaves that open.

    Args:
        profile: one of :data:`PROFILES`.
    """
    return profile if profile in PROFILES[1:] else None
