"""Why a file does not parse, in a line for a person."""

from __future__ import annotations

import ast
import warnings

import pytest

from pymodernize.source import SourceFile
from pymodernize.transformation.parsing import parse_problem


def problem(text: str) -> str:
    file = SourceFile.decode(text.encode())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises((SyntaxError, RecursionError, MemoryError)) as caught:
            ast.parse(file.text)
    return parse_problem(caught.value, file)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('print "a"', 1),
        ("x = 1\nprint x", 2),
        ('print "a %s" % b, c', 1),
        ('print >>f, "x"\nprint "y"', 2),
        ("if x: print y", 1),
        ("else_ = 1; print y", 1),
        ('print "a", \\\n  "b"', 1),
        ('exec "x"', 1),
        ("exec code in ns", 1),
        ("try:\n  pass\nexcept ValueError, (a, b):\n  pass", 3),
        ("try:\n  pass\nexcept (X, Y), e:\n  pass", 3),
        ("x = `y`", 1),
        ("if a <> b: pass", 1),
        ("os.chmod(p, 0777)", 1),
        ('x = ur"abc"', 1),
        ("x = UR'abc'", 1),
        ('raise E, "x"', 1),
        ('if x: raise E, "x"', 1),
        ('raise E("a"), None, tb', 1),
        ("x = 10L", 1),
        ("x = 0xFFl", 1),
        ("x = 0777L", 1),
        ("def f(a, (b, c)):\n  pass", 1),
        ("def f((a, b)):\n  pass", 1),
        ("sort(key=lambda (k, v): v)", 1),
        ("lambda x, (a, b): a", 1),
    ],
)
def test_python_2_is_called_by_its_name(text: str, line: int) -> None:
    assert problem(text + "\n") == f"looks like Python 2, line {line}"


def test_python_2_except_clause() -> None:
    text = "try:\n  pass\nexcept ValueError, e:\n  pass\n"
    try:
        ast.parse(text)
    except SyntaxError:
        assert problem(text) == "looks like Python 2, line 3"
    else:
        pytest.skip("this Python reads it as a tuple of classes")


@pytest.mark.parametrize(
    "text",
    [
        "x = 1.05 +",
        'x = "<>" "',
        'x = "`a`" +',
        'y = "0777" y',
        "y = '10L' 3",
        "y = 0.10 0.07",
        "def f(x=g(1), y)\n  pass",
        "def f(x=(1, 2))\n  pass",
        "def f(a, b=(1, 2)) pass",
        "lambda x: (a, b) c",
        "x = foo(  # `a`",
        "x = (1",
        "if x\n  pass",
        'x = "print y',
        '"""\nprint x <> y',
        "class A\n  pass",
        "print(x",
        "print = 5 5",
        "x = 5 5  # print x",
        "return x y",
        "d = {'a': 1, 'b' 2}",
        "for x in y\n  pass",
        "async = 1",
        "  x = 1\n y = 2",
        "if x:\n\ty\n        z",
        "raise E(a b)",
        "print is not not not = 1",
        "# print x\nx = = 1",
        "x = y if",
    ],
)
def test_other_errors_are_not_called_python_2(text: str) -> None:
    message = problem(text + "\n")
    assert message.startswith("does not parse: ")
    assert ", line " in message


@pytest.mark.parametrize("text", ["(" * 300 + ")" * 300, "-" * 100_000 + "1"])
def test_too_deep(text: str) -> None:
    assert problem(text) == "is nested too deeply to be parsed"


def test_too_many_levels_of_indentation() -> None:
    text = "".join(" " * level + "if x:\n" for level in range(120)) + " " * 120 + "pass\n"
    assert problem(text) == "is nested too deeply to be parsed"


def test_errors_without_a_place() -> None:
    file = SourceFile.decode(b"x = 1\n")
    assert parse_problem(SyntaxError("odd"), file) == "does not parse: odd, line 1"
    assert parse_problem(SyntaxError("odd", ("f", 99, 1, "")), file) == "does not parse: odd, line 99"
    assert parse_problem(SyntaxError(), file) == "does not parse: None, line 1"
    assert parse_problem(ValueError("too large"), file) == "does not parse: too large"
    assert parse_problem(RecursionError(), file) == "is nested too deeply to be parsed"
