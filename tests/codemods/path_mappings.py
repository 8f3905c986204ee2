"""Expressions on texts beside their counterparts on paths: both are run, and what comes of them is compared.

The counterpart of each is what the codemods write, asked of them here: there
is no second list of rewrites that could go its own way.
"""

# The functions themselves are what is run.
# pymodernize: skip-file
from __future__ import annotations

import ast
import codecs
import glob
import io
import os
import pathlib
import re
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from collections.abc import Mapping as Mapping_
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from functools import cached_property, reduce
from pathlib import Path, PurePath
from typing import Any

from pymodernize.semantics.module import Module
from pymodernize.source import SourceFile
from pymodernize_codemods._assumptions import TEXT_PATHS
from pymodernize_codemods._paths import hazards
from pymodernize_codemods._paths.form import Form
from pymodernize_codemods._paths.forms import Forms
from pymodernize_codemods._paths.hazards import NONE, TEXT, Hazard
from pymodernize_codemods._paths.judgement import Judge
from pymodernize_codemods._paths.operations import OPERATIONS, Gives

# What is imported at the first use has to be there before the rights to read it are given up.
codecs.lookup("latin-1")
os.path.expanduser("~root")

SCOPE = {"os": os, "io": io, "codecs": codecs, "glob": glob, "shutil": shutil, "Path": Path, "pathlib": pathlib}
NOBODY = 65534


# --- a folder to work in -------------------------------------------------------------------------------------------

# Relative to the folder that the expressions run in. None is a folder, a tuple leads elsewhere.
TREE: dict[str, bytes | tuple[str] | None] = {
    "file": "on\u00e9\r\ntwo\n".encode(),
    "two.tar.gz": b"",
    ".dotfile": b"",
    "..odd": b"",
    "odd.": b"",
    "with space": b"",
    "\udce4": b"",
    "\u00e4": b"",
    "~": b"",
    "*.txt": b"",
    "folder": None,
    "folder/inner.txt": b"inner\n",
    "folder/sub": None,
    "empty": None,
    "link": ("file",),
    "folder_link": ("folder",),
    "dangling": ("nowhere",),
    "loop": ("loop",),
    "listed": None,
    "listed/file": b"",
    "closed": None,
    "closed/sub": None,
    "closed/file": b"",
}
# Folders in it that nobody may search; one may be listed.
CLOSED = {"closed": 0, "listed": 0o444}
# Folders between the one that is worked in and the one that is compared: so far may ``..`` climb.
DEPTH = 4


class Tree:
    """Files, folders and links of every kind, in a folder of their own.

    Args:
        top: an empty folder; nothing outside of it is written to.
        links: further links, for a tree that is only read: they may lead out of it.
    """

    def __init__(self, top: Path, links: Mapping_[str, str] | None = None) -> None:
        self.top = top
        self.links = dict(links or {})
        self.root = top.joinpath(*["d"] * DEPTH)
        if os.geteuid() == 0:
            os.chown(top, NOBODY, NOBODY)
        top.chmod(0o755)
        self._built: dict[str, object] | None = None

    def build(self) -> None:
        """Make everything anew; nothing is done where nothing has changed."""
        if self._built is not None and self.state() == self._built:
            return
        with unprivileged():
            self.clear()
            self._make()
        self._built = self.state()

    def _make(self) -> None:
        self.root.mkdir(parents=True)
        for name, content in TREE.items():
            path = self.root / name
            if content is None:
                path.mkdir()
            elif isinstance(content, tuple):
                path.symlink_to(content[0])
            else:
                path.write_bytes(content)
        for name, target in self.links.items():
            (self.root / name).symlink_to(target)
        for name, mode in CLOSED.items():
            (self.root / name).chmod(mode)

    def clear(self) -> None:
        """Remove everything."""
        for folder, folders, _ in os.walk(self.top):
            for name in folders:
                path = os.path.join(folder, name)
                if not os.path.islink(path):
                    os.chmod(path, 0o700)
        for item in self.top.iterdir():
            shutil.rmtree(item)

    def state(self) -> dict[str, object]:
        """What there is: kinds, permissions, contents, where links lead."""
        found: dict[str, object] = {}
        for folder, folders, files in os.walk(self.top):
            for name in (*folders, *files):
                path = os.path.join(folder, name)
                mode = os.lstat(path).st_mode
                if stat.S_ISLNK(mode):
                    what: object = os.readlink(path)
                else:
                    what = Path(path).read_bytes() if stat.S_ISREG(mode) else os.lstat(path).st_nlink
                found[os.path.relpath(path, self.top)] = (mode, what)
        return found

    def is_inside(self, value: object) -> bool:
        """Whether nothing outside can be reached by a value; links in the tree do not lead out of it."""
        text = os.fsdecode(value) if isinstance(value, (bytes, os.PathLike)) else value
        if not isinstance(text, str):
            return text is None
        if os.path.isabs(text):
            home = f"{self.root}/"
            return text.startswith(home) and self.is_inside(text[len(home) :].lstrip("/"))
        return text.split("/").count("..") < DEPTH


