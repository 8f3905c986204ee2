"""The codemod that has paths handled by pathlib."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command
from pymodernize_codemods._assumptions import OF_PATHS
from pymodernize_codemods._paths.operations import CALLING
from pymodernize_codemods._paths.options import REASONS, PathOptions

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class OsPathToPathlib(Codemod):
    """Have paths handled by ``pathlib.Path`` instead of by functions on text.

    Why:
        A path that is a text is taken apart and put together by functions
        that take any text, and every part of a program decides for itself
        what the text means. A ``Path`` knows its name, its folder and its
        suffix, and what can be done with it is said in the same words for a
        file that is there and for one that is to be written.

    Assumptions:
        The codemod follows values. A variable becomes a path when everything
        that is put into it and everything that reads it is in sight: in one
        scope, in closures, parameters and results of functions whose every
        call is in the file, attributes of classes that only the file itself
        can reach. Where one place needs a text it gets ``str(...)``; where
        most do, the variable stays a text.

        Each rewrite keeps one equation: the new path is ``Path(old text)``.
        ``Path`` drops a slash at the end, doubled slashes and single dots, and
        makes the current folder of an empty text. Without any goes what cannot have
        these, by where it comes from (``__file__``, a literal, a join that
        ends in one, an entry of a folder), or goes where they are not seen.
        ``docs/paths.md`` has the whole table of differences.

        Assumptions are needed, among others, for whatever comes from ``sys.argv``, ``input()``
        or the environment and is used as it is; a value whose type is not
        known (bytes and file descriptors are no paths); ``exists()``,
        ``is_file()`` and ``is_dir()`` below a folder that may be closed to a
        search, where the methods raise PermissionError before Python 3.14;
        ``resolve()`` for ``os.path.abspath()`` of what may have ``..`` in it,
        as it follows links; ``glob()`` with a pattern that begins with a
        wildcard, as it finds hidden files, too; suffixes of names that begin
        with two dots or end in one; a message about a missing file that a
        handler shows. ``--assume all`` rewrites these as a person would.

        Found only: ``os.walk``, ``os.path.relpath``, ``commonpath``,
        ``expandvars`` and what else has no counterpart in every version from
        Python 3.10 on, and functions that the file itself puts others in the
        place of, as tests do.

        Not everything that could be written with pathlib is. A value is made
        a path once, where it enters: where it is read or defined. A file that
        has no path otherwise gets none for a single ``exists()``, ``mkdir()``
        or ``unlink()``. ``open()`` and ``os.listdir()`` stay where there is no path, and so does what has to
        be a text in the end, and what would need ``Path()`` at each of several
        uses. That is kept on purpose, reason ``style``; ``everywhere`` has it
        rewritten, too.

    Limits:
        Judged by the rules of POSIX: on Windows, the text of a path that was
        written with slashes shows backslashes. A NUL, a name over the system's
        limit, a working folder that may not be searched, and a home that the
        system does not know do not decide. What is added to a text is taken
        for a text. Elements of lists stay texts, but for the loops over
        ``os.listdir()`` and ``glob.glob()``.

    References:
        https://docs.python.org/3/library/pathlib.html#correspondence-to-tools-in-the-os-module
    """

    of_expressions = True
    of_python_3 = True
    triggers = (*CALLING, b"add_argument")
    assumptions = OF_PATHS
    noqa = ("PTH",)
    rows = ("Q28",)
    Options = PathOptions
    reasons = REASONS

    def find(self, module: Module) -> Iterator[Finding]:
        """One finding a variable that becomes a path, and one a call."""
        from pymodernize_codemods.os_path_to_pathlib.finding import findings

        return findings(self, module)


__getattr__ = libcst_command(OsPathToPathlib)
