"""Which files paths mean."""

from __future__ import annotations

import os
import socket
import stat
import sys
from pathlib import Path

import pytest
from commands import CLEAN, SCRIPT, invoke, script

from pymodernize.files import discover as module
from pymodernize.files.discover import DEFAULT_EXCLUDES, Discovery, Excluded, discover, has_python_shebang


def _tree(root: Path, *names: str) -> None:
    for name in names:
        script(root, name, CLEAN)


def _found(*paths: str | Path, exclude: tuple[str, ...] = (), base: Path | None = None) -> Discovery:
    return discover([str(path) for path in paths], [Excluded(tuple(exclude), base)])


def _names(found: Discovery, root: Path) -> list[str]:
    return [path.relative_to(root).as_posix() for path in found.files]


def _problems(found: Discovery) -> dict[str, str]:
    return {problem.path.name: problem.message for problem in found.problems}


def test_a_folder_is_searched_for_python_files(tmp_path: Path) -> None:
    _tree(tmp_path, "b.py", "a.pyw", "c/d.py", "notes.txt", "stub.pyi", "x.py.bak", "a/z.py", "B.py")
    found = _found(tmp_path)
    assert _names(found, tmp_path) == ["B.py", "a.pyw", "b.py", "a/z.py", "c/d.py"]
    assert found.problems == found.skipped == []


