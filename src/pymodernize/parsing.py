"""Why a file does not parse, in a line for a person."""

from __future__ import annotations

import re

from pymodernize.source import SourceFile

# What the parser says of Python 2 code, and how lines of it look where it says something general.
_MESSAGES = (
    "Missing parentheses in call to",
    "multiple exception types must be parenthesized",
)
_LINES = re.compile(
    r"""^\s*(?:print\s+[^\s(=.,:)\]]|print\s*>>|exec\s+["'\w])   # statements that became functions
    |\bexcept\s+[\w.]+\s*,\s*\w+\s*:|\bexcept\s*\([^)]*\)\s*,\s*\w+\s*:
    |^\s*raise\s+[\w.]+\s*,
    |<>|`[^`]+`|\b0[0-7]+\b|\b\d+[lL]\b|\b[uU][rR]["']
    |^\s*def\s+\w+\s*\([^)]*\([^)]*\)""",
    re.VERBOSE,
)


def parse_problem(error: BaseException, file: SourceFile) -> str:
    """Say what is wrong with a file that :func:`ast.parse` refused."""
    if isinstance(error, (RecursionError, MemoryError)):
        return "is nested too deeply to be parsed"
    if not isinstance(error, SyntaxError):
        return f"does not parse: {error}"
    if "too many nested parentheses" in (error.msg or "") or "too complex" in (error.msg or ""):
        return "is nested too deeply to be parsed"
    line = error.lineno or 1
    if _is_python2(error, file, line):
        return f"looks like Python 2, line {line}"
    return f"does not parse: {error.msg}, line {line}"


def _is_python2(error: SyntaxError, file: SourceFile, line: int) -> bool:
    if line > len(file.line_starts):
        return False
    text = file.line(line).decode("utf-8")
    if (error.msg or "").startswith(_MESSAGES):
        return True
    return bool(_LINES.search(text)) and not text.lstrip().startswith("#")
