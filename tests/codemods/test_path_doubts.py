"""What rewrites of paths take for granted, and what a script says itself, which no assumption covers."""

from __future__ import annotations

import ast
from dataclasses import replace
from functools import reduce

import pytest
from running import make_plan
from toys import model

from pymodernize.codemod import Status
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import transform
from pymodernize_codemods._assumptions import OF_PATHS
from pymodernize_codemods._paths import doubts, hazards
from pymodernize_codemods._paths.callers import comes_from_callers
from pymodernize_codemods._paths.hazards import Hazard
from pymodernize_codemods._paths.judgement import Judge
from pymodernize_codemods._paths.no_texts import is_no_text
from pymodernize_codemods._paths.operations import OPERATIONS
from pymodernize_codemods._paths.tidy_inputs import OfTidyFiles, OfTidyInputs

CODEMODS = ["os-path-to-pathlib", "path-concatenation"]
EVERYWHERE = {name: {"everywhere": True} for name in CODEMODS}


def last(source: str, facts: ProjectFacts | None = None):
    """A module and the argument of the call at its end."""
    module = model(source, facts)
    statement = module.tree.body[-1]
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.Call)
    return module, statement.value.args[0]


def withheld(source: str, *assume: str, facts: ProjectFacts | None = None) -> set[str]:
    """The assumptions that stand in the way of rewrites of a script."""
    plan = make_plan(CODEMODS, EVERYWHERE, assume=assume or ["usual"])
    found = transform(source.encode(), plan, facts or ProjectFacts(path="script.py")).findings
    return {name for item in found if item.status is Status.WITHHELD for name in item.assumptions - plan.accepted}


def test_all_that_makes_a_difference_belongs_to_an_assumption():
    met = reduce(
        lambda one, other: one | other,
        (part for row in OPERATIONS.values() for part in (row.seen, row.differs, row.others, row.errors)),
        hazards.TEXT | Hazard.ABSOLUTE | Hazard.ROOT | Hazard.ODD | Hazard.MAGIC,
    )
    known = reduce(lambda one, other: one | other, doubts._KINDS)
    assert not met & ~known
    names = {assumption.name for assumption, _ in doubts._KINDS.values()} - {"changes-behaviour"}
    assert names <= {item.name for item in OF_PATHS}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("import os, sys\nprint(os.path.exists(sys.argv[1]))", {"non-empty-paths", "tidy-paths", "readable-folders"}),
        ("import os\nprint(os.path.basename(input()))", {"tidy-paths", "plain-names"}),
        (
            "import os\ndef f(x):\n    return os.path.exists(x)\nprint(f)",
            {"run-only", "text-paths", "non-empty-paths", "tidy-paths", "readable-folders"},
        ),
        ("import os\nprint(os.path.isfile('a/' + input()))", {"readable-folders", "tidy-paths"}),
        ("import os\nprint(os.path.realpath(input()))", {"no-symlinks", "tidy-paths"}),
    ],
)
def test_inputs_are_covered_by_name(source: str, wanted: set[str]):
    assert withheld(source, "none") - {"changes-behaviour"} <= wanted
    assert withheld(source, "none") & wanted
    assert not withheld(source, *OF_NAMES)


def test_an_empty_answer_at_a_prompt_is_no_matter_of_paths():
    assert withheld("import os\nprint(os.path.exists(input()))", *OF_NAMES) == {"changes-behaviour"}
    assert not withheld("import os\nprint(os.path.isfile(input()))", *OF_NAMES)


OF_NAMES = [item.name for item in OF_PATHS]

