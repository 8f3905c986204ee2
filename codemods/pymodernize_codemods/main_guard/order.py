"""Whether what stays may run before what moves."""

from __future__ import annotations

import ast
import sys

from pymodernize.semantics.module import Module
from pymodernize_codemods._script.entry import sets_up
from pymodernize_codemods._script.statements import DEFINITIONS, IMPORTS, Touches, does_work, is_text
from pymodernize_codemods.main_guard.obstacles import Obstacle
from pymodernize_codemods.main_guard.place import Place
from pymodernize_codemods.main_guard.purity import is_steady
from pymodernize_codemods.main_guard.sorting import Sorted

# Decorators that look at nothing but what they decorate.
_DECORATORS = frozenset(
    """abc.abstractmethod builtins.classmethod builtins.property builtins.staticmethod contextlib.asynccontextmanager
    contextlib.contextmanager dataclasses.dataclass enum.unique functools.cache functools.cached_property
    functools.lru_cache functools.singledispatch functools.total_ordering functools.wraps typing.final
    typing.no_type_check typing.overload typing.override typing.runtime_checkable""".split()
)


def check_order(module: Module, divided: Sorted) -> None:
    """See that each statement which stays, and comes below others that move, may overtake those.

    What moves must neither use nor set the names that it binds, directly or
    through functions that are there by then, and it must make the same of
    itself at any time.

    Raises:
        Obstacle: one may not.
    """
    reached = _Reached(divided.touches)
    behind: set[str] = set()
    heavy = False
    for statement, place in divided.places.items():
        if place is Place.ENDS:
            continue
        if place in (Place.STAYS, Place.RISES):
            if behind or heavy:
                _check(module, divided, statement, reached.names, behind, heavy=heavy)
            reached.add(statement, root=_is_handed_on(module, statement))
        else:
            touched = divided.touches[statement]
            behind |= touched.binds | touched.binds_later
            # A set-up of logging or signals makes no difference to what is defined below it.
            heavy |= not sets_up(module, statement) and (does_work(statement) or not _is_light(module, statement))
            reached.add(statement, root=True)


def _is_light(module: Module, statement: ast.stmt) -> bool:
    value = getattr(statement, "value", None)
    return isinstance(value, ast.expr) and is_steady(module, value)


def _check(
    module: Module, divided: Sorted, statement: ast.stmt, reached: set[str], behind: set[str], *, heavy: bool
) -> None:
    touched = divided.touches[statement]
    fresh = {name for name in touched.binds if not _is_bound_alike_above(module, statement, name)}
    used = sorted(fresh & (reached | behind))
    if used:
        raise Obstacle("order", f"code above line {statement.lineno} uses the name {used[0]}, which is bound there")
    needed = sorted(touched.reads & behind)
    if needed:
        raise Obstacle(
            "order", f"line {statement.lineno} needs {needed[0]} as it is loaded, and work above it sets that"
        )
    if heavy and not _may_overtake(module, statement, divided.touches):
        raise Obstacle("order", f"line {statement.lineno} may depend on the work that is done above it")


def _is_bound_alike_above(module: Module, statement: ast.stmt, name: str) -> bool:
    """Whether an import binds a name to what another import above has bound it to, and nothing else binds it."""
    bindings = module.index.scope.bindings[name]
    if len(bindings) < 2 or len({binding.target for binding in bindings}) > 1 or bindings[0].target is None:
        return False
    first = module.parent(bindings[0].node)
    return isinstance(first, IMPORTS) and first in module.tree.body and first.lineno < statement.lineno


class _Reached:
    """The names that the code which has run so far may have used, through the functions that were there."""

    def __init__(self, touches: Touches) -> None:
        self.touches = touches
        self.names: set[str] = set()
        self._binders: dict[str, list[ast.stmt]] = {}
        self._seen: set[ast.stmt] = set()

    def add(self, statement: ast.stmt, *, root: bool) -> None:
        """Take in the next statement of the module.

        Args:
            statement: one of its body.
            root: whether what it holds runs, or may be run by others.
        """
        touched = self.touches[statement]
        names = touched.binds | touched.binds_later
        for name in names:
            self._binders.setdefault(name, []).append(statement)
        if root or names & self.names:
            self._visit(statement)

    def _visit(self, statement: ast.stmt) -> None:
        pending = [statement]
        while pending:
            item = pending.pop()
            if item in self._seen:
                continue
            self._seen.add(item)
            fresh = (self.touches[item].all_reads | self.touches[item].binds_later) - self.names
            self.names |= fresh
            for name in fresh:
                pending += self._binders.get(name, ())


