"""The formats for programs, each read by what reads it: git, an XML parser, or what its specification asks for."""

from __future__ import annotations

import json
import os
import re
import subprocess
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

import msgspec
import pytest
from commands import CLEAN, SCRIPT, invoke, script, spawn
from running import installed

from pymodernize.plan import usual_plan
from pymodernize.report import FORMATS
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation import fixes
from pymodernize.transformation.engine import transform
from pymodernize.transformation.fixes import with_fixes
from pymodernize.transformation.result import edits_between

WITHHELD = 'import logging\n\nlogging.basicConfig(level=logging.ERROR)\n\nprint("Hello %s" % 1)\n'
TWO = SCRIPT.replace("time.sleep(0)\n", "time.sleep(0)\n    try:\n        pass\n    except IOError:\n        pass\n")
ODD = "a,b: 100%\n\x1b[2J<x>.py"
"""A name that would be a command, an escape sequence and markup if it were no data."""


def _tree(folder: Path) -> Path:
    script(folder, "job.py", TWO)
    script(
        folder,
        "caf\u00e9 x.py",
        SCRIPT.replace("Hello", "\u4f60\u597d ]]>&<b>").replace("def main", "# \u00e9\ndef main"),
    )
    script(folder, "withheld.py", WITHHELD)
    script(folder, "old.py", 'print "x"\n')
    script(folder, "clean.py", CLEAN)
    script(folder, ODD, TWO)
    return folder


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of scripts, with a report in each format beside it, written by one run."""
    folder = _tree(tmp_path_factory.mktemp("formats") / "tree")
    (folder.parent / "out").mkdir()
    outputs = [item for name in FORMATS for item in ("--output", f"{name}:../out/{name}")]
    done = spawn("--check", "--edits", *outputs, ".", cwd=folder)
    assert done.code == 3
    assert "\u00b7 1 is not Python 3" in done.stderr, "people are told beside it"
    return folder.parent / "out"


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_goes_to_stdout_as_to_a_file(reports: Path, name: str) -> None:
    if name in {"json", "patch", "github"}:
        shown = invoke("--check", "--edits", "--format", name, ".", cwd=reports.parent / "tree")
        assert shown.stdout == (reports / name).read_bytes()
        assert shown.stderr == ""


# --- the edits of a finding -------------------------------------------------------------------------------------


def _applied(text: str, edits: list[dict[str, Any]]) -> str:
    """A text after edits, as an editor makes them: from the last to the first."""
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    for edit in reversed(edits):
        begin = starts[edit["line"] - 1] + edit["column"] - 1
        end = starts[edit["end_line"] - 1] + edit["end_column"] - 1
        text = text[:begin] + edit["text"] + text[end:]
    return text


def test_an_editor_can_apply_one_finding_alone(reports: Path) -> None:
    files = {file["path"]: file for file in json.loads((reports / "json").read_text())["files"]}
    path = reports.parent / "tree" / "job.py"
    old = path.read_bytes().decode()
    found = {item["codemod"]: item for item in files["job.py"]["findings"]}
    assert found["oserror-alias"]["edits"] == [{"line": 9, "column": 12, "end_line": 9, "end_column": 14, "text": "OS"}]
    for name in ("oserror-alias", "print-to-logging"):
        new = _applied(old, found[name]["edits"])
        assert new != old
        assert ("except OSError" in new, "logger.info" in new) == (name == "oserror-alias", name != "oserror-alias")
        compile(new, "job.py", "exec")
    caf = files["caf\u00e9 x.py"]
    finding, *_ = [item for item in caf["findings"] if item["codemod"] == "print-to-logging"]
    text = (reports.parent / "tree" / "caf\u00e9 x.py").read_bytes().decode()
    assert "logger.info" in _applied(text, finding["edits"])


def test_a_finding_that_is_withheld_has_edits_and_one_without_rewrite_none(reports: Path) -> None:
    files = {file["path"]: file for file in json.loads((reports / "json").read_text())["files"]}
    found = {item["status"]: item for item in files["withheld.py"]["findings"]}
    assert "logger" in _applied(WITHHELD, found["withheld"]["edits"])
    assert {item["edits"] for file in files.values() for item in file["findings"] if item["status"] == "found"} <= {
        None
    }


def test_a_file_with_many_findings_is_worked_on_a_few_times_more(monkeypatch: pytest.MonkeyPatch) -> None:
    source = ("try:\n    pass\nexcept IOError:\n    pass\n" * 60).encode()
    plan = usual_plan([installed()["oserror-alias"]()])
    runs: list[object] = []

    def counted(*arguments: Any) -> Any:
        runs.append(arguments)
        return transform(*arguments)

    monkeypatch.setattr(fixes, "transform", counted)
    result = with_fixes(transform(source, plan), source, plan, ProjectFacts())
    assert len(runs) == fixes.MOST_RUNS
    assert result.output is not None
    whole = edits_between(source, result.output)
    assert {fix[0].text for fix in result.fixes[: fixes.MOST_RUNS] if fix} == {"OS"}
    assert set(result.fixes[fixes.MOST_RUNS :]) == {whole}, "the others are dealt with all together"
    large = source + b"#" * fixes.MOST_BYTES
    runs.clear()
    assert len(set(with_fixes(transform(large, plan), large, plan, ProjectFacts()).fixes)) == 1
    assert not runs


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("a\nb\nc\n", "a\nB\nc\n", [(2, 1, 2, 2, "B")]),
        ("a\n", "a\nb\n", [(2, 1, 2, 1, "b\n")]),
        ("a", "a\nb", [(1, 2, 1, 2, "\nb")]),
        ("\u4f60x\r\n", "\u4f60y\r\n", [(1, 2, 1, 3, "y")]),
        ("a\nb\n", "", [(1, 1, 3, 1, "")]),
        ("", "a\n", [(1, 1, 1, 1, "a\n")]),
        ("a\n", "a\n", []),
    ],
)
def test_edits_of_a_text(old: str, new: str, expected: list[tuple[int, int, int, int, str]]) -> None:
    edits = edits_between(old.encode(), new.encode())
    assert [(edit.line, edit.column, edit.end_line, edit.end_column, edit.text) for edit in edits] == expected
    assert _applied(old, [msgspec.to_builtins(edit) for edit in edits]) == new


def test_edits_are_kept_between_runs(tmp_path: Path) -> None:
    script(tmp_path)
    cache = {"PYMODERNIZE_CACHE_DIR": str(tmp_path / "cache")}
    without = invoke("--format", "json", "job.py", cwd=tmp_path, **cache)
    assert b'"edits": null' in without.stdout
    assert b'"edits": [' not in without.stdout, "they take time, and are for those who ask"
    first = invoke("--format", "json", "--edits", "job.py", cwd=tmp_path, **cache)
    invoke("-q", "job.py", cwd=tmp_path, **cache)
    assert invoke("--format", "json", "--edits", "job.py", cwd=tmp_path, **cache) == first
    assert invoke("--format", "json", "job.py", cwd=tmp_path, **cache) == without
    assert b'"edits": [' in first.stdout


# --- SARIF ------------------------------------------------------------------------------------------------------
# What SARIF 2.1.0 requires of the objects that are used, and what it allows: any other property is an error.


class _Strict(msgspec.Struct, forbid_unknown_fields=True):
    pass


class _Message(_Strict):
    text: str


class _Uri(_Strict):
    uri: str


class _Region(_Strict):
    startLine: int
    startColumn: int
    endLine: int
    endColumn: int

    def __post_init__(self) -> None:
        assert min(self.startLine, self.startColumn, self.endLine, self.endColumn) >= 1
        assert (self.startLine, self.startColumn) <= (self.endLine, self.endColumn)


class _Replacement(_Strict):
    deletedRegion: _Region
    insertedContent: _Message


class _ArtifactChange(_Strict):
    artifactLocation: _Uri
    replacements: list[_Replacement]


class _Fix(_Strict):
    artifactChanges: list[_ArtifactChange]
    description: _Message


class _PhysicalLocation(_Strict):
    artifactLocation: _Uri
    region: _Region | msgspec.UnsetType = msgspec.UNSET


class _Location(_Strict):
    physicalLocation: _PhysicalLocation


class _Result(_Strict):
    message: _Message
    ruleId: str
    ruleIndex: int
    level: Literal["none", "note", "warning", "error"]
    locations: list[_Location]
    properties: dict[str, Any]
    fixes: list[_Fix] | msgspec.UnsetType = msgspec.UNSET


class _Rule(_Strict):
    id: str
    shortDescription: _Message


class _Driver(_Strict):
    name: str
    version: str
    rules: list[_Rule]


class _Tool(_Strict):
    driver: _Driver


class _Notification(_Strict):
    message: _Message
    level: Literal["none", "note", "warning", "error"]
    locations: list[_Location]


class _Invocation(_Strict):
    executionSuccessful: bool
    toolExecutionNotifications: list[_Notification]


class _Run(_Strict):
    tool: _Tool
    columnKind: Literal["utf16CodeUnits", "unicodeCodePoints"]
    invocations: list[_Invocation]
    results: list[_Result]


class _Log(_Strict):
    version: Literal["2.1.0"]
    runs: list[_Run]
    schema: str = msgspec.field(name="$schema")


def test_sarif_is_what_its_specification_asks_for(reports: Path) -> None:
    log = msgspec.json.decode((reports / "sarif").read_bytes(), type=_Log)
    (run,) = log.runs
    assert log.schema.endswith("/sarif-schema-2.1.0.json")
    names = [rule.id for rule in run.tool.driver.rules]
    assert len(set(names)) == len(names)
    assert all(rule.shortDescription.text for rule in run.tool.driver.rules)
    for result in run.results:
        assert names[result.ruleIndex] == result.ruleId
        (place,) = result.locations
        uri = place.physicalLocation.artifactLocation.uri
        assert re.fullmatch(r"[A-Za-z0-9._~/%-]+", uri), "the characters that a URI may have"
        assert (reports.parent / "tree" / unquote(uri)).exists()
        if result.fixes is not msgspec.UNSET:
            for change in (change for fix in result.fixes for change in fix.artifactChanges):
                assert change.replacements, "never an empty list of changes"
                assert change.artifactLocation == place.physicalLocation.artifactLocation
    by_level = {result.level: result for result in run.results}
    assert by_level["warning"].fixes is not msgspec.UNSET
    withheld = next(result for result in run.results if result.properties["status"] == "withheld")
    assert withheld.fixes is not msgspec.UNSET
    assert withheld.fixes[0].description.text == "Rewrite it, assuming changes-behaviour"
    (invocation,) = run.invocations
    assert invocation.executionSuccessful is False
    (problem,) = invocation.toolExecutionNotifications
    assert problem.message.text == "looks like Python 2, line 1"


# --- the others -------------------------------------------------------------------------------------------------


def test_workflow_commands_of_github(reports: Path) -> None:
    lines = (reports / "github").read_text().splitlines()
    assert "::error file=old.py,title=pymodernize::looks like Python 2, line 1" in lines
    warning = next(
        line for line in lines if line.startswith("::warning file=job.py,line=9,col=12,endLine=9,endColumn=19")
    )
    assert ",title=oserror-alias::" in warning
    assert any(line.startswith("::notice file=withheld.py,line=5,") for line in lines)
    assert all(re.match(r"::(error|warning|notice) file=[^,]+,", line) for line in lines), "no name is a command"
    assert any(line.startswith("::warning file=a%2Cb%3A 100%25%0A\\x1b[2J<x>.py,") for line in lines)
    assert not [line for line in lines if "module-docstring" in line], "what is best left is nothing to be shown"


def test_code_quality_of_gitlab(reports: Path) -> None:
    entries = json.loads((reports / "gitlab").read_text())
    for entry in entries:
        assert entry.keys() == {"description", "check_name", "fingerprint", "severity", "location"}
        assert entry["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert (reports.parent / "tree" / entry["location"]["path"]).exists()
        assert 1 <= entry["location"]["lines"]["begin"] <= entry["location"]["lines"]["end"]
    assert len({entry["fingerprint"] for entry in entries}) == len(entries)


def test_the_fingerprints_of_gitlab_survive_edits_elsewhere(tmp_path: Path) -> None:
    path = script(tmp_path)
    first = json.loads(invoke("--format", "gitlab", "job.py", cwd=tmp_path).stdout)
    path.write_text(f"# new\n\n{SCRIPT}")
    second = json.loads(invoke("--format", "gitlab", "job.py", cwd=tmp_path).stdout)
    prints = [
        [entry["fingerprint"] for entry in entries if entry["check_name"] == "print-to-logging"]
        for entries in (first, second)
    ]
    assert prints[0] == prints[1] != []


def test_junit_is_xml(reports: Path) -> None:
    root = ET.fromstring((reports / "junit").read_bytes())  # noqa: S314 - our own
    suites = {suite.get("name"): suite for suite in root}
    assert {"job.py", "withheld.py", "old.py", "clean.py", "caf\u00e9 x.py"} < suites.keys()
    assert any(name and "\\x1b[2J<x>.py" in name for name in suites), "what XML cannot write is shown"
    for element in (root, *root):
        for count, kind in (
            ("tests", "testcase"),
            ("failures", "failure"),
            ("errors", "error"),
            ("skipped", "skipped"),
        ):
            assert element.get(count) == str(len(list(element.iter(kind))))
    assert (suites["old.py"].get("errors"), suites["withheld.py"].get("failures")) == ("1", "0")
    assert [case.get("name") for case in suites["clean.py"]] == ["nothing to do"]
    assert suites["job.py"].find("testcase/failure[@type='oserror-alias']") is not None


def test_git_takes_the_patch(tmp_path: Path) -> None:
    repository, applied = tmp_path / "repository", tmp_path / "applied"
    for folder in (repository / "jobs", applied / "jobs"):
        _tree(folder)
    subprocess.run(["git", "init", "-q"], cwd=repository, check=True)
    # By its whole path, from a folder that is not the top of the repository.
    run = ["-q", "--output", f"patch:{tmp_path}/all.patch", str(repository / "jobs")]
    assert spawn(*run, cwd=repository / "jobs").code == 3
    done = subprocess.run(
        ["git", "apply", "-v", tmp_path / "all.patch"], cwd=repository / "jobs", capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    invoke("-q", "--apply", ".", cwd=applied)
    for path in (applied / "jobs").iterdir():
        assert (repository / "jobs" / path.name).read_bytes() == path.read_bytes(), path.name
    assert "logger" in (repository / "jobs" / "job.py").read_text()


# --- files ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("report.json", "'report.json' is not FORMAT:FILE; the formats: json, sarif,"),
        ("xml:x", "'xml:x' is not FORMAT:FILE"),
        ("json:", "'json:' is not FORMAT:FILE"),
        ("json:none/x.json", "none/x.json: No such file or directory; make the folder, or name another one"),
        ("json:job.py", "job.py: is a Python file, which a report would replace; name another one"),
        ("json:link.json", "link.json: is a link; name another file"),
        ("json:away/x.json", "away: is a link; make the folder, or name another one"),
        ("json:folder", "folder: is not a regular file; name another file"),
        ("json:pipe", "pipe: is not a regular file; name another file"),
    ],
)
def test_where_a_report_cannot_go(tmp_path: Path, value: str, message: str) -> None:
    tree = tmp_path / "tree"
    script(tree)
    (tree / "folder").mkdir()
    (tmp_path / "away").mkdir()
    (tmp_path / "target.json").write_text("theirs")
    (tree / "link.json").symlink_to(tmp_path / "target.json")
    (tree / "away").symlink_to(tmp_path / "away")
    os.mkfifo(tree / "pipe")
    outcome = invoke("--apply", "--output", value, "job.py", cwd=tree)
    assert (outcome.code, outcome.stdout) == (2, b"")
    assert message in outcome.stderr
    assert len([line for line in outcome.stderr.splitlines() if line.startswith("Error")]) == 1
    assert (tree / "job.py").read_text() == SCRIPT, "it is said before anything is done"
    assert (tmp_path / "target.json").read_text() == "theirs"
    assert not list((tmp_path / "away").iterdir())


def test_a_report_replaces_an_old_one_as_a_whole(tmp_path: Path) -> None:
    script(tmp_path)
    (tmp_path / "report.json").write_text("old" * 100_000)
    both = ("--output", "json:report.json", "--output", "json:./report.json")
    assert "report.json is named twice" in invoke(*both, "job.py", cwd=tmp_path).stderr
    outcome = invoke("--output", "json:report.json", "--apply", "job.py", cwd=tmp_path)
    assert outcome.code == 0
    assert json.loads((tmp_path / "report.json").read_text())["applied"] is True
    assert sorted(item.name for item in tmp_path.iterdir()) == [".pymodernize", "job.py", "report.json"]


def test_stdin_is_given_back_and_reported_to_a_file(tmp_path: Path) -> None:
    outcome = invoke("--apply", "--output", "json:report.json", "-", cwd=tmp_path, stdin=SCRIPT.encode())
    assert outcome.code == 0
    assert b"logger" in outcome.stdout
    assert json.loads((tmp_path / "report.json").read_text())["files"][0]["path"] == "<stdin>"


def test_check_can_show_the_diff(tmp_path: Path) -> None:
    script(tmp_path)
    plain, shown = (invoke("--check", *rest, "job.py", cwd=tmp_path) for rest in ((), ("--diff",)))
    assert (plain.code, plain.stdout, shown.code) == (1, b"", 1)
    assert shown.stdout == invoke("job.py", cwd=tmp_path).stdout != b""
    applied = invoke("--apply", "--diff", "job.py", cwd=tmp_path)
    assert (applied.code, applied.stdout) == (0, shown.stdout)
