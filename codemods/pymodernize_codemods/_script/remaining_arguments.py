"""The list of arguments that getopt or optparse return besides the options: how many, their names, who reads them.

Parsers of the old kind hand them over as a list. Where a script uses each of
them by itself they get names of their own; else they stay a list.
"""

from __future__ import annotations

import ast
import keyword
import operator
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from pymodernize.semantics.module import Module
from pymodernize_codemods._script.parsers import Argument, sources

COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, several: one in several,
    ast.NotIn: lambda one, several: one not in several,
}
"""What the operators of a comparison do."""
_MANY = 12
"""A count that no script asks for: what holds for it, holds for any number."""
_WORD = re.compile(r"(\[)?<?([A-Za-zÀ-ÿ][\w-]*)>?(\.\.\.)?(\])?(\.\.\.)?$")


@dataclass(frozen=True)
class Word:
    """A positional argument as a usage line shows it: ``FILE``, ``[FILE...]``."""

    text: str
    repeated: bool = False


@dataclass(frozen=True)
class RemainingArguments:
    """What becomes of the list.

    Attributes:
        positionals: to be added, in order.
        reads: new source for expressions that read the list or an item of it.
        checks: statements that argparse makes needless.
        kept: the positional that the variable is still assigned from; None if
            nothing reads the variable any more.
    """

    positionals: tuple[Argument, ...]
    reads: tuple[tuple[ast.expr, str], ...] = ()
    checks: tuple[ast.stmt, ...] = ()
    kept: str | None = None

    @property
    def is_list(self) -> bool:
        """Whether one of them can take several arguments, or none."""
        return bool(sources(self.positionals, "nargs"))


def usage_words(line: str) -> list[Word] | None:
    """The positional arguments that a usage line names behind the options; None if it is not that plain.

    Args:
        line: for example ``%prog [options] SOURCE TARGET``.
    """
    tokens: list[str] = []
    pending = line.replace(" ...", "...").split()[1:]
    while pending:
        token = pending.pop(0)
        if token.startswith("[-"):
            while not token.endswith("]") and pending:
                token = pending.pop(0)
        elif not token.startswith("-") and token.lower() not in _OPTIONS:
            tokens.append(token)
    words: list[Word] = []
    for token in tokens:
        match = _WORD.fullmatch(token)
        if match is None:
            return None
        repeated = bool(match[3] or match[5])
        if words and words[-1].text.rstrip("12s") == match[2].rstrip("12s") and repeated:
            words[-1] = Word(words[-1].text, True)
        else:
            words.append(Word(match[2], repeated))
    return words or None


_OPTIONS = frozenset({"[options]", "[option]", "options", "[options...]", "[options]...", "[opts]", "[optionen]"})


def remaining_arguments(
    module: Module,
    reads: Sequence[ast.expr] | None,
    following: Sequence[ast.stmt],
    words: Sequence[Word] | None,
    namespace: Callable[[ast.expr], str | None],
    fails: Callable[[Sequence[ast.stmt]], bool],
    taken: Collection[str],
) -> RemainingArguments:
    """Work out what becomes of the list of arguments.

    Args:
        module: the module.
        reads: every read of the variable; None if some are out of sight.
        following: the statements behind the one that parses, in its block.
        words: what the usage line says.
        namespace: the source by which each read can reach the namespace; None
            if it cannot.
        fails: whether a block only ends the script with a failure.
        taken: names that the namespace has for other things.
    """
    reader = _Reader(module, reads, list(words or ()), namespace, fails, set(taken))
    if reads:
        reader.read_checks(following)
    return reader.result()


