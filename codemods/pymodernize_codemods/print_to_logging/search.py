"""The prints of one module: which become records, what they share, and how safe that is."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import TYPE_CHECKING

from pymodernize.codemod import Definition, Edit, Finding, Insertion, Rewrite, Safety
from pymodernize.semantics.layout import first_after
from pymodernize.semantics.module import Module
from pymodernize.semantics.project import Neighbour
from pymodernize.semantics.references import NameTaken, Reference, reference
from pymodernize_codemods._logging import configuration
from pymodernize_codemods._logging.configuration import STDERR, STDOUT
from pymodernize_codemods._logging.messages import Part, is_message, read
from pymodernize_codemods._script import itself
from pymodernize_codemods.print_to_logging import obstacles, timing
from pymodernize_codemods.print_to_logging.dialogue import dialogue
from pymodernize_codemods.print_to_logging.levels import level_of

if TYPE_CHECKING:
    from pymodernize_codemods.print_to_logging import PrintToLogging

IMPORTED = "other files import this one, and not all of them set up logging for it in this run"


@dataclass(frozen=True)
class _Print:
    """A call of print that can become a record."""

    call: ast.Call
    stream: str
    parts: tuple[Part, ...]
    separator: str
    level: str


class Search:
    """The prints of one module, and what they have in common: loggers, set-up, safety."""

    def __init__(self, codemod: PrintToLogging, module: Module, calls: list[ast.Call]) -> None:
        self.codemod = codemod
        self.options = codemod.options
        self.module = module
        self.calls = calls
        self.obstacles = obstacles.Obstacles(module, dialogue(module))

    def findings(self) -> Iterator[Finding]:
        """A finding for each call."""
        prints = {item.call: item for item in self.prints}
        for call in self.calls:
            item = prints.get(call)
            if item is None:
                yield self.codemod.finding(self.module, call, "print", reason=self.reasons[call])
            else:
                yield self.converted(item)

    @cached_property
    def reasons(self) -> dict[ast.Call, str]:
        """Why calls are left as they are."""
        return {}

    @cached_property
    def prints(self) -> list[_Print]:
        """The calls that can be converted; the reasons for the others are kept."""
        found = []
        for call in self.calls:
            reason = self.obstacles.reason(call)
            item = self.read(call) if reason is None else reason
            if isinstance(item, _Print):
                found.append(item)
            else:
                self.reasons[call] = item
        return found

    def read(self, call: ast.Call) -> _Print | str:
        """The record for a call, or the reason against one."""
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        stream = obstacles.stream_of(self.module, keywords.get("file"))
        if stream is None:
            return "it is written to another file"
        separator = obstacles.literal(keywords.get("sep"), " ")
        if separator is None:
            return "its separator is no literal"
        parts = tuple(read(self.module, arg) for arg in call.args)
        if len(parts) > 1 and not all(part.literal or part.kind == "value" for part in parts):
            parts = tuple(part if part.literal else Part("value", "%s", ("%s",), literal=False) for part in parts)
        if self.options.data == "keep":
            if not separator.join(part.text for part in parts).strip():
                return "an empty line says nothing"
            if stream == STDOUT and not is_message(list(parts), separator):
                return "data: there is no literal text for a person in it"
        reason = self.obstacles.comment_inside(call, single=len(parts) == 1 and parts[0].kind in {"text", "value"})
        if reason is not None:
            return reason
        text = separator.join(part.text for part in parts)
        level = level_of(
            text,
            in_handler=obstacles.in_handler(self.module, call),
            to_stderr=stream == STDERR,
            before_exit=self.module.statement(call) in self.before_failure,
            in_debug=obstacles.in_debug(self.module, call),
        )
        return _Print(call, stream, parts, separator, level)

    @cached_property
    def before_failure(self) -> frozenset[ast.stmt]:
        """The prints that are followed by leaving with a failure."""
        return obstacles.before_failure(self.module)

    # --- what all prints of the module share ---------------------------------------------------------------

    @cached_property
    def streams(self) -> set[str]:
        """The streams that the converted prints go to."""
        return {item.stream for item in self.prints}

    @cached_property
    def existing(self) -> configuration.Logging:
        """What the module does with logging already."""
        return configuration.existing(self.module, configuration.usual_names(self.options.logger))

    @cached_property
    def keeps_logging(self) -> bool:
        """Whether the module's own logging is used, and no set-up is added."""
        return self.existing.logger is not None or self.existing.configures

    @cached_property
    def names(self) -> configuration.Names:
        """The names of loggers and set-up."""
        if self.existing.ours:
            return configuration.usual_names(self.options.logger)
        if self.existing.logger is not None:
            kept = self.existing.logger
            return replace(configuration.usual_names(self.options.logger), logger=kept, stderr_logger=kept)
        chosen = configuration.choose_names(self.module, self.options.logger)
        return replace(chosen, stderr_logger=chosen.logger) if self.keeps_logging else chosen

    @cached_property
    def loggers(self) -> dict[str, tuple[str, str]]:
        """For each stream the variable and the name of its logger."""
        streams = self.streams | self.existing.ours
        return configuration.loggers_for(
            self.names, streams if not self.keeps_logging or self.existing.ours else {STDOUT}
        )

    @cached_property
    def is_imported(self) -> bool:
        """Whether other files of the project import this one."""
        return bool(self.module.facts.importers)

    @cached_property
    def sets_up(self) -> bool:
        """Whether the module is given a set-up of its own."""
        if self.keeps_logging:
            return False
        return self.module.is_script and (not self.is_imported or self.module.guard is not None)

    @cached_property
    def safety(self) -> tuple[Safety, str]:
        """The level of all rewrites of the module, with the reason if it is unsafe."""
        reason = self.unsafe_reason()
        return (Safety.UNSAFE, reason) if reason else (Safety.SAFE, "")

    def unsafe_reason(self) -> str:
        """Why records might not be seen as the prints were; empty if they are."""
        module = self.module
        if self.options.style == "standard":
            return 'style = "standard" changes what stdout shows, and writes a log file'
        if self.existing.ours:
            missing = self.streams - self.existing.ours
            return f"the logging set-up of this file does not show records on {missing.pop()}" if missing else ""
        if self.keeps_logging:
            return "this file has logging of its own, whose level and format decide what is seen"
        if itself.lists_own_names(module):
            return "the file looks through its own global names, and the rewrite adds some"
        if itself.watches_itself(module):
            return "the file reads its own text or follows its own calls, which the rewrite changes"
        if module.facts.meddled_with:
            return "a module that is loaded with this one redirects the standard streams or reconfigures logging"
        if itself.finishes_late(module):
            return "objects of the file may do work while the interpreter shuts down, which the set-up would delay"
        if module.facts.in_package and module.facts.name != "__main__.py":
            return "the file is part of a package: code outside this project may import it and set up no logging"
        if self.is_imported:
            if not self.sets_up and timing.runs_own_code_early(module, frozenset(item.call for item in self.prints)):
                return "it runs while the file is imported, before the importer sets up logging"
            return "" if shared_by(module.facts.importers, self.codemod.name()) else IMPORTED
        if not module.is_script:
            return "the file is no script: whoever imports it would have to set up logging"
        return ""

    # --- the rewrite ---------------------------------------------------------------------------------------

    def converted(self, item: _Print) -> Finding:
        """The finding with its rewrite."""
        try:
            shared = self.shared
        except NameTaken as exc:
            return self.codemod.finding(self.module, item.call, "print", reason=str(exc))
        safety, reason = self.safety
        if safety is Safety.SAFE and obstacles.has_doctest(self.module, item.call):
            safety, reason = Safety.UNSAFE, "a doctest of this file may expect the printed text"
        variable = self.loggers[STDOUT if item.stream not in self.loggers else item.stream][0]
        from pymodernize_codemods._logging.rewrite import Place, record

        indent = self.indent_of(item.call)
        place = Place(self.column_of(item.call), indent, self.module.indent)
        change = partial(
            record, function=f"{variable}.{item.level}", parts=item.parts, separator=item.separator, place=place
        )
        rewrite = replace(shared, edits=(Edit(item.call, change),))
        message = f"print that says something at level {item.level}"
        return self.codemod.finding(self.module, item.call, message, rewrite, safety=safety, reason=reason)

    def indent_of(self, call: ast.Call) -> str:
        """The white space before the call's statement, as far as its line has only that."""
        line = self.module.source.line(self.module.statement(call).lineno).decode("utf-8")
        return line[: len(line) - len(line.lstrip(" \t"))]

    def column_of(self, call: ast.Call) -> int:
        """The call's column in characters."""
        return len(self.module.source.line(call.lineno)[: call.col_offset].decode("utf-8"))

    @cached_property
    def shared(self) -> Rewrite:
        """What every rewrite of the module brings along: imports, loggers, set-up.

        Raises:
            NameTaken: ``logging`` or another module cannot be named here.
        """
        module = self.module
        if self.existing.logger is not None:
            return Rewrite((), drops=("sys",))
        at = first_after(module)
        if not self.sets_up:
            logging = reference(module, "logging", at)
            lines = configuration.logger_lines(self.loggers, logging.expression)
            return Rewrite((), (logging,), (Definition("\n".join(lines)),), drops=("sys",))
        references = configuration.references_for(module, self.options.style, at)
        source = self.setup(references)
        guard = None if self.must_set_up_at_once else module.guard
        if guard is not None:
            call = Insertion(guard.body[0], f"{self.names.configure}()")
            return Rewrite((), tuple(references), _apart(source), (call,), drops=("sys",))
        source += f"\n\n\n{self.names.configure}()"
        return Rewrite((), tuple(references), _apart(source), drops=("sys",))

    def setup(self, references: list[Reference]) -> str:
        """The source of the set-up."""
        modules = {item.qualified: item.expression for item in references}
        if self.options.style == "standard":
            return configuration.standard_setup(self.names, self.loggers, modules, self.others)
        return configuration.plain_setup(self.names, self.loggers, modules["logging"], modules["sys"], self.others)

    @cached_property
    def must_set_up_at_once(self) -> bool:
        """Whether the set-up cannot wait for the guard."""
        return timing.must_set_up_at_once(self.module, frozenset(item.call for item in self.prints))

    @cached_property
    def others(self) -> tuple[tuple[str, str], ...]:
        """The loggers of imported modules that this run converts, with their streams."""
        name = self.codemod.name()
        found: list[tuple[str, str]] = []
        for neighbour in self.module.facts.imported:
            note = neighbour.note(name)
            if not isinstance(note, tuple) or note[0] != "module" or not shared_by(neighbour.importers, name):
                continue
            streams = [str(stream) for stream in note[1:]]
            if streams == [STDERR]:
                found.append((neighbour.module, STDERR))
                continue
            found.append((neighbour.module, STDOUT))
            if STDERR in streams:
                found.append((f"{neighbour.module}.stderr", STDERR))
        return tuple(found)


def shared_by(importers: Sequence[Neighbour], name: str) -> bool:
    """Whether every file that imports a module is one that this run gives a set-up, under one name for it.

    Args:
        importers: the files that import the module.
        name: of the codemod that gives it to them.
    """
    direct = {importer.module for importer in importers if importer.direct}
    said = [importer.note(name) for importer in importers]
    known = all(importer.in_run and note is not None for importer, note in zip(importers, said, strict=True))
    if not known or len(direct) != 1 or "" in direct:
        return False
    roles = [note for note in said if isinstance(note, tuple)]
    # By a star import the names that the module gains would take the place of the importer's own.
    clash = any(importer.star and len(note) > 1 for importer, note in zip(importers, roles, strict=True))
    return any(note[0] == "script" for note in roles) and not clash


def _apart(setup: str) -> tuple[Definition, Definition]:
    """The loggers of a set-up, and the rest: loggers stand above the constants of a file, functions below them."""
    loggers, _, rest = setup.partition("\n\n\n")
    return Definition(loggers), Definition(rest)


def added_names(logger: str) -> tuple[str, ...]:
    """The names that a module gains which others import."""
    usual = configuration.usual_names(logger)
    return usual.logger, usual.stderr_logger, usual.handler, usual.configure, "logging"
