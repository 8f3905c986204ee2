"""Which lines of which files have changed, as git says."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from pymodernize.files.programs import find_program

# Of what a repository may have git run, a comparison needs nothing, and nothing that is fetched.
_GIT = ("--no-pager", "-c", "core.fsmonitor=false", "-c", "core.quotePath=true")
_ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_ALLOW_PROTOCOL": "", "LC_ALL": "C"}
_DIFF = (
    *("diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-renames", "--ignore-submodules"),
    *("--src-prefix=a/", "--dst-prefix=b/"),
)
_HUNK = re.compile(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb'\\([0-7]{3}|[abfnrtv"\\])')
_ESCAPED = dict(zip(b'abfnrtv"\\', b'\a\b\f\n\r\t\v"\\', strict=True))

Lines: TypeAlias = tuple[tuple[int, int], ...]


class NoChanges(ValueError):
    """Git cannot say what has changed; the message says why."""


@dataclass(frozen=True)
class _Hunk:
    """Lines of the old text, from one and how many, and those that took their place."""

    start: int
    count: int
    new_start: int
    new_count: int


def changed_since(revision: str, folder: Path) -> dict[str, Lines | None]:
    """The lines that differ from the commit in which this branch left another one, also those that are not committed.

    Args:
        revision: names a commit of the other branch, or of this one.
        folder: is in the repository.

    Returns:
        For real paths of files their lines; None for a file that git does not know, all of which counts.

    Raises:
        NoChanges: there is no git, no repository or no such commit.
    """
    top = _top(folder)
    options = _without_filters(top)
    try:
        commit = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except NoChanges:
        raise NoChanges(f"{revision!r} names no commit of {top}") from None
    base = commit.strip().decode("ascii")
    try:
        base = _git(top, "merge-base", base, "HEAD").split()[0].decode("ascii")
    except (NoChanges, IndexError):
        pass  # histories that have nothing in common
    diff = _git(top, *_DIFF, base, "--", options=options)
    found: dict[str, Lines | None] = {path: _lines(hunks) for path, hunks in _hunks(diff, top)}
    for name in _git(top, "ls-files", "--others", "--exclude-standard", "-z").split(b"\0"):
        if name:
            found[os.path.join(top, os.fsdecode(name))] = None
    return found


def staged(folder: Path) -> dict[str, Lines | None]:
    """The lines that are staged, where they are in the files as they are now.

    Args:
        folder: is in the repository.

    Returns:
        For real paths of files their lines.

    Raises:
        NoChanges: there is no git or no repository.
    """
    top = _top(folder)
    options = _without_filters(top)
    later = dict(_hunks(_git(top, *_DIFF, "--", options=options), top))
    diff = _git(top, *_DIFF, "--cached", "--", options=options)
    return {path: _moved(_lines(hunks), later.get(path, [])) for path, hunks in _hunks(diff, top)}


def _top(folder: Path) -> str:
    try:
        top = _git(str(folder), "rev-parse", "--show-toplevel")
    except NoChanges:
        raise NoChanges(f"{folder} is in no repository of git") from None
    return os.path.realpath(os.fsdecode(top.rstrip(b"\n")))


def _without_filters(folder: str) -> list[str]:
    """The options that keep git from the filters of its configuration: it would run them on files of the work tree.

    Raises:
        NoChanges: one has a name that no option can tell.
    """
    try:
        listed = _git(folder, "config", "--null", "--name-only", "--get-regexp", r"^filter\.")
    except NoChanges:
        return []  # there is none
    found = []
    for name in sorted({os.fsdecode(key).rpartition(".")[0] for key in listed.split(b"\0") if key}):
        if "=" in name:
            raise NoChanges(f"git's configuration has {name}, which would run a program; take it out")
        for setting in ("clean=", "smudge=", "process=", "required=false"):
            found += ["-c", f"{name}.{setting}"]
    return found


def _git(folder: str, *arguments: str, options: Sequence[str] = ()) -> bytes:
    program = find_program("git")
    if program is None:
        raise NoChanges("git is not installed")
    environment = {key: value for key, value in os.environ.items() if key != "GIT_EXTERNAL_DIFF"}
    # pymodernize: ignore[subprocess-without-timeout] - git may take its time over a large repository
    done = subprocess.run(  # noqa: S603 - git, as the user's path has it
        [program, *_GIT, *options, *arguments],
        cwd=folder,
        capture_output=True,
        check=False,
        stdin=subprocess.DEVNULL,
        env={**environment, **_ENVIRONMENT},
    )
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise NoChanges(f"git {arguments[0]} failed: {said[0] if said else done.returncode}")
    return done.stdout


def _lines(hunks: list[_Hunk]) -> Lines:
    """The new lines of hunks."""
    return tuple((hunk.new_start, hunk.new_start + hunk.new_count - 1) for hunk in hunks if hunk.new_count)


def _moved(lines: Lines, later: list[_Hunk]) -> Lines:
    """The ranges of lines after later changes: a hunk that overlaps a range extends it."""
    found = []
    for first, last in lines:
        shift = taken = 0
        low, high = first, last
        for hunk in later:
            if hunk.count and hunk.start <= last and first < hunk.start + hunk.count:
                low = min(low, hunk.start)
                high = max(high, hunk.start + hunk.count - 1)
                taken += hunk.new_count - hunk.count
            elif hunk.start + max(hunk.count, 1) <= first:
                shift += hunk.new_count - hunk.count
            elif not hunk.count and first <= hunk.start < last:
                taken += hunk.new_count
        if high + taken >= low:
            found.append((low + shift, high + shift + taken))
    return tuple(found)


def _hunks(diff: bytes, top: str) -> Iterator[tuple[str, list[_Hunk]]]:
    """The files of a diff without context, each with its hunks."""
    lines = iter(diff.split(b"\n"))
    path: str | None = None
    hunks: list[_Hunk] = []
    for line in lines:
        if line.startswith(b"diff --git "):
            if path is not None:
                yield path, hunks
            path, hunks = None, []
        elif line.startswith(b"+++ "):
            name = _unquoted(line[4:])
            path = os.path.join(top, os.fsdecode(name[2:])) if name.startswith(b"b/") else None
        elif match := _HUNK.match(line):
            start, count, new_start, new_count = (1 if item is None else int(item) for item in match.groups())
            hunks.append(_Hunk(start, count, new_start, new_count))
            left = count + new_count
            while left and (content := next(lines, None)) is not None:  # which may look like anything
                left -= not content.startswith(b"\\")
    if path is not None:
        yield path, hunks


def _unquoted(name: bytes) -> bytes:
    """A path as git writes it in a header: in quotes if it has other characters, with a tab behind if it has spaces."""
    if not name.startswith(b'"'):
        return name.rstrip(b"\t")
    return _ESCAPE.sub(_unescaped, name.rstrip(b"\t")[1:-1])


def _unescaped(match: re.Match[bytes]) -> bytes:
    code = match[1]
    return bytes([int(code, 8) if len(code) == 3 else _ESCAPED[code[0]]])
