from __future__ import annotations

import ast
import gc
import os
import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from randomised import examples
from running import make_plan
from toys import (
    AllOrNone,
    BreaksSyntax,
    ChangeRaises,
    Defines,
    FindRaises,
    Imports,
    Inserts,
    InWith,
    NeverSettles,
    NoteRaises,
    NoteTold,
    Only,
    OtherName,
    OwnOverlap,
    Remove,
    RemoveAll,
    Rename,
    RenameUnsafe,
    Shares,
    StrangeEdits,
    Toy,
    Undefined,
    Whole,
    WrongPlace,
    model,
    output,
    raw,
    run,
)

from pymodernize.assumptions import CHANGES_BEHAVIOUR
from pymodernize.codemod import Edit, Insertion, Rewrite, Status
from pymodernize.plan import Plan
from pymodernize.registry import entries
from pymodernize.semantics.module import Module
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.engine import MOST_ROUNDS, Result, notes, transform
from pymodernize.transformation.model import module_names

HERE = Path(__file__).parent
STDLIB = Path(os.__file__).parent


def statuses(result: Result) -> list[tuple[str, int, Status]]:
    return [(item.codemod, item.line, item.status) for item in result.findings]


# --- what becomes of findings ------------------------------------------------------------------------------------


def test_applied_withheld_and_found():
    result = run("x = 1\nold()\n", Rename())
    assert (result.output, result.error) == (b"x = 1\nrepr()\n", None)
    assert statuses(result) == [("rename", 2, Status.APPLIED)]

    result = run("old()\n", RenameUnsafe())
    assert (result.output, statuses(result)) == (None, [("rename-unsafe", 1, Status.WITHHELD)])
    assert result.findings[0].reason == "who knows"
    assert run("old()\n", RenameUnsafe(), accepted=frozenset({CHANGES_BEHAVIOUR.name})).output == b"repr()\n"

    result = run("old()\n", Only())
    assert (result.output, statuses(result)) == (None, [("only", 1, Status.FOUND)])


def test_nothing_to_do():
    assert run("repr()\n", Rename()) == Result()
    assert run("", Rename()) == Result()
    assert run("this is no python\n", Rename()) == Result(), "no codemod looks at it"


def test_several_codemods_on_one_file():
    result = run("old()\n", Only(), RenameUnsafe(), Rename())
    assert result.output == b"repr()\n"
    assert [item.status for item in result.findings] == [Status.APPLIED]


@pytest.mark.parametrize(
    ("source", "error"),
    [
        (b"old(\n", "does not parse"),
        (b"old()\nprint 'x'\n", "Python 2, line 2"),
        (b"old()\0", "NUL"),
        (b"old()\r", "carriage return"),
        (b"# coding: nonsense\nold()", "unknown encoding"),
        (b"old('\xff')", "not UTF-8"),
        (b"old" + b"(" * 3000 + b")" * 3000, "nested too deeply"),
    ],
)
def test_bad_input_is_an_error(source, error):
    result = run(source, Rename())
    assert error in (result.error or "")
    assert result == Result(error=result.error, unparsable=error != "nested too deeply")


def test_warnings_of_the_parser_are_not_shown(recwarn):
    assert run("old('\\d')\nx = 1 is 1\n", Rename()).output == b"repr('\\d')\nx = 1 is 1\n"
    assert notes(b"old('\\d')\nx = 1 is 1\n", Plan((NoteTold(),)), ProjectFacts()) == (("note-told", 1),)
    assert module_names(b"x = '\\d'\n") == {"x"}
    assert not recwarn.list
    code = "from toys import *; print(run('old(\"\\\\d\")', Rename()).output)"
    environment = {**os.environ, "PYTHONPATH": str(HERE), "PYTHONWARNINGS": "error::SyntaxWarning"}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True)
    assert b"repr" in done.stdout
    assert not done.stderr


