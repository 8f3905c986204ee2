from __future__ import annotations

import ast
import sys

import libcst as cst
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from randomised import examples
from toys import called, edited, lines, model, removed, renamed, statement_of

from pymodernize.codemod import Edit, Insertion
from pymodernize.rewriting.fragments import (
    CannotPlace,
    Origins,
    Splice,
    apply_splices,
    keep_blocks,
    make_insertion,
    make_insertions,
    make_splice,
    span_of_edit,
)
from pymodernize.rewriting.splices import narrowed

OLD, OLD_LINE = called("old"), statement_of("old")
TWO = lines("a()\n", "b()\n")
NEW_SYNTAX = sys.version_info >= (3, 12)


def in_with(line):
    return cst.With([cst.WithItem(cst.Name("x"))], cst.IndentedBlock([line]))


# --- statements ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("old()\n", "a()\nb()\n"),
        ("old()", "a()\nb()"),
        ("old()\r\nx\r\n", "a()\r\nb()\r\nx\r\n"),
        ("if x:\n    if y:\n        old()\n", "if x:\n    if y:\n        a()\n        b()\n"),
        ("if x:\n\tif y:\n\t\told()\n\t\tz()\n", "if x:\n\tif y:\n\t\ta()\n\t\tb()\n\t\tz()\n"),
        ("if x:\n  old()\n", "if x:\n  a()\n  b()\n"),
        ("if x:\n  if y:\n          old()", "if x:\n  if y:\n          a()\n          b()"),
        ("if x:\r\n\told()\r\n", "if x:\r\n\ta()\r\n\tb()\r\n"),
        ("x = 1; old()\n", "x = 1; a(); b()\n"),
        ("old(); x = 1\n", "a(); b(); x = 1\n"),
        ("old();\n", "a(); b();\n"),
        ("x = 1; old(); y = 2", "x = 1; a(); b(); y = 2"),
        ("if x: old()\n", "if x: a(); b()\n"),
        ("if x: old() # c\n", "if x: a(); b() # c\n"),
        ("if x: \\\n    old()\n", "if x: \\\n    a(); b()\n"),
        ("x = 1; \\\nold()\n", "x = 1; \\\na(); b()\n"),
        ("# trailing \\\nold()\n", "# trailing \\\na()\nb()\n"),
        ("class A: old()\n", "class A: a(); b()\n"),
        ('x = """\n"""; old()\n', 'x = """\n"""; a(); b()\n'),
        ("\u00e9 = 'ä'; old()\n", "\u00e9 = 'ä'; a(); b()\n"),
        ("# above\n\nold()\n# below\n", "# above\n\na()\nb()\n# below\n"),
        (
            "if x:\n    # above\n    old()\n    # below\n# out\n",
            "if x:\n    # above\n    a()\n    b()\n    # below\n# out\n",
        ),
        ("while 1:\n    old()\nelse:\n    pass\n", "while 1:\n    a()\n    b()\nelse:\n    pass\n"),
    ],
)
def test_a_statement_becomes_several(before, after):
    assert edited(before, OLD_LINE, TWO) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("old()\nx\n", "x\n"),
        ("x\nold()\n", "x\n"),
        ("x\nold()", "x\n"),
        ("if x:\n    old()\n", "if x:\n    pass\n"),
        ("if x:\n    old()", "if x:\n    pass"),
        ("if x:\r\n\told()\r\n", "if x:\r\n\tpass\r\n"),
        ("if x:\n    old()\n    y\n", "if x:\n    y\n"),
        ("if x:\n    y\n    old()\n", "if x:\n    y\n"),
        ("if x:\n    y\nelse:\n    old()\nz\n", "if x:\n    y\nelse:\n    pass\nz\n"),
        ("try:\n    x\nexcept A:\n    old()\n", "try:\n    x\nexcept A:\n    pass\n"),
        ("if x: old()\n", "if x: pass\n"),
        ("x = 1; old()\n", "x = 1; pass\n"),
        ("if x:\n    # why\n    old()\n", "if x:\n    # why\n    pass\n"),
        ("old()\n", ""),
    ],
)
def test_a_statement_goes(before, after):
    assert edited(before, OLD_LINE, removed) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x\n# one\n# two\nold()\ny\n", "x\ny\n"),
        ("x\n# one\n\n# two\nold()\ny\n", "x\n# one\n\ny\n"),
        ("if x:\n    # one\n    old()\n    y\n", "if x:\n    y\n"),
        ("if x:\n    # one\n    old()\n", "if x:\n    pass\n"),
        ("# the file's\nold()\ny\n", "# the file's\ny\n"),
    ],
)
def test_a_statement_goes_with_the_comment_above(before: str, after: str):
    module = model(before)
    (node,) = (item for item in module.nodes(ast.Expr) if module.text(item) == "old()")
    edit = Edit(node, lambda _: cst.RemoveFromParent(), above=True)
    splice = make_splice(module, edit)
    assert apply_splices(module.source.data, [splice]).decode() == after
    assert span_of_edit(module, edit) == (splice.start, splice.end)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if x:\n    old()\n    old()\nz\n", "if x:\n    pass\nz\n"),
        ("if x:\n\told()\n\told()", "if x:\n\tpass"),
        ("old()\nold()\n", ""),
        ("if x:\n    old()\n    y\n    old()\n", "if x:\n    y\n"),
    ],
)
def test_a_block_that_loses_all_its_statements_keeps_a_pass(before, after):
    module = model(before)
    edits = [Edit(node, removed) for node in module.nodes(ast.Expr) if OLD_LINE(node)]
    splices = keep_blocks(module, {edit: make_splice(module, edit) for edit in edits})
    assert apply_splices(module.source.data, splices).decode() == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("old()  # c\n", "with x:\n    old()  # c\n"),
        ("if y:\n\told()\n", "if y:\n\twith x:\n\t\told()\n"),
        ("if y:\n  old()\n", "if y:\n  with x:\n    old()\n"),
        ("if y:\r\n    old()\r\n", "if y:\r\n    with x:\r\n        old()\r\n"),
        ("if y:\n    old()", "if y:\n    with x:\n        old()"),
    ],
)
def test_a_statement_is_wrapped(before, after):
    assert edited(before, OLD_LINE, in_with) == after


