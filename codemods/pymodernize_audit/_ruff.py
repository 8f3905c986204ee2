"""The settings of ruff, wherever a project keeps them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pymodernize.audit.audit_check import NotApplicable, Project
from pymodernize.audit.documents import Toml

_FILES = (".ruff.toml", "ruff.toml", "pyproject.toml")
_MOST_EXTENDED = 10


@dataclass(frozen=True)
class Ruff:
    """The settings of ruff.

    Attributes:
        path: the file.
        prefix: the keys that lead to them there.
        chain: the tables, that of the file first, then those that it takes in.
        file: the file as it is.
    """

    path: str
    prefix: tuple[str, ...]
    chain: tuple[dict[str, Any], ...]
    file: Toml

    def get(self, *keys: str) -> Any:  # noqa: ANN401 - what the file says
        """The value that keys lead to, None if none of the tables has it."""
        for table in self.chain:
            value: Any = table
            for key in keys:
                value = value.get(key) if isinstance(value, dict) else None
            if value is not None:
                return value
        return None

    def line(self, *keys: str) -> int:
        """The line of a key in the file itself, or of the nearest table around it."""
        return self.file.line(*self.prefix, *keys)

    @property
    def selects(self) -> bool:
        """Whether it says which rules are selected."""
        return any(self.get(*keys) is not None for keys in _SELECT)

    @property
    def rules(self) -> list[str]:
        """The rules that are selected by name."""
        found: list[str] = []
        for keys in (*_SELECT, *_EXTEND):
            value = self.get(*keys)
            found += [item for item in value if isinstance(item, str)] if isinstance(value, list) else []
        return found


_SELECT = (("lint", "select"), ("select",))
_EXTEND = (("lint", "extend-select"), ("extend-select",))


def ruff_of(project: Project) -> Ruff | None:
    """The settings of ruff that hold for a project, None if there are none.

    Raises:
        NotApplicable: they cannot be read, or take in what is not in the project.
    """
    for name in _FILES:
        file = project.toml(name)
        if file is None:
            continue
        prefix = ("tool", "ruff") if name == "pyproject.toml" else ()
        table = file.get(*prefix)
        if isinstance(table, dict):
            return Ruff(name, prefix, (table, *_extended(project, table)), file)
    if project.repository is not project and ruff_of(project.repository) is not None:
        raise NotApplicable("ruff has its settings at the top of the repository")
    return None


def _extended(project: Project, table: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for _ in range(_MOST_EXTENDED):
        name = table.get("extend")
        if not isinstance(name, str):
            return
        file = project.toml(name) if ".." not in name.split("/") and not name.startswith(("/", "~", "$")) else None
        if file is None:
            raise NotApplicable(f"ruff takes in settings of {name}, which is not in the project")
        found = file.get("tool", "ruff") if name.endswith("pyproject.toml") else file.data
        if not isinstance(found, dict):
            return
        yield found
        table = found
