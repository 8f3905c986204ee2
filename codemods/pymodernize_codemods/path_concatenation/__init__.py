"""The codemod that has paths joined instead of their texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command
from pymodernize_codemods._assumptions import OF_PATHS
from pymodernize_codemods._paths.operations import CALLING, TAKING_PATHS
from pymodernize_codemods._paths.options import REASONS, PathOptions

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class PathConcatenation(Codemod):
    """Join paths with ``pathlib`` instead of putting their texts together.

    Why:
        A path that is put together with ``+``, ``%``, ``format``, an f-string
        or ``"/".join`` has its separators counted by hand: one too few makes
        another name, one too many another text, and a part that is empty makes
        an absolute path of a relative one. ``folder / name`` cannot be wrong
        in these ways.

    Assumptions:
        Only a text that is used as a path is touched: opened, handed to a
        function for files, joined to another path, or kept in a variable that
        is. Addresses, dates, types, patterns and keys of stores are none of
        these and are not looked at.

        Each rewrite keeps one equation: the new path is ``Path(old text)``.
        For every input where the first part cannot be empty (``"" + "/" + name`` is
        absolute), no later part can start with a slash (a path starts anew
        there), and nothing that receives the whole sees what a path drops: a
        slash at the end, doubled slashes, single dots. It is judged by where
        each part comes from: a literal, an entry of a folder, a number, a name
        without a slash.

        Under assumptions otherwise, as for parts from ``sys.argv``, ``input()`` or the
        environment, and for a formatted value whose type is not known, since
        formatting takes numbers and None as well.

        A text is joined as a path where its first part is one, or becomes one
        where it is defined, or where more is done with the whole than to open
        it: ``open(f"bills/{number}.txt")`` is clear as it is. That is kept on
        purpose, reason ``style``; ``everywhere`` has it rewritten, too.

    Limits:
        Formats with a width, a conversion or named fields are left alone,
        but for those of numbers, and so is a text that begins with two
        slashes, or has ``://`` or a ``?`` in it. Judged by the rules of POSIX.

    References:
        https://docs.python.org/3/library/pathlib.html#operators
    """

    of_expressions = True
    of_python_3 = True
    triggers = (*CALLING, *TAKING_PATHS)
    assumptions = OF_PATHS
    noqa = ("PTH",)
    rows = ("Q28", "F18")
    Options = PathOptions
    reasons = REASONS

    def find(self, module: Module) -> Iterator[Finding]:
        """One finding a text that is put together with slashes and used as a path."""
        from pymodernize_codemods.path_concatenation.finding import findings

        return findings(self, module)


__getattr__ = libcst_command(PathConcatenation)
