"""A run whose only codemod looks at every call of every file and finds nothing: reading, parsing and the model.

Usage:
    model_only.py folder
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from pymodernize.codemod import Codemod, Finding
from pymodernize.execution.execute import run
from pymodernize.execution.task import collect_less_often
from pymodernize.files.discover import discover
from pymodernize.plan import Plan
from pymodernize.semantics.module import Module

EXIT_SUCCESS = 0

MAX_SIZE = 2_000_000


class Nothing(Codemod):
    """Ask for the calls by name, as most codemods do, and find nothing."""

    triggers = (b"",)

    def find(self, module: Module) -> Iterator[Finding]:
        """See :meth:`Codemod.find`."""
        module.calls("builtins.print")
        yield from ()


def parse_arguments(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=(
            "A run whose only codemod looks at every call of every file and finds "
            "nothing: reading, parsing and the model."
        ),
        allow_abbrev=False,
    )
    parser.add_argument("folder", type=Path)
    return parser.parse_args(argv)


def main() -> int:
    """Work on the folder of the command line."""
    args = parse_arguments()
    collect_less_often()  # as the command does
    folder = args.folder
    for _ in run(discover([str(folder)]).files, Plan((Nothing(),)), max_size=MAX_SIZE, folders=[folder]):
        pass
    return EXIT_SUCCESS


if __name__ == "__main__":
    sys.exit(main())
