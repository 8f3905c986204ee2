"""Settings that take in those of another file, and what is shown of where values are from."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from commands import CLEAN, invoke, script

from pymodernize.files.discover import Excluded, discover
from pymodernize.settings import load_settings
from pymodernize.settings.lines import key_lines, line_of

NAMES = ("print-to-logging", "bare-except")


def _file(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"[tool.pymodernize]\n{text}")
    return path


def _shown(cwd: Path, file: str, *options: str) -> dict[str, Any]:
    """What is said of a file, with the values by their keys."""
    outcome = invoke("--show-settings", file, "--format", "json", *options, cwd=cwd)
    assert outcome.code == 0, outcome.stderr
    document = json.loads(outcome.out)
    return {**document, "values": {item.pop("key"): item for item in document["values"]}}


# --- what a file takes in -------------------------------------------------------------------------------------------


def test_the_file_itself_wins_key_by_key(tmp_path: Path) -> None:
    _file(tmp_path / "top.toml", 'style = "standard"\nhide = ["kept"]\nhistory-size = 5\n')
    base = 'extend = "top.toml"\nstyle = "plain"\nignore = ["bare-except"]\nprint-to-logging.logger = "a"\n'
    _file(tmp_path / "base.toml", f'{base}print-to-logging.data = "convert"\n')
    own = _file(tmp_path / "x" / "pyproject.toml", 'extend = "../base.toml"\nprint-to-logging.logger = "b"\n')
    found = load_settings(own, NAMES)
    assert (found.style, found.hide, found.ignore, found.history_size) == ("plain", ("kept",), ("bare-except",), 5)
    assert found.codemods == {"print-to-logging": {"logger": "b", "data": "convert"}}
    assert found.extended == (tmp_path / "base.toml", tmp_path / "top.toml")


@pytest.mark.parametrize(
    ("own", "words"),
    [
        ('["+no-symlinks"]', ("none", "+no-symlinks")),
        ('["-tidy-paths"]', ("none", "-tidy-paths")),
        ('["all"]', ("all",)),
    ],
)
def test_an_assumption_with_a_sign_is_added(tmp_path: Path, own: str, words: tuple[str, ...]) -> None:
    _file(tmp_path / "base.toml", 'assume = ["none"]\n')
    path = _file(tmp_path / "pyproject.toml", f'extend = "base.toml"\nassume = {own}\n')
    assert load_settings(path, NAMES).assume == words


def test_patterns_are_those_of_the_file_that_they_stand_in(tmp_path: Path) -> None:
    _file(tmp_path / "base.toml", '[tool.pymodernize.per-file-ignores]\n"/a/old/*" = ["print-to-logging"]\n')
    _file(
        tmp_path / "a" / "pyproject.toml",
        'extend = "../base.toml"\n[tool.pymodernize.per-file-ignores]\n"/new/*" = ["print-to-logging"]\n',
    )
    for name in ("a/old/job.py", "a/new/job.py", "a/job.py", "a/a/old/job.py"):
        script(tmp_path, name)
    changed = [line[6:] for line in invoke("a", cwd=tmp_path).out.splitlines() if line.startswith("+++ ")]
    assert sorted(changed) == ["a/a/old/job.py", "a/job.py"]


def test_what_is_left_out_adds_up(tmp_path: Path) -> None:
    _file(tmp_path / "base.toml", 'extend-exclude = ["/a/old/"]\n')
    _file(tmp_path / "a" / "pyproject.toml", 'extend = "../base.toml"\nextend-exclude = ["/new/"]\n')
    for name in ("a/old/job.py", "a/new/job.py", "a/job.py", "a/x/new/job.py"):
        script(tmp_path, name)
    for folder in ("a", "."):
        changed = [line[6:] for line in invoke(folder, cwd=tmp_path).out.splitlines() if line.startswith("+++ ")]
        assert changed == ["a/job.py", "a/x/new/job.py"], folder


def test_patterns_of_a_folder_further_down_speak_of_nothing_else(tmp_path: Path) -> None:
    for name in ("job.py", "a/job.py"):
        script(tmp_path, name)
    found = discover([str(tmp_path)], [Excluded(("/job.py",), tmp_path / "a")])
    assert found.files == [tmp_path / "job.py"]


def test_codemods_are_left_out_beside_the_others(tmp_path: Path) -> None:
    _file(
        tmp_path / "pyproject.toml",
        'ignore = ["main-guard"]\n'
        '[tool.pymodernize.per-file-ignores]\n"a/" = ["bare-except"]\n"*.py" = ["exit-codes"]\n',
    )
    assert _shown(tmp_path, "a/x.py")["values"]["ignore"]["value"] == ["main-guard", "bare-except", "exit-codes"]
    assert _shown(tmp_path, "x.py")["values"]["ignore"]["value"] == ["main-guard", "exit-codes"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('extend = "none.toml"', "extend: {folder}/none.toml does not exist"),
        ('extend = "pyproject.toml"', "extend: goes round in a circle: {folder}/pyproject.toml -> {folder}/pyproj"),
        ('extend = "./sub/../pyproject.toml"', "extend: goes round in a circle"),
        ('extend = "back.toml"', "circle: {folder}/pyproject.toml -> {folder}/back.toml -> {folder}/pyproject.toml"),
        ('extend = "itself.toml"', "{folder}/itself.toml: extend: goes round in a circle: {folder}/itself.toml -> "),
        ('extend = "a0.toml"', "extend: more than 20 files take in one another"),
        ('extend = "sub"', "extend: {folder}/sub is not a regular file"),
        ('extend = "pipe"', "extend: {folder}/pipe is not a regular file"),
        ('extend = "broken.toml"', "{folder}/broken.toml: is not TOML"),
        ('extend = "plain.toml"', "extend: {folder}/plain.toml has no [tool.pymodernize]"),
        ('extend = "wrong.toml"', "{folder}/wrong.toml: unknown key 'selct'; did you mean 'select'?"),
        ('extend = "named.toml"', "{folder}/named.toml: no codemod is called 'bare-exept'; did you mean"),
        ('extend = "option.toml"', "{folder}/option.toml: [tool.pymodernize.print-to-logging]: unknown key 'dota'"),
        ('extend = "assume.toml"', "{folder}/assume.toml: assume: no assumption is called 'tidy'"),
        ('extend = "large.toml"', "extend: {folder}/large.toml is larger than the limit of 500000 bytes"),
        ('extend = "/etc/base.toml"', "'/etc/base.toml' must be a path from the folder of this file"),
        ("extend = 3", "extend: must be a string, the path of a file"),
        ('extend = ""', "extend: must be a string, the path of a file"),
        (r'extend = "a\u0000b"', "extend: must be a string, the path of a file"),
        ("per-file-ignores = []", "per-file-ignores: must be a table of patterns"),
        ("per-file-ignores.'a' = 'x'", "per-file-ignores.'a': must be a list of strings"),
        ("per-file-ignores.'a' = ['bare-exept']", "per-file-ignores.'a': no codemod is called 'bare-exept'; did you"),
        ("per-file.'a'.select = ['bare-exept']", "per-file.'a': select: no codemod is called 'bare-exept'"),
    ],
)
def test_what_is_wrong_costs_one_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "sub").mkdir()
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "plain.toml").write_text("[tool.ruff]\n")
    (tmp_path / "broken.toml").write_text("[tool\n")
    (tmp_path / "large.toml").write_text("a = 1\n" * 100_000)
    others = {
        "back": 'extend = "pyproject.toml"',
        "itself": 'extend = "itself.toml"',
        "wrong": "selct = []",
        "named": 'ignore = ["bare-exept"]',
        "option": "print-to-logging.dota = 1",
        "assume": 'assume = ["tidy"]',
        **{f"a{number}": f'extend = "a{number + 1}.toml"' for number in range(30)},
    }
    for name, content in others.items():
        _file(tmp_path / f"{name}.toml", f"{content}\n")
    _file(tmp_path / "pyproject.toml", f"{text}\nprint-to-logging.logger = 'x'\n")
    script(tmp_path, text=CLEAN)
    outcome = invoke("job.py", cwd=tmp_path)
    assert outcome.code == 2
    assert said.format(folder=tmp_path) in outcome.stderr
    (line,) = [line for line in outcome.stderr.splitlines() if line.startswith("Error:")]
    assert outcome.stderr.endswith(f"{line}\n")


def test_settings_lead_no_further_than_their_repository(tmp_path: Path) -> None:
    _file(tmp_path / "base.toml", 'ignore = ["print-to-logging"]\n')
    inside = tmp_path / "repository"
    (inside / ".git").mkdir(parents=True)
    _file(inside / "near.toml", 'ignore = ["bare-except"]\n')
    (inside / "link.toml").symlink_to(tmp_path / "base.toml")
    own = inside / "x" / "pyproject.toml"
    script(inside / "x")
    for text, is_right in (("../near.toml", True), ("../../base.toml", False), ("../link.toml", False)):
        _file(own, f'extend = "{text}"\n')
        outcome = invoke("job.py", cwd=inside / "x")
        assert outcome.code == (0 if is_right else 2)
        assert is_right or f"{text!r} leads out of the repository {inside}" in outcome.stderr
    (inside / ".git").rmdir()
    _file(own, 'extend = "../../base.toml"\n')
    assert b"logger" not in invoke("job.py", cwd=inside / "x").stdout


def test_undo_knows_the_size_that_is_taken_in(tmp_path: Path) -> None:
    _file(tmp_path / "base.toml", "history-size = -1\n")
    _file(tmp_path / "pyproject.toml", 'extend = "base.toml"\n')
    from pymodernize.settings import SettingsError, load_history_size

    with pytest.raises(SettingsError, match=r"base.toml: history-size: must be a positive number of bytes"):
        load_history_size(tmp_path / "pyproject.toml")


# --- what is shown --------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with settings of all kinds."""
    (tmp_path / ".git").mkdir()
    _file(tmp_path / "base.toml", 'assume = ["usual"]\nextend-exclude = [\n  "old/",\n]\n')
    (tmp_path / "pyproject.toml").write_text(
        '[project]\ndescription = """\n[tool.pymodernize]\nassume = 3\n"""\n\n[tool.pymodernize]  # ours\n'
        'extend = "base.toml"\nassume = [ # more\n "+no-symlinks" ]\nprint-to-logging = { logger = "log" }\n'
        '[tool.pymodernize.per-file-ignores]\n"tests/**" = ["bare-except"]\n'
        '[tool.pymodernize.per-file."tests/**"]\nstyle = "standard"\n'
    )
    return tmp_path


