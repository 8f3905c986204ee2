"""Values as JSON: what goes in comes out, of the very types that are asked for, and nothing else does."""

from __future__ import annotations

import json
from collections.abc import Hashable
from dataclasses import dataclass, field
from enum import Enum
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pymodernize.encoding import Form
from pymodernize.result import Result
from pymodernize.semantics.project import ProjectFile


class Colour(Enum):
    """Two of them."""

    RED = "red"
    BLUE = 2


@dataclass(frozen=True)
class Point:
    """A dataclass with a field that does not count."""

    x: int
    seen: object = field(default=None, compare=False)
    names: frozenset[str] = frozenset()
    colour: Colour | None = None


@dataclass(frozen=True, slots=True)
class Box:
    """One inside another."""

    points: tuple[Point, ...]
    data: bytes | str | None = None
    flags: tuple[bool, int] = (True, 1)


class Pair(NamedTuple):
    """A tuple of another type."""

    x: int
    y: int


class Word(str):
    """A text of another type."""


TEXTS = st.text(st.characters(), max_size=5)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3).map(tuple) | st.frozensets(inner, max_size=3),
    max_leaves=8,
)
POINTS = st.builds(
    Point, x=st.integers(), names=st.frozensets(TEXTS, max_size=3), colour=st.none() | st.sampled_from(Colour)
)
BOXES = st.builds(
    Box,
    points=st.lists(POINTS, max_size=3).map(tuple),
    data=st.none() | TEXTS | st.binary(max_size=5),
    flags=st.tuples(st.booleans(), st.integers()),
)


def _types(value: Any) -> Any:
    """The types in a value: 1 and True are equal, and not the same."""
    if isinstance(value, tuple):
        return type(value), [_types(item) for item in value]
    if isinstance(value, frozenset):
        return type(value), sorted(map(repr, value))
    return type(value)


@settings(derandomize=True, max_examples=60)
@given(BOXES)
def test_a_dataclass_comes_back_as_it_was(box: Box) -> None:
    form = Form(Box)
    again = form.loads(form.dumps(box))
    assert again == box
    assert _types(again.flags) == _types(box.flags)
    assert type(again.data) is type(box.data)


@settings(derandomize=True, max_examples=60)
@given(PLAIN)
def test_plain_values_come_back_as_they_were(value: Any) -> None:
    form = Form(Hashable)
    again = form.loads(form.dumps(value))
    assert again == value
    assert _types(again) == _types(value)


@settings(derandomize=True, max_examples=150)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-2, 5) | st.floats() | TEXTS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=2),
    )
)
def test_other_json_is_refused_or_of_the_type(value: Any) -> None:
    for form, kind in ((Form(Box), Box), (Form(Result), Result), (Form(ProjectFile), ProjectFile)):
        try:
            found = form.loads(json.dumps(value).encode())
        except ValueError:
            continue
        assert type(found) is kind
        assert form.loads(form.dumps(found)) == found


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[",
        b"\xff",
        b"[" * 100_000,
        b"[" + b"9" * 5000 + b"]",
        b"[[],null]",
        b"[[],null,[true,1],3]",
        b"[[],null,[1,1]]",
        b"[[],null,[true,true]]",
        b"[[],null,[true,1.0]]",
        b"[[],[2,3],[true,1]]",
        b"[[],[-1,null],[true,1]]",
        b'[[],[true,"x"],[true,1]]',
        b'[[[1,[],[0,"GREEN"]]],null,[true,1]]',
        b'[[[1,["a",1],null]],null,[true,1]]',
        b'[[],[0,"\\u0100"],[true,1]]',
    ],
)
def test_what_is_of_no_such_form(text: bytes) -> None:
    with pytest.raises(ValueError):
        Form(Box).loads(text)


@pytest.mark.parametrize(
    "value",
    [
        Pair(1, 2),
        Word("x"),
        Colour.RED,
        1.5,
        [1],
        {"a": 1},
        print,
        Point(1),
        (1, (frozenset({2.5}),)),
        range(3),
    ],
    ids=repr,
)
def test_what_is_no_plain_value_is_not_written(value: Any) -> None:
    with pytest.raises(ValueError):
        Form(Hashable).dumps(value)


def test_a_value_of_another_type_is_not_written() -> None:
    for form, value in (
        (Form(Box), Box((Point(1, seen=2),))),
        (Form(Box), Box((), flags=(1, 1))),  # type: ignore[arg-type]
        (Form(Point), Box(())),
        (Form(Point), Point("1")),  # type: ignore[arg-type]
        (Form(tuple[int, ...]), [1]),
        (Form(Hashable), 10**5000),
    ):
        with pytest.raises(ValueError):
            form.dumps(value)  # type: ignore[arg-type]


def test_depth_is_refused_both_ways() -> None:
    value: Any = ()
    for _ in range(100_000):
        value = (value,)
    with pytest.raises(ValueError):
        Form(Hashable).dumps(value)
    while value:  # taken apart from outside: tuples that are this deep are not freed well
        (value,) = value


def test_dataclasses_of_the_readers_list_alone() -> None:
    form = Form(tuple[tuple[str, Hashable], ...], [Point])
    notes = (("one", Point(1, names=frozenset("ab"))), ("two", (Point(2), frozenset({Point(3)}))))
    assert form.loads(form.dumps(notes)) == notes
    with pytest.raises(ValueError):
        Form(tuple[tuple[str, Hashable], ...]).loads(form.dumps(notes))
    with pytest.raises(ValueError):
        Form(Hashable).loads(b'["os.mkdir",["/tmp/x"]]')

    @dataclass
    class Open:
        x: int

    for kind in (Open, int, Colour):
        with pytest.raises(TypeError):
            Form(Hashable, [kind])
