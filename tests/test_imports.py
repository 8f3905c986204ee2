from __future__ import annotations

import ast

import libcst as cst
import pytest
from toys import Defines, Imports, ImportsDrops, Toy, output, run

from pymodernize.codemod import Edit, Rewrite
from pymodernize.semantics.project import Neighbour, ProjectFacts

PATH = "from pathlib import Path\n"
LOGGING = "import logging\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # nothing there
        ("old()\n", PATH + "\n(Path)\n"),
        ("old()", PATH + "\n(Path)"),
        ('"""Doc."""\nold()\n', '"""Doc."""\n\n' + PATH + "\n(Path)\n"),
        ('"""Doc."""\n\nold()\n', '"""Doc."""\n\n' + PATH + "\n(Path)\n"),
        ('"""Doc."""\n\n\nold()\n', '"""Doc."""\n\n' + PATH + "\n\n(Path)\n"),
        ('"""Doc.\n\nMore.\n"""  # c\nold()', '"""Doc.\n\nMore.\n"""  # c\n\n' + PATH + "\n(Path)"),
        ("#!/usr/bin/python\nold()\n", "#!/usr/bin/python\n" + PATH + "\n(Path)\n"),
        (
            "#!/usr/bin/python\n# coding: utf-8\n\nold()\n",
            "#!/usr/bin/python\n# coding: utf-8\n\n" + PATH + "\n(Path)\n",
        ),
        ("# License\n# MIT\n\n# about\nold()\n", "# License\n# MIT\n\n" + PATH + "\n# about\n(Path)\n"),
        ("\n# coding: utf-8\nold()\n", "\n# coding: utf-8\n" + PATH + "\n(Path)\n"),
        ("\n  # coding: utf-8\n\nold()\n", "\n  # coding: utf-8\n\n" + PATH + "\n(Path)\n"),
        ("\n\n\nold()\n", PATH + "\n\n\n(Path)\n"),
        ("from __future__ import division\nold()\n", "from __future__ import division\n\n" + PATH + "\n(Path)\n"),
        (
            '"""Doc."""\nfrom __future__ import division\n\nold()\n',
            '"""Doc."""\nfrom __future__ import division\n\n' + PATH + "\n(Path)\n",
        ),
        ("\r\nold()\r\n", "from pathlib import Path\r\n\r\n(Path)\r\n"),
        ("if 1:\r\n\told()\r\n", "from pathlib import Path\r\n\r\nif 1:\r\n\t(Path)\r\n"),
        # guarded imports are no place
        (
            "try:\n    import json\nexcept ImportError:\n    json = None\nold()\n",
            PATH + "\ntry:\n    import json\nexcept ImportError:\n    json = None\n(Path)\n",
        ),
        # in order
        ("import os\nold()\n", "import os\n" + PATH + "(Path)\n"),
        ("import os\nold()", "import os\n" + PATH + "(Path)"),
        ("import os", "import os"),
        (
            "import os\r\nimport sys\r\n\r\nold()\r\n",
            "import os\r\nimport sys\r\nfrom pathlib import Path\r\n\r\n(Path)\r\n",
        ),
        (
            "import sys\nfrom os import sep\nfrom re import sub\n\nold()\n",
            "import sys\nfrom os import sep\n" + PATH + "from re import sub\n\n(Path)\n",
        ),
        ("from re import sub\nold()\n", PATH + "from re import sub\n(Path)\n"),
        ("import os\n\nimport requests\n\nold()\n", "import os\n" + PATH + "\nimport requests\n\n(Path)\n"),
        ("import requests\n\nold()\n", PATH + "\nimport requests\n\n(Path)\n"),
        ("from . import me\nold()\n", PATH + "\nfrom . import me\n(Path)\n"),
        # other statements between
        (
            "import sys\nsys.path.insert(0, '.')\nimport here\nold()\n",
            "import sys\n" + PATH + "sys.path.insert(0, '.')\nimport here\n(Path)\n",
        ),
        ("A = 1\nimport sys\nB = 2\nimport os\nold()\n", "A = 1\nimport sys\n" + PATH + "B = 2\nimport os\n(Path)\n"),
        (
            "from __future__ import division\nimport os\nold()\n",
            "from __future__ import division\nimport os\n" + PATH + "(Path)\n",
        ),
        # lines that are shared or continued
        ("import os; import sys\nold()\n", "import os; import sys\n" + PATH + "(Path)\n"),
        ("import os; old()\n", PATH + "import os; (Path)\n"),
        ("import os; \\\n  import sys\nold()\n", "import os; \\\n  import sys\n" + PATH + "(Path)\n"),
        ("import os; x = '''\n'''; old()\n", PATH + "import os; x = '''\n'''; (Path)\n"),
        ("X = '''\n'''; import os\nold()\n", PATH + "X = '''\n'''; import os\n(Path)\n"),
        (
            "from os import (\n    sep,  # c\n    path,\n)\nold()\n",
            "from os import (\n    sep,  # c\n    path,\n)\n" + PATH + "(Path)\n",
        ),
        ("import os, \\\n    sys\nold()\n", "import os, \\\n    sys\n" + PATH + "(Path)\n"),
        ("import os  # noqa\nold()\n", "import os  # noqa\n" + PATH + "(Path)\n"),
        # it runs before the imports that are there
        ("A = old()\nimport sys\n", PATH + "\nA = (Path)\nimport sys\n"),
        ('"""Doc."""\nA = old()\nimport sys\n', '"""Doc."""\n\n' + PATH + "\nA = (Path)\nimport sys\n"),
        # others come from the same module
        ("from pathlib import PurePath\nold()\n", "from pathlib import Path, PurePath\n(Path)\n"),
        ("from pathlib import (A, PurePath,)\nold()\n", "from pathlib import (A, Path, PurePath,)\n(Path)\n"),
        ("from pathlib import a, Z  # c\nold()\n", "from pathlib import a, Path, Z  # c\n(Path)\n"),
        ("from pathlib import z as y, a; B = 1\nold()\n", "from pathlib import z as y, a, Path; B = 1\n(Path)\n"),
        (
            "from pathlib import (\n    PurePath,\n)\r\nold()\n",
            "from pathlib import (\n    Path,\n    PurePath,\n)\r\n(Path)\n",
        ),
        (
            "from pathlib import (\n    A,\n    B)\nold()\n",
            "from pathlib import (\n    A,\n    B)\n" + PATH + "(Path)\n",
        ),
        (
            "from pathlib import (\n\tA,\n\tB,\n)\nold()\n",
            "from pathlib import (\n\tA,\n\tB,\n\tPath,\n)\n(Path)\n",
        ),
        # what has a layout of its own keeps it
        (
            "from pathlib import (A,\n    B)\nold()\n",
            "from pathlib import (A,\n    B)\n" + PATH + "(Path)\n",
        ),
        (
            "from pathlib import (\n    A,\n    B,  # c\n)\nold()\n",
            "from pathlib import (\n    A,\n    B,  # c\n)\n" + PATH + "(Path)\n",
        ),
        ("from pathlib import A, \\\n  B\nold()\n", "from pathlib import A, \\\n  B\n" + PATH + "(Path)\n"),
        (
            f"from pathlib import {'A' * 64}\nold()\n",
            f"from pathlib import {'A' * 64}\n" + PATH + "(Path)\n",
        ),
        (f"from pathlib import {'A' * 62}\nold()\n", f"from pathlib import {'A' * 62}, Path\n(Path)\n"),
        # nor is it another module, or too late
        ("from .pathlib import A\nold()\n", PATH + "\nfrom .pathlib import A\n(Path)\n"),
        ("from pathlib import *\nold()\n", "from pathlib import *\n" + PATH + "(Path)\n"),
        (
            "import sys\nB = 1\nfrom pathlib import A\nold()\n",
            "import sys\n" + PATH + "B = 1\nfrom pathlib import A\n(Path)\n",
        ),
        # it is there
        ("from pathlib import Path\nold()\n", "from pathlib import Path\n(Path)\n"),
        ("import pathlib\nold()\n", "import pathlib\n(pathlib.Path)\n"),
    ],
)
def test_where_an_import_goes(before, after):
    assert output(before, Imports()) == after
    ast.parse(after)


