"""Long-running scripts, rewritten by signal-handlers, are sent SIGTERM at moments that nobody has chosen."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from randomised import FACTOR
from running import make_plan, work_on

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows delivers no SIGTERM")

TIMES = 4 * FACTOR
LATEST = 0.15
"""Seconds after the first line of output within which a signal is sent; each script goes on for longer."""
ENDED = 128 + signal.SIGTERM
SEED = int(os.environ.get("SIGNAL_SEED", "20240511"))


@dataclass(frozen=True)
class Long:
    """A script that says ``ready`` and goes on for some seconds.

    Attributes:
        name: for the test's own name.
        source: the script.
        leaves: the files that are there once it has cleaned up; beside the script itself.
        says: what the end of its output is when it has.
    """

    name: str
    source: str
    leaves: tuple[str, ...] = ()
    says: str = ""


SCRIPTS = [
    Long(
        "copy_with_finally",
        """\
import os
import time


def copy(path):
    try:
        with open(path, "w") as target:
            print("ready", flush=True)
            for number in range(3000):
                target.write("line %d\\n" % number)
                time.sleep(0.001)
    finally:
        os.remove(path)


def main():
    copy("copy.part")


if __name__ == "__main__":
    main()
""",
    ),
    Long(
        "generator_with_context",
        """\
import contextlib
import os
import time


@contextlib.contextmanager
def lock(path):
    open(path, "w").close()
    try:
        yield
    finally:
        os.remove(path)


def numbers():
    with lock("numbers.lock"):
        for number in range(3000):
            yield number


def main():
    for number in numbers():
        if number == 0:
            print("ready", flush=True)
        time.sleep(0.001)


if __name__ == "__main__":
    main()
""",
    ),
    Long(
        "temporary_directory",
        """\
import os
import tempfile

with tempfile.TemporaryDirectory(dir=".") as folder:
    print("ready", flush=True)
    for number in range(1000000):
        with open(os.path.join(folder, "work"), "w") as part:
            part.write(str(number))
""",
    ),
    Long(
        "transaction",
        """\
import os
import sqlite3
import sys
import time


def main():
    open("jobs.lock", "w").close()
    connection = sqlite3.connect("jobs.db")
    connection.execute("create table if not exists jobs (number)")
    connection.commit()
    try:
        with connection:
            print("ready", flush=True)
            for number in range(3000):
                connection.execute("insert into jobs values (?)", (number,))
                time.sleep(0.001)
    finally:
        connection.close()
        os.remove("jobs.lock")
        print("closed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
""",
        leaves=("jobs.db",),
        says="closed\n",
    ),
    Long(
        "sleeping",
        """\
import os
import time

open("sleeping.lock", "w").close()
try:
    print("ready", flush=True)
    while True:
        time.sleep(60)
finally:
    os.remove("sleeping.lock")
    print("cleaned up")
""",
        says="cleaned up\n",
    ),
    Long(
        "reading",
        """\
import os
import sys


def main():
    open("lines.part", "w").close()
    try:
        print("ready", flush=True)
        for line in sys.stdin:
            print(line)
    finally:
        os.remove("lines.part")
        print("cleaned up")


if __name__ == "__main__":
    main()
""",
        says="cleaned up\n",
    ),
    Long(
        "at_exit",
        """\
import atexit
import os
import time


@atexit.register
def clean_up():
    os.remove("running.pid")
    print("cleaned up")


with open("running.pid", "w") as file:
    file.write(str(os.getpid()))
print("ready", flush=True)
while True:
    sum(range(100))
""",
        says="cleaned up\n",
    ),
    Long(
        "child_process",
        """\
import os
import subprocess
import sys

open("child.pid", "w").close()
try:
    print("ready", flush=True)
    subprocess.call([sys.executable, "-c", "import time; time.sleep(5)"])
finally:
    os.remove("child.pid")
    print("cleaned up")
""",
        says="cleaned up\n",
    ),
]


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The scripts as the codemod leaves them."""
    found = {}
    for script in SCRIPTS:
        folder = tmp_path_factory.mktemp(script.name)
        (folder / "script.py").write_text(script.source)
        # The child process is killed, which is what the rewrite is unsafe for there.
        plan = make_plan(["signal-handlers"], unsafe=script.name == "child_process")
        output = work_on(folder, plan)["script.py"].result.output
        assert output is not None, script.name
        found[script.name] = output.decode()
    return found


def start(folder: Path, source: str, **settings) -> subprocess.Popen[str]:
    """Run a script and wait until it says that it is ready."""
    folder.mkdir()
    (folder / "script.py").write_text(source)
    process = subprocess.Popen(
        [sys.executable, "script.py"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        **settings,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n", process.communicate()
    return process


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_signal_at_any_moment(script: Long, rewritten: dict[str, str], tmp_path: Path):
    moments = random.Random(f"{SEED} {script.name}")  # noqa: S311 - nothing secret
    for turn in range(TIMES):
        folder = tmp_path / str(turn)
        process = start(folder, rewritten[script.name])
        moment = moments.uniform(0, LATEST)
        time.sleep(moment)
        process.send_signal(signal.SIGTERM)
        # The child of a script has its pipes, too: read them when the script has ended. One that a signal
        # came too early for lives on, and the end of the pipes comes with its end.
        process.wait(timeout=20)
        assert process.stdin and process.stdout and process.stderr
        process.stdin.close()
        said, complained = process.stdout.read(), process.stderr.read()
        process.stdout.close(), process.stderr.close()
        told = f"SIGNAL_SEED={SEED}, turn {turn}, {moment:.4f} s: {complained}"
        assert process.returncode == ENDED, told
        assert complained == "", told
        assert said.endswith(script.says), told
        left = {path.name for path in folder.iterdir()} - {"script.py"}
        assert left == set(script.leaves), told


def test_a_transaction_is_rolled_back(rewritten: dict[str, str], tmp_path: Path):
    import sqlite3

    process = start(tmp_path / "run", rewritten["transaction"])
    time.sleep(0.05)
    process.terminate()
    process.communicate(timeout=20)
    with closing(sqlite3.connect(tmp_path / "run" / "jobs.db")) as connection:
        assert connection.execute("select count(*) from jobs").fetchone() == (0,)


def test_without_the_handlers_the_tests_would_see_it(tmp_path: Path):
    script = SCRIPTS[0]
    process = start(tmp_path / "run", script.source)
    process.terminate()
    process.communicate(timeout=20)
    assert process.returncode == -signal.SIGTERM
    assert (tmp_path / "run" / "copy.part").exists()