# --- codemods that fail ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [FindRaises(), ChangeRaises(), BreaksSyntax(), Undefined(), OtherName()])
def test_a_codemod_that_fails_is_switched_off_and_the_others_work(bad):
    class Other(Rename):
        wanted = "older"
        triggers = ()

    source = "old()\nolder()\n"
    for order in ((bad, Other()), (Other(), bad)):
        result = run(source, *order)
        assert result.error is None
        assert result.output == b"old()\nrepr()\n"
        assert statuses(result) == [(bad.name(), 1, Status.REJECTED), ("other", 2, Status.APPLIED)]


def test_the_traceback_is_in_the_detail():
    for bad, words in ((FindRaises(), "the search failed"), (ChangeRaises(), "the change failed")):
        (finding,) = run("old()\n", bad).findings
        assert finding.message == f"the codemod failed: LookupError: '{words}'" or words in finding.message
        assert finding.detail.startswith("Traceback")
        assert "toys.py" in finding.detail
    assert run("old()\n", BreaksSyntax()).findings[0].detail == ""


def test_of_two_that_took_part_the_one_that_fails_alone_is_blamed():
    result = run("old()\nold()\n", BreaksSyntax(), Remove())
    assert result.output == b""
    assert {(item.codemod, item.status) for item in result.findings} == {
        ("breaks-syntax", Status.REJECTED),
        ("remove", Status.APPLIED),
    }


class Binds(Toy):
    """``bind`` becomes the name that the other reads; both are right on their own."""

    def find(self, module):
        for node in module.nodes(ast.Name):
            if node.id == "one" and isinstance(node.ctx, ast.Store):
                yield self.finding(module, node, "renamed", Rewrite((Edit(node, lambda _: raw("two")),)))


class Reads(Toy):
    """Reads the name that the other takes away."""

    def find(self, module):
        for node in module.nodes(ast.Constant):
            if node.value == "name":
                yield self.finding(module, node, "named", Rewrite((Edit(node, lambda _: raw("one")),)))


def test_two_that_fail_only_together_are_both_switched_off():
    result = run("one = 1\nprint('name')\n", Binds(), Reads())
    assert result.output is None
    assert {item.status for item in result.findings} == {Status.REJECTED}
    assert run("one = 1\nprint('name')\n", Binds()).output == b"two = 1\nprint('name')\n"
    assert run("one = 1\nprint('name')\n", Reads()).output == b"one = 1\nprint(one)\n"


def test_a_place_that_is_not_there_is_no_failure():
    result = run("x\nold()\n", WrongPlace(), Rename())
    assert result.output == b"x\nrepr()\n"
    assert {item.status for item in result.findings} == {Status.FOUND, Status.APPLIED}


@pytest.mark.parametrize("codemod", [OwnOverlap(), StrangeEdits(), AllOrNone()])
def test_what_cannot_be_placed_is_found_with_the_reason(codemod):
    source = "import os\ndef f(a=1): pass\ntry: f(a=2)\nexcept ValueError: pass\nold()\nold()\n"
    result = run(source, codemod)
    assert result.output is None
    assert result.error is None
    assert {item.status for item in result.findings} == {Status.FOUND}
    assert all(item.reason.startswith("cannot be placed here: ") for item in result.findings)


def test_an_insertion_that_cannot_be_placed():
    class BeforeElif(Toy):
        def find(self, module):
            test = module.nodes(ast.If)[1]
            edits = (Edit(test.test, lambda node: node),)
            yield self.finding(module, test, "elif", Rewrite(edits, insertions=(Insertion(test, "x = 1"),)))

    (finding,) = run("if a: pass\nelif b: pass\n", BeforeElif()).findings
    assert (finding.status, finding.reason) == (
        Status.FOUND,
        "cannot be placed here: an elif is no statement of its own",
    )


# --- rounds ------------------------------------------------------------------------------------------------------


def test_all_or_none():
    assert run("old(1)\nold(2)\n", AllOrNone()).output is None


def test_a_shared_edit_is_made_once():
    Shares.made.clear()
    assert output("x\nold()\nold()\nold()\n", Shares()) == "count = 1\nrepr()\nrepr()\nrepr()\n"
    assert Shares.made == [1]


