"""SIGINT and SIGTERM → an orderly end."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.codemod import Codemod, Definition, Finding, Insertion, Rewrite, Safety, libcst_command
from pymodernize.semantics.flow import own_nodes
from pymodernize.semantics.layout import preamble
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, Reference, reference
from pymodernize.semantics.scripts import acts
from pymodernize_codemods._script import itself
from pymodernize_codemods._script.argv import UNIONS
from pymodernize_codemods._script.entry import Entry, entry
from pymodernize_codemods.signal_handlers.obstacles import deals_with_signals, doubt, has_work, is_program, waits

_SETUP, _HANDLER = "setup_signal_handlers", "handle_signal"
_BUILTINS = ("SystemExit", "int")


class SignalHandlers(Codemod):
    """Have SIGINT and SIGTERM end a script in an orderly way.

    Why:
        ``kill``, a shutdown and a service manager send SIGTERM, and Python
        dies of it where it stands: no ``finally``, no ``with`` block and no
        ``atexit`` function runs, and half-written files stay. Ctrl-C runs
        them, and then shows a traceback that says nothing. With handlers that
        raise ``SystemExit`` both clean up, say nothing, and end with the code
        that shells give: 130 and 143.

    Safety:
        SAFE in a script that nothing imports, where nothing else has a say:
        the set-up replaces the default handlers only. A signal that is
        ignored from the start, as under ``nohup``, stays ignored. A run that
        no signal meets does the same as before; one that a signal ends was a
        failure and stays one.

        UNSAFE where an orderly end may be none: a handler without a type, or
        of BaseException or SystemExit, does not raise again; a ``finally``
        returns, waits or loops; an ``__exit__`` may suppress; threads that
        are no daemons, thread pools, and child processes would be waited for
        or killed; ``ctypes`` and ``__del__`` get in the way of handlers.
        UNSAFE, too, where a module that is not in sight may take a Ctrl-C for
        the usual end of its work: any but the library's and a few well-known
        packages.

        Left alone: scripts that use :mod:`signal` or name KeyboardInterrupt;
        that run an event loop, a GUI, a server, a shell or a test runner of
        those that bring their own handlers; that fork or use processes of
        :mod:`multiprocessing`; WSGI files; files without a guard that do
        nothing at their top which only a program does: print, read stdin or
        the command line, exit; and scripts that neither repeat nor wait nor
        clean up anything.

    Limits:
        Handlers run between two steps of Python's own: a long computation in
        C ends first, and a signal is lost that arrives in a callback of the
        garbage collector, as Ctrl-C is without them. A signal before the set-up is called, while the script's
        imports run, ends it as before. Windows sends no SIGTERM; the set-up
        runs there, and Ctrl-C is what it is for. Where the parent process
        tells a death by SIGINT from the code 130, it sees the latter.

    References:
        https://docs.python.org/3/library/signal.html#execution-of-python-signal-handlers
        https://docs.python.org/3/library/exceptions.html#SystemExit
    """

    # Any script may lack them: these are in nearly all that have something to interrupt.
    triggers = (b"for ", b"while", b"with ", b"finally", b"sleep", b"input", b"atexit", b"subprocess", b"except")
    uses_project = True
    of_scripts = True

    def find(self, module: Module) -> Iterator[Finding]:
        """The place where a script's work begins, if it has no handlers."""
        if not (module.is_script and module.is_closed) or not has_work(module):
            return
        start = entry(module)
        if deals_with_signals(module, start):
            return
        first = _first_statement(module, start)
        if first is None:
            return
        place = start.main if start is not None and module.function(first) is start.main else first
        message = "SIGINT and SIGTERM end the script wherever it stands"
        try:
            definition, references, call = _handlers(module, first)
        except NameTaken as exc:
            yield self.finding(module, place, message, reason=str(exc))
            return
        reason = _seen_by_the_file(module) or doubt(module)
        rewrite = Rewrite((), references=references, definitions=(definition,), insertions=(Insertion(first, call),))
        safety = Safety.UNSAFE if reason else Safety.SAFE
        yield self.finding(module, place, message, rewrite, safety=safety, reason=reason)


def _first_statement(module: Module, start: Entry | None) -> ast.stmt | None:
    """The statement before which the handlers are to be set up; None if there is no such place."""
    if start is not None and module.every_call(start.main) == [start.call]:
        body = start.main.body
        after_docstring = body[1:] if ast.get_docstring(start.main, clean=False) is not None else body
        return next((item for item in after_docstring if not isinstance(item, ast.Global)), None)
    if module.guard is not None:
        return module.guard.body[0]  # what is above it runs for importers, too
    if not is_program(module):
        return None
    last = preamble(module).last
    for statement in module.tree.body:
        early = last is not None and statement.lineno <= last.lineno or _imports(statement)
        if not early and (acts(module, statement) or waits(module, statement)):
            return statement
    return None


def _imports(statement: ast.stmt) -> bool:
    """Whether a statement has imports in it: others may follow, and belong above the work."""
    if not isinstance(statement, (ast.Try, ast.If)):
        return False
    return any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in own_nodes(statement))


def _handlers(module: Module, at: ast.AST) -> tuple[Definition, tuple[Reference, ...], str]:
    """The two functions, what they need of other modules, and the call that sets them up.

    Raises:
        NameTaken: the file leaves no name for one of them.
    """
    scope = module.index.scope
    for name in _BUILTINS:
        if name in scope.bindings or not module.names.stars_are_known(scope):
            raise NameTaken(f"{name} may mean something else in this file")
    setup, handler = _free(module, _SETUP), _free(module, _HANDLER)
    signal, frame = reference(module, "signal", at), reference(module, "types.FrameType", at)
    references = [signal, frame]
    annotation = f"{frame.expression} | None"
    if module.target < UNIONS:
        optional = reference(module, "typing.Optional", at)
        references.append(optional)
        annotation = f"{optional.expression}[{frame.expression}]"
    name = signal.expression
    source = "\n".join(
        [
            f"def {handler}(signum: int, frame: {annotation}) -> None:",
            '    """End the script in an orderly way, with the exit code that shells give for a signal."""',
            "    raise SystemExit(128 + signum)",
            "",
            "",
            f"def {setup}() -> None:",
            '    """Have SIGINT and SIGTERM run the clean-up of this script, unless they are ignored or handled."""',
            f"    for signum in ({name}.SIGINT, {name}.SIGTERM):",
            f"        if {name}.getsignal(signum) in ({name}.SIG_DFL, {name}.default_int_handler):",
            f"            {name}.signal(signum, {handler})",
        ]
    )
    return Definition(source), tuple(references), f"{setup}()"


def _free(module: Module, name: str) -> str:
    for candidate in (name, f"_{name}"):
        if candidate not in module.identifiers:
            return candidate
    raise NameTaken(f"the names {name} and _{name} are taken in this file")


def _seen_by_the_file(module: Module) -> str:
    """Why the file itself may see that functions were added; empty if it does not."""
    if itself.lists_own_names(module):
        return "the file looks through its own global names, and the rewrite adds some"
    if itself.watches_itself(module):
        return "the file reads its own text or follows its own calls, which the rewrite changes"
    return ""


__getattr__ = libcst_command(SignalHandlers)
