"""A text from stdin or an editor: what is known of its neighbours, and of itself, is not worked out again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from commands import HELPER, USER, Outcome, invoke, script

from pymodernize.execution import known_files, single_text


@pytest.fixture
def ask(tmp_path: Path) -> Callable[..., Outcome]:
    """Asks about a text of a project of two files, with a cache of its own."""
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    script(folder, "helper.py", HELPER)
    script(folder, "user.py", USER)

    def asked(text: str, *options: str) -> Outcome:
        arguments = ("--format", "json", "--stdin-filename", "helper.py", *options)
        cache = str(tmp_path / "cache")
        return invoke(*arguments, cwd=folder, stdin=text.encode(), PYMODERNIZE_CACHE_DIR=cache)

    return asked


def _fails(*_: object, **__: object) -> None:
    raise AssertionError("it is known")


def test_neighbours_are_looked_at_once(ask: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(HELPER, "--apply", "-")
    assert "other files import this one" in first.out
    monkeypatch.setattr(known_files, "_scan", _fails)
    assert "other files import this one" in ask(HELPER + "\n# more\n", "--apply", "-").out
    assert ask(HELPER, "--apply", "-").out == first.out


def test_a_text_is_worked_on_once(ask: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(HELPER, "--apply", "-"), ask(HELPER, "--explain-line", "-:5")
    monkeypatch.setattr(single_text, "Task", _fails)
    monkeypatch.setattr("pymodernize.transformation.engine.transform", _fails)
    assert (ask(HELPER, "--apply", "-"), ask(HELPER, "--explain-line", "-:5")) == first


def test_without_a_cache_it_is_worked_on_again(ask: Callable[..., Outcome], monkeypatch: pytest.MonkeyPatch) -> None:
    first = ask(HELPER, "--no-cache", "--apply", "-")
    asked = []
    monkeypatch.setattr(single_text, "Task", lambda *given: asked.append(given) or _TASK(*given))
    assert ask(HELPER, "--no-cache", "--apply", "-") == first
    assert len(asked) == 1


_TASK = single_text.Task
