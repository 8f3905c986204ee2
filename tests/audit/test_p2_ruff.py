"""P2: the settings of ruff."""

from __future__ import annotations

from pathlib import Path

import pytest
from auditing import PACKAGE, Case

HEAD = PACKAGE["pyproject.toml"]
RUFF = '[tool.ruff]\nline-length = 100\n\n[tool.ruff.lint]\nselect = ["E", "F", "W", "I"]\n'
OLD = "from setuptools import setup\n\nsetup(name='orbit', python_requires='>=3.8')\n"


def ruff(text: str) -> dict[str, str | None]:
    """A package whose pyproject.toml ends in a text."""
    return {**PACKAGE, "pyproject.toml": f"{HEAD}\n{text}"}


CASES = [
    Case("P2-ruff", "in pyproject.toml", ruff(RUFF)),
    Case("P2-ruff", "in a file of its own", {**PACKAGE, ".ruff.toml": "line-length = 100\n"}),
    Case("P2-ruff", "nothing to look at", {"README.md": "x"}, without="there is no Python file"),
    Case(
        "P2-ruff",
        "a source distribution may lack ruff.toml",
        {**PACKAGE, "PKG-INFO": "x"},
        without="it is a source dist",
    ),
    Case(
        "P2-ruff",
        "the project is further down",
        {"backend/pyproject.toml": HEAD, "a.py": ""},
        without="the Python project is backend",
    ),
    Case("P2-ruff", "a broken file answers nothing", {**PACKAGE, "ruff.toml": "= x"}, without="ruff.toml is not TOML"),
    Case(
        "P2-ruff",
        "the target is read from the project's own metadata",
        ruff(""),
        (r"^pyproject.toml:1: ruff has no settings$",),
        fixed={
            "pyproject.toml": (
                r"^\[tool\.ruff\]\nline-length = 88\n\n"
                r'\[tool\.ruff\.lint\]\nselect = \["E", "F", "W", "I"\]\n\Z'
            )
        },
    ),
    Case(
        "P2-ruff",
        "the length that Black has, the target that ruff could not read",
        {"pyproject.toml": "[tool.black]\nline-length = 99\n", "setup.py": OLD},
        ("ruff has no settings; black has",),
        fixed={"pyproject.toml": r'^line-length = 99\ntarget-version = "py38"$'},
    ),
    Case(
        "P2-ruff",
        "the length that flake8 has",
        {**ruff(""), "setup.cfg": "[flake8]\nmax-line-length = 110\n"},
        ("ruff has no settings; flake8 has",),
        fixed={"pyproject.toml": "^line-length = 110$"},
    ),
    Case("P2-ruff", "without pyproject.toml there is no place for them", {"a.py": ""}, ("ruff has no settings",)),
    Case("P2-line-length", "no settings", PACKAGE, without="ruff has no settings"),
    Case("P2-line-length", "said", ruff(RUFF)),
    Case("P2-line-length", "said in what is taken in", {**ruff(RUFF), "ruff.toml": 'extend = "pyproject.toml"\n'}),
    Case(
        "P2-line-length",
        "what is taken in is elsewhere",
        {"ruff.toml": 'extend = "../ruff.toml"\n'},
        without="ruff takes in",
    ),
    Case(
        "P2-line-length",
        "that of ruff itself",
        ruff('[tool.ruff.lint]\nselect = ["ALL"]\n'),
        ("ruff is told no line length",),
        fixed={"pyproject.toml": r"\[tool\.ruff\]\nline-length = 88\n\Z"},
    ),
    Case(
        "P2-line-length",
        "at the top of ruff.toml",
        {**PACKAGE, "ruff.toml": '[lint]\nselect = ["E"]\n'},
        (r"^ruff.toml:1: ruff is told",),
        fixed={"ruff.toml": r"\Aline-length = 88\n\n\[lint\]"},
    ),
    Case("P2-target", "none is needed where ruff reads that of the project", ruff(RUFF)),
    Case("P2-target", "the same", ruff('[tool.ruff]\ntarget-version = "py310"\n')),
    Case(
        "P2-target",
        "nobody asks for any",
        {"ruff.toml": 'target-version = "py38"\n'},
        without="the project asks for no",
    ),
    Case(
        "P2-target",
        "older than ruff knows",
        {"setup.py": OLD.replace("3.8", "3.5"), "ruff.toml": 'target-version = "py37"\n'},
    ),
    Case(
        "P2-target",
        "only a run would tell",
        {"setup.py": OLD.replace("'>=3.8'", "PY"), "ruff.toml": 'target-version = "py37"\n'},
        without="'...' of setup.py names no",
    ),
    Case(
        "P2-target",
        "another one",
        ruff('[tool.ruff]\nline-length = 100\ntarget-version = "py39"  # old\n'),
        (r"^pyproject.toml:13: ruff's target is py39, the project asks for Python >=3.10",),
        fixed={"pyproject.toml": r'^target-version = "py310"  # old$'},
    ),
    Case(
        "P2-target",
        "what setup.py says is not read",
        {"setup.py": OLD, "ruff.toml": "line-length = 80\n"},
        ("does not read that of setup.py",),
        fixed={"ruff.toml": r'^target-version = "py38"$'},
    ),
    Case("P2-rules", "all of them", ruff('[tool.ruff.lint]\nselect = ["ALL"]\n')),
    Case("P2-rules", "in two lists", ruff('[tool.ruff.lint]\nselect = ["E4", "F"]\nextend-select = ["W", "I001"]\n')),
    Case(
        "P2-rules",
        "in one line",
        ruff('[tool.ruff.lint]\nselect = ["E", "F"]\n'),
        (r"^pyproject.toml:12: W and I are not selected$",),
        fixed={"pyproject.toml": r'^select = \["E", "F", "W", "I"\]$'},
    ),
    Case(
        "P2-rules",
        "in several, with comments",
        ruff('[tool.ruff.lint]\nselect = [\n  "E",  # [errors]\n  "F", # x\n]\nignore = ["E501"]\n'),
        ("W and I are not selected$",),
        fixed={"pyproject.toml": r'^  "F", # x\n  "W",\n  "I",\n\]\nignore'},
    ),
    Case(
        "P2-rules",
        "in several, without the last comma",
        ruff('[tool.ruff]\nselect = [\n    "E", "W",\n    "F"\n]\n'),
        ("^pyproject.toml:12: I is not selected$",),
        fixed={"pyproject.toml": r'^    "F",\n    "I",\n\]$'},
    ),
    Case(
        "P2-rules",
        "none is said",
        ruff("[tool.ruff]\nline-length = 100\n"),
        ("W and I are not selected; without select",),
        fixed={"pyproject.toml": r'^\[tool\.ruff\.lint\]\nextend-select = \["W", "I"\]\n\Z'},
    ),
    Case(
        "P2-more-rules",
        "by a part of their names",
        ruff('[tool.ruff.lint]\nselect = ["S", "B", "UP", "ANN", "C90", "PL"]\n'),
    ),
    Case("P2-more-rules", "some are not", ruff(RUFF), (r"S, B, UP, ANN, C901 and PLR are not selected",)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_settings_of_ruff(case: Case, tmp_path: Path) -> None:
    case.verify(tmp_path)
