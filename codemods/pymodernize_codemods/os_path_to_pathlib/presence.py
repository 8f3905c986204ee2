"""What is made or removed depending on whether it is there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.codemod import Codemod, Finding
from pymodernize.semantics.module import Module
from pymodernize.semantics.references import NameTaken, reference
from pymodernize_codemods._assumptions import NO_SYMLINKS, READABLE_FOLDERS
from pymodernize_codemods._paths import hazards
from pymodernize_codemods._paths.classes import PATH, is_path
from pymodernize_codemods._paths.doubts import Doubt, doubts_about, shown
from pymodernize_codemods._paths.form import Unfit
from pymodernize_codemods._paths.forms import Forms
from pymodernize_codemods._paths.hazards import Hazard
from pymodernize_codemods._paths.judgement import Judge
from pymodernize_codemods._paths.style import Style
from pymodernize_codemods.os_path_to_pathlib.statements import is_name, replaced_statement

_QUESTIONS = {"os.path.exists": "exists", "os.path.isdir": "is_dir"}
_PURE = frozenset({"os.path.dirname", "os.path.join", "os.getcwd", "pathlib.Path.cwd"})
_DEEDS = {"os.makedirs": "makedirs", "os.mkdir": "mkdir", "os.remove": "unlink", "os.unlink": "unlink"}


def findings(codemod: Codemod, module: Module, judge: Judge, style: Style | None) -> Iterator[Finding]:
    """The ``if`` statements that only ask whether something is there to make or remove it.

    Args:
        codemod: in whose name they are found.
        module: the module.
        judge: what is known of its values.
        style: judges how the new form reads; None if that does not matter.

    Yields:
        One finding a statement.
    """
    for statement in module.nodes(ast.If):
        if len(statement.body) != 1 or statement.orelse or not isinstance(statement.body[0], ast.Expr):
            continue
        done, test, negated = statement.body[0].value, statement.test, False
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            test, negated = test.operand, True
        if not isinstance(done, ast.Call) or not isinstance(test, ast.Call) or _is_elif(module, statement):
            continue
        asked, acted = _question(module, test), _deed(module, done)
        if asked is None or acted is None or ast.dump(asked[1]) != ast.dump(acted[1]) or not _is_pure(module, acted[1]):
            continue
        for finding in _combined(codemod, module, judge, statement, ((asked[0], negated, acted[0]), acted[1])):
            if style is None or _reads_well(module, judge, style, acted[1]):
                yield finding


def _reads_well(module: Module, judge: Judge, style: Style, receiver: ast.expr) -> bool:
    """Whether the path that is asked and acted on reads well, written once."""
    try:
        style.check(Forms(module, judge, "Path", bold=True).path(receiver), uses=2)
    except Unfit:
        return False
    return True


def _is_elif(module: Module, statement: ast.If) -> bool:
    return module.source.data.startswith(b"elif", module.span(statement)[0])


def _is_pure(module: Module, expr: ast.expr) -> bool:
    """Whether an expression that stands twice may stand once: a name, or the folder of one."""
    if isinstance(expr, ast.Call) and module.qualified_name(expr.func) in _PURE:
        return all(_is_pure(module, arg) or isinstance(arg, ast.Constant) for arg in expr.args)
    if isinstance(expr, ast.BinOp):
        return all(_is_pure(module, side) or isinstance(side, ast.Constant) for side in (expr.left, expr.right))
    return is_name(expr) or isinstance(expr, ast.Constant)


def _question(module: Module, test: ast.Call) -> tuple[str, ast.expr] | None:
    """What is asked of which path."""
    if test.keywords:
        return None
    qualified = module.qualified_name(test.func) or ""
    if qualified in _QUESTIONS and len(test.args) == 1:
        return _QUESTIONS[qualified], test.args[0]
    func = test.func
    if isinstance(func, ast.Attribute) and func.attr in _QUESTIONS.values() and not test.args:
        return (func.attr, func.value) if is_path(module, func.value) else None
    return None


def _deed(module: Module, done: ast.Call) -> tuple[str, ast.expr] | None:
    """What is done with which path."""
    qualified = module.qualified_name(done.func) or ""
    if qualified in _DEEDS and len(done.args) == 1 and not done.keywords:
        return _DEEDS[qualified], done.args[0]
    func = done.func
    if not isinstance(func, ast.Attribute) or done.args or not is_path(module, func.value):
        return None
    given = {keyword.arg: getattr(keyword.value, "value", None) for keyword in done.keywords}
    if func.attr == "mkdir" and given in ({}, {"parents": True}):
        return ("makedirs" if given else "mkdir"), func.value
    return ("unlink", func.value) if func.attr == "unlink" and not given else None


def _combined(
    codemod: Codemod,
    module: Module,
    judge: Judge,
    statement: ast.If,
    found: tuple[tuple[str, bool, str], ast.expr],
) -> Iterator[Finding]:
    """The finding for a question and a deed that one method does together."""
    (question, negated, deed), receiver = found
    if negated and deed in {"makedirs", "mkdir"}:
        parents = "parents=True, " if deed == "makedirs" else ""
        call, message = f"mkdir({parents}exist_ok=True)", "a folder is made if it is not there"
        reason = f"{shown(module, receiver)} may be a file, which was passed over, and raises now"
        doubts = [Doubt(READABLE_FOLDERS.name, reason)] if question == "exists" else []
        seen = Hazard.EMPTY
    elif not negated and deed == "unlink" and question == "exists":
        call, message = "unlink(missing_ok=True)", "a file is removed if it is there"
        reason = f"{shown(module, receiver)} may be a link to nothing, which was left in place, and is removed now"
        doubts = [Doubt(NO_SYMLINKS.name, reason)]
        seen = hazards.FILE
    else:
        return
    try:
        name = reference(module, PATH, statement)
        form = Forms(module, judge, name.expression).path(receiver)
    except (NameTaken, Unfit):
        return
    doubts += [*doubts_about(module, receiver, judge.of(receiver) & seen, as_text=False), *form.doubts]
    references = (name,) if form.names_path else ()
    text = f"{form.base}.{call}"
    yield replaced_statement(codemod, module, statement, message, text, doubts=doubts, references=references)
