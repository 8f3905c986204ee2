"""What a receipt is, and the list of those of a run; as types, from which the JSON schemas are made."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct
from msgspec.json import schema

VERSION = 1

Sha = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", description="A SHA-256 in hexadecimal digits.")]
Number = Annotated[int, Meta(ge=0)]
Place = Annotated[int, Meta(ge=1, description="From 1.")]
Name = Annotated[str, Meta(min_length=1, description="A path from the top folder on, with slashes.")]


class Digest(Struct, frozen=True, forbid_unknown_fields=True):
    """What a text is told by."""

    sha256: Sha
    bytes: Number


class Span(Struct, frozen=True, forbid_unknown_fields=True):
    """A place in the text before; columns count characters, the end is behind the last."""

    line: Place
    column: Place
    end_line: Place
    end_column: Place


class Lines(Struct, frozen=True, forbid_unknown_fields=True):
    """The lines of the text after that stand where a place was; the last is before the first where none do."""

    line: Place
    end_line: Number


class Rewrite(Struct, frozen=True, forbid_unknown_fields=True):
    """One rewrite."""

    codemod: str
    version: Annotated[str, Meta(description="The distribution that the codemod is from, with its version.")]
    code: Annotated[str, Meta(description="The code of the reason; empty if there is none.")]
    message: str
    assumptions: Annotated[list[str], Meta(description="The names of those that it rests on.")]
    before: Span
    after: Lines


class Withheld(Struct, frozen=True, forbid_unknown_fields=True):
    """A rewrite that was made, and taken back for what a check has shown."""

    codemod: str
    line: Place
    column: Annotated[int, Meta(ge=0, description="In UTF-8 bytes, from 0.")]
    why: str


class Check(Struct, frozen=True, forbid_unknown_fields=True):
    """A command of the user's that was run with what is there."""

    command: str
    outcome: Literal["passed", "passed but for what is named"]
    failing_before: Annotated[list[str], Meta(description="Tests that failed before anything was changed.")] = []
    unsteady: Annotated[list[str], Meta(description="Tests that failed at one time and passed at another.")] = []


class Tried(Struct, frozen=True, forbid_unknown_fields=True):
    """A run of a script, with the text before and with that after; what it did is what it did both times."""

    command: str
    outcome: Literal["the same as before", "not judged"]
    status: Annotated[int | None, Meta(description="The exit status; null if it was not judged.")] = None
    stdout: Annotated[Digest | None, Meta(description="What it wrote there; null if it was not judged.")] = None


class Types(Struct, frozen=True, forbid_unknown_fields=True):
    """What the project's own type checker counts in the file."""

    program: str
    before: Number
    after: Number


class Receipt(Struct, frozen=True, forbid_unknown_fields=True):
    """What became of one file."""

    version: Literal[1]
    file: Name
    before: Digest
    after: Digest
    hooked: Annotated[Digest | None, Meta(description="What the repository's own hooks have made of it, if they did.")]
    rewrites: list[Rewrite]
    withheld: list[Withheld]
    self_check: Annotated[list[str], Meta(description="What was asked of the result; it was content with each.")]
    checks: list[Check]
    types: Types | None = None
    tried: Annotated[list[Tried], Meta(description="The runs of scripts that have to do with the file.")] = []


class Options(Struct, frozen=True, forbid_unknown_fields=True):
    """The options that decide what is rewritten, as on the command line."""

    select: list[str]
    ignore: list[str]
    assume: list[str]
    target_version: str | None
    style: str | None
    profile: str | None
    then_format: bool
    config: str | None


class Index(Struct, frozen=True, forbid_unknown_fields=True):
    """What a run needs to be made again, with the digests of its receipts."""

    version: Literal[1]
    tool: str
    python: str
    top: Annotated[str, Meta(description="What the folder was called that paths begin at.")]
    base: Annotated[str | None, Meta(description="The commit that it began at; null where there is no repository.")]
    commits: list[str]
    paths: list[Name]
    options: Options
    plans: Annotated[list[str], Meta(description="Fingerprints of codemods, options and assumptions.")]
    files: Annotated[dict[str, Sha], Meta(description="All files that were looked at, with their texts' digests.")]
    left: Annotated[list[Name], Meta(description="Files in which nothing was to be changed.")]
    withheld: dict[str, list[Withheld]]
    frozen: Annotated[dict[str, int], Meta(description="Files that stay as they are after a step.")]
    receipts: Annotated[dict[str, Sha], Meta(description="The digests of the receipts.")]
    seal: Annotated[str, Meta(description="The digest of all this with an empty seal.")] = ""


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON schemas by the names of their files."""
    found = {}
    for name, kind, title in (("receipt", Receipt, "A receipt"), ("index", Index, "The index of receipts")):
        whole = schema(kind)
        head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": f"{title} of pymodernize"}
        found[f"{name}-{VERSION}.schema.json"] = {**head, **whole}
    return found
