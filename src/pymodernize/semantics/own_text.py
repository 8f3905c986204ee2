"""Whether a script reads its own source, so that any rewrite changes its behaviour.

Data flow follows the path of the script through expressions, variables,
attributes, parameters and results, to calls that read the file.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

from pymodernize.semantics.call_binding import defaults, parameter_of

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

_SIGNS = (b"__file__", b"__loader__", b"__spec__", b"argv", b"co_filename", b"inspect", b"setprofile", b"settrace")
# Functions that return the source of a function, a class or a frame.
_SOURCES = tuple(f"inspect.{name}" for name in "findsource getcomments getsource getsourcelines".split())
_LOADING = frozenset("get_data get_source getline".split())
# Functions whose result may be a path of the same file as their argument.
_SAME_FILE = frozenset(
    """builtins.str os.fspath os.path.abspath os.path.basename os.path.expanduser os.path.join os.path.normcase
    os.path.normpath os.path.realpath os.path.relpath os.readlink pathlib.Path pathlib.PosixPath
    pathlib.PurePath""".split()
)
# Functions that do not read the content of a file, or only import it.
_HARMLESS = frozenset(
    """builtins.bool builtins.format builtins.getattr builtins.hasattr builtins.hash builtins.isinstance
    builtins.len builtins.print builtins.repr builtins.type os.access os.chdir os.chmod os.path.dirname
    os.path.exists os.path.getatime os.path.getctime os.path.getmtime os.path.isabs os.path.isdir os.path.isfile
    os.path.islink os.path.lexists os.path.samefile os.path.split os.path.splitdrive os.path.splitext os.remove
    os.unlink os.utime pytest.main sys.exit sys.stderr.write sys.stdout.write syslog.openlog""".split()
)
_HARMLESS_MODULES = ("argparse.", "getopt.", "logging.", "optparse.", "re.", "sys.path.", "textwrap.")
_PROGRAMS = ("asyncio.create_subprocess", "os.exec", "os.popen", "os.spawn", "os.system", "pty.spawn", "subprocess.")
_SAME_METHODS = frozenset("absolute as_posix expanduser joinpath resolve strip".split())
_SAME_ATTRIBUTES = frozenset({"name"})
_READING_METHODS = frozenset("hardlink_to lstat open read_bytes read_text rename replace stat".split())
_TAKING_METHODS = frozenset("add getline getlines load open parse read send upload".split())


def reads_own_text(module: Module, removed: Collection[ast.stmt] = ()) -> str:
    """Why a script depends on its own source, with the line of the code; empty if it does not.

    Args:
        module: the module.
        removed: statements that are left out, as a rewrite removes them.
    """
    for node in module.once(_text_reads):
        if not removed or not any(around in removed for around in module.ancestors(node)):
            return f"the file reads its own text (line {node.lineno}), which the rewrite changes"
    return ""


def _text_reads(module: Module) -> list[ast.expr]:
    own_name = module.facts.name.encode("utf-8", "surrogateescape")
    if not module.has_text(*_SIGNS, own_name):
        return []
    return list(_all_text_reads(module))


def _all_text_reads(module: Module) -> Iterator[ast.expr]:
    """The expressions that read the script's own source."""
    for call in module.calls(*_SOURCES, "sys.settrace", "sys.setprofile"):
        qualified = module.qualified_name(call.args[0]) if call.args else None
        if qualified is None or qualified.startswith("sys."):
            yield call
    for node in module.nodes(ast.Attribute):
        if node.attr in _LOADING and isinstance(node.value, ast.Name) and node.value.id == "__loader__":
            yield node
    seen: set[tuple[ast.AST, bool]] = set()
    pending = [(node, True) for node in _own_paths(module)]
    while pending:
        node, exact = pending.pop()
        if (node, exact) in seen:
            continue
        seen.add((node, exact))
        found = _Step(module, node, exact)
        if found.reads:
            yield found.reads
        pending += found.goes_to


def _own_paths(module: Module) -> Iterator[ast.expr]:
    """The expressions whose value is the path of the script."""
    for node in module.nodes(ast.Name):
        if node.id == "__file__" and isinstance(node.ctx, ast.Load):
            yield node
    for node in module.nodes(ast.Subscript):
        match node:
            case ast.Subscript(value=value, slice=ast.Constant(value=0), ctx=ast.Load()):
                if module.qualified_name(value) == "sys.argv":
                    yield node
    for node in module.nodes(ast.Attribute):
        loaded = isinstance(node.ctx, ast.Load)
        if loaded and (node.attr == "co_filename" or node.attr == "__file__" and _is_this_module(module, node.value)):
            yield node
        elif node.attr == "origin" and isinstance(node.value, ast.Name) and node.value.id == "__spec__":
            yield node
    yield from module.calls("inspect.getfile", "inspect.getsourcefile", "inspect.getabsfile")
    for node in module.nodes(ast.Constant):
        if isinstance(node.value, str) and node.value.rpartition("/")[2] == module.facts.name:
            yield node


def _is_this_module(module: Module, node: ast.expr) -> bool:
    if isinstance(node, ast.Subscript):
        return module.qualified_name(node.value) == "sys.modules"
    return module.qualified_name(node) == "__main__"


