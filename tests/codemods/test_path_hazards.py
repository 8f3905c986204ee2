"""What is said of a text holds: exactly for one that is known, and at least for one that is worked out of others.

The definitions here are worded anew, without :class:`pathlib.Path` where that
is what they are about.
"""

from __future__ import annotations

import os.path
from functools import reduce
from itertools import groupby
from pathlib import PurePosixPath
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from path_values import composed, texts
from randomised import examples

from pymodernize_codemods._paths import hazards
from pymodernize_codemods._paths.hazards import ANY, NAME, NORMALISED, TEXT, Hazard

OF_THE_FILE_SYSTEM = Hazard.HIDDEN | Hazard.CLOSED | Hazard.LINKED
TEXTUAL = ANY & ~OF_THE_FILE_SYSTEM


def textual(text: str) -> Hazard:
    return hazards.of_text(text) & TEXTUAL


def parts(text: str) -> list[str]:
    """What stands between slashes and says something."""
    return [part for part in text.split("/") if part not in {"", "."}]


def last(text: str) -> str:
    return parts(text)[-1] if parts(text) else ""


def is_odd(text: str) -> bool:
    name = last(text)
    return name != ".." and (name.startswith("..") or name.endswith("."))


def ends_in_a_slash(text: str) -> bool:
    return bool(text.strip("/")) and text.endswith(("/", "/."))


def is_untidy(text: str) -> bool:
    """Whether a run of slashes is longer than it need be, or a dot says nothing, before the end."""
    while ends_in_a_slash(text):
        text = text[:-1]
    runs = [len(list(run)) for character, run in groupby(text) if character == "/"]
    # POSIX keeps two slashes at the start apart from one.
    if text.startswith("/"):
        runs[0] = 1 if runs[0] == 2 else runs[0]
    return any(run > 1 for run in runs) or "." in text.split("/") and text != "."


EXACTLY = {
    Hazard.EMPTY: lambda text: text == "",
    Hazard.DOT: lambda text: text != "" and not text.startswith("/") and not parts(text),
    Hazard.DOTDOT: lambda text: ".." in text.split("/"),
    Hazard.TRAILING: ends_in_a_slash,
    Hazard.DOTTED: lambda text: ends_in_a_slash(text) and text.rstrip("/").endswith("/."),
    Hazard.UNTIDY: is_untidy,
    Hazard.ROOT: lambda text: text.startswith("/") and not parts(text),
    Hazard.ABSOLUTE: os.path.isabs,
    Hazard.RELATIVE: lambda text: not os.path.isabs(text),
    Hazard.SEPARATED: lambda text: "/" in text,
    Hazard.ODD: is_odd,
    Hazard.TILDE: lambda text: text[:1] == "~",
    Hazard.USER: lambda text: text[:1] == "~" and text.split("/")[0] != "~",
    Hazard.MAGIC: lambda text: any(character in text for character in "*?["),
}


def test_every_peculiarity_of_a_text_is_defined():
    assert reduce(lambda one, other: one | other, EXACTLY) == TEXTUAL


@settings(max_examples=examples(200))
@given(text=texts())
def test_of_a_known_text_exactly_what_it_has_is_said(text):
    has = reduce(lambda one, other: one | other, (hazard for hazard, is_so in EXACTLY.items() if is_so(text)))
    assert textual(text) == has


@given(text=texts())
def test_a_path_changes_the_text_where_that_is_said_and_nowhere_else(text):
    assert (str(PurePosixPath(text)) != text) == bool(hazards.of_text(text) & TEXT)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a/b", Hazard.RELATIVE | Hazard.SEPARATED),
        ("/", Hazard.ABSOLUTE | Hazard.ROOT | Hazard.SEPARATED),
        ("/.", Hazard.ABSOLUTE | Hazard.ROOT | Hazard.SEPARATED | Hazard.TRAILING | Hazard.DOTTED),
        ("///", Hazard.ABSOLUTE | Hazard.ROOT | Hazard.SEPARATED | Hazard.UNTIDY),
        ("//host/x", Hazard.ABSOLUTE | Hazard.SEPARATED),
        ("./.", Hazard.RELATIVE | Hazard.DOT | Hazard.TRAILING | Hazard.DOTTED | Hazard.SEPARATED),
        ("..", Hazard.RELATIVE | Hazard.DOTDOT),
        ("...", Hazard.RELATIVE | Hazard.ODD),
        ("~ann/x.", Hazard.RELATIVE | Hazard.TILDE | Hazard.USER | Hazard.SEPARATED | Hazard.ODD),
    ],
)
def test_texts_worth_a_line(text, expected):
    assert textual(text) == expected


# --- what is worked out of others ----------------------------------------------------------------------------------


def holds(result: str, said: Hazard) -> None:
    missing = textual(result) & ~said
    assert not missing, f"{result!r} has {missing}"


@given(head=texts(), tail=texts())
def test_joined(head, tail):
    holds(os.path.join(head, tail), hazards.join(hazards.of_text(head), hazards.of_text(tail)))


@given(given_parts=st.lists(texts(), min_size=1, max_size=4))
def test_joined_from_left_to_right(given_parts):
    holds(os.path.join(*given_parts), reduce(hazards.join, map(hazards.of_text, given_parts)))


@given(text=texts())
def test_dirname(text):
    holds(os.path.dirname(text), hazards.dirname(hazards.of_text(text)))


@given(text=texts())
def test_basename(text):
    holds(os.path.basename(text), hazards.basename(hazards.of_text(text)))  # pymodernize: ignore[os-path-to-pathlib]


@given(text=texts(), folder=composed(starts=("/",)).map(os.path.normpath))
def test_absolute(text, folder):
    with mock.patch("os.getcwd", return_value=folder):
        result = os.path.abspath(text)
    holds(result, hazards.absolute(hazards.of_text(text)))


@given(text=texts())
def test_as_path(text):
    left = hazards.as_path(hazards.of_text(text))
    holds(str(PurePosixPath(text)), left)
    assert not left & NORMALISED


@given(text=texts())
def test_without_suffix(text):
    holds(os.path.splitext(text)[0], hazards.without_suffix(hazards.of_text(text)))


@given(head=texts(), tail=texts().filter(lambda text: text[:1] not in {"", "/"}))
def test_appended(head, tail):
    holds(head + tail, hazards.appended(hazards.of_text(head), tail))


@given(
    name=st.text(min_size=1, max_size=9).filter(lambda text: text not in {".", ".."} and not set(text) & {"/", "\0"})
)
def test_a_name_that_a_folder_lists(name):
    assert not hazards.of_text(name) & ~NAME


TRANSFERS = [
    hazards.as_path,
    hazards.dirname,
    hazards.basename,
    hazards.absolute,
    hazards.without_suffix,
    lambda found: hazards.join(found, NAME),
    lambda found: hazards.join(NAME, found),
    lambda found: hazards.appended(found, ".txt"),
]


@pytest.mark.parametrize("transfer", TRANSFERS)
@given(one=texts(), other=texts())
def test_who_knows_less_of_a_value_rules_out_less_of_the_result(transfer, one, other):
    alone, both = hazards.of_text(one), hazards.of_text(one) | hazards.of_text(other)
    assert not transfer(alone) & ~transfer(both)
