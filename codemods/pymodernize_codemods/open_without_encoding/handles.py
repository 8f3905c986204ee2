"""What is done with an open file: the texts that are written to it, and whether something shows its encoding."""

from __future__ import annotations

import ast

from pymodernize.semantics.certain_bindings import CertainBindings
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Scope, ScopeKind
from pymodernize.semantics.types import names_of
from pymodernize_codemods.open_without_encoding.openers import Opened
from pymodernize_codemods.open_without_encoding.plain_texts import are_plain, is_plain, is_plain_json

# Modes in which nothing is read but what the script has written itself.
_ANEW = frozenset({"w", "x", "a", "w+", "x+"})
# Methods and attributes by which no text goes into the file.
_SILENT = frozenset(
    """close closed fileno flush isatty mode name read readable readline readlines seek seekable tell truncate
    writable""".split()
)
_PROGRAMS = frozenset(
    f"subprocess.{name}" for name in ("Popen", "call", "check_call", "check_output", "run")
) | frozenset({"fcntl.flock", "fcntl.lockf", "os.fsync"})
_SHOWING = frozenset(
    """builtins.ascii builtins.format builtins.print builtins.repr builtins.str pprint.pformat pprint.pprint""".split()
)
_SHOWING_METHODS = frozenset("critical debug error exception fatal format info log warn warning".split())
_REDIRECTING = frozenset({"contextlib.redirect_stderr", "contextlib.redirect_stdout"})
_STREAMS = ("sys.stdin", "sys.stdout", "sys.stderr", "sys.__stdin__", "sys.__stdout__", "sys.__stderr__")
_CSV_OPTIONS = frozenset({"delimiter", "quotechar", "escapechar", "lineterminator", "quoting", "doublequote"})


class _UnknownUse(Exception):
    """The file is used in a way that is not told."""


class Handle:
    """The uses of one open file.

    Args:
        module: the module.
        opened: the call that opens it.
    """

    def __init__(self, module: Module, opened: Opened) -> None:
        self.module = module
        self.opened = opened
        self.uses, self.is_followed = _uses(module, opened.call)

    @property
    def is_plain(self) -> bool:
        """Whether everything that is written to the file is ASCII for certain, and nothing else is read from it."""
        call = self.opened.call
        if isinstance(call.func, ast.Attribute) and call.func.attr == "write_text" and not self.opened.modes:
            return len(call.args) == 1 and is_plain(self.module, call.args[0])
        if not self.is_followed or not self.opened.modes:
            return False
        if not all(mode.replace("t", "") in _ANEW for mode in self.opened.modes):
            return False
        try:
            return all(map(self._is_plain_use, self.uses))
        except _UnknownUse:
            return False

    def _is_plain_use(self, use: ast.expr) -> bool:
        """Whether a use writes ASCII or nothing.

        Raises:
            _UnknownUse: nothing is known of it.
        """
        parent = self.module.parent(use)
        match parent:
            case ast.Attribute(attr=attr) if attr in _SILENT:
                return True
            case ast.Attribute(attr="write" | "writelines" as attr) if (
                isinstance(written := self.module.parent(parent), ast.Call)
                and written.func is parent
                and len(written.args) == 1
            ):
                (text,) = written.args
                if attr == "write":
                    return is_plain(self.module, text)
                return isinstance(text, ast.List | ast.Tuple) and are_plain(self.module, text.elts)
            case ast.keyword(arg=arg) if isinstance(call := self.module.parent(parent), ast.Call):
                name = self.module.library_name(call.func)
                if name == "builtins.print" and arg == "file":
                    others = [item.value for item in call.keywords if item is not parent]
                    return are_plain(self.module, [*call.args, *others])
                return name in _PROGRAMS and arg in {"stdout", "stderr", "stdin"}
            case ast.Call(args=args) if use in args:
                return self._is_plain_argument(parent, use)
            case ast.Expr() | ast.withitem(optional_vars=None):
                return True
            case ast.withitem():
                return use is self.opened.call  # another name of the file, where it is no call
        raise _UnknownUse

    def _is_plain_argument(self, call: ast.Call, use: ast.expr) -> bool:
        name = self.module.library_name(call.func)
        if name == "json.dump":
            return len(call.args) == 2 and call.args[1] is use and is_plain_json(self.module, call.keywords)  # noqa: PLR2004
        if name == "csv.writer":
            options = [item.value for item in call.keywords if item.arg in _CSV_OPTIONS]
            known = len(call.args) == 1 and len(options) == len(call.keywords)
            is_constant = all(self.module.library_name(item) or is_plain(self.module, item) for item in options)
            uses, is_followed = _uses(self.module, call)
            return known and is_constant and is_followed and all(map(self._is_plain_row, uses))
        return name in _PROGRAMS

    def _is_plain_row(self, writer: ast.expr) -> bool:
        parent = self.module.parent(writer)
        call = self.module.parent(parent) if isinstance(parent, ast.Attribute) else None
        if not isinstance(parent, ast.Attribute) or parent.attr != "writerow" or not isinstance(call, ast.Call):
            return False
        row = call.args[0] if len(call.args) == 1 and call.func is parent else None
        return isinstance(row, ast.List | ast.Tuple) and are_plain(self.module, row.elts)

    @property
    def is_shown(self) -> bool:
        """Whether the name of the file's encoding, which is written in another way afterwards, may be shown."""
        if not self.opened.gives_file:
            return False
        if any(map(self._shows, (*self.uses, self.opened.call))):
            return True
        stays = self.is_followed and all(map(self._stays, self.uses))
        return not stays and self.module.once(_asks_for_encoding)

    def _shows(self, use: ast.expr) -> bool:
        """Whether a use asks for the encoding, or prints the file itself."""
        parent = self.module.parent(use)
        match parent:
            case ast.Attribute(attr="encoding") | ast.FormattedValue():
                return True
            case ast.BinOp(op=ast.Mod()):
                return parent.right is use
            case ast.Tuple() | ast.Dict() if isinstance(around := self.module.parent(parent), ast.BinOp):
                return around.right is parent
            case ast.Call(args=args, func=func) if use in args:
                name = self.module.qualified_name(func)
                if name == "builtins.getattr":
                    return not (len(args) > 1 and isinstance(args[1], ast.Constant) and args[1].value != "encoding")
                return name in _SHOWING or _is_method_that_shows(func)
            case ast.keyword() if isinstance(call := self.module.parent(parent), ast.Call):
                return isinstance(call.func, ast.Attribute) and call.func.attr == "format"
        return False

    def _stays(self, use: ast.expr) -> bool:
        """Whether a use keeps the file where it is in sight."""
        parent = self.module.parent(use)
        match parent:
            case ast.Attribute() | ast.Expr() | ast.withitem():
                return True
            case ast.For(iter=read) | ast.comprehension(iter=read):
                return read is use
            case ast.Call() | ast.keyword():
                call = parent if isinstance(parent, ast.Call) else self.module.parent(parent)
                name = self.module.library_name(call.func) if isinstance(call, ast.Call) else None
                return name is not None and name not in _REDIRECTING
        return False


