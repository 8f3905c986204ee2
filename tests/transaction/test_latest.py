"""An undo that names nothing takes back the last run in the current folder, above or below, and no other."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from commands import SCRIPT, invoke, script
from crashing import Killer, forked, write_all

from pymodernize.transaction import index
from pymodernize.transaction.core import run_name
from pymodernize.transaction.journal import RUN_NAME


@pytest.fixture
def projects(tmp_path: Path) -> tuple[Path, Path]:
    """Two projects with a script each."""
    for name in ("p", "q"):
        script(tmp_path / name)
        (tmp_path / name / ".git").mkdir()
    return tmp_path / "p", tmp_path / "q"


def _is_old(project: Path) -> bool:
    return (project / "job.py").read_text() == SCRIPT


def test_what_is_elsewhere_is_left_alone_and_named(projects: tuple[Path, Path]) -> None:
    p, q = projects
    invoke("--apply", ".", cwd=p)
    outcome = invoke("--apply", "../q/job.py", cwd=p)
    taken_back = f"undo --project {q}"
    assert f"Take it back:  pymodernize {taken_back}\n" in outcome.stderr
    assert invoke("undo", cwd=p).stderr.endswith(f" in {p}.\n"), "it says where"
    assert (_is_old(p), _is_old(q)) == (True, False)
    outcome = invoke("undo", cwd=p)
    assert outcome.code == 2
    assert f"no run to undo in {p}; the last one was in {q}: --project {q}" in outcome.stderr.replace("\n", "")
    assert not _is_old(q)
    assert invoke(*taken_back.split(), cwd=p).code == 0
    assert _is_old(q)
    outcome = invoke("undo", cwd=p)
    assert (outcome.code, "there is no run to undo" in outcome.stderr) == (2, True)
    assert "--project" not in outcome.stderr


def test_runs_of_one_second_are_in_order() -> None:
    moments = [1_800_000_000 + number / 1000 for number in range(1000)]
    names = [run_name(moment) for moment in moments]
    assert names == sorted(names)
    assert all(RUN_NAME.fullmatch(name) for name in names)


def test_a_project_that_is_named_is_the_one(projects: tuple[Path, Path]) -> None:
    p, q = projects
    invoke("--apply", ".", cwd=p)
    invoke("--apply", ".", cwd=q)
    assert invoke("undo", "--project", ".", cwd=p).code == 0
    assert (_is_old(p), _is_old(q)) == (True, False)


def test_a_run_that_is_named_is_found_from_anywhere(projects: tuple[Path, Path], tmp_path: Path) -> None:
    p, q = projects
    invoke("--apply", ".", cwd=p)
    invoke("--apply", ".", cwd=q)
    run = invoke("history", cwd=p).out.split()[0]
    assert invoke("undo", run, cwd=tmp_path).code == 0
    assert (_is_old(p), _is_old(q)) == (True, False)


def test_a_run_over_two_projects_is_kept_above_them(projects: tuple[Path, Path], tmp_path: Path) -> None:
    invoke("-q", "--apply", "p", "q", cwd=tmp_path)
    assert [_is_old(project) for project in projects] == [False, False]
    assert (tmp_path / ".pymodernize" / "runs").is_dir()
    assert invoke("undo", cwd=projects[0]).code == 0
    assert [_is_old(project) for project in projects] == [True, True]


def test_a_project_that_is_gone_is_in_nobodys_way(projects: tuple[Path, Path]) -> None:
    p, q = projects
    invoke("--apply", ".", cwd=p)
    invoke("--apply", ".", cwd=q)
    shutil.rmtree(q)
    assert invoke("undo", cwd=p).code == 0
    assert _is_old(p)
    outcome = invoke("undo", cwd=p)
    assert (outcome.code, "--project" in outcome.stderr) == (2, False)


def test_a_run_that_was_cut_off_is_what_an_undo_means_there(projects: tuple[Path, Path]) -> None:
    p, q = projects
    invoke("--apply", ".", cwd=p)
    path = q / "job.txt"
    for at in range(200):
        path.write_bytes(b"old")
        forked(lambda: write_all(q, {path: (b"old", b"new")}), Killer(at))
        if path.read_bytes() == b"new":
            break
    assert invoke("undo", cwd=p).code == 0
    assert _is_old(p), "what is elsewhere is not meant"
    outcome = invoke("undo", cwd=q)
    assert outcome.code == 0
    assert "was cut off" in outcome.stderr


@pytest.mark.parametrize("junk", [b"", b"{", b"[]\n", b'{"run": 1}\n', b"\xff\n" * 5000, b"[" * 100_000 + b"\n"])
def test_a_list_of_runs_that_is_damaged(projects: tuple[Path, Path], state_folder: Path, junk: bytes) -> None:
    p, _ = projects
    invoke("--apply", ".", cwd=p)
    listed = state_folder / "runs"
    listed.write_bytes(junk + listed.read_bytes() + junk)
    assert invoke("undo", cwd=p).code == 0
    assert _is_old(p)


def test_the_list_does_not_grow_for_ever(projects: tuple[Path, Path], state_folder: Path) -> None:
    p, _ = projects
    line = json.dumps({"run": "20000101-000000-000000", "root": str(p), "folder": str(p / "x"), "undoes": None}) + "\n"
    invoke("-q", "--apply", ".", cwd=p)
    listed = state_folder / "runs"
    listed.write_text(line * (index._MOST // len(line)))
    (p / "job.py").write_text(SCRIPT)
    invoke("-q", "--apply", ".", cwd=p)
    assert len(listed.read_bytes().splitlines()) == index._KEPT
    assert invoke("undo", cwd=p).code == 0
    assert _is_old(p)


def test_the_list_is_reached_through_no_link(projects: tuple[Path, Path], state_folder: Path, tmp_path: Path) -> None:
    p, _ = projects
    state_folder.mkdir(mode=0o700)
    (tmp_path / "mine").write_bytes(b"mine")
    (state_folder / "runs").symlink_to(tmp_path / "mine")
    assert invoke("-q", "--apply", ".", cwd=p).code == 0, "an undo from elsewhere is all that is lost"
    assert (tmp_path / "mine").read_bytes() == b"mine"
    assert invoke("undo", cwd=p).code == 0
    assert _is_old(p)


def test_without_a_place_for_the_key_nothing_is_written(projects: tuple[Path, Path]) -> None:
    p, _ = projects
    outcome = invoke("-q", "--apply", ".", cwd=p, PYMODERNIZE_STATE_DIR=os.path.join(os.devnull, "none"))
    assert outcome.code == 3
    assert "PYMODERNIZE_STATE_DIR names another folder for the key that signs journals" in outcome.stderr
    assert _is_old(p)
    assert invoke("undo", cwd=p, PYMODERNIZE_STATE_DIR="relative").code == 3


def test_runs_of_folders_below_and_above_are_found(tmp_path: Path, state_folder: Path) -> None:
    path = script(tmp_path / "team" / "jobs")
    (tmp_path / "team" / "pyproject.toml").write_text("")
    outcome = invoke("--apply", "team/jobs", cwd=tmp_path)
    assert "Take it back:  pymodernize undo\n" in outcome.stderr
    for listed in (True, False):
        if not listed:
            (state_folder / "runs").unlink()  # as on another machine
        above = invoke("history", cwd=tmp_path)
        assert above.out.rstrip().endswith(f"  applied  {tmp_path / 'team'}")
        assert invoke("history", cwd=path.parent).out.rstrip().endswith("  applied")
    assert invoke("undo", above.out[:15], cwd=tmp_path).code == 0
    assert path.read_text() == SCRIPT
    invoke("--apply", "team/jobs", cwd=tmp_path)
    (state_folder / "runs").unlink()
    assert invoke("undo", cwd=tmp_path).code == 0
    assert path.read_text() == SCRIPT
