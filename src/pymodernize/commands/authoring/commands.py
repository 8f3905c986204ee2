"""The command lines of ``pymodernize new`` and ``pymodernize test``."""

from __future__ import annotations

import sys

import click

from pymodernize.commands.exit_code import SETTINGS, own_verdict

_FOLDER = click.Path(file_okay=False)


@click.command("pymodernize new", context_settings=SETTINGS)
@click.argument("name")
@click.option("--pack", metavar="DIR", type=_FOLDER, help="The pack's folder; it is begun if there is none. Else here.")
def new(name: str, pack: str | None) -> None:
    """Begin a codemod: its module and three cases, two of which must not change.

    The module is written into the package that pyproject.toml declares as a
    pack, the cases into fixtures/NAME beside pyproject.toml.
    """
    from pymodernize.commands.authoring.scaffold import begin

    with own_verdict():
        sys.exit(begin(name, pack))


@click.command("pymodernize test", context_settings=SETTINGS)
@click.argument("pack")
@click.argument("cases", nargs=-1, metavar="[CODEMOD|CODEMOD/CASE]...")
@click.option("--fixtures", metavar="DIR", type=click.Path(exists=True, file_okay=False), help="Where the cases are.")
@click.option("--update-fixtures", is_flag=True, help="Write what comes out as what should come out; read it then.")
def test(pack: str, cases: tuple[str, ...], fixtures: str | None, *, update_fixtures: bool) -> None:
    """Check the codemods of PACK by their cases, and say what is wrong and what to do.

    PACK is the folder of a pack, or the name of one that is installed, or of
    a codemod. Each case is run before and after, a second time, alone and
    beside all other codemods, with comments that suppress it, with other
    line ends and encodings; scripts with a [run] table are executed, and so
    are counterexamples of assumptions. The exit code is 1 if anything fails.
    """
    from pymodernize.commands.authoring.testing import check_pack

    with own_verdict():
        sys.exit(check_pack(pack, cases, fixtures, update=update_fixtures))
