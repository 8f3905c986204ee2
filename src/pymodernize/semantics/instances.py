"""Escape analysis: all accesses to the attributes of a class's instances, if no instance escapes the analysis.

Instances are followed from their creation and from the first parameter of the
methods, through variables, attributes, parameters and results of this module.
An instance escapes when it is stored or passed elsewhere: to a container, an
operator, or a library function, which may read attributes by name.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import TYPE_CHECKING

from pymodernize.semantics.call_binding import parameter_at, positional
from pymodernize.semantics.class_bodies import is_plain_store, keeps_to_itself
from pymodernize.semantics.methods import (
    GETS_CLASS,
    GETS_NOTHING,
    HOOKS,
    OF_CLASS,
    TRANSPARENT,
    Function,
    class_of_self,
    decorators,
    first_parameter,
    is_plain,
)
from pymodernize.semantics.scopes import Binding, BindingKind, Scope, ScopeKind

if TYPE_CHECKING:
    from pymodernize.semantics.definitions import Defined

# Special names by which attributes are accessed without their names.
_AROUND = HOOKS | {"__dict__", "__class__", "__getstate__", "__setstate__", "__reduce__", "__reduce_ex__"}
# Builtins that access an instance only through special methods of its class.
_HARMLESS = frozenset(
    f"builtins.{name}" for name in "bool callable format hash id isinstance len print repr str".split()
)
_BY_NAME = frozenset(f"builtins.{name}" for name in "delattr getattr hasattr setattr".split())
# Libraries that create instances from data.
_STORES = frozenset("_pickle cPickle cloudpickle dill joblib jsonpickle pickle ruamel shelve torch yaml".split())


class Instances:
    """Escape analysis of the instances of one module's classes, on demand."""

    def __init__(self, module: Defined) -> None:
        self.module = module
        self._accesses: dict[ast.ClassDef, dict[str, list[ast.expr]] | None] = {}
        self.attributes: dict[str, list[ast.Attribute]] = {}
        for node in module.nodes(ast.Attribute):
            self.attributes.setdefault(node.attr, []).append(node)

    def accesses(self, owner: ast.ClassDef) -> dict[str, list[ast.expr]] | None:
        """Every access to an attribute of a class or of its instances, by the attribute's name.

        Args:
            owner: a class of this module.

        Returns:
            Attribute expressions, and calls such as ``getattr(it, "name")``;
            None if an instance may escape.
        """
        if owner not in self._accesses:
            self._accesses[owner] = None  # classes whose instances refer to each other count as escaping
            try:
                self._accesses[owner] = _Flow(self, owner).run()
            except _OutOfSightError:
                pass
        return self._accesses[owner]


class _OutOfSightError(Exception):
    """An instance escapes to code that may do anything with it."""