def test_what_overlaps_goes_to_the_next_round():
    assert output("old(old(old(1)), old(2))\n", Rename()) == "repr(repr(repr(1)), repr(2))\n"
    result = run("old(\n  old(\n    old()))\n", Rename())
    assert [item.line for item in result.findings] == [1, 2, 3]


def test_two_codemods_that_overlap():
    assert output("old()\n", InWith(), Rename()) == "with open(1):\n    repr()\n"
    assert output("if x:\n\told()  # c\n", InWith()) == "if x:\n\twith open(1):\n\t\trepr()  # c\n"


def test_a_codemod_that_does_not_come_to_rest_is_left_out():
    result = run("old()\n", NeverSettles(), Rename())
    assert result.output == b"repr()\n", "the others go on without it"
    assert statuses(result) == [("never-settles", 1, Status.REJECTED), ("rename", 1, Status.APPLIED)]
    assert result.findings[0].message == f"did not come to rest in {MOST_ROUNDS} rounds"


def test_as_many_rounds_as_there_are():
    def nested(depth, name):
        return f"{name}(" * depth + ")" * depth + "\n"

    fits = MOST_ROUNDS - 1
    assert output(nested(fits, "old"), Rename()) == nested(fits, "repr")
    result = run(nested(fits + 1, "old"), Rename())
    assert result.output is None and [item.status for item in result.findings] == [Status.REJECTED]


def test_findings_are_placed_in_the_file_as_it_was_given():
    source = "import os\nold(\n  1,\n  old())\n\nold()\n"
    result = run(source, Imports("logging"), Inserts())
    assert result.error is None
    result = run(source, Inserts("print(1)", "print(2)"))
    assert [item.line for item in result.findings] == [2, 4, 6]
    assert [(item.column, item.end_line, item.end_column) for item in result.findings] == [
        (0, 4, 8),
        (2, 4, 7),
        (0, 6, 5),
    ]
    later = run("old(old())\nlater()\n", Rename(), type("Late", (Only,), {"wanted": "later"})())
    assert [item.line for item in later.findings] == [1, 1, 2]


def test_removing_all_statements_of_a_block():
    source = "if x:\n    old()\n    old()\ny\n"
    assert output(source, Remove()) == "if x:\n    pass\ny\n"
    assert output(source, RemoveAll()) == "if x:\n    pass\ny\n"
    assert output("if x:\n    old()\n    old()  # c\n", Remove()) == "if x:\n    pass\n"
    assert output("x\nold()\nold()", RemoveAll()) == "x"


def test_insertions_are_shared_and_keep_their_order():
    assert (
        output("old(old())\n", Inserts("print(1)", "print(2)"))
        == "print(1)\nprint(2)\nprint(1)\nprint(2)\nrepr(repr())\n"
    )
    assert output("f(old(), old())\n", Inserts("a = 1")) == "a = 1\nf(repr(), repr())\n"
    assert output("if x: old()\n", Inserts("print(1)", "print(2)")) == "if x:\n    print(1)\n    print(2)\n    repr()\n"
    assert output("if x: y; old()\n", Inserts("print(1)", "print(2)")) == "if x: y; print(1); print(2); repr()\n"


def test_an_insertion_inside_what_another_edit_changes_waits():
    class Outer(Toy):
        def find(self, module):
            node = module.tree.body[0]
            if isinstance(node, ast.If):
                edit = Edit(node, lambda item: item.with_changes(test=raw("True")))
                if not isinstance(node.test, ast.Constant):
                    yield self.finding(module, node, "outer", Rewrite((edit,)))

    assert output("if x:\n    old()\n", Outer(), Inserts("a = 1")) == "if True:\n    a = 1\n    repr()\n"
    assert output("if x:\n    old()\n", Inserts("a = 1"), Outer()) == "if True:\n    a = 1\n    repr()\n"
    assert output("if x: old()\n", Inserts("a = 1"), Outer()) == "if True:\n    a = 1\n    repr()\n"


