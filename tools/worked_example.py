"""Write one script, as it was and as pymodernize leaves it, into docs/tutorials/before-and-after.md.

The script is fixtures/_scripts/log_archive/archive_logs.py. Its recorded runs
are part of the tests, which execute it before and after.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pages import ROOT, keep

PAGE = ROOT / "docs" / "tutorials" / "before-and-after.md"
SCRIPT = ROOT / "fixtures" / "_scripts" / "log_archive" / "archive_logs.py"
BEGIN, END = "<!-- worked example -->", "<!-- /worked example -->"


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


def pages() -> Iterator[tuple[Path, str]]:
    """The page with the section as it is now."""
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    yield PAGE, head + section() + rest.partition(END)[2]


if __name__ == "__main__":
    sys.exit(keep(__doc__, pages()))
