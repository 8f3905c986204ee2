"""``pymodernize audit`` as a person and a program call it: text, formats, exit codes, fixes, undo, settings."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from auditing import PACKAGE, make
from commands import invoke, spawn

from pymodernize.commands import audit as command
from pymodernize.report import FORMATS

SHORT = {
    **PACKAGE,
    "pyproject.toml": PACKAGE["pyproject.toml"] + '\n[tool.ruff]\ntarget-version = "py39"\n',
    "LICENSE": "MIT\n",
    "README.md": "pip install orbit\n",
}
"""Falls short of P2 in several ways, with a fix for each; of P10 in a file that is not there."""
P2 = ("--select", "P2-line-length,P2-target,P2-rules,P10-makefile,P9-digest,P1-license")


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".pymodernize" not in path.parts and ".git" not in path.parts
    }


def test_a_preview_shows_what_falls_short_and_the_diff(tmp_path: Path) -> None:
    make(tmp_path, SHORT)
    before = contents(tmp_path)
    done = spawn("audit", *P2, cwd=tmp_path)
    assert done.code == 0
    assert contents(tmp_path) == before
    said = done.stderr.splitlines()
    assert said[0] == (
        "pyproject.toml:11: P2-line-length: ruff is told no line length - say line-length = 88, which holds without it"
    )
    assert (
        "Makefile: P10-makefile: there is no Makefile - have make "
        "help list what can be done, and make test run the tests"
    ) in said
    assert "not applicable: P9-digest: there is no Dockerfile" in said
    assert "6 checks: 1 holds; 4 fall short in 4 places, 4 with a fix; 1 does not apply." in said
    assert said[-1] == (
        "Write the fixes:  pymodernize audit --apply "
        "--select=P2-line-length,P2-target,P2-rules,P10-makefile,P9-digest,P1-license"
    )
    assert '-target-version = "py39"\n+line-length = 88\n+target-version = "py310"\n' in done.out
    assert "--- /dev/null\n+++ b/Makefile\n@@ -0,0 +1," in done.out


def test_the_diff_is_one_that_git_applies_and_apply_writes_the_same(tmp_path: Path) -> None:
    folder, other = make(tmp_path / "a", SHORT), make(tmp_path / "b", SHORT)
    diff = spawn("audit", *P2, cwd=folder).out
    subprocess.run(["git", "apply", "-"], cwd=other, input=diff.encode(), check=True)
    done = invoke("audit", "--apply", *P2, cwd=folder)
    assert done.code == 0
    assert contents(folder) == contents(other)
    assert done.stderr.splitlines()[-2:] == [
        "2 files were written; pymodernize undo takes them back",
        "Take it back:  pymodernize undo",
    ]
    assert (folder / "Makefile").stat().st_mode & 0o111 == 0


def test_a_second_run_changes_nothing_and_undo_takes_all_back(tmp_path: Path) -> None:
    make(tmp_path, SHORT)
    before = contents(tmp_path)
    assert invoke("audit", "--apply", cwd=tmp_path).code == 0
    after = contents(tmp_path)
    assert after.keys() - before.keys() == {"Makefile"}
    again = invoke("audit", "--apply", cwd=tmp_path)
    assert again.code == 0
    assert "were written" not in again.stderr
    assert contents(tmp_path) == after
    assert invoke("undo", cwd=tmp_path).code == 0
    assert contents(tmp_path) == before


def test_a_fix_that_waits_for_the_file_that_another_makes(tmp_path: Path) -> None:
    setup = "from setuptools import setup\n\nsetup(name='orbit', python_requires='>=3.9')\n"
    make(tmp_path, {"setup.py": setup, "orbit/__init__.py": "", "tests/test_a.py": "import pytest\n"})
    assert invoke("audit", "--apply", "--select", "P2,P3,P7", cwd=tmp_path).code == 0
    text = (tmp_path / "pyproject.toml").read_text()
    assert text.startswith("[build-system]\n")
    assert "[tool.ruff]\n" in text
    assert '[tool.pyright]\ninclude = ["orbit"]\n' in text
    assert invoke("audit", "--select", "P2,P3,P7", cwd=tmp_path).out == ""
    assert invoke("undo", cwd=tmp_path).code == 0
    assert not (tmp_path / "pyproject.toml").exists()


def test_the_same_fixes_whatever_the_line_ends(tmp_path: Path) -> None:
    text = SHORT["pyproject.toml"].replace("\n", "\r\n")
    make(tmp_path, {**SHORT, "pyproject.toml": text, ".gitignore": "\ufeff*.pyc\r\n"})
    assert invoke("audit", "--apply", *P2, cwd=tmp_path).code == 0
    new = (tmp_path / "pyproject.toml").read_bytes()
    assert b'[tool.ruff]\r\nline-length = 88\r\ntarget-version = "py310"\r\n' in new
    assert b"\n" not in new.replace(b"\r\n", b"")
    assert invoke("audit", "--apply", "--select", "P12-env-ignored", cwd=tmp_path).code == 0
    assert (tmp_path / ".gitignore").read_bytes() == b"\xef\xbb\xbf*.pyc\r\n.env\r\n"


def test_a_file_of_mixed_line_ends_is_left(tmp_path: Path) -> None:
    make(tmp_path, {**SHORT, "pyproject.toml": SHORT["pyproject.toml"].replace("\n", "\r\n", 1)})
    done = invoke("audit", "--select", "P2-target", cwd=tmp_path)
    assert done.out == ""
    assert "1 falls short in 1 place, 0 with a fix." in done.stderr


def test_no_link_is_followed_to_write_or_out_of_the_project(tmp_path: Path) -> None:
    folder = make(tmp_path / "a", {**SHORT, "pyproject.toml": None})
    outside = tmp_path / "pyproject.toml"
    outside.write_text(SHORT["pyproject.toml"])
    (folder / "pyproject.toml").symlink_to(outside)
    done = invoke("audit", "--apply", cwd=folder)
    assert done.code == 3
    assert "pyproject.toml: leads out of the project" in done.stderr
    assert outside.read_text() == SHORT["pyproject.toml"]
    (folder / "pyproject.toml").unlink()
    make(folder, {"real.toml": SHORT["pyproject.toml"]})
    (folder / "pyproject.toml").symlink_to("real.toml")
    assert invoke("audit", "--apply", "--select", "P2", cwd=folder).code == 0
    assert (folder / "real.toml").read_text() == SHORT["pyproject.toml"]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("pyproject.toml", "= broken"),
        ("pyproject.toml", "\x00"),
        ("setup.cfg", "no section = 1\n"),
        ("pyrightconfig.json", "[" * 100_000),
        (".pre-commit-config.yaml", "a: [" * 2000),
        (".pre-commit-config.yaml", "a: &a [x]\nb: *c\n"),
        (".pre-commit-config.yaml", "a: b\n" * 60_000),
        ("ruff.toml", "x" * 600_000),
        ("README.md", "x" * 1_100_000),
    ],
)
def test_what_cannot_be_read_costs_one_line(tmp_path: Path, name: str, text: str) -> None:
    make(tmp_path, {**SHORT, name: text})
    done = spawn("audit", "--check", cwd=tmp_path)
    assert done.code == 3
    assert "Traceback" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if line.startswith(f"{name}: ")]) == 1, done.stderr
    assert "not applicable: " in done.stderr


def test_sources_need_not_be_text_or_python_3(tmp_path: Path) -> None:
    make(
        tmp_path,
        {**SHORT, ".env": "", "old.py": "import os\nprint os.environ['X']\n", "tests/test_old.py": "x"},
        repository=True,
    )
    for name in ("latin.py", "tests/test_latin.py", "environ.py"):
        (tmp_path / name).write_bytes(b"# getenv \xe9\n")
    done = invoke("audit", cwd=tmp_path)
    assert done.code == 0
    assert "P12-example" in done.stderr


def test_a_bomb_of_merge_keys_ends(tmp_path: Path) -> None:
    lines = ["a0: &a0 {" + ", ".join(f"k{number}: x" for number in range(50)) + "}"]
    lines += [f"a{number}: &a{number} {{<<: [{', '.join([f'*a{number - 1}'] * 50)}]}}" for number in range(1, 8)]
    make(tmp_path, {".pre-commit-config.yaml": "\n".join(lines) + "\n"})
    done = spawn("audit", "--select", "P4", cwd=tmp_path)
    assert done.code == 3
    assert "merges more than a settings file has" in done.stderr


def test_check_says_by_its_exit_code_whether_the_project_falls_short(tmp_path: Path) -> None:
    make(tmp_path, SHORT)
    short = invoke("audit", "--check", *P2, cwd=tmp_path)
    assert (short.code, short.out) == (1, "")
    assert invoke("audit", "--check", "--select", "P1-license", cwd=tmp_path).code == 0
    assert invoke("audit", "--check", "--select", "P2-more-rules", cwd=tmp_path).code == 0, "advice"
    assert "recommended: " in invoke("audit", "--select", "P2-more-rules", cwd=tmp_path).stderr
    assert "--- a/pyproject.toml" in invoke("audit", "--check", "--diff", "--select", "P2-target", cwd=tmp_path).out
    assert invoke("audit", "--quiet", "--check", *P2, cwd=tmp_path).stderr == ""
    assert "holds: P1-license: The licence stands" in invoke("audit", "-v", *P2, cwd=tmp_path).stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--select", "P1-licence"], "no check is called 'P1-licence'; did you mean 'P1-license'?"),
        (["--ignore", "xx"], "no check is called 'xx'; the rows: P1, P2, P3"),
        (["--apply", "--check"], "--apply and --check exclude each other"),
        (["--select", ","], "it names nothing"),
        (["nowhere"], "does not exist"),
        (["--output", "json"], "is not FORMAT:FILE"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, arguments: list[str], message: str) -> None:
    done = invoke("audit", *arguments, cwd=tmp_path)
    assert done.code == 2
    assert message in done.stderr


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("audit = 1", "audit: must be a table"),
        ("audit = {ignor = []}", "unknown key 'ignor'; did you mean 'ignore'?"),
        ("audit = {select = 'P1'}", "audit.select: must be a list of strings"),
        ("audit = {ignore = [1]}", "audit.ignore: must be a list of strings, or a table"),
        ("audit = {ignore = {P1 = 1}}", "audit.ignore: must be a list of strings, or a table"),
        ("audit = {ignore = ['P99']}", "no check is called 'P99'"),
    ],
)
def test_wrong_settings_are_refused(tmp_path: Path, table: str, message: str) -> None:
    make(tmp_path, {"pyproject.toml": f"[tool.pymodernize]\n{table}\n"})
    done = invoke("audit", cwd=tmp_path)
    assert done.code == 2
    assert message in done.stderr


def test_settings_choose_checks_and_say_why_one_is_left(tmp_path: Path) -> None:
    settings = (
        '\n[tool.pymodernize.audit]\nselect = ["P2", "P10-makefile"]\nignore = {P2-rules = "Black does it", P10 = ""}\n'
    )
    make(tmp_path, {**SHORT, "pyproject.toml": SHORT["pyproject.toml"] + settings})
    done = invoke("audit", "--ignore", "P2-ruff", cwd=tmp_path)
    assert "not applicable: P2-rules: ignored: Black does it" in done.stderr
    assert "not applicable: P2-ruff, P10-makefile: ignored\n" in done.stderr
    assert "6 checks: " in done.stderr
    assert "1 check: " in invoke("audit", "--select", "P1-license", cwd=tmp_path).stderr, "options win"
    listed = '\n[tool.pymodernize.audit]\nignore = ["P2", "P10"]\n'
    (tmp_path / "pyproject.toml").write_text(SHORT["pyproject.toml"] + listed)
    assert "ignored" in invoke("audit", cwd=tmp_path).stderr
    assert invoke("--show-settings", "src/orbit/__init__.py", cwd=tmp_path).code == 0


def test_json_has_each_finding_the_fix_and_what_does_not_apply(tmp_path: Path) -> None:
    make(tmp_path, SHORT)
    done = invoke("audit", "--format", "json", *P2, cwd=tmp_path)
    document = json.loads(done.out)
    assert (document["version"], document["applied"]) == (2, False)
    files = {item["path"]: item for item in document["files"]}
    target = next(item for item in files["pyproject.toml"]["findings"] if item["codemod"] == "P2-target")
    assert (target["line"], target["column"], target["end_line"], target["end_column"]) == (12, 1, 12, 24)
    assert (target["status"], target["code"], target["reason"]) == (
        "applied",
        "falls-short",
        'say target-version = "py310"',
    )
    assert target["edits"] == [{"line": 12, "column": 22, "end_line": 12, "end_column": 23, "text": "10"}]
    assert files["Makefile"]["changed"]
    assert files["Makefile"]["diff"].startswith("--- /dev/null\n")
    kept = [item for item in files["."]["findings"] if item["status"] == "kept"]
    assert [(item["codemod"], item["code"], item["reason"]) for item in kept] == [
        ("P9-digest", "not-applicable", "there is no Dockerfile")
    ]


def test_sarif_has_rules_places_and_fixes(tmp_path: Path) -> None:
    make(tmp_path, SHORT)
    invoke("audit", "-q", "--output", "sarif:audit.sarif", *P2, cwd=tmp_path)
    (run,) = json.loads((tmp_path / "audit.sarif").read_text())["runs"]
    rules = {rule["id"]: rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"]}
    assert rules["P2-rules"] == "At least the rules E, F, W and I are selected."
    found = {result["ruleId"]: result for result in run["results"]}
    assert found.keys() == {"P2-line-length", "P2-target", "P2-rules", "P10-makefile"}
    place = found["P2-target"]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "pyproject.toml"
    assert place["region"]["startLine"] == 12
    assert found["P10-makefile"]["fixes"][0]["artifactChanges"][0]["replacements"][0]["deletedRegion"]["startLine"] == 1


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_takes_an_audit(tmp_path: Path, name: str) -> None:
    make(tmp_path, {**SHORT, "ruff.toml": "="})
    done = spawn("audit", "--format", name, cwd=tmp_path)
    assert done.code == 3
    assert done.out or name == "patch"
    assert "Traceback" not in done.stderr


def test_a_check_that_fails_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from auditing import checks

    from pymodernize.audit.audit_check import audit_check
    from pymodernize.audit.packs import Row

    @audit_check("P1-broken")
    def broken(project):  # noqa: ANN001, ANN202
        """It works."""
        raise ZeroDivisionError("oh")
        yield

    monkeypatch.setattr(command, "rows", lambda: [Row("P1", "x", (broken, checks()["P1-license"]))])
    done = invoke("audit", "-v", cwd=make(tmp_path, SHORT))
    assert done.code == 4
    assert "P1-broken: the check failed - ZeroDivisionError: oh" in done.stderr
    assert "1 failed." in done.stderr
    assert "Traceback" in done.stderr


def test_a_fix_that_cannot_be_written_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, SHORT)
    real = command.apply

    def late(reports, *arguments, **options):  # noqa: ANN001, ANN002, ANN003, ANN202
        (tmp_path / "Makefile").write_text("all:\n")
        return real(reports, *arguments, **options)

    monkeypatch.setattr(command, "apply", late)
    done = invoke("audit", "--apply", "--select", "P10-makefile", cwd=tmp_path)
    assert done.code == 3
    assert "Makefile: has appeared since it was looked for" in done.stderr
    assert (tmp_path / "Makefile").read_text() == "all:\n"


def test_a_project_below_the_top_of_a_repository(tmp_path: Path) -> None:
    make(tmp_path, {f"part/{name}": text for name, text in SHORT.items()} | {".gitignore": ".env\n"}, repository=True)
    done = invoke("audit", "--select", "P4,P5,P6,P12,P1-license", "part", cwd=tmp_path)
    assert done.code == 0
    assert "not applicable: P12-gitignore: the .gitignore of the repository stands above it" in done.stderr
    assert done.out == "", "no fix leaves the project's folder"


def test_other_commands_do_not_load_it(tmp_path: Path) -> None:
    (tmp_path / "job.py").write_text("value = 1\n")
    code = (
        "import sys\nfrom pymodernize.cli import main\n"
        "try:\n    main(['--check', 'job.py'])\nexcept SystemExit:\n    pass\n"
        "print([name for name in sys.modules if name.startswith(('pymodernize.audit', 'pymodernize_audit', 'yaml'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