def test_an_edit_of_the_whole_module_gets_its_imports():
    after = output("x = 1\nwhole = 1\n", Whole())
    assert after == "from functools import partial\n\nx = 1\npass\npartial(print)\n"
    assert output("import os\nold()\nwhole = 1\n", Rename(), Whole()) == (
        "import os\nfrom functools import partial\nrepr()\npass\npartial(print)\n"
    )


def test_an_edit_of_the_whole_module_waits_until_it_is_alone():
    """Though it comes first in the file: fragments are taken as long as there are any."""
    seen = []

    class Watches(Toy):
        def find(self, module):
            if not seen:
                yield self.finding(module, module.tree.body[0], "x", Rewrite((Edit(module.tree, self.change),)))

        @staticmethod
        def change(tree):
            seen.append(tree.code)
            return tree

    assert output("x = 1\nold()\n", Watches(), Rename()) == "x = 1\nrepr()\n"
    assert seen == ["x = 1\nrepr()\n"]


def test_findings_after_an_edit_of_the_whole_module_are_placed_where_their_lines_were():
    class Into(Toy):
        """Moves all but the last statement into a function."""

        def find(self, module):
            if b"def" not in module.source.data:
                yield self.finding(module, module.tree.body[0], "into", Rewrite((Edit(module.tree, self.change),)))

        @staticmethod
        def change(tree):
            import libcst as cst

            body = cst.IndentedBlock(body=tree.body[:-1])
            return tree.with_changes(body=[tree.body[-1], cst.FunctionDef(cst.Name("f"), cst.Parameters(), body)])

    class Late(Toy):
        """Finds calls once there is a function."""

        def find(self, module):
            for call in module.nodes(ast.Call) if b"def" in module.source.data else ():
                yield self.finding(module, call, module.text(call))

    found = [(item.line, item.column, item.message) for item in run("a()\nb(1)\nx = c()\n", Into(), Late()).findings]
    assert sorted(found) == [(1, 0, "a()"), (1, 0, "into"), (2, 0, "b(1)"), (3, 4, "c()")]


def test_an_edit_of_the_whole_module_places_its_statements_itself():
    class Both(Toy):
        def find(self, module):
            first = module.tree.body[0]
            edits = (Edit(module.tree, lambda tree: tree),)
            yield self.finding(module, first, "x", Rewrite(edits, insertions=(Insertion(first, "a = 1"),)))

    (finding,) = run("x\n", Both()).findings
    assert finding.status is Status.FOUND


def test_two_rewrites_that_want_one_name_for_different_things():
    class First(Imports):
        wanted = "first"

    class Second(Imports):
        wanted = "second"

    after = output("first()\nsecond()\n", First("os.path"), Second("posixpath.path"))
    assert "import path\n" in after
    assert "import path as _path\n" in after


def test_definitions_are_made_once():
    assert output("made = 1\nold()\nold()\n", Defines("A = 1")).count("A = 1") == 1
    again = run("made = 1\nold(old())\nold()\n", Defines("A = 1"))
    assert "A, line 1, is a variable of the file's own" in again.findings[0].message, "a second round needs it anew"


# --- results -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("codemod", [Rename(), Only(), RenameUnsafe(), ChangeRaises(), BreaksSyntax(), NeverSettles()])
def test_results_survive_pickling(codemod):
    result = run("old(old())\n", codemod)
    again = pickle.loads(pickle.dumps(result))  # noqa: S301
    assert again == result
    assert all(item.node is None and item.rewrite is None for item in result.findings)


def test_encoding_and_byte_order_mark_are_kept():
    latin = "# coding: latin-1\r\nold('ä')\r\n".encode("latin-1")
    assert run(latin, Rename()).output == latin.replace(b"old", b"repr")
    marked = b"\xef\xbb\xbfold('\xc3\xa4')"
    assert run(marked, Rename()).output == marked.replace(b"old", b"repr")


