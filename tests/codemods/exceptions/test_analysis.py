"""What a block is said to raise, operation by operation; and that what it raises when it is run is among that."""

from __future__ import annotations

import ast
import json
import textwrap

import pytest
from toys import model

from pymodernize.semantics.library.exceptions import knowledge
from pymodernize.semantics.module import Module
from pymodernize.semantics.project import ProjectFacts
from pymodernize_codemods._exceptions.clauses import Clause
from pymodernize_codemods._exceptions.hierarchy import Hierarchy, canonical


def clause_of(body: str, before: str = "", facts: ProjectFacts | None = None) -> Clause:
    """The clause of a bare except around some code, in a script that does something."""
    block = textwrap.indent(body, "    ")
    module = model(f"{before}\ntry:\n{block}\nexcept:\n    value = None\nprint('end')\n", facts)
    statement = next(item for item in module.tree.body if isinstance(item, ast.Try))
    return Clause(module, statement, statement.handlers[0])


def types_of(body: str, before: str = "") -> str:
    clause = clause_of(body, before)
    assert clause.is_closed, clause.summary.unknown
    return " ".join(clause.types)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("x = 1", ""),
        ("x = 'a' + 'b'", ""),
        ("x = 1 / 2", ""),
        ("x = 1 // n", "ZeroDivisionError"),
        ("x = 2 ** n", "OverflowError ZeroDivisionError"),
        ("x = 1 << n", "OverflowError ValueError"),
        ("x = 2 ** 3", "OverflowError"),
        ("x = -n", ""),
        ("x = not n", ""),
        ("x = text[3]", "IndexError"),
        ("x = text[1:]", ""),
        ("x = (1, 2)[1]", ""),
        ("x = (1, 2)[2]", "IndexError"),
        ("x = 'a=b'.split('=')[0]", ""),
        ("x = 'a=b'.split('=')[1]", "IndexError"),
        ("x = 'a=b'.split()[0]", "IndexError"),
        ("x = 'a=b'.partition('=')[2]", ""),
        ("x = table['a']", "KeyError"),
        ("x = table.get('a')", ""),
        ("del table['a']", "KeyError"),
        ("table['a'] = 1", ""),
        ("items[0] = 1", "IndexError"),
        ("del items[:]", ""),
        ("items.append(n)", ""),
        ("items.remove(n)", "ValueError"),
        ("items += [1]", ""),
        ("n += 1", ""),
        ("a, b = 1, 2", ""),
        ("a, b = text.split(',')", "ValueError"),
        ("a, *b = text.split(',')", "ValueError"),
        ("for i, c in enumerate(text): pass", ""),
        ("for k, v in table.items(): pass", ""),
        ("for k in table: table.pop(1)", "KeyError RuntimeError"),
        ("for k in list(table): table.pop(1)", "KeyError"),
        ("x = [int(c) for c in text]", "ValueError"),
        ("x = {c: 1 / n for c in text}", "ZeroDivisionError"),
        ("x = '%d' % n", ""),
        ("x = '{} {}'.format(n, n)", ""),
        ("x = '{:d}'.format(n)", "AttributeError LookupError TypeError ValueError"),
        ("x = f'{n}'", ""),
        ("x = f'{n:>{n}}'", ""),
        ("x = n if n else 1 / n", "ZeroDivisionError"),
        ("x = n and int(text)", "ValueError"),
        ("x = n in table", ""),
        ("x = n < 3", ""),
        ("assert n", "AssertionError"),
        ("raise ValueError('x')", "ValueError"),
        ("raise KeyError", "KeyError"),
        ("import json", "ImportError"),
        ("from os import path", "ImportError"),
        ("x = undefined_name", "NameError"),
        ("x = missing_attribute.of", "NameError AttributeError"),
        ("def f(): return 1 / 0", ""),
        ("f = lambda: 1 / 0", ""),
        ("x = int(text)", "ValueError"),
        ("x = int(1.5)", "OverflowError ValueError"),
        ("x = int(n)", ""),
        ("x = float(text)", "ValueError"),
        ("x = float(n)", "OverflowError"),
        ("x = str(n)", ""),
        ("x = len(text)", ""),
        ("x = max(items)", "TypeError ValueError"),
        ("x = max(n, 3)", ""),
        ("x = chr(n)", "OverflowError ValueError"),
        ("x = chr(65)", ""),
        ("x = text.encode('ascii')", "UnicodeEncodeError"),
        ("x = b'a'.decode('utf-8')", "UnicodeDecodeError"),
        ("x = b'a'.decode(text)", "LookupError ValueError"),
        ("x = text.decode('utf-8')", "AttributeError"),
        ("x = open('name')", "OSError"),
        ("x = open(text)", "OSError"),
        ("x = open('name', encoding=text)", "LookupError OSError ValueError"),
        ("with open('name') as f: pass", "OSError ValueError"),
        ("while n: n -= 1", ""),
        ("x = next(iter(text))", "StopIteration"),
        ("x = next(iter(text), None)", ""),
        ("print('plain')", "OSError"),
        ("print(text)", "OSError ValueError"),
        ("if n:\n    x = 1\nelse:\n    x = int(text)", "ValueError"),
    ],
)
def test_the_types_of_an_operation(body: str, wanted: str):
    before = "import sys\nn = len(sys.argv)\ntext = sys.argv[0]\ntable = {}\nitems = []\n"
    missing = "missing_attribute" in body
    clause = clause_of(body, before)
    if missing:
        assert set(clause.types) == {"NameError", "AttributeError"}
        return
    assert clause.is_closed, clause.summary.unknown
    assert set(clause.types) == set(wanted.split())


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("try:\n    x = int('a')\nexcept ValueError:\n    x = 0", ""),
        ("try:\n    x = int('a')\nexcept ValueError:\n    raise", "ValueError"),
        ("try:\n    x = int('a')\nexcept ValueError as e:\n    raise e", "ValueError"),
        ("try:\n    x = int('a')\nexcept (KeyError, ValueError):\n    raise KeyError", "KeyError"),
        ("try:\n    x = int('a')\nexcept Exception:\n    x = 1 / len('')", "ZeroDivisionError"),
        ("try:\n    x = int('a')\nexcept:\n    x = 0\nelse:\n    x = {}['a']", "KeyError"),
        ("try:\n    x = int('a')\nfinally:\n    y = {}['a']", "KeyError ValueError"),
        ("try:\n    x = open('a')\nexcept FileNotFoundError:\n    x = 0", "OSError"),
        ("try:\n    x = open('a')\nexcept OSError:\n    raise RuntimeError", "RuntimeError"),
    ],
)
def test_an_inner_try_keeps_what_it_handles(body: str, wanted: str):
    assert set(types_of(body).split()) == set(wanted.split())


