"""What the command line gives for a path → a ``Path`` by the parser itself, ``type=Path``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.semantics.module import Module
from pymodernize.semantics.options import NAMESPACES, Options
from pymodernize.semantics.references import NameTaken, reference
from pymodernize.semantics.types import STR, names_of
from pymodernize_codemods._paths.classes import PATH
from pymodernize_codemods._script.parsers import call_lines

if TYPE_CHECKING:
    import libcst as cst

# With these an option has no text, or several, or its parser shows and compares the texts.
_OTHERWISE = frozenset({"type", "nargs", "action", "choices", "const", None})


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """The options of argparse that are made a path wherever they are read, and only there.

    Args:
        codemod: in whose name they are found.
        module: the module.

    Yields:
        One finding an option.
    """
    if b"add_argument" not in module.source.data or not (made := _made(module)):
        return
    options = module.once(Options)
    if not options.is_known or not _are_only_read(module):
        return
    for name, calls in made.items():
        adding = options.adding.get(name, [])
        if len(adding) != 1 or name in options.set or any(item.arg in _OTHERWISE for item in adding[0].keywords):
            continue
        message = f"{module.text(calls[0])}, of an option of the command line"
        try:
            path = reference(module, PATH, adding[0])
        except NameTaken:
            continue
        change = Edit(adding[0], _with_type(module, adding[0], path.expression))
        edits = (change, *(Edit(call, _unwrapped) for call in calls))
        yield codemod.finding(module, calls[0], message, Rewrite(edits, references=(path,)))


def _made(module: Module) -> dict[str, list[ast.Call]]:
    """The calls ``Path(args.name)`` of each option that is read in no other way, and is a text there."""
    found: dict[str, list[ast.Call]] = {}
    for call in module.calls(PATH):
        arg = call.args[0] if len(call.args) == 1 and not call.keywords else None
        if isinstance(arg, ast.Attribute) and _is_namespace(module, arg.value) and module.type_of(arg) == STR:
            found.setdefault(arg.attr, []).append(call)
    read = [node.attr for node in module.nodes(ast.Attribute) if node.attr in found]
    return {name: calls for name, calls in found.items() if len(calls) == read.count(name)}


def _is_namespace(module: Module, expr: ast.expr) -> bool:
    types = module.type_of(expr)
    return bool(types) and names_of(types) <= NAMESPACES


def _are_only_read(module: Module) -> bool:
    """Whether nothing is done with the options as a whole: shown, compared, made a dictionary."""
    given = [node for node in module.nodes(ast.Name, ast.Call) if _is_namespace(module, node)]
    return all(_is_read(module, node) for node in given)


def _is_read(module: Module, expr: ast.expr) -> bool:
    match module.parent(expr):
        case ast.Attribute() | ast.Return() | ast.Assign() | ast.Subscript():
            return True
        case ast.Call(func=func):
            return module.local_function(func) is not None
    return False


def _with_type(module: Module, adding: ast.Call, path: str) -> partial[cst.BaseExpression]:
    """The change that gives an option its type, on lines of their own if one is too long."""
    before_help = [keyword.arg for keyword in adding.keywords].index("help") if _has_help(adding) else None
    place = None if before_help is None else len(adding.args) + before_help
    sources = [module.text(item) for item in (*adding.args, *adding.keywords)]
    sources.insert(len(sources) if place is None else place, f"type={path}")
    first = module.source.line(adding.lineno).decode()
    indent = first[: len(first) - len(first.lstrip())]
    new = None
    is_long = len(first.rstrip()) + len(f", type={path}") > module.facts.line_length
    if is_long and adding.lineno == adding.end_lineno:
        lines = call_lines(module.text(adding.func), sources, module.facts.line_length - len(indent) + 4)
        new = f"\n{indent}".join(line.replace("    ", module.indent, 1) for line in lines)
    return partial(_typed, path=path, place=place, new=new)


def _has_help(adding: ast.Call) -> bool:
    return any(keyword.arg == "help" for keyword in adding.keywords)


def _typed(node: cst.Call, *, path: str, place: int | None, new: str | None) -> cst.BaseExpression:
    """An ``add_argument`` with ``type=``.

    Args:
        node: the call.
        path: how the module names the class.
        place: the argument before which it stands; None for the end.
        new: the whole call, if it is written anew.
    """
    import libcst as cst

    if new is not None:
        return cst.parse_expression(new)
    args = list(node.args)
    equal = cst.AssignEqual(cst.SimpleWhitespace(""), cst.SimpleWhitespace(""))
    plain = cst.Comma(whitespace_after=cst.SimpleWhitespace(" "))
    typed = cst.Arg(cst.parse_expression(path), keyword=cst.Name("type"), equal=equal)
    if place is None:
        between = args[0].comma if len(args) > 1 else plain
        typed = typed.with_changes(comma=args[-1].comma, whitespace_after_arg=args[-1].whitespace_after_arg)
        args[-1] = args[-1].with_changes(comma=between)
        return node.with_changes(args=[*args, typed])
    args.insert(place, typed.with_changes(comma=args[place - 1].comma))
    return node.with_changes(args=args)


def _unwrapped(node: cst.Call) -> cst.BaseExpression:
    """The only argument of a call."""
    return node.args[0].value
