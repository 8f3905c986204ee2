"""Writing one user's file: all or nothing, whatever goes wrong."""

from __future__ import annotations

import errno
import multiprocessing
import os
import resource
import signal
import stat
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from pymodernize import transaction
from pymodernize.files.signing import sign
from pymodernize.transaction import core, staging
from pymodernize.transaction.core import Transaction
from pymodernize.transaction.staging import NotWritten
from pymodernize.transaction.store import Store

OLD, NEW = b"print('old')\n", b"print('new')\r\n\xe9"
ROOT = os.geteuid() == 0


def replace_file(path: Path, expected: bytes, new: bytes, *, break_links: bool = True) -> None:
    """A transaction of one file, its journal beside the file's folder."""
    store = Store(path.parent.parent)
    store.open(print)
    try:
        with Transaction(store, break_links=break_links, history_size=10**9) as work:
            work.add(path, expected, new)
            left = work.commit()
    finally:
        store.close()
    if left:
        raise NotWritten(left[path])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "jobs" / "job.py"
    path.parent.mkdir()
    path.write_bytes(OLD)
    return path


def _nothing_else(path: Path) -> bool:
    return os.listdir(path.parent) == [path.name]


def test_the_content_is_replaced(path: Path) -> None:
    replace_file(path, OLD, NEW)
    assert path.read_bytes() == NEW
    assert _nothing_else(path)


@pytest.mark.parametrize("new", [b"", b"x" * 30_000_000], ids=["empty", "large"])
def test_any_size(path: Path, new: bytes) -> None:
    replace_file(path, OLD, new)
    assert path.read_bytes() == new
    replace_file(path, new, OLD)
    assert path.read_bytes() == OLD
    assert _nothing_else(path)


@pytest.mark.parametrize("mode", [0o755, 0o600, 0o640, 0o4755, 0o2755, 0o666])
def test_the_mode_is_kept(path: Path, mode: int) -> None:
    path.chmod(mode)
    before = os.umask(0o077)
    try:
        replace_file(path, OLD, NEW)
    finally:
        os.umask(before)
    assert stat.S_IMODE(path.stat().st_mode) == mode


@pytest.mark.skipif(not ROOT, reason="only root may give files away")
def test_the_owner_is_kept(path: Path) -> None:
    os.chown(path, 1234, 2345)
    path.chmod(0o4750)
    replace_file(path, OLD, NEW)
    status = path.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 2345, 0o4750)


def test_an_owner_that_cannot_be_kept_is_a_refusal(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fstat
    inode = path.stat().st_ino

    def fstat(descriptor: int) -> os.stat_result:
        # The file itself seems to be somebody else's.
        status = real(descriptor)
        return os.stat_result((*status[:4], 54321, *status[5:])) if status.st_ino == inode else status

    def fchown(*_: int) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(staging.os, "fstat", fstat)
    monkeypatch.setattr(staging.os, "fchown", fchown)
    with pytest.raises(NotWritten, match="belongs to another user"):
        replace_file(path, OLD, NEW)
    assert path.read_bytes() == OLD
    assert _nothing_else(path)


def test_extended_attributes_are_kept(path: Path) -> None:
    if not hasattr(os, "setxattr"):
        pytest.skip("this system has none")
    try:
        os.setxattr(path, "user.origin", b"here")
    except OSError:
        pytest.skip("this file system has none")
    replace_file(path, OLD, NEW)
    assert os.getxattr(path, "user.origin") == b"here"


def test_the_time_changes(path: Path) -> None:
    os.utime(path, (1, 1))
    replace_file(path, OLD, NEW)
    assert path.stat().st_mtime > 1_000_000


@pytest.mark.parametrize("chain", [1, 3])
def test_a_link_stays_and_its_target_is_written(tmp_path: Path, path: Path, chain: int) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "links").mkdir()
    target = path.rename(inner / "real.py")
    link = target
    for number in range(chain):
        following = tmp_path / "links" / f"link{number}.py"
        following.symlink_to(link)
        link = following
    replace_file(link, OLD, NEW)
    assert link.is_symlink()
    assert target.read_bytes() == NEW
    assert not target.is_symlink()
    assert os.listdir(inner) == ["real.py"]


def test_a_hard_link_is_cut(tmp_path: Path, path: Path) -> None:
    other = tmp_path / "other.py"
    os.link(path, other)
    replace_file(path, OLD, NEW)
    assert (path.read_bytes(), other.read_bytes()) == (NEW, OLD)
    assert "hard link" in (transaction.__doc__ or "")


