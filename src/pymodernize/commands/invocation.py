"""Command lines for people: what does something else with the files of a run, under the same options."""

from __future__ import annotations

import contextlib
import shlex
from collections.abc import Sequence
from pathlib import Path

from pymodernize.settings.planning import Request

_MOST = 160
"""Characters; a longer command line is nothing to be copied from a terminal."""


def command_line(request: Request, *flags: str) -> str:
    """The command that works on the same paths under the same options.

    Args:
        request: the run's.
        flags: what is different.
    """
    words = ["pymodernize", *flags, *_options(request)]
    if any(path.startswith("-") for path in request.paths):
        words.append("--")
    whole = shlex.join([*words, *request.paths])
    if len(whole) <= _MOST or len(request.paths) < 3:
        return whole
    return f"{shlex.join([*words, request.paths[0]])} (and {len(request.paths) - 1} more paths)"


def undo_line(paths: Sequence[str]) -> str:
    """The command that takes back a run, as it is typed in the current folder.

    Args:
        paths: those of the run.
    """
    from pymodernize.transaction.projects import common_folder, find_store

    root = find_store(common_folder(map(Path, paths))).root
    with contextlib.suppress(FileNotFoundError):  # where the current folder was removed, the last run is meant
        here = Path().resolve()
        if root != here and root not in here.parents and here not in root.parents:
            return shlex.join(["pymodernize", "undo", "--project", str(root)])
    return "pymodernize undo"


def _options(request: Request) -> list[str]:
    """The options that decide what is found and rewritten."""
    words: list[str] = []
    for name, values in (("select", request.select), ("ignore", request.ignore), ("assume", request.assume)):
        if values:
            # With the sign of equality: a value may begin with a hyphen.
            words.append(f"--{name}={','.join(values)}")
    for name in ("target_version", "style", "profile", "unparsable", "config", "baseline", "since"):
        value = getattr(request, name)
        if value is not None:
            words += [f"--{name.replace('_', '-')}", str(value)]
    flags = (("--then-format", request.then_format), ("--staged", request.staged))
    return [*words, *(flag for flag, is_set in flags if is_set)]
