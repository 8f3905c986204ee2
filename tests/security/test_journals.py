"""Journals that came with a repository, and links where the store's files should be: the attacks one by one."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tracemalloc
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import SCRIPT, Outcome, invoke, script, spawn
from forging import signed, snapshot, write_index

RUN = "20990101-000000-abcdef"
STAGED = ".abcdef-0.pymodernize"
KNOWN, EVIL = b"#!/bin/sh\nls\n", b"#!/bin/sh\nrm -r /\n"
ROOT = os.geteuid() == 0


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project beside files that nobody may touch, one of which has a text that everybody knows."""
    project = tmp_path / "project"
    script(project)
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "id_rsa").write_bytes(b"secret")
    (outside / "known.sh").write_bytes(KNOWN)
    return project


def forge(project: Path, path: str, staged: str, state: str, *, version: int = 1) -> Path:
    """A journal as anybody can write it."""
    folder = project / ".pymodernize" / "runs" / RUN
    folder.mkdir(parents=True)
    (project / ".pymodernize").chmod(0o700)
    packed = zlib.compress(EVIL)
    (folder / "originals").write_bytes(packed)
    begin = {"record": "begin", "version": version, "kind": "apply", "undoes": None, "time": 4e9, "pid": 1, "host": "h"}
    entry: dict[str, object] = {"number": 0, "path": path, "old": digest(EVIL), "new": digest(KNOWN), "offset": 0}
    entry |= {"length": len(packed)}
    entry |= {"staged": staged} if version == 1 else {"old_size": len(EVIL), "new_size": len(KNOWN)}
    lines = [json.dumps(begin), json.dumps({"record": "stage", **entry})]
    seen = digest("".join(f"{line}\n" for line in lines).encode())
    if state != "staging":
        lines.append(json.dumps({"record": "commit", "without": [], "digest": seen}))
    if state == "done":
        lines.append(json.dumps({"record": "end", "state": "done"}))
    tag = "" if version == 1 else " " + "0" * 32
    (folder / "journal").write_text("".join(f"{line}{tag}\n" for line in lines))
    return folder


def run_all(project: Path, *more: list[str]) -> list[Outcome]:
    """What a user may do in a project that was cloned; nothing beside it changes by that."""
    outside = project.parent / "outside"
    before = snapshot(outside)
    outcomes = []
    for arguments in (["--check", "."], ["history"], ["--apply", "."], ["undo"], ["undo", "--force"], *more):
        outcome = invoke(*arguments, cwd=project)
        assert snapshot(outside) == before, (arguments, outcome)
        assert outcome.code in (0, 1, 2, 3), (arguments, outcome)
        outcomes.append(outcome)
    return outcomes


PATHS = {
    "staged file above": ("job.py", "../outside/id_rsa"),
    "staged file by its whole path": ("job.py", "/OUTSIDE/id_rsa"),
    "staged file through a link": ("job.py", "way/id_rsa"),
    "file above": ("../outside/known.sh", STAGED),
    "file by its whole path": ("/OUTSIDE/known.sh", STAGED),
    "file through a link": ("way/known.sh", STAGED),
}


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("state", ["staging", "committing", "done"])
@pytest.mark.parametrize("name", PATHS)
def test_a_forged_journal_is_never_acted_on(project: Path, name: str, state: str, version: int) -> None:
    path, staged = (text.replace("/OUTSIDE", str(project.parent / "outside")) for text in PATHS[name])
    (project / "way").symlink_to(project.parent / "outside")
    forge(project, path, staged, state, version=version)
    run_all(project, ["undo", "--project", ".", RUN])


@pytest.mark.parametrize("state", ["staging", "committing", "done"])
def test_nor_on_files_of_the_project_itself(project: Path, state: str) -> None:
    (project / "deploy.sh").write_bytes(KNOWN)
    (project / STAGED).write_bytes(b"mine")
    forge(project, "deploy.sh", STAGED, state, version=2)
    said = [outcome.stderr for outcome in run_all(project, ["undo", "--project", ".", RUN])]
    assert (project / "deploy.sh").read_bytes() == KNOWN
    assert (project / STAGED).read_bytes() == b"mine"
    assert sum("1 run set aside, not signed by this user here; no file was touched" in text for text in said) == 1
    assert (project / ".pymodernize" / f"foreign-{RUN}" / "journal").exists(), "it is kept, out of the way"


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_a_store_that_was_cloned_is_passed_over(project: Path, tmp_path: Path) -> None:
    forge(project, "job.py", "../outside/id_rsa", "staging")
    for arguments in (
        ["init", "-q"],
        ["add", "-f", "."],
        ["-c", "user.name=a", "-c", "user.email=a", "commit", "-qma"],
    ):
        subprocess.run(["git", *arguments], cwd=project, check=True)
    subprocess.run(["git", "clone", "-q", str(project), str(tmp_path / "clone")], check=True)
    clone = tmp_path / "clone"
    before = snapshot(clone / ".pymodernize")
    looked, _, applied, undone, _ = run_all(clone)
    for outcome in (looked, applied):
        assert outcome.stderr.replace("\n", "").count("is under version control, so that others may have written") == 1
    assert applied.code == 0
    assert "1 file restored" in undone.stderr, "the journal was kept elsewhere"
    assert (clone / "job.py").read_text() == SCRIPT
    assert snapshot(clone / ".pymodernize") == before


