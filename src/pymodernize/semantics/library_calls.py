"""The types of calls of the standard library that depend on their arguments."""

from __future__ import annotations

import ast
from functools import partial
from typing import TYPE_CHECKING

from pymodernize.semantics.contents import container
from pymodernize.semantics.library import results
from pymodernize.semantics.types import BOOL, FLOAT, INT, NONE, NOTHING, NUMBERS, STR, Type, Types, names_of, parse

if TYPE_CHECKING:
    from pymodernize.semantics.inference import Inference


def iterated_call(inference: Inference, call: ast.Call) -> Types | None:
    """The types of the elements of a call's result, for functions whose elements depend on the arguments; else None."""
    qualified = inference.module.qualified_name(call.func)
    if qualified in {"builtins.enumerate", "builtins.zip"} and not any(
        isinstance(arg, ast.Starred) for arg in call.args
    ):
        parts = [inference.iterated(arg) for arg in (call.args[:1] if qualified.endswith("enumerate") else call.args)]
        known_parts = [part for part in parts if part is not None]
        if not parts or len(known_parts) < len(parts):
            return None
        items = ([INT] if qualified.endswith("enumerate") else []) + known_parts
        return frozenset({Type("tuple", items=tuple(items))})
    if qualified in {"builtins.sorted", "builtins.reversed", "builtins.list", "builtins.set"} and call.args:
        return inference.iterated(call.args[0])
    if qualified == "os.walk" and call.args and _is_text_path(inference, call.args[0]):
        texts = frozenset({Type("list", element=STR)})
        return frozenset({Type("tuple", items=(STR, texts, texts))})
    if isinstance(call.func, ast.Attribute) and not call.args:
        return _iterated_mapping(inference, call.func)
    return None


def _iterated_mapping(inference: Inference, func: ast.Attribute) -> Types | None:
    types = container(inference, func.value)
    if types is None or names_of(types) != {"dict"} or len(types) != 1:
        return None
    (mapping,) = types
    if mapping.element is None or mapping.value is None:
        return None
    if func.attr == "items":
        return frozenset({Type("tuple", items=(mapping.element, mapping.value))})
    return {"keys": mapping.element, "values": mapping.value}.get(func.attr)


def with_default(inference: Inference, call: ast.Call) -> Types | None:
    """The types of ``os.getenv``: str, or those of the default."""
    if any(isinstance(arg, ast.Starred) for arg in call.args) or any(kw.arg is None for kw in call.keywords):
        return None
    given = [*call.args[1:], *(keyword.value for keyword in call.keywords if keyword.arg != "key")]
    if not given:
        return STR | NONE
    default = inference.union_of(given)
    return STR | default if default is not None else None


def call_result(inference: Inference, qualified: str, call: ast.Call) -> Types | None:
    """The result types of a library function that depend on its arguments."""
    args = call.args
    if any(isinstance(arg, ast.Starred) for arg in args):
        return None
    if qualified in {"builtins.open", "io.open"}:
        mode = next((kw.value for kw in call.keywords if kw.arg == "mode"), args[1] if len(args) > 1 else None)
        if any(kw.arg in {None, "opener"} for kw in call.keywords):
            return None
        return _opened(mode)
    if qualified in _PATH_FUNCTIONS:
        return _path_result(inference, qualified, call)
    if qualified in results.MATCHES:
        return frozenset({Type("re.Match")}) | NONE if args and inference.is_text(args[0]) else None
    if qualified == "re.compile":
        return frozenset({Type("re.Pattern")}) if args and inference.is_text(args[0]) else None
    if qualified == "re.sub":
        return STR if args and inference.is_text(args[0]) else None
    if qualified in {"getopt.getopt", "getopt.gnu_getopt"}:
        given = parse("tuple[list[tuple[str, str]], list[str]]")
        return given if args and inference.iterated(args[0]) == STR else None
    if qualified == "builtins.sorted" and args:
        return frozenset({Type("list", element=inference.iterated(args[0]))})
    if qualified == "builtins.sum" and len(args) == 1 and not call.keywords:
        element = inference.iterated(args[0])
        return INT | element - BOOL if element is not None and names_of(element) <= NUMBERS else None
    if qualified == "builtins.round" and args:
        value = inference.of(args[0])
        if value is None or not names_of(value) <= {"int", "float", "bool"}:
            return None
        return INT if len(args) == 1 and not call.keywords else INT | FLOAT
    if qualified in {"builtins.min", "builtins.max"} and args and not call.keywords:
        return inference.iterated(args[0]) if len(args) == 1 else inference.union_of(args)
    return None


