"""The command line: options, streams and exit codes."""

from __future__ import annotations

import itertools
import json
import os
import pty
import resource
import select
import shlex
import shutil
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from commands import CLEAN, MORE, SAID, SCRIPT, command, invoke, script, spawn

import pymodernize
from pymodernize import Finding, Status
from pymodernize.cli import modernize
from pymodernize.commands import explain, run
from pymodernize.transformation.engine import Result

# With its own logging, a print has a rewrite that is not safe.
UNSAFE = 'import logging\n\nlogging.basicConfig(level=logging.ERROR)\n\nprint("Hello %s" % 1)\n'
PYTHON2 = 'print "hello"\n'


def test_a_dry_run_is_the_default_and_writes_nothing(tmp_path: Path) -> None:
    path = script(tmp_path)
    plain = invoke("job.py", cwd=tmp_path)
    explicit = invoke("--dry-run", "job.py", cwd=tmp_path)
    assert plain == explicit
    assert plain.code == 0
    assert plain.out.startswith("--- a/job.py\n+++ b/job.py\n@@ ")
    assert '-    print("Hello %s" % 1)' in plain.out
    assert path.read_text() == SCRIPT


def test_a_diff_is_all_that_goes_to_stdout(tmp_path: Path) -> None:
    script(tmp_path)
    script(tmp_path, "two.py", PYTHON2)
    outcome = invoke("job.py", "two.py", cwd=tmp_path)
    assert all(line[:1] in {"-", "+", " ", "@"} for line in outcome.out.splitlines())
    assert "two.py: looks like Python 2, line 1" in outcome.stderr
    assert "2 files: 1 would change \u00b7 1 is not Python 3\n" in outcome.stderr


def test_apply_writes_and_a_second_run_finds_nothing(tmp_path: Path) -> None:
    path = script(tmp_path)
    outcome = invoke("--apply", "job.py", cwd=tmp_path)
    assert (outcome.code, outcome.stdout) == (0, b"")
    assert "job.py: rewritten\n" in outcome.stderr
    assert "1 file: 1 rewritten\n" in outcome.stderr
    written = path.read_text()
    assert 'logger.info("Hello %s", 1)' in written
    assert subprocess.run([sys.executable, path], capture_output=True, check=True).stdout == SAID
    again = invoke("--apply", "job.py", cwd=tmp_path)
    assert (again.code, path.read_text()) == (0, written)
    assert "1 file: 0 rewritten\n" in again.stderr


def test_check_names_what_would_change_and_exits_with_1(tmp_path: Path) -> None:
    path = script(tmp_path)
    outcome = invoke("--check", "job.py", cwd=tmp_path)
    assert (outcome.code, outcome.stdout) == (1, b"")
    assert "job.py: would be rewritten\n" in outcome.stderr
    assert path.read_text() == SCRIPT
    path.write_text(CLEAN)
    assert invoke("--check", "job.py", cwd=tmp_path).code == 0


def test_check_does_not_count_what_is_withheld(tmp_path: Path) -> None:
    script(tmp_path, text=UNSAFE)
    one = ("--check", "--select", "print-to-logging")
    assert invoke(*one, "job.py", cwd=tmp_path).code == 0
    assert invoke(*one, "--unsafe", "job.py", cwd=tmp_path).code == 1


def test_unsafe_makes_the_rewrites_that_are_withheld_otherwise(tmp_path: Path) -> None:
    path = script(tmp_path, text=UNSAFE)
    outcome = invoke("--apply", "--select", "print-to-logging", "job.py", cwd=tmp_path)
    assert path.read_text() == UNSAFE
    assert outcome.stderr.startswith("job.py\n  withheld: 1 for changes-behaviour\n")
    shown = invoke("--select", "print-to-logging", "--show", "withheld", "job.py", cwd=tmp_path).stderr
    assert shown.startswith("job.py\n  5:1: print-to-logging: ")
    assert "(needs changes-behaviour)\n" in shown
    invoke("--apply", "--unsafe", "job.py", cwd=tmp_path)
    assert "print(" not in path.read_text()


@pytest.mark.parametrize(
    ("arguments", "changes"),
    [
        (("--select", "print-to-logging"), True),
        (("--select", " print-to-logging , print-to-logging,"), True),
        (("--select", "print-to-logging", "--select", "print-to-logging"), True),
        (("--ignore", "print-to-logging"), False),
        (("--ignore", "print-to-logging,print-to-logging"), False),
        (("--select", "print-to-logging", "--ignore", "print-to-logging"), False),
    ],
)
def test_select_and_ignore(tmp_path: Path, arguments: tuple[str, ...], changes: bool) -> None:
    script(tmp_path)
    assert (b"logger" in invoke(*arguments, "job.py", cwd=tmp_path).stdout) is changes


@pytest.mark.parametrize("option", ["--select", "--ignore"])
def test_an_unknown_codemod_is_an_error_with_the_nearest_name(tmp_path: Path, option: str) -> None:
    script(tmp_path)
    outcome = invoke(option, "print-to-loging", "--apply", "job.py", cwd=tmp_path)
    assert (outcome.code, outcome.stdout) == (2, b"")
    assert f"{option}: no codemod is called 'print-to-loging'; did you mean 'print-to-logging'?" in outcome.stderr
    assert (tmp_path / "job.py").read_text() == SCRIPT


def test_an_empty_selection_is_an_error_and_not_everything(tmp_path: Path) -> None:
    script(tmp_path)
    assert invoke("--select", "", "job.py", cwd=tmp_path).code == 2
    assert invoke("--select", " , ", "job.py", cwd=tmp_path).code == 2


@pytest.mark.parametrize("version", ["py310", "3.10", "310", "py37"])
def test_target_version_takes_known_versions(tmp_path: Path, version: str) -> None:
    script(tmp_path)
    assert invoke("--target-version", version, "job.py", cwd=tmp_path).code == 0


@pytest.mark.parametrize("version", ["py27", "py36", "ten", "py3100", ""])
def test_target_version_refuses_others(tmp_path: Path, version: str) -> None:
    script(tmp_path)
    outcome = invoke("--target-version", version, "job.py", cwd=tmp_path)
    assert outcome.code == 2
    assert ("no known version; write one like py310" in outcome.stderr) is bool(version)


