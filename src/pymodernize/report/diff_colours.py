"""The colours of a diff: each can be read on a dark terminal and on a light one, with any number of colours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pymodernize.report.terminal import escaped_lines

if TYPE_CHECKING:
    from rich.text import Text

# Half as bright as white, seen from white and from black: a contrast of at least 4.5 to either, and near to that in
# the palette of 256 colours. A terminal that has 16 takes its own green, red and cyan. There are no backgrounds:
# whatever stands on one can be read on some terminals only.
STYLES = {"+": "#008700", "-": "#ec0000", "@": "#008787"}


def coloured(diff: str) -> Text:
    """A diff as rich text: lines that come, lines that go and places in colours, headers bold.

    Args:
        diff: of one file.
    """
    from rich.text import Text

    whole = Text()
    for number, line in enumerate(escaped_lines(diff).split("\n")[:-1]):
        # A removed line that starts with two hyphens looks like a header.
        whole.append(line + "\n", "bold" if number < 2 else STYLES.get(line[:1], ""))
    return whole
