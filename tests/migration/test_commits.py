"""``pymodernize migrate --commit``, with the real git."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from commands import invoke
from repositories import (
    ERRORS,
    FILES,
    SCRIPT,
    applied,
    environment,
    git,
    lines_of,
    migrate,
    repository,
    subjects,
    trees,
)

from pymodernize.files.git_repository import Repository


def test_the_plan_alone_writes_nothing(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    outcome = migrate(folder)
    assert outcome.code == 0
    rows = [line.split() for line in outcome.out.splitlines()]
    assert rows[0] == ["step", "codemod", "commits", "files", "rewrites", "lines", "assumptions"]
    names = [row[1] for row in rows[1:-1]]
    first = ["bare-except", "open-without-encoding", "oserror-alias", "percent-to-fstring"]
    assert names[:4] == first, "expressions come first"
    assert names[4:] == sorted(names[4:])
    assert outcome.out.splitlines()[-1].startswith(f"{len(rows) - 2} commits, 3 files, ")
    assert outcome.stderr == "Commit them:  pymodernize migrate --commit .\n"
    assert (git(folder, "status", "--short"), subjects(folder)) == ("", [])


def test_steps_end_where_all_at_once_ends(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    outcome = migrate(folder, "--commit", "--branch", "modern")
    assert outcome.code == 0, outcome.stderr
    assert git(folder, "rev-parse", "HEAD^{tree}") == applied(folder)
    assert git(folder, "status", "--short") == ""
    assert (git(folder, "branch", "--show-current"), git(folder, "rev-list", "--count", "main")) == ("modern", "1")
    titles = subjects(folder)
    assert [title.partition(":")[0] for title in titles] == [
        row.split()[1] for row in outcome.out.splitlines()[1:-1]
    ], "one a codemod, in the order of the plan"
    assert all(lines_of(folder, commit) for commit in git(folder, "rev-list", "main..").split()), "none is empty"
    body = git(folder, "log", "--format=%B", "--grep=^oserror-alias")
    assert body.startswith("oserror-alias: write OSError for its other names\n\n")
    assert "4 rewrites in 3 files:\n* jobs/errors.py: 2\n* jobs/hello.py: 1\n* lib/first.py: 1\n" in body
    assert body.endswith(" (pymodernize migrate).")
    assert "It takes for granted (pymodernize explain NAME has an example):\n* " in git(folder, "log", "--format=%B")
    assert migrate(folder, "--commit").code == 0
    assert subjects(folder) == titles, "there is nothing left to do"


@pytest.mark.parametrize(
    ("limits", "expected"),
    [
        (
            ("--by", "file"),
            ["jobs/errors.py: bare-except, oserror-alias", "jobs/hello.py: ", "lib/first.py: "],
        ),
        (("--by", "folder"), ["2 files in jobs: ", "lib/first.py: "]),
        (("--by", "file", "--max-changes", "1"), ["jobs/errors.py: bare-except", "jobs/errors.py: oserror-alias"]),
        (
            ("--max-changes", "1", "--select", "oserror-alias"),
            ["oserror-alias: jobs/errors.py"] * 2 + ["oserror-alias: jobs/hello.py"],
        ),
        (("--max-lines", "4"), ["bare-except: jobs/errors.py"]),
    ],
)
def test_commits_have_a_size(tmp_path: Path, limits: tuple[str, ...], expected: list[str]) -> None:
    folder = repository(tmp_path / "r")
    outcome = migrate(folder, "--commit", *limits)
    assert outcome.code == 0, outcome.stderr
    titles = subjects(folder)
    assert all(title.startswith(wanted) for title, wanted in zip(titles, expected, strict=False)), titles
    options = limits[2:] if "--select" in limits else ()
    assert git(folder, "rev-parse", "HEAD^{tree}") == applied(folder, *options)
    if "--max-lines" in limits:
        said = outcome.stderr.count("more than a commit is to have, ")
        commits = git(folder, "rev-list", "HEAD", f"-{len(titles)}").split()
        assert sum(lines_of(folder, commit) > 4 for commit in commits) == said


def test_git_has_the_last_word_on_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    alias = "try:\n    f()\nexcept IOError:\n    pass\n"
    folder = repository(tmp_path / "r", {"a.py": alias * 3, "b.py": alias, "c.py": alias, "d.py": alias})
    monkeypatch.setattr(Repository, "changed_lines", lambda self, paths: 5 * len(paths))
    options = ("--select", "oserror-alias", "--max-lines", "10")
    outcome = migrate(folder, "--commit", *options)
    assert outcome.code == 0, outcome.stderr
    assert subjects(folder) == [f"oserror-alias: {what}" for what in ("a.py", "2 files", "d.py")]
    tree = applied(folder, "--select", "oserror-alias")
    assert git(folder, "rev-parse", "HEAD^{tree}") == tree
    git(folder, "reset", "--quiet", "--hard", "HEAD~3")
    monkeypatch.setattr(Repository, "changed_lines", lambda self, paths: 11)
    assert migrate(folder, "--commit", *options).code == 0
    assert len(subjects(folder)) == 6, "one rewrite each, which is not cut"
    said = "1 rewrite of 11 lines: more than --max-lines 10 asks for, and made as a"
    assert said in git(folder, "log", "-1", "--format=%B")
    assert git(folder, "rev-parse", "HEAD^{tree}") == tree


def test_files_that_import_each_other_are_as_good_in_pieces(tmp_path: Path) -> None:
    lines = "".join(f'    print("row %s" % value)\n    print("and {number}: %d" % len(value))\n' for number in range(3))
    files = {
        "tool.py": "import rows\nimport os, sys\n\nrows.tell(sys.argv[1])\nos.remove('x')\nprint('done: %d' % 1)\n",
        "rows.py": f"import time\n\n\ndef tell(value):\n{lines}    time.sleep(0)\n",
    }
    folder = repository(tmp_path / "r", files)
    assert migrate(folder, "--commit", "--max-changes", "1").code == 0
    assert git(folder, "rev-parse", "HEAD^{tree}") == applied(folder)
    for commit in git(folder, "rev-list", "HEAD").split():
        for name in files:
            compile(git(folder, "show", f"{commit}:{name}"), name, "exec")


# --- the work tree ----------------------------------------------------------------------------------------------


def test_what_is_not_committed_is_asked_about(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    (folder / "jobs" / "errors.py").write_text(ERRORS + "# mine\n")
    (folder / "lib" / "plain.py").write_text("x = 2\n")
    git(folder, "add", "lib/plain.py")
    (folder / "new.py").write_text(SCRIPT)
    outcome = migrate(folder, "--commit")
    assert (outcome.code, subjects(folder)) == (2, [])
    assert "jobs/errors.py and 1 more have changes that are not committed; commit or stash them" in outcome.stderr
    outcome = migrate(folder, "--commit", "--allow-dirty")
    assert outcome.code == 0
    assert "new.py: is not under version control here, and is passed over" in outcome.stderr
    assert "jobs/errors.py: has changes that are not committed, and is passed over" in outcome.stderr
    assert (folder / "jobs" / "errors.py").read_text() == ERRORS + "# mine\n"
    assert git(folder, "diff", "--cached", "--name-only") == "lib/plain.py", "what was staged is still staged"
    first = git(folder, "rev-list", "--max-parents=0", "HEAD").strip()
    assert set(git(folder, "diff", "--name-only", first).split()) >= {"jobs/hello.py"}
    assert "import pathlib" not in (folder / "new.py").read_text()


def test_places_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "job.py").write_text(SCRIPT)
    assert f"{tmp_path} is in no repository of git" in migrate(tmp_path, "--commit").stderr
    git(tmp_path, "init", "--quiet")
    assert "has no commit yet; make the first one" in migrate(tmp_path, "--commit").stderr
    folder = repository(tmp_path / "r")
    git(folder, "branch", "modern")
    outcome = migrate(folder, "--commit", "--branch", "modern")
    assert (outcome.code, outcome.stderr.splitlines()[-1]) == (
        2,
        "Error: there is a branch modern already; check it out, or name another one",
    )
    assert "exclude each other" in migrate(folder, "--commit", "--apply").stderr
    assert "--branch needs --commit" in migrate(folder, "--branch", "b").stderr
    git(folder, "update-ref", "MERGE_HEAD", "HEAD")
    assert "a merge is under way" in migrate(folder, "--commit").stderr


def test_without_git_all_steps_are_written_together(tmp_path: Path) -> None:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    assert migrate(tmp_path, "--apply").code == 0
    assert invoke("--check", ".", cwd=tmp_path).code == 0
    assert invoke("undo", cwd=tmp_path).code == 0
    assert (tmp_path / "jobs" / "hello.py").read_text() == SCRIPT


# --- cut off ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("number", [1, 3])
def test_one_that_was_cut_off_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, when: str, number: int) -> None:
    whole = repository(tmp_path / "whole")
    few = ("--commit", "--max-lines", "20", "--ignore", "main-guard,print-to-logging,module-docstring")
    migrate(whole, *few)
    folder = repository(tmp_path / "r")
    calls = []
    real = Repository.commit

    def commit(self: Repository, *arguments: object, **options: object) -> str:
        calls.append(arguments)
        if len(calls) == number and when == "before":
            raise KeyboardInterrupt
        name = real(self, *arguments, **options)  # type: ignore[arg-type]
        if len(calls) == number:
            raise KeyboardInterrupt
        return name

    monkeypatch.setattr(Repository, "commit", commit)
    assert migrate(folder, *few).code == 130
    monkeypatch.undo()
    other = migrate(folder, "--commit")
    assert other.code == 2
    assert (
        "another migration was cut off here; go on with it: pymodernize migrate --commit --max-lines=20 --ignore="
        in (other.stderr)
    )
    outcome = migrate(folder, *few)
    assert outcome.code == 0, outcome.stderr
    assert "goes on with the migration that was cut off after " in outcome.stderr
    assert trees(folder) == trees(whole)


def test_one_that_was_cut_off_can_be_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository(tmp_path / "r")
    with monkeypatch.context() as patch:
        patch.setattr(Repository, "commit", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        assert migrate(folder, "--commit").code == 130
    (folder / "jobs" / "errors.py").write_text("# mine\n")
    outcome = migrate(folder, "--commit")
    assert (outcome.code, outcome.stderr.splitlines()[-1]) == (
        3,
        "Error: jobs/errors.py: was edited since; put it back and run the same command again",
    )
    git(folder, "checkout", "--quiet", ".")
    assert migrate(folder, "--commit", "--by", "file", "--restart").code == 0
    assert git(folder, "rev-parse", "HEAD^{tree}") == applied(folder)


def test_a_record_of_somebody_else_is_not_gone_on_with(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    (folder / ".git" / "pymodernize").mkdir(mode=0o700)
    (folder / ".git" / "pymodernize" / "record").write_text("00\n{}")
    outcome = migrate(folder, "--commit")
    assert (outcome.code, subjects(folder)) == (3, [])
    assert "was not written by this user on this machine, or is damaged" in outcome.stderr


# --- what a repository configures -------------------------------------------------------------------------------


def _hook(folder: Path, name: str, body: str) -> Path:
    path = folder / ".git" / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{body}\n")
    path.chmod(0o755)
    return path


def test_a_hook_that_refuses_stops_it_and_it_goes_on(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    hook = _hook(folder, "pre-commit", "echo 'not on a Friday' >&2; exit 1")
    outcome = migrate(folder, "--commit")
    assert (outcome.code, subjects(folder)) == (3, [])
    assert "git commit failed: not on a Friday; the files are written and not committed" in outcome.stderr
    hook.unlink()
    assert migrate(folder, "--commit").code == 0
    assert git(folder, "rev-parse", "HEAD^{tree}") == applied(folder)


def test_a_hook_that_lays_files_out_has_its_way(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    mend = "for f in $(git diff --cached --name-only); do grep -q '# ours' $f || { echo '# ours' >> $f; s=1; }; done"
    _hook(folder, "pre-commit", f"{mend}; exit $s")
    outcome = migrate(folder, "--commit")
    assert outcome.code == 0, outcome.stderr
    assert git(folder, "status", "--short") == ""
    assert all((folder / name).read_text().count("# ours") == 1 for name in ("jobs/hello.py", "lib/first.py"))
    assert len(subjects(folder)) == len(set(subjects(folder)))


def test_commits_are_listed_for_blame(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    assert migrate(folder, "--commit", "--ignore-revs").code == 0
    listed = (folder / ".git-blame-ignore-revs").read_text().split("\n")
    assert listed[0] == "# pymodernize migrate"
    assert listed[1:-1] == git(folder, "rev-list", "--reverse", "HEAD~1").split()[1:]
    assert git(folder, "status", "--short") == ""
    old = git(folder, "rev-list", "--max-parents=0", "HEAD")
    blamed = git(folder, "blame", "-s", "-l", "--ignore-revs-file=.git-blame-ignore-revs", "jobs/errors.py")
    assert {line.split()[0] for line in blamed.splitlines()} == {f"^{old[:39]}"}


# --- taken back -------------------------------------------------------------------------------------------------


def test_a_commit_can_be_undone(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    migrate(folder, "--commit")
    last, *_, first = git(folder, "rev-list", "HEAD", f"-{len(subjects(folder))}").split()
    outcome = invoke("undo", last[:8], cwd=folder / "jobs", **environment())
    assert outcome.code == 0, outcome.stderr
    assert f"restored to what was there before {last[:10]}; nothing is committed." in outcome.stderr
    assert git(folder, "diff", "--stat", f"{last}^") == ""
    git(folder, "commit", "--quiet", "--all", "--message=back")
    outcome = invoke("undo", "HEAD", cwd=folder, **environment())
    assert (outcome.code, "HEAD is no commit of pymodernize migrate; git revert" in outcome.stderr) == (2, True)
    (folder / "jobs" / "errors.py").write_text("# mine\n")
    outcome = invoke("undo", first, cwd=folder, **environment())
    assert (outcome.code, (folder / "jobs" / "errors.py").read_text()) == (3, "# mine\n")
    assert "jobs/errors.py: was edited since\n" in outcome.stderr
    assert "no run is called 'abcdef'" in invoke("undo", "abcdef", cwd=folder, **environment()).stderr


def test_other_commands_do_not_load_it(tmp_path: Path) -> None:
    (tmp_path / "job.py").write_text(SCRIPT)
    code = "import sys; from pymodernize.cli import main\ntry: main(['job.py'])\nexcept SystemExit: pass\n"
    code += "assert not [name for name in sys.modules if 'migration' in name]"
    assert subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True).returncode == 0
