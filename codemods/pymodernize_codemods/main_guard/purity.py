"""Which expressions only make a value: a constant of the module, not a step of its work."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind

# Calls that make a value of their arguments and do nothing else.
_MAKERS = frozenset(
    """builtins.abs builtins.bool builtins.bytearray builtins.bytes builtins.chr builtins.complex builtins.dict
    builtins.divmod builtins.enumerate builtins.float builtins.frozenset builtins.int builtins.len builtins.list
    builtins.max builtins.min builtins.object builtins.ord builtins.pow builtins.range builtins.repr
    builtins.reversed builtins.round builtins.set builtins.slice builtins.sorted builtins.str builtins.sum
    builtins.tuple builtins.type builtins.zip
    collections.ChainMap collections.Counter collections.OrderedDict collections.defaultdict collections.deque
    collections.namedtuple contextvars.ContextVar datetime.date datetime.datetime datetime.time datetime.timedelta
    datetime.timezone decimal.Decimal enum.Enum enum.IntEnum fractions.Fraction functools.partial itertools.count
    itertools.cycle itertools.repeat logging.NullHandler logging.getLogger operator.attrgetter operator.itemgetter
    operator.methodcaller os.path.abspath os.path.basename os.path.dirname os.path.expanduser os.path.join
    os.path.normpath os.path.realpath os.path.split os.path.splitext pathlib.Path pathlib.Path.cwd pathlib.Path.home
    pathlib.PosixPath pathlib.PurePath pathlib.PurePosixPath pathlib.PureWindowsPath queue.LifoQueue
    queue.PriorityQueue queue.Queue queue.SimpleQueue re.compile re.escape string.Template struct.Struct
    struct.calcsize textwrap.dedent threading.BoundedSemaphore threading.Condition threading.Event threading.Lock
    threading.RLock threading.Semaphore threading.local types.MappingProxyType types.SimpleNamespace typing.NewType
    typing.NamedTuple typing.ParamSpec typing.TypeVar typing.TypedDict typing.cast""".split()
)
# Calls that look at the world: a constant may be made of them, but not at another time.
_LOOKS = frozenset(
    """builtins.getattr builtins.hasattr datetime.date.today datetime.datetime.now datetime.datetime.utcnow
    getpass.getuser locale.getpreferredencoding os.cpu_count os.environ.get os.getcwd os.getenv os.getlogin
    os.getpid os.getuid os.path.exists os.path.isdir os.path.isfile os.uname platform.machine platform.node
    platform.platform platform.python_version platform.release platform.system shutil.which socket.gethostname
    sys.getdefaultencoding sys.getfilesystemencoding tempfile.gettempdir time.localtime time.monotonic
    time.perf_counter time.strftime time.time""".split()
)
# The makers whose value does not depend on when they are called.
_STEADY_MAKERS = frozenset(
    """builtins.bool builtins.dict builtins.float builtins.frozenset builtins.int builtins.list builtins.range
    builtins.set builtins.str builtins.tuple collections.Counter collections.OrderedDict collections.defaultdict
    collections.deque collections.namedtuple datetime.timedelta decimal.Decimal logging.getLogger os.path.basename
    os.path.dirname os.path.join pathlib.Path pathlib.PurePath re.compile struct.Struct threading.Event
    threading.Lock threading.RLock typing.NewType typing.TypeVar""".split()
)
# Methods of texts and paths that make another value.
_METHODS = frozenset(
    """absolute as_posix copy count decode encode endswith expanduser find format index items join joinpath keys
    lower lstrip partition replace resolve rpartition rsplit rstrip split splitlines startswith strip title
    translate upper values with_name with_suffix zfill""".split()
)
_STEADY_METHODS = frozenset("encode format join joinpath lower replace rstrip split strip upper with_name".split())
# Parts of the library whose attributes change in the course of a run.
_MOVING = frozenset(
    "sys.argv sys.exc_info sys.modules sys.path sys.stderr sys.stdin sys.stdout os.environ os.environb".split()
)
_NEVER = (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr)
_STEADY_NODES = (
    ast.Constant,
    ast.Tuple,
    ast.List,
    ast.Set,
    ast.Dict,
    ast.UnaryOp,
    ast.BinOp,
    ast.Name,
    ast.Attribute,
    ast.Call,
    ast.Lambda,
    ast.keyword,
    ast.operator,
    ast.unaryop,
    ast.expr_context,
)


def makes_value(module: Module, expr: ast.expr, *, looks: bool) -> bool:
    """Whether an expression only makes a value, at the time at which it runs.

    Args:
        module: the module.
        expr: the value of an assignment at its top level.
        looks: whether it may look at time, platform and environment.

    Returns:
        False for what reads the command line, and for every call of what is
        not known.
    """
    for node in _evaluated(expr):
        if isinstance(node, _NEVER):
            return False
        if isinstance(node, (ast.Name, ast.Attribute)) and module.qualified_name(node) in {"sys.argv", "sys.stdin"}:
            return False
        if isinstance(node, ast.Call) and not _is_maker(module, node, looks=looks):
            return False
    return True


def _is_maker(module: Module, call: ast.Call, *, looks: bool) -> bool:
    qualified = module.qualified_name(call.func)
    if qualified is not None:
        return qualified in _MAKERS or looks and qualified in _LOOKS
    return isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS


_CLASS_MAKERS = frozenset(
    """builtins.type collections.namedtuple dataclasses.make_dataclass enum.Enum enum.Flag enum.IntEnum enum.IntFlag
    types.new_class typing.NamedTuple typing.NewType typing.ParamSpec typing.TypeVar typing.TypedDict""".split()
)


def makes_class(module: Module, expr: ast.expr | None) -> bool:
    """Whether an expression makes what is looked up in the module by its name, by ``pickle`` and others.

    Args:
        module: the module.
        expr: the value of an assignment.
    """
    return isinstance(expr, ast.Call) and module.qualified_name(expr.func) in _CLASS_MAKERS


def is_steady(module: Module, expr: ast.expr) -> bool:
    """Whether an expression makes the same value at any time, and nothing else happens.

    Args:
        module: the module.
        expr: the value of an assignment, a default, a keyword.

    Returns:
        True for literals, displays of them, plain names of functions, classes
        and imports, and a few calls on such.
    """
    for node in _evaluated(expr):
        if not isinstance(node, _STEADY_NODES):
            return False
        if isinstance(node, ast.BinOp) and not isinstance(node.op, (ast.Add, ast.Sub, ast.Mult, ast.BitOr, ast.LShift)):
            return False
        if isinstance(node, ast.Name) and not _names_steadily(module, node):
            return False
        if isinstance(node, ast.Attribute) and not _is_steady_attribute(module, node):
            return False
        if isinstance(node, ast.Call) and module.qualified_name(node.func) not in _STEADY_MAKERS:
            if not (isinstance(node.func, ast.Attribute) and node.func.attr in _STEADY_METHODS):
                return False
    return True


def _names_steadily(module: Module, name: ast.Name) -> bool:
    """Whether a name means the same thing all the time: a builtin, an import, a definition, a plain constant."""
    if name.id in {"__file__", "__name__", "__doc__"} or module.qualified_name(name) is not None:
        return True
    found = module.scope(name).lookup(name.id)
    if found is None or len(found[1]) != 1:
        return False
    (binding,) = found[1]
    if binding.kind in {BindingKind.FUNCTION, BindingKind.CLASS, BindingKind.IMPORT}:
        return True
    assign = module.parent(binding.node)
    if not isinstance(assign, ast.Assign) or not isinstance(module.parent(assign), ast.Module):
        return False
    return isinstance(assign.value, ast.Constant)


def _is_steady_attribute(module: Module, node: ast.Attribute) -> bool:
    qualified = module.qualified_name(node)
    if qualified is None:
        parent = module.parent(node)
        return isinstance(parent, ast.Call) and parent.func is node and node.attr in _STEADY_METHODS
    if module.names.is_replaced(qualified) or qualified.startswith(tuple(_MOVING)):
        return False
    root = qualified.partition(".")[0]
    return root == "builtins" or root in sys.stdlib_module_names


def _evaluated(expr: ast.expr) -> Iterator[ast.AST]:
    """The nodes that run when an expression does: not what a lambda holds."""
    stack: list[ast.AST] = [expr]
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, ast.Lambda):
            stack += [item for item in (*node.args.defaults, *node.args.kw_defaults) if item is not None]
        else:
            stack += ast.iter_child_nodes(node)
