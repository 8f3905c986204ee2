"""The set-up of logging that a script is given: what it says, and where it goes."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from functools import cached_property

from pymodernize.codemod import Definition, Insertion
from pymodernize.semantics.layout import first_after
from pymodernize.semantics.logging_libraries import may_log
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, Reference, reference
from pymodernize_codemods._assumptions import RUN_ONLY
from pymodernize_codemods._logging import configuration
from pymodernize_codemods._logging.configuration import ONE, OTHER
from pymodernize_codemods.print_to_logging import PrintToLogging, timing


@dataclass(frozen=True)
class SetUp:
    """What a set-up takes.

    Attributes:
        references: the names of other modules that it uses.
        definitions: what goes below the imports.
        insertions: what goes to where the script starts.
    """

    references: tuple[Reference, ...]
    definitions: tuple[Definition, ...]
    insertions: tuple[Insertion, ...] = ()


def shows_all(module: Module) -> bool:
    """Whether a script may show every record of its run: it loads nothing that logs by itself.

    Args:
        module: the module.
    """
    roots = {alias.name.partition(".")[0] for node in module.nodes(ast.Import) for alias in node.names}
    roots |= {"." if node.level else (node.module or "").partition(".")[0] for node in module.nodes(ast.ImportFrom)}
    return not any(may_log(root) for root in roots - module.facts.silent - {"logging"})


class Writer:
    """Write the set-up for a script.

    Args:
        options: of the codemod.
        module: the script.
        logger: the variable that holds its logger.
        streams: the streams that its records go to.
        exact: whether errors of the stream must reach the caller.
        converted: the prints that become records.
    """

    def __init__(
        self,
        options: PrintToLogging.Options,
        module: Module,
        logger: str,
        streams: frozenset[str],
        *,
        exact: bool,
        converted: frozenset[ast.Call],
    ) -> None:
        self.options = options
        self.module = module
        self.logger = logger
        self.streams = streams
        self.exact = exact
        self.converted = converted

    @cached_property
    def root(self) -> bool:
        """Whether the root logger is set up: nobody imports the file who has set it up otherwise."""
        return shows_all(self.module) and self.is_run_only

    @cached_property
    def is_run_only(self) -> bool:
        """Whether the file is run, and imported by nobody but files that set up logging for it."""
        return bool(self.module.facts.importers) or self.module.accepts(RUN_ONLY.name)

    @cached_property
    def place(self) -> ast.stmt | None:
        """The statement in front of which logging is set up, None for the place below the imports."""
        if not self.is_run_only:
            return None
        once = not self.root and not self.options.setup and self.module.style == "plain"
        return timing.first_statement(self.module, self.converted, once=once)

    def written(self) -> SetUp:
        """The set-up.

        Raises:
            NameTaken: a name that it needs cannot be had.
        """
        at = first_after(self.module)
        logging = reference(self.module, "logging", at)
        if self.options.setup:
            home, _, name = self.options.setup.partition(":")
            own = reference(self.module, f"{home}.{name}", at)
            return self._placed((logging, own), (), [f"{own.expression}()"])
        if self.module.style == "standard":
            self._check_free(configuration.STANDARD_NAMES)
            standard = [reference(self.module, name, at) for name in configuration.STANDARD_MODULES]
            definitions = configuration.standard_setup({item.qualified: item.expression for item in standard})
            return self._placed(tuple(standard), tuple(definitions), [f"{configuration.STANDARD_NAMES[0]}()"])
        # print and StreamHandler have a stream of their own, if no other is named.
        sys = reference(self.module, "sys", at) if self.streams != (ONE if self.exact else OTHER) else None
        references = (logging, sys) if sys is not None else (logging,)
        names = logging.expression, sys.expression if sys is not None else ""
        if self.exact:
            handler = configuration.free_name(self.module, configuration.HANDLER)
            source = configuration.exact_handler(handler, self.streams, *names)
            lines = configuration.exact_setup(self.logger, handler, logging.expression, root=self.root)
            return self._placed(references, (source,), lines)
        out, err = (configuration.free_name(self.module, name) for name in configuration.HANDLER_NAMES)
        lines = configuration.plain_setup(self.logger, self.streams, *names, (out, err), root=self.root)
        return self._placed(references, (), lines)

    def _check_free(self, names: tuple[str, ...]) -> None:
        taken = self.module.identifiers.intersection(names)
        if taken:
            raise NameTaken(f"the name {min(taken)} is taken in this file")

    def _placed(self, references: tuple[Reference, ...], definitions: tuple[str, ...], lines: list[str]) -> SetUp:
        logging = next(item for item in references if item.qualified == "logging")
        sources = [configuration.logger_line(self.logger, logging.expression), *definitions]
        if self.place is None:
            # What it calls stands above it.
            called = f"{sources.pop()}\n\n\n" if definitions else ""
            return SetUp(references, tuple(map(Definition, [*sources, called + "\n".join(lines)])))
        insertions = tuple(Insertion(self.place, line, order=0, opens=True) for line in lines)
        return SetUp(references, tuple(map(Definition, sources)), insertions)
