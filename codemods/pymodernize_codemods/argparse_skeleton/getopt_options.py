"""What getopt's options become: arguments of a parser, and statements that set the script's variables."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from pymodernize.semantics.module import Module
from pymodernize_codemods._script.parsers import Argument, quoted
from pymodernize_codemods._script.placing import with_parts
from pymodernize_codemods._script.truth_tests import is_only_tested
from pymodernize_codemods.argparse_skeleton.getopt_branches import Deed, is_literal
from pymodernize_codemods.argparse_skeleton.getopt_defaults import StartValues
from pymodernize_codemods.argparse_skeleton.getopt_usage import UsageText
from pymodernize_codemods.argparse_skeleton.optparse_text import known_text
from pymodernize_codemods.argparse_skeleton.reasons import NotConvertible

OWN_HELP = frozenset({"-h", "--help"})
_LONG = 60


def destinations(deeds: Sequence[Deed]) -> dict[str, str]:
    """The attributes of the namespace by the variables that options set: a constant's in small letters.

    Args:
        deeds: what the options do.
    """
    names = {deed.variable.id for deed in deeds if deed.variable is not None}
    return {name: name.lower() if name.isupper() and name.lower() not in names else name for name in names}


class Options:
    """The options of one command line.

    Args:
        module: the module.
        variable: what the namespace is called.
        starts: what the variables hold without their options.
    """

    def __init__(self, module: Module, variable: str, starts: StartValues) -> None:
        self.module = module
        self.variable = variable
        self.starts = starts
        self.destinations: dict[str, str] = {}

    def arguments(self, deeds: Sequence[Deed], usage: UsageText) -> tuple[list[Argument], list[list[str]]]:
        """What is added to the parser, and the statements that set the variables."""
        arguments: list[Argument] = []
        unpacked: dict[str, list[str]] = {}
        self.destinations = destinations(deeds)
        flags = self._help_flags(deeds)
        if flags:
            arguments.append(Argument(flags, (("action", '"help"'), ("help", '"show this help message and exit"'))))
        for deed in deeds:
            if deed.action == "version":
                arguments.append(self._version(deed))
            elif deed.variable is not None:
                arguments.append(self._option(deed, deed.variable, usage, deed.variable.id in unpacked))
                if deed.made is not None and sum(other.variable == deed.variable for other in deeds) > 1:
                    raise NotConvertible(f"{deed.variable.id} is set in several ways")
                unpacked.setdefault(deed.variable.id, self._unpacking(deed.variable.id, deed))
        return arguments, list(unpacked.values())

    def _help_flags(self, deeds: Sequence[Deed]) -> tuple[str, ...]:
        """The flags for help that argparse does not have by itself here."""
        helps = {flag for deed in deeds if deed.action == "help" for flag in deed.flags}
        taken = {flag for deed in deeds if deed.action != "help" for flag in deed.flags}
        if taken & OWN_HELP:
            helps |= OWN_HELP - taken
            return tuple(sorted(helps, key=len))
        return tuple(sorted(helps - OWN_HELP, key=len))

    def _unpacking(self, name: str, deed: Deed) -> list[str]:
        """The statement that sets a variable."""
        attribute = f"{self.variable}.{self.destinations[name]}"
        if deed.made is not None:
            new: dict[ast.expr, str] = {
                node: f"{attribute}"
                for node in ast.walk(deed.made)
                if isinstance(node, ast.Name) and node.id == deed.value
            }
            made = with_parts(self.module, deed.made, new)
            if "\n" in made:
                raise NotConvertible(f"line {deed.made.lineno}: what is made of a value takes several lines")
            return [f"if {attribute} is not None:", f"    {name} = {made}"]
        if is_literal(self.starts.assigns[name].value):
            return [f"{name} = {attribute}"]
        return [f"if {attribute} is not None:", f"    {name} = {attribute}"]

    def _version(self, deed: Deed) -> Argument:
        """An option that shows the version."""
        assert deed.constant is not None  # noqa: S101 - the branch has one
        text = known_text(self.module, deed.constant)
        if text is None or len(text) > _LONG or "\n" in text or "  " in text or "%" in text:
            raise NotConvertible(f"line {deed.constant.lineno}: argparse may break the lines of the version's text")
        return Argument(deed.flags, (("action", '"version"'), ("version", self.module.text(deed.constant))))

    def _option(self, deed: Deed, variable: ast.Name, usage: UsageText, again: bool) -> Argument:
        """One option."""
        name = variable.id
        flags = tuple(sorted(deed.flags, key=lambda flag: flag.startswith("--")))
        settings: list[tuple[str, str]] = []
        destination = self.destinations[name]
        if Argument(flags).destination != destination:
            settings.append(("dest", f'"{destination}"'))
        given = self.starts.assigns[name].value
        literal = is_literal(given) and deed.made is None
        default = self.module.text(given) if literal else "None"
        action, constant = deed.action, None
        if action == "store_const":
            action, constant, default = self._flag(deed, variable, given, default)
        if action == "count" and not (isinstance(given, ast.Constant) and type(given.value) is int):
            raise NotConvertible(f"{name} does not count from a number")
        if action == "append" and not (isinstance(given, ast.List) and not given.elts):
            raise NotConvertible(f"{name} does not begin as an empty list")
        if action != "store":
            settings.append(("action", f'"{action}"'))
        if constant is not None:
            settings.append(("const", constant))
        if deed.converts:
            settings.append(("type", deed.converts))
        if isinstance(given, ast.Constant) and isinstance(given.value, str) and deed.converts:
            raise NotConvertible(f"{name} is a text without its option, and a number with it")
        if default not in {"None", ""} and not again and not (action == "store_true" and default == "False"):
            if not (action == "store_false" and default == "True"):
                settings.append(("default", self.starts.source_of(name, default)))
        metavar = usage.metavar_of(deed.flags)
        if metavar and metavar != name.upper() and action in {"store", "append"}:
            settings.append(("metavar", quoted(metavar)))
        text = usage.help_of(deed.flags, name) or self.starts.comment_of(name)
        if text:
            settings.append(("help", quoted(text)))
        return Argument(flags, tuple(settings))

    def _flag(self, deed: Deed, variable: ast.Name, given: ast.expr, default: str) -> tuple[str, str | None, str]:
        """The action, constant and default of an option that sets a constant."""
        assert deed.constant is not None  # noqa: S101 - the branch has one
        constant = deed.constant.value if isinstance(deed.constant, ast.Constant) else None
        value = given.value if isinstance(given, ast.Constant) else Ellipsis
        if constant is True and value is False:
            return "store_true", None, default
        if constant is False and value is True:
            return "store_false", None, default
        if constant == 1 and value in (0, None) and value is not False and self._is_flag(variable):
            return "store_true", None, "False"
        if not is_literal(given):
            raise NotConvertible(f"what {variable.id} is without its option is made by other code")
        return "store_const", self.module.text(deed.constant), default

    def _is_flag(self, variable: ast.Name) -> bool:
        """Whether nothing but the truth of a variable counts, and nothing else sets it."""
        module = self.module
        found = module.scope(variable).lookup(variable.id)
        if found is None or len(found[1]) != 2:
            return False
        return all(is_only_tested(module, read) for read in module.uses(found[1][0]))
