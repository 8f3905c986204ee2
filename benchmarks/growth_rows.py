"""Files and folders that grow in one way each: the rows of ``make growth``, and of the tests that count steps."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

# Makes most codemods look at a file: it prints, reads the command line, joins paths and catches everything.
_SCRIPT = (
    "import os, sys\nprint(os.path.join(sys.argv[1], 'a'))\ntry:\n    print(os.getcwd())\nexcept:\n    sys.exit(1)\n"
)


@dataclass(frozen=True)
class Row:
    """One kind of growth.

    Attributes:
        name: what grows.
        make: from a size to files by their names.
        size: the smallest that ``make growth`` measures; the others are twice,
            four and eight times that.
        few: a size at which growth shows in counted steps.
    """

    name: str
    make: Callable[[int], Mapping[str, str]]
    size: int = 1_500
    few: int = 40


def _lines(line: Callable[[int], str], before: str = "", after: str = "") -> Callable[[int], Mapping[str, str]]:
    """One script with a part for each number."""
    return lambda size: {"job.py": before + "".join(map(line, range(size))) + after + "\n" + _SCRIPT}


def _joined(between: str, part: Callable[[int], str], before: str, after: str) -> Callable[[int], Mapping[str, str]]:
    return lambda size: {"job.py": before + between.join(map(part, range(size))) + after + "\n" + _SCRIPT}


def _around(opening: str, closing: str, inside: str = "1") -> Callable[[int], Mapping[str, str]]:
    return lambda size: {"job.py": f"x = {opening * size}{inside}{closing * size}\nprint(x)\n{_SCRIPT}"}


def _nested_branches(size: int) -> Mapping[str, str]:
    steps = "".join(f"{'  ' * number}if sys.argv[{number}:]:\n" for number in range(size))
    return {"job.py": f"import sys\n{steps}{'  ' * size}print('deep')\n{_SCRIPT}"}


def _getopt(size: int) -> Mapping[str, str]:
    declared = ", ".join(f'"opt{number}="' for number in range(size))
    defaults = "".join(f"v{number} = None\n" for number in range(size))
    branches = "".join(
        f'    {"elif" if number else "if"} option == "--opt{number}":\n        v{number} = value\n'
        for number in range(size)
    )
    text = (
        f"import getopt\nimport sys\n{defaults}try:\n"
        f'    options, rest = getopt.getopt(sys.argv[1:], "", [{declared}])\n'
        f"except getopt.GetoptError:\n    sys.exit(2)\nfor option, value in options:\n{branches}print(v0, rest)\n"
    )
    return {"job.py": text}


def _optparse(size: int) -> Mapping[str, str]:
    options = "".join(f'parser.add_option("--opt{number}", default="d{number}", help="h")\n' for number in range(size))
    reads = "".join(f"print(options.opt{number})\n" for number in range(size))
    return {
        "job.py": "import optparse\nparser = optparse.OptionParser()\n"
        f"{options}options, rest = parser.parse_args()\n{reads}"
    }


def _attributes(size: int) -> Mapping[str, str]:
    stores = "".join(f"        self.a{number} = {number}\n" for number in range(size))
    reads = "".join(f"        print(self.a{number})\n" for number in range(size))
    text = f"class Job:\n    def __init__(self):\n{stores}    def run(self):\n{reads}Job().run()\n"
    return {"job.py": text + _SCRIPT}


def _one_module(size: int) -> Mapping[str, str]:
    users = {f"user{number}.py": f"import helper\nhelper.greet({number})\nprint('done')\n" for number in range(size)}
    return {"helper.py": "def greet(name):\n    print('hello %s' % name)\n", **users}


def _all_import_all(statement: Callable[[int], str]) -> Callable[[int], Mapping[str, str]]:
    def files(size: int) -> Mapping[str, str]:
        every = [statement(number) for number in range(size)]
        return {
            f"m{number}.py": "".join(every[:number] + every[number + 1 :]) + f"print({number})\nv{number} = 1\n"
            for number in range(size)
        }

    return files


def _patterns(size: int) -> Mapping[str, str]:
    lines = "".join(f"{'*a' * 40}{number}\n" for number in range(size))
    return {".gitignore": lines, f"{'a' * 200}.py": "print('hello')\n"}


def _packages(size: int) -> Mapping[str, str]:
    found = {}
    for depth in range(1, size + 1):
        folder = "/".join(["p"] * depth)
        found[f"{folder}/__init__.py"] = ""
        found[f"{folder}/job.py"] = f"import sys\nprint(sys.argv, {depth})\n"
    return found


ROWS: Iterable[Row] = (
    Row("lines that bind one name anew", _lines(lambda _: "x = 1\n")),
    Row("lines that add to one name", _lines(lambda _: "x = x + y\n", "x = 1\ny = 2\n", "print(x)")),
    Row("names, one assignment each", _lines(lambda number: f"name{number} = {number}\n")),
    Row("names in full-width letters", _lines(lambda number: f"\uff56\uff41\uff52{number} = {number}\n")),
    Row("names, each the one before", _lines(lambda number: f"x{number + 1} = x{number}\n", "x0 = 1\n")),
    Row("prints", _lines(lambda number: f'print("line {number}")\n')),
    Row(
        "prints in one function",
        _lines(lambda number: f'    print("line {number}")\n', "def main():\n    print()\n", "main()"),
    ),
    Row("prints with a comment each", _lines(lambda number: f"# c {number}\nprint({number})  # {number}\n"), 750),
    Row("f-strings", _lines(lambda number: f'print(f"{{a}} x {number}")\n', "a = 1\n")),
    Row("statements on one line", _lines(lambda _: "x = 1;")),
    Row("blank continuation lines", _lines(lambda _: "\\\n", "x = 1 + \\\n", "2")),
    Row("blank lines", _lines(lambda _: "\n"), 6_000),
    Row("elements of a list", _lines(lambda number: f"    {number},\n", "x = [\n", "]\nprint(x)")),
    Row("calls that add to a list", _lines(lambda number: f"x.append({number})\n", "x = []\n", "print(x[0])")),
    Row("functions", _lines(lambda number: f"def f{number}(a):\n    print(a)\n    return a\nf{number}(1)\n"), 400, 20),
    Row(
        "functions that call the one before",
        _lines(lambda number: f"def f{number + 1}():\n    return f{number}()\n"),
        400,
    ),
    Row(
        "functions that bind one global",
        _lines(lambda number: f"def f{number}():\n    global x\n    x = 1\nf{number}()\n"),
        400,
        20,
    ),
    Row(
        "classes",
        _lines(lambda number: f"class C{number}:\n    def f(self):\n        print(1)\nC{number}().f()\n"),
        400,
        20,
    ),
    Row(
        "classes that inherit in a chain",
        _lines(lambda number: f"class C{number + 1}(C{number}):\n    pass\n", "class C0:\n    pass\n"),
        250,
    ),
    Row("attributes of one class", _attributes, 400),
    Row(
        "branches of a chain",
        _lines(lambda number: f"elif x == {number}:\n    print({number})\n", "x = 1\nif not x:\n    pass\n"),
        200,
    ),
    Row("branches of getopt's loop", _getopt, 50, 12),
    Row("options of optparse", _optparse, 200),
    Row(
        "tests of the command line",
        _lines(lambda number: f"if len(sys.argv) > {number}:\n    print(sys.argv[{number}])\n", "import sys\n"),
        400,
    ),
    Row(
        "bare excepts",
        _lines(lambda number: f'try:\n    os.remove("f{number}")\nexcept:\n    print("no")\n', "import os\n"),
        400,
        20,
    ),
    Row(
        "old names of OSError",
        _lines(lambda number: f"try:\n    open('f{number}')\nexcept IOError:\n    pass\n"),
        400,
        20,
    ),
    Row(
        "raises in handlers",
        _lines(lambda number: f"try:\n    int('{number}')\nexcept ValueError as e:\n    raise KeyError(str(e))\n"),
        400,
        20,
    ),
    Row(
        "paths, a variable each",
        _lines(
            lambda number: f"p{number} = os.path.join('d', 'f{number}')\nprint(os.path.exists(p{number}))\n",
            "import os\n",
        ),
        200,
        20,
    ),
    Row(
        "paths in one folder",
        _lines(lambda number: f"print(os.path.join(base, 'f{number}'))\n", "import os\nbase = os.getcwd()\n"),
        200,
        20,
    ),
    Row(
        "a path that grows",
        _lines(lambda number: f"p = os.path.join(p, 'f{number}')\n", "import os\np = os.getcwd()\n", "print(p)"),
        200,
    ),
    Row(
        "loops over one name",
        _lines(lambda _: "while x:\n    x = x[1:]\n    print(x)\n", "import os\nx = os.getcwd()\n"),
        200,
        20,
    ),
    Row(
        "files that are opened",
        _lines(lambda number: f"with open('a{number}') as f{number}:\n    print(f{number}.read())\n"),
        400,
        20,
    ),
    Row(
        "exits",
        _lines(lambda number: f"if len(sys.argv) == {number}:\n    sys.exit({number % 200})\n", "import sys\n"),
        400,
    ),
    Row("imports", _lines(lambda number: f"import m{number}\n")),
    Row(
        "decorators of one function",
        _lines(lambda _: "@d\n", "def d(f):\n    return f\n", "def g():\n    print(1)\ng()"),
        400,
    ),
    Row("texts of one sum", _joined(" + ", lambda number: f'"t{number}"', "x = ", "\nprint(x)"), 200),
    Row("terms of one condition", _joined(" or ", lambda number: f"a == {number}", "a = 1\nx = ", "\nprint(x)"), 400),
    Row("attributes in a chain", lambda size: {"job.py": f"import a\nx = a{'.b' * size}\nprint(x)\n{_SCRIPT}"}, 200),
    Row("calls in a chain", lambda size: {"job.py": f"x = ''{'.strip()' * size}\nprint(x)\n{_SCRIPT}"}, 100),
    Row("negations", _around("not ", ""), 100),
    Row("parentheses", _around("(", ")"), 20, 20),
    Row("branches in each other", _nested_branches, 11, 11),
    Row("what does not parse", lambda size: {"job.py": "print(1)\n" + "lambda (" * size}, 9_000, 400),
    Row("what does not parse, in lines", lambda size: {"job.py": "print(1)\n" + "x = (1,\n" * size}, 9_000, 400),
)

PROJECTS: Iterable[Row] = (
    Row("files that import one module", _one_module, 60, 16),
    Row("files that all import each other", _all_import_all(lambda number: f"import m{number}\n"), 15, 4),
    Row(
        "files that all import each other by star", _all_import_all(lambda number: f"from m{number} import *\n"), 15, 4
    ),
    Row("depth of packages", _packages, 12, 6),
    Row("patterns of forty stars each in `.gitignore`, beside a long name", _patterns, 400, 40),
)
