"""Names: fresh ones, what is used before it is bound, what sets up, what importers pass, ``global``."""

from __future__ import annotations

from inputs import Call, Input, imported

FOLDERS = {"a/": "", "a/one.txt": "1", "a/two.txt": "2", "b/": "", "b/three.txt": "3"}

NAMES = (
    Input(
        "fresh: two loops over folders, one in the other",
        """import os
for x in sorted(os.listdir(".")):
    if os.path.isdir(x):
        for y in sorted(os.listdir(x)):
            os.rename(os.path.join(x, y), os.path.join(x, x + "_" + y))
            print(os.path.join(x, y))
""",
        files=FOLDERS,
    ),
    Input(
        "fresh: two loops over folders with the same variable",
        """import os
for x in os.listdir("a"):
    for x in os.listdir("b"):
        print(os.path.join("b", x))
    print(x)
""",
        files=FOLDERS,
    ),
    Input(
        "fresh: child is there already",
        """import os
child = "kept"
def walk(folder):
    for name in sorted(os.listdir(folder)):
        for inner in sorted(os.listdir(".")):
            print(os.path.join(folder, name), os.path.join(".", inner) != child)
walk("a")
print("child is " + child)
""",
        files=FOLDERS,
    ),
    Input(
        "fresh: loops over folders of different functions",
        """import os
def outer(top):
    for name in sorted(os.listdir(top)):
        path = os.path.join(top, name)
        if os.path.isdir(path):
            inner(path)
            print("left %s" % path)
def inner(top):
    for name in sorted(os.listdir(top)):
        print(os.path.join(top, name))
if __name__ == "__main__":
    outer(".")
""",
        files=FOLDERS,
    ),
    Input(
        "fresh: a global list that getopt fills",
        """import getopt
import sys
defs = []
def show():
    print("defines: %s" % " ".join(defs))
def main():
    opts, args = getopt.getopt(sys.argv[1:], "D:v")
    for o, a in opts:
        if o == "-D":
            defs.append(a)
        elif o == "-v":
            print("verbose")
    show()
main()
""",
        (Call(), Call(["-D", "x", "-D", "y"]), Call(["-v", "-Dz"])),
    ),
    Input(
        "fresh: a global dictionary that getopt fills",
        """import getopt, sys
settings = {"level": "0"}
def main(argv):
    opts, rest = getopt.getopt(argv, "l:", ["level="])
    for name, value in opts:
        if name in ("-l", "--level"):
            settings["level"] = value
    report(rest)
def report(rest):
    print("level %s for %s" % (settings["level"], rest))
if __name__ == "__main__":
    main(sys.argv[1:])
""",
        (Call(), Call(["-l", "3", "x"]), Call(["--level=9"])),
    ),
    Input(
        "fresh: a global that an optparse callback's function reads",
        """import optparse
chosen = None
def tell():
    print("chosen: %s" % chosen)
def main():
    global chosen
    parser = optparse.OptionParser()
    parser.add_option("-c", dest="chosen")
    options, args = parser.parse_args()
    chosen = options.chosen
    tell()
main()
""",
        (Call(), Call(["-c", "red"])),
    ),
    Input(
        "early: a flag that decides what is imported",
        """import sys
DEBUG = "-d" in sys.argv
if DEBUG:
    import pdb
else:
    pdb = None
from os.path import basename
print("debug: %s %s" % (DEBUG, basename("/a/b")))
""",
        (Call(), Call(["-d"])),
    ),
    Input(
        "early: work behind a semicolon of an import",
        """import sys, time; print("start: one")
def main():
    print("second: %d" % len(sys.argv))
main()
""",
        (Call(), Call(["x"])),
    ),
    Input(
        "early: work behind a semicolon of the docstring",
        '''"""Counts."""; print("begin to count")
import sys
print("there are %d" % len(sys.argv))
''',
        (Call(), Call(["x"])),
    ),
    Input(
        "early: an import over two lines with work behind it",
        """from os.path import \\
    basename; print("base is " + basename("/a/b"))
import sys
print("number of words: %d" % len(sys.argv[1:]))
""",
        (Call(), Call(["x"])),
    ),
    Input(
        "early: the version decides what is imported",
        """import sys
print("running on version %d" % sys.version_info[0])
if sys.version_info[0] >= 3:
    from io import StringIO
else:
    from StringIO import StringIO
print("made a %s" % StringIO.__name__)
""",
    ),
    Input(
        "early: an argument is added to the path",
        """import sys
if len(sys.argv) > 1:
    print("libraries in %s" % sys.argv[1])
    sys.path.insert(0, sys.argv[1])
import json
print("loaded %s" % json.__name__)
""",
        (Call(), Call(["lib"])),
    ),
    Input(
        "early: work of a thread above the imports",
        """import time, tempfile; start = "now"; print("started: " + start)
import shutil
folder = tempfile.mkdtemp()
try:
    print("working in a folder")
finally:
    shutil.rmtree(folder)
""",
    ),
    Input(
        "set-up: a message where an import fails",
        """import sys
try:
    import no_such_module_at_all
except ImportError:
    print("no such module is here")
    no_such_module_at_all = None
def main():
    print("the work is done")
if __name__ == "__main__":
    main()
""",
        (Call(), imported("import script\nscript.main()\n")),
    ),
    Input(
        "set-up: main called by an importer",
        """def main():
    print("main of the module runs")
if __name__ == "__main__":
    main()
""",
        (Call(), imported("import script as m; m.main()\n")),
    ),
    Input(
        "set-up: a helper called by an importer",
        """import sys
def help_me(word):
    print("helping with " + word)
def main():
    for word in sys.argv[1:]:
        help_me(word)
    print("all words are done")
if __name__ == "__main__":
    main()
""",
        (Call(["a"]), imported("from script import help_me\nhelp_me('it')\n")),
    ),
    Input(
        "set-up: main in a thread",
        """import threading
import time
import tempfile
def main():
    with tempfile.TemporaryDirectory() as folder:
        print("thread works in a folder")
if __name__ == "__main__":
    runner = threading.Thread(target=main)
    runner.start()
    runner.join()
    print("thread is done")
""",
        (
            Call(),
            imported("import threading, script\nt = threading.Thread(target=script.main)\nt.start()\n"),
        ),
    ),
    Input(
        "set-up: a message of an except at the top of a script without guard",
        """try:
    import not_to_be_found_anywhere
except ImportError as exc:
    print("missing: %s" % exc.name)
import os
print("in a folder: %s" % os.path.isdir("."))
""",
    ),
    Input(
        "importers: a text for what is opened",
        """def read(name):
    with open(name) as f:
        return f.read()
""",
        (imported("from script import read\nprint(read('a.txt'))\n"),),
        {"a.txt": "hello\n"},
    ),
    Input(
        "importers: a text for one of two parameters",
        """import os
def lines(name, sign):
    found = []
    with open(name) as handle:
        for line in handle:
            if sign in line:
                found.append(os.path.basename(name) + line)
    return found
""",
        (imported("from script import lines\nprint(lines('a.txt', 'h'), lines(sign='x', name='a.txt'))\n"),),
        {"a.txt": "hello\n"},
    ),
    Input(
        "importers: a text for a method",
        """import os
class Store:
    def __init__(self, folder):
        self.folder = folder
    def has(self, name):
        return os.path.exists(os.path.join(self.folder, name))
""",
        (imported("from script import Store\ns = Store('.')\nprint(s.has('a.txt'), s.has(''), s.folder)\n"),),
        {"a.txt": "hello\n"},
    ),
    Input(
        "importers: bytes and descriptors",
        """import os
def size(name):
    return os.path.getsize(name)
def kind(name):
    return os.path.splitext(name)[1]
""",
        (imported("from script import *\nprint(size(b'a.txt'), kind('x.py'), kind(b'x.py'))\n"),),
        {"a.txt": "hello\n"},
    ),
    Input(
        "global: a loop and names that nobody reads",
        """for i in range(2):
    kind = "file"
    print("number %d" % i)
""",
        never=("global ",),
    ),
    Input(
        "global: names of a with and of a try",
        """import sys
try:
    total = int(sys.argv[1])
except IndexError:
    total = 0
with open("a.txt") as handle:
    text = handle.read()
print("total is %d of %d" % (total, len(text)))
""",
        (Call(), Call(["5"])),
        {"a.txt": "hello\n"},
        never=("global ",),
    ),
    Input(
        "global: a function with a name of its own",
        """def count():
    number = 7
    return number
number = 3
print("numbers: %d and %d" % (count(), number))
""",
        never=("global ",),
    ),
    Input(
        "global: an import in a branch and a tuple of targets",
        """first, second = 1, 2
if first:
    import json as loaded
else:
    loaded = None
for a, (b, c) in [(1, (2, 3))]:
    print("sum %d, %s" % (a + b + c + first + second, loaded.dumps([])))
""",
        never=("global ",),
    ),
    Input(
        "two passes: a function that sets a variable of the guard",
        """import sys
if __name__ == "__main__":
    secret = "x"
    def check(text):
        global secret
        if text == secret:
            secret = "y"
            return True
        return False
    print("first: %s" % check("x"))
    print("second: %s" % check("x"))
""",
    ),
    Input(
        "two passes: a class under the guard reads a variable of it",
        """if __name__ == "__main__":
    limit = 3
    class Counter:
        def full(self, n):
            return n > limit
    print("full: %s" % Counter().full(4))
    limit = 9
    print("full: %s" % Counter().full(4))
""",
    ),
    Input(
        "two passes: functions under the guard call each other",
        """import sys
if __name__ == "__main__":
    depth = 0
    def down(n):
        global depth
        depth += 1
        return up(n - 1) if n else depth
    def up(n):
        return down(n)
    print("depth %d" % down(3))
    sys.exit(0 if depth == 4 else 1)
""",
    ),
    Input(
        "two passes: arguments of the guard in a nested function",
        """import sys
if __name__ == "__main__":
    names = sys.argv[1:]
    def each():
        for name in names:
            yield name.upper()
    for name in each():
        print("name: %s" % name)
    if not names:
        print("usage: script.py NAME...")
        sys.exit(1)
""",
        (Call(), Call(["a", "b"])),
    ),
)
