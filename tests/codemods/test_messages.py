"""How the arguments of print are read: lazily where the text is provably the same, and as message or data."""

from __future__ import annotations

import ast
from pathlib import Path, PurePath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pymodernize.semantics.module import Module
from pymodernize.semantics.types import BOOL, FLOAT, INT, STR, Type
from pymodernize.source import SourceFile
from pymodernize_codemods._logging.audience import is_for_a_program, is_message
from pymodernize_codemods._logging.messages import read
from pymodernize_codemods._logging.specs import SAME_AS_STR, percent_spec, plain_spec

SPECS = [
    f"{align}{sign}{zero}{width}{precision}{kind}"
    for align in ("", "<", ">", "^", "=")
    for sign in ("", "+", " ")
    for zero in ("", "0")
    for width in ("", "1", "7", "12")
    for precision in ("", ".0", ".3")
    for kind in ("", "s", "d", "f", "e", "g", "x", "X", "o", "G", "%", "n", "c", "b")
]
VALUES = {
    "str": (STR, st.text(max_size=9)),
    "int": (INT, st.integers(-(10**9), 10**9)),
    "float": (FLOAT, st.floats()),
    "int or float": (INT | FLOAT, st.one_of(st.integers(-(10**9), 10**9), st.floats())),
}


@pytest.mark.no_cover
@pytest.mark.parametrize("kind", VALUES)
@given(data=st.data())
def test_specification_gives_the_same_text(kind: str, data: st.DataObject):
    types, values = VALUES[kind]
    value = data.draw(values)
    for spec in SPECS:
        lazy = percent_spec("", spec, types)
        if lazy is not None:
            assert lazy % (value,) == format(value, spec), (lazy, spec)


@given(value=st.one_of(st.text(max_size=9), st.integers(), st.none(), st.lists(st.integers(), max_size=2)))
def test_conversion_gives_the_same_text(value: object):
    converted = {"r": repr(value), "s": str(value), "a": ascii(value)}
    for conversion, text in converted.items():
        for spec in ("", "<12", ">12", "12", "3", ".2", ">9.4", "s"):
            lazy = percent_spec(conversion, spec, None)
            assert lazy is not None
            assert lazy % (value,) == format(text, spec)


@pytest.mark.parametrize("spec", ["", ".2f", "5d", "<6", "+d", "x", "e"])
def test_most_used_specifications_are_lazy(spec: str):
    known = [percent_spec("", spec, types) for types in (STR, INT, FLOAT)]
    assert any(lazy is not None for lazy in known)


@pytest.mark.parametrize(
    ("types", "spec"),
    [
        (None, ""),  # a class with a __format__ of its own
        (None, ".2f"),
        (frozenset({Type("decimal.Decimal")}), ""),  # not in the table
        (frozenset({Type("decimal.Decimal")}), ".2f"),  # exact digits, where % goes through float
        (BOOL, "d"),
        (STR | INT, "5"),  # aligned to the left, and to the right
        (INT, ","),
        (INT, "^5"),
        (FLOAT, ".3"),  # no letter: another rounding
        (FLOAT, "06.1f"),  # a NaN is padded with zeros by one of the two
        (STR, "^5"),
        (STR, "05"),
    ],
)
def test_specification_that_is_not_proven(types, spec: str):
    assert percent_spec("", spec, types) is None


def test_classes_that_format_as_their_text():
    import datetime
    import uuid

    samples = [
        "x", 1, 1.5, 1j, True, None, b"x", [1], {1: 2}, (1,), {1}, frozenset({1}), range(3), ValueError("x"),
        datetime.date(2020, 1, 2), datetime.datetime(2020, 1, 2), datetime.timedelta(3), uuid.UUID(int=1),
        Path("a"), PurePath("a"),
    ]  # fmt: skip
    for sample in samples:
        assert format(sample, "") == str(sample)
    assert percent_spec("", "", INT) == "%d"
    names = {type(sample).__name__ for sample in samples} | {"Path", "PurePath", "exception", "generator"}
    assert {name.rpartition(".")[2] for name in SAME_AS_STR} <= names | {
        "environ",
        "Match",
        "TextIOWrapper",
        "BufferedIOBase",
    }


def part_of(expression: str, before: str = "", accepted: frozenset[str] = frozenset()):
    """The part for an expression at the end of a script."""
    source = SourceFile.decode(f"import sys\n{before}\nprint({expression})\n".encode())
    module = Module(source, accepted=accepted)
    call = module.calls("builtins.print")[-1]
    return read(module, call.args[0])


