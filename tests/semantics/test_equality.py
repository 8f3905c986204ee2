"""Where == with None asks for identity: what the analysis says is compared with what the programs do."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pymodernize.semantics.equality import is_identity_with_none
from pymodernize.semantics.module import Module
from pymodernize.source import SourceFile

START = """\
import re

class Odd:
    def __eq__(self, other): return True
class Derived(Odd): pass
def given(value): return value
def perhaps(value):
    if value: return [value]
class Holder:
    def __init__(self): self.kept = None
    def keep(self, value): self.kept = value
    def get(self): return see(self.kept)
holder = Holder()
seen = []
def see(value):
    seen.append(value)
    return value
one, two = None, 1
"""
# The comparisons of these classes have no name in the file.
PLAIN = START.replace("    def __eq__(self, other): return True", "    pass")


def said(source: str) -> list[bool]:
    """What is said of the argument of each call of see(), in the order of the file."""
    module = Module(SourceFile.decode(source.encode()))
    calls = [node for node in module.nodes(ast.Call) if ast.unparse(node.func) == "see"]
    calls.sort(key=lambda node: (node.lineno, node.col_offset))
    return [is_identity_with_none(module, call.args[0]) for call in calls]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("see(re.match('a', 'b'))", True),
        ("see(Odd())", False),
        ("see(Derived())", False),
        ("see(given(Odd()))", False),
        ("see(perhaps(1))", True),
        ("see(perhaps(Odd()))", True),
        ("see(None or 'a')", True),
        ("see(1 if two else Odd())", False),
        ("see((three := re.compile('a')))", True),
        ("see(lambda: 1)", True),
        ("see([Odd()][0])", False),
        ("see(unknown())", False),
        ("async def later(): pass\nsee(later())", False),
        ("def items(): yield Odd()\nsee(items())", True),
        ("re.match = given\nsee(re.match('a', 'b'))", False),
        ("from library import *\nsee(two)", False),
    ],
)
def test_what_is_said(source: str, expected: bool) -> None:
    assert said(f"{START}{source}\n")[-1] is expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("see(Odd())", True),
        ("see(Derived())", True),
        ("class Mine(Exception): pass\nsee(Mine())", True),
        ("class Mine(Library): pass\nsee(Mine())", False),
        ("class Mine(metaclass=Odd): pass\nsee(Mine())", False),
        ("@changed\nclass Mine: pass\nsee(Mine())", False),
        ("import dataclasses\n@dataclasses.dataclass\nclass Mine: pass\nsee(Mine())", True),
        ("class Mine:\n    def __new__(cls): return other()\nsee(Mine())", False),
        ("class Mine(Mine): pass\nsee(Mine())", True),  # which raises
        ("changed(Odd)\nsee(Odd())", False),
        ("isinstance(two, Odd)\nsee(Odd())", True),
        ("odd = Odd()\nodd.__class__ = other()\nsee(Odd())", False),
        ("setattr(holder, 'kept', 1)\nsee(Odd())", False),
        ("try: pass\nexcept ValueError as exc: see(exc)", True),
    ],
)
def test_classes_of_the_file(source: str, expected: bool) -> None:
    assert said(f"{PLAIN}{source}\n")[-1] is expected


VALUES = st.sampled_from(
    """None 1 'a' [] Odd() Derived() one two given(two) given(None) perhaps(one) perhaps(two) holder.get()
    re.match('a','b') re.compile('a').search('a') (one,two)[0] {1:two}.get(1) (lambda:1) Holder() max(1,2)""".split()
)
STEPS = st.one_of(
    st.builds("{} = {}".format, st.sampled_from(["one", "two"]), VALUES),
    st.builds("{} = {} if len(seen) % 2 else {}".format, st.sampled_from(["one", "two"]), VALUES, VALUES),
    st.builds("for one in [{}, {}]: see(one)".format, VALUES, VALUES),
    st.builds("holder.keep({})".format, VALUES),
    st.builds("see({})".format, VALUES),
    st.builds("see({} or {})".format, VALUES, VALUES),
    st.sampled_from(["see(one)", "see(two)", "holder.get()"]),
)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.lists(STEPS, min_size=1, max_size=8))
def test_random_programs(steps: list[str]) -> None:
    source = START + "\n".join(steps) + "\nsee(one)\nsee(two)\nholder.get()\n"
    number = iter(range(1000))
    marked = ast.parse(source)
    places = [node for node in ast.walk(marked) if isinstance(node, ast.Call) and ast.unparse(node.func) == "see"]
    places.sort(key=lambda node: (node.lineno, node.col_offset))
    for call in places:
        call.keywords = [ast.keyword("place", ast.Constant(next(number)))]
    differing: set[int] = set()

    def see(value: object, place: int) -> object:
        names["seen"].append(value)
        if (value == None) is not (value is None):  # noqa: E711 - it is the question
            differing.add(place)
        return value

    names: dict = {"__name__": "script"}
    tree = ast.fix_missing_locations(marked)
    tree.body = [item for item in tree.body if not (isinstance(item, ast.FunctionDef) and item.name == "see")]
    names["see"] = see
    exec(compile(tree, "script.py", "exec"), names)  # noqa: S102 - the program is made here
    assert not [place for place, is_same in enumerate(said(source)) if is_same and place in differing]
