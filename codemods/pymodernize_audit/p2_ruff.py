"""Ruff: line length, target version, rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from pymodernize.audit.audit_check import NotApplicable, Project, Shortfall, audit_check
from pymodernize.audit.edits import with_items, with_settings, with_value
from pymodernize_audit._facts import Fix, listed, refuse_above, refuse_sdist, text_of
from pymodernize_audit._python import Version, asked_python, oldest_python, requires_python
from pymodernize_audit._ruff import Ruff, ruff_of

_NEEDED = ("E", "F", "W", "I")
_RECOMMENDED = ("S", "B", "UP", "ANN", "C901", "PLR")
_OLDEST = (3, 7)
"""The oldest version that ruff has a target for."""
_LENGTH = 88
"""That of ruff and Black where nobody says another one."""


def _ruff(project: Project) -> Ruff:
    """The settings of ruff.

    Raises:
        NotApplicable: there are none.
    """
    found = ruff_of(project)
    if found is None:
        raise NotApplicable("ruff has no settings")
    return found


@audit_check("P2-ruff")
def ruff(project: Project) -> Iterator[Shortfall]:
    """Ruff has its settings in the project."""
    if ruff_of(project) is not None:
        return
    if not any(path.endswith((".py", ".pyi", ".ipynb")) for path in project.files):
        raise NotApplicable("there is no Python file")
    refuse_above(project)
    refuse_sdist(project, "settings of ruff")

    def fix(text: str) -> str | None:
        if not text:
            return None
        new = with_settings(text, ("tool", "ruff"), {"line-length": _line_length(project), **_target(project)})
        return None if new is None else with_settings(new, ("tool", "ruff", "lint"), {"select": list(_NEEDED)})

    others = [name for name in ("flake8", "black", "isort", "pylint") if _is_configured(project, name)]
    instead = f"; {listed(others)} {'have' if len(others) > 1 else 'has'}" if others else ""
    yield Shortfall("pyproject.toml", f"ruff has no settings{instead}", "add [tool.ruff] and [tool.ruff.lint]", fix=fix)


def _is_configured(project: Project, tool: str) -> bool:
    if project.pyproject.get("tool", tool) is not None or project.has(f".{tool}") or project.has(f".{tool}rc"):
        return True
    return any(f"[{tool}]" in text_of(project, name) for name in ("setup.cfg", "tox.ini"))


def _target(project: Project) -> dict[str, str]:
    """The target version where ruff does not read it from the project's own metadata."""
    said, oldest = requires_python(project), oldest_python(project)
    if oldest is None or said is None or project.pyproject.get("project", "requires-python"):
        return {}
    return {"target-version": _name(max(oldest, _OLDEST))}


def _name(version: Version) -> str:
    return f"py{version[0]}{version[1]}"


def _line_length(project: Project) -> int:
    """The line length that other tools are told; ruff's own if none is."""
    pyproject = project.pyproject
    found = [pyproject.get("tool", "black", "line-length"), pyproject.get("tool", "black", "line_length")]
    for name in (".flake8", "setup.cfg", "tox.ini", ".pycodestyle"):
        text = text_of(project, name)
        match = re.search(
            r"^\[(?:flake8|pycodestyle|pep8)\][^\[]*?^max[-_]line[-_]length\s*[=:]\s*(\d+)", text, re.M | re.S
        )
        found.append(int(match[1]) if match else None)
    found += [
        pyproject.get("tool", "pylint", "format", "max-line-length"),
        pyproject.get("tool", "flake8", "max-line-length"),
    ]
    lengths = [int(item) for item in found if isinstance(item, int) or isinstance(item, str) and item.isdecimal()]
    return next((length for length in lengths if 1 <= length <= 320), _LENGTH)


