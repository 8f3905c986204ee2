"""Checks of other packs, and what holds of those of ours."""

from __future__ import annotations

import re
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from auditing import checks, make
from commands import invoke

from pymodernize.audit import packs
from pymodernize.audit.audit_check import AuditCheck, Project, audit_check
from pymodernize.audit.documents import Ini, NotReadable, Toml, Yaml, parse_python, read_json
from pymodernize.audit.edits import with_items, with_settings, with_value, with_yaml_lines
from pymodernize.audit.packs import rows
from pymodernize.audit.tracked import NoGit, tracked_files
from pymodernize.registry import RegistryError

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "how-to" / "audit.md").read_text(encoding="utf-8")


def other(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, name: str) -> None:
    """Have a pack installed that has one module, beside ours."""
    (tmp_path / name).mkdir()
    (tmp_path / name / "__init__.py").touch()
    (tmp_path / name / "owners.py").write_text(text)
    monkeypatch.syspath_prepend(str(tmp_path))
    ours = packs.installed_points(packs.GROUP)
    theirs = [EntryPoint("ours", name, packs.GROUP)]
    monkeypatch.setattr(packs, "installed_points", lambda group: [*ours, *theirs])


def test_the_pack_of_the_documentation_is_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = re.findall(r"<!-- example -->\n```python\n(.*?)```", PAGE, re.DOTALL)
    other(monkeypatch, tmp_path, example, "documented_checks")
    assert rows()[-1].title == "Owners: who answers for what"
    folder = make(tmp_path / "a", {"a.py": ""})
    done = invoke("audit", "--check", "--select", "X1", cwd=folder)
    assert done.code == 1
    assert done.stderr.startswith("CODEOWNERS: X1-owners: there is no CODEOWNERS - name who looks at changes")
    make(folder, {"docs/CODEOWNERS": "* @a\n"})
    assert invoke("audit", "--check", "--select", "X1-owners", cwd=folder).code == 0


def test_a_pack_that_is_one_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (example,) = re.findall(r"<!-- example -->\n```python\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "one_module_of_checks.py").write_text(example)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(packs, "installed_points", lambda group: [EntryPoint("x", "one_module_of_checks", group)])
    assert [row.id for row in rows()] == ["X1"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 / 0", "the pack ours (broken_checks_0) does not import: division by zero"),
        ((
            "from pymodernize.audit.audit_check import audit_check\n"
            "@audit_check('P1-readme')\ndef x(project): yield\n"
        ), "the check P1-readme is defined"),
        ((
            "from pymodernize.audit.audit_check import audit_check\n"
            "@audit_check('nothing')\ndef x(project): yield\n"
        ), "'nothing' is no id of a check"),
    ],
)  # fmt: skip
def test_a_broken_pack_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, message: str) -> None:
    name = f"broken_checks_{len(text) if message[0] != 't' or 'defined' in message else 0}"
    other(monkeypatch, tmp_path, text, name)
    with pytest.raises(RegistryError, match=re.escape(message)):
        rows()
    sys.modules.pop(f"{name}.owners", None)
    done = invoke("audit", cwd=tmp_path)
    assert done.code == 2


def test_each_row_of_the_standard_has_checks_that_say_what_holds() -> None:
    assert [row.id for row in rows()] == [f"P{number}" for number in range(1, 14)]
    for item in checks().values():
        assert re.fullmatch(r"\S.*\.", item.sentence), item
        assert item.id in (ROOT / "docs" / "reference" / "audit-checks.md").read_text(encoding="utf-8")


def test_each_check_has_cases_that_hold_or_do_not_apply_before_one_that_falls_short() -> None:
    import test_p1_layout
    import test_p2_ruff
    import test_p3_types
    import test_p4_precommit
    import test_p5_ci
    import test_p7_pyproject
    import test_p9_docker
    import test_p12_secrets

    modules = (test_p1_layout, test_p2_ruff, test_p3_types, test_p4_precommit, test_p5_ci, test_p7_pyproject)
    cases = [case for module in (*modules, test_p9_docker, test_p12_secrets) for case in module.CASES]
    for name in checks():
        own = [case for case in cases if case.check == name]
        if name == "P8-tracked":  # has a test of its own
            continue
        assert own, name
        assert not own[0].says, name
        assert any(case.says for case in own), name
        first = next(number for number, case in enumerate(own) if case.says)
        assert all(case.says for case in own[first:]), f"{name}: what falls short comes last"


