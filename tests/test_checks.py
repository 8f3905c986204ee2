"""Every check: what it finds in its cases and what it does not, how it is named, shown, suppressed and paid for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from commands import invoke, script
from running import FIXTURES

from pymodernize.codemod import Status
from pymodernize.commands.documentation import documentation
from pymodernize.plan import Plan
from pymodernize.registry import checks, entries
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import transform

FOLDER = FIXTURES / "_checks"
NAMES = list(checks())


@dataclass(frozen=True)
class Case:
    """A file in which a check is to find the lines that say FOUND, and no other."""

    check: str
    title: str
    name: str
    options: dict[str, int]
    text: str

    def __str__(self) -> str:
        return f"{self.check}/{self.title}"

    def lines(self, mark: str) -> list[int]:
        pattern = re.compile(rf"#.*\b{mark}")
        return [number for number, line in enumerate(self.text.splitlines(), 1) if pattern.search(line)]


def cases_of(name: str) -> list[Case]:
    text = (FOLDER / f"{name}.py").read_text(encoding="utf-8")
    found = []
    for part in re.split(r"^# case: ", text, flags=re.MULTILINE)[1:]:
        title, _, body = part.partition("\n")
        said = dict(re.findall(r"^# (name|options): (.+)$", body, re.MULTILINE))
        options = {key: int(value) for key, value in re.findall(r"(\w+) = (\d+)", said.get("options", ""))}
        found.append(Case(name, title, said.get("name", "script.py"), options, body))
    return found


def found_in(case: Case) -> list[int]:
    check = checks()[case.check].load()
    facts = ProjectFacts(path=case.name, in_package=case.name.startswith("package/"))
    plan = Plan((), checks=(check(check.Options(**case.options)),))
    result = transform(case.text.encode(), plan, facts)
    assert result.error is None and result.output is None
    assert all(item.status is Status.FLAGGED for item in result.findings), result.findings
    return [item.line for item in result.findings]


@pytest.mark.parametrize("case", [case for name in NAMES for case in cases_of(name)], ids=str)
def test_a_check_finds_what_is_marked_and_nothing_else(case: Case):
    assert sorted(set(found_in(case))) == case.lines("FOUND")
    assert all(": " in line.partition("# NOT")[2] for line in case.text.splitlines() if "# NOT" in line), "why not?"


@pytest.mark.parametrize("name", NAMES)
def test_each_has_cases(name: str):
    cases = cases_of(name)
    assert sum(len(case.lines("FOUND")) for case in cases) >= 2
    assert sum(len(case.lines("NOT")) for case in cases) >= 2
    assert {path.stem for path in FOLDER.iterdir()} == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_each_says_what_it_is(name: str):
    check = checks()[name].load()
    assert check.name() == name and name not in entries()
    assert check.sentence[0].isupper() and check.sentence.endswith(".")
    page = documentation(check)
    assert [line for line in page.splitlines() if line.startswith("## ")][:3] == [
        "## Why",
        "## Limits",
        "## References",
    ] or (check.Options.__dataclass_fields__)
    assert all(trigger in "".join(case.text for case in cases_of(name)).encode() for trigger in check.triggers[:1])


@pytest.mark.parametrize("name", NAMES)
def test_a_comment_keeps_a_place(name: str):
    """``ignore[NAME]`` and the codes of ruff that mean the same."""
    check = checks()[name].load()
    for comment in (f"pymodernize: ignore[{name}]", *(f"noqa: {code}" for code in check.noqa[:1])):
        for case in cases_of(name):
            quiet = Case(name, case.title, case.name, case.options, re.sub(r"# FOUND", f"# {comment}", case.text))
            assert found_in(quiet) == []


SCRIPT = """import hashlib
import pickle


def load(path):
    with open(path, "rb") as file:
        return pickle.load(file)


