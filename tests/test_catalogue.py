"""What every codemod of our own pack must have: a docstring that documents it, options with a meaning, an example."""

from __future__ import annotations

import dataclasses
import inspect
import subprocess
import sys

import pytest
from running import FIXTURES, ROOT, load_toml, make_plan

from pymodernize.codemod import Codemod
from pymodernize.commands.documentation import HEADINGS, documentation, example
from pymodernize.registry import entries

OWN = [name for name, entry in entries().items() if entry.module.startswith("pymodernize_codemods.")]


def load(name: str) -> type[Codemod]:
    return entries()[name].load()


def test_the_pack_is_installed():
    assert "print-to-logging" in OWN


@pytest.mark.parametrize("name", OWN)
def test_the_docstring_is_a_page(name: str):
    lines = inspect.cleandoc(load(name).__doc__ or "").split("\n")
    assert lines[0].endswith(".") and not lines[1], "a summary of one line comes first"
    assert [line.rstrip(":") for line in lines if line.rstrip(":") in HEADINGS] == list(HEADINGS)


@pytest.mark.parametrize("name", OWN)
def test_each_option_says_what_it_means(name: str):
    for item in dataclasses.fields(load(name).Options):
        assert item.metadata.get("help"), item.name
        assert item.default is not dataclasses.MISSING or item.default_factory is not dataclasses.MISSING, item.name


@pytest.mark.parametrize("name", OWN)
def test_the_example_is_the_fixture_that_is_marked(name: str):
    marked = [path.parent for path in (FIXTURES / name).glob("*/case.toml") if load_toml(path).get("doc")]
    assert len(marked) == 1
    diff = example(load(name))
    added = {line[1:] for line in diff.splitlines() if line.startswith("+") and not line.startswith("+++")}
    after = (marked[0] / "after.py").read_text(encoding="utf-8").splitlines()
    assert added <= {line.rstrip() for line in after}
    assert f"```diff\n{diff}```" in documentation(load(name))


@pytest.mark.parametrize("name", OWN)
def test_triggers_are_in_every_case_that_changes(name: str):
    for after in (FIXTURES / name).glob("*/after.py"):
        options = load_toml(after.parent / "case.toml").get("options", {})
        (codemod,) = make_plan([name], {name: options}).codemods
        source = (after.parent / "before.py").read_bytes()
        assert any(trigger in source for trigger in codemod.triggers), after.parent.name


def test_what_is_generated_is_up_to_date():
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / "reference.py", "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
