"""Which calls open a file as text and say no encoding."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize.semantics.values import Way
from pymodernize_codemods._paths.classes import is_path

# Deeper chains of variables are given up.
_DEEPEST = 5


@dataclass(frozen=True)
class Opener:
    """A function or method that opens a file, or wraps one as text.

    Attributes:
        mode: the place of the mode among the parameters; None if it is a keyword only.
        encoding: the place of the encoding; None if it is a keyword only.
        default: the mode if none is given; empty if there is no such parameter, and it is text always.
        asked: whether it opens a file of bytes unless the mode has a ``t``.
        since: the first Python that takes an encoding.
    """

    mode: int | None
    encoding: int | None
    default: str
    asked: bool = False
    since: tuple[int, int] = (3, 0)

    def is_text(self, mode: str) -> bool:
        """Whether a file that is opened in a mode is one of text."""
        return "t" in mode if self.asked else "b" not in mode


_OPEN = Opener(1, 3, "r")
_TEMPORARY = Opener(0, 2, "w+b")
_CODECS = "codecs.open"
_WITHOUT_U = (3, 11)
_FILE_INPUT = Opener(None, None, "r", since=(3, 10))
_FUNCTIONS = {
    "builtins.open": _OPEN,
    "io.open": _OPEN,
    "os.fdopen": _OPEN,
    _CODECS: Opener(1, 2, "r"),
    "gzip.open": Opener(1, 3, "rb", asked=True),
    "bz2.open": Opener(1, 3, "rb", asked=True),
    "lzma.open": Opener(1, None, "rb", asked=True),
    "io.TextIOWrapper": Opener(None, 1, ""),
    "tempfile.NamedTemporaryFile": _TEMPORARY,
    "tempfile.TemporaryFile": _TEMPORARY,
    "tempfile.SpooledTemporaryFile": Opener(1, 3, "w+b"),
    "fileinput.input": _FILE_INPUT,
    "fileinput.FileInput": _FILE_INPUT,
}
_WHOLE = frozenset({"read_text", "write_text"})
_METHODS = {"open": Opener(0, 2, "r"), "read_text": Opener(None, 0, ""), "write_text": Opener(None, 1, "")}


@dataclass(frozen=True, eq=False)
class Opened:
    """A call that opens a text file and says no encoding.

    Attributes:
        call: the call.
        modes: the modes that it may have; empty if it has none.
        obstacle: why it cannot get an encoding; None if it can.
    """

    call: ast.Call
    modes: frozenset[str] = frozenset()
    obstacle: Reason | None = None

    @property
    def gives_file(self) -> bool:
        """Whether the call gives the open file, and not what was read from it or how much was written."""
        return not isinstance(self.call.func, ast.Attribute) or self.call.func.attr not in _WHOLE


def opened(module: Module) -> Iterator[Opened]:
    """The calls of a module that open text files without an encoding, in document order.

    Args:
        module: the module.
    """
    of_library = set(module.calls(*_FUNCTIONS))
    for call in module.nodes(ast.Call):
        opener = None
        if call in of_library:
            opener = _FUNCTIONS.get(module.qualified_name(call.func) or "")
        elif isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS and is_path(module, call.func.value):
            opener = _METHODS[call.func.attr]
        found = _without_encoding(module, call, opener) if opener is not None else None
        if found is not None:
            yield found


def _without_encoding(module: Module, call: ast.Call, opener: Opener) -> Opened | None:
    """What is known of a call; None if it says an encoding or opens a file of bytes."""
    given = {keyword.arg for keyword in call.keywords}
    starred = next((number for number, arg in enumerate(call.args) if isinstance(arg, ast.Starred)), len(call.args))
    is_hidden = starred < len(call.args) or None in given
    if "encoding" in given or opener.encoding is not None and starred > opener.encoding:
        return None
    mode = next((keyword.value for keyword in call.keywords if keyword.arg == "mode"), None)
    if opener.mode is not None and starred > opener.mode:
        mode = call.args[opener.mode]
    modes: frozenset[str] | None = frozenset({opener.default} - {""})
    if mode is not None:
        modes = texts(module, mode)
    elif is_hidden and opener.default:
        modes = None
    if modes is None:
        if is_hidden and mode is None:
            return Opened(call, obstacle=Reason("arguments", "arguments are passed on that are not in sight"))
        return Opened(call, obstacle=Reason("mode", "its mode is not known, and a file of bytes takes no encoding"))
    if modes and not any(map(opener.is_text, modes)):
        return None
    if not all(map(opener.is_text, modes)):
        return Opened(call, obstacle=Reason("mode", "it is opened as text or as bytes"))
    if module.target >= _WITHOUT_U and any("U" in text for text in modes):
        return Opened(call, obstacle=Reason("mode", "Python 3.11 refuses a mode with U"))
    if is_hidden:
        return Opened(call, obstacle=Reason("arguments", "arguments are passed on that are not in sight"))
    name = module.qualified_name(call.func) or ""
    if name == _CODECS:
        return Opened(call, obstacle=Reason("codecs", "with an encoding it reads the ends of lines as they are"))
    if module.names.is_replaced(name):
        return Opened(call, obstacle=Reason("replaced", "something else is put in the place of the function"))
    if "openhook" in given:
        return Opened(call, obstacle=Reason("openhook", "a function of its own opens the files"))
    if module.target < opener.since:
        since = ".".join(map(str, opener.since))
        return Opened(call, obstacle=Reason("target", f"it takes an encoding only from Python {since} on"))
    return Opened(call, modes)


def texts(module: Module, expr: ast.expr, depth: int = 0) -> frozenset[str] | None:
    """The texts that an expression may be; None if it may be anything else.

    Args:
        module: the module.
        expr: an expression of it.
        depth: how many variables have been followed.
    """
    match expr:
        case ast.Constant(value=str(text)):
            return frozenset({text})
        case ast.IfExp(body=body, orelse=orelse):
            parts = [texts(module, part, depth) for part in (body, orelse)]
        case ast.Name() if depth < _DEEPEST:
            cell = module.values.read_by(expr)
            contents = module.values.contents(cell) if cell is not None else None
            if contents is None or any(source.way is not Way.VALUE for source in contents.sources):
                return None
            parts = [texts(module, source.expr, depth + 1) for source in contents.sources]
        case _:
            return None
    found = [part for part in parts if part is not None]
    return frozenset().union(*found) if found and len(found) == len(parts) else None
