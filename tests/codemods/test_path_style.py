"""What of the old way of handling paths stays because it reads better, and that it is no finding to be done."""

from __future__ import annotations

import pytest
from running import make_plan

from pymodernize.codemod import Status
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import Result, transform
from pymodernize_codemods._paths.options import STYLE
from pymodernize_codemods._paths.style import AS_WELL, AT_EACH_USE, HALF, NAMES, NOTHING_ELSE, SEVERAL

CODEMODS = ["os-path-to-pathlib", "path-concatenation"]
EVERYWHERE = {name: {"everywhere": True} for name in CODEMODS}
HEAD = "import os, sys\nfrom pathlib import Path\n\nname = sys.stdin.readline().strip()\nprint(Path(name).name)\n"


def worked_on(code: str, options: dict | None = None) -> Result:
    plan = make_plan(CODEMODS, options, assume=["all"])
    return transform(f"{HEAD}{code}\n".encode(), plan, ProjectFacts(path="script.py"))


STAYING = {
    "open('a.txt')": NOTHING_ELSE,
    "print(len(os.listdir('in')))": NOTHING_ELSE,
    "os.chdir(os.path.join('in', 'deep'))": NOTHING_ELSE,
    "print(open(os.path.join('in', 'a.txt')).read())": NOTHING_ELSE,
    "open('in/' + name)": NOTHING_ELSE,
    "print(os.path.getsize('a.txt'))": NOTHING_ELSE,
    "os.rename('a.txt', 'b.txt')": NOTHING_ELSE,
    "print(os.path.exists('in'), os.path.isdir('in'))": AT_EACH_USE,
    "print(os.path.exists(name))": AT_EACH_USE,
    "for n in [n for n in os.listdir() if os.path.isfile(n)]:\n    os.remove(n)": AT_EACH_USE,
    "print(os.path.isfile(os.getcwd() + '/x'))": HALF,
    "os.path.samefile(Path('a'), 'b')": "",
}


@pytest.mark.parametrize(("code", "reason"), STAYING.items())
def test_what_reads_no_better_is_kept_on_purpose(code: str, reason: str):
    result = worked_on(code)
    if not reason:
        assert result.output is not None
        return
    assert result.output is None
    found = [(finding.reason, finding.code) for finding in result.findings if finding.status is Status.KEPT]
    assert (reason, STYLE) in found
    assert not [finding for finding in result.findings if finding.status in {Status.FOUND, Status.WITHHELD}]
    assert worked_on(code, EVERYWHERE).output is not None


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("folder = Path('in')\nprint(open(folder).read())", "print(folder.read_text())"),
        ("folder = Path('in')\nprint(open(folder / 'a').read())", ""),
        ("folder = Path('in')\nprint(os.listdir(folder))", ""),
        ("folder = Path('in')\nprint(os.path.getsize(folder))", "print(folder.stat().st_size)"),
        ("print(os.path.exists('in'))", "print(Path('in').exists())"),
        ("print(os.path.exists(os.path.join('in', name)))", "print((Path('in') / name).exists())"),
        (
            "def report(folder):\n    for each in os.listdir(folder):\n        path = os.path.join(folder, each)\n"
            "        if os.path.isfile(path):\n            print(path)\n\n\nreport('in')\nreport('out')",
            "    for path in Path(folder).iterdir():",
        ),
    ],
)
def test_where_there_is_a_path_its_methods_are_used(code: str, line: str):
    output = worked_on(code).output
    assert (output is not None) == bool(line)
    assert not line or line in (output or b"").decode().splitlines()


def test_what_is_listed_and_opened_with_a_path_says_why_it_stays():
    result = worked_on("folder = Path('in')\nprint(os.listdir(folder))\nopen(folder / 'a')")
    assert {finding.reason for finding in result.findings} == {NAMES, AS_WELL}


def test_two_new_paths_in_one_expression_are_too_many():
    result = worked_on("print(os.path.exists(os.path.join('in', os.path.basename('x/y'))))")
    assert result.output is None
    assert SEVERAL in {finding.reason for finding in result.findings}
