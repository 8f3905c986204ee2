"""Texts that are put together are taken apart, and the path of the parts is the path of the text.

The properties put a text together in every style that is understood, take it
apart, and run both.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from path_values import NAMES, texts

from pymodernize.semantics.module import Module
from pymodernize.source import SourceFile
from pymodernize_codemods._paths.concatenations import Concatenations, concatenations, is_concatenation, parts_of
from pymodernize_codemods._paths.form import Form, Unfit
from pymodernize_codemods._paths.judgement import Judge
from pymodernize_codemods._paths.texts import Field, Piece, literal, pieces, quote_of, quoted


def module_of(source: str) -> Module:
    """A script that imports os."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Module(SourceFile.decode(f"import os\n{source}\n".encode()))


def last_of(module: Module) -> ast.expr:
    """The expression that a script ends with."""
    statement = module.tree.body[-1]
    assert isinstance(statement, ast.Expr)
    return statement.value


def shown(piece: Piece) -> str | tuple[str, ...]:
    """A piece: a literal as it is, a value as a tuple of its source and how it is formatted."""
    if isinstance(piece, str):
        return piece
    if isinstance(piece, Field):
        return (ast.unparse(piece.expr), piece.spec)
    return (ast.unparse(piece),)


def pieces_of(expression: str, before: str = "") -> list[str | tuple[str, ...]] | None:
    module = module_of(f"{before}\n{expression}")
    found = pieces(module, last_of(module))
    return None if found is None else [shown(piece) for piece in found]


# --- literals ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("'a/b'", "a/b"),
        ("'a' '/b'", "a/b"),
        ("r'a\\b'", "a\\b"),
        ("os.sep", os.sep),
        ("os.path.sep", os.path.sep),
        ("os.curdir", os.curdir),
        ("os.path.curdir", os.path.curdir),
        ("os.pardir", os.pardir),
        ("os.path.pardir", os.path.pardir),
        ("os.extsep", os.extsep),
        ("os.path.extsep", os.path.extsep),
        ("b'a'", None),
        ("1", None),
        ("None", None),
        ("os.name", None),
        ("os.altsep", None),
        ("a", None),
        ("f'a'", None),
    ],
)
def test_literal(expression: str, text: str | None):
    module = module_of(expression)
    assert literal(module, last_of(module)) == text


@pytest.mark.parametrize("before", ["os.sep = ':'", "class os:\n    sep = ':'", "from paths import *", "os = object()"])
def test_a_separator_that_may_be_another_is_no_literal(before: str):
    module = module_of(f"{before}\nos.sep")
    assert literal(module, last_of(module)) is None


# --- pieces --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("a + '/' + b", [("a",), "/", ("b",)]),
        ("a + ('/' + b)", [("a",), "/", ("b",)]),
        ("a + os.sep + b", [("a",), "/", ("b",)]),
        ("a + '/' + 'b' + '.txt'", [("a",), "/b.txt"]),
        ("'' + a + ''", [("a",)]),
        ("a + b", [("a",), ("b",)]),
        ("a + (b if c else d)", [("a",), ("b if c else d",)]),
        ("a * 2 + '/'", [("a * 2",), "/"]),
        ("'%s/%s' % (a, b)", [("a",), "/", ("b",)]),
        ("'%s/100%%/%s' % (a, b)", [("a",), "/100%/", ("b",)]),
        ("'%s/%03d' % (a, b)", [("a",), "/", ("b", "03d")]),
        ("'%s/%i%x' % (a, b, c)", [("a",), "/", ("b", "d"), ("c", "x")]),
        ("'%s/x' % (a,)", [("a",), "/x"]),
        ("'%s/x' % 'a'", ["a/x"]),
        ("'%s/x' % str(a)", [("str(a)",), "/x"]),
        ("'x/y' % ()", ["x/y"]),
        ("'{}/{}'.format(a, b)", [("a",), "/", ("b",)]),
        ("'{0}/{1}'.format(a, b)", [("a",), "/", ("b",)]),
        ("'{{{}}}/'.format(a)", ["{", ("a",), "}/"]),
        ("'{}/{:03d}'.format(a, b)", [("a",), "/", ("b", "03d")]),
        ("f'{a}/{b}'", [("a",), "/", ("b",)]),
        ("f'{a!s}/{{}}'", [("a",), "/{}"]),
        ("f'{a}/{b:02x}'", [("a",), "/", ("b", "02x")]),
        ("f'{a}/' f'{b}' '.txt'", [("a",), "/", ("b",), ".txt"]),
        ("f'{a}{os.sep}b'", [("a",), "/b"]),
        ("'/'.join([a, b])", [("a",), "/", ("b",)]),
        ("os.sep.join((a, 'b', c))", [("a",), "/b/", ("c",)]),
        ("'/'.join([a])", [("a",)]),
        ("'/'.join([])", []),
        ("''.join([a, '/', b])", [("a",), "/", ("b",)]),
        ("a + '/%s.txt' % (b,)", [("a",), "/", ("b",), ".txt"]),
        ("a + f'/{b}' + '/{}'.format(c)", [("a",), "/", ("b",), "/", ("c",)]),
    ],
)
def test_pieces(expression: str, found: list[str | tuple[str, ...]]):
    assert pieces_of(expression) == found


