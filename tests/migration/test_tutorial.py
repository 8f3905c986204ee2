"""The page about migrations: every command of it, on a repository of sixty scripts."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import sixty
from commands import PROJECT, environment_of, invoke
from repositories import environment, git, repository, subjects

PAGE = PROJECT / "docs" / "migrate.md"


def steps() -> Iterator[tuple[list[str], list[str]]]:
    """The commands of the page, each with the lines that it shows."""
    for text in re.findall(r"```console\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL):
        for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
            command, *shown = part.splitlines()
            yield shlex.split(command), shown


def said(words: list[str], folder: Path, own: dict[str, str]) -> str:
    program, *arguments = words
    if program == "pymodernize":
        outcome = invoke(*arguments, cwd=folder, **own)
        assert outcome.code == 0, outcome.stderr
        return outcome.out + outcome.stderr
    assert program == "git"
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, env=environment_of(own))
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_command_of_the_page(tmp_path: Path) -> None:
    files = dict(sixty.scripts())
    assert files["jobs/stock/count_stock.py"] in PAGE.read_text(encoding="utf-8")
    folder = repository(tmp_path / "team", files)
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    own = {**environment(), "PATH": path, "COLUMNS": "120", "PYTHONDONTWRITEBYTECODE": "1"}
    for words, shown in steps():
        text = said(words, folder, own)
        for line in shown:
            assert line.strip() in text, f"{shlex.join(words)}:\n{text}"
    titles = subjects(folder)
    assert len(titles) == 13, "twelve, and the one that takes the last one back"
    assert len(list((tmp_path / "texts").iterdir())) == 12
    assert git(folder, "diff", "HEAD~2..HEAD") == ""
    assert git(folder, "diff", "--stat", "main..modern").splitlines()[-1].startswith(" 54 files changed")
