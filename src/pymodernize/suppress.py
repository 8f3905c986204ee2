"""Comments that keep a finding quiet."""

from __future__ import annotations

import ast
import re

from pymodernize.codemod import Codemod
from pymodernize.semantics.module import Module

_IGNORE = re.compile(r"#\s*pymodernize:\s*ignore(?:\[([^\]]*)\])?", re.IGNORECASE)
_SKIP_FILE = re.compile(r"#\s*pymodernize:\s*skip-file\b", re.IGNORECASE)
_NOQA = re.compile(r"#\s*noqa(?::\s*([A-Z][A-Z0-9]*(?:[,\s]+[A-Z][A-Z0-9]*)*))?", re.IGNORECASE)


def skips_file(module: Module) -> bool:
    """Whether a comment takes the whole file out: ``# pymodernize: skip-file``."""
    return b"skip-file" in module.source.data and any(_SKIP_FILE.search(item.text) for item in module.comments)


def is_suppressed(module: Module, node: ast.AST, codemod: Codemod) -> bool:
    """Whether a comment keeps a codemod away from a node.

    ``# pymodernize: ignore[NAME]`` counts on the first line of the node's
    statement and on a line of its own above it; ``# noqa``, alone or with one
    of the codemod's codes, on the node's own first or last line.
    """
    data = module.source.data
    if b"pymodernize" not in data and b"noqa" not in data.lower():
        return False
    comments = module.comments_by_line
    first = _first_line(module.statement(node)) if not isinstance(node, ast.Module) else 1
    candidates = [comments.get(first, "")]
    if first > 1 and module.source.line(first - 1).lstrip().startswith(b"#"):
        candidates.append(comments.get(first - 1, ""))
    if any(_ignores(text, codemod.name()) for text in candidates):
        return True
    lines = {getattr(node, "lineno", first), getattr(node, "end_lineno", first), first}
    return any(_is_noqa(comments.get(line, ""), codemod.noqa) for line in lines)


def _first_line(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", None)
    return decorators[0].lineno if decorators else statement.lineno


def _ignores(comment: str, name: str) -> bool:
    found = _IGNORE.search(comment)
    if found is None:
        return False
    return found.group(1) is None or name in {part.strip() for part in found.group(1).split(",")}


def _is_noqa(comment: str, codes: tuple[str, ...]) -> bool:
    found = _NOQA.search(comment)
    if found is None:
        return False
    listed = found.group(1)
    return listed is None or bool({code.upper() for code in re.split(r"[,\s]+", listed)} & set(codes))