def test_a_plain_import_goes_above_those_with_from():
    assert output("from os import sep\nold()\n", Imports("logging")) == LOGGING + "from os import sep\n(logging)\n"
    assert (
        output("import abc\nimport sys\nold()\n", Imports("logging"))
        == "import abc\nimport logging\nimport sys\n(logging)\n"
    )


def test_another_name_joins_a_list_under_that_name():
    before = "from pathlib import PurePath\n\nold()\nPath = 1\n"
    assert output(before, Imports()) == "from pathlib import Path as _Path, PurePath\n\n(_Path)\nPath = 1\n"
    before = "from pathlib import (\n    PurePath,\n)\n\nold()\nPath = 1\n"
    after = "from pathlib import (\n    Path as _Path,\n    PurePath,\n)\n\n(_Path)\nPath = 1\n"
    assert output(before, Imports()) == after


def test_several_at_once():
    after = output("import os\nimport re\n\nold()\n", Imports("pathlib.Path", "logging", "sys", "os.path"))
    assert (
        after
        == "import logging\nimport os\nimport re\nimport sys\nfrom pathlib import Path\n\n".replace(
            "import logging\nimport os\n", "import logging\nimport os\n"
        )
        + "(Path, logging, sys, os.path)\n"
    )


def test_each_is_added_once():
    assert output("old()\nold()\n", Imports("logging")) == LOGGING + "\n(logging)\n(logging)\n"


