"""The code outside of a module that can interact with it: imports, importers, signal handlers."""

from __future__ import annotations

import ast
import sys
from functools import cached_property

from pymodernize.semantics.call_binding import parameter_at
from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.library.exceptions import knowledge
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind

# Modules of the library whose classes define operators, subscripts or attribute access in unusual ways.
_PECULIAR = frozenset(
    """ctypes xmlrpc unittest multiprocessing shelve dbm tkinter decimal weakref mailbox importlib imp pickle
    copyreg fractions statistics asyncio concurrent contextvars zipimport winreg msilib""".split()
)
# Functions that introduce names, code or exceptions that no statement shows.
_OPAQUE = frozenset(
    """builtins.exec builtins.eval builtins.__import__ builtins.globals builtins.setattr builtins.compile
    importlib.import_module runpy.run_path runpy.run_module sys.settrace sys.setprofile""".split()
)
_STRICT_WARNINGS = frozenset({"warnings.simplefilter", "warnings.filterwarnings"})


class World:
    """Whole-module facts: what is imported, defined, assigned, and which other code may interact.

    Args:
        module: the module.
    """

    def __init__(self, module: Module) -> None:
        self.module = module

    def is_library(self, root: str) -> bool:
        """Whether a top-level module name means the standard library's module, not a file beside the script."""
        return root in sys.stdlib_module_names and root not in self.module.facts.beside

    def is_known(self, dotted: str) -> bool:
        """Whether a module belongs to the standard library or a well-known package, not to the project."""
        root = dotted.partition(".")[0]
        if not root or root in self.module.facts.beside:
            return False
        return root == "__future__" or self.is_library(root) or root in knowledge().packages

    @cached_property
    def roots(self) -> frozenset[str]:
        """The top-level names of the imported modules; an empty text for a relative import."""
        found = {alias.name.partition(".")[0] for item in self.module.nodes(ast.Import) for alias in item.names}
        for item in self.module.nodes(ast.ImportFrom):
            found.add("" if item.level else (item.module or "").partition(".")[0])
        return frozenset(found)

    @cached_property
    def is_alone(self) -> bool:
        """Whether no other code of the project can pass objects to this module.

        Only the library and well-known packages are imported, nothing imports
        this module as far as the project shows, and no code is made from text.
        """
        facts = self.module.facts
        if facts.importers or facts.in_package or facts.meddled_with or self._is_opaque:
            return False
        return all(self.is_known(root) for root in self.roots)

    @cached_property
    def meets_only_packages(self) -> bool:
        """Whether all code beside this module is of the library and of packages that leave the end to the script.

        Packages that read the command line do not: they end the script where it is wrong.
        """
        facts = self.module.facts
        if facts.importers or facts.in_package or facts.meddled_with or facts.imports_own or self._is_opaque:
            return False
        return not any(not root or root in facts.beside or root in knowledge().ending for root in self.roots)

    @cached_property
    def is_closed(self) -> bool:
        """Whether every value is of a builtin class, one of the library, or one of this module.

        True for a script that is alone and imports only modules and packages
        whose classes do not define operators in unusual ways.
        """
        if not self.is_alone or not self.module.is_closed or self.module.reads_own_names:
            return False
        plain = knowledge().plain_packages
        return all(root in plain or self.is_library(root) and root not in _PECULIAR for root in self.roots)

    @cached_property
    def _is_opaque(self) -> bool:
        for call in self.module.nodes(ast.Call):
            qualified = self.module.qualified_name(call.func)
            if qualified in _OPAQUE:
                return True
            if qualified in _STRICT_WARNINGS and any(
                isinstance(arg, ast.Constant) and arg.value == "error" for arg in call.args
            ):
                return True
        if any(node.attr == "__dict__" for node in self.module.nodes(ast.Attribute)):
            return True
        return bool(self.module.index.scope.star_imports)

    @cached_property
    def signal_handlers(self) -> list[ast.expr]:
        """The expressions that are installed as handlers of signals, which may run at any time."""
        found = []
        for call in self.module.calls("signal.signal"):
            if len(call.args) != 2 or call.keywords:
                found.append(call)
                continue
            handler = call.args[1]
            qualified = self.module.qualified_name(handler) or ""
            if qualified not in {"signal.SIG_DFL", "signal.SIG_IGN", "signal.default_int_handler"}:
                found.append(handler)
        return found

    @cached_property
    def methods(self) -> dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]]:
        """The methods of all classes of this module, by name."""
        found: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
        for node in self.module.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
            if isinstance(self.module.parent(node), ast.ClassDef):
                found.setdefault(node.name, []).append(node)
        return found

    @cached_property
    def functions(self) -> dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]]:
        """All functions of this module, by name."""
        found: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
        for node in self.module.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
            found.setdefault(node.name, []).append(node)
        return found

    def defines(self, *names: str) -> bool:
        """Whether a class of this module defines a method of one of some names."""
        return any(name in self.methods for name in names)

    @cached_property
    def handles_log_records(self) -> bool:
        """Whether this module has handlers, filters or formatters of its own for log records."""
        for node in self.module.nodes(ast.ClassDef):
            if any((self.module.qualified_name(base) or "").startswith("logging.") for base in node.bases):
                return True
        return self.defines("emit", "filter", "format")

    @cached_property
    def assigned_attributes(self) -> dict[str, list[ast.Attribute]]:
        """The attribute expressions that are stored to or deleted, by the attribute's name."""
        found: dict[str, list[ast.Attribute]] = {}
        for node in self.module.nodes(ast.Attribute):
            if not isinstance(node.ctx, ast.Load):
                found.setdefault(node.attr, []).append(node)
        return found

    def is_self(self, name: ast.Name) -> ast.ClassDef | None:
        """The class if a name is the ``self`` of one of its methods and not bound again; None for any other name."""
        found = self.module.scope(name).lookup(name.id)
        if found is None or len(found[1]) != 1 or found[1][0].kind is not BindingKind.PARAMETER:
            return None
        function = found[0].node
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or function.decorator_list:
            return None
        owner = self.module.parent(function)
        if not isinstance(owner, ast.ClassDef) or found[1][0].node is not parameter_at(function, 0):
            return None
        return None if function.name in {"__new__", "__init_subclass__", "__class_getitem__"} else owner

    def always_has(self, owner: ast.ClassDef, attribute: str) -> bool:
        """Whether instances of a class certainly have an attribute after ``__init__``."""
        if attribute in {"__class__", "__dict__", "__doc__", "__module__"}:
            return True
        if any(isinstance(node.ctx, ast.Del) for node in self.assigned_attributes.get(attribute, ())):
            return False
        for statement in owner.body:
            if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
                if statement.name == attribute:
                    return not statement.decorator_list
                if statement.name == "__init__" and attribute in _set_in(statement):
                    return True
            if isinstance(statement, ast.Assign) and any(
                isinstance(target, ast.Name) and target.id == attribute for target in statement.targets
            ):
                return True
        for base in owner.bases:
            definition = self.module.local_class(base)
            if definition is not None and definition is not owner and self._init_is_certain(owner):
                return self.always_has(definition, attribute)
        return False

    @staticmethod
    def _init_is_certain(owner: ast.ClassDef) -> bool:
        """Whether a class defines no ``__init__``, so that the one of its base class runs."""
        return not any(isinstance(item, ast.FunctionDef) and item.name == "__init__" for item in owner.body)


def _hands_out(node: ast.AST, own: str) -> bool:
    """Whether a node calls a method of the instance, or passes it to other code."""
    if not isinstance(node, ast.Call):
        return False
    func = node.func
    if isinstance(func, ast.Attribute) and func.attr == "__init__":
        return False  # the call of a base class's
    called = isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == own
    return called or any(isinstance(arg, ast.Name) and arg.id == own for arg in node.args)


def _set_in(init: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    """The attributes that every path through an ``__init__`` sets before other code can access the instance."""
    first = parameter_at(init, 0)
    if first is None:
        return set()
    own = first.arg
    found: set[str] = set()
    for statement in init.body:
        if any(isinstance(node, ast.Return) or _hands_out(node, own) for node in own_nodes(statement)):
            break
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        targets = [statement.target] if isinstance(statement, ast.AnnAssign) and statement.value else targets
        for target in targets:
            for part in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == own:
                    found.add(part.attr)
    return found
