"""From what a script does with its arguments to a parser and the edits that use it."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cached_property

from pymodernize.codemod import Definition, Insertion, Rewrite
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import ScopeKind
from pymodernize.semantics.scripts import acts, is_guard
from pymodernize_codemods._script.parsers import Argument, Parser, quoted
from pymodernize_codemods.argparse_skeleton.counts import (
    EXIT_ERRORS,
    LOOKUP_ERRORS,
    NOTHING,
    State,
    catches,
    help_words,
    is_rescued,
    number_test,
)
from pymodernize_codemods.argparse_skeleton.leaving import leaving_for
from pymodernize_codemods.argparse_skeleton.options import HELP, Option, is_spelling
from pymodernize_codemods.argparse_skeleton.patch import Part, Patch
from pymodernize_codemods.argparse_skeleton.positionals import (
    CONVERSIONS,
    Naming,
    Positional,
    alive,
    conversion,
    count,
)
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain
from pymodernize_codemods.argparse_skeleton.settled import Start, only_asked_for_truth, start_of
from pymodernize_codemods.argparse_skeleton.usage import identifier, read_usage
from pymodernize_codemods.argparse_skeleton.vectors import CommandLine, Kind, Use
from pymodernize_codemods.argparse_skeleton.version import version_argument

_NAMESPACES = ("args", "arguments", "options", "namespace")
_FUNCTIONS = ("parse_arguments", "parse_command_line")


class Rewriting:
    """The rewrite of one command line.

    Args:
        module: the module.
        line: what it does with its arguments.

    Raises:
        NotPlain: argparse cannot say it.
    """

    def __init__(self, module: Module, line: CommandLine) -> None:
        self.module = module
        self.line = line
        if is_rescued(module, line.frame, EXIT_ERRORS):
            raise NotPlain(
                "what calls the function catches SystemExit, and would go on after argparse's",
                line.first or module.tree,
            )
        self.leaving = leaving_for(module, line.frame)
        self.usage = read_usage(module)
        self.naming = Naming(module, self.usage)
        self.patch = Patch(module)
        self.found = [
            *(option for loop in line.loops for option in loop.options),
            *(m.option for m in line.memberships),
        ]
        self.options = [option for option in self.found if not option.is_help or option.value is not None]
        self.raw = self._raw_checks()
        self.range, self.flow = count(module, line, self.leaving)
        self.types: dict[int, str] = {}
        self.defaults: dict[int, str] = {}
        self.names: dict[int, str] = {}
        self.arguments: list[Argument] = []
        self.positionals: list[Argument] = []
        self.started: dict[ast.Assign, set[str]] = {}
        self.needed: set[str] = set()

    def run(self) -> None:
        """Work out everything; what comes of it is asked for by :meth:`rewrite`."""
        tries = self._read_types()
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
        self.parser = self._parser()
        self._without_use()

    # --- raw counts --------------------------------------------------------------------------------------------

    def _raw_checks(self) -> list[ast.If]:
        """The checks that there is any argument at all, where options are among those that are counted."""
        checks: list[ast.If] = []
        if not self.options:
            return checks
        for use in list(self.line.uses.values()):
            if use.kind is Kind.FLAG or not self._counts_options(use):
                continue
            statement = self.module.statement(use.node)
            if not isinstance(statement, ast.If) or not self._asks_for_none(statement.test):
                raise NotPlain("arguments are counted while options are still among them", use.node)
            if not self.leaving.fails(statement.body):
                raise NotPlain("arguments are counted while options are still among them", use.node)
            checks.append(statement)
            self.line.uses.pop(use.node)
        self.line.checks = checks
        return checks

    def _asks_for_none(self, test: ast.expr) -> bool:
        """Whether a test holds if there is no argument, and only then."""
        holds = number_test(test, self.line.uses)
        if holds is not None:
            return holds(0) and not any(holds(number) for number in range(1, 20))
        operand = test.operand if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not) else None
        use = self.line.uses.get(operand) if operand is not None else None
        return use is not None and use.kind is Kind.TRUTH and use.place == 0

    def _counts_options(self, use: Use) -> bool:
        if not use.raw:
            return False
        if not self.line.memberships:
            return True
        last = max(item.statement.end_lineno or 0 for item in self.line.memberships)
        bases = {self._base(node) for item in self.line.memberships for node in ast.walk(item.statement.test)}
        base = self._base(use.node)
        if use.node.lineno < last:
            return True
        return base not in bases and not any(self._base(item) in bases for item in [use.node])

    def _base(self, node: ast.AST) -> str:
        """The variable that an expression about the arguments starts from."""
        while True:
            if isinstance(node, ast.Subscript):
                node = node.value
            elif isinstance(node, ast.Call) and node.args:
                node = node.args[0]
            elif isinstance(node, ast.Compare):
                node = node.comparators[0]
            else:
                break
        return self.module.text(node) if isinstance(node, (ast.Name, ast.Attribute)) else ""

    def _raw_removed(self) -> None:
        for check in self.raw:
            if self.range.least >= 1 and not check.orelse:
                self.patch.statements[check] = ()

    # --- names and types ---------------------------------------------------------------------------------------

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
                raise NotPlain("the number of arguments is used as a value", use.node)

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

    def _read(self, place: int) -> str:
        if place < 0:
            return f"{self.sys}.argv[0]"
        rest = self.range.rest
        if rest is not None and place >= rest:
            return f"{self.space}.{self.names[rest]}[{place - rest}]"
        return f"{self.space}.{self.names[place]}"

    @property
    def sys(self) -> str:
        """How the module names ``sys``."""
        found = self.module.names.imported.get("sys", ())
        if not found:
            raise NotPlain(
                "the program's name is asked for by another name", self.line.first or self.module.tree.body[0]
            )
        return found[0][0]

    def _list(self, place: int) -> str:
        rest = self.range.rest
        if rest is None:
            raise NotPlain("a list of arguments is asked for where there is none", self.line.first or self.module.tree)
        name = f"{self.space}.{self.names[rest]}"
        return name if place == rest else f"{name}[{place - rest}:]"

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

    def _read_types(self) -> list[ast.Try]:
        """Decide which arguments argparse converts; gives the ``try`` statements that are of no use then."""
        tries = [node for node in self.module.nodes(ast.Try) if self._is_about_arguments(node)]
        while True:
            reads = self._reads(tries)
            self.types = {place: self._type(place, nodes) for place, nodes in reads.items()}
            kept = [node for node in tries if all(self._is_settled(call) for call in self._conversions(node))]
            if len(kept) == len(tries):
                return tries
            tries = kept

    def _reads(self, tries: Sequence[ast.Try] = ()) -> dict[int, list[ast.expr]]:
        """The reads of each argument, without those in handlers that go."""
        gone = {item for node in tries for handler in node.handlers for item in ast.walk(handler)}
        found: dict[int, list[ast.expr]] = {}
        for use in alive(self.flow, self.line, Kind.ITEM):
            if use.node not in gone and use.place >= 0:
                found.setdefault(use.place, []).append(use.node)
        return found

    def _is_about_arguments(self, statement: ast.Try) -> bool:
        """Whether a ``try`` holds nothing but reads of arguments, and each handler fails or cannot be reached."""
        if self.module.function(statement) is not self.line.frame or statement.finalbody or statement.orelse:
            return False
        reached = self.flow.reached
        if not reached.get(statement) or not all(self._only_reads(item) for item in statement.body):
            return False
        return all(not reached.get(item.body[0]) or self.leaving.fails(item.body) for item in statement.handlers)

    def _only_reads(self, statement: ast.stmt) -> bool:
        if isinstance(statement, ast.If):
            counted = self._verdict(statement.test) is not None or statement.test in self.flow.tests
            return counted and all(self._only_reads(item) for item in (*statement.body, *statement.orelse))
        if not isinstance(statement, ast.Assign):
            return False
        values = statement.value.elts if isinstance(statement.value, ast.Tuple) else [statement.value]
        for value in values:
            if isinstance(value, ast.IfExp):
                chosen = [item for item in (value.body, value.orelse) if not isinstance(item, ast.Constant)]
                if value.test not in self.flow.tests or not all(self._is_plain_read(item) for item in chosen):
                    return False
                continue
            if not self._is_plain_read(value):
                return False
        return True

    def _is_plain_read(self, value: ast.expr) -> bool:
        """Whether an expression is an argument, or a conversion of one."""
        inner = value.args[0] if isinstance(value, ast.Call) and len(value.args) == 1 else value
        use = self.line.uses.get(inner)
        if use is None or use.kind not in {Kind.ITEM, Kind.UNPACK, Kind.REST}:
            return False
        return inner is value or conversion(self.module, inner) is not None

    def _conversions(self, statement: ast.Try) -> list[ast.Call]:
        calls = [node for item in statement.body for node in ast.walk(item) if isinstance(node, ast.Call)]
        return [call for call in calls if call.args and conversion(self.module, call.args[0]) is call]

    def _is_settled(self, call: ast.Call) -> bool:
        use = self.line.uses.get(call.args[0])
        return use is not None and bool(self.types.get(use.place))

    def _type(self, place: int, reads: list[ast.expr]) -> str:
        """The type by which argparse converts an argument, empty if the script goes on doing so itself."""
        if self.range.rest is not None and place >= self.range.rest:
            return ""
        calls = [conversion(self.module, read) for read in reads]
        kinds = {self.module.qualified_name(call.func) if call is not None else None for call in calls}
        kind = kinds.pop() if len(kinds) == 1 else None
        if kind is None:
            return ""
        if kind == "pathlib.Path":
            return CONVERSIONS[kind]
        given = frozenset(number for number in self.range.states if number > place)
        for call in calls:
            if call in self.flow.certain and given <= self.flow.reads.get(call.args[0], NOTHING):
                return CONVERSIONS[kind]
        return ""

    def _name(self) -> None:
        reads = self._reads()
        for use in alive(self.flow, self.line, Kind.UNPACK):
            self._name_unpacked(use)
        only = self.range.singles == 1 and self.range.rest is None
        for place in range(self.range.singles):
            if place not in self.names:
                self.names[place] = self.naming.positional(place, reads.get(place, []), only=only)
        if self.range.rest is not None:
            nodes = [use.node for use in alive(self.flow, self.line, Kind.REST) if use.place == self.range.rest]
            kept = next((self.line.kept[node] for node in nodes if node in self.line.kept), "")
            self.names[self.range.rest] = self.naming.rest(self.range.rest, nodes, kept)

    def _name_unpacked(self, use: Use) -> None:
        assign = self.module.statement(use.node)
        targets = assign.targets[0] if isinstance(assign, ast.Assign) else None
        for number, target in enumerate(targets.elts if isinstance(targets, (ast.Tuple, ast.List)) else ()):
            place = use.place + number
            if place >= 0 and place not in self.names:
                name = identifier(target.id) if isinstance(target, ast.Name) else ""
                self.names[place] = self.naming.take(name, self.naming.placeholder(place), f"argument{place + 1}")

    def _check_optional(self, tries: Sequence[ast.Try]) -> None:
        """An argument that may be missing must not be read where its absence would raise."""
        gone = {item for node in tries for handler in node.handlers for item in ast.walk(handler)}
        for use in (*alive(self.flow, self.line, Kind.ITEM), *alive(self.flow, self.line, Kind.UNPACK)):
            rest = self.range.rest
            if use.kept or use.node in gone or rest is not None and use.place >= rest and use.kind is Kind.ITEM:
                continue
            wanted = use.place + max(use.count, 1)
            state = self.flow.reads[use.node]
            if any(number < wanted or use.exact and number > wanted for number in state) and not self._in_lookup(use):
                raise NotPlain("an argument is read that may be missing: the script fails there only then", use.node)

    def _in_lookup(self, use: Use) -> bool:
        """Whether a missing argument is dealt with by ``try: x = sys.argv[1] except IndexError: x = default``."""
        statement = self.module.statement(use.node)
        around = self.module.parent(statement)
        return isinstance(around, ast.Try) and self._lookup(around) is not None

    # --- names of what is added --------------------------------------------------------------------------------

    @cached_property
    def space(self) -> str:
        """The variable that holds the namespace."""
        return self._free(_NAMESPACES)

    @cached_property
    def function(self) -> str:
        """The name of the function that is added."""
        for name in _FUNCTIONS:
            if name not in self.module.identifiers:
                return name
        raise NotPlain(
            "the file has a function parse_arguments of its own", self.line.first or self.module.tree.body[0]
        )

    def _free(self, names: Sequence[str]) -> str:
        frame = self.line.frame
        scopes = [self.module.index.scope, *([self.module.index.scopes[frame]] if frame is not None else [])]
        going = {self._bound(item) for item in self.line.aliases}
        for name in names:
            bindings = [item for scope in scopes for item in scope.bindings.get(name, ())]
            left = [item for item in bindings if self.module.statement(item.node) not in going_statements(self.line)]
            if not left and name not in self.module.unresolved and (not bindings or name in going):
                return name
        raise NotPlain("every name for the namespace is taken", self.line.first or self.module.tree.body[0])

    def _bound(self, statement: ast.stmt) -> str:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        return target.id if isinstance(target, ast.Name) else ""

    # --- options -----------------------------------------------------------------------------------------------

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

    def _argument(self, names: tuple[str, ...], destination: str, settings: tuple[tuple[str, str], ...]) -> Argument:
        said = next((self.usage.helps[name] for name in names if self.usage.helps.get(name)), "")
        help_ = (("help", quoted(said.replace("%", "%%"))),) if said else ()
        dest = (("dest", quoted(destination)),) if Argument(names).destination != destination else ()
        argument = Argument(names, (*dest, *settings, *help_))
        self.arguments.append(argument)
        return argument

    def _settle(self, group: list[Option], statement: ast.stmt) -> list[Part]:
        """Add the arguments of options that set one variable, and give the code that sets it."""
        option = group[0]
        target = option.target
        counted = option.body[0].target if self._is_counted(option) else None  # type: ignore[attr-defined]
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
        if self._is_counted(option):
            start = start_of(self.module, option.body[0].target, statement)  # type: ignore[attr-defined]
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

    def _is_counted(self, option: Option) -> bool:
        match option.body:
            case (ast.AugAssign(target=ast.Name(), op=ast.Add(), value=ast.Constant(value=1)),):
                return True
        return False

    def _switched(self, option: Option, destination: str, attribute: str, statement: ast.stmt) -> list[Part]:
        """For an option that turns a variable on or off: the plain assignment."""
        target, constant = option.target, option.constant
        if not isinstance(target, ast.Name) or constant is None or not isinstance(constant.value, (bool, int)):
            return []
        start = start_of(self.module, target, statement)
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

    def _is_from_outside(self, target: ast.Name) -> bool:
        """Whether a function or the guard sets a variable of the module, which has its first value without them."""
        found = self.module.scope(target).lookup(target.id)
        guarded = any(is_guard_(item) for item in self.module.ancestors(target))
        return (self.line.frame is not None or guarded) and found is not None and found[0].kind is ScopeKind.MODULE

    def _take_over(self, start: Start, target: ast.Name) -> None:
        if start.assign is not None:
            self.started.setdefault(start.assign, set()).add(target.id)

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
        start = start_of(self.module, option.target, statement) if isinstance(option.target, ast.Name) else None
        usable = start is not None and (not convert or not isinstance(start.value, str))
        if start is not None and usable and (start.assign is not None or self._is_from_outside(option.target)):  # type: ignore[arg-type]
            if start.value is not None or start.assign is None:
                settings.append(("default", start.source))
            self._take_over(start, option.target)  # type: ignore[arg-type]
            self._argument(option.names, destination, tuple(settings))
            return [f"{name} = {attribute}"]
        self._argument(option.names, destination, tuple(settings))
        return [f"if {attribute} is not None:", f"{self.module.indent}{name} = {attribute}"]

    def _converter(self, value: ast.expr) -> str:
        name = self.module.qualified_name(value.func) if isinstance(value, ast.Call) else None
        return CONVERSIONS.get(name or "", "")

    def _type_source(self, convert: str) -> str:
        if "." not in convert:
            return convert
        found = self.module.names.imported.get(convert, ())
        return found[0][0] if found else convert

    def _last_wins(self, target: ast.Name, statement: ast.stmt) -> list[Part]:
        """An argument that a loop stores in a variable, the last one if there are several."""
        name = self.naming.take(identifier(target.id), "argument")
        start = start_of(self.module, target, statement)
        settings: list[tuple[str, str]] = [("nargs", '"?"')]
        said = self.naming.help(0, name)
        help_ = [("help", quoted(said.replace("%", "%%")))] if said else []
        if start is not None and (start.assign is not None or start.source == target.id):
            if start.value is not None or start.assign is None:
                settings.append(("default", start.source))
            self._take_over(start, target)
            parts: list[Part] = [f"{target.id} = {self.space}.{name}"]
        else:
            parts = [f"if {self.space}.{name} is not None:", f"{self.module.indent}{target.id} = {self.space}.{name}"]
        self.positionals.append(Argument((name,), (*settings, *help_)))
        return parts

    def _indented(self, body: Sequence[ast.stmt]) -> list[str]:
        return [self.module.indent + line for item in body for line in self.patch.lines(item, "")]

    def _started(self) -> None:
        """Take away first values that another assignment follows at once."""
        for assign, names in self.started.items():
            targets = [target for target in assign.targets if not (isinstance(target, ast.Name) and target.id in names)]
            if not targets:
                self.patch.statements[assign] = ()
            else:
                left = " = ".join(self.module.text(target) for target in targets)
                self.patch.statements[assign] = (f"{left} = {self.module.text(assign.value)}",)

    # --- defaults ----------------------------------------------------------------------------------------------

    def _defaults(self) -> None:
        """Give an argument that may be missing its default, where the script plainly has one for it."""
        for place in range(self.range.least, self.range.singles):
            tests = [test for test in self.flow.tests if self._boundary(test) == place]
            if not tests:
                self._by_lookup(place)
            elif len(tests) == 1:
                self._by_test(place, tests[0])
        for use in alive(self.flow, self.line, Kind.ITEM):
            around = self.module.parent(self.module.statement(use.node))
            if isinstance(around, ast.Try) and self._lookup(around) is not None and around not in self.patch.statements:
                raise NotPlain("an argument that is missing is dealt with in several ways", use.node)

    def _boundary(self, test: ast.expr) -> int | None:
        """The argument that a test asks for, None if it is settled or asks for anything else."""
        yes, no = self.flow.tests[test]
        if not yes or not no:
            return None
        high, low = (yes, no) if max(yes) > max(no) else (no, yes)
        return min(high) - 1 if min(high) > max(low) else None

    def _by_test(self, place: int, test: ast.expr) -> None:
        parent = self.module.parent(test)
        while isinstance(parent, ast.UnaryOp):
            test, parent = parent, self.module.parent(parent)
        if not isinstance(parent, (ast.If, ast.IfExp)) or parent.test is not test:
            return
        if any(isinstance(around, ast.JoinedStr) for around in self.module.ancestors(parent)):
            return
        held = self._holds_with(parent.test)
        if isinstance(parent, ast.IfExp):
            present, missing = (parent.body, parent.orelse) if held else (parent.orelse, parent.body)
            default = self._default(missing, place) if self._is_read(present, place) else None
            if default is not None:
                self._give(place, default)
                self.patch.expressions[parent] = self._read(place)
            return
        present_, missing_ = (parent.body, parent.orelse) if held else (parent.orelse, parent.body)
        stored = self._stored(self._left(present_), place)
        if stored is None:
            return
        if missing_:
            other = self._left(missing_)
            assign = other[0] if len(other) == 1 and isinstance(other[0], ast.Assign) else None
            if assign is None or [ast.dump(item) for item in assign.targets] != [
                ast.dump(item) for item in stored.targets
            ]:
                return
            default = self._default(assign.value, place)
            if default is not None:
                self._give(place, default)
                self.patch.statements[parent] = (stored,)
            return
        start = self._start(stored, parent, place)
        if start is not None:
            self._give(place, start)
            self.patch.statements[parent] = (stored,)

    def _holds_with(self, test: ast.expr) -> bool:
        """Whether a test on the number of arguments holds with more of them."""
        if isinstance(test, ast.UnaryOp):
            return not self._holds_with(test.operand)
        yes, no = self.flow.tests[test]
        return max(yes) > max(no)

    def _left(self, body: Sequence[ast.stmt]) -> list[ast.stmt]:
        """The statements of a block without those that go, and with what is left of the others."""
        found: list[ast.stmt] = []
        for item in body:
            if (
                isinstance(item, ast.Pass)
                or isinstance(item, ast.If)
                and self._verdict(item.test) is False
                and not item.orelse
            ):
                continue
            becomes = self.patch.statements.get(item)
            if isinstance(item, ast.Try) and isinstance(becomes, tuple):
                found += [part for part in becomes if isinstance(part, ast.stmt)]
            else:
                found.append(item)
        return found

    def _stored(self, body: Sequence[ast.stmt], place: int) -> ast.Assign | None:
        """The statement, if a block is one, that stores an argument in a variable."""
        assign = body[0] if len(body) == 1 else None
        plain = isinstance(assign, ast.Assign) and len(assign.targets) == 1 and self._is_read(assign.value, place)
        return assign if plain and isinstance(assign, ast.Assign) else None

    def _is_read(self, value: ast.expr, place: int) -> bool:
        call = value.args[0] if isinstance(value, ast.Call) and self.types.get(place) and value.args else value
        use = self.line.uses.get(call)
        return use is not None and use.kind is Kind.ITEM and use.place == place and not use.kept

    def _default(self, value: ast.expr, place: int) -> str | None:
        """A default's source, None if it is no literal of the argument's type."""
        if isinstance(value, ast.Call) and len(value.args) == 1 and self._converter(value) == self.types.get(place):
            if self.types.get(place) == "pathlib.Path":
                return self.module.text(value)
        literal = value.operand if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub) else value
        if not isinstance(literal, ast.Constant) or isinstance(literal.value, bytes):
            return self._named(value, place)
        if self.types.get(place) and isinstance(literal.value, str) or value.lineno != value.end_lineno:
            return None
        return self.module.text(value)

    def _named(self, value: ast.expr, place: int) -> str | None:
        """The source of a constant of the module as a default."""
        from pymodernize_codemods.argparse_skeleton.leaving import constant_of

        constant = constant_of(self.module, value) if isinstance(value, ast.Name) else None
        if constant is None or self.types.get(place) and isinstance(constant.value, str):
            return None
        found = self.module.scope(value).lookup(value.id)  # type: ignore[attr-defined]
        if found is None or found[0] is not self.module.index.scope:
            return None
        assign = self.module.parent(found[1][0].node)
        first = self.line.first
        at_top = assign is not None and isinstance(self.module.parent(assign), ast.Module)
        early = self.line.frame is not None or first is not None and _line(assign) < _line(first)
        return value.id if at_top and early else None  # type: ignore[attr-defined]

    def _start(self, stored: ast.Assign, statement: ast.stmt, place: int) -> str | None:
        """The default of an argument whose variable has a first value already."""
        target = stored.targets[0]
        start = start_of(self.module, target, statement) if isinstance(target, ast.Name) else None
        if start is None or not isinstance(target, ast.Name):
            return None
        if self.types.get(place) and isinstance(start.value, str):
            return None
        if start.source == target.id and self._runs_late(target):
            return None
        self._take_over(start, target)
        return start.source

    def _runs_late(self, target: ast.Name) -> bool:
        """Whether a variable of the module is first set after the command line is read."""
        found = self.module.scope(target).lookup(target.id)
        first = self.line.first
        return (
            self.line.frame is None
            and found is not None
            and first is not None
            and _line(found[1][0].node) > _line(first)
        )

    def _by_lookup(self, place: int) -> None:
        for node in self.module.nodes(ast.Try):
            found = self._lookup(node) if self.flow.reached.get(node) else None
            if found is None:
                continue
            stored, other = found
            if not self._is_read(stored.value, place):
                continue
            if other is None:
                default = self._start(stored, node, place)
            else:
                default = self._default(other.value, place)
            if default is None:
                raise NotPlain("the default of an argument is worked out", node)
            if place in self.defaults:
                raise NotPlain("an argument has two defaults", node)
            self._give(place, default)
            self.patch.statements[node] = (stored,)

    def _lookup(self, node: ast.Try) -> tuple[ast.Assign, ast.Assign | None] | None:
        """``try: x = sys.argv[1] except IndexError: x = default``: both assignments, the second if there is one."""
        handler = node.handlers[0] if len(node.handlers) == 1 else None
        if (
            handler is None
            or not catches(self.module, handler, LOOKUP_ERRORS)
            or node.finalbody
            or node.orelse
            or len(node.body) != 1
            or len(handler.body) != 1
        ):
            return None
        stored, other = node.body[0], handler.body[0]
        if not isinstance(stored, ast.Assign) or not self._is_any_read(stored.value) or len(stored.targets) != 1:
            return None
        if isinstance(other, ast.Pass):
            return stored, None
        if not isinstance(other, ast.Assign) or ast.dump(other.targets[0]) != ast.dump(stored.targets[0]):
            return None
        return stored, other

    def _is_any_read(self, value: ast.expr) -> bool:
        use = self.line.uses.get(value)
        return use is not None and use.kind is Kind.ITEM and not use.kept

    def _give(self, place: int, default: str) -> None:
        self.defaults[place] = default

    # --- tests -------------------------------------------------------------------------------------------------

    def _verdict(self, test: ast.expr) -> bool | None:
        """Whether a test always holds, or never, with a number of arguments that fits."""
        if isinstance(test, ast.BoolOp):
            found = [self._verdict(value) for value in test.values]
            stops = isinstance(test.op, ast.Or)
            if stops in found:
                return stops
            return (not stops) if all(item is (not stops) for item in found) else None
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self._verdict(test.operand)
            return None if inner is None else not inner
        yes, no = self.flow.tests.get(test, (NOTHING, NOTHING))
        if bool(yes) == bool(no):
            return None
        return bool(yes)

    def _tests(self) -> None:
        """Do away with tests whose outcome is known, and have the others ask the namespace."""
        for statement in (*self.module.nodes(ast.If), *self.module.nodes(ast.IfExp), *self.module.nodes(ast.While)):
            if statement in self.patch.statements or statement in self.patch.expressions or is_guard_(statement):
                continue
            if isinstance(statement, ast.stmt) and not self.flow.reached.get(statement):
                continue
            test = statement.test  # type: ignore[attr-defined]
            verdict = self._verdict(test)
            if verdict is None or isinstance(statement, ast.While):
                self._test(test)
            elif isinstance(statement, ast.If):
                self._settled_if(statement, verdict)
            else:
                chosen = statement.body if verdict else statement.orelse  # type: ignore[attr-defined]
                self.patch.expressions[statement] = self._source(chosen)  # type: ignore[index]
        self._other_tests()

    def _settled_if(self, statement: ast.If, verdict: bool) -> None:
        if any(isinstance(node, ast.Call) and not self._is_length(node) for node in ast.walk(statement.test)):
            before = [
                node for node in ast.walk(statement.test) if isinstance(node, ast.Call) and not self._is_length(node)
            ]
            if any(not self._is_harmless(call) for call in before):
                raise NotPlain("a check of the arguments does other work, too", statement)
        self.patch.statements[statement] = tuple(statement.body if verdict else statement.orelse)

    def _is_length(self, call: ast.Call) -> bool:
        return call in self.line.uses

    def _is_harmless(self, call: ast.Call) -> bool:
        name = self.module.qualified_name(call.func) or ""
        return name.startswith(("os.path.", "builtins.")) or isinstance(call.func, ast.Attribute) and not name

    def _other_tests(self) -> None:
        """Tests that are no condition of a statement: ``found = len(sys.argv) > 1``."""
        for test in self.flow.tests:
            if test in self.patch.expressions or self.patch.is_gone(test) or self._is_inside_done(test):
                continue
            yes, no = self.flow.tests[test]
            if yes or no:
                source = self._test_source(test)
                if isinstance(source, bool):
                    source = str(source)
                if source is not None:
                    self.patch.expressions[test] = source

    def _is_inside_done(self, test: ast.expr) -> bool:
        return any(
            around in self.patch.expressions for around in self.module.ancestors(test) if isinstance(around, ast.expr)
        )

    def _test(self, test: ast.expr) -> None:
        if any(node in self.flow.tests for node in ast.walk(test)) or self._has_other_help(test):
            source = self._test_source(test)
            if isinstance(source, str):
                self.patch.expressions[test] = source

    def _has_other_help(self, test: ast.expr) -> bool:
        return any(
            isinstance(node, ast.Compare) and help_words(node, self.line.uses) == (True, True)
            for node in ast.walk(test)
        )

    def _test_source(self, test: ast.expr) -> str | bool | None:
        """What a test becomes: source, or its outcome if that is known."""
        if isinstance(test, ast.BoolOp):
            stops = isinstance(test.op, ast.Or)
            found = [self._test_source(value) for value in test.values]
            if stops in found:
                return stops
            kept = [
                self._operand(item, value, test)
                for item, value in zip(found, test.values, strict=True)
                if not isinstance(item, bool)
            ]
            return (" or " if stops else " and ").join(kept) if kept else not stops
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            if test.operand in self.flow.tests:
                yes, no = self.flow.tests[test.operand]
                return self._asked(no, yes, test.operand)
            inner = self._test_source(test.operand)
            if isinstance(inner, bool):
                return not inner
            return self.patch.text(test)
        if test in self.flow.tests:
            return self._asked(*self.flow.tests[test], test)
        if isinstance(test, ast.Compare) and help_words(test, self.line.uses) == (True, True):
            return self._without_help(test)
        return self._source(test)

    def _operand(self, source: str | None, value: ast.expr, around: ast.BoolOp) -> str:
        text = source if source is not None else self._source(value)
        inner = isinstance(value, ast.BoolOp) or " and " in text and value in self.flow.tests
        parenthesised = isinstance(value, ast.BoolOp) and type(value.op) is not type(around.op)
        return f"({text})" if inner and parenthesised and not text.startswith("(") else text

    def _source(self, expr: ast.expr) -> str:
        """An expression's source with the changes in it."""
        return self.patch.expressions.get(expr) or self.patch.text(expr)

    def _without_help(self, test: ast.Compare) -> str:
        """A test for help without the spellings that argparse answers."""
        other = test.comparators[0]
        texts = other.elts if isinstance(other, (ast.Tuple, ast.List, ast.Set)) else [other]
        left = [item for item in texts if not (isinstance(item, ast.Constant) and item.value in HELP)]
        value = self._source(test.left)
        if len(left) == 1:
            return f"{value} == {self.module.text(left[0])}"
        return f"{value} in ({', '.join(self.module.text(item) for item in left)})"

    def _asked(self, yes: State, no: State, test: ast.expr) -> str | bool | None:
        """The question to the namespace that tells two sets of numbers of arguments from one another."""
        if not yes or not no:
            return bool(yes) if yes or no else None
        uses = [
            self.line.uses[node] for node in ast.walk(test) if isinstance(node, ast.expr) and node in self.line.uses
        ]
        if any(use.kept for use in uses):
            return self.patch.text(test)
        if sorted(yes) != list(range(min(yes), max(yes) + 1)):
            if sorted(no) == list(range(min(no), max(no) + 1)) and min(no) == max(no):
                inner = self._asked(no, yes, test)
                return f"not ({inner})"
            raise NotPlain("a test asks for numbers of arguments with gaps between them", test)
        parts = []
        if min(no) < min(yes):
            parts.append(self._has(min(yes) - 1, present=True))
        if max(no) > max(yes):
            parts.append(self._has(max(yes), present=False))
        return " and ".join(parts)

    def _has(self, place: int, *, present: bool) -> str:
        """Whether an argument is there."""
        rest = self.range.rest
        if rest is not None and place >= rest:
            name = f"{self.space}.{self.names[rest]}"
            if place == rest:
                return name if present else f"not {name}"
            return f"len({name}) {'>' if present else '<='} {place - rest}"
        if place in self.defaults:
            raise NotPlain(
                "an argument with a default is asked for in another place, too", self.line.first or self.module.tree
            )
        return f"{self.space}.{self.names[place]} is {'not ' if present else ''}None"

    # --- what goes ---------------------------------------------------------------------------------------------

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

    # --- the parser --------------------------------------------------------------------------------------------

    def rewrite(self) -> tuple[Rewrite, str]:
        """The rewrite, and what it costs beside the checks."""
        at = self._statement()
        source, references = self.parser.definition(self.module, at)
        place = self._in_place_of(at)
        if place is not None:
            self.patch.statements[place] = tuple(self._own_indent(source))
        argument = self._argv()
        call = f"{self.space} = {self.function}({argument})"
        rewrite = Rewrite(
            edits=self.patch.edits(),
            references=references,
            definitions=(Definition(source, self._after(at)),) if place is None else (),
            insertions=(Insertion(at, call),),
            drops=("sys", "sys.argv", "sys.exit", "os", "os.path"),
            drops_comments=self.patch.drops_comments(),
        )
        return rewrite, " (comments inside of the checks go with them)" if rewrite.drops_comments else ""

    def _in_place_of(self, at: ast.stmt) -> ast.FunctionDef | None:
        """A function of the module that goes: the parser's can stand where it stood."""
        top = self.module.top_level(at)
        gone = [
            item
            for item in self.module.tree.body
            if isinstance(item, ast.FunctionDef) and self.patch.statements.get(item) == () and item.lineno < top.lineno
        ]
        return gone[-1] if gone else None

    def _own_indent(self, source: str) -> list[str]:
        lines = []
        for line in source.split("\n"):
            body = line.lstrip(" ")
            lines.append(self.module.indent * ((len(line) - len(body)) // 4) + body)
        return lines

    def _argv(self) -> str:
        """What the parser is given: the frame's own parameter if it has one for that."""
        parameter = self.line.parameter
        if parameter is not None:
            return parameter.arg if self.line.offset == 0 else f"{parameter.arg}[1:]"
        frame = self.line.frame
        if frame is not None and len(frame.args.args) == 1 and frame.args.args[0].arg == "argv" and frame.args.defaults:
            binding = self.module.index.scopes[frame].bindings["argv"]
            if len(binding) == 1 and not self.module.uses(binding[0]):
                return "argv"
        return ""

    def _parser(self) -> Parser:
        settings: list[tuple[str, str]] = []
        if self.usage.description:
            settings.append(("description", quoted(self.usage.description)))
        settings.append(("allow_abbrev", "False"))
        names = {name for argument in self.arguments for name in argument.names}
        if names & HELP:
            settings.append(("conflict_handler", '"resolve"'))
        arguments = [*self._positional_arguments(), *self.positionals, *self.arguments]
        version = version_argument(self.module, names, self.line.first or self.module.tree.body[0])
        if version is not None and "version" not in self.naming.taken:
            arguments.append(version[0])
            self.needed.add(version[1])
        loose = any(key == "nargs" for item in arguments for key, _ in item.settings)
        return Parser(self.function, tuple(arguments), tuple(settings), intermixed=loose and bool(self.arguments))

    def _positional_arguments(self) -> list[Argument]:
        found = []
        for place in range(self.range.singles):
            settings: list[tuple[str, str]] = []
            if self.types.get(place):
                settings.append(("type", self._type_source(self.types[place])))
            if self.range.is_optional(place):
                settings.append(("nargs", '"?"'))
                default = self.defaults.get(place, "None")
                settings += [("default", default)] if default != "None" else []
            found.append(
                self._positional(
                    Positional(self.names[place], help=self.naming.help(place, self.names[place])), settings
                )
            )
        rest = self.range.rest
        if rest is not None:
            many = (
                str(self.range.exact) if self.range.exact is not None else '"+"' if self.range.least > rest else '"*"'
            )
            name = self.names[rest]
            found.append(self._positional(Positional(name, help=self.naming.help(rest, name)), [("nargs", many)]))
        return found

    def _positional(self, positional: Positional, settings: list[tuple[str, str]]) -> Argument:
        said = [("help", quoted(positional.help.replace("%", "%%")))] if positional.help else []
        return Argument((positional.name,), (*settings, *said))

    def _statement(self) -> ast.stmt:
        """The statement before which the command line is read: the first that needs it, in a block that all share."""
        nodes = [node for node in self.line.nodes() if not isinstance(node, ast.arg)]
        statements = [self._outer(node) for node in (*nodes, *self.raw)]
        return self._before_work(min(statements, key=lambda item: item.lineno))

    def _before_work(self, at: ast.stmt) -> ast.stmt:
        """A statement further up if what stands between does work that no run can succeed with before the arguments."""
        block = self.module.block(at)
        above = block[: next(number for number, item in enumerate(block) if item is at)]
        first = next((number for number, item in enumerate(above) if self._works(item)), None)
        if first is None or self.leaving.may_succeed(above[first:]):
            return at
        named = {
            item.id
            for source in self._default_sources()
            for item in ast.walk(ast.parse(source))
            if isinstance(item, ast.Name)
        }
        bound = {
            node.id
            for item in above[first:]
            for node in ast.walk(item)
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
        return at if named & bound else above[first]

    def _works(self, statement: ast.stmt) -> bool:
        """Whether a statement does more than to define and to import."""
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            return False
        if self.patch.statements.get(statement) == ():
            return False
        return acts(self.module, statement)

    def _default_sources(self) -> list[str]:
        return [
            source for item in self.parser.arguments for key, source in item.settings if key in {"default", "version"}
        ]

    def _outer(self, node: ast.AST) -> ast.stmt:
        """The statement of the frame's own block that a node is in."""
        child = node
        for around in self.module.ancestors(node):
            if around is self.line.frame or isinstance(around, ast.Module):
                break
            if isinstance(around, ast.If) and is_guard(around) and self._all_in(around):
                break
            child = around
        assert isinstance(child, ast.stmt)  # noqa: S101 - blocks are made of statements
        return child

    def _all_in(self, guard: ast.If) -> bool:
        return all(guard in self.module.ancestors(node) for node in self.line.nodes())

    def _after(self, at: ast.stmt) -> ast.stmt | None:
        """The definition behind which the parser's function goes, None for the place after the imports."""
        body = self.module.tree.body
        top = self.module.top_level(at)
        above = body[: next(number for number, item in enumerate(body) if item is top)]
        if self.line.frame is not None and above and not isinstance(above[-1], (ast.Import, ast.ImportFrom)):
            kept = [item for item in above if self.patch.statements.get(item) != ()]
            functions = [item for item in kept if isinstance(item, (ast.FunctionDef, ast.ClassDef))]
            return functions[-1] if functions else None
        functions = [
            item
            for item in above
            if isinstance(item, (ast.FunctionDef, ast.ClassDef)) and self.patch.statements.get(item) != ()
        ]
        return functions[-1] if functions else None


def is_guard_(node: ast.AST) -> bool:
    """Whether a node is the script's guard."""
    return isinstance(node, ast.If) and is_guard(node)


def going_statements(line: CommandLine) -> set[ast.stmt]:
    """The statements that go whatever becomes of the others."""
    return {*line.aliases, *(loop.statement for loop in line.loops)}


def _line(node: ast.AST | None) -> int:
    return getattr(node, "lineno", 0)
