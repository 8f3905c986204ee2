"""Steps that grow no faster than the file: counted calls at three sizes of every row of ``make growth``."""

from __future__ import annotations

import cProfile
import math
import pstats
import sys
from collections.abc import Callable, Collection, Mapping
from functools import partial
from pathlib import Path

import pytest
from randomised import FACTOR
from running import ROOT, make_plan

from pymodernize.codemod import Status
from pymodernize.execution.projects import Neighbourhood
from pymodernize.execution.task import prepare
from pymodernize.files.discover import discover
from pymodernize.plan import Plan
from pymodernize.rewriting import fragments
from pymodernize.semantics.project import Project, ProjectFacts
from pymodernize.semantics.tree import TooLarge
from pymodernize.transformation import engine, model, search
from pymodernize.transformation.engine import transform
from pymodernize.transformation.recursion import deeply

sys.path.append(str(ROOT / "benchmarks"))
import growth  # noqa: E402
from growth_rows import PROJECTS, ROWS, Row  # noqa: E402

MOST = 1.2
# Calls are counted by a profiler, which a tracer takes its place from; other tests cover what is run.
pytestmark = pytest.mark.no_cover


@pytest.fixture(scope="module")
def plan() -> Plan:
    plan = make_plan()
    prepare(plan)
    return plan


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.name)
def test_steps_grow_no_faster_than_the_file(row: Row, plan: Plan) -> None:
    few = row.few if FACTOR > 1 else row.few // 2
    sizes = [few, 2 * few, 4 * few]
    # What is worked out once for all files is no part of any: the first of them is worked on twice.
    # Whoever is profiled must have room for recursion already, or the work is done in another thread.
    _, *steps = [deeply(partial(_steps, row.make(size), plan)) for size in (few, *sizes)]
    first, second = steps[1] - steps[0], steps[2] - steps[1]
    # From the differences, which what a file of any size takes is no part of.
    assert second <= max(2**MOST * first, 0.1 * steps[0]), (steps, math.log2(second / max(first, 1)))


def _steps(files: Mapping[str, str], plan: Plan) -> int:
    """The calls that it takes to work on a file."""
    (text,) = files.values()
    profile = cProfile.Profile()
    profile.enable()
    result = transform(text.encode(), plan, ProjectFacts(path="job.py"))
    profile.disable()
    assert not [item.message for item in result.findings if item.status is Status.REJECTED]
    return pstats.Stats(profile).total_calls  # type: ignore[attr-defined]


@pytest.mark.parametrize("row", PROJECTS, ids=lambda row: row.name)
def test_steps_of_a_project_grow_no_faster_than_its_files(
    row: Row, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "notes", lambda *_: (("print-to-logging", "something"),))
    monkeypatch.setattr(model, "module_names", lambda _: frozenset({"name"}))
    passed = _passed(monkeypatch)
    weights, steps = [], []
    for size in (2 * row.few, 4 * row.few, 8 * row.few):
        files = row.make(size)
        weights.append(sum(len(name) + len(text) for name, text in files.items()))
        steps.append(_project_steps(files, plan, tmp_path / str(size), passed))
    more = (weights[2] - weights[1]) / (weights[1] - weights[0])
    first, second = steps[1] - steps[0], steps[2] - steps[1]
    assert second <= max(more**MOST * first, 0.1 * steps[0]), (steps, weights)


