"""The scripts of fixtures/_scripts do the same before and after."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest
from running import SCRIPTS, apply_to, execute, load_toml, make_plan, work_on

from pymodernize.codemod import Status

HELP = {"-h", "--help"}
FOLDERS = sorted(path.parent for path in SCRIPTS.glob("*/runs.toml"))
RUNS = [
    pytest.param(folder, case, id=f"{folder.name}-{case['name'].replace(' ', '-')}")
    for folder in FOLDERS
    for case in load_toml(folder / "runs.toml")["run"]
]


def fresh(folder: Path, target: Path) -> Path:
    """A copy of a script's folder without the recorded runs."""
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("runs.toml", "__pycache__"))
    return target


def applied(folder: Path, *assume: str) -> dict[str, Path]:
    """Each script's folder as ``--apply`` leaves it."""
    made = {}
    for source in FOLDERS:
        made[source.name] = fresh(source, folder / source.name)
        apply_to(made[source.name], make_plan(assume=assume))
    return made


@pytest.fixture(scope="session")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each script's folder under the defaults."""
    return applied(tmp_path_factory.mktemp("rewritten"), "usual")


@pytest.fixture(scope="session")
def commands(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each script's folder where nobody hands a script more arguments than it reads."""
    return applied(tmp_path_factory.mktemp("commands"), "usual", "surplus-arguments")


def test_there_are_twelve_scripts_with_two_runs_each():
    assert len(FOLDERS) >= 12
    for folder in FOLDERS:
        runs = load_toml(folder / "runs.toml")["run"]
        assert len(runs) >= 2, folder.name


@pytest.mark.no_cover
@pytest.mark.parametrize(("folder", "case"), RUNS)
def test_recorded_run_before_and_after(folder: Path, case: dict, rewritten: dict[str, Path], tmp_path: Path):
    old = execute(fresh(folder, tmp_path / "source"), tmp_path / "old", case, case["script"])
    assert (old.status, old.stdout.decode()) == (case["status"], case.get("stdout", "")), old.stderr
    recorded = {name: text.encode() for name, text in case.get("writes", {}).items()}
    assert old.writes == recorded

    new = execute(rewritten[folder.name], tmp_path / "new", case, case["script"])
    if HELP & set(case["args"]):
        assert new.status == 0 and new.stdout.startswith(b"usage: ") or new == old
        return
    assert (new.status == 0) == (old.status == 0), new.stderr
    if new.status == 2 and new.stderr.startswith("usage: "):
        return  # argparse refuses the call, with its own words and before any work
    assert new.stdout == old.stdout, new.stderr
    assert (new.writes, new.removed) == (old.writes, old.removed)
    if "Traceback" not in old.stderr:
        # What print-to-logging promises for stderr, too.
        assert new.stderr == old.stderr


# All but the module that the others of its folder import.
COMMANDS = sorted({f"{item.values[0].name}/{item.values[1]['script']}" for item in RUNS} - {"mail_merge/mmlib.py"})


@pytest.mark.parametrize("script", COMMANDS)
def test_every_script_is_a_command(script: str, commands: dict[str, Path], tmp_path: Path):
    """It tells how it is called, and refuses what it does not know before any work is done."""
    folder, name = script.split("/")
    asked = execute(commands[folder], tmp_path / "asked", {"args": ["--help"]}, name)
    assert (asked.status, asked.stderr) == (0, "")
    assert asked.stdout.startswith(b"usage: " + name.encode())
    refused = execute(commands[folder], tmp_path / "refused", {"args": ["--no-such-option"]}, name)
    assert (refused.status, refused.stdout) == (2, b"")
    assert refused.stderr.startswith("usage: ")


@pytest.mark.no_cover
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_second_run_changes_nothing(folder: Path, rewritten: dict[str, Path]):
    again = work_on(rewritten[folder.name], make_plan())
    assert [name for name, report in again.items() if report.result.output is not None] == []


@pytest.mark.no_cover
def test_most_prints_of_most_scripts_are_dealt_with():
    counts: Counter[Status] = Counter()
    for folder in FOLDERS:
        for report in work_on(folder, make_plan()).values():
            assert report.result.error is None
            counts.update(finding.status for finding in report.result.findings)
    assert counts[Status.REJECTED] == 0
    assert counts[Status.APPLIED] >= 120
