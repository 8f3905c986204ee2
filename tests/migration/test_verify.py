"""``migrate --verify``: who breaks the project's own tests is found, taken back and named."""

from __future__ import annotations

import math
import os
import random
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commands import Outcome, command
from repositories import environment, git, migrate, repository, subjects, trees
from seeded_numbers import CHECK

from pymodernize import registry
from pymodernize.commands.migration.bisection import first_culprit
from pymodernize.commands.migration.checks import Checks
from pymodernize.commands.migration.committing import CutOff, Writer
from pymodernize.registry import Entry, entries

PYTHON = shlex.quote(sys.executable)


@pytest.fixture(autouse=True)
def _seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"seeded-numbers": Entry("seeded-numbers", "seeded_numbers", "tests")}
    monkeypatch.setattr(registry, "entries", lambda: {**entries(), **own})


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[None]:
    """Has one item for each time that the project was checked."""
    found: list[None] = []
    real = Checks.run

    def run(self: Checks) -> object:
        found.append(None)
        return real(self)

    monkeypatch.setattr(Checks, "run", run)
    return found


def seeded(folder: Path, names: list[str], files: int = 6) -> Path:
    """A repository whose files have numbers of some names."""
    texts = {
        f"part{number}.py": "".join(f"{name} = 1\n" for name in names[number::files]) or "\n" for number in range(files)
    }
    return repository(folder, {**texts, "check.py": CHECK})


def verified(folder: Path, *arguments: str, check: str = f"{PYTHON} check.py") -> Outcome:
    return migrate(folder, "--commit", "--select", "seeded-numbers", "--verify", check, *arguments)


def numbers(folder: Path) -> dict[str, int]:
    values: dict[str, int] = {}
    for path in folder.glob("part*.py"):
        exec(path.read_text(), {}, values)
    return values


