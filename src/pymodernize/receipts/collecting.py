"""The receipts of a run, from what is known of it to the files that are written."""

from __future__ import annotations

import contextlib
import hashlib
import platform
import shlex
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from msgspec.structs import replace

from pymodernize import __version__
from pymodernize.execution.execute import FileReport
from pymodernize.files.output_files import NoOutput
from pymodernize.files.reading import FOR_EVIDENCE, Unreadable, read
from pymodernize.plan import Plan
from pymodernize.receipts.form import VERSION, Index, Options, Receipt, Types, Withheld
from pymodernize.receipts.making import Evidence, receipt_of, versions_of_codemods
from pymodernize.receipts.storing import make_place, store
from pymodernize.receipts.type_counts import Checker, NoTypes, checker_of
from pymodernize.report.closing import counted
from pymodernize.report.run_origin import Ground, ground_of, name_of
from pymodernize.report.terminal import tell
from pymodernize.settings.planning import Request


@dataclass(frozen=True)
class Course:
    """What a migration has gone through, by the paths of files from the top folder on.

    Attributes:
        commits: those that it made.
        left: files in which nothing was to be changed.
        withheld: the rewrites that were taken back.
        frozen: files that stay as they are after a step.
    """

    commits: Sequence[str] = ()
    left: Sequence[str] = ()
    withheld: Mapping[str, list[Withheld]] = field(default_factory=dict)
    frozen: Mapping[str, int] = field(default_factory=dict)


class Receipts:
    """Collects what becomes of the files of a run, and writes it below a folder.

    Args:
        folder: where the receipts go.
        request: the options of the run.
        ground: where it begins; None to find out.

    Raises:
        NoOutput: the folder cannot be written to, or has the receipts of another run.
    """

    def __init__(self, folder: Path, request: Request, ground: Ground | None = None) -> None:
        self.folder = folder
        self.request = request
        self.ground = ground or ground_of(request.paths)
        if request.config is not None and name_of(request.config, self.ground.top).startswith("../"):
            raise NoOutput(f"receipts name the settings file, and {request.config} is outside of {self.ground.top}")
        make_place(folder)
        self._receipts: dict[str, Receipt] = {}
        self._checker: Checker | None = None
        self._types: Mapping[str, int] = {}
        if request.count_types:
            try:
                names = [name_of(path, self.ground.top) for path in request.paths]
                self._checker = checker_of(self.ground.top, names)
                self._types = self._checker.count()
            except NoTypes as exc:
                raise NoOutput(f"--count-types: {exc}") from exc

    def forget_types(self) -> None:
        """Count no types: what there were before is not known any more."""
        self._checker = None

    def add(self, report: FileReport, evidence: Evidence | None = None) -> None:
        """Make the receipt of a file, if it has changed.

        Args:
            report: what became of it.
            evidence: what else is known.
        """
        if report.result.output not in (None, report.source):
            name = name_of(report.path, self.ground.top)
            self._receipts[name] = receipt_of(name, report, evidence or Evidence(), versions_of_codemods())

    def finish(self, plans: Sequence[Plan], files: Iterable[Path], course: Course | None = None) -> None:
        """Write the receipts, if there are any.

        Args:
            plans: what was done.
            files: all that were looked at.
            course: what a migration has gone through.

        Raises:
            NoOutput: they cannot be written.
        """
        if not self._receipts:
            return
        self._count_types()
        store(self.folder, self._index(plans, files, course or Course()), self._receipts.values())
        if self.request.verbosity >= 0:
            number = counted(len(self._receipts), "receipt")
            tell(f"{number} in {self.folder}; check them:  {shlex.join(['pymodernize', 'verify', str(self.folder)])}")

    def _count_types(self) -> None:
        """Say in each receipt how many errors the type checker has seen before and sees now.

        Raises:
            NoOutput: it does not end well now.
        """
        if self._checker is None:
            return
        try:
            now = self._checker.count()
        except NoTypes as exc:
            raise NoOutput(f"--count-types: {exc}") from exc
        for name, receipt in self._receipts.items():
            types = Types(self._checker.name, self._types.get(name, 0), now.get(name, 0))
            self._receipts[name] = replace(receipt, types=types)

    def _index(self, plans: Sequence[Plan], files: Iterable[Path], course: Course) -> Index:
        top = self.ground.top
        return Index(
            version=VERSION,
            tool=f"pymodernize {__version__}",
            python=platform.python_version(),
            top=top.name or "top",
            base=self.ground.base,
            commits=list(course.commits),
            paths=[name_of(path, top) for path in self.request.paths],
            options=_options(self.request, plans, top),
            plans=fingerprints(plans),
            files=self._digests(files),
            left=list(course.left),
            withheld=dict(course.withheld),
            frozen=dict(course.frozen),
            receipts={},
        )

    def _digests(self, files: Iterable[Path]) -> dict[str, str]:
        """The digests of the texts that files had when the run began."""
        found = {}
        for path in files:
            name = name_of(path, self.ground.top)
            if name in self._receipts:
                found[name] = self._receipts[name].before.sha256
            else:
                with contextlib.suppress(Unreadable):  # the report of the run says so
                    found[name] = hashlib.sha256(read(path, FOR_EVIDENCE)).hexdigest()
        return found


def fingerprints(plans: Iterable[Plan]) -> list[str]:
    """What tells plans from others that rewrite other things."""
    return sorted({plan.of_rewrites.fingerprint for plan in plans})


def _options(request: Request, plans: Sequence[Plan], top: Path) -> Options:
    """The options that decide what is rewritten; with the version of Python that the run took for the oldest."""
    targets = {plan.target_version for plan in plans}
    target = request.target_version
    if target is None and len(targets) == 1:
        target = "py{}{}".format(*targets.pop())
    return Options(
        select=list(request.select),
        ignore=list(request.ignore),
        assume=list(request.assume),
        target_version=target,
        style=request.style,
        profile=request.profile,
        then_format=request.then_format,
        config=None if request.config is None else name_of(request.config, top),
    )
