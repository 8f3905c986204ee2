"""``undo`` and ``history``: what a run changed can be taken back, and what was edited since is left."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from pathlib import Path

import pytest
from commands import CLEAN, SCRIPT, invoke, script
from crashing import Killer, forked, write_all

from pymodernize.transaction import staging
from pymodernize.transaction.journal import DONE
from pymodernize.transaction.projects import find_store, project_root
from pymodernize.transaction.recovery import recover
from pymodernize.transaction.staging import NotOurs
from pymodernize.transaction.store import Store


def _runs(folder: Path) -> list[str]:
    return [line.split()[0] for line in invoke("history", cwd=folder).out.splitlines()]


def test_undo_restores_every_byte_and_mode_and_sets_a_new_time(tmp_path: Path) -> None:
    texts = {"a.py": SCRIPT, "b.py": SCRIPT.replace("\n", "\r\n"), "deep/c.py": "\ufeff" + SCRIPT, "clean.py": CLEAN}
    paths = [script(tmp_path, name, text) for name, text in texts.items()]
    for path, mode in zip(paths, (0o755, 0o600, 0o640, 0o644), strict=True):
        path.chmod(mode)
        os.utime(path, (1000, 1000))
    before = {path: (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) for path in paths}
    assert invoke("--apply", ".", cwd=tmp_path).code == 0
    assert [path.read_bytes() == before[path][0] for path in paths] == [False, False, False, True]
    applied = [path.stat().st_mtime for path in paths]
    outcome = invoke("undo", cwd=tmp_path)
    assert outcome.code == 0
    assert re.search(r"^3 files restored to what they were before run \S+ in \S+\.$", outcome.stderr, re.MULTILINE)
    assert {path: (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) for path in paths} == before
    # A file whose text changes has a new time, as tools that compare times need it; no other has.
    assert [path.stat().st_mtime >= time for path, time in zip(paths[:3], applied[:3], strict=True)] == [True] * 3
    assert applied[3] == paths[3].stat().st_mtime == 1000


def test_one_file_is_spoken_of_as_one(tmp_path: Path) -> None:
    script(tmp_path)
    invoke("--apply", ".", cwd=tmp_path)
    assert invoke("undo", cwd=tmp_path).stderr.startswith("1 file restored to what it was before run ")


def test_a_project_without_runs_is_said_to_be_one(tmp_path: Path) -> None:
    outcome = invoke("history", cwd=tmp_path)
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.stderr.replace("\n", "") == f"pymodernize: no run is kept for {tmp_path}"
    script(tmp_path)
    invoke("--apply", ".", cwd=tmp_path)
    assert invoke("history", cwd=tmp_path).stderr == ""


@pytest.mark.skipif(os.name != "posix" or os.uname().sysname == "Darwin", reason="names must be UTF-8 there")
def test_names_that_are_no_text(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9 \n.py"))
    path.write_text(SCRIPT, encoding="utf-8")
    assert invoke("--apply", ".", cwd=tmp_path).code == 0
    assert path.read_text(encoding="utf-8") != SCRIPT
    assert invoke("undo", cwd=tmp_path).code == 0
    assert path.read_text(encoding="utf-8") == SCRIPT


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_git_sees_nothing_of_ours(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    script(tmp_path)
    invoke("--apply", ".", cwd=tmp_path)
    status = subprocess.run(["git", "status", "--porcelain"], cwd=tmp_path, capture_output=True, check=True)
    assert status.stdout == b"?? job.py\n"


def test_undo_works_from_below_and_after_the_project_was_moved(tmp_path: Path) -> None:
    project = tmp_path / "project"
    (project / ".git").mkdir(parents=True)
    path = script(project, "deep/job.py")
    invoke("--apply", "deep/job.py", cwd=project)
    assert (project / ".pymodernize").is_dir()
    moved = project.rename(tmp_path / "moved")
    assert invoke("undo", cwd=moved / "deep").code == 0
    assert (moved / path.relative_to(project)).read_text() == SCRIPT


def test_undo_of_an_undo(tmp_path: Path) -> None:
    path = script(tmp_path)
    invoke("--apply", ".", cwd=tmp_path)
    new = path.read_bytes()
    invoke("undo", cwd=tmp_path)
    undo_run, run = _runs(tmp_path)
    listed = invoke("history", cwd=tmp_path).out
    assert f"undo of {run}" in listed
    assert f"applied, undone by {undo_run}" in listed
    assert invoke("undo", run, cwd=tmp_path).code == 2, "it is undone already"
    assert invoke("undo", cwd=tmp_path).code == 2, "nothing is left to undo"
    assert invoke("undo", undo_run, cwd=tmp_path).code == 0
    assert path.read_bytes() == new
    assert invoke("undo", cwd=tmp_path).code == 0, "the first run counts again"
    assert path.read_text() == SCRIPT


def test_a_named_run(tmp_path: Path) -> None:
    first, second = script(tmp_path, "a.py"), script(tmp_path, "b.py")
    invoke("--apply", "a.py", cwd=tmp_path)
    invoke("--apply", "b.py", cwd=tmp_path)
    newest, oldest = _runs(tmp_path)
    assert invoke("undo", oldest, cwd=tmp_path).code == 0
    assert first.read_text() == SCRIPT
    assert second.read_text() != SCRIPT
    wrong = invoke("undo", "1999", cwd=tmp_path)
    assert (wrong.code, "no run is called '1999'" in wrong.stderr) == (2, True)
    assert invoke("undo", newest[:-1], cwd=tmp_path).code == 0, "how it begins is enough"


def test_files_that_were_edited_or_removed_are_named_and_kept(tmp_path: Path) -> None:
    edited, gone, plain, back = (script(tmp_path, name) for name in ("edited.py", "gone.py", "plain.py", "back.py"))
    invoke("--apply", ".", cwd=tmp_path)
    edited.write_text("mine = 1\n")
    gone.unlink()
    back.write_text(SCRIPT)
    new = plain.read_text()
    outcome = invoke("undo", cwd=tmp_path)
    assert outcome.code == 3
    assert f"{edited}: was edited since\n" in outcome.stderr
    assert f"{gone}: is gone since\n" in outcome.stderr
    assert "--force restores the other files" in outcome.stderr
    assert "plain.py" not in outcome.stderr
    assert plain.read_text() == new, "nothing was done"
    forced = invoke("undo", "--force", cwd=tmp_path)
    assert forced.code == 3
    assert "1 file restored" in forced.stderr
    assert (plain.read_text(), edited.read_text(), gone.exists()) == (SCRIPT, "mine = 1\n", False)


def test_a_damaged_original_is_not_given_back(tmp_path: Path) -> None:
    path = script(tmp_path)
    invoke("--apply", ".", cwd=tmp_path)
    new = path.read_bytes()
    (originals,) = (tmp_path / ".pymodernize" / "runs").glob("*/originals")
    for damage in (b"", originals.read_bytes()[:-3], b"x" * originals.stat().st_size):
        originals.write_bytes(damage)
        outcome = invoke("undo", cwd=tmp_path)
        assert outcome.code == 3
        assert "its old text is damaged" in outcome.stderr
        assert path.read_bytes() == new
    originals.unlink()
    assert "cannot be read: No such file or directory" in invoke("undo", cwd=tmp_path).stderr


def test_nothing_to_undo_makes_nothing(tmp_path: Path) -> None:
    script(tmp_path, text=CLEAN)
    for arguments in (["undo"], ["undo", "x"]):
        outcome = invoke(*arguments, cwd=tmp_path)
        assert outcome.code == 2
        assert "no run is kept for" in outcome.stderr
    assert invoke("--apply", ".", cwd=tmp_path).code == 0
    assert invoke("history", cwd=tmp_path) == invoke("history", "--project", str(tmp_path), cwd=tmp_path)
    assert [item.name for item in tmp_path.iterdir()] == ["job.py"], "a run without changes leaves nothing behind"


def test_old_runs_go_when_the_history_grows_too_large(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pymodernize]\nhistory-size = 5000\n")
    for number in range(12):
        script(tmp_path, f"job{number}.py")
        assert invoke("--apply", ".", cwd=tmp_path).code == 0
    kept = _runs(tmp_path)
    assert 1 < len(kept) < 12
    size = sum(path.stat().st_size for path in (tmp_path / ".pymodernize" / "runs").rglob("*"))
    assert size < 5000 + 4096 * len(kept)
    assert invoke("undo", cwd=tmp_path).code == 0
    assert (tmp_path / "job11.py").read_text() == SCRIPT
    (tmp_path / "pyproject.toml").write_text("[tool.pymodernize]\nhistory-size = 1\n")
    script(tmp_path, "last.py")
    invoke("--apply", "last.py", cwd=tmp_path)
    assert len(_runs(tmp_path)) == 1, "the newest stays, however large it is"


@pytest.mark.parametrize("value", ["0", '"a"', "true"])
def test_a_wrong_size_is_an_error_for_undo_too(tmp_path: Path, value: str) -> None:
    script(tmp_path)
    invoke("--apply", ".", cwd=tmp_path)
    (tmp_path / "pyproject.toml").write_text(f"[tool.pymodernize]\nhistory-size = {value}\n")
    outcome = invoke("undo", cwd=tmp_path)
    assert outcome.code == 2
    assert "history-size: must be a positive number of bytes" in outcome.stderr


# --- a run that was cut off ---------------------------------------------------------------------------------------


def _cut_off(root: Path, state: set[bytes]) -> list[Path]:
    """Kill a run so that its files have these texts."""
    changes = {}
    for number in range(3):
        path = root / f"job{number}.txt"
        changes[path] = (b"old", b"new")
    script(root, "kept.py")
    invoke("--apply", "kept.py", cwd=root)
    for at in range(200):
        for path in changes:
            path.write_bytes(b"old")
        forked(lambda: write_all(root, changes), Killer(at))
        runs = [run for run in Store(root).runs() if run.state != DONE]
        if {path.read_bytes() for path in changes} == state and runs and runs[0].entries:
            return list(changes)
    raise AssertionError("no moment was like that")


@pytest.mark.parametrize(
    ("state", "line", "after"),
    [
        ({b"old"}, "was cut off before it wrote anything; its leftovers are removed", b"old"),
        ({b"old", b"new"}, "was cut off and is taken back: 1 file put back, the others were old", b"old"),
        ({b"new"}, "was cut off when all of its 3 files were written; it counts as done", b"new"),
    ],
    ids=["staged", "half-way", "at the end"],
)
def test_undo_and_the_next_run_say_what_happened(tmp_path: Path, state: set[bytes], line: str, after: bytes) -> None:
    for arguments in (["undo"], ["--apply", "kept.py"]):
        folder = tmp_path / arguments[0].strip("-")
        folder.mkdir()
        paths = _cut_off(folder, state)
        for looking in (["kept.py"], ["--check", "kept.py"], ["history"]):
            told = invoke(*looking, cwd=folder)
            assert told.code == 0
            assert "was cut off; the next --apply, or pymodernize undo, finishes it or takes it back" in told.stderr
            assert {path.read_bytes() for path in paths} == state, "it only looks"
        outcome = invoke(*arguments, cwd=folder)
        assert outcome.code == 0
        assert line in outcome.stderr
        assert {path.read_bytes() for path in paths} == {after}
        assert (folder / "kept.py").read_text() != SCRIPT, "an undo of what was cut off undoes nothing else"
        assert "cut off" not in invoke("kept.py", cwd=folder).stderr


def test_a_file_that_was_edited_after_the_crash_is_not_taken_back(tmp_path: Path) -> None:
    paths = _cut_off(tmp_path, {b"old", b"new"})
    edited = next(path for path in paths if path.read_bytes() == b"new")
    edited.write_bytes(b"mine")
    outcome = invoke("undo", cwd=tmp_path)
    assert f"{edited}: is not put back: it was edited since" in outcome.stderr
    assert edited.read_bytes() == b"mine"
    assert "cut off" not in invoke("undo", cwd=tmp_path).stderr


def test_a_file_of_another_user_is_put_back_by_whoever_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old text must not go with the journal when a recovery runs under a user who may not write it."""
    paths = _cut_off(tmp_path, {b"old", b"new"})

    def refuse(*_: object) -> None:
        raise NotOurs("belongs to another user, whom only root could keep: Operation not permitted")

    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(staging, "_copy_owner", refuse)
        store = Store(tmp_path)
        store.open(print)
        lines = recover(store).lines
        store.close()
    assert "taken back in part; pymodernize undo tries again" in lines[0]
    assert "cannot be put back: it belongs to another user" in lines[1]
    assert {path.read_bytes() for path in paths} == {b"old", b"new"}
    assert "1 file put back" in invoke("undo", cwd=tmp_path).stderr
    assert {path.read_bytes() for path in paths} == {b"old"}


