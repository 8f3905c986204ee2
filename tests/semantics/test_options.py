"""What is said of the options of a command line holds for what a run gets for them."""

from __future__ import annotations

import ast
import sys
import warnings

import pytest

from pymodernize.semantics.module import Module
from pymodernize.semantics.types import Types, names_of
from pymodernize.source import SourceFile

HEAD = "import argparse, optparse, getopt, sys, os\nfrom pathlib import Path\n"
ARGPARSE = HEAD + "p = argparse.ArgumentParser()\n"
OPTPARSE = HEAD + "p = optparse.OptionParser()\n"


def said_of(source: str) -> set[str] | None:
    """What is said of the argument of the one ``see(...)``."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = Module(SourceFile.decode(f"{source}\nprint()\n".encode()))
    assert module.is_closed
    (call,) = [node for node in module.nodes(ast.Call) if isinstance(node.func, ast.Name) and node.func.id == "see"]
    types: Types | None = module.type_of(call.args[0])
    return None if types is None else names_of(types)


def seen(source: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The classes of what comes to ``see(...)`` in a run."""
    found: set[str] = set()

    def see(value: object) -> None:
        found.add({"PosixPath": "pathlib.Path"}.get(type(value).__name__, type(value).__name__))

    monkeypatch.setattr(sys, "argv", ["script", *arguments])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(source, "<snippet>", "exec"), {"see": see, "__name__": "__main__"})  # noqa: S102
    return found


END = "\na = p.parse_args()\nsee(a.x)"
BOTH = "\na, rest = p.parse_args()\nsee(a.x)"


