"""The read-only model of a module: names, calls, places, comments, what kind of file it is."""

from __future__ import annotations

import ast
import io
import sys
import sysconfig
import tokenize
import warnings
from pathlib import Path

import pytest

from pymodernize.semantics.module import Module
from pymodernize.semantics.project import Neighbour, ProjectFacts
from pymodernize.source import SourceFile

STDLIB = Path(sysconfig.get_path("stdlib"))


def module_of(source: str | bytes, facts: ProjectFacts | None = None) -> Module:
    raw = source.encode() if isinstance(source, str) else source
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return Module(SourceFile.decode(raw), facts)


def named(source: str, facts: ProjectFacts | None = None) -> str | None:
    """The qualified name of what the call of ``check`` in a source is given."""
    module = module_of(source, facts)
    (check,) = [call for call in module.nodes(ast.Call) if isinstance(call.func, ast.Name) and call.func.id == "check"]
    return module.qualified_name(check.args[0])


# --- names -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("check(print)", "builtins.print"),
        ("check(nothing)", None),
        ("check(print.x)", "builtins.print.x"),
        ("check(f().x)", None),
        ("import os\ncheck(os)", "os"),
        ("import os\ncheck(os.path.join)", "os.path.join"),
        ("import os.path\ncheck(os.path.join)", "os.path.join"),
        ("import os.path as p\ncheck(p.join)", "os.path.join"),
        ("from os import path\ncheck(path.join)", "os.path.join"),
        ("from os.path import join as j\ncheck(j)", "os.path.join"),
        ("from . import a\ncheck(a.b)", ".a.b"),
        ("import os\nimport os\ncheck(os.sep)", "os.sep"),
        ("import os, os.path\ncheck(os.sep)", "os.sep"),
        ("if x:\n    import os\nelse:\n    import os\ncheck(os.sep)", "os.sep"),
        ("def f():\n    import os\n    check(os.sep)", "os.sep"),
        ("def f():\n    import os\ncheck(os.sep)", None),
        # Two meanings.
        ("try:\n    import json\nexcept ImportError:\n    import simplejson as json\ncheck(json)", None),
        ("try:\n    import json\nexcept ImportError:\n    json = None\ncheck(json)", None),
        ("import os\nos = 1\ncheck(os)", None),
        ("import os\ndel os\ncheck(os)", None),
        ("import os\ndef f(os):\n    check(os)", None),
        ("import os\ndef f():\n    global os\n    os = 1\ncheck(os)", None),
        ("import os\nfor os in (): pass\ncheck(os)", None),
        ("import os\nwith x as os: pass\ncheck(os)", None),
        ("import os\ntry: pass\nexcept E as os: pass\ncheck(os)", None),
        ("import os\nclass os: pass\ncheck(os)", None),
        ("import os\n[os for os in ()]\ncheck(os)", "os"),
        ("import os\n[check(os) for os in ()]", None),
        ("import os\nmatch x:\n    case os: pass\ncheck(os)", None),
        # Shadowed builtins.
        ("def print(): pass\ncheck(print)", None),
        ("def f(print):\n    check(print)", None),
        ("def f(print=print): pass\ncheck(print)", "builtins.print"),
        ("class C:\n    def print(self):\n        check(print)", "builtins.print"),
        ("class C:\n    print = 1\n    check(print)", None),
        ("from x import print\ncheck(print)", "x.print"),
        ("print = f(print)\ncheck(print)", None),
        ("print = print\ncheck(print)", None),
        ("if PY2:\n    input = raw_input\ncheck(input)", None),
        ("import builtins\nbuiltins.print = f\ncheck(print)", None),
        ("import builtins as b\nb.print = f\ncheck(print)", None),
        ("def f():\n    import builtins\n    builtins.print = g\ncheck(print)", None),
        ("from six.moves import builtins\nbuiltins.print = f\ncheck(print)", None),
        ("import __builtin__\n__builtin__.print = f\ncheck(print)", None),
        ("__builtins__.print = f\ncheck(print)", None),
        ("__builtins__['print'] = f\ncheck(print)", None),
        ("__builtins__.__dict__['print'] = f\ncheck(print)", None),
        ("setattr(__builtins__, 'print', f)\ncheck(print)", None),
        ("del __builtins__.print\ncheck(print)", None),
        ("globals()['print'] = f\ncheck(print)", None),
        ("import builtins\nbuiltins.other = f\ncheck(print)", "builtins.print"),
        ("import builtins\nbuiltins.print\ncheck(print)", "builtins.print"),
        ("import builtins\ncheck(builtins.print)", "builtins.print"),
        # An import that may not have run leaves the builtin, or what else has the name.
        ("try:\n    from codecs import open\nexcept ImportError:\n    pass\ncheck(open)", None),
        ("if x:\n    from codecs import open\ncheck(open)", None),
        ("from codecs import open\ncheck(open)", "codecs.open"),
        ("check(open)\nfrom codecs import open", None),
        ("def f():\n    check(open)\nf()\nfrom codecs import open", None),
        ("from codecs import open\ndef f():\n    check(open)", "codecs.open"),
        ("def f():\n    from codecs import open\n    check(open)", "codecs.open"),
        ("def f():\n    global open\n    from codecs import open\ncheck(open)", None),
        ("import a\nclass C:\n    check(a.b)\n    import c as a", None),
        ("class C:\n    import a\n    check(a.b)", "a.b"),
        ("class C:\n    if x:\n        import a\n    check(a.b)", None),
        # Star imports.
        ("from os import *\ncheck(open)", None),
        ("from os import *\ncheck(print)", "builtins.print"),
        ("from os.path import *\ncheck(print)", "builtins.print"),
        ("from _operator import *\ncheck(abs)", None),
        ("from mine import *\ncheck(print)", None),
        ("from . import *\ncheck(print)", None),
        ("from os import *\ncheck(getcwd)", None),
        ("import os\nfrom mine import *\ncheck(os)", None),
        ("from mine import *\nimport os\ncheck(os)", "os"),
        ("from mine import *\nif x:\n    import os\ncheck(os)", None),
        ("from mine import *\ntry:\n    import os\nexcept ImportError: pass\ncheck(os)", None),
        ("from mine import *\ndef f(print=1):\n    def g():\n        check(len)", None),
        ("say = print\nfrom mine import *\ncheck(say)", None),
        # Aliases.
        ("say = print\ncheck(say)", "builtins.print"),
        ("import os\njoin = os.path.join\ncheck(join)", "os.path.join"),
        ("say = tell = print\ncheck(tell)", "builtins.print"),
        ("a = print\nb = a\ncheck(b)", "builtins.print"),
        ("def f():\n    say = print\n    check(say)", "builtins.print"),
        ("if x:\n    say = print\ncheck(say)", None),
        ("say = print\nsay = 1\ncheck(say)", None),
        ("say, tell = print, 1\ncheck(say)", None),
        ("def f():\n    global say\n    say = print\ncheck(say)", None),
        ("import logging\ndef f():\n    global print\n    print = logging.info\ncheck(print)", None),
        ("import logging\ncheck(print)\nprint = logging.info", None),
        ("import logging\nprint = logging.info\ncheck(print)", "logging.info"),
        ("a = b\nb = a\ncheck(b)", None),
        ("import sys\nold = sys.stdout\nsys.stdout = f\ncheck(old)", None),
        ("import sys\nold = sys.stdout\ncheck(old)", "sys.stdout"),
        ("import sys\nsys.stdout = f\ncheck(sys.stdout)", "sys.stdout"),
        ("class C:\n    say = print\n    check(say)", "builtins.print"),
    ],
)
def test_qualified_name(source: str, name: str | None) -> None:
    assert named(source) == name


