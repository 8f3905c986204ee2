"""Which comments at the top and at the end of a file are its own, and which belong to the statement beside them."""

from __future__ import annotations

import re
from itertools import takewhile
from typing import TYPE_CHECKING

from pymodernize.semantics.layout import declares_encoding
from pymodernize_codemods._script.purpose import is_first_of_several, may_tell_of_a_file
from pymodernize_codemods.main_guard.old_code import is_code

if TYPE_CHECKING:
    import libcst as cst

_FEW_LINES = 2
"""A longer comment is about more than the statement below it."""
_FOR_EDITORS = re.compile(r"# *(?:vim?:|ex:|kate:|-\*-|Local Variables:|end\b)", re.IGNORECASE)


def cut_header(header: list[cst.EmptyLine]) -> tuple[list[cst.EmptyLine], list[cst.EmptyLine]]:
    """The file's own leading lines, and the comments directly above the first statement, that belong to it.

    Without a blank line between them those belong to the file, unless they are short and may be about what is done
    there alone.

    Args:
        header: the lines above the first statement.
    """
    blank = max((number for number, line in enumerate(header) if line.comment is None), default=-1)
    if blank == len(header) - 1:
        return header, []
    if any(line.comment is not None for line in header[: blank + 1]):
        return header[:blank], header[blank + 1 :]
    said = [line.comment.value if line.comment is not None else "" for line in header]
    top = next((number for number, text in enumerate(said) if text and not declares_encoding(text)), len(said))
    own = said[top:]
    of_work = is_first_of_several(own[0]) if own else False
    is_short = len(own) <= _FEW_LINES and (of_work or not any(map(may_tell_of_a_file, own)))
    return (header[:top], header[top:]) if is_short else (header, [])


def cut_footer(footer: list[cst.EmptyLine]) -> tuple[list[cst.EmptyLine], list[cst.EmptyLine]]:
    """The comments directly below the last statement, that belong to it, and the file's own last lines.

    Words that go on below a blank line are one text with that, which stays together.

    Args:
        footer: the lines below the last statement.
    """
    own = [*takewhile(lambda line: line.comment is not None, footer)]
    said = [line.comment.value for line in footer if line.comment is not None]
    goes_on = len(said) > len(own) and not any(map(is_code, said[: len(own)]))
    if goes_on or any(map(_FOR_EDITORS.match, said[: len(own)])):
        return [], footer
    return own, footer[len(own) :]
