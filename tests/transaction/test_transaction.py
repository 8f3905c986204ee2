"""Many files at once: all of them or none, and a clear line for each that is left."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from crashing import leftovers, settle

from pymodernize.transaction import core
from pymodernize.transaction.core import Transaction
from pymodernize.transaction.history import history
from pymodernize.transaction.store import Store

OLD, NEW = b"old\n", b"new\n"
EIO = OSError(errno.EIO, "Input/output error")


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    found = [tmp_path / f"folder{number % 2}" / f"job{number}.py" for number in range(6)]
    for path in found:
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(OLD)
    return found


def apply(root: Path, paths: list[Path], said: list[str] | None = None, **options: Any) -> dict[Path, str]:
    """One run; what was left of it, and why."""
    ties = options.pop("ties", {})
    store = Store(root)
    store.open(print, 0.0)
    try:
        say = said.append if said is not None else print
        with Transaction(store, history_size=10**9, say=say, **options) as work:
            for path in paths:
                work.add(path, OLD, NEW, ties.get(path, ()))
            return dict(work.commit())
    finally:
        store.close()


def contents(paths: list[Path]) -> set[bytes]:
    return {path.read_bytes() for path in paths}


def failing(real: Callable[..., Any], at: int, error: BaseException) -> Callable[..., Any]:
    """A call that fails at one of its times, and at that only."""
    calls = []

    def call(*arguments: Any, **keywords: Any) -> Any:
        calls.append(arguments)
        if len(calls) == at + 1:
            raise error
        return real(*arguments, **keywords)

    return call


def test_all_are_written_and_the_history_says_so(tmp_path: Path, paths: list[Path]) -> None:
    assert apply(tmp_path, paths) == {}
    assert contents(paths) == {NEW}
    (past,) = history(Store(tmp_path))
    assert [tmp_path / entry.path for entry in past.run.entries] == paths
    assert not leftovers(tmp_path)


def test_a_run_without_changes_leaves_no_trace(tmp_path: Path, paths: list[Path]) -> None:
    assert apply(tmp_path, []) == {}
    assert sorted(item.name for item in tmp_path.iterdir()) == ["folder0", "folder1"]


def test_our_folder_keeps_itself_out_of_git(tmp_path: Path, paths: list[Path]) -> None:
    apply(tmp_path, paths)
    assert (tmp_path / ".pymodernize" / ".gitignore").read_text().splitlines()[-1] == "*"
    (run,) = (tmp_path / ".pymodernize" / "runs").iterdir()
    assert run.stat().st_mode & 0o077 == 0, "a text that only its owner may read stays so"


@pytest.mark.parametrize("at", range(6))
def test_a_file_that_cannot_be_replaced_takes_all_back(
    tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    monkeypatch.setattr(os, "replace", failing(os.replace, at, EIO))
    left = apply(tmp_path, paths)
    assert left[paths[at]] == "cannot be written: Input/output error"
    others = {reason for path, reason in left.items() if path != paths[at]}
    assert others == {f"is left as it was: {paths[at]} cannot be written: Input/output error"}
    assert contents(paths) == {OLD}
    assert sorted(item.name for item in tmp_path.iterdir()) == ["folder0", "folder1"], "nothing of ours is left"


@pytest.mark.parametrize("error", [MemoryError(), KeyboardInterrupt(), EIO], ids=lambda item: type(item).__name__)
def test_any_other_failure_takes_all_back_too(
    tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    monkeypatch.setattr(core, "_still", failing(core._still, 8, error))
    paths[2].touch()
    real = os.replace

    def touching(*names: Any, **options: Any) -> None:
        """Have each file looked at again before it is replaced."""
        real(*names, **options)
        for path in paths[3:]:
            path.touch()

    monkeypatch.setattr(os, "replace", touching)
    if isinstance(error, OSError):
        assert len(apply(tmp_path, paths)) == 6
    else:
        with pytest.raises(type(error)):
            apply(tmp_path, paths)
    assert contents(paths) == {OLD}
    assert not leftovers(tmp_path)


def test_what_cannot_be_put_back_is_said_and_tried_again(
    tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace
    calls = []

    def broken(*names: Any, **options: Any) -> None:
        calls.append(names)
        if len(calls) > 3:
            raise EIO
        real(*names, **options)

    monkeypatch.setattr(os, "replace", broken)
    said: list[str] = []
    left = apply(tmp_path, paths, said)
    stuck = [path for path in paths if path.read_bytes() == NEW]
    assert stuck == paths[:3]
    expected = "was rewritten and could not be put back: Input/output error; see pymodernize undo"
    assert {left[path] for path in stuck} == {expected}
    assert sorted(said) == sorted(f"{path}: {expected}" for path in stuck)
    assert not leftovers(tmp_path)
    monkeypatch.undo()
    (line,) = settle(tmp_path)
    assert "was cut off and is taken back: 3 files put back" in line
    assert contents(paths) == {OLD}


@pytest.mark.parametrize("call", ["fsync", "write", "open"])
def test_a_call_that_fails_costs_a_file_or_the_run_and_never_a_text(
    tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    real = getattr(os, call)
    for at in range(200):
        for path in paths:
            path.write_bytes(OLD)
        apply_with = failing(real, at, OSError(errno.ENOSPC, "No space left on device"))
        store = Store(tmp_path)
        store.open(print, 0.0)
        with monkeypatch.context() as patch:
            patch.setattr(os, call, apply_with)
            with Transaction(store, history_size=10**9) as work:
                for path in paths:
                    work.add(path, OLD, NEW)
                left = dict(work.commit())
        store.close()
        for path in paths:
            assert path.read_bytes() == (OLD if path in left else NEW), (at, left)
        assert all("No space left on device" in reason for reason in left.values()), left
        assert not leftovers(tmp_path)
        assert all("counts as done" in line for line in settle(tmp_path)), "at most, the last word was not written"
        if not left and at > 60:
            return
    raise AssertionError("there is always one more call")


# --- files that are left ------------------------------------------------------------------------------------------


def test_a_file_that_is_left_costs_only_itself(tmp_path: Path, paths: list[Path]) -> None:
    paths[1].write_bytes(b"mine")
    paths[4].unlink()
    assert apply(tmp_path, paths) == {paths[1]: "has changed since it was read", paths[4]: "is gone since it was read"}
    assert contents([paths[0], paths[2], paths[3], paths[5]]) == {NEW}
    assert paths[1].read_bytes() == b"mine"


def test_what_belongs_together_with_a_file_that_is_left_is_left_too(tmp_path: Path, paths: list[Path]) -> None:
    paths[0].write_bytes(b"mine")
    ties = {paths[1]: {str(paths[0])}, paths[2]: {str(paths[1])}, paths[3]: {str(paths[4]), "/not/in/the/run.py"}}
    left = apply(tmp_path, paths, ties=ties)
    assert left == {
        paths[0]: "has changed since it was read",
        paths[1]: f"is left as it was: it belongs together with {paths[0]}, which cannot be written",
        paths[2]: f"is left as it was: it belongs together with {paths[1]}, which cannot be written",
    }
    assert contents(paths[1:3]) == {OLD}
    assert contents(paths[3:]) == {NEW}


def test_a_file_that_changes_after_it_was_staged_is_left(tmp_path: Path, paths: list[Path]) -> None:
    store = Store(tmp_path)
    store.open(print)
    with Transaction(store, history_size=10**9) as work:
        for path in paths:
            work.add(path, OLD, NEW)
        paths[3].write_bytes(b"mine")
        assert dict(work.commit()) == {paths[3]: "has changed since it was read"}
    store.close()
    assert contents(paths) == {NEW, b"mine"}
    assert not leftovers(tmp_path)
    (past,) = history(store)
    assert paths[3] not in [tmp_path / entry.path for entry in past.run.entries]


def test_a_file_that_changes_while_others_are_replaced_takes_all_back_and_stays_mine(
    tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.replace

    def replace(*names: Any, **options: Any) -> None:
        real(*names, **options)
        paths[4].write_bytes(b"mine")

    monkeypatch.setattr(os, "replace", replace)
    left = apply(tmp_path, paths)
    assert left[paths[4]] == "has changed since it was read"
    assert contents(paths[:4]) == {OLD}
    assert paths[4].read_bytes() == b"mine"


def test_a_file_that_was_only_touched_is_written(tmp_path: Path, paths: list[Path]) -> None:
    store = Store(tmp_path)
    store.open(print)
    with Transaction(store, history_size=10**9) as work:
        work.add(paths[0], OLD, NEW)
        os.utime(paths[0], (1, 1))
        assert not work.commit()
    store.close()
    assert paths[0].read_bytes() == NEW


def test_what_is_staged_goes_when_the_run_fails(tmp_path: Path, paths: list[Path]) -> None:
    store = Store(tmp_path)
    store.open(print)
    with pytest.raises(ZeroDivisionError), Transaction(store, history_size=10**9) as work:
        work.add(paths[0], OLD, NEW)
        assert leftovers(tmp_path)
        raise ZeroDivisionError
    store.close()
    assert sorted(item.name for item in tmp_path.iterdir()) == ["folder0", "folder1"]
    assert contents(paths) == {OLD}
    assert not leftovers(tmp_path)


# --- links and names ----------------------------------------------------------------------------------------------


def test_hard_links_are_cut_with_a_word_or_refused(tmp_path: Path, paths: list[Path]) -> None:
    other = tmp_path / "other.py"
    os.link(paths[0], other)
    reason = 'has another name (hard links), and hard-links = "refuse" is set'
    assert apply(tmp_path, paths[:1], break_links=False) == {paths[0]: reason}
    assert contents([paths[0], other]) == {OLD}
    said: list[str] = []
    os.link(paths[0], tmp_path / "third.py")
    assert apply(tmp_path, paths[:1], said) == {}
    assert said == [f"{paths[0]}: has 2 other names (hard links), which keep the old text"]
    assert (paths[0].read_bytes(), other.read_bytes()) == (NEW, OLD)


def test_both_names_of_a_file_with_a_hard_link(tmp_path: Path, paths: list[Path]) -> None:
    other = tmp_path / "other.py"
    os.link(paths[0], other)
    assert apply(tmp_path, [paths[0], other]) == {}
    assert contents([paths[0], other]) == {NEW}


def test_two_names_of_one_file_that_is_no_link(
    tmp_path: Path, paths: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What a system does that does not tell upper from lower case.
    shouted = paths[0].with_name("JOB0.PY")
    real = os.open

    def blind(name: Any, *rest: Any, **options: Any) -> int:
        return real("job0.py" if name == "JOB0.PY" else name, *rest, **options)

    monkeypatch.setattr(os, "open", blind)
    monkeypatch.setattr(os, "access", lambda *_, **__: True)
    assert apply(tmp_path, [paths[0], shouted]) == {shouted: f"is the same file as {paths[0]}"}
    assert paths[0].read_bytes() == NEW


def test_a_link_and_its_target_on_another_path(tmp_path: Path, paths: list[Path]) -> None:
    link = tmp_path / "link.py"
    link.symlink_to(paths[0])
    assert apply(tmp_path, [link]) == {}
    assert link.is_symlink()
    assert paths[0].read_bytes() == NEW
