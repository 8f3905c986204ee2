"""The functions and classes that a module defines, and whether other code can access them."""

from __future__ import annotations

import ast
from collections.abc import Collection
from functools import cached_property

from pymodernize.semantics import namespaces, scripts
from pymodernize.semantics.completion import Completions
from pymodernize.semantics.named import Named
from pymodernize.semantics.scopes import Binding, BindingKind, ScopeKind

_OWN_NAMES = frozenset({"builtins.globals", "builtins.locals", "builtins.vars", "builtins.eval", "builtins.exec"})
_DICTIONARIES = frozenset({"builtins.globals", "builtins.locals", "builtins.vars"})


class Defined(Named):
    """A module with the functions and classes that it defines, and whether other code can access them."""

    # --- the file as a whole -----------------------------------------------------------------------------------

    @cached_property
    def guard(self) -> ast.If | None:
        """The ``if __name__ == "__main__":`` statement."""
        return next((item for item in self.tree.body if isinstance(item, ast.If) and scripts.is_guard(item)), None)

    @cached_property
    def is_test(self) -> bool:
        """Whether the file is a test by its name or folder."""
        return scripts.is_test_file(self.facts.path)

    @cached_property
    def is_script(self) -> bool:
        """Whether the file does work when it is run, and is not one that a tool loads, such as ``setup.py``."""
        if self.facts.name in scripts.NOT_SCRIPTS or self.is_test:
            return False
        return self.guard is not None or any(scripts.acts(self, statement) for statement in self.tree.body)

    @cached_property
    def is_closed(self) -> bool:
        """Whether no other file can access this one: a script, or a file of tests, that nothing imports."""
        is_main = self.is_script or scripts.is_test_module(self.facts.path)
        return is_main and not self.facts.importers and not self.facts.in_package

    # --- functions and classes ---------------------------------------------------------------------------------

    def local_function(self, func: ast.expr) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The undecorated function of this module that a plain name certainly refers to.

        Args:
            func: the callee of a call.

        Returns:
            The definition, None if it is not certain.
        """
        binding = _only_binding(self, func, BindingKind.FUNCTION)
        node = binding.node if binding is not None else None
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.decorator_list:
            return node
        return None

    def local_class(self, expr: ast.expr) -> ast.ClassDef | None:
        """The class of this module that a plain name certainly refers to.

        Args:
            expr: the expression that stands for a class.

        Returns:
            The definition, None if it is not certain.
        """
        binding = _only_binding(self, expr, BindingKind.CLASS)
        return binding.node if binding is not None and isinstance(binding.node, ast.ClassDef) else None

    def every_call(self, function: ast.AST) -> list[ast.Call] | None:
        """All calls of a function of this module; None if there may be others, elsewhere or through an alias.

        Args:
            function: a definition of this module.

        Returns:
            The calls, in the order of the file.
        """
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or function.decorator_list:
            return None
        if not self.is_closed or self.reads_own_names:
            return None
        scope = self.scope(function)
        bindings = scope.bindings.get(function.name, [])
        if scope.kind is ScopeKind.CLASS or len(bindings) != 1:
            return None
        calls = []
        for use in self.uses(bindings[0]):
            call = self.parent(use)
            if not isinstance(call, ast.Call) or call.func is not use:
                return None
            calls.append(call)
        return calls

    @cached_property
    def completions(self) -> Completions:
        """The completions of the module's statements and functions."""
        return Completions(self)

    @cached_property
    def reads_own_names(self) -> bool:
        """Whether the module may access its names dynamically, other than to format them: ``globals()``, ``exec``."""
        return self.own_names_read is None

    @cached_property
    def own_names_read(self) -> frozenset[str] | None:
        """The names that templates read from ``globals()`` and its like; None if other code may use these."""
        return self.own_names_read_beside()

    def own_names_read_beside(self, harmless: Collection[ast.Call] = ()) -> frozenset[str] | None:
        """The same, without some calls.

        Args:
            harmless: calls that are known to be harmless.
        """
        if self.has_text(b"modules") and any(self.names.naming("sys.modules")):
            return None
        if any(
            "__main__" in (alias.name, getattr(self.parent(alias), "module", "")) for alias in self.nodes(ast.alias)
        ):
            return None
        found: frozenset[str] = frozenset()
        for call in self.calls(*_OWN_NAMES):
            if call in harmless:
                continue
            qualified = self.qualified_name(call.func)
            if call.args or call.keywords or qualified not in _DICTIONARIES:
                if qualified != "builtins.vars":
                    return None
                continue
            read = namespaces.read_from(self, call)
            if read is None:
                return None
            found |= read
        return found


def _only_binding(module: Named, expr: ast.expr, kind: BindingKind) -> Binding | None:
    """The binding of a name if it has exactly one, of this kind; else None."""
    if not isinstance(expr, ast.Name):
        return None
    found = module.scope(expr).lookup(expr.id)
    if found is None or len(found[1]) != 1 or found[1][0].kind is not kind or found[0].star_imports:
        return None
    return found[1][0]
