"""Random scripts that open files: what they print, write and end with is the same with the ``with`` statements."""

from __future__ import annotations

import contextlib
import gc
import io
import os
import random
import tempfile
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from randomised import examples
from running import make_plan
from script_grammar import OpenScripts

from pymodernize.codemod import Status
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import transform

FACTS = ProjectFacts(path="script.py")


def outcome(source: str) -> tuple[bool, str, dict[str, str]]:
    """Whether a script ends well, what it prints, and what is in its files then."""
    here = Path.cwd()
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as out:
        for name in "abcd":
            Path(folder, name).write_text(f"{name}1\n{name}2\n", encoding="utf-8")
        os.chdir(folder)
        try:
            succeeds = _ends_well(source)
            gc.collect()
            files = {path.name: path.read_text(encoding="utf-8") for path in sorted(Path().iterdir())}
        finally:
            os.chdir(here)
    return succeeds, out.getvalue(), files


def _ends_well(source: str) -> bool:
    variables: dict[str, object] = {"__name__": "__main__"}
    try:
        exec(compile(source, "script.py", "exec"), variables)
    except SystemExit as exc:
        return not exc.code
    except Exception:
        return False
    finally:
        # As Python does at its end: each variable by itself, so that what a file has in its buffer is written.
        variables.update(dict.fromkeys(variables))
    return True


def rewritten(source: str, *assume: str) -> str | None:
    """A script with its rewrites, None if there are none."""
    result = transform(source.encode(), make_plan(["open-without-with"], assume=assume), FACTS)
    assert not any(item.status is Status.REJECTED for item in result.findings), result.findings
    if result.output is None:
        return None
    again = transform(result.output, make_plan(["open-without-with"], assume=assume), FACTS)
    assert again.output is None
    return result.output.decode()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 10**9))
def test_random_scripts(seed: int):
    source = OpenScripts(random.Random(seed)).script()  # noqa: S311 - no secrets
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        after = rewritten(source, "usual")
        if after is None:
            return
        (was_well, said, files), (is_well, says, left) = outcome(source), outcome(after)
    assert is_well is was_well, f"{source}\n#### becomes\n{after}"
    if was_well:
        assert (says, left) == (said, files), f"{source}\n#### becomes\n{after}"
