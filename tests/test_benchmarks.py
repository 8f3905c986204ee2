"""The pure parts of benchmarks/: what is read from other tools' reports, and what is made of it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).parent.parent / "benchmarks"


@pytest.fixture(autouse=True)
def _importable(monkeypatch):
    """Its modules are run as scripts and import each other by plain names."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    known = set(sys.modules)
    yield
    for name in set(sys.modules) - known:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(BENCHMARKS)):
            del sys.modules[name]


REPORT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite>
<testcase classname="test.test_a.A" name="test_good" time="0.1" />
<testcase classname="test.test_a.A" name="test_bad"><failure message="assert 1 == 2">def test_bad():
&gt;       self.check()
E       AssertionError: in the helper

E       During handling of the above exception
E       ValueError: {place}/data is bad at 0x7f51194a9800

test/test_a.py:7:{space}
pkg/core.py:21: ValueError
</failure></testcase>
<testcase classname="test.test_a.A" name="test_teardown" />
<testcase classname="test.test_a.A" name="test_teardown"><error message="failed on teardown">x</error></testcase>
<testcase classname="test.test_a.A" name="test_not"><skipped message="no tool" /></testcase>
<testcase classname="" name="test.test_b"><error message="collection failure">E   ImportError: no c</error></testcase>
<testcase classname="test.test_c" name="test_p[&lt;object at 0x7f51194a9800&gt;]" />
<testcase classname="test.test_c" name="test_plain">
<failure message="&#10;told: '{beside}/temp/x_1z/a'&#10;and more" /></testcase>
</testsuite></testsuites>
"""


def test_a_report_is_read():
    from suites import Outcome, read

    assert read(REPORT.format(place="/somewhere/else", beside="/somewhere", space=" "), Path("/somewhere/else")) == {
        "test.test_a.A::test_good": Outcome("passed"),
        "test.test_a.A::test_bad": Outcome("failed", "ValueError: ./data is bad at 0x", "pkg/core.py:21"),
        "test.test_a.A::test_teardown": Outcome("failed", "failed on teardown"),
        "test.test_a.A::test_not": Outcome("skipped", "no tool"),
        "test.test_b": Outcome("failed", "ImportError: no c"),
        "test.test_c::test_p[<object at 0x>]": Outcome("passed"),
        "test.test_c::test_plain": Outcome("failed", "told: 'TMP/a'"),
    }


def test_only_what_passed_before_can_newly_fail():
    from suites import Outcome, newly_failing

    good, bad = Outcome("passed"), Outcome("failed", "OSError: x")
    before = {"stays": good, "breaks": good, "was bad": bad, "was skipped": Outcome("skipped", "why"), "gets bad": good}
    after = {**dict.fromkeys(before, bad), "stays": good, "new": good}
    assert newly_failing(before, after) == {"breaks": bad, "gets bad": bad}
    assert newly_failing(before, before) == {}
    assert newly_failing({"was bad": bad}, {"was bad": good}) == {}


def test_a_test_that_is_skipped_or_not_run_has_not_passed():
    from suites import Outcome, newly_failing

    before = {"a": Outcome("passed"), "b": Outcome("passed")}
    assert newly_failing(before, {"a": Outcome("skipped", "no os")}) == {
        "a": Outcome("skipped", "skipped: no os"),
        "b": Outcome("failed", "not run"),
    }
    assert newly_failing(before, {}) == dict.fromkeys("ab", Outcome("failed", "not run"))


def test_the_reason_why_tests_are_not_run_is_told():
    from suites import Outcome, newly_failing

    before = {"m::a": Outcome("passed"), "n::b": Outcome("passed")}
    after = {"m": Outcome("failed", "NameError: os"), "n::b": Outcome("failed", "KeyError: 1")}
    assert newly_failing(before, after) == {
        "m::a": Outcome("failed", "not run; NameError: os"),
        "n::b": Outcome("failed", "KeyError: 1"),
    }


def test_a_test_that_fails_now_and_then_does_not_count():
    from suites import Outcome, confirmed

    good, bad = Outcome("passed"), Outcome("failed", "second")
    lost = dict.fromkeys(("always", "once", "by itself"), Outcome("failed", "first"))
    before = {"always": good, "once": good, "by itself": bad, "only now": good}
    after = {"always": bad, "once": good, "by itself": bad, "only now": bad}
    assert confirmed(lost, before, after) == {"always": bad}


def test_causes_are_grouped_with_the_most_frequent_first():
    from suites import Outcome, by_cause

    lost = {"a": Outcome("failed", "x"), "b": Outcome("failed", "y", "m.py:3"), "c": Outcome("failed", "y")}
    assert list(by_cause(lost).items()) == [("y", ["b (m.py:3)", "c"]), ("x", ["a"])]


def test_syntax_errors_are_not_counted_among_findings():
    from linters import count_findings

    report = [{"code": code} for code in ("PTH100", "PTH118", "PTH118", "invalid-syntax", "E722", None)]
    assert count_findings(json.dumps(report), "PTH") == {"PTH100": 1, "PTH118": 2}
    assert count_findings(json.dumps(report), "E722,PTH1") == {"PTH100": 1, "PTH118": 2, "E722": 1}


def diagnostic(file: str, line: int, message: str, severity: str = "error") -> dict:
    place = {"start": {"line": line, "character": 0}}
    return {"file": file, "severity": severity, "message": message, "rule": "reportX", "range": place}


def test_type_errors_by_file():
    from linters import type_errors

    report = {
        "generalDiagnostics": [
            diagnostic("/p/a.py", 3, 'No "x"\n  because of that'),
            diagnostic("/p/a.py", 9, 'No "x"'),
            diagnostic("/p/a.py", 4, "odd", "warning"),
            diagnostic("/p/sub/b.py", 0, "Nor this"),
        ]
    }
    found = type_errors(json.dumps(report), Path("/p"))
    assert found.keys() == {Path("a.py"), Path("sub/b.py")}
    assert found[Path("a.py")].messages == {'No "x" (reportX)': 2}
    assert found[Path("a.py")].count == 2
    assert found[Path("a.py")].lines == {'No "x" (reportX)': 4}


def test_a_file_with_more_type_errors_tells_the_new_ones():
    from linters import TypeErrors, risen

    before = {
        Path("a.py"): TypeErrors(1, Counter({"old": 1}), {"old": 1}),
        Path("b.py"): TypeErrors(1, Counter(y=1), {"y": 1}),
    }
    after = {
        Path("a.py"): TypeErrors(3, Counter({"old": 2, "new": 1}), {"old": 1, "new": 7}),
        Path("b.py"): TypeErrors(1, Counter(z=1), {"z": 1}),
        Path("c.py"): TypeErrors(1, Counter({"first": 1}), {"first": 2}),
    }
    assert risen(before, after) == {
        Path("a.py"): ["line 1: old", "line 7: new"],
        Path("c.py"): ["line 2: first"],
    }
    assert risen(after, before) == {}


def test_tables_of_findings():
    from findings import by_group, by_rule, share

    found = {
        ("here", "original"): Counter(PTH1=4),
        ("here", "defaults"): Counter(PTH1=1),
        ("here", "--unsafe"): Counter(),
        ("there", "original"): Counter(PTH2=4),
        ("there", "defaults"): Counter(PTH2=4, PTH3=1),
        ("there", "--unsafe"): Counter(PTH2=1),
    }
    assert by_group(found)[2:] == [
        "| here | 4 | 1 | 75 % | 0 | 100 % |",
        "| there | 4 | 5 | -25 % | 1 | 75 % |",
        "| all | 8 | 6 | 25 % | 1 | 88 % |",
    ]
    assert by_rule(found)[2:] == [
        "| PTH1 | 4 | 1 | 75 % | 0 | 100 % |",
        "| PTH2 | 4 | 4 | 0 % | 1 | 75 % |",
        "| PTH3 | 0 | 1 | - | 0 | - |",
    ]
    assert share(3, 3) == "0 %"


def test_every_sdist_is_pinned():
    from sdists import SdistError, load

    found = load()
    assert len(found) == 12
    for sdist in found:
        assert len(sdist.sha256) == 64 and sdist.version and sdist.tests
    assert [sdist.name for sdist in load(["mako"])] == ["mako"]
    with pytest.raises(SdistError, match="has no mackerel; it has autopep8,"):
        load(["mackerel"])


def test_an_archive_that_is_not_the_pinned_one_is_refused(tmp_path, monkeypatch):
    import sdists

    monkeypatch.setattr(sdists, "DOWNLOADS", tmp_path)
    (sdist,) = sdists.load(["mako"])
    sdist.archive.write_bytes(b"something else")
    with pytest.raises(sdists.SdistError, match="is not the pinned file"):
        sdists.fetch([sdist])


def test_sources_tests_and_vendored_copies_are_told_apart(tmp_path):
    from sdists import Sdist, parts

    for name in ("pkg/a.py", "pkg/old/b.py", "pkg/older.py", "test/c.py", "test_d.py", "testing/e.py", "pkg/data.txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    sdist = Sdist("x", "1", "", tests=("test", "test_d.py"), vendored=("pkg/old",))
    sources, tests = parts(sdist, tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in sources] == ["pkg/a.py", "pkg/older.py", "testing/e.py"]
    assert [path.relative_to(tmp_path).as_posix() for path in tests] == ["test/c.py", "test_d.py"]


def test_a_part_of_the_page_is_replaced(tmp_path, monkeypatch):
    import page

    monkeypatch.setattr(page, "HERE", tmp_path)
    readme = tmp_path / "README.md"
    readme.write_text("a\n<!-- one -->\nold\n<!-- /one -->\nb\n<!-- two -->\nkept\n<!-- /two -->\n")
    page.write("one", "new\nlines")
    assert readme.read_text() == "a\n<!-- one -->\nnew\nlines\n<!-- /one -->\nb\n<!-- two -->\nkept\n<!-- /two -->\n"
    with pytest.raises(LookupError, match="no part three"):
        page.write("three", "x")


def test_a_pass_with_any_fault_is_not_good():
    from passes import Pass

    good = Pass(3, (), (3, 0, 0), ("x: looks like Python 2",), (), (), ())
    assert good.good
    for fault in ({"statuses": (0, 4, 0)}, {"broken": ("x",)}, {"restless": ("x",)}, {"crashed": ("x",)}):
        assert not Pass(**{**vars(good), **fault}).good, fault


def test_a_file_that_does_not_compile_tells_why(tmp_path):
    from passes import compile_error

    path = tmp_path / "x.py"
    path.write_text("x = '\\d'\n")
    assert compile_error(path) is None
    path.write_text("x = \n")
    assert "invalid syntax" in str(compile_error(path))


BARE = """\
def f(path):
    try:
        try:
            x = open(path)
        except KeyError:
            x = 0
        return int(x)
    except OSError:
        return 1
    except:
        return 2
