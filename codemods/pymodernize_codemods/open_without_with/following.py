"""What a function does with an open file: it uses it up, keeps what reads it, or lets it out of sight."""

from __future__ import annotations

import ast
from collections.abc import Callable

from pymodernize.reasons import Reason
from pymodernize.semantics.call_binding import parameter_of
from pymodernize.semantics.flow import returns_of
from pymodernize.semantics.library.file_objects import (
    ATTRIBUTES,
    CONSUMERS,
    CONSUMING_METHODS,
    CONSUMING_METHODS_OF,
    KEEPERS,
    OF_KEEPERS,
    Opener,
)
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
Assigned = Callable[[ast.Name], list[ast.Name]]
"""The reads of a variable that something is assigned to, by its target."""


class Left(Exception):
    """The file stays open as it is; the message is the reason."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(Reason(code, sentence))

    @property
    def reason(self) -> Reason:
        """Why it is left."""
        return self.args[0]


class Following:
    """Follows one open file, and what reads or writes it, through expressions and variables.

    Attributes:
        uses: the nodes of the function itself that need it open.
        ends: the expressions that have used it up.
        is_looped: whether a loop reads it turn by turn.

    Args:
        module: the module.
        opener: what is known of the function that opened it.
        function: the function that the file is opened in, None for the module.
        assigned: finds the reads of further variables.
    """

    def __init__(self, module: Module, opener: Opener, function: ast.AST | None, assigned: Assigned) -> None:
        self.module = module
        self.opener = opener
        self.function = function
        self.assigned = assigned
        self.uses: list[ast.AST] = []
        self.ends: list[ast.AST] = []
        self.is_looped = False
        self.seen: set[ast.AST] = set()

    def follow(self, expr: ast.expr) -> None:
        """See what becomes of the value of an expression that needs the file open.

        Raises:
            Left: it goes out of sight.
        """
        if expr in self.seen:
            return
        self.seen.add(expr)
        self.uses.append(expr)
        self._of_generator(expr)
        self._of_lambda(expr)
        parent = self.module.parent(expr)
        match parent:
            case ast.Attribute():
                self._of_attribute(parent)
            case ast.Call() if parent.func is expr:
                self._end(parent)
            case ast.Call():
                self._of_argument(parent, expr)
            case ast.keyword():
                call = self.module.parent(parent)
                if not isinstance(call, ast.Call):
                    raise Left("stored", "a class is made with it")
                self._of_argument(call, expr)
            case ast.For(iter=read) | ast.AsyncFor(iter=read) if read is expr:
                self.is_looped = True
                self._end(expr)
            case ast.comprehension(iter=read) if read is expr:
                self._of_comprehension(parent)
            case ast.Assign(targets=[ast.Name() as target]):
                for read in self.assigned(target):
                    self.follow(read)
            case ast.Dict():
                self._of_dictionary(parent)
            case ast.IfExp(test=test) if test is not expr:
                raise Left("conditional", "whether it is opened or something else is used depends on a condition")
            case ast.BoolOp() | ast.IfExp():
                self._of_test(parent)
            case ast.Starred():
                self._end(expr)
            case _:
                self._of_other(expr, parent)

    def _of_other(self, expr: ast.expr, parent: ast.AST | None) -> None:
        match parent:
            case (
                ast.Expr()
                | ast.Compare()
                | ast.UnaryOp()
                | ast.If()
                | ast.While()
                | ast.Assert()
                | ast.FormattedValue()
                | ast.YieldFrom()
            ):
                self._end(expr)
            case ast.BinOp(left=ast.Constant(), op=ast.Mod()):
                self._end(expr)
            case ast.Return() | ast.Yield() | ast.Await() | ast.Lambda():
                raise Left("returned", f"line {parent.lineno} gives it to others")
            case ast.Assign() | ast.AnnAssign() | ast.NamedExpr() | ast.List() | ast.Tuple() | ast.Set():
                raise Left("stored", f"line {parent.lineno} keeps it elsewhere")
            case _:
                raise Left("passed-on", f"line {getattr(expr, 'lineno', 0)} hands it on")

    def _end(self, expr: ast.AST) -> None:
        self.uses.append(expr)
        self.ends.append(expr)

    def _of_generator(self, expr: ast.expr) -> None:
        """What is used in a generator expression is used when that is."""
        child: ast.AST = expr
        for around in self.module.ancestors(expr):
            if isinstance(around, ast.stmt):
                return
            if isinstance(around, ast.GeneratorExp):
                first = around.generators[0]
                if child is not first or not self._is_in(expr, first.iter):
                    self.follow(around)
                return
            child = around

    def _is_in(self, node: ast.AST, outer: ast.AST) -> bool:
        return node is outer or self.module.is_inside(node, outer)

    def _of_lambda(self, expr: ast.expr) -> None:
        """What is used in ``iter(lambda: …)`` is used with that."""
        if self.module.function(expr) is self.function:
            return
        for around in self.module.ancestors(expr):
            if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
                break
            if isinstance(around, ast.Lambda):
                call = self.module.parent(around)
                if isinstance(call, ast.Call) and self.module.library_name(call.func) == "builtins.iter":
                    self.follow(call)
                    return
                break
        raise Left("shared", f"a function uses it in line {getattr(expr, 'lineno', 0)}, perhaps at another time")

    def _of_attribute(self, attribute: ast.Attribute) -> None:
        if attribute.attr in ATTRIBUTES and isinstance(attribute.ctx, ast.Load):
            self._end(attribute)
        elif attribute.attr == "close" and self.assigned is _refused:
            raise Left("closed-elsewhere", f"a function closes it in line {attribute.lineno}")
        elif attribute.attr in self.opener.methods | OF_KEEPERS:
            self.follow(attribute)
        elif attribute.attr == "fileno":
            call = self.module.parent(attribute)
            around = self.module.parent(call) if call is not None else None
            named = self.module.library_name(around.func) if isinstance(around, ast.Call) else None
            if named not in {"os.fsync", "os.fstat"}:
                raise Left("passed-on", f"line {attribute.lineno} hands on its number")
            self._end(attribute)
        else:
            raise Left("passed-on", f"line {attribute.lineno} uses its {attribute.attr}")

    def _of_argument(self, call: ast.Call, expr: ast.expr) -> None:
        name = self.module.library_name(call.func)
        if name in CONSUMERS:
            self._end(call)
        elif name in KEEPERS:
            self.follow(call)
        elif isinstance(call.func, ast.Attribute) and self._is_consuming(call.func):
            self._end(call)
        else:
            self._of_own_function(call, expr)

    def _is_consuming(self, method: ast.Attribute) -> bool:
        if method.attr in CONSUMING_METHODS:
            return True
        made = method.value
        if isinstance(made, ast.Name):
            found = self.module.scope(made).lookup(made.id)
            bindings = found[1] if found is not None else []
            assign = self.module.parent(bindings[0].node) if len(bindings) == 1 else None
            made = assign.value if isinstance(assign, ast.Assign) else made
        named = self.module.library_name(made.func) if isinstance(made, ast.Call) else None
        return method.attr in CONSUMING_METHODS_OF.get(named or "", ())

    def _of_own_function(self, call: ast.Call, expr: ast.expr) -> None:
        """Follow the parameter of a function of this file."""
        function = self.module.local_function(call.func)
        parameter = parameter_of(function, call, expr) if isinstance(function, ast.FunctionDef) else None
        scope = self.module.index.scopes.get(function) if function is not None else None
        if not isinstance(function, ast.FunctionDef) or parameter is None or scope is None:
            raise Left("passed-on", f"line {call.lineno} passes it to a function that may keep it")
        bindings = scope.bindings.get(parameter.arg, [])
        is_generator = any(not isinstance(node, ast.Return) for node in returns_of(function))
        if is_generator or len(bindings) != 1 or bindings[0].kind is not BindingKind.PARAMETER:
            raise Left("passed-on", f"line {call.lineno} passes it to a function that may keep it")
        if parameter not in self.seen:
            self.seen.add(parameter)
            inner = Following(self.module, self.opener, function, _refused)
            inner.seen = self.seen
            for use in self.module.uses(bindings[0]):
                inner.follow(use)
        self._end(call)

    def _of_comprehension(self, part: ast.comprehension) -> None:
        around = self.module.parent(part)
        if isinstance(around, ast.GeneratorExp):
            self.follow(around)
        elif isinstance(around, _COMPREHENSIONS):
            self._end(around)

    def _of_dictionary(self, node: ast.Dict) -> None:
        """``requests.post(url, files={"file": file})``."""
        parent = self.module.parent(node)
        call = self.module.parent(parent) if isinstance(parent, ast.keyword) else parent
        if not isinstance(call, ast.Call) or self.module.library_name(call.func) not in CONSUMERS:
            raise Left("stored", f"line {node.lineno} keeps it elsewhere")
        self._end(call)

    def _of_test(self, expr: ast.BoolOp | ast.IfExp) -> None:
        """``file and …`` in a test; as a value it may be the file."""
        if isinstance(expr, ast.IfExp) or isinstance(self.module.parent(expr), (ast.If, ast.While, ast.UnaryOp)):
            self._end(expr)
        else:
            raise Left("stored", f"line {expr.lineno} keeps it elsewhere")


def _refused(target: ast.Name) -> list[ast.Name]:
    raise Left("passed-on", f"line {target.lineno} keeps it")
