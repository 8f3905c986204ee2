"""Remember what became of files, so that the next run need not work on them again.

An answer is kept under a digest of everything that it depends on: the text, the facts of the project, the plan, and
the code that gives it (:mod:`pymodernize.versions`). Nothing is ever out of date that way, and branches and copies of a
project share what they have in common. Each answer carries a checksum with its key; one that does not fit is none.

The cache is the user's own (``$XDG_CACHE_HOME/pymodernize``), since what it holds is unpickled. It never gets in the
way: what cannot be opened, read or written is done without.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle  # noqa: S403 - only what has our checksum is loaded, and of it only plain values and our own classes
import sqlite3
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from pymodernize.reading import read_with_status

SIZE = 200_000_000
"""How many bytes the file may have at the end of a run; what was not used for longest goes."""
SETTLED = 2_000_000_000
"""Nanoseconds that must lie between a file's last change and its reading: FAT counts in steps of two seconds, others
in finer ones, and a second change within one step leaves no trace."""
_SCHEMA = 1
_DAY = 86_400
_CHECKSUM = 16


def default_folder() -> Path | None:
    """Where a user's caches are; None if the system does not say."""
    own = os.environ.get("PYMODERNIZE_CACHE_DIR")
    if own:
        return Path(own)
    if sys.platform == "darwin":
        place = "~/Library/Caches"
    else:
        place = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME") or "~/.cache"
    expanded = Path(os.path.expanduser(place))
    return Path(expanded, "pymodernize") if expanded.is_absolute() else None


class Cache:
    """Answers by their keys, and digests of files by their status.

    Args:
        folder: where the file is; made if need be.

    Raises:
        OSError: there is no cache to be had.
    """

    def __init__(self, folder: Path) -> None:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        self.path = folder / f"answers-{_SCHEMA}.sqlite"
        self.trusted: frozenset[str] = frozenset({"pymodernize"})
        self._digests: dict[str, bytes] = {}
        self._fresh: dict[bytes, bytes] = {}
        self._seen: dict[str, tuple[int, int, int, int, int, bytes]] = {}
        self._touched: set[bytes] = set()
        self._today = int(time.time()) // _DAY
        self._base = _open(self.path)

    # --- answers ---------------------------------------------------------------------------------------------------

    def get(self, key: bytes) -> object | None:
        """The answer under a key, None if there is none that is whole."""
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
        if not isinstance(packed, bytes) or packed[:_CHECKSUM] != _checksum(key, packed[_CHECKSUM:]):
            return None
        try:
            return _Loader(packed[_CHECKSUM:], self.trusted).load()
        except Exception:  # of a class that is no more, perhaps: then it is of another version
            return None

    def put(self, key: bytes, answer: object) -> None:
        """Keep an answer; it is written when the cache is closed."""
        try:
            data = pickle.dumps(answer, protocol=4)
        except Exception:  # a codemod's note may be anything
            return
        self._fresh[key] = _checksum(key, data) + data

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
        return row[6] if isinstance(row[6], bytes) and len(row[6]) == 32 else None

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
            self._seen[os.path.abspath(path)] = (*_signature(status), digest)
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


def _checksum(key: bytes, data: bytes) -> bytes:
    return hashlib.sha256(key + data).digest()[:_CHECKSUM]


def _signature(status: os.stat_result) -> tuple[int, int, int, int, int]:
    """What no edit leaves as it was. SQLite has no unsigned numbers of 64 bits."""
    inode = status.st_ino & 0x7FFF_FFFF_FFFF_FFFF
    device = status.st_dev & 0x7FFF_FFFF_FFFF_FFFF
    return device, inode, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def _key_of(path: str) -> bytes:
    return os.fsencode(path)


class _Loader(pickle.Unpickler):
    """Loads plain values and the classes of the packages that gave the answer."""

    def __init__(self, data: bytes, trusted: frozenset[str]) -> None:
        super().__init__(io.BytesIO(data))
        self.trusted = trusted

    def find_class(self, module: str, name: str) -> object:
        """A class that an answer needs."""
        if module.partition(".")[0] not in self.trusted:
            raise pickle.UnpicklingError(f"{module}.{name} is none of ours")
        return super().find_class(module, name)


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
