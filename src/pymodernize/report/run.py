"""A whole run, as a format for programs gets it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pymodernize.execution.execute import FileReport
from pymodernize.report.summary import Summary


@dataclass
class Run:
    """The data of a run that every format is rendered from.

    Attributes:
        files: what became of each file, in the order of the run.
        summary: the figures.
        applied: whether the changes were written.
        statistics: whether the reasons are counted, too.
        with_texts: whether programs are given the whole new text of a file.
        rules: what each codemod that found something does, in a line.
    """

    applied: bool
    statistics: bool = False
    with_texts: bool = False
    files: list[FileReport] = field(default_factory=list)
    summary: Summary = field(default_factory=Summary)
    rules: Mapping[str, str] = field(default_factory=dict)


def path_for_programs(path: Path) -> str:
    """A file's path as other programs know it: from the current folder where that holds it, with slashes.

    Args:
        path: as the run has it.
    """
    text = os.path.normpath(path)
    if os.path.isabs(text):
        near = os.path.relpath(text)
        text = text if near.startswith(os.pardir) else near
    return text.replace(os.sep, "/")
