"""Settings: where they are found, what they may say, and what is said when they are wrong."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pytest
from commands import SCRIPT, invoke, script

from pymodernize import Codemod
from pymodernize.files.discover import Excluded
from pymodernize.settings import (
    Settings,
    SettingsError,
    files,
    find_settings_file,
    load_settings,
    make_options,
    parse_target,
)

NAMES = ("print-to-logging", "other-codemod")


def _written(folder: Path, text: str, name: str = "pyproject.toml") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key(tmp_path: Path) -> None:
    path = _written(
        tmp_path,
        """
        [tool.pymodernize]
        select = ["print-to-logging"]
        ignore = ["other-codemod"]
        unsafe = true
        target-version = "py310"
        style = "standard"
        extend-exclude = ["old/"]
        max-file-size = 10
        hard-links = "refuse"
        history-size = 11

        [tool.pymodernize.print-to-logging]
        data = "convert"
        """,
    )
    assert load_settings(path, NAMES) == Settings(
        select=("print-to-logging",),
        ignore=("other-codemod",),
        assume=("all",),
        target_version=(3, 10),
        style="standard",
        extend_exclude=(Excluded(("old/",), tmp_path),),
        max_file_size=10,
        hard_links="refuse",
        history_size=11,
        codemods={"print-to-logging": {"data": "convert"}},
        path=path,
    )


def test_defaults(tmp_path: Path) -> None:
    assert load_settings(None, NAMES) == Settings()
    path = _written(tmp_path, "[project]\nname = 'x'\n")
    assert load_settings(path, NAMES) == Settings(path=path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("selekt = []", "unknown key 'selekt'; did you mean 'select'?"),
        ("max_file_size = 3", "unknown key 'max_file_size'; did you mean 'max-file-size'?"),
        ("print-to-loging = {}", "unknown key 'print-to-loging'; did you mean 'print-to-logging'?"),
        ("zzz = 1", "unknown key 'zzz'"),
        ("print-to-logging = 1", "its options go into [tool.pymodernize.print-to-logging]"),
        ('select = "print-to-logging"', "select: must be a list of strings"),
        ("ignore = [1]", "ignore: must be a list of strings"),
        ('unsafe = "yes"', "unsafe: must be true or false"),
        ("unsafe = 1", "unsafe: must be true or false"),
        ("target-version = 3.10", "target-version: must be a string like 'py310'"),
        ('target-version = "py27"', "target-version: 'py27' is no known version"),
        ("extend-exclude = {}", "extend-exclude: must be a list of strings"),
        ('hard-links = "keep"', "hard-links: must be 'break' or 'refuse'"),
        ("hard-links = true", "hard-links: must be 'break' or 'refuse'"),
        ("history-size = -1", "history-size: must be a positive number of bytes"),
        ("max-file-size = 0", "max-file-size: must be a positive number of bytes"),
        ("max-file-size = true", "max-file-size: must be a positive number of bytes"),
        ('max-file-size = "2MB"', "max-file-size: must be a positive number of bytes"),
        ("select = []", "select: names no codemod; leave the key out for all of them"),
        ('select = ["print-to-loging"]', "no codemod is called 'print-to-loging'; did you mean 'print-to-logging'?"),
        ('ignore = ["print-to-loging"]', "no codemod is called 'print-to-loging'; did you mean 'print-to-logging'?"),
        ("print-to-logging.dota = 'keep'", "unknown key 'dota'; did you mean 'data'?"),
        ("print-to-logging.data = 'kept'", "data: must be one of 'keep', 'convert', not 'kept'"),
        ("print-to-logging.setup = 'ours'", "setup: 'ours' is not of the form module:function"),
        ("style = 'own'", "style: must be 'plain' or 'standard'"),
        ("print-to-logging.logger = 3", "logger: must be a string, not 3"),
        ("print-to-logging.logger = 'a b'", "logger: 'a b' is no name"),
        ("print-to-logging.fewest = 0", "fewest: 0 is less than 1"),
    ],
)
def test_what_is_wrong_is_a_usage_error_that_names_the_file(tmp_path: Path, text: str, message: str) -> None:
    path = _written(tmp_path, f"[tool.pymodernize]\n{text}\n")
    script(tmp_path)
    outcome = invoke("--apply", "job.py", cwd=tmp_path)
    assert outcome.code == 2
    assert message in outcome.stderr.replace("\n", " ")
    assert str(path) in outcome.stderr
    assert (tmp_path / "job.py").read_text() == SCRIPT


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[tool.pymodernize\n", "is not TOML"),
        (b"a = '\xff'\n", "is not TOML: byte 5 is no UTF-8"),
        (b"tool = 3\n[x]\n", None),
        (b"[tool]\npymodernize = 3\n", "[tool.pymodernize] is no table"),
        (b"[[tool.pymodernize]]\n", "[tool.pymodernize] is no table"),
        (b"a = " + b"[" * 5000 + b"]" * 5000, "is nested too deeply to be read"),
        (b"a = " + b"{b=" * 5000 + b"1" + b"}" * 5000, "is nested too deeply to be read"),
        (b"[tool.pymodernize]\nmax-file-size = " + b"9" * 5000, "is not TOML: Exceeds the limit"),
        (b"a" + b".a" * 100_000 + b" = 1\n", "line 1 has a key of more than 200 parts"),
        (b'[a]\n["a"' + b" . 'a.b'" * 40_000 + b"]\n", "line 2 has a key of more than 200 parts"),
        (b"# " + b"." * 300 + b"\na = ['1.2.3', " + b'"1.2.3", ' * 300 + b"]  # " + b"." * 300 + b"\n", None),
        (b"a = 1\n" * 100_000, "is larger than 500000 bytes"),
        (b"[tool.pymodernize]\nunsafe = " + b"[1, " * 90 + b"]" * 90, "unsafe: must be true or false"),
    ],
    ids=lambda value: value[:30] if isinstance(value, bytes) else None,
)
def test_files_that_are_not_what_they_should_be(tmp_path: Path, content: bytes, message: str | None) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    script(tmp_path)
    outcome = invoke("job.py", cwd=tmp_path)
    assert outcome.code == (2 if message else 0)
    assert (message or "") in outcome.stderr


def test_a_file_that_cannot_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _written(tmp_path, "[tool.pymodernize]\n")

    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "open", denied, raising=False)
    with pytest.raises(SettingsError, match="pyproject.toml: cannot be read: Permission denied"):
        load_settings(path, NAMES)


def test_the_nearest_file_with_our_table_counts(tmp_path: Path) -> None:
    outer = _written(tmp_path, "[tool.pymodernize]\n")
    _written(tmp_path / "a", "[tool.black]\n")
    inner = _written(tmp_path / "a" / "b", "[tool.pymodernize]\n")
    assert find_settings_file(tmp_path / "a") == outer
    assert find_settings_file(tmp_path / "a" / "b" / "c") == inner
    inner.unlink()
    inner.mkdir()
    assert find_settings_file(tmp_path / "a" / "b") == outer, "a folder of that name is passed over"


@pytest.mark.parametrize(
    ("paths", "ignored"),
    [
        (["a/job.py"], True),
        (["a"], True),
        (["a/*.py"], True),
        (["a/b/job.py", "a/job.py"], True),
        (["a/b"], True),
        (["c/job.py"], False),
        (["a/job.py", "c/job.py"], False),
        (["."], False),
    ],
)
def test_settings_are_found_upward_from_the_folder_common_to_all_paths(
    tmp_path: Path, paths: list[str], ignored: bool
) -> None:
    _written(tmp_path / "a", '[tool.pymodernize]\nignore = ["print-to-logging"]\n')
    for name in ("a/job.py", "a/b/job.py", "c/job.py"):
        script(tmp_path, name)
    assert (b"logger" not in invoke(*paths, cwd=tmp_path).stdout) is ignored


def test_config_names_a_file_and_wins(tmp_path: Path) -> None:
    _written(tmp_path, '[tool.pymodernize]\nignore = ["print-to-logging"]\n')
    other = _written(tmp_path, "[tool.pymodernize]\n", "house.toml")
    script(tmp_path)
    assert b"logger" not in invoke("job.py", cwd=tmp_path).stdout
    assert b"logger" in invoke("--config", str(other), "job.py", cwd=tmp_path).stdout
    assert b"logger" in invoke("--config", "/dev/null", "job.py", cwd=tmp_path).stdout
    for wrong in ("none.toml", "."):
        assert invoke("--config", wrong, "job.py", cwd=tmp_path).code == 2


@pytest.mark.parametrize(
    ("text", "key"), [("[pymodernize]\nunsafe = true\n", "pymodernize"), ("select = []\n", "select")]
)
def test_settings_at_the_top_of_a_file_are_not_passed_over(tmp_path: Path, text: str, key: str) -> None:
    script(tmp_path)
    outcome = invoke("--config", str(_written(tmp_path, text, "house.toml")), "job.py", cwd=tmp_path)
    assert outcome.code == 2
    assert f"house.toml: {key}: stands at the top; settings go into [tool.pymodernize]" in outcome.stderr


def test_an_option_beats_a_setting(tmp_path: Path) -> None:
    script(tmp_path)
    for text in ("select = []", 'ignore = ["print-to-logging"]'):
        _written(tmp_path, f"[tool.pymodernize]\n{text}\n")
        assert b"logger" not in invoke("job.py", cwd=tmp_path).stdout
        assert b"logger" in invoke("--select", "print-to-logging", "job.py", cwd=tmp_path).stdout
    _written(tmp_path, '[tool.pymodernize]\nselect = ["print-to-logging"]\n')
    assert invoke("--ignore", "print-to-logging", "job.py", cwd=tmp_path).stdout == b""


def test_target_version_by_option_and_by_setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pymodernize.commands import run

    plans = []
    real = run.run
    monkeypatch.setattr(run, "run", lambda files, plan, **rest: plans.append(plan) or real(files, plan, **rest))
    _written(tmp_path, '[tool.pymodernize]\ntarget-version = "py39"\n')
    script(tmp_path)
    invoke("job.py", cwd=tmp_path)
    invoke("--target-version", "3.11", "job.py", cwd=tmp_path)
    assert [plan.target_version for plan in plans] == [(3, 9), (3, 11)]


def test_style_by_option_and_by_setting(tmp_path: Path) -> None:
    script(tmp_path)
    assert b"EXECUTION_ID" not in invoke("job.py", cwd=tmp_path).stdout
    assert b"EXECUTION_ID" in invoke("--style", "standard", "job.py", cwd=tmp_path).stdout
    _written(tmp_path, '[tool.pymodernize]\nstyle = "standard"\n')
    assert b"EXECUTION_ID" in invoke("job.py", cwd=tmp_path).stdout
    assert b"EXECUTION_ID" not in invoke("--style", "plain", "job.py", cwd=tmp_path).stdout
    assert invoke("--style", "own", "job.py", cwd=tmp_path).code == 2


def test_settings_reach_the_run(tmp_path: Path) -> None:
    script(tmp_path)
    script(tmp_path, "old/job.py")
    _written(tmp_path, '[tool.pymodernize]\nextend-exclude = ["/old/"]\nprint-to-logging.logger = "diary"\n')
    outcome = invoke(".", cwd=tmp_path)
    assert "diary.info(" in outcome.out
    assert "old/job.py" not in outcome.out
    _written(tmp_path, "[tool.pymodernize]\nmax-file-size = 20\n")
    outcome = invoke(".", cwd=tmp_path)
    assert outcome.code == 3
    assert "job.py: is larger than the limit of 20 bytes (max-file-size)" in outcome.stderr


def test_extend_exclude_is_relative_to_the_settings_file(tmp_path: Path) -> None:
    script(tmp_path, "jobs/old/job.py")
    script(tmp_path, "jobs/new/job.py")
    _written(tmp_path, '[tool.pymodernize]\nextend-exclude = ["/jobs/old/"]\n')
    for path in (".", "jobs", "jobs/*/*.py", str(tmp_path / "jobs")):
        outcome = invoke(path, cwd=tmp_path)
        assert "new/job.py" in outcome.out, path
        assert "old/job.py" not in outcome.out, path
    assert "old/job.py" in invoke("jobs/old/job.py", cwd=tmp_path).out, "a file that is named is taken"


@dataclass(frozen=True)
class _Options:
    """Options of all kinds."""

    mode: Literal["a", "b", 1] = "a"
    names: tuple[str, ...] = ()
    modes: tuple[Literal["x", "y"], ...] = ()
    limit: int | None = None
    share: float = 0.5
    on: bool = False
    deep_name: str = "x"


class _Choosy(Codemod):
    """Has options of all kinds."""

    Options = _Options


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, _Options()),
        ({"mode": "b", "names": ["p", "q"]}, _Options(mode="b", names=("p", "q"))),
        ({"modes": ["x", "y", "x"]}, _Options(modes=("x", "y", "x"))),
        ({"limit": 3, "share": 1, "on": True}, _Options(limit=3, share=1.0, on=True)),
        ({"deep-name": "y"}, _Options(deep_name="y")),
    ],
)
def test_options_get_values_of_their_types(values: dict[str, Any], expected: _Options) -> None:
    made = make_options(_Choosy, values, "here")
    assert made == expected
    assert [type(value) for value in vars(made).values()] == [type(value) for value in vars(expected).values()]
    hash(made)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"mode": "c"}, "here: mode: must be one of 'a', 'b', 1, not 'c'"),
        ({"mode": True}, "here: mode: must be one of 'a', 'b', 1, not True"),
        ({"names": "p"}, "here: names: must be a list of which each item is a string, not 'p'"),
        ({"names": ["p", 1]}, "here: names: must be a string, not 1"),
        ({"modes": ["z"]}, "here: modes: must be one of 'x', 'y', not 'z'"),
        ({"limit": "3"}, "here: limit: must be a whole number, not '3'"),
        ({"limit": True}, "here: limit: must be a whole number, not True"),
        ({"share": True}, "here: share: must be a number, not True"),
        ({"on": 1}, "here: on: must be true or false, not 1"),
        ({"deep_name": "y"}, "here: unknown key 'deep_name'; did you mean 'deep-name'?"),
    ],
)
def test_options_of_wrong_types_are_refused(values: dict[str, Any], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        make_options(_Choosy, values, "here")
    assert str(caught.value) == message


@pytest.mark.parametrize(("text", "version"), [("py37", (3, 7)), ("3.14", (3, 14)), ("py313", (3, 13))])
def test_versions(text: str, version: tuple[int, int]) -> None:
    assert parse_target(text, "x") == version


def test_hard_links_are_left_if_the_settings_say_so(tmp_path: Path) -> None:
    path = script(tmp_path)
    (tmp_path / "other").hardlink_to(path)
    _written(tmp_path, '[tool.pymodernize]\nhard-links = "refuse"\n')
    outcome = invoke("--apply", "job.py", cwd=tmp_path)
    assert outcome.code == 3
    assert 'job.py: has another name (hard links), and hard-links = "refuse" is set' in outcome.stderr
    assert path.read_text() == SCRIPT
    _written(tmp_path, '[tool.pymodernize]\nhard-links = "break"\n')
    assert "job.py: has another name" in invoke("--apply", "job.py", cwd=tmp_path).stderr
    assert (path.read_text() == SCRIPT, (tmp_path / "other").read_text()) == (False, SCRIPT)


# --- the settings of each file --------------------------------------------------------------------------------------

LEGACY = """\
import os


