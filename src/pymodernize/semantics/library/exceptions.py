"""The rows of ``exceptions/*.toml``: what the callables of the standard library and of well-known packages raise.

A row is a line of a table ``[MODULE]`` or ``[MODULE.CLASS]``::

    loads = { raises = "json.JSONDecodeError", try = 'json.loads("{")' }

``raises`` has the exception types in operation, separated by blanks.
``wrong`` has what an argument of the wrong class may give, ``TypeError`` if it
is not there. ``returns`` is the class of the result, as annotations write it, where
:mod:`pymodernize.semantics.library.results` does not say it: an instance of a class derived from it counts, too.
``reads`` are the places of arguments that are iterated over or read from: of
an argument there whose class is not known anything may come. ``calls`` says
that what is passed may be called, ``property`` that it is read and not called,
``partial`` that other types may come, too: the set is open then. ``depends`` has the
places of the arguments that a type depends on: where these are literals or are
not passed, it is not raised; ``only_with`` the keyword without which it is not.
``docs`` cites the documentation of a
third-party package, of the release that ``[versions]`` names; ``try`` is code that makes a row of the standard library
raise, for the tests. ``quiet`` lists those that raise nothing in operation,
``tolerant`` those that take a value of any class; ``name:class`` there says
what is returned.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib import resources

from pymodernize.semantics.library.results import result_of

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


OBJECT = -1
"""The place, among those of the arguments, of what a method is called on."""


@dataclass(frozen=True)
class Row:
    """What is known of one callable.

    Attributes:
        name: the qualified name; of a method the class and its name.
        raises: the exception types in operation.
        wrong: the types that a value of a wrong class gives beside them.
        returns: the class of the result, in the notation of annotations.
        reads: places of the arguments that are iterated over or read from.
        calls: whether it may call what is passed.
        is_property: whether it is read, not called.
        partial: whether it may raise other types, too.
        gives_numbers: whether it hands whole numbers to C, as the other
            functions of its module or class do.
        depends: types that some arguments alone decide, with their places; :data:`OBJECT`
            is that of what a method is called on.
        paths: places of the paths: what is wrong with one but that the system
            cannot take its text gives another type than ValueError.
        only_with: types that come only where a keyword is passed, with it.
        docs: where the documentation says so.
        trial: code that makes it raise.
    """

    name: str
    raises: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset({"TypeError"})
    returns: str = ""
    reads: tuple[int, ...] = ()
    calls: bool = False
    is_property: bool = False
    partial: bool = False
    gives_numbers: bool = False
    depends: tuple[tuple[str, tuple[int, ...]], ...] = ()
    paths: tuple[int, ...] = ()
    only_with: tuple[tuple[str, str], ...] = ()
    docs: str = ""
    trial: str = ""

    @property
    def trusts(self) -> str:
        """Its name, if what is known of it is no more than what documentation says; else empty."""
        return self.name if self.docs else ""


@dataclass(frozen=True)
class Knowledge:
    """Everything that the data files say.

    Attributes:
        rows: by qualified name.
        exceptions: exception classes by qualified name, with their bases.
        aliases: other names of exception classes.
        bases: classes whose methods another class has, too.
        packages: third-party packages whose import fails with an ImportError
            only, and that leave the end of the script to the script.
        plain_packages: those of them whose objects answer to operators,
            subscripts and attributes as those of the library do.
        values: attributes of modules that are always there.
        anything: for method names that few classes of the library have, what
            a call on a value of any class of it raises.
        vanished: modules of Python 2 that are no more.
        versions: third-party packages with the release that their rows were read from.
    """

    rows: dict[str, Row]
    exceptions: dict[str, tuple[str, ...]]
    aliases: dict[str, str]
    bases: dict[str, str]
    packages: frozenset[str]
    plain_packages: frozenset[str]
    values: frozenset[str]
    anything: dict[str, frozenset[str]]
    vanished: frozenset[str]
    versions: dict[str, str]

    def version_of(self, name: str) -> str:
        """The release of a package that a row was read from; empty for the standard library.

        Args:
            name: the row's name.
        """
        return self.versions.get(name.partition(".")[0], "")

    def method(self, kind: str, name: str) -> Row | None:
        """The row of a class's method, its own or of the class that it takes methods from."""
        seen: str | None = kind
        while seen is not None:
            if (row := self.rows.get(f"{seen}.{name}")) is not None:
                return row
            seen = self.bases.get(seen)
        return None

    def knows_class(self, kind: str) -> bool:
        """Whether a name is that of a class whose methods have rows."""
        return kind in self.classes or kind in self.bases

    @cached_property
    def classes(self) -> frozenset[str]:
        """The names in front of the last dot of all rows."""
        return frozenset(name.rpartition(".")[0] for name in self.rows)

    @cached_property
    def holders(self) -> frozenset[str]:
        """The modules, and what is in them, that attributes which are always there belong to."""
        parts = (name.split(".") for name in self.values)
        return frozenset(".".join(steps[:length]) for steps in parts for length in range(1, len(steps)))


