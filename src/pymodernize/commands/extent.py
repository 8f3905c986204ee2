"""The extent of a run: which of the named files and which findings in them count."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pymodernize.execution.baseline import Baseline, load
from pymodernize.files.changed_lines import Lines, changed_since, staged
from pymodernize.finding_scope import EVERYTHING, FindingScope
from pymodernize.settings.planning import Request, common_folder


@dataclass(frozen=True)
class Extent:
    """The files and findings that a run leaves out.

    Attributes:
        changed: by real paths, the lines of the files that count, None for all of them; None if all files count.
        baseline: what is known of the files.
    """

    changed: Mapping[str, Lines | None] | None = None
    baseline: Baseline | None = None

    def files(self, found: Sequence[Path]) -> list[Path]:
        """Those of some files that count.

        Args:
            found: the files that are named.
        """
        if self.changed is None:
            return list(found)
        kept = [path for path in found if os.path.realpath(path) in self.changed]
        return [path for path in kept if self.changed[os.path.realpath(path)] != ()]

    def scopes(self, files: Sequence[Path]) -> dict[str, FindingScope]:
        """What counts in files, by their paths; nothing for files of which all counts.

        Args:
            files: of the run.
        """
        if self.changed is None and self.baseline is None:
            return {}
        scopes = {}
        for path in files:
            lines = None if self.changed is None else self.changed.get(os.path.realpath(path))
            scope = FindingScope(lines, () if self.baseline is None else self.baseline.of(path))
            if scope != EVERYTHING:
                scopes[str(path)] = scope
        return scopes


def extent_of(request: Request) -> Extent:
    """The extent that options ask for.

    Args:
        request: its options.

    Raises:
        NoChanges: git cannot say which lines have changed.
        NoBaseline: there is no baseline.
    """
    changed = None
    if request.since is not None:
        changed = changed_since(request.since, common_folder(request.paths))
    elif request.staged:
        changed = staged(common_folder(request.paths))
    # To make it smaller, what is known must be found.
    wanted = request.baseline is not None and not request.update_baseline
    return Extent(changed, load(Path(request.baseline)) if wanted and request.baseline is not None else None)
