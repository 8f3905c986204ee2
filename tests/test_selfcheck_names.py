"""The self-check's questions about names, each put to wrong rewrites of many kinds: none may get past it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

import libcst as cst
import pytest
from toys import Toy, model, run

from pymodernize.codemod import Definition, Edit, Finding, Insertion, Rewrite, Status
from pymodernize.semantics.module import Module
from pymodernize.semantics.project import Neighbour, ProjectFacts
from pymodernize.semantics.references import Reference
from pymodernize.transformation.bound_before_read import EARLY
from pymodernize.transformation.same_bindings import OTHER, TAKEN

UNDEFINED = "undefined names"
LOST = "other files use"


@dataclass(frozen=True)
class Part:
    """One rewrite: fragments of the text with what they become, and what that needs."""

    edits: tuple[tuple[str, str], ...] = ()
    definition: str | None = None
    before: tuple[str, str] | None = None
    reference: Reference | None = None
    sets: frozenset[str] = frozenset()

    def rewrite(self, module: Module) -> Rewrite:
        """The rewrite of this part."""
        made = tuple(_edit(module, old, new) for old, new in self.edits)
        definitions = (Definition(self.definition),) if self.definition else ()
        insertions = ()
        if self.before is not None:
            insertions = (Insertion(_node(module, self.before[0], ast.stmt), self.before[1]),)  # type: ignore[arg-type]
        references = (self.reference,) if self.reference else ()
        return Rewrite(made, references=references, definitions=definitions, insertions=insertions, sets=self.sets)


def _node(module: Module, text: str, kind: type[ast.AST] = ast.AST) -> ast.AST:
    """The node with a text, of some kind; ``x@2`` is the second ``x``."""
    text, _, number = text.partition("@")
    nodes = [node for node in ast.walk(module.tree) if isinstance(node, (ast.stmt, ast.expr))]
    nodes += module.nodes(ast.ExceptHandler)
    found = [node for node in nodes if isinstance(node, kind) and text in (module.text(node), _head(module, node))]
    found.sort(key=lambda node: (node.lineno, node.col_offset, isinstance(node, ast.Expr)))  # type: ignore[attr-defined]
    return found[int(number or 1) - 1]


def _head(module: Module, node: ast.AST) -> str:
    return module.text(node).partition("\n")[0] if isinstance(node, ast.ExceptHandler) else ""


def _edit(module: Module, old: str, new: str) -> Edit:
    node = _node(module, old)
    if isinstance(node, ast.ExceptHandler):
        return Edit(node, lambda _: cst.parse_module(f"try: pass\n{new} pass\n").body[0].handlers[0])  # type: ignore
    parent = module.parent(node)
    if isinstance(parent, ast.Expr) and not _is_expression(new):
        node = parent
    if isinstance(node, ast.stmt):
        return Edit(node, lambda _: cst.FlattenSentinel(cst.parse_module(new + "\n").body))
    return Edit(node, lambda _: cst.parse_expression(new))


def _is_expression(text: str) -> bool:
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    return True


class Seeded(Toy):
    """Makes the rewrites that it is given, once."""

    def __init__(self, *parts: Part) -> None:
        super().__init__()
        self.parts = parts

    def find(self, module: Module) -> Iterator[Finding]:
        if module.origin is None:
            for part in self.parts:
                yield self.finding(module, module.tree.body[0], "seeded", part.rewrite(module))


class Whole(Toy):
    """Lays the module out anew as it is told, once."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def find(self, module: Module) -> Iterator[Finding]:
        if module.origin is None:
            edit = Edit(module.tree, lambda _: cst.parse_module(self.text))
            yield self.finding(module, module.tree.body[0], "seeded", Rewrite((edit,)))


