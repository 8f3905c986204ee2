"""Scripts with their work in main: they run as before, linters find nothing new; and the edges of the analysis."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from running import FIXTURES, SCRIPTS, apply_to, execute, load_toml, make_plan, work_on

from pymodernize.codemod import Finding, Status
from pymodernize.engine import Result, transform
from pymodernize.semantics.project import Neighbour, ProjectFacts

RUFF = Path(sys.executable).parent / "ruff"
RUNS = [
    pytest.param(path.parent, case, id=f"{path.parent.name}-{case['name'].replace(' ', '-')}")
    for path in sorted(SCRIPTS.glob("*/runs.toml"))
    for case in load_toml(path)["run"]
]


def rewritten(source: str, *, unsafe: bool = False, **facts: object) -> Result:
    plan = make_plan(["main-guard"], unsafe=unsafe)
    return transform(source.encode(), plan, ProjectFacts(path="script.py", **facts))  # type: ignore[arg-type]


def only_finding(source: str, **facts: object) -> Finding:
    (found,) = rewritten(source, **facts).findings
    return found


def reason(source: str, **facts: object) -> str:
    found = only_finding(source, **facts)
    assert found.status is Status.FOUND
    return found.reason


def output(source: str) -> str:
    result = rewritten(source)
    assert result.output is not None, result.findings
    return result.output.decode()


def declared(source: str) -> list[str]:
    """The names that the new main declares as global."""
    tree = ast.parse(output(source))
    (main,) = [item for item in tree.body if isinstance(item, ast.FunctionDef) and item.name == "main"]
    return [name for item in main.body if isinstance(item, ast.Global) for name in item.names]


def fresh(folder: Path, target: Path) -> Path:
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("runs.toml", "__pycache__"))
    return target


# --- whole scripts ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("folder", "case"), RUNS)
def test_recorded_run_with_the_work_in_main(folder: Path, case: dict, tmp_path: Path):
    moved = fresh(folder, tmp_path / "moved")
    reports = apply_to(moved, make_plan(["main-guard"]))
    assert not [
        item for report in reports.values() for item in report.result.findings if item.status is Status.REJECTED
    ]
    old = execute(fresh(folder, tmp_path / "source"), tmp_path / "old", case, case["script"])
    new = execute(moved, tmp_path / "new", case, case["script"])
    assert (new.stdout, new.status == 0) == (old.stdout, old.status == 0), new.stderr
    assert (new.writes, new.removed) == (old.writes, old.removed)
    if "Traceback" not in old.stderr:
        assert new.stderr == old.stderr


def test_most_scripts_get_a_main():
    counts: Counter[Status] = Counter()
    for path in SCRIPTS.glob("*/runs.toml"):
        for report in work_on(path.parent, make_plan(["main-guard"])).values():
            counts.update(finding.status for finding in report.result.findings)
    assert counts[Status.APPLIED] >= 9
    assert counts[Status.REJECTED] == 0


def lint(source: bytes) -> Counter[str]:
    done = subprocess.run(
        [RUFF, "check", "--isolated", "--select", "E,F,W,I,B,UP,ANN", "--output-format", "json", "-"],
        input=source,
        capture_output=True,
        check=False,
    )
    return Counter(item["code"] for item in json.loads(done.stdout))


@pytest.mark.parametrize("folder", sorted(FIXTURES.glob("main-guard/*/after.py")), ids=lambda path: path.parent.name)
def test_linter_finds_nothing_new(folder: Path):
    new = lint(folder.read_bytes()) - lint((folder.parent / "before.py").read_bytes())
    # Lines become longer as they move, a function that moves is no public one any more, and a tab is a tab.
    assert set(new) <= {"E501", "ANN202", "W191"}


# --- who else may load the file -----------------------------------------------------------------------------------


def test_command_of_a_package_keeps_its_work_at_the_top():
    assert "loaded by others" in reason("print(1)\n", is_command=True)
    assert "loaded by others" in reason("print(1)\n", is_loaded_by_value=True)


def test_guarded_work_of_a_command_moves():
    assert rewritten('if __name__ == "__main__":\n    print(1)\n', is_command=True).output is not None


def test_file_that_others_import():
    other = Neighbour(path="other.py", module="script", in_run=True)
    assert "other files import it" in reason("print(1)\n", importers=(other,))
    assert rewritten("LIMIT = 1\n", importers=(other,)).findings == ()
    assert rewritten('if __name__ == "__main__":\n    print(1)\n', importers=(other,)).findings == ()


def test_module_beside_the_script_is_not_the_library():
    source = "import sys\n\nprint(1)\nimport json\n\n\ndef load():\n    return json.NAME\n\n\nprint(load())\n"
    assert declared(source) == []
    kept = rewritten(source, beside=frozenset({"json"})).output
    assert kept is not None
    assert b"    global json\n    print(1)\n    import json\n" in kept


# --- what keeps a script as it is ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("import pdb\npdb.run('x = 1')\n", "other ways"),
        ("import code\ncode.interact(local={})\n", "interactive prompt"),
        ("import doctest\ndoctest.testmod()\n", "doctest"),
        ("from setuptools import setup\nsetup(name='x')\n", "packaging"),
        ("print(dir())\n", "other ways"),
        ("print([eval(text) for text in ('a', 'b')])\n", "other ways"),
        ("print('%(a)s' % locals())\n", "other ways"),
        ("print('%(a)s'.format(**globals()))\n", "other ways"),
        ("import sys\nprint(sys.modules[__name__])\n", "other ways"),
        ("%%time = 1\nprint(1)\n".replace("%%time = 1", "# %% cell"), "notebook"),
        ("get_ipython().magic('x')\n", "notebook"),
        ("argv = arguments = command_line = 1\nfor x in 'a': print(argv, arguments, command_line)\n", ""),
        ("def main():\n    yield 1\n\n\nmain()\n", "generator"),
        ("def main() -> str:\n    print(1)\n\n\nmain()\n", "annotated"),
        ("def main(): print(1)\n\n\nmain()\n", "one line"),
        ("def main():\n    print(1)\n\n\nx = 1; main()\n", "shares its line"),
        ("def main():\n    print(1)\n\n\ncalled = [main]\nmain()\n", "used elsewhere"),
        ("from tool import main\n\nmain()\n", "not defined in this file"),
        ("if True:\n    def main():\n        print(1)\nmain()\n", "no plain function"),
        ("def main():\n    print(one())\n\n\nmain()\n\n\ndef one():\n    return 1\n", "uses the name one"),
        ("class A:\n    pass\n\n\nprint(1)\nA.x = 1\n\n\nclass B(A):\n    y = A.x\n\n\nprint(B.y)\n", "may depend"),
        ("import plugins\n\nplugins.load()\n\n\nclass Own(plugins.Base):\n    pass\n\n\nprint(Own)\n", "may depend"),
        ("import app\n\napp.start()\n\n\n@app.route\ndef index():\n    pass\n\n\nprint(index)\n", "may depend"),
        ("class A:\n    def __init_subclass__(cls): ...\n\n\nprint(1)\n\n\nclass B(A):\n    pass\n", "may depend"),
    ],
)
def test_left_with_its_reason(source: str, why: str):
    assert why in reason(source)


def test_handed_on_function_may_use_what_is_defined_below_work():
    source = """import app


