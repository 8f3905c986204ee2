"""Which files of a folder are scripts that need nothing but the standard library."""

from __future__ import annotations

import ast
import shutil
import sys
import warnings
from collections.abc import Container
from dataclasses import dataclass, field
from pathlib import Path

from materials import python_files

# Data beyond this stays behind: no script of these collections reads so much.
LARGEST_FILE = 1_000_000
PASSED_OVER = {".git", ".pymodernize", "node_modules", "__pycache__"}


@dataclass
class Collection:
    """A folder of scripts.

    Attributes:
        name: what a report calls it.
        folder: where it lies.
        needs: what is known of the files' imports: the path's, and whether they can be run here.
    """

    name: str
    folder: Path
    needs: dict[Path, bool] = field(default_factory=dict)

    def scripts(self) -> list[Path]:
        """The files, relative to the folder, that import the standard library and each other only."""
        return [path.relative_to(self.folder) for path in python_files(self.folder) if self._runs_here(path)]

    def reached(self, script: Path) -> list[Path]:
        """A script and the modules beside it that it imports, and that these import; relative to the folder."""
        found = [self.folder / script]
        for path in found:
            beside = (path.parent / f"{name}.py" for name in imported(path))
            found += [module for module in beside if module.is_file() and module not in found]
        return [path.relative_to(self.folder) for path in found]

    def touched(self, changed: Container[Path]) -> list[Path]:
        """The scripts that are among changed files or import one of them; only these can do anything else.

        Args:
            changed: files, relative to the folder.
        """
        return [script for script in self.scripts() if any(path in changed for path in self.reached(script))]

    def _runs_here(self, path: Path) -> bool:
        if path not in self.needs:
            self.needs[path] = True  # while it is looked at, for files that import each other
            self.needs[path] = all(self._importable(name, path.parent) for name in imported(path) or [""])
        return self.needs[path]

    def _importable(self, name: str, beside: Path) -> bool:
        """Whether a module is there: "" and ".", of a broken file and of a package's part, are not."""
        module = beside / f"{name}.py"
        if name and module.is_file():
            return self._runs_here(module)
        return name in sys.stdlib_module_names


def imported(path: Path) -> list[str]:
    """The top names of all modules that a file imports, "sys" for one without imports; none for a broken file."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(path.read_bytes())
    except (SyntaxError, ValueError, RecursionError):
        return []
    names = {"sys"}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add("." if node.level else (node.module or "").partition(".")[0])
    return sorted(names)


def copy(source: Path, target: Path) -> Path:
    """A fresh copy of a folder, without what is large, what is linked, and what version control keeps.

    Returns:
        The target.
    """

    def left_out(folder: str, names: list[str]) -> set[str]:
        paths = [Path(folder, name) for name in names]
        return {path.name for path in paths if path.name in PASSED_OVER or path.is_symlink() or _large(path)}

    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(source, target, ignore=left_out)
    return target


def _large(path: Path) -> bool:
    return not path.is_dir() and (not path.is_file() or path.stat().st_size > LARGEST_FILE)
