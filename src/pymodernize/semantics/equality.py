"""Whether ``==`` with None asks for identity: the classes of a value define no comparison that says otherwise."""

from __future__ import annotations

import ast
import sys
from typing import TYPE_CHECKING

from pymodernize.semantics.flow import returns_of
from pymodernize.semantics.types import names_of
from pymodernize.semantics.values import Way

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module

# Functions of the standard library that make objects which equal nothing but objects of their kind, and no None.
_MAKING = frozenset(
    """builtins.bytearray builtins.complex builtins.enumerate builtins.frozenset builtins.map builtins.memoryview
    builtins.object builtins.reversed builtins.slice builtins.zip
    argparse.ArgumentParser collections.Counter collections.OrderedDict collections.defaultdict collections.deque
    configparser.ConfigParser configparser.RawConfigParser configparser.SafeConfigParser csv.DictReader csv.DictWriter
    csv.reader csv.writer decimal.Decimal fractions.Fraction io.BytesIO io.StringIO logging.getLogger
    multiprocessing.Process optparse.OptionParser queue.Queue random.Random re.compile smtplib.SMTP smtplib.SMTP_SSL
    socket.socket sqlite3.connect subprocess.Popen tempfile.NamedTemporaryFile tempfile.TemporaryDirectory
    tempfile.TemporaryFile threading.Lock threading.RLock threading.Semaphore urllib.request.urlopen
    xml.etree.ElementTree.parse zipfile.ZipFile""".split()
)
# Names with which a class gets a comparison, in its body or from outside.
_COMPARING = (b"__eq__", b"__ne__", b"setattr")
# Decorators of a class that define no other comparison with None.
_DECORATORS = frozenset({"dataclasses.dataclass", "functools.total_ordering"})


def is_identity_with_none(module: Module, expr: ast.expr) -> bool:
    """Whether ``expr == None`` is certainly the same as ``expr is None``.

    Args:
        module: the module.
        expr: any expression of it.

    Returns:
        False also if it is not known what values the expression has.
    """
    pending, seen = [expr], {expr}
    while pending:
        module.spend()
        item = pending.pop()
        types = module.type_of(item)
        if types is not None:
            # What the model knows by name are classes of the standard library, each of which is equal to its own kind.
            if "exception" in names_of(types) and _may_define(module):
                return False
            continue
        origins = _origins(module, item)
        if origins is None:
            return False
        pending += [origin for origin in origins if origin not in seen]
        seen.update(origins)
    return True


def _origins(module: Module, expr: ast.expr) -> list[ast.expr] | None:
    """The expressions that a value can come from, none if it is known itself; None if it may be anything."""
    match expr:
        case ast.BoolOp(values=values):
            return values
        case ast.IfExp(body=body, orelse=orelse):
            return [body, orelse]
        case ast.NamedExpr(value=value):
            return [value]
        case ast.Lambda():
            return []
        case ast.Call():
            return _made(module, expr)
    cell = module.values.read_by(expr)
    contents = module.values.contents(cell) if cell is not None else None
    if contents is None or any(source.way is not Way.VALUE for source in contents.sources):
        return None
    return [source.expr for source in contents.sources]


def _made(module: Module, call: ast.Call) -> list[ast.expr] | None:
    """The same for the result of a call."""
    name = module.library_name(call.func)
    if name is not None:
        return [] if name in _MAKING and not module.names.is_replaced(name) else None
    owner = module.local_class(call.func)
    if owner is not None:
        return [] if _is_plain_class(module, owner) else None
    function = module.local_function(call.func)
    if function is None or isinstance(function, ast.AsyncFunctionDef):
        return None
    results = list(returns_of(function))
    if not all(isinstance(node, ast.Return) for node in results):
        return []  # a generator
    return [node.value for node in results if isinstance(node, ast.Return) and node.value is not None]


def _is_plain_class(module: Module, owner: ast.ClassDef) -> bool:
    """Whether instances of a class of this module are compared by identity, or with their own kind."""
    if _may_define(module):
        return False
    pending, seen = [owner], {owner}
    while pending:
        item = pending.pop()
        if item.keywords or not _stays(module, item) or "__new__" in module.index.scopes[item].bindings:
            return False
        decorators = (node.func if isinstance(node, ast.Call) else node for node in item.decorator_list)
        if any(module.library_name(node) not in _DECORATORS for node in decorators):
            return False
        for base in item.bases:
            home, _, _ = (module.library_name(base) or "").rpartition(".")
            found = None if home else module.local_class(base)
            if found is None and home not in sys.stdlib_module_names:
                return False
            if found is not None and found not in seen:
                seen.add(found)
                pending.append(found)
    return True


def _stays(module: Module, owner: ast.ClassDef) -> bool:
    """Whether nothing gets a class that could change it: it is called, derived from, or asked for its instances."""
    for use in module.uses(module.scope(owner).bindings[owner.name][0]):
        match module.parent(use):
            case ast.Call(func=func, args=args):
                if func is not use and (use not in args[1:2] or module.qualified_name(func) != "builtins.isinstance"):
                    return False
            case ast.ClassDef(bases=bases) if use in bases:
                pass
            case ast.ExceptHandler() | ast.Attribute(ctx=ast.Load()) | ast.arg() | ast.AnnAssign():
                pass
            case _:
                return False
    return True


def _may_define(module: Module) -> bool:
    """Whether the file may define comparisons, or give objects another class."""
    return module.once(_finds_comparison)


def _finds_comparison(module: Module) -> bool:
    if module.has_text(*_COMPARING):
        return True
    return any(isinstance(node.ctx, ast.Store) and node.attr == "__class__" for node in module.nodes(ast.Attribute))
