"""The level of messages as a careful person would give it, for 150 texts at their places."""

from __future__ import annotations

import logging

import pytest

from pymodernize_codemods.print_to_logging import levels

# Where a message stands: by itself, in an except, before a failing exit, on stderr.
PLACES = {
    "": {},
    "except": {"in_handler": True},
    "exit": {"before_exit": True},
    "stderr": {"to_stderr": True},
    "except, exit": {"in_handler": True, "before_exit": True},
    "except, stderr": {"in_handler": True, "to_stderr": True},
    "exit, stderr": {"before_exit": True, "to_stderr": True},
}

JUDGED = """
info | | Starting
info | | Reading %s
info | | %d files, %d bytes copied
info | | 0 errors found
info | | %d errors
info | | %d of %d steps failed
info | | errors: %d
info | | Finished without errors
info | | No problems found
info | | no errors
info | | All tests passed, none failed
info | | wrote error.log for you
info | | Too low! Try again.
info | | No files found
info | | Error code list loaded
info | | Error rate: %.2f
info | | Error bars are drawn
info | | Errors were resolved
info | | Total: %d
info | | Bye.
info | | usage: sizes.py FILE...
info | | Usage: %s [options]
info | | Info: error handling is on
info | | [info] loading plug-ins
info | | NOTE: this may take a while
info | | Passengers are transferred
info | | Skipping %s (not a file)
info | | skipped (type %s): %s
info | | Retrying in %d seconds
info | | %s already exists, overwriting
info | | Ignoring case
info | | Missing values: %d
info | | Invalid rows: %d
info | | Fatalities by year
info | | Critical path: %s
info | | Warning level is %d
info | | Warnings: %d
info | | Exceptions are listed below
info | | Failed logins: %d
info | | Failures per hour
info | | Debugging is off
info | | DEBUG: entering check
info | | [debug] loop
info | | debug: x = %s
info | | here
info | | XXX
info | | *** %s ***
info | | -----
info | | ====
info | | %s
info | | %s: %s
info | | Hello, %s
info | | Connected to %s
info | | Done
info | | Download complete
info | | The server said: error
info | | Checking for broken links
info | | Deleting temporary files
info | | Wrong answer, the word was %s
info | | You lose
info | | Cannons loaded
info | | File %s does not exist
info | | Nothing to do
info | | Time out after %d s
info | | Panicking is not needed
info | | Deprecations are listed in %s
info | | Note that %s failed before
info | | Result: failed
info | | %s MISSING
info | | Attention span: %d
info | |
warning | | Warning: disk is nearly full
warning | | WARNING %s is deprecated
warning | | [WARN] low on space
warning | | warning - no header
warning | | *** Warning *** %s
warning | | !! WARNING: %s
warning | | Deprecated: use %s
warning | | DEPRECATED - will go in the next version
warning | | Deprecated option %s
warning | | Deprecation: %s
warning | | Caution: hot
warning | | ATTENTION: old file
error | | Error: %s
error | | ERROR: cannot look at %s
error | | [ERROR] no such host
error | | Err: %s
error | | ERROR reading list: %s
error | | Error while reading %s
error | | Error in line %d
error | | Error opening %s
error | | An error occurred
error | | An error occurred: %s
error | | Errors occurred while copying
error | | Cannot read %s: %s
error | | can't open file %s
error | | Can not open %s
error | | could not convert string to float
error | | Couldn't find the file
error | | Unable to connect to %s
error | | Failed to connect
error | | FAILED: %s
error | | Failed loading %s
error | | Failure: %s
error | | Failure in step %d
error | | Traceback of the last call:
error | | Exception occurred: %s
error | | Exception in thread %s
error | | Unexpected error: %s
error | | >>> Error: %s
critical | | FATAL: no disk
critical | | Fatal error: cannot open the table
critical | | CRITICAL: temperature %d
critical | | [FATAL] %s
error | except | Starting again
error | except | Using the default
error | except | Retrying
error | except | %s
error | except | %s: %s
error | except | File not found
error | except | Try again with a number
error | except | The list is empty
error | except | Oops, something went wrong
error | except | Not a number
info | except | -----
info | except |
warning | except | Warning: no settings, using defaults
info | except | Info: cache is cold
error | except | Error: %s
critical | except | FATAL: %s
error | except, stderr | no such file: %s
error | except, stderr | %s: %s
error | except, exit | Giving up
error | exit | Nothing to do
error | exit | usage: sizes.py FILE
error | exit | Usage: %s FILE
error | exit | Please give a number
error | exit | Too many words
error | exit | Warning: no input, stopping
error | exit | %s
info | exit | -----
error | exit, stderr | usage: sizes.py FILE
error | exit, stderr | no input
critical | exit | Fatal: no disk
warning | stderr | Nothing to do
warning | stderr | Reading the list
warning | stderr | usage: sizes.py FILE
warning | stderr | %s
warning | stderr | Warning: %s
error | stderr | Error: %s
error | stderr | cannot open %s
info | stderr | Info: %d rows
critical | stderr | fatal: no repository
"""


def judged() -> list[tuple[str, str, str]]:
    """The level, the place and the text of each message."""
    rows = [line.split("|", 2) for line in JUDGED.strip("\n").split("\n")]
    return [(level.strip(), place.strip(), text.removeprefix(" ")) for level, place, text in rows]


def test_as_a_careful_person_would():
    wrong = [
        (text, place, found, level)
        for level, place, text in judged()
        if (found := levels.level_of(text, **PLACES[place])) != level
    ]
    assert len(judged()) >= 150
    assert len(wrong) <= 0.05 * len(judged()), wrong


@pytest.mark.parametrize(
    "text",
    ["All tests passed, none failed", "wrote error.log for you", "Too low! Try again.", "No files found",
     "the error was mended", "see warning.txt", "it is not deprecated", "job %s: fatal"],
)  # fmt: skip
def test_a_word_in_the_middle_decides_nothing(text: str):
    assert levels.level_of(text) == "info"


def test_nothing_that_was_printed_is_below_the_threshold():
    found = {levels.level_of(text, **place) for _, _, text in judged() for place in PLACES.values()}
    assert found == set(levels.LEVELS)
    for level in levels.LEVELS:
        assert callable(getattr(logging.getLogger("x"), level))
        assert getattr(logging, level.upper()) >= logging.INFO
