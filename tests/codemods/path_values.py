"""Texts that paths are made of, for the properties: what is common, and all that is odd."""

from __future__ import annotations

from pathlib import Path

from hypothesis import strategies as st

# Single characters in which rules for paths see something, and a few in which they should see nothing.
PLAIN = st.text(alphabet="/..~a*[ é\udce4\n\\:", max_size=9)

# Values by their kind, as they stand in the table; ``@`` is the folder of the tree.
SAMPLES: dict[str, tuple[object, ...]] = {
    "file": ("file",),
    "folder": ("folder",),
    "missing": ("new",),
    "in a folder": ("folder/inner.txt", "folder/new"),
    "in no folder": ("new/new",),
    "absolute": ("@/file", "@/folder", "@/new"),
    "empty": ("",),
    "`.`": (".",),
    "`..`": ("..", "folder/..", "/..", "1/.."),
    "through `..`": ("folder_link/../file", "../d/file"),
    "root": ("/", "//", "///"),
    "slash at the end": (
        "file/",
        "folder/",
        "new/",
        "link/",
        "folder_link/",
        "mount_link/",
        "two.tar.gz/",
    ),
    "`/.` at the end": ("file/.", "folder/.", "new/.", "closed/.", "listed/.", "/."),
    "doubled slash": ("folder//inner.txt",),
    "dot inside": ("./file", "folder/./inner.txt", "./~", "./~/x"),
    "dotfile": (".dotfile", "folder/.new"),
    "several dots": ("two.tar.gz", ".dotfile.txt", "a..b"),
    "dots at an end": ("odd.", "..odd", "folder/..."),
    "space": ("with space",),
    "not ASCII": ("\u00e4", "\u65e5\u672c"),
    "undecodable": ("\udce4",),
    "lone surrogate": ("\ud800",),
    "`~`": ("~", "~/new"),
    "`~` and a user": ("~root", "~root/new", "~nobody_has_this_name/new"),
    "pattern": ("*.txt", "[a]"),
    "link": ("link", "folder_link", "mount_link"),
    "dangling link": ("dangling",),
    "through a dangling link": ("dangling/new",),
    "loop": ("loop",),
    "through a loop": ("loop/new",),
    "closed folder": ("closed", "listed"),
    "in a closed folder": ("closed/file", "closed/new", "listed/file"),
    "NUL": ("new\0",),
    "300 characters": ("n" * 300,),
    "bytes": (b"file", b"new"),
    "Path": (Path("file"), Path("new"), Path("folder/inner.txt")),
    "descriptor": (0,),
    "None": (None,),
}
# A path of these names fails on every system; whoever passes one has no run that goes well.
DEGENERATE = ("NUL", "300 characters")
OTHER_TYPES = ("bytes", "descriptor", "None")

NAMES = (
    *("a", "new", "file", "folder", "inner.txt", "empty", "link", "folder_link", "dangling", "loop"),
    *("two.tar.gz", ".dotfile", ".dotfile.txt", "..odd", "odd.", "...", "a..b", "with space", "ä", "\udce4"),
    *("~", "~root", "~nobody_has_this_name", "*.txt", "[a]", "-r", "a\nb", "\\"),
)
SEPARATORS = ("/", "/", "/", "//", "/./", "///")
STARTS = ("", "", "", "./", "../", "/", "//", "///", ".//", "~/")
ENDS = ("", "", "", "/", "//", "/.", "/./", "/..")


@st.composite
def composed(draw: st.DrawFn, names: tuple[str, ...] = NAMES, starts: tuple[str, ...] = STARTS) -> str:
    """A text of names with separators between them, at its start and at its end."""
    parts = draw(st.lists(st.sampled_from((*names, ".", "..")), max_size=3))
    text = draw(st.sampled_from(starts))
    for number, part in enumerate(parts):
        text += (draw(st.sampled_from(SEPARATORS)) if number else "") + part
    return text + (draw(st.sampled_from(ENDS)) if parts else "")


def texts() -> st.SearchStrategy[str]:
    """Any text that may be meant as a path; it need not name a file that is there."""
    return st.one_of(composed(), PLAIN)
