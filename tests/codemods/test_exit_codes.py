"""How scripts end after exit-codes: with the codes that they had, and quietly where that is meant."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from running import FIXTURES, execute, load_toml, make_plan, work_on

from pymodernize.codemod import Status
from pymodernize.engine import transform
from pymodernize.semantics.project import ProjectFacts

CASES = [
    path.parent
    for path in sorted((FIXTURES / "exit-codes").glob("*/case.toml"))
    if "run" in load_toml(path) and (path.parent / "after.py").exists()
]

SCRIPT = """\
import sys
import time


def main():
    wish = sys.argv[1]
    if wish == "fail":
        raise ValueError("no such thing")
    if wish == "wait":
        sys.stdout.write("ready\\n")
        sys.stdout.flush()
        time.sleep(60)
    if wish == "much":
        sys.stdout.write("line\\n" * 1000000)
    if wish == "little":
        sys.stdout.write("line\\n")
        time.sleep(0.5)
    if wish.isdigit():
        sys.exit(int(wish))
    return 0


if __name__ == "__main__":
    sys.exit(main())
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script as the codemod leaves it."""
    folder = tmp_path_factory.mktemp("exits")
    path = folder / "script.py"
    path.write_text(SCRIPT)
    output = work_on(folder, make_plan(["exit-codes"]))["script.py"].result.output
    assert output is not None and b"BrokenPipeError" in output
    path.write_bytes(output)
    return path


def run(script: Path, wish: str, **settings) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, script, wish], text=True, check=False, timeout=30, **settings)


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_every_code_is_the_one_that_it_was(folder: Path, tmp_path: Path):
    case = load_toml(folder / "case.toml")["run"]
    codes = []
    for name in ("before.py", "after.py"):
        source = tmp_path / name.removesuffix(".py")
        source.mkdir()
        (source / "script.py").write_bytes((folder / name).read_bytes())
        codes.append(execute(source, tmp_path / f"run-{name}", case, "script.py").status)
    assert codes[0] == codes[1]


@pytest.mark.parametrize("code", [0, 1, 2, 3, 4, 77, 130, 255])
def test_a_code_that_is_computed(code: int, script: Path):
    assert run(script, str(code)).returncode == code


def test_a_failure_is_logged_with_its_traceback(script: Path):
    done = run(script, "fail", capture_output=True)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith("the script failed\nTraceback")
    assert done.stderr.endswith("ValueError: no such thing\n")


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C cannot be sent to one process there")
def test_an_interruption_ends_with_130(script: Path):
    process = subprocess.Popen(
        [sys.executable, script, "wait"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=20) == ("", "")
    assert process.returncode == 130


@pytest.mark.skipif(os.name == "nt", reason="pipes break in another way there")
@pytest.mark.parametrize("wish", ["much", "little"])
def test_a_reader_that_goes_away_is_no_drama(wish: str, script: Path):
    process = subprocess.Popen(
        [sys.executable, script, wish], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    complaint = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=20) == 1
    assert complaint == ""


@pytest.mark.skipif(os.name == "nt", reason="file descriptors are closed in another way there")
def test_a_stdout_that_is_closed_from_the_start(script: Path):
    assert run(script, "0", preexec_fn=lambda: os.close(1)).returncode == 0
    assert run(script, "nothing", preexec_fn=lambda: os.close(1)).returncode == 0


# --- what the file leaves no room for ------------------------------------------------------------------------------


def findings(source: str, target: tuple[int, int] = (3, 11)) -> tuple[str, list[str]]:
    """What becomes of a script, and the reasons that are given."""
    plan = replace(make_plan(["exit-codes"]), target_version=target)
    result = transform(source.encode(), plan, ProjectFacts(path="script.py"))
    assert result.error is None
    output = source if result.output is None else result.output.decode()
    return output, [item.reason for item in result.findings if item.status is not Status.APPLIED]


def test_an_older_python_cannot_join_classes():
    source = 'import sys\n\n\ndef main():\n    pass\n\n\nif __name__ == "__main__":\n    sys.exit(main())\n'
    assert "def run() -> int | None:" in findings(source)[0]
    older = findings(source, (3, 8))[0]
    assert "def run() -> Optional[int]:" in older
    assert "from typing import Optional\n" in older


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("sys = _sys = 1\nprint(sys)\nexit()\n", "names sys and _sys are taken"),
        ('sys = _sys = 1\nopen("x").close()\nexit("bad")\n', "names sys and _sys are taken"),
        (
            'logging = _logging = 1\nopen("x").close()\nraise SystemExit("bad")\n',
            "names logging and _logging are taken",
        ),
        ('logger = _logger = 1\nopen("x").close()\nraise SystemExit("bad")\n', "names logger and _logger are taken"),
    ],
)
def test_names_that_are_taken(source: str, reason: str):
    output, reasons = findings(source)
    assert output == source
    assert any(reason in item for item in reasons), reasons


def test_a_guard_that_raises_stays_without_a_name_for_sys():
    source = 'sys = _sys = 1\n\n\ndef main():\n    return sys\n\n\nif __name__ == "__main__":\n'
    source += "    raise SystemExit(main())\n"
    text, left = findings(source)
    assert text.endswith('if __name__ == "__main__":\n    raise SystemExit(run())\n')
    assert "sys.exit" not in text and left == []


@pytest.mark.parametrize(
    "line",
    [
        "sys.exit(1, 2)",
        "sys.exit(code=1)",
        "sys.exit(*[1])",
        "raise SystemExit(1, 2)",
        "sys.exit(None)",
        "sys.exit(True)",
    ],
)
def test_forms_that_are_none_of_ours(line: str):
    source = f"import sys\n\nprint(1)\n{line}\n"
    assert findings(source) == (source, [])


@pytest.mark.parametrize(
    ("inside", "becomes"),
    [
        ("if a:\n        sys.exit(1)", "if a:\n        return EXIT_FAILURE"),
        ("while a:\n        sys.exit(1)", "while a:\n        return EXIT_FAILURE"),
        (
            "match a:\n        case 1:\n            sys.exit(1)",
            "match a:\n        case 1:\n            return EXIT_FAILURE",
        ),
        ("with a:\n        sys.exit(1)", "with a:\n        sys.exit(EXIT_FAILURE)"),
        ("with open(a):\n        sys.exit(1)", "with open(a):\n        return EXIT_FAILURE"),
        ("with open(a), b:\n        sys.exit(1)", "with open(a), b:\n        sys.exit(EXIT_FAILURE)"),
        ("class A:\n        sys.exit(1)", "class A:\n        sys.exit(EXIT_FAILURE)"),
        ("sys.exit(1)\n    print(a)", "sys.exit(EXIT_FAILURE)\n    print(a)"),
        ("sys.exit(1 if a\n        else 3)", "return (EXIT_FAILURE if a\n        else EXIT_RUNTIME_FAILURE)"),
        ("raise SystemExit", "return EXIT_SUCCESS"),
        ("raise SystemExit(3)", "return EXIT_RUNTIME_FAILURE"),
        ("raise SystemExit(2)", "return 2"),
        ("a.print_usage()\n    raise SystemExit(2)", "a.print_usage()\n    return EXIT_USAGE"),
        ("sys.exit(a)", "sys.exit(a)"),
        ("yield a\n    sys.exit(1)", "yield a\n    sys.exit(EXIT_FAILURE)"),
        ("a = lambda: sys.exit(1)", "a = lambda: sys.exit(EXIT_FAILURE)"),
        ("a or sys.exit(1)", "a or sys.exit(EXIT_FAILURE)"),
        (
            "try:\n        a()\n    except A:\n        sys.exit(1)",
            "try:\n        a()\n    except A:\n        return EXIT_FAILURE",
        ),
        (
            "try:\n        sys.exit(1)\n    except A:\n        pass",
            "try:\n        sys.exit(EXIT_FAILURE)\n    except A:\n        pass",
        ),
        (
            "try:\n        sys.exit(1)\n    except OSError:\n        pass",
            "try:\n        return EXIT_FAILURE\n    except OSError:\n        pass",
        ),
    ],
)
def test_what_is_a_return(inside: str, becomes: str):
    source = (
        f'import sys\n\n\ndef main(a, b):\n    {inside}\n\n\nif __name__ == "__main__":\n    sys.exit(main(1, 2))\n'
    )
    assert f"def main(a, b):\n    {becomes}\n" in findings(source)[0]
