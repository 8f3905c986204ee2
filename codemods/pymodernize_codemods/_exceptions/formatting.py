"""What formatting values as text can raise: ``%``, ``format``, f-strings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pymodernize_codemods._exceptions.kinds import OWN_CLASS, mixed
from pymodernize_codemods._exceptions.operations import Operation
from pymodernize_codemods._exceptions.part import Part

_FORMAT = ("OverflowError", "TypeError", "ValueError")
_PLACE = re.compile(r"%(?:\(.*?\))?[-+ #0-9.*]*[hlL]?[a-zA-Z]")
_INTEGER = re.compile(r"%[-+ #0-9.*()\w]*[diouxXc]")


class Formatting(Part):
    """The formatting operations of one module."""

    def of_template(self, node: ast.AST, template: ast.expr, values: ast.expr) -> Iterator[Operation]:
        """The operations of ``template % values``."""
        given = values.elts if isinstance(values, ast.Tuple) else [values]
        types: set[str] = set()
        if not isinstance(template, ast.Constant) or any(not self.is_plain(item) for item in given):
            types |= {"TypeError"}
        if not isinstance(template, ast.Constant):
            types |= {"ValueError", "KeyError", "OverflowError"}
        elif "%c" in str(template.value):
            types |= {"OverflowError"}
        if _INTEGER.search(str(getattr(template, "value", ""))) and not all(map(self._is_whole, given)):
            types |= {"OverflowError", "ValueError"}  # of infinity and NaN
        if isinstance(template, ast.Constant) and not self._fits(str(template.value), given):
            types |= {"TypeError"}
        if "(" in str(getattr(template, "value", "(")) and not isinstance(values, ast.Dict):
            types |= {"KeyError"}
        for item in given:
            yield from self.of_value(item)
        if types:
            yield self.operation(node, *types)

    def _fits(self, template: str, given: list[ast.expr]) -> bool:
        """Whether each field of a template gets a value, and a number where its type requires one."""
        places = _PLACE.findall(template.replace("%%", ""))
        if any("(" in place or "*" in place for place in places):
            return True  # fields with names or widths from values: other checks of the template cover these
        numbers = [self.kinds.names(item) for place, item in zip(places, given, strict=False) if place[-1] not in "sra"]
        return len(places) == len(given) and all(names and names <= {"int", "float", "bool"} for names in numbers)

    def _is_whole(self, expr: ast.expr) -> bool:
        names = self.kinds.names(expr)
        return names is not None and "float" not in names

    def of_value(self, expr: ast.expr) -> Iterator[Operation]:
        """The operations of formatting one value."""
        names = self.kinds.names(expr)
        if names is not None and not any(name.startswith(OWN_CLASS) for name in names):
            return
        hooks = ("__str__", "__repr__", "__format__")
        if not self.world.is_closed:
            yield self.guarded(expr, ())
            return
        for hook in hooks:
            for item in self.world.methods.get(hook, ()):
                yield self.analysis.function(item).at(expr, f"{self.text(expr)} as text")

    def of_call(self, call: ast.Call, func: ast.Attribute) -> Iterator[Operation]:
        """The operations of ``template.format(...)``."""
        for arg in (*call.args, *(keyword.value for keyword in call.keywords)):
            yield from self.of_value(arg)
        template = func.value.value if isinstance(func.value, ast.Constant) else None
        if not isinstance(template, str):
            yield self.called(call, "AttributeError", "LookupError", "TypeError", "ValueError")
        elif ":" in template or "." in template or "[" in template:
            yield self.called(call, "AttributeError", "LookupError", "TypeError", "ValueError")
        elif any(isinstance(arg, ast.Starred) for arg in call.args) or any(item.arg is None for item in call.keywords):
            yield self.called(call, "LookupError", "TypeError")

    def of_fstring(self, expr: ast.JoinedStr) -> Iterator[Operation]:
        """The operations of an f-string."""
        for part in expr.values:
            if not isinstance(part, ast.FormattedValue):
                continue
            yield from self.analysis.expressions.of(part.value)
            yield from self.of_value(part.value)
            if part.format_spec is not None:
                yield from self.analysis.expressions.of(part.format_spec)
                names = self.kinds.names(part.value)
                if names is None or not names <= {"int", "bool", "str"} or mixed(names):
                    yield Operation(part.value, f"format of {self.text(part.value)}", frozenset(_FORMAT))
