"""Serialisation of a run's answers: results, project entries of files, notes of codemods."""

from __future__ import annotations

from dataclasses import astuple, fields
from typing import Any, TypedDict, get_type_hints

from pymodernize.codemod import Codemod, Finding
from pymodernize.execution.serialisation import Form
from pymodernize.execution.task import Notes
from pymodernize.semantics.project import ProjectFile
from pymodernize.transformation.result import Result, TextEdit

# A finding with its outcome has nothing in the fields that follow.
_HINTS = get_type_hints(Finding)
_COLUMNS = [item.name for item in fields(Finding) if item.compare]


def _row(result: Result) -> object:
    rows = [[getattr(finding, name) for name in _COLUMNS] for finding in result.findings]
    fixes = [None if fix is None else [astuple(edit) for edit in fix] for fix in result.fixes]
    return rows, result.output, result.error, fixes


def _result(row: Any) -> Result:  # noqa: ANN401 - as the form of results says
    fixes = [None if fix is None else tuple([TextEdit(*edit) for edit in fix]) for fix in row[3]]
    return Result(tuple([Finding(*finding) for finding in row[0]]), row[1], row[2], fixes=tuple(fixes))


_FINDING = tuple.__class_getitem__(tuple(_HINTS[name] for name in _COLUMNS))
_FIXES = tuple[tuple[tuple[int, int, int, int, str], ...] | None, ...]
RESULT = Form[Result](
    tuple.__class_getitem__((tuple.__class_getitem__((_FINDING, ...)), bytes | None, str | None, _FIXES)),
    _row,
    _result,
)
TRUTH = Form[bool](bool)
FILE = Form[ProjectFile](ProjectFile)
EXPORTS = Form[tuple[frozenset[str] | None]](tuple[frozenset[str] | None])


def form_of_notes(codemods: tuple[Codemod, ...]) -> Form[Notes]:
    """How the notes of some codemods are written: each is of the type that the codemod declares."""
    # Its keys are known when the plan is: a type checker has nothing to look at.
    hint = TypedDict("hint", {item.name(): item.note_type for item in codemods}, total=False)  # type: ignore[misc]
    return Form(hint, dict, lambda found: tuple(found.items()))
