"""No regular expression of the product takes long, whatever a file holds: each is listed, and run on what is hard."""

from __future__ import annotations

import ast
import contextlib
import importlib
import itertools
import re
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from running import SCRIPTS, make_plan

from pymodernize import transform
from pymodernize.semantics import scanning
from pymodernize.source import SourceFile, UnreadableSource
from pymodernize.transformation.parsing import parse_problem
from pymodernize_codemods._paths import hazards

if sys.version_info >= (3, 11):
    from re import _parser  # type: ignore[attr-defined]
else:
    import sre_parse as _parser

ROOT = Path(__file__).parents[2]
FUNCTIONS = {"compile", "match", "search", "sub", "subn", "findall", "finditer", "fullmatch", "split"}
# What stands for the values of variables that expressions are made with; each is escaped, or a literal.
VALUES: dict[str, Any] = {"name": "ab", "stem": "ab", "word": "ab", "indent": "    "}
VALUES |= {"key": "ab", "keys": ("ab",), "table": ("ab",), "words": "ab|cd"}


SMALL, LARGE = 4_000, 40_000
"""Characters, at which it shows what tries anew, and what only passes over the rest of a text again and again."""
# Takes the square of a text that is never long: module, what the expression begins with, and why.
BOUNDED = {
    ("pymodernize.transformation.parsing", "(?:^|[;:])"): "a line of which 500 characters are looked at",
    ("pymodernize_codemods.argparse_skeleton.getopt_usage", "(?:.*?:)?"): "a line of at most 500 characters",
    ("pymodernize_codemods.argparse_skeleton.usage", r"\s*(?:[$>%]"): "a line of at most 500 characters",
}
METHODS = {"match", "fullmatch", "search", "finditer"}


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


def _patterns(name: str, call: ast.Call) -> list[re.Pattern[Any]]:
    """The expressions of a call: one, or those that the module keeps together if the call is for each of several."""
    names = vars(importlib.import_module(name))
    flags = [item.value for item in call.keywords if item.arg == "flags"]
    flags += call.args[1:] if ast.unparse(call.func) == "re.compile" else []
    of_bytes = {key: value.encode() for key, value in VALUES.items() if isinstance(value, str)}
    for values in ({}, VALUES, of_bytes):
        with contextlib.suppress(NameError, TypeError):
            found = [eval(ast.unparse(item), names, values) for item in (call.args[0], *flags[:1])]  # noqa: S307 - our own source
            return [re.compile(*found)]
    kept = [value for value in names.values() if isinstance(value, (tuple, list, set, frozenset, dict))]
    items = [item for value in kept for item in (value.values() if isinstance(value, dict) else value)]
    return [item for item in items if isinstance(item, re.Pattern)]


@cache
def _uses() -> dict[tuple[str, str], set[str]]:
    """How each expression that has a name is used, by module and name; public ones by any module."""
    found: dict[tuple[str, str], set[str]] = {}
    for top in (ROOT / "src", ROOT / "codemods"):
        for path in top.rglob("*.py"):
            module = ".".join(path.relative_to(top).with_suffix("").parts).removesuffix(".__init__")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Attribute) and node.attr in FUNCTIONS - {"compile"}:
                    name = ast.unparse(node.value).rpartition(".")[2]
                    found.setdefault((module if not _is_public(name) else "", name), set()).add(node.attr)
    return found


def _is_public(name: str) -> bool:
    """Whether it is a constant that other modules may use."""
    return name.isupper() and not name.startswith("_")


@cache
def _names(module: str) -> dict[int, str]:
    """The names that expressions of a module are assigned to, by the line of the call."""
    path = importlib.import_module(module).__file__
    assert path is not None
    found = {}
    for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and isinstance(node.targets[0], ast.Name):
            found[node.value.lineno] = node.targets[0].id
    return found


def _ways(name: str, line: int, call: ast.Call) -> set[str]:
    """The methods that an expression is used by, of those that find a match first; all if that cannot be told."""
    used = {call.func.attr} if isinstance(call.func, ast.Attribute) and call.func.attr != "compile" else set()
    own = _names(name).get(line, "")
    used |= _uses().get((name if not _is_public(own) else "", own), set())
    ways = {item if item in METHODS else "finditer" for item in used - {"compile"}}
    return ways or {"match", "finditer"}


@cache
def _all(module: str) -> list[tuple[int, re.Pattern[Any], frozenset[str]]]:
    """The expressions of a module, with the line of each and the methods that it is used by."""
    calls = [(line, call) for name, line, call in _calls() if name == module]
    return [
        (line, item, frozenset(_ways(module, line, call))) for line, call in calls for item in _patterns(module, call)
    ]


MODULES = sorted({name for name, _, _ in _calls()})


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
    assert len(_calls()) > 100
    hidden = [(name, line) for name, line, call in _calls() if not _patterns(name, call)]
    assert not hidden, "say in VALUES what stands for its variables"


