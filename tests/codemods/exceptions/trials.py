"""The surroundings in which the rows of the knowledge are made to raise, each in a folder of its own."""

# The rows call these functions themselves.
# pymodernize: skip-file
from __future__ import annotations

import contextlib
import importlib
import io
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from unittest import mock


class Names(dict):
    """The names of a trial; a name that is not there is that of a module."""

    def __missing__(self, name: str) -> object:
        try:
            return importlib.import_module(name)
        except ImportError:
            raise KeyError(name) from None


def fill(folder: Path) -> None:
    """The files that trials use."""
    (folder / "text.txt").write_text("no format of any kind\n")
    (folder / "bad.txt").write_bytes(b"\xff\xfe\xff")
    (folder / "empty.bin").write_bytes(b"")
    (folder / "folder").mkdir()
    (folder / "folder" / "file").write_text("x")


class Broken(io.RawIOBase):
    """A file whose device fails."""

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def readinto(self, _buffer) -> int:
        raise OSError("the device fails")

    def write(self, _data) -> int:
        raise OSError("the device fails")


def with_stdin(text: str, call: Callable) -> object:
    with mock.patch("sys.stdin", io.StringIO(text)), mock.patch("os.open", side_effect=OSError):
        return call()


def with_stream(name: str, stream: object, call: Callable) -> object:
    with mock.patch(f"sys.{name}", stream):
        return call()


def in_removed_folder(call: Callable) -> object:
    """Call from inside a folder that is gone."""
    before = os.open(".", os.O_RDONLY)
    os.mkdir("gone")
    os.chdir("gone")
    os.rmdir("../gone")
    try:
        return call()
    finally:
        os.fchdir(before)
        os.close(before)


