"""Texts that stay formatted by ``%``, by where they stand and what they are for."""

from __future__ import annotations

import ast
import re

from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize_codemods._checks.statements_of_sql import is_of_statement

_LOGGING = frozenset("debug info warning warn error exception critical fatal log".split())
# Methods of others, too: of parsers, message boxes, warnings.
_SHARED = frozenset("warn warning error critical fatal log".split())
_LOGGER = re.compile(r"log", re.IGNORECASE)
_OTHERS = re.compile(r"parser|^ap$|message|console|^st$|^ui$|dialog|typer|click|warnings", re.IGNORECASE)
_TRANSLATING = frozenset(
    """_ N_ _n _l _lazy gettext ngettext pgettext npgettext dgettext dngettext ugettext ungettext lgettext gettext_lazy
    ngettext_lazy ugettext_lazy gettext_noop lazy_gettext tr trUtf8 translate""".split()
)
_STATEMENTS = frozenset("execute executemany executescript read_sql read_sql_query mogrify".split())
_PATTERNS = frozenset("re regex".split())
_FORMATTING = frozenset({"format", "format_map", "safe_substitute", "substitute"})
_TEMPLATE_NAME = re.compile(r"sql|query|stmt|regex|pattern|template|tmpl|(?<![a-z])(?:fmt|re|format)(?![a-z])", re.I)
# A percent sign for another format, such as the width of a column or what an argument's help shows.
_FORMATTED_AGAIN = re.compile(r"%%[\w(#.*-]")
# What is written in patterns and hardly in other texts.
_OF_PATTERN = re.compile(r"\\[dDwWsSbB.()\[\]+*?|^$]|\(\?[:=!P<]|\[\^?\w-\w|\.\*|\.\+|\^\S.*\$$|\\\\")


def kept(module: Module, node: ast.BinOp, text: str) -> Reason | None:
    """Why a text stays formatted by ``%``; None if nothing around it speaks against an f-string.

    Args:
        module: the module.
        node: the operation.
        text: what is formatted.
    """
    if "{" in text or "}" in text:
        return Reason("template", "it has braces, which an f-string would double")
    if _FORMATTED_AGAIN.search(text):
        return Reason("template", "it is formatted again")
    if "\n" in text.rstrip("\n"):
        return Reason("template", "it has several lines")
    if is_of_statement(text):
        return Reason("sql", "values of a statement of SQL belong into its parameters")
    if _OF_PATTERN.search(text):
        return Reason("pattern", "it may be a regular expression")
    child: ast.AST = node
    for around in module.ancestors(node):
        if isinstance(around, ast.stmt):
            return _kept_by_statement(module, around, child)
        reason = _kept_by(module, around, child)
        if reason is not None:
            return reason
        child = around
    return None


def becomes_record(module: Module, node: ast.expr) -> bool:
    """Whether an expression is an argument of a print, or in one, that print-to-logging makes a log record of."""
    for around in module.ancestors(node):
        if isinstance(around, ast.stmt):
            return False
        if isinstance(around, ast.Call) and module.qualified_name(around.func) == "builtins.print":
            return around in module.once(_records)
    return False


def _records(module: Module) -> frozenset[ast.AST | None]:
    """The prints that print-to-logging may make log records of, as far as its assumptions are accepted."""
    from pymodernize_codemods.print_to_logging import PrintToLogging

    found = PrintToLogging(PrintToLogging.Options(fewest=1)).find(module)
    return frozenset(
        item.node for item in found if item.rewrite is not None and all(map(module.accepts, item.assumptions))
    )