def test_target_version_reaches_the_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path)
    plans = []
    real = run.run
    monkeypatch.setattr(run, "run", lambda files, plan, **rest: plans.append(plan) or real(files, plan, **rest))
    invoke("--target-version", "py38", "job.py", cwd=tmp_path)
    invoke("job.py", cwd=tmp_path)
    assert [plan.target_version for plan in plans] == [(3, 8), (3, sys.version_info.minor)]


def test_every_option_is_documented() -> None:
    for option in modernize.params:
        if option.param_type_name == "option":
            assert getattr(option, "help", None), option.name


def test_no_path_is_a_usage_error(tmp_path: Path) -> None:
    outcome = invoke(cwd=tmp_path)
    assert outcome.code == 2
    assert "Missing argument 'PATH...'" in outcome.stderr
    assert invoke("--no-such-option", "x.py", cwd=tmp_path).code == 2
    assert invoke("--format", "xml", "x.py", cwd=tmp_path).code == 2


def test_help_and_version(tmp_path: Path) -> None:
    for flag in ("-h", "--help"):
        shown = invoke(flag, cwd=tmp_path)
        assert shown.code == 0
        assert "Usage: pymodernize [OPTIONS] PATH..." in shown.out
        assert "130  Ctrl-C" in shown.out
    version = invoke("--version", cwd=tmp_path)
    assert (version.code, version.out) == (0, f"pymodernize {pymodernize.__version__}\n")


def test_commands_have_the_short_option_for_help_too(tmp_path: Path) -> None:
    for command_ in ("rules", "explain", "undo", "history"):
        assert invoke(command_, "-h", cwd=tmp_path) == invoke(command_, "--help", cwd=tmp_path)
        assert invoke(command_, "-h", cwd=tmp_path).code == 0


@pytest.mark.parametrize(
    ("word", "meant"),
    [("rule", "rules"), ("explian", "explain"), ("histroy", "history"), ("help", "--help"), ("aply", "--apply")],
)
def test_a_mistyped_command_is_no_missing_file(tmp_path: Path, word: str, meant: str) -> None:
    outcome = invoke(word, "print-to-logging", cwd=tmp_path)
    assert outcome.code == 2
    assert f"no file is called '{word}'; did you mean 'pymodernize {meant}'?" in outcome.stderr
    # What is there, has a folder or a suffix, or is like no command, is a path.
    for path in (f"./{word}", f"{word}.py", "jobs"):
        assert invoke(path, cwd=tmp_path).code == 3, path
    (tmp_path / word).mkdir()
    assert invoke(word, cwd=tmp_path).code == 0


def test_what_a_run_is_for_is_said_once(tmp_path: Path) -> None:
    path = script(tmp_path)
    for modes in itertools.permutations(("--apply", "--check", "--dry-run"), 2):
        outcome = invoke(*modes, "job.py", cwd=tmp_path)
        assert outcome.code == 2, modes
        assert " exclude each other" in outcome.stderr
    assert path.read_text() == SCRIPT
    assert invoke("--check", "--check", "job.py", cwd=tmp_path).code == 1


def test_a_name_for_stdin_without_stdin(tmp_path: Path) -> None:
    script(tmp_path)
    outcome = invoke("--stdin-filename", "other.py", "job.py", cwd=tmp_path)
    assert outcome.code == 2
    assert "--stdin-filename goes with the path - (stdin)" in outcome.stderr


def test_a_run_without_codemods_is_not_one_without_findings(tmp_path: Path) -> None:
    script(tmp_path)
    both = invoke("--select", "bare-except", "--ignore", "bare-except", "job.py", cwd=tmp_path)
    assert both.code == 2
    assert "--ignore leaves no codemod of those that are selected" in both.stderr
    (tmp_path / "pyproject.toml").write_text('[tool.pymodernize]\nselect = ["bare-except"]\nignore = ["bare-except"]\n')
    preset = invoke("job.py", cwd=tmp_path)
    assert preset.code == 2
    assert "pyproject.toml: ignore: leaves no codemod of those that are selected" in preset.stderr
    assert invoke("--select", "bare-except", "job.py", cwd=tmp_path).code == 0, "what is asked for by name is done"


def test_a_name_that_is_like_none_comes_with_the_way_to_all(tmp_path: Path) -> None:
    script(tmp_path)
    for call in (["--select", "PTH", "job.py"], ["--ignore", "PTH", "job.py"]):
        assert "no codemod is called 'PTH'; 'pymodernize rules' lists them" in invoke(*call, cwd=tmp_path).stderr
    assert "nothing is called 'PTH'; 'pymodernize rules' lists" in invoke("explain", "PTH", cwd=tmp_path).stderr


def test_rules_are_listed_in_plain_text(tmp_path: Path) -> None:
    listed = invoke("rules", cwd=tmp_path).out
    assert "`" not in listed
    assert "os-path-to-pathlib     Have paths handled by pathlib.Path " in listed


