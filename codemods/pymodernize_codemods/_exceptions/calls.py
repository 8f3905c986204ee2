"""What calls can raise: by the knowledge, by the module's own functions, and where neither says it, anything."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.semantics.scopes import BindingKind
from pymodernize.semantics.types import names_of
from pymodernize_codemods._exceptions.exits import RUNS_ANYTHING, Exits
from pymodernize_codemods._exceptions.expressions import NUMBERS
from pymodernize_codemods._exceptions.hierarchy import canonical
from pymodernize_codemods._exceptions.kinds import OWN_CLASS, mixed
from pymodernize_codemods._exceptions.knowledge import Row, knowledge
from pymodernize_codemods._exceptions.operations import Operation
from pymodernize_codemods._exceptions.part import Part

if TYPE_CHECKING:
    from pymodernize_codemods._exceptions.analysis import Analysis

Function = ast.FunctionDef | ast.AsyncFunctionDef

# Keywords under which functions of the library take what they call.
_CALLBACKS = frozenset(
    """key default object_hook object_pairs_hook cls parse_float parse_int parse_constant target callback onerror
    onexc filter ignore copy_function preexec_fn opener func function hook factory hook_compressed openhook""".split()
)
# These turn values into text.
_TO_TEXT = frozenset({"builtins.str", "builtins.repr", "builtins.ascii", "builtins.print", "builtins.format"})
# Words by which a file hands its own functions to a library that calls them later.
_HOOKS = {
    "sqlite3.": (b"detect_types", b"register_", b"create_function", b"create_aggregate", b"_factory", b"set_"),
    "json.": (b"JSONEncoder", b"JSONDecoder", b"object_hook"),
    "warnings.": (b"showwarning", b"formatwarning"),
    "urllib.": (b"BaseHandler", b"_handler"),
    "shutil.": (b"register_",),
    "codecs.": (b"register",),
    "datetime.": (b"tzinfo",),
}
# Methods by which argument parsers end the script.
_PARSERS = frozenset("parse_args parse_known_args parse_intermixed_args error exit".split())
# Methods of containers, texts and files; what has them by these names is one of those, or stands in for one.
PROTOCOL = frozenset(
    """append add clear copy count decode discard encode endswith extend find flush format get index insert items
    join keys lower lstrip partition pop popitem read readline readlines remove replace reverse rfind rpartition
    rsplit rstrip seek setdefault sort split splitlines startswith strip tell title update upper values write
    writelines close fileno isatty group groups debug info warning exception critical log""".split()
)
_ITEMS = "the class of the items is not known; a class of its own may answer in any way"
_NOT_FOLLOWED = "what it calls is not known"


class Calls(Part):
    """The calls of one module."""

    def __init__(self, analysis: Analysis) -> None:
        super().__init__(analysis)
        self.exits = Exits(analysis.module, analysis.hierarchy)

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
            yield from self._method(call, call.func)
        else:
            yield from self._own(call)

    def _operation(self, call: ast.Call, *types: str, unknown: str = "", ends: str = "") -> Operation:
        text = self.analysis.expressions.text(call.func)
        return Operation(call, f"{text}()", frozenset(types), unknown, ends)

    # --- by qualified name -----------------------------------------------------------------------------------

    def _qualified(self, call: ast.Call, qualified: str) -> Iterator[Operation]:
        if self.module.names.is_replaced(qualified):
            yield self._operation(call, unknown="this module gives it another meaning", ends=_NOT_FOLLOWED)
            return
        special = getattr(self, f"_{qualified.replace('.', '_')}", None)
        found = special(call) if special is not None else None
        if found is not None:
            yield from found
            return
        row = knowledge().rows.get(qualified)
        if row is not None:
            yield from self._row(call, row)
        elif canonical(qualified) is not None:
            return  # an exception is made, not raised
        elif qualified in RUNS_ANYTHING:
            yield self._operation(call, unknown="it runs code that is not known", ends="it runs code that is not known")
        elif self.world.is_known(qualified) or qualified.startswith("builtins."):
            yield self._operation(call, unknown=f"nothing is known of {qualified}", ends=self._passed_ends(call))
        else:
            yield from self._method_of_variable(call, qualified)

    def _method_of_variable(self, call: ast.Call, qualified: str) -> Iterator[Operation]:
        why = f"{qualified} is of another file or of a package that is not known"
        yield self._operation(call, unknown=why, ends=why)

    def _passed_ends(self, call: ast.Call) -> str:
        """Why a function that is passed on may end the script; empty if none does."""
        for arg in (*call.args, *(keyword.value for keyword in call.keywords)):
            if isinstance(arg, (ast.Name, ast.Attribute)):
                name = arg.id if isinstance(arg, ast.Name) else arg.attr
                if ends := self.exits.by_name(name):
                    return ends
            if isinstance(arg, ast.Lambda) and "<lambda>" in self.exits.names:
                return self.exits.passed
        return ""

    def _row(self, call: ast.Call, row: Row, *, place: int = 0) -> Iterator[Operation]:
        """A call of what the knowledge has a row for.

        Args:
            call: the call.
            row: its row.
            place: the place of the first argument.
        """
        types = set(row.raises) - self._decided(call, row)
        unknown = f"{row.name} may raise other types, too" if row.partial else ""
        if any(isinstance(arg, ast.Starred) for arg in call.args) or any(item.arg is None for item in call.keywords):
            types |= row.wrong
            unknown = "what is passed with stars is not known"
        for number, arg in enumerate(call.args):
            if place + number in row.reads:
                yield from self.analysis.expressions.iteration(arg)
                items = self.kinds.iterated(arg)
                if row.wrong and (
                    items is None or mixed(frozenset(names_of(items))) and not names_of(items) <= NUMBERS
                ):
                    # What is in it may be of any class, too: None among texts, or what cannot be compared.
                    types |= row.wrong
                    unknown = unknown or ("" if items is not None or self.world.is_closed else _ITEMS)
                continue
            found, why = self._argument(call, row, arg)
            types |= found
            unknown = unknown or why
        for keyword in call.keywords:
            if keyword.arg in _CALLBACKS and self._is_callable(keyword.value):
                yield from self._called_back(call, keyword.value)
                continue
            found, why = self._argument(call, row, keyword.value)
            types |= found
            unknown = unknown or why
        if row.calls:
            for arg in call.args:
                yield from self._called_back(call, arg)
        if f"builtins.{row.name.rpartition('.')[2]}" in _TO_TEXT and row.name in _TO_TEXT:
            for arg in call.args:
                yield from self.analysis.expressions.formatted(arg)
        unknown = unknown or self._hooked(row)
        yield self._operation(call, *types, unknown=unknown)

    def _hooked(self, row: Row) -> str:
        """Why the module's own code may run inside of a library's function; empty if none does."""
        if row.name.startswith("logging.") and self.world.handles_log_records:
            return "this module has handlers of its own for log records"
        for prefix, words in _HOOKS.items():
            if row.name.startswith(prefix) and any(word in self.module.source.data for word in words):
                return "this module gives the library functions of its own to call"
        return ""

    def _decided(self, call: ast.Call, row: Row) -> set[str]:
        """The types of a row that only arguments decide which are literals here, as the program was written."""
        given = {item.arg for item in call.keywords}
        without = {type_ for type_, keyword in row.only_with if keyword not in given and None not in given}
        if any(item.arg is None or not _is_literal(item.value) for item in call.keywords):
            return without
        starred = any(isinstance(arg, ast.Starred) for arg in call.args)
        return without | {
            type_
            for type_, places in row.depends
            if not starred and all(place >= len(call.args) or _decides(type_, call.args[place]) for place in places)
        }

    def _argument(self, call: ast.Call, row: Row, arg: ast.expr) -> tuple[frozenset[str], str]:
        """What an argument contributes: the types of a wrong one if its class is not known, and why it is not all."""
        if isinstance(arg, ast.Starred) or row.calls and self._is_callable(arg):
            return frozenset(), ""
        if isinstance(arg, ast.Lambda) or self._names_function(arg):
            return row.wrong, f"{self.analysis.expressions.text(call.func)} may call what is passed"
        names = self.kinds.names(arg)
        if names is None or "NoneType" in names and not isinstance(arg, ast.Constant):
            return row.wrong, ""
        if any(name.startswith(OWN_CLASS) for name in names):
            return row.wrong, "an object of a class of this module is passed"
        if mixed(names):
            return row.wrong, ""
        return frozenset(), ""

    def _is_callable(self, arg: ast.expr) -> bool:
        return not (isinstance(arg, ast.Constant) and arg.value is None)

    def _names_function(self, arg: ast.expr) -> bool:
        if not isinstance(arg, ast.Name):
            return False
        found = self.module.scope(arg).lookup(arg.id)
        return found is not None and any(
            binding.kind in {BindingKind.FUNCTION, BindingKind.CLASS} for binding in found[1]
        )

    def _called_back(self, call: ast.Call, arg: ast.expr) -> Iterator[Operation]:
        """A function that is passed and called with values that are not known."""
        text = f"{self.analysis.expressions.text(arg)}, called by {self.analysis.expressions.text(call.func)}()"
        if isinstance(arg, ast.Lambda):
            yield from self.analysis.expression(arg.body)
            return
        function = self.module.local_function(arg)
        if function is not None:
            yield self.analysis.function(function).at(arg, text)
            return
        names = self.kinds.names(arg)
        if names is not None and not any(name.startswith(OWN_CLASS) for name in names):
            return  # no function
        row = knowledge().rows.get(self.module.qualified_name(arg) or "")
        if row is not None and not row.calls and not row.reads:
            yield Operation(arg, text, row.raises | row.wrong)
            return
        yield Operation(arg, text, frozenset(), "what is passed may be any function", self.unknown_ends(None))

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
        yield self._operation(call, unknown=_NOT_FOLLOWED, ends=self._decorated(call.func) or self.unknown_ends(None))

    def _decorated(self, func: ast.expr) -> str:
        """Why a function that is decorated here may end the script; empty if it does not, or is none."""
        found = self.module.scope(func).lookup(func.id) if isinstance(func, ast.Name) else None
        for binding in found[1] if found is not None else ():
            for decorator in getattr(binding.node, "decorator_list", ()):
                named = decorator.func if isinstance(decorator, ast.Call) else decorator
                qualified = self.module.qualified_name(named) or ""
                if not self.world.is_library(qualified.partition(".")[0]) and not qualified.startswith("builtins."):
                    return f"{self.analysis.expressions.text(func)}() is decorated, and may end the script"
            if ends := self.exits.by_name(binding.name):
                return ends
        return ""

    def _made(self, call: ast.Call, definition: ast.ClassDef) -> Iterator[Operation]:
        """An instance of a class of this module."""
        if definition.decorator_list or definition.keywords or self._defines(definition, "__new__"):
            yield self._operation(call, unknown="the class is made in a way of its own", ends=_NOT_FOLLOWED)
            return
        init = self._find(definition, "__init__")
        if isinstance(init, str):
            unnamed = self.analysis.hierarchy.named(call.func) is not None
            if not unnamed:
                yield self._operation(call, unknown=init, ends=self.unknown_ends("__init__"))
        elif init is not None:
            yield self.analysis.function(init).at(call, f"{definition.name}()")

    def _defines(self, definition: ast.ClassDef, name: str) -> bool:
        return any(isinstance(item, Function) and item.name == name for item in definition.body)

    def _find(self, definition: ast.ClassDef, name: str, depth: int = 0) -> Function | str | None:
        """The method of a class or its bases; None if there certainly is none, a reason if that cannot be told."""
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
            found = self._find(inner, name, depth + 1)
            if found is not None:
                return found
        return None

    # --- methods ---------------------------------------------------------------------------------------------

    def _method(self, call: ast.Call, func: ast.Attribute) -> Iterator[Operation]:
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
            elif name == "NoneType":
                yield self._operation(call, "AttributeError")
            elif name == "str" and func.attr in {"format", "format_map"}:
                yield from self._format(call, func)
            elif (row := knowledge().method(name, func.attr)) is not None:
                yield from self._row(call, row)
                if mixed(frozenset(names_of(types) - {"NoneType"})) and (call.args or call.keywords):
                    # What suits the method of one class may be wrong for that of another: ``write()`` of files.
                    yield self._operation(call, *row.wrong)
            else:
                yield self._operation(call, "AttributeError", unknown=f"nothing is known of {name}.{func.attr}")

    def _is_super(self, expr: ast.expr) -> bool:
        return isinstance(expr, ast.Call) and self.module.qualified_name(expr.func) == "builtins.super"

    def _of_super(self, call: ast.Call, func: ast.Attribute) -> Iterator[Operation]:
        owner = next((item for item in self.module.ancestors(call) if isinstance(item, ast.ClassDef)), None)
        bases = [self.module.local_class(base) for base in owner.bases] if owner is not None else []
        found = self._find(bases[0], func.attr) if len(bases) == 1 and bases[0] is not None else None
        if isinstance(found, Function) and self.world.is_alone:
            yield self.analysis.function(found).at(call, f"super().{func.attr}()")
        elif owner is not None and func.attr == "__init__" and self._is_exception(owner):
            return
        else:
            yield self._operation(call, unknown="the method of the base class is not followed", ends=_NOT_FOLLOWED)

    def _is_exception(self, owner: ast.ClassDef) -> bool:
        return all(self.analysis.hierarchy.named(base) is not None for base in owner.bases)

    def _own_method(self, call: ast.Call, func: ast.Attribute, name: str) -> Iterator[Operation]:
        """A method of an instance of a class of this module, or of one that is derived from it here."""
        found = self.module.index.scope.bindings.get(name, ())
        definition = found[0].node if len(found) == 1 else None
        method = self._find(definition, func.attr) if isinstance(definition, ast.ClassDef) else "it is bound twice"
        if isinstance(definition, ast.ClassDef) and not self.world.is_alone:
            method = "a class in another file may be derived from this one"
        stored = func.attr in self.world.assigned_attributes
        if isinstance(method, Function) and not stored:
            overriding = self._overriding(definition, method)
            for item in overriding:
                yield self.analysis.function(item).at(call, f"{self.analysis.expressions.text(func)}()")
        elif method is None and not stored:
            yield self._operation(call, "AttributeError")
        else:
            why = method if isinstance(method, str) else _NOT_FOLLOWED
            yield self._operation(call, "AttributeError", unknown=why, ends=self.unknown_ends(func.attr))

    def _overriding(self, definition: ast.AST | None, method: Function) -> list[Function]:
        """A method and those of the same name in the module's other classes, if any may be derived."""
        derived = any(
            self.module.local_class(base) is definition
            for node in self.module.nodes(ast.ClassDef)
            for base in node.bases
        )
        return self.world.methods[method.name] if derived else [method]

    def _unknown_method(self, call: ast.Call, func: ast.Attribute) -> Iterator[Operation]:
        """A method of a value of an unknown class."""
        own = [item for item in self.world.methods.get(func.attr, ())]
        usual = knowledge().anything.get(func.attr)
        if usual is not None and self.world.is_closed and func.attr not in self.world.assigned_attributes:
            for item in own:
                yield self.analysis.function(item).at(call, f"{func.attr}() of a class of this module")
            types = {"AttributeError", *usual}
            unknown = ""
            if any(not self.analysis.expressions.is_plain(arg) for arg in call.args) or call.keywords:
                types.add("TypeError")
            if any(isinstance(arg, ast.Lambda) or self._names_function(arg) for arg in call.args):
                unknown = "it may call what is passed"
            yield self._operation(call, *types, unknown=unknown)
            return
        text = self.analysis.expressions.text(func.value)
        yield self._operation(
            call, "AttributeError", unknown=f"the class of {text} is not known", ends=self.unknown_ends(func.attr)
        )

    def _format(self, call: ast.Call, func: ast.Attribute) -> Iterator[Operation]:
        """``template.format(...)``."""
        for arg in (*call.args, *(keyword.value for keyword in call.keywords)):
            yield from self.analysis.expressions.formatted(arg)
        template = func.value.value if isinstance(func.value, ast.Constant) else None
        if not isinstance(template, str):
            yield self._operation(call, "AttributeError", "LookupError", "TypeError", "ValueError")
        elif ":" in template or "." in template or "[" in template:
            yield self._operation(call, "AttributeError", "LookupError", "TypeError", "ValueError")
        elif any(isinstance(arg, ast.Starred) for arg in call.args) or any(item.arg is None for item in call.keywords):
            yield self._operation(call, "LookupError", "TypeError")

    def unknown_ends(self, method: str | None) -> str:
        """Why a call of something that is not known may end the script; empty if nothing here can.

        Args:
            method: the name of the method, None for a value that is called.
        """
        if method in _PARSERS and self.world.roots & {"argparse", "optparse"}:
            return "an argument parser may end the script"
        if method is not None:
            ends = self.exits.by_name(method)
            if ends or method in PROTOCOL or self.world.is_alone:
                return ends
        elif self.world.is_alone:
            return self.exits.passed
        return "what it calls is not known, and may be code of another file that ends the script"

    # --- with ------------------------------------------------------------------------------------------------

    def entered(self, expr: ast.expr) -> Iterator[Operation]:
        """The entering and leaving of a context manager."""
        what = f"with {self.analysis.expressions.text(expr)}"
        types = self.kinds.of(expr)
        if types is None:
            yield Operation(expr, what, frozenset(), "what the context manager does is not known")
            return
        for type_ in types:
            row = knowledge().method(type_.name, "__exit__")
            if row is not None:
                yield Operation(expr, what, row.raises)
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

    # --- builtins whose errors depend on what they get -------------------------------------------------------

    def _builtins_int(self, call: ast.Call) -> Iterator[Operation] | None:
        return self._number(call, {"float": ("OverflowError", "ValueError")})

    def _builtins_float(self, call: ast.Call) -> Iterator[Operation] | None:
        return self._number(call, {"int": ("OverflowError",)})

    def _number(self, call: ast.Call, special: dict[str, tuple[str, ...]]) -> Iterator[Operation] | None:
        """``int(x)`` and ``float(x)`` of a value whose class is known."""
        names = self.kinds.names(call.args[0]) if len(call.args) == 1 and not call.keywords else None
        if not call.args and not call.keywords:
            return iter(())
        if names is None or any(name.startswith(OWN_CLASS) for name in names):
            return None
        text = {name: ("ValueError",) for name in ("str", "bytes")}
        by_name = {"int": (), "float": (), "bool": (), "NoneType": ("TypeError",), **text, **special}
        types = {item for name in names for item in by_name.get(name, ("TypeError",))}
        return iter([self._operation(call, *types)] if types else [])

    def _builtins_print(self, call: ast.Call) -> Iterator[Operation] | None:
        """What is no text beyond ASCII can be written to any stream that is there."""
        if call.keywords or any(isinstance(arg, ast.Starred) for arg in call.args):
            return None
        for arg in call.args:
            names = self.kinds.names(arg)
            if not _is_literal(arg) and (names is None or not names <= {"int", "float", "bool", "NoneType"}):
                return None
        return iter([self._operation(call, "OSError")])

    def _json_loads(self, call: ast.Call) -> Iterator[Operation] | None:
        """A text needs no decoding."""
        if len(call.args) != 1 or call.keywords or self.kinds.names(call.args[0]) != {"str"}:
            return None
        return iter([self._operation(call, "json.JSONDecodeError")])

    def _builtins_max(self, call: ast.Call) -> Iterator[Operation] | None:
        """Several values are compared with each other."""
        if len(call.args) < 2 or call.keywords or any(isinstance(arg, ast.Starred) for arg in call.args):
            return None
        if all(self.analysis.expressions.is_plain(arg) for arg in call.args):
            return iter(())
        return iter([self.analysis.expressions.guarded(call, ("TypeError",), ("__lt__", "__gt__"))])

    _builtins_min = _builtins_max

    def _builtins_len(self, call: ast.Call) -> Iterator[Operation] | None:
        if len(call.args) != 1 or self.kinds.of(call.args[0]) is not None:
            return None
        return iter([self.analysis.expressions.guarded(call, ("TypeError",), ("__len__",))])

    def _builtins_bool(self, call: ast.Call) -> Iterator[Operation] | None:
        return self.analysis.expressions.truth(call.args[0]) if len(call.args) == 1 else None

    def _builtins_next(self, call: ast.Call) -> Iterator[Operation] | None:
        if not call.args:
            return None
        found = list(self.analysis.expressions.iteration(call.args[0]))
        if len(call.args) == 1:
            found.append(self._operation(call, "StopIteration"))
        return iter(found)

    def _builtins_getattr(self, call: ast.Call) -> Iterator[Operation] | None:
        types = ("AttributeError", "TypeError") if len(call.args) == 2 else ("TypeError",)
        return iter([self._operation(call, *types, unknown="the attribute may be a property of any class")])

    def _builtins_setattr(self, call: ast.Call) -> Iterator[Operation] | None:
        return iter([self._operation(call, "AttributeError", "TypeError", unknown="it may call a setter of any class")])

    def _builtins_super(self, _call: ast.Call) -> Iterator[Operation] | None:
        return iter(())


def _decides(type_: str, expr: ast.expr) -> bool:
    """Whether an argument as it is written tells that an exception does not come."""
    if type_ == "IndexError" and isinstance(expr, (ast.List, ast.Tuple)) and expr.elts:
        return not isinstance(expr.elts[0], ast.Starred)  # there is a first one
    return _is_literal(expr)


def _is_literal(expr: ast.expr) -> bool:
    """Whether a value stands in the source: a constant, or a list or tuple of constants."""
    if isinstance(expr, (ast.List, ast.Tuple)):
        return all(map(_is_literal, expr.elts))
    if isinstance(expr, ast.UnaryOp):
        return isinstance(expr.op, (ast.USub, ast.UAdd)) and _is_literal(expr.operand)
    if isinstance(expr, ast.Constant):
        return not isinstance(expr.value, str) or expr.value.isascii()
    return False