@pytest.mark.parametrize(
    "source",
    [
        "if a:\n    pass\nelif old():\n    pass\n",
        "if x: old()\n",
        "x = 1; old()\n",
        "if x: \\\n  old()\n",
    ],
)
def test_what_a_compound_statement_cannot_replace(source):
    def pick(node):
        return OLD_LINE(node) or isinstance(node, ast.If) and OLD(node.test)

    with pytest.raises(CannotPlace):
        edited(source, pick, in_with)


def test_results_that_are_no_statements():
    for result in (cst.Name("x"), "text", cst.MaybeSentinel.DEFAULT, [cst.Name("x")]):
        with pytest.raises(CannotPlace):
            edited("old()\n", OLD_LINE, lambda _, result=result: result)


NESTED = '''\
class A:
    @first
    @second(1)  # why
    def f(self):
        """Doc
      string.
"""
        x = """
  keep\ttabs
\\"""  # end
# dedented comment
        return x  # last
    # after

    y = 1
'''


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_all_bytes_of_a_nested_statement_are_kept(newline):
    source = NESTED.replace("\\", "").replace("\n", newline)
    assert edited(source, lambda node: isinstance(node, ast.FunctionDef), lambda node: node) == source
    assert edited(source, lambda node: isinstance(node, ast.ClassDef), lambda node: node) == source


def test_decorators_belong_to_the_statement():
    after = edited("x\n@a\n@b\ndef f(): pass\ny\n", lambda node: isinstance(node, ast.FunctionDef), removed)
    assert after == "x\ny\n"


