"""How many arguments a script takes: abstract interpretation, whose state is the set of possible numbers of arguments.

A place has the state of all numbers of arguments with which control flow
reaches it. The highest number that is tried stands for itself and all above.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.semantics.exit_status import ExitStatus
from pymodernize.semantics.module import Module
from pymodernize.semantics.scripts import is_guard
from pymodernize_codemods._script.saying import is_said
from pymodernize_codemods.argparse_skeleton.argv_uses import ArgumentRead, ArgvUses, EmptyTest, Unpacking, Use
from pymodernize_codemods.argparse_skeleton.catching import LOOKUP_ERRORS, VALUE_ERRORS, catches, is_rescued
from pymodernize_codemods.argparse_skeleton.comparisons import help_words, number_test
from pymodernize_codemods.argparse_skeleton.early_exits import EarlyExits

State = frozenset[int]
NOTHING: State = frozenset()


@dataclass
class Flow:
    """What the interpretation has found.

    Attributes:
        tests: tests on the number of arguments or for help: the states in which each holds and does not.
        reads: of each argument that is read, the state.
        reached: of each statement, the state before it.
        certain: reads and conversions that happen on every run that can succeed and has the argument.
        uncertain: statements that look for options and that a run may succeed without.
        succeeded: the numbers with which the script can succeed.
        usage: tests whose branch shows the usage and ends with success.
    """

    tests: dict[ast.expr, tuple[State, State]] = field(default_factory=dict)
    reads: dict[ast.expr, State] = field(default_factory=dict)
    reached: dict[ast.AST, State] = field(default_factory=dict)
    certain: set[ast.AST] = field(default_factory=set)
    uncertain: set[ast.stmt] = field(default_factory=set)
    succeeded: State = NOTHING
    usage: list[ast.If] = field(default_factory=list)


class Interpreter:
    """Interprets the statements of the frame once, beginning with given numbers of arguments.

    Args:
        module: the module.
        argv: its command line.
        early_exits: where the frame ends.
    """

    def __init__(self, module: Module, argv: ArgvUses, early_exits: EarlyExits) -> None:
        self.module = module
        self.argv = argv
        self.early_exits = early_exits
        self.flow = Flow()
        self.certain = not is_rescued(module, argv.frame, VALUE_ERRORS)
        # With an argument that is missing a run goes on if a caller catches what that raises.
        self.rescued: dict[type[Use], bool] = {
            ArgumentRead: is_rescued(module, argv.frame, LOOKUP_ERRORS, failing=False),
            Unpacking: is_rescued(module, argv.frame, VALUE_ERRORS, failing=False),
        }
        self.skipped = {loop.statement for loop in argv.loops} | {item.statement for item in argv.memberships}
        self.skipped |= set(argv.checks)

    def run(self, state: State) -> Flow:
        """Interpret the frame from its start."""
        body = self.argv.frame.body if self.argv.frame is not None else self.module.tree.body
        end = self.block(body, state, last=True)
        self.flow.succeeded |= end
        return self.flow

    # --- statements --------------------------------------------------------------------------------------------

    def block(self, body: Sequence[ast.stmt], state: State, *, last: bool = False) -> State:
        """Interpret a block; returns the state at its end."""
        # Only an end with success may follow the last step.
        steps = len(body)
        while steps and self.early_exits.of(body[steps - 1]) is ExitStatus.SUCCESS:
            steps -= 1
        last = last or steps < len(body)
        for number, statement in enumerate(body, 1):
            state = self.statement(statement, state, last=last and number >= steps)
        return state

    def statement(self, statement: ast.stmt, state: State, *, last: bool = False) -> State:
        """Interpret one statement; returns the state after it."""
        self.flow.reached[statement] = self.flow.reached.get(statement, NOTHING) | state
        if statement in self.skipped:
            if not self.certain:
                self.flow.uncertain.add(statement)
            return state
        match statement:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return state
            case ast.If():
                return self._if(statement, state, last=last)
            case ast.While(test=test, body=body, orelse=orelse):
                inside, after = self.test(test, state)
                self._uncertain(lambda: self.block(body, inside), body)
                always = isinstance(test, ast.Constant) and bool(test.value)
                return self.block(orelse, inside if always else inside | after)
            case (
                ast.For(iter=iterated, body=body, orelse=orelse) | ast.AsyncFor(iter=iterated, body=body, orelse=orelse)
            ):
                state = self.expression(iterated, state)
                self._uncertain(lambda: self.block(body, state), body)
                return self.block(orelse, state)
            case ast.Try():
                return self._try(statement, state)
            case ast.With(items=items, body=body) | ast.AsyncWith(items=items, body=body):
                for item in items:
                    state = self.expression(item.context_expr, state)
                if all(self._is_open(item.context_expr) for item in items):
                    return self.block(body, state)
                # A context manager may swallow what is raised in it.
                return state | self._uncertain(lambda: self.block(body, state), body)
            case ast.Assert(test=test):
                return self.test(test, state)[0]
            case ast.Match(subject=subject, cases=cases):
                state = self.expression(subject, state)
                ends = [self._uncertain(lambda body=item.body: self.block(body, state), item.body) for item in cases]
                return state.union(*ends)
        return self._simple(statement, state)

    def _is_open(self, manager: ast.expr) -> bool:
        return isinstance(manager, ast.Call) and self.module.qualified_name(manager.func) == "builtins.open"

    def _simple(self, statement: ast.stmt, state: State) -> State:
        for child in ast.iter_child_nodes(statement):
            if isinstance(child, ast.expr):
                state = self.expression(child, state)
        leave = self.early_exits.of(statement)
        if leave is None:
            if self.early_exits.may_succeed([statement]):
                self.flow.succeeded |= state
                self.certain = False
            return state
        if leave is not ExitStatus.FAILURE:
            self.flow.succeeded |= state
        return NOTHING

    def _if(self, statement: ast.If, state: State, *, last: bool) -> State:
        if is_guard(statement):
            return self.block(statement.body, state, last=last)
        yes, no = self.test(statement.test, state)
        counted = self._is_counted(statement.test)
        if counted and yes and self._shows_usage(statement, last=last):
            self.flow.usage.append(statement)
            self.flow.reached[statement] |= state
            return self._branch(statement.orelse, no, counted, last=last) if statement.orelse else no
        first = self._branch(statement.body, yes, counted, last=last)
        second = self._branch(statement.orelse, no, counted, last=last)
        return first | second

    def _branch(self, body: Sequence[ast.stmt], state: State, counted: bool, *, last: bool = False) -> State:
        if not state:
            return NOTHING
        if counted:
            return self.block(body, state, last=last)
        return self._uncertain(lambda: self.block(body, state, last=last), body)

    def _uncertain(self, walk: Callable[[], State], body: Sequence[ast.stmt]) -> State:
        """Interpret a block that need not run; nothing behind it is certain if the script may succeed in it."""
        before = self.certain
        self.certain = False
        state = walk()
        self.certain = before and not self.early_exits.may_succeed(list(body))
        return state

    def _shows_usage(self, statement: ast.If, *, last: bool) -> bool:
        """Whether a branch tells how to call the script and ends it, with success, and argparse may fail instead."""
        body = statement.body
        if not self.module.accepts(CHANGES_BEHAVIOUR.name):
            return False  # the check stays where it is
        if self.early_exits.fails(body) or not (self.early_exits.certainly(body) or last):
            return False
        if not all(self._only_tells(item) for item in body):
            return False
        return "usage" in self._told(body).lower()

    def _only_tells(self, statement: ast.stmt) -> bool:
        if isinstance(statement, (ast.Return, ast.Raise, ast.Pass)):
            return True
        call = statement.value if isinstance(statement, ast.Expr) else None
        if not isinstance(call, ast.Call):
            return False
        if is_said(self.module, call):
            return True
        function = self.module.local_function(call.func)
        if function is not None:
            return all(self._only_tells(item) for item in function.body if item is not statement)
        return self.early_exits.of(statement) is not None

    def _told(self, body: Sequence[ast.stmt]) -> str:
        """The names and texts of a block, and of the functions that it calls."""
        words = []
        for statement in body:
            for node in ast.walk(statement):
                words += _texts(node)
                if isinstance(node, ast.Name):
                    words.append("usage" if node.id == "__doc__" else node.id)
                elif isinstance(node, ast.Call) and (function := self.module.local_function(node.func)) is not None:
                    words += [item for node in ast.walk(function) for item in _texts(node)]
        return " ".join(words)

    def _try(self, statement: ast.Try, state: State) -> State:
        plain = self._is_reading_only(statement.body)
        before = self.flow.succeeded
        certain = self.certain
        self.certain = certain and not statement.finalbody and self._handlers_fail(statement)
        end = self.block(statement.body, state)
        self.certain = certain
        end = self.block(statement.orelse, end)
        missing = state - end if plain and self.flow.succeeded == before else state
        for handler in statement.handlers:
            entered = missing if plain and self._catches(handler, LOOKUP_ERRORS) else NOTHING if plain else state
            if plain and self._catches(handler, VALUE_ERRORS):
                entered |= self._converted(statement.body)
            if plain and not self._catches(handler, LOOKUP_ERRORS | VALUE_ERRORS):
                entered = NOTHING if self._is_named(handler) else state
            end |= self._branch(handler.body, entered, plain and not self._converted(statement.body))
            if self._catches(handler, LOOKUP_ERRORS):
                missing = NOTHING
        return self.block(statement.finalbody, end if not statement.finalbody else end | NOTHING)

    def _handlers_fail(self, statement: ast.Try) -> bool:
        """Whether no handler that may get the error of a conversion lets the script go on."""
        caught = [item for item in statement.handlers if self._catches(item, VALUE_ERRORS) or not self._is_named(item)]
        return all(self.early_exits.fails(handler.body) for handler in caught)

    def _is_reading_only(self, body: Sequence[ast.stmt]) -> bool:
        """Whether a block does no more than to read arguments and convert them."""
        for item in body:
            if isinstance(item, ast.If) and self._is_counted(item.test):
                if not self._is_reading_only(item.body) or not self._is_reading_only(item.orelse):
                    return False
            elif not isinstance(item, ast.Assign) or not self.is_reading(item.value):
                return False
        return True

    def is_reading(self, value: ast.expr) -> bool:
        """Whether an expression is an argument, or a conversion of one."""
        if isinstance(value, ast.Call) and len(value.args) == 1 and not value.keywords:
            if self.module.qualified_name(value.func) in {"builtins.int", "builtins.float", "pathlib.Path"}:
                value = value.args[0]
        if isinstance(value, ast.Tuple):
            return all(self.is_reading(item) for item in value.elts)
        if isinstance(value, ast.IfExp) and self._is_counted(value.test):
            return all(isinstance(item, ast.Constant) or self.is_reading(item) for item in (value.body, value.orelse))
        return isinstance(self.argv.uses.get(value), ArgumentRead)

    def _converted(self, body: Sequence[ast.stmt]) -> State:
        """The numbers of arguments with which a block converts one of them."""
        found = NOTHING
        for node in (node for item in body for node in ast.walk(item)):
            if isinstance(node, ast.Call) and self.module.qualified_name(node.func) in {
                "builtins.int",
                "builtins.float",
            }:
                use = self.argv.uses.get(node.args[0]) if node.args else None
                if use is not None:
                    seen = self.flow.reads.get(use.node, NOTHING)
                    found |= frozenset(number for number in seen if number > use.place)
        return found

    def _is_named(self, handler: ast.ExceptHandler) -> bool:
        """Whether a handler names errors of the language only."""
        types = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        names = [self.module.qualified_name(item) or "" for item in types if item is not None]
        return handler.type is not None and all(name.startswith("builtins.") for name in names)

    def _catches(self, handler: ast.ExceptHandler, errors: frozenset[str]) -> bool:
        return catches(self.module, handler, errors)

    # --- expressions -------------------------------------------------------------------------------------------

    def _is_counted(self, test: ast.expr) -> bool:
        """Whether a test depends on nothing but the number of arguments, or on whether help is asked for."""
        if isinstance(test, ast.BoolOp):
            return all(self._is_counted(value) for value in test.values)
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return self._is_counted(test.operand)
        asked = isinstance(self.argv.uses.get(test), EmptyTest)
        return asked or self._number_test(test) is not None or self.is_help(test)

    def test(self, test: ast.expr, state: State) -> tuple[State, State]:
        """The states in which a test holds, and does not."""
        match test:
            case ast.BoolOp(op=op, values=values):
                is_and = isinstance(op, ast.And)
                settled: State = NOTHING
                for value in values:
                    yes, no = self.test(value, state)
                    state, out = (yes, no) if is_and else (no, yes)
                    settled |= out
                return (state, settled) if is_and else (settled, state)
            case ast.UnaryOp(op=ast.Not(), operand=inner):
                yes, no = self.test(inner, state)
                return no, yes
        use = self.argv.uses.get(test)
        if isinstance(use, EmptyTest):
            return self._settle(test, state, lambda number: number > use.place)
        holds = self._number_test(test)
        if holds is not None:
            return self._settle(test, state, holds)
        after = self.expression(test, state)
        if self.is_help(test):
            return self._settle(test, after, lambda _: False)
        return after, after

    def _settle(self, test: ast.expr, state: State, holds: Callable[[int], bool]) -> tuple[State, State]:
        yes = frozenset(number for number in state if holds(number))
        seen = self.flow.tests.get(test, (NOTHING, NOTHING))
        self.flow.tests[test] = (seen[0] | yes, seen[1] | state - yes)
        return yes, state - yes

    def _number_test(self, test: ast.expr) -> Callable[[int], bool] | None:
        """For a comparison of the number of arguments: whether it holds for a number."""
        return number_test(test, self.argv.uses)

    def is_help(self, test: ast.expr) -> bool:
        """Whether a test is for the options by which argparse gives help, and for nothing else."""
        return isinstance(test, ast.Compare) and help_words(test, self.argv.uses) == (True, False)

    def expression(self, expr: ast.expr, state: State) -> State:
        """Interpret an expression; numbers of arguments with which it raises leave the state."""
        if isinstance(expr, (ast.BoolOp, ast.UnaryOp)) and not isinstance(getattr(expr, "op", None), ast.USub):
            with self._certain(not isinstance(expr, ast.BoolOp)):
                yes, no = self.test(expr, state)
            return yes | no
        if isinstance(expr, ast.IfExp):
            yes, no = self.test(expr.test, state)
            counted = self._is_counted(expr.test)
            with self._certain(counted):
                return self.expression(expr.body, yes) | self.expression(expr.orelse, no)
        use = self.argv.uses.get(expr)
        if use is not None:
            return self._use(use, state)
        if isinstance(expr, ast.Compare) and self._number_test(expr) is not None:
            yes, no = self.test(expr, state)
            return yes | no
        if isinstance(expr, ast.Call) and self.is_reading(expr) and self.certain:
            self.flow.certain.add(expr)
        if isinstance(expr, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
            with self._certain(False):
                self._children(expr, state)
            return state
        return self._children(expr, state)

    @contextmanager
    def _certain(self, runs: bool) -> Iterator[None]:
        """Interpret code that may not run: what is read in it is not certain then."""
        before = self.certain
        self.certain = before and runs
        yield
        self.certain = before

    def _children(self, expr: ast.AST, state: State) -> State:
        for child in ast.iter_child_nodes(expr):
            if isinstance(child, ast.expr):
                state = self.expression(child, state)
            elif isinstance(child, (ast.keyword, ast.comprehension)):
                state = self._children(child, state)
        return state

    def _use(self, use: Use, state: State) -> State:
        checked = isinstance(use, (ArgumentRead, Unpacking))
        after = frozenset(filter(use.fits, state)) if checked else state
        self.flow.reads[use.node] = self.flow.reads.get(use.node, NOTHING) | state
        if self.rescued.get(type(use)):
            self.flow.succeeded |= state - after
        return after


def _texts(node: ast.AST) -> list[str]:
    """The text that a node is a literal of, none for any other."""
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []
