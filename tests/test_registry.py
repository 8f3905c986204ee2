from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from pymodernize.codemod import Codemod
from pymodernize.registry import Entry, RegistryError, entries

PACK = Path(__file__).parent / "third_party_pack"
CODEMOD = '''
from pymodernize.codemod import Codemod

class {name}(Codemod):
    """{name} does nothing."""
'''


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Put packs on ``sys.path`` the way an installer does: files, and a folder with the entry points."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def put(dist: str, points: dict[str, str], files: dict[str, str]) -> None:
        info = tmp_path / f"{dist}-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {dist}\nVersion: 1.0\n")
        lines = "".join(f"{name} = {value}\n" for name, value in points.items())
        (info / "entry_points.txt").write_text(f"[pymodernize.codemods]\n{lines}")
        for path, text in files.items():
            (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path).write_text(text)
        importlib.invalidate_caches()

    yield put
    for name in set(sys.modules) - before:
        if name.partition(".")[0].startswith("toy_"):
            del sys.modules[name]


def test_the_packs_own_codemods_are_there():
    found = entries()
    assert found
    assert list(found) == sorted(found)
    for name, entry in found.items():
        assert entry.load().name() == name


def test_a_pack_is_scanned(install):
    install(
        "toy-one",
        {"toy": "toy_one"},
        {
            "toy_one/__init__.py": "",
            "toy_one/first_rule.py": CODEMOD.format(name="First"),
            "toy_one/second_rule/__init__.py": CODEMOD.format(name="Second") + "class _Helper(Codemod): pass\n",
            "toy_one/_shared.py": "raise RuntimeError('never imported')\n",
        },
    )
    found = entries()
    assert found["first-rule"] == Entry("first-rule", "toy_one.first_rule", "toy")
    assert found["second-rule"].load().__name__ == "Second"
    assert "-shared" not in found
    assert "toy_one.first_rule" not in sys.modules, "finding a codemod does not import it"
    assert found["first-rule"].load().name() == "first-rule"


def test_a_pack_that_is_one_module(install):
    install("toy-two", {"toy": "toy_two"}, {"toy_two.py": CODEMOD.format(name="Two")})
    assert entries()["toy-two"].load().__name__ == "Two"


def test_a_pack_that_does_not_import(install):
    install("toy-three", {"toy": "toy_three"}, {"toy_three.py": "1 / 0\n"})
    with pytest.raises(RegistryError, match=r"the pack toy \(toy_three\) does not import: division by zero"):
        entries()


@pytest.mark.parametrize("value", ["toy_missing", "not a module", ""])
def test_a_pack_that_is_not_there(install, value):
    install("toy-four", {"toy": value}, {})
    with pytest.raises(RegistryError, match="does not import"):
        entries()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x = 1\n", "defines no Codemod"),
        ("from pymodernize.codemod import Codemod\n", "defines no Codemod"),
        ("import nowhere\n", "does not import: No module named 'nowhere'"),
        (CODEMOD.format(name="A") + CODEMOD.format(name="B"), "defines more than one Codemod"),
    ],
)
def test_a_module_without_its_codemod(install, text, message):
    install("toy-five", {"toy": "toy_five"}, {"toy_five/__init__.py": "", "toy_five/rule_five.py": text})
    entry = entries()["rule-five"]
    with pytest.raises(RegistryError, match=message):
        entry.load()


def test_a_codemod_under_two_names_is_one(install):
    text = CODEMOD.format(name="A") + "B = A\n"
    install("toy-six", {"toy": "toy_six"}, {"toy_six.py": text})
    assert entries()["toy-six"].load().__name__ == "A"


def test_two_codemods_of_one_name(install):
    files = {"toy_seven/__init__.py": "", "toy_seven/same_rule.py": "", "toy_eight/__init__.py": ""}
    install("toy-seven", {"seven": "toy_seven", "eight": "toy_eight"}, {**files, "toy_eight/same_rule.py": ""})
    with pytest.raises(RegistryError, match="same-rule is defined by toy_eight.same_rule and by toy_seven.same_rule"):
        entries()


def test_one_pack_installed_twice(install):
    install("toy-nine", {"toy": "toy_nine"}, {"toy_nine.py": CODEMOD.format(name="Nine")})
    install("toy-nine-again", {"again": "toy_nine"}, {})
    assert "toy-nine" in entries()


# --- a pack of somebody else -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The folder that the pack was installed to."""
    target = tmp_path_factory.mktemp("site")
    options = ["--no-build-isolation", "--no-deps", "--no-index", "--disable-pip-version-check", "--quiet"]
    command = [sys.executable, "-m", "pip", "install", *options, "--target", str(target), str(PACK)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return target


def call(installed: Path, *arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "pymodernize", *arguments]
    return subprocess.run(command, env=environment, cwd=cwd, capture_output=True, text=True, check=False)


def test_its_cases(installed, tmp_path):
    done = call(installed, "test", "acme", "--fixtures", str(PACK / "fixtures"), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "exit-by-name: 3 cases are as they should be\n"), done.stderr


def test_it_is_listed_and_explained(installed):
    done = call(installed, "rules")
    assert done.returncode == 0
    assert "exit-by-name" in done.stdout
    assert "Leave a script with sys.exit" in done.stdout
    done = call(installed, "explain", "exit-by-name")
    assert done.returncode == 0
    assert "`quit-too`" in done.stdout
    assert "PLR1722" in done.stdout
    assert call(installed.parent, "explain", "exit-by-name").returncode == 2, "it is not there by itself"


def test_its_options_come_from_the_settings(installed, tmp_path):
    (tmp_path / "script.py").write_text("quit()\n")
    (tmp_path / "pyproject.toml").write_text("[tool.pymodernize.exit-by-name]\nquit-too = true\n")
    done = call(installed, "--select", "exit-by-name", "--format", "json", "script.py", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "quit may be patched" in done.stdout
    assert json.loads(done.stdout)
    done = call(installed, "--select", "exit-by-name", "--unsafe", "--apply", "script.py", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "script.py").read_text() == "import sys\n\nsys.exit()\n"
    (tmp_path / "pyproject.toml").write_text("[tool.pymodernize.exit-by-name]\nquit-to = true\n")
    done = call(installed, "script.py", cwd=tmp_path)
    assert done.returncode == 2
    assert "did you mean 'quit-too'" in done.stderr


def test_base_class_without_find_says_so():
    with pytest.raises(NotImplementedError, match="Codemod has no find"):
        next(Codemod().find(None))
