"""Nothing that lies in a repository is imported, whatever it is called and however the command is started."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import SCRIPT, script

from pymodernize.registry import entries

# What the command and its libraries load late, and what it is called itself.
PLANTED = (
    "click rich libcst fixit pygments platformdirs pymodernize_codemods sqlite3 json tomllib tomli hashlib hmac logging"
    " argparse typing platform textwrap tempfile difflib traceback concurrent multiprocessing distributed usercustomize"
    " shutil locale secrets email zipfile inspect yaml typing_extensions markdown_it"
).split()
# Python itself looks for these in the current folder under -m before it comes to us; -P keeps it from that.
PYTHONS_OWN = {"typing"} if sys.version_info < (3, 11) else set()


def _planted(folder: Path) -> Path:
    """A folder in which modules are called like ours, and a distribution that says it is a pack."""
    trap = folder / "trap"
    code = f"open({str(trap)!r}, 'a').write(__name__ + chr(10))\n"
    for name in {*PLANTED, "evil_pack"} - PYTHONS_OWN:
        (folder / f"{name}.py").write_text(code)
    info = folder / "evil-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[pymodernize.codemods]\nevil = evil_pack\n")
    script(folder)
    return trap


def _started(how: str) -> list[str]:
    if how == "-m":
        return [sys.executable, "-m", "pymodernize"]
    return [str(Path(sys.executable).with_name("pymodernize"))]


@pytest.mark.parametrize("how", ["script", "-m"])
@pytest.mark.parametrize(
    "arguments",
    [["--apply", "-v", "."], ["--format", "json", "--jobs", "2", "."], ["rules"], ["history"]],
    ids=" ".join,
)
def test_modules_of_the_current_folder_are_not_run(tmp_path: Path, how: str, arguments: list[str]) -> None:
    trap = _planted(tmp_path)
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONSAFEPATH"}
    done = subprocess.run(
        [*_started(how), *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert not trap.exists(), trap.read_text()
    assert done.returncode == 0, done.stderr


def test_a_current_folder_on_the_path_is_no_place_for_packs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trap = _planted(tmp_path)
    before = list(entries())
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert list(entries()) == before
    assert not trap.exists()
    monkeypatch.chdir(tmp_path.parent)
    assert "evil-pack" in entries(), "on the path, and not the current folder: it is installed"
    assert trap.read_text() == "evil_pack\n"
    assert SCRIPT == (tmp_path / "job.py").read_text()


@pytest.mark.parametrize("how", ["script", "-m"])
def test_rules_that_settings_name_do_not_come_from_the_current_folder(tmp_path: Path, how: str) -> None:
    trap = _planted(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.pymodernize]\nfixit-rules = ["evil_pack"]\n')
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONSAFEPATH"}
    done = subprocess.run([*_started(how), "."], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert not trap.exists(), trap.read_text()
    assert done.returncode == 2
    assert "'evil_pack': No module named 'evil_pack'" in done.stderr
