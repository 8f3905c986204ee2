"""Annotations that say that None is allowed, too."""

from __future__ import annotations

import ast
import builtins

from pymodernize.reasons import Reason
from pymodernize.semantics.module import Module

_ANY = frozenset({"typing.Any", "builtins.object", "typing.Optional"})


class NoAnnotation(ValueError):
    """The annotation cannot be changed; the message says why."""


def optional(module: Module, annotation: ast.expr) -> tuple[str, str]:
    """An annotation with None.

    Args:
        module: the model.
        annotation: the annotation as it is.

    Returns:
        Its new source, with ``{}`` for the name that is needed, and that name;
        empty texts where nothing is to be done or needed.

    Raises:
        NoAnnotation: it is a text of several parts.
    """
    text = module.text(annotation)
    if isinstance(annotation, ast.Constant):
        return _of_text(annotation, text)
    named = annotation.value if isinstance(annotation, ast.Subscript) else annotation
    if module.qualified_name(named) in _ANY or _names_none(annotation) or _is_no_type(module, named):
        return "", ""
    if not isinstance(annotation, (ast.Name, ast.Attribute, ast.Subscript, ast.BinOp)):
        raise NoAnnotation(Reason("signature", "its annotation is no type that could be joined with None"))
    if module.target >= (3, 10) or _are_not_evaluated(module):
        return f"{text} | None", ""
    return f"{{}}[{text}]", "typing.Optional"


def _of_text(annotation: ast.Constant, text: str) -> tuple[str, str]:
    if annotation.value is None or not isinstance(annotation.value, str):
        return "", ""
    quote = text[-1]
    if text != f"{quote}{annotation.value}{quote}" or "\n" in text:
        raise NoAnnotation(Reason("signature", "its annotation is written in several parts"))
    if "None" in text or "Optional" in text or annotation.value in {"Any", "object"}:
        return "", ""
    return f"{quote}{annotation.value} | None{quote}", ""


def _is_no_type(module: Module, named: ast.expr) -> bool:
    """Whether a name is that of a function, which people write for a type: ``callable``, ``any``."""
    home, _, name = (module.qualified_name(named) or "").rpartition(".")
    builtin = home == "builtins" and not isinstance(getattr(builtins, name, None), type)
    return builtin or module.local_function(named) is not None


def _names_none(annotation: ast.expr) -> bool:
    """Whether the union says None already: ``X | None``, ``Union[X, None]``."""
    if (
        isinstance(annotation, ast.BinOp)
        or isinstance(annotation, ast.Subscript)
        and "Union" in ast.dump(annotation.value)
    ):
        return any(isinstance(node, ast.Constant) and node.value is None for node in ast.walk(annotation))
    return False


def _are_not_evaluated(module: Module) -> bool:
    """Whether ``from __future__ import annotations`` keeps annotations from being evaluated."""
    return any(
        item.module == "__future__" and any(alias.name == "annotations" for alias in item.names)
        for item in module.nodes(ast.ImportFrom)
    )
