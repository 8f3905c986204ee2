"""Small projects for tests of the audit: made of texts, checked by one check, and mended by its fixes."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from pymodernize.audit.audit_check import AuditCheck, Project
from pymodernize.audit.packs import rows
from pymodernize.audit.running import Outcome, audit

PACKAGE = {
    "pyproject.toml": (
        '[build-system]\nrequires = ["hatchling"]\nbuild-backend = "hatchling.build"\n\n'
        '[project]\nname = "orbit"\nversion = "1.0"\ndescription = "Orbits of moons."\nrequires-python = ">=3.10"\n'
    ),
    "src/orbit/__init__.py": "VALUE = 1\n",
    "tests/test_orbit.py": "import pytest\n\n\ndef test_it() -> None:\n    assert True\n",
}
"""A package with tests by pytest."""
TEST = {"tests/test_a.py": "def test_a() -> None:\n    assert True\n"}


@cache
def checks() -> dict[str, AuditCheck]:
    """The checks of the pack by their ids."""
    return {item.id: item for row in rows() for item in row.checks}


def git(folder: Path, *arguments: str) -> None:
    """Have git do something in a folder."""
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def make(folder: Path, files: Mapping[str, str | None], *, repository: bool = False) -> Path:
    """Write the files of a project; with ``repository`` all of them are committed.

    Args:
        folder: where to.
        files: texts by paths; None for what is left out of a base.
    """
    for name, text in files.items():
        if text is not None:
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
    if repository:
        git(folder, "init", "--quiet", "--initial-branch=main")
        git(folder, "add", "--all", "--force")
        git(folder, "commit", "--quiet", "--allow-empty", "--message=first")
    return folder


def outcome(folder: Path, name: str) -> Outcome:
    """What one check says of a project."""
    (found,) = audit(Project(folder), [checks()[name]]).outcomes
    assert not found.failure, found.failure
    return found


@dataclass(frozen=True)
class Case:
    """A project and what a check must say of it.

    Attributes:
        check: the check's id.
        why: what the case is for.
        files: the project's, on top of ``base``.
        says: what falls short, ``path:line: message`` with patterns; none if it holds.
        without: what the reason is like for which the check is not made; None if it is.
        fixed: texts that the fixes make; what a file must then have, as a pattern. None if there is no fix.
        base: files that are there, too.
        repository: whether git has all of it.
    """

    check: str
    why: str
    files: Mapping[str, str | None] = field(default_factory=dict)
    says: tuple[str, ...] = ()
    without: str | None = None
    fixed: Mapping[str, str] | None = None
    base: Mapping[str, str] = field(default_factory=dict)
    repository: bool = False

    def __str__(self) -> str:
        return f"{self.check}: {self.why}"

    def verify(self, folder: Path) -> None:
        """Make the project, ask the check, and mend what it offers to mend."""
        make(folder, {**self.base, **self.files}, repository=self.repository)
        before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        audited = audit(Project(folder), [checks()[self.check]])
        (found,) = audited.outcomes
        assert not found.failure, found.failure
        said = [f"{item.path}:{item.line}: {item.message}" for item in found.shortfalls]
        assert re.match(self.without or "$", found.not_applicable), f"{found.not_applicable!r}, {said}"
        assert len(said) == len(self.says), said
        for line, pattern in zip(said, self.says, strict=True):
            assert re.search(pattern, line), line
        assert all(item.advice for item in found.shortfalls)
        assert bool(audited.changes) == (self.fixed is not None), audited.changes
        assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before, "it only reads"
        for name, change in audited.changes.items():
            (folder / name).write_bytes(change.new)
            assert re.search((self.fixed or {})[name], change.new.decode(), re.MULTILINE), change.new.decode()
        if self.fixed:
            again = outcome(folder, self.check)
            left = [item for item in found.shortfalls if not audited.is_fixed(item)]
            assert [item.message for item in again.shortfalls] == [item.message for item in left]
            assert all(item.fix is None for item in again.shortfalls), "a second run changes nothing"
