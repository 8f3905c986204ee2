"""What editors show of findings: diagnostics, hovers, and the actions that deal with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from lsprotocol import types

from pymodernize.integrations.lsp.places import Places

SOURCE = "pymodernize"
FIX_ALL = "source.fixAll.pymodernize"
EVERYWHERE = "source.pymodernize.everywhere"
"""No part of ``source.fixAll``, which editors may be told to do whenever a file is saved."""
COMMAND = "pymodernize.fixEverywhere"

_SEVERITIES = {
    "applied": types.DiagnosticSeverity.Information,
    "withheld": types.DiagnosticSeverity.Hint,
    "found": types.DiagnosticSeverity.Hint,
    "flagged": types.DiagnosticSeverity.Hint,
    "rejected": types.DiagnosticSeverity.Warning,
}


def diagnostics(
    entry: Mapping[str, Any], places: Places, deliberate: Collection[tuple[str, str]]
) -> list[types.Diagnostic]:
    """What an editor shows of a file.

    Args:
        entry: of the report.
        places: of the text that it is about.
        deliberate: codemods and codes of their reasons for which a place is best left: it is not shown.
    """
    if entry["error"] is not None:
        start = types.Position(0, 0)
        error = types.Diagnostic(types.Range(start, start), entry["error"], types.DiagnosticSeverity.Hint)
        error.source = SOURCE
        return [error]
    return [
        types.Diagnostic(
            range=places.range(finding),
            severity=_SEVERITIES[finding["status"]],
            code=finding["codemod"],
            source=SOURCE,
            message=said(finding),
            data=number,
        )
        for number, finding in enumerate(entry["findings"])
        if is_shown(finding, deliberate)
    ]


def is_shown(finding: Mapping[str, Any], deliberate: Collection[tuple[str, str]]) -> bool:
    """Whether people are told of a finding."""
    is_left = finding["status"] == "found" and (finding["codemod"], finding["code"]) in deliberate
    return finding["status"] in _SEVERITIES and not is_left


def said(finding: Mapping[str, Any]) -> str:
    """A finding with its reason, as a sentence."""
    return f"{finding['message']}: {finding['reason']}" if finding["reason"] else finding["message"]


def hover(document: Mapping[str, Any], deliberate: Collection[tuple[str, str]]) -> str:
    """What is shown of a line, in Markdown; empty if there is nothing.

    Args:
        document: about the line.
        deliberate: as of :func:`diagnostics`.
    """
    parts = []
    for finding in document["findings"]:
        if is_shown(finding, deliberate):
            parts.append(f"**{finding['codemod']}** ({finding['status']})  \n{_literal(said(finding))}")
            if finding["withheld_for"]:
                parts.append("Waits for " + ", ".join(f"`{name}`" for name in finding["withheld_for"]) + ".")
    if parts:
        parts += [_literal(note["text"]) for note in document["notes"]]
    return "\n\n".join(parts)


def _literal(text: str) -> str:
    """A text in Markdown in which no character means more than itself: a file's own words may be in it."""
    return "".join(f"\\{item}" if item in "\\`*_{}[]<>()#+!|~&" else item for item in text)


def title(finding: Mapping[str, Any]) -> str:
    """What the action is called that deals with a finding."""
    needed = finding["withheld_for"]
    condition = f" (assumes {', '.join(needed)})" if needed else ""
    return f"{finding['codemod']}: {finding['message']}{condition}"


def touches(finding: Mapping[str, Any], wanted: types.Range) -> bool:
    """Whether a finding has a line in common with a range."""
    return finding["line"] - 1 <= wanted.end.line and wanted.start.line <= finding["end_line"] - 1


def is_wanted(kind: str, only: Sequence[str] | None) -> bool:
    """Whether an editor asks for actions of a kind.

    Args:
        kind: of the action.
        only: the kinds that are asked for, each of which stands for all below it; None for every one.
    """
    return only is None or any(kind == item or kind.startswith(f"{item}.") or item == "" for item in only)
