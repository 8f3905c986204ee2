"""Which names that functions read ``main`` passes to them, so that they need not be global."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from pymodernize.semantics.call_binding import parameters
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import Binding, BindingKind, Scope, ScopeKind
from pymodernize_codemods._script.statements import is_text
from pymodernize_codemods.main_guard.names import must_be_global
from pymodernize_codemods.main_guard.old_code import reads
from pymodernize_codemods.main_guard.sorting import Sorted
from pymodernize_codemods.main_guard.steps import comes_after, own_step, scopes_around

# How far a change is small: new parameters of a function, its parameters in all (the linters' own
# limit), and calls that are changed in the whole file.
_NEW_PARAMETERS = 3
_PARAMETERS = 5
_CALLS = 6
# Where a docstring or a comment says what a function takes, a parameter more would have to be told of.
_TOLD = re.compile(r"^[ \t]*(?:Args|Arguments|Params|Parameters)\b|[:@]param\b|>>> ", re.MULTILINE)
_TYPE_COMMENT = re.compile(r"#\s*type:")
# What runs texts as code of the script: a call in a text is none that could be changed.
_RUN_TEXTS = frozenset({"bdb", "cProfile", "code", "pdb", "profile", "timeit", "trace"})

_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class _Way:
    """How the value of one name gets to the functions that read it.

    Attributes:
        functions: those that take it.
        calls: the calls that pass it.
    """

    functions: frozenset[_Function]
    calls: frozenset[ast.Call]


def passed_names(module: Module, divided: Sorted, taken: Collection[str]) -> dict[str, tuple[str, ...]]:
    """The names that functions can take as parameters, instead of reading them from the module.

    Such a name is bound once, by a statement of ``main`` itself that is no
    branch or loop, and each function that reads it is only ever called after
    that: it has one value whenever one of them looks, however late. Functions
    that call those pass it on. Nothing else in the file may see it.

    Args:
        module: a script.
        divided: its statements, sorted.
        taken: names that are out of the question: of functions whose calls
            are changed otherwise, and what texts take from the module.

    Returns:
        For the name of each function its new parameters, in the order in
        which ``main`` binds them.
    """
    imported = {binding.target or "" for scope in module.index.scopes.values() for binding in _bindings(scope)}
    if any(target.partition(".")[0] in _RUN_TEXTS for target in imported):
        return {}
    ways: dict[str, _Way] = {}
    for name, bindings in module.index.scope.bindings.items():
        if len(bindings) == 1 and name not in taken and _may_be_parameter(module, name, bindings[0], divided):
            way = _way(module, divided, bindings[0], taken)
            if way is not None:
                ways[name] = way
    ways = _few_calls(_few_parameters({name: way for name, way in ways.items() if not _is_in_old_code(module, way)}))
    found: dict[str, tuple[str, ...]] = {}
    for name, way in ways.items():
        for function in way.functions:
            found[function.name] = (*found.get(function.name, ()), name)
    return found


def _is_in_old_code(module: Module, way: _Way) -> bool:
    """Whether code in comments uses a function that would take a name: it would no longer be right."""
    names = frozenset(function.name for function in way.functions)
    return any(reads(comment.text, names) for comment in module.comments)


def _bindings(scope: Scope) -> Iterator[Binding]:
    for bindings in scope.bindings.values():
        yield from bindings


def names_in(passed: Mapping[str, Iterable[str]]) -> frozenset[str]:
    """The names that any function takes.

    Args:
        passed: the new parameters of functions.
    """
    return frozenset(name for names in passed.values() for name in names)


def _few_parameters(ways: dict[str, _Way]) -> dict[str, _Way]:
    """The names without those of functions that would get too many: some of them would be half a change."""
    while True:
        taken: dict[_Function, list[str]] = {}
        for name, way in ways.items():
            for function in way.functions:
                taken.setdefault(function, []).append(name)
        over = {
            name
            for function, names in taken.items()
            if len(names) > _NEW_PARAMETERS or len(names) + len(parameters(function)) > _PARAMETERS
            for name in names
        }
        if not over:
            return ways
        ways = {name: way for name, way in ways.items() if name not in over}


def _few_calls(ways: dict[str, _Way]) -> dict[str, _Way]:
    """As many of the names as change few calls, those with the fewest first."""
    changed: frozenset[ast.Call] = frozenset()
    chosen: set[str] = set()
    for name in sorted(ways, key=lambda item: len(ways[item].calls)):
        if len(changed | ways[name].calls) <= _CALLS:
            changed |= ways[name].calls
            chosen.add(name)
    return {name: way for name, way in ways.items() if name in chosen}


# --- one name --------------------------------------------------------------------------------------------------


def _may_be_parameter(module: Module, name: str, binding: Binding, divided: Sorted) -> bool:
    if name.isupper() or name.startswith("_"):
        return False  # it is written as a constant, or as something of the module's own
    if binding.kind is not BindingKind.NAME:
        return False
    if name in module.once(_declared_global):
        return False  # a parameter cannot be declared global
    if module.top_level(binding.node) not in divided.moving:
        return False
    own = [binding]
    return not must_be_global(module, name, own, own, divided.moving)


def _declared_global(module: Module) -> frozenset[str]:
    """The names of all ``global`` statements."""
    return frozenset().union(*(scope.global_names for scope in module.index.scopes.values()))


def _bound_inside(module: Module) -> frozenset[str]:
    """The names that functions and classes bind in scopes of their own."""
    others = [scope for scope in module.index.scopes.values() if scope is not module.index.scope]
    return frozenset().union(*(scope.bindings for scope in others))


def _way(module: Module, divided: Sorted, binding: Binding, taken: Collection[str]) -> _Way | None:
    """How the value of a name gets to all functions that read it, None where that is not certain or not needed."""
    step = own_step(module, binding)
    if step is None:
        return None
    moved = divided.moving
    pending: list[_Function] = []
    for use in module.uses(binding):
        if module.top_level(use) not in moved:
            home = _home(module, use)
            if home is None or _gives_back(module, use):
                return None
            pending.append(home)
    functions: set[_Function] = set()
    calls: set[ast.Call] = set()
    while pending:
        function = pending.pop()
        if function in functions:
            continue
        functions.add(function)
        found = _calls(module, function, taken)
        if found is None:
            return None
        for call in found:
            owner = module.scope(call).lookup(binding.name)
            if any(isinstance(item, ast.Name) and item.id == binding.name for item in _given(call)):
                return None  # the function has the value already, by a name of its own
            if owner is None or owner[0] is not module.index.scope:
                return None  # at this place the name means something else
            if module.top_level(call) in moved:
                if not comes_after(module, call, step):
                    return None
            elif (home := _home(module, call)) is not None:
                pending.append(home)
            else:
                return None
        calls.update(found)
    return _Way(frozenset(functions), frozenset(calls)) if functions else None


def _given(call: ast.Call) -> Iterator[ast.expr]:
    """What a call hands over."""
    yield from call.args
    yield from (item.value for item in call.keywords)


def _gives_back(module: Module, use: ast.Name) -> bool:
    """Whether a read is all that its function does: it says where the value is, and has no use for a parameter."""
    statement = module.parent(use)
    function = module.function(use)
    if not isinstance(statement, ast.Return) or not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    return all(item is statement or is_text(item) for item in function.body)


def _home(module: Module, node: ast.AST) -> _Function | None:
    """The function of the module's body that a node runs in, itself or in a comprehension there."""
    statement = module.top_level(node)
    if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return None
    *inner, last = scopes_around(module, node)
    if last is not module.index.scope or not inner or inner[-1].node is not statement:
        return None
    plain = all(scope.kind is ScopeKind.COMPREHENSION for scope in inner[:-1])
    return statement if plain and inner[-1].kind is ScopeKind.FUNCTION else None