@pytest.mark.parametrize(
    "expression",
    [
        "a",
        "a - b",
        "a % b",
        "b'%s/%s' % (a, b)",
        "'%s/%s' % a",
        "'%s/x' % a",
        "'%s/%s' % (a,)",
        "'%s' % (a, b)",
        "'%s/%s' % (*a, b)",
        "'%(a)s/%(b)s' % {'a': a, 'b': b}",
        "'%s/%*d' % (a, b, c)",
        "'%s/%r' % (a, b)",
        "'%s/%+d' % (a, b)",
        "'%s/%-3d' % (a, b)",
        "'%s/%5s' % (a, b)",
        "'%s/%.1f' % (a, b)",
        "'%s/%' % (a,)",
        "'{}/{}'.format(a)",
        "'{}/{}'.format(*a)",
        "'{a}/{b}'.format(a=a, b=b)",
        "'{}/{}'.format(a, **b)",
        "'{}/{}'.format(a, b, c)",
        "'{1}/{0}'.format(a, b)",
        "'{0}/{0}'.format(a)",
        "'{0}/{}'.format(a, b)",
        "'{0.b}/{1[0]}'.format(a, b)",
        "'{!r}/{}'.format(a, b)",
        "'{:>5}/{}'.format(a, b)",
        "'{:{}}/'.format(a, b)",
        "'{'.format(a)",
        "template.format(a, b)",
        "f'{a!r}/{b}'",
        "f'{a!a}/{b}'",
        "f'{a:>5}/{b}'",
        "f'{a:{b}}/'",
        "f'{a=}/{b}'",
        "'/'.join(a)",
        "'/'.join([a, *b])",
        "'/'.join(x for x in a)",
        "'/'.join([x for x in a])",
        "'/'.join([a], b)",
        "a.join([b, c])",
        "str.join('/', [a, b])",
    ],
)
def test_what_is_put_together_in_another_way(expression: str):
    assert pieces_of(expression) is None


def test_one_value_of_a_template_must_not_be_a_tuple_or_a_mapping():
    assert pieces_of("'%s/x' % a", "a = ('b',)") is None
    assert pieces_of("'%s/x' % a", "a = {'b': 1}") is None
    assert pieces_of("'%s/x' % a", "a = 'b'") == [("a",), "/x"]
    assert pieces_of("'%s/x' % a", "a = 1") == [("a",), "/x"]


# --- quotes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "quote"),
    [
        ("'a' + b", "'"),
        ('"a" + b', '"'),
        ('"it\'s"', '"'),
        ("'a' \"b\"", "'"),
        ("a + b", '"'),
        ("x['y'] + \"/\"", "'"),
    ],
)
def test_quote_of(source: str, quote: str):
    assert quote_of(source) == quote


@given(st.text(), st.sampled_from("'\""))
@example("it's", "'")
@example('"', '"')
@example("a\\b", '"')
@example("\udce4", "'")
@example("\n", '"')
def test_a_quoted_text_is_that_text(text: str, quote: str):
    assert ast.literal_eval(quoted(text, quote)) == text


@given(st.text(alphabet=st.characters(categories=["L", "N"], include_characters=" ./-_")), st.sampled_from("'\""))
def test_a_plain_text_has_the_quotes_that_are_asked_for(text: str, quote: str):
    assert quoted(text, quote) == f"{quote}{text}{quote}"


# --- parts ---------------------------------------------------------------------------------------------------------

A, B = (ast.Name(name, ast.Load()) for name in "ab")
NUMBER = Field(A, "03d")


