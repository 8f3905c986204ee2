"""SIGTERM → the script's own clean-up."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Definition, Finding, Insertion, Rewrite
from pymodernize.rewriting.frame import begins_work
from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.layout import preamble
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, Reference, reference
from pymodernize.semantics.scripts import acts
from pymodernize_codemods._logging.configuration import existing
from pymodernize_codemods._script.entry import MAINS, Entry, begins, entry, main_call, sets_up
from pymodernize_codemods._script.programs import is_program
from pymodernize_codemods.signal_handlers.clean_up import cleans_up
from pymodernize_codemods.signal_handlers.obstacles import deals_with_signals, doubt

_HANDLER = "exit_on_signal"
_BUILTINS = ("SystemExit", "int", "object")


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """The place where a script's work begins, if it has no handlers."""
    if not (module.is_script and module.is_closed):
        return
    start = entry(module)
    logger = _logger(module, start) if module.style == "standard" else ""
    if logger is None or not logger and not cleans_up(module) or deals_with_signals(module):
        return
    first = _first_statement(module, start)
    if first is None:
        return
    place = start.main if start is not None and module.function(first) is start.main else first
    message = "no clean-up on SIGTERM"
    try:
        definition, signal, call = _handler(module, first, logger)
    except NameTaken as exc:
        yield codemod.finding(module, place, message, reason=str(exc))
        return
    reason = doubt(module)
    insertion = Insertion(first, call, order=1, opens=begins(module, first))
    rewrite = Rewrite((), references=(signal,), definitions=(definition,), insertions=(insertion,))
    yield codemod.finding(
        module, place, message, rewrite, assumptions={CHANGES_BEHAVIOUR.name} if reason else (), reason=reason
    )


def _logger(module: Module, start: Entry | None) -> str | None:
    """The logger that a signal is told to; empty if the script logs nothing, None if it has yet to be given one."""
    if start is not None and any(sets_up(module, item) for item in start.main.body):
        return existing(module, "logger").logger or ""
    return None if any(True for _ in module.calls("builtins.print")) else ""


def _first_statement(module: Module, start: Entry | None) -> ast.stmt | None:
    """The statement before which the handlers are to be set up; None if there is no such place."""
    if start is not None and start.main.name in MAINS and module.every_call(start.main) == [start.call]:
        return _first_work(module, _without_docstring(start.main))
    if module.guard is not None:
        return _first_work(module, module.guard.body)  # what is above it runs for importers, too
    if not is_program(module):
        return None
    last = preamble(module).last
    for statement in module.tree.body:
        early = last is not None and statement.lineno <= last.lineno or _imports(statement)
        if not early and not sets_up(module, statement) and (acts(module, statement) or begins_work(statement)):
            return _first_of_main(module, statement) or statement
    return None


def _first_of_main(module: Module, statement: ast.stmt) -> ast.stmt | None:
    """The first work of the script's own main, if a statement is the only call of that; else None."""
    call = main_call(module, statement)
    function = module.local_function(call.func) if call is not None else None
    if not isinstance(function, ast.FunctionDef) or module.every_call(function) != [call]:
        return None
    return _first_work(module, _without_docstring(function))


def _without_docstring(function: ast.FunctionDef) -> list[ast.stmt]:
    return function.body[1:] if ast.get_docstring(function, clean=False) is not None else function.body


def _first_work(module: Module, block: list[ast.stmt]) -> ast.stmt | None:
    """The first statement of a block below what sets up logging."""
    return next((item for item in block if not isinstance(item, ast.Global) and not sets_up(module, item)), None)


def _imports(statement: ast.stmt) -> bool:
    """Whether a statement has imports in it: others may follow, and belong above the work."""
    if not isinstance(statement, (ast.Try, ast.If)):
        return False
    return any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in own_nodes(statement))


def _handler(module: Module, at: ast.AST, logger: str) -> tuple[Definition, Reference, str]:
    """The function that ends the script, what it needs of other modules, and the statement that sets it up.

    Raises:
        NameTaken: the file leaves no name for one of them.
    """
    scope = module.index.scope
    for name in _BUILTINS:
        if name in scope.bindings or not module.names.stars_are_known(scope):
            raise NameTaken(f"{name} may mean something else in this file")
    handler = _free(module, _HANDLER)
    signal = reference(module, "signal", at)
    lines = [f"def {handler}(signum: int, _frame: object) -> None:"]
    if logger:
        lines += ['    """Log the signal, and end the script."""', f'    {logger}.info("Received signal %d", signum)']
    source = "\n".join([*lines, "    raise SystemExit(128 + signum)"])
    return Definition(source), signal, f"{signal.expression}.signal({signal.expression}.SIGTERM, {handler})"


def _free(module: Module, name: str) -> str:
    found = module.fresh.name((name, f"_{name}"), name)
    if found is not None:
        return found
    raise NameTaken(f"the names {name} and _{name} are taken in this file")
