"""Edits of several statements at once, rewrites that wait for others, and what they leave as it was."""

from __future__ import annotations

import ast

import libcst as cst
import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import Toy, model, output, renamed, run

from pymodernize.codemod import Edit, Rewrite, Status
from pymodernize.rewriting.fragments import CannotPlace, make_splice, span_of_edit
from pymodernize.rewriting.splices import Splice, apply_splices
from pymodernize.transformation.moved_lines import by_lines


def enclosed(statements: list[cst.BaseStatement]) -> list[cst.BaseStatement]:
    body = cst.IndentedBlock(statements[1:])
    return [cst.With([cst.WithItem(cst.Name("help"))], body, leading_lines=statements[0].leading_lines)]


class Enclose(Toy):
    """What stands from ``begin()`` to ``end()`` gets a block of its own."""

    def find(self, module):
        for statement in module.nodes(ast.Expr):
            if module.text(statement) == "begin()":
                block, number = module.place(statement)
                last = next(item for item in block[number:] if module.text(item) == "end()")
                rewrite = Rewrite((Edit(statement, enclosed, until=last),))
                yield self.finding(module, statement, "no block", rewrite)


class Shorten(Toy):
    """``str()`` becomes ``repr()``, unless others have something to do."""

    waits = True

    def find(self, module):
        for call in module.nodes(ast.Call):
            if module.text(call.func) == "str":
                edit = Edit(call, lambda node: renamed(node, "repr"))
                yield self.finding(module, call, "long", Rewrite((edit,), waits=self.waits))


class Prefer(Toy):
    """``int()`` becomes ``str()``, and ``str(1)`` becomes ``len(1)``."""

    def find(self, module):
        for call in module.nodes(ast.Call):
            name = {"int": "str", "str": "len"}.get(module.text(call.func))
            if name is not None and (name == "str" or module.text(call) == "str(1)"):
                edit = Edit(call, lambda node, name=name: renamed(node, name))
                yield self.finding(module, call, "other", Rewrite((edit,)))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("begin()\na\nend()\n", "with help:\n    a\n    end()\n"),
        ("begin()\na\nend()", "with help:\n    a\n    end()"),
        ("begin()\r\n\r\na # c\r\nend()\r\nb\r\n", "with help:\r\n\r\n    a # c\r\n    end()\r\nb\r\n"),
        ("if x:\n\tbegin()\n\ta\n\t# c\n\tend()\n\tb\n", "if x:\n\twith help:\n\t\ta\n\t\t# c\n\t\tend()\n\tb\n"),
        ('begin()\na = """\n  b\n"""\nend()\n', 'with help:\n    a = """\n  b\n"""\n    end()\n'),
        (
            "def f():\n    begin()\n    \n    a(\n        b)\n    end()\n",
            "def f():\n    with help:\n    \n        a(\n            b)\n        end()\n",
        ),
    ],
)
def test_a_run_moves_into_a_block(before: str, after: str):
    assert output(before, Enclose()) == after


def test_a_run_that_shares_a_line_stays():
    module = model("begin(); a\nend(); b\n")
    first, _, last, _ = module.tree.body
    edit = Edit(first, enclosed, until=last)
    with pytest.raises(CannotPlace):
        span_of_edit(module, edit)
    assert [item.status for item in run("begin(); a\nend(); b\n", Enclose()).findings] == [Status.FOUND]


def test_the_lines_of_a_run_keep_their_places():
    """A finding inside of what has moved is told at its place in the file as it was given."""
    findings = run("begin()\na\nstr()\nend()\n", Enclose(), Shorten()).findings
    assert [(item.codemod, item.line) for item in findings] == [("enclose", 1), ("shorten", 3)]


def test_a_rewrite_that_waits_leaves_the_place_to_others():
    assert output("int(1)\nstr(2)\n", Shorten(), Prefer()) == "len(1)\nrepr(2)\n"
    assert output("str(2)\n", Shorten(), Prefer()) == "repr(2)\n"


LINES = st.lists(st.sampled_from(["a\n", "  a\n", "b\n", "\n", "  \n", "  c\n", "    c\n"]), max_size=8).map("".join)


@given(LINES, LINES, LINES)
def test_by_lines_is_the_same_change_but_for_blank_lines(before: str, old: str, new: str):
    data = (before + old).encode()
    splice = Splice(len(before), len(data), new.encode())
    made = apply_splices(data, by_lines(data, splice)).decode()
    assert [line.rstrip(" ") for line in made.splitlines()] == [
        line.rstrip(" ") for line in (before + new).splitlines()
    ]


def test_a_line_that_moves_is_a_change_of_its_margin():
    data = b"x\na\n\nb\n"
    found = by_lines(data, Splice(0, len(data), b"if x:\n  a\n\n  b\n"))
    assert found == [Splice(0, 2, b"if x:\n"), Splice(2, 2, b"  "), Splice(5, 5, b"  ")]


def test_splices_of_a_run_are_those_of_its_statements():
    module = model("begin()\nend()\n")
    first, last = module.tree.body
    splice = make_splice(module, Edit(first, enclosed, until=last))
    assert splice == Splice(0, 14, b"with help:\n    end()\n")
