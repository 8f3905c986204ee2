"""Which statements of a module's body stay there, and which move into ``main``."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from pymodernize.semantics.flow import TRIES
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind
from pymodernize.semantics.scripts import is_guard
from pymodernize_codemods._script.entry import sets_up
from pymodernize_codemods._script.programs import is_program
from pymodernize_codemods._script.statements import (
    ASSIGNMENTS,
    DEFINITIONS,
    IMPORTS,
    Touches,
    does_work,
    inner_statements,
    is_text,
)
from pymodernize_codemods.main_guard.late_imports import is_everywhere, joining
from pymodernize_codemods.main_guard.paragraphs import is_table, is_unread, paragraphs
from pymodernize_codemods.main_guard.place import Place
from pymodernize_codemods.main_guard.preparations import chooses, configures, prepares_imports
from pymodernize_codemods.main_guard.purity import is_steady, makes_class, makes_value


@dataclass(frozen=True)
class Sorted:
    """The statements of a module's body with their places.

    Attributes:
        places: one for each statement, in order.
        touches: the names that each has to do with.
    """

    places: dict[ast.stmt, Place]
    touches: Touches

    @cached_property
    def moved(self) -> tuple[ast.stmt, ...]:
        """The statements that do not stay as they are, guards included."""
        return tuple(item for item, place in self.places.items() if place in (Place.MOVES, Place.OPENS))

    @cached_property
    def moving(self) -> frozenset[ast.stmt]:
        """The same, for those who ask of one statement after another whether it is among them."""
        return frozenset(self.moved)

    @cached_property
    def kept(self) -> tuple[ast.stmt, ...]:
        """The statements that stay outside of ``main``."""
        return tuple(item for item, place in self.places.items() if place in (Place.STAYS, Place.RISES, Place.ENDS))

    @property
    def risen(self) -> tuple[ast.stmt, ...]:
        """The imports that join those at the top."""
        return tuple(item for item, place in self.places.items() if place is Place.RISES)


def sort(module: Module, *, patient: bool) -> Sorted:
    """Give each statement of a module's body its place.

    In a file with a guard that does nothing by itself which only a program
    does, what is not under the guard stays.

    What comes before all work stays where it only prepares that: imports with
    what they need, definitions, constants. Of what comes after, definitions,
    imports of the library and constants stay, and all else moves.

    Args:
        module: a script.
        patient: whether assignments of any value stay as long as no work has
            been done: for scripts whose definitions need them.
    """
    return module.once(_sorted_patiently if patient else _sorted)


def _sorted(module: Module) -> Sorted:
    return _sort(module, patient=False)


def _sorted_patiently(module: Module) -> Sorted:
    return _sort(module, patient=True)


def _sort(module: Module, *, patient: bool) -> Sorted:
    touches = module.once(Touches)
    if module.guard is not None and not is_program(module):
        # It has said what is for the run alone: the rest may be what it is imported for.
        places = {item: Place.OPENS if is_guard(item) else Place.STAYS for item in module.tree.body}
        _attach_texts(module, places)
        return Sorted(places, touches)
    used = _used_by_definitions(module, touches)
    last, before = len(module.tree.body), -1
    places: dict[ast.stmt, Place] = {}
    while last != before:
        # What prepares imports does so for those that stay: the fewer there are, the less.
        before = last
        places = _placed(module, touches, used, last, patient=patient)
        staying = [
            number for number, item in enumerate(module.tree.body) if places[item] is Place.STAYS and _imports(item)
        ]
        last = min(before, max(staying, default=-1))
    staying, going = paragraphs(module, places, touches, used)
    places.update(dict.fromkeys(staying, Place.STAYS) | dict.fromkeys(going, Place.MOVES))
    moving = frozenset(item for item, place in places.items() if place in (Place.MOVES, Place.OPENS))
    places.update((item, Place.RISES) for item in joining(module, moving) if places[item] is Place.STAYS)
    _attach_texts(module, places)
    return Sorted(places, touches)


def _placed(
    module: Module, touches: Touches, used: set[str], last_import: int, *, patient: bool
) -> dict[ast.stmt, Place]:
    """The places of the statements, if the last import that stays is the one of that number."""
    places: dict[ast.stmt, Place] = {}
    settled = False  # whether something moves that must not be overtaken
    for number, statement in enumerate(module.tree.body):
        if is_guard(statement):
            places[statement], settled = Place.OPENS, True
        elif isinstance(statement, DEFINITIONS):
            places[statement] = Place.STAYS
        elif settled:
            places[statement] = Place.STAYS if _stays_late(module, statement, touches, used) else Place.MOVES
        elif _stays_early(module, statement, touches, used, prepares=number < last_import) or (
            patient and isinstance(statement, ASSIGNMENTS) and not does_work(statement)
        ):
            places[statement] = Place.STAYS
        else:
            places[statement] = Place.MOVES
            settled = not sets_up(module, statement) and not _can_be_overtaken(module, statement)
    return places


def _used_by_definitions(module: Module, touches: Touches) -> set[str]:
    """The names that functions and classes of the module read or set."""
    found: set[str] = set()
    for statement in module.tree.body:
        if isinstance(statement, DEFINITIONS):
            found |= touches[statement].all_reads | touches[statement].binds_later
    return found


def _attach_texts(module: Module, places: dict[ast.stmt, Place]) -> None:
    """Let a bare text, which stands for a comment, go where the statement below it goes.

    The one above all work stays: as the first statement of ``main`` it would be its docstring.
    """
    following = Place.ENDS
    for statement in reversed(module.tree.body):
        if statement is module.docstring:
            places[statement] = Place.STAYS
        elif is_text(statement) and not isinstance(statement, ast.Pass):
            places[statement] = Place.STAYS if following is Place.OPENS else following
        following = places[statement]
    for statement in module.tree.body:
        if places[statement] in (Place.MOVES, Place.OPENS):
            if not is_text(statement) or isinstance(statement, ast.Pass):
                break
            places[statement] = Place.STAYS


# --- before any work -------------------------------------------------------------------------------------------


def _stays_early(module: Module, statement: ast.stmt, touches: Touches, used: set[str], *, prepares: bool) -> bool:
    """Whether a statement that nothing overtakes stays because it is no work."""
    if isinstance(statement, IMPORTS) or is_text(statement):
        return True
    if isinstance(statement, ASSIGNMENTS):
        return (
            _is_constant(module, statement, touches[statement].binds, used)
            or configures(module, statement, used)
            or prepares
            and prepares_imports(module, statement)
        )
    if prepares and prepares_imports(module, statement):
        return True
    return chooses(module, statement, prepares=prepares)


def _is_constant(module: Module, statement: ast.Assign | ast.AnnAssign, names: set[str], used: set[str]) -> bool:
    """Whether an assignment sets up something that the module has, not a step of its work."""
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    if not all(_is_plain(target) for target in targets) or not names:
        return False
    if all(name.startswith("__") for name in names):
        return True
    shared = bool(names & used)
    if statement.value is None:
        return shared
    shouted = all(name.isupper() for name in names)
    if not makes_value(module, statement.value, looks=shared or shouted):
        return False
    if shared or _are_for_importers(module, names):
        return True
    once = all(len(module.index.scope.bindings[name]) == 1 for name in names)
    # Others are variables of the work.
    return once and (
        shouted
        or makes_class(module, statement.value)
        or _is_logger(module, statement.value)
        or is_table(module, statement.value, names)
        or names <= module.once(_hidden)
    )


def _hidden(module: Module) -> frozenset[str]:
    """The variables that functions at the top of a module assign for themselves, parameters aside.

    A variable of the module that has the name of one is hidden by it. In main it would be one more local variable, and
    a reader could not see any more that there are two.
    """
    scopes = (module.index.scopes[item] for item in module.tree.body if isinstance(item, ast.FunctionDef))
    bindings = ((name, found[0]) for scope in scopes for name, found in scope.bindings.items())
    return frozenset(name for name, first in bindings if first.kind is BindingKind.NAME)


def _is_plain(target: ast.expr) -> bool:
    if isinstance(target, (ast.Tuple, ast.List)):
        return all(_is_plain(item) for item in target.elts)
    return isinstance(target, ast.Name)


def _is_logger(module: Module, value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and module.qualified_name(value.func) == "logging.getLogger"


def _imports(statement: ast.stmt) -> bool:
    if isinstance(statement, IMPORTS):
        return True
    return isinstance(statement, (ast.If, *TRIES)) and any(
        isinstance(item, IMPORTS) for item in inner_statements(statement)
    )


def _is_own_logger(module: Module, statement: ast.Assign) -> bool:
    """Whether a name is bound, once, to the logger of the module: it is the same at any time, unless of what class."""
    match statement:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(args=[ast.Name(id="__name__")]) as value):
            alone = len(module.index.scope.bindings[name]) == 1
            return alone and _is_logger(module, value) and not any(module.names.naming("logging.setLoggerClass"))
    return False


def _can_be_overtaken(module: Module, statement: ast.stmt) -> bool:
    """Whether it makes no difference to what other statements see when a moved one runs, its names aside."""
    if not isinstance(statement, ASSIGNMENTS) or statement.value is None:
        return False
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return all(_is_plain(target) for target in targets) and is_steady(module, statement.value)


# --- after it --------------------------------------------------------------------------------------------------


def _stays_late(module: Module, statement: ast.stmt, touches: Touches, used: set[str]) -> bool:
    """Whether a statement that would overtake others stays: whether it may do so is another question."""
    if isinstance(statement, IMPORTS):
        return is_everywhere(module, statement)
    if isinstance(statement, ast.If) and module.qualified_name(statement.test) == "typing.TYPE_CHECKING":
        return not statement.orelse
    if isinstance(statement, ast.Assign) and _is_own_logger(module, statement):
        return True
    if not isinstance(statement, ASSIGNMENTS) or not _can_be_overtaken(module, statement):
        return False
    names = touches[statement].binds
    if any(len(module.index.scope.bindings[name]) != 1 for name in names):
        return False
    if all(name.startswith("__") for name in names):
        return True
    if _are_for_importers(module, names):
        return True  # as variables of main they would be ones that nothing uses
    # What nothing but the work reads stays beside that, also under a name in capitals.
    return bool(names & used) or statement.value is not None and makes_class(module, statement.value)


def _are_for_importers(module: Module, names: Iterable[str]) -> bool:
    """Whether nothing reads some names in a file that defines something: those who import that may read them."""
    return module.once(_defines) and all(is_unread(module, name) for name in names)


def _defines(module: Module) -> bool:
    """Whether a function or a class stands at the top of a file."""
    return any(isinstance(item, DEFINITIONS) for item in module.tree.body)
