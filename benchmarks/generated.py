"""Generated inputs for rewrites of paths: under ``none`` nothing differs, under one assumption only what it excludes.

Each input is one that the codemods are told everything about: which
assumptions they name for it is compared with what comes of the old expression
and of the new one. For an input that one assumption excludes, and for which
the two differ, the assumption's sentence is asked, not the code: whether a
text is empty, has a doubled slash, leads through a link, and so on.

A difference is another value, other files, or that one raises and the other
does not. Where both raise, a run fails before and after.
"""

from __future__ import annotations

import argparse
import ast
import logging
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import page
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from materials import ROOT

sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tests" / "codemods")]

from path_mappings import (  # noqa: E402
    MAPPINGS,
    Kind,
    Mapping,
    Tree,
    compare,
    hazards_of,
    placed,
    trees,
    unprivileged,
    working_in,
)
from path_values import STARTS, composed, texts  # noqa: E402
from test_path_texts import Together, last_of, module_of, together, with_one_root  # noqa: E402

from pymodernize_codemods._paths import hazards  # noqa: E402
from pymodernize_codemods._paths.concatenations import Concatenations, is_concatenation  # noqa: E402
from pymodernize_codemods._paths.form import Form, Unfit  # noqa: E402
from pymodernize_codemods._paths.hazards import Hazard  # noqa: E402
from pymodernize_codemods._paths.judgement import Judge  # noqa: E402

# Draws: of values for each expression that reads, for each that writes, of texts that are put together.
READING, WRITING, TOGETHER = 3600, 150, 4000
READ = st.one_of(texts(), composed(starts=(*STARTS, "@/", "@//")))
WRITTEN = composed(starts=("", "", "", "./", "../", "@/", ".//"))

logger = logging.getLogger(__name__)


@dataclass
class Tally:
    """What the inputs came to.

    Attributes:
        inputs: how many there were, by what the rewrite assumes for them.
        differing: for how many of them old and new differ.
        strange: inputs that differ under ``none``, or that the one assumption does not exclude by its sentence.
    """

    inputs: Counter[frozenset[str]] = field(default_factory=Counter)
    differing: Counter[frozenset[str]] = field(default_factory=Counter)
    strange: list[str] = field(default_factory=list)

    def add(self, assumed: frozenset[str], *, differs: bool, excluded: Callable[[str], bool], shown: str) -> None:
        """Count one input.

        Args:
            assumed: the names of what the rewrite assumes for it.
            differs: whether old and new differ.
            excluded: whether an assumption excludes it by its sentence.
            shown: the input, for a person.
        """
        self.inputs[assumed] += 1
        if not differs:
            return
        self.differing[assumed] += 1
        if not assumed or len(assumed) == 1 and not excluded(*assumed):
            self.strange.append(f"{', '.join(sorted(assumed)) or 'none'}: {shown}")

    def rows(self) -> list[tuple[str, int, int]]:
        """What was assumed, how many inputs, how many differ: nothing, each assumption alone, several."""
        alone = sorted((names for names in self.inputs if len(names) == 1), key=min)
        several = [names for names in self.inputs if len(names) > 1]
        rows = [("nothing (`none`)", self.inputs[frozenset()], self.differing[frozenset()])]
        rows += [(f"`{min(names)}` alone", self.inputs[names], self.differing[names]) for names in alone]
        rows.append(
            ("several", sum(self.inputs[item] for item in several), sum(self.differing[item] for item in several))
        )
        return rows


def has_odd_parts(text: str) -> bool:
    """Whether a text has a part that is empty or a dot: a slash at its start or end, a doubled one, ``./``."""
    return bool(text) and any(part in {"", "."} for part in text.split("/"))


def is_odd_name(text: str) -> bool:
    """Whether the last part of a text is no plain name, or has a meaning of its own to ``~`` or to patterns."""
    name = text.rstrip("/").rpartition("/")[2]
    return name in {"", "."} or name.startswith("..") or name.endswith(".") or bool(re.search(r"(?s)^~.|[*?\[]", text))


def goes_through_link(text: str) -> bool:
    """Whether a text has ``..`` in it, or a part of it is a symbolic link, where it is looked at."""
    path = Path(text)
    return ".." in path.parts or any(map(os.path.islink, (path, *path.parents)))


def is_closed(text: str) -> bool:
    """Whether the system does not let us look at what a text names."""
    try:
        with unprivileged():
            os.stat(Path(text))
    except PermissionError:
        return True
    except (OSError, ValueError):
        pass
    return False


EXCLUDED: dict[str, Callable[[str], bool]] = {
    "changes-behaviour": lambda _: True,  # no restriction of the inputs: it is accepted where old and new may differ
    "non-empty-paths": lambda text: not text,
    "tidy-paths": has_odd_parts,
    "plain-names": is_odd_name,
    "no-symlinks": goes_through_link,
    "readable-folders": is_closed,
}
"""Whether an assumption excludes a text, by its sentence."""


def drawn(strategy: st.SearchStrategy[Any], number: int, number_of_seed: int) -> list[Any]:
    """Examples of a strategy, none twice.

    Args:
        strategy: gives them.
        number: of draws; of these some are the same.
        number_of_seed: for the generator.
    """
    found: dict[str, Any] = {}

    @seed(number_of_seed)
    @settings(
        max_examples=number,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )
    @given(strategy)
    def take(value: Any) -> None:  # noqa: ANN401 - whatever the strategy gives
        found.setdefault(repr(value), value)

    take()
    return list(found.values())


