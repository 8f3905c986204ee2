"""Every row of the standard library raises what it says; every row of a package cites its documentation."""

from __future__ import annotations

import builtins
import importlib
import importlib.util
import os
import re
import sys
import warnings
from pathlib import Path

import pytest
from trials import fill, surroundings

from pymodernize.semantics.library.exceptions import Row, knowledge
from pymodernize_codemods._exceptions.hierarchy import canonical

KNOWLEDGE = knowledge()
LIBRARY = [row for row in KNOWLEDGE.rows.values() if not row.docs]
PACKAGES = [row for row in KNOWLEDGE.rows.values() if row.docs]
RAISING = [row for row in LIBRARY if row.raises]


def class_of(name: str) -> type[BaseException]:
    """The exception class that a name of the knowledge means."""
    module, _, last = name.rpartition(".")
    found: object = builtins
    steps = module.split(".") if module else []
    for length in range(len(steps), 0, -1):
        try:
            found = importlib.import_module(".".join(steps[:length]))
        except ImportError:
            continue
        for step in steps[length:]:
            found = getattr(found, step)
        break
    made = getattr(found, last)
    assert isinstance(made, type) and issubclass(made, BaseException)
    return made


@pytest.mark.parametrize("row", RAISING, ids=lambda row: row.name)
@pytest.mark.filterwarnings("ignore")
def test_a_row_of_the_library_raises_what_it_says(row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    assert row.trial, "add a key try"
    fill(tmp_path)
    monkeypatch.chdir(tmp_path)
    wanted = tuple(class_of(name) for name in row.raises)
    with warnings.catch_warnings(), surroundings() as names:
        warnings.simplefilter("ignore")
        for module in prefixes(row.trial):
            importlib.import_module(module)
        with pytest.raises(wanted):
            exec(f"({row.trial.strip()})", names)  # type: ignore[arg-type]
    assert Path.cwd() == Path(os.path.realpath(tmp_path))


def prefixes(code: str) -> list[str]:
    """The modules that dotted names in a trial take: ``urllib.request``."""
    found = []
    for name in re.findall(r"\b[a-z_]+(?:\.[a-zA-Z_]+)+", code):
        steps = name.split(".")
        for length in range(2, len(steps)):
            dotted = ".".join(steps[:length])
            try:
                if importlib.util.find_spec(dotted):
                    found.append(dotted)
            except (ImportError, ValueError, AttributeError):
                break
    return found


@pytest.mark.parametrize("row", [row for row in LIBRARY if row.trial], ids=lambda row: row.name)
def test_a_trial_is_of_its_row(row: Row):
    last = row.name.rpartition(".")[2]
    if not last.startswith("__"):
        assert re.search(rf"\b{re.escape(last)}\b", row.trial), row.trial


def test_there_are_as_many_rows_as_promised():
    assert len(RAISING) + len(PACKAGES) >= 600
    assert len(RAISING) >= 450


@pytest.mark.parametrize("row", PACKAGES, ids=lambda row: row.name)
def test_a_row_of_a_package_cites_its_documentation(row: Row):
    assert re.fullmatch(r"https://[\w./#=&?%~-]+", row.docs)
    assert not row.trial


def test_every_row_of_a_package_has_the_release_that_it_was_read_from():
    # The last Python that has some of them is 3.12.
    libraries = {"builtins", "telnetlib", "uu", *sys.stdlib_module_names}
    packages = {row.name.partition(".")[0] for row in PACKAGES}
    assert packages <= KNOWLEDGE.versions.keys()
    for row in KNOWLEDGE.rows.values():
        if row.docs or row.name.partition(".")[0] in packages:
            assert re.fullmatch(r"[\w ]+ \d+(\.\d+)+", KNOWLEDGE.version_of(row.name)), row.name
    for name in KNOWLEDGE.exceptions:
        root = name.partition(".")[0]
        assert root in libraries or "." not in name or KNOWLEDGE.version_of(name), name


def test_every_type_is_one_that_can_be_named():
    for row in KNOWLEDGE.rows.values():
        for name in row.raises | row.wrong:
            assert canonical(name if "." in name else f"builtins.{name}") == name, (row.name, name)


def library_exceptions() -> list[str]:
    return [name for name in KNOWLEDGE.exceptions if name.partition(".")[0] in sys.stdlib_module_names]


@pytest.mark.parametrize("name", library_exceptions())
def test_the_bases_of_an_exception_are_right(name: str):
    try:
        made = class_of(name)
    except (ImportError, AttributeError):
        pytest.skip("this Python does not have it")
    above = [item for item in made.__mro__[1:] if issubclass(item, BaseException)]
    for base in KNOWLEDGE.exceptions[name]:
        assert class_of(base) in above


def test_quiet_rows_are_there():
    missing = []
    for row in LIBRARY:
        if row.raises or not row.name.startswith(("os.", "time.", "json.", "shutil.", "base64.", "logging.get")):
            continue
        module, _, last = row.name.rpartition(".")
        try:
            home = importlib.import_module(module)
        except ImportError:
            continue
        if not hasattr(home, last):
            missing.append(row.name)
    assert not missing
