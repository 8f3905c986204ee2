"""The command line of scripts that make pages from the code: they write them, or check that they are up to date."""

from __future__ import annotations

import argparse
import logging
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).parent.parent

logger = logging.getLogger(__name__)


def keep(description: str | None, made: Iterable[tuple[Path, str]]) -> int:
    """Write pages that are out of date; with ``--check`` only say which.

    Args:
        description: what the script says of itself.
        made: the pages with their texts; each is written before the next is made.

    Returns:
        The exit code: 1 if a page is out of date and was not written.
    """
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a page is out of date")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    late = 0
    for path, text in made:
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        if options.check:
            logger.error("%s is out of date; run make docs", path.relative_to(ROOT))
            late = 1
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return late
