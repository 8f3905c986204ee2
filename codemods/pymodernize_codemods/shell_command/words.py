"""The words of a command as a shell splits it, where the shell does nothing else with it."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from pymodernize.reasons import Reason
from pymodernize_codemods.shell_command import programs

# Characters that are themselves for every shell, wherever they stand in a word.
_PLAIN = re.compile(r"[A-Za-z0-9_@%+=:,./-]")
_BLANKS = " \t"
# What a shell looks at between double quotes; "!" counts for those that keep a history.
_IN_DOUBLE_QUOTES = frozenset("$`\\!")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*\+?=")
_PROGRAM = re.compile(r"[A-Za-z0-9_./][A-Za-z0-9_./+-]*")
_MEANINGS = {
    "|": "connects programs by |",
    ">": "redirects by >",
    "<": "redirects by <",
    ";": "runs several commands",
    "&": "runs something in the background, or several commands",
    "*": "puts names of files in the place of *",
    "?": "puts names of files in the place of ?",
    "$": "puts a value in the place of $",
    "`": "runs what stands in backquotes",
    "~": "puts the home folder in the place of ~",
    "\\": "takes \\ away",
    "\n": "runs line after line",
    "#": "passes over what stands behind #",
}


class NeedsShell(Exception):
    """There is no list of arguments that does the same; the message is the reason."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(Reason(code, sentence))


@dataclass(frozen=True, eq=False)
class Value:
    """A value that is put into a command.

    Attributes:
        expr: the value.
        spec: the format that it is shown in, as :func:`format` takes it.
        is_text: whether it is a text, or the command could not be put together.
        is_plain: whether it is one word, or a part of one, that a shell leaves as it is.
        is_quoted: whether it is that by ``shlex.quote``.
        program: the name of the program that it is known to be; empty for others.
    """

    expr: ast.expr
    spec: str = ""
    is_text: bool = False
    is_plain: bool = False
    is_quoted: bool = False
    program: str = ""


Part = str | Value


@dataclass
class Word:
    """One word of a command.

    Attributes:
        parts: literals and values, in order.
        is_quoted: whether any of it stands in quotes.
        in_quotes: the kinds of quotes that values stand in.
    """

    parts: list[Part] = field(default_factory=list)
    is_quoted: bool = False
    in_quotes: set[str] = field(default_factory=set)

    @property
    def text(self) -> str | None:
        """The word; None if a value is put into it."""
        texts = [part for part in self.parts if isinstance(part, str)]
        return "".join(texts) if len(texts) == len(self.parts) else None

    @property
    def program(self) -> str:
        """The name of the program that the word is; empty if that is not known."""
        parts = [part for part in self.parts if part]
        if len(parts) == 1 and isinstance(parts[0], Value):
            return parts[0].program
        return self.text if self.text and not self.is_quoted and _PROGRAM.fullmatch(self.text) else ""

    def add(self, part: Part) -> None:
        """Put something behind what there is.

        Args:
            part: a literal, also an empty one, or a value.
        """
        last = self.parts[-1] if self.parts else None
        if isinstance(part, str) and isinstance(last, str):
            self.parts[-1] = last + part
        elif part or not self.parts:
            self.parts.append(part)


def words(pieces: Sequence[Part]) -> list[Word]:
    """The words that a shell makes of a command, the first of which is a program.

    Args:
        pieces: the command's text: literals and values.

    Raises:
        NeedsShell: it would do something else with it, too.
    """
    found = _split(pieces)
    if not found:
        raise NeedsShell("shell-syntax", "the text is empty")
    program = found[0].program
    if not program:
        sets = _ASSIGNMENT.match(found[0].text or "")
        raise NeedsShell("shell-syntax", "a shell sets a variable" if sets else "what is run is not a plain name")
    if programs.is_builtin(program, [word.text for word in found[1:]]):
        raise NeedsShell("builtin", f"{program} is a command of the shell itself")
    return found


def is_plain(text: str) -> bool:
    """Whether a text is one word, or a part of one, that a shell leaves as it is, whatever stands beside it."""
    return bool(text) and all(map(_PLAIN.fullmatch, text))


def _split(pieces: Sequence[Part]) -> list[Word]:
    found: list[Word] = []
    word: Word | None = None
    quote = ""
    for part in (char for piece in pieces for char in ([piece] if isinstance(piece, Value) else piece)):
        if isinstance(part, str) and not quote and part in _BLANKS:
            word = None
            continue
        if word is None:
            word = Word()
            found.append(word)
        if isinstance(part, Value):
            _take(part, quote, word)
        elif part == quote:
            quote = ""
        elif not quote and part in "'\"":
            quote = part
            word.is_quoted = True
            word.add("")
        else:
            _refuse(part, quote)
            word.add(part)
    if quote:
        raise NeedsShell("shell-syntax", "a quote is not closed")
    return found


def _take(value: Value, quote: str, word: Word) -> None:
    """Put a value into a word.

    Raises:
        NeedsShell: a shell does something with it.
    """
    if not quote and not value.is_plain:
        shown = ast.unparse(value.expr)
        raise NeedsShell("value", f"a shell splits and expands {shown}")
    if quote and value.is_quoted:
        raise NeedsShell("value", "what is quoted stands between other quotes")
    if quote and not value.is_plain:
        word.in_quotes.add(quote)
    word.add(value)


def _refuse(char: str, quote: str) -> None:
    """Raise NeedsShell for a character that a shell does not leave as it is."""
    if quote and char.isprintable() and not (quote == '"' and char in _IN_DOUBLE_QUOTES):
        return
    if not quote and _PLAIN.fullmatch(char):
        return
    shown = _MEANINGS.get(char) or f"may do something with {char if char.isprintable() else 'a control character'}"
    raise NeedsShell("shell-syntax", f"a shell {shown}")
