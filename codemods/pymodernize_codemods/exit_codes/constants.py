"""The names of exit codes: those that a file has, and those of the standard that it is given."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial

from pymodernize.codemod import Definition, Edit
from pymodernize.semantics.layout import preamble
from pymodernize.semantics.module import Module
from pymodernize_codemods._script.entry import Entry
from pymodernize_codemods.exit_codes.places import Exit, numbers
from pymodernize_codemods.exit_codes.usage import is_about_input

STANDARD = {
    0: "EXIT_SUCCESS",
    1: "EXIT_FAILURE",
    2: "EXIT_USAGE",
    3: "EXIT_RUNTIME_FAILURE",
    130: "EXIT_INTERRUPTED",
}
SUCCESS, FAILURE, USAGE, INTERRUPTED = 0, 1, 2, 130
# What these mean is the same everywhere.
_SPOKEN_FOR = frozenset({0, 1, 2, 130})
# By these a script reads its command line itself: exits for wrong usage are taken over by argparse.
_HAND_READ = ("sys.argv", "getopt.getopt", "getopt.gnu_getopt", "optparse.OptionParser")
# What these two stand for, a script with further codes of its own decides for itself.
_SPECIAL = frozenset({2, 3})


@dataclass(frozen=True)
class Own:
    """A constant of the file that is an exit code."""

    name: str
    statement: ast.stmt


class Constants:
    """The names that exit codes have, or can have, in one module.

    Args:
        module: the module.
        found: the places where the script ends itself.
        entry: how it starts.
        names_all: whether every code of the standard gets its name, not only those that tell failures apart.
    """

    def __init__(self, module: Module, found: Iterable[Exit], entry: Entry | None, *, names_all: bool) -> None:
        self.module = module
        self.last = preamble(module).last
        arguments = [item.argument for item in found if item.argument is not None]
        arguments += [node.value for node in returns(module, entry) if node.value is not None]
        self.own = self._own(arguments)
        self.has_own_set = self._has_own_set()
        codes = [number for argument in arguments for number in numbers(argument)]
        self.has_own_scheme = any(int(str(item.value)) not in STANDARD for item in codes)
        self.means_usage = all(is_about_input(module, item) for item in codes if item.value == USAGE)
        self.names_all = names_all
        self.tells_apart = self._tells_apart({int(str(item.value)) for item in codes})

    def _tells_apart(self, codes: set[int]) -> bool:
        """Whether the script tells wrong usage from other failures by its exit codes."""
        hand_read = any(self.module.names.naming(*_HAND_READ))
        return {FAILURE, USAGE} <= codes <= _SPOKEN_FOR and self.means_usage and not hand_read

    def _own(self, arguments: Iterable[ast.expr]) -> dict[int, Own]:
        """The constants of the module's own body that are exit codes by their name or by their use."""
        used = {item.id for item in arguments if isinstance(item, ast.Name)}
        found: dict[int, Own] = {}
        for statement in self.module.tree.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=value)):
                    pass
                case ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=value)):
                    pass
                case _:
                    continue
            is_code = name.isupper() and (name.startswith(("EXIT", "EX_")) or name in used)
            if type(value) is int and is_code and len(self.module.index.scope.bindings[name]) == 1:
                found.setdefault(value, Own(name, statement))
        return found

    def _has_own_set(self) -> bool:
        """Whether the file names its codes in a way of its own: a second set would confuse."""
        if any(own.name != STANDARD.get(code) for code, own in self.own.items()):
            return True
        if self.module.has_text(b"EX_") and any(
            node.attr.startswith("EX_") for node in self.module.nodes(ast.Attribute)
        ):
            return True
        enums = (
            item
            for item in self.module.nodes(ast.ClassDef)
            if any((self.module.qualified_name(base) or "").startswith("enum.") for base in item.bases)
        )
        return any(word in item.name.lower() for item in enums for word in ("exit", "status", "code"))

    def name(self, code: int, at: ast.AST) -> str | None:
        """The name of a code, None if it has none here.

        Args:
            code: the exit code.
            at: the place where it is to be written.
        """
        own = self.own.get(code)
        if own is not None:
            known = self.module.scope(at).lookup(own.name)
            seen = known is not None and known[0] is self.module.index.scope
            return own.name if seen and own.statement.lineno < self.module.top_level(at).lineno else None
        if self.has_own_set or self.has_own_scheme and code in _SPECIAL or code == USAGE and not self.means_usage:
            return None
        if not self.names_all and not (self.tells_apart and code in {FAILURE, USAGE}):
            return None
        name = STANDARD.get(code)
        if name is None or self.module.fresh.name((name,), name) is None:
            return None
        first = self.last is None or self.module.top_level(at).lineno > self.last.lineno
        return name if first else None

    def additions(self, codes: Iterable[int]) -> tuple[tuple[Edit, ...], tuple[Definition, ...]]:
        """What it takes to have names for some codes of the standard: an edit of the present ones, or a definition.

        Args:
            codes: codes whose names may be missing.
        """
        missing = sorted(code for code in set(codes) if code not in self.own)
        if not missing:
            return (), ()
        if not self.own:
            return (), tuple(Definition(f"{STANDARD[code]} = {code}") for code in missing)
        from pymodernize_codemods.exit_codes.rewriting import among

        places: dict[ast.stmt, tuple[list[str], list[str]]] = {}
        for code in missing:
            # In ascending order, below the nearest of those that are there.
            lower = [value for value in self.own if value < code]
            nearest = self.own[max(lower) if lower else min(self.own)].statement
            places.setdefault(nearest, ([], []))[bool(lower)].append(f"{STANDARD[code]} = {code}")
        return tuple(
            Edit(statement, partial(among, above=tuple(above), below=tuple(below)))
            for statement, (above, below) in places.items()
        ), ()


def returns(module: Module, entry: Entry | None) -> list[ast.Return]:
    """The ``return`` statements whose value is the script's exit code.

    Args:
        module: the module.
        entry: how it starts.
    """
    if entry is None or not entry.exits or module.every_call(entry.main) != [entry.call]:
        return []
    return [node for node in module.nodes(ast.Return) if module.function(node) is entry.main]
