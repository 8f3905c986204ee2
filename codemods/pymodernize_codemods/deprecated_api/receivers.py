"""The class of the library that a value is an instance of, by what makes it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pymodernize.semantics.methods import class_of_self
from pymodernize.semantics.scopes import Binding, BindingKind
from pymodernize_codemods.deprecated_api.rows import Row, table

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_CASES = {"unittest.TestCase", "unittest.case.TestCase", "unittest.IsolatedAsyncioTestCase"}
_CASE = "unittest.TestCase"
_OTHERS = {"configparser.RawConfigParser": "configparser.ConfigParser", "threading.Timer": "threading.Thread"}
_PLAIN = {"builtins.object"}


class Receivers:
    """The classes of values in one module, on demand."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self._known: dict[ast.expr, str] = {}
        self._bases: dict[ast.ClassDef, str] = {}

    def class_of(self, expr: ast.expr) -> str:
        """The class of the table that a value certainly is an instance of, maybe by derivation; empty if none.

        Args:
            expr: any expression.
        """
        if expr not in self._known:
            self._known[expr] = ""  # what depends on itself has no class
            self._known[expr] = self._class_of(expr)
        return self._known[expr]

    def _class_of(self, expr: ast.expr) -> str:
        found = self._by_type(expr)
        if found:
            return found
        if isinstance(expr, ast.Call):
            return self._made(expr)
        if isinstance(expr, ast.Name):
            owner = class_of_self(self.module, expr)
            return self.base_of(owner) if owner is not None else self._of_variable(expr)
        if isinstance(expr, ast.Attribute):
            return self._of_attribute(expr)
        return ""

    def _by_type(self, expr: ast.expr) -> str:
        types = self.module.type_of(expr)
        names = {item.name for item in types or ()} - {"NoneType"}
        only = names.pop() if len(names) == 1 else ""
        return only if only in table().methods else table().makers.get(only, "")

    def _made(self, call: ast.Call) -> str:
        """The class of what a call makes."""
        qualified = self.module.library_name(call.func)
        if qualified is not None:
            return table().makers.get(qualified, "")
        owner = self.module.local_class(call.func)
        if owner is not None:
            return self.base_of(owner)
        func = call.func
        if isinstance(func, ast.Attribute) and func.attr == "getroot":
            if self.class_of(func.value) == "xml.etree.ElementTree.ElementTree":
                return "xml.etree.ElementTree.Element"
        return ""

    def _of_variable(self, name: ast.Name) -> str:
        found = self.module.scope(name).lookup(name.id)
        if found is not None and found[0].star_imports:
            return ""
        return self._common([self._stored(binding.node) for binding in _stores(found[1])]) if found else ""

    def _of_attribute(self, expr: ast.Attribute) -> str:
        """The class of an attribute of ``self``, if only its class's own methods assign to it."""
        owner = class_of_self(self.module, expr.value)
        if owner is None or not self._is_plain(owner) and not self.base_of(owner):
            return ""
        if expr.attr in self.module.index.scopes[owner].bindings:
            return ""
        stores = [
            node
            for node in self.module.names.by_last_name.get(expr.attr, ())
            if isinstance(node, ast.Attribute) and not isinstance(node.ctx, ast.Load)
        ]
        if any(class_of_self(self.module, node.value) is not owner for node in stores):
            return ""
        return self._common([self._stored(node) for node in stores])

    def _stored(self, target: ast.AST) -> str:
        """The class of what an assignment stores."""
        assign = self.module.parent(target)
        if isinstance(assign, (ast.Assign, ast.AnnAssign)) and assign.value is not None:
            return self.class_of(assign.value)
        return ""

    @staticmethod
    def _common(classes: list[str]) -> str:
        return classes[0] if len(set(classes)) == 1 else ""

    # --- classes of the file -----------------------------------------------------------------------------------

    def base_of(self, owner: ast.ClassDef) -> str:
        """The class of the table that one of the file is derived from, if all its bases are known; else empty."""
        if owner not in self._bases:
            self._bases[owner] = ""
            found = {self._of_base(base) for base in owner.bases} - {None}
            self._bases[owner] = str(found.pop()) if len(found) == 1 else ""
        return self._bases[owner]

    def _of_base(self, base: ast.expr) -> str | None:
        """The class of the table that a base is; None for one without names of its own, empty for an unknown one."""
        qualified = self.module.library_name(base)
        if qualified in _CASES:
            return _CASE
        if qualified is not None:
            return None if qualified in _PLAIN else _OTHERS.get(qualified, qualified if qualified in _DERIVED else "")
        local = self.module.local_class(base)
        if local is None:
            return ""
        return None if self._is_plain(local) else self.base_of(local)

    def _is_plain(self, owner: ast.ClassDef) -> bool:
        return not owner.keywords and all(self.module.qualified_name(base) in _PLAIN for base in owner.bases)

    def is_defined(self, owner: str, row: Row) -> bool:
        """Whether a class of the file may have a method of the old or the new name of its own.

        Args:
            owner: the class of the table.
            row: the row of the method.
        """
        names = {row.last, row.new} if row.new else {row.last, row.call.partition(".")[2].partition(" ")[0]}
        if owner == "dict":
            return False
        return any(names & self.module.index.scopes[node].bindings.keys() for node in self.module.nodes(ast.ClassDef))


_DERIVED = frozenset(
    "threading.Thread logging.Logger html.parser.HTMLParser configparser.ConfigParser threading.Event".split()
)


def _stores(bindings: list[Binding]) -> list[Binding]:
    """The bindings that give a variable a value: all but those that take it away; None of another kind is known."""
    return [item for item in bindings if item.kind is not BindingKind.DELETE]
