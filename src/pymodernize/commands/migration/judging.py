"""Judge drafts by the project's own checks and by runs of its scripts; withhold the rewrites with which these fail."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from pymodernize.commands.migration.bisection import first_culprit
from pymodernize.commands.migration.checks import Checks, NoCheck
from pymodernize.commands.migration.committing import Writer
from pymodernize.commands.migration.messages import shown
from pymodernize.commands.migration.moves import Draft, Spot, items_of, spot_of, upto
from pymodernize.commands.migration.record import Record
from pymodernize.commands.migration.states import States
from pymodernize.commands.migration.tries import Tries
from pymodernize.report.closing import counted

Say = Callable[[str], None]
FAILS = "the project's own tests fail with it"
DIFFERS = "a script does something else with it"


class Tests:
    """Has drafts written and checked.

    Args:
        checks: the project's own; None if there are none.
        tries: the runs of its scripts; None if they are not to be run.
        states: what files come to.
        writer: writes the texts.
        record: what is known of the migration.
        save: has the record on the disk.
        folder: that paths begin at.
        say: takes a line for a person.
    """

    def __init__(
        self,
        checks: Checks | None,
        tries: Tries | None,
        states: States,
        writer: Writer,
        record: Record,
        save: Callable[[], None],
        folder: Path,
        say: Say,
    ) -> None:
        self.checks = checks
        self.tries = tries
        self.states = states
        self.writer = writer
        self.record = record
        self.save = save
        self.folder = folder
        self.say = say
        self._good: frozenset[Spot] = frozenset()
        self._suspect = False
        self._apart: dict[str, str] = {}

    def begin(self) -> None:
        """Check the project as it is, once for a migration.

        Raises:
            NoCheck: it fails, and what fails has no name.
        """
        if self.record.failing is not None or self.checks is None:
            return
        outcome = self.checks.run()
        if outcome.failing and (self.checks.report is None or outcome.failing & set(self.checks.commands)):
            names = ", ".join(sorted(outcome.failing)[:3])
            self._quote()
            raise NoCheck(
                f"--verify fails before anything is changed: {names}; mend it, or name with --verify-junit "
                "the file that it writes, so that what fails already can be told from what fails then"
            )
        self.record.failing = sorted(outcome.failing)
        for name in self.record.failing:
            self.say(f"{name}: fails already, and is passed over")
        self.save()

    def accepts(self, draft: Draft) -> bool:
        """Have a draft written and checked; False if some of it is withheld from now on, and it is to be made anew."""
        if self.tries is not None:
            self.tries.look(draft)
            self.save()
        self.writer.write(draft.old, draft.new)
        # Of a draft in which a culprit was found it is known that it fails for a reason.
        failing = self._failing() if self._suspect else self._failing_twice()
        if not failing:
            self._good, self._suspect = frozenset(), False
            return True
        items = draft.items
        # What was found good in front of an earlier culprit need not be checked again.
        good = 0
        while good < len(items) and spot_of(items[good]) in self._good:
            good += 1
        if not items:
            self._freeze(draft, failing)
            self.writer.write(draft.new, draft.old)
            return False
        seen = {len(items): failing}

        def passes(number: int) -> bool:
            self._write_first(draft, number)
            found = self._failing(failing)
            seen[number] = found
            return not found

        place = first_culprit(len(items), passes, good if good < len(items) else 0)
        self._good, self._suspect = frozenset(map(spot_of, items[:place])), True
        self._withhold(draft, place, seen[place + 1])
        self.writer.write(draft.new, draft.old)
        return False

    def _withhold(self, draft: Draft, place: int, failing: frozenset[str]) -> None:
        """Leave a rewrite alone; where that leaves the text as it was, leave the files as they are."""
        path, finding = draft.items[place]
        step = next(part.step for part in draft.parts if draft.items[place] in part.taken)
        group = next(part.group for part in draft.parts if path in part.group and part.step == step)
        before = self.states.texts(step, group)
        self.states.withhold(path, [spot_of((path, finding))[1]])
        reason = self._reason(failing)
        self.record.withheld.append((os.path.realpath(path), finding.codemod, finding.line, finding.column, reason))
        self.say(f"{shown(path, self.folder)}:{finding.line}: {finding.codemod} is withheld: {reason}")
        if reason.startswith(FAILS):
            self._quote()
        if self.states.texts(step, group) == before:
            self._leave(group, step)
        self.save()

    def _quote(self) -> None:
        """Say what the command that failed last has said, where no tests have names. It is the one with the culprit:
        the search for that ends beside it, and what passes is not quoted."""
        for line in self.checks.said if self.checks is not None else ():
            self.say(f"  | {line}")

    def _freeze(self, draft: Draft, failing: frozenset[str]) -> None:
        """Leave the files of a draft that is made of no rewrites: of what some leave behind that are done."""
        for part in draft.parts:
            first = shown(part.group[0], self.folder)
            self.say(f"{first}: is left from here on: {self._reason(failing)}")
            self._leave(part.group, part.step)
        self.save()

    def _leave(self, group: tuple[Path, ...], step: int) -> None:
        self.states.freeze(group, step - 1)
        self.record.frozen.update({os.path.realpath(path): self.states.frozen[path] for path in group})

    def _write_first(self, draft: Draft, number: int) -> None:
        """Write the first so many rewrites of a draft."""
        old, left = draft.old, number
        texts = dict(old)
        for part in draft.parts:
            if left >= len(part.taken):
                texts.update(part.new)
            elif left > 0:
                items = items_of(self.states, part.step, part.group)
                found = upto(self.states, part.step, part.group, items, part.first + left)
                texts.update({path: text for path, text in found.items() if path in texts})
            left -= len(part.taken)
            if left < 0:
                break
        self.writer.write(old, texts)

    def _failing_twice(self) -> frozenset[str]:
        """What fails that did not before; what fails only once is named, and passed over from now on."""
        first = self._failing()
        if not first:
            return first
        second = self._failing()
        commands = self.checks.commands if self.checks is not None else ()
        for name in sorted(first - second):
            self.say(f"{name}: fails at times and passes at others, and is passed over" if second else _unsteady(name))
            if name not in commands and name not in self.record.unsteady:
                self.record.unsteady.append(name)
                self.save()
        return second

    def _failing(self, known: frozenset[str] | None = None) -> frozenset[str]:
        """What fails that did not before: checks, and runs of scripts where these pass.

        Args:
            known: what fails with all of the draft; other runs of scripts are not made.
        """
        if self.checks is not None:
            failing = self.checks.run().failing - set(self.record.failing or ()) - set(self.record.unsteady)
            if failing:
                return failing
        if self.tries is None:
            return frozenset()
        # Where it is the checks that fail with all of it, a part with which they pass may show more.
        only = known if known is not None and known <= self.tries.names else None
        found = self.tries.differing(only)
        self._apart.update(found)
        return frozenset(found)

    def _reason(self, failing: frozenset[str]) -> str:
        """Why something is left."""
        apart = [name for name in sorted(failing) if name in self._apart]
        if not apart:
            return f"{FAILS}: {_named(failing)}"
        more = f" (and so does {counted(len(apart) - 1, 'other run')})" if len(apart) > 1 else ""
        return f"{DIFFERS}: {apart[0]}: {self._apart[apart[0]]}{more}"


def _unsteady(name: str) -> str:
    return f"{name}: has failed, and passed when it was run again: it is no rewrite's fault"


def _named(failing: frozenset[str]) -> str:
    names = sorted(failing)
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
