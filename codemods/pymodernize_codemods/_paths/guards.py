"""Hazards of a variable that a test dominating its read excludes: ``if not os.path.isfile(name): sys.exit(1)``.

Only facts about the text itself are used, as these stay true when the file
changes: a text that once named a file is not empty, and does not end in a
slash. A test holds for the reads that it dominates, if the variable is not
bound again in between.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding, BindingKind, ScopeKind
from pymodernize_codemods._paths import hazards
from pymodernize_codemods._paths.hazards import ANY, NONE, Hazard
from pymodernize_codemods._paths.texts import literal

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_ASSIGNMENTS = (ast.Assign, ast.AnnAssign, ast.AugAssign)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
# A text that names a file has none of these: with a slash at its end it would name a folder, or nothing.
_OF_NO_FILE = Hazard.EMPTY | Hazard.TRAILING | Hazard.DOTTED | Hazard.DOT | Hazard.ROOT
# By function: the hazards that a text cannot have if the function returned True for it.
_FINDING = {
    "os.path.isfile": _OF_NO_FILE,
    "os.path.islink": Hazard.EMPTY | Hazard.TRAILING | Hazard.DOTTED,
    **dict.fromkeys(("os.path.exists", "os.path.isdir", "os.path.lexists", "os.access"), Hazard.EMPTY),
}


class Guards:
    """Infers from the tests of one module which hazards its variables cannot have.

    Args:
        module: the module.
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self._known: dict[ast.Name, Hazard] = {}
        self._variables: dict[Binding, _Variable] = {}
        self._bound_in: dict[Binding, set[ast.AST | None]] = {}

    def excluded(self, expr: ast.expr) -> Hazard:
        """The hazards that the tests before a read exclude.

        Args:
            expr: a read of a variable; for any other expression, none is excluded.
        """
        if not isinstance(expr, ast.Name) or not isinstance(expr.ctx, ast.Load):
            return NONE
        if expr not in self._known:
            bindings = self._bindings(expr)
            way = _Way(self.module, expr, self._variable(bindings)) if bindings is not None else None
            self._known[expr] = _union(way.ruled_out()) if way is not None else NONE
        return self._known[expr]

    def _variable(self, bindings: list[Binding]) -> _Variable:
        """The facts that all reads of a variable share."""
        if bindings[0] not in self._variables:
            bound = [binding.node for binding in bindings]
            held = {*bound, *(node for item in bound for node in self.module.ancestors(item))}
            self._variables[bindings[0]] = _Variable(held)
        return self._variables[bindings[0]]

    def _bindings(self, name: ast.Name) -> list[Binding] | None:
        """The bindings of a variable; None if other functions may bind it while the function that reads it runs."""
        found = self.module.scope(name).lookup(name.id)
        if found is None or found[0].kind is ScopeKind.CLASS or found[0].star_imports:
            return None
        scope, bindings = found
        if scope.kind is ScopeKind.MODULE:
            if not self.module.is_closed or self.module.values.is_reached_otherwise:
                return None
            if len(bindings) == 1 and self._runs_once(bindings[0]):
                return bindings
        here = self.module.function(name)
        if scope.kind in {ScopeKind.MODULE, ScopeKind.FUNCTION} and here is not (scope.node if scope.parent else None):
            return None  # another function may bind it in the meantime
        return bindings if self._homes(bindings) <= {here} else None

    def _homes(self, bindings: list[Binding]) -> set[ast.AST | None]:
        """The functions in which a variable is bound by statements, None for the module."""
        first = bindings[0]
        if first not in self._bound_in:
            own = (binding.node for binding in bindings if binding.kind is not BindingKind.PARAMETER)
            self._bound_in[first] = {self._around(node) for node in own}
        return self._bound_in[first]

    def _runs_once(self, binding: Binding) -> bool:
        """Whether a binding of a module's name happens once, and so before every read."""
        if binding.kind is not BindingKind.NAME or self._around(binding.node) is not None:
            return False
        return self.module.nearest(binding.node, *_LOOPS) is None

    def _around(self, node: ast.AST) -> ast.AST | None:
        """The function that a node is in."""
        return self.module.nearest(node, *_FUNCTIONS)


