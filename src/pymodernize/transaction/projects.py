"""Which folder is a project, and where its runs are kept."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pymodernize.files.signing import NoKey, state_folder, state_path
from pymodernize.transaction.staging import NotWritten, why
from pymodernize.transaction.store import NAME, Refused, Store

# A repository wins over a package inside it: several packages share it, and one lock.
_REPOSITORY_MARKS = (".git", ".hg")
_PACKAGE_MARKS = ("pyproject.toml", "setup.cfg", "setup.py")
_STORES = "stores"


def open_store(starts: Iterable[Path], say: Callable[[str], None]) -> Store:
    """The store of a run, with its lock taken.

    The project itself keeps it if that can be trusted and written to, else
    the user's own folder.

    Args:
        starts: files and folders that the run works on.
        say: takes a line for a person.

    Raises:
        NotWritten: there is no place for it.
        Locked: another run did not end in time.
    """
    start = common_folder(starts)
    problem = None
    for root in dict.fromkeys((project_root(start), start)):
        # What only the root of the file system has in common is no project.
        if root == Path(root.anchor):
            continue
        store = Store(root)
        try:
            store.open(say)
        except Refused as exc:
            say(f"{exc}; it is not looked at, and the journal is kept elsewhere")
            problem = problem or str(exc)
            break
        except OSError as exc:
            problem = problem or f"{store.folder}: {why(exc)}"
        else:
            return store
    try:
        store = _own_store(project_root(start), make=True)
        store.open(say)
    except (NoKey, Refused) as exc:
        raise NotWritten(str(exc)) from exc
    except OSError as exc:
        raise NotWritten(problem or f"{state_path()}: {why(exc)}") from exc
    return store


def others_of(store: Store) -> Iterator[Store]:
    """The other places that have runs of a store's project, from when it could not be written to, or now cannot."""
    for other in _stores_of(store.root):
        if other.folder != store.folder and _is_trusted(other) and os.path.isdir(other.runs_folder):
            yield other


def find_store(start: Path) -> Store:
    """The store that has the runs of a folder: its own, or the nearest above that is there and can be trusted."""
    for folder in (start, *start.parents):
        for store in _stores_of(folder):
            if _is_trusted(store) and os.path.isdir(store.runs_folder):
                return store
    return Store(project_root(start))


def common_folder(paths: Iterable[Path]) -> Path:
    """The folder that holds all of some files and folders, with links resolved.

    Args:
        paths: what is named; of a pattern, the folder before it counts.
    """
    real = []
    for path in paths:
        try:
            found = Path(os.path.realpath(path))
        except FileNotFoundError:  # the current folder was removed, and nothing is there
            continue
        while not os.path.isdir(found):
            found = found.parent
        real.append(found)
    try:
        return Path(os.path.commonpath(real))
    except ValueError:  # paths on several drives, or none
        return Path(real[0].anchor if real else os.sep)


def project_root(start: Path) -> Path:
    """The project that a folder belongs to: its repository, else where runs are kept already, else its package."""
    chain = (start, *start.parents)
    for folder in chain:
        if any(os.path.exists(folder / mark) for mark in _REPOSITORY_MARKS):
            return folder
    for folder in chain:
        # Another user may put one into a folder above somebody's own, such as /tmp.
        if os.path.isdir(folder / NAME / "runs") and _is_trusted(Store(folder)):
            return folder
    for folder in chain:
        if any(os.path.exists(folder / mark) for mark in _PACKAGE_MARKS):
            return folder
    return start


def untrusted(start: Path) -> str | None:
    """Why the store of a folder's project is passed over, None if it is not or there is none."""
    try:
        Store(project_root(start)).require_trust()
    except Refused as exc:
        return str(exc)
    except OSError:
        return None
    return None


def _is_trusted(store: Store) -> bool:
    try:
        store.require_trust()
    except (Refused, OSError):
        return False
    return True


def _stores_of(root: Path) -> Iterator[Store]:
    if os.path.isdir(root / NAME):
        yield Store(root)
    try:
        yield _own_store(root)
    except (NoKey, OSError):
        return


def _own_store(root: Path, *, make: bool = False) -> Store:
    """The store of a project that is kept in the user's own folder.

    Raises:
        NoKey: there is no such folder.
        OSError: it cannot be made.
    """
    digest = hashlib.sha256(os.fsencode(root)).hexdigest()[:32]
    if not make:
        return Store(root, Path(os.path.realpath(state_path())) / _STORES / digest)
    with state_folder() as folder:
        folder.make(_STORES).close()
        return Store(root, Path(os.path.realpath(folder.path)) / _STORES / digest)
