"""Draw the pictures of docs/pictures.md: what the commands print, by rich's SVG export, and the report in a browser."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from rich.console import Console
from rich.text import Text

EXIT_SUCCESS = 0

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "pictures"
PAGE = ROOT / "docs" / "pictures.md"
SCRIPTS = ROOT / "fixtures" / "_scripts"
ONE = ROOT / "fixtures" / "print-to-logging" / "guarded_script" / "before.py"
WIDTH = 100
_OWN = ("PYMODERNIZE_CACHE_DIR", "PYMODERNIZE_STATE_DIR")
HEAD = """\
# Pictures

`make pictures` draws them: each command is run, over copies of the scripts in `fixtures/`.
"""
# What is drawn and taken away again, from where the cursor is hidden.
_PROGRESS = re.compile(r"\x1b\[\?25l.*?\x1b\[\?25h[\r\n]*(\x1b\[1A\x1b\[2K)?", re.DOTALL)
# They are to look the same without a network: no fonts of other hosts are named.
_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)


@dataclass(frozen=True)
class Shown:
    """A command and what it is good for.

    Attributes:
        name: of the picture.
        title: of its part of the page.
        says: a sentence above the picture.
        command: the arguments.
        answers: what a person types, if the command asks.
    """

    name: str
    title: str
    says: str
    command: str
    answers: tuple[str, ...] = ()


TERMINAL = [
    Shown(
        "dry-run",
        "A preview of one script",
        "A diff, what was found but not rewritten, and what comes next.",
        "sizes.py",
    ),
    Shown(
        "check",
        "A folder in CI",
        "What would be rewritten, file by file, and why more is not. It exits with 1.",
        "--check jobs/log_archive jobs/photo_sorter jobs/stock_menu",
    ),
    Shown(
        "explain-line",
        "Why it decides as it does",
        "Everything that was known at one line.",
        "--explain-line jobs/log_archive/archive_logs.py:15",
    ),
    Shown(
        "interactive",
        "Asked about each change",
        "What one codemod does in one file, as it is with what was taken before; `?` shows the answers that there are.",
        "--interactive --select bare-except jobs/user_import jobs/photo_sorter",
        ("y", "?", "n"),
    ),
    Shown(
        "statistics",
        "What there is to do",
        "Counts by codemod, outcome and reason, before anything is written.",
        "--statistics jobs/stock_menu",
    ),
]


@dataclass(frozen=True)
class View:
    """A view of the report in a browser.

    Attributes:
        name: of the picture.
        title: of its part of the page.
        says: a sentence above the picture.
        scheme: light or dark.
        file: the file that is opened; empty for none.
    """

    name: str
    title: str
    says: str
    scheme: str = "light"
    file: str = ""


BROWSER = [
    View(
        "report",
        "The report for a browser",
        "`pymodernize --output html:report.html jobs/` writes one page: figures by codemod and by assumption, folders, "
        "filters and search.",
    ),
    View(
        "report-file",
        "A file of the report",
        "Its findings, each with a link of its own, and its changes side by side. Light or dark, as the browser is.",
        scheme="dark",
        file="jobs/log_archive/archive_logs.py",
    ),
]


def main() -> int:
    """Run the commands as they are installed, and draw what they show."""
    sys.path.insert(0, str(ROOT / "tests"))  # which has the terminal and the browser
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        shutil.copy(ONE, work / "sizes.py")
        shutil.copytree(SCRIPTS, work / "jobs", ignore=shutil.ignore_patterns("*.toml"))
        for shown in TERMINAL:
            draw(shown, work)
        photograph(work)
    PAGE.write_text(page(), encoding="utf-8")
    return EXIT_SUCCESS


def page() -> str:
    """The text of the page."""
    parts = [f"## {item.title}\n\n{item.says}\n\n![{item.title}](pictures/{item.name}.svg)\n" for item in TERMINAL]
    parts += [f"## {item.title}\n\n{item.says}\n\n![{item.title}](pictures/{item.name}.png)\n" for item in BROWSER]
    return "\n".join([HEAD, *parts])


def run(arguments: str, work: Path) -> str:
    """What a command prints, with the colours that it has on a terminal."""
    command = re.sub(r"\bpymodernize\b", f"{sys.executable} -m pymodernize", f"pymodernize {arguments}")
    own = {name: str(work / ".own") for name in _OWN}
    environment = {**os.environ, **own, "FORCE_COLOR": "1", "COLUMNS": str(WIDTH), "TERM": "xterm-256color"}
    environment.pop("NO_COLOR", None)
    done = subprocess.run(  # noqa: S602 - the commands are those above
        command,
        shell=True,
        check=False,  # their exit status is no part of the picture
        cwd=work,
        env=environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.stdout


def talk(shown: Shown, work: Path) -> str:
    """What a command shows at a terminal where somebody answers."""
    from dialogue import converse

    own = {name: str(work / ".own") for name in _OWN}
    with tempfile.TemporaryDirectory() as folder:
        # What is taken is written, and the other pictures are of the scripts as they are.
        shutil.copytree(work / "jobs", Path(folder) / "jobs")
        said = converse(*shown.command.split(), cwd=Path(folder), answers=shown.answers, **own)
    return _PROGRESS.sub("", said.screen)


def draw(shown: Shown, work: Path) -> None:
    """Draw what a command prints."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text(f"$ pymodernize {shown.command}", "bold"))
    console.print(Text.from_ansi(talk(shown, work) if shown.answers else run(shown.command, work)))
    drawn = _FONTS.sub("", console.export_svg(title="pymodernize"))
    text = "\n".join(line.rstrip() for line in drawn.splitlines()) + "\n"
    (FOLDER / f"{shown.name}.svg").write_text(text, encoding="utf-8")


def photograph(work: Path) -> None:
    """Write the report of all scripts, and take its pictures."""
    from browser import opened

    run("--quiet --output html:report.html jobs", work)
    with opened() as browser:
        for view in BROWSER:
            size = {"width": 1200, "height": 800}
            context = browser.new_context(viewport=size, color_scheme=view.scheme)
            tab = context.new_page()
            tab.goto((work / "report.html").as_uri() + (f"#{urlencode({'file': view.file})}" if view.file else ""))
            tab.wait_for_selector("html[data-ready]")
            tab.screenshot(path=FOLDER / f"{view.name}.png", animations="disabled", caret="hide")
            context.close()


if __name__ == "__main__":
    sys.exit(main())
