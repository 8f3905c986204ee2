"""Coverage of at least 90 % as a gate; tests in unit/ and integration/."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pymodernize.audit.audit_check import NotApplicable, Project, Shortfall, audit_check
from pymodernize_audit._ci import commands
from pymodernize_audit._facts import refuse_above, refuse_sdist, text_of
from pymodernize_audit._python import test_files, test_folder

_LEAST = 90.0
_SETTINGS = ("pyproject.toml", "setup.cfg", "tox.ini", ".coveragerc", ".coveragerc.toml")
_GATE = re.compile(r"^[ \t]*fail_under[ \t]*[=:][ \t]*([\d.]+)", re.MULTILINE)
_OPTION = re.compile(r"(?:--cov-fail-under|--fail-under)[= ]\"?([\d.]+)")
_CODECOV = ("codecov.yml", ".codecov.yml", ".github/codecov.yml", "codecov.yaml", ".codecov.yaml")


def _gates(project: Project) -> Iterator[tuple[float, str, int]]:
    """The gates of coverage: how many percent, in which file, on which line."""
    for name in _SETTINGS:
        text = text_of(project, name)
        for match in _GATE.finditer(text):
            yield _number(match[1]), name, text.count("\n", 0, match.start(1)) + 1
    for name in ("pyproject.toml", "setup.cfg", "tox.ini", "pytest.ini", "Makefile", "noxfile.py"):
        text = text_of(project, name)
        for match in _OPTION.finditer(text):
            yield _number(match[1]), name, text.count("\n", 0, match.start()) + 1
    for match in _OPTION.finditer(commands(project)):
        yield _number(match[1]), "", 1
    for name in _CODECOV:
        text = text_of(project.repository, name)
        for match in re.finditer(r"^\s*target:\s*[\"']?([\d.]+)%?", text, re.MULTILINE):
            yield _number(match[1]), name, text.count("\n", 0, match.start(1)) + 1


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


@audit_check("P13-gate")
def gate(project: Project) -> Iterator[Shortfall]:
    """Tests fail where coverage falls below 90 %."""
    if not test_files(project):
        raise NotApplicable("there are no tests")
    refuse_above(project)
    gates = list(_gates(project))
    if any(percent >= _LEAST for percent, _, _ in gates):
        return
    if gates:
        percent, name, line = max(gates)
        yield Shortfall(name or "pyproject.toml", f"the gate of coverage is {percent:g} %", "raise it to 90 %", line)
        return
    refuse_sdist(project, "the gate of coverage")
    advice = "set fail_under = 90 in [tool.coverage.report] once the tests reach it"
    yield Shortfall("pyproject.toml", "no gate holds coverage", advice)


@audit_check("P13-folders")
def folders(project: Project) -> Iterator[Shortfall]:
    """Tests stand in unit/ and integration/."""
    folder = test_folder(project)
    if folder is None:
        raise NotApplicable("there is no folder of tests at the top")
    if not any(path.startswith(f"{folder}/") for path in test_files(project)):
        raise NotApplicable(f"{folder}/ has no files of tests by their names")
    names = [name for name in project.names(folder) if project.has_folder(f"{folder}/{name}")]
    has = {
        kind: any(re.fullmatch(rf"(?i)({words})([-_]?tests?)?|tests?[-_]({words})", name) for name in names)
        for kind, words in (
            ("unit", "units?"),
            ("integration", "integrations?|functional|e2e|end[-_]to[-_]end|acceptance|system"),
        )
    }
    missing = [kind for kind, there in has.items() if not there]
    if missing:
        message = f"{folder}/ has no {' and no '.join(f'{kind}/' for kind in missing)}"
        yield Shortfall(folder, message, "tell quick tests of one unit from those of several together")
