"""Statements at the top level → ``main``, called under the guard."""

from __future__ import annotations

import ast
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.reasons import code_of
from pymodernize.semantics.flow import TRIES
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, Reference, reference
from pymodernize.semantics.scripts import is_guard
from pymodernize_codemods._script.brevity import has_importable_name, is_flat, is_no_command
from pymodernize_codemods._script.entry import entry, main_call, opens, sets_up
from pymodernize_codemods._script.imperative import imperative
from pymodernize_codemods._script.purpose import stated_purpose
from pymodernize_codemods._script.statements import DEFINITIONS, Touches, does_work, inner_statements, is_text
from pymodernize_codemods.main_guard import layout
from pymodernize_codemods.main_guard.arguments import names_in, passed_names
from pymodernize_codemods.main_guard.brevity import goes_step_by_step, is_plain_call, is_short_guard, needs_no_status
from pymodernize_codemods.main_guard.existing import check_main
from pymodernize_codemods.main_guard.late_imports import check_imports, sources
from pymodernize_codemods.main_guard.names import check_names
from pymodernize_codemods.main_guard.obstacles import Obstacle, check_file, doubt, names_in_texts
from pymodernize_codemods.main_guard.order import check_order
from pymodernize_codemods.main_guard.place import Place
from pymodernize_codemods.main_guard.sorting import Sorted, sort
from pymodernize_codemods.main_guard.status import with_status

_MESSAGE = "the script's work is not in main()"
_KEPT = frozenset({"flat", "result", "steps"})


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """One finding for a file, at its first work or its guard."""
    place = _place(module)
    if place is None:
        return
    try:
        rewrite = _rewrite(module)
    except (Obstacle, NameTaken) as exc:
        reason = str(exc)
        yield codemod.finding(module, place, _MESSAGE, reason=reason, kept=code_of(reason) in _KEPT)
        return
    reason = doubt(module, sort(module, patient=False).moved)
    yield codemod.finding(
        module, place, _MESSAGE, rewrite, assumptions={CHANGES_BEHAVIOUR.name} if reason else (), reason=reason
    )


def _place(module: Module) -> ast.stmt | None:
    """The first work of a script that is not called from its guard with its status, None for another file."""
    if not module.is_script or module.facts.in_package:
        return None
    work = [item for item in sort(module, patient=False).moved if does_work(item) and not is_guard(item)]
    if work:
        return work[0]
    if module.guard is None or module.facts.importers:
        return None
    if (
        is_short_guard(module, module.guard)
        or module.style == "plain"
        and _starts_by_another_name(module, module.guard)
    ):
        return None
    return None if _ends_by_status(module, module.guard) else module.guard


def _starts_by_another_name(module: Module, guard: ast.If) -> bool:
    """Whether the only guard does nothing but one call, below what sets it up: a main would be one more name for it.

    That of a main is given a status.
    """
    work = [item for item in guard.body if not sets_up(module, item) and not is_text(item)]
    if guard.orelse or len(work) != 1 or main_call(module, work[0]) is not None:
        return False
    if any(is_guard(item) for item in module.tree.body if item is not guard):
        return False
    return isinstance(work[0], ast.Expr) and isinstance(work[0].value, ast.Call)


def _ends_by_status(module: Module, guard: ast.If) -> bool:
    """Whether a guard hands on what a function of this file returns; also where a name is not certain."""
    start = entry(module)
    if start is not None and start.exits:
        return True
    call = main_call(module, guard.body[-1])
    around = module.parent(call) if call is not None else None
    if isinstance(around, ast.Call) and module.qualified_name(around.func) in {"sys.exit", "builtins.SystemExit"}:
        return True
    uncertain = bool(module.index.scope.star_imports) and len(guard.body) == 1
    return uncertain and re.match(r"sys\.exit\(\w+\(|raise SystemExit\(\w+\(", module.text(guard.body[0])) is not None


