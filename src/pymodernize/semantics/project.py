"""The import graph of a project, and the facts about a file that follow from it."""

from __future__ import annotations

import os
import sys
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath

from pymodernize.semantics.logging_libraries import may_log
from pymodernize.semantics.reaching import Reach, Walk, first_two, reached
from pymodernize.semantics.scanning import ImportedModule
from pymodernize.semantics.search_path import Edge, SearchPath, edge_of


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another file that is connected to a file by imports."""

    path: str
    module: str
    """The name that the imported one of the two files has at run time, as the import writes it."""
    in_run: bool
    """Whether this run works on the file too."""
    star: bool = False
    """Whether the import is ``from ... import *``."""
    names: frozenset[str] | None = frozenset()
    """The names that are imported from the module; None if they are not known."""
    direct: bool = True
    """Whether one of the two files imports the other itself, not through others."""
    notes: tuple[tuple[str, Hashable], ...] = ()

    def note(self, codemod: str) -> Hashable | None:
        """The note of a codemod about that file in this run; None if there is none."""
        return dict(self.notes).get(codemod)


@dataclass(frozen=True)
class ProjectFacts:
    """The facts about a file's project that :func:`pymodernize.transform` uses beyond the source itself."""

    path: str = "<string>"
    in_package: bool = False
    """Whether an ``__init__.py`` stands beside the file: code elsewhere may import it."""
    star_names: tuple[tuple[str, frozenset[str]], ...] = ()
    """For each ``from MODULE import *`` of a module of this project: its name with dots, and the names it may bind."""
    is_command: bool = False
    """Whether the project's packaging may call a function of this file: it then runs without its guard."""
    is_executable: bool = False
    """Whether the file may be started by its own name, by its mode."""
    line_length: int = 88
    """The most columns of a line, by the project's formatter."""
    wants_docstrings: bool = False
    """Whether the project's linter asks for a docstring in each public function."""
    declares_dependencies: str = ""
    """The name of the file, at or above this one, that lists what the project needs; empty if there is none."""
    loaded_by: str = ""
    """File and line that may load the file again without an import of its name; empty if there is none.

    These are in a folder above the file, in a file that it imports, or in one
    that starts processes and imports it.
    """
    meddled_with: bool = False
    """Whether a module that this one imports, also through others, reconfigures logging or the standard streams."""
    shares_stdout: bool = False
    """Whether a module that is loaded with this one may write to stdout while bypassing ``sys.stdout``."""
    beside: frozenset[str] = frozenset()
    """Modules in the file's own folder, of those that it imports and that the library has: they hide library modules
    of the same name from a script."""
    importers: tuple[Neighbour, ...] = ()
    """The files that import this one; those that do so through others only if all of them are in the run."""
    imported: tuple[Neighbour, ...] = ()
    """Of the files that this one imports, also through others, those all of whose importers are in the run."""
    imports_own: bool = True
    """Whether it imports a file of its project, or may do so: without a project nothing is known of that."""
    silent: frozenset[str] = frozenset()
    """The project's modules and packages that this file imports, up to the first dot, from which no library is loaded
    that may log; ``.`` for its own package."""

    @property
    def name(self) -> str:
        """The file's own name, without folders."""
        return PurePath(self.path).name

    @property
    def is_loaded_by_value(self) -> bool:
        """Whether any code may load the file again without an import of its name."""
        return bool(self.loaded_by)

    @property
    def names_used_elsewhere(self) -> frozenset[str] | None:
        """The names that other files import from this one; None if they are not known."""
        names: set[str] = set()
        for importer in self.importers:
            if importer.names is None:
                return None
            names |= importer.names
        return frozenset(names)


Notes = Mapping[str, tuple[tuple[str, Hashable], ...]]
"""By path of a file, the note of each codemod about it, which the analysis of other files uses."""
NO_NOTES: Notes = {}


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """The facts about one file that the project needs, from a scan of its bytes."""

    imports: frozenset[ImportedModule]
    triggered: bool = False
    meddles: bool = False
    """Whether it may reconfigure logging or the standard streams for the whole process."""
    shares: bool = False
    """Whether it may write to the standard output while bypassing ``sys.stdout``, or start a process that does."""
    loads: int = 0
    """The line on which it may load modules by computed names; 0 if there is none."""
    loads_in_packages: bool = False
    """Whether all such modules are in packages."""
    starts: int = 0
    """The line of a library that starts processes, which import the main module again; 0 if there is none."""


ANYTHING = ProjectFile(frozenset(), meddles=True, shares=True, loads=1, starts=1)
"""The facts about a file that is too large to scan: it may import and do anything."""


