"""P3: the settings of a type checker."""

from __future__ import annotations

from pathlib import Path

import pytest
from auditing import PACKAGE, Case

HEAD = PACKAGE["pyproject.toml"]


def with_text(text: str, **files: str) -> dict[str, str | None]:
    """A package whose pyproject.toml ends in a text."""
    return {**PACKAGE, "pyproject.toml": f"{HEAD}\n{text}", **files}


CASES = [
    Case("P3-checker", "pyright in a file of its own", {**PACKAGE, "pyrightconfig.json": "// x\n{}\n"}),
    Case("P3-checker", "mypy in setup.cfg", {**PACKAGE, "setup.cfg": "[mypy]\nstrict = true\n"}),
    Case("P3-checker", "another one", with_text("[tool.ty]\n")),
    Case("P3-checker", "nothing to look at", {"a.c": ""}, without="there is no Python file"),
    Case(
        "P3-checker",
        "a source distribution may lack mypy.ini",
        {**PACKAGE, "PKG-INFO": ""},
        without="it is a source dist",
    ),
    Case(
        "P3-checker",
        "none",
        PACKAGE,
        ("^pyproject.toml:1: neither pyright nor mypy has settings",),
        fixed={"pyproject.toml": r'^\[tool\.pyright\]\ninclude = \["src"\]\npythonVersion = "3\.10"$'},
    ),
    Case(
        "P3-checker",
        "mypy is run by pre-commit",
        {**PACKAGE, ".pre-commit-config.yaml": "repos: [{hooks: [{id: mypy}]}]\n"},
        ("mypy is used and has no settings",),
        fixed={"pyproject.toml": r'^\[tool\.mypy\]\nfiles = \["src"\]\npython_version = "3\.10"$'},
    ),
    Case(
        "P3-checker",
        "no folder of sources is found",
        {"pyproject.toml": HEAD, "a.py": ""},
        ("neither pyright nor mypy",),
    ),
    Case("P3-sources", "none has settings", PACKAGE, without="no type checker has settings"),
    Case("P3-sources", "another one has", with_text("[tool.pyrefly]\n"), without="pyrefly checks types"),
    Case(
        "P3-sources", "patterns may match anything", with_text('[tool.pyright]\ninclude = ["./src/", "*.py", "../x"]\n')
    ),
    Case("P3-sources", "mypy is given files on its command line", with_text("[tool.mypy]\nstrict = true\n")),
    Case(
        "P3-sources",
        "a folder that has another name by now",
        with_text('[tool.pyright]\ninclude = ["source"]\n'),
        (r"^pyproject.toml:12: pyright is told to look at source, which is not there",),
    ),
    Case(
        "P3-sources",
        "of mypy.ini",
        {**PACKAGE, "mypy.ini": "[mypy]\nstrict = true\nfiles = src,orbit\n"},
        (r"^mypy.ini:3: mypy is told to look at orbit",),
    ),
    Case("P3-version", "the same", with_text('[tool.pyright]\npythonVersion = "3.10"\n')),
    Case(
        "P3-version",
        "nobody asks for any",
        {"mypy.ini": "[mypy]\npython_version = 3.9\n"},
        without="the project asks for no",
    ),
    Case(
        "P3-version",
        "a release of mypy takes no older one",
        {
            "setup.py": "from setuptools import setup\nsetup(python_requires='>=3.7')\n",
            "mypy.ini": "[mypy]\npython_version = 3.9\n",
        },
    ),
    Case(
        "P3-version",
        "another one",
        with_text('[tool.pyright]\ninclude = ["src"]\npythonVersion = "3.12"\n'),
        (r"^pyproject.toml:13: pyright works for Python 3.12, the project asks for >=3.10",),
        fixed={"pyproject.toml": r'^pythonVersion = "3\.10"$'},
    ),
    Case(
        "P3-version",
        "none",
        with_text("[tool.mypy]\nstrict = true\n"),
        ("mypy is told no version",),
        fixed={"pyproject.toml": r'^\[tool\.mypy\]\npython_version = "3\.10"\nstrict = true$'},
    ),
    Case(
        "P3-version",
        "in a file that is no TOML",
        {**PACKAGE, "pyrightconfig.json": '{"include": ["src"],}'},
        ("pyright is told no version",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_settings_of_a_type_checker(case: Case, tmp_path: Path) -> None:
    case.verify(tmp_path)