_PATH_FUNCTIONS = (
    results.SAME_TEXT_TYPE
    | results.LIST_OF_SAME_TEXT_TYPE
    | results.PAIR_OF_SAME_TEXT_TYPE
    | results.TEXT_BY_DEFAULT.keys()
)


def _path_result(inference: Inference, qualified: str, call: ast.Call) -> Types | None:
    """The result type of a function of os.path: text for a text and for a path."""
    args = call.args
    if qualified == "os.path.join":
        # If one part is a str, the others are str or paths, as anything else raises.
        return STR if len(args) > 1 and any(_is_text_path(inference, arg) for arg in args) else None
    if qualified in results.SAME_TEXT_TYPE:
        return STR if args and all(_is_text_path(inference, arg) for arg in args) else None
    if qualified in results.LIST_OF_SAME_TEXT_TYPE:
        if qualified == "os.listdir" and not args or args and _is_text_path(inference, args[0]):
            return frozenset({Type("generator" if qualified == "glob.iglob" else "list", element=STR)})
        return None
    if qualified in results.PAIR_OF_SAME_TEXT_TYPE:
        return frozenset({Type("tuple", items=(STR, STR))}) if args and _is_text_path(inference, args[0]) else None
    if qualified in results.TEXT_BY_DEFAULT:
        given = [*args, *(keyword.value for keyword in call.keywords)]
        # Before 3.12, which() may return its argument, also a Path.
        is_text = inference.is_text if qualified == "shutil.which" else partial(_is_text_path, inference)
        plain = all(keyword.arg for keyword in call.keywords) and all(map(is_text, given))
        return parse(results.TEXT_BY_DEFAULT[qualified]) if plain else None
    return None


def method_result(inference: Inference, call: ast.Call) -> Types | None:
    """The result types of a method, over all classes that its receiver may have."""
    if not isinstance(call.func, ast.Attribute):
        return None
    receiver = inference.of(call.func.value)
    if receiver is None:
        return None
    union: Types = NOTHING
    for type_ in receiver:
        if type_.name == "NoneType":
            continue  # the call raises, so it contributes no value
        types = parse(results.METHODS.get(type_.name, {}).get(call.func.attr, ""))
        if type_.name == "os.environ":
            types = with_default(inference, call) if call.func.attr == "get" else None
        if type_.name == "re.Pattern" and f"re.{call.func.attr}" in results.MATCHES:
            types = frozenset({Type("re.Match")}) | NONE
        if type_.name == "re.Match" and call.func.attr == "group":
            single = len(call.args) < 2 and not any(isinstance(arg, ast.Starred) for arg in call.args)
            types = STR | NONE if single else None
        if types is None:
            return None
        union |= types
    # During a fixpoint iteration, a receiver may have no types yet.
    return union if union or not receiver else None


def _is_text_path(inference: Inference, expr: ast.expr) -> bool:
    """Whether an expression certainly is a str or a Path; None may be among its types, as it raises."""
    types = inference.of(expr)
    return types is not None and names_of(types) - {"NoneType"} <= {"str", "pathlib.Path"} and types != NONE


def _opened(mode: ast.expr | None) -> Types | None:
    if mode is None:
        return frozenset({Type("io.TextIOWrapper")})
    if isinstance(mode, ast.Constant) and isinstance(mode.value, str):
        return frozenset({Type("io.BufferedIOBase" if "b" in mode.value else "io.TextIOWrapper")})
    return None
