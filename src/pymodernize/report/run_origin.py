"""Where a run was made: the folder that paths in its reports are relative to, and the commit."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pymodernize.files.git_repository import GitFailed, Repository
from pymodernize.settings.planning import common_folder


@dataclass(frozen=True)
class Ground:
    """Where a run begins.

    Attributes:
        top: the folder that paths begin at: the repository's; without one the
            current folder, or the one that holds all paths if that does not.
        base: the commit that is checked out; None without a repository.
    """

    top: Path
    base: str | None = None


def ground_of(paths: Sequence[str]) -> Ground:
    """Where a run on some paths begins."""
    with contextlib.suppress(GitFailed):
        repository = Repository(common_folder(paths))
        return Ground(repository.top, repository.head())
    here, common = Path().resolve(), Path(os.path.realpath(common_folder(paths)))
    return Ground(here if common == here or here in common.parents else common)


def name_of(path: Path | str, top: Path) -> str:
    """A path from a folder on, with slashes."""
    return Path(os.path.relpath(os.path.realpath(path), top)).as_posix()
