"""A function and its counterpart do the same wherever the codemods say so: both are run, on values of every kind."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import path_mappings
import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from path_mappings import BY_EXPRESSION, MAPPINGS, Kind, Mapping, Tree, compare, hazards_of, outcome, placed, working_in
from path_values import DEGENERATE, OTHER_TYPES, SAMPLES, STARTS, composed, texts
from randomised import examples

from pymodernize_codemods._paths import hazards
from pymodernize_codemods._paths.hazards import TEXT, Hazard
from pymodernize_codemods._paths.operations import OPERATIONS, Gives
from pymodernize_codemods._paths.taking import seen_by

VALUES = [value for name, values in SAMPLES.items() if name not in {*DEGENERATE, *OTHER_TYPES} for value in values]
SAFE_FOR_SOME = [mapping for mapping in MAPPINGS if mapping.is_safe_for_some]
PARAMETERS = [pytest.param(mapping, id=mapping.old) for mapping in SAFE_FOR_SOME if "value" in mapping.old]

# Differences that are there from one version of Python on, and up to another.
VERSIONS = {
    ("os.path.samefile('file', value)", Hazard.EMPTY): ((3, 11), (4,)),
    ("os.path.samefile('file', value)", Hazard.TRAILING): ((3, 11), (4,)),
    ("os.path.ismount", Hazard.TRAILING): ((3, 12), (4,)),
    ("os.path.ismount", Hazard.DOT): ((3,), (3, 12)),
    ("os.path.ismount", Hazard.DOTDOT): ((3,), (3, 12)),
    ("os.path.ismount", Hazard.HIDDEN): ((3,), (3, 12)),
    ("os.path.ismount", Hazard.LINKED): ((3,), (3, 12)),
    ("os.path.realpath", Hazard.LINKED): ((3,), (3, 13)),
    **{
        (f"os.path.{name}", Hazard.HIDDEN): ((3,), (3, 14))
        for name in ("exists", "lexists", "isfile", "isdir", "islink")
    },
}
# Peculiarities that a form takes notice of along with its like, though they do no harm.
GENEROUS = {("os.path.splitext(os.path.basename(value))[1]", Hazard.DOT)}


@pytest.fixture(scope="module")
def trees() -> Iterator[tuple[Tree, Tree]]:
    with path_mappings.trees() as both:
        yield both


def tree_for(mapping: Mapping, trees: tuple[Tree, Tree]) -> Tree:
    return trees[mapping.writes]


def check(mapping: Mapping, tree: Tree, value: object) -> None:
    tree.build()
    found = hazards_of(value, tree)
    difference = compare(mapping, tree, value)
    assert difference is None or difference.is_explained(found), (difference, found)


# --- nothing is left out -------------------------------------------------------------------------------------------


def test_every_row_is_run():
    there = {name for name, row in OPERATIONS.items() if not row.too_new(sys.version_info[:2])}
    assert {mapping.function for mapping in MAPPINGS} >= there


def test_the_counterpart_is_what_the_row_says():
    for function, row in OPERATIONS.items():
        literals = [part for part in row.template.replace("{", "}").split("}")[::2] if part.strip(")(")]
        for mapping in MAPPINGS:
            if mapping.function == function:
                assert all(literal in mapping.new for literal in literals), mapping.new


def test_what_writes_does_not_get_out_of_its_tree(trees):
    for value in ("/", "/etc", "../../../../../x", f"{trees[1].root}/../../../../../x", f"{trees[1].root}x", 0):
        assert not trees[1].is_inside(value)
    assert trees[1].is_inside("folder/../x") and trees[1].is_inside(f"{trees[1].root}/x")


# --- safe means the same -------------------------------------------------------------------------------------------


@pytest.mark.no_cover
@pytest.mark.parametrize("mapping", PARAMETERS)
def test_samples_differ_only_where_that_is_said(mapping, trees):
    tree = tree_for(mapping, trees)
    for value in [placed(value, tree) for value in VALUES]:
        if not mapping.writes or tree.is_inside(value):
            check(mapping, tree, value)


@pytest.mark.no_cover
@pytest.mark.parametrize("mapping", [item for item in PARAMETERS if not item.values[0].writes])
@settings(max_examples=examples(30))
@given(value=st.one_of(texts(), composed(starts=(*STARTS, "@/", "@//"))))
def test_values_differ_only_where_that_is_said(mapping, trees, value):
    check(mapping, trees[0], placed(value, trees[0]))


@pytest.mark.no_cover
@pytest.mark.parametrize("mapping", [item for item in PARAMETERS if item.values[0].writes])
@settings(max_examples=examples(12))
@given(value=composed(starts=("", "", "", "./", "../", "@/", ".//")))
def test_what_writes_differs_only_where_that_is_said(mapping, trees, value):
    value = placed(value, trees[1])
    assume(trees[1].is_inside(value))
    check(mapping, trees[1], value)


JOINS = [Mapping(f"os.path.join({', '.join(f'value[{n}]' for n in range(count))})", "os.path.join") for count in (2, 3)]


@pytest.mark.parametrize("mapping", JOINS, ids=lambda mapping: mapping.old)
@given(value=st.tuples(texts(), texts(), texts()))
def test_what_is_joined_is_the_same_path(mapping, trees, value):
    assert compare(mapping, trees[0], value) is None


GIVING_PATHS = [item for item in PARAMETERS if item.values[0].gives is Gives.PATH]


@pytest.mark.parametrize("mapping", GIVING_PATHS)
@settings(max_examples=examples(30))
@given(value=texts())
def test_the_text_of_a_path_is_the_old_text_where_that_is_tidy(mapping, trees, value):
    assume(not hazards_of(value, trees[0]) & mapping.noticed)
    with working_in(trees[0].root):
        old, new = outcome(mapping.old, value), outcome(f"str({mapping.new})", value)
    assert old.error is new.error
    if not old.error:
        assert (old.value == new.value) == (not hazards.of_text(old.value) & TEXT)


def test_what_takes_no_value_is_the_same(trees):
    for old in ("os.listdir()", "os.getcwd()"):
        assert compare(BY_EXPRESSION[old], trees[0], "") is None


# --- no more is said than there is ---------------------------------------------------------------------------------

NOTICED = [
    pytest.param(item.values[0], hazard, id=f"{item.id}-{hazard.name}")
    for item in PARAMETERS
    for hazard in Hazard
    if hazard & (item.values[0].noticed | item.values[0].errors)
]


def makes_a_difference(mapping: Mapping, hazard: Hazard, tree: Tree, value: object, home: Path) -> bool:
    """Whether there is a difference, and not without the peculiarity."""
    difference = compare(mapping, tree, value, home)
    if difference is None or difference.kind is Kind.TEXT and not hazard & mapping.errors:
        return False
    if not hazards_of(value, tree, home) & mapping.noticed & ~hazard:
        return True
    tidy = str(Path(value))
    return not hazards_of(tidy, tree, home) & hazard and compare(mapping, tree, tidy, home) is None


@pytest.mark.parametrize(("mapping", "hazard"), NOTICED)
def test_each_peculiarity_that_is_named_makes_a_difference(mapping, hazard, trees):
    always = ((3,), (4,))
    first, end = VERSIONS.get((mapping.old, hazard), VERSIONS.get((mapping.function, hazard), always))
    if not first <= sys.version_info < end or (mapping.old, hazard) in GENEROUS:
        pytest.skip("there is none in this version")
    tree = tree_for(mapping, trees)
    alike = [other for other in MAPPINGS if (other.function, other.noticed) == (mapping.function, mapping.noticed)]
    # Whether "." is a mount point, and whether "1/.." is, depends on where one is.
    for home in (tree.root,) if mapping.writes else (tree.root, Path("/"), Path("/proc")):
        for value in [placed(value, tree) for value in VALUES]:
            if mapping.writes and not tree.is_inside(value):
                continue
            tree.build()
            found = hazards_of(value, tree, home)
            if found & hazard and any(makes_a_difference(other, hazard, tree, value, home) for other in alike):
                return
    pytest.fail(f"no value shows it: {mapping.old}, {hazard}")


def test_a_folder_below_a_link_that_leads_nowhere_fails_in_two_ways(trees):
    difference = compare(BY_EXPRESSION["os.makedirs(value)"], trees[1], "dangling/new")
    assert (difference.old.error, difference.new.error) == (FileNotFoundError, FileExistsError)


def test_a_reason_that_always_holds_has_its_difference(trees):
    always = [mapping for mapping in MAPPINGS if not mapping.is_safe_for_some]
    assert [mapping.function for mapping in always] == [name for name, row in OPERATIONS.items() if row.reason]
    for mapping in always:
        difference = compare(mapping, trees[0], "file")
        assert "\r\n" in difference.old.value and "\r\n" not in difference.new.value


# --- what is no text, and what no system takes ---------------------------------------------------------------------


@pytest.mark.parametrize("mapping", PARAMETERS)
def test_what_is_no_text_is_not_taken_for_another_file(mapping, trees):
    tree = tree_for(mapping, trees)
    for value in [value for name in OTHER_TYPES for value in SAMPLES[name]]:
        if mapping.writes and value == 0:
            continue
        difference = compare(mapping, tree, value)
        if difference is not None and not difference.new.error:
            # A text beside bytes: the function refuses to join the two, its counterpart does so or gives a path.
            assert difference.kind is Kind.VALUE and mapping.gives is not Gives.SAME, difference


@pytest.mark.parametrize("mapping", PARAMETERS)
def test_what_no_system_takes_harms_no_file(mapping, trees):
    tree = tree_for(mapping, trees)
    tree.build()
    before = tree.state()
    for value in [value for name in DEGENERATE for value in SAMPLES[name]]:
        compare(mapping, tree, value)
        left = tree.state()
        assert {name: left[name] for name in before if name in left} == before
    tree.build()


# --- a function that takes a path does with it what it does with its text ------------------------------------------

TAKING = (
    *("os.access(value, os.R_OK)", "os.truncate(value, 1)", "os.utime(value, (1, 1))", "os.mkfifo(value)"),
    *("os.removedirs(value)", "os.renames(value, 'x/y')", "os.renames('file', value)", "os.path.lexists(value)"),
    *("shutil.copy('file', value)", "shutil.copy(value, 'new')", "shutil.copyfile('file', value)"),
    *("shutil.copytree('empty', value)", "shutil.move('file', value)"),
    *("shutil.move(value, 'new')", "shutil.move(value, 'empty')", "shutil.rmtree(value)"),
)


@pytest.mark.parametrize("old", TAKING)
@settings(max_examples=examples(12))
@given(value=composed(starts=("", "", "", "./", "../", "@/")))
@example(value="dangling/./new")
def test_what_takes_a_path_does_the_same_with_it(old, trees, value):
    tree = trees[1]
    value = placed(value, tree)
    assume(tree.is_inside(value))
    tree.build()
    results = []
    for given_value in (value, Path(value)):
        tree.build()
        with working_in(tree.root):
            done = outcome(old, given_value)
        results.append((done.error, tree.state()))
    assert results[0] == results[1] or hazards.of_text(value) & seen_by(old.partition("(")[0]), results
