"""Which argument becomes the value of which parameter: what the interpreter binds."""

from __future__ import annotations

import ast

import pytest

from pymodernize.semantics.call_binding import argument, defaults, given, parameter_at, parameter_of, parameters

SIGNATURES = (
    "a, b",
    "a, b=2",
    "a, /, b=2",
    "a, /, b, *, c=3",
    "*, a, b=2",
    "a=1, *rest, b",
    "a, **more",
    "",
)
CALLS = ("", "'x'", "'x', 'y'", "'x', b='y'", "b='y', a='x'", "'x', 'y', c='z'", "'x', b='y', c='z'", "a='x', b='y'")


def _read(signature: str, arguments: str) -> tuple[ast.FunctionDef, ast.Call]:
    function, call = ast.parse(f"def f({signature}): pass\nf({arguments})").body
    assert isinstance(function, ast.FunctionDef) and isinstance(call, ast.Expr) and isinstance(call.value, ast.Call)
    return function, call.value


@pytest.mark.parametrize("signature", SIGNATURES)
@pytest.mark.parametrize("arguments", CALLS)
def test_the_interpreter_binds_the_same(signature, arguments):
    space: dict = {}
    exec(f"def f({signature}): return locals()", space)
    try:
        bound = eval(f"f({arguments})", space)  # noqa: S307
    except TypeError:
        return  # a call that raises binds nothing
    function, call = _read(signature, arguments)
    for parameter in parameters(function):
        found = argument(function, call, parameter)
        assert found is not None and ast.literal_eval(found) == bound[parameter.arg]
        passed = given(function, call, parameter)
        assert (passed is None) == (parameter_of(function, call, found) is None)
        assert passed is None or parameter_of(function, call, passed) is parameter


@pytest.mark.parametrize(
    ("arguments", "a", "b", "c"),
    [
        ("*x", None, None, None),
        ("1, *x", "1", None, None),
        ("*x, c=3", None, None, "3"),
        ("1, **x", "1", None, None),
        ("1, 2, **x", "1", "2", None),
        ("1", "1", "0", "9"),
    ],
)
def test_what_stars_bring_is_not_told(arguments, a, b, c):
    function, call = _read("a, b=0, *, c=9", arguments)
    found = [argument(function, call, parameter) for parameter in parameters(function)]
    assert [None if item is None else ast.unparse(item) for item in found] == [a, b, c]


def test_parameters_by_their_place():
    function, _ = _read("a, /, b, *rest, c, **more", "")
    names = {place: getattr(parameter_at(function, place), "arg", None) for place in (0, 1, 2, "a", "b", "c", "rest")}
    assert names == {0: "a", 1: "b", 2: None, "a": None, "b": "b", "c": "c", "rest": None}


def test_defaults():
    function, _ = _read("a, b=1, /, c=2, *, d, e=3", "")
    assert [(arg.arg, ast.unparse(value)) for arg, value in defaults(function.args)] == [
        ("b", "1"),
        ("c", "2"),
        ("e", "3"),
    ]
