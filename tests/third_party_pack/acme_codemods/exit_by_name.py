"""exit() → sys.exit()."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial

from acme_codemods._calls import call_of
from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, reference


class ExitByName(Codemod):
    """Leave a script with ``sys.exit``, not with the interactive ``exit``.

    Why:
        ``exit`` and ``quit`` are there for the prompt; ``python -S`` has none.

    Assumptions:
        For every input: both raise ``SystemExit`` with the same value. ``quit`` is only
        looked for if the settings say so, and UNSAFE.
    """

    triggers = (b"exit", b"quit")
    noqa = ("PLR1722",)

    @dataclass(frozen=True)
    class Options:
        """The settings of exit-by-name."""

        quit_too: bool = field(default=False, metadata={"help": "whether calls of `quit` are rewritten"})

    options: Options

    def find(self, module: Module) -> Iterator[Finding]:
        """Every call of exit."""
        names = ("builtins.exit", "builtins.quit") if self.options.quit_too else ("builtins.exit",)
        for call in module.calls(*names):
            yield self._finding(module, call)

    def _finding(self, module: Module, call: ast.Call) -> Finding:
        try:
            found = reference(module, "sys", call)
        except NameTaken as exc:
            return self.finding(module, call, "exit", reason=str(exc))
        edit = Edit(call, partial(call_of, expression=f"{found.expression}.exit"))
        safe = module.qualified_name(call.func) == "builtins.exit"
        return self.finding(
            module,
            call,
            "exit of the prompt",
            Rewrite((edit,), references=(found,)),
            assumptions=() if safe else {CHANGES_BEHAVIOUR.name},
            reason="" if safe else "quit may be patched at the prompt",
        )
