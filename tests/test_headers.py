"""The headers of except clauses as fragments."""

from __future__ import annotations

import ast
import sys
from functools import partial

import libcst as cst
import pytest
from toys import model

from pymodernize.codemod import Edit
from pymodernize.rewriting.fragments import CannotPlace, apply_splices, make_splice, span_of_edit
from pymodernize.transformation.suppress import is_suppressed
from pymodernize_codemods._exceptions.rewriting import with_name, with_types

TYPED = partial(with_types, types=("A", "b.C"))
NAMED = partial(with_name, name="exc")


def edited(source: str, change) -> str:
    module = model(source)
    handler = module.nodes(ast.ExceptHandler)[-1]
    splice = make_splice(module, Edit(handler, change))
    assert (splice.start, splice.end) == span_of_edit(module, Edit(handler, change))
    result = apply_splices(module.source.data, [splice]).decode()
    ast.parse(result)
    return result


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("try: f()\nexcept: pass\n", "try: f()\nexcept (A, b.C): pass\n"),
        ("try: f()\nexcept  : pass\n", "try: f()\nexcept (A, b.C): pass\n"),
        ("try: f()\nexcept\\\n  : pass\n", "try: f()\nexcept (A, b.C): pass\n"),
        ("try:\n\tf()\nexcept: # c: d\n\tpass # e\n", "try:\n\tf()\nexcept (A, b.C): # c: d\n\tpass # e\n"),
        ("if x:\r\n    try:\r\n        f()\r\n    except:\r\n        g('é:')\r\n", None),
        ("try: f()\nexcept A: pass\nexcept: x = {1: 2}\n", "try: f()\nexcept A: pass\nexcept (A, b.C): x = {1: 2}\n"),
    ],
)
def test_a_bare_header_gets_types(before, after):
    wanted = after if after is not None else before.replace("except:", "except (A, b.C):")
    assert edited(before, TYPED) == wanted


@pytest.mark.parametrize(
    "header",
    [
        "except A",
        "except (A, B)",
        "except x[1:2]",
        "except {1: A}[1]",
        "except (lambda: A)()",
        "except(A)",
        "except a.é",
    ],
)
def test_a_header_gets_a_name(header):
    source = f"try:\n    f()\n{header}:  # why: so\n    pass\n"
    assert edited(source, NAMED) == source.replace(f"{header}:", f"{header} as exc:")


def test_a_type_over_several_lines_keeps_its_comments():
    source = "try: f()\nexcept (\n    A,  # a: b\n    B,\n): pass\n"
    assert edited(source, NAMED) == source.replace("): pass", ") as exc: pass")


@pytest.mark.parametrize("change", [lambda item: item.body, lambda item: cst.RemoveFromParent(), lambda item: [item]])
def test_a_handler_becomes_a_handler(change):
    with pytest.raises(CannotPlace):
        edited("try: f()\nexcept: pass\n", change)


def test_a_header_whose_colon_is_that_of_a_lambda_is_left_alone():
    with pytest.raises(CannotPlace):
        edited("try: f()\nexcept lambda: A: pass\n", NAMED)


@pytest.mark.skipif(sys.version_info < (3, 11), reason="except*")
def test_an_except_star_clause_is_left_alone():
    with pytest.raises(CannotPlace):
        edited("try: f()\nexcept* A: pass\n", NAMED)


class Quiet:
    noqa = ("E722",)

    @staticmethod
    def name() -> str:
        return "rename"


@pytest.mark.parametrize(
    ("source", "quiet"),
    [
        ("try:\n    f()\nexcept:  # pymodernize: ignore[rename]\n    pass\n", True),
        ("try:\n    f()\n# pymodernize: ignore[rename]\nexcept:\n    pass\n", True),
        ("# pymodernize: ignore\ntry:\n    f()\nexcept:\n    pass\n", True),
        ("try:\n    f()\nexcept:  # noqa: E722\n    pass\n", True),
        ("try:\n    f()\nexcept:\n    pass  # pymodernize: ignore[rename]\n", False),
        ("try:\n    f()  # pymodernize: ignore[rename]\nexcept:\n    pass\n", False),
        ("try:\n    f()\nexcept:  # pymodernize: ignore[other]\n    pass\n", False),
    ],
)
def test_a_comment_on_the_clause_keeps_it_quiet(source, quiet):
    module = model(source)
    assert is_suppressed(module, module.nodes(ast.ExceptHandler)[0], Quiet()) is quiet  # type: ignore[arg-type]
