"""The command line of ``pymodernize migrate``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any

import click

from pymodernize.commands.options import DECIDING, TELLING, deciding, refuse_without
from pymodernize.settings.planning import Request

_EPILOG = """\b
Without --commit and --apply it shows the plan and writes nothing. One that was
cut off goes on where it was if the same command is run again.
"""


@click.command("pymodernize migrate", epilog=_EPILOG, context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("paths", nargs=-1, metavar="PATH...")
@click.option("--commit", is_flag=True, help="Make one commit of git a step.")
@click.option("--apply", is_flag=True, help="Write all steps, and make no commit.")
@click.option(
    "--by",
    type=click.Choice(["codemod", "file", "folder"]),
    default="codemod",
    help="What has commits of its own: each codemod (default), file or folder.",
)
@click.option(
    "--max-changes", type=click.IntRange(min=1), metavar="N", help="At most so many rewrites a commit, where it can be."
)
@click.option(
    "--max-lines",
    type=click.IntRange(min=1),
    metavar="N",
    help="At most so many lines taken out and put in a commit, where a single rewrite has no more.",
)
@click.option("--branch", metavar="NAME", help="Begin this branch, and commit there.")
@click.option("--allow-dirty", is_flag=True, help="Pass over files that have changes which are not committed.")
@click.option("--ignore-revs", is_flag=True, help="List the commits in .git-blame-ignore-revs, by a commit of its own.")
@click.option(
    "--verify",
    multiple=True,
    metavar="CMD",
    help="Run CMD before anything and after each commit's changes; withhold rewrites with which it fails. Repeatable.",
)
@click.option("--verify-junit", metavar="FILE", help="The JUnit XML that CMD writes: it names the tests that fail.")
@click.option(
    "--verify-seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=900.0,
    metavar="N",
    help="How long CMD may take (default 900); what takes longer fails.",
)
@click.option(
    "--try",
    multiple=True,
    metavar="CMD",
    help="Run each script that changes by CMD, such as 'python {script}', in a copy of the project that it cannot "
    "leave, before and after; withhold rewrites with which it does something else. Repeatable.",
)
@click.option("--try-runs", is_flag=True, help="Do that with the runs of [tool.pymodernize.try].")
@click.option(
    "--try-seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    metavar="N",
    help="How long a script may run (default 60).",
)
@click.option("--unconfined", is_flag=True, help="Try scripts where nothing keeps them within the copy.")
@click.option(
    "--pr-body",
    metavar="DIR",
    help="Write a text in Markdown for each commit: what, why, before and after, what is left, how to check it.",
)
@click.option("--each", is_flag=True, help="Each PATH is a repository of its own; a broken one costs a line.")
@click.option("--restart", is_flag=True, help="Forget a migration that was cut off; what it has committed stays.")
def _migrate(**options: Any) -> None:  # noqa: ANN401 - click passes what the options say
    """Migrate a project in steps, one codemod after the other: as commits that a person reads.

    PATH is a file, a folder or a pattern, in one repository of git; with
    --each, each is a repository. The last step ends in what --apply of all
    codemods at once ends in.
    """
    context = click.get_current_context()
    if not options["paths"]:
        raise click.UsageError("Missing argument 'PATH...'.", context)
    if options["commit"] and options["apply"]:
        raise click.UsageError("--commit and --apply exclude each other", context)
    for name in ("branch", "pr_body", "allow_dirty", "ignore_revs", "restart"):
        refuse_without(options, name, "commit")
    for name in ("verify", "try", "try_runs", "receipts"):
        refuse_without(options, name, "commit", "apply")
    refuse_without(options, "count_types", "receipts")
    refuse_without(options, "verify_junit", "verify")
    refuse_without(options, "unconfined", "try", "try_runs")
    request = Request(**deciding(options), mode="apply", **{name: options[name] for name in TELLING})
    from pymodernize.commands.migration.each import migrate_all

    sys.exit(migrate_all(request, options))


def command(shared: Sequence[click.Parameter]) -> click.Command:
    """The command.

    Args:
        shared: the options of a run, of which those that decide what is rewritten, or have more told of it, are its
            own, too.
    """
    known = {item.name for item in _migrate.params}
    _migrate.params += [item for item in shared if item.name in DECIDING | TELLING and item.name not in known]
    return _migrate