def test_the_byte_order_mark_stays_first():
    assert run(b"\xef\xbb\xbfold()\n", Imports()).output == b"\xef\xbb\xbf" + PATH.encode() + b"\n(Path)\n"


def test_the_encoding_cookie_stays_in_the_second_line():
    result = run("\n# coding: latin-1\nold('ä')\n".encode("latin-1"), Imports())
    assert result.output == b"\n# coding: latin-1\n" + PATH.encode() + b"\n(Path)\n"


# --- definitions -----------------------------------------------------------------------------------------------

MADE = "def made():\n    if 1:\n        return 1\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("old()\n", MADE + "\n\nmade()\n"),
        ("old()", MADE + "\n\nmade()"),
        ("import os\nold()\n", "import os\n\n\n" + MADE + "\n\nmade()\n"),
        ("import os\n\nold()\n", "import os\n\n\n" + MADE + "\n\nmade()\n"),
        ("import os\n\n\n\nold()\n", "import os\n\n\n" + MADE + "\n\nmade()\n"),
        ('"""Doc."""\nold()\n', '"""Doc."""\n\n\n' + MADE + "\n\nmade()\n"),
        ("#!/bin/python\n\nold()\n", "#!/bin/python\n\n\n" + MADE + "\n\nmade()\n"),
        ("import os\r\nold()\r\n", ("import os\n\n\n" + MADE + "\n\nmade()\n").replace("\n", "\r\n")),
        ("import os\nif 1:\n\told()\n", "import os\n\n\n" + MADE.replace("    ", "\t") + "\n\nif 1:\n\tmade()\n"),
        (
            "try:\n    import a\nexcept ImportError:\n    a = None\nold()\n",
            "try:\n    import a\nexcept ImportError:\n    a = None\n\n\n" + MADE + "\n\nmade()\n",
        ),
    ],
)
def test_a_definition_gets_its_blank_lines(before, after):
    assert output(before, Defines()) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("old()\n", LOGGING + "\nX = 1\nmade = print\n\nmade()\n"),
        ("import os\nold()\n", LOGGING + "import os\n\nX = 1\nmade = print\n\nmade()\n"),
        (
            "import os\n\n\ndef f():\n    old()\n",
            LOGGING + "import os\n\nX = 1\nmade = print\n\n\ndef f():\n    made()\n",
        ),
        (
            "import os\n# c\ndef f():\n    old()\n",
            LOGGING + "import os\n\nX = 1\nmade = print\n\n\n# c\ndef f():\n    made()\n",
        ),
    ],
)
def test_an_assignment_and_an_import(before, after):
    assert output(before, Defines("X = 1\nmade = print", "logging")) == after


