"""Types are sound: what a snippet gives when it is executed is among what the model says of it."""

# The functions themselves are what is tested.
# pymodernize: skip-file
from __future__ import annotations

import ast
import builtins
import datetime
import importlib
import io
import itertools
import json
import os
import re
import subprocess
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from randomised import examples

from pymodernize.semantics.library import results
from pymodernize.semantics.library.bindings import STAR_SHADOWS
from pymodernize.semantics.module import Module
from pymodernize.semantics.project import ProjectFacts
from pymodernize.semantics.types import Types, names_of, parse
from pymodernize.source import SourceFile

# What the model calls a class, by what it is called at run time.
OWN_NAMES = {
    "_Environ": "os.environ",
    "BufferedReader": "io.BufferedIOBase",
    "BufferedWriter": "io.BufferedIOBase",
    "BufferedRandom": "io.BufferedIOBase",
    "FileIO": "io.BufferedIOBase",
    "TextIOWrapper": "io.TextIOWrapper",
    "Match": "re.Match",
    "datetime": "datetime.datetime",
    "date": "datetime.date",
    "stat_result": "os.stat_result",
    "struct_time": "time.struct_time",
    "timedelta": "datetime.timedelta",
    "UUID": "uuid.UUID",
    "CompletedProcess": "subprocess.CompletedProcess",
    **{name: f"threading.{name}" for name in ("Condition", "Event", "Thread", "Timer")},
    "DirEntry": "os.DirEntry",
    "PosixPath": "pathlib.Path",
    "WindowsPath": "pathlib.Path",
}


def name_of(value: object) -> str:
    if isinstance(value, Exception):
        return "exception"
    return OWN_NAMES.get(type(value).__name__, type(value).__name__)


def names(types: Types | None) -> set[str] | None:
    return None if types is None else names_of(types)