@pytest.mark.parametrize(
    "body",
    [
        "x = handler()",
        "x = handler.work()",
        "x = handler.name",
        "for x in handler: pass",
        "with handler: pass",
        "x = [i for i in handler]",
        "a, b = handler",
        "x = sorted(['a'], key=handler)",
        "x = sum(handler)",
        "exec(handler)",
        "x = getattr(handler, 'a')",
        "raise handler",
        "class A(metaclass=handler): pass",
        "class A: x = handler",
        "@handler\ndef f(): pass",
        "match handler:\n    case 1: pass",
        "x = __import__(handler)",
    ],
)
def test_what_is_not_known_makes_the_set_open(body: str):
    module = model(f"def f(handler):\n    try:\n{textwrap.indent(body, ' ' * 8)}\n    except:\n        x = None\n")
    statement = module.nodes(ast.Try)[0]
    assert not Clause(module, statement, statement.handlers[0]).is_closed


@pytest.mark.parametrize(
    "facts",
    [ProjectFacts(in_package=True), ProjectFacts(beside=frozenset({"copy"})), ProjectFacts(meddled_with=True)],
    ids=["package", "hidden library", "meddled with"],
)
def test_what_surrounds_a_file_makes_its_values_unknown(facts: ProjectFacts):
    before = "import copy\nimport sys\n\n\ndef f(a):\n    return a['x']\n\n\nvalue = copy.copy(sys.argv)\n"
    assert clause_of("x = f(value)", before).is_closed
    assert not clause_of("x = f(value)", before, facts).is_closed


@pytest.mark.parametrize(
    ("before", "body", "why"),
    [
        ("import sys", "sys.exit()", "SystemExit"),
        ("", "quit()", "SystemExit"),
        ("import helper", "helper.run()", "helper"),
        ("from .local import run", "run()", "local"),
        ("", "import local_settings", "local_settings"),
        ("", "eval('1')", "not known"),
        ("import argparse\np = argparse.ArgumentParser()", "p.parse_args()", "SystemExit"),
        ("import sys\ndef stop(): sys.exit()\ndef work(): stop()", "work()", "SystemExit"),
        ("import click\n@click.command()\ndef main(): pass", "main()", "decorated"),
        ("import sys\nclass A:\n    def close(self): sys.exit()\ndef f(a): a.close()", "f(sys.modules)", "close()"),
        ("import argparse\ndef f(p): return p.error('x')", "f(argparse.undefined())", "parser"),
        ("from docopt import docopt", "docopt('x')", "SystemExit"),
    ],
)
def test_what_may_end_the_script(before: str, body: str, why: str):
    clause = clause_of(body, f"{before}\n")
    assert why in clause.leaves


