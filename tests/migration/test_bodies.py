"""``migrate --pr-body``: a text a commit, for whoever asks that it be merged."""

from __future__ import annotations

from pathlib import Path

from repositories import git, migrate, repository

from pymodernize.commands.migration.hunks import hunks_of, most_telling

LINES = [f"line {number}" for number in range(60)]


def changed(*places: int, to: str = "other {}") -> bytes:
    return "\n".join(to.format(n) if n in places else line for n, line in enumerate(LINES)).encode()


def test_what_tells_most_is_shown() -> None:
    one, two, three = Path("one.py"), Path("two.py"), Path("three.py")
    old = dict.fromkeys((one, two, three), changed())
    new = {one: changed(3, 4, 20), two: changed(3, 4), three: changed(40)}
    places = {one: [4, 5, 21], two: [4, 5, 21], three: [41]}
    found = most_telling(old, new, places)
    assert [(item.path, item.line) for item in found] == [(one, 2), (three, 39)], "two.py shows nothing new"
    assert found[0].lines == (" line 1", " line 2", "-line 3", "-line 4", "+other 3", "+other 4", " line 5", " line 6")
    assert [item.path for item in most_telling(old, {two: new[two]}, places)] == [two]
    same = most_telling(old, {one: new[one], two: new[one]}, places)
    assert [(item.path, item.line) for item in same] == [(one, 2), (two, 19)]


def test_a_long_hunk_is_shown_in_part_and_only_if_there_is_no_other() -> None:
    path = Path("one.py")
    (long, short) = hunks_of(path, changed(), changed(*range(20), 50), [1, 51])
    assert len(long.shown) == 25
    assert long.shown[-1] == f" … and {len(long.lines) - 24} more lines"
    assert short.shown == short.lines
    assert most_telling({path: changed()}, {path: changed(*range(20), 50)}, {path: [1, 51]}, 1) == [short]
    (latin,) = hunks_of(path, b"# \xe9\n", b"# \xe9\xe9\n", [])
    assert latin.removed == ("# \xe9",), "what cannot be decoded is shown all the same"


def test_what_is_only_indented_anew_is_no_change() -> None:
    path = Path("one.py")
    old = "".join(f"{line}\n" for line in LINES)
    new = "def main():\n" + "".join(f"    {line}\n" for line in LINES) + "\n\nmain()\n"
    (first, last) = hunks_of(path, old.encode(), new.encode(), [1], indented=False)
    assert first.lines == ("+def main():", "     line 0", "     line 1"), "lines around are those of the text after"
    assert last.lines == ("     line 58", "     line 59", "+", "+", "+main()")
    assert [item.line for item in (first, last)] == [1, 59]


def test_a_text_passes_over_what_is_only_indented_anew(tmp_path: Path) -> None:
    work = "".join(f"value += f({number})\n" for number in range(40))
    job = f"import sys\n\n\ndef f(x):\n    return x\n\n\nvalue = len(sys.argv)\n{work}print(value)\n"
    folder = repository(tmp_path / "r", {"job.py": job})
    assert migrate(folder, "--commit", "--select", "main-guard", "--pr-body", str(tmp_path / "t")).code == 0
    (text,) = [path.read_text() for path in (tmp_path / "t").iterdir()]
    assert "Lines that are only indented anew are shown as unchanged.\n\n`job.py`, line " in text
    assert "+def main() -> None:\n     value = len(sys.argv)\n" in text
    assert "+    value" not in text


def test_each_commit_has_its_text(tmp_path: Path) -> None:
    job = (
        "import x\n\ntry:\n    x.f()\nexcept EnvironmentError:  # ```\n    pass\ntry:\n    x.f()\nexcept:\n    x.g()\n"
    )
    folder = repository(tmp_path / "r", {"a|b/job.py": job, "two.py": job})
    options = ("--select", "oserror-alias,bare-except", "--receipts", str(tmp_path / "re ceipts"))
    options += ("--assume", "usual,-documented-exceptions")
    check = "git status"
    bodies = tmp_path / "bodies"
    outcome = migrate(folder, "--commit", "--pr-body", str(bodies), "--verify", check, "--by", "folder", *options)
    assert outcome.code == 0, outcome.stderr
    names = sorted(path.name for path in bodies.iterdir())
    assert len(names) == int(git(folder, "rev-list", "--count", "HEAD")) - 1 == 2
    assert names[0].startswith("001-two-py-"), names
    text = (bodies / names[0]).read_text()
    assert text.startswith("# two.py: ")
    assert "\n**oserror-alias**: Write OSError for its other names." in text
    assert "\n`two.py`, line " in text
    assert "````diff\n" in text, "no line of it ends the block"
    assert "-except EnvironmentError:  # ```\n+except OSError:  # ```\n" in text
    assert "\n## What is left, and why\n\n| places | reason | for example |\n|---|---|---|\n| 1 | " in text
    assert "* It has passed `git status`; run that again on this branch." in text
    assert f"* `pymodernize verify '{tmp_path / 're ceipts'}'` makes the whole migration again" in text
    assert text.endswith("\n* `pymodernize undo COMMIT` gives its files their old texts back.\n")
    assert "`a\\|b/job.py:" in (bodies / names[1]).read_text(), "it does not end the cell"


def test_rewrites_that_were_taken_back_are_named(tmp_path: Path) -> None:
    text = "try:\n    f()\nexcept IOError:\n    pass\ntry:\n    g()\nexcept IOError:\n    pass\n"
    folder = repository(tmp_path / "r", {"job.py": text})
    check = "git grep -q -e IOError -- job.py"
    options = ("--select", "oserror-alias", "--verify", check)
    assert migrate(folder, "--commit", "--pr-body", str(tmp_path / "b"), *options).code == 0
    (body,) = (tmp_path / "b").iterdir()
    assert f"| 1 | withheld: the project's own tests fail with it: {check} | `job.py:7` |" in body.read_text()


def test_it_needs_commits_and_a_folder(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", {"job.py": "try:\n    f()\nexcept IOError:\n    pass\n"})
    assert "--pr-body needs --commit" in migrate(folder, "--pr-body", "b").stderr
    (tmp_path / "b").write_text("")
    outcome = migrate(folder, "--commit", "--pr-body", str(tmp_path / "b"))
    assert (outcome.code, outcome.out) == (3, ""), "before the plan"
    assert "b: Not a directory; name another folder" in outcome.stderr
    assert migrate(folder, "--commit", "--max-lines", "9").code == 0, "it has not begun"
