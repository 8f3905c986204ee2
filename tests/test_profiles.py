"""Profiles, and files that are handed to the project's formatter."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from commands import MORE, invoke

from pymodernize.commands import then_format
from pymodernize.execution.code_style import code_style
from pymodernize.files import programs
from pymodernize.files.programs import find_program
from pymodernize.registry import entries

BOTH = (
    "import os\n\nprint('There are files')\ntry:\n    os.remove( 'a' )\nexcept IOError:\n    print('none here')\n"
    + MORE
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "job.py").write_text(BOTH)
    return tmp_path


def settings(project: Path, text: str) -> None:
    (project / "pyproject.toml").write_text(text)


def shown(project: Path, *options: str) -> str:
    return invoke("--no-cache", *options, "job.py", cwd=project).stdout.decode()


def test_the_expressions_are_left_alone_by_no_codemod_that_shapes_scripts():
    names = {name for name, entry in entries().items() if entry.load().of_expressions}
    assert names >= {"bare-except", "oserror-alias", "raise-without-from", "os-path-to-pathlib", "path-concatenation"}
    assert not any(entries()[name].load().of_scripts for name in names)


def test_a_profile_by_option_and_by_setting(project: Path):
    assert "logger.info" in shown(project) and "except OSError" in shown(project)
    only = shown(project, "--profile", "expressions")
    assert "except OSError" in only and "logger" not in only
    assert "EXECUTION_ID" in shown(project, "--profile", "standard")
    settings(project, '[tool.pymodernize]\nprofile = "expressions"\n')
    assert "logger" not in shown(project)
    assert "logger" in shown(project, "--profile", "plain")
    settings(project, '[tool.pymodernize]\nprofile = "standard"\n')
    assert "EXECUTION_ID" in shown(project)
    assert "EXECUTION_ID" not in shown(project, "--style", "plain")
    settings(project, '[tool.pymodernize]\nprofile = "most"\n')
    assert invoke("job.py", cwd=project).code == 2


def test_a_profile_goes_with_select_and_ignore(project: Path):
    assert shown(project, "--profile", "expressions", "--ignore", "oserror-alias,os-path-to-pathlib") == ""
    chosen = shown(project, "--profile", "expressions", "--select", "oserror-alias,print-to-logging")
    assert "except OSError" in chosen and "logger" not in chosen
    assert invoke("--profile", "expressions", "--select", "print-to-logging", "job.py", cwd=project).code == 2
    settings(project, '[tool.pymodernize]\nprofile = "expressions"\n')
    assert "logger" in shown(project, "--select", "print-to-logging")


def test_changed_files_go_through_the_formatter(project: Path):
    settings(project, '[tool.ruff]\nline-length = 100\n[tool.ruff.format]\nquote-style = "single"\n')
    (project / "same.py").write_text("x = { }\n")
    assert "os.remove( 'a' )" in shown(project, "--select", "oserror-alias")
    assert invoke("--apply", "--then-format", "--select", "oserror-alias", ".", cwd=project).code == 0
    assert "except OSError:\n" in (project / "job.py").read_text()
    assert "os.remove('a')\n" in (project / "job.py").read_text()
    assert (project / "same.py").read_text() == "x = { }\n"
    assert invoke("--check", "--then-format", "--select", "oserror-alias", ".", cwd=project).code == 0


def test_without_a_formatter_the_rewrite_stays_and_the_reason_is_said(project: Path):
    run = invoke("--then-format", "--select", "oserror-alias", "job.py", cwd=project)
    assert b"os.remove( 'a' )" in run.stdout and "name neither ruff nor Black" in run.stderr
    settings(project, "[tool.pymodernize]\nthen-format = true\n")
    assert "name neither ruff nor Black" in invoke("--select", "oserror-alias", "job.py", cwd=project).stderr


@pytest.mark.parametrize(
    ("text", "formatter"),
    [
        ("[tool.ruff]\n", "ruff"),
        ("[tool.black]\n", "black"),
        ("[tool.ruff]\n[tool.black]\n", "black"),
        ("[tool.ruff.format]\n[tool.black]\n", "ruff"),
        ("[tool.other]\n", ""),
    ],
)
def test_the_settings_say_which_formatter(tmp_path: Path, text: str, formatter: str):
    settings(tmp_path, text)
    assert code_style(tmp_path).formatter == formatter


@pytest.mark.skipif(os.name == "nt", reason="a script without a suffix is no program there")
def test_a_program_that_came_with_the_project_is_no_formatter(project: Path, monkeypatch: pytest.MonkeyPatch):
    (project / "black").write_text("#!/bin/sh\ntouch executed\n")
    (project / "black").chmod(0o755)
    monkeypatch.chdir(project)
    monkeypatch.setattr(programs.sys, "executable", str(project / "none" / "python"))
    for path in (".", "", str(project)):
        monkeypatch.setenv("PATH", path)
        find_program.cache_clear()
        assert find_program("black") is None
    find_program.cache_clear()


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited there")
def test_settings_of_a_formatter_that_have_no_end(project: Path, monkeypatch: pytest.MonkeyPatch):
    settings(project, "[tool.pymodernize]\nthen-format = true\n[tool.ruff]\nextend = '/dev/zero'\n")
    run = invoke("--apply", "--select", "oserror-alias", ".", cwd=project)
    assert (run.code, "job.py: not formatted: ruff fails on it" in run.stderr) == (0, True), run.stderr
    # It waits for somebody who writes: once, and not again for each file.
    os.mkfifo(project / "more.toml")
    settings(project, "[tool.pymodernize]\nthen-format = true\n[tool.ruff]\nextend = 'more.toml'\n")
    monkeypatch.setattr(then_format, "_SECONDS", 1)
    for number in range(8):
        (project / f"job{number}.py").write_text("try:\n    x = 1\nexcept IOError:\n    x = 2\n")
    started = []
    real = subprocess.run
    monkeypatch.setattr(
        then_format.subprocess, "run", lambda *given, **more: started.append(given) or real(*given, **more)
    )
    run = invoke("--apply", "--select", "oserror-alias", ".", cwd=project)
    assert (run.code, len(started)) == (0, 1)
    assert run.stderr.count("no file is handed to it any more") == 1
    assert "except OSError" in (project / "job7.py").read_text()


@pytest.mark.parametrize("output", [subprocess.TimeoutExpired("ruff", 1), OSError("gone"), b"def (:\n"])
def test_a_formatter_that_fails_changes_nothing(project: Path, monkeypatch: pytest.MonkeyPatch, output: object):
    settings(project, "[tool.ruff]\n")
    monkeypatch.setattr(then_format, "find_program", lambda name: f"/usr/bin/{name}")

    def run(command: list[str], **rest: object) -> subprocess.CompletedProcess[bytes]:
        assert command[:2] == ["/usr/bin/ruff", "format"]
        if isinstance(output, Exception):
            raise output
        assert isinstance(output, bytes)
        return subprocess.CompletedProcess(command, 0, output, b"")

    monkeypatch.setattr(then_format.subprocess, "run", run)
    with pytest.raises(then_format.NotFormatted):
        then_format.format_text(b"x = 1\n", project / "job.py")
