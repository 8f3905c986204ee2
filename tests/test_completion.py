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
from click.shell_completion import get_completion_class
from commands import PROJECT, invoke

from pymodernize.cli import commands, modernize
from pymodernize.commands.completion import KINDS, MENDED, VARIABLE, complete, script_for
from pymodernize.registry import names
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
        (("--ignore", "="), [f"plain,{name}" for name in names()]),
        (("--assume", "us"), ["plain,usual"]),
        (("--assume", "none,+tidy"), ["plain,none,+tidy-paths"]),
        (("--assume", "+us"), []),
        (("--target-version", "py31"), [f"plain,py31{number}" for number in range(6)]),
        (("--profile", "ex"), ["plain,expressions"]),
        (("--show", "kept,"), ["plain,kept,flagged", "plain,kept,withheld"]),
        (("--output", "pa"), ["plain,patch:"]),
        (("--output", "patch", ":", "x"), ["file,x"]),
        (("--output", "patch", ":"), ["file,"]),
        (("explain", "target"), ["plain,target", "plain,target-version"]),
        (("explain", "bare"), ["plain,bare-except"]),
        (("explain", "text-pa"), ["plain,text-paths"]),
        (("explain", "secr"), ["plain,secret", "plain,secret-in-log", "plain,secret-in-source"]),
        (("undo", "--fo"), ["plain,--force"]),
        (("rules", "--"), ["plain,--reasons", "plain,--standard", "plain,--help"]),
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


START = {
    "bash": (
        "rc",
        "PS1='$ '\nbind 'set enable-bracketed-paste off' 'set bell-style none'\n"
        'eval "$(_PYMODERNIZE_COMPLETE=bash_source pymodernize)"\necho ready\n',
        ["--rcfile", "rc", "-i"],
    ),
    "zsh": (
        ".zshrc",
        "PROMPT='$ '\nunsetopt zle_bracketed_paste\nautoload -Uz compinit\ncompinit -u -D\n"
        'eval "$(_PYMODERNIZE_COMPLETE=zsh_source pymodernize)"\necho ready\n',
        ["-i"],
    ),
}
"""For a shell, its start-up file, what is in that, and how it is started."""


def _typed(tmp_path: Path, shell: str, line: str, end: str) -> str:
    """What stands in the line of an interactive shell once the key that completes has been pressed."""
    import pty

    name, text, arguments = START[shell]
    (tmp_path / name).write_text(text)
    process, terminal = pty.fork()
    if process == 0:
        os.chdir(tmp_path)
        os.environ.update(PATH=f"{BIN}{os.pathsep}{os.environ['PATH']}", TERM="dumb", COLUMNS="200", ZDOTDIR=".")
        os.execvp(shell, [shell, *arguments])  # noqa: S606
    seen = ""

    def until(pattern: str) -> None:
        nonlocal seen
        limit = time.monotonic() + 60
        while not re.search(pattern, seen) and time.monotonic() < limit:
            seen += os.read(terminal, 4096).decode("utf-8", "replace")

    try:
        until(r"ready\s+.*\$ ")
        seen = ""
        os.write(terminal, f"{line}\t".encode())
        until(end)
        return seen.replace("\a", "")
    finally:
        os.write(terminal, b"\x03exit\n")
        os.close(terminal)
        os.waitpid(process, 0)


def _needs(shell: str) -> None:
    if shutil.which(shell) is None:
        pytest.skip(f"there is no {shell}")


@pytest.mark.parametrize("shell", START)
@pytest.mark.parametrize(
    ("line", "whole"),
    [
        ("pymodernize --select=bare-except,print", "bare-except,print-to-logging "),
        ("pymodernize undo --proj", "--project "),
        ("pymodernize --output=patch:scri", "patch:script_of_mine.py "),
    ],
)
def test_a_shell_completes(tmp_path: Path, shell: str, line: str, whole: str) -> None:
    _needs(shell)
    (tmp_path / "script_of_mine.py").touch()
    assert whole in _typed(tmp_path, shell, line, re.escape(whole))


def test_fish_completes(tmp_path: Path) -> None:
    _needs("fish")
    (tmp_path / "script_of_mine.py").touch()
    lines = ("--select=bare-except,print", "bare-except --ignore pri", "undo --proj", "scri", "expl")
    asked = "; ".join(f"complete -C 'pymodernize {line}'" for line in lines)
    program = f"env _PYMODERNIZE_COMPLETE=fish_source pymodernize | source; {asked}"
    environment = {**os.environ, "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}
    command = ["fish", "--no-config", "-c", program]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    offered = [line.partition("\t")[0] for line in done.stdout.splitlines()]
    assert offered == [
        "--select=bare-except,print-to-logging",
        "print-to-logging",
        "--project",
        "script_of_mine.py",
        "explain",
    ]
    assert "A folder of the project; else the current one, those above and below." in done.stdout, "also behind a comma"


def test_what_is_mended_is_in_the_scripts() -> None:
    for shell, (old, new) in MENDED.items():
        kind = get_completion_class(shell)
        assert kind is not None and old in kind.source_template
        own = kind(modernize, {}, "pymodernize", VARIABLE)
        assert new in script_for(own, shell)


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
    assert {item.value for item in KINDS["codemods"]("")} == names().keys()