def observed(source: str) -> list[tuple[set[str] | None, set[str]]]:
    """For each ``see(...)`` of a script: what the model says of its argument, and what was there in a run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = Module(SourceFile.decode(source.encode()))
        assert module.is_closed, source
        calls = [node for node in module.nodes(ast.Call) if isinstance(node.func, ast.Name) and node.func.id == "see"]
        said = [names(module.type_of(call.args[0])) for call in calls]
        seen: list[set[str]] = [set() for _ in calls]
        places = {id(call): number for number, call in enumerate(calls)}
        for call in calls:
            call.args.append(ast.Constant(places[id(call)]))
        tree = ast.fix_missing_locations(module.tree)

        def see(value: object, place: int) -> object:
            seen[place].add(name_of(value))
            return value

        exec(compile(tree, "<snippet>", "exec"), {"see": see, "__name__": "__main__", "__file__": "snippet.py"})
    return list(zip(said, seen, strict=True))


def check(source: str) -> None:
    for said, seen in observed(source):
        assert said is None or seen <= said, f"says {said}, is {seen}:\n{source}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # Plain values and operations: what is to be known.
        ("see(1)", "int"),
        ("see('%s' % 1)", "str"),
        ("see(f'{1}')", "str"),
        ("see(1 / 2)", "float"),
        ("see(1 // 2)", "int"),
        ("see(True + True)", "int"),
        ("see(-True)", "int"),
        ("see(not 1)", "bool"),
        ("see(1 < 2.0)", "bool"),
        ("see(1 in [1])", "bool"),
        ("see('a' * 2)", "str"),
        ("see(2 ** -1)", "int float"),
        ("see((-8) ** 0.5)", None),
        ("see(1 and 'a')", "int str"),
        ("see(1 if 2 else 'a')", "int str"),
        ("see([1][0])", "int"),
        ("see((1, 'a')[1])", "str"),
        ("see((1, 'a')[True])", "str"),
        ("see((1, 'a')[-1])", "int str"),
        ("see((1, 'a')[1:])", "tuple"),
        ("see((1, 'a')[1:][0])", "int str"),
        ("see({1: 'a'}[1])", "str"),
        ("see('abc'[0])", "str"),
        ("see(b'abc'[0])", "int"),
        ("see(b'abc'[:1])", "bytes"),
        ("see(round(1.5))", "int"),
        ("see(round(1.25, 1))", "int float"),
        ("see(round(1.25, ndigits=1))", "int float"),
        ("see(sum([1, 2]))", "int"),
        ("see(sum([1], start=0.5))", None),
        ("see(sum([True]))", "int"),
        ("see(sum([0.5]))", "int float"),
        ("see(max(1, 0.5))", "int float"),
        ("see(max(['a']))", "str"),
        ("see(sorted(['b', 'a'])[0])", "str"),
        ("see(' a '.strip().upper())", "str"),
        ("see('a b'.split()[0])", "str"),
        ("see('a-b'.partition('-')[0])", "str"),
        ("see(__name__), see(__file__)", "str"),
        # Variables, over all that is bound to them.
        ("x = 1\nsee(x)", "int"),
        ("x = 1\nsee(x)\nx = 'a'\nsee(x)", "int str"),
        ("x = 0\nfor i in range(2):\n    x += 0.5\nsee(x)", "int float"),
        ("x = 0\nx += 1\nsee(x)", "int"),
        ("x = 'a'\nx += 'b'\nsee(x)", "str"),
        ("x = ' a'\nfor i in range(2):\n    x = x.strip()\nsee(x)", "str"),
        ("import os\nx = 'a'\nfor i in range(2):\n    x = os.path.join(x, 'b')\nsee(x)", "str"),
        ("x = 1\ny = 'a'\nfor i in range(3):\n    x, y = y, x\nsee(x)", "int str"),
        ("x = 1\ndef f():\n    global x\n    x = 'a'\nf()\nsee(x)", "int str"),
        ("x = 1\nglobals()['x'] = 'a'\nsee(x)", None),
        ("x = 1\nexec('x = 2.5')\nsee(x)", None),
        # What a template reads of the module's names is not changed by that.
        ("x = 1\n'%(x)s' % globals()\nsee(x)", "int"),
        ("x = 1\ndef f(y): see(y)\nf(2.5)\n'%(x)5d%%' % vars()", "float"),
        ("def f():\n    x = 1\n    '{x:>5}'.format(**locals())\n    see(x)\nf()", "int"),
        ("x = 1\nglobals()['__name__']\nsee(x)", "int"),
        ("x = 1\nfor y in [globals()]: y['x'] = 'a'\nsee(x)", None),
        ("x = 1\ndict(**globals())\nsee(x)", None),
        ("x = [1]\nglobals()['x'][0] = 'a'\nsee(x[0])", None),
        ("x = 1\nclass T(str):\n    def __mod__(self, d): d['x'] = 'a'\nT('') % globals()\nsee(x)", None),
        ("x = 1\n'%s' % globals()\nsee(x)", None),
        ("x = 1\n'{x.real}'.format(**globals())\nsee(x)", None),
        ("x = 1\n'{x:{y}}'.format(**globals(), y=3)\nsee(x)", None),
        ("x = 1\n'%(x)s' % globals()\nexec('x = 2.5')\nsee(x)", None),
        ("import sys\nx = 1\nsetattr(sys.modules['sys'], 'unused_', 1)\nsee(x)", None),
        ("def f():\n    x = 1\n    def g():\n        nonlocal x\n        x = 'a'\n    g()\n    see(x)\nf()", "int str"),
        ("for c in 'abc': see(c)", "str"),
        ("for n, c in enumerate('ab'): see(n), see(c)", "int str"),
        ("for a, b in zip([1], 'a'): see(b)", "str"),
        ("for k, v in {'a': 1}.items(): see(v)", "int"),
        ("for k in {'a': 1}: see(k)", "str"),
        ("for (a, (b, c)) in [(1, ('a', 2.5))]: see(c)", "float"),
        ("a, *b = 1, 2, 'a'\nsee(b)", None),
        ("[see(c) for c in ['a']]", "str"),
        ("try: 1 / 0\nexcept ZeroDivisionError as e: see(e)", "exception"),
        ("class E(Exception): pass\ntry: raise E\nexcept (E, OSError) as e: see(e)", "exception"),
        ("(x := 1)\nsee(x)", "int"),
        ("x: int = 1\nsee(x)", "int"),
        ("x: int = 'a'\nsee(x)", "str"),
        # Functions.
        ("def f(): return 1\nsee(f())", "int"),
        ("def f(): pass\nsee(f())", "NoneType"),
        ("def f(x):\n    if x: return 'a'\nsee(f(1)), see(f(0))", "str NoneType"),
        ("def f(n): return 1 if n < 1 else n * f(n - 1)\nsee(f(3))", "int"),
        ("def f(n): return 'a' if n < 1 else f(n - 1)\nsee(f(3))", "str"),
        ("def f():\n    def g(): return 'a'\n    return 1\nsee(f())", "int"),
        ("def f():\n    def g(): yield 1\n    return 1\nsee(f())", "int"),
        ("def f(): yield 1\nsee(f())", None),
        ("async def f(): return 1\nx = f()\nsee(x)\nx.close()", None),
        ("def f(x): see(x)\nf(1)\nf('a')", "int str"),
        ("def f(x=2.5): see(x)\nf(1)\nf()", "int float"),
        ("def f(*, x='a'): see(x)\nf(x=1)\nf()", "int str"),
        ("def f(x): see(x)\nf(*[1])\nf('a')", None),
        ("def f(x): see(x)\nf(**{'x': 1})\nf('a')", None),
        ("def f(*x): see(x)\nf(1)", None),
        ("def f(**kw): see(kw)\nf(kw=1)", "dict"),
        ("def f(a, /, **kw): see(a)\nf(1, a='x')", "int"),
        ("def f(x): see(x)\ng = f\nf(1)\ng('a')", None),
        ("def f(x):\n    x = 'a'\n    see(x)\nf(1)", "int str"),
        ("def f(x): see(x)\nclass C:\n    f = f\nf(1)\nC.f('a')", None),
        # Containers that may have changed since.
        ("x = [1]\nsee(x[0])", "int"),
        ("x = [1]\nx.append('a')\nsee(x[1])", "int str"),
        ("x = [1]\nx[0] = 'a'\nsee(x[0])", "int str"),
        ("x = [1]\nx += ['a']\nsee(x[1])", "int str"),
        ("x = [1]\ny = x\ny.append('a')\nsee(x[1])", "int str"),
        ("x = [1]\ny = x\nx.append('a')\nsee(y[1])", "int str"),
        ("x = [1]\ny = x or []\ny.append('a')\nsee(x[1])", "int str"),
        ("x = [1]\nif x or y: see(x[0])", "int"),
        ("x = [1]\ny = [x]\ny[0].append('a')\nsee(x[1])", None),
        ("x = [1]\ny = (x, 1)\nx.append('a')\nsee(y[0][1])", None),
        ("x = [[1]]\nx[0].append('a')\nsee(x[0][1])", None),
        ("x = [[1]]\nfor y in x: y.append('a')\nfor z in x: see(z[1])", None),
        ("x = {'a': [1]}\nx['a'].append('a')\nsee(x['a'][1])", None),
        ("x = {'a': [1]}\nfor y in x.values(): y.append('a')\nfor y in x.values(): see(y[1])", None),
        ("x = ([1], 2)\nx[0].append('a')\nsee(x[0][1])", None),
        ("x = ([1], 2)\na, b = x\na.append('a')\nc, d = x\nsee(c[1])", None),
        ("def f(y): y.append('a')\nx = [1]\nf(x)\nsee(x[1])", "int str"),
        ("def f(y=[1]):\n    see(y[-1])\n    y.append('a')\nf()\nf()", "int str"),
        ("def f():\n    return x\nx = [1]\nf().append('a')\nsee(x[1])", "int str"),
        ("def print(x): x.append('a')\nx = [1]\nprint(x)\nsee(x[1])", "int str"),
        ("x = {}\nx['a'] = 1\nfor k in x: see(k)", "str"),
        ("x = [1]\nlen(x), print(*[])\nfor y in x: see(y)", "int"),
        ("x = [1]\nfor y in x[:]: see(y)", "int"),
        ("x = [2, 1, 3]\nx.sort()\nx.reverse()\nx.remove(2)\nx.pop()\nfor y in x: see(y)", "int"),
        ("x = {'a': 1, 'b': 2}\nx.pop('a')\nfor k, v in x.items(): see(k), see(v)", "str int"),
        ("x = [1]\nx.sort()\nx.insert(0, 'a')\nfor y in x: see(y)", "int str"),
        ("x = []\nfor y in 'ab': x.append(y)\nfor y in x: see(y)", "str"),
        ("x = list()\nx.extend('ab')\nx[0:0] = [1]\nfor y in x: see(y)", "int str"),
        ("x = set()\nx.add('a')\nfor y in sorted(x): see(y)", "str"),
        ("x = dict()\nx['a'] = 1\nx['b'] = 2.5\nfor k, v in x.items(): see(k), see(v)", "str int float"),
        ("x = {}\nx['a'] = [1]\nx['a'].append('b')\nfor y in x['a']: see(y)", None),
        ("x = []\ndef f():\n    global x\n    x = ['a']\nx.append(1)\nf()\nx.append(2.5)\nsee(x[1])", "str int float"),
        ("x = y = []\ny.append('a')\nx.append(1)\nfor z in x: see(z)", "str int"),
        ("def f():\n    x = []\n    x.append('a')\n    return x\nfor y in f(): see(y)", None),
        ("def f():\n    x = []\n    x.append('a')\n    return x\ny = f()\nfor z in y: see(z)", "str"),
        ("def f(x):\n    for y in x: see(y)\na = []\na.append('a')\nf(a)\nf([1])", "str int"),
        ("x = {}\nfor k in 'ab':\n    x[k] = 1\nfor k in sorted(x): see(k), see(x[k])", "str int"),
        ("x = {}\nfor k in [1]: x[k] = 'a'\nfor k in x: see(k)", "int"),
        ("x = [1]\nk = 0\nfor y in (0, 'a'):\n    x[k] = y\n    if y == 0: k = x[0]\nsee(x[0])", "int str"),
        # What else may be put in is not in sight.
        ("x = [1]\ny = max(x, [0])\ny.append('a')\nfor z in x: see(z)", None),
        ("x = [1]\ny = sum([], x)\nx.append('a')\nfor z in x: see(z)", None),
        ("x = [1]\nx.append(max(x))\nfor z in x: see(z)", "int"),
        ("x = [1]\nput = x.append\nput('a')\nfor y in x: see(y)", None),
        ("import bisect\nx = [1]\nbisect.insort(x, 0.5)\nfor y in x: see(y)", None),
        ("import random\nx = [1]\nrandom.shuffle(x)\nfor y in x: see(y)", "int"),
        ("x = [1]\n(lambda y: y.append('a'))(x)\nfor y in x: see(y)", None),
        ("x = (y := [1])\ny.append('a')\nfor z in x: see(z)", None),
        ("x = [1] + (y := [2])\ny.append('a')\nfor z in y: see(z)", None),
        ("x, y = [1], 2\nx.append('a')\nz = [x]\nz[0].append(2.5)\nfor y in x: see(y)", None),
        ("x = {}\nx.update(a='b')\nfor y in x.values(): see(y)", None),
        ("x = {}\nx.setdefault('a', 'b')\nfor y in x.values(): see(y)", None),
        ("x = [1]\nfor x[0] in 'ab': pass\nsee(x[0])", None),
        ("x = [1]\nx[0], y = 'a', 1\nsee(x[0])", None),
        ("x = [1]\nexec('x.append(2.5)')\nfor y in x: see(y)", None),
        ("class C: pass\nc = C()\nc.x = x = [1]\nc.x.append('a')\nfor y in x: see(y)", None),
        ("x = [1]\nput = x.pop\nx.append('a')\nfor y in x: see(y)", None),
        ("import sys\nsys.argv = [1]\nsee(sys.argv[0])\nsys.argv = ['a']", None),
        ("import sys\nold = sys.argv\nsys.path.append(1)\nsee(sys.path[-1])\nsys.path.pop()", None),
        ("import time\nold, time.time = time.time, lambda: 'a'\nsee(time.time())\ntime.time = old", None),
        # The environment, whose default may be anything.
        ("import os\nsee(os.environ.get('NO_SUCH_'))", "str NoneType"),
        ("import os\nsee(os.environ.get('NO_SUCH_', 5))", "str int"),
        ("import os\nsee(os.getenv('NO_SUCH_', default=2.5))", "str float"),
        ("import os\nsee(os.getenv(*['NO_SUCH_', 5]))", None),
        ("import sys\nsee(sys.platform.startswith('a'))", "bool"),
        ("import os\nsee(os.environ['NO_SUCH_'] if 'NO_SUCH_' in os.environ else '')", "str"),
        ("import re\nsee(re.match('(a)', 'a').group(1))", "str NoneType"),
        ("import re\nsee(re.match('(a)', 'a').group(1, 0))", None),
        ("import re\nsee(re.match('(a)', 'a').group(*[1, 0]))", None),
        ("import re\nsee(re.match(b'a', b'a').group())", None),
        ("import re\np = re.compile('(a)')\nsee(p.search('a').group(1))", "str NoneType"),
        ("import re\np = re.compile(b'(a)')\nsee(p.search(b'a').group(1))", None),
        ("import re\nsee(re.compile('a').findall('a'))", None),
        ("import glob\nsee(glob.iglob('*'))", "generator"),
        ("import glob\nfor name in glob.glob('*'): see(name)", "str"),
        (
            "import os\nfor folder, below, files in os.walk('.'):\n    see(folder)\n    for name in files: see(name)",
            "str",
        ),
        ("import os\nwith open(os.devnull) as f: see(f), see(f.read())", "io.TextIOWrapper str"),
        ("import os\nwith open(os.devnull, 'rb') as f: see(f), see(f.readline())", "io.BufferedIOBase bytes"),
        ("import os\nwith open(os.devnull, 'rb', buffering=0) as f: see(f.read())", "bytes"),
        ("import os\nmode = 'rb'\nwith open(os.devnull, mode) as f: see(f)", None),
        # Paths.
        ("from pathlib import Path\nsee(Path('a'))", "pathlib.Path"),
        ("from pathlib import Path\nsee(Path('a') / 'b')", "pathlib.Path"),
        ("from pathlib import Path\nsee('a' / Path('b'))", "pathlib.Path"),
        ("from pathlib import Path\nsee(Path('a') / Path('b') / 'c')", "pathlib.Path"),
        ("from pathlib import Path\nx = Path('a')\nx /= 'b'\nsee(x)", "pathlib.Path"),
        ("from pathlib import Path\nx = Path('a')\nfor i in range(2): x = x / 'b'\nsee(x.parent.name)", "str"),
        ("from pathlib import Path\nsee(Path('a').parent.suffixes)", "list"),
        ("from pathlib import Path\nfor x in Path('.').iterdir(): see(x)", "pathlib.Path"),
        ("from pathlib import Path\nfor x in Path('.').glob('*'): see(x)", "pathlib.Path"),
        ("import pathlib as p\nsee(p.Path.home()), see(p.Path.cwd() / 'a')", "pathlib.Path"),
        ("from pathlib import Path\nx = None\nif len('a'): x = Path('b')\nsee(x.name)", "str"),
        ("from pathlib import Path\nsee(str(Path('a')))", "str"),
        ("from pathlib import Path\nsee(Path('.').stat())", "os.stat_result"),
        ("from pathlib import Path\nsee(Path('.').stat().st_size)", "int"),
        ("import os\nsee(os.stat('.').st_mtime)", "float"),
        ("import time\nsee(time.localtime().tm_year)", "int"),
        ("from datetime import datetime\nsee(datetime.now().hour)", "int"),
        # No path, or not certainly one.
        ("from pathlib import PurePath\nsee(PurePath('a'))", None),
        ("from pathlib import PurePath\nsee(PurePath('a') / 'b')", None),
        ("from pathlib import Path, PurePath\nsee(PurePath('a') / Path('b'))", None),
        ("from pathlib import Path\nsee(Path('a').parts)", None),
        ("from pathlib import Path\nsee(Path('a').parents)", None),
        ("import os\nfrom pathlib import Path\nwith Path(os.devnull).open() as f: see(f)", None),
        ("from pathlib import Path\nclass Path(type(Path())): pass\nsee(Path('a'))", None),
        ("from pathlib import Path as P\ndef Path(x): return x\nsee(Path('a'))", "str"),
        ("import pathlib\nold, pathlib.Path = pathlib.Path, str\nsee(pathlib.Path('a'))\npathlib.Path = old", None),
        ("from types import SimpleNamespace as N\nx = N(name=1)\nsee(x.name)", None),
        ("class C:\n    def __rtruediv__(self, other): return 1\nfrom pathlib import Path\nsee(Path('a') / C())", None),
        # Text for whatever stands for it.
        ("import os\nsee(os.path.join('a', 'b'))", "str"),
        ("import os\nfrom pathlib import Path\nsee(os.path.join(Path('a'), 'b'))", "str"),
        ("import os\nfrom pathlib import Path\nsee(os.path.join(Path('a'), Path('b')))", "str"),
        ("import os, json\nsee(os.path.join(json.loads('\"a\"'), 'b'))", "str"),
        ("import os\nsee(os.path.join(b'a', b'b'))", None),
        ("import os\nsee(os.path.join(*['a', 'b']))", None),
        ("import os, json\nsee(os.path.join(json.loads('\"a\"')))", None),
        ("import os\nfrom pathlib import Path\nsee(os.path.dirname(Path('a/b')))", "str"),
        ("import os\nfrom pathlib import Path\nsee(os.path.splitext(Path('a.b'))[1])", "str"),
        ("import os\nfrom pathlib import Path\nfor x in os.listdir(Path('.')): see(x)", "str"),
        ("import os\nfrom pathlib import Path\nfor x, y, z in os.walk(Path('.')): see(x)", "str"),
        ("import os\nsee(os.path.dirname(b'a/b'))", None),
        ("import os\nfor x in os.listdir(b'.'): see(x)", None),
        ("import os\nfor x, y, z in os.walk(b'.'): see(x)", None),
        ("import shutil\nsee(shutil.which(b'sh'))", None),
        # Before 3.12 it gives back the path that it was given.
        ("import shutil\nfrom pathlib import Path\nsee(shutil.which(Path('/bin/sh')))", None),
        ("import tempfile, os\nsee(x := tempfile.mkdtemp(prefix=b'a'))\nos.rmdir(x)", None),
        ("import tempfile, os\nsee(x := tempfile.mkdtemp(**{'prefix': b'a'}))\nos.rmdir(x)", None),
        ("import tempfile, os\nsee(x := tempfile.mkdtemp(*[b'a', b'b']))\nos.rmdir(x)", None),
        ("import tempfile, os\nx, y = tempfile.mkstemp()\nos.remove(y)\nos.close(x)\nsee(x), see(y)", "int str"),
        # Attributes of a class that is seen as a whole.
        ("class C:\n    def f(self):\n        self.x = 'a'\n        see(self.x)\nC().f()", "str"),
        (
            "class C:\n    def __init__(self): self.x = None\n    def f(self):\n        self.x = self.x or 1\n"
            "        see(self.x)\nc = C()\nc.f()",
            "NoneType int",
        ),
        ("class C:\n    def f(self):\n        self.x, self.y = 1, 'a'\n        see(self.y)\nC().f()", "str"),
        ("class C:\n    def f(self):\n        for self.x in 'ab': see(self.x)\nC().f()", "str"),
        ("class C:\n    def f(self):\n        self.x = [1]\n        see(self.x)\nC().f()", "list"),
        (
            "class C:\n    def f(self):\n        self.x = [1]\n        self.x.append('a')\n"
            "        see(self.x[1])\nC().f()",
            "int str",
        ),
        ("class C:\n    def f(self):\n        self.x = 1\n        self.x += 0.5\n        see(self.x)\nC().f()", None),
        ("class C:\n    def f(self): see(self.x)\nc = C()\nc.x = 1\nc.f()", None),
        ("class C:\n    def __init__(self, x): self.x = x\n    def f(self): see(self.x)\nC(1).f()\nC('a').f()", None),
        ("class C:\n    def f(self):\n        self.x = 1\n        see(self.x)\nclass D(C): pass\nD().f()", None),
        (
            "class C:\n    def f(self):\n        self.x = 1\n        vars(self)['x'] = 'a'\n"
            "        see(self.x)\nC().f()",
            None,
        ),
    ],
)
def test_snippets(source: str, expected: str | None) -> None:
    found = observed(source)
    for said, seen in found:
        assert seen, "the snippet does not come to the place"
        assert said is None or seen <= said
    said = {None if names is None else frozenset(names) for names, _ in found}
    if expected is None:
        assert said == {None}
    else:
        assert None not in said
        assert set().union(*(item for item in said if item is not None)) == set(expected.split())


# --- expressions by a grammar ----------------------------------------------------------------------------------

ATOMS = ["1", "-2", "2.5", "True", "'a'", "'%s'", "b'b'", "None", "[1]", "['a', 2]", "(1, 'b')", "{'k': 1}", "1j"]
OPERATORS = ["+", "-", "*", "/", "//", "%", "**", "&", "<<", "<", "==", "in", "is", "and", "or"]


def evaluates(expression: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            eval(expression)  # noqa: S307 - of our own making
    except Exception:
        return False
    return True


def test_every_operation_on_plain_values() -> None:
    expressions = [f"({one}) {op} ({two})" for one, op, two in itertools.product(ATOMS, OPERATORS, ATOMS)]
    expressions += [f"{op} ({atom})" for op in ("not", "-", "+", "~") for atom in ATOMS]
    expressions += [f"({atom})[{index}]" for atom in ATOMS for index in ("0", "-1", "True", "'k'", ":1", "1:", "::-1")]
    expressions += [f"({atom})[{index}][0]" for atom in ATOMS for index in ("1:", "::-1")]
    valid = [expression for expression in expressions if evaluates(expression)]
    assert len(valid) > 500
    check("".join(f"see({expression})\n" for expression in valid))


ATOM = st.sampled_from([*ATOMS, "x", "y", "z"])
EXPRESSION = st.recursive(
    ATOM,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(OPERATORS), inner).map(lambda parts: "({}) {} ({})".format(*parts)),
        st.tuples(inner, inner, inner).map(lambda parts: "({}) if ({}) else ({})".format(*parts)),
        st.tuples(inner, st.sampled_from(["0", "-1", "'k'", "1:", "::-1"])).map(
            lambda parts: "({})[{}]".format(*parts)
        ),
        st.tuples(inner, inner).map(lambda parts: "[({}), ({})]".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "(({}), ({}))".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "[({}) for x in ({})]".format(*parts)),
        st.tuples(inner, inner).map(lambda parts: "{{'k': ({}), 'l': ({})}}".format(*parts)),
        inner.map(lambda part: f"f({part})"),
        inner.map(lambda part: f"str({part})"),
        inner.map(lambda part: f"max({part})"),
        inner.map(lambda part: f"sorted({part})"),
        inner.map(lambda part: f"sum({part})"),
        inner.map(lambda part: f"round({part})"),
        inner.map(lambda part: f"({part}).copy()"),
        inner.map(lambda part: f"({part}).strip()"),
    ),
    max_leaves=5,
)
STATEMENT = st.one_of(
    st.tuples(st.sampled_from("xyz"), EXPRESSION).map(lambda parts: "{} = {}".format(*parts)),
    st.tuples(st.sampled_from("xyz"), st.sampled_from(["+", "*", "%", "/"]), EXPRESSION).map(
        lambda parts: "{} {}= {}".format(*parts)
    ),
    st.tuples(st.sampled_from("xyz"), EXPRESSION).map(lambda parts: "for {} in {}: see(y)".format(*parts)),
    st.tuples(st.sampled_from("xyz"), EXPRESSION).map(lambda parts: "{}.append({})".format(*parts)),
    st.tuples(st.sampled_from("xyz"), EXPRESSION).map(lambda parts: "{}[0] = {}".format(*parts)),
    st.tuples(st.sampled_from(["x, y", "y, z", "(x, z)"]), EXPRESSION).map(lambda parts: "{} = {}".format(*parts)),
    EXPRESSION.map(lambda part: f"see({part})"),
    st.sampled_from(
        ["see(x[0])", "see(y[1])", "see(z)", "see(x)", "for y in x: see(y)", "see(x[0][0])", "see(z['k'])"]
    ),
)


@settings(max_examples=examples(300), deadline=None)
@given(st.lists(STATEMENT, min_size=2, max_size=7), st.sampled_from(ATOMS))
def test_small_programs(statements: list[str], first: str) -> None:
    lines = ["x = y = z = 1", f"def f(a, b={first}):", "    see(a)", "    return a if a else b", f"x = {first}"]
    for statement in statements:
        lines += ["try:", f"    {statement}", "except Exception: pass"]
    # Twice: what a later statement does is there for an earlier one.
    body = "\n".join(["for again in 1, 2:", *(f"    {line}" for line in lines[5:])])
    check("\n".join(lines[:5]) + "\n" + body + "\n")


# --- what is written down about the library --------------------------------------------------------------------

ARGUMENTS: dict[str, str] = {
    "threading.Timer": "1, print",
    "builtins.ascii": "1",
    "builtins.bin": "1",
    "builtins.bytes": "2",
    "builtins.chr": "65",
    "builtins.format": "1",
    "builtins.hash": "1",
    "builtins.hex": "1",
    "builtins.id": "1",
    "builtins.len": "'a'",
    "builtins.oct": "1",
    "builtins.ord": "'a'",
    "builtins.range": "2",
    "builtins.repr": "1",
    "datetime.date": "2020, 1, 2",
    "datetime.datetime": "2020, 1, 2",
    "datetime.timedelta": "1",
    "json.dumps": "{}",
    "os.access": "'.', 4",
    "os.getenv": "'NO_SUCH_'",
    "os.path.exists": "'.'",
    "os.path.getatime": "'.'",
    "os.path.getctime": "'.'",
    "os.path.getmtime": "'.'",
    "os.path.getsize": "'.'",
    "os.path.isabs": "'.'",
    "os.path.isdir": "'.'",
    "os.path.isfile": "'.'",
    "os.path.islink": "'.'",
    "os.path.ismount": "'.'",
    "os.path.lexists": "'.'",
    "os.lstat": "'.'",
    "os.path.samefile": "'.', '.'",
    "os.stat": "'.'",
    "os.strerror": "1",
    "os.system": "'exit 3'",
    "random.uniform": "1, 2",
    "subprocess.call": "[sys.executable, '-c', '']",
    "subprocess.check_call": "[sys.executable, '-c', '']",
    "subprocess.run": "[sys.executable, '-c', '']",
    "textwrap.dedent": "'a'",
    "textwrap.fill": "'a'",
    "time.strftime": "'%Y'",
}
# They ask a person, want a terminal, or have no row that says anything.
NOT_CALLED = {"builtins.input", "getpass.getpass", "os.getlogin", "builtins.abs"}


def lookup(qualified: str) -> object:
    """The object of a qualified name."""
    module, _, rest = qualified.partition(".")
    found: object = importlib.import_module(module)
    for step in rest.split("."):
        found = getattr(found, step)
    return found


@pytest.mark.parametrize("qualified", sorted(results.RETURNS.keys() - NOT_CALLED))
def test_returns(qualified: str) -> None:
    function = lookup(qualified)
    assert callable(function)
    space = {"sys": sys, "function": function}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        value = eval(f"function({ARGUMENTS.get(qualified, '')})", space)  # noqa: S307 - of our own making
    types = parse(results.RETURNS[qualified])
    assert types is not None
    assert name_of(value) in names_of(types)


@pytest.mark.parametrize("qualified", sorted(results.ATTRIBUTES))
def test_attributes(qualified: str) -> None:
    types = parse(results.ATTRIBUTES[qualified])
    value = lookup(qualified)
    assert types is not None
    assert name_of(value) in names_of(types)
    for type_ in types:
        if type_.element is not None:
            assert isinstance(value, list)
            assert {name_of(item) for item in value} <= names_of(type_.element)


RECEIVERS: dict[str, Callable[[], object]] = {
    "json.array": lambda: json.loads('[{}, [], "a", 1, 1.5, true, null]'),
    "json.object": lambda: json.loads('{"a": 1}'),
    "os.scandir": lambda: os.scandir("/"),
    "str": lambda: "ab cd",
    "bytes": lambda: b"ab",
    "float": lambda: 1.5,
    "int": lambda: 5,
    "io.TextIOWrapper": lambda: io.TextIOWrapper(io.BytesIO(b"a\nb")),
    "io.BufferedIOBase": lambda: io.BufferedReader(io.BytesIO(b"a\nb")),
    "os.environ": lambda: os.environ,
    "os.stat_result": lambda: os.stat("."),
    "time.struct_time": lambda: time.localtime(),
    "re.Match": lambda: re.match("(a)(b)?", "a"),
    "datetime.date": lambda: datetime.date(2020, 1, 2),
    "datetime.datetime": lambda: datetime.datetime(2020, 1, 2),
    "datetime.timedelta": lambda: datetime.timedelta(1),
    "pathlib.Path": lambda: Path("folder/file.tar.gz"),
    "subprocess.CompletedProcess": lambda: subprocess.CompletedProcess([], 0),
}
GIVEN: dict[str, tuple[object, ...]] = {
    "count": ("a",),
    "find": ("a",),
    "index": ("a",),
    "rfind": ("a",),
    "rindex": ("a",),
    "endswith": ("a",),
    "startswith": ("a",),
    "removeprefix": ("a",),
    "removesuffix": ("a",),
    "center": (9,),
    "ljust": (9,),
    "rjust": (9,),
    "zfill": (9,),
    "partition": ("b",),
    "rpartition": ("b",),
    "replace": ("a", "b"),
    "format_map": ({},),
    "translate": ({},),
    "strftime": ("%Y",),
    "get": ("NO_SUCH_",),
}
# Where the tree of a test is the current folder, and the receiver a file in it.
GIVEN_TO_PATHS: dict[str, tuple[object, ...]] = {
    "chmod": (0o644,),
    "glob": ("*",),
    "hardlink_to": ("other.txt",),
    "joinpath": ("a", "b"),
    "match": ("*.gz",),
    "relative_to": ("folder",),
    "rename": ("renamed",),
    "replace": ("other.txt",),
    "rglob": ("*",),
    "samefile": ("other.txt",),
    "symlink_to": ("other.txt",),
    "with_name": ("a",),
    "with_stem": ("a",),
    "with_suffix": (".bak",),
    "write_bytes": (b"a",),
    "write_text": ("a",),
}
OTHER_PATHS = {
    **dict.fromkeys("glob iterdir rglob rmdir".split(), "folder"),
    **dict.fromkeys("hardlink_to mkdir symlink_to touch".split(), "new"),
    "expanduser": "~/a",
    "readlink": "link",
    "rmdir": "empty",
}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with something of each kind in it, made the current one."""
    monkeypatch.chdir(tmp_path)
    for folder in ("folder", "empty"):
        (tmp_path / folder).mkdir()
    (tmp_path / "folder" / "file.tar.gz").write_text("a")
    (tmp_path / "other.txt").write_text("b")
    (tmp_path / "link").symlink_to("other.txt")
    return tmp_path