print(hashlib.md5(b"text", usedforsecurity=False).hexdigest(), load("x"))
"""


def test_they_are_quiet_unless_asked_for(tmp_path: Path):
    script(tmp_path, text=SCRIPT)
    outcome = invoke("--select", "mutable-default,pickle-load", "job.py", cwd=tmp_path)
    assert outcome.code == 0 and "pickle.load()" not in outcome.stderr
    assert "1 more place to look at, which nothing rewrites: pymodernize --show flagged" in outcome.stderr
    assert "Why not more" not in outcome.stderr
    shown = invoke("--select", "mutable-default,pickle-load", "--show", "flagged", "job.py", cwd=tmp_path).stderr
    assert "  7:16: pickle-load: pickle.load() - data of this form runs whatever code" in shown
    assert "more place" not in shown
    alone = invoke("--select", "pickle-load", "job.py", cwd=tmp_path).stderr
    assert "7:16: pickle-load" in alone, "who asks for checks alone wants to see what they find"
    counted = invoke("--statistics", "job.py", cwd=tmp_path).stderr
    assert re.search(r"1 +pickle-load +flagged +data of this form", counted)
    assert invoke("--check", "--select", "pickle-load", "job.py", cwd=tmp_path).code == 0


def test_the_text_is_the_same_without_them_but_for_a_line(tmp_path: Path):
    script(tmp_path, text=SCRIPT)
    with_checks = invoke("--no-cache", "job.py", cwd=tmp_path)
    without = invoke("--no-cache", "--ignore", ",".join(NAMES), "job.py", cwd=tmp_path)
    assert with_checks.stdout == without.stdout
    first, second = (
        [line for line in text.splitlines() if "--ignore" not in line and not line.startswith(("Write", "Why"))]
        for text in (with_checks.stderr, without.stderr)
    )
    assert [line for line in first if line not in second] == [
        line for line in first if "which nothing rewrites" in line
    ]
    assert len(first) == len(second) + 1


def test_programs_are_told_of_them(tmp_path: Path):
    script(tmp_path, text=SCRIPT)
    document = json.loads(invoke("--select", "pickle-load,mutable-default", "--format", "json", ".", cwd=tmp_path).out)
    (finding,) = document["files"][0]["findings"]
    assert (finding["codemod"], finding["status"], finding["code"]) == ("pickle-load", "flagged", "pickle-load")
    assert document["summary"]["codemods"] == {"pickle-load": {"flagged": 1}}
    sarif = json.loads(invoke("--format", "sarif", ".", cwd=tmp_path).out)["runs"][0]
    assert "pickle-load" in {result["ruleId"] for result in sarif["results"]}
    for format_, sign in (("github", "title=pickle-load"), ("gitlab", '"pickle-load"'), ("junit", "pickle-load 7:16")):
        assert sign not in invoke("--format", format_, ".", cwd=tmp_path).out
        assert sign in invoke("--format", format_, "--show", "flagged", ".", cwd=tmp_path).out


def test_names_are_those_of_settings_too(tmp_path: Path):
    script(tmp_path, text=SCRIPT)
    for key in ('ignore = ["pickle-load"]', 'hide = ["pickle-load"]'):
        (tmp_path / "pyproject.toml").write_text(f"[tool.pymodernize]\n{key}\n")
        assert "pickle" not in invoke("--statistics", "job.py", cwd=tmp_path).stderr
    (tmp_path / "pyproject.toml").write_text("[tool.pymodernize.long-function]\nstatements = 1\n")
    found = invoke("--select", "long-function", "job.py", cwd=tmp_path).stderr
    assert "load has 2 statements" in found
    assert "pickle-load" in invoke("rules", cwd=tmp_path).out
    assert "Data that is unpickled." in invoke("explain", "pickle-load", cwd=tmp_path).out


def test_a_secret_is_in_no_report(tmp_path: Path):
    script(tmp_path, text='import smtplib\n\npassword = "hunter2"\nsmtplib.SMTP("a").login("me", password)\n')
    options = ("--select", "secret-in-source", "--show", "flagged", "-v")
    formats = ("text", "json", "sarif", "github", "gitlab", "junit", "html")
    texts = [invoke(*options, "--format", name, ".", cwd=tmp_path) for name in formats]
    assert all("secret-in-source" in f"{outcome.out}{outcome.stderr}" for outcome in texts)
    invoke(*options, "--write-baseline", "known.json", ".", cwd=tmp_path)
    invoke(*options, "--table", "found.csv", ".", cwd=tmp_path)
    written = [(tmp_path / name).read_text() for name in ("known.json", "found.csv")]
    assert all("secret-in-source" in text for text in written)
    assert not any("hunter2" in text for text in (*written, *(f"{item.out}{item.stderr}" for item in texts)))


def test_a_baseline_knows_them(tmp_path: Path):
    script(tmp_path, text=SCRIPT)
    options = ("--select", "pickle-load", "--baseline", "known.json", "job.py")
    assert invoke("--select", "pickle-load", "--write-baseline", "known.json", ".", cwd=tmp_path).code == 0
    assert "7:16" not in invoke(*options, cwd=tmp_path).stderr
    script(tmp_path, text=SCRIPT + 'print(pickle.load(open("y", "rb")))\n')
    assert "11:7" in invoke(*options, cwd=tmp_path).stderr


def test_a_file_that_only_a_check_looks_at_need_be_no_python_3(tmp_path: Path):
    script(tmp_path, text="exec 'global x'\n")
    assert invoke("job.py", cwd=tmp_path).code == 0
    assert invoke("--select", "eval-use", "job.py", cwd=tmp_path).code == 3


def test_a_check_that_fails_costs_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    script(tmp_path, text=SCRIPT)

    def fail(*_: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(checks()["pickle-load"].load(), "places", fail)
    outcome = invoke("--no-cache", "--jobs", "1", "--statistics", "job.py", cwd=tmp_path)
    assert outcome.code == 4 and "pickle-load" in outcome.stderr
