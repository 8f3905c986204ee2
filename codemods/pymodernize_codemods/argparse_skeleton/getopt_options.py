"""What getopt's options become: arguments of a parser, and statements that set the script's variables."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Sequence

from pymodernize.semantics.module import Module
from pymodernize_codemods._script.parsers import Argument, quoted
from pymodernize_codemods._script.placing import with_parts
from pymodernize_codemods._script.truth_tests import is_only_tested
from pymodernize_codemods.argparse_skeleton.getopt_branches import (
    OptionEffect,
    SetsVariable,
    ShowsHelp,
    ShowsVersion,
    is_literal,
)
from pymodernize_codemods.argparse_skeleton.getopt_defaults import OptionDefaults
from pymodernize_codemods.argparse_skeleton.getopt_usage import UsageText
from pymodernize_codemods.argparse_skeleton.optparse_text import known_text
from pymodernize_codemods.argparse_skeleton.reasons import NotConvertible

OWN_HELP = frozenset({"-h", "--help"})
_LONG = 60


def destinations(effects: Sequence[OptionEffect]) -> dict[str, str]:
    """The attributes of the namespace by the variables that options set: a constant's in small letters.

    Args:
        effects: what the options do.
    """
    names = {effect.variable.id for effect in effects if isinstance(effect, SetsVariable)}
    return {name: name.lower() if name.isupper() and name.lower() not in names else name for name in names}


def _help_flags(effects: Sequence[OptionEffect]) -> tuple[str, ...]:
    """The flags for help that argparse does not have by itself here."""
    helps = {flag for effect in effects if isinstance(effect, ShowsHelp) for flag in effect.flags}
    taken = {flag for effect in effects if not isinstance(effect, ShowsHelp) for flag in effect.flags}
    found = helps | OWN_HELP - taken if taken & OWN_HELP else helps - OWN_HELP
    return tuple(sorted(found, key=len))


class GetoptArguments:
    """The options of one command line.

    Args:
        module: the module.
        variable: what the namespace is called.
        starts: what the variables hold without their options.
    """

    def __init__(self, module: Module, variable: str, starts: OptionDefaults) -> None:
        self.module = module
        self.variable = variable
        self.starts = starts
        self.destinations: dict[str, str] = {}

    def arguments(self, effects: Sequence[OptionEffect], usage: UsageText) -> tuple[list[Argument], list[list[str]]]:
        """What is added to the parser, and the statements that set the variables."""
        arguments: list[Argument] = []
        unpacked: dict[str, list[str]] = {}
        self.destinations = destinations(effects)
        flags = _help_flags(effects)
        if flags:
            arguments.append(Argument(flags, (("action", '"help"'), ("help", '"show this help message and exit"'))))
        options = Counter(effect.variable.id for effect in effects if isinstance(effect, SetsVariable))
        for effect in effects:
            if isinstance(effect, ShowsVersion):
                arguments.append(self._version(effect))
            elif isinstance(effect, SetsVariable):
                name = effect.variable.id
                if effect.made is not None and options[name] > 1:
                    raise NotConvertible(f"{name} is set in several ways")
                arguments.append(self._option(effect, usage, name in unpacked))
                unpacked.setdefault(name, self._unpacking(effect))
        return arguments, list(unpacked.values())

    def _unpacking(self, effect: SetsVariable) -> list[str]:
        """The statement that sets a variable."""
        name = effect.variable.id
        attribute = f"{self.variable}.{self.destinations[name]}"
        if effect.made is not None:
            new: dict[ast.expr, str] = {
                node: f"{attribute}"
                for node in ast.walk(effect.made)
                if isinstance(node, ast.Name) and node.id == effect.value
            }
            made = with_parts(self.module, effect.made, new)
            if "\n" in made:
                raise NotConvertible(f"line {effect.made.lineno}: what is made of a value takes several lines")
            return [f"if {attribute} is not None:", f"    {name} = {made}"]
        if is_literal(self.starts.assigns[name].value):
            return [f"{name} = {attribute}"]
        return [f"if {attribute} is not None:", f"    {name} = {attribute}"]

    def _version(self, effect: ShowsVersion) -> Argument:
        """An option that shows the version."""
        text = known_text(self.module, effect.text)
        if text is None or len(text) > _LONG or "\n" in text or "  " in text or "%" in text:
            raise NotConvertible(f"line {effect.text.lineno}: argparse may break the lines of the version's text")
        return Argument(effect.flags, (("action", '"version"'), ("version", self.module.text(effect.text))))

    def _option(self, effect: SetsVariable, usage: UsageText, again: bool) -> Argument:
        """One option."""
        name = effect.variable.id
        flags = tuple(sorted(effect.flags, key=lambda flag: flag.startswith("--")))
        settings: list[tuple[str, str]] = []
        given = self.starts.assigns[name].value
        literal = is_literal(given) and effect.made is None
        default = self.module.text(given) if literal else "None"
        action, constant = effect.action, None
        if effect.constant is not None:
            action, constant, default = self._flag(effect.variable, effect.constant, given, default)
        if action == "count" and not (isinstance(given, ast.Constant) and type(given.value) is int):
            raise NotConvertible(f"{name} does not count from a number")
        if action == "append" and not (isinstance(given, ast.List) and not given.elts):
            raise NotConvertible(f"{name} does not begin as an empty list")
        if action != "store":
            settings.append(("action", f'"{action}"'))
        if constant is not None:
            settings.append(("const", constant))
        if effect.converts:
            settings.append(("type", effect.converts))
        if isinstance(given, ast.Constant) and isinstance(given.value, str) and effect.converts:
            raise NotConvertible(f"{name} is a text without its option, and a number with it")
        if default not in {"None", ""} and not again and not (action == "store_true" and default == "False"):
            if not (action == "store_false" and default == "True"):
                settings.append(("default", self.starts.source_of(name, default)))
        metavar = usage.metavar_of(effect.flags)
        if metavar and metavar != name.upper() and action in {"store", "append"}:
            settings.append(("metavar", quoted(metavar)))
        text = usage.help_of(effect.flags, name) or self.starts.comment_of(name)
        if text:
            settings.append(("help", quoted(text)))
        return Argument.option(flags, self.destinations[name], settings)

    def _flag(self, variable: ast.Name, set_to: ast.expr, given: ast.expr, default: str) -> tuple[str, str | None, str]:
        """The action, constant and default of an option that sets a constant."""
        constant = set_to.value if isinstance(set_to, ast.Constant) else None
        value = given.value if isinstance(given, ast.Constant) else Ellipsis
        if constant is True and value is False:
            return "store_true", None, default
        if constant is False and value is True:
            return "store_false", None, default
        if constant == 1 and value in (0, None) and value is not False and self._is_flag(variable):
            return "store_true", None, "False"
        if not is_literal(given):
            raise NotConvertible(f"what {variable.id} is without its option is made by other code")
        return "store_const", self.module.text(set_to), default

    def _is_flag(self, variable: ast.Name) -> bool:
        """Whether nothing but the truth of a variable counts, and nothing else sets it."""
        module = self.module
        found = module.scope(variable).lookup(variable.id)
        if found is None or len(found[1]) != 2:
            return False
        return all(is_only_tested(module, read) for read in module.uses(found[1][0]))
