"""The binding that a read is certain to see, where one further up leaves it no other."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence

from pymodernize.semantics.flow import TRIES
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Scope, ScopeKind

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LOOPS = (ast.For, ast.AsyncFor, ast.While)


def last_binding(module: Module, read: ast.AST, owner: Scope, bindings: Sequence[ast.AST]) -> ast.AST | None:
    """The one binding of a variable whose value a read gets, whatever path the run took.

    Args:
        module: the module.
        read: where it is read.
        owner: the scope that the variable belongs to.
        bindings: all nodes that bind it, as :class:`Binding` has them.

    Returns:
        The binding; None if the read may see several, or what was there when
        the code around it began.
    """
    return CertainBindings(module, owner, bindings).of(read)


class CertainBindings:
    """Answers which binding of one variable a read is certain to see, for any number of its reads.

    Args:
        module: the module.
        owner: the scope that the variable belongs to.
        bindings: all nodes that bind it, as :class:`Binding` has them.
    """

    def __init__(self, module: Module, owner: Scope, bindings: Sequence[ast.AST]) -> None:
        self.module = module
        self.owner = owner
        self.bindings = bindings
        own = [binding for binding in bindings if not isinstance(binding, ast.arg)]
        code = _code_of(owner)
        # A function that declares the variable binds it whenever it is called.
        self._is_own = all(module.function(binding) is code for binding in own)
        self._bound = set(bindings)
        self._in_expressions = [item for item in own if isinstance(module.parent(item), ast.NamedExpr)]
        self._within: dict[ast.AST, list[ast.AST]] = {}
        for binding in bindings:
            for node in (binding, *module.ancestors(binding)):
                self._within.setdefault(node, []).append(binding)

    def of(self, read: ast.AST) -> ast.AST | None:
        """The binding that a read is certain to see.

        Args:
            read: where the variable is read.

        Returns:
            None if it may see several, or what was there when the code around it began.
        """
        if not self._is_own:
            return None
        if len(self.bindings) == 1 and isinstance(self.bindings[0], ast.arg):
            return self.bindings[0]  # nothing binds it again: a function inside sees it whenever it is called
        within = self._within
        child = read
        for around in self.module.ancestors(read):
            if around in within:
                for earlier in _earlier(around, child):
                    candidates = within.get(earlier, ())
                    certain = [item for item in candidates if _always_binds(self.module, earlier, item)]
                    if certain:
                        return certain[-1]
                    if candidates:
                        return None
                found = _of_header(around, child, self._bound)
                if found is not None:
                    return found
                if _may_have_run(around, child, within) or self._is_bound_beside(around, child):
                    return None
            if around is self.owner.node or isinstance(around, _FUNCTIONS):
                return None  # a function that is not the owner runs some time later
            child = around
        return None

    def _is_bound_beside(self, around: ast.AST, child: ast.AST) -> bool:
        """Whether an expression beside the child, or one that is evaluated before the block of it, binds it."""
        for binding in self._in_expressions:
            part = binding
            while (parent := self.module.parent(part)) is not around and parent is not None:
                part = parent
            beside = parent is not None and part is not child
            if beside and not isinstance(part, (ast.stmt, ast.ExceptHandler, ast.match_case)):
                return True
        return False


def _code_of(owner: Scope) -> ast.AST | None:
    """The function in whose code a scope's variables are bound, None for the module."""
    scope: Scope | None = owner
    while scope is not None and scope.kind is not ScopeKind.FUNCTION:
        scope = scope.parent
    return scope.node if scope is not None else None


def _may_have_run(around: ast.AST, child: ast.AST, within: Mapping[ast.AST, Sequence[ast.AST]]) -> bool:
    """Whether other parts of a compound statement, which bind the variable, may have run before the child."""
    if isinstance(around, (*_LOOPS, *_COMPREHENSIONS)):
        return True  # in the turn before
    if isinstance(around, TRIES) and child not in around.body:
        return any(part in within for part in (*around.body, *around.handlers, *around.orelse))
    if isinstance(around, ast.Match) and isinstance(child, ast.match_case):
        earlier = around.cases[: around.cases.index(child)]
        return any(case.pattern in within or case.guard in within for case in earlier)
    return isinstance(around, ast.match_case) and around.pattern in within


def _is_parameter(function: ast.AST, arg: ast.arg) -> bool:
    args = getattr(function, "args", None)
    if not isinstance(args, ast.arguments):
        return False
    return arg in (*args.posonlyargs, *args.args, *args.kwonlyargs, args.vararg, args.kwarg)


def _of_header(around: ast.AST, child: ast.AST, bound: set[ast.AST]) -> ast.AST | None:
    """What the head of a statement or a comprehension binds for the part that the read is in."""
    targets: list[ast.AST] = []
    if isinstance(around, (ast.For, ast.AsyncFor)) and child in around.body:
        targets = [around.target]
    elif isinstance(around, (ast.With, ast.AsyncWith)) and child in around.body:
        targets = [item.optional_vars for item in around.items if item.optional_vars is not None]
    elif isinstance(around, (ast.With, ast.AsyncWith)) and isinstance(child, ast.withitem):
        earlier = around.items[: around.items.index(child)]
        targets = [item.optional_vars for item in earlier if item.optional_vars is not None]
    elif isinstance(around, _FUNCTIONS) and (
        around.body is child or isinstance(around.body, list) and child in around.body
    ):
        return next((item for item in bound if isinstance(item, ast.arg) and _is_parameter(around, item)), None)
    elif isinstance(around, ast.ExceptHandler) and child in around.body:
        return around if around in bound else None
    elif isinstance(around, _COMPREHENSIONS):
        parts = around.generators
        place = parts.index(child) if isinstance(child, ast.comprehension) else len(parts)
        targets = [part.target for part in parts[:place]]
    elif isinstance(around, ast.comprehension) and child is not around.iter:
        targets = [around.target]
    found = [node for target in targets for node in ast.walk(target) if node in bound]
    return found[-1] if found else None


def _earlier(around: ast.AST, child: ast.AST) -> Iterator[ast.stmt]:
    """The statements in front of a child in its block, the nearest first."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(around, field, None)
        if isinstance(block, list) and child in block:
            yield from reversed(block[: block.index(child)])
            return


def _always_binds(module: Module, statement: ast.stmt, binding: ast.AST) -> bool:
    """Whether a binding is made whenever its statement is carried out."""
    if binding is statement:
        return isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
    parent = module.parent(binding)
    while isinstance(parent, (ast.Tuple, ast.List, ast.Starred)):
        parent = module.parent(parent)
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return True
    if isinstance(statement, ast.AnnAssign):
        return parent is statement and statement.value is not None
    if isinstance(statement, (ast.With, ast.AsyncWith)):
        return isinstance(parent, ast.withitem) and parent in statement.items
    return isinstance(statement, ast.Assign) and parent is statement
