"""What calls of library functions with a row in the tables can raise, given their arguments."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.library.exceptions import OBJECT, Row, knowledge
from pymodernize.semantics.scopes import BindingKind
from pymodernize.semantics.types import names_of
from pymodernize_codemods._exceptions.kinds import NUMBERS, OWN_CLASS, mixed
from pymodernize_codemods._exceptions.numbers import may_be_too_large
from pymodernize_codemods._exceptions.operations import Operation
from pymodernize_codemods._exceptions.part import Part

# Keywords by which library functions take callbacks.
_CALLBACKS = frozenset(
    """key default object_hook object_pairs_hook cls parse_float parse_int parse_constant target callback onerror
    onexc filter ignore copy_function preexec_fn opener func function hook factory hook_compressed openhook""".split()
)
# Functions that format their arguments as text.
_TO_TEXT = frozenset({"builtins.str", "builtins.repr", "builtins.ascii", "builtins.print", "builtins.format"})
# Words that occur in files which register callbacks with a library.
_HOOKS = {
    "sqlite3.": (b"detect_types", b"register_", b"create_function", b"create_aggregate", b"_factory", b"set_"),
    "json.": (b"JSONEncoder", b"JSONDecoder", b"object_hook"),
    "warnings.": (b"showwarning", b"formatwarning"),
    "urllib.": (b"BaseHandler", b"_handler"),
    "shutil.": (b"register_",),
    "codecs.": (b"register",),
    "datetime.": (b"tzinfo",),
}
_ITEMS = "the class of the items is not known; a class of its own may answer in any way"


class Rows(Part):
    """The calls of functions that have a row."""

    def of(self, call: ast.Call, row: Row) -> Iterator[Operation]:
        """The operations of a call of a function that has a row.

        Args:
            call: the call.
            row: the row of its function.
        """
        types = set(row.raises) - self._decided(call, row)
        unknown = f"{row.name} may raise other types, too" if row.partial else ""
        if any(isinstance(arg, ast.Starred) for arg in call.args) or any(item.arg is None for item in call.keywords):
            types |= row.wrong
            unknown = "what is passed with stars is not known"
        for number, arg in enumerate(call.args):
            if number in row.reads:
                yield from self.analysis.loops.over(arg)
                items = self.kinds.iterated(arg)
                if row.wrong and (
                    items is None or mixed(frozenset(names_of(items))) and not names_of(items) <= NUMBERS
                ):
                    # An element may be of a wrong class, too: None among texts, or one that cannot be compared.
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
        if row.gives_numbers and any(
            may_be_too_large(self.kinds, arg) for arg in (*call.args, *(item.value for item in call.keywords))
        ):
            types |= {"OverflowError"}
        if row.calls:
            for arg in call.args:
                yield from self._called_back(call, arg)
        if f"builtins.{row.name.rpartition('.')[2]}" in _TO_TEXT and row.name in _TO_TEXT:
            for arg in call.args:
                yield from self.analysis.formatting.of_value(arg)
        unknown = unknown or self._hooked(row)
        yield self.called(call, *types, unknown=unknown, trusts=row.trusts)

    def _hooked(self, row: Row) -> str:
        """Why a library function may call code of the module; empty if it does not."""
        if row.name.startswith("logging.") and self.world.handles_log_records:
            return "this module has handlers of its own for log records"
        for prefix, words in _HOOKS.items():
            if row.name.startswith(prefix) and self.module.has_text(*words):
                return "this module gives the library functions of its own to call"
        return ""

    def _decided(self, call: ast.Call, row: Row) -> set[str]:
        """The types of a row that the arguments of this call exclude: those on which the types depend are literals."""
        given = {item.arg for item in call.keywords}
        starred = any(isinstance(arg, ast.Starred) for arg in call.args)
        by_place = {
            type_ for type_, places in row.depends if starred or any(0 <= place < len(call.args) for place in places)
        }
        absent = {type_ for type_, keyword in row.only_with if keyword not in given and None not in given}
        without = absent - by_place
        if any(item.arg is None or not _is_settled(item.value) for item in call.keywords):
            return without
        return without | {
            type_
            for type_, places in row.depends
            if not starred and all(self._excludes(call, row, type_, place) for place in places)
        }

    def _excludes(self, call: ast.Call, row: Row, type_: str, place: int) -> bool:
        """Whether the argument at one position excludes an exception type."""
        if place >= len(call.args):
            return True
        expr = call.func.value if place == OBJECT and isinstance(call.func, ast.Attribute) else call.args[place]
        if type_ == "ValueError" and place in row.paths and self.analysis.path_texts.can_be_taken(expr):
            return True
        return place != OBJECT and _is_told(type_, expr)

    def _argument(self, call: ast.Call, row: Row, arg: ast.expr) -> tuple[frozenset[str], str]:
        """The types that an argument adds if it may be of a wrong class, and why there may be others; empty if not."""
        if isinstance(arg, ast.Starred) or row.calls and self._is_callable(arg):
            return frozenset(), ""
        if isinstance(arg, ast.Lambda) or self.names_function(arg):
            return row.wrong, f"{self.text(call.func)} may call what is passed"
        if (
            isinstance(arg, ast.Attribute)
            and arg.attr.isupper()
            and self.module.qualified_name(arg) in knowledge().values
        ):
            return frozenset(), ""  # a constant such as subprocess.PIPE
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

    def names_function(self, arg: ast.expr) -> bool:
        """Whether an argument is the name of a function or class of the module."""
        if not isinstance(arg, ast.Name):
            return False
        found = self.module.scope(arg).lookup(arg.id)
        return found is not None and any(
            binding.kind in {BindingKind.FUNCTION, BindingKind.CLASS} for binding in found[1]
        )

    def _called_back(self, call: ast.Call, arg: ast.expr) -> Iterator[Operation]:
        """The operations of calling a callback with unknown arguments."""
        text = f"{self.text(arg)}, called by {self.text(call.func)}()"
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
        row = self.row_of(self.module.qualified_name(arg) or "")
        if row is not None and not row.calls and not row.reads:
            yield Operation(arg, text, row.raises | row.wrong, trusts=row.trusts)
            return
        yield Operation(
            arg, text, frozenset(), "what is passed may be any function", self.analysis.exits.of_unknown(None)
        )


# Codecs that raise UnicodeError itself instead of its subclasses.
PICKY_CODECS = ("idna", "punycode")


def _is_told(type_: str, expr: ast.expr) -> bool:
    """Whether the source of an argument excludes an exception type."""
    if type_ == "IndexError" and isinstance(expr, (ast.List, ast.Tuple)) and expr.elts:
        return not isinstance(expr.elts[0], ast.Starred)  # there is a first one
    if type_ == "ValueError" and isinstance(expr, ast.Constant) and expr.value in PICKY_CODECS:
        return False
    return _is_settled(expr)


def _is_settled(expr: ast.expr) -> bool:
    """Whether a value is the same in every run: a literal, or flags of a module, such as ``re.I``."""
    match expr:
        case ast.Attribute(value=ast.Name(), attr=attr):
            return attr.isupper()
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            return _is_settled(left) and _is_settled(right)
    return is_literal(expr)


def is_literal(expr: ast.expr) -> bool:
    """Whether an expression is a constant, or a list or tuple of constants; texts have to be ASCII."""
    if isinstance(expr, (ast.List, ast.Tuple)):
        return all(map(is_literal, expr.elts))
    if isinstance(expr, ast.UnaryOp):
        return isinstance(expr.op, (ast.USub, ast.UAdd)) and is_literal(expr.operand)
    if isinstance(expr, ast.Constant):
        return not isinstance(expr.value, str) or expr.value.isascii()
    return False
