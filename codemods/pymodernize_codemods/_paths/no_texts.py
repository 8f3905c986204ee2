"""Whether the code of a script shows that a value may be no text: bytes, a file descriptor."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind
from pymodernize_codemods._paths.classes import PATH, types_of
from pymodernize_codemods._paths.named import NamedValues

_NUMBERS = frozenset({"os.open", "os.dup", "os.dup2", "os.pipe", "os.openpty", "pty.openpty", "tempfile.mkstemp"})
_BYTES = frozenset(
    {"os.fsencode", "os.getcwdb", "os.environb.get", "os.getenvb", "builtins.bytes", "builtins.bytearray"}
)
_GIVING = frozenset({"encode", "fileno", "to_bytes"})
_DEEPEST = 12


def is_no_text(module: Module, expr: ast.expr) -> bool:
    """Whether the module shows that a value may be neither a text nor a path nor None.

    Args:
        module: the module.
        expr: an expression whose type is not known.
    """
    return _Search(module, _end_of_reach(module, expr)).shows(expr)


def _end_of_reach(module: Module, read: ast.expr) -> tuple[int, int] | None:
    """The position from which on no assignment to a variable reaches a read of it; None if it is not known.

    ``name = open(name)`` assigns a file, but the read in it gets an earlier
    value. This holds outside of loops, for variables of the same scope.
    """
    if not isinstance(read, ast.Name):
        return None
    found, function = module.scope(read).lookup(read.id), module.function(read)
    if found is None or found[0].node is not (function or module.tree):
        return None
    if not all(_is_parameter_or_assigned(module, binding.node) for binding in found[1]):
        return None
    statement = module.statement(read)
    for node in (statement, *module.ancestors(statement)):
        if node is function:
            break
        if isinstance(node, (ast.For, ast.AsyncFor, ast.While)):
            return None
    return statement.lineno, statement.col_offset


def _is_parameter_or_assigned(module: Module, node: ast.AST) -> bool:
    if isinstance(node, ast.arg):
        return True
    statement = module.parent(node)
    return isinstance(statement, (ast.Assign, ast.AnnAssign)) and isinstance(node, ast.Name)


class _Search:
    """One backward search through the values that an expression depends on, without assignments that come too late."""

    def __init__(self, module: Module, end: tuple[int, int] | None) -> None:
        self.module = module
        self.end = end
        self.named = module.once(NamedValues)
        self.seen: set[ast.expr] = set()

    def shows(self, expr: ast.expr) -> bool:
        """Whether the module shows that a value may be no text."""
        if expr in self.seen or len(self.seen) > _DEEPEST:
            return False
        self.seen.add(expr)
        # The inferred types are flow-insensitive: those of later assignments are among them.
        late = [value for value in self.named.of(expr) if self._is_late(value)] if len(self.seen) == 1 else []
        types = types_of(self.module, expr)
        if types is not None and not late:
            return bool(types - {"str", PATH, "NoneType"})
        match expr:
            case ast.Call():
                return self._call(expr)
            case ast.BinOp(left=left, right=right):
                return self.shows(left) or self.shows(right)
            case ast.IfExp(body=body, orelse=orelse):
                return self.shows(body) or self.shows(orelse)
            case ast.BoolOp(values=values):
                return any(map(self.shows, values))
            case ast.Name() | ast.Attribute() | ast.Subscript():
                values = [value for value in self.named.of(expr) if value not in late]
                return self._annotated(expr) or self._stored(expr) or any(map(self.shows, values))
        return False

    def _is_late(self, value: ast.expr) -> bool:
        """Whether a value is assigned too late to reach the read that the search started from."""
        if self.end is None:
            return False
        statement = self.module.statement(value)
        stored = isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is value
        return stored and (statement.lineno, statement.col_offset) >= self.end

    def _call(self, call: ast.Call) -> bool:
        qualified = self.module.qualified_name(call.func) or ""
        if qualified in _NUMBERS | _BYTES:
            return True
        if isinstance(call.func, ast.Attribute) and call.func.attr in _GIVING:
            return True
        if qualified.startswith(("os.", "glob.", "builtins.sorted", "builtins.list")):
            return any(self.shows(arg) for arg in call.args)
        return isinstance(call.func, ast.Attribute) and self._converted(call)

    def _converted(self, call: ast.Call) -> bool:
        """Whether the receiver of a method is no text, and so the result: ``name.strip()`` of bytes."""
        return isinstance(call.func, ast.Attribute) and self.shows(call.func.value)

    def _stored(self, read: ast.expr) -> bool:
        """Whether a loop, an unpacking, or the ``type`` of an option assigns something else than a text."""
        if isinstance(read, ast.Attribute):
            return any(self._converts(call, read.attr) for call in self.module.nodes(ast.Call))
        if not isinstance(read, ast.Name):
            return False
        found = self.module.scope(read).lookup(read.id)
        for binding in found[1] if found is not None else ():
            owner = self.module.parent(binding.node)
            if isinstance(owner, (ast.For, ast.comprehension)) and self.shows(owner.iter):
                return True
            if isinstance(owner, ast.Tuple) and isinstance(assign := self.module.parent(owner), ast.Assign):
                if isinstance(assign.value, ast.Call) and self._call(assign.value) and owner.elts[0] is binding.node:
                    return True
        return False

    def _converts(self, call: ast.Call, name: str) -> bool:
        """Whether a call adds an option of this name, with a ``type`` that does not give texts."""
        if not isinstance(call.func, ast.Attribute) or call.func.attr not in {"add_argument", "add_option"}:
            return False
        texts = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
        if name not in {text.lstrip("-").replace("-", "_") for text in texts}:
            return False
        types = [self.module.qualified_name(item.value) for item in call.keywords if item.arg == "type"]
        return any(type_ in _BYTES | {"builtins.int", "builtins.float"} for type_ in types)

    def _annotated(self, read: ast.expr) -> bool:
        """Whether an annotation of the variable, or of any attribute of this name, has another type than a text."""
        annotations: list[ast.expr | None] = []
        if isinstance(read, ast.Name):
            found = self.module.scope(read).lookup(read.id)
            nodes = [binding.node for binding in found[1]] if found is not None else []
            annotations = [node.annotation for node in nodes if isinstance(node, ast.arg)]
            if found is not None and any(binding.kind is BindingKind.IMPORT for binding in found[1]):
                return False
        name = read.id if isinstance(read, ast.Name) else getattr(read, "attr", None)
        annotations += [
            node.annotation
            for node in self.module.nodes(ast.AnnAssign)
            if name is not None and name == getattr(node.target, "id", getattr(node.target, "attr", None))
        ]
        return any(_speaks_of_others(annotation) for annotation in annotations if annotation is not None)


def _speaks_of_others(annotation: ast.expr) -> bool:
    names = {getattr(node, "id", getattr(node, "attr", None)) for node in ast.walk(annotation)}
    return bool(names & {"bytes", "int", "AnyStr", "bytearray", "BinaryIO", "TextIO", "IO"})
