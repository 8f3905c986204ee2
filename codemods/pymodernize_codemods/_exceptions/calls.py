"""What calls can raise: by the row of the callee, by its body in this module, and anything for other callees."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.call_binding import Function
from pymodernize_codemods._exceptions.exits import RUNS_ANYTHING
from pymodernize_codemods._exceptions.hierarchy import canonical
from pymodernize_codemods._exceptions.operations import Ending, Operation
from pymodernize_codemods._exceptions.part import Part

_NOT_FOLLOWED = "what it calls is not known"


class Calls(Part):
    """The calls of one module."""

    def of(self, call: ast.Call) -> Iterator[Operation]:
        """The operations of a call: of its function and arguments, and the call itself."""
        qualified = self.module.qualified_name(call.func)
        expressions = self.analysis.expressions
        if qualified is None and isinstance(call.func, ast.Attribute):
            yield from expressions.of(call.func.value)
        else:
            yield from expressions.of(call.func)
        for arg in call.args:
            yield from expressions.of(arg)
        for keyword in call.keywords:
            yield from expressions.of(keyword.value)
        if qualified is not None:
            yield from self._qualified(call, qualified)
        elif isinstance(call.func, ast.Attribute):
            yield from self.analysis.methods.of(call, call.func)
        else:
            yield from self._own(call)

    # --- by qualified name -----------------------------------------------------------------------------------

    def _qualified(self, call: ast.Call, qualified: str) -> Iterator[Operation]:
        if self.module.names.is_replaced(qualified):
            yield self.called(call, unknown="this module gives it another meaning", ends=Ending(_NOT_FOLLOWED))
            return
        found = self.analysis.builtins.of(call, qualified)
        if found is not None:
            yield from found
            return
        row = self.row_of(qualified)
        if row is not None:
            yield from self.analysis.rows.of(call, row)
        elif canonical(qualified) is not None:
            return  # the exception is created, not raised
        elif qualified in RUNS_ANYTHING:
            yield self.called(
                call, unknown="it runs code that is not known", ends=Ending("it runs code that is not known")
            )
        elif self.world.is_known(qualified) or qualified.startswith("builtins."):
            yield self.called(call, unknown=f"nothing is known of {qualified}", ends=self._passed_ends(call))
        else:
            yield from self._method_of_variable(call, qualified)

    def _method_of_variable(self, call: ast.Call, qualified: str) -> Iterator[Operation]:
        why = f"{qualified} is of another file or of a package that is not known"
        yield self.called(call, unknown=why, ends=self.analysis.exits.of_foreign(why))

    def _passed_ends(self, call: ast.Call) -> Ending | None:
        """How a function among the arguments of a call may end the script; None if none may."""
        for arg in (*call.args, *(keyword.value for keyword in call.keywords)):
            if isinstance(arg, (ast.Name, ast.Attribute)):
                name = arg.id if isinstance(arg, ast.Name) else arg.attr
                if ends := self.analysis.exits.by_name(name):
                    return ends
            if isinstance(arg, ast.Lambda) and "<lambda>" in self.analysis.exits.names:
                return self.analysis.exits.passed
        return None

    # --- functions and classes of the module, and variables --------------------------------------------------

    def _own(self, call: ast.Call) -> Iterator[Operation]:
        function = self.module.local_function(call.func)
        if function is not None:
            yield self.analysis.function(function).at(call, f"{function.name}()")
            return
        definition = self.module.local_class(call.func)
        if definition is not None:
            yield from self._made(call, definition)
            return
        yield self.called(
            call, unknown=_NOT_FOLLOWED, ends=self._decorated(call.func) or self.analysis.exits.of_unknown(None)
        )

    def _decorated(self, func: ast.expr) -> Ending | None:
        """How a decorated function of this module may end the script; None if it cannot, or for any other callee."""
        found = self.module.scope(func).lookup(func.id) if isinstance(func, ast.Name) else None
        for binding in found[1] if found is not None else ():
            for decorator in getattr(binding.node, "decorator_list", ()):
                named = decorator.func if isinstance(decorator, ast.Call) else decorator
                qualified = self.module.qualified_name(named) or ""
                if not self.world.is_library(qualified.partition(".")[0]) and not qualified.startswith("builtins."):
                    return Ending(f"{self.text(func)}() is decorated, and may end the script")
            if ends := self.analysis.exits.by_name(binding.name):
                return ends
        return None

    def _made(self, call: ast.Call, definition: ast.ClassDef) -> Iterator[Operation]:
        """The operations of creating an instance of a class of this module."""
        if definition.decorator_list or definition.keywords or self._defines(definition, "__new__"):
            yield self.called(call, unknown="the class is made in a way of its own", ends=Ending(_NOT_FOLLOWED))
            return
        init = self.analysis.methods.find(definition, "__init__")
        if isinstance(init, str):
            unnamed = self.analysis.hierarchy.named(call.func) is not None
            if not unnamed:
                yield self.called(call, unknown=init, ends=self.analysis.exits.of_unknown("__init__"))
        elif init is not None:
            yield self.analysis.function(init).at(call, f"{definition.name}()")

    def _defines(self, definition: ast.ClassDef, name: str) -> bool:
        return any(isinstance(item, Function) and item.name == name for item in definition.body)