def _is_method_that_shows(func: ast.expr) -> bool:
    return isinstance(func, ast.Attribute) and func.attr in _SHOWING_METHODS


def _uses(module: Module, expr: ast.expr) -> tuple[list[ast.expr], bool]:
    """The reads of the variable that a value is assigned to, or the value itself; and whether these are all."""
    parent = module.parent(expr)
    target = None
    match parent:
        case ast.withitem(optional_vars=ast.Name() as target) | ast.Assign(targets=[ast.Name() as target]):
            pass
        case ast.NamedExpr(target=ast.Name() as target):
            return _reads(module, target), False
        case ast.withitem(optional_vars=None) | ast.Expr():
            return [expr], True
        case ast.Assign() | ast.AnnAssign() | ast.withitem():
            return [expr], False
        case _:
            return [expr], True
    reads = _reads(module, target)
    found = module.scope(target).lookup(target.id)
    if found is None or found[0].kind is ScopeKind.CLASS or found[0].parent is None and not module.is_closed:
        return reads, False
    return reads, not module.values.is_reached_otherwise


def _reads(module: Module, target: ast.Name) -> list[ast.expr]:
    """The reads of a variable that may see what one assignment gives it."""
    return module.once(_Reads).of(target)


class _Reads:
    """The reads of variables by the bindings that they see, worked out once for each variable."""

    def __init__(self, module: Module) -> None:
        self.module = module
        self.known: dict[tuple[Scope, str], dict[ast.AST | None, list[ast.expr]]] = {}

    def of(self, target: ast.Name) -> list[ast.expr]:
        """Those that see one binding for certain, and those that may see any."""
        found = self.module.scope(target).lookup(target.id)
        if found is None:
            return []
        key = found[0], target.id
        if key not in self.known:
            self.known[key] = by_binding = {}
            certain = CertainBindings(self.module, found[0], [binding.node for binding in found[1]])
            for read in self.module.uses(found[1][0]):
                by_binding.setdefault(certain.of(read), []).append(read)
        return [*self.known[key].get(target, ()), *self.known[key].get(None, ())]


def _asks_for_encoding(module: Module) -> bool:
    """Whether a module may read the attribute ``encoding`` of an open file, or have the library write it down."""
    for node in module.nodes(ast.Attribute):
        if node.attr == "encoding" and isinstance(node.ctx, ast.Load) and _may_be_file(module, node.value):
            return True
    if any(keyword.arg == "xml_declaration" for keyword in module.nodes(ast.keyword)):
        return True
    calls = module.calls("builtins.getattr", "operator.attrgetter")
    return any(isinstance(arg, ast.Constant) and arg.value == "encoding" for call in calls for arg in call.args)


def _may_be_file(module: Module, expr: ast.expr) -> bool:
    name = module.qualified_name(expr)
    if name is not None:
        return name in _STREAMS and (module.names.is_replaced(name) or bool(module.calls(*_REDIRECTING)))
    if isinstance(expr, ast.Name) and expr.id in {"self", "cls"}:
        return False
    types = module.type_of(expr)
    return types is None or "io.TextIOWrapper" in names_of(types)
