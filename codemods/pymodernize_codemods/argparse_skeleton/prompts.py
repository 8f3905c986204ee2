"""Questions that a script starts with: their answers can be given on the command line."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize.semantics.scripts import is_guard
from pymodernize_codemods._script.parsers import Argument, help_setting, long_flag
from pymodernize_codemods._script.saying import is_said
from pymodernize_codemods.argparse_skeleton.namespace import Namespace
from pymodernize_codemods.argparse_skeleton.naming import Naming
from pymodernize_codemods.argparse_skeleton.patch import Patch
from pymodernize_codemods.argparse_skeleton.usage import identifier


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
