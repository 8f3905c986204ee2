"""Usage and examples are held against argparse itself; the shebang against a file that can be started."""

from __future__ import annotations

import argparse
import contextlib
import io
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from running import apply_to, make_plan

from pymodernize import transform
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.model import module_of
from pymodernize_codemods._script.purpose import summarised
from pymodernize_codemods.module_docstring.command_lines import command_line

NAME = "module-docstring"
POSITIONAL = (
    '"{name}"',
    '"{name}", nargs="?", default="x.txt"',
    '"{name}", type=int',
    '"{name}", choices=["a", "b"]',
    '"{name}", nargs=2',
    '"{name}", metavar="FILE", default=None',
)
LAST = ('"rest", nargs="*"', '"rest", nargs="+", metavar="NAME"', '"rest", nargs="?", type=float, default=1.5')
OPTIONS = (
    '"-{letter}", "--{name}"',
    '"--{name}", type=int, default=3',
    '"--{name}", required=True, choices=(1, 2), type=int',
    '"--{name}-now", action="store_true"',
    '"-{letter}", action="count", default=0',
    '"--{name}", nargs="+", metavar="N"',
    '"--{name}", default="a b; c"',
    '"-{letter}", dest="{name}", action="append"',
    '"--{name}", action="version", version="1.0"',
)


@st.composite
def arguments(draw: st.DrawFn) -> list[str]:
    """The arguments of some ``add_argument`` calls that go together."""
    names = iter("alpha beta gamma delta epsilon zeta theta iota kappa".split())
    found = []
    for templates, most in ((OPTIONS, 4), (POSITIONAL[:1] + POSITIONAL[2:5], 3), (LAST, 1)):
        for template in draw(st.lists(st.sampled_from(templates), max_size=most)):
            name = next(names)
            found.append(template.format(name=name, letter=name[0]))
    return found


def source_of(added: list[str]) -> str:
    lines = ["parser = argparse.ArgumentParser(prog='tool.py')", *(f"parser.add_argument({item})" for item in added)]
    return "import argparse\n\nif __name__ == '__main__':\n" + "".join(f"    {line}\n" for line in lines)


def parser_of(added: list[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="tool.py", add_help=False)
    for item in added:
        exec(f"parser.add_argument({item})", {"parser": parser})
    return parser


@given(arguments())
def test_usage_is_that_of_argparse(added: list[str]):
    told = command_line(module_of(source_of(added).encode(), ProjectFacts(path="tool.py")))
    assert told is not None
    ours = " ".join(" ".join(told.usage("tool.py")).split())
    assert ours == " ".join(parser_of(added).format_usage().removeprefix("usage:").split())
    assert all(len(line) <= 79 for line in told.usage("tool.py"))


@given(arguments())
def test_examples_are_taken(added: list[str]):
    told = command_line(module_of(source_of(added).encode(), ProjectFacts(path="tool.py")))
    assert told is not None
    for example in told.examples("tool.py"):
        program, script, *words = shlex.split(example)
        assert (program, script) == ("python", "tool.py")
        with contextlib.redirect_stderr(io.StringIO()):
            parser_of(added).parse_args(words)


def test_every_kind_of_example():
    added = ['"month", choices=["may"]', '"kind", nargs="?", default="all"', '"--slow", action="store_true"']
    told = command_line(module_of(source_of(added).encode(), ProjectFacts(path="tool.py")))
    assert told is not None
    assert told.examples("tool.py") == [
        "python tool.py may",
        "python tool.py --slow may",
        "python tool.py may all",
    ]


@pytest.mark.parametrize(
    "added",
    [
        "parser.add_argument(*names)",
        "parser.add_argument(name)",
        "parser.add_argument('-x', action=Shout)",
        "parser.add_argument('-x', nargs=argparse.REMAINDER + '')",
        "parser.add_argument('-x', help=argparse.SUPPRESS)",
        "parser.add_argument('-x', **settings)",
        "parser.add_argument_group('more').add_argument('-x')",
        "parser.set_defaults(x=1)",
        "for name in 'ab':\n        parser.add_argument(name)",
        "other = argparse.ArgumentParser()",
    ],
)
def test_what_cannot_be_read(added: str):
    source = source_of([]) + f"    {added}\n"
    assert command_line(module_of(source.encode(), ProjectFacts(path="tool.py"))) is None


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (["counts lines"], ["Counts lines."]),
        (["tool.py - counts lines"], ["Counts lines."]),
        (["tool: counts lines"], ["Counts lines."]),
        (["tool.py", "", "counts lines"], ["Counts lines."]),
        (["tool.py"], ["tool.py"]),
        (["office: tool.py", "", "by Bob", "", "counts lines"], ["Counts lines.", "", "by Bob"]),
        (["Author: Bob", "Date: 2006", "counts", "lines"], ["Counts lines.", "", "Author: Bob", "Date: 2006"]),
        (["tool.pyc is not touched"], ["tool.pyc is not touched."]),
        (["toolbox of the office"], ["Toolbox of the office."]),
        (["reads the lines of all", "files that it finds"], ["Reads the lines of all files that it finds."]),
        (["eMail for all"], ["eMail for all."]),
        (["What is it?"], ["What is it?"]),
    ],
)
def test_the_first_line(lines: list[str], expected: list[str]):
    assert summarised(lines, "tool.py") == expected