def test_a_folder_without_python_is_said_to_be_one(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("print('no')\n")
    outcome = invoke(".", cwd=tmp_path)
    assert outcome.code == 0
    assert outcome.stderr.startswith(
        "pymodernize: no Python files in .: *.py, *.pyw, or a first line that names Python"
    )
    assert invoke("-q", ".", cwd=tmp_path).stderr == ""
    script(tmp_path)
    assert "no Python files" not in invoke(".", cwd=tmp_path).stderr


# --- verbosity ----------------------------------------------------------------------------------------------------


def test_quiet_says_nothing_but_errors(tmp_path: Path) -> None:
    script(tmp_path)
    script(tmp_path, "unsafe.py", UNSAFE)
    assert invoke("-q", ".", cwd=tmp_path) == invoke("--quiet", "job.py", cwd=tmp_path)
    script(tmp_path, "two.py", PYTHON2)
    outcome = invoke("-q", ".", cwd=tmp_path)
    assert (outcome.code, outcome.stdout) == (3, b"")
    assert outcome.stderr == "two.py: looks like Python 2, line 1\n"


def test_quiet_apply_still_writes(tmp_path: Path) -> None:
    path = script(tmp_path)
    outcome = invoke("-q", "--apply", ".", cwd=tmp_path)
    assert (outcome.code, outcome.stdout, outcome.stderr) == (0, b"", "")
    assert path.read_text() != SCRIPT


def test_verbose_shows_diffs_under_apply(tmp_path: Path) -> None:
    script(tmp_path)
    preview = invoke("job.py", cwd=tmp_path).stdout
    assert invoke("-v", "--apply", "job.py", cwd=tmp_path).stdout == preview


def test_verbose_shows_skipped_links(tmp_path: Path) -> None:
    script(tmp_path, "elsewhere/job.py")
    (tmp_path / "tree").mkdir()
    (tmp_path / "tree" / "link.py").symlink_to(tmp_path / "elsewhere" / "job.py")
    line = "tree/link.py: skipped, the link leads out of the tree"
    assert line not in invoke("tree", cwd=tmp_path).stderr
    for flags in (["-v"], ["-vv"], ["--verbose", "--verbose"]):
        assert line in invoke(*flags, "tree", cwd=tmp_path).stderr


def test_verbose_says_which_settings_hold(tmp_path: Path) -> None:
    script(tmp_path)
    assert "pymodernize: settings: none, the defaults hold" in invoke("-v", "job.py", cwd=tmp_path).stderr
    (tmp_path / "pyproject.toml").write_text("[tool.pymodernize]\n")
    shown = invoke("-v", "job.py", cwd=tmp_path).stderr.replace("\n", "")
    assert f"pymodernize: settings: {tmp_path / 'pyproject.toml'}" in shown
    assert "settings:" not in invoke("job.py", cwd=tmp_path).stderr


class _Failing(Exception):
    """What a codemod raises in a test."""


def _break_codemod(monkeypatch: pytest.MonkeyPatch) -> None:
    from pymodernize.registry import entries

    def find(self: object, module: object) -> Any:
        raise _Failing("on purpose")

    monkeypatch.setattr(entries()["print-to-logging"].load(), "find", find)


def test_a_failing_codemod_is_rejected_with_a_traceback_under_verbose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script(tmp_path)
    _break_codemod(monkeypatch)
    outcome = invoke("--select", "print-to-logging", "job.py", cwd=tmp_path)
    assert (outcome.code, outcome.stdout) == (4, b"")
    assert "job.py\n  1:1: print-to-logging: the codemod failed: _Failing: on purpose\n" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    assert "Traceback (most recent call last)" in invoke("-v", "job.py", cwd=tmp_path).stderr
    assert "the codemod failed" in invoke("-q", "job.py", cwd=tmp_path).stderr


def test_what_is_passed_over_is_shown_if_asked_for(tmp_path: Path) -> None:
    script(tmp_path, text="import time\n\ntime.sleep(0)\nprint(1)\n")
    one = ("--select", "print-to-logging", "job.py")
    usual = invoke(*one, cwd=tmp_path)
    assert "job.py\n  " not in usual.stderr
    assert "kept on purpose" in usual.stderr
    assert "job.py\n  4:1: print-to-logging: print - data" in invoke("--show", "kept", *one, cwd=tmp_path).stderr
    assert invoke("--show", "withheld,kept", *one, cwd=tmp_path) == invoke(
        "--show", "withheld", "--show", "kept", *one, cwd=tmp_path
    )
    wrong = invoke("--show", "all", *one, cwd=tmp_path)
    assert wrong.code == 2
    assert "'all' is none of flagged, kept, withheld" in wrong.stderr
    document = json.loads(invoke("--format", "json", *one, cwd=tmp_path).stdout)
    assert document["files"][0]["findings"][0]["status"] == "found", "programs sort by codes themselves"


def test_the_next_command_repeats_what_was_asked_for(tmp_path: Path) -> None:
    script(tmp_path, "a b.py")
    asked = ["--select", "print-to-logging", "--assume", "-tidy-paths", "--style", "plain", "--target-version", "py39"]
    said = invoke(*asked, "a b.py", cwd=tmp_path).stderr
    line = next(line for line in said.splitlines() if line.startswith("Write them:"))
    words = shlex.split(line)[2:]
    assert words[:3] == ["pymodernize", "--apply", "--select=print-to-logging"]
    assert invoke(*words[1:], cwd=tmp_path).code == 0
    assert "logger" in (tmp_path / "a b.py").read_text()
    for number in range(40):
        script(tmp_path, f"job{number}.py")
    many = invoke(*[f"job{number}.py" for number in range(40)], cwd=tmp_path).stderr
    assert "Write them:    pymodernize --apply job0.py (and 39 more paths)\n" in many
    script(tmp_path, "-x.py")
    assert "pymodernize --apply -- -x.py\n" in invoke("--", "-x.py", cwd=tmp_path).stderr


# --- exit codes ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "errors", "rejected", "codes"),
    [
        (False, False, False, (0, 0, 0)),
        (True, False, False, (0, 0, 1)),
        (False, True, False, (3, 3, 3)),
        (True, True, False, (3, 3, 3)),
        (True, True, True, (4, 4, 4)),
        (False, False, True, (4, 4, 4)),
    ],
)
def test_the_largest_exit_code_wins(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    changed: bool,
    errors: bool,
    rejected: bool,
    codes: tuple[int, int, int],
) -> None:
    def outcomes(files: list[Path], *_: object, **__: object) -> Any:
        failure = Finding("print-to-logging", 1, 0, 1, 0, "failed", status=Status.REJECTED)
        source = SCRIPT.encode()
        yield run.FileReport(files[0], source, Result((), source + b"x = 1\n" if changed else None))
        if errors:
            yield run.FileReport(Path("b.py"), b"", Result(error="is odd"))
        if rejected:
            yield run.FileReport(Path("c.py"), b"", Result((failure,)))

    monkeypatch.setattr(run, "run", outcomes)
    for mode, code in zip(("--dry-run", "--apply", "--check"), codes, strict=True):
        script(tmp_path)
        assert invoke(mode, "job.py", cwd=tmp_path).code == code, mode