@pytest.mark.parametrize("top", ["src", "codemods"])
def test_none_is_made_in_another_way(top: str) -> None:
    """All are calls of functions of ``re`` by that name, which is what these tests collect."""
    for path in (ROOT / top).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert node.module not in {"re", "regex"} or {item.name for item in node.names} <= {"Match", "Pattern"}
            elif isinstance(node, ast.Import):
                assert not any(item.name == "regex" or item.name == "re" and item.asname for item in node.names), path
            elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "re":
                assert node.attr in FUNCTIONS | {"escape", "Match", "Pattern"} or node.attr.isupper(), path


@pytest.mark.parametrize("module", MODULES)
def test_none_takes_exponential_time(module: str) -> None:
    for line, pattern, _ in _all(module):
        literals = sorted(_literals(pattern), key=lambda item: (len(item), item))
        pumps = [*literals[:12], *"a0 /\n\"'.(", "a ", " a", "a.", '\\"', "\\\n", "/.", "#\n", "0 "]
        for prefix in ("", *literals[-4:]):
            for pump in pumps:
                # 24 times more would take forever if each doubled the time.
                text: Any = f"{prefix}{pump * 24}!\n"
                text = text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text
                began = time.process_time()
                sum(1 for _ in pattern.finditer(text))
                assert time.process_time() - began < 0.1, f"line {line}: {pattern.pattern!r} on {text!r}"


def _took(pattern: re.Pattern[Any], way: str, text: Any) -> float:
    began = time.process_time()
    found = getattr(pattern, way)(text)
    if way == "finditer":
        sum(1 for _ in found)
    return time.process_time() - began


def _pumped(pattern: re.Pattern[Any], before: str, pump: str, size: int) -> Any:  # noqa: ANN401 - text or bytes
    text = f"{before}{pump * (size // len(pump))}!\n"
    return text.encode("latin-1", "replace") if isinstance(pattern.pattern, bytes) else text


def _times(pattern: re.Pattern[Any], way: str, before: str, pump: str) -> tuple[float, float] | None:
    """What an expression takes for one and for eight lengths of a text; None where that is little."""
    for size in (SMALL, LARGE):
        # What is in proportion takes some 20 nanoseconds a character.
        if _took(pattern, way, _pumped(pattern, before, pump, size)) > size * 200e-9:
            few, many = (_pumped(pattern, before, pump, length) for length in (size // 4, 2 * size))
            return min(_took(pattern, way, few) for _ in range(3)), min(_took(pattern, way, many) for _ in range(3))
    return None


def _grown(pattern: re.Pattern[Any], ways: set[str]) -> list[tuple[float, float, str, str, str]]:
    """The texts on which an expression takes more than their length allows, with the times for one and eight of it."""
    literals = sorted(_literals(pattern), key=lambda item: (len(item), item))
    long = literals[-8:]
    pumps = [*long, *(f"{item} " for item in long[-4:]), *(f"{item}a" for item in long[-4:]), " ".join(long[-3:])]
    words = re.findall("[A-Za-z]{3,}", str(pattern.pattern))[:8]
    pumps += [f"{one} {other} " for one, other in itertools.pairwise(words)]
    pumps = [*filter(None, pumps), *"a0 /\n\"'.(,=-", "a ", " a", "a.", '\\"', "_a", "#\n"]
    found = []
    for before in dict.fromkeys(("", *literals[-1:])):
        for pump in dict.fromkeys(pumps):
            for way in ways:
                # Measured anew before it is believed: the machine may have had something else to do meanwhile.
                for _ in range(3):
                    times = _times(pattern, way, before, pump)
                    if times is None or times[1] <= 24 * times[0]:
                        break
                else:
                    found.append((*times, way, before, pump))
    return found


@pytest.mark.parametrize("module", MODULES)
def test_each_takes_time_in_proportion_to_a_text(module: str) -> None:
    for line, pattern, ways in _all(module):
        if any(module == where and str(pattern.pattern).startswith(start) for where, start in BOUNDED):
            continue
        assert not _grown(pattern, ways), f"line {line}: {pattern.pattern!r}"


@pytest.mark.parametrize("module", MODULES)
def test_none_takes_long_on_a_real_file_that_is_cut_off(module: str) -> None:
    texts = [path.read_text(encoding="utf-8")[:6_000] for path in sorted(SCRIPTS.rglob("*.py"))[:3]]
    for line, pattern, ways in _all(module):
        for text in texts:
            for end in range(0, len(text), 701):
                part: Any = text[:end].encode() if isinstance(pattern.pattern, bytes) else text[:end]
                for way in ways:
                    assert _took(pattern, way, part) < 0.1, f"line {line}: {pattern.pattern!r} on {end} characters"


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
