"""What the standard has around the work of ``main``: its start and its end are logged, and so is what ends it early."""

from __future__ import annotations

import ast
from functools import partial

from pymodernize.codemod import Edit
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import Reference, reference
from pymodernize_codemods._logging.configuration import existing
from pymodernize_codemods._script.entry import Entry, sets_up


def opening(module: Module, start: Entry | None) -> int | None:
    """How many statements of ``main`` stand above its work; None where its end is not to be logged.

    That is in a ``main`` that begins by the set-up of logging, whose status the
    guard hands on, and that handles no errors of its whole work itself.

    Args:
        module: the module.
        start: how the script starts.
    """
    if start is None or not start.exits or module.every_call(start.main) != [start.call]:
        return None
    body = start.main.body
    first = int(ast.get_docstring(start.main, clean=False) is not None)
    count = first
    while count < len(body) and sets_up(module, body[count]):
        count += 1
    own = [item for item in body[first:count] if isinstance(item, ast.Expr) and _calls_own(module, item.value)]
    handles = any(isinstance(item, (ast.Try, ast.Global)) for item in (body[-1], *body[:1]))
    tried = any(isinstance(item, ast.Try) and item.handlers and item.finalbody for item in body)
    return count if own and count < len(body) and not handles and not tried else None


def _calls_own(module: Module, value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and module.local_function(value.func) is not None


def handled(module: Module, start: Entry, above: int, codes: tuple[str, str]) -> tuple[Edit, Reference] | None:
    """The edit of ``main`` that logs its start and its end, and the import that it takes; None if there is no logger.

    Args:
        module: the module.
        start: how the script starts.
        above: how many statements stand above its work.
        codes: the exit codes of an interruption and of a failure, as they are written.

    Raises:
        NameTaken: a name that it needs cannot be had.
    """
    logger = existing(module, "logger").logger
    started = module.fresh.name(("started", "started_at"), "started")
    if logger is None or started is None:
        return None
    from pymodernize_codemods.exit_codes.rewriting import with_ending

    time = reference(module, "time", start.main)
    clock = f"{time.expression}.monotonic()"
    change = partial(with_ending, above=above, logger=logger, started=started, clock=clock, codes=codes)
    return Edit(start.main, change), time
