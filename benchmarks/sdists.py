"""The pinned sdists of sdists.toml: fetched once into a temporary folder, unpacked for each run."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from materials import HERE, ROOT, WORK, python_files

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DOWNLOADS = WORK / "downloads"
# Made by the Makefile from requirements/sdists.txt; one for all, since no two of them disagree.
PYTHON = ROOT / ".venv" / "suites" / "bin" / "python"


class SdistError(RuntimeError):
    """An sdist is unknown, cannot be fetched, or is not the one that is pinned."""


@dataclass(frozen=True)
class Sdist:
    """A project and how its tests are run.

    Attributes:
        name: as the package index knows it.
        version: the pinned version.
        sha256: of the archive.
        tests: files and folders with tests, for pytest.
        arguments: further arguments of pytest.
        environ: environment variables of the test run.
        vendored: files and folders that hold other projects' code.
    """

    name: str
    version: str
    sha256: str
    tests: tuple[str, ...]
    arguments: tuple[str, ...] = ()
    environ: tuple[tuple[str, str], ...] = ()
    vendored: tuple[str, ...] = ()

    @property
    def archive(self) -> Path:
        """Where the fetched archive lies."""
        return DOWNLOADS / f"{self.name}-{self.version}.tar.gz"


def load(only: Sequence[str] = ()) -> list[Sdist]:
    """The sdists that are pinned, or some of them.

    Args:
        only: names; none means all.

    Raises:
        SdistError: there is none of that name.
    """
    table = tomllib.loads((HERE / "sdists.toml").read_text(encoding="utf-8"))
    unknown = sorted(set(only) - table.keys())
    if unknown:
        raise SdistError(f"sdists.toml has no {', '.join(unknown)}; it has {', '.join(table)}")
    found = []
    for name, entry in table.items():
        if not only or name in only:
            lists = {key: tuple(value) for key, value in entry.items() if isinstance(value, list)}
            environ = tuple(entry.get("environ", {}).items())
            found.append(Sdist(name, entry["version"], entry["sha256"], **lists, environ=environ))
    return found


def fetch(sdists: Sequence[Sdist]) -> None:
    """Have pip download what is not there yet, with the pinned hash.

    Raises:
        SdistError: pip cannot fetch them, or a file that is there is not the pinned one.
    """
    missing = [sdist for sdist in sdists if not sdist.archive.exists()]
    if missing:
        DOWNLOADS.mkdir(parents=True, exist_ok=True)
        pins = DOWNLOADS / "pins.txt"
        lines = [f"{sdist.name}=={sdist.version} --hash=sha256:{sdist.sha256}\n" for sdist in missing]
        pins.write_text("".join(lines), encoding="utf-8")
        # pip asks each sdist for its metadata; the environment holds what builds it, so that nothing else is fetched.
        options = "--require-hashes --no-deps --no-binary :all: --no-build-isolation --quiet".split()
        command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "download", *options]
        command += ["--dest", str(DOWNLOADS), "--requirement", str(pins)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise SdistError(f"pip download failed:\n{done.stderr.strip()}")
    for sdist in sdists:
        if not sdist.archive.exists():
            raise SdistError(f"pip did not fetch {sdist.archive}")
        if hashlib.sha256(sdist.archive.read_bytes()).hexdigest() != sdist.sha256:
            raise SdistError(f"{sdist.archive} is not the pinned file; delete it and start again")


def unpack(sdist: Sdist, target: Path) -> Path:
    """Unpack a fetched sdist afresh.

    Args:
        sdist: which one.
        target: a folder of ours; what is in it is removed.

    Returns:
        The project's folder, below the target.
    """
    if target.exists():
        shutil.rmtree(target)
    target.mkdir(parents=True)
    with tarfile.open(sdist.archive) as archive:
        # Its bytes are the pinned ones; the filter is new in Python 3.12 and in late releases of the older ones.
        if hasattr(tarfile, "data_filter"):
            archive.extractall(target, filter="data")
        else:
            archive.extractall(target)  # noqa: S202
    (folder,) = target.iterdir()
    return folder


def parts(sdist: Sdist, folder: Path) -> tuple[list[Path], list[Path]]:
    """The Python files of an unpacked sdist that are its own: sources and tests.

    Args:
        sdist: which one.
        folder: what :func:`unpack` has returned, or a copy.
    """
    tests = [folder / name for name in sdist.tests]
    vendored = [folder / name for name in sdist.vendored]
    sources, of_tests = [], []
    for path in python_files(folder):
        if not any(path.is_relative_to(item) for item in vendored):
            (of_tests if any(path.is_relative_to(item) for item in tests) else sources).append(path)
    return sources, of_tests
