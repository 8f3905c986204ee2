"""Statements among a module's imports that are there for these: what prepares them, what chooses between them."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize_codemods._script.saying import is_said
from pymodernize_codemods._script.statements import DEFINITIONS, IMPORTS, does_work, inner_statements, is_text

_PREPARATIONS = (
    "sys.path.",
    "os.environ.",
    "warnings.",
    "matplotlib.use",
    "gi.require_version",
    "gevent.monkey.",
    "eventlet.monkey_patch",
    "django.setup",
    "site.addsitedir",
    "pkg_resources.",
)
_SETTINGS = ("sys.path", "sys.dont_write_bytecode", "os.environ", "matplotlib.rcParams", "sys.modules")


def prepares_imports(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement between imports is there for those below: a path, a variable of the environment.

    Args:
        module: the module.
        statement: of its body.
    """
    match statement:
        case ast.Expr(value=ast.Call(func=func)):
            qualified = module.qualified_name(func) or ""
            return qualified.startswith(_PREPARATIONS) or qualified in {"os.putenv"}
        case ast.Assign(targets=[target]) | ast.AugAssign(target=target):
            while isinstance(target, ast.Subscript):
                target = target.value
            return module.qualified_name(target) in _SETTINGS
        case ast.If() | ast.Try():
            inner = [item for item in inner_statements(statement) if not is_text(item)]
            return bool(inner) and all(
                isinstance(item, (*IMPORTS, ast.If, ast.Try)) or prepares_imports(module, item) for item in inner
            )
    return False


def configures(module: Module, statement: ast.stmt, used: set[str]) -> bool:
    """Whether a statement gives an attribute of an import a literal, or what another one holds, for the functions.

    Args:
        module: the module.
        statement: of its body.
        used: the names that functions and classes of the module read.
    """
    match statement:
        case ast.Assign(targets=[ast.Attribute() as target], value=value):
            root: ast.expr = target
            while isinstance(root, ast.Attribute):
                root = root.value
            is_fixed = isinstance(value, ast.Constant) or module.qualified_name(value) is not None
            is_import = module.qualified_name(target) is not None
            return is_import and is_fixed and isinstance(root, ast.Name) and root.id in used
    return False


def chooses(module: Module, statement: ast.stmt, *, prepares: bool) -> bool:
    """Whether a branch chooses between imports, definitions or names, for what the platform has, or is refused by it.

    Args:
        module: the module.
        statement: of its body.
        prepares: whether imports stand below it.
    """
    if isinstance(statement, ast.Assert):
        return bool(_asked(module, statement) & _PLATFORM)
    if not isinstance(statement, (ast.If, ast.Try)):
        return False
    inner = list(inner_statements(statement))
    if not isinstance(statement, ast.If) and isinstance(statement.body[0], IMPORTS):
        return not any(isinstance(item, (ast.For, ast.While, ast.With)) for item in inner)
    names = {module.qualified_name(node) for node in ast.walk(statement) if isinstance(node, (ast.Name, ast.Attribute))}
    if "sys.argv" in names:
        return False
    asks = bool(_asked(module, statement) & _PLATFORM)
    if does_work(statement):
        imports = any(isinstance(item, IMPORTS) for item in inner)
        return (imports or asks and prepares) and all(_is_word(module, item) for item in inner)
    return asks or any(isinstance(item, (*IMPORTS, *DEFINITIONS)) for item in inner)


_PLATFORM = frozenset(
    """sys.version_info sys.version sys.hexversion sys.platform os.name typing.TYPE_CHECKING builtins.NameError
    builtins.AttributeError builtins.ImportError""".split()
)


def _asked(module: Module, statement: ast.stmt) -> set[str | None]:
    """What the test of an ``if`` or ``assert`` names, or the handlers of a ``try``."""
    tests: list[ast.expr | None] = []
    if isinstance(statement, (ast.If, ast.Assert)):
        tests = [statement.test]
    elif isinstance(statement, ast.Try):
        tests = [handler.type for handler in statement.handlers]
    return {module.qualified_name(node) for test in tests if test is not None for node in ast.walk(test)}


def _is_word(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement in a branch around imports does no more than say something, or give up."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        called = module.qualified_name(statement.value.func) or ""
        gives_up = called.startswith(("builtins.exit", "builtins.quit", "sys."))
        return gives_up or is_said(module, statement.value)
    return not does_work(statement) or isinstance(statement, (ast.Raise, ast.If, ast.Try))
