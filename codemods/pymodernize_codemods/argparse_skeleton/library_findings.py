"""The finding for a command line that getopt or optparse reads: its rewrite, or the reason why there is none."""

from __future__ import annotations

import ast
from collections.abc import Callable

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Finding, Rewrite
from pymodernize.reasons import Reason, code_of
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken
from pymodernize_codemods._assumptions import PLAIN_ARGUMENTS, SURPLUS_ARGUMENTS
from pymodernize_codemods._script.call_source import Unforeseen
from pymodernize_codemods.argparse_skeleton.reasons import HYPHEN, IGNORED, NotConvertible


def finding_of(
    codemod: Codemod, module: Module, call: ast.Call, library: str, convert: Callable[[], tuple[Rewrite, list[str]]]
) -> Finding:
    """The finding for one call, with its rewrite or the reason against one.

    Args:
        codemod: whose finding it is.
        module: the module.
        call: the call that reads the command line.
        library: what it is of.
        convert: gives the rewrite and why it may break the script; it raises
            ``NotConvertible``, ``Unforeseen`` or ``NameTaken`` where there is none.
    """
    message = f"a command line by {library}"
    try:
        rewrite, doubts = convert()
    except (NotConvertible, Unforeseen, NameTaken) as exc:
        return codemod.finding(module, call, message, reason=Reason(code_of(exc, "other-library"), str(exc)))
    message += ", with comments that go" if rewrite.drops_comments else ""
    assumed = {PLAIN_ARGUMENTS.name}
    if IGNORED in doubts:
        assumed.add(SURPLUS_ARGUMENTS.name)
    if any(doubt != IGNORED for doubt in doubts):
        assumed.add(CHANGES_BEHAVIOUR.name)
    return codemod.finding(module, call, message, rewrite, assumptions=assumed, reason="; ".join(doubts or [HYPHEN]))
