"""What a rewrite of paths assumes: for each hazard to which a use is sensitive, the assumption that excludes it."""

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
    """One thing that a rewrite assumes.

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
# For an empty text these report that there is no such folder; for ``Path("")``, they work on the current folder.
_OF_FOLDERS = frozenset(
    """glob.glob glob.iglob os.fwalk os.listdir os.path.exists os.path.isdir os.path.lexists os.scandir os.walk
    shutil.rmtree""".split()
)
# Calls that remove files and list folders, of whichever library.
_REMOVING = re.compile(rb"\b(?:unlink|rmdir|removedirs)\(")
_LISTING = re.compile(rb"\b(?:listdir|scandir|f?walk|i?glob|rglob|iterdir)\(")
# Ignored by the file system: visible only to those who read the text.
_OVERLOOKED = Hazard.TRAILING | Hazard.DOTTED
# From this version on, the methods of Path return False for a file in a folder without search permission.
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
    """The assumptions about a value that a rewrite needs, given the hazards to which it is sensitive.

    An assumption restricts the inputs of a script. A hazard of a literal in
    the script itself occurs in every run, so no assumption excludes it.

    Args:
        module: the module.
        expr: the expression that gives the value.
        found: the hazards that it may have and to which the rewrite is sensitive.
        as_text: whether its text is seen, and not only the file that it names.
        function: what takes the value.
        whole: the hazards of the text that the rewrite is sensitive to, as a
            function of the value's; the value's own if left out.

    Returns:
        At most one doubt for each assumption.
    """
    if module.target >= _SAYS_FALSE:
        found &= ~Hazard.HIDDEN
    if not found:
        # The analysis of a closed module has only seen the calls within it.
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
    """Why a value may be empty in a normal run, or in one that would then delete files; ``""`` if neither is known."""
    if function in _OF_FOLDERS and module.once(_empties):
        return ": what is in the current folder might be removed"
    if function not in FAILING_WITHOUT_NAME and module.once(OfAnswers).of(expr) & Hazard.EMPTY:
        return ": at a prompt, by Enter alone"
    return ""


def _empties(module: Module) -> bool:
    """Whether a module may delete the content of a folder."""
    data, names = module.source.data, module.names
    if any(names.naming("shutil.rmtree")):
        return True
    return bool(_LISTING.search(data) and (_REMOVING.search(data) or any(names.naming("os.remove"))))


def of_type(module: Module, expr: ast.expr) -> tuple[Doubt, ...]:
    """The assumptions about a value of unknown type.

    Args:
        module: the module.
        expr: the expression that gives the value.
    """
    value = shown(module, expr)
    if is_no_text(module, expr):
        return (Doubt(CHANGES_BEHAVIOUR.name, f"{value} is no text in some runs, by what the script itself says"),)
    return (Doubt(TEXT_PATHS.name, f"{value} may be bytes, a file descriptor or None"), *of_callers(module, expr))


def of_callers(module: Module, expr: ast.expr) -> tuple[Doubt, ...]:
    """The assumption that importers pass no other values than the calls in the module; none if it is not needed.

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
