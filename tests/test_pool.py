"""Work in several processes: the same bytes, in the same order, whatever happens to a process."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from pathlib import Path
from typing import ClassVar

import pytest
from commands import HELPER, SCRIPT, USER, invoke, script, spawn
from running import WHOLE, make_plan, snapshot
from toys import Toy

from pymodernize import Finding, Plan
from pymodernize.execution import pool, processes
from pymodernize.execution.execute import run
from pymodernize.execution.pool import Pool, usable_cores
from pymodernize.execution.task import Killed, Task, work
from pymodernize.semantics.module import Module
from pymodernize.transformation import engine, limits
from pymodernize.transformation.result import Result

HERE = os.getpid()


class Deadly(Toy):
    """Kills the process that works on a file with the word, unless it is the one of the tests."""

    def find(self, module: Module) -> Iterator[Finding]:
        if b"die_always" in module.source.data and os.getpid() != HERE:
            os.kill(os.getpid(), signal.SIGKILL)
        if b"die_once" in module.source.data and os.getpid() != HERE:
            flag = Path(module.source.text.split('"')[1])
            if not flag.exists():
                flag.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        yield self.finding(module, module.tree.body[0], f"seen by {os.getpid()}")


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have even the smallest run use other processes, in many chunks."""
    monkeypatch.setattr(pool, "SMALL_BYTES", 0)
    monkeypatch.setattr(pool, "CHUNK_BYTES", 100)


def _answers(plan: Plan, texts: Sequence[str | None], jobs: int | None = 2) -> list[object]:
    with Pool(plan, jobs) as workers:
        items = [(number, None if text is None else Task(text.encode(), None)) for number, text in enumerate(texts)]
        pairs = list(workers.map(items))
    assert [number for number, _ in pairs] == list(range(len(texts)))
    return [answer for _, answer in pairs]


def _process(answer: object) -> int:
    (finding,) = answer.findings  # type: ignore[attr-defined]
    return int(finding.message.split()[-1])


# --- where the work is done ---------------------------------------------------------------------------------------


def test_answers_come_in_the_order_of_the_items(eager: None) -> None:
    texts = [None if number % 7 == 3 else f"x{number} = 1\n" * (number % 5 + 1) for number in range(300)]
    answers = _answers(Plan((Deadly(),)), texts)
    assert [answer is None for answer in answers] == [text is None for text in texts]
    assert HERE not in {_process(answer) for answer in answers if answer is not None}


@pytest.mark.parametrize(("jobs", "bytes_", "number"), [(1, 700_000, 1), (2, 10_000, 1), (2, 700_000, 2)])
def test_other_processes_work_also_where_there_is_little_to_do(jobs: int, bytes_: int, number: int) -> None:
    texts = ["x = 1  # or more\n\n\n\n" + "#" * (bytes_ // 10)] * 10
    found = {_process(answer) for answer in _answers(Plan((Deadly(),)), texts, jobs)}
    assert HERE not in found
    assert len(found) == number


def test_this_process_works_where_that_is_asked_for() -> None:
    assert {_process(answer) for answer in _answers(Plan((Deadly(),)), ["x = 1\n"] * 3, None)} == {HERE}


def test_only_a_few_chunks_are_under_way(eager: None) -> None:
    taken = []

    def items() -> Iterator[tuple[int, Task]]:
        for number in range(400):
            taken.append(number)
            yield number, Task(b"x = 1\n" * 20, None)

    with Pool(Plan((Deadly(),)), 2) as workers:
        answers = workers.map(items())
        next(answers)
        assert len(taken) <= 8
        assert len(list(answers)) == 399


def test_usable_cores_are_those_of_this_process() -> None:
    assert usable_cores() >= 1
    if hasattr(os, "sched_setaffinity"):
        before = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(before)})
        try:
            assert usable_cores() == 1
        finally:
            os.sched_setaffinity(0, before)


# --- processes that die -------------------------------------------------------------------------------------------


