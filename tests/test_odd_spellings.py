"""Names and cookies in spellings that few write and Python reads: no codemod fails on them."""

from __future__ import annotations

import ast

import pytest
from running import make_plan

from pymodernize.codemod import Status
from pymodernize.semantics.project import ProjectFacts
from pymodernize.source import SourceFile
from pymodernize.transformation.engine import transform


def full_width(name: str) -> str:
    """A name in letters that Python reads as the plain ones."""
    return "".join(chr(ord(letter) + 0xFEE0) for letter in name)


MAIN = full_width("main")
GUARD = 'if __name__ == "__main__":\n    '
FAILS = "    if not print:\n        exit(1)\n"  # main has a status to hand on
MAINS = {
    "alone": f"import sys\ndef {MAIN}():\n    print('hello %s' % sys.argv)\n{FAILS}    return 0\n{MAIN}()\n",
    "with argv": f"import sys\ndef {MAIN}(argv):\n    print('hello %s' % argv)\n{FAILS}{GUARD}{MAIN}(sys.argv)\n",
    "by its plain name": f"import sys\ndef {MAIN}():\n    print('hello %s' % sys.argv)\n{FAILS}{GUARD}main()\n",
    "called by it": (
        "import sys, time\ndef main():\n    print('hello %s' % sys.argv)\n    time.sleep(0)\n"
        f"{GUARD}sys.exit({MAIN}())\n"
    ),
    "with work beside it": (
        f"import sys\ndef {MAIN}():\n    return int(sys.argv[1])\n"
        f"try:\n    print({MAIN}())\nexcept IOError:\n    print('none')\n"
    ),
    "reads what is assigned": (
        f"def {MAIN}():\n    print('%s' % {full_width('number')})\n{FAILS}number = 1\n{GUARD}{MAIN}()\n"
    ),
}


def rejected(source: bytes) -> list[tuple[str, str]]:
    """What the codemods that failed on a file say, and those whose rewrite was refused."""
    result = transform(source, make_plan(), ProjectFacts(path="job.py"))
    assert result.error is None
    assert result.output is not None
    ast.parse(result.output)
    return [(item.codemod, item.message) for item in result.findings if item.status is Status.REJECTED]


@pytest.mark.parametrize("text", MAINS.values(), ids=MAINS.keys())
def test_a_main_in_full_width_letters(text: str) -> None:
    assert rejected(text.encode()) == []


@pytest.mark.parametrize("above", ["", "\n", "\x0c\n", "# a comment\n", "#!/usr/bin/env python\n", " \x0c\t\n"])
@pytest.mark.parametrize("before", ["\x0c", " \t\x0c", "\x0c\x0c "])
def test_a_cookie_behind_a_form_feed(above: str, before: str) -> None:
    work = "import time\nname = 'Jos\xe9'\nprint('hello %s \xe9' % name)\ntime.sleep(0)\n"
    text = f"{above}{before}# -*- coding: latin-1 -*-\n{work}"
    source = text.encode("latin-1")
    assert rejected(source) == []
    output = transform(source, make_plan(), ProjectFacts(path="job.py")).output
    assert output is not None
    assert SourceFile.decode(output).encoding == "iso8859-1"
    assert b"Jos\xe9" in output
