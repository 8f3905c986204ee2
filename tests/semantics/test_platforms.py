"""What is meant for Windows, and what a test of the system keeps from it."""

from __future__ import annotations

import ast

import pytest

from pymodernize.semantics.platforms import is_not_for_windows, may_be_meant_for_windows
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.model import module_of

ELSEWHERE = r"""
if os.name == "posix": here()
if os.name != "nt": here()
if not os.name == "nt": here()
if os.name == "nt": pass\nelse: here()
if sys.platform.startswith("linux"): here()
if sys.platform.startswith("win"): pass\nelse: here()
if "Windows" == platform.system(): pass\nelif later: here()
if platform.system().lower() == "linux": here()
if platform.system() in ("Linux", "Darwin"): here()
if sys.platform not in ["win32", "cygwin"]: here()
if os.name == "posix" and later: here()
if os.name == "nt" or later: pass\nelse: here()
here() if os.name == "posix" else None
if os.name == "posix":\n    def run():\n        here()
"""
ANYWHERE = r"""
here()
if os.name == "nt": here()
if os.name == "posix": pass\nelse: here()
if os.name == "posix" or later: here()
if os.name == "nt" and later: pass\nelse: here()
if platform.system() in ("Linux", "Windows"): here()
if sys.platform not in ("darwin", "linux"): here()
if sys.platform.startswith("x"): here()
if later: here()
if os.name == other: here()
if name == "posix": here()
"""


def answer(source: str) -> bool:
    text = "import os, platform, sys\n" + source.replace("\\n", "\n") + "\n"
    module = module_of(text.encode(), ProjectFacts(path="script.py"))
    (call,) = (node for node in module.nodes(ast.Call) if getattr(node.func, "id", "") == "here")
    return is_not_for_windows(module, call)


@pytest.mark.parametrize("source", ELSEWHERE.strip().splitlines())
def test_a_test_of_the_system_excludes_windows(source: str) -> None:
    assert answer(source)


@pytest.mark.parametrize("source", ANYWHERE.strip().splitlines())
def test_another_test_does_not(source: str) -> None:
    assert not answer(source)


@pytest.mark.parametrize(
    "source", ["import msvcrt", "# works on Windows", "run('a.exe')", "import os\nos.name", "open('C:\\\\a')"]
)
def test_files_that_speak_of_windows(source: str) -> None:
    assert may_be_meant_for_windows(module_of(source.encode(), ProjectFacts(path="script.py")))


@pytest.mark.parametrize("source", ["os.system('cp a b')", "run(sys.executable)", "run(self.cmd)", "print('Name:\\n')"])
def test_files_that_do_not(source: str) -> None:
    assert not may_be_meant_for_windows(module_of(source.encode(), ProjectFacts(path="script.py")))
