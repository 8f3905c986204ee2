"""How a script ends: ``sys.exit``, returns from ``main``, names for its exit codes."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import cached_property, partial

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Definition, Edit, Finding, Rewrite
from pymodernize.reasons import Reason
from pymodernize.semantics.exit_status import is_number
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, Reference, reference
from pymodernize_codemods._script.entry import entry
from pymodernize_codemods._script.placing import have_comments, removal
from pymodernize_codemods.exit_codes import ExitCodes
from pymodernize_codemods.exit_codes.constants import FAILURE, INTERRUPTED, SUCCESS, Constants, returns
from pymodernize_codemods.exit_codes.ending import handled, opening
from pymodernize_codemods.exit_codes.places import Exit, caught, exits, is_written, numbers, stands_alone
from pymodernize_codemods.exit_codes.returning import gives_a_code, is_last_step, reason_against, returns_nothing


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
        self.constants = Constants(module, self.exits, self.entry, names_all=module.style == "standard")
        self.needed: set[int] = set()

    def findings(self) -> Iterator[Finding]:
        """A finding for each place that falls short."""
        for call in self.module.calls("os._exit"):
            sentence = "it runs no clean-up, which a child process wants and a script does not: that is for you to say"
            reason = Reason("no-clean-up", sentence)
            yield self.codemod.finding(self.module, call, "os._exit()", reason=reason)
        self.collect()
        for item in self.exits:
            yield from self.one(item)
        for node in returns(self.module, self.entry):
            yield from self.named_return(node)
        yield from self.logged_end()

    def finding(self, node: ast.AST, message: str, rewrite: Rewrite, reason: str = "") -> Finding:
        """A finding with a rewrite, which may change behaviour if there is a reason."""
        assumed = {CHANGES_BEHAVIOUR.name} if reason else ()
        return self.codemod.finding(self.module, node, message, rewrite, assumptions=assumed, reason=reason)

    # --- names -------------------------------------------------------------------------------------------------

    def collect(self) -> None:
        """Note which codes get a name: their constants are defined together."""
        values = [item.argument for item in self.exits]
        values += [node.value for node in returns(self.module, self.entry)]
        for value in values:
            self.names(value)
        if self.above is not None:
            for code in (FAILURE, INTERRUPTED):
                self.name(code, self.module.tree.body[-1])
        for item in self.exits:
            if item.argument is None and self.entry is not None and self.entry.exits and self.returns(item):
                self.name(SUCCESS, item.node)

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

    def additions(self, names: Iterable[int]) -> tuple[tuple[Edit, ...], tuple[Definition, ...]]:
        """The constants for some codes that are missing; all at once where there are others, whose edit is one.

        Args:
            names: the codes that have names.
        """
        return self.constants.additions(self.needed if self.constants.own else names)

    # --- how main ends -----------------------------------------------------------------------------------------

    @cached_property
    def above(self) -> int | None:
        """How many statements of ``main`` stand above its work, if the standard has its end logged; else None."""
        return opening(self.module, self.entry) if self.module.style == "standard" else None

    def logged_end(self) -> Iterator[Finding]:
        """The finding for a ``main`` that does not log how it ends, as the standard asks."""
        if self.above is None or self.entry is None:
            return
        main, message = self.entry.main, "main does not log how it ends"
        codes = self.name(INTERRUPTED, main), self.name(FAILURE, main)
        try:
            made = handled(self.module, self.entry, self.above, codes)
        except NameTaken as exc:
            yield self.codemod.finding(self.module, main, message, reason=str(exc))
            return
        if made is not None:
            edit, time = made
            more, definitions = self.additions([code for code in (FAILURE, INTERRUPTED) if str(code) not in codes])
            yield self.finding(main, message, Rewrite((edit, *more), (time,), definitions))

    # --- one exit ----------------------------------------------------------------------------------------------

    def one(self, item: Exit) -> Iterator[Finding]:
        """The finding for an exit, if it falls short."""
        if self.returns(item):
            yield self.returned(item)
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
            more, definitions = self.additions(names) if names else ((), ())
            rewrite = Rewrite((*edits, *more), tuple(references), definitions)
            yield self.finding(item.node, "; ".join(said), rewrite, self.reads_on if item.by_site else "")

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
        return caught(self.module) if reads else ""

    # --- returns -----------------------------------------------------------------------------------------------

    def returns(self, item: Exit) -> bool:
        """Whether an exit can be a return from ``main``."""
        module, start = self.module, self.entry
        if start is None or module.function(item.node) is not start.main:
            return False
        if not (self.is_code(item) and gives_a_code(module, start) if start.exits else self.ends_well(item)):
            return False
        if not stands_alone(module, item) or module.every_call(start.main) != [start.call]:
            return False
        return not reason_against(module, start, module.statement(item.node))

    def is_code(self, item: Exit) -> bool:
        """Whether an exit gives a whole number, or nothing."""
        given = item.argument
        return given is None or is_written(given) or self.is_constant(given) or is_number(self.module, given)

    def ends_well(self, item: Exit) -> bool:
        """Whether an exit gives the status that a script has, too, if a main that returns nothing comes back."""
        start = self.entry
        if start is None or not returns_nothing(start) or self.module.tree.body[-1] is not start.guard:
            return False
        given = item.argument.value if isinstance(item.argument, ast.Constant) else item.argument
        return given is None or type(given) is int and given == 0  # not 0.0, which is shown as a text is

    def is_constant(self, expr: ast.expr) -> bool:
        """Whether an expression is a name of an exit code, or a condition between such."""
        if isinstance(expr, ast.IfExp):
            return all(is_written(part) or self.is_constant(part) for part in (expr.body, expr.orelse))
        return isinstance(expr, ast.Name) and any(own.name == expr.id for own in self.constants.own.values())

    def returned(self, item: Exit) -> Finding:
        """The finding for an exit that becomes a return."""
        from pymodernize_codemods.exit_codes.rewriting import returned, returned_bare

        statement = self.module.statement(item.node)
        message = "main ends the script where it could return"
        if self.entry is not None and not self.entry.exits:
            needless = is_last_step(self.module, self.entry.main, statement) and not self.is_spoken_of(statement)
            edit = removal(statement) if needless else Edit(statement, returned_bare)
            return self.finding(item.node, message, Rewrite((edit,), drops=("sys",)))
        names = self.names(item.argument)
        success = self.name(SUCCESS, item.node) if item.argument is None else ""
        codes = [*names, *([SUCCESS] if success and not success.isdecimal() else [])]
        more, definitions = self.additions(codes) if codes else ((), ())
        change = partial(returned, names=names, success=success)
        rewrite = Rewrite((Edit(statement, change), *more), (), definitions, drops=("sys",))
        return self.finding(item.node, message, rewrite)

    def is_spoken_of(self, statement: ast.stmt) -> bool:
        """Whether a statement has a comment, or stands alone in its block."""
        alone = len(self.module.block(statement)) == 1
        return alone or have_comments(self.module, [statement]) or statement.lineno - 1 in self.module.comments_by_line

    def named_return(self, node: ast.Return) -> Iterator[Finding]:
        """The finding for a ``return`` of ``main`` with a number."""
        names = self.names(node.value)
        if names and node.value is not None:
            from pymodernize_codemods.exit_codes.rewriting import named

            more, definitions = self.additions(names)
            rewrite = Rewrite((Edit(node.value, partial(named, names=names)), *more), (), definitions)
            yield self.finding(node.value, "the exit code is a number", rewrite)
