"""Command lines before and after ``argparse-skeleton``: each case is called in many ways."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from running import FIXTURES, SCRIPTS, Seen, apply_to, execute, load_toml, make_plan, work_on

from pymodernize.codemod import Status

FOLDERS = sorted(path.parent for path in (FIXTURES / "argparse-skeleton").glob("*/after.py"))
CALLED = [folder for folder in FOLDERS if {"valid", "invalid", "refused"} & load_toml(folder / "case.toml").keys()]
# Those of getopt and optparse have their own cases.
WHOLE = sorted(path.parent for path in SCRIPTS.glob("*/runs.toml") if path.parent.name not in {"ini_merge", "weblog"})
HELP = {"-h", "--help"}
PLAN = make_plan(["argparse-skeleton"], assume=("usual", "surplus-arguments"))


def call(folder: Path, source: str, args: list[str], target: Path) -> Seen:
    """Run a case's script as it was or as it became."""
    here = target / "source"
    here.mkdir(parents=True)
    name = load_toml(folder / "case.toml").get("name", "script.py")
    shutil.copy(folder / source, here / name)
    return execute(here, target / "run", {"args": args}, name)


@pytest.mark.parametrize("folder", CALLED, ids=lambda folder: folder.name)
def test_valid_calls_do_the_same(folder: Path, tmp_path: Path):
    for number, args in enumerate(load_toml(folder / "case.toml").get("valid", [])):
        old = call(folder, "before.py", args, tmp_path / f"old{number}")
        new = call(folder, "after.py", args, tmp_path / f"new{number}")
        assert old.status == 0, (args, old.stderr)
        assert (new.status, new.stdout, new.stderr) == (0, old.stdout, old.stderr), args


@pytest.mark.parametrize("folder", CALLED, ids=lambda folder: folder.name)
def test_invalid_calls_go_on_failing(folder: Path, tmp_path: Path):
    for number, args in enumerate(load_toml(folder / "case.toml").get("invalid", [])):
        old = call(folder, "before.py", args, tmp_path / f"old{number}")
        new = call(folder, "after.py", args, tmp_path / f"new{number}")
        assert old.status != 0, args
        assert new.status != 0, args
        assert new.status != 2 or new.stderr.startswith("usage: "), (args, new.stderr)


@pytest.mark.parametrize("folder", CALLED, ids=lambda folder: folder.name)
def test_what_was_passed_over_is_refused(folder: Path, tmp_path: Path):
    """What the documentation names under *Safety*: options that are none, and more arguments than are looked at."""
    for number, args in enumerate(load_toml(folder / "case.toml").get("refused", [])):
        seen = call(folder, "after.py", args, tmp_path / f"new{number}")
        assert (seen.status, seen.stdout, seen.stderr[:7]) == (2, b"", "usage: "), args


# Some scripts have an option of their own for help, or none.
HELPING = [folder for folder in FOLDERS if "add_help=False" not in (folder / "after.py").read_text(encoding="utf-8")]
IGNORING = [folder for folder in FOLDERS if "parse_known_args" in (folder / "after.py").read_text(encoding="utf-8")]


@pytest.mark.parametrize("folder", HELPING, ids=lambda folder: folder.name)
def test_help_is_shown(folder: Path, tmp_path: Path):
    seen = call(folder, "after.py", ["--help"], tmp_path)
    assert seen.status == 0, seen.stderr
    assert b"usage: " in seen.stdout


@pytest.mark.parametrize("folder", IGNORING, ids=lambda folder: folder.name)
def test_further_arguments_are_ignored_as_before(folder: Path, tmp_path: Path):
    case = load_toml(folder / "case.toml")
    for more in (["more"], ["more", "and", "more"]):
        run = {**case["run"], "args": [*case["run"]["args"], *more]}
        outcomes = []
        for source in ("before.py", "after.py"):
            here = tmp_path / f"{source}{len(more)}"
            here.mkdir()
            shutil.copy(folder / source, here / "script.py")
            outcomes.append(execute(here, here / "run", run, "script.py"))
        old, new = outcomes
        assert old.status == 0, old.stderr
        assert (new.status, new.stdout) == (0, old.stdout), new.stderr


STRICT = [folder for folder in HELPING if folder not in IGNORING]


@pytest.mark.parametrize("folder", STRICT, ids=lambda folder: folder.name)
def test_an_option_that_is_not_there_ends_with_the_usage(folder: Path, tmp_path: Path):
    seen = call(folder, "after.py", ["--no-such-option"], tmp_path)
    assert (seen.status, seen.stderr[:7]) == (2, "usage: ")


