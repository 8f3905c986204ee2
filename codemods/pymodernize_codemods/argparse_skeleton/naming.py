"""Names for the arguments of a script, out of its usage text and its own variables."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection

from pymodernize.semantics.call_binding import parameter_of
from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.analysis import Analysis
from pymodernize_codemods.argparse_skeleton.argv_uses import ListRead, Unpacking
from pymodernize_codemods.argparse_skeleton.conversions import conversion
from pymodernize_codemods.argparse_skeleton.usage import Usage, identifier

# What gives the same path or text in another form.
_SAME = frozenset(f"os.path.{name}" for name in ("abspath", "expanduser", "expandvars", "normpath", "realpath"))
_CAPITALS = re.compile(r"[A-Z][A-Z0-9_-]*")
_TIDYING = frozenset({"casefold", "lower", "lstrip", "rstrip", "strip", "upper"})
_SHORT = frozenset("a arg args argv f i j k n p s t x y z val value tmp var".split())


class Naming:
    """Names for arguments, each given once.

    Args:
        module: the module.
        usage: what it says of itself.
    """

    def __init__(self, module: Module, usage: Usage) -> None:
        self.module = module
        self.usage = usage
        self.taken: set[str] = {"help"}

    def take(self, *wanted: str) -> str:
        """The first of some names that is free, or one made of the last."""
        names = [name for name in wanted if name]
        for name in names:
            if name not in self.taken:
                self.taken.add(name)
                return name
        number = 2
        while f"{names[0]}{number}" in self.taken:
            number += 1
        self.taken.add(f"{names[0]}{number}")
        return f"{names[0]}{number}"

    def positional(self, place: int, reads: list[ast.expr], *, only: bool = False, chosen: bool = False) -> str:
        """A name for an argument: the variable's, the placeholder's, or that of what it is used for.

        Args:
            place: its number.
            reads: where it is read.
            only: whether there are no others.
            chosen: whether it is one of some words, which say what to do.
        """
        variables = [name for read in reads if (name := self._assigned(read))]
        good = [name for name in variables if name not in _SHORT]
        shown = self.placeholder(place)
        uses = [name for read in reads if (name := self._used_as(read))]
        if chosen:
            return self.take(*good[:1], shown, *variables[:1], "command")
        fallback = "argument" if only else f"argument{place + 1}"
        return self.take(*good[:1], shown, *uses[:1], *variables[:1], fallback)

    def rest(self, place: int, reads: list[ast.expr], name: str = "") -> str:
        """A name for a list of arguments."""
        loops = [target for read in reads if (target := self._looped(read))]
        good = [plural(item) for item in loops if item not in _SHORT]
        name = identifier(name)
        shown = self.placeholder(place)
        joined = "words" if any(self._is_joined(read) for read in reads) else ""
        taken = [used for read in reads if (used := self._used_as(read)) not in {"", "argv", "args", *_SHORT}]
        shown = plural(shown) if shown else ""
        return self.take("" if name in _SHORT else name, shown, *good[:1], *taken[:1], joined, "arguments")

    def placeholder(self, place: int) -> str:
        """What the usage line calls an argument, empty if it does not say."""
        shown = self.usage.places[place] if place < len(self.usage.places) else None
        return shown.name if shown is not None and "|" not in shown.text else ""

    def metavar(self, place: int, name: str) -> str:
        """What the usage line calls an argument in capitals, where that is another text than its name; else empty."""
        shown = self.usage.places[place].text if place < len(self.usage.places) else ""
        return shown if _CAPITALS.fullmatch(shown) and shown != name else ""

    def help(self, place: int, name: str) -> str:
        """What the script says of an argument."""
        helps = self.usage.helps
        shown = self.placeholder(place)
        return helps.get(name, "") or helps.get(shown, "") or helps.get(name.removesuffix("s"), "")

    def _value(self, read: ast.expr) -> ast.expr:
        """The expression around a read that converts it, or the read."""
        return conversion(self.module, read) or read

    def _tidied(self, value: ast.expr) -> ast.expr:
        """The expression around one that gives the same in another form: an absolute path, a text without ends."""
        parent = self.module.parent(value)
        if isinstance(parent, ast.Call) and parent.args == [value] and not parent.keywords:
            return self._tidied(parent) if self.module.qualified_name(parent.func) in _SAME else value
        call = self.module.parent(parent) if isinstance(parent, ast.Attribute) and parent.attr in _TIDYING else None
        return self._tidied(call) if isinstance(call, ast.Call) and call.func is parent else value

    def _assigned(self, read: ast.expr) -> str:
        value = self._tidied(self._value(read))
        parent = self.module.parent(value)
        if isinstance(parent, ast.IfExp) and parent.test is not value:
            value, parent = parent, self.module.parent(parent)
        target = parent.targets[0] if isinstance(parent, ast.Assign) and parent.value is value else None
        if isinstance(target, ast.Attribute):
            return identifier(target.attr)
        if isinstance(parent, ast.Tuple) and isinstance(outer := self.module.parent(parent), ast.Assign):
            targets = outer.targets[0]
            if isinstance(targets, ast.Tuple) and len(targets.elts) == len(parent.elts):
                target = targets.elts[parent.elts.index(value)]
        return identifier(target.id) if isinstance(target, ast.Name) else ""

    def _used_as(self, read: ast.expr) -> str:
        value = self._value(read)
        call = self.module.parent(value)
        if isinstance(call, ast.keyword):
            return identifier(call.arg or "")
        if not isinstance(call, ast.Call) or value not in call.args:
            return ""
        function = self.module.local_function(call.func)
        if function is not None:
            parameter = parameter_of(function, call, value)
            name = identifier(parameter.arg) if parameter is not None else ""
            return "" if name in _SHORT else name
        called = self.module.qualified_name(call.func) or ""
        if called in {"builtins.open", "io.open"} or called.startswith("os.path."):
            return "filename"
        return "folder" if called in {"os.listdir", "os.walk", "os.chdir", "os.mkdir", "os.makedirs"} else ""

    def _looped(self, read: ast.expr) -> str:
        parent = self.module.parent(read)
        if isinstance(parent, ast.Call):
            parent = self.module.parent(parent)
        target = parent.target if isinstance(parent, (ast.For, ast.comprehension)) else None
        return identifier(target.id) if isinstance(target, ast.Name) else ""

    def _is_joined(self, read: ast.expr) -> bool:
        call = self.module.parent(read)
        return isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "join"


def positional_names(analysis: Analysis, naming: Naming, chosen: Collection[int]) -> dict[int, str]:
    """The names of the positional arguments by their number, and of the list of those behind them.

    Args:
        analysis: what is known of the script.
        naming: gives the names.
        chosen: arguments that must be one of some words.
    """
    arity, reads = analysis.arity, analysis.reads()
    names: dict[int, str] = {}
    for use in analysis.alive(Unpacking):
        for place, target in enumerate(use.targets, use.place):
            if place >= 0 and place not in names:
                own = identifier(target.id) if isinstance(target, ast.Name) else ""
                names[place] = naming.take(own, naming.placeholder(place), f"argument{place + 1}")
    only = arity.singles == 1 and arity.rest is None
    for place in range(arity.singles):
        if place not in names:
            names[place] = naming.positional(place, reads.get(place, []), only=only, chosen=place in chosen)
    if arity.rest is not None:
        nodes = [use.node for use in analysis.alive(ListRead) if use.place == arity.rest]
        kept = next((analysis.argv.kept[node] for node in nodes if node in analysis.argv.kept), "")
        names[arity.rest] = naming.rest(arity.rest, nodes, kept)
    return names


def plural(name: str) -> str:
    """A name for several of what one is called.

    Args:
        name: for one; an empty one stays empty.
    """
    if not name or name.endswith("s") and not name.endswith("ss"):
        return name
    if name.endswith("y") and name[-2:-1] not in "aeiou":
        return name[:-1] + "ies"
    return name + ("es" if name.endswith(("s", "x", "ch", "sh")) else "s")
