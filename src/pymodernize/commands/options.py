"""Types and checks of options' values."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import click

from pymodernize.report import FORMATS, PASSED_OVER
from pymodernize.report.terminal import takes_answers

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from pymodernize.files.output_files import Output


Command = TypeVar("Command", bound=Callable[..., Any])


def names(_context: click.Context, _parameter: click.Parameter, value: Sequence[str]) -> tuple[str, ...]:
    """Names given once with commas or in several options."""
    found = tuple(name.strip() for item in value for name in item.split(",") if name.strip())
    if value and not found:
        # "--select $UNSET" must not mean all of them.
        raise click.BadParameter("it names nothing")
    return found


def naming(flag: str, kind: str, *, metavar: str = "NAMES", help_: str) -> Callable[[Command], Command]:
    """An option that takes names, with commas between them or given several times.

    Args:
        flag: how it is written.
        kind: of what the names are, one of :data:`pymodernize.commands.completion.KINDS`.
        metavar: what the help calls them.
        help_: what the help says.
    """
    return click.option(
        flag, multiple=True, callback=names, shell_complete=completed(kind), metavar=metavar, help=help_
    )


def table(_context: click.Context, _parameter: click.Parameter, value: str | None) -> str | None:
    """A file for a table."""
    if value is not None:
        from pathlib import Path

        from pymodernize.files.output_files import NoOutput
        from pymodernize.report.table import check_table

        try:
            check_table(Path(value))
        except NoOutput as exc:
            raise click.BadParameter(str(exc)) from None
    return value


def completed(kind: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """The shell completion of an option's value.

    Args:
        kind: of the value, one of :data:`pymodernize.commands.completion.KINDS`.
    """

    def complete(_context: click.Context, _parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from pymodernize.commands.completion import KINDS

        return KINDS[kind](incomplete)

    return complete


def outputs(options: dict[str, Any]) -> tuple[Output, ...]:
    """The reports that ``--output`` writes to files.

    Raises:
        click.UsageError: a format is unknown, or a file cannot be written.
    """
    from pathlib import Path

    from pymodernize.files.output_files import NoOutput, Output, check

    found: dict[str, Output] = {}
    context = click.get_current_context()
    for text in options["output"]:
        name, colon, file = text.partition(":")
        if not colon or not file or name not in FORMATS:
            raise click.UsageError(f"--output: {text!r} is not FORMAT:FILE; the formats: {', '.join(FORMATS)}", context)
        place = os.path.abspath(file)
        if place in found:
            raise click.UsageError(f"--output: {file} is named twice", context)
        try:
            check(Path(file))
        except NoOutput as exc:
            raise click.UsageError(f"--output: {exc}", context) from None
        found[place] = Output(name, Path(file))
    return tuple(found.values())


class NoTerminal(click.ClickException):
    """There is nobody who could be asked."""

    exit_code = 2


_AS_GIVEN = "paths select ignore target_version style profile unparsable then_format config jobs".split()
DECIDING = frozenset((*_AS_GIVEN, "assume", "unsafe", "no_cache", "quiet", "verbose"))
"""The parameters of commands that decide what is rewritten, and how much is said."""

TELLING = frozenset(("receipts", "count_types", "table"))
"""Those that have a run tell more of itself, in files."""


def deciding(options: Mapping[str, Any]) -> dict[str, Any]:
    """The part of a request that says what is rewritten, and how much is said.

    Args:
        options: of a command that has all of ``DECIDING``.
    """
    return {
        **{name: options[name] for name in _AS_GIVEN},
        "assume": (*options["assume"], *(("all",) if options["unsafe"] else ())),
        "cache": not options["no_cache"],
        "verbosity": -1 if options["quiet"] else options["verbose"],
    }


def mode(options: dict[str, Any]) -> str:
    """What a run is for; nobody can want two of these at once, and the last one must not win over a ``--check``.

    Raises:
        click.UsageError: more than one is asked for.
        NoTerminal: somebody is to be asked, and nobody is there.
    """
    context = click.get_current_context()
    given = [name for name in ("dry_run", "apply", "check") if options[name]]
    if options["interactive"]:
        given = [*(name for name in given if name != "apply"), "interactive"]
    if len(given) > 1:
        names = " and ".join(map(_flag, given))
        raise click.UsageError(f"{names} exclude each other", context)
    if not options["interactive"]:
        return given[0].replace("_", "-") if given else "dry-run"
    if options["format_"] != "text":
        raise click.UsageError(f"--interactive does not go with --format {options['format_']}", context)
    if not takes_answers():
        raise NoTerminal("--interactive asks at a terminal, and this is none; --apply writes without asking")
    return "apply"


def shown(context: click.Context, parameter: click.Parameter, value: Sequence[str]) -> tuple[str, ...]:
    """The kinds of places that ``--show`` adds."""
    found = names(context, parameter, value)
    for name in found:
        if name not in PASSED_OVER:
            raise click.BadParameter(f"{name!r} is none of {', '.join(PASSED_OVER)}")
    return found


_OF_LINES = ("since", "staged")
_OTHER_ENDS = ("apply", "interactive", "check", "output", *_OF_LINES)


def check_extent(options: dict[str, Any]) -> None:
    """Refuse what does not go together of the options that say how far a run goes.

    Raises:
        click.UsageError: some do not.
    """
    context = click.get_current_context()

    def refuse(name: str, others: Sequence[str]) -> None:
        for other in others:
            if options[other]:
                raise click.UsageError(f"{_flag(name)} does not go with {_flag(other)}", context)

    if options["since"] and options["staged"]:
        refuse("since", ["staged"])
    if "-" in options["paths"]:
        for name in (*_OF_LINES, "write_baseline", "update_baseline", "interactive", "receipts"):
            if options[name]:
                raise click.UsageError(f"{_flag(name)} does not go with - (stdin)", context)
    refuse_without(options, "count_types", "receipts")
    refuse_without(options, "receipts", "apply")
    if options["receipts"]:
        refuse("receipts", ["interactive", "baseline", *_OF_LINES])
    if options["write_baseline"]:
        refuse("write_baseline", ["baseline", "update_baseline", *_OTHER_ENDS])
    refuse_without(options, "update_baseline", "baseline")
    if options["update_baseline"]:
        refuse("update_baseline", ["select", "ignore", "profile", *_OTHER_ENDS])
    file = options["write_baseline"] or options["update_baseline"] and options["baseline"]
    if file:
        from pathlib import Path

        from pymodernize.files.output_files import NoOutput, check

        try:
            check(Path(file))
        except NoOutput as exc:
            raise click.UsageError(str(exc), context) from None


def refuse_without(options: Mapping[str, Any], name: str, *needed: str) -> None:
    """Refuse an option without one of those that it needs.

    Raises:
        click.UsageError: none of them is given.
    """
    if options[name] and not any(options[item] for item in needed):
        wanted = " or ".join(map(_flag, needed))
        raise click.UsageError(f"{_flag(name)} needs {wanted}", click.get_current_context())


def _flag(name: str) -> str:
    return f"--{name.replace('_', '-')}"
