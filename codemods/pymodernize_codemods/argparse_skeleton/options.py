"""Options that a script compares with its arguments itself, ``if arg == "-v"``, and whether argparse can say them."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pymodernize_codemods.argparse_skeleton.early_exits import EarlyExits
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain

HELP = frozenset({"-h", "--help"})


@dataclass(frozen=True)
class Assignment:
    """An assignment to one variable or attribute."""

    target: ast.Name | ast.Attribute
    value: ast.expr


@dataclass(frozen=True, eq=False)
class ComparedOption:
    """One option.

    Attributes:
        names: its spellings.
        body: what is done when it is there, without what only takes it off
            the arguments.
        statement: the statement that looks for it.
        stores: of an option with a value, where that is stored.
    """

    names: tuple[str, ...]
    body: tuple[ast.stmt, ...]
    statement: ast.stmt
    stores: Assignment | None = None

    @property
    def is_help(self) -> bool:
        """Whether it asks for help; that the script ends there was looked at."""
        return bool(HELP & set(self.names))

    @property
    def is_shown_help(self) -> bool:
        """Whether argparse's own help does what it does."""
        return self.is_help and self.stores is None

    @property
    def assignment(self) -> Assignment | None:
        """The one assignment that it makes, None if it does anything else."""
        return assignment(self.body)

    @property
    def constant(self) -> ast.Constant | None:
        """The literal that it sets a variable to."""
        made = self.assignment
        return made.value if made is not None and isinstance(made.value, ast.Constant) else None

    @property
    def counter(self) -> ast.Name | None:
        """The variable that it adds one to, None if it does anything else."""
        match self.body:
            case (ast.AugAssign(target=ast.Name() as target, op=ast.Add(), value=ast.Constant(value=1)),):
                return target
        return None


def assignment(body: Sequence[ast.stmt]) -> Assignment | None:
    """The assignment to one variable or attribute that a block consists of, None for any other."""
    match body:
        case [ast.Assign(targets=[ast.Name() | ast.Attribute() as target], value=value)]:
            return Assignment(target, value)
    return None


def check_option(option: ComparedOption, early_exits: EarlyExits) -> ComparedOption | None:
    """Look whether argparse can do what an option does.

    Args:
        option: as it was read.
        early_exits: where the script ends.

    Returns:
        The option, None if the script refuses it like one that it does not know.

    Raises:
        NotPlain: it cannot.
    """
    if any(not name.startswith("-") or name in {"-", "--"} for name in option.names):
        raise NotPlain("a word is looked for among the arguments", option.statement)
    if any(not is_spelling(name) for name in option.names):
        raise NotPlain("an option is spelled as argparse does not know them", option.statement)
    if option.stores is None and early_exits.certainly(option.body):
        if option.is_help:
            return option
        if early_exits.fails(option.body):
            return None
    elif option.is_help and option.stores is None and len(option.names) > 1:
        raise NotPlain("the script goes on after its help", option.statement)
    if option.stores is not None:
        return option
    if early_exits.certainly(option.body):
        if _is_telling(option.body):
            return option
        raise NotPlain("an option ends the script before the others are looked at", option.statement)
    for statement in option.body:
        if not isinstance(statement, (ast.Assign, ast.AugAssign, ast.Global, ast.Pass)) or _has_call(statement):
            raise NotPlain("an option does work while the others are still looked for", option.statement)
    return option


def is_spelling(name: str) -> bool:
    """Whether argparse takes an option as it is spelled, and no other spellings with it."""
    bare = name.lstrip("-")
    if len(name) - len(bare) == 1 and len(bare) > 1:
        return False  # argparse would take abbreviations of it, and letters put together
    return (
        bool(bare) and not any(sign in bare for sign in " =%") and not bare[:1].isdigit() and len(name) - len(bare) < 3
    )


def _has_call(node: ast.AST) -> bool:
    return any(isinstance(item, (ast.Call, ast.Await, ast.Yield)) for item in ast.walk(node))


def _is_telling(body: tuple[ast.stmt, ...]) -> bool:
    """Whether a block does no more than say something and end."""
    return (
        all(
            isinstance(item, (ast.Return, ast.Raise)) or isinstance(item, ast.Expr) and isinstance(item.value, ast.Call)
            for item in body
        )
        and len(body) <= 2
    )


def check_order(options: Sequence[ComparedOption], sets: ast.Name | None) -> None:
    """Make sure of it: argparse tells which options were given, not in which order.

    Of several values for one option it gives the last, as the loop does, and
    of several options that set a variable to constants, too.

    Args:
        options: all that end nothing.
        sets: the variable that the loop sets to another argument.

    Raises:
        NotPlain: they do not.
    """
    targets = {option: set(_targets(option)) for option in options}
    owners = Counter(name for found in targets.values() for name in found)
    owners.update([sets.id] if sets is not None else [])
    for option in options:
        if option.counter is None and any(isinstance(item, ast.AugAssign) for item in option.body):
            raise NotPlain("an option does more each time that it is given", option.statement)
        if any(read == name or name.startswith((f"{read}.", f"{read}[")) for read in _reads(option) for name in owners):
            raise NotPlain("what an option does depends on those before it", option.statement)
        for name in targets[option]:
            same = [other for other in options if name in targets[other]]
            plain = len(same) == owners[name] and all(other.constant is not None for other in same)
            if owners[name] > 1 and not plain:
                raise NotPlain("the last of several options decides, and they are not all alike", option.statement)


def _targets(option: ComparedOption) -> Iterator[str]:
    """What an option sets, as it is written."""
    for statement in option.body:
        found = statement.targets if isinstance(statement, ast.Assign) else [getattr(statement, "target", None)]
        for target in found:
            for part in target.elts if isinstance(target, (ast.Tuple, ast.List)) else [target]:
                if isinstance(part, (ast.Name, ast.Attribute, ast.Subscript)):
                    yield ast.unparse(part)


def _reads(option: ComparedOption) -> Iterator[str]:
    """The variables and attributes that an option takes a value from."""
    for statement in option.body:
        value = getattr(statement, "value", None)
        indices = [item.slice for item in ast.walk(statement) if isinstance(item, ast.Subscript)]
        for expr in [value, *indices] if isinstance(value, ast.expr) and option.stores is None else indices:
            for node in ast.walk(expr):
                if isinstance(node, (ast.Name, ast.Attribute, ast.Subscript)):
                    yield ast.unparse(node)
