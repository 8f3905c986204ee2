"""Which files only Python 2 can run, by the names that they use."""

import pytest

from pymodernize.semantics.project import ProjectFacts
from pymodernize.semantics.python_2 import is_of_python_2
from pymodernize.transformation.model import module_of


def _is(text: str, **facts: object) -> bool:
    return is_of_python_2(module_of(text.encode(), ProjectFacts(**facts)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        # Python 3 has these, or what has their names is the file's own.
        "import urllib.request\n",
        "from . import commands\n",
        "try:\n    import ConfigParser\nexcept ImportError:\n    import configparser as ConfigParser\n",
        "try:\n    text = unicode\nexcept NameError:\n    text = str\n",
        "import sys\nif sys.version_info[0] < 3:\n    import Queue\nelse:\n    import queue as Queue\n",
        "unicode = str\nprint(unicode(3))\n",
        "def raw_input(text):\n    return input(text)\nprint(raw_input('? '))\n",
        "from compat import *\nprint(unicode(3))\n",
        "import six\nfor name in six.iteritems({}):\n    print(name)\n",
        "import pandas\nfor name in pandas.read_csv('a').iteritems():\n    print(name)\n",
        "class Table:\n    def iteritems(self):\n        return []\nTable().iteritems()\n",
        "names = sorted({}.keys())\nnames.sort()\n",
        "def f(table, ready):\n    names = table.keys() if ready else []\n    names.sort()\n",
        "def f(table, names):\n    names.sort()\n    return table.keys()\n",
        "def range(number):\n    return [number]\nnumbers = range(3)\nnumbers.sort()\n",
        "import numpy\nnumbers = numpy.arange(3)\nnumbers.sort()\n",
        "def f(table):\n    if hasattr(table, 'iteritems'):\n        return table.iteritems()\n    return table\n",
    ],
)
def test_files_for_python_3(text: str) -> None:
    assert not _is(text)


def test_a_module_beside_is_meant() -> None:
    assert not _is("import commands\n", beside=frozenset({"commands"}))


@pytest.mark.parametrize(
    "text",
    [
        "import urllib2\n",
        "from ConfigParser import SafeConfigParser\n",
        "def f():\n    import Queue as q\n    return q\n",
        "name = raw_input('? ')\n",
        "def f(number):\n    return [xrange(number), lambda: unicode(number)]\n",
        "def f(table):\n    return table.has_key('a')\n",
        "def f(table):\n    names = table.keys()\n    names.sort()\n    return names\n",
        "from shop import stock\nnames = stock.table.keys()\nnames.sort()\n",
        "numbers = map(int, '3 1')\nnumbers.sort()\n",
        "for key, value in {}.iteritems():\n    print(key, value)\n",
    ],
)
def test_files_for_python_2(text: str) -> None:
    assert _is(text)
