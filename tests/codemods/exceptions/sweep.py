"""Call what the knowledge has rows of with odd values of right classes, and say what is raised outside of the sets.

Each row is the work of a child process in an empty folder, with bounds on its
memory, on what it writes and on its time; a call that does not end costs that
call alone. ``python sweep.py SEED NUMBER [ROW...]`` prints a line of JSON for
each fault, and one with the numbers.
"""

# The rows call these functions themselves.
# pymodernize: skip-file
from __future__ import annotations

import ast
import builtins
import importlib
import io
import json
import mmap
import os
import random
import re
import resource
import shutil
import signal
import struct
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

from running import make_plan
from sweep_rows import BY_NUMBER, CLASSES, forms, imported, reason

from pymodernize.semantics.library.exceptions import Row, knowledge
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import transform

PLAIN = {
    "a": ["a", "1", "utf-8", "2020-01-01", "NFC", "%d", "md5", "(a)", "a b", "{}", "127.0.0.1", "text.txt", "r"],
    "b": [b"a", b"YQ==", b"<a/>", b"61"],
    "n": [1, 2, 10],
    "f": [1.0, 0.5],
}
ODD = {
    "a": ["", "||", "a..b", "x" * 300, "-1", "é€", "[", "%", "{", "{0.x}", "1e400", "nan", "\udc80", "a\nb", "'",
          "shake_128", "idna", "rot13", "hex", "0x1", "9" * 5000, "~", "https://[", "//a:b", "\\", "(?<a", "*" * 3, "$",
          "a/b", "99999-01-01", "٣", "²", "&#x110000;", "<a>", "C", "None", "[1", "-" * 9],
    "b": [b"", b"\xff\xfe", b"x" * 300, b"\x1f\x8b", b"<a>", b"6", b"=", b"BZh9", b"\xfd7zXZ", b"P", b"[", b"\\"],
    "n": [0, -1, 255, 256, 65536, 2**31, 2**63, -(2**63), 10**30, -(10**30)],
    "f": [0.0, -0.0, -1.0, 1e308, -1e308, float("inf"), float("-inf"), float("nan"), 5e-324],
}  # fmt: skip


# What says that a value has a wrong class, which need not be looked at where the function ends before.
WRONG = re.compile(
    r"(?:not|got|but) (?:an? )?'?(?:str|bytes|int|float|NoneType)\b|cannot be interpreted as an integer"
    r"|bytes-like object|not supported between|has no attribute|expected str, bytes|unsupported operand"
    r"|must be (?:a|an|real)? ?(?:str|bytes|integer|number)|argument of type '|is not a container|a string or"
    r"|positional arguments? but|takes no arguments|for bytes$|an integer is required"
    r"|Both or neither of value and tb|not all arguments converted"
    r"|object is not (?:iterable|callable|subscriptable)|should be (?:str|bytes|int)|first argument must be"
    r"|expected (?:a )?(?:string|bytes|int)|concat|can't convert non-string|sequence item|argument should be a str"
)


# How many forms of a row are looked at.
FORMS = 12
MOST_MEMORY, MOST_WRITTEN = 2_000_000_000, 1_000_000
# For a call, for a call that no signal reaches, and for a row, in seconds.
CALL, STUCK, ROW = 0.3, 10, 60
# A row whose calls are stuck so often is given up on.
MOST_STUCK = 6
RESULTS = 77
ARMED: list[bool] = []


class TooLong(BaseException):
    """A call took its time."""


class Progress:
    """What a child is at, in memory that its parent shares."""

    def __init__(self) -> None:
        self.memory = mmap.mmap(-1, 16)

    def set(self, form: int, value: int) -> None:
        """Say which form is called, and for the how many-th time."""
        self.memory[:] = struct.pack("qq", form, value)

    def get(self) -> tuple[int, int]:
        """The last that was said."""
        form, value = struct.unpack("qq", self.memory[:])
        return form, value


# What says nothing of a function: it was ended from outside, or by our own bounds.
ENDED = (TooLong, MemoryError, RecursionError)


def raised(code: CodeType, values: dict[str, object], names: dict[str, object]) -> BaseException | None:
    """What an evaluation raises."""
    ARMED.append(True)
    signal.setitimer(signal.ITIMER_REAL, CALL)
    try:
        eval(code, {**names, **values})  # noqa: S307 - our own text
    except BaseException as exc:
        return exc
    finally:
        ARMED.clear()
        signal.setitimer(signal.ITIMER_REAL, 0)
    return None


