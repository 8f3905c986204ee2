"""The catalogue of the standard: every row is there, and it claims nothing that is not so."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from commands import invoke

from pymodernize.audit import packs
from pymodernize.cli import COMMANDS
from pymodernize.commands.standard import Row, rows_of_standard
from pymodernize.registry import checks, names

IDS = [f"{kind}{number}" for kind, last in (("Q", 40), ("F", 35), ("P", 13)) for number in range(1, last + 1)]
OWN = {name: entry for name, entry in names().items() if entry.module.startswith("pymodernize_codemods.")}


def rows() -> dict[str, Row]:
    return {row.id: row for row in rows_of_standard(OWN)}


def test_every_row_is_there():
    assert list(rows()) == IDS


def test_every_codemod_and_check_is_in_a_row():
    for name, entry in OWN.items():
        served = entry.load().rows
        assert served, f"{name} says of no row that it serves it"
        assert set(served) <= set(IDS), name
        assert all(name in (*rows()[id_].codemods, *rows()[id_].checks) for id_ in served)


def test_what_is_claimed_is_registered():
    for row in rows().values():
        assert set(row.codemods) <= OWN.keys() - checks().keys(), row.id
        assert set(row.checks) <= checks().keys(), row.id
        assert not row.command or row.command in COMMANDS, row.id
        assert row.codemods or row.checks or row.command or row.reason, (
            f"{row.id}: nobody serves it, and nothing says why"
        )
        assert row.served_by


def test_a_codemod_that_is_not_installed_serves_nothing():
    """Rows say nothing of a codemod that is not there, and have their reason again."""
    few = {name: OWN[name] for name in ("bare-except", "pickle-load")}
    found = {row.id: row for row in rows_of_standard(few)}
    assert (found["F12"].codemods, found["F30"].checks) == (("bare-except",), ("pickle-load",))
    assert not found["F1"].codemods


def test_what_an_audit_asks_of_a_project_is_said_to_be_asked():
    audited = {row.id for row in packs.rows()}
    assert audited == {row.id for row in rows().values() if row.id.startswith("P") and row.command == "audit"}


@pytest.fixture(scope="module")
def rules_of_ruff() -> set[str]:
    done = subprocess.run(
        [Path(sys.executable).with_name("ruff"), "rule", "--all", "--output-format", "json"],
        capture_output=True,
        check=True,
    )
    return {rule["code"] for rule in json.loads(done.stdout) if rule["code"]}


def test_the_rules_of_ruff_are_those_that_it_has(rules_of_ruff: set[str]):
    listed = {code for row in rows().values() for code in row.ruff if code != "ruff format"}
    listed |= {code for entry in checks().values() for code in entry.load().noqa}
    assert {code for code in listed if not any(rule.startswith(code) for rule in rules_of_ruff)} == set()


def test_it_is_printed(tmp_path: Path):
    outcome = invoke("rules", "--standard", cwd=tmp_path)
    assert [line.split()[0] for line in outcome.out.splitlines()] == IDS
    assert "bare-except; ruff: E722" in outcome.out and "pickle-load (check)" in outcome.out
    assert invoke("rules", "--standard", "--reasons", cwd=tmp_path).code == 2
