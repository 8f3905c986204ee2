"""The key with which a user's own journals and cached answers are signed, and where it is kept.

What lies in a project or in a cache may come from anybody. A signature says that this user wrote it, on this machine:
its key is 32 random bytes in a folder that nobody else may write to. What is signed for one purpose is worth nothing
for another.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import hmac
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from pymodernize.files.open_folders import Folder, Untrusted, require_own

if TYPE_CHECKING:
    from hashlib import blake2b

VARIABLE = "PYMODERNIZE_STATE_DIR"
"""The environment variable that names another folder for the key and the list of runs."""
TAG_SIZE = 16
"""How many bytes a signature has."""
_KEY = "key"
_KEY_SIZE = 32


class NoKey(Exception):
    """There is no key to be had that is only the user's; the message says why, and what to do."""


def state_path() -> Path:
    """Where the key and the list of runs are.

    Raises:
        NoKey: the system does not say.
    """
    own = os.environ.get(VARIABLE)
    if own is not None:
        path = Path(own)
    else:
        from platformdirs import user_state_path

        path = user_state_path("pymodernize", appauthor=False)
    if not path.is_absolute():
        raise NoKey(f"{path}: is no absolute path; set {VARIABLE} to a folder of yours")
    return path


def state_folder() -> Folder:
    """The folder of the key and the list of runs, made if need be. To be closed.

    Raises:
        NoKey: it cannot be made, or is not the user's alone.
    """
    path = state_path()
    try:
        os.makedirs(path, mode=0o700, exist_ok=True)
        folder = Folder.at(path)
    except OSError as exc:
        raise _no_key(f"{path}: {exc.strerror}") from exc
    try:
        folder.require_own()
    except Untrusted as exc:
        folder.close()
        raise _no_key(str(exc)) from exc
    return folder


def keyed(purpose: str) -> blake2b:
    """A digest that only who has the key can work out, to be fed with bytes.

    Args:
        purpose: what is signed; at most 16 characters.

    Raises:
        NoKey: there is no key.
    """
    return hashlib.blake2b(key=_key(str(state_path())), person=purpose.encode(), digest_size=TAG_SIZE)


def sign(purpose: str, data: bytes) -> bytes:
    """The signature of some bytes.

    Raises:
        NoKey: there is no key.
    """
    digest = keyed(purpose)
    digest.update(data)
    return digest.digest()


def verify(purpose: str, data: bytes, tag: bytes) -> bool:
    """Whether a signature is that of some bytes.

    Raises:
        NoKey: there is no key.
    """
    return hmac.compare_digest(sign(purpose, data), tag)


@functools.lru_cache(maxsize=8)
def _key(path: str) -> bytes:
    """The key that a folder has, made if it has none."""
    with state_folder() as folder:
        try:
            if not folder.has(_KEY):
                _make(folder)
            descriptor = folder.open(_KEY, os.O_RDONLY)
            try:
                status = os.fstat(descriptor)
                require_own(folder.path / _KEY, status)
                if hasattr(os, "geteuid") and status.st_mode & 0o077:
                    raise Untrusted(f"{folder.path / _KEY}: others may read it")
                key = os.read(descriptor, _KEY_SIZE + 1)
            finally:
                os.close(descriptor)
        except Untrusted as exc:
            raise _no_key(str(exc)) from exc
        except OSError as exc:
            raise _no_key(f"{folder.path / _KEY}: {exc.strerror}") from exc
        if len(key) != _KEY_SIZE:
            raise _no_key(f"{folder.path / _KEY}: is damaged; remove it (what it signed cannot be undone then)")
        return key


def _make(folder: Folder) -> None:
    """Make a key that is seen whole or not at all; where another process was faster, its key stays.

    Raises:
        OSError: it cannot be made.
    """
    name = f"{_KEY}-{os.getpid()}-{secrets.token_hex(4)}"
    descriptor = folder.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL)
    try:
        try:
            os.write(descriptor, secrets.token_bytes(_KEY_SIZE))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        with contextlib.suppress(FileExistsError):
            folder.link(name, _KEY)
    finally:
        folder.unlink(name)
    folder.sync()


def _no_key(reason: str) -> NoKey:
    return NoKey(f"{reason}; {VARIABLE} names another folder for the key that signs journals")
