from __future__ import annotations

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from toys import Assuming, Imports, Rename, RenameUnsafe, ToyOptions, WithOptions

from pymodernize.plan import Plan, usual_plan

HERE = Path(__file__).parent


def test_fingerprint_is_the_same_in_every_process():
    code = "from toys import *; print(Plan((WithOptions(), Rename())).fingerprint)"
    digests = set()
    for seed in ("0", "1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(HERE)}
        done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
        digests.add(done.stdout.decode().strip())
    assert digests == {Plan((WithOptions(), Rename())).fingerprint}


@pytest.mark.parametrize(
    "other",
    [
        Plan((WithOptions(ToyOptions(level=2)),)),
        Plan((WithOptions(ToyOptions(names=frozenset({"alpha"}))),)),
        Plan((WithOptions(ToyOptions(words=("a,b",))),)),
        Plan((WithOptions(),), frozenset({"tidy"})),
        Plan((WithOptions(),), accepted_in_scripts=frozenset({"tidy"})),
        Plan((WithOptions(),), target_version=(3, 7)),
        Plan((WithOptions(), Rename())),
        Plan(()),
    ],
)
def test_fingerprint_tells_plans_apart(other):
    plan = Plan((WithOptions(),), target_version=(3, 11))
    assert plan.fingerprint == Plan((WithOptions(),), target_version=(3, 11)).fingerprint
    assert plan.fingerprint != other.fingerprint


def test_a_plan_survives_pickling():
    plan = Plan((WithOptions(ToyOptions(level=3)), Imports("os")), frozenset({"b", "a"}), (3, 8))
    again = pickle.loads(pickle.dumps(plan))  # noqa: S301
    assert again.fingerprint == plan.fingerprint
    assert again.codemods[0].options == ToyOptions(level=3)


def test_parts_of_a_plan():
    plan = Plan((WithOptions(), Rename()), frozenset({"a"}), (3, 8), frozenset({"b"}))
    assert [item.name() for item in plan.without(["rename"]).codemods] == ["with-options"]
    assert [item.name() for item in plan.only("rename").codemods] == ["rename"]
    for part in (plan.only("rename"), plan.without([])):
        assert (part.accepted, part.target_version, part.accepted_in_scripts) == ({"a"}, (3, 8), {"b"})


def test_triggers():
    assert Plan((Rename(), RenameUnsafe())).triggered(b"repr()") == ()
    assert Plan((WithOptions(), Rename())).is_triggered(b"")
    plan = Plan((Rename(),))
    assert not plan.is_triggered(b"repr()")
    assert plan.is_triggered(b"old()")


def test_a_plan_under_the_usual_assumptions():
    plan = usual_plan([Assuming()], target_version=(3, 9))
    assert (plan.accepted, plan.accepted_in_scripts, plan.target_version) == ({"dry"}, {"still"}, (3, 9))
