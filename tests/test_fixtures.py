"""Every case under fixtures/: the bytes that come out, and what holds for all cases alike."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest
from running import FIXTURES, execute, installed, load_toml, make_plan, work_on

from pymodernize.codemod import Finding, Status
from pymodernize.engine import Result
from pymodernize.execute import FileReport
from pymodernize.reasons import ENGINE

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Case:
    """One folder of fixtures/<codemod>/."""

    folder: Path

    @property
    def codemod(self) -> str:
        return self.folder.parent.name

    @cached_property
    def toml(self) -> dict:
        return load_toml(self.folder / "case.toml")

    @property
    def name(self) -> str:
        return self.toml.get("name", "script.py")

    @cached_property
    def before(self) -> bytes:
        return (self.folder / "before.py").read_bytes()

    @cached_property
    def after(self) -> bytes:
        path = self.folder / "after.py"
        return path.read_bytes() if path.exists() else self.before

    @property
    def others_after(self) -> dict[str, bytes]:
        """What is to become of the other files that change, by name."""
        return {path.name: path.read_bytes() for path in (self.folder / "others_after").glob("*.py")}

    def update(self, output: bytes) -> None:
        """Take what comes out today for what is to come out."""
        path = self.folder / "after.py"
        if output == self.before:
            path.unlink(missing_ok=True)
        elif output != self.after:
            path.write_bytes(output)
        self.__dict__.pop("after", None)

    def update_others(self, outputs: dict[str, bytes]) -> None:
        """Take what becomes of the other files today for what is to become of them."""
        folder = self.folder / "others_after"
        for name in self.others_after:
            if name not in outputs:
                (folder / name).unlink()
        for name, output in outputs.items():
            folder.mkdir(exist_ok=True)
            (folder / name).write_bytes(output)

    @property
    def changes(self) -> bool:
        return (self.folder / "after.py").exists()

    def plan(self, select: list[str] | None = None):
        assume = self.toml.get("assume", "usual")
        words = [assume] if isinstance(assume, str) else assume
        options = {self.codemod: self.toml.get("options", {})}
        return make_plan(
            select, options, assume=words, style=self.toml.get("style", "plain"), target=self.toml.get("target", "")
        )

    def laid_out(self, folder: Path, source: bytes) -> Path:
        """The case's project in a folder, with ``source`` as the file that it is about."""
        others = self.folder / "others"
        if others.exists():
            shutil.copytree(others, folder, dirs_exist_ok=True)
        path = folder / self.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(source)
        return folder

    def reports(self, folder: Path, source: bytes, select: list[str] | None = None) -> dict[str, FileReport]:
        """What becomes of the case's project with ``source`` in its place, by relative path."""
        return work_on(self.laid_out(folder, source), self.plan(select or [self.codemod]))

    def result(self, folder: Path, source: bytes, select: list[str] | None = None) -> Result:
        """What becomes of ``source`` in the case's place."""
        return self.reports(folder, source, select)[self.name].result

    def output(self, folder: Path, source: bytes) -> bytes:
        """The bytes that the file has after a run."""
        result = self.result(folder, source)
        assert result.error is None
        return source if result.output is None else result.output


KEYS = frozenset(
    """assume doc hyphens invalid name options reasons refused run shows style target valid verbose why""".split()
)
KEYS_OF_RUNS = frozenset({"args", "env", "files", "script", "stdin"})
CASES = [Case(path.parent) for path in sorted(FIXTURES.glob("[!_]*/*/case.toml"))]
every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.codemod}-{case.folder.name}")
# Under a tracer, which takes its time, the code of a case is run once.
again = pytest.mark.no_cover
changing = pytest.mark.parametrize(
    "case", [case for case in CASES if case.changes], ids=lambda case: f"{case.codemod}-{case.folder.name}"
)


def applied(result: Result) -> list[Finding]:
    return [finding for finding in result.findings if finding.status is Status.APPLIED]


UPDATE = "if it is meant: pytest tests/test_fixtures.py --update-fixtures"


@every_case
def test_golden(case: Case, tmp_path: Path, request: pytest.FixtureRequest):
    """One run over the case's project: the file, its findings, and the other files."""
    reports = case.reports(tmp_path, case.before)
    result = reports[case.name].result
    assert result.error is None
    output = case.before if result.output is None else result.output
    found = {name: report.result.output for name, report in reports.items() if name != case.name}
    others = {name: output for name, output in found.items() if output is not None}
    if request.config.getoption("--update-fixtures"):
        case.update(output)
        case.update_others(others)
    assert output.decode() == case.after.decode(), UPDATE
    assert others == case.others_after, UPDATE
    check_findings(case, result)


def check_findings(case: Case, result: Result) -> None:
    """What is changed is found, what is left has its reason, and the case's own reasons are among them."""
    assert bool(applied(result)) == case.changes, "a finding is applied where, and only where, the file changes"
    assert not any(finding.status is Status.REJECTED for finding in result.findings)
    lines = case.before.count(b"\n") + 1
    for finding in result.findings:
        assert 1 <= finding.line <= finding.end_line <= lines
        assert finding.status is Status.APPLIED or finding.reason
        reasons = {*ENGINE, *installed()[finding.codemod].reasons}
        codes = {Status.FOUND: reasons, Status.WITHHELD: finding.withheld_for}.get(finding.status)
        assert codes is None or finding.code in codes, (finding.code, finding.reason)
    reasons = [finding.reason for finding in result.findings]
    for wanted in case.toml.get("reasons", []):
        assert any(wanted in reason for reason in reasons), (wanted, reasons)
    assert case.toml["why"].endswith("."), "why the outcome is right, as a sentence"
    assert case.toml.keys() <= KEYS, "a key that nothing reads"
    assert case.toml.get("run", {}).keys() <= KEYS_OF_RUNS, "a key that nothing reads"