def test_where_values_are_from(project: Path) -> None:
    found = _shown(project, "tests/x.py", "--target-version", "py311", "--assume", "+tidy-paths")
    assert (found["settings"], found["extends"], found["path"]) == ("pyproject.toml", ["base.toml"], "tests/x.py")
    assert "bare-except" not in found["codemods"]
    assert {"no-symlinks", "tidy-paths"} <= set(found["assumptions"]["accepted"])

    def place(path: str, line: int, pattern: str | None = None) -> dict[str, Any]:
        return {"path": path, "line": line, "pattern": pattern}

    values = found["values"]
    assert values["assume"] == {
        "value": ["usual", "+no-symlinks", "+tidy-paths"],
        "from": [place("base.toml", 2), place("pyproject.toml", 9), {"option": "--assume"}],
    }
    assert values["extend-exclude"] == {"value": ["old/"], "from": [place("base.toml", 3)]}
    assert values["target-version"] == {"value": "py311", "from": [{"option": "--target-version"}]}
    assert values["style"] == {"value": "standard", "from": [place("pyproject.toml", 15, "tests/**")]}
    assert values["ignore"] == {"value": ["bare-except"], "from": [place("pyproject.toml", 13, "tests/**")]}
    assert values["print-to-logging.logger"] == {"value": "log", "from": [place("pyproject.toml", 11)]}
    assert values["print-to-logging.data"] == {"value": "keep", "from": []}
    assert values["per-file"]["from"] == [place("pyproject.toml", 14)]


