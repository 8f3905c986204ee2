"""What a value is taken to mean as an exit status is what the interpreter makes of it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pymodernize.semantics.exit_status import ExitStatus, status_of_value
from pymodernize.semantics.module import Module
from pymodernize.source import SourceFile

HEAD = '"""A script."""\nimport os, sys\nOK = 0\nBROKEN = 3\nTEXT = ""\nnumber = BROKEN * len(sys.argv)\n'
SUCCESS = ("", "0", "None", "False", "-0", "OK", "os.EX_OK")
FAILURE = (
    "1",
    "-1",
    "True",
    "255",
    "257",
    "0.0",
    "''",
    "b''",
    "...",
    "'no %s' % number",
    "'' % ()",
    "TEXT + ''",
    "f'{TEXT}'",
    "'{}'.format(TEXT)",
    "('a' + TEXT) % ()",
    "__doc__",
    "BROKEN",
    "os.EX_USAGE",
)
# What they are at run time, analysis does not say: it may be either.
EITHER = {"256": 0, "-256": 0, "1 + -1": 0, "3 % 3": 0, "number": 3, "BROKEN - BROKEN": 0, "len(TEXT)": 0, "[]": 1}


def _known(expression: str) -> ExitStatus:
    module = Module(SourceFile.decode(f"{HEAD}sys.exit({expression})\n".encode()))
    (call,) = module.calls("sys.exit")
    return status_of_value(module, call.args[0] if call.args else None)


def _real(expression: str) -> int:
    command = [sys.executable, "-S", "-E", "-c", f"{HEAD}sys.exit({expression})\n"]
    return subprocess.run(command, capture_output=True, check=False).returncode


@pytest.mark.parametrize("expression", SUCCESS)
def test_success(expression: str) -> None:
    assert (_known(expression), _real(expression)) == (ExitStatus.SUCCESS, 0)


@pytest.mark.parametrize("expression", FAILURE)
def test_failure(expression: str) -> None:
    assert _known(expression) is ExitStatus.FAILURE
    assert _real(expression) != 0


@pytest.mark.parametrize(("expression", "status"), EITHER.items())
def test_nothing_is_said_of_what_may_be_either(expression: str, status: int) -> None:
    assert (_known(expression), _real(expression)) == (ExitStatus.UNKNOWN, status)