class _Flow:
    """The data flow of one class and of its instances through the module."""

    def __init__(self, instances: Instances, owner: ast.ClassDef) -> None:
        self.instances = instances
        self.module = instances.module
        self.owner = owner
        self.scope = self.module.index.scopes[owner]
        self.found: dict[str, list[ast.expr]] = {}
        self.pending: list[tuple[ast.expr, bool]] = []
        self.seen: set[object] = set()

    def run(self) -> dict[str, list[ast.expr]]:
        """Follow the class and its instances; returns the accesses, by attribute, in document order."""
        self._start()
        while self.pending:
            expr, is_class = self.pending.pop()
            if (expr, is_class) not in self.seen:
                self.seen.add((expr, is_class))
                (self._follow_class if is_class else self._follow)(expr)
        for kept in [key[1] for key in self.seen if isinstance(key, tuple) and key[0] == "attribute"]:
            if any(not isinstance(node, ast.Attribute) for node in self.found.get(kept, ())):
                raise _OutOfSightError
        for nodes in self.found.values():
            nodes.sort(key=lambda node: (node.lineno, node.col_offset))
        return self.found

    # --- where it starts ---------------------------------------------------------------------------------------

    def _start(self) -> None:
        module, owner = self.module, self.owner
        around = module.scope(owner)
        bindings = around.bindings.get(owner.name, [])
        roots = {alias.name.partition(".")[0] for alias in module.nodes(ast.alias)}
        roots |= {(node.module or "").partition(".")[0] for node in module.nodes(ast.ImportFrom)}
        if not module.is_closed or not is_plain(module, owner) or roots & _STORES:
            raise _OutOfSightError
        if around.kind is ScopeKind.CLASS or len(bindings) != 1 or bindings[0].kind is not BindingKind.CLASS:
            raise _OutOfSightError
        if any(name.id == "__class__" for name in module.nodes(ast.Name)):
            raise _OutOfSightError
        self.pending += [(use, True) for use in module.uses(bindings[0])]
        if not keeps_to_itself(module, owner):
            raise _OutOfSightError
        for bound in self.scope.bindings.values():
            for binding in bound:
                if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    self._method(binding.node)
        for call in module.calls("builtins.super"):
            if not call.args and owner in module.ancestors(call):
                self._super(call)

    def _method(self, function: Function) -> None:
        applied = decorators(self.module, function)
        parameter = first_parameter(function)
        if applied <= GETS_NOTHING and applied:
            return
        of_class = applied <= GETS_CLASS and bool(applied) or function.name in OF_CLASS
        if not of_class and not applied <= TRANSPARENT:
            raise _OutOfSightError
        if parameter is None:
            raise _OutOfSightError  # it may be the first of ``*args``
        self._parameter(function, parameter, is_class=of_class)

    # --- the class itself --------------------------------------------------------------------------------------

    def _follow_class(self, expr: ast.expr) -> None:
        parent = self.module.parent(expr)
        match parent:
            case ast.Call(func=func) if func is expr:
                self.pending.append((parent, False))
                return
            case ast.Attribute():
                self._of_class(parent)
                return
            case ast.Call(args=args) if any(arg is expr for arg in args):
                qualified = self.module.qualified_name(parent.func)
                if qualified in {"builtins.isinstance", "builtins.issubclass"}:
                    return
                if qualified == "builtins.super":
                    self._super(parent)
                    return
            case ast.Tuple():
                call = self.module.parent(parent)
                if isinstance(call, ast.Call) and self.module.qualified_name(call.func) == "builtins.isinstance":
                    return
            case ast.Compare(ops=ops) if all(isinstance(op, (ast.Is, ast.IsNot)) for op in ops):
                return
        if not self._in_annotation(expr):
            raise _OutOfSightError

    def _of_class(self, access: ast.Attribute) -> None:
        """Record an access to a class attribute; a plain method escapes, as it could be called with other objects."""
        bound = self.scope.bindings.get(access.attr, ())
        for binding in bound:
            if isinstance(binding.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                applied = decorators(self.module, binding.node)
                if not applied or not applied <= GETS_CLASS | GETS_NOTHING:
                    raise _OutOfSightError
        if not isinstance(access.ctx, ast.Load):
            if access.attr.startswith("__") or not is_plain_store(self.module, self.owner, access):
                raise _OutOfSightError
        self._accessed(access)

    def _in_annotation(self, expr: ast.expr) -> bool:
        child: ast.AST = expr
        for parent in self.module.ancestors(expr):
            match parent:
                case ast.arg() | ast.AnnAssign():
                    return parent.annotation is child
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    return parent.returns is child
                case ast.Subscript() | ast.BinOp() | ast.Tuple() | ast.List():
                    child = parent
                case _:
                    return False
        return False

    def _super(self, call: ast.Call) -> None:
        parent = self.module.parent(call)
        if not isinstance(parent, ast.Attribute) or parent.attr != "__init__":
            raise _OutOfSightError

    # --- an instance -------------------------------------------------------------------------------------------

    def _follow(self, expr: ast.expr) -> None:
        parent = self.module.parent(expr)
        match parent:
            case ast.Attribute():
                self._accessed(parent)
            case ast.Assign(targets=targets):
                for target in targets:
                    self._kept(target)
            case ast.AnnAssign(target=target, value=value) if value is expr:
                self._kept(target)
            case ast.NamedExpr(target=target):
                self._kept(target)
                self.pending.append((parent, False))
            case ast.BoolOp():
                self.pending.append((parent, False))
            case ast.IfExp(test=test):
                self.pending += [(parent, False)] if test is not expr else []
            case ast.Call(func=func):
                if func is not expr:
                    self._argument(parent, expr)
            case ast.keyword():
                self._keyword(parent)
            case ast.Return():
                self._returned(parent)
            case ast.withitem(optional_vars=target):
                if target is not None:
                    self._kept(target)
            case _:
                if not self._is_only_looked_at(expr, parent):
                    raise _OutOfSightError

    def _is_only_looked_at(self, expr: ast.expr, parent: ast.AST | None) -> bool:
        """Whether a use accesses an instance only through special methods of its class."""
        match parent:
            case ast.Expr() | ast.FormattedValue() | ast.UnaryOp(op=ast.Not()):
                return True
            case ast.If(test=test) | ast.While(test=test) | ast.Assert(test=test):
                return test is expr
            case ast.For(iter=iterated) | ast.comprehension(iter=iterated, is_async=0):
                return iterated is expr
            case ast.Subscript(value=value):
                return value is expr
            case ast.Compare(ops=ops):
                return all(isinstance(op, (ast.Is, ast.IsNot)) for op in ops)
            case ast.Tuple():
                outer = self.module.parent(parent)
                return isinstance(outer, ast.BinOp) and self._is_only_looked_at(parent, outer)
            case ast.BinOp(left=ast.Constant(value=str()), op=ast.Mod()):
                return True
        return False

    def _accessed(self, access: ast.Attribute) -> None:
        """Record an access to an attribute of an instance, or of the class."""
        outer = self.module.parent(access)
        if access.attr == "__class__" and isinstance(access.ctx, ast.Load):
            if isinstance(outer, ast.Call) and outer.func is access:
                self.pending.append((outer, False))
                return
            if isinstance(outer, ast.Attribute) and outer.attr == "__name__":
                return
        if access.attr in _AROUND:
            raise _OutOfSightError
        self.found.setdefault(access.attr, []).append(access)

    def _kept(self, target: ast.expr) -> None:
        """Follow the target that an instance is assigned to."""
        if isinstance(target, ast.Name):
            found = self.module.scope(target).lookup(target.id)
            if found is None or found[0].kind is ScopeKind.CLASS:
                raise _OutOfSightError
            self._variable(*found)
            return
        holder = class_of_self(self.module, target.value) if isinstance(target, ast.Attribute) else None
        if holder is None or not isinstance(target, ast.Attribute):
            raise _OutOfSightError
        name = target.attr
        accesses = self._accesses_of(holder, name)
        if accesses is None or name in self.module.index.scopes[holder].bindings or name.startswith("__"):
            raise _OutOfSightError
        if ("attribute", name) not in self.seen:
            self.seen.add(("attribute", name))
            self._hold_plain(self.instances.attributes.get(name, ()))
            self.pending += [(node, False) for node in self._reads_of(name)]

    def _accesses_of(self, holder: ast.ClassDef, name: str) -> list[ast.expr] | None:
        """The accesses to an attribute that holds an instance; None if there may be others, or some are dynamic."""
        accesses = self.found if holder is self.owner else self.instances.accesses(holder)
        nodes = accesses.get(name, []) if accesses is not None else None
        return nodes if nodes is None or all(isinstance(node, ast.Attribute) for node in nodes) else None

    def _reads_of(self, name: str) -> list[ast.Attribute]:
        """All reads of an attribute of this name, whatever the receiver, but for those of library names."""
        nodes = self.instances.attributes.get(name, ())
        return [node for node in nodes if isinstance(node.ctx, ast.Load) and self.module.qualified_name(node) is None]

    def _hold_plain(self, targets: Iterable[ast.AST]) -> None:
        """Raise if a target is of an augmented assignment, which passes the instance to an operator."""
        if any(isinstance(self.module.parent(target), ast.AugAssign) for target in targets):
            raise _OutOfSightError

    def _variable(self, scope: Scope, bindings: list[Binding], *, is_class: bool = False) -> None:
        key = (scope, bindings[0].name, is_class)
        if key not in self.seen:
            self.seen.add(key)
            self._hold_plain(binding.node for binding in bindings)
            self.pending += [(use, is_class) for use in self.module.uses(bindings[0])]

    def _parameter(self, function: Function, parameter: ast.arg, *, is_class: bool = False) -> None:
        scope = self.module.index.scopes[function]
        self._variable(scope, scope.bindings[parameter.arg], is_class=is_class)

    def _argument(self, call: ast.Call, expr: ast.expr) -> None:
        place = next((number for number, arg in enumerate(call.args) if arg is expr), None)
        if place is None or any(isinstance(arg, ast.Starred) for arg in call.args[:place]):
            raise _OutOfSightError
        qualified = self.module.qualified_name(call.func)
        if qualified in _HARMLESS or qualified == "builtins.object.__init__":
            return
        if qualified == "builtins.super":
            self._super(call)
            return
        if qualified == "builtins.type" and len(call.args) == 1:
            outer = self.module.parent(call)
            if isinstance(outer, ast.Attribute) and outer.attr == "__name__":
                return
        if qualified in _BY_NAME and place == 0 and len(call.args) > 1:
            name = call.args[1]
            if isinstance(name, ast.Constant) and isinstance(name.value, str) and not name.value.startswith("__"):
                self.found.setdefault(name.value, []).append(call)
                return
        function, taken = self._called(call)
        if place >= len(taken):
            raise _OutOfSightError
        self._parameter(function, taken[place])

    def _keyword(self, keyword: ast.keyword) -> None:
        call = self.module.parent(keyword)
        if not isinstance(call, ast.Call):
            raise _OutOfSightError
        function, _ = self._called(call)
        parameter = parameter_at(function, keyword.arg) if keyword.arg is not None else None
        if parameter is None:
            raise _OutOfSightError
        self._parameter(function, parameter)

    def _called(self, call: ast.Call) -> tuple[Function, list[ast.arg]]:
        """The function or constructor of this module that a call runs, with its positional parameters."""
        function: Function | None = self.module.local_function(call.func)
        skipped = 0
        made = self.module.local_class(call.func)
        if function is None and made is not None and is_plain(self.module, made):
            bindings = self.module.index.scopes[made].bindings
            node = bindings["__init__"][0].node if len(bindings.get("__init__", ())) == 1 else None
            if isinstance(node, ast.FunctionDef) and not node.decorator_list and "__new__" not in bindings:
                function, skipped = node, 1
        if function is None:
            raise _OutOfSightError
        return function, positional(function)[skipped:]

    def _returned(self, statement: ast.Return) -> None:
        """Follow the calls of the function that returns an instance."""
        function = self.module.function(statement)
        if not isinstance(function, ast.FunctionDef):
            raise _OutOfSightError
        if self.module.scope(function).kind is not ScopeKind.CLASS:
            calls = self.module.every_call(function)
            if calls is None:
                raise _OutOfSightError
            self.pending += [(call, False) for call in calls]
            return
        special = function.name.startswith("__") and function.name not in {"__enter__", "__iter__"}
        if function.decorator_list or special:
            raise _OutOfSightError
        owner = self.module.scope(function).node
        if not isinstance(owner, ast.ClassDef) or self._accesses_of(owner, function.name) is None:
            raise _OutOfSightError
        self.seen.add(("attribute", function.name))
        for node in self._reads_of(function.name):
            call = self.module.parent(node)
            if not isinstance(call, ast.Call) or call.func is not node:
                raise _OutOfSightError
            self.pending.append((call, False))
