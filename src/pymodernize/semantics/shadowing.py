"""Files that shadow modules of the library: a script's own folder is first in the search path."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

# Modules that Python has loaded before it runs a script.
_LOADED = frozenset("_collections_abc abc codecs encodings genericpath io os posixpath site stat".split())
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
# By module, others whose functions it calls and which import modules within functions.
_CALLED = {"argparse": ("gettext",), "logging": ("linecache", "traceback")}


def hider(module: Module, root: str) -> str | None:
    """The library module that an import of another one needs, and that this file or one beside it shadows.

    Args:
        module: the file that is to import it.
        root: a top-level module of the library.

    Returns:
        Its name; None if there is none, as for a module of a package that is
        no script: its folder is not in the search path.
    """
    beside = module.facts.beside | {module.facts.name.removesuffix(".py")}
    hidden = beside & sys.stdlib_module_names
    if not hidden or module.facts.in_package and not module.is_script:
        return None
    return min(hidden & needs(root), default=None)


@cache
def needs(root: str) -> frozenset[str]:
    """The modules of the library that importing one of them, and calling its functions, imports.

    Found by reading the sources of the running Python; nothing is imported.
    argparse, for example, imports shutil when it formats its help.

    Args:
        root: a top-level module of the library.

    Returns:
        Names of top-level modules, ``root`` among them unless it is built in
        or loaded at the start.
    """
    seen: set[str] = set()
    queue = [root]
    calling = {root, *_CALLED.get(root, ())}
    while queue:
        name = queue.pop()
        if name in seen or name in _LOADED:
            continue
        seen.add(name)
        spec = _spec(name)
        if spec is not None and spec.origin is not None and spec.origin.endswith(".py"):
            queue += _imported(spec, late=name in calling)
    return frozenset(name for name in seen if "." not in name and _spec(name) is not None)


def _spec(name: str) -> ModuleSpec | None:
    """The spec of a module of the library; None for a built-in one, and for a name that is no module."""
    parent, _, _ = name.rpartition(".")
    places = None
    if parent:
        package = _spec(parent)
        places = package.submodule_search_locations if package is not None else None
        if places is None:
            return None
    elif name in sys.builtin_module_names or name not in sys.stdlib_module_names:
        return None
    return PathFinder.find_spec(name, places)


def _imported(spec: ModuleSpec, *, late: bool) -> Iterator[str]:
    """The names of the modules that a module imports, with the packages that contain them.

    Args:
        spec: the spec of the module.
        late: whether imports within its functions count, too.
    """
    package = spec.name if spec.submodule_search_locations is not None else spec.name.rpartition(".")[0]
    stack: list[ast.AST] = [ast.parse(Path(spec.origin or "").read_bytes())]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            home = package.rsplit(".", node.level - 1)[0] if node.level else ""
            home = ".".join(filter(None, (home, node.module)))
            names = [home, *(f"{home}.{alias.name}" for alias in node.names)]
        else:
            stack += () if isinstance(node, _FUNCTIONS) and not late else ast.iter_child_nodes(node)
            continue
        for name in names:
            steps = name.split(".")
            yield from (".".join(steps[:length]) for length in range(1, len(steps) + 1))