@pytest.mark.parametrize(
    ("receiver", "method"),
    [(name, method) for name in results.METHODS for method in results.METHODS[name] if name != "pathlib.Path"],
)
def test_methods(receiver: str, method: str) -> None:
    value = RECEIVERS[receiver]()
    assert name_of(value) == receiver or isinstance(value, io.BufferedIOBase)
    given_: tuple[object, ...] = GIVEN.get(method, ())
    if method == "join":
        given_ = (["a", "b"],) if receiver == "str" else ([b"a", b"b"],)
    if receiver == "bytes":
        given_ = tuple(item.encode() if isinstance(item, str) else item for item in given_)
    result = getattr(value, method)(*given_)
    types = parse(results.METHODS[receiver][method])
    assert types is not None
    (type_,) = (item for item in types if item.name == name_of(result))
    if type_.items is not None:
        assert isinstance(result, tuple)
        assert [name_of(item) for item in result] == [next(iter(names_of(item))) for item in type_.items]
    if type_.element is not None:
        assert {name_of(item) for item in result} <= names_of(type_.element)


@pytest.mark.parametrize("method", sorted(results.METHODS["pathlib.Path"]))
def test_methods_of_paths(method: str, tree: Path) -> None:
    path = Path(OTHER_PATHS.get(method, "folder/file.tar.gz"))
    if method == "as_uri":
        path = path.absolute()
    result = getattr(path, method)(*GIVEN_TO_PATHS.get(method, ()))
    types = parse(results.METHODS["pathlib.Path"][method])
    assert types is not None
    (type_,) = (item for item in types if item.name == name_of(result))
    if type_.element is not None:
        found = list(result)
        assert found, "nothing is looked at"
        assert {name_of(item) for item in found} == names_of(type_.element)


