"""P12 and P13: secrets, what git leaves out, coverage."""

from __future__ import annotations

from pathlib import Path

import pytest
from auditing import PACKAGE, TEST, Case

KEY = "-----BEGIN " + "RSA PRIVATE KEY-----\nabc\n"
AWS = "AKIA" + "ABCDEFGHIJKLMNOP"
ALL = "__pycache__/\n.venv/\ndist/\n.env\n"
SDIST = {"PKG-INFO": ""}

CASES = [
    Case("P12-gitignore", "no repository", {"a.py": ""}, without="it is in no repository"),
    Case("P12-gitignore", "all of it, in other words", {**PACKAGE, ".gitignore": "*.pyc\nvenv\n/dist/\n"}),
    Case(
        "P12-gitignore",
        "the name of the project",
        {
            "setup.py": "from setuptools import setup\nsetup(name='a-b')\n",
            ".gitignore": "*.py[co]\nenv/\ndist\na_b.egg-info\n",
        },
    ),
    Case("P12-gitignore", "nothing in Python is made", {"a.c": "", ".gitignore": "*.o\n"}),
    Case(
        "P12-gitignore",
        "none",
        PACKAGE,
        (r"^.gitignore:1: there is no .gitignore",),
        repository=True,
        fixed={".gitignore": r"\A__pycache__/\n\.venv/\ndist/\n\.env\n\Z"},
    ),
    Case(
        "P12-gitignore",
        "what tools of the project make",
        {
            "setup.py": "from setuptools import setup\nsetup(name='a', extras_require={'t': ['pytest-cov']})\n",
            ".gitignore": "*.pyc\n!*.pyc\nvenv/",
        },
        (r"__pycache__/, dist/, \*.egg-info/, .coverage are not left out",),
        fixed={".gitignore": r"^venv/\n__pycache__/\ndist/\n\*\.egg-info/\n\.coverage\n\Z"},
    ),
    Case("P12-env-ignored", "no repository", {"a.py": ""}, without="it is in no repository"),
    Case(
        "P12-env-ignored",
        "no .gitignore is another check's",
        {"a.py": ""},
        without="there is no .gitignore",
        repository=True,
    ),
    Case("P12-env-ignored", "it is", {".gitignore": ".env*\n!.env.example\n"}),
    Case(
        "P12-env-ignored",
        "it is taken back",
        {".gitignore": ".env\n!.env\n"},
        (".env is not left out",),
        fixed={".gitignore": r"^!\.env\n\.env\n\Z"},
    ),
    Case("P12-env-untracked", "git does not say", {".env": "A=1\n"}, without="it is in no repository"),
    Case(
        "P12-env-untracked",
        "an example, one of a test, an empty one",
        {".env.example": "A=1\n", "tests/.env": "A=1\n", ".env": "A=\n"},
        repository=True,
    ),
    Case(
        "P12-env-untracked",
        "it is",
        {"app/.env.production": "A=secret\n"},
        ("^app/.env.production:1: .env.production is under version control",),
        repository=True,
    ),
    Case(
        "P12-example",
        "nothing reads any",
        {"compose.yaml": "services: {a: {env_file: env/a.env}}\n"},
        without="nothing is seen",
    ),
    Case(
        "P12-example",
        "a library reads that of others",
        {"requirements.txt": "python-dotenv\n", "a.py": "x = dotenv_values(path)\n"},
        without="nothing is seen",
    ),
    Case("P12-example", "there is one", {"a.py": "load_dotenv()\n", "env.sample": "A=\n"}),
    Case("P12-example", "no names are known", {"a.py": "load_dotenv()\n"}, ("there is no example.env",)),
    Case(
        "P12-example",
        "the names that .env has, and no values",
        {".env": "# x\nexport A=1\nB = 'secret'\n"},
        ("there is no example.env",),
        fixed={"example.env": r"\AA=\nB=\n\Z"},
    ),
    Case(
        "P12-example",
        "the names that are read",
        {
            "compose.yaml": "services:\n  a:\n    env_file:\n      - .env\n",
            "a.py": "import os\nos.environ['URL'], os.getenv('KEY'), os.environ.get('HOME'), os.environ[x]\n",
        },
        ("there is no example.env",),
        fixed={"example.env": r"\AURL=\nKEY=\n\Z"},
    ),
    Case("P12-secrets", "git does not say", {"a.pem": KEY}, without="it is in no repository"),
    Case(
        "P12-secrets",
        "made for tests, shown in an example, or none",
        {
            "tests/key.pem": KEY,
            "demo_key": KEY,
            "a.py": f"x = '{KEY.split(chr(10))[0]}'\n",
            "b.py": "AKIAIOSFODNN7EXAMPLE\n",
            "c.bin": "\udcff".encode("utf-8", "surrogatepass").decode("latin-1"),
        },
        repository=True,
    ),
    Case(
        "P12-secrets",
        "two",
        {"deploy/id_rsa": KEY, "a.py": f"\n\nkey = '{AWS}'\n"},
        ("^a.py:3: an access key of AWS stands", "^deploy/id_rsa:1: a private key stands"),
        repository=True,
    ),
    Case("P13-gate", "no tests", {"a.py": ""}, without="there are no tests"),
    Case("P13-gate", "in pyproject.toml", {**TEST, "pyproject.toml": "[tool.coverage.report]\nfail_under = 92.5\n"}),
    Case("P13-gate", "as an option", {**TEST, "Makefile": "test:\n\tpytest --cov-fail-under=90\n"}),
    Case("P13-gate", "in CI", {**TEST, ".github/workflows/a.yml": "x: coverage report --fail-under 100\n"}),
    Case(
        "P13-gate",
        "one of some modules is high",
        {**TEST, "codecov.yml": "coverage:\n  core:\n    target: 95%\n", ".coveragerc": "[report]\nfail_under = 50\n"},
    ),
    Case("P13-gate", "a source distribution may lack it", {**TEST, **SDIST}, without="it is a source distribution"),
    Case(
        "P13-gate",
        "a low one",
        {**TEST, ".coveragerc": "[report]\nfail_under = 85\n"},
        ("^.coveragerc:2: the gate of coverage is 85 %",),
    ),
    Case("P13-gate", "none", TEST, ("no gate holds coverage",)),
    Case("P13-folders", "no folder", {"test_a.py": "def test(): pass\n"}, without="there is no folder"),
    Case("P13-folders", "not by their names", {"tests/a.py": ""}, without="tests/ has no files of tests"),
    Case(
        "P13-folders", "both", {"tests/unit/test_a.py": "def test(): pass\n", "tests/e2e_tests/test_b.py": "assert x\n"}
    ),
    Case(
        "P13-folders",
        "one",
        {"tests/unit_tests/test_a.py": "def test(): pass\n"},
        ("^tests:1: tests/ has no integration/$",),
    ),
    Case("P13-folders", "neither", TEST, ("^tests:1: tests/ has no unit/ and no integration/$",)),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_secrets_and_coverage(case: Case, tmp_path: Path) -> None:
    case.verify(tmp_path)
