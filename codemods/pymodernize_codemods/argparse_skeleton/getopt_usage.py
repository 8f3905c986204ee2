"""What a script's own usage text says of its options."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pymodernize.semantics.module import Module
from pymodernize_codemods._script.remaining_arguments import Word, usage_words
from pymodernize_codemods._script.saying import is_said
from pymodernize_codemods.argparse_skeleton.optparse_text import known_text
from pymodernize_codemods.argparse_skeleton.usage import LONGEST_LINE

_OPTION_LINE = re.compile(
    r"""\s*(?P<flags>--?[\w?][\w-]*(?:[\ =](?P<first><?[A-Z][\w-]*>?))?
        (?:\s*[,/|]\s*--?\w[\w-]*(?:[\ =](?P<second><?[A-Za-z][\w-]*>?))?)*)
        (?:\s+--?\s+|\s{2,}|\t+|\s*:\s+)(?P<help>\S.*)""",
    re.VERBOSE,
)
_FLAG = re.compile(r"(?<![\w-])--?[\w?][\w-]*")
_IN_USAGE = re.compile(r"\[?(?<![\w-])(-\w|--[\w-]+)[ =](<?[A-Z][\w-]*>?)\]?")
_CALL_LINE = re.compile(r"(?:.*?:)?\s*(?:\x00|\S+\.py|%prog)\s+(\S.*)")
_SPEC = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?([a-zA-Z%])")
_HIDDEN = "\x00"
_MARK = re.compile("\x01(\\w+)\x01")


@dataclass
class UsageText:
    """What the lines say.

    Attributes:
        helps: the help of options by flag.
        metavars: the names of values by flag.
        words: the positional arguments of the line that shows a call.
    """

    helps: dict[str, str] = field(default_factory=dict)
    metavars: dict[str, str] = field(default_factory=dict)
    words: list[Word] | None = None

    def help_of(self, flags: Sequence[str], variable: str) -> str:
        """The help for an option, as argparse formats it; empty if there is none.

        Args:
            flags: the option's.
            variable: the variable that it sets; where the text shows its value, that is the default.
        """
        text = next((self.helps[flag] for flag in flags if flag in self.helps), "")
        text = _MARK.sub(lambda match: "\x02" if match[1] == variable else _HIDDEN, text)
        if _HIDDEN in text:
            return ""
        return text.replace("%", "%%").replace("\x02", "%(default)s").rstrip()

    def metavar_of(self, flags: Sequence[str]) -> str:
        """What the text calls an option's value; empty if it does not say."""
        return next((self.metavars[flag] for flag in flags if flag in self.metavars), "").strip("<>")


def read_usage_text(module: Module, printing: Sequence[ast.stmt], texts: Sequence[str]) -> UsageText:
    """Read the usage text of a script.

    Args:
        module: the module.
        printing: the statements that print it, functions among them.
        texts: further texts, such as the docstring.
    """
    found = UsageText()
    lines = [line for statement in printing for text in _printed(module, statement) for line in text.splitlines()]
    for line in [*lines, *(line for text in texts for line in text.splitlines())]:
        match = _OPTION_LINE.fullmatch(line.rstrip())
        if match is not None:
            for flag in _FLAG.findall(match["flags"]):
                found.helps.setdefault(flag, match["help"])
                metavar = match["first"] or match["second"]
                if metavar:
                    found.metavars.setdefault(flag, metavar)
            continue
        call = _CALL_LINE.fullmatch(line) if len(line) <= LONGEST_LINE else None
        if call is not None and found.words is None:
            for flag, metavar in _IN_USAGE.findall(call[1]):
                found.metavars.setdefault(flag, metavar)
            found.words = usage_words(f"%prog {call[1]}")
    return found


def _printed(module: Module, statement: ast.stmt) -> Iterator[str]:
    """The texts that a statement prints."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Call) and node.args:
            if is_said(module, node):
                yield " ".join(_text(module, arg) for arg in node.args)


def _text(module: Module, expr: ast.expr) -> str:
    """The text of an expression, with a sign for what is not known and the names of variables between signs."""
    match expr:
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _text(module, left) + _text(module, right)
        case ast.BinOp(left=ast.Constant(value=str(template)), op=ast.Mod(), right=values):
            parts = list(values.elts) if isinstance(values, ast.Tuple) else [values]
            return _SPEC.sub(lambda match: "%" if match[1] == "%" else _part(module, parts), template)
        case ast.JoinedStr(values=values):
            shown = (item.value if isinstance(item, ast.FormattedValue) else item for item in values)
            return "".join(_part(module, [item]) for item in shown)
    text = known_text(module, expr)
    return text if text is not None else _HIDDEN


def _part(module: Module, parts: list[ast.expr]) -> str:
    if not parts:
        return _HIDDEN
    part = parts.pop(0)
    if isinstance(part, ast.Name) and known_text(module, part) is None:
        return f"\x01{part.id}\x01"
    return _text(module, part)