@pytest.mark.parametrize(
    ("receiver", "name"), [(receiver, name) for receiver in results.PROPERTIES for name in results.PROPERTIES[receiver]]
)
def test_properties(receiver: str, name: str) -> None:
    value = getattr(RECEIVERS[receiver](), name)
    types = parse(results.PROPERTIES[receiver][name])
    assert types is not None
    (type_,) = types
    assert name_of(value) == type_.name
    if type_.element is not None:
        assert {name_of(item) for item in value} == names_of(type_.element)


# Each way of asking: by nothing, by text, by a path where there may be one.
ASKED = {
    "shutil.which": ["'sh'", "'no-such-program-'", "'/bin/sh'", "cmd='sh'"],
    "tempfile.mkdtemp": ["", "'a'", "suffix='a', prefix='b', dir='.'", "dir=pathlib.Path('.')"],
    "tempfile.mkstemp": ["", "'a'", "suffix='a', prefix='b', dir='.'", "dir=pathlib.Path('.')"],
    "tempfile.mktemp": ["", "'a'", "suffix='a', prefix='b', dir='.'", "dir=pathlib.Path('.')"],
}


@pytest.mark.parametrize("qualified", sorted(results.TEXT_BY_DEFAULT))
def test_functions_that_answer_in_text_by_default(qualified: str, tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tree))
    types = parse(results.TEXT_BY_DEFAULT[qualified])
    assert types is not None
    seen: set[str] = set()
    for given_ in ASKED[qualified]:
        source = f"import pathlib, shutil, tempfile\nsee({qualified}({given_}))"
        ((said, found),) = observed(source)
        assert said == names_of(types)
        assert found <= said
        seen |= found
    assert seen == names_of(types), "each of the alternatives is there for a reason"


