"""Scripts with their work in main: they run as before, linters find nothing new; and the edges of the analysis."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from running import FIXTURES, SCRIPTS, apply_to, execute, load_toml, make_plan, work_on

from pymodernize.codemod import Finding, Status
from pymodernize.semantics.project import Neighbour, ProjectFacts
from pymodernize.transformation.engine import Result, transform

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


# With a status of its own a script is not too short for a main.
FAILS = "if not print:\n    raise SystemExit(1)\n"


def in_the_way(source: str) -> str:
    """The name that would have to be global in main, and keeps the script from getting one; empty if it gets one."""
    result = rewritten(source + FAILS)
    if result.output is not None:
        assert b"global" not in result.output.partition(b"def main")[2]
        return ""
    (found,) = result.findings
    match = re.search(r"uses (\w+), which the work sets|(\w+) would have to be global", found.reason)
    assert match is not None, found.reason
    return match[1] or match[2]


def fresh(folder: Path, target: Path) -> Path:
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("runs.toml", "__pycache__"))
    return target


# --- whole scripts ------------------------------------------------------------------------------------------------


@pytest.mark.no_cover
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


@pytest.mark.no_cover
def test_most_scripts_get_a_main():
    counts: Counter[Status] = Counter()
    for path in SCRIPTS.glob("*/runs.toml"):
        for report in work_on(path.parent, make_plan(["main-guard"])).values():
            counts.update(finding.status for finding in report.result.findings)
    # The others share names between functions and the work, which would have to be global in main, or have all of it.
    assert counts[Status.APPLIED] >= 4
    assert counts[Status.REJECTED] == 0


@pytest.fixture(scope="session")
def lint() -> dict[Path, Counter[str]]:
    """What ruff finds in the fixtures, by file and rule."""
    done = subprocess.run(
        [RUFF, "check", "--isolated", "--no-cache", "--select", "E,F,W,I,B,UP,ANN", "--output-format", "json"]
        + [FIXTURES / "main-guard"],
        capture_output=True,
        check=False,
    )
    found: dict[Path, Counter[str]] = defaultdict(Counter)
    for item in json.loads(done.stdout):
        found[Path(item["filename"])][item["code"]] += 1
    assert found, "old scripts have something to find"
    return found


@pytest.mark.parametrize("after", sorted(FIXTURES.glob("main-guard/*/after.py")), ids=lambda path: path.parent.name)
def test_linter_finds_nothing_new(after: Path, lint: dict[Path, Counter[str]]):
    folder = after.parent
    new = lint[after] - lint[folder / "before.py"]
    # Lines become longer as they move, a function that moves is no public one any more, a tab is a tab,
    # and what a function without annotations takes has none either.
    assert set(new) <= {"E501", "ANN202", "W191", "ANN001", "F841"}
    if new["F841"]:
        assert folder.name.startswith(("local_", "paragraph")), "nothing reads it, before and after"
    if new["ANN001"]:
        assert folder.name.startswith("argument_")


# --- who else may load the file -----------------------------------------------------------------------------------


def test_command_of_a_package_keeps_its_work_at_the_top():
    assert "loaded by others" in reason("print(1)\n", is_command=True)
    assert "run.py, line 3 may load it" in reason("print(1)\n", loaded_by="run.py, line 3")


def test_what_starts_processes_is_named_and_a_comment_starts_none():
    assert "(line 2)" in reason("print(1)\nfrom multiprocessing import Pool\nPool()\n")
    assert "def main" in output("print(1)  # joblib would be faster\n" + FAILS)


def test_guarded_work_of_a_command_moves_if_it_may_fail():
    source = 'if __name__ == "__main__":\n    for number in 1, 2:\n        print(number)\n'
    assert rewritten(source, is_command=True).findings == ()
    assert rewritten(f"{source}    raise SystemExit(1)\n", is_command=True).output is not None


def test_file_that_others_import():
    other = Neighbour(path="other.py", module="script", in_run=True)
    assert "other files import it" in reason("print(1)\n", importers=(other,))
    assert rewritten("LIMIT = 1\n", importers=(other,)).findings == ()
    assert rewritten('if __name__ == "__main__":\n    print(1)\n', importers=(other,)).findings == ()


def test_module_beside_the_script_is_not_the_library():
    source = "import sys\n\nprint(1)\nimport json\n\n\ndef load():\n    return json.NAME\n\n\nprint(load())\n" + FAILS
    assert in_the_way(source) == ""
    assert "what may do something as it is imported" in reason(source, beside=frozenset({"json"}))


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
        ("print('{a}'.format(**globals()))\n", "other ways"),
        ("__all__ = []\nprint(1)\n", "loaded by others"),
        ("from . import parts\nprint(parts)\n", "loaded by others"),
        ("print('{a.b}'.format(**globals()))\n", "other ways"),
        ("import sys\nprint(sys.modules[__name__])\n", "other ways"),
        ("%%time = 1\nprint(1)\n".replace("%%time = 1", "# %% cell"), "notebook"),
        ("get_ipython().magic('x')\n", "notebook"),
        ("def main():\n    yield 1\n    exit(1)\n\n\nmain()\n", "generator"),
        ("def main() -> str:\n    exit(1)\n\n\nmain()\n", "annotated"),
        ("def main(): exit(1)\n\n\nmain()\n", "one line"),
        ("def main():\n    exit(1)\n\n\nx = 1; main()\n", "shares its line"),
        ("def main():\n    exit(1)\n\n\ncalled = [main]\nmain()\n", "used elsewhere"),
        ("from tool import main\n\n\ndef unused():\n    pass\n\n\nmain()\n", "not defined in this file"),
        ("if True:\n    def main():\n        exit(1)\nmain()\n", "no plain function"),
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
    assert only_finding(source + FAILS).status is Status.WITHHELD
    assert rewritten(source + FAILS, unsafe=True).output is not None


# --- names --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("x = input()\nprint(x)\n", ""),
        ("x = input()\n\n\ndef f():\n    return x\n\n\nprint(f())\n", "x"),
        ("x = input()\n\n\ndef f():\n    return x + x\n\n\nprint(f())\n", ""),
        ("x = input()\nf = lambda: x\nprint(f())\n", ""),
        ("for x in input():\n    print([x for x in x])\n", ""),
        ("x = input()\n", None),
        ("for i in input():\n    pass\n", ""),
        ("with open('f') as f:\n    print(1)\n", ""),
        ("try:\n    print(1)\nexcept OSError as e:\n    print(2)\n", ""),
        ("if input():\n    open = None\nprint(open)\n", "open"),
        ("def f():\n    pass\n\n\nf = print(f)\nprint(f)\n", "f"),
        ("print(1)\n__doc__ = input()\nprint(__doc__)\n", "__doc__"),
        ("n = int(input())\n\n\ndef f():\n    global n\n    n = 2\n\n\nprint(f(), n)\n", "n"),
        ("print(1)\nn = int(input())\nn += 1\n", ""),
        ("import tempfile\nprint(1)\nf = tempfile.TemporaryFile()\nprint(f)\n", ""),
        ("import atexit, tempfile\nprint(atexit)\nf = tempfile.TemporaryFile()\nprint(f)\n", "f"),
        ("list = list(input())\nprint(list)\n", "list"),
        ("list = input()\nprint(list)\nlist = 1\nprint(list)\n", ""),
        ("print(1)\nif input():\n    class A:\n        pass\n    print(A)\n", ""),
        ("import pickle\nif input():\n    class A:\n        pass\n    print(pickle.dumps(A))\n", "A"),
        ("import tempfile\nwith tempfile.TemporaryFile() as f:\n    print(f)\n", ""),
    ],
)
def test_names_that_cannot_be_mains_own(source: str, name: str | None):
    if name is None:
        assert rewritten(source).findings == ()
    else:
        assert in_the_way(source) == name


# --- arguments ----------------------------------------------------------------------------------------------------


def shared(function: str, use: str) -> str:
    """A script with a name that functions read."""
    return f"x = input()\ny = 1\n\n\n{function}\n\n\n{use}\n"


@pytest.mark.parametrize(
    ("function", "use", "head", "call"),
    [
        ("def f():\n    print(x)", "f()", "def f(x):", "f(x)"),
        ("def f(a):\n    print(a, x)", "f(1)", "def f(a, x):", "f(1, x)"),
        ("def f(a, /):\n    print(a, x)", "f(1)", "def f(a, /, x):", "f(1, x)"),
        ("def f( a ):\n    print(a, x)", "f( 1 )", "def f( a, x ):", "f( 1, x )"),
        ("def f(a,):\n    print(a, x)", "f(1,)", "def f(a, x,):", "f(1, x,)"),
        ("def f(a, b = 1):\n    print(a, x)", "f(2)", "def f(a, b = 1, *, x):", "f(2, x=x)"),
        ("def f(*, a):\n    print(a, x)", "f(a=2)", "def f(*, a, x):", "f(a=2, x=x)"),
        ("def f(a):\n    return [x for _ in a]", "print(f('a'))", "def f(a, x):", "f('a', x)"),
        ("def f(a):\n    print(a, x)", "print(f'{f(1)}')", "def f(a, x):", "{f(1, x)}"),
        ("def f(): print(x)", "if y:\n    f()", "def f(x):", "f(x)"),
        ("def g():\n    f()\n\n\ndef f():\n    print(x)", "g()", "def g(x):\n    f(x)", "    g(x)\n"),
    ],
)
def test_value_is_passed(function: str, use: str, head: str, call: str):
    text = output(shared(function, use))
    assert head in text
    assert call in text


@pytest.mark.parametrize(
    ("function", "use"),
    [
        ("def f():\n    global x\n    print(x)", "f()"),  # no parameter may be declared global
        ("def f():\n    print(x)", "g = f\nf()\ng()"),  # other names call it
        ("def f():\n    print(x)", "f() if y else f"),
        ("def f(a):\n    a.sort(key=lambda b: b + x)", "f([])"),
        ("async def f(a):\n    print(a, x)", "f(1).close()"),
        ("def f():\n    print(x)\n\n\nclass A:\n    def m(self):\n        f()", "f()\nA().m()"),
        ("def f():\n    def g():\n        print(x)\n    g()", "f()"),
        ("def f():\n    class A:\n        print(x)", "f()"),
        ("def f():\n    print(x)", "(lambda: f())()"),
        ("def f():\n    print(x)", "for x in 'ab':\n    f()"),  # bound twice
        ("def f():\n    print(x)", "f()\nx += '1'\nf()"),
        ("def f():\n    print(x)", "f()\ndel x"),
        ("def f():\n    print(x)", "f()\nif y:\n    x = 2"),
        ("def f():\n    print(x)\n\n\ndef g(x):\n    f()\n    print(x)", "g(1)"),  # x is another one there
        ("def f():\n    print(x)", "print([f() for x in 'ab'])"),
        ("def f():\n    print(x)\n\n\ndef g(f):\n    f()", "f()\ng(print)"),  # f is another one there
        ("def f(*a):\n    print(a, x)", "f(1)"),
        ("def f(**a):\n    print(a, x)", "f(a=1)"),
        ("def f(a):\n    print(a, x)", "f(*[1])"),
        ("def f(a):\n    print(a, x)", "f(**{'a': 1})"),
        ("def f(a):\n    print(a, x)", "f(a for a in 'ab')"),
        ("def f(a):\n    print(a, x)", "try:\n    f()\nexcept TypeError:\n    print(y)"),  # no value for a
        ("def f(a=1,):\n    print(a, x)", "f()"),
        ("def f(\n    a,  # first\n):\n    print(a, x)", "f(1)"),
        ("def f(a):\n    print(a, x)", "f(  # first\n    1\n)"),
        ("def f(a):  # type: (int) -> None\n    print(a, x)", "f(1)"),
        ("def f(a):\n    # type: (int) -> None\n    print(a, x)", "f(1)"),
        ("def f(a: int):\n    print(a, x)", "f(1)"),
        ("def f(a, b, c, d, e):\n    print(a, x)", "f(1, 2, 3, 4, 5)"),
        ("def f(a):\n    print(x)", "if y:\n    def g():\n        f(1)\n    g()"),
        ("import functools\n\n\n@functools.cache\ndef f():\n    print(x)", "f()"),
        ("def f():\n    print(x)", ""),  # nobody calls it
        ("def f():\n    '>>> f()'\n    print(x)", "f()"),
    ],
)
def test_name_stays_the_modules_own(function: str, use: str):
    source = shared(function, f"print(1)\n{use}")
    assert in_the_way(source) == "x"


@pytest.mark.parametrize(
    ("names", "first"), [(["a", "b", "c"], ""), (["a", "b", "c", "d"], "a"), (["a", "B", "_c"], "B")]
)
def test_few_names_become_parameters(names: list[str], first: str):
    work = "".join(f"{name} = input()\n" for name in names)
    assert in_the_way(f"print(1)\n{work}\n\ndef f():\n    print({', '.join(names)})\n\n\nf()\n") == first


def test_few_calls_change_in_the_file():
    functions = "".join(f"def {name}():\n    print({name}{name})\n\n\n" for name in "abc")
    work = "".join(f"{name}{name} = input()\n" for name in "abc")
    calls = "a()\na()\na()\nb()\nb()\nb()\nb()\nc()\n"
    assert in_the_way(f"print(1)\n{work}\n\n{functions}{calls}") == "bb"


def test_calls_in_texts_are_not_changed():
    source = "from trace import Trace\nx = input()\n\n\ndef f():\n    print(x)\n\n\nf()\nTrace().run('f()')\n"
    assert in_the_way(source) == "x"
    assert in_the_way(source.replace("trace", "other")) == ""


def test_value_of_with_is_passed_in_its_block_alone():
    start = "import sys\n\n\ndef f():\n    print(x)\n\n\nwith open(sys.argv[1]) as x:\n"
    assert in_the_way(f"{start}    f()\n") == ""
    assert in_the_way(f"{start}    f()\nf()\n") == "x"
    assert in_the_way(f"{start}    print(1)\nf()\n") == "x"


def test_call_before_the_name_is_bound():
    function = "def f(a):\n    if a:\n        print(x)\n\n\n"
    assert in_the_way(f"{function}f(0)\nx = input()\nf(1)\n") == "x"
    assert in_the_way(f"{function}x = [f(0)]\nf(1)\n") == "x"
    assert in_the_way(f"{function}x = input()\nf(0)\nf(1)\n") == ""


# --- order --------------------------------------------------------------------------------------------------------


def test_import_below_work_is_the_same_as_above():
    assert output("import os\nprint(os.name)\nimport os\nprint(os.sep)\n" + FAILS).count("import os\n") == 2


def test_constants_after_work_stay_if_they_are_steady_and_a_function_reads_them():
    source = "import os\nprint(1)\nWIDTH = 12\nHERE = os.getcwd()\nNAME = str(WIDTH)\nLAST = 3\nprint(HERE, LAST)\n"
    text = output(source + "def show():\n    return WIDTH, NAME\n" + FAILS)
    assert text.index("WIDTH = 12\nNAME = str(WIDTH)\n") < text.index("def main")
    assert "    HERE = os.getcwd()\n    LAST = 3\n" in text


def test_type_checking_block_below_work_stays():
    source = "from typing import TYPE_CHECKING\nprint(1)\nif TYPE_CHECKING:\n    import foo\nprint(2)\n"
    assert "\nif TYPE_CHECKING:\n    import foo\n" in output(source + FAILS)


@pytest.mark.parametrize(
    "work",
    [
        "table.update(a=1)",  # a module that fills its tables
        "for name in 'ab':\n    table[name] = 1",
        "with open('VERSION') as file:\n    table.update(a=file.read())",
        "table = make(table)\nregister(table)",
        "register(table)\ndef report():\n    print(1)",
        "register(table)\nclass Shown:\n    def show(self):\n        print(1)",
        "def first():\n    second()\ndef second():\n    print(1)\nregister(table)",
    ],
)
def test_work_that_a_module_may_do_for_its_importers_is_left(work):
    setting = "table = {}\ndef make(text):\n    return text\ndef register(table):\n    pass\n"
    (found,) = rewritten(setting + work + "\n").findings
    assert found.status is Status.WITHHELD
    assert "for those that import it" in found.reason
    assert rewritten(setting + work + "\n", unsafe=True).output is not None


@pytest.mark.parametrize(
    "work",
    [
        "for name in 'ab':\n    print(name)",
        "import sys\nsys.stdout.write('a')\n",
        "import os\nfor name in os.listdir('.'):\n    os.remove(name)",
        "import shutil\nfor name in 'ab':\n    shutil.copy(name, 'c')",
        "import subprocess\nsubprocess.run(['ls'])",
        "def first():\n    second()\ndef second():\n    print(1)\nfirst()",
        "class App:\n    def run(self):\n        print(1)\nApp().run()",
        "class App:\n    def run(self):\n        print(1)\napp = App()\napp.run()",
    ],
)
def test_what_only_a_program_does_moves(work):
    assert "def main(" in output(f"{work}\n{FAILS}")


def test_a_shebang_makes_a_program_unless_a_guard_says_what_the_run_is():
    assert "    table.update(a=1)" in output("#!/usr/bin/env python3\ntable = {}\ntable.update(a=1)\n" + FAILS)
    guard = "if __name__ == '__main__':\n    for name in table:\n        raise SystemExit(1)\n"
    source = f"#!/usr/bin/env python3\ntable = {{}}\ntable.update(a=1)\n{guard}"
    assert "\ntable.update(a=1)" in output(source)


def test_a_program_is_still_one_when_its_prints_have_become_records():
    source = b"for name in 'ab':\n    print('name:', name)\n    open(name, 'w').close()\n" + FAILS.encode()
    result = transform(source, make_plan(["main-guard", "print-to-logging"]), ProjectFacts(path="script.py"))
    assert b"print(" not in result.output
    assert b"def main(" in result.output


def test_the_set_up_of_logging_keeps_nobody_from_giving_main_a_status():
    body = b"def main():\n    print('all is well:', len('a'))\n    if open('a', 'w').closed:\n        exit(1)\n"
    source = body + b"\n\nif __name__ == '__main__':\n    main()\n"
    for names in (["main-guard", "print-to-logging"], ["main-guard", "print-to-logging", "exit-codes"]):
        result = transform(source, make_plan(names), ProjectFacts(path="script.py"))
        assert b"logger.info('all is well: %s', len('a'))" in result.output
        assert b"-> int:\n    logging.basicConfig(" in result.output
        assert b"    sys.exit(main())" in result.output


def test_no_blank_lines_come_below_the_guard():
    source = b"import sys\n\n\ndef size(name):\n    return len(name)\n\n\nsys.exit(size(sys.argv[0]) == 3)\n\n\n\n"
    output = transform(source, make_plan(["main-guard"]), ProjectFacts(path="job.py")).output
    assert output is not None
    assert output.endswith(b"    sys.exit(main())\n")
