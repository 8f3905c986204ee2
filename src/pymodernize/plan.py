"""What a run does: the codemods with their options, under which assumptions, for which Python."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from pymodernize.assumptions import usual
from pymodernize.check import Check
from pymodernize.codemod import Codemod
from pymodernize.finding_scope import EVERYTHING, FindingScope

TARGETS = tuple((3, minor) for minor in range(7, 16))
# The least that the effect needs, and the whole template of the standard.
STYLES = ("plain", "standard")


@dataclass(frozen=True)
class Plan:
    """All inputs of a transformation besides the file. Picklable.

    Attributes:
        codemods: in the order in which they are asked.
        checks: what only looks at the file as it was given.
        accepted: the names of the assumptions that hold in every file.
        target_version: the oldest Python that the result must run on.
        accepted_in_scripts: those that hold in files that no other file
            imports, beside the former.
        style: how much new code says, one of :data:`STYLES`.
        hide: codes of reasons; places that are left for one of them are not told of.
        fixes: whether the edits are told of that deal with each finding alone.
        scopes: for files, by the paths that the run has for them, which findings count.
    """

    codemods: tuple[Codemod, ...]
    accepted: frozenset[str] = frozenset()
    target_version: tuple[int, int] = (3, sys.version_info.minor)
    accepted_in_scripts: frozenset[str] = frozenset()
    style: str = STYLES[0]
    hide: frozenset[str] = frozenset()
    fixes: bool = False
    scopes: Mapping[str, FindingScope] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()

    def scope_of(self, path: str) -> FindingScope:
        """Which findings of a file count.

        Args:
            path: the file's, as the run has it.
        """
        return self.scopes.get(path, EVERYTHING)

    def without(self, names: Iterable[str]) -> Plan:
        """The same plan without some codemods or checks.

        Args:
            names: what is left out.

        Returns:
            A new plan.
        """
        gone = set(names)
        codemods = tuple(item for item in self.codemods if item.name() not in gone)
        return replace(self, codemods=codemods, checks=tuple(item for item in self.checks if item.name() not in gone))

    def only(self, name: str) -> Plan:
        """The same plan with one of its codemods, and no check.

        Args:
            name: the codemod that is kept.

        Returns:
            A new plan.
        """
        return replace(self, codemods=tuple(item for item in self.codemods if item.name() == name), checks=())

    @property
    def of_rewrites(self) -> Plan:
        """The same plan without checks, which have no say in what is rewritten."""
        return replace(self, checks=())

    @property
    def fingerprint(self) -> str:
        """A digest of the plan, the same in every process for the same plan."""
        asked = (*self.codemods, *self.checks)
        parts = [f"{type(item).__module__} {item.name()}={stable(item.options)}" for item in asked]
        accepted = (self.accepted, self.accepted_in_scripts)
        # Scopes are for one run: whoever keeps answers keeps none of such a run.
        text = "\n".join(
            [*parts, stable(accepted), repr(self.target_version), self.style, stable(self.hide), str(self.fixes)]
        )
        import hashlib  # loads OpenSSL, and only the cache wants to know

        return hashlib.sha256(text.encode()).hexdigest()

    def is_triggered(self, source: bytes) -> bool:
        """Whether any codemod or check may have something to say about a file with these bytes.

        Args:
            source: the file's text, in UTF-8 or in a codec that keeps ASCII.

        Returns:
            False if the file need not be parsed.
        """
        return self._any is None or any(map(source.__contains__, self._any))

    @cached_property
    def _any(self) -> tuple[bytes, ...] | None:
        """The triggers of all codemods and checks, without those that contain another; None if one looks at each file.

        Most files of a run are looked through for all of them, and for nothing else.
        """
        asked = (*self.codemods, *self.checks)
        if not all(item.triggers for item in asked):
            return None
        every = {trigger for item in asked for trigger in item.triggers}
        return tuple(item for item in sorted(every, key=len) if not any(one in item for one in every - {item}))

    def triggered(self, source: bytes) -> tuple[Codemod, ...]:
        """The codemods that may have something to say.

        Args:
            source: the file's text.

        Returns:
            Those of the plan whose triggers occur, in its order.
        """
        return tuple(codemod for codemod in self.codemods if _triggered(codemod, source))

    def triggered_checks(self, source: bytes) -> tuple[Check, ...]:
        """The checks that may have something to say.

        Args:
            source: the file's text.
        """
        return tuple(check for check in self.checks if _triggered(check, source))

    def tells(self, source: bytes) -> bool:
        """Whether a codemod that notes things for other files may find something.

        Args:
            source: the file's text.
        """
        return any(codemod.tells() and _triggered(codemod, source) for codemod in self.codemods)


def usual_plan(codemods: Iterable[Codemod], **changes: Any) -> Plan:  # noqa: ANN401 - the fields' own types
    """A plan under the usual assumptions of its codemods.

    Args:
        codemods: in the order in which they are asked.
        changes: further fields of the plan.
    """
    codemods = tuple(codemods)
    accepted = usual(item for codemod in codemods for item in codemod.assumptions)
    return Plan(codemods, accepted.everywhere, accepted_in_scripts=accepted.in_scripts, **changes)


def _triggered(codemod: Codemod, source: bytes) -> bool:
    return not codemod.triggers or any(trigger in source for trigger in codemod.triggers)


def stable(value: object) -> str:
    """A representation that is the same in every process: sets have no order of their own.

    Args:
        value: plain values, collections of them, dataclasses.
    """
    if isinstance(value, (str, int, type(None))):
        return repr(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {item.name: getattr(value, item.name) for item in dataclasses.fields(value)}
        return f"{type(value).__qualname__}{stable(fields)}"
    if isinstance(value, (set, frozenset)):
        return f"set{sorted(stable(item) for item in value)}"
    if isinstance(value, dict):
        return f"dict{sorted((stable(key), stable(item)) for key, item in value.items())}"
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__}{[stable(item) for item in value]}"
    return repr(value)
