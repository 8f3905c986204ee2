"""What keeps a command line as it is."""

from __future__ import annotations


class Left(ValueError):
    """A command line by getopt or optparse cannot be handed to argparse; the message says why."""