@contextmanager
def trees() -> Iterator[tuple[Tree, Tree]]:
    """A tree to read and one to write to, in memory where the system has files there."""
    home = "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None  # noqa: S108
    with tempfile.TemporaryDirectory(dir=home) as folder:
        os.chmod(folder, 0o755)  # noqa: S103
        tops = [Path(folder, name) for name in ("read", "written")]
        for top in tops:
            top.mkdir()
        reading, writing = Tree(tops[0], {"mount_link": "/"}), Tree(tops[1])
        try:
            reading.build()
            writing.build()
            yield reading, writing
        finally:
            with unprivileged():
                reading.clear()
                writing.clear()


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Make a folder the working folder for a while.

    Args:
        folder: one that is there.
    """
    before = os.getcwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


@contextmanager
def unprivileged() -> Iterator[None]:
    """Be bound by the permissions of files for a while, as root is not.

    Raises:
        PermissionError: this process may not give up its rights.
    """
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


# --- what comes of an expression -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Outcome:
    """What comes of an expression: a value, or an error."""

    value: Any = None
    error: type[Exception] | None = None
    message: str = ""


def outcome(code: str, value: object) -> Outcome:
    """Run an expression, bound by permissions.

    Args:
        code: the expression; ``value`` in it is the value.
        value: any.
    """
    try:
        with unprivileged():
            return Outcome(_comparable(eval(code, {**SCOPE, "value": value})))  # noqa: S307
    except Exception as exc:  # noqa: BLE001
        return Outcome(error=type(exc), message=str(exc))


def _comparable(result: Any) -> Any:
    """A result as something that two runs can have in common: of an open file, what is in it."""
    if isinstance(result, os.stat_result):
        return result[:7]
    if not isinstance(result, (io.IOBase, codecs.StreamReaderWriter)):
        return result
    with result:
        if result.readable():
            return result.read()
        return result.write("text\n" if isinstance(result, io.TextIOBase) else b"text\n")


def same_value(gives: Gives, old: Any, new: Any) -> bool:
    """Whether a counterpart gives what it should: the same, or the path of the same text.

    Args:
        gives: what it should give.
        old: what the function gave.
        new: what the counterpart gave.
    """
    if gives is Gives.NOTHING:
        return old is None
    if gives is Gives.PATH:
        return isinstance(new, PurePath) and Path(os.fsdecode(old)) == new and isinstance(old, str)
    return type(old) is type(new) and old == new


# --- an expression and its counterpart -----------------------------------------------------------------------------


class _Fixed(Judge):
    """Says of the variable ``value`` what it is told to say."""

    found = NONE

    def of(self, expr: ast.expr) -> Hazard:
        # Nothing is certain of the folder that it may be.
        is_value = isinstance(expr, ast.Name) and expr.id == "value"
        return self.found | Hazard.CLOSED if is_value else super().of(expr)


@dataclass(frozen=True)
class Mapping:
    """An expression that the codemods have a counterpart for.

    Attributes:
        old: the expression; ``value`` is the path in question.
        function: the row that it belongs to, or the function at its core.
        writes: whether it does something to the tree.
    """

    old: str
    function: str
    writes: bool = False

    @cached_property
    def _parsed(self) -> tuple[Module, ast.expr]:
        module = Module(SourceFile.decode(f"import codecs, glob, io, os\nvalue = str(input())\n{self.old}\n".encode()))
        statement = module.tree.body[-1]
        assert isinstance(statement, ast.Expr)
        return module, statement.value

    def form(self, found: Hazard = NONE) -> Form:
        """What the codemods make of it.

        Args:
            found: what is known of the value.
        """
        module, expr = self._parsed
        judge = _Fixed(module)
        judge.found = found
        forms = Forms(module, judge, "Path", bold=True)
        form = forms.value(expr)
        form = form if form is not None else forms.made(expr)
        assert form is not None, f"{self.old} has no counterpart"
        return form

    @cached_property
    def new(self) -> str:
        """The counterpart."""
        return self.form().text

    @cached_property
    def noticed(self) -> Hazard:
        """The peculiarities of a value for which the rewrite is not safe."""
        always = set(self.form().doubts)
        found = [hazard for hazard in Hazard if set(self.form(hazard).doubts) - always]
        row = OPERATIONS.get(self.function)
        others = row.others if row is not None and "Path(value)" not in self.new else NONE
        return reduce(lambda one, other: one | other, found, others)

    @cached_property
    def errors(self) -> Hazard:
        """Those for which only the errors are others."""
        row = OPERATIONS.get(self.function)
        return row.errors if row is not None else NONE

    @cached_property
    def is_safe_for_some(self) -> bool:
        """Whether there are values for which the rewrite is safe."""
        return {doubt.assumption for doubt in self.form().doubts} <= {TEXT_PATHS.name}

    @cached_property
    def gives(self) -> Gives:
        """What comes back."""
        row = OPERATIONS.get(self.function)
        if row is not None:
            return row.gives
        return Gives.SAME if re.search(r"\.(name|stem|suffix)$", self.new) else Gives.PATH


READING = (
    *("os.path.exists(value)", "os.path.isfile(value)", "os.path.isdir(value)", "os.path.islink(value)"),
    *("os.path.ismount(value)", "os.path.isabs(value)", "os.path.dirname(value)", "os.path.basename(value)"),
    *("os.path.abspath(value)", "os.path.realpath(value)", "os.path.expanduser(value)"),
    *("os.path.getsize(value)", "os.path.getmtime(value)", "os.path.getatime(value)", "os.path.getctime(value)"),
    *("os.path.samefile(value, 'file')", "os.path.samefile('file', value)"),
    *("os.stat(value)", "os.stat(value, follow_symlinks=False)", "os.lstat(value)", "os.readlink(value)"),
    *("os.listdir(value)", "os.listdir()", "os.getcwd()"),
    *("open(value)", "open(value, 'rb')", "open(value, newline='')", "io.open(value, 'r', encoding='latin-1')"),
    "codecs.open(value, 'r', 'latin-1')",
    *("os.path.join(value, 'file')", "os.path.join('folder', value)", "os.path.join(value, '')"),
    *("os.path.join('', value)", "os.path.join('folder', value, 'inner.txt')", "os.path.normpath(value)"),
    *("os.path.splitext(value)[0]", "os.path.splitext(value)[1]", "os.path.splitext(value)[0] + '.bak'"),
    *("os.path.splitext(os.path.basename(value))[0]", "os.path.splitext(os.path.basename(value))[1]"),
    *("os.path.split(value)[0]", "os.path.split(value)[1]"),
    *(("os.path.lexists(value)",) if sys.version_info >= (3, 12) else ()),
)
WRITING = (
    *("os.mkdir(value)", "os.mkdir(value, 0o700)", "os.makedirs(value)", "os.makedirs(value, exist_ok=True)"),
    *("os.makedirs(value, 0o700, True)", "os.remove(value)", "os.unlink(value)", "os.rmdir(value)"),
    *("os.rename(value, 'fresh')", "os.rename('file', value)", "os.replace(value, 'fresh')"),
    *("os.replace('file', value)", "os.chmod(value, 0o750)", "os.symlink('file', value)"),
    *("os.symlink('folder', value, target_is_directory=True)", "os.symlink(value, 'fresh')"),
    *("os.link('file', value)", "os.link(value, 'fresh')", "open(value, 'w')", "open(value, 'a')", "open(value, 'xb')"),
)


def _function(old: str) -> str:
    """The row of an expression: of the call that is at its core."""
    names = [name for name in re.findall(r"[\w.]+(?=\()", old)]
    return {"open": "builtins.open"}.get(names[0], names[0])


MAPPINGS = tuple(
    Mapping(old, _function(old), writes) for group, writes in ((READING, False), (WRITING, True)) for old in group
)
BY_EXPRESSION = {mapping.old: mapping for mapping in MAPPINGS}


class Kind(Enum):
    """What is not the same."""

    VALUE = "value"
    """The value, or the files afterwards."""
    FAILS = "fails"
    """One raises, the other does not."""
    ERROR = "error"
    """Both raise, but other classes."""
    TEXT = "text"
    """Both raise the same class; the text says something else."""


@dataclass(frozen=True)
class Difference:
    """An expression and its counterpart that do not do the same for some value."""

    mapping: Mapping
    kind: Kind
    old: Outcome
    new: Outcome
    value: object

    def is_explained(self, found: Hazard) -> bool:
        """Whether the rewrite is known not to be safe for such a value.

        Args:
            found: the peculiarities of the value.
        """
        if self.kind is Kind.TEXT:
            return bool(found & (TEXT | self.mapping.errors))
        noticed = self.mapping.noticed | (self.mapping.errors if self.kind is Kind.ERROR else NONE)
        return bool(found & noticed)


def compare(mapping: Mapping, tree: Tree, value: object, home: Path | None = None) -> Difference | None:
    """Run an expression and its counterpart.

    Args:
        mapping: the two.
        tree: one that is built; it is built anew for each of the two if they write.
        value: the path in question.
        home: the working folder of those that only read, if it is not the tree.

    Returns:
        None if all is the same.
    """
    if mapping.writes:
        old, before = _fresh(mapping.old, tree, value)
        new, after = _fresh(mapping.new, tree, value)
    else:
        with working_in(home or tree.root):
            old, new = outcome(mapping.old, value), outcome(mapping.new, value)
        before = after = None
    kind = None
    if before != after:
        kind = Kind.VALUE
    elif old.error is not new.error:
        kind = Kind.ERROR if old.error and new.error else Kind.FAILS
    elif not old.error and not same_value(mapping.gives, old.value, new.value):
        kind = Kind.VALUE
    elif old.message != new.message:
        kind = Kind.TEXT
    return Difference(mapping, kind, old, new, value) if kind else None


def _fresh(code: str, tree: Tree, value: object) -> tuple[Outcome, dict[str, object]]:
    assert tree.is_inside(value), value
    tree.build()
    with working_in(tree.root):
        found = outcome(code, value)
    return found, tree.state()


def hazards_of(value: object, tree: Tree, home: Path | None = None) -> Hazard:
    """The peculiarities that a value has, those of the file system too, as it is in a tree.

    Args:
        value: a text or a path.
        tree: where it is looked for.
        home: the working folder, if it is another.
    """
    text = os.fsdecode(value) if isinstance(value, (bytes, os.PathLike)) else value
    if not isinstance(text, str):
        return NONE
    found = hazards.of_text(text) & ~(Hazard.HIDDEN | Hazard.CLOSED | Hazard.LINKED)
    with working_in(home or tree.root):
        try:
            path = Path(text)
            # Of "missing/../link" the system knows nothing, and os.path.realpath() looks at the link all the same.
            plain = Path(os.path.normpath(text))
            if any(map(os.path.islink, (path, *path.parents, plain, *plain.parents))):
                found |= Hazard.LINKED
            with unprivileged():
                os.stat(Path(text))
        except PermissionError:
            found |= Hazard.HIDDEN
        except (OSError, ValueError):
            pass
    return found


def differing(mapping: Mapping, tree: Tree, samples: Mapping_[str, tuple[object, ...]]) -> dict[Kind, list[str]]:
    """The kinds of values on which an expression and its counterpart differ.

    Args:
        mapping: the two.
        tree: one that is built.
        samples: values by their kind; ``@`` at the start of a text stands for the tree.

    Returns:
        For each kind of difference, those of which some value shows it, in the order of the samples.
    """
    found: dict[Kind, list[str]] = {kind: [] for kind in Kind}
    for name, values in samples.items():
        kinds = set()
        for value in values:
            given = placed(value, tree)
            if not mapping.writes or tree.is_inside(given):
                difference = compare(mapping, tree, given)
                kinds |= {difference.kind} if difference else set()
        for kind in kinds:
            found[kind].append(name)
    return found


def placed(value: object, tree: Tree) -> object:
    """A sample as it is given: with the folder in the place of an ``@`` at its start.

    Args:
        value: any.
        tree: the tree it is for.
    """
    return value.replace("@", str(tree.root), 1) if isinstance(value, str) and value.startswith("@") else value
