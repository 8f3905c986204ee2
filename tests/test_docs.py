"""What the documentation promises of formats, settings and options is what there is."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from commands import PROJECT, invoke, script
from running import installed

from pymodernize.cli import commands, modernize
from pymodernize.codemod import Status
from pymodernize.settings.values import READERS

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

README = (PROJECT / "README.md").read_text(encoding="utf-8")
SETTINGS = (PROJECT / "docs" / "how-to" / "settings.md").read_text(encoding="utf-8")
JSON = (PROJECT / "docs" / "json.md").read_text(encoding="utf-8")
# With its own logging, a print has a rewrite that changes behaviour; data has none.
SCRIPT = (
    'import logging\n\nlogging.basicConfig()\nprint("It begins")\nprint("It goes on")\n'
    "def f():\n    print(3)\n\n"
    'try:\n    open("x")\nexcept:\n    pass\n'
)


def _keys(heading: str) -> set[str]:
    """The keys of the table below a heading of the page about JSON."""
    section = JSON.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {key for cell in cells for key in re.findall(r"`(\w+)`", cell)}


def test_the_keys_of_the_json_report(tmp_path: Path) -> None:
    script(tmp_path, "job.py", SCRIPT)
    script(tmp_path, "two.py", 'print "hello"\n')
    document = json.loads(invoke("--format", "json", "--statistics", ".", cwd=tmp_path).out)
    assert document.keys() == _keys("The document")
    assert _keys("The document") - json.loads(invoke("--format", "json", ".", cwd=tmp_path).out).keys() == {
        "statistics"
    }
    findings = [finding for file in document["files"] for finding in file["findings"]]
    for heading, entries in (
        ("An entry of `files`", document["files"]),
        ("An entry of `findings`", findings),
        ("`summary`", [document["summary"]]),
        ("An entry of `statistics`", document["statistics"]),
    ):
        assert entries
        for entry in entries:
            assert entry.keys() == _keys(heading), heading
    assert {finding["status"] for finding in findings} >= {"applied", "withheld", "found"}


def test_the_words_of_the_json_report() -> None:
    section = JSON.split("## An entry of `findings`")[1]
    said = re.search(r"\| `status` \|(.*)\|", section)
    assert said is not None
    assert set(re.findall(r"`(\w+)`", said[1])) == {status.value for status in Status}


def test_the_example_for_the_json_report_runs(tmp_path: Path) -> None:
    script(tmp_path, "job.py", SCRIPT)
    (code,) = re.findall(r"python -c '\n(.*?)'\n```", JSON, re.DOTALL)
    document = invoke("--format", "json", ".", cwd=tmp_path).stdout
    done = subprocess.run([sys.executable, "-c", code], input=document, capture_output=True, check=True)
    assert done.stdout.decode().startswith("job.py: 4: this file has logging of its own")


def _settings_shown() -> dict[str, object]:
    (block,) = (text for text in re.findall(r"```toml\n(.*?)```", SETTINGS, re.DOTALL) if "[tool.pymodernize]" in text)
    return tomllib.loads(block)["tool"]["pymodernize"]


def test_every_setting_is_in_the_documentation_and_can_be_written_so(tmp_path: Path) -> None:
    assert set(READERS) == set(_settings_shown()) - set(installed())
    (block,) = (text for text in re.findall(r"```toml\n(.*?)```", SETTINGS, re.DOTALL) if "[tool.pymodernize]" in text)
    (tmp_path / "base.toml").write_text("[tool.pymodernize]\n")
    project = tmp_path / "project"
    script(project)
    (project / "pyproject.toml").write_text(block)
    outcome = invoke("job.py", cwd=project)
    assert outcome.code == 0, outcome.stderr


def test_every_option_that_the_documents_use_is_there() -> None:
    named = commands()
    used = set()
    pages = [path.read_text(encoding="utf-8") for path in PROJECT.glob("docs/**/*.md")]
    for line in itertools.chain(README.splitlines(), *(page.splitlines() for page in pages)):
        command = re.match(r"\$ pymodernize (.*?)(?:\s+#.*|&&.*|\|.*)?$", line)
        name, options = (command[1].split()[0], command[1]) if command else ("", "")
        options = re.sub(r'"[^"]*"', "", options)  # those of a command that is the value of one
        used |= {(name if name in named else "", option) for option in re.findall(r"(?<!\S)--?[a-z][\w-]*", options)}
    assert used
    for name, option in used:
        parameters = named.get(name, modernize).params
        assert option in {"--help", *(given for item in parameters for given in item.opts)}, (name, option)


@pytest.mark.parametrize(
    "page",
    ["README.md", "codemods/README.md", *(str(path.relative_to(PROJECT)) for path in PROJECT.glob("docs/**/*.md"))],
)
def test_links_lead_somewhere(page: str) -> None:
    text = (PROJECT / page).read_text(encoding="utf-8")
    anchors = {re.sub(r"[^\w -]", "", line.lstrip("# ")).lower().replace(" ", "-") for line in text.splitlines()}
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith("#"):
            assert target[1:] in anchors, target
        elif "://" not in target:
            assert ((PROJECT / page).parent / target).exists(), target


# Beside ``--unsafe`` there is the key of the settings that means the same.
_OF_THE_OPTION = re.compile(r"--unsafe\b|[\"'`]unsafe[\"'`]")
_TEXTS = (
    *("*.md", "pyproject.toml", "docs/**/*.md", "benchmarks/*.md", "fixtures/*.md"),
    *("src/**/*.py", "codemods/**/*.*"),
)


def test_no_text_calls_a_rewrite_safe_or_unsafe() -> None:
    """What a rewrite assumes has a name; two words for all of it would say less."""
    paths = {path for pattern in _TEXTS for path in PROJECT.glob(pattern)}
    texts = {path: path.read_text(encoding="utf-8") for path in paths if "__pycache__" not in path.parts}
    assert len(texts) > 300
    found = [
        f"{path.relative_to(PROJECT)}: {line}"
        for path, text in texts.items()
        for line in text.splitlines()
        if re.search(r"\b(un)?safe(ly)?\b", _OF_THE_OPTION.sub("", line), re.IGNORECASE)
    ]
    assert not found


def test_the_help_says_in_ten_lines_what_an_assumption_is(tmp_path: Path) -> None:
    said = invoke("--help", cwd=tmp_path).out.partition("\n  Assumptions:\n")[2].partition("\n\n")[0]
    assert 5 <= len(said.splitlines()) <= 10
    assert all(word in said for word in ("usual", "none", "all", "pymodernize explain NAME"))


def test_the_pictures_are_there_and_small() -> None:
    pages = {PROJECT / "README.md", PROJECT / "docs" / "pictures.md"}
    named = {
        (page.parent / name).resolve()
        for page in pages
        for name in re.findall(r"!\[[^\]]+\]\(([^)]+)\)", page.read_text(encoding="utf-8"))
    }
    drawn = set((PROJECT / "docs" / "pictures").iterdir())
    assert named == drawn
    assert all(path.stat().st_size < 250_000 for path in drawn)
    for path in drawn:
        if path.suffix == ".svg":
            assert "https:" not in path.read_text(encoding="utf-8").replace("https://www.textualize.io", "")
