"""The hazards of the paths that :mod:`glob`, ``Path.glob`` and ``Path.iterdir`` give."""

from __future__ import annotations

import ast
import posixpath
import re
from functools import reduce
from typing import TYPE_CHECKING

from pymodernize.semantics.module import Module
from pymodernize_codemods._paths import hazards
from pymodernize_codemods._paths.hazards import NAME, NONE, Hazard
from pymodernize_codemods._paths.texts import literal, pieces

if TYPE_CHECKING:
    from pymodernize_codemods._paths.judgement import Judge

_MAGIC = re.compile(r"[*?\[\]]")


def found(module: Module, judge: Judge, call: ast.Call) -> Hazard:
    """The hazards of the elements that ``glob.glob`` and ``glob.iglob`` give.

    Args:
        module: the module.
        judge: infers the hazards of the pattern's folder.
        call: one of either, with the pattern as its first argument.

    Returns:
        Those of the folder as it is written, joined with a name that matches.
    """
    if {keyword.arg for keyword in call.keywords} - {"recursive"}:
        return judge.unknown
    split = _split(module, judge, call.args[0])
    if split is None or "**" in split[1] and call.keywords:
        return judge.unknown
    folder, pattern = split
    if folder & Hazard.MAGIC:
        # With "*/x" it is "~/x", and with "**/x" just "x".
        folder |= Hazard.EMPTY | Hazard.TILDE | Hazard.USER
    if _MAGIC.search(pattern):
        return hazards.join(folder, _fitting(pattern))
    return hazards.join(folder, hazards.of_text(pattern)) | judge.of(call.args[0])


def _split(module: Module, judge: Judge, pattern: ast.expr) -> tuple[Hazard, str] | None:
    """The hazards of a pattern's folder, and its last part; None where that is no literal."""
    match pattern:
        case ast.Call(args=[*folders, last]) if folders and judge.function(pattern) == "os.path.join":
            text = literal(module, last)
            if text is None or "/" in text or not text or any(isinstance(item, ast.Starred) for item in folders):
                return None
            return reduce(hazards.join, map(judge.of, folders)), text
    parts = pieces(module, pattern)
    if not parts or not isinstance(parts[-1], str):
        return None
    head, slash, text = parts[-1].rpartition("/")
    if not text or not slash and len(parts) > 1:
        return None
    if len(parts) == 1:
        return hazards.of_text(posixpath.dirname(parts[-1])), text
    before = [*parts[:-1], *([head] if head else [])]
    first = before[0]
    folder = judge.piece(first) if len(before) == 1 and not isinstance(first, str) else judge.together(before)
    # "" + "/*" is in the root, and so is "/" + "/*".
    return folder | (hazards.of_text("/") if folder & Hazard.EMPTY else NONE) | _doubled(folder), text


def _doubled(folder: Hazard) -> Hazard:
    return Hazard.UNTIDY if folder & Hazard.ROOT else NONE


def _fitting(pattern: str) -> Hazard:
    """The hazards of the names that match a pattern."""
    name = NAME
    if pattern[0] != "." and pattern[-1] not in "*?].":
        name &= ~Hazard.ODD
    return name if pattern[0] in "~*?[" else name & ~(Hazard.TILDE | Hazard.USER)


def children(module: Module, judge: Judge, call: ast.Call) -> Hazard:
    """The hazards of the elements that ``iterdir``, ``glob`` and ``rglob`` of a path give.

    Args:
        module: the module.
        judge: infers the hazards of the path.
        call: of a method of a path.
    """
    if not isinstance(call.func, ast.Attribute):
        return judge.unknown
    folder = judge.of(call.func.value)
    child = hazards.join(folder, NAME)
    if call.func.attr == "iterdir":
        return hazards.as_path(child)
    if call.func.attr not in {"glob", "rglob"} or not call.args:
        return judge.unknown
    pattern = literal(module, call.args[0])
    upwards = Hazard.DOTDOT if pattern is None or ".." in pattern.split("/") else NONE
    return hazards.as_path(folder | child | Hazard.HIDDEN | upwards) | Hazard.ODD
