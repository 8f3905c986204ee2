"""A sentence about what a script does, as the docstring of a function says it."""

from __future__ import annotations

_VERBS = frozenset(
    """add adjust aggregate analyse analyze append apply archive ask assign back backup build calculate call
    capture change check choose classify clean clear clone close collect combine compare compile compress compute
    configure connect construct consume convert copy count crawl create crop cut decode decrypt delete deploy
    detect determine display divide do download draw drop dump edit email encode encrypt enter estimate evaluate
    execute expand export extract fetch fill filter find fit fix flatten follow format forward gather generate get
    give grab group guess hash help hide identify implement import index insert inspect install keep launch list
    listen load log look loop make manage map mark measure merge migrate modify monitor mount move multiply
    normalise normalize notify open order organise organize pack parse perform pick ping play plot poll post
    predict prepare print process produce provide prune publish pull push put query read rebuild receive record
    recover reduce remove rename render renumber replace report require reset resize resolve restart restore
    retrieve return reverse rotate run sample save scan schedule scrape search select send serve set shorten show
    shuffle simulate solve sort split start stop store submit subtract sum summarise summarize swap switch sync
    synchronise synchronize tag take tell test track train transfer transform translate trim turn unpack unzip
    update upgrade upload use validate verify visualise visualize wait walk warn watch work wrap write zip""".split()
)


def imperative(sentence: str) -> str:
    """A sentence that says what to do, made of one that says what is done.

    Args:
        sentence: what a script says of itself.

    Returns:
        Empty for one that does not begin with a verb.
    """
    first, space, rest = sentence.partition(" ")
    word = first.lower()
    stems = [word, word.removesuffix("s"), word.removesuffix("es")]
    if word.endswith("ies"):
        stems.append(f"{word[:-3]}y")
    verb = next((stem for stem in stems if stem in _VERBS), "")
    return f"{verb[0].upper()}{verb[1:]}{space}{rest}" if verb else ""
