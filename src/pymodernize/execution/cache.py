"""Remember what became of files, so that the next run need not work on them again.

An answer is kept under a digest of everything that it depends on: the text, the facts of the project, the plan, and
the code that gives it (:mod:`pymodernize.execution.code_versions`). Nothing is ever out of date that way, and branches
and copies of a project share what they have in common.

Whoever could write into the cache could have any text written into files. Hence it must lie in a folder that is only
the user's; each row is signed with the user's key, together with what it is the answer to; and what a row holds is read
as a value of the type that is asked for (:mod:`pymodernize.execution.serialisation`). The cache never gets in the way:
what cannot be opened, read or written is done without.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import sqlite3
import stat
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TypeVar

from pymodernize.execution.serialisation import Form
from pymodernize.files.open_folders import Folder, Untrusted, require_own
from pymodernize.files.reading import read_with_status
from pymodernize.files.signing import TAG_SIZE, keyed

Value = TypeVar("Value")

SIZE = 200_000_000
"""How many bytes the file may have at the end of a run; what was not used for longest goes."""
SETTLED = 2_000_000_000
"""Nanoseconds that must lie between a file's last change and its reading: FAT counts in steps of two seconds, others
in finer ones, and a second change within one step leaves no trace."""
VARIABLE = "PYMODERNIZE_CACHE_DIR"
"""The environment variable that names another folder for it."""
_SCHEMA = 2
_DAY = 86_400
_DIGEST = 32


def default_folder() -> Path:
    """The folder of the user's caches, or the one that the environment names."""
    own = os.environ.get(VARIABLE)
    if own:
        return Path(own)
    from platformdirs import user_cache_path

    return user_cache_path("pymodernize", appauthor=False)


