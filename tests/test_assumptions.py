"""Which assumptions a run accepts, and what follows for rewrites and for what codemods write."""

from __future__ import annotations

from pathlib import Path

import pytest
from commands import invoke
from toys import DRY, STILL, WARM, Assuming, model, run

from pymodernize.assumptions import CHANGES_BEHAVIOUR, Accepted, UnknownAssumption, accept
from pymodernize.codemod import Status
from pymodernize.semantics.module import Module
from pymodernize.semantics.project import ProjectFacts
from pymodernize.source import SourceFile

KNOWN = {item.name: item for item in (CHANGES_BEHAVIOUR, DRY, STILL, WARM)}
USUAL = Accepted(frozenset({"dry"}), frozenset({"still"}))
EVERYTHING = frozenset({"dry", "still", "warm", "changes-behaviour"})


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ([], USUAL),
        (["usual"], USUAL),
        (["none"], Accepted()),
        (["all"], Accepted(EVERYTHING)),
        (["warm"], Accepted(frozenset({"warm"}))),
        (["usual", "warm"], Accepted(frozenset({"dry", "warm"}), frozenset({"still"}))),
        (["+warm"], Accepted(frozenset({"dry", "warm"}), frozenset({"still"}))),
        (["usual", "-dry", "-still"], Accepted()),
        (["-still"], Accepted(frozenset({"dry"}))),
        (["all", "-changes-behaviour"], Accepted(EVERYTHING - {"changes-behaviour"})),
        (["+still"], Accepted(frozenset({"dry", "still"}), frozenset({"still"}))),
        (["all", "usual"], USUAL),
    ],
)
def test_words_accept_assumptions(words: list[str], wanted: Accepted) -> None:
    assert accept(words, KNOWN) == wanted


def test_plus_and_minus_change_what_was_accepted_before() -> None:
    before = accept(["warm"], KNOWN)
    assert accept(["+dry"], KNOWN, before).everywhere == {"dry", "warm"}
    assert accept(["-warm"], KNOWN, before) == Accepted()
    assert accept(["dry"], KNOWN, before).everywhere == {"dry"}
    assert accept([], KNOWN, before) == before


def test_an_unknown_name_is_an_error_that_helps() -> None:
    with pytest.raises(UnknownAssumption, match="no assumption is called 'wram'; did you mean 'warm'"):
        accept(["wram"], KNOWN)
    with pytest.raises(UnknownAssumption, match="did you mean 'usual'"):
        accept(["usal"], KNOWN)


def test_a_rewrite_is_made_if_all_its_assumptions_are_accepted() -> None:
    source = "old()\nold(DRY)\nold(DRY, WARM)\n"
    assert run(source, Assuming()).output == b"repr()\nold(DRY)\nold(DRY, WARM)\n"
    assert run(source, Assuming(), accepted=frozenset({"dry"})).output == b"repr()\nrepr(DRY)\nold(DRY, WARM)\n"
    result = run(source, Assuming(), accepted=frozenset({"dry", "warm"}))
    assert result.output == b"repr()\nrepr(DRY)\nrepr(DRY, WARM)\n"
    assert [finding.assumptions for finding in result.findings] == [set(), {"dry"}, {"dry", "warm"}]


def test_a_finding_that_is_withheld_names_its_assumption_as_its_code() -> None:
    (withheld,) = run("old(WARM)\n", Assuming()).findings
    assert (withheld.status, withheld.code, withheld.reason) == (
        Status.WITHHELD,
        "warm",
        "it may be otherwise than warm",
    )


@pytest.mark.parametrize(
    ("facts", "holds"),
    [
        (ProjectFacts(path="job.py"), True),
        (ProjectFacts(path="job.py", importers=("other.py",)), False),
        (ProjectFacts(path="job.py", in_package=True), False),
    ],
)
def test_some_assumptions_hold_only_where_nobody_imports_the_file(facts: ProjectFacts, holds: bool) -> None:
    plan = {"accepted": frozenset({"dry"}), "accepted_in_scripts": frozenset({"still"})}
    module = Module(SourceFile.decode(b"old(STILL)\n"), facts, **plan)
    assert module.accepts("dry")
    assert module.accepts("still") is holds
    assert not module.accepts("warm")
    assert (run("old(STILL)\n", Assuming(), facts=facts, **plan).output is not None) is holds


def test_a_model_by_itself_accepts_nothing() -> None:
    assert not model("main()").accepts("dry")


WITHHELD = "import logging\n\nlogging.basicConfig(level=logging.ERROR)\n\nprint('Hello %s' % 1)\n"


@pytest.mark.parametrize(
    ("arguments", "settings", "changes"),
    [
        ([], "", False),
        (["--unsafe"], "", True),
        (["--assume", "all"], "", True),
        (["--assume", "usual,changes-behaviour"], "", True),
        (["--assume", "usual", "--assume", "+changes-behaviour"], "", True),
        (["--assume", "all,-changes-behaviour"], "", False),
        ([], 'assume = ["all"]', True),
        ([], 'assume = ["usual", "changes-behaviour"]', True),
        (["--assume", "-changes-behaviour"], 'assume = ["all"]', False),
        (["--assume", "+open-stdout"], 'assume = ["changes-behaviour"]', True),
        (["--assume", "none"], 'assume = ["all"]', False),
    ],
)
def test_options_and_settings_say_what_is_accepted(
    tmp_path: Path, arguments: list[str], settings: str, changes: bool
) -> None:
    (tmp_path / "job.py").write_text(WITHHELD)
    (tmp_path / "pyproject.toml").write_text(f"[tool.pymodernize]\n{settings}\n")
    found = invoke("--check", "--select", "print-to-logging", *arguments, "job.py", cwd=tmp_path)
    assert found.code == int(changes), found.stderr


@pytest.mark.parametrize(
    ("arguments", "settings", "message"),
    [
        (["--assume", "tidy-path"], "", "--assume: no assumption is called 'tidy-path'; did you mean 'tidy-paths'?"),
        ([], 'assume = ["usal"]', "assume: no assumption is called 'usal'; did you mean 'usual'?"),
        ([], "assume = 1", "assume: must be a list of strings"),
        (["--assume", ","], "", "it names nothing"),
    ],
)
def test_mistakes_are_said(tmp_path: Path, arguments: list[str], settings: str, message: str) -> None:
    (tmp_path / "pyproject.toml").write_text(f"[tool.pymodernize]\n{settings}\n")
    found = invoke(*arguments, ".", cwd=tmp_path)
    assert (found.code, message in found.stderr) == (2, True), found.stderr