# --- removing --------------------------------------------------------------------------------------------------


def dropped(before: str, facts: ProjectFacts | None = None) -> str:
    result = run("import pathlib\n" + before, ImportsDrops("pathlib.Path"), facts=facts)
    assert result.error is None
    assert {item.status.value for item in result.findings} == {"applied"}, result.findings
    return result.output.decode().removeprefix("import pathlib\n")


NEW = "(pathlib.Path)\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("import os\nold(os)\n", NEW),
        ("import os\r\nold(os)\r\n", "(pathlib.Path)\r\n"),
        ("import os\nold(os.path.sep)\n", NEW),
        ("import os as o\nold(o)\n", NEW),
        ("from os import path\nold(path)\n", NEW),
        ("from os import path as p\nold(p)\n", NEW),
        ("import os, re\nold(os)\n", "import re\n" + NEW),
        ("import re, os\nold(os)\n", "import re\n" + NEW),
        ("import os, sys\nold(os, sys)\n", NEW),
        ("from json import (dumps, loads, load)\nold(dumps)\n", "from json import (loads, load)\n" + NEW),
        ("from json import (dumps, load,)\nold(dumps)\n", "from json import (load,)\n" + NEW),
        ("from json import (\n    dumps,\n)\nold(dumps)\n", NEW),
        ("from json import (\n    dumps,\n    load,\n)\nold(dumps)\n", "from json import (\n    load,\n)\n" + NEW),
        ("from json import (\n    load,\n    dumps\n)\nold(dumps)\n", "from json import (\n    load,\n)\n" + NEW),
        ("__all__ = ['x']\nimport os\nold(os)\n", "__all__ = ['x']\n" + NEW),
        # two that bind one name: nothing that reads it, nothing that needs either
        ("import os\nimport os\nold(os)\n", NEW),
        ("import os\nimport os.path\nold(os)\n", NEW),
        # in functions
        ("def f():\n    import os\n    return old(os)\n", "def f():\n    return (pathlib.Path)\n"),
        ("def f():\n    import os\n\n    return old(os)\n", "def f():\n    return (pathlib.Path)\n"),
        ("def f():\n    x = 1\n    import os\n\n    old(os)\n", "def f():\n    x = 1\n\n    " + NEW),
        ("def f():\n    import os, re\n    return old(os)\n", "def f():\n    import re\n    return (pathlib.Path)\n"),
        ("def f():\n    from os import path\n    old(path)\n", "def f():\n    " + NEW),
        ("import os\ndef f():\n    import os\n    old(os)\nold(os)\n", "def f():\n    " + NEW + NEW),
        (
            "def f():\n    for _ in f:\n        if f:\n            import os\n\n            old(os)\n",
            "def f():\n    for _ in f:\n        if f:\n            " + NEW,
        ),
        (
            "if __name__ == '__main__':\n    import os\n    old(os)\n",
            "if __name__ == '__main__':\n    " + NEW,
        ),
    ],
)
def test_an_import_that_lost_its_last_use_goes(before, after):
    assert dropped(before) == after


