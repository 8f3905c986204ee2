"""What calls of methods can raise: by the class of the receiver, which may be known, of this module, or unknown."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.call_binding import Function
from pymodernize.semantics.library.exceptions import knowledge
from pymodernize.semantics.types import names_of
from pymodernize_codemods._exceptions.kinds import OWN_CLASS, lacks, mixed
from pymodernize_codemods._exceptions.operations import Ending, Operation
from pymodernize_codemods._exceptions.part import Part

_NOT_FOLLOWED = "what it calls is not known"


class Methods(Part):
    """The calls of methods in one module."""

    def of(self, call: ast.Call, func: ast.Attribute) -> Iterator[Operation]:
        """The operations of a call of a method, without those of evaluating receiver and arguments.

        Args:
            call: the call.
            func: the callee: an attribute of the receiver.
        """
        if self._is_super(func.value):
            yield from self._of_super(call, func)
            return
        types = self.kinds.of(func.value)
        if types is None:
            yield from self._unknown_method(call, func)
            return
        for name in sorted({type_.name for type_ in types}):
            if name.startswith(OWN_CLASS):
                yield from self._own_method(call, func, name.removeprefix(OWN_CLASS))
            elif name == "str" and func.attr in {"format", "format_map"}:
                yield from self.analysis.formatting.of_call(call, func)
            elif (row := knowledge().method(name, func.attr)) is not None:
                yield from self.analysis.rows.of(call, row)
                having = frozenset(item for item in names_of(types) if not lacks(item, func.attr))
                if mixed(having) and (call.args or call.keywords):
                    # An argument may be right for one class and wrong for another: ``write()`` of files.
                    yield self.called(call, *row.wrong, trusts=row.trusts)
            elif lacks(name, func.attr):
                yield self.called(call, "AttributeError")
            else:
                why = f"nothing is known of {name}.{func.attr}"
                yield self.called(call, "AttributeError", unknown=why, ends=self._ends(name, func.attr))

    def _ends(self, kind: str, method: str) -> Ending | None:
        """How a method without a row may end the script: an attribute may be a function that the module has set."""
        is_free = kind in {"argparse.Namespace", "optparse.Values", "types.SimpleNamespace"}
        return self.analysis.exits.of_unknown(method) if is_free else None

    def _is_super(self, expr: ast.expr) -> bool:
        return isinstance(expr, ast.Call) and self.module.qualified_name(expr.func) == "builtins.super"

    def _of_super(self, call: ast.Call, func: ast.Attribute) -> Iterator[Operation]:
        owner = next((item for item in self.module.ancestors(call) if isinstance(item, ast.ClassDef)), None)
        bases = [self.module.local_class(base) for base in owner.bases] if owner is not None else []
        found = self.find(bases[0], func.attr) if len(bases) == 1 and bases[0] is not None else None
        if isinstance(found, Function) and self.world.is_alone:
            yield self.analysis.function(found).at(call, f"super().{func.attr}()")
        elif owner is not None and func.attr == "__init__" and self._is_exception(owner):
            return
        else:
            yield self.called(call, unknown="the method of the base class is not followed", ends=Ending(_NOT_FOLLOWED))

    def _is_exception(self, owner: ast.ClassDef) -> bool:
        return all(self.analysis.hierarchy.named(base) is not None for base in owner.bases)

    def _own_method(self, call: ast.Call, func: ast.Attribute, name: str) -> Iterator[Operation]:
        """The operations of a call whose receiver is an instance of a class of this module or of a subclass."""
        found = self.module.index.scope.bindings.get(name, ())
        definition = found[0].node if len(found) == 1 else None
        method = self.find(definition, func.attr) if isinstance(definition, ast.ClassDef) else "it is bound twice"
        if isinstance(definition, ast.ClassDef) and not self.world.is_alone:
            method = "a class in another file may be derived from this one"
        stored = func.attr in self.world.assigned_attributes
        if isinstance(method, Function) and not stored:
            overriding = self._overriding(definition, method)
            for item in overriding:
                yield self.analysis.function(item).at(call, f"{self.text(func)}()")
        elif method is None and not stored:
            yield self.called(call, "AttributeError")
        else:
            why = method if isinstance(method, str) else _NOT_FOLLOWED
            yield self.called(call, "AttributeError", unknown=why, ends=self.analysis.exits.of_unknown(func.attr))

    def _overriding(self, definition: ast.AST | None, method: Function) -> list[Function]:
        """The methods that a call may run: with those of its name in other classes, if the class has subclasses."""
        derived = any(
            self.module.local_class(base) is definition
            for node in self.module.nodes(ast.ClassDef)
            for base in node.bases
        )
        return self.world.methods[method.name] if derived else [method]

    def _unknown_method(self, call: ast.Call, func: ast.Attribute) -> Iterator[Operation]:
        """The operations of a call whose receiver is of an unknown class."""
        own = [item for item in self.world.methods.get(func.attr, ())]
        usual = knowledge().anything.get(func.attr)
        if usual is not None and self.world.is_closed and func.attr not in self.world.assigned_attributes:
            for item in own:
                yield self.analysis.function(item).at(call, f"{func.attr}() of a class of this module")
            types = {"AttributeError", *usual}
            unknown = ""
            if any(not self.is_plain(arg) for arg in call.args) or call.keywords:
                types.add("TypeError")
            if any(isinstance(arg, ast.Lambda) or self.analysis.rows.names_function(arg) for arg in call.args):
                unknown = "it may call what is passed"
            yield self.called(call, *types, unknown=unknown)
            return
        text = self.text(func.value)
        yield self.called(
            call,
            "AttributeError",
            unknown=f"the class of {text} is not known",
            ends=self.analysis.exits.of_unknown(func.attr),
        )

    def find(self, definition: ast.ClassDef, name: str, depth: int = 0) -> Function | str | None:
        """The method of a class or its bases; None if there certainly is none, a reason if that is not known."""
        for item in reversed(definition.body):
            if isinstance(item, Function) and item.name == name:
                plain = {self.module.qualified_name(expr) for expr in item.decorator_list}
                return item if plain <= {"builtins.staticmethod", "builtins.classmethod"} else "it is decorated"
        for base in definition.bases:
            if self.module.qualified_name(base) == "builtins.object":
                continue
            inner = self.module.local_class(base)
            if inner is None or depth > 10:
                return f"the base class of {definition.name} is not followed"
            found = self.find(inner, name, depth + 1)
            if found is not None:
                return found
        return None

    # --- with ------------------------------------------------------------------------------------------------

    def entered(self, expr: ast.expr) -> Iterator[Operation]:
        """The operations of entering and leaving a context manager."""
        what = f"with {self.text(expr)}"
        types = self.kinds.of(expr)
        if types is None:
            yield Operation(expr, what, frozenset(), "what the context manager does is not known")
            return
        for type_ in types:
            row = knowledge().method(type_.name, "__exit__")
            if row is not None:
                yield Operation(expr, what, row.raises, trusts=row.trusts)
            elif type_.name.startswith(OWN_CLASS):
                yield from self._own_manager(expr, what, type_.name.removeprefix(OWN_CLASS))
            else:
                yield Operation(expr, what, frozenset(), f"nothing is known of {type_.name} as a context manager")

    def _own_manager(self, expr: ast.expr, what: str, name: str) -> Iterator[Operation]:
        for method in ("__enter__", "__exit__"):
            for item in self.world.methods.get(method, ()):
                yield self.analysis.function(item).at(expr, what)
        if not self.world.is_alone:
            yield Operation(expr, what, frozenset(), f"a class in another file may be derived from {name}")