def test_a_name_of_the_greatest_length(path: Path) -> None:
    path = path.rename(path.parent / ("x" * 252 + ".py"))
    replace_file(path, OLD, NEW)
    assert path.read_bytes() == NEW


# --- refusals -----------------------------------------------------------------------------------------------------


def test_a_file_that_has_changed_is_left(path: Path) -> None:
    path.write_bytes(OLD + b"# mine\n")
    with pytest.raises(NotWritten, match="has changed since it was read"):
        replace_file(path, OLD, NEW)
    assert path.read_bytes() == OLD + b"# mine\n"
    assert _nothing_else(path)


def test_a_file_that_changes_at_the_last_moment_is_left(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = staging.stage

    def stage(*arguments: Any) -> Path:
        path.write_bytes(b"# mine\n")
        return real(*arguments)

    monkeypatch.setattr(core, "stage", stage)
    with pytest.raises(NotWritten, match="has changed since it was read"):
        replace_file(path, OLD, NEW)
    assert path.read_bytes() == b"# mine\n"
    assert _nothing_else(path)


def test_a_file_that_is_gone_stays_gone(path: Path) -> None:
    path.unlink()
    with pytest.raises(NotWritten, match="is gone since it was read"):
        replace_file(path, OLD, NEW)
    assert os.listdir(path.parent) == []


def test_a_folder_that_is_gone(path: Path) -> None:
    with pytest.raises(NotWritten, match="is gone since it was read"):
        replace_file(path.parent / "none" / "job.py", OLD, NEW)


def test_a_pipe_or_a_folder_in_the_files_place_is_left(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(NotWritten, match="has changed since it was read"):
        replace_file(path, OLD, NEW)
    assert stat.S_ISFIFO(path.stat().st_mode)
    path.unlink()
    path.mkdir()
    with pytest.raises(NotWritten, match="has changed|cannot be written: Is a directory"):
        replace_file(path, OLD, NEW)


def _as_nobody(action: Callable[[], None], answers: Any) -> None:
    try:
        if ROOT:
            os.setgroups([])
            os.setresgid(65534, 65534, 65534)
            os.setresuid(65534, 65534, 65534)
        os.environ["PYMODERNIZE_STATE_DIR"] = str(Path.cwd() / "state")
        action()
        answers.put("written")
    except NotWritten as exc:
        answers.put(str(exc))
    except BaseException as exc:  # so that the test does not wait for an answer
        answers.put(repr(exc))


def _answer(action: Callable[[], None], tmp_path: Path) -> str:
    """What comes of an action in a process that is not root's."""
    for folder in (tmp_path, *tmp_path.parents):
        if ROOT and folder.stat().st_uid == 0 and not folder.stat().st_mode & 0o001:
            folder.chmod(folder.stat().st_mode | 0o011)
    os.chdir(tmp_path)
    context = multiprocessing.get_context("fork")
    answers = context.SimpleQueue()
    process = context.Process(target=_as_nobody, args=(action, answers))
    process.start()
    process.join(60)
    return answers.get()


def _give_away(path: Path) -> None:
    if ROOT:
        os.chown(path, 65534, 65534)


@pytest.fixture
def mine(tmp_path: Path, path: Path) -> Path:
    """A file all of whose surroundings belong to the one that :func:`_answer` acts for."""
    for item in (tmp_path, path.parent, path):
        _give_away(item)
    return path


def test_a_read_only_file_is_left(tmp_path: Path, mine: Path) -> None:
    mine.chmod(0o444)
    assert _answer(lambda: replace_file(mine, OLD, NEW), tmp_path) == "is read-only"
    assert mine.read_bytes() == OLD
    mine.chmod(0o644)
    assert _answer(lambda: replace_file(mine, OLD, NEW), tmp_path) == "written"
    assert mine.read_bytes() == NEW


def test_a_file_in_a_read_only_folder_is_left(tmp_path: Path, mine: Path) -> None:
    mine.parent.chmod(0o555)
    try:
        assert _answer(lambda: replace_file(mine, OLD, NEW), tmp_path) == "cannot be written: Permission denied"
    finally:
        mine.parent.chmod(0o755)
    assert mine.read_bytes() == OLD
    assert _nothing_else(mine)


@pytest.mark.skipif(not ROOT, reason="only root has files of another user to try it on")
def test_a_file_of_somebody_else_that_may_be_written_is_left(tmp_path: Path, mine: Path) -> None:
    os.chown(mine, 0, 0)
    mine.chmod(0o666)
    assert _answer(lambda: replace_file(mine, OLD, NEW), tmp_path).startswith("belongs to another user")
    assert mine.read_bytes() == OLD
    assert _nothing_else(mine)


def test_a_full_disk_leaves_the_file(tmp_path: Path, mine: Path) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        replace_file(mine, OLD, b"x" * 100_000)

    assert _answer(limited, tmp_path) == "cannot be written: File too large"
    assert mine.read_bytes() == OLD
    assert _nothing_else(mine)


# --- fault injection ----------------------------------------------------------------------------------------------


def test_a_write_that_fails_in_the_middle(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.write
    new = NEW * 100

    def write(descriptor: int, data: Any) -> int:
        if bytes(data[-5:]) == new[-5:]:
            if len(data) < len(new):
                raise OSError(errno.ENOSPC, "No space left on device")
            data = data[: len(data) // 2]
        return real(descriptor, data)

    monkeypatch.setattr(staging.os, "write", write)
    with pytest.raises(NotWritten, match="cannot be written: No space left on device"):
        replace_file(path, OLD, new)
    assert path.read_bytes() == OLD
    assert _nothing_else(path)


@pytest.mark.parametrize("call", ["replace", "fsync", "fchmod"])
@pytest.mark.parametrize("error", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt(), MemoryError()])
def test_calls_that_fail(path: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: BaseException) -> None:
    def failing(*_: object, **__: object) -> None:
        raise error

    sign("journal", b"")  # so that the key is there
    monkeypatch.setattr(staging.os, call, failing)
    with pytest.raises(NotWritten if isinstance(error, OSError) else type(error)) as caught:
        replace_file(path, OLD, NEW)
    if isinstance(error, OSError):
        assert str(caught.value).endswith("cannot be written: Input/output error")
    monkeypatch.undo()
    assert path.read_bytes() == OLD
    assert _nothing_else(path)


def test_no_temporary_file_to_be_had(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.open

    def limited(name: Any, flags: int, *rest: Any, **options: Any) -> int:
        if flags & os.O_CREAT and str(name).endswith(".pymodernize"):
            raise OSError(errno.EMFILE, "Too many open files")
        return real(name, flags, *rest, **options)

    monkeypatch.setattr(staging.os, "open", limited)
    with pytest.raises(NotWritten, match="cannot be written: Too many open files"):
        replace_file(path, OLD, NEW)
    assert path.read_bytes() == OLD


def test_descriptors_are_closed(path: Path) -> None:
    def used() -> int:
        return len(list(Path("/dev/fd").iterdir()))

    before = used()
    for _ in range(5):
        replace_file(path, OLD, NEW)
        replace_file(path, NEW, OLD)
        with pytest.raises(NotWritten):
            replace_file(path, NEW, OLD)
    assert used() == before


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="the system does not tell a descriptor's name")
def test_all_is_flushed_in_order(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(descriptor: int) -> None:
        steps.append(os.readlink(f"/proc/self/fd/{descriptor}").rpartition("/")[2])
        fsync(descriptor)

    def noted_replace(source: str, target: str, **options: Any) -> None:
        if target == path.name:
            assert (path.parent / source).read_bytes() == NEW, "what takes the file's place is complete"
            steps.append("replace")
        replace(source, target, **options)

    sign("journal", b"")  # so that the key is there

    monkeypatch.setattr(staging.os, "fsync", noted_fsync)
    monkeypatch.setattr(staging.os, "replace", noted_replace)
    replace_file(path, OLD, NEW)
    (run,) = os.listdir(path.parent.parent / ".pymodernize" / "runs")
    staged = f".{run[-6:]}-0.pymodernize"
    assert steps == [staged, "originals", "journal", run, "runs", "replace", "jobs", "journal"]


def test_a_folder_that_cannot_be_flushed_is_no_failure(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def fsync(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        real(descriptor)

    monkeypatch.setattr(staging.os, "fsync", fsync)
    replace_file(path, OLD, NEW)
    assert path.read_bytes() == NEW


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_signals_wait_until_the_file_is_replaced(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    class Ended(Exception):
        pass

    def handler(*_: object) -> None:
        raise Ended

    def replace(*names: str, **options: Any) -> None:
        os.kill(os.getpid(), number)
        real(*names, **options)

    real = os.replace
    monkeypatch.setattr(staging.os, "replace", replace)
    before = signal.signal(number, handler)
    try:
        with pytest.raises(Ended):
            replace_file(path, OLD, NEW)
        assert signal.getsignal(number) is handler
    finally:
        signal.signal(number, before)
    assert path.read_bytes() == NEW
    assert _nothing_else(path)


def test_another_thread_may_write(path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(replace_file, path, OLD, NEW).result()
    assert path.read_bytes() == NEW