BARE = "import sys\n\nif __name__ == '__main__':\n    sys.stdout.write('done\\n')\n"


SCRIPT = f'"""Say that it is done."""\n\n{BARE}'


@pytest.mark.skipif(sys.platform == "win32", reason="modes")
def test_a_file_that_can_be_started_gets_a_shebang(tmp_path: Path):
    script = tmp_path / "tool.py"
    script.write_text(SCRIPT)
    script.chmod(0o755)
    with pytest.raises(OSError, match="Exec format error"):
        subprocess.run([script], check=False)
    apply_to(tmp_path, make_plan([NAME], style="standard"))
    assert script.read_text() == "#!/usr/bin/env python3\n" + SCRIPT
    assert subprocess.run([script], capture_output=True, check=True).stdout == b"done\n"
    assert not any(report.result.output for report in apply_to(tmp_path, make_plan([NAME], style="standard")).values())


@pytest.mark.skipif(sys.platform == "win32", reason="modes")
@pytest.mark.parametrize(
    ("data", "mode"),
    [
        (SCRIPT.encode(), 0o644),
        (BARE.encode(), 0o755),  # a shebang alone, of a file that does not say what it is for
        (b"#!/usr/bin/python2\n" + SCRIPT.encode(), 0o755),
        (SCRIPT.replace("\n", "\r\n").encode(), 0o755),
        (b"\xef\xbb\xbf" + SCRIPT.encode(), 0o755),
        (b"\n# -*- coding: latin-1 -*-\n" + SCRIPT.encode(), 0o755),
        (b"def helper():\n    pass\n", 0o755),
    ],
)
def test_no_shebang(tmp_path: Path, data: bytes, mode: int):
    path = tmp_path / "tool.py"
    path.write_bytes(data)
    path.chmod(mode)
    apply_to(tmp_path, make_plan([NAME], style="standard"))
    assert path.read_bytes() == data
    assert path.stat().st_mode & 0o777 == mode


@pytest.mark.skipif(sys.platform == "win32", reason="modes")
def test_in_plain_style_no_shebang_that_nobody_asked_for(tmp_path: Path):
    path = tmp_path / "tool.py"
    path.write_text(SCRIPT)
    path.chmod(0o755)
    apply_to(tmp_path, make_plan([NAME]))
    assert path.read_text() == SCRIPT


def test_the_encoding_may_move_to_the_second_line():
    source = b"# -*- coding: latin-1 -*-\n" + SCRIPT.encode() + b"# \xe4\n"
    facts = ProjectFacts(path="tool.py", is_executable=True)
    output = transform(source, make_plan([NAME], style="standard"), facts).output
    assert output == b"#!/usr/bin/env python3\n" + source
