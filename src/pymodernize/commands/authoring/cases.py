"""A case: a file before a run of a codemod and after it, with the sentence why that is right."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from pymodernize.assumptions import accept
from pymodernize.codemod import Codemod
from pymodernize.execution.execute import FileReport, run
from pymodernize.files.discover import discover
from pymodernize.files.toml import parse_toml
from pymodernize.plan import Plan
from pymodernize.settings import make_options, parse_target
from pymodernize.settings.planning import known_assumptions
from pymodernize.transformation.result import Result

MAX_SIZE = 2_000_000
KEYS = frozenset(
    """assume doc hyphens invalid name options reasons refused run shows style target valid verbose why""".split()
)
KEYS_OF_RUNS = frozenset({"args", "env", "files", "script", "stdin", "until"})


def work_on(folder: Path, plan: Plan) -> dict[str, FileReport]:
    """The reports of a run over a folder, by relative path; nothing is written."""
    reports = run(discover([str(folder)]).files, plan, max_size=MAX_SIZE, folders=[folder])
    return {report.path.relative_to(folder).as_posix(): report for report in reports}


@dataclass(frozen=True)
class Case:
    """One folder of ``fixtures/<codemod>/``.

    Attributes:
        folder: where ``before.py`` and ``case.toml`` are.
    """

    folder: Path

    @property
    def codemod(self) -> str:
        """The name of the codemod that the case is of."""
        return self.folder.parent.name

    def __str__(self) -> str:
        return f"{self.codemod}/{self.folder.name}"

    @cached_property
    def toml(self) -> dict[str, Any]:
        """What ``case.toml`` says.

        Raises:
            NotToml: it is no TOML.
        """
        return parse_toml((self.folder / "case.toml").read_bytes())

    @property
    def name(self) -> str:
        """The file's path in the case's project."""
        return self.toml.get("name", "script.py")

    @property
    def can_run(self) -> bool:
        """Whether the script is to be executed, and this Python still has what it uses before the rewrite."""
        table = self.toml.get("run")
        until = str((table or {}).get("until", ""))
        return table is not None and (not until or sys.version_info[:2] <= tuple(map(int, until.split("."))))

    @cached_property
    def before(self) -> bytes:
        """The file that is worked on."""
        return (self.folder / "before.py").read_bytes()

    @cached_property
    def after(self) -> bytes:
        """The file as it should be after the run."""
        path = self.folder / "after.py"
        return path.read_bytes() if path.exists() else self.before

    @property
    def changes(self) -> bool:
        """Whether it is to change at all."""
        return (self.folder / "after.py").exists()

    @property
    def others_after(self) -> dict[str, bytes]:
        """The other files that should change, as they should be, by name."""
        return {path.name: path.read_bytes() for path in (self.folder / "others_after").glob("*.py")}

    def update(self, output: bytes, others: Mapping[str, bytes]) -> None:
        """Take what comes out today for what is to come out.

        Args:
            output: of the file itself.
            others: of the other files that change, by name.
        """
        path = self.folder / "after.py"
        if output == self.before:
            path.unlink(missing_ok=True)
        elif output != self.after:
            path.write_bytes(output)
        self.__dict__.pop("after", None)
        folder = self.folder / "others_after"
        for name in self.others_after.keys() - others.keys():
            (folder / name).unlink()
        for name, text in others.items():
            folder.mkdir(exist_ok=True)
            (folder / name).write_bytes(text)

    def plan(self, codemods: Mapping[str, type[Codemod]], select: Sequence[str] | None = None) -> Plan:
        """The plan that the case asks for.

        Args:
            codemods: all that there are, by name.
            select: those that take part; the case's own if None.

        Raises:
            SettingsError, UnknownAssumption: ``case.toml`` asks for what is not there.
        """
        where = str(self.folder / "case.toml")
        own = {self.codemod: self.toml.get("options", {})}
        chosen = [codemods[name] for name in select or [self.codemod]]
        assume = self.toml.get("assume", "usual")
        accepted = accept([assume] if isinstance(assume, str) else assume, known_assumptions(codemods.values()))
        plan = Plan(
            tuple(item(make_options(item, own.get(item.name(), {}), where)) for item in chosen),
            accepted.everywhere,
            accepted_in_scripts=accepted.in_scripts,
            style=self.toml.get("style", "plain"),
        )
        target = self.toml.get("target")
        return replace(plan, target_version=parse_target(target, where)) if target else plan

    def laid_out(self, folder: Path, source: bytes) -> Path:
        """Write the case's project into a folder.

        Args:
            folder: where to.
            source: the file that the case is about.

        Returns:
            The folder.
        """
        others = self.folder / "others"
        if others.exists():
            shutil.copytree(others, folder, dirs_exist_ok=True)
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source)
        return folder

    def laid_out_after(self, folder: Path) -> Path:
        """Write the case's project into a folder as it is to be after the run.

        Returns:
            The folder.
        """
        self.laid_out(folder, self.after)
        after = self.folder / "others_after"
        if after.exists():
            shutil.copytree(after, folder, dirs_exist_ok=True)
        return folder

    def reports(
        self, codemods: Mapping[str, type[Codemod]], folder: Path, source: bytes, select: Sequence[str] | None = None
    ) -> dict[str, FileReport]:
        """The reports of a run over the case's project with ``source`` in its place, by relative path.

        Args:
            codemods: all that there are, by name.
            folder: an empty folder to work in.
            source: the file that the case is about.
            select: the codemods that take part; the case's own if None.
        """
        return work_on(self.laid_out(folder, source), self.plan(codemods, select))

    def result(
        self, codemods: Mapping[str, type[Codemod]], folder: Path, source: bytes, select: Sequence[str] | None = None
    ) -> Result:
        """The result for ``source`` in the case's place; the arguments are those of :meth:`reports`."""
        return self.reports(codemods, folder, source, select)[self.name].result


def cases_below(fixtures: Path) -> list[Case]:
    """The cases of all codemods, in order; folders with a leading underscore have none.

    Args:
        fixtures: the folder that has a folder for each codemod.
    """
    return [Case(path.parent) for path in sorted(fixtures.glob("[!_]*/*/case.toml"))]