@dataclass(frozen=True)
class Seed:
    """A text, a rewrite of it, and the question that rejects it."""

    name: str
    before: str
    parts: tuple[Part, ...] = ()
    whole: str | None = None
    question: str = ""
    used_elsewhere: frozenset[str] = field(default_factory=frozenset)

    def problem(self) -> str:
        """What the self-check says of it, empty if nothing."""
        importers = (Neighbour("other.py", "script", True, names=self.used_elsewhere),) if self.used_elsewhere else ()
        facts = ProjectFacts(importers=importers)
        codemod = Whole(self.whole) if self.whole is not None else Seeded(*self.parts)
        result = run(self.before, codemod, facts=facts)
        assert result.error is None, result.error
        rejected = [item for item in result.findings if item.status is Status.REJECTED]
        assert rejected or all(item.status is Status.APPLIED for item in result.findings), result.findings
        assert not any(item.detail for item in rejected), rejected[0].detail
        return rejected[0].message if rejected else ""


def edits(*pairs: tuple[str, str]) -> tuple[Part, ...]:
    """One rewrite of some fragments."""
    return (Part(pairs),)


LOOPS = """\
import os

def pair(root):
    for first in os.listdir(root):
        for second in os.listdir(root):
            print(os.path.join(root, first), os.path.join(root, second))
"""
INNER = Part((("second", "child"), ("os.listdir(root)@2", "root.iterdir()"), ("os.path.join(root, second)", "child")))
OUTER = Part((("first", "child"), ("os.listdir(root)", "root.iterdir()"), ("os.path.join(root, first)", "child")))
ENTRY = Part((("second", "entry"), ("os.listdir(root)@2", "root.iterdir()"), ("os.path.join(root, second)", "entry")))
OPTIONS = """\
defs = []

def show():
    print(defs)

def main(opts):
    for o, a in opts:
        if o == "-D": defs.append(a)
    show()

main([("-D", "x")])
"""
LOOP = 'for o, a in opts:\n        if o == "-D": defs.append(a)'
SCRIPT = """\
count = 0
names = ["a"]

def show():
    print(count)

for name in names:
    count += 1
show()
"""
IN_MAIN = """\
names = ["a"]

def show():
    print(count)

def main():
    count = 0
    for name in names:
        count += 1
    show()

main()
"""
PARSES = "def parse_arguments():\n    return [1]"
DEBUG = """\
import sys
DEBUG = "-d" in sys.argv
if DEBUG:
    import pdb
else:
    pdb = None
from os.path import basename
print(DEBUG, basename("/a/b"), pdb)
"""
HANDLERS = """\
def first(key):
    try:
        return key()
    except KeyError:
        try:
            return key(1)
        except LookupError:
            log(1)
        raise ValueError(key)

def log(text): pass
"""

