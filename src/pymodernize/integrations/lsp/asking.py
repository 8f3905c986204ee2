"""Ask the command about a text, in a process of its own: with the limits that a file has, and to be given up."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

USAGE = 2
"""The exit code if options or settings are wrong."""


class NoAnswer(Exception):
    """The command has no answer; the message is its own."""


@dataclass(frozen=True)
class Command:
    """The command with its options.

    Attributes:
        options: that hold for everything that is asked.
        program: what is started.
    """

    options: Sequence[str] = ()
    program: Sequence[str] = field(default=(sys.executable, "-m", "pymodernize"))

    async def report(self, path: str, text: str, *options: str) -> dict[str, Any]:
        """The entry of the JSON report for a text.

        Args:
            path: the file that it is, or will be, the text of.
            text: as it is in the editor.
            options: of this question.

        Raises:
            NoAnswer: there is none.
        """
        asked = ("--apply", "--stdin-filename", path, *options, "-")
        (entry,) = (await self._run(asked, encoded(text)))["files"]
        return entry

    async def line(self, path: str, text: str, line: int) -> dict[str, Any]:
        """The JSON document about one line of a text.

        Raises:
            NoAnswer: there is none.
        """
        return await self._run(("--stdin-filename", path, "--explain-line", f"-:{line}"), encoded(text))

    async def folders(self, paths: Sequence[str]) -> list[dict[str, Any]]:
        """The entries of the JSON report for all files of some folders, with new texts.

        Raises:
            NoAnswer: there is none.
        """
        return (await self._run(("--texts", "--", *paths), b""))["files"]

    async def _run(self, arguments: Sequence[str], stdin: bytes) -> dict[str, Any]:
        process = await asyncio.create_subprocess_exec(
            *(*self.program, "--format", "json", *self.options, *arguments),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            # Python looks into the current folder for modules, before it is told not to: there is nothing of a project.
            cwd=Path(sys.executable).anchor or os.sep,
        )
        try:
            stdout, stderr = await process.communicate(stdin)
        finally:
            if process.returncode is None:  # nobody waits for the answer any more
                process.kill()
                await process.wait()
        try:
            return json.loads(stdout)
        except ValueError:
            said = stderr.decode("utf-8", "replace").strip().splitlines()
            why = said[-1].removeprefix("Error: ") if said else f"pymodernize ended with {process.returncode}"
            raise NoAnswer(why) from None


def encoded(text: str) -> bytes:
    """A text as its file will have it: in the encoding that it declares, or UTF-8.

    Args:
        text: as it is in the editor.
    """
    data = text.encode("utf-8", "surrogatepass")
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        return text.encode(encoding.removesuffix("-sig"))
    except (SyntaxError, UnicodeEncodeError, LookupError):
        return data
