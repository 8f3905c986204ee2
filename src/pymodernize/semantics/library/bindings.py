"""What modules of the standard library bind in those that import them."""

from __future__ import annotations

STAR_SHADOWS = {
    "aifc": frozenset({"open"}),
    "ast": frozenset({"Ellipsis", "slice"}),
    "asyncio": frozenset({"TimeoutError"}),
    "asyncio.exceptions": frozenset({"TimeoutError"}),
    "audioop": frozenset({"max"}),
    "bz2": frozenset({"open"}),
    "codecs": frozenset({"open"}),
    "concurrent.futures": frozenset({"TimeoutError"}),
    "csv": frozenset({"__doc__"}),
    "curses": frozenset({"filter"}),
    "curses.ascii": frozenset({"ascii"}),
    "dbm": frozenset({"open"}),
    "dbm.dumb": frozenset({"open"}),
    "dbm.sqlite3": frozenset({"open"}),
    "enum": frozenset({"property"}),
    "fileinput": frozenset({"input"}),
    "fnmatch": frozenset({"filter"}),
    "gzip": frozenset({"open"}),
    "importlib": frozenset({"__import__"}),
    "locale": frozenset({"format", "str"}),
    "lzma": frozenset({"open"}),
    "math": frozenset({"pow"}),
    "multiprocessing": frozenset({"TimeoutError"}),
    "multiprocessing.context": frozenset({"TimeoutError"}),
    "operator": frozenset({"abs", "pow"}),
    "os": frozenset({"open"}),
    "ossaudiodev": frozenset({"open"}),
    "pdb": frozenset({"help"}),
    "posix": frozenset({"open"}),
    "py_compile": frozenset({"compile"}),
    "pydoc": frozenset({"help"}),
    "re": frozenset({"compile"}),
    "reprlib": frozenset({"repr"}),
    "shelve": frozenset({"open"}),
    "sqlite3": frozenset({"Warning"}),
    "sqlite3.dbapi2": frozenset({"Warning"}),
    "sre_compile": frozenset({"compile"}),
    "sunau": frozenset({"open"}),
    "sys": frozenset({"copyright", "exit"}),
    "tarfile": frozenset({"open"}),
    "threading": frozenset({"enumerate"}),
    "tokenize": frozenset({"open"}),
    "wave": frozenset({"open"}),
    "webbrowser": frozenset({"open"}),
}
"""Builtins that ``from MODULE import *`` hides, in the standard library of 3.10 to 3.13.

No other public module of it hides any.
"""
