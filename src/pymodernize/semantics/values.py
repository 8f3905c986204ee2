"""The data flow of a module: its cells (variables, attributes, results of functions) with all their sources and reads.

For a :class:`Cell`, the answer has every expression whose value may be stored in
it and every expression that reads it; it is None if code that the analysis does
not see may do either.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from pymodernize.semantics.call_binding import Function, argument
from pymodernize.semantics.flow import returns_of
from pymodernize.semantics.instances import Instances
from pymodernize.semantics.methods import class_of_self
from pymodernize.semantics.scopes import Binding, BindingKind, Scope, ScopeKind

if TYPE_CHECKING:
    from pymodernize.semantics.definitions import Defined


# Functions that access the names of the calling module, also if they are passed on: ``map(eval, texts)``.
_OWN_NAMES = frozenset({"builtins.eval", "builtins.exec", "builtins.globals", "builtins.locals"})
# Functions that run code given as text, or look up functions by name.
_RUNNERS = frozenset(
    """builtins.vars cProfile.run doctest.run_docstring_examples doctest.testmod fire.Fire inspect.getclosurevars
    jsonargparse.CLI jsonargparse.auto_cli pdb.run profile.run""".split()
)
_ABOUT_THEIR_ARGUMENT = frozenset({"fire.Fire", "jsonargparse.CLI", "jsonargparse.auto_cli"})
_IMPORTERS = ("builtins.__import__", "importlib.import_module", "runpy.run_module", "runpy.run_path")
# Attributes of functions, frames and modules that give access to the values of variables.
_NAMESPACES = frozenset(
    "__closure__ __defaults__ __globals__ __kwdefaults__ cell_contents f_globals f_locals func_globals".split()
)


class Way(Enum):
    """How the value of a source relates to the source's expression."""

    VALUE = "value"
    """It is the expression's value."""
    ELEMENT = "element"
    """It is an element that iteration over the expression yields."""
    PLACE = "place"
    """It is an item of the expression's value, at a fixed index."""
    UPDATE = "update"
    """It is the result of an augmented assignment with the expression as the right operand."""


@dataclass(frozen=True)
class Source:
    """A source of a cell: an expression from which a stored value comes.

    Attributes:
        expr: the expression.
        way: how the value relates to it.
        place: for :attr:`Way.PLACE`, the index of the item.
        inside: for :attr:`Way.PLACE`, how the value with that item relates to the expression.
    """

    expr: ast.expr
    way: Way = Way.VALUE
    place: int = 0
    inside: Way = Way.VALUE


@dataclass(frozen=True)
class Cell:
    """A variable, an attribute of the instances of one class, or the result of a function.

    Attributes:
        owner: the scope of a variable, the class of an attribute, the function
            of a result.
        name: of the variable or attribute; empty for a result.
    """

    owner: Scope | ast.ClassDef | Function
    name: str


@dataclass(frozen=True)
class Contents:
    """The sources and reads of a cell.

    Attributes:
        sources: where the stored values come from.
        targets: the names or attributes by which assignments store values.
        reads: the expressions that read it: names, attributes, calls.
        annotations: its annotations.
    """

    sources: tuple[Source, ...]
    targets: tuple[ast.AST, ...]
    reads: tuple[ast.expr, ...]
    annotations: tuple[ast.expr, ...] = ()


