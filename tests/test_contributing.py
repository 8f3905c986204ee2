"""What contributors are told is so: the example codemod works, the keys of the cases are all there."""

from __future__ import annotations

import importlib
import re
import sys
from pathlib import Path

import pytest
from commands import PROJECT, invoke
from running import FIXTURES, load_toml, work_on

from pymodernize.plan import Plan

GUIDE = (PROJECT / "CONTRIBUTING.md").read_text(encoding="utf-8")


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The codemod of the guide, imported from a file of its own."""
    (text,) = re.findall(r"<!-- example -->\n```python\n(.*?)```", GUIDE, re.DOTALL)
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "logging_warn.py").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path / "pack"))
    yield importlib.import_module("logging_warn").LoggingWarn
    del sys.modules["logging_warn"]


def test_the_example_rewrites(example, tmp_path: Path):
    project = tmp_path / "project"
    project.mkdir()
    (project / "a.py").write_text('import logging\n\nlogging.warn("late: %s", 1)\n')
    (project / "b.py").write_text('from logging import warn as say\n\nsay("late")\n')
    (project / "c.py").write_text('import logging\n\n\ndef warn(text):\n    print(text)\n\n\nwarn("own")\n')
    reports = work_on(project, Plan((example(),)))
    assert {name: report.result.output for name, report in reports.items()} == {
        "a.py": b'import logging\n\nlogging.warning("late: %s", 1)\n',
        "b.py": b'from logging import warning\n\nwarning("late")\n',
        "c.py": None,
    }


def test_the_example_of_a_pack_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    page = (PROJECT / "docs" / "how-to" / "own-codemods.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"<!-- example -->\n```python\n(.*?)```", page, re.DOTALL)
    (points,) = re.findall(r"```toml\n(\[project.entry-points.*?)```", page, re.DOTALL)
    (case,) = re.findall(r"```toml\n(why.*?)```", page, re.DOTALL)
    monkeypatch.setattr(sys, "path", list(sys.path))
    files = {"pyproject.toml": points, "acme_codemods/__init__.py": "", "acme_codemods/no_exit.py": text}
    for name, before in (("keep", "def exit(): pass\n\n\nexit()\n"), ("keep_too", "print(exit)\n")):
        files |= {f"fixtures/no-exit/{name}/before.py": before, f"fixtures/no-exit/{name}/case.toml": 'why = "So."'}
    for name, call in (("before", "exit"), ("after", "sys.exit")):
        files[f"fixtures/no-exit/renamed/{name}.py"] = f"import sys\n\n{call}(int(sys.argv[1]))\n"
    for name, content in {**files, "fixtures/no-exit/renamed/case.toml": case}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    done = invoke("test", ".", cwd=tmp_path)
    for name in ("acme_codemods.no_exit", "acme_codemods"):
        del sys.modules[name]
    assert (done.code, done.out) == (0, "no-exit: 3 cases are as they should be\n"), done.stderr


def test_every_key_of_the_cases_is_explained():
    page = (FIXTURES / "README.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"`\[?([\w.-]+)\]?`", page))
    for path in FIXTURES.glob("[!_]*/*/case.toml"):
        table = load_toml(path)
        keys = table.keys() | table.get("run", {}).keys()
        assert keys <= explained, f"{path}: {keys - explained} are not in fixtures/README.md"


def test_every_path_and_target_of_the_guide_is_there():
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"make ([a-z]+)", GUIDE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for path in re.findall(r"[`(]((?:tests|fixtures|codemods|benchmarks)/[\w./]*)[`)]", GUIDE):
        assert (PROJECT / path).exists(), path
