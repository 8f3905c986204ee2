"""What becomes of one file."""

from __future__ import annotations

from dataclasses import dataclass

from pymodernize.codemod import Finding
from pymodernize.source import SourceFile, UnreadableSource


@dataclass(frozen=True)
class Result:
    """What became of one file. Picklable.

    Attributes:
        findings: in the order of the file, each with its outcome.
        output: the new bytes, None if nothing changes.
        error: why the file could not be worked on, None if it could.
        unparsable: whether the error is that the file is no Python 3: Python 2, or broken.
    """

    findings: tuple[Finding, ...] = ()
    output: bytes | None = None
    error: str | None = None
    unparsable: bool = False


def untriggered(source: bytes) -> Result:
    """What becomes of a file in which nothing is triggered: that it cannot be read counts even then.

    Args:
        source: the file's bytes.
    """
    try:
        SourceFile.decode(source)
    except UnreadableSource as exc:
        return Result(error=str(exc), unparsable=True)
    return Result()