def test_paths_keep_their_order_and_form(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _tree(tmp_path, "b.py", "a.py", "c/d.py")
    monkeypatch.chdir(tmp_path)
    assert _found("c", "b.py", ".").files == [Path("c/d.py"), Path("b.py"), Path("a.py")]
    assert _found("./b.py", tmp_path / "a.py").files == [Path("b.py"), tmp_path / "a.py"]


def test_a_named_file_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    _tree(tmp_path, "job.txt", "build/x.py")
    (tmp_path / ".gitignore").write_text("*\n")
    assert _names(_found(tmp_path / "job.txt", tmp_path / "build" / "x.py"), tmp_path) == ["job.txt", "build/x.py"]


def test_an_empty_folder(tmp_path: Path) -> None:
    assert _found(tmp_path) == Discovery()
    outcome = invoke(".", cwd=tmp_path)
    assert outcome.code == 0
    assert "0 files: 0 would change\n" in outcome.stderr


def test_what_does_not_exist(tmp_path: Path) -> None:
    assert _problems(_found(tmp_path / "none.py", tmp_path / "*.none")) == {
        "none.py": "does not exist",
        "*.none": "matches no file",
    }
    long = "x" * 300
    assert _problems(_found(tmp_path / long)) == {long: "cannot be read: File name too long"}


# --- excludes -----------------------------------------------------------------------------------------------------


def test_the_default_excludes_are_those_of_black_and_our_own(tmp_path: Path) -> None:
    names = (
        ".direnv .eggs .git .hg .ipynb_checkpoints .mypy_cache .nox .pytest_cache .ruff_cache .tox .svn .venv .vscode "
        "__pypackages__ _build buck-out build dist venv .pymodernize"
    ).split()
    assert sorted(names) == sorted(DEFAULT_EXCLUDES)
    _tree(tmp_path, *(f"{name}/x.py" for name in names), *(f"deep/{name}/x.py" for name in names))
    _tree(tmp_path, "builder/x.py", "dist.py", "build.py", "env/x.py")
    assert _names(_found(tmp_path), tmp_path) == ["build.py", "dist.py", "builder/x.py", "env/x.py"]
    assert _names(_found(tmp_path / "build"), tmp_path) == ["build/x.py"], "it was named"
    _tree(tmp_path, "plain/venv")
    assert _found(tmp_path / "plain").files == [], "a file may be called like that, but this one has no shebang"


def test_extend_exclude(tmp_path: Path) -> None:
    _tree(tmp_path, "old/a.py", "new/old/a.py", "new/b_old.py", "new/b.py")
    assert _names(_found(tmp_path, exclude=("/old/", "*_old.py")), tmp_path) == ["new/b.py", "new/old/a.py"]
    assert _names(_found(tmp_path, exclude=("old/", "!new/old/")), tmp_path) == [
        "new/b.py",
        "new/b_old.py",
        "new/old/a.py",
    ]
    # Written for a folder above; where it is no folder above, the one that is searched counts.
    assert _names(_found(tmp_path / "new", exclude=("new/b*.py",), base=tmp_path), tmp_path) == ["new/old/a.py"]
    elsewhere = tmp_path / "old"
    assert _names(_found(tmp_path / "new", exclude=("/old/",), base=elsewhere), tmp_path) == [
        "new/b.py",
        "new/b_old.py",
    ]
    # Git takes these, too; the first matches nothing.
    assert _names(_found(tmp_path, exclude=("!", "[z-a]", "[[:alpha:]].py")), tmp_path) == ["new/b_old.py"]


GITIGNORE_CASES = {
    "a name at any depth": ({"": "gen.py\n"}, ["b/gen.py", "gen.py"]),
    "anchored": ({"": "/gen.py\n"}, ["gen.py"]),
    "anchored by a slash in the middle": ({"": "b/gen.py\n"}, ["b/gen.py"]),
    "folders alone": ({"": "b/\n"}, ["b/c/x.py", "b/gen.py", "b/keep.py"]),
    "negated": ({"": "*.py\n!keep.py\n"}, ["b/c/x.py", "b/gen.py", "gen.py"]),
    "not from an excluded folder": ({"": "b/\n!b/keep.py\n"}, ["b/c/x.py", "b/gen.py", "b/keep.py"]),
    "nested": ({"b": "gen.py\n"}, ["b/gen.py"]),
    "nested and anchored": ({"b": "/x.py\n/gen.py\n"}, ["b/gen.py"]),
    "nested against the outer": ({"": "*.py\n", "b": "!*.py\n"}, ["gen.py"]),
    "two stars": ({"": "**/c/**\n"}, ["b/c/x.py"]),
    "no range": ({"": "[z-a]*.py\n"}, []),
    "a class": ({"": "/[[:alpha:]]/[[:lower:]]/[![:digit:]].py\n"}, ["b/c/x.py"]),
    "a bracket without an end": ({"": "gen[.py\n[a-\nkeep.py\n"}, ["b/keep.py"]),
    "comments, blanks, CRLF, a mark, a bad line": ({"": "\ufeffgen.py\r\n\r\n# *.py\r\n!\r\n"}, ["b/gen.py", "gen.py"]),
}


@pytest.mark.parametrize("case", GITIGNORE_CASES)
def test_gitignore(tmp_path: Path, case: str) -> None:
    ignores, left_out = GITIGNORE_CASES[case]
    names = ["gen.py", "b/gen.py", "b/keep.py", "b/c/x.py"]
    _tree(tmp_path, *names)
    for folder, text in ignores.items():
        (tmp_path / folder / ".gitignore").write_bytes(text.encode())
    found = _names(_found(tmp_path), tmp_path)
    assert sorted(found) == sorted(set(names) - set(left_out))
    by_pattern = _names(_found(tmp_path / "**" / "*.py"), tmp_path)
    assert sorted(by_pattern) == sorted(found)


def test_gitignore_files_above_count_up_to_the_repository(tmp_path: Path) -> None:
    _tree(tmp_path, "repo/a/b/gen.py", "repo/a/b/top.py", "repo/a/b/keep.py")
    (tmp_path / ".gitignore").write_text("keep.py\n")
    (tmp_path / "repo" / ".gitignore").write_text("/a/b/gen.py\n")
    (tmp_path / "repo" / "a" / ".gitignore").write_text("b/top.py\n")
    inside = tmp_path / "repo" / "a" / "b"
    assert len(_found(inside).files) == 3, "there is no repository"
    (tmp_path / "repo" / ".git").mkdir()
    assert _names(_found(inside), inside) == ["keep.py"]


def test_a_gitignore_that_is_too_large_is_named_and_does_not_count(tmp_path: Path) -> None:
    _tree(tmp_path, "a.py", "b/c/a.py")
    (tmp_path / ".git").mkdir()
    path = tmp_path / "b" / ".gitignore"
    path.write_text("a.py\n" * 100_001)
    found = _found(tmp_path, tmp_path / "b" / "c")
    assert _names(found, tmp_path) == ["a.py", "b/c/a.py"]
    assert _problems(found) == {".gitignore": "is larger than 500000 bytes: its patterns do not count"}
    assert len(found.problems) == 1


def test_a_gitignore_that_is_no_file(tmp_path: Path) -> None:
    _tree(tmp_path, "a.py", "b/a.py", "c/a.py")
    (tmp_path / ".gitignore").mkdir()
    os.mkfifo(tmp_path / "b" / ".gitignore")
    (tmp_path / "c" / ".gitignore").symlink_to("none")
    assert len(_found(tmp_path).files) == 3


# --- scripts without extension ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "is_python"),
    [
        (b"#!/usr/bin/python", True),
        (b"#!/usr/bin/python3.11 -u", True),
        (b"#! /usr/local/bin/python2.7", True),
        (b"#!/usr/bin/env python3", True),
        (b"#!/usr/bin/env -S python3 -O", True),
        (b"#!/usr/bin/env -S LANG=C python3", True),
        (b"#!/usr/bin/pypy3", True),
        (b"#!/usr/bin/python3\r", True),
        (b"#!python", True),
        (b"#!/bin/sh", False),
        (b"#!/bin/sh # not python", False),
        (b"#!/opt/python3/bin/ruby", False),
        (b"#!/usr/bin/env bash", False),
        (b"#!/usr/bin/python-config", False),
        (b"#!/usr/bin/ipython-like", False),
        (b"# /usr/bin/python", False),
        (b"\n#!/usr/bin/python", False),
        (b"", False),
    ],
)
def test_shebangs(tmp_path: Path, line: bytes, is_python: bool) -> None:
    for name in ("tool", "tool.run"):
        (tmp_path / name).write_bytes(line + b"\nx = 1\n")
    assert has_python_shebang(tmp_path / "tool") is is_python
    assert _names(_found(tmp_path), tmp_path) == (["tool"] if is_python else []), "only without an extension"