@pytest.mark.parametrize(
    ("source", "expected", "runs"),
    [
        (ARGPARSE + "p.add_argument('x')" + END, "str", ["a"]),
        (ARGPARSE + "p.add_argument('-x')" + END, "str NoneType", ["-x a", ""]),
        (ARGPARSE + "p.add_argument('-o', '--x', required=True)" + END, "str", ["-o a"]),
        (ARGPARSE + "p.add_argument('-o', dest='x')" + END, "str NoneType", ["", "-o a"]),
        (ARGPARSE + "p.add_argument('-x', default='b')" + END, "str", ["", "-x a"]),
        (ARGPARSE + "p.add_argument('-x', type=int, default=1)" + END, "int", ["", "-x 2"]),
        (ARGPARSE + "p.add_argument('-x', type=int, default='1')" + END, "int str", ["", "-x 2"]),
        (ARGPARSE + "p.add_argument('-x', type=float)" + END, "float NoneType", ["", "-x 2"]),
        (ARGPARSE + "p.add_argument('-x', type=Path, default='b')" + END, "pathlib.Path str", ["", "-x 2"]),
        (ARGPARSE + "p.add_argument('-x', action='store_true')" + END, "bool", ["", "-x"]),
        (ARGPARSE + "p.add_argument('-x', action='store_false', default=None)" + END, "bool NoneType", ["", "-x"]),
        (ARGPARSE + "p.add_argument('-x', action='count')" + END, "int NoneType", ["", "-xx"]),
        (ARGPARSE + "p.add_argument('-x', action='store_const', const=2.5)" + END, "float NoneType", ["", "-x"]),
        (ARGPARSE + "p.add_argument('-x', action='append')" + END, "list NoneType", ["", "-x a"]),
        (ARGPARSE + "p.add_argument('-x', nargs='?', const=1)" + END, "int str NoneType", ["", "-x", "-x a"]),
        (ARGPARSE + "p.add_argument('x', nargs='?')" + END, "str NoneType", ["", "a"]),
        (ARGPARSE + "p.add_argument('x', nargs='?', default='b')" + END, "str", ["", "a"]),
        (ARGPARSE + "p.add_argument('x', nargs='*')" + END, "list", ["", "a"]),
        (ARGPARSE + "p.add_argument('x', nargs=2)" + END, "list", ["a b"]),
        (ARGPARSE + "p.add_argument('x', nargs='+')\na = p.parse_args()\nfor x in a.x: see(x)", "str", ["a b"]),
        (ARGPARSE + "p.add_argument('x', choices=['a'])\na = p.parse_args(sys.argv[1:])\nsee(a.x)", "str", ["a"]),
        (ARGPARSE + "p.add_argument('x')\np.set_defaults(x=1)" + END, "str int", ["a"]),
        (ARGPARSE + "g = p.add_argument_group('g')\ng.add_argument('-x', type=int)" + END, "int NoneType", ["-x 1"]),
        (
            ARGPARSE + "s = p.add_subparsers(dest='c')\nq = s.add_parser('q')\nq.add_argument('x')\n"
            "r = s.add_parser('r')\nr.add_argument('x', type=int)" + END,
            "str int",
            ["q a", "r 1"],
        ),
        (ARGPARSE + "p.add_argument('x')\na, more = p.parse_known_args()\nsee(a.x)", "str", ["a b"]),
        (
            ARGPARSE + "p.add_argument('-x')\na = p.parse_args()\na.x = a.x or 1\nsee(a.x)",
            "str int NoneType",
            ["-x b", ""],
        ),
        (ARGPARSE + "p.add_argument('x')\ndef f(a): see(a.x)\nf(p.parse_args())", "str", ["a"]),
        (
            HEAD
            + "def make():\n    p = argparse.ArgumentParser()\n    p.add_argument('x')\n    return p.parse_args()\n"
            "a = make()\nprint(a)\nfor k, v in vars(a).items(): print(k)\nsee(a.x)",
            "str",
            ["a"],
        ),
        (OPTPARSE + "p.add_option('-x')" + BOTH, "str NoneType", ["", "-x a"]),
        (OPTPARSE + "p.add_option('-o', '--x', default='a')" + BOTH, "str", ["", "-o b", "--x=c"]),
        (OPTPARSE + "p.add_option('-x', type='int', default=1)" + BOTH, "int", ["", "-x 2"]),
        (OPTPARSE + "p.add_option('-x', type=int)" + BOTH, "int NoneType", ["", "-x 2"]),
        (OPTPARSE + "p.add_option('-x', action='store_true')" + BOTH, "bool NoneType", ["", "-x"]),
        (OPTPARSE + "p.add_option('-x', nargs=2)" + BOTH, "tuple NoneType", ["", "-x a b"]),
        (OPTPARSE + "a, rest = p.parse_args()\nfor x in rest: see(x)", "str", ["a"]),
        (HEAD + "a, rest = getopt.getopt(sys.argv[1:], 'x:')\nfor o, x in a: see(x)", "str", ["-x a"]),
        (HEAD + "a, rest = getopt.gnu_getopt(sys.argv[1:], 'x:')\nfor x in rest: see(x)", "str", ["a"]),
    ],
)
def test_what_is_known(source: str, expected: str, runs: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert said_of(source) == set(expected.split())
    for run in runs:
        found = seen(source, run.split(), monkeypatch)
        assert found
        assert found <= set(expected.split())


X = "p.add_argument('x')\n"


@pytest.mark.parametrize(
    "source",
    [
        # Options of kinds that are not known.
        ARGPARSE + "p.add_argument('x', type=lambda text: [text])" + END,
        ARGPARSE + "p.add_argument('x', type=argparse.FileType())" + END,
        ARGPARSE + "p.add_argument('x', nargs=n)" + END,
        ARGPARSE + "p.add_argument('-x', action='append_const', const=1)" + END,
        ARGPARSE + "p.add_argument('-x', default=f())" + END,
        ARGPARSE + "p.add_argument('y')" + END,
        OPTPARSE + "p.add_option('-x', action='callback', callback=f)" + BOTH,
        # Other code may add or set them.
        ARGPARSE + X + "q = p.add_argument('-y', action=Action)" + END,
        ARGPARSE + X + "p.add_argument('-y', action=Action)" + END,
        ARGPARSE + X + "p.add_argument(*flags)" + END,
        ARGPARSE + X + "p.add_argument('-y', **more)" + END,
        ARGPARSE + X + "p.add_argument(name)" + END,
        ARGPARSE + X + "add = p.add_argument\nadd('--x', type=int)" + END,
        ARGPARSE + "o = p.add_argument('x')\no.type = int" + END,
        ARGPARSE + X + "p.set_defaults(**more)" + END,
        ARGPARSE + X + "other.more_arguments(p)" + END,
        ARGPARSE + X + "f(parser=p)" + END,
        ARGPARSE + X + "class C:\n    parser = p" + END,
        ARGPARSE + X + "l = [p]" + END,
        ARGPARSE + X + "p._actions[0].type = int" + END,
        HEAD + "p = argparse.ArgumentParser(parents=[other.p])\n" + X + END,
        HEAD + "p = argparse.ArgumentParser(argument_default=1)\n" + X + END,
        HEAD + "p = argparse.ArgumentParser(**more)\n" + X + END,
        HEAD + "class P(argparse.ArgumentParser): pass\np = P()\n" + X + END,
        HEAD + "p = other.parser()\n" + X + END,
        # Somebody else may change what was given.
        ARGPARSE + X + "a = p.parse_args()\nsetattr(a, 'x', 1)\nsee(a.x)",
        ARGPARSE + X + "a = p.parse_args()\na.__dict__['x'] = 1\nsee(a.x)",
        ARGPARSE + X + "a = p.parse_args()\nvars(a)['x'] = 1\nsee(a.x)",
        ARGPARSE + X + "a = p.parse_args()\nvars(a).update(x=1)\nsee(a.x)",
        ARGPARSE + X + "a = p.parse_args()\nother.change(a)\nsee(a.x)",
        ARGPARSE + X + "a = p.parse_args()\ndef f(b): other.change(b)\nf(a)\nsee(a.x)",
        ARGPARSE + X + "a = p.parse_args()\nfor a.x in y: pass\nsee(a.x)",
        ARGPARSE + X + "a = p.parse_args()\nb = a\nb.x = f()\nsee(a.x)",
        ARGPARSE + X + "a = p.parse_args(namespace=n)\nsee(a.x)",
        ARGPARSE + X + "a = p.parse_args([b'x'])\nsee(a.x)",
        ARGPARSE + X + "a = p.parse_args(y)\nsee(a.x)",
        ARGPARSE + X + "a = p.parse_args()\na = f()\nsee(a.x)",
        ARGPARSE + X + "a = p.parse_args()\nexec('a.x = 1')\nsee(a.x)",
        HEAD + "argparse.ArgumentParser = f\np = argparse.ArgumentParser()\n" + X + END,
        ARGPARSE + "p.add_argument('x', nargs='+')\na = p.parse_args()\na.x.append(1)\nfor x in a.x: see(x)",
        ARGPARSE + "p.add_argument('x', nargs='+')\na = p.parse_args()\nb = a.x\nb[0] = 1\nfor x in a.x: see(x)",
        ARGPARSE + X + "a = p.parse_args()\nargparse.ArgumentParser.parse_args = f\nsee(a.x)",
        HEAD + "a, rest = getopt.getopt(y, 'x:')\nfor x in rest: see(x)",
        HEAD + "a, rest = getopt.getopt(sys.argv[1:], 'x:')\nrest.append(1)\nother.f(rest)\nfor x in rest: see(x)",
    ],
)
def test_what_is_unknown(source: str) -> None:
    assert said_of(source) is None