def _rewrite(module: Module) -> Rewrite:
    if not module.is_closed:
        raise Obstacle("imported", "other files import it, and what it does then would be left out")
    divided = sort(module, patient=False)
    spoken = names_in_texts(module)
    check_file(module, divided.moved, spoken)
    if module.guard is None and is_flat(module, divided.moved):
        raise Obstacle("flat", "nothing in it is there to be imported")
    if module.guard is None and is_no_command(module, divided.moved):
        if not has_importable_name(module):
            raise Obstacle("flat", f"no import can name {module.facts.name}")
        if goes_step_by_step(module, divided.moving):
            raise Obstacle("steps", "its work stands below each definition in turn, and shows what that does")
    result = _result(module, divided.moved)
    if module.guard is None and result:
        raise Obstacle("result", f"{result} is what it makes: nothing reads it but who runs the file with -i")
    bare = module.guard is None and is_plain_call(module, divided.moved)
    start = None if bare else _only_call(module, divided)
    if start is not None:
        return _finished(module, *start)
    if not bare and module.fresh.name(("main",), "main") is None:
        raise Obstacle("own-main", "the name main is taken, and the file does more than call it")
    try:
        check_order(module, divided)
    except Obstacle:
        divided = sort(module, patient=True)
        check_order(module, divided)
    check_imports(module, divided.moving)
    if bare:
        return _guarded(module, divided)
    return _moved(module, divided, frozenset().union(*spoken.values()))


def _result(module: Module, moved: Sequence[ast.stmt]) -> str:
    """What a script sets last and does not read: a variable or an item of one; empty if there is none, or an answer."""
    last = next((item for item in reversed(moved) if not is_text(item)), None)
    match last:
        case ast.Assign(targets=[ast.Name(id=name)], value=value):
            asks = isinstance(value, ast.Call) and module.qualified_name(value.func) == "builtins.input"
            return "" if asks or any(item.id == name for item in module.index.loads) else name
        case ast.Assign(targets=[ast.Subscript(value=ast.Name() as owner)]) if module.qualified_name(owner) is None:
            return owner.id
    return ""


def _only_call(module: Module, divided: Sorted) -> tuple[ast.Call, list[ast.stmt]] | None:
    """The call of main that is all the work of a file, with its statement and the set-ups above it.

    What a guard does before it may stay there.

    Returns:
        The call, and the statements; the call's own is the last.
    """
    work = [item for item in divided.moved if does_work(item)]
    guard = work[0] if len(work) == 1 and isinstance(work[0], ast.If) and is_guard(work[0]) else None
    inner = guard.body if guard is not None else work
    stay = guard is not None and all(item.end_lineno != inner[-1].lineno for item in inner[:-1])
    if not inner or not stay and not all(sets_up(module, item) for item in inner[:-1]):
        return None
    call = main_call(module, inner[-1])
    return (call, inner) if call is not None else None


def _finished(module: Module, call: ast.Call, statements: list[ast.stmt]) -> Rewrite:
    """Give a main that is there an exit status, and a guard, which takes what is called above it."""
    gives_status = module.parent(call) is not statements[-1]
    function = check_main(module, call, dropped=not gives_status)
    guarded = module.parent(statements[-1]) is not module.tree
    if not guarded:
        _check_below(module, statements)
    sys = _reference(module, "sys", frozenset())
    change = partial(
        with_status,
        name=function.name,
        sys=sys.expression,
        gives=not gives_status,
        ends=module.completions.completes(function.body),
        guarded=guarded,
        set_up=frozenset(module.text(item) for item in statements[:-1]),
    )
    return Rewrite(edits=(Edit(module.tree, change),), references=(sys,))


