"""Data flow of one object: the variables, parameters and results of this file that may hold it."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from pymodernize.semantics.call_binding import parameter_at, parameter_of
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding, BindingKind, Scope, ScopeKind
from pymodernize.semantics.values import Cell, Contents, Source, Way


def contents_of(module: Module, cell: Cell) -> Contents | None:
    """What goes into a cell and comes out; also for a local variable of a file that reaches its globals by text.

    Args:
        module: the module.
        cell: one of its cells.
    """
    found = module.values.contents(cell)
    scope = cell.owner
    if found is not None or not isinstance(scope, Scope) or scope.kind is not ScopeKind.FUNCTION:
        return found
    if any(isinstance(node, ast.Name) and node.id in _BY_TEXT for node in ast.walk(scope.node)):
        return None
    bindings = scope.bindings.get(cell.name, [])
    sources = [_stored(module, binding) for binding in bindings]
    known = [item for item in sources if item is not None]
    if not known or len(known) != len(sources):
        return None
    return Contents(tuple(known), tuple(item.node for item in bindings), tuple(module.uses(bindings[0])))


_BY_TEXT = frozenset({"locals", "vars", "eval", "exec", "dir"})


def _stored(module: Module, binding: Binding) -> Source | None:
    """What an assignment puts into a name, or into several at once."""
    parent = module.parent(binding.node)
    way = Way.VALUE
    if isinstance(parent, (ast.Tuple, ast.List)):
        parent, way = module.parent(parent), Way.PLACE
    if binding.kind is not BindingKind.NAME or not isinstance(parent, ast.Assign):
        return None
    return Source(parent.value, way)


@dataclass
class Trail:
    """Where the data flow of an object leads.

    Attributes:
        uses: expressions that are the object and are used for something, not only put or passed on.
        sources: expressions that are put where the object is read, other than the object itself.
        lost: the expressions from which it goes out of sight.
    """

    uses: list[ast.expr] = field(default_factory=list)
    sources: list[Source] = field(default_factory=list)
    lost: list[ast.expr] = field(default_factory=list)

    @property
    def is_alone(self) -> bool:
        """Whether what is read can be nothing but the object, or None before it is made."""
        return all(isinstance(item.expr, ast.Constant) and item.expr.value is None for item in self.sources)


class Follower:
    """Follows one object.

    Args:
        module: the module.
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self.trail = Trail()
        self.own: set[ast.AST] = set()
        self.origins: set[ast.AST] = set()
        self.cells: list[Cell] = []
        self.pending: list[ast.expr] = []

    def from_values(self, exprs: Iterable[ast.expr]) -> Trail:
        """Follow an object from the expressions that make it."""
        self.pending += exprs
        return self.run()

    def from_targets(self, targets: Iterable[ast.expr], origins: Iterable[ast.expr]) -> Trail:
        """Follow an object from the names and attributes that it is unpacked into, out of some expressions."""
        self.origins.update(origins)
        for target in targets:
            self.put(target, target)
        return self.run()

    def run(self) -> Trail:
        """Follow until nothing new is found."""
        while self.pending:
            expr = self.pending.pop()
            if expr not in self.own:
                self.own.add(expr)
                self.step(expr)
        for cell in self.cells:
            contents = contents_of(self.module, cell)
            for source in contents.sources if contents is not None else ():
                if source.expr not in self.own and source.expr not in self.origins:
                    self.trail.sources.append(source)
        return self.trail

    def step(self, expr: ast.expr) -> None:
        """Classify what the code around an expression does with its value."""
        parent = self.module.parent(expr)
        match parent:
            case ast.Assign(targets=targets, value=value) if value is expr:
                for target in targets:
                    self.put(target, expr)
            case ast.AnnAssign(target=target, value=value) if value is expr:
                self.put(target, expr)
            case ast.Return():
                function = self.module.function(parent)
                if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    self.enter(Cell(function, ""), expr)
                else:
                    self.trail.lost.append(expr)
            case ast.Call() if parent.func is not expr:
                self.passed(parent, expr, None)
            case ast.keyword(arg=name) if name is not None:
                call = self.module.parent(parent)
                assert isinstance(call, (ast.Call, ast.ClassDef))  # noqa: S101 - keywords stand nowhere else
                self.passed(call, expr, name)
            case _:
                self.trail.uses.append(expr)

    def put(self, target: ast.expr, expr: ast.expr) -> None:
        """The object is put into a variable or an attribute."""
        cell: Cell | None = None
        if isinstance(target, ast.Name):
            found = self.module.scope(target).lookup(target.id)
            cell = Cell(found[0], target.id) if found is not None else None
        elif isinstance(target, ast.Attribute):
            cell = self.module.values.read_by(target)
        self.enter(cell, expr)

    def enter(self, cell: Cell | None, expr: ast.expr) -> None:
        """Go on with all that read a cell."""
        contents = contents_of(self.module, cell) if cell is not None else None
        if cell is None or contents is None:
            self.trail.lost.append(expr)
        elif cell not in self.cells:
            self.cells.append(cell)
            self.pending += contents.reads

    def passed(self, call: ast.Call | ast.ClassDef, expr: ast.expr, name: str | None) -> None:
        """The object is passed to a function: go on with the parameter if it is one of this file."""
        function = self.module.local_function(call.func) if isinstance(call, ast.Call) else None
        if function is None or not isinstance(call, ast.Call):
            self.trail.uses.append(expr)
            return
        parameter = parameter_of(function, call, expr) if name is None else parameter_at(function, name)
        scope = self.module.index.scopes.get(function)
        self.enter(Cell(scope, parameter.arg) if parameter is not None and scope is not None else None, expr)
