"""A run over files: what is read, and what files know of each other."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from commands import CLEAN, HELPER, SCRIPT, USER, script
from running import make_plan

from pymodernize import Plan, ProjectFacts, Status
from pymodernize.execution.execute import FileReport, run
from pymodernize.execution.projects import Neighbourhood, python_files
from pymodernize.files.discover import discover, has_python_shebang
from pymodernize.files.reading import Unreadable, read
from pymodernize.registry import entries
from pymodernize.transformation import engine

LIMIT = 100_000


@pytest.fixture(scope="module")
def plan() -> Plan:
    return Plan((entries()["print-to-logging"].load()(),))


def facts_for(path: Path, plan: Plan) -> ProjectFacts:
    """What a run over one file knows of the others."""
    return Neighbourhood([path], plan).facts(path)


def _run(plan: Plan, files: Sequence[Path], folders: Sequence[Path] = ()) -> dict[str, FileReport]:
    return {report.path.name: report for report in run(files, plan, max_size=LIMIT, folders=folders)}


def _changes(plan: Plan, *files: Path) -> set[str]:
    """The names of the files that a run over named files changes."""
    return {name for name, report in _run(plan, files).items() if report.result.output is not None}


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The names of the files that are opened to be read."""
    names: list[str] = []
    real = os.open

    def noted(path: str | Path, *rest: int) -> int:
        names.append(Path(path).name)
        return real(path, *rest)

    monkeypatch.setattr(os, "open", noted)
    yield names


# --- reading ------------------------------------------------------------------------------------------------------


def test_reports_come_in_the_order_of_the_files(tmp_path: Path, plan: Plan) -> None:
    files = [script(tmp_path, name) for name in ("c.py", "a.py", "b.py")]
    reports = list(run(files, plan, max_size=LIMIT))
    assert [report.path for report in reports] == files
    assert all(report.source == SCRIPT.encode() for report in reports)


def test_files_are_read_one_by_one(tmp_path: Path, plan: Plan) -> None:
    files = [script(tmp_path, f"{number}.py") for number in range(3)]
    reports = run(files, plan, max_size=LIMIT)
    next(reports)
    files[1].write_text("print('x')\n")
    assert next(reports).source == b"print('x')\n"


def test_what_cannot_be_read(tmp_path: Path) -> None:
    path = script(tmp_path, text="x" * 11)
    assert read(path, 11) == b"x" * 11
    with pytest.raises(Unreadable, match=r"is larger than the limit of 10 bytes \(max-file-size\)"):
        read(path, 10)
    with pytest.raises(Unreadable, match="is gone"):
        read(tmp_path / "none.py", 10)
    with pytest.raises(Unreadable, match="is not a regular file|cannot be read"):
        read(tmp_path, 10)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(Unreadable, match="is not a regular file"):
        read(tmp_path / "pipe", 10)
    with pytest.raises(Unreadable, match="is not a regular file"):
        read(Path(os.devnull), 10)


def test_nothing_of_the_project_is_read_when_no_file_is_triggered(
    tmp_path: Path, plan: Plan, opened: list[str]
) -> None:
    (tmp_path / ".git").mkdir()
    script(tmp_path, "helper.py", HELPER)
    clean = [script(tmp_path, name, CLEAN) for name in ("a.py", "b.py")]
    _run(plan, clean)
    assert opened == ["a.py", "b.py"]


def test_the_project_is_read_once_for_all_files(tmp_path: Path, plan: Plan, opened: list[str]) -> None:
    (tmp_path / ".git").mkdir()
    named = [script(tmp_path, f"job{number}.py") for number in range(4)]
    script(tmp_path, "sub/other.py", CLEAN)
    _run(plan, named)
    assert opened.count("other.py") == 1
    assert all(opened.count(path.name) <= 3 for path in named)


def test_a_plan_that_needs_no_project_reads_none(tmp_path: Path, plan: Plan, opened: list[str]) -> None:
    (tmp_path / ".git").mkdir()
    script(tmp_path, "other.py")
    path = script(tmp_path)
    assert not Neighbourhood([path], Plan(())).needed
    assert facts_for(path, Plan(())).path == str(path)
    assert opened == []


# --- who imports whom ---------------------------------------------------------------------------------------------


def test_a_helper_is_left_when_its_importer_is_not_in_the_run(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / ".git").mkdir()
    helper = script(tmp_path, "lib/helper.py", HELPER)
    assert _changes(plan, helper) == {"helper.py"}
    script(tmp_path, "bin/deep/user.py", USER)
    finding, *_ = _run(plan, [helper])["helper.py"].result.findings
    assert finding.status is Status.WITHHELD
    assert "other files import this one" in finding.reason


