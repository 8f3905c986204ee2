"""Whether code that runs while a file is read may write it, by its path."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Hashable, Iterable

from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.library.file_objects import WRITING
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind
from pymodernize_codemods.readlines_iteration.reading import Left

_OPENING = frozenset({"open", "GzipFile", "BZ2File", "LZMAFile", "ZipFile"})
# Functions that do no more with a path than to look at its text, or to look for the file.
_LOOKING = ("os.path.", "builtins.", "logging.", "os.stat", "os.listdir", "re.", "shutil.which")
_FORKING = frozenset({"os.fork", "os.forkpty", "pty.fork"})
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_RUNNING = frozenset({"builtins.exec", "builtins.eval", "builtins.compile", "builtins.__import__"})
# Methods of texts and paths that write nothing.
_METHODS = frozenset(
    """append add debug endswith error exists format info is_dir is_file join lower lstrip read_bytes read_text replace
    rsplit rstrip split splitlines startswith stat strip update upper warning""".split()
)


class Writing:
    """Looks for code that may write a file.

    Args:
        module: the module.
        path: the expression that names the file.
    """

    def __init__(self, module: Module, path: ast.expr) -> None:
        self.module = module
        self.roots = self._roots(path)
        self._seen: set[ast.AST] = set()

    def check(self, code: Iterable[ast.AST]) -> None:
        """See that some code, with the functions of the module that it calls, does not write the file.

        Raises:
            Left: it may, or is suspended.
        """
        for item in code:
            for node in own_nodes(item):
                self.module.spend()
                if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await, ast.AsyncFor, ast.AsyncWith)):
                    raise Left("suspended", "other code runs between two turns of the loop")
                if isinstance(node, ast.Call):
                    self._check_call(node)

    def check_opened(self, loop: ast.AST) -> None:
        """See that nothing else of the module may have the file open for writing while a loop runs.

        Raises:
            Left: something may.
        """
        for call in self.module.nodes(ast.Call):
            logs = (self.module.library_name(call.func) or "").startswith("logging.") and self._names_it(call)
            if (logs or self._writes(call)) and not self._is_apart(call, loop):
                raise Left("written", f"line {call.lineno} opens the same file for writing")

    def _is_apart(self, call: ast.Call, loop: ast.AST) -> bool:
        """Whether a file that a call opens is closed before a loop begins, or opened when that has ended."""
        module = self.module
        item = module.parent(call)
        around = module.parent(item) if isinstance(item, ast.withitem) else None
        if module.function(call) is not module.function(loop):
            own = {function.name for function in module.nodes(ast.FunctionDef, ast.AsyncFunctionDef)}
            return isinstance(around, ast.With) and not any(
                isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in own
                for statement in around.body
                for node in own_nodes(statement)
            )
        if around is not None:
            return not module.is_inside(loop, around)
        turns = (node for node in module.ancestors(call) if isinstance(node, _LOOPS))
        return module.span(call)[0] > module.span(loop)[1] and not any(module.is_inside(loop, turn) for turn in turns)

    def _check_call(self, call: ast.Call) -> None:
        if self.module.library_name(call.func) in _FORKING:
            raise Left("passed-on", f"line {call.lineno} starts a process that reads on in the same file")
        if self._writes(call):
            raise Left("written", f"line {call.lineno} may write the file")
        if self._is_given(call):
            raise Left("passed-on", f"line {call.lineno} passes its path to code that may write it")
        called = getattr(call.func, "attr", getattr(call.func, "id", ""))
        for function in self.module.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
            own_class = self.module.parent(function)
            made = function.name == "__init__" and isinstance(own_class, ast.ClassDef) and own_class.name == called
            if (function.name == called or made) and function not in self._seen:
                self._seen.add(function)
                try:
                    self.check(function.body)
                except Left as exc:
                    if exc.reason.code != "suspended":
                        raise

    def _writes(self, call: ast.Call) -> bool:
        """Whether a call may open the same file for writing."""
        if getattr(call.func, "attr", getattr(call.func, "id", "")) not in _OPENING:
            return False
        places = [*call.args]
        if isinstance(call.func, ast.Attribute) and self.module.library_name(call.func) is None:
            places.insert(0, call.func.value)  # the method of a path
        named = {item.arg: item.value for item in call.keywords}
        mode = places[1] if len(places) > 1 else named.get("mode")
        if mode is None and None not in named:
            return False
        if isinstance(mode, ast.Constant) and not set(str(mode.value)) & WRITING:
            return False
        return any(self.roots & self._roots(item) for item in (*places[:1], *named.values()))

    def _is_given(self, call: ast.Call) -> bool:
        """Whether a call passes the path to code that may write the file."""
        name = self.module.library_name(call.func) or ""
        if name not in _RUNNING and name.startswith(_LOOKING):
            return False
        method = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        if method in _METHODS and not name or method in _OPENING or name.endswith(".open"):
            return False
        return self._names_it(call)

    def _names_it(self, call: ast.Call) -> bool:
        """Whether the path, or a text with it, is among the arguments of a call, or what its method is called of."""
        given = [*call.args, *(item.value for item in call.keywords)]
        if isinstance(call.func, ast.Attribute):
            given.append(call.func.value)
        texts = [root for root in self.roots if isinstance(root, str)]
        for node in (node for item in given for node in ast.walk(item)):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if any(text in node.value for text in texts):
                    return True
            elif isinstance(node, ast.expr) and self.roots & self._roots(node):
                return True
        return False

    def _roots(self, path: ast.AST) -> set[Hashable]:
        """What an expression can come from: constants, variables, and other expressions as they are written."""
        found: set[Hashable] = set()
        pending, seen = [path], {path}
        while pending:
            item = pending.pop()
            further: list[ast.AST] = []
            match item:
                case ast.Constant(value=str(text)):
                    found.add(posixpath.normpath(text))
                case ast.Name():
                    further = self._sources(item, found)
                case ast.Attribute(attr=attr):
                    found.add(("attribute", attr))
                    further = self._kept(attr)
                case ast.Call(func=func, args=[only], keywords=[]) if self.module.library_name(func) in {
                    "pathlib.Path",
                    "builtins.str",
                    "os.path.abspath",
                }:
                    further = [only]
                case _:
                    found.add(ast.dump(item))
            pending += [node for node in further if node not in seen]
            seen.update(further)
        return found

    def _kept(self, attr: str) -> list[ast.AST]:
        """What the module puts into attributes of a name."""
        stores = (node for node in self.module.nodes(ast.Attribute) if node.attr == attr)
        parents = (self.module.parent(node) for node in stores if isinstance(node.ctx, ast.Store))
        return [parent.value for parent in parents if isinstance(parent, ast.Assign)]

    def _sources(self, name: ast.Name, found: set[Hashable]) -> list[ast.AST]:
        scope = self.module.scope(name).lookup(name.id)
        if scope is None:
            found.add(name.id)
            return []
        owner, bindings = scope
        found.add((owner, name.id))
        values: list[ast.AST] = []
        for binding in bindings:
            parent = self.module.parent(binding.node)
            if isinstance(parent, (ast.Assign, ast.AnnAssign, ast.NamedExpr)) and parent.value is not None:
                values.append(parent.value)
            elif binding.kind is BindingKind.PARAMETER:
                cell = self.module.values.read_by(name)
                contents = self.module.values.contents(cell) if cell is not None else None
                values += [source.expr for source in contents.sources] if contents is not None else []
        return values