def test_a_file_beside_hides_the_module_of_the_library() -> None:
    facts = ProjectFacts(beside=frozenset({"string", "helper"}))
    assert named("import string\ncheck(string.digits)", facts) is None
    assert named("import os\ncheck(os.sep)", facts) == "os.sep"
    assert named("import helper\ncheck(helper.f)", facts) == "helper.f"
    assert named("import string\ncheck(string.digits)") == "string.digits"
    assert named("from string import *\ncheck(print)", facts) is None
    assert named("from os import *\ncheck(print)", facts) == "builtins.print"


def test_star_imports_of_the_project_are_looked_into() -> None:
    facts = ProjectFacts(star_names=(("mine", frozenset({"open", "helper"})),))
    assert named("from mine import *\ncheck(print)", facts) == "builtins.print"
    assert named("from mine import *\ncheck(open)", facts) is None


CALLS = """
import os, os.path as osp, sys
from os import path, path as p
from os.path import join, join as j, exists
glue = join
def f():
    again = glue
    import os as system
    return again(1), system.path.join(2)
os.path.join(3), osp.join(4), path.join(5), p.join(6), join(7), j(8), glue(9)
def g(join): join(0)
other.join(0), "".join(0), exists(10), os.sep.join(0)
{os.path.join(11): os.path.join(12)}
"""


