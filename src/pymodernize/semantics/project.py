"""What one file must know of the others: who imports whom, and under which name."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath


@dataclass(frozen=True)
class Neighbour:
    """Another file of the project, seen from the file that the facts are of."""

    path: str
    module: str
    """The name that the imported one of the two files has at run time, as the import writes it."""
    in_run: bool
    """Whether this run works on the file too."""
    star: bool = False
    """Whether the import is ``from ... import *``."""
    names: frozenset[str] | None = frozenset()
    """The names that are imported from the module; None where that cannot be told."""
    direct: bool = True
    """Whether one of the two files imports the other itself, not through others."""
    notes: tuple[tuple[str, Hashable], ...] = ()
    importers: tuple[Neighbour, ...] = ()
    """For a file that is imported: every file that imports it, directly or through others."""

    def note(self, codemod: str) -> Hashable | None:
        """What a codemod noted about that file in this run, None if nothing."""
        return dict(self.notes).get(codemod)


@dataclass(frozen=True)
class ProjectFacts:
    """Everything that :func:`pymodernize.transform` may know beyond the source itself."""

    path: str = "<string>"
    in_package: bool = False
    """Whether an ``__init__.py`` stands beside the file: code elsewhere may import it."""
    beside: frozenset[str] = frozenset()
    """Modules in the file's own folder; they hide library modules of the same name from a script."""
    importers: tuple[Neighbour, ...] = ()
    """The files that import this one, directly or through others."""
    imported: tuple[Neighbour, ...] = ()
    """The files that this one imports, directly or through others."""

    @property
    def name(self) -> str:
        """The file's own name, without folders."""
        return PurePath(self.path).name

    @property
    def names_used_elsewhere(self) -> frozenset[str] | None:
        """The names that other files import from this one; None where that cannot be told."""
        names: set[str] = set()
        for importer in self.importers:
            if importer.names is None:
                return None
            names |= importer.names
        return frozenset(names)


@dataclass(frozen=True)
class ImportedModule:
    """One import statement's target, as written."""

    module: str
    level: int = 0
    names: tuple[str, ...] | None = None
    """The names after ``from ... import``; None for a plain ``import``."""


_CONTINUED = rb"[^#\n;\\]*(?:\\\r?\n[^#\n;\\]*)*"
_STATEMENT = re.compile(
    rb"(?:^|[;:])[ \t]*(?:import[ \t]+(" + _CONTINUED + rb")"
    rb"|from[ \t]+(\.*[ \t]*[\w.]*)[ \t]+import[ \t]*(\([^)]*\)|" + _CONTINUED + rb"))",
    re.MULTILINE,
)
_BY_NAME = re.compile(rb"(?:import_module|__import__|run_module|find_spec)\(\s*[\"']([\w.]+)[\"']")
_BY_FILE = re.compile(rb"(?:exec|execfile|run_path|spec_from_file_location|SourceFileLoader)\([^\n]*?([\w]+)\.py[\"']")
_COMMENT = re.compile(rb"#[^\n]*")


def scan_imports(source: bytes) -> frozenset[ImportedModule]:
    """The imports that a file's bytes may contain, found without parsing.

    It errs on the side of too many: an import in a string counts, so does a
    module run by file name.
    """
    if b"import" not in source and b"exec" not in source and b"run_path" not in source:
        return frozenset()
    found: set[ImportedModule] = set()
    for match in _STATEMENT.finditer(source):
        plain, origin, names = match.groups()
        if plain is not None:
            found |= {ImportedModule(name) for name in _dotted_names(plain)}
        else:
            module = origin.decode("ascii", "replace").replace(" ", "").replace("\t", "")
            level = len(module) - len(module.lstrip("."))
            found.add(ImportedModule(module.lstrip("."), level, tuple(_dotted_names(names)) or ("*",)))
    for pattern in (_BY_NAME, _BY_FILE):
        found |= {ImportedModule(match.group(1).decode("ascii", "replace"), 0) for match in pattern.finditer(source)}
    return frozenset(found)


def _dotted_names(text: bytes) -> list[str]:
    """The imported names of a comma-separated list, without ``as`` parts."""
    plain = _COMMENT.sub(b"", text).replace(b"\\", b" ").strip(b"() \t\r\n").decode("utf-8", "replace")
    parts = (part.split() for part in plain.split(","))
    return [words[0] for words in parts if words and words[0] != "*"]


