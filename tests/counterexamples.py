"""Run the counterexamples of assumptions, before and after their rewrite."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from running import make_plan

from pymodernize.assumptions import Counterexample
from pymodernize.engine import transform
from pymodernize.semantics.project import ProjectFacts


def outcome(example: Counterexample, source: str, folder: Path) -> str:
    """What a run gives: its stdout, and a line for an exit status that is not 0.

    Args:
        example: for its input.
        source: the script, before or after.
        folder: an empty folder, where it is run.
    """
    for name, text in example.files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if name.endswith("/"):
            path.mkdir()
        elif text.startswith("-> "):
            path.symlink_to(text.removeprefix("-> "))
        else:
            path.write_text(text, encoding="utf-8")
    (folder / "script.py").write_text(source, encoding="utf-8")
    if example.importer:
        (folder / "main.py").write_text(example.importer, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "main.py" if example.importer else "script.py", *example.arguments],
        cwd=folder,
        input=example.stdin,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **dict(example.environment)},
        timeout=30,
        check=False,
    )
    return done.stdout + (f"exit status {done.returncode}\n" if done.returncode else "")


def rewritten(example: Counterexample) -> str:
    """What the example's codemod makes of it if everything is assumed."""
    facts = ProjectFacts(path="script.py")
    options = {example.codemod: dict(example.options)}
    output = transform(example.before.encode(), make_plan([example.codemod], options, assume=["all"]), facts).output
    assert output is not None
    return output.decode()
