"""The types of a command line's options: attributes of the namespace that argparse or optparse returns.

Options are distinguished by name alone, over all parsers of the module. So the
analysis has to see all code that may add an option to a parser, or assign to a
namespace; otherwise the types are unknown.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pymodernize.semantics.call_binding import parameter_at
from pymodernize.semantics.scopes import ScopeKind
from pymodernize.semantics.types import BOOL, INT, NONE, NOTHING, STR, Type, Types, names_of, parse, union

if TYPE_CHECKING:
    from pymodernize.semantics.inference import Inference
    from pymodernize.semantics.module import Module

ARGPARSE, OPTPARSE = "argparse.ArgumentParser", "optparse.OptionParser"
NAMESPACES = frozenset({"argparse.Namespace", "optparse.Values"})
_GIVEN_BY = {
    (ARGPARSE, "parse_args"): "argparse.Namespace",
    (ARGPARSE, "parse_known_args"): "tuple[argparse.Namespace, list[str]]",
    (OPTPARSE, "parse_args"): "tuple[optparse.Values, list[str]]",
}
# Keywords of a parser by which its options differ from the calls that add them.
_MEDDLING = frozenset(
    {"parents", "argument_default", "prefix_chars", "option_list", "option_class", "values", "parser_class", None}
)
_MAKING = frozenset({"add_argument_group", "add_mutually_exclusive_group", "add_option_group", "add_subparsers"})
_ADDING = frozenset({"add_argument", "add_option"})
# Functions that only print a namespace.
_SHOWING = frozenset({"builtins.print", "builtins.repr", "builtins.str", "pprint.pprint"})
_CONVERTED = {"builtins.int": "int", "builtins.float": "float", "builtins.str": "str", "pathlib.Path": "pathlib.Path"}
_NAMED = {"int": "int", "long": "int", "float": "float", "string": "str", "choice": "str"}
# Attributes of a parser whose assignment may change the values of its options.
_WORKINGS = frozenset(
    """argument_default check_values convert_arg_line_to_args error exit get_default_values option_class prefix_chars
    standard_option_list values""".split()
)
# Attributes by which actions can be changed, or options accessed as objects.
_OPENING = frozenset({"get_option", "get_option_group", "option_groups", "option_list", "register"})
_SETTING = frozenset(
    {"set_defaults", "set_default", "add_options", "defaults", "ensure_value", "read_file", "read_module"}
)
_READING = frozenset({"copy", "get", "items", "keys", "values"})


class _UnknownError(Exception):
    """The analysis does not see all code that concerns an option."""


def result(inference: Inference, call: ast.Call) -> Types | None:
    """The types of a call that creates a parser or parses arguments; None for any other call.

    Args:
        inference: the types of the module.
        call: any call.
    """
    qualified = inference.module.qualified_name(call.func)
    if qualified in {ARGPARSE, OPTPARSE}:
        return frozenset({Type(qualified)})
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in {"parse_args", "parse_known_args"}:
        return None
    types = inference.of(call.func.value)
    if not types or len(types) != 1 or call.keywords:
        return None
    if (
        not inference.module.once(Options).is_known
        or len(call.args) > 1
        or any(inference.iterated(arg) != STR for arg in call.args)
    ):
        return None
    return parse(_GIVEN_BY.get((next(iter(types)).name, call.func.attr), ""))


class Options:
    """Infers the types of the options of one module, over all of its parsers.

    Args:
        module: the module.
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self.adding: dict[str, list[ast.Call]] = {}
        """The calls that add an option, by its name."""
        self.set: dict[str, list[ast.expr]] = {}
        """The values that are otherwise assigned to an option, by its name."""
        self._unknown: set[str] = set()
        self._seen: set[object] = set()
        try:
            self.is_known = module.is_closed and not module.values.is_reached_otherwise
            if self.is_known:
                self._collect()
        except _UnknownError:
            self.is_known = False

    def of(self, inference: Inference, name: str) -> Types | None:
        """The types of an option.

        Args:
            inference: the types of the module.
            name: the attribute that has it.

        Returns:
            None if it may be anything.
        """
        if not self.is_known or name in self._unknown or name not in self.adding and name not in self.set:
            return None
        options = [_Option(inference, call) for call in self.adding.get(name, ())]
        given = union(inference.of(expr) for expr in self.set.get(name, ()))
        # A default that is a str is converted, too.
        is_text = given is not None and "str" in names_of(given)
        converted = [option.converted() for option in options] if is_text else []
        return union([given, *(option.types() for option in options), *converted])

    # --- what adds and sets ------------------------------------------------------------------------------------

    def _collect(self) -> None:
        """Collect the calls and assignments that give values to options.

        Raises:
            _UnknownError: there may be others.
        """
        module = self.module
        replaced = module.names.assigned_attributes
        if module.calls("builtins.setattr") or any(name.startswith(("argparse.", "optparse.")) for name in replaced):
            raise _UnknownError
        for call in module.calls(ARGPARSE, OPTPARSE):
            if any(keyword.arg in _MEDDLING for keyword in call.keywords) or len(call.args) > 1:
                raise _UnknownError
            self._follow(call)
        for node in module.nodes(ast.Attribute):
            call = module.parent(node)
            called = call if isinstance(call, ast.Call) and call.func is node else None
            if node.attr in _ADDING:
                self._add(called)
            elif node.attr in _MAKING or node.attr == "add_parser":
                self._make(called)
            elif node.attr in _SETTING:
                self._default(called, node.attr)
            elif node.attr in {"parse_args", "parse_known_args"}:
                self._parsed(called)
            elif not isinstance(node.ctx, ast.Load):
                self._store(node)

    def _add(self, call: ast.Call | None) -> None:
        if call is None or any(isinstance(arg, ast.Starred) for arg in call.args):
            raise _UnknownError
        name = _name_of(call)
        if name is None or any(keyword.arg is None for keyword in call.keywords):
            raise _UnknownError
        self.adding.setdefault(name, []).append(call)
        if not isinstance(self.module.parent(call), ast.Expr):
            raise _UnknownError  # the action that it returns can be changed
        if not isinstance(_keyword(call, "action") or ast.Constant("store"), ast.Constant):
            raise _UnknownError  # a custom action may set other options, too
        if _keyword(call, "callback") is not None:
            raise _UnknownError

    def _make(self, call: ast.Call | None) -> None:
        if call is None or any(keyword.arg in _MEDDLING for keyword in call.keywords):
            raise _UnknownError
        self._follow(call)
        dest = _keyword(call, "dest")
        if dest is not None:
            if not isinstance(dest, ast.Constant) or not isinstance(dest.value, str):
                raise _UnknownError
            # The name of the chosen command, or None.
            self.set.setdefault(dest.value, []).extend([dest, ast.copy_location(ast.Constant(None), dest)])

    def _default(self, call: ast.Call | None, method: str) -> None:
        if call is None or method != "set_defaults" or call.args:
            raise _UnknownError
        for keyword in call.keywords:
            if keyword.arg is None:
                raise _UnknownError
            self.set.setdefault(keyword.arg, []).append(keyword.value)

    def _parsed(self, call: ast.Call | None) -> None:
        if call is None:
            raise _UnknownError
        match self.module.parent(call):
            case ast.Assign(targets=[ast.Tuple(elts=[ast.Name() as name, _])]):
                self._variable(name)
            case ast.Subscript(slice=ast.Constant(value=0)) as item:
                self._follow(item)
            case _:
                self._follow(call)

    def _store(self, node: ast.Attribute) -> None:
        """Record an assignment to an attribute of this name, whatever its receiver."""
        parent = self.module.parent(node)
        if isinstance(parent, ast.Assign):
            self.set.setdefault(node.attr, []).append(parent.value)
        else:
            self._unknown.add(node.attr)

    # --- where parsers and options go --------------------------------------------------------------------------

    def _follow(self, expr: ast.expr) -> None:
        """Follow a parser or a namespace through its uses.

        Raises:
            _UnknownError: it may escape to code that the analysis does not see.
        """
        parent = self.module.parent(expr)
        match parent:
            case ast.Assign(targets=targets) if all(isinstance(target, ast.Name) for target in targets):
                for target in targets:
                    self._variable(target)
            case ast.Attribute(attr=name, ctx=context) if not name.startswith("_"):
                if name in _OPENING or name in _WORKINGS and not isinstance(context, ast.Load):
                    raise _UnknownError
            case ast.Call(func=func, args=args) if any(arg is expr for arg in args):
                self._passed(parent, func, next(number for number, arg in enumerate(args) if arg is expr))
            case ast.Return():
                function = self.module.function(parent)
                calls = self.module.every_call(function) if function is not None else None
                if calls is None:
                    raise _UnknownError
                for call in calls:
                    self._follow(call)
            case ast.Expr() | ast.FormattedValue() | ast.Compare():
                pass
            case _:
                raise _UnknownError

    def _variable(self, target: ast.expr) -> None:
        found = self.module.scope(target).lookup(target.id) if isinstance(target, ast.Name) else None
        if found is None or found[0].kind is ScopeKind.CLASS:
            raise _UnknownError
        if (found[0], found[1][0].name) in self._seen:
            return
        self._seen.add((found[0], found[1][0].name))
        for use in self.module.uses(found[1][0]):
            self._follow(use)

    def _passed(self, call: ast.Call, func: ast.expr, place: int) -> None:
        qualified = self.module.qualified_name(func)
        if qualified in _SHOWING:
            return
        if qualified == "builtins.vars":
            outer = self.module.parent(call)
            reading = isinstance(outer, ast.Attribute) and outer.attr in _READING
            if reading or isinstance(outer, ast.keyword) and outer.arg is None:
                return
        function = self.module.local_function(func)
        parameter = parameter_at(function, place) if function is not None else None
        if function is None or parameter is None or any(isinstance(arg, ast.Starred) for arg in call.args):
            raise _UnknownError
        scope = self.module.index.scopes[function]
        binding = scope.bindings[parameter.arg][0]
        if (scope, binding.name) not in self._seen:
            self._seen.add((scope, binding.name))
            for use in self.module.uses(binding):
                self._follow(use)