def of_values(mapping: Mapping, tree: Tree, values: Sequence[str], tally: Tally) -> None:
    """Count inputs of one function and its counterpart.

    Args:
        mapping: the two.
        tree: one that is built.
        values: the inputs.
        tally: takes the counts.
    """
    known: dict[Hazard, frozenset[str]] = {}
    always = {doubt.assumption for doubt in mapping.form().doubts}
    for value in values:
        text = str(placed(value, tree))
        if mapping.writes:
            if not tree.is_inside(text):
                continue
            tree.build()
        found = hazards_of(text, tree)
        if found not in known:
            known[found] = frozenset(doubt.assumption for doubt in mapping.form(found).doubts) - always
        difference = compare(mapping, tree, text)
        differs = difference is not None and difference.kind in {Kind.VALUE, Kind.FAILS}
        if mapping.writes and differs:
            tree.build()
        with working_in(tree.root):
            tally.add(
                known[found],
                differs=differs,
                excluded=partial(is_excluded, text),
                shown=f"{mapping.old}, {text!a}: {difference}",
            )


def is_excluded(text: str, assumption: str) -> bool:
    """Whether an assumption excludes a text, by its sentence.

    Args:
        text: the text.
        assumption: its name.
    """
    return assumption in EXCLUDED and EXCLUDED[assumption](text)


class _Told(Judge):
    """Knows exactly what the values of some variables are like."""

    values: dict[str, str | int]

    def of(self, expr: ast.expr) -> Hazard:
        if isinstance(expr, ast.Name) and expr.id in self.values:
            return hazards.of_text(str(self.values[expr.id]))
        return super().of(expr)


def form_of(case: Together) -> Form | None:
    """What becomes of a text that is put together, for values that come in and are known to the judge only."""
    classes = {name: "int" if isinstance(value, int) else "str" for name, value in case.values.items()}
    source = "".join(f"{name} = {kind}(input())\n" for name, kind in classes.items()) + case.old
    module = module_of(source)
    expr = last_of(module)
    if not is_concatenation(module, expr):
        return None
    judge = _Told(module)
    judge.values = case.values
    try:
        return Concatenations(module, judge, "Path", bold=True).made(expr)
    except Unfit:
        return None


def of_texts(cases: Sequence[Together], tally: Tally) -> None:
    """Count inputs of texts that are put together.

    Args:
        cases: the texts with their values.
        tally: takes the counts.
    """
    for case in cases:
        form = form_of(case)
        if form is None:
            continue
        old, new = case.run(case.old), case.run(form.text)
        differs = not isinstance(new, Path) or with_one_root(new) != with_one_root(Path(str(old)))

        def excludes(assumption: str, values: Sequence[str | int] = tuple(case.values.values())) -> bool:
            return any(is_excluded(str(value), assumption) for value in values)

        tally.add(
            frozenset(doubt.assumption for doubt in form.doubts),
            differs=differs,
            excluded=excludes,
            shown=f"{case.old} and {form.text}, {case.values}",
        )


def measured(factor: float, number_of_seed: int) -> dict[str, Tally]:
    """The counts, by the kind of expression.

    Args:
        factor: by which the usual numbers of draws are multiplied.
        number_of_seed: for the generator.
    """
    reading, writing, put_together = Tally(), Tally(), Tally()
    read = drawn(READ, int(READING * factor), number_of_seed)
    written = drawn(WRITTEN, int(WRITING * factor), number_of_seed)
    with trees() as (kept, changed):
        for mapping in MAPPINGS:
            if "value" not in mapping.old or not mapping.is_safe_for_some:
                continue
            logger.debug("%s", mapping.old)
            if mapping.writes:
                of_values(mapping, changed, written, writing)
            else:
                of_values(mapping, kept, read, reading)
    of_texts(drawn(together(), int(TOGETHER * factor), number_of_seed), put_together)
    return {"functions that read": reading, "functions that write": writing, "texts put together": put_together}


def summary(tallies: dict[str, Tally], command: str) -> str:
    """The part of README.md.

    Args:
        tallies: the counts, by the kind of expression.
        command: that has made them.
    """
    lines = [f"`{command}`, Python {sys.version.split()[0]}:", ""]
    lines += ["| expressions | what the rewrite assumes for the input | inputs | differ |", "|---|---|---|---|"]
    for title, tally in tallies.items():
        lines += [f"| {title} | {assumed} | {inputs:,} | {differ:,} |" for assumed, inputs, differ in tally.rows()]
    none = sum(tally.inputs[frozenset()] for tally in tallies.values())
    strange = sum(len(tally.strange) for tally in tallies.values())
    lines += ["", f"Under `none` together {none:,} inputs. Differences that are not of the named kind: {strange}."]
    return "\n".join(lines)


def main() -> int:
    """Run, and print the counts; 1 if an input differs that should not."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1, help="of the generator (default: 1)")
    parser.add_argument("--times", type=float, default=1.0, help="how many times the usual numbers (default: 1)")
    parser.add_argument("--write", action="store_true", help="put the numbers into benchmarks/README.md")
    parser.add_argument("-v", "--verbose", action="store_true", help="name each expression as it is run")
    options = parser.parse_args()
    level = logging.DEBUG if options.verbose else logging.INFO
    logging.basicConfig(level=level, format="%(message)s", stream=sys.stdout)
    logging.getLogger("hypothesis").setLevel(logging.WARNING)
    tallies = measured(options.times, options.seed)
    text = summary(tallies, f'make generated ARGUMENTS="--seed {options.seed} --times {options.times:g}"')
    logger.info("%s", text)
    strange = [line for tally in tallies.values() for line in tally.strange]
    logger.info("%s", "\n".join(strange[:40]))
    if options.write:
        page.write("generated", text)
    return 1 if strange else 0


if __name__ == "__main__":
    sys.exit(main())
