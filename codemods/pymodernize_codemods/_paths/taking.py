"""Table of library functions that accept a path in place of a text, and of the hazards they are sensitive to."""

from __future__ import annotations

from pymodernize_codemods._paths.hazards import FILE, TEXT, Hazard
from pymodernize_codemods._paths.operations import OPERATIONS

# Functions that accept a path in place of a text and behave alike, with the parameters for which they do.
_TAKING: dict[str, str] = {
    "builtins.open": "file",
    "io.open": "file",
    "codecs.open": "filename",
    "os.access": "path",
    "os.chdir": "path",
    "os.chown": "path",
    "os.chmod": "path",
    "os.link": "src dst",
    "os.listdir": "path",
    "os.lstat": "path",
    "os.makedirs": "name",
    "os.mkdir": "path",
    "os.open": "path",
    "os.readlink": "path",
    "os.remove": "path",
    "os.rename": "src dst",
    "os.replace": "src dst",
    "os.rmdir": "path",
    "os.stat": "path",
    "os.symlink": "src dst",
    "os.truncate": "path",
    "os.unlink": "path",
    "os.utime": "path",
    "os.mkfifo": "path",
    "os.removedirs": "name",
    "os.renames": "old new",
    "os.statvfs": "path",
    "os.lchown": "path",
    "os.path.exists": "path",
    "os.path.lexists": "path",
    "os.path.isfile": "path",
    "os.path.isdir": "s",
    "os.path.islink": "path",
    "os.path.ismount": "path",
    "os.path.isabs": "s",
    "os.path.getsize": "filename",
    "os.path.getmtime": "filename",
    "os.path.getatime": "filename",
    "os.path.getctime": "filename",
    "os.path.samefile": "f1 f2",
    "os.path.realpath": "filename",
    "os.path.abspath": "path",
    "shutil.copy": "src dst",
    "shutil.copy2": "src dst",
    "shutil.copyfile": "src dst",
    "shutil.copymode": "src dst",
    "shutil.copystat": "src dst",
    "shutil.copytree": "src dst",
    "shutil.move": "src dst",
    "shutil.rmtree": "path",
    "shutil.chown": "path",
    "shutil.disk_usage": "path",
    "shutil.unpack_archive": "filename extract_dir",
    "zipfile.ZipFile": "file",
    "zipfile.is_zipfile": "filename",
    "tarfile.open": "name",
    "tarfile.is_tarfile": "name",
    "gzip.open": "filename",
    "bz2.open": "filename",
    "lzma.open": "filename",
    "sqlite3.connect": "database",
    "filecmp.cmp": "f1 f2",
    "logging.FileHandler": "filename",
    "logging.handlers.RotatingFileHandler": "filename",
    "logging.handlers.TimedRotatingFileHandler": "filename",
    "xml.etree.ElementTree.parse": "source",
    "numpy.load": "file",
    "numpy.loadtxt": "fname",
    "numpy.genfromtxt": "fname",
    "numpy.save": "file",
    "numpy.savetxt": "fname",
    "pandas.read_csv": "filepath_or_buffer",
    "pandas.read_excel": "io",
    "pandas.read_json": "path_or_buf",
    "pandas.read_parquet": "path",
    "PIL.Image.open": "fp",
}
# Functions without a counterpart that are sensitive to more: os.renames() makes each folder that a text names, also
# that of "a/.". Those that accept URLs, too, recognise them by the double slash.
_ADDRESSES = ("numpy.loadtxt", "numpy.genfromtxt", "pandas.read_csv", "pandas.read_excel", "pandas.read_json")
_SEEN: dict[str, Hazard] = dict.fromkeys(("os.renames", *_ADDRESSES, "pandas.read_parquet"), TEXT)
TAKING = {name: tuple(parameters.split()) for name, parameters in _TAKING.items()}
# Functions for which a slash at the end of an existing folder with search permission makes no difference.
FOLLOWING = frozenset(
    {
        *("builtins.open", "io.open", "os.access", "os.chdir", "os.chmod", "os.listdir", "os.makedirs", "os.mkdir"),
        *("os.stat", "os.path.exists", "os.path.isfile", "os.path.isdir", "os.path.getsize", "os.path.getmtime"),
        *("os.path.getatime", "os.path.getctime", "os.path.samefile", "os.utime", "shutil.disk_usage"),
    }
)
# Functions whose result has the given text in an attribute.
NAMING = frozenset(
    {
        *(f"{module}.open" for module in ("builtins", "io", "codecs", "gzip", "bz2", "lzma", "tarfile")),
        "zipfile.ZipFile",
    }
)
# Functions for which None is the current folder.
TAKING_NONE = frozenset({"os.listdir", "os.scandir"})
# Parameters that accept a path and are passed by keyword.
TAKING_BY_KEYWORD = {
    "subprocess.run": {"cwd"},
    "subprocess.call": {"cwd"},
    "subprocess.check_call": {"cwd"},
    "subprocess.check_output": {"cwd"},
    "subprocess.Popen": {"cwd"},
    "logging.basicConfig": {"filename"},
}
# Functions that return their argument.
HANDING_BACK = frozenset({"shutil.copy", "shutil.copy2", "shutil.copyfile", "shutil.copytree", "shutil.move"})
# Functions whose errors show a path as ``PosixPath('...')``.
SHOWING_REPR = frozenset(
    {
        *(f"shutil.{name}" for name in ("copy", "copy2", "copyfile", "copytree", "move", "rmtree")),
        *(f"subprocess.{name}" for name in ("run", "call", "check_call", "check_output", "Popen")),
    }
)
# Functions that accept a path, and whose results contain its text.
SHOWING = frozenset(
    {
        "os.walk",
        "os.scandir",
        "os.path.join",
        "os.path.dirname",
        "os.path.split",
        "os.path.splitext",
        "os.path.expanduser",
        "os.path.normpath",
        "os.path.relpath",
        "os.path.basename",
        "os.path.commonprefix",
        "os.fspath",
        "os.path.expandvars",
        "os.path.normcase",
    }
)


# Those that raise an OSError for the empty text and for the current folder alike.
FAILING_WITHOUT_NAME = frozenset(
    f"{module}.{name}"
    for module, names in {
        "builtins": ("open",),
        "io": ("open",),
        "codecs": ("open",),
        "gzip": ("open",),
        "os": ("remove", "unlink", "rmdir", "mkdir", "rename", "replace", "readlink", "symlink", "link"),
    }.items()
    for name in names
)


def seen_by(qualified: str) -> Hazard:
    """The hazards of a text, lost in a path, that a function is sensitive to.

    Args:
        qualified: one of :data:`TAKING`.
    """
    operation = OPERATIONS.get(qualified)
    if operation is not None:
        return operation.seen
    return _SEEN.get(qualified, FILE)


def met(qualified: str, seen: Hazard, value: Hazard) -> Hazard:
    """The hazards of a value that a function is sensitive to: without trailing slashes, if it is known to be a folder.

    Args:
        qualified: the function.
        seen: the hazards that it is sensitive to in general.
        value: the hazards of the value.
    """
    if qualified in FOLLOWING and not value & Hazard.CLOSED:
        seen &= ~(Hazard.TRAILING | Hazard.DOTTED)
    return seen & value