@dataclass
class _Reader:
    module: Module
    reads: Sequence[ast.expr] | None
    words: list[Word]
    namespace: Callable[[ast.expr], str | None]
    fails: Callable[[Sequence[ast.stmt]], bool]
    taken: set[str]
    checks: list[ast.stmt] = field(default_factory=list)
    allowed: set[int] = field(default_factory=lambda: set(range(_MANY + 1)))

    def result(self) -> RemainingArguments:
        """The plan that takes the most of what the script says about its arguments."""
        if self.reads is None or any(self.namespace(read) is None for read in self.reads):
            return self.kept()
        inside = {id(node) for check in self.checks for node in ast.walk(check)}
        rest = [read for read in self.reads if id(read) not in inside]
        if self.checks and self.allowed == {0} and not rest:
            return RemainingArguments((), checks=tuple(self.checks))
        low, high = min(self.allowed), max(self.allowed)
        if self.allowed != set(range(low, high + 1)):
            return self.as_list(0, _MANY)
        return self.by_name(rest, low, high) or self.as_list(low, high, rest)

    # --- how many there must be --------------------------------------------------------------------------------

    def read_checks(self, following: Sequence[ast.stmt]) -> None:
        """Take the checks of the number of arguments that directly follow."""
        for statement in following:
            tests = self.tests(statement)
            if tests is None:
                break
            counts = [self.counts(test) for test in tests]
            known = [count for count in counts if count is not None]
            if len(known) == len(counts) and self.allowed - set().union(*known):
                self.checks.append(statement)
                self.allowed -= set().union(*known)
            elif known:
                break

    def tests(self, statement: ast.stmt) -> list[ast.expr] | None:
        """The conditions of an ``if`` each of whose branches ends the script with a failure."""
        tests = []
        while isinstance(statement, ast.If) and self.fails(statement.body) and not _acts(statement.test):
            tests.append(statement.test)
            if not statement.orelse:
                return tests
            if len(statement.orelse) != 1:
                return None
            statement = statement.orelse[0]
        return None

    def counts(self, test: ast.expr) -> set[int] | None:
        """The numbers of arguments for which a condition holds; None if it is about something else, too."""
        found = set()
        for count in range(_MANY + 1):
            holds = self.holds(test, count)
            if holds is None:
                return None
            if holds:
                found.add(count)
        return found

    def holds(self, test: ast.expr, count: int) -> bool | None:
        """Whether a condition holds for a list of some length."""
        match test:
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                inner = self.holds(operand, count)
                return None if inner is None else not inner
            case ast.BoolOp(op=op, values=values):
                parts = [self.holds(value, count) for value in values]
                if None in parts:
                    return None
                return all(parts) if isinstance(op, ast.And) else any(parts)
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                one, two = self.value(left, count), self.value(right, count)
                if one is None or two is None or type(op) not in COMPARISONS:
                    return None
                try:
                    return bool(COMPARISONS[type(op)](one, two))
                except TypeError:
                    return None
            case _:
                value = self.value(test, count)
                return None if value is None or isinstance(test, ast.Constant) else bool(value)

    def value(self, expr: ast.expr, count: int) -> object:
        """What a part of a condition is for a list of some length; None if that cannot be told."""
        if self.is_read(expr):
            return ["x"] * count
        if isinstance(expr, ast.Call) and self.module.qualified_name(expr.func) == "builtins.len":
            return count if len(expr.args) == 1 and self.is_read(expr.args[0]) else None
        if isinstance(expr, (ast.Tuple, ast.List, ast.Set)):
            items = [self.value(item, count) for item in expr.elts]
            return None if None in items else items
        return expr.value if isinstance(expr, ast.Constant) and isinstance(expr.value, int) else None

    def is_read(self, expr: ast.AST) -> bool:
        """Whether an expression is one of the reads of the list."""
        return any(expr is read for read in self.reads or ())

    # --- one by one --------------------------------------------------------------------------------------------

    def by_name(self, rest: list[ast.expr], low: int, high: int) -> RemainingArguments | None:
        """Each argument by itself, where nothing reads the list as one."""
        if low < 1 or not rest:
            return None
        many = high == _MANY
        if not many and high != low:
            return None
        uses = [self.use(read) for read in rest]
        places = {use for use in uses if isinstance(use, int)}
        tails = {use[0] for use in uses if isinstance(use, tuple)}
        if None in uses or len(tails) > 1 or not many and tails:
            return None
        if any(isinstance(use, list) and (many or len(use) != low) for use in uses):
            return None
        single = low if not many else next(iter(tails), -1)
        if many and (single not in {low, low - 1} or single < 1) or any(place >= single for place in places):
            return None
        words = self.words if len(self.words) == single + many else []
        names: list[str] = []
        for place in range(single):
            names.append(self.fresh(words[place].text if words else self.hint(rest, place)))
        positionals = [_positional(name, words[place].text if words else "") for place, name in enumerate(names)]
        if many:
            name = self.fresh(words[-1].text if words else self.hint(rest, (single,)))
            nargs = '"+"' if single < low else '"*"'
            positionals.append(_positional(name, words[-1].text if words else "", nargs))
        return RemainingArguments(tuple(positionals), tuple(self.named(rest, positionals)), tuple(self.checks))

    def use(self, read: ast.expr) -> int | tuple[int] | list[str] | None:
        """How a read takes arguments: the place of one, where the rest begins, the names of all; None otherwise."""
        parent = self.module.parent(read)
        if isinstance(parent, ast.Subscript) and parent.value is read and isinstance(parent.ctx, ast.Load):
            match parent.slice:
                case ast.Constant(value=int(place)) if not isinstance(place, bool):
                    return place
                case ast.Slice(lower=ast.Constant(value=int(place)), upper=None, step=None):
                    return (place,)
        if isinstance(parent, ast.Assign) and parent.value is read and len(parent.targets) == 1:
            target = parent.targets[0]
            if isinstance(target, (ast.Tuple, ast.List)) and all(isinstance(item, ast.Name) for item in target.elts):
                return [item.id for item in target.elts if isinstance(item, ast.Name)]
        return None

    def named(self, rest: list[ast.expr], positionals: list[Argument]) -> list[tuple[ast.expr, str]]:
        """The new source of each read, by the names of the arguments."""
        found: list[tuple[ast.expr, str]] = []
        for read in rest:
            use, namespace = self.use(read), self.namespace(read)
            if isinstance(use, list):
                found.append((read, ", ".join(f"{namespace}.{item.destination}" for item in positionals)))
                continue
            place = use if isinstance(use, int) else use[0] if use else 0
            subscript = self.module.parent(read)
            if isinstance(subscript, ast.Subscript):
                found.append((subscript, f"{namespace}.{positionals[place].destination}"))
        return found

    def hint(self, rest: list[ast.expr], use: int | tuple[int]) -> str:
        """What the script itself calls an argument."""
        for read in rest:
            own = self.use(read)
            if isinstance(own, list) and isinstance(use, int):
                return own[use]
            parent = self.module.parent(read)
            around = self.module.parent(parent) if parent is not None else None
            if own != use or around is None:
                continue
            if isinstance(around, ast.Assign) and len(around.targets) == 1 and isinstance(around.targets[0], ast.Name):
                return around.targets[0].id
            if isinstance(around, ast.For) and isinstance(around.target, ast.Name):
                return around.target.id
        if not isinstance(use, int):
            return "arguments"
        return f"argument{use + 1}" if self.allowed != {1} else "argument"

    # --- as a list ---------------------------------------------------------------------------------------------

    def as_list(self, low: int, high: int, rest: Sequence[ast.expr] | None = None) -> RemainingArguments:
        """All of them as one list."""
        nargs, checks = '"*"', ()
        reads = self.reads or ()
        if rest is not None and self.checks:
            if low == 1 and high == _MANY:
                nargs, checks, reads = '"+"', tuple(self.checks), rest
            elif low == high and low >= 1:
                nargs, checks, reads = str(low), tuple(self.checks), rest
        name, shown = self.list_name(reads)
        new = [(read, f"{self.namespace(read)}.{name}") for read in reads]
        return RemainingArguments((_positional(name, shown, nargs),), tuple(new), checks)

    def kept(self) -> RemainingArguments:
        """A list that the variable goes on to hold."""
        name, shown = self.list_name(self.reads or ())
        return RemainingArguments((_positional(name, shown, '"*"'),), kept=name)

    def list_name(self, reads: Sequence[ast.expr]) -> tuple[str, str]:
        """The name of the list, and what the usage line calls it; empty if it does not say."""
        if len(self.words) == 1:
            return self.fresh(self.words[0].text), self.words[0].text
        for read in reads:
            parent = self.module.parent(read)
            if isinstance(parent, ast.For) and parent.iter is read and isinstance(parent.target, ast.Name):
                if len(parent.target.id) > 2:
                    return self.fresh(parent.target.id), ""
        return self.fresh("args"), ""

    def fresh(self, word: str) -> str:
        """An attribute's name that is not taken yet, made of a word."""
        name = re.sub(r"\W+", "_", word.lower()).strip("_")
        if not name.isidentifier() or keyword.iskeyword(name):
            name = "args"
        while name in self.taken:
            name += "_"
        self.taken.add(name)
        return name


def _acts(test: ast.expr) -> bool:
    """Whether looking at a condition may do something: calls other than ``len`` may."""
    calls = [node for node in ast.walk(test) if isinstance(node, (ast.Call, ast.NamedExpr, ast.Await, ast.Yield))]
    return any(
        not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "len") for node in calls
    )


def _positional(name: str, shown: str, nargs: str = "") -> Argument:
    """A positional argument.

    Args:
        name: its attribute in the namespace.
        shown: what the usage line calls it; empty if it does not say.
        nargs: source of argparse's ``nargs``, empty for exactly one.
    """
    found = (("nargs", nargs), ("metavar", f'"{shown}"' if shown != name and shown else ""))
    return Argument((name,), tuple((key, value) for key, value in found if value))