@pytest.mark.parametrize("mode", ["--dry-run", "--check", "--apply"])
def test_files_that_are_no_python_3_may_leave_the_exit_code(tmp_path: Path, mode: str) -> None:
    script(tmp_path, "old/two.py", PYTHON2)
    script(tmp_path, "old/broken.py", "print((\n")
    (tmp_path / "old" / "bytes.py").write_bytes(b"print('\xff')\n")
    script(tmp_path, "clean.py", CLEAN)
    assert invoke(mode, ".", cwd=tmp_path).code == 3
    outcome = invoke(mode, "--unparsable", "warn", ".", cwd=tmp_path)
    assert outcome.code == 0
    assert "old/two.py: looks like Python 2, line 1\n" in outcome.stderr, "it is said all the same"
    assert outcome.stderr.splitlines()[-1].endswith("\u00b7 3 are not Python 3")
    assert invoke(mode, "-q", "--unparsable", "warn", ".", cwd=tmp_path).stderr == ""
    (tmp_path / "pyproject.toml").write_text('[tool.pymodernize.per-file."old/**"]\nunparsable = "warn"\n')
    assert invoke(mode, ".", cwd=tmp_path).code == 0
    assert invoke(mode, "--unparsable", "error", ".", cwd=tmp_path).code == 3, "an option wins over a setting"
    script(tmp_path, "new.py", PYTHON2)
    assert invoke(mode, ".", cwd=tmp_path).code == 3, "the setting is for some files only"
    (tmp_path / "pyproject.toml").write_text('[tool.pymodernize]\nunparsable = "warn"\n')
    assert invoke(mode, ".", "none.py", cwd=tmp_path).code == 3, "what is not there is another matter"
    script(tmp_path, "job.py")
    assert invoke(mode, ".", cwd=tmp_path).code == (mode == "--check")
    (tmp_path / "pyproject.toml").write_text('[tool.pymodernize]\nunparsable = "ignore"\n')
    wrong = invoke(mode, ".", cwd=tmp_path)
    assert wrong.code == 2
    assert "pyproject.toml: unparsable: must be 'error' or 'warn'" in wrong.stderr


def test_stdin_that_is_no_python_3_may_leave_the_exit_code(tmp_path: Path) -> None:
    outcome = invoke("--apply", "--unparsable", "warn", "-", cwd=tmp_path, stdin=PYTHON2.encode())
    assert (outcome.code, outcome.out) == (0, PYTHON2)


def test_a_file_that_cannot_be_written_exits_with_3_and_the_rest_is_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = script(tmp_path, "a.py"), script(tmp_path, "b.py")
    real = os.access
    monkeypatch.setattr(
        os, "access", lambda path, *rest, **more: Path(path).name != "a.py" and real(path, *rest, **more)
    )
    outcome = invoke("--apply", ".", cwd=tmp_path)
    assert outcome.code == 3
    assert "a.py: is read-only\n" in outcome.stderr
    assert "2 files: 1 rewritten \u00b7 1 could not be worked on\n" in outcome.stderr
    assert first.read_text() == SCRIPT
    assert second.read_text() != SCRIPT


def test_a_rejected_rewrite_counts_even_if_the_file_cannot_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failure = Finding("other", 1, 0, 1, 0, "failed", status=Status.REJECTED)
    result = Result((failure, failure.settled(Status.APPLIED)), b"x = 2\n")
    monkeypatch.setattr(run, "run", lambda files, *_, **__: iter([run.FileReport(files[0], b"?", result)]))
    script(tmp_path)
    outcome = invoke("--apply", "job.py", cwd=tmp_path)
    assert outcome.code == 4
    assert "job.py: has changed since it was read" in outcome.stderr


def test_a_path_that_does_not_exist_exits_with_3(tmp_path: Path) -> None:
    outcome = invoke("none.py", "no-*.py", cwd=tmp_path)
    assert outcome.code == 3
    assert outcome.stderr.startswith("none.py: does not exist\nno-*.py: matches no file\n")


def test_an_interrupt_exits_with_130(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path)

    def interrupted(*_: object, **__: object) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(run, "run", interrupted)
    outcome = invoke("job.py", cwd=tmp_path)
    assert outcome.code == 130
    assert "interrupted; no file is half-written" in outcome.stderr


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_in_the_middle_leaves_the_tree_untouched(tmp_path: Path, number: int) -> None:
    before = SCRIPT.encode()
    for index in range(2000):
        (tmp_path / f"job{index:04}.py").write_bytes(before)
    process = subprocess.Popen(
        command("--apply", "."),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        # A shell has Ctrl-C ignored in what it runs in the background, these tests perhaps.
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".*.pymodernize")) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(number)
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == (130 if number == signal.SIGINT else -number)
    assert b"nothing was written" in stderr
    assert b"Traceback" not in stderr
    assert {path.read_bytes() for path in tmp_path.glob("job*.py")} == {before}
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".py"] == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_files_are_replaced_puts_them_back(tmp_path: Path, number: int) -> None:
    for index in range(9):
        script(tmp_path, f"job{index}.py")
    code = (
        "import os, signal\nfrom pymodernize.cli import main\nreal, calls = os.replace, []\n"
        "def replace(*names, **more):\n    real(*names, **more)\n    calls.append(names)\n"
        f"    if len(calls) == 4:\n        os.kill(os.getpid(), {int(number)})\n"
        f"os.replace = replace\nsignal.signal({int(number)}, signal.getsignal(signal.SIGINT)"
        f" if {int(number)} == signal.SIGINT else signal.SIG_DFL)\nmain(['--apply', '.'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == (130 if number == signal.SIGINT else -number), done.stderr
    assert "nothing was written" in done.stderr
    assert {path.read_text() for path in tmp_path.glob("job*.py")} == {SCRIPT}
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".py"] == []