@dataclass(frozen=True, eq=False)
class _Variable:
    """What all reads of one variable share: its bindings, the functions that bind it.

    Attributes:
        holders: the nodes that bind it, and all nodes around these.
        suites: by the first statement of each suite, the hazards that its
            statements exclude, one after the other.
        operands: by operand or test, the hazards that those before it exclude.
    """

    holders: set[ast.AST]
    suites: dict[ast.stmt, _Suite] = field(default_factory=dict)
    operands: dict[ast.expr, Hazard] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class _Suite:
    """The hazards of a variable that the statements of a suite exclude.

    Attributes:
        numbers: the indices of the statements that bind or may test it, in order.
        after: behind each of them, the hazards that it and those before it
            exclude, and whether one of them may bind the variable.
    """

    numbers: list[int] = field(default_factory=list)
    after: list[tuple[Hazard, bool]] = field(default_factory=list)


class _Way:
    """The tests that dominate one read, each with the outcome by which control flow reaches the read."""

    def __init__(self, module: Module, read: ast.Name, variable: _Variable) -> None:
        self.module = module
        self.read = read
        self.variable = variable
        self.binding = variable.holders

    def ruled_out(self) -> Iterator[Hazard]:
        """The hazards that each of the tests excludes."""
        child: ast.AST = self.read
        for parent in self.module.ancestors(self.read):
            if child in self.binding and not self._is_in_value(child):
                return
            yield self._by_expression(parent, child)
            excluded, is_bound = self._by_preceding(child)
            yield excluded
            if is_bound:
                return
            if isinstance(parent, (*_FUNCTIONS, ast.GeneratorExp)):
                return  # it runs later than the statements around it
            yield self._by_branch(parent, child)
            child = parent

    def _by_preceding(self, child: ast.AST) -> tuple[Hazard, bool]:
        """The hazards that the statements before one in its suite exclude, from the last possible binding on.

        Returns:
            The hazards, and whether one of the statements may bind the variable.
        """
        if not isinstance(child, ast.stmt):
            return NONE, False
        block, place = self.module.place(child)
        suite = self.variable.suites.get(block[0])
        if suite is None:
            suite = self.variable.suites[block[0]] = self._in_order(block)
        before = bisect_left(suite.numbers, place)
        return suite.after[before - 1] if before else (NONE, False)

    def _in_order(self, block: list[ast.stmt]) -> _Suite:
        """The hazards that the statements of a suite exclude, one after the other."""
        suite = _Suite()
        excluded, is_bound = NONE, False
        self.module.spend(len(block))
        for number, statement in enumerate(block):
            if not isinstance(statement, ast.If) and statement not in self.binding:
                continue
            if self._goes_on_bound(statement):
                excluded, is_bound = NONE, True
            excluded |= self._by_statement(statement)
            suite.numbers.append(number)
            suite.after.append((excluded, is_bound))
        return suite

    def _is_in_value(self, statement: ast.AST) -> bool:
        """Whether the read is in the value of an assignment, which is worked out before the name is bound."""
        value = statement.value if isinstance(statement, _ASSIGNMENTS) else None
        if value is None or value in self.binding:
            return False
        return value is self.read or self.module.is_inside(self.read, value)

    def _goes_on_bound(self, statement: ast.stmt) -> bool:
        """Whether a statement that completes normally may bind the variable."""
        if isinstance(statement, ast.If) and not self.module.completions.completes(statement.body):
            return any(item in self.binding for item in (statement.test, *statement.orelse))
        return statement in self.binding

    def _by_branch(self, parent: ast.AST, child: ast.AST) -> Hazard:
        """The hazards that the test of an ``if`` or ``while`` statement excludes in the branch that holds the read."""
        if not isinstance(parent, (ast.If, ast.While)):
            return NONE
        block = self.module.block(child) if isinstance(child, ast.stmt) else None
        if block is parent.body:
            return self._tested([parent.test], passed=True)
        is_else = isinstance(parent, ast.If) and block is parent.orelse
        return self._tested([parent.test], passed=False) if is_else else NONE

    def _by_expression(self, parent: ast.AST, child: ast.AST) -> Hazard:
        """The hazards that tests within an expression exclude: operands to the left, conditions of a comprehension."""
        match parent:
            case ast.IfExp(test=test, body=body) if child is not test:
                return self._tested([test], passed=child is body)
            case ast.BoolOp(op=op, values=values):
                return self._by_those_before(values, child, passed=isinstance(op, ast.And))
            case ast.comprehension(ifs=tests) if child is not parent.target and child is not parent.iter:
                return self._by_those_before(tests, child, passed=True)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                if not isinstance(child, ast.comprehension):
                    return self._by_loops(parent.generators)
        return NONE

    def _by_those_before(self, tests: Sequence[ast.expr], child: ast.AST, *, passed: bool) -> Hazard:
        """The hazards that the operands before one exclude, all of which were true (``and``) or false (``or``)."""
        operands = self.variable.operands
        if tests[0] not in operands:
            excluded, is_bound = NONE, False
            for test in tests:
                operands[test] = excluded
                is_bound = is_bound or test in self.binding
                excluded = NONE if is_bound else excluded | self._ruled_out(test, passed=passed)
        return operands[child] if isinstance(child, ast.expr) else NONE

    def _by_loops(self, loops: list[ast.comprehension]) -> Hazard:
        """The hazards that the conditions of a comprehension exclude, from the last loop that binds the variable on."""
        last = max((number for number, loop in enumerate(loops) if loop in self.binding), default=0)
        return self._tested([test for loop in loops[last:] for test in loop.ifs], passed=True)

    def _by_statement(self, statement: ast.stmt) -> Hazard:
        """The hazards that an ``if`` excludes behind it: its body does not complete normally, or binds the variable."""
        if not isinstance(statement, ast.If):
            return NONE
        if not self.module.completions.completes(statement.body) and not any(
            item in self.binding for item in statement.orelse
        ):
            return self._tested([statement.test], passed=False)
        match statement:
            case ast.If(body=[ast.Assign(targets=[ast.Name(id=name)], value=value)], orelse=[]) if name == self.read.id:
                text = literal(self.module, value)
                otherwise = hazards.of_text(text) if text is not None else ANY
                return self._tested([statement.test], passed=False) & ~otherwise
        return NONE

    def _tested(self, tests: list[ast.expr], *, passed: bool) -> Hazard:
        """The hazards that tests exclude all of which were true, or all false."""
        if any(test in self.binding for test in tests):
            return NONE
        return _union(self._ruled_out(test, passed=passed) for test in tests)

    # --- tests -------------------------------------------------------------------------------------------------

    def _ruled_out(self, test: ast.expr, *, passed: bool) -> Hazard:
        """The hazards that the outcome of a test excludes."""
        name = self.read.id
        match test:
            case ast.Name(id=tested) if tested == name:
                return Hazard.EMPTY if passed else NONE
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return self._ruled_out(operand, passed=not passed)
            case ast.BoolOp(op=op, values=values) if isinstance(op, ast.And) is passed:
                return _union(self._ruled_out(value, passed=passed) for value in values)
            case ast.Compare(left=ast.Name(id=tested), ops=[op], comparators=[ast.Constant(value="")]):
                differs = isinstance(op, (ast.NotEq, ast.Gt)) if passed else isinstance(op, ast.Eq)
                return Hazard.EMPTY if tested == name and differs else NONE
            case ast.Call(func=ast.Attribute(value=ast.Name(id=tested), attr=method), args=args) if tested == name:
                return self._by_method(method, args) if passed else NONE
            case ast.Call(func=func, args=[ast.Name(id=tested), *_]) if passed and tested == name:
                return self._by_function(func)
        return NONE

    def _by_function(self, func: ast.expr) -> Hazard:
        qualified = self.module.qualified_name(func) or ""
        return NONE if self.module.names.is_replaced(qualified) else _FINDING.get(qualified, NONE)

    def _by_method(self, method: str, args: list[ast.expr]) -> Hazard:
        """The hazards of a text that a true result of its method excludes: ``name.endswith(".txt")``."""
        if method == "strip" and not args:
            return Hazard.EMPTY
        if method not in {"endswith", "startswith"} or len(args) != 1:
            return NONE
        given = args[0].elts if isinstance(args[0], ast.Tuple) else args
        texts = [literal(self.module, arg) for arg in given]
        if not all(texts):
            return NONE
        if method == "startswith":
            return Hazard.EMPTY
        ends = [text.rpartition("/")[2] for text in texts if text]
        return _OF_NO_FILE if all(end.strip(".") for end in ends) else Hazard.EMPTY


def _union(found: Iterator[Hazard]) -> Hazard:
    whole = NONE
    for excluded in found:
        whole |= excluded
    return whole
