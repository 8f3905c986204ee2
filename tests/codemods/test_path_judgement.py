"""What is said of the values of a program holds for those that a run of it has, and is known where it can be."""

from __future__ import annotations

import ast
import os
import tempfile
import textwrap
import warnings
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from randomised import examples

from pymodernize.semantics.module import Module
from pymodernize.source import SourceFile
from pymodernize_codemods._paths import hazards
from pymodernize_codemods._paths.hazards import ANY, NONE, Hazard
from pymodernize_codemods._paths.judgement import Judge

TEXTUAL = ANY & ~(Hazard.HIDDEN | Hazard.CLOSED | Hazard.LINKED)
PLAIN = "EMPTY TRAILING DOTTED UNTIDY DOT"


def module_of(source: str) -> Module:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Module(SourceFile.decode(source.encode()), None)


def seen_in(module: Module) -> list[ast.expr]:
    """The arguments of each ``see(...)`` of a module."""
    calls = [node for node in module.nodes(ast.Call) if isinstance(node.func, ast.Name) and node.func.id == "see"]
    return [call.args[0] for call in calls]


def judged(source: str) -> Hazard:
    module = module_of(source)
    (expr,) = seen_in(module)
    return Judge(module).of(expr)


def flags(names: str) -> Hazard:
    found = NONE
    for name in names.split():
        found |= Hazard[name]
    return found


HEAD = "import os, sys, glob, time, random, tempfile\nfrom pathlib import Path\nANYTHING = sys.argv[1]\n"


