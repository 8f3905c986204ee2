"""Facts from a file's bytes, without parsing: its imports, and whether it may redirect streams or load modules."""

from __future__ import annotations

import codecs
import itertools
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class ImportedModule:
    """One import statement's target, as written."""

    module: str
    level: int = 0
    names: tuple[str, ...] | None = None
    """The names after ``from ... import``; None for a plain ``import``."""

    @property
    def weight(self) -> int:
        """Its size in memory, as a number of names of ordinary length."""
        names = (self.module, *(self.names or ()))
        return len(names) + sum(map(len, names)) // 100


# The start of a statement, and its tokens. None of these patterns backtracks.
_KEYWORD = re.compile(rb"(?<![\w\x80-\xff])(?:import|from)(?![\w\x80-\xff])")
_BLANKS = re.compile(rb"(?:[ \t\f\r]|\\\r?\n)*")
_BLANKS_IN_BRACKETS = re.compile(rb"(?:[ \t\f\r\n\\]|#[^\n]*)*")
_TOKEN = re.compile(rb"[\w\x80-\xff]+|[^\w\s#;]")
_WORD_BYTES = bytes(byte for byte in range(256) if byte >= 128 or chr(byte).isalnum() or byte == ord("_"))
# Most files have none of these words; a search for each is faster than one pattern for all.
_NAMING = (b"import_module", b"__import__", b"run_module", b"find_spec")
_BY_NAME = re.compile(rb"(?:" + b"|".join(_NAMING) + rb")\s*\(\s*(?:\w+\s*=\s*)?[rbuRBU]*[\"']([\w.\x80-\xff]+)[\"']")
_FILING = (b"exec", b"execfile", b"run_path", b"spec_from_file_location", b"SourceFileLoader")
_FILED = re.compile(rb"(?:" + b"|".join(_FILING) + rb")\s*\(")
_ENDINGS = (b'.py"', b".py'")
MOST_NAMES = 10_000
"""The most imported names of one file; a file with more counts as one that may import anything."""
MOST_PARTS = 100
"""The most parts of a dotted name; further ones are dropped, as each means a search for a folder."""


class TooManyImports(Exception):
    """A file imports more than :data:`MOST_NAMES` names."""


def scan_imports(source: bytes) -> frozenset[ImportedModule]:
    """The imports that a file's bytes may contain, found without parsing.

    An over-approximation: an import in a string counts, and so does a module
    that is run by its file name.

    Raises:
        TooManyImports: there are too many.
    """
    source = source.removeprefix(codecs.BOM_UTF8)
    if b"import" not in source and b"exec" not in source and b"run_path" not in source:
        return frozenset()
    found: set[ImportedModule] = set()
    names = 0
    for item in _all_imports(source):
        if item not in found:
            found.add(item)
            names += item.weight
        if names > MOST_NAMES:
            raise TooManyImports
    return frozenset(found)


def _all_imports(source: bytes) -> Iterator[ImportedModule]:
    yield from _statements(source)
    if any(word in source for word in _NAMING):
        yield from (_imported(_decoded(match.group(1))) for match in _BY_NAME.finditer(source))
    if any(word in source for word in _FILING):
        yield from (_imported(_decoded(name)) for name in _file_names(source))


def _statements(source: bytes) -> Iterator[ImportedModule]:
    """The imports of all statements, and of texts that look like one."""
    done = 0
    for match in _KEYWORD.finditer(source):
        start = match.start()
        if start < done or not _begins_statement(source, start):
            continue
        reader = _Reader(source, match.end())
        if match.group() == b"import":
            yield from (_imported(name) for name in reader.names())
        else:
            origin = reader.dotted()
            if reader.word(b"import"):
                level = len(origin) - len(origin.lstrip("."))
                names = tuple(itertools.islice(reader.names(), MOST_NAMES + 1))
                yield _imported(origin.lstrip("."), level, names or ("*",))
        done = reader.position


def _begins_statement(source: bytes, start: int) -> bool:
    """Whether nothing but blanks stands between an offset and the start of its line, a semicolon or a colon."""
    while start and source[start - 1] in b" \t\f":
        start -= 1
    return not start or source[start - 1] in b"\n;:"


class _Reader:
    """Reads the tokens of an import statement, one after the other.

    Args:
        source: the file's bytes.
        position: where to begin.
    """

    def __init__(self, source: bytes, position: int) -> None:
        self.source = source
        self.position = position
        self.blanks = _BLANKS

    def token(self) -> bytes:
        """The next token, without consuming it; empty at the end of the statement."""
        # The position moves behind the blanks, so that these are not scanned again.
        blanks = self.blanks.match(self.source, self.position)
        self.position = blanks.end() if blanks is not None else self.position
        found = _TOKEN.match(self.source, self.position)
        return found.group() if found is not None else b""

    def word(self, wanted: bytes) -> bool:
        """Consume the next token if it is the given one; returns whether it is."""
        if self.token() != wanted:
            return False
        self.position += len(wanted)
        return True

    def dotted(self) -> str:
        """Consume a dotted name, with leading dots if there are some."""
        parts: list[bytes] = []
        while (token := self.token()) == b"." or parts[-1:] in ([], [b"."]) and _is_name(token):
            parts.append(token)
            self.position += len(token)
        return _decoded(b"".join(parts))

    def names(self) -> Iterator[str]:
        """Consume a list of names; yields them without their ``as`` parts, and none for a star."""
        if self.word(b"("):
            self.blanks = _BLANKS_IN_BRACKETS
        while name := self.dotted():
            yield name
            if self.word(b"as"):
                self.dotted()
            if not self.word(b","):
                break
        self.word(b")")