def test_a_killed_process_costs_the_file_that_kills_it(eager: None) -> None:
    texts = [f"x{number} = 1\n" * 5 for number in range(40)]
    texts[11] = texts[30] = "die_always = 1\n"
    answers = _answers(Plan((Deadly(),)), texts)
    assert [number for number, answer in enumerate(answers) if isinstance(answer, Killed)] == [11, 30]


def test_a_process_that_is_killed_once_costs_nothing(eager: None, tmp_path: Path) -> None:
    texts = [f"x{number} = 1\n" * 5 for number in range(40)]
    texts[11] = f'die_once = "{tmp_path / "flag"}"\n'
    answers = _answers(Plan((Deadly(),)), texts)
    assert (tmp_path / "flag").exists()
    assert not any(isinstance(answer, Killed) for answer in answers)


def test_a_killed_process_in_a_run(eager: None, tmp_path: Path) -> None:
    paths = [script(tmp_path, f"job{number}.py", "x = 1\n" * 9) for number in range(9)]
    paths[4].write_text("die_always = 1\n")
    plan = Plan((Deadly(),))
    with Pool(plan, 2) as workers:
        reports = list(run(paths, plan, max_size=1000, pool=workers))
    assert [report.path for report in reports] == paths
    assert [report.result.error for report in reports if report.path == paths[4]] == [Killed.message]
    assert not [report for report in reports if report.path != paths[4] and report.result.error]


def test_what_rests_on_a_file_whose_process_was_killed_is_not_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".git").mkdir()
    helper, user, lonely = script(tmp_path, "helper.py", HELPER), script(tmp_path, "user.py", USER), script(tmp_path)
    real = processes.work

    def work(plan: Plan, tasks: tuple[Task, ...], *rest: str) -> tuple[object, ...]:
        """Ask all files, but come to no result for one of them."""
        if any(task.wanted == "result" and task.source == USER.encode() for task in tasks):
            return (Killed(),)
        return real(plan, tasks, *rest)

    monkeypatch.setattr(processes, "work", work)
    outcome = invoke("--jobs", "1", "--apply", ".", cwd=tmp_path)
    assert outcome.code == 3
    assert f"user.py: {Killed.message}\n" in outcome.stderr
    assert "helper.py: is left as it was: it belongs together with user.py" in outcome.stderr
    assert (helper.read_text(), user.read_text()) == (HELPER, USER), "nobody would set up the helper's logging"
    assert lonely.read_text() != SCRIPT


