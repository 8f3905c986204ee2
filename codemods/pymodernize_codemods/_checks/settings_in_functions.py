"""Texts and numbers in functions that are settings: addresses, hosts, ports, absolute paths."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pymodernize.semantics.module import Module
from pymodernize_codemods._checks.values import texts

_URL = re.compile(
    r"^(?:https?|ftps?|sftp|wss?|mongodb(?:\+srv)?|postgres(?:ql)?|mysql|rediss?|amqps?|ldaps?)://"
    r"(?P<host>[\w.-]+(?::\d+)?)(?:[/?#]\S*)?$"
)
# What ends with the host may go on with a value: "https://api.x.org/{name}".
_URL_BEGINS = re.compile(r"^(?:https?|ftp|wss?)://(?P<host>[\w-]+(?:\.[\w-]+)+)(?::\d+)?[/?#]\S*$")
_HOST = re.compile(r"^(?:localhost|\d{1,3}(?:\.\d{1,3}){3})(?::\d{2,5})?$")
_NO_HOST = re.compile(r"^(?:0\.0\.0\.0|255\.)")
_PATH = re.compile(
    r"^(?:/(?:home|Users|var|opt|srv|mnt|media|data|root|usr/local|Volumes)/[\w./ -]+|[A-Za-z]:[\\/]+\w[^\n*?]*)$"
)
# Names of schemas and documentation, which nothing is fetched from.
_NAMES = re.compile(
    r"//docs?\.|w3\.org|xmlsoap|schemastore|schemas?\.|purl\.org|example\.(?:com|org|net)|/licenses/|ns\.adobe"
)
_FOR_PEOPLE = re.compile(
    r"^(?:print|debug|info|warn|warning|error|exception|critical|log|write|echo|secho|add_argument|option|argument|"
    r"ArgumentParser|OptionParser|add_option|add_parser|fail|exit|speak|say|send|reply|startswith|endswith|find|compile|match|search|"
    r"fullmatch|sub|findall|split|replace|count|\w*(?:Error|Exception|Warning))$"
)
_PORT = re.compile(r"(?:^|_)port$", re.IGNORECASE)


def settings_in_functions(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """The constants in functions that another place would need others of.

    Args:
        module: the module.
    """
    for constant, text in texts(module):
        if len(text) > 4 and (kind := _kind(module, constant, text)) and _is_value(module, constant):
            yield constant, f"{kind} is written into a function"
    for item in module.nodes(ast.keyword):
        value = item.value
        if item.arg and _PORT.search(item.arg) and isinstance(value, ast.Constant) and type(value.value) is int:
            if value.value > 0 and module.function(item) is not None and not _is_default(module, item):
                yield value, "a port is written into a function"


def _is_default(module: Module, item: ast.keyword) -> bool:
    """Whether a keyword is that of an option that has a value unless somebody gives another one."""
    return item.arg == "default"


def _kind(module: Module, constant: ast.Constant, text: str) -> str:
    is_begin = isinstance(module.parent(constant), ast.JoinedStr)
    found = (_URL_BEGINS if is_begin else _URL).search(text)
    if found is not None:
        return (
            "" if _NAMES.search(text) or "." not in found["host"] and "localhost" not in found["host"] else "an address"
        )
    if is_begin:
        return ""
    if _HOST.search(text):
        return "a host" if _is_named(module, constant) and not _NO_HOST.search(text) else ""
    return "an absolute path" if _PATH.search(text) else ""


def _is_named(module: Module, constant: ast.Constant) -> bool:
    """Whether a text is given a name, or stands beside a port."""
    parent = module.parent(constant)
    if isinstance(parent, ast.Tuple):
        return len(parent.elts) == 2 and isinstance(parent.elts[1], (ast.Constant, ast.Name))
    return isinstance(parent, (ast.Assign, ast.AnnAssign, ast.keyword))


def _is_value(module: Module, constant: ast.Constant) -> bool:
    """Whether a text in a function is used as a value: given to a function or a name, and not for people to read."""
    if module.function(constant) is None:
        return False
    node: ast.AST = constant
    for around in module.ancestors(constant):
        match around:
            case ast.JoinedStr() | ast.BinOp() | ast.List() | ast.Tuple() | ast.IfExp() | ast.FormattedValue():
                pass
            case ast.Call(func=func):
                return node is not func and not _FOR_PEOPLE.match(str(getattr(func, "attr", getattr(func, "id", ""))))
            case ast.keyword(arg="default" | "help" | "description" | "epilog" | "usage" | "text" | "title"):
                return False
            case ast.keyword() | ast.Starred() | ast.Attribute():
                pass
            case ast.Assign() | ast.AnnAssign() | ast.Return() | ast.For() | ast.withitem():
                return True
            case ast.Dict(values=values) if node in values:
                pass
            case _:
                return False
        node = around
    return False