@pytest.mark.parametrize("source", ["x = 1\n", "# c\nif x:\r\n\ty\r\n", "", "\n\n", "\tpass\n".strip(), "x"])
def test_the_whole_module(source):
    module = model(source)
    splice = make_splice(module, Edit(module.tree, lambda tree: tree))
    assert apply_splices(module.source.data, [splice]).decode() == source
    assert span_of_edit(module, Edit(module.tree, removed)) == (0, len(source.encode()))
    with pytest.raises(CannotPlace):
        make_splice(module, Edit(module.tree, removed))


def test_what_is_neither_expression_nor_statement():
    module = model("def f(a=1): pass\nimport x\ntry: pass\nexcept A: pass\nf(k=1)\n")
    kinds = (ast.arguments, ast.arg, ast.alias, ast.keyword)
    nodes = [node for node in ast.walk(module.tree) if isinstance(node, kinds)]
    assert len({type(node) for node in nodes}) == len(kinds)
    for node in nodes:
        with pytest.raises(CannotPlace):
            make_splice(module, Edit(node, lambda item: item))
        with pytest.raises(CannotPlace):
            span_of_edit(module, Edit(node, lambda item: item))


# --- expressions -----------------------------------------------------------------------------------------------


def bare(text):
    """An expression without the parentheses that it is parsed in."""
    node = cst.parse_expression(f"({text})")
    return node if isinstance(node, cst.GeneratorExp) else node.with_changes(lpar=[], rpar=[])


X = lambda node: isinstance(node, ast.Name) and node.id == "x"  # noqa: E731


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        ("f(x)", "a, b", "f((a, b))"),
        ("f((x))", "a, b", "f((a, b))"),
        ("f(x, )", "a, b", "f((a, b), )"),
        ("f( # (\n x)", "a, b", "f( # (\n (a, b))"),
        ("f( # )\n (x # (\n ) # (\n)", "a, b", "f( # )\n (a, b # (\n ) # (\n)"),
        ("f(x)", "yield", "f((yield))"),
        ("f(x)", "y := 1", "f((y := 1))"),
        ("class A(x): pass", "a, b", "class A((a, b)): pass"),
        ("f(k=x)", "a, b", "f(k=(a, b))"),
        ("f(*x)", "a or b", "f(*(a or b))"),
        ("{**x}", "a or b", "{**(a or b)}"),
        ("{**(x)}", "a or b", "{**(a or b)}"),
        ("{1: x}", "a or b", "{1: a or b}"),
        ("x.real", "1", "(1).real"),
        ("(x).real", "1", "(1).real"),
        ("x.real", "1.5", "1.5.real"),
        ("x ** 2", "-1", "(-1) ** 2"),
        ("2 ** x", "-1", "2 ** -1"),
        ("2 ** x", "await a", "2 ** await a"),
        ("-x", "not a", "-(not a)"),
        ("a - x", "b - c", "a - (b - c)"),
        ("x - a", "b - c", "b - c - a"),
        ("return_(x)", "lambda: 1", "return_(lambda: 1)"),
        ("x if a else b", "c if d else e", "(c if d else e) if a else b"),
        ("a if b else x", "c if d else e", "a if b else c if d else e"),
        ("a < x", "b < c", "a < (b < c)"),
        ("[y for y in x]", "lambda: 1", "[y for y in (lambda: 1)]"),
        ("y = x", "a, b", "y = a, b"),
        ("y[x]", "a, b", "y[(a, b)]"),
        ("y = x,", "lambda: 1", "y = lambda: 1,"),
        ("assert x, y", "a, b", "assert (a, b), y"),
        ("del (x)", "y.z", "del (y.z)"),
        ("@x\ndef f(): pass", "a or b", "@a or b\ndef f(): pass"),
        ("y = [\n  x,\n  2]", "a +\n b", "y = [\n  (a +\n b),\n  2]"),
        ("y = x", "a +\n b", "y = (a +\n b)"),
        ("é = 'ß'; ü = x + 1", "a or b", "é = 'ß'; ü = (a or b) + 1"),
    ],
)
def test_an_expression_gets_the_parentheses_that_it_needs(before, new, after):
    assert edited(before, X, bare(new)) == after


