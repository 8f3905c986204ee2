"""What a repository, or another user, may put into the place of a store: a grammar, by chance but from a seed."""

from __future__ import annotations

import hashlib
import json
import os
import random
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pymodernize.files.signing import keyed
from pymodernize.transaction.journal import Signature, staged_name

OLD, NEW, SECRET = b"x = 1\nold(x)\n", b"x = 1\nrepr(x)\n", b"a secret of somebody's\n"
ROOT = os.geteuid() == 0


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


class Forger:
    """Makes a project with a hostile store, beside files that nobody may touch.

    Args:
        folder: an empty one.
        seed: what all choices follow from.

    Attributes:
        outside: the files that nobody may touch.
        project: where the commands run.
        is_signed: whether a run in it has our own signature.
        steps: what was chosen, for the message of a failure.
    """

    def __init__(self, folder: Path, seed: object) -> None:
        self.dice = random.Random(f"{seed}")  # noqa: S311 - chances, not secrets
        self.outside = folder / "outside"
        self.project = folder / "project"
        self.store = self.project / ".pymodernize"
        self.runs = self.store / "runs"
        self.is_signed = False
        self.steps: list[str] = []
        (self.outside / "deep").mkdir(parents=True)
        for name in ("id_rsa", "journal", "originals", "lock", "deep/job.py", "deep/originals"):
            (self.outside / name).write_bytes(SECRET)
        (self.outside / "job.py").write_bytes(OLD)
        (self.outside / "new.py").write_bytes(NEW)
        (self.project / "sub").mkdir(parents=True)
        for name in ("a.py", "sub/b.py"):
            (self.project / name).write_bytes(OLD)
        (self.project / "done.txt").write_bytes(NEW)
        (self.project / "way").symlink_to(self.outside)

    def pick(self, name: str, choices: dict[str, Any]) -> Any:  # noqa: ANN401
        """One of several, noted."""
        key = self.dice.choice(list(choices))
        self.steps.append(f"{name}={key}")
        return choices[key]

    def build(self) -> Forger:
        """Make the store."""
        self.pick(
            "store",
            {
                **dict.fromkeys(["folder", "a folder", "one more"], self._folder),
                "link": lambda: self.store.symlink_to(self.outside),
                "link to a store": self._link_to_a_store,
                "file": lambda: self.store.write_bytes(b"x"),
                "fifo": lambda: os.mkfifo(self.store),
                "nothing": lambda: None,
            },
        )()
        self.pick("git", {"none": lambda: None, "no repository": lambda: None, "tracked": self._tracked})()
        return self

    def _link_to_a_store(self) -> None:
        real = self.store
        self.store = self.outside / "kept"
        self.runs = self.store / "runs"
        self._folder()
        real.symlink_to(self.store)

    def _folder(self) -> None:
        self.store.mkdir(mode=0o700)
        place = self.pick(
            "runs",
            {
                **dict.fromkeys(["folder", "a folder", "one more"], self.runs.mkdir),
                "link": lambda: self.runs.symlink_to(self.outside),
                "file": lambda: self.runs.write_bytes(b"x"),
                "fifo": lambda: os.mkfifo(self.runs),
            },
        )
        place()
        self._special("lock", self.store / "lock")
        self._special("gitignore", self.store / ".gitignore")
        if self.runs.is_dir() and not self.runs.is_symlink():
            for _ in range(self.dice.randint(1, 3)):
                self._run()
        self.store.chmod(
            self.pick("mode", {"own": 0o700, "seen": 0o755, "of old": 0o711, "open": 0o777, "group": 0o770})
        )
        if ROOT and self.dice.random() < 0.1:
            self.steps.append("owner=another")
            os.chown(self.store, 1234, 1234)

    def _special(self, what: str, path: Path, content: Callable[[], bytes] = lambda: b"[" * 300) -> None:
        """A file, or something else in its place."""
        self.pick(
            what,
            {
                "nothing": lambda: None,
                "link": lambda: path.symlink_to(self.outside / "id_rsa"),
                "dangling link": lambda: path.symlink_to(self.outside / "none"),
                "hard link": lambda: os.link(self.outside / "id_rsa", path),
                "fifo": lambda: os.mkfifo(path),
                "folder": path.mkdir,
                **dict.fromkeys(["file", "a file", "one more"], lambda: path.write_bytes(content())),
            },
        )()

    # --- runs --------------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        number = self.dice.randrange(16**6)
        name = self.pick(
            "name",
            {
                "of 2099": f"20990101-000000-{number:06x}",
                "of now": f"20261129-120000-{number:06x}",
                "with escapes": f"\x1b]8;;x\x07{number}",
                "short": f"{number}",
            },
        )
        folder = self.runs / name
        if self.dice.random() < 0.15:
            self.steps.append("run=link")
            folder.symlink_to(self.outside / self.dice.choice(["", "deep"]))
            return
        folder.mkdir(mode=0o700)
        packed = zlib.compress(SECRET)
        self._special("originals", folder / "originals", lambda: self.pick("packed", {"ok": packed, "bomb": BOMB}))
        self._special("journal", folder / "journal", lambda: self._journal(name, len(packed)))
        for staged in (staged_name(name, 0), f"{name}.tmp"):
            if self.dice.random() < 0.3:
                (self.project / staged).write_bytes(b"mine")

    def _journal(self, name: str, length: int) -> bytes:
        version = self.dice.choice([1, 2])
        lines = [self._begin(version)]
        lines += [self._stage(version, number, length) for number in range(self.dice.randint(1, 3))]
        state = self.pick("state", STATES)
        if state != "staging":
            seen = hashlib.sha256(b"".join(json.dumps(line).encode() + b"\n" for line in lines)).hexdigest()
            lines.append({"record": "commit", "without": self.odd([]), "digest": seen})
        if state in ("done", "taken back"):
            lines.append({"record": "end", "state": state})
        sign = self.pick("signed", {"not": _plain, "otherwise": _by_another, "by us": signed, "with tags": _tags})
        self.is_signed |= sign is signed
        data = sign(name, lines)
        if self.dice.random() < 0.2:
            at = self.dice.randrange(len(data))
            data = self.pick(
                "damage", {"cut": data[:at], "flipped": data[:at] + b"\0" + data[at + 1 :], "more": data + b"{}\n"}
            )
        return data

    def _begin(self, version: int) -> dict[str, Any]:
        return {
            "record": "begin",
            "version": self.odd(version),
            "kind": self.odd(self.dice.choice(["apply", "undo"])),
            "undoes": self.odd(None),
            "time": self.odd(4_070_908_800.0),
            "pid": self.odd(1),
            "host": self.odd("\x1b[31mhost"),
        }

    def _stage(self, version: int, number: int, length: int) -> dict[str, Any]:
        path = self.pick(
            "path",
            {
                "absolute": str(self.outside / "job.py"),
                "above": "../outside/job.py",
                "above, hidden": "sub/../../outside/new.py",
                "through a link": "way/job.py",
                "new through a link": "way/new.py",
                "ours": "a.py",
                "ours, new": "done.txt",
                "gone": "none/none.py",
                "empty": "",
                "dot": ".",
                "nul": "a\0.py",
                "long": "x" * 5000,
            },
        )
        entry = {
            "record": "stage",
            "number": self.odd(number),
            "path": self.odd(path),
            "old": self.odd(self.dice.choice([digest(SECRET), digest(OLD)])),
            "new": self.odd(self.dice.choice([digest(NEW), digest(OLD)])),
            "offset": self.odd(0),
            "length": self.odd(length),
        }
        if version == 1:
            where = {"key": "../outside/id_rsa", "absolute": str(self.outside / "id_rsa"), "link": "way/id_rsa"}
            return {**entry, "staged": self.pick("staged", where)}
        return {**entry, "old_size": self.odd(len(SECRET)), "new_size": self.odd(len(NEW))}

    def odd(self, value: object) -> object:
        """A value, now and then another one that JSON can hold."""
        return self.dice.choice(ODD) if self.dice.random() < 0.04 else value

    def _tracked(self) -> None:
        (self.project / ".git").mkdir()
        write_index(self.project / ".git" / "index", [".pymodernize/runs/x/journal", "a.py"], self.dice.choice([2, 4]))


