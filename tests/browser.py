"""A browser for tests: the system's own Chromium, from which nothing is asked of any network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest

REQUIRED = "PYMODERNIZE_BROWSER"
"""Where this is set, tests that find no browser fail; elsewhere they are skipped."""

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def find() -> str | None:
    """The path of a browser, None if there is none."""
    return next((path for name in _NAMES if (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """A browser that is closed when all tests are done."""
    path = find()
    if path is None:
        said = f"there is no browser: one of {', '.join(_NAMES)}"
        if os.environ.get(REQUIRED):
            pytest.fail(said)
        pytest.skip(said)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=[*_QUIET])
        yield chromium
        chromium.close()
