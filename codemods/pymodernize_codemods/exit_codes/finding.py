"""How a script ends: named exit codes, logged errors, one way out of ``main``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property, partial

from pymodernize.codemod import Definition, Edit, Finding, Insertion, Rewrite, Safety
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, Reference, reference
from pymodernize_codemods._logging.errors import ErrorLog, error_log
from pymodernize_codemods._script import itself
from pymodernize_codemods._script.entry import entry
from pymodernize_codemods.exit_codes import ExitCodes, texts, top
from pymodernize_codemods.exit_codes.constants import FAILURE, INTERRUPTED, SUCCESS, Constants, returns
from pymodernize_codemods.exit_codes.places import Exit, exits, is_number, numbers
from pymodernize_codemods.exit_codes.returning import gives_a_code, reason_against


def findings(codemod: ExitCodes, module: Module) -> Iterator[Finding]:
    """Every place where a script ends."""
    if module.is_script and module.is_closed and "sys.exit" not in module.names.assigned_attributes:
        yield from _Search(codemod, module).findings()


class _Search:
    """The exits of one module, and what they share."""

    def __init__(self, codemod: ExitCodes, module: Module) -> None:
        self.codemod = codemod
        self.module = module
        self.entry = entry(module)
        self.exits = exits(module)
        self.constants = Constants(module, self.exits, self.entry)
        self.needed: set[int] = set()

    def findings(self) -> Iterator[Finding]:
        """A finding for each place that falls short."""
        for call in self.module.calls("os._exit"):
            reason = "it runs no clean-up, which a child process wants and a script does not: that is for you to say"
            yield self.codemod.finding(self.module, call, "os._exit()", reason=reason)
        self.collect()
        for item in self.exits:
            yield from self.one(item)
        for node in returns(self.module, self.entry):
            yield from self.named_return(node)
        yield from self.top()

    def finding(self, node: ast.AST, message: str, rewrite: Rewrite, reason: str = "") -> Finding:
        """A finding with a rewrite, unsafe if there is a reason for that."""
        reason = reason or self.seen
        safety = Safety.UNSAFE if reason else Safety.SAFE
        return self.codemod.finding(self.module, node, message, rewrite, safety=safety, reason=reason)

    @cached_property
    def seen(self) -> str:
        """Why the file itself may see the rewrite; empty if it does not."""
        if itself.lists_own_names(self.module):
            return "the file looks through its own global names, and the rewrite adds some"
        if itself.watches_itself(self.module):
            return "the file reads its own text or follows its own calls, which the rewrite changes"
        return ""

    # --- names -------------------------------------------------------------------------------------------------

    def collect(self) -> None:
        """Note which codes of the standard the numbers of the file come to: they are defined together."""
        values = [item.argument for item in self.exits]
        values += [node.value for node in returns(self.module, self.entry)]
        for value in values:
            self.names(value)
        for item in self.exits:
            if self.returns(item) and item.argument is None:
                self.name(SUCCESS, item.node)
        if self.top_is_free:
            assert self.entry is not None  # noqa: S101 - it is free
            for code in (FAILURE, INTERRUPTED):
                self.name(code, self.entry.guard)

    def name(self, code: int, at: ast.AST) -> str:
        """How a code is written at a place: its name, or the number."""
        name = self.constants.name(code, at)
        if name is None:
            return str(code)
        self.needed.add(code)
        return name

    def names(self, expr: ast.expr | None) -> dict[int, str]:
        """The names for the numbers of an expression."""
        found = {}
        for number in numbers(expr):
            code = int(str(number.value))
            name = self.name(code, number)
            if name != str(code):
                found[code] = name
        return found

    @cached_property
    def additions(self) -> tuple[tuple[Edit, ...], tuple[Definition, ...]]:
        """The constants that are missing; complete only when all places were asked for their names."""
        return self.constants.additions(self.needed)

    # --- one exit ----------------------------------------------------------------------------------------------

    def one(self, item: Exit) -> Iterator[Finding]:
        """The finding for an exit, if it falls short."""
        part = texts.text_of(self.module, item.argument)
        if part is not None and item.argument is not None:
            yield self.text(item, part)
            return
        if self.returns(item):
            yield self.returned(item)
            return
        if self.ends_guard(item):
            yield from self.called(item)
            return
        names = self.names(item.argument)
        edits: list[Edit] = []
        references: list[Reference] = []
        said = []
        try:
            if item.by_site and isinstance(item.node, ast.Call):
                from pymodernize_codemods.exit_codes.rewriting import replaced

                exit_ = reference(self.module, "sys.exit", item.node)
                if exit_.statement is not None:
                    exit_ = self.sys_exit(item.node)
                references.append(exit_)
                edits.append(Edit(item.node.func, partial(replaced, code=exit_.expression)))
                said.append(f"{self.module.text(item.node.func)}() is for the interactive prompt")
        except NameTaken as exc:
            yield self.codemod.finding(self.module, item.node, "exit() of the module site", reason=str(exc))
            return
        if names and item.argument is not None:
            from pymodernize_codemods.exit_codes.rewriting import named

            edits.append(Edit(item.argument, partial(named, names=names)))
            said.append("the exit code is a number")
        if edits:
            more, definitions = self.additions if names else ((), ())
            rewrite = Rewrite((*edits, *more), tuple(references), definitions)
            yield self.finding(item.node, "; ".join(said), rewrite, self.reads_on if item.by_site else "")

    def ends_guard(self, item: Exit) -> bool:
        """Whether an exit is ``raise SystemExit(main())`` as all that the guard does."""
        guard = self.module.guard
        if guard is None or len(guard.body) != 1 or item.node is not guard.body[0]:
            return False
        return isinstance(item.argument, ast.Call) and not texts.form_reason(self.module, item)

    def called(self, item: Exit) -> Iterator[Finding]:
        """The finding for a guard that raises what others call."""
        from pymodernize_codemods.exit_codes.rewriting import exited

        try:
            exit_ = self.sys_exit(item.node)
        except NameTaken:
            return  # it is right as it is
        change = partial(exited, function=exit_.expression)
        rewrite = Rewrite((Edit(item.node, change),), (exit_,))
        yield self.finding(item.node, "the guard raises SystemExit by hand", rewrite)

    def sys_exit(self, at: ast.AST) -> Reference:
        """``sys.exit`` by way of the module.

        Raises:
            NameTaken: there is no name for it.
        """
        found = reference(self.module, "sys", at)
        return Reference("sys.exit", f"{found.expression}.exit", found.statement)

    @cached_property
    def reads_on(self) -> str:
        """Why it may matter that ``exit()`` closes stdin; empty if nothing reads it any more."""
        data = self.module.source.data
        reads = b"input" in data or b"stdin" in data
        return texts.noticed(self.module) if reads else ""

    # --- returns -----------------------------------------------------------------------------------------------

    def returns(self, item: Exit) -> bool:
        """Whether an exit can be a return from ``main``."""
        module, start = self.module, self.entry
        if start is None or not start.exits or module.function(item.node) is not start.main:
            return False
        if item.argument is not None and not (is_number(item.argument) or self.is_constant(item.argument)):
            return False
        if texts.form_reason(module, item) or module.every_call(start.main) != [start.call]:
            return False
        return gives_a_code(module, start) and not reason_against(module, start, module.statement(item.node))

    def is_constant(self, expr: ast.expr) -> bool:
        """Whether an expression is a name of an exit code, or a condition between such."""
        if isinstance(expr, ast.IfExp):
            return all(is_number(part) or self.is_constant(part) for part in (expr.body, expr.orelse))
        return isinstance(expr, ast.Name) and any(own.name == expr.id for own in self.constants.own.values())

    def returned(self, item: Exit) -> Finding:
        """The finding for an exit that becomes a return."""
        from pymodernize_codemods.exit_codes.rewriting import returned

        names = self.names(item.argument)
        success = self.name(SUCCESS, item.node) if item.argument is None else ""
        more, definitions = self.additions if names or success else ((), ())
        change = partial(returned, names=names, success=success)
        rewrite = Rewrite((Edit(self.module.statement(item.node), change), *more), (), definitions, drops=("sys",))
        return self.finding(item.node, "main ends the script where it could return", rewrite)

    def named_return(self, node: ast.Return) -> Iterator[Finding]:
        """The finding for a ``return`` of ``main`` with a number."""
        names = self.names(node.value)
        if names and node.value is not None:
            from pymodernize_codemods.exit_codes.rewriting import named

            more, definitions = self.additions
            rewrite = Rewrite((Edit(node.value, partial(named, names=names)), *more), (), definitions)
            yield self.finding(node.value, "the exit code is a number", rewrite)

    # --- texts -------------------------------------------------------------------------------------------------

    @cached_property
    def log(self) -> ErrorLog | str:
        """The logger for errors, or why there is none."""
        return error_log(self.module)

    def text(self, item: Exit, part: texts.Part) -> Finding:
        """The finding for an exit with a text."""
        message = "the script ends with a text, and no error in its log"
        module, log = self.module, self.log
        reason = log if isinstance(log, str) else texts.form_reason(module, item)
        if not reason and isinstance(log, ErrorLog) and not log.is_bound(module, item.node):
            reason = "it may run before the logger is there"
        if reason or isinstance(log, str) or item.argument is None or item.call is None:
            return self.codemod.finding(module, item.node, message, reason=reason)
        from pymodernize_codemods.exit_codes.rewriting import replaced

        source = texts.record_source(module, item, f"{log.logger}.error", part)
        function = module.text(item.call.func)
        references = list(log.references)
        if item.by_site:
            try:
                exit_ = self.sys_exit(item.node)
            except NameTaken as exc:
                return self.codemod.finding(module, item.node, message, reason=str(exc))
            function = exit_.expression
            references.append(exit_)
        # The code gets its name in the next round: whether this rewrite is made is not known here.
        edits = [Edit(item.call, partial(replaced, code=f"{function}({FAILURE})")), *log.edits]
        insertion = Insertion(module.statement(item.node), source)
        rewrite = Rewrite(tuple(edits), tuple(references), log.definitions, (insertion,))
        return self.finding(item.node, message, rewrite, texts.noticed(module))

    # --- the top -----------------------------------------------------------------------------------------------

    @cached_property
    def top_is_free(self) -> bool:
        """Whether a function can stand between the guard and ``main``."""
        start = self.entry
        if start is None or not start.exits or top.handles_its_end(self.module, start):
            return False
        if self.module.every_call(start.main) != [start.call] or "\n" in self.module.text(start.call):
            return False
        return not isinstance(self.log, str) and top.result_annotation(self.module, start) is not None

    def top(self) -> Iterator[Finding]:
        """The finding for a script whose failures at the top are nobody's."""
        start, module = self.entry, self.module
        if start is None or not start.exits or top.handles_its_end(module, start):
            return
        message = "failures at the top are not logged, and Ctrl-C shows a traceback"
        log, result = self.log, top.result_annotation(module, start)
        name = module.fresh.name(top.NAMES, "run")
        if not self.seen and any(self.returns(item) for item in self.exits):
            return  # what main returns is known when its exits are returns
        reason = log if isinstance(log, str) else ""
        if isinstance(log, ErrorLog) and not log.is_bound(module, start.guard):
            reason = "the logger is not there when the script starts"
        reason = reason or ("" if result else "what main returns may be something else than a number")
        reason = reason or (
            "" if self.top_is_free and name else "main is not called by the guard alone, or no name is left"
        )
        place = start.guard.body[-1]
        if reason or isinstance(log, str) or result is None or name is None:
            yield self.codemod.finding(module, place, message, reason=reason)
            return
        from pymodernize_codemods.exit_codes.rewriting import replaced

        codes = {code: self.name(code, start.guard) for code in (FAILURE, INTERRUPTED)}
        pipe = top.writes_to_a_pipe(module)
        try:
            source, references = top.runner_source(module, start, name, result, codes, log.logger, pipe=pipe)
        except NameTaken as exc:
            yield self.codemod.finding(module, place, message, reason=str(exc))
            return
        more, definitions = self.additions
        body = module.tree.body
        runner = Definition(source, after=body[body.index(start.guard) - 1])
        edits = (Edit(start.call, partial(replaced, code=f"{name}()")), *more, *log.edits)
        rewrite = Rewrite(edits, (*references, *log.references), (*definitions, *log.definitions, runner))
        yield self.finding(place, message, rewrite)
