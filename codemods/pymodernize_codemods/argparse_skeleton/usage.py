"""What a script says of itself: what it does, how it is called, what its arguments are."""

from __future__ import annotations

import ast
import keyword
import re
from dataclasses import dataclass

from pymodernize.semantics.module import Module
from pymodernize_codemods._script.purpose import header, is_shebang, summarised, tells_of_a_module

_NEXT_OPTION = re.compile(r"(?<!\s)\s{3,}(?=--?[A-Za-z])")
LONGEST_LINE = 500
"""In characters: a line that is longer is none that shows how a program is called."""
_USAGE = re.compile(r"^\s*(?:usage|syntax|aufruf|use)\s*:?\s*(?P<rest>\S.*)?$", re.IGNORECASE)
_CALLED = r"\s*(?:[$>%]\s+|.*\bpython[\d.]*\s+|[^:]*:\s+)?(?:\./)?{name}(?:\.py)?\s+(?P<rest>\S.*)$"
_SHOWN = re.compile(r"[\[<({].*|[A-Z][A-Z0-9_.-]*|.*\.\.\.|[\w-]+\.\w{1,5}")
_SPELLED = r"--?[A-Za-z?][\w-]*"
_GAP = r"(?:\s{2,}|\t+|\s*:\s+|\s+-{1,2}\s+)(?P<text>\S.*)$"
_OPTION = re.compile(
    rf"^\s*(?P<names>{_SPELLED}(?:(?:\s*,\s*|\s*/\s*|\s+\|\s+){_SPELLED})*)(?P<value>[ =]<?[A-Z][\w-]*>?)?{_GAP}"
)
_PLACE = re.compile(rf"^\s*(?P<name>[\[<]?[A-Za-z][\w. -]{{0,24}}?[\]>]?){_GAP}")
_INLINE = re.compile(r"(?<![\w-])(?P<name>--?[A-Za-z][\w-]*)(?:\s*:\s*|\s+)(?P<text>[a-z][^-#]*?)(?=\s{2,}-|\s*$)")
_NO_DESCRIPTION = re.compile(
    r"""^\W*(?:copyright|\(c\)|©|author|licen[sc]e|version|vim?:|-\*-|coding|created|date
    |this\ (?:program|file|software|code)\ is|permission|redistribution|todo|fixme|\$|@|spdx|http|file\s*:|pylint
    |type:|noqa|usage|syntax|aufruf|args?|parameters|options?|examples?|requires|written\ by|by\b|from\b.*import
    |import\ \w+$)|^\W*$|^\s*--?[a-z]""",
    re.IGNORECASE | re.VERBOSE,
)
_LEGAL = re.compile(
    r"https?://|\S@\S|copyright|licen[sc]e|warrant|permission|voluntary contributions|rights reserved|redistribut",
    re.IGNORECASE,
)
_LICENCE = re.compile(r"licen[sc]ed?\b.*\b(?:under|terms)|warrant(?:y|ies)|redistribut|permission is", re.IGNORECASE)
_DESCRIPTION = re.compile(r"[ \t]*(?:description|purpose|summary)[ \t]*:\s*(\S.*)", re.IGNORECASE | re.DOTALL)
LONGEST = 200
"""A description of more characters is cut back to its first line."""


@dataclass(frozen=True)
class Placeholder:
    """One place of a usage line."""

    text: str
    name: str


@dataclass(frozen=True)
class Usage:
    """What was found.

    Attributes:
        description: one sentence, empty if there is none.
        places: the placeholders of the usage line, in order.
        helps: texts by option or by placeholder in lower case.
    """

    description: str
    places: tuple[Placeholder, ...]
    helps: dict[str, str]


def read_usage(module: Module) -> Usage:
    """Look through docstring, header comment and the texts that are printed."""
    documents = [*_own_words(module), *_printed(module)]
    places: tuple[Placeholder, ...] = ()
    helps: dict[str, str] = {}
    for text in documents:
        wholes = (_NEXT_OPTION.split(whole) for whole in text.splitlines())
        for line in [part for parts in wholes for part in parts if part]:
            found = _places(module, line)
            if len(found) > len(places):
                places = found
            for names, said in _told(line):
                for name in names:
                    helps.setdefault(name, said)
    return Usage(description(module), places, helps)