def test_a_shebang_of_what_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert not has_python_shebang(tmp_path / "pipe")
    assert not has_python_shebang(tmp_path / "none")
    assert not has_python_shebang(tmp_path)


# --- patterns -----------------------------------------------------------------------------------------------------


def test_patterns(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _tree(tmp_path, "jobs/b.py", "jobs/a.py", "jobs/deep/er/c.py", "jobs/dist/d.py", "jobs/n.txt", "jobs/[x].py")
    monkeypatch.chdir(tmp_path)
    assert _found("jobs/*.py").files == [Path("jobs/[x].py"), Path("jobs/a.py"), Path("jobs/b.py")]
    assert Path("jobs/deep/er/c.py") in _found("jobs/**/*.py").files
    assert Path("jobs/dist/d.py") not in _found("jobs/**/*.py").files
    assert _found("jobs/[ab].py", "jobs/?.py").files == [Path("jobs/a.py"), Path("jobs/b.py")]
    assert _found("jobs/[x].py").files == [Path("jobs/[x].py")], "a file of that name comes first"
    assert _found("jobs/dist/*.py").files == [Path("jobs/dist/d.py")], "the folder is named"
    assert _found("job*").problems == [], "folders of a pattern are passed over"


def test_a_pattern_below_a_folder_with_an_excluded_name(tmp_path: Path) -> None:
    _tree(tmp_path, "build/home/a.py")
    assert len(_found(tmp_path / "build" / "home" / "*.py").files) == 1


def test_a_pattern_follows_no_link_out_of_its_tree(tmp_path: Path) -> None:
    _tree(tmp_path, "tree/a.py", "other/b.py")
    (tmp_path / "tree" / "link.py").symlink_to(tmp_path / "other" / "b.py")
    (tmp_path / "tree" / "folder").symlink_to(tmp_path / "other")
    found = _found(tmp_path / "tree" / "**" / "*.py")
    assert _names(found, tmp_path) == ["tree/a.py"]
    assert tmp_path / "tree" / "link.py" in found.skipped


# --- links --------------------------------------------------------------------------------------------------------


def test_a_file_is_found_once_and_under_its_own_name(tmp_path: Path) -> None:
    _tree(tmp_path, "z.py", "b/c.py")
    (tmp_path / "a.py").symlink_to("z.py")
    (tmp_path / "b" / "up").symlink_to("..")
    (tmp_path / "linked").symlink_to("b")
    assert _names(_found(tmp_path), tmp_path) == ["z.py", "b/c.py"]
    assert _names(_found(tmp_path / "a.py", tmp_path, tmp_path / "z.py"), tmp_path) == ["a.py", "b/c.py"]


def test_a_link_within_the_tree_is_followed_where_nothing_else_leads_there(tmp_path: Path) -> None:
    _tree(tmp_path, "tool.real", "dist/x.py", "ignored/y.py")
    (tmp_path / ".gitignore").write_text("ignored/\n")
    (tmp_path / "tool.py").symlink_to("tool.real")
    (tmp_path / "to_dist.py").symlink_to("dist/x.py")
    (tmp_path / "to_ignored.py").symlink_to("ignored/y.py")
    found = _found(tmp_path)
    assert _names(found, tmp_path) == ["tool.py"], "what is left out stays out, by whatever name"
    assert found.problems == []


def test_links_out_of_the_tree_are_not_even_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _tree(tmp_path, "tree/a.py", "tree-2/b.py")
    (tmp_path / "tree-2" / "tool").write_text("#!/usr/bin/python\n")
    names = {"b.py": "tree-2/b.py", "tool": "tree-2/tool", "folder": "tree-2", "folder.py": "tree-2"}
    for name, target in names.items():
        (tmp_path / "tree" / name).symlink_to(tmp_path / target)
    opened = []
    real = os.open
    monkeypatch.setattr(module.os, "open", lambda path, *rest: opened.append(Path(path)) or real(path, *rest))
    found = _found(tmp_path / "tree")
    assert _names(found, tmp_path) == ["tree/a.py"]
    assert sorted(path.name for path in found.skipped) == sorted(names)
    assert opened == []


def test_named_links_are_followed_wherever_they_lead(tmp_path: Path) -> None:
    _tree(tmp_path, "tree/a.py", "other/b.py")
    (tmp_path / "tree" / "link.py").symlink_to(tmp_path / "other" / "b.py")
    (tmp_path / "folder").symlink_to(tmp_path / "tree")
    assert _names(_found(tmp_path / "tree" / "link.py"), tmp_path) == ["tree/link.py"]
    assert _names(_found(tmp_path / "folder"), tmp_path) == ["folder/a.py"]


def test_links_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "broken.py").symlink_to("none.py")
    (tmp_path / "broken").symlink_to("none")
    (tmp_path / "a.py").symlink_to("b.py")
    (tmp_path / "b.py").symlink_to("a.py")
    expected = dict.fromkeys(("broken.py", "a.py", "b.py"), "is a broken symbolic link")
    assert _problems(_found(tmp_path)) == expected
    assert _problems(_found(tmp_path / "*.py")) == expected
    assert _problems(_found(*(tmp_path / name for name in expected))) == expected


