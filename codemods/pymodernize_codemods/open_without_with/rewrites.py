"""The rewrite for each ``with`` statement, and what it rests on."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import takewhile

from pymodernize.codemod import Edit, Rewrite
from pymodernize.semantics.flow import TRIES
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, Reference, reference
from pymodernize.semantics.scopes import BindingKind, ScopeKind
from pymodernize.semantics.several_versions import GROUPED_WITH
from pymodernize_codemods._assumptions import OPEN_STDOUT
from pymodernize_codemods._script.placing import removal
from pymodernize_codemods.open_without_with.assumed import assumed
from pymodernize_codemods.open_without_with.expressions import Expression
from pymodernize_codemods.open_without_with.following import Left
from pymodernize_codemods.open_without_with.rewriting import ABOUT_CLOSING, Shape, enclosed, enclosed_expression
from pymodernize_codemods.open_without_with.units import Unit

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)
_CATCHING = (*TRIES, ast.With, ast.AsyncWith)
_LITERAL = (ast.Constant, ast.List, ast.Dict, ast.Tuple, ast.Set, ast.UnaryOp, ast.unaryop, ast.expr_context)
_READ = ("file", "source", "stream")
_WRITTEN = ("file", "target", "stream")


@dataclass(frozen=True)
class Made:
    """A rewrite, and the names of the assumptions that it rests on."""

    rewrite: Rewrite
    assumptions: frozenset[str]


def around_unit(module: Module, unit: Unit, most: int) -> Made:
    """The rewrite that opens some files with a ``with`` statement.

    Args:
        module: the module.
        unit: the files.
        most: the most lines that may move to the right.

    Raises:
        Left: there is none.
    """
    first, final = unit.files[0], unit.files[-1].final
    statements = unit.statements
    closes = [item for file in unit.files for item in file.closes]
    behind = first.block[first.first + len(statements) :]
    while behind and behind[0] in closes:
        statements.append(behind.pop(0))
    _check_lines(module, statements)
    inside = unit.statements[len(unit.files) :]
    is_bare = final is not None and not final.handlers and not final.orelse
    _check_moved(module, inside[:-1] if is_bare else inside, most)
    names = tuple(item.name for item in unit.files)
    closing = _closing(module, unit)
    change = partial(
        enclosed,
        shape=_shape(module, statements[0]),
        names=names,
        before=_count_before(module, statements[: len(names)], inside),
        is_final=final is not None,
        closing=closing.expression if closing is not None else "",
    )
    edits = [Edit(statements[0], change, until=statements[-1])]
    if final is not None:
        _check_comments_of_finally(module, final)
    drops = any(_has_comment_about_closing(module, item) for item in closes)
    for item in closes:
        if item not in statements and not any(module.is_inside(item, around) for around in statements):
            _check_comment(module, item)
            edits.append(Edit(item, removal(item).change, above=_has_comment_above(module, item)))
    assumptions = frozenset().union(*(assumed(module, item) for item in unit.files))
    references = (closing,) if closing is not None else ()
    return Made(Rewrite(tuple(edits), references=references, drops_comments=drops), assumptions)


def _closing(module: Module, unit: Unit) -> Reference | None:
    """What makes a context manager of what is opened; None if it is one.

    Raises:
        Left: there is no name for it.
    """
    opened = unit.files[0].opened
    if not opened.opener.closing:
        return None
    try:
        return reference(module, opened.opener.closing, opened.call)
    except NameTaken as exc:
        raise Left("no-name", str(exc.args[0])) from None


def _count_before(module: Module, openings: Sequence[ast.stmt], inside: Sequence[ast.stmt]) -> int:
    """How many of the statements behind the openings only set a variable to a constant, and can do so before them.

    Where the file cannot be opened, nothing goes on that could read the variables: no ``try`` is around.
    """
    scope = module.scope(openings[0])
    if openings[0].lineno - 1 in module.comments_by_line:
        return 0  # it speaks of the file
    if scope.kind is ScopeKind.CLASS or any(isinstance(item, _CATCHING) for item in _around(module, openings[0])):
        return 0
    read = {node.id for item in openings for node in ast.walk(item) if isinstance(node, ast.Name)}
    taken = read | scope.global_names | scope.nonlocal_names
    return sum(1 for _ in takewhile(partial(_sets_constant, taken=taken), inside[:-1]))


def _around(module: Module, statement: ast.stmt) -> Iterator[ast.AST]:
    """What stands around a statement in its function."""
    function = module.function(statement)
    return takewhile(lambda item: item is not function, module.ancestors(statement))


def _sets_constant(statement: ast.stmt, taken: Collection[str]) -> bool:
    """Whether a statement only sets variables, none of some names, to literals."""
    match statement:
        case ast.Assign(targets=[target], value=value):
            names = target.elts if isinstance(target, ast.Tuple) and isinstance(value, ast.Tuple) else [target]
            free = all(isinstance(name, ast.Name) and name.id not in taken for name in names)
            return free and all(isinstance(node, _LITERAL) for node in ast.walk(value))
    return False


def around_expression(module: Module, found: Expression, most: int) -> Made:
    """The rewrite that opens a file which an expression uses up with a ``with`` statement.

    Args:
        module: the module.
        found: the expression.
        most: the most lines that may move to the right.

    Raises:
        Left: there is none.
    """
    lifetime, taken = found.lifetime, found.taken
    statements = lifetime.block[lifetime.first : lifetime.last + 1]
    _check_lines(module, statements)
    if taken is None:
        _check_moved(module, statements, most)
    call = lifetime.opened.call
    sets: set[str] = set()
    name = _name(module, _READ if lifetime.opened.is_read else _WRITTEN, call, statements, sets)
    variable = _name(module, (taken.name, f"file_{taken.name}"), call, statements, sets) if taken is not None else ""
    change = partial(
        enclosed_expression,
        shape=_shape(module, statements[0]),
        opened=module.text(call),
        name=name,
        taken=module.text(taken.expr) if taken is not None else "",
        variable=variable,
    )
    edit = Edit(statements[0], change, until=statements[-1])
    assumptions = frozenset() if lifetime.opened.is_read else frozenset({OPEN_STDOUT.name})
    if lifetime.last > lifetime.first:
        assumptions |= assumed(module, lifetime)
    # A file that is read or written at once may become a method of its path, which needs no statement.
    return Made(Rewrite((edit,), sets=frozenset(sets), waits=True), assumptions)


def _shape(module: Module, statement: ast.stmt) -> Shape:
    start = module.span(statement)[0]
    line = module.source.line_span(module.source.position(start)[0])[0]
    indent = module.source.data[line:start].decode("utf-8")
    unit = module.indent
    if indent.strip("\t") != indent.strip(" ") and ("\t" in indent) != ("\t" in unit):
        unit = "\t" if "\t" in indent else "    "
    return Shape(unit, indent, module.facts.line_length, module.target >= GROUPED_WITH)


# --- names -----------------------------------------------------------------------------------------------------


def _name(module: Module, wanted: Sequence[str], call: ast.Call, statements: Sequence[ast.stmt], sets: set[str]) -> str:
    """A name for the file or for what is read: a free one, or that of other files that stays in their statements.

    Raises:
        Left: there is none.
    """
    if module.reads_own_names:
        raise Left("no-name", "the file looks through its own names")
    inside = statements[0] if len(statements) == 1 else module.parent(statements[0])
    assert inside is not None  # noqa: S101 - a statement is in something
    found = module.fresh.local_name(wanted, call, bound=call, inside=inside, reads=[call])
    if found is not None and (found == wanted[0] or not _stays_in_withs(module, wanted[0], call)):
        return found
    if _stays_in_withs(module, wanted[0], call):
        sets.add(wanted[0])
        return wanted[0]
    raise Left("no-name", "no name is left for the file")


def _stays_in_withs(module: Module, name: str, call: ast.Call) -> bool:
    """Whether a name is that of files elsewhere in the function, each bound and read in a ``with`` statement."""
    scope = module.scope(call)
    bindings = scope.bindings.get(name, [])
    if not bindings or scope.kind is ScopeKind.CLASS or scope.kind is ScopeKind.MODULE and not module.is_closed:
        return False
    if any(name in other.global_names | other.nonlocal_names for other in module.index.scopes.values()):
        return False
    managers = [_manager(module, item.node) for item in bindings if item.kind is BindingKind.NAME]
    if None in managers or len(managers) < len(bindings):
        return False
    if any(item in managers for item in module.ancestors(call)):
        return False  # it is needed there
    for read in module.uses(bindings[0]):
        around = next((item for item in module.ancestors(read) if item in managers), None)
        if around is None or module.function(read) is not module.function(call):
            return False
    return True


def _manager(module: Module, target: ast.AST) -> ast.AST | None:
    """The ``with`` statement that binds a name."""
    item = module.parent(target)
    return module.parent(item) if isinstance(item, ast.withitem) else None


# --- lines and comments ----------------------------------------------------------------------------------------


def _check_lines(module: Module, statements: Sequence[ast.stmt]) -> None:
    """See that each of some statements has its lines for itself.

    Raises:
        Left: one does not.
    """
    ends = {item.end_lineno for item in statements}
    for item in statements:
        start = module.span(item)[0]
        line = module.source.line_span(module.source.position(start)[0])[0]
        if module.source.data[line:start].strip() or len(ends) < len(statements):
            raise Left("shared-line", f"line {item.lineno} has more than one statement")


def _check_moved(module: Module, moved: Sequence[ast.stmt], most: int) -> None:
    """See that statements may move one level to the right, and are not too many.

    Raises:
        Left: they may not.
    """
    for item in moved:
        if isinstance(item, _DEFINITIONS):
            raise Left("definitions", f"line {item.lineno} defines or imports something while it is open")
    lines = (moved[-1].end_lineno or 0) - moved[0].lineno + 1 if moved else 0
    if lines > most:
        raise Left("long-block", f"{lines} lines would move to the right")


def _has_comment_above(module: Module, item: ast.stmt) -> bool:
    """Whether the lines above a statement that closes a file say no more than that.

    Raises:
        Left: some of them do, and some do not.
    """
    line, found = item.lineno - 1, []
    while line > 0 and module.source.line(line).lstrip().startswith(b"#"):
        found.append(bool(ABOUT_CLOSING.search(module.comments_by_line.get(line, ""))))
        line -= 1
    if any(found) and not all(found):
        raise Left("comment", f"the comment above line {item.lineno} says more than that it is closed")
    return bool(found) and all(found)


def _has_comment_about_closing(module: Module, item: ast.stmt) -> bool:
    comment = module.comments_by_line.get(item.lineno, "")
    return bool(ABOUT_CLOSING.search(comment)) or _has_comment_above(module, item)


def _check_comment(module: Module, item: ast.stmt) -> None:
    """See that what closes a file has no comment on another thing on its line.

    Raises:
        Left: it has.
    """
    comment = module.comments_by_line.get(item.lineno)
    if comment is not None and not ABOUT_CLOSING.search(comment):
        raise Left("comment", f"a comment stands behind what closes it in line {item.lineno}")


def _check_comments_of_finally(module: Module, statement: ast.Try) -> None:
    """See that no comment of a ``finally`` that goes says anything else than that it closes the file.

    Raises:
        Left: one does.
    """
    first = (statement.orelse or [item for handler in statement.handlers for item in handler.body] or statement.body)[
        -1
    ]
    for line in range((first.end_lineno or first.lineno) + 1, (statement.end_lineno or statement.lineno) + 1):
        comment = module.comments_by_line.get(line)
        if comment is not None and not ABOUT_CLOSING.search(comment):
            raise Left("finally", f"a comment in line {line} would go with the finally")
