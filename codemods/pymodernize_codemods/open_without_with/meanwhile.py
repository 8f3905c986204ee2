"""What is done while a file is open, or was open before: whether it may see what the file contains."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.library.file_objects import CONSUMERS, LOOKING, LOOKING_METHODS, OPENERS, WRITING
from pymodernize.semantics.module import Module

# Modules whose functions neither look at files nor call anything back, but for those that LOOKING names.
_QUIET = frozenset(
    "ast base64 binascii builtins collections datetime hashlib html itertools json logging math operator pprint random "
    "re string struct sys textwrap time zlib".split()
)
_CALLING_BACK = frozenset({"builtins.map", "builtins.filter", "builtins.super", "builtins.getattr", "builtins.setattr"})
# Methods of texts, lists and mappings.
_METHODS = frozenset(
    """add append clear copy count decode encode endswith expandtabs extend find format get group groups index insert
    isalnum isalpha isdigit islower isspace isupper items join keys ljust lower lstrip partition pop popitem remove
    replace reverse rfind rjust rpartition rsplit rstrip setdefault sort split splitlines startswith strip swapcase
    title translate update upper values zfill hexdigest digest""".split()
)
# Functions that take a path as a text only.
_OF_TEXTS = frozenset(
    "basename dirname join split splitext abspath normpath exists isfile isdir isabs expanduser realpath".split()
)
_REMOVING = frozenset(
    "os.remove os.rename os.replace os.renames os.unlink os.rmdir shutil.move shutil.rmtree os.truncate".split()
)


class Meanwhile:
    """What code of a module may see of files; answers are for one path.

    Args:
        module: the module.
        path: the expression that names the file, None if it is not known.
    """

    def __init__(self, module: Module, path: ast.expr | None) -> None:
        self.module = module
        nodes = list(ast.walk(path)) if path is not None else []
        self._names = {node.id for node in nodes if isinstance(node, ast.Name) and module.qualified_name(node) is None}
        self._texts = {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
        self._seen: set[ast.AST] = set()

    def looking(self, code: Iterable[ast.AST]) -> ast.AST | None:
        """The first call in some code that may see what the file contains at that moment; None if there is none.

        Args:
            code: statements or expressions; functions of the module that they call are looked into.
        """
        for item in code:
            for node in own_nodes(item):
                self.module.spend()
                if isinstance(node, ast.Call) and self._looks(node):
                    return node
        return None

    def _looks(self, call: ast.Call) -> bool:
        name = self.module.library_name(call.func)
        if name in OPENERS and _only_writes(call):
            return False
        if name in LOOKING:
            return True
        if isinstance(call.func, ast.Attribute) and call.func.attr in LOOKING_METHODS and name not in CONSUMERS:
            return name is None or name.partition(".")[0] not in _QUIET
        for function in self._own(call):
            if function not in self._seen:
                self._seen.add(function)
                if self.looking(function.body) is not None:
                    return True
        return self._is_given_the_path(call, name)

    def _own(self, call: ast.Call) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """The functions and methods of the module that a call may mean."""
        called = getattr(call.func, "attr", getattr(call.func, "id", ""))
        known = self.module.once(_by_name)
        if isinstance(call.func, ast.Name) and any(item.name == called for item in self.module.nodes(ast.ClassDef)):
            return known.get("__init__", [])
        return known.get(called, [])

    def _is_given_the_path(self, call: ast.Call, name: str | None) -> bool:
        root, _, last = (name or "").rpartition(".")
        if root == "builtins" or root.partition(".")[0] == "logging" or root == "os.path" and last in _OF_TEXTS:
            return False
        if name in _REMOVING or isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS:
            return False
        for value in (*call.args, *(keyword.value for keyword in call.keywords)):
            for node in ast.walk(value):
                if isinstance(node, ast.Name) and node.id in self._names:
                    return True
                if isinstance(node, ast.Constant) and node.value in self._texts:
                    return True
        return False


def _by_name(module: Module) -> dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]]:
    found: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
    for function in module.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        found.setdefault(function.name, []).append(function)
    return found


def _only_writes(call: ast.Call) -> bool:
    mode = call.args[1] if len(call.args) > 1 else next((i.value for i in call.keywords if i.arg == "mode"), None)
    text = mode.value if isinstance(mode, ast.Constant) and isinstance(mode.value, str) else ""
    return bool(set(text) & WRITING) and not {"r", "+"} & set(text)


def is_quiet(module: Module, code: Iterable[ast.AST], besides: frozenset[str] = frozenset()) -> bool:
    """Whether some code certainly neither looks at files nor runs what is not in sight.

    Args:
        module: the module.
        code: statements or expressions.
        besides: variables whose methods may be called, too.
    """
    for item in code:
        for node in own_nodes(item):
            if isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom, ast.Import, ast.ImportFrom, ast.With)):
                return False
            if isinstance(node, ast.Call) and not is_quiet_call(module, node, besides):
                return False
    return True


def is_quiet_call(module: Module, call: ast.Call, besides: frozenset[str] = frozenset()) -> bool:
    """Whether a call certainly neither looks at files nor runs what is not in sight, its arguments apart.

    Args:
        module: the module.
        call: the call.
        besides: variables whose methods may be called, too.
    """
    name = module.library_name(call.func)
    if name is not None:
        if name in _CALLING_BACK or name in LOOKING:
            return False
        return name.partition(".")[0] in _QUIET or name.startswith("os.path.")
    if not isinstance(call.func, ast.Attribute):
        return False
    if isinstance(call.func.value, ast.Name) and call.func.value.id in besides:
        return True
    return call.func.attr in _METHODS


def removes(module: Module, code: Iterable[ast.AST]) -> bool:
    """Whether some code may remove or rename files, which some systems refuse while one is open.

    Args:
        module: the module.
        code: statements.
    """
    for item in code:
        for node in own_nodes(item):
            if isinstance(node, ast.Call):
                name = module.library_name(node.func)
                if name in _REMOVING or name is None and getattr(node.func, "attr", "") in {"unlink", "rename"}:
                    return True
    return False
