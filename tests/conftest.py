"""What all tests share."""

from __future__ import annotations

import itertools
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import SCRIPT
from running import make_plan

from pymodernize.execution.task import prepare
from pymodernize.transformation.engine import transform

pytest_plugins = ["cloned"]

# No cache can be made there: what one test has seen is not to answer for another. Tests of the cache have their own.
os.environ["PYMODERNIZE_CACHE_DIR"] = os.path.join(os.devnull, "none")

# Nor does any process write to the folder of the user who runs the tests.
os.environ["PYMODERNIZE_STATE_DIR"] = os.path.join(os.devnull, "none")
_numbers = itertools.count()

# What a shell starts in the background ignores Ctrl-C, and so does all that it starts: no test could break a run off.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Tests write many small files, for which a disk takes ten times as long as memory does.
_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
_ENOUGH = 1_000_000_000
if os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > _ENOUGH:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


# Fewer tests than this load what they need, and no more.
_MANY = 20


@pytest.fixture(autouse=True, scope="session")
def _loaded(request: pytest.FixtureRequest) -> None:
    """Load once what work on files takes: the processes that commands fork from this one would each do it anew."""
    if len(request.session.items) < _MANY:
        return
    plan = make_plan()
    prepare(plan)
    transform(SCRIPT.encode(), plan)


@pytest.fixture(autouse=True)
def state_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A key and a list of runs of its own for each test; what needs none makes none. No test leaves the folder."""
    start = Path.cwd()
    path = tmp_path_factory.getbasetemp() / f"state-{next(_numbers)}"
    # Not the test's own monkeypatch, which it may undo.
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYMODERNIZE_STATE_DIR", str(path))
        yield path
    os.chdir(start)  # its own is removed when it has passed


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-fixtures",
        action="store_true",
        help="write what comes out of the cases of fixtures/ as their new golden bytes; read the difference after it",
    )


def pytest_pycollect_makemodule(module_path: Path) -> None:
    """Set hypothesis up, which takes a second to load, before the first module that uses it."""
    if b"hypothesis" in module_path.read_bytes():
        from randomised import set_up

        set_up()


def pytest_configure(config: pytest.Config) -> None:
    config.option.devtools = None  # an option of pytest-lsp, which is loaded too late to declare it
