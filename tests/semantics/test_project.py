"""Who imports whom: the scan of the bytes against the syntax tree, and the graph of a project's files."""

from __future__ import annotations

import ast
import importlib.util
import os
import pickle
import sysconfig
import textwrap
import time
import warnings
from pathlib import Path

import pytest

from pymodernize.semantics.project import Neighbour, Project, ProjectFacts, ProjectFile
from pymodernize.semantics.scanning import (
    ImportedModule,
    loads_by_value,
    loads_in_packages,
    meddles,
    scan_imports,
    starts_processes,
)

STDLIB = Path(sysconfig.get_path("stdlib"))
ROOT = Path(os.sep) / "project"


def imports_of(tree: ast.AST) -> set[ImportedModule]:
    found: set[ImportedModule] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {ImportedModule(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(ImportedModule(node.module or "", node.level, tuple(alias.name for alias in node.names)))
    return found


@pytest.mark.parametrize(
    "source",
    [
        "import a",
        "import a, b.c as d, e",
        "import a; import b",
        "import a as b # c",
        "import  a . b",
        "import\ta",
        "import \\\n  a, \\\n  b",
        "from a import b",
        "from a import b as c, d",
        "from a import (b, c)",
        "from a import (b,\n    c,  # the (main) one\n    d as e,\n)",
        "from a import (  # all\n    b\n)",
        "from a import(b)",
        "from a import *",
        "from a import*",
        "from a.b import c",
        "from a . b import c",
        "from a \\\n    import b",
        "from \\\n    a import b, \\\n    c",
        "from . import a",
        "from .. import a",
        "from ... import a",
        "from .a import b",
        "from ...a.b import c",
        "from .import a",
        "from.import a",
        "from.a import b",
        "from . a import b",
        "from .. . a import b",
        "if x: import a",
        "if x: pass; import a",
        "try: import a\nexcept ImportError: from b import c",
        "def f():\n\timport a\n\tfrom b import c",
        "class A: from a import b",
        "if x:\\\n import a",
        "x = 1;from a import b",
        "\x0cimport a",
        "\ufeffimport a",
        "\ufefffrom a import b",
        "from __future__ import annotations\r\nimport a\r\nfrom b import (c,\r\n  d)\r\n",
        "import naïve",
        "from naïve.café import thé",
        "import ﬁle",
        "from import_ import from_",
        "from a.important import b",
        "from importlib import import_module",
    ],
)
def test_scan_finds_what_ast_finds(source: str) -> None:
    assert scan_imports(source.encode()) == imports_of(ast.parse(source.removeprefix("\ufeff")))


@pytest.mark.parametrize(
    ("source", "module"),
    [
        ('importlib.import_module("a.b")', "a.b"),
        ("import_module('a')", "a"),
        ("importlib.import_module(name='a')", "a"),
        ('__import__("a")', "a"),
        ('__import__ (\n    u"a", globals())', "a"),
        ('runpy.run_module("a.b")', "a.b"),
        ("runpy.run_path('lib/a.py')", "a"),
        ('exec(open("a.py").read())', "a"),
        ("execfile('x/a.py')", "a"),
        ('importlib.util.spec_from_file_location("n", "x/a.py")', "a"),
    ],
)
def test_scan_finds_modules_that_are_loaded_by_name(source: str, module: str) -> None:
    assert ImportedModule(module) in scan_imports(f"import x\n{source}\n".encode())


@pytest.mark.parametrize("source", ["", "x = 1", "important = 1", "from_x = import_x", "# import a", "x.importer a"])
def test_scan_finds_nothing(source: str) -> None:
    assert scan_imports(source.encode()) == frozenset()


def test_scan_reads_any_bytes() -> None:
    assert ImportedModule("a") in scan_imports(b"# coding: latin-1\n'\xe9'\nimport a\n")
    assert scan_imports(b"from \xe9\xff import b") != frozenset()


@pytest.mark.no_cover
def test_scan_misses_no_import_of_the_standard_library() -> None:
    count = 0
    for path in sorted(STDLIB.rglob("*.py")):
        parts = path.relative_to(STDLIB).parts
        if "site-packages" in parts or "test" in parts or "tests" in parts or count > 2500:
            continue
        source = path.read_bytes()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                wanted = imports_of(ast.parse(source))
        except (SyntaxError, ValueError):
            continue
        assert not wanted - scan_imports(source), path.name
        count += len(wanted)
    assert count > 2000


# --- the graph -------------------------------------------------------------------------------------------------


def project(files: dict[str, str], in_run: str | None = None) -> Project:
    """A project of files with their sources; all of them are in the run unless it is said which."""
    scanned = {}
    for name, source in files.items():
        data = textwrap.dedent(source).encode()
        scanned[absolute(name)] = ProjectFile(
            scan_imports(data),
            triggered=True,
            loads=loads_by_value(data),
            loads_in_packages=loads_in_packages(data),
            starts=starts_processes(data),
        )
    return Project(str(ROOT), scanned, map(absolute, files if in_run is None else in_run.split()))


def absolute(name: str) -> str:
    return str(ROOT.joinpath(*name.split("/")))


def edges(found: Project, name: str) -> set[str]:
    return {os.path.relpath(path, ROOT).replace(os.sep, "/") for path in found.edges[absolute(name)]}


@pytest.mark.parametrize(
    ("importer", "source", "others", "expected"),
    [
        ("a.py", "import b", "b.py c.py", "b.py"),
        ("a.py", "import os", "b.py", ""),
        ("a.py", "import a", "b.py", ""),
        ("a.py", "from b import c", "b.py c.py", "b.py"),
        ("a.py", "from b import c", "b/__init__.py b/c.py", "b/__init__.py b/c.py"),
        ("a.py", "import b.c", "b/__init__.py b/c.py b/d.py", "b/__init__.py b/c.py"),
        ("a.py", "import b.c", "b/c.py", "b/c.py"),
        ("a.py", "from b import c", "b/c.py", "b/c.py"),
        ("a.py", "import b", "b.py b/__init__.py", "b/__init__.py"),
        # Of two files of one name, the one beside the script; of none beside it, the nearest above, or any.
        ("x/a.py", "import util", "x/util.py y/util.py util.py", "x/util.py"),
        ("x/a.py", "import util", "util.py y/util.py", "util.py"),
        ("x/a.py", "import util", "y/util.py z/util.py", "y/util.py z/util.py"),
        # In a package, what is beside the file is only found if it is run as a script.
        ("p/a.py", "import util", "p/__init__.py p/util.py util.py", "p/util.py util.py"),
        ("p/a.py", "import util", "p/__init__.py p/util.py", "p/util.py"),
        # The usual layouts.
        ("tests/a.py", "import p.b", "src/p/__init__.py src/p/b.py", "src/p/__init__.py src/p/b.py"),
        ("tools/a.py", "from p.b import c", "lib/p/b.py", "lib/p/b.py"),
        ("tools/a.py", "import deep", "other/folder/deep.py", "other/folder/deep.py"),
        # Relative imports go by folders.
        ("p/a.py", "from . import b", "p/__init__.py p/b.py b.py", "p/__init__.py p/b.py"),
        ("p/a.py", "from .b import c", "p/__init__.py p/b.py b.py", "p/__init__.py p/b.py"),
        ("p/q/a.py", "from ..b import c", "p/__init__.py p/q/__init__.py p/b.py p/q/b.py", "p/__init__.py p/b.py"),
        ("p/q/a.py", "from .. import b", "p/__init__.py p/q/__init__.py p/b.py", "p/__init__.py p/b.py"),
        ("p/a.py", "from .b import c", "p/b.py b.py", "p/b.py"),
        ("p/q/a.py", "from ..b import c", "p/b.py p/q/b.py", "p/b.py"),
        ("p/a.py", "from .b import c", "b.py", ""),
        ("p/__init__.py", "from .b import *", "p/b.py b.py", "p/b.py"),
        ("p/__init__.py", "from . import b", "p/b.py", "p/b.py"),
        ("a.py", "import importlib\nimportlib.import_module('b')", "b.py", "b.py"),
        ("a.py", "import runpy\nrunpy.run_path('b.py')", "b.py", "b.py"),
    ],
)
def test_edges(importer: str, source: str, others: str, expected: str) -> None:
    found = project({importer: source, **dict.fromkeys(others.split(), "")})
    assert edges(found, importer) == set(expected.split())


@pytest.mark.parametrize(
    ("source", "module", "names", "star"),
    [
        ("from p.b import x, y", "p.b", {"x", "y"}, False),
        ("import p.b", "p.b", None, False),
        ("from p.b import *", "p.b", None, True),
        ("from p import b", "p.b", None, False),
        ("from p.b import x\nfrom p.b import y", "p.b", {"x", "y"}, False),
        ("from p.b import x\nimport p.b", "p.b", None, False),
    ],
)
def test_what_is_imported(source: str, module: str, names: set[str] | None, star: bool) -> None:
    found = project({"a.py": source, "p/__init__.py": "", "p/b.py": ""})
    (importer,) = found.facts(absolute("p/b.py")).importers
    assert (importer.module, importer.names, importer.star) == (module, names, star)
    assert importer.direct and importer.in_run and importer.path == absolute("a.py")
    assert found.facts(absolute("p/b.py")).names_used_elsewhere == names


def test_the_name_of_a_relative_import() -> None:
    files = {"p/__init__.py": "", "p/a.py": "from .b import x", "p/b.py": ""}
    assert project(files).facts(absolute("p/b.py")).importers[0].module == "p.b"
    del files["p/__init__.py"]
    assert project(files).facts(absolute("p/b.py")).importers[0].module == ""


def test_two_names_are_none() -> None:
    found = project({"a.py": "import b", "x/c.py": "import b\nimport x.b", "x/b.py": "", "b.py": ""})
    assert [neighbour.module for neighbour in found.facts(absolute("x/b.py")).importers] == [""]


def test_facts_of_scripts_that_share_a_helper() -> None:
    found = project(
        {"a.py": "import helper", "b.py": "from helper import x", "helper.py": "import base", "base.py": ""}
    )
    facts = found.facts(absolute("helper.py"), "helper.py")
    assert facts.path == "helper.py"
    assert [(item.path, item.names) for item in facts.importers] == [
        (absolute("a.py"), None),
        (absolute("b.py"), frozenset({"x"})),
    ]
    assert facts.names_used_elsewhere is None
    assert [(item.path, item.direct) for item in facts.imported] == [(absolute("base.py"), True)]
    base = found.facts(absolute("base.py"))
    assert {(item.path, item.direct) for item in base.importers} == {
        (absolute("helper.py"), True),
        (absolute("a.py"), False),
        (absolute("b.py"), False),
    }
    script = found.facts(absolute("a.py"))
    assert script.importers == ()
    assert {(item.path, item.direct) for item in script.imported} == {
        (absolute("helper.py"), True),
        (absolute("base.py"), False),
    }


def test_a_module_that_a_file_outside_of_the_run_imports_is_not_shared() -> None:
    files = {"a.py": "import helper", "b.py": "import helper", "helper.py": ""}
    facts = project(files, in_run="a.py helper.py").facts(absolute("helper.py"))
    assert [item.in_run for item in facts.importers] == [True, False]
    assert project(files, in_run="a.py helper.py").facts(absolute("a.py")).imported == ()


def test_cycles_end() -> None:
    found = project({"a.py": "import b", "b.py": "import c", "c.py": "import a\nimport b"})
    for name in ("a.py", "b.py", "c.py"):
        facts = found.facts(absolute(name))
        assert absolute(name) not in {item.path for item in (*facts.importers, *facts.imported)}
        assert len(facts.importers) == 2
        assert len(facts.imported) == 2


def test_packages_and_what_is_beside() -> None:
    beside = {"s/string.py": "", "s/q/__init__.py": "", "s/other.py": "import sys; exec(open(sys.argv[1]).read())"}
    found = project({"p/__init__.py": "", "p/a.py": "", "s/b.py": "import q.r", **beside})
    assert found.facts(absolute("p/a.py")).in_package
    facts = found.facts(absolute("s/b.py"))
    assert not facts.in_package
    assert facts.beside == {"string", "q"}, "those that hide the library's, and what it imports"
    assert facts.name == "b.py"


def test_a_file_that_is_not_of_the_project() -> None:
    facts = project({"a.py": "import b"}).facts(absolute("b.py"))
    assert (facts.importers, facts.imported, facts.beside) == ((), (), {"a"})


def test_names_used_elsewhere() -> None:
    found = project({"a.py": "from c import x", "b.py": "from c import y", "c.py": ""})
    assert found.facts(absolute("c.py")).names_used_elsewhere == {"x", "y"}
    assert found.facts(absolute("a.py")).names_used_elsewhere == frozenset()


def test_thousands_of_files_are_no_matter() -> None:
    files = {f"f{number % 50}/s{number}.py": "import helper\nimport os" for number in range(3000)}
    found = project({**files, "helper.py": ""})
    assert len(found.facts(absolute("helper.py")).importers) == 3000
    started = time.process_time()
    for name in files:
        facts = found.facts(absolute(name))
        assert facts.importers == ()
        assert [item.path for item in facts.imported] == [absolute("helper.py")]
    assert time.process_time() - started < 10  # half a second


def test_everything_is_picklable() -> None:
    found = project({"a.py": "import b", "b.py": ""})
    facts = found.facts(absolute("b.py"))
    for value in (facts, ProjectFacts(), Neighbour("a", "a", True), found.files[absolute("a.py")], found):
        again = pickle.loads(pickle.dumps(value))  # noqa: S301
        if value is not found:
            assert again == value
        else:
            assert again.facts(absolute("b.py")) == facts


def test_notes_of_importers() -> None:
    found = project({"a.py": "import c", "b.py": "import c", "c.py": ""})
    said = {absolute("a.py"): (("one", 1),)}
    for notes in ({}, said, {**said, absolute("b.py"): (("one", 2),)}, said):
        importers = found.facts(absolute("c.py"), notes=notes).importers
        assert [item.notes for item in importers] == [notes.get(absolute(name), ()) for name in ("a.py", "b.py")]


def test_notes() -> None:
    neighbour = Neighbour("a", "a", True, notes=(("one", 1),))
    assert neighbour.note("one") == 1
    assert neighbour.note("two") is None


@pytest.mark.parametrize("level", [1, 2, 3])
def test_relative_names_are_those_of_importlib(level: int) -> None:
    files = {"p/__init__.py": "", "p/q/__init__.py": "", "p/q/r/__init__.py": ""}
    dots = "." * level
    target = importlib.util.resolve_name(f"{dots}b", "p.q.r")
    path = target.replace(".", "/") + ".py"
    found = project({**files, "p/q/r/a.py": f"from {dots}b import x", path: ""})
    assert found.facts(absolute(path)).importers[0].module == target


@pytest.mark.parametrize(
    ("source", "answer"),
    [
        ("import sys\nsys.stdout = open('log', 'w')", True),
        ("if sys.stdout == None: pass", False),
        ("import logging.config", True),
        ("from logging import disable", True),
        ("import builtins\nbuiltins.print = say", True),
        ("import logging\nlogging.getLogger(__name__)", False),
    ],
)
def test_meddling(source: str, answer: bool):
    assert meddles(source.encode()) is answer


def test_what_thousands_of_files_have_in_common_is_kept_once():
    """The same import, and the same use of a module, are one object however many files have them."""
    first, second = scan_imports(b"import os\nfrom a import b\n"), scan_imports(b"from a import b\nimport os\n")
    assert {id(item) for item in first} == {id(item) for item in second}
    found = project({"a.py": "", "b.py": "import a\n", "c.py": "import a\n"})
    uses = [found.edges[absolute(name)][absolute("a.py")] for name in ("b.py", "c.py")]
    assert uses[0] is uses[1]


# --- who may load a file in a way that no import shows ------------------------------------------------------------

POOL = "import os\nfrom multiprocessing import Pool\n"
POOLS = "run.py, line 2"
PLUGINS = "import importlib\nimportlib.import_module('plugins.' + name)\n"
LOADER = "import importlib\n\nimportlib.import_module(name)\n"


@pytest.mark.parametrize(
    ("files", "concerned"),
    [
        # A loader of names that are worked out may load any file beside it and below.
        ({"load.py": LOADER, "a.py": "", "x/b.py": ""}, {"a.py": "load.py, line 3", "x/b.py": "load.py, line 3"}),
        ({"x/load.py": LOADER, "a.py": "", "y/b.py": ""}, {}),
        ({"load.py": LOADER, "x/a.py": "import load"}, {"x/a.py": "load.py, line 3"}),
        ({"load.py": "# import_module(name)\n", "a.py": ""}, {}),
        ({"load.py": "import importlib\nimportlib.import_module('json')\n", "a.py": ""}, {}),
        # Those whose name has a dot in it are in packages.
        ({"load.py": PLUGINS, "a.py": "", "x/b.py": ""}, {"x/b.py": "load.py, line 2"}),
        (
            {"load.py": PLUGINS, "a.py": "", "__init__.py": ""},
            {"a.py": "load.py, line 2", "__init__.py": "load.py, line 2"},
        ),
        ({"load.py": PLUGINS + LOADER, "a.py": ""}, {"a.py": "load.py, line 2"}),
        # Processes load the main module and what it imports, and nobody else.
        ({"run.py": POOL, "a.py": "", "b.py": "print(1)"}, {}),
        ({"run.py": POOL + "import a", "a.py": "import b", "b.py": ""}, {"a.py": POOLS, "b.py": POOLS}),
        ({"main.py": "import pools", "pools.py": POOL, "c.py": ""}, {"main.py": "pools.py, line 2"}),
        ({"run.py": "import a  # joblib, multiprocessing\n", "a.py": ""}, {}),
        ({"run.py": "import a\npool = futures.ProcessPoolExecutor()  # fast\n", "a.py": ""}, {"a.py": POOLS}),
    ],
)
def test_who_may_load_a_file_is_named(files: dict[str, str], concerned: dict[str, str]):
    found = project(files)
    named = {name: found.facts(absolute(name)).loaded_by for name in files}
    assert {name: place for name, place in named.items() if place} == concerned
