"""Comments that keep a finding quiet."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from functools import lru_cache

from pymodernize.codemod import Codemod
from pymodernize.semantics.module import Module

_MARK = re.compile(rb"pymodernize|noqa", re.IGNORECASE)
# A list that is not closed ends with the comment.
_IGNORE = re.compile(r"#\s*pymodernize:\s*ignore(?![\w-])(?:\s*\[([^\]]*))?", re.IGNORECASE)
_SKIP_FILE = re.compile(r"#\s*pymodernize:\s*skip-file(?![\w-])", re.IGNORECASE)
_NOQA = re.compile(r"#\s*noqa\b(?:\s*:\s*([A-Z][A-Z0-9]*(?:[,\s]+[A-Z][A-Z0-9]*)*))?", re.IGNORECASE)


def skips_file(module: Module) -> bool:
    """Whether a comment takes the whole file out: ``# pymodernize: skip-file``."""
    return _has_mark(module.source.data) and any(_SKIP_FILE.search(item.text) for item in module.comments)


def is_suppressed(module: Module, node: ast.AST, codemod: Codemod, codes: Collection[str] = ()) -> bool:
    """Whether a comment keeps a codemod away from a node.

    ``# pymodernize: ignore[NAME]``, with the name of the codemod, of a reason
    or of an assumption among ``codes``, counts on the first line of the node's
    statement, for a decorated one also on the line of its ``def`` or
    ``class``, for an except clause and inside of a decorator also on its own
    first line, and on a line of its own above any of them; ``# noqa``, alone or with
    one of the codemod's codes, on the node's own first or last line. What has
    a block ends with its header there.
    """
    if not _has_mark(module.source.data):
        return False
    names = {codemod.name(), *codes} - {""}
    comments = module.comments_by_line
    statement = module.statement(node) if not isinstance(node, ast.Module) else None
    first = _first_line(statement) if statement is not None else 1
    tops = {first, statement.lineno if statement is not None else 1}
    decorators = getattr(statement, "decorator_list", [])
    own = getattr(node, "lineno", 1)
    if isinstance(node, ast.ExceptHandler) or any(item.lineno <= own <= item.end_lineno for item in decorators):
        tops.add(own)
    candidates = tops | {
        line - 1 for line in tops if line > 1 and module.source.line(line - 1).lstrip().startswith(b"#")
    }
    if any(_ignores(comments.get(line, ""), names) for line in candidates):
        return True
    lines = {getattr(node, "lineno", first), _last_line(node) or first, first}
    return any(_is_noqa(comments.get(line, ""), codemod.noqa) for line in lines)


@lru_cache(maxsize=1)
def _has_mark(data: bytes) -> bool:
    """Whether it is worth looking at a file's comments; asked for each finding in it."""
    return _MARK.search(data) is not None


def _first_line(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", None)
    return decorators[0].lineno if decorators else statement.lineno


def _last_line(node: ast.AST) -> int | None:
    body = getattr(node, "body", None)
    if isinstance(body, list) and body:
        return max(getattr(node, "lineno", 1), body[0].lineno - 1)
    return getattr(node, "end_lineno", None)


def _ignores(comment: str, names: Collection[str]) -> bool:
    lists = [found.group(1) for found in _IGNORE.finditer(comment)]
    return any(listed is None or not _named(listed).isdisjoint(names) for listed in lists)


def _named(listed: str) -> set[str]:
    """The names in a list; a codemod may be spelled as its module is: nobody means anything else by that."""
    return {part.lower().replace("_", "-") for part in re.split(r"[,\s]+", listed)}


def _is_noqa(comment: str, codes: tuple[str, ...]) -> bool:
    found = _NOQA.search(comment)
    if found is None:
        return False
    listed = found.group(1)
    return listed is None or any(_is_meant(code.upper(), codes) for code in re.split(r"[,\s]+", listed))


def _is_meant(code: str, codes: tuple[str, ...]) -> bool:
    """Whether a code is one of some; letters alone stand for all that begin with them."""
    return any(code == own or own.isalpha() and code.startswith(own) for own in codes)
