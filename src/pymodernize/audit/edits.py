"""Edits of settings files that leave everything else as it is: each is checked by reading the new text."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

from pymodernize.audit.documents import NotReadable, Toml, Yaml

_LIST = re.compile(r"[^=\n]*=\s*\[")
_STRING = re.compile(r'"""(?:[^\\]|\\.)*?"""|\'\'\'.*?\'\'\'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL)


def toml_value(value: Any) -> str:  # noqa: ANN401 - a value of a setting
    """A text, number, truth value or list of these as TOML writes it."""
    if isinstance(value, list):
        return f"[{', '.join(map(toml_value, value))}]"
    return json.dumps(value, ensure_ascii=False)


def with_settings(text: str, table: Sequence[str], values: dict[str, Any]) -> str | None:
    """A TOML text with more keys in a table, which is made at the end if there is none.

    Args:
        text: the file's.
        table: the keys that lead to the table; keys of plain characters.
        values: by the keys that the table does not have yet.

    Returns:
        The new text; None if the table is written in a way that leaves no place for them.
    """
    lines = [f"{key} = {toml_value(value)}\n" for key, value in values.items()]
    if not table:
        # Keys of no table stand above the first one.
        first = re.search(r"^\[", text, re.MULTILINE)
        at = first.start() if first else len(text)
        gap = "" if not text[:at] or text[:at].endswith("\n") else "\n"
        new = text[:at] + gap + "".join(lines) + ("\n" if first else "") + text[at:]
        return _checked_toml(text, new, lambda data: data.update({**values, **data}))
    head = re.search(rf"^\[\s*{_dotted(table)}\s*\][ \t]*(#[^\n]*)?$\n?", text, re.MULTILINE)
    if head is None:
        gap = "" if not text else "\n" if text.endswith("\n") else "\n\n"
        new = f"{text}{gap}[{'.'.join(table)}]\n{''.join(lines)}"
    else:
        gap = "" if head[0].endswith("\n") else "\n"
        new = text[: head.end()] + gap + "".join(lines) + text[head.end() :]

    def expected(data: dict[str, Any]) -> None:
        for key in table:
            data = data.setdefault(key, {})
        data.update({**values, **data})

    return _checked_toml(text, new, expected)


def with_items(text: str, keys: Sequence[str], items: Sequence[str]) -> str | None:
    """A TOML text with more items in a list of texts.

    Args:
        text: the file's.
        keys: those that lead to the list.
        items: the texts to add.

    Returns:
        The new text; None if the list is not found.
    """
    try:
        line = Toml(text).line(*keys)
    except NotReadable:
        return None
    start = sum(len(part) for part in text.splitlines(keepends=True)[: line - 1])
    found = _list_at(text, start)
    if found is None:
        return None
    begin, last, end = found
    ends_with_comma = text[last] == ","
    body = text[begin:end]
    if "\n" in body:
        indent = (re.search(r"\n([ \t]+)\S", body) or ["", "    "])[1]
        stop = text.find("\n", last)
        comma = "" if ends_with_comma or text[last] == "[" else ","
        new_lines = "".join(f"{indent}{toml_value(item)},\n" for item in items)
        new = text[: last + 1] + comma + text[last + 1 : stop + 1] + new_lines + text[stop + 1 :]
    else:
        gap = "" if text[last] == "[" else " " if ends_with_comma else ", "
        new = text[: last + 1] + gap + ", ".join(map(toml_value, items)) + text[last + 1 :]

    def expected(data: dict[str, Any]) -> None:
        for key in keys[:-1]:
            data = data[key]
        data[keys[-1]] = [*data[keys[-1]], *items]

    return _checked_toml(text, new, expected)


def with_value(text: str, keys: Sequence[str], value: Any) -> str | None:  # noqa: ANN401 - a value of a setting
    """A TOML text with another value for a key whose old one is a text or a number on the key's line.

    Args:
        text: the file's.
        keys: those that lead to the value.
        value: the new one.

    Returns:
        The new text; None if the old value is of another kind.
    """
    try:
        line = Toml(text).line(*keys)
    except NotReadable:
        return None
    lines = text.splitlines(keepends=True)
    # What stands in front of the value: a table with a dot, or nothing.
    head = re.compile(
        rf"^(\s*(?:[\w.\"'-]+\.)?[\"']?{re.escape(keys[-1])}[\"']?\s*=\s*)(\"[^\"\n]*\"|'[^'\n]*'|[\d.]+)"
    )
    lines[line - 1] = head.sub(lambda found: found[1] + toml_value(value), lines[line - 1], count=1)

    def expected(data: dict[str, Any]) -> None:
        for key in keys[:-1]:
            data = data[key]
        data[keys[-1]] = value

    return _checked_toml(text, "".join(lines), expected)


def with_yaml_lines(text: str, after: int, lines: Sequence[str], expected: Callable[[Any], None]) -> str | None:
    """A YAML text with more lines.

    Args:
        text: the file's.
        after: the number of the line that they follow.
        lines: without line ends.
        expected: changes what the old text says into what the new one is to say.

    Returns:
        The new text; None if it does not say that.
    """
    old = text.splitlines(keepends=True)
    if after > len(old):
        return None
    if old and not old[after - 1].endswith("\n"):
        old[after - 1] += "\n"
    new = "".join([*old[:after], *(f"{line}\n" for line in lines), *old[after:]])
    try:
        wanted = copy.deepcopy(Yaml(text).data)
        expected(wanted)
        return new if Yaml(new).data == wanted else None
    except (NotReadable, KeyError, IndexError, TypeError, AttributeError):
        return None


def with_lines(text: str, lines: Sequence[str]) -> str:
    """A text with more lines at its end."""
    gap = "" if not text or text.endswith("\n") else "\n"
    return text + gap + "".join(line + "\n" for line in lines)


def _checked_toml(old: str, new: str, expected: Callable[[dict[str, Any]], None]) -> str | None:
    try:
        data = copy.deepcopy(Toml(old).data)
        expected(data)
        return new if Toml(new).data == data else None
    except (NotReadable, KeyError, TypeError, AttributeError):
        return None


def _dotted(table: Sequence[str]) -> str:
    return r"\s*\.\s*".join(rf"[\"']?{re.escape(key)}[\"']?" for key in table)


def _list_at(text: str, start: int) -> tuple[int, int, int] | None:
    """Where a list is that begins behind the first sign of equality from an offset on.

    Returns:
        The offsets of its opening bracket, of the last character in it that is no space or comment, and of its closing
        bracket; None if there is no list.
    """
    opened = _LIST.match(text, start)
    if opened is None:
        return None
    begin = last = opened.end() - 1
    depth, at = 1, begin + 1
    while at < len(text):
        string = _STRING.match(text, at)
        if string is not None:
            at = string.end()
            last = at - 1 if string[0][0] != "#" else last
            continue
        character = text[at]
        depth += (character in "[{") - (character in "]}")
        if not depth:
            return begin, last, at
        last = at if not character.isspace() else last
        at += 1
    return None