@pytest.mark.parametrize(
    ("before", "body"),
    [
        ("import helper", "helper.run()"),
        ("import helper as h\ntool = h.Tool()", "tool.work(1)"),
        ("from helper import Tool\ndef work(): return Tool().work()", "work()"),
        ("import helper\ndef work():\n    try: helper.run()\n    except Exception: pass", "work()"),
        ("", "import helper"),
    ],
)
def test_packages_do_not_end_the_script_by_assumption(before: str, body: str):
    clause = clause_of(body, f"{before}\n", ProjectFacts(imports_own=False))
    assert not clause.leaves
    assert clause.leaves_by_package
    assert "documented-exceptions" in clause.assumptions


@pytest.mark.parametrize(
    ("before", "body"),
    [
        ("import helper, typer", "helper.run()"),
        ("import helper, sys\ndef leave(): sys.exit()\nhelper.at_end(leave)", "helper.run()"),
        ("import helper, sys\n@helper.command\ndef leave(): sys.exit()", "helper.run()"),
        ("import helper, sys\nhelper.at_end(lambda: sys.exit())", "helper.run()"),
        ("import helper, sys\ndef work():\n    helper.run()\n    sys.exit()", "work()"),
        ("from . import helper", "helper.run()"),
        ("import helper\nfrom helper import *", "helper.run()"),
    ],
)
def test_where_other_code_than_a_package_may_end_the_script(before: str, body: str):
    clause = clause_of(body, f"{before}\n", ProjectFacts(imports_own=False))
    assert clause.leaves
    assert not clause.leaves_by_package


def test_what_does_not_end_the_script():
    for body in ("x = int('a')", "print('a')", "import json", "x = [1].pop()", "raise ValueError"):
        assert clause_of(body).leaves == ""


# --- summaries ------------------------------------------------------------------------------------------------------

CLASSES = """
import sys


class Base:
    limit = 3

    def __init__(self):
        self.items = {}
        self.late()
        self.after = 1

    def late(self):
        pass

    def take(self, key):
        return self.items[key]


class Derived(Base):
    def take(self, key):
        return int(key)


name = sys.argv[0]
base = Base()
"""


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("x = Base()", ""),
        ("x = base.items", ""),
        ("x = base.limit", ""),
        ("x = base.after", "AttributeError"),
        ("x = base.missing", "AttributeError"),
        ("base.other = 1", ""),
        ("x = base.missing()", "AttributeError"),
    ],
)
def test_attributes_of_own_classes(body: str, wanted: str):
    assert set(types_of(body, CLASSES).split()) == set(wanted.split())


def test_a_method_may_be_that_of_a_derived_class():
    found = set(clause_of("x = base.take(name)", CLASSES).types)
    assert {"KeyError", "ValueError"} <= found


def test_functions_that_call_each_other_settle():
    before = """
def a(n):
    return b(n) if n else int("x")


def b(n):
    return c(n - 1)


def c(n):
    try:
        return a(n) + {"a": 1}["b"]
    except ValueError:
        raise LookupError
"""
    # What reaches the end of the chain has gone through the handler, or has not.
    clause = clause_of("a(3)", before)
    assert {"ValueError", "LookupError"} <= clause.analysis.function(clause.module.nodes(ast.FunctionDef)[0]).types


def test_many_functions_that_call_each_other_are_given_up_in_time():
    names = [f"f{number}" for number in range(40)]
    calls = " or ".join(f"{name}(n)" for name in names)
    before = "\n\n\n".join(f"def {name}(n):\n    return {calls}" for name in names) + "\n"
    clause = clause_of("f0(1)", before)
    assert not clause.is_closed


def test_a_signal_handler_adds_its_types():
    before = "import signal\ndef h(a, b): raise TimeoutError\nsignal.signal(signal.SIGTERM, h)\n"
    assert set(types_of("x = int('a')", before).split()) == {"TimeoutError", "ValueError"}
    assert types_of("x = int('a')", before.replace(", h)", ", signal.SIG_IGN)")) == "ValueError"
    assert not clause_of("x = int('a')", before.replace(", h)", ", print)")).is_closed


