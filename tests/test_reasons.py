"""Codes of reasons: what they are, how they are listed, hidden and suppressed."""

from __future__ import annotations

import copy
import json
from pathlib import Path

from commands import invoke, script
from running import installed

from pymodernize.reasons import ENGINE, Reason, code_of
from pymodernize.settings.planning import known_assumptions

TALK = 'def main():\n    print("Your name?")\n    print("Hello", input())\n\n\nif __name__ == "__main__":\n    main()\n'


def test_a_reason_is_kept_by_exceptions_and_copies():
    reason = Reason("dialogue", "it asks")
    assert code_of(ValueError(reason)) == code_of(str(ValueError(reason))) == "dialogue"
    copied = copy.deepcopy(reason)
    assert (copied, copied.code) == ("it asks", "dialogue")
    assert code_of("it asks") == ""
    assert code_of(KeyError(), "other") == "other"


def test_no_code_has_two_meanings():
    for name, codemod in installed().items():
        assert not codemod.reasons.keys() & ENGINE.keys(), name
        assert not codemod.reasons.keys() & known_assumptions(installed().values()).keys(), name
        for sentence in codemod.reasons.values():
            assert sentence[0].isupper() and sentence.endswith("."), sentence
        assert codemod.on_purpose <= codemod.reasons.keys(), name


def test_all_are_listed(tmp_path: Path):
    listed = invoke("rules", "--reasons", cwd=tmp_path).out
    for codes in (ENGINE, *(codemod.reasons for codemod in installed().values())):
        for code, sentence in codes.items():
            assert f"  {code} " in listed
            assert sentence in listed


def codes(folder: Path, *arguments: str) -> list[str]:
    """The codes of the findings of print-to-logging in a run."""
    outcome = invoke("--select", "print-to-logging", "--format", "json", *arguments, ".", cwd=folder)
    assert outcome.code == 0, outcome.stderr
    files = json.loads(outcome.out)["files"]
    return [finding["code"] for item in files for finding in item["findings"]]


def test_a_setting_hides_what_is_left_for_a_reason(tmp_path: Path):
    script(tmp_path, text=TALK)
    assert codes(tmp_path) == ["dialogue", "dialogue"]
    (tmp_path / "pyproject.toml").write_text('[tool.pymodernize]\nhide = ["dialogue"]\n')
    assert codes(tmp_path) == []


def test_a_comment_hides_one_place(tmp_path: Path):
    script(tmp_path, text=TALK.replace('name?")', 'name?")  # pymodernize: ignore[dialogue]'))
    assert codes(tmp_path) == ["dialogue"]


def test_an_unknown_code_is_refused_with_the_nearest(tmp_path: Path):
    script(tmp_path, text=TALK)
    (tmp_path / "pyproject.toml").write_text('[tool.pymodernize]\nhide = ["dialog"]\n')
    outcome = invoke(".", cwd=tmp_path)
    assert outcome.code == 2
    assert "hide: no reason has the code 'dialog'; did you mean 'dialogue'?" in outcome.stderr


def test_settings_of_some_files_only(tmp_path: Path):
    for name in ("a/job.py", "b/job.py", "c/job.py"):
        (tmp_path / name).parent.mkdir()
        script(tmp_path, name=name, text=TALK)
    (tmp_path / "pyproject.toml").write_text(
        "[tool.pymodernize.per-file.'a/']\nhide = ['dialogue']\n"
        "[tool.pymodernize.per-file.'b/*.py']\nignore = ['print-to-logging']\n"
    )
    files = json.loads(invoke("--format", "json", ".", cwd=tmp_path).out)["files"]
    found = {item["path"] for item in files for finding in item["findings"] if finding["code"] == "dialogue"}
    assert found == {"c/job.py"}


def test_assumptions_of_some_files_only(tmp_path: Path):
    text = "import os\nimport sys\n\nname = os.path.join(sys.argv[1], 'a')\nprint(os.path.exists(name), name)\n"
    for name in ("a.py", "b.py"):
        script(tmp_path, name=name, text=text)
    (tmp_path / "pyproject.toml").write_text("[tool.pymodernize.per-file.'a.py']\nassume = ['none']\n")
    arguments = ("--select", "os-path-to-pathlib", "--format", "json", ".")
    files = json.loads(invoke(*arguments, cwd=tmp_path).out)["files"]
    assert {item["path"]: item["changed"] for item in files} == {"a.py": False, "b.py": True}
    outcome = invoke(
        "--select", "os-path-to-pathlib", "--stdin-filename", "a.py", "-", cwd=tmp_path, stdin=text.encode()
    )
    assert "Path" not in outcome.out


def test_wrong_tables_are_refused(tmp_path: Path):
    script(tmp_path)
    for table, said in (
        ("per-file = 1", "must be tables"),
        ("per-file.'a' = 1", "must be tables"),
        ("per-file.'a'.history-size = 1", "unknown key 'history-size'; what may differ by file: select"),
        ("per-file.'a'.assum = ['none']", "did you mean 'assume'?"),
        (f"per-file.'{'*a' * 12_000}'.hide = []", "bytes of patterns with wildcards"),
    ):
        (tmp_path / "pyproject.toml").write_text(f"[tool.pymodernize]\n{table}\n")
        outcome = invoke(".", cwd=tmp_path)
        assert outcome.code == 2
        assert said in outcome.stderr
