"""Layout: src/, tests/, README, CHANGELOG, LICENSE."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pymodernize.audit.audit_check import NotApplicable, Project, Shortfall, audit_check
from pymodernize_audit import _facts
from pymodernize_audit._python import (
    TEST_FOLDER,
    description_of,
    is_package,
    name_of,
    oldest_python,
    packages_in,
    setup_value,
    source_folders,
    test_files,
)

_README = re.compile(r"(?i)read[_-]?me(\.\w+)*")
_CHANGELOG = re.compile(
    r"(?i)(.*[_-])?(change[_-]?logs?|changes|history|news|release[_-]?(notes|history|log)s?|releases|what'?s[_-]?new|versionhistory)"
    r"(\.\w+)*"
)
_FRAGMENTS = re.compile(r"(?i)(changelog|changes|news|newsfragments)(\.d)?")
_LICENSES = ("license", "licence", "copying")
_NOT_LOOKED_AT = re.compile(r"(?i)(tests?|testing|examples?|vendor(ed)?|third_party|site-packages|fixtures|\..*)")
_SET_UP = re.compile(
    r"(?i)install|set[ -]?up|getting started|quick ?start|\b(pip3?|pipx|uvx?|poetry|pdm|conda|mamba|docker|make|brew|"
    r"apt|apt-get|dnf|git clone|npm|tox|nox|pixi|hatch|python3? -m|deploy\w*|download\w*|clone|usage)\b"
)
_SECTION = re.compile(r"(?i)^#{1,4}\s+(.*\b(install\w*|set[ -]?up|getting started|quick ?start)\b.*)$")
_MOST_STEPS = 5


@audit_check("P1-readme")
def readme(project: Project) -> Iterator[Shortfall]:
    """A README stands at the top."""
    if not _readmes(project):
        yield Shortfall(
            "README.md", "there is no README", "say what it is for and how it is set up", fix=_readme(project)
        )


def _readmes(project: Project) -> list[str]:
    return [name for name in project.names() if _README.fullmatch(name) and project.has(name)]


def _readme(project: Project) -> _facts.Fix:
    """A README of what the metadata says, None if they do not say enough."""
    name, sentence = name_of(project), description_of(project)
    steps = _facts.set_up_commands(project)
    if name is None or sentence is None or not steps:
        return None
    bound = oldest_python(project)
    needs = [f"It needs Python {bound[0]}.{bound[1]} or newer.", ""] if bound else []
    lines = [
        f"# {name}",
        "",
        sentence.strip(),
        "",
        "## Set-up",
        "",
        *needs,
        "```console",
        *(f"$ {step}" for step in steps),
    ]
    return _facts.new_file([*lines, "```"])


@audit_check("P1-setup")
def set_up(project: Project) -> Iterator[Shortfall]:
    """The README says how the project is set up, in at most five steps."""
    names = _readmes(project)
    if not names:
        raise NotApplicable("there is no README")
    name = next((item for item in names if item.lower() in {"readme.md", "readme.rst"}), names[0])
    text = project.text(name) or ""
    if not any(_SET_UP.search(project.text(item) or "") for item in names):
        yield Shortfall(name, "it does not say how the project is set up", "add a section with at most five steps")
    for line, title, steps in _long_sections(text):
        message = f"the section {title!r} has {steps} steps"
        yield Shortfall(name, message, f"have at most {_MOST_STEPS}: let a script or make do the rest", line)


def _long_sections(text: str) -> Iterator[tuple[int, str, int]]:
    """The sections about setting up whose list has too many numbered steps: line, title, and how many."""
    section: tuple[int, str] | None = None
    last, is_code = 0, False
    for number, line in enumerate(text.split("\n"), 1):
        if line.lstrip().startswith(("```", "~~~")):
            is_code = not is_code
        if is_code:
            continue
        step = re.match(r"(\d+)[.)]\s", line)
        if step is not None and section is not None and int(step[1]) in (last + 1, 1):
            last = last + 1 if int(step[1]) != 1 or last == 0 else last
            continue
        if re.match(r"#{1,6}\s", line):
            if section is not None and last > _MOST_STEPS:
                yield (*section, last)
            found = _SECTION.match(line)
            section, last = ((number, found[1].strip()) if found else None), 0
    if section is not None and last > _MOST_STEPS:
        yield (*section, last)


@audit_check("P1-changelog")
def changelog(project: Project) -> Iterator[Shortfall]:
    """A changelog tells the versions apart."""
    if not is_package(project):
        raise NotApplicable("it is no package with versions")
    for path in project.files:
        *folders, name = path.split("/")
        if len(folders) <= 3 and not any(map(_NOT_LOOKED_AT.fullmatch, folders)):
            if _CHANGELOG.fullmatch(name) or any(map(_FRAGMENTS.fullmatch, folders)):
                return
    urls = project.pyproject.table("project", "urls")
    if any(re.search(r"(?i)change|release|history|news", str(name)) for name in urls):
        return
    _facts.refuse_sdist(project, "a changelog")
    yield Shortfall("CHANGELOG.md", "there is no changelog", "keep one, with a part for each version")


@audit_check("P1-license")
def license_file(project: Project) -> Iterator[Shortfall]:
    """The licence stands in a file at the top."""
    classifiers = project.pyproject.get("project", "classifiers")
    if isinstance(classifiers, list) and any(str(item).startswith("Private ::") for item in classifiers):
        raise NotApplicable("its classifiers say that it is private")
    places = {*project.names(), *project.repository.names()}
    names = [name.lower() for name in places]
    if not any(name.partition(".")[0] == "copyright" or any(map(name.__contains__, _LICENSES)) for name in names):
        yield Shortfall("LICENSE", "there is no licence file", "add the text of the licence under which it may be used")


@audit_check("P1-src")
def src_layout(project: Project) -> Iterator[Shortfall]:
    """The packages lie in src/, so that tests use what is installed."""
    if not is_package(project):
        raise NotApplicable("it is no package that is installed")
    if source_folders(project) in (["src"], ["lib"]):
        return
    own = _own_packages(project)
    if not own:
        raise NotApplicable("no package of its own is found")
    first, kind = own[0]
    path = f"{first}/__init__.py" if kind == "package" else f"{first}.py"
    yield Shortfall(
        path, f"the {kind} {first} stands at the top", f"move it to src/{first if kind == 'package' else path}"
    )


def _own_packages(project: Project) -> list[tuple[str, str]]:
    """The packages and modules at the top that the distribution has."""
    name = re.sub(r"[-_.]+", "_", name_of(project) or "").lower()
    packages = packages_in(project, "")
    if project.has(f"{name}/__init__.py") and name not in packages:  # its name is that of a folder of something else
        packages = [name, *packages]
    found = [(item, "package") for item in packages if item.lower() == name]
    given = setup_value(project, "py_modules")
    listed = given[0] if given and isinstance(given[0], (list, tuple)) else []
    modules = {name, *map(str, listed), *(project.setup_cfg.get("options", "py_modules") or "").split()}
    found += [(item, "module") for item in sorted(modules) if item and project.has(f"{item}.py") and item != "setup"]
    return found or [(item, "package") for item in packages]


@audit_check("P1-tests")
def tests_folder(project: Project) -> Iterator[Shortfall]:
    """The tests stand in a folder of their own."""
    tests = test_files(project)
    if any(TEST_FOLDER.fullmatch(part) for path in tests for part in path.split("/")[:-1]):
        return
    if tests:
        more = f" and {len(tests) - 1} more stand" if len(tests) > 1 else " stands"
        yield Shortfall(tests[0], f"{tests[0]}{more} among the sources", "move tests to tests/")
        return
    if not any(path.endswith(".py") for path in project.files):
        raise NotApplicable("there is no Python file")
    if any(TEST_FOLDER.fullmatch(part) for path in project.files for part in path.split("/")[:-1]):
        return
    if any(
        re.fullmatch(r"tests?([._-].*)?\.(sh|bash|bats|robot|feature)", path.rpartition("/")[2])
        for path in project.files
    ):
        raise NotApplicable("tests that are not written in Python are found")
    _facts.refuse_sdist(project, "tests")
    yield Shortfall("tests", "there are no tests", "add tests/ with a test for each thing that must not break")
