"""Odd values of right classes: what is called raises nothing outside of the set that is written for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

SWEEP = Path(__file__).with_name("sweep.py")
LONG = int(os.environ.get("PYMODERNIZE_EVIDENCE", "0"))
ROWS = 2000 if LONG else 12
SEED = os.environ.get("SIGNAL_SEED", "7") if LONG else "7"


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
    assert not found
    assert numbers["checked"] > ROWS / 10
