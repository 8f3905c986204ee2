"""The CPU time that codemods add to that of others, on the standard library."""

from __future__ import annotations

import argparse
import logging
import statistics
import sys

from materials import HERE, copy_of_library, measure

EXIT_SUCCESS = 0
EXIT_FAILURE = 1

logger = logging.getLogger(__name__)


def medians(commands: dict[str, list[str]], rounds: int) -> dict[str, float]:
    """Seconds of CPU time for each command: medians of interleaved runs on one folder.

    Args:
        commands: by name; none of them changes the folder.
        rounds: how often each runs.
    """
    folder = copy_of_library("added")
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, command in commands.items():
            done = measure([*command, str(folder)], folder)
            # 3: the library has files that nobody can read.
            if done.status not in {0, 3}:
                raise RuntimeError(f"{' '.join(command)} ended with {done.status}")
            taken[name].append(done.cpu)
    return {name: statistics.median(values) for name, values in taken.items()}


def main() -> int:
    """Measure and print the ratios; fail if more is added than was allowed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--of", nargs="+", required=True, metavar="NAME", help="the codemods that are added")
    parser.add_argument("--to", nargs="+", required=True, metavar="NAME", help="the codemods they are added to")
    parser.add_argument("--rounds", type=int, default=5, help="how often each command runs (default: %(default)s)")
    parser.add_argument("--most", type=float, help="fail if the ratio is larger")
    options = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)

    def command(*names: str) -> list[str]:
        return [sys.executable, "-m", "pymodernize", "--quiet", "--select", ",".join(names)]

    seconds = medians(
        {
            "model": [sys.executable, str(HERE / "model_only.py")],
            "to": command(*options.to),
            "of": command(*options.of),
            "both": command(*options.to, *options.of),
        },
        options.rounds,
    )
    ratio = (seconds["both"] - seconds["to"]) / seconds["to"]
    of, to = ", ".join(options.of), ", ".join(options.to)
    logger.info("CPU, medians of %d interleaved dry runs over the standard library:", options.rounds)
    for name, what in (("model", "reading and the model only"), ("of", of), ("both", f"{to}, {of}")):
        logger.info("  %s: %.2f times that of %s", what, seconds[name] / seconds["to"], to)
    logger.info("%s: added %.2f of the time of %s", of, ratio, to)
    return EXIT_FAILURE if options.most is not None and ratio > options.most else EXIT_SUCCESS


if __name__ == "__main__":
    sys.exit(main())
