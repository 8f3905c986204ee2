"""Calls of a script that remove files or folders without being asked."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Hashable, Iterator

from pymodernize.semantics.flow import TRIES
from pymodernize.semantics.module import Module
from pymodernize.semantics.types import Type
from pymodernize_codemods._checks.opened_files import file_of, opened_files
from pymodernize_codemods._checks.values import value_of

_REMOVING = ("shutil.rmtree", "os.remove", "os.unlink", "os.removedirs", "os.truncate")
_ASKING = ("builtins.input", "builtins.raw_input", "click.confirm", "click.prompt", "typer.confirm", "easygui.ynbox")
_ASKING_METHODS = ("askyesno", "askokcancel", "askquestion", "confirm", "yes_no", "ask")
_PATH = frozenset({Type("pathlib.Path")})
_OPTION = re.compile(
    r"^-{1,2}(?:f|y|n|force|yes|confirm|dry[-_]?run|simulate|delete|remove|clean(?:up)?|purge|overwrite|really|no-act)$"
)
_SHELL = re.compile(r"(?:^|[;&|]\s*)(?:sudo\s+)?rm\s+-\w*[rf]")
_WRITING = re.compile(r"save|write|dump|export|render|download|retrieve|record", re.IGNORECASE)
_TEMPORARY = re.compile(r"te?mp|cache|scratch|\.pid$|\.lock$|\block", re.IGNORECASE)


def unasked_removals(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """The calls of a script that remove what it has not made, if nothing in it asks.

    Args:
        module: the module.
    """
    if not module.is_closed or _is_asked(module):
        return
    written = {item.file for item in opened_files(module) if item.writes} | set(_made(module))
    for call in module.calls(*_REMOVING):
        name = module.qualified_name(call.func) or ""
        target = call.args[0] if call.args else None
        if target is not None and not _is_own(module, target, written) and not _is_clean_up(module, call):
            yield call, f"{name}()"
    for call in module.names.called("unlink"):
        if isinstance(call.func, ast.Attribute) and module.type_of(call.func.value) == _PATH:
            if not _is_own(module, call.func.value, written) and not _is_clean_up(module, call):
                yield call, "unlink()"
    for call in module.calls("os.system", "subprocess.run", "subprocess.call", "subprocess.check_call"):
        text = _command(module, call.args[0]) if call.args else ""
        if _SHELL.search(text) and not _TEMPORARY.search(text):
            yield call, "rm"


def _command(module: Module, expr: ast.expr) -> str:
    """The text of a command, also of one that is given as a list; what is not written out is left out."""
    command = value_of(module, expr)
    words = command.elts if isinstance(command, (ast.List, ast.Tuple)) else [command]
    return " ".join(word.value for word in words if isinstance(word, ast.Constant) and isinstance(word.value, str))


def _made(module: Module) -> Iterator[Hashable]:
    """The files that other functions are told to write."""
    for call in module.nodes(ast.Call):
        if _WRITING.search(str(getattr(call.func, "attr", getattr(call.func, "id", "")))):
            for value in (*call.args, *(item.value for item in call.keywords)):
                if (file := file_of(module, value)) is not None:
                    yield file


def _is_asked(module: Module) -> bool:
    """Whether a script asks before it does something, or has an option that lets it."""
    if module.calls(*_ASKING) or any(module.names.called(name) for name in _ASKING_METHODS):
        return True
    return any(isinstance(node.value, str) and _OPTION.match(node.value) for node in module.nodes(ast.Constant))


def _is_own(module: Module, target: ast.expr, written: Collection[Hashable]) -> bool:
    """Whether a file or folder is one that the script has made, or that is temporary."""
    if file_of(module, target) in written:
        return True
    value = value_of(module, target)
    parts = [ast.unparse(target), ast.unparse(value)]
    names = [
        module.qualified_name(node) or "" for node in ast.walk(value) if isinstance(node, (ast.Name, ast.Attribute))
    ]
    return any(map(_TEMPORARY.search, parts)) or any(name.startswith("tempfile.") for name in names)


def _is_clean_up(module: Module, call: ast.Call) -> bool:
    """Whether a call stands where a failure is cleaned up after, or is registered to run at the end."""
    node: ast.AST = call
    for around in module.ancestors(call):
        if isinstance(around, ast.ExceptHandler):
            return True
        if isinstance(around, TRIES) and node in around.finalbody:
            return True
        node = around
    return False
