"""Which names that ``main`` binds must stay the module's own."""

from __future__ import annotations

import ast
import builtins

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding, BindingKind, ScopeKind
from pymodernize_codemods.main_guard.obstacles import Obstacle
from pymodernize_codemods.main_guard.purity import makes_class
from pymodernize_codemods.main_guard.sorting import Sorted

# What cleans up after itself as soon as nothing refers to it: it must live as long as before.
_HOLDERS = frozenset(
    """concurrent.futures.ThreadPoolExecutor multiprocessing.Pool tempfile.NamedTemporaryFile
    tempfile.SpooledTemporaryFile tempfile.TemporaryDirectory tempfile.TemporaryFile""".split()
)
_DEFINED = (BindingKind.FUNCTION, BindingKind.CLASS)


def global_names(module: Module, divided: Sorted, spoken: frozenset[str], passed: frozenset[str]) -> list[str]:
    """The names that ``main`` must declare as global, in the order in which it binds them.

    A name is that of the module if code that stays reads or binds it, if it
    may mean something else before it is bound, and if its value is found by
    its name or must live as long as the process. All others become local.

    Args:
        module: a script.
        divided: its statements, sorted.
        spoken: names that the file reads without naming them in its code.
        passed: names that functions take as arguments.

    Raises:
        Obstacle: a name must be global, and Python does not allow that.
    """
    kept: set[str] = set(spoken)
    for statement in divided.kept:
        touched = divided.touches[statement]
        kept |= touched.all_reads | touched.binds | touched.binds_later
    moved = set(divided.moved)
    order: dict[str, int] = {}
    for name, bindings in module.index.scope.bindings.items():
        inside = [binding for binding in bindings if module.top_level(binding.node) in moved]
        own = [binding for binding in inside if module.function(binding.node) is None]
        if not own:
            continue
        if name in passed:
            continue
        if name in kept or must_be_global(module, name, inside, own, moved):
            _check_annotations(module, name, own)
            order[name] = min(getattr(binding.node, "lineno", 0) for binding in own)
    return sorted(order, key=lambda name: order[name])


def must_be_global(module: Module, name: str, inside: list[Binding], own: list[Binding], moved: set[ast.stmt]) -> bool:
    """Whether a name stays the module's own even if nothing outside of ``main`` names it.

    Args:
        module: a script.
        name: the name.
        inside: its bindings in moved code.
        own: those of them that ``main`` itself makes, one at least.
        moved: the statements that move.
    """
    if hasattr(builtins, name) or name.startswith("__"):
        return True  # where it is not bound yet, it means something else
    if len(inside) > len(own):
        return True  # a function sets it
    if any(binding.kind in _DEFINED for binding in own):
        return True  # pickle, and what prints it, finds it by its name in the module
    if _is_mixed_in_class(module, name, moved) or any(_holds(module, binding) for binding in own):
        return True
    # As a local it would be one that nothing uses.
    return not module.uses(own[0]) and any(_is_plain(module, binding) for binding in own)


def _is_plain(module: Module, binding: Binding) -> bool:
    """Whether a name is bound by itself, not as a part of something or by a loop; and not by ``+=``, which reads it."""
    parent = module.parent(binding.node)
    return isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr, ast.withitem))


def _is_mixed_in_class(module: Module, name: str, moved: set[ast.stmt]) -> bool:
    """Whether a class in the moved code binds a name that it may read from the module before."""
    return any(
        scope.kind is ScopeKind.CLASS
        and name in scope.bindings
        and not isinstance(node, ast.Module)
        and module.top_level(node) in moved
        for node, scope in module.index.scopes.items()
    )


def _holds(module: Module, binding: Binding) -> bool:
    """Whether a name is bound to a class, or to what a call gives that cleans up when it is let go."""
    parent = module.parent(binding.node)
    if isinstance(parent, ast.withitem) or not isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)):
        return False
    value = parent.value
    holds = isinstance(value, ast.Call) and module.qualified_name(value.func) in _HOLDERS
    return holds or makes_class(module, value)


def _check_annotations(module: Module, name: str, own: list[Binding]) -> None:
    if any(isinstance(module.parent(binding.node), ast.AnnAssign) for binding in own):
        raise Obstacle(f"{name} has an annotation and is used outside of what would be main")