def test_a_damaged_journal_is_set_aside_and_touches_nothing(tmp_path: Path) -> None:
    paths = _cut_off(tmp_path, {b"old", b"new"})
    before = [path.read_bytes() for path in paths]
    journal = Store(tmp_path).runs()[-1].folder / "journal"
    journal.write_bytes(journal.read_bytes().replace(b'"old": "', b'"old": "0', 1))
    outcome = invoke("--apply", "kept.py", cwd=tmp_path)
    assert "its journal is damaged; no file was touched" in outcome.stderr
    assert [path.read_bytes() for path in paths] == before
    assert "damaged" not in invoke("--apply", "kept.py", cwd=tmp_path).stderr
    assert list((tmp_path / ".pymodernize").glob("damaged-*/journal"))


def test_runs_that_were_set_aside_make_room_like_others(tmp_path: Path) -> None:
    script(tmp_path, "job.py")
    assert invoke("--apply", "job.py", cwd=tmp_path).code == 0
    store = tmp_path / ".pymodernize"
    for number in range(5):
        aside = store / f"foreign-2020010{number}-000000-abcdef"
        aside.mkdir()
        (aside / "originals").write_bytes(bytes(1_000))
    (store / "foreign-20200105-000000-abcdef").symlink_to(tmp_path)
    (store / "foreign-20200106-000000-abcdef").mkdir()
    (store / "foreign-20200106-000000-abcdef" / "mine").write_bytes(bytes(10))
    (tmp_path / "pyproject.toml").write_text("[tool.pymodernize]\nhistory-size = 3500\n")
    script(tmp_path, "other.py")
    assert invoke("--apply", "other.py", cwd=tmp_path).code == 0
    left = sorted(path.name[:16] for path in store.glob("foreign-*"))
    assert left[0] > "foreign-20200100", "the oldest go first"
    assert left[-2:] == ["foreign-20200105", "foreign-20200106"], "what is not ours stays"
    assert (tmp_path / "job.py").exists()
    assert invoke("undo", cwd=tmp_path).code == 0


