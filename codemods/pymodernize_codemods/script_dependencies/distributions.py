"""The rows of distributions.toml: which distribution a module comes from, and what its parts need."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


@dataclass(frozen=True)
class Part:
    """A part of a library that imports another distribution.

    Attributes:
        module: the library's top-level module.
        takes: the distribution; empty if it depends on how the part is used.
        names: of the part's functions, classes and methods.
    """

    module: str
    takes: str
    names: frozenset[str]


@dataclass(frozen=True)
class Table:
    """What is known of distributions.

    Attributes:
        names: by module, with dots where several distributions share a package, the distribution.
        parts: the parts of libraries that need more.
        parsers: by the name of a parser of Beautiful Soup, the distribution that it needs.
    """

    names: Mapping[str, str]
    parts: tuple[Part, ...]
    parsers: Mapping[str, str]


@cache
def table() -> Table:
    """The table that this package has beside this module."""
    text = (
        resources.files("pymodernize_codemods.script_dependencies")
        .joinpath("distributions.toml")
        .read_text(encoding="utf-8")
    )
    data = tomllib.loads(text)
    same = {name: name.lower().replace("_", "-") for name in data["same"].split()}
    parts = tuple(Part(item["module"], item["takes"], frozenset(item["names"].split())) for item in data["parts"])
    return Table({**same, **data["differ"]}, parts, data["parsers"])


def distribution_of(module: str) -> str | None:
    """The distribution that is installed for a module.

    Args:
        module: its name, with dots.

    Returns:
        Its name in small letters, with hyphens; None if the table does not have it.
    """
    names = table().names
    while module and module not in names:
        module = module.rpartition(".")[0]
    return names.get(module)