def test_two_scripts_and_the_helper_that_they_share(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    helper = script(tmp_path, "helper.py", HELPER)
    users = [script(tmp_path, name, USER) for name in ("one.py", "two.py")]
    usual = make_plan(["print-to-logging"])
    reports = _run(usual, [helper, *users])
    outputs = {name: report.result.output for name, report in reports.items()}
    assert None not in outputs.values()
    for name in ("one.py", "two.py"):
        assert b"basicConfig" in (outputs[name] or b""), "the scripts show the helper's records"
    assert _changes(usual, helper, users[0]) == {"one.py"}, "two.py would not show them"
    assert _changes(usual, users[0]) == {"one.py"}


def test_a_helper_is_left_when_its_importers_show_their_own_records_only(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / ".git").mkdir()
    helper = script(tmp_path, "helper.py", HELPER)
    users = [script(tmp_path, name, USER) for name in ("one.py", "two.py")]
    assert not plan.accepted, "a handler of their own takes the place of logging's"
    assert _changes(plan, helper, *users) == {"one.py", "two.py"}


def test_the_order_of_the_files_decides_nothing(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / ".git").mkdir()
    files = [script(tmp_path, "helper.py", HELPER), *(script(tmp_path, name, USER) for name in ("a.py", "z.py"))]
    forward = {name: report.result.output for name, report in _run(plan, files).items()}
    backward = {name: report.result.output for name, report in _run(plan, files[::-1]).items()}
    assert forward == backward


def test_a_change_is_tied_to_the_files_that_it_rests_on(tmp_path: Path) -> None:
    plan = make_plan(["print-to-logging"])
    (tmp_path / ".git").mkdir()
    helper = script(tmp_path, "helper.py", HELPER)
    users = [script(tmp_path, name, USER) for name in ("one.py", "two.py")]
    lonely = script(tmp_path, "lonely.py")
    ties = {
        name: {Path(tie).name for tie in report.ties} for name, report in _run(plan, [helper, *users, lonely]).items()
    }
    assert ties["one.py"] == ties["two.py"] == {"helper.py"}
    assert ties["helper.py"] == {"one.py", "two.py"}
    assert ties["lonely.py"] == set()


def test_what_others_know_of_a_file_is_said_under_its_name_in_the_run(
    tmp_path: Path, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    for name, text in (("helper.py", HELPER), ("user.py", USER)):
        script(tmp_path, name, text)
    paths = []
    real = engine.notes
    monkeypatch.setattr(engine, "notes", lambda *given: paths.append(given[2].path) or real(*given))
    monkeypatch.chdir(tmp_path)
    _run(plan, [Path("helper.py"), Path("user.py")])
    assert paths == ["helper.py", "user.py"]


def test_a_named_folder_counts_as_a_project(tmp_path: Path, plan: Plan) -> None:
    script(tmp_path, "lib/helper.py", HELPER)
    script(tmp_path, "bin/user.py", USER.replace("print", "str"))
    found = discover([str(tmp_path)])
    reports = _run(plan, found.files, [tmp_path])
    assert reports["helper.py"].result.output is None
    (neighbour,) = facts_for(tmp_path / "lib" / "helper.py", plan).importers or (None,)
    assert neighbour is None, "named alone, it has no project"


@pytest.mark.parametrize("mark", [".git", ".hg", "pyproject.toml", "setup.cfg", "setup.py"])
def test_marks_of_a_project(tmp_path: Path, plan: Plan, mark: str) -> None:
    helper = script(tmp_path, "project/lib/helper.py", HELPER)
    script(tmp_path, "project/bin/user.py", USER)
    assert facts_for(helper, plan).importers == ()
    (tmp_path / "project" / mark).touch()
    assert [Path(item.path).name for item in facts_for(helper, plan).importers] == ["user.py"]


def test_a_repository_wins_over_a_package_inside_it(tmp_path: Path, plan: Plan) -> None:
    helper = script(tmp_path, "repo/packages/common/helper.py", HELPER)
    (helper.parent / "setup.py").touch()
    script(tmp_path, "repo/jobs/user.py", USER)
    assert _changes(plan, helper) == {"helper.py"}
    (tmp_path / "repo" / ".git").mkdir()
    assert _changes(plan, helper) == set()


def test_a_package_above_a_repository_does_not_count(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "setup.cfg").touch()
    helper = script(tmp_path, "repo/helper.py", HELPER)
    script(tmp_path, "elsewhere/user.py", USER)
    assert _changes(plan, helper) == set()
    (tmp_path / "repo" / ".git").mkdir()
    assert _changes(plan, helper) == {"helper.py"}


def test_a_named_folder_above_a_repository_counts(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    script(tmp_path, "repo/helper.py", HELPER)
    script(tmp_path, "elsewhere/user.py", USER.replace("print", "str"))
    found = discover([str(tmp_path)])
    assert _run(plan, found.files, [tmp_path])["helper.py"].result.output is None


def test_named_files_outside_any_project_count_as_one(tmp_path: Path, plan: Plan) -> None:
    helper = script(tmp_path, "lib/helper.py", HELPER)
    user = script(tmp_path, "bin/user.py", "import sys\n\nsys.path.append('../lib')\n" + USER.replace("print", "str"))
    assert _changes(plan, helper, user) == set()
    assert _changes(plan, helper) == {"helper.py"}, "nobody can know of user.py"


def test_files_beside_a_named_file_count(tmp_path: Path, plan: Plan) -> None:
    helper = script(tmp_path, "helper.py", HELPER)
    script(tmp_path, "below/user.py", USER)
    assert _changes(plan, helper) == {"helper.py"}
    script(tmp_path, "user.py", USER)
    assert _changes(plan, helper) == set()


def test_scripts_without_extension_import_too(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / ".git").mkdir()
    helper = script(tmp_path, "helper.py", HELPER)
    tool = script(tmp_path, "bin/tool", f"#!/bin/sh\n{USER}")
    assert _changes(plan, helper) == {"helper.py"}
    tool.write_text(f"#!/usr/bin/env python3\n{USER}")
    assert _changes(plan, helper) == set()


def test_excluded_folders_are_no_part_of_a_project(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / ".git").mkdir()
    helper = script(tmp_path, "helper.py", HELPER)
    for folder in ("venv", "node_modules", "build"):
        script(tmp_path, f"{folder}/user.py", USER)
    assert _changes(plan, helper) == {"helper.py"}


def test_a_file_named_through_a_link_has_the_facts_of_its_target(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    script(tmp_path, "repo/helper.py", HELPER)
    script(tmp_path, "repo/user.py", USER)
    link = tmp_path / "link.py"
    link.symlink_to(tmp_path / "repo" / "helper.py")
    assert _changes(plan, link) == set()


def test_python_files_takes_no_links_and_survives_what_cannot_be_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = script(tmp_path, "a.py")
    script(tmp_path, "closed/b.py")
    (tmp_path / "link.py").symlink_to(path)
    (tmp_path / "folder").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.py")
    os.mkfifo(tmp_path / "pipe")
    real = os.scandir

    def scandir(folder: Path) -> object:
        if Path(folder).name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    assert list(python_files(tmp_path)) == [path]


def test_an_unreadable_neighbour_costs_nothing(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / ".git").mkdir()
    path = script(tmp_path)
    script(tmp_path, "big.py", "#" * (LIMIT + 1))
    (tmp_path / "odd.py").write_bytes(b"import job\0\xff\n")
    assert set(_run(plan, [path])) == {"job.py"}


def test_facts_for_are_those_of_a_run_over_the_file(
    tmp_path: Path, plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    names = ["helper.py", "one.py", "two.py", "pkg/__init__.py", "pkg/inner.py"]
    texts = [HELPER, USER, USER + "import pkg.inner\n", "", "from helper import *\nprint('hello you')\n"]
    files = [script(tmp_path, name, text) for name, text in zip(names, texts, strict=True)]
    alone = Neighbourhood((), plan)
    seen = []
    real = engine.transform
    monkeypatch.setattr(engine, "transform", lambda *given: seen.append(given[2]) or real(*given))
    for path in files:
        list(run([path], plan, max_size=LIMIT))
        facts = seen.pop() if seen else None
        if facts is not None:
            assert facts == facts_for(path, plan) == alone.facts(path), path
    assert {Path(item.path).name for item in facts_for(files[0], plan).importers} == {"inner.py", "one.py", "two.py"}


def test_facts_for_a_file_that_is_not_there(tmp_path: Path, plan: Plan) -> None:
    (tmp_path / ".git").mkdir()
    script(tmp_path, "user.py", USER)
    importers = facts_for(tmp_path / "helper.py", plan).importers
    assert [Path(item.path).name for item in importers] == ["user.py"]


def test_descriptors_are_closed(tmp_path: Path) -> None:
    path = script(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    before = len(list(Path("/dev/fd").iterdir()))
    for item in (path, tmp_path, tmp_path / "pipe", tmp_path / "none"):
        for size in (1, LIMIT):
            with contextlib.suppress(Unreadable):
                read(item, size)
        has_python_shebang(item)
    assert len(list(Path("/dev/fd").iterdir())) == before
