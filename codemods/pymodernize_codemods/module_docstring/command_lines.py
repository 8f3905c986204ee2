"""The command line that a script's parser takes, as usage and as examples."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.module import Module

_PARSER = "argparse.ArgumentParser"
_TAKES_NONE = frozenset({"store_true", "store_false", "store_const", "append_const", "count", "help", "version"})
_KEYWORDS = frozenset("action nargs const default type choices required help metavar dest version".split())
WIDTH = 79
"""A usage that is longer goes on in the next line; the limit of PEP 8."""


@dataclass(frozen=True)
class Option:
    """One argument of a parser.

    Attributes:
        flags: its spellings; none for a positional one.
        shown: how its values are written in a usage, empty if it takes none.
        required: whether it must be given.
        value: a value that it certainly takes, None if none is known.
        is_exit: whether it ends the script, as ``--version`` does.
        is_named: whether its values have names of their own, or are given.
    """

    flags: tuple[str, ...]
    shown: str
    required: bool
    value: str | None
    is_exit: bool = False
    is_named: bool = False

    @property
    def is_described(self) -> bool:
        """Whether it is an argument by its place, and somebody has said how its value is written."""
        return not self.flags and self.is_named

    @property
    def usage(self) -> str:
        """The argument as a usage shows it."""
        if not self.flags:
            return self.shown
        text = f"{self.flags[0]} {self.shown}".rstrip()
        return text if self.required else f"[{text}]"


@dataclass(frozen=True)
class CommandLine:
    """What a script takes.

    Attributes:
        description: the text that the parser was given for its help; empty if none, or if that is not plain.
        options: the arguments in the order of the parser.
    """

    description: str
    options: tuple[Option, ...]

    def usage(self, program: str) -> list[str]:
        """The lines of a usage: options, then what is positional.

        Args:
            program: the name by which the script is called.
        """
        words = [option.usage for option in sorted(self.options, key=lambda option: not option.flags)]
        lines = [program]
        for word in words:
            if len(lines[-1]) + 1 + len(word) > WIDTH - len("    "):
                lines.append(" " * len(program))
            lines[-1] += f" {word}"
        return lines

    def examples(self, program: str) -> list[str]:
        """Calls with arguments of which every word is known to be taken; none if the value of one is unknown.

        Args:
            program: the name by which the script is called.
        """
        positional = [option for option in self.options if not option.flags]
        needed = [option for option in self.options if option.required]
        if any(option.value is None for option in needed):
            return []
        call = " ".join(["python", program, *(_given(option) for option in needed if option.flags)])
        least = " ".join([call, *(_given(option) for option in positional if option.required)])
        found = [least]
        switch = next((item for item in self.options if item.flags and not item.required and not item.is_exit), None)
        if switch is not None and (switch.value is not None or not switch.shown):
            found.append(least.replace(call, f"{call} {_given(switch)}", 1))
        if any(not option.required for option in positional) and all(item.value is not None for item in positional):
            found.append(" ".join([call, *(_given(option) for option in positional)]))
        # The name alone shows nothing.
        return [example for example in found if example != f"python {program}"]


def _given(option: Option) -> str:
    flag = next((flag for flag in option.flags if flag.startswith("--")), *option.flags[:1]) if option.flags else ""
    return f"{flag} {option.value or ''}".strip() if option.shown else flag


def command_line(module: Module) -> CommandLine | None:
    """The command line of the one parser that a module builds of what is written there.

    Args:
        module: the module.

    Returns:
        None if there is no parser, if there are several, or if something is
        added to it that cannot be read: subcommands, groups that exclude each
        other, arguments in a loop.
    """
    if _PARSER.rpartition(".")[2].encode() not in module.source.data:
        return None
    calls = module.calls(_PARSER)
    statement = module.parent(calls[0]) if len(calls) == 1 else None
    if not isinstance(statement, ast.Assign) or len(statement.targets) != 1:
        return None
    target = statement.targets[0]
    if not isinstance(target, ast.Name):
        return None
    block = module.block(statement)
    added: list[Option] = []
    for item in block[block.index(statement) + 1 :]:
        if not _adds(item, target.id):
            if any(_names_method(node, target.id) for node in own_nodes(item)):
                return None
            continue
        option = _option(item.value)  # type: ignore[attr-defined]
        if option is None:
            return None
        added.append(option)
    return CommandLine(_description(calls[0]), tuple(added))


def _adds(statement: ast.stmt, parser: str) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(call, ast.Call) and _is_method(call.func, parser, "add_argument")


def _is_method(expr: ast.expr, parser: str, method: str) -> bool:
    named = isinstance(expr, ast.Attribute) and isinstance(expr.value, ast.Name) and expr.value.id == parser
    return named and isinstance(expr, ast.Attribute) and expr.attr == method


def _names_method(node: ast.AST, parser: str) -> bool:
    """Whether something else is done that changes what a parser takes."""
    named = isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == parser
    return named and isinstance(node, ast.Attribute) and node.attr.startswith(("add_", "set_", "register"))


def _description(call: ast.Call) -> str:
    for keyword in call.keywords:
        if keyword.arg == "description" and isinstance(keyword.value, ast.Constant):
            return keyword.value.value if isinstance(keyword.value.value, str) else ""
    return ""


def _option(call: ast.Call) -> Option | None:
    """One ``add_argument``, None if it is not all literal where that counts."""
    names = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    if len(names) != len(call.args) or not keywords.keys() <= _KEYWORDS or not (names or "dest" in keywords):
        return None
    settings = {key: _literal(value) for key, value in keywords.items() if key}
    if settings.get("help") is _SUPPRESSED or any(settings.get(key) is _UNKNOWN for key in ("action", "nargs")):
        return None
    flags = tuple(name for name in names if name.startswith("-"))
    action = settings.get("action", "store")
    takes = action not in _TAKES_NONE
    shown = _shown(names, settings) if takes or not flags else ""
    required = settings.get("required") is True if flags else settings.get("nargs") not in ("?", "*")
    value = _value(settings) if takes else None
    named = isinstance(settings.get("metavar"), str) or "choices" in settings
    return Option(flags, shown, required, value, action in ("help", "version"), named)


class _Unreadable:
    """A setting that is computed."""


_UNKNOWN, _SUPPRESSED = _Unreadable(), _Unreadable()


def _literal(expr: ast.expr) -> object:
    if isinstance(expr, ast.Attribute) and expr.attr == "SUPPRESS":
        return _SUPPRESSED
    try:
        return ast.literal_eval(expr)
    except ValueError:
        return _UNKNOWN


def _shown(names: Sequence[str], settings: dict[str, object]) -> str:
    """How the values are written, by the rules of argparse's own formatter."""
    metavar, choices, dest = (settings.get(key) for key in ("metavar", "choices", "dest"))
    long = [name for name in names if name.startswith("--")] or list(names)
    plain = str(dest) if isinstance(dest, str) else long[0].lstrip("-").replace("-", "_")
    name = plain if not names or not names[0].startswith("-") else plain.upper()
    if isinstance(choices, (list, tuple)):
        name = "{" + ",".join(map(str, choices)) + "}"
    name = metavar if isinstance(metavar, str) else name
    nargs = settings.get("nargs")
    if isinstance(nargs, int):
        return " ".join([name] * nargs)
    shapes = {"?": f"[{name}]", "*": f"[{name} ...]", "+": f"{name} [{name} ...]"}
    return shapes.get(str(nargs), name)


def _value(settings: dict[str, object]) -> str | None:
    """A value that is certain to be taken: one of the choices, or the default; only what a shell takes as it is."""
    choices, default = settings.get("choices"), settings.get("default")
    candidates = choices if isinstance(choices, (list, tuple)) else [default]
    for item in candidates:
        text = str(item) if isinstance(item, (str, int, float)) and not isinstance(item, bool) else ""
        if text and not isinstance(settings.get("nargs"), int) and _is_plain(text):
            return text
    return None


def _is_plain(text: str) -> bool:
    return not text.startswith("-") and all(letter.isalnum() or letter in "._/:-+,@" for letter in text)