def _string(node):
    return isinstance(node, ast.Constant) and node.value == "a"


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        ('def f():\n    return"a"', "b", "def f():\n    return b"),
        ('def f():\n    return"a"', "é", "def f():\n    return é"),
        ('y = "a"if x else"b"', "c", 'y = c if x else"b"'),
        ('y = "a"if x else"b"', "é", 'y = é if x else"b"'),
        ('y = 1if"a"else 2', "b", "y = 1if b else 2"),
        ('y = 1if"a"else 2', "1.", "y = 1if 1. else 2"),
        ('y = not"a"', "1", "y = not 1"),
        ('y = z in"a"and z', "b'c'", "y = z in b'c'and z"),
        ('y = "a"in z', "0x1", "y = 0x1 in z"),
        ('y = ("a")in z', "b", "y = (b)in z"),
    ],
)
def test_code_does_not_run_into_the_words_beside_it(before, new, after):
    assert edited(before, _string, cst.parse_expression(new)) == after
    ast.parse(after)


@pytest.mark.parametrize(
    ("before", "new", "after"),
    [
        ("sum(x for x in y)", "[1]", "sum([1])"),
        ("sum((x for x in y))", "[1]", "sum([1])"),
        ("sum(x for x in y)", "a, b", "sum((a, b))"),
        ("sum(x for x in y)", "z for z in y", "sum(z for z in y)"),
        ("sum (x for x in y)", "a or b", "sum (a or b)"),
        ("f(1, (x for x in y))", "z", "f(1, z)"),
        ("f(k=(x for x in y))", "z", "f(k=z)"),
    ],
)
def test_a_generator_shares_the_parentheses_of_the_call(before, new, after):
    assert edited(before, lambda node: isinstance(node, ast.GeneratorExp), bare(new)) == after


@pytest.mark.parametrize(
    "source", ["y = (yield x)", "y = (z := x)", "(\n  a # c\n  + x\n)", "x[1:2][3]", "f(*x)", "a, *x"]
)
def test_any_expression_can_be_a_fragment(source):
    module = model(f"async def f():\n  {source}\n")
    for node in ast.walk(module.tree.body[0].body[0]):
        if isinstance(node, ast.expr) and not isinstance(node, ast.Slice):
            splice = make_splice(module, Edit(node, lambda item: item))
            again = ast.parse(apply_splices(module.source.data, [splice]))
            assert ast.dump(again) == ast.dump(module.tree)


@pytest.mark.parametrize(
    ("before", "kind", "new", "after"),
    [
        ("x[a, b]", ast.Tuple, "c, d", "x[c, d]"),
        ("if a := 1: pass", ast.NamedExpr, "b := 2", "if b := 2: pass"),
        ("yield a", ast.Yield, "yield b", "yield b"),
        ("yield a", ast.Yield, "b := 1", "(b := 1)"),
        ("x = a or b", ast.BoolOp, "c or d", "x = c or d"),
        ("-a ** b", ast.UnaryOp, "not b", "not b"),
        ("x + -a", ast.UnaryOp, "not b", "x + (not b)"),
        ("0x1.real", ast.Constant, "1", "(1).real"),
    ],
)
def test_what_stood_without_parentheses_gets_none_for_its_like(before, kind, new, after):
    assert edited(before, lambda node: isinstance(node, kind), bare(new)) == after


def test_what_libcst_does_not_parse_cannot_be_placed():
    with pytest.raises(CannotPlace, match="LibCST"):
        edited("x[1:2, 3]", lambda node: isinstance(node, ast.Slice), lambda item: item)


def test_patterns_are_left_alone():
    for source in ("match y:\n  case x.a: pass", "match y:\n  case A(): pass", "match y:\n  case {'a': 1}: pass"):
        pattern = (ast.MatchValue, ast.MatchClass, ast.MatchMapping)
        module = model(source)
        node = next(item for item in ast.walk(module.tree) if isinstance(module.parent(item), pattern))
        with pytest.raises(CannotPlace, match="pattern"):
            make_splice(module, Edit(node, lambda item: item))


