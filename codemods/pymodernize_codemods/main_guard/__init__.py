"""Statements at the top level → ``main``, called under the guard."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class MainGuard(Codemod):
    """Put the work of a script into main, called under the guard.

    Why:
        A file that works as soon as it is loaded cannot be imported, tested
        or documented without doing its work. Names that it sets at the top
        level can be changed by every function in it. With a ``main`` that
        returns the exit status, the script can be called by its name, and
        most of its variables are that function's own.

    Assumptions:
        For every input: the statements run in the order in which they stand. Imports,
        definitions and constants stay at the top level; of those below the
        first work, only such as nothing above uses and as come out the same
        at any time. Of the names that other code reads, those that are bound
        once, at the top level of main and before each call of the functions
        that read them, become parameters of these functions, where few calls
        change. Where ``main`` is there, returns nothing and may end the script
        with a failure, it returns 0. Up to four calls of the script's own
        functions that are all its work, and prints, get a guard and no main.

        Needs ``changes-behaviour`` where the file can tell that a value lives as long as main
        runs, and not until Python ends (``__del__``, weak references), and
        where it shows the names of the functions that it runs in. So it is
        where there is no guard and the work is nothing that only a program
        does: print, read the command line, end, change files. A module may do
        it for those that import it. Beside a guard such work stays.

        Left, with the reason: files that others import or load, or that say
        with ``__all__`` what others import; files that
        get at their own names otherwise (``globals()``, ``exec``, ``vars()``,
        ``import __main__``, doctest); notebooks; definitions that need what
        the work above them sets, or that the work uses before they are there;
        names that would have to be ``global`` in main: functions read or set
        what the work sets, or a builtin is meant before the name is bound;
        a name ``main`` that means something else, or returns values that the
        script drops; star imports below work; processes that run the file
        again.

        As long as the style is not ``standard`` these stay as they are, too: what
        stands under a guard and ends the script with no failure; a ``main``
        under a guard that only ever ends with success; a script that defines
        nothing, or of which no import can say the name (``clean-up.py``), and
        takes no arguments and ends with no failure of its own: nothing in it
        could be imported; such a script that tries out one definition after the
        other, each below itself. So does, in any style, a script that ends with a
        variable that nothing reads: that is what it was run for.

    Limits:
        Lines that move are indented, and may become longer than a linter
        likes. A trace that a failing script leaves on stderr says ``main``
        where it said ``<module>``. ``main`` gets a docstring if the script says
        in one line what it does. Objects of other libraries are let go when
        main returns: before functions of ``atexit`` run.

    References:
        https://docs.python.org/3/library/__main__.html#idiomatic-usage
    """

    of_python_3 = True
    triggers = (b"(", b"__main__")
    rows = ("Q23", "F8")
    reasons = {
        "imported": "Other files may load it, and would miss what it does then.",
        "names": "Names that it binds are used outside of what would be main, or reached in other ways than by naming.",
        "star-import": "An import of everything may bind any name.",
        "own-main": "It has a main that is used in another way.",
        "order": "Statements that stay may depend on work above them.",
        "late-import": "An import of a package stands below work, and would stand in the middle of main.",
        "nested": "A function or class stands in a try that would move into main.",
        "processes": "Processes that it starts may run the file again.",
        "runner": "A test runner looks through the file and ends it.",
        "notebook": "It is a notebook that was exported.",
        "result": "What it sets last is read by nothing: it is there for who loads the file or runs it with -i.",
        "flat": "There is nothing in it that others could import; it takes no arguments, and ends with no failure.",
        "steps": "It defines one thing after the other and tries each out below it; it is no command either.",
    }
    on_purpose = frozenset(("runner", "notebook", "result", "flat", "steps"))
    uses_project = True
    of_scripts = True

    def find(self, module: Module) -> Iterator[Finding]:
        """One finding for a file, at its first work or its guard."""
        from pymodernize_codemods.main_guard.finding import findings

        return findings(self, module)


__getattr__ = libcst_command(MainGuard)
