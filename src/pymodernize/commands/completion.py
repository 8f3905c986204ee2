"""Shell completion: click's own mechanism, with the names of our codemods, assumptions and settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping

import click
from click.shell_completion import CompletionItem, ShellComplete, get_completion_class

from pymodernize.assumptions import SETS
from pymodernize.commands.documentation import summary
from pymodernize.plan import TARGETS
from pymodernize.registry import Entry, names
from pymodernize.report import FORMATS, PASSED_OVER
from pymodernize.report.streams import write_stdout
from pymodernize.settings.help import HELP
from pymodernize.settings.planning import known_assumptions, known_reasons

VARIABLE = "_PYMODERNIZE_COMPLETE"
MENDED = {
    "fish": ('string split "," $completion', 'string split --max 1 "," $completion'),
    "zsh": ("_path_files -f", f"compset -P '--*='; compset -P '({'|'.join(FORMATS)}):'; _path_files -f"),
}
"""What click's scripts miss: a value may hold commas, and a file stand behind ``--output=json:`` in one word."""


def complete(asked: str, main: click.Command, commands: Mapping[str, click.Command]) -> int:
    """Print what a shell asks for: the script that sets completion up, or the completions of a word.

    Args:
        asked: the value of the variable, such as ``bash_source`` or ``bash_complete``.
        main: the command without a name of its own.
        commands: the others, by their names.

    Returns:
        The exit code.
    """
    shell, _, what = asked.partition("_")
    kind = get_completion_class(shell)
    if kind is None or what not in ("source", "complete"):
        return 1
    try:
        own = kind(main, {}, "pymodernize", VARIABLE)
        text = script_for(own, shell) if what == "source" else _offered(own, kind, main, commands)
    except Exception:  # whatever it is, it must not end up in the line that somebody types
        return 1
    write_stdout(text.encode())
    return 0


def script_for(own: ShellComplete, shell: str) -> str:
    """The script that sets completion up in a shell.

    Args:
        own: what click has for the shell.
        shell: its name.
    """
    old, new = MENDED.get(shell, ("", ""))
    text = own.source()
    return f"{text.replace(old, new) if old else text}\n"


def _offered(
    own: ShellComplete, kind: type[ShellComplete], main: click.Command, commands: Mapping[str, click.Command]
) -> str:
    args, incomplete = own.get_completion_args()
    # Bash takes --select=A for three words, and json:FILE for two or three.
    if incomplete == "=" or args[-1:] == ["="]:
        args, incomplete = args[: -1 if incomplete != "=" else None], incomplete.removeprefix("=")
    if incomplete == ":" or args[-1:] == [":"]:
        return own.format_completion(CompletionItem(incomplete.removeprefix(":"), type="file"))
    command = commands.get(args[0]) if args else None
    complete = kind(command or main, {}, "pymodernize", VARIABLE)
    items = complete.get_completions(args[1:] if command else args, incomplete)
    if own.name != "bash" and incomplete.startswith("--") and "=" in incomplete:
        # To the other shells it is one word, all of which is replaced.
        option = incomplete.partition("=")[0]
        items = [CompletionItem(f"{option}={item.value}", type=item.type, help=item.help) for item in items]
    if not args and not incomplete.startswith("-"):
        items += [
            CompletionItem(name, help=item.get_short_help_str(80))
            for name, item in commands.items()
            if name.startswith(incomplete)
        ]
    return "".join(f"{own.format_completion(item)}\n" for item in items)


def _files(incomplete: str) -> list[CompletionItem]:
    """Files, as the shell itself completes them."""
    return [CompletionItem(incomplete, type="file")]


def _listed(incomplete: str, known: Mapping[str, str], signs: str = "") -> list[CompletionItem]:
    """Completions of the last name of a list with commas; the names before it are not offered again."""
    before, comma, last = incomplete.rpartition(",")
    sign = last[:1] if last[:1] and last[:1] in signs else ""
    used = {name.strip().lstrip(signs or None) for name in before.split(",")}
    return [
        CompletionItem(f"{before}{comma}{sign}{name}", help=text)
        for name, text in known.items()
        if name.startswith(last[len(sign) :]) and name not in used
    ]


def _codemods(incomplete: str) -> list[CompletionItem]:
    return _listed(incomplete, _summaries(names()))


def _checks(incomplete: str) -> list[CompletionItem]:
    """The rows of checks, and the checks themselves."""
    from pymodernize.audit.packs import rows

    known = {}
    for row in rows():
        known |= {row.id: row.title, **{item.id: item.sentence for item in row.checks}}
    return _listed(incomplete, known)


def _summaries(installed: Mapping[str, Entry]) -> dict[str, str]:
    return {name: summary(entry.load()) for name, entry in installed.items()}


def _assumptions(incomplete: str) -> list[CompletionItem]:
    is_signed = incomplete.rpartition(",")[2][:1] in {"+", "-"}
    known = {} if is_signed else dict.fromkeys(SETS, "")
    return _listed(incomplete, {**known, **_sentences(names())}, signs="+-")


def _sentences(installed: Mapping[str, Entry]) -> dict[str, str]:
    known = known_assumptions(entry.load() for entry in installed.values())
    return {name: item.sentence for name, item in sorted(known.items())}


def _names(incomplete: str) -> list[CompletionItem]:
    """All names that ``pymodernize explain`` takes."""
    installed = names()
    codes = {code: sentence for _, code, sentence in known_reasons(installed)}
    settings = {key: item.sentence for key, item in HELP.items()}
    known = {**codes, **settings, **_sentences(installed), **_summaries(installed)}
    return [CompletionItem(name, help=text) for name, text in sorted(known.items()) if name.startswith(incomplete)]


def _versions(incomplete: str) -> list[CompletionItem]:
    return _plain(incomplete, (f"py{major}{minor}" for major, minor in TARGETS))


def _formats(incomplete: str) -> list[CompletionItem]:
    name, colon, _ = incomplete.partition(":")
    if colon:
        return _paths(f"{name}:", incomplete)
    return _plain(incomplete, (f"{known}:" for known in FORMATS))


def _paths(head: str, incomplete: str) -> list[CompletionItem]:
    """Paths behind a prefix such as ``json:``, where shells do not complete files themselves."""
    import glob

    rest = incomplete.removeprefix(head)
    found = sorted(glob.glob(f"{glob.escape(rest)}*"))
    return [CompletionItem(head + name + ("/" if os.path.isdir(name) else "")) for name in found]


def _shown(incomplete: str) -> list[CompletionItem]:
    return _listed(incomplete, PASSED_OVER)


def _plain(incomplete: str, names: Iterable[str]) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]


KINDS: dict[str, Callable[[str], list[CompletionItem]]] = {
    "files": _files,
    "codemods": _codemods,
    "checks": _checks,
    "assumptions": _assumptions,
    "names": _names,
    "versions": _versions,
    "formats": _formats,
    "shown": _shown,
}
"""What completes the values of options and arguments, by kind: of what is there it makes what may stand there."""