# --- what must stay unknown ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "has"),
    [
        # A list into which something else can get.
        ("names = os.listdir('x')\nnames.append(ANYTHING)\nfor n in names: see(n)", "EMPTY TRAILING"),
        ("names = os.listdir('x')\nnames.append('a/')\nfor n in names: see(n)", "TRAILING SEPARATED"),
        ("names = os.listdir('x')\nnames.insert(0, 'a/')\nfor n in names: see(n)", "TRAILING"),
        ("names = os.listdir('x')\nnames.extend(['a/'])\nfor n in names: see(n)", "TRAILING"),
        ("names = os.listdir('x')\nnames += ['a/']\nfor n in names: see(n)", "TRAILING"),
        ("names = os.listdir('x')\nnames[0] = 'a/'\nfor n in names: see(n)", "TRAILING"),
        ("names = os.listdir('x')\nnames[:] = ['a/']\nfor n in names: see(n)", "TRAILING"),
        ("names = os.listdir('x')\nnames[0] += '/'\nfor n in names: see(n)", "TRAILING"),
        ("names = os.listdir('x')\nfor names[0] in ['a/']: pass\nfor n in names: see(n)", "TRAILING"),
        ("names = os.listdir('x')\nnames[0], y = 'a/', 1\nfor n in names: see(n)", "TRAILING"),
        ("names = os.listdir('x')\nadd = names.append\nadd('a/')\nfor n in names: see(n)", "TRAILING"),
        ("names = os.listdir('x')\nunknown(names)\nfor n in names: see(n)", "TRAILING"),
        ("names = os.listdir('x')\nkeep = [names]\nkeep[0].append('a/')\nfor n in names: see(n)", "TRAILING"),
        ("names = os.listdir('x')\nkeep = {'k': names}\nkeep['k'].append('a/')\nfor n in names: see(n)", "TRAILING"),
        ("names = os.listdir('x')\nother = names\nother.append('a/')\nfor n in names: see(n)", "TRAILING"),
        ("names = other = os.listdir('x')\nother.append('a/')\nfor n in names: see(n)", "TRAILING"),
        ("names = (other := os.listdir('x'))\nother.append('a/')\nfor n in names: see(n)", "TRAILING"),
        ("names = os.listdir('x')\nother = names or []\nother.append('a/')\nfor n in names: see(n)", "TRAILING"),
        ("names = os.listdir('x')\nother = [] if y else names\nother.append('a/')\nfor n in names: see(n)", "TRAILING"),
        ("names, y = os.listdir('x'), 1\nother = names\nother += ['a/']\nfor n in names: see(n)", "TRAILING"),
        ("both = names, y = ['a'], ['b']\nboth[0].append('a/')\nfor n in names: see(n)", "TRAILING"),
        ("def fill(x): x.append('a/')\nnames = []\nfill(names)\nfor n in names: see(n)", "TRAILING"),
        ("def fill(*, x): x.append('a/')\nnames = []\nfill(x=names)\nfor n in names: see(n)", "TRAILING"),
        ("def f():\n    return NAMES\nNAMES = ['a']\nf().append('a/')\nfor n in NAMES: see(n)", "TRAILING"),
        ("def f(): return NAMES\nNAMES = ['a']\nx = f()\nx.append('a/')\nfor n in f(): see(n)", "TRAILING"),
        ("def f(x=[]):\n    for n in x: see(n)\n    x.append('a/')\nf()\nf()", "TRAILING"),
        ("def f():\n    yield names\nnames = ['a']\nnext(f()).append('a/')\nfor n in names: see(n)", "TRAILING"),
        ("f = lambda: names\nnames = ['a']\nf().append('a/')\nfor n in names: see(n)", "TRAILING"),
        ("X = [['a']]\nX[0].append('a/')\nfor y in X:\n    for n in y: see(n)", "TRAILING"),
        ("X = [['a', 'b']]\nfor y in X: y[0] = 'a/'\nfor a, b in X: see(a)", "TRAILING"),
        ("X = ['a']\nfor n in map(str.upper, X): see(n)", "TRAILING"),
        ("X = {'a': 'b'}\nX['c'] = 'd/'\nfor n in X.values(): see(n)", "TRAILING"),
        ("X = {'a': 'b'}\nX['c/'] = 'd'\nfor n in X: see(n)", "TRAILING"),
        ("X = {'a': 'b'}\nX.update(ANYTHING)\nfor n in X: see(n)", "TRAILING"),
        ("X = {'a': 'b'}\nX.setdefault('c/', 'd')\nfor n in X: see(n)", "TRAILING"),
        ("X = {0: 'b/'}\nsee(X[0])", "TRAILING"),
        ("for n in os.environ['PATH'].split(os.pathsep): see(n)", "EMPTY TRAILING UNTIDY"),
        ("for n in 'a b/ c'.split(): see(n)", "TRAILING"),
        ("for n in 'a,,c'.split(','): see(n)", "EMPTY"),
        ("for c in 'a/': see(c)", "ROOT ABSOLUTE"),
        ("for n in ('a', *sys.argv): see(n)", "TRAILING"),
        # A folder that is searched after others were put into its list.
        ("for r, d, f in os.walk('x'):\n    d.append('a/')\n    see(r)", "TRAILING"),
        ("for r, d, f in os.walk('x'):\n    d[:] = ['./a']\n    see(r)", "UNTIDY"),
        ("for r, d, f in os.walk('x'):\n    d.append(ANYTHING)\n    for n in d: see(n)", "TRAILING"),
        ("for r, d, f in os.walk(ANYTHING): see(r)", "TRAILING UNTIDY"),
        ("for i, (r, d, f) in enumerate(os.walk('x')): see(r)", "TRAILING UNTIDY"),
        ("os.listdir = unknown\nfor n in os.listdir('x'): see(n)", "TRAILING"),
        # What feeds itself.
        ("p = 'a'\nwhile y: p = p + '/'\nsee(p)", "TRAILING UNTIDY"),
        ("p = 'a'\nwhile y: p += '/'\nsee(p)", "TRAILING UNTIDY"),
        ("p = 'a'\nwhile y: p = p + ANYTHING\nsee(p)", "TRAILING UNTIDY"),
        ("p = 'a'\nwhile y: p %= 1\nsee(p)", "TRAILING"),
        ("p = 'a/b'\nwhile y: p = os.path.dirname(p)\nsee(p)", "EMPTY"),
        ("def f(p): see(p)\n    \nf('a')\nf('')", "EMPTY"),
        ("def f(p):\n    see(p)\n    f(p + '/')\nf('a')", "TRAILING UNTIDY"),
        ("def f(p, q):\n    see(p)\n    f(q, p)\nf('a', 'b/')", "TRAILING"),
        # The folder of something else.
        ("see(os.path.dirname(os.path.join('a/.', 'b')))", "TRAILING DOTTED"),
        ("see(os.path.dirname(os.path.join('a', ANYTHING)))", "EMPTY UNTIDY"),
        ("see(os.path.dirname(os.path.join('a', '/b')))", "ROOT"),
        ("see(os.path.dirname(os.path.join('', 'b')))", "EMPTY"),
        ("see(os.path.dirname(f'{ANYTHING}/b'))", "ROOT UNTIDY"),
        ("see(os.path.dirname(str(Path('b'))))", "EMPTY"),
        ("see(os.path.dirname(str(Path('.') / 'b')))", "EMPTY"),
        ("see(str(Path('b').parent))", "DOT"),
        ("see(str(Path('a/').parent))", "DOT"),
        ("a = '//'\nsee(os.path.dirname(f'{a}/b'))", "UNTIDY"),
        ("see('b' or 'a/')", "TRAILING"),
        ("a = 'b'\nsee(a and 'a/')", "TRAILING"),
        ("names = ['a']\nsee(os.path.join(*names[1:], ''))", "EMPTY"),
        # Texts of pieces.
        ("a = os.path.join('/', 'x')\nsee(f'{a}//b')", "UNTIDY"),
        ("see(f'{os.getcwd()}/b')", "UNTIDY"),
        ("n = os.listdir('x')[0]\nsee(n[:-4] + 'a')", "TILDE"),
        ("n = os.listdir('x')[0]\nsee(n[:-4])", "EMPTY DOT"),
        ("see(os.path.splitext('a.')[1])", "DOT"),
        ("n = os.listdir('x')[0]\nsee(n.replace('a', '.'))", "DOT"),
        ("n = os.listdir('x')[0]\nsee(n.replace('a', ''))", "EMPTY"),
        ("see(time.strftime('%x'))", "SEPARATED"),
        ("see('%s' % None if y else 'a/')", "TRAILING"),
        ("for n in glob.glob(ANYTHING): see(n)", "TRAILING"),
        ("for n in glob.glob('x*/'): see(n)", "TRAILING"),
        ("for n in glob.glob('x/**', recursive=True): see(n)", "TRAILING"),
        ("for n in glob.glob('*/x'): see(n)", "TILDE"),
        ("for n in glob.glob('..*'): see(n)", "ODD"),
        ("for n in Path('x').glob('..'): see(n)", "DOTDOT"),
        ("see(tempfile.mkdtemp(dir=ANYTHING))", "UNTIDY"),
    ],
)
def test_what_cannot_be_ruled_out(source: str, has: str) -> None:
    missing = flags(has) & ~judged(HEAD + source)
    assert not missing, missing


