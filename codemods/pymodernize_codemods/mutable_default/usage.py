"""What a function does with the object that is a parameter's default: it reads it, changes it, or hands it on."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from enum import IntEnum

from pymodernize.semantics.call_binding import parameter_of
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding


class Usage(IntEnum):
    """From the least to the most that a use may lead to."""

    READ = 0
    CHANGED = 1
    """Its content is changed, and nothing else can reach it."""
    ESCAPES = 2
    """It is returned, stored, or passed to code that may keep or change it."""


# Methods of the mutable types that change nothing and give away nothing but elements and copies.
_READING = frozenset(
    """copy count difference elements get index intersection isdisjoint issubset issuperset items keys most_common
    symmetric_difference total union values""".split()
)
_CHANGING = frozenset(
    """add append appendleft clear difference_update discard extend extendleft insert intersection_update move_to_end
    pop popitem popleft remove reverse rotate setdefault sort subtract symmetric_difference_update update""".split()
)
# Functions that keep no argument, or only in an iterator that changes nothing.
_BUILTINS = frozenset(
    f"builtins.{name}"
    for name in """all any bool dict enumerate filter format frozenset hash isinstance iter len list max min print
    repr reversed set sorted str sum tuple type zip""".split()
) | {"json.dumps", "copy.copy", "copy.deepcopy", "subprocess.call", "subprocess.check_call", "subprocess.check_output"}
_TAKING_NOTHING_OUT = frozenset(
    f"builtins.{name}" for name in "all any bool format isinstance len print repr str type".split()
)
# Methods that take an iterable and copy what is in it, and those that only compare or join it.
_COPYING = frozenset({"extend", "update", "difference_update", "union", "intersection", "difference"})
_COMPARING = frozenset({"isdisjoint", "issubset", "issuperset", "join"})


def binding_of(module: Module, parameter: ast.arg) -> Binding | None:
    """The binding of a parameter, None if the function cannot be told to have one."""
    function = module.parent(module.parent(parameter) or parameter)
    scope = module.index.scopes.get(function) if function is not None else None
    found = scope.bindings.get(parameter.arg, []) if scope is not None else []
    return next((item for item in found if item.node is parameter), None)


def usage(module: Module, parameter: ast.arg, *, is_empty: bool, has_parts: bool) -> Usage:
    """The most that becomes of the object in the function and what this passes it to.

    Args:
        module: the model.
        parameter: the parameter whose default the object is.
        is_empty: whether the object is empty at first, and so counts as false.
        has_parts: whether its items can be changed, too: then what is taken out of it counts as handed on.
    """
    return _Following(module, is_empty, has_parts).of(parameter)


class _Following:
    """Follows one object through parameters; a parameter that is asked about again adds nothing."""

    def __init__(self, module: Module, is_empty: bool, has_parts: bool) -> None:
        self.module = module
        self.is_empty = is_empty
        self.taken_out = Usage.ESCAPES if has_parts else Usage.READ
        self.seen: set[ast.arg] = set()

    def of(self, parameter: ast.arg) -> Usage:
        if parameter in self.seen:
            return Usage.READ
        self.seen.add(parameter)
        binding = binding_of(self.module, parameter)
        if binding is None:
            return Usage.ESCAPES
        found = [self._of_use(use) for use in self.module.uses(binding)]
        found += [Usage.CHANGED for _ in augmented(self.module, binding)]
        return max(found, default=Usage.READ)

    def _of_use(self, use: ast.expr) -> Usage:
        """What becomes of the value of an expression that is the object."""
        parent = self.module.parent(use)
        match parent:
            case ast.BoolOp(values=values):
                # An empty object is passed over by 'or', and decides 'and' by itself.
                passed_over = self.is_empty and isinstance(parent.op, ast.Or) and use is not values[-1]
                return Usage.READ if passed_over else self._of_use(parent)
            case ast.IfExp(test=test):
                return Usage.READ if use is test else self._of_use(parent)
            case ast.Attribute() | ast.Subscript():
                return self._of_part(use, parent)
            case ast.Call():
                return self._of_argument(use, parent)
            case ast.keyword(arg=name):
                call = self.module.parent(parent)
                return (
                    self._of_argument(use, call) if name is not None and isinstance(call, ast.Call) else self.taken_out
                )
            case ast.For(iter=read) | ast.AsyncFor(iter=read) | ast.comprehension(iter=read) if read is use:
                return self.taken_out
            case (
                ast.If()
                | ast.While()
                | ast.Assert()
                | ast.Compare()
                | ast.UnaryOp()
                | ast.FormattedValue()
                | ast.Expr()
            ):
                return Usage.READ
            case ast.BinOp() | ast.Starred():
                return self.taken_out
            case ast.Dict(keys=keys, values=values):
                spread = any(key is None and value is use for key, value in zip(keys, values, strict=True))
                return self.taken_out if spread else Usage.ESCAPES
        return Usage.ESCAPES

    def _of_part(self, use: ast.expr, part: ast.Attribute | ast.Subscript) -> Usage:
        if isinstance(part, ast.Subscript):
            if use is not part.value:
                return Usage.ESCAPES  # another object is asked for it
            return self.taken_out if isinstance(part.ctx, ast.Load) else Usage.CHANGED
        call = self.module.parent(part)
        if not isinstance(call, ast.Call) or call.func is not part:
            return Usage.ESCAPES
        if part.attr in _READING:
            return self.taken_out
        return Usage.CHANGED if part.attr in _CHANGING else Usage.ESCAPES

    def _of_argument(self, use: ast.expr, call: ast.Call) -> Usage:
        qualified = self.module.qualified_name(call.func)
        if qualified in _BUILTINS:
            return Usage.READ if qualified in _TAKING_NOTHING_OUT else self.taken_out
        if isinstance(call.func, ast.Attribute) and call.func.attr in _COPYING | _COMPARING:
            owner = call.func.value
            known = self.module.type_of(owner)
            if isinstance(owner, (ast.Constant, ast.JoinedStr)) or known is not None:
                return Usage.READ if call.func.attr in _COMPARING else self.taken_out
        function = self.module.local_function(call.func)
        parameter = parameter_of(function, call, use) if function is not None else None
        return self.of(parameter) if parameter is not None else Usage.ESCAPES


def augmented(module: Module, binding: Binding) -> Iterator[ast.Name]:
    """Where ``x += …`` changes what a variable holds."""
    for other in binding.scope.bindings.get(getattr(binding.node, "arg", ""), []):
        parent = module.parent(other.node)
        if isinstance(parent, ast.AugAssign) and isinstance(other.node, ast.Name):
            yield other.node
