"""Scopes and bindings of a module, found in one walk of its syntax tree.

The rules are those of the language reference, "Naming and binding": class
bodies are invisible to the functions in them, a comprehension has a scope of
its own but its first iterable belongs outside, ``:=`` binds around the
comprehension, ``global`` and ``nonlocal`` bind elsewhere.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import Enum

MOST_DEPTH = 5_000
"""The greatest depth of a syntax tree; a file with a deeper one is not processed."""

ComprehensionNode = ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp


class ScopeKind(Enum):
    """What opened a scope."""

    MODULE = "module"
    CLASS = "class"
    FUNCTION = "function"
    COMPREHENSION = "comprehension"
    TYPE_PARAMETERS = "type parameters"


class BindingKind(Enum):
    """The syntax that binds a name. ``NAME`` is any store to a plain name; its parents tell which."""

    NAME = "name"
    PARAMETER = "parameter"
    IMPORT = "import"
    FUNCTION = "function"
    CLASS = "class"
    EXCEPT = "except"
    PATTERN = "pattern"
    TYPE_PARAMETER = "type parameter"
    DELETE = "del"
    ATTRIBUTE = "attribute"


@dataclass(frozen=True, eq=False)
class Binding:
    """One place that binds a name, or deletes it."""

    name: str
    kind: BindingKind
    node: ast.AST
    scope: Scope
    target: str | None = None
    """The qualified name that an import binds; a relative one keeps its dots."""


@dataclass(eq=False)
class Scope:
    """A namespace and the bindings in it, in document order."""

    kind: ScopeKind
    node: ast.AST
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    global_names: set[str] = field(default_factory=set)
    nonlocal_names: set[str] = field(default_factory=set)
    star_imports: list[ast.ImportFrom] = field(default_factory=list)

    @property
    def module(self) -> Scope:
        """The outermost scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def lookup(self, name: str) -> tuple[Scope, list[Binding]] | None:
        """The scope that owns a name which is read in this scope, with its bindings there; None for a builtin."""
        scope: Scope | None = self
        first = True
        while scope is not None:
            if first or scope.kind is not ScopeKind.CLASS:
                if name in scope.global_names:
                    scope = scope.module
                if name in scope.bindings:
                    return scope, scope.bindings[name]
            # A type-parameter scope inside a class sees the class; a comprehension in a class body does not.
            first = first and scope.kind is ScopeKind.TYPE_PARAMETERS
            scope = scope.parent
        return None


@dataclass
class Index:
    """The result of one walk of a syntax tree: parents, nodes by type, scopes, reads."""

    tree: ast.Module
    scope: Scope
    by_type: dict[type[ast.AST], list[ast.AST]] = field(default_factory=dict)
    parent: dict[ast.AST, ast.AST] = field(default_factory=dict)
    loads: dict[ast.Name, Scope] = field(default_factory=dict)
    """Every read of a plain name, with the scope it is read in."""
    scopes: dict[ast.AST, Scope] = field(default_factory=dict)
    """The scope that a module, class, function, lambda or comprehension opens; type parameters by the first of them."""


# Fields that never hold a node worth a visit: contexts, operators, plain strings and numbers.
_PLAIN_FIELDS = frozenset(
    "ctx op ops id attr n s kind type_comment module level asname simple is_async conversion rest tag".split()
)
# The one node whose fields, as they are named, are not in document order and that is no scope of its own.
_CHILD_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {ast.IfExp: ("body", "test", "orelse"), ast.Constant: ()}
_BACKWARDS: dict[type[ast.AST], tuple[str, ...]] = {}
_TYPE_PARAMETER_NODES: tuple[type[ast.AST], ...] = tuple(
    getattr(ast, name) for name in ("TypeVar", "ParamSpec", "TypeVarTuple") if hasattr(ast, name)
)
_TYPE_ALIAS: tuple[type[ast.AST], ...] = (getattr(ast, "TypeAlias"),) if sys.version_info >= (3, 12) else ()  # noqa: B009


def children(node: ast.AST) -> Iterator[ast.AST]:
    """The child nodes in document order, without contexts and operators."""
    for name in _child_fields(type(node)):
        value = getattr(node, name, None)
        if isinstance(value, list):
            for item in value:
                if isinstance(item, ast.AST):
                    yield item
        elif isinstance(value, ast.AST):
            yield value