def test_results_that_are_no_expressions():
    for result in (cst.RemoveFromParent(), cst.Pass(), "x", None):
        with pytest.raises(CannotPlace):
            edited("y = old()", OLD, lambda _, result=result: result)
        with pytest.raises(CannotPlace):
            edited('y = f"{old()}"', OLD, lambda _, result=result: result)


# --- parentheses, every context with every replacement -----------------------------------------------------------

CONTEXTS = """
x
y = x
y += x
y: int = x
y: x = 1
(x)
-x
~x
not x
x + 1
1 + x
x - 1
1 - x
x * 1
1 // x
x ** 1
1 ** x
x @ y
x << 1
1 >> x
x & y
y | x
y ^ x
x and y
y and x
x or y
y or x
x < y
y < x
y in x < z
x is not y
x if y else z
y if x else z
y if z else x
lambda: x
lambda a=x: a
f(x)
f( x )
f(x,)
f(x, y)
f(y, x)
f(k=x)
f(*x)
f(**x)
f((x))
f((x), y)
x(y)
x.y
x.y.z(1)
x[y]
y[x]
y[x, 1]
y[1, x]
y[x:1]
y[1:x]
y[::x]
y[(x)]
[x]
[x, 1]
[*x]
{x}
{x: 1}
{1: x}
{**x}
(x, 1)
(x,)
x, 1
1, x
y = x, 1
y = *x, 1
[x for y in z]
[y for y in x]
[y for y in z if x]
[y for y in z if x if w]
[y for y in z for w in x]
{x: y for y in z}
{y: x for y in z}
{x for y in z}
(x for y in z)
f(x for y in z)
f(y for y in x)
await x
yield x
y = yield x
y = yield (x)
yield from x
return x
return (x)
assert x
assert y, x
raise x
raise y from x
del x.y, y[x]
if x: pass
while x: pass
for y in x: pass
for y in (x): pass
for x.y in z: pass
with x: pass
with x as y: pass
with x as y, z: pass
with y, x: pass
with (y, x): pass
(y := x)
f(y := x)
[y := x]
@x
class A(x): pass
class A(x, y): pass
class A(m=x): pass
class A(x.y): pass
def g(a=x): pass
def g(a: x): pass
def g() -> x: pass
try: pass\\nexcept x: pass
match x:\\n  case 1: pass
match x, 1:\\n  case 1: pass
match y:\\n  case 1 if x: pass
print(f"{x}")
print(f"{x!r:>4}")
print(f"{x.y} {z}")
print(f"{z} {x + 1}")
print(f"{z:{x}}")
print(f"{a if x else b} {x}")
print(f"{[x for x in y]}")
print(f"{(x)}")
print(f"a" "b" f"{x}")
""".strip().splitlines()

REPLACEMENTS = """
a
1
-1
1.5
'a' 'b'
a.b
a()
a[b]
(a)
(a, b)
[a]
{1: 2}
{1}
{**a, 1: 2}
not a
await a
a + b
a ** b
a or b
a and b
a < b
a in b
a | b
a if b else c
lambda: a
lambda b: b
y := 1
yield
yield a
a,
a, b
*a, b
i for i in j
[i for i in j]
(
 a)
a +
 b
""".strip()
KINDS = []
for entry in REPLACEMENTS.split("\n"):
    if entry.startswith(" "):
        KINDS[-1] += "\n" + entry
    else:
        KINDS.append(entry)


class _Put(ast.NodeTransformer):
    """Puts one tree in the place of a node."""

    def __init__(self, old, new):
        self.old, self.new = old, new

    def visit(self, node):
        return self.new if node is self.old else super().generic_visit(node)


def _in_function(source):
    body = source.replace("\\n", "\n").replace("\n", "\n    ")
    if body.startswith("@"):
        body += "\n    def g(): pass"
    return f"async def f():\n    {body}\n"


def _intended(source, place, kind):
    """The tree in which the node is replaced, None if there is no source that means it."""
    tree = ast.parse(source)
    node = [item for item in ast.walk(tree) if X(item)][place]
    new = ast.parse(f"({kind}\n)", mode="eval").body
    return _Put(node, new).visit(tree)