@again
@changing
def test_second_run_changes_nothing(case: Case, tmp_path: Path):
    case.laid_out(tmp_path, case.after)
    after = case.folder / "others_after"
    if after.exists():
        shutil.copytree(after, tmp_path, dirs_exist_ok=True)
    reports = work_on(tmp_path, case.plan([case.codemod]))
    assert {name: report.result.output for name, report in reports.items()} == dict.fromkeys(reports)


@again
@changing
def test_alone_as_among_all(case: Case, tmp_path: Path):
    together = case.result(tmp_path / "together", case.before, list(installed()))
    others = {finding.codemod for finding in applied(together)} - {case.codemod}
    if not others:
        assert together.output == case.after


@again
@changing
def test_suppressed_file_is_untouched(case: Case, tmp_path: Path):
    source = case.before.rstrip(b"\n") + b"\n# pymodernize: skip-file\n"
    assert case.result(tmp_path, source) == Result()


@again
@changing
def test_suppressed_lines_are_untouched(case: Case, tmp_path: Path):
    found = applied(case.result(tmp_path / "plain", case.before))
    lines = case.before.decode().split("\n")
    for line in sorted({first_line(case.before, finding.line) for finding in found}, reverse=True):
        body = lines[line - 1]
        indent = body[: len(body) - len(body.lstrip())]
        lines.insert(line - 1, f"{indent}# pymodernize: ignore[{case.codemod}]")
    assert case.result(tmp_path / "quiet", "\n".join(lines).encode()).output is None


def first_line(source: bytes, line: int) -> int:
    """The first line of the smallest statement around a line that has it for itself."""
    found = 1
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            found = max(found, node.lineno)
    return found


# --- twins: the same file in another dress gives the same change in that dress ------------------------------------


def crlf(source: bytes) -> bytes:
    return source.replace(b"\n", b"\r\n")


def with_bom(source: bytes) -> bytes:
    return BOM + source


def without_final_newline(source: bytes) -> bytes:
    return source.removesuffix(b"\n")


def latin1(source: bytes) -> bytes:
    cookie = "# -*- coding: latin-1 -*- \xe9\n"
    first, _, rest = source.decode().partition("\n")
    text = f"{first}\n{cookie}{rest}" if first.startswith("#!") else cookie + source.decode()
    return text.encode("latin-1")


def tabs(source: bytes) -> bytes:
    out = []
    for line in source.decode().split("\n"):
        body = line.lstrip(" ")
        out.append("\t" * ((len(line) - len(body)) // 4) + body)
    return "\n".join(out).encode()


def can_have_tabs(source: bytes) -> bool:
    """Whether four spaces stand for one level, somewhere, and for nothing else."""
    if tabs(source) == source:
        return False
    lines = source.decode().split("\n")
    even = all((len(line) - len(line.lstrip(" "))) % 4 == 0 and not line.startswith("\t") for line in lines)
    return even and ast.dump(ast.parse(source)) == ast.dump(ast.parse(tabs(source)))


def two_dresses(case: Case) -> list[list[Callable[[bytes], bytes]]]:
    """All of them that the case can have, put on together where they do not meet: each list is a run."""
    second = [without_final_newline]
    if can_have_tabs(case.before) and can_have_tabs(case.after):  # indented by four spaces throughout
        second.append(tabs)
    if b"coding:" not in case.before.split(b"\n", 2)[1]:
        second.append(latin1)
    return [[crlf, with_bom], second]


@again
@every_case
def test_twins(case: Case, tmp_path: Path):
    for number, dresses in enumerate(two_dresses(case)):
        before, after = case.before, case.after
        for dress in dresses:
            before, after = dress(before), dress(after)
        assert case.output(tmp_path / str(number), before) == after, [dress.__name__ for dress in dresses]


# --- behaviour ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "case", [case for case in CASES if "run" in case.toml], ids=lambda case: f"{case.codemod}-{case.folder.name}"
)
@again
def test_behaves_the_same(case: Case, tmp_path: Path):
    old_folder = case.laid_out(tmp_path / "source", case.before)
    new_folder = case.laid_out(tmp_path / "rewritten", case.after)
    after = case.folder / "others_after"
    if after.exists():
        shutil.copytree(after, new_folder, dirs_exist_ok=True)
    script = case.toml["run"].get("script", case.name)
    old = execute(old_folder, tmp_path / "old", case.toml["run"], script)
    new = execute(new_folder, tmp_path / "new", case.toml["run"], script)
    assert new.stdout == old.stdout, new.stderr
    assert (new.writes, new.removed) == (old.writes, old.removed)
    assert (new.status == 0) == (old.status == 0), new.stderr
    if "Traceback" not in old.stderr:
        assert new.stderr == old.stderr


# --- the collection -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", installed())
def test_each_codemod_has_its_cases(name: str):
    own = [case for case in CASES if case.codemod == name]
    unchanged = [case for case in own if not case.changes]
    assert len(unchanged) >= 2, "two cases that must not change come first"
    assert sum(bool(case.toml.get("doc")) for case in own) == 1, "one case is the example of the documentation"


def test_no_case_without_a_codemod():
    assert {case.codemod for case in CASES} <= set(installed())
