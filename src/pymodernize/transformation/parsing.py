"""Why a file cannot be worked on as Python 3, in a line for a person."""

from __future__ import annotations

import re

from pymodernize.source import SourceFile

# What the parser says of Python 2 code, and how lines of it look where it says something general.
_MESSAGES = (
    "Missing parentheses in call to",
    "Function parameters cannot be parenthesized",
    "Lambda expression parameters cannot be parenthesized",
)
_LINES = re.compile(
    r"""(?:^|[;:])\s*(?:print\s+(?!(?:and|or|in|is|not|if|else|for)\b)["'\w`{\[~-]|print\s*>>|exec\s+["'\w])
    |\bexcept\b\s*(?:[\w.]+|\([^()]*\))\s*,\s*(?:[\w.\[\]]+|\([^()]*\))\s*:
    |\braise\s+[\w.]+(?:\([^()]*\))?\s*,
    |<>|`[^`]+`|\b[uU][rR]["']
    |(?<![\w.])(?:0[0-7]+[lL]?(?![\w.])|(?:\d+|0[xX][\da-fA-F]+)[lL]\b)
    |\b(?:def\s+\w+\s*\(|lambda\b)(?:[^()=:]*,)?\s*\([^()=]*\)\s*[,):=]""",
    re.VERBOSE,
)
# Literals keep their prefix and quotes, comments go: what stands in either is no code. One that has no end ends here.
_TEXT = re.compile(
    r"""("{3}|'{3}).*?(?:\1|$)|"(?:\\.|[^"\\])*(?:"|\\?$)|'(?:\\.|[^'\\])*(?:'|\\?$)|\#.*""",
    re.VERBOSE,
)
_MOST = 500
"""Characters; what more a line has is not looked at, since some of what is looked for takes the square of them."""

MOST_WORDS = 130_000
"""Names, numbers and words of comments and texts that a file may have: a tree takes up to 3 kB for each.

The largest file of the standard library has 76,000.
"""
_WORD = re.compile(rb"\w+")

_PYTHON_2 = re.compile(rb"#!.*\bpython2[\d.]*\b")

_TOO_DEEP = ("too many nested parentheses", "too many levels of indentation", "too complex")


def has_too_many_words(file: SourceFile) -> bool:
    """Whether the tree of a file may take more memory than the largest file may."""
    return len(file.data) > 2 * MOST_WORDS and sum(1 for _ in _WORD.finditer(file.data)) > MOST_WORDS


def asks_for_python_2(file: SourceFile) -> bool:
    """Whether a file's first line has Python 2 run it: what it parses as is another question."""
    return _PYTHON_2.match(file.line(1)[:_MOST]) is not None


def is_too_deep(error: BaseException) -> bool:
    """Whether :func:`ast.parse` refused a file for how its code is nested, which may be Python all the same."""
    deep = isinstance(error, SyntaxError) and any(reason in (error.msg or "") for reason in _TOO_DEEP)
    return deep or isinstance(error, (RecursionError, MemoryError))


def parse_problem(error: BaseException, file: SourceFile) -> str:
    """Say what is wrong with a file that :func:`ast.parse` refused."""
    if is_too_deep(error):
        return "is nested too deeply to be parsed"
    if not isinstance(error, SyntaxError):
        return f"does not parse: {error}"
    line = error.lineno or 1
    if _is_python2(error, file, line):
        return f"looks like Python 2, line {line}"
    return f"does not parse: {error.msg}, line {line}"


def _is_python2(error: SyntaxError, file: SourceFile, line: int) -> bool:
    if (error.msg or "").startswith(_MESSAGES):
        return True
    if line > len(file.line_starts):
        return False
    text = file.line(line)[:_MOST].decode("utf-8", "ignore").rstrip()
    return bool(_LINES.search(_TEXT.sub(lambda match: match.group()[:1].strip("#") * 2, text)))