def _check(context, kind, place=0):
    source = _in_function(context)
    module = model(source)
    nodes = [item for item in ast.walk(module.tree) if X(item)]
    node = nodes[place]
    if isinstance(node.ctx, ast.Store):
        return False
    quotes = 'f"' in context and any(char in kind for char in "'\n")
    if quotes or "x for x" in context and place == 1:
        return False
    if isinstance(module.parent(node), ast.withitem) and isinstance(bare(kind), cst.Tuple):
        with pytest.raises(CannotPlace, match="context manager"):
            make_splice(module, Edit(node, lambda _: bare(kind)))
        return False
    splice = make_splice(module, Edit(node, lambda _: bare(kind)))
    result = apply_splices(module.source.data, [splice]).decode()
    intended = _intended(source, place, kind)
    try:
        compiled = ast.unparse(intended)
        ast.parse(compiled)
    except SyntaxError:
        return False
    assert ast.dump(ast.parse(result)) == ast.dump(intended), result
    return True


@pytest.mark.parametrize("context", CONTEXTS)
def test_the_result_means_what_was_intended(context):
    checked = [_check(context, kind) for kind in KINDS]
    assert sum(checked) >= len(KINDS) - 6


EXPRESSIONS = st.recursive(
    st.sampled_from(["x", "y", "1", "'s'", "(x)"]),
    lambda inner: st.one_of(
        st.builds("{} + {}".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("{}**{}".format, inner, inner),
        st.builds("(-{})".format, inner),
        st.builds("({} if {} else {})".format, inner, inner, inner),
        st.builds("f({})".format, inner),
        st.builds("f({},\n  k={})".format, inner, inner),
        st.builds("[{}, # )(\n *{}]".format, inner, inner),
        st.builds("({}).a".format, inner),
        st.builds("z[{}]".format, inner),
        st.builds("(lambda: {})".format, inner),
        st.builds("{{**{}}}".format, inner),
        st.builds("f({} for i in {})".format, inner, inner),
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=examples(150))
@given(EXPRESSIONS, st.sampled_from(KINDS), st.data())
def test_any_expression_in_any_place(context, kind, data):
    context = f"y = {context}"
    try:
        tree = ast.parse(_in_function(context))
    except SyntaxError:
        assume(False)
    count = sum(X(item) for item in ast.walk(tree))
    assume(count)
    _check(context, kind, data.draw(st.integers(0, count - 1)))


# --- f-strings -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('f"{old(1)}"', 'f"{repr(1)}"'),
        ('f"ä {a(1)} {old(1)} {a(2)}"', 'f"ä {a(1)} {repr(1)} {a(2)}"'),
        ('f"{a() if old() else c()}"', 'f"{a() if repr() else c()}"'),
        ("f'{ {a(): old()} }'", "f'{ {a(): repr()} }'"),
        ('f"{(lambda x=old(): x)()}"', 'f"{(lambda x=repr(): x)()}"'),
        ('f"{[old(i) for i in a()]}"', 'f"{[repr(i) for i in a()]}"'),
        ('f"{x:{old()}}"', 'f"{x:{repr()}}"'),
        ('"a" f"{b()}" f"{old()}"', '"a" f"{b()}" f"{repr()}"'),
        ('f"""\n{b()}\n  {old()}\n"""', 'f"""\n{b()}\n  {repr()}\n"""'),
        ("rf'\\d{old(k=a)}'", "rf'\\d{repr(k=a)}'"),
        ('f"{{old()}} {old()}"', 'f"{{old()}} {repr()}"'),
    ],
)
def test_calls_inside_f_strings(before, after):
    assert edited(f"y = ({before})\n", OLD, renamed) == f"y = ({after})\n"


def test_one_of_several_equal_expressions():
    module = model('y = f"{old()} {old()} {old()}"\n')
    nodes = [node for node in module.nodes(ast.Call)]
    splice = make_splice(module, Edit(nodes[1], renamed))
    assert apply_splices(module.source.data, [splice]) == b'y = f"{old()} {repr()} {old()}"\n'