@pytest.mark.parametrize("version", [2, 3, 4])
def test_what_an_index_of_git_has(project: Path, version: int) -> None:
    (project / ".git").mkdir()
    invoke("-q", "--apply", ".", cwd=project)
    index = project / ".git" / "index"
    for names, is_refused in (
        (["job.py", "x/pymodernize"], False),
        ([".pre-commit.yaml", ".pymodernize-old", ".pymodernize/lock", "job.py"], True),
        ([".pymodernize.py", "pymodernize/.gitignore"], False),
    ):
        write_index(index, names, version)
        assert ("is under version control" in invoke(".", cwd=project).stderr) == is_refused, names
    for damaged in (b"", b"DIRC", index.read_bytes()[:90], b"DIRC\0\0\0\4\xff\xff\xff\xff" + b"\xff" * 5000):
        index.write_bytes(damaged)
        assert invoke("-q", "--apply", ".", cwd=project).code == 0


@pytest.mark.parametrize("pointer", [b"a\0b", b".git", b"/dev/zero", b"a/" * 9000, b"\xff\n", b""], ids=ascii)
def test_a_repository_that_is_said_to_be_elsewhere(project: Path, pointer: bytes) -> None:
    (project / ".git").write_bytes(b"gitdir: " + pointer)
    run_all(project)


# --- links, and what is no file -----------------------------------------------------------------------------------


def _lock(project: Path, outside: Path) -> None:
    (project / ".pymodernize").mkdir(mode=0o700)
    (project / ".pymodernize" / "lock").symlink_to(outside / "id_rsa")


def _hard_lock(project: Path, outside: Path) -> None:
    (project / ".pymodernize").mkdir(mode=0o700)
    os.link(outside / "id_rsa", project / ".pymodernize" / "lock")


def _run(project: Path, outside: Path) -> None:
    (project / ".pymodernize" / "runs").mkdir(parents=True)
    (project / ".pymodernize").chmod(0o700)
    (outside / "originals").write_bytes(b"mine")
    (project / ".pymodernize" / "runs" / RUN).symlink_to(outside)
    (project / ".pymodernize" / "runs" / "x").symlink_to(outside)


def _runs(project: Path, outside: Path) -> None:
    (project / ".pymodernize").mkdir(mode=0o700)
    (project / ".pymodernize" / "runs").symlink_to(outside)


def _store(project: Path, outside: Path) -> None:
    (outside / "kept").mkdir(mode=0o700)
    (project / ".pymodernize").symlink_to(outside / "kept")


def _ignore(project: Path, outside: Path) -> None:
    (project / ".pymodernize").mkdir(mode=0o700)
    (project / ".pymodernize" / ".gitignore").symlink_to(outside / "none")


LINKS = {
    "lock": _lock,
    "lock by a hard link": _hard_lock,
    "run": _run,
    "runs": _runs,
    "store": _store,
    "ignore": _ignore,
}


@pytest.mark.parametrize("name", LINKS)
def test_no_link_in_the_store_leads_out(project: Path, name: str) -> None:
    LINKS[name](project, project.parent / "outside")
    clean = project / "clean"
    script(clean, text="x = 1\n")
    run_all(project, ["--apply", "clean"])
    assert (project / "job.py").read_text() == SCRIPT, "it was rewritten, and the undo has taken that back"


@pytest.mark.skipif(not ROOT, reason="only root may give files away")
def test_a_store_that_another_user_put_above_is_passed_over(project: Path) -> None:
    above = project.parent / ".pymodernize"
    (above / "runs").mkdir(parents=True)
    for item in (above, above / "runs"):
        os.chown(item, 1234, 1234)
    invoke("--apply", ".", cwd=project)
    assert (project / ".pymodernize" / "runs").is_dir()
    assert not list((above / "runs").iterdir())


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda store: store.chmod(0o777), "others may write to it (mode 0777)"),
        (lambda store: store.chmod(0o770), "others may write to it (mode 0770)"),
        (lambda store: os.chown(store, 1234, -1), "belongs to another user"),
    ],
)
def test_a_store_that_others_may_write_to_is_refused(
    project: Path, spoil: Callable[[Path], None], reason: str, state_folder: Path
) -> None:
    if not ROOT and "user" in reason:
        pytest.skip("only root may give files away")
    (project / ".pymodernize").mkdir()
    spoil(project / ".pymodernize")
    outcome = invoke("-q", "--apply", ".", cwd=project)
    assert outcome.code == 0
    assert outcome.stderr == (
        f"pymodernize: {project / '.pymodernize'}: {reason}; it is not looked at, and the journal is kept elsewhere\n"
    )
    assert not list((project / ".pymodernize").iterdir())
    assert list(state_folder.glob("stores/*/runs/*/journal"))
    assert invoke("undo", cwd=project).code == 0
    assert (project / "job.py").read_text() == SCRIPT


