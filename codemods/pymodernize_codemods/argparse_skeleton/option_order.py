"""Whether the options that a loop looks for mean the same in any order, and when they are repeated."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence

from pymodernize_codemods.argparse_skeleton.options import ComparedOption
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain


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
