"""Where a handler may use the message of an ``OSError``, which has the text of the path in it."""

from __future__ import annotations

import ast
import builtins

from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.module import Module

_HARMLESS = frozenset({"errno", "winerror"})
_ALIASES = frozenset({"os.error", "socket.error", "select.error", "mmap.error"})


class _Showing:
    """The bodies of those ``try`` statements of a module whose handlers use the exception that they catch."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.bodies = [node for node in module.nodes(ast.Try) if any(map(self._shows, node.handlers))]
        # If such a body calls functions of the module, the exception may come from any of them.
        self.through_calls = any(self._calls_own(node) for node in self.bodies)

    def _catches(self, type_: ast.expr | None) -> bool:
        """Whether a handler of this type may catch an ``OSError``, whose base classes are all builtin."""
        if type_ is None:
            return True
        if isinstance(type_, ast.Tuple):
            return any(map(self._catches, type_.elts))
        qualified = self.module.qualified_name(type_)
        if qualified is None:
            return self.module.local_class(type_) is None
        root, _, name = qualified.partition(".")
        if root != "builtins":
            return qualified in _ALIASES
        caught = getattr(builtins, name, None)
        return isinstance(caught, type) and (issubclass(OSError, caught) or issubclass(caught, OSError))

    def _shows(self, handler: ast.ExceptHandler) -> bool:
        if not self._catches(handler.type):
            return False
        if not handler.name:
            return any(
                (self.module.qualified_name(node) or "").startswith(("sys.exc_info", "traceback."))
                for statement in handler.body
                for node in own_nodes(statement)
            )
        for statement in handler.body:
            for node in own_nodes(statement):
                if isinstance(node, ast.Name) and node.id == handler.name and self._is_shown(node):
                    return True
        return False

    def _is_shown(self, name: ast.Name) -> bool:
        parent = self.module.parent(name)
        return not (isinstance(parent, ast.Raise) or isinstance(parent, ast.Attribute) and parent.attr in _HARMLESS)

    def _calls_own(self, statement: ast.Try) -> bool:
        for item in statement.body:
            for node in own_nodes(item):
                if isinstance(node, ast.Call) and self.module.qualified_name(node.func) is None:
                    return True
        return False

    def __contains__(self, node: ast.AST) -> bool:
        if self.through_calls and self.module.function(node) is not None:
            return True
        around = set(map(id, self.module.ancestors(node)))
        return any(id(item) in around or item is node for body in self.bodies for item in body.body)


def shows_errors(module: Module, node: ast.AST) -> bool:
    """Whether the text of an exception that comes out of a node may be shown or stored.

    Args:
        module: the module.
        node: where the exception comes from.

    Returns:
        True if a handler around it, or one that calls the function it is in,
        does more with the exception than to look at its number or raise it
        again.
    """
    return node in module.once(_Showing)


def names_error(module: Module, *classes: str) -> bool:
    """Whether a handler of the module names one of some builtin exceptions.

    Args:
        module: the module.
        classes: their names.
    """
    wanted = {f"builtins.{name}" for name in classes}
    for handler in module.nodes(ast.ExceptHandler):
        named = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        if any(expr is not None and module.qualified_name(expr) in wanted for expr in named):
            return True
    return False
