"""The page about the public interface, from its docstrings."""

from __future__ import annotations

import enum
import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from types import FunctionType

import pymodernize
from pymodernize.check import Check
from pymodernize.codemod import Definition, Insertion
from pymodernize.semantics.module import Module

SECTIONS = {"Args", "Returns", "Yields", "Raises", "Attributes", "Class attributes"}
MORE = (Definition, Insertion, Check, Module)
"""What authors of codemods meet beside the public names: parts of a rewrite, and the model that ``find`` gets."""
# How the engine makes, bounds and takes apart a model is no business of theirs.
_OF_THE_ENGINE = frozenset({"Module.allow", "Module.spend", "Module.dissolve", "Module.forget", "Module.index"})


def api(made: str) -> str:
    """Make the page.

    Args:
        made: the sentence that says how.
    """
    names = [name for name in pymodernize.__all__ if not name.startswith("_")]
    things = [*(getattr(pymodernize, name) for name in names), *MORE]
    lines = ["# The Python interface", "", made]
    lines += ["What is imported from `pymodernize` itself is public; the rest may change with any version."]
    lines += [
        "",
        "```python",
        "from pymodernize import Plan, transform",
        "",
        "result = transform(source, Plan((codemod,)))  # bytes; a codemod's class, called",
        "if result.output is not None:",
        "    source = result.output",
        "```",
    ]
    for thing in sorted(things, key=lambda item: item.__name__.lower()):
        lines += ["", f"## {thing.__name__}", "", f"`from {_home(thing)} import {thing.__name__}`", ""]
        lines += _of_class(thing) if isinstance(thing, type) else _of_function(thing, thing.__name__)
    return "\n".join(lines) + "\n"


def _home(thing: object) -> str:
    return getattr(thing, "__module__", "") if thing in MORE else "pymodernize"


def _of_class(thing: type) -> Iterator[str]:
    yield from _documented(thing)
    if issubclass(thing, enum.Enum):
        yield from ("", "Members: " + ", ".join(f"`{item.name}`" for item in thing) + ".")
        return
    for name, member in sorted(_members(thing).items()):
        if f"{thing.__name__}.{name}" in _OF_THE_ENGINE:
            continue
        yield from ("", f"### {thing.__name__}.{name}", "")
        if isinstance(member, (property, cached_property)):
            yield from _documented(member)
        else:
            yield from _of_function(member, f"{thing.__name__}.{name}")


def _members(thing: type) -> dict[str, object]:
    """The public methods and properties of a class, with what it inherits of ours."""
    found: dict[str, object] = {}
    for base in reversed(thing.__mro__):
        if base.__module__.startswith("pymodernize"):
            for name, member in vars(base).items():
                plain = member.__func__ if isinstance(member, (classmethod, staticmethod)) else member
                if not name.startswith("_") and (
                    inspect.isfunction(plain) or isinstance(plain, (property, cached_property))
                ):
                    found[name] = plain
    return found


def _of_function(function: object, name: str) -> Iterator[str]:
    assert inspect.isfunction(function)  # noqa: S101 - nothing else is public
    yield from ("```python", f"{name}{_signature(function)}", "```", "")
    yield from _documented(function)


def _signature(function: FunctionType) -> str:
    """The parameters of a function as they are written, without the object itself."""
    found = inspect.signature(function)
    kept = [item for item in found.parameters.values() if item.name not in ("self", "cls")]
    # Annotations are texts here, which would be shown in quotes.
    bare = found.replace(parameters=kept, return_annotation=_Written(found.return_annotation))
    return str(bare.replace(parameters=[item.replace(annotation=_Written(item.annotation)) for item in kept]))


class _Written:
    """An annotation that is shown as it is written."""

    def __init__(self, text: object) -> None:
        self.text = str(text)

    def __repr__(self) -> str:
        return self.text


def _documented(thing: object) -> Iterator[str]:
    """A docstring as Markdown: its sections become lists."""
    lines = inspect.cleandoc(getattr(thing, "__doc__", None) or "").split("\n")
    section = False
    for line in map(_plain, lines):
        if line.endswith(":") and line[:-1] in SECTIONS:
            section = True
            yield from (f"**{line[:-1]}**", "")
        elif section and re.match(r"    \S", line):
            name, colon, rest = line.strip().partition(": ")
            is_named = bool(colon) and re.fullmatch(r"[\w.]+", name)
            yield f"* `{name}`: {rest}" if is_named else f"* {line.strip()}"
        else:
            yield f"  {line.strip()}" if section and line.strip() else line


def _plain(line: str) -> str:
    """Roles of reStructuredText and double backticks as Markdown has them."""
    return re.sub(r":\w+:`~?([^`]+)`", r"`\1`", line).replace("``", "`")
