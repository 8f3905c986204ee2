"""Command lines of another kind → argparse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from pymodernize.codemod import Codemod, Finding
from pymodernize.integrations.libcst_command import libcst_command
from pymodernize_codemods._assumptions import PLAIN_ARGUMENTS, SURPLUS_ARGUMENTS
from pymodernize_codemods.argparse_skeleton.skeleton_options import SkeletonOptions

if TYPE_CHECKING:
    from pymodernize.semantics.module import Module


class ArgparseSkeleton(Codemod):
    """Have a script's command line read by argparse.

    Why:
        A command line that is read by counting ``sys.argv`` has no help, says
        little when it is wrong, and hides what the script takes in the middle
        of what it does. ``parse_arguments()`` says it in one place: names,
        types, defaults, and what the script's own texts say of each.

        The script is followed with every number of arguments, to where it
        succeeds or fails: that gives how many there are and which of them may
        be missing. A check that no valid call can meet goes, with the usage
        function that only it called; one that can asks the namespace. What is
        converted on every run is converted by argparse, also where a handler
        only said so and ended. An argument has choices if the script fails
        with any word but those that it is compared with. Descriptions and
        help are the script's: its docstring, header comment and usage text.
        What it does not say is left out. Where that leaves nothing but names
        (no type, choices, default or help, no option, and no check of their number that
        goes) the script stays as it is, unless ``bare = true`` says otherwise:
        it would get longer and do no more.

        getopt and optparse are no longer developed, and leave it to the script
        to convert values, count arguments and keep a help text in step. Where
        getopt is called, the call, the loop over the options and the checks
        become that function; optparse becomes argparse where its parser
        stands, option by option.

        A script whose command line was read by hand or by getopt, and that
        logs more than its ``logging.basicConfig`` shows, gets ``-v`` and
        ``--verbose``, which show all: after the configuration has run they set
        the root logger's level, before it they choose its level. Without them
        the same is shown as before. There is no such option where a record
        below the level is not certain to be seen by it: the level is worked
        out, set more than once or on some runs only, loggers or handlers have
        levels of their own; nor where the script says ``-v``, ``--verbose`` or
        ``verbose`` of anything itself.

    Assumptions:
        All calls that the script's own interface describes do the same, as
        long as no argument begins with a hyphen that is no option. A call that
        failed still fails, with argparse's usage on stderr and status 2, and
        before any work is done. Where the script passes over more arguments
        than it reads, ``parse_known_args`` does so; under ``surplus-arguments`` argparse
        refuses them. That is needed where more of them change what the script does,
        or stand beside a list of arguments.

        What is refused now and was taken before: an argument that starts with
        a hyphen and is no option, unless it is ``-`` alone or a number below
        zero such as -10 or -.5 (write ``--`` before it). What is taken now and was not before:
        options of one letter put together (``-vn``), a value written onto
        its option (``-j4``, ``--jobs=4``), options between the arguments,
        ``--version`` where the file has a version, and ``--verbose`` where more
        can be shown. Options are not
        abbreviated. ``-h`` and ``--help`` show argparse's help and end with 0.
        ``sys.argv`` keeps the options that the script took off it.

        For the old parsers, too, a value or an argument that starts with a
        hyphen is written in another way: ``-o-x`` or ``--output=-x`` for
        ``-o -x``, and ``--`` before arguments. Options may stand behind the
        first argument, where getopt saw arguments. Help and version are shown
        though another argument is wrong. A flag's default stays None where the
        script could tell; of several options for one attribute the default is
        the one that optparse takes, the last that is given.

        Needs ``changes-behaviour`` where a call without the arguments shows the usage and ends
        with success: argparse fails there. Of the old parsers, each with its
        reason: ``type="int"`` of optparse, which reads 0x1f and 010; arguments
        that getopt left for another command;
        options that go to code that is not in sight; texts of the help that the
        script shows itself or that are made elsewhere.

        Found only: files that others import; arguments that go whole to another
        program or another parser, whose options they may be; arguments counted from the end
        or by a number that is worked out; ``sys.argv`` changed, used as a
        whole or handed on; an argument that is read although it may be
        missing; numbers of arguments with gaps; options that do work while
        others are still looked for, whose order or number matters, that are
        passed over when unknown, or that are looked for in a way that is not
        seen through; several functions that read the command line; callers
        that catch SystemExit;
        callbacks, other types and classes derived from optparse's; a loop over
        getopt's options that does more than to test for them.

        With ``constants = true`` each constant in capitals with a path, an
        address or a number becomes an option whose default is its value, and
        is set anew before anything has read it; with ``prompts = true`` what
        the script asks for at its start can be given as an option, and is
        asked for where it is not. A call that says nothing of them does the
        same. With ``style = "standard"`` a script that logs gets ``-v``, and a
        look at the paths that every run reads, before its work begins.

    Limits:
        Constants become options where the module's own code reads the command
        line, not a function: that could not set them without ``global``.
        Loops that look for options have the argument itself, one after the
        other: by ``for`` or by ``pop(0)``, not by a number. A command word is
        an argument like any other, but for its choices. A comment inside a
        check goes with it, and the finding says so.

    References:
        https://docs.python.org/3/library/argparse.html
    """

    of_python_3 = True
    triggers = (b"argv", b"getopt", b"optparse", b"argparse")
    rows = ("Q3", "Q13", "F3", "F16")
    reasons = {
        "names-only": "The names of the arguments are all that argparse could say and check.",
        "by-hand": "What the script does with sys.argv cannot be said with argparse, or cannot be told.",
        "other-library": "What it asks of getopt or optparse has no counterpart in argparse, or cannot be followed.",
    }
    assumptions = (
        PLAIN_ARGUMENTS,
        SURPLUS_ARGUMENTS,
    )
    on_purpose = frozenset(("names-only",))
    uses_project = True
    goes_first = True
    Options = SkeletonOptions

    options: SkeletonOptions

    def __init__(self, options: SkeletonOptions | None = None) -> None:
        super().__init__(options)
        if self.options.constants or self.options.prompts:
            # A script that has no command line yet may get one.
            self.triggers = (*self.triggers, b"input", b"=")  # type: ignore[misc]

    def find(self, module: Module) -> Iterator[Finding]:
        """What each kind of command line comes to."""
        from pymodernize_codemods.argparse_skeleton import getopt_calls, hand_written, optparse_parsers, standard

        for source in (hand_written, getopt_calls, optparse_parsers, standard):
            yield from source.find(self, module)


__getattr__ = libcst_command(ArgparseSkeleton)
