"""Odd values of right classes: what is called raises nothing outside of the set that is written for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from sweep_rows import OWNERS, REASONS, reason

from pymodernize.semantics.library.exceptions import knowledge

SWEEP = Path(__file__).with_name("sweep.py")
LONG = int(os.environ.get("PYMODERNIZE_EVIDENCE", "0"))
ROWS = 2000 if LONG else 12
SEED = os.environ.get("SIGNAL_SEED", "7") if LONG else "7"


@pytest.mark.no_cover
def test_odd_values_raise_nothing_else(tmp_path: Path):
    pytest.importorskip("resource")
    done = subprocess.run(
        [sys.executable, str(SWEEP), SEED, str(ROWS)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=3600 if LONG else 300,
        check=False,
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert lines, done.stderr
    *found, numbers = lines
    assert not [line for line in found if "cut" not in line]
    assert numbers["checked"] > ROWS / 10


def test_each_row_is_called_or_left_for_a_reason_that_is_one():
    rows = [row for row in knowledge().rows.values() if not row.docs]
    called = [row for row in rows if not reason(row)]
    assert len(called) > 1000
    assert {row.name.rpartition(".")[0] for row in called} >= OWNERS.keys()
    assert REASONS.keys() <= {reason(row) for row in rows}
