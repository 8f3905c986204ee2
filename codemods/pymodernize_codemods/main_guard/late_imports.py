"""Imports that stand below work: which of them may run before it, and which join those at the top of a file."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from pymodernize.semantics.module import Module
from pymodernize_codemods._script.statements import IMPORTS
from pymodernize_codemods.main_guard.obstacles import Obstacle
from pymodernize_codemods.main_guard.preparations import prepares_imports

# Of the library, what is there on every system and in every version, and does nothing when it is imported.
_EVERYWHERE = frozenset(
    """__future__ abc argparse array ast asyncio atexit base64 binascii bisect calendar cmath cmd code codecs
    collections colorsys concurrent configparser contextlib copy copyreg csv datetime decimal difflib dis doctest
    email enum errno filecmp fileinput fnmatch fractions ftplib functools gc getopt getpass gettext glob gzip hashlib
    heapq hmac html http imaplib importlib inspect io ipaddress itertools json keyword linecache locale logging
    mailbox marshal math mimetypes mmap multiprocessing numbers operator optparse os pathlib pdb pickle pkgutil
    platform plistlib poplib pprint profile pstats pyclbr queue quopri random re reprlib sched secrets select
    selectors shelve shlex shutil signal smtplib socket socketserver stat statistics string struct subprocess
    symtable sys sysconfig tarfile tempfile textwrap threading time timeit token tokenize trace traceback types
    typing unicodedata unittest urllib uuid warnings wave weakref webbrowser wsgiref xml xmlrpc zipfile zipimport
    """.split()
)


def is_everywhere(module: Module, statement: ast.stmt) -> bool:
    """Whether an import succeeds on every system, and does nothing that can be seen.

    Args:
        module: the module.
        statement: an import.
    """
    if isinstance(statement, ast.Import):
        roots = {alias.name.partition(".")[0] for alias in statement.names}
    elif isinstance(statement, ast.ImportFrom) and not statement.level and statement.names[0].name != "*":
        roots = {(statement.module or "").partition(".")[0]}
    else:
        return False
    return roots <= _EVERYWHERE and not roots & module.facts.beside


def check_imports(module: Module, moving: frozenset[ast.stmt]) -> None:
    """See that no import goes into the middle of ``main``, where nobody looks for it.

    One that the line above it prepares stays with that.

    Args:
        module: the module.
        moving: the statements that go into ``main``.

    Raises:
        Obstacle: one does.
    """
    above: ast.stmt | None = None
    for statement in module.tree.body:
        if not isinstance(statement, IMPORTS):
            above = statement
        elif statement in moving and (above is None or not prepares_imports(module, above)):
            where = f"an import of what may do something as it is imported stands below work (line {statement.lineno})"
            raise Obstacle("late-import", f"{where}: it would stand in the middle of main")


def joining(module: Module, moving: frozenset[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports of a module's body that stand alone once the work above them has gone: they join those at the top.

    Args:
        module: the module.
        moving: the statements that go into ``main``.
    """
    body = module.tree.body
    if not any(isinstance(item, IMPORTS) and not _is_future(item) for item in _leading(body)):
        return
    below = False
    for statement in body:
        below = below or statement in moving
        if below and isinstance(statement, IMPORTS) and is_everywhere(module, statement):
            if _is_alone(module, statement) and not _may_mean_more(module, statement):
                yield statement


def _leading(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body up to the first that is neither an import nor a text."""
    for statement in body:
        if not isinstance(statement, (*IMPORTS, ast.Expr)):
            return
        yield statement


def _is_future(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.ImportFrom) and statement.module == "__future__"


def _is_alone(module: Module, statement: ast.stmt) -> bool:
    """Whether a statement has its line to itself, and no comment above it speaks of it."""
    above = module.source.line(statement.lineno - 1).strip() if statement.lineno > 1 else b""
    line = module.source.line(statement.lineno)
    return line.strip() == module.text(statement).encode() and not above.startswith(b"#")


def _may_mean_more(module: Module, statement: ast.Import | ast.ImportFrom) -> bool:
    """Whether something else binds a name of an import, too."""
    names = {alias.asname or alias.name.partition(".")[0] for alias in statement.names}
    return any(len(module.index.scope.bindings[name]) != 1 for name in names)


def sources(statement: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str, str]]:
    """For each name of an import what it means, what it is called here, and an import of it alone.

    Args:
        statement: an import.
    """
    for alias in statement.names:
        local = alias.asname or alias.name
        name = f"{alias.name} as {alias.asname}" if alias.asname else alias.name
        if isinstance(statement, ast.ImportFrom):
            yield f"{statement.module}.{alias.name}", local, f"from {statement.module} import {name}"
        else:
            yield alias.name, local, f"import {name}"
