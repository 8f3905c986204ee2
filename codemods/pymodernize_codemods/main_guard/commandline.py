"""The calls that read the command line, and take it as an argument just as well."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from pymodernize.semantics.module import Module

_PARSERS = frozenset({"argparse.ArgumentParser", "optparse.OptionParser"})


def readers(module: Module, moved: Iterable[ast.stmt]) -> frozenset[str]:
    """The functions that moved code calls without arguments, and that read ``sys.argv`` when they are given None.

    Args:
        module: the module.
        moved: the statements that move into ``main``.

    Returns:
        Their sources; each stands for such a function wherever it is called.
    """
    found: dict[str, bool] = {}
    for statement in moved:
        for call in ast.walk(statement):
            if isinstance(call, ast.Call) and not call.args and not call.keywords:
                text = module.text(call.func)
                plain = module.function(call) is None and (
                    _is_parser(module, call.func) or _takes_command_line(module, call.func)
                )
                found[text] = found.get(text, True) and plain
    return frozenset(text for text, plain in found.items() if plain)


def _is_parser(module: Module, func: ast.expr) -> bool:
    """Whether a function is ``parse_args`` of a parser of the library."""
    if not isinstance(func, ast.Attribute) or func.attr not in {"parse_args", "parse_known_args"}:
        return False
    value = func.value
    if isinstance(value, ast.Name):
        found = module.scope(value).lookup(value.id)
        assign = module.parent(found[1][0].node) if found is not None and len(found[1]) == 1 else None
        if not isinstance(assign, ast.Assign):
            return False
        value = assign.value
    if not isinstance(value, ast.Call):
        return False
    made = module.qualified_name(value.func)
    return made in _PARSERS and not (made == "optparse.OptionParser" and func.attr != "parse_args")


def _takes_command_line(module: Module, func: ast.expr) -> bool:
    """Whether a function of this file has the command line as its only parameter, None by default."""
    function = module.local_function(func)
    if not isinstance(function, ast.FunctionDef):
        return False
    args = function.args
    every = [*args.posonlyargs, *args.args, *args.kwonlyargs, *filter(None, (args.vararg, args.kwarg))]
    if len(every) != 1 or len(args.args) != 1 or every[0].arg not in {"argv", "args", "arguments"}:
        return False
    default = args.defaults[0] if args.defaults else None
    if not (isinstance(default, ast.Constant) and default.value is None):
        return False
    annotation = every[0].annotation
    return annotation is None or "Sequence" in module.text(annotation)
