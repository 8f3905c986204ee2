"""Which texts an expression can be, and where there may be others."""

from __future__ import annotations

import ast

import pytest

from pymodernize.semantics.known_texts import known_texts
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.model import module_of

KNOWN = {
    "here('a')": "a",
    "here('a' if later else 'b')": "a b",
    "x = 'a'\nhere(x)": "a",
    "x = 'a'\nif later:\n    x = 'b'\nhere(x + '.c')": "a.c b.c",
    "for x in ['a', 'b']:\n    here(x)": "a b",
    "names = ['a', 'b']\nprint(len(names))\nfor x in names:\n    here(x)": "a b",
    "names = ('a', 'b')\n[here(x) for x in names]": "a b",
    "def f(x, y='c'):\n    here(x + y)\nf('a')\nf('b', y='d')": "ac ad bc bd",
    "def f():\n    return 'a'\nhere(f())": "a",
    "class A:\n    def __init__(self):\n        self.x = 'a'\n    def run(self):\n        here(self.x)\nA().run()": "a",
}
UNKNOWN = [
    "here(1)",
    "here(b'a')",
    "here(input())",
    "x = 'a'\nx = input()\nhere(x)",
    "x = 'a'\nx += 'b'\nhere(x)",
    "x, y = read()\nhere(x)",
    "x = 'a'\nexec(later)\nhere(x)",
    "names = ['a']\nnames.append(later)\nfor x in names:\n    here(x)",
    "names = ['a']\nother = names\nother.append(later)\nfor x in names:\n    here(x)",
    "names = ['a', *later]\nfor x in names:\n    here(x)",
    "for x in later:\n    here(x)",
    "for x in 'ab':\n    here(x)",
    "for x, y in ['ab']:\n    here(x)",
    "def f(x):\n    here(x)\nrun(f)",
    "def f():\n    if later:\n        return 'a'\nhere(f())",
    "def f(x):\n    here(x)\n    f(x + 'a')\nf('a')",
    "x = 'a'\nwhile later:\n    x = x + x\nhere(x)",
]


def answer(source: str) -> frozenset[str] | None:
    module = module_of(f"import later, read\n{source}\n".encode(), ProjectFacts(path="script.py"))
    call = next(node for node in module.nodes(ast.Call) if getattr(node.func, "id", "") == "here")
    return known_texts(module, call.args[0])


@pytest.mark.parametrize("source", KNOWN)
def test_all_texts_are_written_in_the_file(source: str) -> None:
    assert answer(source) == frozenset(KNOWN[source].split())


@pytest.mark.parametrize("source", UNKNOWN)
def test_there_may_be_others(source: str) -> None:
    assert answer(source) is None
