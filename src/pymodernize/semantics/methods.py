"""Methods: their decorators, and whether they get the instance, the class or neither."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pymodernize.semantics.call_binding import Function, positional
from pymodernize.semantics.scopes import BindingKind

if TYPE_CHECKING:
    from pymodernize.semantics.named import Named


# Special methods by which a class overrides attribute access.
HOOKS = frozenset({"__getattr__", "__getattribute__", "__setattr__", "__delattr__"})
# Methods that get the class without a decorator.
OF_CLASS = frozenset({"__new__", "__init_subclass__", "__class_getitem__"})
GETS_CLASS = frozenset({"builtins.classmethod"})
GETS_NOTHING = frozenset({"builtins.staticmethod"})
_PROPERTY = frozenset({"builtins.property", "functools.cached_property"})
PROPERTY_PARTS = frozenset({"getter", "setter", "deleter"})
# Decorators that pass the instance on to the method and access nothing of it.
TRANSPARENT = _PROPERTY | {
    "abc.abstractmethod",
    "contextlib.contextmanager",
    "functools.cache",
    "functools.lru_cache",
    "typing.final",
    "typing.no_type_check",
}


def first_parameter(function: Function) -> ast.arg | None:
    """The parameter that is bound to the receiver: the first; None if there is none.

    Args:
        function: any function.
    """
    return next(iter(positional(function)), None)


def decorators(module: Named, function: Function) -> set[str]:
    """The qualified names of a method's decorators; ``builtins.property`` also for a setter, ``?`` for an unknown one.

    Args:
        module: the module.
        function: a function of it.
    """
    found = set()
    for decorator in function.decorator_list:
        func = decorator.func if isinstance(decorator, ast.Call) else decorator
        of_property = (
            isinstance(func, ast.Attribute)
            and func.attr in PROPERTY_PARTS
            and isinstance(func.value, ast.Name)
            and func.value.id == function.name
        )
        found.add("builtins.property" if of_property else module.qualified_name(func) or "?")
    return found


def class_of_self(module: Named, expr: ast.expr) -> ast.ClassDef | None:
    """The class if an expression is the ``self`` of one of its methods; None for any other.

    Args:
        module: the module.
        expr: any expression of the module.
    """
    if not isinstance(expr, ast.Name):
        return None
    found = module.scope(expr).lookup(expr.id)
    if found is None or len(found[1]) != 1 or found[1][0].kind is not BindingKind.PARAMETER:
        return None
    function = found[0].node
    if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or function.name in OF_CLASS:
        return None
    owner = module.scope(function).node
    if first_parameter(function) is not found[1][0].node or not isinstance(owner, ast.ClassDef):
        return None
    return owner if decorators(module, function) <= TRANSPARENT else None


def is_plain(module: Named, owner: ast.ClassDef) -> bool:
    """Whether a class has no bases, decorators or metaclass, and does not override attribute access.

    Args:
        module: the module.
        owner: a class of it.
    """
    if owner.decorator_list or owner.keywords:
        return False
    if any(module.qualified_name(base) != "builtins.object" for base in owner.bases):
        return False
    return not module.index.scopes[owner].bindings.keys() & HOOKS
