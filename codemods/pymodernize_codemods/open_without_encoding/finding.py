"""Which text files are opened without an encoding, and what is done about each."""

from __future__ import annotations

import ast
import codecs
from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Codemod, Edit, Finding, Rewrite
from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module
from pymodernize.semantics.several_versions import is_compatibility_module, is_for_some_versions
from pymodernize_codemods._assumptions import UTF_8_LOCALE
from pymodernize_codemods._paths.edits import is_inside_fstring
from pymodernize_codemods._paths.texts import quote_of
from pymodernize_codemods.open_without_encoding.handles import Handle
from pymodernize_codemods.open_without_encoding.openers import Opened, opened

if TYPE_CHECKING:
    import libcst as cst

_DEFAULT_SINCE = (3, 15)
_OF_WINDOWS = frozenset(
    """_winreg msvcrt pythoncom pywintypes win32api win32clipboard win32com win32con win32event win32file win32gui
    win32print win32process win32service win32serviceutil winreg winsound wmi""".split()
)
_OF_NO_TEXT = frozenset({"buffer", "encoding", "fileno", "isatty"})
_OTHER_CATEGORIES = frozenset(f"locale.LC_{name}" for name in ("COLLATE", "MESSAGES", "MONETARY", "NUMERIC", "TIME"))


def findings(codemod: Codemod, module: Module) -> Iterator[Finding]:
    """Every text file that is opened without an encoding.

    Args:
        codemod: in whose name they are found.
        module: the module.
    """
    if is_compatibility_module(module.facts.name):
        return
    found = [(item, handle := Handle(module, item), _obstacle(module, item, handle)) for item in opened(module)]
    left = next((item.call for item, _, obstacle in found if obstacle is not None), None)
    stdin = min(_reads_of_stdin(module), key=lambda node: node.lineno, default=None)
    other = ""
    if left is not None:
        other = f"line {left.lineno} stays as it is"
    elif stdin is not None:
        other = f"sys.stdin, line {stdin.lineno}, keeps the locale's encoding"
    for item, handle, obstacle in found:
        if obstacle is None and other and not handle.is_plain:
            obstacle = Reason("half", f"{other}, and the two may share their texts")
        yield _judged(codemod, module, item.call, handle, obstacle)


def _reads_of_stdin(module: Module) -> Iterator[ast.expr]:
    """Where text is read from stdin, or it is handed on: a filter takes the same texts from there and from a file."""
    for node in module.names.naming("sys.stdin"):
        around = module.parent(node)
        if not (isinstance(around, ast.Attribute) and around.attr in _OF_NO_TEXT):
            yield node


def _judged(codemod: Codemod, module: Module, call: ast.Call, handle: Handle, obstacle: Reason | None) -> Finding:
    message = "a text file without an encoding"
    if module.target >= _DEFAULT_SINCE:
        reason = Reason("default", "it is UTF-8 from Python 3.15 on")
        return codemod.finding(module, call, message, reason=reason, kept=True)
    if obstacle is not None:
        return codemod.finding(module, call, message, reason=obstacle)
    rewrite = Rewrite((Edit(call, partial(_changed, value=_value(module, call))),))
    if module.is_closed and handle.is_plain:
        return codemod.finding(module, call, message, rewrite)
    other = module.once(_other_encoding)
    assumed = {UTF_8_LOCALE.name, *([CHANGES_BEHAVIOUR.name] if other else [])}
    reason = other or "its text may have other characters than those of ASCII"
    return codemod.finding(module, call, message, rewrite, assumptions=assumed, reason=reason)


def _changed(call: cst.Call, value: str) -> cst.Call:
    from pymodernize_codemods.open_without_encoding.rewriting import with_encoding

    return with_encoding(call, value)