# --- functions and calls that can take one more ----------------------------------------------------------------


def _calls(module: Module, function: _Function, taken: Collection[str]) -> list[ast.Call] | None:
    """All calls of a function that can be given one more parameter, and its calls one more value; else None."""
    if function.name in taken or not _can_take_more(module, function):
        return None
    calls = module.every_call(function)
    if not calls or not all(_can_pass_more(module, call, function) for call in calls):
        return None
    return calls


def _can_take_more(module: Module, function: _Function) -> bool:
    if isinstance(function, ast.AsyncFunctionDef):
        return False  # when it runs is not when it is called
    if function.name in module.once(_bound_inside):
        return False  # its calls are found by its name
    if function.args.vararg is not None or function.args.kwarg is not None:
        return False
    if function.returns is not None or any(item.annotation is not None for item in parameters(function)):
        return False  # the type of the new one would have to be known
    if getattr(function, "type_params", None) or _TOLD.search(ast.get_docstring(function, clean=False) or ""):
        return False
    head = range(function.lineno, function.body[0].lineno + 1)
    if any(_TYPE_COMMENT.match(module.comments_by_line.get(line, "")) for line in head):
        return False
    if function.args.defaults and not _ends_plainly(module, function):
        return False
    return not _has_comment(module, function.lineno, function.body[0].lineno)


def _ends_plainly(module: Module, function: _Function) -> bool:
    """Whether the parameters end with a default on one line, and not with a comma."""
    last = (function.args.kw_defaults or function.args.defaults)[-1]
    if last is None or last.end_lineno != function.lineno:
        return False
    return re.match(rb" *\)", module.source.data[module.span(last)[1] :]) is not None


def is_keyword_only(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a new last parameter of a function can only be one that is passed by its name.

    Args:
        function: any function without ``*args``.
    """
    return bool(function.args.defaults or function.args.kwonlyargs)


def _can_pass_more(module: Module, call: ast.Call, function: _Function) -> bool:
    """Whether a value can be added to a call without touching how the others are passed."""
    if any(isinstance(item, (ast.Starred, ast.GeneratorExp)) for item in call.args):
        return False
    if any(item.arg is None for item in call.keywords):
        return False
    if not is_keyword_only(function) and len(call.args) + len(call.keywords) != len(parameters(function)):
        return False  # it fails, and must go on to
    if _has_comment(module, call.lineno, call.end_lineno or call.lineno):
        return False
    return not _shows_its_source(module, call)


def _has_comment(module: Module, first: int, last: int) -> bool:
    """Whether lines that go on have comments, which belong to the values beside them."""
    return any(line in module.comments_by_line for line in range(first, last))


def _shows_its_source(module: Module, node: ast.AST) -> bool:
    """Whether a node may stand in a field like ``{x=}``, which prints its own text; True where it looks so."""
    inner: ast.AST | None = node
    while inner is not None and not isinstance(inner, ast.stmt):
        parent = module.parent(inner)
        if isinstance(parent, ast.JoinedStr):
            number = next(i for i, item in enumerate(parent.values) if item is inner)
            before = parent.values[number - 1] if number else None
            if isinstance(before, ast.Constant) and str(before.value).rstrip().endswith("="):
                return True
        inner = parent
    return False
