"""``migrate --try`` and ``pymodernize try``: scripts are run before and after in a copy of their project."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from commands import PROJECT, Outcome, confines, invoke
from repositories import environment, git, migrate, repository, subjects

from pymodernize import registry
from pymodernize.commands.trying import confinement as confining
from pymodernize.commands.trying import recording
from pymodernize.commands.trying.confinement import Confinement, Inside, NoConfinement, confinement
from pymodernize.commands.trying.running import NoTry, Seen, Studio, difference
from pymodernize.files import copies
from pymodernize.files.copies import Copy
from pymodernize.files.toml import parse_toml
from pymodernize.registry import Entry, entries
from pymodernize.settings import SettingsError, load_settings
from pymodernize.settings.runs import Run

PYTHON = shlex.quote(sys.executable)
FREE = ("--select", "seeded-numbers", "--unconfined")
posix = pytest.mark.skipif(os.name != "posix", reason="groups of processes")


@pytest.fixture(autouse=True)
def _seeded(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"seeded-numbers": Entry("seeded-numbers", "seeded_numbers", "tests")}
    monkeypatch.setattr(registry, "entries", lambda: {**entries(), **own})


def tried(folder: Path, *arguments: str) -> Outcome:
    return migrate(folder, "--commit", *arguments)


FILES = {
    "main.py": "import part, sys\nright0 = 1\nwrong0 = 1\nprint(wrong0, part.wrong1, sys.argv[1:])\n",
    "part.py": "right1 = 1\nwrong1 = 1\n",
    "now.py": "import time\nwrong2 = 1\nprint(time.time())\n",
    "test_it.py": "wrong3 = 1\nprint(wrong3)\n",
}


def test_scripts_that_do_something_else_are_taken_back(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", FILES)
    free = FREE[:2] if confines() else FREE
    receipts, bodies = tmp_path / "receipts", tmp_path / "bodies"
    options = ("--receipts", str(receipts), "--pr-body", str(bodies))
    outcome = tried(folder, *free, *options, "--try", f"{PYTHON} {{script}} -v")
    assert outcome.code == 0, outcome.stderr
    text = "".join((folder / name).read_text() for name in FILES)
    # What is a test is not run, and what is different each time is not judged.
    kept = {
        name: number
        for name in ("right0", "right1", "wrong0", "wrong1")
        for number in "123"
        if f"{name} = {number}" in text
    }
    assert kept == {"right0": "3", "right1": "3", "wrong0": "1", "wrong1": "1"}
    assert ("wrong2 = 2" in text, "wrong3 = 2" in text) == (True, True)
    said = outcome.stderr
    does = f"is withheld: a script does something else with it: {PYTHON}"
    assert f"main.py:3: seeded-numbers {does} main.py -v: line 1 of stdout is \"2 1 ['-v']\" instead of" in said
    assert f"part.py:2: seeded-numbers {does} main.py -v: line 1 of stdout" in said
    assert f"{PYTHON} now.py -v: is not judged: it does not do the same twice as it is: line 1 of stdout" in said
    assert "2 rewrites withheld: a script does something else with them" in said
    assert git(folder, "status", "--short") == "", "what scripts write is written elsewhere"
    runs = [json.loads((receipts / "files" / f"{name}.json").read_text())["tried"] for name in ("part.py", "now.py")]
    (one,), (other,) = runs
    assert (one["command"], one["outcome"], one["status"]) == (f"{PYTHON} main.py -v", "the same as before", 0)
    assert (other["outcome"].partition(":")[0], other["stdout"]) == ("not judged", None)
    bodies_text = "".join(path.read_text() for path in bodies.iterdir())
    assert f"* `{PYTHON} main.py -v` has done the same as before, in a copy of the project." in bodies_text


def test_runs_of_the_settings_without_git(tmp_path: Path) -> None:
    runs = f"""
