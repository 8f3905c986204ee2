"""Execute a script with an eye on every expression, and hold what the analysis says of it against what comes.

The script runs in this process with what it would see as a program. Each
expression is looked at each time that it gives a value: its class and what is
in it have to be among those that :mod:`pymodernize.semantics` names, and a
text may have no peculiarity that the judge of paths rules out.
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import random
import sys
import types
import warnings
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path, PurePath
from unittest import mock

from pymodernize.semantics import contents
from pymodernize.semantics.inference import Inference
from pymodernize.semantics.module import Module
from pymodernize.semantics.types import Types
from pymodernize.source import SourceFile
from pymodernize_codemods._paths import hazards
from pymodernize_codemods._paths.elements import Take
from pymodernize_codemods._paths.hazards import ANY, NONE, Hazard
from pymodernize_codemods._paths.judgement import Judge

TEXTUAL = ANY & ~(Hazard.HIDDEN | Hazard.CLOSED | Hazard.LINKED)
# Names that stand for more than one class of the running Python.
_ITERATORS = {"generator", "map"}
_MOST = 20_000
_NOT_WATCHED = (ast.Constant, ast.Starred, ast.Slice, ast.JoinedStr, ast.FormattedValue, ast.Lambda, ast.GeneratorExp)


def watch(source: str, args: Sequence[str] = (), seed: int = 0) -> list[str]:
    """Run a script, and say where the analysis is wrong.

    Args:
        source: the script; all that it replaces of other modules it puts back.
        args: its arguments.
        seed: decides the order in which the analysis is asked.

    Returns:
        One line for each kind of mistake at each expression.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        module = Module(SourceFile.decode(source.encode()), None)
        assert module.is_closed
        said = _Said(module, random.Random(seed))  # noqa: S311 - no secrets
        # A twin of the tree is changed: its nodes come in the same order.
        twin = ast.parse(source)
        numbers = {node: number for number, node in enumerate(_expressions(twin))}
        code = compile(ast.fix_missing_locations(_Watched(numbers).visit(twin)), "script.py", "exec")
    script = types.ModuleType("__main__")
    vars(script).update(__see__=said.see, __file__=str(Path("script.py").absolute()))
    with (
        mock.patch.object(sys, "argv", ["script.py", *args]),
        mock.patch.dict(sys.modules, {"__main__": script}),
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        contextlib.suppress(Exception, SystemExit),
    ):
        exec(code, vars(script))  # noqa: S102 - of the tests' own making
    return said.mistakes


def _expressions(tree: ast.AST) -> Iterator[ast.expr]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.expr))


def _is_watched(node: ast.AST) -> bool:
    loaded = isinstance(getattr(node, "ctx", ast.Load()), ast.Load)
    return isinstance(node, ast.expr) and loaded and not isinstance(node, _NOT_WATCHED)


class _Watched(ast.NodeTransformer):
    """Puts ``__see__(number, expression)`` for expressions."""

    def __init__(self, numbers: dict[ast.expr, int]) -> None:
        self.numbers = numbers

    def visit(self, node: ast.AST) -> ast.AST:
        if isinstance(node, ast.pattern):
            return node
        if isinstance(node, ast.AnnAssign):
            node.value = self.visit(node.value) if node.value else None
            return node
        if isinstance(node, ast.FormattedValue):
            node.value = self.visit(node.value)
            return node
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):  # super() asks by which name it is called
            node.args = [self.visit(arg) for arg in node.args]
            node.keywords = [self.visit(keyword) for keyword in node.keywords]
        else:
            node = self.generic_visit(node)
        if not _is_watched(node) or node not in self.numbers:
            return node
        see = ast.Name("__see__", ast.Load())
        return ast.copy_location(ast.Call(see, [ast.Constant(self.numbers[node]), node], []), node)


class _Said:
    """What is said of the expressions of a module; asked in any order, as one answer may rest on another."""

    def __init__(self, module: Module, order: random.Random) -> None:
        self.nodes = list(_expressions(module.tree))
        self.mistakes: list[str] = []
        self._found: set[tuple[str, int]] = set()
        self._left = _MOST
        judge, inference = Judge(module), Inference(module)
        questions = {
            "class": inference.of,
            "contents": partial(contents.container, inference),
            "text": judge.of,
            "element": lambda node: judge.at(node, (Take.ELEMENT,)),
            "item": lambda node: judge.at(node, (Take.ITEM,)),
        }
        asked = [(kind, number) for number, node in enumerate(self.nodes) if _is_watched(node) for kind in questions]
        order.shuffle(asked)
        self.answers = {(kind, number): questions[kind](self.nodes[number]) for kind, number in asked}

    def see(self, number: int, value: object) -> object:
        """Hold a value against what is said of its expression."""
        self._left -= 1
        if self._left < 0:
            raise SystemExit
        for kind in ("class", "contents"):
            if not _fits(self.answers[kind, number], value):
                self._mistake(kind, number, value)
        self._compare("text", number, [value], value)
        if isinstance(value, (list, tuple, set, dict)):
            self._compare("element", number, list(value), value)
        if isinstance(value, dict):
            self._compare("item", number, list(value.values()), value)
        return value

    def _compare(self, kind: str, number: int, texts: list, value: object) -> None:
        if any(_peculiarities(text) & ~self.answers[kind, number] for text in texts):
            self._mistake(kind, number, value)

    def _mistake(self, kind: str, number: int, value: object) -> None:
        if (kind, number) not in self._found:
            self._found.add((kind, number))
            node = self.nodes[number]
            said = self.answers[kind, number]
            self.mistakes.append(f"{node.lineno}: {ast.unparse(node)} gave {value!r}; {kind}: {said}")


def _peculiarities(value: object) -> Hazard:
    if isinstance(value, str):
        return hazards.of_text(value) & TEXTUAL
    if isinstance(value, PurePath):
        return hazards.as_path(hazards.of_text(str(value))) & TEXTUAL
    return NONE


def _fits(said: Types | None, value: object) -> bool:
    """Whether a value, with what is in it, is one of those that are said to come."""
    if said is None:
        return True
    for type_ in said:
        if not _is_of(type_.name, value):
            continue
        if type_.items is not None and isinstance(value, tuple):
            inside = len(value) == len(type_.items) and all(map(_fits, type_.items, value))
        elif isinstance(value, dict):
            inside = all(_fits(type_.element, key) and _fits(type_.value, value[key]) for key in value)
        elif isinstance(value, (list, tuple, set)):
            inside = all(_fits(type_.element, item) for item in value)
        else:
            inside = True
        if inside:
            return True
    return False


def _is_of(name: str, value: object) -> bool:
    """Whether a value is of the class that the analysis calls so."""
    if name in _ITERATORS:
        return hasattr(value, "__next__")
    if name == "exception":
        return isinstance(value, BaseException)
    if name == "os.environ":
        return value is os.environ
    if name == "pathlib.Path":
        return type(value) is type(Path())
    if name == "io.BufferedIOBase":
        return isinstance(value, io.BufferedIOBase)
    module, _, short = name.rpartition(".")
    same_module = type(value).__module__.removeprefix("_") == (module or "builtins")
    return type(value).__qualname__ == short and same_module