# --- what is known -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "lacks"),
    [
        # What feeds itself.
        ("def f(p=None):\n    p = p or 'a'\n    see(p)\nf('b')\nf()", PLAIN),
        ("p = 'a'\nwhile y: p = os.path.join(p, 'b')\nsee(p)", PLAIN),
        ("p = 'a'\np = p + '.gz'\nsee(p)", PLAIN),
        ("p = 'a'\nwhile y: p += '.gz'\nsee(p)", PLAIN),
        ("p = Path('a')\nwhile y: p /= 'b'\nsee(p)", PLAIN),
        ("p = 'a'\nq = 'b'\nwhile y: p, q = q, p\nsee(p)", PLAIN),
        (
            "def f(folder):\n    see(folder)\n    for name in os.listdir(folder):\n"
            "        f(os.path.join(folder, name))\nf('x')",
            PLAIN,
        ),
        ("def f(p):\n    see(p)\n    for n in os.listdir(p):\n        f(p + '/' + n)\nf('x')", PLAIN),
        (
            "p = os.path.abspath(ANYTHING)\nwhile not os.path.exists(os.path.join(p, 'a')):\n"
            "    q = os.path.dirname(p)\n    if q == p: break\n    p = q\nsee(p)",
            f"{PLAIN} RELATIVE",
        ),
        # Elements.
        ("names = os.listdir('x')\nnames.sort()\nfor n in names: see(n)", f"{PLAIN} SEPARATED"),
        ("names = os.listdir('x')\nnames.reverse(); names.pop(); names.remove('y')\nfor n in names: see(n)", PLAIN),
        ("names = os.listdir('x')\nnames.append('y')\nfor n in names: see(n)", PLAIN),
        ("names = []\nfor m in os.listdir('x'): names.append(m)\nfor n in names: see(n)", PLAIN),
        ("names = []\nnames += os.listdir('x')\nfor n in names: see(n)", PLAIN),
        ("names = os.listdir('x')\nother = names\nother.append('y')\nfor n in names: see(n)", PLAIN),
        ("NAMES = ['null', 'zero']\nfor n in NAMES: see(n)", PLAIN),
        ("NAMES = ('null', 'zero')\nfor n in reversed(NAMES): see(n)", PLAIN),
        ("for n in 'null zero'.split(): see(n)", PLAIN),
        ("NAMES = 'null zero'.split()\nfor n in NAMES: see(n)", PLAIN),
        ("names = [n for n in os.listdir('x') if n.endswith('.txt')]\nfor n in sorted(names): see(n)", PLAIN),
        ("names = [os.path.join('x', n) for n in os.listdir('x')]\nfor n in names: see(n)", PLAIN),
        ("names = os.listdir('x')\nsee(names[0])", PLAIN),
        ("names = os.listdir('x')\nfor n in names[1:]: see(n)", PLAIN),
        ("names = os.listdir('x') + ['y']\nfor n in names: see(n)", PLAIN),
        ("names = os.listdir('x')\nsee(max(names))", PLAIN),
        ("names = os.listdir('x')\nsee(names.pop())", PLAIN),
        ("names = os.listdir('x')\nprint(len(names), ', '.join(names), *names)\nfor n in names: see(n)", PLAIN),
        ("names = os.listdir('x')\nif not names or 'a' in names: y()\nfor n in names: see(n)", PLAIN),
        ("names = os.listdir('x')\nrandom.shuffle(names)\nsee(random.choice(names))", PLAIN),
        ("def f(): return sorted(os.listdir('x'))\nfor n in f(): see(n)", PLAIN),
        ("def f(names):\n    for n in names: see(n)\nf(os.listdir('x'))\nf(['a'])", PLAIN),
        ("for i, n in enumerate(['a', 'b']): see(n)", PLAIN),
        ("for i, n in zip(y, os.listdir('x')): see(n)", PLAIN),
        ("for a, b in [('a', 'b'), ('c', 'd/')]: see(a)", PLAIN),
        ("PAIRS = (('a', 'b'), ('c', 'd/'))\nfor a, b in PAIRS: see(a)", PLAIN),
        ("X = {'a': 'b/'}\nfor k, v in X.items(): see(k)", PLAIN),
        ("X = {'a/': 'b'}\nfor v in X.values(): see(v)", PLAIN),
        ("X = {'a/': 'b'}\nfor k in X: see(X[k])", PLAIN),
        # A walk.
        ("for r, d, files in os.walk('x'):\n    for n in files: see(n)", f"{PLAIN} SEPARATED"),
        ("for r, dirs, f in os.walk('x'):\n    for n in sorted(dirs): see(os.path.join(r, n))", PLAIN),
        ("for r, d, f in os.walk('x'):\n    d[:] = [n for n in d if n != 'y']\n    see(r)", PLAIN),
        ("for r, d, f in sorted(os.walk('x')): see(r)", PLAIN),
        ("for n in next(os.walk('x'))[1]: see(n)", PLAIN),
        ("r, d, f = next(os.walk('x'))\nfor n in f: see(n)", PLAIN),
        ("see([os.path.join(r, n) for r, d, f in os.walk('x') for n in f][0])", PLAIN),
        # A search.
        ("for n in glob.glob('logs/app-*.log'): see(n)", f"{PLAIN} ODD TILDE ABSOLUTE"),
        ("for n in sorted(glob.glob('*.log')): see(n)", f"{PLAIN} ODD"),
        ("d = 'x'\nfor n in glob.glob(os.path.join(d, '*.log')): see(n)", f"{PLAIN} ODD"),
        ("d = 'x'\nfor n in glob.iglob(d + '/*.log'): see(n)", f"{PLAIN} ODD"),
        ("d = 'x'\nfor n in glob.glob(f'{d}/y/*.log'): see(n)", f"{PLAIN} ODD"),
        ("for n in glob.glob('x//*.log'): see(n)", PLAIN),
        ("for n in Path(ANYTHING).iterdir(): see(n)", "EMPTY TRAILING DOTTED UNTIDY"),
        ("for n in sorted(Path(ANYTHING).rglob('*')): see(n)", "EMPTY TRAILING DOTTED UNTIDY"),
        # The folder of a join.
        ("see(os.path.dirname(os.path.join('x', 'y.txt')))", PLAIN),
        ("t = os.path.join('x', 'y.txt')\nsee(os.path.dirname(t))", PLAIN),
        ("t = os.path.join('x', 'y.txt')\nsee(os.path.split(t)[0])", PLAIN),
        ("t = os.path.join('x', 'y.txt')\nhead, tail = os.path.split(t)\nsee(head)", PLAIN),
        ("t = os.path.join('x', 'y/z.txt')\nsee(os.path.dirname(t))", PLAIN),
        ("for n in os.listdir('x'): see(os.path.dirname(os.path.join('x', n)))", PLAIN),
        ("t = Path('x') / 'y.txt'\nsee(t.parent)", PLAIN),
        ("t = Path('x', 'y.txt')\nsee(t.parent)", PLAIN),
        ("t = Path('x').joinpath('y.txt')\nsee(t.parent)", PLAIN),
        ("d = 'x'\nsee(os.path.dirname(f'{d}/y.txt'))", PLAIN),
        ("d = 'x'\nsee(os.path.dirname('%s/run%d.log' % (d, 3)))", PLAIN),
        ("d = 'x'\nsee(os.path.dirname(str(Path(d) / 'y')))", PLAIN),
        ("names = [os.path.join('x', n) for n in os.listdir('x')]\nfor n in names: see(os.path.dirname(n))", PLAIN),
        # Joins that end in a name.
        ("see(os.path.join('x', *sys.argv, 'y'))", "EMPTY TRAILING DOTTED DOT ROOT"),
        ("see(os.path.join(*sys.argv, 'y'))", "EMPTY TRAILING DOTTED DOT ROOT"),
        ("parts = ['a', 'b']\nsee(os.path.join('x', *parts))", "EMPTY DOT ROOT ABSOLUTE UNTIDY"),
        ("see(os.readlink('x'))", "EMPTY"),
        ("see(os.path.expanduser('~/x'))", "EMPTY"),
        ("see(os.path.expanduser('x'))", PLAIN),
        ("see(tempfile.mkdtemp())", "EMPTY TRAILING UNTIDY"),
        ("fd, name = tempfile.mkstemp('.txt')\nsee(name)", "EMPTY TRAILING UNTIDY"),
        ("see(tempfile.mkstemp()[1])", "EMPTY TRAILING UNTIDY"),
        # Texts of pieces.
        ("n = 3\nsee('run%d.log' % n)", f"{PLAIN} SEPARATED"),
        ("n = 3\nsee(f'{n:03d}.log')", f"{PLAIN} SEPARATED"),
        ("n = 3\nsee('{:05d}.log'.format(n))", f"{PLAIN} SEPARATED"),
        ("see('%s.log' % time.strftime('%Y%m%d'))", f"{PLAIN} SEPARATED"),
        ("import datetime\nsee('x/%s.log' % datetime.datetime.now().strftime('%Y-%m-%d'))", PLAIN),
        ("n = os.listdir('x')[0]\nsee(n[:-4] + '.csv')", f"{PLAIN} SEPARATED"),
        ("n = os.listdir('x')[0]\nsee(n.lower())", f"{PLAIN} SEPARATED"),
        ("n = os.listdir('x')[0]\nsee(n.replace('.txt', '.csv'))", f"{PLAIN} SEPARATED"),
        ("a, b = os.path.splitext(os.listdir('x')[0])\nsee(a + b)", f"{PLAIN} SEPARATED"),
        ("see(ANYTHING + '.log')", "EMPTY TRAILING DOTTED DOT ROOT"),
        ("see(ANYTHING + ANYTHING + '.log')", "EMPTY TRAILING DOTTED DOT ROOT"),
        ("see('a' + ANYTHING + ANYTHING)", "EMPTY ABSOLUTE TILDE USER"),
    ],
)
def test_what_is_ruled_out(source: str, lacks: str) -> None:
    found = flags(lacks) & judged(HEAD + source)
    assert not found, found


