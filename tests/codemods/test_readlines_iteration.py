"""Random scripts that go through files: what they print and write is the same without the lists of lines."""

from __future__ import annotations

import contextlib
import io
import os
import tempfile
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from running import make_plan

from pymodernize.codemod import Status
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import transform

FACTS = ProjectFacts(path="script.py")
TEXT = "one\ntwo\nthree\n"


def outcome(source: str) -> tuple[str, str, dict[str, str]]:
    """How a script ends, what it prints, and what is in its files then."""
    here = Path.cwd()
    ends = ""
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as out:
        for name in ("in.txt", "other.txt"):
            Path(folder, name).write_text(TEXT, encoding="utf-8")
        os.chdir(folder)
        variables: dict[str, object] = {"__name__": "__main__"}
        try:
            exec(compile(source, "script.py", "exec"), variables)
        except Exception as exc:
            ends = type(exc).__name__
        finally:
            variables.clear()
            os.chdir(here)
        files = {path.name: path.read_text(encoding="utf-8") for path in sorted(Path(folder).iterdir())}
    return ends, out.getvalue(), files


def rewritten(source: str) -> str | None:
    """A script with its rewrites, None if there are none."""
    plan = make_plan(["readlines-iteration"], assume=["usual"])
    result = transform(source.encode(), plan, FACTS)
    assert not any(item.status is Status.REJECTED for item in result.findings), result.findings
    return result.output.decode() if result.output is not None else None


OPENINGS = st.sampled_from(["file = open(path)", "file = open('in.txt', 'rb')", "with open(path) as file:"])
BEFORE = st.sampled_from(["pass", "file.readline()", "next(file)", "other = file", "note = open(path, 'a')"])
LOOPS = st.sampled_from(
    [
        "for line in file.readlines():",
        "for number, line in enumerate(file.readlines()):",
        "for line in sorted(file.readlines()):",
    ]
)
STEPS = st.sampled_from(
    """print(line)|count += 1|if count > 9: break|if count == 1: break|print(file.readline())|file.close()
    |note.write('n')|note.flush()|print('x', file=note, flush=True)|put(path)|put('other.txt')|file = open('other.txt')
    |print(1 // (count - 2))|open(path, 'a').write('z')|open('other.txt', 'a').write('z')|continue""".replace(
        "\n    ", ""
    ).split("|")
)
AFTER = st.sampled_from(
    [
        "pass",
        "print(file.read())",
        "file.close()",
        "print(file.tell())",
        "print([len(line) for line in file.readlines()])",
    ]
)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@settings(derandomize=True, max_examples=250, deadline=None)
@given(OPENINGS, BEFORE, LOOPS, st.lists(STEPS, min_size=1, max_size=4), AFTER, st.booleans())
def test_random_loops(opening: str, before: str, loop: str, steps: list[str], after: str, caught: bool):
    indent = "    " if opening.startswith("with") else ""
    lines = ["path = 'in.txt'", "note = open('note.txt', 'w')", "count = 0"]
    lines += ["def put(name):", "    with open(name, 'a') as out:", "        out.write('p')", opening, indent + before]
    body = [indent + loop, *(f"{indent}    {step}" for step in ["count += 1", "if count > 30: break", *steps])]
    if caught:
        body = [
            f"{indent}try:",
            *(f"    {line}" for line in body),
            f"{indent}except ArithmeticError:",
            f"{indent}    pass",
        ]
    source = "\n".join([*lines, *body, indent + after, "print(count)", "note.close()", ""])
    new = rewritten(source)
    if new is not None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert outcome(new) == outcome(source), new


@settings(derandomize=True, max_examples=100, deadline=None)
@given(
    st.text(st.sampled_from("a\n\r\x0b\x1c\u2028\x85")),
    st.sampled_from([None, "", "\n", "\r", "\r\n"]),
    st.booleans(),
)
def test_the_lines_are_the_same(tmp_path_factory: pytest.TempPathFactory, text: str, newline: str | None, binary: bool):
    path = tmp_path_factory.getbasetemp() / "lines.txt"
    path.write_bytes(text.encode())
    options: dict = {"mode": "rb"} if binary else {"newline": newline, "encoding": "utf-8"}
    with open(path, **options) as one, open(path, **options) as other:
        assert list(one) == other.readlines()
        assert one.tell() == other.tell()
