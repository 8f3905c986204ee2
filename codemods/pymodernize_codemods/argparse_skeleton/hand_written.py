"""Command lines that are read by hand: ``sys.argv[1]``, ``len(sys.argv)``, loops that look for options."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.codemod import Codemod, Finding, Safety
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken
from pymodernize_codemods.argparse_skeleton.evidence import check_evidence
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain
from pymodernize_codemods.argparse_skeleton.rewriting import Rewriting
from pymodernize_codemods.argparse_skeleton.vectors import read_command_line

_MESSAGE = "command line read by hand"
_PARSERS = (
    "argparse.ArgumentParser",
    "getopt.getopt",
    "getopt.gnu_getopt",
    "optparse.OptionParser",
)


def find(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """The command line of a script that reads it by hand, with its rewrite or the reason against one.

    Args:
        codemod: whose findings they are.
        module: the module.
    """
    if b"argv" not in module.source.data or module.calls(*_PARSERS) or module.is_test:
        return
    try:
        line = read_command_line(module)
        if line is None:
            return
        if not module.is_closed:
            raise NotPlain("other files may import this one", line.first or module.tree.body[0])
        first = line.first or module.tree.body[0]
        check_evidence(module, line)
        rewriting = Rewriting(module, line)
        rewriting.run()
        rewrite, cost = rewriting.rewrite()
    except NotPlain as exc:
        yield codemod.finding(
            module, exc.node if hasattr(exc.node, "lineno") else module.tree.body[0], _MESSAGE, reason=exc.reason
        )
        return
    except NameTaken as exc:
        yield codemod.finding(module, module.tree.body[0], _MESSAGE, reason=str(exc))
        return
    safety, reason = Safety.SAFE, ""
    if rewriting.range.usage:
        safety = Safety.UNSAFE
        reason = (
            "the script shows its usage and ends with success where arguments are missing, and argparse fails there"
        )
    yield codemod.finding(module, _place(first), _MESSAGE + cost, rewrite, safety=safety, reason=reason)


def _place(node: ast.AST) -> ast.AST:
    return node
