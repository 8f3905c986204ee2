"""What a rewrite of paths takes for granted: the peculiarities that count, by the assumption that excludes them."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pymodernize.assumptions import CHANGES_BEHAVIOUR, Assumption
from pymodernize.semantics.module import Module
from pymodernize_codemods._assumptions import (
    NO_SYMLINKS,
    NON_EMPTY_PATHS,
    PLAIN_NAMES,
    READABLE_FOLDERS,
    RUN_ONLY,
    TEXT_PATHS,
    TIDY_PATHS,
)
from pymodernize_codemods._paths.callers import comes_from_callers, is_importable
from pymodernize_codemods._paths.edits import is_inside_fstring
from pymodernize_codemods._paths.hazards import Hazard
from pymodernize_codemods._paths.no_texts import is_no_text
from pymodernize_codemods._paths.taking import FAILING_WITHOUT_NAME
from pymodernize_codemods._paths.tidy_inputs import OfAnswers, OfTidyFiles, OfTidyInputs


@dataclass(frozen=True)
class Doubt:
    """One thing that a rewrite takes for granted.

    Attributes:
        assumption: the name of the assumption.
        reason: what may be otherwise, for a person.
    """

    assumption: str
    reason: str


_KINDS: dict[Hazard, tuple[Assumption, str]] = {
    Hazard.EMPTY: (NON_EMPTY_PATHS, "{} may be empty"),
    Hazard.TRAILING: (TIDY_PATHS, "{} may end in a slash"),
    Hazard.DOTTED: (TIDY_PATHS, "{} may end in '/.'"),
    Hazard.UNTIDY: (TIDY_PATHS, "{} may have './' or '//' in it"),
    Hazard.DOT: (PLAIN_NAMES, "{} may be '.'"),
    Hazard.DOTDOT: (NO_SYMLINKS, "{} may have '..' in it, behind a symbolic link"),
    Hazard.ABSOLUTE: (TIDY_PATHS, "{} may start with a slash"),
    Hazard.ROOT: (PLAIN_NAMES, "{} may be the root folder"),
    Hazard.HIDDEN: (READABLE_FOLDERS, "{} may be in a folder that is closed to a search: PermissionError before 3.14"),
    Hazard.LINKED: (NO_SYMLINKS, "{} may be a symbolic link, or behind one"),
    Hazard.ODD: (PLAIN_NAMES, "{} may start with '..' or end in '.'"),
    Hazard.USER: (PLAIN_NAMES, "{} may name a user who does not exist"),
    Hazard.MAGIC: (PLAIN_NAMES, "{} may have a wildcard in it"),
    Hazard.SEPARATED: (CHANGES_BEHAVIOUR, "{} may have a slash in it: the error for a missing folder is another one"),
}
_OWN = {
    Hazard.EMPTY: "{} is empty in some runs, by what the script itself says",
    Hazard.TRAILING: "{} ends in a slash, by what the script itself says",
    Hazard.DOTTED: "{} ends in '/.', by what the script itself says",
    Hazard.UNTIDY: "{} has './' or '//' in it, by what the script itself says",
    Hazard.DOT: "{} is '.', by what the script itself says",
    Hazard.ABSOLUTE: "{} starts with a slash, by what the script itself says",
}
# To these a folder without a name is none; of the current one they say that it is there, or what is in it.
_OF_FOLDERS = frozenset(
    """glob.glob glob.iglob os.fwalk os.listdir os.path.exists os.path.isdir os.path.lexists os.scandir os.walk
    shutil.rmtree""".split()
)
# By whichever library files are removed, and folders listed.
_REMOVING = re.compile(rb"\b(?:unlink|rmdir|removedirs)\(")
_LISTING = re.compile(rb"\b(?:listdir|scandir|f?walk|i?glob|rglob|iterdir)\(")
# What the system overlooks, and only somebody who reads the text sees.
_OVERLOOKED = Hazard.TRAILING | Hazard.DOTTED
# From this version on, the methods of Path say False of what is in a closed folder.
_SAYS_FALSE = (3, 14)
_SHORT = 40


def _as_it_is(own: Hazard) -> Hazard:
    return own


def doubts_about(
    module: Module,
    expr: ast.expr,
    found: Hazard,
    *,
    as_text: bool,
    function: str = "",
    whole: Callable[[Hazard], Hazard] = _as_it_is,
) -> tuple[Doubt, ...]:
    """What is taken for granted of a value, where some peculiarities of it make a difference.

    An assumption restricts what comes in from outside. What the script says
    itself, in a literal, is there in every run and no matter of inputs.

    Args:
        module: the module.
        expr: the expression that gives the value.
        found: the peculiarities that it may have and that make a difference.
        as_text: whether its text is seen, and not only the file that it names.
        function: what takes the value.
        whole: what is like what makes a difference, given what the value is
            like; that itself if left out.

    Returns:
        One doubt an assumption, and none if nothing makes a difference.
    """
    if module.target >= _SAYS_FALSE:
        found &= ~Hazard.HIDDEN
    if not found:
        # Of a closed file only the calls in sight have been judged.
        return of_callers(module, expr) if module.is_closed else ()
    own = found & whole(module.once(OfTidyInputs if as_text else OfTidyFiles).of(expr))
    if not as_text:
        own &= ~_OVERLOOKED
    if function in FAILING_WITHOUT_NAME:
        own &= ~Hazard.EMPTY
    value = shown(module, expr)
    doubts: dict[str, Doubt] = {}
    if found & ~own & Hazard.EMPTY and (why := _why_empty(module, expr, function)):
        found &= ~Hazard.EMPTY
        doubts[CHANGES_BEHAVIOUR.name] = Doubt(CHANGES_BEHAVIOUR.name, f"{value} may be empty{why}")
    for hazard, (assumption, reason) in _KINDS.items():
        if hazard & found & own and hazard in _OWN:
            doubt = Doubt(CHANGES_BEHAVIOUR.name, _OWN[hazard].format(value))
        elif hazard & found:
            doubt = Doubt(assumption.name, reason.format(value))
        else:
            continue
        doubts.setdefault(doubt.assumption, doubt)
    return (*doubts.values(), *of_callers(module, expr))


def _why_empty(module: Module, expr: ast.expr, function: str) -> str:
    """Why a value may be empty in a run that is none of a mistake, or that would destroy something; empty if not."""
    if function in _OF_FOLDERS and module.once(_empties):
        return ": what is in the current folder might be removed"
    if function not in FAILING_WITHOUT_NAME and module.once(OfAnswers).of(expr) & Hazard.EMPTY:
        return ": at a prompt, by Enter alone"
    return ""


def _empties(module: Module) -> bool:
    """Whether a module removes folders with what is in them."""
    data, names = module.source.data, module.names
    if any(names.naming("shutil.rmtree")):
        return True
    return bool(_LISTING.search(data) and (_REMOVING.search(data) or any(names.naming("os.remove"))))


def of_type(module: Module, expr: ast.expr) -> tuple[Doubt, ...]:
    """What is taken for granted of a value whose type is not known.

    Args:
        module: the module.
        expr: the expression that gives the value.
    """
    value = shown(module, expr)
    if is_no_text(module, expr):
        return (Doubt(CHANGES_BEHAVIOUR.name, f"{value} is no text in some runs, by what the script itself says"),)
    return (Doubt(TEXT_PATHS.name, f"{value} may be bytes, a file descriptor or None"), *of_callers(module, expr))


def of_callers(module: Module, expr: ast.expr) -> tuple[Doubt, ...]:
    """That no importer hands in what is a path now, or what no call in sight does.

    Args:
        module: the module.
        expr: the expression that gives the value.
    """
    if not is_importable(module) or not comes_from_callers(module, expr):
        return ()
    return (Doubt(RUN_ONLY.name, f"{shown(module, expr)} may come from an importer"),)


def is_accepted(module: Module, doubts: Iterable[Doubt]) -> bool:
    """Whether the user accepts all that is in doubt.

    Args:
        module: the module.
        doubts: what a rewrite takes for granted.
    """
    return all(module.accepts(doubt.assumption) for doubt in doubts)


def shown(module: Module, expr: ast.expr) -> str:
    """An expression as a sentence names it.

    Args:
        module: the module.
        expr: one of its expressions.
    """
    text = ast.unparse(expr) if is_inside_fstring(module, expr) else module.text(expr)
    text = " ".join(text.split())
    return text if len(text) <= _SHORT else "it"
