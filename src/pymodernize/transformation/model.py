"""The read-only model of a file, or why there is none."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from pymodernize.plan import Plan
from pymodernize.semantics.module import Module
from pymodernize.semantics.project import ProjectFacts
from pymodernize.source import SourceFile, UnreadableSource
from pymodernize.transformation.parsing import MOST_WORDS, has_too_many_words, is_too_deep, parse_problem
from pymodernize.transformation.recursion import deeply


class NoModel(ValueError):
    """A file has no model; the message is for a person.

    Attributes:
        is_no_python: whether that is since it is no Python 3; else there is too much in it.
    """

    def __init__(self, message: str, *, is_no_python: bool) -> None:
        super().__init__(message)
        self.is_no_python = is_no_python


@contextmanager
def quiet_parser() -> Iterator[None]:
    """Keep to ourselves what the parser thinks of a script's escapes and comparisons.

    It is not this run's concern; and where a warning counts as an error, it
    would even keep the script from being parsed.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def model_of(
    file: SourceFile,
    facts: ProjectFacts,
    plan: Plan | None = None,
    origin: Module | None = None,
) -> Module:
    """The model of a file, or of what some rewrites have made of ``origin``.

    Args:
        file: the file.
        facts: what is known of the project around it.
        plan: what is wanted, which tells the model the version of Python and
            the assumptions that are accepted.
        origin: the model of the file as it was given, if this is a later state of it.

    Raises:
        NoModel: with what a person needs to know.
    """
    if origin is None and has_too_many_words(file):
        message = f"has more than {MOST_WORDS:,} words: its tree may take too much memory (too-large)"
        raise NoModel(message, is_no_python=False)
    plan = plan or Plan((), target_version=sys.version_info[:2])
    try:
        with quiet_parser():
            module = Module(
                file,
                facts,
                origin=origin,
                target=plan.target_version,
                accepted=plan.accepted,
                accepted_in_scripts=plan.accepted_in_scripts,
                style=plan.style,
            )
        module.index  # noqa: B018 - a tree that is too deep shows here
    except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
        raise NoModel(parse_problem(exc, file), is_no_python=not is_too_deep(exc)) from exc
    return module


def module_of(source: bytes, facts: ProjectFacts, plan: Plan | None = None) -> Module:
    """The model of a file's bytes, for those who want to look at it without working on it.

    Args:
        source: the file's bytes.
        facts: what is known of the project around it.
        plan: as for :func:`model_of`.

    Raises:
        ValueError: it cannot be read or parsed; the message is for a person.
    """
    return model_of(SourceFile.decode(source), facts, plan)


def module_names(source: bytes) -> frozenset[str] | None:
    """The names that a module binds at its top level, None if they cannot all be told."""
    return deeply(partial(_module_names, source))


def _module_names(source: bytes) -> frozenset[str] | None:
    try:
        module = module_of(source, ProjectFacts())
    except (UnreadableSource, NoModel):
        return None
    known = module.names.stars_are_known(module.index.scope)
    names = frozenset(module.index.scope.bindings)
    module.dissolve()
    return names if known else None
