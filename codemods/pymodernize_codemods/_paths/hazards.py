"""The abstract values of texts that name files: in what a text may differ from ``Path(text)``.

``Path`` drops what rarely changes which file is meant: a slash at the end,
doubled slashes, single dots. Whether a program behaves differently then
depends on the text and on its use, so one set of flags describes both: a
:class:`Hazard` is a peculiarity that a text may have, and that a use may be
sensitive to. A rewrite is right where the two sets are disjoint.

The rules are those of POSIX paths: ``pathlib.PurePosixPath``, ``posixpath``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import Flag, auto
from functools import lru_cache, reduce
from pathlib import PurePosixPath


class Hazard(Flag):
    """A peculiarity that a text may have."""

    EMPTY = auto()
    """It is empty: ``Path("")`` is the current folder."""
    DOT = auto()
    """It names the current folder, as ``"."`` does."""
    DOTDOT = auto()
    """One of its parts is ``..``."""
    TRAILING = auto()
    """It ends in a slash, or in ``/.``."""
    DOTTED = auto()
    """It ends in ``/.``, slashes aside: that is looked for in the folder, and makes no new one."""
    UNTIDY = auto()
    """It has a doubled slash or a single dot further up: ``./a``, ``a//b``."""
    ROOT = auto()
    """It is the root folder."""
    ABSOLUTE = auto()
    """It starts with a slash."""
    RELATIVE = auto()
    """It does not start with a slash."""
    SEPARATED = auto()
    """It has a slash in it."""
    ODD = auto()
    """Its last part begins with two dots or ends in one: os.path and pathlib disagree on its suffix."""
    TILDE = auto()
    """It starts with ``~``."""
    USER = auto()
    """It starts with ``~`` and a name."""
    MAGIC = auto()
    """It has a character in it that :mod:`glob` takes for a pattern."""
    HIDDEN = auto()
    """One of its parent folders may lack search permission."""
    CLOSED = auto()
    """It may be no folder, or one without search permission."""
    LINKED = auto()
    """It or one of its parent folders may be a symbolic link, also a broken or circular one."""


NONE = Hazard(0)
ANY = reduce(lambda one, other: one | other, Hazard)
# The hazards that a Path cannot have.
NORMALISED = Hazard.EMPTY | Hazard.TRAILING | Hazard.DOTTED | Hazard.UNTIDY
# The hazards with which ``str(Path(text))`` differs from the text.
TEXT = NORMALISED
# The hazards with which ``Path(text)`` may name another file, or lead to another error.
FILE = Hazard.EMPTY | Hazard.TRAILING
# The hazards of a single name, as ``os.listdir`` gives it.
NAME = Hazard.RELATIVE | Hazard.ODD | Hazard.TILDE | Hazard.USER | Hazard.MAGIC | Hazard.CLOSED | Hazard.LINKED

_MAGIC = re.compile(r"[*?\[]")


def _without_tail(text: str) -> str:
    """A text without the trailing parts that are empty or a single dot."""
    end = len(text)
    while True:
        start = end - text.endswith(".", 0, end)
        dot = start
        while start and text[start - 1] == "/":
            start -= 1
        if start == dot:
            return text[:end]
        end = start


def of_text(text: str) -> Hazard:
    """The hazards of a known text.

    Args:
        text: any text.

    Returns:
        Exactly those that it has; of those that depend on the file system, all
        that are possible.
    """
    if not text:
        return Hazard.EMPTY | Hazard.RELATIVE
    path = PurePosixPath(text)
    slashes = text[: len(text) - len(text.lstrip("/"))]
    # "/" and "//" name the root: their slashes do not count as slashes at the end.
    body = _without_tail(text) or slashes
    name = path.name
    found = Hazard.ABSOLUTE if text.startswith("/") else Hazard.RELATIVE
    found |= Hazard.DOT if str(path) == "." else NONE
    found |= Hazard.ROOT if not name and path.root else NONE
    found |= Hazard.DOTDOT if ".." in path.parts else NONE
    found |= Hazard.TRAILING if body != text else NONE
    found |= Hazard.DOTTED if "." in text[len(body) :] else NONE
    found |= Hazard.UNTIDY if str(PurePosixPath(body)) != body else NONE
    found |= Hazard.SEPARATED if "/" in text else NONE
    found |= Hazard.ODD if name != ".." and (name.startswith("..") or name.endswith(".")) else NONE
    found |= Hazard.TILDE if text.startswith("~") else NONE
    found |= Hazard.USER if text.startswith("~") and text[1:2] not in {"", "/"} else NONE
    found |= Hazard.MAGIC if _MAGIC.search(text) else NONE
    here = str(path) in {".", "/"}
    found |= Hazard.HIDDEN if len(path.parts) > 1 + bool(path.root) else NONE
    return found if here else found | Hazard.CLOSED | Hazard.LINKED