@pytest.mark.parametrize(
    ("expression", "before", "kind"),
    [
        ("'plain'", "", "text"),
        ("f'{x}'", "x = 1", "fields"),
        ("f'{x}'", "x = unknown()", "value"),
        ("f'{x!r}'", "x = unknown()", "fields"),
        ("f'{x=}'", "x = 1", "fields"),
        ("f'{x:,}'", "x = 1", "fields"),
        ("f'{x:,}'", "x = unknown()", "value"),
        ("f'a={x!r}'", "x = 1", "fields"),
        ("f'{x:{w}}'", "x = w = 1", "fields"),
        ("'%s' % x", "x = 1", "percent"),
        ("'%s' % x", "x = (1,)", "value"),
        ("'%s' % x", "x = {'a': 1}", "value"),
        ("'%s' % x", "x = unknown()", "value"),
        ("'%s' % x", "x = 1 if unknown() else (2,)", "value"),
        ("'%s' % (x,)", "x = unknown()", "percent"),
        ("'%s' % (*x,)", "x = unknown()", "value"),
        ("'%s' % ()", "", "value"),
        ("'%(a)s' % (x,)", "x = 1", "value"),
        ("b'%s' % x", "x = 1", "value"),
        ("'a' + x", "x = 'b'", "sum"),
        ("'a' + x", "x = unknown()", "value"),
        ("'a' + str(x)", "x = unknown()", "sum"),
        ("'a' + str(x)", "def str(x): return unknown()\nx = 1", "value"),
        ("'a' + str(x, 'ascii')", "x = b''", "sum"),
        ("1 + 2", "", "value"),
        ("'{}'.format(x)", "x = 1", "format"),
        ("'{}'.format(x)", "x = unknown()", "value"),
        ("'{1} {0}'.format(x, x)", "x = 1", "format"),
        ("'{1} {0}'.format(x, len('a'))", "x = 1", "value"),
        ("'{0} {0}'.format(x)", "x = 1", "format"),
        ("'{} {}'.format(x)", "x = 1", "value"),
        ("'{}'.format(x, x)", "x = 1", "value"),
        ("'{0.real}'.format(x)", "x = 1", "value"),
        ("'{a}'.format(a=x)", "x = 1", "format"),
        ("'{}'.format(*x)", "x = [1]", "value"),
        ("'{'.format(1)", "", "value"),
        ("str(x)", "x = unknown()", "call"),
        ("x", "x = 1", "value"),
    ],
)
def test_kind(expression: str, before: str, kind: str):
    assert part_of(expression, before).kind == kind


@pytest.mark.parametrize(
    ("expression", "before", "kind"),
    [
        ("f'{x}'", "x = unknown()", "fields"),
        ("f'{x:.2f}'", "x = unknown()", "fields"),
        ("f'{x:,}'", "x = unknown()", "fields"),
        ("'%s' % x", "x = unknown()", "percent"),
        ("'%s' % x", "x = (1,)", "value"),
        ("'%s %s' % x", "x = unknown()", "percent"),
        ("'%s %s' % x", "x = [1, 2]", "value"),
        ("'%s' % (x, x)", "x = 1", "value"),
        ("'%d' % (x,)", "x = unknown()", "percent"),
        ("'%(a)s' % x", "x = unknown()", "mapping"),
        ("'%(a)s' % (x,)", "x = 1", "value"),
        ("'%*d' % (x, 5)", "x = 1", "value"),
        ("'a' + x", "x = unknown()", "sum"),
        ("'a' + x", "x = 1", "value"),
        ("x + y", "x = unknown()\ny = unknown()", "value"),
        ("'{}'.format(x)", "x = unknown()", "format"),
        ("'{:5}'.format(x)", "x = unknown()", "value"),
    ],
)
def test_kind_where_values_are_taken_for_plain_ones(expression: str, before: str, kind: str):
    part = part_of(expression, before, frozenset({"plain-messages"}))
    assert part.kind == kind
    assert part.is_plain or kind == "value" or "," in expression


@given(value=st.one_of(st.text(max_size=9), st.integers(-(10**9), 10**9), st.floats(allow_nan=False)))
def test_specification_gives_the_same_text_for_texts_and_numbers(value: object):
    for spec in SPECS:
        lazy = plain_spec(spec)
        try:
            text = format(value, spec)
        except (ValueError, OverflowError):
            continue  # the script fails on it
        if lazy is not None and not (isinstance(value, float) and lazy[-1] in "dxXo"):
            assert lazy % (value,) == text, (lazy, spec)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("'Reading', x", True),
        ("'Total: %d' % x", True),
        ("'=' * 40", True),
        ("'-----'", True),
        ("'* %s' % x", True),
        ("f'{x} files'", True),
        ("'yes' if x else 'no'", True),
        ("'text'.center(40)", True),
        ("x", False),
        ("x, x", False),
        ("'%s;%s' % (x, x)", False),
        ("f'{x}\\t{x}'", False),
        ("'{} {}'.format(x, x)", False),
        ("'\\n'.join(x)", False),
        ("'<b>bold</b>'", False),
        ("'{'", False),
        ("'def %s():' % x", False),
        ("'import os'", False),
        ("'SELECT * FROM users'", False),
        ("''", False),
    ],
)
def test_message_or_data(arguments: str, message: bool):
    source = SourceFile.decode(f"x = 1\nprint({arguments})\n".encode())
    module = Module(source)
    parts = [read(module, arg) for arg in module.calls("builtins.print")[-1].args]
    assert is_message(parts, " ") is message


def test_columns_are_data():
    module = Module(SourceFile.decode(b"print('name', 'size')"))
    parts = [read(module, arg) for arg in module.nodes(ast.Call)[0].args]
    assert is_message(parts, " ")
    assert not is_message(parts, "\t")
    assert not is_message(parts, ";")


@pytest.mark.parametrize(
    ("arguments", "program"),
    [
        ("'Reading', x", False),
        ("x", False),
        ("x, x", False),
        ("x, x, sep=', '", False),
        ("'%s;%s' % (x, x)", True),
        ("f'{x}\\t{x}'", True),
        ("','.join(x)", True),
        ("' '.join(x)", False),
        ("json.dumps(x)", True),
        ("'<b>' + x + '</b>'", True),
        ("'-' * 40", False),
        ("'', ''", False),
    ],
)
def test_for_a_program(arguments: str, program: bool):
    module = Module(SourceFile.decode(f"import json\nx = 1\nprint({arguments})\n".encode()))
    call = module.calls("builtins.print")[-1]
    parts = [read(module, arg) for arg in call.args]
    assert is_for_a_program(parts, call.keywords[0].value.value if call.keywords else " ") is program
