"""Resolution of imports: which files of a project a dotted name may refer to."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache, partial

from pymodernize.semantics.scanning import ImportedModule


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge of the import graph: the imported module's name, and the names that are imported from it."""

    module: str
    star: bool
    names: frozenset[str] | None

    def joined(self, other: Edge) -> Edge:
        """The union of two imports of the same file; its module name is empty if the two differ."""
        names = None if self.names is None or other.names is None else self.names | other.names
        return edge_of(self.module if self.module == other.module else "", self.star or other.star, names)


@cache
def edge_of(module: str, star: bool, names: frozenset[str] | None) -> Edge:
    """An edge, cached so that equal ones share one object."""
    return Edge(module, star, names)


class SearchPath:
    """Finds the files of a project by dotted names.

    Args:
        root: the project's folder.
        files: its Python files, by absolute path.
    """

    def __init__(self, root: str, files: Collection[str]) -> None:
        self.root = root
        self.files = files
        self._stems: dict[str, list[str]] = {}
        self._beside: dict[str, set[str]] = {}
        for path in files:
            folder, name = os.path.split(path)
            stem = name.removesuffix(".py").removesuffix(".pyw")
            if name == "__init__.py":
                folder, stem = os.path.split(folder)
            self._stems.setdefault(stem, []).append(path)
            self._beside.setdefault(folder, set()).add(stem)
        self._found: dict[tuple[str, str], tuple[str, ...]] = {}

    def beside(self, folder: str) -> set[str]:
        """The names of the modules and packages in a folder."""
        return self._beside.get(folder, set())

    def resolve(self, path: str, item: ImportedModule) -> Iterator[tuple[str, Edge]]:
        """The project's files that an import may load: packages on the way, the module, submodules by ``from``.

        Args:
            path: the file with the import.
            item: the import.
        """
        folder = os.path.dirname(path)
        module, find = self.finder(folder, item)
        # Without an __init__.py, the dotted name of the package is not known.
        certain = not item.level or module != item.module
        star = item.names == ("*",)
        names = None if item.names is None or star else frozenset(item.names)
        steps = module.split(".") if module else []
        for length in range(1, len(steps) + 1):
            whole = length == len(steps)
            dotted = ".".join(steps[:length])
            for target in find(dotted):
                name = dotted if certain else ""
                yield target, edge_of(name, star and whole, names if whole else frozenset())
        for name in () if star else item.names or ():
            dotted = ".".join([*steps, name])
            for target in find(dotted):
                yield target, edge_of(dotted if certain else "", False, None)

    def finder(self, folder: str, item: ImportedModule) -> tuple[str, Callable[[str], tuple[str, ...]]]:
        """The absolute dotted name of an import in a folder, and a function that finds the files of such a name.

        Args:
            folder: that of the file with the import.
            item: the import.
        """
        if not item.level:
            return item.module, partial(self._find, folder)
        for _ in range(item.level - 1):
            folder = os.path.dirname(folder)
        parts = [item.module] if item.module else []
        while os.path.join(folder, "__init__.py") in self.files:
            folder, name = os.path.split(folder)
            parts.insert(0, name)
        return ".".join(parts), partial(self._in_folder, folder)

    def _in_folder(self, folder: str, dotted: str) -> tuple[str, ...]:
        """The file of a dotted name in a folder of the search path, as a tuple; empty if there is none."""
        stem = os.path.join(folder, dotted.replace(".", os.sep))
        # A package wins over a module of the same name.
        targets = (os.path.join(stem, "__init__.py"), f"{stem}.py")
        return next(((target,) for target in targets if target in self.files), ())

    def _find(self, folder: str, dotted: str) -> tuple[str, ...]:
        """The files that a dotted name may refer to: by the usual search path, else anywhere in the project."""
        last = dotted.rpartition(".")[2]
        if last not in self._stems:
            return ()
        key = (folder, dotted)
        if key not in self._found:
            self._found[key] = self._searched(folder, dotted, self._stems[last])
        return self._found[key]

    def _searched(self, folder: str, dotted: str, candidates: list[str]) -> tuple[str, ...]:
        # A file in a package finds the modules beside it only if it is run as a script.
        beside = self._in_folder(folder, dotted)
        if beside and os.path.join(folder, "__init__.py") not in self.files:
            return beside
        bases = [folder]
        while len(bases[-1]) > len(self.root):
            bases.append(os.path.dirname(bases[-1]))
        bases += [os.path.join(self.root, name) for name in ("src", "lib")]
        for base in bases[1:]:
            if found := self._in_folder(base, dotted):
                return tuple(dict.fromkeys((*beside, *found)))
        if beside:
            return beside
        relative = dotted.replace(".", os.sep)
        ends = (f"{os.sep}{relative}.py", f"{os.sep}{relative}{os.sep}__init__.py")
        return tuple(path for path in candidates if path.endswith(ends))