def _own_words(module: Module) -> list[str]:
    """Docstring and header comment."""
    docstring, header = module.docstring_text, _header(module)
    return [*([docstring] if docstring is not None else []), *([header] if header else [])]


def _header(module: Module) -> str:
    """The comment lines that the file starts with, without their signs."""
    lines: list[str] = []
    for number in range(1, len(module.source.line_starts) + 1):
        line = module.source.line(number).decode("utf-8").strip()
        if not line.startswith("#"):
            if line or any(item.strip() for item in lines):
                break
            continue
        if is_shebang(line) or re.match(r"#.*?coding[:=]", line) and number < 3:
            continue
        lines.append(re.sub(r"^#+ ?", "", line))
    return "\n".join(lines)


def _printed(module: Module) -> list[str]:
    """The texts of each block that tells how to call the script."""
    found: dict[ast.AST, list[str]] = {}
    owners: list[ast.AST] = []
    for node in (*module.nodes(ast.Call), *module.nodes(ast.Assign)):
        parts = node.args if isinstance(node, ast.Call) else [node.value]
        texts = [_text(part) for part in parts]
        text = " ".join(item for item in texts if item)
        if not text:
            continue
        statement = module.statement(node)
        owner = module.parent(statement) or module.tree
        found.setdefault(owner, []).append(text)
        if re.search(r"usage|syntax:|aufruf", text, re.IGNORECASE) and owner not in owners:
            owners.append(owner)
    return ["\n".join(found[owner]) for owner in owners if not isinstance(owner, ast.Module)] + [
        text for owner in owners if isinstance(owner, ast.Module) for text in found[owner] if "usage" in text.lower()
    ]


def _text(node: ast.AST) -> str:
    """The text of an expression, with %s for what is not written there."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(part) if isinstance(part, ast.Constant) else "%s" for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mod):
        return _text(node.left)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return (_text(node.left) or "%s") + (_text(node.right) or "%s")
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in {"format", "strip"}:
        return _text(node.func.value)
    return ""


# --- usage lines ------------------------------------------------------------------------------------------------


def _places(module: Module, line: str) -> tuple[Placeholder, ...]:
    """The placeholders of a line that shows how to call the script; none for another line."""
    rest = _arguments(module, line)
    if rest is None:
        return ()
    rest = re.split(r"\s(?:[>|#]|e\.g\.|--\s)", f" {rest}")[0]
    rest = re.sub(r"\[\s*-[^\]]*\]", " ", rest)
    found = []
    for token in re.findall(r"[\[({]*<[^<>]*>[^\s]*|[^\s]+", rest):
        bare = token.strip("[](){}<>.,;\"'")
        name = identifier(bare)
        if token.startswith("-") or bare.startswith("-"):
            return ()  # an option with a value: the places behind it cannot be told
        if not name or not re.fullmatch(r"[\w ./:|-]+", bare):
            break
        found.append(Placeholder(bare, name))
    return tuple(found)


def _arguments(module: Module, line: str) -> str | None:
    if len(line) > LONGEST_LINE:
        return None
    stem = module.facts.name.removesuffix(".py") if module.facts.name else ""
    usage = _USAGE.match(line)
    if stem and (called := re.match(_CALLED.format(name=re.escape(stem)), line)):
        rest = called["rest"]
        words = re.split(r"\s[>|#]", f" {rest}")[0].split()
        if usage is not None or words and all(_SHOWN.fullmatch(word) for word in words if not word.startswith("-")):
            return rest
        return None
    if usage is None or not usage["rest"]:
        return None
    words = usage["rest"].split()
    while words and re.match(r"(?:\S*python[\d.]*(?:\.exe)?|sudo|\$|-[a-zA-Z])$", words[0]):
        del words[0]
    return " ".join(words[1:])


def identifier(text: str) -> str:
    """A name for an argument out of a placeholder or a variable, empty if there is none in it."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", text)
    name = re.sub(r"\W+", "_", text).strip("_").lower()
    return name if name.isidentifier() and not keyword.iskeyword(name) else ""


