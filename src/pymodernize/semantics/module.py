"""The read-only model of one module that all codemods share."""

from __future__ import annotations

import ast
import builtins
import io
import re
import sys
import tokenize
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TypeVar, overload

from pymodernize.semantics.flow import Uses, blocks
from pymodernize.semantics.known import STAR_SHADOWS
from pymodernize.semantics.project import ProjectFacts
from pymodernize.semantics.scopes import Binding, BindingKind, Index, Scope, ScopeKind, build_index
from pymodernize.semantics.types import Inference, Types
from pymodernize.source import SourceFile

N = TypeVar("N", bound=ast.AST)
M = TypeVar("M", bound=ast.AST)

# Files that a tool imports or runs for its own purpose, whatever stands in them.
_NOT_SCRIPTS = frozenset({"__init__.py", "conftest.py", "setup.py", "manage.py", "settings.py", "noxfile.py"})
_TEST_FILE = re.compile(r"(?:^|/)(?:tests?/|test_[^/]*\.py$|[^/]*_tests?\.py$|conftest\.py$)")
# String nodes with expressions in them; before Python 3.12 the positions inside are not to be relied on.
_FORMATTED = tuple(getattr(ast, name) for name in ("JoinedStr", "TemplateStr") if hasattr(ast, name))
_OWN_NAMES = frozenset({"builtins.globals", "builtins.locals", "builtins.vars", "builtins.eval", "builtins.exec"})
_BUILTINS = frozenset({"builtins", "__builtin__"})
_DECORATOR = re.compile(rb"[ \t\f]*@")


@dataclass(frozen=True)
class Comment:
    """A comment: its text with the hash, and where it starts."""

    text: str
    offset: int
    line: int


