"""P7 and P8: pyproject.toml, and the lock file."""

from __future__ import annotations

from pathlib import Path

import pytest
from auditing import PACKAGE, TEST, Case

HEAD = PACKAGE["pyproject.toml"]
SETUP = "from setuptools import setup\n\nsetup(name='orbit', version='1')\n"
SDIST = {"PKG-INFO": ""}
NOT_ASKED = '[project]\nname = "x"\nversion = "1"\n'
CLASSIFIED = 'classifiers = ["Programming Language :: Python :: 3.12", "Programming Language :: Python :: 3.9"]\n'
UV = {**PACKAGE, "uv.lock": ""}
WORKFLOW = ".github/workflows/ci.yml"


def job(*steps: str) -> str:
    """A workflow with one job of some steps."""
    listed = "".join(f"      - {step}\n" for step in steps)
    return f"on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n{listed}"


CASES = [
    Case("P7-pyproject", "there is one", PACKAGE),
    Case("P7-pyproject", "nothing in Python", {"a.c": ""}, without="there is no Python file"),
    Case("P7-pyproject", "it is further down", {"app/setup.py": SETUP}, without="the Python project is app"),
    Case(
        "P7-pyproject",
        "what pip takes without one",
        {"setup.py": SETUP},
        ("^pyproject.toml:1: there is no pyproject.toml",),
        fixed={
            "pyproject.toml": (
                r'\A\[build-system\]\nrequires = \["setuptools"\]\n'
                r'build-backend = "setuptools\.build_meta"\n\Z'
            )
        },
    ),
    Case("P7-pyproject", "setup.py needs more", {"setup.py": "import numpy\n" + SETUP}, ("there is no pyproject",)),
    Case(
        "P7-pyproject",
        "setup.py needs what lies beside it",
        {"setup.py": "from x import y\n" + SETUP},
        ("no pyproject",),
    ),
    Case(
        "P7-pyproject",
        "setup.py asks for more",
        {"setup.py": SETUP.replace("name=", "setup_requires=['x'], name=")},
        ("no pyp",),
    ),
    Case("P7-pyproject", "scripts", {"a.py": ""}, ("there is no pyproject",)),
    Case("P7-build-system", "no file is another check's", {"setup.py": SETUP}, without="there is no pyproject.toml"),
    Case("P7-build-system", "settings of tools alone", {"pyproject.toml": "[tool.ruff]\n"}, without="it is no package"),
    Case(
        "P7-build-system",
        "an application that is not installed",
        {"pyproject.toml": '[project]\nname = "x"\n[tool.uv]\npackage = false\n'},
        without="it is no package",
    ),
    Case("P7-build-system", "named", PACKAGE),
    Case(
        "P7-build-system",
        "not named, and nothing says which",
        {"pyproject.toml": NOT_ASKED},
        (r"there is no \[build-system\]",),
    ),
    Case(
        "P7-build-system",
        "not named beside setup.py",
        {"pyproject.toml": "[tool.ruff]\n", "setup.py": SETUP},
        (r"there is no \[build-system\]",),
        fixed={"pyproject.toml": r"^\[tool\.ruff\]\n\n\[build-system\]$"},
    ),
    Case("P7-requires-python", "scripts", {"a.py": ""}, without="it is no package"),
    Case("P7-requires-python", "asked for", PACKAGE),
    Case(
        "P7-requires-python",
        "in setup.cfg",
        {"setup.cfg": "[metadata]\nname = x\n[options]\npython_requires = >=3.9\n"},
    ),
    Case("P7-requires-python", "only a run would tell", {"setup.py": SETUP.replace("name=", "**more, name=")}),
    Case(
        "P7-requires-python",
        "of Poetry",
        {"pyproject.toml": '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\npython = "^3.9"\n'},
    ),
    Case("P7-requires-python", "nothing says which", {"setup.py": SETUP}, ("^setup.py:1: no Python version",)),
    Case(
        "P7-requires-python",
        "that of the classifiers",
        {"pyproject.toml": NOT_ASKED + CLASSIFIED},
        ("^pyproject.toml:1: no Python version is asked for",),
        fixed={"pyproject.toml": r'^\[project\]\nrequires-python = ">=3\.9"\nname'},
    ),
    Case("P7-dev", "in a group", {"pyproject.toml": HEAD + '[dependency-groups]\ndev = ["x"]\n'}),
    Case("P7-dev", "by tox", {**PACKAGE, "tox.ini": ""}),
    Case("P7-dev", "in setup.cfg", {**TEST, "setup.cfg": "[options.extras_require]\ntest = pytest\n"}),
    Case("P7-dev", "in setup.py", {**TEST, "setup.py": SETUP.replace("name=", "extras_require={}, name=")}),
    Case("P7-dev", "nothing is developed", {"a.py": ""}, without="there are no tests"),
    Case("P7-dev", "a source distribution may lack it", {**PACKAGE, **SDIST}, without="it is a source distribution"),
    Case("P7-dev", "nowhere", PACKAGE, ("what development takes is not written down",)),
    Case("P7-pytest", "no tests", {"a.py": ""}, without="there are no tests"),
    Case("P7-pytest", "of unittest", {"tests/test_a.py": "import unittest\n"}, without="the tests do not use pytest"),
    Case("P7-pytest", "in a file of its own", {**PACKAGE, "pytest.ini": "[pytest]\n"}),
    Case("P7-pytest", "in setup.cfg", {**PACKAGE, "setup.cfg": "[tool:pytest]\n"}),
    Case("P7-pytest", "a source distribution may lack pytest.ini", {**PACKAGE, **SDIST}, without="it is a source dist"),
    Case(
        "P7-pytest",
        "none",
        PACKAGE,
        ("^pyproject.toml:1: pytest has no settings",),
        fixed={"pyproject.toml": r'^\[tool\.pytest\.ini_options\]\ntestpaths = \["tests"\]\n\Z'},
    ),
    Case("P8-lock", "of uv", {**UV, "requirements.txt": "x\n"}),
    Case(
        "P8-lock",
        "pinned, with hashes",
        {"requirements/dev.txt": "x==1.0 \\\n    --hash=sha256:0 # y\ny==2 ; python_version < '3.9'\n"},
    ),
    Case("P8-lock", "nothing is required", PACKAGE, without="no dependencies"),
    Case(
        "P8-lock",
        "a source distribution may lack it",
        {"requirements.txt": "x\n", **SDIST},
        without="it is a source dist",
    ),
    Case(
        "P8-lock",
        "not all are pinned",
        {"requirements.txt": "x==1\ny>=2\n"},
        ("^requirements.txt:1: there is no lock file",),
    ),
    Case(
        "P8-lock",
        "of the tool that is used",
        {"pyproject.toml": '[tool.poetry.dependencies]\nx = "1"\n'},
        ("^poetry.lock:1:",),
    ),
    Case("P8-lock", "of pdm", {"pyproject.toml": '[project]\ndependencies = ["x"]\n[tool.pdm]\n'}, ("^pdm.lock:1:",)),
    Case(
        "P8-lock",
        "of pipenv",
        {"Pipfile": "", "setup.cfg": "[options]\ninstall_requires =\n  x\n"},
        ("^Pipfile.lock:1:",),
    ),
    Case("P8-lock", "of a project", {"pyproject.toml": '[project]\ndependencies = ["x"]\n'}, ("^uv.lock:1:",)),
    Case("P8-tracked", "there is none", PACKAGE, without="there is no lock file"),
    Case("P8-tracked", "git does not say", UV, without="it is in no repository"),
    Case("P8-tracked", "it is", UV, repository=True),
    Case("P8-frozen", "another lock file", {"poetry.lock": ""}, without="there is no lock file of uv"),
    Case("P8-frozen", "nobody uses it", UV, without="there is neither CI"),
    Case(
        "P8-frozen", "as it is", {**UV, WORKFLOW: job("run: uv sync --locked", "run: uv sync -U", "name: Run uv sync")}
    ),
    Case("P8-frozen", "by a variable", {**UV, WORKFLOW: "env: {UV_FROZEN: 1}\n" + job("run: uv sync")}),
    Case(
        "P8-frozen",
        "of another repository",
        {**UV, WORKFLOW: job("{uses: actions/checkout@v4, with: {repository: a/b}}", "run: uv sync")},
    ),
    Case("P8-frozen", "of another folder", {**UV, WORKFLOW: job("{run: uv sync, working-directory: docs}")}),
    Case("P8-frozen", "by what a variable says", {**UV, "Dockerfile": "FROM x\nRUN uv sync $UV_OPTIONS\n"}),
    Case(
        "P8-frozen",
        "what is newer gets in",
        {
            **UV,
            WORKFLOW: job("run: uv sync --all-extras", "run: |\n          true\n          uv sync && pytest"),
            "Dockerfile": "FROM x\nRUN uv sync\n",
        },
        (
            rf"^{WORKFLOW}:6: uv sync --all-extras may change",
            rf"^{WORKFLOW}:9: uv sync may change",
            "^Dockerfile:2: uv sync",
        ),
    ),
    Case(
        "P8-frozen",
        "of the other tools",
        {
            "Pipfile.lock": "",
            "pdm.lock": "",
            ".gitlab-ci.yml": (
                "a:\n  script:\n    - pipenv install\n    - pdm install -G x\n    - pipenv install --deploy\n"
            ),
        },
        ("^.gitlab-ci.yml:3: pipenv install may", "^.gitlab-ci.yml:4: pdm install -G x may"),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_pyproject_and_lock(case: Case, tmp_path: Path) -> None:
    case.verify(tmp_path)


def test_a_lock_file_that_git_does_not_have(tmp_path: Path) -> None:
    from auditing import make, outcome

    make(tmp_path, PACKAGE, repository=True)
    (tmp_path / "uv.lock").touch()
    (found,) = outcome(tmp_path, "P8-tracked").shortfalls
    assert (found.path, found.message) == ("uv.lock", "the lock file is not under version control")
