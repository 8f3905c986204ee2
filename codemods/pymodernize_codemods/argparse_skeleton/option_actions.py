"""Options that a script looks for: their arguments of the parser, and the code that sets the script's variables."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import ScopeKind
from pymodernize.semantics.scripts import is_guard
from pymodernize_codemods._script.parsers import Argument, help_setting
from pymodernize_codemods.argparse_skeleton.analysis import Analysis
from pymodernize_codemods.argparse_skeleton.argv_uses import OptionTest
from pymodernize_codemods.argparse_skeleton.conversions import converted_type, type_source
from pymodernize_codemods.argparse_skeleton.initial_values import (
    InitialValue,
    SupersededValues,
    initial_value_of,
    only_asked_for_truth,
)
from pymodernize_codemods.argparse_skeleton.namespace import Namespace
from pymodernize_codemods.argparse_skeleton.naming import Naming
from pymodernize_codemods.argparse_skeleton.options import HELP, Assignment, ComparedOption, is_spelling
from pymodernize_codemods.argparse_skeleton.patch import Part, Patch
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain
from pymodernize_codemods.argparse_skeleton.usage import identifier

_Settings = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OptionActions:
    """Works them out.

    Attributes:
        analysis: what is known of the script.
        naming: gives the names.
        namespace: what argparse gives.
        patch: gets the code in the place of what looks for options.
        superseded: gets the initial values that become defaults.
        arguments: of the options.
        positionals: of an argument that a loop over options stores.
    """

    analysis: Analysis
    naming: Naming
    namespace: Namespace
    patch: Patch
    superseded: SupersededValues
    arguments: list[Argument] = field(default_factory=list, init=False)
    positionals: list[Argument] = field(default_factory=list, init=False)

    @property
    def module(self) -> Module:
        """The module."""
        return self.analysis.module

    def run(self) -> tuple[list[Argument], list[Argument]]:
        """Change what looks for options.

        Returns:
            The arguments of the options, and those that a loop over them stores.
        """
        argv = self.analysis.argv
        for loop in argv.loops:
            parts = list(self._code(loop.options, loop.statement))
            parts += self._last_wins(loop.sets, loop.statement) if loop.sets is not None else []
            self.patch.statements[loop.statement] = tuple(parts)
        for item in argv.memberships:
            self.patch.statements[item.statement] = tuple(self._code([item.option], item.statement))
        for use in argv.uses.values():
            if isinstance(use, OptionTest):
                self._tested(use)
        return self.arguments, self.positionals

    def _code(self, options: Sequence[ComparedOption], statement: ast.stmt) -> Iterator[Part]:
        """The code for the options that a statement looks for; those that set one variable are dealt with at once."""
        groups: dict[str, list[tuple[ComparedOption, Assignment]]] = {}
        wanted = [option for option in options if option in self.analysis.options]
        for option in wanted:
            made = option.assignment
            if option.stores is None and option.constant is not None and made is not None:
                groups.setdefault(self.module.text(made.target), []).append((option, made))
        grouped = {option: group for group in groups.values() if len(group) > 1 for option, _ in group}
        for option in wanted:
            group = grouped.get(option)
            if group is not None and group[0][0] is not option:
                continue
            destination = self._destination(option)
            if option.stores is not None:
                yield from self._valued(option, option.stores, destination, statement)
            elif group is not None:
                yield from self._one_of(group, destination)
            elif option.counter is not None:
                yield from self._counted(option, option.counter, destination, statement)
            else:
                yield from self._flag(option, destination, statement)

    def _destination(self, option: ComparedOption) -> str:
        """A name for what an option gives: that of its variable, or its own."""
        target = option.assignment.target if option.assignment is not None else option.counter
        variable = target.id if isinstance(target, ast.Name) else target.attr if target is not None else ""
        wanted = identifier(variable)
        spelled = [identifier(name.lstrip("-")) for name in option.names if name.startswith("--")]
        fallback = [identifier(name.lstrip("-")) for name in option.names]
        return self.naming.take(wanted, *spelled, *fallback, "option")

    def _add(self, names: tuple[str, ...], destination: str, *settings: tuple[str, str]) -> Argument:
        helps = self.analysis.usage.helps
        said = next((helps[name] for name in names if helps.get(name)), "")
        argument = Argument.option(names, destination, (*settings, *help_setting(said)))
        self.arguments.append(argument)
        return argument

    def _tested(self, use: OptionTest) -> None:
        """``verbose = "-v" in sys.argv``."""
        known = next((item for item in self.arguments if use.option in item.names), None)
        if use.option in HELP:
            raise NotPlain("the script goes on after its help", use.node)
        if not is_spelling(use.option):
            raise NotPlain("an option is spelled as argparse does not know them", use.node)
        if known is None:
            parent = self.module.parent(use.node)
            target = parent.targets[0] if isinstance(parent, ast.Assign) else None
            wanted = identifier(target.id) if isinstance(target, ast.Name) and use.wanted else ""
            own = identifier(use.option.lstrip("-")) or "flag"
            name = self.naming.take(*((own, wanted) if use.option.startswith("--") else (wanted, own)))
            known = self._add((use.option,), name, ("action", '"store_true"'))
        attribute = self.namespace.attribute(known.destination)
        self.patch.expressions[use.node] = attribute if use.wanted else f"not {attribute}"

    def _one_of(self, group: Sequence[tuple[ComparedOption, Assignment]], destination: str) -> list[Part]:
        """For options that set one variable to different constants."""
        for option, made in group:
            constant = self.module.text(made.value)
            self._add(option.names, destination, ("action", '"store_const"'), ("const", constant))
        return self._if_given(self.module.text(group[0][1].target), destination)

    def _if_given(self, variable: str, destination: str) -> list[Part]:
        """The code that sets a variable where an option is given."""
        attribute = self.namespace.attribute(destination)
        return [f"if {attribute} is not None:", f"{self.module.indent}{variable} = {attribute}"]

    def _counted(self, option: ComparedOption, counter: ast.Name, destination: str, statement: ast.stmt) -> list[Part]:
        """For an option that is counted."""
        start = initial_value_of(self.module, counter, statement)
        self._add(option.names, destination, ("action", '"count"'), ("default", "0"))
        starts_at_zero = start is not None and start.value == 0 and start.assign is not None
        if start is not None and starts_at_zero:
            self.superseded.add(start, counter)
        operator = "=" if starts_at_zero else "+="
        return [f"{counter.id} {operator} {self.namespace.attribute(destination)}"]

    def _flag(self, option: ComparedOption, destination: str, statement: ast.stmt) -> list[Part]:
        """For an option without a value: the assignment if it turns a variable on or off, else what it does."""
        attribute = self.namespace.attribute(destination)
        switched = self._switched(option, statement)
        if switched is not None:
            start, target, action = switched
            self._add(option.names, destination, ("action", f'"{action}"'))
            self.superseded.add(start, target)
            return [f"{target.id} = {attribute}"]
        self._add(option.names, destination, ("action", '"store_true"'))
        lines = (line for item in option.body for line in self.patch.lines(item, ""))
        return [f"if {attribute}:", *(self.module.indent + line for line in lines)]

    def _switched(self, option: ComparedOption, statement: ast.stmt) -> tuple[InitialValue, ast.Name, str] | None:
        """For an option that turns a variable on or off: its initial value, the variable, and argparse's action."""
        target = option.assignment.target if option.assignment is not None else None
        constant = option.constant
        if not isinstance(target, ast.Name) or constant is None or not isinstance(constant.value, (bool, int)):
            return None
        start = initial_value_of(self.module, target, statement)
        if start is None or self._is_set_before(target, statement):
            return None
        exact = isinstance(start.value, bool) and isinstance(constant.value, bool)
        if not exact and not only_asked_for_truth(self.module, target):
            return None
        if bool(start.value) == bool(constant.value) or start.assign is None and not self._is_from_outside(target):
            return None
        return start, target, "store_true" if constant.value else "store_false"

    def _is_set_before(self, target: ast.Name, statement: ast.stmt) -> bool:
        found = self.module.scope(target).lookup(target.id)
        inside = set(ast.walk(statement))
        return found is not None and len([item for item in found[1] if item.node not in inside]) > 1

    def _is_from_outside(self, target: ast.Name) -> bool:
        """Whether a function or the guard sets a variable of the module, which has its first value without them."""
        found = self.module.scope(target).lookup(target.id)
        guarded = any(map(is_guard, self.module.ancestors(target)))
        inner = self.analysis.argv.frame is not None or guarded
        return inner and found is not None and found[0].kind is ScopeKind.MODULE

    def _valued(self, option: ComparedOption, stores: Assignment, destination: str, statement: ast.stmt) -> list[Part]:
        """For an option with a value."""
        type_ = converted_type(self.module, stores.value)
        if type_ and statement in self.analysis.flow.uncertain:
            raise NotPlain("a run may succeed before an option is converted", statement)
        settings = [("type", type_source(self.module, type_))] if type_ else []
        name, target = self.module.text(stores.target), stores.target
        start = initial_value_of(self.module, target, statement) if isinstance(target, ast.Name) else None
        usable = start is not None and not (type_ and isinstance(start.value, str))
        if start is not None and isinstance(target, ast.Name) and usable:
            if start.assign is not None or self._is_from_outside(target):
                self._add(option.names, destination, *settings, *self._default(start, target))
                return [f"{name} = {self.namespace.attribute(destination)}"]
        self._add(option.names, destination, *settings)
        return self._if_given(name, destination)

    def _default(self, start: InitialValue, target: ast.Name) -> _Settings:
        """The setting for an initial value, which is of no use any more."""
        self.superseded.add(start, target)
        return (("default", start.source),) if start.value is not None or start.assign is None else ()

    def _last_wins(self, target: ast.Name, statement: ast.stmt) -> list[Part]:
        """An argument that a loop stores in a variable."""
        own = identifier(target.id)
        name = self.naming.take(own, "argument")
        settings: _Settings = (("nargs", '"?"'),)
        start = initial_value_of(self.module, target, statement)
        if start is not None and (start.assign is not None or start.source == target.id):
            settings += self._default(start, target)
            parts: list[Part] = [f"{target.id} = {self.namespace.attribute(name)}"]
        else:
            parts = self._if_given(target.id, name)
        self.positionals.append(Argument((name,), (*settings, *help_setting(self.naming.help(0, own)))))
        return parts
