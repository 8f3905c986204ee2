"""What a script prints is the same before and after, for values and formats that nobody thought of."""

from __future__ import annotations

import contextlib
import io
import logging
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from randomised import examples
from running import make_plan

from pymodernize.codemod import Status
from pymodernize.transformation.engine import Result, transform

# For every input: the usual assumptions leave out texts whose values do not fit, for one.
PLAN = make_plan(["print-to-logging"], assume=["none"])
CLASSES = """
import datetime
import enum


class Colour(enum.IntEnum):
    RED = 1


class Word(str, enum.Enum):
    ONE = "one"


class Odd:
    def __format__(self, spec):
        return "formatted" + spec

    def __str__(self):
        return "as text"

    def __repr__(self):
        return "Odd()"


class Failure(Exception):
    pass
"""
VALUES = st.one_of(
    st.integers(-(10**12), 10**12).map(repr),
    st.floats(allow_nan=True).map(lambda number: f"float({str(number)!r})"),
    st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r\b"), max_size=8).map(repr),
    st.binary(max_size=4).map(repr),
    st.sampled_from(
        """None True False (1,) () (1,2) [] ["a"] {} {"a":1} {1:2,3:4} {1} Colour.RED Word.ONE Odd() Failure("x")
        OSError(2,"no") ValueError() datetime.date(2020,1,2) range(3) 3.0 1e300 -0.0 "%s" "{}" "%" 10**30""".split()
    ),
)
SPECS = st.sampled_from(
    ["", "", ":", ":.2f", ":8.3f", ":5d", ":05d", ":<6", ":>6", ":^6", ":6", ":s", ":x", ":+d", ":e", ":g", ":,", ":.3"]
    + ["!r", "!s", "!a", "!r:>8", "!s:<5", ":#x", ":10.2e", ":o", ":%", ":06.2f", ":.0f", ":c", ":b", ":-^9"]
)
PERCENTS = st.sampled_from(
    ["%s", "%r", "%a", "%d", "%5d", "%-5s|", "%.2f", "%05d", "%x", "%e", "%%", "%c", "%i", "%+d"]
)
LITERALS = st.text(alphabet="abc %{}\\'\"\t\n#é=:", max_size=6)
NAMES = ("v0", "v1", "v2")


def literal(text: str, quote: str) -> str:
    """Text as a literal with a given quote."""
    body = text.replace("\\", "\\\\").replace("\n", "\\n").replace(quote, "\\" + quote)
    return f"{quote}{body}{quote}"


@st.composite
def arguments(draw: st.DrawFn) -> str:
    """One argument of print over the variables v0 to v2."""
    kind = draw(st.sampled_from(["f", "percent", "tuple", "format", "sum", "name", "literal", "str", "call"]))
    quote = draw(st.sampled_from(["'", '"']))
    text = "Say " + draw(LITERALS)
    name, other = draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES))
    if kind == "f":
        spec, second = draw(SPECS), draw(SPECS)
        body = literal(text.replace("{", "{{").replace("}", "}}"), quote)[1:-1]
        return f"f{quote}{body}{{{name}{spec}}} and {{{other}{second}}}{quote}"
    if kind in {"percent", "tuple"}:
        fields = draw(PERCENTS) + " " + draw(PERCENTS)
        wanted = [item for item in fields.split() if item != "%%"]
        values = [name, other][: len(wanted)]
        right = f"({', '.join(values)},)" if kind == "tuple" or len(values) != 1 else values[0]
        return f"{literal(text.replace('%', '%%') + fields, quote)} % {right if values else '()'}"
    if kind == "format":
        spec = draw(SPECS)
        body = literal(text.replace("{", "{{").replace("}", "}}"), quote)[1:-1]
        return f"{quote}{body}{{{spec}}} or {{}}{quote}.format({name}, {other})"
    if kind == "sum":
        return f"{literal(text, quote)} + str({name}) + {literal(draw(LITERALS), quote)} + repr({other})"
    if kind == "literal":
        return literal(text, quote)
    if kind == "str":
        return f"str({name})"
    return f"{literal(text, quote)}.center(20)" if kind == "call" else name


@st.composite
def scripts(draw: st.DrawFn) -> str:
    """A script that prints several messages over some values, in a function or not."""
    values = [draw(VALUES) for _ in NAMES]
    lines = []
    for _ in range(draw(st.integers(1, 4))):
        args = ", ".join(draw(st.lists(arguments(), min_size=1, max_size=3)))
        separator = draw(st.sampled_from(["", "", ", sep=''", ", sep=' - '", ", sep='%'"]))
        stream = draw(st.sampled_from(["", "", "", ", file=sys.stderr"]))
        lines.append(
            f"    try:\n        print({args}{separator}{stream})\n    except Exception as error:\n        pass\n"
        )
    assigned = "".join(f"    {name} = {value}\n" for name, value in zip(NAMES, values, strict=True))
    if draw(st.booleans()):
        body = f"def show({', '.join(NAMES)}):\n{''.join(lines)}\n\nshow({', '.join(values)})\n"
    else:
        body = f"if True:\n{assigned}{''.join(lines)}"
    return f"import sys\n{CLASSES}\n\n{body}"


@contextlib.contextmanager
def logging_as_at_the_start() -> Iterator[None]:
    """Logging as a process has it that has just begun, whatever this one has set up."""
    kept = [(item, item.handlers[:], item.level) for item in (logging.getLogger(), logging.getLogger("__main__"))]
    try:
        for logger, _, _ in kept:
            logger.handlers.clear()
            logger.setLevel(logging.WARNING if logger.name == "root" else logging.NOTSET)
        yield
    finally:
        for logger, handlers, level in kept:
            logger.handlers[:] = handlers
            logger.setLevel(level)


def seen(source: bytes) -> tuple[str, str]:
    """What a script writes to its two streams."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), logging_as_at_the_start():
        exec(compile(source, "script.py", "exec"), {"__name__": "__main__"})
    return out.getvalue(), err.getvalue()


@pytest.mark.no_cover
@settings(max_examples=examples(400), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(scripts())
def test_the_same_text_on_the_same_stream(script: str):
    source = script.encode()
    try:
        compile(source, "script.py", "exec")
    except SyntaxError:
        return  # quotes and braces of the grammar met; before Python 3.12 more often
    result: Result = transform(source, PLAN)
    assert result.error is None
    assert not any(finding.status is Status.REJECTED for finding in result.findings), (script, result.findings)
    if result.output is not None:
        assert seen(result.output) == seen(source), result.output.decode()
        assert transform(result.output, PLAN).output is None


def test_the_property_can_fail():
    """The comparison sees a changed text, and a changed stream."""
    assert seen(b"print('a')") != seen(b"print('b')")
    assert seen(b"import sys; print('a', file=sys.stderr)") != seen(b"print('a')")
    assert sys.stdout is not None
