"""``glob.glob`` written with ``Path.glob``."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Finding, Rewrite
from pymodernize.semantics.module import Module
from pymodernize.semantics.types import names_of
from pymodernize_codemods._assumptions import NO_SYMLINKS
from pymodernize_codemods._paths import hazards
from pymodernize_codemods._paths.classes import is_path
from pymodernize_codemods._paths.doubts import Doubt, doubts_about
from pymodernize_codemods._paths.edits import replaced
from pymodernize_codemods._paths.form import Form, Unfit
from pymodernize_codemods._paths.forms import Forms
from pymodernize_codemods._paths.hazards import Hazard
from pymodernize_codemods._paths.texts import Piece, literal, pieces, quote_of, quoted
from pymodernize_codemods._paths.uses import Kind, use_of
from pymodernize_codemods.os_path_to_pathlib.listings import counted, is_lone_argument
from pymodernize_codemods.os_path_to_pathlib.loops import Loop, loop_over, reads_in

GLOBS = frozenset({"glob.glob", "glob.iglob"})
_MAGIC = re.compile(r"[*?\[]")
_STARS = re.compile(r"\*{2,}")
_NOT_IN_REACH = frozenset({Kind.KEPT, Kind.NEEDS_TEXT})


def matched(module: Module, call: ast.Call, forms: Forms, *, generator: bool) -> Form:
    """The counterpart of a call of ``glob.glob`` or ``glob.iglob``.

    Args:
        module: the module.
        call: the call.
        forms: writes its folder.
        generator: whether what takes the names takes any iterable.

    Raises:
        Unfit: the pattern is not known, or there is more than a pattern.
    """
    is_recursive = _is_recursive(call)
    folder, pattern = _taken_apart(module, call.args[0])
    pattern = _worded_for_paths(pattern, is_recursive=is_recursive)
    whole, found = _folder(forms, folder, call.args[0])
    text = f"{whole.base}.glob({quoted(pattern, quote_of(module.text(call)))})"
    listed = f"str(path) for path in {text}"
    if module.qualified_name(call.func) == "glob.iglob":
        listed = listed if is_lone_argument(module, call) else f"({listed})"
    elif (number := counted(module, call, text)) is not None:
        listed = number
    elif not generator:
        listed = f"[{listed}]"
    doubts = list(_doubts(pattern))
    first = folder[0] if folder else ""
    if isinstance(first, ast.expr):
        seen = _in_folder(found) & (hazards.TEXT | Hazard.MAGIC)
        doubts += doubts_about(module, first, seen, as_text=True, whole=_in_folder)
    elif folder and hazards.TEXT & _in_folder(found):
        doubts.append(Doubt(CHANGES_BEHAVIOUR.name, f"{first!r} is shown without the part that a Path drops"))
    return whole.then(listed).doubted(*doubts)


def _is_recursive(call: ast.Call) -> bool:
    """Whether ``**`` stands for any number of folders.

    Raises:
        Unfit: that is not known, or there are other arguments.
    """
    match call:
        case ast.Call(args=[_], keywords=[]):
            return False
        case ast.Call(args=[_], keywords=[ast.keyword(arg="recursive", value=ast.Constant(value=bool(recursive)))]):
            return recursive
    raise Unfit("an argument of it has no counterpart")


def _worded_for_paths(pattern: str, *, is_recursive: bool) -> str:
    """A pattern of :mod:`glob` in the syntax of ``Path.glob``, where ``**`` always matches any number of folders.

    Raises:
        Unfit: it has no such form.
    """
    steps = pattern.split("/")
    if any(step in {"", ".", ".."} for step in steps):
        raise Unfit("its pattern has a part that a Path drops")
    if is_recursive and steps[-1] == "**":
        raise Unfit("Path.glob() finds folders only with '**' at the end, before Python 3.13")
    return "/".join(step if is_recursive and step == "**" else _STARS.sub("*", step) for step in steps)


def _in_folder(folder: Hazard) -> Hazard:
    """What a file is like that is found in a folder."""
    return hazards.join(folder, hazards.NAME & ~Hazard.MAGIC)


def _doubts(pattern: str) -> Iterator[Doubt]:
    """What is taken for granted of the files that a pattern fits: it means more, or less, to a path."""
    steps = pattern.split("/")
    if any(_MAGIC.match(step) for step in steps):
        yield Doubt(CHANGES_BEHAVIOUR.name, f"{pattern!r} may fit hidden files, which Path.glob() finds, too")
    if "**" in steps:
        reason = f"{pattern!r} may lead through links to folders, which Path.glob() does not follow before Python 3.13"
        yield Doubt(NO_SYMLINKS.name, reason)
    elif not _MAGIC.search(steps[-1]):
        yield Doubt(NO_SYMLINKS.name, f"{pattern!r} may fit links to nothing, which Path.glob() does not find")
    if len(steps) > 1:
        yield Doubt(CHANGES_BEHAVIOUR.name, "in folders below folders, the order may differ")


def _taken_apart(module: Module, expr: ast.expr) -> tuple[list[Piece], str]:
    """The folder that a pattern starts in, and the rest: from the first part with a wildcard on.

    Raises:
        Unfit: the rest is not known.
    """
    if isinstance(expr, ast.Call) and module.qualified_name(expr.func) == "os.path.join" and not expr.keywords:
        parts: list[Piece] = []
        for number, arg in enumerate(expr.args):
            text = literal(module, arg)
            parts += (["/"] if number else []) + [arg if text is None else text]
    elif isinstance(expr, ast.Call) and module.qualified_name(expr.func) == "builtins.str" and len(expr.args) == 1:
        parts = _joined(module, expr.args[0])
    else:
        parts = pieces(module, expr) or [expr]
    *before, last = parts
    if not isinstance(last, str) or any(isinstance(part, ast.Starred) for part in before):
        raise Unfit("its pattern is put together elsewhere")
    while before and isinstance(before[-1], str):
        last = f"{before.pop()}{last}"
    head, slash, pattern = _split(last)
    if before and not slash:
        raise Unfit("its pattern is put together elsewhere")
    if any(isinstance(part, str) and _MAGIC.search(part) for part in (*before, head)) or not pattern:
        raise Unfit("its pattern is put together elsewhere")
    steps = head.strip("/") if before else head or slash
    return [*before, *([steps] if steps else [])], pattern


def _joined(module: Module, expr: ast.expr) -> list[Piece]:
    """The parts of a path and the slashes between them."""
    if isinstance(expr, ast.BinOp) and isinstance(expr.op, ast.Div) and is_path(module, expr.left):
        text = literal(module, expr.right)
        return [*_joined(module, expr.left), "/", expr.right if text is None else text]
    return [expr]


def _split(text: str) -> tuple[str, str, str]:
    """A literal before and after the last slash in front of a wildcard."""
    match = _MAGIC.search(text)
    end = match.start() if match else len(text)
    head, slash, tail = text[:end].rpartition("/")
    return head, slash, tail + text[end:]


def _folder(forms: Forms, folder: list[Piece], pattern: ast.expr) -> tuple[Form, Hazard]:
    """The folder as a path, and what it may be like.

    Raises:
        Unfit: it is put together of more than one value.
    """
    if not folder:
        return Form(f"{forms.name}()", names_path=True, wraps=(pattern,)), hazards.of_text(".")
    if len(folder) == 1 and isinstance(folder[0], str):
        text = f"{forms.name}({quoted(folder[0], chr(34))})"
        return Form(text, names_path=True, wraps=(pattern,)), hazards.of_text(folder[0])
    first, *rest = [piece for piece in folder if piece != "/"]
    if not isinstance(first, ast.expr) or not all(isinstance(piece, str) for piece in rest):
        raise Unfit("its folder is put together of several values")
    whole, found = forms.path(first, is_text=True), forms.hazards(first)
    for piece in rest:
        step = str(piece).strip("/")
        whole = whole.then(f"{whole.text} / {quoted(step, chr(34))}", tight=False)
        found = hazards.join(found, hazards.of_text(step))
    return whole, found


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """The loops over ``[str(path) for path in folder.glob(...)]``: they go over the paths themselves.

    Args:
        codemod: in whose name they are found.
        module: the module.

    Yields:
        One finding a loop in which paths need no more turning than texts.
    """
    for loop in (*module.nodes(ast.For), *module.nodes(ast.comprehension)):
        finding = _over_paths(codemod, module, loop)
        if finding is not None:
            yield finding


def is_of_paths(module: Module, call: ast.Call) -> bool:
    """Whether a loop goes over what a call finds, and can do with paths wherever it uses them.

    Args:
        module: the module.
        call: a call of ``glob.glob`` or ``glob.iglob``.
    """
    loop = loop_over(module, call)
    reads = reads_in(module, loop) if loop is not None else None
    return reads is not None and not any(use_of(module, read).kind in _NOT_IN_REACH for read in reads)


def _over_paths(codemod: Codemod, module: Module, loop: Loop) -> Finding | None:
    globbed = _globbed(module, loop.iter)
    reads = reads_in(module, loop) if globbed is not None else None
    if globbed is None or reads is None:
        return None
    turned = [read for read in reads if use_of(module, read).kind in _NOT_IN_REACH]
    if len(turned) > 1 and len(turned) > len(reads) - len(turned):
        return None
    edits = [replaced(module, loop.iter, globbed)]
    edits += [replaced(module, read, f"str({read.id})") for read in turned]
    return codemod.finding(module, loop.iter, "a loop over the names of files", Rewrite(tuple(edits)))


def _globbed(module: Module, expr: ast.expr) -> str | None:
    """What ``[str(path) for path in folder.glob(...)]`` goes over, sorted or not."""
    match expr:
        case ast.Call(func=func, args=[listed], keywords=[]) if module.qualified_name(func) == "builtins.sorted":
            inner = _globbed(module, listed)
            return f"sorted({inner})" if inner is not None else None
        case ast.ListComp(elt=elt, generators=[generator]) | ast.GeneratorExp(elt=elt, generators=[generator]):
            pass
        case _:
            return None
    match elt, generator:
        case (
            ast.Call(func=ast.Name(id="str"), args=[ast.Name(id=name)]),
            ast.comprehension(
                target=ast.Name(id=target), iter=ast.Call(func=ast.Attribute(attr="glob") as func), ifs=[]
            ),
        ) if name == target and is_path(module, func.value):
            types = module.type_of(generator.iter)
            return (
                module.text(generator.iter) if types is not None and names_of(types) <= {"generator", "map"} else None
            )
    return None