@audit_check("P2-line-length")
def line_length(project: Project) -> Iterator[Shortfall]:
    """The line length is said."""
    found = _ruff(project)
    if found.get("line-length") is None:
        length = _line_length(project)
        yield Shortfall(
            found.path,
            "ruff is told no line length",
            f"say line-length = {length}, which holds without it"
            if length == _LENGTH
            else f"say line-length = {length}",
            found.line(),
            lambda text: with_settings(text, found.prefix, {"line-length": length}),
        )


@audit_check("P2-target")
def target(project: Project) -> Iterator[Shortfall]:
    """The target version is the oldest Python that the project asks for."""
    found = _ruff(project)
    said, oldest = asked_python(project)
    wanted = _name(max(oldest, _OLDEST))
    value = found.get("target-version")
    if value == wanted:
        return
    if value is None:
        if said.path != "pyproject.toml" or not project.pyproject.get("project", "requires-python"):
            message = f"ruff is told no target version, and does not read that of {said.path}"
            fix: Fix = partial(with_settings, table=found.prefix, values={"target-version": wanted})
            yield Shortfall(found.path, message, f'say target-version = "{wanted}"', found.line(), fix)
        return
    if not isinstance(value, str) or not re.fullmatch(r"py3\d+", value):
        raise NotApplicable(f"{value!r} is no target version that is known")
    keys = (*found.prefix, "target-version")
    yield Shortfall(
        found.path,
        f"ruff's target is {value}, the project asks for Python {said.value}",
        f'say target-version = "{wanted}"',
        found.line("target-version"),
        lambda text: with_value(text, keys, wanted),
    )


@audit_check("P2-rules")
def rules(project: Project) -> Iterator[Shortfall]:
    """At least the rules E, F, W and I are selected."""
    found = _ruff(project)
    missing = _missing(found, _NEEDED)
    if not missing:
        return
    message = f"{listed(missing)} {'are' if len(missing) > 1 else 'is'} not selected"
    if not found.selects:
        message += "; without select, the version of ruff decides"
    yield Shortfall(found.path, message, f"add {', '.join(missing)}", _line(found), _selecting(found, missing))


@audit_check("P2-more-rules", recommended=True)
def more_rules(project: Project) -> Iterator[Shortfall]:
    """The rules S, B, UP, ANN and the limits C901 and PLR are selected, too."""
    found = _ruff(project)
    missing = _missing(found, _RECOMMENDED)
    if missing:
        message = f"{listed(missing)} {'are' if len(missing) > 1 else 'is'} not selected"
        yield Shortfall(found.path, message, "select them, and mend or ignore what they find", _line(found))


def _missing(found: Ruff, wanted: tuple[str, ...]) -> list[str]:
    """Those of some rules of which nothing is selected."""
    chosen = found.rules
    if "ALL" in chosen:
        return []
    if not found.selects:
        chosen = [*chosen, "E", "F"]
    families = {match[0] for item in chosen if (match := re.match(r"[A-Z]+", item))}
    return [
        name
        for name in wanted
        if not (name in families or name == "C901" and families & {"C", "C90"} or _in(name, chosen))
    ]


def _in(name: str, chosen: list[str]) -> bool:
    """Whether a longer or a shorter name of a rule is selected: C90 for C901, PL for PLR."""
    return any(item and name.startswith(item) and item != name[:0] and len(item) > 1 for item in chosen)


def _line(found: Ruff) -> int:
    keys = next((keys for keys in (("lint", "select"), ("select",), ("lint",)) if found.get(*keys) is not None), ())
    return found.line(*keys)


def _selecting(found: Ruff, missing: list[str]) -> Fix:
    """The fix that adds rules to the list that is there, else to one of their own."""
    for keys in (("lint", "select"), ("lint", "extend-select"), ("select",), ("extend-select",)):
        if isinstance(found.file.get(*found.prefix, *keys), list):
            return lambda text: with_items(text, (*found.prefix, *keys), missing)
    return lambda text: with_settings(text, (*found.prefix, "lint"), {"extend-select": missing})
