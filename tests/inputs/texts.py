"""Scripts that read or show themselves, odd layouts, messages whose arguments change, and what is no comment."""

from __future__ import annotations

from inputs import Call, Input

HEAD = "#!/usr/bin/env python\n# Usage: script.py WORDS\n#\n# Counts words.\n"
DOCTEST = '''import doctest
def double(n):
    """Twice a number.

    >>> double(2)
    4
    """
    return 2 * n
if __name__ == "__main__":
    print("testing: %s" % "double")
    doctest.testmod(verbose=True)
'''

TEXTS = (
    Input(
        "own text: the comments at its top are its help",
        HEAD
        + """import sys
if len(sys.argv) < 2:
    for line in open(__file__):
        if not line.startswith("#"):
            break
        print(line.rstrip())
    sys.exit(1)
print("there are %d words" % len(sys.argv[1:]))
""",
        (Call(), Call(["a"])),
    ),
    Input(
        "own text: through a path",
        HEAD
        + """from pathlib import Path
import sys
print("bytes begin with %r" % Path(__file__).read_bytes()[:30])
print("lines: %d" % Path(sys.argv[0]).read_text().count("\\n"))
""",
    ),
    Input(
        "own text: its size",
        HEAD + 'from os.path import getsize\nprint("this script has %d bytes" % getsize(__file__))\n',
    ),
    Input(
        "own text: its name in a variable",
        HEAD
        + """import os
here = os.path.abspath(__file__)
def helped():
    with open(here) as own:
        return [line for line in own if line.startswith("# ")]
print("help: %s" % helped())
""",
    ),
    Input(
        "own text: inspect",
        HEAD + 'import inspect, sys\nprint("source: %s" % inspect.getsource(sys.modules[__name__])[:60])\n',
    ),
    Input(
        "own text: the lines that it is at",
        """import inspect
def where():
    return inspect.currentframe().f_back.f_lineno
print("line %d" % where())
print("line again %d" % where())
""",
    ),
    Input(
        "own text: the file that it was called by",
        HEAD + 'import sys\nwith open(sys.argv[0]) as own:\n    print("first line: %s" % own.readline().strip())\n',
    ),
    Input(
        "own text: a traceback on stdout",
        """import sys, traceback
def fail():
    raise ValueError("x")
try:
    fail()
except ValueError:
    print("it failed: %s" % "x")
    print(traceback.extract_tb(sys.exc_info()[2])[-1].lineno)
""",
    ),
    Input(
        "layout: a form feed in an indentation",
        "def old(n):\n    if n > 1:\n        raise ValueError\n    print('old %d' % n)\n"
        "try:\n\x0c    old(1)\nexcept:\n    old(0)\n",
    ),
    Input("layout: a form feed before the first line of a block", "for n in range(2):\n\x0c    print('n is %d' % n)\n"),
    Input(
        "layout: a form feed between functions",
        "import os\n\x0c\ndef f(x):\n\tprint('base %s' % os.path.basename(x))\n\x0c\nf('a/b')\n",
    ),
    Input("layout: tabs after a form feed", "if True:\n\x0c\tprint('tab %d' % 1)\n\tprint('tab %d' % 2)\n"),
    Input("layout: a line goes on", "import os; x = \\\n  os.path.join('a', \\\n 'b'); print('joined: ' + x)\n"),
    Input("layout: no line ends the file", "import os\nfor x in ['a/b']: print('base ' + os.path.basename(x))"),
    Input(
        "lazy: a list that is shown and then changed",
        """stack = [1, 2, 3]
print("stack " + str(stack) + ", popped " + str(stack.pop()))
print("left: %s, %s" % (stack, stack.pop()))
""",
    ),
    Input(
        "lazy: a function that sorts its argument",
        """def tidy(values):
    values.sort()
    return values
values = [3, 1, 2]
print(f"before: {values}. after: {tidy(values)}")
""",
    ),
    Input(
        "lazy: an iterator",
        """numbers = iter([1, 2, 3])
print("first %d, second %d" % (next(numbers), next(numbers)))
print("rest {} of {}".format(list(numbers), numbers is None))
""",
    ),
    Input(
        "lazy: an attribute that a method sets",
        """class Counter:
    def __init__(self):
        self.seen = []
    def add(self, n):
        self.seen.append(n)
        return n
    def __str__(self):
        return "<%s>" % self.seen
counter = Counter()
print("counter %s, then %d" % (counter, counter.add(1)))
print(f"{counter} and {counter.add(2)} now")
""",
    ),
    Input(
        "lazy: a global list that another function fills",
        """log = []
def work(n):
    log.append(n)
    return n * 2
print("log is {0}, work gave {1}".format(log, work(4)))
print("log is " + str(log) + " and " + str(work(5)))
""",
    ),
    Input(
        "shown: functions in a verbose doctest",
        DOCTEST,
    ),
    Input(
        "shown: the names of the module",
        "import os\nprint('names: %s' % sorted(n for n in dir() if n[0] != '_'))\nos.path.join('a')\n",
    ),
    Input(
        "shown: vars()",
        "import os\nx = 1\nprint('names: %s' % sorted(n for n in vars() if n[0] != '_'))\nos.path.join('a')\n",
    ),
    Input(
        "shown: members of the own module",
        """import inspect, sys
def one():
    pass
found = [name for name, item in inspect.getmembers(sys.modules[__name__], inspect.isfunction)]
print("functions: %s" % found)
""",
    ),
    Input(
        "shown: the caller's name",
        """import sys
def caller():
    return sys._getframe(1).f_code.co_name
print("called from %s" % caller())
""",
    ),
    Input(
        "shown: a qualified name",
        """def make():
    class Inner:
        pass
    return Inner
class Outer:
    def method(self):
        pass
if True:
    def local():
        pass
print("names %s %s %s" % (make().__qualname__, Outer.method.__qualname__, local.__qualname__))
""",
    ),
    Input("shown: its own documentation", '# Says hello.\nprint("doc: %s" % __doc__)\nprint("hello to %s" % "you")\n'),
    Input(
        "levels: words in the middle",
        """print("All tests passed, none failed")
print("wrote error.log for you")
print("Too low! Try again.")
print("No files found")
""",
        never=("logger.error", "logger.warning"),
    ),
    Input(
        "levels: words in the middle, in a function and in what is formatted",
        """def tell(n):
    print("%d files: 0 failed, 0 errors" % n)
    print("see error.log or warnings.txt for {}".format(n))
class Game:
    def lose(self, name):
        print(f"{name}, you failed. Try again!")
tell(3)
Game().lose("Ada")
""",
        never=("logger.error", "logger.warning"),
    ),
    Input(
        "levels: names of files and of modules",
        """import os
for name in ["error.txt", "fail.py"]:
    print("wrote " + name + " without an error")
print("no warning was given, nothing is invalid")
""",
        never=("logger.error", "logger.warning"),
    ),
    Input(
        "levels: words of a menu",
        """show = print
show("1. Errors 2. Warnings")
print("Choose: (e)rrors or (w)arnings, none is critical")
""",
        never=("logger.error", "logger.warning", "logger.critical"),
    ),
    Input(
        "comments: a broken shebang",
        "#/usr/bin/env python\nimport sys\nprint('there are %d words' % len(sys.argv[1:]))\n",
        never=('"""/usr', '"""#'),
        stays=("#/usr/bin/env python",),
    ),
    Input(
        "comments: a shebang with a blank",
        "# !/usr/bin/python3\n# coding: utf-8\nimport os\nprint('in a folder: %s' % os.path.isdir('.'))\n",
        never=('"""!/usr', '"""coding'),
    ),
    Input(
        "comments: a shebang in the second line",
        "\n#!/usr/bin/env python\n# Greets.\nprint('hello, %s' % 'you')\n",
        never=('"""!/usr',),
    ),
    Input(
        "comments: the settings of an editor",
        "# vim: set ts=4:\n# -*- mode: python -*-\nprint('hello, %s' % 'you')\n",
        never=('"""vim', "vim: set ts=4:\n\n"),
    ),
    Input(
        "comments: work behind the docstring",
        '"""Doc."""; print("doc is %s" % __doc__)\nimport sys\nprint("words: %d" % len(sys.argv))\n',
    ),
    Input(
        "comments: an import behind the docstring",
        '"""Doc."""; import os; print("base %s" % os.path.basename("a/b"))\n',
    ),
)
WRONG = "a..b", "||", "", "x" * 70
EXCEPTIONS = tuple(
    Input(
        f"exceptions: {name}",
        f"""import sys
{imports}
def ask(text):
    try:
        return {expression}
    except:
        return "bad"
print("answer: " + str(ask(sys.argv[1])))
""",
        tuple(Call([word]) for word in (*WRONG, *words)),
    )
    for name, imports, expression, words in (
        ("a sign of csv", "import csv, io", "len(list(csv.reader(io.StringIO('a'), delimiter=text)))", (";", "\n")),
        ("a quote of csv", "import csv, io", "len(list(csv.reader(io.StringIO('a'), quotechar=text)))", ('"',)),
        ("a dialect of csv", "import csv, io", "len(list(csv.reader(io.StringIO('a'), text)))", ("excel",)),
        ("a name of a host", "", 'text.encode("idna")', ("host", "\xfc.de")),
        ("bytes of a host", "", 'text.encode("ascii").decode("idna")', ("xn--a", "\xfc")),
        ("one character", "", '"<%c>" % text', ("a", "\xfc")),
        ("a number in a format", "", '"<%d>" % int(text)', ("1", "\xb2")),
        ("a character's name", "import unicodedata", "unicodedata.name(text)", ("a", "\x07")),
        ("a character's number", "import unicodedata", "unicodedata.numeric(text)", ("1", "a")),
        ("a character by its name", "import unicodedata", "unicodedata.lookup(text)", ("DIGIT ONE",)),
        ("a hash by name", "import hashlib", "hashlib.new(text, b'a').hexdigest()", ("md5", "shake_128")),
        (
            "a hash of a file's name",
            "import hashlib",
            "getattr(hashlib, 'new')(text).hexdigest()",
            ("md5", "shake_128"),
        ),
        ("an address of a file", "from pathlib import Path", "Path(text).as_uri()", ("/a", "b")),
        ("a path beside another", "from pathlib import Path", "Path(text).relative_to('/a').name", ("/a/b",)),
        ("a path with another name", "from pathlib import Path", "Path(text).with_suffix('x').name", ("/a/b", ".")),
        ("a date", "import datetime", "datetime.date.fromisoformat(text).year", ("2020-01-01",)),
        ("a time", "import time", "time.strptime(text, '%Y').tm_year", ("2020",)),
        ("a time's format", "import time", "time.strptime('1', text).tm_year", ("%d", "%")),
        ("a pattern", "import re", "re.findall(text, 'abc')", ("[", "(?<a)", "*")),
        ("base 64", "import base64", "base64.b64decode(text)", ("YQ==", "\xfc")),
        ("hexadecimal", "", "bytes.fromhex(text)", ("61", "6")),
        ("an address", "import ipaddress", "ipaddress.ip_address(text).version", ("127.0.0.1", "::1")),
        ("an encoding", "", "b'a'.decode(text)", ("utf-8", "hex", "rot13", "idna", "\x00"[:0])),
        ("an encoding to", "", "'a'.encode(text)", ("utf-8", "hex", "rot13", "undefined")),
        ("a fraction", "import fractions", "fractions.Fraction(text)", ("1/2", "1/0", "nan")),
        ("a decimal", "import decimal", "decimal.Decimal(text) + 1", ("1", "sNaN", "1e999999999")),
        ("a whole number by base", "", "int(text, 36) % 7", ("z",)),
        ("a letter's number", "", "ord(text)", ("a",)),
        ("a number's letter", "", "chr(int(text))", ("97", "-1", "99999999", "9999999999999999999999")),
        ("a float made whole", "", "int(float(text))", ("1", "inf", "nan", "1e400")),
        ("a root", "import math", "math.sqrt(float(text))", ("4", "-1", "nan")),
        ("a word of a shell", "import shlex", "shlex.split(text)", ("a b", "'")),
        ("a template", "import string", "string.Template(text).substitute(a=1)", ("$a", "$b", "$")),
        ("a format", "", "text.format(1)", ("{}", "{1}", "{a}", "{0.x}", "{0[1]}", "{", "{:q}")),
        ("JSON", "import json", "json.loads(text)", ("{}", "[" * 10, "nan")),
        ("a structure", "import struct", "struct.unpack(text, b'ab')", ("2s", "h", "q", "z", "99999999999999999999s")),
        ("a locale", "import locale", "locale.setlocale(locale.LC_ALL, text)", ("C",)),
        ("a level of logging", "import logging", "logging.getLogger().setLevel(text)", ("INFO",)),
        ("a signal", "import signal", "signal.Signals[text].name", ("SIGTERM",)),
        ("a colour", "import colorsys", "colorsys.rgb_to_hsv(*map(float, text.split(',')))", ("1,2,3", "1", "0,0,nan")),
        ("a UUID", "import uuid", "uuid.UUID(text).version", ("12345678123456781234567812345678",)),
        (
            "an address of the web",
            "from urllib.parse import urlsplit",
            "urlsplit(text).port",
            ("http://a:b/", "//[", "//a:99999"),
        ),
    )
)
