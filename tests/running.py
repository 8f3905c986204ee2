"""Run scripts before and after, and compare what a person or a pipe would see."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from randomised import FACTOR

from pymodernize.assumptions import accept
from pymodernize.codemod import Codemod
from pymodernize.discover import discover
from pymodernize.execute import FileReport, run
from pymodernize.plan import Plan
from pymodernize.planning import known_assumptions
from pymodernize.registry import entries
from pymodernize.settings import make_options, parse_target

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
SCRIPTS = FIXTURES / "_scripts"
# Those that a run over a whole folder is tried on: the shortest few in the suite, all of them for ``make evidence``.
WHOLE = sorted(SCRIPTS.rglob("*.py"), key=lambda path: path.stat().st_size)[: 4 * FACTOR]
MAX_SIZE = 2_000_000


def load_toml(path: Path) -> dict:
    """A TOML file as a dictionary."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def installed() -> dict[str, type[Codemod]]:
    """The installed codemods by name, found and loaded once: to find them reads the metadata of all distributions."""
    return {name: entry.load() for name, entry in entries().items()}


# Scripts of tests say as little as they can: one record is enough for them.
_OF_SMALL_SCRIPTS = {"print-to-logging": {"fewest": 1}}


def make_plan(
    select: Sequence[str] | None = None,
    options: Mapping | None = None,
    *,
    assume: Sequence[str] = ("usual",),
    unsafe: bool = False,
    style: str = "plain",
    target: str = "",
) -> Plan:
    """A plan of installed codemods, with options by codemod name, under assumptions as ``--assume`` takes them.

    Without any options those of small scripts hold.
    """
    given = _OF_SMALL_SCRIPTS if options is None else options
    codemods = [
        codemod(make_options(codemod, given.get(name, {}), "the case"))
        for name, codemod in installed().items()
        if select is None or name in select
    ]
    accepted = accept(["all"] if unsafe else assume, known_assumptions(installed().values()))
    plan = Plan(tuple(codemods), accepted.everywhere, accepted_in_scripts=accepted.in_scripts, style=style)
    return replace(plan, target_version=parse_target(target, "the case")) if target else plan


def work_on(folder: Path, plan: Plan) -> dict[str, FileReport]:
    """The reports of a run over a folder, by relative path; nothing is written."""
    files = discover([str(folder)]).files
    reports = run(files, plan, max_size=MAX_SIZE, folders=[folder])
    return {Path(os.path.relpath(report.path, folder)).as_posix(): report for report in reports}


def apply_to(folder: Path, plan: Plan) -> dict[str, FileReport]:
    """Work on a folder and write the changes."""
    reports = work_on(folder, plan)
    for report in reports.values():
        if report.result.output is not None:
            report.path.write_bytes(report.result.output)
    return reports


@dataclass
class Seen:
    """What came of one execution."""

    status: int
    stdout: bytes
    stderr: str
    writes: dict[str, bytes] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)


def snapshot(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def execute(source: Path, target: Path, case: Mapping, script: str) -> Seen:
    """Run a script in a fresh copy of its folder, as a ``[run]`` table says.

    Args:
        source: the folder of the script.
        target: where the copy is made.
        case: ``args``, ``stdin``, ``files``.
        script: the file to run.
    """
    shutil.copytree(source, target)
    for name, text in case.get("files", {}).items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_text(text, encoding="utf-8", newline="")
    before = snapshot(target)
    environment = {"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "HOME": str(target)}
    if "SYSTEMROOT" in os.environ:
        environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
    done = subprocess.run(
        [sys.executable, script, *case.get("args", [])],
        cwd=target,
        input=case.get("stdin", "").encode(),
        capture_output=True,
        env=environment | case.get("env", {}),
        timeout=30,
        check=False,
    )
    after = snapshot(target)
    writes = {name: data for name, data in after.items() if before.get(name) != data}
    removed = set(before.keys() - after.keys())
    return Seen(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"), writes, removed)
