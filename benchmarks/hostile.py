"""A run over generated files that ask for more than they are worth: it ends, with a line for each it leaves."""

from __future__ import annotations

import argparse
import logging
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence

from growth_rows import ROWS
from materials import WORK

EXIT_SUCCESS = 0
EXIT_FAILURE = 1
CANNOT_BE_WORKED_ON = 3

logger = logging.getLogger(__name__)


def main(argv: Sequence[str] | None = None) -> int:
    """Write the files, run over them, count the lines."""
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--files", type=int, default=2_000, help="how many (default: %(default)s)")
    parser.add_argument("--largest", type=int, default=40, help="of the rows of growth, in parts of a hundred")
    arguments = parser.parse_args(argv)
    folder = WORK / "hostile"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for number in range(arguments.files):
        name, data = hostile(number, arguments.largest)
        (folder / f"{number:04}_{name}.py").write_bytes(data)
    began = time.monotonic()
    command = [sys.executable, "-m", "pymodernize", "--check", "--quiet", "--no-cache", "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603
    left = [line for line in done.stderr.splitlines() if line.partition(":")[0].endswith(".py")]
    files = {line.partition(":")[0] for line in left}
    logger.info("%d files in %.0f s, exit code %d", arguments.files, time.monotonic() - began, done.returncode)
    logger.info("%d of them are not worked on, with %d lines", len(files), len(left))
    for line in sorted({line.partition(": ")[2] for line in left}):
        logger.info("  %s", line)
    strange = [line for line in done.stderr.splitlines() if "Traceback" in line]
    is_fine = not strange and len(files) == len(left) and done.returncode in {1, CANNOT_BE_WORKED_ON}
    return EXIT_SUCCESS if is_fine else EXIT_FAILURE


def hostile(number: int, largest: int) -> tuple[str, bytes]:
    """One file, the same for each number.

    Args:
        number: which.
        largest: how far the rows of growth go, in parts of a hundred of the
            sizes that ``make growth`` begins with.

    Returns:
        What is in it, as a part of a file's name, and its bytes.
    """
    chance = random.Random(number)  # noqa: S311 - the same each time
    row = chance.choice(tuple(ROWS))
    size = max(2, row.size * chance.randint(1, largest) // 100)
    (text,) = row.make(size).values()
    kind, change = chance.choice(_CHANGES)
    return kind, change(text.encode(), chance)


def _cut(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def _twisted(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.randint(1, 20)):
        changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _repeated(data: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(data))
    return data[:start] + data[start : start + chance.randint(1, 12)] * chance.randint(1, 3_000)


def _shuffled(data: bytes, chance: random.Random) -> bytes:
    lines = data.splitlines(keepends=True)
    chance.shuffle(lines)
    return b"".join(lines)


def _indented(data: bytes, chance: random.Random) -> bytes:
    steps = chance.randint(1, 120)
    head = b"".join(b" " * step + b"if x:\n" for step in range(steps))
    return head + b"".join(b" " * steps + line for line in data.splitlines(keepends=True))


def _bracketed(data: bytes, chance: random.Random) -> bytes:
    depth = chance.randint(1, 400)
    return (
        b"print("
        + chance.choice((b"(", b"[", b"lambda: (", b"f(", b"not (")) * depth
        + b"1"
        + b")" * depth
        + b")\n"
        + data
    )


_CHANGES: tuple[tuple[str, Callable[[bytes, random.Random], bytes]], ...] = (
    ("whole", lambda data, _: data),
    ("cut", _cut),
    ("twisted", _twisted),
    ("repeated", _repeated),
    ("shuffled", _shuffled),
    ("indented", _indented),
    ("bracketed", _bracketed),
)


if __name__ == "__main__":
    sys.exit(main())
