"""What is published: the sdist, the wheel that it makes, and what a user has once that is installed."""

from __future__ import annotations

import email
import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import PROJECT

from pymodernize import __version__
from pymodernize.commands.explain import CHECKS
from pymodernize.registry import names

pytestmark = pytest.mark.skipif(not (PROJECT / "Makefile").exists(), reason="this is not the whole project")
DEMO = ("fixtures/_scripts/stock_menu", "fixtures/print-to-logging/guarded_script/before.py")


def _run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)


@dataclass(frozen=True)
class Built:
    """The two files, and what the sdist holds."""

    sdist: Path
    wheel: Path
    source: Path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sdist, and the wheel that is built from what it holds and from nothing else."""
    folder = tmp_path_factory.mktemp("dist")
    done = _run(sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", folder, cwd=PROJECT)
    assert done.returncode == 0, done.stderr
    (sdist,) = folder.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder / "source")  # noqa: S202 - we have just made it
    (source,) = (folder / "source").iterdir()
    done = _run(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=source)
    assert done.returncode == 0, done.stderr
    (wheel,) = folder.glob("*.whl")
    return Built(sdist, wheel, source)


def test_both_are_as_an_index_wants_them(built: Built) -> None:
    done = _run(sys.executable, "-m", "twine", "check", "--strict", built.sdist, built.wheel, cwd=built.source)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASSED") == 2


def test_what_the_wheel_holds(built: Built) -> None:
    with zipfile.ZipFile(built.wheel) as archive:
        names = archive.namelist()
        metadata = email.message_from_bytes(archive.read(f"pymodernize-{__version__}.dist-info/METADATA"))
    assert {name.split("/")[0] for name in names} == {
        "pymodernize",
        "pymodernize_audit",
        "pymodernize_codemods",
        f"pymodernize-{__version__}.data",
        f"pymodernize-{__version__}.dist-info",
    }
    assert f"pymodernize-{__version__}.data/data/share/man/man1/pymodernize.1" in names
    packs = (PROJECT / "codemods" / name for name in ("pymodernize_codemods", "pymodernize_audit"))
    for package in (PROJECT / "src" / "pymodernize", *packs):
        files = (path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        assert {path.relative_to(package.parent).as_posix() for path in files} <= set(names)
    assert {"dask", "fixit", "lsp"} <= set(metadata.get_all("Provides-Extra") or ())
    versions = {item.rpartition(" ")[2] for item in metadata.get_all("Classifier") or () if "Python :: 3." in item}
    assert versions == {f"3.{minor}" for minor in range(10, 16)}


def test_a_fresh_environment_runs_the_demonstration(built: Built, tmp_path: Path) -> None:
    """With the dependencies of this environment, and nothing of the package but the wheel."""
    made = _run(sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    scripts = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    own = sysconfig.get_paths(vars={"base": str(tmp_path / "venv"), "platbase": str(tmp_path / "venv")})["purelib"]
    # Its own .pth files do not count: what is installed here to be edited is not there.
    (Path(own) / "dependencies.pth").write_text(sysconfig.get_paths()["purelib"] + "\n", encoding="utf-8")
    install = ("-m", "pip", "--python", scripts / "python", "install", "--quiet", "--no-deps", "--no-index")
    done = _run(sys.executable, *install, built.wheel, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    place = _run(scripts / "python", "-c", "import pymodernize; print(pymodernize.__file__)", cwd=tmp_path)
    assert place.stdout.startswith(str(tmp_path)), place.stdout + place.stderr
    version = _run(scripts / "pymodernize", "--version", cwd=tmp_path)
    assert version.stdout == f"pymodernize {__version__}\n", version.stderr
    rules = _run(scripts / "pymodernize", "rules", cwd=tmp_path)
    assert [line.split()[0] for line in rules.stdout.splitlines() if line and line != CHECKS] == list(names())
    shown = _run(scripts / "pymodernize", "--dry-run", "--no-cache", *DEMO, cwd=built.source)
    here = _run(sys.executable, "-m", "pymodernize", "--dry-run", "--no-cache", *DEMO, cwd=PROJECT)
    assert (shown.returncode, here.returncode) == (0, 0), shown.stderr
    assert shown.stdout == here.stdout != ""
    assert (tmp_path / "venv" / "share" / "man" / "man1" / "pymodernize.1").exists()


def test_the_demonstration_is_that_of_the_makefile() -> None:
    text = (PROJECT / "Makefile").read_text(encoding="utf-8")
    assert f"--dry-run {' '.join(DEMO)}\n" in text
