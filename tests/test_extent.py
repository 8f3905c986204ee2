"""How far a run goes: what a baseline knows, and the lines that have changed, as the real git says."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from commands import SCRIPT, invoke, script
from hypothesis import given
from hypothesis import strategies as st

from pymodernize.files.changed_lines import _Hunk, _moved

ONE = ("--select", "oserror-alias,print-to-logging")
BODY = "try:\n    pass\nexcept IOError:\n    pass\n"
OTHER = "try:\n    pass\nexcept EnvironmentError:\n    pass\n"


def _changed(folder: Path, *arguments: str) -> list[str]:
    """The lines that a run would take out, and that it is a failure of ``--check`` to have them."""
    outcome = invoke("--check", "--diff", *ONE, *arguments, cwd=folder)
    lines = [line for line in outcome.out.splitlines() if line[:1] == "-" and line[:3] != "---"]
    assert outcome.code == bool(lines), outcome.stderr
    return lines


# --- baselines --------------------------------------------------------------------------------------------------


def test_what_was_there_is_left_and_what_is_new_is_found(tmp_path: Path) -> None:
    path = script(tmp_path, "jobs/job.py", BODY + OTHER)
    script(tmp_path, "clean.py", "x = 1\n")
    written = invoke(*ONE, "--write-baseline", "base.json", ".", cwd=tmp_path)
    assert (written.code, written.out, written.stderr) == (0, "", "base.json: 2 findings in 1 file\n")
    known = ("--baseline", "base.json", ".")
    assert _changed(tmp_path, *known) == []
    assert invoke("--format", "json", *ONE, *known, cwd=tmp_path).out.count('"codemod"') == 0, "it is not told of"
    path.write_text("import os\n\n# new\n" + OTHER + "x = 1\n" + BODY.replace("except IOError:", "except \t IOError:"))
    assert _changed(tmp_path, *known) == [], "other lines, another order, other blanks"
    path.write_text(BODY + OTHER + BODY + "\ntry:\n    pass\nexcept IOError as error:\n    pass\n")
    assert _changed(tmp_path, *known) == ["-except IOError:", "-except IOError as error:"], (
        "one more of the same, and another"
    )
    assert invoke("--apply", *ONE, *known, cwd=tmp_path).code == 0
    text = path.read_text()
    assert text.startswith(BODY + OTHER)
    assert text.endswith(BODY.replace("IOError", "OSError") + "\ntry:\n    pass\nexcept OSError as error:\n    pass\n")
    moved = script(tmp_path, "other.py", BODY)
    assert _changed(tmp_path, *known) == ["-except IOError:"], "of another file nothing is known"
    moved.unlink()


def test_a_baseline_only_shrinks(tmp_path: Path) -> None:
    path = script(tmp_path, "a.py", BODY + BODY)
    script(tmp_path, "b.py", BODY)
    script(tmp_path, "c.py", BODY)
    base = tmp_path / "base.json"
    invoke("--write-baseline", "base.json", ".", cwd=tmp_path)
    before = base.read_bytes()
    update = ("--update-baseline", "--baseline", "base.json")
    path.write_text(BODY + BODY + BODY + OTHER)
    assert invoke(*update, ".", cwd=tmp_path).stderr.endswith(" 0 fewer\n")
    assert base.read_bytes() == before, "nothing is added"
    path.write_text(BODY)
    (tmp_path / "b.py").unlink()
    assert invoke(*update, "a.py", cwd=tmp_path).code == 0
    files = json.loads(base.read_bytes())["files"]
    assert sorted(files) == ["a.py", "c.py"], "what is not named and still there is kept"
    assert {row["times"] for row in files["a.py"]} == {1}
    path.write_text("print(\n")
    invoke(*update, ".", cwd=tmp_path)
    assert "a.py" in json.loads(base.read_bytes())["files"], "of a file that is broken nothing is known"


def test_a_whole_rewrite_is_made_or_not(tmp_path: Path) -> None:
    """Frames and records change places far from what is found: with all of it known nothing changes, in any order."""
    for name in ("job.py", "other.py"):
        script(tmp_path, name, f"import os\nimport sys\nprint('hello %s' % sys.argv[1])\nos.mkdir('x')\n{BODY}")
    assert invoke("--check", ".", cwd=tmp_path).code == 1
    invoke("--write-baseline", "base.json", ".", cwd=tmp_path)
    outcome = invoke("--check", "--baseline", "base.json", ".", cwd=tmp_path)
    assert outcome.code == 0, outcome.stderr
    path = tmp_path / "job.py"
    path.write_text(path.read_text() + OTHER)
    assert invoke("--apply", "--baseline", "base.json", ".", cwd=tmp_path).code == 0
    assert path.read_text() == (tmp_path / "other.py").read_text() + OTHER.replace("EnvironmentError", "OSError")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "base.json: does not exist; --write-baseline base.json writes one"),
        (b"[", "base.json: is no JSON; --write-baseline base.json writes it anew"),
        (b'{"version": 9}', "base.json: is no baseline of version 1; --write-baseline base.json writes it anew"),
        (b'{"version": 1, "files": {"a.py": [{}]}}', "base.json: has an entry that is none"),
        (b'{"version": 1, "files": {"a.py": [{"codemod": "a", "code": "", "line": "", "times": -1}]}}', "is none"),
        (b"[" * 100_000, "base.json: is no JSON"),
        (b"\xff", "base.json: is no JSON"),
    ],
)
def test_what_is_no_baseline(tmp_path: Path, content: bytes | None, message: str) -> None:
    script(tmp_path)
    if content is not None:
        (tmp_path / "base.json").write_bytes(content)
    outcome = invoke("--apply", "--baseline", "base.json", "job.py", cwd=tmp_path)
    assert (outcome.code, (tmp_path / "job.py").read_text()) == (2, SCRIPT)
    assert message in outcome.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["--write-baseline", "b", "--apply"],
        ["--write-baseline", "b", "--check"],
        ["--write-baseline", "b", "--since", "HEAD"],
        ["--write-baseline", "b", "--output", "json:c"],
        ["--write-baseline", "b", "--baseline", "b"],
        ["--write-baseline", "job.py"],
        ["--update-baseline"],
        ["--update-baseline", "--baseline", "b", "--select", "oserror-alias"],
        ["--since", "HEAD", "--staged"],
        ["--staged", "-"],
        ["--since", "HEAD"],
    ],
)
def test_what_does_not_go_together(tmp_path: Path, arguments: list[str]) -> None:
    script(tmp_path)
    outcome = invoke(*arguments, "job.py", cwd=tmp_path)
    assert outcome.code == 2
    assert len([line for line in outcome.stderr.splitlines() if line.startswith("Error: ")]) == 1
    assert [item.name for item in tmp_path.iterdir()] == ["job.py"]
    assert (tmp_path / "job.py").read_text() == SCRIPT


# --- changed lines ----------------------------------------------------------------------------------------------


class _Repository:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "-q", "-b", "main")
        for key, value in (("user.name", "a"), ("user.email", "a@example.org"), ("commit.gpgsign", "false")):
            self.git("config", key, value)

    def git(self, *arguments: str) -> str:
        """Run git there."""
        done = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, text=True, check=True)
        return done.stdout

    def commit(self) -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "-q", "-m", "a change")


@pytest.fixture
def repository(tmp_path: Path) -> _Repository:
    script(tmp_path, "old.py", BODY)
    script(tmp_path, "jobs/b c\u00e9.py", BODY + "# end\n")
    made = _Repository(tmp_path)
    made.commit()
    return made


def test_lines_changed_since_a_commit(repository: _Repository) -> None:
    root = repository.root
    assert _changed(root, "--since", "HEAD", ".") == []
    assert "no Python files in . have changed" in invoke("--since", "HEAD", ".", cwd=root).stderr
    path = root / "jobs" / "b c\u00e9.py"
    path.write_text("# first\n" + BODY + "# end\n" + OTHER)
    script(root, "new.py", BODY.replace("IOError", "IOError as error"))
    script(root, "ignored/new.py", BODY)
    (root / ".gitignore").write_text("ignored/\n")
    found = ["-except IOError as error:", "-except EnvironmentError:"]
    assert _changed(root, "--since", "HEAD", ".") == found, "of a new file all lines"
    assert _changed(root / "jobs", "--since", "HEAD", ".") == found[1:]
    repository.commit()
    assert _changed(root, "--since", "HEAD", ".") == []
    assert _changed(root, "--since", "HEAD~1", ".") == found
    # The other branch goes on: what it changes is not of this one.
    (root / "ignored" / "new.py").unlink()
    repository.git("checkout", "-q", "-b", "topic", "HEAD~1")
    script(root, "old.py", BODY + "# topic\n")
    repository.commit()
    assert _changed(root, "--since", "main", ".") == []
    script(root, "old.py", BODY.replace("pass", "print()") + "# topic\n")
    assert _changed(root, "--since", "main", ".") == [], "a finding is where it is, not where the block ends"
    script(root, "old.py", BODY.replace("except IOError", "except (IOError)") + "# topic\n")
    assert invoke("--apply", *ONE, "--since", "main", ".", cwd=root).code == 0
    assert "OSError" in (root / "old.py").read_text()
    assert "IOError" in path.read_text()


def test_a_rewrite_of_several_places_is_made_as_a_whole(repository: _Repository) -> None:
    text = SCRIPT.replace("    time", "    # here\n    time")
    path = script(repository.root, "job.py", text)
    repository.commit()
    path.write_text(text.replace("Hello", "Goodbye"))
    assert invoke("--apply", "--since", "HEAD", "job.py", cwd=repository.root).code == 0
    new = path.read_text()
    assert 'logger.info("Goodbye %s", 1)' in new
    assert "import logging\n" in new
    assert "logging.basicConfig(" in new


def test_staged_lines_where_they_are_now(repository: _Repository) -> None:
    root = repository.root
    path = script(root, "old.py", OTHER + BODY)
    repository.git("add", "old.py")
    assert _changed(root, "--staged", ".") == ["-except EnvironmentError:"]
    # What is edited since moves them, and is not staged itself.
    path.write_text(BODY + "# more\n\n" + OTHER + BODY)
    assert _changed(root, "--staged", ".") == ["-except EnvironmentError:"]
    repository.commit()
    assert _changed(root, "--staged", ".") == []


def test_lines_and_a_baseline(repository: _Repository) -> None:
    script(repository.root, "old.py", BODY + OTHER)
    invoke("--write-baseline", "base.json", ".", cwd=repository.root)
    assert _changed(repository.root, "--since", "HEAD", ".") == ["-except EnvironmentError:"]
    assert _changed(repository.root, "--since", "HEAD", "--baseline", "base.json", ".") == []


@pytest.mark.parametrize("name", ["none", "--output=x", "-x", "HEAD..HEAD", ":/x"])
def test_a_name_of_no_commit(repository: _Repository, name: str) -> None:
    outcome = invoke(f"--since={name}", ".", cwd=repository.root)
    assert (outcome.code, outcome.stdout) == (2, b"")
    assert f"--since: {name!r} names no commit of {repository.root}" in outcome.stderr
    assert not (repository.root / "x").exists()


def test_nothing_that_a_repository_configures_is_run(repository: _Repository) -> None:
    script(repository.root, "old.py", BODY + OTHER)
    (repository.root / ".gitattributes").write_text("old.py diff=own filter=own\nb* filter=a\\ b.c\n")
    for key in ("core.fsmonitor", "diff.external", "diff.own.command", "diff.own.textconv", "core.pager"):
        repository.git("config", key, "touch was-run; cat")
    for name in ("own", "Own", "a b.c"):
        for key in ("clean", "smudge", "process"):
            repository.git("config", f"filter.{name}.{key}", "touch was-run; cat")
        repository.git("config", f"filter.{name}.required", "true")
    assert _changed(repository.root, "--since", "HEAD", ".") == ["-except EnvironmentError:"]
    assert _changed(repository.root, "--staged", ".") == []
    assert not (repository.root / "was-run").exists()


def test_a_filter_that_cannot_be_turned_off_is_named(repository: _Repository) -> None:
    script(repository.root, "old.py", BODY + OTHER)
    (repository.root / ".git/config").open("a").write('[filter "a=b"]\n\tclean = touch was-run\n')
    outcome = invoke("--check", "--since", "HEAD", ".", cwd=repository.root)
    assert (outcome.code, "filter.a=b" in outcome.stderr) == (2, True)
    assert not (repository.root / "was-run").exists()


def test_nothing_is_fetched_for_it(repository: _Repository) -> None:
    script(repository.root, "old.py", BODY + OTHER)
    for name in ("extensions.partialClone", "remote.far.url", "remote.far.promisor", "core.sshCommand"):
        values = {
            "extensions.partialClone": "far",
            "remote.far.url": "ssh://host.invalid/x",
            "remote.far.promisor": "true",
        }
        repository.git("config", name, values.get(name, "touch was-run; false"))
    repository.git("config", "core.repositoryFormatVersion", "1")
    blob = repository.git("rev-parse", "HEAD:old.py").strip()
    (repository.root / ".git/objects" / blob[:2] / blob[2:]).unlink()
    outcome = invoke("--check", "--since", "HEAD", ".", cwd=repository.root)
    assert outcome.code == 2
    assert "git diff failed" in outcome.stderr
    assert not (repository.root / "was-run").exists()


@given(st.lists(st.integers(0, 3), min_size=1, max_size=8), st.data())
def test_lines_move_with_what_is_put_before_them(counts: list[int], data: st.DataObject) -> None:
    """Lines are put before some lines: the others are found again where they are then."""
    hunks, shift = [], 0
    for number, count in enumerate(counts):
        if count:
            hunks.append(_Hunk(number, 0, number + shift + 1, count))
            shift += count
    line = data.draw(st.integers(1, len(counts) + 2))
    ((first, last),) = _moved(((line, line),), hunks)
    assert first == last == line + sum(counts[:line])
