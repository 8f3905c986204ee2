"""Checks of what a person reads first: sizes, docstrings, help."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pymodernize.check import Check, calls

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class LongFunction(Check):
    """Functions with many statements or branches.

    Why:
        What cannot be seen at once is not understood at once, and cannot be
        tested piece by piece.

    Limits:
        Statements are counted, not lines: a long table is one. Declarations of
        command-line options do not count.

    References:
        https://docs.astral.sh/ruff/rules/too-many-statements/
        https://docs.astral.sh/ruff/rules/too-many-branches/
    """

    @dataclass(frozen=True)
    class Options:
        """How long a function may be."""

        statements: int = field(default=50, metadata={"help": "the most statements"})
        branches: int = field(default=12, metadata={"help": "the most branches: of if, for, while, try and match"})

    sentence = "It cannot be read or tested piece by piece."
    triggers = (b"def ",)
    noqa = ("C901", "PLR0912", "PLR0915")
    rows = ("Q9", "F8")

    def places(self, module: Module) -> Iterator[tuple[ast.AST, str]]:
        """The functions."""
        from pymodernize_codemods._checks.sizes import branches_in, statements_in

        for function in (*module.nodes(ast.FunctionDef), *module.nodes(ast.AsyncFunctionDef)):
            if (function.end_lineno or 0) - function.lineno < min(self.options.branches, self.options.statements):
                continue
            statements, branches = statements_in(function), branches_in(function)
            if statements > self.options.statements:
                yield function, f"{function.name} has {statements} statements"
            elif branches > self.options.branches:
                yield function, f"{function.name} has {branches} branches"


class Docstrings(Check):
    """Public functions without a docstring.

    Why:
        Whoever calls a function should not have to read it.

    Limits:
        Passed over are short functions, names with an underscore in front, what
        is defined inside of a function, tests, and methods that overload,
        override or set.

    References:
        https://peps.python.org/pep-0257/
    """

    @dataclass(frozen=True)
    class Options:
        """What is a short function."""

        lines: int = field(default=10, metadata={"help": "the most lines of a function that needs no docstring"})

    sentence = "Whoever calls it has to read it."
    triggers = (b"def ",)
    noqa = ("D102", "D103")
    rows = ("Q2",)

    def places(self, module: Module) -> Iterator[tuple[ast.AST, str]]:
        """The functions."""
        from pymodernize_codemods._checks.sizes import is_public

        for function in (*module.nodes(ast.FunctionDef), *module.nodes(ast.AsyncFunctionDef)):
            is_long = (function.end_lineno or 0) - function.lineno >= self.options.lines
            if is_long and ast.get_docstring(function, clean=False) is None and is_public(module, function):
                yield function, f"{function.name} has no docstring"


def _has_no_help(module: Module, call: ast.Call) -> bool:
    from pymodernize_codemods._checks.values import keyword, may_give

    action = keyword(call, "action")
    if isinstance(action, ast.Constant) and action.value in {"version", "help"}:
        return False
    return not may_give(call, "help") and not any(isinstance(arg, ast.Starred) for arg in call.args)


class ArgumentWithoutHelp(Check):
    """Options and arguments of a command that its help says nothing of.

    Why:
        ``--help`` is where a person looks who has not written the script.

    Limits:
        Parsers of argparse and options of click are looked at. Parameters that
        go into a call by ``**`` may have a help.

    References:
        https://docs.python.org/3/library/argparse.html#help
    """

    sentence = "The command's --help says nothing of it."
    triggers = (b"add_argument", b"click")
    rows = ("Q3", "F3")
    pattern = calls("click.option", where=_has_no_help)

    def places(self, module: Module) -> Iterator[tuple[ast.AST, str]]:
        """The calls that add them."""
        if module.has_text(b"argparse"):
            for call in module.names.called("add_argument"):
                if call.args and isinstance(call.args[0], ast.Constant) and _has_no_help(module, call):
                    yield call, f"{call.args[0].value} has no help"
        yield from super().places(module)