def _passed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many files each step from a file to others comes to, from now on: sets pass them without a call."""
    passed: list[int] = []
    for name in ("_imports_of", "_importing", "_shareable_targets"):
        real = getattr(Project, name)

        def steps(self: Project, path: str, real: Callable[[Project, str], Collection[str]] = real) -> Collection[str]:
            found = real(self, path)
            passed.append(len(found))
            return found

        monkeypatch.setattr(Project, name, steps)
    return passed


def _project_steps(files: Mapping[str, str], plan: Plan, folder: Path, passed: list[int]) -> int:
    """The calls, steps and answers that it takes to know what concerns each file of a project."""
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    passed.clear()
    profile = cProfile.Profile()
    profile.enable()
    found = discover([str(folder)])
    neighbourhood = Neighbourhood(found.files, plan, [folder])
    facts = [neighbourhood.facts(path) for path in found.files]
    profile.disable()
    calls = pstats.Stats(profile).total_calls  # type: ignore[attr-defined]
    told = sum(len(item.importers) + len(item.imported) + len(item.beside) + len(item.silent) for item in facts)
    return calls + sum(passed) + told


def test_a_run_takes_no_more_memory_than_its_largest_file_allows(tmp_path: Path) -> None:
    (row,) = (row for row in ROWS if row.name == "prints with a comment each")
    files = row.make(400)
    taken = growth.taken(files, tmp_path / "files")
    assert taken.status == 1
    assert 0 < taken.memory <= growth.allowed(files)


def test_an_exponent_is_that_of_the_costs() -> None:
    sizes = [10.0, 20.0, 40.0, 80.0]
    assert growth.exponent(sizes, [size**2 for size in sizes], 1) == pytest.approx(2)
    assert growth.exponent(sizes, [3 * size for size in sizes], 1) == pytest.approx(1)
    assert growth.exponent(sizes, [0.1] * 4, 1) is None


# --- budgets ------------------------------------------------------------------------------------------------------


def test_an_analysis_that_takes_too_many_steps_says_so_and_the_rest_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = make_plan(["print-to-logging", "oserror-alias"])
    text = "try:\n    print('hello there')\nexcept IOError:\n    pass\n" * 3 + "raise SystemExit(1)\n"
    before = transform(text.encode(), plan)
    real = engine.Module.nodes

    def nodes(self: engine.Module, *kinds: type) -> list:
        found = real(self, *kinds)
        if sys._getframe(1).f_globals["__name__"].startswith("pymodernize_codemods.print_to_logging"):
            self.spend(10**9)
        return found

    monkeypatch.setattr(engine.Module, "nodes", nodes)
    after = transform(text.encode(), plan)
    assert [item.status for item in after.findings if item.codemod == "oserror-alias"] == [Status.APPLIED] * 3
    assert [(item.message, item.reason, item.status) for item in after.findings if item.codemod != "oserror-alias"] == [
        ("does not look at the file", engine.TOO_LARGE, Status.FOUND)
    ]
    assert len(before.findings) > len(after.findings)


def test_what_would_take_too_much_memory_costs_its_codemod(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = make_plan(["print-to-logging", "oserror-alias", "main-guard"])
    part = "import time\ntry:\n    print('hello there')\n    time.sleep(0)\nexcept IOError:\n    pass\n"
    text = part * 3 + "raise SystemExit(1)\n"
    monkeypatch.setattr(fragments, "MOST_NODES", 20)
    assert _outcomes(text, plan) == {
        "main-guard": {(engine.TOO_LARGE, Status.FOUND)},
        "print-to-logging": {("", Status.APPLIED)},
        "oserror-alias": {("", Status.APPLIED)},
    }
    monkeypatch.setattr(fragments, "MOST_NODES", 50_000)
    monkeypatch.setattr(search, "MOST_FINDINGS", 2)
    assert _outcomes(text, plan) == {
        "main-guard": {("", Status.APPLIED)},
        "print-to-logging": {(engine.TOO_LARGE, Status.FOUND)},
        "oserror-alias": {(engine.TOO_LARGE, Status.FOUND)},
    }


def _outcomes(text: str, plan: Plan) -> Mapping[str, set[tuple[str, Status]]]:
    found: dict[str, set[tuple[str, Status]]] = {}
    for item in transform(text.encode(), plan, ProjectFacts(path="job.py")).findings:
        found.setdefault(item.codemod, set()).add((item.reason, item.status))
    return found


def test_steps_are_counted() -> None:
    module = model.module_of(b"if 1:\n    if 2:\n        x = 3\n", ProjectFacts())
    name = module.tree.body[0].body[0].body[0].targets[0]  # type: ignore[attr-defined]
    module.allow(4)
    assert len(list(module.ancestors(name))) == 4
    with pytest.raises(TooLarge):
        list(module.ancestors(name))
