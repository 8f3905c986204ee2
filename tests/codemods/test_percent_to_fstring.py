"""percent-to-fstring: fields and whole texts give the same as f-strings, for values of the classes that are known."""

from __future__ import annotations

import ast
import functools
import pathlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import make_plan

from pymodernize.plan import Plan
from pymodernize.semantics.project import ProjectFacts
from pymodernize.semantics.types import Type, Types
from pymodernize.transformation.engine import transform
from pymodernize.transformation.result import Result
from pymodernize_codemods.percent_to_fstring.fields import Field, Unreadable, parts, reads_back, shown

VALUES = {
    "str": st.text(max_size=6),
    "int": st.integers() | st.sampled_from([0, -1, 10**30]),
    "float": st.floats(),
    "bool": st.booleans(),
    "NoneType": st.none(),
    "list": st.lists(st.integers(), max_size=2),
    "dict": st.dictionaries(st.text(max_size=2), st.integers(), max_size=2),
    "bytes": st.binary(max_size=3),
    "complex": st.complex_numbers(),
    "datetime.datetime": st.datetimes(),
    "datetime.timedelta": st.timedeltas(),
    "pathlib.Path": st.just(pathlib.Path("a/b")),
    "exception": st.builds(ValueError, st.text(max_size=3)),
}
PLAIN = st.text(max_size=6) | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
FIELDS = st.builds(
    lambda flags, width, precision, kind: f"%{flags}{width}{precision}{kind}",
    st.text("-0+ #", max_size=2),
    st.sampled_from(["", "1", "5", "12"]),
    st.sampled_from(["", "", "", ".0", ".1", ".3", "."]),
    st.sampled_from("diouxXeEfFgGsra"),
)
UNKNOWN = st.sampled_from(sorted(VALUES)).flatmap(VALUES.__getitem__)


def outcome(function: Any, *args: object) -> str | None:  # noqa: ANN401 - any function
    """The text that a function returns, None if it fails."""
    try:
        return str(function(*args))
    except (TypeError, ValueError, OverflowError):
        return None


def formatted(tail: str, value: object) -> str:
    """What an f-string shows of a value, with what stands behind it in the braces."""
    return str(eval(f"f'{{value{tail}}}'", {"value": value}))  # noqa: S307 - of our own making


def rewritten(source: bytes, assume: str) -> Result:
    """What becomes of a file."""
    return transform(source, plan_of(assume), ProjectFacts(path="a.py"))


@functools.cache
def plan_of(assume: str) -> Plan:
    """The plan with this codemod alone."""
    return make_plan(["percent-to-fstring"], assume=[assume])


def field_of(written: str) -> Field:
    """The field of a format that consists of one."""
    (field,) = (part for part in parts(written) if isinstance(part, Field))
    return field


@given(st.data(), FIELDS)
def test_a_field_shows_the_same_of_values_of_a_known_class(data: st.DataObject, written: str):
    name = data.draw(st.sampled_from(sorted(VALUES)))
    types: Types = frozenset({Type(name)})
    found = shown(field_of(written), types)
    if found is not None:
        value = data.draw(VALUES[name])
        assert outcome(written.__mod__, (value,)) == outcome(formatted, found.tail, value)
        assert not found.plain


@given(FIELDS, UNKNOWN)
def test_a_field_that_is_right_for_any_value_is(written: str, value: object):
    found = shown(field_of(written), None)
    if found is not None and not found.plain:
        assert outcome(written.__mod__, (value,)) == outcome(formatted, found.tail, value)


@given(FIELDS, PLAIN)
def test_a_field_that_is_right_for_plain_values_is(written: str, value: object):
    found = shown(field_of(written), None)
    before = outcome(written.__mod__, (value,))
    if found is not None and before is not None:
        assert before == outcome(formatted, found.tail, value)


@given(FIELDS, st.sampled_from([None, *VALUES]))
def test_what_reads_back_is_the_field(written: str, name: str | None):
    types = frozenset({Type(name)}) if name is not None else None
    field = field_of(written)
    found = shown(field, types)
    assert found is None or field.written == written or not reads_back(field, found, types)


@pytest.mark.parametrize("written", ["%", "a %", "%c", "%5%", "%*d", "%ld", "%y", "%(a", "%.*f"])
def test_formats_that_are_left(written: str):
    with pytest.raises(Unreadable):
        list(parts(written))


PIECES = st.text("ab '\"\\\t%é$.:,-", max_size=5)
EXPRESSIONS = st.sampled_from(
    ["n", "t", "n + 1", "t.upper()", "d['k']", 'd["k"]', "len(t)", "d.get('x', \"it's\")", "t[0]", "', '.join(d)", "-n"]
)


@st.composite
def formats(draw: st.DrawFn) -> str:
    """An assignment of a text that is formatted by ``%``, in several literals or one."""
    values, literals = [], []
    for _ in range(draw(st.integers(1, 2))):
        text = draw(PIECES).replace("%", "%%")
        for _ in range(draw(st.integers(1, 2))):
            text += "%" + draw(st.sampled_from(["s", "r", "5s", "-4s", ".2s"])) + draw(PIECES).replace("%", "%%")
            values.append(draw(EXPRESSIONS))
        literal = repr(text)
        literals.append(literal if '"' in literal or draw(st.booleans()) else f'"{literal[1:-1]}"')
    right = f"({', '.join(values)},)" if draw(st.booleans()) or len(values) != 1 else f"({values[0]})"
    between = draw(st.sampled_from([" ", "\n"]))
    return f"n = len('abc')\nt = str(n)\nd = {{'k': t}}\nx = ({between.join(literals)}) % {right}\n"


@given(formats())
def test_a_text_is_the_same(source: str):
    result = rewritten(source.encode(), "none")
    assert result.error is None
    assert not any(item.detail for item in result.findings)
    if result.output is not None:
        before, after = ({}, {})
        exec(source, before)  # noqa: S102 - of our own making
        exec(result.output, after)  # noqa: S102 - of our own making
        assert before["x"] == after["x"]
        new = ast.parse(result.output)
        assert not any(isinstance(node, ast.Mod) for node in ast.walk(new))


@pytest.mark.parametrize(
    ("module", "value", "before", "after"),
    [
        ("", "(5,)", "<5>", "<(5,)>"),
        (
            "class M:\n  __format__ = lambda self, spec: 'f'\n  __str__ = lambda self: 's'\n",
            "M()",
            "<s>",
            "<f>",
        ),
    ],
)
def test_what_the_assumption_excludes_differs(module: str, value: str, before: str, after: str):
    source = b"import other\n\nfor value in other.values:\n    shown = '<%s>' % value\n"
    result = transform(source, make_plan(["percent-to-fstring"]), ProjectFacts(path="a.py"))
    assert result.output is not None
    assert (
        transform(source, make_plan(["percent-to-fstring"], assume=["none"]), ProjectFacts(path="a.py")).output is None
    )
    other: dict[str, Any] = {}
    exec(f"{module}values = [{value}]", other)  # noqa: S102 - of our own making
    for text, wanted in ((source, before), (result.output, after)):
        space: dict[str, Any] = {"other": type("other", (), other)}
        exec(text.replace(b"import other", b""), space)  # noqa: S102 - of our own making
        assert space["shown"] == wanted
