"""Hand-written command lines → argparse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pymodernize.codemod import Codemod, Finding, libcst_command
from pymodernize.semantics.module import Module
from pymodernize_codemods.argparse_skeleton import hand_written

_SOURCES = (hand_written,)


class ArgparseSkeleton(Codemod):
    """Have a script's command line read by argparse.
    """

    triggers = (b"argv",)
    uses_project = True

    @dataclass(frozen=True)
    class Options:
        """The codemod's settings."""

    options: Options

    def find(self, module: Module) -> Iterator[Finding]:
        """What each kind of command line comes to."""
        for source in _SOURCES:
            yield from source.find(self, module)


__getattr__ = libcst_command(ArgparseSkeleton)