@pytest.mark.parametrize(
    ("found", "parts"),
    [
        ([A, "/", B], [[A], [B]]),
        ([A, "/b/c/", B], [[A], ["b"], ["c"], [B]]),
        ([A, "//", B], [[A], [B]]),
        ([A, "/./", B], [[A], ["."], [B]]),
        ([A, "/b"], [[A], ["b"]]),
        ([A, "/"], [[A]]),
        ([A, "/b_", B, ".txt"], [[A], ["b_", B, ".txt"]]),
        ([A, "_x/", B], [[A, "_x"], [B]]),
        ([A, B, "/x"], [[A, B], ["x"]]),
        (["a/", B], [["a"], [B]]),
        (["a/b/c_", B], [["a/b"], ["c_", B]]),
        (["a//b//", B], [["a/b"], [B]]),
        (["./a/", B], [["a"], [B]]),
        (["../", B], [[".."], [B]]),
        (["/", B], [["/"], [B]]),
        (["//", B], [["//"], [B]]),
        (["///", B], [["/"], [B]]),
        (["/a/", B, "/c"], [["/a"], [B], ["c"]]),
        (["a_", B, "/c"], [["a_", B], ["c"]]),
        (["a/", NUMBER, ".txt"], [["a"], [NUMBER, ".txt"]]),
    ],
)
def test_parts_of(found: list[Piece], parts: list[list[Piece]]):
    assert parts_of(found) == parts


# --- which expressions ---------------------------------------------------------------------------------------------


def found_in(source: str) -> list[str]:
    module = module_of(source)
    return [ast.unparse(expr) for expr in concatenations(module)]


@pytest.mark.parametrize(
    "expression",
    [
        "a + '/' + b",
        "a + os.sep + b",
        "a + sep + b",
        "'data/' + b + '.txt'",
        "'%s/%s' % (a, b)",
        "'{}/{}'.format(a, b)",
        "f'{a}/{b}'",
        "'/'.join([a, b])",
        "os.sep.join([a, b])",
        "a + ('/' + b)",
        "a + '/%s' % (b,)",
        "'/'.join([a + '.d', b])",
    ],
)
def test_the_whole_is_found_once(expression: str):
    assert found_in(f"from os import sep\nsee({expression})") == [expression]


@pytest.mark.parametrize(
    "expression",
    [
        "'a/b'",
        "'a/' + 'b'",
        "a + b",
        "a / b",
        "'http://' + a + '/' + b",
        "a + '/search?q=' + b",
        "'<b>' + a + '</b>'",
        "a + '/x | wc'",
        "a + '/x\\n'",
        "a + '/\\t' + b",
        "f'{{{a}}}/{b}'",
        "b'/'.join([a, b])",
        "a + b'/' + b",
        "'/'.join(a)",
        "a.split('/')",
        "a.replace('/', b)",
        "'/' in a",
        "'/' * 3",
        "'a/b' % c",
        "{'/': a}",
        "['/', a]",
        "f(a, '/')",
        "a + 'sep' + b",
        "a + self.sep + b",
    ],
)
def test_what_is_no_path_that_is_put_together(expression: str):
    assert found_in(f"see({expression})") == []


def test_they_come_in_the_order_of_the_text():
    source = "see(f'{a}/{b}')\nsee(a + os.sep + 'x')\nsee('%s/x' % (a,), a + '/y')"
    assert found_in(source) == ["f'{a}/{b}'", "a + os.sep + 'x'", "'%s/x' % (a,)", "a + '/y'"]


# --- as paths ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Style:
    """One way of putting texts together.

    Attributes:
        write: gives the expression for literals and names of values.
        takes_numbers: whether a value may be a number.
    """

    write: Callable[[list[str | ast.Name]], str]
    takes_numbers: bool = True


def added(parts: list[str | ast.Name]) -> str:
    return " + ".join(part.id if isinstance(part, ast.Name) else ascii(part) for part in parts)


def percent(parts: list[str | ast.Name]) -> str:
    template = "".join("%s" if isinstance(part, ast.Name) else part.replace("%", "%%") for part in parts)
    return f"{template!a} % ({''.join(f'{part.id}, ' for part in parts if isinstance(part, ast.Name))})"


def formatted(parts: list[str | ast.Name]) -> str:
    template = "".join("{}" if isinstance(part, ast.Name) else doubled(part) for part in parts)
    return f"{template!a}.format({', '.join(part.id for part in parts if isinstance(part, ast.Name))})"


def interpolated(parts: list[str | ast.Name]) -> str:
    template = "".join(f"{{{part.id}}}" if isinstance(part, ast.Name) else doubled(part) for part in parts)
    return f"f{template!a}"


def doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def joined(parts: list[str | ast.Name]) -> str:
    return f"''.join([{', '.join(part.id if isinstance(part, ast.Name) else ascii(part) for part in parts)}])"


def with_slashes(parts: list[str | ast.Name]) -> str:
    return f"'/'.join([{', '.join(part.id if isinstance(part, ast.Name) else ascii(part) for part in parts)}])"


STYLES = {
    "sum": Style(added, takes_numbers=False),
    "percent": Style(percent),
    "format": Style(formatted),
    "fstring": Style(interpolated),
    "join": Style(joined, takes_numbers=False),
    "join with slashes": Style(with_slashes, takes_numbers=False),
}
LITERALS = st.sampled_from(
    "/ / / // /./ /../ ./ . .. /. .txt _ a data/ /data /etc/ a/b/c % ä/ ~ /~".split()
    + ["it's", 'say "x"', "b\\c", " /"]
)
PLAIN_NAMES = st.sampled_from([name for name in NAMES if name.isalnum()])
VALUES = st.one_of(st.sampled_from(NAMES), texts(), st.sampled_from(["", ".", "..", "/", "a/", "/a"]))


@dataclass(frozen=True)
class Together:
    """A text that a script puts together.

    Attributes:
        style: how.
        parts: its literals and the names of its values.
        values: the values by name.
    """

    style: Style
    parts: list[str | ast.Name]
    values: dict[str, str | int]

    @property
    def old(self) -> str:
        return self.style.write(self.parts)

    def form(self, *, known: bool) -> Form | None:
        """What becomes of it; None if it is not taken for a path.

        Args:
            known: whether the values stand in the script.
        """
        if known:
            before = "".join(f"{name} = {value!a}\n" for name, value in self.values.items())
            source = f"{before}{self.old}"
        else:
            source = f"def function({', '.join(self.values)}):\n    return 1\n{self.old}"
        module = module_of(source)
        expr = last_of(module)
        if not is_concatenation(module, expr):
            return None
        try:
            return Concatenations(module, Judge(module), "Path", bold=True).made(expr)
        except Unfit:
            return None

    def run(self, expression: str) -> object:
        return eval(expression, {"os": os, "Path": Path, **self.values})  # noqa: S307


@st.composite
def together(draw: st.DrawFn, values: st.SearchStrategy[str] = VALUES, *, numbers: bool = True) -> Together:
    """A text of literals and values, at least one of them with a slash."""
    chosen = draw(st.sampled_from(list(STYLES.values())))
    names = [ast.Name(name, ast.Load()) for name in "pqrs"]
    parts: list[str | ast.Name] = []
    given_values: dict[str, str | int] = {}
    integers = st.integers(-10, 1000) if numbers and chosen.takes_numbers else st.nothing()
    for _ in range(draw(st.integers(2, 6))):
        if draw(st.booleans()) and names:
            name = names.pop(0)
            parts.append(name)
            given_values[name.id] = draw(st.one_of(values, integers))
        else:
            parts.append(draw(LITERALS))
    assume(given_values)
    assume(chosen.write is with_slashes or any(isinstance(part, str) and "/" in part for part in parts))
    return Together(chosen, parts, given_values)


@given(together())
def test_pieces_put_together_again_are_the_text(case: Together):
    module = module_of("".join(f"{name} = {value!a}\n" for name, value in case.values.items()) + case.old)
    found = pieces(module, last_of(module))
    assert found is not None
    again = [piece if isinstance(piece, str) else str(case.run(ast.unparse(shown_expr(piece)))) for piece in found]
    assert "".join(again) == case.run(case.old)
    assert "" not in found
    literals = [isinstance(piece, str) for piece in found]
    assert (True, True) not in zip(literals, literals[1:], strict=False)


def shown_expr(piece: Piece) -> ast.expr:
    assert isinstance(piece, ast.expr)
    return piece


def is_right(case: Together, form: Form) -> None:
    old = case.run(case.old)
    assert isinstance(old, str)
    new = case.run(form.text)
    assert isinstance(new, Path)
    assert with_one_root(new) == with_one_root(Path(old)), (case.old, form.text, case.values, old)


def with_one_root(path: Path) -> Path:
    """The path from ``/`` for one from ``//``: the same files, on every system that this runs on.

    What a literal at the start makes of two slashes is tested by itself. Those
    that values make, being empty or the root, change the text alone, for which
    :class:`Hazard.UNTIDY` stands.
    """
    return Path("/", *path.parts[1:]) if path.root == "//" else path


