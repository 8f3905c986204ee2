"""Commands that go through a shell → lists of arguments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command
from pymodernize_codemods._assumptions import RUN_ONLY

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class ShellCommand(Codemod):
    """Start programs by a list of arguments, not by a text for a shell.

    Why:
        ``os.system("gunzip " + name)`` runs what is in ``name`` behind a
        semicolon, and takes a file with a blank in its name for two. A list
        goes to the program as it is, whatever is in it. ``os.system`` and
        ``os.popen`` become ``subprocess.run``; of ``subprocess.Popen`` and its like
        ``shell=True`` goes.

    Assumptions:
        Needs ``changes-behaviour`` always: where a program is missing, or starts only
        by a shell, a shell says so and the script goes on, while ``subprocess``
        raises an exception; Ctrl-C ends the script, too, where ``os.system`` kept it
        from it; and a value between double quotes is not expanded any more.

        Where other files may catch that exception, the rewrite takes ``run-only``.

    Limits:
        Only a text that a shell splits and does nothing else with: no pipes,
        redirections, patterns, variables, several commands, no command of the
        shell itself. A value that is put into the text is split and expanded,
        too, so that it stays unless it is quoted by ``shlex.quote`` or by single
        quotes, is a number, or can only be words that are written in the file.

        ``os.popen`` is rewritten where its output is read as a whole; its
        lines come as the program writes them, which ``run`` would wait for.

        Left on purpose is what only changes the screen, such as
        ``os.system("cls" if os.name == "nt" else "clear")``. A file that speaks of
        Windows is left but below a test of the system: there the text goes to cmd.exe,
        which starts what a list cannot, and is no different from a shell in this.

        Ctrl-C ends what ``os.system`` runs and nothing else; behind ``subprocess.run`` it ends
        the script, too. Programs that people use that way are left, and so
        are files that handle signals.

    References:
        https://docs.python.org/3/library/subprocess.html#replacing-os-system
        https://docs.python.org/3/library/subprocess.html#security-considerations
    """

    of_expressions = True
    triggers = (b"system", b"popen", b"shell", b"getoutput", b"getstatusoutput")
    assumptions = (RUN_ONLY,)
    reasons = {
        "shell-syntax": "A shell does more with the text than split it: patterns, redirections, variables.",
        "builtin": "It is a command of the shell itself.",
        "value": "A value is put into the text, which a shell splits and expands.",
        "unknown-text": "The text is not in sight.",
        "used-otherwise": "The text is used for something else, too.",
        "status": "More is seen of the exit status than whether it is 0.",
        "handle": "The output is read while the program runs, or the process is used for something else.",
        "arguments": "The call has arguments that only a shell gives a meaning, or that are not in sight.",
        "windows": "On Windows cmd.exe is needed for it.",
        "screen": "It only changes what a terminal shows.",
        "interactive": "Ctrl-C is for the program, and the script goes on.",
        "optional": "The script goes on without the program.",
        "may-need-shell": "A script without #! and a document, on Windows, are started by a shell only.",
    }
    on_purpose = frozenset({"screen", "windows"})
    noqa = ("S602", "S605")
    rows = ("F27",)

    def find(self, module: Module) -> Iterator[Finding]:
        """Every command that goes through a shell."""
        from pymodernize_codemods.shell_command.finding import findings

        return findings(self, module)


__getattr__ = libcst_command(ShellCommand)
