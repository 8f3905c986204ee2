"""Repositories of git with scripts that are made for them."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from commands import Outcome, invoke

LIBRARY = """\
def first(name):
    try:
        return open(name).readline()
    except EnvironmentError as error:
        return str(error)
"""
ERRORS = """\
def read(name):
    try:
        return open(name).read()
    except IOError:
        return ""


def number(text):
    try:
        return int(text)
    except:
        return 0


def second(text):
    try:
        return int(text)
    except EnvironmentError:
        return 0
"""
SCRIPT = """\
#!/usr/bin/env python
# Says hello to everybody who is named in a file.
import os
import sys

if len(sys.argv) != 2:
    print("usage: hello.py FILE")
    sys.exit(1)
try:
    handle = open(os.path.join(sys.argv[1], "names.txt"))
except IOError:
    print("ERROR: there are no names")
    sys.exit(1)
greeted = 0
for line in handle:
    print("Hello %s" % line.strip())
    greeted += 1
print("greeted: %d" % greeted)
os.remove(os.path.join(sys.argv[1], "names.txt"))
"""
FILES = {"jobs/hello.py": SCRIPT, "jobs/errors.py": ERRORS, "lib/first.py": LIBRARY, "lib/plain.py": "x = 1\n"}


def environment() -> dict[str, str]:
    """What keeps the settings of whoever runs the tests from having an effect."""
    who = {
        f"GIT_{role}_{what}": f"{role.lower()}@here" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    dates = {"GIT_AUTHOR_DATE": "2026-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2026-01-01T00:00:00Z"}
    return {**who, **dates, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_SYSTEM": os.devnull}


def git(folder: Path, *arguments: str) -> str:
    """What git says."""
    done = subprocess.run(
        ["git", *arguments], cwd=folder, capture_output=True, text=True, check=True, env={**os.environ, **environment()}
    )
    return done.stdout.strip()


def repository(folder: Path, files: Mapping[str, str] = FILES) -> Path:
    """A repository with one commit."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message=first")
    return folder


def migrate(folder: Path, *arguments: str) -> Outcome:
    """Run the command in a repository."""
    return invoke("migrate", *arguments, ".", cwd=folder, **environment())


def subjects(folder: Path) -> list[str]:
    """The titles of the commits, the oldest first, without the first one."""
    return git(folder, "log", "--reverse", "--format=%s").splitlines()[1:]


def trees(folder: Path) -> list[str]:
    """The trees and messages of all commits."""
    return git(folder, "log", "--format=%T %B").splitlines()


def applied(folder: Path, *arguments: str) -> str:
    """The tree that a run of all codemods at once makes of a repository's first commit."""
    other = folder.parent / f"{folder.name}-applied"
    git(folder.parent, "clone", "--quiet", str(folder), str(other))
    git(other, "checkout", "--quiet", git(folder, "rev-list", "--max-parents=0", "HEAD"))
    invoke("--apply", *arguments, ".", cwd=other)
    git(other, "commit", "--quiet", "--all", "--message=all", "--allow-empty")
    return git(other, "rev-parse", "HEAD^{tree}")


def lines_of(folder: Path, commit: str) -> int:
    """How many lines a commit takes out and puts in, as git counts."""
    rows = git(folder, "show", "--numstat", "--format=", commit).splitlines()
    return sum(int(number) for row in rows for number in row.split("\t")[:2])