def test_notes_tell_what_became_of_the_findings():
    plan = Plan((NoteTold(), Rename()))
    assert notes(b"old()\nold()\n", plan, ProjectFacts()) == (("note-told", 2),)
    assert notes(b"old()\n# pymodernize: skip-file\n", plan, ProjectFacts()) == ()
    assert notes(b"old = 1\n", plan, ProjectFacts()) == ()
    assert notes(b"old = '\xff'\n", plan, ProjectFacts()) == ()


def test_only_those_that_have_something_to_tell_are_asked_for_notes(monkeypatch):
    silent = type("Silent", (Rename,), {"uses_project": True})
    monkeypatch.setattr("pymodernize.transformation.engine.model_of", None)
    assert notes(b"old()\n", Plan((silent(),)), ProjectFacts()) == ()


def test_notes_of_a_codemod_that_fails_are_none():
    assert notes(b"old()\n", Plan((NoteRaises(),)), ProjectFacts()) == ()
    assert notes(b"old(\n", Plan((NoteRaises(),)), ProjectFacts()) == ()


# --- any input -----------------------------------------------------------------------------------------------------

SEEDS = [
    "import os, sys\nprint('a', os.path.join('b', f'{sys.argv[0]!r:>{4}}'))\n",
    "try:\n    old(1)\nexcept:\n\told()\n",
    "def main(argv=[]):\n    '''doc'''\n    for i in argv: print('%s' % i); old(i)\n\n"
    "if __name__ == '__main__':\n    main()\n",
    "# coding: utf-8\nfrom os import *\nx = '''\nold()\n''' 'é'; print(\"hello world\", file=sys.stderr)\n",
    "class A(object):\n  @property\n  def f(self): return lambda: old(self, *x, **y)\n",
    "print(f\"{old(1)} and {'x'}\" 'more')  # pymodernize: ignore[x]\n",
    "async def g():\n    async with a as b: await old()\n    return [old(x) async for x in y if (z := x)]\n",
]
PIECES = [
    "old(",
    ")",
    "\n",
    "\r\n",
    "    ",
    "\t",
    "'",
    '"""',
    "f'{",
    "}",
    "#",
    "\\\n",
    ";",
    ":",
    "print(",
    "é",
    "\f",
    "if x: ",
    ",",
]


def everything() -> Plan:
    installed = tuple(entry.load()() for entry in entries().values())
    toys = (Rename(), Imports(), Inserts("import_me = 1"), InWith(), Remove())
    return replace(make_plan(unsafe=True), codemods=(*installed, *toys[:3]))


EVERYTHING = everything()
INSTALLED = make_plan(unsafe=True)


@pytest.mark.no_cover
@settings(deadline=None, max_examples=examples(200))
@given(st.binary(max_size=200))
def test_any_bytes(data):
    result = transform(data, EVERYTHING)
    assert isinstance(result, Result)


@st.composite
def mutated(draw):
    text = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 6)))
        text = text[:start] + draw(st.sampled_from(["", *PIECES])) + text[end:]
    return text


@pytest.mark.no_cover
@settings(deadline=None, max_examples=examples(250))
@given(mutated())
def test_python_that_was_tampered_with(text):
    data = text.encode()
    for plan in (EVERYTHING, INSTALLED, Plan((Rename(),)), Plan((Imports(), Remove())), Plan((Inserts("a = 1"),))):
        result = transform(data, plan)
        failed = [item.detail for item in result.findings if item.detail]
        assert not failed, failed[0]
        if plan is INSTALLED and result.output is not None:
            again = transform(result.output, plan)
            assert again.output is None
            assert again.error is None


FILES = sorted(path for path in STDLIB.glob("*.py"))[::4]


@pytest.mark.no_cover
@pytest.mark.parametrize("path", FILES[::6], ids=lambda path: path.name)
def test_the_standard_library_stays_in_one_piece(path):
    data = path.read_bytes()
    result = transform(data, INSTALLED, ProjectFacts(path="script.py"))
    assert result.error is None
    assert not [item for item in result.findings if item.status is Status.REJECTED]
    if result.output is not None:
        compile(result.output, path.name, "exec", dont_inherit=True)
        assert transform(result.output, INSTALLED, ProjectFacts(path="script.py")).output is None


