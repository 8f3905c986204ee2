"""What a value is taken to mean as an exit status is what the interpreter makes of it."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from pymodernize.semantics.completion import raises_exit
from pymodernize.semantics.exit_status import (
    ExitStatus,
    status_in_call,
    status_of_call,
    status_of_raise,
    status_of_value,
)
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


@pytest.mark.parametrize(
    ("statement", "status"),
    [
        ("sys.exit()", ExitStatus.SUCCESS),
        ("sys.exit(3)", ExitStatus.FAILURE),
        ("sys.exit(*x)", ExitStatus.UNKNOWN),
        ("sys.exit(0, 1)", ExitStatus.UNKNOWN),
        ("quit(BROKEN)", ExitStatus.FAILURE),
        ("os._exit(0)", ExitStatus.SUCCESS),
        ("os.abort()", ExitStatus.FAILURE),
        ("os.execv('x', [])", ExitStatus.UNKNOWN),
        ("SystemExit(1)", None),
        ("print()", None),
        ("raise SystemExit", ExitStatus.SUCCESS),
        ("raise SystemExit(2)", ExitStatus.FAILURE),
        ("raise ValueError", ExitStatus.FAILURE),
        ("raise", ExitStatus.FAILURE),
    ],
)
def test_calls_and_exceptions(statement: str, status: ExitStatus | None) -> None:
    module = Module(SourceFile.decode(f"{HEAD}{statement}\n".encode()))
    last = module.tree.body[-1]
    if isinstance(last, ast.Raise):
        assert status_of_raise(module, last) is status
        assert raises_exit(module, last) is ("SystemExit" in statement)
    else:
        assert isinstance(last, ast.Expr) and isinstance(last.value, ast.Call)
        assert status_of_call(module, last.value) is status
        assert not raises_exit(module, last)


@pytest.mark.parametrize(
    ("arguments", "status"),
    [("0", ExitStatus.SUCCESS), ("status=5", ExitStatus.FAILURE), ("", ExitStatus.FAILURE), ("*x", ExitStatus.UNKNOWN)],
)
def test_a_status_that_a_call_passes(arguments: str, status: ExitStatus) -> None:
    code = f"{HEAD}def leave(status=1):\n    sys.exit(status)\nleave({arguments})\n"
    module = Module(SourceFile.decode(code.encode()))
    function, last = module.tree.body[-2:]
    assert isinstance(function, ast.FunctionDef)
    assert isinstance(last, ast.Expr) and isinstance(last.value, ast.Call)
    (exit_,) = module.calls("sys.exit")
    assert status_in_call(module, function, last.value, exit_.args[0]) is status
    assert status_in_call(module, function, last.value, None) is ExitStatus.SUCCESS
