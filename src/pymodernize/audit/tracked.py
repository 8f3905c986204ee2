"""The files that git has under version control, asked of git's own command line."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from pymodernize.files.programs import find_program

_SECONDS = 20.0
# What a repository configures is not run: it may have come from anywhere.
_NOTHING_RUNS = ("-c", "core.fsmonitor=false", "-c", f"core.hooksPath={os.devnull}")


class NoGit(Exception):
    """Git does not say; the message says why."""


def tracked_files(folder: Path) -> frozenset[str]:
    """The files of a folder that are under version control, by their paths from it on, with slashes.

    Raises:
        NoGit: there is no git, no repository, or none of them is.
    """
    return frozenset(_paths(_git(folder, "ls-files", "-z"), f"git has nothing in {folder} under version control"))


def _paths(data: bytes, otherwise: str) -> list[str]:
    found = [os.fsdecode(name) for name in data.split(b"\0") if name]
    if not found:
        raise NoGit(otherwise)
    return found


def _git(folder: Path, *arguments: str) -> bytes:
    program = find_program("git")
    if program is None:
        raise NoGit("git is not installed")
    if not any(os.path.lexists(place / ".git") for place in (folder, *folder.parents)):
        raise NoGit("it is in no repository of git")
    try:
        done = subprocess.run(  # noqa: S603 - git, as the user's path has it
            [program, "--no-pager", *_NOTHING_RUNS, *arguments],
            cwd=folder,
            capture_output=True,
            check=False,
            stdin=subprocess.DEVNULL,
            timeout=_SECONDS,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"},
        )
    except subprocess.TimeoutExpired:
        raise NoGit(f"git {arguments[0]} took longer than {_SECONDS:.0f} s") from None
    except OSError as exc:
        raise NoGit(f"git cannot be run: {exc.strerror}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or [f"exit status {done.returncode}"]
        raise NoGit(f"git {arguments[0]} failed: {said[0][:200]}")
    return done.stdout