class Module:
    """One parsed module: its syntax tree and what is known of it.

    Args:
        source: the file's text.
        facts: what is known of the project around it.
        tree: the syntax tree, if the caller has parsed already.

    Raises:
        SyntaxError, ValueError, RecursionError, MemoryError: the text does
            not parse; the caller says so for the file.
    """

    def __init__(self, source: SourceFile, facts: ProjectFacts | None = None, tree: ast.Module | None = None) -> None:
        self.source = source
        self.facts = facts or ProjectFacts()
        self.tree = ast.parse(source.text) if tree is None else tree
        self._names: dict[ast.expr, str | None] = {}

    @cached_property
    def index(self) -> Index:
        """Parents, scopes and bindings, from one walk."""
        index = build_index(self.tree)
        if b"builtin" in self.source.data or b"globals" in self.source.data:
            _bind_by_other_ways(index)
        return index

    # --- nodes -------------------------------------------------------------------------------------------------

    @overload
    def nodes(self, kind: type[N], /) -> list[N]: ...
    @overload
    def nodes(self, kind: type[N], second: type[M], /) -> list[N | M]: ...
    @overload
    def nodes(self, kind: type[ast.AST], second: type[ast.AST], third: type[ast.AST], /) -> list[ast.AST]: ...

    def nodes(self, *kinds: type[ast.AST]) -> list:
        """All nodes of the given types; of one type in document order, of several type by type."""
        by_type = self.index.by_type
        return [node for kind in kinds for node in by_type.get(kind, ())]

    def parent(self, node: ast.AST) -> ast.AST | None:
        """The node around a node, None for the module."""
        return self.index.parent.get(node)

    def ancestors(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around a node, from the inside."""
        parent = self.index.parent.get(node)
        while parent is not None:
            yield parent
            parent = self.index.parent.get(parent)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that a node belongs to, itself if it is one."""
        while not isinstance(node, ast.stmt):
            node = self.index.parent[node]
        return node

    def block(self, statement: ast.stmt) -> list[ast.stmt]:
        """The suite that a statement stands in."""
        parent = self.index.parent[statement]
        if isinstance(parent, ast.Module):
            return parent.body
        return next(block for block in blocks(parent) if any(item is statement for item in block))

    def top_level(self, node: ast.AST) -> ast.stmt:
        """The statement of the module's own body that a node belongs to."""
        parent = self.index.parent[node]
        while not isinstance(parent, ast.Module):
            node, parent = parent, self.index.parent[parent]
        assert isinstance(node, ast.stmt)  # noqa: S101 - a module's body holds statements only
        return node

    def function(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | None:
        """The innermost function whose body a node runs in, None at module or class level."""
        scope: Scope | None = self.scope(node)
        while scope is not None and scope.kind is not ScopeKind.FUNCTION:
            scope = scope.parent
        return scope.node if scope is not None else None  # type: ignore[return-value]

    def span(self, node: ast.AST) -> tuple[int, int]:
        """Offsets of a node's first byte and of the byte after it. Decorators belong to their definition."""
        start = self.source.offset(node.lineno, node.col_offset)  # type: ignore[attr-defined]
        if decorators := getattr(node, "decorator_list", None):
            # The decorator may be in parentheses, lines below its sign.
            line = decorators[0].lineno
            while not (sign := _DECORATOR.match(self.source.line(line))):
                line -= 1
            start = self.source.offset(line, sign.end() - 1)
        end = self.source.offset(node.end_lineno, node.end_col_offset)  # type: ignore[attr-defined]
        return start, end

    def text(self, node: ast.AST) -> str:
        """The source text of a node."""
        start, end = self.span(node)
        return self.source.data[start:end].decode("utf-8")

    # --- names -------------------------------------------------------------------------------------------------

    def scope(self, node: ast.AST) -> Scope:
        """The scope that a node is evaluated in."""
        index = self.index
        if (known := index.loads.get(node)) is not None:  # type: ignore[call-overload]
            return known
        child, parent = node, index.parent.get(node)
        while parent is not None:
            if parent in index.scopes and _runs_inside(parent, child):
                return index.scopes[parent]
            child, parent = parent, index.parent.get(parent)
        return index.scope

    def qualified_name(self, expr: ast.AST) -> str | None:
        """The dotted name of what an expression names: ``os.path.join``, ``builtins.print``.

        Only a name with a single meaning has one: a name that is bound twice
        to different things, shadowed, star-imported, or defined in this
        module resolves to None. A plain alias (``say = print``) is followed.
        """
        if not isinstance(expr, (ast.Name, ast.Attribute)):
            return None
        if expr not in self._names:
            self._names[expr] = None  # an alias of itself has no meaning
            self._names[expr] = self._qualify(expr)
        return self._names[expr]

    def _qualify(self, expr: ast.Name | ast.Attribute) -> str | None:
        if isinstance(expr, ast.Attribute):
            base = self.qualified_name(expr.value)
            return f"{base}.{expr.attr}" if base is not None else None
        scope = self.scope(expr)
        found = scope.lookup(expr.id)
        if found is None:
            return self._builtin(expr.id, scope)
        owner, bindings = found
        if self._shows_through(expr.id, owner) and not self._bound_before(expr, owner, bindings):
            return None
        if any(binding.kind is not BindingKind.IMPORT for binding in bindings):
            return self._alias(owner, bindings)
        targets = {binding.target for binding in bindings}
        if len(targets) != 1 or self.has_star_import_after(owner, bindings):
            return None
        target = targets.pop() or ""
        root = target.partition(".")[0]
        # A file beside a script hides the library's module of that name.
        return None if root in self.facts.beside and root in sys.stdlib_module_names else target

    def _shows_through(self, name: str, owner: Scope) -> bool:
        """Whether a name means something else as long as its scope has not bound it: a builtin, a global, a star's."""
        if owner.kind is ScopeKind.CLASS:
            return True
        return owner.kind is ScopeKind.MODULE and (hasattr(builtins, name) or bool(owner.star_imports))

    def _bound_before(self, name: ast.Name, owner: Scope, bindings: list[Binding]) -> bool:
        """Whether a scope has certainly bound a name when it is read: by a statement of its own body, further up."""
        read: ast.AST | None = name
        while read is not None and self.index.parent.get(read) is not owner.node:
            read = self.index.parent.get(read)
        for binding in bindings:
            statement = self.statement(binding.node)
            if self.index.parent.get(statement) is owner.node and isinstance(statement, (*_IMPORTS, ast.Assign)):
                return read is not None and statement.lineno < getattr(read, "lineno", 0)
        return False

    def _builtin(self, name: str, scope: Scope) -> str | None:
        if not hasattr(builtins, name):
            return None
        here: Scope | None = scope
        while here is not None:
            if not self.stars_are_known(here) or any(name in self._star_names(star) for star in here.star_imports):
                return None
            here = here.parent
        return f"builtins.{name}"

    def stars_are_known(self, scope: Scope) -> bool:
        """Whether of every ``import *`` in a scope it is known which builtins it hides."""
        return all(
            self._is_public_library(star) or _dotted(star) in dict(self.facts.star_names) for star in scope.star_imports
        )

    def _is_public_library(self, star: ast.ImportFrom) -> bool:
        steps = _dotted(star).split(".")
        private = any(step.startswith("_") for step in steps)
        return steps[0] in sys.stdlib_module_names and steps[0] not in self.facts.beside and not private

    def _star_names(self, star: ast.ImportFrom) -> frozenset[str]:
        """The builtins that an ``import *`` hides, or all that it binds if it is from a module of the project."""
        own = dict(self.facts.star_names).get(_dotted(star))
        return own if own is not None else STAR_SHADOWS.get(star.module or "", frozenset())

    def _alias(self, owner: Scope, bindings: list[Binding]) -> str | None:
        """The meaning of ``name = other.name``, where that is its only binding and always runs."""
        if (
            len(bindings) != 1
            or bindings[0].kind is not BindingKind.NAME
            or self.has_star_import_after(owner, bindings)
        ):
            return None
        assign = self.index.parent.get(bindings[0].node)
        if not isinstance(assign, ast.Assign) or self.index.parent[assign] is not owner.node:
            return None
        meaning = self.qualified_name(assign.value)
        # What was in sys.stdout when it was put aside is not what is there later.
        return None if meaning in self.assigned_attributes else meaning

    @cached_property
    def assigned_attributes(self) -> frozenset[str]:
        """The attributes of other modules that this one assigns, by qualified name: ``sys.stdout``."""
        found: set[str] = set()
        for node in self.nodes(ast.Attribute):
            if isinstance(node.ctx, ast.Load):
                continue
            steps, root = _root(node)
            bound = self.scope(root).lookup(root.id) if root is not None else None
            # By the imports alone: to follow aliases takes the answer of this.
            found |= {f"{binding.target}.{steps}" for binding in (bound[1] if bound else ()) if binding.target}
        return frozenset(found)

    def has_star_import_after(self, scope: Scope, bindings: list[Binding]) -> bool:
        """Whether an ``import *`` may bind a name anew after all of its bindings."""
        last = max(getattr(binding.node, "lineno", 0) for binding in bindings)
        return any(star.lineno >= last for star in scope.star_imports)

    def calls(self, *qualified_names: str) -> list[ast.Call]:
        """The calls of any of these functions, in document order, under whatever name."""
        wanted = set(qualified_names)
        terminal = {name.rpartition(".")[2] for name in wanted}
        terminal |= self._other_names(terminal)
        found = []
        for call in self.nodes(ast.Call):
            func = call.func
            name = func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else None
            if name in terminal and self.qualified_name(func) in wanted:
                found.append(call)
        return found

    def _other_names(self, terminal: set[str]) -> set[str]:
        """Local names given to things that are called one of ``terminal``."""
        aliases = {alias.asname for alias in self.nodes(ast.alias) if alias.asname and alias.name in terminal}
        before = -1
        while before < len(aliases):  # an alias of an alias may stand above it, in a function
            before = len(aliases)
            for assign in self.nodes(ast.Assign):
                value = assign.value
                name = getattr(value, "id", None) or getattr(value, "attr", None)
                if isinstance(value, (ast.Name, ast.Attribute)) and (name in terminal or name in aliases):
                    aliases |= {target.id for target in assign.targets if isinstance(target, ast.Name)}
        return {alias for alias in aliases if alias}

    @cached_property
    def _uses(self) -> Uses:
        return Uses(self.index)

    def uses(self, binding: Binding) -> list[ast.Name]:
        """Every read that may see a binding."""
        return self._uses.of(binding)

    @cached_property
    def unresolved(self) -> frozenset[str]:
        """Names that are read and neither bound anywhere around nor a builtin."""
        unbound = set()
        for name, scope in self.index.loads.items():
            if not hasattr(builtins, name.id) and name.id not in _MODULE_NAMES and scope.lookup(name.id) is None:
                unbound.add(name.id)
        return frozenset(unbound)

    @cached_property
    def identifiers(self) -> frozenset[str]:
        """Every name that occurs as a name: bound, read, global, or brought by ``import *``; no attributes."""
        names = {name.id for name in self.nodes(ast.Name)} | {arg.arg for arg in self.nodes(ast.arg)}
        names = names.union(*(brought for _, brought in self.facts.star_names))
        scopes = [self.index.scope, *self.index.scopes.values()]
        for scope in scopes:
            names |= scope.bindings.keys() | scope.global_names | scope.nonlocal_names
        return frozenset(names)

    # --- values ------------------------------------------------------------------------------------------------

    @cached_property
    def _inference(self) -> Inference:
        return Inference(self)

    def type_of(self, expr: ast.expr) -> Types | None:
        """The exact classes that an expression's value can have, None if it can be anything."""
        return self._inference.of(expr)

    def local_function(self, func: ast.expr) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The undecorated function of this module that a plain name means, if it can mean no other."""
        binding = self._only_binding(func, BindingKind.FUNCTION)
        node = binding.node if binding is not None else None
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and not node.decorator_list:
            return node
        return None

    def local_class(self, expr: ast.expr) -> ast.ClassDef | None:
        """The class of this module that a plain name means, if it can mean no other."""
        binding = self._only_binding(expr, BindingKind.CLASS)
        return binding.node if binding is not None and isinstance(binding.node, ast.ClassDef) else None

    def _only_binding(self, expr: ast.expr, kind: BindingKind) -> Binding | None:
        if not isinstance(expr, ast.Name):
            return None
        found = self.scope(expr).lookup(expr.id)
        if found is None or len(found[1]) != 1 or found[1][0].kind is not kind or found[0].star_imports:
            return None
        return found[1][0]

    def every_call(self, function: ast.AST) -> list[ast.Call] | None:
        """All calls of a function of this module, None if some may stand elsewhere or be hidden."""
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) or function.decorator_list:
            return None
        if not self.is_closed or self.reads_own_names:
            return None
        scope = self.scope(function)
        bindings = scope.bindings.get(function.name, [])
        if scope.kind is ScopeKind.CLASS or len(bindings) != 1:
            return None
        calls = []
        for use in self.uses(bindings[0]):
            call = self.parent(use)
            if not isinstance(call, ast.Call) or call.func is not use:
                return None
            calls.append(call)
        return calls

    @cached_property
    def reads_own_names(self) -> bool:
        """Whether the module may reach its own names by other ways than by naming them: ``globals()``, ``exec``."""
        data = self.source.data
        if b"modules" in data and any(
            self.qualified_name(node) == "sys.modules" for node in self.nodes(ast.Attribute, ast.Name)
        ):
            return True
        if any(
            "__main__" in (alias.name, getattr(self.parent(alias), "module", "")) for alias in self.nodes(ast.alias)
        ):
            return True
        calls = (call for call in self.nodes(ast.Call) if self.qualified_name(call.func) in _OWN_NAMES)
        return any(call.args == [] or self.qualified_name(call.func) != "builtins.vars" for call in calls)

    # --- the file as a whole -----------------------------------------------------------------------------------

    @cached_property
    def guard(self) -> ast.If | None:
        """The ``if __name__ == "__main__":`` statement."""
        return next((item for item in self.tree.body if isinstance(item, ast.If) and is_guard(item.test)), None)

    @cached_property
    def is_test(self) -> bool:
        """Whether the file is a test by its name or folder."""
        return bool(_TEST_FILE.search(self.facts.path.replace("\\", "/")))

    @cached_property
    def is_script(self) -> bool:
        """Whether the file does something when it is run, and is not a file that a tool runs for its own ends."""
        if self.facts.name in _NOT_SCRIPTS or self.is_test:
            return False
        return self.guard is not None or any(self.acts(statement) for statement in self.tree.body)

    @cached_property
    def is_closed(self) -> bool:
        """Whether no other file can reach into this one: a script that nothing imports."""
        return self.is_script and not self.facts.importers and not self.facts.in_package

    @property
    def imported_names_used_elsewhere(self) -> frozenset[str] | None:
        """The names of this module that other files of the project import; None if that cannot be told."""
        return self.facts.names_used_elsewhere

    def acts(self, statement: ast.stmt) -> bool:
        """Whether a statement of the module's body does work, beyond defining, importing and setting up names."""
        if isinstance(statement, ast.Expr):
            if isinstance(statement.value, ast.Constant):
                return False
            called = statement.value.func if isinstance(statement.value, ast.Call) else None
            return not (called is not None and (self.qualified_name(called) or "").startswith("sys.path."))
        if isinstance(statement, (ast.For, ast.While, ast.With)):
            return True
        if isinstance(statement, _BRANCHES):
            return any(self.acts(item) for block in blocks(statement) for item in block)
        return False

    @cached_property
    def docstring(self) -> ast.Expr | None:
        """The module's docstring, as a statement."""
        first = self.tree.body[0] if self.tree.body else None
        if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
            return first
        return None

    @cached_property
    def indent(self) -> str:
        """The file's own unit of indentation, four spaces if it has none."""
        for statement in self.tree.body:
            for block in blocks(statement):
                if block and block[0].lineno > statement.lineno:
                    line = self.source.line(block[0].lineno)[: block[0].col_offset].decode("utf-8")
                    if line and not line.strip(" \t"):
                        return line
        return "    "

    @cached_property
    def comments(self) -> list[Comment]:
        """All comments, in order: every hash that stands outside of strings, inside of replacement fields too."""
        data = self.source.data
        if b"#" not in data:
            return []
        spans = sorted(self._strings())
        starts = [start for start, _ in spans]
        comments = []
        position = data.find(b"#")
        while position >= 0:
            inside = bisect_right(starts, position) - 1
            if inside >= 0 and position < spans[inside][1]:
                position = data.find(b"#", spans[inside][1])
                continue
            end = data.find(b"\n", position)
            end = len(data) if end < 0 else end
            text = data[position:end].rstrip(b"\r").decode("utf-8")
            comments.append(Comment(text, position, self.source.position(position)[0]))
            position = data.find(b"#", end)
        return comments

    def _strings(self) -> Iterator[tuple[int, int]]:
        """The spans of the string literals, without the comments between or in them."""
        formatted = [node for kind in _FORMATTED for node in self.nodes(kind)]
        inner = {below for node in formatted for below in ast.walk(node) if below is not node}
        for node in (*self.nodes(ast.Constant), *formatted):
            if node in inner or isinstance(node, ast.Constant) and not isinstance(node.value, (str, bytes)):
                continue
            yield from self._pieces(node)  # type: ignore[arg-type]

    def _pieces(self, node: ast.expr) -> Iterator[tuple[int, int]]:
        start, end = self.span(node)
        text = self.source.data[start:end]
        if b"#" not in text:
            return
        if b"\n" in text and (isinstance(node, _FORMATTED) or not _is_one_literal(text)):
            # Comments may stand between the parts of "a" "b", and since Python 3.12 in the fields of f-strings.
            for first, last in _comment_spans(text):
                yield start, end - len(text) + first
                start = end - len(text) + last
        yield start, end

    @cached_property
    def comments_by_line(self) -> dict[int, str]:
        """The comment of each line that has one."""
        return {comment.line: comment.text for comment in self.comments}


_IMPORTS = (ast.Import, ast.ImportFrom)
_BRANCHES = (ast.If, ast.Match, ast.Try, *((getattr(ast, "TryStar"),) if hasattr(ast, "TryStar") else ()))  # noqa: B009
_MODULE_NAMES = frozenset(
    """__file__ __name__ __doc__ __package__ __spec__ __loader__ __path__ __builtins__ __annotations__ __dict__
    __class__ __module__ __qualname__ __debug__ WindowsError""".split()
)


def _dotted(star: ast.ImportFrom) -> str:
    return "." * star.level + (star.module or "")


def is_guard(test: ast.expr) -> bool:
    """Whether an expression is ``__name__ == "__main__"``, either way round."""
    if not isinstance(test, ast.Compare) or len(test.ops) != 1 or not isinstance(test.ops[0], ast.Eq):
        return False
    sides = (test.left, test.comparators[0])
    named = any(isinstance(side, ast.Name) and side.id == "__name__" for side in sides)
    return named and any(isinstance(side, ast.Constant) and side.value == "__main__" for side in sides)


def _runs_inside(owner: ast.AST, child: ast.AST) -> bool:
    """Whether ``child``, a direct child of a scope's node, is evaluated in that scope."""
    if isinstance(owner, ast.Lambda):
        return child is owner.body
    if isinstance(owner, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return isinstance(child, ast.stmt) and child not in owner.decorator_list
    # In a comprehension the first iterable alone is outside, and the reads in it are known by the walk.
    return True


def _is_one_literal(text: bytes) -> bool:
    """Whether a multi-line string constant is a single triple-quoted literal."""
    body = text.lstrip(b"rRbBuUfFtT")
    quote = body[:3]
    return quote in (b'"""', b"'''") and body.endswith(quote) and body.count(quote) == 2


def _comment_spans(text: bytes) -> Iterator[tuple[int, int]]:
    """Where the comments in an expression are."""
    lines = text.split(b"\n")
    starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
    # Parentheses keep the lines together; they stand on a line of their own to leave the columns as they are.
    for token in tokenize.generate_tokens(io.StringIO(f"(\n{text.decode('utf-8')}\n)").readline):
        if token.type == tokenize.COMMENT:
            row, column = token.start[0] - 2, token.start[1]
            start = starts[row] + len(lines[row].decode("utf-8")[:column].encode("utf-8"))
            yield start, start + len(token.string.rstrip("\r").encode("utf-8"))


def _root(node: ast.Attribute) -> tuple[str, ast.Name | None]:
    """The attributes of ``a.b.c`` with dots, and the name that they start from, None if it is no plain one."""
    steps = [node.attr]
    value = node.value
    while isinstance(value, ast.Attribute):
        steps.insert(0, value.attr)
        value = value.value
    return ".".join(steps), value if isinstance(value, ast.Name) else None


def _bind_by_other_ways(index: Index) -> None:
    """Let ``builtins.print = ...`` and ``globals()["print"] = ...`` count as bindings for the whole module."""
    modules = {
        name
        for scope in [index.scope, *index.scopes.values()]
        for name, bindings in scope.bindings.items()
        if any((binding.target or "").rpartition(".")[2] in _BUILTINS for binding in bindings)
    } | {"__builtins__"}

    def is_namespace(node: ast.AST) -> bool:
        if isinstance(node, ast.Attribute) and node.attr == "__dict__":
            node = node.value
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            return node.func.id in {"globals", "vars"} and (not node.args or is_namespace(node.args[0]))
        return isinstance(node, ast.Name) and node.id in modules

    for node in (*index.by_type.get(ast.Attribute, ()), *index.by_type.get(ast.Subscript, ())):
        name: object = None
        if not isinstance(node, (ast.Attribute, ast.Subscript)) or isinstance(node.ctx, ast.Load):
            continue
        if isinstance(node, ast.Attribute):
            name = node.attr if is_namespace(node.value) else None
        elif isinstance(node.slice, ast.Constant):
            name = node.slice.value if is_namespace(node.value) else None
        if isinstance(name, str):
            index.scope.bindings.setdefault(name, []).append(Binding(name, BindingKind.ATTRIBUTE, node, index.scope))
    for call in index.by_type.get(ast.Call, ()):
        match call:
            case ast.Call(func=ast.Name(id="setattr" | "delattr"), args=[module, ast.Constant(value=str(text)), *_]):
                if is_namespace(module):
                    binding = Binding(text, BindingKind.ATTRIBUTE, call, index.scope)
                    index.scope.bindings.setdefault(text, []).append(binding)
