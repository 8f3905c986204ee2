"""``pymodernize test``: the cases of a pack are put to all checks, and what fails is said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from functools import partial

import click

from pymodernize.assumptions import UnknownAssumption
from pymodernize.commands.authoring import counterexamples
from pymodernize.commands.authoring.cases import Case, cases_below
from pymodernize.commands.authoring.checks import CHECKS, CheckFailed, check_collection, golden
from pymodernize.commands.authoring.packs import NoPack, Pack, find_pack
from pymodernize.files.scratch import scratch
from pymodernize.files.toml import NotToml
from pymodernize.registry import RegistryError
from pymodernize.report.terminal import show
from pymodernize.settings import SettingsError

PASSED, FAILED = 0, 1


def check_pack(word: str, patterns: Sequence[str], fixtures: str | None, *, update: bool) -> int:
    """Check the cases of a pack, and say what is wrong and how many there were.

    Args:
        word: a folder, or the name of an installed pack or codemod.
        patterns: the codemods or cases that are meant, as ``codemod`` or ``codemod/case``; all if there is none.
        fixtures: the folder of the cases, if it is not where one looks for it.
        update: whether what comes out is written to the cases first.

    Returns:
        The exit code: 1 if a check has failed.

    Raises:
        click.UsageError: there is no such pack or case.
    """
    try:
        pack = find_pack(word, fixtures)
    except (NoPack, RegistryError) as exc:
        raise click.UsageError(str(exc)) from exc
    cases = _chosen(pack, patterns)
    problems = 0
    for name in pack.own:
        own = [case for case in cases if case.codemod == name]
        if not patterns or own:
            problems += _test_codemod(pack, name, own, whole=not any("/" in item for item in patterns), update=update)
    if problems:
        show(f"{problems} {'check fails' if problems == 1 else 'checks fail'}")
    return FAILED if problems else PASSED


def _chosen(pack: Pack, patterns: Sequence[str]) -> list[Case]:
    """The cases that are meant.

    Raises:
        click.UsageError: a pattern means none, or a folder of cases belongs to no codemod.
    """
    cases = cases_below(pack.fixtures)
    for pattern in patterns:
        if not any(_fits(case, pattern) for case in cases):
            raise click.UsageError(f"no case is called {pattern!r} in {pack.fixtures}; a case is named codemod/case")
    lost = sorted({case.codemod for case in cases} - pack.all.keys())
    if lost:
        raise click.UsageError(f"{pack.fixtures} has cases of {', '.join(lost)}, and no codemod has that name")
    return [case for case in cases if not patterns or any(_fits(case, pattern) for pattern in patterns)]


def _fits(case: Case, pattern: str) -> bool:
    return fnmatchcase(str(case), pattern) or fnmatchcase(case.codemod, pattern)


def _test_codemod(pack: Pack, name: str, cases: Sequence[Case], *, whole: bool, update: bool) -> int:
    """Check the cases of one codemod, and say what came of it.

    Returns:
        How many checks failed.
    """
    problems = sum(_test_case(case, pack, update=update) for case in cases)
    if whole:
        problems += _tried(name, partial(check_collection, name, cases))
        for assumption in pack.own[name].assumptions:
            if assumption.example is not None and assumption.example.codemod == name:
                with scratch() as folder:
                    of = f"{name}: the counterexample of {assumption.name}"
                    problems += _tried(of, partial(counterexamples.check, assumption, pack.all, folder))
    if not problems:
        show(f"{name}: {len(cases)} {'case is' if len(cases) == 1 else 'cases are'} as they should be")
    return problems


def _test_case(case: Case, pack: Pack, *, update: bool) -> int:
    """Put a case to all checks that are for it, until one fails.

    Returns:
        How many checks failed: 0 or 1, since what fails first explains the rest.
    """
    for check in CHECKS:
        if not check.is_for(case):
            continue
        with scratch() as folder:
            of_case = partial(golden, update=True) if update and check.of_case is golden else check.of_case
            if _tried(f"{case}: {check.name}", partial(of_case, case, pack.all, folder)):
                return 1
    return 0


def _tried(of: str, check: Callable[[], object]) -> int:
    """Run a check and say what is wrong.

    Returns:
        1 if it fails, else 0.
    """
    try:
        check()
    except (CheckFailed, NotToml, SettingsError, UnknownAssumption, OSError) as exc:
        show(f"{of}: {exc}\n")
        return 1
    return 0
