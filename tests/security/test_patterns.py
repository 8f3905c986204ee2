"""No regular expression of the product takes long, whatever a file holds: each is listed, and run on what is hard."""

from __future__ import annotations

import ast
import contextlib
import importlib
import re
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from running import SCRIPTS, make_plan

from pymodernize import transform
from pymodernize.parsing import parse_problem
from pymodernize.semantics import scanning
from pymodernize.source import SourceFile, UnreadableSource
from pymodernize_codemods._paths import hazards

ROOT = Path(__file__).parents[2]
FUNCTIONS = {"compile", "match", "search", "sub", "subn", "findall", "finditer", "fullmatch", "split"}
# Expressions made of names and of parts that are listed themselves; each has a literal, escaped, in the middle.
MADE = {
    "projects", "scanning", "unused", "purpose", "optparse_text", "usage", "files", "levels", "timing", "selfcheck",
    "frame",
}  # fmt: skip


@cache
def _calls() -> list[tuple[str, int, ast.Call]]:
    found = []
    for top in (ROOT / "src", ROOT / "codemods"):
        for path in sorted(top.rglob("*.py")):
            name = ".".join(path.relative_to(top).with_suffix("").parts).removesuffix(".__init__")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
                    if ast.unparse(node.func.value) == "re" and node.func.attr in FUNCTIONS:
                        found.append((name, node.lineno, node))
    return found


def _pattern(name: str, call: ast.Call) -> re.Pattern[Any] | None:
    """The expression of a call; None if it is made of what is only known when it runs."""
    names = vars(importlib.import_module(name))
    flags = [item.value for item in call.keywords if item.arg == "flags"]
    flags += call.args[1:] if ast.unparse(call.func) == "re.compile" else []
    try:
        values = [eval(ast.unparse(item), names) for item in (call.args[0], *flags[:1])]  # noqa: S307 - our own source
    except NameError:
        return None
    return re.compile(*values)


def _literals(pattern: re.Pattern[Any]) -> set[str]:
    """The texts and single characters that an expression speaks of."""
    found: set[str] = set()

    def walk(part: Any) -> None:
        run = ""
        for operation, value in part:
            if str(operation) == "LITERAL":
                run += chr(value)
                continue
            found.update({run} - {""})
            run = ""
            stack = [value]
            while stack:
                item = stack.pop()
                if isinstance(item, _parser.SubPattern):
                    walk(item)
                elif isinstance(item, (list, tuple)):
                    if len(item) == 2 and str(item[0]) == "LITERAL":
                        found.add(chr(item[1]))
                    stack += item
        found.update({run} - {""})

    walk(_parser.parse(pattern.pattern, pattern.flags & ~re.UNICODE))
    return {item for item in found if len(item) < 20}


def test_every_expression_is_listed() -> None:
    made = {name.rpartition(".")[2] for name, _, call in _calls() if _pattern(name, call) is None}
    assert len(_calls()) > 100
    assert made <= MADE, "say what the new one is made of, and bound it"


@pytest.mark.parametrize("module", sorted({name for name, _, _ in _calls()}))
def test_none_takes_exponential_time(module: str) -> None:
    for name, line, call in _calls():
        pattern = _pattern(name, call) if name == module else None
        if pattern is None:
            continue
        literals = sorted(_literals(pattern), key=lambda item: (len(item), item))
        pumps = [*literals[:12], *"a0 /\n\"'.(", "a ", " a", "a.", '\\"', "\\\n", "/.", "#\n", "0 "]
        for prefix in ("", *literals[-4:]):
            for pump in pumps:
                # 24 times more would take forever if each doubled the time.
                text: Any = f"{prefix}{pump * 24}!\n"
                text = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
                began = time.process_time()
                sum(1 for _ in pattern.finditer(text))
                assert time.process_time() - began < 0.1, f"{name}, line {line}: {pattern.pattern!r} on {text!r}"


def _decode(source: bytes) -> SourceFile | None:
    with contextlib.suppress(UnreadableSource):
        return SourceFile.decode(source)
    return None


def _parse(source: bytes) -> object:
    """What is said of a file that does not parse, and of its worst line."""
    file = _decode(source)
    if file is None:
        return None
    error = SyntaxError("invalid syntax", ("<string>", 1, 1, ""))
    return parse_problem(error, file)


READERS: dict[str, Callable[[bytes], object]] = {
    "imports": scanning.scan_imports,
    "streams": scanning.meddles,
    "output": scanning.shares_stdout,
    "loaders": scanning.loads_by_value,
    "processes": scanning.starts_processes,
    "parser": _parse,
    "decoding": _decode,
    "paths": lambda source: hazards.of_text(source.decode("latin-1")),
}
# What each repeats many times, after what.
HARD = [
    (b"from a import (", b"b,  # b ( ) name\n"),
    (b"", b"from a import (\n"),
    (b"", b"from \\\n"),
    (b"from ", b"a."),
    (b"from ", b". \\\n"),
    (b"from a import ", b"b, \\\n"),
    (b"import ", b"a as b, "),
    (b"import a", b" " * 7),
    (b"", b"import "),
    (b"", b"\\\n"),
    (b"", b"  ;:"),
    (b"exec(base64.b64decode('", b"A"),
    (b"", b"exec("),
    (b"exec(", b"a.py "),
    (b"exec(", b"a.py'"),
    (b"", b"import_module("),
    (b"import_module(", b" "),
    (b"import_module(a", b" "),
    (b"# ", b"multiprocessing "),
    (b"", b"logging import "),
    (b"", b"sys.stdout  "),
    (b"", b'\\"'),
    (b"x = '", b'\\"'),
    (b"", b"lambda "),
    (b"", b"def a("),
    (b"", b"except ("),
    (b"", b"raise a "),
    (b"`", b"a"),
    (b"", b"/"),
    (b"", b"/."),
    (b"x", b"/./"),
    (b"# coding", b"coding:"),
    (b"#", b" "),
]


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(("before", "repeated"), HARD, ids=lambda text: repr(text[:20]))
def test_what_reads_a_file_takes_time_in_proportion_to_it(reader: str, before: bytes, repeated: bytes) -> None:
    size = 10_000
    times = []
    for factor in (1, 2, 4):
        source = before + repeated * (factor * size // len(repeated)) + b"x!"
        began = time.process_time()
        READERS[reader](source)
        times.append(time.process_time() - began)
        # The square of 10,000 is seconds; what is in proportion takes some thousandths.
        assert times[-1] < 0.2 * factor, times


@pytest.mark.parametrize("path", sorted(SCRIPTS.rglob("before.py"))[:6] or sorted(SCRIPTS.rglob("*.py"))[:6], ids=str)
def test_a_file_that_is_cut_off(path: Path) -> None:
    source = path.read_bytes()[:4000]
    source += b"\nfrom a import (\n" + b"".join(
        b"    name%d,  # what it is (for), and more\n" % item for item in range(9)
    )
    for end in range(0, len(source), 13):
        for name, reader in READERS.items():
            began = time.process_time()
            reader(source[:end])
            assert time.process_time() - began < 0.2, (name, end)


def test_a_project_with_a_file_that_is_cut_off_is_worked_on() -> None:
    lines = b"".join(b"    name%d,  # commented\n" % item for item in range(12))
    began = time.process_time()
    assert transform(b"import os\nfrom a import (\n" + lines, make_plan()).error is not None
    assert time.process_time() - began < 5
