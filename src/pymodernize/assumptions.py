"""Assumptions: named restrictions of the inputs under which a rewrite keeps the safety contract.

A rewrite is right for every input, or for every input except some that can be
named. Each name is an :class:`Assumption`; a rewrite carries the names of
those that it rests on, and is made if the user accepts them all. Packs
declare their own, beside the codemods that use them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum


class Usual(Enum):
    """Where an assumption is accepted as long as nobody says otherwise."""

    EVERYWHERE = "everywhere"
    IN_SCRIPTS = "in scripts"
    """In files that no other file imports."""
    NOWHERE = "nowhere"
    """Only where it is named."""


@dataclass(frozen=True)
class Counterexample:
    """A script with an input for which an assumption does not hold: it differs once it is rewritten.

    Attributes:
        codemod: the codemod that rewrites it.
        before: the script.
        arguments: of its command line.
        stdin: what it reads.
        files: names and texts of the files that it finds; a name that ends in
            a slash makes a folder, a text that begins with ``->`` a link.
        environment: variables that are set for it.
        importer: the script that is run instead, and imports it as ``script``.
        gives: its stdout, and a last line for an exit status that is not 0.
        gives_after: the same of what it becomes if everything is assumed.
        options: settings of the codemod, by name, under which so short a script is worth a rewrite.
    """

    codemod: str
    before: str
    gives: str
    gives_after: str
    arguments: tuple[str, ...] = ()
    stdin: str = ""
    files: tuple[tuple[str, str], ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    importer: str = ""
    options: tuple[tuple[str, bool | int], ...] = ()


@dataclass(frozen=True)
class Assumption:
    """A named restriction of the inputs.

    Attributes:
        name: as on the command line, with hyphens.
        sentence: what is taken for granted, in one sentence.
        differing: the inputs for which the code before and after differ.
        usual: where it is accepted by default.
        example: a script that differs, with its input.
        measured: what runs have shown of breaks from it.
    """

    name: str
    sentence: str
    differing: str = ""
    usual: Usual = Usual.NOWHERE
    example: Counterexample | None = None
    measured: str = "Nothing has been measured for it."


CHANGES_BEHAVIOUR = Assumption(
    name="changes-behaviour",
    sentence="What a working run shows or does may change.",
    differing="Any: messages gone from stdout, another exit code, a record where there was none.",
    measured="It is no restriction of the inputs, so that runs are expected to differ.",
)
"""The engine's own: what is no restriction of the inputs is asked for by name only."""


@dataclass(frozen=True)
class Accepted:
    """The names of the assumptions that a run accepts.

    Attributes:
        everywhere: in every file.
        in_scripts: in files that no other file imports, beside the former.
    """

    everywhere: frozenset[str] = frozenset()
    in_scripts: frozenset[str] = frozenset()


SETS = ("usual", "none", "all")
"""Words that stand for several assumptions."""


class UnknownAssumption(ValueError):
    """No assumption has that name; the message says which one is close."""


def accept(words: Sequence[str], known: Mapping[str, Assumption], start: Accepted | None = None) -> Accepted:
    """The assumptions that a list of words accepts.

    ``usual``, ``none`` and ``all`` begin anew; a name, also with a plus in
    front, is accepted everywhere; one with a minus is not accepted at all. A
    list that begins with a plain name accepts what it names and nothing else;
    one that begins with a plus or a minus changes what was accepted before.

    Args:
        words: from an option or a setting.
        known: every assumption by its name.
        start: what was accepted before; the usual ones if None.

    Returns:
        What is accepted after the last word.

    Raises:
        UnknownAssumption: a word is neither a name nor stands for several.
    """
    if not words:
        return start or usual(known.values())
    found = (start or usual(known.values())) if words[0][:1] in {"+", "-"} else Accepted()
    for word in words:
        name = word.lstrip("+-")
        if word in SETS:
            found = _set(word, known)
        elif name not in known:
            raise UnknownAssumption(f"no assumption is called {word!r}{_hint(name, known)}")
        elif word.startswith("-"):
            found = Accepted(found.everywhere - {name}, found.in_scripts - {name})
        else:
            found = Accepted(found.everywhere | {name}, found.in_scripts)
    return found


def usual(known: Iterable[Assumption]) -> Accepted:
    """What is accepted as long as nobody says otherwise.

    Args:
        known: every assumption.
    """
    known = list(known)
    return Accepted(
        frozenset(item.name for item in known if item.usual is Usual.EVERYWHERE),
        frozenset(item.name for item in known if item.usual is Usual.IN_SCRIPTS),
    )


def _set(word: str, known: Mapping[str, Assumption]) -> Accepted:
    if word == "usual":
        return usual(known.values())
    return Accepted(frozenset(known) if word == "all" else frozenset())


def _hint(name: str, known: Iterable[str]) -> str:
    import difflib  # only for who mistypes

    close = difflib.get_close_matches(name, [*SETS, *sorted(known)], 1, 0.5)
    return f"; did you mean {close[0]!r}?" if close else "; docs/assumptions.md lists them"
