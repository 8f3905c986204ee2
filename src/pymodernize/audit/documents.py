"""Files of settings as what they say, with the lines on which they say it. Any text is taken; what is no settings
file, or asks for too much, raises :class:`NotReadable` and nothing else."""

from __future__ import annotations

import ast
import configparser
import json
import re
from collections.abc import Mapping
from functools import cache, cached_property
from importlib import import_module
from typing import Any

from pymodernize.files.toml import NotToml, parse_toml
from pymodernize.settings.lines import key_lines, line_of

# What merge keys (<<) may make of a mapping, and how large a file of YAML may be.
_MOST_MERGED = 5_000
_MOST_YAML = 200_000


class NotReadable(ValueError):
    """A text is not of its kind; the message says why, and fits behind the file's name."""


class Toml:
    """A TOML file.

    Args:
        text: its text.

    Attributes:
        data: its tables.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            self.data = parse_toml(text.encode("utf-8", "surrogatepass"))
        except NotToml as exc:
            raise NotReadable(str(exc)) from None

    @cached_property
    def _lines(self) -> dict[tuple[str, ...], int]:
        return key_lines(self.text)

    def get(self, *keys: str) -> Any:  # noqa: ANN401 - what the file says
        """The value that keys lead to, None if there is none."""
        return _get(self.data, keys)

    def table(self, *keys: str) -> dict[str, Any]:
        """The table that keys lead to, an empty one if there is none."""
        found = self.get(*keys)
        return found if isinstance(found, dict) else {}

    def line(self, *keys: str) -> int:
        """The line of a key, or of the nearest table around it."""
        return line_of(self._lines, keys) or 1


def _get(data: Any, keys: tuple[str, ...]) -> Any:  # noqa: ANN401 - what a file says
    for key in keys:
        if not isinstance(data, Mapping) or key not in data:
            return None
        data = data[key]
    return data


class Ini:
    """A file of sections, as ``setup.cfg``, ``tox.ini`` and ``alembic.ini`` are.

    Args:
        text: its text.

    Attributes:
        data: the sections.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
        try:
            parser.read_string(text)
        except (configparser.Error, ValueError) as exc:
            raise NotReadable(f"is not as setup.cfg is: {str(exc).splitlines()[0]}") from None
        self.data = {name: {key: value or "" for key, value in parser.items(name)} for name in parser.sections()}

    def get(self, section: str, key: str) -> str | None:
        """A value, None if there is none."""
        return self.data.get(section, {}).get(key)

    def line(self, section: str, key: str | None = None) -> int:
        """The line of a key, or of a section."""
        inside, found = False, 1
        for number, line in enumerate(self.text.splitlines(), 1):
            head = re.match(r"\[(.*)\]", line)
            if head:
                inside = head[1] == section
                if inside and key is None:
                    return number
                found = number if inside else found
            elif inside and key is not None and re.match(rf"{re.escape(key)}\s*[=:]", line, re.IGNORECASE):
                return number
        return found


class Yaml:
    """A YAML file of one document. All scalars are text: ``on`` is no truth value, ``3.10`` no number.

    Args:
        text: its text.

    Attributes:
        data: what it says.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        if len(text) > _MOST_YAML:
            raise NotReadable(f"is larger than {_MOST_YAML} characters, the limit of a YAML file")
        try:
            loader = _loader()(text)
            self._root = loader.get_single_node()
            self.data = None if self._root is None else loader.construct_document(self._root)
        except RecursionError:
            raise NotReadable("is nested too deeply to be read") from None
        except Exception as exc:  # PyYAML lets its own errors through, and those of what it calls
            raise NotReadable(f"is not YAML: {' '.join(str(exc).split())[:200]}") from None

    def get(self, *keys: str) -> Any:  # noqa: ANN401 - what the file says
        """The value that keys lead to, None if there is none."""
        return _get(self.data, keys)

    def line(self, *keys: str | int) -> int:
        """The line of a key or of an item of a list, or of the nearest around it."""
        node, line = self._root, 1
        for key in keys:
            value = getattr(node, "value", None)
            if not isinstance(value, list):
                break
            if isinstance(key, int):
                if key >= len(value) or isinstance(value[key], tuple):
                    break
                node = value[key]
                line = node.start_mark.line + 1
            else:
                pairs = (pair for pair in value if isinstance(pair, tuple) and pair[0].value == key)
                if (pair := next(pairs, None)) is None:
                    break
                node = pair[1]
                line = pair[0].start_mark.line + 1
        return line


@cache
def _loader() -> Any:  # noqa: ANN401 - a class that is made here
    """The class of PyYAML that reads text as it is."""
    try:
        yaml: Any = import_module("yaml")
    except ImportError:  # LibCST brings PyYAML; for Python 3.13 that of another name
        yaml = import_module("yaml_ft")

    class Loader(yaml.SafeLoader):
        """Knows merge keys and no other types than text, lists and mappings."""

        yaml_implicit_resolvers = {"<": [("tag:yaml.org,2002:merge", re.compile("<<"))]}

        def flatten_mapping(self, node: Any) -> None:  # noqa: ANN401 - a node of PyYAML
            super().flatten_mapping(node)
            if len(node.value) > _MOST_MERGED:
                raise NotReadable("merges more than a settings file has")

    def plain(loader: Any, node: Any) -> Any:  # noqa: ANN401 - what PyYAML hands on
        if isinstance(node, yaml.MappingNode):
            return loader.construct_mapping(node, deep=True)
        if isinstance(node, yaml.SequenceNode):
            return loader.construct_sequence(node, deep=True)
        return loader.construct_scalar(node)

    Loader.add_constructor(None, plain)  # a tag of somebody's own, such as !reference
    return Loader


def read_json(text: str) -> Any:  # noqa: ANN401 - what the file says
    """What a JSON file says; comments and commas too many are passed over, as the readers of settings do.

    Raises:
        NotReadable: it is no JSON.
    """
    try:
        return json.loads(text)
    except RecursionError:
        raise NotReadable("is nested too deeply to be read") from None
    except ValueError:
        pass
    without = re.sub(
        r'("(?:[^"\\\n]|\\.)*(?:"|$))|//[^\n]*|/\*.*?(?:\*/|\Z)', lambda found: found[1] or "", text, flags=re.DOTALL
    )
    try:
        return json.loads(re.sub(r'("(?:[^"\\\n]|\\.)*(?:"|$))|,(?=\s*[\]}])', lambda found: found[1] or "", without))
    except (ValueError, RecursionError) as exc:
        raise NotReadable(f"is not JSON: {exc}") from None


def parse_python(text: str) -> ast.Module:
    """The syntax tree of a Python file.

    Raises:
        NotReadable: it is no Python 3.
    """
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as exc:
        raise NotReadable(f"is not Python 3: {exc}") from None
