"""A command line that a script turns out to have, and the function that reads it with argparse."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize.semantics.references import Reference, reference

_GENERIC_LIST = (3, 9)
"""The first Python whose list takes the type of its items in an annotation (PEP 585)."""


@dataclass(frozen=True)
class Argument:
    """One ``add_argument``.

    Attributes:
        names: the name of a positional one, or the flags of an option; without quotes.
        settings: keywords with the source of their values, in the order in
            which they are written.
    """

    names: tuple[str, ...]
    settings: tuple[tuple[str, str], ...] = ()

    @classmethod
    def option(cls, names: tuple[str, ...], destination: str, settings: Sequence[tuple[str, str]]) -> Argument:
        """An option, with ``dest`` where argparse would not derive the attribute from its flags."""
        derived = cls(names).destination == destination
        return cls(names, (*(() if derived else (("dest", quoted(destination)),)), *settings))

    @property
    def destination(self) -> str:
        """The attribute of the namespace that argparse gives it."""
        dest = next((source for key, source in self.settings if key == "dest"), None)
        if dest is not None:
            return str(ast.literal_eval(dest))
        long = [name for name in self.names if name.startswith("--")]
        return (long or list(self.names))[0].lstrip("-").replace("-", "_")

    @property
    def shown(self) -> str:
        """What help shows for a positional one."""
        return next((str(ast.literal_eval(source)) for key, source in self.settings if key == "metavar"), self.names[0])

    def source(self, parser: str, width: int) -> list[str]:
        """The statement, as lines without indentation.

        Args:
            parser: the expression for the parser.
            width: the most columns of a line.
        """
        names = [quoted(name) for name in self.names]
        return call_lines(
            f"{parser}.add_argument", [*names, *(f"{key}={value}" for key, value in self.settings)], width
        )


@dataclass(frozen=True)
class Parser:
    """A function that reads a command line.

    Attributes:
        name: what to call it.
        arguments: in the order in which they are added.
        settings: keywords of ``ArgumentParser`` with the source of their values.
        intermixed: whether options may stand between positional arguments of
            which there may be more or fewer.
        ignores_more: whether arguments that nobody reads are passed over.
    """

    name: str
    arguments: tuple[Argument, ...]
    settings: tuple[tuple[str, str], ...] = ()
    intermixed: bool = False
    ignores_more: bool = False

    def definition(self, module: Module, at: ast.AST, *, given: bool) -> tuple[str, tuple[Reference, ...]]:
        """The function's source, indented by four spaces, and what it needs of other modules.

        Args:
            module: the module that it is for.
            at: a node beside which it will stand.
            given: whether its caller hands it the arguments, instead of having it read those of the process.

        Raises:
            NameTaken: the file leaves no name for an import.
        """
        argparse = reference(module, "argparse", at)
        parameter = ""
        if given:
            parameter = "argv: list[str]" if module.target >= _GENERIC_LIST else "argv"
        width = module.facts.line_length
        settings = [f"{key}={value}" for key, value in self.settings]
        lines = [
            f"def {self.name}({parameter}) -> {argparse.expression}.Namespace:",
            f'    """Read the command line{"; ignore further arguments" if self.ignores_more else ""}."""',
            *_indented(call_lines(f"parser = {argparse.expression}.ArgumentParser", settings, width)),
        ]
        for argument in self.arguments:
            lines += _indented(argument.source("parser", width))
        known = "argv" if given else ""
        if self.ignores_more:
            lines.append(f"    return parser.parse_known_args({known})[0]")
        else:
            method = "parse_intermixed_args" if self.intermixed else "parse_args"
            lines.append(f"    return parser.{method}({known})")
        return "\n".join(lines), (argparse,)


def help_setting(text: str) -> tuple[tuple[str, str], ...]:
    """The setting for a text of the help, as argparse formats it; none for an empty one."""
    return (("help", quoted(text.replace("%", "%%"))),) if text else ()


def long_flag(name: str) -> str:
    """The flag of an option whose attribute has a name."""
    return f"--{name.replace('_', '-')}"


def sources(arguments: Iterable[Argument], keyword: str) -> list[str]:
    """What arguments have as one of their settings, of those that have it."""
    return [source for item in arguments for key, source in item.settings if key == keyword]


def quoted(text: str) -> str:
    """A literal of a text in double quotes, where that takes no escapes.

    Args:
        text: any text.

    Returns:
        Source that evaluates to the text.
    """
    plain = repr(text)
    if plain.startswith("'") and '"' not in plain:
        return f'"{plain[1:-1]}"'
    return plain


def call_lines(function: str, arguments: Sequence[str], width: int) -> list[str]:
    """A call, on one line if that is short enough, else with one argument a line.

    Args:
        function: the expression that is called, also with ``name =`` before it.
        arguments: the sources of its arguments.
        width: the most columns of a line.

    Returns:
        Lines without indentation; a function's body adds four spaces, which
        the width allows for.
    """
    line = f"{function}({', '.join(arguments)})"
    if len(line) + 4 <= width and "\n" not in line:
        return [line]
    lines = [f"{function}("]
    for argument in arguments:
        lines += _wrapped(argument, width) if len(argument) + 9 > width else [f"    {argument},"]
    return [*lines, ")"]


def _wrapped(argument: str, width: int) -> list[str]:
    """A keyword with a long text or list, which is written as several literals; anything else as it is."""
    keyword, _, value = argument.partition("=")
    text = _literal(value)
    if isinstance(text, list) and all(isinstance(word, str) for word in text):
        return [f"    {keyword}=[", *(f"        {quoted(word)}," for word in text), "    ],"]
    if not isinstance(text, str):
        return [f"    {argument},"]
    parts = [""]
    for word in text.split(" "):
        if parts[-1] and len(parts[-1]) + len(word) > width - 20:
            parts.append("")
        parts[-1] += f"{word} "
    parts[-1] = parts[-1][:-1]
    return [f"    {keyword}=(", *(f"        {quoted(part)}" for part in parts), "    ),"]


def _literal(source: str) -> object:
    """The value of a literal, None for anything else."""
    try:
        return ast.literal_eval(source)
    except (ValueError, SyntaxError):
        return None


def _indented(lines: Sequence[str]) -> list[str]:
    return [f"    {line}" for line in lines]