@pytest.mark.parametrize("name", sorted(results.ELEMENTS))
def test_elements(name: str) -> None:
    value = RECEIVERS[name]()
    types = parse(results.ELEMENTS[name])
    assert types is not None
    at_run_time = {"json.object": "dict", "json.array": "list"}
    said = {at_run_time.get(name, name) for name in names_of(types)}
    assert {name_of(item) for item in value} == said  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("qualified", "one", "other"),
    [(name, ("/a/b.c",), (b"/a/b.c",)) for name in sorted(results.SAME_TEXT_TYPE - {"os.readlink"})]
    + [(name, ("/a/b.c",), (b"/a/b.c",)) for name in sorted(results.PAIR_OF_SAME_TEXT_TYPE)],
)
def test_functions_that_answer_in_the_type_they_are_asked_in(
    qualified: str, one: tuple[str], other: tuple[bytes]
) -> None:
    function = lookup(qualified)
    assert callable(function)
    for given_, name in ((one, "str"), (other, "bytes")):
        result = function(*given_)
        parts = result if isinstance(result, tuple) else (result,)
        assert {name_of(part) for part in parts} == {name}
        assert (len(parts) == 2) == (qualified in results.PAIR_OF_SAME_TEXT_TYPE)


def test_lists_of_text() -> None:
    assert isinstance(os.listdir("."), list)
    for qualified in results.LIST_OF_SAME_TEXT_TYPE:
        function = lookup(qualified)
        assert callable(function)
        assert all(isinstance(name, str) for name in function("."))