MORE = """
import collections, contextlib, copy, datetime, io, json, os, pathlib, subprocess, sys, threading
u = copy.copy(json.loads(sys.argv[0]))
text = sys.argv[0]
n = len(text)
maybe = os.environ.get(text)
day = datetime.datetime.now()
span = datetime.timedelta(days=n)
path = pathlib.Path(text)
lock = threading.Lock()
queue = collections.deque()
counts = collections.Counter()


class Item:
    size = 3

    def __init__(self, name):
        self.name = name

    def __str__(self):
        return str(int(self.name))

    def __enter__(self):
        return self

    def __exit__(self, *exc):
        return int(self.name)

    @staticmethod
    def plain():
        return int("x")


item = Item(text)


def twice(value):
    if value:
        return path
    return path / "x"


def nothing():
    pass
"""


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ("maybe.strip()", "AttributeError"),
        ("maybe[0]", "IndexError TypeError"),
        ("maybe + 'a'", "TypeError"),
        ("maybe < 3", "TypeError"),
        ("-maybe", "TypeError"),
        ("text + 'a' + text", ""),
        ("day - day", "OverflowError"),
        ("day + span", "OverflowError"),
        ("day - 3", "OverflowError"),
        ("span / n", "OverflowError ZeroDivisionError"),
        ("path / 'x'", ""),
        ("(path / 'x').read_text()", "OSError ValueError"),
        ("twice(n).read_text()", "OSError ValueError"),
        ("twice(n).name", ""),
        ("nothing().x", "AttributeError"),
        ("x = u.name", "AttributeError"),
        ("u.name = 1", "AttributeError"),
        ("u['a'] = 1", "IndexError KeyError TypeError ValueError"),
        ("u['a'] += 1", "IndexError KeyError OverflowError TypeError ValueError ..."),
        ("u.size += 1", "AttributeError OverflowError TypeError ..."),
        ("del u.size", "AttributeError"),
        ("del u['a']", "IndexError KeyError TypeError"),
        ("del (u['a'], u['b'])", "IndexError KeyError TypeError"),
        ("os.environ['a'] = text", "OSError TypeError ValueError"),
        ("os.environ[text]", "KeyError"),
        ("del os.environ['A']", "KeyError"),
        ("maybe['a'] = 1", "TypeError"),
        ("text[0] = 'b'", "TypeError"),
        ("queue[0] = 1", "IndexError KeyError TypeError ValueError"),
        ("queue.popleft()", "IndexError"),
        ("counts['a']", ""),
        ("counts['a'] = 1", ""),
        ("u[1:2]", "KeyError TypeError"),
        ("text[u:]", "TypeError"),
        ("text[u]", "IndexError TypeError"),
        ("{u: 1}", "TypeError"),
        ("{u}", "TypeError"),
        ("{**u}", "TypeError"),
        ("{u for u in text}", ""),
        ("{c: n for c in text}", ""),
        ("[*text]", ""),
        ("[*u]", "OSError TypeError ValueError"),
        ("a, b = u", "TypeError ValueError"),
        ("(a, b), c = text, n", "ValueError"),
        ("[a, b] = 'x', 'y'", ""),
        ("a.b, c = text.split(',')", "AttributeError NameError ValueError"),
        ("for a, b in u: pass", "OSError TypeError ValueError"),
        ("for a, (b, c) in enumerate(text): pass", "TypeError ValueError"),
        ("for a in text, n: pass", ""),
        ("with lock: pass", "RuntimeError ValueError"),
        ("with item: pass", "OverflowError TypeError ValueError"),
        ("with item as i: i.plain()", "AttributeError OverflowError TypeError ValueError ..."),
        ("with u: pass", " ..."),
        ("with contextlib.suppress(KeyError): {}['a']", ""),
        ("with path.open() as f: f.read()", "AttributeError OSError ..."),
        ("x = str(item)", "OverflowError TypeError ValueError ..."),
        ("x = f'{item}'", "OverflowError TypeError ValueError"),
        ("x = f'{u:d}'", "OverflowError TypeError ValueError"),
        ("x = f'{u}'", "OverflowError TypeError ValueError"),
        ("x = '%s' % item", "OverflowError TypeError ValueError"),
        ("x = '%d%%' % 1.5", "OverflowError ValueError"),
        ("x = '%(a)s' % u", "KeyError OverflowError TypeError ValueError"),
        ("x = '%(a)s' % {'a': 1}", ""),
        ("x = text % n", "KeyError OverflowError TypeError ValueError"),
        ("x = u % n", "KeyError TypeError ValueError ZeroDivisionError ..."),
        ("x = u + u", "OverflowError TypeError ..."),
        ("x = u ** 2", "OverflowError TypeError ..."),
        ("x = u < 3", "TypeError"),
        ("x = u == 3", ""),
        ("x = u in text", "TypeError"),
        ("x = text in u", "OSError TypeError ValueError"),
        ("x = n in [1]", ""),
        ("x = 3 in u", "OSError TypeError ValueError"),
        ("x = not u", ""),
        ("x = u and n", ""),
        ("x = ~u", "TypeError"),
        ("x = item + 1", "TypeError"),
        ("x = item == 3", ""),
        ("x = item.size", ""),
        ("x = item.plain()", "ValueError"),
        ("x = Item(text).name", ""),
        ("x = Item.plain()", "AttributeError ..."),
        ("x = sorted(text, key=int)", "OverflowError TypeError ValueError"),
        ("x = sorted(text, key=lambda c: int(c))", "OverflowError TypeError ValueError"),
        ("x = sorted(text, key=str.lower)", "TypeError"),
        ("x = sorted(text, key=nothing)", ""),
        ("x = list(map(int, text))", "OverflowError TypeError ValueError"),
        ("x = list(map(u, text))", "..."),
        ("x = map(int, text)", "OverflowError TypeError ValueError"),
        ("x = sorted([u])", "TypeError"),
        ("x = sorted([1, 2])", ""),
        ("x = ','.join([u])", "TypeError"),
        ("x = ','.join(text.split())", ""),
        ("x = set([u])", "TypeError"),
        ("x = list([u])", ""),
        ("x = max(u, n)", "TypeError"),
        ("x = sum([1.5, n])", ""),
        ("x = min(text)", "ValueError"),
        ("x = max(text, default=n)", "ValueError"),
        ("x = u.strip().split(',')", "AttributeError ValueError"),
        ("x = u.decode()", "AttributeError LookupError ValueError"),
        ("x = u.index(n)", "AttributeError ValueError"),
        ("x = bool(u)", ""),
        ("x = len(u)", "TypeError"),
        ("x = getattr(u, 'a')", "AttributeError TypeError ..."),
        ("x = getattr(u, 'a', None)", "TypeError ..."),
        ("setattr(u, 'a', 1)", "AttributeError TypeError ..."),
        ("x = int()", ""),
        ("x = int(None)", "TypeError"),
        ("x = int(u)", "OverflowError TypeError ValueError"),
        ("x = int(u, 16)", "OverflowError TypeError ValueError"),
        ("x = float('1')", "ValueError"),
        ("x = print(u)", "OSError OverflowError TypeError ValueError"),
        ("x = print(item)", "OSError OverflowError TypeError ValueError ..."),
        ("x = subprocess.run(['ls', text])", "OSError ValueError"),
        (
            "x = subprocess.run([text], check=True, timeout=n)",
            "IndexError OSError ValueError subprocess.CalledProcessError subprocess.TimeoutExpired",
        ),
        ("x = subprocess.run(*u)", "IndexError OSError TypeError ValueError ..."),
        ("x = os.path.join(*u)", "OSError TypeError ValueError ..."),
        ("x = json.dumps(item)", "TypeError ValueError ..."),
        ("x = json.dumps(u, default=nothing)", "TypeError ValueError"),
        ("x = os.remove(item)", "OSError TypeError ValueError ..."),
        ("x = ''.format(*u)", "LookupError OSError OverflowError TypeError ValueError"),
        ("x = text.format(n)", "AttributeError LookupError TypeError ValueError"),
        ("x = (y := int(text))", "ValueError"),
        ("if (y := n): y", "NameError"),
        ("class Local: pass", " ..."),
        ("def inner(a=int(text)): pass", "NameError ValueError"),
        ("x = super().name", "AttributeError"),
        ("x = Item.missing", "AttributeError"),
        ("x = __name__", ""),
        ("x = unknown if n else 3", "NameError"),
        ("lambda a=int(text): a", "ValueError"),
        ("x = os.no_such_name", "AttributeError"),
        ("x = os.path.no_such_name", "AttributeError"),
        ("x = sys.no_such_function()", "AttributeError ..."),
        ("x = ValueError('x').args", "AttributeError"),
        ("raise ValueError from None", "ValueError"),
        ("raise json.JSONDecodeError('a', 'b', 1)", "json.JSONDecodeError"),
        ("async def later(): pass", ""),
        ("x = io.StringIO().read()", "ValueError"),
        ("x = (1, 2)[-1]", ""),
        ("x = (1, 2)[n]", "IndexError"),
        ("x = [c for c in text if int(c)]", "ValueError"),
        ("x = [a for a, b in u]", "OSError TypeError ValueError"),
        ("return_value = nothing()", ""),
        ("global_name = threading.Thread(target=nothing).start()", "AssertionError RuntimeError"),
        (
            "try: x = open(text)\nexcept json.JSONDecodeError: raise\nexcept (OSError, nothing): raise",
            "OSError",
        ),
        ("try: x = u.x\nexcept KeyError: raise", "AttributeError"),
        ("try: x = u()\nexcept Exception: raise", "..."),
        ("try: x = u()\nexcept KeyError: raise", "KeyError ..."),
        ("try: x = u()\nexcept Exception: x = 1", ""),
        ("match n:\n    case 1: pass", "..."),
    ],
)
def test_the_types_of_further_operations(body: str, wanted: str):
    clause = clause_of(body, MORE)
    assert set(clause.types) | (set() if clause.is_closed else {"..."}) == set(wanted.split())


