"""The rows of ``exceptions/*.toml``: what the callables of the standard library and of well-known packages raise.

A row is a line of a table ``[MODULE]`` or ``[MODULE.CLASS]``::

    loads = { raises = "json.JSONDecodeError", try = 'json.loads("{")' }

``raises`` has the exception types in operation, separated by blanks.
``wrong`` has the types that an argument of a wrong class raises, ``TypeError``
by default. ``returns`` is the class of the result, as annotations write it, where
:mod:`pymodernize.semantics.library.results` does not say it; the result may also be of a subclass.
``reads`` has the positions of arguments that are iterated over or read from: an
argument of an unknown class may raise anything there. ``calls`` says that
arguments may be called, ``property`` that the row is of an attribute,
``partial`` that it may raise other types, too, so that the set is open. ``depends`` has,
by type, the positions of the arguments that it depends on: it is not raised if these are literals
or not passed. ``only_with`` has the keyword argument without which a type is not raised.
``docs`` cites the documentation of a
third-party package, of the release that ``[versions]`` names; ``try`` is code that makes a row of the standard library
raise, for the tests. ``quiet`` lists callables that raise nothing in operation,
``tolerant`` those that also accept arguments of any class; ``name:class`` in these lists
gives the class of the result.
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
"""The position of the receiver of a method, among those of the arguments."""


@dataclass(frozen=True)
class Row:
    """The facts about one callable.

    Attributes:
        name: the qualified name; for a method that of its class and its own.
        raises: the exception types in operation.
        wrong: the types that an argument of a wrong class raises in addition.
        returns: the class of the result, in the notation of annotations.
        reads: positions of the arguments that are iterated over or read from.
        calls: whether it may call its arguments.
        is_property: whether it is an attribute, not a callable.
        partial: whether it may raise other types, too.
        gives_numbers: whether it converts int arguments to C integers, which
            may overflow.
        depends: types that depend on some arguments alone, with the positions of these;
            :data:`OBJECT` is that of the receiver.
        paths: positions of the file names: one raises ValueError only if its
            text is invalid, as by a null character.
        only_with: types that are raised only if a keyword is passed, each with the keyword.
        docs: the source in the documentation of a third-party package.
        trial: code that makes it raise, for the tests.
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
        """Its name if its facts are from documentation alone; empty if tests verify them."""
        return self.name if self.docs else ""


@dataclass(frozen=True)
class Knowledge:
    """The content of the data files.

    Attributes:
        rows: by qualified name.
        exceptions: exception classes by qualified name, with their bases.
        aliases: other names of exception classes.
        bases: by class, another class whose methods it has, too.
        packages: third-party packages whose import raises ImportError only,
            and that never end the process.
        plain_packages: those of them whose classes do not define operators,
            subscripts or attribute access in unusual ways.
        values: attributes of modules that always exist.
        anything: by name of a method of few classes of the library, the types
            that it raises for a receiver of any of them.
        ending: third-party packages that may end the script by themselves, as those do that read the command line.
        vanished: modules of Python 2 that Python 3 does not have.
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
    ending: frozenset[str]
    vanished: frozenset[str]
    versions: dict[str, str]

    def version_of(self, name: str) -> str:
        """The release of a package that a row was read from; empty for the standard library.

        Args:
            name: the row's name.
        """
        return self.versions.get(name.partition(".")[0], "")

    def method(self, kind: str, name: str) -> Row | None:
        """The row of a method of a class or of its ``bases``; None if there is none."""
        seen: str | None = kind
        while seen is not None:
            if (row := self.rows.get(f"{seen}.{name}")) is not None:
                return row
            seen = self.bases.get(seen)
        return None

    def knows_class(self, kind: str) -> bool:
        """Whether a class has methods with rows."""
        return kind in self.classes or kind in self.bases

    @cached_property
    def classes(self) -> frozenset[str]:
        """The modules and classes that contain the callables of the rows."""
        return frozenset(name.rpartition(".")[0] for name in self.rows)

    @cached_property
    def holders(self) -> frozenset[str]:
        """The modules and classes that contain an attribute of ``values``."""
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
                "ending",
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
        ending=frozenset(name for names in tables["ending"].values() for name in names.split()),
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

# The lists of callables that raise nothing in operation, each with what an argument of a wrong class raises.
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