def test_people_are_shown_a_line_for_each(project: Path) -> None:
    outcome = invoke("--show-settings", "tests/x.py", cwd=project)
    assert outcome.out.startswith(
        "tests/x.py: settings of pyproject.toml, which extends base.toml\ncodemods: argparse-"
    )
    rows = {line.split()[0]: line for line in outcome.out.splitlines()[5:]}
    assert rows["style"].split() == ["style", '"standard"', "pyproject.toml:15", "(files", "tests/**)"]
    assert rows["hard-links"].endswith("default")
    nothing = invoke("--show-settings", "x.py", "--config", "/dev/null", cwd=project)
    assert "settings of /dev/null" in nothing.out
    (project / "pyproject.toml").unlink()
    assert "x.py: no settings file: the defaults hold" in invoke("--show-settings", "x.py", cwd=project).out


@pytest.mark.parametrize(
    ("options", "style", "place"),
    [
        (("--style", "standard"), "standard", {"option": "--style"}),
        (("--profile", "standard"), "standard", {"option": "--profile"}),
        ((), "standard", {"path": "pyproject.toml", "line": 2, "pattern": None}),
        (("--profile", "plain"), "plain", {"option": "--profile"}),
    ],
)
def test_a_style_may_be_that_of_a_profile(
    tmp_path: Path, options: tuple[str, ...], style: str, place: dict[str, Any]
) -> None:
    _file(tmp_path / "pyproject.toml", 'profile = "standard"\n')
    assert _shown(tmp_path, "x.py", *options)["values"]["style"] == {"value": style, "from": [place]}


