"""A file that is read or written in one go."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Finding, Rewrite
from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind, ScopeKind
from pymodernize_codemods._paths.classes import PATH, is_path, types_of
from pymodernize_codemods._paths.doubts import Doubt
from pymodernize_codemods._paths.edits import is_inside_fstring, loses_comment, replaced
from pymodernize_codemods.os_path_to_pathlib.statements import is_name, replaced_statement

_READING = {"r": "read_text", "rt": "read_text", "rb": "read_bytes"}
_WRITING = {"w": "write_text", "wt": "write_text", "wb": "write_bytes"}
_PARAMETERS = ("mode", "buffering", "encoding", "errors", "newline")
_NEWLINE = re.compile(r"\r\n?|\n")
_EARLY = Doubt(CHANGES_BEHAVIOUR.name, "what is written is worked out before the file is emptied, not after that")


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """The files that are read or written in one go.

    Args:
        codemod: in whose name they are found.
        module: the module.

    Yields:
        One finding a ``with`` statement, and one a call of ``read`` on a file
        that was opened for it.
    """
    for statement in module.nodes(ast.With):
        match statement:
            case ast.With(
                items=[ast.withitem(context_expr=ast.Call() as opened, optional_vars=ast.Name() as file)], body=[body]
            ) if _is_opened_path(module, opened):
                text, doubts = _read(module, opened, file, body), ()
                if text is None:
                    text, doubts = _written(module, opened, file, body)
                if text is not None and _stays_inside(module, file):
                    message = "a file is read or written at once"
                    yield replaced_statement(codemod, module, statement, message, text, doubts=doubts)
    for call in module.nodes(ast.Call):
        match call:
            case ast.Call(func=ast.Attribute(value=ast.Call() as opened, attr="read"), args=[], keywords=[]) if (
                _is_opened_path(module, opened)
            ):
                text = _reading(module, opened)
                if text is not None and not loses_comment(module, call, text):
                    yield codemod.finding(
                        module, call, "a file is read at once", Rewrite((replaced(module, call, text),))
                    )


def _is_opened_path(module: Module, opened: ast.Call) -> bool:
    func = opened.func
    return isinstance(func, ast.Attribute) and func.attr == "open" and is_path(module, func.value)


def _reading(module: Module, opened: ast.Call) -> str | None:
    """What reads the whole file that ``path.open(...)`` opens."""
    if is_inside_fstring(module, opened):
        return None
    arguments = _arguments(module, opened, _READING)
    return f"{_base(module, opened)}.{arguments[0]}({arguments[1]})" if arguments is not None else None


def _base(module: Module, opened: ast.Call) -> str:
    """What the path of ``path.open(...)`` looks like in front of another method."""
    receiver = opened.func.value  # type: ignore[attr-defined]
    text = module.text(receiver)
    return text if isinstance(receiver, (ast.Name, ast.Attribute, ast.Call, ast.Subscript)) else f"({text})"


def _read(module: Module, opened: ast.Call, file: ast.Name, body: ast.stmt) -> str | None:
    """The statement that reads the file itself."""
    if not isinstance(body, (ast.Assign, ast.AnnAssign, ast.Return, ast.Expr)):
        return None
    reads = [node for node in ast.walk(body) if isinstance(node, ast.Name) and node.id == file.id]
    if len(reads) != 1:
        return None
    attribute = module.parent(reads[0])
    call = module.parent(attribute) if attribute is not None else None
    if not isinstance(attribute, ast.Attribute) or attribute.attr != "read" or not isinstance(call, ast.Call):
        return None
    if call.func is not attribute or call.args or call.keywords or not _comes_first(module, call, body):
        return None
    new = _reading(module, opened)
    if new is None:
        return None
    return _outdented(module, body, (module.span(call), new))


def _outdented(module: Module, body: ast.stmt, change: tuple[tuple[int, int], str]) -> str | None:
    """A statement with one change in it, on lines that are indented for the first column.

    Returns:
        None if the lines of a literal would change.
    """
    start, end = module.span(body)
    (first, last), new = change
    data = module.source.data
    text = (data[start:first] + new.encode() + data[last:end]).decode("utf-8")
    if not _NEWLINE.search(text):
        return text
    indent = data[module.source.line_span(body.lineno)[0] : start].decode("utf-8")
    if indent.strip() or '"""' in text or "'''" in text or "\\" in text:
        return None
    # Not splitlines(): a literal may hold other characters that it takes for the end of a line.
    return re.sub(rf"({_NEWLINE.pattern}){re.escape(indent)}", r"\1", text)


