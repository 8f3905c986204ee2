"""``for line in file.readlines()`` → ``for line in file``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command
from pymodernize_codemods._assumptions import OPEN_STDOUT, UTF_8_LOCALE

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class ReadlinesIteration(Codemod):
    """Go through the lines of a file without a list of them all.

    Why:
        ``readlines`` puts the whole file into memory before the first line is looked at. A file gives its
        lines one by one, and is read as far as they are needed.

    Assumptions:
        For every input where the lines only become a list, a set, a tuple or a sorted list, or a comprehension takes
        them that does nothing but call methods of texts which cannot fail.

        A loop runs while the file is read. It takes ``open-stdout``: nothing else writes the file meanwhile. It takes
        ``utf-8-locale`` where the file is a text that may fail to be decoded: the error would come after the first
        turns, not before them. In a comprehension that may fail itself, one error may come instead of the other.

        Only a file that is opened for reading, and that nothing but plain uses of its variable can reach.

    Limits:
        Found only where the loop uses the file, where the file is used after the loop for anything but
        ``close()``, where the body writes a file of the same path or hands the path on, where a generator or a
        coroutine is suspended in the loop, and for what is no file that the script has opened itself: the standard
        input and pipes of processes may be read in turns with what answers them. A disk that fails in the middle of a
        file is not told from one that fails at its start.

    References:
        https://docs.python.org/3/tutorial/inputoutput.html#methods-of-file-objects
    """

    of_expressions = True
    triggers = (b"readlines",)
    noqa = ("FURB129",)
    rows = ("Q19", "F22")
    assumptions = (OPEN_STDOUT, UTF_8_LOCALE)
    reasons = {
        "unknown-file": "It is not certain that the object is a file which is opened for reading there.",
        "shared": "A function uses the file, or its variable is a global one.",
        "next-turn": "A loop around this one may go through the same file again.",
        "used-inside": "The loop itself uses the file.",
        "used-later": "The file is used again, where it matters how far it was read.",
        "passed-on": "The file is put or passed on, or its path is passed to code that may write it.",
        "written": "The loop may write the file that it reads.",
        "suspended": "Other code runs between two turns of the loop.",
        "decoding": "The file may fail to be decoded in its middle.",
    }

    def find(self, module: Module) -> Iterator[Finding]:
        """Every call of ``readlines`` whose lines are gone through."""
        from pymodernize_codemods.readlines_iteration.finding import findings

        return findings(self, module)


__getattr__ = libcst_command(ReadlinesIteration)