def test_it_goes_with_nothing_that_works_on_files(project: Path) -> None:
    for options, said in (
        (("x.py",), "goes with no path but its own, which stands right behind it"),
        (("--apply",), "goes with no --apply"),
        (("--format", "sarif"), "has no --format sarif"),
        (("--select", "bare-exept"), "did you mean 'bare-except'?"),
    ):
        outcome = invoke("--show-settings", "x.py", *options, cwd=project)
        assert outcome.code == 2
        assert said in " ".join(outcome.stderr.split())


@pytest.mark.parametrize(
    ("text", "keys", "line"),
    [
        ("a = 1\nb = 2\n", ("b",), 2),
        ("\r\n# c = 1\r\n[x]\r\nc = 3\r\n", ("x", "c"), 4),
        ("a = [\n 1, # ]\n '''\nb = 2''', [3],\n]\nb = 1\n", ("b",), 6),
        ('a = """x\\"""\nb = 3\n""""\nb = 1\n', ("b",), 4),
        ("a = '''it's''''\nb = 1\n", ("b",), 2),
        ("[\"x.y\".'z']\nb.c = 1", ("x.y", "z", "b", "c"), 2),
        ("a = { b = 1, c = 'x#' } # d\n", ("a", "c"), 1),
        ("[[t]]\na = 1\n[[t]]\na = 2\n", ("t", "a"), 2),
        ("[a.b]\nc = 1\n", ("a",), 1),
        ("a = 1\n", ("b",), None),
        ('"b\\u0020c" = 1\n', ("b c",), 1),
        ("[a\n= = 1\n", ("z",), None),
        ("a = '''never ends\n", ("a",), 1),
    ],
)
def test_lines_of_keys(text: str, keys: tuple[str, ...], line: int | None) -> None:
    assert line_of(key_lines(text), keys) == line
