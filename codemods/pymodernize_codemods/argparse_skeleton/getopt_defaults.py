"""The values that the variables of getopt's options have without them."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from functools import cached_property

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind
from pymodernize_codemods.argparse_skeleton.getopt_branches import OptionEffect, SetsVariable, is_literal
from pymodernize_codemods.argparse_skeleton.reasons import NotConvertible


class OptionDefaults:
    """The assignments before the loop that set the variables of the options.

    Args:
        module: the module.
        anchor: the statement that calls getopt.
        loop_statement: the loop over the options.

    Attributes:
        assigns: the assignment by the variable's name.
        removed: those that are of no use once the namespace sets the variable.
    """

    def __init__(self, module: Module, anchor: ast.stmt, loop_statement: ast.For) -> None:
        self.module = module
        self.anchor = anchor
        self.loop_statement = loop_statement
        self.assigns: dict[str, ast.Assign] = {}
        self.removed: list[ast.stmt] = []

    def find(self, effects: Sequence[OptionEffect]) -> None:
        """The assignments that give each variable its value if its option is not given."""
        setting = [effect for effect in effects if isinstance(effect, SetsVariable)]
        for effect in setting:
            if effect.variable.id not in self.assigns:
                self.assigns[effect.variable.id] = self._assign_of(effect.variable)
        made = {effect.variable.id for effect in setting if effect.made is not None}
        for name, assign in self.assigns.items():
            if name not in made and is_literal(assign.value) and self._is_needless(name, assign):
                self.removed.append(assign)

    def _assign_of(self, variable: ast.Name) -> ast.Assign:
        """The one assignment before the loop that a variable has its value from."""
        module = self.module
        found = module.scope(variable).lookup(variable.id)
        if found is None:
            raise NotConvertible(f"{variable.id} has no value without its option")
        before = [
            binding
            for binding in found[1]
            if not module.is_inside(binding.node, self.loop_statement)
            and getattr(binding.node, "lineno", 0) < self.loop_statement.lineno
        ]
        assign = module.parent(before[0].node) if len(before) == 1 and before[0].kind is BindingKind.NAME else None
        if not isinstance(assign, ast.Assign) or len(assign.targets) != 1 or assign.targets[0] is not before[0].node:
            raise NotConvertible(f"what {variable.id} is without its option cannot be told")
        own = module.block(assign) is module.block(self.anchor)
        top = found[0] is module.index.scope and module.parent(assign) is module.tree
        if not own and not top:
            raise NotConvertible(f"what {variable.id} is without its option cannot be told")
        if (
            top
            and not own
            and len(found[1]) != 1 + sum(module.is_inside(binding.node, self.loop_statement) for binding in found[1])
        ):
            raise NotConvertible(f"what {variable.id} is without its option cannot be told")
        return assign

    def _is_needless(self, name: str, assign: ast.Assign) -> bool:
        """Whether nothing can read a variable between its default and the loop."""
        block, number = self.module.place(assign)
        if block is not self.module.block(self.anchor):
            return False
        busy, reads = self._last
        return busy <= number and reads.get(name, 0) <= number

    @cached_property
    def _last(self) -> tuple[int, dict[str, int]]:
        """The last statement before the loop that may read anything, and for each name the last that reads it."""
        module = self.module
        block, end = module.place(self.loop_statement)
        quiet = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Global)
        busy, reads = 0, {}
        for number, statement in enumerate(block[:end]):
            if statement is self.anchor or isinstance(statement, quiet):
                continue
            if not isinstance(statement, ast.Assign):
                busy = number
                continue
            for node in ast.walk(statement.value):
                if isinstance(node, ast.Name):
                    reads[node.id] = number
                elif isinstance(node, ast.Call):
                    root = (module.qualified_name(node.func) or "").partition(".")[0]
                    busy = number if root in {"", "__main__"} else busy
        return busy, reads

    def source_of(self, name: str, default: str) -> str:
        """The default: the module's own name for it where that stays."""
        assign = self.assigns[name]
        stays = assign not in self.removed and any(item is assign for item in self.module.tree.body)
        return name if stays else default

    def comment_of(self, name: str) -> str:
        """The comment behind a default that goes: it says what the option is for."""
        assign = self.assigns[name]
        if assign not in self.removed:
            return ""
        text = self.module.comments_by_line.get(assign.lineno, "").lstrip("# ").strip()
        return text.replace("%", "%%")
