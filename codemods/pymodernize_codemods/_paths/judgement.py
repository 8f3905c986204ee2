"""Data-flow analysis of texts and paths: which hazards the values of a module's expressions can have."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from functools import reduce
from typing import ClassVar

from pymodernize.semantics.module import Module
from pymodernize.semantics.values import Cell, Source, Way
from pymodernize_codemods._paths import hazards, parents
from pymodernize_codemods._paths.answers import Answers
from pymodernize_codemods._paths.classes import PATH, is_path, types_of
from pymodernize_codemods._paths.elements import Elements, Steps, Take, taken, union
from pymodernize_codemods._paths.guards import Guards
from pymodernize_codemods._paths.hazards import ANY, NONE, Hazard
from pymodernize_codemods._paths.texts import Field, Piece, literal, pieces

# Functions whose result is an absolute, normalised folder.
_FOLDERS = frozenset({"os.getcwd", "os.getcwdu", "pathlib.Path.cwd"})
_TEMPORARY = frozenset({"tempfile.mkdtemp", "tempfile.gettempdir"})
_OF_TEXT: dict[str, Callable[[Hazard], Hazard]] = {
    "os.path.basename": hazards.basename,
    "os.path.abspath": hazards.absolute,
    "os.path.realpath": hazards.absolute,
}
_FULL = Hazard.ABSOLUTE | Hazard.SEPARATED | Hazard.ODD | Hazard.MAGIC
_FOLDER = _FULL | Hazard.ROOT
# ``__file__`` and its like: absolute since Python 3.9, but not normalised.
_OWN_FILE = _FULL | Hazard.DOTDOT | Hazard.UNTIDY | Hazard.CLOSED
# The environment may name any home folder; an empty one is ignored, and slashes at its end are removed.
_HOME = ANY & ~(Hazard.EMPTY | Hazard.TRAILING)
# Some characters of a name, or none.
_UNSEPARATED = hazards.NAME | Hazard.EMPTY | Hazard.DOT | Hazard.DOTDOT
# The hazards that a name between literals may add to those of an example.
_OF_NAMES = Hazard.ODD | Hazard.MAGIC | Hazard.USER | Hazard.TILDE
# Classes whose texts are plain names: of digits, letters and other characters without a meaning in paths.
_DATES = frozenset({"datetime.date", "datetime.datetime"})
_PLAIN = frozenset({"int", "bool", "float", "uuid.UUID"}) | _DATES
# Fields of a date that are digits everywhere.
_NUMBER = re.compile(r"%[YmdHMSjyUW]")
# Methods that change the case of letters only.
_SAME_PARTS = frozenset("capitalize casefold lower swapcase title upper".split())
# Functions that give one of the elements of their first argument.
_ONE_OF = frozenset({"builtins.max", "builtins.min", "builtins.next", "random.choice"})
# Of the positional parameters of tempfile's functions, those before the folder.
_PARTS_OF_NAME = 2
_PATH_METHODS: dict[str, Callable[[Hazard], Hazard]] = {
    "resolve": hazards.absolute,
    "absolute": lambda found: hazards.absolute(found) | found & Hazard.DOTDOT,
}


class Judge:
    """Infers the hazards of the texts and paths of one module, on demand.

    Class attributes:
        unknown: those of a value from outside the module.
    """

    unknown: ClassVar[Hazard] = ANY

    def __init__(self, module: Module) -> None:
        self.module = module
        self._answers = Answers(self.unknown)
        self._elements = Elements(self)
        self._guards = Guards(module)

    def of(self, expr: ast.expr) -> Hazard:
        """The hazards that the value of an expression may have.

        Args:
            expr: an expression that gives a text or a path.

        Returns:
            An over-approximation: every hazard that cannot be excluded.
        """
        return self.at(expr, ())

    def at(self, expr: ast.expr, steps: Steps) -> Hazard:
        """The hazards of a part of an expression's value.

        Args:
            expr: the expression.
            steps: the access path of the part; empty for the value itself.
        """
        cell = self.module.values.read_by(expr)
        if cell is not None:
            found = self._answers.to((cell, steps), lambda: self._cell(cell, steps))
        else:
            found = self._answers.to((expr, steps), lambda: self._part(expr, steps))
        if not steps:
            found |= self.said_by_name(expr, found)
        excluded = self.excluded(expr)
        if not excluded:
            return found
        if steps == (Take.FOLDER,):
            return found & hazards.dirname(self.of(expr))
        return found if steps else found & ~excluded

    def said_by_name(self, expr: ast.expr, found: Hazard) -> Hazard:
        """The hazards that an unknown value has by the literals that the script uses under its name; here none.

        Args:
            expr: an expression that gives a text or a path.
            found: the hazards of its value by data flow.
        """
        return NONE

    def excluded(self, expr: ast.expr) -> Hazard:
        """The hazards that the tests which dominate an expression exclude for its value.

        Args:
            expr: any expression of the module.
        """
        return self._guards.excluded(expr)

    def source(self, source: Source) -> Hazard:
        """The hazards of a value that is stored in a cell.

        Args:
            source: one of the cell's sources.
        """
        return self._updated(source) if source.way is Way.UPDATE else self.at(source.expr, taken(source))

    def is_path(self, expr: ast.expr) -> bool:
        """Whether an expression certainly is a :class:`pathlib.Path`.

        Args:
            expr: one of the module's expressions.
        """
        return is_path(self.module, expr)

    def function(self, call: ast.Call) -> str | None:
        """The qualified name of the callee; None if it is not known.

        Args:
            call: a call.
        """
        qualified = self.module.qualified_name(call.func)
        return None if qualified is None or self.module.names.is_replaced(qualified) else qualified

    def _part(self, expr: ast.expr, steps: Steps) -> Hazard:
        match expr:
            case ast.IfExp(body=body, orelse=orelse) if steps:
                return self.at(body, steps) | self.at(orelse, steps)
            case ast.BoolOp(values=values) if steps:
                return union(self.at(value, steps) for value in values)
        if not steps:
            return self._of(expr)
        if steps == (Take.FOLDER,):
            return hazards.dirname(self.of(expr)) & parents.folder(self, expr)
        found = self._elements.of(expr, steps)
        return found & hazards.dirname(self.at(expr, steps[:-1])) if steps[-1] is Take.FOLDER else found

    def _of(self, expr: ast.expr) -> Hazard:
        text = literal(self.module, expr)
        if text is not None:
            return hazards.of_text(text)
        match expr:
            case ast.Constant():
                return NONE  # not a text: its use raises, or it is None, which is handled elsewhere
            case ast.IfExp(body=body, orelse=orelse):
                return self.of(body) | self.of(orelse)
            case ast.BoolOp(op=ast.Or(), values=[*first, last]):
                return union(map(self.of, first)) & ~Hazard.EMPTY | self.of(last)
            case ast.Call():
                return self._call(expr)
            case ast.Name(id="__file__") if self.module.scope(expr).lookup("__file__") is None:
                return _OWN_FILE
            case ast.Attribute(attr="__file__") if self.module.qualified_name(expr) is not None:
                return _OWN_FILE
            case ast.BinOp(op=ast.Div(), left=left, right=right) if is_path(self.module, expr):
                return hazards.as_path(hazards.join(self.of(left), self.of(right)))
            case ast.Subscript(slice=ast.Slice()):
                return self._sliced(expr)
            case ast.Subscript():
                return self._elements.item(expr)
            case ast.Attribute():
                return self._attribute(expr)
        parts = pieces(self.module, expr)
        return self.together(parts) if parts else self.unknown

    # --- cells -------------------------------------------------------------------------------------------------

    def _cell(self, cell: Cell, steps: Steps) -> Hazard:
        contents = self.module.values.contents(cell)
        if contents is None:
            return self.unknown
        if not steps:
            return union(map(self.source, contents.sources))
        if steps != (Take.FOLDER,):
            return self._elements.cell(cell, contents.sources, steps)
        return union(
            hazards.dirname(self._updated(source))
            if source.way is Way.UPDATE
            else self.at(source.expr, (*taken(source), Take.FOLDER))
            for source in contents.sources
        )

    def _updated(self, source: Source) -> Hazard:
        """The hazards of a variable after an augmented assignment."""
        statement = self.module.parent(source.expr)
        if not isinstance(statement, ast.AugAssign):
            return self.unknown
        if isinstance(statement.op, ast.Add):
            return self.together([statement.target, *(pieces(self.module, source.expr) or [source.expr])])
        if isinstance(statement.op, ast.Div) and is_path(self.module, statement.target):
            return hazards.as_path(hazards.join(self.of(statement.target), self.of(source.expr)))
        return self.unknown

    # --- calls -------------------------------------------------------------------------------------------------

    def _call(self, call: ast.Call) -> Hazard:
        qualified = self.function(call)
        args = call.args
        if qualified == "os.path.join" and args:
            return self.joined(args)
        if any(isinstance(arg, ast.Starred) for arg in args):
            return self.unknown
        if qualified in _FOLDERS:
            return _FOLDER
        if qualified in _TEMPORARY:
            return self.temporary(call)
        if qualified == "pathlib.Path.home":
            return hazards.as_path(_HOME & self.unknown)
        if qualified == PATH:
            return hazards.as_path(reduce(hazards.join, map(self.of, args)) if args else hazards.of_text("."))
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"join", "format"}:
            parts = pieces(self.module, call)
            if parts:
                return self.together(parts)
        if qualified is not None and args:
            return self._of_argument(call, qualified)
        if isinstance(call.func, ast.Attribute) and is_path(self.module, call.func.value):
            return self._method(call, call.func)
        return self._of_text(call, call.func) if isinstance(call.func, ast.Attribute) else self.unknown

    def _of_argument(self, call: ast.Call, qualified: str) -> Hazard:
        """The hazards of a call's result, where these follow from the first argument."""
        first = call.args[0]
        if qualified in _OF_TEXT:
            return _OF_TEXT[qualified](self.of(first))
        if qualified == "os.path.dirname":
            return self.at(first, (Take.FOLDER,))
        if qualified == "os.path.normpath":
            return hazards.as_path(self.of(first)) | Hazard.ODD | Hazard.ROOT
        if qualified == "os.path.expanduser":
            inner = self.of(first)
            return inner | _HOME & self.unknown if inner & Hazard.TILDE else inner
        if qualified == "os.readlink":
            return self.unknown & ~Hazard.EMPTY
        if qualified == "time.strftime":
            return self._date(literal(self.module, first))
        if qualified in _ONE_OF and (len(call.args) == 1 or qualified == "builtins.next"):
            rest = union(map(self.of, call.args[1:]))
            return self.at(first, (Take.ELEMENT,)) | rest
        if len(call.args) > 1 or call.keywords:
            return self.unknown
        if qualified == "builtins.str":
            return self.piece(first)
        return self.of(first) if qualified == "os.fspath" else self.unknown

    def joined(self, args: list[ast.expr]) -> Hazard:
        """The hazards of the result of ``os.path.join``.

        Args:
            args: its arguments; starred ones are allowed.
        """
        found: Hazard | None = None
        for arg in args:
            if not isinstance(arg, ast.Starred):
                part = self.of(arg)
                found = part if found is None else hazards.join(found, part)
                continue
            part = self.at(arg.value, (Take.ELEMENT,))
            # A starred argument may come first: joining starts with the empty text, which adds nothing.
            found = hazards.of_text("") if found is None else found
            while (longer := found | part | hazards.join(found, part)) != found:
                found = longer
        return self.unknown if found is None else found

    def temporary(self, call: ast.Call) -> Hazard:
        """The hazards of what functions of :mod:`tempfile` return: an absolute path in the system's temporary folder.

        Args:
            call: a call, whose arguments may give another folder and parts of the name.
        """
        given = [*call.args, *(keyword.value for keyword in call.keywords)]
        names = {keyword.arg for keyword in call.keywords}
        texts = [literal(self.module, arg) for arg in given if not isinstance(arg, ast.Constant) or arg.value]
        plain = all(text is not None and "/" not in text for text in texts)
        is_there = names <= {"prefix", "suffix", "text"} and len(call.args) <= _PARTS_OF_NAME and plain
        return _FOLDER if is_there else self.unknown

    def _method(self, call: ast.Call, func: ast.Attribute) -> Hazard:
        whole = self.of(func.value)
        if func.attr in _PATH_METHODS:
            return _PATH_METHODS[func.attr](whole)
        if func.attr == "joinpath":
            return hazards.as_path(reduce(hazards.join, map(self.of, call.args), whole))
        return self.unknown & ~hazards.NORMALISED if is_path(self.module, call) else self.unknown

    def _of_text(self, call: ast.Call, func: ast.Attribute) -> Hazard:
        """The hazards of the result of a method of a text, a date or a list."""
        types = types_of(self.module, func.value) or set()
        given = [literal(self.module, arg) for arg in call.args]
        if types == {"str"} and func.attr in _SAME_PARTS and not given:
            return self.of(func.value)
        if types == {"str"} and func.attr == "replace" and len(given) == 2:
            old, new = given
            # No part appears or vanishes, and each part with a replacement in it is more than dots.
            if old and "/" not in old and new and "/" not in new and new.strip("."):
                more = hazards.NAME & ~Hazard.RELATIVE
                whole = self.of(func.value)
                return whole | more | (Hazard.HIDDEN if whole & Hazard.SEPARATED else NONE)
        if types and types <= _DATES and func.attr == "strftime" and len(given) == 1:
            return self._date(given[0])
        if types and types <= {"list", "set"} and func.attr == "pop":
            return self.at(func.value, (Take.ELEMENT,))
        return self.unknown

    def _attribute(self, expr: ast.Attribute) -> Hazard:
        if not is_path(self.module, expr.value):
            return self.unknown
        whole = self.of(expr.value)
        if expr.attr == "parent":
            return hazards.as_path(self.at(expr.value, (Take.FOLDER,)))
        if expr.attr in {"name", "stem"}:
            empty = Hazard.EMPTY if whole & (Hazard.DOT | Hazard.ROOT) else NONE
            return hazards.basename(whole) & ~(Hazard.EMPTY | Hazard.DOT) | empty | Hazard.ODD
        return self.unknown

    def _sliced(self, expr: ast.Subscript) -> Hazard:
        """The hazards of a slice of a text: of a text without a slash, it has none either."""
        if types_of(self.module, expr.value) != {"str"} or self.of(expr.value) & (Hazard.SEPARATED | Hazard.ABSOLUTE):
            return self.unknown
        return _UNSEPARATED & self.unknown

    # --- concatenations ----------------------------------------------------------------------------------------

    def together(self, parts: list[Piece]) -> Hazard:
        """The hazards of a text that is built of several pieces.

        Args:
            parts: literals, and values that are formatted into it.
        """
        judged = [piece if isinstance(piece, str) else self.piece(piece) for piece in parts]
        if NONE in judged:
            return NONE  # the bottom element: one of them has no value in this round
        if "\0" not in (plain := _with_names(judged)):
            return hazards.of_text(plain) | _OF_NAMES
        first, *rest = judged
        tail = _with_names(rest)
        if isinstance(first, str) or "\0" in tail or not tail:
            return self._guessed(judged)
        if not tail.startswith("/"):
            # A name may stand first, and begin with "~".
            tilde = Hazard.TILDE | Hazard.USER if first & Hazard.EMPTY else NONE
            return hazards.appended(first, tail) | Hazard.MAGIC | tilde
        found = hazards.join(first, hazards.of_text(tail.lstrip("/"))) | Hazard.ODD | Hazard.MAGIC
        found |= Hazard.ABSOLUTE | Hazard.ROOT if first & Hazard.EMPTY else NONE
        # "/" and "/b" make "//b".
        return found | (Hazard.UNTIDY if first & Hazard.ROOT or tail.startswith("//") else NONE)

    def piece(self, piece: ast.expr | Field) -> Hazard:
        """The hazards of a value as a piece of a text; a number is a plain name.

        Args:
            piece: an expression that is formatted, or added to a text.
        """
        if isinstance(piece, Field):
            return hazards.NAME
        types = types_of(self.module, piece)
        if types is not None and types and types <= _PLAIN:
            return hazards.NAME
        return self.of(piece) if types is not None and types <= {"str", PATH} else self.unknown

    def _guessed(self, judged: list[str | Hazard]) -> Hazard:
        """The hazards of a concatenation of values of which little is known."""
        return hazards.guessed(judged)

    def _date(self, template: str | None) -> Hazard:
        """The hazards of a date as ``strftime`` formats it."""
        text = _NUMBER.sub("0", template) if template is not None else "%"
        return self.unknown if "%" in text else hazards.of_text(text)


def _with_names(judged: list[str | Hazard]) -> str:
    """An example of a concatenation: ``x`` for each value that is a plain name, NUL for any other."""
    return "".join(piece if isinstance(piece, str) else "\0" if piece & ~hazards.NAME else "x" for piece in judged)