def test_a_signal_after_the_last_file_says_what_was_written(tmp_path: Path) -> None:
    for index in range(3):
        script(tmp_path, f"job{index}.py")
    code = (
        "import os, signal\nfrom pymodernize.cli import main\nreal, calls = os.replace, []\n"
        "def replace(*names, **more):\n    real(*names, **more)\n    calls.append(names)\n"
        "    if len(calls) == 3:\n        os.kill(os.getpid(), signal.SIGINT)\n"
        "os.replace = replace\nsignal.signal(signal.SIGINT, signal.default_int_handler)\nmain(['--apply', '.'])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 130
    assert "3 files were written; pymodernize undo takes them back" in done.stderr
    assert SCRIPT not in {path.read_text() for path in tmp_path.glob("job*.py")}
    assert invoke("undo", cwd=tmp_path).code == 0
    assert {path.read_text() for path in tmp_path.glob("job*.py")} == {SCRIPT}


# --- stdin --------------------------------------------------------------------------------------------------------


def test_stdin_is_shown_as_a_diff(tmp_path: Path) -> None:
    outcome = invoke("-", cwd=tmp_path, stdin=SCRIPT.encode())
    assert outcome.code == 0
    assert outcome.out.startswith("--- a/<stdin>\n+++ b/<stdin>\n@@ ")
    named = invoke("-", "--stdin-filename", "jobs/x.py", cwd=tmp_path, stdin=SCRIPT.encode())
    assert named.out.startswith("--- a/jobs/x.py\n")
    assert invoke("--check", "-", cwd=tmp_path, stdin=SCRIPT.encode()).code == 1


@pytest.mark.parametrize(
    "text",
    [
        SCRIPT.encode(),
        SCRIPT.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + SCRIPT.encode(),
        b"\xef\xbb\xbf" + SCRIPT.replace("\n", "\r\n").encode(),
        b"# coding: latin-1\n# caf\xe9\n" + SCRIPT.encode(),
        SCRIPT.rstrip("\n").encode(),
        SCRIPT.replace("    ", "\t").encode(),
    ],
    ids=["lf", "crlf", "bom", "bom-crlf", "latin-1", "no-newline", "tabs"],
)
@pytest.mark.parametrize("flags", [[], ["-v"], ["-q"]])
def test_apply_gives_stdin_back_byte_for_byte(tmp_path: Path, text: bytes, flags: list[str]) -> None:
    path = tmp_path / "job.py"
    path.write_bytes(text)
    assert invoke("-q", "--apply", "job.py", cwd=tmp_path).code == 0
    outcome = invoke("--apply", *flags, "-", cwd=tmp_path, stdin=text)
    assert (outcome.code, outcome.stdout) == (0, path.read_bytes())
    assert outcome.stdout != text


def test_stdin_through_a_real_pipe_keeps_its_line_ends(tmp_path: Path) -> None:
    text = CLEAN.replace("\n", "\r\n").encode() * 3
    assert spawn("--apply", "-", cwd=tmp_path, stdin=text).stdout == text


def test_apply_gives_bad_stdin_back_as_it_was(tmp_path: Path) -> None:
    outcome = invoke("--apply", "-", cwd=tmp_path, stdin=PYTHON2.encode())
    assert (outcome.code, outcome.out) == (3, PYTHON2)
    assert "<stdin>: looks like Python 2, line 1" in outcome.stderr


def test_stdin_is_held_to_the_size_limit(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pymodernize]\nmax-file-size = 20\n")
    outcome = invoke("--apply", "-", cwd=tmp_path, stdin=SCRIPT.encode())
    assert (outcome.code, outcome.out) == (3, SCRIPT)
    assert "larger than the limit of 20 bytes" in outcome.stderr


def test_stdin_goes_with_no_other_path(tmp_path: Path) -> None:
    assert invoke("-", "x.py", cwd=tmp_path).code == 2
    outcome = invoke("--apply", "--format", "sarif", "-", cwd=tmp_path, stdin=SCRIPT.encode())
    assert (outcome.code, outcome.stdout) == (2, b"")


@pytest.mark.parametrize("encoding", ["utf-8", "latin-1"])
def test_json_has_the_text_that_stdin_becomes(tmp_path: Path, encoding: str) -> None:
    source = f"# -*- coding: {encoding} -*-\r\n# \xe4\r\n".encode(encoding) + SCRIPT.replace("\n", "\r\n").encode()
    outcome = invoke("--apply", "--format", "json", "-", cwd=tmp_path, stdin=source)
    (entry,) = json.loads(outcome.stdout)["files"]
    assert entry["text"].encode(encoding) == invoke("--apply", "-q", "-", cwd=tmp_path, stdin=source).stdout != source
    assert (outcome.code, outcome.stderr, entry["changed"]) == (0, "", True)
    for arguments, text in ((("--apply",), CLEAN.encode()), (("--apply",), PYTHON2.encode()), ((), source)):
        (entry,) = json.loads(invoke(*arguments, "--format", "json", "-", cwd=tmp_path, stdin=text).stdout)["files"]
        assert entry["text"] is None


def test_the_name_of_stdin_decides_settings_and_facts(tmp_path: Path) -> None:
    script(tmp_path, "project/main.py", "import helper\n\nhelper.main()\n")
    (tmp_path / "project" / ".git").mkdir()
    arguments = ("--check", "-", "--stdin-filename", "project/helper.py")
    assert invoke(*arguments, cwd=tmp_path, stdin=SCRIPT.encode()).code == 0, "main.py imports it"
    (tmp_path / "project" / "pyproject.toml").write_text("[tool.pymodernize]\nunsafe = true\n")
    assert invoke(*arguments, cwd=tmp_path, stdin=SCRIPT.encode()).code == 1


def test_closed_streams_are_no_crash(tmp_path: Path) -> None:
    script(tmp_path)
    line = " ".join(command())
    done = subprocess.run(f"{line} - <&-", shell=True, cwd=tmp_path, capture_output=True)  # noqa: S602
    assert done.returncode == 2
    assert b"stdin, which is closed" in done.stderr
    done = subprocess.run(f"{line} job.py >&-", shell=True, cwd=tmp_path, capture_output=True)  # noqa: S602
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


# --- subcommands --------------------------------------------------------------------------------------------------


def test_rules_lists_every_codemod_with_its_summary(tmp_path: Path) -> None:
    outcome = invoke("rules", cwd=tmp_path)
    assert outcome.code == 0
    lines = outcome.out.splitlines()
    assert any(line.startswith("print-to-logging  ") and line.endswith(".") for line in lines)


def test_explain_shows_a_page_and_suggests_names(tmp_path: Path) -> None:
    outcome = invoke("explain", "print-to-logging", cwd=tmp_path)
    assert outcome.code == 0
    for heading in ("# print-to-logging", "Why", "Assumptions", "Limits", "## Options", "T201"):
        assert heading in outcome.out
    wrong = invoke("explain", "print_to_logging", cwd=tmp_path)
    assert wrong.code == 2
    assert "did you mean 'print-to-logging'?" in wrong.stderr
    assert invoke("explain", cwd=tmp_path).code == 2


@pytest.mark.parametrize("name", ["rules", "explain", "undo", "history"])
def test_a_path_that_is_called_like_a_command(tmp_path: Path, name: str) -> None:
    script(tmp_path, f"{name}/job.py")
    assert invoke(f"./{name}", cwd=tmp_path).out.startswith(f"--- a/{name}/job.py")
    assert invoke("--dry-run", name, cwd=tmp_path).out.startswith(f"--- a/{name}/job.py")


def test_python_m_is_the_same_command(tmp_path: Path) -> None:
    script(tmp_path)
    assert spawn("job.py", cwd=tmp_path).stdout == invoke("job.py", cwd=tmp_path).stdout


def test_a_broken_pack_is_a_usage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def names() -> Any:
        raise run.RegistryError("the pack house (house_rules) does not import: no")

    monkeypatch.setattr(run, "names", names)
    monkeypatch.setattr(explain, "names", names)
    script(tmp_path)
    for arguments in (["rules"], ["explain", "x"], ["job.py"]):
        outcome = invoke(*arguments, cwd=tmp_path)
        assert outcome.code == 2
        assert "the pack house" in outcome.stderr


# --- JSON ---------------------------------------------------------------------------------------------------------


def _of(document: dict[str, Any], types: dict[str, Any]) -> None:
    """Check that an object has these keys with values of these types, and no other."""
    assert set(document) == set(types)
    for key, kind in types.items():
        assert isinstance(document[key], kind), (key, document[key])


def test_the_json_document(tmp_path: Path) -> None:
    script(tmp_path, "a.py", UNSAFE.replace("Hello", "Caf\u00e9"))
    script(tmp_path, "b.py", SCRIPT.replace("    print(", "    caf\u00e9 = 1; print("))
    script(tmp_path, "c.py", PYTHON2)
    outcome = invoke("--format", "json", "--select", "print-to-logging", "a.py", "b.py", "c.py", cwd=tmp_path)
    assert outcome.code == 3
    assert outcome.stderr == ""
    document = json.loads(outcome.stdout)
    _of(document, {"version": int, "applied": bool, "files": list, "summary": dict})
    assert document["version"] == 2
    assert document["applied"] is False
    _of(document["summary"], {"files": int, "changed": int, "errors": int, "codemods": dict, "withheld_for": dict})
    for file in document["files"]:
        keys = {"path": str, "changed": bool, "error": (str, type(None)), "findings": list}
        _of(file, {**keys, "diff": object, "text": type(None)})
        for finding in file["findings"]:
            texts = ("codemod", "message", "code", "reason", "status", "detail")
            numbers = ("line", "column", "end_line", "end_column")
            lists = ("assumptions", "withheld_for")
            types = dict.fromkeys(texts, str) | dict.fromkeys(numbers, int) | dict.fromkeys(lists, list)
            _of(finding, {**types, "edits": object})
            for edit in finding["edits"] or ():
                _of(edit, {"text": str} | dict.fromkeys(numbers, int))
    first, second, third = document["files"]
    assert [first["path"], second["path"], third["path"]] == ["a.py", "b.py", "c.py"]
    assert (first["changed"], first["error"], first["diff"]) == (False, None, None)
    finding = first["findings"][0]
    assert (finding["withheld_for"], finding["status"], finding["line"]) == (["changes-behaviour"], "withheld", 5)
    assert document["summary"]["withheld_for"] == {"changes-behaviour": 1}
    assert finding["reason"]
    assert second["changed"] is True
    assert second["diff"].startswith("--- a/b.py\n")
    assert "caf\u00e9" in second["diff"]
    finding = second["findings"][0]
    places = [finding[key] for key in ("line", "column", "end_line", "end_column")]
    assert places == [5, 15, 5, 36], "columns count characters from 1"
    assert (finding["assumptions"], finding["status"]) == (["open-stdout", "plain-messages", "run-only"], "applied")
    assert third["error"] == "looks like Python 2, line 1"
    assert document["summary"] == {
        "files": 3,
        "changed": 1,
        "errors": 1,
        "withheld_for": {"changes-behaviour": 1},
        "codemods": {"print-to-logging": {"withheld": 1, "applied": 4}},
    }


def test_json_is_the_same_each_time_and_says_what_was_applied(tmp_path: Path) -> None:
    for name in ("z.py", "a.py", "m/b.py"):
        script(tmp_path, name)
    first = spawn("--format", "json", ".", cwd=tmp_path, PYTHONHASHSEED="1")
    assert first == spawn("--format", "json", ".", cwd=tmp_path, PYTHONHASHSEED="2")
    applied = json.loads(invoke("--format", "json", "--apply", ".", cwd=tmp_path).stdout)
    assert applied == {**json.loads(first.stdout), "applied": True}
    assert json.loads(invoke("--format", "json", "--check", ".", cwd=tmp_path).stdout)["summary"]["changed"] == 0


def test_json_is_written_whatever_stdout_is_encoded_in(tmp_path: Path) -> None:
    script(tmp_path, text=SCRIPT.replace("Hello", "\u4f60\u597d hello"))
    outcome = spawn("--format", "json", "job.py", cwd=tmp_path, PYTHONIOENCODING="latin-1")
    assert outcome.code == 0
    assert "\u4f60\u597d" in json.loads(outcome.stdout)["files"][0]["diff"]


# --- diffs that apply ---------------------------------------------------------------------------------------------

FLAVOURS = {
    "lf.py": SCRIPT.encode(),
    "crlf.py": SCRIPT.replace("\n", "\r\n").encode(),
    "mixed.py": SCRIPT.encode().replace(b"1)\n", b"1)\r\n"),
    "bom.py": b"\xef\xbb\xbf" + SCRIPT.encode(),
    "latin1.py": b'# coding: latin-1\n"""Caf\xe9."""\n' + SCRIPT.replace("Hello", "caf\u00e9").encode("latin-1"),
    "unended.py": SCRIPT.rstrip("\n").encode(),
    "unended_change.py": b"import time\ntime.sleep(0)\n" + MORE.encode() + b'print("Hello %s" % 1)',
    "tabs.py": SCRIPT.replace("    ", "\t").encode(),
    "formfeed.py": b"x = 1\n\x0c\n" + SCRIPT.encode(),
    "hyphens.py": b'"""\n-- old\n++ new\n"""\n' + SCRIPT.encode(),
    "with space.py": SCRIPT.encode(),
    "folder/caf\u00e9.py": SCRIPT.encode(),
    'quo"te.py': SCRIPT.encode(),
    "back\\slash.py": SCRIPT.encode(),
}


@pytest.mark.parametrize("tool", ["patch", "git"])
def test_the_diff_applies_and_gives_what_apply_writes(tmp_path: Path, tool: str) -> None:
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    trees = tmp_path / "patched", tmp_path / "applied"
    for tree in trees:
        for name, content in FLAVOURS.items():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_bytes(content)
    diff = spawn(".", cwd=trees[0]).stdout
    if tool == "patch":
        tool_command = ["patch", "-p1", "--binary", "--no-backup-if-mismatch"]
    else:
        subprocess.run(["git", "init", "-q"], cwd=trees[0], check=True)
        tool_command = ["git", "apply", "--whitespace=nowarn"]
    done = subprocess.run(tool_command, cwd=trees[0], input=diff, capture_output=True)
    assert done.returncode == 0, done.stderr + done.stdout
    assert invoke("--apply", ".", cwd=trees[1]).code == 0
    for name, content in FLAVOURS.items():
        assert (trees[0] / name).read_bytes() == (trees[1] / name).read_bytes(), name
        assert (trees[0] / name).read_bytes() != content, name


# --- pipes and terminals ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments", [["."], ["--format", "json", "."], ["."], ["explain", "print-to-logging"], ["rules"]]
)
def test_a_broken_pipe_is_quiet(tmp_path: Path, arguments: list[str]) -> None:
    for index in range(40):
        script(tmp_path, f"job{index:02}.py", SCRIPT * 5)
    process = subprocess.Popen(command(*arguments), cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    stderr = process.stderr.read()
    process.wait(timeout=60)
    process.stderr.close()
    assert process.returncode == 141
    assert b"Traceback" not in stderr
    assert b"BrokenPipe" not in stderr


def test_a_broken_pipe_on_stderr_is_no_verdict(tmp_path: Path) -> None:
    script(tmp_path)
    process = subprocess.Popen(
        command("--check", "job.py"), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert process.stderr is not None
    process.stderr.close()
    assert process.wait(timeout=60) == 141


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["job.py"], 3),
        (["--check", "job.py"], 3),
        (["--check", "-q", "job.py"], 1),  # it has nothing to say on stderr
        (["none.py"], 3),
        (["--none"], 2),
        (["--config", "none.toml", "job.py"], 2),
        (["undo"], 2),
        (["history"], 3),
    ],
)
def test_a_full_disk_behind_stderr_is_no_crash(tmp_path: Path, arguments: list[str], code: int) -> None:
    script(tmp_path)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command(*arguments), cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=full)
    assert done.returncode == code