def without_descriptors(call: Callable) -> object:
    """Call while the process may open no more files."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    probe = os.open(".", os.O_RDONLY)
    os.close(probe)
    resource.setrlimit(resource.RLIMIT_NOFILE, (probe, hard))
    try:
        return call()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def without_terminal(call: Callable) -> object:
    """Call where no stream is a terminal, and nobody is logged in there."""
    with (
        mock.patch("os.getlogin", side_effect=OSError)
        if sys.stdin is not None and os.isatty(0)
        else contextlib.nullcontext()
    ):
        return os.getlogin() if os.isatty(0) else call()


def without(module: object, name: str) -> object:
    """The module as it is on a system that lacks a function."""
    names = {key: value for key, value in vars(module).items() if key != name}
    return type("Module", (), {"__getattr__": lambda _self, key: _get(names, key)})()


def _get(names: dict, key: str) -> object:
    if key not in names:
        raise AttributeError(key)
    return names[key]


without_attribute = without


def raising(error: type[BaseException], target: str, call: Callable, *reset) -> object:
    """Call while a function below fails."""
    with contextlib.ExitStack() as stack:
        stack.enter_context(mock.patch(target, side_effect=error))
        if reset:
            stack.enter_context(mock.patch.object(*reset, None))
        return call()


def without_user(call: Callable) -> object:
    """Call where neither the environment nor the user database knows who this is."""
    import pwd

    with mock.patch.dict(os.environ, clear=True), mock.patch.object(pwd, "getpwuid", side_effect=KeyError):
        return call()


def entry_of_loop() -> os.DirEntry:
    """A link to itself, of which nobody can say what it leads to."""
    os.symlink("loop", "loop")
    with os.scandir(".") as entries:
        return next(item for item in entries if item.name == "loop")


def gone_entry() -> os.DirEntry:
    Path("short").touch()
    with os.scandir(".") as entries:
        entry = next(item for item in entries if item.name == "short")
    os.remove("short")
    return entry


def parser(text: str):
    import configparser

    made = configparser.ConfigParser()
    made.read_string(text)
    return made


def busy_port() -> int:
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen()
    _KEPT.append(server)
    return server.getsockname()[1]


def refused_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


def shut(sock: socket.socket) -> socket.socket:
    sock.close()
    return sock


_KEPT: list[object] = []


class _FakeSocket:
    """A connection that has sent some bytes and is closed, or fails."""

    def __init__(self, file: io.IOBase) -> None:
        self.file = file

    def makefile(self, *_args, **_options) -> io.IOBase:
        return self.file

    def sendall(self, _data: bytes) -> None:
        pass

    def close(self) -> None:
        raise OSError("the connection fails")


def short_response():
    import http.client

    response = http.client.HTTPResponse(_FakeSocket(io.BytesIO(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")))  # type: ignore[arg-type]
    response.begin()
    return response


def unread_response():
    import http.client

    return http.client.HTTPResponse(_FakeSocket(io.BytesIO(b"")))  # type: ignore[arg-type]


class _FailingFile(io.BytesIO):
    def read(self, *_args) -> bytes:
        raise OSError("the device fails")

    readline = read1 = readinto = peek = read  # type: ignore[assignment]

    def close(self) -> None:
        raise OSError("the device fails")

    def flush(self) -> None:
        raise OSError("the device fails")

    def __del__(self) -> None:
        """Say nothing at the end."""


def broken_response():
    response = short_response()
    response.fp = _FailingFile()
    _KEPT.append(response)
    return response


def closed_response():
    response = short_response()
    response.close()
    return response


def broken_connection():
    import http.client

    connection = http.client.HTTPConnection("x")
    connection.sock = _FakeSocket(io.BytesIO())  # type: ignore[assignment]
    return connection


def broken_smtp():
    import smtplib

    client = smtplib.SMTP()
    client.sock = _FakeSocket(io.BytesIO())  # type: ignore[assignment]
    return client


def ftp(answer: str):
    """A client that is connected to a server which gives one answer."""
    import ftplib

    client = ftplib.FTP()  # noqa: S321
    client.sock = _FakeSocket(io.BytesIO())  # type: ignore[assignment]
    client.file = io.StringIO(f"{answer}\r\n" * 3)  # type: ignore[assignment]
    client.af = socket.AF_INET
    client.makepasv = lambda: (_ for _ in ()).throw(ftplib.error_perm(answer))  # type: ignore[method-assign]  # noqa: S321
    return client


def sleeper() -> subprocess.Popen:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(9)"], stdout=subprocess.PIPE)
    _KEPT.append(process)
    return process


def twice(call: Callable) -> None:
    call()
    call()


def failing(call: Callable) -> object:
    try:
        raise ValueError("a failure")
    except ValueError:
        return call()


def full_queue():
    import queue

    made: queue.Queue = queue.Queue(1)
    made.put(1)
    return made


def required():
    import argparse

    made = argparse.ArgumentParser()
    made.add_argument("name")
    return made


def in_other_thread(call: Callable) -> None:
    caught: list[BaseException] = []

    def work() -> None:
        try:
            call()
        except Exception as exc:
            caught.append(exc)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    if caught:
        raise caught[0]


def closed_db():
    import sqlite3

    made = sqlite3.connect(":memory:")
    made.close()
    return made


def closed_cursor():
    import sqlite3

    connection = sqlite3.connect(":memory:")
    made = connection.execute("select 1")
    connection.close()
    return made


def empty_zip():
    import zipfile

    with zipfile.ZipFile("empty.zip", "w"):
        pass
    return zipfile.ZipFile("empty.zip")


def broken_zip():
    import zipfile

    made = zipfile.ZipFile("broken.zip", "w")
    made.writestr("x", "y")
    made.close()
    made = zipfile.ZipFile("broken.zip")
    made.close()
    return made


def failing_zip():
    import zipfile

    made = zipfile.ZipFile(_FailingFile(), "w")
    made.writestr("x", "y")
    _KEPT.append(made)
    return made


def new_tar(mode: str = "w"):
    import tarfile

    with tarfile.open("new.tar", "w"):
        pass
    return tarfile.open("new.tar", mode)


def failing_tar():
    made = new_tar()
    made.fileobj = Broken()
    _KEPT.append(made)
    return made


def closed_tar():
    made = new_tar()
    made.close()
    return made


def full_gzip():
    import gzip

    made = gzip.GzipFile(fileobj=Broken(), mode="w")
    _KEPT.append(made)
    return made


def closed_gzip():
    import gzip

    made = gzip.GzipFile("closed.gz", "w")
    made.close()
    return made


def closed_text() -> io.StringIO:
    made = io.StringIO()
    made.close()
    return made


def closed_bytes() -> io.BytesIO:
    made = io.BytesIO()
    made.close()
    return made


@contextlib.contextmanager
def surroundings() -> Iterator[Names]:
    """The names that trials may use, in a folder that :func:`fill` has filled."""
    import sqlite3

    _KEPT.clear()
    closed, closedb = open("text.txt"), open("text.txt", "rb")
    closed.close()
    closedb.close()
    full = io.TextIOWrapper(io.BufferedWriter(Broken()))
    full.write("x")
    fullb = io.BufferedWriter(Broken())
    fullb.write(b"x")
    db = sqlite3.connect(":memory:")
    sock = socket.socket()
    own = {name: value for name, value in globals().items() if callable(value) and not name.startswith("_")}
    names = Names(
        own,
        closed=closed,
        closedb=closedb,
        full=full,
        fullb=fullb,
        db=db,
        cur=db.cursor(),
        sock=sock,
        port=refused_port(),
    )
    try:
        yield names
    finally:
        sock.close()
        db.close()
        for item in _KEPT:
            if isinstance(item, subprocess.Popen):
                item.kill()
                item.wait()
            elif isinstance(item, socket.socket):
                item.close()
        for file in (full, fullb):
            with contextlib.suppress(OSError, ValueError):
                file.close()
