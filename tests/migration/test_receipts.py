"""Receipts: what a run writes of its files, and ``pymodernize verify``, which makes it again."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import jsonschema
import pytest
from commands import PROJECT, Outcome, invoke, script, spawn
from repositories import environment, git, migrate, repository

from pymodernize.receipts import form
from pymodernize.receipts.spans import LineMap

SCHEMAS = PROJECT / "docs" / "schemas"


def verified(folder: Path, receipts: Path) -> Outcome:
    return invoke("verify", str(receipts), cwd=folder, **environment())


def receipt(receipts: Path, name: str) -> dict[str, object]:
    return json.loads((receipts / "files" / f"{name}.json").read_text())


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a repository that has been migrated, and its receipts."""
    place = tmp_path_factory.mktemp("migrated")
    folder = repository(place / "r")
    options = ("--select", "oserror-alias,bare-except", "--receipts", str(place / "receipts"))
    own = {**environment(), "PYMODERNIZE_STATE_DIR": str(place / "state")}
    outcome = invoke("migrate", "--commit", *options, ".", cwd=folder, **own)
    assert outcome.code == 0, outcome.stderr
    assert f"3 receipts in {place / 'receipts'}; check them:  pymodernize verify" in outcome.stderr
    return place


@pytest.fixture
def migrated(once: Path, tmp_path: Path) -> tuple[Path, Path]:
    """A copy of it: the repository and the receipts."""
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    return tmp_path / "r", tmp_path / "receipts"


def test_a_receipt_says_what_was_done_on_what_evidence(migrated: tuple[Path, Path]) -> None:
    folder, receipts = migrated
    found = receipt(receipts, "jobs/errors.py")
    rewrites = {(item["codemod"], item["before"]["line"], item["after"]["line"]) for item in found["rewrites"]}
    assert rewrites == {("oserror-alias", 4, 4), ("bare-except", 11, 11), ("oserror-alias", 18, 18)}
    assert {item["version"].split()[0] for item in found["rewrites"]} == {"pymodernize"}
    assert "No name is read before it is bound while the file is loaded." in found["self_check"]
    assert (folder / "jobs" / "errors.py").stat().st_size == found["after"]["bytes"]
    index = json.loads((receipts / "index.json").read_text())
    assert index["base"] == git(folder, "rev-list", "--max-parents=0", "HEAD")
    assert index["commits"] == git(folder, "rev-list", "--reverse", "HEAD").splitlines()[1:]
    assert index["files"].keys() - index["receipts"].keys() == {"lib/plain.py"}


def test_they_are_what_the_schemas_say(migrated: tuple[Path, Path]) -> None:
    _, receipts = migrated
    for name, schema in form.schemas().items():
        assert json.loads((SCHEMAS / name).read_text()) == schema, "run make docs"
        jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(form.schemas()["receipt-1.schema.json"]).validate
    for path in receipts.rglob("*.py.json"):
        check(json.loads(path.read_text()))
    index = json.loads((receipts / "index.json").read_text())
    jsonschema.validate(index, form.schemas()["index-1.schema.json"])
    with pytest.raises(jsonschema.ValidationError):
        check({**receipt(receipts, "jobs/errors.py"), "more": 1})