@pytest.mark.parametrize(
    "arguments",
    [
        ["--apply", ""],
        ["--apply", "job.py", ""],
        ["--apply", "--", ""],
        ["--apply", "--target-version", "", "job.py"],
        ["--apply", "--target-version=", "job.py"],
        ["--apply", "--config=", "job.py"],
        ["--apply", "--select", "", "job.py"],
        ["--stdin-filename", "", "-"],
        ["undo", ""],
        ["undo", "--project="],
        ["explain", ""],
    ],
)
def test_an_empty_argument_is_a_usage_error(tmp_path: Path, arguments: list[str]) -> None:
    script(tmp_path)
    assert invoke("--apply", "-q", "job.py", cwd=tmp_path).code == 0
    written = (tmp_path / "job.py").read_text()
    script(tmp_path, "other.py")
    outcome = invoke(*arguments, cwd=tmp_path)
    assert (outcome.code, outcome.stdout) == (2, b"")
    assert "is empty: a variable that is not set, perhaps" in outcome.stderr
    assert (tmp_path / "job.py").read_text() == written
    assert (tmp_path / "other.py").read_text() == SCRIPT


@pytest.mark.parametrize("kind", [RecursionError, KeyError, AssertionError, MemoryError])
@pytest.mark.parametrize(
    ("arguments", "place"), [(["--check", "."], "commands.run.names"), (["history"], "commands.undo.history")]
)
def test_a_fault_of_ours_has_an_exit_code_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: type[Exception], arguments: list[str], place: str
) -> None:
    def fail(*_: object) -> None:
        raise kind("one\x1b[2J\ntwo")

    monkeypatch.setattr(f"pymodernize.{place}", fail)
    outcome = invoke(*arguments, cwd=tmp_path)
    assert outcome.code == 70
    (line,) = outcome.stderr.splitlines()
    assert line.startswith(f"pymodernize: this is a fault of pymodernize: {kind.__name__}: ")
    assert "run the same command with -v" in line
    assert "Traceback" in invoke("-v", ".", cwd=tmp_path).stderr or arguments == ["history"]


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")
@pytest.mark.parametrize("arguments", [["job.py"], ["--format", "json", "job.py"], ["rules"]])
def test_a_full_disk_behind_stdout_exits_with_3(tmp_path: Path, arguments: list[str]) -> None:
    script(tmp_path)
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(command(*arguments), cwd=tmp_path, stdout=full, stderr=subprocess.PIPE, text=True)
    assert done.returncode == 3
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


