"""Write docs/reference and docs/schemas from the code: the command line, settings, reasons why places are left, checks
of code and of an audit, the rows of the standard, exit codes, the Python interface, receipts.

With ``--check`` nothing is written.
"""

from __future__ import annotations

import dataclasses
import itertools
import json
import re
import sys
from functools import partial

from api_page import api
from command_page import command_line
from pages import ROOT, keep

from pymodernize.audit import packs
from pymodernize.cli import modernize
from pymodernize.commands.documentation import documentation, in_toml, summary
from pymodernize.commands.standard import rows_of_standard
from pymodernize.receipts.form import schemas
from pymodernize.registry import checks, entries, names
from pymodernize.settings.help import HELP
from pymodernize.settings.planning import known_reasons

FOLDER = ROOT / "docs" / "reference"
SCHEMAS = ROOT / "docs" / "schemas"
MADE = "This page is written by `make docs` (`python tools/reference_pages.py`) from the code."


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def settings() -> str:
    """The page about settings."""
    lines = [
        "# Settings",
        "",
        MADE + " They stand in `[tool.pymodernize]` of the nearest `pyproject.toml` above a file, or in the file that",
        "`--config` names; `pymodernize --show-settings FILE` shows what holds for a file, and where it is written.",
        "An option of the same name wins; `--assume` adds to the setting.",
        "",
        "| key | what it is for | value | without it |",
        "|---|---|---|---|",
    ]
    for key, item in HELP.items():
        default = f"`{item.default}`" if item.default.startswith(("[", "{", '"')) else item.default
        lines.append(f"| `{key}` | {_cell(item.sentence)} | {_cell(item.values)} | {_cell(default)} |")
    lines += ["", "## Options of codemods and checks", "", "In `[tool.pymodernize.NAME]`.", ""]
    lines += ["| name | key | what it is for | without it |", "|---|---|---|---|"]
    for name, entry in names().items():
        for item in dataclasses.fields(entry.load().Options):
            help_ = _cell(str(item.metadata.get("help", "")))
            lines.append(f"| `{name}` | `{item.name.replace('_', '-')}` | {help_} | {in_toml(item.default)} |")
    return "\n".join(lines) + "\n"


def reasons() -> str:
    """The page about reasons."""
    lines = [
        "# Why places are left",
        "",
        MADE + " A reason has a stable code. The setting `hide` keeps places that are left for it out of the",
        "report, a comment (`# pymodernize: ignore[CODE]`) may name it, and `pymodernize explain CODE` explains it.",
    ]
    for name, rows in itertools.groupby(known_reasons(entries()), lambda row: row[0]):
        lines += ["", f"## {name or 'Any codemod'}", "", "| code | reason |", "|---|---|"]
        lines += [f"| `{code}` | {_cell(sentence)} |" for _, code, sentence in rows]
    return "\n".join(lines) + "\n"


def checks_of_audit() -> str:
    """The page about the checks of an audit."""
    lines = [
        "# Checks of an audit",
        "",
        MADE + " `pymodernize audit` makes them; [how to](../how-to/audit.md) says more. A check that is only",
        "recommended leaves the exit code of `--check` as it is.",
    ]
    for row in packs.rows():
        lines += ["", f"## {row.id}: {row.title}", "", "| check | what holds in a project that meets it |", "|---|---|"]
        for item in row.checks:
            lines.append(f"| `{item.id}` | {_cell(item.sentence)}{' (recommended)' if item.recommended else ''} |")
    return "\n".join(lines) + "\n"


def code_checks() -> str:
    """The page about the checks of code."""
    found = [entry.load() for entry in checks().values()]
    lines = [
        "# Checks of code",
        "",
        MADE + " A check looks and rewrites nothing. A run says in one line how many places they flag;",
        "`--show flagged` shows each, `--statistics` counts them by check, `--select NAME` runs those that are named",
        "alone. JSON and SARIF have them all, with the status `flagged`. They never decide the exit code, look at the",
        "file as it is given, and pass over tests. `# pymodernize: ignore[NAME]` keeps a place, and so does a `# noqa`",
        "with one of the codes in the last column.",
        "",
        "| check | what it flags | rows of the [standard](standard.md) | rules |",
        "|---|---|---|---|",
    ]
    for check in found:
        name, codes = check.name(), ", ".join(f"`{code}`" for code in check.noqa)
        lines.append(f"| [`{name}`](#{name}) | {_cell(summary(check))} | {', '.join(check.rows)} | {codes} |")
    for check in found:
        # One level down: the page has a title of its own.
        lines += ["", *(f"#{line}" if line.startswith("#") else line for line in documentation(check).split("\n"))]
    return "\n".join(lines) + "\n"


def standard() -> str:
    """The page about the standard."""
    lines = [
        "# The standard, row by row",
        "",
        MADE + " Q is what the standard requires, F what it forbids, P what it asks of a project.",
        "`pymodernize rules --standard` prints the same. A row may be served in part: the page of a",
        "[codemod](../../codemods/README.md) or a [check](code-checks.md) says what it does and what it leaves.",
        "",
        "| row | practice | codemods | checks and commands | ruff | why nobody of ours |",
        "|---|---|---|---|---|---|",
    ]
    for row in rows_of_standard(names()):
        looked_at = [*(f"`{name}`" for name in row.checks), *([f"`pymodernize {row.command}`"] if row.command else [])]
        codemods = ", ".join(f"`{name}`" for name in row.codemods)
        rules = ", ".join(f"`{code}`" for code in row.ruff)
        reason = _cell(row.reason)
        lines.append(f"| {row.id} | {_cell(row.practice)} | {codemods} | {', '.join(looked_at)} | {rules} | {reason} |")
    return "\n".join(lines) + "\n"


def exit_codes() -> str:
    """The page about exit codes."""
    said = (modernize.epilog or "").partition("Exit codes:\n")[2].partition("\n\n")[0]
    rows = re.findall(r"^  (\d+) +(.*(?:\n {6,}.*)*)", said, re.MULTILINE)
    lines = [
        "# Exit codes",
        "",
        MADE,
        "",
        "| code | meaning |",
        "|---|---|",
        *(f"| {code} | {_cell(' '.join(text.split()))} |" for code, text in rows),
        "",
        "Of 1, 3 and 4, the largest that holds is given.",
    ]
    return "\n".join(lines) + "\n"


PAGES = {
    "settings.md": settings,
    "reasons.md": reasons,
    "audit-checks.md": checks_of_audit,
    "exit-codes.md": exit_codes,
    "code-checks.md": code_checks,
    "standard.md": standard,
    "command-line.md": partial(command_line, MADE),
    "api.md": partial(api, MADE),
}


def main() -> None:
    pages = [(FOLDER / name, make()) for name, make in PAGES.items()]
    pages += [(SCHEMAS / name, f"{json.dumps(schema, indent=2)}\n") for name, schema in schemas().items()]
    sys.exit(keep(__doc__, pages))


if __name__ == "__main__":
    main()
