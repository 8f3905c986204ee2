"""Checks of files that are removed or written over, and of statements to a database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.check import Check, calls

if TYPE_CHECKING:
    import ast

    from pymodernize.semantics.module import Module


class DestructiveDefault(Check):
    """Scripts that remove files or folders unasked.

    Why:
        A wrong path or a second run costs what cannot be brought back. An
        option such as ``--force`` or ``--dry-run``, a question or a copy kept
        beside it makes it a decision.

    Limits:
        Only scripts are looked at, and in them what removes folders with all
        that is in them, or files that the script has not made itself: temporary
        ones, its own output and what is cleaned up after a failure are passed
        over. A question or an option of such a name anywhere in the script
        counts for all of it.

    References:
        https://docs.python.org/3/library/shutil.html#shutil.rmtree
    """

    sentence = "It cannot be brought back; an option (--force, --dry-run) or a question would make it a decision."
    triggers = (b"rmtree", b"remove", b"unlink", b"rmdir", b"truncate", b"rm -")
    of_scripts = True
    rows = ("Q37",)

    def places(self, module: Module) -> Iterator[tuple[ast.AST, str]]:
        """The calls that remove."""
        from pymodernize_codemods._checks.removing import unasked_removals

        return unasked_removals(module)


class NonAtomicWrite(Check):
    """Files that are read and then written over in place.

    Why:
        From the moment that such a file is opened for writing until it is
        closed, its old content is gone and the new one is not there: what ends
        the script then costs both. A new file that takes the old one's place by
        ``os.replace`` is either there or not.

    Limits:
        A file counts as the same where the same constant or variable names it.

    References:
        https://docs.python.org/3/library/os.html#os.replace
    """

    sentence = (
        "What ends the script while it writes costs the old content and the new; os.replace of a new file would not."
    )
    triggers = (b"open(", b"write_text", b"write_bytes")
    rows = ("F13",)

    def places(self, module: Module) -> Iterator[tuple[ast.AST, str]]:
        """The calls that open or write such a file."""
        from pymodernize_codemods._checks.rewritten_files import rewritten_files

        return rewritten_files(module)


class SqlStringBuilding(Check):
    """SQL that is put together from values.

    Why:
        A quote in the value ends the text that it stands in, and the rest of it
        is SQL. Databases take values beside the statement:
        ``execute("... where id = ?", (number,))``.

    Limits:
        The statement is followed through names that are assigned once. Values
        that are numbers or constants, and lists of placeholders, are passed
        over.

    References:
        https://docs.python.org/3/library/sqlite3.html#sqlite3-placeholders
    """

    sentence = "A quote in a value becomes SQL; the database takes values beside the statement."
    triggers = (b"execute",)
    noqa = ("S608",)
    rows = ("F19",)

    def places(self, module: Module) -> Iterator[tuple[ast.AST, str]]:
        """The calls with such a statement."""
        from pymodernize_codemods._checks.statements_of_sql import built_statements

        return built_statements(module)


class InsecureTempfile(Check):
    """Names of temporary files that nobody has made yet.

    Why:
        Between the name and the file another program can make one of that name,
        or a link to a file of yours. ``tempfile.mkstemp``, ``NamedTemporaryFile`` and
        ``TemporaryDirectory`` make what they name.

    Limits:
        None of them does the same: the file is there at once, and nobody else
        may read it.

    References:
        https://docs.python.org/3/library/tempfile.html#tempfile.mktemp
    """

    sentence = (
        "Another program can make a file of that name first; mkstemp, NamedTemporaryFile and TemporaryDirectory do it "
        "themselves."
    )
    triggers = (b"mktemp", b"tempnam", b"tmpnam")
    noqa = ("S306",)
    rows = ("F29",)
    pattern = calls("tempfile.mktemp", "os.tempnam", "os.tmpnam")