class Child:
    """The work on one row.

    Args:
        row: which.
        names: modules by name.
        chosen: gives values.
        progress: shared with the parent.
        skipped: the calls that are stuck.
    """

    def __init__(self, row: Row, names: dict[str, object], chosen: random.Random, progress: Progress) -> None:
        self.row = row
        self.names = names
        self.chosen = chosen
        self.progress = progress
        self.skipped: set[tuple[int, int]] = set()
        self.plain = self._values(PLAIN)
        self.odd = self._values(ODD)

    def _values(self, table: dict[str, list]) -> dict[str, list]:
        if self.row.name not in BY_NUMBER:
            return table
        return {**table, "n": [number for number in table["n"] if not 256 < abs(number) < 2**62]}

    def work(self) -> Iterator[dict[str, object]]:
        """What is found: a fault each, then the numbers."""
        right = [
            (number, form, letters)
            for number, (form, letters) in enumerate(forms(self.row))
            if self._is_right(number, compile(form, "form", "eval"), letters)
        ]
        right = self.chosen.sample(right, min(len(right), FORMS))
        sets = written([(form, letters) for _, form, letters in right], self.names)
        checked = 0
        for number, form, letters in right:
            if (kinds := sets[form]) is None:
                continue
            checked += 1
            yield from self._faults(number, form, letters, kinds)
        yield {"right": len(right), "checked": checked}

    def _is_right(self, number: int, code: CodeType, letters: str) -> bool:
        """Whether a function takes values of these classes: some plain ones do not fail as those of wrong ones do."""
        for turn in range(12):
            values = {letter: self.chosen.choice(self.plain[letter]) for letter in letters}
            exc = self._called(number, -turn - 1, code, values)
            if not isinstance(exc, (TypeError, AttributeError, *ENDED)):
                return True
            if not letters or isinstance(exc, TypeError) and "argument" in str(exc) and "given" in str(exc):
                return False
        return False

    def _called(self, number: int, turn: int, code: CodeType, values: dict[str, object]) -> BaseException | None:
        if (number, turn) in self.skipped:
            return None
        self.progress.set(number, turn)
        return raised(code, values, self.names)

    def _faults(self, number: int, form: str, letters: str, kinds: tuple[str, ...]) -> Iterator[dict[str, object]]:
        classes = tuple(eval(kind, {**vars(builtins), **self.names}) for kind in kinds)  # noqa: S307 - our own text
        code = compile(form, "form", "eval")
        for turn, values in enumerate(self._tried(letters)):
            exc = self._called(number, turn, code, values)
            if isinstance(exc, (TypeError, AttributeError, ValueError)) and WRONG.search(str(exc)):
                continue
            if exc is not None and not isinstance(exc, (*classes, *ENDED)):
                told = {key: repr(value)[:60] for key, value in values.items()}
                name = f"{type(exc).__module__}.{type(exc).__qualname__}".removeprefix("builtins.")
                yield {"form": form, "values": told, "raised": name, "told": str(exc)[:80], "set": kinds}
                return

    def _tried(self, letters: str) -> Iterator[dict[str, object]]:
        """Values for the letters: each odd one beside plain ones, and some odd ones together."""
        own = sorted(set(letters))
        for letter in own:
            for odd in self.odd[letter]:
                for _ in range(3 if len(own) > 1 else 1):
                    yield {other: odd if other == letter else self.chosen.choice(self.plain[other]) for other in own}
        for _ in range(40 if len(own) > 1 else 0):
            yield {letter: self.chosen.choice(self.odd[letter] + self.plain[letter]) for letter in own}
        if not own:
            yield {}


def written(forms_: list[tuple[str, str]], names: dict[str, object]) -> dict[str, tuple[str, ...] | None]:
    """For each form the exceptions that the handler around it names; None where it stays bare."""
    lines = ["import sys", *(f"import {name}" for name in imported())]
    for number, (form, letters) in enumerate(forms_):
        lines.append(f"def f{number}():")
        lines += [f"    {letter} = {CLASSES[letter]}" for letter in sorted(set(letters))]
        # Something that is raised by nothing else: without it a handler around what raises nothing stays bare.
        lines += ["    try:", "        if not sys.argv:", "            raise EOFError"]
        lines += [f"        return {form}", "    except:", "        return 'bad'"]
    lines += [f"print(f{number}())" for number in range(len(forms_))]
    source = "\n".join(lines) + "\n"
    output = transform(source.encode(), make_plan(["bare-except"]), ProjectFacts(path="script.py")).output
    tree = ast.parse(output or source)
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            exec(ast.unparse(node), names)  # noqa: S102 - what the exceptions are named by
    found: dict[str, tuple[str, ...] | None] = {}
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    for (form, _), function in zip(forms_, functions, strict=True):
        (handler,) = [node for node in ast.walk(function) if isinstance(node, ast.ExceptHandler)]
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type] if handler.type else None
        found[form] = tuple(ast.unparse(kind) for kind in kinds) if kinds is not None else None
    return found