def test_what_is_known_does_not_rest_on_what_was_asked_before() -> None:
    source = HEAD + (
        "def f(p, q):\n    see(p)\n    see(q)\n    f(os.path.join(q, 'a'), p)\nf('a', 'b/')\n"
        "x = 'c'\nwhile y:\n    x = os.path.join(x, z)\n    z = os.path.dirname(x)\n    see(x)\n    see(z)\n"
    )
    alone = []
    for number in range(4):
        module = module_of(source)
        alone.append(Judge(module).of(seen_in(module)[number]))
    for order in ([0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2]):
        module = module_of(source)
        judge, exprs = Judge(module), seen_in(module)
        assert {number: judge.of(exprs[number]) for number in order} == dict(enumerate(alone))


def test_a_long_way_is_given_up() -> None:
    source = "x0 = 'a'\n" + "".join(f"x{n + 1} = x{n} + 'a'\n" for n in range(300)) + "see(x300)\n"
    assert judged(source) & Hazard.ABSOLUTE


# --- programs that are run -----------------------------------------------------------------------------------------

TEXTS = ("x", "x/", "", ".", "./x", "x//y", "/", "..", "~", "x/.", "x.d", "@", "@/", "/x")
LEAVES = st.one_of(
    st.sampled_from(TEXTS).map(repr),
    st.sampled_from(["a", "b", "c", "n", "os.getcwd()", "names[0]", "a", "b"]),
)