@pytest.mark.parametrize(
    "source",
    ['f"{old()=}"', 'f"{a + old() = }"', 'f"{(old())=!r}"', 'f"{b(old(), 1)=:>4}"'],
)
def test_expressions_whose_text_is_shown_are_left_alone(source):
    with pytest.raises(CannotPlace, match="own text"):
        edited(f"y = {source}", OLD, renamed)


def test_the_format_of_a_shown_expression_is_no_part_of_it():
    assert edited('f"{x=:{old()}}"', OLD, renamed) == 'f"{x=:{repr()}}"'


@pytest.mark.parametrize("new", ["'a'", '"a"', "f(\n1)", "b'\\n'"])
def test_quotes_and_backslashes_inside_f_strings(new):
    with pytest.raises(CannotPlace, match="quotes"):
        edited('f"{old()}"', OLD, cst.parse_expression(new))


def test_parts_of_strings_are_no_expressions():
    module = model('f"a{x:>{y}}"')
    for node in ast.walk(module.tree):
        inner = isinstance(module.parent(node), (ast.JoinedStr, ast.FormattedValue)) and not isinstance(node, ast.Name)
        if inner and isinstance(node, ast.expr):
            with pytest.raises(CannotPlace, match="part of a string"):
                make_splice(module, Edit(node, lambda item: item))


def test_the_fragment_of_an_expression_in_an_f_string():
    module = model('y = f"{old()}"\n')
    call = module.nodes(ast.Call)[0]
    start, end = span_of_edit(module, Edit(call, renamed))
    assert module.source.data[start:end] == (b"old()" if NEW_SYNTAX else b'f"{old()}"')


# --- splices ---------------------------------------------------------------------------------------------------