def test_another_place_makes_the_same_again(migrated: tuple[Path, Path], tmp_path: Path) -> None:
    folder, receipts = migrated
    outcome = verified(folder, receipts)
    assert (outcome.code, outcome.out) == (0, "")
    assert outcome.stderr == "3 files: made again from the texts before, each the same byte for byte\n"
    outcome = verified(receipts, receipts)
    assert (outcome.code, outcome.out) == (2, "")
    assert "name a folder of the project with --project" in " ".join(outcome.stderr.split())
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", str(folder), str(other))
    assert spawn("verify", str(receipts), cwd=other, **environment()).code == 0
    assert git(other, "status", "--short") == ""


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("jobs/errors.py", "jobs/errors.py: is not what came out: "),
        ("../receipts/files/jobs/hello.py.json", "hello.py.json: is not the receipt that was written"),
        ("../receipts/index.json", "index.json: is "),
    ],
)
def test_one_byte_is_told(migrated: tuple[Path, Path], name: str, said: str) -> None:
    folder, receipts = migrated
    path = folder / name
    text = path.read_bytes()
    for place in (len(text) // 3, len(text) - 1):
        path.write_bytes(text[:place] + bytes([text[place] ^ 1]) + text[place + 1 :])
        outcome = verified(folder, receipts)
        assert outcome.code == (2 if "index" in name else 1), place
        assert said in outcome.out + outcome.stderr


def test_what_others_have_changed_since_is_a_note(migrated: tuple[Path, Path]) -> None:
    folder, receipts = migrated
    (folder / "lib" / "plain.py").write_text("x = 2\n")
    outcome = verified(folder, receipts)
    assert outcome.code == 0
    assert "lib/plain.py: looked at then, changed by others since" in outcome.stderr


def forged(receipts: Path, name: str, change: dict[str, object]) -> None:
    """Write something else into a receipt, and the digests and the seal that go with it."""
    from msgspec import convert

    from pymodernize.receipts.form import Index, Receipt
    from pymodernize.receipts.storing import load_index, load_receipts, store

    index = load_index(receipts)
    known = {item.file: item for _, item in load_receipts(receipts, index) if isinstance(item, Receipt)}
    if name:
        known[name] = convert({**receipt(receipts, name), **change}, Receipt)
    else:
        index = convert({**json.loads((receipts / "index.json").read_text()), **change}, Index)
    store(receipts, index, known.values())


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("jobs/errors.py", {"rewrites": []}, "jobs/errors.py: has other rewrites than the receipt says"),
        ("jobs/errors.py", {"self_check": []}, "jobs/errors.py: was asked other questions"),
        ("jobs/errors.py", {"before": {"sha256": "0" * 64, "bytes": 1}}, "jobs/errors.py: had another text before: "),
        ("jobs/errors.py", {"after": {"sha256": "0" * 64, "bytes": 1}}, "errors.py: comes out differently when it is"),
        ("", {"paths": ["lib"]}, "jobs/errors.py: stays as it was when it is made again"),
        ("", {"plans": []}, "codemods, options or settings are not those that it was done with"),
        ("", {"base": "0" * 40}, "the commit 0000000000 that it began at is not here; fetch it"),
        ("", {"left": ["lib/first.py"]}, "lib/first.py: stays as it was"),
    ],
)
def test_what_is_sealed_is_made_again_all_the_same(
    migrated: tuple[Path, Path], name: str, change: dict[str, object], said: str
) -> None:
    folder, receipts = migrated
    forged(receipts, name, change)
    outcome = verified(folder, receipts)
    assert outcome.code == 1
    assert said in outcome.out, outcome.out + outcome.stderr


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"paths": ["../../etc"]}, "../../etc leads out of the project"),
        ({"tool": "pymodernize 0.0"}, "was written by pymodernize 0.0; install that to check it"),
    ],
)
def test_what_an_index_may_not_say(migrated: tuple[Path, Path], change: dict[str, object], said: str) -> None:
    folder, receipts = migrated
    forged(receipts, "", change)
    outcome = verified(folder, receipts)
    assert (outcome.code, said in outcome.stderr) == (2, True), outcome.stderr


def test_receipts_that_are_none(migrated: tuple[Path, Path], tmp_path: Path) -> None:
    folder, receipts = migrated
    (receipts / "files" / "more.json").write_text("{}")
    shutil.copy(receipts / "files" / "lib" / "first.py.json", receipts / "files" / "jobs" / "new.json")
    (receipts / "files" / "jobs" / "hello.py.json").unlink()
    lines = verified(folder, receipts).out.splitlines()
    assert [line.rpartition("/")[2] for line in lines] == [
        "more.json: is none of the receipts",
        "new.json: is none of the receipts",
        "hello.py.json: is gone",
    ]
    for text in ("", "[]", '{"version": 2}', "[" * 100_000):
        (receipts / "index.json").write_text(text)
        assert verified(folder, receipts).code == 2, text[:9]
    assert verified(folder, tmp_path).code == 2
    again = migrate(folder, "--commit", "--receipts", str(receipts))
    assert (again.code, "has the receipts of another run; name another folder" in again.stderr) == (2, True)


# --- without commits, without git ----------------------------------------------------------------------------------


def test_a_plain_run_has_receipts_and_undo_keeps_the_texts(tmp_path: Path) -> None:
    for name in ("a.py", "b.py"):
        script(tmp_path / "jobs", name)
    (tmp_path / "jobs" / "c.py").write_text("x = 1\n")
    outcome = invoke("--apply", "--receipts", "receipts", "--jobs", "1", "jobs", cwd=tmp_path)
    assert outcome.code == 0, outcome.stderr
    assert "2 receipts in receipts; check them:  pymodernize verify receipts" in outcome.stderr
    assert verified(tmp_path, Path("receipts")).code == 0
    with (tmp_path / "jobs" / "a.py").open("ab") as file:
        file.write(b"#")
    assert verified(tmp_path, Path("receipts")).out.startswith("jobs/a.py: is not what came out")
    shutil.rmtree(tmp_path / "jobs" / ".pymodernize")
    assert "jobs/b.py: the text before is not kept for undo" in verified(tmp_path, Path("receipts")).out