@cache
def knowledge() -> Knowledge:
    """The data files, read once."""
    tables: dict[str, dict] = {}
    parts: list[tuple[str, dict]] = []
    for file in sorted(resources.files("pymodernize.semantics.library").iterdir(), key=lambda item: item.name):
        if file.name.endswith(".toml"):
            document = tomllib.loads(file.read_text(encoding="utf-8"))
            for key in (
                "exceptions",
                "aliases",
                "bases",
                "packages",
                "values",
                "anything",
                "vanished",
                "numbers",
                "versions",
            ):
                tables.setdefault(key, {}).update(document.pop(key, {}))
            parts.append((document.pop("docs", ""), document))
    aliases = dict(tables["aliases"])
    giving = frozenset(name for names in tables["numbers"].values() for name in names.split())
    rows: dict[str, Row] = {}
    for docs, document in parts:
        for row in _rows(document, "", docs):
            gives_numbers = bool(giving & {row.name.rpartition(".")[0], row.name})
            rows[row.name] = replace(row, gives_numbers=gives_numbers, returns=row.returns or result_of(row.name))
    return Knowledge(
        rows=rows,
        exceptions={name: tuple(bases.split()) for name, bases in tables["exceptions"].items()},
        aliases=aliases,
        bases=dict(tables["bases"]),
        packages=frozenset(name for names in tables["packages"].values() for name in names.split()),
        plain_packages=frozenset(tables["packages"]["plain"].split()),
        values=frozenset(f"{module}.{name}" for module, names in tables["values"].items() for name in names.split()),
        anything={name: frozenset(types.split()) for name, types in tables["anything"].items()},
        vanished=frozenset(name for names in tables["vanished"].values() for name in names.split()),
        versions=dict(tables["versions"]),
    )


_FIELDS = {
    "raises",
    "wrong",
    "returns",
    "reads",
    "calls",
    "property",
    "partial",
    "depends",
    "paths",
    "only_with",
    "docs",
    "try",
}

# Lists of those that raise nothing in operation, many to a line: what a value of a wrong class gives.
_WRONG_OF_LIST = {"quiet": frozenset({"TypeError"}), "tolerant": frozenset[str]()}


def _rows(table: dict, prefix: str, docs: str) -> Iterator[Row]:
    for key, value in table.items():
        name = f"{prefix}{key}"
        if key in _WRONG_OF_LIST and isinstance(value, str):
            for item in value.split():
                short, _, returns = item.partition(":")
                yield Row(prefix + short, wrong=_WRONG_OF_LIST[key], returns=returns, docs=docs)
        elif isinstance(value, dict) and value.keys() <= _FIELDS:
            yield Row(
                name=name,
                raises=frozenset(value.get("raises", "").split()),
                wrong=frozenset(value.get("wrong", "TypeError").split()),
                returns=value.get("returns", ""),
                reads=tuple(value.get("reads", ())),
                calls=value.get("calls", False),
                is_property=value.get("property", False),
                partial=value.get("partial", False),
                depends=tuple((type_, tuple(places)) for type_, places in value.get("depends", {}).items()),
                paths=tuple(value.get("paths", ())),
                only_with=tuple(value.get("only_with", {}).items()),
                docs=value.get("docs", docs),
                trial=value.get("try", ""),
            )
        elif isinstance(value, dict):
            yield from _rows(value, f"{name}.", docs)
        else:
            raise ValueError(f"the knowledge of {name} is no row")