def _comes_first(module: Module, call: ast.expr, body: ast.stmt) -> bool:
    """Whether nothing in a statement is worked out before a call in it."""
    if is_inside_fstring(module, call):
        return False
    node: ast.AST = call
    while (parent := module.parent(node)) is not None and parent is not body:
        match parent:
            case ast.Attribute(value=value) | ast.Subscript(value=value):
                first = value is node
            case ast.BinOp(left=left):
                first = left is node
            case ast.Call(func=func, args=args):
                first = func is node or bool(args) and args[0] is node and is_name(func)
            case _:
                first = False
        if not first:
            return False
        node = parent
    return node is getattr(body, "value", None)


def _written(module: Module, opened: ast.Call, file: ast.Name, body: ast.stmt) -> tuple[str | None, tuple[Doubt, ...]]:
    """The call that writes the file itself, None if there is none, and what is in doubt about it."""
    match body:
        case ast.Expr(
            value=ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="write"), args=[value], keywords=[])
        ) if name == file.id and not _needs_file(value, name):
            arguments = _arguments(module, opened, _WRITING)
        case _:
            return None, ()
    if arguments is None:
        return None, ()
    method, more = arguments
    if types_of(module, value) != ({"str"} if method == "write_text" else {"bytes"}):
        return None, ()
    given = ", ".join(filter(None, [module.text(value), more]))
    if _NEWLINE.search(given):
        return None, ()
    return f"{_base(module, opened)}.{method}({given})", () if _is_at_hand(module, value) else (_EARLY,)


def _needs_file(expr: ast.expr, name: str) -> bool:
    """Whether what is written cannot be worked out without the open file, or hands over to somebody else meanwhile."""
    return any(
        isinstance(node, (ast.Await, ast.Yield, ast.YieldFrom, ast.NamedExpr))
        or isinstance(node, ast.Name)
        and node.id == name
        for node in ast.walk(expr)
    )


def _is_at_hand(module: Module, expr: ast.expr) -> bool:
    """Whether an expression neither fails nor looks at files: it may as well be worked out before one is opened."""
    match expr:
        case ast.BinOp(op=ast.Add(), left=left, right=right):
            return _is_at_hand(module, left) and _is_at_hand(module, right)
        case ast.JoinedStr(values=values):
            return all(_is_at_hand(module, value) for value in values)
        case ast.FormattedValue(value=ast.Name() as value, format_spec=None):
            return (types_of(module, value) or {""}) <= {"str", "int", "float", "bool", PATH}
    return isinstance(expr, (ast.Constant, ast.Name))


def _arguments(module: Module, opened: ast.Call, methods: dict[str, str]) -> tuple[str, str] | None:
    """The method for a mode, and what it is given besides; None if it takes less."""
    if len(opened.args) > len(_PARAMETERS) or any(isinstance(arg, ast.Starred) for arg in opened.args):
        return None
    given: dict[str, ast.expr] = dict(zip(_PARAMETERS, opened.args, strict=False))
    for keyword in opened.keywords:
        if keyword.arg is None or keyword.arg in given:
            return None
        given[keyword.arg] = keyword.value
    mode = given.pop("mode", ast.Constant("r"))
    if not isinstance(mode, ast.Constant) or not isinstance(mode.value, str) or mode.value not in methods:
        return None
    if "buffering" in given and ast.unparse(given.pop("buffering")) != "-1":
        return None
    # A file of bytes takes none of them; read_text() takes newline from Python 3.13 on only.
    method = methods[mode.value]
    taken = {"write_text": {"encoding", "errors", "newline"}, "read_text": {"encoding", "errors"}}.get(method, set())
    if not given.keys() <= taken:
        return None
    return method, ", ".join(f"{name}={module.text(value)}" for name, value in given.items())


def _stays_inside(module: Module, file: ast.Name) -> bool:
    """Whether a file's name is read in ``with`` statements that bind it, and nowhere else."""
    found = module.scope(file).lookup(file.id)
    if found is None or found[0].parent is None and not module.is_closed:
        return False
    if module.own_names_read is None or file.id in module.own_names_read:
        return False
    if found[0].kind is ScopeKind.CLASS:
        return False  # an attribute of the class
    return all(binding.kind is BindingKind.NAME for binding in found[1]) and all(
        _is_in_with(module, read) for read in module.uses(found[1][0])
    )


def _is_in_with(module: Module, read: ast.Name) -> bool:
    for node in module.ancestors(read):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            return False  # called later, it sees the file of that time
        if isinstance(node, ast.With):
            names = [item.optional_vars for item in node.items]
            if any(isinstance(name, ast.Name) and name.id == read.id for name in names):
                return True
    return False