def _obstacle(module: Module, item: Opened, handle: Handle) -> Reason | None:
    """Why a file stays without an encoding; None if nothing speaks against one."""
    if item.obstacle:
        return item.obstacle
    call = item.call
    if is_for_some_versions(module, call, is_always_there=True) or _falls_back(module, call):
        return Reason("several-versions", "it is there for a Python whose open() takes no encoding")
    if module.once(_is_replaced):
        return Reason("replaced", "something else is put in the place of the function")
    if is_inside_fstring(module, call):
        return Reason("fstring", "it is a part of a text, where quotes may end that")
    if handle.is_shown:
        return Reason("shown", "something shows the name of its encoding, which is written in another way then")
    return None


def _falls_back(module: Module, call: ast.Call) -> bool:
    """Whether a handler opens a file in this way after an encoding was refused."""
    child: ast.AST = call
    for around in module.ancestors(call):
        if isinstance(around, ast.Try) and isinstance(child, ast.ExceptHandler):
            types = child.type.elts if isinstance(child.type, ast.Tuple) else [child.type]
            if any(item is None or module.qualified_name(item) == "builtins.TypeError" for item in types):
                tried = (node for statement in around.body for node in ast.walk(statement))
                if any(isinstance(node, ast.keyword) and node.arg == "encoding" for node in tried):
                    return True
        child = around
    return False


def _is_replaced(module: Module) -> bool:
    """Whether a file replaces ``open`` by its name, as tests do: ``patch("builtins.open")``."""
    if not module.has_text(b"patch", b"setattr"):
        return False
    texts = (node.value for node in module.nodes(ast.Constant) if isinstance(node.value, str))
    return any(text == "open" or text.endswith((".open", ".read_text", ".write_text")) for text in texts)


def _other_encoding(module: Module) -> str:
    """What in a file says that its locale may have another encoding than UTF-8; empty if nothing does."""
    for statement in module.tree.body:
        names = [alias.name for alias in statement.names] if isinstance(statement, ast.Import) else []
        if isinstance(statement, ast.ImportFrom) and statement.module and not statement.level:
            names = [statement.module]
        if any(name.partition(".")[0] in _OF_WINDOWS for name in names):
            return "it is a script for Windows, where the locale has another encoding as a rule"
    for call in module.calls("locale.setlocale"):
        values = [*call.args, *(item.value for item in call.keywords)]
        if not values or module.qualified_name(values[0]) in _OTHER_CATEGORIES:
            continue
        if not all(_keeps_locale(value) for value in values[1:]):
            return f"line {call.lineno} sets a locale, which may have another encoding"
    return ""


def _keeps_locale(value: ast.expr) -> bool:
    if not isinstance(value, ast.Constant):
        return False
    return not value.value or isinstance(value.value, str) and "utf" in value.value.lower()


def _value(module: Module, call: ast.Call) -> str:
    """The source of the encoding: spelt as the file spells it elsewhere, in the quotes of the text before it."""
    used = module.once(_spellings)
    text = used[0][0] if used else "utf-8"
    texts = [node for node in ast.walk(call) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    last = max(texts, key=lambda node: (node.lineno, node.col_offset), default=None)
    quote = quote_of(module.text(last) if last is not None else module.once(_texts_source))
    return f"{quote}{text}{quote}"


def _spellings(module: Module) -> list[tuple[str, int]]:
    """How a file spells UTF-8 in arguments called ``encoding``, the most frequent first."""
    found: Counter[str] = Counter()
    for keyword in module.nodes(ast.keyword):
        if keyword.arg == "encoding" and isinstance(keyword.value, ast.Constant) and _is_utf_8(keyword.value.value):
            found[str(keyword.value.value)] += 1
    return found.most_common()


def _is_utf_8(value: object) -> bool:
    try:
        return isinstance(value, str) and codecs.lookup(value).name == "utf-8"
    except (LookupError, ValueError):  # no such codec; a name that no codec can have
        return False


def _texts_source(module: Module) -> str:
    """The kind of quotes that most texts of a file have."""
    firsts = Counter(
        text[-1:]
        for node in module.nodes(ast.Constant)
        if isinstance(node.value, str) and not (text := module.text(node)).endswith(('"""', "'''"))
    )
    return "'" if firsts["'"] > firsts['"'] else '"'