def test_calls() -> None:
    found = module_of(CALLS).calls("os.path.join", "os.path.exists")
    assert [call.args[0].value for call in found if isinstance(call.args[0], ast.Constant)] == list(range(1, 13))


def test_calls_follow_aliases_that_stand_further_down() -> None:
    module = module_of("def f():\n    b = a\n    b(1)\na = print\n")
    assert len(module.calls("builtins.print")) == 1


def test_unresolved() -> None:
    module = module_of("import a\nx = a\ndef f(b):\n    print(b, c, __file__, __name__)\nd.e\ndel g\ng\n[h for h in i]")
    assert module.unresolved == {"c", "d", "i"}


def test_identifiers() -> None:
    source = "import a.b as c\nfrom d import e\ndef f(g, *h): global i\ntry: j.k\nexcept l as m: pass\nclass n: pass"
    module = module_of(source)
    assert module.identifiers == set("c e f g h i j l m n".split())


@pytest.mark.skipif(sys.version_info < (3, 12), reason="type parameters")
def test_identifiers_with_type_parameters() -> None:
    assert "T" in module_of("def f[T](): pass").identifiers


def test_texts_are_looked_up_once_and_what_was_found_out_can_be_given_up() -> None:
    module = module_of("x = 'atexit'\n")
    assert module.has_text(b"atexit")
    assert module.has_text(b"none", b"atexit")
    assert not module.has_text(b"none")
    asked = []
    find = asked.append
    for _ in range(2):
        module.once(find)
    module.forget()
    module.once(find)
    assert asked == [module, module]


def test_uses() -> None:
    module = module_of("def f(): pass\nf()\nclass C:\n    f = f\n    g = f\ndef g(f): f()\ndef h(): f()\n")
    (binding,) = module.index.scope.bindings["f"]
    # The class body may read the function before it binds the name for itself.
    assert [name.lineno for name in module.uses(binding)] == [2, 4, 5, 7]


# --- functions and calls ---------------------------------------------------------------------------------------


