"""The checks that hold for every case of every codemod. One that fails says what was seen and what to do about it."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pymodernize.codemod import Codemod, Status
from pymodernize.commands.authoring.cases import KEYS, KEYS_OF_RUNS, Case, work_on
from pymodernize.commands.authoring.runs import Seen, execute
from pymodernize.commands.authoring.twins import dresses
from pymodernize.reasons import ENGINE
from pymodernize.transformation.result import Result

Codemods = Mapping[str, type[Codemod]]
"""All codemods that there are, by name."""


class CheckFailed(AssertionError):
    """A case is not as it should be; the message says what differs and what to do."""


def golden(case: Case, codemods: Codemods, folder: Path, *, update: bool = False) -> None:
    """One run over the case's project gives after.py and others_after, and findings that say what they should.

    Args:
        case: the case.
        codemods: all codemods, by name.
        folder: an empty folder to work in.
        update: whether what comes out is taken for what is to come out.

    Raises:
        CheckFailed: it does not.
    """
    reports = case.reports(codemods, folder, case.before)
    result = reports[case.name].result
    _require(result.error is None, f"the file cannot be worked on: {result.error}")
    output = case.before if result.output is None else result.output
    found = {name: report.result.output for name, report in reports.items() if name != case.name}
    others = {name: text for name, text in found.items() if text is not None}
    if update:
        case.update(output, others)
    for finding in result.findings:
        if finding.status is Status.REJECTED:
            raise CheckFailed(
                f"line {finding.line}: the codemod failed, or the self-check turned its rewrite down: "
                f"{finding.sentence}\n{finding.detail}"
            )
    _require(output == case.after, _changed("after.py", case.after, output))
    for name in sorted(others.keys() | case.others_after.keys()):
        old, new = case.others_after.get(name, b""), others.get(name, b"")
        _require(old == new, _changed(f"others_after/{name}", old, new))
    _check_findings(case, codemods, result)
    _check_toml(case)


def _changed(name: str, wanted: bytes, found: bytes) -> str:
    return (
        f"what comes out is not {name}:\n{_difference(wanted, found)}"
        "If it is what should come out, --update-fixtures writes it; read what it wrote as the owner of the script."
    )


def _difference(wanted: bytes, found: bytes) -> str:
    old, new = (text.decode("utf-8", "backslashreplace").splitlines(keepends=True) for text in (wanted, found))
    shown = difflib.unified_diff(old, new, "as it should be", "as it is")
    return "".join(f"  {line}" if line.endswith("\n") else f"  {line}  (no newline)\n" for line in shown)


def _check_findings(case: Case, codemods: Codemods, result: Result) -> None:
    """What is changed is found, what is left has its reason, and the case's own reasons are among them."""
    changed = any(finding.status is Status.APPLIED for finding in result.findings)
    _require(changed == case.changes, "the file changes without a finding that was applied, or the other way round")
    lines = case.before.count(b"\n") + 1
    for finding in result.findings:
        place = f"line {finding.line}: {finding.sentence!r}"
        _require(1 <= finding.line <= finding.end_line <= lines, f"{place}: there is no such line in before.py")
        _require(
            finding.status is Status.APPLIED or bool(finding.reason),
            f"{place}: nothing says why it is left; give finding() a reason",
        )
        known = {*ENGINE, *codemods[finding.codemod].reasons}
        codes = {Status.FOUND: known, Status.WITHHELD: set(finding.withheld_for)}.get(finding.status, {finding.code})
        _require(
            finding.code in codes,
            f"{place}: its code {finding.code!r} is unknown; put it into the class's reasons, with a sentence",
        )
    reasons = [finding.reason for finding in result.findings]
    for wanted in case.toml.get("reasons", []):
        _require(
            any(wanted in reason for reason in reasons),
            f"no finding gives the reason {wanted!r} that case.toml names; the reasons are {reasons}",
        )


def _check_toml(case: Case) -> None:
    _require(
        str(case.toml.get("why", "")).endswith("."), 'case.toml needs why = "…", a sentence that ends with a full stop'
    )
    unknown = (case.toml.keys() - KEYS) | (case.toml.get("run", {}).keys() - KEYS_OF_RUNS)
    _require(not unknown, f"nothing reads {', '.join(sorted(unknown))} of case.toml")


def second_run(case: Case, codemods: Codemods, folder: Path) -> None:
    """A run over what came out changes nothing."""
    reports = work_on(case.laid_out_after(folder), case.plan(codemods))
    for name, report in reports.items():
        before, after = (folder / name).read_bytes(), report.result.output
        if after is not None:
            raise CheckFailed(
                f"a second run changes {name} again:\n{_difference(before, after)}"
                "The codemod finds something in what it wrote itself: it must not, or the first run must do it all."
            )


def alone_as_among_all(case: Case, codemods: Codemods, folder: Path) -> None:
    """The codemod does the same beside all others, if none of these changes anything."""
    together = case.result(codemods, folder, case.before, list(codemods))
    others = {item.codemod for item in together.findings if item.status is Status.APPLIED} - {case.codemod}
    if not others and together.output != case.after:
        raise CheckFailed(
            "beside the other codemods something else comes out, though none of them changes anything:\n"
            f"{_difference(case.after, together.output or case.before)}"
            "find() must not depend on other findings, nor change the module."
        )


