"""IOError and its like → OSError."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.integrations.libcst_command import libcst_command

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_ALIASES = frozenset(
    """builtins.IOError builtins.EnvironmentError socket.error select.error os.error mmap.error""".split()
)
_WINDOWS = "WindowsError"


class OserrorAlias(Codemod):
    """Write OSError for its other names.

    Why:
        IOError, EnvironmentError, WindowsError, ``socket.error``,
        ``select.error``, ``os.error`` and ``mmap.error`` have been names of
        OSError since Python 3.3. A handler that lists several of them looks
        as if it told them apart.

    Assumptions:
        For every input: the object is the same. Types that a tuple has twice then are
        left out, and so are those that OSError includes. WindowsError is a name on Windows alone: elsewhere a handler
        that is reached with it raises a NameError, and with OSError it
        catches; so that needs ``changes-behaviour``, but not below a test of the platform.

    Limits:
        A name that is bound again in the file, or may come from an
        ``import *``, is left alone, and so are names in strings and comments.
        Of a tuple with comments in it only the names change.

    References:
        https://docs.python.org/3/library/exceptions.html#OSError
    """

    of_expressions = True
    of_python_3 = True
    triggers = (b"IOError", b"EnvironmentError", b"WindowsError", b"error")
    noqa = ("UP024",)
    rows = ("Q8", "F9")

    def find(self, module: Module) -> Iterator[Finding]:
        """Every name that means OSError, tuples as a whole."""
        if not self._is_free(module):
            return
        done: set[ast.expr] = set()
        for tuple_ in module.nodes(ast.Tuple):
            found = self._merged(module, tuple_)
            if found is not None:
                done.update(tuple_.elts)
                yield found
        windows = (name for name in module.nodes(ast.Name) if name.id == _WINDOWS)
        for node in dict.fromkeys((*module.names.naming(*_ALIASES), *windows)):
            if node not in done and isinstance(node.ctx, ast.Load) and (name := self._alias(module, node)):
                yield self._renamed(module, node, name)

    @staticmethod
    def _is_free(module: Module) -> bool:
        """Whether the name OSError means the builtin all over the module."""
        known = module.names.stars_are_known(module.index.scope)
        return known and not any("OSError" in scope.bindings for scope in module.index.scopes.values())

    @staticmethod
    def _alias(module: Module, node: ast.expr) -> str:
        """The alias that an expression is, as its qualified name; empty if it is none."""
        qualified = module.qualified_name(node)
        if qualified in _ALIASES and not module.names.is_replaced(qualified):
            return qualified
        # The builtin is not there to ask for on other systems.
        is_windows = isinstance(node, ast.Name) and node.id == _WINDOWS and module.scope(node).lookup(_WINDOWS) is None
        return f"builtins.{_WINDOWS}" if is_windows else ""

    def _renamed(self, module: Module, node: ast.expr, name: str) -> Finding:
        from pymodernize_codemods._exceptions.rewriting import replaced

        rewrite = Rewrite(edits=(Edit(node, partial(replaced, types=("OSError",))),), drops=_drops([name]))
        return self._finding(module, node, [name], rewrite)

    def _merged(self, module: Module, tuple_: ast.Tuple) -> Finding | None:
        """The finding for a tuple of types that has OSError twice or more; None for another."""
        if not _is_list_of_classes(module, tuple_):
            return None
        names = [self._alias(module, item) for item in tuple_.elts]
        texts = ["OSError" if name else module.text(item) for name, item in zip(names, tuple_.elts, strict=True)]
        told = [text for text, item in zip(texts, tuple_.elts, strict=True) if not _is_part_of_os_error(module, item)]
        kept = list(dict.fromkeys(told))
        if not any(names) or len(kept) == len(texts) or "#" in module.text(tuple_):
            return None
        if any(isinstance(item, ast.Starred) or not _is_name(item) for item in tuple_.elts):
            return None
        from pymodernize_codemods._exceptions.rewriting import replaced

        rewrite = Rewrite(edits=(Edit(tuple_, partial(replaced, types=tuple(kept))),), drops=_drops(names))
        return self._finding(module, tuple_, [name for name in names if name], rewrite)

    def _finding(self, module: Module, node: ast.expr, names: list[str], rewrite: Rewrite) -> Finding:
        shown = ", ".join(dict.fromkeys(name.removeprefix("builtins.") for name in names))
        reason = ""
        if f"builtins.{_WINDOWS}" in names and not _is_below_platform_test(module, node):
            reason = "WindowsError is no name on other systems: there OSError catches more"
        return self.finding(
            module,
            node,
            f"{shown} is OSError",
            rewrite,
            assumptions={CHANGES_BEHAVIOUR.name} if reason else (),
            reason=reason,
        )


def _is_list_of_classes(module: Module, tuple_: ast.Tuple) -> bool:
    """Whether a tuple only says which classes are meant: in a handler, or for ``isinstance``."""
    parent = module.parent(tuple_)
    if isinstance(parent, ast.Call) and tuple_ in parent.args[1:2]:
        return module.qualified_name(parent.func) in {"builtins.isinstance", "builtins.issubclass"}
    return isinstance(parent, ast.ExceptHandler)


def _is_part_of_os_error(module: Module, expr: ast.expr) -> bool:
    """Whether a type is a builtin that is derived from OSError: beside that, it says nothing."""
    home, _, name = (module.qualified_name(expr) or "").rpartition(".")
    found = getattr(builtins, name, None) if home == "builtins" else None
    return isinstance(found, type) and found is not OSError and issubclass(found, OSError)


def _is_name(expr: ast.expr) -> bool:
    while isinstance(expr, ast.Attribute):
        expr = expr.value
    return isinstance(expr, ast.Name)


def _drops(names: list[str]) -> tuple[str, ...]:
    """The modules, and the names from them, that may be left without use."""
    modules = [name.rpartition(".")[0] for name in names if name and not name.startswith("builtins.")]
    return tuple(dict.fromkeys([*(name for name in names if name), *modules]))


def _is_below_platform_test(module: Module, node: ast.AST) -> bool:
    """Whether code runs only after a look at the platform: ``if os.name == "nt"``."""
    child = node
    for around in module.ancestors(node):
        if isinstance(around, ast.If) and child in around.body:
            words = {module.qualified_name(item) for item in ast.walk(around.test)}
            strings = {item.value for item in ast.walk(around.test) if isinstance(item, ast.Constant)}
            equal = isinstance(around.test, ast.Compare) and isinstance(around.test.ops[0], ast.Eq)
            if equal and words & {"os.name", "sys.platform"} and strings & {"nt", "win32"}:
                return True
        child = around
    return False


__getattr__ = libcst_command(OserrorAlias)
