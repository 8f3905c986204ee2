"""bare except → the exceptions that the body can raise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command
from pymodernize_codemods._assumptions import DOCUMENTED_EXCEPTIONS, OPEN_STDOUT
from pymodernize_codemods._exceptions.most import MOST, check_most

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class BareExcept(Codemod):
    """Name the exceptions that a bare except is there for.

    Why:
        ``except:`` catches Ctrl-C and ``sys.exit()``, too, and with them every
        slip of the pen: a script that has one cannot be stopped, and hides
        its own mistakes. The types that the body can raise are worked out
        from what it does: calls by their qualified names, methods by the class
        of their object, subscripts, divisions, conversions, imports, ``with``,
        ``for``, and the module's own functions.

    Assumptions:
        A set is closed if nothing but its types can come, for every value
        that can get there; then they are named. Where the class of a value is
        not known, the set holds what ``None`` or any other value of a wrong
        class gives, and it is open wherever a class of another file could
        answer in a way of its own: properties, operators, iterators,
        callbacks, decorators, ``__del__``. An open set, one of more than two
        types, and an empty one become ``except Exception:``.

        For every input then, as Ctrl-C and ``sys.exit()`` are meant to get out. A handler
        that always raises again becomes ``except BaseException:``, which
        means the same as before.

        Where the types of a package are those of its documentation, they are
        named under ``documented-exceptions``; without it the handler becomes
        ``except Exception:``. So it does under that assumption where the body calls a
        package that is not known, which does not end the script then, in files that import no
        other file of the project and no package that reads the command line. ``input()`` then ends
        with the EOFError that its documentation names, or with text that cannot be decoded. Under
        ``open-stdout`` a print raises nothing of its own; without it OSError and ValueError
        are named, too.

        Needs ``changes-behaviour`` where the handler may be the one for the end of the script, or
        of a generator or task: the body calls ``sys.exit()`` or something
        that does, parses arguments, calls code of other files of the project that may do so,
        yields or awaits; or Ctrl-C may be a usual way into the handler, which
        speaks of it, stands around a loop without end, or is the only way out
        of one. What would be ``except Exception:`` beside one that is left for
        this, in the same function, is left with it.

        The inputs on which old and new differ: signals other than those with
        a handler in the file; ``MemoryError`` and ``RecursionError``; integers
        too large for the system or for a float, and those of more digits than
        Python reads, in JSON; a special method of a class of another file
        (``__int__``, ``__float__``, ``__index__``, ``__fspath__``) that raises
        what the reference does not provide for; warnings that ``-W error`` turns into exceptions; a
        package whose import fails in another way than by an ImportError, as
        a damaged installation does.

    Limits:
        The types of a program that is broken in every run, the TypeError of
        ``1 + "a"``, are not looked for. A type of a package is named only if
        the file imports the package at its top. Other threads that change a
        container in the middle of a loop are not looked for. Methods that
        are named like those of texts, files, containers and loggers count as
        such, and not as code that may end the script.

    References:
        https://docs.python.org/3/howto/errors.html https://peps.python.org/pep-0008/#programming-recommendations
    """

    of_expressions = True
    triggers = (b"except",)
    reasons = {
        "rebound": "The name of a builtin exception means something else here.",
        "mixed": "Another bare except of the same function stays: both catch everything, and are written alike.",
    }
    assumptions = (DOCUMENTED_EXCEPTIONS, OPEN_STDOUT)
    noqa = ("E722",)
    rows = ("Q8", "F12")
    uses_project = True

    @dataclass(frozen=True)
    class Options:
        """The settings of bare-except."""

        most_types: int = field(
            default=MOST, metadata={"help": "how many types a handler names at most; more become `Exception`"}
        )

        def __post_init__(self) -> None:
            """Check what the type does not say."""
            check_most(self.most_types)

    options: Options

    def find(self, module: Module) -> Iterator[Finding]:
        """Every bare except of the module."""
        from pymodernize_codemods.bare_except.finding import findings

        return findings(self, module)

    def explain(self, module: Module, line: int) -> Iterator[str]:
        """The operations of the ``try`` around a line, with the types that each contributes."""
        from pymodernize_codemods._exceptions.explanation import lines_for

        return lines_for(module, line)


__getattr__ = libcst_command(BareExcept)