def fill(folder: Path) -> None:
    """The files that instances are made of."""
    import gzip
    import tarfile
    import zipfile

    (folder / "text.txt").write_text("one\ntwo\n")
    with zipfile.ZipFile(folder / "made.zip", "w") as made:
        made.writestr("a", "one")
    with tarfile.open(folder / "made.tar", "w") as made:
        made.add(folder / "text.txt", "a")
    with gzip.open(folder / "made.gz", "wb") as made:
        made.write(b"one\n")


def run_child(child: Child, results: int) -> None:
    """What the process of a row does; it does not return.

    Args:
        child: the work.
        results: the descriptor that gets the lines.
    """
    os.setsid()
    os.dup2(results, RESULTS)
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):
        os.dup2(nothing, number)
    sys.stdin, sys.stdout, sys.stderr = (open(os.devnull, mode) for mode in "rww")  # their own may be closed
    sys.stdout, sys.stderr = io.StringIO(), io.StringIO()
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (MOST_WRITTEN, MOST_WRITTEN))

    def ring(*_: object) -> None:
        if ARMED:
            raise TooLong

    signal.signal(signal.SIGALRM, ring)
    try:
        for line in child.work():
            os.write(RESULTS, json.dumps(line).encode() + b"\n")
    except BaseException as exc:
        os.write(RESULTS, json.dumps({"failed": f"{type(exc).__name__}: {exc}"[:300]}).encode() + b"\n")
    finally:
        os._exit(0)  # descriptors of numbers may be closed by now


def watched(child: Child, deadline: float) -> tuple[list[dict[str, object]], bool]:
    """The lines of a row's process, and whether it ended by itself.

    Args:
        child: the work.
        deadline: on the monotonic clock; later the process is ended.
    """
    reader, writer = os.pipe()
    folder = Path(tempfile.mkdtemp(prefix="sweep-"))
    fill(folder)
    sys.stdout.flush()
    if not (pid := os.fork()):
        os.close(reader)
        os.chdir(folder)
        os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
        run_child(child, writer)
    os.close(writer)
    last, since, ended = child.progress.get(), time.monotonic(), False
    while not (ended := os.waitpid(pid, os.WNOHANG)[0] == pid):
        time.sleep(0.005)
        now = time.monotonic()
        if (at := child.progress.get()) != last:
            last, since = at, now
        if now > deadline or now - since > STUCK:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            break
    with os.fdopen(reader, "rb") as lines:
        found = [json.loads(line) for line in lines.read().splitlines() if line.endswith(b"}")]
    shutil.rmtree(folder, ignore_errors=True)
    return found, ended


def swept(row: Row, names: dict[str, object], seed: str) -> list[dict[str, object]]:
    """What is found of one row: faults, numbers, and whether it was cut short."""
    progress = Progress()
    skipped: set[tuple[int, int]] = set()
    deadline = time.monotonic() + ROW
    for _ in range(MOST_STUCK):
        chosen = random.Random(f"{seed} {row.name}")  # noqa: S311 - the same each time
        child = Child(row, dict(names), chosen, progress)
        child.skipped = skipped
        progress.set(-1, 0)
        found, ended = watched(child, deadline)
        if ended or [line for line in found if "form" in line]:
            return found
        if time.monotonic() > deadline:
            return [*found, {"cut": f"after {ROW} s"}]
        skipped.add(progress.get())
    return [{"failed": f"stuck: {sorted(skipped)}"}]


def main() -> None:
    """Print a line of JSON for each form with a value that raises something outside of its set."""
    seed, number, wanted = sys.argv[1], int(sys.argv[2]), set(sys.argv[3:])
    warnings.simplefilter("ignore")
    names: dict[str, object] = {}
    for name in imported():
        importlib.import_module(name)
        names[name.partition(".")[0]] = importlib.import_module(name.partition(".")[0])
    make_plan(["bare-except"])
    rows = [row for row in knowledge().rows.values() if not row.docs and (not wanted or row.name in wanted)]
    rows = [row for row in rows if not reason(row)]
    rows = random.Random(seed).sample(rows, min(number, len(rows)))  # noqa: S311
    numbers: Counter[str] = Counter(rows=len(rows))
    for row in rows:
        for line in swept(row, names, seed):
            if "right" in line:
                numbers.update(line)
                numbers["rows checked"] += bool(line["checked"])
                continue
            kind = "bad" if "form" in line else "failed" if "failed" in line else "cut"
            numbers[kind] += 1
            print(json.dumps({"row": row.name, **line}), flush=True)
    print(json.dumps(numbers), flush=True)


if __name__ == "__main__":
    main()