def _is_name(token: bytes) -> bool:
    return token != b"import" and token[-1:] in _WORD_BYTES and token != b""


def _file_names(source: bytes) -> Iterator[bytes]:
    """The names of Python files on a line behind a call that runs or loads a file."""
    position = 0
    while (match := _FILED.search(source, position)) is not None:
        end = source.find(b"\n", match.end())
        line = source[match.end() : end if end >= 0 else len(source)]
        position = match.end() + len(line)
        for ending in _ENDINGS:
            start = 0
            while (found := line.find(ending, start)) >= 0:
                name = line[start:found]
                yield name[len(name.rstrip(_WORD_BYTES)) :]
                start = found + len(ending)


def _imported(module: str, level: int = 0, names: tuple[str, ...] | None = None) -> ImportedModule:
    return _shared(".".join(module.split(".", MOST_PARTS)[:MOST_PARTS]), level, names)


@cache
def _shared(module: str, level: int, names: tuple[str, ...] | None) -> ImportedModule:
    """An import, cached so that equal ones of many files share one object."""
    return ImportedModule(module, level, names)


# Each begins with a literal, which makes the search fast.
_MEDDLING = tuple(
    re.compile(pattern)
    for pattern in (
        rb"sys\.std(?:out|err)[ \t]*=[^=]",
        rb"builtins\.print[ \t]*=[^=]",
        rb"setattr\([ \t]*(?:sys|builtins)\b",
        rb"dictConfig",
        rb"fileConfig",
        rb"logging\.config",
        rb"logging\.disable",
        rb"setLoggerClass",
        rb"setLogRecordFactory",
    )
)


def meddles(source: bytes) -> bool:
    """Whether a file's bytes may redirect the standard streams, or reconfigure logging for the whole process."""
    return any(pattern.search(source) for pattern in _MEDDLING) or _imports_disable(source)


_LOGGING_IMPORT = re.compile(rb"logging[ \t]+import\b")
_DISABLE = re.compile(rb"\bdisable\b")


def _imports_disable(source: bytes) -> bool:
    """Whether a line imports ``logging.disable``."""
    position = 0
    while (match := _LOGGING_IMPORT.search(source, position)) is not None:
        end = source.find(b"\n", match.end())
        position = end if end >= 0 else len(source)
        # The rest of the line is searched once, so that many imports in a line stay linear.
        if _DISABLE.search(source, match.end(), position):
            return True
    return False


_SHARING = re.compile(
    rb"\bos\.(?:system|fork|abort|_exit|exec\w+|spawn\w+|posix_spawn\w*)\(|\bpty\.|\bfrom (?:subprocess|os) import"
    rb"|\bsubprocess\.(?:call|check_call|run|Popen)\(|\bstdout\.buffer\b|\bctypes\b"
)


def shares_stdout(source: bytes) -> bool:
    """Whether a file's bytes may write to stdout while bypassing ``sys.stdout``, or start a process that does."""
    return _SHARING.search(source) is not None or starts_processes(source) > 0


# Functions that load a module by a computed name, or from a file.
_LOADERS = (
    b"import_module",
    b"__import__",
    b"run_path",
    b"run_module",
    b"exec_module",
    b"load_module",
    b"load_source",
    b"spec_from_file_location",
)
_LOADING = re.compile(rb"\b(?:" + b"|".join(_LOADERS) + rb")\(\s*(?![\"'][\w.]*[\"']\s*[,)])")
# Libraries that start processes, which import the main module and its imports again.
_STARTERS = (b"multiprocessing", b"ProcessPoolExecutor", b"joblib", b"billiard", b"loky")
_STARTING = re.compile(rb"\b(?:" + b"|".join(_STARTERS) + rb")\b")


def loads_by_value(source: bytes) -> int:
    """The line on which a file's bytes may load modules by computed names; 0 if there is none."""
    return _first_line(source, _LOADERS, _LOADING)


# A computed name with a dot in it, which is of a module in a package.
_DOTTED = re.compile(rb"[\"']\.[\"'][ \t]*\+|[\"']\w[\w.]*\.[\"'][ \t]*[+%]|[\"'][\w.{}]+\.(?:\{|%s)")


def loads_in_packages(source: bytes) -> bool:
    """Whether all modules that a file's bytes may load by computed names are in packages."""
    lines = [source[source.rfind(b"\n", 0, found.start()) + 1 :] for found in _LOADING.finditer(source)]
    return all(_DOTTED.search(line.partition(b"\n")[0]) for line in lines)


def starts_processes(source: bytes) -> int:
    """The line on which a file's bytes name a library that starts processes; 0 if there is none."""
    return _first_line(source, _STARTERS, _STARTING)


def _first_line(source: bytes, words: tuple[bytes, ...], pattern: re.Pattern[bytes]) -> int:
    """The first line, from 1, that matches outside of a comment; 0 if there is none."""
    if not any(word in source for word in words):
        return 0
    position = 0
    while (match := pattern.search(source, position)) is not None:
        before = source[source.rfind(b"\n", 0, match.start()) + 1 : match.start()]
        # A hash after a quote may be part of a text.
        if b"#" not in before.partition(b"'")[0].partition(b'"')[0]:
            return source.count(b"\n", 0, match.start()) + 1
        end = source.find(b"\n", match.start())  # the rest of the line is a comment, too
        position = end if end >= 0 else len(source)
    return 0


def _decoded(text: bytes) -> str:
    """A name as Python reads it, if the file is UTF-8; in any other encoding a guess."""
    return unicodedata.normalize("NFKC", text.decode("utf-8", "replace"))