# --- where the runs are kept --------------------------------------------------------------------------------------


def test_the_project_of_a_folder(tmp_path: Path) -> None:
    deep = tmp_path / "repo" / "package" / "deep"
    deep.mkdir(parents=True)
    assert project_root(deep) == deep
    (tmp_path / "repo" / "package" / "setup.py").touch()
    assert project_root(deep) == deep.parent
    (tmp_path / "repo" / ".pymodernize" / "runs").mkdir(parents=True)
    (tmp_path / "repo" / ".pymodernize").chmod(0o755)
    assert project_root(deep) == tmp_path / "repo"
    assert find_store(deep).root == tmp_path / "repo"
    (deep / ".git").touch()
    assert project_root(deep) == deep
    assert find_store(deep).root == tmp_path / "repo", "what is there is found, whatever else is"


def test_a_pattern_has_a_project_too(tmp_path: Path) -> None:
    path = script(tmp_path, "jobs/deep/job.py")
    assert invoke("--apply", "jobs/**/*.py", cwd=tmp_path).code == 0
    assert path.read_text() != SCRIPT
    assert (tmp_path / "jobs" / ".pymodernize").is_dir()
    assert invoke("undo", "--project", "jobs", cwd=tmp_path).code == 0


def test_a_project_that_cannot_keep_the_journal(
    tmp_path: Path, state_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = script(tmp_path, "repo/jobs/job.py")
    (tmp_path / "repo" / ".git").mkdir()
    real = os.mkdir
    forbidden = {".pymodernize", "stores"}

    def mkdir(name: str, *rest: object, **more: object) -> None:
        if name in forbidden:
            raise PermissionError(13, "Permission denied")
        real(name, *rest, **more)

    monkeypatch.setattr(os, "mkdir", mkdir)
    outcome = invoke("--apply", "jobs/job.py", cwd=tmp_path / "repo")
    assert outcome.code == 3
    kept = tmp_path / "repo" / ".pymodernize"
    assert f"jobs/job.py: {kept}: cannot be written: Permission denied\n" in outcome.stderr
    assert path.read_text() == SCRIPT
    script(tmp_path, "repo/clean.py", CLEAN)
    assert invoke("--apply", "clean.py", cwd=tmp_path / "repo").code == 0, "there is nothing to write"
    forbidden.remove("stores")
    assert invoke("--apply", "jobs/job.py", cwd=tmp_path / "repo").code == 0
    assert [item.name for item in (tmp_path / "repo").iterdir() if item.name.startswith(".")] == [".git"]
    assert list((state_folder / "stores").glob("*/runs/*/journal")), "the user's own folder keeps it"
    assert len(_runs(tmp_path / "repo" / "jobs")) == 1
    assert invoke("undo", cwd=tmp_path / "repo" / "jobs").code == 0
    assert path.read_text() == SCRIPT
