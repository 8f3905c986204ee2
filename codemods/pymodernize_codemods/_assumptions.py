"""The assumptions that the codemods of this pack rest on, each with a script that shows what it excludes."""

from __future__ import annotations

from pymodernize.assumptions import Assumption, Counterexample, Usual

# The figures are those of benchmarks/README.md.
_SDISTS = "no test of twelve sdists newly fails (`make ecosystem`)"
_BOTH = f"Under the usual assumptions none of 3,791 runs of 351 scripts differs by it (`make scripts`), and {_SDISTS}."
# One call is enough for an example.
_EVERYWHERE = (("everywhere", True),)
_FEWEST = (("fewest", 1),)
_THREE_TYPES = (("most-types", 3),)
_GENERATED = "Of generated inputs (`make generated`) only those that it excludes differ."

TEXT_PATHS = Assumption(
    "text-paths",
    "A path is a text.",
    "Paths that are bytes, numbers of open files or None.",
    Usual.EVERYWHERE,
    Counterexample(
        "os-path-to-pathlib",
        "import json\nimport os\n\nfor name in json.load(open('names.json')):\n    print(os.path.exists(name))\n",
        "True\n",
        "exit status 1\n",
        files=(("names.json", "[0]"),),
        options=_EVERYWHERE,
    ),
    measured=_BOTH,
)
NON_EMPTY_PATHS = Assumption(
    "non-empty-paths",
    "The text of a path is not empty.",
    "The empty text, of which Path makes the current folder. Where it is an answer at a prompt, or where the script "
    "removes folders with what is in them, it takes `changes-behaviour`.",
    Usual.EVERYWHERE,
    Counterexample(
        "os-path-to-pathlib",
        "import os\nimport sys\n\nprint(os.path.exists(sys.argv[1]))\n",
        "False\n",
        "True\n",
        arguments=("",),
        options=_EVERYWHERE,
    ),
    measured=f"{_BOTH} {_GENERATED}",
)
TIDY_PATHS = Assumption(
    "tidy-paths",
    "The text of a path that comes in has no './', no doubled slash, none at its end but for a folder, and none at its "
    "start where it is put behind another, and is not '.' where another is put behind it.",
    "Texts like './a', 'a//b' and 'a/', which Path writes in a shorter way; '.' in front of 'a', which becomes 'a' and "
    "not './a'; '/b' behind 'a/', which becomes '/b'.",
    Usual.EVERYWHERE,
    Counterexample(
        "os-path-to-pathlib",
        "import os\nimport sys\n\nprint(os.path.basename(sys.argv[1]))\n",
        "\n",
        "data\n",
        arguments=("data/",),
        options=_EVERYWHERE,
    ),
    measured=f"{_BOTH} {_GENERATED}",
)
PLAIN_NAMES = Assumption(
    "plain-names",
    "The last part of a path is a plain name: not '.' or the root, and none that begins with '..' or ends in '.'.",
    "The texts '.', '/', 'a.', '..b' and '~nobody', and names with a wildcard.",
    Usual.EVERYWHERE,
    Counterexample(
        "os-path-to-pathlib",
        "import os\nimport sys\n\nprint(os.path.basename(sys.argv[1]))\n",
        ".\n",
        "\n",
        arguments=(".",),
        options=_EVERYWHERE,
    ),
    measured=f"{_BOTH} {_GENERATED}",
)
READABLE_FOLDERS = Assumption(
    "readable-folders",
    "Where a folder is expected there is one, if there is anything, and it may be searched.",
    "Files in folders that are closed to the user, for which methods of Path raise PermissionError before Python 3.14; "
    "a file with the name of a folder that is made unless it is there.",
    Usual.EVERYWHERE,
    Counterexample(
        "os-path-to-pathlib",
        "import os\n\nif not os.path.exists('out'):\n    os.mkdir('out')\nprint('ready')\n",
        "ready\n",
        "exit status 1\n",
        files=(("out", "no folder"),),
        options=_EVERYWHERE,
    ),
    measured=f"{_BOTH} The runs have no folder that is closed to them.",
)
NO_SYMLINKS = Assumption(
    "no-symlinks",
    "No symbolic link is among the files and folders that are looked at.",
    "Symbolic links, above all those in front of '..' and those that lead nowhere.",
    Usual.NOWHERE,
    Counterexample(
        "os-path-to-pathlib",
        "import os\nimport sys\n\nprint(os.path.exists(os.path.abspath(sys.argv[1])))\n",
        "True\n",
        "False\n",
        arguments=("link/../beside.txt",),
        files=(("deep/down/", ""), ("link", "-> deep/down"), ("beside.txt", "")),
        options=_EVERYWHERE,
    ),
    measured="Under the usual assumptions 11 rewrites in 2,346 files wait for it (`make shares`). Of generated inputs "
    "for which nothing else is assumed, 1,529 of 2,782 differ (`make generated`): it is no usual one.",
)
OPEN_STDOUT = Assumption(
    "open-stdout",
    "The standard output, and each file that the script has open, take everything that it writes, and nothing else "
    "reads or writes such a file meanwhile.",
    "A closed or full stdout, and characters that its encoding lacks: print raises where logging reports on stderr. A "
    "full disk, on which the last of a file is lost without an error where nothing closes it; another program that "
    "reads the file before it is closed; two paths of one file that is written twice at a time.",
    Usual.EVERYWHERE,
    Counterexample(
        "print-to-logging",
        "import time\n\nprint('Hello \\xe9')\ntime.sleep(0.1)\nprint('done: %d' % 1)\n",
        "exit status 1\n",
        "done: 1\n",
        environment=(("PYTHONIOENCODING", "ascii"),),
        options=_FEWEST,
    ),
    measured=f"{_BOTH} In all of the runs somebody reads what is written.",
)
PLAIN_MESSAGES = Assumption(
    "plain-messages",
    "What is put into a text is a text, or a plain number where its format asks for one, and looks the same in any "
    "format.",
    "Values whose class has a __format__ of its own, such as numpy's float32 and, before Python 3.12, members of an "
    "IntEnum, a tuple behind '%s' %, and what the format fails on: '%d' with a text, 'a' + 1, a __str__ that raises.",
    Usual.EVERYWHERE,
    Counterexample(
        "print-to-logging",
        "import time\n\n\nclass Money:\n    def __format__(self, spec):\n        return '5 EUR'\n\n"
        "    def __str__(self):\n        return 'five'\n\n\nprices = [Money()]\ntime.sleep(0.1)\n"
        "print(f'It is {prices[0]} now')\n",
        "It is 5 EUR now\n",
        "It is five now\n",
        options=_FEWEST,
    ),
    measured=_BOTH,
)
UNSHARED_STDOUT = Assumption(
    "unshared-stdout",
    "Nothing but print writes to the script's stdout, or stdout is a terminal.",
    "Commands that write to the same file or pipe: print writes when its buffer is full, logging writes at once.",
    measured="Under the usual assumptions 19 rewrites in 2,346 files wait for it (`make shares`). It has not "
    "been run with.",
)
PLAIN_ARGUMENTS = Assumption(
    "plain-arguments",
    "No argument of the command line begins with a hyphen, except those that are options, none of these is meant as "
    "the value of another, and none has an equals sign directly behind its one letter.",
    "Arguments like -5, -1e5 and --x, which argparse takes for options, also behind -- among them; -o=x, of which it "
    "drops the equals sign.",
    Usual.EVERYWHERE,
    Counterexample(
        "argparse-skeleton",
        "import sys\n\nif len(sys.argv) != 2:\n    print('usage: tool.py NAME')\n    sys.exit(1)\n"
        "print('Hello ' + sys.argv[1])\n",
        "Hello -x\n",
        "exit status 2\n",
        arguments=("-x",),
    ),
    measured="28 of 351 scripts differ by it, each in the one of eleven runs that hands over a hyphen on purpose, and "
    f"none of their other runs (`make scripts`); {_SDISTS}.",
)
SURPLUS_ARGUMENTS = Assumption(
    "surplus-arguments",
    "Nobody hands the script more arguments than it reads.",
    "Calls with further arguments, which were passed over and which argparse refuses.",
    Usual.NOWHERE,
    Counterexample(
        "argparse-skeleton",
        "import sys\n\nprint('Hello ' + sys.argv[1])\n",
        "Hello you\n",
        "exit status 2\n",
        arguments=("you", "too"),
        options=(("bare", True),),
    ),
    "Runs with made-up arguments have shown breaks from it.",
)
RUN_ONLY = Assumption(
    "run-only",
    "Nobody outside this project imports the file.",
    "Importers that hand other values in, or look at what the file defines in other ways than those in sight.",
    Usual.IN_SCRIPTS,
    Counterexample(
        "os-path-to-pathlib",
        "import os\n\n\ndef last(path):\n    return os.path.basename(path)\n",
        "b''\n",
        "exit status 1\n",
        importer="from script import last\n\nprint(last(b'folder/'))\n",
        options=_EVERYWHERE,
    ),
    measured=f"{_BOTH} In files that others import it is not accepted, and their importers were run, too.",
)
DOCUMENTED_EXCEPTIONS = Assumption(
    "documented-exceptions",
    "A library raises the exceptions that its documentation names, and a package does not end the script.",
    "Calls that end with an exception which the documentation does not name, such as input() with a closed stdin; "
    "code of a package that ends the script.",
    Usual.EVERYWHERE,
    Counterexample(
        "bare-except",
        "import yaml\n\ntext = input()\ntry:\n    yaml.safe_load(text)\nexcept:\n    print('no YAML')\n",
        "no YAML\n",
        "exit status 1\n",
        stdin="!!timestamp soon\n",
        options=_THREE_TYPES,
    ),
    measured=f"Under the usual assumptions {_SDISTS}. Scripts that need a package are not run. With `--assume all` the "
    "tests of the sdists have reached 48 rewritten handlers with 63 kinds of exceptions, and each was caught "
    "(`make bench-handlers`).",
)
UTF_8_LOCALE = Assumption(
    "utf-8-locale",
    "Text files are UTF-8, which is the encoding of the system's locale, and nothing shows how an open file spells it.",
    "Files in another encoding on a system whose locale has that, such as Windows with cp1252, and ISO 8859-1 on Unix; "
    "the C locale where Python's UTF-8 mode is switched off. An open file that is shown as a part of something else: "
    "it says 'UTF-8' by the locale and 'utf-8' afterwards.",
    Usual.IN_SCRIPTS,
    Counterexample(
        "open-without-encoding",
        "file = open('notes.txt', errors='replace')\nprint(len(file.read()))\n",
        "2\n",
        "1\n",
        files=(("notes.txt", "\xe9"),),
        environment=(("LC_ALL", "C"), ("PYTHONCOERCECLOCALE", "0"), ("PYTHONUTF8", "0")),
    ),
    measured="The locale of all runs is UTF-8, so that none can differ by it. Python 3.15 takes it for granted "
    "everywhere, also on Windows (PEP 686).",
)

OF_PATHS = (
    TEXT_PATHS,
    NON_EMPTY_PATHS,
    TIDY_PATHS,
    PLAIN_NAMES,
    READABLE_FOLDERS,
    NO_SYMLINKS,
    RUN_ONLY,
)
"""Those that rewrites of paths rest on."""
