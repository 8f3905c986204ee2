"""What keeps a call of print from becoming a record, and where it stands."""

from __future__ import annotations

import ast
import re
from bisect import bisect_left
from functools import cached_property

from pymodernize.reasons import Reason
from pymodernize.semantics.exit_status import ExitStatus
from pymodernize.semantics.flow import blocks
from pymodernize.semantics.layout import IMPORTS, preamble
from pymodernize.semantics.module import Module
from pymodernize_codemods._logging.place import Place
from pymodernize_codemods._script import streams
from pymodernize_codemods._script.failing import exit_status
from pymodernize_codemods.print_to_logging.dialogue import spoken_to, talking
from pymodernize_codemods.print_to_logging.grouping import Kept
from pymodernize_codemods.print_to_logging.help_texts import usage

_USAGE = Reason("usage", "usage: it shows how the program is used")
# "Print the first lines of YAML": what a comment says of a print below it.
_FORMAT = re.compile(r"\b(csv|html|json|markdown|tsv|toml|xml|yaml)\b", re.IGNORECASE)
_WRITTEN = re.compile(r"\b(?:dump|emit|output|print|report|write)(?:s|ting|ing)?\b", re.IGNORECASE)
_DOCTEST = re.compile(rb"^[ \t]*>>> ", re.MULTILINE)


