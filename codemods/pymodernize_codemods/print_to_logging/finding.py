"""print → logging."""

from __future__ import annotations

import ast
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Definition, Edit, Finding, Rewrite, Status
from pymodernize.reasons import Reason
from pymodernize.semantics.layout import first_after, preamble
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, reference
from pymodernize_codemods._assumptions import OPEN_STDOUT, PLAIN_MESSAGES, RUN_ONLY, UNSHARED_STDOUT
from pymodernize_codemods._logging import configuration
from pymodernize_codemods._logging.configuration import BOTH, ONE, STDERR, STDOUT
from pymodernize_codemods._logging.messages import as_value, read
from pymodernize_codemods._logging.order import shown_in_time
from pymodernize_codemods._script import itself, streams
from pymodernize_codemods.print_to_logging import PrintToLogging, obstacles, sharing, timing
from pymodernize_codemods.print_to_logging.dialogue import dialogue
from pymodernize_codemods.print_to_logging.grouping import Kept, Print, all_or_none, kept_all, most_or_none
from pymodernize_codemods.print_to_logging.levels import level_of
from pymodernize_codemods.print_to_logging.product import PRODUCT, is_product
from pymodernize_codemods.print_to_logging.script_note import Script
from pymodernize_codemods.print_to_logging.secret_values import SECRET, shows_secret
from pymodernize_codemods.print_to_logging.setup import Writer, shows_all

_EARLY = Reason("early-set-up", "logging for both streams would be set up outside of the file's main")


def findings(codemod: PrintToLogging, module: Module) -> Iterator[Finding]:
    """Every print of the module, with its rewrite or the reason against one."""
    called = module.calls("builtins.print")
    calls = [call for call in called if not _is_in_handler(module, call)]
    yield from _values(codemod, module, called)
    if calls:
        yield from _Search(codemod, module, calls).findings()


def _is_in_handler(module: Module, call: ast.Call) -> bool:
    """Whether a print is that of the handler that a set-up brings along."""
    function = module.function(call)
    return isinstance(function, ast.FunctionDef) and configuration.is_exact_handler(module, module.parent(function))


def _values(codemod: PrintToLogging, module: Module, calls: list[ast.Call]) -> Iterator[Finding]:
    """``print`` that is no call: passed on, stored, shadowed."""
    called = {call.func for call in calls}
    for name in module.nodes(ast.Name):
        if name.id != "print" or not isinstance(name.ctx, ast.Load) or name in called:
            continue
        if module.qualified_name(name) == "builtins.print":
            yield codemod.finding(
                module, name, "print as a value", reason=Reason("value-used", "it is passed on, not called")
            )
        elif isinstance(module.parent(name), ast.Call):
            yield codemod.finding(
                module,
                name,
                "print",
                reason=Reason("rebound", "the name may mean something else here: it is bound again"),
            )


def note(codemod: PrintToLogging, module: Module, findings: Sequence[Finding]) -> Hashable | None:
    """How this file sets up logging or, for one that others import, that it needs it set up."""
    if any(finding.status is Status.APPLIED for finding in findings):
        search = _Search(codemod, module, module.calls("builtins.print"))
        clashing = module.identifiers & set(configuration.added_names(codemod.options.logger))
        if codemod.options.setup or module.style == "standard":
            return Script(ONE, root=True, clashing=clashing)
        return Script(search.streams, not search.exact and shows_all(module), clashing)
    return sharing.MODULE if any(finding.reason in sharing.REASONS for finding in findings) else None