@given(together())
def test_no_doubt_about_known_values_means_the_same_path(case: Together):
    form = case.form(known=True)
    if form is not None and not form.doubts:
        is_right(case, form)


@given(together())
def test_no_doubt_about_unknown_values_means_the_same_path(case: Together):
    form = case.form(known=False)
    if form is not None and not form.doubts:
        is_right(case, form)


@given(together(values=PLAIN_NAMES))
def test_there_is_no_doubt_about_plain_names(case: Together):
    form = case.form(known=True)
    assume(form is not None)
    assert form is not None
    assert form.doubts == ()
    is_right(case, form)


@given(together(values=PLAIN_NAMES, numbers=False))
def test_in_doubt_or_not_it_is_the_path_of_plain_names(case: Together):
    form = case.form(known=False)
    assume(form is not None)
    assert form is not None
    is_right(case, form)


def test_what_is_no_path_is_left():
    with pytest.raises(Unfit, match="no path"):
        form_of("f'{a}/x'", "a = None")


def form_of(expression: str, before: str = "") -> Form:
    module = module_of(f"{before}\n{expression}")
    form = Concatenations(module, Judge(module), "Path", bold=True).made(last_of(module))
    assert form is not None
    return form


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("a + '/' + b", "Path(a) / b"),
        ('a + "/x/" + b + ".txt"', 'Path(a) / "x" / (b + ".txt")'),
        ("'%s/%s.txt' % (a, b)", "Path(a) / f'{b}.txt'"),
        ('f"{a}/{b}_{c}"', 'Path(a) / f"{b}_{c}"'),
        ('f"{a}_{b}/{c}.txt"', 'Path(f"{a}_{b}") / f"{c}.txt"'),
        ('a + b + "/x"', 'Path(a + b) / "x"'),
        ('"x/" + a', 'Path("x") / a'),
        ('"/" + a', 'Path("/") / a'),
        ('"./" + a', "Path(a)"),
        ('"./" + a + "/x"', 'Path(a) / "x"'),
        ('a + "/./" + b', "Path(a) / b"),
        ('a + "/"', "Path(a)"),
        ('"/".join([a, "x", b])', 'Path(a) / "x" / b'),
        ('a + "/" + (b if c else d)', "Path(a) / (b if c else d)"),
        ('a + "/%03d.txt" % (b,)', 'Path(a) / f"{b:03d}.txt"'),
        ('a + "/" + b.name()', "Path(a) / b.name()"),
    ],
)
def test_how_it_is_written(expression: str, text: str):
    assert form_of(expression).text == text


@pytest.mark.parametrize(
    ("expression", "before", "doubt"),
    [
        ("a + '/x'", "a = ''", "a is empty in some runs, by what the script itself says"),
        ("a + '/x'", "a = input()", "may be empty"),
        ("a + b + '/x'", "a = input()\nb = input()", "may be empty"),
        ("'x/' + a", "a = '/y'", "a starts with a slash, by what the script itself says"),
        ("'x/' + a + '.txt'", "a = input()", "may start with a slash"),
        ("'x/' + a + b", "a = ''\nb = '/y'", "b starts with a slash"),
        ("f'x/{a}{b}'", "a = input()\nb = input()", "may start with a slash"),
        ("f'{a}/x'", "def f(a): pass", "a may be bytes, a file descriptor or None"),
        ("f'{a}/x'", "a = 'b' if os.name else None", "a is None in some runs"),
        ("'%s/x' % (a,)", "a = 'b' if os.name else None", "a is None in some runs"),
        ("'x/%03d' % (a,)", "a = 1.5", "may be no int"),
    ],
)
def test_doubts(expression: str, before: str, doubt: str):
    assert any(doubt in found.reason for found in form_of(expression, before).doubts)


@pytest.mark.parametrize(
    ("expression", "before"),
    [
        ("a + '/x'", "a = 'b'"),
        ("a + '/' + str(b)", "a = 'b'\nb = 3"),
        ("f'{a}/{b}'", "a = 'b'\nb = 3"),
        ("'x/' + a", "a = os.path.basename(os.getcwd()) + '.txt'"),
        ("a + '/x'", "a = os.path.expanduser('~')"),
        ("a + '/x'", "a = os.getcwd()"),
        ("'x/y_' + a + '.txt'", "a = input()"),
        ("'x/%03d.txt' % (a,)", "a = 7"),
    ],
)
def test_no_doubts(expression: str, before: str):
    assert form_of(expression, before).doubts == ()
