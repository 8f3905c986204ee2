"""The list that a command becomes is what a shell makes of its text: both are asked, on random texts and values."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from randomised import examples
from running import make_plan

from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import transform
from pymodernize_codemods.shell_command.words import NeedsShell, words

SHELLS = [name for name in ("sh", "bash") if shutil.which(name)]
# What a shell gives as arguments, each with a final sign that occurs in no text.
SHOW = "show() { for item in \"$@\"; do printf '%s\\037' \"$item\"; done; printf '\\036'; }\n"

PIECES = st.sampled_from(
    """a b -o --out=c d/e. .. / = A=b % + , : @ _ ^ ! # ~ * ? $ $a ` \\ \\\\ | & ; < > ( ) { } {a,b} [ ] [a] ' " '' ""
    'a' "a" 'a b' "a b" '$a' "$a" '"' "'" é € \t""".split(" ")
)
TEXTS = st.lists(st.one_of(PIECES, st.sampled_from([" ", "  ", ""])), max_size=12).map("".join)


def split_by(shell: str, texts: Sequence[str], folder: str) -> list[list[str]]:
    """The arguments behind the program that a shell makes of some commands."""
    lines = [re.sub(r"\A[ \t]*[^ \t]+", "show", text) for text in texts]
    done = subprocess.run(
        [shell, "-c", SHOW + "\n".join(lines)], stdout=subprocess.PIPE, cwd=folder, timeout=60, check=True
    )
    return [found.split("\x1f")[:-1] for found in done.stdout.decode().split("\x1e")[:-1]]


@pytest.mark.parametrize("shell", SHELLS)
@settings(max_examples=examples(25))
@given(texts=st.lists(TEXTS, min_size=40, max_size=80))
def test_words_are_those_of_a_shell(shell: str, texts: list[str], tmp_path_factory: pytest.TempPathFactory) -> None:
    taken = []
    for text in texts:
        try:
            taken.append((f"cp {text}", [word.text for word in words([f"cp {text}"])]))
        except NeedsShell:
            continue
    found = split_by(shell, [text for text, _ in taken], str(tmp_path_factory.getbasetemp()))
    assert [["cp", *items] for items in found] == [items for _, items in taken]


@pytest.mark.parametrize(
    "text", ["", " ", "A=b cp", "if", "cd x", "cp\n", "cp\0", "cp \xa0a", "~/cp", "'cp' a", "echo -n"]
)
def test_what_no_list_does(text: str) -> None:
    with pytest.raises(NeedsShell):
        words([text])


# Each puts a name that is free of signs of a shell, a number and a text that is quoted into a command.
COMMANDS = [
    '"show -%d %s" % (number, quote(text))',
    "\"show -%02d  '%s' x\" % (number, name)",
    '"show " + str(number) + " --out=" + quote(text)',
    '"show \'" + name + "\' " + quote(text) + ".d"',
    "f\"show -{number} {quote(text)} a{quote(text)}.b '{{c}}{name}'\"",
    'f"show {number:03d} {number:x}"',
    '"show {} --out={} -{:d}".format(quote(text), quote(name), number)',
    '" ".join(["show", quote(text), "-n", str(number)])',
]
SCRIPT = """import os
import shlex
from shlex import quote


def run(given, text, name):
    number = int(given)
    os.system(COMMAND)
"""


class Recorder:
    """What a script runs, in place of the functions that run it."""

    def __init__(self) -> None:
        self.ran: list = []

    def __call__(self, command: object, check: bool = True) -> None:
        self.ran.append(command)


@functools.cache
def rewritten(source: str) -> str:
    """A script with lists of arguments."""
    plan = make_plan(["shell-command"], assume=["all"])
    result = transform(source.encode(), plan, ProjectFacts(path="script.py"))
    assert result.output is not None
    return result.output.decode()


def run_of(source: str, values: Sequence[object]) -> object:
    """What a script hands to os.system or to subprocess.run."""
    recorder = Recorder()
    names: dict = {"__name__": "script"}
    exec(compile(source, "script.py", "exec"), names)
    names["os"] = names["subprocess"] = type("Fake", (), {"system": recorder, "run": recorder})
    names["run"](*values)
    (found,) = recorder.ran
    return found


@pytest.mark.parametrize("command", COMMANDS)
@settings(max_examples=examples(8))
@given(
    number=st.integers(-20, 2000),
    text=st.text("ab $'\"\\*;#~é\n=-", max_size=6),
    name=st.text('ab $"\\*;~', max_size=5),
)
def test_values_are_put_where_a_shell_puts_them(
    command: str, number: int, text: str, name: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    values = (number, text, name)
    source = SCRIPT.replace("COMMAND", command)
    before, after = run_of(source, values), run_of(rewritten(source), values)
    assert isinstance(before, str) and isinstance(after, list)
    assert [after[1:]] == split_by("sh", [before], str(tmp_path_factory.getbasetemp()))
