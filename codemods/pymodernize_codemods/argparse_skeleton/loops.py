"""Loops over the arguments that look for options: ``for arg in sys.argv[1:]: if arg == "-v": ...``."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.early_exits import EarlyExits, early_exits_of
from pymodernize_codemods.argparse_skeleton.options import (
    Assignment,
    ComparedOption,
    assignment,
    check_option,
    check_order,
)
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain


@dataclass
class OptionLoop:
    """One such loop.

    Attributes:
        statement: the loop.
        options: in the order in which it looks for them.
        collects: the list that it puts all other arguments in.
        sets: the variable that it sets to another argument; the last one wins.
        refuses: whether the script fails with any other argument.
    """

    statement: ast.For | ast.While
    options: list[ComparedOption] = field(default_factory=list)
    collects: ast.Name | None = None
    sets: ast.Name | None = None
    refuses: bool = False


def is_flag_loop(module: Module, statement: ast.For | ast.While) -> bool:
    """Whether a loop compares arguments with what looks like options."""
    name = _variable(module, statement)
    if name is None:
        return False
    for node in ast.walk(statement):
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Name) and node.left.id == name:
            texts = [item.value for item in ast.walk(node) if isinstance(item, ast.Constant)]
            if any(isinstance(text, str) and text.startswith("-") and text.strip("-") for text in texts):
                return True
    return False


def read_loop(module: Module, statement: ast.For | ast.While) -> OptionLoop:
    """Read such a loop.

    Raises:
        NotPlain: it does what argparse does not.
    """
    return _LoopReader(module, statement).run()


def _variable(module: Module, statement: ast.For | ast.While) -> str | None:
    """The name of one argument inside of the loop."""
    if isinstance(statement, ast.For):
        return statement.target.id if isinstance(statement.target, ast.Name) else None
    taken = _taken(statement)
    return taken[0] if taken is not None else None


def _taken(statement: ast.While) -> tuple[str, str] | None:
    """For ``while rest: arg = rest.pop(0)`` the names of argument and list."""
    first = statement.body[0]
    if not isinstance(first, ast.Assign) or len(first.targets) != 1 or not isinstance(first.targets[0], ast.Name):
        return None
    rest = _popped(first.value)
    return (first.targets[0].id, rest) if rest is not None else None


def _popped(node: ast.AST) -> str | None:
    """The list whose first item an expression takes off."""
    match node:
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id=name), attr="pop"), args=[ast.Constant(value=0)], keywords=[]
        ):
            return name
    return None


@dataclass(frozen=True)
class _Case:
    names: tuple[str, ...]
    kind: str
    body: list[ast.stmt]
    statement: ast.stmt


class _LoopReader:
    def __init__(self, module: Module, statement: ast.For | ast.While) -> None:
        self.module = module
        self.statement = statement
        self.name = _variable(module, statement) or ""
        self.early_exits: EarlyExits = early_exits_of(module, module.function(statement))
        self.loop = OptionLoop(statement)

    def run(self) -> OptionLoop:
        """Read each case of the loop's body."""
        if self.statement.orelse:
            raise NotPlain("a loop that looks for options has an else", self.statement)
        body = self.statement.body
        if isinstance(self.statement, ast.While):
            self._check_while(self.statement)
            body = body[1:]
        if len(body) == 1 and isinstance(body[0], ast.Try):
            body = self._inside_try(body[0])
        self._check_variable()
        for case in self._cases(body):
            self._read(case)
        check_order([option for option in self.loop.options if not self._ends(option)], self.loop.sets)
        return self.loop

    def _ends(self, option: ComparedOption) -> bool:
        return option.stores is None and self.early_exits.certainly(option.body)

    def _check_while(self, statement: ast.While) -> None:
        _, rest = _taken(statement) or ("", "")
        test = statement.test
        if isinstance(test, ast.Compare) and isinstance(test.left, ast.Call) and isinstance(test.ops[0], ast.Gt):
            test = test.left.args[0] if test.left.args else test
        if not isinstance(test, ast.Name) or test.id != rest:
            raise NotPlain("a loop that looks for options ends before the arguments do", statement)

    def _inside_try(self, statement: ast.Try) -> list[ast.stmt]:
        fails = all(self.early_exits.fails(handler.body) for handler in statement.handlers)
        if not fails or statement.finalbody or statement.orelse:
            raise NotPlain("an error of an option does not end the script", statement)
        return statement.body

    def _check_variable(self) -> None:
        """The loop's own variable must not be seen after it."""
        found = self.module.scope(self.statement.body[0]).lookup(self.name)
        uses = self.module.uses(found[1][0]) if found is not None else []
        bindings = found[1] if found is not None else []
        inside = [node for node in (*uses, *(item.node for item in bindings)) if self._is_inside(node)]
        other = [node for node in uses if not self._is_inside(node)]
        if other and len(inside) != len(uses) + len(bindings) and not self._is_bound_again(other, bindings):
            raise NotPlain("the variable of a loop that looks for options is used after it", other[0])

    def _is_bound_again(self, reads: Sequence[ast.Name], bindings: Sequence) -> bool:
        """Whether other reads of the variable's name are of other values: each is in a loop that binds it."""
        others = [item.node for item in bindings if not self._is_inside(item.node)]
        loops = [self.module.parent(node) for node in others]
        return all(any(loop in set(self.module.ancestors(read)) for loop in loops if loop) for read in reads)

    def _is_inside(self, node: ast.AST) -> bool:
        return any(item is self.statement for item in self.module.ancestors(node))

    # --- cases -------------------------------------------------------------------------------------------------

    def _cases(self, body: list[ast.stmt]) -> Iterator[_Case]:
        """The branches of a body in order; what is left for all other arguments comes last."""
        for place, statement in enumerate(body):
            if not isinstance(statement, ast.If):
                yield _Case((), "other", body[place:], statement)
                return
            rest = yield from self._branches(statement)
            if rest:
                if place + 1 < len(body):
                    raise NotPlain("a loop that looks for options does more with each argument", body[place + 1])
                return
            goes_on = any(map(self.module.completions.completes, _bodies(statement)))
            if place + 1 < len(body) and goes_on:
                raise NotPlain("a loop that looks for options does more with each argument", body[place + 1])

    def _branches(self, statement: ast.If) -> Iterator[_Case]:
        """The cases of one chain; gives whether it ends in an else."""
        kind, names = self._test(statement.test)
        if kind == "unknown" and len(statement.body) == 1 and isinstance(statement.body[0], ast.If):
            ended = yield from self._branches(statement.body[0])
            if not ended:
                raise NotPlain("an unknown option is passed over", statement)
        else:
            yield _Case(names, kind, statement.body, statement)
        if len(statement.orelse) == 1 and isinstance(statement.orelse[0], ast.If):
            return (yield from self._branches(statement.orelse[0]))
        if statement.orelse:
            kind = "unknown" if kind == "other" else "other"
            yield _Case((), kind, statement.orelse, statement.orelse[0])
            return True
        return False

    def _test(self, test: ast.expr) -> tuple[str, tuple[str, ...]]:
        """What a branch is for: options by their names, all other options, or what is no option."""
        match test:
            case ast.BoolOp(op=ast.Or(), values=values):
                parts = [self._test(value) for value in values]
                if all(kind == "named" for kind, _ in parts):
                    return "named", tuple(name for _, names in parts for name in names)
            case ast.Compare(
                left=ast.Name(id=self.name), ops=[ast.Eq()], comparators=[ast.Constant(value=str() as text)]
            ):
                return "named", (text,)
            case ast.Compare(
                left=ast.Name(id=self.name), ops=[ast.In()], comparators=[ast.Tuple() | ast.List() as many]
            ):
                texts = [item.value for item in many.elts if isinstance(item, ast.Constant)]
                names = tuple(text for text in texts if isinstance(text, str))
                if names and len(names) == len(many.elts):
                    return "named", names
            case ast.UnaryOp(op=ast.Not(), operand=inner) if self._is_dashed(inner):
                return "other", ()
            case ast.Compare(ops=[ast.NotEq()]) if self._is_first_sign(test):
                return "other", ()
        if self._is_dashed(test):
            return "unknown", ()
        raise NotPlain("a test of a loop that looks for options is not for one", test)

    def _is_dashed(self, test: ast.expr) -> bool:
        """Whether a test asks if the argument starts with a hyphen."""
        match test:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id=self.name), attr="startswith"), args=[ast.Constant(value="-")]
            ):
                return True
            case ast.Compare(ops=[ast.Eq()]):
                return self._is_first_sign(test)
        return False

    def _is_first_sign(self, test: ast.Compare) -> bool:
        match test:
            case ast.Compare(
                left=ast.Subscript(value=ast.Name(id=self.name), slice=index), comparators=[ast.Constant(value="-")]
            ):
                first = index.upper if isinstance(index, ast.Slice) else index
                number = 1 if isinstance(index, ast.Slice) else 0
                low = index.lower if isinstance(index, ast.Slice) else None
                from_start = low is None or isinstance(low, ast.Constant) and low.value == 0
                return from_start and isinstance(first, ast.Constant) and first.value == number
        return False

    # --- what a case does --------------------------------------------------------------------------------------

    def _read(self, case: _Case) -> None:
        body = [item for item in case.body if not isinstance(item, (ast.Continue, ast.Pass))]
        if case.kind == "unknown":
            if not self.early_exits.fails(body):
                raise NotPlain("an unknown option is not refused", case.statement)
        elif case.kind == "named":
            option = check_option(self._option(case, body), self.early_exits)
            if option is not None:
                self.loop.options.append(option)
        else:
            self._other(body, case)

    def _option(self, case: _Case, body: list[ast.stmt]) -> ComparedOption:
        pops = [node for item in body for node in ast.walk(item) if isinstance(node, ast.expr) and _popped(node)]
        if len(pops) > 1:
            raise NotPlain("an option takes more than one value", case.statement)
        stores = self._stored_value(body)
        if pops and stores is None:
            raise NotPlain("the value of an option is used at once", case.statement)
        reads = [
            node for item in body for node in ast.walk(item) if isinstance(node, ast.Name) and node.id == self.name
        ]
        option = ComparedOption(case.names, tuple(body), case.statement, stores)
        if reads and not self.early_exits.certainly(body):
            raise NotPlain("an option uses how it was spelled", case.statement)
        if any(isinstance(node, ast.Break) for item in body for node in ast.walk(item)):
            raise NotPlain("a loop that looks for options ends before the arguments do", case.statement)
        return option

    def _stored_value(self, body: list[ast.stmt]) -> Assignment | None:
        """The assignment that a body consists of, if it stores the value, as it is or converted."""
        stores = assignment(body)
        value = stores.value if stores is not None else None
        if isinstance(value, ast.Call) and not _popped(value) and len(value.args) == 1 and not value.keywords:
            converts = self.module.qualified_name(value.func) in {"builtins.int", "builtins.float", "pathlib.Path"}
            value = value.args[0] if converts else value
        return stores if value is not None and _popped(value) else None

    def _other(self, body: list[ast.stmt], case: _Case) -> None:
        """What is done with an argument that is no option."""
        match body:
            case []:
                return
            case [
                ast.Expr(
                    value=ast.Call(
                        func=ast.Attribute(value=ast.Name() as collected, attr="append"), args=[ast.Name(id=self.name)]
                    )
                )
            ]:
                self.loop.collects = collected
            case [ast.Assign(targets=[ast.Name() as target], value=ast.Name(id=self.name))]:
                self.loop.sets = target
            case _ if self.early_exits.fails(body):
                self.loop.refuses = True
            case _:
                raise NotPlain("arguments are dealt with while options are still looked for", case.statement)


def _bodies(statement: ast.If) -> Iterator[list[ast.stmt]]:
    yield statement.body
    for item in statement.orelse:
        if isinstance(item, ast.If):
            yield from _bodies(item)
