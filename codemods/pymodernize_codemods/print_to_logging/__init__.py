"""print → logging."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pymodernize.codemod import Codemod, Finding, libcst_command
from pymodernize_codemods._assumptions import OPEN_STDOUT, RUN_ONLY

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class PrintToLogging(Codemod):
    """Turn the messages that a script prints into log records.

    Why:
        A message that is printed cannot be filtered, stamped with a time or
        sent elsewhere without touching the script; a log record can. What a
        person or a pipe sees stays the same: each record is written as plain
        text to the stream that it was printed to, in the same order.

    Safety:
        SAFE in a script that nothing imports and that has no logging of its
        own, and in a module all of whose importers set up logging for it in
        the same run. The set-up writes to the stream of the moment, does not
        flush, and lets errors of the stream through, as print does.

        UNSAFE where the file configures logging itself (its level and format
        decide what is seen), where it is part of a package or imported by
        files outside the run (nobody may set up logging), in functions that a
        doctest watches, in a file that looks through its own global names,
        reads its own text or has objects that work in ``__del__``, and always
        with ``style = "standard"``, which changes stdout and writes a log file.

        Arguments become lazy ``%`` arguments where the text is the same for
        every value: ``{x!r}`` and ``str(x)`` always, ``{x}`` and ``{x:.2f}``
        where the class of the value is known. The values on which ``{x}`` and
        ``%s`` differ are those whose class defines ``__format__``: members of
        enumerations with a mixed-in type, numpy's float32, and the like.

        Found only: data (no literal text), dialogue before an ``input()``,
        progress (``end=``, a carriage return, ``flush=True``), other files,
        print used as a value, star arguments, tests, ``__del__`` methods,
        files that redirect the standard streams, and prints among the imports.

    Limits:
        A library that calls ``logging.disable`` or ``logging.config`` at run
        time can silence the records. A module that is imported through
        another one which prints nothing counts as not set up. Whoever imports
        a script with a guard from outside the project gets none of its
        records. Where ``str()`` of an
        argument fails and the script goes on, print has written the arguments
        before it and logging has not. A script without any function gains
        one, so that Python takes it apart later: a ``__del__`` of another
        module that opens files then fails.

    References:
        https://docs.python.org/3/howto/logging.html#configuring-logging-for-a-library
    """

    triggers = (b"print",)
    assumptions = (
        OPEN_STDOUT,
        RUN_ONLY,
    )
    noqa = ("T201",)
    uses_project = True

    @dataclass(frozen=True)
    class Options:
        """The settings of print-to-logging."""

        style: Literal["plain", "standard"] = field(
            default="plain",
            metadata={"help": "`plain` shows records as they were printed; `standard` adds UTC time, run id, log file"},
        )
        logger: str = field(default="logger", metadata={"help": "the variable that holds the module's logger"})
        data: Literal["keep", "convert"] = field(
            default="keep", metadata={"help": "whether prints without literal text stay as they are"}
        )

        def __post_init__(self) -> None:
            """Check what the types do not say."""
            if not self.logger.isidentifier():
                raise ValueError(f"logger: {self.logger!r} is no name")

    options: Options

    def find(self, module: Module) -> Iterator[Finding]:
        """Every print of the module, with its rewrite or the reason against one."""
        from pymodernize_codemods.print_to_logging.finding import findings

        return findings(self, module)

    def note(self, module: Module, findings: Sequence[Finding]) -> Hashable | None:
        """Which loggers this file sets up or, as a module that others import, needs set up."""
        from pymodernize_codemods.print_to_logging.finding import note

        return note(self, module, findings)


__getattr__ = libcst_command(PrintToLogging)
