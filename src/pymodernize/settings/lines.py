"""The lines on which a TOML file says what it says; its parser does not tell."""

from __future__ import annotations

from typing import Any

from pymodernize.files.toml import NotToml, parse_toml


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    """The line of each key and each head of a table, by the keys that lead there from the top of the file.

    Args:
        text: that of a valid file; of another one some lines may be missing.
    """
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    at, line, counted = 0, 1, 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        if text[at] == "#":
            at = _line_end(text, at)
            continue
        line, counted = line + text.count("\n", counted, at), at
        is_head = text[at] == "["
        end = _key_end(text, at, "]" if is_head else "=")
        parts = _parts(text[at:end].lstrip("["))
        if is_head:
            table = parts
            found.setdefault(table, line)
            at = _line_end(text, end)
        else:
            found.setdefault((*table, *parts), line)
            at = _value_end(text, end + 1)
    return found


def line_of(lines: dict[tuple[str, ...], int], keys: tuple[str, ...]) -> int | None:
    """The line on which a value is written: its own, the first of its parts, or that of what it is a part of.

    Args:
        lines: of the file.
        keys: those that lead to the value.
    """
    below = [line for known, line in lines.items() if known[: len(keys)] == keys]
    above = (lines[keys[:end]] for end in range(len(keys) - 1, 0, -1) if keys[:end] in lines)
    return min(below) if below else next(above, None)


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _key_end(text: str, at: int, stop: str) -> int:
    """Where the character is that ends a key, outside of quotes."""
    while at < len(text) and text[at] != stop:
        at = _string_end(text, at) if text[at] in "\"'" else at + 1
    return at


def _value_end(text: str, at: int) -> int:
    """Where the line ends on which a value ends."""
    depth = 0
    while at < len(text) and (depth or text[at] != "\n"):
        character = text[at]
        if character in "\"'":
            at = _string_end(text, at)
            continue
        if character == "#":
            at = _line_end(text, at)
            continue
        depth += (character in "[{") - (character in "]}")
        at += 1
    return at


def _string_end(text: str, at: int) -> int:
    """The place behind a string that begins at a place."""
    quote = text[at]
    mark = quote * 3 if text.startswith(quote * 3, at) else quote
    at += len(mark)
    while at < len(text) and not text.startswith(mark, at):
        at += 2 if quote == '"' and text[at] == "\\" else 1
    # The last of up to five quotes end the string.
    at += len(mark)
    while len(mark) == 3 and text.startswith(quote, at):
        at += 1
    return at


def _parts(key: str) -> tuple[str, ...]:
    """The parts of a dotted key."""
    try:
        value: Any = parse_toml(f"{key.strip()} = 0".encode())
    except NotToml:
        return ()
    found = []
    while isinstance(value, dict):
        ((name, value),) = value.items()
        found.append(name)
    return tuple(found)