def _is_handed_on(module: Module, statement: ast.stmt) -> bool:
    """Whether code of others gets at a definition as it is made, and may call it."""
    if not isinstance(statement, DEFINITIONS):
        return not _is_light(module, statement)
    if any(not _is_known_decorator(module, item) for item in statement.decorator_list):
        return True
    return isinstance(statement, ast.ClassDef) and not module.once(_Classes).are_plain(statement)


def _is_known_decorator(module: Module, decorator: ast.expr) -> bool:
    func = decorator.func if isinstance(decorator, ast.Call) else decorator
    if isinstance(func, ast.Attribute) and func.attr in {"setter", "getter", "deleter"}:
        return True
    return module.qualified_name(func) in _DECORATORS and all(
        is_steady(module, item)
        for item in (
            [*decorator.args, *(keyword.value for keyword in decorator.keywords)]
            if isinstance(decorator, ast.Call)
            else []
        )
    )


# --- what may overtake work ------------------------------------------------------------------------------------


def _may_overtake(module: Module, statement: ast.stmt, touches: Touches) -> bool:
    """Whether it makes no difference when a statement runs, its names aside."""
    if is_text(statement):
        return True
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return _is_plain_function(module, statement)
    if isinstance(statement, ast.ClassDef):
        return module.once(_Classes).are_plain(statement)
    return True  # the others were looked at when they were sorted


def _is_plain_function(module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    args = function.args
    defaults = [item for item in (*args.defaults, *args.kw_defaults) if item is not None]
    return all(_is_known_decorator(module, item) for item in function.decorator_list) and all(
        is_steady(module, item) for item in defaults
    )


class _Classes:
    """The classes of a module: whether nobody but the class itself takes part in its making.

    Classes may derive from one another in a long chain: each is looked at
    once, with a stack instead of recursion.
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self._parts: dict[ast.ClassDef, list[ast.ClassDef] | None] = {}
        self._plain: dict[ast.ClassDef, bool] = {}

    def are_plain(self, definition: ast.ClassDef) -> bool:
        """Whether a class, those in it and those that it derives from are made without code of others."""
        pending = [definition] if definition not in self._parts else []
        while pending:
            item = pending[-1]
            if item not in self._parts:
                self._parts[item] = parts = self._parts_of(item)
                self._plain[item] = False  # what is a part of itself stays so
                pending += [part for part in parts or () if part not in self._parts]
                continue
            pending.pop()
            parts = self._parts[item]
            self._plain[item] = parts is not None and all(self._plain[part] for part in parts)
        return self._plain[definition]

    def _parts_of(self, definition: ast.ClassDef) -> list[ast.ClassDef] | None:
        """The classes of this file that a class derives from or holds, None if the rest of it runs code of others."""
        module = self.module
        if not all(_is_known_decorator(module, item) for item in definition.decorator_list):
            return None
        if any(module.qualified_name(item.value) != "abc.ABCMeta" for item in definition.keywords):
            return None
        inner = [item for item in definition.body if isinstance(item, ast.ClassDef)]
        if not all(isinstance(item, ast.ClassDef) or _is_plain_member(module, item) for item in definition.body):
            return None
        bases = [module.local_class(base) for base in definition.bases if not _is_of_library(module, base)]
        found = [base for base in bases if base and "__init_subclass__" not in module.index.scopes[base].bindings]
        return [*inner, *found] if len(found) == len(bases) else None


def _is_of_library(module: Module, base: ast.expr) -> bool:
    root = (module.qualified_name(base) or "").partition(".")[0]
    return root == "builtins" or root in sys.stdlib_module_names


def _is_plain_member(module: Module, item: ast.stmt) -> bool:
    """Whether a statement in the body of a class, which is no class itself, runs no code of others."""
    if is_text(item):
        return True
    if isinstance(item, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return _is_plain_function(module, item)
    if isinstance(item, ast.AnnAssign):
        return item.value is None or is_steady(module, item.value)
    if isinstance(item, ast.Assign):
        return all(isinstance(target, ast.Name) for target in item.targets) and (
            is_steady(module, item.value) or _names_members(module, item.value)
        )
    return False


def _names_members(module: Module, value: ast.expr) -> bool:
    """Whether a value in a class body is another of its members: ``__repr__ = __str__``."""
    return isinstance(value, ast.Name) and value.id in module.scope(value).bindings