# --- what is no file ----------------------------------------------------------------------------------------------


def test_pipes_devices_and_sockets_are_named_and_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    os.mkfifo("pipe.py")
    with socket.socket(socket.AF_UNIX) as unix:
        unix.bind("socket.py")
        expected = {"pipe.py": "is a FIFO, not a file", "socket.py": "is a socket, not a file"}
        assert _problems(_found(".")) == expected
        assert _problems(_found("*.py")) == expected
        assert _problems(_found("pipe.py", "socket.py")) == expected
    Path("null.py").symlink_to(os.devnull)
    assert _problems(_found(os.devnull)) == {"null": "is a device, not a file"}
    assert _problems(_found("null.py")) == {"null.py": "is a device, not a file"}


def test_a_folder_that_is_called_like_a_file(tmp_path: Path) -> None:
    _tree(tmp_path, "package.py/a.py")
    assert _names(_found(tmp_path), tmp_path) == ["package.py/a.py"]


# --- what is forbidden --------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.geteuid() == 0, reason="nothing is forbidden to root")
def test_forbidden_folders_and_files(tmp_path: Path) -> None:
    _tree(tmp_path, "open/a.py", "closed/b.py", "shut.py")
    (tmp_path / "shut.py").chmod(0)
    (tmp_path / "closed").chmod(0)
    try:
        found = _found(tmp_path, tmp_path / "closed" / "b.py")
        assert _names(found, tmp_path) == ["shut.py", "open/a.py"]
        denied = "cannot be read: Permission denied"
        assert _problems(found) == {"closed": denied, "b.py": denied}
        outcome = invoke(".", cwd=tmp_path)
        assert outcome.code == 3
        assert f"shut.py: {denied}" in outcome.stderr
    finally:
        (tmp_path / "closed").chmod(stat.S_IRWXU)


