"""Texts that optparse shows as they are, and argparse formats with ``%``.

argparse formats usage and help in any case, and a description, an epilog or a
version if ``%(prog)`` is in it.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from enum import Enum

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind
from pymodernize_codemods._script.placing import with_parts
from pymodernize_codemods.argparse_skeleton.reasons import NotConvertible

_PERCENT = re.compile(r"%(prog|default)\b|%")
_IN_TEMPLATE = re.compile(r"%%(prog|default)\b|%%|%(?:\((\w+)\))?[-#0 +]*(?:\d+|\*)?(?:\.(?:\d+|\*))?([a-zA-Z])")
_USAGE = re.compile(r"(?i)^([furb]*(\"\"\"|'''|\"|')\s*)usage:\s?", re.ASCII)


class Shown(Enum):
    """What a text is for: what optparse puts into it, and whether argparse formats it in any case."""

    USAGE = ("prog", True)
    HELP = ("default", True)
    VERSION = ("prog", False)
    DESCRIPTION = ("prog", False)
    EPILOG = ("", False)


@dataclass
class Converted:
    """A text for argparse.

    Attributes:
        source: the expression; None to keep the one that is there.
        doubt: why the text may come out otherwise; empty if it does not.
        value: the text in its new form, None if it is not known.
        replaced: the new sources of literals, by their nodes.
        elsewhere: those of literals that stand where a name gets the text.
    """

    source: str | None = None
    doubt: str = ""
    value: str | None = None
    replaced: dict[ast.expr, str] = field(default_factory=dict)
    elsewhere: dict[ast.expr, str] = field(default_factory=dict)


class Texts:
    """The texts of one parser, as argparse needs them.

    Args:
        module: the module.
        argparse: how it names that module.

    Attributes:
        usage: the text that shows how the script is called; None if it is not known.
        doubts: why a text may come out otherwise.
        elsewhere: the new sources of literals that stand where a name gets the text.
    """

    def __init__(self, module: Module, argparse: str) -> None:
        self.module = module
        self.argparse = argparse
        self.usage: str | None = None
        self.doubts: list[str] = []
        self.elsewhere: dict[ast.expr, str] = {}

    def converted(self, expr: ast.expr, shown: Shown) -> Converted:
        """A text for argparse.

        Raises:
            NotConvertible: the usage text is not known.
        """
        if self.module.qualified_name(expr) == "optparse.SUPPRESS_USAGE":
            return Converted(f"{self.argparse}.SUPPRESS")
        if shown is Shown.USAGE and self.usage is None:
            self.usage = known_text(self.module, expr)
        made = converted(self.module, expr, shown)
        if made.doubt and shown is Shown.USAGE:
            raise NotConvertible(f"line {expr.lineno}: the usage text is made elsewhere")
        if made.doubt:
            self.doubts.append(made.doubt)
        self.elsewhere.update(made.elsewhere)
        return made

    def source(self, expr: ast.expr, shown: Shown) -> str:
        """The source of a text for argparse."""
        return self.converted(expr, shown).source or self.module.text(expr)


def known_text(module: Module, expr: ast.expr | None) -> str | None:
    """The text that an expression always is; None if that cannot be told.

    Args:
        module: the module.
        expr: a literal, texts joined with ``+``, a name with one such value, ``__doc__``.
    """
    match expr:
        case ast.Constant(value=str(text)):
            return text
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            one, two = known_text(module, left), known_text(module, right)
            return one + two if one is not None and two is not None else None
        case ast.Name(id="__doc__") if module.index.scope.lookup("__doc__") is None:
            return module.docstring_text
        case ast.Name():
            return _constant(module, expr)
    return None


def _only_use(module: Module, name: ast.Name) -> ast.expr | None:
    """What is assigned to a name that is bound once, and read here and nowhere else."""
    found = module.scope(name).lookup(name.id)
    if found is None or len(found[1]) != 1 or found[1][0].kind is not BindingKind.NAME or found[0].star_imports:
        return None
    assign = module.parent(found[1][0].node)
    is_plain = isinstance(assign, ast.Assign) and len(assign.targets) == 1 and module.uses(found[1][0]) == [name]
    return assign.value if is_plain and isinstance(assign, ast.Assign) else None


def _constant(module: Module, name: ast.Name) -> str | None:
    found = module.scope(name).lookup(name.id)
    if found is None or len(found[1]) != 1 or found[1][0].kind is not BindingKind.NAME or found[0].star_imports:
        return None
    assign = module.parent(found[1][0].node)
    if not isinstance(assign, ast.Assign) or module.parent(assign) is not found[0].node or len(assign.targets) != 1:
        return None
    return (
        assign.value.value if isinstance(assign.value, ast.Constant) and isinstance(assign.value.value, str) else None
    )


def converted(module: Module, expr: ast.expr, shown: Shown) -> Converted:
    """A text of optparse as argparse needs it.

    Args:
        module: the module.
        expr: the text.
        shown: what it is for.
    """
    word, always = shown.value
    if isinstance(expr, ast.Constant) and expr.value is None:
        return Converted()
    text = known_text(module, expr)
    if not always and text is not None and not (word and f"%{word}" in text) and "%(prog)" not in text:
        return Converted(value=text)
    made = Converted(value=_changed(text, word) if text is not None else None)
    if text is None and shown is Shown.EPILOG:
        return made
    _pieces(module, expr, word, made)
    if shown is Shown.USAGE:
        _without_prefix(module, expr, made)
    start, end = module.span(expr)
    made.elsewhere = {node: new for node, new in made.replaced.items() if not start <= module.span(node)[0] < end}
    made.replaced = {node: new for node, new in made.replaced.items() if node not in made.elsewhere}
    if made.replaced:
        made.source = with_parts(module, expr, made.replaced)
        if made.value is not None and text is not None and isinstance(expr, ast.Constant):
            given = ast.literal_eval(f"({made.source})")
            if given != made.value:
                made.doubt = made.doubt or "a % of a text is written in a way that is not foreseen"
    return made


def _changed(text: str, word: str) -> str:
    return _PERCENT.sub(lambda match: f"%({word})s" if word and match[1] == word else f"%{match[0]}", text)


def _pieces(module: Module, expr: ast.expr, word: str, made: Converted) -> None:
    """Convert the literals that a text is made of; note what is not known."""
    match expr:
        case ast.Constant(value=str()):
            source = module.text(expr)
            new = _changed(source, word)
            if new != source:
                made.replaced[expr] = new
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            _pieces(module, left, word, made)
            _pieces(module, right, word, made)
        case ast.BinOp(left=ast.Constant(value=str()) as template, op=ast.Mod(), right=values):
            source = module.text(template)
            new = _IN_TEMPLATE.sub(lambda match: _in_template(match, word), source)
            if new != source:
                made.replaced[template] = new
            if not _are_plain(module, values):
                made.doubt = made.doubt or _DOUBT
        case ast.Call(func=ast.Attribute(value=inner, attr="strip" | "lstrip" | "rstrip"), args=[], keywords=[]):
            _pieces(module, inner, word, made)
        case ast.Call(args=[inner], keywords=[]) if module.qualified_name(expr.func) == "textwrap.dedent":
            _pieces(module, inner, word, made)
        case ast.Name(id="__doc__") if "%" in (known_text(module, expr) or "") and _is_only(
            known_text(module, expr), word
        ):
            made.replaced[expr] = f'(__doc__ or "").replace("%{word}", "%({word})s")'
        case ast.Name() if (text := known_text(module, expr)) is not None and "%" not in text:
            pass
        case ast.Name() if (value := _only_use(module, expr)) is not None:
            _pieces(module, value, word, made)
        case _:
            made.doubt = made.doubt or _DOUBT


_DOUBT = "a text of its help is made elsewhere, and argparse formats what begins with % in it"


def _is_only(text: str | None, word: str) -> bool:
    """Whether each percent sign of a text belongs to a word that stands for something."""
    if text is None or not word or "%" not in text:
        return False
    return text.count("%") == len(re.findall(rf"%{word}\b", text))


def _in_template(match: re.Match[str], word: str) -> str:
    if not match[0].startswith("%%"):
        return match[0]
    return f"%%({word})s" if match[1] == word and word else f"%%{match[0]}" if match[1] else "%%%%"


def _are_plain(module: Module, values: ast.expr) -> bool:
    """Whether what is formatted into a text has no percent sign."""
    parts = (
        values.elts if isinstance(values, ast.Tuple) else values.values if isinstance(values, ast.Dict) else [values]
    )
    for part in parts:
        text = known_text(module, part)
        types = module.type_of(part)
        number = types is not None and all(item.name in {"int", "float"} for item in types)
        if (text is None or "%" in text) and not number:
            return False
    return True


def _without_prefix(module: Module, expr: ast.expr, made: Converted) -> None:
    """Take "usage: " off the front, as optparse does; argparse writes it, too."""
    first = expr
    while isinstance(first, (ast.BinOp, ast.Name)):
        inner = first.left if isinstance(first, ast.BinOp) else _only_use(module, first)
        if inner is None:
            return
        first = inner
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        return
    source = made.replaced.get(first, module.text(first))
    if first.value.lstrip().lower().startswith("usage:"):
        made.replaced[first] = _USAGE.sub(lambda match: match[1].rstrip(), source, count=1)
        if made.value is not None:
            made.value = ast.literal_eval(f"({made.replaced[first]})") if first is expr else None
