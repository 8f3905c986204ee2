"""Edits, runs, undos and crashes in any order: what a file holds is always what the last whole step left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from crashing import Killer, forked, leftovers, quick_folder, settle, write_all
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from randomised import examples

from pymodernize.transaction.history import NoSuchRun, choose, history, undo
from pymodernize.transaction.store import Store

NAMES = ("a.py", "b.py", "folder/c.py")
CONTENTS = st.sampled_from([b"", b"1", b"2\n", b"a longer one\r\n" * 50])


class Project(RuleBasedStateMachine):
    """A project whose files are edited, rewritten and restored while processes die."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = quick_folder()
        self.root = self.folder.__enter__()
        self.expected: dict[Path, bytes] = {}
        self.applied: list[dict[Path, tuple[bytes, bytes]]] = []

    def teardown(self) -> None:
        self.folder.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        for name in NAMES:
            path = self.root / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(b"first")
            self.expected[path] = b"first"

    def changes(self, numbers: set[int]) -> dict[Path, tuple[bytes, bytes]]:
        paths = [self.root / NAMES[number] for number in sorted(numbers)]
        return {path: (self.expected[path], self.expected[path] + b"+") for path in paths}

    @rule(number=st.integers(0, 2), content=CONTENTS)
    def edit(self, number: int, content: bytes) -> None:
        path = self.root / NAMES[number]
        path.write_bytes(content)
        self.expected[path] = content

    @rule(numbers=st.sets(st.integers(0, 2), min_size=1))
    def apply(self, numbers: set[int]) -> None:
        changes = self.changes(numbers)
        write_all(self.root, changes)
        self.became(changes)

    @rule(numbers=st.sets(st.integers(0, 2), min_size=1), at=st.integers(0, 90), torn=st.booleans())
    def crash(self, numbers: set[int], at: int, torn: bool) -> None:
        """A run is killed; whether it had done all is for its successor to find out."""
        changes = self.changes(numbers)
        forked(lambda: write_all(self.root, changes), Killer(at, torn=torn))
        settle(self.root)
        self.all_or_none(changes)

    def became(self, changes: dict[Path, tuple[bytes, bytes]]) -> None:
        self.expected |= {path: new for path, (_, new) in changes.items()}
        self.applied.append(changes)

    def all_or_none(self, changes: dict[Path, tuple[bytes, bytes]]) -> bool:
        is_new = {path.read_bytes() == new for path, (_, new) in changes.items()}
        assert len(is_new) == 1, "some of the files changed"
        if True in is_new:
            self.became(changes)
        return True in is_new

    def undone(self) -> dict[Path, tuple[bytes, bytes]]:
        """What an undo of the last run changes: for each file, from what to what."""
        return {path: (new, old) for path, (old, new) in self.applied[-1].items()}

    def untouched(self) -> bool:
        return all(self.expected[path] in pair for path, pair in self.undone().items())

    def undo_last(self) -> Any:
        store = Store(self.root)
        store.open(print, 0.0)
        try:
            return undo(store, choose(store, None), history_size=10**9)
        finally:
            store.close()

    @precondition(lambda self: self.applied)
    @rule()
    def undo(self) -> None:
        changes, untouched = self.undone(), self.untouched()
        outcome = self.undo_last()
        if untouched:
            assert not outcome.kept
            self.expected |= {path: old for path, (_, old) in changes.items()}
            if outcome.id is not None:
                self.applied.pop()
        else:
            assert set(outcome.kept) == {path for path in changes if self.expected[path] not in changes[path]}
            assert outcome.restored == 0

    @precondition(lambda self: self.applied and self.untouched())
    @rule(at=st.integers(0, 90))
    def crash_of_an_undo(self, at: int) -> None:
        changes = {path: pair for path, pair in self.undone().items() if self.expected[path] != pair[1]}
        forked(self.undo_last, Killer(at))
        settle(self.root)
        is_old = {path.read_bytes() == old for path, (_, old) in changes.items()}
        assert len(is_old) <= 1, "some of the files were restored"
        if True in is_old:
            self.expected |= {path: old for path, (_, old) in changes.items()}
            self.applied.pop()

    @invariant()
    def every_file_is_as_expected(self) -> None:
        assert {path: path.read_bytes() for path in self.expected} == self.expected
        assert not leftovers(self.root)

    @invariant()
    def the_history_has_what_was_applied(self) -> None:
        store = Store(self.root)
        kept = [past for past in history(store) if past.run.kind == "apply" and past.undone_by is None]
        assert len(kept) == len(self.applied)
        if not kept:
            try:
                choose(store, None)
            except NoSuchRun:
                return
            raise AssertionError("there is nothing to undo")


TestProject = Project.TestCase
TestProject.settings = settings(max_examples=examples(60), stateful_step_count=12)
