"""Which libraries write log records of their own: a set-up of the root logger would show them."""

from __future__ import annotations

import sys

# The modules of the standard library that log at a level which is shown by default, or that load what does.
_LOG = frozenset("_asyncio asyncio concurrent distutils ensurepip lib2to3 logging unittest venv".split())


def may_log(root: str) -> bool:
    """Whether a module that is no file of the project may write log records.

    Args:
        root: its name up to the first dot.

    Returns:
        True for every module outside of the standard library: of those nobody
        knows.
    """
    return root not in sys.stdlib_module_names or root in _LOG