[[tool.pymodernize.try.runs]]
script = "jobs/main.py"
command = {json.dumps(f"{PYTHON} {{script}}")}
arguments = ["a b", ""]
stdin = "Ada\\nBob\\n"
files = {{ "data/names.txt" = "Eve" }}
"""
    code = "import sys\nright0 = 1\nwrong0 = 1\nif open('data/names.txt').read() == 'Eve' and input() == 'Ada':\n"
    files = {"jobs/main.py": f"{code}    print(wrong0, sys.argv[1:])\n", "jobs/other.py": "wrong1 = 1\nprint(wrong1)\n"}
    for name, text in {**files, "pyproject.toml": runs}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    outcome = invoke("migrate", "--apply", *FREE, "--try-runs", "jobs", cwd=tmp_path)
    assert outcome.code == 0, outcome.stderr
    assert "jobs/main.py 'a b' '' < 'Ada...': line 1 of stdout is \"2 ['a b', '']\" instead of \"1 [" in outcome.stderr
    assert "wrong0 = 1" in (tmp_path / "jobs/main.py").read_text()
    assert "wrong1 = 2" in (tmp_path / "jobs/other.py").read_text(), "which has no run"
    assert not (tmp_path / "data").exists()
    shown = json.loads(invoke("--show-settings", "jobs/main.py", "--format", "json", cwd=tmp_path).out)
    (row,) = (item for item in shown["values"] if item["key"] == "try")
    assert (row["value"], row["from"][0]["line"]) == ([f"{PYTHON} jobs/main.py 'a b' '' < 'Ada...'"], 2)
    outcome = invoke("try", "--unconfined", cwd=tmp_path)
    assert (outcome.code, outcome.out) == (0, f"{row['value'][0]}: the same twice: exit status 0, 14 bytes on stdout\n")


def test_what_is_asked_for_must_be_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = repository(tmp_path / "r", {"main.py": "wrong0 = 1\nprint(wrong0)\n"})
    assert "'python' has no {script}, which stands for the script" in tried(folder, *FREE, "--try", "python").stderr
    assert "is no command line: No closing quotation" in tried(folder, *FREE, "--try", "python '{script}").stderr
    assert "the settings list no runs; 'pymodernize try --record" in tried(folder, *FREE, "--try-runs").stderr
    assert "the settings list no runs" in invoke("try", cwd=folder).stderr
    assert "--unconfined needs --try or --try-runs" in migrate(folder, "--commit", "--unconfined").stderr
    assert "--try needs --commit or --apply" in migrate(folder, "--try", "python {script}").stderr
    outcome = tried(folder, *FREE, "--try", "no-such-thing {script}")
    assert (outcome.code, subjects(folder)) == (2, [])
    assert "'no-such-thing main.py' cannot be started: there is no no-such-thing" in outcome.stderr
    monkeypatch.setattr(confining, "find_program", lambda _: None)
    outcome = tried(folder, *FREE[:2], "--try", f"{PYTHON} {{script}}")
    assert (outcome.code, subjects(folder)) == (2, [])
    assert outcome.stderr.splitlines()[-1] == (
        "Error: --try: scripts are tried in a copy that they cannot leave, for which bubblewrap or unshare must work "
        "here, and neither does (bwrap is not installed; unshare is not installed); --unconfined runs them without"
    )
    (folder / "pyproject.toml").write_text('[[tool.pymodernize.try.runs]]\nscript = "gone.py"\n')
    assert "gone.py: there is no such script" in tried(folder, "--allow-dirty", *FREE, "--try-runs").stderr


def test_what_changes_beside_it_is_no_rewrites_fault(tmp_path: Path) -> None:
    folder = repository(
        tmp_path / "r", {"main.py": "import os\nright0 = 1\nright1 = 1\nprint(sorted(os.listdir('.')))\n"}
    )
    (tmp_path / "check.py").write_text("import os\nopen(f'seen{len(os.listdir())}.txt', 'w').close()\n")
    check = ("--verify", f"{PYTHON} {tmp_path / 'check.py'}", "--max-changes", "1")
    outcome = tried(folder, *FREE, "--try", f"{PYTHON} {{script}}", *check)
    assert (outcome.code, "withheld" in outcome.stderr) == (0, False), outcome.stderr
    assert len(subjects(folder)) == 2


def test_scripts_that_show_files(tmp_path: Path) -> None:
    shows = "import os, zlib\nfor name in sorted(os.listdir('.')):\n    if name in {}:\n"
    shows += "        print(os.stat(name).st_mtime, zlib.crc32(open(name, 'rb').read()))\n"
    others, own = shows.format("('one.py', 'two.py')"), shows.format("('own.py',)")
    files = {"list.py": f"right0 = 1\n{others}", "one.py": "wrong0 = 1\n", "two.py": "right1 = 1\n"}
    folder = repository(tmp_path / "r", {**files, "own.py": f"right2 = 1\n{own}"})
    outcome = tried(folder, *FREE, "--try", f"{PYTHON} {{script}}")
    assert outcome.code == 0, outcome.stderr
    assert "withheld" not in outcome.stderr, "what a script does not load is as it was"
    assert "own.py: is not judged: it shows how long its own text is, or reads that" in outcome.stderr
    assert "list.py: is not judged" not in outcome.stderr


def test_what_does_not_end_is_not_judged(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r", {"main.py": "import time\nwrong0 = 1\ntime.sleep(50)\n"})
    outcome = tried(folder, *FREE, "--try", f"{PYTHON} {{script}}", "--try-seconds", "0.2")
    assert "main.py: is not judged: it does not do the same twice as it is: does not end in its time" in outcome.stderr
    assert "wrong0 = 2" in (folder / "main.py").read_text()


def test_what_was_cut_off_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "main.py": "".join(f"{name}{number} = 1\nprint({name}{number})\n" for number in range(2) for name in ("wrong",))
    }
    folder = repository(tmp_path / "r", {**files, "other.py": "right1 = 1\n"})
    options = (*FREE, "--by", "file", "--try", f"{PYTHON} {{script}}")
    real = Studio.run
    calls: list[Run] = []

    def run(self: Studio, run: Run, texts: dict[str, bytes]) -> Seen:
        calls.append(run)
        if len(calls) == 5:
            raise KeyboardInterrupt
        return real(self, run, texts)

    with monkeypatch.context() as patch:
        patch.setattr(Studio, "run", run)
        assert tried(folder, *options).code == 130
    outcome = tried(folder, *options)
    assert outcome.code == 0, outcome.stderr
    assert (folder / "main.py").read_text() == files["main.py"]
    assert subjects(folder) == ["other.py: seeded-numbers"]


# --- what a run did ---------------------------------------------------------------------------------------------------


def seen(status: int | None = 0, stdout: bytes = b"", **files: str) -> Seen:
    return Seen(status, stdout, str(stdout), len(stdout), files)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (seen(), seen(), ""),
        (seen(1, b"a"), seen(2, b"b"), ""),
        (seen(1), seen(0), "exit status 0 instead of 1"),
        (seen(0), seen(-9), "exit status -9 instead of 0"),
        (seen(), seen(None), "does not end in its time"),
        (seen(stdout=b"a\nb\n"), seen(stdout=b"a\nc\n"), "line 2 of stdout is 'c' instead of 'b'"),
        (seen(stdout=b"a\n" + b"b" * 99), seen(stdout=b"a\n"), "line 2 of stdout is '' instead of 'b"),
        (seen(stdout=b"a\nb"), seen(stdout=b"a"), "line 2 of stdout is nothing instead of 'b"),
        (
            seen(stdout=b"a"),
            replace(seen(stdout=b"a"), digest="other"),
            "stdout is another one behind its first 1 bytes",
        ),
        (seen(), seen(a="1"), "file a is changed"),
        (seen(), seen(a=""), "file a is gone"),
        (seen(a="1"), seen(), "file a is as it was"),
        (seen(a="1"), seen(a=""), "file a is gone"),
        (seen(1, a="1"), seen(2, a="2"), "file a is another one"),
    ],
)
def test_differences_in_words(before: Seen, after: Seen, said: str) -> None:
    assert difference(before, after).startswith(said)
    assert bool(difference(before, after)) == bool(said)


def test_a_copy_is_what_the_project_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    top = tmp_path / "top"
    for name in ("a.py", "sub/b.txt", "sub/c.txt", ".git/HEAD", "env/pyvenv.cfg", "__pycache__/a.pyc", "gone/x"):
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(name)
    (top / "a.py").chmod(0o755)
    (top / "link").symlink_to("sub/b.txt")
    if hasattr(os, "mkfifo"):
        os.mkfifo(top / "pipe")
    copy = Copy(top, tmp_path / "copy")
    copy.refresh({"sub/b.txt": b"other"}, {"data/new.txt": "new"})
    there = {path.relative_to(copy.folder).as_posix() for path in copy.folder.rglob("*") if not path.is_dir()}
    assert there == {"a.py", "sub/b.txt", "sub/c.txt", "data/new.txt", "link", "gone/x"}
    assert (sorted(copy.lent), (copy.folder / "sub/b.txt").read_text()) == ([".git", "env"], "other")
    assert os.access(copy.folder / "a.py", os.X_OK)
    assert copy.changes() == {}
    (copy.folder / "sub/c.txt").write_text("c")
    (copy.folder / "made").mkdir()
    (copy.folder / "made/link").symlink_to("/nowhere")
    (copy.folder / "a.py").unlink()
    (copy.folder / "link").unlink()
    (copy.folder / "link").mkdir()
    changes = copy.changes()
    assert list(changes) == ["a.py", "link", "made", "made/link", "sub/c.txt"]
    assert (changes["a.py"], changes["made"], changes["made/link"]) == ("", "folder", "link to /nowhere")
    for path in (top / "gone/x", top / "gone"):
        path.unlink() if path.is_file() else path.rmdir()
    (top / "gone").write_text("a file now")
    (top / "sub/c.txt").write_text("new")
    copy.refresh({}, {"a.py": "own"})
    assert copy.changes() == {}
    texts = {
        path.relative_to(copy.folder).as_posix(): path.read_text() for path in copy.folder.rglob("*") if path.is_file()
    }
    assert texts == {
        "a.py": "own",
        "gone": "a file now",
        "link": "sub/b.txt",
        "sub/b.txt": "sub/b.txt",
        "sub/c.txt": "new",
    }
    (top / "out").symlink_to(tmp_path)
    with pytest.raises(copies.NoCopy, match="data/x of a run lies behind a link that leads out"):
        copy.refresh({}, {"out/data/x": "text"})
    assert not (tmp_path / "data").exists()
    monkeypatch.setattr(copies, "MOST_FILES", 2)
    with pytest.raises(NoTry, match="to copy"), contextlib.ExitStack():
        Studio(top, tmp_path / "place").run(Run("a.py", folder=top), {})


@posix
def test_what_was_started_ends_with_us(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "top").mkdir()
    mark = tmp_path / "mark"
    (tmp_path / "top/main.py").write_text(
        f"import os, time\nif os.fork() == 0:\n    open({str(mark)!r}, 'w').write(str(os.getpid()))\ntime.sleep(50)\n"
    )
    real = subprocess.Popen.wait

    def wait(self: Any, timeout: float | None = None) -> int:
        if timeout == 60.0:
            while not (mark.exists() and mark.read_text()):
                pass
            raise KeyboardInterrupt
        return real(self, timeout)

    monkeypatch.setattr(subprocess.Popen, "wait", wait)
    with pytest.raises(KeyboardInterrupt):
        Studio(tmp_path / "top", tmp_path / "place").run(
            Run("main.py", command=f"{PYTHON} {{script}}", folder=tmp_path / "top"), {}
        )
    with pytest.raises(ProcessLookupError):
        for _ in range(100):
            os.kill(int(mark.read_text()), 0)
            time.sleep(0.05)


ESCAPES = """\
import os, socket, sys
for path in sys.argv[1:]:
    try:
        open(os.path.join(path, "mark"), "w").close()
        print("written")
    except OSError as error:
        print("refused")
