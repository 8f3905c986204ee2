"""The rows of names.toml: what is deprecated or gone, since when, and what replaces it."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

Version = tuple[int, int]
_PYTHON_3 = (3, 0)
_DOCS = "https://docs.python.org/3/"


@dataclass(frozen=True)
class Row:
    """One old name.

    Attributes:
        name: the qualified name of a module, function, class or value; for a
            method that of its class and its own.
        since: the version that deprecates it; None for a name that only Python 2 had.
        gone: the first version without it; None if all have it.
        new: the qualified name, for a method the plain name, of what does the same.
        call: the code that takes the place of a call: ``{0}`` is its first
            argument, ``{self}`` the value that a method is called on, and
            ``{a.b}`` a qualified name.
        default: the source of a further argument that says what is so without it, too.
        differs: in what the replacement, or the nearest thing where there is
            none, differs; empty if it does the same for every input.
        has: the names of a module that many projects have one of the same name of; empty for others.
        only: the calls for which it does not differ after all: ``one-specifier``; empty for none.
        unless_set: attributes that change what the replacement gives where a file sets them.
        positional: whether the parameters have other names.
        long: whether the new code is longer, and is not worth it before ``since``.
        trigger: statements that use it, of which the last is an expression: tried where Python has it.
        source: where the documentation says so.
    """

    name: str
    since: Version | None
    gone: Version | None
    new: str
    call: str
    default: str
    differs: str
    has: frozenset[str]
    only: str
    unless_set: frozenset[str]
    positional: bool
    long: bool
    trigger: str
    source: str

    @property
    def is_of_python_2(self) -> bool:
        """Whether no Python 3 has it."""
        return self.gone is not None and self.gone <= _PYTHON_3

    @property
    def owner(self) -> str:
        """The module or class that has it."""
        return self.name.rpartition(".")[0]

    @property
    def last(self) -> str:
        """The last part of its name."""
        return self.name.rpartition(".")[2]

    def is_gone(self, target: Version) -> bool:
        """Whether a version of Python does not have it.

        Args:
            target: the version, major and minor.
        """
        return self.gone is not None and self.gone <= target


@dataclass(frozen=True)
class Table:
    """All rows.

    Attributes:
        modules: by qualified name.
        names: of functions, classes and values, by qualified name; builtins have their module's.
        methods: by class, then by name.
        makers: by function whose result is an instance of one of those classes, or of one derived from it, that class.
    """

    modules: Mapping[str, Row]
    names: Mapping[str, Row]
    methods: Mapping[str, Mapping[str, Row]]
    makers: Mapping[str, str]


@cache
def table() -> Table:
    """The rows of names.toml, read once."""
    text = resources.files("pymodernize_codemods.deprecated_api").joinpath("names.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    modules = {row.name: row for row in _rows("", document["modules"])}
    names = {row.name: row for home, rows in document["names"].items() for row in _rows(home, rows)}
    methods = {owner: {row.last: row for row in _rows(owner, rows)} for owner, rows in document["methods"].items()}
    makers = {maker: owner for owner, found in document["makers"].items() for maker in found.split()}
    return Table(modules, names, methods, makers)


def _rows(home: str, section: dict) -> Iterator[Row]:
    docs = section.get("docs", "")
    for name, fields in section.items():
        if name == "docs":
            continue
        page = fields.get("docs", "3.0.html" if not home and "since" not in fields else docs)
        yield Row(
            name=f"{home}.{name}" if home else name,
            since=_version(fields.get("since")),
            gone=_version(fields.get("gone")),
            new=fields.get("new", ""),
            call=fields.get("call", ""),
            default=fields.get("default", ""),
            differs=fields.get("differs", ""),
            has=frozenset(fields.get("has", "").split()),
            only=fields.get("only", ""),
            unless_set=frozenset(fields.get("unless_set", "").split()),
            positional=fields.get("positional", False),
            long=fields.get("long", False),
            trigger=fields.get("try", ""),
            source=_source(page),
        )


def _source(page: str) -> str:
    """The address of a page: what is no other one's is of ``whatsnew``."""
    if page.startswith("https:"):
        return page
    return _DOCS + (page.removeprefix("../") if page.startswith("../") else f"whatsnew/{page}")


def _version(text: str | None) -> Version | None:
    if text is None:
        return None
    major, _, minor = text.partition(".")
    return int(major), int(minor)