def test_changes_that_were_not_committed_count_as_the_text_before(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    (folder / "jobs" / "errors.py").write_text("try:\n    f()\nexcept IOError:\n    pass\n")
    (folder / "new.py").write_text("try:\n    f()\nexcept IOError:\n    pass\n")
    options = ("--select", "oserror-alias", "--receipts", "../receipts")
    outcome = invoke("--apply", *options, ".", cwd=folder, **environment())
    assert outcome.code == 0, outcome.stderr
    outcome = verified(folder, tmp_path / "receipts")
    assert outcome.code == 0, outcome.out
    shutil.rmtree(folder / ".pymodernize")
    said = "the text before is neither in the commit that it began at nor kept for undo"
    lines = verified(folder, tmp_path / "receipts").out.splitlines()
    assert {line for line in lines if said in line} == {f"jobs/errors.py: {said}", f"new.py: {said}"}


def test_steps_without_commits_have_receipts_with_their_checks(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    check = f'{sys.executable} -c \'import sys; sys.exit("OSError" in open("lib/first.py").read())\''
    options = ("--select", "oserror-alias,bare-except", "--receipts", str(tmp_path / "receipts"))
    outcome = migrate(folder, "--apply", "--verify", check, *options)
    assert outcome.code == 0, outcome.stderr
    assert receipt(tmp_path / "receipts", "jobs/errors.py")["checks"][0]["outcome"] == "passed"  # type: ignore[index]
    index = json.loads((tmp_path / "receipts" / "index.json").read_text())
    assert [item["why"] for item in index["withheld"]["lib/first.py"]] == [
        f"the project's own tests fail with it: {check}"
    ]
    assert not (tmp_path / "receipts" / "files" / "lib").exists()
    assert verified(folder, tmp_path / "receipts").code == 0
    assert "Take it back:  pymodernize undo\n" in outcome.stderr
    assert invoke("undo", cwd=folder, **environment()).code == 0
    assert git(folder, "status", "--short", "--untracked-files=no") == "", "all steps are one run"


def test_what_a_hook_has_made_of_a_file_is_known(tmp_path: Path) -> None:
    folder = repository(tmp_path / "r")
    hook = folder / ".git" / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\necho '# seen' >> lib/first.py\ngit add lib/first.py\n")
    hook.chmod(0o755)
    options = ("--select", "oserror-alias", "--receipts", str(tmp_path / "receipts"))
    assert migrate(folder, "--commit", *options).code == 0
    assert receipt(tmp_path / "receipts", "lib/first.py")["hooked"] is not None
    assert verified(folder, tmp_path / "receipts").code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--receipts", "r", "."], "--receipts needs --apply"),
        (["--apply", "--receipts", "r", "--since", "HEAD", "."], "--receipts does not go with --since"),
        (["--apply", "--receipts", "r", "-"], "--receipts does not go with - (stdin)"),
        (["--apply", "--receipts", "job.py", "."], "job.py: Not a directory"),
        (["--apply", "--receipts", "r", "--config", "../s.toml", "job.py"], "receipts name the settings file, and "),
        (["migrate", "--receipts", "r", "."], "--receipts needs --commit or --apply"),
    ],
)
def test_what_receipts_do_not_go_with(tmp_path: Path, arguments: list[str], said: str) -> None:
    folder = tmp_path / "p"
    script(folder)
    (tmp_path / "s.toml").write_text("")
    outcome = invoke(*arguments, cwd=folder)
    assert (outcome.code, said in outcome.stderr) == (2, True), outcome.stderr


def test_nothing_changed_has_no_receipts(tmp_path: Path) -> None:
    (tmp_path / "c.py").write_text("x = 1\n")
    assert invoke("--apply", "--receipts", "receipts", "c.py", cwd=tmp_path).code == 0
    assert not (tmp_path / "receipts" / "index.json").exists()


# --- where lines are -----------------------------------------------------------------------------------------------


def test_where_lines_are_after() -> None:
    lines = LineMap(b"a\nb\nc\nd\n", b"new\na\n  b\nx\ny\nd\n")
    assert lines.after(1, 1) == (2, 2)
    assert lines.after(2, 2) == (3, 3), "indented anew"
    assert lines.after(3, 3) == (4, 5), "two for one"
    assert lines.after(2, 4) == (3, 6)
    assert LineMap(b"a\nb\nc\n", b"a\nc\n").after(2, 2) == (2, 1), "none is left"
    assert LineMap(b"a", b"").after(1, 1)[0] == 1
