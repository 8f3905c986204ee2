"""What a run tells: diffs, lines for people, figures."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import Color, ColorSystem

from pymodernize import Finding, Status
from pymodernize.execution.execute import FileReport, error_reports
from pymodernize.report import json as json_report
from pymodernize.report.diff import readable_diff, unified_diff
from pymodernize.report.diff_colours import STYLES, coloured
from pymodernize.report.presenting import presented
from pymodernize.report.run import Run
from pymodernize.report.streams import column_of, shows_colour
from pymodernize.report.summary import Summary, summarise
from pymodernize.report.terminal import escaped, escaped_lines
from pymodernize.report.text import TextReport
from pymodernize.transformation.engine import Result

SOURCE = "caf\u00e9 = f(1)\nx = 2\n".encode()


def _finding(status: Status, codemod: str = "one", reason: str = "", detail: str = "") -> Finding:
    return Finding(codemod, 1, 8, 1, 12, "a call", reason=reason, status=status, detail=detail)


def _report(*findings: Finding, output: bytes | None = None, error: str | None = None) -> FileReport:
    return FileReport(Path("a.py"), SOURCE, Result(findings, output, error))


def _said(report: TextReport, *files: FileReport) -> tuple[bytes, str]:
    buffer, err = io.BytesIO(), io.StringIO()
    out = io.TextIOWrapper(buffer, "ascii")
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        for file in files:
            report.file(file)
        report.finish(summarise(files))
    out.flush()
    return buffer.getvalue(), err.getvalue()


def _document(*files: FileReport, applied: bool = False) -> dict:
    """What is told to programs, as JSON."""
    return json.loads(json_report.render(Run(applied=applied, files=list(files), summary=summarise(files))))


# --- diffs --------------------------------------------------------------------------------------------------------


def test_a_diff() -> None:
    diff = unified_diff("jobs/a.py", b"a\nb\nc\n", b"a\nB\nc\n")
    assert diff == b"--- a/jobs/a.py\n+++ b/jobs/a.py\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"


@pytest.mark.parametrize(
    ("old", "new", "body"),
    [
        (b"a", b"b", b"-a\n\\ No newline at end of file\n+b\n\\ No newline at end of file\n"),
        (b"a\n", b"b", b"-a\n+b\n\\ No newline at end of file\n"),
        (b"a\r\n", b"b\r\n", b"-a\r\n+b\r\n"),
        (b"\xe9\n", b"\xe8\n", b"-\xe9\n+\xe8\n"),
        (b"a\x0cb\x85c\x1cd\n", b"b\n", b"-a\x0cb\x85c\x1cd\n+b\n"),
        (b"a\rb\n", b"b\n", b"-a\rb\n+b\n"),
    ],
)
def test_the_bytes_of_a_diff(old: bytes, new: bytes, body: bytes) -> None:
    assert unified_diff("a.py", old, new).split(b"@@\n", 1)[1] == body


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("/srv/jobs/a.py", b"a/srv/jobs/a.py"),
        ("a b.py", b"a/a b.py\t"),
        ('a"b.py', b'"a/a\\"b.py"'),
        ("a\nb\tc.py", b'"a/a\\nb\\tc.py"'),
        ("a\x01.py", b'"a/a\\001.py"'),
        ("caf\u00e9.py", "a/caf\u00e9.py".encode()),
        (os.fsdecode(b"caf\xe9.py"), b"a/caf\xe9.py"),
    ],
)
def test_the_names_in_a_diff(name: str, header: bytes) -> None:
    first = unified_diff(name, b"a\n", b"b\n").splitlines()[0]
    assert first == b"--- " + header


def test_a_readable_diff_is_decoded_as_the_file_says() -> None:
    cookie = b"# coding: latin-1\n"
    assert "-\u00e9\n+\u00e8\n" in readable_diff("a.py", cookie + b"\xe9\n", cookie + b"\xe8\n")
    assert "-\ufeffa\n" in readable_diff("a.py", b"\xef\xbb\xbfa\n", b"\xef\xbb\xbfb\n")


def _applied(old: bytes, diff: bytes) -> bytes:
    """What a diff makes of a text: as much of ``patch`` as is needed."""
    lines = old.split(b"\n")
    lines = [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
    new: list[bytes] = []
    position = 0
    last_mark = b""
    for line in diff.split(b"\n")[2:-1]:
        mark, text = line[:1], line[1:] + b"\n"
        if mark == b"@":
            start = line.split()[1][1:].split(b",")
            begin = int(start[0]) - (0 if len(start) > 1 and start[1] == b"0" else 1)
            new += lines[position:begin]
            position = begin
        elif mark == b"\\":
            if last_mark != b"-":
                new[-1] = new[-1][:-1]
        else:
            if mark in b" -":
                assert lines[position].rstrip(b"\n") == text[:-1]
                position += 1
            if mark in b" +":
                new.append(text)
        last_mark = mark
    return b"".join(new + lines[position:])


_TEXTS = st.lists(st.sampled_from([b"a", b"-b", b"+", b"\xe9\r", b"", b"@@", b"\x0c"]), max_size=8).map(b"\n".join)


@given(old=_TEXTS, new=_TEXTS)
def test_a_diff_gives_the_new_text(old: bytes, new: bytes) -> None:
    diff = unified_diff("a.py", old, new)
    assert (_applied(old, diff) if diff else old) == new


# --- text ---------------------------------------------------------------------------------------------------------


def test_every_finding_that_was_not_applied_has_a_line() -> None:
    file = _report(
        _finding(Status.APPLIED),
        replace(_finding(Status.WITHHELD, reason="why [not] :smile:"), withheld_for=("tidy",)),
        _finding(Status.FOUND),
        _finding(Status.REJECTED, detail="Traceback: x"),
    )
    lines = [
        "a.py\n",
        "  1:8: one: a call - why [not] :smile: (needs tidy)\n",
        "  1:8: one: a call\n",
        "  1:8: one: a call\n",
    ]
    out, err = _said(TextReport(show=["withheld"]), file)
    assert out == b""
    assert err.startswith("".join(lines))
    assert "Traceback: x" not in err
    assert "Traceback: x\n" in _said(TextReport(verbosity=1), file)[1]
    assert _said(TextReport(verbosity=-1), file) == (b"", "a.py:1:8: one: a call\n")


def test_what_is_withheld_takes_one_line_and_what_is_kept_none() -> None:
    withheld = _finding(Status.WITHHELD)
    file = _report(
        replace(withheld, withheld_for=("tidy",)),
        replace(withheld, withheld_for=("big", "tidy")),
        replace(withheld, withheld_for=("tidy",)),
        _finding(Status.KEPT),
    )
    usual = _said(TextReport(), file)[1]
    assert usual.startswith("a.py\n  withheld: 2 for tidy, 1 for big and tidy\n "), usual
    both = _said(TextReport(show=["kept", "withheld"]), file)[1]
    assert both.count("  1:8: one: a call") == 4
    assert _said(TextReport(), _report(_finding(Status.KEPT)))[1].split()[0] == "codemod", "no word of the file"


def test_what_is_best_left_is_told_to_programs_alone() -> None:
    file = _report(replace(_finding(Status.FOUND), code="data"), replace(_finding(Status.FOUND), code="form"))
    shown = presented(file, {("one", "data"), ("two", "form")})
    assert [item.status for item in shown.result.findings] == [Status.KEPT, Status.FOUND]
    assert presented(file, {("two", "data")}) is file


def _wrapped(monkeypatch: pytest.MonkeyPatch, columns: int) -> list[str]:
    """What a terminal of some columns gets on stderr."""
    terminal = _Terminal()
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setattr(sys, "stderr", terminal)
    file = _report(_finding(Status.FOUND, reason="it may be that \u4f60\u597d " * 6))
    report = TextReport()
    report.file(file)
    report.finish(Summary())
    return terminal.getvalue().splitlines()


@pytest.mark.parametrize("columns", [40, 80])
def test_messages_fit_a_terminal(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    lines = [re.sub(r"\x1b\[\d*m", "", line) for line in _wrapped(monkeypatch, columns)]
    assert all(cell_len(line) <= columns for line in lines)
    first, second, third, *_ = lines
    assert (first, second[:11], third[:6]) == ("a.py", "  1:8: one:", "      ")


def test_the_last_lines_say_what_to_do_next() -> None:
    def command(*flags: str) -> str:
        return " ".join(["tool", *flags, "jobs"])

    def said(mode: str, *files: FileReport, **rest: Any) -> list[str]:
        report = TextReport(mode=mode, show_diff=False, command=command, **rest)
        lines = _said(report, *files)[1].splitlines()
        return lines[next(number for number, line in enumerate(lines) if re.match(r"\d+ files?:", line)) :]

    change = _report(_finding(Status.APPLIED), output=b"x = 3\n")
    more = _report(*[replace(_finding(Status.WITHHELD), withheld_for=("tidy",))] * 3)
    old = FileReport(Path("b.py"), b"", Result(error="looks like Python 2, line 1", unparsable=True))
    assert said("dry-run", change, more, old) == [
        "3 files: 1 would change \u00b7 3 more rewrites with other assumptions (most: tidy 3) \u00b7 1 is not Python 3",
        "Write them:    tool --apply jobs",
        "Why not more:  tool --statistics jobs",
    ]
    assert said("dry-run", change, statistics=True)[1:] == ["See them:    tool jobs", "Write them:  tool --apply jobs"]
    assert said("check", change)[1:] == [
        "See them:      tool jobs",
        "Write them:    tool --apply jobs",
        "Why not more:  tool --statistics jobs",
    ]
    assert said("apply", change)[1:] == ["Take it back:  pymodernize undo", "Why not more:  tool --statistics jobs"]
    assert said("dry-run") == ["0 files: 0 would change"]


def test_a_stream_without_the_dot_gets_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.TextIOWrapper(io.BytesIO(), "ascii", "backslashreplace")
    monkeypatch.setattr(sys, "stderr", stream)
    TextReport().finish(summarise(error_reports([(Path("b.py"), "is odd")])))
    stream.flush()
    assert stream.buffer.getvalue() == b"1 file: 0 would change, 1 could not be worked on\n"  # type: ignore[attr-defined]


def test_long_lines_are_not_wrapped() -> None:
    file = _report(_finding(Status.FOUND, reason="word " * 100))
    assert f"{'word ' * 100}".strip() in _said(TextReport(), file)[1]


def test_an_error_hides_no_rejection() -> None:
    out, err = _said(TextReport(mode="apply", verbosity=-1), _report(_finding(Status.REJECTED), error="is odd"))
    assert (out, err) == (b"", "a.py: is odd\na.py:1:8: one: a call\n")


@pytest.mark.parametrize(("applied", "line"), [(True, "a.py: rewritten\n"), (False, "a.py: would be rewritten\n")])
def test_without_a_diff_files_are_named(applied: bool, line: str) -> None:
    file = _report(_finding(Status.APPLIED), output=b"x = 3\n")
    assert _said(TextReport(mode="apply" if applied else "check", show_diff=False), file)[1].startswith(line)
    assert _said(TextReport(mode="apply" if applied else "check", show_diff=False, verbosity=-1), file) == (b"", "")


def test_a_file_that_becomes_empty_has_a_diff() -> None:
    file = _report(_finding(Status.APPLIED), output=b"")
    assert b"-x = 2\n" in _said(TextReport(), file)[0]
    document = _document(file)
    assert "-x = 2\n" in document["files"][0]["diff"]


def test_the_table_and_the_closing_line() -> None:
    files = [
        _report(_finding(Status.APPLIED), _finding(Status.APPLIED), _finding(Status.FOUND, "two"), output=b"x = 3\n"),
        _report(_finding(Status.WITHHELD)),
        *error_reports([(Path("b.py"), "is odd")]),
    ]
    err = _said(TextReport(), *files)[1]
    rows = [line.split() for line in err.splitlines()]
    assert ["codemod", "to", "rewrite", "withheld", "found", "only"] in rows
    assert ["one", "2", "1", "0"] in rows
    assert ["two", "0", "0", "1"] in rows
    assert rows[-1][:5] == "3 files: 1 would change".split()
    assert rows[-1][-6:] == "1 could not be worked on".split()
    done = [line.split() for line in _said(TextReport(mode="apply"), *files)[1].splitlines()]
    assert ["codemod", "rewritten", "withheld", "found", "only"] in done
    assert _said(TextReport(mode="apply"))[1] == "0 files: 0 rewritten\n"
    assert (
        "\n1 file: 0 rewritten \u00b7 1 more rewrite with other assumptions\n"
        in _said(TextReport(mode="apply"), files[1])[1]
    )


@pytest.mark.parametrize("statistics", [False, True])
@pytest.mark.parametrize("columns", [10, 40, 75])
def test_a_narrow_terminal_cuts_nothing_off(monkeypatch: pytest.MonkeyPatch, columns: int, statistics: bool) -> None:
    long = _finding(Status.APPLIED, "a-codemod-with-a-long-name", reason="one " * 12 + "and " * 12 + "the-last-word")
    narrow = TextReport(statistics=statistics)
    wide = TextReport(statistics=statistics)
    words = []
    for report, width in ((narrow, columns), (wide, 300)):
        monkeypatch.setenv("COLUMNS", str(width))
        words.append(Counter(re.findall(r"[\w-]+", _said(report, _report(long, output=b"x = 3\n"))[1])))
    assert words[0] == words[1]
    assert words[0]["a-codemod-with-a-long-name"] >= 1
    assert words[0]["the-last-word"] == statistics


def test_columns_count_characters_from_1() -> None:
    file = _report()
    assert [column_of(file, 1, column) for column in (0, 3, 5, 8)] == [1, 4, 5, 8]
    assert column_of(FileReport(Path("a.py"), b"\xff", Result()), 1, 3) == 4, "what does not decode has bytes"
    latin = FileReport(Path("a.py"), b"# coding: latin-1\n\xe9 = 1\n", Result())
    assert column_of(latin, 2, 3) == 3


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("a b/\u00e9.py", "a b/\u00e9.py"),
        ("a\nb.py", "a\\nb.py"),
        ("a\x1b[31m.py", "a\\x1b[31m.py"),
        (os.fsdecode(b"\xe9.py"), "\\udce9.py"),
        ("a\u202eyp.b", "a\\u202eyp.b"),  # shown from right to left
        ("a\x9b2J\x07\x7f.py", "a\\x9b2J\\x07\\x7f.py"),
        ("a\u200b\ufeff.py", "a\\u200b\\ufeff.py"),
        ("a\u00a0b\u3000c.py", "a\u00a0b\u3000c.py"),  # blanks that leave room
        ("a\tb\r.py", "a\\tb\\r.py"),
    ],
)
def test_paths_in_lines(path: str, shown: str) -> None:
    assert escaped(Path(path)) == shown


def test_lines_of_a_text() -> None:
    assert escaped_lines("a\tb\r\nc\rd\n\x1b[2J\n") == "a\tb\nc\\rd\n\\x1b[2J\n"


# --- colours ------------------------------------------------------------------------------------------------------


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, True),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "1"}, False),
        ({"TERM": "dumb"}, False),
        ({"TERM": "xterm"}, True),
    ],
)
def test_when_colours_are_shown(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: bool) -> None:
    for name in ("NO_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", _Terminal())
    assert shows_colour() is expected
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert shows_colour() is (environment.get("NO_COLOR") != "1"), "whoever asks for them gets them in a pipe, too"
    monkeypatch.delenv("FORCE_COLOR")
    assert not shows_colour(), "a pipe gets a diff that applies"
    monkeypatch.setattr(sys, "stdout", None)
    assert not shows_colour()


def test_a_coloured_diff_has_the_same_text() -> None:
    old = 'x = "é"  \n-- sql\n\n\n    y = [1,\n# end\n'
    new = old.replace("x =", "z =").replace("-- sql", "++ more") + "last"
    diff = readable_diff("a.py", old.encode(), new.encode())
    text = coloured(diff)
    assert str(text) == diff
    assert text.spans


def _luminance(colour: str) -> float:
    """How bright a colour is, by WCAG 2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.parametrize("colour", STYLES.values())
