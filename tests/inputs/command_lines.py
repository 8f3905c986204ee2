"""Command lines: words for other programs, odd options, numbers, surplus arguments, failures that were none."""

from __future__ import annotations

from inputs import Call, Input, hyphened

SHOW = "print('options %s, arguments %s' % (options, args))\n"

COMMAND_LINES = (
    Input(
        "other programs: all words go to a shell command",
        """import os, sys
print(os.popen("echo " + " ".join(sys.argv[1:])).read())
""",
        (Call(), Call(["-s", "."]), hyphened("--", "-x")),
    ),
    Input(
        "other programs: all words go to a started program",
        """import subprocess, sys
command = [sys.executable, "-c", "import sys; print(sys.argv[1:])"] + sys.argv[1:]
print("starting: %d words" % len(command[3:]))
sys.stdout.flush()
sys.exit(subprocess.call(command))
""",
        (Call(), Call(["-s", "."])),
    ),
    Input(
        "other programs: all but the first word",
        """import subprocess, sys
if len(sys.argv) < 2:
    sys.exit("usage: script.py NAME [WORDS]")
name = sys.argv[1]
rest = sys.argv[2:]
sys.stdout.write("for %s\\n" % name)
sys.stdout.flush()
subprocess.call([sys.executable, "-c", "import sys; print(sys.argv[1:])", *rest])
""",
        (Call(["a"]), Call(["a", "-v", "b"]), Call(["a", "--", "b"])),
    ),
    Input(
        "other programs: the whole vector goes to a parser of another module",
        """import sys
import other
print("parsed: %s" % other.parse(sys.argv[1:]))
""",
        (Call(["-x", "1"]), Call([])),
        {"other.py": "def parse(argv):\n    return [word.lstrip('-') for word in argv]\n"},
    ),
    Input(
        "two hyphens: optparse",
        "import optparse\np = optparse.OptionParser()\np.add_option('-l', action='store_true')\n"
        "options, args = p.parse_args()\nprint('long %s, arguments %s' % (options.l, args))\n",
        (hyphened("--", "-x"), hyphened("--", "a", "-l"), hyphened("a", "-l"), hyphened("-l", "--", "--")),
    ),
    Input(
        "two hyphens: getopt",
        """import getopt, sys
opts, args = getopt.getopt(sys.argv[1:], "l")
long = False
for o, a in opts:
    if o == "-l":
        long = True
print("long %s, arguments %s" % (long, args))
""",
        (hyphened("--", "-x"), hyphened("--", "a", "-l"), hyphened("a", "-l"), Call(["-l", "-"])),
    ),
    Input(
        "two hyphens: getopt with its arguments checked",
        """import getopt, sys
try:
    opts, args = getopt.getopt(sys.argv[1:], "o:v", ["output="])
except getopt.GetoptError as err:
    print(err)
    sys.exit(2)
output = "out"
for o, a in opts:
    if o in ("-o", "--output"):
        output = a
if len(args) != 1:
    print("one file, please")
    sys.exit(1)
print("from %s to %s" % (args[0], output))
""",
        (hyphened("--", "-x"), Call(["a", "-o", "b"]), Call(["-o", "x", "a"]), Call(["--outp=y", "a"]), Call([])),
    ),
    Input(
        "two hyphens: optparse with a value that begins with a hyphen",
        "import optparse\np = optparse.OptionParser()\np.add_option('-n', type='int', default=0)\n"
        "options, args = p.parse_args()\nprint('n is %d, arguments %s' % (options.n, args))\n",
        (Call(["-n", "-5"]), Call(["-n-5"]), Call(["-n", "3", "--", "-4"]), Call(["-5"])),
    ),
    Input(
        "two hyphens: a loop by hand with -x an argument",
        """import sys
verbose = False
names = []
for word in sys.argv[1:]:
    if word == "-v":
        verbose = True
    else:
        names.append(word)
print("verbose %s, names %s" % (verbose, names))
""",
        (Call(["-v", "a"]), Call(["a"])),
    ),
    Input(
        "numbers: below zero with an exponent",
        """import sys
if len(sys.argv) != 3:
    print("usage: script.py FROM TO")
    sys.exit(1)
first = float(sys.argv[1])
last = float(sys.argv[2])
print("between %g and %g" % (first, last))
""",
        (Call(["-1", "-2.5"]), hyphened("-1e5", "1e5"), hyphened("-inf", "inf"), Call(["-.5", "1_0"])),
    ),
    Input(
        "numbers: one below zero beside an option",
        """import sys
number = 0.0
quiet = "-q" in sys.argv
for word in sys.argv[1:]:
    if word != "-q":
        number += float(word)
print("sum %g, quiet %s" % (number, quiet))
""",
        (Call(["1", "2"]), Call(["-1", "-q"]), Call(["-1e3", "-q"])),
    ),
    Input(
        "numbers: an integer below zero with a default",
        """import sys
shift = int(sys.argv[1]) if len(sys.argv) > 1 else 3
print("shift by %d" % shift)
""",
        (Call(), Call(["-3"]), hyphened("-0x3"), Call([" 4 "])),
    ),
    Input(
        "numbers: optparse floats",
        "import optparse\np = optparse.OptionParser()\np.add_option('-f', '--from', dest='first', type='float')\n"
        "options, args = p.parse_args()\nprint('from %r, %s' % (options.first, args))\n",
        (hyphened("-f", "-1e5"), Call(["--from=-inf"]), hyphened("--from", "-inf"), Call(["-f-2"])),
    ),
    Input(
        "equals: a short option of optparse with a value behind it",
        "import optparse\np = optparse.OptionParser()\np.add_option('-o', '--output', default='-')\n"
        "options, args = p.parse_args()\nprint('output %s, arguments %s' % (options.output, args))\n",
        (hyphened("-o=foo"), Call(["-ofoo"]), Call(["-o", "=foo"]), Call(["--output=foo"]), Call(["--out==foo"])),
    ),
    Input(
        "equals: a short option of getopt",
        """import getopt, sys
opts, args = getopt.getopt(sys.argv[1:], "o:")
output = ""
for o, a in opts:
    if o == "-o":
        output = a
print("output %s, arguments %s" % (output, args))
""",
        (hyphened("-o=foo"), Call(["-ofoo"]), Call(["-o", "foo", "x=y"])),
    ),
    Input(
        "equals: joined flags of optparse with a value",
        "import optparse\np = optparse.OptionParser()\np.add_option('-v', action='store_true', default=False)\n"
        "p.add_option('-o')\noptions, args = p.parse_args()\nprint('v %s, o %s, %s' % (options.v, options.o, args))\n",
        (hyphened("-vo=foo"), Call(["-vofoo"]), Call(["-vo", "foo"]), hyphened("-v=foo")),
    ),
    Input(
        "equals: an optparse option with several letters in its value",
        "import optparse\np = optparse.OptionParser()\np.add_option('-D', action='append', default=[])\n"
        "options, args = p.parse_args()\nprint('defines %s, %s' % (options.D, args))\n",
        (hyphened("-D=a", "-Db=c", "x"), Call(["-D", "a=b"]), Call([])),
    ),
    Input(
        "surplus: a default, and two words",
        """import sys
width = 80
if len(sys.argv) == 2:
    width = int(sys.argv[1])
print("width is %d" % width)
""",
        (Call(), Call(["7"]), Call(["7", "8"])),
    ),
    Input(
        "surplus: usage without an end, in else the work",
        """import sys
if __name__ == "__main__":
    if len(sys.argv) != 3:
        print("Usage: script.py A B")
    else:
        print("sum is %d" % (int(sys.argv[1]) + int(sys.argv[2])))
""",
        (Call(), Call(["1"]), Call(["1", "2"]), Call(["1", "2", "3"])),
    ),
    Input(
        "surplus: usage without an end in main",
        """import sys
def main():
    if len(sys.argv) < 2:
        print("Usage: script.py NAME")
        return
    print("name is %s" % sys.argv[1])
main()
""",
        (Call(), Call(["a"]), Call(["a", "b"])),
    ),
    Input(
        "surplus: words that nobody reads",
        """import sys
name = sys.argv[1]
print("name is %s" % name)
""",
        (Call(["a"]), Call(["a", "b", "c"])),
    ),
    Input(
        "surplus: words beside options of getopt",
        """import getopt, sys
opts, args = getopt.getopt(sys.argv[1:], "v")
print("%d options" % len(opts))
""",
        (Call(["-v"]), Call(["-v", "x", "y"])),
    ),
    Input(
        "success: a conversion whose handler only tells",
        """import sys
try:
    number = int(sys.argv[1])
except (ValueError, IndexError):
    print("this is no number")
    sys.exit(0)
print("number %d" % number)
""",
        (Call(["3"]), Call(["x"]), Call([])),
    ),
    Input(
        "success: a conversion whose handler returns",
        """import sys
def main():
    try:
        number = float(sys.argv[1])
    except ValueError:
        print("this is no number")
        return
    print("number %g" % number)
if __name__ == "__main__":
    main()
""",
        (Call(["3"]), Call(["x"])),
    ),
    Input(
        "success: a conversion with a default in its handler",
        """import sys
try:
    size = int(sys.argv[1])
except Exception:
    size = 10
print("size %d" % size)
""",
        (Call(["3"]), Call(["x"]), Call([])),
    ),
    Input(
        "success: a caller goes on without the argument",
        """import sys
def main():
    print("hello %s" % sys.argv[1])
try:
    main()
except IndexError:
    print("nobody to greet")
""",
        (Call(["Ada"]), Call([])),
    ),
    Input(
        "success: the caller of a caller goes on without the arguments",
        """import sys
def read():
    first, second = sys.argv[1:]
    return first + second
def main():
    print("both: %s" % read())
if __name__ == "__main__":
    try:
        main()
    except Exception as exc:
        print("it did not work: %s" % type(exc).__name__)
""",
        (Call(["a", "b"]), Call(["a"]), Call([])),
    ),
    Input(
        "success: usage with SystemExit",
        """import sys
if len(sys.argv) < 2:
    print("Usage: script.py NAME")
    raise SystemExit
print("name %s" % sys.argv[1])
""",
        (Call(["3"]), Call([])),
    ),
)
