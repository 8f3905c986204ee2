"""Where the parser's function goes, and where it is called."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from pymodernize.semantics.scripts import acts, is_guard
from pymodernize_codemods._script.entry import begins, shows_messages
from pymodernize_codemods._script.parsers import Parser, sources
from pymodernize_codemods.argparse_skeleton.added_options import prompts_of
from pymodernize_codemods.argparse_skeleton.analysis import Analysis
from pymodernize_codemods.argparse_skeleton.patch import Patch


def first_statement(analysis: Analysis) -> ast.stmt:
    """The first statement that needs the arguments, in a block that all share."""
    module, argv = analysis.module, analysis.argv
    nodes: list[ast.expr | ast.stmt] = argv.nodes() or [item for item in [argv.first] if item is not None]
    nodes += [call for call, _ in prompts_of(module, argv.frame)] if analysis.settings.prompts else []
    guards = [item for item in module.nodes(ast.If) if is_guard(item)]
    shared = {guard for guard in guards if all(module.is_inside(node, guard) for node in argv.nodes())}
    owners = {argv.frame, module.tree, *shared}
    outermost: dict[ast.AST, ast.stmt] = {}
    for node in (*nodes, *argv.checks):
        passed: list[ast.AST] = []
        child: ast.AST = node
        while child not in outermost:
            passed.append(child)
            around = module.parent(child)
            if around is None or around in owners:
                outermost[child] = module.statement(child)
            else:
                child = around
        outermost |= dict.fromkeys(passed, outermost[child])
    return min((outermost[node] for node in (*nodes, *argv.checks)), key=lambda item: item.lineno)


def place_of_call(analysis: Analysis, parser: Parser, patch: Patch) -> ast.stmt:
    """The statement before which the command line is read.

    Args:
        analysis: what is known of the script.
        parser: the parser.
        patch: what becomes of the script's statements.

    Returns:
        The first that needs the arguments; one further up if what stands
        between does work that no run can succeed with before the arguments.
    """
    at = first_statement(analysis)
    block = analysis.module.block(at)
    above = block[: next(number for number, item in enumerate(block) if item is at)]
    first = next((number for number, item in enumerate(above) if _works(analysis, item, patch)), None)
    if first is None or analysis.early_exits.may_succeed(above[first:]):
        return at
    return at if _read_by(parser) & _set_by(above[first:]) else above[first]


def _read_by(parser: Parser) -> set[str]:
    """The names that the parser's settings have."""
    trees = [ast.parse(source) for key in ("default", "version") for source in sources(parser.arguments, key)]
    return {item.id for tree in trees for item in ast.walk(tree) if isinstance(item, ast.Name)}


def _set_by(body: Sequence[ast.stmt]) -> set[str]:
    names = [node for item in body for node in ast.walk(item) if isinstance(node, ast.Name)]
    return {node.id for node in names if isinstance(node.ctx, ast.Store)}


def _works(analysis: Analysis, statement: ast.stmt, patch: Patch) -> bool:
    """Whether a statement does more than to define, to import and to set up logging."""
    if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom)):
        return False
    if patch.statements.get(statement) == () or shows_messages(analysis.module, statement):
        return False
    return acts(analysis.module, statement)


def place_of_function(analysis: Analysis, at: ast.stmt, patch: Patch) -> ast.FunctionDef | None:
    """A function of the module that goes, above a statement: the parser's can stand where it stood."""
    top = analysis.module.top_level(at)
    gone = [
        item
        for item in analysis.module.tree.body
        if isinstance(item, ast.FunctionDef) and patch.statements.get(item) == () and item.lineno < top.lineno
    ]
    return gone[-1] if gone else None


def opens_block(analysis: Analysis, at: ast.stmt, patch: Patch) -> bool:
    """Whether the call stands above all that is left of a block."""
    alone = patch.statements.get(at) == () and patch.told_of(at)
    return begins(analysis.module, at) and not alone
