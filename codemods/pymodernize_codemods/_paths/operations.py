"""The table of functions that have a counterpart in :mod:`pathlib`, and of the differences between the two.

Each row has two kinds of differences. The function may *see* hazards of a text
that the path made of it has lost; and the method may *differ* from the
function for the same path. Source: the reference documentation of the modules,
and the property tests, which run both on generated values.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from pymodernize_codemods._paths.hazards import FILE, NONE, Hazard


class Gives(Enum):
    """How the result of a function relates to that of its counterpart."""

    SAME = "same"
    """Both give the same."""
    PATH = "path"
    """The function gives a text, its counterpart the path of it."""
    NOTHING = "nothing"
    """The function gives None, its counterpart may give something."""


@dataclass(frozen=True)
class Operation:
    """A function and its counterpart.

    Attributes:
        template: the counterpart; ``{path}`` is the path, other fields are
            parameters, ``{rest}`` the parameters that are passed on.
        parameters: the function's parameters, in order.
        path: the one that becomes a path.
        rest: those that are passed on under their own names.
        by_place: how many of the first of them may be passed by position.
        seen: the hazards of the path's text that the function is sensitive to and the method is not.
        differs: the hazards of a path for which the method does something else.
        others: the same as ``seen`` for the other parameters, where the method makes paths of them, too.
        errors: the hazards of a path for which function and method raise different errors. That counts where a handler
            distinguishes the classes, or shows the message.
        gives: how the results of both relate.
        optional: whether the path may be left out, for the current folder.
        reason: a difference that exists for every value; empty if there is none.
        instead: the template for paths with a hazard of ``differs``.
        because: what that template assumes; the field is the path.
        since: the first Python that has the counterpart.
    """

    template: str
    parameters: tuple[str, ...] = ("path",)
    path: str = "path"
    rest: tuple[str, ...] = ()
    by_place: int = 0
    seen: Hazard = FILE
    differs: Hazard = NONE
    others: Hazard = NONE
    errors: Hazard = NONE
    gives: Gives = Gives.SAME
    optional: bool = False
    reason: str = ""
    instead: str = ""
    because: str = ""
    since: tuple[int, int] = (3, 0)

    def too_new(self, target: tuple[int, int]) -> str:
        """Why the counterpart cannot be used in a file for some version of Python; empty if it can.

        Args:
            target: the oldest Python that the file must run on.
        """
        if target >= self.since:
            return ""
        return f"{self.template.format(path='Path')} is there only from Python {'.'.join(map(str, self.since))} on"


def _stat(field: str) -> Operation:
    return Operation(f"{{path}}.stat().{field}", ("filename",), "filename")


_OPEN = ("file", "mode", "buffering", "encoding", "errors", "newline")
_NAME = Hazard.TRAILING | Hazard.DOT
# A slash at the end makes no difference for a folder.
_FOLDER = Hazard.EMPTY | Hazard.DOTTED

OPERATIONS: Mapping[str, Operation] = {
    "os.path.exists": Operation("{path}.exists()", differs=Hazard.HIDDEN),
    "os.path.lexists": Operation("{path}.exists(follow_symlinks=False)", differs=Hazard.HIDDEN, since=(3, 12)),
    "os.path.isfile": Operation("{path}.is_file()", seen=Hazard.TRAILING, differs=Hazard.HIDDEN),
    "os.path.isdir": Operation("{path}.is_dir()", ("s",), "s", seen=_FOLDER, differs=Hazard.HIDDEN),
    "os.path.islink": Operation("{path}.is_symlink()", seen=Hazard.TRAILING, differs=Hazard.HIDDEN),
    "os.path.ismount": Operation(
        "{path}.is_mount()", differs=Hazard.HIDDEN | Hazard.LINKED | Hazard.DOT | Hazard.DOTDOT
    ),
    "os.path.isabs": Operation("{path}.is_absolute()", ("s",), "s", seen=NONE),
    "os.path.dirname": Operation("{path}.parent", ("p",), "p", seen=Hazard.TRAILING, gives=Gives.PATH),
    "os.path.basename": Operation("{path}.name", ("p",), "p", seen=_NAME),
    "os.path.abspath": Operation(
        "{path}.absolute()",
        seen=NONE,
        differs=Hazard.DOTDOT,
        gives=Gives.PATH,
        instead="{path}.resolve()",
        because="{} may have '..' in it: Path.resolve() follows symbolic links, os.path.abspath() does not",
    ),
    "os.path.realpath": Operation(
        "{path}.resolve({rest})", ("filename",), "filename", seen=NONE, differs=Hazard.LINKED, gives=Gives.PATH
    ),
    "os.path.expanduser": Operation("{path}.expanduser()", seen=Hazard.UNTIDY, differs=Hazard.USER, gives=Gives.PATH),
    "os.path.getsize": _stat("st_size"),
    "os.path.getmtime": _stat("st_mtime"),
    "os.path.getatime": _stat("st_atime"),
    "os.path.getctime": _stat("st_ctime"),
    "os.path.samefile": Operation("{path}.samefile({f2})", ("f1", "f2"), "f1", others=FILE),
    "os.mkdir": Operation("{path}.mkdir({rest})", ("path", "mode"), rest=("mode",), by_place=1),
    "os.makedirs": Operation(
        "{path}.mkdir({rest})",
        ("name", "mode", "exist_ok"),
        "name",
        rest=("mode", "exist_ok"),
        by_place=1,
        seen=_FOLDER,
        errors=Hazard.LINKED | Hazard.SEPARATED,
    ),
    "os.remove": Operation("{path}.unlink()"),
    "os.unlink": Operation("{path}.unlink()"),
    "os.rmdir": Operation("{path}.rmdir()"),
    "os.rename": Operation("{path}.rename({dst})", ("src", "dst"), "src", gives=Gives.NOTHING),
    "os.replace": Operation("{path}.replace({dst})", ("src", "dst"), "src", gives=Gives.NOTHING),
    "os.stat": Operation("{path}.stat({rest})", ("path",), rest=("follow_symlinks",)),
    "os.lstat": Operation("{path}.lstat()"),
    "os.chmod": Operation("{path}.chmod({mode})", ("path", "mode")),
    "os.getcwd": Operation("{Path}.cwd()", (), "", gives=Gives.PATH),
    "os.readlink": Operation("{path}.readlink()", gives=Gives.PATH),
    "os.symlink": Operation(
        "{path}.symlink_to({src}{, rest})",
        ("src", "dst", "target_is_directory"),
        "dst",
        rest=("target_is_directory",),
        by_place=1,
    ),
    "os.link": Operation("{path}.hardlink_to({src})", ("src", "dst"), "dst"),
    "os.listdir": Operation("[child.name for child in {path}.iterdir()]", seen=_FOLDER, optional=True),
    "builtins.open": Operation("{path}.open({rest})", _OPEN, "file", rest=_OPEN[1:], by_place=5),
    "io.open": Operation("{path}.open({rest})", _OPEN, "file", rest=_OPEN[1:], by_place=5),
    "codecs.open": Operation(
        "{path}.open({rest})",
        ("filename", "mode", "encoding", "errors"),
        "filename",
        rest=("mode", "encoding", "errors"),
        by_place=1,
        reason="codecs.open() leaves the ends of lines as they are, Path.open() translates them",
    ),
}
"""By qualified name. ``os.path.join``, ``os.path.splitext`` and ``glob.glob`` need more than a template."""

# A keyword argument that the counterpart always gets.
FIXED = {"os.makedirs": "parents=True"}

WITHOUT = {
    "os.path.normpath": "a Path keeps '..', as what precedes it may be a symbolic link",
    "os.path.expandvars": "pathlib has no counterpart",
    "os.path.relpath": "Path.relative_to() raises where os.path.relpath() climbs with '..'",
    "os.path.commonpath": "pathlib has no counterpart",
    "os.path.commonprefix": "pathlib has no counterpart",
    "os.path.splitext": "the part without the suffix is used as a text",
    "os.path.split": "its two parts are used together",
    "os.walk": "Path.walk() is there only from Python 3.12 on",
    "os.scandir": "its entries know more than a path",
    "glob.glob": "Path.glob() also finds hidden files, and takes the folder as it is",
    "glob.iglob": "Path.glob() also finds hidden files, and takes the folder as it is",
}
"""Functions without a row in the table, each with the reason why it may have to stay."""
_WALK = (3, 12)
_WITH_WALK = "Path.walk() lists a symbolic link to a folder among the files, os.walk() among the folders"


def reason_without(qualified: str, target: tuple[int, int]) -> str:
    """Why a function may have to stay; empty for one that need not.

    Args:
        qualified: the function.
        target: the oldest Python that the file must run on.
    """
    if qualified == "os.walk" and target >= _WALK:
        return _WITH_WALK
    return WITHOUT.get(qualified, "")


_OPENING = tuple(mark + b"open(" for mark in (b" ", b"(", b"[", b"=", b",", b":", b"\t", b"\n", b"io.", b"codecs."))
# A cheap filter: every file that calls one of the functions, under whatever name, has one of these in it.
CALLING = (
    *(b"os.path", b"from os", b" os as ", b"glob.", b"from glob", b"import open", b"= open", b" open (", *_OPENING),
    *(name.encode() for name in (*OPERATIONS, *WITHOUT) if name.startswith("os.") and not name.startswith("os.path.")),
)
# A cheap filter for files that pass paths to other functions.
TAKING_PATHS = (
    *(
        prefix + name
        for name in (b"shutil", b"zipfile", b"tarfile", b"sqlite3", b"gzip")
        for prefix in (b"import ", b"from ")
    ),
    *(prefix + name for name in (b"numpy", b"pandas", b"PIL", b"pathlib") for prefix in (b"import ", b"from ")),
)


def bound(operation: Operation, call: ast.Call) -> dict[str, ast.expr] | None:
    """The arguments of a call by the names of the parameters that they are bound to.

    Args:
        operation: the function's row.
        call: a call of it.

    Returns:
        None if some argument has no counterpart, or is not bound for certain.
    """
    found: dict[str, ast.expr] = {}
    if len(call.args) > len(operation.parameters) or any(isinstance(arg, ast.Starred) for arg in call.args):
        return None
    found.update(zip(operation.parameters, call.args, strict=False))
    for keyword in call.keywords:
        if keyword.arg is None or keyword.arg not in {*operation.parameters, *operation.rest} or keyword.arg in found:
            return None
        found[keyword.arg] = keyword.value
    needed = {name for name in operation.parameters if name not in operation.rest}
    if operation.optional:
        needed -= {operation.path}
    return found if needed <= found.keys() else None