def every_call(source: str, facts: ProjectFacts | None = None) -> list[int] | None:
    module = module_of(source, facts)
    function = next(node for node in module.nodes(ast.FunctionDef) if node.name == "f")
    calls = module.every_call(function)
    return None if calls is None else [call.lineno for call in calls]


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("def f(): pass\nf()\nf()", [2, 3]),
        ("def f(): f()\nprint()", [1]),
        ("def g(): f()\ndef f(): pass\nf()", [1, 3]),
        ("def f(): pass\nprint(f)", None),
        ("def f(): pass\ng = f\nf()", None),
        ("@g\ndef f(): pass\nf()", None),
        ("class C:\n    def f(self): pass\nC().f()", None),
        ("def f(): pass\ndef f(): pass\nf()", None),
        ("def f(): pass\nglobals()['f']()", None),
        ("def f(): pass\nf()\neval('f(1)')", None),
        ("def f(): pass\nf()\nexec(x)", None),
        ("def f(): pass\nf()\nlocals()", None),
        ("def f(): pass\nf()\nvars()", None),
        ("def f(): pass\nf()\nvars(x)", [2]),
        ("import sys\ndef f(): pass\nf()\ngetattr(sys.modules[__name__], x)()", None),
        ("from sys import modules\ndef f(): pass\nf()\nmodules", None),
        ("import __main__\ndef f(): pass\nf()", None),
        ("from __main__ import x\ndef f(): pass\nf()", None),
        ("def f(): pass\nclass C:\n    f = f\nf()\nC.f(1)", None),
        ("def h():\n    def f(): pass\n    f()\nh()", [3]),
        ("def f(): pass", None),
    ],
)
def test_every_call(source: str, lines: list[int] | None) -> None:
    assert every_call(source) == lines


def test_every_call_of_a_module_that_others_import() -> None:
    source = "def f(): pass\nf()"
    assert every_call(source, ProjectFacts(importers=(Neighbour("a.py", "b", True),))) is None
    assert every_call(source, ProjectFacts(in_package=True)) is None
    assert every_call(source, ProjectFacts(path="tests/helper.py")) is None


def test_local_function_and_class() -> None:
    module = module_of("def f(): pass\n@d\ndef g(): pass\ndef h(): pass\nh = 1\nclass C: pass\nx(f, g, h, C, len, f.a)")
    args = module.nodes(ast.Call)[-1].args
    assert [module.local_function(arg) is not None for arg in args] == [True, False, False, False, False, False]
    assert [module.local_class(arg) is not None for arg in args] == [False, False, False, True, False, False]
    assert module_of("def f(): pass\nfrom a import *\nf").local_function(ast.Name("f", ast.Load())) is None


# --- places ----------------------------------------------------------------------------------------------------

PLACES = """
@first
@(  # an @ in a comment
    "ä" @
    second
)
class Ünïcode:
\t@property
\tdef f(self, a="é"): return [lambda: a for b in "ß" if b]

try:
    x = "ü"; y = 1
except E: z = 2
else: u = 3
finally: v = 4
match x:
    case 1: w = 5
"""


def test_span_and_text() -> None:
    module = module_of(PLACES)
    (class_,) = module.nodes(ast.ClassDef)
    assert module.text(class_).startswith("@first\n@(") and module.text(class_).endswith("if b]")
    class_.decorator_list.pop(0)
    assert module.text(class_).startswith("@(  # an @ in")
    (function,) = module.nodes(ast.FunctionDef)
    assert module.text(function).startswith("@property\n\tdef f(")
    assert [module.text(node) for node in module.nodes(ast.Lambda)] == ["lambda: a"]
    texts = {module.text(node) for node in module.nodes(ast.Constant)}
    assert texts == {'"ä"', '"é"', '"ß"', '"ü"', "1", "2", "3", "4", "5"}


def test_statement_block_and_top_level() -> None:
    module = module_of(PLACES)
    number = {node.value: node for node in module.nodes(ast.Constant)}
    for value in (1, 2, 3, 4, 5):
        statement = module.statement(number[value])
        assert isinstance(statement, (ast.Assign, ast.Match))
        assert any(item is statement for item in module.block(statement))
    assert module.statement(number["é"]) is module.nodes(ast.FunctionDef)[0]
    assert module.top_level(number["é"]) is module.tree.body[0]
    assert module.top_level(number[4]) is module.tree.body[1]
    assert module.statement(module.tree.body[0]) is module.tree.body[0]
    assert len(module.block(module.statement(number["ü"]))) == 2
    assert [type(node).__name__ for node in module.ancestors(number["é"])] == [
        "arguments",
        "FunctionDef",
        "ClassDef",
        "Module",
    ]


