"""Signs that a script takes options in a way that is not seen through."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.argv_uses import ArgumentRead, ArgvUses, ListRead, is_truth
from pymodernize_codemods.argparse_skeleton.argv_variables import parameter_reads
from pymodernize_codemods.argparse_skeleton.options import HELP
from pymodernize_codemods.argparse_skeleton.other_readers import check_not_handed_on
from pymodernize_codemods.argparse_skeleton.reasons import NotPlain

_OPTION = re.compile(r"--?[A-Za-z?]")
_READERS = frozenset(
    f"builtins.{name}"
    for name in "all any enumerate len list map max min print reversed set sorted str sum tuple zip".split()
)
_ASKING = frozenset("lstrip removeprefix startswith strip".split())
_PLACING = frozenset("find index".split())
_MATCHING = frozenset("findall finditer fullmatch match search split sub".split())
_HYPHEN_FIRST = re.compile(r"(?:\^|\\A|\((?:\?:|\?P<\w+>)?|\[)*\\?-")
_DEEPEST = 3


def check_evidence(module: Module, argv: ArgvUses) -> None:
    """Make sure that no options are hidden among the arguments.

    Raises:
        NotPlain: there is a sign of some.
    """
    seen = {
        node
        for statement in (*(loop.statement for loop in argv.loops), *(item.statement for item in argv.memberships))
        for node in ast.walk(statement)
    }
    for node in (*module.nodes(ast.Compare), *module.nodes(ast.Call), *module.nodes(ast.Dict)):
        if node not in seen and _asks_for_option(node) and node not in argv.uses:
            raise NotPlain("an argument may be an option in a way that is not seen through", node)
    for use in argv.uses.values():
        if isinstance(use, ArgumentRead) and use.node not in seen:
            _check_value(module, use.node)
        if isinstance(use, ListRead) and not use.kept and use.node not in seen:
            _check_list(module, use.node, 0)
        if isinstance(use, ListRead):
            check_not_handed_on(module, use.node)


def _asks_for_option(node: ast.AST) -> bool:
    """Whether an expression compares something with what looks like an option, other than one for help."""
    if isinstance(node, ast.Compare):
        texts = [item for part in (node.left, *node.comparators) for item in _texts(part)]
    elif isinstance(node, ast.Dict):
        texts = [item for key in node.keys if key is not None for item in _texts(key)]
        if texts and not all(_OPTION.match(text) for text in texts):
            return False
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "startswith":
        texts = [item for part in node.args for item in _texts(part)]
    else:
        return False
    return any(_OPTION.match(text) and text not in HELP for text in texts)


def _texts(node: ast.expr) -> list[str]:
    items = node.elts if isinstance(node, (ast.Tuple, ast.List, ast.Set)) else [node]
    return [item.value for item in items if isinstance(item, ast.Constant) and isinstance(item.value, str)]


def _check_value(module: Module, node: ast.expr, depth: int = 0, *, cut: bool = False) -> None:
    """An argument must not be asked for a hyphen at its start, nor what it is stored in, passed to or cut into.

    Args:
        module: the module.
        node: the argument, or what is made of it.
        depth: over how many variables it came here.
        cut: whether it may be the first sign of the argument.

    Raises:
        NotPlain: it is.
    """
    if _is_asked_for_hyphen(module, node, cut=cut):
        raise NotPlain("an argument may start with a hyphen, and is asked for that", node)
    if depth >= _DEEPEST:
        return
    whole: ast.AST = node
    parent = module.parent(node)
    while isinstance(parent, (ast.Attribute, ast.Subscript)) or isinstance(parent, ast.Call) and parent.func is whole:
        cut = cut or isinstance(parent, ast.Subscript)
        whole, parent = parent, module.parent(parent)
    for read in _reads_behind(module, whole, parent):
        _check_value(module, read, depth + 1, cut=cut)


def _reads_behind(module: Module, value: ast.AST, parent: ast.AST | None) -> Iterator[ast.expr]:
    """The reads of the variables and parameters that get a value."""
    if isinstance(parent, ast.Assign) and parent.value is value:
        targets = [name for target in parent.targets for name in ast.walk(target) if isinstance(name, ast.Name)]
        for name in targets:
            found = module.scope(name).lookup(name.id)
            yield from module.uses(found[1][0]) if found is not None else ()
    elif isinstance(parent, ast.Call) and isinstance(value, ast.expr):
        yield from parameter_reads(module, parent, value) or ()


def _is_asked_for_hyphen(module: Module, name: ast.expr, *, cut: bool) -> bool:
    parent = module.parent(name)
    if isinstance(parent, ast.Attribute):
        call = module.parent(parent)
        found = isinstance(call, ast.Call) and any(text.startswith("-") for arg in call.args for text in _texts(arg))
        return found and (parent.attr in _ASKING or parent.attr in _PLACING and _is_compared_with_zero(module, call))
    if isinstance(parent, ast.Call) and name in parent.args and _is_matched(module, parent):
        return True
    if isinstance(parent, ast.Subscript):
        cut, parent = True, module.parent(parent)
    if not isinstance(parent, ast.Compare) or not cut:
        return False
    texts = [text for part in (parent.left, *parent.comparators) for text in _texts(part)]
    among = isinstance(parent.ops[0], (ast.In, ast.NotIn))
    return any(text in {"-", "--"} or among and "-" in text for text in texts)


def _is_compared_with_zero(module: Module, node: ast.AST | None) -> bool:
    parent = module.parent(node) if node is not None else None
    parts = (parent.left, *parent.comparators) if isinstance(parent, ast.Compare) else ()
    return any(isinstance(part, ast.Constant) and part.value == 0 for part in parts)


def _is_matched(module: Module, call: ast.Call) -> bool:
    """Whether a call may look for a pattern that starts with a hyphen."""
    name = module.qualified_name(call.func) or ""
    if name.startswith("re."):
        patterns = call.args[:1]
    elif isinstance(call.func, ast.Attribute) and call.func.attr in _MATCHING:
        patterns = [arg for made in module.calls("re.compile") for arg in made.args[:1]]
    else:
        return False
    return any(_HYPHEN_FIRST.match(text) for pattern in patterns for text in _texts(pattern))


def _check_list(module: Module, node: ast.expr, depth: int) -> None:
    """A list of arguments must not be handed to what may look for options in it."""
    parent = module.parent(node)
    if isinstance(parent, (ast.Delete, ast.AugAssign)) or isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del)):
        return
    if is_truth(module, node):
        return
    if isinstance(parent, ast.Subscript):
        if isinstance(parent.slice, ast.Slice):
            _check_list(module, parent, depth + 1)
        else:
            _check_value(module, parent)
        return
    if isinstance(parent, (ast.For, ast.comprehension)):
        target = parent.target
        found = module.scope(target).lookup(target.id) if isinstance(target, ast.Name) else None
        for read in module.uses(found[1][0]) if found is not None else []:
            _check_value(module, read)
        return
    if isinstance(parent, ast.Assign) and isinstance(parent.targets[0], ast.Name) and depth < _DEEPEST:
        _check_reads(module, parent.targets[0], depth)
        return
    if isinstance(parent, ast.Call):
        _check_call(module, node, parent, depth)
        return
    if isinstance(parent, (ast.FormattedValue, ast.Compare)):
        return
    raise NotPlain("the list of arguments is handed on", node)


def _check_reads(module: Module, target: ast.Name, depth: int) -> None:
    found = module.scope(target).lookup(target.id)
    for read in module.uses(found[1][0]) if found is not None else []:
        parent = module.parent(read)
        if isinstance(parent, ast.Attribute):
            if parent.attr in {"pop", "sort", "append", "reverse", "count", "index", "remove", "extend", "insert"}:
                call = module.parent(parent)
                if isinstance(call, ast.Call):
                    _check_value(module, call)
                continue
        _check_list(module, read, depth + 1)


def _check_call(module: Module, node: ast.expr, call: ast.Call, depth: int) -> None:
    name = module.qualified_name(call.func) or ""
    if name in _READERS or isinstance(call.func, ast.Attribute) and call.func.attr == "join":
        return
    reads = parameter_reads(module, call, node) if depth < _DEEPEST else None
    if reads is None:
        raise NotPlain("the list of arguments is handed on", node)
    for read in reads:
        _check_list(module, read, depth + 1)
