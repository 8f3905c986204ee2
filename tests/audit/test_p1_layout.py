"""P1: README, changelog, licence, src/, tests/."""

from __future__ import annotations

from pathlib import Path

import pytest
from auditing import PACKAGE, Case

SDIST = {"PKG-INFO": "Metadata-Version: 2.1\n"}
STEPS = "# Orbit\n\n## Installation\n\n" + "".join(f"{number}. do it\n" for number in range(1, 8))

CASES = [
    Case("P1-readme", "any spelling is one", {"ReadMe.rst": "x"}),
    Case(
        "P1-readme",
        "made of what the metadata say",
        base=PACKAGE,
        says=(r"^README.md:1: there is no README$",),
        fixed={
            "README.md": (
                r"\A# orbit\n\nOrbits of moons\.\n\n## Set-up\n\nIt needs "
                r"Python 3\.10 or newer\.\n\n```console\n\$ python -m venv"
            )
        },
    ),
    Case(
        "P1-readme",
        "where a lock file says which tool sets it up",
        {"uv.lock": ""},
        base=PACKAGE,
        says=("there is no README",),
        fixed={"README.md": r"^\$ uv sync --locked$"},
    ),
    Case("P1-readme", "without a description there is nothing to say", {"setup.py": "x = 1\n"}, ("no README",)),
    Case("P1-setup", "no README is another check's", without="there is no README"),
    Case("P1-setup", "a command is enough", {"README.md": "Get it: `pip install orbit`.\n"}),
    Case(
        "P1-setup",
        "another file at the top says it",
        {"README.md": "Orbits.\n", "README.install.md": "Install it so.\n"},
    ),
    Case(
        "P1-setup",
        "numbered steps elsewhere count for nothing",
        {"README.md": STEPS.replace("## Installation", "## History") + "\n## Install\n\n1. pip install orbit\n"},
    ),
    Case(
        "P1-setup",
        "steps in a block of code are no list",
        {"README.md": STEPS.replace("1. do", "```\n1. do") + "```\n"},
    ),
    Case("P1-setup", "five steps are few", {"README.md": STEPS.replace("6. do it\n7. do it\n", "")}),
    Case(
        "P1-setup",
        "not a word of it",
        {"README.md": "# Orbit\n\nOrbits of moons.\n"},
        (r"^README.md:1: it does not say",),
    ),
    Case("P1-setup", "seven steps", {"README.md": STEPS}, (r"^README.md:3: the section 'Installation' has 7 steps",)),
    Case("P1-changelog", "scripts have no versions", {"job.py": "x = 1\n"}, without="it is no package"),
    Case("P1-changelog", "any usual name", {"CHANGES.rst": "x"}, base=PACKAGE),
    Case("P1-changelog", "in the documentation", {"docs/whatsnew.rst": "x"}, base=PACKAGE),
    Case("P1-changelog", "of fragments", {"changelog.d/12.feature.md": "x"}, base=PACKAGE),
    Case(
        "P1-changelog",
        "kept elsewhere, which the metadata say",
        {"pyproject.toml": PACKAGE["pyproject.toml"] + '[project.urls]\n"Release notes" = "https://example.org"\n'},
        base=PACKAGE,
    ),
    Case(
        "P1-changelog", "a source distribution may lack it", SDIST, without="it is a source distribution", base=PACKAGE
    ),
    Case(
        "P1-changelog",
        "one of other code is none",
        {"vendor/x/CHANGELOG.md": "x"},
        ("there is no changelog",),
        base=PACKAGE,
        repository=True,
    ),
    Case("P1-license", "COPYING is one", {"COPYING": "x"}),
    Case("P1-license", "a folder of them", {"LICENSES/MIT.txt": "x"}),
    Case(
        "P1-license",
        "what is never published",
        {"pyproject.toml": '[project]\nname = "x"\nclassifiers = ["Private :: Do Not Upload"]\n'},
        without="its classifiers",
    ),
    Case("P1-license", "none", PACKAGE, (r"^LICENSE:1: there is no licence file",)),
    Case("P1-src", "scripts are not installed", {"job.py": "x = 1\n"}, without="it is no package"),
    Case("P1-src", "in src/", PACKAGE),
    Case(
        "P1-src",
        "a namespace package in src/",
        {"src/orbit/__init__.py": None, "src/a/b/c.py": "x = 1\n"},
        base=PACKAGE,
    ),
    Case(
        "P1-src",
        "nothing that could be moved",
        {"src/orbit/__init__.py": None, "docs/conf.py": "x = 1\n"},
        without="no package",
        base={"pyproject.toml": PACKAGE["pyproject.toml"]},
    ),
    Case(
        "P1-src",
        "a package at the top; that of the tests is none of it",
        {"pyproject.toml": PACKAGE["pyproject.toml"], "orbit/__init__.py": "", "tests/__init__.py": ""},
        (r"^orbit/__init__.py:1: the package orbit stands at the top",),
    ),
    Case(
        "P1-src",
        "a module at the top",
        {"setup.py": "from setuptools import setup\nsetup(name='x-y', py_modules=['xy'])\n", "xy.py": ""},
        (r"^xy.py:1: the module xy stands at the top",),
    ),
    Case("P1-tests", "in a folder", PACKAGE),
    Case("P1-tests", "in a folder of the package", {"orbit/tests/test_a.py": "def test_a(): pass\n"}),
    Case(
        "P1-tests",
        "a file that is called like a test",
        {"test_config.py": "DEBUG = True\n", "tests.sh": "x"},
        without="tests that are not",
    ),
    Case("P1-tests", "no Python at all", {"a.c": ""}, without="there is no Python file"),
    Case(
        "P1-tests", "a source distribution may lack them", {**SDIST, "a.py": ""}, without="it is a source distribution"
    ),
    Case(
        "P1-tests",
        "other code has tests",
        {"vendor/x/test_x.py": "def test(): pass\n"},
        (r"^tests:1: there are no tests",),
    ),
    Case(
        "P1-tests",
        "beside the sources",
        {"a.py": "", "a_test.py": "def test_a(): pass\n", "test_b.py": "import unittest\n"},
        (r"^a_test.py:1: a_test.py and 1 more stand among the sources",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_layout(case: Case, tmp_path: Path) -> None:
    case.verify(tmp_path)