def f(x):
    try:
        return x[1]
    except:
        return os.sep


os.umask(0o022)
print("done %s" % f([1]))
print("so far")
print("so good")
print("that is all")
"""


@pytest.fixture
def folders(tmp_path: Path) -> Path:
    """Two folders of which the second has settings, and a folder in that with settings of its own."""
    for name in ("a", "b", "b/inner", "b/inner/old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "script.py").write_text(LEGACY)
    (tmp_path / "b" / "pyproject.toml").write_text('[tool.pymodernize]\nselect = ["bare-except"]\n')
    inner = '[tool.pymodernize]\nselect = ["print-to-logging"]\nassume = ["all"]\nextend-exclude = ["old"]\n'
    (tmp_path / "b" / "inner" / "pyproject.toml").write_text(inner)
    (tmp_path / "b" / "inner" / "old" / "other.py").write_text(LEGACY)
    return tmp_path


def codemods(folder: Path, *paths: str) -> dict[str, set[str]]:
    """For each file that a run reports on, the codemods that found something."""
    document = json.loads(invoke("--format", "json", *paths, cwd=folder).stdout)
    return {
        Path(item["path"]).as_posix().removeprefix("./"): {finding["codemod"] for finding in item["findings"]}
        for item in document["files"]
    }


def test_the_nearest_settings_hold_whatever_is_named_beside_a_file(folders: Path):
    alone = codemods(folders, "b/script.py")
    assert alone == {"b/script.py": {"bare-except"}}
    together = codemods(folders, "a/script.py", "b/script.py", "b/inner/script.py")
    assert together["b/script.py"] == alone["b/script.py"]
    assert together["b/inner/script.py"] == {"print-to-logging"}
    assert together["a/script.py"] > {"bare-except", "print-to-logging"}


def test_settings_of_a_folder_further_down_hold_there(folders: Path):
    found = codemods(folders, ".")
    assert found.keys() == {"a/script.py", "b/script.py", "b/inner/script.py"}, "the inner settings leave old/ out"
    assert found["b/inner/script.py"] == {"print-to-logging"}
    assert found["b/script.py"] == {"bare-except"}


def test_one_settings_file_that_is_given_holds_for_all(folders: Path):
    found = codemods(folders, "--config", "b/pyproject.toml", "a/script.py", "b/inner/script.py")
    assert set().union(*found.values()) == {"bare-except"}


def test_wrong_settings_further_down_are_said_before_anything_is_written(folders: Path):
    (folders / "b" / "inner" / "pyproject.toml").write_text("[tool.pymodernize]\nselct = []\n")
    outcome = invoke("--apply", ".", cwd=folders)
    assert outcome.code == 2
    assert "unknown key 'selct'" in outcome.stderr
    assert (folders / "a" / "script.py").read_text() == LEGACY


def test_apply_writes_by_the_settings_of_each_file(folders: Path):
    assert invoke("--apply", "a", "b/script.py", cwd=folders).code == 0
    assert "logg" not in (folders / "b" / "script.py").read_text()
    assert "logg" in (folders / "a" / "script.py").read_text()