"""


def test_handlers_to_watch_are_those_that_were_bare():
    from handlers import handlers

    assert list(handlers(BARE, BARE)) == []
    assert list(handlers(BARE, BARE.replace("except:", "except (TypeError, ValueError):"))) == [
        {
            "first": 3,
            "last": 7,
            "types": ["OSError", "(TypeError, ValueError)"],
            "inner": [{"first": 4, "last": 4, "types": ["KeyError"]}],
        }
    ]


@pytest.mark.parametrize(
    ("message", "wanted"),
    [
        ("bare except; the body raises OSError", "closed"),
        ("bare except; the body raises OSError and perhaps others; f()", "open"),
        ("bare except; what the body raises is open; f()", "open"),
        ("bare except; nothing in the body is known to raise", "empty"),
        ("bare except that raises again: BaseException says so", "raises again"),
    ],
)
def test_kinds_of_findings(message, wanted):
    from handlers import kind

    assert kind({"message": message}) == wanted


def test_what_reaches_a_handler_is_noted(tmp_path):
    import os
    import subprocess

    script = tmp_path / "watched.py"
    script.write_text(BARE.replace("except:", "except ValueError:") + "\n\nf('missing')\nf.__class__\n")
    script.write_text(script.read_text() + "try:\n    f(None)\nexcept TypeError:\n    pass\n")
    plan = {"watched.py": [{"first": 3, "last": 7, "types": ["OSError", "ValueError"], "inner": []}]}
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    log = tmp_path / "seen.jsonl"
    hook = {"PYTHONPATH": str(BENCHMARKS / "handler_trace"), "HANDLER_PLAN": str(tmp_path / "plan.json")}
    environ = {**os.environ, **hook, "HANDLER_LOG": str(log)}
    subprocess.run([sys.executable, str(script)], env=environ, check=True)
    seen = [json.loads(line) for line in log.read_text().splitlines()]
    found = {(item["exception"].partition(":")[0], item["verdict"]) for item in seen}
    assert found == {("builtins.FileNotFoundError", "inside"), ("builtins.TypeError", "outside")}


def finding(codemod: str, status: str, message: str = "", code: str = "", reason: str = "") -> dict:
    return {"codemod": codemod, "status": status, "message": message, "code": code, "reason": reason}


def test_shares_are_of_findings_that_have_a_rewrite():
    from shares import PATHS, Shares, most_frequent

    findings = [
        *(finding("os-path-to-pathlib", "applied") for _ in range(3)),
        finding(
            "path-concatenation", "withheld", code="no-symlinks", reason="a.b may be a symbolic link, or behind one"
        ),
        finding("path-concatenation", "withheld", code="no-symlinks", reason="c may be a symbolic link, or behind one"),
        finding("os-path-to-pathlib", "kept", code="style"),
        finding("os-path-to-pathlib", "found", code="no-counterpart"),
        finding("bare-except", "applied", "bare except; the body raises OSError"),
        finding("bare-except", "withheld", "bare except; what the body raises is open; f()"),
    ]
    shares = Shares()
    shares.add("usual", {"files": [{"findings": findings}, {"findings": []}]})
    shares.add("all", {"files": [{"findings": findings[:3]}]})
    assert (shares.files, shares.share(PATHS), shares.known()) == (2, 0.6, 0.5)
    assert "| both of paths | 7 | 1 | 1 | 0 | 3 | 3 | 60% |" in shares.lines()
    assert most_frequent(shares, 1) == ["     2 no-symlinks (path-concatenation, withheld)"]
    assert shares.most_common_of_paths(9) == ["     2 no-symlinks: it may be a symbolic link, or behind one"]


@pytest.mark.parametrize(
    ("name", "excluded", "others"),
    [
        ("non-empty-paths", [""], ["a", "."]),
        ("tidy-paths", ["./a", "a//b", "a/", "/b", ".", "a/."], ["a", "a/b", "../a", ""]),
        ("plain-names", [".", "/", "a.", "..b", "~nobody", "a*"], ["a", "a.b", "x/.y"]),
        ("no-symlinks", ["a/../b"], ["a/b"]),
        ("readable-folders", [], ["nowhere", ""]),
    ],
)
def test_what_an_assumption_excludes_by_its_sentence(name: str, excluded: list[str], others: list[str]):
    from generated import EXCLUDED

    assert all(map(EXCLUDED[name], excluded))
    assert not any(map(EXCLUDED[name], others))


def test_inputs_that_differ_without_an_assumption_are_strange():
    from generated import Tally

    tally = Tally()
    for assumed, differs in ((set(), False), (set(), True), ({"a"}, True), ({"b"}, True), ({"a", "b"}, True)):
        tally.add(frozenset(assumed), differs=differs, excluded="a".__eq__, shown="x")
    assert tally.rows() == [("nothing (`none`)", 2, 1), ("`a` alone", 1, 1), ("`b` alone", 1, 1), ("several", 1, 1)]
    assert tally.strange == ["none: x", "b: x"]


def test_the_page_about_starting_has_the_ratios():
    from start_up import table

    lines = table([0.1, 0.11, 0.3], 5).splitlines()
    assert lines[-3:] == [
        "| import click | 0.100 | 1.00 |",
        "| --version | 0.110 | 1.10 |",
        "| a file without findings | 0.300 | 3.00 |",
    ]


def test_the_wrong_rewrites_of_seeded_are_installed_for_a_while(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import seeded

    from pymodernize.registry import names

    monkeypatch.setattr(seeded, "PLACE", tmp_path)
    with seeded.seeded(tmp_path, []):
        assert "seeded-places" in names()
    assert "seeded-places" not in names()
