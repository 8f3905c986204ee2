"""What other tools find in a set of files: ruff's findings and pyright's errors."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sdists import PYTHON

BIN = Path(sys.executable).parent
# A command line has a limit; ruff needs no more than one start for some thousands of files.
FILES_A_START = 1000


class LinterError(RuntimeError):
    """A linter has not done its work."""


@dataclass(frozen=True)
class TypeErrors:
    """A file's type errors, by message: a message may occur more than once.

    Attributes:
        count: how many there are.
        messages: how often each message occurs, and the rule it belongs to.
        lines: the first line, from 1, of each message.
    """

    count: int
    messages: Counter[str]
    lines: dict[str, int]


def ruff(files: Sequence[Path], rules: str) -> Counter[str]:
    """How often each rule finds something.

    Args:
        files: Python files.
        rules: codes or prefixes, with commas; preview rules count. A ``noqa``
            comment in a file holds.

    Raises:
        LinterError: ruff has failed; files that it cannot parse are no failure.
    """
    found: Counter[str] = Counter()
    for start in range(0, len(files), FILES_A_START):
        chosen = [str(path) for path in files[start : start + FILES_A_START]]
        options = f"check --preview --isolated --no-cache --exit-zero --select {rules} --output-format json".split()
        done = subprocess.run([str(BIN / "ruff"), *options, *chosen], capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise LinterError(f"ruff failed: {done.stderr.strip()}")
        found.update(count_findings(done.stdout, rules))
    return found


def count_findings(report: str, rules: str) -> Counter[str]:
    """Count ruff's findings by rule, without those that are syntax errors.

    Args:
        report: JSON, as ruff writes it.
        rules: the codes or prefixes that were asked for, with commas.
    """
    prefixes = tuple(rules.split(","))
    return Counter(item["code"] for item in json.loads(report) if str(item["code"]).startswith(prefixes))


def pyright(folder: Path, files: Sequence[Path]) -> dict[Path, TypeErrors]:
    """The type errors of some files of a project.

    Args:
        folder: the project's; a settings file is put there for the time of the run.
        files: relative to it.

    Returns:
        The errors of each file that has any, by path relative to the folder.

    Raises:
        LinterError: pyright has failed.
    """
    if not files:
        return {}
    settings = folder / "pyrightconfig.json"
    include = [path.as_posix() for path in files]
    # Nothing is excluded: by default pyright leaves out folders whose name begins with a dot.
    settings.write_text(
        json.dumps({"include": include, "exclude": [], "typeCheckingMode": "standard"}), encoding="utf-8"
    )
    command = [str(BIN / "pyright"), "--project", str(settings), "--pythonpath", str(PYTHON), "--outputjson"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    settings.unlink()
    # 1 means that there are errors, more that it could not do its work.
    if done.returncode > 1:
        raise LinterError(f"pyright failed: {done.stderr.strip() or done.stdout.strip()}")
    return type_errors(done.stdout, folder)


def type_errors(report: str, folder: Path) -> dict[Path, TypeErrors]:
    """Pyright's errors by file.

    Args:
        report: JSON, as pyright writes it.
        folder: the paths become relative to it.
    """
    by_file: dict[Path, list[tuple[str, int]]] = {}
    for item in json.loads(report)["generalDiagnostics"]:
        if item["severity"] == "error":
            # The message's further lines explain, with types that change though the error does not.
            message = f"{item['message'].splitlines()[0]} ({item.get('rule', 'syntax')})"
            path = Path(item["file"]).relative_to(folder)
            by_file.setdefault(path, []).append((message, item["range"]["start"]["line"] + 1))
    found = {}
    for path, errors in by_file.items():
        lines: dict[str, int] = {}
        for message, line in errors:
            lines.setdefault(message, line)
        found[path] = TypeErrors(len(errors), Counter(message for message, _ in errors), lines)
    return found


def risen(before: dict[Path, TypeErrors], after: dict[Path, TypeErrors]) -> dict[Path, list[str]]:
    """The files that have more type errors than before, with the messages that are new.

    Args:
        before: errors of the originals.
        after: errors of the rewritten files.

    Returns:
        By path: each new message, after the line where it occurs first.
    """
    nothing = TypeErrors(0, Counter(), {})
    rises = {}
    for path, now in sorted(after.items()):
        then = before.get(path, nothing)
        if now.count > then.count:
            new = now.messages - then.messages
            rises[path] = [f"line {now.lines[message]}: {message}" for message in new]
    return rises
