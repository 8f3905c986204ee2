"""Bare excepts: how many get specific types, and whether anything else has ever come to a handler that got them.

The second is asked of the sdists' own tests: they run on the rewritten files
while a trace function notes every exception that passes through the body of a
rewritten handler, and whether the types written there, or those of the
handlers above, catch it. What ends a script is not counted: it is meant to
get out.
"""

from __future__ import annotations

import argparse
import ast
import json
import logging
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import suites
from materials import ROOT, WORK, copy_of_library, python_files
from sdists import SdistError, fetch, load, unpack

logger = logging.getLogger(__name__)
HOOK = Path(__file__).parent / "handler_trace"
NAME = "bare-except"


def findings(folder: Path, *flags: str) -> list[dict]:
    """What the codemod finds in a folder; nothing is written."""
    command = [sys.executable, "-m", "pymodernize", "--select", NAME, "--format", "json", *flags, str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    files = json.loads(done.stdout)["files"]
    return [finding for file in files for finding in file["findings"] if finding["codemod"] == NAME]


def kind(finding: dict) -> str:
    """What is known of a handler's body, from the finding's message."""
    message = finding["message"]
    if "raises again" in message:
        return "raises again"
    if "perhaps others" in message or "is open" in message:
        return "open"
    return "empty" if "nothing in the body" in message else "closed"


def share(name: str, found: Sequence[dict]) -> Counter[str]:
    """Log the figures of one project."""
    counts = Counter(kind(finding) for finding in found)
    counts["all"] = len(found)
    counts["applied"] = sum(finding["status"] == "applied" for finding in found)
    if found:
        logger.info(
            "%s: %d bare excepts; closed %d, raises again %d, empty %d, open %d; rewritten under defaults %d",
            name,
            *(counts[key] for key in ("all", "closed", "raises again", "empty", "open", "applied")),
        )
    return counts


def handlers(before: str, after: str) -> Iterator[dict]:
    """The handlers of one file that were bare and are not any more: lines of the body, types of all handlers."""
    old, new = ([node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Try)] for text in (before, after))
    for one, other in zip(old, new, strict=True):
        if not one.handlers or one.handlers[-1].type is not None or other.handlers[-1].type is None:
            continue
        types = [ast.unparse(item.type) for item in other.handlers if item.type is not None]
        inner = [_lines(node) for item in other.body for node in ast.walk(item) if isinstance(node, ast.Try)]
        yield {**_lines(other), "types": types, "inner": [item for item in inner if item["types"]]}


def _lines(statement: ast.Try) -> dict:
    """The lines of a body, and the types of its handlers as they are written."""
    types = [ast.unparse(item.type) if item.type is not None else "BaseException" for item in statement.handlers]
    return {"first": statement.body[0].lineno, "last": statement.body[-1].end_lineno, "types": types}


def rewrite(folder: Path, *flags: str) -> dict[str, list[dict]]:
    """Rewrite a folder; give back what handlers to watch, by file."""
    texts = {path: path.read_bytes() for path in python_files(folder)}
    command = [sys.executable, "-m", "pymodernize", "--select", NAME, "--apply", "--quiet", *flags, str(folder)]
    subprocess.run(command, check=False)  # noqa: S603
    watched: dict[str, list[dict]] = {}
    for path, old in texts.items():
        new = path.read_bytes()
        if new != old:
            found = list(handlers(old.decode("utf-8"), new.decode("utf-8")))
            watched[path.relative_to(folder).as_posix()] = found
    return watched


def check(name: str) -> Counter[str]:
    """Run the tests of one sdist, its bare excepts rewritten with ``--unsafe``, under the trace function."""
    (sdist,) = load([name])
    counts: Counter[str] = Counter()
    original = unpack(sdist, WORK / "handlers" / name / "original")
    if not findings(original):
        return counts
    before = suites.run(sdist, original)
    default = unpack(sdist, WORK / "handlers" / name / "default")
    rewrite(default)
    lost = suites.newly_failing(before, suites.run(sdist, default))
    counts["newly failing"] = len(lost)
    for test, outcome in lost.items():
        logger.info("  newly fails under defaults: %s: %s", test, outcome.cause)
    unsafe = unpack(sdist, WORK / "handlers" / name / "unsafe")
    plan = WORK / "handlers" / name / "plan.json"
    log = WORK / "handlers" / name / "seen.jsonl"
    log.unlink(missing_ok=True)
    watched = rewrite(unsafe, "--unsafe")
    plan.write_text(json.dumps(watched), encoding="utf-8")
    environ = {"PYTHONPATH": str(HOOK), "HANDLER_PLAN": str(plan), "HANDLER_LOG": str(log)}
    suites.run(sdist, unsafe, environ=environ)
    counts["handlers"] = sum(map(len, watched.values()))
    seen = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
    counts["reached"] = len({(item["file"], item["first"]) for item in seen})
    counts["kinds of exceptions"] = len(seen)
    for item in seen:
        counts[item["verdict"]] += 1
        counts["of them where specific types are"] += item["types"][-1] not in {"Exception", "BaseException"}
        if item["verdict"] == "outside":
            logger.info("  OUTSIDE: %s line %d: %s", item["file"], item["line"], item["exception"])
    logger.info("%s: %s", name, dict(counts))
    return counts


def main() -> int:
    """Count, and check against the tests."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="this sdist; may be repeated")
    parser.add_argument("--skip-tests", action="store_true", help="count only")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    try:
        chosen = load(options.only)
        fetch(chosen)
    except SdistError as exc:
        parser.error(str(exc))
    whole: Counter[str] = Counter()
    if not options.only:
        whole += share("fixtures/_scripts", findings(ROOT / "fixtures" / "_scripts"))
        whole += share("standard library", findings(copy_of_library("handlers-library")))
    for sdist in chosen:
        whole += share(sdist.name, findings(unpack(sdist, WORK / "handlers" / sdist.name / "counted")))
    precise = whole["closed"] + whole["raises again"]
    logger.info("together %s; specific or BaseException: %.0f %%", dict(whole), 100 * precise / max(1, whole["all"]))
    checked: Counter[str] = Counter()
    if not options.skip_tests:
        for sdist in chosen:
            checked += check(sdist.name)
        logger.info("together: %s", dict(checked))
    return 1 if checked["outside"] or checked["newly failing"] else 0


if __name__ == "__main__":
    sys.exit(main())
