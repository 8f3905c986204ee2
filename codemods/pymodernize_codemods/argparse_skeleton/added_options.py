"""Options that a script does not look for itself: for its version, its constants, what it asks for at its start."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind
from pymodernize.semantics.scripts import is_guard
from pymodernize_codemods._script.parsers import Argument, help_setting, long_flag
from pymodernize_codemods._script.saying import is_said
from pymodernize_codemods.argparse_skeleton.namespace import Namespace
from pymodernize_codemods.argparse_skeleton.naming import Naming
from pymodernize_codemods.argparse_skeleton.patch import Patch
from pymodernize_codemods.argparse_skeleton.usage import identifier

_PLACE = re.compile(r"^\w+://|^~|/|\\|^[\w-]+\.\w{1,5}$")
_NEVER = frozenset("VERSION DEBUG VERBOSE AUTHOR LICENSE".split())


@dataclass(frozen=True)
class ConfigurationConstant:
    """One constant.

    Attributes:
        name: the variable.
        convert: the type that its value has, empty for text.
    """

    name: str
    convert: str


def constant_options(
    naming: Naming, at: ast.stmt, namespace: Namespace, defaults: Collection[str]
) -> dict[str, tuple[Argument, str]]:
    """Options for the constants, with the statement that sets each.

    Args:
        naming: gives the names.
        at: where the command line is read.
        namespace: what argparse gives.
        defaults: of other arguments: a constant that is one of them needs no option.

    Returns:
        By the constant's name.
    """
    found: dict[str, tuple[Argument, str]] = {}
    for constant in configuration_constants(naming.module, at):
        name = identifier(constant.name)
        if constant.name in defaults or not name or name in naming.taken:
            continue
        naming.take(name)
        type_ = (("type", constant.convert),) if constant.convert else ()
        option = Argument((long_flag(name),), (*type_, ("default", constant.name)))
        found[constant.name] = option, f"{constant.name} = {namespace.attribute(name)}"
    return found


def configuration_constants(module: Module, at: ast.stmt) -> list[ConfigurationConstant]:
    """The constants that can be set anew before a statement of the module's own code.

    Args:
        module: a script that nothing imports.
        at: where the command line is read.

    Returns:
        Those in capitals with a path, an address or a number, bound once, of
        which nothing was read or worked out before.
    """
    found = []
    top = module.top_level(at)
    for assign in module.nodes(ast.Assign):
        target = assign.targets[0]
        if not isinstance(module.parent(assign), ast.Module) or assign.lineno >= top.lineno or len(assign.targets) > 1:
            continue
        if not isinstance(target, ast.Name) or not target.id.isupper() or target.id in _NEVER:
            continue
        convert = _kind(assign.value)
        bindings = module.index.scope.bindings.get(target.id, [])
        if convert is None or len(bindings) != 1 or bindings[0].kind is not BindingKind.NAME:
            continue
        uses = module.uses(bindings[0])
        early = [use for use in uses if module.function(use) is None and use.lineno < at.lineno]
        defaults = [use for use in uses if _is_default(module, use)]
        if uses and not early and not defaults:
            found.append(ConfigurationConstant(target.id, convert))
    return found


def _kind(value: ast.expr) -> str | None:
    """The type of a literal that configures a script, None for any other expression."""
    inner = value.operand if isinstance(value, ast.UnaryOp) and isinstance(value.op, ast.USub) else value
    literal = inner.value if isinstance(inner, ast.Constant) else None
    if isinstance(literal, bool):
        return None
    if isinstance(literal, (int, float)):
        return type(literal).__name__
    return "" if isinstance(literal, str) and inner is value and _PLACE.search(literal) else None


def _is_default(module: Module, use: ast.Name) -> bool:
    """Whether a use is worked out when a function is defined."""
    return any(isinstance(around, ast.arguments) for around in module.ancestors(use))


def prompt_options(naming: Naming, frame: ast.FunctionDef | None, namespace: Namespace, patch: Patch) -> list[Argument]:
    """Options for the answers.

    Args:
        naming: gives the names.
        frame: the function that the script starts in, None for the module's own code.
        namespace: what argparse gives.
        patch: gets the code that asks where the option is not given.
    """
    found: list[Argument] = []
    for call, variable in prompts_of(naming.module, frame):
        name = naming.take(identifier(variable), "answer")
        text = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else ""
        found.append(Argument((long_flag(name),), help_setting(str(text).strip().rstrip(":?> ").strip())))
        attribute = namespace.attribute(name)
        patch.expressions[call] = f"{attribute} if {attribute} is not None else {naming.module.text(call)}"
    return found


def prompts_of(module: Module, frame: ast.FunctionDef | None) -> list[tuple[ast.Call, str]]:
    """The calls of ``input`` at the start of a script, with the variable that gets the answer.

    Args:
        module: the module.
        frame: the function that the script starts in, None for the module's own code.

    Returns:
        Those that stand before anything but definitions, assignments and
        what is printed, each on every way through the script.
    """
    found: list[tuple[ast.Call, str]] = []
    for statement in _start(frame.body if frame is not None else module.tree.body):
        if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
            call = _asked(module, statement.value)
            if call is not None:
                found.append((call, statement.targets[0].id))
        elif not _is_quiet(module, statement):
            break
    return found


def _start(body: list[ast.stmt]) -> list[ast.stmt]:
    """The statements of a block, with those of the guard in its place."""
    found: list[ast.stmt] = []
    for statement in body:
        found += statement.body if isinstance(statement, ast.If) and is_guard(statement) else [statement]
    return found


def _asked(module: Module, value: ast.expr) -> ast.Call | None:
    """``input("Name: ")``, also where it is converted at once."""
    if not isinstance(value, ast.Call) or value.keywords or len(value.args) > 1:
        return None
    name = module.qualified_name(value.func)
    if name in {"builtins.int", "builtins.float"} and value.args:
        return _asked(module, value.args[0])
    literal = all(isinstance(arg, ast.Constant) for arg in value.args)
    return value if name == "builtins.input" and literal else None


def _is_quiet(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement defines, imports, or says something."""
    if isinstance(statement, ast.Expr):
        if isinstance(statement.value, ast.Call):
            return is_said(module, statement.value)
        return isinstance(statement.value, ast.Constant)
    quiet = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign, ast.Global)
    return isinstance(statement, quiet)


_NAMES = ("__version__", "VERSION", "Version", "version", "__VERSION__")


def version_argument(module: Module, taken: set[str], first: ast.AST) -> tuple[Argument, str] | None:
    """The option that shows the version, and the variable that it is in.

    Args:
        module: the module.
        taken: the options that there are.
        first: where the command line is read.

    Returns:
        None if there is no variable with a text, or the option is taken.
    """
    if "--version" in taken:
        return None
    for name in _NAMES:
        bindings = module.index.scope.bindings.get(name, [])
        assign = module.parent(bindings[0].node) if len(bindings) == 1 else None
        if not isinstance(assign, ast.Assign) or not isinstance(module.parent(assign), ast.Module):
            continue
        value = assign.value.value if isinstance(assign.value, ast.Constant) else None
        if isinstance(value, str) and value and "%" not in value and assign.lineno < module.top_level(first).lineno:
            settings = (("action", '"version"'), ("version", f'f"%(prog)s {{{name}}}"'))
            return Argument(("--version",), settings), name
    return None