OWN = {
    "a folder in front": "import os\nprint(os.path.join('./', input()))",
    "in a variable": "import os\nbase = './data'\nprint(os.path.join(base, input()))",
    "as a default of an option": (
        "import argparse, os\np = argparse.ArgumentParser()\np.add_argument('--base', default='./data')\n"
        "args = p.parse_args()\nprint(os.path.join(args.base, 'x'))"
    ),
    "as a default of a parameter": "import os\ndef f(base='./data'):\n    print(os.path.join(base, 'x'))\nf()",
    "of the environment": "import os\nprint(os.path.join(os.environ.get('BASE', './data'), 'x'))",
    "of an attribute": (
        "import os\nclass A: pass\na = A()\nsetattr(a, 'x', 1)\na.base = './data'\nprint(os.path.join(a.base, 'x'))"
    ),
    "of an item": "import os\nconfig = {'base': './data'}\nprint(os.path.join(config['base'], 'x'))",
    "by walking": "import os\nfor folder, _, names in os.walk('.'):\n    for n in names:\n"
    "        print(os.path.join(folder, n))",
    "an empty text": "import os\nname = ''\nif input():\n    name = input()\nprint(os.path.exists(name))",
    "an empty default": "import os\nprint(os.path.exists(os.environ.get('NAME', '')))",
    "a slash at the end": "import os\nprint(os.path.basename('folder/'))",
    "the folder of a name, shown": "import os\nname = input()\nprint(os.path.dirname(name))",
    "bytes": "import os\nname = input().encode()\nprint(os.path.getsize(os.path.join(name, b'x')))",
    "bytes of a loop": "import os\nfor name in os.listdir(b'.'):\n    print(os.path.getsize(name))",
    "a descriptor": "import os\nhandle = os.open('x', os.O_RDONLY)\nprint(os.stat(handle).st_size)",
    "a descriptor by an attribute": "import os\nclass A: pass\na = A()\na.f = os.open('x', 0)\nopen(a.f)",
    "an option that is a number": (
        "import argparse\np = argparse.ArgumentParser()\np.add_argument('--fd', type=int)\nopen(p.parse_args().fd)"
    ),
}


@pytest.mark.parametrize("source", OWN.values(), ids=OWN)
def test_what_a_script_says_itself_is_no_matter_of_inputs(source: str):
    plan = make_plan(CODEMODS, EVERYWHERE, assume=OF_NAMES)
    result = transform(source.encode(), plan, ProjectFacts(path="script.py"))
    everything = transform(
        source.encode(), make_plan(CODEMODS, EVERYWHERE, assume=["all"]), ProjectFacts(path="script.py")
    )
    line = source.count("\n") + 1
    last_one = [item for item in result.findings if item.line == line and item.status is Status.APPLIED]
    assert not last_one
    assert everything.output is None or result.output != everything.output


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("see(input())", Hazard(0)),
        ("see('./' + input())", Hazard.UNTIDY),
        ("see('a/b/' + input() + '/c.txt')", Hazard(0)),
        ("import sys\nsee(sys.argv[1] + '//' + sys.argv[2])", Hazard.UNTIDY),
        ("import os\nsee(os.path.join(input(), 'a'))", Hazard(0)),
        ("import os\nsee(os.path.join('.', input()))", Hazard.UNTIDY),
        ("see(input() or '')", Hazard.EMPTY),
        ("see('')", Hazard.EMPTY),
        ("see('a/')", Hazard.TRAILING),
    ],
)
def test_what_remains_if_inputs_are_tidy(source: str, found: Hazard):
    module, expr = last(source)
    for judge in (OfTidyInputs(module), OfTidyFiles(module)):
        assert judge.of(expr) & hazards.NORMALISED == found
        assert not judge.of(expr) & ~Judge(module).of(expr)


def test_the_folder_of_a_name_is_empty_as_a_text_and_not_as_a_file():
    module, expr = last("import os\nsee(os.path.dirname(input()))")
    assert OfTidyInputs(module).of(expr) & Hazard.EMPTY
    assert not OfTidyFiles(module).of(expr) & Hazard.EMPTY


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("def f(x): return x\nsee('a')", False),
        ("import os\nname = os.environ['X']\nsee(name)", False),
        ("import sys\nsee(sys.argv[1] + 'x')", False),
    ],
)
def test_values_of_the_module_itself(source: str, wanted: bool):
    module, expr = last(source, ProjectFacts(path="lib.py", in_package=True))
    assert comes_from_callers(module, expr) is wanted


def test_a_part_that_the_script_itself_begins_with_a_slash():
    source = b"import os\nroot = '/etc'\nprint(os.path.exists(input() + '/' + root))\n"
    plan = make_plan(["path-concatenation"], EVERYWHERE, assume=OF_NAMES)
    assert transform(source, plan, ProjectFacts(path="script.py")).output is None


def test_closed_folders_matter_before_python_3_14():
    source = b"import os\nprint(os.path.isfile(os.environ['X']))\n"
    needed = {}
    for target in ((3, 13), (3, 14)):
        plan = replace(make_plan(CODEMODS, EVERYWHERE, assume=["none"]), target_version=target)
        (finding,) = transform(source, plan, ProjectFacts(path="script.py")).findings
        needed[target] = finding.assumptions
    assert needed[3, 13] - needed[3, 14] == {"readable-folders"}


