"""State that the steps of a rewrite share: the model, the arity, the names, the decisions so far."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cached_property

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import ScopeKind
from pymodernize.semantics.scripts import is_guard
from pymodernize_codemods._script.parsers import Argument, Parser, quoted
from pymodernize_codemods.argparse_skeleton.arity import NOTHING
from pymodernize_codemods.argparse_skeleton.catching import EXIT_ERRORS, LOOKUP_ERRORS, catches, is_rescued
from pymodernize_codemods.argparse_skeleton.command_line import CommandLine, Kind
from pymodernize_codemods.argparse_skeleton.early_exits import early_exits_of
from pymodernize_codemods.argparse_skeleton.initial_values import InitialValue
from pymodernize_codemods.argparse_skeleton.patch import Patch
from pymodernize_codemods.argparse_skeleton.positionals import (
    CONVERSIONS,
    Naming,
    count,
)
from pymodernize_codemods.argparse_skeleton.raw_checks import RawChecks
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain
from pymodernize_codemods.argparse_skeleton.skeleton_options import SkeletonOptions
from pymodernize_codemods.argparse_skeleton.usage import read_usage

_NAMESPACES = ("args", "arguments", "options", "namespace")
_FUNCTIONS = ("parse_arguments", "parse_command_line")


class RewriteContext:
    """State that the steps of a rewrite share: the model, the arity, the names, the decisions so far."""

    parser: Parser

    def __init__(self, module: Module, line: CommandLine, options: SkeletonOptions) -> None:
        self.settings = options
        self.assigned: list[str] = []
        self.sets: set[str] = set()
        self.module = module
        self.line = line
        if is_rescued(module, line.frame, EXIT_ERRORS):
            raise NotPlain(
                "what calls the function catches SystemExit, and would go on after argparse's",
                line.first or module.tree,
            )
        self.early_exits = early_exits_of(module, line.frame)
        self.usage = read_usage(module)
        self.naming = Naming(module, self.usage)
        self.patch = Patch(module)
        self.found = [
            *(option for loop in line.loops for option in loop.options),
            *(m.option for m in line.memberships),
        ]
        self.options = [option for option in self.found if not option.is_help or option.value is not None]
        self.raw = RawChecks(module, line, self.options, self.early_exits).find()
        self.range, self.flow = count(module, line, self.early_exits)
        self.types: dict[int, str] = {}
        self.choices: dict[int, tuple[str, ...]] = {}
        self.checks: dict[ast.expr, bool] = {}
        self.defaults: dict[int, str] = {}
        self.names: dict[int, str] = {}
        self.arguments: list[Argument] = []
        self.positionals: list[Argument] = []
        self.started: dict[ast.Assign, set[str]] = {}
        self.needed: set[str] = set()
        self.remarks: dict[int, str] = {}

    @cached_property
    def space(self) -> str:
        """The variable that holds the namespace."""
        return self._free(_NAMESPACES)

    @cached_property
    def function(self) -> str:
        """The name of the function that is added."""
        name = self.module.fresh.name(_FUNCTIONS, "parse_arguments")
        if name is not None:
            return name
        raise NotPlain(
            "the file has a function parse_arguments of its own", self.line.first or self.module.tree.body[0]
        )

    def _free(self, names: Sequence[str]) -> str:
        frame = self.line.frame or self.module.tree
        going = {self._bound(item) for item in self.line.aliases}
        leaving = going_statements(self.line)
        name = self.module.fresh.local_name(
            names,
            "namespace",
            bound=frame.body[0],
            inside=frame,
            reads=(),
            goes=lambda item: item.name in going and self.module.statement(item.node) in leaving,
        )
        if name is None:
            raise NotPlain("every name for the namespace is taken", self.line.first or self.module.tree.body[0])
        return name

    def _bound(self, statement: ast.stmt) -> str:
        target = statement.targets[0] if isinstance(statement, ast.Assign) else None
        return target.id if isinstance(target, ast.Name) else ""

    @property
    def sys(self) -> str:
        """How the module names ``sys``."""
        found = self.module.names.imported.get("sys", ())
        if not found:
            raise NotPlain(
                "the program's name is asked for by another name", self.line.first or self.module.tree.body[0]
            )
        return found[0][0]

    def _read(self, place: int) -> str:
        if place < 0:
            return f"{self.sys}.argv[0]"
        rest = self.range.rest
        if rest is not None and place >= rest:
            return f"{self.space}.{self.names[rest]}[{place - rest}]"
        return f"{self.space}.{self.names[place]}"

    def _list(self, place: int) -> str:
        rest = self.range.rest
        if rest is None:
            raise NotPlain("a list of arguments is asked for where there is none", self.line.first or self.module.tree)
        name = f"{self.space}.{self.names[rest]}"
        return name if place == rest else f"{name}[{place - rest}:]"

    def _verdict(self, test: ast.expr) -> bool | None:
        """Whether a test always holds, or never, with a number of arguments that fits, and with words that do."""
        if isinstance(test, ast.BoolOp):
            found = [self._verdict(value) for value in test.values]
            stops = isinstance(test.op, ast.Or)
            if stops in found:
                return stops
            return (not stops) if all(item is (not stops) for item in found) else None
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self._verdict(test.operand)
            return None if inner is None else not inner
        if test in self.checks:
            return self.checks[test]
        yes, no = self.flow.tests.get(test, (NOTHING, NOTHING))
        if bool(yes) == bool(no):
            return None
        return bool(yes)

    def _boundary(self, test: ast.expr) -> int | None:
        """The argument that a test asks for, None if it is settled or asks for anything else."""
        yes, no = self.flow.tests[test]
        if not yes or not no:
            return None
        high, low = (yes, no) if max(yes) > max(no) else (no, yes)
        return min(high) - 1 if min(high) > max(low) else None

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

    def _converter(self, value: ast.expr) -> str:
        name = self.module.qualified_name(value.func) if isinstance(value, ast.Call) else None
        return CONVERSIONS.get(name or "", "")

    def _type_source(self, convert: str) -> str:
        if "." not in convert:
            return convert
        found = self.module.names.imported.get(convert, ())
        return found[0][0] if found else convert

    def _take_over(self, start: InitialValue, target: ast.Name) -> None:
        if start.assign is not None:
            self.started.setdefault(start.assign, set()).add(target.id)

    def _is_from_outside(self, target: ast.Name) -> bool:
        """Whether a function or the guard sets a variable of the module, which has its first value without them."""
        found = self.module.scope(target).lookup(target.id)
        guarded = any(is_guard_(item) for item in self.module.ancestors(target))
        return (self.line.frame is not None or guarded) and found is not None and found[0].kind is ScopeKind.MODULE

    def _is_length(self, call: ast.Call) -> bool:
        return call in self.line.uses

    def _is_harmless(self, call: ast.Call) -> bool:
        name = self.module.qualified_name(call.func) or ""
        return name.startswith(("os.path.", "builtins.")) or isinstance(call.func, ast.Attribute) and not name

    def _argument(self, names: tuple[str, ...], destination: str, settings: tuple[tuple[str, str], ...]) -> Argument:
        said = next((self.usage.helps[name] for name in names if self.usage.helps.get(name)), "")
        help_ = (("help", quoted(said.replace("%", "%%"))),) if said else ()
        dest = (("dest", quoted(destination)),) if Argument(names).destination != destination else ()
        argument = Argument(names, (*dest, *settings, *help_))
        self.arguments.append(argument)
        return argument

    def _indented(self, body: Sequence[ast.stmt]) -> list[str]:
        return [self.module.indent + line for item in body for line in self.patch.lines(item, "")]


def is_guard_(node: ast.AST) -> bool:
    """Whether a node is the script's guard."""
    return isinstance(node, ast.If) and is_guard(node)


def going_statements(line: CommandLine) -> set[ast.stmt]:
    """The statements that are removed in every case: aliases of the arguments, and loops over them."""
    return {*line.aliases, *(loop.statement for loop in line.loops)}


def line_of(node: ast.AST | None) -> int:
    return getattr(node, "lineno", 0)