@pytest.mark.parametrize(
    "source",
    [
        "import os\nold()\n",  # it had no use before
        "import os\nold(os)\nprint(os)\n",
        "import os\nold(os)\ndef f():\n    return os\n",
        "import os  # noqa\nold(os)\n",
        "import os  # the system\nold(os)\n",
        "from json import (\n    dumps,  # noqa: F401\n)\nold(dumps)\n",
        "try:\n    import os\nexcept ImportError:\n    pass\nold(os)\n",
        "if 1:\n    import os\nold(os)\n",
        "__all__ = ['os']\nimport os\nold(os)\n",
        "__all__ = []\n__all__ += ['os']\nimport os\nold(os)\n",
        "import os as os\nold(os)\n",
        "from os import path as path\nold(path)\n",
        "import re\nold(re)\n",  # nobody said that it may go
        "import os\nold(os)\nos = 1\n",
        "import os\nold(os)\ndel os\n",
        "import os; import re\nold(os)\n",
        "from json import (dumps,\n    load)\nold(dumps)\n",
        "import os\nold(os)\nprint(eval('os.sep'))\n",
        "import os\nold(os)\nprint(globals()['os'])\n",
        "import os\nold(os)\ndef f(x: 'os.PathLike'): pass\n",
        "import os\nold(os)\nx: 'os.PathLike' = 1\n",
        "import os\nold(os)\nx = 1  # type: os.PathLike\n",
        "def f():\n    import os\n    old()\n",  # it had no use before
        "def f():\n    import os\ndef g():\n    import os\n    old(os)\n",
        "def f():\n    import os\n    old(os)\n    return lambda: os\n",
        "def f():\n    global os\n    import os\n    old(os)\nprint(os)\n",  # a name of the module
        "def f():\n    import os\n    old(os)\n    os = 1\n",
        "def f():\n    try:\n        import os\n    except ImportError:\n        return\n    old(os)\n",
        "def f():\n    try:\n        if f:\n            import os\n            old(os)\n    finally:\n        f()\n",
        "if old:\n    import os\n    old(os)\n",
        "def f():\n    if f:\n        import os\n    else:\n        old(os)\n",  # nothing else is in its block
        "def f():\n    import os; import re\n    old(os)\n",
        "class C:\n    import os\n    old(os)\n",
        "import os\nimport os  # noqa\nold(os)\nos = 1\n",
    ],
)
def test_an_import_that_may_be_needed_stays(source):
    after = dropped(source)
    kept = [line for line in source.splitlines() if "import" in line]
    assert [line for line in after.splitlines() if "import" in line] == kept


def test_an_import_that_another_file_takes_stays():
    source = "import os\nold(os)\n"
    taken = ProjectFacts(path="m.py", importers=(Neighbour("n.py", "m", True, names=frozenset({"os"})),))
    other = ProjectFacts(path="m.py", importers=(Neighbour("n.py", "m", True, names=frozenset({"f"})),))
    unknown = ProjectFacts(path="m.py", importers=(Neighbour("n.py", "m", True, star=True, names=None),))
    assert dropped(source, taken) == "import os\n" + NEW
    assert dropped(source, unknown) == "import os\n" + NEW
    assert dropped(source, other) == NEW


def test_without_drops_nothing_goes():
    assert "import os\n" in output("import os\nold(os)\n", Imports())


def test_functions_come_behind_the_constants_at_the_top():
    """But not behind code that runs with the module and may call them."""
    function = "def made():\n    return 1"
    source = "import os\n\nA = 1\nlog = 2\nx = old()\n"
    assert output(source, Defines(function)) == (
        "import os\n\nA = 1\n\n\ndef made():\n    return 1\n\n\nlog = 2\nx = made()\n"
    )
    assert output("import os\n\nx = old()\nA = 1\n", Defines(function)) == (
        "import os\n\n\ndef made():\n    return 1\n\n\nx = made()\nA = 1\n"
    )
    assert output("import os\n\nA = B = 'x'\nold()\nB = 2\n", Defines("made = 1")) == (
        "import os\n\nA = B = 'x'\n\nmade = 1\n\nmade()\nB = 2\n"
    )


def test_an_import_above_a_star_is_not_added_again():
    facts = ProjectFacts(path="m.py", star_names=(("mine", frozenset({"sys"})),))
    source = "import sys\nfrom mine import *\nold()\n"
    assert output(source, Imports("sys.path"), facts=facts).count("import sys") == 1


class Doubles(Toy):
    """Ones are written twice; nothing comes along."""

    def find(self, module):
        for node in module.nodes(ast.Constant):
            if node.value == 1:
                yield self.finding(module, node, "one", Rewrite((Edit(node, lambda _: cst.parse_expression("11")),)))


def test_functions_come_behind_constants_that_another_rewrite_changes():
    """Such a rewrite calls nothing new: only one that brings a function, or rests on one that does, may."""
    source = "import os\n\nA = 1\n\n\ndef f():\n    old()\n"
    function = "def made():\n    return 2"
    after = f"import os\n\nA = 11\n\n\n{function}\n\n\ndef f():\n    made()\n"
    assert output(source, Defines(function), Doubles()) == after
