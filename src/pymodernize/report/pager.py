"""Reports on a terminal: what takes more than the screen is handed to a pager."""

from __future__ import annotations

import io
import os

import click

from pymodernize.report.terminal import takes_answers

_RESERVED = 6
"""Lines of the screen that are left for the last lines of the report and for the prompt."""


def may_page() -> bool:
    """Whether somebody sits at a terminal who can turn pages."""
    return os.environ.get("TERM") != "dumb" and takes_answers()


class Page:
    """Text for a terminal, kept until all of it is there.

    Attributes:
        file: takes the text, in which nothing but colours may have an effect.
    """

    def __init__(self) -> None:
        self.file = io.StringIO()

    def show(self, width: int, height: int) -> None:
        """Write the text, or have the user's pager show it if it is longer than the screen.

        Args:
            width: how many columns the screen has.
            height: how many lines.
        """
        text = self.file.getvalue()
        rows = sum(max(1, -(-len(line) // max(width, 1))) for line in click.unstyle(text).splitlines())
        if rows <= height - _RESERVED:
            click.echo(text, nl=False, color=True)
        else:
            # Whether the pager takes colours is for click to say, which knows less and asks what it was told.
            click.echo_via_pager(text)
