"""Files that a run makes, and that an undo takes away: all or none, at any moment, and never over somebody else's."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from crashing import Killer, forked, leftovers, quick_folder, settle, write_all

from pymodernize.transaction.core import Transaction
from pymodernize.transaction.history import choose, history, undo
from pymodernize.transaction.store import Store

PLENTY = 10**9


@pytest.fixture
def root() -> Iterator[Path]:
    with quick_folder() as folder:
        yield folder


def apply(root: Path, changes: Mapping[Path, tuple[bytes | None, bytes | None]]) -> dict[Path, str]:
    store = Store(root)
    store.open(print, 0.0)
    try:
        with Transaction(store, history_size=PLENTY) as work:
            for path, (old, new) in changes.items():
                work.add(path, old, new)
            return dict(work.commit())
    finally:
        store.close()


def take_back(root: Path, name: str | None = None) -> dict[Path, str]:
    store = Store(root)
    store.open(print, 0.0)
    try:
        return undo(store, choose(store, name), history_size=PLENTY).kept
    finally:
        store.close()


def state(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def test_a_file_that_has_appeared_is_left(root: Path) -> None:
    path = root / "new.toml"
    path.write_bytes(b"theirs")
    assert apply(root, {path: (None, b"ours")}) == {path: "has appeared since it was looked for"}
    assert path.read_bytes() == b"theirs"
    assert not leftovers(root)


@pytest.mark.parametrize("links", [True, False], ids=["links", "no links"])
def test_a_file_that_appears_at_the_last_moment_is_left_and_the_others_with_it(
    root: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    other, path = root / "a.toml", root / "new.toml"
    real = os.link

    def late(*names: str, **options: int) -> None:
        if names[1] == path.name:
            path.write_bytes(b"theirs")
        if not links and names[1].endswith(".toml"):  # the key of our own is another matter
            raise OSError(errno.EPERM, "Operation not permitted")
        real(*names, **options)

    monkeypatch.setattr(os, "link", late)
    assert set(apply(root, {other: (None, b"ours"), path: (None, b"ours")})) == {other, path}
    assert (state(other), state(path)) == (None, b"theirs")
    assert not leftovers(root)
    assert history(Store(root)) == []


def test_a_link_to_nowhere_is_something(root: Path) -> None:
    (root / "new.toml").symlink_to("nowhere.toml")
    apply(root, {root / "other.toml": (None, b"x")})
    assert state(root / "other.toml") == b"x"
    store = Store(root)
    store.open(print, 0.0)
    with Transaction(store, history_size=PLENTY) as work:
        work.add(root / "new.toml", None, b"x", target=str(root / "new.toml"))
        assert work.commit()
    store.close()
    assert not (root / "nowhere.toml").exists()


def test_a_file_system_without_hard_links_gets_it_too(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.link

    def refused(*names: str, **options: int) -> None:
        if names[1].endswith(".toml"):
            raise OSError(errno.EPERM, "Operation not permitted")
        real(*names, **options)

    monkeypatch.setattr(os, "link", refused)
    assert apply(root, {root / "new.toml": (None, b"x")}) == {}
    assert state(root / "new.toml") == b"x"
    assert not leftovers(root)


def test_it_is_made_taken_away_and_made_again(root: Path) -> None:
    path, old = root / "new.toml", root / "old.toml"
    old.write_bytes(b"old")
    mask = os.umask(0o022)
    try:
        assert apply(root, {path: (None, b"new"), old: (b"old", b"changed")}) == {}
    finally:
        os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o644, "as of any file that this user makes"
    assert take_back(root) == {}
    assert (state(path), state(old)) == (None, b"old")
    undone = history(Store(root))[0].run.id
    assert take_back(root, undone) == {}, "an undo can be undone"
    assert (state(path), state(old)) == (b"new", b"changed")


def test_an_empty_file_is_made_and_taken_away(root: Path) -> None:
    assert apply(root, {root / "py.typed": (None, b"")}) == {}
    assert state(root / "py.typed") == b""
    assert take_back(root) == {}
    assert state(root / "py.typed") is None


def test_what_was_edited_since_stays(root: Path) -> None:
    path = root / "new.toml"
    apply(root, {path: (None, b"new")})
    path.write_bytes(b"edited")
    assert take_back(root) == {path: "was edited since"}
    assert state(path) == b"edited"
    path.unlink()
    assert take_back(root) == {}, "it is as it was before"


def test_a_kill_at_each_call_leaves_all_or_nothing(root: Path) -> None:
    new, old = root / "new.toml", root / "old.toml"
    for before, after in (((None, b"old"), (b"new", b"changed")), ((b"new", b"old"), (None, b"changed"))):
        changes = {new: (before[0], after[0]), old: (before[1], after[1])}

        def reset(before: tuple[bytes | None, bytes] = before) -> None:
            new.unlink(missing_ok=True)
            if before[0] is not None:
                new.write_bytes(before[0])
            old.write_bytes(before[1])

        reset()
        write_all(root, changes)
        reset()
        calls = forked(lambda changes=changes: write_all(root, changes), Killer(None))
        assert calls is not None
        met = set()
        for number in range(calls):
            reset()
            assert forked(lambda changes=changes: write_all(root, changes), Killer(number)) is None
            cut_off = (state(new), state(old))
            met.add(cut_off)
            settle(root)
            assert (state(new), state(old)) in (before, after), f"killed at {number}, which left {cut_off}"
            assert not leftovers(root), f"killed at {number}"
        assert met >= {before, after}
        assert len(met) > 2, "some were half-way"
