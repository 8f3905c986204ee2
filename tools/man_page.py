"""Write docs/man/pymodernize.1, the manual page, from the help texts of the commands.

With ``--check`` nothing is written.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click
from pages import ROOT, keep

from pymodernize.cli import commands, modernize
from pymodernize.settings.help import HELP

PAGE = ROOT / "docs" / "man" / "pymodernize.1"


def _plain(text: str) -> str:
    """A text as roff takes it: no character of it is a command."""
    lines = text.replace("\\", r"\e").replace("-", r"\-").split("\n")
    return "\n".join(rf"\&{line}" if line.startswith((".", "'")) else line for line in lines)


def _bold(text: str) -> str:
    return rf"\fB{_plain(text)}\fR"


def _options(command: click.Command) -> Iterator[str]:
    """The options of a command, each with its help."""
    context = click.Context(command)
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None:
            yield from (".TP", _bold(record[0]), _plain(record[1]))


def _usage(command: click.Command, name: str) -> str:
    pieces = command.collect_usage_pieces(click.Context(command))
    return f"{_bold(name)} {_plain(' '.join(pieces))}"


def _description(command: click.Command) -> list[str]:
    paragraphs = (command.help or "").strip().split("\n\n")
    return [line for text in paragraphs for line in (".PP", _plain(" ".join(text.split())))]


def _sections(epilog: str) -> Iterator[str]:
    """The sections of what stands below the options, line by line as they are."""
    for block in epilog.split("\b\n"):
        lines = block.rstrip().split("\n")
        if lines[0].endswith(":") and lines[0] != "Other commands:":
            yield f".SH {_plain(lines[0].removesuffix(':').upper())}"
            yield from (".nf", *map(_plain, lines[1:]), ".fi")


def page() -> str:
    """Make the page.

    Returns:
        The whole page.
    """
    lines = [
        r".\" Written by tools/man_page.py; do not edit.",
        '.TH PYMODERNIZE 1 "" "pymodernize" "User Commands"',
        ".SH NAME",
        r"pymodernize \- bring legacy Python scripts up to a written standard",
        ".SH SYNOPSIS",
        _usage(modernize, "pymodernize"),
    ]
    for name, command in commands().items():
        lines += [".br", _usage(command, f"pymodernize {name}")]
    lines += [".SH DESCRIPTION", *_description(modernize), ".SH OPTIONS", *_options(modernize), ".SH COMMANDS"]
    lines += [".PP", _plain("A path that is called like one of them is written ./rules.")]
    for name, command in commands().items():
        lines += [f".SS {_plain(f'pymodernize {name}')}", *_description(command), *_options(command)]
    lines += [*_sections(modernize.epilog or ""), ".SH SETTINGS"]
    lines += [".PP", _plain("Keys of [tool.pymodernize] in pyproject.toml; a table of its name has a codemod's own.")]
    for key, item in HELP.items():
        default = f" Without it: {item.default}." if item.default else ""
        lines += [".TP", _bold(key), _plain(f"{item.sentence} Its value: {item.values}.{default}")]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(keep(__doc__, [(PAGE, page())]))
