"""The level of a message, from its words and its place.

The tables hold what scripts really print. A row earlier in a table of
exceptions wins over the words: "0 errors" is no error.
"""

from __future__ import annotations

import re

# Phrases that hold an alarming word and mean that all is well, or only count.
HARMLESS = (
    r"\bno (?:\w+ )?(?:errors?|warnings?|failures?|problems?|exceptions?)\b",
    r"\b0 (?:\w+ )?(?:errors?|warnings?|failures?|failed|problems?|exceptions?)\b",
    r"\bwithout (?:any )?(?:errors?|warnings?|failures?|problems?)\b",
    r"%[-#0 +]*\d*[di] (?:\w+ )?(?:errors?|warnings?|failures?|failed|problems?|invalid|missing|skipped|duplicates?)\b",
    r"\b(?:errors?|failures?|failed|warnings?|skipped|invalid|missing|duplicates?)\s*[:=]\s*(?:%[-#0 +]*\d*[di]|0\b)",
    r"\berror[- ](?:rate|margin|bars?|codes?|count|handling|log)\b",
    r"\b(?:fixed|ignoring|handled|recovered from) (?:\w+ )?errors?\b",
    r"\bwarning level\b",
    r"\bmissing values?\b",
    r"\bfatal(?:ity|ities)\b",
)
CRITICAL = (r"\bcritical\b", r"\bfatal\b", r"\bpanic\b", r"\bemergency\b")
ERROR = (
    r"\berrors?\b",
    r"\berr:",
    r"\bexceptions?\b",
    r"\bfail(?:s|ed|ure|ures)?\b",
    r"\bcannot\b",
    r"\bcan't\b",
    r"\bcould ?n(?:o|')t\b",
    r"\bcould not\b",
    r"\bcan not\b",
    r"\bunable to\b",
    r"\binvalid\b",
    r"\billegal\b",
    r"\bnot found\b",
    r"\bno such\b",
    r"\bdoes(?: not|n't) exist\b",
    r"\bdo not exist\b",
    r"\bnot (?:a )?valid\b",
    r"\bmissing\b",
    r"\bdenied\b",
    r"\brefused\b",
    r"\babort(?:ed|ing)?\b",
    r"\bcorrupt(?:ed)?\b",
    r"\bunexpected(?:ly)?\b",
    r"\bunknown (?:command|option|argument|action|mode|type|format)\b",
    r"\btraceback\b",
    r"\bcrash(?:ed)?\b",
    r"\bbroken\b",
    r"\bmust (?:be|specify|provide|give|supply)\b",
    r"\bplease install\b",
    r"\bgiving up\b",
    r"\bwrong\b",
    r"\bbad (?:line|value|record|input|argument|option|number|data|request)\b",
    r"\bfehler\b",
    r"\bfehlgeschlagen\b",
    r"\berreur\b",
)
WARNING = (
    r"\bwarn(?:ing|ings)?\b",
    r"\bdeprecated\b",
    r"\bcaution\b",
    r"\battention\b",
    r"\bskip(?:ped|ping|s)?\b",
    r"\bignor(?:ed|ing|es|e)\b",
    r"\bretry(?:ing)?\b",
    r"\bretries\b",
    r"\btry(?:ing)? again\b",
    r"\btimed? ?out\b",
    r"\balready exists?\b",
    r"\boverwrit(?:e|ing|ten)\b",
    r"\bfall(?:ing)? ?back\b",
    r"\bnot supported\b",
    r"\bduplicates?\b",
    r"\bsuspicious\b",
    r"\bwarnung\b",
    r"\bachtung\b",
)
DEBUG = (r"^\W*debug\b", r"\bdebug(?:ging)?\s*:", r"\[debug\]", r"^\W*trace\b\s*:", r"^\W*(?:dbg|xxx|here)\b\W*$")

LEVELS = ("debug", "info", "warning", "error", "critical")


def _any(patterns: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_HARMLESS, _CRITICAL, _ERROR, _WARNING, _DEBUG = map(_any, (HARMLESS, CRITICAL, ERROR, WARNING, DEBUG))
_PLACEHOLDER = re.compile(r"%[-#0 +]*\d*(?:\.\d+)?[a-zA-Z]")
_WORDS = re.compile(r"[^\W\d_]{2}")
_PREFIX = re.compile(r"^\W*(debug|info|notice|warn(?:ing)?|error|critical|fatal)\b\s*[:\]\-]", re.IGNORECASE)
_BY_PREFIX = {"notice": "info", "warn": "warning", "fatal": "critical"}


def level_of(
    text: str, *, in_handler: bool = False, to_stderr: bool = False, before_exit: bool = False, in_debug: bool = False
) -> str:
    """The name of the logging method for a message.

    Args:
        text: the literal text of the message, with placeholders.
        in_handler: whether it is printed in an ``except`` handler.
        to_stderr: whether it goes to standard error.
        before_exit: whether the next thing is to leave with a non-zero status.
        in_debug: whether it is printed only if a debugging or verbose switch is on.
    """
    if prefix := _PREFIX.match(text):
        word = prefix.group(1).lower()
        return _BY_PREFIX.get(word, word)
    if not _WORDS.search(_PLACEHOLDER.sub("", text)):
        # A rule of dashes says nothing, wherever it stands; a bare value in a handler is what went wrong.
        return "error" if in_handler and _PLACEHOLDER.search(text) else "info"
    plain = _HARMLESS.sub(" ", text)
    if _DEBUG.search(plain):
        return "debug"
    for pattern, level in ((_CRITICAL, "critical"), (_ERROR, "error"), (_WARNING, "warning")):
        if pattern.search(plain):
            return level
    if in_debug:
        return "debug"
    if in_handler or before_exit:
        return "error" if before_exit or plain == text else "info"
    return "warning" if to_stderr and plain == text and not _is_progress(text) else "info"


_DONE = re.compile(
    r"\b(?:done|finished|complete[d]?|started|starting|reading|writing|wrote|loaded|ok)\b", re.IGNORECASE
)


def _is_progress(text: str) -> bool:
    """Whether a message on standard error only says how far the script is."""
    return bool(_DONE.search(text)) or text.lower().lstrip().startswith("usage")
