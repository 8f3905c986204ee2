"""The hazards of the elements of containers: of displays, comprehensions, listings of folders."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from enum import Enum
from functools import reduce
from typing import TYPE_CHECKING

from pymodernize.semantics.additions import Addition, Additions
from pymodernize.semantics.types import names_of
from pymodernize.semantics.values import Cell, Source, Way
from pymodernize_codemods._paths import globs, hazards
from pymodernize_codemods._paths.hazards import ANY, NONE, Hazard
from pymodernize_codemods._paths.texts import literal

if TYPE_CHECKING:
    from pymodernize_codemods._paths.judgement import Judge


class Take(Enum):
    """One step from a value to a part of it, other than the item at a fixed index."""

    ELEMENT = "element"
    """An element, as iteration gives it."""
    ITEM = "item"
    """The value that a mapping has for some key."""
    FOLDER = "folder"
    """The result of ``os.path.dirname`` for it."""


# An access path: the steps from a value to a nested part of it; a number is an index.
Steps = tuple[Take | int, ...]
# Longer access paths do not lead to file names in practice.
_DEEPEST = 3

_OF_THE_SAME = frozenset(
    f"builtins.{name}" for name in ("sorted", "reversed", "list", "set", "frozenset", "tuple", "iter")
)
# Functions that have exhausted their argument, or dropped it, before the caller uses an element.
_AT_ONCE = frozenset({"builtins.sorted", "builtins.list", "builtins.tuple", "builtins.next"})
_SPLITS = frozenset({"os.path.split", "os.path.splitext"})


def union(found: Iterable[Hazard]) -> Hazard:
    """The join of several abstract values: every hazard that any of them may have."""
    return reduce(lambda one, other: one | other, found, NONE)


def taken(source: Source) -> Steps:
    """The access path from the expression of a source to the value that the source puts into its cell.

    Args:
        source: any but an update.
    """
    if source.way is Way.PLACE:
        return (Take.ELEMENT, source.place) if source.inside is Way.ELEMENT else (source.place,)
    return (Take.ELEMENT,) if source.way is Way.ELEMENT else ()


class Elements:
    """Infers the hazards of parts of containers.

    Args:
        judge: infers those of single values.
    """

    def __init__(self, judge: Judge) -> None:
        self.judge = judge
        self.module = judge.module
        self._additions = judge.module.once(Additions)

    def of(self, expr: ast.expr, steps: Steps) -> Hazard:
        """The hazards of a part of an expression's value.

        Args:
            expr: the expression; it reads no cell.
            steps: the access path of the part.
        """
        first, *others = steps
        rest = tuple(others)
        if len(steps) > _DEEPEST:
            return self.judge.unknown
        match expr:
            case ast.Constant(value=None):
                return NONE  # it raises
            case ast.Tuple(elts=items) if isinstance(first, int):
                if any(isinstance(item, ast.Starred) for item in items):
                    return self.judge.unknown
                return self.judge.at(items[first], rest) if -len(items) <= first < len(items) else NONE
            case ast.List(elts=items) | ast.Tuple(elts=items) | ast.Set(elts=items) if first is Take.ELEMENT:
                return union(
                    self.judge.at(item.value, steps) if isinstance(item, ast.Starred) else self.judge.at(item, rest)
                    for item in items
                )
            case ast.ListComp(elt=item) | ast.SetComp(elt=item) | ast.GeneratorExp(elt=item) if first is Take.ELEMENT:
                return self.judge.at(item, rest)
            case ast.Dict(keys=keys, values=values) if isinstance(first, Take) and all(keys):
                return union(self.judge.at(item, rest) for item in (keys if first is Take.ELEMENT else values) if item)
            case ast.DictComp(key=key, value=value) if isinstance(first, Take):
                return self.judge.at(key if first is Take.ELEMENT else value, rest)
            case ast.BinOp(op=ast.Add(), left=left, right=right) if first is Take.ELEMENT:
                return self.judge.at(left, steps) | self.judge.at(right, steps)
            case ast.Subscript(value=value, slice=ast.Slice()) if first is Take.ELEMENT:
                return self.judge.at(value, steps)
            case ast.Subscript():
                return self.item(expr, steps)
            case ast.Call():
                return self._call(expr, first, rest)
        return self.judge.unknown

    def item(self, expr: ast.Subscript, steps: Steps = ()) -> Hazard:
        """The hazards of a subscript's value, or of a part of it.

        Args:
            expr: the subscript, by an index or a key.
            steps: the access path of the part; empty for the value itself.
        """
        found = ANY
        place = _number(expr.slice)
        if place is not None:
            found = self.judge.at(expr.value, (place, *steps))
        types = self.module.type_of(expr.value)
        names = names_of(types) if types is not None else set()
        if names and names <= {"list", "tuple"}:
            found &= self.judge.at(expr.value, (Take.ELEMENT, *steps))
        if names == {"dict"}:
            found &= self.judge.at(expr.value, (Take.ITEM, *steps))
        return self.judge.unknown if found == ANY else found

    def cell(self, cell: Cell, sources: Iterable[Source], steps: Steps) -> Hazard:
        """The hazards of a part of the value in a cell.

        Args:
            cell: the cell.
            sources: the expressions whose values are stored in it.
            steps: the access path of the part.
        """
        if any(isinstance(step, Take) and step is not Take.FOLDER for step in steps[1:]):
            return self.judge.unknown  # a nested container can be mutated in ways that this analysis does not follow
        if len(steps) > _DEEPEST:
            return self.judge.unknown
        found = NONE
        for source in sources:
            if source.way is not Way.UPDATE:
                found |= self.judge.at(source.expr, (*taken(source), *steps))
            elif isinstance(steps[0], int):
                return self.judge.unknown
        if isinstance(steps[0], int):
            return found
        additions = self._additions.to(cell)
        if additions is None:
            return self.judge.unknown
        return found | union(self._added(addition, steps) for addition in additions)

    def _added(self, addition: Addition, steps: Steps) -> Hazard:
        if addition.all_of:
            return self.judge.at(addition.expr, steps)
        found = self.judge.at(addition.expr, steps[1:])
        if addition.key is not None and steps[0] is Take.ELEMENT and not self._is_number(addition.key):
            found |= self.judge.at(addition.key, steps[1:])
        return found

    def _is_number(self, key: ast.expr) -> bool:
        types = self.module.type_of(key)
        return types is not None and names_of(types) <= {"int"}

    # --- calls -------------------------------------------------------------------------------------------------

    def _call(self, call: ast.Call, first: Take | int, rest: Steps) -> Hazard:
        qualified = self.judge.function(call)
        if any(isinstance(arg, ast.Starred) for arg in call.args):
            return self.judge.unknown
        if isinstance(first, int):
            if qualified == "builtins.next" and len(call.args) == 1:
                return self.judge.at(call.args[0], (Take.ELEMENT, first, *rest))
            return self._place(call, qualified, first) if not rest else self.judge.unknown
        if qualified in _OF_THE_SAME:
            return self.judge.at(call.args[0], (first, *rest)) if call.args else NONE
        if first is Take.ELEMENT:
            found = self._elements(call, qualified, rest)
            if found is not None:
                return found
        return self._method(call, first, rest)

    def _place(self, call: ast.Call, qualified: str | None, place: int) -> Hazard:
        if qualified == "tempfile.mkstemp" and place in {1, -1}:
            return self.judge.temporary(call) | Hazard.CLOSED
        if qualified not in _SPLITS or not call.args or place not in {-2, -1, 0, 1}:
            return self.judge.unknown
        whole = self.judge.of(call.args[0])
        if qualified == "os.path.split":
            return hazards.basename(whole) if place % 2 else self.judge.at(call.args[0], (Take.FOLDER,))
        # "a." ends in the suffix ".".
        return (
            (hazards.NAME | Hazard.EMPTY | Hazard.DOT) & self.judge.unknown
            if place % 2
            else hazards.without_suffix(whole)
        )

    def _elements(self, call: ast.Call, qualified: str | None, rest: Steps) -> Hazard | None:
        """The hazards of the elements of a function's result; None if the function is not known."""
        args = call.args
        if qualified == "os.listdir":
            return self.judge.unknown if rest else hazards.NAME
        if qualified == "os.walk" and args:
            return self._walked(call, rest)
        if qualified in {"glob.glob", "glob.iglob"} and args:
            return self.judge.unknown if rest else globs.found(self.module, self.judge, call)
        if qualified == "builtins.filter" and len(args) == 2:
            return self.judge.at(args[1], (Take.ELEMENT, *rest))
        if qualified == "builtins.enumerate" and args and rest[:1] == (1,):
            return self.judge.at(args[0], (Take.ELEMENT, *rest[1:]))
        if qualified == "builtins.zip" and rest and isinstance(rest[0], int) and 0 <= rest[0] < len(args):
            return self.judge.at(args[rest[0]], (Take.ELEMENT, *rest[1:]))
        return None

    def _walked(self, call: ast.Call, rest: Steps) -> Hazard:
        """The hazards of a part of the triples that ``os.walk`` yields."""
        if rest in {(1, Take.ELEMENT), (2, Take.ELEMENT)}:
            return hazards.NAME
        if rest != (0,):
            return self.judge.unknown
        name = hazards.NAME | self._below(call)
        folder = self.judge.of(call.args[0]) & ~(Hazard.EMPTY | Hazard.HIDDEN)
        while (deeper := folder | hazards.join(folder, name)) != folder:
            folder = deeper
        # The folder itself, or one below it; its parents have search permission, as it has been listed.
        return folder & ~Hazard.HIDDEN | Hazard.ODD

    def _below(self, call: ast.Call) -> Hazard:
        """The hazards of names that the loop may add to the list of folders, from which ``os.walk`` goes on."""
        match self.module.parent(call):
            case ast.Call() as outer if self.judge.function(outer) in _AT_ONCE:
                return NONE
            case ast.For(iter=iterated, target=target) | ast.comprehension(iter=iterated, target=target):
                match target:
                    case ast.Tuple(elts=[_, ast.Name() as folders, _]) if iterated is call:
                        cell = self.module.values.read_by(folders)
                        additions = self._additions.to(cell) if cell is not None else None
                        if additions is not None:
                            return union(self._added(addition, (Take.ELEMENT,)) for addition in additions)
        return self.judge.unknown

    def _method(self, call: ast.Call, first: Take | int, rest: Steps) -> Hazard:
        """The hazards of a part of the result of a method of a container, a text or a path."""
        if not isinstance(call.func, ast.Attribute) or isinstance(first, int):
            return self.judge.unknown
        receiver, name = call.func.value, call.func.attr
        types = self.module.type_of(receiver)
        names = names_of(types) if types is not None else set()
        if name == "copy" and names and names <= {"list", "set", "dict"}:
            return self.judge.at(receiver, (first, *rest))
        if first is not Take.ELEMENT:
            return self.judge.unknown
        if names == {"pathlib.Path"} and not rest:
            return globs.children(self.module, self.judge, call)
        if names == {"dict"} and not call.args:
            if name == "keys":
                return self.judge.at(receiver, (Take.ELEMENT, *rest))
            if name == "values":
                return self.judge.at(receiver, (Take.ITEM, *rest))
            if name == "items" and rest[:1] in {(0,), (1,)}:
                return self.judge.at(receiver, (Take.ITEM if rest[0] else Take.ELEMENT, *rest[1:]))
        if name == "split" and not rest and not call.keywords:
            return self._words(receiver, call.args)
        return self.judge.unknown

    def _words(self, receiver: ast.expr, args: list[ast.expr]) -> Hazard:
        """The hazards of the words that ``split`` gives for a literal."""
        text = literal(self.module, receiver)
        separator = literal(self.module, args[0]) if args else None
        if text is None or len(args) > 1 or args and not separator:
            return self.judge.unknown
        return union(map(hazards.of_text, text.split(separator)))


def _number(expr: ast.expr) -> int | None:
    match expr:
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return -number
    return None
