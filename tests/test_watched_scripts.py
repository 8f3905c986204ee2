"""Nothing comes in a run that the analysis rules out: scripts that try to get around it, and random ones."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from randomised import examples
from script_grammar import GuardScripts, ListScripts
from watching import watch

ARGUMENTS = [["file"], ["./"], [""], ["folder/", "./file"], ["."], ["a//b"]]
# Each gets a value to where it is not looked for at first sight.
WAYS_AROUND = """
#### A comprehension that binds the name again behind the test.
print([os.path.join('d', x) for x in sys.argv if os.path.isfile(x) for x in ['', './', 'a/']])
#### Slices that are not written as such.
x = []
x[slice(0, 0)] = ['./']
for y in x: print(os.path.basename(y))
####
s = slice(0, 1)
x = [1]
x[s] = ['a', 'b']
for y in x: print(y)
####
x = [1]
class A:
    def __setitem__(self, k, v): x[k] = ['a', str(v)]
A()[0:1] = 5
for y in x: print(y)
#### Operators of the script's own that keep the other operand, or add to it.
x = ['a']
class A:
    def __radd__(self, other): other.append(5)
x + A()
for y in x: print(y)
####
x = ['a']
class A:
    def __contains__(self, other): other.append(5)
x in A()
for y in x: print(y)
####
x = ['a']
class A:
    def __lshift__(self, other): self.kept = other
a = A()
a << x
a.kept.append(5)
for y in x: print(y)
#### Variables that are set without being named.
x = 'a'
def f(): print(x)
f.__globals__['x'] = 5
f()
####
import inspect
x = 'a'
inspect.currentframe().f_globals['x'] = 5
print(x)
####
x = 'a'
for g in [globals]: g()['x'] = 5
print(x)
####
x = 'a'
list(map(exec, ['x = 5']))
print(x)
####
import importlib
x = 'a'
importlib.import_module('__main__').x = 5
print(x)
####
x = 'a'
__import__(__name__).x = 5
print(x)
####
import timeit
def f(x): return x
timeit.timeit('f(b"x")', 'from __main__ import f', number=1)
print(f('a'))
#### Names of other modules that are set without being named.
import string
old = string.digits
setattr(string, 'digits', 5)
print(string.digits)
string.digits = old
####
import string
old = string.digits
vars(string)['digits'] = 5
print(string.digits)
string.digits = old
####
import string
old = string.digits
string.__dict__['digits'] = 5
print(string.digits)
string.digits = old
####
import string
old = string.digits
vars(string).update(digits=5)
print(string.digits)
vars(string).update(digits=old)
####
from unittest import mock
with mock.patch('os.getcwd', lambda: 5): print(os.getcwd())
####
from unittest import mock
with mock.patch.object(os, 'getcwd', lambda: 5): print(os.getcwd())
####
from unittest import mock
with mock.patch.multiple(os, getcwd=lambda: 5): print(os.getcwd())
####
p = os.path
old = p.isfile
p.isfile = lambda n: True
for x in sys.argv[1:]:
    if os.path.isfile(x): print(os.path.join(x, 'a'))
p.isfile = old
####
old = sys.exit
setattr(sys, 'exit', print)
for x in sys.argv[1:]:
    if not os.path.isfile(x): sys.exit()
    print(x)
setattr(sys, 'exit', old)
#### Parsers that work in a way of their own.
import optparse
parser = optparse.OptionParser()
parser.add_option('-o', nargs=1)
o, a = parser.parse_args(['-o', 'x'] + sys.argv[9:])
print(o.o)
####
import optparse
parser = optparse.OptionParser()
parser.add_option('-o')
parser.get_option('-o').type = 'int'
o, a = parser.parse_args(['-o5'] + sys.argv[9:])
print(o.o)
####
import argparse
parser = argparse.ArgumentParser()
parser.add_argument('--n', nargs='*', type=int)
parser.set_defaults(n='5')
print(parser.parse_args(sys.argv[9:]).n)
####
import argparse
parser = argparse.ArgumentParser()
parser.argument_default = 5
parser.add_argument('--n')
print(parser.parse_args(sys.argv[9:]).n)
####
import argparse
parser = argparse.ArgumentParser()
parser.error = print
parser.add_argument('n')
print(parser.parse_args(sys.argv[9:]).n)
####
import argparse
parser = argparse.ArgumentParser()
class A(argparse.Action):
    def __call__(self, parser, space, *_): vars(space)['n'] = 5
parser.register('action', None, A)
parser.add_argument('n')
print(parser.parse_args(['x'] + sys.argv[9:]).n)
"""
SCRIPTS = [script for script in re.split("^####.*\n", WAYS_AROUND, flags=re.MULTILINE) if script.strip()]


@pytest.fixture(scope="module", autouse=True)
def folder(tmp_path_factory: pytest.TempPathFactory):
    """The files that the scripts look for."""
    place = tmp_path_factory.mktemp("watched")
    (place / "folder").mkdir()
    (place / "file").write_text("some\nlines\n")
    (place / "link").symlink_to("folder")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(place)
        yield place


@pytest.mark.parametrize("source", SCRIPTS)
def test_ways_around(source: str):
    for seed, arguments in enumerate(ARGUMENTS):
        assert watch(f"import os, sys\n{source}\n", arguments, seed) == []


def test_mistakes_are_seen(monkeypatch: pytest.MonkeyPatch):
    """What comes to a list by another name would be missed."""
    monkeypatch.setattr("pymodernize.semantics.additions.Additions._kept", lambda *_: [])
    (first, *_) = watch("import sys\na = ['x']\nb = a\nb.append(5)\nfor c in a: print(c)\n")
    assert first.startswith("5: a gave ['x', 5]; contents: ")


@pytest.mark.no_cover
@given(st.integers(0, 10**6), st.sampled_from(ARGUMENTS))
@settings(max_examples=examples(60), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_scripts(seed: int, arguments: list[str]):
    choose = random.Random(seed)  # noqa: S311 - no secrets
    source = (GuardScripts if seed % 2 else ListScripts)(choose).script()
    assert watch(source, arguments, seed) == [], source