@pytest.mark.parametrize("name", ["journal", "originals", "lock"])
def test_a_fifo_is_not_waited_for(project: Path, name: str) -> None:
    invoke("-q", "--apply", ".", cwd=project)
    (path,) = (project / ".pymodernize").rglob(name)
    path.unlink()
    os.mkfifo(path)
    for arguments in (["."], ["history"], ["undo"], ["--apply", "."]):
        assert spawn(*arguments, cwd=project, PYMODERNIZE_CACHE_DIR=os.devnull).code in (0, 2, 3)


# --- what a journal says ------------------------------------------------------------------------------------------


def test_an_old_text_unpacks_to_no_more_than_it_had(project: Path) -> None:
    invoke("-q", "--apply", ".", cwd=project)
    (originals,) = (project / ".pymodernize").rglob("originals")
    bomb = zlib.compressobj(9)
    data = b"".join(bomb.compress(bytes(1 << 20)) for _ in range(200)) + bomb.flush()
    originals.write_bytes(data)
    tracemalloc.start()
    try:
        outcome = invoke("undo", cwd=project)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert outcome.code == 3
    assert "its old text is damaged" in outcome.stderr
    assert most < 50_000_000


ODD = {
    "no number": b'{"record": "begin", "version": 2, "kind": "apply", "time": NaN, "pid": 1}\n',
    "a huge number": b'{"record": "begin", "version": 1, "time": ' + b"9" * 5000 + b"}\n",
    "deep": b"[" * 200_000 + b"\n",
    "long": b"x" * 20_000_000,
    "no text": b"\xff\0\n" * 1000,
}


@pytest.mark.parametrize("name", ODD)
def test_odd_journals_end_no_run(project: Path, name: str) -> None:
    folder = project / ".pymodernize" / "runs" / RUN
    folder.mkdir(parents=True)
    (project / ".pymodernize").chmod(0o700)
    (folder / "journal").write_bytes(ODD[name])
    run_all(project)


def test_a_name_of_a_run_reaches_no_terminal_raw(project: Path) -> None:
    folder = forge(project, "job.py", STAGED, "done")
    folder.rename(folder.with_name("20990101-000000-\x1b]0;x\x07"))
    for outcome in run_all(project):
        assert "\x1b]" not in outcome.out + outcome.stderr


@pytest.mark.parametrize("change", ["flip", "reorder", "drop", "another run's"])
def test_a_line_that_was_changed_counts_for_nothing(project: Path, change: str) -> None:
    invoke("-q", "--apply", ".", cwd=project)
    new = (project / "job.py").read_bytes()
    (journal,) = (project / ".pymodernize").rglob("journal")
    lines = journal.read_bytes().splitlines(keepends=True)
    assert len(lines) == 4
    if change == "flip":
        lines[1] = lines[1].replace(b"job.py", b"jab.py")
    elif change == "reorder":
        lines = [lines[0], lines[2], lines[1], lines[3]]
    elif change == "drop":
        del lines[1]
    else:
        journal.parent.rename(journal.parent.with_name(RUN))
        journal = journal.parent.with_name(RUN) / "journal"
    journal.write_bytes(b"".join(lines))
    outcome = invoke("undo", cwd=project)
    assert (project / "job.py").read_bytes() == new
    assert "damaged" in outcome.stderr or "not signed by this user" in outcome.stderr


def test_an_undo_is_made_although_somebody_elses_run_is_there(project: Path) -> None:
    invoke("-q", "--apply", ".", cwd=project)
    shutil.copytree(project / ".pymodernize" / "runs", project / "runs")
    (copied,) = (project / "runs").iterdir()
    copied.rename(project / ".pymodernize" / "runs" / RUN)
    outcome = invoke("undo", cwd=project)
    assert outcome.code == 0
    assert "1 run set aside, not signed by this user here" in outcome.stderr
    assert (project / "job.py").read_text() == SCRIPT


@pytest.mark.parametrize(
    "odd",
    [
        {"time": 1e30},
        {"time": -1.0},
        {"time": float("nan")},
        {"undoes": []},
        {"pid": float("inf")},
        {"version": 3},
        {"kind": {}, "host": None},
    ],
)
def test_even_a_signed_line_may_be_odd(project: Path, odd: dict[str, object]) -> None:
    invoke("-q", "--apply", ".", cwd=project)
    (journal,) = (project / ".pymodernize").rglob("journal")
    lines = [json.loads(line[:-33]) for line in journal.read_bytes().splitlines(keepends=True)]
    lines[0] |= odd
    journal.write_bytes(signed(journal.parent.name, lines))
    run_all(project)