BOMB = zlib.compress(bytes(20_000_000))
STATES = {name: name for name in ("staging", "committing", "done", "taken back")}
ODD: list[Any] = [None, True, -1, 10**30, 1e400, float("nan"), "", "\x1b]0;x\x07", [], {}, [[[[]]]], "../../x", 2**63]


def _plain(_: str, lines: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def _tags(_: str, lines: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(line).encode() + b" " + b"0" * 32 + b"\n" for line in lines)


def signed(name: str, lines: list[dict[str, Any]]) -> bytes:
    """As if the key were known: what is said must be harmless all the same, outside the project."""
    return _chained(Signature(name), lines)


def _by_another(name: str, lines: list[dict[str, Any]]) -> bytes:
    signature = Signature(name)
    signature.take(keyed("another"))
    return _chained(signature, lines)


def _chained(signature: Signature, lines: list[dict[str, Any]]) -> bytes:
    data = b""
    for line in lines:
        text, following = signature.line(json.dumps(line).encode() + b" ")
        signature.take(following)
        data += text
    return data


def write_index(path: Path, names: list[str], version: int) -> None:
    """An index of git's, as https://git-scm.com/docs/index-format describes it."""
    data = b"DIRC" + struct.pack(">II", version, len(names))
    before = b""
    for name in sorted(os.fsencode(item) for item in names):
        entry = bytes(40) + bytes(20) + struct.pack(">H", min(len(name), 0xFFF))
        if version == 4:
            shared = len(os.path.commonprefix([before, name]))
            entry += bytes([len(before) - shared]) + name[shared:] + b"\0"
        else:
            entry += name + bytes(8 - (len(entry) + len(name)) % 8)
        data += entry
        before = name
    path.write_bytes(data + hashlib.sha1(data).digest())  # noqa: S324 - git says so


def snapshot(folder: Path) -> dict[str, tuple[object, ...]]:
    """All that is below a folder: kinds, modes, owners, contents, and where links lead."""
    found: dict[str, tuple[object, ...]] = {}
    pending = [folder]
    while pending:
        for entry in os.scandir(pending.pop()):
            status = entry.stat(follow_symlinks=False)
            content: object = None
            if entry.is_symlink():
                content = os.readlink(entry.path)
            elif entry.is_dir(follow_symlinks=False):
                pending.append(Path(entry.path))
            elif entry.is_file(follow_symlinks=False):
                content = digest(Path(entry.path).read_bytes())
            found[entry.path] = (status.st_ino, status.st_mode, status.st_uid, status.st_gid, content)
    return found
