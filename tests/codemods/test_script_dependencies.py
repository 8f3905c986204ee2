"""Which distributions a script declares: the table, the block, and where a project declares its own."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from randomised import examples

from pymodernize.execution.dependencies import declared_in
from pymodernize.semantics.script_metadata import lines_above, metadata_block
from pymodernize.source import SourceFile
from pymodernize_codemods.script_dependencies.distributions import distribution_of, table

# The regular expression of PEP 723, of the blocks that are scripts'.
REFERENCE = re.compile(r"(?m)^# /// script$\s(?P<content>(^#(| .*)$\s)+)^# ///$")
LINES = st.sampled_from(["# /// script", "# ///", "#", "# dependencies = []", "", "import os", "#x", "# /// other"])


@settings(max_examples=examples(300))
@given(st.lists(LINES, max_size=8))
def test_block_is_that_of_the_reference_implementation(lines):
    text = "\n".join(lines)
    found = REFERENCE.search(text)
    expected = None
    if found is not None:
        expected = range(text.count("\n", 0, found.start()), text.count("\n", 0, found.end()) + 1)
    assert metadata_block(lines) == expected


HEADS = st.sampled_from(["#!/usr/bin/env python", "# -*- coding: latin-1 -*-", "# a comment", "", "x = 1"])


@settings(max_examples=examples(100))
@given(st.lists(HEADS, max_size=4))
def test_encoding_is_the_same_below_the_lines_that_stay(lines):
    at = lines_above(lines)
    moved = [*lines[:at], "# /// script", "# ///", *lines[at:]]
    before, after = (SourceFile.decode("\n".join(item).encode()) for item in (lines, moved))
    assert before.encoding == after.encoding
    assert not any(line.startswith("#!") for line in lines[at:1])


def test_names_are_written_as_they_are_compared():
    names = table().names
    assert all(re.fullmatch("[a-z0-9]+(-[a-z0-9]+)*", value) for value in names.values())
    assert not {name.partition(".")[0] for name in names} & sys.stdlib_module_names


@pytest.mark.parametrize(
    ("module", "distribution"),
    [
        ("yaml", "pyyaml"),
        ("PIL.Image", "pillow"),
        ("google.cloud.storage.blob", "google-cloud-storage"),
        ("google.cloud", None),
        ("googlex", None),
        ("typing_extensions.Self", "typing-extensions"),
        (".requests", None),
        ("", None),
    ],
)
def test_longest_name_counts(module, distribution):
    assert distribution_of(module) == distribution


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("requirements.txt", "", True),
        ("Pipfile", "[packages]\n", True),
        ("setup.py", "setup(install_requires=['requests'])\n", True),
        ("setup.py", "setup(name='scripts')\n", False),
        ("pyproject.toml", "[project]\ndependencies = ['requests']\n", True),
        ("pyproject.toml", "[project]\ndynamic = ['dependencies']\n", True),
        ("pyproject.toml", "[dependency-groups]\ndev = ['pytest']\n", True),
        ("pyproject.toml", "[tool.poetry.dependencies]\npython = '^3.10'\n", True),
        ("pyproject.toml", "[tool.ruff]\nline-length = 100\n", False),
        ("pyproject.toml", "project = 3\ntool = []\n", False),
        ("pyproject.toml", "[project\n", False),
    ],
)
def test_files_that_declare_dependencies(tmp_path: Path, name, text, found):
    (tmp_path / name).write_text(text)
    assert declared_in(tmp_path) == (name if found else "")
