"""``python -m pymodernize``: the same as the command, and with nothing of the current folder either."""

import os
import sys

# Python has put the current folder in front, unless it was told not to: a click.py or pathlib.py in it would be run.
try:
    here = os.path.abspath(os.curdir)  # noqa: PTH100 - by what has been loaded already
except FileNotFoundError:  # it has been removed
    here = ""
if not getattr(sys.flags, "safe_path", sys.flags.isolated) and sys.path[0] in ("", here):
    del sys.path[0]

from pymodernize.cli import main  # noqa: E402 - not before

main()
