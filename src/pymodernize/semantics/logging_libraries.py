"""Which libraries write log records, which configuring the root logger would show."""

from __future__ import annotations

import sys

# Modules of the standard library that log at a level which is shown by default, or import such modules.
_LOG = frozenset("_asyncio asyncio concurrent distutils ensurepip lib2to3 logging unittest venv".split())
# Packages that call no logger and import no package that does.
_SILENT = frozenset(
    """colorama cv2 dateutil numpy openpyxl prettytable pygame pyperclip pytz simplejson six tabulate termcolor tqdm
    yaml""".split()
)


def may_log(root: str) -> bool:
    """Whether a module that is no file of the project may write log records.

    Args:
        root: its name up to the first dot.

    Returns:
        True for every module outside of the standard library, but for some
        whose source is known to call no logger.
    """
    if root in _SILENT:
        return False
    return root not in sys.stdlib_module_names or root in _LOG