class _Option:
    """One call that adds an option."""

    def __init__(self, inference: Inference, call: ast.Call) -> None:
        self.inference = inference
        self.call = call
        self.is_argparse = isinstance(call.func, ast.Attribute) and call.func.attr == "add_argument"

    def types(self) -> Types | None:
        """The types that the option may have."""
        action = _keyword(self.call, "action")
        given = self._acted(action.value if isinstance(action, ast.Constant) else "store")
        default = _keyword(self.call, "default")
        if default is None:
            return union([given, self._without()])
        types = self.inference.of(default)
        # A default that is a str is converted as an argument is.
        as_text = self.converted() if types is not None and "str" in names_of(types) else NOTHING
        return union([given, types, as_text])

    def _acted(self, action: object) -> Types | None:
        """The types of the option if it is on the command line."""
        if action in {"store_true", "store_false"}:
            return BOOL
        if action == "count":
            return INT
        if action in {"help", "version"}:
            return NOTHING
        if action == "store_const":
            return self._const()
        value = self.converted()
        if action in {"append", "extend"}:
            return frozenset({Type("list")})
        if action != "store":
            return None
        nargs = _keyword(self.call, "nargs")
        if nargs is None:
            return value
        if not self.is_argparse:
            # One argument is the value itself, more than one are a tuple.
            several = frozenset({Type("tuple")})
            return (
                union([value, several])
                if not isinstance(nargs, ast.Constant)
                else value
                if nargs.value == 1
                else several
            )
        if isinstance(nargs, ast.Constant) and nargs.value == "?":
            return value if _is_positional(self.call) else union([value, self._const()])
        return frozenset({Type("list", element=value)}) if self._is_list(nargs) else None

    def _is_list(self, nargs: ast.expr) -> bool:
        """Whether the value for some ``nargs`` is a list."""
        if isinstance(nargs, ast.Constant):
            return nargs.value in {"*", "+"} or isinstance(nargs.value, int)
        return False

    def _const(self) -> Types | None:
        const = _keyword(self.call, "const")
        return self.inference.of(const) if const is not None else NONE

    def _without(self) -> Types:
        """The types of the option if it is not on the command line and has no default."""
        action = _keyword(self.call, "action")
        if isinstance(action, ast.Constant) and action.value in {"store_true", "store_false"} and self.is_argparse:
            return BOOL
        required = _keyword(self.call, "required")
        if self.is_argparse and isinstance(required, ast.Constant) and required.value is True:
            return NOTHING
        nargs = _keyword(self.call, "nargs")
        is_there = nargs is None or isinstance(nargs, ast.Constant) and nargs.value != "?"
        return NOTHING if self.is_argparse and _is_positional(self.call) and is_there else NONE

    def converted(self) -> Types | None:
        """The types that an argument is converted to."""
        converter = _keyword(self.call, "type")
        if converter is None:
            return STR
        if isinstance(converter, ast.Constant):
            if converter.value is None:
                return STR
            return parse(_NAMED.get(str(converter.value), "")) if not self.is_argparse else None
        return parse(_CONVERTED.get(self.inference.module.qualified_name(converter) or "", ""))


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((keyword.value for keyword in call.keywords if keyword.arg == name), None)


def _is_positional(call: ast.Call) -> bool:
    first = call.args[0] if call.args else None
    return isinstance(first, ast.Constant) and isinstance(first.value, str) and not first.value.startswith("-")


def _name_of(call: ast.Call) -> str | None:
    """The name of the attribute that a call adds an option for; None if it is not known."""
    dest = _keyword(call, "dest")
    if dest is not None:
        return dest.value if isinstance(dest, ast.Constant) and isinstance(dest.value, str) else None
    flags = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if not flags or len(flags) < len(call.args):
        return None
    if _is_positional(call):
        return flags[0]
    long = next((flag for flag in flags if flag.startswith("--")), flags[0])
    return long.lstrip("-").replace("-", "_")
