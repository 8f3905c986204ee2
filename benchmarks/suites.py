"""Run a project's own tests and compare two runs."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from materials import WORK
from sdists import PYTHON, Sdist

SECONDS_A_TEST = 120
SECONDS_A_SUITE = 1200
CAUSE_LENGTH = 160
# From good to bad: of several entries for one test, the worst counts.
PASSED, SKIPPED, FAILED = "passed", "skipped", "failed"
RANK = {PASSED: 0, SKIPPED: 1, FAILED: 2}


class SuiteError(RuntimeError):
    """A test suite does not run at all."""


@dataclass(frozen=True)
class Outcome:
    """What became of one test.

    Attributes:
        state: passed, skipped or failed.
        cause: the line that names the exception, empty for a test that passed.
        place: file and line where it was raised, as far as pytest tells.
    """

    state: str
    cause: str = ""
    place: str = ""


def run(
    sdist: Sdist, folder: Path, *, arguments: Sequence[str] = (), environ: Mapping[str, str] | None = None
) -> dict[str, Outcome]:
    """Run a project's tests on a copy of its folder.

    Every run is in a folder of the same name, so that a test that depends on
    where it lies sees no difference; the folder itself stays clean.

    Args:
        sdist: the project.
        folder: its unpacked, perhaps rewritten files.
        arguments: further arguments of pytest.
        environ: further environment variables; ``PYTHONPATH`` is put after the project's folder.

    Returns:
        The tests' outcomes by their ids; none if the run came to no end.
    """
    place = WORK / "suites" / sdist.name
    if place.exists():
        shutil.rmtree(place)
    for name in ("home", "temp"):
        (place / name).mkdir(parents=True)
    copy = place / sdist.name
    shutil.copytree(folder, copy, symlinks=True)
    report = place / "report.xml"
    options = ["-q", "-p", "no:cacheprovider", "-p", "pytest_timeout", f"--timeout={SECONDS_A_TEST}"]
    # One file that cannot be imported is not to hide the others.
    options += ["--continue-on-collection-errors", f"--junitxml={report}", *sdist.arguments, *arguments]
    command = [str(PYTHON), "-m", "pytest", *options, *sdist.tests]
    with open(place / "output.txt", "wb") as output:
        process = subprocess.Popen(  # noqa: S603
            command,
            cwd=copy,
            env=_environ(sdist, copy, environ or {}),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            process.wait(SECONDS_A_SUITE)
        except subprocess.TimeoutExpired:
            # Whatever the tests have started is in the same group.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return read(report.read_text(encoding="utf-8"), copy) if report.exists() else {}


def _environ(sdist: Sdist, copy: Path, more: Mapping[str, str]) -> dict[str, str]:
    path = os.pathsep.join([str(copy), *filter(None, [more.get("PYTHONPATH")])])
    nowhere = "http://127.0.0.1:9"
    own = {
        "HOME": str(copy.parent / "home"),
        "TMPDIR": str(copy.parent / "temp"),
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
        # Sets and dictionaries in the same order before and after.
        "PYTHONHASHSEED": "0",
        # A test that asks another machine is to fail at once, and each time.
        "http_proxy": nowhere,
        "https_proxy": nowhere,
        "no_proxy": "localhost,127.0.0.1,::1",
    }
    inherited = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "PYTEST"))}
    return {**inherited, **own, **dict(sdist.environ), **more, "PYTHONPATH": path}


def read(report: str, folder: Path | None = None) -> dict[str, Outcome]:
    """The outcomes in a report that pytest has written in JUnit's format.

    Args:
        report: the XML.
        folder: where the tests ran; its name, and those of temporary folders
            beside it, are taken out of ids and causes.

    Returns:
        Outcomes by id, which is the class or module and the name; addresses
        of objects, which differ from run to run, are taken out.
    """
    found: dict[str, Outcome] = {}
    for case in ElementTree.fromstring(report).iter("testcase"):  # noqa: S314
        name = "::".join(part for part in (case.get("classname"), case.get("name")) if part)
        outcome = _outcome(case)
        name, cause, place = (_stable(text, folder) for text in (name, outcome.cause, outcome.place))
        if name not in found or RANK[outcome.state] > RANK[found[name].state]:
            found[name] = Outcome(outcome.state, cause, place)
    return found


def _outcome(case: ElementTree.Element) -> Outcome:
    for state, tags in ((FAILED, ("failure", "error")), (SKIPPED, ("skipped",))):
        for child in case:
            if child.tag in tags:
                places = re.findall(r"^(\S.*\.py:\d+): ", child.text or "", re.M)
                return Outcome(state, _cause(child), places[-1] if places and state == FAILED else "")
    return Outcome(PASSED)


def _cause(element: ElementTree.Element) -> str:
    """The line that names the exception: the last one that pytest marks, as the message may be a mere heading."""
    marked = re.findall(r"^E   +(\w[\w.]*(?:Error|Exception|Warning|Exit|Interrupt)\b.*)$", element.text or "", re.M)
    lines = marked[-1:] or (element.get("message") or element.text or "").strip().splitlines()
    return lines[0].strip()[:CAUSE_LENGTH] if lines else "no message"


def _stable(text: str, folder: Path | None) -> str:
    text = re.sub(r"\b0x[0-9a-f]{6,}", "0x", text)
    if folder:
        text = text.replace(str(folder), ".")
        # Names in the temporary folder differ from test to test.
        text = re.sub(re.escape(str(folder.parent / "temp")) + r"/[^/'\"\s]+", "TMP", text)
    return text


def newly_failing(before: Mapping[str, Outcome], after: Mapping[str, Outcome]) -> dict[str, Outcome]:
    """The tests that passed and pass no more, with what became of them.

    A test that is skipped now, or not run at all, has not passed either.

    Args:
        before: outcomes of the original.
        after: outcomes of what was rewritten.
    """
    # Why a file's tests are not run is said by an entry that was not there before: the file cannot be imported.
    new = {item.cause for name, item in after.items() if item.state == FAILED and name not in before}
    reason = "; ".join(["not run", *sorted(new)])[:CAUSE_LENGTH]
    lost = {}
    for name, outcome in sorted(before.items()):
        now = after.get(name, Outcome(FAILED, reason))
        if outcome.state == PASSED and now.state == FAILED:
            lost[name] = now
        elif outcome.state == PASSED and now.state == SKIPPED:
            lost[name] = Outcome(SKIPPED, f"skipped: {now.cause}")
    return lost


def by_cause(lost: Mapping[str, Outcome]) -> dict[str, list[str]]:
    """The tests of each cause with the places, the most frequent cause first."""
    groups: dict[str, list[str]] = {}
    for name, outcome in lost.items():
        place = f" ({outcome.place})" if outcome.place else ""
        groups.setdefault(outcome.cause, []).append(f"{name}{place}")
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])))


def confirmed(
    lost: Mapping[str, Outcome], before: Mapping[str, Outcome], after: Mapping[str, Outcome]
) -> dict[str, Outcome]:
    """What fails in a second pair of runs, too: a test that now and then fails by itself tells nothing.

    Args:
        lost: what :func:`newly_failing` found in the first pair.
        before: outcomes of the second run of the original.
        after: outcomes of the second run of what was rewritten.
    """
    again = newly_failing(before, after)
    return {name: again[name] for name in lost if name in again}
