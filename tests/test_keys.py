"""The key that signs: one for each user, made once, kept from others, and of no use for another purpose."""

from __future__ import annotations

import multiprocessing
import os
import stat
from pathlib import Path

import pytest

from pymodernize.files import signing
from pymodernize.files.open_folders import Folder, Untrusted
from pymodernize.files.signing import NoKey, sign, verify

ROOT = os.geteuid() == 0


def test_a_signature_holds_for_its_bytes_and_its_purpose_alone() -> None:
    tag = sign("journal", b"some bytes")
    assert len(tag) == signing.TAG_SIZE
    assert verify("journal", b"some bytes", tag)
    assert not verify("journal", b"some byte", tag)
    assert not verify("cache", b"some bytes", tag)
    assert not verify("journal", b"some bytes", tag[:-1])


def test_the_key_is_the_users_alone_and_stays(state_folder: Path) -> None:
    tag = sign("journal", b"x")
    assert [item.name for item in state_folder.iterdir()] == ["key"]
    key = state_folder / "key"
    assert stat.S_IMODE(state_folder.stat().st_mode) == 0o700
    assert (stat.S_IMODE(key.stat().st_mode), key.stat().st_size) == (0o600, 32)
    signing._key.cache_clear()
    assert sign("journal", b"x") == tag, "another process reads the same"


def test_another_users_key_signs_otherwise(state_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tag = sign("journal", b"x")
    monkeypatch.setenv(signing.VARIABLE, f"{state_folder}-other")
    assert not verify("journal", b"x", tag)


def test_processes_that_begin_together_have_one_key(state_folder: Path) -> None:
    context = multiprocessing.get_context("fork")
    with context.Pool(8) as pool:
        tags = set(pool.starmap(sign, [("journal", b"x")] * 64, chunksize=1))
    assert tags == {sign("journal", b"x")}
    assert [item.name for item in state_folder.iterdir()] == ["key"]


def _link(folder: Path) -> None:
    key = folder / "key"
    key.rename(folder / "elsewhere")
    key.symlink_to("elsewhere")


def _fifo(folder: Path) -> None:
    (folder / "key").unlink()
    os.mkfifo(folder / "key")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda folder: folder.chmod(0o777), "others may write to it"),
        (lambda folder: folder.chmod(0o720), "others may write to it"),
        (lambda folder: (folder / "key").chmod(0o620), "others may write to it"),
        (lambda folder: (folder / "key").chmod(0o644), "others may read it"),
        (lambda folder: (folder / "key").write_bytes(b""), "is damaged"),
        (lambda folder: (folder / "key").write_bytes(b"x" * 33), "is damaged"),
        (_link, "is a link"),
        (_fifo, "is not a regular file"),
        (lambda folder: os.chown(folder, 1234, -1), "belongs to another user"),
        (lambda folder: os.chown(folder / "key", 1234, -1), "belongs to another user"),
    ],
)
def test_a_key_that_others_may_have_made_is_refused(state_folder: Path, spoil: object, reason: str) -> None:
    sign("journal", b"x")
    signing._key.cache_clear()
    if not ROOT and "another user" in reason:
        pytest.skip("only root may give files away")
    spoil(state_folder)
    with pytest.raises(NoKey, match=reason) as caught:
        sign("journal", b"x")
    assert signing.VARIABLE in str(caught.value), "it says what to do"


@pytest.mark.parametrize("value", ["", "state", "./state"])
def test_a_relative_folder_is_none(value: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(signing.VARIABLE, value)
    with pytest.raises(NoKey, match="is no absolute path"):
        sign("journal", b"x")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(signing.VARIABLE, os.path.join(os.devnull, "none"))
    with pytest.raises(NoKey, match="Not a directory"):
        sign("journal", b"x")


def test_by_default_it_is_where_the_system_keeps_such_things(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(signing.VARIABLE)
    path = signing.state_path()
    assert (path.is_absolute(), path.name) == (True, "pymodernize")


# --- folders that are held open -----------------------------------------------------------------------------------


def test_a_folder_that_is_renamed_stays_the_one_that_was_opened(tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    with Folder.at(tmp_path / "here") as folder:
        (tmp_path / "here").rename(tmp_path / "there")
        (tmp_path / "here").mkdir()
        os.close(folder.open("file", os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        folder.replace("file", "other")
        assert folder.names() == ["other"]
    assert os.listdir(tmp_path / "there") == ["other"]
    assert os.listdir(tmp_path / "here") == []


def test_nothing_is_reached_through_a_link(tmp_path: Path) -> None:
    outside, inside = tmp_path / "outside", tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (outside / "file").write_bytes(b"secret")
    (inside / "folder").symlink_to(outside)
    (inside / "file").symlink_to(outside / "file")
    with Folder.at(inside) as folder:
        for action in (
            lambda: folder.folder("folder"),
            lambda: folder.make("folder"),
            lambda: folder.below(("folder", "deeper")),
            lambda: folder.open("file", os.O_RDONLY),
            lambda: folder.open("file", os.O_RDWR | os.O_CREAT),
            lambda: folder.read("file", 100),
        ):
            with pytest.raises(Untrusted, match="is a link"):
                action()
        with pytest.raises(Untrusted, match="is not a folder"):
            Folder.at(outside).folder("file")
        folder.unlink("file")
    assert (outside / "file").read_bytes() == b"secret"


@pytest.mark.parametrize("name", ["", ".", "..", "../file", "a/b", "/etc/passwd", "a\0b"])
def test_a_name_is_one_name(tmp_path: Path, name: str) -> None:
    with Folder.at(tmp_path) as folder:
        for action in (folder.folder, folder.unlink, folder.has, folder.status, folder.make, folder.rmdir):
            with pytest.raises(Untrusted, match="is not one name"):
                action(name)


def test_a_fifo_or_a_folder_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "folder").mkdir()
    with Folder.at(tmp_path) as folder:
        for name in ("fifo", "folder"):
            for flags in (os.O_RDONLY, os.O_RDWR, os.O_WRONLY | os.O_CREAT):
                with pytest.raises(Untrusted, match="is not a regular file"):
                    folder.open(name, flags)
        with pytest.raises(FileNotFoundError):
            folder.read("none", 1)