def deeper(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    two = st.tuples(inner, inner)
    name = st.sampled_from(["'y'", "'y.txt'", "n", "'z/y'"])
    return st.one_of(
        st.tuples(inner, name).map(lambda pair: f"os.path.join({pair[0]}, {pair[1]})"),
        two.map(lambda pair: f"os.path.join({pair[0]}, {pair[1]})"),
        st.tuples(inner, name).map(lambda pair: f"os.path.dirname(os.path.join({pair[0]}, {pair[1]}))"),
        st.tuples(inner, name).map(lambda pair: f"str(Path({pair[0]}, {pair[1]}).parent)"),
        st.tuples(inner, name).map(lambda pair: f"os.path.dirname(str(Path({pair[0]}) / {pair[1]}))"),
        st.tuples(inner, name).map(lambda pair: f"os.path.dirname({pair[0]} + '/' + {pair[1]})"),
        inner.map(lambda text: f"os.path.join(*names, {text})"),
        two.map(lambda pair: f"os.path.join({pair[0]}, *names, {pair[1]})"),
        *(
            inner.map(lambda text, form=form: form.format(text))
            for form in (
                "os.path.dirname({})",
                "os.path.basename({})",
                "os.path.split({})[0]",
                "os.path.splitext({})[0]",
                "os.path.splitext({})[1]",
                "os.path.abspath({})",
                "os.path.normpath({})",
                "str(Path({}))",
                "str(Path({}).parent)",
                "({})[:1]",
                "({}).replace('x', 'y')",
                "({}).replace('.', '_')",
                "({}).upper()",
                "({} + '/')",
                "({} + '.x')",
            )
        ),
        two.map(lambda pair: f"({pair[0]} + '/' + {pair[1]})"),
        two.map(lambda pair: f"({pair[0]} + '//' + {pair[1]})"),
        two.map(lambda pair: f"({pair[0]} + {pair[1]})"),
        two.map(lambda pair: f"'%s/%s' % ({pair[0]}, {pair[1]})"),
        two.map(lambda pair: f"({pair[0]} or {pair[1]})"),
        two.map(lambda pair: f"({pair[0]} if len(a) % 2 else {pair[1]})"),
    )


EXPRESSION = st.recursive(LEAVES, deeper, max_leaves=4)
VARIABLE = st.sampled_from("abc")
STATEMENT = st.one_of(
    st.tuples(VARIABLE, EXPRESSION).map(lambda pair: f"{pair[0]} = {pair[1]}"),
    st.tuples(VARIABLE, EXPRESSION).map(lambda pair: f"{pair[0]} += {pair[1]}"),
    EXPRESSION.map(lambda text: f"names.append({text})"),
    EXPRESSION.map(lambda text: f"other.insert(0, {text})"),
    st.sampled_from(["other = names", "names = other", "names.sort()", "other = names[1:]", "names = sorted(other)"]),
    st.sampled_from(["other += names[:2]", "names = [os.path.join(a, m) for m in other[:3]]"]),
    VARIABLE.map(lambda name: f"for {name} in names[:3]: see({name})"),
    VARIABLE.map(lambda name: f"for {name} in glob.glob('*.txt') + glob.glob(a + '/*'): see({name})"),
    VARIABLE.map(lambda name: f"for {name} in glob.glob(os.path.join(a, '*', 'i*.txt')): see({name})"),
    VARIABLE.map(lambda name: f"for {name}, d, f in os.walk(b): see({name}); names += f[:1]; break"),
    VARIABLE.map(lambda name: f"for i, {name} in enumerate(other[:2]): see({name})"),
    EXPRESSION.map(lambda text: f"see({text})"),
    EXPRESSION.map(lambda text: f"visit({text}, 2)"),
)
PROGRAM = """
import glob, os
from pathlib import Path
def visit(p, depth):
    see(p)
    if depth:
        for m in names[:2]:
            visit(os.path.join(p, m), depth - 1)
        visit(os.path.dirname(p) or {again}, depth - 1)
a, b, c, n = {start}, 'x', 'y.txt', 'file'
names = os.listdir('.')
other = ['x', 'y.txt']
if len(other) > 9:
    visit(a, 1)
for turn in range(2):
    for n in os.listdir('.')[:2]:
{body}
    see(a)
    see(b)
    see(c)
    see(n)
    for m in names[:4]:
        see(m)
"""


@pytest.fixture(scope="module")
def tree() -> Path:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        (folder / "x" / "y").mkdir(parents=True)
        (folder / "x" / "inner.txt").write_text("a", encoding="utf-8")
        (folder / "~file.txt").write_text("a", encoding="utf-8")
        (folder / "..odd.").write_text("a", encoding="utf-8")
        yield folder


def run(source: str, tree: Path) -> dict[int, list[str]]:
    """Run a program; what it showed, by the number of the ``see``."""
    parsed = ast.parse(source)
    calls = [node for node in ast.walk(parsed) if isinstance(node, ast.Call) and ast.unparse(node.func) == "see"]
    for number, call in enumerate(sorted(calls, key=lambda node: (node.lineno, node.col_offset))):
        call.args.append(ast.copy_location(ast.Constant(number), call))
    shown: dict[int, list[str]] = {}

    def see(value: str, number: int) -> None:
        shown.setdefault(number, []).append(value)

    before = Path.cwd()
    os.chdir(tree)
    try:
        exec(compile(parsed, "<program>", "exec"), {"see": see, "__name__": "__main__"})
    except (IndexError, OSError, ValueError, RecursionError):
        pass  # what was shown until then counts
    finally:
        os.chdir(before)
    return shown


@pytest.mark.no_cover
@settings(
    max_examples=examples(200),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    first=st.sampled_from(TEXTS).map(repr),
    again=EXPRESSION,
    statements=st.lists(STATEMENT, min_size=1, max_size=6),
)
def test_the_values_of_a_run_are_as_is_said(tree, first, again, statements) -> None:
    body = textwrap.indent("\n".join(statements), "        ")
    source = PROGRAM.format(start=first, again=again, body=body).replace("@", str(tree))
    module = module_of(source)
    judge = Judge(module)
    exprs = sorted(seen_in(module), key=lambda expr: (expr.lineno, expr.col_offset))
    said = [judge.of(expr) for expr in exprs]
    for number, values in run(source, tree).items():
        for value in values:
            missing = hazards.of_text(value) & TEXTUAL & ~said[number]
            assert not missing, f"{value!r} has {missing} in\n{source}"
