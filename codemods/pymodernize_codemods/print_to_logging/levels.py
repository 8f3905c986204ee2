"""The level of a message: by its place first, then by the words that its text starts with."""

from __future__ import annotations

import re

# What a text may have in front of its first word: stars, brackets, a program's name is none of these.
_START = r"^[^\w%]*"
# A word that says by itself of what kind the message is: "WARNING: disk is full", "[error] no such host".
_LABEL = re.compile(
    _START + r"(?P<word>debug|info|note|notice|hint|warn(?:ing)?|caution|attention|deprecat(?:ed|ion)|err(?:or)?"
    r"|fail(?:ed|ure)?|fatal(?: error)?|critical|panic)\b(?:\s*[:!\])>]|\s+-+\s|\s*$)",
    re.IGNORECASE,
)
_LABELLED = {"warn": "warning", "caution": "warning", "attention": "warning", "fatal": "critical", "panic": "critical"}
_LABELLED |= {"warning": "warning", "critical": "critical", "err": "error", "fail": "error", "deprec": "warning"}
_WARNING = re.compile(_START + r"(?:warning|deprecated)\b(?! (?:level|count|sign|light))", re.IGNORECASE)
# What did not work, said in the first words.
_ERROR = re.compile(
    _START + r"(?:an? |the )?(?:(?:internal|unexpected|unknown|unhandled) (?:error|exception)\b"
    r"|error (?:while|when|in|on|at|from|reading|writing|opening|loading|parsing|%)|exception (?:while|in|occurred|%)"
    r"|errors? occurred|fail(?:ed|ure) (?:to|in|on|while)\b|failed [a-z]+ing\b|can ?not\b|can't\b|could ?n[o']t\b"
    r"|could not\b|unable to\b|traceback\b)",
    re.IGNORECASE,
)
_PLACEHOLDER = re.compile(r"%[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]")
_WORDS = re.compile(r"[^\W\d_]{2}")

LEVELS = ("info", "warning", "error", "critical")


def level_of(text: str, *, in_handler: bool = False, to_stderr: bool = False, before_exit: bool = False) -> str:
    """The name of the logging method for a message; what was printed is never below ``info``.

    Args:
        text: the literal text of the message, with placeholders.
        in_handler: whether it is printed in an ``except`` handler, for
            something that went wrong.
        to_stderr: whether it goes to standard error.
        before_exit: whether the next thing is to leave with a failure.
    """
    label = _LABEL.match(text)
    word = label["word"].lower() if label else ""
    named = next((level for start, level in _LABELLED.items() if word.startswith(start)), "info")
    if before_exit or in_handler:
        if not _WORDS.search(_PLACEHOLDER.sub("", text)) and not _PLACEHOLDER.search(text):
            return "info"  # an empty line or a rule of dashes says nothing, wherever it stands
        return "error" if not label or before_exit and named != "critical" else named
    if label:
        return named
    if _ERROR.match(text):
        return "error"
    return "warning" if to_stderr or _WARNING.match(text) else "info"
