"""A team's rules of Fixit take part in a run: found, rewritten, checked and told of like the codemods' own."""

from __future__ import annotations

import json
import pickle
import sys
import textwrap
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from types import FunctionType

import libcst as cst
import pytest
from commands import invoke, script
from fixit import Invalid, LintRule
from toys import Rename, run

from pymodernize.codemod import Codemod, Status
from pymodernize.fixit import codemods
from pymodernize.fixit.codemods import codemod_of
from pymodernize.fixit.entries import rule_entries
from pymodernize.plan import Plan
from pymodernize.rewriting.fragments import CannotPlace

RULES = '''
import sys

import libcst as cst
from fixit import LintRule
from libcst.metadata import FilePathProvider, TypeInferenceProvider


class NoExecRule(LintRule):
    """Marks every exec."""

    TRIGGERS = ("exec",)
    MESSAGE = "exec runs what it is given,\\n  whatever that is"
    METADATA_DEPENDENCIES = (FilePathProvider,)

    def visit_Call(self, node):
        if isinstance(node.func, cst.Name) and node.func.value == "exec":
            self.report(node, replacement=node.with_changes(func=cst.Name("eval")))


class Raises(LintRule):
    def visit_Call(self, node):
        if node.func.value == "leave":
            sys.exit(3)
        raise LookupError("no such thing")


class Undefined(LintRule):
    MESSAGE = "two is better"

    def visit_Integer(self, node):
        self.report(node, replacement=cst.Name("two"))


class Types(LintRule):
    METADATA_DEPENDENCIES = (TypeInferenceProvider,)
'''
SCRIPT = 'def work():\n    try:\n        exec("1 + 1")\n    except IOError:\n        raise\n'


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a script, beside one that is on the path and has rules."""
    (tmp_path / "installed" / "ours").mkdir(parents=True)
    (tmp_path / "installed" / "ours" / "__init__.py").write_text("")
    (tmp_path / "installed" / "ours" / "rules.py").write_text(RULES)
    (tmp_path / "installed" / "wrong.py").write_text("1 / 0\n")
    monkeypatch.syspath_prepend(str(tmp_path / "installed"))
    folder = tmp_path / "project"
    script(folder, "job.py", SCRIPT)
    yield folder
    for name in [name for name in sys.modules if name.partition(".")[0] == "ours"]:
        del sys.modules[name]


def _set(project: Path, *rules: str, more: str = "") -> None:
    (project / "pyproject.toml").write_text(f"[tool.pymodernize]\nfixit-rules = {json.dumps(rules)}\n{more}")


def test_a_rule_takes_part_in_a_run(project: Path) -> None:
    _set(project, "ours.rules:NoExecRule")
    shown = invoke("--diff", "job.py", cwd=project)
    assert '-        exec("1 + 1")\n' in shown.out and '+        eval("1 + 1")\n' in shown.out
    assert "+    except OSError:\n" in shown.out
    document = json.loads(invoke("--format", "json", "--edits", "job.py", cwd=project).out)
    (found,) = [item for item in document["files"][0]["findings"] if item["codemod"] == "no-exec"]
    assert (found["line"], found["column"], found["status"]) == (3, 9, "applied")
    assert found["message"] == "exec runs what it is given, whatever that is"
    assert [edit["text"] for edit in found["edits"]] == ["val"], "what differs"
    assert invoke("--check", "--select", "no-exec", "job.py", cwd=project).code == 1
    done = invoke("--apply", "job.py", cwd=project)
    assert done.code == 0, done.stderr
    text = (project / "job.py").read_text()
    assert 'eval("1 + 1")' in text and "except OSError" in text
    assert invoke("--check", "job.py", cwd=project).code == 0
    assert invoke("undo", cwd=project).code == 0
    assert (project / "job.py").read_text() == SCRIPT


@pytest.mark.parametrize("comment", ["pymodernize: ignore[no-exec]", "pymodernize: ignore", "lint-ignore: NoExecRule"])
def test_comments_keep_a_rule_quiet(project: Path, comment: str) -> None:
    _set(project, "ours.rules:NoExecRule")
    script(project, "job.py", f'exec("1")  # {comment}\n')
    assert invoke("--check", "job.py", cwd=project).code == 0


def test_settings_choose_among_rules(project: Path) -> None:
    rule = "ours.rules:NoExecRule"
    for more, code in (
        ('select = ["raise-without-from"]', 1),
        ('ignore = ["no-exec"]\nselect = ["raise-without-from"]', 0),
        ('per-file-ignores = { "job.py" = ["no-exec"] }\nselect = ["raise-without-from"]', 0),
        ('select = ["raise-without-from"]\n[tool.pymodernize.no-exec]\ntriggers = ["compile"]', 0),
    ):
        _set(project, rule, more=more)
        done = invoke("--check", "job.py", cwd=project)
        assert done.code == code, (more, done.stderr)
    _set(project, rule)
    assert invoke("--check", "--select", "raise-without-from", "job.py", cwd=project).code == 0
    assert "exec runs what it is given" in invoke("explain", "no-exec", cwd=project).out
    assert "no-exec" in invoke("migrate", "job.py", cwd=project).out
    assert rule in invoke("--show-settings", "job.py", cwd=project).out


def test_a_rule_that_raises_costs_its_file_a_line(project: Path) -> None:
    _set(project, "ours.rules:Raises")
    script(project, "other.py", "leave()\n")
    script(project, "clean.py", "x = 1\n")
    done = invoke("--apply", ".", cwd=project)
    assert done.code == 4
    assert "the codemod failed: LookupError: no such thing" in done.stderr
    assert "it ends the process: SystemExit(3)" in done.stderr
    assert "Traceback" not in done.stderr
    assert "except OSError" in (project / "job.py").read_text(), "the codemods go on without it"


def test_the_self_check_holds_for_a_rule(project: Path) -> None:
    _set(project, "ours.rules:Undefined")
    script(project, "job.py", "x = 2\n")
    done = invoke("--apply", "job.py", cwd=project)
    assert done.code == 4
    assert "the result uses undefined names: two" in done.stderr
    assert (project / "job.py").read_text() == "x = 2\n"


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (["nowhere.at_all"], "No module named 'nowhere'"),
        (["ours.rules:Nothing"], "could not find rule"),
        (["json"], "'json' has no rules"),
        ([".rules"], "install it"),
        (["what?"], "write MODULE:CLASS"),
        (["wrong"], "does not import: ZeroDivisionError"),
        (["ours.rules:Types"], "run it by fixit itself"),
        (["pymodernize.integrations.fixit_rules:PrintToLogging"], "print-to-logging is the name of a codemod"),
    ],
    ids=str,
)
def test_what_is_no_rule_is_said(project: Path, rules: list[str], said: str) -> None:
    _set(project, *rules)
    done = invoke("job.py", cwd=project)
    assert done.code == 2
    assert said in done.stderr and "fixit-rules" in done.stderr


def test_two_rules_of_one_name(project: Path) -> None:
    (project.parent / "installed" / "ours" / "more.py").write_text(RULES)
    _set(project, "ours.rules:NoExecRule", "ours.rules:NoExecRule", "ours.more:NoExecRule")
    done = invoke("job.py", cwd=project)
    assert done.code == 2
    assert "a rule called no-exec is in ours.rules and in ours.more" in done.stderr


def test_without_fixit_the_setting_says_what_brings_it(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _set(project, "ours.rules:NoExecRule")
    monkeypatch.setitem(sys.modules, "fixit", None)
    done = invoke("job.py", cwd=project)
    assert done.code == 2
    assert "pymodernize[fixit]" in done.stderr
    _set(project)
    assert invoke("job.py", cwd=project).code == 0


def test_a_rule_can_be_sent_to_another_process() -> None:
    rule = rule_entries(["fixit.rules:UseFstring"])["use-fstring"].load()
    plan = Plan((rule(rule.Options(triggers=("%",))),))
    again = pickle.loads(pickle.dumps(plan))  # noqa: S301
    assert again.fingerprint == plan.fingerprint
    assert again.codemods[0].triggers == (b"%",)


# --- what a replacement becomes ------------------------------------------------------------------------------------

BUNDLED = {name: entry.load() for name, entry in rule_entries(["fixit.rules"]).items()}


@pytest.mark.parametrize("name", BUNDLED)
def test_the_examples_of_the_rules_that_fixit_brings(name: str) -> None:
    """Each becomes what its author says, but where a name would be left undefined, or mean something else."""
    codemod = BUNDLED[name]
    cases = (case for case in codemod.rule.INVALID if isinstance(case, Invalid))  # type: ignore[attr-defined]
    for case in islice((case for case in cases if case.expected_replacement), 1):
        before, after = textwrap.dedent(case.code), textwrap.dedent(case.expected_replacement)
        result = run(before, codemod(), target_version=(3, 8))
        said = [item for item in result.findings if item.status is Status.REJECTED]
        assert all("names: dataclass" in item.message or "mean something else" in item.message for item in said)
        assert said or result.output is not None and result.output.decode() == after, before


def _replacing(name: str, visit: FunctionType) -> Codemod:
    """The codemod of a rule with one method; LibCST goes by the name that the function itself has."""
    method = FunctionType(visit.__code__, visit.__globals__, name)
    return codemod_of(type("Made", (LintRule,), {"MESSAGE": "made", "__module__": __name__, name: method}))()


def _drops_pass(self: LintRule, node: cst.SimpleStatementLine) -> None:
    if isinstance(node.body[0], cst.Pass):
        self.report(node, replacement=cst.RemoveFromParent())


def _doubles_pass(self: LintRule, node: cst.SimpleStatementLine) -> None:
    if isinstance(node.body[0], cst.Pass):
        new = [cst.parse_statement(f"{name}()") for name in ("print", "input")]
        self.report(node, replacement=cst.FlattenSentinel(new))


def _renames_import(self: LintRule, node: cst.ImportAlias) -> None:
    if node.evaluated_name == "md5":
        self.report(node, replacement=node.with_changes(name=cst.Name("hashlib")))


def _reverses(self: LintRule, node: cst.If) -> None:
    if isinstance(node.test, cst.Name) and node.test.value == "b":
        self.report(node, replacement=node.with_changes(test=cst.Name("a")))


def _clears_header(self: LintRule, node: cst.Module) -> None:
    if node.header:
        self.report(node, position=cst.metadata.CodePosition(1, 0), replacement=node.with_changes(header=()))


def _drops_comment(self: LintRule, node: cst.FunctionDef) -> None:
    if node.leading_lines and node.leading_lines[-1].comment:
        self.report(node, replacement=node.with_changes(leading_lines=()))


def _drops_parentheses(self: LintRule, node: cst.Name) -> None:
    if node.lpar:
        self.report(node, replacement=node.with_changes(lpar=(), rpar=()))


@pytest.mark.parametrize(
    ("name", "visit", "before", "after"),
    [
        ("visit_SimpleStatementLine", _drops_pass, "if x:\n    pass\n    y\n", "if x:\n    y\n"),
        ("visit_SimpleStatementLine", _drops_pass, "x = 1\npass\ny = 2\n", "x = 1\ny = 2\n"),
        ("visit_SimpleStatementLine", _drops_pass, "pass", ""),
        ("visit_SimpleStatementLine", _doubles_pass, "if x:\n\tpass\ny\n", "if x:\n\tprint()\n\tinput()\ny\n"),
        ("visit_SimpleStatementLine", _doubles_pass, "é = 1\r\npass\r\n", "é = 1\r\nprint()\r\ninput()\r\n"),
        ("visit_ImportAlias", _renames_import, "import os, md5\n", "import os, hashlib\n"),
        ("visit_If", _reverses, "if a: pass\nelif b: pass\n# c\n", "if a: pass\nelif a: pass\n# c\n"),
        ("visit_If", _reverses, "if 1:\n  if b:\n   x\n   # c\n", "if 1:\n  if a:\n   x\n   # c\n"),
        ("visit_Name", _drops_parentheses, "x = (y) + 1\n", "x = y + 1\n"),
        ("visit_Module", _clears_header, "\n\nx = 1\n", "x = 1\n"),
    ],
)
def test_what_takes_the_place_of_a_node(name: str, visit: FunctionType, before: str, after: str) -> None:
    prelude = "a = b = x = y = 1\n" if not before.startswith("\n") else ""
    result = run(prelude + before, _replacing(name, visit))
    assert result.error is None
    wanted = prelude + after
    # A file without a final newline keeps none.
    wanted = wanted if before.endswith("\n") else wanted.rstrip("\n")
    assert (result.output or b"").decode() == wanted, result.findings


def test_a_fix_that_loses_a_comment_is_turned_down() -> None:
    result = run("x = 1\n\n\n# c\ndef f():\n    pass\n", _replacing("visit_FunctionDef", _drops_comment))
    assert result.output is None
    assert [item.status for item in result.findings] == [Status.REJECTED]


def test_a_rule_goes_with_the_codemods() -> None:
    rule = BUNDLED["use-fstring"]()
    result = run('x = 1\nold("%s" % (x,), old())\n', rule, Rename())
    assert result.output == b'x = 1\nrepr(f"{x}", repr())\n'
    assert not run("x = 1\n", rule).findings
    assert not run("", rule).findings


# --- what a rule is not asked about --------------------------------------------------------------------------------


def _visits(self: LintRule, node: cst.Name) -> None:
    if node.value == "stop":
        sys.exit(3)
    self.report(node)


def _statuses(source: str, codemod: Codemod) -> list[tuple[Status, str, str]]:
    return [(item.status, item.message, item.reason) for item in run(source, codemod).findings]


def test_a_rule_for_other_versions_is_not_asked() -> None:
    made = _replacing("visit_Name", _visits)
    assert _statuses("x\n", made) == [(Status.FOUND, "made", "the rule has no fix for it")]
    made.rule.PYTHON_VERSION = "< 3.0"  # type: ignore[attr-defined]
    assert not run("x\n", made).findings


def test_a_rule_that_ends_the_process_fails() -> None:
    ((status, message, _),) = _statuses("stop\n", _replacing("visit_Name", _visits))
    assert status is Status.REJECTED
    assert message == "the codemod failed: RuntimeError: it ends the process: SystemExit(3)"


def test_a_file_that_libcst_does_not_parse_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    made = _replacing("visit_Name", _visits)

    def refuse(text: str, module: object) -> None:
        raise CannotPlace("LibCST does not parse it: so")

    monkeypatch.setattr(codemods, "parse_module", refuse)
    said = (Status.FOUND, "Made does not look at the file", "LibCST does not parse it: so")
    assert _statuses("x\n", made) == [said]
    monkeypatch.setattr(codemods, "is_too_large", lambda module: True)
    assert [message for _, message, _ in _statuses("x\n", made)] == ["does not look at the file"]


def _changes_nothing(self: LintRule, node: cst.Pass) -> None:
    self.report(node, position=cst.metadata.CodePosition(9, 0), replacement=node.with_changes())


def test_a_replacement_that_changes_nothing_is_none() -> None:
    ((status, _, reason),) = _statuses("pass\n", _replacing("visit_Pass", _changes_nothing))
    assert (status, reason) == (Status.FOUND, "the fix of the rule cannot be made here: it changes nothing")