@lru_cache(maxsize=4096)
def as_path(hazards: Hazard) -> Hazard:
    """The hazards of ``Path(text)``, given those of the text."""
    found = Hazard.DOT | Hazard.RELATIVE if hazards & Hazard.EMPTY else NONE
    # "./~" becomes "~".
    found |= Hazard.TILDE | Hazard.USER if hazards & Hazard.UNTIDY else NONE
    return hazards & ~NORMALISED | found


@lru_cache(maxsize=4096)
def join(head: Hazard, tail: Hazard) -> Hazard:
    """The hazards of ``os.path.join(head, tail)``."""
    nothing = Hazard.EMPTY | Hazard.DOT
    found = (head | tail) & (Hazard.DOTDOT | Hazard.MAGIC | Hazard.ABSOLUTE) | Hazard.SEPARATED | Hazard.LINKED
    found |= head & Hazard.RELATIVE if tail & Hazard.RELATIVE else NONE
    found |= Hazard.EMPTY if head & Hazard.EMPTY and tail & Hazard.EMPTY else NONE
    found |= Hazard.DOT if head & nothing and tail & nothing else NONE
    found |= Hazard.TRAILING if tail & (nothing | Hazard.TRAILING) else NONE
    found |= Hazard.DOTTED if tail & (Hazard.DOT | Hazard.DOTTED) else NONE
    found |= head & Hazard.DOTTED if tail & Hazard.EMPTY else NONE
    found |= Hazard.UNTIDY if (head | tail) & Hazard.UNTIDY or head & (Hazard.TRAILING | Hazard.DOT) else NONE
    found |= Hazard.ROOT if head & Hazard.ROOT and tail & nothing or tail & Hazard.ROOT else NONE
    found |= tail & Hazard.ODD | (head & Hazard.ODD if tail & nothing else NONE)
    found |= head & (Hazard.TILDE | Hazard.USER)
    found |= tail & (Hazard.TILDE | Hazard.USER) if head & nothing else NONE
    found |= Hazard.CLOSED if tail & Hazard.CLOSED or head & Hazard.CLOSED else NONE
    return found | (Hazard.HIDDEN if head & Hazard.CLOSED or tail & Hazard.HIDDEN else NONE)


@lru_cache(maxsize=4096)
def dirname(hazards: Hazard) -> Hazard:
    """The hazards of ``os.path.dirname(text)``."""
    kept = Hazard.DOTDOT | Hazard.UNTIDY | Hazard.ABSOLUTE | Hazard.RELATIVE | Hazard.SEPARATED | Hazard.MAGIC
    found = hazards & (kept | Hazard.TILDE | Hazard.USER | Hazard.HIDDEN) | Hazard.ODD
    found |= Hazard.EMPTY if hazards & Hazard.RELATIVE else NONE
    # "a/./" gives "a/.", and "./" gives ".".
    dots = Hazard.TRAILING | Hazard.DOTTED | Hazard.DOT
    found |= dots if hazards & (Hazard.UNTIDY | Hazard.TRAILING) else NONE
    found |= Hazard.ROOT if hazards & Hazard.ABSOLUTE else NONE
    # The parents of a file that was reached have search permission.
    return found | (Hazard.CLOSED | Hazard.LINKED if hazards & Hazard.HIDDEN else NONE)


@lru_cache(maxsize=4096)
def basename(hazards: Hazard) -> Hazard:
    """The hazards of ``os.path.basename(text)``."""
    found = NAME & ~Hazard.ODD | hazards & (Hazard.ODD | Hazard.DOTDOT | Hazard.DOT)
    found |= Hazard.EMPTY if hazards & (Hazard.EMPTY | Hazard.TRAILING | Hazard.ROOT) else NONE
    return found | (Hazard.DOT if hazards & Hazard.TRAILING else NONE)


