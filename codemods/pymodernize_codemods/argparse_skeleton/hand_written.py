"""Command lines that are read by hand: ``sys.argv[1]``, ``len(sys.argv)``, loops that look for options."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.codemod import Codemod, Finding
from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken
from pymodernize.semantics.scripts import acts
from pymodernize_codemods._assumptions import PLAIN_ARGUMENTS
from pymodernize_codemods._script.entry import entry
from pymodernize_codemods.argparse_skeleton.added_options import configuration_constants, prompts_of
from pymodernize_codemods.argparse_skeleton.analysis import analyse
from pymodernize_codemods.argparse_skeleton.argv_flow import read_command_line
from pymodernize_codemods.argparse_skeleton.argv_uses import ArgvUses
from pymodernize_codemods.argparse_skeleton.evidence import check_evidence
from pymodernize_codemods.argparse_skeleton.other_readers import check_readers, uses_parser
from pymodernize_codemods.argparse_skeleton.reasons import Bare, NotPlain
from pymodernize_codemods.argparse_skeleton.rewriting import rewrite_of

_MESSAGE = "command line read by hand"


def find(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """The command line of a script that reads it by hand, with its rewrite or the reason against one.

    Args:
        codemod: whose findings they are.
        module: the module.
    """
    wanted = codemod.options.constants or codemod.options.prompts
    if b"argv" not in module.source.data and not wanted or uses_parser(module) or module.is_test:
        return
    try:
        argv = read_command_line(module) or _without(codemod, module)
        if argv is None:
            return
        if not module.is_closed:
            raise NotPlain("other files may import this one", argv.here)
        check_readers(module)
        check_evidence(module, argv)
        made = rewrite_of(analyse(module, argv, codemod.options))
        if made is None:
            return
    except NotPlain as exc:
        node = exc.node if hasattr(exc.node, "lineno") else module.tree.body[0]
        code = "names-only" if isinstance(exc, Bare) else "by-hand"
        yield codemod.finding(module, node, _MESSAGE, reason=Reason(code, exc.reason))
        return
    except NameTaken as exc:
        yield codemod.finding(module, module.tree.body[0], _MESSAGE, reason=str(exc))
        return
    rewrite, assumed = made
    message = _MESSAGE if argv.nodes() else "script without a command line"
    message += " (comments inside of the checks go with them)" if rewrite.drops_comments else ""
    reasons = "; ".join(reason for name, reason in assumed.items() if len(assumed) == 1 or name != PLAIN_ARGUMENTS.name)
    yield codemod.finding(module, argv.here, message, rewrite, assumptions=assumed, reason=reasons)


def _without(codemod: Codemod, module: Module) -> ArgvUses | None:
    """The command line of a script that has none yet, if the options give it one."""
    options = codemod.options
    if not module.is_closed or not module.is_script or b"argv" in module.source.data:
        return None
    start = entry(module)
    body = start.main.body if start is not None else module.guard.body if module.guard is not None else module.tree.body
    first = next((item for item in body if acts(module, item) or _asks(item)), None)
    if first is None:
        return None
    frame = start.main if start is not None else None
    constants = options.constants and frame is None and configuration_constants(module, first)
    prompts = options.prompts and prompts_of(module, frame)
    return ArgvUses(module, frame, first=first) if constants or prompts else None


def _asks(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Call)