# --- values of one of several classes -----------------------------------------------------------------------------

ONE_OF = """
import os, sys
some = len(sys.argv)
mixed = "file" if some else False
also_list = "file" if some else ["file"]
also_real = 1 if some else 2.5
also_number = 1 if some else "1"
whole = 1 if some else True
pair = "a b".split() if some else None
items = ["a"]
table = {"a": 1}
"""


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        # The value is a text in most runs, and works: the others are no programs that are broken in every run.
        ("os.remove(mixed)", "OSError TypeError ValueError"),
        ("open(also_list)", "OSError TypeError ValueError"),
        ("x = table[also_list]", "KeyError TypeError"),
        ("table[also_list] = 1", "TypeError"),
        ("x = {also_list: 1}", "TypeError"),
        ("x = also_list in table", "TypeError"),
        ("x = items[also_real]", "IndexError TypeError"),
        ("items[also_real] = 1", "IndexError TypeError"),
        ("del items[also_real]", "IndexError TypeError"),
        ("x = items[also_real:]", "TypeError"),
        ("x = mixed + 'x'", "TypeError"),
        ("x = also_number < 2", "TypeError"),
        ("x = also_number % 2", "KeyError TypeError ValueError"),
        ("x = -also_number", "TypeError"),
        ("x = os.environ[mixed]", "KeyError TypeError"),
        ("x = also_list.index('f')", "TypeError ValueError"),
        ("x = '%d' % also_number", "TypeError"),
        ("x = f'{also_number:5d}'", "OverflowError TypeError ValueError"),
        ("x = sorted(['a', also_number])", "TypeError"),
        ("one, two = pair", "TypeError ValueError"),
        # What does wherever the other does, too, and numbers among numbers.
        ("x = items[whole]", "IndexError"),
        ("x = also_real + whole", ""),
        ("x = also_real < whole", ""),
        ("x = sum([1, also_real])", ""),
        ("x = also_real in table", ""),
        # None has no method at all, whatever it gets.
        ("x = pair.index('a')", "AttributeError ValueError"),
    ],
)
def test_one_of_several_classes_may_be_wrong(body: str, wanted: str):
    clause = clause_of(body, ONE_OF)
    assert clause.is_closed
    assert set(clause.types) == set(wanted.split())