@app.route
def index():
    return page()


app.run()


def page():
    return 1
"""
    assert "uses the name page" in reason(source)


@pytest.mark.parametrize(
    "source",
    [
        "import weakref\n\nprint(weakref)\n",
        "import sys\n\nprint(sys._getframe().f_code.co_name)\n".replace("f_code.co_name", "f_lineno"),
        "import traceback\n\ntry:\n    open('x')\nexcept OSError:\n    print(traceback.format_exc())\n",
    ],
)
def test_doubtful_scripts_need_unsafe(source: str):
    assert only_finding(source).status is Status.WITHHELD
    assert rewritten(source, unsafe=True).output is not None


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("x = input()\nprint(x)\n", []),
        ("x = input()\n\n\ndef f():\n    return x\n\n\nprint(f())\n", ["x"]),
        ("x = input()\nf = lambda: x\nprint(f())\n", []),
        ("for x in input():\n    print([x for x in x])\n", []),
        ("x = input()\n", None),
        ("for i in input():\n    pass\n", []),
        ("with open('f') as f:\n    print(1)\n", ["f"]),
        ("try:\n    print(1)\nexcept OSError as e:\n    print(2)\n", []),
        ("if input():\n    open = None\nprint(open)\n", ["open"]),
        ("def f():\n    pass\n\n\nf = print(f)\nprint(f)\n", ["f"]),
        ("print(1)\n__doc__ = input()\nprint(__doc__)\n", ["__doc__"]),
        ("n = int(input())\n\n\ndef f():\n    global n\n    n = 2\n\n\nprint(f(), n)\n", ["n"]),
        ("print(1)\nn = int(input())\nn += 1\n", ["n"]),
        ("import tempfile\nprint(1)\nf = tempfile.TemporaryFile()\nprint(f)\n", ["f"]),
        ("import tempfile\nwith tempfile.TemporaryFile() as f:\n    print(f)\n", []),
    ],
)
def test_global_names(source: str, names: list[str] | None):
    if names is None:
        assert rewritten(source).findings == ()
    else:
        assert declared(source) == names


def test_parameter_is_called_what_is_free():
    assert "def main(command_line:" in output("argv = arguments = input()\nprint(argv, arguments)\n")


# --- order --------------------------------------------------------------------------------------------------------


def test_import_below_work_is_the_same_as_above():
    assert output("import os\nprint(os.name)\nimport os\nprint(os.sep)\n").count("import os\n") == 2


def test_constants_after_work_stay_if_they_are_steady():
    source = "import os\nprint(1)\nWIDTH = 12\nHERE = os.getcwd()\nNAME = str(WIDTH)\nprint(WIDTH, HERE, NAME)\n"
    text = output(source)
    assert text.index("WIDTH = 12\nNAME = str(WIDTH)\n") < text.index("def main")
    assert "    HERE = os.getcwd()\n" in text


def test_type_checking_block_below_work_stays():
    source = "from typing import TYPE_CHECKING\nprint(1)\nif TYPE_CHECKING:\n    import foo\nprint(2)\n"
    assert "\nif TYPE_CHECKING:\n    import foo\n" in output(source)


def test_target_version_decides_on_the_annotation():
    plan = make_plan(["main-guard"])
    old = replace(plan, target_version=(3, 8))
    result = transform(b"print(1)\n", old, ProjectFacts(path="script.py"))
    assert result.output is not None
    assert b"def main(argv: Optional[Sequence[str]] = None) -> int:" in result.output


@pytest.mark.parametrize(
    ("call", "given"),
    [
        ("optparse.OptionParser().parse_args()", True),
        ("argparse.ArgumentParser().parse_known_args()", True),
        ("optparse.OptionParser().parse_known_args()", False),
        ("other.Parser().parse_args()", False),
        ("argparse.ArgumentParser().parse_args(['-x'])", False),
        ("parse()", True),
        ("listed()", False),
        ("two()", False),
    ],
)
def test_command_line_is_given_to_what_takes_it(call: str, given: bool):
    source = f"""import argparse
import optparse
import other


def parse(args=None):
    return args


def listed(args: list = None):
    return args


def two(args=None, more=None):
    return args


print({call})
"""
    assert ("(argv)" in output(source)) is given
