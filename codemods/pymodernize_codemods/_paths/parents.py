"""The hazards of the parent folder of a path that is joined or concatenated: those of the parts before the last."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pymodernize_codemods._paths import hazards
from pymodernize_codemods._paths.elements import Take
from pymodernize_codemods._paths.hazards import ANY, NONE, Hazard
from pymodernize_codemods._paths.texts import Piece, literal, pieces

if TYPE_CHECKING:
    from pymodernize_codemods._paths.judgement import Judge

PATH = "pathlib.Path"


def folder(judge: Judge, expr: ast.expr) -> Hazard:
    """The hazards of ``os.path.dirname(expr)``, where the last part is known to be a single name.

    Args:
        judge: infers the hazards of the parts.
        expr: an expression that gives a text or a path.

    Returns:
        Those of the other parts joined; all hazards, where the last part may be anything.
    """
    match expr:
        case ast.BinOp(op=ast.Div(), left=left, right=right) if judge.is_path(expr):
            return _as_text(_without_last(judge, [left, right]))
        case ast.Call(func=func, args=args) if args and not any(isinstance(arg, ast.Starred) for arg in args[-1:]):
            qualified = judge.function(expr)
            if qualified == "os.path.join":
                return _without_last(judge, args)
            if any(isinstance(arg, ast.Starred) for arg in args):
                return ANY
            if qualified in {PATH, "builtins.str", "os.fspath"} and not expr.keywords:
                return _folder_of_path(judge, args)
            if isinstance(func, ast.Attribute) and func.attr == "joinpath" and judge.is_path(func.value):
                return _as_text(_without_last(judge, [func.value, *args]))
            return ANY
    parts = pieces(judge.module, expr)
    return _before_slash(judge, parts) if parts else ANY


def _folder_of_path(judge: Judge, args: list[ast.expr]) -> Hazard:
    if len(args) > 1:
        return _as_text(_without_last(judge, args))
    whole = judge.of(args[0])
    if whole & (Hazard.EMPTY | Hazard.TRAILING | Hazard.DOT | Hazard.ROOT):
        return ANY
    folder = judge.at(args[0], (Take.FOLDER,))
    return folder | _as_text(folder)


def _without_last(judge: Judge, args: list[ast.expr]) -> Hazard:
    """The hazards of the folder of joined parts."""
    *others, last = args
    text = literal(judge.module, last)
    if not others:
        return judge.at(last, (Take.FOLDER,))
    folder, slash, name = text.rpartition("/") if text is not None else ("", "", "")
    if (judge.of(last) if text is None else hazards.of_text(name)) & ~hazards.NAME:
        return ANY
    found = judge.joined(others)
    if slash:
        found = hazards.join(found, hazards.of_text(folder or "/"))
    # ``dirname`` removes slashes at the end of its result.
    return found if found & Hazard.DOTTED else found & ~Hazard.TRAILING


def _before_slash(judge: Judge, parts: list[Piece]) -> Hazard:
    """The hazards of the folder of a concatenation that ends in a slash and a name."""
    name = ""
    while parts:
        *parts, last = parts
        if isinstance(last, str):
            head, slash, tail = last.rpartition("/")
            name = tail + name
            if slash:
                parts = [*parts, head] if head else parts
                break
        elif judge.piece(last) & ~hazards.NAME:
            return ANY
        else:
            name = "x" + name
    else:
        return ANY
    if not name.strip("."):
        return ANY
    found = _whole(judge, parts)
    found |= hazards.of_text("/") if found & Hazard.EMPTY else NONE
    found |= Hazard.UNTIDY if found & Hazard.ROOT else NONE
    return found if found & Hazard.DOTTED else found & ~Hazard.TRAILING


def _whole(judge: Judge, parts: list[Piece]) -> Hazard:
    match parts:
        case []:
            return hazards.of_text("")
        case [str(text)]:
            return hazards.of_text(text)
        case [piece] if not isinstance(piece, str):
            return judge.piece(piece)
    return judge.together(parts)


def _as_text(folder: Hazard) -> Hazard:
    """The hazards of ``os.path.dirname(path)``, given those of ``path.parent``."""
    found = hazards.as_path(folder)
    return found | (Hazard.EMPTY | Hazard.RELATIVE if found & Hazard.DOT else NONE)
