"""Which names that ``main`` binds must stay the module's own."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding, BindingKind, ScopeKind
from pymodernize_codemods.main_guard.obstacles import Obstacle
from pymodernize_codemods.main_guard.purity import makes_class
from pymodernize_codemods.main_guard.sorting import Sorted
from pymodernize_codemods.main_guard.steps import comes_after, own_step

# What cleans up after itself as soon as nothing refers to it: it must live as long as before.
_HOLDERS = frozenset(
    """concurrent.futures.ThreadPoolExecutor multiprocessing.Pool tempfile.NamedTemporaryFile
    tempfile.SpooledTemporaryFile tempfile.TemporaryDirectory tempfile.TemporaryFile""".split()
)
_DEFINED = (BindingKind.FUNCTION, BindingKind.CLASS)
# What finds functions and classes by their names in the module.
_BY_NAME = (b"pickle", b"shelve", b"multiprocessing", b"copyreg", b"joblib", b"dill")


def check_names(module: Module, divided: Sorted, spoken: frozenset[str], passed: frozenset[str]) -> None:
    """See that every name that ``main`` binds can be its own.

    A name is the module's if code that stays reads or binds it, if it may
    mean something else before it is bound, and if its value is found by its
    name. A ``global`` statement would be a worse script than the one that is
    there.

    Args:
        module: a script.
        divided: its statements, sorted.
        spoken: names that the file reads without naming them in its code.
        passed: names that functions take as arguments.

    Raises:
        Obstacle: a name must stay the module's.
    """
    kept: set[str] = set(spoken)
    for statement in divided.kept:
        touched = divided.touches[statement]
        kept |= touched.all_reads | touched.binds | touched.binds_later
    moved = divided.moving
    for name, bindings in module.index.scope.bindings.items():
        inside = [binding for binding in bindings if module.top_level(binding.node) in moved]
        own = [binding for binding in inside if module.function(binding.node) is None]
        if not own or name in passed:
            continue
        if name in kept:
            raise Obstacle("names", f"code outside of what would be main uses {name}, which the work sets")
        if must_be_global(module, name, inside, own, moved):
            raise Obstacle("names", f"{name} would have to be global in main")


def must_be_global(
    module: Module, name: str, inside: list[Binding], own: list[Binding], moved: Collection[ast.stmt]
) -> bool:
    """Whether a name stays the module's own even if nothing outside of ``main`` names it.

    Args:
        module: a script.
        name: the name.
        inside: its bindings in moved code.
        own: those of them that ``main`` itself makes, one at least.
        moved: the statements that move.
    """
    if name.startswith("__") or hasattr(builtins, name) and not _is_bound_first(module, own):
        return True
    if len(inside) > len(own):
        return True  # a function sets it
    if _is_mixed_in_class(module, name, moved):
        return True
    if module.has_text(*_BY_NAME) and any(_is_definition(module, binding) for binding in own):
        return True
    return module.has_text(b"atexit") and any(_holds(module, binding) for binding in own)


def _is_bound_first(module: Module, own: list[Binding]) -> bool:
    """Whether a statement of main's own body binds a name before anything reads it, and nothing deletes it."""
    if any(isinstance(getattr(binding.node, "ctx", None), ast.Del) for binding in own):
        return False
    steps = [(step.lineno, step, binding) for binding in own if (step := own_step(module, binding)) is not None]
    if not steps:
        return False
    _, first, binding = min(steps, key=lambda item: item[0])
    return all(comes_after(module, use, first) for use in module.uses(binding))


def _is_definition(module: Module, binding: Binding) -> bool:
    """Whether a name is bound to a function or a class."""
    value = getattr(module.parent(binding.node), "value", None)
    return binding.kind in _DEFINED or isinstance(value, ast.expr) and makes_class(module, value)


def _is_mixed_in_class(module: Module, name: str, moved: Collection[ast.stmt]) -> bool:
    """Whether a class in the moved code binds a name that it may read from the module before."""
    return any(module.top_level(node) in moved for node in module.once(_classes_by_name).get(name, ()))


def _classes_by_name(module: Module) -> dict[str, list[ast.AST]]:
    """The classes that bind each name in their own bodies."""
    found: dict[str, list[ast.AST]] = {}
    for node, scope in module.index.scopes.items():
        if scope.kind is ScopeKind.CLASS:
            for name in scope.bindings:
                found.setdefault(name, []).append(node)
    return found


def _holds(module: Module, binding: Binding) -> bool:
    """Whether a name is bound to what cleans up when it is let go."""
    parent = module.parent(binding.node)
    if not isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
        return False
    value = parent.value
    return isinstance(value, ast.Call) and module.qualified_name(value.func) in _HOLDERS