def test_function() -> None:
    module = module_of(PLACES)
    (function,), (lambda_,) = module.nodes(ast.FunctionDef), module.nodes(ast.Lambda)
    assert module.function(function) is None
    assert module.function(function.args.defaults[0]) is None
    assert module.function(function.decorator_list[0]) is None
    assert module.function(function.body[0]) is function
    assert module.function(lambda_) is function
    assert module.function(lambda_.body) is lambda_


# --- comments --------------------------------------------------------------------------------------------------


def tokenized(text: str) -> list[tuple[str, int]]:
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    return [(token.string.rstrip("\r"), token.start[0]) for token in tokens if token.type == tokenize.COMMENT]


@pytest.mark.parametrize(
    "source",
    [
        "# a\nx = 1  # b\n#",
        "x = '#'  # a",
        "x = '''#\n# no\n'''  # yes",
        "x = 'a' '#' \"#\"  # a",
        "x = ('a#'  # one\n     # two\n     'b#')  # three",
        "x = ('''a#\n#'''  # one\n     '#b')  # two",
        "x = ('ä#'  # ö\n     'ü#')  # ß",
        "x = 'a\\\n# no'  # yes",
        "x = 'a' \\\n    '#b'  # yes",
        "x = b'#' b'a'  # c",
        'x = """a \\""" # no """  # yes',
        'f"#"  # a',
        'f"{x!r:#x}"  # a',
        "f\"{'#'}\"  # a",
        "f'''#{x}\n#{y:#}\n'''  # a",
        "(f'#{x}'  # one\n f'#{y}')  # two",
        "(f'#{x}'  # one\n '#')  # two",
        "('#'  # one\n rf'#{x}\\{y}'  # two\n)",
        "x = [\n  '#',  # one\n  # two\n  f'#',  # three\n]",
        "def f():\n    '''Doc # no'''  # yes\n\t# tab\n",
        "x = 1 # a\r\ny = '#' # b\r\nz = ('#' # c\r\n '#') # d\r\n",
        "#!/usr/bin/env python\n# -*- coding: utf-8 -*-\n",
        "x = 1\\\n  + 2  # a",
        "match x:  # a\n    case '#': pass  # b",
        "x = u'#'  # a",
        "# \x0c a\n\x0c# b\n",
    ],
)
def test_comments(source: str) -> None:
    module = module_of(source)
    assert [(comment.text, comment.line) for comment in module.comments] == tokenized(source)
    for comment in module.comments:
        assert module.source.data[comment.offset :].startswith(comment.text.encode())
    assert module.comments_by_line == {line: text for text, line in tokenized(source)}


@pytest.mark.skipif(sys.version_info < (3, 12), reason="comments in replacement fields")
@pytest.mark.parametrize(
    "source",
    [
        "f'''{\n  x  # one\n}#no'''  # two",
        "f'''{\n  f\"{y:#}\"  # ä\n}#{\n  '#'  # two\n:#x}'''  # three",
        "f\"{f'{x}#'}\"  # a",
        "('#'  # one\n f'''#{\n  x  # two\n}''')  # three",
    ],
)
def test_comments_in_replacement_fields(source: str) -> None:
    test_comments(source)


def test_comments_of_the_standard_library() -> None:
    count = 0
    for path in sorted(STDLIB.glob("*.py"))[::3]:
        with tokenize.open(path) as file:
            text = file.read()
        wanted = tokenized(text)
        assert [(item.text, item.line) for item in module_of(path.read_bytes()).comments] == wanted, path.name
        count += len(wanted)
    assert count > 3000


