"""The command line: parse it, refuse what cannot be meant, call a command, map what it raises to exit codes."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import click

from pymodernize import __version__
from pymodernize.commands import options as options_
from pymodernize.commands.exit_code import SETTINGS, PipeClosed, own_verdict
from pymodernize.report import FORMATS
from pymodernize.report.terminal import escaped, escaped_lines, tell

if TYPE_CHECKING:
    from pymodernize.settings.planning import Request

_EPILOG = """\b
Assumptions:
  A rewrite holds for every input, or for every input but some that have a
  name: tidy-paths, non-empty-paths, plain-arguments and so on. It is made if
  all the assumptions that it rests on are accepted: the usual ones, from which
  no break has been seen, none, all, or those that are named. What is withheld
  is shown with what it needs. In files that others import the usual ones do
  not cover what callers hand in. changes-behaviour is accepted by name only.
  pymodernize explain NAME shows the inputs that differ, with an example.

\b
Exit codes:
  0    all went well
  1    --check would have changed something
  2    the command line or the settings are wrong
  3    there is a file that cannot be worked on; one that is no Python 3
       does not count with --unparsable warn
  4    a codemod failed, or the self-check turned its rewrite down
  70   a fault of pymodernize; a line says how to report it
  130  Ctrl-C; no file is half-written

\b
Other commands:
  pymodernize rules          list the codemods and checks; --standard: by practice
  pymodernize explain NAME   say what a codemod, check, assumption, reason or setting is
  pymodernize audit [FOLDER] check a project's layout, settings, CI, and mend what can be
  pymodernize migrate PATH   all of it in steps, as commits that a person reads
  pymodernize undo [RUN]     give the files of the last run, or of RUN, their old text back
  pymodernize history        list the runs that can be undone
  pymodernize verify DIR     make a run again from its receipts, and compare
  pymodernize try            make the runs by which migrate --try-runs tries scripts, or record one
  pymodernize lsp            serve an editor
  pymodernize new NAME       begin a codemod
  pymodernize test PACK      check the codemods of a pack by their cases
