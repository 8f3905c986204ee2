"""Which expressions are a password, a token or a key, by their names and by what makes them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from itertools import takewhile

from pymodernize.semantics.module import Module
from pymodernize.semantics.scopes import BindingKind
from pymodernize.semantics.types import BOOL

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
SECRETS = frozenset(
    """password passwords passwd passwds passphrase passphrases passcode passcodes secret secrets token otp totp pin
    pwd credential credentials apikey getpass""".split()
)
# What a key is named with where it opens something, rather than finds something in a table.
OF_KEYS = frozenset("access api encryption fernet license private secret session signing ssh".split())
# Words behind the noun that leave it what it is.
_NEUTRAL = frozenset("hex str string text value plain plaintext clear".split())
# What a key comes from that has no name of its own.
_MAKERS = frozenset("generate_key token_hex token_urlsafe token_bytes getpass".split())
# Functions and methods whose result shows what they are given, or what they belong to.
_SHOWING = frozenset(
    """ascii bytes capitalize decode encode format hex join list ljust lower lstrip repr replace rjust rstrip sorted
    str strip title tuple upper""".split()
)
# The noun stands in front of them: "password_of_user", but "log_in_with_password".
_PREPOSITIONS = frozenset("at by for from in of on to using with without".split())
# In front of a name they ask a question about it, or say what is done to it.
_ASKING = frozenset("check compare count has hash is len length matches test valid validate verify".split())


def shown(expr: ast.expr) -> Iterator[ast.expr]:
    """The expressions whose values are seen in the text of another one.

    Args:
        expr: what is shown.
    """
    match expr:
        case ast.JoinedStr(values=inner) | ast.Tuple(elts=inner) | ast.List(elts=inner) | ast.BoolOp(values=inner):
            pass
        case ast.FormattedValue(value=value) | ast.Starred(value=value) | ast.Await(value=value):
            inner = [value]
        case ast.BinOp(left=left, right=right):
            inner = [left, right]
        case ast.IfExp(body=body, orelse=orelse):
            inner = [body, orelse]
        case ast.Dict(values=inner):
            pass
        case ast.Call(func=func) if _last_name(func) in _SHOWING:
            receiver = [func.value] if isinstance(func, ast.Attribute) else []
            inner = [*receiver, *expr.args, *(keyword.value for keyword in expr.keywords)]
        case _:
            yield expr
            return
    for item in inner:
        yield from shown(item)


def is_secret(module: Module, expr: ast.expr) -> bool:
    """Whether an expression is a secret: its name says so, or what it is taken from.

    Args:
        module: the module.
        expr: one of its expressions.
    """
    match expr:
        case ast.Name(id=name):
            return _is_made(module, expr) or names_secret(name) and module.type_of(expr) != BOOL
        case ast.Attribute(attr=name):
            return names_secret(name)
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return names_secret(key)
        case ast.Subscript(value=value):
            return is_secret(module, value)
        case ast.Call(func=func, args=args):
            name = _last_name(func)
            if name in {"get", "getenv", "pop"} and args and isinstance(args[0], ast.Constant):
                return names_secret(str(args[0].value))
            return name in _MAKERS or names_secret(name)
    return False


def _is_made(module: Module, name: ast.Name) -> bool:
    """Whether a variable holds what is made as a secret, wherever it is assigned in its scope."""
    found = module.scope(name).lookup(name.id)
    bindings = found[1] if found is not None else ()
    for binding in bindings:
        around = module.parent(binding.node)
        if binding.kind is BindingKind.NAME and isinstance(around, ast.Assign) and isinstance(around.value, ast.Call):
            called = _last_name(around.value.func)
            if called in _MAKERS or names_secret(called):
                return True
    return False


def _last_name(func: ast.expr) -> str:
    return str(getattr(func, "attr", getattr(func, "id", "")))


def names_secret(name: str) -> bool:
    """Whether a name is that of a secret: its noun is one, and it asks nothing about it.

    Args:
        name: of a variable, an attribute, a key or a function.
    """
    words = [*takewhile(lambda word: word not in _PREPOSITIONS, map(str.lower, _WORDS.findall(name)))]
    if words and words[0] in _ASKING:
        return False
    while words and (words[-1] in _NEUTRAL or words[-1].isdigit()):
        words.pop()
    if not words:
        return False
    return words[-1] in SECRETS or words[-1] == "key" and len(words) > 1 and words[-2] in OF_KEYS
