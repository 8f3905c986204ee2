"""Write docs/assumptions.md: every assumption with the inputs that it excludes, and a script that shows them.

With ``--check`` nothing is written.
"""

from __future__ import annotations

import sys

from pages import ROOT, keep

from pymodernize.commands.documentation import assumption_page
from pymodernize.commands.explain import example_after
from pymodernize.registry import entries
from pymodernize.settings.planning import known_assumptions

PAGE = ROOT / "docs" / "assumptions.md"
HEAD = """# What rewrites assume

A rewrite is right for every input, or for every input except some that can be
named. Each name below is an assumption; a rewrite is made if all that it rests
on are accepted: `--assume usual` (the default), `none`, `all`, or names with
commas between them. `+NAME` adds one and `-NAME` takes one away.

This page is written by `make docs` (`python tools/assumptions.py`). The tests
run each example before and after, and hold the page to what comes out. What a
script says itself, such as a path that is written `"./data"`, is there in every
run and is covered by none of them; neither is what an importer hands in, but by
`run-only`.
"""


def page() -> str:
    """Make the page.

    Returns:
        The whole page.
    """
    installed = entries()
    codemods = {name: entry.load() for name, entry in installed.items()}
    known = known_assumptions(codemods.values())
    lines = [HEAD, "| name | what is assumed | usual |\n|---|---|---|"]
    lines += [f"| [`{item.name}`](#{item.name}) | {item.sentence} | {item.usual.value} |" for item in known.values()]
    for item in known.values():
        users = [f"`{name}`" for name, codemod in codemods.items() if item in codemod.assumptions]
        text = assumption_page(item, example_after(item, installed))
        lines += ["", f"#{text}", "", f"Used by {', '.join(users)}." if users else "Any codemod may name it."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(keep(__doc__, [(PAGE, page())]))