UNSAFE_TO_IMPORT = {"antigravity", "this", "idlelib", "turtledemo", "lib2to3", "turtle", "tkinter", "__main__", "test"}


def test_star_imports_hide_no_builtin_that_the_table_does_not_list() -> None:
    # In a process of its own: some modules of the library do things when they are imported.
    modules = sorted(name for name in sys.stdlib_module_names - UNSAFE_TO_IMPORT if not name.startswith("_"))
    script = """
import builtins, importlib, pkgutil, sys, warnings
warnings.simplefilter("ignore")

def public(dotted):
    return not any(step.startswith("_") or step in ("test", "tests") for step in dotted.split("."))

def look(name):
    try:
        module = importlib.import_module(name)
    except BaseException:
        return
    names = getattr(module, "__all__", None) or [n for n in vars(module) if not n.startswith("_")]
    hidden = {n for n in names if hasattr(builtins, n) and getattr(module, n, None) is not getattr(builtins, n)}
    print(name, *hidden)
    for below in pkgutil.iter_modules(getattr(module, "__path__", ()), name + "."):
        if public(below.name) and "bdist" not in below.name:
            look(below.name)

for name in [*sys.argv[1:], "os.path"]:
    look(name)
"""
    command = [sys.executable, "-I", "-c", script, *modules]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
    lines = [line.split() for line in run.stdout.splitlines()]
    assert len(lines) > 300, run.stderr
    hidden = {module: set(names_) - STAR_SHADOWS.get(module, frozenset()) for module, *names_ in lines}
    assert {module: missing for module, missing in hidden.items() if missing} == {}


