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

    def concerned(self, paths: Collection[Path], texts: Mapping[str, bytes]) -> Iterator[tuple[Run, set[str]]]:
        """The runs that do anything with some files, each with the real paths of these.

        Args:
            paths: the files.
            texts: what files have before they are changed, by their real paths.
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
        record: what is known of the migration.
        say: takes a line for a person.

    Attributes:
        names: of all runs that there have been.
    """

    def __init__(self, scripts: Scripts, studio: Studio, record: Record, say: Callable[[str], None]) -> None:
        self.scripts = scripts
        self.studio = studio
        self.record = record
        self.say = say
        self.names: set[str] = set()
        self._before: dict[str, Seen] = {}
        self._now: list[tuple[Run, set[str]]] = []
        self._old: dict[str, bytes] = {}

    def look(self, draft: Draft) -> None:
        """Find the runs that a draft concerns, and have each that is new run twice with the texts before it.

        Raises:
            NoCheck: one cannot be started.
        """
        real = {os.path.realpath(path): text for path, text in draft.old.items()}
        self._old = {os.path.relpath(path, self.studio.top): text for path, text in real.items()}
        self._now = list(self.scripts.concerned(list(draft.new), real))
        for run, changed in self._now:
            self.names.add(run.name)
            if run.name not in self._before and run.name not in self.record.unsteady:
                self._learn(run)
            self._note(run, changed)

    def _learn(self, run: Run) -> None:
        """Have a run made twice before anything is changed."""
        first, second = self._run(run, self._old), self._run(run, self._old)
        if first.status is None or difference(first, second) or first.status != second.status:
            why = difference(first, second) or f"exit status {second.status} instead of {first.status}"
            self.record.unsteady.append(run.name)
            self.say(f"{run.name}: is not judged: it does not do the same twice as it is: {why}")
        else:
            self._before[run.name] = first

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
            seen = self._run(run, {})
            why = difference(self._before[name], seen)
            if why and only is None:
                # What else is in the project may have changed since: it counts what the texts before do now.
                self._before[name] = self._run(run, self._old)
                why = difference(self._before[name], seen)
            if why:
                found[name] = why
        return found

    def _run(self, run: Run, texts: Mapping[str, bytes]) -> Seen:
        try:
            return self.studio.run(run, texts)
        except NoTry as exc:
            raise NoCheck(f"--try: {exc}") from None
