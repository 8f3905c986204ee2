"""How the top of a module is laid out: docstring, imports, the constants between them."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from pymodernize import source
from pymodernize.semantics.flow import blocks
from pymodernize.semantics.module import Module
from pymodernize.semantics.scripts import acts

IMPORTS = (ast.Import, ast.ImportFrom)
# Functions that a preamble may call around imports: to report a failure, to exit, to prepare the process.
_BESIDE_IMPORTS = ("builtins.print", "builtins.exit", "builtins.quit", "sys.", "locale.setlocale")

# "Import OpenCV for the images" is about one import, "importing the required libraries" about all that follow.
_IMPORTING = re.compile(r"#+\s*import(?:ing)?\b", re.IGNORECASE)
_OF_ALL = re.compile(
    r"\b(?:all|dependencies|following|imports|libraries|libs|modules|necessary|needed|packages|required)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Preamble:
    """The statements that come before the module's own work.

    Attributes:
        imports: the import statements of the module's own body, in order.
        last: the last statement that imports, a guarded one included.
    """

    imports: tuple[ast.stmt, ...]
    last: ast.stmt | None


def declares_encoding(line: str) -> bool:
    """Whether a comment declares the encoding of its file, if it is on one of the first two lines.

    Args:
        line: the comment.
    """
    return source.declares_encoding(line.encode())


def preamble(module: Module) -> Preamble:
    """The docstring, imports, path settings and constants that a module starts with.

    ``try`` and ``if`` statements around imports belong to it if they only
    import, bind names, raise, exit or print.
    """
    return module.once(_preamble)


def _preamble(module: Module) -> Preamble:
    imports: list[ast.stmt] = []
    last: ast.stmt | None = None
    for statement in module.tree.body:
        if isinstance(statement, IMPORTS):
            imports.append(statement)
            last = statement
        elif isinstance(statement, (ast.Try, ast.If)) and _only_imports(module, statement):
            last = statement
        elif not _is_setting(module, statement):
            break
    return Preamble(tuple(imports), last)


def first_after(module: Module) -> ast.stmt:
    """The first statement after the preamble's last import, the module's last one if there is none."""
    last = preamble(module).last
    body = module.tree.body
    place = body.index(last) + 1 if last is not None else 0
    return body[min(place, len(body) - 1)]


def _is_setting(module: Module, statement: ast.stmt) -> bool:
    if isinstance(statement, (ast.Assign, ast.AnnAssign)):
        return True
    return isinstance(statement, ast.Expr) and not acts(module, statement)


def _only_imports(module: Module, statement: ast.stmt) -> bool:
    """Whether a compound statement contains an import, and otherwise only what a preamble may."""
    found = False
    pending: list[ast.stmt] = [statement]
    while pending:
        item = pending.pop()
        if isinstance(item, IMPORTS):
            found = True
        elif isinstance(item, (ast.Try, ast.If)):
            pending += [inner for block in blocks(item) for inner in block]
        elif isinstance(item, ast.Expr) and isinstance(item.value, ast.Call):
            called = module.qualified_name(item.value.func) or ""
            if not called.startswith(_BESIDE_IMPORTS):
                return False
        elif not isinstance(item, (ast.Assign, ast.AnnAssign, ast.Pass, ast.Raise)):
            return False
    return found


def own_comment(module: Module, statement: ast.stmt) -> int | None:
    """The first line of the comment directly above an import that is about this import alone.

    Args:
        module: the module.
        statement: an import of the module's own body.

    Returns:
        None if there is none, or if it is about several imports, or the file.
    """
    line = statement.lineno
    while line > 1 and module.source.line(line - 1).startswith(b"#"):
        line -= 1
    # A shebang and a declared encoding stay above.
    while line <= min(2, statement.lineno - 1) and _is_for_the_system(module.source.line(line)):
        line += 1
    if line == statement.lineno:
        return None
    last = module.source.line(statement.lineno - 1).decode("utf-8")
    is_header = all(_is_for_the_system(module.source.line(above)) for above in range(1, line))
    return line if is_about_an_import(last) or not is_header and _names(statement, last) else None


def _is_for_the_system(line: bytes) -> bool:
    return line.startswith(b"#!") or b"coding" in line


def is_about_an_import(comment: str) -> bool:
    """Whether a comment is about the one import below it.

    Args:
        comment: a line, with its hash.
    """
    return bool(_IMPORTING.match(comment)) and not _OF_ALL.search(comment)


def _names(statement: ast.stmt, comment: str) -> bool:
    """Whether a comment contains the name of a module that an import statement imports."""
    match statement:
        case ast.ImportFrom(module=str(home)):
            names = {home.partition(".")[0], home.rpartition(".")[2]}
        case ast.Import(names=aliases):
            names = {alias.name.partition(".")[0] for alias in aliases}
        case _:
            return False
    return any(re.search(rf"\b{re.escape(name)}\b", comment, re.IGNORECASE) for name in names)