@st.composite
def spliced(draw):
    data = draw(st.binary(max_size=30))
    cuts = sorted(draw(st.lists(st.integers(0, len(data)), max_size=8)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    splices = [Splice(start, end, draw(st.binary(max_size=4))) for start, end in pairs]
    return data, draw(st.permutations(splices))


@given(spliced())
def test_what_is_outside_the_splices_keeps_its_bytes_and_its_place(case):
    data, splices = case
    result = apply_splices(data, splices)
    assert len(result) == len(data) + sum(len(item.text) - (item.end - item.start) for item in splices)
    kept = bytearray()
    for offset in range(len(result)):
        before = Origins(splices).original(offset)
        assert 0 <= before <= len(data)
        inside = any(item.start <= before < item.end for item in splices)
        put = any(item.start == before and item.text for item in splices)
        if not inside and not put:
            assert data[before] == result[offset]
            kept.append(result[offset])
    offsets = [Origins(splices).original(offset) for offset in range(len(result) + 1)]
    assert offsets == sorted(offsets)
    assert Origins(splices).original(len(result)) == len(data)


def test_new_text_is_where_it_was_put():
    splices = [Splice(2, 4, b"xyz"), Splice(4, 4, b"!")]
    assert apply_splices(b"abcdef", splices) == b"abxyz!ef"
    assert [Origins(splices).original(offset) for offset in range(9)] == [0, 1, 2, 2, 2, 4, 4, 5, 6]


@given(spliced())
def test_a_narrowed_splice_makes_the_same_change(case):
    data, splices = case
    assert apply_splices(data, narrowed(data, splices)) == apply_splices(data, splices)


def test_what_a_splice_leaves_as_it_was_keeps_its_place():
    assert narrowed(b"f(old(1))", [Splice(0, 9, b"f(older(1))")]) == [Splice(5, 5, b"er")]
    assert narrowed(b"aa", [Splice(0, 2, b"a")]) == [Splice(1, 2, b"")]


def test_insertions_at_one_place_keep_their_order():
    assert apply_splices(b"ab", [Splice(1, 2, b"-"), Splice(1, 1, b"1"), Splice(1, 1, b"2")]) == b"a12-"


def test_splices_that_overlap_are_refused():
    with pytest.raises(CannotPlace):
        apply_splices(b"abcd", [Splice(0, 3, b""), Splice(2, 4, b"")])
    with pytest.raises(CannotPlace):
        apply_splices(b"abcd", [Splice(0, 3, b""), Splice(1, 1, b"x")])


# --- insertions ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("old()\n", "new\nold()\n"),
        ("old()", "new\nold()"),
        ("x\n# one\n# two\nold()\n", "x\nnew\n# one\n# two\nold()\n"),
        ("#!/usr/bin/env python\n# coding: utf-8\nold()\n", "#!/usr/bin/env python\n# coding: utf-8\nnew\nold()\n"),
        ("# far\n\n# near\nold()\n", "# far\n\nnew\n# near\nold()\n"),
        ("if x:\n    # near\n    old()\n", "if x:\n    new\n    # near\n    old()\n"),
        ("if x:\n    y\n    # in\n# out\nold()\n", "if x:\n    y\n    # in\nnew\n# out\nold()\n"),
        ("if x:\n  # out\n    old()\n", "if x:\n  # out\n    new\n    old()\n"),
        ('x = """\n# no comment"""\nold()\n', 'x = """\n# no comment"""\nnew\nold()\n'),
        ("if x: old()\n", "if x:\n    new\n    old()\n"),
        ("if x:old()\nelse: y\n", "if x:\n    new\n    old()\nelse: y\n"),
        ("if x: y\nelse: old()\n", "if x: y\nelse:\n    new\n    old()\n"),
        ("if z:\n\tif x: old(); y\n", "if z:\n\tif x:\n\t\tnew\n\t\told(); y\n"),
        ("if z:\r\n  if x: old()\r\n", "if z:\r\n  if x:\r\n    new\r\n    old()\r\n"),
        ("if (a and\n        b): old()\n", "if (a and\n        b):\n    new\n    old()\n"),
        ("if x: \\\n  old()\n", "if x:\n  new\n  old()\n"),
        ("try: old()\nexcept A: pass\n", "try:\n    new\n    old()\nexcept A: pass\n"),
        ("try: y\nexcept A: old()\n", "try: y\nexcept A:\n    new\n    old()\n"),
        ("class A: old()\n", "class A:\n    new\n    old()\n"),
        ("if x: y; old()\n", "if x: y; new; old()\n"),
        ("y; old()\n", "y; new; old()\n"),
        ("old(); y\n", "new\nold(); y\n"),
        ("y; \\\nold()\n", "y; \\\nnew; old()\n"),
        ("if x:\n\told()\n", "if x:\n\tnew\n\told()\n"),
    ],
)
def test_a_statement_goes_in_front_of_another(before, after):
    module = model(before)
    node = next(item for item in ast.walk(module.tree) if OLD_LINE(item))
    splice = make_insertion(module, Insertion(node, "new"))
    result = apply_splices(module.source.data, [splice]).decode()
    assert result == after
    ast.parse(result)


def test_decorators_stay_with_their_function():
    module = model("x\n# c\n@a\ndef f(): pass\n")
    splice = make_insertion(module, Insertion(module.tree.body[1], "new"))
    assert apply_splices(module.source.data, [splice]) == b"x\nnew\n# c\n@a\ndef f(): pass\n"


def test_nothing_goes_in_front_of_an_elif():
    module = model("if a: pass\nelif b: pass\n")
    with pytest.raises(CannotPlace):
        make_insertion(module, Insertion(module.nodes(ast.If)[1], "new"))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("if x: old()\n", "if x:\n    one\n    two\n    old()\n"),
        ("old()\n", "one\ntwo\nold()\n"),
        ("y; old()\n", "y; one; two; old()\n"),
    ],
)
def test_several_in_front_of_the_same(before, after):
    module = model(before)
    node = next(item for item in ast.walk(module.tree) if OLD_LINE(item))
    splices = make_insertions(module, [Insertion(node, "one"), Insertion(node, "two")])
    assert apply_splices(module.source.data, splices).decode() == after