class Identity(Toy):
    """Puts every n-th statement and expression back as LibCST renders it."""

    def find(self, module):
        nodes = [*module.nodes(ast.Call), *module.nodes(ast.BinOp), *module.nodes(ast.Assign), *module.nodes(ast.If)]
        for node in nodes[:: max(1, len(nodes) // 40)]:
            if "marker" not in module.source.text[-20:]:
                yield self.finding(module, node, "same", Rewrite((Edit(node, lambda item: item),)))


@pytest.mark.no_cover
@pytest.mark.parametrize("path", FILES[::6], ids=lambda path: path.name)
def test_fragments_of_the_standard_library_are_rendered_as_they_were(path):
    from pymodernize.rewriting.fragments import CannotPlace, make_splice

    module = model(path.read_bytes())
    for finding in Identity().find(module):
        node = finding.node
        try:
            splice = make_splice(module, Edit(node, lambda item: item))
        except CannotPlace:
            continue
        assert module.source.data[splice.start : splice.end] == splice.text


def test_no_model_outlives_its_run():
    """Thousands of files in one process: what a codemod remembers of one goes with it, at once."""
    source = (
        b"import os, sys\ntry:\n    name = os.path.join(sys.argv[1], 'a')\n    open(name).read()\n"
        b"except OSError as exc:\n    print(exc, os.path.exists(name), open(name).name)\nexcept:\n    pass\n"
    )
    plan = make_plan(unsafe=True)

    def alive() -> list[object]:
        return [item for item in gc.get_objects() if isinstance(item, (Module, ast.Module, ast.Try))]

    transform(source, plan)
    gc.collect()
    before = len(alive())
    gc.disable()
    try:
        assert transform(source, plan).output
        assert notes(source, plan, ProjectFacts()) == ()
        assert notes(b"old()\n", Plan((NoteTold(),)), ProjectFacts())
        assert module_names(source)
        assert len(alive()) == before
    finally:
        gc.enable()


def test_a_codemod_of_scripts_is_not_asked_elsewhere():
    class OfScripts(Rename):
        of_scripts = True

    plan = Plan((OfScripts(),))
    assert transform(b"old()\n", plan).output == b"repr()\n"
    assert transform(b"old()\n", plan, ProjectFacts(path="tool.py")).output == b"repr()\n"
    for facts in (ProjectFacts(path="a.py", in_package=True), ProjectFacts(path="test_a.py"), ProjectFacts("setup.py")):
        assert transform(b"old()\n", plan, facts) == Result()


def test_a_codemod_that_goes_first_wins_where_rewrites_overlap():
    class Late(RemoveAll):
        goes_first = True

    assert {item.codemod for item in run("old()\n", Rename(), RemoveAll()).findings if item.message} == {"rename"}
    assert {item.codemod for item in run("old()\n", Rename(), Late()).findings if item.message} == {"late"}


@pytest.mark.parametrize(
    "source",
    [
        'def f():\n\x0c    return 1\n\nprint("the number %d" % f())\n',
        "try:\n\x0c    old(1)\nexcept:\n\told()\n",
        'if 1:\n\x0c  print("one line")\n',
        'for i in [1]:\n \x0c  print("number %d" % i)\n',
        'class A:\n\x0c\tdef f(self):\n\x0c\t\tprint("in f")\n\nA().f()\n',
        '\x0c\nimport os\n\x0c\nprint("form feeds on lines of their own %s" % os.sep)\n',
    ],
)
def test_form_feeds_in_indentations(source):
    result = run(source, *INSTALLED.codemods)
    assert result.error is None
    assert not [item.message for item in result.findings if item.status is Status.REJECTED]


def test_two_rewrites_of_a_round_do_not_bring_the_same_name():
    Other = type("Other", (Defines,), {})
    source = "made = 1\nold(1)\nold(2)\n"
    result = run(source, Defines("A = 1"), Other("A = 2"))
    assert result.output == b"A = 1\n\nmade = 1\nmade(1)\nmade(2)\n"
    assert not [item for item in result.findings if item.status is Status.REJECTED]