class _Step:
    """One step of the data flow: how the parent of an expression uses a path, or a text that contains it.

    Attributes:
        reads: the call that reads the file, None if there is none.
        goes_to: the expressions that the value flows to, each with whether it is the path itself.
    """

    def __init__(self, module: Module, node: ast.expr, exact: bool) -> None:
        """Classify the use of one expression.

        Args:
            module: the module.
            node: the expression.
            exact: whether it is the path itself.
        """
        self.module = module
        self.reads: ast.expr | None = None
        self.goes_to: list[tuple[ast.expr, bool]] = []
        parent = module.parent(node)
        around = module.parent(parent) if isinstance(parent, ast.keyword) else parent
        if isinstance(around, ast.Call) and node is not around.func:
            self._call(around, node, exact)
        elif isinstance(parent, ast.Attribute):
            self._attribute(parent, exact)
        elif isinstance(parent, ast.expr):
            self._expression(parent, node, exact)
        else:
            self._statement(parent, node, exact)

    def _expression(self, parent: ast.expr, node: ast.expr, exact: bool) -> None:
        """Add the flow from a value to the expression around it."""
        match parent:
            case ast.Subscript():
                # Without its last sign: the source of a compiled file.
                if parent.value is node and isinstance(parent.slice, ast.Slice) and parent.slice.lower is None:
                    self.goes_to.append((parent, exact))
            case ast.BinOp():
                self.goes_to.append(
                    (parent, exact and parent.right is node and isinstance(parent.op, ast.Add | ast.Div))
                )
            case ast.FormattedValue() | ast.JoinedStr():
                self.goes_to.append((parent, False))
            case ast.IfExp() | ast.BoolOp() | ast.NamedExpr() | ast.Starred() | ast.List() | ast.Tuple() | ast.Set():
                self.goes_to.append((parent, exact))
                if isinstance(parent, ast.NamedExpr):
                    self._stored([parent.target], exact)

    def _statement(self, parent: ast.AST | None, node: ast.expr, exact: bool) -> None:
        """Add the flow from a value to the targets of the statement around it."""
        match parent:
            case ast.Assign():
                self._stored(parent.targets, exact)
            case ast.AnnAssign() | ast.AugAssign() | ast.For() | ast.comprehension():
                self._stored([parent.target], exact)
            case ast.withitem() if parent.optional_vars is not None:
                self._stored([parent.optional_vars], exact)
            case ast.Return():
                self._returned(parent, exact)
            case ast.arguments():
                self._default(parent, node, exact)

    def _stored(self, targets: list[ast.expr], exact: bool) -> None:
        for target in targets:
            for node in ast.walk(target):
                if isinstance(node, ast.Name):
                    found = self.module.scope(node).lookup(node.id)
                    for binding in found[1] if found is not None else ():
                        self.goes_to += [(read, exact) for read in self.module.uses(binding)]
                elif isinstance(node, ast.Attribute):
                    others = (item for item in self.module.nodes(ast.Attribute) if item.attr == node.attr)
                    self.goes_to += [(item, exact) for item in others if isinstance(item.ctx, ast.Load)]

    def _returned(self, statement: ast.Return, exact: bool) -> None:
        function = self.module.function(statement)
        name = getattr(function, "name", None)
        for call in self.module.nodes(ast.Call):
            if name and getattr(call.func, "id", getattr(call.func, "attr", "")) == name:
                self.goes_to.append((call, exact))

    def _default(self, arguments: ast.arguments, node: ast.expr, exact: bool) -> None:
        function = self.module.parent(arguments)
        for parameter, value in defaults(arguments):
            if value is node and function is not None:
                self._parameter(function, parameter, exact)

    def _parameter(self, function: ast.AST, parameter: ast.arg, exact: bool) -> None:
        scope = self.module.index.scopes.get(function)
        for binding in scope.bindings[parameter.arg] if scope is not None else ():
            self.goes_to += [(read, exact) for read in self.module.uses(binding)]

    def _attribute(self, attribute: ast.Attribute, exact: bool) -> None:
        call = self.module.parent(attribute)
        if not isinstance(call, ast.Call) or call.func is not attribute:
            if attribute.attr in _SAME_ATTRIBUTES:
                self.goes_to.append((attribute, exact))
        elif attribute.attr in _SAME_METHODS:
            self.goes_to.append((call, exact))
        elif exact and attribute.attr in _READING_METHODS and not _is_time(self.module, call):
            # Of texts ``replace`` has two arguments.
            if attribute.attr != "replace" or len(call.args) == 1:
                self.reads = call

    def _call(self, call: ast.Call, node: ast.expr, exact: bool) -> None:
        module = self.module
        name = module.qualified_name(call.func) or ""
        if name.startswith(_PROGRAMS):
            if not _runs_itself(module, call):
                self.reads = call
        elif name in _SAME_FILE:
            if name != "os.path.join" or call.args[-1] is node:
                self.goes_to.append((call, exact))
        elif not exact or name in _HARMLESS or name.startswith(_HARMLESS_MODULES) or _is_time(module, call):
            return
        elif (function := module.local_function(call.func)) is not None:
            parameter = parameter_of(function, call, node) if isinstance(function, ast.FunctionDef) else None
            if parameter is not None:
                self._parameter(function, parameter, exact)
        elif name:
            self.reads = call
        elif isinstance(call.func, ast.Attribute) and call.func.attr in _TAKING_METHODS:
            self.reads = call


def _is_time(module: Module, call: ast.AST | None) -> bool:
    """Whether a call is of ``stat`` and only a field other than the size is read: a time, the mode."""
    parent = module.parent(call) if call is not None else None
    return isinstance(parent, ast.Attribute) and parent.attr.startswith("st_") and parent.attr != "st_size"


def _runs_itself(module: Module, call: ast.Call) -> bool:
    """Whether a call runs the script again, by the interpreter or as a command."""
    for node in ast.walk(call):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "python" in node.value:
            return True
        if isinstance(node, (ast.Name, ast.Attribute)) and module.qualified_name(node) == "sys.executable":
            return True
    first = call.args[0] if call.args else None
    if isinstance(first, (ast.List, ast.Tuple)) and first.elts:
        first = first.elts[0]
    return any(own is first for own in _own_paths(module))
