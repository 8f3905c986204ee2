"""What a script says of its purpose in the comment that it begins with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pymodernize.semantics.module import Module

# PEP 263; only the first two lines are looked at there.
_CODING = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*[-\w.]+")
# What tools, editors and lawyers read: it stays a comment.
_DIRECTIVE = re.compile(
    r"copyright|licen[cs]e|spdx|all rights|\(c\)|©|-\*-|vim:|ex:|\$(?:id|rev|date|author|header|revision)\b"
    r"|noqa|pylint|flake8|mypy|pyright|ruff|isort|fmt:|yapf|type:|pragma|nosec|pymodernize|jupyter|!/|^\s*%%|in\[",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]{2,}")
_RULE = re.compile(r"^[-=*#_~+.\s]*$")
# Who made it and when: behind what it does.
_CREDIT = re.compile(r"(?:(?:written |made )?by|authors?|date|created|changed|modified|version)\b", re.IGNORECASE)
_CODE = re.compile(r"(?:import |from \w+ import|def |class |print\b|if .*:$|\w+ ?= ?\S)")


@dataclass(frozen=True)
class Header:
    """The lines that a file begins with.

    Attributes:
        top: how many lines the shebang and the encoding take.
        start: the index of the first line that the comment takes, empty ones before it included.
        end: that behind its last one.
        text: what the comment says, as lines; empty if there is none that
            says what the script is for.
    """

    top: int
    start: int
    end: int
    text: tuple[str, ...]


def header(module: Module) -> Header:
    """Read the top of a file.

    Args:
        module: the module.

    Returns:
        The place for a docstring, and what a comment there says.
    """
    lines = module.source.data.decode("utf-8").splitlines()
    top = 0
    while top < min(2, len(lines)) and (lines[top].startswith("#!") or _CODING.match(lines[top].encode())):
        top += 1
    start = top
    while start < len(lines) and lines[start].strip() in ("", "#"):
        start += 1
    end = start
    while end < len(lines) and lines[end].startswith("#"):
        end += 1
    text = _prose(lines[start:end])
    if not text or not _is_apart(module, lines, end):
        return Header(top, top, top, ())
    return Header(top, top, end, tuple(text))


def _is_apart(module: Module, lines: list[str], end: int) -> bool:
    """Whether a comment is the file's, not the first statement's: a blank line follows, or imports."""
    if end >= len(lines) or not lines[end].strip():
        return True
    first = module.tree.body[0] if module.tree.body else None
    return first is None or lines[end].lstrip().startswith(("import ", "from "))


def _prose(lines: list[str]) -> list[str]:
    """The comment's text, if it is one for people; else nothing."""
    if any(_DIRECTIVE.search(line) for line in lines):
        return []
    # A frame has its hashes on both sides.
    bare = [line.rstrip().strip("#").rstrip() for line in lines]
    margin = min((len(line) - len(line.lstrip()) for line in bare if line.strip()), default=0)
    bare = [line[margin:] for line in bare]
    while bare and _RULE.match(bare[0]):
        bare.pop(0)
    while bare and _RULE.match(bare[-1]):
        bare.pop()
    if not bare or len(_WORD.findall(bare[0])) < 2 or any(_CODE.match(line) for line in bare):
        return []
    return bare


def summarised(lines: Sequence[str], program: str) -> list[str]:
    """Text as a docstring begins: without the script's own name before it, with a capital and, if alone, a full stop.

    Args:
        lines: the text; at least one line.
        program: the file's name.
    """
    stem = re.escape(program.rpartition(".")[0] or program)
    name = re.compile(rf"(?:\w+: )?{stem}(?:\.py)?\s*(?:[-:–—]+\s+|$)")
    rest, credits = list(lines), []
    while rest and (not rest[0].strip() or _CREDIT.match(rest[0]) or name.fullmatch(rest[0].strip())):
        line = rest.pop(0)
        credits += [line] if _CREDIT.match(line) else []
    if not rest:
        return list(lines)
    first = rest.pop(0).strip()
    if own := name.match(first):
        first = first[own.end() :]
    word = first.partition(" ")[0]
    if word.islower() and word.isalpha():
        first = first[0].upper() + first[1:]
    alone = not rest or not rest[0].strip()
    return [f"{first}." if alone and first[-1].isalnum() else first, *rest, *([""] if credits else []), *credits]