def test_a_diff_can_be_read_on_black_and_on_white(colour: str) -> None:
    contrasts = [1.05 / (_luminance(colour) + 0.05), (_luminance(colour) + 0.05) / 0.05]
    assert min(contrasts) > 4.3, "large text takes 3, small text 4.5"
    assert Color.parse(colour).downgrade(ColorSystem.STANDARD).number in {1, 2, 6}
    assert Color.parse(colour).downgrade(ColorSystem.EIGHT_BIT).number in {28, 30, 160, 196}


# --- figures ------------------------------------------------------------------------------------------------------


def test_the_figures_of_a_run() -> None:
    summary = summarise([_report(_finding(Status.APPLIED), output=b"x\n"), _report(error="is odd"), _report()])
    reasons = Counter({("one", Status.APPLIED, "a call"): 1})
    assert summary == Summary(3, 1, 1, {"one": Counter({Status.APPLIED: 1})}, reasons, failures=1)
    assert not summary.rejected
    summary.add(_report(_finding(Status.REJECTED)))
    assert summary.rejected


def test_json_says_what_each_finding_came_to() -> None:
    file = _report(_finding(Status.WITHHELD, reason="why"), output=None)
    document = _document(file)
    assert document["files"][0]["findings"] == [
        {
            "codemod": "one",
            "line": 1,
            "column": 8,
            "end_line": 1,
            "end_column": 12,
            "message": "a call",
            "assumptions": [],
            "withheld_for": [],
            "code": "",
            "reason": "why",
            "status": "withheld",
            "detail": "",
            "edits": None,
        }
    ]
    assert document["summary"]["codemods"] == {"one": {"withheld": 1}}


def test_json_without_any_file() -> None:
    document = _document(applied=True)
    assert document == {
        "version": 2,
        "applied": True,
        "files": [],
        "summary": {"files": 0, "changed": 0, "errors": 0, "codemods": {}, "withheld_for": {}},
    }
