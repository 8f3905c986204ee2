"""The commands beside the main one. They are loaded when one of them is asked for."""

from __future__ import annotations

import sys
from typing import Any

import click

from pymodernize.commands import options as options_
from pymodernize.commands.exit_code import SETTINGS, own_verdict
from pymodernize.report import FORMATS


@click.command("pymodernize rules", context_settings=SETTINGS)
@click.option("--reasons", is_flag=True, help="List the codes of the reasons why places are left as they are.")
@click.option("--standard", is_flag=True, help="List the rows of the written standard, each with what serves it.")
def rules(*, reasons: bool, standard: bool) -> None:
    """List the installed codemods and checks with their summaries."""
    from pymodernize.commands.explain import show_reasons, show_rules, show_standard

    if reasons and standard:
        raise click.UsageError("--reasons and --standard exclude each other", click.get_current_context())
    with own_verdict():
        sys.exit(show_reasons() if reasons else show_standard() if standard else show_rules())


@click.command("pymodernize explain", context_settings=SETTINGS)
@click.argument("name", shell_complete=options_.completed("names"))
def explain(name: str) -> None:
    """Show what NAME is: a codemod, a check, an assumption, the code of a reason or a setting."""
    from pymodernize.commands.explain import show_rule

    with own_verdict():
        sys.exit(show_rule(name))


_FOLDER = click.Path(exists=True, file_okay=False)


@click.command("pymodernize audit", context_settings=SETTINGS)
@click.argument("project", type=_FOLDER, default=".")
@click.option("--dry-run", is_flag=True, help="Show the fixes as a diff (default).")
@click.option("--apply", is_flag=True, help="Write the fixes, all together; pymodernize undo takes them back.")
@click.option("--check", is_flag=True, help="Write nothing; exit 1 if the project falls short.")
@options_.naming(
    "--select", "checks", metavar="IDS", help_="Make these checks only, or those of these rows: P2,P4-secrets."
)
@options_.naming("--ignore", "checks", metavar="IDS", help_="Leave these out.")
@click.option("--diff", is_flag=True, help="Show the fixes as a diff with --check and --apply, too.")
@click.option("--format", "format_", type=click.Choice(["text", *FORMATS]), default="text", help="How to report.")
@click.option(
    "--output",
    multiple=True,
    shell_complete=options_.completed("formats"),
    metavar="FORMAT:FILE",
    help=f"Report to a file, too; may be repeated. The formats: {', '.join(FORMATS)}.",
)
@click.option("-v", "--verbose", count=True, help="Say more: what holds, tracebacks.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
def audit(project: str, **options: Any) -> None:  # noqa: ANN401 - of click
    """Check a project as a whole: layout, settings of tools, CI, what its repository has.

    PROJECT is its folder, else the current one. What falls short is shown with
    its file and line and with what to do; what is missing and follows from what
    the project says of itself is offered as a fix. A check that does not apply
    says why.
    """
    from pymodernize.commands.audit import Asked, run_audit

    asked = Asked(
        mode=options_.mode({**options, "interactive": False}),
        select=options["select"],
        ignore=options["ignore"],
        format=options["format_"],
        outputs=options_.outputs(options),
        diff=options["diff"],
        verbosity=-1 if options["quiet"] else options["verbose"],
    )
    with own_verdict():
        sys.exit(run_audit(project, asked))


@click.command("pymodernize undo", context_settings=SETTINGS)
@click.argument("run", required=False)
@click.option("--project", type=_FOLDER, help="A folder of the project; else the current one, those above and below.")
@click.option("--force", is_flag=True, help="Restore the other files where some were edited since.")
def undo(run: str | None, project: str | None, force: bool) -> None:
    """Give the files of the last run, or of RUN, their old text back."""
    from pymodernize.commands.undo import undo_run

    with own_verdict():
        sys.exit(undo_run(run, project, force=force))


@click.command("pymodernize history", context_settings=SETTINGS)
@click.option("--project", type=_FOLDER, default=".", help="A folder of the project; else the current one.")
def history(project: str) -> None:
    """List the runs that can be undone, the newest first."""
    from pymodernize.commands.undo import show_history

    with own_verdict():
        sys.exit(show_history(project))


@click.command("pymodernize verify", context_settings=SETTINGS)
@click.argument("folder", metavar="DIR", type=_FOLDER)
@click.option("--project", type=_FOLDER, default=".", help="A folder of the project; else the current one.")
def verify(folder: str, project: str) -> None:
    """Make again what the receipts in DIR tell of, from the texts before, and compare byte for byte.

    The texts before are those of the commit that it began at, or those that
    undo keeps. Nothing of the project is run, and nothing in it changes.
    """
    from pymodernize.commands.migration.verifying import verify_receipts

    with own_verdict():
        sys.exit(verify_receipts(folder, project))


@click.command("pymodernize try", context_settings={**SETTINGS, "allow_interspersed_args": False})
@click.argument("words", nargs=-1, metavar="[-- COMMAND...]")
@click.option("--record", is_flag=True, help="Run COMMAND, with what is typed, and add it to the runs.")
@click.option(
    "--file", "files", multiple=True, metavar="PATH", help="With --record: the text of this file belongs to it."
)
@click.option("--project", type=_FOLDER, default=".", help="A folder of the project; else the current one.")
@click.option(
    "--seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    metavar="N",
    help="How long a run may take (default 60).",
)
@click.option("--unconfined", is_flag=True, help="Run scripts where nothing keeps them within the copy.")
def try_(words: tuple[str, ...], project: str, seconds: float, **options: Any) -> None:  # noqa: ANN401 - of click
    """Make the runs of [tool.pymodernize.try] twice, and say which do the same both times.

    With --record, run COMMAND (python SCRIPT ARGUMENTS) once, with what is
    typed, and add it to pyproject.toml. Scripts run in a throw-away copy of the
    project that they cannot leave; migrate --try-runs has them run before and
    after each of its steps.
    """
    from pymodernize.commands.trying.command import record, try_listed

    context = click.get_current_context()
    if options["record"] != bool(words):
        raise click.UsageError("--record and -- COMMAND go together: --record -- python SCRIPT ARGUMENTS", context)
    options_.refuse_without(options, "files", "record")
    confined = not options["unconfined"]
    with own_verdict():
        if options["record"]:
            sys.exit(record(words, options["files"], confined=confined))
        sys.exit(try_listed(project, seconds, confined=confined))


@click.command("pymodernize lsp", context_settings=SETTINGS)
@click.option("--select", metavar="NAMES", shell_complete=options_.completed("codemods"), help="As of a run.")
@click.option("--ignore", metavar="NAMES", shell_complete=options_.completed("codemods"), help="As of a run.")
@click.option("--assume", metavar="NAMES", shell_complete=options_.completed("assumptions"), help="As of a run.")
@click.option("--config", type=click.Path(exists=True, dir_okay=False, resolve_path=True), help="As of a run.")
def lsp(**options: str | None) -> None:
    """Serve an editor: findings, explanations and rewrites in the text as it stands there (pymodernize[lsp])."""
    try:
        from pymodernize.integrations.lsp.asking import Command
        from pymodernize.integrations.lsp.server import make_server
    except ImportError as exc:
        raise click.UsageError(f"it needs pygls, which pip install 'pymodernize[lsp]' brings ({exc})") from exc
    given = [f"--{name}={value}" for name, value in options.items() if value is not None]
    make_server(Command(given)).start_io()
