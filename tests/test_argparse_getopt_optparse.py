"""Scripts that read their arguments by getopt or optparse do the same with argparse, for many lists of arguments."""

from __future__ import annotations

import io
import itertools
import os
import random
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
from running import FIXTURES, SCRIPTS, apply_to, execute, load_toml, make_plan, snapshot, work_on

from pymodernize.codemod import Status
from pymodernize.transformation.engine import transform
from pymodernize_codemods._script.remaining_arguments import usage_words

HOME = FIXTURES / "argparse-skeleton"
# For each case the words that its command lines are made of. What is assumed of them is not among
# them: values that begin with a dash, the end of options, and for getopt options behind an argument.
WORDS = {
    "optparse_plain": ["-v", "-n1", "-n", "2", "--numb=0", "a.txt", "b.txt", "-s", "=", "--sep", "-vn1", "-q", "-nx"],
    "optparse_two_names": ["-q", "--quiet", "--qu", "one.txt", "two.txt", "-x", "-"],
    "optparse_flags_only": ["-a", "--all", "-v", "-avv", "--format=html", "--form", "plain", "--format=x", "x", "-z"],
    "optparse_flag_without_default": ["-a", "-b", "-c", "-abc", "-x", "a"],
    "optparse_shared_destination": ["-q", "-v", "--verb", "--fast", "--slow", "-qv", "--s", "x"],
    "optparse_set_defaults": ["-q", "-l", "3", "-l5", "-qqq", "x"],
    "optparse_groups": ["-g", "-x", "2.5", "-x1e3", "-gx4", "a", "b"],
    "optparse_option_list": ["-a1", "-a", "--alpha=2", "--al", "-p", "1", "2.5", "rest"],
    "optparse_in_functions": ["-d", "--debug", "-o", "f", "-of", "x", "y", "-do"],
    "optparse_in_class": ["-n", "3", "-n4", "a", "b", "-x"],
    "optparse_arguments_rebound": ["-r", "a", "b", "-", "-x"],
    "optparse_one_argument": ["-u", "--up", "abc", "d", "-x"],
    "optparse_check_stays": ["-l", "--list", "a", "b", "c", "d", "-x"],
    "optparse_texts": ["-w", "7", "--width=8", "-z", "x", "-zz", "y"],
    "optparse_version_shown": ["--version", "--vers", "x", "-x"],
    "optparse_long_version": ["--version", "x"],
    "optparse_comments_in_calls": ["-n", "4", "-n5", "--name", "--name=x", "--na", "y"],
    "optparse_help_asked": ["-t", "1", "--table=2", "--tab", "a", "b", "-x"],
    "optparse_global_options": ["-v", "--verb", "x", "y", "-x"],
    "getopt_plain": ["-v", "-n", "1", "-n0", "--lines=2", "--li", "-p", ">", "-xb", "-x", "a", "b", "-q", "-V", "-nx"],
    "getopt_top_level": ["-d", "-m", "slow", "-dmx", "-s", "2", "-s1.5", "x", "-q"],
    "getopt_gnu": ["-s", "--short", "--sh", "-l", "-w", "3", "--width=4", "-sl", "a", "b", "-x"],
    "getopt_argv_parameter": ["-o", "x", "-oy", "z", "-x"],
    "getopt_computed_default": ["-C", "f", "-Cg", "-n", "-nC", "x", "-x"],
    "getopt_global": ["-v", "-vv", "-q", "-vq", "x", "-x"],
    "getopt_other_h": ["-h", "example", "-hx", "x", "-x"],
    "getopt_flags_only": ["-l", "--long", "--lo", "-ll", "x", "-x"],
    "getopt_own_help": ["-h", "--help", "-hl3", "--logfile=y", "-lz", "-q"],
    "getopt_local_import": ["-t", "-d", "-td", "a", "b", "-q"],
    "optparse_import_in_branch": ["-n", "3", "-n4", "x", "-q"],
    "optparse_usage_in_variable": ["-a", "x", "y", "-q"],
    "getopt_global_arguments": ["-s", "2", "-s3", "--height=2", "ab", "-q"],
    "optparse_own_version_option": ["-f", "a", "-fa", "--format=a", "--fo", "-fx", "-V", "x"],
    "optparse_comment_in_check": ["-x", "-xx", "a", "b", "-q"],
    "optparse_several_values": ["--size", "3", "4", "-t", "x", "-ty", "-q"],
    "optparse_getattr": ["-a", "-b", "-ab", "x", "-q"],
    "optparse_mapping_of_options": ["-a", "x", "-q"],
    "getopt_value_made": ["-n", "a,b", "-nc", "-d", "y", "-dz", "--prefix=q", "--pre", "x", "-q"],
    "optparse_names_in_one_import": ["-v", "x", "y", "-q"],
    "getopt_usage_stays": ["-b", "16", "-b8", "10", "ff", "-x"],
}
# Whatever the words are, what is safe behaves the same.
NASTY = ["-5", "-", "", "a b", "-x y", "--nothing", "-1.5"]
SAMPLE = 160


