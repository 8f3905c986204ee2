"""The parts of README.md that a tool writes."""

from __future__ import annotations

from materials import HERE


def write(part: str, text: str) -> None:
    """Put a measured text in the place of the last one.

    Args:
        part: the name in the comments around it, ``<!-- name -->`` and ``<!-- /name -->``.
        text: what stands between them.

    Raises:
        LookupError: the page has no such part.
    """
    page = HERE / "README.md"
    head, start, tail = page.read_text(encoding="utf-8").partition(f"<!-- {part} -->\n")
    _, end, rest = tail.partition(f"<!-- /{part} -->")
    if not (start and end):
        raise LookupError(f"benchmarks/README.md has no part {part}: <!-- {part} --> to <!-- /{part} -->")
    page.write_text(f"{head}{start}{text}\n{end}{rest}", encoding="utf-8")
