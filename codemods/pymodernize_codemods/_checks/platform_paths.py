"""Texts that are paths of one kind of operating system."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pymodernize.semantics.module import Module
from pymodernize_codemods._checks.values import texts

_DRIVE = re.compile(r"^[A-Za-z]:(?:\\+|/(?!/))(?:[\w .()~-]+(?:[\\/]+|$)|$)")
_TEMPORARY = re.compile(r"^/tmp(?:/[^\n]*)?$")
_WITH_BACKSLASHES = re.compile(r"^(?:[\w .()-]*\\)+[\w .()-]*$")
_SPLITTING = frozenset("split rsplit partition rpartition".split())
_ENDING = re.compile(r"^\\+[\w .()-]+\.\w{1,4}$|^\\+[\w .()-]+\\+$")
# Which take a path first.
_TAKING = frozenset(
    """builtins.open io.open codecs.open pathlib.Path os.chdir os.listdir os.makedirs os.mkdir os.remove os.rename
    os.rmdir os.scandir os.stat os.startfile os.unlink os.walk os.path.abspath os.path.basename os.path.dirname
    os.path.exists os.path.getsize os.path.isdir os.path.isfile os.path.join shutil.copy shutil.copyfile shutil.move
    shutil.rmtree glob.glob""".split()
)


def platform_paths(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """The texts of a module that are such paths, each with what is so about it.

    Args:
        module: the module.
    """
    told: set[tuple[ast.stmt, str]] = set()
    for constant, text in texts(module):
        kind = _kind(module, constant, text)
        if kind and (module.statement(constant), kind) not in told:
            told.add((module.statement(constant), kind))
            yield constant, kind


def _kind(module: Module, constant: ast.Constant, text: str) -> str:
    """What kind of path a text is; empty if it is none, or one that every system has."""
    if _DRIVE.search(text):
        return "a path with a drive"
    if _TEMPORARY.search(text):
        return "a path in /tmp"
    return "a path with backslashes" if "\\" in text and _is_path(module, constant, text) else ""


def _is_path(module: Module, constant: ast.Constant, text: str) -> bool:
    """Whether a text with backslashes is used as a path."""
    node, parent = constant, module.parent(constant)
    while isinstance(parent, (ast.BinOp, ast.JoinedStr)) and not (
        isinstance(parent, ast.BinOp) and isinstance(parent.op, ast.Mod) and parent.left is not node
    ):
        node, parent = parent, module.parent(parent)
    is_whole = node is constant
    if isinstance(parent, ast.Call):
        name = module.qualified_name(parent.func)
        if name in _TAKING and node in parent.args:
            return _WITH_BACKSLASHES.search(text) is not None or _ENDING.search(text) is not None
        method = parent.func.attr if isinstance(parent.func, ast.Attribute) else ""
        if is_whole and method in _SPLITTING and text == "\\" and name is None:
            return True
    # folder + "\\" + name, or with the name of a file.
    return isinstance(module.parent(constant), ast.BinOp) and _ENDING.search(text) is not None
