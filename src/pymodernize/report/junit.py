"""For what shows results of tests: JUnit's XML, a suite for each file and a case for each finding."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from pymodernize.codemod import Finding, Status
from pymodernize.execution.execute import FileReport
from pymodernize.report.run import Run, path_for_programs
from pymodernize.report.streams import column_of
from pymodernize.report.terminal import escaped

_KINDS = {
    Status.APPLIED: "failure",
    Status.WITHHELD: "skipped",
    Status.FOUND: "skipped",
    Status.FLAGGED: "skipped",
    Status.REJECTED: "error",
}
_COUNTED = (("failures", "failure"), ("errors", "error"), ("skipped", "skipped"))


def render(run: Run) -> bytes:
    """A run as JUnit XML: a rewrite is a failure; a place that is withheld or only found is skipped."""
    root = Element("testsuites", name="pymodernize")
    for report in run.files:
        _suite(root, report)
    _count(root)
    indent(root)
    return tostring(root, encoding="utf-8", xml_declaration=True) + b"\n"


def _suite(root: Element, report: FileReport) -> None:
    path = escaped(path_for_programs(report.path))
    suite = SubElement(root, "testsuite", name=path)
    if report.result.error is not None:
        kind = "skipped" if report.is_tolerated else "error"
        SubElement(_case(suite, path, "can be worked on", 1), kind, message=escaped(report.result.error))
    for finding in report.result.findings:
        if finding.status in _KINDS:
            _finding(suite, path, report, finding)
    if not len(suite):
        _case(suite, path, "nothing to do", 1)
    _count(suite)


def _finding(suite: Element, path: str, report: FileReport, finding: Finding) -> None:
    place = f"{finding.line}:{column_of(report, finding.line, finding.column)}"
    case = _case(suite, path, f"{finding.codemod} {place}", finding.line)
    kind = _KINDS[finding.status]
    # What XML has no way to write, such as an escape, is shown as the text that Python has for it.
    text = escaped(finding.sentence)
    if kind == "failure" and report.result.error is None:
        SubElement(case, kind, message=text, type=finding.codemod)
    else:
        SubElement(case, kind, message=text)


def _case(suite: Element, path: str, name: str, line: int) -> Element:
    return SubElement(suite, "testcase", classname=path, name=name, file=path, line=str(line))


def _count(element: Element) -> None:
    element.set("tests", str(len(list(element.iter("testcase")))))
    for name, kind in _COUNTED:
        element.set(name, str(len(list(element.iter(kind)))))