def test_star_shadows_are_builtins() -> None:
    for names_ in STAR_SHADOWS.values():
        assert all(hasattr(builtins, name) for name in names_ - {"copyright", "exit", "help"})


# --- limits ----------------------------------------------------------------------------------------------------


def type_at_end(source: str, facts: ProjectFacts | None = None) -> set[str] | None:
    module = Module(SourceFile.decode(source.encode()), facts)
    return names(module.type_of(module.nodes(ast.Call)[-1].args[0]))


def test_variables_of_a_module_that_others_import_are_unknown() -> None:
    source = "x = 1\nprint(x)\n"
    assert type_at_end(source) == {"int"}
    assert type_at_end(source, ProjectFacts(in_package=True)) is None
    assert type_at_end("from a import *\n" + source) is None
    assert type_at_end("class C:\n    x = 1\n    print(x)\n") is None


def test_variables_that_hang_together_take_no_time() -> None:
    chain = "x0 = 1\n" + "".join(f"x{n} = x{n - 1} + x{n - 1}\n" for n in range(1, 40))
    ring = "".join(f"v{n} = 1\n" for n in range(12)) + "for _ in y:\n"
    ring += "".join(f"    v{n} = " + " + ".join(f"v{m}" for m in range(12)) + "\n" for n in range(12))
    functions = (
        "".join(f"def f{n}(a): return f{n + 1}(a) + f{n + 1}(a)\n" for n in range(30)) + "def f30(a): return a\n"
    )
    started = time.process_time()
    for source in (chain + "print(x39)", ring + "print(v3)", functions + "print(f0(1))"):
        type_at_end(source + "\n")
    assert time.process_time() - started < 3


def test_deep_expressions_are_unknown() -> None:
    assert type_at_end("print(" + "(" * 90 + "1" + " + 1)" * 90 + ")\n") is None
    assert type_at_end("print(" + "(" * 20 + "1" + " + 1)" * 20 + ")\n") == {"int"}


def test_notation() -> None:
    assert parse("") is None
    (list_,) = parse("list[str]") or ()
    assert list_.name == "list" and list_.element is not None and names_of(list_.element) == {"str"}
    (tuple_,) = parse("tuple[str, int | NoneType]") or ()
    assert [names_of(item) for item in tuple_.items or ()] == [{"str"}, {"NoneType", "int"}]
