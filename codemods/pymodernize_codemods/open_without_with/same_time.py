"""Whether it is plain that a ``with`` statement closes files when they were closed before."""

from __future__ import annotations

import ast

from pymodernize.semantics.library.file_objects import OPENERS
from pymodernize.semantics.module import Module
from pymodernize_codemods.open_without_with.expressions import Expression
from pymodernize_codemods.open_without_with.lifetimes import Lifetime
from pymodernize_codemods.open_without_with.openers import Opened
from pymodernize_codemods.open_without_with.units import Unit

# Methods that do what they do at once, and give nothing that goes on using the file.
_AT_ONCE = frozenset(
    """read readline readlines write writelines flush seek tell truncate close
    namelist extractall writestr getnames""".split()
)
# Functions with the place of the file among their arguments.
_CONSUMERS = {
    "json.load": 0,
    "pickle.load": 0,
    "builtins.list": 0,
    "builtins.sorted": 0,
    "builtins.set": 0,
    "builtins.tuple": 0,
    "json.dump": 1,
    "pickle.dump": 1,
}
# What goes through a file as it is gone through itself.
_READERS = frozenset({"builtins.enumerate", "csv.reader", "csv.DictReader"})
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp)
# Where these are called, a file may be open by a number that the script shares, or be reached by the variable's name.
_NUMBERS = ("os.pipe", "os.open", "os.dup", "os.mkfifo", "tempfile.mkstemp")
# What may run while a block is left by an exception, or behind that.
_LATER = ("contextlib.suppress", "atexit.register")
_BY_NAME = tuple(f"builtins.{name}" for name in ("locals", "globals", "vars", "eval", "exec"))


def is_plain(module: Module, unit: Unit) -> bool:
    """Whether files are used directly alone, and those that are written are closed right where the block ends.

    A file that is read and that nothing else can reach may be closed at any time after its last use.

    Args:
        module: the module.
        unit: the files of one ``with`` statement.
    """
    block, end = unit.files[0].block, unit.files[0].last
    closes = {item for file in unit.files for item in file.closes}
    following = set()
    for statement in block[end + 1 :]:
        if statement not in closes:
            break
        following.add(statement)
    return all(
        _is_plain_file(module, file.opened)
        and _is_used_directly(module, file)
        and (file.opened.is_read or _is_closed_there(module, file, following, alone=len(unit.files) == 1))
        for file in unit.files
    )


def is_plain_expression(module: Module, found: Expression) -> bool:
    """Whether an expression uses a file up at once: Python closed it right behind, too.

    Args:
        module: the module.
        found: the file.
    """
    call = found.lifetime.opened.call
    alone = not any(isinstance(node, ast.Lambda) for node in ast.walk(module.statement(call)))
    return alone and _is_plain_file(module, found.lifetime.opened) and _is_direct(module, call)


def _is_closed_there(module: Module, file: Lifetime, following: set[ast.stmt], *, alone: bool) -> bool:
    """Whether a file that is written is closed at the end of the block, and is not seen if that is left before."""
    if file.final is not None:
        return alone
    if any(module.nodes(ast.ExceptHandler)) or any(module.nodes(ast.Yield, ast.YieldFrom, ast.Await)):
        return False
    if any(module.names.naming(*_LATER)):
        return False
    return file.is_closed and bool(file.closes) and following.issuperset(file.closes)


def _is_plain_file(module: Module, opened: Opened) -> bool:
    """Whether a file is opened by its path, as far as can be seen, and not by a number or another object."""
    if any(module.names.naming(*_NUMBERS)) or any(keyword.arg == "fileobj" for keyword in opened.call.keywords):
        return False
    path = opened.path
    if isinstance(path, ast.Constant):
        return isinstance(path.value, str)
    return not (isinstance(path, ast.Call) and isinstance(path.func, ast.Attribute) and path.func.attr == "fileno")


def _is_used_directly(module: Module, file: Lifetime) -> bool:
    """Whether nothing but plain uses of its variable, below where it is opened, can reach a file."""
    statement = file.block[file.first]
    target = statement.targets[0] if isinstance(statement, ast.Assign) else None
    found = module.scope(target).lookup(target.id) if isinstance(target, ast.Name) else None
    if found is None or not all(_is_opened(module, item.node) for item in found[1]):
        return False
    if any(module.names.naming(*_BY_NAME)):
        return False
    if module.function(statement) is None and not module.is_closed:
        return False  # whoever imports the file may use it
    return all(_is_direct(module, read) for binding in found[1] for read in module.uses(binding))


def _is_opened(module: Module, target: ast.AST) -> bool:
    """Whether a variable is bound to an open file, here too: what closes another object under its name has to stay."""
    assign = module.parent(target)
    if not isinstance(assign, ast.Assign) or not isinstance(assign.value, ast.Call):
        return False
    func = assign.value.func
    return module.library_name(func) in OPENERS or isinstance(func, ast.Attribute) and func.attr == "open"


def _is_direct(module: Module, expr: ast.expr) -> bool:
    """Whether what an expression gives is used at once, and by nothing that could keep it."""
    match module.parent(expr):
        case ast.Attribute(attr=attr) as attribute if attr in _AT_ONCE:
            call = module.parent(attribute)
            return isinstance(call, ast.Call) and call.func is attribute
        case ast.For(iter=iterated):
            return iterated is expr
        case ast.comprehension(iter=iterated) as part:
            return iterated is expr and isinstance(module.parent(part), _COMPREHENSIONS)
        case ast.keyword(arg="file") as keyword:
            call = module.parent(keyword)
            return isinstance(call, ast.Call) and module.qualified_name(call.func) == "builtins.print"
        case ast.Call(args=args) as call:
            function = module.qualified_name(call.func) or ""
            if function in _READERS:
                return bool(args) and args[0] is expr and _is_direct(module, call)
            place = _CONSUMERS.get(function, -1)
            return 0 <= place < len(args) and args[place] is expr
    return False