def _on_a_terminal(arguments: list[str], cwd: Path, *, both: bool = False, **environment: str) -> bytes:
    """What a terminal shows that stdout goes to; with ``both`` stdin and stderr, too, as a person has it."""
    leader, follower = pty.openpty()
    kept = {key: value for key, value in os.environ.items() if key not in {"NO_COLOR", "FORCE_COLOR"}}
    process = subprocess.Popen(
        command(*arguments),
        cwd=cwd,
        stdin=follower if both else subprocess.DEVNULL,
        stdout=follower,
        stderr=follower if both else subprocess.DEVNULL,
        env={**kept, "TERM": "xterm-256color", **environment},
    )
    os.close(follower)
    shown = b""
    while True:
        ready, _, _ = select.select([leader], [], [], 60)
        try:
            part = os.read(leader, 65536) if ready else b""
        except OSError:  # Linux: the other end is closed
            break
        if not part:
            break
        shown += part
    process.wait(timeout=60)
    os.close(leader)
    return shown


def test_a_diff_is_coloured_on_a_terminal_only(tmp_path: Path) -> None:
    script(tmp_path)
    shown = _on_a_terminal(["job.py"], tmp_path)
    assert b"\x1b[" in shown
    assert b"logger" in shown
    assert b"\x1b[" not in spawn("job.py", cwd=tmp_path).stdout
    assert b"\x1b[" in spawn("job.py", cwd=tmp_path, FORCE_COLOR="1").stdout
    assert b"\x1b[" not in spawn("job.py", cwd=tmp_path, FORCE_COLOR="1", NO_COLOR="1").stdout


