"""What a test rules out is never there where it has passed, and nothing is ruled out where it need not have."""

from __future__ import annotations

import ast
import textwrap
import warnings
from pathlib import Path

import pytest

from pymodernize.semantics.module import Module
from pymodernize.source import SourceFile
from pymodernize_codemods._paths import hazards
from pymodernize_codemods._paths.hazards import ANY, Hazard
from pymodernize_codemods._paths.judgement import Judge

HEAD = "import os, sys\n"
OF_NO_FILE = Hazard.EMPTY | Hazard.TRAILING | Hazard.DOTTED | Hazard.DOT | Hazard.ROOT
TEXTUAL = ANY & ~(Hazard.HIDDEN | Hazard.CLOSED | Hazard.LINKED)
TEXTS = [
    "",
    ".",
    "./",
    "/",
    "file",
    "file/",
    "./file",
    "file.txt",
    "link",
    "link/",
    "folder",
    "folder/",
    "folder/.",
    "no",
]


def judged(source: str) -> Hazard:
    """What is said of the argument of the one ``see(...)``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = Module(SourceFile.decode(f"{source}\nprint()".encode()), None)
    assert module.is_closed
    (call,) = [node for node in module.nodes(ast.Call) if isinstance(node.func, ast.Name) and node.func.id == "see"]
    return Judge(module).of(call.args[0])


def seen(source: str, texts: list[str]) -> list[str]:
    """What comes to ``see(...)`` in a run with certain arguments."""
    found: list[str] = []
    space = {"see": found.append, "given": lambda: texts[0], "all_given": lambda: texts, "__name__": "__main__"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        code = compile(source, "<snippet>", "exec")
    try:
        exec(code, space)  # noqa: S102 - of our own making
    except (SystemExit, ValueError):
        pass
    return found


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    (tmp_path / "file.txt").touch()
    (tmp_path / "link").symlink_to("folder")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("source", "lacks"),
    [
        ("x = given()\nif os.path.isfile(x): see(x)", OF_NO_FILE),
        ("x = given()\nif not os.path.isfile(x): sys.exit(1)\nsee(x)", OF_NO_FILE),
        ("x = given()\nif not os.path.isfile(x): raise ValueError\nsee(x)", OF_NO_FILE),
        ("x = given()\nif not os.path.isfile(x):\n    if 1: sys.exit(1)\n    else: os._exit(1)\nsee(x)", OF_NO_FILE),
        ("x = given()\nif not os.path.isfile(x): print()\nelse: see(x)", OF_NO_FILE),
        ("x = given()\nif len(x) < 1 or not os.path.isfile(x): exit()\nsee(x)", OF_NO_FILE),
        ("x = given()\nif 'f' in x and os.path.isfile(x) and see(x): pass", OF_NO_FILE),
        ("x = given()\nnot os.path.isfile(x) or see(x)", OF_NO_FILE),
        ("x = given()\nsee(x) if os.path.isfile(x) else print()", OF_NO_FILE),
        ("x = given()\nprint() if not os.path.isfile(x) else see(x)", OF_NO_FILE),
        ("x = given()\nif os.path.isdir(x): print()\nelif os.path.isfile(x): see(x)", OF_NO_FILE),
        ("x = given()\nif os.path.exists(x): see(x)", Hazard.EMPTY),
        ("x = given()\nif os.path.isdir(x):\n    for i in range(2): see(x)", Hazard.EMPTY),
        ("x = given()\nif os.path.islink(x): see(x)", Hazard.EMPTY | Hazard.TRAILING | Hazard.DOTTED),
        ("x = given()\nif os.access(x, os.R_OK): see(x)", Hazard.EMPTY),
        ("x = given()\nif x: see(x)", Hazard.EMPTY),
        ("x = given()\nif not x: sys.exit('what?')\nsee(x)", Hazard.EMPTY),
        ("x = given()\nif x == '': sys.exit('what?')\nsee(x)", Hazard.EMPTY),
        ("x = given()\nif x != '': see(x)", Hazard.EMPTY),
        ("x = given()\nif not x: x = 'file'\nsee(x)", Hazard.EMPTY),
        ("x = given()\nif x.strip(): see(x)", Hazard.EMPTY),
        ("x = given()\nif x.startswith('f'): see(x)", Hazard.EMPTY),
        ("x = given()\nif x.endswith('.txt'): see(x)", OF_NO_FILE),
        ("x = given()\nif x.endswith(('.txt', 'k')): see(x)", OF_NO_FILE),
        ("x = given()\nif x.endswith('/'): see(x)", Hazard.EMPTY),
        ("x = given()\nif x.endswith('/.'): see(x)", Hazard.EMPTY),
        ("x = given()\nwhile x:\n    see(x)\n    x = x[1:]", Hazard.EMPTY),
        ("for x in all_given():\n    if not os.path.isfile(x): continue\n    see(x)", OF_NO_FILE),
        ("for x in all_given():\n    if not x: break\n    see(x)", Hazard.EMPTY),
        ("[see(x) for x in all_given() if os.path.isfile(x)]", OF_NO_FILE),
        ("[x for x in all_given() if os.path.isfile(x) if see(x)]", OF_NO_FILE),
        ("{1: see(x) for x in all_given() if os.path.isfile(x)}", OF_NO_FILE),
        ("list(see(x) for x in all_given() if os.path.isfile(x))", OF_NO_FILE),
        ("def f(x):\n    if not os.path.isfile(x): return\n    see(x)\nf(given())", OF_NO_FILE),
        ("def f(x):\n    if not x: return 1\n    y = x\n    see(y)\nf(given())", Hazard.EMPTY),
        ("X = given()\ndef f():\n    if os.path.isfile(X): see(X)\nf()", OF_NO_FILE),
        ("def usage():\n    print()\n    sys.exit(2)\nx = given()\nif not x: usage()\nsee(x)", Hazard.EMPTY),
        ("x = given()\nif x:\n    x = list([x])[see(x) or 0]", Hazard.EMPTY),
        ("x = given()\ntry:\n    if not x: raise ValueError\n    see(x)\nfinally: pass", Hazard.EMPTY),
    ],
)
def test_what_is_ruled_out(source: str, lacks: Hazard, folder: Path) -> None:
    said = judged(HEAD + source)
    assert not said & lacks, said
    assert said & (OF_NO_FILE & ~lacks) == OF_NO_FILE & ~lacks or "split" in source, said
    met = False
    for text in TEXTS:
        for value in seen(HEAD + source, [text, "", "file/"] if "all_given" in source else [text]):
            met = True
            assert not hazards.of_text(value) & TEXTUAL & ~said, value
    assert met


@pytest.mark.parametrize(
    ("source", "has"),
    [
        # The other way round, or no way at all.
        ("x = given()\nif not os.path.isfile(x): see(x)", OF_NO_FILE),
        ("x = given()\nif os.path.isfile(x): pass\nelse: see(x)", OF_NO_FILE),
        ("x = given()\nif os.path.isfile(x) or y: see(x)", OF_NO_FILE),
        ("x = given()\nif not (os.path.isfile(x) and y): see(x)", OF_NO_FILE),
        ("x = given()\nif not os.path.isfile(x) and y: sys.exit(1)\nsee(x)", OF_NO_FILE),
        ("x = given()\nif not os.path.isfile(x): print()\nsee(x)", OF_NO_FILE),
        ("x = given()\nsee(x)\nif not os.path.isfile(x): sys.exit(1)", OF_NO_FILE),
        ("x = given()\nif see(x) and os.path.isfile(x): pass", OF_NO_FILE),
        ("x = given()\nos.path.isfile(x)\nsee(x)", OF_NO_FILE),
        ("x = given()\nif y:\n    if not os.path.isfile(x): sys.exit(1)\nsee(x)", OF_NO_FILE),
        (
            "x = given()\ntry:\n    if not os.path.isfile(x): raise ValueError\nexcept ValueError: pass\nsee(x)",
            OF_NO_FILE,
        ),
        ("x = given()\nwhile y:\n    if not x: break\nsee(x)", OF_NO_FILE),
        ("x = given()\nwhile x: pass\nelse: see(x)", OF_NO_FILE),
        # Of something else.
        ("x = given()\nif os.path.isfile(y): see(x)", OF_NO_FILE),
        ("x = given()\nif os.path.isfile(x + 'y'): see(x)", OF_NO_FILE),
        ("x = given()\nif x[0].isalpha() and os.path.isfile(x[1:]): see(x)", OF_NO_FILE),
        ("x = given()\nif x.endswith(y): see(x)", OF_NO_FILE),
        ("x = given()\nif x.endswith('t', 0, 3): see(x)", OF_NO_FILE),
        ("x = given()\nif x.endswith(('t', y)): see(x)", OF_NO_FILE),
        ("x = given()\nif x.endswith(''): see(x)", OF_NO_FILE),
        ("x = given()\nif x == 'a': sys.exit()\nsee(x)", OF_NO_FILE),
        ("x = given()\nif not x: x = y\nsee(x)", OF_NO_FILE),
        ("x = given()\nif not x: x = ''\nsee(x)", OF_NO_FILE),
        # Bound anew in between.
        ("x = given()\nif os.path.isfile(x):\n    x = given()\n    see(x)", OF_NO_FILE),
        ("x = given()\nif not os.path.isfile(x): sys.exit(1)\nx = given()\nsee(x)", OF_NO_FILE),
        ("x = given()\nif not os.path.isfile(x): sys.exit(1)\nfor x in y: see(x)", OF_NO_FILE),
        ("x = given()\nif os.path.isfile(x):\n    for i in y:\n        see(x)\n        x = given()", OF_NO_FILE),
        ("x = given()\nif os.path.isfile(x):\n    with y() as x: see(x)", OF_NO_FILE),
        ("x = given()\nif os.path.isfile(x):\n    try: x = given()\n    except OSError: see(x)", OF_NO_FILE),
        ("x = given()\nif os.path.isfile(x) and (x := given()): see(x)", OF_NO_FILE),
        ("x = given()\nif os.path.isfile(x) and [x := given()] and see(x): pass", OF_NO_FILE),
        ("x = given()\nif not os.path.isfile(x): sys.exit(1)\nelse: x = given()\nsee(x)", OF_NO_FILE),
        ("x = given()\nwhile os.path.isfile(x):\n    x = given()\n    see(x)", OF_NO_FILE),
        (
            "x = given()\ndef f():\n    global x\n    x = given()\nif os.path.isfile(x):\n    f()\n    see(x)",
            OF_NO_FILE,
        ),
        (
            "def f(x):\n    def g():\n        nonlocal x\n        x = given()\n    if os.path.isfile(x):\n        g()\n"
            "        see(x)\nf(given())",
            OF_NO_FILE,
        ),
        (
            "x = ''\ndef f():\n    global x\n    if os.path.isfile(x):\n        g()\n        see(x)\n    x = given()\n"
            "def g(): f()\nf()",
            OF_NO_FILE,
        ),
        ("x = given()\nif os.path.isfile(x):\n    exec('x = 1')\n    see(x)", OF_NO_FILE),
        ("x = given()\nif os.path.isfile(x):\n    globals()['x'] = given()\n    see(x)", OF_NO_FILE),
        # Read later, or read elsewhere.
        ("x = given()\nif os.path.isfile(x):\n    y = lambda: see(x)\nx = given()\ny()", OF_NO_FILE),
        ("x = given()\nif os.path.isfile(x):\n    y = (see(x) for i in 'a')\nx = given()\nlist(y)", OF_NO_FILE),
        ("x = given()\nif os.path.isfile(x):\n    def f(): see(x)\nx = given()\nf()", OF_NO_FILE),
        ("from os import *\nx = given()\nfrom y import *\nif x: see(x)", Hazard.EMPTY),
        # Other functions than they seem.
        ("x = given()\nos.path.isfile = bool\nif os.path.isfile(x): see(x)", Hazard.TRAILING),
        ("def exit(code): pass\nx = given()\nif not x: exit(1)\nsee(x)", Hazard.EMPTY),
        ("sys.exit = print\nx = given()\nif not x: sys.exit(1)\nsee(x)", Hazard.EMPTY),
        ("def usage():\n    if y: return\n    sys.exit(2)\nx = given()\nif not x: usage()\nsee(x)", Hazard.EMPTY),
        ("def usage():\n    yield 1\n    sys.exit(2)\nx = given()\nif not x: usage()\nsee(x)", Hazard.EMPTY),
        ("async def usage(): sys.exit(2)\nx = given()\nif not x: usage()\nsee(x)", Hazard.EMPTY),
        ("@y\ndef usage(): sys.exit(2)\nx = given()\nif not x: usage()\nsee(x)", Hazard.EMPTY),
    ],
)
def test_what_stays_possible(source: str, has: Hazard) -> None:
    assert judged(HEAD + textwrap.dedent(source)) & has == has
