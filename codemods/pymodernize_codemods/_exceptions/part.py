"""What the parts of an analysis share: each knows of one kind of syntax, and asks the others by way of the whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pymodernize_codemods._exceptions.analysis import Analysis


class Part:
    """One part of the analysis of one module.

    Args:
        analysis: the whole.
    """

    def __init__(self, analysis: Analysis) -> None:
        self.analysis = analysis
        self.module = analysis.module
        self.world = analysis.world
        self.kinds = analysis.kinds
