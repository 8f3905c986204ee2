"""Run a script as a ``[run]`` table says, and keep what a person or a pipe would see of it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SECONDS = 30
"""How long a script of a case may take."""


@dataclass
class Seen:
    """The outcome of one execution.

    Attributes:
        status: the exit status.
        stdout: what was written there.
        stderr: likewise, as text.
        writes: the files that are new or differ, with their bytes.
        removed: the files that are gone.
    """

    status: int
    stdout: bytes
    stderr: str
    writes: dict[str, bytes] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def execute(source: Path, target: Path, case: Mapping[str, Any], script: str) -> Seen:
    """Run a script in a fresh copy of its folder, as a ``[run]`` table says.

    Args:
        source: the folder of the script.
        target: where the copy is made.
        case: ``args``, ``stdin``, ``env``, ``files``.
        script: the file to run.
    """
    shutil.copytree(source, target)
    for name, text in case.get("files", {}).items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, encoding="utf-8", newline="")
    before = snapshot(target)
    environment = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(target)}
    if "SYSTEMROOT" in os.environ:
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    done = subprocess.run(  # noqa: S603 - the author's own script
        [sys.executable, script, *case.get("args", [])],
        cwd=target,
        input=case.get("stdin", "").encode(),
        capture_output=True,
        env=environment | case.get("env", {}),
        timeout=SECONDS,
        check=False,
    )
    after = snapshot(target)
    writes = {name: data for name, data in after.items() if before.get(name) != data}
    removed = set(before.keys() - after.keys())
    return Seen(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"), writes, removed)
