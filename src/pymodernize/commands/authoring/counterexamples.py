"""Run the counterexamples of assumptions, before and after their rewrite."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from pymodernize.assumptions import Assumption, Counterexample
from pymodernize.commands.authoring.checks import CheckFailed, Codemods
from pymodernize.commands.authoring.runs import SECONDS
from pymodernize.plan import Plan
from pymodernize.semantics.project import ProjectFacts
from pymodernize.settings import make_options
from pymodernize.settings.planning import known_assumptions
from pymodernize.transformation.engine import transform


def outcome(example: Counterexample, source: str, folder: Path) -> str:
    """The outcome of a run: its stdout, and a line for an exit status that is not 0.

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
    done = subprocess.run(  # noqa: S603 - the author's own script
        [sys.executable, "main.py" if example.importer else "script.py", *example.arguments],
        cwd=folder,
        input=example.stdin,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **dict(example.environment)},
        timeout=SECONDS,
        check=False,
    )
    return done.stdout + (f"exit status {done.returncode}\n" if done.returncode else "")


def rewritten(example: Counterexample, codemods: Codemods) -> str:
    """The example after its rewrite, with everything assumed.

    Raises:
        CheckFailed: nothing.
    """
    codemod = codemods[example.codemod]
    options = make_options(codemod, dict(example.options), "the counterexample")
    plan = Plan((codemod(options),), frozenset(known_assumptions(codemods.values())))
    output = transform(example.before.encode(), plan, ProjectFacts(path="script.py")).output
    if output is None:
        raise CheckFailed(f"{example.codemod} does not rewrite the counterexample, with everything assumed")
    return output.decode()


def check(assumption: Assumption, codemods: Codemods, folder: Path) -> None:
    """The counterexample gives what it says before and after, and the two differ.

    Args:
        assumption: one with an example.
        codemods: all codemods, by name.
        folder: an empty folder to work in.

    Raises:
        CheckFailed: it does not.
    """
    example = assumption.example
    if example is None:
        return
    if example.gives == example.gives_after:
        raise CheckFailed("gives and gives_after are the same: that is no input for which the rewrite is wrong")
    for name, source, said in (
        ("gives", example.before, example.gives),
        ("gives_after", rewritten(example, codemods), example.gives_after),
    ):
        (folder / name).mkdir()
        seen = outcome(example, source, folder / name)
        if seen != said:
            raise CheckFailed(f"{name} is {said!r}, and a run gives {seen!r}; the script that was run:\n{source}")
