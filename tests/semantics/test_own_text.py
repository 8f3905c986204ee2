"""Scripts that read their own text, show their line numbers or look through their names; and those that do not."""

from __future__ import annotations

import pytest

from pymodernize.semantics.own_lines import shows_own_lines
from pymodernize.semantics.own_names import lists_own_names
from pymodernize.semantics.own_text import reads_own_text
from pymodernize.semantics.project import ProjectFacts
from pymodernize.transformation.model import module_of

READ = r"""
open(__file__)
import sys; open(sys.argv[0])
from pathlib import Path; Path(__file__).open()
from pathlib import Path; Path(__file__).read_bytes()
from pathlib import Path; print(Path(__file__).stat().st_size)
from pathlib import Path; Path(__file__).resolve().read_text()
from os.path import getsize; print(getsize(__file__))
import os; print(os.stat(__file__).st_size)
from os.path import abspath; here = abspath(__file__); open(here)
import os, sys; name = os.path.basename(sys.argv[0]); open(os.path.join(os.getcwd(), name))
import io; io.open(file=__file__)
import shutil; shutil.copy(__file__, "copy.py")
import linecache; print(linecache.getline(__file__, 1))
import subprocess; subprocess.call(["wc", "-l", __file__])
import os; os.system("cat " + __file__)
import os; os.popen(f"wc {__file__}")
def show(path): print(open(path).read())\nshow(__file__)
def show(path=__file__): print(open(path).read())\nshow()
def where(): return __file__\nopen(where())
class A:\n    def __init__(self): self.path = __file__\n    def f(self): open(self.path)
for path in [__file__, "other"]: open(path)
open("script.py")
import inspect; print(inspect.getsource(f))
import inspect, sys; print(inspect.getsource(sys.modules[__name__]))
import inspect; open(inspect.getsourcefile(f))
import sys; open(sys.modules[__name__].__file__)
open(__file__[:-1])
print(__loader__.get_source(__name__))
import sys; sys.settrace(f)
""".strip().splitlines()
LINES = r"""
import inspect; print(inspect.currentframe().f_lineno)
import sys; print(sys._getframe(1).f_lineno)
import sys; print(sys.exc_info()[2].tb_lineno)
import inspect; print(inspect.stack()[1][2])
import inspect; print(inspect.getframeinfo(frame).lineno)
import traceback; print(traceback.format_exc())
import traceback; text = traceback.format_exc()
import traceback, sys; traceback.print_exc(file=sys.stdout)
import traceback; traceback.print_exc(file=log)
print(f.__code__.co_firstlineno)
import dis; dis.dis(f)
import logging; logging.basicConfig(format="%(lineno)d %(message)s", filename="log.txt")
""".strip().splitlines()
NOT = r"""
import pytest; pytest.main([__file__])
import pytest, sys; sys.exit(pytest.main(["-q", __file__]))
class A:\n    def f(self): self.path = __file__\n    def g(self): return getattr(self.table, self.path)
import sys; name = sys.argv[0]; print(hasattr(sys, name))
import sys; print("usage: %s FILE" % sys.argv[0])
import sys; sys.exit(f"usage: {sys.argv[0]} FILE")
import os; print(os.path.basename(__file__))
import os; open(os.path.join(os.path.dirname(__file__), "data.txt"))
from pathlib import Path; (Path(__file__).parent / "data.txt").read_text()
from pathlib import Path; Path(__file__).with_suffix(".ini").read_text()
import os; open(os.path.splitext(__file__)[0] + ".log", "w")
open(__file__ + ".log", "w")
import os, sys; os.execv(sys.executable, [sys.executable, __file__])
import subprocess, sys; subprocess.call([sys.executable, __file__, "child"])
import os; os.system("python3 " + __file__)
import os, sys; os.execv(sys.argv[0], sys.argv)
import os; print(os.path.getmtime(__file__) > 0, os.stat(__file__).st_mtime)
import os; os.path.exists(__file__)
def usage(name): print("usage: " + name)\nimport sys; usage(sys.argv[0])
import logging; logging.getLogger(__file__)
import inspect, json; print(inspect.getsource(json.dumps))
import inspect; print(inspect.stack()[1][3], inspect.stack()[1].function)
import traceback; traceback.print_exc()
import traceback, sys; sys.stderr.write(traceback.format_exc())
import traceback, sys; print(traceback.format_exc(), file=sys.stderr)
import traceback, logging; logging.error("failed: %s", traceback.format_exc())
import sys; open(sys.argv[1])
open("other.py")
""".strip().splitlines()


def model(text: str):
    return module_of(text.replace("\\n", "\n").encode(), ProjectFacts(path="script.py"))


@pytest.mark.parametrize("text", READ)
def test_it_reads_its_own_text(text: str):
    assert "reads its own text (line " in reads_own_text(model(text))


@pytest.mark.parametrize("text", LINES)
def test_it_shows_its_line_numbers(text: str):
    assert "line numbers of its own (line 1)" in shows_own_lines(model(text))


@pytest.mark.parametrize("text", NOT)
def test_it_does_not_see_its_text(text: str):
    assert reads_own_text(model(text)) == shows_own_lines(model(text)) == ""


LISTS = r"""
print(sorted(dir()))
print(vars())
for name in globals(): print(name)
print(len(globals()))
print(globals().keys())
print(list(globals().items()))
import sys; print(dir(sys.modules[__name__]))
import sys; print(vars(sys.modules["__main__"]))
import __main__; print(dir(__main__))
import inspect, sys; print(inspect.getmembers(sys.modules[__name__]))
import sys; print(sys.modules[__name__].__dict__)
import importlib; print(dir(importlib.import_module(__name__)))
import doctest; doctest.testmod(verbose=True)
import doctest, sys; doctest.testmod(verbose=len(sys.argv) > 1)
from doctest import testmod; testmod(None, None, None, 1)
import doctest; print(doctest.DocTestFinder().find(f))
import sys; print(sorted(sys.modules))
import sys; print(sys.modules.keys())
import sys; print(sys._getframe().f_globals)
def f(): pass\nprint(f.__globals__.keys())
import fire; fire.Fire()
help(__name__)
exec(code, globals())
""".strip().splitlines()
LISTS_NOT = r"""
print(globals()["x"])
globals().get("x")
print("x" in globals())
print("%(x)s" % vars())
def f(): print(dir())
def f(): print(locals())
import json; print(dir(json))
import doctest; doctest.testmod()
import doctest; doctest.testmod(verbose=False)
import sys; print("json" in sys.modules, sys.modules["json"])
import fire; fire.Fire(f)
help(print)
class A:\n    def f(self): print(self.__dict__)
""".strip().splitlines()


@pytest.mark.parametrize("text", LISTS)
def test_it_looks_through_its_names(text: str):
    assert "own global names" in lists_own_names(model(text))


@pytest.mark.parametrize("text", LISTS_NOT)
def test_it_does_not_look_through_its_names(text: str):
    assert lists_own_names(model(text)) == ""
