"""``--interactive``, at a real pseudo-terminal."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import MORE, PROJECT, SCRIPT, invoke, script
from dialogue import Said, converse, converse_apart
from running import installed

from pymodernize.commands.choices import Choices
from pymodernize.execution.execute import FileReport
from pymodernize.plan import usual_plan
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import transform

TWO = "try:\n    a()\nexcept IOError:\n    b()\ntry:\n    c()\nexcept EnvironmentError:\n    d()\n"
ARCHIVE = (PROJECT / "fixtures" / "_scripts" / "log_archive" / "archive_logs.py").read_text()


def _applied(folder: Path, text: str, *options: str) -> bytes:
    """What ``--apply`` writes."""
    folder.mkdir()
    path = script(folder, "job.py", text)
    assert invoke("-q", "--apply", "--no-cache", *options, "job.py", cwd=folder).code == 0
    return path.read_bytes()


def test_all_that_is_taken_is_what_apply_writes(tmp_path: Path) -> None:
    path = script(tmp_path, text=ARCHIVE)
    said = converse("-i", "job.py", cwd=tmp_path, answers=["y"] * 20)
    assert said.code == 0
    written = path.read_bytes()
    assert len(said.asked) >= 6
    assert said.asked[0] == "(1/1) job.py: bare-except: line 15: bare except; the body raises OSError, ValueError"
    assert "+    except (OSError, ValueError):" in said.text
    assert "1 file: 1 rewritten" in said.text
    assert invoke("undo", cwd=tmp_path).code == 0
    assert path.read_text() == ARCHIVE
    assert written == _applied(tmp_path / "other", ARCHIVE)


def test_what_is_left_is_what_a_run_without_the_codemod_leaves(tmp_path: Path) -> None:
    path = script(tmp_path, text=ARCHIVE)
    said = converse("-i", "job.py", cwd=tmp_path, answers=["y", "y", "n", "a"])
    assert said.unused == ()
    asked = [line.split(": ")[1] for line in said.asked]
    assert asked == ["bare-except", "open-without-encoding", "os-path-to-pathlib", "percent-to-fstring"]
    assert path.read_bytes() == _applied(tmp_path / "other", ARCHIVE, "--ignore", "os-path-to-pathlib")


def test_a_part_is_shown_as_it_is_with_what_was_taken(tmp_path: Path) -> None:
    """Whoever takes nothing of the command line's sees the others as they are without."""
    script(tmp_path, text=ARCHIVE)
    said = converse("-i", "job.py", cwd=tmp_path, answers=["n", "n", "n", "n", "n", "y", "d"])
    assert "+    folder = sys.argv[1]" in said.text
    assert (tmp_path / "job.py").read_bytes() == _applied(tmp_path / "other", ARCHIVE, "--select", "main-guard")


def test_places_one_by_one_and_back(tmp_path: Path) -> None:
    path = script(tmp_path, text=TWO)
    answers = ["?", "x", "s", "y", "u", "n", "y"]
    said = converse("-i", "--select", "oserror-alias", "job.py", cwd=tmp_path, answers=answers)
    assert said.unused == ()
    assert said.text.count("s - ask about each place of this by itself") == 2, "what is no answer is told what there is"
    first, second = (f"(1/1) job.py: oserror-alias: line {line}" for line in (3, 7))
    said_of = [line for line in said.asked if line != "? - show this"]
    assert said_of[0] == "(1/1) job.py: oserror-alias: 2 places"
    assert [line.rpartition(":")[0] for line in said_of[1:]] == [first, second, first, second]
    assert path.read_text() == TWO.replace("EnvironmentError", "OSError")


def test_quitting_writes_what_was_taken(tmp_path: Path) -> None:
    paths = [script(tmp_path, f"{name}.py", TWO) for name in "abc"]
    said = converse("-i", "--select", "oserror-alias", ".", cwd=tmp_path, answers=["y", "q"])
    assert (said.code, said.unused) == (0, ())
    assert [path.read_text() == TWO for path in paths] == [False, True, True]
    assert "3 files: 1 rewritten" in said.text


@pytest.mark.parametrize(("key", "at"), [("\x03", converse_apart), ("\x04", converse)])
def test_breaking_off_writes_nothing(tmp_path: Path, key: str, at: Callable[..., Said]) -> None:
    paths = [script(tmp_path, f"{name}.py", TWO) for name in "ab"]
    said = at("-i", "--select", "oserror-alias", ".", cwd=tmp_path, answers=["y", key])
    assert said.code == 130
    assert [path.read_text() for path in paths] == [TWO, TWO]
    assert "nothing was written" in said.text
    assert "interrupted; no file is half-written" in said.text