def test_a_pager_shows_what_is_longer_than_the_screen(tmp_path: Path) -> None:
    script(tmp_path)
    script(tmp_path, "un\x1b[2Jsafe.py", UNSAFE)
    pager = tmp_path / "pager"
    pager.write_text("#!/bin/sh\nprintf PAGED\ntr '\\n' ' '\necho\n")
    pager.chmod(0o755)
    terminal = {"PAGER": str(pager), "COLUMNS": "80", "LINES": "12"}
    paged = _on_a_terminal(["--select", "print-to-logging", "."], tmp_path, both=True, **terminal)
    before, _, rest = paged.partition(b"PAGED")
    assert b"logger" not in before
    inside, _, last = rest.partition(b"\n")
    assert b"+++ b/job.py" in inside
    assert b"withheld: 1 for changes-behaviour" in inside, "messages are beside the diff that they go with"
    assert b"x1b[2J" in inside
    assert b"2 files: 1 would change" not in inside, "what to do next is there when the pager has gone"
    assert b"2 files: 1 would change" in last
    assert b"Write them:    pymodernize --apply --select=print-to-logging ." in last
    for arguments, environment in (
        (["--no-pager", "."], terminal),
        (["--check", "."], terminal),
        (["."], {**terminal, "LINES": "80"}),
        (["."], {**terminal, "TERM": "dumb"}),
        (["-q", "."], terminal),
    ):
        shown = _on_a_terminal(arguments, tmp_path, both=True, **environment)
        assert b"PAGED" not in shown, arguments
        assert b"\x1b[2J" not in shown
        assert (b"+++ b/job.py" in shown) is (arguments[0] in {"--no-pager", "."})


@pytest.mark.parametrize("environment", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_may_refuse_colours(tmp_path: Path, environment: dict[str, str]) -> None:
    script(tmp_path)
    shown = _on_a_terminal(["job.py"], tmp_path, **environment)
    assert b"\x1b[" not in shown
    assert b"+++ b/job.py" in shown


def test_a_terminal_may_lack_characters(tmp_path: Path) -> None:
    script(tmp_path, text=SCRIPT.replace("Hello", "caf\u00e9"))
    assert b"caf\\xe9" in _on_a_terminal(["job.py"], tmp_path, PYTHONIOENCODING="ascii")


# --- start-up -----------------------------------------------------------------------------------------------------


def _modules(*arguments: str, cwd: Path, in_this: bool = False) -> set[str]:
    # What the process that works on the file loads is seen if that is this one.
    code = (
        "import sys\n"
        + "from pymodernize.commands import run\nfrom pymodernize.execution import pool\n" * in_this
        + "run.Pool = lambda plan, jobs: pool.Pool(plan)\n" * in_this
        + "from pymodernize.cli import main\ntry:\n    main()\nfinally:\n    print('\\n'.join(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=cwd, capture_output=True, text=True)
    return set(done.stdout.split())


def test_version_loads_no_heavy_library(tmp_path: Path) -> None:
    loaded = _modules("--version", cwd=tmp_path)
    assert "pymodernize.cli" in loaded
    assert not loaded & {"unicodedata", "pymodernize.commands.subcommands"}
    assert not loaded & {
        "libcst",
        "rich",
        "fixit",
        "msgspec",
        "pathspec",
        "pymodernize.transformation.engine",
        "pymodernize.commands.run",
    }


def test_files_without_a_trigger_load_no_libcst(tmp_path: Path) -> None:
    script(tmp_path, text=CLEAN)
    loaded = _modules(".", cwd=tmp_path, in_this=True)
    assert "pymodernize.commands.run" in loaded
    assert not loaded & {"libcst", "fixit", "pymodernize.transformation.engine"}
    script(tmp_path)
    assert {"libcst", "msgspec"} <= _modules(".", cwd=tmp_path, in_this=True)
    assert "msgspec" not in _modules("--check", "--no-cache", ".", cwd=tmp_path, in_this=True)


def _cpu(arguments: list[str]) -> float:
    # Click's modules are kept compiled wherever it is installed; ours are to be, too.
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def test_version_costs_little_more_than_click() -> None:
    click = [sys.executable, "-c", "import click"]
    for _ in range(5):
        pairs = [(_cpu(command("--version")), _cpu(click)) for _ in range(10)]
        ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
        if ours <= 1.3 * theirs:
            return
    raise AssertionError(f"{ours:.3f} s against {theirs:.3f} s")
