"""What is known of programs by their names: of a shell or of Windows, waiting for somebody, missing on many systems."""

from __future__ import annotations

import keyword
import re
from collections.abc import Sequence

PYTHON = "sys.executable"
"""Stands for the program that runs the script."""
# Reserved words and builtins of dash and bash. POSIX, 2.4 Reserved Words, 2.14 Special Built-In Utilities; and the
# manuals of the two. `true`, `kill` and their like are programs as well, which need not do quite the same.
_BUILTINS = frozenset(
    """case coproc do done elif else esac fi for function if in select then time until while
    . : [ alias bg bind break builtin caller cd chdir command compgen complete compopt continue declare dirs disown
    enable eval exec exit export false fc fg getopts hash help history jobs kill let local logout mapfile newgrp popd
    printf pushd pwd read readarray readonly return set shift shopt source suspend test times trap true type typeset
    ulimit umask unalias unset wait""".split()
)
# They change what a terminal shows, and scripts for several systems try one after the other.
_SCREEN = frozenset("clear cls color mode pause reset title tput chcp setterm stty".split())
# Parts of cmd.exe: a script that uses one runs on Windows.
_OF_CMD = frozenset("assoc copy del erase md move rd ren rename start ver vol".split())
# Parts of cmd.exe that are programs elsewhere.
_OF_BOTH = frozenset("date dir echo mkdir rmdir".split())
# On Windows these are files that only cmd.exe can start.
_BATCH_FILES = frozenset(
    """ant az bower code conda dart electron eslint firebase flutter gcloud gradle grunt gsutil gulp heroku mvn ng npm
    npx pnpm sbt scala serverless sls tsc vue webpack yarn""".split()
)
_SHELLS = frozenset({"bash", "dash", "sh", "zsh"})
# Where Ctrl-C is for the program, and the script goes on when it has ended.
_INTERACTIVE = frozenset(
    """airodump-ng cmd csh docker docker-compose emacs fish flask ftp gdb gunicorn htop ipython jupyter less man
    minicom more mysql nano nc node nvim pdb ping psql screen sftp sqlite3 ssh streamlit su tcpdump telnet tmux top
    uvicorn vi vim watch""".split()
)
# What a script goes on without: sounds, notifications, something that is shown.
_OPTIONAL = frozenset(
    """afplay aplay beep espeak festival gnome-open growlnotify mpg123 mpg321 mplayer notify-send omxplayer open
    osascript paplay play say spd-say terminal-notifier xdg-open zenity""".split()
)


# All but versions, as in python3.12, and what a compiler writes.
_ENDING = re.compile(r"\.(?!\d+$|out$)\w+$")


def is_builtin(name: str, options: Sequence[str | None]) -> bool:
    """Whether a shell runs a word itself, or may do so in another way than the program of that name.

    Args:
        name: the first word of a command.
        options: the others; None for one that a value is put into.
    """
    if name == "echo":  # its options and what backslashes mean differ
        return any(item is None or item.startswith("-") or "\\" in item for item in options)
    return name in _BUILTINS


def is_about_the_screen(name: str) -> bool:
    """Whether a program only changes what a terminal shows."""
    return name in _SCREEN


def is_of_cmd(name: str) -> bool:
    """Whether a program is a part of cmd.exe and nothing elsewhere."""
    return name.lower() in _OF_CMD


def is_different_on_windows(name: str, options: Sequence[str | None]) -> bool:
    """Whether cmd.exe is needed on Windows for what is a program elsewhere.

    Args:
        name: of the program.
        options: its arguments; None for one that is not known. Those of Unix tell that it is meant.
    """
    is_of_unix = any(item is not None and item.startswith(("-", "/")) for item in options)
    return name in _OF_BOTH and not is_of_unix or name in _BATCH_FILES


def is_optional(name: str) -> bool:
    """Whether a script is likely to go on without a program that is missing."""
    return name.rpartition("/")[2] in _OPTIONAL


def may_need_a_shell(name: str) -> bool:
    """Whether a program may be a file that only a shell can start: a script without ``#!``, a document on Windows."""
    return name != PYTHON and _ENDING.search(name) is not None or keyword.iskeyword(name)


def is_interactive(name: str, options: Sequence[str | None]) -> bool:
    """Whether Ctrl-C is of use to who runs a program: it ends that, or what it does, and nothing else.

    Args:
        name: of the program.
        options: its arguments; None for one that is not known.
    """
    last = name.rpartition("/")[2]
    if last in _SHELLS:
        return not options
    if last.startswith("python") or name == PYTHON:
        return (
            not options or options[:2] in (["-m", "http.server"], ["-m", "SimpleHTTPServer"]) or "runserver" in options
        )
    if last == "tail":
        return any(item is None or item.startswith(("-f", "-F", "--follow")) for item in options)
    return last in _INTERACTIVE
