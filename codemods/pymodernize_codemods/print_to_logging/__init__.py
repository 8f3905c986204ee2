"""print → logging."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command
from pymodernize_codemods._assumptions import OPEN_STDOUT, PLAIN_MESSAGES, RUN_ONLY, UNSHARED_STDOUT
from pymodernize_codemods.print_to_logging.script_note import Script

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class PrintToLogging(Codemod):
    """Turn the messages that a script prints into log records.

    Why:
        A message that is printed cannot be filtered, stamped with a time or
        sent elsewhere without touching the script; a log record can. What a
        person or a pipe sees stays the same: each record is written as plain
        text to the stream that it was printed to, in the same order.

    Assumptions:
        A script sets up logging as its ``main`` begins, or below its imports
        if it has none: ``logging.basicConfig`` where nothing that it imports
        logs by itself, else a handler for its own logger, so that no
        library's records appear. A module all of whose importers are scripts
        of the same run that set up the former gets a logger and nothing else.

        What a script prints is its product if it has no other side effect:
        nothing is written, started, sent or waited for, and nothing is called
        whose effects nobody knows. Then it stays, as Python's logging HOWTO
        says of the ordinary output of a program; ``data = "convert"`` makes
        records of it.

        The messages of one function become records together or stay prints
        together, bare values and empty lines between them included, if more
        than half are messages: text of one line. A bare value, ``x = ...``,
        a text with a line break or a tab, an empty line and a ruler are none.
        They stay with one that is dialogue (the function asks by ``input()``),
        progress (``end=``, a carriage return, ``flush=True``), a password, a
        token or a key by its name, a table or text of many lines, or data for
        a program (columns, markup, JSON), or that cannot be a record: print
        used as a value, star arguments, ``__del__`` methods, prints among the
        imports. All stay where less than half of
        what the file prints can become records, where less than four can and
        other records may come, or where the handlers for both streams cannot
        be set up in its ``main``.
        A usage text stays, as the help of the program; where the program is
        left behind it, it stays by itself.

        Levels go by place, then by the words that a text starts with: an
        error in an ``except`` or before a failing exit, a warning on stderr.
        A script that prints to both streams has the messages of stderr at
        WARNING and above, and those of stdout below.

        Arguments become lazy where ``%`` gives the same text, and nothing
        that is worked out after them can change what they show; if it can,
        they are shown by ``str()`` at once.

        Withheld where the file configures logging itself, where it is part of
        a package or imported by files outside the run, in functions that a
        doctest watches, in a file that looks through its own global names or
        reads its own text. Found only: data, tests, files that redirect the
        standard streams.

        ``style = "standard"`` and ``setup`` change what is shown, as they are
        asked for by name.

    Limits:
        A library that calls ``logging.disable`` or ``logging.config`` at run
        time can silence the records. A module that is imported through
        another one which prints nothing counts as not set up.

    References:
        https://docs.python.org/3/howto/logging.html#when-to-use-logging
        https://docs.python.org/3/howto/logging.html#configuring-logging-for-a-library
    """

    triggers = (b"print",)
    assumptions = (OPEN_STDOUT, PLAIN_MESSAGES, RUN_ONLY, UNSHARED_STDOUT)
    reasons = {
        "dialogue": "The print is part of a dialogue: it leads to an input(), or its function asks for something.",
        "data": "There is no text for a person in it, or it is for another program.",
        "secret": "It shows a password, a token or a key by its name, or by the text in front of it.",
        "product": "What the script prints is all that it does: it has no other side effect.",
        "layout": "Most prints of its function lay out what they show: empty lines, rulers, columns, values.",
        "usage": "It shows how the program is used, or the documentation of the file.",
        "progress": "It is a part of a line, or moves back in one.",
        "few": "Less than half of what the file prints could become records, or too few for what would set up logging.",
        "early-set-up": "Logging for both streams would have to be set up above the main of the file.",
        "together": "The messages of a function stay together, and another one stays.",
        "value-used": "What print returns is used, or print itself is passed on.",
        "rebound": "The name print may mean something else.",
        "form": "It is called in a way that has no counterpart, or has a comment in it that would be lost.",
        "other-file": "It is written to another file than the standard streams.",
        "redirected": "The standard streams are bound anew or redirected.",
        "test": "The file is a test, whose runner captures what is printed.",
        "handler": "It is how a logging handler of the file writes.",
        "too-early": "It runs among the imports or above the logger, before logging can be set up.",
        "shutdown": "It may run while the interpreter shuts down.",
        "failure-handled": "The file handles the failure of print, before which a part is written.",
        "shared": "Scripts that import the file show its records on another stream.",
    }
    on_purpose = frozenset(
        ("dialogue", "data", "product", "layout", "usage", "progress", "few", "together", "test", "handler")
    )
    noqa = ("T201",)
    rows = ("Q4", "F1", "F10")
    uses_project = True
    note_type = Script | str

    @dataclass(frozen=True)
    class Options:
        """The settings of print-to-logging."""

        logger: str = field(default="logger", metadata={"help": "the variable that holds the module's logger"})
        setup: str = field(
            default="",
            metadata={"help": "`module:function` of your own that sets up logging, in the place of ours"},
        )
        data: Literal["keep", "convert"] = field(
            default="keep",
            metadata={"help": "whether prints of data, and those of a script that only prints, stay as they are"},
        )
        fewest: int = field(
            default=4,
            metadata={
                "help": "how many records of a file are worth what sets up logging: twice as many where it is set up "
                "for a logger of its own, and one more for each print that stays"
            },
        )

        def __post_init__(self) -> None:
            """Check what the types do not say."""
            if not self.logger.isidentifier():
                raise ValueError(f"logger: {self.logger!r} is no name")
            if self.fewest < 1:
                raise ValueError(f"fewest: {self.fewest} is less than 1")
            home, colon, name = self.setup.partition(":")
            if self.setup and not (colon and name.isidentifier() and all(map(str.isidentifier, home.split(".")))):
                raise ValueError(f"setup: {self.setup!r} is not of the form module:function")

    options: Options

    def find(self, module: Module) -> Iterator[Finding]:
        """Every print of the module, with its rewrite or the reason against one."""
        from pymodernize_codemods.print_to_logging.finding import findings

        return findings(self, module)

    def note(self, module: Module, findings: Sequence[Finding]) -> Hashable | None:
        """How this file sets up logging or, for one that others import, that it needs it set up."""
        from pymodernize_codemods.print_to_logging.finding import note

        return note(self, module, findings)


__getattr__ = libcst_command(PrintToLogging)
