"""Where the parser's function goes, and where it is called."""

from __future__ import annotations

import ast
from functools import cached_property

from pymodernize.semantics.scripts import acts, is_guard
from pymodernize_codemods._script.entry import shows_messages
from pymodernize_codemods.argparse_skeleton.prompts import prompts_of
from pymodernize_codemods.argparse_skeleton.rewrite_context import RewriteContext


class Placing(RewriteContext):
    """Where the parser's function goes, and where it is called."""

    def _in_place_of(self, at: ast.stmt) -> ast.FunctionDef | None:
        """A function of the module that goes: the parser's can stand where it stood."""
        top = self.module.top_level(at)
        gone = [
            item
            for item in self.module.tree.body
            if isinstance(item, ast.FunctionDef) and self.patch.statements.get(item) == () and item.lineno < top.lineno
        ]
        return gone[-1] if gone else None

    def _own_indent(self, source: str) -> list[str]:
        lines = []
        for line in source.split("\n"):
            body = line.lstrip(" ")
            lines.append(self.module.indent * ((len(line) - len(body)) // 4) + body)
        return lines

    def _argv(self) -> str:
        """What the parser is given: the frame's own parameter if it has one for that; else empty."""
        parameter = self.line.parameter
        if parameter is not None:
            return parameter.arg if self.line.offset == 0 else f"{parameter.arg}[1:]"
        return ""

    def _statement(self) -> ast.stmt:
        """The statement before which the command line is read: the first that needs it, in a block that all share."""
        at = self._first()
        # What a constant is set to must be in force wherever it was.
        return at if self.assigned else self._before_work(at)

    def _first(self) -> ast.stmt:
        """The first statement that needs the arguments, in a block that all share."""
        nodes = self.line.nodes() or [item for item in [self.line.first] if item is not None]
        nodes += [call for call, _ in prompts_of(self.module, self.line.frame)] if self.settings.prompts else []
        return min((self._outer(node) for node in (*nodes, *self.raw)), key=lambda item: item.lineno)

    def _before_work(self, at: ast.stmt) -> ast.stmt:
        """A statement further up if what stands between does work that no run can succeed with before the arguments."""
        block = self.module.block(at)
        above = block[: next(number for number, item in enumerate(block) if item is at)]
        first = next((number for number, item in enumerate(above) if self._works(item)), None)
        if first is None or self.early_exits.may_succeed(above[first:]):
            return at
        trees = [ast.parse(source) for source in self._default_sources()]
        named = {item.id for tree in trees for item in ast.walk(tree) if isinstance(item, ast.Name)}
        names = [node for item in above[first:] for node in ast.walk(item) if isinstance(node, ast.Name)]
        return at if named & {node.id for node in names if isinstance(node.ctx, ast.Store)} else above[first]

    def _works(self, statement: ast.stmt) -> bool:
        """Whether a statement does more than to define, to import and to set up logging."""
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
            return False
        if self.patch.statements.get(statement) == () or shows_messages(self.module, statement):
            return False
        return acts(self.module, statement)

    def _default_sources(self) -> list[str]:
        return [
            source for item in self.parser.arguments for key, source in item.settings if key in {"default", "version"}
        ]

    def _outer(self, node: ast.AST) -> ast.stmt:
        """The statement of the frame's own block that a node is in."""
        passed: list[ast.AST] = []
        child = node
        while child not in self._outermost:
            passed.append(child)
            around = self.module.parent(child)
            if around is None or around is self.line.frame or isinstance(around, ast.Module) or around in self._guards:
                self._outermost[child] = self.module.statement(child)
            else:
                child = around
        found = self._outermost[child]
        self._outermost.update(dict.fromkeys(passed, found))
        return found

    @cached_property
    def _outermost(self) -> dict[ast.AST, ast.stmt]:
        return {}

    @cached_property
    def _guards(self) -> frozenset[ast.AST]:
        """The guards that the whole command line is read in."""
        guards = [item for item in self.module.nodes(ast.If) if is_guard(item)]
        nodes = list(self.line.nodes())
        return frozenset(guard for guard in guards if all(self.module.is_inside(node, guard) for node in nodes))
