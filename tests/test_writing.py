from __future__ import annotations

import argparse
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from pymodernize.codemod import Finding, Status
from pymodernize.commands.apply import apply
from pymodernize.execution.execute import FileReport
from pymodernize.transformation.result import Result

SOURCE = Path(argparse.__file__).read_bytes()
FILES = 60


def changed(folder: Path, number: int) -> FileReport:
    """A report of a file that is there, with a text of its own."""
    path = folder / f"m{number}.py"
    source = SOURCE + b"# %d\n" % number
    path.write_bytes(source)
    finding = Finding("toy", 1, 0, 1, 4, "found", status=Status.APPLIED)
    return FileReport(path, source, Result((finding,), source + b"# new\n"), frozenset({str(path), "/elsewhere"}))


def test_what_is_reported_after_a_run_is_what_was_found(tmp_path):
    given = [changed(tmp_path, number) for number in range(3)]
    quiet = FileReport(tmp_path / "quiet.py", SOURCE, Result())
    gone = replace(given[1], path=tmp_path / "gone.py", ties=frozenset())
    said: list[str] = []
    done = apply(lambda: [*given, quiet, gone], [tmp_path], said.append, break_links=True, history_size=10_000_000)
    found = list(done.reports)
    assert done.written == len(given)
    assert [item.path for item in found] == [item.path for item in (*given, quiet, gone)]
    assert [item.result for item in found[:3]] == [item.result for item in given]
    assert [item.source for item in found] == [*(item.source for item in given), b"", SOURCE + b"# 1\n"]
    assert found[4].result == Result((), error="is gone since it was read")
    assert all(item.path.read_bytes() == item.result.output for item in given)


def test_the_texts_of_thousands_of_files_are_not_all_in_memory(tmp_path):
    size = 2 * len(SOURCE) * FILES

    def reports() -> Iterator[FileReport]:
        for number in range(FILES):
            yield changed(tmp_path, number)

    tracemalloc.start()
    try:
        found = apply(reports, [tmp_path], print, break_links=True, history_size=10_000_000)
        count = sum(item.result.output is not None for item in found.reports)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == FILES
    assert most < size / 2
