"""A Dask cluster does the work: the same bytes, also where a worker is killed half-way."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from commands import HELPER, SCRIPT, USER, invoke, script
from running import WHOLE, make_plan, snapshot

from pymodernize.execution import dask, pool, task
from pymodernize.execution.execute import run

distributed = pytest.importorskip("distributed")
pytestmark = [pytest.mark.slow, pytest.mark.no_cover]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two worker processes on this machine."""
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=50,
    ) as found:
        yield found


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(pool, "CHUNK_BYTES", 2000)
    for source in WHOLE:
        script(tmp_path, f"scripts/{source.parent.name}/{source.name}", source.read_text(encoding="utf-8"))
    script(tmp_path, "linked/helper.py", HELPER)
    for number in range(6):
        script(tmp_path, f"linked/user{number}.py", USER)
    for number in range(40):
        script(tmp_path, f"plain/job{number:02}.py", SCRIPT.replace("Hello", f"Hello {number}") * 4)
    script(tmp_path, "plain/two.py", 'print "x"\n')
    return tmp_path


def test_a_cluster_gives_the_same_as_this_process(cluster: Any, tree: Path) -> None:
    there = ("--executor", "dask", "--scheduler", cluster.scheduler_address)
    here = invoke("--jobs", "1", "--unsafe", "--format", "json", ".", cwd=tree)
    assert here.stdout.count(b'"status": "applied"') > 100
    assert invoke(*there, "--unsafe", "--format", "json", ".", cwd=tree) == here
    written = []
    for arguments in (("--jobs", "1"), there):
        invoke(*arguments, "--apply", ".", cwd=tree)
        written.append({name: text for name, text in snapshot(tree).items() if ".pymodernize/" not in name})
        assert invoke("undo", cwd=tree).code == 0
    assert written[0] == written[1]


def test_a_worker_that_is_killed_half_way_costs_nothing(cluster: Any, tree: Path) -> None:
    plan = make_plan()
    files = sorted(tree.rglob("*.py"))
    expected = list(run(files, plan, max_size=10**6))
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        workers = client.run(os.getpid)
    assert len(set(workers.values())) == 2
    found = []
    with dask.cluster(plan, cluster.scheduler_address, None) as there:
        for report in run(files, plan, max_size=10**6, pool=there):
            found.append(report)
            if len(found) == len(files) // 2:
                os.kill(sorted(workers.values())[0], signal.SIGKILL)
    assert found == expected
    with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
        assert set(client.run(os.getpid).values()) != set(workers.values()), "one of them was killed"


def test_the_work_is_done_by_the_workers(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path)

    def here(*_: object) -> None:
        raise AssertionError("the driver reads and writes, no more")

    monkeypatch.setattr(task, "_one", here)
    outcome = invoke("--executor", "dask", "--scheduler", cluster.scheduler_address, "--apply", ".", cwd=tmp_path)
    assert "1 file: 1 rewritten\n" in outcome.stderr


def test_a_worker_of_another_version_is_refused(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = script(tmp_path)
    monkeypatch.setattr(pool, "VERSIONS", "pymodernize 9.9 on Python 3.99")
    outcome = invoke("--executor", "dask", "--scheduler", cluster.scheduler_address, "--apply", ".", cwd=tmp_path)
    assert outcome.code == 3
    assert f"a worker has {task.VERSIONS}, and this is pymodernize 9.9 on Python 3.99" in outcome.stderr
    assert path.read_text() == SCRIPT


def test_an_address_where_nobody_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path)
    monkeypatch.setattr(dask, "PATIENCE", "1s")
    for address in ("tcp://127.0.0.1:9", "nonsense://x"):
        outcome = invoke("--executor", "dask", "--scheduler", address, ".", cwd=tmp_path)
        assert outcome.code == 3
        assert f"no Dask scheduler answers at {address}" in outcome.stderr


def test_a_scheduler_without_workers(tmp_path: Path) -> None:
    script(tmp_path)
    with distributed.LocalCluster(
        n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=50
    ) as empty:
        outcome = invoke("--executor", "dask", "--scheduler", empty.scheduler_address, ".", cwd=tmp_path)
    assert outcome.code == 3
    assert "has no workers" in outcome.stderr


def test_dask_and_its_address_go_together(tmp_path: Path) -> None:
    script(tmp_path)
    for arguments in (["--executor", "dask"], ["--scheduler", "tcp://127.0.0.1:1"]):
        outcome = invoke(*arguments, ".", cwd=tmp_path)
        assert outcome.code == 2
        assert "--executor dask and --scheduler ADDRESS go together" in outcome.stderr


def test_without_dask_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script(tmp_path)
    monkeypatch.setitem(sys.modules, "distributed", None)
    outcome = invoke("--executor", "dask", "--scheduler", "tcp://127.0.0.1:1", ".", cwd=tmp_path)
    assert outcome.code == 3
    assert "pip install distributed" in outcome.stderr
