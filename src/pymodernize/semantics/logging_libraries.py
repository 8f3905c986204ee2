"""Which libraries write log records of their own: a set-up of the root logger would show them."""

from __future__ import annotations

import sys

# The modules of the standard library that log at a level which is shown by default, or that load what does.
_LOG = frozenset("_asyncio asyncio concurrent distutils ensurepip lib2to3 logging unittest venv".split())
# Packages of which no module that a script loads calls a logger; none of them loads one that does.
_SILENT = frozenset(
    """colorama cv2 dateutil numpy openpyxl prettytable pygame pyperclip pytz simplejson six tabulate termcolor tqdm
    yaml""".split()
)


def may_log(root: str) -> bool:
    """Whether a module that is no file of the project may write log records.

    Args:
        root: its name up to the first dot.

    Returns:
        True for every module outside of the standard library, apart from some
        whose source calls no logger: of the others nobody knows.
    """
    if root in _SILENT:
        return False
    return root not in sys.stdlib_module_names or root in _LOG