@dataclass
class Project:
    """The files of a project and the imports between them."""

    root: PurePath
    imports: Mapping[PurePath, frozenset[ImportedModule]]
    in_run: frozenset[PurePath] = frozenset()
    notes: dict[PurePath, tuple[tuple[str, Hashable], ...]] = field(default_factory=dict)
    _edges: dict[PurePath, dict[PurePath, _Edge]] | None = None
    _reverse: dict[PurePath, set[PurePath]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._by_stem: dict[str, list[PurePath]] = {}
        for path in self.imports:
            self._by_stem.setdefault(_stem(path), []).append(path)

    @property
    def edges(self) -> dict[PurePath, dict[PurePath, _Edge]]:
        """For each file the files that it imports itself."""
        if self._edges is None:
            self._edges = {}
            for path, imported in self.imports.items():
                targets = self._edges[path] = self._targets(path, imported)
                for target in targets:
                    self._reverse.setdefault(target, set()).add(path)
        return self._edges

    def connected(self, path: PurePath) -> set[PurePath]:
        """The files that imports connect with a file, in either direction and through others."""
        edges = self.edges
        seen = {path}
        pending = [path]
        while pending:
            here = pending.pop()
            fresh = (edges.get(here, {}).keys() | self._reverse.get(here, set())) - seen
            seen |= fresh
            pending += fresh
        return seen - {path}

    def facts(self, path: PurePath, shown: str | None = None) -> ProjectFacts:
        """What ``path`` must know of the other files.

        Args:
            path: a file among :attr:`imports`, or one that is to be seen like it.
            shown: how messages name the file.
        """
        return ProjectFacts(
            path=shown or str(path),
            in_package=path.parent / "__init__.py" in self.imports,
            beside=self._beside(path),
            importers=tuple(self._importers(path)),
            imported=tuple(self._imported(path)),
        )

    def _beside(self, path: PurePath) -> frozenset[str]:
        here = path.parent
        names = {other.stem for other in self.imports if other.parent == here}
        names |= {
            other.parent.name for other in self.imports if other.name == "__init__.py" and other.parent.parent == here
        }
        return frozenset(names - {"__init__"})

    def _importers(self, path: PurePath) -> Iterator[Neighbour]:
        edges = self.edges
        seen = {path}
        wave = [path]
        while wave:
            following: list[PurePath] = []
            for target in wave:
                for importer in sorted(self._reverse.get(target, ())):
                    if importer in seen:
                        continue
                    seen.add(importer)
                    following.append(importer)
                    edge = edges[importer][target]
                    direct = target == path
                    yield Neighbour(
                        path=str(importer),
                        module=edge.module,
                        in_run=importer in self.in_run,
                        star=edge.star and direct,
                        names=edge.names if direct else frozenset(),
                        direct=direct,
                        notes=self.notes.get(importer, ()),
                    )
            wave = following

    def _imported(self, path: PurePath) -> Iterator[Neighbour]:
        edges = self.edges
        seen = {path}
        wave = [path]
        while wave:
            following: list[PurePath] = []
            for importer in wave:
                for target, edge in sorted(edges.get(importer, {}).items()):
                    if target in seen:
                        continue
                    seen.add(target)
                    following.append(target)
                    yield Neighbour(
                        path=str(target),
                        module=edge.module,
                        in_run=target in self.in_run,
                        star=edge.star,
                        names=edge.names,
                        direct=importer == path,
                        notes=self.notes.get(target, ()),
                        importers=tuple(self._importers(target)),
                    )
            wave = following

    def _targets(self, path: PurePath, imported: Iterable[ImportedModule]) -> dict[PurePath, _Edge]:
        targets: dict[PurePath, _Edge] = {}
        for item in imported:
            for target, edge in self._resolve(path, item):
                if target == path:
                    continue
                known = targets.get(target)
                targets[target] = edge if known is None else known.joined(edge)
        return targets

    def _resolve(self, path: PurePath, item: ImportedModule) -> Iterator[tuple[PurePath, _Edge]]:
        """The project's files that an import may load: packages on the way, the module, submodules by ``from``."""
        prefix = self._package_of(path, item.level) if item.level else ""
        module = ".".join(part for part in (prefix, item.module) if part)
        star = item.names == ("*",)
        names = None if item.names is None or star else frozenset(item.names)
        steps = module.split(".") if module else []
        for length in range(1, len(steps) + 1):
            whole = length == len(steps)
            for target in self._find(path, steps[:length]):
                edge = _Edge(".".join(steps[:length]), star and whole, names if whole else frozenset())
                yield target, edge
        for name in item.names or ():
            for target in self._find(path, [*steps, name]) if name != "*" else ():
                yield target, _Edge(".".join([*steps, name]), False, None)

    def _package_of(self, path: PurePath, level: int) -> str:
        """The dotted name that ``level`` dots mean in a file."""
        folder = path.parent
        for _ in range(level - 1):
            folder = folder.parent
        parts: list[str] = []
        while folder / "__init__.py" in self.imports:
            parts.insert(0, folder.name)
            folder = folder.parent
        return ".".join(parts)

    def _find(self, importer: PurePath, steps: list[str]) -> list[PurePath]:
        """The files that a dotted name may mean: by the usual search path if there, else anywhere in the project."""
        candidates = self._by_stem.get(steps[-1], ())
        if not candidates:
            return []
        bases = [importer.parent, *importer.parent.parents, self.root / "src", self.root / "lib"]
        for base in bases:
            stem = base.joinpath(*steps)
            for target in (stem.with_suffix(".py") if not stem.suffix else stem, stem / "__init__.py"):
                if target in self.imports:
                    return [target]
        suffix = tuple(steps)
        return [path for path in candidates if _module_steps(path)[-len(suffix) :] == suffix]


@dataclass(frozen=True)
class _Edge:
    module: str
    star: bool
    names: frozenset[str] | None

    def joined(self, other: _Edge) -> _Edge:
        """Both imports of one file by another as one; under two names it has none that is certain."""
        names = None if self.names is None or other.names is None else self.names | other.names
        return _Edge(self.module if self.module == other.module else "", self.star or other.star, names)


def _stem(path: PurePath) -> str:
    return path.parent.name if path.name == "__init__.py" else path.stem


def _module_steps(path: PurePath) -> tuple[str, ...]:
    parts = path.parent.parts if path.name == "__init__.py" else (*path.parent.parts, path.stem)
    return tuple(parts)