def test_a_forbidden_folder_costs_only_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _tree(tmp_path, "open/a.py", "closed/b.py", "z.py")
    real = os.scandir

    def scandir(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(module.os, "scandir", scandir)
    found = _found(tmp_path)
    assert _names(found, tmp_path) == ["z.py", "open/a.py"]
    assert _problems(found) == {"closed": "cannot be read: Permission denied"}


def test_a_forbidden_file_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _tree(tmp_path, "a.py")
    real = os.stat

    def forbidden(path: object, **rest: object) -> os.stat_result:
        if str(path).endswith("a.py"):
            raise PermissionError(13, "Permission denied")
        return real(path, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(module.os, "stat", forbidden)
    assert _problems(_found(tmp_path / "a.py")) == {"a.py": "cannot be read: Permission denied"}


# --- odd names ----------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="the names of other systems are Unicode")
def test_names_that_are_not_utf_8(tmp_path: Path) -> None:
    odd = os.fsdecode(b"caf\xe9.py")
    script(tmp_path, odd)
    (tmp_path / ".gitignore").write_bytes(b"other\xe9.py\n")
    script(tmp_path, os.fsdecode(b"other\xe9.py"))
    assert _names(_found(tmp_path), tmp_path) == [odd]
    outcome = invoke(".", cwd=tmp_path)
    assert outcome.code == 0
    assert outcome.stdout.startswith(b"--- a/caf\xe9.py\n")
    assert "caf\\udce9.py" in invoke("--check", ".", cwd=tmp_path).stderr
    assert b"caf\\udce9.py" in invoke("--format", "json", ".", cwd=tmp_path).stdout
    assert invoke("--apply", ".", cwd=tmp_path).code == 0
    assert (tmp_path / odd).read_text() != SCRIPT


def test_names_with_line_breaks_stay_on_one_line(tmp_path: Path) -> None:
    script(tmp_path, "two\nlines.py")
    outcome = invoke("--check", ".", cwd=tmp_path)
    assert outcome.code == 1
    assert outcome.stderr.startswith("two\\nlines.py: would be rewritten\n")
    assert invoke("-", cwd=tmp_path, stdin=SCRIPT.encode()).code == 0
    assert b'--- "a/two\\nlines.py"\n' in invoke(".", cwd=tmp_path).stdout


def test_a_very_long_name_and_a_very_deep_tree(tmp_path: Path) -> None:
    deep = tmp_path
    for _ in range(60):
        deep /= "d" * 20
    deep.mkdir(parents=True)
    name = "n" * 252 + ".py"
    script(deep, name)
    assert [path.name for path in _found(tmp_path).files] == [name]
    assert invoke("--apply", ".", cwd=tmp_path).code == 0
    assert (deep / name).read_text() != SCRIPT
    assert [path.name for path in deep.iterdir()] == [name]