(powers,) = (line.split()[1] for line in open("/proc/self/status") if line.startswith("CapEff"))
print(len(socket.if_nameindex()), open("data.txt").read(), os.path.exists(".git/HEAD"), int(powers, 16))
"""


@pytest.mark.parametrize("program", ["bwrap", "unshare"])
def test_it_stays_within_the_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    top = repository(tmp_path / "the top", {"main.py": ESCAPES, "data.txt": "data"})
    real = confining.find_program
    monkeypatch.setattr(confining, "find_program", lambda name: real(name) if name == program else None)
    run = Run("main.py", (str(tmp_path), str(PROJECT), ".git", "."), command=f"{PYTHON} {{script}}", folder=top)
    studio = Studio(top, tmp_path / "place")
    try:
        studio.confine([run])
    except NoConfinement:
        pytest.skip(f"{program} does not work here")
    found = studio.run(run, {"data.txt": b"other"})
    assert found.stdout.decode().partition("\n")[2] == "refused\nrefused\nwritten\n1 other True 0\n"
    assert not (tmp_path / "mark").exists()
    assert found.files.keys() == {"mark"}
    assert not (top / "mark").exists()
    inside = Inside(Path("/nowhere"), tmp_path, tmp_path)
    with pytest.raises(NoConfinement, match=f"{program} says: "):
        confinement(inside, [])


def test_command_lines_of_what_keeps_a_script_in_place(tmp_path: Path) -> None:
    inside = Inside(Path("/srv/top"), tmp_path / "copy", tmp_path / "temp", [".git"])
    words = Confinement("/usr/bin/bwrap").words(["python", "a b"], "jobs", inside)
    assert "--unshare-all" in words
    assert words[-2:] == ["python", "a b"]
    assert [words[words.index("--chdir") + 1], words[words.index("--bind") + 1]] == ["/srv/top/jobs", str(inside.temp)]
    assert Confinement("", ("/tmp/env/bin/python",)).temp(inside) == str(inside.temp)
    assert Confinement("/usr/bin/bwrap", ("/tmp/env/bin/python",)).temp(inside) == str(inside.temp)
    assert Confinement("/usr/bin/unshare").folder("jobs", inside) == Path("/")


# --- what is typed ----------------------------------------------------------------------------------------------------

ASKS = "import sys\nname = input('Name? ')\nprint(name, sys.argv[1:], open('data.txt').read())\n"


def recorded(folder: Path, *words: str, stdin: bytes = b"") -> Outcome:
    return invoke("try", "--record", "--unconfined", *words, cwd=folder, stdin=stdin, **environment())


def test_runs_are_recorded(tmp_path: Path) -> None:
    (tmp_path / "job.py").write_text(ASKS)
    (tmp_path / "data.txt").write_text('"data"\x7f')
    outcome = recorded(
        tmp_path, "--file", "data.txt", "--", sys.executable, "job.py", "-x", "", stdin=b"Ada\nB\xc3\xa9\n"
    )
    assert outcome.code == 0, outcome.stderr
    name = f"{PYTHON} job.py -x '' < 'Ada...'"
    assert outcome.stderr == f"{name} (exit status 0): added to pyproject.toml; 'pymodernize try' makes its runs\n"
    path = tmp_path / "pyproject.toml"
    (run,) = load_settings(path, ()).try_
    assert (run.name, run.stdin, dict(run.files), run.folder) == (
        name,
        "Ada\nBé\n",
        {"data.txt": '"data"\x7f'},
        tmp_path,
    )
    path.write_bytes(b'[project]\r\nname = "x"\r\n\r\n' + path.read_bytes().replace(b"\n", b"\r\n"))
    again = recorded(tmp_path, "--file", "data.txt", sys.executable, "job.py", "-x", "", stdin=b"Ada\nB\xc3\xa9\n")
    assert f"{name} (exit status 0): is there already, in pyproject.toml" in again.stderr
    (tmp_path / "job.py").chmod(0o755)
    (tmp_path / "job.py").write_text(f"#!{sys.executable}\n")
    outcome = recorded(tmp_path, "./job.py")
    assert "./job.py (exit status 0): added to pyproject.toml" in outcome.stderr
    assert b"\n" not in path.read_bytes().replace(b"\r\n", b"")
    assert parse_toml(path.read_bytes())["project"] == {"name": "x"}
    assert [item.words[0] for item in load_settings(path, ()).try_] == [sys.executable, "./job.py"]


@pytest.mark.parametrize(
    ("words", "stdin", "said"),
    [
        (["python", "gone.py"], b"", "'python gone.py' names no script in "),
        (["--file", "../x", "python", "job.py"], b"", "--file: ../x is not in "),
        (["--file", "gone", "python", "job.py"], b"", "--file: gone: is gone"),
        (["no-such-thing", "job.py"], b"", "cannot be started: there is no no-such-thing"),
        ([sys.executable, "job.py"], b"\xff", "what was typed is no UTF-8"),
        ([sys.executable, "job.py"], b"x" * 100_001, "more than 100,000 bytes are typed"),
        ([sys.executable, "job.py"], b"", "; the run is not added, which is: by hand"),
    ],
)
def test_what_cannot_be_recorded(tmp_path: Path, words: list[str], stdin: bytes, said: str) -> None:
    (tmp_path / "job.py").write_text("")
    (tmp_path / "pyproject.toml").write_text("[tool.pymodernize]\ntry = {runs = []}\n" if "by hand" in said else "")
    outcome = recorded(tmp_path, *words, stdin=stdin)
    assert outcome.code == 2
    assert said.removesuffix(" by hand") in outcome.stderr


@pytest.mark.parametrize("status", [126, 127])
def test_a_command_that_is_not_found_in_the_copy_is_no_evidence(tmp_path: Path, status: int) -> None:
    """A shim of a version manager is found, and finds nothing: before and after a change alike."""
    top = repository(tmp_path / "r", {"main.py": "print(1)\n", "shim": f"#!/bin/sh\nexit {status}\n"})
    (top / "shim").chmod(0o755)
    with pytest.raises(NoTry, match=f"ends with exit status {status}, as a command does that cannot be run"):
        Studio(top, tmp_path / "place").run(Run("main.py", (), command="./shim {script}", folder=top), {})
    outcome = invoke("try", "--unconfined", "--record", "--", "./shim", "main.py", cwd=top)
    assert (outcome.code, "is not found in the copy" in outcome.stderr) == (2, True)
    assert not (top / "pyproject.toml").exists()


def test_where_runs_are_recorded(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.pymodernize]\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/job.py").write_text("")
    outcome = recorded(tmp_path / "sub", "python", "job.py")
    assert f"the runs stand in {tmp_path / 'pyproject.toml'}; type this one in {tmp_path}" in outcome.stderr
    assert "--record and -- COMMAND go together" in invoke("try", "python", "job.py", cwd=tmp_path).stderr
    assert "--record and -- COMMAND go together" in invoke("try", "--record", cwd=tmp_path).stderr
    (tmp_path / "pyproject.toml").write_text("[tool\n")
    assert "is not TOML" in recorded(tmp_path, "python", "sub/job.py").stderr


@posix
@pytest.mark.parametrize(("typed", "given"), [(b"Ada\n", "Ada\n"), (b"\x04", "")])
def test_what_is_typed_at_a_terminal(tmp_path: Path, typed: bytes, given: str) -> None:
    (tmp_path / "job.py").write_text("import sys\nsys.exit(len(sys.stdin.readline()))\n")
    ours, theirs = os.openpty()
    studio = Studio(tmp_path, tmp_path / "place")
    os.close(os.open(os.devnull, os.O_RDONLY))
    threading.Timer(0.2, lambda: os.write(ours, typed)).start()
    run = Run("job.py", command=f"{PYTHON} {{script}}", folder=tmp_path)
    assert recording._at_terminal(studio, run, theirs) == (len(given), given.encode())
    for end in (ours, theirs):
        os.close(end)


def test_runs_that_are_not_the_same_twice(tmp_path: Path) -> None:
    (tmp_path / "now.py").write_text("import time\nprint(time.time())\n")
    (tmp_path / "slow.py").write_text("import time\ntime.sleep(50)\n")
    command = f"command = {json.dumps(f'{PYTHON} {{script}}')}\n"
    runs = "".join(f'[[tool.pymodernize.try.runs]]\nscript = "{name}.py"\n{command}' for name in ("now", "slow", "now"))
    (tmp_path / "pyproject.toml").write_text(runs)
    outcome = invoke("try", "--unconfined", "--seconds", "0.3", cwd=tmp_path)
    lines = outcome.out.splitlines()
    assert outcome.code == 1
    assert lines[0].startswith(f"{PYTHON} now.py (number 1): not the same twice: line 1 of stdout is ")
    assert lines[1] == f"{PYTHON} slow.py: not the same twice: does not end in 0.3 seconds"
    assert lines[2].startswith(f"{PYTHON} now.py (number 3): not the same twice")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("try = 1", "try: must be a table of runs, [[tool.pymodernize.try.runs]]"),
        ("try.run = []", "try: unknown key 'run'; did you mean 'runs'?"),
        ("try.runs = [1]", "try.runs: number 1: must be a table, with a script"),
        ('try.runs = [{ scrip = "a" }]', "number 1: unknown key 'scrip'; did you mean 'script'?"),
        ("try.runs = [{ stdin = 1 }]", "number 1: stdin: must be a string"),
        ("try.runs = [{ arguments = [1] }]", "arguments: must be a list of strings"),
        ("try.runs = [{ files = { a = 1 } }]", "files: must be a table of texts, by the paths of the files"),
        ("try.runs = [{}]", "number 1: has no script"),
        ('try.runs = [{ script = "../a" }]', "'../a' must be a path from the folder of this file on"),
        ('try.runs = [{ script = "a", files = { "/b" = "" } }]', "'/b' must be a path from the folder of this file on"),
        ('try.runs = [{ script = "a", command = "python" }]', "command: 'python' has no {script}"),
    ],
)
def test_runs_that_are_none(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "pyproject.toml"
    path.write_text(f"[tool.pymodernize]\n{text}\n")
    with pytest.raises(SettingsError) as raised:
        load_settings(path, ())
    assert said in str(raised.value)
