"""The table of old names: what it says of each is so, and what replaces a name gives the same."""

from __future__ import annotations

import ast
import contextlib
import importlib
import io
import locale
import logging
import re
import sys
import unittest
import warnings
from collections.abc import Iterator

import pytest
from running import FIXTURES

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Finding, Status
from pymodernize.plan import Plan
from pymodernize.registry import entries
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import transform
from pymodernize.transformation.result import Result
from pymodernize_codemods.deprecated_api.rows import Row, table

RUNNING = sys.version_info[:2]
METHODS = [row for rows in table().methods.values() for row in rows.values()]
NAMES = list(table().names.values())
MODULES = list(table().modules.values())
EVERY = [*MODULES, *NAMES, *METHODS]
# Modules of some systems, and those that need a window system.
NOT_EVERYWHERE = frozenset("crypt msilib nis ossaudiodev spwd tkinter.tix".split())
WITH_WINDOWS = ("tkinter", "ttk")
# What is there for as long as a name of Python 2 stands for something else.
MAKES = {
    "dict": "value = {1: 2}",
    "html.parser.HTMLParser": "import html.parser\nvalue = html.parser.HTMLParser()",
    "array.array": "import array\nvalue = array.array('b')",
    "xml.etree.ElementTree.Element": "import xml.etree.ElementTree\nvalue = xml.etree.ElementTree.Element('a')",
    "xml.etree.ElementTree.ElementTree": "import xml.etree.ElementTree\nvalue = xml.etree.ElementTree.parse('a')",
    "configparser.ConfigParser": "import configparser\nvalue = configparser.ConfigParser()",
    "logging.Logger": "import logging\nvalue = logging.getLogger(__name__)",
}


def work_on(source: str, target: tuple[int, int] = RUNNING, *accepted: str) -> Result:
    """What becomes of a script."""
    plan = Plan((entries()["deprecated-api"].load()(),), frozenset(accepted), target_version=target)
    return transform(source.encode(), plan, ProjectFacts(path="test_script.py"))


def name(row: Row) -> str:
    return row.name


def found_by_import(qualified: str) -> object:
    """The module, or what a module has by that name.

    Raises:
        ImportError, AttributeError: there is none.
    """
    home, _, last = qualified.rpartition(".")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return importlib.import_module(qualified)
        except ImportError:
            if not home:
                raise
            return getattr(found_by_import(home), last)


def is_there(qualified: str) -> bool:
    try:
        found_by_import(qualified)
    except (ImportError, AttributeError):
        return False
    return True


@pytest.mark.parametrize("row", EVERY, ids=name)
def test_a_name_is_there_until_it_is_gone(row: Row) -> None:
    if row.name in NOT_EVERYWHERE:
        pytest.skip("not on every system")
    if row.name.startswith(("dict.", "builtins.")):
        row_name = row.name.removeprefix("builtins.")
        assert not hasattr(dict, row_name.removeprefix("dict."))
        return
    if row in MODULES and row.is_of_python_2:
        assert row.name.partition(".")[0] not in sys.stdlib_module_names - {"email"}
        return
    assert is_there(row.name) is not row.is_gone(RUNNING)


@pytest.mark.parametrize("row", [row for row in EVERY if row.new], ids=name)
def test_what_replaces_it_is_there(row: Row) -> None:
    new = f"{row.name.rpartition('.')[0]}.{row.new}" if row in METHODS else row.new
    if new.startswith(WITH_WINDOWS) and not is_there("_tkinter"):
        pytest.skip("tkinter is not installed")
    assert is_there(f"builtins.{new}" if new.startswith("dict.") else new) or new == "str.maketrans"


@pytest.mark.parametrize("row", [row for row in EVERY if row.call], ids=name)
def test_what_a_call_names_is_there(row: Row) -> None:
    named = re.findall(r"\{([a-z]\w*\.[\w.]+)\}", row.call)
    assert all(map(is_there, named))
    assert named or "{self}" in row.call


@pytest.mark.parametrize("row", EVERY, ids=name)
def test_a_row_says_where_it_is_from_and_what_differs(row: Row) -> None:
    assert row.since is not None or row.gone is not None
    assert row.since is None or row.gone is None or row.since < row.gone
    assert row.since is not None or row.is_of_python_2 or row.name == "os.errno"
    assert row.new or row.call or row.differs
    assert row.source.startswith("https://")


def use_of(row: Row) -> str:
    """A script that uses an old name."""
    home, _, last = row.name.rpartition(".")
    if row in MODULES:
        return f"import {row.name}\n"
    if row not in METHODS:
        return f"print({last})\n" if home == "builtins" else f"import {_module(home)}\nprint({row.name}(1))\n"
    if home == "unittest.TestCase":
        return f"import unittest\n\n\nclass Case(unittest.TestCase):\n    def test(self):\n        self.{last}()\n"
    made = MAKES.get(home, f"import threading\nvalue = {home}()")
    return f"{made}\nvalue.{last}(1)\n"