def test_a_check_needs_an_id() -> None:
    with pytest.raises(ValueError, match="write one like P1-readme"):
        audit_check("readme")

    @audit_check("X1-a-b")
    def found(project: Project):  # noqa: ANN202
        """It holds.

        More.
        """
        yield from ()

    assert isinstance(found, AuditCheck)
    assert (found.row, found.sentence) == ("X1", "It holds.")


@pytest.mark.parametrize("kind", [Toml, Ini, Yaml, read_json, parse_python], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize(
    "text", ["\x00", "[" * 50_000, "{" * 5000, "a: b: c", "x = = 1", "\ud800", "? [a]\n: b", "1e99999"]
)
def test_any_text_is_read_or_refused(kind: type, text: str) -> None:
    try:
        kind(text)
    except NotReadable as exc:
        assert "\n" not in str(exc)


def test_yaml_is_text_and_knows_its_lines() -> None:
    file = Yaml(
        "on: [push]\nx: !ref [3.10, no]\nmap: !m {a: 1}\nz: !s "
        "2024-01-01\nbase: &b {k: v}\nnew:\n  <<: *b\n  n: |\n    t\n"
    )
    assert file.data["x"] == ["3.10", "no"]
    assert (file.get("map", "a"), file.get("z"), file.get("new", "k"), file.get("new", "nothing")) == (
        "1",
        "2024-01-01",
        "v",
        None,
    )
    assert [
        file.line("on", 0),
        file.line("new", "n"),
        file.line("new", "q"),
        file.line("on", 5),
        file.line("z", "a"),
    ] == [1, 8, 6, 1, 4]
    assert Yaml("").line("x") == 1


def test_edits_that_cannot_be_made_are_none() -> None:
    assert with_settings("tool = {ruff = {}}\n", ("tool", "ruff"), {"a": 1}) is None
    assert with_settings("= x", ("tool",), {"a": 1}) is None
    assert with_items("a = 1\n", ("a",), ["x"]) is None
    assert with_items("= x", ("a",), ["x"]) is None
    assert with_items('a = []\nb = ["""x"]"""]', ("a",), ["x"]) == 'a = ["x"]\nb = ["""x"]"""]'
    assert with_items('b = ["""x"]""", {c = []}]', ("b",), ["x"]) == 'b = ["""x"]""", {c = []}, "x"]'
    assert with_value("a = [1]\n", ("a",), "x") is None
    assert with_value("= x", ("a",), "x") is None
    assert with_yaml_lines("a: 1\n", 5, ["b: 2"], lambda data: None) is None
    assert with_yaml_lines("a: 1", 1, ["b: 2"], lambda data: data.update(b="2")) == "a: 1\nb: 2\n"
    assert with_yaml_lines("a: 1\n", 1, ["b: ["], lambda data: None) is None
    assert with_yaml_lines("a: 1\n", 1, ["b: 2"], lambda data: data["x"]) is None


def test_git_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pymodernize.audit import tracked

    make(tmp_path, {"a.py": ""}, repository=True)
    assert tracked_files(tmp_path) == {"a.py"}
    with pytest.raises(NoGit, match="nothing in"):
        tracked_files(make(tmp_path / "b", {"c.py": ""}) if (tmp_path / "b").mkdir() is None else tmp_path)
    slow = tmp_path / "git"
    slow.write_text("#!/bin/sh\nexec sleep 5\n")
    slow.chmod(0o755)
    monkeypatch.setattr(tracked, "_SECONDS", 0.05)
    monkeypatch.setattr(tracked, "find_program", lambda name: str(slow))
    with pytest.raises(NoGit, match="git ls-files took longer than 0 s"):
        tracked_files(tmp_path)
    slow.write_text("#!/bin/sh\necho no >&2\nexit 3\n")
    monkeypatch.setattr(tracked, "_SECONDS", 10.0)
    with pytest.raises(NoGit, match="git ls-files failed: no"):
        tracked_files(tmp_path)
    monkeypatch.setattr(tracked, "find_program", lambda name: str(tmp_path / "nothing"))
    with pytest.raises(NoGit, match="git cannot be run"):
        tracked_files(tmp_path)
    monkeypatch.setattr(tracked, "find_program", lambda name: None)
    with pytest.raises(NoGit, match="git is not installed"):
        tracked_files(tmp_path)


def test_what_a_repository_configures_is_not_run(tmp_path: Path) -> None:
    make(tmp_path, {"a.py": ""}, repository=True)
    hook = tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    with (tmp_path / ".git" / "config").open("a") as file:
        file.write(f"[core]\n\tfsmonitor = {hook}\n\thooksPath = {tmp_path}\n")
    assert Project(tmp_path).tracked == {"a.py"}
    assert not (tmp_path / "ran").exists()
