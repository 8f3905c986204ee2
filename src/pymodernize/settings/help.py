"""The help text of each key of the settings."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Help:
    """A key of the settings.

    Attributes:
        values: what may be written.
        default: what holds without it; empty if there is none.
        sentence: what it is for.
    """

    values: str
    default: str
    sentence: str


HELP: dict[str, Help] = {
    "extend": Help(
        "a path", "", "Takes in the settings of another file of the repository, which hold where these do not."
    ),
    "select": Help("names of codemods", "all", "The codemods that are run."),
    "ignore": Help("names of codemods", "[]", "The codemods that are left out."),
    "assume": Help(
        'names of assumptions, "usual", "none", "all"; a sign in front adds or takes away',
        '["usual"]',
        "What may be taken for granted; a rewrite is made if all that it rests on is.",
    ),
    "hide": Help("codes of reasons", "[]", "Places that are left for one of these reasons are not reported."),
    "target-version": Help(
        '"py37" to "py315"', "the running Python", "The oldest Python that rewritten files must run on."
    ),
    "style": Help('"plain", "standard"', '"plain"', "How much new code says: the least, or the whole template."),
    "profile": Help(
        '"expressions", "plain", "standard"',
        "",
        "How much may change: expressions alone, all, or all in the style of that name.",
    ),
    "unparsable": Help(
        '"error", "warn"', '"error"', "Whether files that are no Python 3 make the exit code 3, or are only named."
    ),
    "then-format": Help(
        "true, false", "false", "Changed files are handed to the formatter of their project, ruff or Black."
    ),
    "fixit-rules": Help(
        '"MODULE:CLASS" or "MODULE" of installed rules of Fixit', "[]", "Rules of Fixit that take part in a run."
    ),
    "extend-exclude": Help(
        "patterns as in .gitignore",
        "[]",
        "What is left out of a search beyond the usual; files that are named are taken.",
    ),
    "max-file-size": Help("a number of bytes", "2000000", "Larger files are not read."),
    "hard-links": Help(
        '"break", "refuse"',
        '"break"',
        "Whether a file that has other names is rewritten, and they keep the old text, or is left.",
    ),
    "history-size": Help("a number of bytes", "100000000", "What the runs that can be undone may take."),
    "per-file-ignores": Help(
        "for patterns of files, names of codemods", "{}", "Codemods that are left out there beside the others."
    ),
    "per-file": Help(
        "for patterns of files, a table",
        "{}",
        "What holds there instead: select, ignore, assume, hide, style and unparsable.",
    ),
    "try": Help(
        "runs: script, and arguments, stdin, files, command",
        "{}",
        "How scripts are run that have no tests, for migrate --try-runs; pymodernize try --record writes them.",
    ),
    "audit": Help(
        "select: ids of checks; ignore: ids of checks, or a table of ids with the reason",
        "{}",
        "Which checks of a project pymodernize audit makes.",
    ),
    "unsafe": Help("true, false", "false", 'The same as assume = ["all"].'),
}
