"""What a script is for and how it is called → its docstring."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class ModuleDocstring(Codemod):
    """Say at the top of a script what it is for and how it is called.

    Why:
        Who finds a script has to know what it does before running it. What is
        known of that stands in a comment at the top or in the description of
        its parser, where ``pydoc`` and an editor do not look.

    Assumptions:
        For every input: a docstring that nothing reads has no effect. The comment at the
        top that says what the script is for becomes the docstring, or else a
        text right below the imports; usage and examples are those that the
        script's parser takes. With ``style = "standard"`` a file that may be
        started by its own name (its mode says so) gets a shebang if it has none.

        Found only: where the file shows its ``__doc__`` or reads its own text,
        and where nothing is known that could be said, or no more than two
        words: there is no placeholder. A script of up to twenty statements
        that defines nothing, takes no arguments and ends with no status keeps
        its comment, as long as the style is not ``standard``.

    Limits:
        A comment that names a copyright, a licence or a tool stays a comment,
        and so does one that is code. Usage is read from one
        ``argparse.ArgumentParser`` whose arguments are added one by one, with
        literal names, and that has no options: these, and its description, are
        in its ``--help`` (``style = "standard"`` has them as well). The
        examples have only values that are known to be taken, the choices and
        the defaults. A docstring that speaks of usage
        already is left alone, and so is one that is not in triple quotes.
        Files with Windows line ends or a byte order mark get no shebang, as
        it does not work there. A file is looked at if it has a shebang, a
        guard or a parser.

    References:
        https://peps.python.org/pep-0257/#multi-line-docstrings
    """

    triggers = (b"__main__", b"ArgumentParser", b"#!")
    reasons = {
        "unknown-purpose": "Nothing in the file says what it is for.",
        "text": "The text cannot stand in a docstring as it is.",
        "short": "It defines nothing that has documentation, and one takes it in at a glance.",
        "shebang": "A shebang would not work there.",
        "shown": "The file shows its __doc__.",
    }
    on_purpose = frozenset(("unknown-purpose", "short"))
    noqa = ("D100",)
    rows = ("Q1", "Q2", "F2", "F34")
    uses_project = True
    of_scripts = True

    def find(self, module: Module) -> Iterator[Finding]:
        """The script itself, if it lacks a docstring, the usage in it, or a shebang."""
        from pymodernize_codemods.module_docstring.finding import findings

        return findings(self, module)


__getattr__ = libcst_command(ModuleDocstring)
