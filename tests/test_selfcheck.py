from __future__ import annotations

import pytest
from toys import (
    AddsComment,
    BreaksCompiling,
    BreaksSyntax,
    DropsComment,
    LoneReturn,
    MakesReturn,
    MixesNewlines,
    MovesCookie,
    NewSyntax,
    Remove,
    Rename,
    Undefined,
    model,
    run,
)

from pymodernize.codemod import Status
from pymodernize.plan import Plan
from pymodernize.source import SourceFile
from pymodernize.transformation.selfcheck import problem

PLAN = Plan(())


@pytest.mark.parametrize(
    ("source", "codemod", "message"),
    [
        ("old()\n", BreaksSyntax(), "does not parse"),
        ("class A:\n    x = old()\n", BreaksCompiling(), "does not compile"),
        ("old()\n", Undefined(), "undefined names: nowhere"),
        ("old()  # why\n", DropsComment(), "a comment would be lost: # why"),
        ("old()\n", AddsComment(), "a comment would appear: # here"),
        ("# coding: latin-1\nold()\n", MakesReturn(), "cannot be written in"),
        ("# coding: latin-1\nx = 'a'\n", MovesCookie(), "another encoding"),
        ("old()\n", LoneReturn(), "carriage return"),
        ("old()\n", MixesNewlines(), "mixes newlines"),
    ],
)
def test_each_rejection(source, codemod, message):
    result = run(source, codemod)
    assert result.output is None
    assert result.error is None
    (finding,) = result.findings
    assert finding.status is Status.REJECTED
    assert finding.codemod == codemod.name()
    assert finding.message.startswith("rejected by the self-check: ")
    assert message in finding.message


def test_a_comment_may_go_if_the_finding_says_so():
    assert run("old()  # why\n", Remove()).output == b""


def test_syntax_that_is_too_new_for_the_target():
    assert run("old()\n", NewSyntax(), target_version=(3, 8)).output == b"(y := 1)\n"
    (finding,) = run("old()\n", NewSyntax(), target_version=(3, 7)).findings
    assert finding.status is Status.REJECTED


def test_a_file_that_is_too_new_for_the_target_itself_is_no_reason_to_reject():
    result = run("(z := 2)\nold()\n", Rename(), target_version=(3, 7))
    assert [item.status for item in result.findings] == [Status.APPLIED]


def test_a_file_that_does_not_compile_itself_is_no_reason_to_reject():
    result = run("return 1\nold()\n", Rename())
    assert [item.status for item in result.findings] == [Status.APPLIED]


def check(before: bytes, after: bytes) -> str | None:
    module = model(before)
    return problem(module, module.source.with_data(after), PLAN, comments_may_go=False)


def test_nothing_is_wrong():
    assert check(b"x = 1  # c\r\n", b"y = 2  # c\r\n") is None
    assert check(b"x = 1", b"import y\nx = 1") is None
    assert check(b"print(x)\n", b"x\n") is None, "it was undefined before"
    assert check(b"# a\n# b\n", b"# b\n# a\n") is None


def test_comments_are_counted():
    assert check(b"# a\n# a\n", b"# a\n") == "a comment would be lost: # a"
    assert check(b"# a\n", b"'# a'\n") == "a comment would be lost: # a"


def test_newlines():
    assert "newlines" in (check(b"x\r\ny\r\n", b"x\r\ny\n") or "")
    assert "newlines" in (check(b"x\ny\n", b"x\r\ny\n") or "")
    assert check(b"x\r\ny\n", b"x\ny\r\n") is None, "the file mixes them itself"


def test_the_encoding_stays():
    before = model("# coding: latin-1\nx = 'ä'\n".encode("latin-1"))
    assert before.source.encoding == "iso8859-1"
    after = SourceFile("x = 'ä'\n".encode(), before.source.encoding)
    assert problem(before, after, PLAN, comments_may_go=True) is not None
