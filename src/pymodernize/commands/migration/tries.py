"""Runs of the scripts that a migration changes, each compared with what it did before."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from pymodernize.commands.migration.checks import NoCheck
from pymodernize.commands.migration.moves import Draft
from pymodernize.commands.migration.record import Record
from pymodernize.commands.migration.work import Work
from pymodernize.commands.trying.running import NoTry, Seen, Studio, difference
from pymodernize.execution.known_files import Memory
from pymodernize.execution.projects import Neighbourhood
from pymodernize.files.reading import Unreadable
from pymodernize.semantics.project import ProjectFacts
from pymodernize.settings.runs import Run
from pymodernize.source import SourceFile, UnreadableSource
from pymodernize.transformation.model import NoModel, model_of

_MORE = b"\n" * 7
"""What makes a text longer and changes nothing else."""


class Scripts:
    """The scripts of a project and how they are run.

    Args:
        work: what is worked on.
        top: the project's folder, without links.
        commands: command lines for each script that has no runs of its own.
        runs: those that settings list.
    """

    def __init__(self, work: Work, top: Path, commands: Sequence[str], runs: Sequence[Run]) -> None:
        self.top = top
        self.commands = commands
        plan = work.plan
        self._memory = Memory(plan, work.settings.max_file_size)
        self._around = Neighbourhood(work.found.files, plan, work.folders, work.settings.max_file_size)
        self._shown = {os.path.realpath(path): str(path) for path in work.found.files}
        self._runs: dict[str, list[Run]] = {}
        for run in runs:
            self._runs.setdefault(os.path.realpath(run.folder / run.script), []).append(run)
        self._known: dict[str, bool] = {}

    def loaded(self, run: Run) -> set[str]:
        """The real paths of the files that a run loads: the script, and what that imports."""
        script = os.path.realpath(run.folder / run.script)
        return self._around.project(Path(script).parent).imported(script)

    def concerned(self, paths: Collection[Path], texts: Mapping[str, bytes]) -> Iterator[tuple[Run, set[str]]]:
        """The runs that load any of some files, each with the real paths of these.

        Args:
            paths: the files.
            texts: what files had before they were changed, by their real paths.
        """
        reached: dict[str, set[str]] = {}
        for path in paths:
            real = os.path.realpath(path)
            for script in self._around.project(Path(real).parent).importing(real):
                reached.setdefault(script, set()).add(real)
        for script, changed in sorted(reached.items()):
            for run in self._runs_of(script, texts):
                yield run, changed

    def _runs_of(self, script: str, texts: Mapping[str, bytes]) -> list[Run]:
        if script in self._runs or not self.commands or not self._is_script(script, texts):
            return self._runs.get(script, [])
        name = os.path.relpath(script, self.top)
        return [Run(name, command=command, folder=self.top) for command in self.commands]

    def _is_script(self, path: str, texts: Mapping[str, bytes]) -> bool:
        if path not in self._known:
            self._known[path] = False
            if path in self._shown:
                try:
                    text = texts[path] if path in texts else self._memory.read(Path(path))
                    module = model_of(SourceFile.decode(text), ProjectFacts(path=self._shown[path]))
                    self._known[path] = module.is_script
                except (Unreadable, UnreadableSource, NoModel):
                    pass
        return self._known[path]


class Tries:
    """Has scripts run with what they were and with what they are.

    Args:
        scripts: those of the project.
        studio: runs them.
        originals: the texts of the files that change, before that.
        record: what is known of the migration.
        say: takes a line for a person.

    Attributes:
        names: of all runs that there have been.
    """

    def __init__(
        self,
        scripts: Scripts,
        studio: Studio,
        originals: Mapping[Path, bytes],
        record: Record,
        say: Callable[[str], None],
    ) -> None:
        self.scripts = scripts
        self.studio = studio
        self.originals = {os.path.realpath(path): text for path, text in originals.items()}
        self.record = record
        self.say = say
        self.names: set[str] = set()
        self._before: dict[str, Seen] = {}
        self._now: list[tuple[Run, set[str]]] = []

    def look(self, draft: Draft) -> None:
        """Find the runs that a draft concerns, and have each that is new made twice with the texts before all.

        Raises:
            NoCheck: one cannot be started.
        """
        self._now = list(self.scripts.concerned(list(draft.new), self.originals))
        for run, changed in self._now:
            self.names.add(run.name)
            if run.name not in self._before and run.name not in self.record.unsteady:
                self._learn(run)
            self._note(run, changed)

    def _learn(self, run: Run) -> None:
        """Have a run made twice before anything is changed."""
        first, second = self._run(run, self.originals), self._run(run, self.originals)
        if first.status is None or difference(first, second) or first.status != second.status:
            why = difference(first, second) or f"exit status {second.status} instead of {first.status}"
            self._pass_over(run, f"it does not do the same twice as it is: {why}")
        else:
            self._before[run.name] = first

    def _pass_over(self, run: Run, why: str) -> None:
        """Judge nothing by a run from now on."""
        self.record.unsteady.append(run.name)
        self.say(f"{run.name}: is not judged: {why}")

    def _note(self, run: Run, changed: set[str]) -> None:
        """Note what a run is evidence for."""
        known = self.record.tried.setdefault(run.name, {"files": []})
        known["files"] = sorted({*known["files"], *changed})
        seen = self._before.get(run.name)
        if seen is not None:
            known |= {"status": seen.status, "sha256": seen.digest, "bytes": seen.size}

    def differing(self, only: Collection[str] | None = None) -> dict[str, str]:
        """The runs that do not do what they did before, with what is different.

        Args:
            only: names of those that are made, if not all that the draft concerns.

        Raises:
            NoCheck: one cannot be started.
        """
        found = {}
        for run, _ in self._now:
            name = run.name
            if name in self.record.unsteady or only is not None and name not in only:
                continue
            seen = self._after(run)
            why = difference(self._before[name], seen)
            if why and only is None:
                why = self._confirmed(run, seen)
            if why:
                found[name] = why
        return found

    def _confirmed(self, run: Run, seen: Seen) -> str:
        """What is different in what a run did, if the rewrites may be at fault for it; empty if not."""
        # What else is in the project may have changed since: it counts what the texts before do now.
        before = self._before[run.name] = self._run(run, self.originals)
        why = difference(before, seen)
        script = os.path.realpath(run.folder / run.script)
        if why and script in self.originals:
            longer = {**self.originals, script: self.originals[script] + _MORE}
            if difference(before, self._run(run, longer)):
                self._pass_over(run, "it shows how long its own text is, or reads that")
                return ""
        return why

    def _after(self, run: Run) -> Seen:
        """What a run does now. What it does not load is as it was: a script may list the files of its folder."""
        loaded = self.scripts.loaded(run)
        return self._run(run, {path: text for path, text in self.originals.items() if path not in loaded})

    def _run(self, run: Run, texts: Mapping[str, bytes]) -> Seen:
        top = self.studio.top
        try:
            return self.studio.run(run, {os.path.relpath(path, top): text for path, text in texts.items()})
        except NoTry as exc:
            raise NoCheck(f"--try: {exc}") from None