def absolute(hazards: Hazard) -> Hazard:
    """The hazards of ``os.path.abspath(text)``, which normalises the text."""
    kept = hazards & (Hazard.ODD | Hazard.MAGIC | Hazard.HIDDEN | Hazard.CLOSED | Hazard.LINKED)
    at_root = Hazard.EMPTY | Hazard.DOT | Hazard.DOTDOT | Hazard.ROOT
    odd = Hazard.ROOT | Hazard.ODD if hazards & at_root else NONE
    return kept | odd | Hazard.ABSOLUTE | Hazard.SEPARATED | Hazard.MAGIC


def without_suffix(hazards: Hazard) -> Hazard:
    """The hazards of ``os.path.splitext(text)[0]``."""
    return hazards | Hazard.ODD | Hazard.CLOSED | Hazard.LINKED


def appended(head: Hazard, tail: str) -> Hazard:
    """The hazards of ``head + tail``, where the tail is a known text that is not empty and continues the last name."""
    own = of_text(tail)
    kept = Hazard.DOTDOT | Hazard.ABSOLUTE | Hazard.RELATIVE | Hazard.SEPARATED | Hazard.MAGIC | Hazard.HIDDEN
    found = head & (kept | Hazard.TILDE | Hazard.USER | Hazard.UNTIDY)
    found |= own & (kept & ~(Hazard.ABSOLUTE | Hazard.RELATIVE) | NORMALISED)
    found |= Hazard.UNTIDY if head & Hazard.TRAILING else NONE
    found |= Hazard.USER if head & Hazard.TILDE else NONE
    if tail.partition("/")[0] in {".", ".."}:
        # No name goes on with these: "a/." and "." make "a/..".
        found |= NORMALISED & ~Hazard.EMPTY | Hazard.DOT | Hazard.DOTDOT | head & Hazard.ROOT
    return found | Hazard.ODD | Hazard.CLOSED | Hazard.LINKED | (own if head & Hazard.EMPTY else NONE)


def guessed(pieces: Sequence[str | Hazard]) -> Hazard:
    """The hazards of a concatenation of literals and of values of which little is known.

    Args:
        pieces: literals and the hazards of values; no two literals in a row, none empty; no value without hazards.

    Returns:
        All hazards but those that the pieces exclude.
    """
    literals = [piece for piece in pieces if isinstance(piece, str)]
    values = [piece for piece in pieces if isinstance(piece, Hazard)]
    names = [value for value in values if not value & ~NAME]
    found = ANY
    if not any("/" in text for text in literals) and not any(value & _WITH_SLASH for value in values):
        found = NAME | Hazard.EMPTY | Hazard.DOT | Hazard.DOTDOT
        if names or any(text.strip(".") for text in literals):
            found &= ~(Hazard.DOT | Hazard.DOTDOT)
    if literals or any(not value & Hazard.EMPTY for value in values):
        found &= ~Hazard.EMPTY
    if _ends_in_a_name(pieces[-1]):
        found &= ~(Hazard.TRAILING | Hazard.DOTTED | Hazard.DOT | Hazard.ROOT)
    first = pieces[0]
    start = of_text(first) if isinstance(first, str) else first
    if not start & Hazard.EMPTY:
        start |= Hazard.USER if start & Hazard.TILDE else NONE
        found &= start | ~_START
    return found


_WITH_SLASH = Hazard.SEPARATED | Hazard.ABSOLUTE
_START = Hazard.ABSOLUTE | Hazard.RELATIVE | Hazard.TILDE | Hazard.USER


def _ends_in_a_name(piece: str | Hazard) -> bool:
    """Whether a text that ends in a piece has a last part that is neither empty nor dots."""
    if isinstance(piece, str):
        return bool(piece.rpartition("/")[2].strip("."))
    return not piece & (Hazard.EMPTY | Hazard.DOT | Hazard.DOTDOT | Hazard.ROOT | Hazard.TRAILING | Hazard.DOTTED)