@pytest.mark.parametrize(
    ("case", "args", "stdout"),
    [
        ("constants", ["a", "--limit", "5", "--folder", "x"], b"a 5 -1.5 x report 5.0 ['x'] 1\n"),
        ("constants_of_a_script_without_arguments", ["--days", "4"], b"days: 4\n"),
        ("prompts", ["--name", "you", "--count", "1"], b"greeter\nhello you\n"),
    ],
)
def test_options_that_were_asked_for_do_something(case: str, args: list[str], stdout: bytes, tmp_path: Path):
    seen = call(FIXTURES / "argparse-skeleton" / case, "after.py", args, tmp_path)
    assert (seen.status, seen.stdout) == (0, stdout), seen.stderr


# --- records that are not shown -----------------------------------------------------------------------------------

SHOWING = [folder for folder in FOLDERS if folder.name.startswith("verbose_")]
SILENT = [folder for folder in FOLDERS if folder.name.startswith("not_verbose_")]


@pytest.mark.parametrize("folder", SHOWING, ids=lambda folder: folder.name)
def test_more_is_shown_if_that_is_asked_for(folder: Path, tmp_path: Path):
    case = load_toml(folder / "case.toml")
    quiet = call(folder, "after.py", case["valid"][0], tmp_path / "quiet")
    assert case["shows"].encode() not in quiet.stdout
    for number, args in enumerate(case["verbose"]):
        seen = call(folder, "after.py", args, tmp_path / str(number))
        assert (seen.status, seen.stderr) == (0, ""), args
        assert case["shows"].encode() in seen.stdout, args


@pytest.mark.parametrize("folder", SILENT, ids=lambda folder: folder.name)
def test_no_option_that_shows_nothing_or_means_anything_else(folder: Path):
    assert "--verbose" not in (folder / "after.py").read_text(encoding="utf-8")


# Each makes the option of ``verbose_at_top_level`` uncertain, or of no use.
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("logging.INFO,", "logging.NOTSET,"),
        ("logging.INFO,", "10,"),
        ("logging.INFO,", "None,"),
        ("logging.INFO,", "LEVEL,"),
        ("level=logging.INFO,", "**SETTINGS,"),
        ("logging.INFO,", "'info',"),
        ("logger.debug", "logger.warning"),
        ("logging.getLogger(__name__)", "logging.getLogger(NAME)"),
        ("logging.getLogger(__name__)", "make_logger()"),
        ("logger = ", "logging.disable(10)\nlogger = "),
        ("logger = ", "logging.root.level = 30\nlogger = "),
        ("logger = ", "logging.getLogger('a').disabled = True\nlogger = "),
        ("logger = ", "logging.getLogger('a').propagate = False\nlogger = "),
        ("logger = ", "logging.getLogger().addHandler(logging.StreamHandler())\nlogger = "),
        ("logger = ", "set_up(logging)\nlogger = "),
        ("logger = ", "logging.basicConfig(level=30)\nlogger = "),
        ("import sys", "import logging.config\nimport sys"),
        ("import sys", "import sys\nfrom logging.handlers import SysLogHandler"),
        ('print("usage: add.py NUMBER...', 'print("usage: add.py [-v] NUMBER...'),
        ("total = 0", "total = 0  # one day with --verbose"),
        ("logging.basicConfig(", "if sys.platform: logging.basicConfig("),
        ("logging.basicConfig(", "done = logging.basicConfig("),
    ],
)
def test_the_option_is_left_out_in_doubt(old: str, new: str, tmp_path: Path):
    source = (FIXTURES / "argparse-skeleton" / "verbose_at_top_level" / "before.py").read_text(encoding="utf-8")
    assert old in source
    (tmp_path / "script.py").write_text(source.replace(old, new, 1), encoding="utf-8")
    result = work_on(tmp_path, PLAN)["script.py"].result
    assert result.output is not None, [finding.reason for finding in result.findings]
    assert b"parser.add_argument" in result.output
    assert b"verbose" not in result.output.replace(b"with --verbose", b"")


_LOGS = "import logging\nimport sys\n\nlog = logging.getLogger(__name__)\n"


@pytest.mark.parametrize(
    "rest",
    [
        # Nothing calls the function that emits the record.
        "logging.basicConfig()\n\ndef unused():\n    log.info('never')\n\nprint(sys.argv[1])\n",
        # It calls itself, and nothing else does.
        "logging.basicConfig()\n\ndef f():\n    log.info('never')\n    f()\n\nprint(sys.argv[1])\n",
        # The name may hold anything else than the logger.
        "logging.basicConfig()\nif sys.flags.optimize: log = None\nprint(sys.argv[1])\nlog.info('x')\n",
        # The call may fail, and the script goes on.
        "def main():\n    try:\n        logging.basicConfig()\n    except OSError:\n        pass\n"
        "    print(sys.argv[1])\n    log.info('x')\n\nmain()\n",
        # One of two callers does not configure anything.
        "def main():\n    print(sys.argv[1])\n    log.info('x')\n\n"
        "if sys.flags.optimize:\n    logging.basicConfig()\n    main()\nelse:\n    main()\n",
        # The record comes before logging is configured.
        "def main():\n    name = sys.argv[1]\n    log.info('x')\n    logging.basicConfig()\n\nmain()\n",
    ],
)
def test_no_option_for_records_that_it_may_not_show(rest: str, tmp_path: Path):
    source = (_LOGS + rest).replace("sys.argv[1]", "int(sys.argv[1])")  # of a name alone argparse says nothing
    (tmp_path / "script.py").write_text(source, encoding="utf-8")
    result = work_on(tmp_path, PLAN)["script.py"].result
    assert result.output is not None, [finding.reason for finding in result.findings]
    assert b"parser.add_argument" in result.output
    assert b"verbose" not in result.output