class Cache:
    """Answers by their keys, and digests of files by their status.

    Args:
        folder: where the file is; made if need be.

    Raises:
        OSError: there is no cache to be had.
        NoKey: there is no key to sign it with.
        Untrusted: others may have put something into it.
    """

    def __init__(self, folder: Path) -> None:
        self.path = _own_place(folder) / f"answers-{_SCHEMA}.sqlite"
        self._signer = keyed("cache")
        self._digests: dict[str, bytes] = {}
        self._fresh: dict[bytes, bytes] = {}
        self._seen: dict[str, tuple[int, int, int, int, int, bytes]] = {}
        self._touched: set[bytes] = set()
        self._today = int(time.time()) // _DAY
        self._base = _open(self.path)

    # --- answers ---------------------------------------------------------------------------------------------------

    def get(self, key: bytes, form: Form[Value]) -> Value | None:
        """The answer under a key, None if there is none that is whole and ours.

        Args:
            key: of :func:`key_of`.
            form: how such answers are written.
        """
        packed = self._fresh.get(key)
        if packed is None:
            try:
                row = self._base.execute("SELECT value, used FROM answers WHERE key = ?", (key,)).fetchone()
            except sqlite3.Error:
                return None
            if row is None:
                return None
            packed, used = row
            if used != self._today:
                self._touched.add(key)
        data = self._verified(key, packed)
        try:
            return form.loads(data) if data is not None else None
        except ValueError:  # it is of another form, perhaps of another version
            return None

    def put(self, key: bytes, form: Form[Value], answer: Value) -> None:
        """Keep an answer, if it can be written; it is when the cache is closed."""
        try:
            self._fresh[key] = self._signed(key, form.dumps(answer))
        except ValueError:  # a codemod's note may be anything
            return

    def _tag(self, key: bytes, data: bytes) -> bytes:
        signer = self._signer.copy()
        signer.update(len(key).to_bytes(8, "big") + key + data)
        return signer.digest()

    def _signed(self, key: bytes, data: bytes) -> bytes:
        return self._tag(key, data) + data

    def _verified(self, key: bytes, packed: object) -> bytes | None:
        """The content of a row; None if its signature is not ours for this key."""
        if not isinstance(packed, bytes):
            return None
        data = packed[TAG_SIZE:]
        return data if hmac.compare_digest(packed[:TAG_SIZE], self._tag(key, data)) else None

    # --- files -----------------------------------------------------------------------------------------------------

    def digest(self, path: str, max_size: int) -> bytes | None:
        """The digest of a file that has not changed since it was last read, without reading it.

        Args:
            path: the file.
            max_size: larger files are not read, and have none.

        Returns:
            None if it must be read.
        """
        try:
            status = os.stat(path)
            row = self._base.execute("SELECT * FROM files WHERE path = ?", (_key_of(path),)).fetchone()
        except (OSError, sqlite3.Error):
            return None
        if row is None or row[1:6] != _signature(status) or status.st_size > max_size:
            return None
        data = self._verified(_key_of(path), row[6])
        return data[:_DIGEST] if data is not None and data[_DIGEST:] == repr(row[1:6]).encode() else None

    def read(self, path: Path, max_size: int) -> tuple[bytes, bytes]:
        """A file's bytes and their digest, which is known from now on.

        Raises:
            Unreadable: it is gone, forbidden, too large or no file.
        """
        began = time.time_ns()
        data, status = read_with_status(path, max_size)
        digest = hashlib.sha256(data).digest()
        # The status is of before the reading: a change that came between shows as another status next time.
        if max(status.st_mtime_ns, status.st_ctime_ns) < began - SETTLED and status.st_size == len(data):
            place, signature = os.path.abspath(path), _signature(status)
            signed = self._signed(_key_of(place), digest + repr(signature).encode())
            self._seen[place] = (*signature, signed)
        return data, digest

    def known(self, path: Path, max_size: int) -> bytes:
        """The digest of a file, read if need be.

        Raises:
            Unreadable: it is gone, forbidden, too large or no file.
        """
        place = os.path.abspath(path)
        if place not in self._digests:
            self._digests[place] = self.digest(place, max_size) or self.read(path, max_size)[1]
        return self._digests[place]

    # --- keeping ---------------------------------------------------------------------------------------------------

    def close(self) -> None:
        """Write what is new, make room, and let go. What fails is lost, and nothing else."""
        try:
            self._write()
        except (sqlite3.Error, OSError):
            pass
        finally:
            self._base.close()

    def _write(self) -> None:
        if not self._fresh and not self._seen and not self._touched:
            return
        with self._base:  # one transaction: another run sees all of it or nothing
            self._base.executemany(
                "INSERT OR REPLACE INTO answers VALUES (?, ?, ?)",
                ((key, value, self._today) for key, value in self._fresh.items()),
            )
            self._base.executemany(
                "UPDATE answers SET used = ? WHERE key = ?", ((self._today, key) for key in self._touched)
            )
            self._base.executemany(
                "INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?)",
                ((_key_of(path), *row) for path, row in self._seen.items()),
            )
        if os.path.getsize(self.path) > SIZE:
            self._make_room()

    def _make_room(self) -> None:
        """Remove what was not used for longest, until half is free."""
        with self._base:
            self._base.execute("DELETE FROM files")
            count = self._base.execute("SELECT count(*) FROM answers").fetchone()[0]
            self._base.execute(
                "DELETE FROM answers WHERE key IN (SELECT key FROM answers ORDER BY used, rowid LIMIT ?)",
                (count // 2 + 1,),
            )
        self._base.execute("VACUUM")


def key_of(kind: str, parts: Iterable[bytes]) -> bytes:
    """The key of an answer: a digest of all that it depends on.

    Args:
        kind: what was asked.
        parts: what it depends on, in order.
    """
    digest = hashlib.sha256(kind.encode())
    for part in parts:
        digest.update(len(part).to_bytes(8, "big") + part)
    return digest.digest()


def _signature(status: os.stat_result) -> tuple[int, int, int, int, int]:
    """What no edit leaves as it was. SQLite has no unsigned numbers of 64 bits."""
    inode = status.st_ino & 0x7FFF_FFFF_FFFF_FFFF
    device = status.st_dev & 0x7FFF_FFFF_FFFF_FFFF
    return device, inode, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _key_of(path: str) -> bytes:
    return os.fsencode(path)


def _own_place(folder: Path) -> Path:
    """The folder of the cache, made if need be; what may already be in it is ours.

    Raises:
        OSError: it cannot be made or opened.
        Untrusted: it, or what is in it, may be from others.
    """
    if not folder.is_absolute():
        raise Untrusted(f"{folder}: is no absolute path")
    os.makedirs(folder, mode=0o700, exist_ok=True)
    with Folder.at(folder) as opened:
        opened.require_own()
        for name in opened.names():
            with contextlib.suppress(FileNotFoundError):  # a journal of another run, which has just ended
                status = opened.status(name)
                # Not that it may be read, but for SQLite not to write where a link leads.
                require_own(folder / name, status)
                if not stat.S_ISREG(status.st_mode):
                    raise Untrusted(f"{folder / name}: is not a regular file")
    return folder


def _open(path: Path) -> sqlite3.Connection:
    """Open the file; one that is damaged or of no use is replaced.

    Raises:
        OSError: there is no way.
    """
    for _ in range(2):
        base = None
        try:
            base = sqlite3.connect(path, timeout=2.0)
            base.execute("PRAGMA synchronous = OFF")
            base.execute("PRAGMA trusted_schema = OFF")
            base.execute(
                "CREATE TABLE IF NOT EXISTS answers (key BLOB PRIMARY KEY, value BLOB NOT NULL, used INTEGER NOT NULL)"
            )
            base.execute(
                "CREATE TABLE IF NOT EXISTS files (path BLOB PRIMARY KEY, device INTEGER, inode INTEGER, size INTEGER,"
                " modified INTEGER, changed INTEGER, digest BLOB)"
            )
            base.execute("SELECT key, value, used FROM answers LIMIT 1").fetchone()
            return base
        except sqlite3.OperationalError as exc:  # it is in use, or cannot be written
            if base is not None:
                base.close()
            raise OSError(str(exc)) from exc
        except sqlite3.DatabaseError:
            if base is not None:
                base.close()
            os.unlink(path)
    raise OSError("the cache is damaged and cannot be made anew")