def test_workers_do_not_outlive_a_parent_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import os, sys\nsys.path[:0] = sys.argv[1].split(os.pathsep)\n"
        "from pymodernize import Plan\nfrom pymodernize.execution import pool\n"
        "from pymodernize.execution.task import Task\nfrom test_pool import Deadly\n"
        "pool.SMALL_BYTES = 0\n"
        "workers = pool.Pool(Plan((Deadly(),)), 2)\n"
        "answers = list(workers.map([(n, Task(b'x = 1\\n' * 50_000, None)) for n in range(4)]))\n"
        "print({int(answer.findings[0].message.split()[-1]) for _, answer in answers}, flush=True)\n"
        "import time; time.sleep(60)\n"
    )
    path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    parent = subprocess.Popen([sys.executable, "-c", code, path], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    children = [int(number) for number in parent.stdout.readline().strip("{}\n").split(",")]
    parent.kill()
    parent.communicate()
    deadline = time.monotonic() + 30
    while any(_is_alive(child) for child in children) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not any(_is_alive(child) for child in children)


def _is_alive(process: int) -> bool:
    try:
        with (Path("/proc") / str(process) / "stat").open(encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        pass
    if Path("/proc/self").is_dir():
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_an_interrupt_ends_the_workers(tmp_path: Path) -> None:
    for number in range(600):
        script(tmp_path, f"job{number}.py", SCRIPT * 4)
    process = subprocess.Popen(
        [sys.executable, "-m", "pymodernize", "--jobs", "2", "--apply", "."],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    deadline = time.monotonic() + 60
    while not list(tmp_path.glob(".*.pymodernize")) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does
    _, stderr = process.communicate(timeout=60)
    assert process.returncode == 130, stderr
    assert "Traceback" not in stderr
    assert "nothing was written" in stderr
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    assert {path.read_text() for path in tmp_path.glob("job*.py")} == {SCRIPT * 4}


def test_an_executor_that_refuses_everything_costs_the_files_and_not_the_run() -> None:
    class Refusing(Executor):
        def submit(self, *_: object, **__: object) -> object:  # type: ignore[override]
            from concurrent.futures import Future

            future: Future[object] = Future()
            future.set_exception(ValueError("no"))
            return future

    with Pool(Plan(()), 1, lambda number: Refusing()) as workers:
        answers = [answer for _, answer in workers.map([(1, Task(b"", None)), (2, None), (3, Task(b"", None))])]
    assert [type(answer) for answer in answers] == [Killed, type(None), Killed]


# --- what a file may cost ---------------------------------------------------------------------------------------


class Costly(Toy):
    """Takes all the time or memory that there is over a file with the word."""

    def find(self, module: Module) -> Iterator[Finding]:
        data = module.source.data
        while b"loop_for_ever" in data:
            pass
        if b"match_for_ever" in data:  # in C, where no other thread of the process comes to its turn
            re.match("(a|a)*b", "a" * 50)
        if b"take_for_ever" in data:
            taken = [bytes(10**6) + b"x" for _ in range(10**6)]
            del taken
        yield self.finding(module, module.tree.body[0], "seen")


@pytest.mark.parametrize(
    ("word", "message", "jobs"),
    [
        ("loop_for_ever", limits.TOO_SLOW, 1),
        ("match_for_ever", limits.TOO_SLOW, 2),
        ("take_for_ever", limits.TOO_MUCH_MEMORY, 1),
        ("take_for_ever", limits.TOO_MUCH_MEMORY, 2),
    ],
)
def test_a_file_that_takes_too_much_costs_itself(
    word: str, message: str, jobs: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_SECONDS", 1)
    monkeypatch.setattr(limits, "MOST_MEGABYTES", 100)
    texts = ["x = 1\n", f"{word} = 1\n", "y = 1\n"]
    answers = _answers(Plan((Costly(),)), texts, jobs)
    assert answers[1] == Killed(message)
    assert [len(answer.findings) for answer in answers[::2]] == [1, 1]  # type: ignore[attr-defined]


def test_memory_that_others_have_taken_is_no_fault_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MOST_MEGABYTES", 300)
    answers = _answers(Plan((Hoarding(),)), ["x = 1\n"] * 5, 1)
    assert [len(answer.findings) for answer in answers] == [1] * 5  # type: ignore[attr-defined]


class Hoarding(Toy):
    """Never gives back what it takes for a file."""

    kept: ClassVar[list[bytes]] = []

    def find(self, module: Module) -> Iterator[Finding]:
        self.kept.append(bytes(120 * 10**6) + b"x")
        yield self.finding(module, module.tree.body[0], "seen")


def test_a_process_that_does_not_even_get_at_its_time_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    class Sleeping(Toy):
        def find(self, module: Module) -> Iterator[Finding]:
            if b"sleep" in module.source.data:
                time.sleep(600)
            yield self.finding(module, module.tree.body[0], "seen")

    monkeypatch.setattr(limits, "MOST_PATIENCE", 1)
    answers = _answers(Plan((Sleeping(),)), ["x = 1\n", "sleep = 1\n", "y = 1\n"])
    assert answers[1] == Killed(limits.TOO_SLOW)


# A run whose work never ends, in C: neither signals nor other threads are looked at there.
ENDLESS = """
import os, re, sys
from pymodernize.transformation import engine
def transform(*_):
    print(os.getpid(), file=sys.stderr, flush=True)
    re.match("(a|a)*b", "a" * 50)
engine.transform = transform
from pymodernize.cli import main
main(["--no-cache", *sys.argv[1:]])
"""


@pytest.mark.parametrize("arguments", [["job.py"], ["--jobs", "2", "."], ["--apply", "job.py"]], ids=" ".join)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=lambda number: number.name)
def test_no_process_is_left_behind(tmp_path: Path, arguments: list[str], number: signal.Signals) -> None:
    if number == signal.SIGKILL and sys.platform != "linux":
        pytest.skip("elsewhere the processes end when they look up from what they do")
    script(tmp_path)
    process = subprocess.Popen(
        [sys.executable, "-c", ENDLESS, *arguments],
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stderr is not None
    worker = int(process.stderr.readline())
    began = time.monotonic()
    process.send_signal(number)
    process.wait(timeout=30)
    taken = time.monotonic() - began
    rest = process.stderr.read()  # ends when the worker ends, too
    while _is_alive(worker) and time.monotonic() - began < 25:
        time.sleep(0.01)
    assert time.monotonic() - began < 25
    if number == signal.SIGINT:
        assert process.returncode == 130, rest
        assert taken < 20  # a second, where nothing else runs
        assert "Traceback" not in rest


def test_an_error_of_ours_costs_its_file_and_is_told_from_a_lack_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(source: bytes, *_: object) -> object:
        if source == b"bad":
            raise TypeError("not\nforeseen")
        return Result(output=source)

    monkeypatch.setattr(engine, "transform", failing)
    first, second, third = work(Plan(()), tuple(Task(text, None) for text in (b"a", b"bad", b"b")))
    assert (first, third) == (Result(output=b"a"), Result(output=b"b"))
    assert isinstance(second, Killed)
    assert second.message.startswith("this is a fault of pymodernize: TypeError: not foreseen (test_pool.py, line ")


# --- the same bytes -----------------------------------------------------------------------------------------------


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """Whole scripts, some that belong together, and some that cannot be worked on."""
    for source in WHOLE:
        script(tmp_path, f"scripts/{source.parent.name}/{source.name}", source.read_text(encoding="utf-8"))
    script(tmp_path, "linked/helper.py", HELPER)
    for number in range(3):
        script(tmp_path, f"linked/user{number}.py", USER)
        script(tmp_path, f"plain/job{number}.py", SCRIPT * (number + 1))
    script(tmp_path, "plain/python2.py", 'print "x"\n')
    (tmp_path / "plain" / "latin.py").write_bytes(b"# coding: latin-1\nprint('caf\xe9 %s' % 1)\n")
    (tmp_path / "linked" / ".git").mkdir()
    return tmp_path


def test_any_number_of_jobs_gives_the_same(tree: Path, eager: None) -> None:
    reports = [invoke("--jobs", str(jobs), "--unsafe", "--format", "json", ".", cwd=tree) for jobs in (1, 2, 8)]
    assert reports[0].stdout.count(b'"status": "applied"') > 50
    assert reports[1:] == reports[:1] * 2
    written = []
    for jobs in (1, 2, 8):
        invoke("--jobs", str(jobs), "--apply", ".", cwd=tree)
        written.append({name: text for name, text in snapshot(tree).items() if ".pymodernize/" not in name})
        assert invoke("undo", cwd=tree).code == 0
    assert written[1:] == written[:1] * 2


def test_another_start_method_gives_the_same(tree: Path, monkeypatch: pytest.MonkeyPatch, eager: None) -> None:
    # What systems other than Linux do.
    plan = make_plan()
    files = sorted(tree.rglob("*.py"))
    serial = list(run(files, plan, max_size=10**6))
    monkeypatch.setattr(processes.sys, "platform", "other")
    with Pool(plan, 2) as workers:
        assert list(run(files, plan, max_size=10**6, pool=workers)) == serial


def test_jobs_is_a_positive_number(tmp_path: Path) -> None:
    script(tmp_path)
    for value in ("0", "-1", "many"):
        assert invoke("--jobs", value, "job.py", cwd=tmp_path).code == 2


def test_a_run_in_one_process_loads_nothing_for_more(tmp_path: Path) -> None:
    script(tmp_path)
    code = (
        "import sys\nfrom pymodernize.cli import main\ntry:\n    main(['--no-cache', '.'])\n"
        "except SystemExit:\n    pass\n"
        "print([name for name in ('multiprocessing', 'concurrent.futures.process', 'sqlite3') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout.endswith("[]\n")
    assert spawn("--jobs", "2", ".", cwd=tmp_path).stdout in done.stdout.encode()