def test_nothing_taken_is_nothing_written(tmp_path: Path) -> None:
    script(tmp_path, text=TWO)
    said = converse("-i", "--select", "oserror-alias", "job.py", cwd=tmp_path, answers=["n"])
    assert said.code == 0
    assert "1 file: 0 rewritten" in said.text
    assert not (tmp_path / ".pymodernize" / "runs").exists()
    nothing = converse("-i", "--select", "bare-except", "job.py", cwd=tmp_path, answers=["n"])
    assert (nothing.code, nothing.unused, nothing.asked) == (0, ("n",), [])


def test_what_rests_on_another_file_is_asked_again(tmp_path: Path) -> None:
    more = textwrap.indent(MORE, "    ")
    text = f'def work():\n    print("Working on it")\n{more}    open("x", "w").close()\n'
    library = script(tmp_path, "lib.py", text)
    main = script(
        tmp_path,
        "tool.py",
        f'import lib\n\n\ndef main():\n    print("It begins")\n{more}    lib.work()\n\n\n'
        'if __name__ == "__main__":\n    main()\n',
    )
    before = library.read_bytes(), main.read_bytes()
    run = ("-i", "--no-cache", "--select", "print-to-logging", ".")
    said = converse(*run, cwd=tmp_path, answers=["y", "n"])
    assert (said.code, said.unused) == (0, ())
    assert [line.split(": ")[0] for line in said.asked] == ["(1/2) lib.py", "(2/2) tool.py"]
    assert "lib.py: is asked about again, since what was taken rests on what was left in other files" in said.text
    assert (library.read_bytes(), main.read_bytes()) == before, "without its importer's set-up a record would be lost"
    quit_ = converse(*run, cwd=tmp_path, answers=["y", "q"])
    assert "lib.py: is left as it was, since what was taken" in quit_.text
    assert (library.read_bytes(), main.read_bytes()) == before
    converse(*run, cwd=tmp_path, answers=["y", "y"])
    assert b"logger.info" in library.read_bytes()


def test_a_report_beside_it_tells_of_what_was_taken(tmp_path: Path) -> None:
    script(tmp_path, text=ARCHIVE)
    outputs = ("--output", "json:report.json", "--edits")
    said = converse("-i", *outputs, "job.py", cwd=tmp_path, answers=["y", "d"], NO_COLOR="1")
    assert said.code == 0
    (file,) = json.loads((tmp_path / "report.json").read_text())["files"]
    assert [finding["codemod"] for finding in file["findings"] if finding["status"] == "applied"] == ["bare-except"]
    assert all(finding["edits"] for finding in file["findings"] if finding["status"] == "applied")


def test_without_a_terminal_it_is_one_line(tmp_path: Path) -> None:
    script(tmp_path)
    outcome = invoke("-i", "job.py", cwd=tmp_path)
    assert (outcome.code, outcome.stdout) == (2, b"")
    assert outcome.stderr == (
        "Error: --interactive asks at a terminal, and this is none; --apply writes without asking\n"
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--check"], "--check and --interactive exclude each other"),
        (["--dry-run"], "--dry-run and --interactive exclude each other"),
        (["--format", "json"], "--interactive does not go with --format json"),
        (["--write-baseline", "x"], "--write-baseline does not go with --interactive"),
        (["-"], "--interactive does not go with - (stdin)"),
    ],
)
def test_what_it_does_not_go_with(tmp_path: Path, options: list[str], message: str) -> None:
    script(tmp_path)
    outcome = invoke("-i", *options, "job.py", cwd=tmp_path)
    assert outcome.code == 2
    assert message in outcome.stderr


def test_its_modules_are_loaded_by_it_alone(tmp_path: Path) -> None:
    script(tmp_path)
    code = "import sys; from pymodernize.cli import main\ntry:\n    main()\nfinally:\n    print(*sys.modules)"
    run = [sys.executable, "-c", code, "--apply", "job.py"]
    loaded = set(subprocess.run(run, cwd=tmp_path, capture_output=True, text=True).stdout.split())
    assert "pymodernize.commands.run" in loaded
    assert not loaded & {"pymodernize.commands.interactive", "pymodernize.commands.choices", "pymodernize.report.html"}


def test_every_way_through_comes_to_what_was_shown() -> None:
    """Of each set of answers: what is written is what the last part that was taken was shown with."""
    source = SCRIPT.replace(
        "time.sleep(0)\n", "time.sleep(0)\n    try:\n        pass\n    except IOError:\n        pass\n"
    )
    plan = usual_plan(entry() for entry in installed().values())
    facts = ProjectFacts(path="job.py")
    report = FileReport(Path("job.py"), source.encode(), transform(source.encode(), plan, facts), facts=facts)
    for answers in itertools.product((True, False), repeat=4):
        choices, last = Choices(plan, [report]), report.source
        for taken in (*answers, *[False] * 20):
            question = choices.question()
            if question is None:
                break
            assert question.before == last
            (choices.take if taken else choices.leave)(question)
            last = question.after if taken else last
        assert choices.question() is None
        output = choices.outcome(0).result.output
        assert (source.encode() if output is None else output) == last
        compile(last, "job.py", "exec")
