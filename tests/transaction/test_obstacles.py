"""Files that cannot be replaced although nothing says so at first, and disks that are full: all the others, or none."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import MORE, SCRIPT, Outcome, invoke, script, spawn
from crashing import leftovers

from pymodernize.transaction import obstacles

ROOT = os.geteuid() == 0


def _done(*command: object) -> bool:
    """Whether root may do that here; in a container it often may not."""
    words = [str(word) for word in command]
    if not ROOT or shutil.which(words[0]) is None:
        return False
    return subprocess.run(words, capture_output=True, check=False).returncode == 0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Four scripts; ``user`` imports ``used``, and they change together or not at all."""
    for name in ("first", "last"):
        script(tmp_path, f"{name}.py")
    script(
        tmp_path,
        "used.py",
        "def work():\n" + textwrap.indent("print('Hello %s' % 1)\n" + MORE, "    ") + "    return 1\n",
    )
    script(tmp_path, "user.py", "import used\n\nused.work()\nprint('Hello')\n" + MORE)
    return tmp_path


def _texts(project: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in project.glob("*.py")}


def _changed(project: Path, before: dict[str, bytes]) -> set[str]:
    return {name for name, text in _texts(project).items() if text != before[name]}


def _apply(project: Path) -> Outcome:
    return invoke("--select", "print-to-logging", "--apply", ".", cwd=project)


def test_what_is_mounted_by_itself_is_left_with_its_neighbours(project: Path, tmp_path_factory: Any) -> None:
    other = tmp_path_factory.mktemp("other") / "used.py"
    shutil.copy(project / "used.py", other)
    before = _texts(project)
    if not _done("mount", "--bind", other, project / "used.py"):
        pytest.skip("nothing can be mounted here")
    try:
        outcome = _apply(project)
        assert outcome.code == 3
        assert "used.py: is mounted by itself, and cannot be replaced\n" in outcome.stderr
        assert "user.py: is left as it was: it belongs together with used.py" in outcome.stderr
        assert _changed(project, before) == {"first", "last"}
        assert not leftovers(project)
        assert invoke("undo", cwd=project).code == 0
        assert _texts(project) == before
    finally:
        assert _done("umount", project / "used.py")


@pytest.mark.parametrize(
    ("place", "reason"),
    [("closed", "is in a folder whose files cannot be replaced (see lsattr)"), ("closed/job.py", "cannot be replaced")],
)
def test_what_may_only_grow_is_left_and_nothing_is_left_beside_it(project: Path, place: str, reason: str) -> None:
    path = script(project, "closed/job.py")
    before = _texts(project)
    if not _done("chattr", "+a", project / place):
        pytest.skip("nothing can be made to grow only here")
    try:
        for _ in range(2):
            outcome = _apply(project)
            assert outcome.code == 3
            assert f"closed/job.py: {reason}" in outcome.stderr
            assert path.read_text() == SCRIPT
            assert not leftovers(project)
        assert _changed(project, before) == set(before)
    finally:
        assert _done("chattr", "-a", project / place)


def test_the_same_where_root_cannot_try_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _texts(project)
    inode = (project / "first.py").stat().st_ino
    real = obstacles._flags
    monkeypatch.setattr(obstacles, "_flags", lambda item: 0x20 if os.fstat(item).st_ino == inode else real(item))
    mounted = frozenset({os.fsencode(project / "used.py")})
    monkeypatch.setattr(obstacles.Obstacles, "_mounted", lambda _: mounted)
    outcome = _apply(project)
    assert "first.py: cannot be replaced (see lsattr)\n" in outcome.stderr
    assert "used.py: is mounted by itself, and cannot be replaced\n" in outcome.stderr
    assert _changed(project, before) == {"last"}


def test_names_of_mounts_are_read_as_the_system_writes_them() -> None:
    assert os.fsencode("/proc") in obstacles.Obstacles()._mounted() or not Path("/proc/self/mountinfo").exists()
    assert obstacles._ESCAPE.sub(lambda match: bytes([int(match[1], 8)]), rb"/a\040b\134c") == b"/a b\\c"


