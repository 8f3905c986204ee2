"""Alembic: no URL in its settings, the models imported, types compared."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pymodernize.audit.audit_check import NotApplicable, Project, Shortfall, audit_check
from pymodernize_audit._facts import Fix, text_of
from pymodernize_audit._python import dependencies

_TEMPLATE = "driver://user:pass@localhost/dbname"
_SINCE = (1, 12)
"""The release of Alembic from which on types are compared unless told not to."""


def _settings(project: Project) -> list[str]:
    """The settings files of Alembic.

    Raises:
        NotApplicable: there is none.
    """
    found = [path for path in project.files if path.rpartition("/")[2] == "alembic.ini" and path.count("/") <= 2]
    found = [path for path in found if not re.search(r"(^|/)(tests?|docs?|examples?|templates?|\{\{[^/]*)/", path)]
    if not found:
        raise NotApplicable("there is no alembic.ini")
    return found


def _environments(project: Project) -> list[str]:
    """The files env.py that the settings lead to.

    Raises:
        NotApplicable: there are none.
    """
    found = []
    for name in _settings(project):
        file = project.ini(name)
        folder = (file.get("alembic", "script_location") or "" if file is not None else "").strip()
        above = name.rpartition("/")[0]
        folder = re.sub(r"%\(here\)s/?", "", folder).rstrip("/")
        for path in dict.fromkeys(
            (
                f"{above}/{folder}/env.py".lstrip("/"),
                f"{folder.replace(':', '/')}/env.py",
                f"src/{folder.replace(':', '/')}/env.py",
            )
        ):
            if ".." not in path and not path.startswith("/") and project.has(path):
                found.append(path)
                break
    if not found:
        raise NotApplicable("no env.py of Alembic is found")
    return found


@audit_check("P11-url")
def url(project: Project) -> Iterator[Shortfall]:
    """alembic.ini has no URL of a database."""
    for name in _settings(project):
        file = project.ini(name)
        if file is None:
            continue
        for section, values in file.data.items():
            value = (values.get("sqlalchemy.url") or "").strip()
            if value and not re.search(r"%\(\w+\)s|\$\{?\w+", value):
                message = (
                    "the template's URL is left in"
                    if value == _TEMPLATE
                    else "the URL of the database stands in the file"
                )
                line = file.line(section, "sqlalchemy.url")
                yield Shortfall(
                    name,
                    message,
                    "leave it blank, and have env.py take it from the environment",
                    line,
                    _blank(project, line),
                )


def _blank(project: Project, line: int) -> Fix:
    """The fix that leaves the URL blank; None if an env.py takes it from here."""
    try:
        texts = [text_of(project, path) for path in _environments(project)]
    except NotApplicable:
        return None
    if not all(re.search(r"""set_main_option\(\s*["']sqlalchemy\.url["']""", text) for text in texts):
        return None

    def fix(text: str) -> str | None:
        rows = text.split("\n")
        rows[line - 1] = re.sub(r"^(sqlalchemy\.url\s*=).*$", r"\1", rows[line - 1])
        return "\n".join(rows)

    return fix


@audit_check("P11-models")
def models(project: Project) -> Iterator[Shortfall]:
    """env.py has the metadata of the models."""
    for name in _environments(project):
        tree = project.python(name)
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.Assign) and any(
                getattr(item, "id", "") == "target_metadata" for item in node.targets
            ):
                if (
                    isinstance(node.value, ast.Constant)
                    and node.value.value is None
                    and not _is_set_elsewhere(tree, node)
                ):
                    message = "target_metadata is None: autogenerate sees no models"
                    yield Shortfall(name, message, "import the models, and name their metadata", node.lineno)


def _is_set_elsewhere(tree: ast.Module | None, first: ast.Assign) -> bool:
    return any(
        isinstance(node, ast.Assign)
        and node is not first
        and any(getattr(item, "id", "") == "target_metadata" for item in node.targets)
        for node in ast.walk(tree or ast.Module([], []))
    )


@audit_check("P11-compare-type")
def compare_type(project: Project) -> Iterator[Shortfall]:
    """Types of columns are compared."""
    old = _is_old(project)
    for name in _environments(project):
        tree = project.python(name)
        for node in ast.walk(tree) if tree is not None else ():
            if not (isinstance(node, ast.Call) and ast.unparse(node.func) in {"context.configure", "configure"}):
                continue
            given = {keyword.arg: keyword.value for keyword in node.keywords}
            value = given.get("compare_type")
            if (
                None in given
                or isinstance(value, ast.Constant)
                and value.value is not False
                or value is None
                and not old
            ):
                continue
            if value is None or isinstance(value, ast.Constant):
                message = "types of columns are not compared" + (
                    "" if value else f", as Alembic before {_SINCE[0]}.{_SINCE[1]} has it"
                )
                yield Shortfall(name, message, "say compare_type=True", value.lineno if value else node.lineno)


def _is_old(project: Project) -> bool:
    """Whether the Alembic that the project asks for is one that compares no types by itself."""
    for text in dependencies(project):
        match = re.match(r"alembic\s*(?:==|~=|<=?)\s*(\d+)\.(\d+)", text.strip(), re.IGNORECASE)
        if match and (int(match[1]), int(match[2])) < _SINCE:
            return True
    return False