def _child_fields(kind: type[ast.AST]) -> tuple[str, ...]:
    """The fields of a type of node that may hold nodes, in document order."""
    fields = _CHILD_FIELDS.get(kind)
    if fields is None:
        fields = _CHILD_FIELDS[kind] = tuple(name for name in kind._fields if name not in _PLAIN_FIELDS)
    return fields


def _position(node: ast.AST) -> tuple[int, int]:
    return getattr(node, "lineno", 0), getattr(node, "col_offset", 0)


def build_index(tree: ast.Module) -> Index:
    """Walk a module once: parents, nodes by type, scopes, bindings, reads."""
    return _Walk(tree).run()


def _hold_depth(index: Index) -> None:
    """Check the depth of the tree.

    Raises:
        RecursionError: it is too deep for recursive functions.
    """
    if len(index.parent) <= MOST_DEPTH:
        return
    depth: dict[ast.AST, int] = {index.tree: 0}
    deepest = 0
    for node, parent in index.parent.items():  # a node comes after the one that it stands in
        depth[node] = below = depth[parent] + 1
        deepest = max(deepest, below)
    if deepest > MOST_DEPTH:
        raise RecursionError(f"more than {MOST_DEPTH} nodes stand in each other")


_Task = tuple[ast.AST, ast.AST, Scope]


