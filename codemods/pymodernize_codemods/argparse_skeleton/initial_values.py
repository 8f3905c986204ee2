"""Initial values: what a variable holds before an option or an argument sets it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind, ScopeKind
from pymodernize.semantics.scripts import is_guard
from pymodernize_codemods.argparse_skeleton.argv_uses import is_truth
from pymodernize_codemods.argparse_skeleton.patch import Patch

_NOTHING = object()


@dataclass(frozen=True)
class InitialValue:
    """A variable's initial value.

    Attributes:
        source: how to write it as a default: a literal, or the variable's name.
        value: the literal's value.
        assign: the assignment that is of no use once another follows it; None
            if it has to stay.
    """

    source: str
    value: object
    assign: ast.Assign | None


class SupersededValues:
    """The initial values that are of no use once the namespace gives their variables others.

    Attributes:
        names: the variables by the assignment.
    """

    def __init__(self) -> None:
        self.names: dict[ast.Assign, set[str]] = {}

    def add(self, start: InitialValue, target: ast.Name) -> None:
        """Note that a variable gets its initial value from argparse."""
        if start.assign is not None:
            self.names.setdefault(start.assign, set()).add(target.id)

    def remove(self, patch: Patch) -> None:
        """Take them away."""
        for assign, names in self.names.items():
            targets = [item for item in assign.targets if not (isinstance(item, ast.Name) and item.id in names)]
            left = " = ".join(patch.module.text(item) for item in targets)
            patch.statements[assign] = (f"{left} = {patch.module.text(assign.value)}",) if targets else ()


def initial_value_of(module: Module, target: ast.Name, statement: ast.stmt) -> InitialValue | None:
    """The value that a variable certainly has when a statement runs, if that is a literal.

    Args:
        module: the module.
        target: where the statement stores another value.
        statement: the statement.

    Returns:
        None if it is not certain.
    """
    found = module.scope(target).lookup(target.id)
    if found is None or any(item.kind is not BindingKind.NAME for item in found[1]):
        return None
    scope, bindings = found
    inside = {node for item in ast.walk(statement) for node in [item]}
    before = [item for item in bindings if item.node not in inside and _line(item.node) < statement.lineno]
    if len(before) != 1:
        return None
    assign = module.parent(before[0].node)
    if not isinstance(assign, ast.Assign) or not _is_literal(assign.value):
        return None
    value = ast.literal_eval(assign.value)
    here = scope.node if scope.kind is ScopeKind.FUNCTION else None
    same_frame = module.function(statement) is here
    block = module.block(assign)
    if same_frame and _is_passed_by(module, assign, statement, block):
        guarded = any(map(is_guard, module.ancestors(statement)))
        # A constant, or what the module has when it is imported, keeps its own line.
        constant = scope.kind is ScopeKind.MODULE and (
            target.id.isupper() or guarded and isinstance(module.parent(assign), ast.Module)
        )
        between = _between(module, target, assign, statement)
        shared = sum(item.lineno == assign.lineno for item in block) > 1
        if not constant and between and not shared:
            return InitialValue(module.text(assign.value), value, assign)
        return InitialValue(target.id, value, None) if scope.kind is ScopeKind.MODULE else None
    if scope.kind is ScopeKind.MODULE and isinstance(module.parent(assign), ast.Module) and not same_frame:
        others = [item for item in bindings if item not in before and item.node not in inside]
        return InitialValue(target.id, value, None) if not others else None
    return None


def _line(node: ast.AST) -> int:
    return getattr(node, "lineno", 0)


def _is_literal(value: ast.expr) -> bool:
    if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub):
        value = value.operand
    return isinstance(value, ast.Constant) and not isinstance(value.value, (bytes, complex))


def _is_passed_by(module: Module, assign: ast.stmt, statement: ast.stmt, block: list[ast.stmt]) -> bool:
    """Whether every way to a statement leads over an assignment."""
    if any(item is statement for item in block):
        return True
    around = [item for item in module.ancestors(statement) if isinstance(item, ast.stmt)]
    if isinstance(module.parent(assign), ast.Module) and any(item in block for item in around):
        outer = next(item for item in around if item in block)
        return is_guard(outer) or all(not isinstance(item, (ast.FunctionDef, ast.ClassDef)) for item in around)
    return any(item in block for item in around)


def _between(module: Module, target: ast.Name, assign: ast.stmt, statement: ast.stmt) -> bool:
    """Whether nothing can see the variable between its assignment and a statement."""
    binding = module.scope(target).lookup(target.id)
    uses = module.uses(binding[1][0]) if binding is not None else []
    first, last = assign.end_lineno or 0, statement.end_lineno or statement.lineno
    if any(first < use.lineno <= last for use in uses if module.function(use) is module.function(statement)):
        return False
    if any(isinstance(item, (ast.While, ast.For)) for item in module.ancestors(statement)):
        return False
    elsewhere = [use for use in uses if module.function(use) is not module.function(statement)]
    if not elsewhere:
        return True
    local = {node.name for node in (*module.nodes(ast.FunctionDef), *module.nodes(ast.ClassDef))}
    return not any(
        first < call.lineno < statement.lineno and getattr(call.func, "id", getattr(call.func, "attr", "")) in local
        for call in module.nodes(ast.Call)
        if module.function(call) is module.function(statement)
    )


def only_asked_for_truth(module: Module, target: ast.Name) -> bool:
    """Whether no read of a variable looks at more than the truth of its value."""
    binding = module.scope(target).lookup(target.id)
    return binding is not None and module.is_closed and all(is_truth(module, use) for use in module.uses(binding[1][0]))