def suppressed_file(case: Case, codemods: Codemods, folder: Path) -> None:
    """A file with ``skip-file`` is not touched, and nothing is found in it."""
    source = case.before.rstrip(b"\n") + b"\n# pymodernize: skip-file\n"
    result = case.result(codemods, folder, source)
    _require(result == Result(), f"a file with '# pymodernize: skip-file' has the outcome {result}")


def suppressed_lines(case: Case, codemods: Codemods, folder: Path) -> None:
    """With an ``ignore`` comment above each place that changes, nothing changes."""
    found = case.result(codemods, folder / "plain", case.before).findings
    starts = {_first_line(case.before, item.line) for item in found if item.status is Status.APPLIED}
    lines = case.before.decode().split("\n")
    for line in sorted(starts, reverse=True):
        body = lines[line - 1]
        indent = body[: len(body) - len(body.lstrip())]
        lines.insert(line - 1, f"{indent}# pymodernize: ignore[{case.codemod}]")
    source = "\n".join(lines).encode()
    output = case.result(codemods, folder / "quiet", source).output
    if output is not None:
        raise CheckFailed(
            f"with '# pymodernize: ignore[{case.codemod}]' above each finding something changes all the same:\n"
            f"{_difference(source, output)}"
            "Edits that change other lines than the finding's own must belong to a rewrite that names these lines."
        )


def _first_line(source: bytes, line: int) -> int:
    """The first line of the smallest statement around a line that has it for itself."""
    found = 1
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or 0):
            found = max(found, node.lineno)
    return found


def twins(case: Case, codemods: Codemods, folder: Path) -> None:
    """With other line ends, a byte order mark, tabs or another encoding the change is the same, in that form."""
    for number, worn in enumerate(dresses(case.before, case.after)):
        before, after = case.before, case.after
        for dress in worn:
            before, after = dress(before), dress(after)
        result = case.result(codemods, folder / str(number), before)
        output = before if result.output is None else result.output
        if output != after:
            raise CheckFailed(
                f"the same file {', '.join(dress.__name__.replace('_', ' ') for dress in worn)} becomes something "
                f"else ({result.error or 'it can be worked on'}):\n{_difference(after, output)}"
                "Read texts from the model and build nodes, so that line ends and indentation are the file's own."
            )


def behaves_the_same(case: Case, codemods: Codemods, folder: Path) -> None:  # noqa: ARG001 - as the other checks
    """The script does the same before and after: stdout, files, success; stderr, where it shows no traceback."""
    table = case.toml["run"]
    script = table.get("script", case.name)
    old = execute(case.laid_out(folder / "source", case.before), folder / "old", table, script)
    new = execute(case.laid_out_after(folder / "rewritten"), folder / "new", table, script)
    for what, before, after in _compared(old, new):
        if before != after:
            raise CheckFailed(
                f"{what} of the script differs after the rewrite:\n  before: {before!r}\n  after:  {after!r}\n"
                f"{_indented(new.stderr)}"
                "The rewrite is wrong for this input: do not make it, or name an assumption that excludes the input."
            )


def _compared(old: Seen, new: Seen) -> Iterator[tuple[str, object, object]]:
    yield "the stdout", old.stdout, new.stdout
    yield "what is written", old.writes, new.writes
    yield "what is removed", sorted(old.removed), sorted(new.removed)
    yield "the success", old.status == 0, new.status == 0
    if "Traceback" not in old.stderr:
        yield "the stderr", old.stderr, new.stderr


def _indented(text: str) -> str:
    return "".join(f"  {line}\n" for line in text.splitlines())


@dataclass(frozen=True)
class Check:
    """A check by its name, with the cases that it is for."""

    name: str
    of_case: Callable[[Case, Codemods, Path], None]
    is_for: Callable[[Case], bool]


def _changes(case: Case) -> bool:
    return case.changes


CHECKS: Sequence[Check] = (
    Check("golden", golden, lambda case: True),
    Check("second run", second_run, _changes),
    Check("alone as among all", alone_as_among_all, _changes),
    Check("skip-file", suppressed_file, _changes),
    Check("ignore", suppressed_lines, _changes),
    Check("twins", twins, lambda case: True),
    Check("run before and after", behaves_the_same, lambda case: case.can_run),
)
"""In the order in which a case is put to them."""


def check_collection(codemod: str, cases: Sequence[Case]) -> None:
    """There are cases that must not change, and one that is the example of the documentation.

    Args:
        codemod: the codemod's name.
        cases: its own.

    Raises:
        CheckFailed: something is missing.
    """
    unchanged = [case for case in cases if not case.changes]
    _require(
        len(unchanged) >= 2,
        f"{codemod} has {len(unchanged)} cases that must not change; write two at least, before those that do: "
        f"fixtures/{codemod}/keep_…/ with before.py and case.toml, and no after.py",
    )
    examples = [case.folder.name for case in cases if case.toml.get("doc")]
    _require(
        len(examples) == 1,
        f"{codemod} has {len(examples)} cases with doc = true {examples or ''}; one is the example of its page",
    )


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise CheckFailed(message)
