"""The rewrite of a script that reads ``sys.argv``: an argparse parser, and edits that read its namespace."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import replace

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Definition, Insertion, Rewrite
from pymodernize_codemods._assumptions import PLAIN_ARGUMENTS, SURPLUS_ARGUMENTS
from pymodernize_codemods._script.entry import begins
from pymodernize_codemods._script.parsers import Argument, Parser, quoted
from pymodernize_codemods.argparse_skeleton.command_line import Kind, Use
from pymodernize_codemods.argparse_skeleton.copies import Copies
from pymodernize_codemods.argparse_skeleton.count_tests import CountTests
from pymodernize_codemods.argparse_skeleton.defaults import Defaults
from pymodernize_codemods.argparse_skeleton.option_actions import OptionActions
from pymodernize_codemods.argparse_skeleton.options import HELP
from pymodernize_codemods.argparse_skeleton.positionals import (
    Positional,
    alive,
    conversion,
)
from pymodernize_codemods.argparse_skeleton.reading import Reading
from pymodernize_codemods.argparse_skeleton.reasons import HYPHEN, MORE, SHOWS_USAGE, NotPlain
from pymodernize_codemods.argparse_skeleton.verbosity import verbosity
from pymodernize_codemods.argparse_skeleton.version import version_argument


class Rewriting(Reading, OptionActions, Defaults, CountTests, Copies):
    """The rewrite of one command line.

    Args:
        module: the module.
        line: what it does with its arguments.
        options: the codemod's settings.

    Raises:
        NotPlain: argparse cannot say it.
    """

    def run(self) -> None:
        """Work out everything; what comes of it is asked for by :meth:`rewrite`."""
        tries = self._read_types()
        self._read_choices()
        self._name()
        self._check_optional(tries)
        for statement in tries:
            self.patch.statements[statement] = tuple(statement.body)
        self._options()
        self._defaults()
        self._items()
        self._tests()
        self._aliases()
        self._raw_removed()
        self._started()
        self._prompts()
        self._constants()
        self._copies()
        self.parser = self._parser()
        self._without_use()

    def _raw_removed(self) -> None:
        for check in self.raw:
            if self.range.least >= 1 and not check.orelse:
                self.patch.statements[check] = ()

    def _items(self) -> None:
        for use in alive(self.flow, self.line, Kind.ITEM):
            if use.kept:
                continue
            self.patch.expressions.setdefault(self._converted(use), self._read(use.place))
        for use in alive(self.flow, self.line, Kind.UNPACK):
            self._unpack(use)
        for use in alive(self.flow, self.line, Kind.REST):
            if not use.kept:
                self.patch.expressions[use.node] = self._list(use.place)
        for use in alive(self.flow, self.line, Kind.LENGTH):
            if not use.kept and not self._is_in_test(use.node):
                self._count(use)

    def _count(self, use: Use) -> None:
        """A number of arguments that is used as a value: that of the list, and of those that are always there."""
        rest = self.range.rest
        if rest is None or self.range.least < rest or use.raw and self.options:
            raise NotPlain("the number of arguments is used as a value", use.node)
        listed = f"len({self.space}.{self.names[rest]})"
        around = self.module.parent(use.node)
        match around:
            case ast.BinOp(left=left, op=ast.Sub(), right=ast.Constant(value=int(less))) if left is use.node:
                whole, more = around, rest - use.place + use.added - less
            case _:
                whole, more = use.node, rest - use.place + use.added
        self.patch.expressions[whole] = f"{listed} {'+' if more > 0 else '-'} {abs(more)}" if more else listed

    def _is_in_test(self, node: ast.expr) -> bool:
        """Whether a number of arguments is only there to be compared."""
        for around in self.module.ancestors(node):
            if isinstance(around, ast.expr) and around in self.flow.tests:
                return True
            if isinstance(around, ast.stmt):
                return False
        return False

    def _converted(self, use: Use) -> ast.expr:
        """The expression that an argument's attribute takes the place of."""
        call = conversion(self.module, use.node)
        return call if call is not None and self.types.get(use.place) else use.node

    def _unpack(self, use: Use) -> None:
        assign = self.module.statement(use.node)
        assert isinstance(assign, ast.Assign)  # noqa: S101 - by its kind
        targets = assign.targets[0]
        assert isinstance(targets, (ast.Tuple, ast.List))  # noqa: S101 - by its kind
        if use.count == 1 and use.place >= 0:
            self.patch.statements[assign] = (f"{self.module.text(targets.elts[0])} = {self._read(use.place)}",)
            return
        if use.place < 0 and self._is_unused(targets.elts[0]):
            names = [self.module.text(item) for item in targets.elts[1:]]
            values = [self._read(place) for place in range(use.count - 1)]
            if not values:
                raise NotPlain("the command line is unpacked to nothing", assign)
            self.patch.statements[assign] = (f"{', '.join(names)} = {', '.join(values)}",)
            return
        values = [self._read(use.place + number) for number in range(use.count)]
        self.patch.expressions[use.node] = ", ".join(values) if len(values) > 1 else f"({values[0]},)"

    def _is_unused(self, target: ast.expr) -> bool:
        if not isinstance(target, ast.Name):
            return False
        found = self.module.scope(target).lookup(target.id)
        return found is not None and not self.module.uses(found[1][0]) and self.module.is_closed

    def _aliases(self) -> None:
        for statement in self.line.aliases:
            self.patch.statements.setdefault(statement, ())

    def _without_use(self) -> None:
        """Take away functions and texts that only what goes has used."""
        grown = True
        while grown:
            grown = False
            for function in self.module.nodes(ast.FunctionDef):
                calls = self.module.every_call(function) if function not in self.patch.statements else None
                if calls and all(self.patch.is_gone(call) for call in calls):
                    self.patch.statements[function] = ()
                    grown = True
            for assign in self.module.nodes(ast.Assign):
                if assign not in self.patch.statements and self._is_text_without_use(assign):
                    self.patch.statements[assign] = ()
                    grown = True

    def _is_text_without_use(self, assign: ast.Assign) -> bool:
        target = assign.targets[0]
        if not isinstance(self.module.parent(assign), ast.Module) or not isinstance(target, ast.Name):
            return False
        if (
            len(assign.targets) > 1
            or target.id.startswith("__")
            or target.id in self.needed
            or not self.module.is_closed
        ):
            return False
        found = self.module.index.scope.bindings.get(target.id, [])
        uses = self.module.uses(found[0]) if len(found) == 1 else []
        pure = not any(
            isinstance(node, (ast.Call, ast.Await)) and not self._is_harmless(node)
            for node in ast.walk(assign.value)
            if isinstance(node, ast.Call)
        )
        return pure and bool(uses) and all(self.patch.is_gone(use) for use in uses)

    def rewrite(self) -> tuple[Rewrite, str]:
        """The rewrite, and what it costs beside the checks."""
        self._check_all_followed()
        at = self._statement()
        more = verbosity(self.module, at, self.parser.arguments, self.patch.is_gone)
        if more is not None:
            self.parser = self._with(more.argument)
            self.patch.expressions |= more.asked(self.module, self.space)
        argument = self._argv()
        source, references = self.parser.definition(self.module, at, given=bool(argument))
        place = self._in_place_of(at)
        if place is not None:
            self.patch.statements[place] = tuple(self._own_indent(source))
        call = f"{self.space} = {self.function}({argument})"
        shown = more.inserted(self.module, at, self.space) if more is not None else ()
        inserted = (Insertion(at, call), *shown, *(Insertion(at, source) for source in self.assigned))
        rewrite = Rewrite(
            edits=self.patch.edits(),
            references=(*references, more.logging) if more is not None else references,
            definitions=(Definition(source),) if place is None else (),
            sets=frozenset(self.sets),
            insertions=tuple(replace(item, opens=self._opens(at)) for item in inserted),
            drops=("sys", "sys.argv", "sys.exit", "os", "os.path"),
            removes=tuple(item for item, becomes in self.patch.statements.items() if not becomes),
            drops_comments=self.patch.drops_comments(),
        )
        return rewrite, " (comments inside of the checks go with them)" if rewrite.drops_comments else ""

    def _opens(self, at: ast.stmt) -> bool:
        """Whether the call stands above all that is left of a block."""
        alone = self.patch.statements.get(at) == () and self.patch.told_of(at)
        return begins(self.module, at) and not alone

    def _check_all_followed(self) -> None:
        """Every read of an argument was come to on the way through the script, or goes."""
        for use in self.line.uses.values():
            is_read = use.kind in {Kind.ITEM, Kind.UNPACK, Kind.REST} and not use.kept
            if is_read and not self.flow.reads.get(use.node) and not self.patch.is_gone(use.node):
                raise NotPlain("an argument is read where the script is not followed, or never comes to", use.node)

    def _parser(self) -> Parser:
        settings: list[tuple[str, str]] = []
        if self.usage.description:
            settings.append(("description", quoted(self.usage.description)))
        names = {name for argument in self.arguments for name in argument.names}
        if any(name.startswith("--") for name in names):
            settings.append(("allow_abbrev", "False"))
        if names & HELP:
            settings.append(("conflict_handler", '"resolve"'))
        arguments = [*self._positional_arguments(), *self.positionals, *self.arguments]
        version = version_argument(self.module, names, self.line.first or self.module.tree.body[0])
        if version is not None and "version" not in self.naming.taken:
            arguments.append(version[0])
            self.needed.add(version[1])
        mixed = bool(self.arguments) and _has_list(arguments)
        strict = mixed or not self.range.ignored or self.module.accepts(SURPLUS_ARGUMENTS.name)
        ignores_more = self._passes_over and not strict
        return Parser(self.function, tuple(arguments), tuple(settings), intermixed=mixed, ignores_more=ignores_more)

    @property
    def _passes_over(self) -> bool:
        """Whether the script passes over further arguments."""
        return self.range.surplus and not any(loop.refuses for loop in self.line.loops)

    def assumptions(self) -> dict[str, str]:
        """What the rewrite assumes of the arguments: names of assumptions, with the reason of each."""
        found = {PLAIN_ARGUMENTS.name: HYPHEN}
        if self._passes_over and not self.parser.ignores_more:
            found[SURPLUS_ARGUMENTS.name] = MORE
        if self.range.usage:
            found[CHANGES_BEHAVIOUR.name] = SHOWS_USAGE
        return found

    def _with(self, argument: Argument) -> Parser:
        """The parser with one option more."""
        arguments = (*self.parser.arguments, argument)
        mixed = _has_list(arguments)
        return replace(
            self.parser, arguments=arguments, intermixed=mixed, ignores_more=self.parser.ignores_more and not mixed
        )

    def _positional_arguments(self) -> list[Argument]:
        found = []
        for place in range(self.range.singles):
            shown = "" if place in self.choices else self.naming.metavar(place, self.names[place])
            settings: list[tuple[str, str]] = [("metavar", quoted(shown))] if shown else []
            if self.types.get(place):
                settings.append(("type", self._type_source(self.types[place])))
            if place in self.choices:
                settings.append(("choices", f"[{', '.join(quoted(word) for word in self.choices[place])}]"))
            if self.range.is_optional(place):
                settings.append(("nargs", '"?"'))
                default = self.defaults.get(place, "None")
                settings += [("default", default)] if default != "None" else []
            said = self.naming.help(place, self.names[place]) or self.remarks.get(place, "")
            found.append(self._positional(Positional(self.names[place], help=said), settings))
        rest = self.range.rest
        if rest is not None:
            many = (
                str(self.range.exact) if self.range.exact is not None else '"+"' if self.range.least > rest else '"*"'
            )
            name = self.names[rest]
            shown = self.naming.metavar(rest, name)
            settings = [*([("metavar", quoted(shown))] if shown else []), ("nargs", many)]
            found.append(self._positional(Positional(name, help=self.naming.help(rest, name)), settings))
        return found

    def _positional(self, positional: Positional, settings: list[tuple[str, str]]) -> Argument:
        said = [("help", quoted(positional.help.replace("%", "%%")))] if positional.help else []
        return Argument((positional.name,), (*settings, *said))


def _has_list(arguments: Iterable[Argument]) -> bool:
    """Whether there are positional arguments of which there may be more or fewer."""
    return any(key == "nargs" for item in arguments for key, _ in item.settings)
