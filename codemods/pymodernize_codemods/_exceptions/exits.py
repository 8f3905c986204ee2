"""Which functions of a module may end the script, over a call graph by unqualified names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property

from pymodernize.semantics.library.exceptions import knowledge
from pymodernize.semantics.module import Module
from pymodernize_codemods._exceptions.hierarchy import Hierarchy
from pymodernize_codemods._exceptions.operations import Ending
from pymodernize_codemods._exceptions.world import World

LEAVING = frozenset({"SystemExit", "KeyboardInterrupt", "GeneratorExit"})
# Functions that run code which is not in the module, and which may end the script.
RUNS_ANYTHING = frozenset(
    """builtins.exec builtins.eval builtins.__import__ importlib.import_module runpy.run_path runpy.run_module
    asyncio.run unittest.main code.interact pdb.set_trace builtins.breakpoint imp.load_source imp.load_module
    cProfile.run profile.run timeit.timeit doctest.testmod _thread.interrupt_main signal.raise_signal
    os.kill os.killpg setuptools.setup distutils.core.setup""".split()
)
# Methods of argument parsers that may end the script.
_PARSERS = frozenset("parse_args parse_known_args parse_intermixed_args error exit".split())
# Names of methods of containers, texts and files: a receiver of an unknown class is taken for one of these.
_PROTOCOL = frozenset(
    """append add clear copy count decode discard encode endswith extend find flush format get index insert items
    join keys lower lstrip partition pop popitem read readline readlines remove replace reverse rfind rpartition
    rsplit rstrip seek setdefault sort split splitlines startswith strip tell title update upper values write
    writelines close fileno isatty group groups debug info warning exception critical log""".split()
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Exits:
    """The functions of one module that may end the script, directly or by calling others of the module.

    Calls are resolved by the last name of the callee alone, so that the
    receiver of a method does not have to be known.

    Args:
        module: the module.
        hierarchy: the hierarchy of its exception classes.
        world: the code outside of the module that can interact with it.
    """

    def __init__(self, module: Module, hierarchy: Hierarchy, world: World) -> None:
        self.module = module
        self.world = world
        self.hierarchy = hierarchy

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of such functions."""
        found: set[str] = set()
        for node in self._leaving_places():
            found |= self._functions_around(node)
        pending = list(found)
        while pending:
            calls = self.module.names.called(pending.pop())
            fresh = set().union(*map(self._functions_around, calls)) - found
            found |= fresh
            pending += fresh
        return frozenset(found)

    def _leaving_places(self) -> Iterator[ast.AST]:
        for node in self.module.nodes(ast.Raise):
            named = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            name = self.hierarchy.named(named) if named is not None else None
            if name is not None and not self.hierarchy.is_caught(name, {"Exception"}):
                yield node
        for call in self.module.nodes(ast.Call):
            if self.ends(self.module.qualified_name(call.func)):
                yield call

    def ends(self, qualified: str | None) -> bool:
        """Whether a library function ends the script, or runs code that may."""
        if qualified is None:
            return False
        row = knowledge().rows.get(qualified)
        return qualified in RUNS_ANYTHING or row is not None and not row.raises.isdisjoint(LEAVING)

    def _functions_around(self, node: ast.AST) -> set[str]:
        found: set[str] = set()
        for item in self.module.ancestors(node):
            if isinstance(item, _FUNCTIONS):
                # Creating an instance calls the class, so the methods count under its name, too.
                owner = self.module.parent(item)
                found |= {item.name, owner.name} if isinstance(owner, ast.ClassDef) else {item.name}
            elif isinstance(item, ast.Lambda):
                found.add("<lambda>")
        return found

    def by_name(self, name: str) -> Ending | None:
        """How a call by this name may end the script; None if no function of this name may."""
        return Ending(f"a function {name}() of this file may end the script") if name in self.names else None

    @cached_property
    def passed(self) -> Ending | None:
        """How a call of an unknown value may end the script: a function that may is passed on; None if none is."""
        if "<lambda>" in self.names:
            return Ending("a lambda of this file may end the script")
        if self.handed_on is not None:
            return self.handed_on
        for node in self.module.nodes(ast.Name, ast.Attribute):
            name = _last_name(node)
            parent = self.module.parent(node)
            called = isinstance(parent, ast.Call) and parent.func is node
            if name in self.names and not called and not isinstance(parent, ast.Attribute):
                return Ending(f"{name}() of this file may end the script, and is passed on")
        return None

    @cached_property
    def handed_on(self) -> Ending | None:
        """How any call may end the script: what ends it is a value, or taken by a computed name; None if it is not."""
        for node in self.module.nodes(ast.Name, ast.Attribute):
            parent = self.module.parent(node)
            called = isinstance(parent, ast.Call) and parent.func is node
            if not called and isinstance(node.ctx, ast.Load) and self.ends(self.module.qualified_name(node)):
                return Ending(f"{_last_name(node)} is passed on in line {node.lineno}")
        for call in self.module.calls("builtins.getattr") if self.names else ():
            if len(call.args) > 1 and not isinstance(call.args[1], ast.Constant):
                return Ending(f"line {call.lineno} may take a function that ends the script")
        return None

    def of_unknown(self, method: str | None) -> Ending | None:
        """How a call of an unknown callee may end the script; None if it cannot.

        Args:
            method: the name of the method; None for a call of a plain value.
        """
        if method in _PARSERS and self.world.roots & {"argparse", "optparse"}:
            return Ending("an argument parser may end the script")
        if method is not None:
            ends = self.by_name(method)
            if ends or method in _PROTOCOL or self.world.is_alone:
                plain = self.world.is_alone and method in _PROTOCOL
                return ends or self.of_subclasses or (None if plain else self.passed)
        elif self.world.is_alone:
            return self.passed
        return self.of_foreign("what it calls is not known, and may be code of another file that ends the script")

    @cached_property
    def of_subclasses(self) -> Ending | None:
        """How a method of the library may end the script: by one that a class of this file overrides; None if it
        cannot."""
        for function in self.module.nodes(*_FUNCTIONS):
            owner = self.module.parent(function)
            if function.name not in self.names or not isinstance(owner, ast.ClassDef):
                continue
            if any(self.module.local_class(base) is None for base in owner.bases):
                return Ending(f"{owner.name}.{function.name}() of this file may end the script")
        return None

    def of_foreign(self, why: str) -> Ending:
        """How code that is not of this file may end the script.

        Args:
            why: the reason, for a person.
        """
        # A package may call any function of the file: by a method that it overrides, an instance that it is handed.
        own = self.passed or next(map(self.by_name, sorted(self.names)), None) or self._unclear
        return own or Ending(why, by_package=self.world.meets_only_packages)

    @cached_property
    def _unclear(self) -> Ending | None:
        """How a ``raise`` of this file may end the script, whose class is not in sight; None if there is none."""
        for node in self.module.nodes(ast.Raise):
            named = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if named is not None and self.hierarchy.named(named) is None:
                return Ending(f"line {node.lineno} may raise what ends the script")
        return None


def _last_name(expr: ast.AST) -> str | None:
    if isinstance(expr, ast.Name):
        return expr.id
    return expr.attr if isinstance(expr, ast.Attribute) else None