@dataclass(frozen=True)
class Outcome:
    """What a run in this process came to."""

    status: int
    stdout: str
    stderr: str
    files: dict[str, bytes]


def run(code, arguments: list[str], folder: Path, files: dict[str, str]) -> Outcome:
    """Execute a script's code as the main program."""
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    out, err, status = io.StringIO(), io.StringIO(), 0
    here = str(Path.cwd())
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "argv", ["script.py", *arguments]):
        os.chdir(folder)
        try:
            exec(code, {"__name__": "__main__", "__doc__": None})
        except SystemExit as exc:
            status = exc.code if isinstance(exc.code, int) else int(exc.code is not None)
        except Exception as exc:
            status = 1
            print(repr(exc), file=sys.stderr)
        finally:
            os.chdir(here)
    files_after = snapshot(folder)
    shutil.rmtree(folder)
    return Outcome(status, out.getvalue(), err.getvalue(), files_after)


def lists(name: str, words: list[str]) -> list[list[str]]:
    """Command lines: the short ones all, of the longer ones a sample that is the same each time."""
    chosen = random.Random(name)  # noqa: S311
    short = [list(item) for size in range(3) for item in itertools.product(words, repeat=size)]
    long = [chosen.choices(words, k=chosen.randint(3, 6)) for _ in range(SAMPLE)]
    return [*chosen.sample(short, min(len(short), SAMPLE)), *long]


def is_foreseen(name: str, arguments: list[str]) -> bool:
    """Whether this command line is read in another way, as the assumptions or the documentation say."""
    shown = any(word.startswith("--vers") or "V" in word for word in arguments)
    if len(arguments) > 1 and shown and name != "optparse_names_in_one_import":
        return True  # the version is shown whatever else is wrong
    if name.startswith("getopt") and name not in {"getopt_gnu", "getopt_value_made"}:
        # An option behind an argument, or something that looks like one where a value is due.
        seen = False
        for word in arguments:
            if seen and word.startswith("-") and word != "-":
                return True
            seen = seen or not word.startswith("-")
    if name in {
        "optparse_flags_only",
        "optparse_flag_without_default",
        "optparse_shared_destination",
        "getopt_flags_only",
    }:
        return False
    takes = "-n -s --sep -f -l -x -a --al -p -o -do -w -z --name --na -t --tab --li -m -C -nC -h -b -d --pre".split()
    pairs = zip(arguments, arguments[1:], strict=False)
    return any(one in takes and two.startswith("-") and two != "-" for one, two in pairs)


def sources(name: str):
    folder = HOME / name
    before, after = (folder / "before.py").read_text(), (folder / "after.py").read_text()
    return compile(before, "before.py", "exec"), compile(after, "after.py", "exec"), load_toml(folder / "case.toml")


@pytest.mark.no_cover
@pytest.mark.parametrize("name", WORDS)
def test_every_command_line_does_the_same(name: str, tmp_path: Path):
    before, after, case = sources(name)
    files = case.get("run", {}).get("files", {})
    safe = case.get("assume", "usual") == "usual" and not case.get("hyphens", False)
    words = WORDS[name] + (NASTY if safe else [])
    worked = failed = 0
    for arguments in lists(name, words):
        if is_foreseen(name, arguments):
            continue
        old = run(before, arguments, tmp_path / "old", files)
        new = run(after, arguments, tmp_path / "new", files)
        if old.status == 0:
            worked += 1
            assert (new.status, new.stdout, new.files) == (0, old.stdout, old.files), (arguments, new.stderr)
        else:
            failed += 1
            assert new.status != 0, (arguments, old.stderr)
            assert new.files == old.files, arguments
    assert worked >= 2 and failed >= 2


@pytest.mark.parametrize("name", WORDS)
def test_wrong_options_show_the_usage(name: str, tmp_path: Path):
    _, after, _ = sources(name)
    seen = run(after, ["--no-such-option"], tmp_path / "new", {})
    assert seen.status == 2
    assert seen.stdout == ""
    assert "error: unrecognized arguments" in seen.stderr or "error: the following arguments" in seen.stderr


@pytest.mark.parametrize("name", WORDS)
def test_help(name: str, tmp_path: Path):
    _, after, _ = sources(name)
    if name == "getopt_own_help":
        pytest.skip("the script does something else with it")
    flag = "-?" if name == "optparse_help_asked" else "--help"
    seen = run(after, [flag], tmp_path / "new", {})
    assert (seen.status, seen.stderr) == (0, "")
    assert "options:" in seen.stdout or "optional arguments:" in seen.stdout or "Options" in seen.stdout