class Obstacles:
    """The obstacles in one module.

    Args:
        module: the module.
        dialogue: the prints that lead to an ``input()``.
    """

    def __init__(self, module: Module, dialogue: frozenset[ast.Call]) -> None:
        self.module = module
        self.dialogue = dialogue

    def kept(self, call: ast.Call, stream: str | None) -> Kept | None:
        """Why a call stays as it is, None if nothing is in the way.

        Args:
            call: of print.
            stream: the stream that it writes to.
        """
        if self.in_preamble(call):
            return Kept(
                Reason("too-early", "it runs among the imports, before logging can be set up"), stream, binds=False
            )
        if self.writes_record(call):
            return Kept(Reason("handler", "it is what a logging handler does"), stream)
        reason = self.use_reason(call)
        reason = reason or self.file_reason or self.place_reason(call) or self.form_reason(call)
        if reason is None and call in self.usage:
            return Kept(_USAGE, stream, binds=self.usage[call])
        return Kept(reason, stream) if reason else None

    @cached_property
    def usage(self) -> dict[ast.Call, bool]:
        """The prints that show how the program is used, each with whether others stay with it."""
        return usage(self.module)

    def use_reason(self, call: ast.Call) -> Reason | None:
        """What is in the way of a print that is no statement of its own."""
        if isinstance(self.module.parent(call), ast.Expr):
            return None
        for node in self.module.ancestors(call):
            if isinstance(node, ast.Expr):
                return Reason("form", "it stands inside of an expression that chooses what is done")
            if not isinstance(node, (ast.IfExp, ast.BoolOp)):
                break
        return Reason("value-used", "its value is used")

    def writes_record(self, call: ast.Call) -> bool:
        """Whether a print is how a handler of this file writes log records."""
        function = self.module.function(call)
        return isinstance(function, ast.FunctionDef) and function.name in {"emit", "handle", "format"}

    @cached_property
    def talking(self) -> frozenset[ast.AST | None]:
        """The functions that talk with a person, None for the main body."""
        return talking(self.module)

    @cached_property
    def spoken_to(self) -> frozenset[ast.AST]:
        """The functions that are called where somebody is talked with."""
        return spoken_to(self.module, self.talking)

    @cached_property
    def file_reason(self) -> Reason | None:
        """What is in the way of every print of the file."""
        if self.module.is_test:
            return Reason("test", "the file is a test, whose runner captures what is printed")
        if streams.are_changed(self.module):
            return Reason("redirected", "the file binds sys.stdout or sys.stderr anew, or redirects them")
        if package := streams.replacing(self.module):
            return Reason("redirected", f"{package} may put something else in the place of sys.stdout")
        return None

    def place_reason(self, call: ast.Call) -> Reason | None:
        """What is in the way of a print because of where it stands."""
        if call in self.dialogue:
            return Reason("dialogue", "dialogue: it leads to an input()")
        if self.module.function(call) in self.talking:
            return Reason("dialogue", "dialogue: its function asks for something, or calls one that does")
        if self.module.function(call) in self.spoken_to:
            return Reason("dialogue", "dialogue: its function is called by one that asks for something")
        above = self.module.comments_by_line.get(call.lineno - 1, "")
        if (named := _FORMAT.search(above)) and _WRITTEN.search(above):
            return Reason("data", f"data: the comment above it says that it is {named[1]}")
        if call in self.continued:
            return Reason("progress", "progress: it goes on with a line that another print began")
        if self.in_finalizer(call):
            return Reason("shutdown", "it may run in __del__ while the interpreter shuts down")
        if self.ends_generator(call):
            return Reason("shutdown", "it may run when a generator is given up, while the interpreter shuts down")
        if len(call.args) > 1 and self.is_tried(call):
            return Reason(
                "failure-handled", "the file handles its failure, before which it writes a part of its arguments"
            )
        return None

    def form_reason(self, call: ast.Call) -> Reason | None:
        """What is in the way of a print because of how it is written."""
        if any(isinstance(arg, ast.Starred) for arg in call.args) or any(kw.arg is None for kw in call.keywords):
            return Reason("form", "it has star arguments")
        if any(isinstance(node, ast.Name) and node.id == "__doc__" for arg in call.args for node in ast.walk(arg)):
            return Reason("usage", "usage: it shows the file's own documentation")
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        if not set(keywords) <= {"sep", "end", "file", "flush"}:
            return Reason("form", "it has arguments that print does not take")
        if literal(keywords.get("end"), "\n") != "\n":
            return Reason("progress", "progress: it does not end its line")
        flush = keywords.get("flush")
        if flush is not None and not (isinstance(flush, ast.Constant) and not flush.value):
            return Reason("progress", "progress: it flushes the stream")
        if any(_has_return(node) for arg in (*call.args, *keywords.values()) for node in ast.walk(arg)):
            return Reason("progress", "progress: it moves back in its line")
        return None

    @cached_property
    def continued(self) -> frozenset[ast.Call]:
        """The prints that come next after one that did not end its line, in the same function on the same stream."""
        found: set[ast.Call] = set()
        unfinished: dict[tuple[ast.AST | None, str | None], bool] = {}
        for call in self.module.calls("builtins.print"):
            given = {keyword.arg: keyword.value for keyword in call.keywords}
            where = self.module.function(call), streams.stream_of(self.module, given.get("file"))
            if unfinished.get(where):
                found.add(call)
            text = literal(given.get("end"), "\n")
            unfinished[where] = text is None or not text.endswith("\n")
        return frozenset(found)

    def is_tried(self, call: ast.Call) -> bool:
        """Whether the file expects that print may fail here on what it is given.

        Then print has written the arguments before that one already, and a
        record has not.
        """
        inner: ast.AST = call
        for around in self.module.ancestors(call):
            if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                return False
            if isinstance(around, ast.Try) and inner in around.body and around.handlers:
                only = all(isinstance(item, ast.Expr) and self._is_print(item.value) for item in around.body)
                caught = {
                    getattr(node, "id", getattr(node, "attr", ""))
                    for handler in around.handlers
                    for node in ast.walk(handler.type or handler)
                    if handler.type is not None
                }
                if only or any(name.startswith("Unicode") for name in caught):
                    return True
            inner = around
        return False

    def _is_print(self, expr: ast.expr) -> bool:
        return isinstance(expr, ast.Call) and self.module.qualified_name(expr.func) == "builtins.print"

    def in_preamble(self, call: ast.Call) -> bool:
        """Whether a print runs as modules are imported, before or beside an import."""
        if self.module.function(call) is not None:
            return False
        last = preamble(self.module).last
        top = self.module.top_level(call)
        if last is not None and top.lineno <= last.lineno:
            return True
        return isinstance(top, ast.Try) and any(isinstance(item, IMPORTS) for item in top.body)

    def ends_generator(self, call: ast.Call) -> bool:
        """Whether a print is in a ``finally`` or a handler of a generator, which may run with its finalization."""
        function = self.module.function(call)
        if function is None or function not in self._with_yield:
            return False
        node: ast.AST = call
        for around in self.module.ancestors(call):
            if around is function:
                return False
            if isinstance(around, ast.ExceptHandler) or isinstance(around, ast.Try) and node in around.finalbody:
                return True
            node = around
        return False

    @cached_property
    def _with_yield(self) -> frozenset[ast.AST]:
        """Everything in which a generator gives a value."""
        yields = self.module.nodes(ast.Yield, ast.YieldFrom)
        return frozenset(around for node in yields for around in self.module.ancestors(node))

    def in_finalizer(self, call: ast.Call) -> bool:
        """Whether a print is in a ``__del__`` method or in something that one calls."""
        if not self.finalizers:
            return False
        return any(around in self.finalizers for around in self.module.ancestors(call))

    @cached_property
    def finalizers(self) -> frozenset[ast.AST]:
        """The functions that may run in finalization: ``__del__`` methods, callbacks of finalizers, what those call."""
        if b"__del__" not in self.module.source.data and b"inalize" not in self.module.source.data:
            return frozenset()
        functions = self.module.nodes(ast.FunctionDef, ast.AsyncFunctionDef)
        names = {"__del__"}
        for call in self.module.nodes(ast.Call):
            if getattr(call.func, "attr", getattr(call.func, "id", "")) in {"finalize", "Finalize"}:
                passed = [node for arg in (*call.args, *(kw.value for kw in call.keywords)) for node in ast.walk(arg)]
                names |= {getattr(node, "attr", getattr(node, "id", "")) for node in passed} - {""}
        found: set[ast.AST] = set()
        while fresh := [item for item in functions if item.name in names and item not in found]:
            found.update(fresh)
            for function in fresh:
                for node in ast.walk(function):
                    if isinstance(node, ast.Call):
                        names.add(getattr(node.func, "attr", getattr(node.func, "id", "")))
        return frozenset(found)

    def comment_inside(self, call: ast.Call, *, single: bool) -> Reason | None:
        """A call with a comment in it keeps it only if its one argument stays as it is."""
        start, end = self.module.span(call)
        comments = self.module.comments
        next_one = bisect_left(comments, start, key=lambda comment: comment.offset)
        inside = next_one < len(comments) and comments[next_one].offset < end
        return Reason("form", "a comment between its arguments would be lost") if inside and not single else None


