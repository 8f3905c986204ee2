"""The cache: what is known is not asked again, and nothing that it does can make an answer wrong."""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from commands import CLEAN, HELPER, SCRIPT, USER, Outcome, command, invoke, script, spawn
from running import WHOLE, snapshot
from toys import Only, Rename

from pymodernize import Finding, Plan, Status
from pymodernize.commands import run
from pymodernize.execution import cache, code_versions, known_files, pool
from pymodernize.execution.cache import Cache, key_of
from pymodernize.execution.known_files import Memory
from pymodernize.execution.result_forms import RESULT
from pymodernize.transformation import engine
from pymodernize.transformation.engine import Result


class Tree:
    """A folder of scripts, with a cache of its own beside it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.root = folder / "tree"
        self.root.mkdir()
        (self.root / ".git").mkdir()
        self.cache = folder / "cache"
        self.worked: list[bytes] = []
        monkeypatch.setenv("PYMODERNIZE_CACHE_DIR", str(self.cache))
        # Only where this process does the work can it note that.
        monkeypatch.setattr(run, "Pool", lambda plan, jobs: pool.Pool(plan))
        monkeypatch.setattr(engine, "transform", self.noted(engine.transform))
        monkeypatch.setattr(engine, "notes", self.noted(engine.notes))
        monkeypatch.setattr(known_files, "untriggered", self.noted(known_files.untriggered))

    def noted(self, real: Any) -> Any:
        """Have it known which texts are worked on."""

        def call(source: bytes, *rest: Any) -> Any:
            self.worked.append(source)
            return real(source, *rest)

        return call

    def write(self, name: str, text: str, *, age: float = 100.0) -> Path:
        """A file that was last changed some time ago."""
        path = script(self.root, name, text)
        self.settle(path, age)
        return path

    def settle(self, path: Path, age: float = 100.0) -> None:
        moment = time.time() - age
        os.utime(path, (moment, moment))

    def run(self, *arguments: str, cwd: Path | None = None) -> Outcome:
        """One run; what it worked on is in ``worked``."""
        self.worked.clear()
        return invoke("--format", "json", *(arguments or (".",)), cwd=cwd or self.root)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Tree:
    # The time of a change of status cannot be set: to the cache, all files are old.
    monkeypatch.setattr(cache, "SETTLED", -(10**12))
    return Tree(tmp_path, monkeypatch)


def _fill(tree: Tree) -> None:
    for source in WHOLE:
        shutil.copy(source, tree.write(f"scripts/{source.parent.name}/{source.name}", ""))
    tree.write("linked/helper.py", HELPER)
    for number in range(3):
        tree.write(f"linked/user{number}.py", USER)
    tree.write("clean.py", CLEAN)
    tree.write("star.py", "from job import *\nprint('a b %s' % main)\n")
    tree.write("job.py", SCRIPT)


# --- what is known is not asked again -----------------------------------------------------------------------------


def test_a_second_run_works_on_nothing_and_says_the_same(tree: Tree) -> None:
    _fill(tree)
    plain = tree.run("--no-cache", ".")
    assert not tree.cache.exists()
    first = tree.run()
    assert tree.worked
    second = tree.run()
    assert tree.worked == []
    assert plain == first == second
    assert plain.stdout.count(b'"status": "applied"') > 20


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "arguments", [["--unsafe"], ["--check"], ["--quiet"], ["--statistics"], ["--apply"], ["--jobs", "8"]]
)
def test_with_and_without_a_cache_all_is_the_same(
    tree: Tree, monkeypatch: pytest.MonkeyPatch, arguments: list[str]
) -> None:
    monkeypatch.setattr(run, "Pool", pool.Pool)
    monkeypatch.setattr(pool, "SMALL_BYTES", 0)
    _fill(tree)
    seen = []
    for extra in (["--no-cache"], [], []):
        outcome = invoke(*arguments, *extra, ".", cwd=tree.root)
        seen.append((outcome, {name: data for name, data in snapshot(tree.root).items() if ".pymodernize" not in name}))
        if arguments == ["--apply"]:
            assert invoke("undo", cwd=tree.root).code == 0
    assert seen[1:] == seen[:1] * 2


def test_a_clean_file_is_not_even_read(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tree.write(f"clean{number}.py", CLEAN) for number in range(3)]
    tree.run()
    opened: list[str] = []
    real = os.open
    monkeypatch.setattr(os, "open", lambda path, *rest, **more: opened.append(str(path)) or real(path, *rest, **more))
    tree.run()
    assert not [path for path in paths if any(name.endswith(path.name) for name in opened)]


def test_one_file_that_changed_is_worked_on_alone(tree: Tree) -> None:
    _fill(tree)
    tree.run()
    path = tree.write("job.py", SCRIPT.replace("Hello", "Bye"), age=50)
    again = tree.run()
    assert set(tree.worked) == {path.read_bytes()}
    assert again == tree.run("--no-cache", ".")


def test_a_copy_and_a_branch_share_what_they_have_in_common(tree: Tree, tmp_path: Path) -> None:
    _fill(tree)
    first = tree.run()
    copy = tmp_path / "copy"
    shutil.copytree(tree.root, copy)
    assert tree.run(cwd=copy) == first
    assert tree.worked == []
    # Another branch, and back.
    changed = tree.write("job.py", SCRIPT.replace("Hello", "Bye"), age=70)
    tree.run()
    changed.write_text(SCRIPT)
    assert tree.run() == first
    assert tree.worked == []


# --- what changes the answer --------------------------------------------------------------------------------------


def test_options_and_versions_are_part_of_the_question(tree: Tree) -> None:
    tree.write("job.py", SCRIPT)
    tree.run()
    settings = tree.root / "pyproject.toml"
    for arguments in (["--unsafe"], ["--target-version", "py38"], ["--select", "print-to-logging", "--unsafe"]):
        tree.run(*arguments, ".")
    tree.run("--target-version", "py39", ".")
    assert tree.worked, "another version"
    settings.write_text('[tool.pymodernize.print-to-logging]\nlogger = "log"\n')
    assert b"log.info" in tree.run().stdout
    assert tree.worked, "another option"
    settings.unlink()
    tree.run()
    assert tree.worked == []


def test_what_other_files_import_is_part_of_the_question(tree: Tree) -> None:
    tree.write("helper.py", HELPER)
    first = tree.run("helper.py")
    assert b'"changed": true' in first.stdout
    user = tree.write("user.py", "import helper\n")
    second = tree.run("helper.py")
    assert b'"changed": false' in second.stdout, "nobody would set up its logging"
    user.unlink()
    assert tree.run("helper.py") == first
    assert tree.worked == []


def test_the_name_of_a_file_is_part_of_the_question(tree: Tree) -> None:
    tree.write("job.py", SCRIPT)
    assert b'"changed": true' in tree.run("job.py").stdout
    tree.write("test_job.py", SCRIPT)
    assert b'"changed": false' in tree.run("test_job.py").stdout, "tests are left alone"


def _pack(folder: Path, name: str, text: str) -> type[Any]:
    """The codemod of a package that is written for the moment."""
    for module in [item for item in sys.modules if item.partition(".")[0] == "momentary"]:
        del sys.modules[module]
    package = folder / "momentary"
    package.mkdir(exist_ok=True)
    (package / "__init__.py").touch()
    (package / name).write_text(text)
    import importlib

    importlib.invalidate_caches()
    return importlib.import_module("momentary.rule").Rule


def test_the_code_is_part_of_the_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    text = "from pymodernize import Codemod\nimport another_one\nimport json\n\n\nclass Rule(Codemod):\n    pass\n"
    (tmp_path / "another_one.py").write_text("x = 1\n")

    def key() -> bytes:
        store = Cache(tmp_path / "cache")
        found = code_versions.code_key(Plan((rule(),)), store)
        store.close()
        return found

    rule = _pack(tmp_path, "rule.py", text)
    keys = [key()]
    assert key() == keys[0]
    rule = _pack(tmp_path, "rule.py", text + "# another version\n")
    keys.append(key())
    rule = _pack(tmp_path, "rule.py", text)
    assert key() == keys[0], "the same again"
    (tmp_path / "momentary" / "table.json").write_text("{}")
    keys.append(key())
    (tmp_path / "another_one.py").write_text("x = 2\n")
    keys.append(key())
    monkeypatch.setattr(code_versions, "version", lambda name: "9.9")
    keys.append(key())
    monkeypatch.setattr(code_versions.sys, "version", "another Python")
    keys.append(key())
    assert len(set(keys)) == len(keys)


def test_a_codemod_that_is_nowhere_is_never_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Only, "__module__", "__main__.not_there")
    monkeypatch.setitem(sys.modules, "__main__", SimpleNamespace(__spec__=None))
    store = Cache(tmp_path)
    with pytest.raises(code_versions.Unknown):
        code_versions.code_key(Plan((Only(),)), store)
    store.close()
    monkeypatch.setenv("PYMODERNIZE_CACHE_DIR", str(tmp_path))
    with known_files.remembering(Plan((Only(),)), 100, True) as found:
        assert found.cache is None


# --- edits that leave little trace --------------------------------------------------------------------------------


def test_an_edit_of_the_same_length_is_seen(tree: Tree) -> None:
    path = tree.write("job.py", SCRIPT)
    tree.run()
    tree.write("job.py", SCRIPT.replace("Hello", "Howdy"))
    assert b"Howdy" in tree.run().stdout
    times = path.stat()
    path.write_text(SCRIPT.replace("Hello", "Salve"))
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert b"Salve" in tree.run().stdout, "the old time was put back"


def test_an_edit_within_the_resolution_of_the_clock_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = script(tmp_path, text="old = 1\n")
    coarse = path.stat()

    def same(status: os.stat_result) -> tuple[int, ...]:
        # A clock that stands still, as far as the file system is concerned.
        return (status.st_dev, 1, status.st_size, coarse.st_mtime_ns, coarse.st_ctime_ns)

    monkeypatch.setattr(cache, "_signature", same)
    texts = [b"old = 1\n", b"new = 2\n"] * 3
    for text in texts:
        path.write_bytes(text)
        store = Cache(tmp_path / "cache")
        assert store.known(path, 100) == _digest(text)
        store.close()


def _digest(text: bytes) -> bytes:
    import hashlib

    return hashlib.sha256(text).digest()


def test_a_file_is_known_by_its_status_only_once_that_has_settled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = script(tmp_path, text=CLEAN)
    for settled, known in ((cache.SETTLED, False), (-(10**12), True)):
        monkeypatch.setattr(cache, "SETTLED", settled)
        store = Cache(tmp_path / "cache")
        store.known(path, 100)
        store.close()
        store = Cache(tmp_path / "cache")
        assert (store.digest(str(path), 100) is not None) is known
        assert store.digest(str(path), 3) is None, "it is too large"
        store.close()


def test_a_file_that_changes_between_two_looks(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tree.write("job.py", SCRIPT)
    tree.run()
    real = Memory.without_trigger

    def alone(self: Memory, name: Path, digest: bytes) -> Result | None:
        found = real(self, name, digest)
        path.write_text(SCRIPT.replace("Hello", "Salve"))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Memory, "without_trigger", alone)
        assert b"Salve" in tree.run().stdout
    assert b"Salve" in tree.run().stdout
    assert tree.run() == tree.run("--no-cache", ".")


# --- what is not kept ---------------------------------------------------------------------------------------------


def test_failures_are_tried_again(tree: Tree) -> None:
    tree.write("two.py", 'print "x"\n')
    tree.run()
    assert tree.run().code == 3
    assert tree.worked, "who knows what it lacked"


def test_what_names_the_project_is_not_kept(tmp_path: Path) -> None:
    store = Cache(tmp_path / "cache")
    remembered = Memory(Plan(()), 100, store, b"code")
    finding = Finding("x", 1, 0, 1, 0, "imported by /home/me/project/x.py", status=Status.FOUND)
    rejected = finding.settled(Status.REJECTED)
    for number, (answer, root, kept) in enumerate(
        [
            (Result((finding,)), "/home/me/project", False),
            (Result((finding,)), "/home/you", True),
            (Result(output=b"# /home/me/project"), "/home/me/project", False),
            (Result(output=b"# /home/me/project"), "", True),
            (Result((rejected,)), "", False),
            (Result(error="no"), "", False),
            (Result((finding.settled(Status.FOUND, assumptions=frozenset({"b", "a"})),), b"new"), "/elsewhere", True),
            ((("x", frozenset({1})),), "/elsewhere", False),  # of a codemod that the plan does not have
        ]
    ):
        key = key_of("result", [bytes([number])])
        remembered.keep(key, answer, root)
        found = remembered.result(key) or remembered.notes(key)
        assert (found == answer) is kept, answer
    remembered.keep(b"odd", (("x", lambda: 0),), "")  # type: ignore[arg-type]
    assert remembered.notes(b"odd") is None
    store.close()


# --- a cache that is damaged or in the way ------------------------------------------------------------------------


def _damaged(tree: Tree, how: str) -> None:
    (path,) = tree.cache.iterdir()
    data = path.read_bytes()
    if how == "empty":
        path.write_bytes(b"")
    elif how == "text":
        path.write_bytes(b"this is no database\n" * 1000)
    elif how == "truncated":
        path.write_bytes(data[: len(data) // 2])
    elif how == "header":
        path.write_bytes(b"\0" * 100 + data[100:])
    elif how == "holes":
        path.write_bytes(data[:8192] + b"\0" * (len(data) - 8192))
    else:
        with contextlib.closing(sqlite3.connect(path)) as base:
            with base:
                if how == "values":
                    base.execute("UPDATE answers SET value = zeroblob(length(value))")
                elif how == "exchanged":
                    rows = base.execute("SELECT key, value FROM answers ORDER BY length(value)").fetchall()
                    values = [value for _, value in rows]
                    base.executemany(
                        "UPDATE answers SET value = ? WHERE key = ?",
                        [(value, key) for (key, _), value in zip(rows, values[1:] + values[:1], strict=True)],
                    )
                elif how == "types":
                    base.execute("UPDATE answers SET value = 'text'")
                    base.execute("UPDATE files SET digest = 'text'")
                elif how == "tables":
                    base.execute("DROP TABLE answers")
                    base.execute("CREATE TABLE answers (other TEXT)")


@pytest.mark.parametrize(
    "how", ["empty", "text", "truncated", "header", "holes", "values", "exchanged", "types", "tables"]
)
def test_a_damaged_cache_is_no_cache(tree: Tree, how: str) -> None:
    _fill(tree)
    first = tree.run()
    _damaged(tree, how)
    assert tree.run() == first
    assert tree.run() == first


FOREIGN = Result(output=b"import os\n")


def _forged(made: Path) -> dict[str, bytes]:
    """What others may have written into the cache: an answer of theirs, or what makes a folder when it is unpickled."""
    return {
        "an answer": RESULT.dumps(FOREIGN),
        "a pickled answer": pickle.dumps(FOREIGN, 4),
        "a pickled command": b"\x80\x04cpymodernize.execution.cache\nos.mkdir\n("
        + pickle.dumps(str(made), 0)[:-1]
        + b"tR.",
        "nothing": b"",
        "depth": b"\x91" * 100_000,
    }


@pytest.mark.parametrize("case", _forged(Path()))
def test_rows_of_others_are_no_answers(tree: Tree, tmp_path: Path, case: str) -> None:
    tree.write("job.py", SCRIPT)
    first = tree.run()
    data = _forged(tmp_path / "made")[case]
    (path,) = tree.cache.iterdir()
    with contextlib.closing(sqlite3.connect(path)) as base:
        with base:
            # The key of each row is known to whoever has the same files and plan, and so is any checksum of it.
            for (key,) in base.execute("SELECT key FROM answers").fetchall():
                value = hashlib.sha256(key + data).digest()[:16] + data
                base.execute("UPDATE answers SET value = ? WHERE key = ?", (value, key))
    assert tree.run() == first
    assert tree.worked, "the rows are nothing"
    tree.run("--apply", ".")
    assert (tree.root / "job.py").read_bytes() != FOREIGN.output
    assert not (tmp_path / "made").exists()


def test_a_status_of_others_is_not_believed(tree: Tree) -> None:
    job, clean = tree.write("job.py", SCRIPT), tree.write("clean.py", CLEAN)
    first = tree.run()
    (path,) = tree.cache.iterdir()
    with contextlib.closing(sqlite3.connect(path)) as base:
        with base:
            # As if the script had the text of which nothing is to be said.
            (digest,) = base.execute("SELECT digest FROM files WHERE path = ?", (os.fsencode(clean),)).fetchone()
            base.execute("UPDATE files SET digest = ? WHERE path = ?", (digest, os.fsencode(job)))
    assert tree.run() == first


def test_a_signature_with_its_own_key_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    form = RESULT
    with contextlib.closing(Cache(tmp_path / "cache")) as store:
        store.put(b"key", form, Result())
        kept = dict(store._fresh)
        for name, data in _forged(tmp_path / "made").items():
            store._fresh[b"other"] = b"\0" * 16 + data
            assert store.get(b"other", form) is None, name
        store._fresh[b"other"] = kept[b"key"]
        assert store.get(b"other", form) is None, "it is the answer to something else"
    monkeypatch.setenv("PYMODERNIZE_STATE_DIR", str(tmp_path / "another"))
    with contextlib.closing(Cache(tmp_path / "cache")) as store:
        assert store.get(b"key", form) is None, "another user's"
        store.put(b"key", form, Result())
        assert store.get(b"key", form) == Result()
        # Signed by us, of another form: of another version.
        for text in (
            b"\xc0",
            b"\x94\x90\xc0\xc0\x01",
            b"\x93\x01\xc0\xc0",
            b"\x80",
            b"\x91" * 100_000,
            b"\xdd" + b"\xff" * 4,
        ):
            store._fresh[b"key"] = store._signed(b"key", text)
            assert store.get(b"key", form) is None


def _own_cache(folder: Path) -> Path:
    with contextlib.closing(Cache(folder)):
        return folder


def _linked(folder: Path, target: Path) -> Path:
    folder.mkdir(mode=0o700)
    (folder / "answers-2.sqlite").symlink_to(target)
    return folder


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="modes and owners say nothing")
@pytest.mark.parametrize("how", ["relative", "writable", "of a group", "a writable file", "a link", "of another user"])
def test_a_folder_that_others_can_write_to_is_refused(
    tree: Tree, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    tree.write("job.py", SCRIPT)
    plain = tree.run("--no-cache", ".")
    place = tmp_path / "place"
    if how == "relative":
        monkeypatch.setenv("PYMODERNIZE_CACHE_DIR", "place")
    else:
        monkeypatch.setenv("PYMODERNIZE_CACHE_DIR", str(place))
    if how in ("writable", "of a group"):
        _own_cache(place).chmod(0o1777 if how == "writable" else 0o770)
    elif how == "a writable file":
        (_own_cache(place) / "answers-2.sqlite").chmod(0o666)
    elif how == "a link":
        with contextlib.closing(sqlite3.connect(tmp_path / "other.sqlite")) as other:
            other.execute("CREATE TABLE mine (x)")
        _linked(place, tmp_path / "other.sqlite")
    elif how == "of another user":
        _own_cache(place)
        monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    before = (tmp_path / "other.sqlite").read_bytes() if how == "a link" else b""
    outcome = tree.run()
    assert outcome.stdout == plain.stdout
    assert outcome.stderr.startswith("pymodernize: does without a cache: ")
    assert not (tree.root / "place").exists()
    if how == "a link":
        assert (tmp_path / "other.sqlite").read_bytes() == before


@pytest.mark.parametrize("call", ["makedirs", "connect"])
def test_a_cache_that_cannot_be_had(tree: Tree, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    tree.write("job.py", SCRIPT)
    first = tree.run("--no-cache", ".")

    def failing(*_: Any, **__: Any) -> Any:
        raise PermissionError(13, "no") if call == "makedirs" else sqlite3.OperationalError("no")

    monkeypatch.setattr(cache.os if call == "makedirs" else cache.sqlite3, call, failing)
    assert tree.run() == first


def test_a_cache_that_another_run_is_writing_to(tree: Tree) -> None:
    tree.write("job.py", SCRIPT)
    first = tree.run()
    (path,) = tree.cache.iterdir()
    base = sqlite3.connect(path, isolation_level=None)
    base.execute("BEGIN EXCLUSIVE")
    try:
        tree.write("more.py", SCRIPT)
        assert tree.run("job.py").stdout == first.stdout
    finally:
        base.execute("ROLLBACK")
        base.close()
    assert tree.run("job.py") == first


def test_a_full_disk_costs_the_cache_only(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    tree.write("job.py", SCRIPT)
    first = tree.run("--no-cache", ".")

    def failing(self: Cache) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(Cache, "_write", failing)
    assert tree.run() == first


@pytest.mark.no_cover
def test_several_runs_at_once_share_a_cache(tree: Tree) -> None:
    _fill(tree)
    expected = spawn("--format", "json", "--no-cache", ".", cwd=tree.root).stdout
    processes = [
        subprocess.Popen(command("--format", "json", "."), cwd=tree.root, stdout=subprocess.PIPE) for _ in range(4)
    ]
    assert {process.communicate(timeout=120)[0] for process in processes} == {expected}
    tree.run()
    assert tree.worked == []


@pytest.mark.no_cover
def test_it_does_not_grow_without_end(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "SIZE", 120_000)
    sizes = []
    for number in range(12):
        texts = [SCRIPT.replace("Hello", f"Hello {number} {other}") for other in range(30)]
        for other, text in enumerate(texts):
            tree.write(f"job{other}.py", text)
        tree.run()
        (path,) = tree.cache.iterdir()
        sizes.append(path.stat().st_size)
    assert max(sizes) < 240_000
    assert tree.run() == tree.run("--no-cache", ".")


def test_what_was_used_last_stays_longest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = [key_of("x", [bytes([number])]) for number in range(10)]
    form = RESULT

    def used_on(day: int, wanted: Sequence[bytes], *, put: bool = False) -> Iterator[object | None]:
        store = Cache(tmp_path)
        store._today = day
        for key in wanted:
            yield store.put(key, form, Result()) if put else store.get(key, form)
        store.close()

    list(used_on(1, keys, put=True))
    assert None not in list(used_on(2, keys[:4]))
    monkeypatch.setattr(cache, "SIZE", 1)
    list(used_on(3, [b"another"], put=True))
    monkeypatch.setattr(cache, "SIZE", 10**9)
    assert [key for key, found in zip(keys, used_on(4, keys), strict=True) if found] == keys[:4]


# --- where it is --------------------------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere platformdirs knows other folders")
@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "/home/me/.cache/pymodernize"),
        ({"XDG_CACHE_HOME": "/var/cache/me"}, "/var/cache/me/pymodernize"),
        ({"PYMODERNIZE_CACHE_DIR": "/here"}, "/here"),
        ({"PYMODERNIZE_CACHE_DIR": "", "XDG_CACHE_HOME": ""}, "/home/me/.cache/pymodernize"),
    ],
)
def test_the_folder_of_the_cache(monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str) -> None:
    for name in ("XDG_CACHE_HOME", "PYMODERNIZE_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in {"HOME": "/home/me", **environment}.items():
        monkeypatch.setenv(name, value)
    assert cache.default_folder() == Path(expected)


def test_nobody_else_can_read_it(tree: Tree) -> None:
    tree.write("job.py", SCRIPT)
    tree.run()
    assert tree.cache.stat().st_mode & 0o077 == 0


def test_a_pack_of_somebody_else_is_remembered_too(tree: Tree, monkeypatch: pytest.MonkeyPatch) -> None:
    from pymodernize.commands import run

    monkeypatch.setattr(run, "names", lambda: {"rename": SimpleNamespace(load=lambda: Rename)})
    tree.write("job.py", "old(1)\n")
    first = tree.run()
    assert b"repr(1)" in first.stdout
    assert tree.run() == first
    assert tree.worked == []