# --- the hierarchy --------------------------------------------------------------------------------------------------


def hierarchy(source: str = "") -> Hierarchy:
    return Hierarchy(model(source))


@pytest.mark.parametrize(
    ("names", "wanted"),
    [
        ("FileNotFoundError OSError", "OSError"),
        ("UnicodeDecodeError ValueError json.JSONDecodeError", "ValueError"),
        ("KeyError IndexError", "IndexError KeyError"),
        ("LookupError IndexError", "LookupError"),
        ("sqlite3.OperationalError sqlite3.Error OSError", "OSError sqlite3.Error"),
        ("subprocess.TimeoutExpired subprocess.CalledProcessError", None),
        ("http.client.RemoteDisconnected OSError", "OSError"),
        ("Exception ValueError", "Exception"),
    ],
)
def test_reduced_by_the_hierarchy(names: str, wanted: str | None):
    found = hierarchy().reduced(names.split())
    assert found == (wanted.split() if wanted is not None else sorted(names.split()))


def test_at_most_two():
    three = "IndexError KeyError OSError".split()
    assert hierarchy().at_most(three) == ["LookupError", "OSError"]
    assert hierarchy().at_most([*three, "TypeError"]) is None
    assert hierarchy().at_most([*three, "TypeError"], 3) == ["LookupError", "OSError", "TypeError"]
    assert hierarchy().at_most(["IndexError", "KeyError"]) == ["IndexError", "KeyError"]


def test_classes_of_the_module():
    made = hierarchy("class A(Exception): pass\nclass B(A, KeyError): pass\nclass C(X): pass\nclass D(D): pass\n")
    assert made.ancestors("<own>.B") == {
        "<own>.B",
        "<own>.A",
        "KeyError",
        "LookupError",
        "Exception",
        "BaseException",
    }
    assert made.ancestors("<own>.C") is None
    assert made.ancestors("<own>.D") is None
    assert made.is_caught("<own>.B", {"LookupError"})


