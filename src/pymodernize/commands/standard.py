"""The rows of the written standard: which codemod, check, command or rule of ruff serves each, and why none does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from pymodernize.files.toml import parse_toml
from pymodernize.registry import Entry

FILE = "_standard.toml"
"""What a pack has beside its modules: a table for each row, by its id."""


@dataclass(frozen=True)
class Row:
    """A practice of the standard and what serves it.

    Attributes:
        id: of the row.
        practice: what is asked for or forbidden, in a few words.
        codemods: the codemods that rewrite toward it.
        checks: the checks that flag what falls short of it.
        command: a command of this package that looks at it; empty if there is none.
        ruff: the rules of ruff that mark or mend it.
        reason: why no codemod, check or command serves it; empty where one does.
    """

    id: str
    practice: str
    codemods: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    command: str = ""
    ruff: tuple[str, ...] = ()
    reason: str = ""

    @property
    def served_by(self) -> str:
        """What serves it, for a person."""
        parts = [*self.codemods, *(f"{name} (check)" for name in self.checks)]
        if self.command:
            parts.append(f"pymodernize {self.command}")
        if self.ruff:
            parts.append(f"ruff: {', '.join(self.ruff)}")
        if self.reason:
            parts.append(self.reason if self.ruff else f"advice: {self.reason}")
        return "; ".join(parts)


def rows_of_standard(installed: Mapping[str, Entry]) -> list[Row]:
    """The rows that the packs of some codemods and checks have, in the order of the packs.

    Args:
        installed: codemods and checks by name: what serves a row is what they say of themselves.

    Raises:
        RegistryError: a codemod does not load.
        ValueError: a pack's file cannot be read.
    """
    serving = {name: entry.load().rows for name, entry in installed.items()}
    rows = []
    for package in dict.fromkeys(entry.module.partition(".")[0] for entry in installed.values()):
        for id_, table in _tables(package):
            names = [name for name, ids in serving.items() if id_ in ids]
            is_served = names or "command" in table
            rows.append(
                Row(
                    id_,
                    table["practice"],
                    codemods=tuple(name for name in names if not installed[name].check),
                    checks=tuple(name for name in names if installed[name].check),
                    command=table.get("command", ""),
                    ruff=tuple(table.get("ruff", ())),
                    reason="" if is_served else table.get("reason", ""),
                )
            )
    return rows


def _tables(package: str) -> Iterator[tuple[str, dict[str, Any]]]:
    file = resources.files(package) / FILE
    if file.is_file():
        yield from parse_toml(file.read_bytes()).items()
