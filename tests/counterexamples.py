"""Run the counterexamples of assumptions with the installed codemods, before and after their rewrite."""

from __future__ import annotations

from running import installed

from pymodernize.assumptions import Counterexample
from pymodernize.commands.authoring import counterexamples
from pymodernize.commands.authoring.counterexamples import outcome

__all__ = ["outcome", "rewritten"]


def rewritten(example: Counterexample) -> str:
    """What the example's codemod makes of it if everything is assumed."""
    return counterexamples.rewritten(example, installed())
