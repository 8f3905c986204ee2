"""Code that stands deep in other code: no codemod fails on it, and who calls makes no difference."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import invoke
from running import make_plan

from pymodernize.codemod import Status
from pymodernize.execution import pool
from pymodernize.semantics.project import ProjectFacts
from pymodernize.semantics.scopes import MOST_DEPTH
from pymodernize.transformation.engine import transform
from pymodernize.transformation.recursion import deeply

SCRIPT = (
    "import os, sys\nprint(os.path.join(sys.argv[1], 'a'))\ntry:\n    print(os.getcwd())\nexcept:\n    sys.exit(1)\n"
)


def _sum(terms: int) -> str:
    return f"x = {' + '.join(f'{chr(34)}t{number}{chr(34)}' for number in range(terms))}\nprint(x)\n"


def _chain(classes: int) -> str:
    above = "".join(f"class C{number + 1}(C{number}):\n    pass\n" for number in range(classes))
    return (
        f"class C0:\n    def f(self):\n        print(1)\n{above}try:\n    C{classes}().f()\nexcept:\n    print('no')\n"
    )


def _branches(number: int) -> str:
    return "x = 1\nif not x:\n    pass\n" + "".join(f"elif x == {n}:\n    print('is {n}')\n" for n in range(number))


def _getopt(number: int) -> str:
    declared = ", ".join(f'"opt{n}="' for n in range(number))
    branches = "".join(f'    {"elif" if n else "if"} o == "--opt{n}":\n        v{n} = a\n' for n in range(number))
    defaults = "".join(f"v{n} = None\n" for n in range(number))
    call = f'opts, rest = getopt.getopt(sys.argv[1:], "", [{declared}])\n'
    return f"import getopt, sys\n{defaults}{call}for o, a in opts:\n{branches}print(v0)\n"


DEEP = {
    "a thousand branches": _branches(1_000),
    "five hundred texts in a sum": _sum(500),
    "a hundred and ninety parentheses": f"x = {'(' * 190}1{')' * 190}\nprint(x)\n",
    "250 classes that inherit in a chain": _chain(250),
    "400 options of getopt": _getopt(400),
    "calls in a chain": f"x = ''{'.strip()' * 300}\nprint(x)\n",
    "functions that call the next": "".join(f"def f{n}():\n    return f{n + 1}()\n" for n in range(300))
    + "def f300():\n    return int('1')\ntry:\n    print(f0())\nexcept:\n    print('no')\n",
}


@pytest.mark.no_cover
@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP.keys())
def test_no_codemod_fails(text: str) -> None:
    result = transform((text + SCRIPT).encode(), make_plan(), ProjectFacts(path="job.py"))
    assert result.error is None
    assert [(item.codemod, item.message) for item in result.findings if item.status is Status.REJECTED] == []


def test_a_file_that_is_deeper_than_any_that_is_worked_on_says_so() -> None:
    for text in (_sum(MOST_DEPTH + 100), f"x = y{'.a' * (MOST_DEPTH + 100)}\nprint(x)\n"):
        result = transform(text.encode(), make_plan(["print-to-logging"]))
        assert result.error == "is nested too deeply to be parsed"


@pytest.mark.parametrize("terms", (470, 480))
def test_the_outcome_does_not_depend_on_who_calls(terms: int) -> None:
    text = f"import os\nx = os.path.join('a', {' + '.join(['str(1)'] * terms)})\nprint(x)\n".encode()
    plan = make_plan(["main-guard", "os-path-to-pathlib"])

    def below(calls: int) -> object:
        return below(calls - 1) if calls else transform(text, plan)

    assert below(sys.getrecursionlimit() - 150) == transform(text, plan)


def test_what_is_called_deeply_has_room_and_leaves_the_limit_as_it_was() -> None:
    limit = sys.getrecursionlimit()

    def depth(number: int) -> int:
        return depth(number - 1) + 1 if number else 0

    assert deeply(lambda: depth(10 * limit)) == 10 * limit
    assert sys.getrecursionlimit() == limit
    with pytest.raises(RecursionError):
        depth(10 * limit)


def test_what_is_raised_comes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        deeply(lambda: 1 // 0)


def test_a_call_in_a_call_takes_no_further_thread() -> None:
    def threads() -> tuple[threading.Thread, threading.Thread]:
        return threading.current_thread(), deeply(threading.current_thread)

    first, second = deeply(threads)
    assert first is second is not threading.current_thread()


def test_calls_at_the_same_time_do_not_take_each_others_room() -> None:
    limit = sys.getrecursionlimit()
    results: list[int] = []

    def depth(number: int) -> int:
        return depth(number - 1) + 1 if number else 0

    def call(number: int) -> Callable[[], None]:
        return lambda: results.append(deeply(lambda: depth(number)))

    threads = [threading.Thread(target=call(5 * limit + number)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [5 * limit + number for number in range(4)]
    assert sys.getrecursionlimit() == limit


@pytest.mark.no_cover
def test_the_outcome_does_not_depend_on_the_number_of_jobs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for terms in (474, 479):
        (tmp_path / f"sum{terms}.py").write_text(_sum(terms) + SCRIPT)
    monkeypatch.setattr(pool, "SMALL_BYTES", 0)  # as many processes as are asked for
    monkeypatch.setattr(pool, "CHUNK_TASKS", 1)
    one, two = (invoke("--jobs", jobs, "--dry-run", ".", cwd=tmp_path) for jobs in "12")
    assert one.code == two.code == 0
    assert one.stdout == two.stdout
    assert one.stdout.count(b"\n+++ b/sum") == 2