@pytest.mark.parametrize("stuck", [{"first"}, {"used"}, {"first", "last"}])
def test_what_turns_out_not_to_be_replaceable_does_not_hold_up_the_others(
    project: Path, monkeypatch: pytest.MonkeyPatch, stuck: set[str]
) -> None:
    before = _texts(project)
    real = os.replace

    def replace(source: str, target: str, **options: Any) -> None:
        if Path(target).stem in stuck:
            raise OSError(errno.EBUSY, "Device or resource busy")
        real(source, target, **options)

    monkeypatch.setattr(os, "replace", replace)
    outcome = _apply(project)
    assert outcome.code == 3
    for name in stuck:
        assert f"{name}.py: cannot be written: Device or resource busy\n" in outcome.stderr
    left = stuck | {"user"} if "used" in stuck else stuck
    assert _changed(project, before) == set(before) - left
    assert not leftovers(project)
    assert invoke("undo", cwd=project).code == 0
    assert _texts(project) == before


def test_too_many_of_them_and_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(12):
        script(tmp_path, f"job{number:02}.py")
    before = _texts(tmp_path)

    def replace(*_: str, **__: Any) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "replace", replace)
    assert _apply(tmp_path).code == 3
    assert _texts(tmp_path) == before
    assert not leftovers(tmp_path)


# --- full disks -----------------------------------------------------------------------------------------------------


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A disk on which there is not room for much."""
    if not _done("mount", "-t", "tmpfs", "-o", "size=600k", "small", tmp_path):
        pytest.skip("nothing can be mounted here")
    try:
        yield tmp_path
    finally:
        assert _done("umount", "-l", tmp_path)


def test_a_disk_that_becomes_full_leaves_all_as_it_was(small: Path) -> None:
    for number in range(40):
        script(small, f"job{number:02}.py", SCRIPT + "# " + "x" * 6000 + "\n")
    before = _texts(small)
    outcome = spawn("--apply", ".", cwd=small)
    assert outcome.code == 3
    assert "No space left on device" in outcome.stderr
    assert _texts(small) == before
    assert not leftovers(small)
    for number in range(20, 40):
        (small / f"job{number}.py").unlink()
    before = _texts(small)
    assert spawn("--apply", ".", cwd=small).code == 0, "and with more room it goes"
    assert _changed(small, before) == set(before)
    assert spawn("undo", cwd=small).code == 0
    assert _texts(small) == before


def test_an_undo_on_a_full_disk_changes_nothing_and_can_be_made_later(small: Path) -> None:
    for number in range(20):
        script(small, f"job{number:02}.py", SCRIPT + "# " + "x" * 4000 + "\n")
    before = _texts(small)
    assert spawn("--apply", ".", cwd=small).code == 0
    after = _texts(small)
    with (small / "filler").open("wb", buffering=0) as file, pytest.raises(OSError, match="No space"):
        while True:
            file.write(bytes(4096))
    outcome = spawn("undo", cwd=small)
    assert outcome.code == 3
    assert "No space left on device" in outcome.stderr
    assert _texts(small) == after
    (small / "filler").unlink()
    assert spawn("undo", cwd=small).code == 0
    assert _texts(small) == before


def test_no_room_for_one_is_no_room_for_any(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _texts(project)
    real = os.write
    count = []

    def write(descriptor: int, data: Any) -> int:
        if b"import logging" in bytes(data):
            count.append(data)
            if len(count) == 3:
                raise OSError(errno.ENOSPC, "No space left on device")
        return real(descriptor, data)

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", write)
        outcome = _apply(project)
    assert outcome.code == 3
    assert _texts(project) == before
    assert outcome.stderr.count("cannot be written: No space left on device") >= 4, "each file says why"
    assert not leftovers(project)
    assert not (project / ".pymodernize").exists()


# --- folders that are renamed ---------------------------------------------------------------------------------------


def test_staged_files_of_a_folder_that_was_renamed_are_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path, "first/deep/job.py")
    script(tmp_path, "second/job.py")
    real = os.fsync

    def fsync(descriptor: int) -> None:
        real(descriptor)
        if (tmp_path / "first").exists():
            (tmp_path / "second" / "inner").mkdir()
            (tmp_path / "first").rename(tmp_path / "second" / "inner" / "renamed")

    monkeypatch.setattr(os, "fsync", fsync)
    outcome = _apply(tmp_path)
    assert outcome.code == 3
    assert "first/deep/job.py: is gone since it was read\n" in outcome.stderr
    assert (tmp_path / "second" / "job.py").read_text() != SCRIPT
    assert (tmp_path / "second" / "inner" / "renamed" / "deep" / "job.py").read_text() == SCRIPT
    assert not leftovers(tmp_path)
