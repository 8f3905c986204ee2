"""Texts in the source that are passwords, tokens or keys, by the names that they are given or by their form."""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from collections.abc import Iterator

from pymodernize.semantics.call_binding import defaults
from pymodernize.semantics.module import Module
from pymodernize_codemods._checks.values import texts
from pymodernize_codemods._secrets import names_secret

# Keys as the services mark them that give them out.
_FORMS = re.compile(
    r"""\b(?:AKIA|ASIA)[0-9A-Z]{16}\b
    | \bgh[pousr]_[A-Za-z0-9]{36,} | \bgithub_pat_\w{22,} | \bglpat-[\w-]{20,}
    | \bxox[abprs]-[\w-]{10,} | hooks\.slack\.com/services/T\w+/B\w+/\w{20,}
    | \b[rs]k_live_\w{16,} | \bsk-[A-Za-z0-9]{32,} | \bAIza[\w-]{35}\b | \bSG\.[\w-]{16,}\.[\w-]{16,}
    | \b\d{8,10}:AA[\w-]{33}\b
    | \beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}
    | -----BEGIN[ ](?:\w+[ ])*PRIVATE[ ]KEY-----""",
    re.VERBOSE,
)
_IN_URL = re.compile(r"^[a-z][a-z0-9+.-]*://[^\s/:@{}$<>%]+:(?P<secret>[^\s/@{}$<>%]+)@")
_PLACEHOLDER = re.compile(
    r"""^(?:x+|y+|z+|\*+|\.+|-+|_+|\#+|0+|1+|\?+|(?:abc|123)\w*)$
    | your|my[ _-]?|change|replace|insert|enter|example|sample|dummy|fake|placeholder|redacted|hidden|todo|fixme
    | \bhere\b|_here$|<.*>|\{.*\}|\[.*\]|\$\w|\$\(|%\(|%s|\bfoo\b|\bbar\b|\bnone\b|\bnull\b|^test|xxx|\.\.\.|\*\*\*""",
    re.IGNORECASE | re.VERBOSE,
)
# An address, a path, a file, the name of a setting or of a field, a selector of a page.
_NO_SECRET = re.compile(
    r"^\w+://|^[./~]|\.\w{2,4}$|^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$|^[a-z]+([_-][a-z]+)+$|^\w+[\[(]\S*[\])]$|^[#.@/]"
)
_NAME = re.compile(r"^[\w -]+$")
_PASSWORDS = re.compile(r"pass(word|wd|phrase|code)s?$|pwd$", re.IGNORECASE)
# Where a word stands for the name of what it belongs to, it is no secret.
_LEAST_KEY = 12
_LEAST_ENTROPY = 3.0


def secret_texts(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """What is given a secret: a variable, an attribute, a key, a parameter; or the text that has the form of one.

    Args:
        module: the module.
    """
    seen: set[ast.AST] = set()
    for name, place, value in _named(module):
        if isinstance(value, ast.Constant) and is_secret_text(name, value.value):
            seen.add(value)
            yield place, f"{name} is written out"
    for constant, text in texts(module):
        if constant in seen:
            continue
        in_url = _IN_URL.search(text)
        if (
            in_url is not None
            and not _PLACEHOLDER.search(in_url["secret"])
            and in_url["secret"] not in {"password", "pass"}
        ):
            yield constant, "an address with a password is written out"
        elif (found := _FORMS.search(text)) is not None and not _PLACEHOLDER.search(found.group()):
            yield constant, "a text has the form of a key"


def is_secret_text(name: str, value: object) -> bool:
    """Whether a literal is a secret if it is given a name.

    Args:
        name: of a variable, an attribute, a key or a parameter.
        value: the literal's.
    """
    text = value.decode("latin-1") if isinstance(value, bytes) else value
    if not isinstance(text, str) or not _NAME.match(name) or not names_secret(name) or any(map(str.isspace, text)):
        return False
    if _PLACEHOLDER.search(text) or _NO_SECRET.search(text) or names_secret(text) or name.lower() in text.lower():
        return False
    if _PASSWORDS.search(name):
        return len(text) > 3
    return len(text) >= _LEAST_KEY and _entropy(text) >= _LEAST_ENTROPY and any(map(str.isdigit, text))


def _entropy(text: str) -> float:
    """How many bits a character of a text tells, by how often each occurs in it."""
    return -sum(number / len(text) * math.log2(number / len(text)) for number in Counter(text).values())


def _named(module: Module) -> Iterator[tuple[str, ast.AST, ast.expr]]:
    """The names that values are given, each with its place and the value."""
    for assign in (*module.nodes(ast.Assign), *module.nodes(ast.AnnAssign)):
        targets = assign.targets if isinstance(assign, ast.Assign) else [assign.target]
        for target in targets:
            if assign.value is not None and (name := _name(target)):
                yield name, target, assign.value
    for item in module.nodes(ast.keyword):
        if item.arg:
            yield item.arg, item.value, item.value
    for table in module.nodes(ast.Dict):
        for key, value in zip(table.keys, table.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, key, value
    for function in (*module.nodes(ast.FunctionDef), *module.nodes(ast.AsyncFunctionDef)):
        for parameter, value in defaults(function.args):
            yield parameter.arg, parameter, value
    for compare in module.nodes(ast.Compare):
        if len(compare.ops) == 1 and isinstance(compare.ops[0], (ast.Eq, ast.NotEq)) and (name := _name(compare.left)):
            yield name, compare.left, compare.comparators[0]


def _name(expr: ast.expr) -> str:
    match expr:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.Subscript(slice=ast.Constant(value=str(name))):
            return name
    return ""
