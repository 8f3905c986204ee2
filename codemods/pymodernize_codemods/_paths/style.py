"""Which expressions stay as they are because they would not read better with pathlib."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import ScopeKind
from pymodernize_codemods._paths.classes import PATH
from pymodernize_codemods._paths.concatenations import beginning_of, concatenations
from pymodernize_codemods._paths.form import Form, Unfit
from pymodernize_codemods._paths.operations import OPERATIONS
from pymodernize_codemods._paths.uses import Kind, use_of

NOTHING_ELSE = "nothing else here is a Path"
AT_EACH_USE = "Path() would be written anew at each use"
AS_WELL = "it reads as well with the path as its argument"
FOR_TEXTS = "texts join it by a slash, and stay texts"
HALF = "Path() would be written around a call of os or os.path"
SEVERAL = "Path() would be written more than once in it"
STRAY = "pathlib would be imported for a call or two"
BESIDE = "another call of its function stays with os.path"
NAMES = "the names are what is wanted, and a Path would be asked for each"
# Functions whose calls read as well with a path as with a text.
OPENING = frozenset({"builtins.open", "io.open", "codecs.open", "os.listdir"})
# Functions whose counterpart reads better only if the argument is a path already.
ONLY_WRAPPING = OPENING | {
    *(f"os.{name}" for name in ("stat", "lstat", "chmod", "rename", "replace", "symlink", "link", "readlink")),
    *(f"os.path.{name}" for name in ("getsize", "getmtime", "getatime", "getctime", "samefile", "ismount", "isabs")),
    "os.makedirs",
}
_TAKING = {
    **{name: row.parameters.index(row.path) for name, row in OPERATIONS.items() if row.path},
    **dict.fromkeys(("os.path.join", "os.path.normpath", "os.path.splitext", "os.path.split", PATH), 0),
}
_COUNTED = frozenset(_TAKING.keys() - OPENING)


class Unsightly(Unfit):
    """An expression reads better as it is; the message says why."""


class Style:
    """Which new forms read better than the old, in one module: those that write ``Path`` once for a value.

    Args:
        module: the module.
    """

    def __init__(self, module: Module) -> None:
        self.module = module
        self._operands = frozenset(_operands(module))
        self._uses = Counter(map(self._key, self._operands))

    def is_operand(self, expr: ast.expr) -> bool:
        """Whether an expression is the operand of a path operation other than opening or listing it.

        Args:
            expr: any expression.
        """
        return expr in self._operands

    def check_expression(self, form: Form, *, only_wraps: bool = False) -> None:
        """Raise if a form reads no better than the expression that it replaces.

        Args:
            form: the new form.
            only_wraps: whether the function that it replaces reads as well.

        Raises:
            Unsightly: it does not.
        """
        if form.bare or only_wraps and form.wraps:
            raise Unsightly(NOTHING_ELSE)
        self.check(form)

    def check(self, form: Form, *, uses: int = 1) -> None:
        """Raise if a form reads no better, given that it does more than construct a path.

        Args:
            form: the new form.
            uses: how many uses of a value it replaces.

        Raises:
            Unsightly: it does not.
        """
        if form.blot:
            raise Unsightly(form.blot)
        if len(form.wraps) > 1:
            raise Unsightly(SEVERAL)
        for expr in form.wraps:
            self.check_source(expr)
            if self._uses[self._key(expr)] > uses:
                raise Unsightly(AT_EACH_USE)

    def check_source(self, expr: ast.expr) -> None:
        """Raise if an expression does not read well with ``Path()`` around it.

        Args:
            expr: an expression that gives a text.

        Raises:
            Unsightly: it calls functions of os or os.path.
        """
        calls = (node for node in ast.walk(expr) if isinstance(node, ast.Call))
        if any((self.module.qualified_name(call.func) or "").startswith("os.") for call in calls):
            raise Unsightly(HALF)

    def _key(self, expr: ast.expr) -> tuple[object, str]:
        return self._home(expr), ast.dump(expr)

    def _home(self, expr: ast.expr) -> object:
        """The node within which equal source means equal values: the scope of a variable, the class of an attribute."""
        root = expr
        while isinstance(root, (ast.Attribute, ast.Subscript)):
            root = root.value
        if isinstance(root, ast.Constant):
            return None  # all occurrences of a literal count together
        function = self.module.function(expr) or self.module.tree
        if not isinstance(root, ast.Name):
            return function
        found = self.module.scope(root).lookup(root.id)
        if found is not None and root is not expr and isinstance(outer := self._class_of(function), ast.ClassDef):
            return outer
        if found is None or found[0].kind is ScopeKind.COMPREHENSION:
            return function  # a variable of a comprehension may have the name of one around it
        return found[0].node

    def _class_of(self, function: ast.AST | None) -> ast.AST | None:
        return self.module.parent(function) if function is not None else None


def _operands(module: Module) -> Iterator[ast.expr]:
    """The operands of a module's path operations other than opening and listing, each as often as it occurs."""
    for call in module.calls(*_COUNTED):
        name = module.qualified_name(call.func) or ""
        row = OPERATIONS.get(name)
        if _TAKING[name] < len(call.args) and not (row is not None and row.too_new(module.target)):
            yield call.args[_TAKING[name]]
    for expr in concatenations(module):
        first = beginning_of(module, expr)
        if first is not None and use_of(module, expr).kind in {Kind.TAKES_PATH, Kind.KEPT}:
            yield first
