"""Findings of a linter that a rewrite does not cause: what was there before and is seen only now, and why."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pymodernize.rewriting.breaking import broken, columns

IN_FUNCTIONS = frozenset({"F841", "RET501", "RET502", "RET503", "RET504", "RET507", "RET508"})
"""Rules of what stands in a function: a line of the module's body had the same fault."""
BELOW_AN_EXIT = frozenset({"RET505", "RET506"})
OF_INDENTATION = frozenset({"E101", "W191"})
_ENDS = re.compile(r"\s*(?:(?:sys\.)?(?:exit|quit)\(|raise SystemExit|os\._exit\()")
_TEXT = re.compile(r"""\s*(?:#|[rbuf]{0,2}["'])""", re.IGNORECASE)


@dataclass(frozen=True)
class Lines:
    """A file before and after a rewrite, line by line.

    Attributes:
        before: the file as it was.
        after: the file as it is.
        width: the most columns of a line.
    """

    before: Sequence[str]
    after: Sequence[str]
    width: int

    def reason(self, rule: str, number: int) -> str:
        """Why a finding is not the rewrite's; empty if it is.

        Args:
            rule: the code of the rule.
            number: the line of the rewritten file, from 1.
        """
        line = self.after[number - 1]
        there = any(item.strip() == line.strip() for item in self.before)
        if rule in IN_FUNCTIONS and there:
            return "was there before: looked for in functions only"
        if rule in BELOW_AN_EXIT and there and any(_ENDS.match(item) for item in self.before):
            return "was there before: an else below an exit, which is a return now"
        if rule in OF_INDENTATION and any(item.startswith("\t") for item in self.before):
            return "was there before: tabs, with or without blanks"
        if rule == "TRY400":
            return "a message that the script showed without a traceback"
        if rule == "E501" and there and self._is_unbreakable(line):
            return "a comment, a text, or a line that cannot be broken by itself"
        if rule == "E501" and self._keeps_to_no_length():
            return "the file had lines that are too long and could be broken: it keeps to no length"
        return ""

    def _is_unbreakable(self, line: str) -> bool:
        return _TEXT.match(line) is not None or "#" in line or broken(line, self.width, "    ") is None

    def _keeps_to_no_length(self) -> bool:
        """Whether the file had a line that is too long and could have been broken, by the rule of the product."""
        return any(columns(item) > self.width and not self._is_unbreakable(item) for item in self.before)