def literal(expr: ast.expr | None, default: str) -> str | None:
    """The value of a string argument: the default if it is absent or ``None``, None if it is no literal."""
    if expr is None or isinstance(expr, ast.Constant) and expr.value is None:
        return default
    return expr.value if isinstance(expr, ast.Constant) and isinstance(expr.value, str) else None


# What ends a script without anything being wrong.
_ENDINGS = frozenset({"KeyboardInterrupt", "EOFError", "SystemExit", "StopIteration", "GeneratorExit"})


def in_handler(module: Module, call: ast.Call) -> bool:
    """Whether a call stands in an ``except`` handler of its function, for something that went wrong."""
    around = module.nearest(call, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler)
    if not isinstance(around, ast.ExceptHandler):
        return False
    if around.type is None:
        return True
    caught = {getattr(node, "id", getattr(node, "attr", "")) for node in ast.walk(around.type)}
    return not caught - {""} <= _ENDINGS


def before_failure(module: Module) -> frozenset[ast.stmt]:
    """The prints after which, other prints apart, the next thing is to leave with a status other than 0."""
    found: set[ast.stmt] = set()
    pending = [module.tree.body]
    while pending:
        block = pending.pop()
        leaves = False
        for statement in reversed(block):
            called = statement.value if isinstance(statement, ast.Expr) else None
            qualified = module.qualified_name(called.func) if isinstance(called, ast.Call) else None
            if qualified == "builtins.print":
                if leaves:
                    found.add(statement)
            else:
                leaves = _leaves_in_failure(module, statement)
            pending += blocks(statement)
    return frozenset(found)


def _leaves_in_failure(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement ends the script with a failure, or raises an exception."""
    return isinstance(statement, ast.Raise) or exit_status(module, statement) is ExitStatus.FAILURE


def _has_return(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and ("\r" in node.value or "\b" in node.value)


def has_doctest(module: Module, call: ast.Call) -> bool:
    """Whether a function's print may be what a doctest of the file expects."""
    return module.function(call) is not None and module.once(_has_doctests)


def _has_doctests(module: Module) -> bool:
    return _DOCTEST.search(module.source.data) is not None


def place_of(module: Module, call: ast.Call) -> Place:
    """Where a call stands, for the layout of the record.

    Args:
        module: the module.
        call: of print.
    """
    statement = module.statement(call)
    line = module.source.line(statement.lineno).decode("utf-8")
    column = len(module.source.line(call.lineno)[: call.col_offset].decode("utf-8"))
    indent = line[: len(line) - len(line.lstrip(" \t"))]
    block, number = module.place(statement)
    beside = (*block[max(0, number - 1) : number], *block[number + 1 : number + 2])
    shared = any(other.lineno == statement.lineno for other in beside)
    alone = column == len(indent) and not shared
    return Place(column, indent, module.indent, module.facts.line_length, alone=alone)
