"""``open(name)`` → ``open(name, encoding="utf-8")``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command
from pymodernize_codemods._assumptions import UTF_8_LOCALE

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class OpenWithoutEncoding(Codemod):
    """Say that text files are UTF-8 where they are opened.

    Why:
        Without an encoding, a text file is read and written in that of the system's locale: what one
        computer has written, another one reads as something else, or not at all. Python 3.15 takes UTF-8
        instead.

    Assumptions:
        For every input: a file to which nothing but ASCII is written, such as numbers, literals and the output of
        ``json.dump``. Every encoding that a locale may have writes that with the same bytes.

        Needs ``utf-8-locale`` for all others. Needs ``changes-behaviour``, too, in a script that imports
        a module of Windows alone, and in one that sets a locale which may have another encoding.

        The argument goes behind the mode, in the spelling and the quotes that the file has. ``errors``,
        ``newline`` and what else is given stay.

    Limits:
        Found only where the mode or the arguments are not in sight, where the file's ``encoding`` or the
        file itself is shown, and where older versions of Python go another way. With one of these in a
        file, and where it reads ``sys.stdin``, its others stay, too, unless nothing but ASCII is in them: what
        is read in the one may be written to the other, and a filter takes the same texts from a file and
        from stdin. From Python 3.15 on nothing is to be done.

        ``encoding="locale"`` is never written: from Python 3.11 on it is not what Python does without an encoding,
        since it passes over UTF-8 mode, which is on where the locale is C.

        Texts of child processes (``text=True``), ``logging.FileHandler`` and ``configparser`` are not
        looked at. Tests in other files that replace ``open`` and compare its arguments have to follow.

    References:
        https://docs.python.org/3/library/io.html#text-encoding
        https://peps.python.org/pep-0686/
    """

    of_expressions = True
    of_python_3 = True
    triggers = (b"open", b"read_text", b"write_text", b"TextIOWrapper", b"TemporaryFile", b"fileinput")
    noqa = ("PLW1514",)
    rows = ("F32",)
    assumptions = (UTF_8_LOCALE,)
    reasons = {
        "arguments": "Arguments are passed on by * or **, which may say an encoding.",
        "codecs": "With an encoding codecs.open() does another thing: it leaves the ends of lines as they are.",
        "default": "The target version takes UTF-8 by itself.",
        "fstring": "The call stands in an f-string.",
        "half": "Another one in the file stays without an encoding, or stdin is read: the two may share their texts.",
        "mode": "The mode is not known, may be one of bytes, which takes no encoding, or is one that Python refuses.",
        "openhook": "A function of the script's own opens the files.",
        "replaced": "Something else is put in the place of the function, as tests do.",
        "several-versions": "The code is there for versions of Python whose function takes no encoding.",
        "shown": "The name of the file's encoding may be shown: UTF-8 by the locale, utf-8 afterwards.",
        "target": "The function takes no encoding in the target version.",
    }
    on_purpose = frozenset({"default"})

    def find(self, module: Module) -> Iterator[Finding]:
        """Every text file that is opened without an encoding."""
        from pymodernize_codemods.open_without_encoding.finding import findings

        return findings(self, module)


__getattr__ = libcst_command(OpenWithoutEncoding)
