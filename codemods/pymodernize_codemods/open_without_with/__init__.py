"""``file = open(…)`` → ``with open(…) as file:``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command
from pymodernize_codemods._assumptions import OPEN_STDOUT, TEXT_PATHS

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class OpenWithoutWith(Codemod):
    """Open files with a ``with`` statement, which closes them.

    Why:
        A file that nothing closes, or that is closed only if nothing goes wrong before, keeps what
        was written to it in a buffer, and its number for as long as Python likes. A ``with``
        statement closes it on every way out, and shows for how long it is needed.

    Assumptions:
        For every input: a file that is only read, and that nothing but plain uses of its variable can reach, is closed
        after its last use, which nothing can tell from closing it later. One that is written is closed
        where it was, by a ``close()`` right behind the block or in a ``finally``. A file that an
        expression uses up is closed behind it, as Python did.

        Needs ``changes-behaviour`` for all others: files that are written and that nothing closes, or that are
        closed elsewhere, and files that something else holds, too: other code may see when they are closed.

        Needs ``open-stdout`` where a file is written that nothing closed, or that was closed only if
        nothing went wrong: an error that the last of it meets, on a full disk, is raised now and was passed
        over. Needs ``text-paths`` where the path may be the number of an open file: that is closed, too.

        The ``with`` statement goes from the ``open()`` to the last use of the file. Files that are opened
        one after the other share one. Where an expression uses the file up, it gets a name, and what else
        the statement does that may look at files is done behind it.

        A connection of sqlite3, socket, urllib or http.client that a ``close()`` ends in the block in which it is
        made is closed there, for every input where no other file imports this one, nothing in it handles
        exceptions outside of that block, and the connection is only used by its methods; else it takes
        ``changes-behaviour``. The ``with`` statement of sqlite3 ends a transaction and no more, and http.client has
        none: they take ``contextlib.closing``.

        Kept on purpose: a file that a function returns, or that an object, a list or a global variable
        keeps: it lives longer than any block.

    Limits:
        Found only where the file is passed to a function that may keep it, where another name, a function
        or a later block uses it, where it is opened on a condition or in a ``try`` that handles the failure
        apart, where it is closed in a branch, where something may read what is written before it is closed,
        where more than ``most_lines`` lines would move, and where they define or import something. Connections
        that nothing closes in their block are passed over, and so are those of smtplib and ftplib, whose ``with``
        statements say goodbye to the server.

    References:
        https://docs.python.org/3/tutorial/inputoutput.html#reading-and-writing-files
    """

    triggers = (b"open", b"GzipFile", b"BZ2File", b"LZMAFile", b"ZipFile", b"connect", b"socket", b"HTTP")
    noqa = ("SIM115",)
    rows = ("Q12", "Q19", "F13")
    assumptions = (OPEN_STDOUT, TEXT_PATHS)
    reasons = {
        "returned": "The file is given to a caller, who uses it later.",
        "stored": "The file is kept in an attribute, a container or a second variable.",
        "shared": "A function uses the file, or its variable is a global one.",
        "passed-on": "The file is passed to code that may keep it, or that may look at it while it is open.",
        "conditional": "It depends on a condition whether the file is opened, or it is used outside of its block.",
        "rebound": "A variable that holds the file, or what reads it, is bound more than once meanwhile.",
        "used-later": "The variable is used where it may hold this file or another, or where it is closed.",
        "closed-elsewhere": "The file is closed in a part of the block, and the block goes on.",
        "finally": "The finally that closes the file does more than that.",
        "caught-open": "The failure of open() is handled apart from what is done with the file.",
        "crossing": "A second file outlives the first, which would be closed later than it is.",
        "read-meanwhile": "Something may look at what is written before the file is closed.",
        "unfinished": "A with statement writes the end of a tar archive where nothing goes wrong, and only there.",
        "not-used": "Nothing is read from the file or written to it.",
        "evaluated-earlier": "Other parts of the statement are worked out before the file is opened.",
        "definitions": "Functions, classes or imports would move into the with statement.",
        "long-block": "More lines would move to the right than most_lines allows.",
        "handled": "An exception is handled around it, by code that may use the connection, or what it gave.",
        "shared-line": "A line has more than one statement.",
    }
    on_purpose = frozenset({"returned", "stored"})

    @dataclass(frozen=True)
    class Options:
        """The settings of open-without-with."""

        most_lines: int = field(default=40, metadata={"help": "how many lines move to the right for a file at most"})

        def __post_init__(self) -> None:
            """Check what the type does not say."""
            if self.most_lines < 1:
                raise ValueError("most-lines must be at least 1")

    options: Options

    def find(self, module: Module) -> Iterator[Finding]:
        """Every file that is opened without a ``with`` statement."""
        from pymodernize_codemods.open_without_with.finding import findings

        return findings(self, module, self.options.most_lines)


__getattr__ = libcst_command(OpenWithoutWith)