def _check_below(module: Module, statements: list[ast.stmt]) -> None:
    """See that calls which become the last statements may run after those below them."""
    lines = Counter(item.lineno for item in module.tree.body)
    if any(lines[item.lineno] > 1 for item in statements):
        raise Obstacle("order", "the call shares its line with other statements")
    moving = set(statements)
    places = {item: Place.MOVES if item in moving else Place.STAYS for item in module.tree.body}
    check_order(module, Sorted(places, module.once(Touches)))


def _guarded(module: Module, divided: Sorted) -> Rewrite:
    """Put a guard around the work, without a main."""
    outline = layout.Outline(
        places=layout.places_of(module.tree.body, divided.places), openings=_openings(module, divided)
    )
    edit = Edit(module.tree, partial(layout.with_guard, outline=outline))
    return Rewrite(edits=(edit,), references=tuple(_joining(divided)))


def _moved(module: Module, divided: Sorted, spoken: frozenset[str]) -> Rewrite:
    """Move the work into a new main; names that texts take from the module must stay its own."""
    for item in divided.moved:
        inner = next((found for found in inner_statements(item) if isinstance(found, DEFINITIONS)), None)
        if inner is not None and isinstance(item, TRIES):
            raise Obstacle("nested", f"line {inner.lineno} defines something in a try, and would stand in main")
    passed = passed_names(module, divided, taken=spoken)
    check_names(module, divided, spoken, names_in(passed))
    bound = {name for statement in divided.moved for name in divided.touches[statement].binds}
    sys = None if needs_no_status(module, divided.moved) else _reference(module, "sys", frozenset(bound))
    last = divided.moved[-1]
    block = last.body if divided.places[last] is Place.OPENS and isinstance(last, ast.If) else [last]
    kept = {name for statement in divided.kept for name in divided.touches[statement].binds}
    outline = layout.Outline(
        places=layout.places_of(module.tree.body, divided.places),
        docstring=_docstring(module),
        sys=sys.expression if sys is not None else "",
        openings=_openings(module, divided),
        ends=module.completions.completes(block),
        names=frozenset(bound - kept),
        passed=passed,
    )
    edit = Edit(module.tree, partial(layout.with_main, outline=outline))
    return Rewrite(edits=(edit,), references=(*([sys] if sys is not None else []), *_joining(divided)))


def _joining(divided: Sorted) -> list[Reference]:
    """The imports that join those at the top."""
    found = [item for item in divided.risen if isinstance(item, (ast.Import, ast.ImportFrom))]
    return [Reference(*item) for statement in found for item in sources(statement)]


def _openings(module: Module, divided: Sorted) -> int:
    """How many of the moved statements, from the first on, are what a main begins with."""
    return len(list(itertools.takewhile(partial(opens, module), _flat(divided))))


def _flat(divided: Sorted) -> Iterator[ast.stmt]:
    """The statements that will be the body of main."""
    for item in divided.moved:
        yield from item.body if divided.places[item] is Place.OPENS and isinstance(item, ast.If) else [item]


def _docstring(module: Module) -> str:
    """What ``main`` does, as far as the script says it; only where docstrings are asked for, if it does not."""
    purpose = stated_purpose(module)
    sentence = imperative(purpose)
    # Nobody has to read the same words twice.
    if sentence != purpose and len(module.indent.expandtabs(4)) + len(f'"""{sentence}"""') <= module.facts.line_length:
        return sentence
    return "Run the script." if module.facts.wants_docstrings else ""


def _reference(module: Module, qualified: str, bound: frozenset[str]) -> Reference:
    found = reference(module, qualified, module.tree.body[-1])
    _check_stays(module, found, bound)
    return found


def _check_stays(module: Module, item: Reference, bound: frozenset[str]) -> None:
    """See that a name outside of main means what it is to mean, whatever main binds."""
    name = item.expression.partition(".")[0]
    if name in bound and any(
        not item.qualified.startswith(binding.target or "?") for binding in module.index.scope.bindings[name]
    ):
        raise Obstacle("names", f"{name} is bound in the course of the work")
