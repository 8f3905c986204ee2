"""The exceptions that a block of statements can raise: the entry to the analysis, and its part for statements."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from pymodernize.semantics.call_binding import Function
from pymodernize.semantics.fixpoint import Fixpoint
from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.library.exceptions import knowledge
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Scope
from pymodernize_codemods._exceptions.bound import Bound
from pymodernize_codemods._exceptions.builtin_calls import Builtins
from pymodernize_codemods._exceptions.calls import Calls
from pymodernize_codemods._exceptions.exits import Exits
from pymodernize_codemods._exceptions.expressions import Expressions
from pymodernize_codemods._exceptions.formatting import Formatting
from pymodernize_codemods._exceptions.hierarchy import Hierarchy
from pymodernize_codemods._exceptions.kinds import Kinds
from pymodernize_codemods._exceptions.lookups import Lookups
from pymodernize_codemods._exceptions.loops import Loops
from pymodernize_codemods._exceptions.methods import Methods
from pymodernize_codemods._exceptions.operations import NOTHING, Ending, Operation, Summary
from pymodernize_codemods._exceptions.operators import Operators
from pymodernize_codemods._exceptions.path_texts import PathTexts
from pymodernize_codemods._exceptions.rows import Rows
from pymodernize_codemods._exceptions.targets import Targets
from pymodernize_codemods._exceptions.world import World

_DEEPEST = 25
_CHANGING = frozenset("pop popitem clear update setdefault add remove discard".split())
# Mutually recursive functions are analysed repeatedly; beyond this, the answer costs more than it is worth.
_MOST_STEPS = 300


class Analysis:
    """The analysis of one module, with cached answers.

    Args:
        module: the module.
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self.world = World(module)
        self.kinds = Kinds(module, self.world)
        self.path_texts = PathTexts(module, self.kinds)
        self.hierarchy = Hierarchy(module)
        self.bound = Bound(module, self.kinds)
        self.expressions = Expressions(self)
        self.exits = Exits(module, self.hierarchy, self.world)
        self.operators = Operators(self)
        self.lookups = Lookups(self)
        self.loops = Loops(self)
        self.formatting = Formatting(self)
        self.calls = Calls(self)
        self.builtins = Builtins(self)
        self.methods = Methods(self)
        self.rows = Rows(self)
        self.targets = Targets(self)
        self._summaries: Fixpoint[Summary] = Fixpoint(NOTHING, lambda _, found: found)
        self._looped: set[ast.AST] = set()
        self._steps = 0

    # --- functions -------------------------------------------------------------------------------------------

    def function(self, function: Function) -> Summary:
        """What running a function of the module can raise: the least fixpoint over the call graph."""
        if isinstance(function, ast.AsyncFunctionDef) or self.is_generator(function):
            return NOTHING  # the body runs later, when it is awaited or iterated over
        if not self._summaries.has(function):
            self._steps = self._steps + 1 if self._summaries.depth else 0
            if self._summaries.depth > _DEEPEST or self._steps > _MOST_STEPS:
                why = f"{function.name}() depends on too many other functions"
                return Summary(unknown=why, ends=None if self.world.is_alone and not self.exits.names else Ending(why))
        return self._summaries.of(function, lambda: self.body(function))

    def body(self, function: Function) -> Summary:
        """What the body of a function can raise, also that of a generator."""
        return Summary.of(self.block(function.body))

    def generator(self, function: Function) -> Summary:
        """What a loop over a generator of the module can raise; its ``yield`` raises nothing there."""
        if function in self._looped:
            return NOTHING  # a recursive generator: its body is in the set already
        self._looped.add(function)
        try:
            found = [item for item in self.block(function.body) if not isinstance(item.node, ast.Yield)]
            return Summary.of(found)
        finally:
            self._looped.discard(function)

    def is_generator(self, function: Function) -> bool:
        """Whether a function's own body yields."""
        return self.module.index.scopes[function] in self._yielding

    @cached_property
    def _yielding(self) -> frozenset[Scope]:
        """The scopes of the functions whose own bodies yield."""
        return frozenset(self.module.scope(node) for node in self.module.nodes(ast.Yield, ast.YieldFrom))

    # --- statements ------------------------------------------------------------------------------------------

    def block(self, statements: Sequence[ast.stmt]) -> Iterator[Operation]:
        """The operations of a suite, in document order, with what each can raise."""
        for statement in statements:
            yield from self.statement(statement)

    def statement(self, statement: ast.stmt) -> Iterator[Operation]:
        """The operations of one statement."""
        handler = getattr(self, f"_{type(statement).__name__.lower()}", None)
        if handler is None:
            what = f"{type(statement).__name__.lower()} statement"
            yield Operation(
                statement, what, unknown=f"what the {what} does is not followed", ends=Ending("it is not followed")
            )
        else:
            yield from handler(statement)

    def expression(self, expr: ast.expr | None) -> Iterator[Operation]:
        """The operations of an expression."""
        return self.expressions.of(expr)

    def _nothing(self, _statement: ast.stmt) -> Iterator[Operation]:
        yield from ()

    _pass = _break = _continue = _global = _nonlocal = _nothing

    def _expr(self, statement: ast.Expr) -> Iterator[Operation]:
        yield from self.expression(statement.value)

    def _return(self, statement: ast.Return) -> Iterator[Operation]:
        yield from self.expression(statement.value)

    def _assign(self, statement: ast.Assign) -> Iterator[Operation]:
        yield from self.expression(statement.value)
        for target in statement.targets:
            yield from self.targets.store(target, statement.value)

    def _annassign(self, statement: ast.AnnAssign) -> Iterator[Operation]:
        if statement.value is not None:
            yield from self.expression(statement.value)
            yield from self.targets.store(statement.target, statement.value)

    def _augassign(self, statement: ast.AugAssign) -> Iterator[Operation]:
        yield from self.expression(statement.value)
        yield from self.targets.augmented(statement)

    def _delete(self, statement: ast.Delete) -> Iterator[Operation]:
        for target in statement.targets:
            yield from self.targets.delete(target)

    def _if(self, statement: ast.If) -> Iterator[Operation]:
        yield from self.operators.truth(statement.test)
        yield from self.block(statement.body)
        yield from self.block(statement.orelse)

    _while = _if  # type: ignore[assignment]

    def _for(self, statement: ast.For) -> Iterator[Operation]:
        yield from self.expression(statement.iter)
        yield from self.loops.over(statement.iter)
        yield from self.targets.store_each(statement.target, statement.iter)
        if self._changes(statement):
            yield Operation(statement.iter, "a loop over what it changes", frozenset({"RuntimeError"}))
        yield from self.block(statement.body)
        yield from self.block(statement.orelse)

    def _changes(self, loop: ast.For) -> bool:
        """Whether the body of a loop may change the size of the dict or set that it iterates over."""
        looped = loop.iter
        if isinstance(looped, ast.Call) and isinstance(looped.func, ast.Attribute):
            if looped.func.attr not in {"keys", "values", "items"}:
                return False
            looped = looped.func.value
        names = self.kinds.names(looped)
        if names is not None and not names & {"dict", "set", "os.environ", "collections.OrderedDict", "json.object"}:
            return False
        wanted = ast.dump(looped)
        for node in (inner for item in loop.body for inner in own_nodes(item)):
            if isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
                if ast.dump(node.value) == wanted:
                    return True
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in _CHANGING and ast.dump(node.func.value) == wanted:
                    return True
        return False

    def _assert(self, statement: ast.Assert) -> Iterator[Operation]:
        yield from self.operators.truth(statement.test)
        yield from self.expression(statement.msg)
        yield Operation(statement, "assert", frozenset({"AssertionError"}))

    def _functiondef(self, statement: Function) -> Iterator[Operation]:
        defaults = [item for item in (*statement.args.defaults, *statement.args.kw_defaults) if item is not None]
        for default in defaults:
            yield from self.expression(default)
        if statement.decorator_list:
            yield Operation(
                statement, f"decorators of {statement.name}", unknown="what a decorator does is not followed"
            )

    _asyncfunctiondef = _functiondef

    def _import(self, statement: ast.Import) -> Iterator[Operation]:
        for alias in statement.names:
            yield self._imported(statement, alias.name)

    def _importfrom(self, statement: ast.ImportFrom) -> Iterator[Operation]:
        yield self._imported(statement, "." * statement.level + (statement.module or ""))

    def _imported(self, statement: ast.stmt, name: str) -> Operation:
        what = f"import of {name}"
        root = name.partition(".")[0]
        found = frozenset({"ImportError"})
        if self.world.is_known(name) or root in knowledge().vanished and root not in self.module.facts.beside:
            return Operation(statement, what, found)
        why = f"{name} is no module that is known here; what it does when it is loaded is not known"
        return Operation(statement, what, found, why, self.exits.of_foreign(why))

    # --- with, try, raise ------------------------------------------------------------------------------------

    def _with(self, statement: ast.With) -> Iterator[Operation]:
        inside: list[Operation] = []
        removed: frozenset[str] = frozenset()
        for item in statement.items:
            inside += self.expression(item.context_expr)
            suppressed = self._suppressed(item.context_expr)
            removed |= suppressed or frozenset()
            if suppressed is None:
                inside += self.methods.entered(item.context_expr)
            if item.optional_vars is not None and not isinstance(item.optional_vars, ast.Name):
                inside += self.targets.store(item.optional_vars, None)
        inside += self.block(statement.body)
        yield from self.without(inside, removed)

    def _suppressed(self, expr: ast.expr) -> frozenset[str] | None:
        """The types that a ``contextlib.suppress`` suppresses; None for any other context manager."""
        if not isinstance(expr, ast.Call) or self.module.qualified_name(expr.func) != "contextlib.suppress":
            return None
        return frozenset(name for arg in expr.args if (name := self.hierarchy.named(arg)) is not None)

    def _try(self, statement: ast.Try) -> Iterator[Operation]:
        body = list(self.block(statement.body))
        for handler in statement.handlers:
            yield from self._handled(statement, handler, body)
            body = list(self.without(body, self.caught_by(handler)))
        yield from body
        yield from self.block(statement.orelse)
        yield from self.block(statement.finalbody)

    def _handled(self, statement: ast.Try, handler: ast.ExceptHandler, body: list[Operation]) -> Iterator[Operation]:
        """The operations of a handler; a ``raise`` of the caught exception has the types that the body can raise."""
        if handler.type is not None:
            yield from self._header(handler.type)
        for item in self.block(handler.body):
            if isinstance(item.node, ast.Raise) and self._raises_again(item.node, handler):
                yield from self._passed_on(item.node, handler, body)
            else:
                yield item

    def _header(self, type_: ast.expr) -> Iterator[Operation]:
        for expr in type_.elts if isinstance(type_, ast.Tuple) else [type_]:
            if self.hierarchy.named(expr) is None:
                yield from self.expression(expr)
            elif isinstance(expr, ast.Name):
                yield from self.expression(expr)

    def _passed_on(self, node: ast.Raise, handler: ast.ExceptHandler, body: list[Operation]) -> Iterator[Operation]:
        by = self.caught_by(handler)
        caught = Summary.of(body)
        types = frozenset(name for name in caught.types if self.hierarchy.is_caught(name, by)) if by else caught.types
        if not caught.unknown or by and not by & {"Exception", "BaseException"}:
            if caught.unknown:
                types |= by
            yield Operation(node, "raise of what was caught", types, "", caught.ends if self._is_all(handler) else None)
        else:
            yield Operation(
                node, "raise of what was caught", types, caught.unknown, caught.ends if self._is_all(handler) else None
            )

    def _raises_again(self, node: ast.Raise, handler: ast.ExceptHandler) -> bool:
        """Whether a ``raise`` raises the exception again that the handler has caught."""
        inner = next((item for item in self.module.ancestors(node) if isinstance(item, ast.ExceptHandler)), None)
        if inner is not handler:
            return False
        if node.exc is None:
            return True
        return isinstance(node.exc, ast.Name) and node.exc.id == handler.name

    def _is_all(self, handler: ast.ExceptHandler) -> bool:
        return "BaseException" in self.caught_by(handler)

    def caught_by(self, handler: ast.ExceptHandler) -> frozenset[str]:
        """The exception classes that a handler names, without unknown ones."""
        if handler.type is None:
            return frozenset({"BaseException"})
        exprs = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        return frozenset(name for expr in exprs if (name := self.hierarchy.named(expr)) is not None)

    def without(self, operations: Iterable[Operation], caught: frozenset[str]) -> Iterator[Operation]:
        """The operations without the types that handlers of some classes catch."""
        if not caught:
            yield from operations
            return
        everything = "BaseException" in caught
        most = everything or "Exception" in caught
        for item in operations:
            types = frozenset(name for name in item.types if not self.hierarchy.is_caught(name, caught))
            unknown = "" if most else item.unknown
            ends = None if everything else item.ends
            # Another exception would pass unless ``Exception`` is caught, so until then the documentation is relied on.
            trusts = "" if most else item.trusts
            assumes = frozenset[str]() if most else item.assumes
            if types or unknown or ends or trusts or assumes:
                yield Operation(item.node, item.what, types, unknown, ends, trusts, assumes)

    def _raise(self, statement: ast.Raise) -> Iterator[Operation]:
        yield from self.expression(statement.cause)
        exc = statement.exc
        if exc is None:
            yield Operation(statement, "raise", unknown="what is raised again is not known here", ends=_AGAIN)
            return
        named = exc.func if isinstance(exc, ast.Call) else exc
        name = self.hierarchy.named(named)
        if name is None:
            yield from self.expression(exc)
            yield Operation(statement, "raise", unknown="the class of what is raised is not known", ends=_AGAIN)
            return
        yield from self.expression(exc)
        yield Operation(statement, f"raise {name.rpartition('.')[2]}", frozenset({name}))


_AGAIN = Ending("what is raised may end the script")