class Values:
    """The cells of one module, computed on demand."""

    def __init__(self, module: Defined) -> None:
        self.module = module
        self._contents: dict[Cell, Contents | None] = {}

    def read_by(self, expr: ast.expr) -> Cell | None:
        """The cell that an expression reads; None if it reads none, or one whose contents are unknown.

        Args:
            expr: any expression of the module.

        Returns:
            For a name its variable, for ``self.x`` the attribute, for a call
            of a function of this module its result.
        """
        cell = self._cell(expr)
        return cell if cell is not None and self.contents(cell) is not None else None

    def _cell(self, expr: ast.AST) -> Cell | None:
        if isinstance(expr, ast.Name):
            found = self.module.scope(expr).lookup(expr.id)
            return Cell(found[0], expr.id) if found is not None else None
        if isinstance(expr, ast.Attribute):
            owner = class_of_self(self.module, expr.value)
            return Cell(owner, expr.attr) if owner is not None else None
        if isinstance(expr, ast.Call):
            function = self.module.local_function(expr.func)
            return Cell(function, "") if function is not None else None
        return None

    def contents(self, cell: Cell) -> Contents | None:
        """The sources and reads of a cell; None if there may be others.

        Args:
            cell: a cell of this module.
        """
        if cell not in self._contents:
            self._contents[cell] = None  # contents that depend on themselves are unknown
            self._contents[cell] = self._find(cell)
        return self._contents[cell]

    @cached_property
    def is_reached_otherwise(self) -> bool:
        """Whether the module's variables may be assigned, or its functions called, without their names."""
        return self.module.reads_own_names or self._is_handed_over(())

    def is_reached_besides(self, harmless: Collection[ast.Call]) -> bool:
        """Whether the module's variables and functions may be accessed without their names.

        Args:
            harmless: calls of ``globals`` and its like that are known to be harmless.

        Returns:
            True also if it is not certain.
        """
        return self.module.own_names_read_beside(harmless) != frozenset() or self._is_handed_over(harmless)

    def _is_handed_over(self, harmless: Collection[ast.Call]) -> bool:
        """Whether the module object, or a function that accesses its names, may be passed to other code."""
        module = self.module
        if any(node.attr in _NAMESPACES for node in module.nodes(ast.Attribute)):
            return True
        known = {call.func for call in harmless}
        if module.has_text(*(name.rpartition(".")[2].encode() for name in _OWN_NAMES)) and any(
            node not in known and not self._is_called(node) for node in module.names.naming(*_OWN_NAMES)
        ):
            return True
        for call in module.calls(*_RUNNERS):
            # With an argument, vars(), Fire() and the like only access that.
            qualified = module.qualified_name(call.func)
            if qualified != "builtins.vars" and not (call.args and qualified in _ABOUT_THEIR_ARGUMENT):
                return True
        by_name = (arg for call in module.calls(*_IMPORTERS) for arg in call.args)
        if any(isinstance(arg, ast.Name) and arg.id in {"__name__", "__file__"} for arg in by_name):
            return True
        return any(self._names_the_script(constant) for constant in module.nodes(ast.Constant))

    def _is_called(self, func: ast.expr) -> bool:
        """Whether a function is called, not used as a value."""
        parent = self.module.parent(func)
        return isinstance(parent, ast.Call) and parent.func is func

    def _names_the_script(self, constant: ast.Constant) -> bool:
        """Whether a text contains ``__main__`` other than for the comparison of a main guard."""
        if not isinstance(constant.value, str) or "__main__" not in constant.value:
            return False
        if isinstance(self.module.parent(constant), ast.Expr):
            return False  # a docstring
        compared = any(isinstance(node, ast.Compare) for node in self.module.ancestors(constant))
        return not compared or constant.value != "__main__"

    def _find(self, cell: Cell) -> Contents | None:
        if self.is_reached_otherwise:
            return None
        if isinstance(cell.owner, Scope):
            return self._variable(cell.owner, cell.name)
        if isinstance(cell.owner, ast.ClassDef):
            return self._attribute(cell.owner, cell.name)
        return self._result(cell.owner)

    # --- variables ---------------------------------------------------------------------------------------------

    def _variable(self, scope: Scope, name: str) -> Contents | None:
        if scope.kind is ScopeKind.CLASS or scope.star_imports or name in (self.module.own_names_read or ()):
            return None
        if scope.kind is ScopeKind.MODULE and not (self.module.is_closed and self._is_bound_first(scope, name)):
            return None
        sources: list[Source] = []
        targets: list[ast.AST] = []
        annotations: list[ast.expr] = []
        for binding in scope.bindings.get(name, ()):
            if binding.kind is BindingKind.DELETE:
                continue
            put = self._put(binding)
            if put is None:
                return None
            sources += put
            targets.append(binding.node)
            annotation = self._annotation(binding.node)
            annotations += [annotation] if annotation is not None else []
        if not targets:
            return None
        reads = self.module.uses(scope.bindings[name][0])
        return Contents(tuple(sources), tuple(targets), tuple(reads), tuple(annotations))

    def _is_bound_first(self, scope: Scope, name: str) -> bool:
        """Whether no read of a name can resolve to a builtin, or to a value that the interpreter has set."""
        if name.startswith("__"):
            return False
        if not hasattr(builtins, name):
            return True
        if scope.kind is not ScopeKind.MODULE:
            return True  # a read before the binding raises
        bindings = scope.bindings[name]
        if any(binding.kind is BindingKind.DELETE for binding in bindings):
            return False
        statements = [self.module.statement(binding.node) for binding in bindings]
        always = (ast.Assign, ast.AnnAssign, ast.FunctionDef, ast.AsyncFunctionDef)
        first = [item for item in statements if isinstance(item, always) and self.module.parent(item) is scope.node]
        if not first or isinstance(first[0], ast.AnnAssign) and first[0].value is None:
            return False
        # Code below a statement of the module's body is executed after it, also in a function.
        return all(use.lineno > (first[0].end_lineno or 0) for use in self.module.uses(bindings[0]))

    def _annotation(self, node: ast.AST) -> ast.expr | None:
        if isinstance(node, ast.arg):
            return node.annotation
        parent = self.module.parent(node)
        return parent.annotation if isinstance(parent, ast.AnnAssign) else None

    def _put(self, binding: Binding) -> list[Source] | None:
        """The sources of a variable from one binding."""
        if binding.kind is BindingKind.PARAMETER:
            return self._passed(binding)
        if binding.kind is not BindingKind.NAME:
            return None
        return self._stored(binding.node)

    def _stored(self, target: ast.AST) -> list[Source] | None:
        """The sources that the statement around a target stores in it."""
        parent = self.module.parent(target)
        match parent:
            case ast.Assign(value=value):
                return [Source(value)]
            case ast.AnnAssign(value=value):
                return [Source(value)] if value is not None else []
            case ast.NamedExpr(value=value):
                return [Source(value)]
            case ast.AugAssign(value=value):
                return [Source(value, Way.UPDATE)]
            case ast.For(iter=iterated) | ast.comprehension(iter=iterated, is_async=0):
                return [Source(iterated, Way.ELEMENT)]
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                return self._unpacked(parent, parts, target)
        return None

    def _unpacked(self, whole: ast.AST, parts: list[ast.expr], target: ast.AST) -> list[Source] | None:
        if any(isinstance(part, ast.Starred) for part in parts):
            return None
        place = next(number for number, part in enumerate(parts) if part is target)
        sources = self._stored(whole)
        if sources is None or len(sources) != 1 or sources[0].way not in {Way.VALUE, Way.ELEMENT}:
            return None
        (source,) = sources
        if source.way is Way.VALUE and isinstance(source.expr, (ast.Tuple, ast.List)):
            given = source.expr.elts
            same = len(given) == len(parts) and not any(isinstance(item, ast.Starred) for item in given)
            return [Source(given[place])] if same else None
        return [Source(source.expr, Way.PLACE, place, source.way)]

    def _passed(self, binding: Binding) -> list[Source] | None:
        """The arguments that the calls of a function pass for a parameter."""
        function = binding.scope.node
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return None
        calls = self._calls(function)
        if not calls or binding.node in {function.args.vararg, function.args.kwarg}:
            return None
        sources = []
        for call in calls:
            value = argument(function, call, binding.node)
            if value is None:
                return None
            sources.append(Source(value))
        return sources

    # --- attributes --------------------------------------------------------------------------------------------

    @cached_property
    def _instances(self) -> Instances:
        return Instances(self.module)

    def _attribute(self, owner: ast.ClassDef, name: str) -> Contents | None:
        """The contents of an attribute that only methods of its class access; None for any other."""
        if name.startswith("__") or name in self.module.index.scopes[owner].bindings:
            return None
        accesses = self._instances.accesses(owner)
        if accesses is None:
            return None
        sources: list[Source] = []
        targets: list[ast.AST] = []
        reads: list[ast.expr] = []
        for node in accesses.get(name, ()):
            if not isinstance(node, ast.Attribute) or class_of_self(self.module, node.value) is not owner:
                return None
            if isinstance(node.ctx, ast.Load):
                reads.append(node)
                continue
            put = self._stored(node) if isinstance(node.ctx, ast.Store) else None
            if put is None:
                return None
            sources += put
            targets.append(node)
        annotations = [self._annotation(node) for node in targets]
        known = tuple(item for item in annotations if item is not None)
        return Contents(tuple(sources), tuple(targets), tuple(reads), known) if targets else None

    # --- results -----------------------------------------------------------------------------------------------

    def _calls(self, function: Function) -> list[ast.Call] | None:
        """All calls of a function; None if there may be others, or one may call something else."""
        scope = self.module.scope(function)
        calls = self.module.every_call(function)
        plain = calls is not None and not scope.star_imports and self._is_bound_first(scope, function.name)
        return calls if plain else None

    def _result(self, function: Function) -> Contents | None:
        calls = self._calls(function)
        if calls is None or isinstance(function, ast.AsyncFunctionDef):
            return None
        sources: list[Source] = []
        for node in returns_of(function):
            if not isinstance(node, ast.Return) or node.value is None:
                return None
            sources.append(Source(node.value))
        if not sources or self.module.completions.completes(function.body):
            return None
        annotations = (function.returns,) if function.returns is not None else ()
        return Contents(tuple(sources), (), tuple(calls), annotations)
