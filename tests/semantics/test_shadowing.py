"""What the library needs is held against what Python loads; and a file that hides some of it gets no import of that."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from running import make_plan

from pymodernize.semantics.project import ProjectFacts
from pymodernize.semantics.shadowing import hider, needs
from pymodernize.transformation.engine import transform
from pymodernize.transformation.model import module_of


def loaded(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    return set(subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True).stdout.split())


def module(source: str, **facts: object):
    return module_of(source.encode(), ProjectFacts(**facts))  # type: ignore[arg-type]


@pytest.mark.parametrize("root", "logging argparse signal pathlib collections types sys subprocess json xml".split())
def test_it_knows_what_python_loads_from_folders(root):
    fresh = loaded(f"import {root}") - loaded("")
    wanted = {name for name in fresh if "." not in name and name not in sys.builtin_module_names}
    assert {name for name in wanted if name in sys.stdlib_module_names} <= needs(root)


# What scripts do after a rewrite, by the module that the rewrite has them import.
USES = {
    "argparse": (
        "parser = argparse.ArgumentParser(description='a b')\nparser.add_argument('--name', choices=['a'], help='x')\n"
        "parser.format_help()\nparser.parse_args(['--name', 'a'])\n"
        "try:\n    parser.parse_args(['--nane', 'b'])\nexcept SystemExit:\n    pass"
    ),
    "logging": (
        "logging.basicConfig()\nlogger = logging.getLogger('x')\nlogger.warning('%s', 1)\n"
        "try:\n    1 / 0\nexcept Exception:\n    logger.exception('x', stack_info=True)"
    ),
    "signal": "signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT))\nsignal.strsignal(signal.SIGINT)",
    "pathlib": (
        "path = pathlib.Path('.')\nlist(path.glob('*'))\nlist(path.iterdir())\npath.resolve().exists()\npath.stat()\n"
        "path.owner()\npath.expanduser()\n(path / 'x').with_suffix('.y').is_file()"
    ),
}


@pytest.mark.parametrize("root", USES)
def test_it_knows_what_python_loads_when_it_is_used(root):
    # The site's own start-up may have loaded some already; -S keeps it from that.
    code = f"import {root}\n{USES[root]}\nimport sys\nprint('loaded', *sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True)
    assert "loaded" in done.stdout, done.stderr
    fresh = set(done.stdout.split()) - loaded("")
    wanted = {name for name in fresh if "." not in name and name not in sys.builtin_module_names}
    assert {name for name in wanted if name in sys.stdlib_module_names} <= needs(root)


@pytest.mark.parametrize("name", ["shutil", "locale", "textwrap", "fnmatch"])
def test_a_module_that_argparse_imports_late_is_seen(tmp_path: Path, name: str) -> None:
    source = (
        b"import sys\n\nif len(sys.argv) != 2:\n    print('usage: job.py NAME')\n    sys.exit(1)\n"
        b"print('name: ' + sys.argv[1])\n"
    )
    facts = ProjectFacts(path="job.py", beside=frozenset({"job", name}))
    result = transform(source, make_plan(["argparse-skeleton"]), facts)
    assert any(f"{name}.py hides the library's {name}, which argparse needs" in item.reason for item in result.findings)
    script = tmp_path / "job.py"
    script.write_bytes(source if result.output is None else result.output)
    (tmp_path / f"{name}.py").write_text("raise SystemExit('not that one')\n")
    ran = subprocess.run([sys.executable, script, "x"], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "name: x\n")


def test_what_is_built_in_or_there_from_the_start_needs_no_folder():
    assert needs("sys") == frozenset()
    assert not needs("logging") & {"os", "io", "abc", "sys", "_thread"}
    assert needs("no_such_module") == frozenset()


@pytest.mark.parametrize(
    ("facts", "root", "name"),
    [
        ({"path": "string.py"}, "logging", "string"),  # the file itself
        ({"path": "job.py", "beside": frozenset({"job", "string"})}, "logging", "string"),
        ({"path": "job.py", "beside": frozenset({"job", "operator"})}, "collections", "operator"),
        ({"path": "calendar.py"}, "logging", None),
        ({"path": "job.py", "beside": frozenset({"job", "tools"})}, "logging", None),
        ({"path": "job.py", "beside": frozenset({"os", "sys"})}, "logging", None),  # Python has loaded its own
        ({"path": "shop/job.py", "beside": frozenset({"string"}), "in_package": True}, "logging", None),
    ],
)
def test_what_hides_a_part_of_the_library(facts, root, name):
    assert hider(module("x = 1\n", **facts), root) == name


def test_a_script_of_a_package_is_run_in_its_own_folder():
    facts = {"path": "shop/job.py", "beside": frozenset({"string"}), "in_package": True}
    assert hider(module("if __name__ == '__main__':\n    print(1)\n", **facts), "logging") == "string"


def test_a_script_that_hides_what_logging_needs_runs_as_before(tmp_path: Path):
    source = b"import time\nLETTERS = 'abc'\ntime.sleep(0)\nfor letter in LETTERS:\n    print('letter: ' + letter)\n"
    script = tmp_path / "string.py"
    result = transform(source, make_plan(["print-to-logging", "signal-handlers"]), ProjectFacts(path="string.py"))
    (found,) = [item for item in result.findings if item.codemod == "print-to-logging"]
    assert found.reason == "string.py hides the library's string, which logging needs"
    script.write_bytes(source if result.output is None else result.output)
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout) == (0, "letter: a\nletter: b\nletter: c\n")
