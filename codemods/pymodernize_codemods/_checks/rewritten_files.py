"""Files that a module reads and then writes over in place."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from pymodernize.semantics.module import Module
from pymodernize_codemods._checks.opened_files import Opened, file_of, opened_files

_TEMPORARY = re.compile(r"te?mp|cache|log|\bfd\b|fileno", re.IGNORECASE)
_REPLACING = ("os.replace", "os.rename", "shutil.move", "shutil.copy", "shutil.copy2", "shutil.copyfile")


def rewritten_files(module: Module) -> Iterator[tuple[ast.AST, str]]:
    """The calls that write a file which the module reads, too.

    Args:
        module: the module.
    """
    opened = opened_files(module)
    # What is moved or copied is kept in another place, or is no file that anything is lost of.
    moved = {file_of(module, arg) for call in module.calls(*_REPLACING) for arg in call.args}
    for item in opened:
        if not item.writes or item.file in moved or _TEMPORARY.search(ast.unparse(item.call)):
            continue
        if any(_comes_first(module, other, item) for other in opened) and not _creates(module, item.call):
            yield item.call, "a file that is read is written in place"


def _comes_first(module: Module, read: Opened, write: Opened) -> bool:
    """Whether a file is read before it is written; of two functions either may be called first."""
    if not read.reads or read.file != write.file:
        return False
    return read.call.lineno <= write.call.lineno or module.function(read.call) is not module.function(write.call)


def _creates(module: Module, call: ast.Call) -> bool:
    """Whether a file is written where it was not there before: under a question whether it exists, or its absence."""
    for around in module.ancestors(call):
        if isinstance(around, ast.ExceptHandler):
            return True
        if isinstance(around, ast.If):
            test = ast.unparse(around.test)
            if "exists" in test or "isfile" in test:
                return True
    return False
