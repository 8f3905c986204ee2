"""``migrate --each``: several repositories in one call; and the table of a migration."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from commands import invoke
from repositories import environment, git, migrate, repository, subjects

from pymodernize.commands.migration import each

ALIAS = "try:\n    f()\nexcept IOError:\n    pass\n"


def rows(path: Path, kind: str) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return [row for row in csv.DictReader(file) if row["row"] == kind]


def test_a_broken_repository_costs_a_line(tmp_path: Path) -> None:
    for name in ("one", "two", "other/one"):
        repository(tmp_path / name, {"job.py": ALIAS})
    (tmp_path / "bare").mkdir()
    (tmp_path / "two" / "job.py").write_text(f"{ALIAS}# mine\n")
    paths = ("one", "two", "bare", "gone", "other/one")
    places = ("--receipts", "receipts", "--pr-body", "bodies", "--table", "t.csv")
    options = ("--commit", "--select", "oserror-alias", "--verify", "git status", "--verify-junit", "j.xml", *places)
    outcome = invoke("migrate", "--each", *options, *paths, cwd=tmp_path, **environment())
    assert outcome.code == 2
    lines = outcome.stderr.splitlines()
    assert [line for line in lines if line.startswith(("two:", "bare:", "gone:"))] == [
        "two: job.py has changes that are not committed; commit or stash them, "
        "or pass over such files with --allow-dirty",
        f"bare: {tmp_path / 'bare'} is in no repository of git",
        "gone: is no folder",
    ]
    assert lines[-1] == "5 paths: 2 done, 3 to look at"
    assert [line for line in outcome.out.splitlines() if line.endswith(":")] == [f"{path}:" for path in paths]
    for name, own in (("one", "one"), ("other/one", "one-2")):
        assert len(subjects(tmp_path / name)) == 1
        assert (tmp_path / "receipts" / own / "index.json").exists()
        assert len(list((tmp_path / "bodies" / own).iterdir())) == 1
    runs = rows(tmp_path / "t.csv", "run")
    assert [(row["repository"], row["outcome"], row["errors"]) for row in runs] == [
        ("one", "migrate commit", "0"),
        ("two", "error", "1"),
        ("bare", "error", "1"),
        ("gone", "error", "1"),
        ("one", "migrate commit", "0"),
    ]


def test_how_plans_are_carried_out_is_said_once(tmp_path: Path) -> None:
    repository(tmp_path / "one", {"job.py": ALIAS})
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "job.py").write_text(ALIAS)
    options = ("--select", "oserror-alias", "--by", "file")
    outcome = invoke("migrate", "--each", *options, "bare", "one", cwd=tmp_path, **environment())
    assert (outcome.code, outcome.stderr.splitlines()[-2]) == (
        0,
        "Commit them:  pymodernize migrate --commit --each --by=file --select=oserror-alias bare one",
    )
    assert outcome.stderr.count("Commit them") == 1
    outcome = invoke("migrate", *options, "bare", cwd=tmp_path, **environment())
    assert outcome.stderr == "Write them:  pymodernize migrate --apply --by=file --select=oserror-alias bare\n"


def test_what_nobody_foresaw_costs_a_line_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def migrate_one(request: each.Request, *others: object) -> int:
        if request.paths == ("a",):
            raise PermissionError(13, "Permission denied")
        if request.paths == ("b",):
            raise AssertionError("never")
        return 0

    monkeypatch.setattr(each, "migrate", migrate_one)
    for name in "abc":
        (tmp_path / name).mkdir()
    outcome = invoke("migrate", "--each", *"abc", cwd=tmp_path)
    assert outcome.code == 70
    first, second, _, last = outcome.stderr.splitlines()
    assert first.startswith("a: cannot go on: ")
    assert second.startswith("b: this is a fault of pymodernize: AssertionError: never")
    assert last == "3 paths: 1 done, 2 to look at"


def test_the_table_of_a_migration_has_what_was_taken_back(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", {"a.py": ALIAS + ALIAS, "b.py": "x = 1\n"})
    check = "git grep -q -e IOError -- a.py"
    options = ("--select", "oserror-alias", "--verify", check, "--table", str(tmp_path / "t.csv"))
    assert migrate(folder, "--apply", *options).code == 0
    findings = rows(tmp_path / "t.csv", "finding")
    assert [(row["file"], row["line"], row["outcome"], row["code"]) for row in findings] == [
        ("a.py", "3", "applied", ""),
        ("a.py", "7", "withheld", "fails-checks"),
    ]
    (run,) = rows(tmp_path / "t.csv", "run")
    assert (run["outcome"], run["files"], run["changed"], run["rewrites"]) == ("migrate apply", "2", "1", "1")
    assert run["commit"] == git(folder, "rev-parse", "HEAD")


def test_a_table_that_cannot_be_written_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise each.NoOutput("t.csv: no room")

    folder = repository(tmp_path / "r", {"a.py": ALIAS})
    monkeypatch.setattr(each, "write_table", fail)
    outcome = migrate(folder, "--select", "oserror-alias", "--table", "t.csv")
    assert (outcome.code, "t.csv: no room" in outcome.stderr) == (3, True)
