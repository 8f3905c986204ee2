"""Scripts that rewrites have once broken or may break, by the kind of the fault, each with calls that show it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Call:
    """One way to run a script.

    Attributes:
        arguments: of the command line.
        stdin: what is typed.
        importer: the text of a script that is run instead, and imports it.
        beyond: the assumption that excludes this call: without it the script must do the same.
    """

    arguments: Sequence[str] = ()
    stdin: str = ""
    importer: str = ""
    beyond: str = ""


def hyphened(*arguments: str) -> Call:
    """A call that the assumption about plain arguments excludes.

    Args:
        arguments: of the command line.
    """
    return Call(arguments, beyond="plain-arguments")


def imported(importer: str) -> Call:
    """A call by an importer, which the assumption that scripts are run only excludes.

    Args:
        importer: its text.
    """
    return Call(importer=importer, beyond="run-only")


@dataclass(frozen=True)
class Input:
    """A script and what it is called with.

    Attributes:
        name: of the fault's kind and of this example of it.
        source: the script.
        calls: how it is run.
        files: names and texts of files beside it; a name that ends in a slash makes a folder.
        stays: texts that must still be there.
        never: texts that must not be there.
    """

    name: str
    source: str
    calls: tuple[Call, ...] = (Call(),)
    files: dict[str, str] = field(default_factory=dict)
    stays: tuple[str, ...] = ()
    never: tuple[str, ...] = ()


Outcome = tuple[bool, str, dict[str, str]]
"""Whether it succeeded, its stdout, and the files with their texts."""


def laid_out(case: Input, folder: Path, source: str) -> Path:
    """The script in a folder, with the files beside it.

    Args:
        case: for the files.
        folder: where; it is made.
        source: the script's text, old or new.
    """
    folder.mkdir(parents=True)
    for name, text in case.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir()
        else:
            path.write_text(text, encoding="utf-8", newline="")
    path = folder / "script.py"
    path.write_text(source, encoding="utf-8", newline="")
    return path


def outcome(case: Input, call: Call, folder: Path, source: str) -> Outcome:
    """What a run comes to.

    Args:
        case: the script, with its files.
        call: how it is run.
        folder: where; it is made.
        source: the script's text, old or new.
    """
    laid_out(case, folder, source)
    if call.importer:
        (folder / "main.py").write_text(call.importer, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-S", "main.py" if call.importer else "script.py", *call.arguments],
        cwd=folder,
        input=call.stdin,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", "PYTHONUTF8": "1", "HOME": "/"},
        timeout=30,
        check=False,
    )
    files = {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8") if path.is_file() else ""
        for path in sorted(folder.rglob("*"))
        if path.name not in {"script.py", "main.py", "__pycache__"}
    }
    return done.returncode == 0, done.stdout, files
