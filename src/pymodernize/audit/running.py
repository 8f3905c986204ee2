"""Make checks, and the texts that deal with what they find."""

from __future__ import annotations

import os
import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pymodernize.audit.audit_check import AuditCheck, Shortfall
from pymodernize.audit.documents import Ini, NotReadable, Toml, Yaml, read_json
from pymodernize.audit.project import NotApplicable, Project
from pymodernize.files.reading import Unreadable, read

_MOST_BYTES = 1_000_000
_PARSERS = {".toml": Toml, ".yaml": Yaml, ".yml": Yaml, ".cfg": Ini, ".ini": Ini, ".json": read_json}


@dataclass(frozen=True)
class Outcome:
    """What a check came to.

    Attributes:
        check: the check.
        shortfalls: what falls short; none if all holds, or if it was not made.
        not_applicable: why it was not made; empty if it was.
        failure: a traceback, of a check that failed itself.
    """

    check: AuditCheck
    shortfalls: tuple[Shortfall, ...] = ()
    not_applicable: str = ""
    failure: str = ""

    @property
    def holds(self) -> bool:
        """Whether what it asks for is so."""
        return not (self.shortfalls or self.not_applicable or self.failure)


@dataclass
class FileChange:
    """What becomes of one file.

    Attributes:
        old: its bytes; None if there is no such file.
        new: the bytes with all fixes.
        alone: for each shortfall that has one, the text before and with its fix alone.
    """

    old: bytes | None
    new: bytes
    alone: dict[int, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Audited:
    """What an audit came to.

    Attributes:
        outcomes: one for each check.
        changes: the files that fixes change, by their paths from the project's folder on.
    """

    outcomes: tuple[Outcome, ...]
    changes: Mapping[str, FileChange]

    def is_fixed(self, shortfall: Shortfall) -> bool:
        """Whether the changes deal with a shortfall."""
        change = self.changes.get(shortfall.path)
        return change is not None and id(shortfall) in change.alone


def audit(project: Project, checks: Iterable[AuditCheck], left: Mapping[str, str] | None = None) -> Audited:
    """Make checks of a project.

    Args:
        project: the project.
        checks: the checks.
        left: by the ids of those that are not made, why.
    """
    left = left or {}
    outcomes = tuple(
        Outcome(item, not_applicable=f"ignored{f': {left[item.id]}' if left[item.id] else ''}")
        if item.id in left
        else _outcome(project, item)
        for item in checks
    )
    return Audited(outcomes, _changes(project, [item for one in outcomes for item in one.shortfalls]))


def _outcome(project: Project, check: AuditCheck) -> Outcome:
    try:
        return Outcome(check, tuple(check.find(project)))
    except NotApplicable as exc:
        return Outcome(check, not_applicable=str(exc))
    except Exception:  # of a pack that is not ours, perhaps
        return Outcome(check, failure=traceback.format_exc())


def _changes(project: Project, shortfalls: Iterable[Shortfall]) -> dict[str, FileChange]:
    """The files that the fixes of shortfalls change; of fixes that do not go together, the first."""
    found: dict[str, FileChange] = {}
    texts: dict[str, _Text | None] = {}
    pending = [item for item in shortfalls if item.fix is not None]
    while pending:
        # What another fix has made, such as the file itself, may be what one waits for.
        left = [item for item in pending if not _fixed(project, item, texts, found)]
        if len(left) == len(pending):
            break
        pending = left
    return found


def _fixed(project: Project, item: Shortfall, texts: dict[str, _Text | None], found: dict[str, FileChange]) -> bool:
    """Whether the fix of a shortfall could be made, on top of those before it."""
    if item.path not in texts:
        texts[item.path] = _Text.of(project, item.path)
    text = texts[item.path]
    new = item.fix(text.new) if text is not None and item.fix is not None else None
    if text is None or new is None or item.fix is None or new == text.new or not _is_readable(item.path, new):
        return False
    alone = item.fix(text.old)
    text.new = new
    change = found.setdefault(item.path, FileChange(text.data, b""))
    change.new = text.encoded(new)
    change.alone[id(item)] = text.old, new if alone is None else alone
    return True


class _Text:
    """The text of a file that may be changed, with ``\\n`` as its line ends.

    Args:
        data: the file's bytes; None if there is no such file.
    """

    def __init__(self, data: bytes | None) -> None:
        self.data = data
        whole = (data or b"").decode("utf-8")
        self.bom = whole[:1] if whole.startswith("\ufeff") else ""
        self.line_end = "\r\n" if "\r\n" in whole else "\n"
        self.old = self.new = whole.removeprefix("\ufeff").replace("\r\n", "\n")

    @classmethod
    def of(cls, project: Project, name: str) -> _Text | None:
        """The text of a file; None if the file, or its folder, is none that is written to."""
        path = project.root / name
        if not os.path.isdir(path.parent) or os.path.realpath(path.parent) != str(path.parent):
            return None
        if project.root != path.parent and project.root not in path.parent.parents:
            return None
        if not os.path.lexists(path):
            return cls(None)
        if os.path.islink(path):
            return None
        try:
            text = cls(read(path, _MOST_BYTES))
        except (Unreadable, UnicodeDecodeError):
            return None
        # Where line ends are mixed, nobody can say which a new line gets.
        return text if text.encoded(text.old) == text.data else None

    def encoded(self, text: str) -> bytes:
        """A text as bytes of the file."""
        return (self.bom + text.replace("\n", self.line_end)).encode("utf-8")


def _is_readable(name: str, text: str) -> bool:
    parse = _PARSERS.get(Path(name).suffix)
    try:
        return parse is None or parse(text) is not None
    except NotReadable:
        return False
