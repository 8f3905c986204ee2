"""What a run says of what it has written, also when it cannot say it where it should; and folders that are gone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import SCRIPT, command, invoke, script

FULL = Path("/dev/full")
MOVED = """
import os, sys
os.chdir(sys.argv[1])
os.rmdir(sys.argv[1])
from pymodernize.cli import main
main(sys.argv[2:])
"""


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")
@pytest.mark.parametrize("how", [["-v"], ["--format", "json"]])
def test_a_report_that_cannot_be_shown_leaves_no_doubt_of_what_was_written(tmp_path: Path, how: list[str]) -> None:
    for number in range(3):
        script(tmp_path, f"job{number}.py")
    arguments = command("--select", "print-to-logging", "--apply", *how, ".")
    with FULL.open("wb") as full:
        done = subprocess.run(arguments, cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 3
    assert "pymodernize: 3 files were written; pymodernize undo takes them back\n" in done.stderr
    assert SCRIPT not in {path.read_text() for path in tmp_path.glob("*.py")}


@pytest.mark.skipif(not FULL.exists(), reason="there is no /dev/full")
def test_a_preview_that_cannot_be_shown_has_written_nothing(tmp_path: Path) -> None:
    script(tmp_path)
    with FULL.open("wb") as full:
        done = subprocess.run(command("."), cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True)
    assert "written" not in done.stderr
    assert (tmp_path / "job.py").read_text() == SCRIPT


def _from_a_removed_folder(tmp_path: Path, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    # As the command of an installation, from a file: with -c, Python 3.13.0 cannot even import from its own library.
    (tmp_path / "gone").mkdir()
    moved = tmp_path / "moved" / "moved.py"
    moved.parent.mkdir(exist_ok=True)
    moved.write_text(MOVED)
    return subprocess.run(
        [sys.executable, moved, str(tmp_path / "gone"), *arguments], input=stdin, capture_output=True, text=True
    )


def test_whole_paths_need_no_current_folder(tmp_path: Path) -> None:
    path = script(tmp_path, "project/job.py")
    for arguments, code in (
        (["--check", str(path)], 1),
        (["--apply", str(path)], 0),
        (["undo"], 0),
        (["--check", str(path.parent)], 1),
    ):
        done = _from_a_removed_folder(tmp_path, *arguments)
        assert done.returncode == code, (arguments, done.stderr)
    assert path.read_text() == SCRIPT


def test_what_has_no_place_in_a_removed_folder_is_said_to_be_none(tmp_path: Path) -> None:
    done = _from_a_removed_folder(tmp_path, "--check", "job.py")
    assert (done.returncode, "job.py: does not exist" in done.stderr) == (3, True), done.stderr
    done = _from_a_removed_folder(tmp_path, "--format", "json", "-", stdin="value = 1\n")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)


@pytest.mark.skipif(os.name == "nt", reason="a folder that is in use cannot be removed there")
@pytest.mark.parametrize("flags", [[], ["-P"], ["-I"]], ids=str)
def test_the_module_can_be_started_in_a_removed_folder(tmp_path: Path, flags: list[str]) -> None:
    if flags == ["-P"] and sys.version_info < (3, 11):
        pytest.skip("there is no -P")
    path = script(tmp_path, "project/job.py")
    (tmp_path / "gone").mkdir()
    inside = "import os, sys; os.chdir(sys.argv[1]); os.rmdir(sys.argv[1]); os.execv(sys.argv[2], sys.argv[2:])"
    started = [sys.executable, *flags, "-m", "pymodernize", "--check", str(path)]
    done = subprocess.run(
        [sys.executable, "-c", inside, str(tmp_path / "gone"), *started], capture_output=True, text=True
    )
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr


@pytest.mark.parametrize("mode", [0o600, 0o755, 0o4755])
def test_no_mode_reaches_another_file(tmp_path: Path, mode: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A staged file that is swapped for a link when its mode is set: the link's target keeps its own."""
    path = script(tmp_path / "project")
    path.chmod(mode)
    outside = tmp_path / "private"
    outside.write_bytes(b"secret")
    outside.chmod(0o600)

    def swapping(real: Callable[..., None]) -> Callable[..., None]:
        def swap(*arguments: object) -> None:
            for staged in path.parent.glob(".*.pymodernize"):
                staged.unlink()
                staged.symlink_to(outside)
            real(*arguments)

        return swap

    for name in ("chmod", "fchmod"):
        monkeypatch.setattr(os, name, swapping(getattr(os, name)))
    invoke("--select", "print-to-logging", "--apply", ".", cwd=path.parent)
    assert (outside.read_bytes(), outside.stat().st_mode & 0o7777) == (b"secret", 0o600)