A path that is called like a command is written ./rules.
"""


_FILE: dict[str, Any] = {"shell_complete": options_.completed("files")}


@click.command("pymodernize", epilog=_EPILOG, context_settings=SETTINGS)
@click.argument("paths", nargs=-1, metavar="PATH...", **_FILE)
@click.option("--dry-run", is_flag=True, help="Show the changes as a diff (default).")
@click.option("--apply", is_flag=True, help="Write the changes.")
@click.option("-i", "--interactive", is_flag=True, help="Ask about each file and codemod, and write what is wanted.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if there are changes to make.")
@options_.naming("--select", "codemods", help_="Run these codemods only: A,B,C.")
@options_.naming("--ignore", "codemods", help_="Leave these codemods out.")
@options_.naming(
    "--assume",
    "assumptions",
    help_="What may be taken for granted: usual (default), none, all, or names; +NAME adds one, -NAME takes one away.",
)
@click.option("--unsafe", is_flag=True, help="The same as --assume all.")
@click.option(
    "--target-version",
    shell_complete=options_.completed("versions"),
    metavar="pyXY",
    help="The oldest Python that the files must run on.",
)
@click.option(
    "--style",
    type=click.Choice(["plain", "standard"]),
    help="How much new code says: the least, or the whole template.",
)
@click.option(
    "--profile",
    type=click.Choice(["expressions", "plain", "standard"]),
    help="How much may change: expressions alone; all (plain); all, with the whole template.",
)
@click.option(
    "--unparsable",
    type=click.Choice(["error", "warn"]),
    help="What files that are no Python 3 count as: an error (exit 3, default), or a warning.",
)
@click.option(
    "--then-format", is_flag=True, help="Hand changed files to the formatter of their project: ruff or Black."
)
@click.option("--diff", is_flag=True, help="Show the changes as a diff with --check and --apply, too.")
@click.option("--format", "format_", type=click.Choice(["text", *FORMATS]), default="text", help="How to report.")
@click.option(
    "--output",
    multiple=True,
    shell_complete=options_.completed("formats"),
    metavar="FORMAT:FILE",
    help=f"Report to a file, too; may be repeated. The formats: {', '.join(FORMATS)}.",
)
@click.option(
    "--receipts",
    metavar="DIR",
    help="For each file that is written, say what was done on what evidence; pymodernize verify DIR checks it.",
    **_FILE,
)
@click.option("--count-types", is_flag=True, help="With --receipts: have the project's pyright or mypy count errors.")
@click.option(
    "--table",
    callback=options_.table,
    metavar="FILE",
    **_FILE,
    help="Write a row a finding, a file and the run, too: to FILE.csv or FILE.parquet; those of many runs add up.",
)
@click.option("--edits", is_flag=True, help="Have JSON tell the edits of each finding alone; takes as long again.")
@click.option("--texts", is_flag=True, help="Have JSON tell the whole new text of each changed file.")
@click.option(
    "--stdin-filename",
    shell_complete=options_.completed("files"),
    metavar="PATH",
    help="The name of what comes from stdin (path -).",
)
@click.option(
    "--explain-line",
    "explained",
    metavar="FILE:LINE",
    help="Show why the codemods decide as they do at a line; no PATH.",
    **_FILE,
)
@click.option(
    "--show-settings",
    "settings_of",
    metavar="FILE",
    help="Show the settings that hold for a file, and where each is from; no PATH.",
    **_FILE,
)
@click.option("--config", type=click.Path(exists=True, dir_okay=False), help="The settings file; else pyproject.toml.")
@click.option(
    "--since", metavar="REV", help="Only what is found in lines changed since this branch left the commit REV."
)
@click.option("--staged", is_flag=True, help="Only what is found in lines that are staged for a commit.")
@click.option(
    "--baseline",
    shell_complete=options_.completed("files"),
    metavar="FILE",
    help="Leave what this file knows: see --write-baseline.",
)
@click.option(
    "--write-baseline",
    shell_complete=options_.completed("files"),
    metavar="FILE",
    help="Write what is found now to a file, and nothing else.",
)
@click.option("--update-baseline", is_flag=True, help="Take what is gone out of the file of --baseline; add nothing.")
@click.option("--jobs", type=click.IntRange(min=1), metavar="N", help="How many processes work; else all usable cores.")
@click.option(
    "--executor", type=click.Choice(["processes", "dask"]), default="processes", help="Who works: see --scheduler."
)
@click.option("--scheduler", metavar="ADDRESS", help="The Dask scheduler whose workers do the work.")
@click.option("--statistics", is_flag=True, help="Count what was found and why, instead of showing each.")
@click.option(
    "--show",
    multiple=True,
    callback=options_.shown,
    shell_complete=options_.completed("shown"),
    metavar="WHAT",
    help="Show each place that is passed over otherwise: flagged (by a check), kept (on purpose), withheld: A,B.",
)
@click.option("--no-pager", is_flag=True, help="On a terminal, show it all at once, however long it is.")
@click.option("--no-cache", is_flag=True, help="Work on every file, whatever is known from earlier runs.")
@click.option("-v", "--verbose", count=True, help="Say more: tracebacks, skipped links, all diffs, times.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
@click.version_option(__version__, message="%(prog)s %(version)s")
def modernize(**options: Any) -> None:  # noqa: ANN401 - click passes what the options say
    """Bring legacy Python scripts up to a written standard.

    PATH is a file, a folder, a pattern such as 'jobs/**/*.py', or - for stdin.
    """
    from pymodernize.commands.run import execute

    request = _request(options)
    with own_verdict():
        if options["explained"] is not None:
            from pymodernize.commands.explain import explain_line

            sys.exit(explain_line(request, options["explained"]))
        if options["settings_of"] is not None:
            from pymodernize.commands.show_settings import show_settings

            sys.exit(show_settings(request, options["settings_of"]))
        if not request.paths:
            raise click.UsageError("Missing argument 'PATH...'.", click.get_current_context())
        sys.exit(execute(request))


def _request(options: dict[str, Any]) -> Request:
    from pymodernize.settings.planning import Request

    options_.check_extent(options)
    return Request(
        **options_.deciding(options),
        mode=options_.mode(options),
        interactive=options["interactive"],
        format=options["format_"],
        stdin_filename=options["stdin_filename"],
        statistics=options["statistics"],
        show=options["show"],
        diff=options["diff"],
        edits=options["edits"],
        texts=options["texts"],
        baseline=options["baseline"],
        write_baseline=options["write_baseline"],
        update_baseline=options["update_baseline"],
        since=options["since"],
        staged=options["staged"],
        outputs=options_.outputs(options) if options["output"] else (),
        pager=not options["no_pager"],
        executor=options["executor"],
        scheduler=options["scheduler"],
        receipts=options["receipts"],
        count_types=options["count_types"],
        table=options["table"],
    )


COMMANDS = ("rules", "explain", "audit", "undo", "history", "verify", "try", "lsp", "migrate", "new", "test")
"""The names of the other commands, which are loaded when they are asked for."""


def _command(name: str) -> click.Command:
    if name == "migrate":
        from pymodernize.commands.migration.options import command

        return command(modernize.params)
    if name in {"new", "test"}:
        from pymodernize.commands.authoring import commands as authoring

        return getattr(authoring, name)
    from pymodernize.commands import subcommands

    return getattr(subcommands, {"try": "try_"}.get(name, name))


def commands() -> dict[str, click.Command]:
    """All commands but that without a name of its own."""
    return {name: _command(name) for name in COMMANDS}


def main(argv: Sequence[str] | None = None) -> None:
    """Entry point of the ``pymodernize`` command.

    Args:
        argv: the arguments without the program's name; those of the process
            if None.
    """
    if (asked := os.environ.get("_PYMODERNIZE_COMPLETE")) and argv is None:
        from pymodernize.commands.completion import complete

        sys.exit(complete(asked, modernize, commands()))
    arguments = list(sys.argv[1:] if argv is None else argv)
    try:
        if arguments[:1] != ["try"]:  # whose arguments are a script's
            _refuse_empty(arguments)
        command = _command(arguments[0]) if arguments and arguments[0] in COMMANDS else None
        _run(command, arguments)
    except click.ClickException as exc:
        error = exc
        _end(exc.exit_code, lambda: _show(error))
    except (click.Abort, KeyboardInterrupt):
        _end(130, "interrupted; no file is half-written")
    except (PipeClosed, BrokenPipeError):
        _close_quietly()
        sys.exit(141)
    except OSError as exc:
        # What concerns a single file has been dealt with there: this is stdout, on a full disk perhaps.
        _end(3, f"cannot go on: {exc}")
    except Exception as exc:
        _end(70, _fault(exc, arguments))


def _run(command: click.Command | None, arguments: list[str]) -> None:
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")  # a terminal may lack characters that the files have
    try:
        if command is None:
            _refuse_mistyped(arguments)
            modernize.main(arguments, prog_name="pymodernize", standalone_mode=False)
        else:
            command.main(arguments[1:], prog_name=f"pymodernize {arguments[0]}", standalone_mode=False)
    finally:
        # Here and not when the interpreter ends, which would have the last word on the exit code.
        for stream in (sys.stdout, sys.stderr):
            if stream is not None and not stream.closed:  # the server of editors closes them
                stream.flush()


def _end(code: int, last: str | Callable[[], None]) -> NoReturn:
    """End the process with a code and a last line, whether or not anyone can be told.

    Args:
        code: the exit code.
        last: the line, or what says it.
    """
    try:
        if callable(last):
            last()
        else:
            tell(f"pymodernize: {last}")
    except Exception:
        _close_quietly()  # stderr is full
    if code == 3:
        _close_quietly()  # stdout is
    sys.exit(code)


def _show(error: click.ClickException) -> None:
    """Say what is wrong with the command line or the settings, in one line, whatever names and values are in it."""
    message = escaped(error.format_message())
    # Before click sees it, which takes escape sequences out of what no terminal gets.
    vars(error)["format_message"] = lambda: message
    error.show()


def _fault(error: Exception, arguments: Sequence[str]) -> str:
    """The message for an unexpected exception."""
    import traceback

    from pymodernize.execution.faults import fault

    if any(argument == "--verbose" or argument[:2] == "-v" for argument in arguments):
        click.echo(escaped_lines("".join(traceback.format_exception(error))), err=True)
    return f"{fault(error)}; to report it, run the same command with -v and send what it says, with the file if you may"


def _refuse_empty(arguments: list[str]) -> None:
    """Say so if an argument is empty: ``--apply "$UNSET"`` must not mean the current folder.

    Raises:
        click.UsageError: one is.
    """
    for number, argument in enumerate(arguments):
        if argument == "" or argument.startswith("--") and argument.endswith("="):
            name = f"the value of {argument[:-1]}" if argument else f"argument {number + 1}"
            raise click.UsageError(
                f"{name} is empty: a variable that is not set, perhaps",
                click.Context(modernize, info_name="pymodernize", **SETTINGS),
            )


def _refuse_mistyped(arguments: list[str]) -> None:
    """Say so if what is given is no path but close to the name of a command or an option.

    Raises:
        click.UsageError: it is.
    """
    word = arguments[0] if arguments else ""
    if not word.isidentifier() or os.path.lexists(word):
        return
    import difflib

    close = difflib.get_close_matches(word, [*COMMANDS, "--help", "--version", "--apply", "--check"], 1, 0.7)
    if close:
        raise click.UsageError(
            f"no file is called {word!r}; did you mean 'pymodernize {close[0]}'?",
            click.Context(modernize, info_name="pymodernize", **SETTINGS),
        )


def _close_quietly() -> None:
    """Keep the interpreter from flushing into a pipe that nobody reads any more, or on to a full disk."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            with contextlib.suppress(OSError, ValueError):  # a stream of somebody who calls main has no descriptor
                os.dup2(nowhere, stream.fileno())


if __name__ == "__main__":
    main()
