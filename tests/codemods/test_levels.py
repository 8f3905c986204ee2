"""The level of messages as scripts, shells and the operating system word them."""

from __future__ import annotations

import logging

import pytest

from pymodernize_codemods.print_to_logging import levels

BY_WORDS = {
    "critical": [
        "FATAL: no disk",
        "Fatal: cannot open the table",
        "CRITICAL: temperature %d",
        "kernel panic - not syncing",
    ],
    "error": [
        "Error: %s",
        "ERROR reading list: %s",
        "[Errno 2] No such file or directory: %s",
        "Cannot read %s: %s",
        "can't open file %s",
        "could not convert string to float",
        "Unable to connect to %s",
        "Connection refused",
        "Permission denied on host: %s",
        "%s: command not found",
        "FAILED: %s",
        "Job %s failed with status %d",
        "Invalid choice, try a number",
        "wrong number of threads: %s",
        "Bad line in %s: %r",
        "File %s does not exist",
        "File %s doesn't exist",
        "keep must be a number, not %s",
        "Aborting.",
        "%s MISSING",
        "Unknown option %s",
        "Traceback of the last call:",
        "Fehler beim Lesen von %s",
        "Please install the package first",
        "%d: Illegal character %s",
    ],
    "warning": [
        "Warning: disk is nearly full",
        "WARNING %s is deprecated",
        "[WARN] low on space",
        "Skipping %s (not a file)",
        "skipped (type %s): %s",
        "Code %s is in the file twice, second one ignored",
        "Retrying in %d seconds",
        "timed out after %d s",
        "%s already exists, overwriting",
        "falling back to the default list",
        "Achtung: alte Datei",
    ],
    "info": [
        "Starting",
        "Reading %s",
        "%d files, %d bytes copied",
        "0 errors found",
        "%d errors",
        "%d of %d steps failed",
        "errors: %d",
        "Finished without errors",
        "No problems found",
        "no errors",
        "Error code list loaded",
        "Total: %d",
        "Bye.",
        "usage: sizes.py FILE...",
        "Info: error handling is on",
        "Passengers are transferred",
    ],
    "debug": [
        "DEBUG: entering check",
        "debug: x = %s",
        "[debug] loop",
        "here",
        "XXX",
        "*** DEBUG *** %s",
        "trace: a -> b",
    ],
}


@pytest.mark.parametrize(("level", "text"), [(level, text) for level, texts in BY_WORDS.items() for text in texts])
def test_by_words(level: str, text: str):
    assert levels.level_of(text) == level


@pytest.mark.parametrize(
    ("text", "place", "level"),
    [
        ("Starting again", {"in_handler": True}, "error"),
        ("Retrying", {"in_handler": True}, "warning"),
        ("0 errors so far", {"in_handler": True}, "info"),
        ("Nothing to do", {"before_exit": True}, "error"),
        ("usage: sizes.py FILE", {"before_exit": True}, "error"),
        ("Nothing to do", {"to_stderr": True}, "warning"),
        ("Reading the list", {"to_stderr": True}, "info"),
        ("usage: sizes.py FILE", {"to_stderr": True}, "info"),
        ("Reading the list", {"in_debug": True}, "debug"),
        ("Cannot read the list", {"in_debug": True}, "error"),
        ("-----", {"to_stderr": True, "before_exit": True}, "info"),
        ("%s", {"to_stderr": True}, "info"),
        ("%s: %s", {"in_handler": True, "to_stderr": True}, "error"),
        ("-----", {"in_handler": True}, "info"),
    ],
)
def test_by_place(text: str, place: dict, level: str):
    assert levels.level_of(text, **place) == level


def test_every_level_is_a_method_that_the_threshold_lets_through():
    for level in levels.LEVELS:
        assert callable(getattr(logging.getLogger("x"), level))
        assert getattr(logging, level.upper()) >= logging.DEBUG
    assert set(BY_WORDS) == set(levels.LEVELS)
