"""The settings of a run, and of each of its files."""

from __future__ import annotations

import dataclasses
import keyword
import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pymodernize.files.discover import MAX_SIZE, Excluded
from pymodernize.files.gitignore import Patterns
from pymodernize.registry import Entry
from pymodernize.settings.audit import AuditSettings
from pymodernize.settings.runs import Run
from pymodernize.settings.values import UNPARSABLE

# How many bytes of undo information a project keeps.
HISTORY_SIZE = 100_000_000
# What a file says of these goes with what it takes in says of them.
_ADD_UP = frozenset(("extend_exclude", "per_file", "per_file_ignores"))


@dataclass(frozen=True)
class Origin:
    """The file and key that a value comes from.

    Attributes:
        path: the file.
        keys: those that lead to it there, from the top of the file on.
        pattern: of the files that it holds for; None for all.
    """

    path: Path
    keys: tuple[str, ...]
    pattern: str | None = None


@dataclass(frozen=True)
class FileRule:
    """Settings that hold for some files.

    Attributes:
        folder: from which the pattern is written.
        pattern: of the files, as in ``.gitignore``.
        values: by the names of attributes of :class:`Settings`.
        adds: whether lists are added to those that hold already, instead of taking their place.
        origins: where the values are written, by the same names.
    """

    folder: Path
    pattern: str
    values: Mapping[str, Any]
    adds: bool = False
    origins: Mapping[str, Origin] = field(default_factory=dict, compare=False)


@dataclass(frozen=True)
class Settings:
    """The settings of a run; an absent key has its default.

    Attributes:
        select: codemods to run; None for all.
        ignore: codemods to leave out.
        assume: the assumptions that are accepted, as ``--assume`` takes them.
        hide: codes of reasons; places that are left for one of them are not reported.
        target_version: the oldest Python that rewritten files must run on.
        style: how much new code says: ``plain`` the least, ``standard`` the whole template; None leaves it to the
            profile.
        profile: how much may change, one of :data:`PROFILES`.
        unparsable: whether files that are no Python 3 are an ``error``, or a ``warn``ing that leaves the exit code.
        then_format: whether changed files are handed to the formatter of their project.
        fixit_rules: the rules of Fixit that take part, as the settings name them.
        extend_exclude: what is left out beyond the defaults.
        max_file_size: files above this many bytes are not read.
        hard_links: ``break`` to replace a file that has other names, which
            keep the old text; ``refuse`` to leave it.
        history_size: how many bytes the kept runs may take.
        per_file: what holds for some files; later rules go beyond earlier ones.
        per_file_ignores: codemods that are left out in some files beside the others.
        try_: the runs by which scripts are tried.
        audit: which checks of a project are made.
        codemods: the options of each codemod, not yet checked.
        rules: the rules of Fixit by the names of their codemods.
        path: the file that they are from, None for the defaults.
        extended: the files that it takes in, the nearest first.
        origins: where each value is written, by the key of the settings file; of codemods ``NAME.KEY``.
    """

    select: tuple[str, ...] | None = None
    ignore: tuple[str, ...] = ()
    assume: tuple[str, ...] = ()
    hide: tuple[str, ...] = ()
    target_version: tuple[int, int] | None = None
    style: str | None = None
    profile: str | None = None
    unparsable: str = UNPARSABLE[0]
    then_format: bool = False
    fixit_rules: tuple[str, ...] = ()
    extend_exclude: tuple[Excluded, ...] = ()
    max_file_size: int = MAX_SIZE
    hard_links: str = "break"
    history_size: int = HISTORY_SIZE
    per_file: tuple[FileRule, ...] = ()
    per_file_ignores: tuple[FileRule, ...] = ()
    try_: tuple[Run, ...] = ()
    audit: AuditSettings = field(default_factory=AuditSettings)
    codemods: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    rules: Mapping[str, Entry] = field(default_factory=dict)
    path: Path | None = None
    extended: tuple[Path, ...] = ()
    origins: Mapping[str, tuple[Origin, ...]] = field(default_factory=dict, compare=False)

    def where(self, key: str) -> str:
        """The file that a value is written in, for messages.

        Args:
            key: of :attr:`origins`.
        """
        return str(self.origins[key][-1].path) if key in self.origins else str(self.path or "settings")

    def by_pattern(self, files: Iterable[Path]) -> list[tuple[Settings, list[Path]]]:
        """Files with the settings that hold for them once the tables of their patterns are taken in.

        Args:
            files: files for which these settings are the nearest.

        Returns:
            Settings, each with its files in the order given.
        """
        rules = [(Patterns([rule.pattern]), rule) for rule in (*self.per_file, *self.per_file_ignores)]
        if not rules:
            return [(self, list(files))]
        found: dict[tuple[int, ...], list[Path]] = {}
        for file in files:
            matching = [number for number, (patterns, rule) in enumerate(rules) if _matches(patterns, rule, file)]
            found.setdefault(tuple(matching), []).append(file)
        return [(self._with([rules[number][1] for number in numbers]), own) for numbers, own in found.items()]

    def for_file(self, file: Path) -> Settings:
        """The settings that hold for one file."""
        return self.by_pattern([file])[0][0]

    def _with(self, rules: Iterable[FileRule]) -> Settings:
        """These settings with those of some rules, each going beyond the one before."""
        found = self
        for rule in rules:
            found = found.over(rule.values, rule.origins, adds=rule.adds)
        return found

    def over(self, values: Mapping[str, Any], origins: Mapping[str, Origin], *, adds: bool = False) -> Settings:
        """These settings with values that go beyond them.

        Args:
            values: by the names of attributes.
            origins: where they are written, by the same names.
            adds: whether lists are added to those that hold already.
        """
        more, known = dict(values), dict(self.origins)
        for name, value in values.items():
            own = (origins[name],) if name in origins else ()
            key = key_of(name)
            # A list that begins with a sign adds to what holds already, as on the command line.
            if adds or name in _ADD_UP or name == "assume" and value and value[0][:1] in {"+", "-"}:
                more[name] = (*getattr(self, name), *value)
                own = (*known.get(key, ()), *own)
            known[key] = own
        return dataclasses.replace(self, **more, origins=known)


def name_of(key: str) -> str:
    """The attribute of settings that has the value of a key."""
    name = key.replace("-", "_")
    return f"{name}_" if keyword.iskeyword(name) else name


def key_of(name: str) -> str:
    """The settings key of an attribute: ``then-format`` for ``then_format``."""
    return name.rstrip("_").replace("_", "-")


def _matches(patterns: Patterns, rule: FileRule, file: Path) -> bool:
    """Whether a file, by the names on the way to it, or a folder that it is in matches."""
    names = _names(file, rule.folder)
    whole = len(names)
    return any(patterns.leaves_out(names[:end], is_folder=end < whole) for end in range(1, whole + 1))


def _names(file: Path, folder: Path) -> Sequence[bytes]:
    return [os.fsencode(name) for name in Path(os.path.relpath(os.path.abspath(file), folder)).parts]
