"""Dockerfiles and files of Compose."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pymodernize.audit.audit_check import CannotRead, Project

_DOCKERFILE = re.compile(r"(?i)(?:dockerfile|containerfile)(?:\.[\w-]+)?|[\w-]+\.(?:dockerfile|containerfile)")
_COMPOSE = re.compile(r"(?:docker-)?compose(?:[.-]\w+)*\.ya?ml")
_NOT_OURS = re.compile(
    r"(?i)tests?|testing|test[-_]?data|fixtures|docs?|examples?|samples?|demos?|vendor|third[-_]party|node_modules|"
    r"\.devcontainer|\.ci|\.github|templates?"
)


def _is_ours(folder: str) -> bool:
    """Whether what a folder is called does not say that it is for tests, examples or templates."""
    if _NOT_OURS.fullmatch(folder) or folder.startswith("{{"):
        return False
    return not any(word in folder.lower() for word in ("benchmark", "integration"))


def _own(project: Project, fits: Callable[[str], object]) -> list[str]:
    """The files of a kind that belong to the project itself, not to its tests, examples or templates."""
    found = []
    for path in project.files:
        *folders, name = path.split("/")
        if fits(name) and len(folders) <= 3 and all(map(_is_ours, folders)):
            found.append(path)
    return found


def dockerfiles(project: Project) -> list[str]:
    """The files from which images of the project are made."""
    found = _own(project, _DOCKERFILE.fullmatch)
    return [path for path in found if not path.endswith((".dockerignore", ".md", ".j2", ".tmpl"))]


def compose_files(project: Project) -> list[str]:
    """The files of Compose."""
    return _own(project, _COMPOSE.fullmatch)


@dataclass(frozen=True)
class Instruction:
    """One instruction of a Dockerfile.

    Attributes:
        name: in capitals.
        words: what follows it, in one line.
        line: where it begins.
    """

    name: str
    words: str
    line: int


@dataclass
class Stage:
    """The instructions from one FROM to the next.

    Attributes:
        image: what it is made from, as it is written.
        name: its name; empty if it has none.
        line: that of its FROM.
        instructions: those behind its FROM.
    """

    image: str
    name: str
    line: int
    instructions: list[Instruction] = field(default_factory=list)


@dataclass
class Dockerfile:
    """A Dockerfile.

    Attributes:
        stages: in their order.
        arguments: the defaults of what stands in front of them; None without one.
    """

    stages: list[Stage] = field(default_factory=list)
    arguments: dict[str, str | None] = field(default_factory=dict)

    @classmethod
    def parse(cls, text: str) -> Dockerfile:
        """The stages of a Dockerfile with a text."""
        found = cls()
        for item in _instructions(text):
            if item.name == "FROM":
                match = re.match(r"(?:--\S+\s+)*(\S+)(?:\s+(?i:as)\s+(\S+))?", item.words)
                if match:
                    found.stages.append(Stage(match[1], match[2] or "", item.line))
            elif item.name == "ARG" and not found.stages:
                for word in item.words.split():
                    name, sign, value = word.partition("=")
                    found.arguments[name] = value.strip("\"'") if sign else None
            elif found.stages:
                found.stages[-1].instructions.append(item)
        return found

    def resolved(self, image: str) -> str | None:
        """An image with arguments replaced by their defaults, None if one has none."""
        for _ in range(3):
            match = re.search(r"\$(?:\{(\w+)(?::?[-+]([^}]*))?\}|(\w+))", image)
            if match is None:
                return image
            value = self.arguments.get(match[1] or match[3]) or match[2]
            if value is None:
                return None
            image = image[: match.start()] + value + image[match.end() :]
        return image

    def final(self) -> list[Stage]:
        """The last stage, and those from which it is made or takes files."""
        if not self.stages:
            return []
        pending, found = [len(self.stages) - 1], list[int]()
        while pending:
            number = pending.pop()
            if number in found:
                continue
            found.append(number)
            stage = self.stages[number]
            names = [stage.image]
            for item in stage.instructions:
                names += re.findall(r"--from=(\S+)|\bfrom=([^,\s]+)", item.words) and [
                    first or second for first, second in re.findall(r"--from=(\S+)|\bfrom=([^,\s]+)", item.words)
                ]
            pending += [
                place
                for place, other in enumerate(self.stages[:number])
                if other.name and other.name.lower() in {name.lower() for name in names} or str(place) in names[1:]
            ]
        return [self.stages[number] for number in sorted(found)]


def _instructions(text: str) -> Iterator[Instruction]:
    parts: list[str] = []
    start, ends = 0, ""
    for number, row in enumerate(text.split("\n"), 1):
        if ends:  # inside of a here-document
            parts.append(row)
            ends = "" if row.strip() == ends else ends
        else:
            stripped = row.strip()
            if not stripped or stripped.startswith("#"):
                continue
            start = start if parts else number
            here = re.search(r"<<-?\s*[\"']?(\w+)", stripped)
            ends = here[1] if here else ""
            parts.append(stripped.removesuffix("\\"))
            if stripped.endswith("\\"):
                continue
        if not ends:
            name, _, words = " ".join(parts).strip().partition(" ")
            yield Instruction(name.upper(), words.strip(), start)
            parts = []


def copied(dockerfile: Dockerfile) -> list[str] | None:
    """The files and folders of the context that a Dockerfile copies into the image; None if it cannot be told."""
    found = []
    for stage in dockerfile.stages:
        for item in stage.instructions:
            if item.name in {"COPY", "ADD"} and "--from=" not in item.words:
                words = _words(item.words)
                if words is None:
                    return None
                found += [word for word in words[:-1] if not re.match(r"https?://|git@", word)]
    return found


def _words(text: str) -> list[str] | None:
    text = re.sub(r"^(--\S+\s+)+", "", text)
    if text.startswith("["):
        try:
            words = json.loads(text)
        except ValueError:
            return None
        return words if isinstance(words, list) and all(isinstance(word, str) for word in words) else None
    return None if "<<" in text else text.split()


def services(project: Project, name: str) -> dict[str, Any]:
    """The services of a file of Compose that are tables, none if it cannot be read."""
    try:
        file = project.yaml(name)
    except CannotRead:
        return {}
    found = file.get("services") if file is not None else None
    return {key: value for key, value in found.items() if isinstance(value, dict)} if isinstance(found, dict) else {}
