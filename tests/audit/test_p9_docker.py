"""P9, P10 and P11: images, the Makefile, Alembic."""

from __future__ import annotations

from pathlib import Path

import pytest
from auditing import PACKAGE, TEST, Case

PINNED = "FROM python:3.12@sha256:0123 AS base\n"
DEV = {"pyproject.toml": '[dependency-groups]\ndev = ["pytest"]\n'}
POETRY = {"pyproject.toml": '[tool.poetry.group.dev.dependencies]\npytest = "*"\n'}
INI = "[alembic]\nscript_location = migrations\nsqlalchemy.url = {}\n"
ENV = "from alembic import context\nfrom app import Base\n\ntarget_metadata = {}\ncontext.configure(connection=c{})\n"
PYTEST = {"tests/test_a.py": "import pytest\n\n\ndef test_a(): pass\n"}
MAKE = ".PHONY: help test\nhelp:\n\t@echo x\ntest:\n\tpytest\n"

CASES = [
    Case("P9-digest", "no Dockerfile", PACKAGE, without="there is no Dockerfile"),
    Case(
        "P9-digest",
        "one of tests, of examples",
        {"tests/Dockerfile": "FROM x\n", "examples/a/Dockerfile": "FROM x\n"},
        without="there is no D",
    ),
    Case(
        "P9-digest",
        "stages, nothing, arguments",
        {
            "Dockerfile": "# x\nARG BASE=python@sha256:01\nARG OTHER\n"
            + PINNED
            + "FROM Base AS b\nFROM ${BASE}\nFROM $OTHER\nFROM scratch\nFROM ${X:-a@sha256:1}\n"
        },
    ),
    Case(
        "P9-digest",
        "a tag moves",
        {
            "deploy/Dockerfile": "FROM --platform=linux/amd64 \\\n  python:3.12-slim AS a\nARG B=x\nFROM a\n",
            "app.dockerfile": "ARG B=x:1\nFROM $B\n",
        },
        (r"^app.dockerfile:2: \$B is pinned by no digest", "^deploy/Dockerfile:1: python:3.12-slim is pinned"),
    ),
    Case(
        "P9-dev-dependencies",
        "what only development takes is left out",
        {"Dockerfile": PINNED + "RUN uv sync --locked --no-dev\n", **DEV},
    ),
    Case(
        "P9-dev-dependencies",
        "there is nothing that only development takes",
        {"Dockerfile": PINNED + "RUN uv sync && poetry install\n"},
    ),
    Case(
        "P9-dev-dependencies",
        "by a variable",
        {"Dockerfile": PINNED + "ENV UV_NO_DEV=1\nRUN uv sync\nRUN pip install $DEV_DEPS .[dev]\n", **DEV},
    ),
    Case(
        "P9-dev-dependencies",
        "a stage that the image has nothing of",
        {"Dockerfile": PINNED + "RUN pip install -r requirements-dev.txt\nFROM x@sha256:1\n"},
    ),
    Case("P9-dev-dependencies", "an image for development", {"Dockerfile.dev": PINNED + "RUN pip install .[dev]\n"}),
    Case(
        "P9-dev-dependencies",
        "in a stage from which it takes files",
        {
            "Dockerfile": PINNED
            + "RUN --mount=type=cache \\\n  uv sync --locked\nFROM x@sha256:1\nCOPY --from=base /a /a\n",
            **DEV,
        },
        ("^Dockerfile:2: uv sync without --no-dev installs",),
    ),
    Case(
        "P9-dev-dependencies",
        "of Poetry",
        {"Dockerfile": PINNED + "RUN poetry install --no-root\n", **POETRY},
        ("^Dockerfile:2: poetry install without",),
    ),
    Case(
        "P9-dev-dependencies",
        "of pip and pipenv",
        {
            "Dockerfile": PINNED
            + "RUN pip install -r requirements/dev.txt\nRUN pip install '.[test]'\nRUN pipenv sync --dev\n"
        },
        ("pip install -r requirements/dev.txt installs", r"pip install \[test\]", "pipenv --dev"),
    ),
    Case(
        "P9-dockerignore",
        "a context somewhere else",
        {"deploy/Dockerfile": PINNED},
        without="no Dockerfile stands at the top",
    ),
    Case(
        "P9-dockerignore",
        "nothing is copied from it",
        {"Dockerfile": PINNED + "COPY --from=x /a /b\nADD https://x/y /z\n"},
    ),
    Case("P9-dockerignore", "listed", {"Dockerfile": PINNED + "COPY . .\n", ".dockerignore": "# x\n**\n!src\n"}),
    Case(
        "P9-dockerignore",
        "in the image's own file",
        {"Dockerfile": PINNED + "COPY . .\n", "Dockerfile.dockerignore": "*\n!src\n"},
    ),
    Case(
        "P9-dockerignore",
        "all of it",
        {"Dockerfile": PINNED + "COPY . .\n"},
        ("^.dockerignore:1: Dockerfile copies from a context",),
    ),
    Case(
        "P9-dockerignore",
        "what is left out",
        {"Dockerfile": PINNED + "COPY a .\n", ".dockerignore": ".git\n"},
        ("Dockerfile copies",),
    ),
    Case(
        "P9-dockerignore",
        "what cannot be told",
        {"Dockerfile": PINNED + "COPY <<EOF /x\nFROM y\nEOF\n"},
        ("Dockerfile copies",),
    ),
    Case(
        "P9-dockerignore",
        "what is copied",
        {"Dockerfile": PINNED + 'COPY --chown=a:b ["./src/", "/srv/"]\nCOPY pyproject.toml src ./\n'},
        ("Dockerfile copies",),
        fixed={".dockerignore": r"\A\*\n!src\n!pyproject\.toml\n\Z"},
    ),
    Case("P9-health-checks", "no services", PACKAGE, without="there is no file of Compose"),
    Case("P9-health-checks", "broken", {"compose.yaml": "services: ["}, without="there is no file of Compose"),
    Case(
        "P9-health-checks",
        "one, one that ends, one of the image, one that another file checks",
        {
            "compose.yaml": (
                "services:\n  a: "
                "{image: x, healthcheck: {test: y}, depends_on: {b: {condition: service_completed_successfully}}}\n"
                "  b: {image: x}\n  c: {build: .}\n  d: {image: x}\n  e: {environment: {}}\n"
            ),
            "compose.prod.yaml": "services: {d: {healthcheck: {test: y}}}\n",
            "Dockerfile": PINNED + "HEALTHCHECK CMD true\n",
        },
    ),
    Case(
        "P9-health-checks",
        "none",
        {"docker-compose.yml": "services:\n  db:\n    image: x\n"},
        ("^docker-compose.yml:2: the service db has no",),
    ),
    Case(
        "P9-secrets",
        "from the environment, from a file, and what is none",
        {
            "compose.yaml": (
                "services: "
                "{a: {image: x, environment: "
                "{PASSWORD: '${P:?}', API_KEY: '', TOKEN_FILE: /a, SECRET_KEY_NAME: b, USE_TOKEN: true}}}\n"
            )
        },
    ),
    Case(
        "P9-secrets",
        "in a mapping and in a list",
        {
            "compose.yaml": (
                "services:\n  a:\n    environment:\n      X: 1\n      DB_PASSWORD: "
                "hunter2\n  b:\n    environment:\n      - X=1\n      - API_KEY=abc\n"
            )
        },
        ("^compose.yaml:5: DB_PASSWORD of a stands", "^compose.yaml:9: API_KEY of b stands"),
    ),
    Case("P10-makefile", "there is one", {"makefile": MAKE}),
    Case("P10-makefile", "something else runs the tasks", {"noxfile.py": ""}, without="nox runs the tasks"),
    Case(
        "P10-makefile",
        "as settings say",
        {"pyproject.toml": "[tool.poe.tasks]\na = 'b'\n"},
        without="poe runs the tasks",
    ),
    Case(
        "P10-makefile", "a source distribution may lack it", {"PKG-INFO": "", "a.py": ""}, without="it is a source dist"
    ),
    Case("P10-makefile", "nothing in Python", {"a.c": ""}, without="there is no Python file"),
    Case("P10-makefile", "how the tests are run cannot be told", {"a.py": ""}, ("there is no Makefile",)),
    Case(
        "P10-makefile",
        "of what is known",
        {**PYTEST, "ruff.toml": ""},
        ("there is no Makefile",),
        fixed={
            "Makefile": (
                r"^\.PHONY: help test lint\n(.*\n)+test:  ## run the tests\n"
                r"\tpython -m pytest\n\nlint:.*\n\tpython -m ruff check \.\n\Z"
            )
        },
    ),
    Case(
        "P10-makefile",
        "of unittest",
        {"test/__init__.py": "", "test/test_a.py": "import unittest\n"},
        ("there is no Makefile",),
        fixed={"Makefile": r"^\tpython -m unittest discover test$"},
    ),
    Case(
        "P10-makefile",
        "in the environment of the project's own tool",
        {**PYTEST, "uv.lock": ""},
        ("there is no Makefile",),
        fixed={"Makefile": r"^\tuv run --locked python -m pytest$"},
    ),
    Case("P10-help", "no Makefile", {"a.py": ""}, without="there is no Makefile"),
    Case("P10-help", "it has another name", {"Makefile": "list-tasks:\n\ttrue\n"}),
    Case("P10-help", "in what it includes", {"Makefile": "include x.mk\n", "x.mk": MAKE}),
    Case(
        "P10-help",
        "in what it includes, which is not here",
        {"Makefile": "include $(X)/x.mk\n"},
        without="the Makefile includes",
    ),
    Case(
        "P10-help",
        "names that it makes",
        {"Makefile": "$(foreach x,help,$(eval $(x):)) \n"},
        without="the Makefile makes",
    ),
    Case(
        "P10-help",
        "none",
        {"Makefile": "all:\n\ttrue"},
        ("^Makefile:1: there is no target help",),
        fixed={"Makefile": r"^\ttrue\n\n\.PHONY: help\nhelp:\n\t@grep"},
    ),
    Case("P10-test", "it has another name", {"Makefile": "unit-tests: build\n\ttrue\n"}),
    Case("P10-test", "a variable is none", {"Makefile": "test := x\n"}, ("there is no target test",)),
    Case(
        "P10-test",
        "none",
        {**PYTEST, "Makefile": "all:\n"},
        ("there is no target test",),
        fixed={"Makefile": r"^\.PHONY: test\ntest:\n\tpython -m pytest\n\Z"},
    ),
    Case(
        "P10-phony",
        "files, and what is declared in several lines",
        {"Makefile": ".PHONY: test \\\n  lint\ntest lint:\n\ttrue\nbuild/x: y\n\tcc\ndist:\n\tmkdir dist\n"},
    ),
    Case("P10-phony", "the list is made", {"Makefile": ".PHONY: $(ALL)\ntest:\n"}, without="the Makefile makes"),
    Case(
        "P10-phony",
        "two are not",
        {"Makefile": ".PHONY: help\nhelp:\ntest:\n\ttrue\nclean: x\n"},
        (r"^Makefile:3: test, clean are not declared phony",),
        fixed={"Makefile": r"^clean: x\n\n\.PHONY: test clean\n\Z"},
    ),
    Case("P11-url", "no Alembic", PACKAGE, without="there is no alembic.ini"),
    Case("P11-url", "one of a test", {"tests/alembic.ini": INI.format("x")}, without="there is no alembic.ini"),
    Case(
        "P11-url",
        "blank, or taken from somewhere",
        {"alembic.ini": INI.format(""), "a/alembic.ini": INI.format("%(URL)s")},
    ),
    Case(
        "P11-url",
        "env.py takes it from here",
        {"alembic.ini": INI.format("sqlite://"), "migrations/env.py": "x = 1\n"},
        ("^alembic.ini:3: the URL of the database",),
    ),
    Case(
        "P11-url",
        "env.py sets another",
        {
            "alembic.ini": INI.format("driver://user:pass@localhost/dbname"),
            "migrations/env.py": 'config.set_main_option("sqlalchemy.url", x)\n',
        },
        ("the template's URL is left in",),
        fixed={"alembic.ini": r"^sqlalchemy\.url =$"},
    ),
    Case("P11-models", "there is no env.py", {"alembic.ini": INI.format("")}, without="no env.py"),
    Case(
        "P11-models", "there are", {"alembic.ini": INI.format(""), "migrations/env.py": ENV.format("Base.metadata", "")}
    ),
    Case(
        "P11-models",
        "set further down",
        {
            "alembic.ini": INI.format(""),
            "migrations/env.py": "target_metadata = None\n" + ENV.format("Base.metadata", ""),
        },
    ),
    Case(
        "P11-models",
        "there are none",
        {"a/alembic.ini": INI.format(""), "a/migrations/env.py": ENV.format("None", "")},
        ("^a/migrations/env.py:4: target_metadata is None",),
    ),
    Case(
        "P11-compare-type",
        "newer releases do by themselves",
        {"alembic.ini": INI.format(""), "migrations/env.py": ENV.format("x", "")},
    ),
    Case(
        "P11-compare-type",
        "told to",
        {
            "alembic.ini": INI.format(""),
            "migrations/env.py": ENV.format("x", ", compare_type=True"),
            "requirements.txt": "alembic==1.8.1\n",
        },
    ),
    Case(
        "P11-compare-type",
        "told not to",
        {"alembic.ini": INI.format(""), "migrations/env.py": ENV.format("x", ",\n  compare_type=False")},
        ("^migrations/env.py:6: types of columns",),
    ),
    Case(
        "P11-compare-type",
        "an older release",
        {
            "alembic.ini": INI.format(""),
            "migrations/env.py": ENV.format("x", ""),
            "requirements.txt": "alembic==1.8.1\n",
        },
        ("types of columns are not compared, as Alembic before 1.12",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_images_make_and_alembic(case: Case, tmp_path: Path) -> None:
    case.verify(tmp_path)


def test_a_makefile_that_is_made_works(tmp_path: Path) -> None:
    import shutil
    import subprocess

    from auditing import make, outcome

    if shutil.which("make") is None:
        pytest.skip("there is no make here")
    make(tmp_path, {**TEST, "tests/conftest.py": "import pytest\n"})
    (found,) = outcome(tmp_path, "P10-makefile").shortfalls
    assert found.fix is not None
    (tmp_path / "Makefile").write_text(found.fix("") or "")
    # These tests may run below a make of their own, which would add its lines of "Entering directory".
    command = ["make", "--no-print-directory"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["help            list the targets", "test            run the tests"]
