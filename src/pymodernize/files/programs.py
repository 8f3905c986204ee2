"""Other programs, as the user's path has them."""

from __future__ import annotations

import os
import sys
from functools import lru_cache
from pathlib import Path
from shutil import which


@lru_cache
def find_program(name: str) -> str | None:
    """The whole path of a program: that beside the Python that runs, else the one of the user's path.

    One that lies in the current folder, where a relative entry of the path
    leads, is none: it may have come with a repository.

    Args:
        name: the program's.
    """
    places = [place for place in os.environ.get("PATH", os.defpath).split(os.pathsep) if os.path.isabs(place)]
    for path in (str(Path(sys.executable).parent), os.pathsep.join(places)):
        found = which(name, path=path)
        if found is not None and Path(found).resolve().parent != Path.cwd():
            return str(Path(found).absolute())
    return None
