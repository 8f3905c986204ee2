"""How a module can name something of another module, and which import that takes."""

from __future__ import annotations

import ast

import pytest

from pymodernize.semantics.module import Module
from pymodernize.semantics.project import ProjectFacts
from pymodernize.semantics.references import NameTaken, Reference, reference
from pymodernize.source import SourceFile


def refer(source: str, qualified: str, facts: ProjectFacts | None = None) -> Reference:
    """The reference for the place of the call of ``here``."""
    module = Module(SourceFile.decode(source.encode()), facts)
    here = next(node for node in module.nodes(ast.Call) if isinstance(node.func, ast.Name) and node.func.id == "here")
    return reference(module, qualified, here)


@pytest.mark.parametrize(
    ("source", "qualified", "expression"),
    [
        ("import logging\nhere()", "logging", "logging"),
        ("import logging\nhere()", "logging.info", "logging.info"),
        ("import logging as log\nhere()", "logging.info", "log.info"),
        ("from logging import info\nhere()", "logging.info", "info"),
        ("from logging import info as say\nhere()", "logging.info", "say"),
        ("import os\nhere()", "os.path.join", "os.path.join"),
        ("import os.path\nhere()", "os.path.join", "os.path.join"),
        ("from os import path\nhere()", "os.path.join", "path.join"),
        ("import xml.dom.minidom\nhere()", "xml.dom.minidom.parse", "xml.dom.minidom.parse"),
        ("import xml.dom.minidom\nhere()", "xml.dom.Node", "xml.dom.Node"),
        ("import concurrent.futures as cf\nhere()", "concurrent.futures.Executor", "cf.Executor"),
        ("import logging.handlers\nhere()", "logging.info", "logging.info"),
        ("import logging\ndef f():\n    here()", "logging", "logging"),
        ("import logging\nclass C:\n    x = here()", "logging", "logging"),
        ("import logging\nif x:\n    here()", "logging", "logging"),
        ("import logging\nimport logging\nhere()", "logging", "logging"),
        ("from os import *\nimport logging\nhere()", "logging", "logging"),
        ("import mine.a\nhere()", "mine.a.b", "mine.a.b"),
    ],
)
def test_an_import_that_has_run_is_taken(source: str, qualified: str, expression: str) -> None:
    assert refer(source, qualified) == Reference(qualified, expression)


@pytest.mark.parametrize(
    ("source", "qualified", "expression", "statement"),
    [
        ("here()", "logging", "logging", "import logging"),
        ("here()", "pathlib.Path", "Path", "from pathlib import Path"),
        ("here()", "os.path.join", "join", "from os.path import join"),
        # One that has not certainly run.
        ("here()\nimport logging", "logging", "logging", "import logging"),
        ("def f():\n    here()\nf()\nimport logging", "logging", "logging", "import logging"),
        ("def f():\n    import logging\nhere()", "logging", "logging", "import logging"),
        ("try:\n    import logging\nexcept ImportError: pass\nhere()", "logging", "logging", "import logging"),
        ("if x:\n    import logging\nhere()", "logging", "logging", "import logging"),
        ("if TYPE_CHECKING:\n    import logging\ndef f(): here()", "logging", "logging", "import logging"),
        # One that does not load the submodule.
        ("import logging\nhere()", "logging.handlers.X", "X", "from logging.handlers import X"),
        ("import logging\nhere()", "logging.handlers", "handlers", "from logging import handlers"),
        ("import xml.dom\nhere()", "xml.dom.minidom.parse", "parse", "from xml.dom.minidom import parse"),
        ("import concurrent\nhere()", "concurrent.futures.wait", "wait", "from concurrent.futures import wait"),
        # A star import may bind the name anew.
        ("import logging\nfrom mine import *\nhere()", "logging", "logging", "import logging"),
        ("import logging\nfrom tkinter import *\nhere()", "logging", "logging", "import logging"),
        # Something else there has the name.
        ("logging = 1\nhere()", "logging", "_logging", "import logging as _logging"),
        ("def f(logging):\n    here()", "logging", "_logging", "import logging as _logging"),
        ("def f(logging): pass\nhere()", "logging", "_logging", "import logging as _logging"),
        ("class C:\n    logging = 1\nhere()", "logging", "_logging", "import logging as _logging"),
        ("def f():\n    global logging\nhere()", "logging", "_logging", "import logging as _logging"),
        ("Path = 1\nhere()", "pathlib.Path", "_Path", "from pathlib import Path as _Path"),
        ("from mine import Path\nhere()", "pathlib.Path", "_Path", "from pathlib import Path as _Path"),
        ("for Path in x: here()", "pathlib.Path", "_Path", "from pathlib import Path as _Path"),
        ("import logging\nlogging = 1\nhere()", "logging", "_logging", "import logging as _logging"),
        # A run that fails on the missing name must go on failing.
        ("here()\nlogging.info(1)", "logging", "_logging", "import logging as _logging"),
        # What reads the builtin must go on reading it.
        ("open(here())", "codecs.open", "_open", "from codecs import open as _open"),
        ("here()", "codecs.open", "_open", "from codecs import open as _open"),
    ],
)
def test_a_new_import(source: str, qualified: str, expression: str, statement: str) -> None:
    assert refer(source, qualified) == Reference(qualified, expression, statement)


def test_an_import_that_a_parameter_hides_is_no_help() -> None:
    source = "import logging\ndef f(logging):\n    here()"
    assert refer(source, "logging") == Reference("logging", "_logging", "import logging as _logging")


def test_a_class_that_imports_it_for_itself() -> None:
    source = "class C:\n    import logging\nhere()"
    assert refer(source, "logging").expression == "_logging"


@pytest.mark.parametrize(
    ("source", "beside"),
    [
        ("here()", "logging"),
        ("import logging\nhere()", "logging"),
        ("logging = 1\n_logging = 2\nhere()", ""),
        ("logging, _logging, here()", ""),
    ],
)
def test_no_name_is_left(source: str, beside: str) -> None:
    with pytest.raises(NameTaken, match="logging"):
        refer(source, "logging", ProjectFacts(beside=frozenset(beside.split())))


def test_a_module_beside_that_is_not_of_the_library_hides_nothing() -> None:
    facts = ProjectFacts(beside=frozenset({"helper", "csv"}))
    assert refer("here()", "helper.f", facts).statement == "from helper import f"
    assert refer("here()", "logging", facts).statement == "import logging"
