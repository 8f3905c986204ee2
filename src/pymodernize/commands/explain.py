"""What codemods say of themselves, and of one line of a file."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pymodernize.assumptions import Assumption
from pymodernize.codemod import Codemod, Finding, Status
from pymodernize.commands.one_file import check_of_one_file
from pymodernize.commands.run import DONE, UNREADABLE
from pymodernize.execution.execute import FileReport
from pymodernize.execution.known_files import remembering
from pymodernize.execution.single_text import key_of_text, surroundings_of
from pymodernize.files.reading import Unreadable, read, read_stdin
from pymodernize.plan import Plan
from pymodernize.registry import Entry, RegistryError, names
from pymodernize.report.streams import write_stdout
from pymodernize.report.terminal import escaped, show, tell
from pymodernize.semantics.project import ProjectFacts
from pymodernize.settings import SettingsError, find_settings_file, load_settings
from pymodernize.settings.codemod_options import make_options
from pymodernize.settings.errors import nearest
from pymodernize.settings.planning import Request, known_assumptions, known_reasons, make_plan, settings_for

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


def explain_line(request: Request, place: str) -> int:
    """Print what the codemods of a run have to say about one line.

    Args:
        request: the options; only those that select codemods count.
        place: ``FILE:LINE``; ``-`` as the file is stdin.

    Returns:
        The exit code.

    Raises:
        click.UsageError: the place is none, or options or settings are wrong.
    """
    from pymodernize.transformation.engine import transform
    from pymodernize.transformation.model import module_of

    name, _, number = place.rpartition(":")
    check_of_one_file(request, "--explain-line")
    if not name or not number.isdecimal() or not int(number):
        raise click.UsageError(f"--explain-line: {place!r} is not FILE:LINE")
    is_stdin = name == "-"
    if is_stdin:
        name = request.stdin_filename or "<stdin>"
    elif request.stdin_filename is not None:
        raise click.UsageError("--stdin-filename goes with the file - (stdin)")
    path, line = Path(name), int(number)
    try:
        installed = names()
        settings = settings_for(replace(request, paths=[name]), installed).for_file(path)
        plan = make_plan(request, settings, installed)
        source = read_stdin(settings.max_file_size) if is_stdin else read(path, settings.max_file_size)
        with remembering(plan, settings.max_file_size, request.cache) as memory:
            facts, root = surroundings_of(name, plan, memory)
            known = memory.result(key_of_text(source, facts, root, memory))
        module = module_of(source, facts, plan)
    except (SettingsError, RegistryError) as exc:
        raise click.UsageError(str(exc)) from exc
    except (Unreadable, ValueError) as exc:
        reason = exc if is_stdin or os.path.lexists(path) else "does not exist"
        tell(f"{path}: {reason}")
        return UNREADABLE
    last = module.source.data.count(b"\n") + (not module.source.data.endswith(b"\n"))
    if line > last:
        raise click.UsageError(f"--explain-line: the last line of {path} is {last}")
    result = known or transform(source, plan, facts)
    # Codemods that share an analysis say the same.
    notes: dict[str, str] = {}
    for codemod in plan.codemods:
        for text in _explained(codemod, module, line):
            notes.setdefault(text, codemod.name())
    if request.format == "json":
        from pymodernize.report.json import explained

        write_stdout(explained(FileReport(path, source, result), line, notes))
        return DONE
    said = [_decided(item) for item in result.findings if item.line <= line <= item.end_line]
    said += notes
    for text in dict.fromkeys(said):
        show(escaped(text))
    if not said:
        tell(f"{place}: no codemod finds anything there")
    return DONE


CHECKS = "Checks, which only look (--show flagged):"
_DECISIONS = {
    Status.APPLIED: "rewrites it",
    Status.WITHHELD: "withholds a rewrite",
    Status.FOUND: "leaves it",
    Status.KEPT: "leaves it on purpose",
    Status.FLAGGED: "flags it",
    Status.REJECTED: "was rejected",
}


def _decided(finding: Finding) -> str:
    """What a codemod does about a finding, and why."""
    return f"line {finding.line}: {finding.codemod} {_DECISIONS[finding.status]}: {finding.sentence}"


def _explained(codemod: Codemod, module: Module, line: int) -> list[str]:
    try:
        return list(codemod.explain(module, line))
    except Exception as exc:  # whatever a codemod raises costs the codemod, not the command
        return [f"{codemod.name()} failed: {type(exc).__name__}: {exc}"]


def example_after(assumption: Assumption, installed: dict[str, Entry]) -> str:
    """What the example of an assumption becomes if everything is assumed; empty without one.

    Args:
        assumption: the assumption.
        installed: the codemods, by name.

    Raises:
        RegistryError: its codemod does not load.
    """
    from pymodernize.transformation.engine import transform

    example = assumption.example
    if example is None or example.codemod not in installed:
        return ""
    every = frozenset(known_assumptions(item.load() for item in installed.values()))
    codemod = installed[example.codemod].load()
    options = make_options(codemod, dict(example.options), f"the example of {assumption.name}")
    plan = Plan((codemod(options),), every)
    output = transform(example.before.encode(), plan, ProjectFacts(path="script.py")).output
    return output.decode() if output is not None else ""


def show_rules() -> int:
    """Print the name and summary of each codemod, and then of each check."""
    from pymodernize.commands.documentation import summary

    try:
        installed = names()
        rows = {name: summary(entry.load()) for name, entry in installed.items()}
    except RegistryError as exc:
        raise click.UsageError(str(exc)) from exc
    checks = [name for name, entry in installed.items() if entry.check]
    codemods = [name for name in installed if name not in checks]
    for group, head in ((codemods, ""), (checks, f"\n{CHECKS}")):
        width = max(map(len, group), default=0)
        if group and head:
            show(head)
        for name in group:
            show(f"{name:{width}}  {rows[name]}")
    return DONE


def show_standard() -> int:
    """Print the rows of the written standard, each with what serves it."""
    from pymodernize.commands.standard import rows_of_standard

    try:
        rows = rows_of_standard(names())
    except (RegistryError, ValueError) as exc:
        raise click.UsageError(str(exc)) from exc
    width = max((len(row.practice) for row in rows), default=0)
    for row in rows:
        show(f"{row.id:3}  {row.practice:{width}}  {row.served_by}")
    return DONE


def show_reasons() -> int:
    """Print the code and sentence of each reason why a place is left, those of every codemod first."""
    try:
        rows = known_reasons(names())
    except RegistryError as exc:
        raise click.UsageError(str(exc)) from exc
    width = max(len(code) for _, code, _ in rows)
    for name, group in itertools.groupby(rows, lambda row: row[0]):
        show(name or "any codemod")
        for _, code, sentence in group:
            show(f"  {code:{width}}  {sentence}")
    return DONE


def show_rule(name: str) -> int:
    """Print what a name stands for: a codemod, an assumption, the code of a reason, or a setting.

    Raises:
        click.UsageError: it stands for nothing.
    """
    from pymodernize.commands.documentation import assumption_page, documentation
    from pymodernize.settings.help import HELP

    try:
        installed = names()
        if name in installed:
            show(documentation(installed[name].load()))
            return DONE
        known = known_assumptions(item.load() for item in installed.values())
        if name in known:
            show(assumption_page(known[name], example_after(known[name], installed)))
            return DONE
        reasons = known_reasons(installed)
        said = [f"{codemod or 'any codemod'}: {sentence}" for codemod, code, sentence in reasons if code == name]
        if said:
            show("\n".join([f"{name}: a reason why a place is left as it is.", "", *said]))
            return DONE
        if name in HELP:
            setting = HELP[name]
            default = f" Without it: {setting.default}." if setting.default else ""
            values = f"Its value: {setting.values}.{default}"
            show(f"{name}: a setting, in [tool.pymodernize].\n\n{setting.sentence}\n{values}")
            return DONE
        if name in (rules := _rules_here(installed)):
            show(documentation(rules[name].load()))
            return DONE
        hint = nearest(name, {*installed, *rules, *known, *(code for _, code, _ in reasons), *HELP})
        raise click.UsageError(f"nothing is called {name!r}{hint or _LISTED}")
    except (RegistryError, SettingsError) as exc:
        raise click.UsageError(str(exc)) from exc


def _rules_here(installed: dict[str, Entry]) -> Mapping[str, Entry]:
    """The rules of Fixit that the settings of the current folder name.

    Raises:
        SettingsError: these settings are wrong.
    """
    return load_settings(find_settings_file(Path.cwd()), installed).rules


_LISTED = "; 'pymodernize rules' lists the codemods and checks, with --reasons the codes of reasons"
