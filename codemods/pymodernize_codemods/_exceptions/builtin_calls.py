"""What calls of builtins can raise where it depends on their arguments: ``int(x)``, ``print(x)``, ``max(x, y)``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace

from pymodernize.semantics.library.exceptions import knowledge
from pymodernize_codemods._assumptions import DOCUMENTED_EXCEPTIONS, OPEN_STDOUT
from pymodernize_codemods._exceptions.kinds import OWN_CLASS
from pymodernize_codemods._exceptions.operations import Operation
from pymodernize_codemods._exceptions.part import Part
from pymodernize_codemods._exceptions.rows import PICKY_CODECS, is_literal
from pymodernize_codemods._script.streams import are_changed, stream_of

_PRINT = "builtins.print"
_INPUT = "builtins.input"
# Writing to a stdout raises these: it is closed or full, or its encoding lacks a character.
_OF_STDOUT = frozenset({"OSError", "ValueError"})
# So does a stdin that is closed, or that the system cannot read; the documentation of input() names neither.
_OF_STDIN = frozenset({"OSError", "RuntimeError", "ValueError"})


class Builtins(Part):
    """The calls of such functions in one module; each function has a method of its name here."""

    def of(self, call: ast.Call, qualified: str) -> Iterator[Operation] | None:
        """The operations of a call; None if the row of its function is to be used.

        Args:
            call: the call.
            qualified: the dotted name of its function.
        """
        special = getattr(self, f"_{qualified.replace('.', '_')}", None)
        return special(call) if special is not None else None

    def _builtins_int(self, call: ast.Call) -> Iterator[Operation] | None:
        return self._number(call, {"float": ("OverflowError", "ValueError")})

    def _builtins_float(self, call: ast.Call) -> Iterator[Operation] | None:
        return self._number(call, {"int": ("OverflowError",)})

    def _number(self, call: ast.Call, special: dict[str, tuple[str, ...]]) -> Iterator[Operation] | None:
        """The operations of ``int(x)`` or ``float(x)``; None unless the class of ``x`` is known."""
        names = self.kinds.names(call.args[0]) if len(call.args) == 1 and not call.keywords else None
        if not call.args and not call.keywords:
            return iter(())
        if names is None or any(name.startswith(OWN_CLASS) for name in names):
            return None
        text = {name: ("ValueError",) for name in ("str", "bytes")}
        by_name = {"int": (), "float": (), "bool": (), "NoneType": ("TypeError",), **text, **special}
        types = {item for name in names for item in by_name.get(name, ("TypeError",))}
        return iter([self.called(call, *types)] if types else [])

    def _builtins_str(self, call: ast.Call) -> Iterator[Operation] | None:
        """The operations of ``str(x, encoding)``, which decodes; None for any other call of it."""
        if len(call.args) < 2 and not call.keywords and not any(isinstance(arg, ast.Starred) for arg in call.args):
            return None
        how = [*call.args[1:], *(item.value for item in call.keywords if item.arg != "object")]
        plain = bool(call.args) and all(is_literal(item) and not self._is_picky(item) for item in how)
        types = {"UnicodeDecodeError"} if plain else {"LookupError", "ValueError"}
        if not call.args or self.kinds.names(call.args[0]) != {"bytes"}:
            types.add("TypeError")
        return iter([self.called(call, *types)])

    def _is_picky(self, codec: ast.expr) -> bool:
        """Whether a codec raises UnicodeError itself instead of its subclasses."""
        return isinstance(codec, ast.Constant) and codec.value in PICKY_CODECS

    def _builtins_print(self, call: ast.Call) -> Iterator[Operation]:
        """The operations of ``print``; if stdout is assumed to accept all output, writing to it raises nothing."""
        file = next((item.value for item in call.keywords if item.arg == "file"), None)
        starred = any(item.arg is None for item in call.keywords)
        is_stdout = not starred and stream_of(self.module, file) == "stdout" and not are_changed(self.module)
        is_open = is_stdout and self.module.accepts(OPEN_STDOUT.name)
        for item in self._written(call):
            left = item.types - _OF_STDOUT if is_open and item.node is call else item.types
            yield item if left == item.types else replace(item, types=left, assumes=frozenset({OPEN_STDOUT.name}))

    def _written(self, call: ast.Call) -> Iterator[Operation]:
        """The operations of ``print`` on any stream; ASCII text cannot fail to be encoded."""
        if not call.keywords and all(self._is_ascii(arg) for arg in call.args):
            return iter([self.called(call, "OSError")])
        row = knowledge().rows[_PRINT]
        if not call.keywords and not any(isinstance(arg, ast.Starred) for arg in call.args):
            row = replace(row, wrong=frozenset())  # any value can be printed; a file or an end of a wrong class cannot
        return self.analysis.rows.of(call, row)

    def _is_ascii(self, arg: ast.expr) -> bool:
        """Whether the text of a value is certainly ASCII."""
        names = self.kinds.names(arg)
        return is_literal(arg) or names is not None and names <= {"int", "float", "bool", "NoneType"}

    def _builtins_input(self, call: ast.Call) -> Iterator[Operation]:
        """The operations of ``input``: under the assumption that it does as documented, what the text itself causes."""
        found = self.analysis.rows.of(call, knowledge().rows[_INPUT])
        # A file that speaks of stdin may close it, or put something else in its place.
        if not self.module.accepts(DOCUMENTED_EXCEPTIONS.name) or self.module.has_text(b"stdin"):
            yield from found
            return
        assumes = {DOCUMENTED_EXCEPTIONS.name}
        prompted: frozenset[str] = frozenset()
        if call.args and self.module.accepts(OPEN_STDOUT.name) and not are_changed(self.module):
            assumes.add(OPEN_STDOUT.name)
        elif call.args:
            prompted = _OF_STDOUT
        for item in found:
            if item.node is not call:
                yield item
                continue
            types = item.types - _OF_STDIN | {"UnicodeDecodeError"} | prompted
            yield replace(item, types=types, assumes=frozenset(assumes))

    def _json_loads(self, call: ast.Call) -> Iterator[Operation] | None:
        """The operations of ``json.loads`` of a str, which needs no decoding; None for any other call of it."""
        if len(call.args) != 1 or call.keywords or self.kinds.names(call.args[0]) != {"str"}:
            return None
        return iter([self.called(call, "json.JSONDecodeError")])

    def _builtins_max(self, call: ast.Call) -> Iterator[Operation] | None:
        """The operations of ``max`` with several arguments, which compares them; None for any other call of it."""
        if len(call.args) < 2 or call.keywords or any(isinstance(arg, ast.Starred) for arg in call.args):
            return None
        if all(self.is_plain(arg) for arg in call.args):
            return iter(())
        return iter([self.guarded(call, ("TypeError",), ("__lt__", "__gt__"))])

    _builtins_min = _builtins_max

    def _builtins_len(self, call: ast.Call) -> Iterator[Operation] | None:
        if len(call.args) != 1 or self.kinds.of(call.args[0]) is not None:
            return None
        return iter([self.guarded(call, ("TypeError",), ("__len__",))])

    def _builtins_bool(self, call: ast.Call) -> Iterator[Operation] | None:
        return self.analysis.operators.truth(call.args[0]) if len(call.args) == 1 else None

    def _builtins_next(self, call: ast.Call) -> Iterator[Operation] | None:
        if not call.args:
            return None
        found = list(self.analysis.loops.over(call.args[0]))
        if len(call.args) == 1:
            found.append(self.called(call, "StopIteration"))
        return iter(found)

    def _builtins_getattr(self, call: ast.Call) -> Iterator[Operation] | None:
        types = ("AttributeError", "TypeError") if len(call.args) == 2 else ("TypeError",)
        return iter([self.called(call, *types, unknown="the attribute may be a property of any class")])

    def _builtins_setattr(self, call: ast.Call) -> Iterator[Operation] | None:
        return iter([self.called(call, "AttributeError", "TypeError", unknown="it may call a setter of any class")])

    def _builtins_super(self, _call: ast.Call) -> Iterator[Operation] | None:
        return iter(())