@pytest.mark.parametrize(
    "rest",
    [
        # The two statements share a line.
        "def main():\n    logging.basicConfig(); name = sys.argv[1]\n    log.info('seen')\n    print(name)\n\nmain()\n",
        # An argument is used by the configuration itself, and a lambda logs.
        "logging.basicConfig(filename=sys.argv[1] + '/log', level=30)\nprint(sys.argv[2])\n"
        "(lambda: log.info('seen'))()\nsys.stderr.write(open(sys.argv[1] + '/log').read())\n",
        # The function that reads the arguments is called by another, below the configuration there.
        "def work():\n    name = sys.argv[1]\n    print(name)\n\n"
        "def main():\n    logging.basicConfig()\n    work()\n    log.info('seen')\n\nmain()\n",
    ],
)
def test_records_are_shown_wherever_logging_is_configured(rest: str, tmp_path: Path):
    here = tmp_path / "source"
    here.mkdir()
    (here / "script.py").write_text(_LOGS + rest, encoding="utf-8")
    args = [".", "b"] if "argv[2]" in rest else ["b"]
    before = execute(here, tmp_path / "before", {"args": args}, "script.py")
    apply_to(here, PLAN)
    after = execute(here, tmp_path / "after", {"args": args}, "script.py")
    assert (before.status, after.status, after.stdout, after.stderr) == (0, 0, before.stdout, before.stderr)
    more = execute(here, tmp_path / "more", {"args": ["-v", *args]}, "script.py")
    assert (more.status, more.stdout) == (0, before.stdout)
    assert "INFO:__main__:seen" in more.stderr
    assert "seen" not in after.stderr


# --- whole scripts ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each script's folder as the codemod leaves it."""
    made = {}
    for folder in WHOLE:
        made[folder.name] = tmp_path_factory.mktemp("argparse") / folder.name
        shutil.copytree(folder, made[folder.name], ignore=shutil.ignore_patterns("runs.toml", "__pycache__"))
        apply_to(made[folder.name], PLAN)
    return made


RUNS = [
    pytest.param(folder, case, id=f"{folder.name}-{case['name'].replace(' ', '-')}")
    for folder in WHOLE
    for case in load_toml(folder / "runs.toml")["run"]
]


@pytest.mark.parametrize(("folder", "case"), RUNS)
def test_recorded_runs_keep_the_contract(folder: Path, case: dict, rewritten: dict[str, Path], tmp_path: Path):
    new = execute(rewritten[folder.name], tmp_path / "new", case, case["script"])
    if HELP & set(case["args"]):
        assert (new.status, new.stdout[:7]) == (0, b"usage: ")
        return
    assert (new.status == 0) == (case["status"] == 0), new.stderr
    if case["status"] == 0:
        assert new.stdout.decode() == case.get("stdout", "")
        assert new.writes == {name: text.encode() for name, text in case.get("writes", {}).items()}


@pytest.mark.parametrize("folder", WHOLE, ids=lambda folder: folder.name)
def test_scripts_have_help_and_refuse_what_they_do_not_know(folder: Path, rewritten: dict[str, Path], tmp_path: Path):
    for script in sorted({case["script"] for case in load_toml(folder / "runs.toml")["run"]}):
        if b"argv" not in (folder / script).read_bytes():
            continue
        shown = execute(rewritten[folder.name], tmp_path / f"help-{script}", {"args": ["--help"]}, script)
        assert (shown.status, shown.stdout[:7]) == (0, b"usage: "), script
        refused = execute(rewritten[folder.name], tmp_path / f"bad-{script}", {"args": ["--no-such-option"]}, script)
        assert (refused.status, refused.stderr[:7]) == (2, "usage: "), script


@pytest.mark.parametrize("folder", WHOLE, ids=lambda folder: folder.name)
def test_a_second_run_finds_nothing_to_do(folder: Path, rewritten: dict[str, Path]):
    for report in work_on(rewritten[folder.name], PLAN).values():
        assert report.result.output is None
        assert not any(finding.status is Status.REJECTED for finding in report.result.findings)