def _module(home: str) -> str:
    """The module of a name, without the class."""
    return (
        home.rpartition(".")[0]
        if home.rpartition(".")[2][:1].isupper() and home != "StringIO"
        else {"datetime.datetime": "datetime"}.get(home, home)
    )


@pytest.mark.parametrize("row", EVERY, ids=name)
def test_every_name_is_found(row: Row) -> None:
    if row.name == "asyncio.get_event_loop":
        pytest.skip("fixtures show where")
    found = [item for item in work_on(use_of(row)).findings if row.name.removeprefix("builtins.") in item.message]
    assert len(found) == 1, use_of(row)
    assert found[0].status is not Status.REJECTED
    if row.is_of_python_2:
        assert found[0].code in {"python-2-name", "form"} or "no run on Python 3" in found[0].reason


@pytest.mark.parametrize("row", NAMES, ids=name)
def test_every_name_that_is_imported_is_found(row: Row) -> None:
    home, _, last = row.name.rpartition(".")
    if home in {"builtins", "datetime.datetime", "asyncio.Task"} or last == "get_event_loop":
        pytest.skip("it is no name of a module")
    found = work_on(f"from {home} import {last}\n\nprint({last}(1))\n").findings
    assert [row.name in item.message for item in found] == [True]
    renamed = work_on(f"from {home} import {last} as other\n\nprint(other(1))\n").findings
    assert [row.name in item.message for item in renamed] == [True]


@pytest.mark.parametrize(
    "case",
    """keep_fallback_import keep_below_version_test keep_own_names keep_unknown_receiver keep_expected_warning
    keep_module_of_project keep_overridden_assertion""".split(),
)
def test_nothing_is_said_of_what_is_right(case: str) -> None:
    source = (FIXTURES / "deprecated-api" / case / "before.py").read_text()
    assert not work_on(source, (3, 12), CHANGES_BEHAVIOUR.name).findings


TRIED = [row for row in EVERY if row.trigger and not row.is_gone(RUNNING)]


def test_what_can_be_tried_is_tried() -> None:
    left = [row.name for row in EVERY if (row.new or row.call) and not row.is_gone(RUNNING) and not row.trigger]
    assert not left


def scripted(row: Row) -> str:
    """The trigger as a script that sets ``result``."""
    *above, last = row.trigger.split("\n")
    if "self." in row.trigger:
        return (
            "import io\nimport unittest\n\n\nclass Case(unittest.TestCase):\n    def runTest(self):\n"
            f"        {row.trigger}\n\n\nfound = unittest.TestResult()\nCase().run(found)\n"
            "result = [text.splitlines()[-1] for _, text in found.failures + found.errors]\n"
        )
    parsed = ast.parse(row.trigger)
    homes = {row.name.rpartition(".")[0]} if row not in METHODS else set()
    for node in ast.walk(parsed):
        if isinstance(node, ast.Name) and node.id in sys.stdlib_module_names:
            homes.add(node.id)
    imports = sorted(f"import {_module(home)}" for home in homes if home not in {"typing"})
    return "\n".join([*imports, *above, f"result = ({last})", ""])


def outcome(source: str) -> tuple[object, str]:
    """What a script gives, and what it logs."""
    shown = io.StringIO()
    handler = logging.StreamHandler(shown)
    root = logging.getLogger()
    root.addHandler(handler)
    names: dict[str, object] = {"__name__": "__main__"}
    try:
        with warnings.catch_warnings(), contextlib.redirect_stderr(io.StringIO()):
            warnings.simplefilter("ignore")
            exec(compile(source, "script.py", "exec"), names)
    finally:
        root.removeHandler(handler)
    return names["result"], shown.getvalue()


@pytest.fixture(autouse=True)
def plain_locale() -> Iterator[None]:
    before = locale.setlocale(locale.LC_ALL)
    yield
    locale.setlocale(locale.LC_ALL, before)


@pytest.mark.parametrize("row", TRIED, ids=name)
def test_what_replaces_it_gives_the_same(row: Row) -> None:
    source = scripted(row)
    # The newest version that has it, where nothing need be assumed.
    target = min(RUNNING, (3, 11)) if not row.long else (3, 12)
    result = work_on(source, target, *((CHANGES_BEHAVIOUR.name,) if row.differs and not row.only else ()))
    assert [item.status for item in result.findings] == [Status.APPLIED], [*map(_told, result.findings), source]
    assert result.output is not None
    new = result.output.decode()
    assert not work_on(new, target, CHANGES_BEHAVIOUR.name).findings
    assert outcome(source) == outcome(new)


def _told(finding: Finding) -> str:
    return f"{finding.status}: {finding.sentence}"


def test_test_cases_are_test_cases() -> None:
    assert all(hasattr(unittest.TestCase, row.new) for row in METHODS if row.name.startswith("unittest.") and row.new)
