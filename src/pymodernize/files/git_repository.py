"""A repository of git, asked and told through git's own command line.

Unlike a question which lines have changed, a migration is asked to commit: hooks, filters, signatures and all that the
repository configures work as they do for a person who types the commands.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from pymodernize.files.programs import find_program


class GitFailed(Exception):
    """Git is not there or says no; the message says what it said."""


class Repository:
    """The repository that a folder is in.

    Args:
        folder: in it.

    Attributes:
        top: the folder of its work tree, without links.
        own: a folder of ours in it, which is no part of what is committed.

    Raises:
        GitFailed: there is no git, no repository, or no commit yet.
    """

    def __init__(self, folder: Path) -> None:
        self.inherited: tuple[int, ...] = ()
        self.top = folder
        try:
            top = self._read("rev-parse", "--show-toplevel")
        except GitFailed as exc:
            raise GitFailed(
                str(exc) if find_program("git") is None else f"{folder} is in no repository of git"
            ) from exc
        self.top = Path(os.path.realpath(top))
        self.own = Path(os.path.realpath(self.top / self._read("rev-parse", "--git-path", "pymodernize")))
        try:
            self.head()
        except GitFailed:
            raise GitFailed(f"{self.top} has no commit yet; make the first one") from None

    def head(self) -> str:
        """The commit that is checked out."""
        return self._read("rev-parse", "--verify", "HEAD")

    def branch(self) -> str:
        """The branch that is checked out; empty if none is."""
        return self._read("branch", "--show-current")

    def has_branch(self, name: str) -> bool:
        """Whether there is a branch."""
        try:
            self._read("rev-parse", "--verify", "--quiet", f"refs/heads/{name}")
        except GitFailed:
            return False
        return True

    def make_branch(self, name: str) -> None:
        """Begin a branch here, and check it out."""
        self._read("switch", "--quiet", "--create", name)

    def tracked(self, paths: Iterable[Path]) -> set[str]:
        """Those of some files that are under version control, by real paths."""
        listed = self._run("ls-files", "-z", "--", ".").split(b"\0")
        known = {os.path.join(self.top, os.fsdecode(name)) for name in listed if name}
        return {real for path in paths if (real := os.path.realpath(path)) in known}

    def touched(self) -> set[str]:
        """The files under version control that are not as they were committed, by real paths."""
        # Submodules are repositories of their own.
        arguments = (
            "status",
            "--porcelain=v1",
            "-z",
            "--untracked-files=no",
            "--ignore-submodules=all",
            "--no-renames",
        )
        entries = self._run(*arguments).split(b"\0")
        return {os.path.join(self.top, os.fsdecode(item[3:])) for item in entries if item}

    def under_way(self) -> str | None:
        """The unfinished operation of git, such as a merge; None if there is none."""
        for name, what in (("MERGE_HEAD", "merge"), ("REVERT_HEAD", "revert"), ("CHERRY_PICK_HEAD", "cherry-pick")):
            if os.path.exists(self.top / self._read("rev-parse", "--git-path", name)):
                return what
        for name in ("rebase-merge", "rebase-apply"):
            if os.path.exists(self.top / self._read("rev-parse", "--git-path", name)):
                return "rebase"
        return None

    def commit(self, paths: Collection[Path], message: str, *, new: bool = False) -> str:
        """Commit some files as they are now, and nothing else; hooks run, and it is signed if that is configured.

        Args:
            paths: files that are under version control, or are to be.
            message: the whole text.
            new: whether some of them may not be under version control yet.

        Returns:
            The commit's name.

        Raises:
            GitFailed: git, or a hook, does not want it.
        """
        names = b"\0".join(os.fsencode(os.path.relpath(os.path.realpath(path), self.top)) for path in paths)
        if new:
            self._run("add", "--intent-to-add", "--pathspec-from-file=-", "--pathspec-file-nul", given=names)
        with_names = self.own / "message"
        self._write_message(with_names, message)
        self._run(
            "commit", "--quiet", "--cleanup=verbatim", "--only", f"--file={with_names}", "--pathspec-from-file=-",
            "--pathspec-file-nul", given=names,
        )  # fmt: skip
        return self.head()

    def between(self, first: str, last: str) -> list[str]:
        """The commits that lead from one to another, without the first, the oldest first."""
        return self._read("rev-list", "--first-parent", "--reverse", f"{first}..{last}").split()

    def message_of(self, commit: str) -> str:
        """The message of a commit."""
        return self._run("log", "-1", "--format=%B", commit, "--").decode("utf-8", "replace")

    def lines_of(self, commit: str) -> int:
        """How many lines a commit takes out and puts in, by git's own count."""
        return _counted(self._read("show", "--numstat", "--format=", commit, "--"))

    def changed_lines(self, paths: Iterable[Path]) -> int:
        """How many lines of some files differ from those that are committed, taken out and put in."""
        names = [os.path.relpath(os.path.realpath(path), self.top) for path in paths]
        options = ("--numstat", "--no-renames", "--no-ext-diff", "--no-textconv")
        return _counted(self._read("diff", *options, "HEAD", "--", *names))

    def files_of(self, commit: str) -> list[Path]:
        """The files that a commit changes."""
        listed = self._run("diff-tree", "--no-commit-id", "--name-only", "-r", "-z", commit).split(b"\0")
        return [self.top / os.fsdecode(name) for name in listed if name]

    def copy_to(self, folder: Path, commit: str) -> None:
        """Check a commit out in a folder that is not there yet, as a repository of its own.

        Raises:
            GitFailed: the commit is not here.
        """
        self._run("clone", "--quiet", "--shared", "--no-checkout", "--", str(self.top), str(folder))
        self._run("-C", str(folder), "checkout", "--quiet", "--detach", commit)

    def resolved(self, name: str) -> str | None:
        """The commit that a name means, None if there is none."""
        try:
            return self._read("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        except GitFailed:
            return None

    def text_at(self, commit: str, path: Path) -> bytes | None:
        """The text of a file in a commit, as it is checked out; None if it is not there."""
        name = Path(os.path.relpath(os.path.realpath(path), self.top)).as_posix()
        try:
            return self._run("cat-file", "--filters", f"{commit}:{name}")
        except GitFailed:
            return None

    def _write_message(self, path: Path, message: str) -> None:
        from pymodernize.files.output_files import write

        write(path, message.encode("utf-8", "surrogateescape"))

    def _read(self, *arguments: str) -> str:
        return os.fsdecode(self._run(*arguments)).rstrip("\r\n")

    def _run(self, *arguments: str, given: bytes | None = None) -> bytes:
        program = find_program("git")
        if program is None:
            raise GitFailed("git is not installed")
        # pymodernize: ignore[subprocess-without-timeout] - git may take its time over a large repository
        done = subprocess.run(  # noqa: S603 - git, as the user's path has it
            [program, "--no-pager", *arguments],
            cwd=self.top,
            capture_output=True,
            check=False,
            input=b"" if given is None else given,
            env={**os.environ, "GIT_LITERAL_PATHSPECS": "1"},
            # Whoever goes on after this process was killed waits for what it had begun.
            pass_fds=self.inherited,
        )
        if done.returncode:
            raise GitFailed(f"git {arguments[0]} failed: {_said(done.stderr or done.stdout, done.returncode)}")
        return done.stdout


def _counted(numbers: str) -> int:
    """The sum of what ``--numstat`` has of each file."""
    rows = (row.split("\t") for row in numbers.splitlines())
    return sum(int(number) for row in rows for number in row[:2] if number.isdecimal())


def _said(output: bytes, status: int) -> str:
    """The last line of a program's messages."""
    lines: Sequence[str] = [line.strip() for line in output.decode("utf-8", "replace").splitlines() if line.strip()]
    return "; ".join(lines[-3:])[:400] if lines else f"exit status {status}"