def _told(line: str) -> list[tuple[list[str], str]]:
    """What a line says of options or of a placeholder."""
    if option := _OPTION.match(line):
        names = re.findall(r"--?[A-Za-z?][\w-]*", option["names"])
        text = option["text"]
        return [(names, _clean(text))]
    found = [([item["name"]], _clean(item["text"])) for item in _INLINE.finditer(line)]
    if found and re.match(r"\s*(?:\w+:?\s*|:\s*)?-", line):
        return found
    place = _PLACE.match(line)
    if place is not None and not _USAGE.match(line):
        names = [identifier(part) for part in place["name"].split("/")]
        return [([name for name in names if name], _clean(place["text"]))]
    return []


def _clean(text: str) -> str:
    text = re.sub(r"\s+", " ", text).strip().rstrip(".")
    return text if not re.search(r"%\(\w+\)|%[sdrf]", text) else ""


# --- description ------------------------------------------------------------------------------------------------


def description(module: Module) -> str:
    """What a script says in its docstring, or in the comment at its top, that it does.

    Args:
        module: the module.

    Returns:
        One sentence; empty if there is none.
    """
    top = header(module)
    own = ["\n".join(summarised(top.text, module.facts.name))] if top.text else []  # as it stands in a docstring
    for text in (*own, *_own_words(module)):
        paragraphs = re.split(r"\n[ \t]*\n", text.strip("\n"))
        told = next((match[1] for item in paragraphs if (match := _DESCRIPTION.match(item))), None)
        for paragraph in paragraphs if told is None else [told]:
            if _LICENCE.search(paragraph):
                break  # the rest of it has paragraphs that say nothing of a licence by themselves
            found = _sentence(module, paragraph)
            if found:
                word = found.partition(" ")[0]
                found = found[0].upper() + found[1:] if word.islower() and word.isalpha() else found
                return f"{found}." if found[-1].isalnum() else found
    return ""


def _sentence(module: Module, paragraph: str) -> str:
    """The first sentence of a paragraph that says what the script does, empty if it says anything else."""
    lines = [line.strip() for line in paragraph.strip().splitlines()]
    stem = re.escape(module.facts.name.removesuffix(".py")) if module.facts.name else r"\w+"
    if lines and (title := re.match(rf"(?:{stem}|[\w-]+\.py)(?:\.py)?\s*(?:[-–—:]+\s+|$)", lines[0])):
        lines[0] = lines[0][title.end() :]
        lines = lines[: 1 if lines[0] else None]
    lines = [line for line in lines if line.strip("-=#*~ ")]
    if (
        not lines
        or tells_of_a_module(module, lines[0])
        or _NO_DESCRIPTION.match(lines[0])
        or _arguments(module, lines[0]) is not None
    ):
        return ""
    text = " ".join(lines)
    end = re.search(r"(?<![ .][a-z])[.!?](?:\s|$)", text)
    sentence = text[: end.end()].strip() if end else text
    if len(sentence) > LONGEST or not end and (_is_table(lines) or not lines[0].endswith((",", " and", " or"))):
        sentence = lines[0]
    sentence = re.sub(r"\s+", " ", sentence).rstrip(":,;- ")
    words = re.findall(r"[^\W\d_]{2,}", sentence)
    names_itself = re.search(rf"(?:^|\W){stem}\.py\b", sentence) is not None
    return (
        sentence
        if len(words) >= 2 and "%(" not in sentence and not names_itself and not _LEGAL.search(sentence)
        else ""
    )


def _is_table(lines: list[str]) -> bool:
    return any(re.search(r"\s{3,}", line) for line in lines[1:])
