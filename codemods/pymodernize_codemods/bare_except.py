"""bare except → the exceptions that the body can raise."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from pymodernize.codemod import Codemod, Edit, Finding, Rewrite, Safety, libcst_command
from pymodernize.semantics.module import Module
from pymodernize_codemods._exceptions.clauses import Clause, Written, said
from pymodernize_codemods._exceptions.explanation import lines_for
from pymodernize_codemods._exceptions.hierarchy import MOST, check_most
from pymodernize_codemods._exceptions.interrupts import handled_by_hand


class BareExcept(Codemod):
    """Name the exceptions that a bare except is there for.

    Why:
        ``except:`` catches Ctrl-C and ``sys.exit()``, too, and with them every
        slip of the pen: a script that has one cannot be stopped, and hides
        its own mistakes. The types that the body can raise are worked out
        from what it does: calls by their qualified names, methods by the class
        of their object, subscripts, divisions, conversions, imports, ``with``,
        ``for``, and the module's own functions.

    Safety:
        A set is closed if nothing but its types can come, for every value
        that can get there; then they are named. Where the class of a value is
        not known, the set holds what ``None`` or any other value of a wrong
        class gives, and it is open wherever a class of another file could
        answer in a way of its own: properties, operators, iterators,
        callbacks, decorators, ``__del__``. An open set, one of more than four
        types, and an empty one become ``except Exception:``.

        SAFE then, as Ctrl-C and ``sys.exit()`` are meant to get out. A handler
        that always raises again becomes ``except BaseException:``, which
        means the same as before.

        UNSAFE where the handler may be the one for the end of the script, or
        of a generator or task: the body calls ``sys.exit()`` or something
        that does, parses arguments, calls code of other files that may do so,
        yields or awaits; or Ctrl-C may be a usual way into the handler, which
        speaks of it, stands around a loop without end, or is the only way out
        of one.

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

    triggers = (b"except",)
    noqa = ("E722",)
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
        for statement in module.nodes(ast.Try):
            for handler in statement.handlers:
                if handler.type is None:
                    yield self._narrowed(module, Clause(module, statement, handler))

    def explain(self, module: Module, line: int) -> Iterator[str]:
        """The operations of the ``try`` around a line, with the types that each contributes."""
        return lines_for(module, line)

    def _narrowed(self, module: Module, clause: Clause) -> Finding:
        handler = clause.handler
        if clause.raises_again:
            if not clause.is_builtin("BaseException"):
                return self.finding(module, handler, "bare except", reason="BaseException means something else here")
            message = "bare except that raises again: BaseException says so"
            return self._rewritten(module, handler, [Written("BaseException")], message)
        types = clause.at_most(self.options.most_types) if clause.is_closed else None
        written = types or ([Written("Exception")] if clause.is_builtin("Exception") else None)
        message = f"bare except; {_about(clause)}"
        if written is None:
            return self.finding(module, handler, message, reason="Exception means something else here")
        unsafe = clause.leaves or handled_by_hand(module, clause.statement, handler)
        return self._rewritten(module, handler, written, message, unsafe)

    def _rewritten(
        self, module: Module, handler: ast.ExceptHandler, types: list[Written], message: str, unsafe: str = ""
    ) -> Finding:
        from pymodernize_codemods._exceptions.rewriting import with_types

        rewrite = Rewrite(
            edits=(Edit(handler, partial(with_types, types=tuple(item.expression for item in types))),),
            references=tuple(item.reference for item in types if item.reference is not None),
        )
        safety = Safety.UNSAFE if unsafe else Safety.SAFE
        return self.finding(module, handler, message, rewrite, safety=safety, reason=unsafe)


def _about(clause: Clause) -> str:
    """What is known of the body, for a person."""
    known = said(clause.types)
    if clause.is_closed:
        return f"the body raises {known}" if known else "nothing in the body is known to raise"
    first = next(item for item in clause.operations if item.unknown)
    why = f"{first.what} (line {getattr(first.node, 'lineno', 0)}): {first.unknown}"
    return f"the body raises {known} and perhaps others; {why}" if known else f"what the body raises is open; {why}"


__getattr__ = libcst_command(BareExcept)
