"""Options that a script looks for: their arguments of the parser, and the code that sets the script's variables."""

from __future__ import annotations

import ast

from pymodernize_codemods._script.parsers import Argument, quoted
from pymodernize_codemods.argparse_skeleton.command_line import Kind, Use
from pymodernize_codemods.argparse_skeleton.constants import settings_of
from pymodernize_codemods.argparse_skeleton.initial_values import initial_value_of, only_asked_for_truth
from pymodernize_codemods.argparse_skeleton.option_order import is_counted
from pymodernize_codemods.argparse_skeleton.options import HELP, Option, is_spelling
from pymodernize_codemods.argparse_skeleton.patch import Part
from pymodernize_codemods.argparse_skeleton.placing import Placing
from pymodernize_codemods.argparse_skeleton.prompts import prompts_of
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain
from pymodernize_codemods.argparse_skeleton.usage import identifier


class OptionActions(Placing):
    """Options that a script looks for: their arguments of the parser, and the code that sets the script's variables."""

    def _options(self) -> None:
        targets: dict[str, list[Option]] = {}
        for option in self.options:
            if option.target is not None and option.value is None and option.constant is not None:
                targets.setdefault(self.module.text(option.target), []).append(option)
        grouped = {option: group for group in targets.values() if len(group) > 1 for option in group}
        done: set[int] = set()
        for loop in self.line.loops:
            parts: list[Part] = []
            for option in loop.options:
                if option not in self.options or id(grouped.get(option)) in done:
                    continue
                group = grouped.get(option, [option])
                done.add(id(grouped.get(option)) if option in grouped else 0)
                done.discard(0)
                parts += self._settle(group, loop.statement)
            parts += self._last_wins(loop.sets, loop.statement) if loop.sets is not None else []
            self.patch.statements[loop.statement] = tuple(parts)
        for item in self.line.memberships:
            parts = self._settle([item.option], item.statement) if item.option in self.options else []
            self.patch.statements[item.statement] = tuple(parts)
        for use in self.line.uses.values():
            if use.kind is Kind.FLAG:
                self._flag(use)

    def _flag(self, use: Use) -> None:
        """``verbose = "-v" in sys.argv``."""
        compare = use.node
        assert isinstance(compare, ast.Compare) and isinstance(compare.left, ast.Constant)  # noqa: S101 - by its kind
        text = str(compare.left.value)
        known = next((item for item in self.arguments if text in item.names), None)
        if text in HELP:
            raise NotPlain("the script goes on after its help", compare)
        if not is_spelling(text):
            raise NotPlain("an option is spelled as argparse does not know them", compare)
        if known is None:
            parent = self.module.parent(compare)
            target = parent.targets[0] if isinstance(parent, ast.Assign) else None
            wanted = (
                identifier(target.id) if isinstance(target, ast.Name) and isinstance(compare.ops[0], ast.In) else ""
            )
            own = identifier(text.lstrip("-")) or "flag"
            name = self.naming.take(*((own, wanted) if text.startswith("--") else (wanted, own)))
            known = self._argument((text,), name, (("action", '"store_true"'),))
        attribute = f"{self.space}.{known.destination}"
        self.patch.expressions[compare] = attribute if isinstance(compare.ops[0], ast.In) else f"not {attribute}"

    def _settle(self, group: list[Option], statement: ast.stmt) -> list[Part]:
        """Add the arguments of options that set one variable, and return the code that sets it."""
        option = group[0]
        target = option.target
        counted = option.body[0].target if is_counted(option) else None  # type: ignore[attr-defined]
        wanted = identifier(getattr(target or counted, "id", getattr(target, "attr", "")))
        spelled = [identifier(name.lstrip("-")) for name in option.names if name.startswith("--")]
        fallback = [identifier(name.lstrip("-")) for name in option.names]
        help_names = [*spelled, wanted if wanted not in HELP else "", *(name for name in fallback if name), "option"]
        destination = self.naming.take(*([wanted, *help_names] if wanted else help_names))
        attribute = f"{self.space}.{destination}"
        if option.value is not None:
            return self._valued(option, destination, attribute, statement)
        if len(group) > 1:
            for item in group:
                assert item.constant is not None  # noqa: S101 - the group is made of those
                settings = (("action", '"store_const"'), ("const", self.module.text(item.constant)))
                self._argument(item.names, destination, settings)
            assert target is not None  # noqa: S101 - the group is made of those
            return [f"if {attribute} is not None:", f"{self.module.indent}{self.module.text(target)} = {attribute}"]
        if is_counted(option):
            start = initial_value_of(self.module, option.body[0].target, statement)  # type: ignore[attr-defined]
            if start is not None and start.value == 0 and start.assign is not None:
                self._argument(option.names, destination, (("action", '"count"'), ("default", "0")))
                self._take_over(start, option.body[0].target)  # type: ignore[attr-defined]
                return [f"{self.module.text(option.body[0].target)} = {attribute}"]  # type: ignore[attr-defined]
            self._argument(option.names, destination, (("action", '"count"'), ("default", "0")))
            return [f"{self.module.text(option.body[0].target)} += {attribute}"]  # type: ignore[attr-defined]
        switched = self._switched(option, destination, attribute, statement)
        if switched:
            return switched
        self._argument(option.names, destination, (("action", '"store_true"'),))
        return [f"if {attribute}:", *self._indented(option.body)]

    def _switched(self, option: Option, destination: str, attribute: str, statement: ast.stmt) -> list[Part]:
        """For an option that turns a variable on or off: the plain assignment."""
        target, constant = option.target, option.constant
        if not isinstance(target, ast.Name) or constant is None or not isinstance(constant.value, (bool, int)):
            return []
        start = initial_value_of(self.module, target, statement)
        if start is None or self._is_set_before(target, statement):
            return []
        exact = isinstance(start.value, bool) and isinstance(constant.value, bool)
        if not exact and not only_asked_for_truth(self.module, target):
            return []
        if bool(start.value) == bool(constant.value):
            return []
        if start.assign is None and not self._is_from_outside(target):
            return []
        action = '"store_true"' if constant.value else '"store_false"'
        self._argument(option.names, destination, (("action", action),))
        self._take_over(start, target)
        return [f"{target.id} = {attribute}"]

    def _is_set_before(self, target: ast.Name, statement: ast.stmt) -> bool:
        found = self.module.scope(target).lookup(target.id)
        inside = set(ast.walk(statement))
        return found is not None and len([item for item in found[1] if item.node not in inside]) > 1

    def _valued(self, option: Option, destination: str, attribute: str, statement: ast.stmt) -> list[Part]:
        """For an option with a value."""
        assign = option.body[0]
        assert isinstance(assign, ast.Assign) and option.target is not None  # noqa: S101 - by how it was read
        settings: list[tuple[str, str]] = []
        convert = self._converter(assign.value)
        if convert and statement in self.flow.uncertain:
            raise NotPlain("a run may succeed before an option is converted", statement)
        if convert:
            settings.append(("type", self._type_source(convert)))
        name = self.module.text(option.target)
        start = initial_value_of(self.module, option.target, statement) if isinstance(option.target, ast.Name) else None
        usable = start is not None and (not convert or not isinstance(start.value, str))
        if start is not None and usable and (start.assign is not None or self._is_from_outside(option.target)):  # type: ignore[arg-type]
            if start.value is not None or start.assign is None:
                settings.append(("default", start.source))
            self._take_over(start, option.target)  # type: ignore[arg-type]
            self._argument(option.names, destination, tuple(settings))
            return [f"{name} = {attribute}"]
        self._argument(option.names, destination, tuple(settings))
        return [f"if {attribute} is not None:", f"{self.module.indent}{name} = {attribute}"]

    def _last_wins(self, target: ast.Name, statement: ast.stmt) -> list[Part]:
        """An argument that a loop stores in a variable."""
        own = identifier(target.id)
        name = self.naming.take(own, "argument")
        said = self.naming.help(0, own)
        help_ = [("help", quoted(said.replace("%", "%%")))] if said else []
        start = initial_value_of(self.module, target, statement)
        settings: list[tuple[str, str]] = [("nargs", '"?"')]
        if start is not None and (start.assign is not None or start.source == target.id):
            if start.value is not None or start.assign is None:
                settings.append(("default", start.source))
            self._take_over(start, target)
            parts: list[Part] = [f"{target.id} = {self.space}.{name}"]
        else:
            parts = [f"if {self.space}.{name} is not None:", f"{self.module.indent}{target.id} = {self.space}.{name}"]
        self.positionals.append(Argument((name,), (*settings, *help_)))
        return parts

    def _prompts(self) -> None:
        """Options for the answers to what the script asks at its start."""
        for call, variable in prompts_of(self.module, self.line.frame) if self.settings.prompts else ():
            name = self.naming.take(identifier(variable), "answer")
            text = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else ""
            said = str(text).strip().rstrip(":?> ").strip()
            help_ = (("help", quoted(said.replace("%", "%%"))),) if said else ()
            self.arguments.append(Argument((f"--{name.replace('_', '-')}",), help_))
            attribute = f"{self.space}.{name}"
            self.patch.expressions[call] = f"{attribute} if {attribute} is not None else {self.module.text(call)}"

    def _constants(self) -> None:
        """Options for the constants that configure the script."""
        if not self.settings.constants or self.line.frame is not None:
            return
        at = self._first()
        taken = {source for item in self.positionals for key, source in item.settings if key == "default"}
        taken |= {*self.defaults.values()} | {
            s for item in self.arguments for key, s in item.settings if key == "default"
        }
        for setting in settings_of(self.module, at):
            name = identifier(setting.name)
            if setting.name in taken or not name or name in self.naming.taken:
                continue
            self.naming.take(name)
            type_ = (("type", setting.convert),) if setting.convert else ()
            flag = f"--{name.replace('_', '-')}"
            self.arguments.append(Argument((flag,), (*type_, ("default", setting.name))))
            self.assigned.append(f"{setting.name} = {self.space}.{name}")
            self.sets.add(setting.name)

    def _started(self) -> None:
        """Take away first values that another assignment follows at once."""
        for assign, names in self.started.items():
            targets = [target for target in assign.targets if not (isinstance(target, ast.Name) and target.id in names)]
            if not targets:
                self.patch.statements[assign] = ()
            else:
                left = " = ".join(self.module.text(target) for target in targets)
                self.patch.statements[assign] = (f"{left} = {self.module.text(assign.value)}",)