WRONG = [
    # --- a new name takes the place of another ---
    Seed("two loops, one in the other", LOOPS, (OUTER, INNER), question=TAKEN),
    Seed(
        "two comprehensions, one in the other",
        "def f(a, b):\n    return [[(x, y) for y in b] for x in a]\n",
        (Part((("x@2", "child"), ("x", "child"))), Part((("y@2", "child"), ("y", "child")))),
        question=OTHER,
    ),
    Seed(
        "a loop's variable becomes a parameter",
        "def f(names, child):\n    for name in names:\n        print(name)\n    return child\n",
        edits(("name", "child"), ("name@2", "child")),
        question=TAKEN,
    ),
    Seed(
        "a loop's variable becomes a local that is read later",
        "def f(names):\n    child = 1\n    for name in names:\n        print(name)\n    return child\n",
        edits(("name", "child"), ("name@2", "child")),
        question=TAKEN,
    ),
    Seed(
        "the inner loop's variable becomes the outer one's",
        "def f(a, b):\n    for x in a:\n        for y in b:\n            print(y)\n        print(x)\n",
        edits(("y", "x"), ("y@2", "x")),
        question=TAKEN,
    ),
    Seed(
        "a function of the same name",
        "def helper(): return 1\nprint(helper())\nold = 1\n",
        (Part((("old = 1", "old = helper()"),), definition="def helper():\n    return 2"),),
        question=TAKEN,
    ),
    Seed(
        "a variable of the same name, read in a function",
        "logger = print\ndef f():\n    logger(1)\nf()\n",
        (Part((("f()", "f() or logger"),), definition="logger = object()"),),
        question=TAKEN,
    ),
    Seed(
        "an import of a class's name",
        "class Path: pass\nprint(Path)\nold = 1\n",
        (
            Part(
                (("old = 1", "old = Path(1)"),), reference=Reference("pathlib.Path", "Path", "from pathlib import Path")
            ),
        ),
        question=TAKEN,
    ),
    Seed(
        "an import that a parameter hides",
        "def f(logging):\n    print(1)\nf(2)\n",
        (Part((("print(1)", "logging.info(1)"),), reference=Reference("logging", "logging", "import logging")),),
        question=TAKEN,
    ),
    Seed(
        "a function that a local hides",
        "def f():\n    helper = 1\n    print(helper)\n    old()\ndef old(): pass\n",
        (Part((("old()", "helper()"),), definition="def helper():\n    return 2"),),
        question=TAKEN,
    ),
    Seed(
        "an import that is there, and that a loop's variable hides",
        "import signal\ndef f(x):\n    for signal in x:\n        old(1)\ndef old(x): pass\nprint(signal)\n",
        edits(("old(1)", "old(signal.SIGINT)")),
        question=TAKEN,
    ),
    Seed(
        "two rewrites set one variable",
        "def f(x): return x\nprint(1)\nprint(2)\n",
        (
            Part((("print(1)", "f(size)"),), before=("print(1)", "size = 1")),
            Part((("print(2)", "f(size)"),), before=("print(2)", "size = 2")),
        ),
        question=TAKEN,
    ),
    Seed(
        "two rewrites name the exceptions of nested handlers",
        HANDLERS,
        (
            Part(
                (
                    ("except KeyError:", "except KeyError as exc:"),
                    ("raise ValueError(key)", "raise ValueError(key) from exc"),
                )
            ),
            Part((("except LookupError:", "except LookupError as exc:"), ("log(1)", "log(exc)"))),
        ),
        question=TAKEN,
    ),
    Seed(
        "an exception gets the name of a variable",
        "def f(data):\n    try: data()\n    except OSError:\n        print(1)\n    return data\n",
        edits(("except OSError:", "except OSError as data:"), ("print(1)", "print(data)")),
        question=TAKEN,
    ),
    Seed(
        "an assignment in an expression takes a variable",
        "def f(line, source):\n    while source.read():\n        pass\n    return line\n",
        edits(("source.read()", "(line := source.read())")),
        question=TAKEN,
    ),
    Seed(
        "what a pattern captures takes a variable",
        "def f(first, x):\n    if len(x) == 1:\n        print(x[0])\n    return first\n",
        edits(("if len(x) == 1:\n        print(x[0])", "match x:\n    case [first]: print(first)")),
        question=TAKEN,
    ),
    Seed(
        "a with takes the variable of the one around it",
        "def f(a, b):\n    with a as one:\n        with b as two:\n            print(two)\n        print(one)\n",
        edits(("two", "one"), ("two@2", "one")),
        question=TAKEN,
    ),
    Seed(
        "a method is named like one that is there",
        "def run(): return 1\nclass A:\n    def go(self): return run()\nprint(A)\n",
        (Part((("return 1", "return 1 + 0"),), definition="def run():\n    return 5"),),
        question=TAKEN,
    ),
    Seed(
        "a constant is set anew",
        "LIMIT = 1\ndef f(): print(LIMIT)\nprint(2)\nf()\n",
        (Part(before=("print(2)", "LIMIT = 3")),),
        question=TAKEN,
    ),
    # --- a name means something else ---
    Seed("a global list becomes a local one", OPTIONS, edits((LOOP, "defs = [a for o, a in opts]")), question=OTHER),
    Seed(
        "a local hides the module's variable",
        "total = 1\ndef f():\n    print(total)\n    old()\n    return total\ndef old(): pass\n",
        edits(("old()", "total = 2")),
        question=OTHER,
    ),
    Seed(
        "a new parameter hides the module's variable",
        "total = 1\ndef f(): return total\nprint(f())\n",
        edits(("def f(): return total", "def f(total=0): return total")),
        question=OTHER,
    ),
    Seed("code moves into main, a function reads what it binds", SCRIPT, whole=IN_MAIN, question=OTHER),
    Seed(
        "global goes",
        "count = 0\ndef f():\n    global count\n    count = 1\nf()\nprint(count)\n",
        edits(("global count", "pass")),
        question=OTHER,
    ),
    Seed(
        "global comes",
        "count = 0\ndef f():\n    pass\n    count = 1\n    return count\nf()\nprint(count)\n",
        edits(("pass", "global count")),
        question=TAKEN,
    ),
    Seed(
        "nonlocal goes",
        "def f():\n    n = 0\n    def g():\n        nonlocal n\n        n = 1\n    g()\n    return n\n",
        edits(("nonlocal n", "pass")),
        question=OTHER,
    ),
    Seed(
        "one read of a loop's variable is forgotten",
        "def f(names, name):\n    for name in names:\n        print(name)\n        print([name])\n",
        edits(("name", "child"), ("name@2", "child")),
        question=OTHER,
    ),
    Seed(
        "the value after a loop is lost",
        "def f(names):\n    name = None\n    for name in names:\n        print(name)\n    return name\n",
        edits(("name@2", "child"), ("name@3", "child")),
        question=OTHER,
    ),
    Seed(
        "a function gets a builtin's name",
        "print(id(1))\nold = 2\n",
        (Part((("old = 2", "old = id(2)"),), definition="def id(x):\n    return 3"),),
        question=OTHER,
    ),
    Seed(
        "a function of a builtin's name goes",
        "def open(x): return x\nprint(open(1))\n",
        edits(("def open(x): return x", "pass")),
        question=OTHER,
    ),
    Seed(
        "a class body reads a new name of its own",
        "size = 1\nclass A:\n    pass\n    other = size\n",
        edits(("pass", "size = 2")),
        question=OTHER,
    ),
    Seed(
        "a builtin's name becomes a local of main before it is bound",
        "for n in [1]:\n    if n > 1:\n        input = n\n    print(input)\n",
        whole="def main():\n  for n in [1]:\n    if n > 1:\n        input = n\n    print(input)\n\nmain()\n",
        question=OTHER,
    ),
    Seed(
        "a comprehension's variable captures what it filters by",
        "def f(names, child):\n    return [name for name in names if name != child]\n",
        edits(("name@2", "child"), ("name", "child"), ("name@3", "child")),
        question=OTHER,
    ),
    Seed(
        "an argument is passed for another name",
        "a = 1\nb = 2\ndef f(): return a\nprint(f())\n",
        whole="def f(a): return a\n\ndef main():\n    a = 1\n    b = 2\n    print(f(b))\n\nmain()\n",
        question=OTHER,
    ),
    # --- a name is read before it is bound ---
    Seed(
        "the parser comes too late",
        DEBUG,
        whole=DEBUG.replace('"-d" in sys.argv', "parse_arguments()[0]") + "\n\n" + PARSES,
        question=EARLY,
    ),
    Seed(
        "a call above the function",
        "def set_up(): pass\nprint(1)\nset_up()\n",
        whole="set_up()\nprint(1)\ndef set_up(): pass\nset_up()\n",
        question=EARLY,
    ),
    Seed(
        "what a function reads comes after its call",
        "def f(): print(1)\nf()\nlast = 2\n",
        edits(("print(1)", "print(LIMIT)"), ("last = 2", "LIMIT = 2")),
        question=EARLY,
    ),
    Seed(
        "an import moves below its use",
        "import os\nx = os.getcwd()\nprint(x)\n",
        whole="x = os.getcwd()\nprint(x)\nimport os\n",
        question=EARLY,
    ),
    Seed(
        "a decorator moves below its use",
        "def seen(f): return f\n@seen\ndef g(): pass\n",
        whole="@seen\ndef g(): pass\ndef seen(f): return f\n",
        question=EARLY,
    ),
    Seed(
        "a default moves below its function",
        "LIMIT = 1\ndef f(x=LIMIT): return x\nprint(f())\n",
        whole="def f(x=LIMIT): return x\nLIMIT = 1\nprint(f())\n",
        question=EARLY,
    ),
    Seed(
        "a handler does not bind any more",
        "try:\n    import json\nexcept ImportError:\n    json = None\nprint(json)\n",
        edits(("json = None", "pass")),
        question=EARLY,
    ),
    Seed(
        "a branch binds alone",
        "import sys\nlimit = 1\nif sys.argv:\n    print(1)\nprint(limit)\n",
        edits(("limit = 1", "pass"), ("print(1)", "limit = 1")),
        question=EARLY,
    ),
    Seed(
        "a constant moves below what a table calls",
        "LIMIT = 1\ndef f(): return LIMIT\nTABLE = {1: f}\nTABLE[1]()\n",
        whole="def f(): return LIMIT\nTABLE = {1: f}\nTABLE[1]()\nLIMIT = 1\n",
        question=EARLY,
    ),
    Seed(
        "a constant moves below a call of a method",
        "LIMIT = 1\nclass A:\n    def __init__(self): self.x = LIMIT\nA()\n",
        whole="class A:\n    def __init__(self): self.x = LIMIT\nA()\nLIMIT = 1\n",
        question=EARLY,
    ),
    Seed(
        "a loop that may have no turn binds alone",
        "import sys\nlast = None\nfor x in sys.argv[1:]:\n    print(x)\nprint(last)\n",
        edits(("last = None", "pass"), ("print(x)", "last = x")),
        question=EARLY,
    ),
    Seed(
        "a name is deleted that is read later",
        "import os\nprint(1)\nprint(os)\n",
        edits(("print(1)", "del os")),
        question=TAKEN,
    ),
    Seed(
        "a function that another calls moves below the call",
        "def g(): return 1\ndef f(): return g()\nprint(f())\n",
        whole="def f(): return g()\nprint(f())\ndef g(): return 1\n",
        question=EARLY,
    ),
    Seed(
        "a global is bound by a function that is called too late",
        "def f():\n    global count\n    count = 1\nf()\nprint(count)\n",
        whole="def f():\n    global count\n    count = 1\nprint(count)\nf()\n",
        question=EARLY,
    ),
    # --- a name is gone ---
    Seed(
        "an import gets another name",
        "import json as js\nprint(js.loads)\n",
        edits(("import json as js", "import json")),
        question=OTHER,
    ),
    Seed(
        "an import is replaced that is still read",
        "import os\nprint(os.getcwd())\n",
        edits(("import os", "from os import path")),
        question=OTHER,
    ),
    Seed(
        "new text reads what is nowhere",
        "print(1)\n",
        edits(("print(1)", "nowhere(1)")),
        question=UNDEFINED,
    ),
    Seed(
        "what others import moves into main",
        "total = 1\nprint(total)\n",
        whole="def main():\n    total = 1\n    print(total)\n\nmain()\n",
        question=LOST,
        used_elsewhere=frozenset({"total"}),
    ),
]


