"""Why the code that reads a command line is left as it is."""

from __future__ import annotations

import ast


class NotPlain(Exception):
    """What a script does with its arguments cannot be said with argparse, or cannot be told.

    Attributes:
        reason: for a person.
        node: where.
    """

    def __init__(self, reason: str, node: ast.AST) -> None:
        super().__init__(reason)
        self.reason = reason
        self.node = node


class Bare(NotPlain):
    """A command line of which argparse would say and check no more than is there."""


class NotConvertible(ValueError):
    """A command line that getopt or optparse reads cannot be handed to argparse; the message says why."""


HYPHEN = "an argument that begins with a hyphen is taken for an option"
MORE = "the script takes more arguments than it reads, and argparse refuses them"
IGNORED = "arguments beside the options, which the script ignores, are refused then"
SHOWS_USAGE = "the script shows its usage and ends with success where arguments are missing, and argparse fails there"