@pytest.mark.parametrize("seed", range(40))
def test_the_first_culprit_takes_the_logarithm(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same each time
    size = dice.randint(1, 200)
    bad = set(dice.sample(range(size), dice.randint(1, min(5, size))))
    asked: list[int] = []

    def passes(number: int) -> bool:
        asked.append(number)
        return not bad & set(range(number))

    assert first_culprit(size, passes) == min(bad)
    assert len(asked) <= math.ceil(math.log2(size)) if size > 1 else not asked


@pytest.mark.parametrize("limits", [(), ("--max-changes", "11")])
def test_culprits_are_taken_back_alone_and_in_pairs(tmp_path: Path, runs: list[None], limits: tuple[str, ...]) -> None:
    names = [f"right{number}" for number in range(34)]
    bad = [*(f"wrong{number}" for number in range(3)), "first0", "second0"]
    mixed = [*names, *bad]
    random.Random(7).shuffle(mixed)  # noqa: S311 - the same each time
    folder = seeded(tmp_path / "r", mixed)
    outcome = verified(folder, *limits)
    assert outcome.code == 0, outcome.stderr
    values = numbers(folder)
    assert all(values[name] == 3 for name in names), "all that is right is kept"
    assert all(values[name] == 1 for name in bad[:3])
    assert sorted((values["first0"], values["second0"])) == [1, 2], "of a pair one is taken back"
    assert outcome.stderr.count("seeded-numbers is withheld: the project's own tests fail with it: ") == 4
    assert "4 rewrites withheld: the project's own tests fail with them" in outcome.stderr
    assert git(folder, "status", "--short") == ""
    culprits, commits = 4, len(subjects(folder))
    assert len(runs) <= 1 + commits + culprits * (math.ceil(math.log2(len(mixed))) + 2)
    for commit in git(folder, "rev-list", "HEAD").split():
        git(folder, "checkout", "--quiet", commit)
        assert subprocess.run([sys.executable, "check.py"], cwd=folder).returncode == 0, "after each commit all is well"


def test_tests_are_named_and_those_that_fail_already_are_passed_over(tmp_path: Path) -> None:
    folder = seeded(tmp_path / "r", ["right0", "wrong0", "broken0"])
    report = str(tmp_path / "report.xml")
    assert "--verify fails before anything is changed" in verified(folder).stderr
    assert subjects(folder) == []
    assert "goes on with" not in verified(folder).stderr, "nothing was begun"
    outcome = verified(folder, "--verify-junit", report, check=f"{PYTHON} check.py {report}")
    assert outcome.code == 0, outcome.stderr
    assert "check.broken0: fails already, and is passed over" in outcome.stderr
    assert "part1.py:1: seeded-numbers is withheld: the project's own tests fail with it: check.wrong0" in (
        outcome.stderr
    )
    assert numbers(folder) == {"right0": 3, "wrong0": 1, "broken0": 2}


def test_a_command_that_fails_is_quoted(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", {"part0.py": "right0 = 1\nwrong0 = 1\n", "check.py": CHECK})
    lines = "".join(f"{number}\\x1b[m{'.' * 300}\\n\\n" for number in range(20))
    (tmp_path / "loud.py").write_text(f"print('{lines}')\nimport runpy\nrunpy.run_path('check.py')\n")
    outcome = verified(folder, check=f"{PYTHON} {tmp_path / 'loud.py'}")
    assert "part0.py:2: seeded-numbers is withheld: " in outcome.stderr
    quoted = [line for line in outcome.stderr.splitlines() if line.startswith("pymodernize:   | ")]
    assert [line[17:23] for line in quoted] == [f"{number}\\x1b" for number in range(12, 20)]
    assert max(map(len, quoted)) < 300


def test_what_fails_by_chance_is_no_rewrites_fault(tmp_path: Path) -> None:
    folder = seeded(tmp_path / "r", ["right0", "right1"])
    count = tmp_path / "count"
    (tmp_path / "flaky.py").write_text(
        f"import os, sys\nopen({str(count)!r}, 'a').write('x')\nsys.exit(os.path.getsize({str(count)!r}) == 2)\n"
    )
    outcome = verified(folder, check=f"{PYTHON} {tmp_path / 'flaky.py'}")
    assert outcome.code == 0, outcome.stderr
    assert "has failed, and passed when it was run again: it is no rewrite's fault" in outcome.stderr
    assert set(numbers(folder).values()) == {3}
    assert count.read_text() == "xxx"


def test_without_git_it_is_checked_too(tmp_path: Path) -> None:
    for name, text in {"part0.py": "right0 = 1\nwrong0 = 1\n", "check.py": CHECK}.items():
        (tmp_path / name).write_text(text)
    check = ("--select", "seeded-numbers", "--verify", f"{PYTHON} check.py")
    assert migrate(tmp_path, "--apply", *check).code == 0
    assert numbers(tmp_path) == {"right0": 3, "wrong0": 1}
    assert "--verify needs --commit or --apply" in migrate(tmp_path, *check).stderr
    assert "cannot be started: No such file" in migrate(tmp_path, "--apply", "--verify", "/nowhere").stderr


@pytest.mark.parametrize("number", [2, 4, 6])
def test_one_that_was_cut_off_while_it_was_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    names = [*(f"right{item}" for item in range(9)), "wrong0", "wrong1"]
    whole, folder = seeded(tmp_path / "whole", names), seeded(tmp_path / "r", names)
    assert verified(whole, "--max-changes", "6").code == 0
    calls: list[None] = []
    real = Checks.run

    def run(self: Checks) -> object:
        calls.append(None)
        if len(calls) == number:
            raise KeyboardInterrupt
        return real(self)

    with monkeypatch.context() as patch:
        patch.setattr(Checks, "run", run)
        assert verified(folder, "--max-changes", "6").code == 130
    assert verified(folder, "--max-changes", "6").code == 0
    assert trees(folder) == trees(whole)
    assert git(folder, "status", "--short") == ""


@pytest.mark.skipif(os.name != "posix", reason="groups of processes")
def test_what_was_started_ends_with_us(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    mark = tmp_path / "mark"
    (tmp_path / "slow.py").write_text(
        f"import os, time\nif os.fork() == 0:\n    open({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(60)\n"
    )
    check = ["migrate", "--commit", ".", "--verify", f"{PYTHON} {tmp_path / 'slow.py'}"]
    started = subprocess.Popen(
        command(*check), cwd=folder, env={**os.environ, **environment()}, stderr=subprocess.PIPE, stdout=subprocess.PIPE
    )
    while not (mark.exists() and mark.read_text()):
        assert started.poll() is None
        time.sleep(0.05)
    started.send_signal(signal.SIGINT)
    assert started.wait(30) == 130
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.kill(int(mark.read_text()), 0)
            time.sleep(0.05)
    slow = ("--verify", f"{PYTHON} {tmp_path / 'slow.py'}", "--verify-seconds", "0.2")
    outcome = migrate(folder, "--commit", "--restart", *slow)
    assert (outcome.code, "slow.py (stopped: too slow)" in outcome.stderr) == (2, True)


def test_what_a_draft_leaves_as_it_was_is_no_edit_of_somebody_else(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    writer = Writer([path], print, break_links=True, history_size=10**6)
    writer.write({}, {path: b"x = 1\n"})
    with pytest.raises(CutOff, match="was edited since"):
        writer.write({}, {path: b"x = 2\n"})