class _Walk:
    """The walk itself, with a stack of its own: a deep tree must not meet the recursion limit."""

    def __init__(self, tree: ast.Module) -> None:
        self.index = Index(tree, Scope(ScopeKind.MODULE, tree, None))
        self.index.scopes[tree] = self.index.scope
        self.deferred: list[tuple[Scope, Binding]] = []

    def run(self) -> Index:
        """Walk the tree, with a stack of its own: nesting costs no recursion."""
        index = self.index
        by_type, parents, loads, backwards = index.by_type, index.parent, index.loads, _BACKWARDS
        special, name_type, load_type, node_type = _SPECIAL, ast.Name, ast.Load, ast.AST
        stack: list[_Task] = [(node, index.tree, index.scope) for node in reversed(index.tree.body)]
        by_type[ast.Module] = [index.tree]
        while stack:
            node, parent, scope = stack.pop()
            parents[node] = parent
            kind = type(node)
            try:
                by_type[kind].append(node)
            except KeyError:
                by_type[kind] = [node]
                backwards.setdefault(kind, _child_fields(kind)[::-1])
            if kind is name_type:
                if type(node.ctx) is load_type:  # type: ignore[attr-defined]
                    loads[node] = scope  # type: ignore[index]
                else:
                    self.name(node, scope)  # type: ignore[arg-type]
            elif (handler := special.get(kind)) is not None:
                stack += reversed(handler(self, node, scope))
            else:
                # As `children`, from the last to the first; spelt out, since every node of every file gets here.
                for field_name in backwards[kind]:
                    value = getattr(node, field_name, None)
                    if type(value) is list:
                        for item in reversed(value):
                            if isinstance(item, node_type):
                                stack.append((item, node, scope))
                    elif isinstance(value, node_type):
                        stack.append((value, node, scope))
        _hold_depth(index)
        self.bind_deferred()
        return index

    def bind(self, scope: Scope, name: str, kind: BindingKind, node: ast.AST, target: str | None = None) -> None:
        """Record a binding where ``global`` and ``nonlocal`` say that it belongs."""
        if name in scope.global_names:
            scope = scope.module
        binding = Binding(name, kind, node, scope, target)
        if name in scope.nonlocal_names:
            self.deferred.append((scope, binding))
        else:
            scope.bindings.setdefault(name, []).append(binding)

    def bind_deferred(self) -> None:
        """Add each nonlocal binding to the function scope that owns the name, once all scopes are known."""
        for scope, binding in self.deferred:
            owner = scope.parent
            while owner is not None and not (owner.kind is ScopeKind.FUNCTION and binding.name in owner.bindings):
                owner = owner.parent
            if owner is not None:
                moved = Binding(binding.name, binding.kind, binding.node, owner, binding.target)
                owner.bindings[binding.name].append(moved)
                owner.bindings[binding.name].sort(key=lambda item: _position(item.node))

    def open(self, kind: ScopeKind, node: ast.AST, parent: Scope) -> Scope:
        """Make the scope of a node."""
        scope = self.index.scopes[node] = Scope(kind, node, parent)
        return scope

    def name(self, node: ast.Name, scope: Scope) -> None:
        """Bind the name of a store or a deletion."""
        kind = BindingKind.DELETE if isinstance(node.ctx, ast.Del) else BindingKind.NAME
        self.bind(scope, node.id, kind, node)

    def import_(self, node: ast.Import, scope: Scope) -> list[_Task]:
        """Bind the alias, or the first part of the dotted name."""
        for alias in node.names:
            if alias.asname:
                self.bind(scope, alias.asname, BindingKind.IMPORT, alias, alias.name)
            else:
                root = alias.name.partition(".")[0]
                self.bind(scope, root, BindingKind.IMPORT, alias, root)
        return [(alias, node, scope) for alias in node.names]

    def import_from(self, node: ast.ImportFrom, scope: Scope) -> list[_Task]:
        """Bind each name; a star import is recorded in the scope, as the names that it binds are not known."""
        module = "." * node.level + (node.module or "")
        for alias in node.names:
            if alias.name == "*":
                scope.star_imports.append(node)
            else:
                dotted = f"{module}{alias.name}" if module.endswith(".") else f"{module}.{alias.name}"
                self.bind(scope, alias.asname or alias.name, BindingKind.IMPORT, alias, dotted)
        return [(alias, node, scope) for alias in node.names]

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope) -> list[_Task]:
        """Bind the name around, the parameters inside; decorators, defaults and annotations are evaluated around."""
        self.bind(scope, node.name, BindingKind.FUNCTION, node)
        outer: list[_Task] = [(decorator, node, scope) for decorator in node.decorator_list]
        generic, around = self.type_parameters(node, scope)
        inner = self.open(ScopeKind.FUNCTION, node, around)
        # Annotations see the type parameters, defaults do not.
        tasks = outer + generic + self.arguments(node.args, node, (around, scope), inner)
        if node.returns is not None:
            tasks.append((node.returns, node, around))
        return tasks + [(statement, node, inner) for statement in node.body]

    def lambda_(self, node: ast.Lambda, scope: Scope) -> list[_Task]:
        """Bind the parameters; there is no name."""
        inner = self.open(ScopeKind.FUNCTION, node, scope)
        return [*self.arguments(node.args, node, (scope, scope), inner), (node.body, node, inner)]

    def arguments(self, args: ast.arguments, owner: ast.AST, around: tuple[Scope, Scope], inner: Scope) -> list[_Task]:
        """Bind the parameters; their annotations and defaults belong to the two scopes ``around``."""
        self.index.parent[args] = owner
        self.index.by_type.setdefault(ast.arguments, []).append(args)
        every = [*args.posonlyargs, *args.args, *args.kwonlyargs]
        every += [arg for arg in (args.vararg, args.kwarg) if arg is not None]
        for arg in every:
            self.bind(inner, arg.arg, BindingKind.PARAMETER, arg)
        defaults = [default for default in (*args.defaults, *args.kw_defaults) if default is not None]
        tasks: list[_Task] = [(node, args, around[0]) for node in every]
        tasks += [(node, args, around[1]) for node in defaults]
        # Without defaults and `*args`, the fields are in the order of the source.
        return sorted(tasks, key=lambda task: _position(task[0])) if defaults or args.vararg else tasks

    def type_parameters(self, node: ast.AST, scope: Scope) -> tuple[list[_Task], Scope]:
        """Open the scope of ``def f[T]`` (PEP 695), if there is one; return its tasks and itself."""
        parameters: list[ast.AST] = getattr(node, "type_params", None) or []
        if not parameters:
            return [], scope
        inner = self.index.scopes[parameters[0]] = Scope(ScopeKind.TYPE_PARAMETERS, node, scope)
        for parameter in parameters:
            self.bind(inner, parameter.name, BindingKind.TYPE_PARAMETER, parameter)  # type: ignore[attr-defined]
        return [(parameter, node, inner) for parameter in parameters], inner

    def type_alias(self, node: ast.AST, scope: Scope) -> list[_Task]:
        """Bind the name; the value sees the type parameters."""
        generic, around = self.type_parameters(node, scope)
        return [(node.name, node, scope), *generic, (node.value, node, around)]  # type: ignore[attr-defined]

    def class_(self, node: ast.ClassDef, scope: Scope) -> list[_Task]:
        """Bind the name; the bases are evaluated around, the body in a scope of its own."""
        self.bind(scope, node.name, BindingKind.CLASS, node)
        outer: list[_Task] = [(decorator, node, scope) for decorator in node.decorator_list]
        generic, around = self.type_parameters(node, scope)
        inner = self.open(ScopeKind.CLASS, node, around)
        bases = sorted([*node.bases, *node.keywords], key=_position)
        return outer + generic + [(base, node, around) for base in bases] + [(item, node, inner) for item in node.body]

    def comprehension(self, node: ComprehensionNode, scope: Scope) -> list[_Task]:
        """Open a scope; all but the first iterable is evaluated in it."""
        inner = self.open(ScopeKind.COMPREHENSION, node, scope)
        results = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        tasks: list[_Task] = [(result, node, inner) for result in results]
        for number, generator in enumerate(node.generators):
            self.index.parent[generator] = node
            self.index.by_type.setdefault(ast.comprehension, []).append(generator)
            tasks.append((generator.target, generator, inner))
            tasks.append((generator.iter, generator, inner if number else scope))
            tasks += [(test, generator, inner) for test in generator.ifs]
        return tasks

    def walrus(self, node: ast.NamedExpr, scope: Scope) -> list[_Task]:
        """Bind in the scope around the comprehensions."""
        owner = scope
        while owner.kind is ScopeKind.COMPREHENSION and owner.parent is not None:
            owner = owner.parent
        return [(node.target, node, owner), (node.value, node, scope)]

    def global_(self, node: ast.Global, scope: Scope) -> list[_Task]:
        """Record that the names belong to the module scope."""
        scope.global_names.update(node.names)
        return []

    def nonlocal_(self, node: ast.Nonlocal, scope: Scope) -> list[_Task]:
        """Record that the names belong to an enclosing function."""
        scope.nonlocal_names.update(node.names)
        return []

    def except_(self, node: ast.ExceptHandler, scope: Scope) -> list[_Task]:
        """Bind the name of the exception."""
        if node.name:
            self.bind(scope, node.name, BindingKind.EXCEPT, node)
        return [(child, node, scope) for child in children(node)]

    def dict_(self, node: ast.Dict, scope: Scope) -> list[_Task]:
        """Visit keys and values in the order of the source, which is not that of the fields."""
        pairs = zip(node.keys, node.values, strict=True)
        return [(item, node, scope) for pair in pairs for item in pair if item is not None]

    def call(self, node: ast.Call, scope: Scope) -> list[_Task]:
        """Visit the arguments in the order of the source, which is not that of the fields."""
        given: list[ast.AST] = [*node.args, *node.keywords]
        if node.keywords and node.args and _position(node.args[-1]) > _position(node.keywords[0]):
            given.sort(key=_position)
        return [(node.func, node, scope), *((item, node, scope) for item in given)]

    def pattern(self, node: ast.MatchAs | ast.MatchStar | ast.MatchMapping, scope: Scope) -> list[_Task]:
        """Bind the name that a pattern captures."""
        name = node.rest if isinstance(node, ast.MatchMapping) else node.name
        if name:
            self.bind(scope, name, BindingKind.PATTERN, node)
        return [(child, node, scope) for child in children(node)]


# What opens a scope, binds a name, or has its children in another order than its fields.
_SPECIAL: dict[type[ast.AST], Callable[..., list[_Task]]] = {
    ast.Import: _Walk.import_,
    ast.ImportFrom: _Walk.import_from,
    ast.FunctionDef: _Walk.function,
    ast.AsyncFunctionDef: _Walk.function,
    ast.Lambda: _Walk.lambda_,
    ast.ClassDef: _Walk.class_,
    ast.ListComp: _Walk.comprehension,
    ast.SetComp: _Walk.comprehension,
    ast.DictComp: _Walk.comprehension,
    ast.GeneratorExp: _Walk.comprehension,
    ast.Global: _Walk.global_,
    ast.Nonlocal: _Walk.nonlocal_,
    ast.ExceptHandler: _Walk.except_,
    ast.Dict: _Walk.dict_,
    ast.Call: _Walk.call,
    ast.NamedExpr: _Walk.walrus,
    ast.MatchAs: _Walk.pattern,
    ast.MatchStar: _Walk.pattern,
    ast.MatchMapping: _Walk.pattern,
} | {kind: _Walk.type_alias for kind in _TYPE_ALIAS}