# What the assumptions say is read in another way is read in another way: else the reason would be wrong.
DIFFERENCES = [
    ("optparse_plain", ["-s", "-x", "a.txt"]),
    ("optparse_plain", ["-n", "010", "a.txt"]),
    ("optparse_plain", ["--", "-v"]),
    ("optparse_options_as_first_item", ["-a", "more"]),
    ("optparse_plain", ["-s=", "a.txt"]),
    ("getopt_plain", ["a", "-v"]),
    ("getopt_plain", ["-p", "-x", "a"]),
]


@pytest.mark.parametrize(("name", "arguments"), DIFFERENCES)
def test_the_reasons_are_right(name: str, arguments: list[str], tmp_path: Path):
    before, after, case = sources(name)
    files = {"a.txt": "".join(f"{n}\n" for n in range(20)), "a": "1\n", "-v": "2\n"}
    old = run(before, arguments, tmp_path / "old", files)
    new = run(after, arguments, tmp_path / "new", files)
    assert case.get("assume") or case.get("hyphens")
    assert (old.status, old.stdout) != (new.status, new.stdout)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("%prog [options] SOURCE TARGET", ["SOURCE", "TARGET"]),
        ("%prog [-n COUNT] [-v] FILE...", ["FILE", "..."]),
        ("%prog [options] file1 file2 ...", ["file1", "..."]),
        ("%prog TEXT [options]", ["TEXT"]),
        ("%prog <url> [path]", ["url", "path"]),
        ("%prog [options]", None),
        ("%prog a|b", None),
    ],
)
def test_the_words_of_a_usage_line(line: str, words: list[str] | None):
    found = usage_words(line)
    assert (found and [text for word in found for text in (word.text, *["..."] * word.repeated)]) == words


SCRIPTS_WITH_OPTIONS = ["weblog", "ini_merge"]


@pytest.mark.no_cover
@pytest.mark.parametrize("name", SCRIPTS_WITH_OPTIONS)
def test_whole_scripts_keep_their_runs(name: str, tmp_path: Path):
    folder = SCRIPTS / name
    ignored = shutil.ignore_patterns("runs.toml", "__pycache__")
    shutil.copytree(folder, tmp_path / "rewritten", ignore=ignored)
    reports = apply_to(tmp_path / "rewritten", make_plan(["argparse-skeleton"]))
    applied = [item for report in reports.values() for item in report.result.findings if item.status is Status.APPLIED]
    assert applied and all(item.assumptions == {"plain-arguments"} for item in applied)
    again = work_on(tmp_path / "rewritten", make_plan(["argparse-skeleton"]))
    assert all(report.result.output is None for report in again.values())
    for number, case in enumerate(load_toml(folder / "runs.toml")["run"]):
        seen = execute(tmp_path / "rewritten", tmp_path / f"run{number}", case, case["script"])
        assert (seen.status == 0) == (case["status"] == 0), (case["name"], seen.stderr)
        if seen.status == 2:
            assert "usage: " in seen.stderr
            continue
        if "--help" in case["args"]:
            assert seen.stdout.decode().startswith("usage: ")
            continue
        assert seen.stdout.decode() == case.get("stdout", ""), case["name"]
        assert seen.writes == {file: text.encode() for file, text in case.get("writes", {}).items()}


OPTPARSE = """import optparse
import os, sys
p = optparse.OptionParser({settings})
{lines}
options, args = p.parse_args({given})
print(options, args)
"""
GETOPT = """import getopt
import os, sys
x = {default}
opts, args = getopt.getopt({call})
for o, a in opts:
    {body}
print(x, args)
"""


