"""What is written as ASCII has no other characters, and an argument keeps a call's layout and comments as they are."""

from __future__ import annotations

import ast
import codecs
import datetime
import io
import json
import locale
import time
import tokenize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from randomised import examples
from running import make_plan

from pymodernize.semantics.module import Module
from pymodernize.source import SourceFile
from pymodernize.transformation.engine import transform
from pymodernize_codemods.open_without_encoding.plain_texts import is_plain

PLAN = make_plan(["open-without-encoding"], assume=["all"])
ASCII = bytes(range(128)).decode("ascii")
WINDOWS = [f"cp{number}" for number in (874, 932, 936, 949, 950, *range(1250, 1259))]


def test_the_encodings_of_locales_have_the_bytes_of_ascii():
    named = {alias.partition(".")[2].partition("@")[0] for alias in locale.locale_alias.values()} - {""}
    found = 0
    for name in sorted(named | {*WINDOWS}):
        try:
            codec = codecs.lookup(name)
        except LookupError:
            continue  # Python does not start with such a locale
        found += 1
        assert codec.encode(ASCII)[0] == ASCII.encode("ascii"), name
    assert found > len(WINDOWS)


LITERALS = st.sampled_from(["'a'", '"b\\n"', "'é'", "'\\xe9'", "''", "3", "233", "2.5", "True", "None", "-1"])
NAMES = st.sampled_from(["plain", "accented", "count", "grown", "moment"])
SPECS = st.sampled_from(["", ":>8", ":é>4", ":c", ":n", ":x", "!r", "!a", ":{count}", ":%Y é"])
SET_UP = {
    "plain": "'abc'",
    "accented": "'é'",
    "count": "233",
    "moment": "datetime.datetime.now()",
}


def expressions() -> st.SearchStrategy[str]:
    """Expressions whose text may be written."""

    def larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        templates = ["%s", "%r", "%c", "%5c", "%d", "é%s", "%%%s"]
        fields = ["{}", "{!a}", "{!r}", "{:>9}", "{:c}", "{:é>3}", "{{}}{}", "{0.__doc__}", "{:{}}"]
        methods = ["upper", "strip", "title", "format", "encode"]
        return st.one_of(
            st.tuples(inner, inner).map(lambda two: f"({two[0]} + {two[1]})"),
            st.tuples(inner, inner).map(lambda two: f"({two[0]} if count else {two[1]})"),
            st.tuples(inner, inner).map(lambda two: f"({two[0]} or {two[1]})"),
            st.tuples(st.sampled_from(templates), inner).map(lambda two: f"({two[0]!r} % ({two[1]},))"),
            st.tuples(st.sampled_from(fields), inner).map(lambda two: f"{two[0]!r}.format({two[1]})"),
            st.tuples(NAMES, st.sampled_from(methods)).map(lambda two: f"{two[0]}.{two[1]}()"),
            st.tuples(NAMES, inner).map(lambda two: f"{two[0]}.replace('a', {two[1]})"),
            st.tuples(st.sampled_from(["str", "repr", "ascii", "hex", "json.dumps", "chr"]), inner).map(
                lambda two: f"{two[0]}({two[1]})"
            ),
            st.tuples(inner, inner).map(lambda two: f"', '.join([{two[0]}, {two[1]}])"),
            st.tuples(NAMES, SPECS).map(lambda two: f'f"{{{two[0]}{two[1]}}}"'),
            st.sampled_from(["time.strftime('%Y')", "time.strftime('é%Y')", "moment.strftime('%d')", "f'é'"]),
        )

    return st.recursive(LITERALS | NAMES, larger, max_leaves=6)


@pytest.mark.no_cover
@settings(max_examples=examples(300))
@given(expressions(), expressions())
def test_what_is_plain_is_ascii(expression: str, more: str):
    lines = [f"{name} = {value}" for name, value in SET_UP.items()]
    source = "\n".join(
        ["import datetime, json, time", *lines, "grown = ''", f"grown += {more}", f"print({expression})"]
    )
    values: dict[str, object] = {"datetime": datetime, "json": json, "time": time}
    try:
        exec("\n".join(source.splitlines()[1:-1]), values)  # noqa: S102
        text = str(eval(expression, values))  # noqa: S307
    except (TypeError, ValueError, AttributeError, IndexError, OverflowError):
        return  # nothing is written
    module = Module(SourceFile.decode(source.encode()))
    call = module.calls("builtins.print")[-1]
    if is_plain(module, call.args[0]):
        assert text.isascii(), source


SPACES = st.sampled_from(["", " ", "\n    ", "  # why\n    ", "\n\n        "])
ARGUMENTS = st.lists(
    st.sampled_from(["buffering=1", "errors='ignore'", "newline = ''", "mode='r'", "closefd=True"]), unique=True
)


@st.composite
def calls(draw: st.DrawFn) -> str:
    """Calls of ``open`` in any layout."""
    arguments = ["'a.txt'", *(["'r'"] if draw(st.booleans()) else []), *draw(ARGUMENTS)]
    if "'r'" in arguments and "mode='r'" in arguments:
        arguments.remove("mode='r'")
    text = ""
    for number, argument in enumerate(arguments):
        comma = f"{draw(SPACES)}," if number else ""
        text += f"{comma}{draw(SPACES)}{argument}"
    return f"open({text}{draw(SPACES)}{draw(st.sampled_from(['', ',']))}{draw(SPACES)})"


@pytest.mark.no_cover
@settings(max_examples=examples(150))
@given(calls())
def test_only_an_argument_is_added_in_any_layout(call: str):
    source = f"file = {call}\n"
    output = transform(source.encode(), PLAN).output
    assert output is not None, source
    before, after = (ast.parse(text).body[0].value for text in (source, output.decode()))  # type: ignore[attr-defined]
    added = [item for item in after.keywords if item.arg == "encoding"]
    assert [ast.literal_eval(item.value) for item in added] == ["utf-8"]
    after.keywords.remove(added[0])
    assert ast.dump(before) == ast.dump(after)
    assert comments(source) == comments(output.decode())
    if all(line == line.rstrip() for line in source.splitlines()):
        assert all(line == line.rstrip() for line in output.decode().splitlines())


def comments(text: str) -> list[str]:
    """The comments of a text, in order."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]