# --- the file as a whole ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "guarded"),
    [
        ("if __name__ == '__main__':\n    main()", True),
        ('if "__main__" == __name__: main()', True),
        ("if (__name__ == '__main__'): main()\nelse: x = 1", True),
        ("if __name__ != '__main__': main()", False),
        ("if __name__ == 'main': main()", False),
        ("if name == '__main__': main()", False),
        ("if __name__ == '__main__' == x: main()", False),
        ("if __name__ == '__main__' and x: main()", False),
        ("def f():\n    if __name__ == '__main__': main()", False),
    ],
)
def test_guard(source: str, guarded: bool) -> None:
    assert (module_of(source).guard is not None) == guarded


@pytest.mark.parametrize(
    ("source", "script"),
    [
        ("", False),
        ("'''Doc.'''\nimport a\nx = f()\ndef f(): pass\nclass C: pass", False),
        ("if __name__ == '__main__': pass", True),
        ("main()", True),
        ("import sys\nsys.path.insert(0, x)", False),
        ("import sys\nsys.exit(1)", True),
        ("for x in y: pass", True),
        ("while x: pass", True),
        ("with x: pass", True),
        ("if x:\n    import a\nelse:\n    main()", True),
        ("try:\n    import a\nexcept ImportError:\n    a = None", False),
        ("try:\n    import a\nexcept ImportError:\n    print('no a')", True),
        ("try: pass\nfinally: main()", True),
        ("match x:\n    case 1: main()", True),
        ("match x:\n    case 1: y = 1", False),
    ],
)
def test_is_script(source: str, script: bool) -> None:
    assert module_of(source).is_script == script


@pytest.mark.skipif(sys.version_info < (3, 11), reason="except*")
def test_is_script_with_except_star() -> None:
    assert module_of("try: x = 1\nexcept* E: main()").is_script


@pytest.mark.parametrize(
    ("path", "test", "script"),
    [
        ("a.py", False, True),
        ("test_a.py", True, False),
        ("a_test.py", True, False),
        ("x/tests/a.py", True, False),
        ("x\\tests\\a.py", True, False),
        ("contest/a.py", False, True),
        ("latest.py", False, True),
        ("conftest.py", True, False),
        ("p/__init__.py", False, False),
        ("setup.py", False, False),
    ],
)
def test_kinds_of_files(path: str, test: bool, script: bool) -> None:
    module = module_of("main()", ProjectFacts(path=path))
    assert (module.is_test, module.is_script) == (test, script)


@pytest.mark.parametrize(
    ("source", "indent"),
    [
        ("", "    "),
        ("if x: pass", "    "),
        ("if x:\n  pass", "  "),
        ("if x:\n\tpass", "\t"),
        ("if x: pass\nclass C:\n   def f(self):\n        pass", "   "),
        ("class C:\n  @d\n  def f(self): pass", "  "),
        ("if x:\n   pass\nif y:\n    pass\ndef f():\n    pass", "    "),  # what most have
        ("try: pass\nexcept E:\n  pass", "  "),
        ("match x:\n  case 1:\n     pass", "     "),
    ],
)
def test_indent(source: str, indent: str) -> None:
    assert module_of(source).indent == indent


def test_docstring() -> None:
    assert module_of("'Doc.'\nx").docstring is not None
    for source in ("", "x", "b'no'", "1", "import a\n'late'", "f'no'"):
        assert module_of(source).docstring is None


def test_names_used_elsewhere() -> None:
    facts = ProjectFacts(importers=(Neighbour("a.py", "b", True, names=frozenset({"x"})),))
    module = module_of("main()", facts)
    assert module.imported_names_used_elsewhere == {"x"}
    assert not module.is_closed
    assert module_of("main()").is_closed


def test_a_caller_may_have_parsed_already() -> None:
    tree = ast.parse("x = 1")
    assert Module(SourceFile.decode(b"x = 1"), None, tree).tree is tree
    with pytest.raises(SyntaxError):
        module_of("x = ")