@pytest.mark.parametrize("seed", WRONG, ids=lambda seed: seed.name.replace(" ", "-"))
def test_a_wrong_rewrite_is_rejected_by_its_question(seed: Seed) -> None:
    assert seed.question in seed.problem()


RIGHT = [
    Seed("two loops with names of their own", LOOPS, (OUTER, ENTRY)),
    Seed(
        "two loops one after the other share a name",
        "def f(a, b):\n    for x in a:\n        print(x)\n    for y in b:\n        print(y)\n",
        (Part((("x", "child"), ("x@2", "child"))), Part((("y", "child"), ("y@2", "child")))),
    ),
    Seed(
        "code moves into main with all that reads it",
        SCRIPT,
        whole=IN_MAIN.replace("count = 0\n    for", "global count\n    count = 0\n    for"),
    ),
    Seed(
        "a variable is passed",
        "a = 1\ndef f(): return a\nprint(f())\n",
        whole="def f(a): return a\n\ndef main():\n    a = 1\n    print(f(a))\n\nmain()\n",
    ),
    Seed(
        "a variable is passed on",
        "a = 1\ndef f(): return a\ndef g(): return f()\nprint(g())\n",
        whole="def f(a): return a\ndef g(a): return f(a)\n\ndef main():\n    a = 1\n    print(g(a))\n\nmain()\n",
    ),
    Seed("a global list stays one", OPTIONS, edits((LOOP, "global defs\ndefs = [a for o, a in opts]"))),
    Seed(
        "the parser comes in time",
        DEBUG,
        (Part((('DEBUG = "-d" in sys.argv', PARSES + "\nDEBUG = parse_arguments()[0]"),)),),
    ),
    Seed(
        "handlers with names of their own",
        HANDLERS,
        (
            Part(
                (
                    ("except KeyError:", "except KeyError as error:"),
                    ("raise ValueError(key)", "raise ValueError(key) from error"),
                )
            ),
            Part((("except LookupError:", "except LookupError as exc:"), ("log(1)", "log(exc)"))),
        ),
    ),
    Seed(
        "a second import of the same thing, further up",
        "def f(): return os.sep\nimport os\nprint(f())\n",
        (Part((("f()", "os.fspath(f())"),), reference=Reference("os", "os", "import os")),),
    ),
    Seed(
        "functions whose order does not matter",
        "def g(): return 1\ndef f(): return g()\nprint(f())\n",
        whole="def f(): return g()\ndef g(): return 1\nprint(f())\n",
    ),
    Seed(
        "a variable that was bound too late all along",
        "def f(): return LIMIT\ntry: f()\nexcept NameError: pass\nLIMIT = 1\nprint(f())\n",
        edits(("print(f())", "print([f()])")),
    ),
    Seed(
        "a global that main binds before it calls what reads it",
        "def f(): return count\ncount = 1\nprint(f())\n",
        whole="def f(): return count\n\ndef main():\n    global count\n    count = 1\n    print(f())\n\nmain()\n",
    ),
    Seed("a read of a variable of the file's own", "data = [1]\nprint(1)\n", edits(("print(1)", "print(data)"))),
    Seed(
        "the name of an exception that is there",
        "def f():\n    try: pass\n    except OSError as e:\n        raise ValueError(1)\n",
        edits(("raise ValueError(1)", "raise ValueError(1) from e")),
    ),
    Seed(
        "a constant that is set anew on purpose",
        "LIMIT = 1\ndef f(): print(LIMIT)\nprint(2)\nf()\n",
        (Part(before=("print(2)", "LIMIT = 3"), sets=frozenset({"LIMIT"})),),
    ),
    Seed(
        "a loop's variable is one that it set itself",
        "def f(names):\n    for name in names:\n        path = [name]\n        print(path, name)\n",
        edits(("name", "path"), ("path = [name]", "pass"), ("name@3", "path[0]")),
    ),
]


@pytest.mark.parametrize("seed", RIGHT, ids=lambda seed: seed.name.replace(" ", "-"))
def test_a_right_rewrite_is_not_rejected(seed: Seed) -> None:
    assert not seed.problem()


def test_there_are_enough_of_every_question():
    asked = [seed.question for seed in WRONG]
    assert len(asked) >= 40
    assert min(asked.count(question) for question in (OTHER, TAKEN, EARLY)) >= 10
    assert {seed.before for seed in RIGHT} & {seed.before for seed in WRONG}


def test_the_text_of_a_seed_parses():
    for seed in (*WRONG, *RIGHT):
        model(seed.before)
