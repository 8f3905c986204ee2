"""A browser for tests and pictures: the system's own Chromium, from which nothing is asked of any network."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

REQUIRED = "PYMODERNIZE_BROWSER"
"""Where this is set, tests that find no browser fail; elsewhere they are skipped."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # small in a container
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowser(Exception):
    """There is none; the message says what was looked for."""


@contextlib.contextmanager
def opened() -> Iterator[Any]:
    """A browser, until it is no longer needed.

    Raises:
        NoBrowser: there is none.
    """
    path = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if path is None:
        raise NoBrowser(f"there is no browser: none of {', '.join(_NAMES)}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=[*_QUIET])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    """A browser that is closed behind the last test of a module: asynchronous tests of others cannot run beside it."""
    with contextlib.ExitStack() as stack:
        try:
            chromium = stack.enter_context(opened())
        except NoBrowser as exc:
            if os.environ.get(REQUIRED):
                pytest.fail(str(exc))
            pytest.skip(str(exc))
        yield chromium
