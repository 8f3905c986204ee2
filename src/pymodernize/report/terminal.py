"""What reaches a terminal: text in which nothing but the text can have an effect.

A source, the name of a file or what somebody wrote into a journal may hold escape sequences, which move the cursor, set
links or hide lines, and marks that turn the order of letters round. They are shown as escapes.
"""

from __future__ import annotations

import sys

import click

# What is no printable character to Python but does nothing except leave room, like the wide space of Japanese.
_SPACE = "Zs"


def escaped(text: object, keep: str = "") -> str:
    """A text for a terminal: control characters, marks without a shape and undecodable bytes as escapes.

    Args:
        text: what is to be shown; a path, for one.
        keep: control characters that stay, such as the newlines of a text of several lines.
    """
    whole = str(text)
    if whole.isprintable():
        return whole
    return "".join(item if item in keep or _is_harmless(item) else _escape(item) for item in whole)


def _is_harmless(character: str) -> bool:
    import unicodedata  # for what is not plain; to start without it is to start sooner

    return character.isprintable() or unicodedata.category(character) == _SPACE


def _escape(character: str) -> str:
    return character.encode("unicode_escape", "surrogatepass").decode("ascii")


def escaped_lines(text: str) -> str:
    """A text of several lines, its newlines and tabs kept, for a terminal; a return before a newline goes."""
    lines = (line.removesuffix("\r") for line in text.split("\n"))
    return "\n".join(escaped(line, keep="\t") for line in lines)


def is_terminal() -> bool:
    """Whether a person is behind stdout."""
    return sys.stdout is not None and sys.stdout.isatty()


def takes_answers() -> bool:
    """Whether a person is behind stdin, stdout and stderr, who can be asked."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr))


def answer(question: str) -> str:
    """The line with which a person answers a question.

    Raises:
        KeyboardInterrupt: it is broken off, also by the end of the input.
    """
    click.echo(escaped(question), err=True, nl=False)
    try:
        line = sys.stdin.readline()
    except KeyboardInterrupt:
        line = ""
    if not line:
        tell("")  # the cursor stands behind the question
        raise KeyboardInterrupt
    return line


def show(text: str) -> None:
    """Write lines to stdout."""
    click.echo(escaped_lines(text))


def tell(text: object) -> None:
    """Write one line to stderr."""
    click.echo(escaped(text), err=True)
