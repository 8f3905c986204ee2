"""Render the README's picture: what the command prints for one script, from rich's SVG export."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

from pymodernize.report.diff_colours import coloured

EXIT_SUCCESS = 0

ROOT = Path(__file__).parent.parent
SCRIPT = ROOT / "fixtures" / "print-to-logging" / "guarded_script" / "before.py"
PICTURE = ROOT / "docs" / "dry-run.svg"


def main() -> int:
    """Run the command as it is installed, and draw its output."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(SCRIPT, Path(folder) / "sizes.py")
        command = [sys.executable, "-m", "pymodernize", "--dry-run", "sizes.py"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)  # noqa: S603
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text("$ pymodernize --dry-run sizes.py", "bold"))
    console.print(coloured(done.stdout), end="")
    console.print(done.stderr, end="", highlight=False)
    PICTURE.parent.mkdir(exist_ok=True)
    # The picture names no fonts of other hosts: it is to look the same without a network.
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", console.export_svg(title="pymodernize"), flags=re.DOTALL)
    PICTURE.write_text("\n".join(line.rstrip() for line in drawn.splitlines()) + "\n", encoding="utf-8")
    return EXIT_SUCCESS


if __name__ == "__main__":
    sys.exit(main())