def test_names_of_exceptions():
    assert canonical("builtins.IOError") == "OSError"
    assert canonical("socket.timeout") == "TimeoutError"
    assert canonical("json.decoder.JSONDecodeError") == "json.JSONDecodeError"
    assert canonical("builtins.print") is None
    assert canonical("json.loads") is None


def test_methods_of_a_class_are_found_through_its_base():
    assert knowledge().method("ssl.SSLSocket", "recv") is not None
    assert knowledge().method("ssl.SSLSocket", "no_such_method") is None
    assert knowledge().knows_class("socket.socket") and not knowledge().knows_class("no.such.Class")


# --- what comes when it is run --------------------------------------------------------------------------------------

VALUES = [
    "None",
    "''",
    "'7'",
    "'x'",
    "b'7'",
    "7",
    "-1",
    "0",
    "1.5",
    "float('inf')",
    "[]",
    "[1]",
    "{}",
    "{'a': 1}",
    "()",
]
VALUES += ["object()", "True", "'a\\0b'", "{'x': {'y': 'z'}}", "['x']", "1j", "open", "range(3)", "set()"]
_DESCRIPTORS = {"7", "-1", "0", "True"}
BODIES = [
    "r = int(v)",
    "r = float(v)",
    "r = v['a']",
    "r = v[0]",
    "r = v[0]['a']",
    "r = v[1:]",
    "r = v['x']['y']",
    "r = 10 / v",
    "r = v + 1",
    "r = v % 3",
    "r = 'n: %d' % v",
    "r = '%s' % v",
    "r = v < 3",
    "r = -v",
    "r = v.strip()",
    "r = v.lower().split(',')[1]",
    "r = v.decode('utf-8')",
    "r = v.name",
    "r = len(v)",
    "r = chr(v)",
    "r = ord('a') + int(v)",
    "r = 'a' in v",
    "r = {v: 1}",
    "r = open(v).read()",
    "import os\nr = os.listdir(v)",
    "import os\nr = os.path.join('a', v)",
    "import os\nr = os.path.getsize(v)",
    "import os\nos.remove(v)",
    "import json\nr = json.loads(v)",
    "import re\nr = re.match(v, 'a')",
    "import re\nr = re.match('a', v).group(1)",
    "import datetime\nr = datetime.datetime.strptime(v, '%Y')",
    "import time\nr = time.strftime('%Y', v)",
    "import time\nr = time.localtime(v)",
    "import base64\nr = base64.b64decode(v)",
    "import struct\nr = struct.unpack('I', v)",
    "import socket\nr = socket.inet_aton(v)",
    "import shutil\nshutil.copyfile(v, 'elsewhere/x')",
    "import math\nr = math.sqrt(v)",
    "import random\nr = random.randint(0, v)",
    "import urllib.parse\nr = urllib.parse.urlparse(v).netloc",
    "import uuid\nr = uuid.UUID(v)",
    "import ipaddress\nr = ipaddress.ip_address(v)",
    "import zlib\nr = zlib.decompress(v)",
    "import hashlib\nr = hashlib.md5(v)",
    "import binascii\nr = binascii.unhexlify(v)",
    "import subprocess\nr = subprocess.list2cmdline(v)",
    "import calendar\nr = calendar.monthrange(2000, v)",
    "import textwrap\nr = textwrap.dedent(v)",
    "import shlex\nr = shlex.quote(v)",
    "import html\nr = html.escape(v)",
    "import configparser\nc = configparser.ConfigParser()\nc.add_section('a')\nr = c.get('a', v)",
    "import sqlite3\nr = sqlite3.connect(':memory:').execute('select ?', (v,)).fetchall()",
    "import ast\nr = ast.literal_eval(v)",
    "import locale\nr = locale.atoi(v)",
    "import statistics\nr = round(v)",
    "import csv\nr = csv.writer(open('out.csv', 'w')).writerow(v)",
]


