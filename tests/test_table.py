"""``--table``: rows of findings, files and runs, that add up."""

from __future__ import annotations

import csv
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest
from commands import PROJECT, invoke, script

from pymodernize.report.table import COLUMNS, Row, write_table

BROKEN = 'try:\n    print "hello"\nexcept IOError:\n    pass\n'
BARE = "import x\n\ntry:\n    x.f()\nexcept IOError:\n    pass\ntry:\n    quit(x.f())\nexcept:\n    x.g()\n"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_run_is_rows(tmp_path: Path) -> None:
    folder = tmp_path / "jobs"
    script(folder, "a.py", BARE)
    script(folder, "broken.py", BROKEN)
    script(folder, "plain.py", "x = 1\n")
    options = ("--select", "bare-except,oserror-alias", "--jobs", "1")
    outcome = invoke("--apply", "--table", "../t.csv", *options, ".", cwd=folder)
    assert outcome.code == 3
    assert "a.py: rewritten" in outcome.stderr, "people are told as ever"
    found = rows(tmp_path / "t.csv")
    assert tuple(found[0]) == COLUMNS
    files = {row["file"]: row for row in found if row["row"] == "file"}
    assert {name: row["outcome"] for name, row in files.items()} == {
        "a.py": "changed",
        "broken.py": "error",
        "plain.py": "same",
    }
    row = files["a.py"]
    assert [row[name] for name in ("lines", "changed_lines", "rewrites", "changed", "errors")] == ["10", *"2110"]
    assert "Python 2" in files["broken.py"]["message"]
    assert files["plain.py"]["lines"] == "1"
    findings = [row for row in found if row["row"] == "finding"]
    assert [(row["file"], row["line"], row["codemod"], row["outcome"]) for row in findings] == [
        ("a.py", "5", "oserror-alias", "applied"),
        ("a.py", "9", "bare-except", "withheld"),
    ]
    assert findings[1]["assumptions"] == findings[1]["code"] == "changes-behaviour"
    (run,) = (row for row in found if row["row"] == "run")
    assert (run["outcome"], run["files"], run["changed"], run["errors"], run["rewrites"]) == ("apply", *"3111")
    assert {row["run"] for row in found} == {run["run"]}
    assert {row["repository"] for row in found} == {"jobs"}


def test_what_is_no_table(tmp_path: Path) -> None:
    script(tmp_path)
    for name, said in (("t.txt", "ends in .csv or .parquet"), ("no/t.csv", "make the folder, or name another one")):
        outcome = invoke("--table", name, "job.py", cwd=tmp_path)
        assert (outcome.code, said in outcome.stderr) == (2, True), outcome.stderr


def test_parquet_needs_what_writes_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    outcome = invoke("--table", "t.parquet", "job.py", cwd=tmp_path)
    assert (outcome.code, "pip install 'pymodernize[parquet]'" in outcome.stderr) == (2, True)


def test_parquet_has_the_types_of_the_columns(tmp_path: Path) -> None:
    pyarrow: ModuleType = pytest.importorskip("pyarrow", reason="the extra parquet")
    parquet = pytest.importorskip("pyarrow.parquet")
    write_table(tmp_path / "t.parquet", [Row("run", "1", "now", "it", "here", lines=3, seconds=0.5)])
    table = parquet.read_table(tmp_path / "t.parquet")
    assert table.column_names == list(COLUMNS)
    assert (table.schema.field("lines").type, table.schema.field("seconds").type) == (
        pyarrow.int64(),
        pyarrow.float64(),
    )
    assert table.to_pylist()[0]["lines"] == 3


def test_the_page_has_every_column() -> None:
    text = (PROJECT / "docs" / "tables.md").read_text(encoding="utf-8")
    cells = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    assert [name for cell in cells for name in re.findall(r"`(\w+)`", cell)] == list(COLUMNS)
