"""``except Exception`` → the exceptions that the body can raise."""

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


class BroadExcept(Codemod):
    """Name the exceptions where a handler catches all of them.

    Why:
        ``except Exception:`` says that somebody did not know what can go
        wrong, and hides the mistakes of the code beside its failures. Where
        the body's set of types is closed, the types are known.

    Assumptions:
        Needs ``changes-behaviour`` always: whoever wrote ``Exception`` may have meant it, as the
        last line of defence of a service or a thread. Found only where the
        set is open, and where it has no type or more than two.
        ``BaseException`` is found only where the body may end the script,
        too.

        A handler that raises again what it has caught, or logs it with its
        traceback, hides nothing and is left: so does BLE001 of ruff. So is a
        last line of defence: one that reports what it caught, around all
        that a loop, ``main`` or the guard does.

    Limits:
        Those of bare-except: the two share the analysis.

    References:
        https://docs.python.org/3/howto/errors.html
        https://docs.astral.sh/ruff/rules/blind-except/
    """

    of_expressions = True
    triggers = (b"except",)
    reasons = {
        "open-set": "Not every type that the body can raise is known.",
        "many-types": "The types are too many to be listed, or one cannot be named in this file.",
        "raised-itself": "The body raises the class that is caught.",
        "leaves": "The body may end the script on purpose.",
    }
    assumptions = (DOCUMENTED_EXCEPTIONS, OPEN_STDOUT)
    noqa = ("BLE001",)
    rows = ("Q8",)
    uses_project = True

    @dataclass(frozen=True)
    class Options:
        """The settings of broad-except."""

        most_types: int = field(default=MOST, metadata={"help": "how many types a handler names at most"})

        def __post_init__(self) -> None:
            """Check what the type does not say."""
            check_most(self.most_types)

    options: Options

    def find(self, module: Module) -> Iterator[Finding]:
        """Every handler of all exceptions that names them as such, and hides them."""
        from pymodernize_codemods.broad_except.finding import findings

        return findings(self, module, self.options.most_types)

    def explain(self, module: Module, line: int) -> Iterator[str]:
        """The operations of the ``try`` around a line, with the types that each contributes."""
        from pymodernize_codemods._exceptions.explanation import lines_for

        return lines_for(module, line)


__getattr__ = libcst_command(BroadExcept)