LIBRARY = "import os\n\n\ndef size(name):\n    return os.path.getsize(name)\n"


def test_what_an_importer_hands_in_is_not_covered_by_the_usual_assumptions():
    facts = ProjectFacts(path="lib.py", in_package=True)
    source = LIBRARY.encode()
    assert withheld(LIBRARY, "usual", facts=facts) == {"run-only"}
    assert transform(source, make_plan(CODEMODS, EVERYWHERE), facts).output is None
    assert transform(source, make_plan(CODEMODS, EVERYWHERE, assume=["usual", "run-only"]), facts).output is not None
    own = LIBRARY.replace("def size(name):", "def size():\n    name = os.environ['HOME_OF_X']").encode()
    assert transform(own, make_plan(CODEMODS, EVERYWHERE), facts).output is not None


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("see(b'x')", True),
        ("import os\nsee(os.fsencode(input()))", True),
        ("def f(x: 'bytes'): pass\nsee(input())", False),
        ("import os\nhandle, name = __import__('tempfile').mkstemp()\nsee(name)", False),
        ("import tempfile\nhandle, name = tempfile.mkstemp()\nsee(handle)", True),
        ("import json\nsee(json.load(open('x'))['y'])", False),
    ],
)
def test_what_is_no_text_by_what_the_script_says(source: str, wanted: bool):
    module, expr = last(source)
    assert is_no_text(module, expr) is wanted


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("def f(x='a'):\n    x = see(x).fileno()", False),
        ("def f(x):\n    with open(x) as x:\n        see(x)\n    x = x.fileno()", True),
        ("def f(x, y):\n    if y:\n        x = see(x).encode()\n    return x", False),
        ("x = load()\nx = see(x).fileno()", False),
        ("def f(x):\n    see(x)\n    x = x.fileno()", False),
        ("def f(x, y):\n    if y:\n        x = see(x).encode()\n    else:\n        x = x.fileno()", False),
        ("def f(x):\n    def g():\n        return see(x)\n    x = x.fileno()\n    g()", True),
        ("def f(x):\n    while x:\n        x = see(x).fileno()", True),
        ("for i in range(2):\n    x = see(x).fileno()", True),
        ("def f():\n    global x\n    x = see(x).fileno()", True),
        ("def f(x):\n    x = x.fileno()\n    y = see(x)", True),
    ],
)
def test_what_a_variable_becomes_later_says_nothing_of_what_is_read_before(source: str, wanted: bool):
    module = model(source)
    (call,) = [node for node in module.nodes(ast.Call) if getattr(node.func, "id", "") == "see"]
    assert is_no_text(module, call.args[0]) is wanted


GUARDED = "import sys\n\n{}\n\nif __name__ == '__main__':\n    print({})\n"


@pytest.mark.parametrize(
    ("functions", "called"),
    [
        ("def read(name):\n    with open(name) as f:\n        return f.read()\n", "read('a.txt')"),
        (
            "def lines(name, sign):\n    with open(name) as f:\n        return [x for x in f if sign in x]\n",
            "lines('a', 'b')",
        ),
        ("import os\nclass A:\n    def has(self, name):\n        return os.path.exists(name)\n", "A().has('a')"),
        ("import os\ndef home(*, base):\n    return os.path.join(base, 'home')\n", "home(base='a')"),
    ],
    ids=["one parameter", "one of two", "of a method", "by keyword"],
)
def test_a_script_with_a_guard_may_be_imported(functions: str, called: str):
    source = GUARDED.format(functions, called)
    assert withheld(source, "none") >= {"run-only"}
    assert "run-only" not in withheld(source, "usual")
    imported = ProjectFacts(path="script.py", importers=("other.py",))
    assert transform(source.encode(), make_plan(CODEMODS), imported).output is None
    # Without a guard an import does the work, each time.
    assert "run-only" not in withheld(source.replace("if __name__ == '__main__':\n    print", "print"), "none")


def test_a_parameter_of_a_function_in_another_one_is_not_for_importers():
    inner = "def work():\n    def read(name):\n        return open(name).read()\n    return read('a.txt')\n"
    plan = make_plan(CODEMODS, EVERYWHERE, assume=["none"])
    output = transform(GUARDED.format(inner, "work()").encode(), plan, ProjectFacts(path="script.py")).output
    assert output is not None
    assert b"name.read_text()" in output or b"name.open()" in output
