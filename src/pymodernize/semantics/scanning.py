"""What a file's bytes tell without parsing: its imports, whether it meddles with streams, what else it may load."""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class ImportedModule:
    """One import statement's target, as written."""

    module: str
    level: int = 0
    names: tuple[str, ...] | None = None
    """The names after ``from ... import``; None for a plain ``import``."""


_BLANK = rb"(?:[ \t\f]|\\\r?\n)"
_CONTINUED = rb"[^#\n;\\]*(?:\\\r?\n[^#\n;\\]*)*"
_STATEMENT = re.compile(
    rb"(?:^|[;:]|^\xef\xbb\xbf)" + _BLANK + rb"*(?:import" + _BLANK + rb"+(" + _CONTINUED + rb")"
    # The dots of a module's name may have blanks around them, and need none before ``import``.
    rb"|from(?=[ \t\f.\\])((?:"
    + _BLANK
    + rb"|[\w.\x80-\xff])+?)(?<![\w\x80-\xff])import(?=[ \t\f\\(*])"
    + _BLANK
    + rb"*"
    rb"(\((?:[^)#]|\#[^\n]*)*\)|" + _CONTINUED + rb"))",
    re.MULTILINE,
)
# Most files have none of these words; to look for each is quicker than for all at once.
_NAMING = (b"import_module", b"__import__", b"run_module", b"find_spec")
_BY_NAME = re.compile(rb"(?:" + b"|".join(_NAMING) + rb")\s*\(\s*(?:\w+\s*=\s*)?[rbuRBU]*[\"']([\w.\x80-\xff]+)[\"']")
_FILING = (b"exec", b"execfile", b"run_path", b"spec_from_file_location", b"SourceFileLoader")
_BY_FILE = re.compile(rb"(?:" + b"|".join(_FILING) + rb")\s*\([^\n]*?([\w\x80-\xff]+)\.py[\"']")
_COMMENT = re.compile(rb"#[^\n]*")
_AROUND_DOTS = re.compile(r"\s*\.\s*")
_BLANKS = re.compile(r"[\s\\]+")


def scan_imports(source: bytes) -> frozenset[ImportedModule]:
    """The imports that a file's bytes may contain, found without parsing.

    It errs on the side of too many: an import in a string counts, so does a
    module run by file name.
    """
    source = source.removeprefix(codecs.BOM_UTF8)
    if b"import" not in source and b"exec" not in source and b"run_path" not in source:
        return frozenset()
    found: set[ImportedModule] = set()
    for match in _STATEMENT.finditer(source):
        plain, origin, names = match.groups()
        if plain is not None:
            found |= {_imported(name) for name in _dotted_names(plain)}
        else:
            module = _BLANKS.sub("", _decoded(origin))
            level = len(module) - len(module.lstrip("."))
            found.add(_imported(module.lstrip("."), level, tuple(_dotted_names(names)) or ("*",)))
    for words, pattern in ((_NAMING, _BY_NAME), (_FILING, _BY_FILE)):
        if any(word in source for word in words):
            found |= {_imported(_decoded(match.group(1))) for match in pattern.finditer(source)}
    return frozenset(found)


@cache
def _imported(module: str, level: int = 0, names: tuple[str, ...] | None = None) -> ImportedModule:
    """One import; thousands of files have the same, and share it."""
    return ImportedModule(module, level, names)


# Each begins with a literal, by which the search is fast.
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
        rb"logging[ \t]+import[^\n]*\bdisable\b",
        rb"setLoggerClass",
        rb"setLogRecordFactory",
    )
)


def meddles(source: bytes) -> bool:
    """Whether a file's bytes redirect the standard streams, or reconfigure logging for everyone."""
    return any(pattern.search(source) for pattern in _MEDDLING)


_SHARING = re.compile(
    rb"\bos\.(?:system|fork|abort|_exit|exec\w+|spawn\w+|posix_spawn\w*)\(|\bpty\.|\bfrom (?:subprocess|os) import"
    rb"|\bsubprocess\.(?:call|check_call|run|Popen)\(|\bstdout\.buffer\b|\bctypes\b"
)


def shares_stdout(source: bytes) -> bool:
    """Whether a file's bytes may write to the standard output not by way of ``sys.stdout``, or start what does."""
    return _SHARING.search(source) is not None or starts_processes(source) > 0


# What loads a module by a name that is worked out, or from a file.
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
# What starts processes that import the main module anew, and with it what that imports.
_STARTERS = (b"multiprocessing", b"ProcessPoolExecutor", b"joblib", b"billiard", b"loky")
_STARTING = re.compile(rb"\b(?:" + b"|".join(_STARTERS) + rb")\b")


def loads_by_value(source: bytes) -> int:
    """The line on which a file's bytes may load modules whose names stand nowhere, 0 if there is none."""
    return _first_line(source, _LOADERS, _LOADING)


def starts_processes(source: bytes) -> int:
    """The line on which a file's bytes name what starts processes that import it again, 0 if there is none."""
    return _first_line(source, _STARTERS, _STARTING)


def _first_line(source: bytes, words: tuple[bytes, ...], pattern: re.Pattern[bytes]) -> int:
    """The first line, from 1, that matches outside of a comment; 0 if there is none."""
    if not any(word in source for word in words):
        return 0
    for match in pattern.finditer(source):
        before = source[source.rfind(b"\n", 0, match.start()) + 1 : match.start()]
        # A hash after a quote may be part of a text.
        if b"#" not in before.partition(b"'")[0].partition(b'"')[0]:
            return source.count(b"\n", 0, match.start()) + 1
    return 0


def _dotted_names(text: bytes) -> list[str]:
    """The imported names of a comma-separated list, without ``as`` parts."""
    plain = _decoded(_COMMENT.sub(b"", text)).replace("\\", " ").strip("() \t\r\n")
    parts = (_AROUND_DOTS.sub(".", part).split() for part in plain.split(","))
    return [words[0] for words in parts if words and words[0] != "*"]


def _decoded(text: bytes) -> str:
    """A name as Python reads it, if the file is UTF-8; in any other encoding a guess."""
    return unicodedata.normalize("NFKC", text.decode("utf-8", "replace"))