@pytest.mark.parametrize(
    ("settings", "lines", "given", "reason"),
    [
        ("**os.environ", "", "", "settings of the parser are made elsewhere"),
        ("formatter=optparse.TitledHelpFormatter()", "", "", "its own formatter"),
        ("color=1", "", "", "optparse has no color"),
        ("option_list=sys.argv", "", "", "list of options is made elsewhere"),
        ("option_list=[sys.argv]", "", "", "list of options is made elsewhere"),
        ("option_list=[len('a')]", "", "", "list of options is made elsewhere"),
        ("", "p.add_option('-a', **{})", "", "settings of an option"),
        ("", "p.add_option('-a', action=os.name)", "", "the action of an option"),
        ("", "p.add_option('-a', action='extend')", "", "'extend' is an action"),
        ("", "p.add_option('-a', secret=1)", "", "secret is nothing"),
        ("", "p.add_option('-5')", "", "negative number"),
        ("", "p.add_option(os.name)", "", "an option is made elsewhere"),
        ("", "p.add_option('')", "", "has no name"),
        ("", "p.add_option('-a', dest=os.name)", "", "puts its value"),
        ("", "p.add_option('-a', action='store_true', type='int')", "", "refuses a type"),
        ("", "p.add_option('-a', type='choice')", "", "no choices"),
        ("", "p.add_option('-a', type='int', choices=['1'])", "", "refuses choices"),
        ("", "p.add_option('-a', nargs=len('ab'))", "", "how many values"),
        ("", "p.add_option('-a', action='count', nargs=2)", "", "refuses nargs"),
        ("", "p.add_option('-a', action='store_const')", "", "a constant is missing"),
        ("", "p.add_option('-a', const=1)", "", "refuses a constant"),
        ("", "p.add_option('-a', action='append', default=sys.path)", "", "for other ends"),
        ("", "p.add_option('-a', type='int', default='x')", "", "the default is no int"),
        ("", "p.add_option('-a', choices=['b'], default='c')", "", "none of the choices"),
        ("", "int = float\np.add_option('-a', type='int')", "", "int means something else"),
        ("", "p.add_option('-V', action='version')", "", "the parser has none"),
        ("", "print(p.prog)", "", "argparse has no prog"),
        ("", "print(p.set_usage('x'))", "", "within an expression"),
        ("", "g = optparse.OptionGroup(p, 'g')\nsys.g = g", "", "a group goes"),
        ("", "g = optparse.OptionGroup(p, 'g')\ng.set_title('x')", "", "done to a group"),
        (
            "",
            "p.add_option('-a', dest='x', default=1)\np.add_option('-b', dest='x')\np.set_defaults(x=2)",
            "",
            "in several ways",
        ),
        ("", "print(p)", "", "the parser goes"),
        ("", "", "*sys.argv", "made elsewhere"),
        ("", "", "values=None, args=None", "values are kept"),
        ("", "print(p.parse_args())", "", "several places"),
    ],
)
def test_optparse_is_left(settings: str, lines: str, given: str, reason: str):
    source = OPTPARSE.format(settings=settings, lines=lines, given=given).encode()
    (found,) = transform(source, make_plan(["argparse-skeleton"], unsafe=True)).findings
    assert found.status is Status.FOUND
    assert reason in found.reason


@pytest.mark.parametrize(
    ("call", "default", "body", "reason"),
    [
        ("sys.argv, 'x'", "0", "pass", "the name of the script"),
        ("sys.argv[1:]", "0", "pass", "an unusual way"),
        ("sys.argv[1:], os.name", "0", "pass", "the options are made elsewhere"),
        ("sys.argv[1:], 'x', [os.name]", "0", "pass", "the options are made elsewhere"),
        ("sys.argv[1:], 'x::'", "0", "pass", "may be left out"),
        ("sys.argv[1:], '1'", "0", "pass", "negative number"),
        ("sys.argv[1:], 'x'", "0", "print(o)", "does more than to test"),
        ("sys.argv[1:], 'x'", "0", "if a: x = 1", "not plainly an option"),
        ("sys.argv[1:], 'x'", "0", "if o == '-x': x = 1\n    if o == '-x': x = 2", "two branches"),
        ("sys.argv[1:], 'x'", "0", "if o == '-x': x = 1\n    else: x = 2", "without a branch"),
        ("sys.argv[1:], 'x'", "0", "if o == '-x': x = a", "has no value"),
        ("sys.argv[1:], 'x:'", "0", "if o == '-x': x = 1", "does not use its value"),
        ("sys.argv[1:], 'x'", "0", "if o == '-x': x = os.getcwd()", "made by other code"),
        ("sys.argv[1:], 'x'", "0", "if o == '-x': sys.exit(0)", "ends the script"),
        ("sys.argv[1:], 'x'", "0", "if o == '-x': del x", "nothing that argparse does"),
        ("sys.argv[1:], 'x'", "''", "if o == '-x': x += 1", "count from a number"),
        ("sys.argv[1:], 'x:'", "[1]", "if o == '-x': x.append(a)", "begin as an empty list"),
        ("sys.argv[1:], 'x:'", "'1'", "if o == '-x': x = int(a)", "a text without its option"),
        ("sys.argv[1:], 'V'", "0", "if o == '-V':\n        print(os.name)\n        sys.exit()", "version's text"),
        (
            "sys.argv[1:], 'x:'",
            "0",
            "if o == '-x':\n        try: x = int(a)\n        except ValueError: x = 2",
            "a bad value",
        ),
    ],
)
def test_getopt_is_left(call: str, default: str, body: str, reason: str):
    source = GETOPT.format(call=call, default=default, body=body).encode()
    (found,) = transform(source, make_plan(["argparse-skeleton"], unsafe=True)).findings
    assert found.status is Status.FOUND
    assert reason in found.reason
