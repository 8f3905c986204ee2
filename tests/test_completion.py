"""What shells offer, asked for by real ones; and the manual page."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import click
import pytest
from commands import PROJECT, invoke

from pymodernize.cli import commands, modernize
from pymodernize.completion import KINDS, complete
from pymodernize.registry import entries
from pymodernize.settings.help import HELP
from pymodernize.settings.values import READERS

BIN = Path(sys.executable).parent
PAGE = PROJECT / "docs" / "man" / "pymodernize.1"


def _offered(monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], *words: str) -> list[str]:
    """What bash would be offered for the last of some words, in this process."""
    monkeypatch.setenv("COMP_WORDS", " ".join(["pymodernize", *words]))
    monkeypatch.setenv("COMP_CWORD", str(len(words)))
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", open(os.dup(1), "w", encoding="utf-8"))
        assert complete("bash_complete", modernize, commands()) == 0
        sys.stdout.close()
    return capfdbinary.readouterr().out.decode().splitlines()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        (("exp",), ["file,exp", "plain,explain"]),
        (("--exp",), ["plain,--explain-line"]),
        (("--select", "print"), ["plain,print-to-logging"]),
        (("--select", "print-to-logging,pr"), []),
        (("--select", "bare-except,pr"), ["plain,bare-except,print-to-logging"]),
        (("--select", "=", "main"), ["plain,main-guard"]),
        (("--ignore", "="), [f"plain,{name}" for name in entries()]),
        (("--assume", "us"), ["plain,usual"]),
        (("--assume", "none,+tidy"), ["plain,none,+tidy-paths"]),
        (("--assume", "+us"), []),
        (("--target-version", "py31"), [f"plain,py31{number}" for number in range(6)]),
        (("--profile", "ex"), ["plain,expressions"]),
        (("--show", "kept,"), ["plain,kept,withheld"]),
        (("--output", "pa"), ["plain,patch:"]),
        (("--output", "patch", ":", "x"), ["file,x"]),
        (("--output", "patch", ":"), ["file,"]),
        (("explain", "target"), ["plain,target-version"]),
        (("explain", "bare"), ["plain,bare-except"]),
        (("explain", "text-pa"), ["plain,text-paths"]),
        (("explain", "secr"), ["plain,secret"]),
        (("undo", "--fo"), ["plain,--force"]),
        (("rules", "--"), ["plain,--reasons", "plain,--help"]),
        (("jobs/", "x"), ["file,x"]),
    ],
)
def test_what_is_offered(
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
    words: tuple[str, ...],
    offered: list[str],
) -> None:
    assert sorted(_offered(monkeypatch, capfdbinary, *words)) == sorted(offered)


def test_every_value_that_has_names_is_completed() -> None:
    known = {item.name for item in modernize.params if isinstance(item, click.Option) and not item.is_flag}
    others = {"since", "jobs", "scheduler", "verbose", "config"}
    for item in modernize.params:
        if item.name in known - others and not isinstance(item.type, click.Choice):
            assert item._custom_shell_complete is not None, item.name


def test_a_path_behind_a_format_is_completed_where_the_shell_does_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "reports").mkdir()
    (tmp_path / "report.json").touch()
    assert [item.value for item in KINDS["formats"]("json:rep")] == ["json:report.json", "json:reports/"]


@pytest.mark.parametrize("asked", ["csh_complete", "bash_", "bash_sing", "bash_complete"])
def test_nothing_is_said_where_a_person_is_typing(tmp_path: Path, asked: str) -> None:
    environment = {**os.environ, "_PYMODERNIZE_COMPLETE": asked}
    environment.pop("COMP_WORDS", None)
    done = subprocess.run([BIN / "pymodernize"], cwd=tmp_path, env=environment, capture_output=True)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")


def _typed(tmp_path: Path, line: str, end: str) -> str:
    """What stands in the line of an interactive bash once the key that completes has been pressed."""
    import pty

    (tmp_path / "rc").write_text(
        "PS1='$ '\nbind 'set enable-bracketed-paste off' 'set bell-style none'\n"
        'eval "$(_PYMODERNIZE_COMPLETE=bash_source pymodernize)"\necho ready\n'
    )
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(tmp_path)
        os.environ.update(PATH=f"{BIN}{os.pathsep}{os.environ['PATH']}", TERM="dumb", COLUMNS="200")
        os.execvp("bash", ["bash", "--rcfile", "rc", "-i"])  # noqa: S606
    seen = ""

    def until(pattern: str) -> None:
        nonlocal seen
        limit = time.monotonic() + 60
        while not re.search(pattern, seen) and time.monotonic() < limit:
            seen += os.read(terminal, 4096).decode("utf-8", "replace")

    try:
        until("ready")
        seen = ""
        os.write(terminal, f"{line}\t".encode())
        until(end)
        return seen.replace("\a", "")
    finally:
        os.write(terminal, b"\x03exit\n")
        os.close(terminal)
        os.waitpid(process, 0)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("pymodernize --select=bare-except,print", "bare-except,print-to-logging "),
        ("pymodernize undo --proj", "--project "),
        ("pymodernize scri", "script_of_mine.py "),
    ],
)
def test_bash_completes(tmp_path: Path, line: str, whole: str) -> None:
    (tmp_path / "script_of_mine.py").touch()
    assert whole in _typed(tmp_path, line, re.escape(whole))


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_take_their_script(tmp_path: Path, shell: str) -> None:
    environment = {**os.environ, "_PYMODERNIZE_COMPLETE": f"{shell}_source"}
    text = subprocess.run([BIN / "pymodernize"], env=environment, capture_output=True, check=True).stdout.decode()
    assert f"_PYMODERNIZE_COMPLETE={shell}_complete" in text
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}; what it would be given is as it should be")
    (tmp_path / "completion").write_text(text)
    subprocess.run([shell, "-n", tmp_path / "completion"], check=True)


# --- names that can be explained -----------------------------------------------------------------------------------


def test_every_setting_is_explained(tmp_path: Path) -> None:
    assert HELP.keys() == {*READERS, "unsafe"}
    outcome = invoke("explain", "history-size", cwd=tmp_path)
    assert outcome.out.startswith("history-size: a setting, in [tool.pymodernize].\n\nWhat the runs that can be undone")
    assert outcome.out.endswith("Its value: a number of bytes. Without it: 100000000.\n")
    assert "Without it" not in invoke("explain", "extend", cwd=tmp_path).out


def test_the_code_of_a_reason_is_explained(tmp_path: Path) -> None:
    outcome = invoke("explain", "secret", cwd=tmp_path)
    assert outcome.out.startswith("secret: a reason why a place is left as it is.\n\nprint-to-logging: ")
    assert (outcome.code, outcome.stderr) == (0, "")


def test_what_is_no_name_costs_a_line(tmp_path: Path) -> None:
    assert (
        "nothing is called 'histry-size'; did you mean 'history-size'?"
        in invoke("explain", "histry-size", cwd=tmp_path).stderr
    )
    outcome = invoke("explain", "zzzzzz", cwd=tmp_path)
    assert outcome.code == 2
    assert "nothing is called 'zzzzzz'; 'pymodernize rules' lists the codemods" in outcome.stderr


# --- the manual page ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def manual() -> str:
    """The page as a reader sees it."""
    if shutil.which("groff") is None:
        pytest.skip("there is no groff")
    done = subprocess.run(["groff", "-man", "-Tascii", "-ww", "-P-cbou", PAGE], capture_output=True, check=True)
    assert done.stderr == b"", "it warns of nothing"
    return done.stdout.decode("ascii")


def test_the_manual_has_everything(manual: str) -> None:
    words = set(re.findall(r"[\w.-]+", manual))
    options = {name for command in (modernize, *commands().values()) for item in command.params for name in item.opts}
    assert {name for name in options if name.startswith("--")} <= words
    assert HELP.keys() <= words
    assert set(commands()) <= words
    headings = re.findall(r"^[A-Z].*", manual, re.MULTILINE)
    assert headings[1:] == "NAME,SYNOPSIS,DESCRIPTION,OPTIONS,COMMANDS,ASSUMPTIONS,EXIT CODES,SETTINGS".split(",")
    assert "       130  Ctrl-C; no file is half-written\n" in manual


@pytest.mark.skipif(shutil.which("man") is None, reason="there is no man")
def test_man_shows_it() -> None:
    done = subprocess.run(
        ["man", "-l", PAGE], capture_output=True, env={**os.environ, "MANPAGER": "cat", "LC_ALL": "C"}
    )
    if done.returncode and b"-l" in done.stderr:
        pytest.skip("this man shows no files")
    assert b"pymodernize" in done.stdout
    assert done.returncode == 0


def test_all_codemods_are_named_in_completions() -> None:
    assert {item.value for item in KINDS["codemods"]("")} == entries().keys()
