"""``pymodernize new`` and ``pymodernize test``: what they write passes, and what fails says what to do."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from commands import Outcome, invoke
from running import installed

from pymodernize.assumptions import Assumption, Counterexample
from pymodernize.commands.authoring import checks, counterexamples
from pymodernize.commands.authoring.cases import Case
from pymodernize.commands.authoring.checks import CheckFailed
from pymodernize.commands.authoring.packs import find_pack

GROUP = '[project.entry-points."pymodernize.codemods"]\n'


@pytest.fixture
def pack(tmp_path: Path) -> Iterator[Path]:
    """The folder of a new pack with one codemod; what was imported of it is forgotten."""
    path, modules = list(sys.path), set(sys.modules)
    done = invoke("new", "no-old", "--pack", "toy-pack", cwd=tmp_path)
    assert done.code == 0, done.stderr
    yield tmp_path / "toy-pack"
    sys.path[:] = path
    for name in sys.modules.keys() - modules:
        if name.partition(".")[0] in {"toy_pack", "ours"}:
            del sys.modules[name]


def check(pack: Path, *arguments: str) -> Outcome:
    return invoke("test", str(pack), *arguments, cwd=pack)


def test_what_is_begun_works_and_says_where_to_go_on(pack: Path):
    assert 'toy_pack = "toy_pack"' in (pack / "pyproject.toml").read_text()
    done = check(pack)
    assert (done.code, done.out) == (0, "no-old: 3 cases are as they should be\n"), done.stderr
    text = (pack / "toy_pack" / "no_old.py").read_text()
    assert [number for number in range(1, 8) if f"({number}) " not in text] == []
    done = invoke("new", "no-older", cwd=pack)
    assert done.code == 0, done.stderr
    assert "pymodernize test . no-older" in done.out
    assert check(pack, "no-older").out == "no-older: 3 cases are as they should be\n"


def test_a_pack_below_src(pack: Path):
    (pack / "pyproject.toml").write_text(f'{GROUP}mine = "ours"\n')
    (pack / "src" / "ours").mkdir(parents=True)
    (pack / "src" / "ours" / "__init__.py").touch()
    assert invoke("new", "no-old", "--pack", ".", cwd=pack).code == 2, "its cases are there"
    assert not (pack / "src" / "ours" / "no_old.py").exists(), "all or nothing"
    assert invoke("new", "other-rule", "--pack", ".", cwd=pack).code == 0
    assert (pack / "src" / "ours" / "other_rule.py").exists()
    done = check(pack, "other-rule/renamed")
    assert done.code == 2 and "cases of no-old, and no codemod has that name" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["new", "NoOld"], "no name of a codemod: small letters"),
        (["new", "class"], "no name of a codemod"),
        (["new", "oserror-alias"], "is there already: pymodernize_codemods.oserror_alias"),
        (["new", "x"], "has no pyproject.toml; --pack DIR begins a pack"),
        (["new", "x", "--pack", "1 2"], "cannot be called '1 2'"),
        (["new", "x", "--pack", "plain"], "declares no pack; it does so by two lines"),
        (["new", "x", "--pack", "empty"], "names the package nowhere, which is not in"),
        (["new", "x", "--pack", "broken"], "is not TOML"),
        (["test", "oserror-alia"], "did you mean 'oserror-alias'?"),
        (["test", "zzz"], "'pymodernize rules' lists"),
        (["test", "oserror-alias", "oserror-alias/zzz"], "no case is called 'oserror-alias/zzz'"),
    ],
)
def test_what_cannot_be(tmp_path: Path, arguments: list[str], message: str):
    for name, text in (("plain", "[project]\n"), ("empty", f'{GROUP}a = "nowhere"\n'), ("broken", "[")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "pyproject.toml").write_text(text)
    done = invoke(*arguments, cwd=tmp_path)
    assert done.code == 2
    assert message in " ".join(done.stderr.split())


def test_an_installed_codemod_by_its_name(tmp_path: Path):
    done = invoke("test", "oserror-alias", "oserror-alias/keep_own*", cwd=tmp_path)
    assert done.code == 0, done.out


# What is changed in the codemod or its cases, by file and text, and what is said of it.
CODEMOD, RENAMED, KEPT = "toy_pack/no_old.py", "fixtures/no-old/renamed/", "fixtures/no-old/keep_not_called/"
LIBRARY = "old = lambda value: value; new = lambda value: -value"
FAULTS = [
    (RENAMED + "after.py", "example.new", "example.newer", ["-print(example.newer(1))", "--update-fixtures writes it"]),
    (RENAMED + "case.toml", "doc = true", "", ["no-old has 0 cases with doc = true"]),
    (RENAMED + "case.toml", 'new name."', 'new name"', ["case.toml needs why", "full stop"]),
    (RENAMED + "case.toml", "doc =", "dok = 1\ndoc =", ["nothing reads dok of case.toml"]),
    (RENAMED + "case.toml", "doc =", "reasons = ['never']\ndoc =", ["no finding gives the reason 'never'"]),
    (RENAMED + "case.toml", "doc =", "assume = 'nothing'\ndoc =", ["no assumption is called 'nothing'"]),
    (RENAMED + "case.toml", "doc = true", "doc = ", ["is not TOML"]),
    (
        RENAMED + "case.toml",
        "true",
        f"true\n[run.files]\n'example.py' = '{LIBRARY}'\n",
        ["stdout of the script differs", "name an assumption"],
    ),
    (CODEMOD, "for call in", "1 / 0\n        for call in", ["renamed: golden: line 1", "failed", "ZeroDivisionError"]),
    (CODEMOD, '"example.old()", reason=', '"", code="x", reason=', []),
    (CODEMOD, "rewrite)", 'None, reason="so", code="odd")', ["what comes out is not after.py"]),
    (CODEMOD, "cst.parse_expression(", "cst.Name('x y') or (", ["the self-check turned its rewrite down"]),
    (
        CODEMOD,
        '"example.old")',
        '"example.old", "example.new")',
        ["did not come to rest"],
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "said"), FAULTS)
def test_what_is_wrong_is_said(pack: Path, file: str, old: str, new: str, said: list[str]):
    text = (pack / file).read_text()
    assert old in text
    (pack / file).write_text(text.replace(old, new, 1))
    done = check(pack)
    assert done.code == bool(said), done.out
    for words in said:
        assert words in done.out


def test_cases_are_missing(pack: Path):
    for path in (pack / KEPT).iterdir():
        path.unlink()
    done = check(pack, "no-old")
    assert done.code == 1
    assert "no-old has 1 cases that must not change; write two at least" in done.out
    assert done.out.endswith("\n1 check fails\n")


def test_what_comes_out_is_written_if_that_is_asked_for(pack: Path):
    after = pack / RENAMED / "after.py"
    text = after.read_bytes()
    after.unlink()
    (pack / KEPT / "after.py").write_text("nothing\n")
    others = pack / RENAMED / "others_after"
    others.mkdir()
    (others / "gone.py").write_text("x = 1\n")
    assert check(pack).code == 1
    done = check(pack, "--update-fixtures")
    assert done.code == 0, done.out
    assert after.read_bytes() == text
    assert not (pack / KEPT / "after.py").exists() and not list(others.iterdir())


@pytest.mark.parametrize(
    ("check_of", "said"),
    [
        (checks.second_run, "a second run changes script.py again"),
        (checks.alone_as_among_all, "beside the other codemods something else comes out"),
        (checks.twins, "the same file crlf, with bom becomes something else"),
    ],
)
def test_what_the_golden_bytes_do_not_show(pack: Path, tmp_path: Path, check_of, said: str):
    after = pack / RENAMED / "after.py"
    after.write_text(after.read_text() + "print(example.old(2))\n")
    with pytest.raises(CheckFailed, match=said):
        check_of(Case(after.parent), find_pack(str(pack)).all, tmp_path / "work")


def test_a_finding_without_a_known_reason(pack: Path):
    path = pack / CODEMOD
    text = path.read_text()
    kept = text.replace('for call in module.calls("example.old"):', "for call in module.nodes(ast.Dict):").replace(
        "from functools", "import ast\nfrom functools"
    )
    for found, said in (
        ('"a dictionary"', "nothing says why it is left"),
        ('"", code="odd", reason="so"', "'odd' is unknown"),
    ):
        start, end = kept.index("            try:"), kept.index("\n\ndef _named")
        path.write_text(f"{kept[:start]}            yield self.finding(module, call, {found})\n{kept[end:]}")
        sys.modules.pop("toy_pack.no_old", None)
        done = check(pack, "no-old/keep_not_called")
        assert done.code == 1
        assert said in done.out


def test_counterexamples(tmp_path: Path):
    example = Counterexample("oserror-alias", "try:\n    1 / 0\nexcept IOError:\n    pass\n", "", "exit status 1\n")
    same = Counterexample("oserror-alias", "IOError\n", "", "")
    nothing = Counterexample("oserror-alias", "print(1)\n", "1\n", "2\n")
    for each, message in ((example, "gives is ''"), (same, "are the same"), (nothing, "does not rewrite")):
        folder = tmp_path / message.replace(" ", "-").replace("'", "")
        folder.mkdir()
        with pytest.raises(CheckFailed, match=message):
            counterexamples.check(Assumption("toy", "A toy.", example=each), installed(), folder)
    counterexamples.check(Assumption("toy", "A toy."), installed(), tmp_path)
