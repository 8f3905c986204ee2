"""The positional arguments of a script: how many, what they are called, what they are converted to."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass

from pymodernize.semantics.call_binding import parameter_of
from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.arity import NOTHING, Flow, Interpreter, State
from pymodernize_codemods.argparse_skeleton.command_line import CommandLine, Kind, Use
from pymodernize_codemods.argparse_skeleton.comparisons import number_test
from pymodernize_codemods.argparse_skeleton.early_exits import EarlyExits
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain
from pymodernize_codemods.argparse_skeleton.usage import Usage, identifier

CONVERSIONS = {"builtins.int": "int", "builtins.float": "float", "pathlib.Path": "pathlib.Path"}
MOST = 12
"""A script that counts further than this has no positional arguments that can be named."""
# What gives the same path or text in another form.
_SAME = frozenset(f"os.path.{name}" for name in ("abspath", "expanduser", "expandvars", "normpath", "realpath"))
_CAPITALS = re.compile(r"[A-Z][A-Z0-9_-]*")
_TIDYING = frozenset({"casefold", "lower", "lstrip", "rstrip", "strip", "upper"})
_SHORT = frozenset("a arg args argv f i j k n p s t x y z val value tmp var".split())


@dataclass(frozen=True)
class Range:
    """How many arguments there may be.

    Attributes:
        least: with fewer the script fails.
        most: with more it fails, or does not look at them; None if it takes any number.
        rest: the number of the first argument that belongs to a list, None if there is no list.
        exact: the number of arguments in the list, if there is but one.
        usage: whether fewer or more are answered with the usage, but with success.
        surplus: whether the script succeeds with more, which it does not look at.
        ignored: whether it does with more what it does with the most.
    """

    least: int
    most: int | None
    rest: int | None
    exact: int | None
    usage: bool
    states: State
    surplus: bool = False
    ignored: bool = False

    @property
    def singles(self) -> int:
        """How many arguments are not in the list."""
        return self.rest if self.rest is not None else self.most or 0

    def is_optional(self, place: int) -> bool:
        """Whether an argument may be missing."""
        return place >= self.least


def count(module: Module, line: CommandLine, early_exits: EarlyExits) -> tuple[Range, Flow]:
    """Find out how many arguments a script takes.

    Raises:
        NotPlain: argparse has no way to say it.
    """
    highest = _highest(line)
    if highest > MOST:
        raise NotPlain(f"more than {MOST} arguments are told apart", line.first or module.tree.body[0])
    rests = [use.place for use in line.uses.values() if use.kind is Kind.REST]
    rest = min(rests) if rests else None
    top = max([highest, *(_compared(module)), rest or 0]) + 2
    flow = Interpreter(module, line, early_exits).run(frozenset(range(top + 1)))
    numbers = sorted(flow.succeeded)
    here = line.first or module.tree.body[0]
    if not numbers:
        raise NotPlain("there is no number of arguments with which the script certainly can succeed", here)
    if numbers != list(range(numbers[0], numbers[-1] + 1)):
        raise NotPlain("the numbers of arguments that it takes have gaps", here)
    least, most = numbers[0], numbers[-1] if numbers[-1] < top else None
    if rest is None:
        surplus = most is None
        most = max(highest, least) if most is None else most
        ignored = surplus and _is_uniform(flow, frozenset(range(most, top + 1)))
        found = Range(least, most, None, None, bool(flow.usage), frozenset(range(least, most + 1)), surplus, ignored)
    else:
        found = _with_rest(least, most, rest, top, bool(flow.usage))
    return found, Interpreter(module, line, early_exits).run(found.states)


def _is_uniform(flow: Flow, numbers: State) -> bool:
    """Whether the script goes the same way with each of some numbers of arguments."""
    tests = (state for both in flow.tests.values() for state in both)
    return all(
        state & numbers in (NOTHING, numbers) for state in (*flow.reached.values(), *flow.reads.values(), *tests)
    )


def _with_rest(least: int, most: int | None, rest: int, top: int, usage: bool) -> Range:
    exact = least - rest if most == least and least > rest else None
    if exact is not None:
        return Range(least, most, rest, exact, usage, frozenset({least}))
    least = min(least, rest + 1)
    return Range(least, None, rest, None, usage, frozenset(range(least, top + 1)))


def _highest(line: CommandLine) -> int:
    """How many arguments are looked at one by one."""
    found = [0]
    for use in line.uses.values():
        if use.kind is Kind.ITEM:
            found.append(use.place + 1)
        elif use.kind is Kind.UNPACK:
            found.append(use.place + use.count)
    return max(found)


def _compared(module: Module) -> list[int]:
    """The small numbers of the script: those that arguments may be counted up to."""
    return [
        node.value for node in module.nodes(ast.Constant) if type(node.value) is int and 0 <= node.value <= MOST + 2
    ]


# --- names and types ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Positional:
    """One positional argument, or the list of all from some place on.

    Attributes:
        name: of the attribute.
        convert: qualified name of the type, empty for text.
        help: what the script says of it.
    """

    name: str
    convert: str = ""
    help: str = ""


def conversion(module: Module, read: ast.expr) -> ast.Call | None:
    """The call that converts an argument at once: ``int(sys.argv[1])``."""
    call = module.parent(read)
    if isinstance(call, ast.Call) and call.args == [read] and not call.keywords:
        return call if module.qualified_name(call.func) in CONVERSIONS else None
    return None


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


def alive(flow: Flow, line: CommandLine, kind: Kind) -> list[Use]:
    """The uses that a run with a number of arguments that fits can come to, in document order."""
    found = [use for use in line.uses.values() if use.kind is kind and flow.reads.get(use.node)]
    return sorted(found, key=lambda use: (use.node.lineno, use.node.col_offset))


__all__ = ["CONVERSIONS", "Naming", "Positional", "Range", "alive", "conversion", "count", "number_test", "plural"]