def is_tried(module: Module, node: ast.expr) -> bool:
    """Whether a failure in an expression may be handled by the class of the exception: where it stands, or anywhere.

    Of a text ``%.2f`` raises a TypeError, and the f-string a ValueError.
    """
    if module.once(_tells_errors_apart):
        return True
    child: ast.AST = node
    for around in module.ancestors(node):
        if isinstance(around, ast.Try) and child in around.body and around.handlers:
            return True
        if isinstance(around, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return False
        child = around
    return False


def _tells_errors_apart(module: Module) -> bool:
    """Whether a handler of the file catches only one of TypeError and ValueError."""
    for node in module.nodes(ast.ExceptHandler):
        types = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        names = {module.qualified_name(item) for item in types if item is not None}
        if len(names & {"builtins.TypeError", "builtins.ValueError"}) == 1:
            return True
    return False


def _kept_by(module: Module, around: ast.AST, child: ast.AST) -> Reason | None:
    """Why an expression around the text, or around such, keeps it."""
    match around:
        case ast.JoinedStr() | ast.FormattedValue():
            return Reason("nested", "it stands inside of an f-string")
        case ast.BinOp(op=ast.Mod(), left=left) if left is child:
            return Reason("template", "it is formatted again")
        case ast.BinOp(op=ast.Mod()):
            return Reason("nested", "it is a value of another text")
        case ast.Attribute(attr=attr) if attr in _FORMATTING:
            return Reason("template", "it is formatted again")
        case ast.Call() if child is not around.func:
            return _kept_by_call(module, around)
        case ast.keyword(arg=str(name)) if _TEMPLATE_NAME.search(name):
            return Reason("template", "it is given as a template")
    if type(around).__name__ in {"TemplateStr", "Interpolation"}:
        return Reason("nested", "it stands inside of a template string")
    return None


def _kept_by_call(module: Module, call: ast.Call) -> Reason | None:
    qualified = module.qualified_name(call.func) or ""
    home, _, called = qualified.rpartition(".")
    if home in _PATTERNS:
        return Reason("pattern", "it may be a regular expression")
    if qualified in {"string.Template", "jinja2.Template"}:
        return Reason("template", "it is a template")
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", called)
    if name in _TRANSLATING or called in _TRANSLATING:
        return Reason("translated", "it is looked up in a translation")
    if name in _STATEMENTS:
        return Reason("sql", "values of a statement of SQL belong into its parameters")
    if home == "logging" and called in _LOGGING or _is_of_logger(module, call):
        return Reason("logged", "a logger formats its message lazily")
    return None


def _is_of_logger(module: Module, call: ast.Call) -> bool:
    """Whether a method is one of a logger, as far as its name and that of the object say."""
    if not isinstance(call.func, ast.Attribute) or call.func.attr not in _LOGGING:
        return False
    receiver = module.text(call.func.value)
    if _OTHERS.search(receiver):
        return False
    return call.func.attr not in _SHARED or module.has_text(b"logg") or _LOGGER.search(receiver) is not None


def _kept_by_statement(module: Module, statement: ast.stmt, child: ast.AST) -> Reason | None:
    """Why a statement keeps the text that is its value, or a part of it."""
    match statement:
        case ast.Expr(value=value) if value is child and not isinstance(child, (ast.Call, ast.Await, ast.Yield)):
            return Reason("template", "it stands by itself")
        case ast.Assign(targets=targets) if child is statement.value:
            return next((reason for target in targets if (reason := _kept_by_name(module, target))), None)
        case ast.AnnAssign(target=target) | ast.AugAssign(target=target) if child is statement.value:
            return _kept_by_name(module, target)
    return None


def _kept_by_name(module: Module, target: ast.expr) -> Reason | None:
    """Why the variable that a text is put into keeps it: it is a template by its name, or by what is done with it."""
    name = getattr(target, "id", getattr(target, "attr", ""))
    if _TEMPLATE_NAME.search(name):
        return Reason("template", f"{name} is a template by its name")
    if isinstance(target, ast.Name) and name in module.once(_formatted_again):
        return Reason("template", f"{name} is formatted again")
    return None


def _formatted_again(module: Module) -> frozenset[str]:
    """The names of variables that are formatted somewhere."""
    operands = {node.left for node in module.nodes(ast.BinOp) if isinstance(node.op, ast.Mod)}
    receivers = {node.value for node in module.nodes(ast.Attribute) if node.attr in _FORMATTING}
    return frozenset(node.id for node in operands | receivers if isinstance(node, ast.Name))
