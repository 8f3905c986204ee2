"""Cells hold all that a run puts there, and nothing is said of those that something out of sight can reach."""

from __future__ import annotations

import ast
import sys
import warnings

import pytest

from pymodernize.semantics.call_binding import argument, default_of
from pymodernize.semantics.module import Module
from pymodernize.semantics.project import ProjectFacts
from pymodernize.semantics.values import Cell, Contents, Source, Way
from pymodernize.source import SourceFile


def module_of(source: str, facts: ProjectFacts | None = None) -> Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Module(SourceFile.decode(source.encode()), facts)


def seen_in(module: Module) -> ast.expr:
    """The argument of the one ``see(...)`` of a module."""
    (call,) = [node for node in module.nodes(ast.Call) if isinstance(node.func, ast.Name) and node.func.id == "see"]
    return call.args[0]


def contents_of(module: Module) -> Contents | None:
    cell = module.values.read_by(seen_in(module))
    return module.values.contents(cell) if cell is not None else None


def written(source: Source) -> str:
    text = ast.unparse(source.expr)
    if source.way is Way.PLACE:
        return f"{text} {source.inside.value} [{source.place}]"
    return text if source.way is Way.VALUE else f"{text} {source.way.value}"


class Recorder(ast.NodeTransformer):
    """Makes a script note what the sources of a cell give."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        self.sources = {id(source.expr): source for source in sources}
        self.given: list[object] = []

    def visit(self, node: ast.AST) -> ast.AST:
        source = self.sources.get(id(node))
        node = self.generic_visit(node)
        if source is None or not isinstance(node, ast.expr):
            return node
        name = ast.Name("put", ast.Load())
        return ast.Call(name, [node, ast.Constant(source.way.value), ast.Constant(source.place)], [])

    def put(self, value: object, way: str, place: int) -> object:
        source = next(item for item in self.sources.values() if item.way.value == way and item.place == place)
        if way == "value":
            self.given.append(value)
        elif way == "element" or way == "place" and source.inside is Way.ELEMENT:
            value = list(value)  # type: ignore[call-overload]
            self.given += [item[place] for item in value] if way == "place" else value
        else:
            self.given.append(list(value)[place])  # type: ignore[call-overload]
        return value


def run(source: str) -> list[object]:
    """Run a script; each value that it shows must be one that the sources of the cell gave."""
    module = module_of(source)
    contents = contents_of(module)
    assert contents is not None
    recorder = Recorder(contents.sources)
    shown: list[object] = []
    tree = ast.fix_missing_locations(recorder.visit(module.tree))
    space = {"see": shown.append, "put": recorder.put, "__name__": "__main__", "__file__": "snippet.py"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(compile(tree, "<snippet>", "exec"), space)
    assert all(any(value is given for given in recorder.given) for value in shown), (shown, recorder.given)
    return shown


# --- out of sight ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "source",
    [
        # Bound by what is no assignment.
        "import os as x\nsee(x)",
        "x = 'a'\nimport x\nsee(x)",
        "def x(): pass\nsee(x)",
        "class x: pass\nsee(x)",
        "with f() as x: see(x)",
        "with f() as (x, y): see(x)",
        "try: f()\nexcept E as x: see(x)",
        "match f():\n    case x: see(x)",
        "match f():\n    case [y, *x]: see(x)",
        "match f():\n    case {'a': 1, **x}: see(x)",
        "match f():\n    case C(y=x): see(x)",
        "x = 'a'\nmatch f():\n    case [1, x]: pass\nsee(x)",
        "async def f():\n    async for x in g(): see(x)\ng()",
        "async def f():\n    return [see(x) async for x in g()]\ng()",
        # Unpacked from more, or fewer, than there are names.
        "a, *x = f()\nsee(x)",
        "x, *a = f()\nsee(x)",
        "x, a = *f(), 1\nsee(x)",
        "x, a = 1, 2, 3\nsee(x)",
        "*x, = f()\nsee(x)",
        "(a, (x, b)) = f()\nsee(x)",
        # The names of the module as text.
        "x = 'a'\nglobals()['x'] = 'b'\nsee(x)",
        "x = 'a'\nglobals().update(y)\nsee(x)",
        "x = 'a'\nexec(code)\nsee(x)",
        "x = 'a'\nlist(map(exec, codes))\nsee(x)",
        "x = 'a'\nrun = eval\nrun('x')\nsee(x)",
        "import builtins\nx = 'a'\nlist(map(builtins.eval, codes))\nsee(x)",
        "x = 'a'\neval('x')\nsee(x)",
        "x = 'a'\nfill = template % vars()\nsee(x)",
        "x = 'a'\nfill = template.format(**locals())\nsee(x)",
        "x = 'a'\nfill = '{x}'.format(**locals())\nsee(x)",
        "x = 'a'\nfill = '%(x)s' % vars()\nsee(x)",
        "x = 'a'\n'%(y)s' % map(globals, [])\nsee(x)",
        "def f():\n    x = 'a'\n    see(x)\n    return template % locals()\nf()",
        "import sys\nx = 'a'\nsetattr(sys.modules[__name__], 'x', 'b')\nsee(x)",
        "from sys import modules\nx = 'a'\nmodules['__main__'].x = 'b'\nsee(x)",
        "import __main__\nx = 'a'\n__main__.x = 'b'\nsee(x)",
        "x = 'a'\n__import__('__main__').x = 'b'\nsee(x)",
        "import importlib\nx = 'a'\nimportlib.import_module(__name__).x = 'b'\nsee(x)",
        "import timeit\nx = 'a'\ntimeit.timeit('f(x)', 'from __main__ import f, x')\nsee(x)",
        "import cProfile\nx = 'a'\ncProfile.run('main(x)')\nsee(x)",
        "import doctest\nx = 'a'\ndoctest.testmod()\nsee(x)",
        "x = 'a'\ndef f(): pass\nf.__globals__['x'] = 'b'\nsee(x)",
        "import sys\nx = 'a'\nsys._getframe().f_globals['x'] = 'b'\nsee(x)",
        "import inspect\nx = 'a'\ninspect.currentframe().f_locals.update(y)\nsee(x)",
        "def f():\n    x = 'a'\n    def g(): return x\n    g.__closure__[0].cell_contents = 'b'\n    see(x)\nf()",
        "x = 'a'\nfrom other import *\nsee(x)",
        "class C:\n    x = 'a'\n    see(x)\nprint()",
        # What the interpreter, or a builtin of that name, has put there before.
        "if y: input = 'a'\nsee(input)",
        "if y: dir = 'a'\ndef f(): see(dir)\nf()",
        "def f(): see(dir)\nf()\ndir = 'a'\nprint()",
        "dir = 'a'\ndel dir\nsee(dir)",
        "dir: str\nsee(dir)",
        "for dir in f(): pass\nsee(dir)",
        "def f():\n    global dir\n    dir = 'a'\nsee(dir)",
        "__doc__ = __doc__ or 'a'\nsee(__doc__)",
        "__file__ = 'a'\nsee(__file__)",
        # Parameters: calls that are not in sight, or do not show what they pass.
        "def f(x): see(x)\nprint()",
        "def f(x): see(x)\nf(*y)",
        "def f(x, y): see(x)\nf(*y, 'a')",
        "def f(x): see(x)\nf('a')\nf(**y)",
        "def f(x): see(x)\nf()",
        "def f(*x): see(x)\nf('a')",
        "def f(**x): see(x)\nf(a='a')",
        "def f(x, /, **y): see(x)\nf(x='a')",
        "def f(x): see(x)\nf('a')\nlist(map(f, y))",
        "def f(x): see(x)\nf('a')\ng = f",
        "def f(x): see(x)\nf('a')\ng(target=f)",
        "def f(x): see(x)\nf('a')\nf.__defaults__ = ('b',)",
        "def f(x='a'): see(x)\nf()\nf.__kwdefaults__ = y",
        "def f(x): see(x)\nf('a')\nfrom functools import partial\npartial(f, 'b')()",
        "@decorated\ndef f(x): see(x)\nf('a')",
        "def f(x): see(x)\nf('a')\ndel f",
        "if y:\n    def f(x): see(x)\nelse:\n    def f(x): pass\nf('a')",
        "def f(x): see(x)\nf = wrap(f)\nf('a')",
        "def f(x): see(x)\nfrom other import *\nf('a')",
        "if y:\n    def open(x): see(x)\nopen('a')",
        "f = lambda x: see(x)\nf('a')",
        "class C:\n    def f(self, x): see(x)\nC().f('a')",
        "class C:\n    @staticmethod\n    def f(x): see(x)\nC.f('a')",
        "class C:\n    @classmethod\n    def f(cls, x): see(x)\nC.f('a')",
        "class C:\n    def f(x): see(x)\n    f('a')\nprint()",
        "import atexit\ndef f(x='a'): see(x)\natexit.register(f)\nf()",
        "import fire\ndef f(x): see(x)\nf('a')\nfire.Fire()",
        "def f(x): see(x)\nf('a')\n__import__('__main__').f('b')",
        # Results.
        "def f(): yield 'a'\nsee(f())",
        "def f():\n    yield\n    return 'a'\nsee(f())",
        "def f():\n    yield from y\n    return 'a'\nsee(f())",
        "def f():\n    x = yield\n    return 'a'\nsee(f())",
        "async def f(): return 'a'\nsee(f())",
        "def f(): pass\nsee(f())",
        "def f():\n    if y: return 'a'\nsee(f())",
        "def f():\n    if y: return\n    return 'a'\nsee(f())",
        "def f():\n    while y: return 'a'\nsee(f())",
        "def f():\n    with suppress(E): return 'a'\nsee(f())",
        "def f():\n    try: return 'a'\n    except E: pass\nsee(f())",
        "def f():\n    for y in z: return 'a'\nsee(f())",
        "@cached\ndef f(): return 'a'\nsee(f())",
        "def f(): return 'a'\nf = wrap(f)\nsee(f())",
        "def f(): return 'a'\ng = f\nsee(f())",
        "f = lambda: 'a'\nsee(f())",
        "class C:\n    def f(self): return 'a'\nsee(C().f())",
        "if y:\n    def input(): return 'a'\nsee(input())",
        "def f(): return 'a'\nfrom other import *\nsee(f())",
        "see(f()())\ndef f(): return 'a'",
        "see('a')",
        "see(y)",
        "see(y.x)",
    ],
)
def test_out_of_sight(source: str) -> None:
    module = module_of(source)
    assert module.is_closed, "else the row says nothing"
    assert module.values.read_by(seen_in(module)) is None


INIT = "class C:\n    def __init__(self): self.x = 'a'\n    def show(self): see(self.x)\n"
USE = "c = C()\nc.show()\n"


@pytest.mark.parametrize(
    "source",
    [
        # From outside of the class, or by another name than self's.
        INIT + USE + "c.x = 'b'",
        INIT + USE + "print(c.x)",
        INIT + USE + "d = c\nd.x = 'b'",
        INIT + USE + "C().x = 'b'",
        INIT + USE + "C.x = 'b'",
        INIT + USE + "del c.x",
        INIT + USE + "def f(other): other.x = 'b'\nf(c)",
        INIT + USE + "def f(*, other): other.x = 'b'\nf(other=c)",
        INIT + USE + "def f(): return c\nf().x = 'b'",
        INIT + USE + "for c.x in 'ab': pass",
        INIT + USE + "with c as d: d.x = 'b'",
        INIT + USE + "(d := c).x = 'b'",
        INIT + USE + "(c or d).x = 'b'",
        INIT + USE + "(c if y else d).x = 'b'",
        INIT + USE + "class D:\n    def __init__(self, c): c.x = 'b'\nD(c)",
        INIT + USE + "class D:\n    def __init__(self):\n        self.c = C()\n        self.c.x = 'b'\nD()",
        INIT + "    def __enter__(self): return self\n    def __exit__(self, *e): pass\nwith C() as c: c.x = 'b'",
        INIT + "    def me(self): return self\nC().me().x = 'b'",
        INIT + "    def f(self):\n        this = self\n        this.x = 'b'\n" + USE,
        INIT + "    def f(self):\n        def g(this): this.x = 'b'\n        g(self)\n" + USE,
        INIT + "    def f(self, other):\n        self = other\n        self.x = 'b'\n" + USE,
        INIT + "    def f(self):\n        for self in y: self.x = 'b'\n" + USE,
        INIT + "    def f(*args): args[0].x = 'b'\n" + USE,
        INIT + "    f = lambda self: setattr(self, 'x', 'b')\n" + USE,
        INIT + "    @classmethod\n    def f(cls): cls.x = 'b'\n" + USE,
        INIT + "    @classmethod\n    def f(cls):\n        made = cls()\n        made.x = 'b'\n" + USE,
        INIT + "    def f(self): self.__class__.x = 'b'\n" + USE,
        INIT + "    def f(self):\n        made = self.__class__()\n        made.x = 'b'\n" + USE,
        INIT + "    def f(self): type(self).x = 'b'\n" + USE,
        INIT + "    def f(self): __class__.x = 'b'\n" + USE,
        INIT
        + "    def __new__(cls):\n        made = object.__new__(cls)\n        made.x = 'b'\n        return made\n"
        + USE,
        INIT + "    def __eq__(self, other): other.x = 'b'\n" + USE + "c == C()",
        INIT + "    def __add__(self, other): other.x = 'b'\n" + USE + "c + C()",
        # By its name as text.
        INIT + USE + "setattr(c, 'x', 'b')",
        INIT + USE + "setattr(c, y, 'b')",
        INIT + USE + "print(getattr(c, 'x'))",
        INIT + USE + "delattr(c, 'x')",
        INIT + USE + "vars(c)['x'] = 'b'",
        INIT + USE + "c.__dict__['x'] = 'b'",
        INIT + USE + "c.__setattr__('x', 'b')",
        INIT + USE + "object.__setattr__(c, 'x', 'b')",
        INIT + USE + "print('{0.x}'.format(c))",
        INIT + USE + "print('%(x)s' % vars(c))",
        INIT + USE + "from operator import attrgetter\nattrgetter('x')(c)",
        INIT + USE + "match c:\n    case C(x=y): pass",
        INIT + USE + "import argparse\nargparse.ArgumentParser().parse_args(namespace=c)",
        INIT + USE + "import json\njson.dumps(c, default=lambda it: it.__dict__)",
        INIT + USE + "import sys\nsys.stdout = c",
        INIT + USE + "template.render(c)",
        INIT + USE + "template.render(data=c)",
        INIT + USE + "items = [c]\nfor item in items: item.x = 'b'",
        INIT + USE + "items = []\nitems.append(c)\nfor item in items: item.x = 'b'",
        INIT + USE + "items = {'c': c}",
        INIT + USE + "a, b = c, 1\na.x = 'b'",
        INIT + USE + "(lambda it: setattr(it, 'x', 'b'))(c)",
        INIT + USE + "f = lambda: c\nf().x = 'b'",
        INIT + USE + "def f(it=c): it.x = 'b'\nf()",
        INIT + USE + "def f():\n    yield c\nfor it in f(): it.x = 'b'",
        INIT + USE + "def f(*its): its[0].x = 'b'\nf(c)",
        INIT + USE + "def f(**its): its['c'].x = 'b'\nf(c=c)",
        INIT + USE + "def f(it, y=1): it.x = 'b'\nf(*[], c)",
        INIT + USE + "class D(it=c): pass",
        INIT + "class D: c = C()\nD.c.x = 'b'\nD.c.show()",
        INIT + USE + "async def f(): return c",
        INIT + USE + "def f(): return c\ng = f",
        INIT + USE + "c += D()",
        INIT + "    def f(self):\n        self.c = self\n        self.c += D()\n" + USE,
        "import time\n" + INIT + "time.c = C()\ntime.c.x = 'b'",
        INIT + USE + "print(*c)",
        INIT + USE + "y.c = c",
        INIT + USE + "import copy\ncopy.copy(c).x = 'b'",
        INIT + USE + "import pickle\npickle.dump(c, file)",
        INIT + "import pickle\nc = pickle.load(file)\nc.show()",
        INIT + "import yaml\nyaml.unsafe_load(text).show()",
        INIT + "from joblib import load\nload(file).show()",
        INIT + USE + "c.__class__ = D",
        INIT + USE + "assert y, c",
        INIT + "    def me(self): return self\nf = C().me\nf().x = 'b'",
        INIT + "    def me(self): return self\ngetattr(C(), 'me')().x = 'b'",
        INIT + "    def __call__(self): return self\nC()().x = 'b'",
        INIT + "    @property\n    def me(self): return self\nC().me.x = 'b'",
        INIT + "class D(Base):\n    def get(self): return C()\nD()",
        INIT + "class D(Base):\n    def __init__(self): self.c = C()\nD()",
        INIT
        + "class D:\n    def __setattr__(self, name, value): value.x = 'b'\n    def f(self): self.c = C()\nD().f()",
        INIT + "class D:\n    def f(self): self.c = C()\n    def g(self): getattr(self, 'c').x = 'b'\nD().f()",
        INIT + "class D:\n    def set(self, c): c.x = 'b'\n    c = property(None, set)\n"
        "    def f(self): self.c = C()\nD().f()",
        INIT + "class D(Base):\n    def __init__(self, c): pass\nD(C())",
        INIT + "class D:\n    def __new__(cls, c): c.x = 'b'\n    def __init__(self, c): pass\nD(C())",
        # Classes that share their methods with others, or take some from there.
        INIT + "class D(C):\n    x = 'b'\nD().show()",
        INIT + "import me\nclass D(me.C): pass\nB = C\nclass E(B):\n    x = 'b'\nE().show()",
        INIT + "D = type('D', (C,), {'x': 'b'})\nD().show()",
        INIT + "class Other: x = 'b'\nC.show(Other())",
        INIT + "class Other:\n    x = 'b'\n    show = C.show\nOther().show()",
        INIT + "    other = show\nC.other(y)",
        INIT + "    show = staticmethod(show)\nC.show(y)",
        INIT + "    table = {'show': show}\n" + USE,
        INIT + "def run(it): it.x = 'b'\nC.run = run\nC().run()\nC().show()",
        INIT + "C.run = lambda it: setattr(it, 'x', 'b')\nC().run()\nC().show()",
        INIT + "C.__getattribute__ = f\n" + USE,
        INIT + "for C.run in y: pass\n" + USE,
        INIT + "C.__dict__['show'](y)",
        INIT + "setattr(C, 'x', 'b')\n" + USE,
        INIT + "print([C])\n" + USE,
        INIT + "match y:\n    case C(x=z): pass",
        "def run(it): it.x = 'b'\n" + INIT + "    run = run\nC().run()\nC().show()",
        INIT + "    from other import run\n" + USE,
        INIT + "    for run in y: pass\n" + USE,
        INIT + "    it = Descriptor(lambda c: c.x)\n" + USE,
        INIT + "    def __getattr__(self, name): pass\n" + USE,
        INIT + "    def __setattr__(self, name, value): pass\n" + USE,
        INIT + "    def __getattribute__(self, name): return 'b'\n" + USE,
        INIT + "    def f(self): super().__setattr__('x', 'b')\n" + USE,
        INIT + "    def f(self): super(C, self).__setattr__('x', 'b')\n" + USE,
        INIT + "    x = 'b'\n" + USE,
        INIT + "    x: str\n" + USE,
        INIT + "    @property\n    def x(self): return 'b'\n    @x.setter\n    def x(self, value): pass\n" + USE,
        INIT + "    class x: pass\n" + USE,
        INIT + "    @logged\n    def f(self): pass\n" + USE,
        INIT.replace("class C:", "@dataclass\nclass C:") + USE,
        INIT.replace("class C:", "class C(Base):") + USE,
        INIT.replace("class C:", "class C(metaclass=Meta):") + USE,
        INIT.replace("class C:", "object = Base\nclass C(object):") + USE,
        "if y:\n    class C: pass\nelse:\n    class C:\n        def f(self): self.x = 'a'; see(self.x)\nC()",
        "class D:\n    class C:\n        def f(self): self.x = 'a'; see(self.x)\nD.C()",
        "class C:\n    def f(self): self.__x = 'a'; see(self.__x)\nC().f()",
        # Stored by what is no assignment.
        "class C:\n    def f(self):\n        with y as self.x: see(self.x)\nC().f()",
        "class C:\n    def f(self):\n        self.x, *a = y\n        see(self.x)\nC().f()",
        "class C:\n    def f(self): see(self.x)\nC().f()",
        INIT + "    def g(self): del self.x\n" + USE,
        INIT + USE + "exec(code)",
        INIT + USE + "import gc, __main__\n",
    ],
)
def test_attributes_out_of_sight(source: str) -> None:
    module = module_of(source)
    if not module.is_closed:
        module = module_of(source + "\nprint()")
    assert module.is_closed, "else the row says nothing"
    assert module.values.read_by(seen_in(module)) is None


def test_modules_that_others_import() -> None:
    # Whoever imports may assign, call and derive; a function's own variables are its own all the same.
    attribute = INIT + USE
    parameter = "def f(x): see(x)\nf('a')\n"
    variable = "x = 'a'\nsee(x)\n"
    local = "def f():\n    x = 'a'\n    see(x)\nf()\n"
    package = ProjectFacts(in_package=True)
    for source, stays in ((attribute, False), (parameter, False), (variable, False), (local, True)):
        for facts, known in ((None, True), (package, stays)):
            module = module_of(source, facts)
            assert (module.values.read_by(seen_in(module)) is not None) is known, source


# --- in sight --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "sources", "reads"),
    [
        # Variables.
        ("x = 'a'\nsee(x)", ["'a'"], 1),
        ("x = 'a'\nx = 'b'\nprint(x)\nsee(x)", ["'a'", "'b'"], 2),
        ("x = y = 'a'\nsee(x)", ["'a'"], 1),
        ("x: str\nx = 'a'\nsee(x)", ["'a'"], 1),
        ("x: str = 'a'\nsee(x)", ["'a'"], 1),
        ("(x := 'a')\nsee(x)", ["'a'"], 1),
        ("[(x := it) for it in 'ab']\nsee(x)", ["it"], 1),
        ("x, y = 'a', 'b'\nsee(x)", ["'a'"], 1),
        ("(y, [z, x]) = 1, ['a', 'b']\nsee(x)", ["'b'"], 1),
        ("y, x = 'ab'\nsee(x)", ["'ab' value [1]"], 1),
        ("y, (z, x) = 1, 'ab'\nsee(x)", ["'ab' value [1]"], 1),
        ("for x in 'ab': see(x)", ["'ab' element"], 1),
        ("for y, x in [(1, 'a')]: see(x)", ["[(1, 'a')] element [1]"], 1),
        ("[see(x) for x in 'ab']", ["'ab' element"], 1),
        ("[see(x) for y in ['ab'] for x in y if x]", ["y element"], 2),
        ("x = 'a'\nfor x in 'bc': pass\nsee(x)", ["'a'", "'bc' element"], 1),
        ("x = 'a'\ndel x\nx = 'b'\nsee(x)", ["'a'", "'b'"], 1),
        ("x = 'a'\ndef f():\n    global x\n    x = 'b'\nf()\nsee(x)", ["'a'", "'b'"], 1),
        ("x = 'a'\ndef f(): see(x)\nf()", ["'a'"], 1),
        ("x = 'a'\nclass C:\n    x = x\n    y = x\nsee(x)", ["'a'"], 3),
        ("x = 'a'\ndef f(x): pass\nsee(x)", ["'a'"], 1),
        (
            "def f():\n    x = 'a'\n    def g():\n        nonlocal x\n        x = 'b'\n    g()\n    see(x)\nf()",
            ["'a'", "'b'"],
            1,
        ),
        ("def f():\n    x = 'a'\n    return lambda: see(x)\nf()()", ["'a'"], 1),
        ("def f():\n    x = 'a'\n    yield see(x)\nlist(f())", ["'a'"], 1),
        ("try: x = 'a'\nfinally: see(x)", ["'a'"], 1),
        # A builtin's name that is bound before everything that reads it.
        ("dir = 'a'\ndef f(): see(dir)\nf()", ["'a'"], 1),
        ("dir = 'a'\nif dir: dir = 'b'\nsee(dir)", ["'a'", "'b'"], 2),
        ("def f():\n    dir = 'a'\n    see(dir)\nf()", ["'a'"], 1),
        # Nothing reads names here, though it looks like it.
        ("x = 'a'\nif __name__ == '__main__': see(x)", ["'a'"], 1),
        ("'''Not __main__.'''\nx = 'a'\nif __name__ in ('__main__', 'b'): see(x)", ["'a'"], 1),
        ("class C: pass\nx = 'a'\nvars(C())\nsee(x)", ["'a'"], 1),
        # Parameters.
        ("def f(x): see(x)\nf('a')\nf(x='b')", ["'a'", "'b'"], 1),
        ("def f(x='a'): see(x)\nf()\nf('b')", ["'a'", "'b'"], 1),
        ("def f(y, *z, x='a', **w): see(x)\nf(1, 2, u=3)\nf(1, x='b')", ["'a'", "'b'"], 1),
        ("def f(x, /, y=1, **z): see(x)\nf('a', x='b')", ["'a'"], 1),
        ("def f(x):\n    x = x or 'b'\n    see(x)\nf('a')", ["'a'", "x or 'b'"], 2),
        ("def f(x):\n    if len(x) < 3: return f(x + 'b')\n    see(x)\nf('a')", ["x + 'b'", "'a'"], 3),
        ("def f():\n    def g(x): see(x)\n    g('a')\nf()", ["'a'"], 1),
        ("if 1:\n    def f(x): see(x)\nf('a')", ["'a'"], 1),
        ("def open(x): see(x)\nopen('a')", ["'a'"], 1),
        ("async def f(x): see(x)\ntry: f('a').send(None)\nexcept StopIteration: pass", ["'a'"], 1),
        (
            "def f(x):\n    def g():\n        nonlocal x\n        x = 'b'\n    g()\n    see(x)\nf('a')",
            ["'a'", "'b'"],
            1,
        ),
        # Results.
        ("def f(): return 'a'\nsee(f())", ["'a'"], 1),
        ("def f(x):\n    if x: return 'a'\n    return 'b'\nf(0)\nsee(f(1))", ["'a'", "'b'"], 2),
        ("def f():\n    def g(): return 'b'\n    h = lambda: 'c'\n    return 'a'\nsee(f())", ["'a'"], 1),
        ("def f():\n    def g(): yield\n    return 'a'\nsee(f())", ["'a'"], 1),
        ("def f(n): return 'a' if n < 1 else f(n - 1)\nsee(f(2))", ["'a' if n < 1 else f(n - 1)"], 2),
        ("def f():\n    try: return 'a'\n    except OSError: raise\nsee(f())", ["'a'"], 1),
        # Attributes.
        (INIT + USE, ["'a'"], 1),
        (INIT.replace("class C:", "class C(object):") + USE, ["'a'"], 1),
        (INIT + "    def set(self, y): self.x = y\nc = C()\nc.set('b')\nc.show()", ["'a'", "y"], 1),
        (INIT + "    def f(self): self.x, y = 'bc'\nc = C()\nc.f()\nc.show()", ["'a'", "'bc' value [0]"], 1),
        (
            INIT + "    def f(self):\n        for self.x in 'bc': pass\nc = C()\nc.f()\nc.show()",
            ["'a'", "'bc' element"],
            1,
        ),
        (
            INIT + "    def f(self):\n        def g(): self.x = 'b'\n        g()\nc = C()\nc.f()\nc.show()",
            ["'a'", "'b'"],
            1,
        ),
        (INIT + "    def f(self): return [self.x for _ in 'a']\n" + USE, ["'a'"], 2),
        (
            INIT
            + "    @property\n    def y(self): return self.x\n    @y.setter\n    def y(self, z): self.x = z\n"
            + USE,
            ["'a'", "z"],
            2,
        ),
        (INIT + "    def get(self): return self.x\n    y = property(get, doc='b')\n" + USE, ["'a'"], 2),
        (INIT + "    @staticmethod\n    def f(y): return y.x\n" + USE, ["'a'"], 1),
        (INIT + "    y = 3\n    z: int\n    w = y * 2\n" + USE, ["'a'"], 1),
        (INIT + "    __slots__ = ['x']\n" + USE, ["'a'"], 1),
        (INIT + "    N = 3\n    WORDS = {'a': [1, 2]}\n    class D: pass\n" + USE, ["'a'"], 1),
        (INIT + "N = 3\nC.N = N\nprint(C.N)\n" + USE, ["'a'"], 1),
        (INIT + "    def __init_subclass__(cls): pass\n" + USE, ["'a'"], 1),
        # The name elsewhere: another thing's attribute, a key, a word.
        (INIT + "import os\nos.x = 'b'\n" + USE, ["'a'"], 1),
        (INIT + "class D:\n    def f(self): self.x = 'b'\nD().f()\n" + USE, ["'a'"], 1),
        (
            INIT + "from types import SimpleNamespace\nargs = SimpleNamespace(x='b')\nprint(args.x, {'x': 1})\n" + USE,
            ["'a'"],
            1,
        ),
        (INIT + "import os\nprint(getattr(os, 'x', 1), getattr(os, os.sep, 1))\n" + USE, ["'a'"], 1),
        (
            INIT + USE + "print(getattr(c, 'y', 1), hasattr(c, 'z'), isinstance(c, C), isinstance(c, (C, str)))",
            ["'a'"],
            1,
        ),
        # Instances on their way through the module.
        (INIT + "def main():\n    C().show()\nmain()", ["'a'"], 1),
        (INIT + "def make(): return C()\ndef use(it): it.show()\nuse(make())\nuse(it=C())", ["'a'"], 1),
        (
            INIT + "class D:\n    def __init__(self, it, /, *, c=None): self.it = it or c\n"
            "    def f(self): self.it.show()\nD(C()).f()\nD(None, c=C()).f()",
            ["'a'"],
            1,
        ),
        (
            INIT + "    def __enter__(self): return self\n    def __exit__(self, *e): pass\nwith C() as c: c.show()",
            ["'a'"],
            1,
        ),
        (INIT + "    def me(self): return self\nC().me().me().show()", ["'a'"], 1),
        (
            INIT
            + "    def f(self): return type(self).__name__, self.__class__.__name__, self.__class__().show()\nC().f()",
            ["'a'"],
            1,
        ),
        (INIT + "    def f(self):\n        self.next = self\n        self.next.show()\nC().f()", ["'a'"], 1),
        (
            INIT + "    def __iter__(self): return iter('ab')\n    def __len__(self): return 1\n"
            "    def __getitem__(self, n): return n\n"
            "c = C()\nfor y in c: print(y, c[0], len(c), 'a%s%s' % (c, 1), 'b%s' % c, f'{c}', c is None, not c)\n"
            "c.show()",
            ["'a'"],
            1,
        ),
        (
            INIT + "    def f(self): super().__init__()\n    def g(self): super(C, self).__init__()\n"
            "    def h(self): object.__init__(self)\n" + USE,
            ["'a'"],
            1,
        ),
        (INIT + "def f(c: C) -> C | None:\n    it: list[C] = []\n    c.show()\nf(C())", ["'a'"], 1),
        (INIT + "if 1:\n    c: C = C()\nelse:\n    c = None\nif c: c.show()\nwhile not c: pass\nassert c", ["'a'"], 1),
        (INIT + "    def run(self, f): f()\n    def f(self): self.run(self.show)\nC().f()", ["'a'"], 1),
    ],
)
def test_in_sight(source: str, sources: list[str], reads: int) -> None:
    module = module_of(source)
    contents = contents_of(module)
    assert contents is not None
    assert sorted(map(written, contents.sources)) == sorted(sources)
    assert len(contents.reads) == reads
    assert seen_in(module) in contents.reads
    assert run(source), "the snippet does not come to the place"


def test_augmented_assignment_makes_its_value_of_the_one_before() -> None:
    contents = contents_of(module_of("x = 'a'\nx += 'b'\nsee(x)"))
    assert contents is not None
    assert [written(source) for source in contents.sources] == ["'a'", "'b' update"]
    contents = contents_of(module_of(INIT + "    def f(self): self.x += 'b'\n" + USE))
    assert contents is not None
    assert [written(source) for source in contents.sources] == ["'a'", "'b' update"]


def test_targets_and_annotations() -> None:
    module = module_of("x: str\nx = 'a'\nfor x in 'b': pass\nsee(x)")
    contents = contents_of(module)
    assert contents is not None
    assert [node.lineno for node in contents.targets if isinstance(node, ast.Name)] == [1, 2, 3]
    assert [ast.unparse(annotation) for annotation in contents.annotations] == ["str"]
    assert module.values.read_by(seen_in(module)) == Cell(module.index.scope, "x")
    for source in (
        "def f(x: str): see(x)\nf('a')",
        "def f() -> str: return 'a'\nsee(f())",
        INIT.replace("x =", "x: str =") + USE,
    ):
        contents = contents_of(module_of(source))
        assert contents is not None
        assert [ast.unparse(annotation) for annotation in contents.annotations] == ["str"]


def test_a_target_has_the_cell_that_its_reads_have() -> None:
    for source in ("x = 'a'\nsee(x)", INIT + USE):
        module = module_of(source)
        contents = contents_of(module)
        assert contents is not None
        (target,) = contents.targets
        assert isinstance(target, ast.expr)
        assert module.values.read_by(target) == module.values.read_by(seen_in(module))


def test_cells_that_nobody_names() -> None:
    module = module_of("def f(): return 'a'\nclass C:\n    def g(self): return 'a'\nprint()")
    f, g = module.nodes(ast.FunctionDef)
    unused = module.values.contents(Cell(f, ""))
    assert unused is not None and unused.reads == ()
    assert module.values.contents(Cell(g, "")) is None
    assert module.values.contents(Cell(module.index.scope, "nothing")) is None
    (owner,) = module.nodes(ast.ClassDef)
    assert module.values.contents(Cell(owner, "nothing")) is None


@pytest.mark.parametrize(
    ("signature", "call", "expected"),
    [
        ("x", "'a'", "'a'"),
        ("x", "x='a'", "'a'"),
        ("y, x", "1, 'a'", "'a'"),
        ("y, x", "'b', x='a'", "'a'"),
        ("y, x='a'", "1", "'a'"),
        ("x='a', y='b'", "y=1", "'a'"),
        ("y, /, x='a', *, z='b'", "1", "'a'"),
        ("*, z='b', x='a'", "", "'a'"),
        ("*, x, z='b'", "x='a'", "'a'"),
        ("x, /, **z", "'a', x='b'", "'a'"),
        ("x='a', /, **z", "x='b'", "'a'"),
        ("x", "'a', *y", "'a'"),
        ("x", "x='a', **y", "'a'"),
        # What is missing, or may be anywhere in what is unpacked.
        ("x", "", None),
        ("*, x", "'a'", None),
        ("x, /", "x='a'", None),
        ("x", "*y", None),
        ("x='a'", "*y", None),
        ("y, x", "'b', *y", None),
        ("x='a'", "**y", None),
    ],
)
def test_argument(signature: str, call: str, expected: str | None) -> None:
    module = module_of(f"def f({signature}): pass\nf({call})")
    (function,) = module.nodes(ast.FunctionDef)
    (made,) = module.nodes(ast.Call)
    (parameter,) = (arg for arg in module.nodes(ast.arg) if arg.arg == "x")
    found = argument(function, made, parameter)
    assert (ast.unparse(found) if found is not None else None) == expected


def test_default_of_what_is_no_parameter() -> None:
    (function,) = module_of("def f(x='a'): pass").nodes(ast.FunctionDef)
    assert default_of(function.args, ast.arg("x")) is None


def test_long_chains_cost_no_recursion() -> None:
    made = "".join(f"    def f{n}(self): return self.f{n + 1}()\n" for n in range(2000))
    source = INIT + made + "    def f2000(self): return self\n" + "c0 = C()\n"
    source += "".join(f"c{n + 1} = c{n}.f0()\n" for n in range(2000)) + "c2000.show()\n"
    assert contents_of(module_of(source)) is not None
    assert contents_of(module_of(source + "c2000.x = 'b'\n")) is None
    assert sys.getrecursionlimit() <= 2000
