"""Write one script, as it was and as pymodernize leaves it, into README.md.

The script is fixtures/_scripts/log_archive/archive_logs.py. Its recorded runs
are part of the tests, which execute it before and after.
"""

from __future__ import annotations

import argparse
import logging
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

EXIT_SUCCESS = 0
EXIT_FAILURE = 1
EXIT_INTERRUPTED = 130

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "README.md"
SCRIPT = ROOT / "fixtures" / "_scripts" / "log_archive" / "archive_logs.py"
BEGIN, END = "<!-- worked example -->", "<!-- /worked example -->"
logger = logging.getLogger(__name__)


def after() -> str:
    """Have the script rewritten, under the defaults and with all codemods.

    Returns:
        Its text.

    Raises:
        subprocess.CalledProcessError: the run failed.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(shutil.copy(SCRIPT, folder))
        command = [sys.executable, "-m", "pymodernize", "--apply", "--quiet", "--no-cache", str(copy)]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
        return copy.read_text(encoding="utf-8")


def section() -> str:
    """Make the part of the page between its marks.

    Returns:
        Both texts, as blocks of code.
    """
    before = SCRIPT.read_text(encoding="utf-8")
    return "\n".join(
        [
            BEGIN,
            "Before:",
            "",
            f"```python\n{before}```",
            "",
            f"After `pymodernize --apply {SCRIPT.name}`:",
            "",
            f"```python\n{after()}```",
            END,
        ]
    )


def main() -> int:
    """Write the page, or with ``--check`` say whether it is up to date.

    Returns:
        The exit code.
    """
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if the page is out of date")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    old = PAGE.read_text(encoding="utf-8")
    head, _, rest = old.partition(BEGIN)
    new = head + section() + rest.partition(END)[2]
    if new == old:
        return EXIT_SUCCESS
    if options.check:
        logger.error("%s is out of date; run make docs", PAGE.name)
        return EXIT_FAILURE
    PAGE.write_text(new, encoding="utf-8")
    return EXIT_SUCCESS


def run() -> int:
    """Run the script; what ends it early is logged, and becomes an exit code."""
    try:
        code = main()
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except Exception:
        logger.exception("the script failed")
        return EXIT_FAILURE
    return code


if __name__ == "__main__":
    sys.exit(run())
