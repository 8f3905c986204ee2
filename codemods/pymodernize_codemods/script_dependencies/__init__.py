"""The libraries that a script imports → the block of metadata that installs them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class ScriptDependencies(Codemod):
    """Declare at the top of a script which Python and which libraries it needs.

    Why:
        Who gets a script has to find out what to install. ``uv run``, ``pipx run``
        and ``hatch run`` read that from a block of comments at the top, and run
        the script in an environment that has it.

    Assumptions:
        For every input: a comment has no effect on ``python SCRIPT``. Those runners give a
        script with a block an environment of its own.

        Written only with ``style = "standard"``, or where ``in_plain_style`` asks for
        it. The names of distributions come from a table, not from what is
        installed where the tool runs; the Python is the target version.

        Kept on purpose: a script that only imports Python's own library, and one
        whose project declares dependencies, in pyproject.toml, requirements.txt and
        their like, at or above its folder.

    Limits:
        The file is left, with the module's name, where an import is in no table, where it
        depends on a condition whether one is executed, where one of two libraries will do,
        where modules are imported by computed names, where the file
        imports others of its project, which may need more, and where it uses a
        part of a library that needs another one. What is imported in a ``try`` that
        goes on without it is optional: it is left out, and the message says so.
        No versions are written, since nothing in a file tells them.

    References:
        https://packaging.python.org/en/latest/specifications/inline-script-metadata/
    """

    triggers = (b"import",)
    rows = ("Q10", "F25")
    reasons = {
        "declared": "The project declares its dependencies already.",
        "unknown-module": "A module is imported that no table of distributions has.",
        "own-modules": "The file imports, or may import, another file of its project, which may need more.",
        "computed": "Modules are imported by names that are computed, or other files are executed.",
        "may-import": "It depends on a condition, or on what is installed, whether a library is needed.",
        "part": "A part of a library is used that needs another library.",
    }
    on_purpose = frozenset({"declared"})
    uses_project = True
    of_scripts = True

    @dataclass(frozen=True)
    class Options:
        """The settings of script-dependencies."""

        in_plain_style: bool = field(default=False, metadata={"help": "whether plain style has the block, too"})

    options: Options

    def find(self, module: Module) -> Iterator[Finding]:
        """The script itself, if it imports libraries and does not say which."""
        from pymodernize_codemods.script_dependencies.finding import findings

        is_asked_for = module.style != "plain" or self.options.in_plain_style
        return findings(self, module) if is_asked_for else iter(())


__getattr__ = libcst_command(ScriptDependencies)
