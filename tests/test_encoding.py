"""Answers as bytes: what goes in comes out, of the very types that are asked for, and nothing else does."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import msgpack
from toys import Only

from pymodernize.codemod import Finding, Status
from pymodernize.execution.result_forms import EXPORTS, FILE, RESULT, TRUTH, form_of_notes
from pymodernize.execution.serialisation import Form
from pymodernize.semantics.project import ProjectFile
from pymodernize.semantics.scanning import ImportedModule
from pymodernize.transformation.result import Result

TEXTS = st.text(max_size=5)
SETS = st.frozensets(TEXTS, max_size=3)
NUMBERS = st.integers(-(2**63), 2**64 - 1)
ROWS = st.lists(TEXTS, max_size=3).map(tuple)
FINDINGS = st.builds(
    Finding,
    codemod=TEXTS,
    line=NUMBERS,
    column=NUMBERS,
    end_line=NUMBERS,
    end_column=NUMBERS,
    message=TEXTS,
    assumptions=SETS,
    withheld_for=ROWS,
    code=TEXTS,
    reason=TEXTS,
    status=st.sampled_from(Status),
    detail=TEXTS,
)
RESULTS = st.builds(
    Result,
    findings=st.lists(FINDINGS, max_size=3).map(tuple),
    output=st.none() | st.binary(max_size=9),
    error=st.none() | TEXTS,
)
IMPORTS = st.builds(ImportedModule, module=TEXTS, level=NUMBERS, names=st.none() | ROWS)
FILES = st.builds(ProjectFile, imports=st.frozensets(IMPORTS, max_size=3), triggered=st.booleans(), loads=NUMBERS)
NAMES = Form[tuple[str, ...]](tuple[str, ...])
FORMS: list[tuple[Form[Any], st.SearchStrategy[Any]]] = [
    (RESULT, RESULTS),
    (FILE, FILES),
    (TRUTH, st.booleans()),
    (NAMES, ROWS),
    (EXPORTS, st.tuples(st.none() | SETS)),
]


@dataclass(frozen=True)
class Point:
    """What a codemod may note."""

    x: int
    names: frozenset[str] = frozenset()


class First(Only):
    """A codemod with notes."""

    note_type = Point | str | None


class Second(Only):
    """Another one."""

    note_type = tuple[tuple[int, bool, bytes], ...]


NOTES = form_of_notes((First(), Second()))
FIRST, SECOND = First.name(), Second.name()


@settings(derandomize=True, max_examples=60)
@given(st.sampled_from(FORMS).flatmap(lambda pair: st.tuples(st.just(pair[0]), pair[1])))
def test_an_answer_comes_back_as_it_was(pair: tuple[Form[Any], Any]) -> None:
    form, value = pair
    again = form.loads(form.dumps(value))
    assert again == value
    assert repr(again) == repr(value) or "frozenset" in repr(value), "1 and True are equal, and not the same"
    assert type(again) is type(value)


@settings(derandomize=True, max_examples=40)
@given(st.builds(Point, NUMBERS, SETS) | TEXTS | st.none(), st.lists(st.tuples(NUMBERS, st.booleans(), st.binary())))
def test_notes_come_back_as_they_were(first: Hashable, second: list[Any]) -> None:
    for notes in (((FIRST, first), (SECOND, tuple(second))), ((SECOND, tuple(second)),), ((FIRST, first),), ()):
        assert NOTES.loads(NOTES.dumps(notes)) == notes


@settings(derandomize=True, max_examples=150)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-2, 5) | st.floats() | TEXTS | st.binary(max_size=3),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS | st.just("imports"), inner, max_size=2),
    )
)
def test_other_values_are_refused_or_of_the_type(value: Any) -> None:
    for form, kind in ((RESULT, Result), (FILE, ProjectFile), (TRUTH, bool), (NAMES, tuple), (NOTES, tuple)):
        _refused_or(form, msgpack.encode(value), kind)


@settings(derandomize=True, max_examples=150)
@given(
    st.one_of(
        st.binary(max_size=40),
        st.tuples(RESULTS, NUMBERS, st.binary(min_size=1, max_size=3)).map(
            lambda case: _spliced(RESULT.dumps(case[0]), case[1], case[2])
        ),
    )
)
def test_other_bytes_are_refused_or_of_the_type(data: bytes) -> None:
    for form, kind in ((RESULT, Result), (FILE, ProjectFile), (TRUTH, bool), (NAMES, tuple), (NOTES, tuple)):
        _refused_or(form, data, kind)


def _spliced(data: bytes, place: int, other: bytes) -> bytes:
    place %= len(data)
    return data[:place] + other + data[place + len(other) :]


def _refused_or(form: Form[Any], data: bytes, kind: type) -> None:
    try:
        found = form.loads(data)
    except ValueError:
        return
    assert type(found) is kind
    assert form.loads(form.dumps(found)) == found


FINDING = ["x", 1, 0, 1, 4, "m", [], [], "", "", "found", ""]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x91",
        b"\xff\xff",
        b"\x91" * 100_000,
        b"\xdd\xff\xff\xff\xff",
        b"\xdf\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff",
        b"\x94\x90\xc0\xdb\xff\xff\xff\xff",
        b"\x94\x90\xc0\xa1\xff",
        b"\xd6\xff\0\0\0\0",
        b"[[],null,null,[]]",
        *(
            msgpack.encode(value)
            for value in (
                None,
                {},
                [[], None, None],
                [[], None, None, 1],
                [[], None, None, [], 1],
                [[], "text", None, []],
                [[], None, b"bytes", []],
                [{}, None, None, []],
                [[FINDING[:-1]], None, None, []],
                [[[*FINDING, 1]], None, None, []],
                [[["x", True, *FINDING[2:]]], None, None, []],
                [[["x", 1.0, *FINDING[2:]]], None, None, []],
                [[["x", "1", *FINDING[2:]]], None, None, []],
                [[[*FINDING[:10], "FOUND", ""]], None, None, []],
                [[[*FINDING[:10], ["os.system", "true"], ""]], None, None, []],
            )
        ),
    ],
)
def test_what_is_no_result(data: bytes) -> None:
    assert RESULT.loads(msgpack.encode([[FINDING], None, None, []])).findings[0].status is Status.FOUND
    with pytest.raises(ValueError):
        RESULT.loads(data)


def _deep() -> Any:
    value: Any = ()
    for _ in range(100_000):
        value = (value,)
    return value


@pytest.mark.parametrize(
    "note",
    [Point(1, names=frozenset({1})), Point("1"), Point(2**64), Point(True), b"bytes", 1.5, print, range(3), "\ud800"],  # type: ignore[arg-type]
    ids=ascii,
)
def test_a_note_of_another_type_is_not_written(note: Any) -> None:
    with pytest.raises(ValueError):
        NOTES.dumps(((FIRST, note),))


def test_what_is_not_written_besides() -> None:
    for form, value in (
        (NOTES, (("third", "said by a codemod that is not there"),)),
        (form_of_notes((Only(),)), ((Only.name(), "no type is declared"),)),
        (NAMES, ["a list"]),
        (RESULT, Result(output="text")),  # type: ignore[arg-type]
        (RESULT, Result((Finding("x", 2**64, 0, 1, 0, "m"),))),
        (RESULT, Result((Finding("x", 1, 0, 1, 0, "\udc80"),))),
    ):
        with pytest.raises(ValueError):
            form.dumps(value)  # type: ignore[arg-type]


def test_depth_is_refused_when_it_is_written() -> None:
    value = _deep()
    with pytest.raises(ValueError):
        NOTES.dumps(((SECOND, value),))
    while value:  # taken apart from outside: tuples that are this deep are not freed well
        (value,) = value
