"""Lines that rewrites made too long are broken as a formatter breaks them, in files that keep to a length."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from running import make_plan

from pymodernize.rewriting.breaking import broken
from pymodernize.transformation.engine import transform

# As ruff formats them, but for their length.
LINES = """\
print("created: %s" % (datetime.fromtimestamp(created).strftime("%Y-%m-%d %H:%M:%S")), flush=True)
print("this folder has all designs, and those of the first are then taken out again")
print(f"{symbol} line {number}: {the_longest_of_the_lines[number]} {what}", end="", file=sys.stderr)
path = "/shared/scaffolds/" + name[1:3] + "/" + name + "/" + name + "_without_any_hydrogen_1.pdb"
text = "Mut: " + one[0] + " pos: " + str(one[1:-1]) + " WT: " + sequences[key][int(one[1:-1])] + more_of_it
axis = momentum / magnitude_of_that if magnitude_of_that != 0 else np.array([0.0, 0.0, 0.0])
data = urllib.request.urlopen("http://www.example.org/some/more/" + code + ".txt" + "more").read()
kept = [some_function(item, another) for item in a_long_list_of_elements if item is not None]
first, second = some_function_name(given=1, names=["first", "second", "third"], table={"a": 1})
parser.add_argument("--name", action="store_true", default=False, help="the name of a thing there")
sys.exit("this is a long message which %s does not fit %d in line with the others" % (name, count))
return not the_first_condition_is_met_here and the_second not in a_third_collection_of_things_that
total = some_function_with_a_name(argument)["of which"].another_method(with_an_argument, count=14)
result = first_of_the_functions(one, two) + second_of_the_functions(one, two) - third_of_them(12)
names = sorted(found_in_the_whole_folder, key=lambda item: (item.stat().st_size, item.name), reverse=True)
settings = {"name": "the name of a person", "place": "where they live", "number": some_number + 1}
raise ValueError(f"the file {path} has {count_of_lines} lines, more than {most}.", path, most)
if the_first_name == "Rock" and the_second == "Paper" or the_first_name == "Paper" and the_second == "Rock":
for name, value in zip(a_long_list_of_names_of_things, a_long_list_of_their_values, strict=True):
while the_first_of_the_conditions(argument) and not another_one(argument, other) or a_third_value:
with open(os.path.join("some", "folder", "of", "data"), "w", encoding="utf-8", newline="") as handle:
with open(today + "_table_of_all_that_is_highlighted_and_more_words.html", "w", encoding="utf-8") as table:
with open("the_first_file_of_all.txt", encoding="utf-8") as one, open("second.txt", encoding="utf-8") as two:
with Path(a_folder_with_a_name, "and_a_file_with_a_longer_name_than_that").open("w", encoding="utf-8"):
""".splitlines()


@pytest.fixture(scope="module")
def formatted(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What ruff makes of the lines."""
    whole = "".join(f"def f():\n    {line}{'' if line[-1] != ':' else ' ...'}\n\n\n" for line in LINES)
    script = tmp_path_factory.mktemp("format") / "lines.py"
    script.write_text(whole)
    ruff = str(Path(sys.executable).parent / "ruff")
    subprocess.run([ruff, "format", "--isolated", "--quiet", str(script)], check=True)
    parts = script.read_text().split("def f():\n")[1:]
    return [part.rstrip().removesuffix("...").rstrip() for part in parts]


@pytest.mark.parametrize("number", range(len(LINES)))
def test_a_line_is_broken_as_the_formatter_does(number: int, formatted: list[str]):
    lines = broken(f"    {LINES[number]}", 88, "    ")
    assert lines is not None
    assert "\n".join(lines) == formatted[number]


@pytest.mark.parametrize(
    "line",
    [
        'print("a comment is not for us to move, wherever it stands on a line that is as long as it")  # one',
        "first_of_some_functions(one, two, three); second_of_some_functions(one, two, three, four, five)",
        "if the_first_condition_is_met: first_of_some_functions(one, two, three, four, five, six, seven)",
        "except (FirstOfTheErrors, SecondOfTheErrors, ThirdOfTheErrors, FourthOfThem): print(second, first)",
        'text = "a text that has no place in it where a formatter would break it, and is longer than the line"',
        "with open(the_name_of_a_file) as (the_first_of_the_names_of_things, the_second_of_the_names_of_things):",
        "from somewhere.in_a_package import first_of_some_names, second_of_some_names, third_of_some_names",
        "print(a_function(with_arguments, that_goes_on(in_the_next_line, and_in_the_one_behind_that_one, too,",
        "x = '''a text that goes on in the next line and is longer than the length that a line may have here",
    ],
)
def test_what_is_no_single_statement_or_has_no_place_stays(line: str):
    assert broken(line, 88, "    ") is None


def test_items_of_with_have_no_brackets_in_older_versions():
    line = 'with open("the_first_file_of_all.txt") as the_first_of_them, open("the_second_file.txt") as the_second:'
    assert broken(line, 88, "    ", groups_with=False) is None


KEEPS = """\
import datetime
import sys

created = datetime.datetime.fromtimestamp(float(sys.argv[1]))
print("that one was created: %s" % (created.strftime("%Y-%m-%d %H:%M:%S and then %f")))
for number in range(3):
    if number and created.year + number == 1970 and created.month + number in (1, 2, 3):
        print("early: %d" % number)
"""


def test_a_line_that_moved_is_broken():
    output = transform(KEEPS.encode(), make_plan(["main-guard"])).output
    assert output is not None
    text = output.decode()
    assert max(map(len, text.splitlines())) <= 88
    assert (
        '    print(\n        "that one was created: %s" % (created.strftime("%Y-%m-%d %H:%M:%S and then %f"))\n    )\n'
    ) in text
    assert (
        "        if (\n            number\n            and created.year + number == 1970\n"
        "            and created.month + number in (1, 2, 3)\n        ):\n" in text
    )
    assert transform(output, make_plan(["main-guard"])).output is None
    assert transform(KEEPS.replace("\n", "\r\n").encode(), make_plan(["main-guard"])).output == output.replace(
        b"\n", b"\r\n"
    )


LONG = 'print("a line that is too long by itself: %s, and nobody has asked for less of it" % created)\n'


@pytest.mark.parametrize(
    ("more", "stays"),
    [
        (LONG, True),
        ('print("""\n' + "words " * 20 + '\n""")\n', False),
        ("# " + "words " * 20 + "\n", False),
        (f"print(\n    created, {'some more of what a line can hold' * 2!r}, created, created,\n)\n", True),
    ],
)
def test_files_with_longer_lines_keep_theirs(more: str, stays: bool):
    output = transform((KEEPS + more).encode(), make_plan(["main-guard"])).output
    assert output is not None
    assert (b'    print(\n        "that one was created' in output) is not stays
