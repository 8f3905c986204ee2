"""The assumptions that the codemods of this pack rest on."""

from __future__ import annotations

from pymodernize.assumptions import Assumption, Usual

TEXT_PATHS = Assumption(
    "text-paths",
    "A path is a text.",
    "Paths that are bytes, file descriptors or None.",
    Usual.EVERYWHERE,
)
NON_EMPTY_PATHS = Assumption(
    "non-empty-paths",
    "The text of a path is not empty.",
    "The empty text, of which Path makes the current folder.",
    Usual.EVERYWHERE,
)
TIDY_PATHS = Assumption(
    "tidy-paths",
    "The text of a path that comes in has no './', no doubled slash, and none at its end but for a folder.",
    "Texts like './a', 'a//b' and 'a/', which Path writes in a shorter way.",
    Usual.EVERYWHERE,
)
PLAIN_NAMES = Assumption(
    "plain-names",
    "The last part of a path is a plain name: not '.' or the root, and none that begins with '..' or ends in '.'.",
    "The texts '.', '/', 'a.', '..b' and '~nobody', and names with a wildcard.",
    Usual.EVERYWHERE,
)
RELATIVE_PARTS = Assumption(
    "relative-parts",
    "What is put behind a slash does not begin with a slash itself.",
    "'/b' behind 'a/': as texts they make 'a//b', as paths '/b'.",
    Usual.EVERYWHERE,
)
READABLE_FOLDERS = Assumption(
    "readable-folders",
    "The folders on the way to a file may be searched.",
    "Files in folders that are closed to the user, for which methods of Path raise PermissionError before Python 3.14.",
    Usual.EVERYWHERE,
)
NO_SYMLINKS = Assumption(
    "no-symlinks",
    "No symbolic link is among the files and folders that are looked at.",
    "Symbolic links, above all such that lead nowhere or back to themselves.",
)
NO_HIDDEN_FILES = Assumption(
    "no-hidden-files",
    "No file that a pattern fits has a name that begins with a dot.",
    "Hidden files, which Path.glob() finds and glob.glob() does not.",
)
FOLDERS_IN_PLACE = Assumption(
    "folders-in-place",
    "What stands where a folder is wanted is a folder.",
    "A file with the name of a folder that is made unless it is there.",
    Usual.EVERYWHERE,
)
OPEN_STDOUT = Assumption(
    "open-stdout",
    "The standard output takes everything that the script writes.",
    "A closed or full stdout, and characters that its encoding lacks: print raises where logging reports on stderr.",
    Usual.EVERYWHERE,
)
PLAIN_MESSAGES = Assumption(
    "plain-messages",
    "What a message shows is a text or a plain number where its format asks for one, and looks the same in any format.",
    "Values whose class has a __format__ of its own, such as numpy's float32, a tuple behind '%s' %, and what the "
    "format fails on: '%d' with a text, 'a' + 1, a __str__ that raises.",
    Usual.EVERYWHERE,
)
UNSHARED_STDOUT = Assumption(
    "unshared-stdout",
    "Nothing but print writes to the script's stdout, or stdout is a terminal.",
    "Commands that write to the same file or pipe: print writes when its buffer is full, logging writes at once.",
)
PLAIN_ARGUMENTS = Assumption(
    "plain-arguments",
    "No argument of the command line begins with a hyphen, except those that are options.",
    "Arguments like -5 and --x, which argparse takes for options.",
    Usual.EVERYWHERE,
)
SURPLUS_ARGUMENTS = Assumption(
    "surplus-arguments",
    "The script is called with no more arguments than it reads.",
    "Calls with further arguments, which argparse refuses.",
)
RUN_ONLY = Assumption(
    "run-only",
    "Nobody outside this project imports the file.",
    "Importers that hand other values in, or look at what the file defines in other ways than those in sight.",
    Usual.IN_SCRIPTS,
)
DOCUMENTED_EXCEPTIONS = Assumption(
    "documented-exceptions",
    "A library raises the exceptions that its documentation names.",
    "Calls that end with an exception which the documentation does not name.",
)

OF_PATHS = (
    TEXT_PATHS,
    NON_EMPTY_PATHS,
    TIDY_PATHS,
    PLAIN_NAMES,
    RELATIVE_PARTS,
    READABLE_FOLDERS,
    FOLDERS_IN_PLACE,
    NO_SYMLINKS,
    NO_HIDDEN_FILES,
    RUN_ONLY,
)
"""Those that rewrites of paths rest on."""