class _Search:
    """The prints of one module, and what they have in common: logger, set-up, assumptions."""

    def __init__(self, codemod: PrintToLogging, module: Module, calls: list[ast.Call]) -> None:
        self.codemod = codemod
        self.options = codemod.options
        self.module = module
        self.calls = calls
        self.obstacles = obstacles.Obstacles(module, dialogue(module))

    def findings(self) -> Iterator[Finding]:
        """A finding for each call."""
        for call, item in self.items.items():
            if isinstance(item, Kept):
                yield self.codemod.finding(self.module, call, "print", reason=item.reason)
            else:
                yield self.converted(item)

    @cached_property
    def items(self) -> dict[ast.Call, Print | Kept]:
        """What becomes of each call."""
        data = self.options.data == "convert"
        found = all_or_none(self.module, {call: self.read(call) for call in self.calls}, data=data)
        if data:
            return found
        found = most_or_none(found, self.fewest)
        reason = PRODUCT if is_product(self.module) else self.sets_up_early(found)
        return found if reason is None else kept_all(found, reason)

    def sets_up_early(self, found: Mapping[ast.Call, Print | Kept]) -> Reason | None:
        """Why nothing becomes a record: a file with a main would set up handlers for both streams above that."""
        prints = {call: item.stream for call, item in found.items() if isinstance(item, Print)}
        if not self.sets_up_plainly or set(prints.values()) != BOTH:
            return None
        if timing.start(self.module) is None:
            return None
        once = not shows_all(self.module)
        if timing.first_statement(self.module, frozenset(prints), once=once) is not None:
            return None
        return _EARLY

    def read(self, call: ast.Call) -> Print | Kept:
        """The record for a call by itself, or the reason against one."""
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        stream = streams.stream_of(self.module, keywords.get("file"))
        kept = self.obstacles.kept(call, stream)
        if kept is not None:
            return kept
        if self.runs_too_early(call):
            return Kept(Reason("too-early", "it runs above the line that sets up logging"), stream)
        if stream is None:
            return Kept(Reason("other-file", "it is written to another file"), None)
        if stream == STDERR and self.is_shared:
            return Kept(Reason("shared", "the scripts that import this file show its records on stdout"), stream)
        separator = obstacles.literal(keywords.get("sep"), " ")
        if separator is None:
            return Kept(Reason("form", "its separator is no literal"), stream)
        parts = [read(self.module, arg) for arg in call.args]
        if len(parts) > 1:
            # A mapping can be looked into only if it is alone.
            parts = [
                as_value(arg) if part.kind == "mapping" else part for arg, part in zip(call.args, parts, strict=True)
            ]
        if shows_secret(self.module, call, parts, separator):
            return Kept(SECRET, stream)
        parts = shown_in_time(self.module, call.args, parts)
        reason = self.obstacles.comment_inside(call, single=len(parts) == 1 and parts[0].kind in {"text", "value"})
        if reason is not None:
            return Kept(reason, stream)
        level = level_of(
            separator.join(part.text for part in parts),
            in_handler=obstacles.in_handler(self.module, call),
            to_stderr=stream == STDERR,
            before_exit=self.module.statement(call) in self.before_failure,
        )
        return Print(call, stream, tuple(parts), separator, level)

    @cached_property
    def before_failure(self) -> frozenset[ast.stmt]:
        """The prints that are followed by leaving with a failure."""
        return obstacles.before_failure(self.module)

    # --- what all prints of the module share ---------------------------------------------------------------

    @cached_property
    def prints(self) -> frozenset[ast.Call]:
        """The calls that become records."""
        return frozenset(call for call, item in self.items.items() if isinstance(item, Print))

    @cached_property
    def streams(self) -> frozenset[str]:
        """The streams that records go to."""
        return frozenset(item.stream for item in self.items.values() if isinstance(item, Print)) | self.existing.shown

    @cached_property
    def existing(self) -> configuration.Logging:
        """What the module does with logging already."""
        return configuration.existing(self.module, self.options.logger)

    @cached_property
    def keeps_logging(self) -> bool:
        """Whether the module's own logging is used, and no set-up is added."""
        return self.existing.logger is not None or self.existing.configures

    @cached_property
    def logger(self) -> str:
        """The variable that holds the logger."""
        return self.existing.logger or configuration.free_name(self.module, self.options.logger)

    @cached_property
    def is_shared(self) -> bool:
        """Whether the module's records are shown by the files that import it, and by no set-up of its own."""
        return bool(self.module.facts.importers) and not self.keeps_logging

    @cached_property
    def sets_up(self) -> bool:
        """Whether the module is given a set-up of its own."""
        if self.keeps_logging or not self.module.is_script:
            return False
        return not self.module.facts.importers or self.module.guard is not None

    @property
    def sets_up_plainly(self) -> bool:
        """Whether the set-up is that of plain style, written out."""
        return self.sets_up and not self.options.setup and self.module.style == "plain"

    @property
    def fewest(self) -> int:
        """How many records are worth what sets up logging for them: a logger of its own takes more lines."""
        return self.options.fewest * (1 + self.sets_up_own) if self.sets_up_plainly else 1

    @property
    def sets_up_own(self) -> bool:
        """Whether the set-up is for the module's own logger, level and handlers, since other records may come."""
        return self.sets_up_plainly and not shows_all(self.module)

    @cached_property
    def exact(self) -> bool:
        """Whether errors of streams and of values reach the caller, as with print."""
        return not all(self.module.accepts(item.name) for item in (OPEN_STDOUT, PLAIN_MESSAGES))

    @cached_property
    def withheld(self) -> str:
        """Why records might not be seen as the prints were; empty if they are."""
        module = self.module
        if self.existing.shown:
            if self.existing.shown != self.streams:
                return "the logging set-up of this file does not show records on both streams"
            return self.late_reason()
        if self.keeps_logging:
            return "this file has logging of its own, whose level and format decide what is seen"
        if module.facts.meddled_with:
            return "a module that is loaded with this one redirects the standard streams or reconfigures logging"
        if (self.exact or self.streams == BOTH) and itself.finishes_late(module):
            return "objects of the file may do work while the interpreter shuts down, which the set-up would delay"
        if module.facts.in_package and module.facts.name != "__main__.py":
            return "the file is part of a package: code outside this project may import it and set up no logging"
        if module.facts.importers:
            if not self.sets_up and timing.runs_own_code_early(module, self.prints):
                return "it runs while the file is imported, before the importer sets up logging"
            once = not shows_all(module)
            if self.sets_up and timing.first_statement(module, self.prints, once=once) is None:
                return "other files import this one, and would set up logging by that"
            return sharing.reason_against(module.facts.importers)
        if not module.is_script:
            return "the file is no script: whoever imports it would have to set up logging"
        return ""

    def runs_too_early(self, call: ast.Call) -> bool:
        """Whether a print of the module's own body stands above the logger, or above its set-up."""
        if self.module.function(call) is not None:
            return False
        if self.existing.logger is None:
            above = preamble(self.module).last or self.module.docstring
            return above is not None and self.module.top_level(call).lineno == above.end_lineno
        bindings = self.module.index.scope.bindings[self.existing.logger]
        made = [self.module.top_level(binding.node) for binding in bindings]
        if self.existing.at is not None and self.module.parent(self.existing.at) is self.module.tree:
            made.append(self.existing.at)
        return any(self.module.span(call)[0] < self.module.span(item)[0] for item in made)

    def late_reason(self) -> str:
        """Why the set-up that is there may come too late for a record; empty if it does not."""
        at = self.existing.at
        if at is None or self.module.parent(at) is self.module.tree:
            return ""
        begin = timing.start(self.module)
        early = begin is None or timing.runs_own_code_early(self.module, self.prints, begin.statement)
        return "it may run before the file sets up logging" if early else ""

    # --- the rewrite ---------------------------------------------------------------------------------------

    def converted(self, item: Print) -> Finding:
        """The finding with its rewrite."""
        try:
            shared = self.shared
        except NameTaken as exc:
            return self.codemod.finding(self.module, item.call, "print", reason=str(exc))
        reason = self.withheld
        if not reason and obstacles.has_doctest(self.module, item.call):
            reason = "a doctest of this file may expect the printed text"
        assumptions = {CHANGES_BEHAVIOUR.name} if reason else self.assumptions
        if UNSHARED_STDOUT.name in assumptions:
            reason = f"{streams.sharing(self.module)} may come in another order on stdout"
        from pymodernize_codemods._logging.rewrite import record

        level = self.level(item)
        change = partial(
            record,
            function=f"{self.logger}.{level}",
            parts=item.parts,
            separator=item.separator,
            place=obstacles.place_of(self.module, item.call),
        )
        rewrite = replace(shared, edits=(Edit(item.call, change),))
        message = f"print that says something at level {level}"
        return self.codemod.finding(self.module, item.call, message, rewrite, assumptions=assumptions, reason=reason)

    @cached_property
    def assumptions(self) -> tuple[str, ...]:
        """The names of what the rewrites rest on."""
        if self.options.setup or self.module.style == "standard":
            return ()
        found = [] if self.exact else [OPEN_STDOUT.name, PLAIN_MESSAGES.name]
        if not self.exact and STDOUT in self.streams and streams.sharing(self.module):
            found.append(UNSHARED_STDOUT.name)
        if self.sets_up and self.module.accepts(RUN_ONLY.name):
            found.append(RUN_ONLY.name)
        return tuple(found)

    def level(self, item: Print) -> str:
        """The logging method for a print: where both streams are used, it decides on which one a record is seen."""
        if item.stream == STDERR and item.level == "info":
            return "warning"
        on_both = self.streams == BOTH or any(
            isinstance(note, Script) and note.streams != ONE
            for note in map(sharing.note_of, self.module.facts.importers)
        )
        return "info" if item.stream == STDOUT and on_both and self.module.style == "plain" else item.level

    @cached_property
    def shared(self) -> Rewrite:
        """What every rewrite of the module brings along: imports, logger, set-up.

        Raises:
            NameTaken: ``logging`` or another module cannot be named here.
        """
        if self.existing.logger is not None:
            return Rewrite((), drops=("sys",))
        if not self.sets_up:
            logging = reference(self.module, "logging", first_after(self.module))
            line = configuration.logger_line(self.logger, logging.expression)
            return Rewrite((), (logging,), (Definition(line),), drops=("sys",))
        writer = Writer(self.options, self.module, self.logger, self.streams, exact=self.exact, converted=self.prints)
        made = writer.written()
        return Rewrite((), made.references, made.definitions, made.insertions, drops=("sys",))
