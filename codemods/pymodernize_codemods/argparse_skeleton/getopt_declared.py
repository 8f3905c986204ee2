"""What a call of getopt is given: the arguments, and the options that there are."""

from __future__ import annotations

import ast

from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton.optparse_text import known_text
from pymodernize_codemods.argparse_skeleton.reasons import NotConvertible


def arguments_given(module: Module, call: ast.Call) -> str:
    """The source of the list that is read, empty for the arguments of the process."""
    if call.keywords or not 2 <= len(call.args) <= 3 or any(isinstance(arg, ast.Starred) for arg in call.args):
        raise NotConvertible("getopt is called in an unusual way")
    given = call.args[0]
    if module.qualified_name(given) == "sys.argv":
        raise NotConvertible("the name of the script is read as one of its arguments")
    if isinstance(given, ast.Subscript) and module.qualified_name(given.value) == "sys.argv":
        match given.slice:
            case ast.Slice(lower=ast.Constant(value=1), upper=None, step=None):
                return ""
    return module.text(given)


def declared_options(module: Module, call: ast.Call) -> dict[str, bool]:
    """The options that getopt is told of, and whether each takes a value."""
    short = known_text(module, call.args[1])
    if short is None:
        raise NotConvertible("the options are made elsewhere")
    short = short.lstrip("+")
    if "::" in short or short.startswith((":", "-")):
        raise NotConvertible("options with a value that may be left out")
    declared = {
        f"-{letter}": short[place + 1 : place + 2] == ":" for place, letter in enumerate(short) if letter != ":"
    }
    for name in _long_names(module, call):
        declared[f"--{name.rstrip('=')}"] = name.endswith("=")
        if "=?" in name:
            raise NotConvertible("options with a value that may be left out")
    if any(flag[1:].isdigit() for flag in declared):
        raise NotConvertible("an option looks like a negative number to argparse")
    return declared


def _long_names(module: Module, call: ast.Call) -> list[str]:
    """The long options as they are written for getopt."""
    if len(call.args) < 3:
        return []
    given = call.args[2]
    if isinstance(given, ast.Constant) and isinstance(given.value, str):
        return [given.value] if given.value else []
    names = [known_text(module, item) for item in given.elts] if isinstance(given, (ast.List, ast.Tuple)) else [None]
    if None in names:
        raise NotConvertible("the options are made elsewhere")
    return [name for name in names if name]