UNKNOWN = "import copy\nv = copy.copy({})\n"
DOCUMENT = "import json\nv = json.loads('{}')\n"
DOCUMENTS = (
    *("null", "true", "0", "-3", "2.5", "1e400", "NaN", '""', '"a"', '"1,2"', '"%d %s"', '"{0.x}"', "[]", '[1, "a"]'),
    *(
        '[["a", 1], ["b", 2]]',
        "[[]]",
        '[{"a": 1}]',
        "{}",
        '{"a": 1}',
        '{"a": {"a": "b"}, "b": [1]}',
        '{"a": [1, null]}',
    ),
)
OF_DOCUMENTS = [
    "r = v['a']['a']",
    "r = v[0]['a']",
    "r = v['b'][0] + 1",
    "r = v['a'] - 273.15",
    "r = v['a'] / v['b'][0]",
    "r = v['a'] % 3",
    "r = v['a'] % v",
    "r = v['a'] * 3",
    "r = -v['a']",
    "r = v['a'] < 3",
    "r = v['a'] < v['b']",
    "r = 'a' in v['a']",
    "r = [-x for x in v['a']]",
    "for x in v: r = x['a'].upper()",
    "for k, x in v.items(): r = k.upper() + x",
    "for x in v.values(): r = x[0]",
    "for x in v.get('a', []): r = x.lower()",
    "a, b = v['a']",
    "a, b = v[0]",
    "r = int(v['a'])",
    "r = float(v[0])",
    "r = 'x'.join(v['a'])",
    "r = sorted(v['a'])",
    "r = sum(v)",
    "r = v.get('a').strip()",
    "r = v['a'].get('a', 3) + 1",
    "r = v.pop('a')",
    "r = v.popitem()",
    "r = v.index('a')",
    "r = v['a'].split(',')[1]",
    "r = f\"{v['a']:5d}\"",
    "r = '%d' % v['a']",
    "r = '{}'.format(v['a'])",
    "r = v['a'][1:]",
    "r = v[:2][0]['a']",
    "r = len(v['a'])",
    "r = max(v['a'])",
    "r = {v['a']: 1}",
    "r = set(v)",
    "v['a'] += 1",
    "v['a']['b'] = 1",
    "v[0] = 1",
    "v.append(1)",
    "del v['a']",
    "v.append(v)\nr = v[0]['a'].upper()",
    "r = v | v",
    "r = v + v",
    "r = ~v['a']",
    "r = v['a'] ** v['a']",
    "r = v['a'] << v['a']",
    "r = print(v['a'])",
    "r = v['a'].decode()",
    "r = v.has_key('a')",
]


@pytest.mark.parametrize(
    "body", [*OF_DOCUMENTS, *(item for item in BODIES if "open" not in item and "os." not in item)]
)
def test_nothing_else_comes_of_a_document(body: str, tmp_path, monkeypatch):
    """The same body with documents of every kind that json decodes."""
    monkeypatch.chdir(tmp_path)
    clause = clause_of(body, DOCUMENT)
    assert body not in OF_DOCUMENTS or clause.is_closed, clause.summary.unknown
    names = frozenset(clause.types)
    code = compile(body, "body", "exec")
    for document in DOCUMENTS if clause.is_closed and "shutil" not in body else ():
        try:
            exec(code, {"v": json.loads(document)})
        except Exception as exc:
            above = {_name(kind) for kind in type(exc).__mro__}
            assert above & names, (document, type(exc), exc, sorted(names))


@pytest.mark.parametrize("body", BODIES)
def test_nothing_comes_that_is_not_in_a_closed_set(body: str, tmp_path, monkeypatch):
    """The same body with values of every kind: what it raises is in the set, if that is said to be closed."""
    monkeypatch.chdir(tmp_path)
    clause = clause_of(body, UNKNOWN)
    if not clause.is_closed:
        return
    names = frozenset(clause.types)
    code = compile(body, "body", "exec")
    # Numbers would be taken for open files, those of the test run among them.
    values = [
        value
        for value in VALUES
        if not any(word in body for word in ("open", "os.", "shutil")) or value not in _DESCRIPTORS
    ]
    for value in values:
        try:
            exec(code, {"v": eval(value)})  # noqa: S307
        except Exception as exc:
            above = {_name(kind) for kind in type(exc).__mro__}
            assert above & names, (value, type(exc), exc, sorted(names))


def test_most_of_these_are_closed():
    closed = [body for body in BODIES if clause_of(body, UNKNOWN).is_closed]
    assert len(closed) >= 40


def _name(kind: type) -> str | None:
    return canonical(f"{kind.__module__}.{kind.__qualname__}") or _OTHER.get(kind.__qualname__)


# Classes that are defined in another module than they are named by.
_OTHER = {"error": "re.error", "JSONDecodeError": "json.JSONDecodeError"}


def test_the_module_is_not_changed():
    module: Module = model("try:\n    x = int('a')\nexcept:\n    x = 0\n")
    dumped = ast.dump(module.tree)
    statement = module.nodes(ast.Try)[0]
    assert Clause(module, statement, statement.handlers[0]).types == ["ValueError"]
    assert ast.dump(module.tree) == dumped