class Project:
    """The files of a project and the imports between them.

    Args:
        root: the project's folder.
        files: its Python files, by absolute path.
        in_run: those that this run works on.
    """

    def __init__(self, root: str, files: Mapping[str, ProjectFile], in_run: Iterable[str] = ()) -> None:
        self.root = root
        self.files = files
        self.in_run = frozenset(in_run)
        self._search_path = SearchPath(root, files)
        self._reverse: dict[str, set[str]] = {}
        self._below = Reach(self._shareable_targets)
        self._above = Reach(self._importing)
        self._spoken_below = Walk(self._shareable_targets)
        self._spoken_above = Walk(self._importing)
        self._first_edges: dict[str, Edge] = {}

    @cached_property
    def edges(self) -> dict[str, dict[str, Edge]]:
        """The edges of the import graph: by file, the files that it imports directly."""
        edges: dict[str, dict[str, Edge]] = {}
        for path, file in self.files.items():
            targets = edges[path] = self._targets(path, file.imports)
            for target in targets:
                self._reverse.setdefault(target, set()).add(path)
        return edges

    @cached_property
    def shareable(self) -> frozenset[str]:
        """The files all of whose importers, direct and transitive, are processed in this run.

        Notes of other files are used for these alone.
        """
        self.edges  # noqa: B018 - builds the reverse map
        looked_at = {path for path in self.in_run if path in self.files and self.files[path].triggered}
        out = {path for path in self.files if path not in looked_at}
        out |= reached(out, self._imports_of)
        return frozenset(path for path in looked_at - out if self._reverse.get(path))

    @cached_property
    def meddled_with(self) -> frozenset[str]:
        """The files that import one which reconfigures logging or streams, and all that such a file imports."""
        return self._loaded_with(path for path, file in self.files.items() if file.meddles)

    @cached_property
    def _sharing(self) -> frozenset[str]:
        """The files that import one which bypasses ``sys.stdout``, and all that such a file imports."""
        return self._loaded_with(path for path, file in self.files.items() if file.shares)

    def _loaded_with(self, paths: Iterable[str]) -> frozenset[str]:
        """The transitive importers of some files, and all files that these import."""
        importers = reached(paths, self._importing)
        return frozenset(importers | reached(importers, self._imports_of))

    @cached_property
    def _loud(self) -> frozenset[str]:
        """The files that import a library which may log, directly or transitively."""
        files = self.files.items()
        found = {path for path, file in files if any(self._loads_loud(path, item) for item in file.imports)}
        return frozenset(found | reached(found, self._importing))

    def _loads_loud(self, path: str, item: ImportedModule) -> bool:
        """Whether an import is of a library that may log."""
        if item.level or not may_log(item.module.partition(".")[0]):
            return False
        return not any(True for _ in self._search_path.resolve(path, item))

    def _silent(self, path: str) -> Iterator[str]:
        """The top-level names by which a file imports files of the project that import no library which may log."""
        targets: dict[str, set[str]] = {}
        for item in self.files[path].imports:
            root = "." if item.level else item.module.partition(".")[0]
            targets.setdefault(root, set()).update(target for target, _ in self._search_path.resolve(path, item))
        for root, files in targets.items():
            if files and files.isdisjoint(self._loud):
                yield root

    @cached_property
    def _loaders(self) -> dict[str, tuple[list[str], list[str]]]:
        """By folder, the first two files that load modules by computed names, and the first two outside packages.

        Two are enough, since only the file itself does not count as its loader.
        """
        folders: dict[str, tuple[list[str], list[str]]] = {}
        for path, file in sorted(self.files.items()):
            if file.loads:
                loaders, anywhere = folders.setdefault(os.path.dirname(path), ([], []))
                for group in (loaders,) if file.loads_in_packages else (loaders, anywhere):
                    if len(group) < 2:
                        group.append(path)
        return folders

    @cached_property
    def _concerned(self) -> dict[str, str]:
        """By file, the place of code that may load it again: by a computed name, or in a new process.

        Such code may load the files that import it. If it starts processes,
        these also load the files that it imports.
        """
        loading = sorted(path for path, file in self.files.items() if file.loads or file.starts)
        starting = [path for path in loading if self.files[path].starts]
        above, below = first_two(loading, self._importing), first_two(starting, self._imports_of)
        concerned: dict[str, str] = {}
        for path in above.keys() | below.keys():
            if causes := {*above.get(path, ()), *below.get(path, ())} - {path}:
                cause = self.files[min(causes)]
                concerned[path] = self._place(min(causes), cause.loads or cause.starts)
        return concerned

    def _place(self, path: str, line: int) -> str:
        return f"{os.path.relpath(path, self.root)}, line {line}"

    def loaded_by(self, path: str) -> str:
        """File and line that may load a file again without an import of its name; empty if there is none."""
        if path in self._concerned:
            return self._concerned[path]
        folder = os.path.dirname(path)
        is_alone = os.path.join(folder, "__init__.py") not in self.files
        while len(folder) >= len(self.root):
            loaders, anywhere = self._loaders.get(folder, ((), ()))
            for loader in anywhere if is_alone and folder == os.path.dirname(path) else loaders:
                if loader != path:
                    return self._place(loader, self.files[loader].loads)
            folder, below = os.path.dirname(folder), folder
            if folder == below:
                break
        return ""

    def speakers(self, path: str) -> set[str]:
        """The files whose notes a file may need, without those that an earlier call has returned.

        They are shareable modules that it imports, and the importers of these.
        """
        return self._spoken_above.further(self._spoken_below.further([path]) & self.shareable)

    def star_imports(self, path: str) -> dict[str, tuple[str, ...]]:
        """The star imports of a file from modules of the project: names as written, with the files they may mean."""
        found: dict[str, tuple[str, ...]] = {}
        folder = os.path.dirname(path)
        for item in self.files[path].imports if path in self.files else ():
            if item.names == ("*",):
                dotted, find = self._search_path.finder(folder, item)
                found["." * item.level + item.module] = find(dotted)
        return found

    def facts(
        self,
        path: str,
        shown: str | None = None,
        star_names: tuple[tuple[str, frozenset[str]], ...] = (),
        notes: Notes = NO_NOTES,
    ) -> ProjectFacts:
        """The project facts of a file.

        Args:
            path: the file, absolute.
            shown: its path in messages.
            star_names: the names that its star imports bind, where these are known.
            notes: the notes of codemods, by path.
        """
        folder = os.path.dirname(path)
        return ProjectFacts(
            path=shown or path,
            in_package=os.path.join(folder, "__init__.py") in self.files,
            star_names=star_names,
            loaded_by=self.loaded_by(path),
            meddled_with=path in self.meddled_with,
            shares_stdout=path in self._sharing,
            beside=self._hiding(path),
            importers=tuple(self._importers(path, notes)),
            imported=tuple(self._imported(path, notes)),
            imports_own=path not in self.files or self.files[path] == ANYTHING or bool(self.edges.get(path)),
            silent=frozenset(self._silent(path)) if path in self.files and self.files[path].triggered else frozenset(),
        )

    def _hiding(self, path: str) -> frozenset[str]:
        """The modules in the folder of a file that it may import, or that shadow modules of the library.

        Others are left out, as a folder may have thousands of files.
        """
        beside = self._search_path.beside(os.path.dirname(path))
        file = self.files.get(path, ANYTHING)
        if file == ANYTHING:
            return frozenset(beside)
        roots = {item.module.partition(".")[0] for item in file.imports}
        return frozenset((roots | sys.stdlib_module_names) & beside)

    def importing(self, path: str) -> set[str]:
        """A file and its importers, direct and transitive."""
        return {path} | reached([path], self._importing)

    def imported(self, path: str) -> set[str]:
        """A file and those that it imports, directly and transitively."""
        return {path} | reached([path], self._imports_of)

    def _imports_of(self, path: str) -> Collection[str]:
        """The files that a file imports directly."""
        return self.edges.get(path, {}).keys()

    def _importing(self, path: str) -> Collection[str]:
        """The direct importers of a file."""
        self.edges  # noqa: B018 - builds the reverse map
        return self._reverse.get(path, ())

    def _shareable_targets(self, path: str) -> Collection[str]:
        """The shareable modules that a file imports directly."""
        return self.edges.get(path, {}).keys() & self.shareable

    def _importers(self, path: str, notes: Notes) -> Iterator[Neighbour]:
        direct = sorted(self._importing(path))
        for importer in direct:
            yield self._neighbour(importer, self.edges[importer][path], True, notes)
        unnamed = edge_of("", False, frozenset())
        for importer in self._above.of(path) if path in self.shareable else ():
            if path not in self.edges.get(importer, {}):
                yield self._neighbour(importer, unnamed, False, notes)

    def _imported(self, path: str, notes: Notes) -> Iterator[Neighbour]:
        direct = self.edges.get(path, {})
        for target in self._below.of(path):
            edge = direct.get(target) or self._first_edge(target)
            yield self._neighbour(target, edge, target in direct, notes)

    def _first_edge(self, target: str) -> Edge:
        """The edge from the first direct importer of a module to it."""
        if target not in self._first_edges:
            self._first_edges[target] = self.edges[min(self._importing(target))][target]
        return self._first_edges[target]

    def _neighbour(self, path: str, edge: Edge, direct: bool, notes: Notes) -> Neighbour:
        return Neighbour(
            path=path,
            module=edge.module,
            in_run=path in self.in_run,
            star=edge.star,
            names=edge.names,
            direct=direct,
            notes=notes.get(path, ()),
        )

    def _targets(self, path: str, imported: Iterable[ImportedModule]) -> dict[str, Edge]:
        targets: dict[str, Edge] = {}
        for item in imported:
            for target, edge in self._search_path.resolve(path, item):
                if target != path:
                    known = targets.get(target)
                    targets[target] = edge if known is None else known.joined(edge)
        return targets
