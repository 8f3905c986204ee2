"""The page about the command line, from the help texts of the commands."""

from __future__ import annotations

import html
from collections.abc import Iterator

import click

from pymodernize.cli import commands, modernize


def command_line(made: str) -> str:
    """Make the page.

    Args:
        made: the sentence that says how.
    """
    lines = ["# The command line", "", made, "", *_command(modernize, "pymodernize")]
    lines += ["", "A path that is called like one of the commands below is written `./rules`."]
    for name, command in commands().items():
        lines += ["", f"## pymodernize {name}", "", *_command(command, f"pymodernize {name}")]
    lines += [*_sections(modernize.epilog or "")]
    return "\n".join(lines) + "\n"


def _command(command: click.Command, name: str) -> Iterator[str]:
    """How a command is called, what it does, its arguments and options."""
    usage = " ".join(command.collect_usage_pieces(click.Context(command)))
    yield from ("```text", f"{name} {usage}", "```")
    for paragraph in (command.help or "").replace("\b", "").strip().split("\n\n"):
        yield from ("", _escaped(" ".join(paragraph.split())))
    records = list(_records(command))
    if records:
        yield from ("", "| option | what it does |", "|---|---|")
        for option, text in records:
            yield f"| {_code(option)} | {_escaped(' '.join(text.split()))} |"


def _records(command: click.Command) -> Iterator[tuple[str, str]]:
    context = click.Context(command)
    for parameter in command.get_params(context):
        record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
        if record is not None:
            yield record


def _sections(epilog: str) -> Iterator[str]:
    """What stands below the options of the help, as it is."""
    for block in epilog.split("\b\n"):
        head, _, rest = block.rstrip().partition("\n")
        if head.endswith(":") and head not in ("Other commands:", "Exit codes:"):
            yield from ("", f"## {head.removesuffix(':')}", "", "```text", *rest.split("\n"), "```")


def _code(text: str) -> str:
    """Code in a cell of a table, where readers of Markdown do not agree on what a bar is."""
    return f"`{text}`" if "|" not in text else f"<code>{html.escape(text).replace('|', '&#124;')}</code>"


def _escaped(text: str) -> str:
    """A text in which nothing is markup."""
    return "".join(f"\\{char}" if char in "|*_<>[]`" else char for char in text)
